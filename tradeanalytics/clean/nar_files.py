"""The files of a National Address Register: in the publisher's zip or unpacked in a folder, one province at a time."""

from __future__ import annotations

import codecs
import hashlib
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tradeanalytics.clean.unpack import LARGEST_UNPACKED, RawFileError, copy_text, refuse_paths_outside
from tradeanalytics.clean.workbook_parts import opened_zip
from tradeanalytics.parties.residences.keys import PROVINCES
from tradeanalytics.raw.store import newest_member_date, read_manifest, sha256_of
from tradeanalytics.sources.nar import MEMBER

_YEAR_MONTH = re.compile(r"(?<![0-9])(20[0-9]{2})(0[1-9]|1[0-2])?(?![0-9])")
Parts = dict[str, list[str]]  # the files of a province, in the order of their parts


@dataclass(frozen=True)
class Files:
    """The files of one release: of addresses and of locations, by province."""

    source: Path
    addresses: Parts
    locations: Parts

    @contextmanager
    def copied(self, member: str, target: Path) -> Iterator[tuple[Path, bool]]:
        """One file as UTF-8 without byte order mark, for as long as it is read, and whether it was Latin-1."""
        name = f"{self.source.name} ({member})"
        try:
            try:
                self._copy(member, target, name, "")
                latin = False
            except UnicodeDecodeError:
                self._copy(member, target, name, "latin-1")
                latin = True
            yield target, latin
        finally:
            target.unlink(missing_ok=True)

    def _copy(self, member: str, target: Path, name: str, encoding: str) -> None:
        with self._opened(member) as packed, target.open("wb") as out:
            stream = codecs.EncodedFile(packed, "utf-8", encoding) if encoding else packed
            try:
                size = copy_text(stream, out, name, LARGEST_UNPACKED)
            except RawFileError as error:
                if not encoding and isinstance(error.__cause__, UnicodeDecodeError):
                    raise error.__cause__ from None
                raise
        if not size:
            raise RawFileError(f"{name}: the file is empty; expected a heading and rows")

    @contextmanager
    def _opened(self, member: str) -> Iterator[IO[bytes]]:
        if self.source.is_dir():
            with (self.source / member).open("rb") as file:
                yield file
            return
        with opened_zip(self.source, self.source.name, "zip") as archive, archive.open(member) as file:
            yield file

    def sha256(self) -> str:
        """Of the zip; of a folder, of the hashes and names of its files in order."""
        if not self.source.is_dir():
            return sha256_of(self.source)
        names = sorted(name for parts in (self.addresses, self.locations) for of in parts.values() for name in of)
        lines = (f"{sha256_of(self.source / name)}  {name}\n" for name in names)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def vintage(self) -> str:
        """The release as the manifest beside it, its name or its dates tell it, such as 2026-06; "" where none does."""
        manifest = read_manifest(self.source.parent) if self.source.is_file() else None
        if manifest is not None and manifest.file == self.source.name and manifest.vintage:
            return manifest.vintage
        for name in (self.source.stem, self.source.parent.name):
            if found := _YEAR_MONTH.search(name):
                return "-".join(filter(None, found.groups()))
        return newest_member_date(self.source) if self.source.is_file() else ""


def is_nar(path: Path) -> bool:
    """Whether a zip holds the register, by the names of its files."""
    with suppress(OSError, zipfile.BadZipFile):
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(_member(name) for name in archive.namelist())
    return False


def open_files(source: Path) -> Files:
    """The files in a zip or a folder.

    Raises RawFileError for a source that is not there, is no zip or cut off, holds no addresses, has a path outside, or
    lacks a part between two others.
    """
    if source.is_dir():
        names = sorted(path.relative_to(source).as_posix() for path in source.rglob("*.csv") if path.is_file())
    elif source.is_file():
        names = _members(source)
    else:
        raise RawFileError(f"{source.name}: there is no such file or folder; expected the register's zip or its folder")
    addresses = _by_province(names, "Address", source.name)
    if not addresses:
        found = ", ".join(names[:3]) or "no file"
        raise RawFileError(f"{source.name}: expected Addresses/Address_10.csv and the like, found {found}")
    return Files(source, addresses, _by_province(names, "Location", source.name))


def _members(path: Path) -> list[str]:
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith(b"PK"):
        raise RawFileError(f"{path.name}: this is not a zip: it begins with {start!r}, expected b'PK'")
    with opened_zip(path, path.name, "zip") as archive:
        refuse_paths_outside(archive.infolist(), path.name)
        return archive.namelist()


def _member(name: str) -> re.Match[str] | None:
    return MEMBER.fullmatch(PurePosixPath(name.replace("\\", "/")).name)


def _by_province(names: list[str], kind: str, source: str) -> Parts:
    found: dict[str, dict[int, str]] = {}
    for name in names:
        match = _member(name)
        if match and match[1].lower() == kind.lower():
            parts = found.setdefault(match[2], {})
            number = int(match[3] or 0)
            if number in parts:
                raise RawFileError(f"{source}: {name} and {parts[number]} are the same part; expected it once")
            parts[number] = name
    for province, parts in found.items():
        _expect_every_part(province, parts, kind, source)
    return {province: [parts[number] for number in sorted(parts)] for province, parts in sorted(found.items())}


def _expect_every_part(province: str, parts: dict[int, str], kind: str, source: str) -> None:
    if province not in PROVINCES:
        raise RawFileError(f"{source}: {kind}_{province}: there is no province {province}; expected 10 to 62")
    if 0 in parts and len(parts) > 1:
        raise RawFileError(f"{source}: {kind}_{province}.csv is there whole and in parts; expected one of the two")
    gone = sorted({*range(1, max(parts) + 1)} - {*parts})
    if gone:
        raise RawFileError(f"{source}: {kind}_{province}_part_{gone[0]}.csv is missing; unpack or download it again")
