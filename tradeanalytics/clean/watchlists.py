"""Lists of sanctioned and controlled parties opened: each record of a list is a row of text, whatever its file is."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tradeanalytics.clean.answer import Answer, write_rows
from tradeanalytics.clean.audit import Audit
from tradeanalytics.clean.rows import Opened
from tradeanalytics.clean.unpack import RawFileError
from tradeanalytics.parties.watchlists import Format, recognise
from tradeanalytics.parties.watchlists.entry import Entry
from tradeanalytics.raw import RawFile
from tradeanalytics.sources import watchlists

_START = 1 << 14  # bytes that tell what a file is
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
    date = listing.date or raw.vintage
    source = watchlists.listed(form.title, form.publisher or raw.publisher, raw.licence, date)
    undated = () if date else ("the date of the list is not known: put the file into a folder named by its date",)
    part = Answer(Audit(work / "records.parquet", records, ()))
    return Opened((part,), source, list(watchlists.FIELDS), (*listing.notes, *undated))


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
