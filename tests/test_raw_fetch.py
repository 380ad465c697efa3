"""Fetching, from a real server on this machine: vintages are kept, nothing half is stored, no failure is silent."""

import gzip
import io
import random
import socket
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.raw import raw_files
from tradeanalytics.raw.catalogue import Entry, entry
from tradeanalytics.raw.fetch import FetchError, NoNetworkError, fetch
from tradeanalytics.raw.store import read_manifest

SHARED = Path(__file__).parents[2] / "shared"
FETCH = sys.modules["tradeanalytics.raw.fetch"]


def a_zip(day: tuple[int, int, int] = (2022, 10, 5), seed: int = 1) -> bytes:
    """A zip of 300 kB, several chunks of a download, whose member is stamped with a day."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("t.csv", (*day, 0, 0, 0)), random.Random(seed).randbytes(300_000))
    return held.getvalue()


@dataclass
class Page:
    """What the server holds under one path, and how well it behaves."""

    body: bytes
    last_modified: str = ""
    etag: str = ""
    conditions: bool = True  # answers 304
    ranges: bool = True  # answers 206
    cut: int | None = None  # bytes after which it breaks off, once
    statuses: list[int] = field(default_factory=list)  # answered before the page is
    retry_after: str = "0"
    wrong_range: bool = False
    encoding: str = ""
    silent: float = 0.0  # seconds before it says anything
    moved_to: str = ""  # the URL it sends on to


class Site:
    """A server on this machine; `asked` keeps the path and headers of every request, `answered` every status."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answered: list[int] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                site.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        page = self.pages.get(to.path)
        if page is None or page.statuses:
            return self.send(
                to, page.statuses.pop(0) if page else 404, b"sorry", {"Retry-After": page.retry_after if page else ""}
            )
        time.sleep(page.silent)
        if page.moved_to:
            return self.send(to, 302, b"", {"Location": page.moved_to})
        validators = {"Last-Modified": page.last_modified, "ETag": page.etag, "Content-Encoding": page.encoding}
        if page.conditions and self.same(page, to.headers.get("If-None-Match"), to.headers.get("If-Modified-Since")):
            return self.send(to, 304, b"", validators)
        start = self.start(page, to)
        told = (
            {"Content-Range": f"bytes {start + page.wrong_range}-{len(page.body) - 1}/{len(page.body)}"}
            if start
            else {}
        )
        return self.send(to, 206 if start else 200, page.body[start:], validators | told, page)

    @staticmethod
    def same(page: Page, *validators: str | None) -> bool:
        return bool({page.etag, page.last_modified} & {text for text in validators if text})

    def start(self, page: Page, to: BaseHTTPRequestHandler) -> int:
        asked = to.headers.get("Range", "")
        if not page.ranges or not asked or not self.same(page, to.headers.get("If-Range")):
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def send(
        self, to: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str], page: Page | None = None
    ) -> None:
        self.answered.append(status)
        to.send_response(status)
        for name, value in headers.items():
            if value:
                to.send_header(name, value)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        cut = page.cut if page else None
        if page:
            page.cut = None
        with suppress(ConnectionError):  # the other side has hung up
            to.wfile.write(body if cut is None else body[:cut])


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch):
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "TRADEANALYTICS_MIRROR",
    ):
        monkeypatch.delenv(name, raising=False)


def entries_at(url: str, *keys: str) -> dict[str, Entry]:
    """Entries like the catalogue's, whose publisher is a server on this machine."""
    return {
        key: replace(entry("12-10-0119"), key=key, table=key, url=f"{url}/{key}.zip", filename=f"{key}.zip")
        for key in keys
    }


OCTOBER = "Wed, 05 Oct 2022 12:30:00 GMT"
NOVEMBER = "Thu, 03 Nov 2022 12:30:00 GMT"


def stored(root: Path) -> list[str]:
    return [file.name for file in raw_files(root)]


def left_over(root: Path) -> list[str]:
    return sorted(path.name for path in (root / ".partial").glob("*"))


def test_a_new_file_is_stored_under_the_day_of_its_release_with_its_record(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip(day=(2022, 10, 4)), OCTOBER, '"v1"')
    [got] = fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))
    assert (got.key, got.status, got.taken_from) == ("A", "new", f"{site.url}/A.zip")
    assert stored(tmp_path) == ["A/2022-10-05/A.zip"]
    manifest = read_manifest(got.file.path.parent)
    assert (manifest.taken_from, manifest.url) == (f"{site.url}/A.zip", f"{site.url}/A.zip")
    assert (manifest.last_modified, manifest.etag, manifest.size) == (OCTOBER, '"v1"', got.file.size)
    assert "2022-10-05" in manifest.citation and not got.file.altered
    assert not (tmp_path / ".partial").exists()


def test_an_unchanged_file_is_not_downloaded_again(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    entries = entries_at(site.url, "A")
    first, second = (fetch(["A"], tmp_path, entries=entries)[0] for _ in range(2))
    assert (first.status, second.status, second.file) == ("new", "unchanged", first.file)
    assert site.answered == [200, 304]
    assert site.asked[1][1]["If-Modified-Since"] == OCTOBER


def test_identical_bytes_from_a_server_that_ignores_conditions_make_no_second_vintage(site, tmp_path):
    page = site.pages["/A.zip"] = Page(a_zip(), OCTOBER, conditions=False)
    entries = entries_at(site.url, "A")
    fetch(["A"], tmp_path, entries=entries)
    assert fetch(["A"], tmp_path, entries=entries)[0].status == "unchanged"
    page.last_modified, page.conditions = NOVEMBER, True  # touched, not changed
    assert [fetch(["A"], tmp_path, entries=entries)[0].status for _ in range(2)] == ["unchanged", "unchanged"]
    assert site.answered == [200, 200, 200, 304]
    assert stored(tmp_path) == ["A/2022-10-05/A.zip"]


def test_a_new_release_is_a_new_vintage_and_the_old_one_stays(site, tmp_path):
    page = site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    entries = entries_at(site.url, "A")
    [old] = fetch(["A"], tmp_path, entries=entries)
    page.body, page.last_modified = a_zip(seed=2), NOVEMBER
    [new] = fetch(["A"], tmp_path, entries=entries)
    assert (new.status, new.file.vintage) == ("new", "2022-11-03")
    assert stored(tmp_path) == ["A/2022-10-05/A.zip", "A/2022-11-03/A.zip"]
    assert not raw_files(tmp_path)[0].altered and raw_files(tmp_path)[0].sha256 == old.file.sha256


def test_other_bytes_of_the_same_day_are_kept_beside_the_first(site, tmp_path):
    page = site.pages["/A.zip"] = Page(a_zip(), OCTOBER, conditions=False)
    for seed in (1, 2, 3):
        page.body = a_zip(seed=seed)
        fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))
    assert stored(tmp_path) == ["A/2022-10-05/A.zip", "A/2022-10-05.2/A.zip", "A/2022-10-05.3/A.zip"]
    assert {file.vintage for file in raw_files(tmp_path)} == {"2022-10-05"}


def test_a_kept_file_that_was_altered_is_fetched_again_beside_it(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    entries = entries_at(site.url, "A")
    [first] = fetch(["A"], tmp_path, entries=entries)
    first.file.path.write_bytes(b"changed by hand")
    [again] = fetch(["A"], tmp_path, entries=entries)
    assert (again.status, again.file.name, again.file.altered) == ("new", "A/2022-10-05.2/A.zip", False)
    assert first.file.path.read_bytes() == b"changed by hand"


def test_a_kept_file_that_was_deleted_is_put_back_in_its_place(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    entries = entries_at(site.url, "A")
    [first] = fetch(["A"], tmp_path, entries=entries)
    first.file.path.unlink()
    assert fetch(["A"], tmp_path, entries=entries)[0].file == first.file


DATES = [
    # Last-Modified, day stamped in the zip, vintage
    (OCTOBER, (2022, 10, 4), "2022-10-05"),  # the publisher's word goes first
    ("", (2022, 10, 4), "2022-10-04"),  # else its stamp in the zip
    ("yesterday", (2022, 10, 4), "2022-10-04"),  # a header that is no date
    ("", (1980, 1, 1), time.strftime("%Y-%m-%d")),  # else the day it was taken
]


@pytest.mark.parametrize(("last_modified", "stamp", "vintage"), DATES)
def test_which_day_names_the_vintage(site, tmp_path, last_modified, stamp, vintage):
    site.pages["/A.zip"] = Page(a_zip(stamp), last_modified)
    assert fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))[0].file.vintage == vintage


VALIDATORS = [
    # Last-Modified, ETag, what the server can, statuses answered
    (OCTOBER, "", {}, [200, 206]),
    ("", '"v1"', {}, [200, 206]),
    (OCTOBER, 'W/"v1"', {}, [200, 206]),  # a weak tag cannot vouch for a rest, the date can
    ("", 'W/"v1"', {}, [200, 200]),
    ("", "", {}, [200, 200]),  # nothing tells whether the rest is of the same file
    (OCTOBER, "", {"ranges": False}, [200, 200]),  # a server that always sends the whole
]


@pytest.mark.parametrize(("last_modified", "etag", "able", "answered"), VALIDATORS)
def test_a_cut_off_download_resumes_or_starts_again(site, tmp_path, last_modified, etag, able, answered):
    page = site.pages["/A.zip"] = Page(a_zip(), last_modified, etag, cut=200_000, **able)
    entries = entries_at(site.url, "A")
    with pytest.raises(FetchError, match=r"cut off after [0-9,]+ of 300,[0-9]+ bytes; run the same command again"):
        fetch(["A"], tmp_path, entries=entries)
    assert stored(tmp_path) == []
    assert left_over(tmp_path) == ["A.zip.part", "A.zip.part.json"]
    [got] = fetch(["A"], tmp_path, entries=entries)
    assert got.file.path.read_bytes() == page.body
    assert site.answered == answered and left_over(tmp_path) == []


def test_the_rest_of_a_file_that_changed_meanwhile_is_not_joined_to_the_old_beginning(site, tmp_path):
    page = site.pages["/A.zip"] = Page(a_zip(), OCTOBER, '"v1"', cut=200_000)
    entries = entries_at(site.url, "A")
    with pytest.raises(FetchError):
        fetch(["A"], tmp_path, entries=entries)
    page.body, page.last_modified, page.etag = a_zip(seed=2), NOVEMBER, '"v2"'
    [got] = fetch(["A"], tmp_path, entries=entries)
    assert got.file.path.read_bytes() == page.body and got.file.vintage == "2022-11-03"
    assert got.file.last_modified == NOVEMBER


def test_a_body_that_comes_packed_is_stored_unpacked_and_never_resumed_by_its_packed_length(site, tmp_path):
    page = site.pages["/A.zip"] = Page(gzip.compress(a_zip()), OCTOBER, cut=200_000, encoding="gzip")
    entries = entries_at(site.url, "A")
    with pytest.raises(FetchError, match="cut off"):
        fetch(["A"], tmp_path, entries=entries)
    [got] = fetch(["A"], tmp_path, entries=entries)
    assert got.file.path.read_bytes() == gzip.decompress(page.body) == a_zip()
    assert site.answered == [200, 200]


def test_a_rest_that_begins_elsewhere_is_refused(site, tmp_path):
    page = site.pages["/A.zip"] = Page(a_zip(), OCTOBER, cut=200_000, wrong_range=True)
    entries = entries_at(site.url, "A")
    for said in ("cut off", "asked for the rest"):
        with pytest.raises(FetchError, match=said):
            fetch(["A"], tmp_path, entries=entries)
    assert fetch(["A"], tmp_path, entries=entries)[0].file.path.read_bytes() == page.body


def test_a_part_longer_than_the_file_is_started_again(site, tmp_path):
    page = site.pages["/A.zip"] = Page(a_zip(), OCTOBER, cut=200_000)
    entries = entries_at(site.url, "A")
    with pytest.raises(FetchError):
        fetch(["A"], tmp_path, entries=entries)
    page.statuses = [416]
    assert fetch(["A"], tmp_path, entries=entries)[0].file.path.read_bytes() == page.body


INSTEAD = [
    # body, what the error calls it
    (b"<!DOCTYPE html><html>Service unavailable</html>", "a web page"),
    (b"\xef\xbb\xbf\n<html>", "a web page"),
    (b'{"status": "FAILED"}', "not a whole zip"),
    (a_zip()[:100_000], "not a whole zip"),  # cut off before the server had it
    (b"", "an empty file"),
]


@pytest.mark.parametrize(("body", "called"), INSTEAD, ids=["page", "page_with_mark", "json", "cut_zip", "nothing"])
def test_what_is_not_the_file_is_refused_and_leaves_nothing(site, tmp_path, body, called):
    site.pages["/A.zip"] = Page(body, OCTOBER)
    with pytest.raises(FetchError, match=f"/A.zip: sent .*{called}.*; expected A.zip; nothing was stored"):
        fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))
    assert stored(tmp_path) == [] and left_over(tmp_path) == []


def test_a_web_page_in_place_of_a_csv_is_refused_too(site, tmp_path):
    site.pages["/a.csv"] = Page(b"<html>no</html>")
    entries = {"a": replace(entry("12-10-0011-viewer"), url=f"{site.url}/a.csv")}
    with pytest.raises(FetchError, match="web page"):
        fetch(["a"], tmp_path, entries=entries)


STATUSES = [
    # statuses answered first, Retry-After, requests made, error
    ([], "", 1, None),
    ([503], "0", 2, None),  # one more try is enough
    ([429], "0", 2, None),
    ([503, 503], "0", 2, "503"),  # not a third
    ([503], "3600", 1, "503"),  # an hour is not waited
    ([503], "Wed, 21 Oct 2099 07:28:00 GMT", 1, "503"),
    ([404], "0", 1, "404"),  # will not be there a second later
    ([403], "0", 1, "403"),
]


@pytest.mark.parametrize(("statuses", "retry_after", "asked", "said"), STATUSES)
def test_a_server_that_fails_is_asked_once_more_and_then_named(site, tmp_path, statuses, retry_after, asked, said):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER, statuses=list(statuses), retry_after=retry_after)
    entries = entries_at(site.url, "A")
    if said:
        with pytest.raises(FetchError, match=f"A: {site.url}/A.zip: the server answered {said}"):
            fetch(["A"], tmp_path, entries=entries)
    else:
        assert fetch(["A"], tmp_path, entries=entries)[0].status == "new"
    assert len(site.asked) == asked


def test_one_failing_key_does_not_lose_the_others(site, tmp_path):
    site.pages |= {"/A.zip": Page(a_zip(), OCTOBER), "/C.zip": Page(a_zip(seed=3), OCTOBER)}
    with pytest.raises(FetchError, match=r"^2 of 4 not fetched: B: .*404.*; D: .*404") as caught:
        fetch(["A", "B", "C", "D"], tmp_path, entries=entries_at(site.url, "A", "B", "C", "D"))
    assert [got.key for got in caught.value.fetched] == ["A", "C"]
    assert stored(tmp_path) == ["A/2022-10-05/A.zip", "C/2022-10-05/C.zip"]
    assert "\n" not in str(caught.value)


def test_a_broken_manifest_fails_its_own_table_only(site, tmp_path):
    site.pages |= {"/A.zip": Page(a_zip()), "/B.zip": Page(a_zip(seed=2))}
    (tmp_path / "A" / "2021").mkdir(parents=True)
    (tmp_path / "A" / "2021" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(FetchError, match=r"1 of 2 not fetched: A: .*manifest\.json") as caught:
        fetch(["A", "B"], tmp_path, entries=entries_at(site.url, "A", "B"))
    assert [got.key for got in caught.value.fetched] == ["B"]


def test_an_unknown_key_is_refused_before_anything_is_asked(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip())
    with pytest.raises(TradeAnalyticsError, match="unknown key 'Z'; expected one of A"):
        fetch(["A", "Z"], tmp_path, entries=entries_at(site.url, "A"))
    with pytest.raises(TradeAnalyticsError, match="12-10-0119"):
        fetch(["Z"], tmp_path)
    assert site.asked == []


def test_the_same_file_asked_for_twice_is_fetched_once(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip())
    assert len(fetch(["A", "A"], tmp_path, entries=entries_at(site.url, "A"))) == 1


def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


UNREACHABLE = [
    # URL of the publisher, environment
    ("http://127.0.0.1:CLOSED", {}),  # nobody listens
    ("https://data.publisher.invalid", {}),  # a name that never resolves
    ("https://data.publisher.invalid", {"HTTPS_PROXY": "127.0.0.1:CLOSED"}),  # the proxy is what is asked
]


@pytest.mark.parametrize(("url", "environment"), UNREACHABLE)
def test_no_network_is_said_in_one_line_within_five_seconds(tmp_path, monkeypatch, url, environment):
    port = str(closed_port())
    for name, value in environment.items():
        monkeypatch.setenv(name, value.replace("CLOSED", port))
    url = url.replace("CLOSED", port)
    started = time.monotonic()
    with pytest.raises(NoNetworkError, match="could not be reached") as caught:
        fetch(["A", "B"], tmp_path, entries=entries_at(url, "A", "B"))
    assert time.monotonic() - started < 5
    assert "\n" not in str(caught.value) and "B:" not in str(caught.value)  # the second key is not waited for


@pytest.mark.parametrize("mirror", [None, "http://mirror.invalid"])
def test_a_name_lookup_that_hangs_is_not_waited_for(tmp_path, monkeypatch, mirror):
    # The one thing replaced here: a resolver that answers no one cannot be set up without rights on the machine.
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(20))
    started = time.monotonic()
    with pytest.raises(NoNetworkError, match="no answer within"):
        fetch(["A"], tmp_path, mirror=mirror, entries=entries_at("https://data.publisher.invalid", "A"))
    assert time.monotonic() - started < 5


def test_a_file_that_moved_is_followed(site, tmp_path):
    site.pages |= {"/A.zip": Page(b"", moved_to="/new/A.zip"), "/new/A.zip": Page(a_zip(), OCTOBER)}
    assert fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))[0].file.path.read_bytes() == a_zip()


MOVED = [
    # where to, what the error says
    ("http://127.0.0.1:CLOSED/A.zip", r"127\.0\.0\.1 could not be reached"),  # nobody listens
    ("http://new.publisher.invalid/A.zip", r"new\.publisher\.invalid could not be reached"),  # a lookup that hangs
    ("http://[new/A.zip", "A.zip: ValueError: Invalid IPv6 URL"),  # no URL
]


@pytest.mark.parametrize(("moved_to", "said"), MOVED)
def test_a_file_that_moved_to_where_nobody_answers_is_said_within_five_seconds(
    site, tmp_path, monkeypatch, moved_to, said
):
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **_: look_up(host, *rest) if host[0].isdigit() else time.sleep(20)
    )
    site.pages["/A.zip"] = Page(b"", moved_to=moved_to.replace("CLOSED", str(closed_port())))
    started = time.monotonic()
    with pytest.raises(FetchError, match=said) as caught:
        fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))
    assert time.monotonic() - started < 5 and "\n" not in str(caught.value)


def test_what_came_before_the_network_failed_is_kept_and_told(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    entries = entries_at(site.url, "A") | entries_at(f"http://127.0.0.1:{closed_port()}", "B")
    with pytest.raises(NoNetworkError) as caught:
        fetch(["A", "B"], tmp_path, entries=entries)
    assert [got.key for got in caught.value.fetched] == ["A"]


def test_a_server_that_takes_the_call_and_says_nothing_is_left(site, tmp_path, monkeypatch):
    monkeypatch.setattr(FETCH, "READ_SECONDS", 0.3)
    site.pages["/A.zip"] = Page(a_zip(), silent=1.5)
    with pytest.raises(FetchError, match=r"no answer within 0\.3 seconds; run the same command again"):
        fetch(["A"], tmp_path, entries=entries_at(site.url, "A"))


def folder_with(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


ALIKE = ["A.zip", "A (1).zip", "A_EXCERPT_two_partners.zip"]


@pytest.mark.parametrize("name", ALIKE)
def test_a_mirror_folder_is_asked_before_the_publisher(site, tmp_path, name):
    mirror = folder_with(tmp_path / "desk", **{name: a_zip(), "B.zip": b"another", "A.csv": b"another kind"})
    entries = entries_at(site.url, "A")
    [first] = fetch(["A"], tmp_path / "raw", mirror=str(mirror), entries=entries)
    [second] = fetch(["A"], tmp_path / "raw", mirror=str(mirror), entries=entries)
    assert (first.status, second.status, site.asked) == ("new", "unchanged", [])
    assert stored(tmp_path / "raw") == ["A/2022-10-05/A.zip"]  # by the stamp in the zip, under the publisher's name
    manifest = read_manifest(first.file.path.parent)
    assert (manifest.taken_from, manifest.url, manifest.last_modified) == ("mirror folder", f"{site.url}/A.zip", "")
    assert str(tmp_path) not in first.file.path.with_name("manifest.json").read_text(encoding="utf-8")
    assert (name in manifest.note) == (name != "A.zip")


def test_the_exact_name_in_a_mirror_folder_goes_before_one_like_it(site, tmp_path):
    mirror = folder_with(tmp_path / "desk", **{"A.zip": a_zip(), "A (1).zip": a_zip(seed=2)})
    [got] = fetch(["A"], tmp_path / "raw", mirror=str(mirror), entries=entries_at(site.url, "A"))
    assert got.file.path.read_bytes() == a_zip()


def test_two_files_in_a_mirror_folder_that_could_be_it_are_named(site, tmp_path):
    mirror = folder_with(tmp_path / "desk", **{"A (1).zip": a_zip(), "A (2).zip": a_zip()})
    with pytest.raises(FetchError, match=r"A \(1\)\.zip, A \(2\)\.zip"):
        fetch(["A"], tmp_path / "raw", mirror=str(mirror), entries=entries_at(site.url, "A"))
    assert site.asked == []


def test_what_a_mirror_folder_lacks_comes_from_the_publisher(site, tmp_path, monkeypatch):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    monkeypatch.setenv("TRADEANALYTICS_MIRROR", str(folder_with(tmp_path / "desk")))
    [got] = fetch(["A"], tmp_path / "raw", entries=entries_at(site.url, "A"))
    assert got.taken_from == f"{site.url}/A.zip"


def test_a_broken_zip_in_a_mirror_folder_is_refused(site, tmp_path):
    mirror = folder_with(tmp_path / "desk", **{"A.zip": a_zip()[:1000]})
    with pytest.raises(FetchError, match="mirror folder: sent something that is not a whole zip"):
        fetch(["A"], tmp_path / "raw", mirror=str(mirror), entries=entries_at(site.url, "A"))
    assert stored(tmp_path / "raw") == []


def test_a_mirror_that_is_no_folder_is_said_not_passed_over(site, tmp_path):
    with pytest.raises(FetchError, match="desk: not a folder"):
        fetch(["A"], tmp_path / "raw", mirror=str(tmp_path / "desk"), entries=entries_at(site.url, "A"))


def test_a_file_first_taken_from_a_mirror_folder_is_downloaded_at_most_once(site, tmp_path):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    entries, root = entries_at(site.url, "A"), tmp_path / "raw"
    fetch(["A"], root, mirror=str(folder_with(tmp_path / "desk", **{"A.zip": a_zip()})), entries=entries)
    assert [fetch(["A"], root, entries=entries)[0].status for _ in range(2)] == ["unchanged", "unchanged"]
    assert site.answered == [200, 304]
    assert read_manifest(root / "A" / "2022-10-05").taken_from == "mirror folder"


def test_a_mirror_can_be_the_beginning_of_a_url_and_its_password_is_not_recorded(site, tmp_path):
    site.pages["/data/A.zip"] = Page(a_zip(), NOVEMBER)
    mirror = site.url.replace("http://", "http://desk:secret@") + "/data/"
    entries = entries_at("http://data.publisher.invalid", "A")
    [first] = fetch(["A"], tmp_path, mirror=mirror, entries=entries)
    assert first.taken_from == f"{site.url}/data/A.zip"
    assert first.file.vintage == "2022-10-05"  # the day of the mirror's own copy is not the publisher's
    assert "secret" not in first.file.path.with_name("manifest.json").read_text(encoding="utf-8")
    assert fetch(["A"], tmp_path, mirror=mirror, entries=entries)[0].status == "unchanged"
    assert site.answered == [200, 304]


def test_what_one_server_says_of_a_file_is_not_asked_of_another(site, tmp_path):
    site.pages |= {"/A.zip": Page(a_zip(), OCTOBER, '"v1"'), "/data/A.zip": Page(a_zip(seed=2), NOVEMBER, '"v1"')}
    entries = entries_at(site.url, "A")
    fetch(["A"], tmp_path, mirror=f"{site.url}/data", entries=entries)
    [got] = fetch(["A"], tmp_path, entries=entries)
    assert (got.status, got.file.sha256) == ("new", raw_files(tmp_path)[-1].sha256)
    assert site.answered == [200, 200]


@pytest.mark.parametrize("is_up", [True, False])
def test_a_url_mirror_that_lacks_the_file_or_is_down_leaves_it_to_the_publisher(site, tmp_path, is_up):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    mirror = f"{site.url}/data" if is_up else f"http://127.0.0.1:{closed_port()}/"
    [got] = fetch(["A"], tmp_path, mirror=mirror, entries=entries_at(site.url, "A"))
    assert got.taken_from == f"{site.url}/A.zip"


def test_a_mirror_that_is_no_url_is_said(tmp_path):
    with pytest.raises(FetchError, match="the mirror is not a URL"):
        fetch(["A"], tmp_path, mirror="http://[desk/", entries=entries_at("http://data.publisher.invalid", "A"))


def test_no_progress_is_drawn_where_nobody_watches(site, tmp_path, capfd):
    site.pages["/A.zip"] = Page(a_zip(), OCTOBER)
    fetch(["A"], tmp_path, entries=entries_at(site.url, "A"), progress=True)
    assert capfd.readouterr() == ("", "")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real files, ../shared, is not beside the checkout")
def test_the_real_table_comes_from_the_shared_folder_under_the_day_of_its_release(tmp_path):
    mirror = str(SHARED / "data" / "statcan")
    [first] = fetch(["12-10-0119"], tmp_path, mirror=mirror)
    [second] = fetch(["12100119"], tmp_path, mirror=mirror)
    assert (first.file.vintage, first.file.name) == ("2022-10-05", "12-10-0119/2022-10-05/12100119-eng.zip")
    assert (first.status, second.status) == ("new", "unchanged")
    assert first.file.citation.startswith("Source: Statistics Canada, Table 12-10-0119")
    [viewer] = fetch(["12-10-0011-viewer"], tmp_path, mirror=mirror)
    assert viewer.file.path.name == "1210001101_databaseLoadingData.csv" and "EXCERPT" in viewer.file.note
