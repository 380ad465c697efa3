"""Small tables of shipments as cleaning leaves them, opened. Every party is SYNTHETIC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tradeanalytics.engine import Engine, connect
from tradeanalytics.parties.names import name
from tradeanalytics.tables import FINDS, NAMES, SHIPMENTS, Table

_TYPES = {"VARCHAR": pl.String, "BIGINT": pl.Int64, "DOUBLE": pl.Float64, "DATE": pl.Date, "BOOLEAN": pl.Boolean}
USUAL: Mapping[str, Any] = {
    "file_id": "f" * 16, "sheet": None, "direction": "import", "registered_on": date(2022, 1, 15),
    "shipper_name": "SYNTHETIC SENDER", "shipper_country": "CN", "consignee_name": "SYNTHETIC BUYER",
    "consignee_country": "RU", "origin_country": "CN", "dispatch_country": "CN", "trading_country": "CN",
    "destination_country": "RU", "hs": "8542310000", "description": "GOODS", "net_kg": 1.0, "gross_kg": 1.1,
    "value_usd_cents": 10_000, "value_usd_basis": "statistical", "duplicate": "unique", "invented": True,
}  # fmt: skip


def shipped(folder: Path, rows: Iterable[Mapping[str, Any]], finds: Iterable[Mapping[str, Any]] = ()) -> Engine:
    """An engine over these shipments: of a row what is not told is usual, its edition follows its day."""
    told = [{**USUAL, "record": place, **row} for place, row in enumerate(rows, 1)]
    dated = [{"hs_edition": _edition(row["registered_on"]), **row} for row in told]
    _put(folder, SHIPMENTS, dated)
    texts = {
        row[column] for row in told for column in ("shipper_name", "consignee_name", "manufacturer") if row.get(column)
    }
    files = {row["file_id"] for row in told}
    keys = [{"file_id": file, "text": text, "key": name(text).key} for file in sorted(files) for text in sorted(texts)]
    _put(folder, NAMES, keys)
    _put(folder, FINDS, [{"file_id": USUAL["file_id"], **find} for find in finds])
    return connect(folder)


def _edition(day: date | None) -> str | None:
    return None if day is None else "2017" if day < date(2022, 1, 1) else "2022"


def _put(folder: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    schema = {column.name: _TYPES[column.type] for column in table.columns}
    unknown = {key for row in rows for key in row} - schema.keys()
    assert not unknown, unknown
    (folder / table.name).mkdir(parents=True, exist_ok=True)
    cells = [{key: row.get(key) for key in schema} for row in rows]
    pl.DataFrame(cells, schema).write_parquet(folder / table.name / "rows.parquet")
