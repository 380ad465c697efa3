"""From a text file in any encoding to a UTF-8 CSV that begins with its heading line, in streaming passes."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tradeanalytics.clean.encoding import CHUNK, UTF8, Encoding, find_encoding
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import RawFileError

Score = Callable[[Sequence[str]], float]

DELIMITERS = (";", ",", "\t", "|")
_NAMES = {";": "semicolon", ",": "comma", "\t": "TAB", "|": "bar"}
_PREAMBLE = 50  # the heading stands in these first records, as in a workbook
_END_OF_FILE = b"\x1a"  # DOS programs, of which cp866 files come, end a text with it


@dataclass(frozen=True)
class _Heading:
    """Where a text's heading record is: its cells and its delimiter, its number and the characters before it."""

    cells: list[str]
    delimiter: str
    record: int
    start: int


def read_text(path: Path, name: str, work: Path, *, score: Score, named: str | None = None) -> list[TextTable]:
    """The one table of a text file, transcoded to `rows.csv` in the work folder.

    Raises RawFileError for text that is empty, holds a NUL or bytes that its encoding does not know, ends its lines
    with CR alone, or whose encoding or delimiter cannot be decided.
    """
    encoding = find_encoding(path, name, named)
    start = _start(path, name, encoding)
    heading = _find_heading(start, name, score)
    target = work / "rows.csv"
    preamble = start[: heading.start]
    _transcode(path, target, name, encoding, preamble)
    notes = (encoding.note, _preamble_note(preamble, heading.record))
    said = tuple(note for note in notes if note)
    return [
        TextTable(target, "csv", heading.delimiter, heading.cells, None, 1, said, encoding.codec, heading.delimiter)
    ]


def _start(path: Path, name: str, encoding: Encoding) -> str:
    start = next(_texts(path, name, encoding), "")
    if not start.strip():
        raise RawFileError(f"{name}: the file is empty; expected a heading and rows")
    if "\r" in start and "\n" not in start:
        raise RawFileError(f"{name}: its lines end with CR alone (an old Macintosh export); save it as CSV again")
    return start


def _texts(path: Path, name: str, encoding: Encoding) -> Iterator[str]:
    """The text of a file in pieces, without its byte order mark and DOS end mark."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    lines = 1
    with path.open("rb") as file:
        left = _size(path)
        while chunk := file.read(min(CHUNK, left)):
            left -= len(chunk)
            text = _decoded(decoder, chunk, left == 0, lines, f"{name}: ", encoding)
            lines += text.count("\n")
            yield text


def _size(path: Path) -> int:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - 1, 0))
        return size - (file.read(1) == _END_OF_FILE)


def _decoded(
    decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool, lines: int, place: str, encoding: Encoding
) -> str:
    try:
        text = decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(b"\n")
        found = error.object[error.start : error.start + 4]
        reason = f"{encoding.note}; expected text in it" if encoding.note else "expected UTF-8"
        raise RawFileError(f"{place}line {line} holds {found!r}, which is no {encoding.codec} ({reason})") from error
    if b"\0" in chunk and "\0" in text:  # bytes are quick to search; UTF-16 is full of zero bytes
        line = lines + text[: text.index("\0")].count("\n")
        raise RawFileError(f"{place}line {line} holds a NUL byte; this is not a text file of a known encoding")
    return text


def _transcode(path: Path, target: Path, name: str, encoding: Encoding, preamble: str) -> None:
    """Write a file as UTF-8 from what follows its preamble; line ends stay as they are."""
    with target.open("wb") as out:
        if encoding == UTF8:
            _copy(path, out, len(preamble.encode()))
            return
        skip = len(preamble)
        with ThreadPoolExecutor(1) as writer:  # one piece is written while the next is decoded
            written = writer.submit(lambda: 0)
            for text in _texts(path, name, encoding):
                piece = text[skip:].encode()
                written.result()
                written, skip = writer.submit(out.write, piece), 0
            written.result()


def _copy(path: Path, out: BinaryIO, start: int) -> None:
    with path.open("rb") as file:
        file.seek(start)
        left = _size(path) - start
        while chunk := file.read(min(CHUNK, left)):
            left -= len(chunk)
            out.write(chunk)


def _find_heading(start: str, name: str, score: Score) -> _Heading:
    """The record and delimiter that fit a known layout best; without any, the one delimiter that cuts evenly."""
    records = list(islice(_records(start), _PREAMBLE))
    splits = [[_split(record, delimiter) for record in records] for delimiter in DELIMITERS]
    scores = {
        (d, r): score(cells)
        for d, rows in enumerate(splits)
        for r, cells in enumerate(rows)
        if cells and len(cells) > 1
    }
    best = max(scores.values(), default=0.0)
    chosen = {d for (d, _), found in scores.items() if found == best} if best > 0 else _even(splits)
    if len(chosen) != 1:
        raise RawFileError(f"{name}: {_no_delimiter(records, chosen)}")
    (d,) = chosen
    r = next(r for r in range(len(records)) if best == 0 or scores.get((d, r)) == best)
    return _Heading(splits[d][r], DELIMITERS[d], r + 1, sum(map(len, records[:r])))


def _records(text: str) -> Iterator[str]:
    """Lines with their ends, joined while a quoted cell is open."""
    held = ""
    for line in text.split("\n"):
        held += line + "\n"
        if held.count('"') % 2 == 0:
            yield held
            held = ""
    if held:
        yield held


def _split(record: str, delimiter: str) -> list[str]:
    try:
        rows = list(csv.reader([record.rstrip("\r\n")], delimiter=delimiter))
    except csv.Error:
        return []
    return [cell.strip() for cell in rows[0]] if rows else []


def _even(splits: list[list[list[str]]]) -> set[int]:
    """The delimiters that cut the first record, and nearly all after it, into the same number of cells."""
    even = set()
    for d, rows in enumerate(splits):
        widths = Counter(len(cells) for cells in rows if cells and cells != [""])
        width = len(rows[0]) if rows else 0
        if width > 1 and widths[width] >= 0.9 * widths.total():
            even.add(d)
    return even


def _no_delimiter(records: list[str], chosen: set[int]) -> str:
    first = next((record.strip() for record in records if record.strip()), "")[:80]
    if chosen:
        found = " and ".join(_NAMES[DELIMITERS[d]] for d in sorted(chosen))
        return f"its cells could be separated by {found} alike; save it with one of them: the first line is {first!r}"
    return (
        f"no heading of columns was found in its first {len(records)} lines, separated by semicolon, comma, TAB or bar;"
        f" the first line is {first!r}"
    )


def _preamble_note(preamble: str, record: int) -> str:
    lines = [line.strip() for line in preamble.splitlines() if line.strip()]
    if not lines:
        return ""
    return f"{record - 1} lines before the headings were not read; the first is {lines[0][:80]!r}"
