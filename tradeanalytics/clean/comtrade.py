"""UN Comtrade's files: answers of the API as JSON; tables from the website, from programs and from bulk downloads.

A file is known by its headings or its keys, never by its name.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import shutil
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tradeanalytics.clean.answer import read_answer
from tradeanalytics.clean.audit import audit
from tradeanalytics.clean.containers import copy_bounded, unwrap
from tradeanalytics.clean.encoding import find_encoding
from tradeanalytics.clean.rows import Opened, Part
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import RawFileError
from tradeanalytics.raw import RawFile
from tradeanalytics.sources import comtrade

_START = 1 << 14  # bytes that tell what a file is
_GZIP = b"\x1f\x8b"
_KEYS = re.compile(r'"(?:elapsedTime|typeCode|statusCode)"\s*:')
_Read = tuple[list[str], Part, list[str]]  # headings, rows, and what to say of them
_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, csv.Error)


def is_comtrade(path: Path) -> bool:
    """Whether a file of any name begins as UN Comtrade's do: headings with its columns, or JSON with its keys."""
    with suppress(*_UNREADABLE):
        start = _text(_start(path))
        if start.startswith("{"):
            return bool(_KEYS.search(start))
        first = start.partition("\n")[0].rstrip("\r")
        return any(comtrade.score(next(csv.reader([first], delimiter=mark), [])) for mark in ",\t;|")
    return False


def _start(path: Path) -> bytes:
    """The first bytes of a file, or of the one table in its zip or gzip."""
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(_GZIP):
        return zlib.decompressobj(wbits=31).decompress(start, _START)  # of a file that is cut off too
    return _start_in_zip(path) if start.startswith(b"PK") else start


def _start_in_zip(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        tables = [name for name in archive.namelist() if name.lower().endswith((".csv", ".tsv", ".txt"))]
        if len(tables) != 1:
            return b""
        with archive.open(tables[0]) as member:
            return member.read(_START)


def _text(start: bytes) -> str:
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return start.removeprefix(codecs.BOM_UTF8).decode("utf-16" if wide else "latin-1", "replace").lstrip()


def open_comtrade(raw: RawFile, work: Path, threads: int | None, largest: int) -> Opened:
    """One file of UN Comtrade as a table of text, its source, and what to say of it.

    Raises TradeAnalyticsError, in one line, for an answer that holds an error or no data, and for columns that are not
    those of the final data.
    """
    path = _unpacked(raw, work, largest)
    is_answer = _text(_start(path)).startswith("{")
    read = _answer(path, raw.name, work) if is_answer else _table(path, raw.name, work, threads, largest)
    headings, part, notes = read
    spelled = comtrade.spelled(headings)
    source = comtrade.final_data(spelled)
    names = source.raw_names(spelled, raw.name)
    remarks = comtrade.remarks(part.rows(names), source, part.audit.records)
    return Opened((part,), source, names, (*notes, *remarks))


def _unpacked(raw: RawFile, work: Path, largest: int) -> Path:
    """The file, or what is in its gzip."""
    with raw.path.open("rb") as file:
        if file.read(2) != _GZIP:
            return raw.path
    target = work / "unpacked"
    try:
        with gzip.open(raw.path) as source, target.open("wb") as out:
            copy_bounded(source, out, raw.name, largest)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RawFileError(f"{raw.name}: the gzip is damaged or cut off ({error}); download it again") from error
    return target


def _answer(path: Path, name: str, work: Path) -> _Read:
    return read_answer(path, name, work / "records.parquet")


def _table(path: Path, name: str, work: Path, threads: int | None, largest: int) -> _Read:
    readable, said = _readable(path, name, work)
    table = unwrap(readable, name, work, score=comtrade.score, largest=largest)[0]
    table, shifted = _in_line(table, work)
    count = len(table.headings)
    sound = audit(table.path, count, name, delimiter=table.delimiter, threads=threads)
    return table.headings, Part(sound, table.delimiter).in_columns(count), [*said, *table.notes, *shifted]


def _readable(path: Path, name: str, work: Path) -> tuple[Path, list[str]]:
    """The file, made UTF-8 where too few letters tell what it is: the website writes Western European names.

    Public programs read its CSV as ISO-8859-1 (seen 2026-11-25). No number hangs on it: only descriptions have letters.
    """
    with suppress(RawFileError):
        if not zipfile.is_zipfile(path):
            find_encoding(path, name)
        return path, []
    target = work / "western.csv"
    try:
        with path.open(encoding="cp1252", newline="") as source, target.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(source, out)
    except UnicodeDecodeError:
        return path, []  # what is wrong with it is said where it is read
    return target, ["encoding cp1252 (Western European), since it is not UTF-8; no number hangs on it"]


def _in_line(table: TextTable, work: Path) -> tuple[TextTable, list[str]]:
    """A table whose rows end in a delimiter that its headings do not have, with an empty heading for it.

    pandas takes the first column of such a table for an index and moves every heading by one: a public program drops
    `period` and keeps `refMonth`, which then held the period (seen 2026-11-25).
    """
    with table.path.open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file, delimiter=table.delimiter), 2))
    if len(rows) < 2 or len(rows[1]) != len(rows[0]) + 1 or rows[1][-1]:
        return table, []
    target = work / "in_line.csv"
    with table.path.open("rb") as source, target.open("wb") as out:
        out.write(source.readline().rstrip(b"\r\n") + f"{table.delimiter}\n".encode())
        shutil.copyfileobj(source, out)
    said = "its rows end in a comma that its headings do not have: the headings were counted from the left"
    return replace(table, path=target, headings=[*table.headings, ""]), [said]
