"""Read what a description of goods names: pieces, makers, trademarks, models, article and part numbers, standards.

A find keeps the span it was read from, so a number in a story can be pointed at in the text. What cannot be decided
is not guessed: "1,200 ШТ" is a find without a number. Texts are read once each: give distinct ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import tee
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tradeanalytics.descriptions.counts import pieces_in
from tradeanalytics.descriptions.labels import labelled
from tradeanalytics.descriptions.letters import fold_mixed, upper, without_marks
from tradeanalytics.descriptions.makers import Spelling, by_first_word, listed, read_makers
from tradeanalytics.descriptions.parts import part_numbers, standards
from tradeanalytics.descriptions.spans import inside
from tradeanalytics.descriptions.workers import how_many, in_order

__all__ = ["COLUMNS", "KINDS", "Find", "find_all", "pieces", "read", "read_distinct", "read_makers"]

KINDS = ("pieces", "maker", "trademark", "model", "article", "part_number", "standard")
COLUMNS = ("kind", "value", "number", "unit", "start", "end", "how")
_TYPES = {"number": pa.float64(), "start": pa.int64(), "end": pa.int64()}
_SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in ("description", *COLUMNS)])
_BATCH = 20_000  # texts in one row group: fixed, so that the file is the same on every run


class Find(NamedTuple):
    """One thing a text names. `text[start:end]` is what was read; `value` is it without line marks and homoglyphs."""

    kind: str
    value: str  # for a maker of the user's list: the maker's name, whatever the spelling
    number: float  # pieces only; NaN where the digits can be read in two ways
    unit: str | None
    start: int
    end: int
    how: str  # labelled, pattern, or listed (a maker of the user's list)


def read(texts: Sequence[str | None], makers: Iterable[tuple[str, str]] = ()) -> pd.DataFrame:
    """What each text names, one row a find: `text` (its place in `texts`) and the fields of `Find`.

    `makers` are pairs of a maker's name and one spelling of it, as `read_makers` gives them.
    """
    spellings = by_first_word(makers)
    rows = [(place, *find) for place, text in enumerate(texts) for find in find_all(text or "", spellings)]
    table = pd.DataFrame(rows, columns=["text", *COLUMNS])
    numbers = {"text": "int64", "number": "float64", "start": "int64", "end": "int64"}
    return table.astype({name: numbers.get(name, "str") for name in table.columns})


def read_distinct(
    shipments: Sequence[Path], out: Path, makers: Iterable[tuple[str, str]] = (), *, workers: int | None = None
) -> tuple[int, int]:
    """Read every distinct description of clean Parquet files once and write the finds to `out`; how many texts, finds.

    The rows join back on `description`. `out` takes the place of an older one only when it is whole. `workers` are the
    processes that read; without, one for a small file, else one a core. The file is the same for any number.
    """
    found, part, listed_texts = 0, out.with_name(out.name + ".part"), out.with_name(out.name + ".texts")
    texts = _write_distinct(shipments, listed_texts)
    rows = pl.scan_parquet(listed_texts)
    starts = range(0, texts, _BATCH)
    to_read, batches = tee(rows.slice(start, _BATCH).collect()["description"] for start in starts)
    read_batch = partial(_read_batch, makers=tuple(makers))
    results = in_order(read_batch, (batch.to_list() for batch in to_read), how_many(len(starts), workers))
    with pq.ParquetWriter(part, _SCHEMA, compression="zstd") as writer:
        for batch, (places, finds) in zip(batches, results, strict=True):
            found += len(places)
            writer.write_table(pa.table([batch.to_arrow().cast(pa.string()).take(places), *finds], _SCHEMA))
    listed_texts.unlink()
    part.replace(out)
    return texts, found


def _write_distinct(shipments: Sequence[Path], out: Path) -> int:
    """Write the distinct descriptions in the order of their bytes; how many."""
    distinct = pl.scan_parquet(list(shipments)).select("description").drop_nulls().unique()
    distinct.sort("description").sink_parquet(out, compression="uncompressed", row_group_size=_BATCH)
    return int(pl.scan_parquet(out).select(pl.len()).collect().item())


def _read_batch(texts: Sequence[str], makers: tuple[tuple[str, str], ...]) -> tuple[pa.Array, list[pa.Array]]:
    """The place of each find's text, and the other columns: the texts themselves need not come back."""
    spellings = _spellings(makers)
    places: list[int] = []
    columns: list[list[object]] = [[] for _ in COLUMNS]
    for place, text in enumerate(texts):
        finds = list(find_all(text, spellings))
        places += [place] * len(finds)
        for column, values in zip(columns, zip(*finds, strict=True), strict=False):  # no finds have no columns
            column += values
    arrays = [pa.array(column, kind) for column, kind in zip(columns, _SCHEMA.types[1:], strict=True)]
    return pa.array(places, pa.int64()), arrays


_spellings = lru_cache(1)(by_first_word)


def pieces(finds: pd.DataFrame, by: str = "text") -> pd.Series:
    """Pieces a text, from its finds; NaN where a text names pieces that cannot be read as one number.

    Labelled counts win over others. A count that is the sum of all others is their total, and the same count in two
    languages is one count; otherwise counts are added.
    """
    rows = finds[finds["kind"] == "pieces"]
    counted = {text: _count(group) for text, group in rows.groupby(by)}
    return pd.Series(counted, dtype="float64", name="pieces").rename_axis(by)


def _count(rows: pd.DataFrame) -> float:
    chosen = rows[rows["how"] == "labelled"] if (rows["how"] == "labelled").any() else rows
    numbers = [float(number) for number in chosen["number"]]
    largest, total = max(numbers), sum(numbers)
    repeated = len(numbers) == 2 and numbers[0] == numbers[1] and chosen["unit"].nunique() == 2
    return largest if repeated or (len(numbers) > 2 and largest * 2 == total) else total


def find_all(text: str, spellings: Mapping[str, Sequence[Spelling]]) -> Iterator[Find]:
    """Every find in one text, pieces first; see `read`."""
    meant, places = without_marks(text)
    where = places or range(len(meant))
    meant = " " + fold_mixed(meant)  # the first word follows something too
    capitals = upper(meant)
    named = list(labelled(capitals))
    named += [span for span in standards(capitals) if not inside(span.start, span.end, named)]
    spans = (*pieces_in(capitals), *named, *part_numbers(capitals, named), *listed(capitals, spellings))
    for kind, start, end, how, number, unit, value in spans:
        yield Find(kind, value or meant[start:end], number, unit, where[start - 1], where[end - 2] + 1, how)
