"""Any raw customs file as tables of text: what kind of file it is, by its content and never by its name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from gzip import GzipFile
from pathlib import Path
from typing import IO, BinaryIO

from tradeanalytics.clean.dbf import layout_of, read_dbf
from tradeanalytics.clean.encoding import named_encoding
from tradeanalytics.clean.plaintext import read_text
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import LARGEST_UNPACKED, RawFileError, refuse_paths_outside, too_large
from tradeanalytics.clean.workbook import read_workbook
from tradeanalytics.clean.workbook_parts import opened_zip

__all__ = ["TextTable", "unwrap"]

_CHUNK = 2**20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "open it in Excel or LibreOffice and save it as .xlsx or CSV"
_ACCESS = (
    "is a Microsoft Access database; export its tables: `mdb-tables -1 FILE` lists them,"
    " `mdb-export FILE TABLE > TABLE.csv` writes one (package mdbtools)"
)
# At which byte which signature stands, and what is said of the file.
_REFUSED = (
    (4, b"Standard Jet DB", _ACCESS),
    (4, b"Standard ACE DB", _ACCESS),
    (0, b"%PDF", "is a PDF, which holds pages and no table; ask for the table as .xlsx or CSV"),
    (0, b"\x1f\x8b", "is a gzip archive; unpack it (`gzip -d FILE`) and keep what is in it"),
    (0, b"BZh", "is a bzip2 archive; unpack it (`bzip2 -d FILE`) and keep what is in it"),
    (0, b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive; unpack it and keep what is in it"),
    (0, b"Rar!", "is a RAR archive; unpack it and keep what is in it"),
    (0, b"PAR1", "is a Parquet file; raw files are kept as published: text, DBF or a workbook"),
    (
        0,
        b"SQLite format 3",
        "is an SQLite database; export the table as CSV (`sqlite3 -csv -header FILE 'SELECT ...'`)",
    ),
    (0, b"{\\rtf", f"is a word processor's document (RTF); copy its table into a sheet, or {_SAVE_AS}"),
    (0, b"MIME-Version:", f"is a web archive (MHTML), whatever its name says; {_SAVE_AS}"),
)
# Parts by which the other zips of office programs are known.
_OFFICE = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "content.xml": "an OpenDocument file (.ods)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
}
_TABLES = (".csv", ".tsv", ".dbf", ".xlsx", ".xlsm", ".xls")


def unwrap(
    path: Path,
    name: str,
    work: Path,
    *,
    score: Callable[[Sequence[str]], float],
    largest: int = LARGEST_UNPACKED,
) -> list[TextTable]:
    """The tables of a raw file as text in a work folder; several only when sheets continue each other.

    `score` says how well a row of cells fits a known layout, 0 for not at all; it finds the sheet, the heading row and
    the delimiter. Raises RawFileError, in one line with the file, what was found and what to do.
    """
    kind, named = _kind(path, name), named_encoding(name)
    if kind == "zip":
        path, member = _taken_out(path, name, work, largest)
        named = named_encoding(member) or named
        name = f"{name} ({member})"
        kind = _kind(path, name)
    if kind == "zip":
        raise RawFileError(f"{name}: this is a zip within a zip; unpack the outer one and keep what is in it")
    if kind == "workbook":
        return read_workbook(path, name, work, score=score)
    if kind == "dbf":
        return read_dbf(path, name, work, named=named)
    return read_text(path, name, work, score=score, named=named)


def _kind(path: Path, name: str) -> str:
    """One of zip, workbook, dbf and text; anything else is refused."""
    with path.open("rb") as file:
        start = file.read(4096)
    for place, signature, said in _REFUSED:
        if start.startswith(signature, place):
            raise RawFileError(f"{name}: this {said.replace('FILE', Path(name).name)}")
    if start.startswith(_ZIP):
        return _zip_kind(path, name)
    if start.startswith(_OLE2):
        return _ole2_kind(path, name)
    if layout_of(path) is not None:
        return "dbf"
    _refuse_markup(start, name)
    return "text"


def _zip_kind(path: Path, name: str) -> str:
    with opened_zip(path, name, "zip") as archive:
        members = {member.replace("\\", "/") for member in archive.namelist()}
    if "xl/workbook.xml" in members:
        return "workbook"
    for member, said in _OFFICE.items():
        if member in members:
            raise RawFileError(f"{name}: this is {said}; {_SAVE_AS}")
    return "zip"


def _ole2_kind(path: Path, name: str) -> str:
    """By the names of the streams in an old Office container, which stand at multiples of 128 bytes."""
    if _has_stream(path, "EncryptedPackage"):
        raise RawFileError(f"{name}: the workbook is protected by a password; open it, save it without password")
    if _has_stream(path, "Workbook") or _has_stream(path, "Book"):
        return "workbook"
    raise RawFileError(f"{name}: this is an old Office file without a workbook in it; {_SAVE_AS}")


def _has_stream(path: Path, stream: str) -> bool:
    wanted = f"{stream}\0".encode("utf-16-le")
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            place = block.find(wanted)
            while place >= 0 and place % 128:
                place = block.find(wanted, place + 1)
            if place >= 0:
                return True
    return False


def _refuse_markup(start: bytes, name: str) -> None:
    """Refuse HTML, XML and JSON, which some sites serve under the names of workbooks and CSV."""
    text = start.decode("utf-16" if start[:2] in _UTF16 else "latin-1", "replace").lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    if text.startswith("<"):
        found = "an Excel 2003 XML sheet" if "office:spreadsheet" in text else "an HTML or XML page"
        raise RawFileError(f"{name}: this is {found}, whatever its name says; {_SAVE_AS}")
    if text.startswith(('{"', "[{")):
        raise RawFileError(f"{name}: this is JSON; expected a table as CSV, DBF or a workbook")


def _taken_out(path: Path, name: str, work: Path, largest: int) -> tuple[Path, str]:
    """The one table of a zip, in the work folder, and its name in the zip."""
    with opened_zip(path, name, "zip") as archive:
        member = _table_member(archive.infolist(), name)
        if member.flag_bits & 1:
            raise RawFileError(f"{name}: the zip is protected by a password; unpack it and keep what is in it")
        target = work / "member"
        with archive.open(member) as source, target.open("wb") as out:
            copy_bounded(source, out, name, largest)
    return target, member.filename


def _table_member(members: list[zipfile.ZipInfo], name: str) -> zipfile.ZipInfo:
    refuse_paths_outside(members, name)
    tables = [member for member in members if _is_table(member.filename, _TABLES)]
    tables = tables or [member for member in members if _is_table(member.filename, (".txt",))]
    if len(tables) != 1:
        found = [member.filename for member in tables or members][:5]
        raise RawFileError(f"{name}: expected one table in the zip, found {len(tables)} among {found}; unpack it")
    return tables[0]


def _is_table(member: str, suffixes: tuple[str, ...]) -> bool:
    """A Macintosh puts a shadow of every file into a folder of its own; StatCan adds a description as CSV."""
    lower = member.lower()
    return lower.endswith(suffixes) and not lower.startswith("__macosx/") and not lower.endswith("_metadata.csv")


def copy_bounded(source: IO[bytes] | GzipFile, out: BinaryIO, name: str, largest: int) -> None:
    """Copy what is in a zip or gzip; raises RawFileError when it turns out larger than `largest` bytes."""
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise RawFileError(too_large(name, size, largest))
        out.write(chunk)
