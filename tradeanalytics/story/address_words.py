"""What `tradeanalytics addresses` says and writes: where parties are recorded, what is odd, and what nobody knows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.addressed import (
    WORDS,
    Addressed,
    addressed,
    both,
    judged,
    read_addresses,
    read_offices,
    registered_offices,
)
from tradeanalytics.clean import clean
from tradeanalytics.clean.nar import open_register
from tradeanalytics.engine import connect
from tradeanalytics.parties.lists import known_lists
from tradeanalytics.parties.residences.polygons import read_polygons
from tradeanalytics.raw import raw_file
from tradeanalytics.shipments import Which
from tradeanalytics.story.cleaning_words import cleaning_words
from tradeanalytics.story.screening_words import write_screening

_USES = {
    "residential": "recorded as residential",
    "mixed": "recorded as partly residential",
    "non_residential": "recorded as not residential",
    "po_box": "a post office box",
    "rural_route": "a rural route",
    "general_delivery": "general delivery",
    "unknown": "of unknown use: unknown is not clean",
}
_SHOWN = 3  # leads of a flag that are printed; all are written
_WIDTH = 118


def address_file(
    path: Path,
    raw: Path,
    processed: Path,
    *,
    register: Path | None = None,
    polygons: Path | None = None,
    of: str = "",
    offices: Path | None = None,
) -> Iterator[str]:
    """Judge the addresses of a file of customs records, which is cleaned first, or of a table; the lines to print.

    `register` is the publisher's zip, its folder, or one that was built; `of` the property of the polygons. Writes
    places and flags as CSV into the processed folder. Raises TradeAnalyticsError for a file that is neither or has no
    address, and for a register, polygons or offices that cannot be read.
    """
    file = raw_file(path.resolve(), raw)
    shapes = read_polygons(polygons, of) if polygons else None
    declared = read_offices(offices) if offices else None
    table = read_addresses(path)
    if table is None:
        yield cleaning_words(clean(file, processed))
    opened = open_register(processed, register, invented=file.invented)
    engine = connect(processed)
    lists = known_lists(engine, processed / "screening", invented=file.invented)
    if table is None:
        which = Which(files=(file.file_id,))
        found = addressed(engine, opened, which, lists=lists, offices=declared, polygons=shapes)
    else:
        known = both(declared, registered_offices(engine, invented=file.invented))
        found = judged(table, opened, lists=lists, offices=known, polygons=shapes)
    if not found.places["address"].str.strip().any():
        raise TradeAnalyticsError(f"{file.name}: no address in it; expected customs records, or a table of addresses")
    yield from address_words(found)
    tables = {"places": found.places, "flags": found.flags}
    for written in write_screening(tables, processed / "addresses", file.name.replace("/", "__")):
        yield f"written: {written.relative_to(processed.parent.parent).as_posix()}"


def address_words(found: Addressed) -> Iterator[str]:
    """The lines on these addresses: what was asked, uses, and every flag with its first leads and its limits."""
    yield from (textwrap.fill(note, _WIDTH, subsequent_indent="    ") for note in found.notes)
    yield f"{len(found.places):,} addresses, each once a party and role"
    counts = found.places["use"].value_counts()
    for use, words in _USES.items():
        if use in counts:
            yield f"{counts[use]:>7,}  {words}"
    for code, flag in WORDS["en"].items():
        leads = found.flags[found.flags["code"] == code]
        if not leads.empty:
            yield f"{code}, {flag.name}: {len(leads):,} {'lead' if len(leads) == 1 else 'leads'} ({flag.source})"
            yield from _leads(leads)
            yield textwrap.fill(flag.does_not_prove, _WIDTH, initial_indent="    ", subsequent_indent="    ")
    if found.flags.empty:
        yield "no flag was raised: that clears nobody"


def _leads(leads: pd.DataFrame) -> Iterator[str]:
    for name, address, sentence in leads[["name", "address", "sentence"]].head(_SHOWN).itertuples(index=False):
        who = f"“{_shown(name)}”, " if name else ""
        yield textwrap.fill(f"  {who}“{_shown(address)}”: {printable(sentence)}", _WIDTH, subsequent_indent="    ")
    if len(leads) > _SHOWN:
        yield f"  and {len(leads) - _SHOWN:,} more"


def _shown(text: str) -> str:
    return textwrap.shorten(printable(text), 60, placeholder="…")


def printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
