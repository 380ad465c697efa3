"""Downloading raw files: what the catalogue names, into vintages that are kept and never overwritten.

A mirror, a folder or the beginning of a URL, is asked before the publisher. What is not yet whole lies in `.partial`
under the raw root; a file appears under its real name only when it is complete and is what it should be.
"""

import json
import os
import queue
import re
import shutil
import socket
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

import requests
from tqdm import tqdm

from tradeanalytics import TradeAnalyticsError, __version__
from tradeanalytics.raw.catalogue import Entry, entry
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
LONGEST_WAIT_SECONDS = 10  # a server that asks for more is not waited for
_CHUNK = 1 << 16


class FetchError(TradeAnalyticsError):
    """Files that could not be had; `fetched` holds those that were stored all the same."""

    def __init__(self, message: str, fetched: Sequence["Fetched"] = ()) -> None:
        super().__init__(message)
        self.fetched = list(fetched)


class NoNetworkError(FetchError):
    """The server, or the proxy before it, could not be reached."""


class StatusError(FetchError):
    """The server answered that it has no such file, or that it failed."""


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
    """One entry to fetch, and what is already there of it."""

    entry: Entry
    root: Path
    kept: list[_Kept]
    progress: bool

    @property
    def part(self) -> Path:
        return self.root / ".partial" / f"{self.entry.filename}.part"

    @property
    def notes(self) -> Path:
        """Beside the part: which server it came from, and how to ask whether the rest is still of the same file."""
        return self.part.with_name(f"{self.part.name}.json")


@dataclass(frozen=True)
class _Taken:
    """Whole bytes in the part, and what their server said of them."""

    place: str
    etag: str = ""
    last_modified: str = ""
    encoded: bool = False  # its length and ranges then count other bytes than those of the file
    note: str = ""


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
        except NoNetworkError as error:
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
    job = _Job(want, root, _kept(root / want.table), progress)
    job.part.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _from_mirror(job, mirror) if mirror else _from_url(job, want.url, want.url, NETWORK_SECONDS)
    finally:
        with suppress(OSError):  # not empty: an unfinished download waits there
            job.part.parent.rmdir()


def _from_mirror(job: _Job, mirror: str) -> Fetched:
    """The mirror's file, else the publisher's; they share the seconds: two dead servers cost no more than one."""
    want, seconds = job.entry, NETWORK_SECONDS / 2
    if not mirror.startswith(("http://", "https://")):
        found = _in_folder(want.filename, Path(mirror))
        return _from_folder(job, found) if found else _from_url(job, want.url, want.url, NETWORK_SECONDS)
    url = f"{mirror.rstrip('/')}/{quote(want.filename)}"
    try:
        return _from_url(job, url, _without_secrets(url), seconds)
    except (StatusError, NoNetworkError) as lacking:
        try:
            return _from_url(job, want.url, want.url, seconds)
        except FetchError as error:
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
        return Fetched(job.entry.key, raw_file(same.path, job.root), "unchanged", MIRROR_FOLDER)
    job.notes.unlink(missing_ok=True)
    shutil.copyfile(found, job.part)
    note = "" if found.name == job.entry.filename else f"in the mirror folder its name was {found.name}"
    return _store(job, _Taken(MIRROR_FOLDER, note=note))


def _from_url(job: _Job, url: str, place: str, seconds: float) -> Fetched:
    """Ask one server, which is called `place` in words and records; `seconds` are what finding it may take."""
    known = next((kept for kept in reversed(job.kept) if kept.manifest.validator_from == place and _intact(kept)), None)
    headers = _resume(job, place) or (_unless_same(known.manifest) if known else {})
    _require_connection(url, seconds)
    with _answer(url, place, headers) as answer:
        if answer.status_code == 304 and known:
            return Fetched(job.entry.key, raw_file(known.path, job.root), "unchanged", place)
        _save(answer, job, place)
    return _store(job, _noted(job, place))


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


def _store(job: _Job, taken: _Taken) -> Fetched:
    """Move the whole part to its vintage, unless the same bytes are kept already."""
    try:
        _require_content(job, taken.place)
        sha256 = sha256_of(job.part)
        if same := _same_bytes(job.kept, sha256):
            _remember_validator(same, taken)
            return Fetched(job.entry.key, raw_file(same.path, job.root), "unchanged", taken.place)
        return Fetched(job.entry.key, raw_file(_move(job, taken, sha256), job.root), "new", taken.place)
    finally:
        _discard(job)


def _require_content(job: _Job, place: str) -> None:
    """Refuse what a server sends in place of a file: nothing, or a page that says it is sorry."""
    with job.part.open("rb") as file:
        head = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    is_page = head.startswith((b"<!doctype html", b"<html"))
    is_wrong = not head or is_page or (job.entry.filename.endswith(".zip") and not zipfile.is_zipfile(job.part))
    if is_wrong:
        sent = "a web page" if is_page else "something that is not a whole zip" if head else "an empty file"
        raise FetchError(f"{place}: sent {sent}; expected {job.entry.filename}; nothing was stored")


def _move(job: _Job, taken: _Taken, sha256: str) -> Path:
    manifest = _manifest(job, taken, sha256)
    folder = _free_folder(job.root / job.entry.table, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    # The manifest first: if this stops half-way the next fetch finds the record, no file, and puts the file there.
    write_manifest(manifest, folder)
    return job.part.replace(folder / manifest.file)


def _manifest(job: _Job, taken: _Taken, sha256: str) -> Manifest:
    want, vintage = job.entry, _vintage(job, taken)
    return Manifest(
        file=want.filename,
        sha256=sha256,
        size=job.part.stat().st_size,
        table=want.table,
        publisher=want.publisher,
        title=want.title,
        url=want.url,
        licence=want.licence,
        citation=want.cited(vintage),
        vintage=vintage,
        taken_on=date.today().isoformat(),
        taken_from=taken.place,
        validator_from=taken.place if taken.etag or taken.last_modified else "",
        etag=taken.etag,
        last_modified=taken.last_modified,
        note=taken.note,
    )


def _vintage(job: _Job, taken: _Taken) -> str:
    """The day of the release. A mirror's Last-Modified may be the day of its copy: a zip's stamp goes before it."""
    told = [_day(taken.last_modified), newest_member_date(job.part)]
    in_order = told if taken.place == job.entry.url else told[::-1]
    return next(filter(None, in_order), date.today().isoformat())


def _day(http_date: str) -> str:
    try:
        return parsedate_to_datetime(http_date).astimezone(UTC).date().isoformat()
    except ValueError:
        return ""


def _free_folder(table: Path, manifest: Manifest) -> Path:
    """`table/VINTAGE`, else the first of `VINTAGE.2`, `VINTAGE.3`... that holds no other bytes."""
    names = (f"{manifest.vintage}.{number}" if number > 1 else manifest.vintage for number in count(1))
    return next(table / name for name in names if _is_free(table / name, manifest))


def _is_free(folder: Path, manifest: Manifest) -> bool:
    found = read_manifest(folder) or manifest
    there = [path for path in folder.glob("*") if is_raw(path.relative_to(folder))]
    same = (path.name == manifest.file and sha256_of(path) == manifest.sha256 for path in there)
    return (found.file, found.sha256) == (manifest.file, manifest.sha256) and all(same)


def _remember_validator(kept: _Kept, taken: _Taken) -> None:
    """Note how this server names the bytes that are kept, so that it need not send them again."""
    if taken.etag or taken.last_modified:
        told = replace(kept.manifest, validator_from=taken.place, etag=taken.etag, last_modified=taken.last_modified)
        write_manifest(told, kept.folder)


def _discard(job: _Job) -> None:
    job.part.unlink(missing_ok=True)
    job.notes.unlink(missing_ok=True)


# Asking a server


def _require_connection(url: str, seconds: float) -> None:
    """Raise NoNetworkError unless the server, or the proxy before it, takes a connection within `seconds`.

    In a thread of its own, because looking up a name can hang for half a minute and heeds no timeout.
    """
    outcome: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: outcome.put(_refusal(url, seconds / 2)), daemon=True).start()
    try:
        refusal = outcome.get(timeout=seconds)
    except queue.Empty:
        refusal = f"{urlsplit(url).hostname} could not be reached (no answer within {seconds:g} seconds)"
    if refusal:
        raise NoNetworkError(f"{refusal}: no network, or a server that is down; files already there can still be used")


def _refusal(url: str, seconds: float) -> str:
    """Why the first machine on the way to `url` takes no connection, "" when it does."""
    host = urlsplit(url).hostname
    try:
        host, port = _first_hop(url)
        socket.create_connection((host, port), timeout=seconds).close()
    except (OSError, ValueError) as error:  # ValueError: a host name or port that cannot be one
        return f"{host} could not be reached ({getattr(error, 'strerror', None) or error})"
    return ""


def _first_hop(url: str) -> tuple[str, int]:
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    hop = urlsplit(proxy if proxy and "://" in proxy else f"http://{proxy}" if proxy else url)
    return hop.hostname or "", hop.port or {"https": 443, "http": 80}.get(hop.scheme, 1080)


@contextmanager
def _answer(url: str, place: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
    """The server's answer; one that it is busy or failed is asked once more. Raises FetchError in one line."""
    answer = _get(url, place, headers)
    if (answer.status_code == 429 or answer.status_code >= 500) and (wait := _wait(answer)) is not None:
        answer.close()
        time.sleep(wait)
        answer = _get(url, place, headers)
    if answer.status_code == 416:  # the part is longer than the file: it is of another one
        answer.close()
        answer = _get(url, place, {})
    with answer:
        if answer.status_code >= 400:
            raise StatusError(f"{place}: the server answered {answer.status_code} {answer.reason}")
        yield answer


def _wait(answer: requests.Response) -> int | None:
    """Seconds to wait before asking again, or None when that is too long."""
    asked = answer.headers.get("Retry-After", "1")
    return int(asked) if re.fullmatch("[0-9]{1,3}", asked) and int(asked) <= LONGEST_WAIT_SECONDS else None


def _get(url: str, place: str, headers: Mapping[str, str]) -> requests.Response:
    # identity: a length and a range then count the bytes of the file itself
    fixed = {"Accept-Encoding": "identity", "User-Agent": f"tradeanalytics/{__version__}"}
    try:
        return requests.get(url, headers={**fixed, **headers}, stream=True, timeout=(NETWORK_SECONDS, READ_SECONDS))
    except requests.ConnectTimeout as error:
        raise NoNetworkError(f"{place} could not be reached: no network, or a server that is down") from error
    except requests.ReadTimeout as error:
        raise FetchError(f"{place}: no answer within {READ_SECONDS:g} seconds; run the same command again") from error
    except requests.RequestException as error:
        raise FetchError(f"{place}: {_cause(error)}") from error


def _cause(error: BaseException) -> str:
    """The innermost reason of a wrapped error, in one line."""
    while isinstance(inner := getattr(error, "reason", None) or next(iter(error.args), None), BaseException):
        error = inner
    return " ".join(f"{type(error).__name__}: {error}".split())


# Saving what it sends


def _unless_same(known: Manifest) -> dict[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _resume(job: _Job, place: str) -> dict[str, str]:
    """Headers that ask for the rest of a part, if it is of this server and its validator is strong; else none."""
    noted = _noted(job, place)
    validator = noted.last_modified if noted.etag.startswith("W/") else noted.etag or noted.last_modified
    size = job.part.stat().st_size if job.part.is_file() else 0
    return {"Range": f"bytes={size}-", "If-Range": validator} if validator and size and not noted.encoded else {}


def _noted(job: _Job, place: str) -> _Taken:
    """What `place` said of the part; nothing when the part is of another server."""
    with suppress(OSError, ValueError, TypeError):
        noted = _Taken(**json.loads(job.notes.read_text(encoding="utf-8")))
        if noted.place == place:
            return noted
    return _Taken(place)


def _note(job: _Job, place: str, answer: requests.Response) -> None:
    headers = answer.headers
    told = _Taken(place, headers.get("ETag", ""), headers.get("Last-Modified", ""), _is_encoded(answer))
    job.notes.write_text(json.dumps(asdict(told)), encoding="utf-8")


def _is_encoded(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Encoding", "identity") != "identity"


def _save(answer: requests.Response, job: _Job, place: str) -> None:
    """Write the answer's body to the part, after what is there when the server sends only the rest."""
    start = _start(answer, job, place)
    if not start:
        _discard(job)
        _note(job, place, answer)
    whole = _whole_size(answer, start)
    with _bar(job, start, whole) as bar:
        broken = _write(answer, job.part, "ab" if start else "wb", bar)
    size = job.part.stat().st_size
    if broken or (whole is not None and size != whole):
        of = "" if whole is None else f" of {whole:,}"
        raise FetchError(f"{place}: cut off after {size:,}{of} bytes; run the same command again to resume")


def _start(answer: requests.Response, job: _Job, place: str) -> int:
    """How many bytes of the part the answer goes on from."""
    if answer.status_code != 206:
        return 0
    size, told = job.part.stat().st_size, answer.headers.get("Content-Range", "")
    if not told.startswith(f"bytes {size}-"):
        _discard(job)
        raise FetchError(f"{place}: asked for the rest after {size:,} bytes, the server sent {told!r}; run it again")
    return size


def _whole_size(answer: requests.Response, start: int) -> int | None:
    """Bytes of the whole file, or None when the server does not tell."""
    length = answer.headers.get("Content-Length", "")
    return start + int(length) if length.isdecimal() and not _is_encoded(answer) else None


def _write(answer: requests.Response, part: Path, mode: str, bar: "tqdm[Any]") -> bool:
    """Write the body as it comes; whether it broke off."""
    with part.open(mode) as file:
        try:
            for chunk in answer.iter_content(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
        except requests.RequestException:
            return True
    return False


def _bar(job: _Job, start: int, whole: int | None) -> "tqdm[Any]":
    disable = None if job.progress else True  # None: off unless stderr is a terminal
    return tqdm(desc=job.entry.key, initial=start, total=whole, unit="B", unit_scale=True, leave=False, disable=disable)
