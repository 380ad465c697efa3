"""The one shape of all answers: a row a unit, judged or not, with the sentence, the test and the caveats.

A unit that cannot be judged is in the answer with its reason: it is never silently absent, and never clean.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pandas as pd
from scipy.stats import false_discovery_control

from tradeanalytics.tables import FINDINGS

FALSE_DISCOVERIES = 0.05  # of those that survive, the share that may be flagged by chance
COLUMNS = tuple(column.name for column in FINDINGS.columns)
_DTYPES = {"VARCHAR": "str", "DOUBLE": "Float64", "BIGINT": "Int64", "BOOLEAN": "boolean", "DATE": "datetime64[s]"}
_BY = ("detector", "subject", "period", "until")


@dataclass(frozen=True)
class Finding:
    """What a detector says of one unit; the fields are the columns of FINDINGS, None where there is nothing to say."""

    detector: str
    subject: str
    period: date | None = None
    until: date | None = None
    observed: float | None = None
    expected: float | None = None
    unit: str | None = None
    effect: float | None = None
    score: float | None = None
    test: str | None = None
    p: float | None = None
    n: int | None = None
    why_not: str | None = None
    flagged: bool | None = None
    reason: str = ""
    caveats: str = ""
    thresholds: str = "{}"
    trace: str | None = None
    invented: bool = False


def thresholds(**asked: Any) -> str:
    """Thresholds as they stand in a finding: JSON, the same bytes on every run."""
    return json.dumps(asked, sort_keys=True, default=str)


def table(findings: Iterable[Finding], *, rate: float = FALSE_DISCOVERIES) -> pd.DataFrame:
    """Findings as rows of FINDINGS, in the order of detector, subject and period.

    `judged` is whether there is no reason why not. The p of the judged of each detector are adjusted together
    (Benjamini and Hochberg, 1995), and a flagged one survives where that is at most `rate`.
    """
    rows = pd.DataFrame([vars(one) for one in findings], columns=[one.name for one in fields(Finding)])
    rows = rows.assign(judged=rows["why_not"].isna(), p_adjusted=None, survives=None)[list(COLUMNS)]
    rows = rows.astype({column.name: _DTYPES[column.type] for column in FINDINGS.columns})
    rows.loc[~rows["judged"], "flagged"] = pd.NA
    return adjusted(rows.sort_values(list(_BY), kind="stable", ignore_index=True), rate=rate)


def adjusted(rows: pd.DataFrame, *, rate: float = FALSE_DISCOVERIES) -> pd.DataFrame:
    """The rows with p_adjusted and survives, each detector's judged units being one family."""
    rows = rows.copy()
    for _, family in rows[rows["judged"] & rows["p"].notna()].groupby("detector"):
        rows.loc[family.index, "p_adjusted"] = false_discovery_control(family["p"].astype(float).to_numpy())
    rows["survives"] = rows["flagged"] & (rows["p_adjusted"] <= rate)
    rows.loc[rows["p_adjusted"].isna(), "survives"] = pd.NA
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """How many units each detector was asked about, judged, flagged, and flagged after false-discovery control."""
    counted = rows.groupby("detector")[["judged", "flagged", "survives"]].sum().astype("Int64")
    return counted.assign(asked=rows.groupby("detector").size(), not_judged=lambda t: t["asked"] - t["judged"])[
        ["asked", "judged", "not_judged", "flagged", "survives"]
    ]


def sensitivity(
    detect: Callable[..., pd.DataFrame], *asked: Any, grid: Mapping[str, Sequence[Any]], **kept: Any
) -> pd.DataFrame:
    """The same question under neighbouring thresholds: a row a threshold and value, the others being as they were.

    Columns: threshold, value, judged, flagged, survives.
    """
    rows = []
    for name, values in grid.items():
        for value in values:
            found = detect(*asked, **{**kept, name: value})
            counts = {column: int(found[column].sum()) for column in ("judged", "flagged", "survives")}
            rows.append({"threshold": name, "value": value, **counts})
    return pd.DataFrame(rows, columns=["threshold", "value", "judged", "flagged", "survives"])
