"""The page of findings: the funnel, who to look at first, and every finding, to sort and filter without a network."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tradeanalytics.detectors.findings import summary
from tradeanalytics.parties.asked import records
from tradeanalytics.story.leads import Leads
from tradeanalytics.story.report import pages

MOST = 5_000  # rows a browser of a laptop sorts at once
_SCRIPT = Path(__file__).with_name("findings.js").read_text("utf-8")
_ORDER = ("flagged", "by chance?", "not judged", "not flagged")  # a row has one of these
_SMALL = 0.0001


def page(found: Leads, name: str) -> str:
    """The page as HTML. Of more than 5,000 findings those flagged come first, and the page says how many are not on
    it; all are in the table beside it."""
    rows = sorted(_rows(found), key=lambda row: _ORDER.index(row["status"]))
    return (
        pages()
        .get_template("findings.html.j2")
        .render(
            name=name,
            found=found,
            invented=any(file.invented for file in found.files),
            counts=records(summary(found.findings).reset_index().astype({"detector": str})),
            tested=set(found.findings.loc[found.findings["p"].notna(), "detector"]),
            rows=rows[:MOST],
            more=len(rows) - len(rows[:MOST]),
            statuses=_ORDER,
            ranked={by: records(ranking[ranking["referred"]]) for by, ranking in found.ranked.items()},
            funnels={by: records(funnel) for by, funnel in found.funnels.items()},
            script=_SCRIPT,
            script_hash=base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode(),
        )
    )


def _rows(found: Leads) -> Iterator[dict[str, Any]]:
    """The findings as the page shows them: text, and beside each number the value to sort by."""
    for row in records(found.numbered()):
        yield {
            **{column: row[column] for column in ("number", "detector", "subject", "reason", "caveats", "thresholds")},
            "status": status(row),
            "months": _months(row),
            **{
                column: _figure(row[column])
                for column in ("observed", "expected", "effect", "score", "p", "p_adjusted")
            },
            **{f"{column}_value": row[column] for column in ("observed", "score", "p")},
            "unit": row["unit"] or "",
            "n": row["n"],
            "test": row["test"] or "",
            "trace": row["trace"] is not None,
        }


def status(row: Mapping[str, Any]) -> str:
    """What came of a finding, in words: flagged, flagged but perhaps by chance, not judged, or not flagged."""
    if not row["judged"]:
        return "not judged"
    if not row["flagged"]:
        return "not flagged"
    return "by chance?" if row["survives"] is False else "flagged"


def _months(row: Mapping[str, Any]) -> str:
    """The months that were judged, "" where it is all there is.

    >>> from datetime import date
    >>> _months({"period": date(2022, 3, 1), "until": date(2022, 5, 1)})
    '2022-03 to 2022-05'
    """
    told = [f"{row[name]:%Y-%m}" for name in ("period", "until") if row[name] is not None]
    return " to ".join(dict.fromkeys(told))


def _figure(value: float | None) -> str:
    """A number with as many places as tell it apart; "" where it is unknown.

    >>> _figure(43500801234.0), _figure(0.1932), _figure(0.00001), _figure(12.0), _figure(None)
    ('43,500,801,234', '0.1932', 'under 0.0001', '12', '')
    """
    if value is None or math.isnan(value):
        return ""
    if 0 < abs(value) < _SMALL:
        return f"under {_SMALL}"
    return f"{value:,.0f}" if abs(value) >= 1_000 or value == int(value) else f"{value:.4g}"
