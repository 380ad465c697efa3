"""A National Address Register that was built: asked by equi-joins for what is at a street and number."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import literal, without_progress_bar

FORM = 2  # of the tables; a register built in another one is built again
CURRENT = "register.json"
MEMORY = "1GB"
_WHOLE_NUMBERS = {"id", "address", "reading"}
NAME_LIKE, ALL_LIKE = 0.90, 0.85  # MAIN is like MAITLAND to 0.88
_PARTS = (0.7, 0.15, 0.15)  # of a street's name, type and direction in the likeness of all

Variant = tuple[str, str, str]  # a street's name, type and direction


class Asked(NamedTuple):
    """One way to read an address that is asked about, folded."""

    address: int  # which address
    reading: int  # 0 for the first reading, then the others
    unit: str
    civic: str
    suffix: str
    street: str
    type: str
    direction: str
    postal: str
    municipalities: tuple[str, ...]


_ASKED = tuple(name for name in Asked._fields if name != "municipalities")


class Uses(NamedTuple):
    """How many addresses of a place have each use: residential, partly so, not, unknown."""

    n1: int
    n2: int
    n3: int
    n4: int


class Building(NamedTuple):
    """A building of the register at the number that was asked, and what of the asked it was found by."""

    address: int
    reading: int
    found_by: str  # postal, place or similar
    asked_type: str
    asked_direction: str
    location: str
    street: str
    type: str
    direction: str
    municipality: str
    postal: str
    units: int
    uses: Uses
    latitude: float | None
    longitude: float | None
    point: str | None

    @property
    def exact(self) -> bool:
        """Whether the street is as it was told, with nothing left out on either side."""
        return self.type == self.asked_type and self.direction == self.asked_direction


class Unit(NamedTuple):
    """The unit that was asked about, in the register."""

    address: str
    use: int


_FOUND = (
    "a.address, a.reading, {found_by}, a.type, a.direction, CAST(b.location AS VARCHAR), b.street, b.type, b.direction,"
    " b.municipality, b.postal, b.n_units, b.n1, b.n2, b.n3, b.n4, b.latitude, b.longitude, b.point"
)
_NUMBER = "b.civic = a.civic AND b.suffix = a.suffix"
_BY_POSTAL = f"""
SELECT {_FOUND.format(found_by="'postal'")} FROM asked AS a JOIN buildings AS b
ON b.postal = a.postal AND {_NUMBER} AND b.street = a.street
"""
# A place is the municipality in the mail or that of the census: two joins put together, since one with OR was measured
# to take 99 times as long.
_BY_PLACE = f"""
SELECT {_FOUND.format(found_by="'place'")} FROM placed AS a JOIN buildings AS b
ON b.municipality = a.municipality AND {_NUMBER} AND b.street = a.street
UNION ALL
SELECT {_FOUND.format(found_by="'place'")} FROM placed AS a JOIN (FROM buildings WHERE csd <> '') AS b
ON b.csd = a.municipality AND {_NUMBER} AND b.street = a.street
"""
_SIMILAR = f"""
WITH likened AS (
    SELECT {_FOUND.format(found_by="'similar'")}, a.street AS asked_street,
        jaro_winkler_similarity(a.street, b.street) AS likeness,
        {_PARTS[1]} * CASE WHEN a.type = b.type THEN 1 WHEN '' IN (a.type, b.type) THEN 0.5 ELSE 0 END
        + {_PARTS[2]} * CASE WHEN a.direction = b.direction THEN 1 WHEN '' IN (a.direction, b.direction) THEN 0.5
            ELSE 0 END AS rest
    FROM asked AS a JOIN buildings AS b ON b.postal = a.postal AND {_NUMBER}
    WHERE a.reading = 0 AND a.address NOT IN (SELECT address FROM known)
)
SELECT * EXCLUDE (asked_street, likeness, rest) FROM likened
WHERE likeness >= {NAME_LIKE} AND {_PARTS[0]} * likeness + rest >= {ALL_LIKE}
    AND regexp_replace(asked_street, '[^0-9]', '', 'g') = regexp_replace(street, '[^0-9]', '', 'g')
"""
_UNITS = """
SELECT DISTINCT a.address, a.reading, CAST(u.location AS VARCHAR), CAST(u.address AS VARCHAR), u.use
FROM wanted AS a JOIN units AS u
ON u.location = CAST(a.location AS UUID) AND u.civic = a.civic AND u.suffix = a.suffix AND u.unit = a.unit
"""
_VARIANTS = """
SELECT DISTINCT a.address, s.street, s.type, s.direction
FROM (SELECT DISTINCT address, street, municipality FROM placed) AS a
JOIN streets AS s ON s.municipality = a.municipality AND s.street = a.street
"""
_POSTAL = "SELECT p.postal, p.n1, p.n2, p.n3, p.n4 FROM postal AS p SEMI JOIN asked AS a ON a.postal = p.postal"


class Found(NamedTuple):
    """What a register holds of the addresses asked: by address; units by address, reading and building."""

    buildings: dict[int, list[Building]]
    units: dict[tuple[int, int, str], list[Unit]]
    variants: dict[int, set[Variant]]
    postal: dict[str, Uses]


def register_folder(processed: Path, *, invented: bool = False) -> Path:
    """Where the register built from a raw file is kept; an invented one never takes the place of a real one."""
    return processed / ("SYNTHETIC_address_register" if invented else "address_register")


class Register:
    """A built register, opened; `vintage` is its release, "" where it is not known."""

    def __init__(self, folder: Path, *, memory: str = MEMORY, threads: int | None = None) -> None:
        """Open what `clean.nar.build_register` made in a folder.

        Raises TradeAnalyticsError where nothing was built there, or in another form.
        """
        self.report = _read_report(folder)
        self.vintage: str = self.report["vintage"]
        self._tables = folder / self.report["tables"]
        self._memory, self._threads = memory, threads

    def find(self, asked: Sequence[Asked]) -> Found:
        """Everything at the numbers that are asked, on streets of these names, and at no other number."""
        with self._connected() as connection:
            give(connection, "asked", _ASKED, (one[:-1] for one in asked))
            buildings = _buildings(connection.execute(_BY_POSTAL).fetchall())
            _give_placed(connection, asked, buildings)
            buildings += _buildings(connection.execute(_BY_PLACE).fetchall())
            _give_known(connection, {one.address for one in buildings})
            buildings += _buildings(connection.execute(_SIMILAR).fetchall())
            units = _units(connection, asked, buildings)
            variants: dict[int, set[Variant]] = defaultdict(set)
            for address, *variant in connection.execute(_VARIANTS).fetchall():
                variants[address].add((variant[0], variant[1], variant[2]))
            postal = {code: Uses(*uses) for code, *uses in connection.execute(_POSTAL).fetchall()}
        by_address: dict[int, list[Building]] = defaultdict(list)
        for one in buildings:
            by_address[one.address].append(one)
        return Found(by_address, units, variants, postal)

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as connection:
            without_progress_bar(connection)
            connection.execute(f"SET memory_limit = {literal(self._memory)}")
            connection.execute(f"SET temp_directory = {literal(tempfile.gettempdir())}")
            if self._threads is not None:
                connection.execute(f"SET threads = {int(self._threads)}")
            for table in ("buildings", "units", "streets"):
                files = literal(f"{(self._tables / table).as_posix()}/*.parquet")
                connection.execute(f"CREATE VIEW {table} AS FROM read_parquet({files})")
            postal = literal((self._tables / "postal.parquet").as_posix())
            connection.execute(f"CREATE VIEW postal AS FROM read_parquet({postal})")
            yield connection


def _read_report(folder: Path) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TradeAnalyticsError(f"{folder.name}: no address register was built there ({error})") from error
    if (form := report.get("form")) != FORM:
        raise TradeAnalyticsError(f"{folder.name}: the register has form {form}, expected {FORM}; build it again")
    return report


def _give_placed(connection: duckdb.DuckDBPyConnection, asked: Sequence[Asked], found: Sequence[Building]) -> None:
    """What is asked, once for each municipality it can be in; not what the postal code settled, part by part."""
    settled = {(one.address, one.reading) for one in found if one.exact}
    open_ones = (one for one in asked if (one.address, one.reading) not in settled)
    placed = ((*one[:-1], place) for one in open_ones for place in one.municipalities)
    give(connection, "placed", [*_ASKED, "municipality"], placed)


def _give_known(connection: duckdb.DuckDBPyConnection, known: set[int]) -> None:
    give(connection, "known", ["address"], ((one,) for one in sorted(known)))


def give(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """A small table of what Python made, in place of the last one; its columns are there without a row, too."""
    by_column = list(zip(*rows, strict=True)) or [()] * len(columns)
    types = [pa.int64() if column in _WHOLE_NUMBERS else pa.string() for column in columns]
    made = pa.table({column: pa.array(cells, of) for column, cells, of in zip(columns, by_column, types, strict=True)})
    connection.register("made", made)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM made")
    connection.unregister("made")


def _buildings(rows: Iterable[tuple[Any, ...]]) -> list[Building]:
    return [Building._make((*row[:12], Uses._make(row[12:16]), *row[16:])) for row in rows]


def _units(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[Asked], buildings: Sequence[Building]
) -> dict[tuple[int, int, str], list[Unit]]:
    of_reading = {(one.address, one.reading): one for one in asked if one.unit}
    wanted = {
        (one.address, one.reading, one.location, *of_reading[one.address, one.reading][2:5])
        for one in buildings
        if (one.address, one.reading) in of_reading
    }
    give(connection, "wanted", ["address", "reading", "location", "unit", "civic", "suffix"], sorted(wanted))
    found: dict[tuple[int, int, str], list[Unit]] = defaultdict(list)
    for address, reading, location, unit, use in connection.execute(_UNITS).fetchall():
        found[address, reading, location].append(Unit(unit, use))
    return found
