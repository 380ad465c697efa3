"""What is read once per distinct text and joined back: names of parties, and what descriptions name."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tradeanalytics.descriptions import read_distinct
from tradeanalytics.parties.names import name
from tradeanalytics.tables import NAMES, OFFSHORE, REGISTERED, SHIPMENTS, Table

_BATCH = 131_072
# Where the names of a table stand.
_NAMES: dict[Table, list[pl.Expr]] = {
    SHIPMENTS: [pl.col("shipper_name"), pl.col("consignee_name"), pl.col("manufacturer")],
    REGISTERED: [pl.col("names").explode().struct.field("name")],
    OFFSHORE: [pl.when(pl.col("kind") != "address").then(name) for name in ("name", "original_name", "former_name")],
}
NAMED = tuple(_NAMES)
_SCHEMA = pa.schema([(column.name, pa.string()) for column in NAMES.columns])


def write_names(accepted: Path, table: Table, out: Path) -> Path:
    """The key of every distinct name in the accepted rows of a file."""
    rows = pl.scan_parquet(accepted)
    file_id = rows.select(pl.col("file_id").cast(pl.String).first()).collect().item()
    texts = pl.concat([rows.select(text=column.cast(pl.String)) for column in _NAMES[table]])
    distinct = texts.drop_nulls().unique().sort("text").collect(engine="streaming")
    with pq.ParquetWriter(out, _SCHEMA, compression="zstd") as writer:
        for start in range(0, distinct.height, _BATCH):
            found = [(text, name(text)) for text in distinct["text"][start : start + _BATCH]]
            cells = [[file_id, text, key.key, key.legal_form] for text, key in found]
            writer.write_table(pa.table([list(column) for column in zip(*cells, strict=True)], schema=_SCHEMA))
    return out


def write_finds(shipments: Path, out: Path) -> Path:
    """What every distinct description of a file names."""
    found = out.with_suffix(".found")
    read_distinct([shipments], found)
    file_id = pl.scan_parquet(shipments).select(pl.col("file_id").cast(pl.String).first()).collect().item()
    lineage = pl.scan_parquet(found).select(pl.lit(file_id, pl.String).alias("file_id"), pl.all())
    lineage.sink_parquet(out, compression="zstd", row_group_size=_BATCH)
    return out
