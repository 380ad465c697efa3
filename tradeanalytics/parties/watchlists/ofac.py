"""OFAC's lists in its old files without headings: sdn.csv, add.csv, alt.csv, sdn_comments.csv, and cons_*.csv alike.

Each is told by its shape: 12 columns a party, 6 an address, 5 another name, 2 what its remarks had no room for. `-0- `
is nothing, and the last byte of a whole file is 1A. No file tells since when a party is listed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists import ofac_remarks
from tradeanalytics.parties.watchlists.entry import (
    Address,
    Entry,
    Identifier,
    ListedName,
    Listing,
    distinct,
    json_text,
    one_line,
)
from tradeanalytics.parties.watchlists.us_text import TYPES, joined, raised, table
from tradeanalytics.reference.countries import read_country

_NOTHING = "-0-"
_END = "\x1a"
_PARTY = (
    *("ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_flag"),
    *("Vess_owner", "Remarks"),
)
_SHAPES = {
    len(columns): columns
    for columns in (
        _PARTY,
        ("ent_num", "add_num", "Address", "City/State/Postal", "Country", "remarks"),
        ("ent_num", "alt_num", "alt_type", "alt_name", "remarks"),
        ("ent_num", "remarks"),
    )
}
_KINDS = {"aka": "alias", "fka": "former", "nka": "alias"}
_WITH_REMARKS = ("Title", "Vess_type", "Tonnage", "GRT", "Vess_owner")
_CONSOLIDATED = re.compile("(?<![a-z])cons|non.?sdn", re.IGNORECASE)
Cells = dict[str, str | None]


def begins(start: str, file: str) -> bool:
    """Whether the first record is one of OFAC's shapes."""
    row = next(csv.reader(start.splitlines()[:1]), [])
    if not row or not _is_number(row[0]):
        return False
    # Two columns can be anything: here the name has a say.
    return (len(row) == 2 and "comment" in file.lower()) or (len(row) in _LIKE and _LIKE[len(row)](row))


def _is_number(cell: str) -> bool:
    return cell.strip().isascii() and cell.strip().isdecimal()


def _has_nothing(row: list[str]) -> bool:
    return any(cell.strip() == _NOTHING for cell in row)


_LIKE = {
    12: lambda row: row[2].strip() in {_NOTHING, *TYPES} and _has_nothing(row),
    6: lambda row: _is_number(row[1]) and _has_nothing(row),
    5: lambda row: _is_number(row[1]) and row[2].strip() in _KINDS,
    2: lambda row: "; " in row[1],
}


def list_by_name(file: str) -> str:
    """Which of OFAC's two lists a file is of, by its name.

    >>> list_by_name("cons_prim.csv"), list_by_name("SDN.CSV"), list_by_name("us_nonSDN.xml")
    ('ofac_consolidated', 'ofac_sdn', 'ofac_consolidated')
    """
    return "ofac_consolidated" if _CONSOLIDATED.search(file) else "ofac_sdn"


def read(path: Path, name: str) -> Listing:
    """The records of one file. Raises TradeAnalyticsError for one that is cut off or has records of another shape."""
    rows, notes = table(path)
    whole = rows[-1][0].strip() == _END and not any(map(str.strip, rows[-1][1:]))
    rows = rows[:-1] if whole else rows
    _require_shape(rows, name, whole)
    if not whole:
        notes = (
            *notes,
            "the file has no end mark, the byte 1A: it may be cut off, so get it again if records are missing",
        )
    return Listing(_entries(rows, list_by_name(path.name)), "", notes)


def _require_shape(rows: list[list[str]], name: str, whole: bool) -> None:
    columns = len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != columns:
            cut = "; the list is cut off, get it again" if number == len(rows) and not whole else ""
            raise TradeAnalyticsError(f"{name}: record {number} has {len(row)} fields, expected {columns}{cut}")
    if not whole and rows[-1][-1] in ("-", "-0"):
        raise TradeAnalyticsError(
            f"{name}: the last record ends in {rows[-1][-1]!r}, expected '-0- '; get the list again"
        )


def _entries(rows: list[list[str]], of_list: str) -> Iterator[Entry]:
    columns = _SHAPES[len(rows[0])]
    for row in rows:
        cells: Cells = {column: _cell(column, cell) for column, cell in zip(columns, row, strict=True)}
        text = json_text(dict(zip(columns, row, strict=True)))
        yield _READERS[len(row)](cells, Entry("US", of_list, cells["ent_num"], text))


def _cell(column: str, cell: str) -> str | None:
    """A cell in one line; remarks as they are, for their length tells whether they are cut."""
    if cell.strip() == _NOTHING:
        return None
    return cell if column == "Remarks" else one_line(cell)


def _party(cells: Cells, entry: Entry) -> Entry:
    cut = len(cells["Remarks"] or "") >= ofac_remarks.LONGEST
    remarks = ofac_remarks.told(cells["Remarks"], cut=cut)
    kind = TYPES.get(cells["SDN_Type"] or "entity")
    flag = read_country(cells["Vess_flag"]) if cells["Vess_flag"] else None
    sign = (Identifier("call sign", cells["Call_Sign"]),) if cells["Call_Sign"] else ()
    own = (ListedName(cells["SDN_Name"]),) if cells["SDN_Name"] else ()
    return replace(
        entry,
        type=kind,
        names=distinct((*own, *remarks.names)),
        identifiers=(*sign, *remarks.identifiers),
        countries=tuple(dict.fromkeys(filter(None, (flag, *remarks.countries)))),
        born=remarks.born,
        programmes=_programmes(cells["Program"]),
        remarks=joined((one_line(cells["Remarks"]), *(_under(heading, cells) for heading in _WITH_REMARKS)), "; "),
        flags=raised(
            type_unknown=not kind,
            country_unreadable=remarks.unreadable or bool(cells["Vess_flag"] and not flag),
            remarks_go_on_elsewhere=cut,
        ),
    )


def _under(heading: str, cells: Cells) -> str | None:
    return f"{heading}: {cells[heading]}" if cells[heading] else None


def _programmes(text: str | None) -> tuple[str, ...]:
    """`A] [B` is two programmes."""
    return tuple(part for raw in re.split(r"[\[\]]", text or "") if (part := raw.strip()))


def _address(cells: Cells, entry: Entry) -> Entry:
    line = joined(cells[column] for column in ("Address", "City/State/Postal", "Country"))
    country = read_country(cells["Country"]) if cells["Country"] else None
    return replace(
        entry,
        part=cells["add_num"],
        says="address",
        addresses=(Address(line, country),) if line else (),
        remarks=cells["remarks"],
        flags=raised(address_empty=not line, country_unreadable=bool(cells["Country"] and not country)),
    )


def _alias(cells: Cells, entry: Entry) -> Entry:
    kind = _KINDS.get(cells["alt_type"] or "")
    return replace(
        entry,
        part=cells["alt_num"],
        says="alias",
        names=(ListedName(cells["alt_name"], kind or "alias"),) if cells["alt_name"] else (),
        remarks=cells["remarks"],
        flags=raised(alias_type_unknown=not kind),
    )


def _remark(cells: Cells, entry: Entry) -> Entry:
    remarks = ofac_remarks.told(cells["remarks"], begun_elsewhere=True)
    return replace(
        entry,
        says="remark",
        names=remarks.names,
        identifiers=remarks.identifiers,
        countries=remarks.countries,
        born=remarks.born,
        remarks=cells["remarks"],
        flags=raised(country_unreadable=remarks.unreadable),
    )


_READERS = {12: _party, 6: _address, 5: _alias, 2: _remark}
