"""The desk: a project folder with its raw files and its clean tables, opened together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import outputs
from tradeanalytics.engine import Engine, connect
from tradeanalytics.raw import RawFile, raw_files


@dataclass(frozen=True)
class Desk:
    """A project: `engine` answers over the clean tables in `processed`, `raw` is every raw file by its file_id."""

    root: Path
    processed: Path
    engine: Engine
    raw: dict[str, RawFile]


def raw_folder(root: Path) -> Path:
    """Where a project keeps its raw files."""
    return root / "data" / "raw"


def processed_folder(root: Path) -> Path:
    """Where a project keeps everything made from its raw files."""
    return root / "data" / "processed"


def open_desk(root: Path, *, processed: Path | None = None, only: Collection[RawFile] | None = None) -> Desk:
    """Open a project; with `only`, as if these were its only raw files."""
    folder = processed or processed_folder(root)
    files = raw_files(raw_folder(root)) if only is None else list(only)
    names = {path.stem for file in files for path in outputs(file.name, folder).values()}
    engine = connect(folder, only=names)
    if engine.empty():
        raise TradeAnalyticsError(f"{folder.name}: no clean table yet; run `make figures`, or `tradeanalytics clean`")
    return Desk(root, folder, engine, {file.file_id: file for file in files})


def find_root(start: Path | None = None) -> Path:
    """The project folder at or above `start`: the nearest one that holds data/raw."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if raw_folder(folder).is_dir():
            return folder
    raise TradeAnalyticsError(f"{here}: no data/raw here or above; run this inside a tradeanalytics folder")
