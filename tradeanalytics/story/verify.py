"""Whether every published figure comes out the same when it is made again from its raw files."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.raw import RawFile, raw_file
from tradeanalytics.story.bundle import publish, read_bundle, slugs
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.figures import FIGURES


@dataclass(frozen=True)
class Verdict:
    """One figure, and all that keeps it from reproducing: nothing, if it does."""

    slug: str
    complaints: tuple[str, ...]


def verify(root: Path) -> list[Verdict]:
    """Make every published bundle again from the raw files it names, and compare every byte.

    Bundles are judged one by one: a raw file that is missing or unreadable is a complaint, not an end.
    """
    figures = processed_folder(root) / "figures"
    with tempfile.TemporaryDirectory(prefix="tradeanalytics-") as work:
        cleaned: set[str] = set()
        return [_verdict(slug, figures, root, Path(work), cleaned) for slug in slugs(figures)]


def _verdict(slug: str, figures: Path, root: Path, work: Path, cleaned: set[str]) -> Verdict:
    complaints: list[str] = []
    try:
        raw = _raw_again(read_bundle(figures, slug)["files"], root, work, cleaned, complaints)
        complaints += _differences(_made_again(slug, raw, root, work), figures / slug)
    except (TradeAnalyticsError, KeyError, ValueError, TypeError) as error:
        complaints.append(f"cannot be made again: {error}")
    return Verdict(slug, tuple(complaints))


def _raw_again(
    files: Iterable[Mapping[str, Any]], root: Path, work: Path, cleaned: set[str], complaints: list[str]
) -> list[RawFile]:
    """Clean the raw files a bundle names, each once; add a complaint for each that it was not made from."""
    found = []
    for file in files:
        raw = raw_file(raw_folder(root) / file["name"], raw_folder(root))
        if raw.name not in cleaned:
            clean(raw, work / "processed", altered=True)
            cleaned.add(raw.name)
        if raw.sha256 != file["sha256"]:
            complaints.append(
                f"data/raw/{raw.name} is not the file it was made from"
                f" (sha256 {raw.sha256[:16]}, then {file['sha256'][:16]})"
            )
        found.append(raw)
    return found


def _made_again(slug: str, raw: list[RawFile], root: Path, work: Path) -> Path:
    if slug not in FIGURES:
        raise TradeAnalyticsError(f"no figure is called {slug}; there are {', '.join(FIGURES)}")
    desk = open_desk(root, processed=work / "processed", only=raw)
    return publish(FIGURES[slug](desk), work / "figures")


def _differences(made: Path, published: Path) -> list[str]:
    """What differs between two bundles: numbers by point, other files by name."""
    names = sorted({path.name for folder in (made, published) for path in folder.iterdir()})
    different = [name for name in names if _bytes(made / name) != _bytes(published / name)]
    numbers = [line for name in different if name.endswith(".csv") for line in _numbers(made / name, published / name)]
    others = [name for name in different if not name.endswith(".csv")]
    return numbers + ([f"differs from what is published: {', '.join(others)}"] if others else [])


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _numbers(made: Path, published: Path) -> list[str]:
    rows = [_by_point(path) for path in (made, published)]
    points = [point for point in dict.fromkeys([*rows[0], *rows[1]]) if rows[0].get(point) != rows[1].get(point)]
    said = [f"{point}: published {rows[1].get(point)}, from the raw files {rows[0].get(point)}" for point in points[:3]]
    return said + ([f"and {len(points) - 3} more points"] if len(points) > 3 else []) or [f"{made.name} differs"]


def _by_point(path: Path) -> dict[str, str]:
    """The numbers of each row of a CSV by its first column."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: ", ".join(row[1:]) for row in csv.reader(file) if row}
