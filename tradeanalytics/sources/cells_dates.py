"""Days in every format a file holds, and the declaration number, whose middle is the day of registration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import polars as pl

from tradeanalytics.reference.scripts import REMEMBERED
from tradeanalytics.sources.cells import Text, by_distinct, changed_where, counted, counts, each, raw, staged

Order = Literal["day_first", "month_first"]

_TIME = r"[T ,]+[0-9]{1,2}:[0-9]{2}.*$"
_NUMERIC = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([./-]?)([0-9]{2})\2([0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3})[a-z]*[- ,]+([0-9]{4}|[0-9]{2})")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Excel counts from here; before March 1900 it counts a day that never was, and customs files do not go back there.
_EXCEL = date(1899, 12, 30)
_YEARS = range(1990, 2100)  # of a serial or an eight-digit day, which any number could be

_MARKS = {"dotted": r"\.", "slashed": "[/-]"}
_SMALL, _LARGE, _YEAR_END = r"(?:0?[1-9]|1[0-2])", r"(?:1[3-9]|2[0-9]|3[01])", r"(?:[0-9]{4}|[0-9]{2})(?:\s|$)"
_EVIDENCE = {
    f"{name}_{order}": rf"^\s*{first}{mark}{second}{mark}{_YEAR_END}"
    for name, mark in _MARKS.items()
    for order, first, second in (("day_first", _LARGE, _SMALL), ("month_first", _SMALL, _LARGE))
}

_SEPARATED = r"[\s/_-]+"
_NUMBER = rf"([0-9]{{5,8}}){_SEPARATED}([0-9]{{6}}){_SEPARATED}([0-9A-ZА-Я]{{1,8}})(?:{_SEPARATED}([0-9]{{1,4}}))?"
_DECLARATION = rf"^\W*(?:GTD|ГТД|DT|ДТ|ND)?[\s_:№.-]*{_NUMBER}(?:\.[A-Z0-9]{{2,4}})?\W*$"
_ONE_SPELLING = r"^[0-9]{5,8}/[0-9]{6}/[0-9A-ZА-Я]{1,8}$"


@dataclass(frozen=True)
class DateProfile:
    """Which number comes first in days such as 03/04/22, for dots and for slashes or dashes; null if nothing tells.

    A mark is `settled` when cells that can be read in one way only all agree.
    """

    dotted: Order | None = "day_first"
    slashed: Order | None = None
    dotted_settled: bool = True
    slashed_settled: bool = False


def date_evidence(column: Text) -> pl.Expr:
    """Which order of day and month a cell shows that can be read in one way only, for `counted`."""
    found = {name: pl.col("text").str.contains(pattern) for name, pattern in _EVIDENCE.items()}
    kinds = pl.Struct(dict.fromkeys(_EVIDENCE, pl.UInt8))
    return each(column, lambda cells: staged({"text": cells}, {"found": counts(found)})["found"], kinds)


def date_profile(rows: pl.LazyFrame, column: Text, declared: Order | None = None) -> DateProfile:
    """Look at a column once; `declared` is the order of the layout."""
    return dates_decided(counted(rows, {"column": date_evidence(column)})["column"], declared)


def dates_decided(counts: Mapping[str, int], declared: Order | None = None) -> DateProfile:
    """The profile the counts of `date_evidence` speak for.

    03/04/22 follows most slashed cells that can be read in one way only; else the layout's order; else that of the
    dotted cells. Dots are day first unless most cells show otherwise.
    """
    dots, slashes = (_majority(counts[f"{mark}_day_first"], counts[f"{mark}_month_first"]) for mark in _MARKS)
    return DateProfile(
        dotted=dots or "day_first",
        slashed=slashes or declared or dots,
        dotted_settled=not counts["dotted_month_first"],
        slashed_settled=(counts["slashed_day_first"] > 0) != (counts["slashed_month_first"] > 0),
    )


def day(column: Text, profile: DateProfile) -> pl.Expr:
    """The day of a cell, whatever its format; null where it is none, or could be two and nothing tells."""
    return each(column, lambda cells: _days(cells, profile), pl.Date)


def ambiguous_day(column: Text, profile: DateProfile) -> pl.Expr:
    """True where day and month could be swapped and the column does not settle which is which."""
    unsettled = ("" if profile.dotted_settled else r"\.") + ("" if profile.slashed_settled else "/-")
    if not unsettled:
        return pl.lit(False)
    small = r"0?[1-9]|1[0-2]"
    found = raw(column).str.extract_groups(
        rf"^\s*({small})[{unsettled}]({small})[{unsettled}][0-9]{{2}}(?:[0-9]{{2}})?\b"
    )
    first, second = (found.struct.field(name).cast(pl.Int8) for name in ("1", "2"))
    return (first != second).fill_null(False)


def read_day(text: str, profile: DateProfile) -> date | None:
    """The day a text names, or None.

    >>> read_day("21-Sep-2016", DateProfile()), read_day("44727", DateProfile()), read_day("03/04/22", DateProfile())
    (datetime.date(2016, 9, 21), datetime.date(2022, 6, 15), None)
    """
    text = text.strip()
    if found := _NUMERIC.fullmatch(text):
        return _by_order(int(found[1]), int(found[3]), _year(found[4]), _order(found[2], profile))
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(int(found[1]), int(found[3]), int(found[4])) if int(found[1]) in _YEARS else None
    if found := _NAMED.fullmatch(text):
        month = found[2].upper()
        return _date(_year(found[3]), _MONTHS.index(month) + 1, int(found[1])) if month in _MONTHS else None
    if found := _SERIAL.fullmatch(text):
        serial = _EXCEL + timedelta(days=int(found[1]))
        return serial if serial.year in _YEARS else None
    return None


def declaration_key(column: Text) -> pl.Expr:
    """One spelling of a declaration number, `10210200/150622/3012345`, its item split off; other numbers upper case.

    Separators are / - _ or spaces; `GTD_10210200_150622_3012345.pdf` is the same number.
    """
    text = raw(column)
    odd = pl.when(~text.str.contains(_ONE_SPELLING)).then(text)
    upper = odd.str.to_uppercase().str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.coalesce(upper.str.replace(_DECLARATION, "${1}/${2}/${3}"), text)


def declaration_item(column: Text) -> pl.Expr:
    """The item that stands behind a declaration number, `.../3012345/2`; null where there is none."""
    odd = pl.when(~raw(column).str.contains(_ONE_SPELLING)).then(raw(column))
    return odd.str.to_uppercase().str.extract(_DECLARATION, 4)


def date_in_declaration(column: Text) -> pl.Expr:
    """The day in the middle of a declaration number; null where it holds none."""
    odd = pl.when(~raw(column).str.contains(_ONE_SPELLING)).then(raw(column))
    anywhere = rf"(?:^|[^0-9])[0-9]{{5,8}}{_SEPARATED}([0-9]{{6}}){_SEPARATED}[0-9A-Za-zА-Яа-я]"
    middle = pl.coalesce(raw(column).str.extract("^[0-9]{5,8}/([0-9]{6})/"), odd.str.extract(anywhere))
    return middle.str.to_date("%d%m%y", strict=False)


def witnessed(day: Text, witness: Text, ambiguous: Text) -> pl.Expr:
    """The day, mended by the day in the declaration number: where it is missing, or ambiguous and its other reading."""
    mended = raw(day).is_null() | (raw(ambiguous) & (_swapped(raw(day)) == raw(witness)))
    return pl.when(mended & raw(witness).is_not_null()).then(raw(witness)).otherwise(raw(day))


def date_from_declaration(day: Text, witness: Text, ambiguous: Text) -> pl.Expr:
    """True where `witnessed` took the day from the declaration number."""
    return (witnessed(day, witness, ambiguous) != raw(day)).fill_null(raw(day).is_null() & raw(witness).is_not_null())


def date_disagrees(day: Text, witness: Text, ambiguous: Text) -> pl.Expr:
    """True where the day and the declaration number's say two things that no swap of day and month explains."""
    return (witnessed(day, witness, ambiguous) != raw(witness)).fill_null(False)


def _without_time(cells: pl.Series) -> pl.Series:
    return changed_where(cells, ":", lambda timed: timed.str.replace(_TIME, ""))


def _days(cells: pl.Series, profile: DateProfile) -> pl.Series:
    return by_distinct(_without_time(cells), lambda text: _remembered(text, profile), pl.Date)


_remembered = lru_cache(REMEMBERED)(read_day)


def _order(mark: str, profile: DateProfile) -> Order | None:
    return profile.dotted if mark == "." else profile.slashed


def _possible(first: int, second: int) -> Order | None:
    """The order a day shows that can be read in one way only."""
    if first > 12 >= second:
        return "day_first"
    return "month_first" if second > 12 >= first else None


def _majority(days: int, months: int) -> Order | None:
    return None if days == months else "day_first" if days > months else "month_first"


def _by_order(first: int, second: int, year: int, order: Order | None) -> date | None:
    """A cell that can be read in one way only is read so, whatever the column's order."""
    told = _possible(first, second) or ("day_first" if first == second else order)
    month, day = (second, first) if told == "day_first" else (first, second)
    return _date(year, month, day) if told else None


def _year(digits: str) -> int:
    """Two digits from 70 are the last century's."""
    return int(digits) if len(digits) == 4 else int(digits) + (1900 if int(digits) >= 70 else 2000)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _swapped(day: pl.Expr) -> pl.Expr:
    """The day with day and month swapped; null where there is no such day."""
    possible = day.dt.day() <= 12
    month, in_month = (pl.when(possible).then(part) for part in (day.dt.day(), day.dt.month()))
    return pl.date(day.dt.year(), month, in_month)
