"""The same trade published by longer and by shorter codes: do they sum to the same?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

_GROUP = ("period", "chapter")


@dataclass(frozen=True)
class Level:
    """One other level beside the kept one, in whole dollars; `differ` names the cells that are not the same."""

    digits: int
    dollars: int
    kept_dollars: int
    differ: pl.DataFrame
    member: str = ""
    records: int = 0
    broken: int = 0

    def named(self, member: str, records: int, broken: int) -> Level:
        """The same, with where it was read from, its records and how many of them could not be read."""
        return replace(self, member=member, records=records, broken=broken)

    def told(self) -> dict[str, Any]:
        """What the report says of it."""
        cells = [name for name in self.differ.columns if name not in ("kept", "other")]
        return {
            "member": self.member,
            "digits": self.digits,
            "records": self.records,
            "broken": self.broken,
            "dollars": self.dollars,
            "kept_dollars": self.kept_dollars,
            "differ": self.differ.height,
            "first": self.differ.select(*cells, "kept", "other").head(3).to_dicts(),
        }


def compared(kept: pl.LazyFrame, other: pl.LazyFrame, digits: int, by: Sequence[str]) -> Level:
    """Compare two levels of the same trade: text columns `period`, `hs`, `value` and those of `by`, in both.

    First by a fingerprint of each month and chapter, which takes one pass and no memory: the sum, modulo 2^64, of every
    row's value times the hash of its cell. It is the same for the same sums, whatever rows they are made of. Only where
    it differs are the cells themselves summed up and named.
    """
    sides = [_cells(rows, digits, by) for rows in (kept, other)]
    first, second = (_fingerprints(side) for side in sides)
    both = first.join(second, on=_GROUP, how="full", coalesce=True, suffix="_other")
    same = (pl.col("print") == pl.col("print_other")).fill_null(False)
    differ = _differences(sides, both.filter(~same).select(_GROUP))
    return Level(digits, int(second["dollars"].sum()), int(first["dollars"].sum()), differ)


def _cells(rows: pl.LazyFrame, digits: int, by: Sequence[str]) -> pl.LazyFrame:
    return rows.select(
        "period",
        *by,
        hs=pl.col("hs").str.head(digits),
        chapter=pl.col("hs").str.head(2),
        value=pl.col("value").cast(pl.Int64, strict=False).fill_null(0),
    )


def _fingerprints(cells: pl.LazyFrame) -> pl.DataFrame:
    columns = [name for name in cells.collect_schema().names() if name not in ("chapter", "value")]
    # A whole number of 64 bits wraps around.
    weight = pl.struct(columns).hash() * pl.col("value").cast(pl.UInt64, strict=False).fill_null(0)
    made = cells.group_by(_GROUP).agg(dollars=pl.col("value").sum(), print=weight.sum())
    return made.collect(engine="streaming")


def _differences(sides: Sequence[pl.LazyFrame], groups: pl.DataFrame) -> pl.DataFrame:
    """The cells of some months and chapters whose sums are not the same, in the order of their codes."""
    columns = [name for name in sides[0].collect_schema().names() if name not in ("chapter", "value")]
    kept, other = (
        side.join(groups.lazy(), on=_GROUP, how="semi").group_by(columns).agg(pl.col("value").sum()).collect()
        for side in sides
    )
    both = kept.rename({"value": "kept"}).join(other.rename({"value": "other"}), on=columns, how="full", coalesce=True)
    sums = both.with_columns(pl.col("kept", "other").fill_null(0))
    return sums.filter(pl.col("kept") != pl.col("other")).sort(columns, nulls_last=True)
