"""Asking a server for one file: reached within seconds or given up, nothing sent twice, resumed where it broke off."""

import json
import queue
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from tqdm import tqdm

from tradeanalytics import TradeAnalyticsError, __version__

LONGEST_WAIT_SECONDS = 10  # a server that asks for more is not waited for
_CHUNK = 1 << 16


class ServerError(TradeAnalyticsError):
    """A server, or the way to it, that did not give the file."""


class UnreachableError(ServerError):
    """The server, or the proxy before it, takes no connection."""


class StatusError(ServerError):
    """The server answered that it has no such file, or that it failed."""


@dataclass(frozen=True)
class Server:
    """Whom to ask for one file, and how long to wait."""

    url: str
    place: str  # what it is called in words and records
    reach: float  # seconds that finding it may take, the looking up of its name included
    silence: float  # seconds it may then say nothing


@dataclass(frozen=True)
class Told:
    """What the server at `place` said of its file; "" where it said nothing."""

    place: str
    etag: str = ""
    last_modified: str = ""
    encoded: bool = False  # its length and ranges then count other bytes than those of the file


@dataclass(frozen=True)
class Part:
    """A file on its way; the notes beside it keep what was told of it, so that only the rest need be asked for."""

    path: Path
    label: str  # of the progress bar
    progress: bool

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def notes(self) -> Path:
        """The file of the notes."""
        return self.path.with_name(f"{self.path.name}.json")

    def discard(self) -> None:
        """Remove the part and its notes."""
        self.path.unlink(missing_ok=True)
        self.notes.unlink(missing_ok=True)


def download(server: Server, part: Part, known: Told | None) -> Told:
    """Bring the server's file to the part, whole, and return what was told of it: `known` itself if that still holds.

    Raises UnreachableError, StatusError or another ServerError, in one line; what came of the file then stays in the
    part if the rest can be asked for.
    """
    _require_connection(server.url, server.reach)
    headers = _only_rest(part, server.place) or _unless_same(known)
    with _answer(server, headers) as answer:
        if answer.status_code == 304 and known:
            return known
        return _save(answer, part, server.place)


# Reaching it


def _require_connection(url: str, seconds: float) -> None:
    """Raise UnreachableError unless the server, or the proxy before it, takes a connection within `seconds`.

    In a thread of its own, because looking up a name can hang for half a minute and heeds no timeout.
    """
    outcome: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: outcome.put(_refusal(url, seconds / 2)), daemon=True).start()
    try:
        refusal = outcome.get(timeout=seconds)
    except queue.Empty:
        refusal = f"no answer within {seconds:g} seconds"
    if refusal:
        raise UnreachableError(
            f"{urlsplit(url).hostname} could not be reached ({refusal}):"
            " no network, or a server that is down; files already there can still be used"
        )


def _refusal(url: str, seconds: float) -> str:
    """Why the first machine on the way to `url` takes no connection, "" when it does."""
    try:
        socket.create_connection(_first_hop(url), timeout=seconds).close()
    except (OSError, ValueError) as error:  # ValueError: a host name or port that cannot be one
        return f"{getattr(error, 'strerror', None) or error}"
    return ""


def _first_hop(url: str) -> tuple[str, int]:
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    hop = urlsplit(proxy if proxy and "://" in proxy else f"http://{proxy}" if proxy else url)
    return hop.hostname or "", hop.port or {"https": 443, "http": 80}.get(hop.scheme, 1080)


# Asking


def _only_rest(part: Part, place: str) -> dict[str, str]:
    """Headers that ask for the rest of a part, if it is of this server and its validator is strong; else none."""
    noted = _noted(part, place)
    validator = noted.last_modified if noted.etag.startswith("W/") else noted.etag or noted.last_modified
    can_resume = validator and part.size and not noted.encoded
    return {"Range": f"bytes={part.size}-", "If-Range": validator} if can_resume else {}


def _unless_same(known: Told | None) -> dict[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    return {name: value for name, value in conditions.items() if value}


@contextmanager
def _answer(server: Server, headers: Mapping[str, str]) -> Iterator[requests.Response]:
    """The server's answer; one that it is busy or failed is asked for once more."""
    answer = _get(server, headers)
    if (wait := _wait(answer)) is not None:
        answer.close()
        time.sleep(wait)
        answer = _get(server, headers)
    if answer.status_code == 416:  # the part is longer than the file: it is of another one
        answer.close()
        answer = _get(server, {})
    with answer:
        if answer.status_code >= 400:
            raise StatusError(f"{server.place}: the server answered {answer.status_code} {answer.reason}")
        yield answer


def _wait(answer: requests.Response) -> int | None:
    """Seconds to wait before asking again; None when that is too long, or when the answer will be the same."""
    may_pass = answer.status_code == 429 or answer.status_code >= 500
    asked = answer.headers.get("Retry-After", "1")
    is_soon = re.fullmatch("[0-9]{1,3}", asked) and int(asked) <= LONGEST_WAIT_SECONDS
    return int(asked) if may_pass and is_soon else None


def _get(server: Server, headers: Mapping[str, str]) -> requests.Response:
    # identity: a length and a range then count the bytes of the file itself
    fixed = {"Accept-Encoding": "identity", "User-Agent": f"tradeanalytics/{__version__}"}
    try:
        return requests.get(
            server.url,
            headers={**fixed, **headers},
            stream=True,
            timeout=(server.reach, server.silence),
            hooks={"response": lambda answer, *_, **__: _require_next(answer, server)},
        )
    except requests.ConnectTimeout as error:
        raise UnreachableError(f"{server.place} could not be reached: no network, or a server that is down") from error
    except requests.ReadTimeout as error:
        late = f"no answer within {server.silence:g} seconds; run the same command again"
        raise ServerError(f"{server.place}: {late}") from error
    except (requests.RequestException, ValueError) as error:  # ValueError: sent on to what is no URL
        raise ServerError(f"{server.place}: {_cause(error)}") from error


def _require_next(answer: requests.Response, server: Server) -> None:
    """Raise UnreachableError when the server sends on to one that is down, in half the time: this one took some."""
    if answer.is_redirect:
        _require_connection(urljoin(answer.url, answer.headers["Location"]), server.reach / 2)


def _cause(error: BaseException) -> str:
    """The innermost reason of a wrapped error, in one line."""
    while isinstance(inner := getattr(error, "reason", None) or next(iter(error.args), None), BaseException):
        error = inner
    return " ".join(f"{type(error).__name__}: {error}".split())


# Saving what it sends


def _save(answer: requests.Response, part: Part, place: str) -> Told:
    """Write the answer's body to the part, after what is there when the server sends only the rest."""
    start = _start(answer, part, place)
    if not start:
        part.discard()
        _note(answer, part, place)
    whole = _whole_size(answer, start)
    broken = _write(answer, part, start, whole)
    if broken or whole not in (None, part.size):
        of = "" if whole is None else f" of {whole:,}"
        raise ServerError(f"{place}: cut off after {part.size:,}{of} bytes; run the same command again to resume")
    return _noted(part, place)


def _start(answer: requests.Response, part: Part, place: str) -> int:
    """How many bytes of the part the answer goes on from."""
    if answer.status_code != 206:
        return 0
    size, told = part.size, answer.headers.get("Content-Range", "")
    if not told.startswith(f"bytes {size}-"):
        part.discard()
        raise ServerError(f"{place}: asked for the rest after {size:,} bytes, the server sent {told!r}; run it again")
    return size


def _whole_size(answer: requests.Response, start: int) -> int | None:
    """Bytes of the whole file, or None when the server does not tell."""
    length = answer.headers.get("Content-Length", "")
    return start + int(length) if length.isdecimal() and not _is_encoded(answer) else None


def _is_encoded(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Encoding", "identity") != "identity"


def _write(answer: requests.Response, part: Part, start: int, whole: int | None) -> bool:
    """Write the body as it comes; whether it broke off."""
    with _bar(part, start, whole) as bar, part.path.open("ab" if start else "wb") as file:
        try:
            for chunk in answer.iter_content(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
        except requests.RequestException:
            return True
    return False


def _bar(part: Part, start: int, whole: int | None) -> "tqdm[Any]":
    disable = None if part.progress else True  # None: off unless stderr is a terminal
    return tqdm(desc=part.label, initial=start, total=whole, unit="B", unit_scale=True, leave=False, disable=disable)


def _note(answer: requests.Response, part: Part, place: str) -> None:
    headers = answer.headers
    told = Told(place, headers.get("ETag", ""), headers.get("Last-Modified", ""), _is_encoded(answer))
    part.notes.write_text(json.dumps(asdict(told)), encoding="utf-8")


def _noted(part: Part, place: str) -> Told:
    """What `place` said of the part; nothing when the part is of another server."""
    with suppress(OSError, ValueError, TypeError):
        noted = Told(**json.loads(part.notes.read_text(encoding="utf-8")))
        if noted.place == place:
            return noted
    return Told(place)
