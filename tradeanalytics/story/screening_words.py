"""What `tradeanalytics screen` says and writes: who may be on a list, why, and what nobody was cleared of."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.parties.lists import Lists, list_title, open_lists
from tradeanalytics.parties.screening import outcomes, screen
from tradeanalytics.raw import raw_file
from tradeanalytics.screened import on_the_day, read_names, screened
from tradeanalytics.shipments import Which
from tradeanalytics.story.cleaning_words import cleaning_words

_OUTCOMES = {
    "alert": "may be on a list: an alert, to be checked",
    "possible": "may be on a list: possible only",
    "nothing_found": "not found in these lists of these dates: that clears nobody",
    "not_judged": "could not be judged: that clears nobody",
}
_STATUSES = {
    "listed_then": "shipped while it was listed",
    "listed_later": "shipped before it was listed",
    "ended_before": "shipped after the listing had ended",
    "day_unknown": "listed, but since when is not told",
    "to_check": "of a party whose name is possibly on this list",
    "not_on_list": "of parties that are not on its list: that clears nobody",
    "unknown": "of parties that its whole list may have, which is not here: that clears nobody",
}
_WIDTH = 118


def screen_file(path: Path, raw: Path, processed: Path, roles: Sequence[str], *, possible: bool) -> Iterator[str]:
    """Screen a file of customs records, which is cleaned first, or a table of names; the lines to print.

    Writes hits, outcomes and, of customs records, shipments as CSV into the processed folder. Raises
    TradeAnalyticsError for a file that is neither or names nobody, an unknown role, and where no list is there.
    """
    file = raw_file(path.resolve(), raw)
    named = read_names(path)
    if named is None:
        yield cleaning_words(clean(file, processed))
    engine = connect(processed)
    lists = open_lists(engine, processed / "screening", invented=file.invented)
    if named is None:
        which = Which(files=(file.file_id,))
        found = screened(engine, lists, which, roles=roles)
        days = on_the_day(engine, lists, found, which)
        hits, outcome = found.hits, found.outcomes
    else:
        hits, days = screen(named, lists), pd.DataFrame(columns=["authority", "status"])
        outcome = outcomes(named, hits, lists)
    if outcome.empty:
        raise TradeAnalyticsError(
            f"{file.name}: nobody is named in it; expected customs records with {', '.join(roles)}, or a table of names"
        )
    shown = hits if possible else hits[hits["level"] == "alert"]
    yield from screening_words(outcome, shown, days, lists)
    tables = {"hits": hits, "outcomes": outcome, **({} if named is not None else {"shipments": days})}
    for written in write_screening(tables, processed / "screening", file.name.replace("/", "__")):
        yield f"written: {written.relative_to(processed.parent.parent).as_posix()}"


def screening_words(outcome: pd.DataFrame, hits: pd.DataFrame, days: pd.DataFrame, lists: Lists) -> Iterator[str]:
    """The lines on one screening: the lists, what came of the parties, every hit with its reason, and the shipments."""
    for code, date, whole, count in lists.dates.filter(says="entry")["list", "list_date", "whole", "parties"].rows():
        part = "" if whole else ", an extract"
        yield f"looked at: {list_title(code)} of {date or 'unknown date'}{part}, {_parties(count)}"
    yield f"{_parties(len(outcome))} asked about"
    counts = outcome["outcome"].value_counts()
    for name, words in _OUTCOMES.items():
        if name in counts:
            yield f"{counts[name]:>7,}  {words}"
    for level, reason in hits[["level", "reason"]].itertuples(index=False):
        yield textwrap.fill(f"{level.upper()}: {reason}", _WIDTH, subsequent_indent="    ")
    yield from _days(days)
    for name, why in outcome.loc[outcome["outcome"] == "not_judged", ["name", "why"]].itertuples(index=False):
        yield f"NOT JUDGED: “{textwrap.shorten(name, 60, placeholder='…')}”: {why}; that clears nobody"


def _parties(count: int) -> str:
    return f"{count:,} {'party' if count == 1 else 'parties'}"


def _days(days: pd.DataFrame) -> Iterator[str]:
    """How many items the parties that alert shipped, by authority and status."""
    counted = days.groupby(["authority", "status"]).size().reset_index(name="items")
    for authority, status, count in counted.itertuples(index=False):
        yield f"{authority}: {count:,} {'item' if count == 1 else 'items'} {_STATUSES[status]}"


def write_screening(tables: dict[str, pd.DataFrame], folder: Path, stem: str) -> list[Path]:
    """Write each table as CSV under one name; the same bytes for the same answers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        path, part = folder / f"{stem}.{name}.csv", folder / f".{stem}.{name}.part"
        write_csv(table, part)
        paths.append(part.replace(path))
    return paths


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, the same bytes on every system."""
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", date_format="%Y-%m-%d")
