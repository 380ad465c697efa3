"""How much of what came into a hub can have gone on to a country: no more than came out of it, code by code.

An upper bound of the HS code and quarter, summed over codes. Source: METHODS, rerouting bound.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from tradeanalytics.detectors import partner_words as words
from tradeanalytics.detectors.findings import Finding, table, thresholds
from tradeanalytics.detectors.usable import aggregates, cents, currencies_of, why_unusable

DETECTOR = "rerouting"
_KEYS = ("hub", "hs", "period")
_COLUMNS = ("hub", "quarter", "codes", "into", "out_of", "bound", "why_not")


def rerouting(
    into: pd.DataFrame, out_of: pd.DataFrame, *, target: str, share: float = 0.1, floor: float = 1_000_000.0
) -> pd.DataFrame:
    """What can have gone on through each hub in each quarter, as rows of FINDINGS.

    `into` (what came into a hub) and `out_of` (what went from it to `target`) have hub, hs, period and one of
    value_cad_cents, value_eur_cents, ..., a month a row; a code without a row in a month was not traded. `observed` is
    the sum over codes of the smaller of the two, `expected` all that came in, in units of the currency; `effect` is
    their ratio, flagged from `share` on where the bound is at least `floor`.
    """
    said = thresholds(target=target, share=share, floor=floor)
    found = rerouted(into, out_of)
    if found.empty:
        return table([_nothing(f"all hubs to {target}", None, str(_why_refused(into, out_of)), said)])
    unit = currencies_of(into)[0]
    findings = (_finding(row, target, unit, share, floor, said) for row in found.itertuples(index=False))
    return table(replace(one, invented=_invented(into, out_of)) for one in findings)


def _invented(*sides: pd.DataFrame) -> bool:
    return any("invented" in side and bool(side["invented"].any()) for side in sides)


def rerouted(into: pd.DataFrame, out_of: pd.DataFrame) -> pd.DataFrame:
    """The bound itself, a row a hub and quarter: hub, quarter, codes, into, out_of, bound, why_not.

    Amounts are units of the currency over the codes of both tables, null where the quarter is not known; no row at all
    where the tables cannot be compared.
    """
    if _why_refused(into, out_of):
        return pd.DataFrame(columns=list(_COLUMNS))
    sides = [_quarters(side, name) for side, name in ((into, "into"), (out_of, "out_of"))]
    codes = sides[0].join(sides[1], how="outer").fillna(0)
    codes = codes.assign(bound=codes[["into", "out_of"]].min(axis=1), codes=1)
    quarters = codes.groupby(level=["hub", "quarter"]).sum().reset_index()
    months = [_covered(side, quarters) for side in (into, out_of)]
    unknown = quarters["into_unknown"] + quarters["out_of_unknown"]
    why = [words.why_quarter(*counts) for counts in zip(*months, unknown, strict=True)]
    amounts = quarters[["into", "out_of", "bound"]].astype("Float64") / 100
    amounts = amounts.mask(pd.Series([one is not None for one in why], dtype=bool))
    return quarters.assign(**amounts, why_not=pd.Series(why, dtype="object"))[list(_COLUMNS)]


def _why_refused(into: pd.DataFrame, out_of: pd.DataFrame) -> str | None:
    if why := why_unusable(into, _KEYS) or why_unusable(out_of, _KEYS):
        return why
    currencies = sorted({*currencies_of(into), *currencies_of(out_of)})
    if len(currencies) > 1:
        return words.MIXED.format(currencies=" and ".join(currencies))
    if sums := aggregates({*into["hub"], *out_of["hub"]}):
        return words.AGGREGATE.format(codes=", ".join(sums))
    digits = sorted({len(code) for side in (into, out_of) for code in side["hs"].astype(str)})
    if len(digits) > 1:
        return words.MIXED_CODES.format(digits=" and ".join(map(str, digits)))
    return None


def _quarters(side: pd.DataFrame, name: str) -> pd.DataFrame:
    """Cents by hub, quarter and code, and how many months of it are unknown or negative."""
    value = cents(side)
    bad = value.isna() | (value < 0).fillna(False)
    known = side.assign(**{name: value.mask(bad, 0), f"{name}_unknown": bad.astype("int64")}, quarter=_quarter(side))
    return known.groupby(["hub", "quarter", "hs"])[[name, f"{name}_unknown"]].sum()


def _quarter(side: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(side["period"]).dt.to_period("Q").dt.start_time


def _covered(side: pd.DataFrame, quarters: pd.DataFrame) -> list[int]:
    """How many months of each quarter the hub has any row in."""
    months = side.assign(quarter=_quarter(side)).groupby(["hub", "quarter"])["period"].nunique()
    return [
        int(months.get((hub, quarter), 0)) for hub, quarter in zip(quarters["hub"], quarters["quarter"], strict=True)
    ]


def _finding(row: Any, target: str, unit: str, share: float, floor: float, said: str) -> Finding:
    name = f"{row.hub} to {target}"
    why = row.why_not or (words.NOTHING_IN if row.into == 0 else None)
    if why is not None:
        return _nothing(name, row.quarter, why, said)
    effect = float(row.bound / row.into)
    return Finding(
        DETECTOR,
        name,
        period=row.quarter.date(),
        until=_last_month(row.quarter),
        observed=float(row.bound),
        expected=float(row.into),
        unit=unit,
        effect=effect,
        n=int(row.codes),
        flagged=effect >= share and row.bound >= floor,
        reason=words.rerouted(row, target, unit),
        caveats=words.REROUTING_CAVEATS,
        thresholds=said,
    )


def _nothing(name: str, quarter: pd.Timestamp | None, why: str, said: str) -> Finding:
    return Finding(
        DETECTOR,
        name,
        period=None if quarter is None else quarter.date(),
        until=None if quarter is None else _last_month(quarter),
        why_not=why,
        reason=words.NOT_JUDGED.format(why=why),
        thresholds=said,
    )


def _last_month(quarter: pd.Timestamp) -> date:
    return (quarter + pd.DateOffset(months=2)).date()
