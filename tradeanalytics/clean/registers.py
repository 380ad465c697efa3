"""Registers of companies opened: the XML of Corporations Canada, and tables known by their headings."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from tradeanalytics.clean.answer import Answer, write_rows
from tradeanalytics.clean.audit import Audit
from tradeanalytics.clean.containers import copy_bounded
from tradeanalytics.clean.parts import part
from tradeanalytics.clean.rows import Opened
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import RawFileError, refuse_paths_outside
from tradeanalytics.clean.workbook_parts import opened_zip
from tradeanalytics.parties.watchlists.entry import children, local, one_line, published, text_of, xml_records
from tradeanalytics.raw import RawFile
from tradeanalytics.reference import rows as reference
from tradeanalytics.sources import registers

_START = 4096
_MEMBER = re.compile(r"OPEN_DATA_([0-9]+)\.xml", re.I)
_ROOT = re.compile(r"<(?:\w+:)?corpcan\b[^>]*>")
_DATE = re.compile(r'\bdate="([0-9]{4}-[0-9]{2}-[0-9]{2})')
_NAMED_DATE = re.compile(r"(?<![0-9])20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")
_UNDATED = "the date of the register is not known; put it into the file's name, such as register_2026-08-22.csv"
Row = dict[str, str | None]


def open_register(raw: RawFile, tables: Sequence[TextTable], threads: int | None) -> Opened:
    """A table with a register's headings. Raises RawFileError for a workbook with it on several sheets."""
    if len(tables) > 1:
        raise RawFileError(f"{raw.name}: a register in {len(tables)} sheets, expected one; save them apart")
    (table,) = tables
    found = registers.read_headings(table.headings)
    rows = part(table, raw.name, threads)
    date, title = raw.vintage or _named_date(raw.path), raw.title or raw.path.name.removeprefix("SYNTHETIC_")
    source = registers.register(found, rows.rows(found.fields), title, date, invented=raw.invented)
    unused = (f"the heading {heading!r} is not known and was not used" for heading in found.unknown)
    undated = () if date else (_UNDATED,)
    return Opened((rows,), source, found.fields, (*table.notes, *unused, *undated))


def _named_date(path: Path) -> str:
    """The date in a file's name or its folder's, as a person puts it there."""
    found = _NAMED_DATE.findall(f"{path.parent.name} {path.name}")
    return found[-1] if found else ""


# Corporations Canada: OPEN_DATA_1.xml, OPEN_DATA_2.xml, ... in a zip, with lists of codes and schemas beside them


def is_federal(path: Path) -> bool:
    """Whether a file is the open data of Corporations Canada: the zip by its members, one of them by how it begins."""
    with suppress(OSError, zipfile.BadZipFile):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return bool(_members(archive))
        with path.open("rb") as file:
            return bool(_ROOT.search(file.read(_START).decode("utf-8", "replace")))
    return False


def open_federal(raw: RawFile, work: Path, largest: int) -> Opened:
    """The corporations of a zip or of one of its files. Raises TradeAnalyticsError for one damaged, cut off or empty.

    A record is a corporation, counted through all files of the zip in the order of their numbers.
    """
    dates: set[str] = set()
    target = work / "records.parquet"
    records = write_rows(_rows(_files(raw, work, largest), raw.name, dates), registers.FEDERAL, target)
    if not records:
        raise RawFileError(f"{raw.name}: the register holds no corporation, expected a million; get it again")
    date = min(dates, default="") or raw.vintage
    notes = () if len(dates) < 2 else (f"its files are of several days, {', '.join(sorted(dates))}: the first counts",)
    source = registers.federal(date, raw.publisher, raw.licence, invented=raw.invented)
    undated = () if date else (_UNDATED,)
    return Opened((Answer(Audit(target, records, ())),), source, list(registers.FEDERAL), (*notes, *undated))


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    named = {info: _MEMBER.fullmatch(PurePosixPath(info.filename).name) for info in archive.infolist()}
    return sorted((info for info, name in named.items() if name), key=lambda info: int(named[info][1]))  # type: ignore[index]


def _files(raw: RawFile, work: Path, largest: int) -> Iterator[Path]:
    """The files of the register, each unpacked for as long as it is read."""
    if not zipfile.is_zipfile(raw.path):
        yield raw.path
        return
    with opened_zip(raw.path, raw.name, "zip") as archive:
        refuse_paths_outside(archive.infolist(), raw.name)
        for member in _members(archive):
            target = work / "member.xml"
            with archive.open(member) as packed, target.open("wb") as out:
                copy_bounded(packed, out, f"{raw.name} ({member.filename})", largest)
            yield target
            target.unlink()


def _rows(files: Iterator[Path], name: str, dates: set[str]) -> Iterator[Row]:
    for path in files:
        with path.open("rb") as file:
            root = _ROOT.search(file.read(_START).decode("utf-8", "replace"))
        dates |= set(_DATE.findall(root[0])) if root else set()
        for element in xml_records(path, name, "corporation"):
            row = _corporation(element)
            told = json.dumps(row, ensure_ascii=False)
            yield {**row, "content": hashlib.sha256(told.encode()).hexdigest()[:16], "text": published(element)}


def _corporation(element: Element) -> Row:
    status = next(_current(element, "statuses", "status"), None)
    code = status.get("code", "") if status is not None else ""
    offices = list(_current(element, "addresses", "address"))
    office = next((one for one in offices if one.get("code") == _code("address", "Registered office")), None)
    address = office if office is not None else next(iter(offices), None)
    known, words = _statuses().get(code, ("", f"code {code}" if code else ""))
    incorporated, dissolved = _activity(element, "Incorporation"), _activity(element, "Dissolution")
    gone = code == _code("status", "Dissolved")
    since = _day(status.get("effectiveDate")) if status is not None else None
    flags = {
        "status_unknown": bool(code) and code not in _statuses(),
        "no_incorporation_date": not incorporated,
        "not_registered_office": address is not None and office is None,
    }
    return {
        "number": one_line(element.get("corporationId")),
        "names": json.dumps([_name(one) for one in children(element, "names", "name") if one_line(one.text)]),
        "status": words,
        "status_since": since,
        "active": known,
        "incorporated_on": min(incorporated, default=None),
        "dissolved_on": max(dissolved, default=since) if gone else None,
        "address": _address(address) if address is not None else None,
        "country": _coded(address, "country") if address is not None else None,
        "business_number": text_of(element, "businessNumbers", "businessNumber"),
        "flags": ";".join(flag for flag, holds in flags.items() if holds),
    }


def _current(element: Element, *path: str) -> Iterator[Element]:
    return (one for one in children(element, *path) if one.get("current") == "true")


def _name(element: Element) -> dict[str, str | None]:
    return {
        "name": one_line(element.text),
        "kind": "current" if element.get("current") == "true" else "former",
        "since": _day(element.get("effectiveDate")),
        "until": _day(element.get("expiryDate")),
    }


def _activity(element: Element, meaning: str) -> list[str]:
    """The days on which something of this kind was done."""
    of_kind = [
        one for one in children(element, "activities", "activity") if one.get("code") == _code("activity", meaning)
    ]
    return [day for one in of_kind if (day := _day(one.get("date")))]


def _address(element: Element) -> str | None:
    lines = [one_line(child.text) for child in element if local(child) == "addressLine"]
    rest = (text_of(element, "city"), _coded(element, "province"), text_of(element, "postalCode"))
    return ", ".join(filter(None, (*lines, *rest))) or None


def _coded(element: Element, tag: str) -> str | None:
    """What an element says by its code, or else in words."""
    found = next(children(element, tag), None)
    return None if found is None else one_line(found.get("code")) or one_line(found.text)


def _day(text: str | None) -> str | None:
    return text[:10] if text else None


@cache
def _code(kind: str, meaning: str) -> str:
    (code,) = (
        row["code"] for row in reference("corporations_canada") if (row["kind"], row["meaning"]) == (kind, meaning)
    )
    return code


@cache
def _statuses() -> dict[str, tuple[str, str]]:
    """Whether a corporation is there, and the status in words, by code."""
    statuses = [row for row in reference("corporations_canada") if row["kind"] == "status"]
    return {row["code"]: (row["active"], row["meaning"]) for row in statuses}
