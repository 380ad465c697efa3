"""The UN Statistics Division's lists of HS codes with English titles, and its correlation tables between editions."""

from __future__ import annotations

from datetime import date

import polars as pl

from tradeanalytics.reference.hs import EDITIONS
from tradeanalytics.sources.source import Rule, Source, matches
from tradeanalytics.tables import CODES, RELATIONS

PUBLISHER = "United Nations Statistics Division"
LIST = "hs_un"
_CODE = "[0-9]{2}(?:[0-9]{2}){0,2}"
_RELATIONS = ("1:1", "1:n", "n:1", "n:n")


def titles(edition: str) -> Source:
    """The source of a list of one edition: columns `code` and `title`, which begins with the code."""
    later = [one for one in EDITIONS if one > edition]
    last = date(int(later[0]) - 1, 12, 1) if later else None
    return Source(
        name=f"list of codes of HS {edition} (UN)",
        publisher=PUBLISHER,
        licence="",
        table=CODES,
        headings={"code": ("id",), "title": ("text",)},
        columns={
            "code": pl.col("code"),
            "first_month": pl.lit(date(int(edition), 1, 1)),
            "last_month": pl.lit(last, pl.Date),
            "en": pl.col("title").str.replace(r"^[0-9]+\s*-\s*", "").str.strip_chars(),
        },
        rules=(
            Rule(
                "no_code_of_goods",
                ~matches("code", _CODE),
                "A code has two, four or six digits; others stand for all goods of a level.",
                aside=True,
            ),
        ),
        constants={"list": LIST},
    )


def correlations(before: str, after: str) -> Source:
    """The source of a correlation table: columns `after`, `before` and `relation`."""
    return Source(
        name=f"correlation of HS {after} with HS {before} (UN)",
        publisher=PUBLISHER,
        licence="",
        table=RELATIONS,
        headings={"after": ("after",), "before": ("before",), "relation": ("relation",)},
        columns={
            "code_before": pl.col("before"),
            "code_after": pl.col("after"),
            "relation": pl.col("relation").str.strip_chars(),
        },
        rules=(
            Rule(
                "no_pair_of_codes",
                ~(matches("before", "[0-9]{6}") & matches("after", "[0-9]{6}")),
                "A row has a code of six digits in both editions.",
            ),
            Rule("relation_unknown", ~pl.col("relation").is_in(_RELATIONS), f"One of {list(_RELATIONS)}."),
        ),
        constants={"edition_before": before, "edition_after": after},
    )
