"""From a raw file to one plain UTF-8 CSV in a work folder: zips opened safely, bytes checked on the way."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np

from tradeanalytics import TradeAnalyticsError

# The largest table here is 0.4 GB; a zip that claims, or turns out, to hold more than this is a mistake or an attack.
LARGEST_UNPACKED = 32 * 2**30
_CHUNK = 2**18  # fits the processor's cache: with a megabyte the same takes twice as long
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")
_BOM = codecs.BOM_UTF8
_CR, _LF = 13, 10


class RawFileError(TradeAnalyticsError):
    """A raw file that cannot be read at all: not what its name says, cut off, unsafe, or in another encoding."""


def unpack(path: Path, name: str, target: Path, *, largest: int = LARGEST_UNPACKED) -> None:
    """Write the file's one CSV to `target`, without its byte order mark, in one streaming pass.

    Raises RawFileError for a zip that is no zip, is cut off, has a member with a path outside, holds none or several
    tables or expands beyond `largest` bytes, and for text that is empty or not UTF-8.
    """
    with _table_stream(path, name, largest) as raw, target.open("wb") as out:
        size = copy_text(raw, out, name, largest)
    if size == 0:
        raise RawFileError(f"{name}: the file is empty; expected a heading and rows")


def is_statcan(path: Path) -> bool:
    """Whether a file of any name begins as a table of Statistics Canada does."""
    return _first_words(path).startswith(b"REF_DATE")


def is_comext(path: Path) -> bool:
    """Whether a file of any name begins as an export of Eurostat's Comext does."""
    return _first_words(path).startswith(b"REPORTER,PARTNER,PRODUCT,FLOW,")


def _first_words(path: Path) -> bytes:
    """The first bytes of a CSV, or of the first in its zip, without quotes; none of what is neither."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [name for name in archive.namelist() if name.lower().endswith(".csv")]
                with archive.open(members[0]) if members else io.BytesIO() as file:
                    start = file.read(64)
        else:
            with path.open("rb") as file:
                start = file.read(64)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        return b""
    return start.removeprefix(_BOM).replace(b'"', b"")


def read_heading(path: Path, name: str) -> list[str]:
    """The column names in the first line of an unpacked CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        try:
            heading = next(csv.reader(file), [])
        except csv.Error as error:
            raise RawFileError(f"{name}: the first line is not a heading of columns: {error}") from error
    if len(heading) < 2:
        raise RawFileError(f"{name}: the first line is not a heading of columns: {','.join(heading)[:80]!r}")
    return heading


@contextmanager
def _table_stream(path: Path, name: str, largest: int) -> Iterator[IO[bytes]]:
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            yield file
        return
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_table_member(archive, name, largest)) as member:
            yield member
    except zipfile.BadZipFile as error:
        raise RawFileError(f"{name}: {_zip_fault(path, error)}") from error
    except (zlib.error, EOFError) as error:
        raise RawFileError(f"{name}: the zip is damaged or cut off ({error}); download it again") from error
    except RuntimeError as error:  # a password, or a way of packing that Python does not know
        raise RawFileError(f"{name}: the zip cannot be unpacked here: {error}") from error


def _zip_fault(path: Path, error: zipfile.BadZipFile) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith(b"PK"):
        return f"this is not a zip: it begins with {start!r}, expected b'PK'"
    return f"the zip is damaged or cut off ({error}); download it again"


def _table_member(archive: zipfile.ZipFile, name: str, largest: int) -> zipfile.ZipInfo:
    refuse_paths_outside(archive.infolist(), name)
    tables = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith(".csv") and not member.filename.lower().endswith("_metadata.csv")
    ]
    if len(tables) != 1:
        found = [member.filename for member in archive.infolist()][:5]
        raise RawFileError(f"{name}: expected one CSV table in the zip, found {len(tables)} among {found}")
    if tables[0].file_size > largest:
        raise RawFileError(too_large(name, tables[0].file_size, largest))
    return tables[0]


def refuse_paths_outside(members: Iterable[zipfile.ZipInfo], name: str) -> None:
    """Raise RawFileError where a member of a zip would lie outside the folder it is unpacked to."""
    for member in members:
        if _OUTSIDE.search(member.filename):
            raise RawFileError(
                f"{name}: the zip has a member with a path outside, {member.filename!r}; nothing was read"
            )


def too_large(name: str, size: int, largest: int) -> str:
    """The sentence on a zip that holds more than it may."""
    return f"{name}: the zip expands to {size:,} bytes or more, beyond the bound of {largest:,}; nothing was kept"


def copy_text(raw: IO[bytes], out: BinaryIO, name: str, largest: int) -> int:
    """Copy UTF-8 text without its byte order mark, with LF for CR LF, and return its size in bytes.

    Raises RawFileError, with the line, for a byte that is not UTF-8, a NUL, or more than `largest` bytes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = lines = 0
    while chunk := raw.read(_CHUNK):
        if size == 0:
            chunk = chunk.removeprefix(_BOM)
        # One kind of line end: after a CR LF, rows that end in LF alone would run together.
        if chunk.endswith(b"\r"):
            chunk += raw.read(1)
        chunk = _with_lf(chunk)
        _check_text(decoder, chunk, name, lines)
        size += len(chunk)
        lines += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _LF))
        if size > largest:  # what the zip's directory claims need not be what it holds
            raise RawFileError(too_large(name, size, largest))
        out.write(chunk)
    _check_text(decoder, b"", name, lines, final=True)
    return size


def _with_lf(chunk: bytes) -> bytes:
    """The chunk with LF for CR LF, as `replace` would do it in three times the time."""
    if b"\r" not in chunk:
        return chunk
    letters = np.frombuffer(chunk, np.uint8)
    kept = np.ones(len(letters), dtype=bool)
    kept[:-1] = (letters[:-1] != _CR) | (letters[1:] != _LF)
    return letters[kept].tobytes()


def _check_text(
    decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, lines: int, *, final: bool = False
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = lines + 1 + error.object[: error.start].count(b"\n")
        found = error.object[error.start : error.start + 4]
        raise RawFileError(f"{name}: line {line} is not UTF-8 (found {found!r}); save the file as UTF-8") from error
    if b"\0" in chunk:
        line = lines + 1 + chunk[: chunk.index(b"\0")].count(b"\n")
        raise RawFileError(f"{name}: line {line} holds a NUL byte; this is not a text file")
