"""Findings as a reader sees them: what came of each in words, months, and numbers with as many places as needed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from tradeanalytics.parties.asked import records

_SMALL = 0.0001
FIGURES = ("observed", "expected", "effect", "score", "p", "p_adjusted")


def readable(findings: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The findings as text, in their order: subject, status, months, and the columns asked for.

    Numbers are written out; an unknown one is empty.
    """
    rows = [
        {
            "subject": row["subject"],
            "status": status(row),
            "months": months(row),
            **{name: figure(row[name]) if name in FIGURES else row[name] for name in columns},
        }
        for row in records(findings)
    ]
    return pd.DataFrame(rows, columns=["subject", "status", "months", *columns])


def status(row: Mapping[str, Any]) -> str:
    """What came of a finding, in words: flagged, flagged but perhaps by chance, not judged, or not flagged."""
    if not row["judged"]:
        return "not judged"
    if not row["flagged"]:
        return "not flagged"
    return "by chance?" if row["survives"] is False else "flagged"


def months(row: Mapping[str, Any]) -> str:
    """The months that were judged, "" where it is all there is.

    >>> from datetime import date
    >>> months({"period": date(2022, 3, 1), "until": date(2022, 5, 1)})
    '2022-03 to 2022-05'
    """
    told = [f"{row[name]:%Y-%m}" for name in ("period", "until") if row[name] is not None]
    return " to ".join(dict.fromkeys(told))


def figure(value: float | None) -> str:
    """A number with as many places as tell it apart; "" where it is unknown.

    >>> figure(43500801234.0), figure(0.1932), figure(0.00001), figure(12.0), figure(None)
    ('43,500,801,234', '0.1932', 'under 0.0001', '12', '')
    """
    if value is None or math.isnan(value):
        return ""
    if 0 < abs(value) < _SMALL:
        return f"under {_SMALL}"
    return f"{value:,.0f}" if abs(value) >= 1_000 or value == int(value) else f"{value:.4g}"
