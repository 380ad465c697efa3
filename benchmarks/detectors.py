"""All detectors on ten million shipments: the time of each, memory, and how the cost grows; and monthly series.

`python -m benchmarks.detectors` makes invented shipments as cleaning leaves them, prints a report and writes it to
`benchmarks/results/detectors.md`.
"""

import argparse
import json
import math
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.contenders import DETECTORS, FOUND, PROCESSOR
from benchmarks.running import (
    Run,
    Runs,
    Target,
    add_rounds,
    facts,
    finish,
    finished,
    made_apart,
    measure,
    others_share,
    parser,
    peak,
    targets,
    ways,
)
from benchmarks.saying import spread, table
from tradeanalytics import TradeAnalyticsError

LIBRARIES = ("duckdb", "pandas", "scipy", "numpy", "ruptures")
ROWS, HALVINGS, SERIES = 10_000_000, 3, 100_000
SECONDS, PEAK_GB = 60, 3
TOLERANCE = 1.25  # for other work on the machine
_FEW_SERIES, _MONTHS = 1_008, 120
_LONG = 1.0  # seconds from which the growth of one detector is judged: of shorter ones it is mostly chance
_OURS, _BY_HAND, _OF_SERIES = (way.__name__ for way in DETECTORS)
_LABELS = {
    _OURS: "tradeanalytics: shipments written once with their keys, then every detector",
    _BY_HAND: "by hand: one pass of DuckDB, items and value by shipper, consignee and month",
}
_WHAT = f"""\
Shipments are invented (SYNTHETIC), three years of them: a consignee for every 200 rows and a supplier for every 500, a
few of them with much of the trade; 300 codes of goods spread over the whole Harmonized System; prices that vary by two
fifths; one consignee in ten new after February 2022, one gone before it, one with a foreign phone number. By hand, no
key of a name is joined, nothing is judged, and no sentence is written: it is what reading the rows and grouping them
once costs. Detectors ask in one process, which holds the findings of one at a time. Betweenness is of 100 starts drawn
with a fixed seed where there are more than 2,000 companies, as its sentences say. Seconds of the cores are added over
both; other work on the machine sways them less than the clock, so that growth is judged by them. No worse than n log n:
they over n log n, as a ratio to those of the fewest rows, are at most {TOLERANCE}; a detector is judged by itself where
it takes {_LONG:.0f} s of them or more with the most rows. Series are invented too: seasons and chance, in which nothing
happens, so that what is flagged of them is so by chance."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    return finished("benchmarks.detectors", _parser().parse_args(arguments), _measured)


def _parser() -> argparse.ArgumentParser:
    made = parser("benchmarks.detectors", __doc__)
    add_rounds(made)
    for option, number, counts in (
        ("--rows", ROWS, "invented shipments"),
        ("--halvings", HALVINGS, "times that the rows are halved, to see the cost grow"),
        ("--series", SERIES, "invented monthly series"),
    ):
        made.add_argument(option, type=int, default=number, help=f"{counts}; without, {number:,}")
    return made


def _measured(parsed: Namespace, folder: Path) -> None:
    fewest = parsed.rows >> parsed.halvings
    if fewest < 1 or parsed.series < 1:
        told = f"--rows {parsed.rows} halved {parsed.halvings} times, --series {parsed.series}"
        raise TradeAnalyticsError(f"{told}: expected at least one of each")
    with others_share() as others:
        sizes = [parsed.rows >> halvings for halvings in range(parsed.halvings, -1, -1)]
        grown = {rows: _asked(make_shipments, folder / f"{rows}", rows, parsed.runs) for rows in sizes}
        few = sorted({min(_FEW_SERIES, parsed.series), parsed.series})
        series = {many: _asked_of_series(folder / f"series {many}", many, parsed.runs) for many in few}
    whole, made = grown[parsed.rows], folder / f"{parsed.rows}"
    size = sum(path.stat().st_size for path in made.rglob("*.parquet"))
    named = f"invented shipments (SYNTHETIC) as cleaning leaves them, {size / 1e6:,.1f} MB, {parsed.rows:,} rows"
    parts = [
        f"{facts(named, whole, LIBRARIES)}\n- Other work on the machine meanwhile: {others()} of its cores",
        _detectors(whole[_OURS], _found(made)),
        ways(_LABELS, whole, _BY_HAND, "by hand"),
        f"How the cost grows:\n\n{_growth(grown)}",
        f"Of each, seconds of the cores, and these over n log n beside those of the fewest rows:\n\n{_each(grown)}",
        *(
            f"{many:,} monthly series of {_MONTHS} months:\n\n{_series(runs, found)}"
            for many, (runs, found) in series.items()
        ),
    ]
    finish(parsed.results, "Detectors: ten million shipments, and how the cost grows", [*parts, _wanted(grown), _WHAT])


def _asked(make: Callable[[Path, int], None], folder: Path, rows: int, runs: int) -> Runs:
    return measure(made_apart(make, folder, rows), [_OURS, _BY_HAND], runs)


def _asked_of_series(folder: Path, series: int, runs: int) -> tuple[list[Run], dict[str, list[int]]]:
    found = measure(made_apart(make_series, folder, series), [_OF_SERIES], runs)
    return found[_OF_SERIES], _found(folder)


def _found(folder: Path) -> dict[str, list[int]]:
    """How many units were asked, judged and flagged, by question."""
    told: dict[str, list[int]] = json.loads((folder / FOUND).read_text(encoding="utf-8"))
    return told


def _detectors(runs: Sequence[Run], found: Mapping[str, Sequence[int]]) -> str:
    rows = [
        [
            *(step, spread(_step(runs, step)), f"{median(_processor(runs, step)):.2f}"),
            *([f"{count:,}" for count in found[step]] if step in found else ["–"] * 3),
        ]
        for step in _steps(runs)
    ]
    total = [f"{sum(counts[at] for counts in found.values()):,}" for at in range(3)]
    rows.append(["in all", spread([run.seconds for run in runs]), f"{_cost(runs):.2f}", *total])
    return table([["detector", "seconds", "seconds of the cores", "units asked", "judged", "flagged"], *rows])


def _steps(runs: Sequence[Run]) -> list[str]:
    return [step for step in runs[0].steps if not step.endswith(PROCESSOR)]


def _step(runs: Sequence[Run], step: str) -> list[float]:
    return [run.steps[step] for run in runs]


def _processor(runs: Sequence[Run], step: str) -> list[float]:
    return _step(runs, step + PROCESSOR)


def _cost(runs: Sequence[Run], step: str | None = None) -> float:
    """The seconds of the cores that one detector took, or all together."""
    return sum(median(_processor(runs, one)) for one in ([step] if step else _steps(runs)))


def _per(seconds: float, rows: int) -> float:
    return seconds / (rows * math.log(rows))


def _growth(grown: Mapping[int, Runs]) -> str:
    rows = []
    for size, runs in grown.items():
        ours, floor = runs[_OURS], runs[_BY_HAND]
        cells = [
            f"{size:,}",
            spread([run.seconds for run in ours]),
            f"{_cost(ours):.2f}",
            f"{_beside(grown, size):.2f}",
        ]
        rows.append([*cells, _gb(ours), spread([run.seconds for run in floor])])
    heading = ["rows, n", "seconds", "seconds of the cores", "these over n log n, to the first"]
    return table([[*heading, "peak memory, GB", "by hand, seconds"], *rows])


def _gb(runs: Sequence[Run]) -> str:
    most = peak(runs)
    return "not measured" if most is None else f"{most:.2f}"


def _beside(grown: Mapping[int, Runs], size: int, step: str | None = None) -> float:
    """The cost of so many rows over n log n, as a ratio to that of the fewest; of all, or of one detector."""
    here, first = (_per(_cost(grown[rows][_OURS], step), rows) for rows in (size, min(grown)))
    return here / first


def _each(grown: Mapping[int, Runs]) -> str:
    first = next(iter(grown.values()))[_OURS]
    rows = [
        [
            step,
            *(f"{_cost(runs[_OURS], step):.2f} ({_beside(grown, size, step):.2f})" for size, runs in grown.items()),
        ]
        for step in _steps(first)
    ]
    return table([["detector", *(f"{size:,} rows" for size in grown)], *rows])


def _series(runs: Sequence[Run], found: Mapping[str, Sequence[int]]) -> str:
    return f"{_detectors(runs, found)}\n\nPeak memory {_gb(runs)} GB."


def _wanted(grown: Mapping[int, Runs]) -> str:
    ours = grown[max(grown)][_OURS]
    worst = max(_beside(grown, size) for size in grown) if len(grown) > 1 else None
    rows: list[Target] = [
        (f"all detectors under {SECONDS} s", median(run.seconds for run in ours), "s", lambda s: s < SECONDS),
        (f"peak memory at most {PEAK_GB} GB", peak(ours), "GB", lambda gb: gb <= PEAK_GB),
        ("all together no worse than n log n", worst, "times the fewest rows", lambda x: x <= TOLERANCE),
    ]
    long = [step for step in _steps(ours) if _cost(ours, step) >= _LONG]
    each = max(((_beside(grown, size, step), step) for size in list(grown)[1:] for step in long), default=None)
    words = "each detector no worse than n log n" + (f"; the worst: {each[1]}" if each else "")
    rows.append((words, each and each[0], "times the fewest rows", lambda x: x <= TOLERANCE))
    return targets(rows)


# Invented shipments, as cleaning leaves them


_GOODS = 300
# `h` draws by a hash, the same on every run; `few` draws so that the first have the most.
_DRAWN = """
CREATE MACRO h(what, many) AS CAST(hash(what) % many AS BIGINT);
CREATE MACRO few(what, many) AS CAST(floor(many * pow(h(what, 1000000) / 1000000.0, 2)) AS BIGINT);
CREATE MACRO normal(what) AS
    sqrt(-2 * ln((1 + h(what || 'r', 99999)) / 100000.0)) * cos(2 * pi() * h(what || 'a', 100000) / 100000.0);
"""
# A declaration has three items, of one supplier, importer and day.
_ITEMS = """
SELECT i, declaration, importer, supplier, code,
       ['CN', 'HK', 'TR', 'DE', 'US', 'TW', 'KR'][1 + h(supplier, 7)] AS country,
       CASE importer % 10 WHEN 0 THEN DATE '2022-03-01' + CAST(h(declaration || 'd', 671) AS INTEGER)
            WHEN 1 THEN DATE '2021-01-01' + CAST(h(declaration || 'd', 424) AS INTEGER)
            ELSE DATE '2021-01-01' + CAST(h(declaration || 'd', 1095) AS INTEGER) END AS day,
       round(1 + h(i || 'kg', 10000) / 100.0, 2) AS kg
FROM (SELECT i, i // 3 AS declaration, few(i // 3 || 'importer', {importers}) AS importer,
             few(i // 3 || 'supplier', {suppliers}) AS supplier, few(i || 'goods', {goods}) AS place
      FROM range({rows}) AS r(i))
JOIN (VALUES {codes}) AS listed (place, code) USING (place)
"""
_COLUMNS = {
    "file_id": "'synthetic'",
    "record": "i + 1",
    "declaration": "'D' || declaration",
    "declaration_key": "'D' || declaration",
    "item": "i % 3 + 1",
    "direction": "'import'",
    "registered_on": "day",
    "shipper_name": "'SYNTHETIC SUPPLIER ' || supplier || ' LTD'",
    "shipper_address": "'ROOM ' || supplier % 50 || ', STREET ' || supplier % 1000",
    "shipper_country": "country",
    "consignee_name": "'SYNTHETIC IMPORTER ' || importer || ' LTD'",
    "consignee_address": "'UNIT ' || importer % 50 || ', STREET ' || importer % 1000 || ', TEL '"
    " || CASE importer % 10 WHEN 2 THEN '+90 212 ' ELSE '+7 495 ' END || 1000000 + importer",
    "consignee_country": "'RU'",
    "manufacturer": "'SYNTHETIC MAKER ' || supplier % 1000",
    "origin_country": "country",
    "dispatch_country": "country",
    "trading_country": "country",
    "destination_country": "'RU'",
    "hs": "code || '0000'",
    "hs_source": "'declared'",
    "hs_edition": "CASE WHEN day < DATE '2022-01-01' THEN '2017' ELSE '2022' END",
    "description": "'GOODS ' || code || ' MODEL X' || i % 100000 || 'Z ' || 1 + i % 900 || ' PCS'",
    "net_kg": "kg",
    "gross_kg": "kg + 1",
    "quantity": "CASE WHEN i % 2 = 0 THEN 1 + i % 900 END",
    "quantity_unit": "CASE WHEN i % 2 = 0 THEN 'PCS' END",
    "value_usd_cents": "1 + CAST(100 * kg * exp(h(code, 7) + 0.4 * normal(i)) AS BIGINT)",
    "value_rub_cents": "7000 + h(i || 'rub', 1000000)",
    "value_usd_basis": "'statistical'",
    "duplicate": "'unique'",
    "invented": "true",
    "layout": "'invented'",
}
_NAMES = """
SELECT 'synthetic' AS file_id, text, replace(text, ' LTD', '') AS key, 'LTD' AS legal_form FROM (
    SELECT DISTINCT shipper_name AS text FROM '{shipments}' UNION SELECT DISTINCT consignee_name FROM '{shipments}'
    UNION SELECT DISTINCT manufacturer FROM '{shipments}') ORDER BY text
"""
_FINDS = """
WITH texts AS (SELECT DISTINCT description FROM '{shipments}')
SELECT 'synthetic' AS file_id, description, 'pieces' AS kind, regexp_extract(description, '[0-9]+ PCS') AS value,
       CAST(regexp_extract(description, '([0-9]+) PCS', 1) AS DOUBLE) AS number, 'PCS' AS unit,
       0 AS "start", 5 AS "end", 'pattern' AS how FROM texts
UNION ALL
SELECT 'synthetic', description, 'model', regexp_extract(description, 'X[0-9]+Z'), NULL, NULL, 10, 12, 'pattern'
FROM texts
"""


def make_shipments(folder: Path, rows: int) -> None:
    """Invented shipments with the keys of their names and what was found in their descriptions, as Parquet tables."""
    import duckdb

    from tradeanalytics.tables import FINDS, NAMES, SHIPMENTS

    connection = duckdb.connect()
    connection.execute(f"SET enable_progress_bar = false; SET threads = 2; {_DRAWN}")
    codes = ", ".join(f"({place}, '{code}')" for place, code in enumerate(_codes()))
    told = {
        "rows": rows,
        "goods": _GOODS,
        "codes": codes,
        "importers": max(10, rows // 200),
        "suppliers": max(10, rows // 500),
    }
    shipments = folder / SHIPMENTS.name / "synthetic.parquet"
    items = _ITEMS.format(**told)
    cells = ", ".join(f"{_COLUMNS.get(column.name, 'NULL')} AS {column.name}" for column in SHIPMENTS.columns)
    for made, statement in ((SHIPMENTS, f"SELECT {cells} FROM ({items})"), (NAMES, _NAMES), (FINDS, _FINDS)):
        path = folder / made.name / "synthetic.parquet"
        path.parent.mkdir(parents=True)
        typed = ", ".join(f'CAST("{column.name}" AS {column.type}) AS "{column.name}"' for column in made.columns)
        asked = statement if made is SHIPMENTS else statement.format(shipments=shipments.as_posix())
        connection.execute(
            f"COPY (SELECT {typed} FROM ({asked})) TO '{path.as_posix()}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _codes() -> list[str]:
    """Six-digit codes that are in HS 2017 and in HS 2022, evenly spread."""
    from tradeanalytics.reference.hs import codes

    both = sorted(codes("2017") & codes("2022"))
    return both[:: len(both) // _GOODS][:_GOODS]


def make_series(folder: Path, series: int) -> None:
    """Invented monthly series of ten years in which nothing happens, as one long Parquet table."""
    import numpy as np
    import pandas as pd

    folder.mkdir()
    months = np.datetime64("2016-01", "M") + np.arange(_MONTHS)
    noise = np.random.default_rng(1).normal(size=(series, _MONTHS))
    values = 5e6 * np.exp(0.3 * np.sin(2 * np.pi * np.arange(_MONTHS) / 12) + 0.3 * noise)
    keys = [f"SYNTHETIC {number:06}" for number in range(series)]
    told = {"series": np.repeat(keys, _MONTHS), "period": np.tile(months.astype("datetime64[s]"), series)}
    pd.DataFrame({**told, "value": values.ravel()}).to_parquet(folder / "series.parquet")


if __name__ == "__main__":
    sys.exit(main())
