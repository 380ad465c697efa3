"""The UN's HS lists (JSON) and correlation tables (workbooks) opened: known by what they hold, not by their name."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import polars as pl

from tradeanalytics.clean.audit import Audit
from tradeanalytics.clean.rows import Opened, Part
from tradeanalytics.clean.unpack import RawFileError
from tradeanalytics.clean.workbook_parts import opened_zip
from tradeanalytics.raw import RawFile
from tradeanalytics.reference.hs import EDITIONS
from tradeanalytics.sources import Source, un_hs

_START = 4096
_HEADINGS = 2  # rows above the first pair
_LARGEST = 64 * 2**20  # a list has 1 MB
_KEY = re.compile(rb'"className"\s*:\s*"HS[0-9]{4}"')
_SHEET = re.compile(rb"<sheet\b[^>]*\bname=\"(?P<name>[^\"]*Correlation[^\"]*)\"")
_YEARS = re.compile(r"HS ?(?P<after>(?:20)?[0-9]{2})[^0-9]+HS ?(?P<before>(?:20)?[0-9]{2})")


def is_un_hs(path: Path) -> bool:
    """Whether a file is one of the UN's lists of HS codes, or a workbook with a correlation of two editions."""
    with path.open("rb") as file:
        start = file.read(_START)
    return bool(_KEY.search(start)) or (start.startswith(b"PK") and _sheet(path) is not None)


def open_un_hs(raw: RawFile, work: Path) -> Opened:
    """Open a list or a correlation table. Raises RawFileError for one that is cut off or of an unknown edition."""
    name = _sheet(raw.path) if zipfile.is_zipfile(raw.path) else None
    rows, source = _table(raw, name) if name else _list(raw)
    path = work / "rows.parquet"
    rows.select(pl.nth(place).alias(f"c{place}") for place in range(rows.width)).write_parquet(path)
    return Opened((Part(Audit(path, rows.height, ()), ""),), source, rows.columns)


def _sheet(path: Path) -> str | None:
    """The name of a workbook's sheet of correlations, None where there is none."""
    try:
        with opened_zip(path, path.name, "workbook") as archive:
            found = _SHEET.search(archive.read("xl/workbook.xml"))
    except RawFileError:
        return None
    name = found["name"].decode() if found else ""
    return name if _YEARS.search(name) else None


def _table(raw: RawFile, sheet: str) -> tuple[pl.DataFrame, Source]:
    cells = pl.read_excel(raw.path, sheet_name=sheet, has_header=False, infer_schema_length=0)
    # Between the codes of one workbook stands an empty column.
    filled = cells.select(column for column in cells if 2 * column.null_count() < cells.height)
    if filled.width != 3 or filled.height <= _HEADINGS:
        raise RawFileError(f"{raw.name}: sheet {sheet!r} has {filled.width} columns, expected two codes and a relation")
    rows = filled.slice(_HEADINGS).rename(dict(zip(filled.columns, ("after", "before", "relation"), strict=True)))
    told = _YEARS.search(sheet)
    assert told is not None
    after, before = (_edition(told[side], raw.name) for side in ("after", "before"))
    return rows, un_hs.correlations(before, after)


def _list(raw: RawFile) -> tuple[pl.DataFrame, Source]:
    if raw.size > _LARGEST:
        raise RawFileError(f"{raw.name}: {raw.size:,} bytes are no list of HS codes, which has about a million")
    try:
        found = json.loads(raw.path.read_text("utf-8-sig"))
        rows = [(str(entry["id"]), str(entry["text"])) for entry in found["results"]]
    except (ValueError, KeyError, TypeError) as error:
        raise RawFileError(f"{raw.name}: the list of HS codes is damaged or cut off ({error}); get it again") from error
    table = pl.DataFrame(rows, schema={"code": pl.String, "title": pl.String}, orient="row")
    return table, un_hs.titles(_edition(found["className"].removeprefix("HS"), raw.name))


def _edition(text: str, name: str) -> str:
    year = text if len(text) == 4 else f"20{text}"
    if year not in EDITIONS:
        raise RawFileError(f"{name}: HS {text} is no edition known here, expected one of {', '.join(EDITIONS)}")
    return year
