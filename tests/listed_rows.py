"""Lists of invented authorities from a few rows, in the layout of an extract, cleaned as any file is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from conftest import put_csv

from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.parties.lists import Lists, open_lists
from tradeanalytics.raw import RawFile, raw_file

HEADINGS = (
    *("authority", "list", "list_id", "name", "aliases", "listed_on", "list_date"),
    *("type", "identifiers", "addresses", "countries", "delisted_on", "found"),
)
NORTH, SOUTH, EAST = "SYNTHETIC North", "SYNTHETIC South", "SYNTHETIC East"
INN, OTHER_INN = "inn 7802170553", "inn 7707083893"  # with right check digits, of no company meant here
DATE = "2024-01-31"
FILE = "SYNTHETIC_rows.csv"


def row(authority: str, number: str, name: str, **more: str) -> dict[str, str]:
    """A record of the only list of an authority, of DATE unless another `list_date` is given."""
    told = {"authority": authority, "list": f"{authority} list", "list_id": number, "name": name, "list_date": DATE}
    return told | more


def rows_csv(rows: Iterable[Mapping[str, str]], headings: Iterable[str] = HEADINGS) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(headings), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def cleaned(root: Path, rows: Iterable[Mapping[str, str]], name: str = FILE, *, extract: bool = False) -> dict:
    """The report on a file of these rows below a root; an extract says so in the manifest beside it."""
    raw = put(root, rows, name, extract=extract)
    return clean(raw, root / "processed")


def put(root: Path, rows: Iterable[Mapping[str, str]], name: str = FILE, *, extract: bool = False) -> RawFile:
    raw = put_csv(root / "raw", name, rows_csv(rows))
    if extract:
        told = {"file": raw.path.name, "sha256": raw.sha256, "size": raw.size, "table": "extract", "extract": True}
        raw.path.with_name("manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return raw_file(raw.path, root / "raw")


def opened(root: Path, *rows: Mapping[str, str]) -> Lists:
    """The lists of these rows, and of what was cleaned below the root before."""
    if rows:
        cleaned(root, rows)
    return open_lists(connect(root / "processed"), invented=True)
