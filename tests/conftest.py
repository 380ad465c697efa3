"""What tests share: the real files beside the checkout, a project to work in, and tables in the publisher's layout."""

import codecs
import csv
import io
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tradeanalytics.raw import RawFile, raw_file, raw_files

ROOT = Path(__file__).parents[1]
SHARED = Path(__file__).parents[2] / "shared"

VIEWER_SECTIONS = "1210011901_databaseLoadingData.csv"
VIEWER_PARTNERS = "1210001101_databaseLoadingData.csv"

SECTION = {
    "REF_DATE": "2022-03",
    "GEO": "Canada",
    "DGUID": "2021A000011124",
    "Trade": "Domestic export",
    "North American Product Classification System (NAPCS)": "Energy products",
    "Principal trading partners": "Russian Federation",
    "UOM": "Dollars",
    "UOM_ID": "81",
    "SCALAR_FACTOR": "thousands",
    "SCALAR_ID": "3",
    "VECTOR": "v1",
    "COORDINATE": "1.1.1.1",
    "VALUE": "5",
    "STATUS": "",
    "SYMBOL": "",
    "TERMINATED": "",
    "DECIMALS": "0",
}
PARTNER = {
    "REF_DATE": "2022-03",
    "GEO": "Canada",
    "DGUID": "2021A000011124",
    "Trade": "Export",
    "Basis": "Balance of payments",
    "Seasonal adjustment": "Unadjusted",
    "Principal trading partners": "Russian Federation",
    **{name: text for name, text in SECTION.items() if list(SECTION).index(name) > 5},
    "SCALAR_FACTOR": "millions",
    "SCALAR_ID": "6",
    "VALUE": "5.6",
    "DECIMALS": "1",
}
SERIES = {
    "REF_DATE": "2018-10",
    "GEO": "Canada",
    "DGUID": "2016A000011124",
    "Type of goods": "Wheat",
    "UOM": "Tonnes",
    "UOM_ID": "287",
    "SCALAR_FACTOR": "units ",
    "SCALAR_ID": "0",
    "VECTOR": "v74871",
    "COORDINATE": "1.3.2",
    "VALUE": "1116824",
    "STATUS": "",
    "SYMBOL": "",
    "TERMINATED": "",
    "DECIMALS": "0",
}
_SHORT = {
    "period": "REF_DATE",
    "region": "GEO",
    "trade": "Trade",
    "section": "North American Product Classification System (NAPCS)",
    "partner": "Principal trading partners",
    "value": "VALUE",
    "status": "STATUS",
}
CELL = ("period", "region", "trade", "section", "partner", "value")


def pytest_collection_modifyitems(items):
    absent = pytest.mark.skip(reason="the folder of real files, ../shared, is not beside the checkout")
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED


@pytest.fixture
def project(tmp_path) -> Path:
    """A project whose raw files are the two bundled ones with their manifests, and nothing else."""
    return put_project(tmp_path / "project")


def put_project(root: Path) -> Path:
    for raw in bundled(ROOT):
        target = root / "data" / "raw" / raw.name
        target.parent.mkdir(parents=True)
        for name in (raw.path.name, "manifest.json"):
            shutil.copyfile(raw.path.with_name(name), target.with_name(name))
    return root


def bundled(root: Path) -> list[RawFile]:
    """The bundled files of a project, the older first; a fetched vintage has a whole day for a date."""
    return [raw for raw in raw_files(root / "data" / "raw") if raw.extract and raw.vintage in ("2022-10", "2026")]


def row(base: Mapping[str, str] = SECTION, **changed: str) -> dict[str, str]:
    """A row as published, with some fields changed: by their short name, or by the publisher's."""
    return {**base, **{_SHORT.get(name, name): text for name, text in changed.items()}}


def cells(*rows: tuple[str, ...], **same: str) -> list[dict[str, str]]:
    """Rows of a table by section from short tuples: period, region, trade, section, partner, value."""
    return [row(**dict(zip(CELL, short, strict=True)), **same) for short in rows]


def statcan_csv(rows: Iterable[Mapping[str, str]], *, end: str = "\n") -> bytes:
    """A table in the publisher's layout: byte order mark, everything quoted; LF unless another line end is given."""
    rows, out = list(rows), io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerow(rows[0])
    writer.writerows(published.values() for published in rows)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def put_csv(folder: Path, name: str, content: bytes) -> RawFile:
    """A raw file under a root."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return raw_file(path, folder)


def zipped(**members: bytes) -> bytes:
    """A zip as the publisher packs one; `table` is the member 12100119.csv, `meta` its MetaData."""
    names = {"table": "12100119.csv", "meta": "12100119_MetaData.csv"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(names.get(name, name), (2022, 10, 5, 8, 30, 0))
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
