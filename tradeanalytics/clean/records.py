"""The text of single records of a CSV, as published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def texts(path: Path) -> Iterator[str]:
    """Every record after the heading, in order, without its line end; a quoted line break does not end a record."""
    with path.open("rb") as file:
        rest = _joined(file)
        next(rest, None)
        for record in rest:
            yield record.rstrip(b"\r\n").decode()


def _joined(lines: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for line in lines:
        held += line
        if held.count(b'"') % 2 == 0:
            yield held
            held = b""
    if held:
        yield held
