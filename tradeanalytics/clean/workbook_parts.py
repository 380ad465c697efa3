"""What stands in the XML of an xlsx, read before it is opened: bounds that keep memory finite, and formulas counted."""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tradeanalytics.clean.unpack import RawFileError

# A sheet is laid out in memory as a full rectangle: 327 million cells took 11.6 GB, a million rows of 80 columns 3 GB.
LARGEST_AREA = 100_000_000
LARGEST_XML = 4 * 2**30
_CHUNK = 2**20
_STRINGS = "xl/sharedStrings.xml"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_WITHOUT_VALUE = re.compile(
    rb"(?:</P?f>|<P?f [^<>]*/>)(?:<P?v ?/>|<P?v></P?v>)?</P?c>".replace(b"P?", rb"(?:\w+:)?")  # P: a namespace's prefix
)
_ERROR = b't="e"'
# A cell that has only a format is closed at once and takes no room.
_FAR_CELL = re.compile(rb'c r="([A-Z]{2,3})[0-9]+"[^>]*[^/]>')
_ROW = re.compile(rb'c r="[A-Z]+([0-9]+)"')


@dataclass(frozen=True)
class SheetFacts:
    """Of one sheet: cells with a formula, those of them without a stored value, and cells that hold an Excel error."""

    formulas: int = 0
    without_value: int = 0
    errors: int = 0


def sheet_facts(path: Path, name: str) -> dict[str, SheetFacts]:
    """The facts of every sheet of an xlsx, by the sheet's name.

    Raises RawFileError for a workbook that is damaged or too large to lay out in memory.
    """
    with opened_zip(path, name, "workbook") as archive:
        members = {member.filename.replace("\\", "/"): member for member in archive.infolist()}
        _check_sizes(archive, members, name)
        sheets = _sheets(archive, members)
        return {sheet: _facts(archive, members[part], f"{name}: sheet {sheet!r}") for sheet, part in sheets.items()}


@contextmanager
def opened_zip(path: Path, name: str, kind: str) -> Iterator[zipfile.ZipFile]:
    """A zip or workbook to read from; whatever its damage makes Python raise is one refusal."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        # A place before the beginning of the file gives EINVAL, damage of bzip2 no number; a full disk is no damage.
        if error.errno not in (errno.EINVAL, None):
            raise
        raise RawFileError(_damaged(name, kind, error)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, ElementTree.ParseError) as error:
        raise RawFileError(_damaged(name, kind, error)) from error


def _damaged(name: str, kind: str, error: Exception) -> str:
    return f"{name}: the {kind} is damaged or cut off ({error}); copy or download it again"


def _check_sizes(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str) -> None:
    size = sum(member.file_size for member in members.values())
    if size > LARGEST_XML:
        raise RawFileError(f"{name}: the workbook expands to {size:,} bytes, beyond the bound of {LARGEST_XML:,}")
    if _STRINGS in members:  # reading it through holds the claimed size against the real one
        for _ in _pieces(archive, members[_STRINGS]):
            pass


def _sheets(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The part of the zip in which each sheet is, by the sheet's name."""
    book, links = (_elements(archive.read(members[part])) for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    parts = {link["Id"]: link["Target"] for tag, link in links if tag == "Relationship"}
    return {sheet["name"]: _part(parts[sheet["id"]]) for tag, sheet in book if tag == "sheet"}


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Tag and attributes of every element, without their namespaces, which differ between kinds of xlsx."""
    if b"<!DOCTYPE" in xml:
        raise ElementTree.ParseError("a document type declaration, which no spreadsheet program writes")
    return [
        (element.tag.rpartition("}")[2], {key.rpartition("}")[2]: value for key, value in element.attrib.items()})
        for element in ElementTree.fromstring(xml).iter()
    ]


def _part(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The XML of a part in pieces that end with a cell."""
    held = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            text = held + chunk
            end = text.rfind(b"c>") + 2 if b"c>" in text else len(text)
            held = text[end:]
            yield text[:end]
    yield held


def _facts(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> SheetFacts:
    formulas = without_value = errors = last_row = 0
    farthest = b"Z"
    for piece in _pieces(archive, member):
        formulas += len(_FORMULA.findall(piece)) if b"f>" in piece or b"<f" in piece else 0
        without_value += len(_WITHOUT_VALUE.findall(piece)) if formulas else 0
        errors += piece.count(_ERROR)
        last_row = _last_row(piece) or last_row
        farthest = max({farthest, *_FAR_CELL.findall(piece)}, key=_column_number)
        _check_area(last_row, farthest, place)
    return SheetFacts(formulas, without_value, errors)


def _last_row(piece: bytes) -> int:
    """The number of the row of the last cell with a value in it."""
    value = max(piece.rfind(b"v></"), piece.rfind(b"is></"))
    row = _ROW.match(piece, max(piece.rfind(b'c r="', 0, max(value, 0)), 0))
    return int(row.group(1)) if row else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _check_area(rows: int, farthest: bytes, place: str) -> None:
    columns = _column_number(farthest)
    if rows * columns > LARGEST_AREA:
        raise RawFileError(
            f"{place} reaches to column {farthest.decode()} and row {rows:,}, {rows * columns:,} cells; delete what"
            f" stands far to the right or below, or save its table as CSV (the bound is {LARGEST_AREA:,})"
        )
