"""What a monthly series is: a long table read into a matrix of series and months, with what forbids judging each.

A month without a row is unknown, unless the caller says that the publisher gives all trade: then it is zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.series_rows import YEARS, Array, Rows, Texts, beyond, numbers, rows, texts
from tradeanalytics.detectors.series_words import say

UNKNOWN, ZERO = "unknown", "zero"
_CENTS = re.compile("value_([a-z]{3})_cents")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_MARKS = ("total", "residual")


@dataclass(frozen=True)
class Monthly:
    """Series by months.

    `keys`: text, (series,), in order. `months`: datetime64[M], (months,), without a gap. `values`: float in the unit
    of the series, (series, months), nan where unknown. `faults`: by its name in `series_words`, (series,) of truth
    values: what forbids judging it. `about`: a row a series with label, unit, trace, caveat, invented.
    """

    keys: Array
    months: Array
    values: Array
    faults: Mapping[str, Array]
    about: pd.DataFrame

    def at(self, month: np.datetime64) -> Array:
        """The values of one month, (series,)."""
        return self.between(month, month)[:, 0]

    def between(self, first: np.datetime64, last: np.datetime64) -> Array:
        """The values from one month to another, both included, (series, months)."""
        return self.values[:, (self.months >= first) & (self.months <= last)]


def month_of(text: str) -> np.datetime64:
    """A month as it is asked for ("2022-03"). Raises TradeAnalyticsError for what is none.

    >>> month_of("2022-03")
    np.datetime64('2022-03')
    """
    if not isinstance(text, str) or not _MONTH.fullmatch(text) or not YEARS[0] <= int(text[:4]) <= YEARS[1]:
        raise TradeAnalyticsError(f"month {text!r}: expected a year and a month, such as 2022-03")
    return np.datetime64(text, "M")


def day(month: np.datetime64) -> date:
    """The first day of a month, as it stands in a finding."""
    found: date = month.astype("datetime64[D]").item()
    return found


def read(
    table: pd.DataFrame,
    first: np.datetime64 | None = None,
    last: np.datetime64 | None = None,
    *,
    reach: np.datetime64 | None = None,
    absent: str = UNKNOWN,
) -> Monthly:
    """The months from `first` to `last` of every series of a long table, in any order.

    Without `first` and `last` the months run over all that the table has, and to `reach` at least.

    Columns: `series` (its key, text), `period` (first day of the month), and `value` (a number; its `unit` beside it)
    or one `value_cad_cents` (whole cents of a currency); null is unknown. Optional: `aggregate` (what a partner is that
    is not one country: total or residual; null for a country), `label` (the series in words), `trace` (SQL of its
    records), `caveat` (what holds for this series alone), `invented`.

    `absent`: what a month without a row is, from the first month of the whole table to its last. "unknown" by default;
    "zero" where the publisher gives all trade, so that what has no row was not traded. A row with a null is unknown
    either way. Raises TradeAnalyticsError for a missing column and for another `absent`.
    """
    column = _value_column(table, absent)
    there = rows(table)
    number, no_number = numbers(table[column])
    cents = _CENTS.fullmatch(column)
    currency = np.array([cents[1].upper()] if cents else [], dtype=object)
    units = (np.zeros(len(table), dtype=np.int64), currency) if cents else texts(table, "unit")
    faults = {
        "nameless": np.equal(there.keys, "").astype(bool),
        "no_month": there.any(~there.dated),
        "no_number": there.any(no_number),
        "no_scale": there.any(beyond(number)),
        "twice": there.twice(),
        "currencies": there.several(units),
        **_marks(table, there),
    }
    months = _calendar(there, first, last, reach)
    values = there.matrix(number, months[0], months[-1], fill=np.nan)
    if absent == ZERO:
        values[_silent(there, months)] = 0.0
    return Monthly(there.keys, months, values / (100.0 if cents else 1.0), faults, _about(table, there, units))


def faults_of(*sides: Mapping[str, Array]) -> Array:
    """Every reason why a series is not judged, (series,): words joined by "; ", None where there is none."""
    named = [(say(name), found) for side in sides for name, found in side.items() if found.any()]
    why = np.full(len(next(iter(sides[0].values()))), None, dtype=object)
    for text, found in named:
        why[found] = [text if before is None else f"{before}; {text}" for before in why[found]]
    return why


def of_values(found: Array) -> dict[str, Array]:
    """What in the values themselves forbids judging a series: no month known, a month unknown, a negative one."""
    missing = np.isnan(found)
    nothing = np.all(missing, axis=1)
    with np.errstate(invalid="ignore"):
        negative = np.any(found < 0, axis=1)
    return {"nothing": nothing, "gap": np.any(missing, axis=1) & ~nothing, "negative": negative}


def known(value: float) -> float | None:
    """A number as it stands in a finding: None where it is not known."""
    return None if np.isnan(value) else float(value)


def within(trace: str | None, first: np.datetime64, last: np.datetime64) -> str | None:
    """The statement that lists the records of a series, for these months alone."""
    if trace is None:
        return None
    return f"SELECT * FROM ({trace}) AS records\nWHERE period BETWEEN DATE '{first}-01' AND DATE '{last}-01'"


def _value_column(table: pd.DataFrame, absent: str) -> str:
    if absent not in (UNKNOWN, ZERO):
        raise TradeAnalyticsError(f"absent {absent!r}: a month without a row is {UNKNOWN!r} or {ZERO!r}")
    for name in ("series", "period"):
        if name not in table:
            raise TradeAnalyticsError(f"a table of monthly series has no column {name}; it has {list(table.columns)}")
    found = [str(name) for name in table.columns if name == "value" or _CENTS.fullmatch(str(name))]
    if len(found) != 1:
        raise TradeAnalyticsError(
            f"a table of monthly series has one column value or value_cad_cents (of any currency), found {found}"
        )
    return found[0]


def _calendar(
    there: Rows, first: np.datetime64 | None, last: np.datetime64 | None, reach: np.datetime64 | None
) -> Array:
    """Every month that is asked for, of the table where none is; one of no meaning where neither has any."""
    given = [month for month in (first, last, reach) if month is not None]
    known_months = there.span() or (min(given, default=np.datetime64("1970-01", "M")),) * 2
    start = known_months[0] if first is None else first
    end = max(known_months[1], *given, start) if last is None else last
    return np.arange(start, max(start, end) + 1)


def _silent(there: Rows, months: Array) -> Array:
    """Where a series has no row, in a month between the first of the table and its last."""
    if (ends := there.span()) is None:
        return np.zeros((len(there.keys), len(months)), dtype=bool)
    seen = there.matrix(np.ones(len(there.series), dtype=bool), months[0], months[-1], fill=False)
    return np.logical_not(seen) & (months >= ends[0]) & (months <= ends[1])


def _marks(table: pd.DataFrame, there: Rows) -> dict[str, Array]:
    """Whether a partner is no single country, by what it is."""
    at, names = texts(table, "aggregate")
    kinds = [name if name in _MARKS else "aggregate" for name in names]
    # A null, -1, takes what stands last.
    return {kind: there.any(np.array([*(one == kind for one in kinds), False])[at]) for kind in (*_MARKS, "aggregate")}


def _about(table: pd.DataFrame, there: Rows, units: Texts) -> pd.DataFrame:
    told = {name: there.first_text(texts(table, name)) for name in ("label", "trace", "caveat")}
    told["label"] = np.where(pd.isna(told["label"]), there.keys, told["label"])
    invented = (
        table["invented"].fillna(False).to_numpy(dtype=bool) if "invented" in table else np.zeros(len(table), bool)
    )
    # As objects, so that what is not there stays None beside texts.
    about = pd.DataFrame({"unit": there.first_text(units), **told}, dtype=object)
    return about.assign(invented=there.any(invented))
