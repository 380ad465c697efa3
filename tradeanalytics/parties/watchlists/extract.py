"""A table of listed parties with its authority, list and dates in columns: an extract, or a list of the user's own.

Columns authority, list, list_id, name, aliases, listed_on, list_date; if wanted type, identifiers, addresses, countries
delisted_on and found: "no" where the name was looked for in the whole list and is not there. What can be several is
parted by `; `.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists.entry import (
    TYPES,
    Address,
    Entry,
    Identifier,
    ListedName,
    Listing,
    json_text,
    one_line,
)
from tradeanalytics.reference import lookup
from tradeanalytics.reference.countries import read_country

HEADINGS = ("authority", "list", "list_id", "name", "aliases", "listed_on", "list_date")
_MORE = ("type", "identifiers", "addresses", "countries", "delisted_on", "found")
_NOT_FOUND = "not found"  # in the place of a number
_AUTHORITIES = {"European Union": "EU", "United Nations": "UN"}


def begins(start: str, file: str) -> bool:
    """Whether a file begins with the columns of an extract."""
    del file
    headings = next(csv.reader(start.splitlines()[:1]), [])
    return headings[: len(HEADINGS)] == list(HEADINGS)


def read(path: Path, name: str) -> Listing:
    """The rows of an extract. Raises TradeAnalyticsError for columns that are not its own, and broken rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, strict=True))
    headings = table[0]
    if unknown := [heading for heading in headings if heading not in (*HEADINGS, *_MORE)]:
        raise TradeAnalyticsError(f"{name}: the column {unknown[0]!r} is not one of {', '.join((*HEADINGS, *_MORE))}")
    for number, row in enumerate(table[1:], 1):
        if len(row) != len(headings):
            raise TradeAnalyticsError(f"{name}: record {number} has {len(row)} fields, expected {len(headings)}")
    records = [dict(zip(headings, row, strict=True)) for row in table[1:]]
    return Listing(_entries(records), max((record["list_date"] for record in records), default=""))


def _entries(records: list[dict[str, str]]) -> Iterator[Entry]:
    for record in records:
        told = {heading: one_line(record.get(heading)) for heading in (*HEADINGS, *_MORE)}
        kind, absent = told["type"], told["found"] == "no"
        yield Entry(
            authority=_authority(told["authority"] or ""),
            list=_list(told["list"] or ""),
            entry=_NOT_FOUND if absent else told["list_id"],
            says="absent" if absent else "entry",
            text=json_text(record),
            list_date=told["list_date"],
            type=kind if kind in TYPES else None,
            names=_names(told),
            identifiers=tuple(_identifier(one) for one in _several(told["identifiers"])),
            addresses=tuple(Address(one) for one in _several(told["addresses"])),
            countries=tuple(code for one in _several(told["countries"]) if (code := read_country(one))),
            listed_on=told["listed_on"],
            delisted_on=told["delisted_on"],
            flags=("type_unknown",) if kind and kind not in TYPES else (),
        )


def _names(told: Mapping[str, str | None]) -> tuple[ListedName, ...]:
    first = (ListedName(told["name"]),) if told["name"] else ()
    return (*first, *(ListedName(alias, "alias") for alias in _several(told["aliases"])))


def _several(cell: str | None) -> list[str]:
    return [part for text in (cell or "").split(";") if (part := text.strip())]


def _identifier(text: str) -> Identifier:
    """`inn 7802170553`, or a number alone."""
    kind, _, number = text.rpartition(" ")
    return Identifier(kind or "number", number)


def _authority(text: str) -> str:
    return _AUTHORITIES.get(text) or read_country(text) or text


def _list(text: str) -> str:
    return lookup("watchlists", "title", "list").get(text, text)
