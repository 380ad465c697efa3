"""The draft of a mapping for a file of a layout nobody has described: its headings, and what stands under them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean.containers import unwrap
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import is_statcan
from tradeanalytics.sources import UnexpectedHeadingError
from tradeanalytics.sources.layouts import recognise
from tradeanalytics.sources.mapping import draft_mapping, mapping_path

_LOOKED_AT = 200  # rows
_SAMPLES = 3
_LONGEST = 100  # characters of a heading
_DELIMITERS = (";", "\t", "|")  # the comma stands in headings too


@dataclass(frozen=True)
class Draft:
    """Where a draft was written, and the title of the known layout that it takes the place of, "" if there is none."""

    path: Path
    instead_of: str


def write_draft(path: Path) -> Draft:
    """Write the draft of a file's mapping beside it; `clean` uses it from then on, so it wants to be edited first.

    Raises TradeAnalyticsError for a file that cannot be read, has no row like headings, or has a mapping already.
    """
    target = mapping_path(path)
    if not path.is_file():
        raise TradeAnalyticsError(f"{path.name}: no such file")
    if target.exists():
        raise TradeAnalyticsError(
            f"{target.name} is there already and was left as it is; edit it, or take it away first"
        )
    if is_statcan(path):
        raise TradeAnalyticsError(f"{path.name}: a table of Statistics Canada, which needs no mapping; clean it")
    # Windows cannot take away a file that something still reads.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        table = unwrap(path, path.name, Path(work), score=_like_headings)[0]
        known = _known(table.headings, path.name)
        text = draft_mapping(table.headings, _samples(table))
    with target.open("x", encoding="utf-8", newline="\n") as file:
        file.write(
            f"# In place of the known layout {known!r}: without this file, the file is read as that.\n" if known else ""
        )
        file.write(text)
    return Draft(target, known)


def _known(headings: Sequence[str], name: str) -> str:
    try:
        return recognise(headings, name).layout.title
    except UnexpectedHeadingError:
        return ""


def _like_headings(cells: Sequence[str]) -> float:
    """How much a row of cells looks like headings: the more of its cells are short words, at least half, the more."""
    words = [cell for cell in cells if cell and len(cell) <= _LONGEST and any(map(str.isalpha, cell))]
    several = len(set(words)) > 1 and 2 * len(words) >= len(cells)
    uncut = any(mark in cell for cell in cells for mark in _DELIMITERS)
    return len(words) / (len(words) + 3) if several and not uncut else 0.0


def _samples(table: TextTable) -> dict[str, list[str]]:
    """Up to three different values of each heading, from the first rows."""
    found: dict[str, list[str]] = {heading: [] for heading in table.headings}
    for row in islice(_rows(table), _LOOKED_AT):
        for heading, cell in zip(table.headings, row, strict=False):
            seen = found[heading]
            if cell and cell.strip() and cell not in seen and len(seen) < _SAMPLES:
                seen.append(cell)
    return found


def _rows(table: TextTable) -> Iterator[Sequence[str | None]]:
    if table.kind == "parquet":
        yield from pl.read_parquet(table.path, n_rows=_LOOKED_AT, memory_map=False).iter_rows()
        return
    with table.path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=table.delimiter)
        next(rows, None)
        yield from rows
