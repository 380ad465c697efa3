"""Downloading raw files: what the catalogue names, into vintages that are kept and never overwritten.

A mirror, a folder or the beginning of a URL, is asked before the publisher. What is not yet whole lies in `.partial`
under the raw root; a file appears under its real name only when it is complete and is what it should be.
"""

import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.raw.catalogue import Entry, entry
from tradeanalytics.raw.http import Part, Server, StatusError, Told, UnreachableError, download
from tradeanalytics.raw.store import (
    Manifest,
    RawFile,
    is_raw,
    newest_member_date,
    raw_file,
    read_manifest,
    sha256_of,
    turn,
    write_manifest,
)

MIRROR_VARIABLE = "TRADEANALYTICS_MIRROR"
MIRROR_FOLDER = "mirror folder"
NETWORK_SECONDS = 4.5  # in all, so that a missing network is said within five
READ_SECONDS = 30.0


class FetchError(TradeAnalyticsError):
    """Files that could not be had; `fetched` holds those that were stored all the same."""

    def __init__(self, message: str, fetched: Sequence["Fetched"] = ()) -> None:
        super().__init__(message)
        self.fetched = list(fetched)


class NoNetworkError(FetchError):
    """The server, or the proxy before it, could not be reached."""


@dataclass(frozen=True)
class Fetched:
    """One key after a fetch: its file, whether that is a new vintage, and where it was taken or compared."""

    key: str
    file: RawFile
    status: Literal["new", "unchanged"]
    taken_from: str


@dataclass(frozen=True)
class _Kept:
    """A vintage in the store."""

    folder: Path
    manifest: Manifest

    @property
    def path(self) -> Path:
        return self.folder / self.manifest.file


@dataclass(frozen=True)
class _Job:
    """One entry to fetch, and what is already there of it: vintages, and perhaps a part."""

    entry: Entry
    root: Path
    kept: list[_Kept]
    part: Part


def fetch(
    keys: Sequence[str],
    root: Path,
    *,
    mirror: str | None = None,
    progress: bool = True,
    entries: Mapping[str, Entry] | None = None,
) -> list[Fetched]:
    """Fetch the files of `keys` into the raw folder `root`, in that order, each key once.

    `mirror` (else the environment variable TRADEANALYTICS_MIRROR) is a folder or the beginning of a URL. `entries`
    stands in for the catalogue. Raises TradeAnalyticsError for an unknown key before anything is asked; FetchError,
    after all keys are tried, naming those that failed; NoNetworkError at the first key that finds no network.
    """
    wanted = list(dict.fromkeys(_entry(key, entries) for key in keys))
    mirror = os.environ.get(MIRROR_VARIABLE, "") if mirror is None else mirror
    fetched: list[Fetched] = []
    failed: list[str] = []
    for want in wanted:
        try:
            fetched.append(_fetch_one(want, root, mirror, progress))
        except UnreachableError as error:
            raise NoNetworkError("; ".join([*failed, f"{want.key}: {error}"]), fetched) from error
        except (TradeAnalyticsError, OSError) as error:
            failed.append(f"{want.key}: {error}")
    if failed:
        raise FetchError(f"{len(failed)} of {len(wanted)} not fetched: " + "; ".join(failed), fetched)
    return fetched


def _entry(key: str, entries: Mapping[str, Entry] | None) -> Entry:
    if entries is None:
        return entry(key)
    if key not in entries:
        raise TradeAnalyticsError(f"catalogue: unknown key {key!r}; expected one of {', '.join(entries)}")
    return entries[key]


def _fetch_one(want: Entry, root: Path, mirror: str, progress: bool) -> Fetched:
    partial = root / ".partial"
    job = _Job(want, root, _kept(root / want.table), Part(partial / f"{want.filename}.part", want.key, progress))
    partial.mkdir(parents=True, exist_ok=True)
    try:
        return _from_mirror(job, mirror) if mirror else _from_publisher(job, NETWORK_SECONDS)
    finally:
        with suppress(OSError):  # not empty: an unfinished download waits there
            partial.rmdir()


# From where


def _from_mirror(job: _Job, mirror: str) -> Fetched:
    """The mirror's file, else the publisher's; they share the seconds: two dead servers cost no more than one."""
    if not mirror.startswith(("http://", "https://")):
        found = _in_folder(job.entry.filename, Path(mirror))
        return _from_folder(job, found) if found else _from_publisher(job, NETWORK_SECONDS)
    url, seconds = f"{mirror.rstrip('/')}/{quote(job.entry.filename)}", NETWORK_SECONDS / 2
    try:
        return _from_server(job, url, _without_secrets(url), seconds)
    except (StatusError, UnreachableError) as lacking:
        try:
            return _from_publisher(job, seconds)
        except TradeAnalyticsError as error:
            raise type(error)(f"{error} (before that, the mirror: {lacking})") from error


def _without_secrets(url: str) -> str:
    """A URL as it may be recorded and printed: without user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FetchError(f"the mirror is not a URL ({error}); expected a folder or the beginning of a URL") from error
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _in_folder(filename: str, folder: Path) -> Path | None:
    """The file of that name in a mirror folder, else the only one whose name begins and ends like it."""
    if not folder.is_dir():
        raise FetchError(f"{folder}: not a folder; expected the mirror, a folder or the beginning of a URL")
    if (folder / filename).is_file():
        return folder / filename
    stem, suffix = Path(filename).stem, Path(filename).suffix
    alike = sorted(path for path in folder.glob("*") if path.name.startswith(stem) and path.suffix == suffix)
    if len(alike) > 1:
        names = ", ".join(path.name for path in alike)
        raise FetchError(f"{folder}: no {filename}, and more than one file could be it: {names}; expected one")
    return alike[0] if alike else None


def _from_folder(job: _Job, found: Path) -> Fetched:
    if same := _same_bytes(job.kept, sha256_of(found)):
        return _unchanged(job, same, MIRROR_FOLDER)
    job.part.discard()
    shutil.copyfile(found, job.part.path)
    note = "" if found.name == job.entry.filename else f"in the mirror folder its name was {found.name}"
    return _store(job, Told(MIRROR_FOLDER), note)


def _from_publisher(job: _Job, seconds: float) -> Fetched:
    return _from_server(job, job.entry.url, job.entry.url, seconds)


def _from_server(job: _Job, url: str, place: str, seconds: float) -> Fetched:
    kept = next((kept for kept in reversed(job.kept) if kept.manifest.validator_from == place and _intact(kept)), None)
    known = Told(place, kept.manifest.etag, kept.manifest.last_modified) if kept else None
    told = download(Server(url, place, seconds, READ_SECONDS), job.part, known)
    return _unchanged(job, kept, place) if kept and told is known else _store(job, told)


# What is kept


def _kept(table: Path) -> list[_Kept]:
    """The vintages of a table, oldest first, without extracts: those are nobody's download."""
    manifests = ((folder, read_manifest(folder)) for folder in sorted(table.glob("*")) if folder.is_dir())
    kept = [_Kept(folder, manifest) for folder, manifest in manifests if manifest and not manifest.extract]
    return sorted(kept, key=lambda vintage: (vintage.manifest.vintage, turn(vintage.folder)))


def _intact(kept: _Kept) -> bool:
    return kept.path.is_file() and sha256_of(kept.path) == kept.manifest.sha256


def _same_bytes(kept: Sequence[_Kept], sha256: str) -> _Kept | None:
    return next((vintage for vintage in kept if vintage.manifest.sha256 == sha256 and _intact(vintage)), None)


def _unchanged(job: _Job, kept: _Kept, place: str) -> Fetched:
    return Fetched(job.entry.key, raw_file(kept.path, job.root), "unchanged", place)


def _store(job: _Job, told: Told, note: str = "") -> Fetched:
    """Move the whole part to its vintage, unless the same bytes are kept already."""
    try:
        _require_content(job, told.place)
        manifest = _manifest(job, told, note)
        if same := _same_bytes(job.kept, manifest.sha256):
            _remember_validator(same, manifest)
            return _unchanged(job, same, told.place)
        return Fetched(job.entry.key, raw_file(_move(job, manifest), job.root), "new", told.place)
    finally:
        job.part.discard()


def _require_content(job: _Job, place: str) -> None:
    """Refuse what a server sends in place of a file: nothing, or a page that says it is sorry."""
    path, filename = job.part.path, job.entry.filename
    with path.open("rb") as file:
        head = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    is_page = head.startswith((b"<!doctype html", b"<html"))
    if not head or is_page or (filename.endswith(".zip") and not zipfile.is_zipfile(path)):
        sent = "a web page" if is_page else "something that is not a whole zip" if head else "an empty file"
        raise FetchError(f"{place}: sent {sent}; expected {filename}; nothing was stored")


def _manifest(job: _Job, told: Told, note: str) -> Manifest:
    want, part, vintage = job.entry, job.part, _vintage(job, told)
    return Manifest(
        file=want.filename,
        sha256=sha256_of(part.path),
        size=part.size,
        table=want.table,
        publisher=want.publisher,
        title=want.title,
        url=want.url,
        licence=want.licence,
        citation=want.cited(vintage),
        vintage=vintage,
        taken_on=date.today().isoformat(),
        taken_from=told.place,
        validator_from=told.place if told.etag or told.last_modified else "",
        etag=told.etag,
        last_modified=told.last_modified,
        note=note,
    )


def _vintage(job: _Job, told: Told) -> str:
    """The day of the release. A mirror's Last-Modified may be the day of its copy: a zip's stamp goes before it."""
    days = [_day(told.last_modified), newest_member_date(job.part.path)]
    in_order = days if told.place == job.entry.url else days[::-1]
    return next(filter(None, in_order), date.today().isoformat())


def _day(http_date: str) -> str:
    try:
        return parsedate_to_datetime(http_date).astimezone(UTC).date().isoformat()
    except ValueError:
        return ""


def _remember_validator(kept: _Kept, told: Manifest) -> None:
    """Note how this server names the bytes that are kept, so that it need not send them again."""
    if told.validator_from:
        etag, last_modified = told.etag, told.last_modified
        named = replace(kept.manifest, validator_from=told.validator_from, etag=etag, last_modified=last_modified)
        write_manifest(named, kept.folder)


def _move(job: _Job, manifest: Manifest) -> Path:
    folder = _free_folder(job.root / job.entry.table, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    # The manifest first: if this stops half-way the next fetch finds the record, no file, and puts the file there.
    write_manifest(manifest, folder)
    return job.part.path.replace(folder / manifest.file)


def _free_folder(table: Path, manifest: Manifest) -> Path:
    """`table/VINTAGE`, else the first of `VINTAGE.2`, `VINTAGE.3`... that holds no other bytes."""
    names = (f"{manifest.vintage}.{number}" if number > 1 else manifest.vintage for number in count(1))
    return next(table / name for name in names if _is_free(table / name, manifest))


def _is_free(folder: Path, manifest: Manifest) -> bool:
    found = read_manifest(folder) or manifest
    there = [path for path in folder.glob("*") if is_raw(path.relative_to(folder))]
    same = (path.name == manifest.file and sha256_of(path) == manifest.sha256 for path in there)
    return (found.file, found.sha256) == (manifest.file, manifest.sha256) and all(same)
