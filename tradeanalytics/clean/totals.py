"""Which published cells are sums of others in the same file: a row is one only where its parts are there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import polars as pl

from tradeanalytics.reference import rows
from tradeanalytics.tables import FLOWS

_EU27 = sorted({row["code"] for row in rows("partners") if row["member_of"] == "EU27"})


@dataclass(frozen=True)
class _Total:
    """One way a row can be a total: over which dimension, which rows are totals, and which are their parts."""

    dimension: str
    flag: str
    rows: pl.Expr
    parts: pl.Expr


_WHOLE = pl.col("region").cast(pl.String) == pl.col("reporter").cast(pl.String)
_TOTALS = (
    _Total("region", "sums_regions", _WHOLE, ~_WHOLE),
    _Total(
        "product",
        "sums_products",
        pl.col("product").cast(pl.String) == "TOTAL",
        pl.col("product").cast(pl.String) != "TOTAL",
    ),
    _Total(
        "partner",
        "sums_partners",
        pl.col("partner").cast(pl.String) == "WORLD",
        pl.col("partner").cast(pl.String) != "WORLD",
    ),
    _Total(
        "partner",
        "sums_partners",
        pl.col("partner").cast(pl.String) == "EU27",
        pl.col("partner").cast(pl.String).is_in(_EU27),
    ),
)
FLAGS = tuple(dict.fromkeys(total.flag for total in _TOTALS))
# A total and its parts need not be counted in the same unit.
_IDENTITY = tuple(column for column in FLOWS.key if column != "quantity_unit")


def with_totals(flows: pl.LazyFrame) -> pl.LazyFrame:
    """Flows with `sums_regions`, `sums_products`, `sums_partners`: true where the row's parts are among the rows.

    Parts may lie two or three dimensions down (a total of all goods by province has no part but sections of provinces):
    every combination is looked at.
    """
    summed = [_summed(flows, ways) for size in (1, 2, 3) for ways in _combinations(size)]
    marks = pl.concat(summed).group_by("record").agg(pl.col(FLAGS).any()).collect()
    joined = flows.join(marks.lazy(), on="record", how="left", maintain_order="left")
    return joined.with_columns(pl.col(FLAGS).fill_null(False))


def _combinations(size: int) -> list[tuple[_Total, ...]]:
    return [ways for ways in combinations(_TOTALS, size) if len({way.dimension for way in ways}) == size]


def _summed(flows: pl.LazyFrame, ways: tuple[_Total, ...]) -> pl.LazyFrame:
    """The records that are totals in all these ways at once and have parts that are totals in none of them."""
    dimensions = {way.dimension for way in ways}
    same = [column for column in _IDENTITY if column not in dimensions]
    totals = flows.filter(*(way.rows for way in ways)).select("record", *same)
    parts = flows.filter(*(way.parts for way in ways)).select(same).unique()
    flagged = {way.flag for way in ways}
    return totals.join(parts, on=same, how="semi").select(
        "record", *(pl.lit(flag in flagged).alias(flag) for flag in FLAGS)
    )
