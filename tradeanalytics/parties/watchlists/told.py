"""What readers of several publishers share: one spelling of field names, days, addresses, and numbers in remarks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists.entry import Address, Identifier, Listing, local, one_line
from tradeanalytics.reference.countries import read_country
from tradeanalytics.reference.scripts import REMEMBERED

# A format: its title, its publisher, what tells it by the beginning of a file and its name, and what reads it.
Reader = tuple[str, str, Callable[[str, str], bool], Callable[[Path, str], Listing]]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST_RECORD = 100  # lines; what has not ended by then is broken
_START = 1 << 14  # characters that hold what a list says of itself before its first record
# The word tells the kind and, of Russian numbers, the country.
_NUMBERS = (
    ("inn", "RU", re.compile(r"\b(?:INN|ИНН)\b\W{0,3}([0-9]{12}|[0-9]{10})\b")),
    ("ogrn", "RU", re.compile(r"\b(?:OGRN|ОГРН)\b\W{0,3}([0-9]{13})\b")),
    ("imo", None, re.compile(r"\bIMO\)?(?: [Nn]umbers?)?[\s:]{0,3}([0-9]{7})\b")),
    ("lei", None, re.compile(r"\bLEI\b\W{0,3}([0-9A-Z]{18}[0-9]{2})\b")),
)


class Fields:
    """The fields that a format is known to have. One beyond them is added to `notes`, once, and never passed over."""

    def __init__(self, *known: str, notes: list[str] | None = None) -> None:
        self._known = {plain(name) for name in known}
        self.notes = [] if notes is None else notes

    def meet(self, names: Iterable[str], where: str) -> None:
        """Note each field that is not known, with the first record that has it."""
        for name in names:
            if plain(name) not in self._known:
                self._known.add(plain(name))
                self.notes.append(f"{where} has {name!r}, which is not understood: it stands in no column")


@lru_cache(REMEMBERED)
def plain(name: str) -> str:
    """A field's name without what formats of one publisher write in different ways.

    >>> plain("UK Statement of Reasons") == plain("UKStatementofReasons") == plain("uk_statement_of_reasons")
    True
    """
    return "".join(letter for letter in name.lower() if letter.isalnum())


def day(text: str | None) -> str | None:
    """A day as ISO 8601 where it is certain; any other text as it stands, for the Source to flag.

    >>> day("29/06/2012"), day("13-Feb-2026"), day("2025-07-15T10:18:12.250+02:00"), day("June 2012"), day(" ")
    ('2012-06-29', '2026-02-13', '2025-07-15', 'June 2012', None)
    """
    told = one_line(text)
    if told is None:
        return None
    if found := re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[TZ+ -].*)?", told):
        return found[1]
    if found := re.fullmatch(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})", told):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    found = re.fullmatch(r"([0-9]{1,2})[- ]([A-Za-z]{3})[- ]([0-9]{4})", told)
    if found and found[2].lower() in _MONTHS:
        return f"{found[3]}-{_MONTHS.index(found[2].lower()) + 1:02}-{found[1]:0>2}"
    return told


def address(parts: Iterable[str | None], country: str | None) -> Address | None:
    """The parts of an address in one line. The country stands there too where there is nothing else, or no code for it.

    >>> address(["1 Sample St", None, "Exampleton"], "Russia")
    Address(address='1 Sample St, Exampleton', country='RU')
    """
    told = [line for part in parts if (line := (one_line(part) or "").strip(" ,;"))]
    code = read_country(country) if country else None
    if country and not (code and told):
        told.append(country)
    return Address(", ".join(told), code) if told else None


def countries(texts: Iterable[str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of countries, and the flag of a record that has one which cannot be read."""
    told = [text for text in texts if one_line(text)]
    codes = [read_country(text) for text in told if text]
    flags = ("country_unreadable",) if None in codes else ()
    return tuple(dict.fromkeys(code for code in codes if code)), flags


def numbers_in(text: str | None) -> tuple[Identifier, ...]:
    """Numbers in a running text whose kind its words tell.

    >>> numbers_in("A SYNTHETIC firm. INN: 7700000000, IMO number: 1234567")
    (Identifier(kind='inn', number='7700000000', country='RU'), Identifier(kind='imo', number='1234567', country=None))
    """
    found = [
        Identifier(kind, match[1], country)
        for kind, country, pattern in _NUMBERS
        for match in pattern.finditer(text or "")
    ]
    return tuple(dict.fromkeys(found))


def opening(path: Path) -> str:
    """The beginning of a text file, for what a list says of itself."""
    with path.open("rb") as file:
        return file.read(_START).decode("utf-8-sig", "replace")


def date_in(path: Path, pattern: str) -> str:
    """The date that a list gives itself at its beginning, "" if none."""
    found = re.search(pattern, opening(path))
    return (day(found[1]) if found else None) or ""


def leaves(element: Element, leave_out: frozenset[str] = frozenset()) -> Iterator[list[tuple[str, str]]]:
    """The fields of an element and of each inside it, element by element: tag and text, blank ones left out."""
    told = [(local(child), line) for child in element if not len(child) and (line := one_line(child.text))]
    yield told
    for child in element:
        if len(child) and local(child) not in leave_out:
            yield from leaves(child, leave_out)


def scalars(record: Mapping[str, Any]) -> dict[str, str]:
    """The plain fields of an object of JSON as text by their plain names, blank ones left out."""
    return {
        plain(key): line
        for key, value in record.items()
        if not isinstance(value, dict | list) and value is not None and (line := one_line(_text(value)))
    }


def json_lines(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """The records of a file that holds a record a line.

    Raises TradeAnalyticsError for a line that is no whole record: most often the file is cut off there.
    """
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(filter(str.strip, file), 1):
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise TradeAnalyticsError(f"{name}: record {number} is damaged or cut off ({error})") from error
            if not isinstance(record, dict):
                raise TradeAnalyticsError(
                    f"{name}: record {number} is {line.strip()[:40]!r}, expected an object of JSON"
                )
            yield record


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def table(path: Path, name: str, delimiter: str, skip: int = 0) -> tuple[list[str], Iterator[tuple[str, list[str]]]]:
    """The headings of a CSV below its first `skip` lines, and its rows: the text as it stands, and the cells.

    Raises TradeAnalyticsError, as the rows are taken, for a row with more or fewer cells than headings.
    """
    rows = _rows(path, delimiter)
    for _ in range(skip):
        next(rows)
    _, headings = next(rows)
    return headings, _whole(rows, len(headings), name)


def loose_table(path: Path, name: str, delimiter: str) -> tuple[list[str], Iterator[tuple[str, list[str]]]]:
    """As `table`, of a publisher who writes quotation marks of a name as they are: ;"Sample" Ltd; is no broken cell."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        headings = next(csv.reader(file, delimiter=delimiter))
    return headings, _whole(_loose_rows(path, delimiter, len(headings)), len(headings), name)


def _loose_rows(path: Path, delimiter: str, width: int) -> Iterator[tuple[str, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        next(file)
        lines: list[str] = []
        for line in file:
            lines.append(line)
            text = "".join(lines).rstrip("\r\n")
            if (cells := _cells(text, delimiter, width)) is not None or len(lines) == _LONGEST_RECORD:
                yield text, text.split(delimiter) if cells is None else cells
                lines.clear()
    if lines:
        yield text, text.split(delimiter)


def _cells(text: str, delimiter: str, width: int) -> list[str] | None:
    """The cells of a record as its quotation marks part them, else as its delimiters do; None if it goes on."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        rows = []
    if len(rows) == 1 and len(rows[0]) == width:
        return rows[0]
    parted = text.split(delimiter)
    return parted if len(parted) == width else [] if not text.strip() else None


def _rows(path: Path, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines: list[str] = []
        reader = csv.reader(_kept(file, lines), delimiter=delimiter, strict=True)
        for cells in reader:
            text = "".join(lines).rstrip("\r\n")
            lines.clear()
            yield text, cells


def _kept(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    for line in file:
        lines.append(line)
        yield line


def _whole(rows: Iterator[tuple[str, list[str]]], width: int, name: str) -> Iterator[tuple[str, list[str]]]:
    for number, (text, cells) in enumerate(rows, 1):
        if not cells:
            continue
        if len(cells) != width:
            raise TradeAnalyticsError(f"{name}: row {number} has {len(cells)} fields, expected {width}: it is cut off")
        yield text, cells
