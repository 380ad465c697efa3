"""Back from a published number to the raw records that sum to it, their text as published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import opened, raw_texts
from tradeanalytics.engine import literal
from tradeanalytics.flows import value_of
from tradeanalytics.story.bundle import read_bundle, read_numbers
from tradeanalytics.story.desk import Desk, processed_folder

_MONTHS = ("period", "month")


@dataclass(frozen=True)
class Record:
    """One raw record behind a number: its file, its number there, its amount (None where unknown) and its text.

    Records of a workbook are numbered by `sheet`.
    """

    file: str
    record: int
    amount: int | None
    text: str
    sheet: str | None = None

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"{self.file}{f', sheet “{self.sheet}”' if self.sheet else ''}, record {self.record}"


@dataclass(frozen=True)
class Traced:
    """One number of a figure (`amount` as printed in its CSV, None where unknown) and the records that sum to it.

    Amounts are cents where the measure's name ends with `_cents`, else a count of what it names.
    """

    measure: str
    amount: int | None
    records: tuple[Record, ...]


def trace(desk: Desk, slug: str, point: str) -> list[Traced]:
    """The raw records behind one point of a published figure, for each of its measures.

    `point` is its keys as in the figure's CSV ("2022-03"), several joined by "/". Raises TradeAnalyticsError for an
    unknown figure or point, a raw file that changed since, and records that do not sum to the printed number.
    """
    folder = processed_folder(desk.root) / "figures"
    bundle = read_bundle(folder, slug)
    row = _row(read_numbers(folder, slug), bundle["keys"], slug, point)
    _same_files(desk, bundle, slug)
    return [_traced(desk, statement, measure, row, bundle["keys"]) for measure, statement in bundle["cells"].items()]


def trace_finding(desk: Desk, name: str, number: str) -> tuple[dict[str, Any], tuple[Record, ...]]:
    """A finding that `tradeanalytics findings` wrote under a name, by its number there, and its raw records.

    Raises TradeAnalyticsError for an unknown name or number, a finding without records, and a raw file that changed
    since.
    """
    path = processed_folder(desk.root) / "findings" / name / "findings.parquet"
    if not path.is_file():
        raise TradeAnalyticsError(f"findings/{name}: not there; run `tradeanalytics findings` on the file first")
    table = pq.read_table(path)
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(table)):
        raise TradeAnalyticsError(f"findings/{name}: no finding {number!r}, expected 1 to {len(table)}")
    hashes = json.loads(table.schema.metadata[b"files"])
    files = [{"name": file, "sha256": sha256} for file, sha256 in hashes.items()]
    _same_files(desk, {"files": files}, f"findings/{name}")
    (finding,) = table.slice(int(number) - 1, 1).to_pylist()
    if finding["trace"] is None:
        raise TradeAnalyticsError(f"findings/{name} {number}: no raw records stand behind it: {finding['reason']}")
    cells = desk.engine.sql(finding["trace"])
    return finding, _records(desk, cells, [None] * len(cells))


def _row(rows: list[dict[str, str]], keys: list[str], slug: str, point: str) -> dict[str, str]:
    points = {"/".join(row[key] for key in keys): row for row in rows}
    if point not in points:
        first, last = next(iter(points)), next(reversed(points))
        raise TradeAnalyticsError(f"{slug}: no point {point!r}; its {len(points)} points run from {first} to {last}")
    return points[point]


def _same_files(desk: Desk, bundle: Mapping[str, list[dict[str, str]]], slug: str) -> None:
    there = {raw.sha256 for raw in desk.raw.values()}
    for file in bundle["files"]:
        if file["sha256"] not in there:
            raise TradeAnalyticsError(
                f"{slug}: {file['name']} (sha256 {file['sha256'][:16]}) is gone or has changed since; run `verify`"
            )


def _traced(desk: Desk, statement: str, measure: str, row: Mapping[str, str], keys: list[str]) -> Traced:
    conditions = " AND ".join(_condition(key, row[key]) for key in keys)
    cells = desk.engine.sql(f"SELECT * FROM ({statement}) WHERE {conditions} ORDER BY file_id, record")
    column = measure if measure in cells else value_of(cells)  # two windows of a flow, side by side
    values = [None if pd.isna(value) else int(value) for value in cells[column]]
    printed = int(row[measure]) if row[measure] else None
    total = None if None in values else sum(value for value in values if value is not None)
    if printed is not None and total != printed:
        raise TradeAnalyticsError(
            f"{measure} of {'/'.join(row[key] for key in keys)}: the raw records sum to {total}, printed is {printed}"
        )
    return Traced(measure, printed, _records(desk, cells, values))


def _condition(key: str, text: str) -> str:
    return f"{key} = DATE '{text}-01'" if key in _MONTHS else f"{key} = {literal(text)}"


def _records(desk: Desk, cells: pd.DataFrame, amounts: list[int | None]) -> tuple[Record, ...]:
    """The raw records of some rows of a table, each with its amount, in their order."""
    sheets = [None if pd.isna(sheet) else str(sheet) for sheet in cells.get("sheet", [None] * len(cells))]
    places = list(zip(cells["file_id"], sheets, (int(record) for record in cells["record"]), strict=True))
    texts = _texts(desk, places)
    return tuple(
        Record(desk.raw[file_id].name, record, amount, texts[file_id, sheet, record], sheet)
        for (file_id, sheet, record), amount in zip(places, amounts, strict=True)
    )


_Place = tuple[str, str | None, int]


def _texts(desk: Desk, places: list[_Place]) -> dict[_Place, str]:
    wanted: dict[str, dict[str | None, list[int]]] = {}
    for file_id, sheet, record in places:
        wanted.setdefault(file_id, {}).setdefault(sheet, []).append(record)
    found: dict[_Place, str] = {}
    for file_id, of_sheets in wanted.items():
        with opened(desk.raw[file_id], processed_folder(desk.root)) as raw:
            for sheet, records in of_sheets.items():
                texts = raw_texts(raw, records, sheet)
                found |= {(file_id, sheet, record): text for record, text in texts.items()}
    return found
