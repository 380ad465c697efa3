"""The page of findings: the funnel, who to look at first, and every finding, to sort and filter without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradeanalytics.detectors.findings import summary
from tradeanalytics.parties.asked import records
from tradeanalytics.story.findings_table import FIGURES, figure, months, status
from tradeanalytics.story.leads import Leads
from tradeanalytics.story.report import pages

MOST = 5_000  # rows a browser of a laptop sorts at once
_SCRIPT = Path(__file__).with_name("findings.js").read_text("utf-8")
_ORDER = ("flagged", "by chance?", "not judged", "not flagged")  # a row has one of these


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
            "months": months(row),
            **{column: figure(row[column]) for column in FIGURES},
            **{f"{column}_value": row[column] for column in ("observed", "score", "p")},
            "unit": row["unit"] or "",
            "n": row["n"],
            "test": row["test"] or "",
            "trace": row["trace"] is not None,
        }
