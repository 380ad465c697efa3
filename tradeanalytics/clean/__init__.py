"""Text to accepted and rejected, losing none.

A raw file is unpacked, its structure audited, every row judged by the rules of its source in one streaming pass; the
accepted rows, the rejected rows and a report take the place of the last ones only when all three are whole.
"""

from __future__ import annotations

import errno
import json
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from tradeanalytics import TradeAnalyticsError, __version__
from tradeanalytics.clean import manifest
from tradeanalytics.clean.audit import audit
from tradeanalytics.clean.cimt import is_cimt, open_cimt
from tradeanalytics.clean.comtrade import is_comtrade, open_comtrade
from tradeanalytics.clean.containers import unwrap
from tradeanalytics.clean.distinct import NAMED, write_finds, write_names
from tradeanalytics.clean.doubts import doubts, held
from tradeanalytics.clean.levels import Level
from tradeanalytics.clean.nar import build_register
from tradeanalytics.clean.nar_files import is_nar
from tradeanalytics.clean.offshore import is_offshore, open_offshore
from tradeanalytics.clean.parts import part
from tradeanalytics.clean.reading import reading
from tradeanalytics.clean.registers import is_federal, open_federal, open_register
from tradeanalytics.clean.rows import ROW_GROUP, Judged, Opened, Part, finished, judge, judge_file, raw_texts, with_also
from tradeanalytics.clean.summary import summary
from tradeanalytics.clean.un_hs import is_un_hs, open_un_hs
from tradeanalytics.clean.unpack import LARGEST_UNPACKED, is_comext, is_statcan, read_heading, unpack
from tradeanalytics.clean.watchlists import hold_against_last, is_watchlist, open_watchlist
from tradeanalytics.parties.residences import register_folder
from tradeanalytics.raw import RawFile
from tradeanalytics.raw.beside import sisters
from tradeanalytics.sources import Source, customs, layouts, recognise, registers, ru_statistics
from tradeanalytics.sources.layouts import Layout, Match, apply_mapping
from tradeanalytics.sources.mapping import mapping_path, read_mapping
from tradeanalytics.tables import CODES, GOODS, LISTED, SHIPMENTS, TABLES

__all__ = ["clean", "judge", "open_raw", "outputs", "prune", "raw_texts", "refuse", "reports"]

_STRUCTURE = {
    "too_many_fields": "A record has as many fields as the heading.",
    "too_few_fields": "A record has as many fields as the heading.",
    "quotes_broken": "A quoted field ends with a quote before the next comma.",
    "cell_repeated": "What a row says stands once in a file; the first one was kept.",
}
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_FULL_SIGNS = ("No space left", "File too large", "transport error")  # the last where only the footer found no room

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
    report: Report
    if whole := manifest.part_of(raw.path):
        report = {**_identity(raw), "part_of": raw.name.removesuffix(raw.path.name) + whole.name}
        _put_in_place(report, {}, outputs(raw.name, processed))
        return report
    if is_nar(raw.path):
        with _full_disk_said(raw.name):
            built = build_register(raw.path, register_folder(processed, invented=raw.invented))
            report = {**_identity(raw), "address_register": built}
        _put_in_place(report, {}, outputs(raw.name, processed))
        return report
    same = _same_bytes(raw, processed)
    if same:
        report = {**_identity(raw), "same_as": same}
        _put_in_place(report, {}, outputs(raw.name, processed))
        return report
    with _work(processed, raw.file_id) as work, _full_disk_said(raw.name):
        opened = open_raw(raw, work, threads=threads, largest=largest)
        judged = judge_file(opened, work, _lineage(raw))
        also = _also_judged(opened, work, _lineage(raw))
        if also is not None:
            judged = with_also(judged, also, work)
        levels = opened.check()
        report = _report(raw, opened, judged, levels, also)
        if opened.source.table is LISTED:
            hold_against_last(raw, report, processed)
        made = {opened.source.table.name: judged.accepted_path, "rejected": judged.rejected_path}
        if opened.also and also:
            made[opened.also.source.table.name] = also.accepted_path
        made |= _made_with(opened, judged, levels, work, _lineage(raw))
        _put_in_place(report, made, outputs(raw.name, processed))
    return report


def _also_judged(opened: Opened, work: Path, lineage: dict[str, str]) -> Judged | None:
    """What became of the rows that the raw file holds for a second table."""
    if opened.also is None:
        return None
    beside = work / "also"
    beside.mkdir()
    return judge_file(opened.also, beside, lineage)


def _made_with(
    opened: Opened, judged: Judged, levels: Sequence[Level], work: Path, lineage: dict[str, str]
) -> dict[str, Path]:
    """The other tables that a file's accepted rows lead to."""
    table = opened.source.table
    if table is not GOODS:
        named = {"names": write_names(judged.accepted_path, table, work / "names.parquet")} if table in NAMED else {}
        finds = {"finds": write_finds(judged.accepted_path, work / "finds.parquet")} if table is SHIPMENTS else {}
        return named | finds
    broken = [one for part in opened.parts for one in part.audit.broken]
    made = {
        "held": held(judged.accepted_path, opened.source, lineage),
        "doubts": doubts(judged.refused, broken, levels, opened.source, lineage),
    }
    if opened.codes is not None:
        made["codes"] = finished(opened.codes.lazy(), CODES, {}, lineage).collect()
    return {name: _written_table(rows, work / f"{name}.parquet") for name, rows in made.items()}


def _written_table(rows: pl.DataFrame, path: Path) -> Path:
    rows.write_parquet(path, compression="zstd", row_group_size=ROW_GROUP)
    return path


def refuse(raw: RawFile, processed: Path, error: str) -> Report:
    """Put on record that a raw file cannot be read; nothing cleaned from an earlier version of it stays."""
    report: Report = {**_identity(raw), "error": error}
    _put_in_place(report, {}, outputs(raw.name, processed))
    return report


def open_raw(raw: RawFile, work: Path, *, threads: int | None = None, largest: int = LARGEST_UNPACKED) -> Opened:
    """Bring a raw file to sound tables of text in a work folder, recognise its source and audit its structure."""
    if is_cimt(raw.path):
        return open_cimt(raw, work, threads, largest)
    if is_watchlist(raw.path):
        return open_watchlist(raw, work)
    if is_federal(raw.path):
        return open_federal(raw, work, largest)
    if is_offshore(raw.path):
        return open_offshore(raw, work, threads, largest)
    if is_un_hs(raw.path):
        return open_un_hs(raw, work)
    if is_comtrade(raw.path):  # first: one that was fetched has a table, too
        return open_comtrade(raw, work, threads, largest)
    if raw.table or is_statcan(raw.path) or is_comext(raw.path):
        return _open_table(raw, work, threads, largest)
    return _open_customs(raw, work, threads, largest)


def _open_table(raw: RawFile, work: Path, threads: int | None, largest: int) -> Opened:
    path = work / "rows.csv"
    unpack(raw.path, raw.name, path, largest=largest)
    headings = read_heading(path, raw.name)
    source = recognise(raw.name, raw.table, headings)
    names = source.raw_names(headings, raw.name)
    return Opened((Part(audit(path, len(names), raw.name, threads=threads)),), source, names)


def _open_customs(raw: RawFile, work: Path, threads: int | None, largest: int) -> Opened:
    """Customs records: any container, the layout by its headings or by the mapping that lies beside the file."""
    if members := manifest.packed(raw.path, raw.name):
        files = manifest.taken_out(raw.path, raw.name, members, work, largest)
        return manifest.open_joined(raw, files, work, threads, largest)
    if manifest.anchor(files := sisters(raw.path)):
        return manifest.open_joined(raw, files, work, threads, largest)
    mapping = read_mapping(mapping_path(raw.path)) if mapping_path(raw.path).exists() else None
    tables = unwrap(raw.path, raw.name, work, score=_score(mapping), largest=largest)
    headings = tables[0].headings
    if mapping is None and registers.score(headings) > layouts.score(headings):
        return open_register(raw, tables, threads)
    match = apply_mapping(mapping, headings, raw.name) if mapping else layouts.recognise(headings, raw.name)
    if (table := match.layout.name.removeprefix(manifest.PREFIX)) in manifest.ANCHORS:
        return manifest.open_joined(raw, {table: raw.path}, work, threads, largest)
    parts = tuple(part(table, raw.name, threads) for table in tables)
    source = _source(match, parts, raw.name)
    remarks = (*(note for table in tables for note in table.notes), *match.remarks(), *source.remarks)
    alone = manifest.alone(match, raw.name)
    return Opened(parts, source, match.fields, (*remarks, *alone), {"reading": reading(match, tables)})


def _source(match: Match, parts: Sequence[Part], name: str) -> Source:
    rows = pl.concat([part.rows(match.fields) for part in parts])
    if match.layout.table == SHIPMENTS.name:
        return customs.shipments(match, rows)
    if len(parts) > 1:
        raise TradeAnalyticsError(f"{name}: {match.layout.title} in {len(parts)} sheets, expected one; save them apart")
    return ru_statistics.statistics(match, rows)


def _score(mapping: Layout | None) -> Callable[[Sequence[str]], float]:
    """How well a row of cells fits a known layout; with a mapping of the file's own, that one alone."""
    if mapping is None:
        return lambda cells: max(layouts.score(cells), registers.score(cells))
    wanted = {layouts.fold(spelling) for spelling in mapping.spellings}
    return lambda cells: len(wanted & {layouts.fold(cell) for cell in cells}) / len(wanted)


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
        "invented": "true" if raw.invented else "false",
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


def _report(raw: RawFile, opened: Opened, judged: Judged, levels: Sequence[Level], also: Judged | None) -> Report:
    if judged.accepted + judged.rejected != opened.records:
        raise TradeAnalyticsError(
            f"{raw.name}: {judged.accepted} accepted + {judged.rejected} rejected rows,"
            f" expected {opened.records}; nothing was changed"
        )
    rules = [*opened.source.rules, *(opened.also.source.rules if opened.also else ())]
    expected = {**_STRUCTURE, **{rule.code: rule.expected for rule in reversed(rules)}}
    aside = {rule.code for rule in rules if rule.aside}
    return {
        **_identity(raw),
        "publisher": raw.publisher or opened.source.publisher,
        "source": opened.source.name,
        "records": opened.records,
        "accepted": judged.accepted,
        "rejected": judged.rejected,
        "remarks": list(opened.remarks),
        "reasons": {
            code: {**entry, "expected": expected[code], **({"set_aside": True} if code in aside else {})}
            for code, entry in judged.reasons.items()
        },
        **({"set_aside": _set_aside(judged, aside)} if aside else {}),
        **summary(judged.accepted_path, opened.source),
        **({"also": summary(also.accepted_path, opened.also.source)} if opened.also and also else {}),
        **opened.told,
        **({"levels": [level.told() for level in levels]} if levels else {}),
    }


def _set_aside(judged: Judged, aside: set[str]) -> int:
    """How many of the rejected rows have no fault: sums of rows that are kept, and parts of them."""
    reasons = pl.scan_parquet(judged.rejected_path).select(pl.col("reasons").str.split(";"))
    return int(reasons.filter(pl.col("reasons").list.eval(pl.element().is_in(aside)).list.all()).collect().height)


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
        if any(sign in str(error) for sign in _FULL_SIGNS):
            raise TradeAnalyticsError(message) from error
        said = str(error).splitlines()[0]
        raise TradeAnalyticsError(f"{name}: the file cannot be read as a CSV: {said}") from error


def _put_in_place(report: Report, made: dict[str, Path], targets: dict[str, Path]) -> None:
    """Move what was made to its place, the report last: a file without its report is made again.

    The report is written before anything is moved: it may be what finds the disk full.
    """
    part = _written(report, targets["report"].with_suffix(".part"))
    for kind, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        if kind in made:
            made[kind].replace(target)
        elif kind != "report":
            target.unlink(missing_ok=True)
    part.replace(targets["report"])


def _written(report: Report, part: Path) -> Path:
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(
            json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
        )
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part
