"""What tests share: the real files beside the checkout, a project to work in, and tables in the publisher's layout."""

import codecs
import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import settings

from tradeanalytics.clean import clean, outputs
from tradeanalytics.raw import RawFile, raw_file, raw_files

settings.register_profile("untimed", deadline=None)  # how fast a busy machine is says nothing of the code
settings.load_profile("untimed")

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


def in_another_process(program: str, folder: Path, **settings: str) -> None:
    """Run a program in a folder, with the tests and the package to import from, another seed of hashes and settings."""
    paths = os.pathsep.join([str(Path(__file__).parent), str(ROOT)])
    env = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "7", **settings}
    subprocess.run([sys.executable, "-c", program], check=True, env=env, cwd=folder)


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


def cleaned_goods(folder: Path, content: bytes, name: str):
    """The report on a raw file of goods, its accepted rows in the order of their records, its rejected rows."""
    report = clean(put_csv(folder / "raw", name, content), folder)
    assert report["accepted"] + report["rejected"] == report["records"]
    tables = outputs(name, folder)
    rows = pl.read_parquet(tables["goods"]).sort("record")
    return report, rows.to_dicts(), pl.read_parquet(tables["rejected"]).to_dicts()


# Trade by HS code: the yearly zips of Statistics Canada

CIMT_HEADINGS = (
    *("YearMonth/AnnéeMois", "HS{digits}", "Country/Pays", "Province", "State/État", "Value/Valeur"),
    *("Quantity/Quantité", "Unit of Measure/Unité de Mesure"),
)
CIMT_LISTS = {
    "ODPF_6_CtyDesc.TXT": [
        ("BY 285", "196601", "199112", "Byelorussian Soviet Socialist Republic", "République de Biélorussie"),
        ("BY 285", "199201", "999912", "Belarus", "Bélarus"),
        ("NA 420", "196601", "999912", "Namibia", "Namibie"),
        ("RU 295", "199201", "999912", "Russian Federation", "Fédération de Russie"),
        ("TR 496", "196601", "999912", "Türkiye", "Türkiye"),
        ("US 009", "196601", "999912", "United States", "États-Unis"),
        ("ZX 999", "202207", "999912", "Unknown", "Inconnu"),
    ],
    "ODPF_7_StateDesc.TXT": [
        ("NY", "196601", "999912", "New York", "New York"),
        ("US", "198801", "999912", "Unknown states", "États inconnus"),
    ],
    "ODPF_8_ProvDesc.TXT": [
        ("10 NF", "196601", "200210", "Newfoundland", "Terre-Neuve"),
        ("10 NL", "200211", "999912", "Newfoundland and Labrador", "Terre-Neuve-et-Labrador"),
        ("24 QC", "196601", "999912", "Quebec", "Québec"),
        ("35 ON", "196601", "999912", "Ontario", "Ontario"),
    ],
    "ODPF_9_UOMDesc.TXT": [
        ("KGM", "198801", "999912", "Kilogram", "Kilogramme"),
        ("NMB", "198801", "999912", "Number", "Nombre"),
        ("N/A", "196601", "999912", "Blank", "Blanc"),
    ],
}


def cimt_table(number: str, rows: Iterable[tuple[object, ...]]) -> bytes:
    """A table as published: byte order mark, bare heading, texts quoted, CR LF.

    A row is period, code, country, province, state, value, quantity, unit; the table may have fewer columns.
    """
    digits = {"014": 10, "016": 8, "017": 8, "022": 2, "020": 2, "021": 2}.get(number, 6)
    places = [0, 1, 2, 3, 4, 5, 6, 7]
    places = [place for place in places if place != 3] if number in ("017", "019", "021") else places
    places = places[:-2] if digits == 2 else places
    lines = [",".join(CIMT_HEADINGS[place].format(digits=digits) for place in places)]
    for row in rows:
        cells = [str(cell) if place in (5, 6) else f'"{cell}"' for place, cell in enumerate(row)]
        lines.append(",".join(cells[place] for place in places))
    return codecs.BOM_UTF8 + "".join(f"{line}\r\n" for line in lines).encode()


def cimt_list(lines: Iterable[tuple[str, str, str, str, str]], *, unit: str | None = None) -> bytes:
    """A list of codes as published: columns of a fixed width, cp1252, CR LF; a list of goods has a unit."""
    middle = "" if unit is None else f"{unit:<4}"
    written = [
        f"{code:<11}{first} {last} {middle}{en:<83}{fr:<83}ODPFN023   202212" for code, first, last, en, fr in lines
    ]
    return "".join(f"{line}\r\n" for line in written).encode("cp1252")


def cimt_lists() -> dict[str, bytes]:
    return {name: cimt_list(lines) for name, lines in CIMT_LISTS.items()}


def cimt_zip(year: int, month: int, tables: Mapping[str, Iterable[tuple[object, ...]]], **lists: bytes) -> bytes:
    """A zip of tables by their number, in a folder, with lists of codes: the usual ones unless others are given."""
    members = {f"F/ODPFN{number}_{year}{month:02d}N.csv": cimt_table(number, rows) for number, rows in tables.items()}
    return zipped(**members, **{f"F/{name}": content for name, content in (lists or cimt_lists()).items()})
