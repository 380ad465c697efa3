"""The rows of a long table of monthly series: whose they are, of which month, and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]
Texts = tuple[Array, Array]  # (rows,) the place of each text in the other, -1 for null; the texts in order

YEARS = (1900, 2100)  # a period of year 9999 is a slip of the pen, and its calendar would not fit in memory
_ISO = r"^([0-9]{4}-[0-9]{2})(?:-01)?(?: 00:00:00)?$"


@dataclass(frozen=True)
class Rows:
    """`keys`: (series,), text in order. `series`: (rows,), the place of each row's key. `month`: (rows,),
    datetime64[M], of no meaning where not `dated`: a period that is not the first day of a month names none.
    """

    keys: Array
    series: Array
    month: Array
    dated: Array

    def any(self, found: Array) -> Array:
        """Whether something holds for any row of a series, (series,)."""
        there: Array = np.greater(self._count(found), 0)
        return there

    def span(self) -> tuple[np.datetime64, np.datetime64] | None:
        """The first month and the last of all; None where no row has one."""
        months = self.month[self.dated]
        return (months.min(), months.max()) if len(months) else None

    def twice(self) -> Array:
        """Whether a month has several rows of a series, (series,)."""
        there = self.span()
        if there is None:
            return np.zeros(len(self.keys), dtype=bool)
        seen = self.matrix(np.ones(len(self.series), dtype=bool), *there, fill=False)
        several: Array = np.greater(self._count(self.dated), np.sum(seen, axis=1))
        return several

    def matrix(self, values: Array, first: np.datetime64, last: np.datetime64, *, fill: Any) -> Array:
        """Values of the rows by series and month, both months included; `fill` where there is no row."""
        place = (self.month - first).astype(np.int64)
        size = int((last - first).astype(np.int64)) + 1
        inside = self.dated & (place >= 0) & (place < size)
        found = np.full((len(self.keys), size), fill, dtype=values.dtype)
        found[self.series[inside], place[inside]] = values[inside]
        return found

    def several(self, texts: Texts) -> Array:
        """Whether a series has rows of several texts, one of which may be that there is none, (series,)."""
        lowest, highest = (np.full(len(self.keys), edge) for edge in (len(texts[1]), -1))
        np.minimum.at(lowest, self.series, texts[0])
        np.maximum.at(highest, self.series, texts[0])
        differ: Array = np.less(lowest, highest)
        return differ

    def first_text(self, texts: Texts) -> Array:
        """The first text of each series by the alphabet, for the order of rows is no matter; None without one."""
        least = np.full(len(self.keys), len(texts[1]))
        told = texts[0] >= 0
        np.minimum.at(least, self.series[told], texts[0][told])
        listed: Array = np.array([*texts[1], None], dtype=object)
        found: Array = listed[least]
        return found

    def _count(self, found: Array) -> Array:
        return np.bincount(self.series[found], minlength=len(self.keys))


def rows(table: pd.DataFrame) -> Rows:
    """The rows of a table with the columns series and period."""
    codes, names = pd.factorize(table["series"].astype("str").fillna(""), sort=True)
    at, periods = pd.factorize(table["period"])
    month, dated = _months(pd.Series(periods))
    # -1, a null, takes what is added at the end.
    return Rows(
        np.array(names, dtype=object),
        codes,
        np.append(month, np.datetime64("NaT", "M"))[at],
        np.append(dated, False)[at],
    )


def texts(table: pd.DataFrame, name: str) -> Texts:
    """A column of text; null throughout where the table has none."""
    if name not in table:
        return np.full(len(table), -1), np.array([], dtype=object)
    at, names = pd.factorize(table[name].astype("str"), sort=True)
    return at, np.array(names, dtype=object)


def numbers(values: pd.Series) -> tuple[Array, Array]:
    """The values as floats, and where one is that is no number: a text that looks like one is none, and infinity."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        number = values.to_numpy(dtype=float, na_value=np.nan)
        return np.where(np.isinf(number), np.nan, number), np.isinf(number)
    counted = np.array([_is_number(one) for one in values], dtype=bool)
    number, wrong = numbers(pd.Series(values.to_numpy(dtype=object)).where(counted, np.nan).astype(float))
    return number, wrong | (values.notna().to_numpy(dtype=bool) & ~counted)


def beyond(number: Array) -> Array:
    """Values that a double does not count exactly, and ones so small that ratios to them overflow."""
    size = np.abs(number)
    return (size > 2.0**53) | ((size > 0) & (size < 2.0**-53))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal | np.number) and not isinstance(value, bool)


def _months(periods: pd.Series) -> tuple[Array, Array]:
    """The months of some periods, and whether each names one: a cast alone takes any day of a month for its first."""
    if isinstance(periods.dtype, pd.DatetimeTZDtype):
        periods = periods.dt.tz_localize(None)
    if not pd.api.types.is_datetime64_dtype(periods):
        text = periods.astype("str").str.extract(_ISO, expand=False)
        periods = pd.to_datetime(text, format="%Y-%m", errors="coerce")
    days, years = periods.to_numpy(), periods.dt.year.to_numpy()
    month = days.astype("datetime64[M]")
    return month, (month.astype(days.dtype) == days) & (years >= YEARS[0]) & (years <= YEARS[1])
