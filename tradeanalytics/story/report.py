"""The page that `make figures` ends with: every figure in two languages, the notebooks, and the raw files behind them.

Every page the tools write goes through `write_page`, which refuses one that would ask another host for anything.
"""

import html
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import jinja2
from babel.numbers import format_decimal

from tradeanalytics import TradeAnalyticsError

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
PICTURES = ("png", "svg", "pdf")
_LOCALES = {"en": "en_CA", "fr": "fr_CA"}

_LOADING = {"src", "srcset", "imagesrcset", "poster", "data", "background", "manifest", "action", "formaction", "ping"}
_ADDRESS = re.compile(r"(?:^|,)(?:[a-z]+:)?//", re.IGNORECASE)
_STYLE_ADDRESS = re.compile(
    r"(?:url\(|@import\b|image-set\()\s*(?:url\()?['\"\s]*(?:[a-z]+:)?//[^\s'\")]*", re.IGNORECASE
)
_SCRIPT_ADDRESS = re.compile(r"(?:import\s*\(?|from|fetch\()\s*['\"](?:[a-z]+:)?//[^'\"]*", re.IGNORECASE)


@dataclass(frozen=True)
class Picture:
    """One language of a figure: its words, the size of its PNG in pixels, and links relative to the page."""

    words: Mapping[str, str]
    width: int
    height: int
    links: Mapping[str, str]


@dataclass(frozen=True)
class Bundle:
    """One published figure as the page shows it."""

    slug: str
    synthetic: bool
    query: str
    files: Sequence[Mapping[str, str]]
    pictures: Mapping[Language, Picture]
    links: Mapping[str, str]

    @property
    def vintages(self) -> list[tuple[str, str]]:
        """The (table, vintage) pairs behind the figure, each once, in the order of its files."""
        return list(dict.fromkeys((file["table"], file["vintage"]) for file in self.files))


@dataclass(frozen=True)
class Page:
    """One notebook that was run: its title, its file name, and its link relative to the report."""

    title: str
    name: str
    link: str


def build_report(figures: Path, notebooks_html: Path, cleaning: Sequence[Mapping[str, object]], out: Path) -> Path:
    """Write the report on everything that was made, to the file `out`, and return it.

    `figures` holds one folder per bundle, `notebooks_html` the pages of `notebooks.run_all`, and `cleaning` one mapping
    per raw file (name, file_id, table, vintage, publisher, records, accepted, rejected, reasons, first_period,
    last_period); a file that could not be read has `error` instead of counts, one with the bytes of another `same_as`.
    Links are relative to `out`; the same inputs give the same bytes.
    Raises TradeAnalyticsError for a bundle with a part missing, and for a raw file whose records do not add up.
    """
    content = (
        pages()
        .get_template("report.html.j2")
        .render(
            bundles=sorted(_bundles(figures, out.parent), key=lambda bundle: (bundle.synthetic, bundle.slug)),
            notebooks=list(_notebooks(notebooks_html, out)),
            files=[_balanced(report) for report in cleaning if "records" in report],
            refused=[report for report in cleaning if "error" in report],
            again=[report for report in cleaning if "same_as" in report],
        )
    )
    return write_page(content, out)


def pages() -> jinja2.Environment:
    """The templates of this room: text is escaped, and a name that is not there is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    return environment


def write_page(content: str, path: Path) -> Path:
    """Write one HTML page whole or not at all, and return its path.

    Raises TradeAnalyticsError, and leaves the last page as it was, if the page would ask another host for anything.
    """
    if asked := asks_other_hosts(content):
        raise TradeAnalyticsError(f"{path.name}: the page would load {asked[0]!r}; embed the file, or link to it")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_text(content, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def asks_other_hosts(content: str) -> list[str]:
    """What an HTML page would load from an address with a host in it; links to follow (`<a href>`) are not loads.

    >>> asks_other_hosts('<a href="https://example.org/">source</a> <img src="chart.png">')
    []
    >>> asks_other_hosts('<img src="//example.org/pixel.gif">')
    ['//example.org/pixel.gif']
    """
    reader = _Loads()
    reader.feed(content)
    reader.close()
    return reader.found


class _Loads(HTMLParser):
    """Collects every address that a browser would fetch without being asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.found += _loads(tag, name, value or "")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is not None:
            pattern = _STYLE_ADDRESS if self.cdata_elem == "style" else _SCRIPT_ADDRESS
            self.found += pattern.findall(data)


def _loads(tag: str, name: str, value: str) -> list[str]:
    if name == "srcdoc":
        return asks_other_hosts(value)
    if tag == "meta" and name == "content" and (target := re.search(r"url\s*=\s*(\S*//\S*)", value, re.IGNORECASE)):
        return [target[1]]
    if name in _LOADING or (name in {"href", "xlink:href"} and tag not in {"a", "area"}):
        return [value] if _names_a_host(value) else []
    return _STYLE_ADDRESS.findall(value)


def _names_a_host(value: str) -> bool:
    # Browsers drop blanks inside an address and read a backslash as a slash.
    address = re.sub(r"[\x00-\x20]", "", value).replace("\\", "/")
    return not address.startswith("data:") and _ADDRESS.search(address) is not None


def _bundles(figures: Path, page: Path) -> Iterator[Bundle]:
    for path in figures.glob("*/*.json"):
        if path.stem == path.parent.name:
            yield _bundle(path, page)


def _bundle(path: Path, page: Path) -> Bundle:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Bundle(
            slug=path.stem,
            synthetic=told["synthetic"],
            query=told["query"],
            files=told["files"],
            pictures={language: _picture(path, language, told["words"][language], page) for language in LANGUAGES},
            links={kind: _link(path.with_suffix(f".{kind}"), page) for kind in ("csv", "json")},
        )
    except KeyError as missing:
        raise TradeAnalyticsError(f"{path.name}: {missing} is missing; expected every field of a bundle") from None
    except ValueError as error:
        raise TradeAnalyticsError(f"{path.name}: not a bundle in JSON ({error})") from None


def _picture(path: Path, language: Language, words: dict[str, str], page: Path) -> Picture:
    files = {kind: path.with_name(f"{path.stem}.{language}.{kind}") for kind in PICTURES}
    width, height = _png_size(files["png"])
    links = {kind: _link(file, page) for kind, file in files.items()}
    return Picture({key: words[key] for key in _WORDS}, width, height, links)


_WORDS = ("headline", "subtitle", "alt_text", "caption", "source")


def _png_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels: with them on the page, a link to a figure lands on it before the pictures load."""
    head = path.open("rb").read(24) if path.exists() else b""
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        raise TradeAnalyticsError(f"{path.name}: no such picture in its bundle; expected a PNG file")
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def _link(path: Path, page: Path) -> str:
    """The link to a file from a page in the folder `page`, on any system and with any character in its name."""
    if not path.exists():
        raise TradeAnalyticsError(f"{path.name}: no such file in its bundle; the report would link to nothing")
    return quote(Path(os.path.relpath(path, page)).as_posix())


def _notebooks(folder: Path, out: Path) -> Iterator[Page]:
    for path in sorted(folder.glob("*.html")):
        if path.resolve() != out.resolve():
            title = re.search(r"<title>(.*?)</title>", path.read_text(encoding="utf-8"), re.DOTALL)
            yield Page(html.unescape(title[1]) if title else path.stem, path.stem, _link(path, out.parent))


def _balanced(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cleaning report, `set_aside` told; refused if a record was lost: the page must not vouch for such a file."""
    if report["accepted"] + report["rejected"] != report["records"]:
        counts = f"{report['accepted']} accepted + {report['rejected']} rejected"
        raise TradeAnalyticsError(f"{report['name']}: {counts} records; expected {report['records']}, all in the file")
    return {"set_aside": 0, **report}


def _number(value: int, language: Language) -> str:
    return str(format_decimal(value, locale=_LOCALES[language]))
