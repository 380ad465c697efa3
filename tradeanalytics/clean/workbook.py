"""A workbook (xlsx, xls) as text: the sheets and the heading row that fit a known layout, every cell as stored."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import polars as pl

from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import RawFileError
from tradeanalytics.clean.workbook_parts import SheetFacts, sheet_facts

Score = Callable[[Sequence[str]], float]
_SHEETS = Path(__file__).with_name("workbook_sheets.py")
_FULL = {errno.ENOSPC: b"No space left", errno.EFBIG: b"File too large"}  # what the program says of a full disk
_SEARCHED = 50  # rows in which a heading is looked for
_TAIL = 10  # last rows in which totals are looked for
_TOTAL = re.compile(r"(?i)\s*(общий |grand )?(итог|всего|total|сумма|sum\b)")
_NUMERIC = r"^[\s\d.,:/+\-]+$"


@dataclass(frozen=True)
class _Sheet:
    """One sheet looked at: how well which row of it (0-based) fits a layout, how many rows are filled, its table."""

    name: str
    score: float
    heading: int
    headings: tuple[str, ...]
    rows: int
    first_text: str
    table: TextTable | None


def read_workbook(path: Path, name: str, work: Path, *, score: Score) -> list[TextTable]:
    """The tables of a workbook as `sheet_N.parquet` in the work folder: the sheet that fits a layout best, and every
    other sheet with the very same headings (a dump cut at Excel's last row); all others are named in the notes.

    A formula gives its stored value and is never evaluated. Numbers have no `.0`, at most nine decimals (fastexcel's
    bound) and the fewest digits that mean the stored number; dates are ISO; text cells stay as they are.

    Raises RawFileError for a damaged workbook, one without a row that fits any layout, and a sheet with two tables.
    """
    facts = sheet_facts(path, name) if _is_zip(path) else {}
    sheets = []
    for number, sheet in enumerate(_unpacked(path, name, work), 1):
        frame = pl.read_parquet(work / f"{number}.parquet")
        (work / f"{number}.parquet").unlink()
        target = work / f"sheet_{number}.parquet"
        sheets.append(_look(frame, sheet, name, target, score, facts.get(sheet, SheetFacts())))
    return _chosen(sheets, name)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _unpacked(path: Path, name: str, work: Path) -> list[str]:
    """The names of a workbook's sheets, each written to the work folder by `workbook_sheets`."""
    program = [sys.executable, str(_SHEETS), str(path.absolute()), str(work.absolute())]
    done = subprocess.run(program, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    for code, words in _FULL.items():
        if words in done.stderr:
            raise OSError(code, words.decode())
    try:
        told: dict[str, list[str]] = json.loads(done.stdout)
        return told["sheets"]
    except ValueError:
        fault = "it is damaged or too large for this computer's memory"
    except KeyError:
        fault = str(told["error"])
    if "password" in fault.lower():
        raise RawFileError(f"{name}: the workbook is protected by a password; open it, save it without password")
    raise RawFileError(f"{name}: the workbook cannot be read ({fault}); open it in Excel, save it again as .xlsx")


def _look(frame: pl.DataFrame, sheet: str, name: str, target: Path, score: Score, facts: SheetFacts) -> _Sheet:
    """Look at the cells of one sheet; when a row of it fits a layout, write what is below that row to the target."""
    rows = [_cells(row) for row in frame.head(_SEARCHED).rows()]
    scores = [score(row) if any(row) else 0.0 for row in rows]
    best = max(scores, default=0.0)
    if best <= 0:
        return _Sheet(sheet, 0.0, 0, (), _filled(frame), _first_text(rows), None)
    heading = scores.index(best)
    _refuse_second(frame, heading, best, score, f"{name}: sheet {sheet!r}")
    body, headings = _body(frame, heading, rows[heading])
    body.write_parquet(target, compression="zstd")
    notes = (*_preamble(rows[:heading], sheet), *_of_facts(facts, sheet), *_totals(body, heading + 2, sheet))
    table = TextTable(target, "parquet", "", headings, sheet, heading + 2, notes)
    return _Sheet(sheet, best, heading, tuple(headings), _filled(body), _first_text(rows), table)


def _cells(row: Sequence[str | None]) -> list[str]:
    return [(cell or "").strip() for cell in row]


def _filled(frame: pl.DataFrame) -> int:
    return frame.filter(pl.any_horizontal(pl.all().is_not_null())).height if frame.width else 0


def _first_text(rows: list[list[str]]) -> str:
    """The filled cells of the first filled row, for a message."""
    return next((" | ".join(filter(None, row)) for row in rows if any(row)), "")[:80]


def _body(frame: pl.DataFrame, heading: int, cells: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """The rows below a heading, up to the last filled one, without columns that are empty and have no heading."""
    body = frame.slice(heading + 1)
    filled = body.select(pl.any_horizontal(pl.all().is_not_null()).arg_true()).to_series()
    body = body.head(int(filled[-1]) + 1 if len(filled) else 0)
    kept = [column for column, cell in zip(body.columns, cells, strict=True) if cell or not _is_empty(body[column])]
    headings = [cells[body.columns.index(column)] for column in kept]
    body = body.select(kept)
    body.columns = [f"c{position}" for position in range(body.width)]
    return body, headings


def _is_empty(column: pl.Series) -> bool:
    return column.null_count() == len(column)


def _refuse_second(frame: pl.DataFrame, heading: int, best: float, score: Score, place: str) -> None:
    """Refuse a sheet in which a second table stands beside or below the first: their rows would be mixed."""
    beside = _beside(frame, heading, score)
    if beside is not None:
        raise RawFileError(_two_tables(place, _cell(heading, frame.columns[beside])))
    below = _below(frame, heading, best, score)
    if below is not None:
        first = next(index for index, text in enumerate(frame.row(below)) if text)
        raise RawFileError(_two_tables(place, _cell(below, frame.columns[first])))


def _two_tables(place: str, cell: str) -> str:
    return f"{place} holds two tables, the second begins in cell {cell}; move it to a sheet or file of its own"


def _cell(row: int, column: str) -> str:
    """The name of a cell, as in B7, of its 0-based row and the frame's name of its column, as in c1."""
    letters = ""
    left = int(column[1:]) + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def _beside(frame: pl.DataFrame, heading: int, score: Score) -> int | None:
    """The first column of a second block that fits a layout too, has a heading of the first again or another length."""
    body = frame.slice(heading)
    known: set[str] = set()
    lengths: set[int] = set()
    for start, end in _blocks(body):
        cells = [cell.casefold() for cell in _cells(body.row(0)[start:end]) if cell]
        if score(_cells(body.row(0)[start:end])) <= 0:
            continue
        length = int(body[:, start:end].select(pl.any_horizontal(pl.all().is_not_null()).arg_true()).to_series()[-1])
        if known & set(cells) or (lengths and length not in lengths):
            return start
        known.update(cells)
        lengths.add(length)
    return None


def _blocks(body: pl.DataFrame) -> list[tuple[int, int]]:
    """The runs of columns between wholly empty columns, as (first, after the last)."""
    edges = [-1, *(position for position, column in enumerate(body) if _is_empty(column)), body.width]
    return [(left + 1, right) for left, right in pairwise(edges) if right > left + 1]


def _below(frame: pl.DataFrame, heading: int, best: float, score: Score) -> int | None:
    """The row of a second, different heading; a repetition of the same one is a row like any other.

    A row with a number or date in it is no heading: that spares scoring every row of a large sheet.
    """
    numeric = pl.any_horizontal(pl.all().str.contains(_NUMERIC))
    texts = pl.sum_horizontal(pl.all().is_not_null()) > 1
    rows = frame.slice(heading + 1).select((texts & ~numeric.fill_null(False)).arg_true()).to_series() + heading + 1
    first = _cells(frame.row(heading))
    for row in rows:
        cells = _cells(frame.row(row))
        if cells != first and 2 * score(cells) >= best:
            return int(row)
    return None


def _preamble(rows: list[list[str]], sheet: str) -> list[str]:
    if not any(map(any, rows)):
        return []
    return [f"sheet {sheet!r}: {len(rows)} rows above the headings were not read; the first is {_first_text(rows)!r}"]


def _of_facts(facts: SheetFacts, sheet: str) -> list[str]:
    said = (
        (facts.formulas, "cells hold a formula; their stored values were read, nothing was calculated"),
        (facts.without_value, "of them have no stored value and were read as empty"),
        (facts.errors, "cells hold an Excel error such as #N/A and were read as empty"),
    )
    return [f"sheet {sheet!r}: {count:,} {words}" for count, words in said if count]


def _totals(body: pl.DataFrame, first_record: int, sheet: str) -> list[str]:
    """Notes on rows at the end that look like totals: by their first words, or with only a few numbers."""
    notes = []
    tail = body.tail(_TAIL)
    typical = body.width - sum(map(_is_empty, body))
    for record, row in enumerate(tail.rows(), first_record + body.height - tail.height):
        texts = [text.strip() for text in row if text and text.strip()]
        numbers_only = len(texts) < typical / 2 and all(re.fullmatch(_NUMERIC, text) for text in texts)
        if texts and (numbers_only or any(map(_TOTAL.match, texts[:3]))):
            notes.append(f"sheet {sheet!r}: row {record} looks like a total ({texts[0][:40]!r}); it was read as a row")
    return notes


def _chosen(sheets: list[_Sheet], name: str) -> list[TextTable]:
    """The tables of the best sheet and of those with its very headings; the first carries the notes on the others."""
    best = max(sheets, key=lambda sheet: (sheet.table is not None, sheet.rows > 0, sheet.score), default=None)
    if best is None or best.table is None:
        found = "; ".join(f"sheet {sheet.name!r} begins {sheet.first_text!r}" for sheet in sheets[:5])
        raise RawFileError(
            f"{name}: no sheet has a row of headings that is known: {found}; expected declarations or bills, a row each"
        )
    read = [sheet for sheet in sheets if sheet.headings == best.headings and sheet.table is not None]
    others = [sheet for sheet in sheets if sheet not in read]
    for sheet in others:
        if sheet.table is not None:
            sheet.table.path.unlink()
    tables = [sheet.table for sheet in read if sheet.table is not None]
    passed = tuple(_passed_over(sheet) for sheet in others if sheet.rows)
    return [replace(tables[0], notes=passed + tables[0].notes), *tables[1:]]


def _passed_over(sheet: _Sheet) -> str:
    why = "its headings fit less well" if sheet.table else "no row of it has headings that are known"
    return f"sheet {sheet.name!r} ({sheet.rows:,} filled rows) was not read: {why}"
