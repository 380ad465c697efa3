"""Ask: run one SQL text on DuckDB over the processed tables, opened as views."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.tables import TABLES, Table

# Whole numbers stay whole beside a null: pandas would otherwise turn a column of cents into floats.
_PANDAS_TYPES = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}


class Engine:
    """Answers SQL over the views `flows`, `series` and `rejected` of one processed folder."""

    def __init__(self, processed: Path, *, threads: int | None = None, only: Collection[str] | None = None) -> None:
        self._connection = duckdb.connect()
        without_progress_bar(self._connection)
        # A file that is cleaned again is another file: it is not read by what is remembered of the one before.
        self._connection.execute("SET parquet_metadata_cache = true")
        if threads is not None:
            self._connection.execute(f"SET threads = {int(threads)}")
        files = {table: _files(processed / table.name, only) for table in TABLES}
        self._empty = not any(files.values())
        for table, paths in files.items():
            self._connection.execute(_view(table, paths))

    def empty(self) -> bool:
        """Whether no clean table was there to open."""
        return self._empty

    def sql(self, text: str) -> pd.DataFrame:
        """The answer to one statement as pandas; dates as datetime64, whole numbers and truth values nullable."""
        table: pd.DataFrame = self.arrow(text).to_pandas(types_mapper=_PANDAS_TYPES.get, date_as_object=False)
        return table

    def arrow(self, text: str) -> pa.Table:
        """The same answer as Arrow, for what pandas has no type for: lists and structs."""
        try:
            asked = self._connection.sql(text)
            if asked is None:
                raise TradeAnalyticsError("The question could not be asked: it has no answer, expected a SELECT")
            return asked.to_arrow_table()
        except duckdb.Error as error:
            raise TradeAnalyticsError(f"The question could not be asked: {_first_line(error)}") from error

    def write(self, text: str, path: Path) -> None:
        """Write the answer to one statement as Parquet, for what is asked many times."""
        try:
            self._connection.execute(f"COPY ({text}) TO {literal(str(path))} (FORMAT parquet)")
        except duckdb.Error as error:
            raise TradeAnalyticsError(f"{path.name}: could not be written: {_first_line(error)}") from error


def connect(processed: Path, *, threads: int | None = None, only: Collection[str] | None = None) -> Engine:
    """Open the processed tables of a folder, or `only` those of the raw files with these names (without .parquet)."""
    return Engine(processed, threads=threads, only=only)


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep a long question from drawing on the output of whoever asks."""
    # In Jupyter the bar cannot be set, nor drawn, without a package of widgets that is not here.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")


def literal(value: str) -> str:
    """A text as an SQL literal, for statements that are printed and pasted as well as run."""
    return "'" + value.replace("'", "''") + "'"


def _files(folder: Path, only: Collection[str] | None) -> list[Path]:
    """Sorted: the same order of files on every system."""
    return sorted(path for path in folder.glob("*.parquet") if only is None or path.stem in only)


def _view(table: Table, files: Sequence[Path]) -> str:
    if files:
        paths = ", ".join(literal(str(path)) for path in files)
        return f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet([{paths}])"
    columns = ", ".join(f"CAST(NULL AS {column.type}) AS {column.name}" for column in table.columns)
    return f"CREATE VIEW {table.name} AS SELECT {columns} WHERE false"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
