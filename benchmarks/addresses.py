"""The National Address Register built from its zip, and addresses classified by it: time, memory, and the targets.

`python -m benchmarks.addresses` makes an invented register of 17.4 million addresses in the publisher's layout, prints
a report and writes it to `benchmarks/results/addresses.md`.
"""

import sys
import zipfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.contenders import PARSING, RESIDENCES
from benchmarks.running import Runs, facts, finish, made_apart, measure, peak, run, targets, ways

LIBRARIES = ("duckdb", "polars", "pyarrow")
NAME = "202606.zip"
ASKED = 100_000
BUILD_SECONDS, BUILD_GB = 180.0, 3.0
ASKED_SECONDS, ASKED_GB = 10.0, 3.0
PARSED = 12_000
_PART = 1_000_000  # rows of one file, as the publisher's largest have
_LABELS = {
    "register_tradeanalytics": "tradeanalytics: every row checked, both names of a street folded, four tables written",
    "residences_tradeanalytics": "tradeanalytics: both names, other readings, units, confidence and reasons",
    "addresses_parsed": "tradeanalytics: parts with their places in the text, keys of the premises and the room",
    "addresses_cut": "capitals, and cut into words by a pattern: nothing is told of them",
    "residences_by_hand": "by hand: one join of DuckDB by postal code, number and name; its most frequent use",
}
_WHAT = """\
The register is invented: streets of a few syllables, three fifths of the addresses houses and the rest in buildings of
ten, in thirteen provinces. A tenth of the streets has another name in the mail. Of the addresses that are asked, a
quarter has no postal code, a tenth no type of street, a third a unit, and a tenth is not in the register. The same are
parsed, each in one of five ways to write it: in order, back to front, in small letters, in French and glued. By hand,
the tables that the package built are asked; without a postal code nothing is found so."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    return run("benchmarks.addresses", __doc__, "an invented register", _measured, arguments, rows=17_400_000)


def _measured(parsed: Namespace, folder: Path) -> None:
    path = parsed.file or made_apart(make_register, folder / NAME, parsed.rows)
    size = f"{path.name}, {path.stat().st_size / 1e9:,.2f} GB"
    building = measure(path, ["register_tradeanalytics"], parsed.runs)
    asked = made_apart(partial(make_asked, path), folder / "asked", ASKED if parsed.file else min(ASKED, parsed.rows))
    classified = measure(asked, [one.__name__ for one in RESIDENCES[1:]], parsed.runs)
    parsed_texts = measure(asked, [one.__name__ for one in PARSING], parsed.runs)
    rows = building["register_tradeanalytics"][0].rows
    parts = [
        facts(f"{size}, {rows:,} rows", building, LIBRARIES),
        f"Building:\n\n{ways(_LABELS, building, 'register_tradeanalytics', 'itself')}",
        f"Classifying {_rows(classified):,} addresses:\n\n{ways(_LABELS, classified, 'residences_by_hand', 'by hand')}",
    ]
    parts.append(f"Parsing {_rows(parsed_texts):,} addresses on one core:\n\n{_parsing(parsed_texts)}")
    wanted = _wanted(building, classified, parsed_texts)
    finish(parsed.results, "Addresses: the register built, and asked", [*parts, wanted, _WHAT])


def _rows(runs: Runs) -> int:
    return next(iter(runs.values()))[0].rows


def _parsing(runs: Runs) -> str:
    return ways(_LABELS, runs, "addresses_cut", "cutting into words")


def _wanted(building: Runs, classified: Runs, parsed: Runs) -> str:
    built, asked = building["register_tradeanalytics"], classified["residences_tradeanalytics"]
    slowest = max(parsed["addresses_parsed"], key=lambda one: one.seconds)
    each = f"at least {PARSED:,} addresses parsed a second on one core"
    return targets(
        [
            (each, slowest.rows / slowest.seconds, "a second", lambda many: many >= PARSED),
            (f"the register in {BUILD_SECONDS:.0f} s", max(one.seconds for one in built), "s", lambda s: s <= 180),
            (f"peak of building at most {BUILD_GB:.0f} GB", peak(built), "GB", lambda gb: gb <= BUILD_GB),
            (f"addresses in {ASKED_SECONDS:.0f} s", max(one.seconds for one in asked), "s", lambda s: s <= 10),
            (f"peak of classifying at most {ASKED_GB:.0f} GB", peak(asked), "GB", lambda gb: gb <= ASKED_GB),
        ]
    )


# The invented register


_SHARES = {
    **{"10": 1.8, "11": 0.5, "12": 3.0, "13": 2.4, "24": 24.0, "35": 37.0, "46": 3.6, "47": 3.3, "48": 11.0},
    **{"59": 13.0, "60": 0.2, "61": 0.1, "62": 0.1},
}
_LETTERS = {
    **{"10": "A", "11": "C", "12": "B", "13": "E", "24": "H", "35": "L", "46": "R", "47": "S", "48": "T", "59": "V"},
    **{"60": "Y", "61": "X", "62": "X"},
}
_SYLLABLES = "['Bal','Cor','Dun','Ell','Fen','Gar','Hol','Ink','Kel','Lor','Mar','Nor','Oak','Pel','Quin','Ros']"
_ENDINGS = "['ton','ford','wood','dale','ley','mere','field','burn','more','wick','stead','brook','gate','low']"
_TYPES = "['ST','AVE','RD','DR','CRES','BLVD','CRT','LANE','PL','WAY']"
_DIRECTIONS = "['','','','','','','','N','S','E','W']"
_SIGNS = "['A','B','C','E','G','H','J','K','L','M','N','P','R','S','T','V','W','X','Y','Z']"
# A row's building, a building's street, and all that hangs on them. `h` draws by a hash, the same on every run.
_INVENTED = f"""
CREATE OR REPLACE MACRO h(what, many) AS CAST(hash(what) % many AS INTEGER);
CREATE OR REPLACE MACRO pick(words, what) AS words[1 + h(what, len(words))];
CREATE OR REPLACE MACRO named(street) AS
    pick({_SYLLABLES}, street || 'a') || pick({_ENDINGS}, street || 'b')
    || CASE WHEN h(street || 'c', 3) = 0 THEN ' ' || pick({_SYLLABLES}, street || 'd') ELSE '' END
    || CASE WHEN h(street || 'e', 4) = 0 THEN pick({_ENDINGS}, street || 'f') ELSE '' END;
CREATE OR REPLACE MACRO coded(letter, street) AS letter || h(street || 'p', 10) || pick({_SIGNS}, street || 'q')
    || h(street || 'r', 10) || pick({_SIGNS}, street || 's') || h(street || 't', 10);
CREATE OR REPLACE VIEW addresses AS
SELECT i, building, street, '{{code}}' AS code,
    CASE WHEN building < {{houses}} THEN '' ELSE CAST(101 + i % 10 AS VARCHAR) END AS unit,
    CAST(1 + 2 * (building % 30) AS VARCHAR) AS civic, named(street) AS name, pick({_TYPES}, street || 'k') AS type,
    pick({_DIRECTIONS}, street || 'l') AS direction, named(street // 75 || 'town') AS municipality,
    CASE WHEN h(street || 'm', 10) = 0 THEN named(street || 'other') ELSE named(street) END AS mail,
    coded('{{letter}}', street // 2) AS postal,
    CASE WHEN h(i || 'u', 100) < 84 THEN 1 WHEN h(i || 'u', 100) < 85 THEN 2 WHEN h(i || 'u', 100) < 96 THEN 3
        ELSE 4 END AS use
FROM (SELECT i, building, building // 30 AS street
    FROM (SELECT i, CASE WHEN i < {{houses}} THEN i ELSE {{houses}} + (i - {{houses}}) // 10 END AS building
        FROM range({{first}}, {{end}}) AS r(i)))
"""
_ADDRESSES = """
SELECT md5(code || building || 'loc')::UUID AS LOC_GUID, md5(code || i || 'addr')::UUID AS ADDR_GUID,
    unit AS APT_NO_LABEL, civic AS CIVIC_NO, '' AS CIVIC_NO_SUFFIX, name AS OFFICIAL_STREET_NAME,
    type AS OFFICIAL_STREET_TYPE, direction AS OFFICIAL_STREET_DIR, code AS PROV_CODE, municipality AS CSD_ENG_NAME,
    municipality AS CSD_FRE_NAME, 'CY' AS CSD_TYPE_ENG_CODE, 'V' AS CSD_TYPE_FRE_CODE,
    upper(mail) AS MAIL_STREET_NAME, type AS MAIL_STREET_TYPE, direction AS MAIL_STREET_DIR,
    upper(municipality) AS MAIL_MUN_NAME, 'XX' AS MAIL_PROV_ABVN, postal AS MAIL_POSTAL_CODE, '' AS BG_DLS_LSD,
    '' AS BG_DLS_QTR, '' AS BG_DLS_SCTN, '' AS BG_DLS_TWNSHP, '' AS BG_DLS_RNG, '' AS BG_DLS_MRD,
    7000000 + h(building, 900000) / 10 AS BG_X, 1000000 + h(building || 'y', 900000) / 10 AS BG_Y,
    7000000 + h(building, 900000) / 10 AS BF_REPPOINT_X, 1000000 + h(building || 'y', 900000) / 10 AS BF_REPPOINT_Y,
    '' AS BU_N_CIVIC_ADD, use AS BU_USE
FROM addresses
"""
_LOCATIONS = """
SELECT DISTINCT md5(code || building || 'loc')::UUID AS LOC_GUID, code || '01001' AS CSD_CODE,
    code || '001' AS FED_CODE, 'Somewhere' AS FED_ENG_NAME, 'Quelque part' AS FED_FRE_NAME, code || '10' AS ER_CODE,
    'There' AS ER_ENG_NAME, 'Là' AS ER_FRE_NAME, 45 + h(building, 100000) / 100000 AS BG_LATITUDE,
    -75 - h(building || 'y', 100000) / 100000 AS BG_LONGITUDE, 45.5 AS BF_REPPOINT_LATITUDE,
    -75.5 AS BF_REPPOINT_LONGITUDE
FROM addresses
"""


def make_register(path: Path, rows: int) -> None:
    """An invented register in the publisher's zip: each file is packed as it is made, so that little lies unpacked."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    unpacked = path.with_suffix(".csv")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false; SET memory_limit = '2GB'")
        for name, described in _members(rows):
            print(f"making {name}", file=sys.stderr, flush=True)
            connection.execute(_INVENTED.format(**described))
            for kind, statement in (("Address", _ADDRESSES), ("Location", _LOCATIONS)):
                connection.execute(f"COPY ({statement}) TO '{unpacked.as_posix()}' (FORMAT csv, HEADER)")
                folder = "Addresses" if kind == "Address" else "Locations"
                archive.write(unpacked, f"{folder}/{kind}_{name}.csv")
    unpacked.unlink()


def _members(rows: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Every file by what ends its name, and what makes it; a building is never in two."""
    left = rows
    for code, share in _SHARES.items():
        many = left if code == "62" else int(rows * share / 100) // 10 * 10
        left -= many
        houses = many * 3 // 50 * 10
        starts = range(0, many, _PART)
        for number, first in enumerate(starts, 1):
            described = {"code": code, "letter": _LETTERS[code], "houses": houses}
            part = f"_part_{number}" if len(starts) > 1 else ""
            yield f"{code}{part}", {**described, "first": first, "end": min(first + _PART, many)}


# What is asked


_ASKED = """
SELECT CASE WHEN u.unit IS NULL THEN '' ELSE 'Unit ' || u.unit END AS unit,
    CASE WHEN n % 10 = 9 THEN CAST(CAST(b.civic AS INTEGER) + 1 AS VARCHAR) ELSE b.civic END AS civic,
    '' AS civic_suffix, b.street, CASE WHEN n % 10 = 3 THEN '' ELSE b.type END AS street_type, b.direction,
    substr(b.municipality, 4) AS municipality, substr(b.municipality, 1, 2) AS province,
    CASE WHEN n % 4 = 1 THEN '' ELSE b.postal END AS postal_code, 'CA' AS country, '' AS po_box, '' AS rural_route,
    false AS general_delivery, '' AS building, 'street' AS kind, CAST([] AS VARCHAR[][]) AS other_readings
FROM (SELECT *, row_number() OVER (ORDER BY hash(location), postal, street, type) AS n FROM '{buildings}'
    QUALIFY n <= {rows}) AS b
LEFT JOIN (SELECT location, min(unit) AS unit FROM '{units}' GROUP BY location) AS u ON u.location = b.location
ORDER BY n
"""


_TEXTS = """
SELECT CASE n % 5
    WHEN 0 THEN concat_ws(', ', nullif(unit, ''), road, municipality, province || ' ' || postal_code, 'CANADA')
    WHEN 1 THEN concat_ws(', ', 'КАНАДА', nullif(postal_code, ''), province, municipality, road, nullif(unit, ''))
    WHEN 2 THEN lower(concat_ws(' ', road, nullif(unit, ''), municipality, province, postal_code))
    WHEN 3 THEN concat_ws(', ', civic || ' rue ' || street, replace(unit, 'Unit', 'bureau'), municipality, province)
    ELSE concat_ws(',', upper(replace(unit, 'Unit ', '#')), road, municipality,
        province || replace(postal_code, ' ', ''))
    END AS text
FROM (SELECT *, row_number() OVER () AS n, concat_ws(' ', civic, street, street_type, direction) AS road
    FROM '{asked}')
ORDER BY n
"""


def make_asked(source: Path, folder: Path, rows: int) -> None:
    """A register built from its zip, and addresses to ask it about."""
    import duckdb

    from tradeanalytics.clean.nar import build_register

    report = build_register(source, folder)
    tables = folder / report["tables"]
    where = {one: f"{(tables / one).as_posix()}/*.parquet" for one in ("buildings", "units")}
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false; SET memory_limit = '2GB'")
        statement = _ASKED.format(**where, rows=rows)
        asked = (folder / "asked.parquet").as_posix()
        connection.execute(f"COPY ({statement}) TO '{asked}' (FORMAT parquet)")
        connection.execute(
            f"COPY ({_TEXTS.format(asked=asked)}) TO '{folder.as_posix()}/texts.parquet' (FORMAT parquet)"
        )


if __name__ == "__main__":
    sys.exit(main())
