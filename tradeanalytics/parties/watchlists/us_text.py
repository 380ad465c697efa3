"""What the lists of the United States have in common: days, tables as text, and numbers with the publisher's word."""

from __future__ import annotations

import csv
import hashlib
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from tradeanalytics.parties.watchlists.entry import Address, Identifier

TYPES = {"individual": "person", "entity": "company", "vessel": "ship", "aircraft": "aircraft"}
_DAYS = ("%Y-%m-%d", "%m/%d/%Y")
# Words that end the name of a number in remarks and lists of documents.
_NUMBERS = (
    *("No", r"No\.", "Number", "#", "ID", "Id", r"I\.D\.", "Code", "Identification", "Document", "Identifier"),
    *("Passport", "Card", "License", "Licence", "Certificate", "Permit", "Registration", "Registry", "Registro"),
    *(
        r"C\.?U\.?R\.?P\.?",
        r"R\.?F\.?C\.?",
        r"D\.?N\.?I\.?",
        "NIT",
        "RUC",
        "RIF",
        "SSN",
        "FEIN",
        "Cedula",
        "CNPJ",
        "CUIT",
    ),
    *("SWIFT/BIC", r"BIK \(RU\)", "MMSI", "LEI", "ISIN", "Equity Ticker", "Digital Currency Address - [A-Z0-9]+"),
    *("[Cc]all [Ss]ign",),
)
WORD = rf"(?:{'|'.join(_NUMBERS)})(?: ?\([A-Za-z][^()0-9]*\))?"
_IS_NUMBER = re.compile(rf"(?:.*[ .])?{WORD}")
_NO_NUMBER = re.compile(
    "(?i).*\\b(dob|pob|linked to|nationality|phone|telephone|fax|general license|directive|section|order)\\b.*"
)


@dataclass(frozen=True)
class _Known:
    """A number that its word, and with some its country too, tell for certain."""

    kind: str
    country: str | None
    word: re.Pattern[str]
    number: re.Pattern[str]


def _known(kind: str, country: str | None, word: str, number: str) -> _Known:
    return _Known(kind, country, re.compile(word, re.IGNORECASE), re.compile(number))


_REGISTERED = r"(?:public |business |company )?registration (?:number|id)|company number|commercial registry number"
_KNOWN = (
    _known("imo", None, "vessel registration (?:identification|number)|imo(?: number)?", "(?:IMO )?([0-9]{7})"),
    _known("lei", None, r"legal entity (?:number|identifier).*|lei", "([A-Z0-9]{18}[0-9]{2})"),
    _known("uscc", None, "unified social credit code.*", "([0-9A-Z]{18})"),
    _known("inn", "RU", r"tax id(?:entification)? (?:no\.?|number)", "([0-9]{10}|[0-9]{12})"),
    _known("ogrn", "RU", _REGISTERED, "([0-9]{13}|[0-9]{15})"),
    _known("hk_cr", "HK", rf"{_REGISTERED}|c\.r\. no\.?", "([0-9]{4,7})"),
    _known("ca_bn", "CA", "business number.*", "([0-9]{9}(?: ?R[A-Z] ?[0-9]{4})?)"),
)


def identifier(word: str, number: str, country: str | None, seat: str | None = None) -> Identifier:
    """A number under its kind where word and country say which, else under the publisher's word in small letters.

    Where the publisher tells no country of a number the `seat` of the party counts: the one country of its addresses.

    >>> identifier("Tax ID No.", "7700000000", "RU").kind, identifier("Tax ID No.", "7700000000", None).kind
    ('inn', 'tax id no.')
    """
    for known in _KNOWN:
        found = known.number.fullmatch(number)
        if found and known.word.fullmatch(word) and known.country in (None, country or seat):
            return Identifier(known.kind, found[1], country)
    return Identifier(word.lower(), number, country)


def seat(addresses: Iterable[Address]) -> str | None:
    """The country of all addresses, None if they are in several, or one of them in an unknown one.

    >>> seat([Address("Tver", "RU"), Address("Omsk", "RU")]), seat([Address("Tver", "RU"), Address("Minsk", "BY")])
    ('RU', None)
    """
    found = {one.country for one in addresses}
    return found.pop() if len(found) == 1 else None


def is_number(word: str) -> bool:
    """Whether the publisher's word names a number of somebody: not a telephone, an order, a sex or a web page.

    >>> is_number("Tax ID No."), is_number("Phone Number"), is_number("Gender")
    (True, False, False)
    """
    return bool(_IS_NUMBER.fullmatch(word)) and may_be_number(word)


def may_be_number(word: str) -> bool:
    """Whether nothing in the publisher's word speaks against its being the name of a number."""
    return not _NO_NUMBER.fullmatch(word)


def day(text: str | None) -> str | None:
    """A day as ISO 8601, one that cannot be read as it is written, None of a blank.

    >>> day("10/16/2017"), day("2017-10-16"), day("autumn")
    ('2017-10-16', '2017-10-16', 'autumn')
    """
    for form in _DAYS if text else ():
        try:
            return datetime.strptime(text or "", form).date().isoformat()
        except ValueError:
            continue
    return text


def made_number(*parts: str) -> str:
    """A number for a party that has none: the same for the same words in every release."""
    return f"made-{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:16]}"


def joined(parts: Iterable[str | None], by: str = ", ") -> str | None:
    """The parts that are there, in one line; None if none is."""
    return by.join(filter(None, parts)) or None


def raised(**flags: bool) -> tuple[str, ...]:
    """The names of the flags that are up.

    >>> raised(letters_lost=True, type_unknown=False)
    ('letters_lost',)
    """
    return tuple(name for name, up in flags.items() if up)


def table(path: Path, delimiter: str = ",") -> tuple[list[list[str]], tuple[str, ...]]:
    """The records of a table without blank lines, and what to say of its letters. Raises csv.Error if cut in a cell."""
    raw, notes = path.read_bytes(), []
    try:
        text = raw.decode("utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:  # lists saved by a spreadsheet
        text = raw.decode("cp1252")
        notes.append("the letters were read as Windows-1252: the file is not UTF-8")
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [row for row in rows if any(row)], tuple(notes)
