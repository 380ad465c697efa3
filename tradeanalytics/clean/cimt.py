"""A zip of trade by HS code (CIMT): its most detailed table kept, the others compared with it, its lists read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

import polars as pl

from tradeanalytics.clean.audit import Audit, audit
from tradeanalytics.clean.levels import Level, compared
from tradeanalytics.clean.rows import Opened, Part, judge
from tradeanalytics.clean.unpack import RawFileError, copy_text, read_heading, refuse_paths_outside
from tradeanalytics.clean.workbook_parts import opened_zip
from tradeanalytics.raw import RawFile
from tradeanalytics.sources import cimt
from tradeanalytics.sources.cimt import LIST_NAME, LISTS, MEMBER_NAME, MEMBERS, ZIP_NAME, Member

_HEADING = "YearMonth/Ann"
Known = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class _Table:
    """One table of a raw file: which one, its year and last month, and how its bytes are written to a path."""

    member: Member
    name: str
    year: int
    month: int
    unpack: Callable[[Path], None]


def is_cimt(path: Path) -> bool:
    """Whether a file holds trade by HS code: a zip by its members, a table or list by its own name or heading."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(MEMBER_NAME.fullmatch(_base(name)) for name in archive.namelist())
    if MEMBER_NAME.fullmatch(path.name) or LIST_NAME.fullmatch(path.name):
        return True
    with path.open("rb") as file:
        return file.read(64).decode("utf-8-sig", "ignore").startswith(_HEADING)


def open_cimt(raw: RawFile, work: Path, threads: int | None, largest: int) -> Opened:
    """Open the most detailed table of a raw file, judged by its lists; comparing the other levels is left for later.

    Raises RawFileError for a zip that holds another flow or year than its name says, or several of one table, and
    UnexpectedHeadingError for a table with other columns than its number stands for.
    """
    if LIST_NAME.fullmatch(raw.path.name):
        return _open_list(raw, work)
    tables = _tables(raw, largest)
    kept, *others = sorted(tables, key=lambda table: -table.member.digits)
    lists, remarks = _lists(raw) if zipfile.is_zipfile(raw.path) else ({}, (_NO_LISTS,))
    known = {name: _months_by_code(rows, kept.year) for name, rows in lists.items()}
    source = cimt.goods(kept.member, kept.year, kept.month, known)
    part = _part(kept, source.raw_names, raw.name, work, threads)
    codes = pl.concat(lists.values()) if lists else None
    return Opened(
        (part,),
        source,
        list(kept.member.headings),
        (*remarks, *_unchecked(known, kept.member)),
        {"kept": kept.name},
        codes=codes,
        check=partial(_compared, kept, part, others, raw.name, work, threads),
    )


def _base(member: str) -> str:
    return PurePosixPath(member.replace("\\", "/")).name


# Which tables are there


def _tables(raw: RawFile, largest: int) -> list[_Table]:
    if not zipfile.is_zipfile(raw.path):
        return [_loose(raw, largest)]
    with opened_zip(raw.path, raw.name, "zip") as archive:
        refuse_paths_outside(archive.infolist(), raw.name)
        names = [name for name in archive.namelist() if MEMBER_NAME.fullmatch(_base(name))]
    tables = [_table(name, raw.name, partial(_unzip, raw, name, largest)) for name in names]
    _refuse_other_flow(tables, raw)
    return tables


def _loose(raw: RawFile, largest: int) -> _Table:
    if not MEMBER_NAME.fullmatch(raw.path.name):
        raise RawFileError(
            f"{raw.name}: only the publisher's name tells the flow and the month of such a table; expected one such as"
            " ODPFN016_202412N.csv"
        )
    return _table(raw.path.name, raw.name, partial(_copy, raw, largest))


def _table(name: str, file: str, unpack: Callable[[Path], None]) -> _Table:
    told = MEMBER_NAME.fullmatch(_base(name))
    if told is None or told["number"] not in MEMBERS:
        raise RawFileError(f"{file}: {name} is no table of trade; expected one of ODPFN{', '.join(MEMBERS)}")
    return _Table(MEMBERS[told["number"]], _base(name), int(told["year"]), int(told["month"]), unpack)


def _refuse_other_flow(tables: list[_Table], raw: RawFile) -> None:
    """A zip's name and tables say the same flow and year, and no table is there twice."""
    numbers = [table.member.number for table in tables]
    labels = {table.member.label for table in tables}
    years = {table.year for table in tables}
    found = ", ".join(table.name for table in tables)
    if len(labels) > 1 or len(years) > 1 or len(set(numbers)) < len(numbers):
        raise RawFileError(f"{raw.name}: expected each table of one flow and one year once, found {found}")
    told = ZIP_NAME.fullmatch(raw.path.name)
    if told and (told["label"] not in labels or int(told["year"]) not in years):
        expected = ", ".join(f"ODPFN{m.number}" for m in MEMBERS.values() if m.label == told["label"])
        raise RawFileError(
            f"{raw.name}: the name says {told['label']} of {told['year']}, but in it is {found}; expected {expected} of"
            f" {told['year']}"
        )


def _unzip(raw: RawFile, member: str, largest: int, target: Path) -> None:
    with opened_zip(raw.path, raw.name, "zip") as archive, archive.open(member) as packed, target.open("wb") as out:
        copy_text(packed, out, f"{raw.name} ({member})", largest)


def _copy(raw: RawFile, largest: int, target: Path) -> None:
    with raw.path.open("rb") as file, target.open("wb") as out:
        copy_text(file, out, raw.name, largest)


def _part(
    table: _Table, raw_names: Callable[[list[str], str], list[str]], file: str, work: Path, threads: int | None
) -> Part:
    path = work / f"{table.member.number}.csv"
    table.unpack(path)
    if not path.stat().st_size:
        raise RawFileError(f"{file} ({table.name}): the table is empty; expected a heading and rows")
    headings = read_heading(path, file)
    names = raw_names(headings, f"{file} ({table.name})")
    if names != list(table.member.headings):
        raise RawFileError(f"{file} ({table.name}): the columns stand in another order, {headings}; download it again")
    return Part(audit(path, len(headings), file, threads=threads))


# The levels


def _compared(
    kept: _Table, part: Part, others: list[_Table], file: str, work: Path, threads: int | None
) -> list[Level]:
    """Each other table of the file beside the kept one."""
    found = []
    for table in others:
        names = cimt.goods(table.member, table.year, table.month, {}).raw_names
        other = _part(table, names, file, work, threads)
        shared = [name for name in ("country", "province", "state") if name in kept.member.headings]
        level = compared(
            part.rows(list(kept.member.headings)), other.rows(list(table.member.headings)), table.member.digits, shared
        )
        found.append(level.named(table.name, other.audit.records, len(other.audit.broken)))
        other.audit.path.unlink()
    return found


# The lists

_NO_LISTS = "lists of codes come with the zip: without it no code was looked up"


def _lists(raw: RawFile) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    """Every list in a zip as rows of `codes`, by its name, and what is wrong with their lines."""
    lists, remarks = {}, []
    with opened_zip(raw.path, raw.name, "zip") as archive:
        for member in sorted(archive.namelist(), key=_base):
            if told := LIST_NAME.fullmatch(_base(member)):
                name = LISTS[told["number"]]
                rows, broken = _judged_list(name, archive.read(member))
                lists[name] = rows
                if broken:
                    line, reasons = broken[0]
                    remarks.append(
                        f"{_base(member)}: {len(broken):,} lines were left out, the first is line {line} ({reasons})"
                    )
    return lists, tuple(remarks)


def _judged_list(name: str, content: bytes) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    source = cimt.code_list(name)
    accepted, refused = judge(_lines(content), source)
    rows = accepted.with_columns(list=pl.lit(name)).unique(["code", "first_month"], keep="first", maintain_order=True)
    return rows.collect(), [(int(record), reasons) for record, reasons in refused.collect().iter_rows()]


def _lines(content: bytes) -> pl.LazyFrame:
    """The lines of a list with their numbers; the publisher writes cp1252."""
    lines = [line for line in content.decode("cp1252", "replace").replace("\x1a", "").splitlines() if line.strip()]
    return (
        pl.LazyFrame({"line": lines}, schema={"line": pl.String}).with_row_index("record", 1).cast({"record": pl.Int64})
    )


def _open_list(raw: RawFile, work: Path) -> Opened:
    """A list of codes that lies there without its zip."""
    told = LIST_NAME.fullmatch(raw.path.name)
    assert told is not None
    path = work / "lines.parquet"
    rows = _lines(raw.path.read_bytes()).select(c0="line").collect()
    if rows.is_empty():
        raise RawFileError(f"{raw.name}: the file is empty; expected a list of codes")
    rows.write_parquet(path)
    return Opened((Part(Audit(path, rows.height, ()), ""),), cimt.code_list(LISTS[told["number"]]), ["line"])


def _months_by_code(rows: pl.DataFrame, year: int) -> dict[str, frozenset[str]]:
    held: dict[str, frozenset[str]] = {}
    for code, first, last in rows.select("code", "first_month", "last_month").iter_rows():
        held[code] = held.get(code, frozenset()) | cimt.months_of(first, last, year)
    return held


def _unchecked(known: Known, member: Member) -> Iterator[str]:
    """Which lists are missing that the codes of a table would be looked up in."""
    wanted = {"country": "countries", "state": "states", "province": "provinces", "unit": "units"}
    for name, words in wanted.items():
        if known and name in member.headings and name not in known:
            yield f"the list of {words} is not in the zip: its codes were not looked up"
