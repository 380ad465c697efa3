"""The passes over the rows of one sound CSV: judged in one stream, then totals marked and repeats set aside."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tradeanalytics.clean.audit import Audit
from tradeanalytics.clean.duplicates import with_duplicates
from tradeanalytics.clean.levels import Level
from tradeanalytics.clean.records import texts
from tradeanalytics.clean.sorting import write_sorted
from tradeanalytics.clean.totals import with_totals
from tradeanalytics.sources import Source
from tradeanalytics.tables import FLOWS, GOODS, SHIPMENTS, Table

# Without a fixed size one and two threads write different bytes. Larger ones take more memory and are little faster.
ROW_GROUP = 49_152
_TYPES = {"VARCHAR": pl.String, "BIGINT": pl.Int64, "DOUBLE": pl.Float64, "DATE": pl.Date}
# What is still known of a rejected row of goods: which sums lack it.
_ASKED_BY = ("reporter", "flow", "partner", "period", "hs")
_REJECTED = pa.schema(
    [("file_id", pa.string()), ("record", pa.int64()), ("reasons", pa.string()), ("text", pa.string())]
)


@dataclass(frozen=True)
class Part:
    """One table of a raw file on disk: a CSV whose structure was audited, or a workbook's sheet as Parquet of text.

    `columnar` holds the rows of a CSV as Parquet of text.
    """

    audit: Audit
    delimiter: str = ","  # empty for a Parquet
    sheet: str | None = None
    first_record: int = 1
    columnar: Path | None = None

    def in_columns(self, columns: int) -> Part:
        """The part of a CSV with its rows copied into a Parquet beside it.

        For rows that are read twice, or by functions: a CSV is handed out in stretches of some 3,000 rows, and each
        function costs as much a stretch as it does for a thousand rows.
        """
        path = self.audit.path.with_suffix(".text.parquet")
        rows = _scan_csv(self, [f"c{place}" for place in range(columns)])
        rows.sink_parquet(path, compression="uncompressed", row_group_size=ROW_GROUP)
        return replace(self, columnar=path)

    def rows(self, names: Sequence[str]) -> pl.LazyFrame:
        """All rows as text under these names, with `record` and `sheet`; in a sheet, blank rows are left out."""
        columns = {f"c{place}": name for place, name in enumerate(names)}
        if self.columnar:
            return pl.scan_parquet(self.columnar).rename(columns)
        if self.delimiter:
            return _scan_csv(self, names)
        rows = pl.scan_parquet(self.audit.path, row_index_name="record", row_index_offset=self.first_record)
        filled = rows.rename(columns).filter(~pl.all_horizontal(pl.col(names).is_null()))
        return filled.with_columns(pl.col("record").cast(pl.Int64), sheet=pl.lit(self.sheet, pl.String))

    def texts(self) -> Iterator[tuple[int, str]]:
        """Every sound record's number and text; a sheet's row is given as a line of CSV."""
        if self.delimiter:
            return _numbered(self.audit)
        rows = pl.read_parquet(self.audit.path).iter_rows()
        return ((number, _line(row)) for number, row in enumerate(rows, self.first_record))


@dataclass(frozen=True)
class Opened:
    """A raw file as sound tables in a work folder: its source, our name for each column, and what to say of it."""

    parts: tuple[Part, ...]
    source: Source
    names: list[str]
    remarks: tuple[str, ...] = ()
    told: Mapping[str, object] = field(default_factory=dict)  # what the report says of how it was read
    codes: pl.DataFrame | None = None  # the lists of codes that came with the rows, as rows of `codes`
    check: Callable[[], Sequence[Level]] = tuple  # compares the other levels of the same trade with the rows
    also: Opened | None = None  # what the same raw file holds for a second table, its records counted on

    @property
    def records(self) -> int:
        """Records of the raw file, the broken ones included."""
        return sum(part.audit.records for part in self.parts) + (self.also.records if self.also else 0)

    def rows(self) -> pl.LazyFrame:
        """All sound rows as text."""
        return pl.concat([part.rows(self.names) for part in self.parts])


@dataclass(frozen=True)
class Judged:
    """What became of the rows: two Parquet files, and counts."""

    accepted_path: Path
    rejected_path: Path
    accepted: int
    rejected: int
    reasons: dict[str, dict[str, object]]
    refused: pl.DataFrame  # number and reasons of each row that broke a rule; of goods, what they are still known by


def judge(rows: pl.LazyFrame, source: Source) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Split raw text rows into typed accepted rows, and the numbers of rejected rows with all their reasons."""
    for stage in source.prepared:
        rows = rows.with_columns(**stage)
    broken = pl.any_horizontal(rule.fails for rule in source.rules)
    reasons = pl.concat_str(
        [pl.when(rule.fails).then(pl.lit(rule.code)) for rule in source.rules], separator=";", ignore_nulls=True
    )
    place = _place(source)
    judged = rows.select(*place, reasons=pl.when(broken).then(reasons), **source.columns)
    accepted = judged.filter(pl.col("reasons").is_null()).drop("reasons")
    known = [name for name in _ASKED_BY if source.table is GOODS and name in source.columns]
    return accepted, judged.filter(pl.col("reasons").is_not_null()).select(*place, "reasons", *known)


def _place(source: Source) -> list[str]:
    """What tells one row of a raw file from another."""
    return [name for name in ("record", "sheet") if name in {column.name for column in source.table.columns}]


def judge_file(opened: Opened, work: Path, lineage: dict[str, str]) -> Judged:
    """Judge every row of an opened file and write `accepted.parquet` and `rejected.parquet` in the work folder."""
    judged_path, accepted_path, rejected_path = (
        work / f"{kind}.parquet" for kind in ("judged", "accepted", "rejected")
    )
    accepted, refused = judge(opened.rows(), opened.source)
    _, refusals = pl.collect_all([_sink(accepted, judged_path, {}), refused], engine="streaming")
    rows = pl.scan_parquet(judged_path)
    if opened.source.table is SHIPMENTS:
        kept, repeated = with_duplicates(rows), refusals.clear()
    else:
        kept, repeated = _without_repeats(rows, opened.source)
    if opened.source.table is GOODS:
        constants = {**opened.source.constants, **lineage}
        write_sorted(judged_path, GOODS, constants, repeated["record"], accepted_path, _metadata(lineage))
    else:
        _sink(
            finished(_with_totals(kept, opened.source), opened.source.table, opened.source.constants, lineage),
            accepted_path,
            lineage,
        ).collect(engine="streaming")
    reasons = pl.concat([refusals, repeated], how="diagonal")
    examples, rejected = _write_rejected(opened, reasons, rejected_path, lineage["file_id"])
    accepted_rows = pq.read_metadata(accepted_path).num_rows
    return Judged(accepted_path, rejected_path, accepted_rows, rejected, examples, refusals)


def with_also(judged: Judged, also: Judged, work: Path) -> Judged:
    """What became of the rows of both tables of a raw file; `accepted_path` is that of the first."""
    path = work / "rejected_of_both.parquet"
    both = pl.concat([pl.scan_parquet(judged.rejected_path), pl.scan_parquet(also.rejected_path)])
    both.sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP)
    reasons = also.reasons | judged.reasons
    counts: Counter[str] = Counter()
    for code, told in (*judged.reasons.items(), *also.reasons.items()):
        counts[code] += int(str(told["count"]))
    return replace(
        judged,
        rejected_path=path,
        accepted=judged.accepted + also.accepted,
        rejected=judged.rejected + also.rejected,
        reasons={code: {**reasons[code], "count": counts[code]} for code in sorted(reasons)},
    )


def raw_texts(opened: Opened, wanted: Iterable[int], sheet: str | None = None) -> dict[int, str]:
    """The text of some records of an opened raw file, of one sheet where it has several, by record number."""
    numbers = set(wanted)
    (part,) = (part for part in opened.parts if len(opened.parts) == 1 or part.sheet == sheet)
    found = {broken.record: broken.text for broken in part.audit.broken if broken.record in numbers}
    for record, text in part.texts():
        if len(found) == len(numbers):
            break
        if record in numbers:
            found[record] = text
    return found


def _scan_csv(part: Part, names: Sequence[str]) -> pl.LazyFrame:
    rows = pl.scan_csv(
        part.audit.path,
        infer_schema=False,
        separator=part.delimiter,
        with_column_names=lambda _: list(names),
        row_index_name="position",
        row_index_offset=1,
    )
    record = part.audit.record(pl.col("position").cast(pl.Int64))
    return rows.with_columns(record=record, sheet=pl.lit(None, pl.String)).drop("position")


def _sink(rows: pl.LazyFrame, path: Path, lineage: dict[str, str]) -> pl.LazyFrame:
    """What stays, with its lineage, is packed; what is read once more and then gone costs less as it is."""
    metadata = _metadata(lineage) if lineage else None
    return rows.sink_parquet(
        path,
        compression="zstd" if lineage else "uncompressed",
        row_group_size=ROW_GROUP,
        metadata=metadata,
        lazy=True,
    )


def _metadata(lineage: dict[str, str]) -> dict[str, str]:
    return {"tradeanalytics": json.dumps(lineage, sort_keys=True)}


def finished(rows: pl.LazyFrame, table: Table, constants: Mapping[str, str], lineage: dict[str, str]) -> pl.LazyFrame:
    """The rows with all columns of their table, in its order: what is the same in every row, null what is not told."""
    of_file = {name: lineage[name] for name in ("file_id", "table_id", "vintage")}
    same = {name: pl.lit(text, pl.Enum([text])) for name, text in {**constants, **of_file}.items()}
    same["invented"] = pl.lit(lineage["invented"] == "true")
    there = {*rows.collect_schema().names(), *same}
    absent = {column.name: pl.lit(None, _TYPES[column.type]) for column in table.columns if column.name not in there}
    return rows.with_columns(**same, **absent).select([column.name for column in table.columns])


def _with_totals(rows: pl.LazyFrame, source: Source) -> pl.LazyFrame:
    if source.table is not FLOWS:
        return rows
    same = {name: pl.lit(text, pl.Enum([text])) for name, text in source.constants.items()}
    return with_totals(rows.with_columns(**same))


def _without_repeats(rows: pl.LazyFrame, source: Source) -> tuple[pl.LazyFrame, pl.DataFrame]:
    """The first row of every cell, and the numbers of rows that give a cell again: they would count twice."""
    key = pl.struct([column for column in source.table.key if column in source.columns])
    # Sorted, not counted as a set, which takes three times the memory.
    cells = rows.select(key.hash()).collect(engine="streaming").to_series().sort()
    if not (cells == cells.shift()).any():
        return rows, pl.DataFrame(schema={"record": pl.Int64, "reasons": pl.String})
    again = rows.filter(~key.is_first_distinct()).select("record", reasons=pl.lit("cell_repeated")).collect()
    return rows.join(again.lazy(), on="record", how="anti", maintain_order="left"), again


def _write_rejected(
    opened: Opened, reasons: pl.DataFrame, path: Path, file_id: str
) -> tuple[dict[str, dict[str, object]], int]:
    """Write rejected rows with their text; return, for each reason, its count and first example, and all rows."""
    counts: Counter[str] = Counter()
    examples: dict[str, dict[str, object]] = {}
    rejected = 0
    with pq.ParquetWriter(path, _REJECTED, compression="zstd") as writer:
        for batch in _batched(_rejected(opened, reasons)):
            rejected += len(batch)
            for record, codes, text in batch:
                counts.update(codes.split(";"))
                for code in codes.split(";"):
                    examples.setdefault(code, {"record": record, "text": text[:300]})
            writer.write_table(_table(file_id, batch))
    return {code: {"count": counts[code], **examples[code]} for code in sorted(counts)}, rejected


def _batched(rows: Iterator[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    while batch := list(islice(rows, ROW_GROUP)):
        yield batch


def _table(file_id: str, batch: list[tuple[int, str, str]]) -> pa.Table:
    record, reasons, text = zip(*batch, strict=True)
    return pa.table([[file_id] * len(batch), record, reasons, text], schema=_REJECTED)


def _rejected(opened: Opened, reasons: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Record, reasons and text of every rejected row, in the order of the file; a blank line is not a row."""
    for part in opened.parts:
        here = pl.col("sheet").eq_missing(pl.lit(part.sheet, pl.String)) if "sheet" in reasons.columns else pl.lit(True)
        of_part = reasons.filter(here)
        broken = deque(part.audit.broken)
        for record, codes, text in _with_texts(part, dict(of_part.select("record", "reasons").iter_rows())):
            while broken and broken[0].record < record:
                early = broken.popleft()
                yield early.record, early.reason, early.text
            yield record, codes, text
        for late in broken:
            yield late.record, late.reason, late.text


def _with_texts(part: Part, reasons: dict[int, str]) -> Iterator[tuple[int, str, str]]:
    for record, text in part.texts() if reasons else ():
        if record in reasons and text:
            yield record, reasons[record], text


def _numbered(audit: Audit) -> Iterator[tuple[int, str]]:
    """Every sound record with its number in the raw file."""
    broken = {entry.record for entry in audit.broken}
    numbers = (number for number in count(1) if number not in broken)
    return zip(numbers, texts(audit.path), strict=False)


def _line(row: Sequence[str | None]) -> str:
    """A sheet's row as a line of CSV, empty if it is blank."""
    line = io.StringIO()
    if any(cell is not None for cell in row):
        csv.writer(line, lineterminator="").writerow(["" if cell is None else cell for cell in row])
    return line.getvalue()
