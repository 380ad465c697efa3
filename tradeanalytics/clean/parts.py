"""A table of text on disk as a part of a raw file, its structure audited."""

from __future__ import annotations

import polars as pl

from tradeanalytics.clean.audit import Audit, audit
from tradeanalytics.clean.rows import Part
from tradeanalytics.clean.texttable import TextTable


def part(table: TextTable, name: str, threads: int | None) -> Part:
    """The part of one table; `name`: the raw file, for errors."""
    columns = len(table.headings)
    if table.kind == "csv":
        found = audit(table.path, columns, name, delimiter=table.delimiter, threads=threads)
        return Part(found, table.delimiter, table.sheet, table.first_record).in_columns(columns)
    blank = pl.all_horizontal(pl.all().is_null())
    records = pl.scan_parquet(table.path).select((~blank).sum()).collect().item()
    return Part(Audit(table.path, records, ()), "", table.sheet, table.first_record)
