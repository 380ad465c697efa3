"""Sums of goods by month, and values a unit: null where a file may be wrong, zero only where all trade is there."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine, literal
from tradeanalytics.flows import EVERY, NotComparableError, among
from tradeanalytics.goods.asked import Goods

_GROUPS = ("partner", "region", "partner_region")
_LEVELS = {f"hs{digits}": digits for digits in (2, 4, 6, 8, 10)}


def monthly(engine: Engine, which: Goods, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Month by month, and for each group of `by` (partner, region, partner_region, hs2 to hs10), the value of goods.

    Columns as those of `flows.monthly`: reporter, flow, basis, seasonal_adjustment, file_id, partner, product, region,
    *by, period, value_cad_cents or value_usd_cents, cells, unknown. The calendar has every month of the files without a
    gap; a month is null where no file has it, where a rejected row or another level puts it in doubt, and, of a
    publisher who does not give all trade, where there is no row. Else a month without a row is zero.
    """
    return grouped(engine, which, [group(name, which) for name in by], list(by))


def grouped(engine: Engine, which: Goods, groups: Sequence[str], by: Sequence[str], join: str = "") -> pd.DataFrame:
    """The table of `monthly` for groups written in SQL, which are called `by`; `join` is put behind FROM goods."""
    names = ", ".join([*by, "period"])
    summed, unknown = f"CAST(sum({which.signed()}) AS BIGINT)", ""
    if which.without_value:  # else not counted: a third of the time that the sum takes
        unknown = f", count(*) - count({which.value}) AS unknown"
        summed = f"CASE WHEN count(*) = count({which.value}) THEN {summed} END"
    answer = engine.sql(
        f"""
SELECT {", ".join([*groups, "period"])}, {summed} AS {which.value}, count(*) AS cells{unknown}
FROM goods {join}
WHERE {which.where()}
GROUP BY {names}
ORDER BY {names}
"""
    )
    if not which.without_value:
        answer = answer.assign(unknown=pd.array([0] * len(answer), dtype="Int64"))
    table = _doubted(engine, which, _complete(answer, which, list(by)), by)
    fixed = {name: value for name, value in _identity(which).items() if name not in by}
    return table.assign(**fixed)[[*fixed, *by, "period", which.value, "cells", "unknown"]]


def group(name: str, which: Goods) -> str:
    """A group by its name, in SQL. Raises NotComparableError for one that the files do not tell apart."""
    if name in _LEVELS:
        if _LEVELS[name] > which.digits:
            raise NotComparableError(f"{name}: the files have codes of {which.digits} digits")
        return f"substr(hs, 1, {_LEVELS[name]}) AS {name}"
    if name not in _GROUPS:
        raise TradeAnalyticsError(f"by: {name!r}, expected one of {', '.join([*_GROUPS, *_LEVELS])}")
    if name == "region" and len(which.flows) > 1:
        raise NotComparableError("re-exports are total exports, which name no region, less domestic ones")
    return name


def _identity(which: Goods) -> dict[str, str]:
    return {
        "reporter": which.reporter,
        "flow": which.flow,
        "basis": "customs",
        "seasonal_adjustment": "unadjusted",
        "file_id": ", ".join(which.file_ids),
        "partner": ", ".join(which.partner or (EVERY,)),
        "product": ", ".join(which.hs or (EVERY,)),
        "region": ", ".join(which.region or (EVERY,)),
    }


def _complete(answer: pd.DataFrame, which: Goods, by: list[str]) -> pd.DataFrame:
    """Every group in every month from the first to the last; zero where it has no row and all trade is there."""
    periods = which.periods
    calendar = pd.DataFrame(
        {"period": pd.date_range(periods[0], periods[-1], freq="MS" if which.months == 1 else "YS")}
    )
    groups = answer[by].drop_duplicates() if by else pd.DataFrame(index=[0])
    frame = groups.merge(calendar, how="cross")
    answer = answer.assign(period=answer["period"].astype(frame["period"].dtype))
    table = frame.merge(answer, on=[*by, "period"], how="left", validate="one_to_one")
    table[["cells", "unknown"]] = table[["cells", "unknown"]].fillna(0)
    known = table["period"].isin(periods)
    absent = (table["cells"] == 0) & which.complete
    return table.assign(**{which.value: table[which.value].mask(absent, 0).mask(~known)})


def doubts(engine: Engine, which: Goods) -> pd.DataFrame:
    """What puts sums of these goods in doubt: flow, partner, period, hs (each null for any), why, rows."""
    partner = f" AND (partner IS NULL OR {among('partner', which.partner)})" if which.partner else ""
    ways = ("starts_with(hs, {0})", "starts_with({0}, hs)")
    touched = " OR ".join(way.format(literal(code)) for code in which.hs or () for way in ways)
    codes = f" AND (hs IS NULL OR {touched})" if which.hs else ""
    return engine.sql(
        f"""
SELECT flow, partner, period, hs, why, CAST(sum(rows) AS BIGINT) AS rows
FROM doubts
WHERE {among("file_id", which.file_ids)} AND (flow IS NULL OR {among("flow", which.flows)})
  AND (reporter IS NULL OR reporter = {literal(which.reporter)}){partner}{codes}
GROUP BY ALL
ORDER BY ALL
"""
    )


def _doubted(engine: Engine, which: Goods, table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The table without the values that a doubt touches."""
    found = doubts(engine, which)
    touched = pd.Series(False, index=table.index)
    keys = ["partner", "period", "hs"]
    for partner, period, code in found[keys].drop_duplicates().itertuples(index=False):
        here = pd.Series(True, index=table.index)
        if not pd.isna(period):
            here &= table["period"] == period
        if "partner" in by and not pd.isna(partner):
            here &= table["partner"] == partner
        for name in set(by) & set(_LEVELS) if not pd.isna(code) else ():
            here &= holds(table[name], code)
        touched |= here
    return table.assign(**{which.value: table[which.value].mask(touched)})


def holds(groups: pd.Series, code: str) -> pd.Series:
    """Where a group of goods holds those of a code, or is held by it."""
    return groups.map(lambda group: group.startswith(code) or code.startswith(group)).astype(bool)


def unit_values(engine: Engine, which: Goods, *, by: Sequence[str] = ("hs6",)) -> pd.DataFrame:
    """What a unit of goods costs, by month, group and unit: units are never added to each other.

    Columns: *by, period, quantity_unit (null: none is published), value_cad_cents or value_usd_cents, quantity (a sum
    of declared ones above zero), cents_with_quantity (the value of the same rows), unit_cents (cents a unit, null
    without a quantity), cells, units (how many the group has in the month: with two, no price is that of the goods).
    """
    if len(which.flows) > 1:
        raise NotComparableError("re-exports have no quantity of their own: those of two flows need not be of one unit")
    groups = [group(name, which) for name in by]
    names = ", ".join([*by, "period"])
    table = engine.sql(
        f"""
WITH summed AS (
    SELECT {", ".join([*groups, "period"])}, quantity_unit,
           CAST(sum({which.value}) AS BIGINT) AS {which.value},
           round(sum(quantity) FILTER (WHERE quantity > 0), 3) AS quantity,
           CAST(sum({which.value}) FILTER (WHERE quantity > 0) AS BIGINT) AS cents_with_quantity,
           count(*) AS cells
    FROM goods
    WHERE {which.where()}
    GROUP BY {names}, quantity_unit
)
SELECT *, count(quantity_unit) OVER (PARTITION BY {names}) AS units
FROM summed
ORDER BY {names}, quantity_unit NULLS LAST
"""
    )
    return table.assign(unit_cents=table["cents_with_quantity"].astype("Float64") / table["quantity"].astype("Float64"))
