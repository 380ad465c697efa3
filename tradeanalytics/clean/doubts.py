"""What a file of goods holds, month by month, and which sums of it may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tradeanalytics.clean.audit import Broken
from tradeanalytics.clean.levels import Level
from tradeanalytics.sources import Source
from tradeanalytics.tables import DOUBTS, HELD, Table

_BY = ["reporter", "flow", "partner", "period", "hs"]
_TYPES = {"reporter": pl.String, "flow": pl.String, "partner": pl.String, "period": pl.Date, "hs": pl.String}


def held(accepted: Path, source: Source, lineage: dict[str, str]) -> pl.DataFrame:
    """The months of each flow that the accepted rows tell of, with the columns of `HELD`."""
    rows = pl.scan_parquet(accepted)
    partner = pl.lit(None, pl.String) if source.complete else pl.col("partner").cast(pl.String)
    months = rows.group_by("reporter", "flow", "period", "months", partner.alias("with")).agg(
        digits=pl.col("hs").str.len_bytes().min().cast(pl.Int64),
        rows=pl.len().cast(pl.Int64),
        without_value=(pl.col("value_cad_cents").is_null() & pl.col("value_usd_cents").is_null()).sum().cast(pl.Int64),
        currency=pl.when(pl.col("value_cad_cents").is_not_null().any()).then(pl.lit("CAD")).otherwise(pl.lit("USD")),
        valuation=pl.when(_one_only("valuation")).then(pl.col("valuation").first()),
        by_region=pl.col("region").is_not_null().any(),
    )
    of_file = {name: pl.lit(lineage[name]) for name in ("file_id", "table_id", "vintage")}
    invented = pl.lit(lineage["invented"] == "true")
    told = months.rename({"with": "partner"}).with_columns(
        complete=pl.lit(source.complete), invented=invented, **of_file
    )
    return told.select(_names(HELD)).sort(HELD.key, nulls_last=True).collect(engine="streaming")


def _one_only(column: str) -> pl.Expr:
    return (pl.col(column).min() == pl.col(column).max()) & (pl.col(column).null_count() == 0)


def doubts(
    refused: pl.DataFrame, broken: Sequence[Broken], levels: Sequence[Level], source: Source, lineage: dict[str, str]
) -> pl.DataFrame:
    """The sums that may be wrong, with the columns of `DOUBTS`: where a row was rejected, where two levels differ."""
    constants = {name: pl.lit(text) for name, text in source.constants.items() if name in _BY}
    no_faults = [rule.code for rule in source.rules if rule.aside]
    faults = refused.filter(~pl.col("reasons").str.split(";").list.eval(pl.element().is_in(no_faults)).list.all())
    parts = [
        _complete(faults, "rejected"),
        _complete(pl.DataFrame({"n": range(len(broken))}), "rejected"),
        *(_complete(_of_level(level), "levels") for level in levels),
    ]
    counted = pl.concat(parts).with_columns(**constants).group_by([*_BY, "why"]).agg(rows=pl.len().cast(pl.Int64))
    return counted.with_columns(file_id=pl.lit(lineage["file_id"])).select(_names(DOUBTS)).sort(DOUBTS.key)


def _complete(rows: pl.DataFrame, why: str) -> pl.DataFrame:
    """What is known of each row, null what is not; a code that is none is not known."""
    absent = [pl.lit(None, _TYPES[name]).alias(name) for name in _BY if name not in rows.columns]
    known = rows.with_columns(*absent).cast(_TYPES)  # type: ignore[arg-type]
    code = pl.when(pl.col("hs").str.contains("^(?:[0-9]{2}){1,5}$")).then("hs")
    country = pl.when(pl.col("partner").str.contains("^[A-Z]{2}")).then("partner")
    return known.select(*_BY).with_columns(hs=code, partner=country, why=pl.lit(why))


def _of_level(level: Level) -> pl.DataFrame:
    if level.broken:  # some of its records could not be read: which cells they are of is not known
        return pl.DataFrame({"n": range(level.broken)})
    month = (pl.col("period") + "01").str.to_date("%Y%m%d", strict=False)
    return level.differ.select(partner="country", period=month, hs="hs")


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]
