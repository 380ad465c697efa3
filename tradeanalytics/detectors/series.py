"""What a monthly series is: a long table read into a matrix of series and months, with what forbids judging each.

A month without a row is unknown, unless the caller says that the publisher gives all trade: then it is zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.series_words import say

UNKNOWN, ZERO = "unknown", "zero"
_CENTS = re.compile("value_([a-z]{3})_cents")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_ISO = r"([0-9]{4}-[0-9]{2})(?:-01)?(?: 00:00:00)?"
_YEARS = (1900, 2100)  # a period of year 9999 is a slip of the pen, and its calendar would not fit in memory
_TEXTS = ("label", "trace", "caveat")

Array = np.ndarray[Any, Any]


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
        found: Array = self.values[:, int((month - self.months[0]).astype(int))]
        return found

    def between(self, first: np.datetime64, last: np.datetime64) -> Array:
        """The values from one month to another, both included, (series, months)."""
        start, end = (int((month - self.months[0]).astype(int)) for month in (first, last))
        found: Array = self.values[:, start : end + 1]
        return found


def month_of(text: str) -> np.datetime64:
    """A month as it is asked for ("2022-03"). Raises TradeAnalyticsError for what is none.

    >>> month_of("2022-03")
    np.datetime64('2022-03')
    """
    if not isinstance(text, str) or not _MONTH.fullmatch(text) or not _YEARS[0] <= int(text[:4]) <= _YEARS[1]:
        raise TradeAnalyticsError(f"month {text!r}: expected a year and a month, such as 2022-03")
    return np.datetime64(text, "M")


def day(month: np.datetime64) -> date:
    """The first day of a month, as it stands in a finding."""
    found: date = month.astype("datetime64[D]").item()
    return found


def span(table: pd.DataFrame) -> tuple[np.datetime64, np.datetime64] | None:
    """The first month and the last of all series of a table; None of a table without a month."""
    month, none = _months(table["period"])
    return None if none.all() else (month[~none].min(), month[~none].max())


def read(
    table: pd.DataFrame,
    first: np.datetime64 | None = None,
    last: np.datetime64 | None = None,
    *,
    absent: str = UNKNOWN,
) -> Monthly:
    """The months from `first` to `last` (None: those of the table) of every series of a long table, in any order.

    Columns: `series` (its key, text), `period` (first day of the month), and `value` (a number; its `unit` beside it)
    or one `value_cad_cents` (whole cents of a currency); null is unknown. Optional: `aggregate` (what a partner is that
    is not one country: total or residual; null for a country), `label` (the series in words), `trace` (SQL of its
    records), `caveat` (what holds for this series alone), `invented`.

    `absent`: what a month without a row is, from the first month of the whole table to its last. "unknown" by default;
    "zero" where the publisher gives all trade, so that what has no row was not traded. A row with a null is unknown
    either way. Raises TradeAnalyticsError for a missing column and for another `absent`.
    """
    value = _value_column(table, absent)
    codes, names = pd.factorize(table["series"].astype("str").fillna(""), sort=True)
    month, no_month = _months(table["period"])
    number, no_number = _numbers(table[value])
    there = month[~no_month]
    months = _calendar(there, first, last)
    keys: Array = np.array(names, dtype=object)
    units = _units(table, value)
    faults = {
        "nameless": np.array([key == "" for key in keys], dtype=bool),
        "no_month": _any(codes, no_month, len(keys)),
        "no_number": _any(codes, no_number, len(keys)),
        "no_scale": _any(codes, _beyond(number), len(keys)),
        "twice": _any(codes, _repeated(codes, month, no_month), len(keys)),
        "currencies": _several(codes, units, len(keys)),
        **_marks(table, codes, len(keys)),
    }
    values = _matrix(codes, month, np.where(no_month, np.nan, number), months, len(keys))
    if absent == ZERO and len(there):
        inside = (months >= there.min()) & (months <= there.max())
        values[_silent(codes, month, no_month, months, len(keys)) & inside] = 0.0
    hundredths = 100.0 if _CENTS.fullmatch(value) else 1.0
    about = _about(table, codes, keys, units)
    return Monthly(keys, months, values / hundredths, faults, about)


def faults_of(*sides: Mapping[str, Array]) -> Array:
    """Every reason why a series is not judged, (series,): words joined by "; ", None where there is none."""
    named = [(say(name), found) for side in sides for name, found in side.items() if found.any()]
    why = np.full(len(next(iter(sides[0].values()))), None, dtype=object)
    for text, found in named:
        why[found] = [text if before is None else f"{before}; {text}" for before in why[found]]
    return why


def of_values(found: Array) -> dict[str, Array]:
    """What in the values themselves forbids judging a series: no month known, a month unknown, a negative one."""
    missing: Array = np.isnan(found)
    nothing: Array = missing.all(axis=1)
    with np.errstate(invalid="ignore"):
        negative: Array = (found < 0).any(axis=1)
    gap: Array = missing.any(axis=1) & ~nothing
    return {"nothing": nothing, "gap": gap, "negative": negative}


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


def _calendar(there: Array, first: np.datetime64 | None, last: np.datetime64 | None) -> Array:
    """Every month from the first asked for to the last, those of the table where none is asked for."""
    if not len(there):
        there = np.array([last if first is None else first], dtype="datetime64[M]")
    start = there.min() if first is None else first
    end = there.max() if last is None else last
    return np.arange(start, max(start, end) + 1)


def _months(periods: pd.Series) -> tuple[Array, Array]:
    """The months of the rows, and where there is none: a cast alone would take any day of a month for its first."""
    if isinstance(periods.dtype, pd.DatetimeTZDtype):
        periods = periods.dt.tz_localize(None)
    if not pd.api.types.is_datetime64_dtype(periods):
        text = periods.astype("str").str.extract(f"^{_ISO}$", expand=False)
        periods = pd.to_datetime(text, format="%Y-%m", errors="coerce")
    days = periods.to_numpy()
    month = days.astype("datetime64[M]")
    years = periods.dt.year.to_numpy()
    wrong = np.isnat(days) | (month.astype(days.dtype) != days) | (years < _YEARS[0]) | (years > _YEARS[1])
    return month, wrong


def _numbers(values: pd.Series) -> tuple[Array, Array]:
    """The values as floats, and where one is there that is no number: a text that looks like one is none."""
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        known = np.asarray([isinstance(one, int | float | Decimal | np.number) for one in values], dtype=bool)
        known &= ~np.asarray([isinstance(one, bool) for one in values], dtype=bool)
        wrong = values.notna().to_numpy(dtype=bool) & ~known
        values = values.where(known & ~wrong, np.nan)
    else:
        wrong = np.zeros(len(values), dtype=bool)
    number = values.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isinf(number), np.nan, number), wrong | np.isinf(number)


def _beyond(number: Array) -> Array:
    """Values that a double does not count exactly, and ones so small that ratios to them overflow."""
    size = np.abs(number)
    return (size > 2.0**53) | ((size > 0) & (size < 2.0**-53))


def _units(table: pd.DataFrame, value: str) -> pd.Series:
    if currency := _CENTS.fullmatch(value):
        return pd.Series(currency[1].upper(), index=table.index, dtype="str")
    return _text(table, "unit")


def _text(table: pd.DataFrame, name: str) -> pd.Series:
    """A column of text; null throughout where the table has none."""
    return table[name].astype("str") if name in table else pd.Series(None, index=table.index, dtype="str")


def _any(codes: Array, found: Array, size: int) -> Array:
    there: Array = np.bincount(codes[found], minlength=size) > 0
    return there


def _repeated(codes: Array, month: Array, no_month: Array) -> Array:
    cell = codes.astype(np.int64) * 4096 + month.astype(np.int64) - np.datetime64(str(_YEARS[0]), "M").astype(np.int64)
    return pd.Series(cell).duplicated().to_numpy() & ~no_month


def _several(codes: Array, texts: pd.Series, size: int) -> Array:
    """Whether a series has rows of several texts, one of which may be that there is none."""
    pairs = pd.DataFrame({"series": codes, "text": pd.factorize(texts)[0]}).drop_duplicates()
    several: Array = np.bincount(pairs["series"], minlength=size) > 1
    return several


def _marks(table: pd.DataFrame, codes: Array, size: int) -> dict[str, Array]:
    """Whether a partner is no single country, by what it is."""
    marks = _text(table, "aggregate")
    named = {name: (marks == name).to_numpy(dtype=bool) for name in ("total", "residual")}
    named["aggregate"] = marks.notna().to_numpy(dtype=bool) & ~named["total"] & ~named["residual"]
    return {name: _any(codes, found, size) for name, found in named.items()}


def _matrix(codes: Array, month: Array, number: Array, months: Array, size: int) -> Array:
    place = (month - months[0]).astype(np.int64)
    inside = (place >= 0) & (place < len(months)) & ~np.isnan(number)
    values = np.full((size, len(months)), np.nan)
    values[codes[inside], place[inside]] = number[inside]
    return values


def _silent(codes: Array, month: Array, no_month: Array, months: Array, size: int) -> Array:
    """Where a series has no row at all."""
    rows = np.where(no_month, np.nan, 1.0)
    return np.isnan(_matrix(codes, month, rows, months, size))


def _about(table: pd.DataFrame, codes: Array, keys: Array, units: pd.Series) -> pd.DataFrame:
    texts = {name: _least(codes, _text(table, name), len(keys)) for name in _TEXTS}
    texts["label"] = np.where(pd.isna(texts["label"]), keys, texts["label"])
    invented = table["invented"].fillna(False).to_numpy(dtype=bool) if "invented" in table else codes < 0
    # As objects, so that what is not there stays None beside texts.
    about = pd.DataFrame({"unit": _least(codes, units, len(keys)), **texts}, dtype=object)
    return about.assign(invented=_any(codes, invented, len(keys)))


def _least(codes: Array, texts: pd.Series, size: int) -> Array:
    """The first text of each series in the order of the alphabet, so that the order of the rows does not matter."""
    found, names = pd.factorize(texts, sort=True)
    least = np.full(size, len(names))
    np.minimum.at(least, codes[found >= 0], found[found >= 0])
    listed: Array = np.array([*names, None], dtype=object)
    found_texts: Array = listed[least]
    return found_texts
