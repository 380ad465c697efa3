"""Small lists in files as they are published, cleaned and opened. Every party is SYNTHETIC."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from conftest import put_csv

from tradeanalytics.clean import clean
from tradeanalytics.engine import Engine, connect
from tradeanalytics.parties.lists import Lists, open_lists
from tradeanalytics.raw import raw_file

_EXTRACT = ("authority", "list", "list_id", "name", "aliases", "listed_on", "list_date")
_MORE = ("type", "identifiers", "addresses", "countries", "delisted_on", "found")
_SDN = (
    *("ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_flag"),
    *("Vess_owner", "Remarks"),
)


def extract(*rows: Mapping[str, str]) -> bytes:
    """A table of listed parties; of a row what is not told is of a list named Register of Utopia."""
    usual = dict.fromkeys((*_EXTRACT, *_MORE), "") | {"authority": "Utopia", "list": "Register of Utopia"}
    return _csv([(*_EXTRACT, *_MORE), *((usual | {"list_date": "2024-01-01"} | dict(row)).values() for row in rows)])


def sdn(*rows: Mapping[str, str]) -> bytes:
    """OFAC's main file without headings."""
    return _csv([(dict.fromkeys(_SDN, "-0- ") | dict(row)).values() for row in rows]) + b"\x1a"


def alt(*rows: tuple[str, str, str]) -> bytes:
    """OFAC's file of other names: entry, kind, name."""
    return (
        _csv([(entry, str(place), kind, name, "-0- ") for place, (entry, kind, name) in enumerate(rows, 1)]) + b"\x1a"
    )


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def cleaned(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder of processed tables of some files, by their paths under the raw folder."""
    for name, content in files.items():
        report = clean(put_csv(folder / "raw", name, content), folder / "processed")
        assert report["accepted"] == report["records"], report
    return folder / "processed"


def opened(folder: Path, files: Mapping[str, bytes], **asked: object) -> Lists:
    return open_lists(connect(cleaned(folder, files)), **asked)  # type: ignore[arg-type]


def cleaned_extract(folder: Path, content: bytes) -> Engine:
    """The tables of a list whose manifest says that it is an extract of it."""
    path = put_csv(folder / "raw", "extract/2024-01-01/lists.csv", content).path
    facts = {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "table": "extract"}
    (path.parent / "manifest.json").write_text(json.dumps(facts | {"extract": True}), "utf-8")
    clean(raw_file(path, folder / "raw"), folder / "processed")
    return connect(folder / "processed")
