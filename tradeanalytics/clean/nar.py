"""The National Address Register built once into tables to look addresses up in, province by province.

It is no record of trade and stands in none of the tables of the records: it lies in a folder of its own, under its
release and the hash of what it was built from. A table is there whole or not at all.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean.nar_files import Files, open_files
from tradeanalytics.clean.unpack import RawFileError, read_heading
from tradeanalytics.engine import literal, without_progress_bar
from tradeanalytics.parties.residences import keys
from tradeanalytics.parties.residences.register import CURRENT, FORM, Register, give, register_folder
from tradeanalytics.raw.catalogue import entry
from tradeanalytics.sources.nar import ADDRESSES, LOCATIONS, Layout

MEMORY = "1GB"
_ROW_GROUP = 122_880
_WRITTEN = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
# Canada with its waters: from Point Pelee to Ellesmere Island, from the Yukon to Cape Spear.
_IN_CANADA = " AND ".join(f"{name} BETWEEN {low:g} AND {high:g}" for name, (low, high) in keys.CANADA.items())
_NUMBER = r"-?[0-9]{1,3}(\.[0-9]+)?"
# Why a row of addresses cannot be looked up, in the order in which it is asked.
ASIDE = {
    "no_identifier": "LOC_GUID and ADDR_GUID are identifiers of 32 hex digits.",
    "no_civic_number": "CIVIC_NO is a number; land of the prairies can be told by its section alone.",
    "no_street": "OFFICIAL_STREET_NAME or MAIL_STREET_NAME is told.",
    "repeated": "An ADDR_GUID stands once in a province; the first in order was kept.",
    "broken_line": "A line has as many fields as the heading.",
}
_NO_POINTS = "SELECT '' AS location, '' AS latitude, '' AS longitude, '' AS block_latitude, '' AS block_longitude"

Report = dict[str, Any]


@dataclass
class _Found:
    """What is met on the way: rows, rows set aside by reason, and sentences on the layout and on single cells."""

    records: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    notes: dict[str, None] = field(default_factory=dict)  # in order, each once
    cells: Counter[str] = field(default_factory=Counter)


def build_register(source: Path, folder: Path, *, memory: str = MEMORY, threads: int | None = None) -> Report:
    """Build the tables of a register from the publisher's zip, or the folder it is unpacked in; return its report.

    The report is also kept, as `register.json` in `folder`; it names the folder of the tables beside it. What was built
    before stays as it was until the new one is whole, and stays for good where the same bytes were built already.
    Raises TradeAnalyticsError, in one line, for a source that is not the register, is cut off, or lacks a column.
    """
    files = open_files(source)
    sha256 = files.sha256()
    last = _last(folder)
    if last.get("sha256") == sha256 and last.get("form") == FORM and (folder / last["tables"]).is_dir():
        return last
    with _work(folder) as work, _connected(work, memory, threads) as connection:
        tables = work / "tables"
        found = _Found()
        provinces = [_province(connection, files, one, work, found) for one in files.addresses]
        postal = _postal_codes(connection, tables)
        report = _report(files, sha256, found, provinces, postal)
        _put_in_place(tables, report, folder)
    return report


def open_register(processed: Path, source: Path | None = None, *, invented: bool = False) -> Register | None:
    """The register to ask: built from `source` where that is the publisher's zip or its folder, or built there before.

    Without a source that which was built in the processed folder; None where there is none. `invented`: whether the
    addresses that are asked about are. Raises TradeAnalyticsError for a source that is no register, and for an invented
    register that real addresses would be held against.
    """
    if source is None:
        folder = register_folder(processed, invented=invented)
        return Register(folder) if (folder / CURRENT).is_file() else None
    if (source / CURRENT).is_file():
        return Register(source)
    if source.name.startswith("SYNTHETIC") and not invented:
        raise TradeAnalyticsError(f"{source.name}: an invented register; real addresses are not held against it")
    folder = register_folder(processed, invented=source.name.startswith("SYNTHETIC"))
    build_register(source, folder)
    return Register(folder)


def _province(connection: duckdb.DuckDBPyConnection, files: Files, code: str, work: Path, found: _Found) -> Report:
    """Read one province and write its part of every table."""
    parts = [_read(connection, files, member, ADDRESSES, work, found) for member in files.addresses[code]]
    places = [_read(connection, files, member, LOCATIONS, work, found) for member in files.locations.get(code, ())]
    if not places:
        found.notes[f"no file of locations for province {code}: its addresses have no coordinates"] = None
    connection.execute(f"CREATE OR REPLACE VIEW told AS SELECT * FROM read_parquet({_list(parts)})")
    _fold(connection, keys.PROVINCES[code])
    connection.execute(_JUDGED)
    _set_repeated_aside(connection)
    connection.execute(_POINTS.replace("{points}", f"FROM read_parquet({_list(places)})" if places else _NO_POINTS))
    _count(connection, found)
    report: Report = {"province": keys.PROVINCES[code], "records": _one(connection, "SELECT count(*) FROM judged")}
    for table, statement in _TABLES.items():
        target = work / "tables" / table / f"{code}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"COPY ({statement}) TO {literal(target.as_posix())} {_WRITTEN}")
        report[table] = _one(connection, f"SELECT count(*) FROM {literal(target.as_posix())}")
    for path in (*parts, *places):
        path.unlink()
    return report


def _read(
    connection: duckdb.DuckDBPyConnection, files: Files, member: str, layout: Layout, work: Path, found: _Found
) -> Path:
    """The columns of one file that are used, as Parquet."""
    target = work / f"{uuid.uuid4().hex}.parquet"
    name = f"{files.source.name} ({member})"
    with files.copied(member, work / "member.csv") as (path, latin):
        headings = read_heading(path, name)
        known, absent, strange = layout.fields(headings, name)
        wanted = ", ".join(f"{_cell(known[field])} AS {field}" for field in layout.headings)
        table = _csv(path, headings)
        connection.execute(f"COPY (SELECT {wanted} FROM {table}) TO {literal(target.as_posix())} (FORMAT parquet)")
    _note_layout(found, layout, absent, strange, latin)
    _note_broken(connection, name, layout, found)
    return target


def _cell(heading: str) -> str:
    return f'trim("{heading.replace(chr(34), chr(34) * 2)}")' if heading else "''"


def _csv(path: Path, headings: Sequence[str]) -> str:
    columns = ", ".join(f"{literal(heading)}: 'VARCHAR'" for heading in headings)
    return (
        f"read_csv({literal(path.as_posix())}, auto_detect = false, header = true, delim = ',', quote = '\"',"
        f" escape = '\"', new_line = '\\n', nullstr = '\x01', store_rejects = true, columns = {{{columns}}})"
    )


def _note_layout(found: _Found, layout: Layout, absent: list[str], strange: list[str], latin: bool) -> None:
    for one in absent:
        found.notes[f"{layout.kind}: no column {layout.headings[one][0]}; it counts as not told"] = None
    for one in strange:
        found.notes[f"{layout.kind}: the heading {one!r} is not known and was not used"] = None
    if latin:
        found.notes["files that are not UTF-8 were read as Latin-1"] = None


def _note_broken(connection: duckdb.DuckDBPyConnection, name: str, layout: Layout, found: _Found) -> None:
    """Lines with too many or too few fields are set aside; the first of each file is named."""
    lines = connection.execute("SELECT DISTINCT line FROM reject_errors ORDER BY line").fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    if not lines:
        return
    first = lines[0][0]
    found.notes[f"{name}: {len(lines):,} lines are no rows of the heading's columns, first line {first}"] = None
    if layout is ADDRESSES:
        found.records += len(lines)
        found.aside["broken_line"] += len(lines)


_JUDGED = """
CREATE OR REPLACE TABLE judged AS
WITH typed AS (
    SELECT try_cast(location AS UUID) AS location, try_cast(address AS UUID) AS address,
        CASE WHEN regexp_full_match(civic, '0*[1-9][0-9]*') THEN ltrim(civic, '0') ELSE '' END AS civic,
        upper(replace(suffix, ' ', '')) AS suffix,
        coalesce(units.key, '') AS unit,
        CASE WHEN regexp_full_match(upper(replace(postal, ' ', '')), '[A-Z][0-9][A-Z][0-9][A-Z][0-9]')
            THEN upper(replace(postal, ' ', '')) ELSE '' END AS postal,
        CASE WHEN use IN ('1', '2', '3') THEN CAST(use AS TINYINT) ELSE 4 END AS use,
        use NOT IN ('1', '2', '3', '4') AS use_not_known,
        mail.id AS mail, official.id AS official, places.municipality, places.csd
    FROM told
    LEFT JOIN units ON units.text = told.unit
    LEFT JOIN spellings AS mail
        ON mail.name = mail_street AND mail.type = mail_type AND mail.direction = mail_direction
    LEFT JOIN spellings AS official
        ON official.name = street AND official.type = told.type AND official.direction = told.direction
    LEFT JOIN places
        ON places.name = told.municipality AND places.english = told.csd AND places.french = csd_french
)
SELECT *, CASE
    WHEN location IS NULL OR address IS NULL THEN 'no_identifier'
    WHEN civic = '' THEN 'no_civic_number'
    WHEN mail IS NULL AND official IS NULL THEN 'no_street'
    ELSE '' END AS reason
FROM typed
"""
_REPEATED = """
CREATE OR REPLACE TABLE judged AS
SELECT * REPLACE (CASE WHEN reason = '' AND turn > 1 THEN 'repeated' ELSE reason END AS reason)
FROM (SELECT *, row_number() OVER (
    PARTITION BY address, reason ORDER BY location, civic, suffix, unit, postal, use, mail, official, municipality, csd
) AS turn FROM judged)
"""
_POINTS = """
CREATE OR REPLACE TABLE points AS
WITH told AS ({points}), numbers AS (
    SELECT try_cast(location AS UUID) AS location, unnest([
        {{'point': 'building', 'lat': latitude, 'lon': longitude}},
        {{'point': 'block face', 'lat': block_latitude, 'lon': block_longitude}}
    ], recursive := true)
    FROM told
), read AS (
    SELECT location, point, lat || lon <> '' AS told,
        CASE WHEN regexp_full_match(lat, '{number}') THEN CAST(lat AS DOUBLE) END AS lat,
        CASE WHEN regexp_full_match(lon, '{number}') THEN CAST(lon AS DOUBLE) END AS lon
    FROM numbers
)
SELECT location, point, coalesce({within}, false) AS within,
    CASE WHEN within THEN lat END AS latitude, CASE WHEN within THEN lon END AS longitude
FROM read WHERE told AND location IS NOT NULL
""".format(points="{points}", number=_NUMBER, within=_IN_CANADA)
_UNITS = """
SELECT DISTINCT location, civic, suffix, unit, address, use FROM judged
WHERE reason = '' AND unit <> '' ORDER BY location, civic, suffix, unit, address
"""
_BUILDINGS = """
WITH counted AS (
    SELECT location, civic, suffix, postal, municipality, csd, mail, official, count(*) AS n,
        count_if(use = 1) AS n1, count_if(use = 2) AS n2, count_if(use = 3) AS n3, count_if(use = 4) AS n4
    FROM judged WHERE reason = '' GROUP BY ALL
), summed AS (
    SELECT location, civic, suffix, postal, municipality, csd, mail, official,
        CAST(sum(n) OVER here AS INTEGER) AS n_units, CAST(sum(n1) OVER here AS INTEGER) AS n1,
        CAST(sum(n2) OVER here AS INTEGER) AS n2, CAST(sum(n3) OVER here AS INTEGER) AS n3,
        CAST(sum(n4) OVER here AS INTEGER) AS n4
    FROM counted WINDOW here AS (PARTITION BY location, civic, suffix)
), families AS (
    SELECT * EXCLUDE (mail, official), mail AS spelling FROM summed WHERE mail IS NOT NULL
    UNION ALL
    SELECT * EXCLUDE (mail, official), official AS spelling FROM summed
    WHERE official IS NOT NULL AND official IS DISTINCT FROM mail
), placed AS (
    SELECT location, min_by(point, place) AS point, min_by(latitude, place) AS latitude,
        min_by(longitude, place) AS longitude
    FROM (SELECT *, (point <> 'building', latitude, longitude) AS place FROM points WHERE within) GROUP BY location
)
SELECT DISTINCT families.postal, families.civic, families.suffix, ways.street, ways.type, ways.direction,
    families.municipality, families.csd, families.location, n_units, n1, n2, n3, n4, latitude, longitude, point
FROM families JOIN ways ON ways.id = families.spelling LEFT JOIN placed USING (location)
ORDER BY ALL
"""
_STREETS_OF = """
SELECT DISTINCT unnest([municipality, csd]) AS municipality, street, type, direction
FROM (SELECT DISTINCT municipality, csd, unnest([mail, official]) AS spelling FROM judged WHERE reason = '')
JOIN ways ON ways.id = spelling
"""
_POSTAL_OF = """
SELECT postal, count_if(use = 1) AS n1, count_if(use = 2) AS n2, count_if(use = 3) AS n3, count_if(use = 4) AS n4
FROM judged WHERE reason = '' AND postal <> '' GROUP BY postal ORDER BY postal
"""
_TABLES = {
    "buildings": _BUILDINGS,
    "units": _UNITS,
    "streets": f"SELECT * FROM ({_STREETS_OF}) WHERE municipality <> '' ORDER BY ALL",
    "postal": _POSTAL_OF,
}


def _fold(connection: duckdb.DuckDBPyConnection, province: str) -> None:
    """Fold every distinct spelling once, with what folds those that are asked about."""
    spelled = _distinct(
        connection,
        "SELECT mail_street, mail_type, mail_direction FROM told UNION SELECT street, type, direction FROM told",
    )
    ways = [keys.streets(name, kind, direction) for name, kind, direction in spelled]
    numbers = {of: at for at, of in enumerate(dict.fromkeys(of for of in ways if of))}
    told = ((*one, numbers[of]) for one, of in zip(spelled, ways, strict=True) if of)
    give(connection, "spellings", ("name", "type", "direction", "id"), told)
    numbered = ((at, way.name, way.type, way.direction) for of, at in numbers.items() for way in of)
    give(connection, "ways", ("id", "street", "type", "direction"), numbered)
    units = _distinct(connection, "SELECT DISTINCT unit FROM told")
    give(connection, "units", ("text", "key"), ((unit, keys.unit(unit)) for (unit,) in units))
    places = _distinct(connection, "SELECT DISTINCT municipality, csd, csd_french FROM told")
    named = ((*one, *_places(one[0], one[1] or one[2], province)) for one in places)
    give(connection, "places", ("name", "english", "french", "municipality", "csd"), named)


def _places(name: str, of_census: str, province: str) -> tuple[str, str]:
    """The key of the municipality in the mail and that of the census where it is another; "" where there is none."""
    mail = keys.municipality(name, province)
    census = keys.municipality(of_census, province)
    return mail or census, census if mail and census != mail else ""


def _distinct(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[str, ...]]:
    return connection.execute(f"SELECT * FROM ({statement}) ORDER BY ALL").fetchall()


def _set_repeated_aside(connection: duckdb.DuckDBPyConnection) -> None:
    """Looked for first, since it costs far less than numbering the rows of every address."""
    different = _one(connection, "SELECT count(DISTINCT address) FROM judged WHERE reason = ''")
    if different < _one(connection, "SELECT count(*) FROM judged WHERE reason = ''"):
        connection.execute(_REPEATED)


def _count(connection: duckdb.DuckDBPyConnection, found: _Found) -> None:
    """Rows, and why some are set aside; cells that say something else than they should."""
    reasons = connection.execute("SELECT reason, count(*) FROM judged GROUP BY reason").fetchall()
    found.records += sum(count for _, count in reasons)
    found.aside.update({reason: count for reason, count in reasons if reason})
    found.cells["use"] += _one(connection, "SELECT count(*) FROM judged WHERE reason = '' AND use_not_known")
    found.cells["points"] += _one(connection, "SELECT count(*) FROM points WHERE NOT within")


def _one(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _list(paths: Iterable[Path]) -> str:
    return f"[{', '.join(literal(path.as_posix()) for path in paths)}]"


def _postal_codes(connection: duckdb.DuckDBPyConnection, tables: Path) -> int:
    """Put the provinces' postal codes into one table: a code can have addresses in two."""
    parts, target = tables / "postal", tables / "postal.parquet"
    sums = ", ".join(f"CAST(sum({one}) AS INTEGER) AS {one}" for one in ("n1", "n2", "n3", "n4"))
    of_all = f"SELECT postal, {sums} FROM read_parquet({literal(f'{parts.as_posix()}/*.parquet')}) GROUP BY postal"
    connection.execute(f"COPY ({of_all} ORDER BY postal) TO {literal(target.as_posix())} {_WRITTEN}")
    shutil.rmtree(parts)
    return _one(connection, f"SELECT count(*) FROM {literal(target.as_posix())}")


def _report(files: Files, sha256: str, found: _Found, provinces: list[Report], postal: int) -> Report:
    vintage = files.vintage()
    accepted = found.records - found.aside.total()
    if not accepted:
        raise RawFileError(f"{files.source.name}: none of {found.records:,} rows is an address to look up")
    return {
        "form": FORM,
        "source": files.source.name,
        "sha256": sha256,
        "vintage": vintage,
        **_cited(files.source.name, vintage),
        "records": found.records,
        "accepted": accepted,
        "set_aside": found.aside.total(),
        "reasons": {
            code: {"count": found.aside[code], "expected": expected}
            for code, expected in ASIDE.items()
            if found.aside[code]
        },
        "postal_codes": postal,
        "provinces": provinces,
        "notes": [*_missing(files), *found.notes, *_cells(found), *([] if vintage else [_UNDATED])],
        "tables": f"{vintage or 'undated'}-{sha256[:8]}-{FORM}",
    }


def _cited(name: str, vintage: str) -> Report:
    """Who published it, and under what terms; nobody published what was made up, as its name says."""
    if name.startswith("SYNTHETIC"):
        invented = "SYNTHETIC: every address is invented, in the layout of the National Address Register"
        return {"invented": True, "publisher": "", "licence": "", "citation": invented}
    about = entry("nar")
    return {
        "invented": False,
        "publisher": about.publisher,
        "licence": about.licence,
        "citation": about.cited(vintage),
    }


_UNDATED = "the release of the register is not known; name the zip as the publisher does, such as 202606.zip"


def _missing(files: Files) -> Iterator[str]:
    if gone := [letters for code, letters in keys.PROVINCES.items() if code not in files.addresses]:
        yield f"no file of addresses for {', '.join(gone)}: every address there stays unknown"


def _cells(found: _Found) -> Iterator[str]:
    if found.cells["use"]:
        yield f"{found.cells['use']:,} addresses have no BU_USE of 1 to 4; their use counts as unknown"
    if found.cells["points"]:
        yield f"{found.cells['points']:,} points are no number of degrees or not in Canada; they were kept out"


def _last(folder: Path) -> Report:
    """The report of the register that is there; empty where there is none to read."""
    try:
        report: Report = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return report


def _put_in_place(tables: Path, report: Report, folder: Path) -> None:
    """The tables first, then the report that names them, then away with those that it named before."""
    target = folder / report["tables"]
    shutil.rmtree(target, ignore_errors=True)  # left by a run that broke off here, and named by no report
    tables.replace(target)
    unfinished = folder / f".{CURRENT}.part"
    text = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True)
    unfinished.write_text(text + "\n", encoding="utf-8", newline="\n")
    unfinished.replace(folder / CURRENT)
    for path in folder.iterdir():
        if path.is_dir() and path.name != report["tables"]:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _work(folder: Path) -> Iterator[Path]:
    work = folder / f".work-{uuid.uuid4().hex[:8]}"
    (work / "tables").mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _connected(work: Path, memory: str, threads: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own, which puts on disk what does not fit into its memory."""
    with duckdb.connect(str(work / "work.duckdb")) as connection:
        without_progress_bar(connection)
        connection.execute(f"SET memory_limit = {literal(memory)}; SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {literal((work / 'spilled').as_posix())}")
        if threads is not None:
            connection.execute(f"SET threads = {int(threads)}")
        try:
            yield connection
        except duckdb.Error as error:
            raise TradeAnalyticsError(f"the register could not be built: {str(error).splitlines()[0]}") from error
