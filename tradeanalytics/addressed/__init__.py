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
from tradeanalytics.addressed.places import PLACES, doors_of, names_of, placed, value_basis
from tradeanalytics.addressed.words import NOTES, WORDS, Flag, Told, filled, in_language
from tradeanalytics.engine import Engine
from tradeanalytics.parties.addresses import LONGEST
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
    "doors_of",
    "judged",
    "listed_addresses",
    "names_of",
    "read_addresses",
    "read_offices",
    "registered_offices",
    "shipped_addresses",
    "value_basis",
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
    language: str = "en",
) -> Addressed:
    """The addresses of these shipments with what is recorded there, and their flags, in English ("en") or French.

    `offices` are registered offices that a user declares (`read_offices`); those of the registers of companies and of
    the Offshore Leaks Database are added. Raises TradeAnalyticsError for a role that has no address, for invented
    shipments beside real ones, and for a language other than "en" and "fr".
    """
    shipped = which or Which()
    not_mixed(engine, shipped)
    invented = engine.sql(f"SELECT coalesce(bool_or(invented), false) AS invented FROM ({shipped.sql()})")
    known = registered_offices(engine, invented=bool(invented["invented"].iloc[0]))
    table = shipped_addresses(engine, which, roles)
    return judged(table, register, lists=lists, offices=both(offices, known), polygons=polygons, language=language)


def judged(
    table: pd.DataFrame,
    register: Register | None = None,
    *,
    lists: Lists | None = None,
    offices: pd.DataFrame | None = None,
    polygons: Polygons | None = None,
    language: str = "en",
) -> Addressed:
    """The same for the addresses of a table, as `shipped_addresses` or `read_addresses` gives it."""
    places = placed(table.reset_index(drop=True), register, polygons=polygons, offices=offices)
    flags = leads(places, listed_addresses(lists) if lists else None, language=language)
    sentences = in_language(NOTES, language)
    notes = (filled(sentences[note], told, language) for note, told in _notes(places, register, lists))
    return Addressed(places, flags, tuple(notes))


def both(declared: pd.DataFrame | None, known: pd.DataFrame) -> pd.DataFrame:
    """Offices that a user declares, if any, before those that are known."""
    return known if declared is None else pd.concat([declared.astype(object), known.astype(object)], ignore_index=True)


def _notes(
    places: pd.DataFrame, register: Register | None, lists: Lists | None
) -> Iterator[tuple[str, dict[str, Told]]]:
    if register is None:
        yield "no_register", {}
    else:
        which = "invented_register" if register.report.get("invented") else "register"
        yield which, {"vintage": register.vintage or None}
        yield from (("of_register", {"note": note}) for note in register.report["notes"])
    if lists is None:
        yield "no_list", {}
    yield from _counted(places)


def _counted(places: pd.DataFrame) -> Iterator[tuple[str, dict[str, Told]]]:
    counts = {
        "registered_office": places["left_out"] == "registered_office",
        "forwarder": places["left_out"] == "forwarder",
        "not_told": places["address"].str.strip() == "",
        "longest": places["address"].str.len() > LONGEST,
        "not_there": places["corroboration"] == NOT_THERE,
    }
    for note, rows in counts.items():
        if count := int(rows.fillna(False).sum()):
            yield note, {"count": count, "longest": LONGEST}
