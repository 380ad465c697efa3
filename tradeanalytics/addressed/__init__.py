"""Where the parties of the customs records say they are, what is recorded there, and what is odd about it.

A flag is a lead, never a finding. An address of unknown use is not cleared, and a party without a flag is not either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from tradeanalytics.addressed.asked import (
    MASS,
    OFFICES,
    SHIPPED,
    listed_addresses,
    read_addresses,
    read_offices,
    registered_offices,
    shipped_addresses,
)
from tradeanalytics.addressed.leads import FLAGS, leads
from tradeanalytics.addressed.places import LONGEST, PLACES, placed
from tradeanalytics.addressed.words import WORDS, Flag
from tradeanalytics.engine import Engine
from tradeanalytics.parties.lists import Lists
from tradeanalytics.parties.residences import Register
from tradeanalytics.parties.residences.polygons import NOT_THERE, Polygons
from tradeanalytics.shipments import Which, not_mixed

__all__ = [
    "FLAGS",
    "MASS",
    "OFFICES",
    "PLACES",
    "SHIPPED",
    "WORDS",
    "Addressed",
    "Flag",
    "addressed",
    "both",
    "judged",
    "listed_addresses",
    "read_addresses",
    "read_offices",
    "registered_offices",
    "shipped_addresses",
]


@dataclass(frozen=True)
class Addressed:
    """What came of the addresses.

    `places`: one row a role, name, country and address: `places.PLACES`. `flags`: one row a flag: `leads.FLAGS`.
    `notes`: what was not asked, left out or not read, a sentence each.
    """

    places: pd.DataFrame
    flags: pd.DataFrame
    notes: tuple[str, ...]


def addressed(
    engine: Engine,
    register: Register | None = None,
    which: Which | None = None,
    *,
    roles: Iterable[str] = ("shipper", "consignee"),
    lists: Lists | None = None,
    offices: pd.DataFrame | None = None,
    polygons: Polygons | None = None,
) -> Addressed:
    """The addresses of these shipments with what is recorded there, and their flags.

    `offices` are registered offices that a user declares (`read_offices`); those of the registers of companies and of
    the Offshore Leaks Database are added. Raises TradeAnalyticsError for a role that has no address, and for invented
    shipments beside real ones.
    """
    shipped = which or Which()
    not_mixed(engine, shipped)
    invented = engine.sql(f"SELECT coalesce(bool_or(invented), false) AS invented FROM ({shipped.sql()})")
    known = registered_offices(engine, invented=bool(invented["invented"].iloc[0]))
    table = shipped_addresses(engine, which, roles)
    return judged(table, register, lists=lists, offices=both(offices, known), polygons=polygons)


def judged(
    table: pd.DataFrame,
    register: Register | None = None,
    *,
    lists: Lists | None = None,
    offices: pd.DataFrame | None = None,
    polygons: Polygons | None = None,
) -> Addressed:
    """The same for the addresses of a table, as `shipped_addresses` or `read_addresses` gives it."""
    places = placed(table.reset_index(drop=True), register, polygons=polygons, offices=offices)
    flags = leads(places, listed_addresses(lists) if lists else None)
    return Addressed(places, flags, tuple(_notes(places, register, lists)))


def both(declared: pd.DataFrame | None, known: pd.DataFrame) -> pd.DataFrame:
    """Offices that a user declares, if any, before those that are known."""
    return known if declared is None else pd.concat([declared.astype(object), known.astype(object)], ignore_index=True)


def _notes(places: pd.DataFrame, register: Register | None, lists: Lists | None) -> Iterator[str]:
    if register is None:
        yield "no register of addresses was asked: no use is known (A1, A10), and unknown is not clean"
    else:
        yield f"looked up in the National Address Register of {register.vintage or 'unknown date'}"
        yield from (f"of the register: {note}" for note in register.report["notes"])
    if lists is None:
        yield "no list of parties is there: no address was held against those of listed parties (A7)"
    yield from _counted(places)


def _counted(places: pd.DataFrame) -> Iterator[str]:
    counts = {
        "are of registered offices and were left out of shared doors (A2)": places["left_out"] == "registered_office",
        "are of forwarders, brokers and warehouses and were left out of shared doors (A2)": (
            places["left_out"] == "forwarder"
        ),
        "are not told at all: nothing is known of where they are": places["address"].str.strip() == "",
        f"are longer than {LONGEST:,} letters: their beginning was read": places["address"].str.len() > LONGEST,
        "have a point outside Canada, which was not used": places["corroboration"] == NOT_THERE,
    }
    for words, rows in counts.items():
        if count := int(rows.fillna(False).sum()):
            yield f"{count:,} of the addresses {words}"
