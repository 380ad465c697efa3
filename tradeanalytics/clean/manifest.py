"""US manifest tables: one shipment is spread over files that share an `identifier`, and is joined to one row a bill.

The tables of one release lie side by side, as `ams__bill_2020__202009291500.csv`, in a folder or in one zip. The bills
are their anchor, or the headers where there are no bills: SHIPMENTS carries the anchor's file_id and record, and the
report names every other file with its own file_id, so that a bill's rows in them are found by its identifier.
Values of the tariff table are left out: they are a carrier's, mostly 0.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean.audit import audit
from tradeanalytics.clean.containers import copy_bounded, unwrap
from tradeanalytics.clean.reading import reading
from tradeanalytics.clean.rows import Opened, Part
from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.clean.unpack import RawFileError
from tradeanalytics.clean.workbook_parts import opened_zip
from tradeanalytics.engine import literal, without_progress_bar
from tradeanalytics.raw import RawFile
from tradeanalytics.raw.beside import MANIFEST_TABLE, sisters
from tradeanalytics.raw.store import sha256_of
from tradeanalytics.sources import customs, layouts
from tradeanalytics.sources.layouts import LAYOUTS, Match, fold

PREFIX = "us_manifest_"
ANCHORS = ("bill", "header")
# What one row a bill is, or at least a party of one; rows of the other tables are no shipments by themselves.
ALONE = (*ANCHORS, "shipper", "consignee", "notifyparty", "summary")
_LADING = "lading"
_WANTED = {
    "bill": ("identifier", "declaration", "master_bill", "bill_type"),
    "header": ("arrival_on", "quantity", "quantity_unit", "weight", "weight_unit", "record_status", _LADING),
    "shipper": ("shipper_name", "shipper_address", "shipper_country"),
    "consignee": ("consignee_name", "consignee_address", "consignee_country"),
    "notifyparty": ("notify_name",),
    "cargodesc": ("container", "sequence", "description"),
    "tariff": ("hs",),
}
_ONE_ROW = ("header", "shipper", "consignee")
_MISSED = ("header", "shipper", "consignee", "cargodesc")  # a bill without its row there is flagged
_MEMORY = "1GB"


@dataclass(frozen=True)
class Joined(Part):
    """The anchor's table, whose rows have the fields of its sister tables beside its own."""

    joined: Path = Path()

    def rows(self, names: Sequence[str]) -> pl.LazyFrame:
        """One row a record of the anchor, in its order."""
        return pl.scan_parquet(self.joined).select(*names, "record", sheet=pl.lit(None, pl.String))


@dataclass(frozen=True)
class _Table:
    """One table of a release, its fields as Parquet."""

    name: str
    file: str
    file_id: str
    text: TextTable
    match: Match
    part: Part
    fields: tuple[str, ...]
    path: Path


def anchor(tables: Mapping[str, object]) -> str | None:
    """The table to which the others are joined, if it is there."""
    return next((table for table in ANCHORS if table in tables), None)


def part_of(path: Path) -> Path | None:
    """The anchor's file of which this one is a part; None for an anchor, and for a table that has none beside it."""
    tables = sisters(path)
    first = anchor(tables)
    return tables[first] if first and tables[first] != path else None


def alone(match: Match, name: str) -> list[str]:
    """What to say of a table of the manifest that is read without the others; nothing of any other file.

    Raises TradeAnalyticsError where a row of the table is no shipment.
    """
    table = match.layout.name.removeprefix(PREFIX)
    if table == match.layout.name or table == "summary":
        return []
    needed = "put ams__bill_YEAR__STAMP.csv and the other tables of its release beside it, under the publisher's names"
    if table not in ALONE:
        raise TradeAnalyticsError(f"{name}: a row of the manifest's table {table} is no shipment; {needed}")
    return [f"{match.layout.title}, read alone: what the other tables say is unknown; {needed}"]


def packed(path: Path, name: str) -> dict[str, str]:
    """The members of a zip that holds an anchor and other tables, by table; empty for any other file."""
    if not zipfile.is_zipfile(path):
        return {}
    with opened_zip(path, name, "zip") as archive:
        members = {
            found["table"].lower(): member
            for member in archive.namelist()
            if (found := MANIFEST_TABLE.fullmatch(re.split(r"[/\\]", member)[-1]))
        }
    return members if len(members) > 1 and anchor(members) else {}


def taken_out(path: Path, name: str, members: Mapping[str, str], work: Path, largest: int) -> dict[str, Path]:
    """The tables of a zip in a work folder, under the names that they have in it.

    Raises RawFileError for a damaged or protected zip, and one that expands beyond `largest` bytes.
    """
    out = work / "members"
    out.mkdir()
    files = {table: out / re.split(r"[/\\]", member)[-1] for table, member in members.items()}
    with opened_zip(path, name, "zip") as archive:
        if any(archive.getinfo(member).flag_bits & 1 for member in members.values()):
            raise RawFileError(f"{name}: the zip is protected by a password; unpack it and keep what is in it")
        for table, member in members.items():
            with archive.open(member) as source, files[table].open("wb") as target:
                copy_bounded(source, target, f"{name} ({member})", largest)
    return files


def open_joined(raw: RawFile, files: Mapping[str, Path], work: Path, threads: int | None, largest: int) -> Opened:
    """The tables of one release, joined: a row for each record of the anchor.

    Raises TradeAnalyticsError when a file is not the table that its name says, or cannot be read.
    """
    wanted = {table: path for table, path in files.items() if table in _WANTED}
    tables = {table: _read(table, path, raw, work / table, threads, largest) for table, path in wanted.items()}
    first = anchor(tables) or ""
    counts = _join(tables, first, work, threads)
    match = _match(tables, first)
    part = Joined(tables[first].part.audit, tables[first].part.delimiter, joined=work / "joined.parquet")
    source = customs.shipments(match, part.rows(match.fields))
    remarks = (*_remarks(tables, first, counts), *_not_there(files, first), *_unknown(tables))
    of = {name: table.match for name, table in tables.items()}
    told = {
        "reading": reading(match, [tables[first].text], of=of),
        "joined": [_told(table, counts[name][0]) for name, table in tables.items() if name != first],
    }
    return Opened((part,), source, match.fields, remarks, told)


def _read(table: str, path: Path, raw: RawFile, work: Path, threads: int | None, largest: int) -> _Table:
    """One table, its structure audited, the fields that are used written as Parquet with their records."""
    work.mkdir()
    name = raw.name if path == raw.path else path.name
    text, *others = unwrap(path, name, work, score=layouts.score, largest=largest)
    match = layouts.recognise(text.headings, name)
    if match.layout.name != PREFIX + table or others or text.kind != "csv":
        raise TradeAnalyticsError(f"{name}: read as {match.layout.title}, expected the manifest's table {table}")
    part = Part(audit(text.path, len(match.fields), name, delimiter=text.delimiter, threads=threads), text.delimiter)
    fields = _texts(table, match)
    rows = part.rows(match.fields).with_columns(**customs.gathered(match))
    identifier = pl.col("identifier").str.strip_chars()
    rows.select("record", identifier, **fields).sink_parquet(work / "fields.parquet", compression="lz4")
    # A member of a zip goes by the zip.
    file_id = sha256_of(path)[:16] if path.parent == raw.path.parent else raw.file_id
    return _Table(table, name, file_id, text, match, part, tuple(fields), work / "fields.parquet")


def _texts(table: str, match: Match) -> dict[str, pl.Expr]:
    """The fields of a table that are used; of the port of lading the country, which stands behind its last comma."""
    found = {name: pl.col(name) for name in _WANTED[table] if name in match.fields and name != "identifier"}
    ports = [
        column
        for heading, column in zip(match.headings, match.fields, strict=True)
        if fold(heading) == fold("foreign_port_of_lading")
    ]
    if table == "header" and ports:
        found[_LADING] = pl.col(ports[0]).str.extract(r",([^,]*)$")
    return found


def _join(tables: Mapping[str, _Table], first: str, work: Path, threads: int | None) -> dict[str, tuple[int, int]]:
    """Write `joined.parquet`; of each sister table count the records without a bill, and those with one of several."""
    out = work / "joined.parquet"
    with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(work / "spilled")}) as connection:
        without_progress_bar(connection)
        connection.execute(f"SET threads = {threads or os.cpu_count() or 1}")
        for name, table in tables.items():
            connection.execute(f"CREATE VIEW raw_{name} AS SELECT * FROM read_parquet({literal(str(table.path))})")
        try:
            connection.execute(f"COPY ({_statement(tables, first)}) TO {literal(str(out))} (FORMAT parquet)")
        except duckdb.Error as error:  # a full disk, most likely
            said = str(error).splitlines()[0]
            raise TradeAnalyticsError(f"{tables[first].file}: its tables cannot be joined: {said}") from error
        return {name: _counted(connection, name, first) for name in tables if name != first}


def _counted(connection: duckdb.DuckDBPyConnection, name: str, first: str) -> tuple[int, int]:
    lost = connection.execute(f"SELECT count(*) FROM raw_{name} ANTI JOIN raw_{first} USING (identifier)").fetchall()
    more = connection.execute(
        f"SELECT count(*) FROM (SELECT identifier FROM raw_{name} SEMI JOIN raw_{first} USING (identifier)"
        " GROUP BY identifier HAVING count(*) > 1)"
    ).fetchall()
    return int(lost[0][0]), int(more[0][0])


def _statement(tables: Mapping[str, _Table], first: str) -> str:
    """One row a record of the anchor: bill numbers, its rows in other tables, and codes of what is not there."""
    others = [name for name in tables if name != first]
    joins = "".join(f"\nLEFT JOIN ({_one_a_bill(tables[name])}) AS {name} USING (identifier)" for name in others)
    columns = ", ".join(f"{text} AS {name}" for name, text in _columns(tables, first).items())
    return f"SELECT a.record, {columns}\nFROM raw_{first} AS a{joins}\nORDER BY a.record"


def _columns(tables: Mapping[str, _Table], first: str) -> dict[str, str]:
    """Every field of the joined table and its SQL. A bill of its own has its number in the master's column alone."""
    columns = {"identifier": "a.identifier"}
    of_bill = tables[first].fields
    house = _filled("a.declaration") if "declaration" in of_bill else "NULL"
    if first == "bill":
        master = _filled("a.master_bill") if "master_bill" in of_bill else "NULL"
        columns["declaration"] = f"coalesce({house}, {master})"
        columns["master_bill"] = f"CASE WHEN {house} IS NOT NULL THEN {master} END"
    for name, table in tables.items():
        alias = "a" if name == first else name
        skipped = {*columns, "container", "sequence"}
        columns |= {field: f"{alias}.{field}" for field in table.fields if field not in skipped}
    lading = columns.pop(_LADING, None)
    return columns | ({"dispatch_name": lading} if lading else {}) | {customs.NOTED: _noted(tables, first)}


def _filled(column: str) -> str:
    return f"nullif(trim({column}), '')"


def _noted(tables: Mapping[str, _Table], first: str) -> str:
    missed = [name for name in _MISSED if name in tables and name != first]
    several = [name for name in _ONE_ROW if name in tables and name != first]
    codes = [f"CASE WHEN {name}.here IS NULL THEN '{name}_missing' END" for name in missed]
    codes += [f"CASE WHEN {name}.here > 1 THEN '{name}_several' END" for name in several]
    return f"concat_ws(';', {', '.join(codes)})" if codes else "CAST(NULL AS VARCHAR)"


def _one_a_bill(table: _Table) -> str:
    """The rows of a table, one an identifier: the first, or its texts in order. `here`: how many there are."""
    source = f"FROM raw_{table.name}"
    if table.name == "cargodesc":
        order = [name for name in ("container", "sequence") if name in table.fields]
        places = {"container": "trim(container)", "sequence": "try_cast(sequence AS DOUBLE)"}
        by = ", ".join([*(f"{places[name]} NULLS LAST" for name in order), "record"])
        text = f"string_agg({_filled('description')}, ' ' ORDER BY {by})"
        return f"SELECT identifier, count(*) AS here, {text} AS description {source} GROUP BY identifier"
    if table.name in ("tariff", "notifyparty"):
        (name,) = table.fields
        each = f"SELECT identifier, {_filled(name)} AS {name}, min(record) AS record {source} GROUP BY ALL"
        text = f"string_agg({name}, '; ' ORDER BY record) AS {name}"
        return f"SELECT identifier, count(*) AS here, {text} FROM ({each}) GROUP BY identifier"
    only = "QUALIFY row_number() OVER (PARTITION BY identifier ORDER BY record) = 1"
    return f"SELECT *, count(*) OVER (PARTITION BY identifier) AS here {source} {only}"


def _match(tables: Mapping[str, _Table], first: str) -> Match:
    bill = next(layout for layout in LAYOUTS if layout.name == f"{PREFIX}bill")
    layout = replace(bill, name="us_manifest", title="US manifest tables, joined", key=("declaration",), to_order=True)
    headings = {
        field: heading
        for table in tables.values()
        for heading, field in zip(table.match.headings, table.match.fields, strict=True)
    }
    fields = list(_columns(tables, first))
    return Match(layout, [headings.get(field, field) for field in fields], fields, 1.0, (), {}, ())


def _remarks(tables: Mapping[str, _Table], first: str, counts: Mapping[str, tuple[int, int]]) -> list[str]:
    said = []
    for name, (lost, several) in counts.items():
        table = tables[name]
        said.append(f"{table.file} was joined ({table.part.audit.records:,} records)")
        if lost:
            said.append(f"{table.file}: {lost:,} records have no {first} and are in no shipment")
        if several and name in _ONE_ROW:
            said.append(f"{table.file}: {several:,} identifiers are there more than once; the first record was taken")
        if broken := table.part.audit.broken:
            said.append(
                f"{table.file}: {len(broken):,} broken records were not joined, the first is {broken[0].record}"
            )
    return said


def _not_there(files: Mapping[str, Path], first: str) -> list[str]:
    absent = [name for name in _WANTED if name not in files and name != first]
    unused = [path.name for name, path in files.items() if name not in _WANTED]
    said = [f"no table {', '.join(absent)} of this release is beside it: what they say is unknown"] if absent else []
    return said + ([f"{', '.join(unused)}: nothing of these tables is used"] if unused else [])


def _unknown(tables: Mapping[str, _Table]) -> list[str]:
    return [f"{table.file}: {said}" for table in tables.values() for said in table.match.remarks()]


def _told(table: _Table, lost: int) -> dict[str, object]:
    records = table.part.audit.records
    return {"file": table.file, "file_id": table.file_id, "records": records, "without_bill": lost}
