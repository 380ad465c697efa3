"""A table that is asked about, as the text of an SQL statement: it can be printed and pasted like the rest of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from tradeanalytics.engine import Engine, literal

_BLOCK = 2_000  # rows of one statement: a longer one takes the parser more time than the question takes the engine

Cell = str | int | bool | None
Row = dict[str, Any]


def answered(engine: Engine, statement: str, rows: Sequence[Sequence[Cell]]) -> pd.DataFrame:
    """The answers to a statement about `{asked}`, which stands for some rows at a time; a row is asked about by itself.

    A text that is null in every row needs a CAST in the statement.
    """
    blocks = [engine.sql(statement.replace("{asked}", block)) for block in _blocks(rows)]
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()


def _blocks(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    for start in range(0, len(rows), _BLOCK):
        lines = (f"({', '.join(map(_written, row))})" for row in rows[start : start + _BLOCK])
        yield f"VALUES {', '.join(lines)}"


def _written(cell: Cell) -> str:
    if cell is None:
        return "NULL"
    return literal(cell) if isinstance(cell, str) else str(cell).upper()


def records(table: pd.DataFrame) -> list[Row]:
    """The rows of a table, None where a cell is missing."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def text(cell: Any) -> str | None:
    """A cell as text, None where it is missing or blank."""
    return None if cell is None else str(cell).strip() or None
