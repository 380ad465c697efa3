"""The Denied Persons List of the Bureau of Industry and Security, as text parted by tabs.

It has no numbers: a party's is made from its name and address. `Standard_Order` N is an order with terms of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists.entry import Address, Entry, ListedName, Listing, json_text, one_line
from tradeanalytics.parties.watchlists.us_text import day, joined, made_number, table
from tradeanalytics.reference.countries import read_country

_LINE = ("Street_Address", "City", "State", "Postal_Code", "Country")
_SINCE = ("Effective_Date", "Beginning_Date")  # in the list's two spellings
_TOLD = ("Standard_Order", "Last_Update")
_NEEDED = ("Name", *_LINE, "Expiration_Date", "Action", "FR_Citation")
_KNOWN = (*_NEEDED, *_SINCE, *_TOLD)


def begins(start: str, file: str) -> bool:
    """Whether a file begins with the headings of the list."""
    del file
    headings = next(csv.reader(start.splitlines()[:1], delimiter="\t"), [])
    return {"Name", "Street_Address", "Expiration_Date", "FR_Citation"} <= set(headings)


def read(path: Path, name: str) -> Listing:
    """The orders of the list. Raises TradeAnalyticsError for a list that lacks a column or has broken rows."""
    (headings, *rows), notes = table(path, "\t")
    if missing := [heading for heading in _NEEDED if heading not in headings]:
        raise TradeAnalyticsError(f"{name}: the column {missing[0]!r} is missing, expected {', '.join(_NEEDED)}")
    if not set(_SINCE) & set(headings):
        raise TradeAnalyticsError(f"{name}: no column of the first day, expected {' or '.join(_SINCE)}")
    for number, row in enumerate(rows, 1):
        if len(row) != len(headings):
            raise TradeAnalyticsError(f"{name}: record {number} has {len(row)} fields, expected {len(headings)}")
    unknown = [heading for heading in headings if heading not in _KNOWN]
    told = tuple(f"the column {heading} is not known, and not read" for heading in unknown)
    return Listing((_entry(dict(zip(headings, row, strict=True))) for row in rows), "", (*notes, *told))


def _entry(record: Mapping[str, str]) -> Entry:
    cells = {heading: one_line(cell) for heading, cell in record.items()}
    name, address = cells["Name"], joined(cells[part] for part in _LINE)
    country = read_country(cells["Country"]) if cells["Country"] else None
    told = (f"{heading}: {cells[heading]}" for heading in _TOLD if cells.get(heading))
    unread = ("country_unreadable",) if cells["Country"] and not country else ()
    return Entry(
        authority="US",
        list="bis_denied",
        entry=made_number(name or "", address or ""),
        text=json_text(record),
        names=(ListedName(name),) if name else (),
        addresses=(Address(address, country),) if address else (),
        listed_on=day(next((cells[since] for since in _SINCE if cells.get(since)), None)),
        delisted_on=day(cells["Expiration_Date"]),
        reference=cells["FR_Citation"],
        remarks=joined((cells["Action"], *told), "; "),
        flags=("number_made_here", *unread),
    )
