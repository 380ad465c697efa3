"""The structure of a CSV, before any row is read: records with too many or too few fields are cut out with their text.

Polars turns a short record into nulls and stops at a long one; DuckDB's scan finds both, with their position.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb
import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import literal, without_progress_bar

# The scan keeps no rows; without a bound its buffers alone would take more than the whole pass after it.
_MEMORY = "256MB"
_REASONS = {"TOO MANY COLUMNS": "too_many_fields", "MISSING COLUMNS": "too_few_fields"}


@dataclass(frozen=True)
class Broken:
    """A record whose structure is wrong: its number, its first byte in the file, why, and its text."""

    record: int
    start: int
    reason: str
    text: str


@dataclass(frozen=True)
class Audit:
    """A CSV whose every record has the right number of fields, and the broken ones that were cut out of it."""

    path: Path
    records: int
    broken: tuple[Broken, ...]

    def record(self, position: pl.Expr) -> pl.Expr:
        """The record number in the raw file of the row at a 1-based position in `path`."""
        if not self.broken:
            return position
        # Each broken record shifts the numbers of the rows after it by one more.
        shifts = pl.Series([broken.record - index for index, broken in enumerate(self.broken)], dtype=pl.Int64)
        return position + position.map_batches(lambda rows: shifts.search_sorted(rows, "right").cast(pl.Int64))


def audit(path: Path, columns: int, name: str, *, delimiter: str = ",", threads: int | None = None) -> Audit:
    """Count the records of a CSV and cut out the broken ones; rewrites the file only when there are any."""
    with _connection(threads) as connection:
        sound = _scan(connection, path, columns, name, delimiter)
        broken = _broken(connection)
    if broken:
        _cut_out(path, broken, name)
    return Audit(path, sound + len(broken), tuple(broken))


@contextmanager
def _connection(threads: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": threads or os.cpu_count() or 1, "memory_limit": _MEMORY})
    without_progress_bar(connection)
    try:
        yield connection
    finally:
        connection.close()


def _scan(connection: duckdb.DuckDBPyConnection, path: Path, columns: int, name: str, delimiter: str) -> int:
    names = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(columns))
    try:
        # All of the answer is fetched: the tables of rejects are written when the scan is done.
        rows = connection.execute(
            f"SELECT count(*) FROM read_csv({literal(str(path))}, columns = {{{names}}}, auto_detect = false,"
            f" header = true, delim = {literal(delimiter)}, quote = '\"', escape = '\"',"
            " store_rejects = true, rejects_limit = 0)"
        ).fetchall()
    except duckdb.Error as error:
        raise TradeAnalyticsError(f"{name}: the file cannot be read as a CSV: {str(error).splitlines()[0]}") from error
    return int(rows[0][0])


def _broken(connection: duckdb.DuckDBPyConnection) -> list[Broken]:
    """Lines and byte positions are 1-based there, and line 1 is the heading."""
    rows = connection.execute(
        "SELECT line - 1, min(line_byte_position) - 1, list_sort(list(DISTINCT error_type)), min(csv_line)"
        " FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    return [_one_broken(*row) for row in rows]


def _one_broken(record: int, start: int, kinds: Sequence[str], line: str) -> Broken:
    """Its text without what the scan puts before it: blank lines, or half of a line end of two characters."""
    text = line.lstrip("\r\n")
    reasons = dict.fromkeys(_REASONS.get(kind, "quotes_broken") for kind in kinds)
    return Broken(record, start + len(line) - len(text), ";".join(reasons), text)


def _cut_out(path: Path, broken: Sequence[Broken], name: str) -> None:
    """Rewrite a file without its broken records, each with its line end."""
    sound = path.with_suffix(".sound")
    with path.open("rb") as source, sound.open("wb") as target:
        for record in broken:
            _copy(source, target, record.start - source.tell())
            text = record.text.encode()
            # Where a quote is never closed the scan can name another place: a sound record must not go for it.
            if source.read(len(text)) != text or source.readline().strip(b"\r\n"):
                raise TradeAnalyticsError(f"{name}: record {record.record} was not found again at byte {record.start}")
        shutil.copyfileobj(source, target)
    sound.replace(path)


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    while size > 0 and (chunk := source.read(min(size, 2**20))):
        target.write(chunk)
        size -= len(chunk)
