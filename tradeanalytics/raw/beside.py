"""Which files beside a raw file are read with it: a mapping of its headings, a note, the other tables of its release.

The build asks this of every file before it does anything: nothing here loads more than the standard library.
"""

from __future__ import annotations

import re
from pathlib import Path

MAPPING = ".map.toml"
CONFIRMED = ".smaller.txt"
MANIFEST_TABLE = re.compile(
    r"(?i)ams_+(?P<table>[a-z]+)_+(?P<release>[0-9]{4}_+[0-9]{8,14})(?:\.\w+)?\.(?:csv|txt|tsv|zip)"
)


def sisters(path: Path) -> dict[str, Path]:
    """The files of one release of the US manifest, by table, this one among them; empty for any other name."""
    named = MANIFEST_TABLE.fullmatch(path.name)
    if not named or not path.parent.is_dir():
        return {}
    found: dict[str, Path] = {}
    for other in sorted(path.parent.iterdir()):
        name = MANIFEST_TABLE.fullmatch(other.name)
        if name and name["release"] == named["release"] and other.is_file():
            found.setdefault(name["table"].lower(), other)
    return {**found, named["table"].lower(): path}


def read_with(path: Path) -> list[Path]:
    """The files that the cleaning of a raw file reads too, in the order of their names."""
    mapping = path.with_name(path.name + MAPPING)
    others = [other for other in sisters(path).values() if other != path]
    return sorted([*others, *(note for note in (mapping, confirmed_path(path)) if note.exists())])


def confirmed_path(path: Path) -> Path:
    """Where a note lies that a list was looked at, although it is much smaller than the one before it."""
    return path.with_name(path.name + CONFIRMED)
