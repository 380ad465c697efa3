"""Which goods are priced far from the usual a kg: undervaluation where low, a premium where high."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, thresholds
from tradeanalytics.detectors.price_lines import BINS, STEP, Lines, price_lines
from tradeanalytics.detectors.shipped import (
    CURRENCIES,
    Row,
    answer,
    currency,
    fault,
    month_at,
    month_text,
    narrow,
    plain,
    refused,
    sums,
)
from tradeanalytics.detectors.trader_words import amount, caveats, say
from tradeanalytics.engine import Engine, literal
from tradeanalytics.parties.asked import answered, records
from tradeanalytics.reference.countries import read_country
from tradeanalytics.shipments import Which

DETECTOR = "unit value"
_TEST = "z of ln(value a kg): median, 1.4826 MAD"
_EFFICIENCY = 0.37  # of the MAD beside the standard deviation: it is as sure as that of so many of the items
_NOISE = 1e-9  # one price, divided by many masses, differs in its last digits: that is no spread
_NORMAL = 1.4826  # MAD to standard deviation, where values are normal
_GROUP = "direction, hs6, partner, block"
# Goods that come in are of their origin, those that go out of their destination: prices differ by it.
_PARTNER = "CASE direction WHEN 'import' THEN origin_country WHEN 'export' THEN destination_country END"


def unit_values(
    engine: Engine,
    which: Which | None = None,
    *,
    by: str = "value_usd_cents",
    months: int = 12,
    every: int = 12,
    z: float = 3.5,
    fence: float = 1.5,
    at_least: int = 10,
    smaller: float = 0.1,
    dip: float = 0.5,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a six-digit code, direction, partner and stretch of `every` months, counted from January.

    The items of the stretch are held against those of the `months` that end with it. observed: the value a kg farthest
    from the usual; expected: the median; effect: ln of their ratio; score: its z; p: of one so far among so many, where
    prices are lognormal; n: items with value and mass in the `months`. Flagged is a group with an item of |z| over `z`;
    those over `fence` interquartile ranges outside the quartiles (Tukey) are counted beside. Two price lines, of which
    the `smaller` has that share or more, with a valley under `dip` of the lower peak between them, are not judged.
    Raises TradeAnalyticsError where `months` is no multiple of `every`.
    """
    if months % every:
        raise TradeAnalyticsError(f"months: {months}, expected a multiple of every, which is {every}")
    asked = _Asked(which or Which(), by, months, every, z, fence)
    said = thresholds(by=by, months=months, every=every, z=z, fence=fence, at_least=at_least, smaller=smaller, dip=dip)
    bins = engine.sql(asked.binned())
    rows, lines = records(_groups(bins)), _lines(bins, at_least)
    whys = [_why_not(row, at_least) or _mixture(lines.get(_key(row)), row, smaller, dip) for row in rows]
    found = (_finding(row, asked, why, said) for row, why in zip(rows, whys, strict=True))
    return answer(found, DETECTOR, said, rate=rate)


def tail(z: Any, n: Any) -> Any:
    """The probability that the farthest of n items is at least |z| away, where their logarithms are normal.

    By t with 0.37 (n - 1) degrees of freedom, since the spread is estimated by the MAD: in 10,000 groups of 10 to 300
    normal items, 1 to 5 % are under 5 %. With z taken as normal it would be 24 % of the groups of 10.

    >>> round(float(tail(3.5, 30)), 3), round(float(tail(3.5, 1_000)), 3)
    (0.144, 0.407)
    """
    return -np.expm1(n * np.log1p(-2 * stdtr(np.maximum(1.0, _EFFICIENCY * (n - 1)), -z)))


def odd_items(engine: Engine, findings: pd.DataFrame, which: Which | None = None) -> pd.DataFrame:
    """The items behind the flagged rows of `unit_values`, asked of the same `which`: one row an item.

    Columns: subject, side (low, high), file_id, sheet, record, shipper_key, consignee_key.
    """
    flagged = findings[(findings["detector"] == DETECTOR) & findings["flagged"].fillna(False)]
    rows = [_limits(one) for one in records(flagged)]
    by = json.loads(flagged["thresholds"].iloc[0])["by"] if rows else next(iter(CURRENCIES))
    return answered(engine, _ODD.format(shipped=_Asked(which or Which(), by).priced()), rows)


def held_against(findings: pd.DataFrame, which: Which | None = None) -> str:
    """The statement that lists the shipments, and in `held` whether their price was held against a usual one.

    Held are those with a price in a judged group of `unit_values`, which was asked of the same `which`.
    """
    asked = json.loads(findings["thresholds"].iloc[0])
    judged = findings[(findings["detector"] == DETECTOR) & findings["judged"]]
    months = judged["period"].dt.year * 12 + judged["period"].dt.month - 1
    groups = literal("\n".join(judged["subject"] + " " + (months // asked["every"]).astype(str)))
    group = "concat_ws(' ', direction, hs6, partner, block)"
    return f"""
SELECT *, x IS NOT NULL AND {group} IN (SELECT unnest(string_split({groups}, chr(10)))) AS held
FROM ({_Asked(which or Which(), asked["by"], every=asked["every"]).priced()})"""


_ODD = """
SELECT told.subject, CASE WHEN p.x < CAST(told.low AS DOUBLE) THEN 'low' ELSE 'high' END AS side,
       p.file_id, p.sheet, p.record, p.shipper_key, p.consignee_key
FROM ({shipped}) AS p
JOIN ({{asked}}) AS told (subject, direction, hs6, partner, first, last, low, high)
     ON told.hs6 = p.hs6 AND told.partner = p.partner AND told.direction = p.direction
     AND p.month BETWEEN CAST(told.first AS DATE) AND CAST(told.last AS DATE)
WHERE p.x < CAST(told.low AS DOUBLE) OR p.x > CAST(told.high AS DOUBLE)
ORDER BY told.subject, p.file_id, p.sheet, p.record
"""


def _limits(finding: Row) -> tuple[str, ...]:
    """Where the usual ends, from the columns of a finding: its effect is so many times its score."""
    middle, deviation = math.log(finding["expected"]), finding["effect"] / finding["score"]
    far = json.loads(finding["thresholds"])["z"] * deviation
    months = (f"{finding[name]:%Y-%m-%d}" for name in ("period", "until"))
    return (finding["subject"], *finding["subject"].split(), *months, repr(middle - far), repr(middle + far))


class _Asked(NamedTuple):
    """What is asked, as the statements that answer it."""

    which: Which
    by: str
    months: int = 12
    every: int = 12
    z: float = 3.5
    fence: float = 1.5

    def priced(self) -> str:
        """Each item with its group and ln of its value a kg, null where it has none."""
        return f"""
    SELECT *, substr(hs, 1, 6) AS hs6, {_PARTNER} AS partner,
           CAST(floor((year(month) * 12 + month(month) - 1) / {self.every}) AS INTEGER) AS block,
           CASE WHEN {self.by} > 0 AND net_kg > 0 THEN ln({self.by} / 100.0 / net_kg) END AS x
    FROM ({self.which.sql()})"""

    def _around(self) -> str:
        """Each item in every stretch whose months hold it; `own` where it is judged there."""
        stretches = ", ".join(f"({place})" for place in range(self.months // self.every))
        return f"""
    SELECT direction, hs6, partner, block + back AS block, back = 0 AS own, x, {self.by}, value_usd_basis, invented
    FROM ({self.priced()}), (VALUES {stretches}) AS stretches (back)"""

    def binned(self) -> str:
        """How many items of each group and stretch lie in each bin about its usual, and the sums of its own items."""
        place = (
            f"least({BINS - 1}, greatest(0, {BINS // 2} + CAST(round((x - usual) / deviation / {STEP}) AS INTEGER)))"
        )
        far, fence = f"{self.z} * deviation", f"{self.fence} * (upper - lower)"
        return f"""
WITH middle AS (
    SELECT {_GROUP}, count(x) AS n, median(x) AS usual,
           CASE WHEN mad(x) > {_NOISE} THEN {_NORMAL} * mad(x) ELSE 0 END AS deviation,
           percentile_cont(0.25) WITHIN GROUP (ORDER BY x) AS lower,
           percentile_cont(0.75) WITHIN GROUP (ORDER BY x) AS upper
    FROM ({self._around()})
    WHERE direction IS NOT NULL AND hs6 IS NOT NULL AND partner IS NOT NULL AND block IS NOT NULL GROUP BY {_GROUP}
)
SELECT a.direction, a.hs6, a.partner, a.block, CASE WHEN deviation > 0 THEN {place} END AS bin, count(x) AS around,
       any_value(n) AS n, any_value(usual) AS usual, any_value(deviation) AS deviation, {sums(self.by, "own")},
       count(x) FILTER (WHERE own) AS priced,
       count(*) FILTER (WHERE own AND x < usual - {far}) AS low,
       count(*) FILTER (WHERE own AND x > usual + {far}) AS high,
       count(*) FILTER (WHERE own AND (x < lower - {fence} OR x > upper + {fence})) AS outside,
       min(x) FILTER (WHERE own) AS least, max(x) FILTER (WHERE own) AS most
FROM ({self._around()}) AS a LEFT JOIN middle USING ({_GROUP})
GROUP BY a.direction, a.hs6, a.partner, a.block, bin
"""


_ADDED = ("items", "known", "negative", "cents", "priced", "low", "high", "outside")
_LEAST, _MOST = ("basis", "least", "invented"), ("other_basis", "most", "some_invented", "n", "usual", "deviation")


def _groups(bins: pd.DataFrame) -> pd.DataFrame:
    """One row a group and stretch that has items of its own, from its bins."""
    how = dict.fromkeys(_ADDED, "sum") | dict.fromkeys(_LEAST, "min") | dict.fromkeys(_MOST, "max")
    own = bins[bins["items"] > 0]
    return own.groupby(_GROUP.split(", "), dropna=False, sort=True).agg(how).reset_index()


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in _GROUP.split(", "))


def _lines(bins: pd.DataFrame, at_least: int) -> dict[tuple[object, ...], Lines]:
    """Two price lines fitted to each group that has items enough."""
    enough = bins[bins["bin"].notna() & (bins["n"] >= at_least)]
    grouped = enough.groupby(_GROUP.split(", "), sort=True)
    counts = np.zeros((grouped.ngroups, BINS))
    np.add.at(counts, (grouped.ngroup(), enough["bin"].astype(int)), enough["around"].astype(int))
    return dict(zip(grouped.size().index, price_lines(counts), strict=True))


def _why_not(row: Row, at_least: int) -> str | None:
    known = row["priced"] and row["n"]
    if not row["direction"]:
        return say("no_direction")
    if not row["hs6"] or len(row["hs6"]) < 6:
        return say("no_code")
    if not row["partner"] or read_country(row["partner"]) != row["partner"]:
        return say("no_country", partner=row["partner"]) if row["partner"] else say("no_partner")
    if row["block"] is None:
        return say("no_day")
    if why := fault(row):
        return why
    if not known or known < at_least:
        return say("few_priced", count=known or 0, at_least=at_least)
    return None if row["deviation"] else say("one_price")


def _mixture(lines: Lines | None, row: Row, smaller: float, dip: float) -> str | None:
    if lines is None or not lines.two(smaller, dip):
        return None
    return say("mixture", share=lines.smaller, times=math.exp(lines.apart * row["deviation"]))


def _finding(row: Row, asked: _Asked, why: str | None, said: str) -> Finding:
    name = " ".join(say("nobody") if row[part] is None else row[part] for part in ("direction", "hs6", "partner"))
    period, until = _months(row["block"], asked.every)
    common: dict[str, Any] = {
        "period": period,
        "until": until,
        "unit": f"{currency(asked.by)}/kg",
        "n": row["n"],
        "thresholds": said,
    }
    if why:
        return refused(DETECTOR, name, why, row, **common)
    z = max(((row[side] - row["usual"]) / row["deviation"] for side in ("least", "most")), key=abs)
    odd = row["low"] + row["high"]
    return Finding(
        DETECTOR,
        name,
        **common,
        observed=math.exp(row["usual"] + z * row["deviation"]),
        expected=math.exp(row["usual"]),
        effect=z * row["deviation"],
        score=z,
        test=_TEST,
        p=float(tail(abs(z), row["n"])),
        flagged=odd > 0,
        reason=_sentence(row, asked, z),
        caveats=caveats("goods_differ", "normal"),
        trace=_trace(row, asked, odd > 0, period, until),
        invented=row["some_invented"],
    )


def _months(block: int | None, every: int) -> tuple[date | None, date | None]:
    return (None, None) if block is None else (month_at(block * every), month_at(block * every + every - 1))


def _sentence(row: Row, asked: _Asked, z: float) -> str:
    first, last = (month_text(month) for month in _months(row["block"], asked.every) if month)
    told = {"items": row["priced"], "first": first, "last": last, "usual": amount(math.exp(row["usual"]))}
    told |= {"unit": f"{currency(asked.by)}/kg", "low": row["low"], "high": row["high"], "outside": row["outside"]}
    if not row["low"] + row["high"]:
        return say("unit_value_none", **told)
    return say("unit_value", **told, extreme=amount(math.exp(row["usual"] + z * row["deviation"])))


def _trace(row: Row, asked: _Asked, odd: bool, first: date | None, last: date | None) -> str:
    """The records of the group, or those of them that are far from the usual."""
    narrowed = asked._replace(which=plain(narrow(asked.which, first, last, hs=row["hs6"])))
    group = f"direction = {literal(row['direction'])} AND partner = {literal(row['partner'])}"
    far = f" AND abs(x - {row['usual']!r}) > {asked.z * row['deviation']!r}" if odd else ""
    return f"SELECT * FROM ({narrowed.priced()}) WHERE {group}{far} ORDER BY file_id, sheet, record"
