"""What one record of a list says of a party, in the same shape for every publisher."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, tostring

import defusedxml.ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference.scripts import REMEMBERED

KINDS = ("primary", "alias", "former", "native")
TYPES = ("person", "company", "ship", "aircraft")


@dataclass(frozen=True)
class ListedName:
    """A name as published: its `kind` is one of KINDS; `strong` is None where the publisher does not tell."""

    name: str
    kind: str = "primary"
    strong: bool | None = None
    language: str | None = None


@dataclass(frozen=True)
class Identifier:
    """A number as published. `kind` is one of `parties.identifiers`, or else the publisher's word for it."""

    kind: str
    number: str
    country: str | None = None  # ISO 3166 alpha-2


@dataclass(frozen=True)
class Address:
    """An address as published, in one line, and its country as ISO 3166 alpha-2."""

    address: str
    country: str | None = None


@dataclass(frozen=True)
class Entry:
    """One record. `text` is the record as published; days are as ISO 8601, or None with a flag that says why.

    `says` is "entry" where the record is the party itself, else "alias", "address" or "remark": OFAC's legacy files
    hold these apart, each under its own number `part`.
    """

    authority: str  # ISO 3166 alpha-2, EU, UN, or as written
    list: str  # a code of reference/watchlists.csv, or as written
    entry: str | None
    text: str
    list_date: str | None = None  # where records of one file are of lists of several dates
    part: str | None = None
    says: str = "entry"
    type: str | None = None
    names: tuple[ListedName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    countries: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    listed_on: str | None = None
    delisted_on: str | None = None
    reference: str | None = None
    remarks: str | None = None
    flags: tuple[str, ...] = ()
    copy: bool = False  # the record says again what another of the same file says

    def row(self) -> dict[str, str | None]:
        """The record as text, a cell a field; what can be several is JSON."""
        return {one.name: _cell(getattr(self, one.name)) for one in fields(self)}


@dataclass(frozen=True)
class Listing:
    """A list as read: its own date ("2026-08-22", "2023-01", "" if it has none), its records, and what to say of it.

    `notes` is whole only when the last record was taken: what a reader does not know is noted as it is met.
    """

    entries: Iterable[Entry]
    date: str = ""
    notes: Sequence[str] = ()


def _cell(value: Any) -> str | None:
    if isinstance(value, tuple):
        plain = [vars(one) | _script(one) if not isinstance(one, str) else one for one in value]
        return json.dumps(plain, ensure_ascii=False)
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _script(one: object) -> dict[str, str | None]:
    return {"script": script(one.name)} if isinstance(one, ListedName) else {}


@lru_cache(REMEMBERED)
def script(text: str) -> str | None:
    """The script of most letters of a text, None of one without letters.

    >>> script("Вымысел"), script("有限公司"), script("123")
    ('cyrillic', 'cjk', None)
    """
    counted: dict[str, int] = {}
    for letter in filter(str.isalpha, text):
        found = unicodedata.name(letter, "UNKNOWN").split()[0].lower()
        counted[found] = counted.get(found, 0) + 1
    return max(counted, key=lambda name: counted[name]) if counted else None


def is_date(text: str) -> bool:
    """Whether a text is the date of a list: a day, a month or a year that there is.

    >>> is_date("2023-01"), is_date("2023-02-30"), is_date("22/08/2026")
    (True, False, False)
    """
    if not re.fullmatch("[0-9]{4}(?:-[0-9]{2}){0,2}", text):
        return False
    try:
        return bool(date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False


def one_line(text: str | None) -> str | None:
    """A text without line breaks, tabs and repeated spaces; None of one that is blank."""
    return " ".join(text.split()) or None if text else None


def distinct(names: Iterable[ListedName]) -> tuple[ListedName, ...]:
    """The names without those that stand there twice, the first of each kept in its place."""
    first: dict[str, ListedName] = {}
    for one in names:
        first.setdefault(one.name, one)
    return tuple(first.values())


def xml_records(path: Path, name: str, *tags: str) -> Iterator[Element]:
    """Every element with one of these tags, whatever its namespace, in the order of the file; each is gone after use.

    Raises TradeAnalyticsError for XML that is broken or cut off, and for one that declares entities or a document
    type: none of the lists does, and a few lines of them can fill a machine's memory or read its files.
    """
    try:
        with path.open("rb") as file:
            yield from _elements(file, set(tags))
    except ParseError as error:
        raise TradeAnalyticsError(f"{name}: the XML is damaged or cut off ({error}); get the list again") from error
    except DefusedXmlException as error:
        raise TradeAnalyticsError(f"{name}: the XML declares a document type or entities, refused as unsafe") from error


def _elements(file: BinaryIO, tags: set[str]) -> Iterator[Element]:
    inside: list[Element] = []
    for event, element in SafeTree.iterparse(file, ("start", "end"), forbid_dtd=True):
        if event == "start":
            inside.append(element)
            continue
        inside.pop()
        if local(element) in tags:
            yield element
            element.clear()
            if inside:
                inside[-1].remove(element)


def local(element: Element) -> str:
    """The tag of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *path: str) -> Iterator[Element]:
    """The elements at the end of a path of tags, whatever their namespace."""
    if not path:
        yield element
        return
    for child in element:
        if local(child) == path[0]:
            yield from children(child, *path[1:])


def text_of(element: Element, *path: str) -> str | None:
    """The text of the first element at the end of a path of tags that has any, in one line."""
    return next(filter(None, (one_line(child.text) for child in children(element, *path))), None)


def published(element: Element) -> str:
    """The element as it stands in the file."""
    return tostring(element, encoding="unicode").strip()


def json_text(record: Mapping[str, Any]) -> str:
    """A record of JSON in one line."""
    return json.dumps(record, ensure_ascii=False)
