"""Telephone numbers in addresses, and the countries that they can be of.

Whose a number is: Google's libphonenumber, after the ITU's and the countries' own plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher


class Phone(NamedTuple):
    """A number with its code and the countries that it can be of, none for one of no country."""

    code: int
    countries: tuple[str, ...]
    number: str


def phones(address: str) -> Iterator[Phone]:
    """The numbers with a + in an address. One that is valid is of one country; else all that have its code can be.

    >>> list(phones("UNIT 5, TEL +852 2123-4567"))
    [Phone(code=852, countries=('HK',), number='+85221234567')]
    """
    for found in PhoneNumberMatcher(address, None, leniency=Leniency.POSSIBLE):
        region = phonenumbers.region_code_for_number(found.number)
        code = found.number.country_code or 0
        countries = (region,) if region else phonenumbers.region_codes_for_country_code(code)
        number = phonenumbers.format_number(found.number, PhoneNumberFormat.E164)
        yield Phone(code, tuple(one for one in countries if one.isalpha()), number)
