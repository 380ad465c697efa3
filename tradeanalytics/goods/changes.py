"""What grew and what vanished between two windows of months, comparable over a change of the HS edition."""

from __future__ import annotations

import pandas as pd

from tradeanalytics.engine import Engine
from tradeanalytics.flows import NotComparableError
from tradeanalytics.goods.asked import Goods, first_day
from tradeanalytics.goods.sums import doubts, holds
from tradeanalytics.reference.hs import comparable, edition

Window = tuple[str, str]
_SIDES = ("before", "after")


def changes(
    engine: Engine, which: Goods, before: Window, after: Window, *, digits: int = 6, top: int | None = None
) -> pd.DataFrame:
    """The value of each code of so many digits in two windows ("2021-03", "2021-12"), the largest changes first.

    Columns: hs_before, hs_after (codes that are compared together, joined by ;), before_cents, after_cents,
    change_cents, ratio (after / before - 1, null from zero), exact (both sides hold the same goods), note. A sum is
    null where a doubt touches it, and where a publisher who does not give all trade has no row. Raises
    NotComparableError for windows of unequal length, in several editions of the HS, or with a month that no file has.
    """
    sides = [_checked(which, window) for window in (before, after)]
    if len(sides[0]) != len(sides[1]):
        raise NotComparableError(f"{len(sides[0])} months are not comparable with {len(sides[1])}: take equal windows")
    if digits > which.digits:
        raise NotComparableError(f"{digits} digits: the files have codes of {which.digits}")
    editions = [_edition(side) for side in sides]
    same = editions[0] == editions[1]
    sums = _sums(engine, which, sides, digits, top if same else None)
    sums = _doubted(sums, doubts(engine, which), sides)
    table = _alone(sums) if same else _together(sums, editions, 0 if which.complete else None)
    return _ranked(table).head(len(table) if top is None else top)


def _checked(which: Goods, window: Window) -> pd.DatetimeIndex:
    months = pd.date_range(first_day(window[0]), first_day(window[1]), freq="MS", name="period")
    missing = [f"{month:%Y-%m}" for month in months if month not in which.periods]
    if months.empty or missing:
        raise NotComparableError(f"{' to '.join(window)}: no file has {', '.join(missing[:6]) or 'a month of it'}")
    return months


def _edition(months: pd.DatetimeIndex) -> str:
    found = sorted({edition(month) for month in months})
    if len(found) > 1:
        raise NotComparableError(
            f"{months[0]:%Y-%m} to {months[-1]:%Y-%m} lies in the HS of {' and '.join(found)}; take windows within one"
        )
    return found[0]


def _sums(engine: Engine, which: Goods, sides: list[pd.DatetimeIndex], digits: int, top: int | None) -> pd.DataFrame:
    spans = [f"period BETWEEN DATE '{side[0]:%Y-%m-%d}' AND DATE '{side[-1]:%Y-%m-%d}'" for side in sides]
    value = which.signed()
    sums = ", ".join(
        f"CAST(sum({value}) FILTER (WHERE {span}) AS BIGINT) AS {side}"
        for span, side in zip(spans, _SIDES, strict=True)
    )
    absent = 0 if which.complete else "NULL"
    limit = "" if top is None else f"\nLIMIT {int(top)}"
    return engine.sql(
        f"""
WITH summed AS (
    SELECT substr(hs, 1, {int(digits)}) AS hs, {sums}, count(*) - count({which.value}) AS unknown
    FROM goods
    WHERE {which.where()}
      AND ({spans[0]} OR {spans[1]})
    GROUP BY substr(hs, 1, {int(digits)})
)
SELECT hs, CASE WHEN unknown = 0 THEN coalesce(before, {absent}) END AS before,
       CASE WHEN unknown = 0 THEN coalesce(after, {absent}) END AS after
FROM summed
ORDER BY abs(coalesce(after, 0) - coalesce(before, 0)) DESC, hs{limit}
"""
    )


def _doubted(sums: pd.DataFrame, found: pd.DataFrame, sides: list[pd.DatetimeIndex]) -> pd.DataFrame:
    """The sums without those that a doubt touches."""
    masked = {side: pd.Series(False, index=sums.index) for side in _SIDES}
    for period, code in found[["period", "hs"]].drop_duplicates().itertuples(index=False):
        here = pd.Series(True, index=sums.index) if pd.isna(code) else holds(sums["hs"], code)
        for side, months in zip(_SIDES, sides, strict=True):
            if pd.isna(period) or period in months:
                masked[side] |= here
    return sums.assign(**{side: sums[side].mask(mask) for side, mask in masked.items()})


def _alone(sums: pd.DataFrame) -> pd.DataFrame:
    return sums.assign(hs_before=sums["hs"], hs_after=sums["hs"], exact=True, note="")


def _together(sums: pd.DataFrame, editions: list[str], absent: int | None) -> pd.DataFrame:
    """The sums of the codes that have to be taken together over a change of the edition; `absent` without a row."""
    groups = comparable(list(sums["hs"]), *editions)
    by_code = sums.set_index("hs")
    sums_of = {side: [_sum(by_code[side], codes, absent) for codes in groups[f"codes_{side}"]] for side in _SIDES}
    together = groups.rename(columns={f"codes_{side}": f"hs_{side}" for side in _SIDES})
    return together.assign(**{side: pd.Series(values, dtype="Int64") for side, values in sums_of.items()})


def _sum(values: pd.Series, codes: str, absent: int | None) -> object:
    """The sum of some codes, joined by ;, null where one is and where there are none; `absent` without any row."""
    if not codes:
        return None
    there = values[values.index.isin(codes.split(";"))]
    return there.sum(skipna=False) if len(there) else absent


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    change = table["after"] - table["before"]
    ratio = change.astype("Float64") / table["before"].replace(0, pd.NA).astype("Float64")
    found = table.assign(before_cents=table["before"], after_cents=table["after"], change_cents=change, ratio=ratio)
    order = found.assign(size=change.abs()).sort_values(
        ["size", "hs_before", "hs_after"], ascending=[False, True, True], na_position="last", ignore_index=True
    )
    columns = ["hs_before", "hs_after", "before_cents", "after_cents", "change_cents", "ratio", "exact", "note"]
    return order[columns]
