"""Text to accepted and rejected, losing none.

A raw file is unpacked, its structure audited, every row judged by the rules of its source in one streaming pass; the
accepted rows, the rejected rows and a report take the place of the last ones only when all three are whole.
"""

from __future__ import annotations

import errno
import json
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from tradeanalytics import TradeAnalyticsError, __version__
from tradeanalytics.clean.audit import audit
from tradeanalytics.clean.rows import Judged, Opened, judge, judge_file, raw_texts
from tradeanalytics.clean.unpack import LARGEST_UNPACKED, read_heading, unpack
from tradeanalytics.raw import RawFile
from tradeanalytics.sources import Source, recognise
from tradeanalytics.tables import TABLES

__all__ = ["clean", "judge", "open_raw", "outputs", "prune", "raw_texts", "refuse", "reports"]

_STRUCTURE = {
    "too_many_fields": "A record has as many fields as the heading.",
    "too_few_fields": "A record has as many fields as the heading.",
    "quotes_broken": "A quoted field ends with a quote before the next comma.",
    "cell_repeated": "A cell stands once in a file; the first one was kept.",
}
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)

Report = dict[str, Any]


def clean(
    raw: RawFile, processed: Path, *, threads: int | None = None, largest: int = LARGEST_UNPACKED, altered: bool = False
) -> Report:
    """Clean one raw file into Parquet and return its report; on any error the last good output stays as it was.

    Raises TradeAnalyticsError, and writes nothing, for a file that cannot be read, has other columns than its source,
    or (unless `altered` is given) has other bytes than its manifest recorded.
    """
    if raw.altered and not altered:
        raise TradeAnalyticsError(
            f"{raw.name}: not the file its manifest recorded (sha256 {raw.sha256[:16]}, recorded"
            f" {raw.recorded_sha256[:16]}); restore it, or keep your version under another name"
        )
    same = _same_bytes(raw, processed)
    if same:
        report: Report = {**_identity(raw), "same_as": same}
        _put_in_place(report, {}, outputs(raw.name, processed))
        return report
    with _work(processed, raw.file_id) as work, _full_disk_said(raw.name):
        opened = open_raw(raw, work, threads=threads, largest=largest)
        judged = judge_file(opened, work, _lineage(raw))
        report = _report(raw, opened, judged)
        made = {opened.source.table.name: judged.accepted_path, "rejected": judged.rejected_path}
        _put_in_place(report, made, outputs(raw.name, processed))
    return report


def refuse(raw: RawFile, processed: Path, error: str) -> Report:
    """Put on record that a raw file cannot be read; nothing cleaned from an earlier version of it stays."""
    report: Report = {**_identity(raw), "error": error}
    _put_in_place(report, {}, outputs(raw.name, processed))
    return report


def open_raw(raw: RawFile, work: Path, *, threads: int | None = None, largest: int = LARGEST_UNPACKED) -> Opened:
    """Unpack a raw file into a work folder, recognise its source and audit its structure."""
    path = work / "rows.csv"
    unpack(raw.path, raw.name, path, largest=largest)
    headings = read_heading(path, raw.name)
    source = recognise(raw.name, raw.table, headings)
    names = source.raw_names(headings, raw.name)
    return Opened(audit(path, len(names), raw.name, threads=threads), source, names)


@contextmanager
def opened(raw: RawFile, processed: Path) -> Iterator[Opened]:
    """A raw file opened in a work folder that is gone afterwards."""
    with _work(processed, raw.file_id) as work:
        yield open_raw(raw, work)


def outputs(name: str, processed: Path) -> dict[str, Path]:
    """Where the parts of one cleaned raw file go: a path for each clean table, and one for the `report`."""
    stem = name.replace("/", "__")
    tables = {table.name: processed / table.name / f"{stem}.parquet" for table in TABLES}
    return {**tables, "report": processed / "cleaning" / f"{stem}.json"}


def reports(processed: Path) -> list[Report]:
    """The cleaning report of every cleaned file, in the order of their names."""
    return [json.loads(path.read_text("utf-8")) for path in sorted((processed / "cleaning").glob("*.json"))]


def prune(names: Iterable[str], processed: Path) -> list[str]:
    """Remove what was cleaned from raw files that are no longer there; return their names."""
    there = set(names)
    gone = [
        report["name"] for report in reports(processed) if not {report["name"], report.get("same_as")} - {None} <= there
    ]
    for name in gone:
        for path in outputs(name, processed).values():
            path.unlink(missing_ok=True)
    return gone


def _identity(raw: RawFile) -> Report:
    return {"name": raw.name, "file_id": raw.file_id, "table": raw.table, "vintage": raw.vintage}


def _lineage(raw: RawFile) -> dict[str, str]:
    """What goes into every row and into the metadata of the Parquet files."""
    return {
        "file_id": raw.file_id,
        "file": raw.name,
        "sha256": raw.sha256,
        "table_id": raw.table,
        "vintage": raw.vintage,
        "version": __version__,
    }


def _same_bytes(raw: RawFile, processed: Path) -> str | None:
    """The name under which the same bytes were cleaned already: counted again, they would double every number."""
    same = [
        report["name"]
        for report in reports(processed)
        if report["file_id"] == raw.file_id and report["name"] != raw.name and "records" in report
    ]
    return same[0] if same else None


def _report(raw: RawFile, opened: Opened, judged: Judged) -> Report:
    if judged.accepted + judged.rejected != opened.audit.records:
        raise TradeAnalyticsError(
            f"{raw.name}: {judged.accepted} accepted + {judged.rejected} rejected rows,"
            f" expected {opened.audit.records}; nothing was changed"
        )
    expected = {**_STRUCTURE, **{rule.code: rule.expected for rule in opened.source.rules}}
    return {
        **_identity(raw),
        "publisher": raw.publisher or opened.source.publisher,
        "source": opened.source.name,
        "records": opened.audit.records,
        "accepted": judged.accepted,
        "rejected": judged.rejected,
        "reasons": {code: {**entry, "expected": expected[code]} for code, entry in judged.reasons.items()},
        **_summary(judged.accepted_path, opened.source),
    }


def _summary(accepted: Path, source: Source) -> Report:
    """The period covered, and the cells without a value by their status sign."""
    value = "value_cad_cents" if "value_cad_cents" in source.columns else "value"
    rows = pl.scan_parquet(accepted)
    span = rows.select(first=pl.col("period").min(), last=pl.col("period").max()).collect().row(0)
    empty = rows.filter(pl.col(value).is_null()).group_by("status").len().sort("status").collect()
    first, last = (day.isoformat() if day else "" for day in span)
    return {"first_period": first, "last_period": last, "without_value": dict(empty.iter_rows())}


@contextmanager
def _work(processed: Path, file_id: str) -> Iterator[Path]:
    """A work folder; what a killed run left of the same file goes first."""
    root = processed / ".work"
    for left in root.glob(f"{file_id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = root / f"{file_id}-{uuid.uuid4().hex[:8]}"
    work.mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _full_disk_said(name: str) -> Iterator[None]:
    message = f"{name}: the disk is full, or a file may not grow so large; nothing was changed. Make room and run again"
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise TradeAnalyticsError(message) from error
        raise
    except pl.exceptions.PolarsError as error:
        if "No space left" in str(error) or "File too large" in str(error):
            raise TradeAnalyticsError(message) from error
        raise


def _put_in_place(report: Report, made: dict[str, Path], targets: dict[str, Path]) -> None:
    """Move what was made to its place, the report last: a file without its report is made again."""
    for kind, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        if kind in made:
            made[kind].replace(target)
        elif kind != "report":
            target.unlink(missing_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    part = targets["report"].with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(targets["report"])
