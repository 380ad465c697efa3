"""Which published cells are sums of others in the same file: a row is one only where its parts are there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import polars as pl

from tradeanalytics.reference.countries import EU27
from tradeanalytics.tables import FLOWS


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
        pl.col("partner").cast(pl.String).is_in(sorted(EU27)),
    ),
)
FLAGS = tuple(dict.fromkeys(total.flag for total in _TOTALS))
# Parts are each rounded, to a thousand dollars or finer; a gap beyond that, or half a percent, is a missing part.
_ROUNDING_CENTS, _ROUNDING_SHARE = 100_000, 0.005
_MISSING = ("parts_missing",)
_VALUES = ("value_cad_cents", "value_eur_cents")


def with_totals(flows: pl.LazyFrame) -> pl.LazyFrame:
    """Flows with what is known of each row as a total of other rows of the file.

    `sums_regions`, `sums_products`, `sums_partners`: its parts in this one dimension are there. `sums_jointly`: its
    parts lie only two or three dimensions down, as `product+region`. `parts_missing`: the parts do not add up to it.
    """
    there = flows.collect_schema().names()
    flows = flows.with_columns(_value=pl.coalesce([name for name in _VALUES if name in there]))
    single = pl.concat([_summed(flows, way) for way in _TOTALS]).group_by("record").agg(pl.col(*FLAGS, *_MISSING).any())
    marks = single.collect()
    joint = pl.concat([_jointly(flows, ways) for size in (2, 3) for ways in _combinations(size)])
    deeper = joint.join(marks.lazy().select("record"), on="record", how="anti").group_by("record")
    joints = deeper.agg(pl.col("sums_jointly").sort_by(pl.col("sums_jointly").str.len_bytes()).first()).collect()
    joined = flows.join(marks.lazy(), on="record", how="left", maintain_order="left")
    joined = joined.join(joints.lazy(), on="record", how="left", maintain_order="left")
    return joined.with_columns(pl.col(*FLAGS, *_MISSING).fill_null(False)).drop("_value")


def _combinations(size: int) -> list[tuple[_Total, ...]]:
    return [ways for ways in combinations(_TOTALS, size) if len({way.dimension for way in ways}) == size]


def _same(dimensions: set[str]) -> list[str]:
    return [column for column in FLOWS.key if column not in dimensions]


def _summed(flows: pl.LazyFrame, way: _Total) -> pl.LazyFrame:
    """The records that are totals in this way and have parts, and whether the parts fall short of them."""
    same = _same({way.dimension})
    totals = flows.filter(way.rows).select("record", *same, total="_value")
    # The Union's members stand beside it among the world's parts.
    value = pl.when(pl.col("partner").cast(pl.String) != "EU27").then(pl.col("_value")).otherwise(0)
    wanted = flows.filter(way.parts).join(totals.select(same).unique(), on=same, how="semi", nulls_equal=True)
    parts = wanted.group_by(same).agg(parts=value.sum(), count=pl.len(), unknown=value.null_count())
    gap = (pl.col("total") - pl.col("parts")).abs()
    allowed = pl.max_horizontal(pl.col("count") * _ROUNDING_CENTS, pl.col("total").abs() * _ROUNDING_SHARE)
    return totals.join(parts, on=same, how="inner", nulls_equal=True).select(
        "record",
        *(pl.lit(flag == way.flag).alias(flag) for flag in FLAGS),
        parts_missing=((gap > allowed) & (pl.col("unknown") == 0)).fill_null(False),
    )


def _jointly(flows: pl.LazyFrame, ways: tuple[_Total, ...]) -> pl.LazyFrame:
    """The records that are totals in all these ways at once and have parts that are totals in none of them."""
    dimensions = {way.dimension for way in ways}
    same = _same(dimensions)
    totals = flows.filter(*(way.rows for way in ways)).select("record", *same)
    parts = flows.filter(*(way.parts for way in ways)).select(same).unique()
    found = totals.join(parts, on=same, how="semi", nulls_equal=True)
    return found.select("record", sums_jointly=pl.lit("+".join(sorted(dimensions))))
