"""An answer of UN Comtrade's API: its JSON as Parquet of text, no digit of a number changed, each record's text kept.

`{"elapsedTime": ..., "count": ..., "data": [...], "error": ""}`; an error is `{"statusCode": 429, "message": ...}` or
words under `error`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tradeanalytics.clean.audit import Audit
from tradeanalytics.clean.rows import Part
from tradeanalytics.clean.unpack import RawFileError

# Bytes, all of which are held: 250,000 records, the most of one answer, are half as many and took 0.6 GB of memory.
LARGEST_ANSWER = 2**29
_TEXT = "text"
_BATCH = 10_000
_ROWS = 5_000  # of any width
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_GAP = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Answer(Part):
    """The records of an answer as Parquet of text: a column a key, and the text of each record as published."""

    def rows(self, names: Sequence[str]) -> pl.LazyFrame:
        """One row a record, by its place in `data`; a record without any value is a row too."""
        rows = pl.scan_parquet(self.audit.path, row_index_name="record", row_index_offset=1)
        fields = {name: pl.col(f"c{place}") for place, name in enumerate(names)}
        return rows.select(**fields, record=pl.col("record").cast(pl.Int64), sheet=pl.lit(None, pl.String))

    def texts(self) -> Iterator[tuple[int, str]]:
        """Every record's number and its text as published."""
        with pq.ParquetFile(self.audit.path) as file:
            texts = (text for batch in file.iter_batches(columns=[_TEXT]) for text in batch.column(0).to_pylist())
            yield from enumerate(texts, 1)


def write_rows(rows: Iterator[Mapping[str, str | None]], fields: Sequence[str], path: Path) -> int:
    """Write rows as Parquet of text for an `Answer`, as many as come, and return their number.

    A row has a cell under each of `fields`, and its text as published under `text`.
    """
    names = [*(f"c{place}" for place in range(len(fields))), _TEXT]
    schema, written = pa.schema([(name, pa.string()) for name in names]), 0
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        while batch := list(islice(rows, _ROWS)):
            columns = [[row[name] for row in batch] for name in (*fields, _TEXT)]
            writer.write_table(pa.table(columns, schema=schema))
            written += len(batch)
    return written


@dataclass
class _Reader:
    """A place in a JSON text. Every method raises ValueError, with that place, where the JSON is broken."""

    text: str
    place: int = 0

    def take(self, mark: str) -> bool:
        """Whether the mark comes next; if so, go past it."""
        self._skip()
        found = self.text.startswith(mark, self.place)
        self.place += len(mark) if found else 0
        return found

    def expect(self, mark: str) -> None:
        """Go past the mark."""
        if not self.take(mark):
            raise json.JSONDecodeError(f"expected {mark!r}", self.text, self.place)

    def value(self) -> Any:
        """The next value, its numbers as the text that stands there."""
        self._skip()
        value, self.place = _DECODER.raw_decode(self.text, self.place)
        return value

    def records(self) -> Iterator[tuple[Any, str]]:
        """The values of the list that was begun, each with its text."""
        more = not self.take("]")
        while more:
            self._skip()
            start = self.place
            yield self.value(), self.text[start : self.place]
            more = self.take(",")
            if not more:
                self.expect("]")

    def _skip(self) -> None:
        found = _GAP.match(self.text, self.place)
        self.place = found.end() if found else self.place


def read_answer(path: Path, name: str, target: Path) -> tuple[list[str], Answer, list[str]]:
    """The keys of an answer's records, the records written to `target`, and what to say of them.

    Raises RawFileError for an answer that says an error, holds no records, is not whole or has over `LARGEST_ANSWER`
    bytes.
    """
    if path.stat().st_size > LARGEST_ANSWER:
        raise RawFileError(f"{name}: the answer has over {LARGEST_ANSWER:,} bytes; ask for less at a time, or for CSV")
    try:
        told = _read(path.read_text(encoding="utf-8-sig"), target)
    except (ValueError, RecursionError) as error:
        raise RawFileError(f"{name}: not a whole answer of UN Comtrade ({error}); ask for it again") from error
    keys, count = told.pop("data", ([], 0))
    if told.get("error") or "statusCode" in told:
        raise RawFileError(f"{name}: UN Comtrade sent an error, no data: {_complaint(told)}")
    if not count:
        raise RawFileError(f"{name}: the answer of UN Comtrade holds no records: what was asked for is not there")
    return keys, Answer(Audit(target, count, ()), ""), _miscounted(told, count)


def _complaint(told: Mapping[str, Any]) -> str:
    words = " ".join(str(told[key]) for key in ("statusCode", "message", "error") if told.get(key))
    return " ".join(words.split())[:200]


def _miscounted(told: Mapping[str, Any], count: int) -> list[str]:
    said = str(told.get("count", count))
    return [] if said == str(count) else [f"the answer says that there are {said} records, and holds {count:,} of them"]


def _read(text: str, target: Path) -> dict[str, Any]:
    """What the answer tells by its keys; of `data` the keys of its records, and how many were written."""
    reader, told = _Reader(text), dict[str, Any]()
    reader.expect("{")
    more = not reader.take("}")
    while more:
        key = reader.value()
        reader.expect(":")
        if key in told:
            raise ValueError(f"{key!r} is there twice")
        told[key] = _data(reader, target) if key == "data" else reader.value()
        more = reader.take(",")
        if not more:
            reader.expect("}")
    if rest := text[reader.place :].strip():
        raise ValueError(f"after its end stands {rest[:40]!r}")
    return told


def _data(reader: _Reader, target: Path) -> tuple[list[str], int]:
    if not reader.take("["):
        reader.expect("null")
        return [], 0
    return _write(reader.records(), target)


def _write(records: Iterator[tuple[Any, str]], target: Path) -> tuple[list[str], int]:
    """Write the records; their keys are those of the first."""
    first = list(islice(records, 1))
    keys = list(first[0][0]) if first and isinstance(first[0][0], dict) else []
    schema = pa.schema([(name, pa.string()) for name in (*(f"c{place}" for place in range(len(keys))), _TEXT)])
    count = 0
    numbered = enumerate(chain(first, records), 1)
    with pq.ParquetWriter(target, schema) as writer:
        while batch := list(islice(numbered, _BATCH)):
            count = batch[-1][0]
            cells = [[*_cells(number, record, keys), text] for number, (record, text) in batch]
            writer.write_table(pa.table([list(column) for column in zip(*cells, strict=True)], schema=schema))
    return keys, count


def _cells(number: int, record: Any, keys: Sequence[str]) -> list[str | None]:
    if not isinstance(record, dict):
        raise ValueError(f"record {number} is no object")
    if new := [key for key in record if key not in keys]:
        raise ValueError(f"record {number} has the key {new[0]!r}, which the first has not")
    return [_cell(number, key, record.get(key)) for key in keys]


def _cell(number: int, key: str, value: Any) -> str | None:
    if isinstance(value, (list, dict)):
        raise ValueError(f"record {number} holds more than one value under {key!r}")
    return value if value is None or isinstance(value, str) else str(value).lower()
