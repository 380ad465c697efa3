"""A dBase table (DBF) as a UTF-8 CSV: every field as the text that stands in the file."""

from __future__ import annotations

import csv
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tradeanalytics.clean.encoding import RUSSIAN, count_pairs, likeliest, mostly_utf8, suggested
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import RawFileError

_VERSIONS = frozenset(b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb")
# The language driver byte, as dBase, FoxPro and Visual FoxPro write it.
_DRIVERS = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x26: "cp866",
    0x37: "cp850",
    0x57: "cp1252",
    0x64: "cp852",
    0x65: "cp866",
    0x7D: "cp1255",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
}
_DEFAULT = "cp866"  # what Russian customs programs write without saying so
_TEXT = "CNFDL"
_MEMO = "MGPW"
_SEPARATOR = b"\x1f"
_DELETED = "*"
_AT_ONCE = 4096


@dataclass(frozen=True)
class Field:
    """One column of a DBF: its name, its type letter, and where it stands in a record."""

    name: bytes
    kind: str
    start: int
    size: int


@dataclass(frozen=True)
class Layout:
    """The structure of a DBF: how many records of which size follow its header, its fields and its language driver."""

    records: int
    header: int
    size: int
    driver: int
    fields: tuple[Field, ...]


def layout_of(path: Path) -> Layout | None:
    """The structure of a DBF by its header, or None when the header does not add up to one."""
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32 or head[0] not in _VERSIONS:
            return None
        records, header, size = struct.unpack_from("<IHH", head, 4)
        fields = tuple(_fields(file.read(max(header - 32, 0))))
    if not fields or size != 1 + sum(field.size for field in fields):
        return None
    return Layout(records, header, size, head[29], fields)


def _fields(descriptors: bytes) -> Iterator[Field]:
    start = 1  # before the fields of a record stands its mark of deletion
    for place in range(0, len(descriptors) - 31, 32):
        if descriptors[place] == 0x0D:
            return
        name, kind, size, decimals = struct.unpack_from("<11sc4xBB", descriptors, place)
        size += 256 * decimals if kind == b"C" else 0  # a long text keeps the upper byte of its size there
        yield Field(name.split(b"\0")[0], kind.decode("latin-1"), start, size)
        start += size


def read_dbf(path: Path, name: str, work: Path, *, named: str | None = None) -> list[TextTable]:
    """The table of a DBF as `rows.csv` in the work folder; deleted records are counted in a note and not passed on.

    Raises RawFileError for a file that is cut off, a column whose type is not text, and bytes its code page lacks.
    """
    layout = layout_of(path)
    if layout is None:
        raise RawFileError(f"{name}: the header is not that of a DBF")
    _check_size(path, name, layout)
    _check_kinds(name, layout)
    codec, how = _codec(path, name, layout, named)
    target = work / "rows.csv"
    deleted = _write(path, target, name, layout, codec)
    notes = _notes(layout, codec, how, deleted)
    return [TextTable(target, "csv", ",", _headings(layout, codec), None, 1, notes, codec)]


def _check_size(path: Path, name: str, layout: Layout) -> None:
    held = (path.stat().st_size - layout.header) // layout.size
    if held < layout.records:
        raise RawFileError(
            f"{name}: the DBF is cut off: its header says {layout.records:,} records, {held:,} are there; copy it again"
        )


def _check_kinds(name: str, layout: Layout) -> None:
    for field in layout.fields:
        if field.kind not in _TEXT + _MEMO:
            raise RawFileError(
                f"{name}: column {field.name.decode('latin-1')} is of the DBF type {field.kind!r}, which is not text;"
                " open the file in LibreOffice and save it as CSV"
            )


def _codec(path: Path, name: str, layout: Layout, named: str | None) -> tuple[str, str]:
    """The code page of a DBF's text, and how it was chosen."""
    if named:
        return named, "by the file's name"
    pairs = count_pairs(_blocks(path, layout))
    found = "utf-8" if mostly_utf8(pairs) else likeliest(pairs)
    said = _DRIVERS.get(layout.driver)
    if said and found and said != found and {said, found} & {*RUSSIAN, "utf-8"}:
        raise RawFileError(
            f"{name}: its language driver byte says {said}, its letters are those of {found};"
            f" name the file after the right one, as in {suggested(name, found)}"
        )
    if said:
        return said, f"by its language driver byte 0x{layout.driver:02X}"
    if found:
        return found, "chosen by the letters of the whole file; its language driver byte does not say"
    return _DEFAULT, "the custom of Russian DBF files; neither its language driver byte nor its letters say"


def _blocks(path: Path, layout: Layout) -> Iterator[bytes]:
    """The records of a DBF, some at once."""
    with path.open("rb") as file:
        file.seek(layout.header)
        for first in range(0, layout.records, _AT_ONCE):
            yield file.read(layout.size * min(_AT_ONCE, layout.records - first))


def _write(path: Path, target: Path, name: str, layout: Layout, codec: str) -> int:
    """Write the living records as CSV; return how many are deleted."""
    first, deleted = 1, 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_headings(layout, codec))
        for block in _blocks(path, layout):
            marks, *columns = _columns(block, layout, codec, name, first)
            writer.writerows(
                row for mark, row in zip(marks, zip(*columns, strict=True), strict=True) if mark != _DELETED
            )
            deleted += marks.count(_DELETED)
            first += len(marks)
    return deleted


def _columns(block: bytes, layout: Layout, codec: str, name: str, first: int) -> Iterator[list[str]]:
    """The marks of deletion of a block of records, then its columns; one decoding a block is fast."""
    shape = struct.Struct("1s" + "".join(f"{field.size}s" for field in layout.fields))
    cells = _SEPARATOR.join(chain.from_iterable(shape.iter_unpack(block.replace(_SEPARATOR, b" "))))
    width = 1 + len(layout.fields)
    try:
        texts = cells.decode(codec).split(_SEPARATOR.decode())
    except UnicodeDecodeError as error:
        record = first + cells[: error.start].count(_SEPARATOR) // width
        found = cells[error.start : error.start + 4]
        raise RawFileError(f"{name}: record {record} holds {found!r}, which is no {codec}") from error
    yield texts[::width]
    for position, field in enumerate(layout.fields, 1):
        yield _trimmed(texts[position::width], field.kind)


def _trimmed(texts: list[str], kind: str) -> list[str]:
    """A column without its padding: text is filled up on the right, a number on the left; a memo is only a pointer."""
    if kind in _MEMO:
        return [""] * len(texts)
    return [text.rstrip(" \0") for text in texts] if kind == "C" else [text.strip(" \0") for text in texts]


def _headings(layout: Layout, codec: str) -> list[str]:
    return [field.name.decode(codec, "replace").strip() for field in layout.fields]


def _notes(layout: Layout, codec: str, how: str, deleted: int) -> tuple[str, ...]:
    memos = [field.name.decode(codec, "replace") for field in layout.fields if field.kind in _MEMO]
    return (
        f"encoding {codec}, {how}",
        *([f"{deleted:,} of {layout.records:,} records are marked as deleted and were not read"] if deleted else []),
        *([f"the text of column {memo} is kept in another file and was not read" for memo in memos]),
    )
