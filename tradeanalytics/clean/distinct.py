"""What is read once per distinct text and joined back: names of parties, and what descriptions name."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tradeanalytics.descriptions import read_distinct
from tradeanalytics.parties.names import name

_NAMES = ("shipper_name", "consignee_name", "manufacturer")


def write_names(shipments: Path, out: Path) -> Path:
    """The key of every distinct party name of a file."""
    rows = pl.scan_parquet(shipments)
    texts = pl.concat([rows.select("file_id", text=pl.col(column).cast(pl.String)) for column in _NAMES])
    distinct = texts.drop_nulls().unique().sort("text").collect(engine="streaming")
    keys = [name(text) for text in distinct["text"]]
    distinct.with_columns(
        key=pl.Series([key.key for key in keys], dtype=pl.String),
        legal_form=pl.Series([key.legal_form for key in keys], dtype=pl.String),
    ).write_parquet(out, compression="zstd", row_group_size=131_072)
    return out


def write_finds(shipments: Path, out: Path) -> Path:
    """What every distinct description of a file names."""
    found = out.with_suffix(".found")
    read_distinct([shipments], found)
    file_id = pl.scan_parquet(shipments).select(pl.col("file_id").cast(pl.String).first()).collect().item()
    lineage = pl.scan_parquet(found).select(pl.lit(file_id, pl.String).alias("file_id"), pl.all())
    lineage.sink_parquet(out, compression="zstd", row_group_size=131_072)
    return out
