"""Whose values begin with digits as values of trade usually do (Benford): one trader, many goods, many transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, thresholds
from tradeanalytics.detectors.shipped import (
    ROLES,
    Row,
    added,
    answer,
    asked_rows,
    chosen,
    day_of,
    no_trader,
    refused,
    subject,
    sums,
    trace,
)
from tradeanalytics.detectors.trader_words import caveats, say
from tradeanalytics.engine import Engine
from tradeanalytics.shipments import Which

DIGITS = tuple(range(1, 10))
SHARES = np.log10(1 + 1 / np.array(DIGITS))
_TEST = "chi-square of first digits, 8 df"


def chi_square(counts: Sequence[int]) -> float:
    """How far the counts of the first digits 1 to 9 are from Benford's, as chi-square with 8 degrees of freedom.

    >>> round(chi_square([301, 177, 125, 96, 80, 67, 56, 53, 45]), 4)
    0.1695
    """
    expected = SHARES * sum(counts)
    return float(((np.array(counts) - expected) ** 2 / expected).sum())


def mean_deviation(counts: Sequence[int]) -> float:
    """The mean absolute difference of the shares of the digits 1 to 9 from Benford's.

    >>> round(mean_deviation([301, 177, 125, 96, 80, 67, 56, 53, 45]), 5)
    0.00082
    """
    return float(np.abs(np.array(counts) / sum(counts) - SHARES).mean())


def benford(
    engine: Engine,
    which: Which | None = None,
    *,
    role: str = "consignee",
    at_least: int = 100,
    codes: int = 10,
    level: float = 0.01,
    deviation: float = 0.015,
    by: str = "value_usd_cents",
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader with `at_least` values above zero over so many six-digit `codes`; else not applicable.

    observed: the mean absolute deviation of the shares of the first digits from Benford's, 0 being expected; score and
    p: chi-square. Flagged is one with p under `level` and a deviation over `deviation` (Nigrini's limit of conformity):
    with many values chi-square alone rejects tiny deviations.
    """
    asked = which or Which()
    said = thresholds(
        role=chosen(role, ROLES, "role"), at_least=at_least, codes=codes, level=level, deviation=deviation, by=by
    )
    rows = asked_rows(engine, _digits(asked, role, by))

    def found() -> Iterator[Finding]:
        for row in rows:
            why = no_trader(row)
            if why is None and row["n"] < at_least:
                why = say("few_transactions", count=row["n"], at_least=at_least)
            if why is None and row["codes"] < codes:
                why = say("few_codes", count=row["codes"], at_least=codes)
            yield _finding(row, asked, role, why, level, deviation, said)

    return answer(found(), "benford", said, rate=rate)


def _digits(which: Which, role: str, by: str) -> str:
    """A row a trader: how many values begin with each digit, over how many codes."""
    digits = ", ".join(f"CAST(sum(values) FILTER (WHERE digit = '{digit}') AS BIGINT) AS d{digit}" for digit in DIGITS)
    return f"""
WITH begun AS (
    SELECT {role}_key AS trader, CASE WHEN {by} > 0 THEN substr(CAST({by} AS VARCHAR), 1, 1) END AS digit,
           count(*) AS values, {sums(by)}, min(month) AS first_seen, max(month) AS last_seen
    FROM ({which.sql()}) GROUP BY ALL
),
goods AS (
    SELECT trader, count(*) AS codes
    FROM (SELECT DISTINCT {role}_key AS trader, substr(hs, 1, 6) AS hs6 FROM ({which.sql()})
          WHERE {by} > 0 AND length(hs) >= 6)
    GROUP BY trader
)
SELECT begun.trader, {digits}, coalesce(any_value(codes), 0) AS codes,
       CAST(coalesce(sum(values) FILTER (WHERE digit IS NOT NULL), 0) AS BIGINT) AS n, {added()},
       min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM begun LEFT JOIN goods ON goods.trader IS NOT DISTINCT FROM begun.trader GROUP BY begun.trader
"""


def _finding(row: Row, which: Which, role: str, why: str | None, level: float, deviation: float, said: str) -> Finding:
    who = subject(role, row["trader"])
    common: dict[str, Any] = {"period": day_of(row["first_seen"]), "until": day_of(row["last_seen"])}
    common |= {"unit": "share", "n": row["n"], "thresholds": said}
    if why:
        return refused("benford", who, why, row, **common)
    counts = [row[f"d{digit}"] or 0 for digit in DIGITS]
    chi, apart = chi_square(counts), mean_deviation(counts)
    p = float(chdtrc(8, chi))
    return Finding(
        "benford",
        who,
        **common,
        observed=apart,
        expected=0.0,
        effect=apart,
        score=chi,
        test=_TEST,
        p=p,
        flagged=p < level and apart > deviation,
        reason=say("benford", n=row["n"], codes=row["codes"], apart=apart, chi=chi, p=p),
        caveats=caveats("benford_large", "benford_prices"),
        trace=trace(which, role, row["trader"]),
        invented=row["some_invented"],
    )
