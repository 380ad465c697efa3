"""The raw files that are there: where each came from, which release it is, whether its bytes are still those recorded.

Kept files lie as `<table>/<vintage>/<filename>` with a `manifest.json` beside them; any other file under the root is a
loose raw file.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.raw.beside import CONFIRMED, MAPPING
from tradeanalytics.raw.catalogue import Entry, catalogue, table_of

MANIFEST = "manifest.json"
_NOT_RAW = {"README.md", MANIFEST}
_VINTAGE = re.compile(r"(?:[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)?")


@dataclass(frozen=True)
class Manifest:
    """What is recorded of one kept file, in the `manifest.json` of its folder.

    `taken_from` is where the bytes really came from (a URL, or "mirror folder"), `url` where the publisher offers them;
    `etag` and `last_modified` are as sent by `validator_from`, and mean nothing to any other server.
    """

    file: str
    sha256: str
    size: int
    table: str
    publisher: str = ""
    title: str = ""
    url: str = ""
    licence: str = ""
    citation: str = ""
    vintage: str = ""
    taken_on: str = ""
    taken_from: str = ""
    validator_from: str = ""
    etag: str = ""
    last_modified: str = ""
    extract: bool = False
    note: str = ""


_BLANK = Manifest(file="", sha256="", size=0, table="")
_JSON_NAMES = {str: "text", int: "a whole number", bool: "true or false"}


@dataclass(frozen=True)
class RawFile:
    """One raw file, its bytes hashed now, and what is known of its origin; text that is not known is ""."""

    path: Path
    name: str  # posix path relative to the raw root
    sha256: str  # of the bytes now
    size: int  # bytes
    recorded_sha256: str  # what the manifest says; "" when there is no manifest
    table: str
    publisher: str
    title: str
    url: str
    licence: str
    citation: str
    vintage: str  # the publisher's release, "2022-10-05", "2022-10" or "2026": sorts as text
    taken_on: str
    last_modified: str  # as sent
    extract: bool  # a small file made from published figures, not the publisher's own
    note: str

    @property
    def invented(self) -> bool:
        """Whether it is made up, as the sample is: such a file says so by its name."""
        return self.path.name.startswith("SYNTHETIC")

    @property
    def file_id(self) -> str:
        """First 16 hex digits of the hash: the file's name in every table."""
        return self.sha256[:16]

    @property
    def altered(self) -> bool:
        """Whether the bytes are no longer those the manifest recorded."""
        return self.recorded_sha256 not in ("", self.sha256)


def raw_files(root: Path) -> list[RawFile]:
    """Every raw file under `root`, each one hashed, in order of table, vintage, extracts first, turn and name.

    The last of a table is thus the newest release. A root that is not there holds no files. Raises TradeAnalyticsError
    on a broken manifest.
    """
    files = [raw_file(path, root) for path in _raw_paths(root)]
    return sorted(
        files, key=lambda file: (file.table, file.vintage, not file.extract, turn(file.path.parent), file.name)
    )


def raw_file(path: Path, root: Path) -> RawFile:
    """One raw file, inside `root` or anywhere else.

    Raises TradeAnalyticsError when the file cannot be read or the manifest beside it is broken.
    """
    try:
        sha256, size = sha256_of(path), path.stat().st_size
    except OSError as error:
        raise TradeAnalyticsError(f"{path}: cannot be read ({error.strerror or error}); expected a file") from error
    manifest = read_manifest(path.parent)
    named = manifest is not None and manifest.file == path.name
    known = manifest if manifest is not None and named else _loose(path, sha256, size)
    told = {field.name: getattr(known, field.name) for field in fields(RawFile) if hasattr(known, field.name)}
    now = {"path": path, "name": _name(path, root), "sha256": sha256, "size": size}
    return RawFile(**told | now | {"recorded_sha256": known.sha256 if named else ""})


def turn(folder: Path) -> int:
    """Which of the files of one release a vintage folder holds: 1, and 2 for "2022-10-05.2", which came later.

    As text ".2" would come before the first, and ".10" before ".2".
    """
    number = folder.name.rpartition(".")[2]
    return int(number) if re.fullmatch(r"[0-9-]+\.[0-9]{1,9}", folder.name) else 1


def _raw_paths(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if is_raw(path.relative_to(root)) and path.is_file():
            yield path


def is_raw(relative: PurePath) -> bool:
    """Whether a path below the root names a raw file: no README, manifest, mapping, note, or unfinished download."""
    hidden = any(part.startswith(".") for part in relative.parts)
    beside = relative.name in _NOT_RAW or relative.name.endswith((".part", MAPPING, CONFIRMED))
    return not hidden and not beside


def _name(path: Path, root: Path) -> str:
    full, top = path.absolute(), root.absolute()  # not resolved: a file linked into the root is one of its files
    return full.relative_to(top).as_posix() if full.is_relative_to(top) else path.name


def _loose(path: Path, sha256: str, size: int) -> Manifest:
    """What the name of a file without a manifest tells; `url` stays empty, for nobody recorded where it was taken."""
    table = table_of(path.name)
    vintage = newest_member_date(path) if table else ""
    about = catalogue().get(table)
    return Manifest(file=path.name, sha256=sha256, size=size, table=table, vintage=vintage, **_words(about, vintage))


def _words(about: Entry | None, vintage: str) -> dict[str, Any]:
    if about is None:
        return {}
    return {
        "publisher": about.publisher,
        "title": about.title,
        "licence": about.licence,
        "citation": about.cited(vintage),
        "note": "no manifest: the table is read from the file name",
    }


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def newest_member_date(path: Path) -> str:
    """The newest date stamped on a member of a zip, the publisher's own mark of a release; "" when there is none.

    1980 is where the stamp of a zip begins: writers that keep no date put it there.
    """
    stamps = []
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        stamps = [member.date_time[:3] for member in archive.infolist()]
    return max((day for stamp in stamps if (day := _day(*stamp)) > "1981"), default="")


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # a stamp of month 0 is seen in real zips
        return ""


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, or None when it has none.

    Raises TradeAnalyticsError, naming the file and the fault, when it is broken.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise TradeAnalyticsError(f"{path}: cannot be read as JSON ({error})") from error
    if fault := _fault(found):
        raise TradeAnalyticsError(f"{path}: {fault}")
    return Manifest(**found)


def _fault(found: object) -> str:
    """What is wrong with a manifest, "" when nothing is."""
    if not isinstance(found, dict):
        return "expected one JSON object"
    types = {field.name: type(getattr(_BLANK, field.name)) for field in fields(Manifest)}
    missing, unexplained = {"file", "sha256", "size", "table"} - found.keys(), found.keys() - types.keys()
    if missing or unexplained:
        return f"missing {sorted(missing)}, unexplained {sorted(unexplained)}"
    wrong = [name for name, value in found.items() if type(value) is not types[name]]
    told = [f"{name} is {found[name]!r}, expected {_JSON_NAMES[types[name]]}" for name in wrong]
    return "; ".join(told) or _false_value(Manifest(**found))


def _false_value(manifest: Manifest) -> str:
    if re.search(r"[/\\:]", manifest.file) or not manifest.file:
        return f"file is {manifest.file!r}, expected the name of a file in the same folder"
    if not re.fullmatch("[0-9a-f]{64}", manifest.sha256):
        return f"sha256 is {manifest.sha256!r}, expected 64 hex digits"
    if not _VINTAGE.fullmatch(manifest.vintage):
        return f"vintage is {manifest.vintage!r}, expected YYYY, YYYY-MM, YYYY-MM-DD or nothing"
    return ""


def write_manifest(manifest: Manifest, folder: Path) -> Path:
    """Write `manifest.json` into a folder, whole or not at all, the same bytes for the same facts."""
    path, unfinished = folder / MANIFEST, folder / f".{MANIFEST}.part"
    text = json.dumps(asdict(manifest), indent=2, sort_keys=True, ensure_ascii=False)
    unfinished.write_text(text + "\n", encoding="utf-8", newline="\n")
    unfinished.replace(path)
    return path
