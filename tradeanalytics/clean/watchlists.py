"""Lists of sanctioned and controlled parties opened: each record of a list is a row of text, whatever its file is."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tradeanalytics.clean.answer import Answer, write_rows
from tradeanalytics.clean.audit import Audit
from tradeanalytics.clean.rows import Opened
from tradeanalytics.clean.unpack import RawFileError
from tradeanalytics.parties.watchlists import Format, recognise
from tradeanalytics.parties.watchlists.entry import Entry, is_date
from tradeanalytics.raw import RawFile
from tradeanalytics.raw.beside import confirmed_path
from tradeanalytics.sources import watchlists

_START = 1 << 14  # bytes that tell what a file is
_DATE = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?(?!-?[0-9])")
SMALLEST = 0.8  # of the parties of the list before it
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def is_watchlist(path: Path) -> bool:
    """Whether a file is a list in a format known here."""
    return _format(path) is not None


def open_watchlist(raw: RawFile, work: Path) -> Opened:
    """One list as rows of text. Raises TradeAnalyticsError for a list that is broken, cut off or empty."""
    form = _format(raw.path)
    assert form is not None
    try:
        listing = form.read(raw.path, raw.name)
        records = write_rows(_marked(listing.entries, raw), watchlists.FIELDS, work / "records.parquet")
    except (UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise RawFileError(f"{raw.name}: the list is damaged or cut off ({error}); get it again") from error
    if not records:  # it would clear everybody
        raise RawFileError(f"{raw.name}: the list is empty, expected records of {form.title}; get it again")
    date, said = _date(listing.date or raw.vintage, raw.path)
    source = watchlists.listed(form.title, form.publisher or raw.publisher, raw.licence, date, whole=not raw.extract)
    part = Answer(Audit(work / "records.parquet", records, ()))
    return Opened((part,), source, list(watchlists.FIELDS), (*listing.notes, *said))


def hold_against_last(raw: RawFile, report: Mapping[str, Any], processed: Path) -> None:
    """Refuse a list that names nobody, or far fewer than the one before it: it would clear those who are missing.

    Raises RawFileError unless a note beside the file says that somebody has looked (see `confirm_smaller`).
    """
    if not report["accepted"]:
        raise RawFileError(f"{raw.name}: no record of the list can be read, expected at least one; nothing was changed")
    for listed in report["lists"] if not confirmed_path(raw.path).exists() else ():
        last = _last(listed, raw, processed)
        if last and listed["parties"] < SMALLEST * last["parties"]:
            raise RawFileError(
                f"{raw.name}: the list {listed['list']} has {listed['parties']:,} parties, expected about as many as"
                f" the one before it, {last['parties']:,} ({last['list_date'] or 'unknown date'}): who is missing would"
                " be cleared. Get it again; if it is whole, run `tradeanalytics clean --smaller` on it"
            )


def _last(listed: Mapping[str, Any], raw: RawFile, processed: Path) -> Mapping[str, Any] | None:
    """The same list in the newest file before this one, which is the one in whose place it lies, if there is one."""
    told = [json.loads(path.read_text("utf-8")) for path in sorted((processed / "cleaning").glob("*.json"))]
    same = [
        (report["name"] == raw.name, other["list_date"] or "", other)
        for report in told
        for other in report.get("lists", ())
        if all(other[key] == listed[key] for key in ("authority", "list", "says", "whole"))
        and (
            report["file_id"] != raw.file_id
            if report["name"] == raw.name
            else (other["list_date"] or "") < (listed["list_date"] or "9999")
        )
    ]
    return max(same, key=lambda one: one[:2])[2] if same and listed["whole"] else None


def confirm_smaller(path: Path) -> Path:
    """Note beside a list that somebody has looked at it and found that it is whole; return the note."""
    note = confirmed_path(path)
    note.write_text("Looked at: the list is whole, although it is much smaller than the one before.\n", "utf-8")
    return note


def _date(known: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """The date of a list, and what to say of it; where nothing else tells, its folder's name or its own may."""
    named = _dates(path.parent.name) or _dates(path.name)
    if known or not named:
        undated = "the date of the list is not known: put the file into a folder named by it, such as 2026-08-22"
        return known, () if known else (undated,)
    return named[0], (f"the date of the list, {named[0]}, is taken from the name of the file or its folder",)


def _dates(name: str) -> list[str]:
    """The months and days in a name that there are: of 30 February none."""
    return [text for text in _DATE.findall(name) if is_date(text)]


def _format(path: Path) -> Format | None:
    with path.open("rb") as file:
        start = file.read(_START)
    text = start.decode("utf-16" if start.startswith(_WIDE) else "utf-8-sig", "replace")
    return recognise(text.lstrip(), path.name)


def _marked(entries: Iterable[Entry], raw: RawFile) -> Iterator[dict[str, str | None]]:
    """The records as text; what a made-up file says is no authority's word."""
    for entry in entries:
        row = entry.row()
        if raw.invented and not entry.authority.startswith("SYNTHETIC"):
            row["authority"] = f"SYNTHETIC {entry.authority}"
        told = json.dumps([cell for name, cell in row.items() if name != "text"], ensure_ascii=False)
        yield {**row, "content": hashlib.sha256(told.encode()).hexdigest()[:16]}
