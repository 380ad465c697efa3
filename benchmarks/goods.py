"""A year of trade by HS code to Parquet, and questions over a history of it: time, memory, and the targets.

`python -m benchmarks.goods` makes an invented year of 12 million rows and a history of nine such years, prints a report
and writes it to `benchmarks/results/goods.md`.
"""

import sys
import zipfile
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.contenders import ASKED, GOODS
from benchmarks.running import Run, Runs, Target, facts, finish, made_apart, measure, peak, ratio, run, targets, ways
from benchmarks.saying import spread, table

LIBRARIES = ("polars", "duckdb", "pyarrow", "pandas")
YEAR = 2022
YEARS = range(2014, YEAR + 1)
NAME = f"ODPFN014_{YEAR}12N.csv"
ZIP = f"CIMT-CICM_Imp_{YEAR}.zip"
TIMES_BARE, AT_MOST = 1.7, 2.2
TIMES_BY_HAND = 1.2
PEAK_GB = 1.5

_LABELS = {
    "goods_tradeanalytics": "tradeanalytics: structure, every row and repeats checked, rows numbered; not yet sorted",
    "goods_polars": "bare copy: Polars, no checks",
    "goods_duckdb": "bare copy: DuckDB, no checks",
    "goods_pyarrow": "bare copy: pyarrow, no checks",
}
_QUESTIONS = {
    "partner": ("one partner by month", 1.0),
    "changes": ("one partner's 20 largest changes by HS6", 1.0),
    "partners": ("all partners by month", None),
}
_WHAT = """\
The year is invented, in the publisher's layout of imports by HS10: it has more rows than the largest real one. Sorting
by partner has a column of its own and is in none of the first targets; from the zip, every way unpacks it first. The
history is the cleaned year nine times over, under other dates. What is asked by hand is the bare SQL on the same
Parquet, which looks for no newer release and no rejected row. The package's engine remembers the footers of the files,
which bare DuckDB does not unless told to: told so, it answers one partner by hand in half the package's time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    return run("benchmarks.goods", __doc__, "an invented year", _measured, arguments, rows=12_000_000)


def _measured(parsed: Namespace, folder: Path) -> None:
    path = parsed.file or made_apart(make_year, folder / "year" / NAME, parsed.rows)
    packed = _packed(path, folder / ZIP)
    sizes = [f"{one.name}, {one.stat().st_size / 1e6:,.1f} MB" for one in (path, packed)]
    by_form = {form: measure(one, _WAYS, parsed.runs) for form, one in (("CSV", path), ("zip", packed))}
    ours = by_form["CSV"]["goods_tradeanalytics"]
    smaller = [_smaller(folder, ours[0].rows // part) for part in (4, 2)]
    history = made_apart(make_history, folder / "history", ours[0].rows)
    asked = {name: _asked(history, name, parsed.runs) for name in _QUESTIONS}
    wanted = targets(
        [
            *(row for form, runs in by_form.items() for row in _wanted_of_year(form, runs)),
            (f"peak memory of a year at most {PEAK_GB} GB", _peak_of(by_form), "GB", lambda gb: gb <= PEAK_GB),
            *(row for name, found in asked.items() for row in _wanted(name, found)),
            (f"peak of the questions at most {PEAK_GB} GB", _peak_of(asked), "GB", lambda gb: gb <= PEAK_GB),
        ]
    )
    parts = [
        facts(f"{' and '.join(sizes)}, {ours[0].rows:,} rows", by_form["CSV"], LIBRARIES),
        *(f"From the {form}:\n\n{_year(runs)}" for form, runs in by_form.items()),
        _steps([*smaller, ours]),
        _questions(asked, ours[0].rows * len(YEARS)),
    ]
    finish(parsed.results, "Goods: a year to Parquet, and a history asked", [*parts, wanted, _WHAT])


_WAYS = [contender.__name__ for contender in GOODS]


def _packed(path: Path, target: Path) -> Path:
    """The year in a zip, as the publisher packs it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, f"{target.stem}/{path.name}")
    return target


def _fastest(runs: Runs) -> str:
    return min(_WAYS[1:], key=lambda name: median(one.seconds for one in runs[name]))


def _year(runs: Runs) -> str:
    unsorted = {name: [_without_sorting(one) for one in found] for name, found in runs.items()}
    return ways(_LABELS, unsorted, _fastest(runs), "the fastest bare copy")


def _wanted_of_year(form: str, runs: Runs) -> list[Target]:
    unsorted = [_without_sorting(one) for one in runs["goods_tradeanalytics"]]
    measured = ratio(unsorted, runs[_fastest(runs)])
    return [
        (f"from the {form}: at most {TIMES_BARE} x the fastest bare copy", measured, "x", lambda x: x <= TIMES_BARE),
        (f"from the {form}: never above {AT_MOST} x", measured, "x", lambda x: x <= AT_MOST),
    ]


def _without_sorting(one: Run) -> Run:
    return replace(one, seconds=one.seconds - sum(one.steps.values()))


def _smaller(folder: Path, rows: int) -> list[Run]:
    path = made_apart(make_year, folder / str(rows) / NAME, rows)
    return measure(path, ["goods_tradeanalytics"], 1)["goods_tradeanalytics"]


def _steps(by_size: Sequence[Sequence[Run]]) -> str:
    """How the time grows with the rows: of cleaning, and of sorting."""
    rows = [["rows", "cleaning, seconds", "sorting, seconds", "rows a second, sorting included", "peak memory, GB"]]
    for runs in by_size:
        whole = median(one.seconds for one in runs)
        rows.append(
            [
                f"{runs[0].rows:,}",
                spread([_without_sorting(one).seconds for one in runs]),
                spread([sum(one.steps.values()) for one in runs]),
                f"{runs[0].rows / whole:,.0f}",
                f"{peak(runs) or 0:.2f}",
            ]
        )
    return table(rows)


def _asked(history: Path, name: str, rounds: int) -> Runs:
    found = measure(history, [f"{name}_ours", f"{name}_by_hand"], rounds)
    return {way: [replace(one, seconds=one.seconds / ASKED) for one in runs] for way, runs in found.items()}


def _questions(asked: dict[str, Runs], rows: int) -> str:
    lines = [[f"asked of {rows:,} rows", "tradeanalytics, seconds", "the same by hand, seconds", "ratio"]]
    for name, runs in asked.items():
        ours, hand = runs.values()
        seconds = [spread([one.seconds for one in side]) for side in (ours, hand)]
        lines.append([_QUESTIONS[name][0], *seconds, f"{ratio(ours, hand):.2f}"])
    return table(lines)


def _wanted(name: str, runs: Runs) -> list[Target]:
    words, seconds = _QUESTIONS[name]
    ours, hand = runs.values()
    found: list[Target] = [
        (f"{words}: at most {TIMES_BY_HAND} x by hand", ratio(ours, hand), "x", lambda x: x <= TIMES_BY_HAND)
    ]
    if seconds:
        slowest = max(one.seconds for one in ours)
        found.append((f"{words}: under {seconds:g} s", slowest, "s", lambda x: x < seconds))
    return found


def _peak_of(asked: dict[str, Runs]) -> float | None:
    return max((found for runs in asked.values() for side in runs.values() if (found := peak(side))), default=None)


# Invented files


def make_year(path: Path, rows: int) -> None:
    """An invented year of imports by HS10 in the publisher's layout: no cell twice, most rows of a few partners."""
    import polars as pl

    print(f"making a year of {rows:,} rows", file=sys.stderr, flush=True)
    chance = np.random.default_rng(1)
    codes = _codes()
    places = _places()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(_HEADING.encode())
        for month in range(1, 13):
            wanted = rows // 12 + (rows % 12 if month == 12 else 0)
            cells = _cells(chance, wanted, len(codes), len(places))
            code, place = cells // len(places), cells % len(places)
            value = np.exp(chance.normal(9, 2, wanted)).astype(np.int64)
            columns = {
                "period": pl.repeat(f"{YEAR}{month:02d}", wanted, eager=True),
                "hs": pl.Series(codes)[code],
                **{name: pl.Series([one[at] for one in places])[place] for at, name in enumerate(_PLACE)},
                "value": value,
                "quantity": np.where(code % 5 == 0, 0, np.maximum(value // 7, 1)),
                "unit": pl.Series(_UNITS)[code % 5],
            }
            frame = pl.DataFrame(columns)
            frame.write_csv(file, include_header=False, line_terminator="\r\n", quote_style="non_numeric")


_HEADING = (
    "\ufeffYearMonth/AnnéeMois,HS10,Country/Pays,Province,State/État,Value/Valeur,Quantity/Quantité,"
    "Unit of Measure/Unité de Mesure\r\n"
)
_PLACE = ("country", "province", "state")
_UNITS = ("N/A", "KGM", "NMB", "LTR", "MTQ")
_PROVINCES = ("ON", "QC", "BC", "AB", "MB", "SK", "NB", "NS", "NL", "PE", "YT", "NT", "NU")
_STATES = ("NY", "CA", "TX", "MI", "OH", "IL", "WA", "PA", "FL", "NJ", "MA", "MN", "GA", "NC", "IN", "WI", "US")


def _codes() -> list[str]:
    """Some nine thousand codes of ten digits under real six-digit ones."""
    from tradeanalytics.reference.hs import codes

    six = sorted(codes(str(YEAR)))
    return [f"{code}{ending}" for place, code in enumerate(six) for ending in ("0010", "0090")[: 1 + (place % 3 > 0)]]


def _places() -> list[tuple[str, str, str]]:
    """Every country, province and state that goods can be between; the United States have many."""
    from babel import Locale

    countries = sorted(str(code) for code in Locale("en").territories if len(str(code)) == 2 and str(code).isalpha())
    pairs = [("US", state) for state in _STATES] + [(code, "") for code in countries if code != "US"]
    return [(country, province, state) for country, state in pairs for province in _PROVINCES]


def _cells(chance: Generator, wanted: int, codes: int, places: int) -> NDArray[np.int64]:
    """So many different pairs of a code and a place, in order; a few places have most of them."""
    order = chance.permutation(places)
    found = np.empty(0, dtype=np.int64)
    while len(found) < wanted:
        code = chance.integers(0, codes, wanted)
        place = order[np.minimum((places * chance.random(wanted) ** 2.5).astype(np.int64), places - 1)]
        found = np.unique(np.concatenate([found, code * places + place]))
    return np.sort(chance.choice(found, wanted, replace=False))


def make_history(folder: Path, rows: int) -> None:
    """Nine years of goods in a processed folder: one cleaned, and the same under the dates of the years before."""
    from tradeanalytics.clean import clean
    from tradeanalytics.raw import raw_file

    year = folder / "raw" / NAME
    make_year(year, rows)
    print("cleaning it", file=sys.stderr, flush=True)
    clean(raw_file(year, year.parent), folder)
    year.unlink()
    for before in YEARS:
        if before != YEAR:
            _copy_year(folder, before)


def _copy_year(folder: Path, year: int) -> None:
    import duckdb

    from tradeanalytics.reference.hs import edition

    print(f"copying it to {year}", file=sys.stderr, flush=True)
    of_edition = {"goods": f", '{edition(str(year))}' AS hs_edition", "held": ""}
    for name, more in of_edition.items():
        source, target = ((folder / name / f"{of}.parquet").as_posix() for of in (NAME, year))
        changed = f"'{year:016d}' AS file_id, CAST(period - INTERVAL {YEAR - year} YEAR AS DATE) AS period{more}"
        with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(
                f"COPY (SELECT * REPLACE ({changed}) FROM '{source}') TO '{target}'"
                " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )


if __name__ == "__main__":
    sys.exit(main())
