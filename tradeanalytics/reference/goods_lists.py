"""Lists of goods by HS code, each with the date of its version: the common high priority list, and a user's own.

A user's list is a CSV in UTF-8 with the columns list, version_date, hs, hs_edition, tier and, if wanted, note. `hs` has
two, four or six digits and holds every code that begins with it; `hs_edition` is the one the list is written in; `tier`
is any word of the list's own. EU Annexes and Canada's Schedule 7 can be written so; lists in words alone, such as
Canada's Restricted Goods and Technologies List, cannot.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference import rows
from tradeanalytics.reference.hs import RELATED, codes

COMMON_HIGH_PRIORITY = "common high priority list"
COLUMNS = ["list", "version_date", "hs", "hs_edition", "tier", "match"]
_WANTED = ("list", "version_date", "hs", "hs_edition", "tier")


def common_high_priority() -> pd.DataFrame:
    """The common high priority list in every edition: list, version_date, hs, hs_edition, tier, match.

    It is written in HS 2022: there a match is exact. In older editions same_code is a code with the same digits, whose
    scope may differ, and possible a wider code that the listed one came from.
    """
    found = [entry for row in rows("high_priority") for entry in _in_every_edition(row)]
    table = pd.DataFrame(found, columns=COLUMNS).sort_values(["hs_edition", "hs", "match", "tier"], ignore_index=True)
    return table.drop_duplicates(["hs_edition", "hs"], ignore_index=True)


def _in_every_edition(row: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    start = (COMMON_HIGH_PRIORITY, row["list_date"])
    yield (*start, row["hs6"], row["hs_edition"], row["tier"], "exact")
    match = "same_code" if row["predecessor_match"] == "same" else "possible"
    for older in RELATED:
        if older < row["hs_edition"] and row["predecessor"] in codes(older):
            yield (*start, row["predecessor"], older, row["tier"], match)


def read_list(path: Path) -> pd.DataFrame:
    """A user's list, with the columns of `common_high_priority`; every match is exact, in the list's own edition.

    Raises TradeAnalyticsError, with the file and the line, for a column that is missing, a code that its edition does
    not have, a date that is none, and a code that another one of the list holds, since its goods would count twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _WANTED if name not in (reader.fieldnames or ())]
            if missing:
                raise TradeAnalyticsError(f"{path.name}: the column {missing[0]!r} is missing; expected {_WANTED}")
            found = [_entry(row, f"{path.name} line {line}") for line, row in enumerate(reader, 2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TradeAnalyticsError(f"{path.name}: cannot be read as a CSV in UTF-8 ({error})") from error
    if not found:
        raise TradeAnalyticsError(f"{path.name}: the list is empty; expected a code a line")
    table = pd.DataFrame(found, columns=COLUMNS)
    _refuse_overlap(table, path.name)
    return table.sort_values(["hs_edition", "hs"], ignore_index=True)


def _entry(row: Mapping[str, str | None], where: str) -> tuple[str, ...]:
    told = {name: (row[name] or "").strip() for name in _WANTED}
    code = re.sub(r"[. ]", "", told["hs"])
    if not re.fullmatch("[0-9]{2}(?:[0-9]{2}){0,2}", code):
        raise TradeAnalyticsError(f"{where}: hs is {told['hs']!r}, expected two, four or six digits")
    if told["hs_edition"] not in RELATED:
        raise TradeAnalyticsError(
            f"{where}: hs_edition is {told['hs_edition']!r}, expected one of {', '.join(RELATED)}"
        )
    if not any(known.startswith(code) for known in codes(told["hs_edition"])):
        raise TradeAnalyticsError(f"{where}: hs {code} is no code of HS {told['hs_edition']}")
    try:
        version = date.fromisoformat(told["version_date"])
    except ValueError as error:
        raise TradeAnalyticsError(
            f"{where}: version_date is {told['version_date']!r}, expected a day such as 2024-02-23"
        ) from error
    if not told["list"] or not told["tier"]:
        raise TradeAnalyticsError(f"{where}: list and tier are {told['list']!r} and {told['tier']!r}, expected words")
    return (told["list"], version.isoformat(), code, told["hs_edition"], told["tier"], "exact")


def _refuse_overlap(table: pd.DataFrame, name: str) -> None:
    for edition, found in table.groupby("hs_edition")["hs"]:
        ordered = sorted(found)
        for wider, code in pairwise(ordered):
            if code.startswith(wider):
                raise TradeAnalyticsError(f"{name}: hs {code} of HS {edition} is held by {wider}, which is listed too")
