"""ICIJ's Offshore Leaks Database opened: its zip, or one of its files unpacked."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import polars as pl

from tradeanalytics.clean.audit import audit
from tradeanalytics.clean.rows import Opened, Part
from tradeanalytics.clean.unpack import RawFileError, copy_text, read_heading, refuse_paths_outside
from tradeanalytics.clean.workbook_parts import opened_zip
from tradeanalytics.raw import RawFile
from tradeanalytics.sources import offshore

_NAME = re.compile(rf"(?:SYNTHETIC_)?(?:nodes-({'|'.join(offshore.KINDS)})|relationships)\.csv", re.I)
_NODES, _LINKS = {"node_id", "name", "sourceID"}, {"node_id_start", "node_id_end", "rel_type"}
_START = 4096
_ORDER = (*offshore.KINDS.values(), "links")
# Headings that only one kind of node has.
_OWN = {"original_name": "entity", "closed_date": "other", "internal_id": "intermediary", "address": "address"}


@dataclass(frozen=True, kw_only=True)
class _Member(Part):
    """One file of the database: every field of its table, null where it has no such column.

    Its records are counted on from those of the files `before` it; in the table `of` they are counted from 1.
    """

    of: Part
    kind: str
    fields: tuple[str | None, ...]
    before: int

    def rows(self, names: Sequence[str]) -> pl.LazyFrame:
        """The rows under the names of the table's fields."""
        own = [field or f"_unused_{place}" for place, field in enumerate(self.fields)]
        told = {name: pl.col(name) if name in own else pl.lit(None, pl.String) for name in names}
        kind = {"kind": pl.lit(self.kind)} if "kind" in names else {}
        return self.of.rows(own).select(
            **{**told, **kind}, record=pl.col("record") + self.before, sheet=pl.col("sheet")
        )

    def texts(self) -> Iterator[tuple[int, str]]:
        """Every sound record's number and text."""
        return ((number + self.before, text) for number, text in self.of.texts())


def is_offshore(path: Path) -> bool:
    """Whether a file is the database: the zip by its members, one of them by its headings."""
    with suppress(OSError, zipfile.BadZipFile, csv.Error):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return bool(_members(archive.namelist()))
        with path.open("rb") as file:
            start = file.read(_START).decode("utf-8-sig", "replace")
        return _is_heading(next(csv.reader(start.splitlines()[:1]), []))
    return False


def open_offshore(raw: RawFile, work: Path, threads: int | None, largest: int) -> Opened:
    """The nodes of a zip, and its links beside them; or either, of a file unpacked.

    A record is counted through the files in the order entities, officers, addresses, intermediaries, others, links.
    Raises RawFileError for a file that lacks a column it needs, or is damaged.
    """
    members: list[_Member] = []
    notes: list[str] = []
    for place, path in enumerate(_files(raw, work, largest)):
        headings = read_heading(path, raw.name)
        kind, before = _kind(headings), sum(member.audit.records for member in members)
        members.append(_member(path, headings, kind, before, raw.name, threads))
        notes += _unused(members[place], headings)
    nodes = tuple(member for member in members if member.kind != "links")
    links = tuple(member for member in members if member.kind == "links")
    return _opened(nodes, links, (*notes, *_absent(members, raw)), raw.invented)


def _members(names: Sequence[str]) -> list[str]:
    return [name for name in names if _NAME.fullmatch(PurePosixPath(name.replace("\\", "/")).name)]


def _is_heading(headings: Sequence[str]) -> bool:
    return {*headings} >= _NODES or {*headings} >= _LINKS


def _files(raw: RawFile, work: Path, largest: int) -> list[Path]:
    """The files, unpacked, in their order."""
    if not zipfile.is_zipfile(raw.path):
        target = work / "member.csv"
        with raw.path.open("rb") as file, target.open("wb") as out:
            copy_text(file, out, raw.name, largest)
        return [target]
    with opened_zip(raw.path, raw.name, "zip") as archive:
        refuse_paths_outside(archive.infolist(), raw.name)
        unpacked = [
            _unpacked(archive, name, raw.name, work / f"member{place}.csv", largest)
            for place, name in enumerate(_members(archive.namelist()))
        ]
    kinds = {path: _kind(read_heading(path, raw.name)) for path in unpacked}
    if len({*kinds.values()}) < len(kinds):
        raise RawFileError(f"{raw.name}: expected a file of each kind once, found {sorted(kinds.values())}")
    return sorted(unpacked, key=lambda path: _ORDER.index(kinds[path]))


def _unpacked(archive: zipfile.ZipFile, name: str, file: str, target: Path, largest: int) -> Path:
    with archive.open(name) as packed, target.open("wb") as out:
        copy_text(packed, out, f"{file} ({name})", largest)
    return target


def _kind(headings: Sequence[str]) -> str:
    if {*headings} >= _LINKS:
        return "links"
    return next((kind for heading, kind in _OWN.items() if heading in headings), "officer")


def _member(path: Path, headings: list[str], kind: str, before: int, name: str, threads: int | None) -> _Member:
    table = offshore.LINKS if kind == "links" else offshore.NODES
    fields = tuple(table.get(heading) for heading in headings)
    needed = offshore.NEEDED["links" if kind == "links" else "nodes"]
    if missing := [field for field in needed if field not in fields]:
        raise RawFileError(f"{name}: no column for {missing[0]} among {', '.join(headings)}")
    part = Part(audit(path, len(headings), name, threads=threads)).in_columns(len(headings))
    broken = tuple(replace(one, record=one.record + before) for one in part.audit.broken)
    return _Member(replace(part.audit, broken=broken), of=part, kind=kind, fields=fields, before=before)


def _opened(nodes: tuple[_Member, ...], links: tuple[_Member, ...], notes: tuple[str, ...], invented: bool) -> Opened:
    names = [*dict.fromkeys(offshore.NODES.values()), "kind"]
    of_links = [*dict.fromkeys(offshore.LINKS.values())]
    second = Opened(links, offshore.links(_rows(links, of_links), invented=invented), of_links) if links else None
    if not nodes and second:
        return replace(second, remarks=notes)
    return Opened(nodes, offshore.nodes(_rows(nodes, names), invented=invented), names, notes, also=second)


def _rows(members: Sequence[_Member], names: Sequence[str]) -> pl.LazyFrame:
    return pl.concat([member.rows(names) for member in members])


def _unused(member: _Member, headings: Sequence[str]) -> list[str]:
    unknown = [heading for heading, field in zip(headings, member.fields, strict=True) if field is None]
    return [f"the heading {heading!r} of {member.kind} is not known and was not used" for heading in unknown]


def _absent(members: Sequence[_Member], raw: RawFile) -> list[str]:
    there: Mapping[str, _Member] = {member.kind: member for member in members}
    absent = [kind for kind in _ORDER if kind not in there]
    return [f"{raw.path.name} holds no file of {', '.join(absent)}"] if absent and len(members) > 1 else []
