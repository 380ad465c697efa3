"""Telephone numbers in addresses, and the countries that they can be of.

Whose a number is: Google's libphonenumber, after the ITU's and the countries' own plans.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumber, PhoneNumberMatcher

from tradeanalytics.detectors.shipped import asked_rows, plain
from tradeanalytics.engine import Engine
from tradeanalytics.shipments import Which

_TAIL = re.compile(r"\A[^+]*(\+[0-9 ()\-./]{6,})\Z")  # an address that ends with its only number


class Phone(NamedTuple):
    """A number with its code and the countries that it can be of, none for one of no country."""

    code: int
    countries: tuple[str, ...]
    number: str


@lru_cache(maxsize=65_536)  # an address is asked for its country, and for who else gives its number
def phones(address: str) -> tuple[Phone, ...]:
    """The numbers with a + in an address. One that is valid is of one country; else all that have its code can be.

    >>> phones("UNIT 5, TEL +852 2123-4567")
    (Phone(code=852, countries=('HK',), number='+85221234567'),)
    """
    if (tail := _TAIL.search(address)) and (phone := _alone(tail[1])):
        return (phone,)
    matches = PhoneNumberMatcher(address, None, leniency=Leniency.POSSIBLE)
    return tuple(_phone(found.number, _countries(found.number)) for found in matches)


def phoned(engine: Engine, which: Which, role: str) -> list[dict[str, Any]]:
    """The addresses with a + of a role, a row a trader, country and address; others are null, a row a country.

    Columns: trader, country, address, items, invented, some_invented.
    """
    return asked_rows(
        engine,
        f"""
SELECT {role}_key AS trader, {role}_country AS country,
       CASE WHEN contains({role}_address, '+') THEN {role}_address END AS address, count(*) AS items,
       bool_and(invented) AS invented, bool_or(invented) AS some_invented
FROM ({plain(which).sql()}) GROUP BY ALL ORDER BY ALL
""",
    )


def _countries(number: PhoneNumber) -> Sequence[str]:
    region = phonenumbers.region_code_for_number(number)
    return (region,) if region else phonenumbers.region_codes_for_country_code(number.country_code or 0)


def _alone(text: str) -> Phone | None:
    """The number that a text is where it is valid: read so in half the time, as most addresses end with one."""
    try:
        number = phonenumbers.parse(text, None)
    except NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number)
    return _phone(number, (region,)) if region else None


def _phone(number: PhoneNumber, countries: Sequence[str]) -> Phone:
    code = number.country_code or 0
    return Phone(code, tuple(one for one in countries if one.isalpha()), f"+{code}{number.national_number}")
