"""OpenSanctions' table of targets, targets.simple.csv, for whoever has it: CC BY-NC 4.0, never shipped, never needed.

It puts lists together: what it says is OpenSanctions' reading of them, and its days are those of its own copies.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tradeanalytics.parties.watchlists.entry import Address, Entry, Identifier, ListedName, Listing, one_line
from tradeanalytics.parties.watchlists.told import Fields, Reader, countries, table

_FIRST = ("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers", "sanctions")
_IGNORED = ("phones", "emails", "first_seen", "last_seen", "last_change")
_TYPES = {
    "Person": "person",
    "Company": "company",
    "Organization": "company",
    "LegalEntity": "company",
    "PublicBody": "company",
    "Vessel": "ship",
    "Airplane": "aircraft",
}
# The first word of the name of a dataset that is one authority's list.
_AUTHORITIES = {"US": "US", "UK": "GB", "EU": "EU", "UN": "UN", "Canadian": "CA", "Ukraine": "UA", "Swiss": "CH"}
_NOTE = "from OpenSanctions (CC BY-NC 4.0): its reading of the lists, without their days; check in the list itself"


def begins(start: str, file: str) -> bool:
    """Whether a file begins with the columns of the table."""
    del file
    return tuple(next(csv.reader(start.splitlines()[:1]), [])[: len(_FIRST)]) == _FIRST


def read(path: Path, name: str) -> Listing:
    """The targets. Raises TradeAnalyticsError, as they are taken, for a row that is cut off."""
    fields = Fields(*_FIRST, *_IGNORED, "dataset", "program_ids", notes=[_NOTE])
    headings, rows = table(path, name, ",")
    fields.meet(headings, f"{name}: the heading")
    return Listing(_entries(headings, rows), "", fields.notes)


def _entries(headings: list[str], rows: Iterator[tuple[str, list[str]]]) -> Iterator[Entry]:
    for text, cells in rows:
        told = {heading: line for heading, cell in zip(headings, cells, strict=True) if (line := one_line(cell))}
        kind = _TYPES.get(told.get("schema", ""))
        nations, flags = countries(code.upper() for code in _several(told.get("countries")))
        yield Entry(
            authority=_authority(told.get("dataset", "")),
            list=f"opensanctions:{told.get('dataset', '')}",
            entry=told.get("id"),
            text=text,
            type=kind,
            names=_names(told),
            identifiers=tuple(Identifier("number", one) for one in _several(told.get("identifiers"))),
            addresses=tuple(Address(one) for one in _several(told.get("addresses"))),
            countries=nations,
            born=_several(told.get("birth_date")),
            programmes=_several(told.get("program_ids")),
            remarks=told.get("sanctions"),
            flags=(*(() if kind else ("type_unknown",)), *flags),
        )


def _names(told: dict[str, str]) -> tuple[ListedName, ...]:
    first = [ListedName(told["name"])] if "name" in told else []
    return tuple(dict.fromkeys([*first, *(ListedName(one, "alias") for one in _several(told.get("aliases")))]))


def _several(cell: str | None) -> tuple[str, ...]:
    """The values of a cell: parted by semicolons, in quotation marks where they hold one."""
    return tuple(line for one in next(csv.reader([cell or ""], delimiter=";"), []) if (line := one_line(one)))


def _authority(dataset: str) -> str:
    """Whose list a dataset is, by its name; of several together it is nobody's but OpenSanctions'."""
    return "OpenSanctions" if ";" in dataset else _AUTHORITIES.get(dataset.split(" ")[0], "OpenSanctions")


READERS: tuple[Reader, ...] = (("OpenSanctions targets, CSV", "OpenSanctions", begins, read),)
