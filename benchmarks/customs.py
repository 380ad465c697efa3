"""A million Russian-style declarations to Parquet, against bare copies of the same file: time, memory, the targets.

`python -m benchmarks.customs` makes an invented CSV in cp1251, prints a report and writes it to
`benchmarks/results/customs.md`.
"""

import csv
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.contenders import CP1251
from benchmarks.running import Run, facts, finish, made_apart, measure, peak, ratio, run, targets, ways
from benchmarks.saying import spread, table
from tradeanalytics.sample import cast
from tradeanalytics.sample.cast import Company

LIBRARIES = ("polars", "duckdb", "pyarrow", "pandas")
TIMES_BARE = 3.0
PEAK_GB = 1.5

_LABELS = {
    "tradeanalytics": "tradeanalytics: encoding and layout found, every row checked, repeats classed, parties and"
    " descriptions read",
    "cp1251_polars": "bare copy: to UTF-8, then Polars, no checks",
    "cp1251_duckdb": "bare copy: to UTF-8, then DuckDB, no checks",
    "cp1251_pyarrow": "bare copy: pyarrow, no checks",
    "cp1251_pandas": "pandas read_csv, to_parquet, no checks",
}
_STEPS = {
    "write_names": "parties: every distinct name keyed",
    "write_finds": "descriptions: pieces, makers, models and parts found in every distinct text",
}
_WHAT = """\
The file is invented: the sample's goods and quirks, with 3,000 importers and 3,000 suppliers and nearly every
description its own. The targets for time are of cleaning without the two steps that read each distinct text once."""
_BATCH = 20_000
_COMPANIES = 3_000
_COUNTRIES = ("CN", "DE", "TR", "KR", "IT")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    return run("benchmarks.customs", __doc__, "an invented CSV in cp1251", _measured, arguments, rows=1_000_000)


def _measured(parsed: Namespace, folder: Path) -> None:
    path = parsed.file or made_apart(make_declarations, folder / "SYNTHETIC.csv", parsed.rows)
    size = f"{path.name}, {path.stat().st_size / 1e6:,.1f} MB in cp1251"
    runs = measure(path, [contender.__name__ for contender in CP1251], parsed.runs)
    ours, *bare, pandas = runs.values()
    fastest = min(bare, key=lambda found: median(run.seconds for run in found))
    called = next(name for name, found in runs.items() if found is fastest)
    cleaning = [_without_steps(run) for run in ours]
    wanted = targets(
        [
            (
                f"at most {TIMES_BARE:g} x the fastest bare copy",
                ratio(cleaning, fastest),
                "x",
                lambda x: x <= TIMES_BARE,
            ),
            ("faster than pandas", ratio(cleaning, pandas), "x", lambda x: x < 1),
            (f"peak memory at most {PEAK_GB} GB", peak(ours), "GB", lambda gb: gb <= PEAK_GB),
        ]
    )
    file = f"{size}, {ours[0].rows:,} rows"
    shown = [facts(file, runs, LIBRARIES), ways(_LABELS, runs, called, "the fastest bare copy")]
    finish(parsed.results, "Customs records: from a CSV to Parquet", [*shown, _steps(ours, cleaning), wanted, _WHAT])


def _without_steps(run: Run) -> Run:
    return Run(run.seconds - sum(run.steps.values()), run.whole_seconds, run.peak_gb, run.rows)


def _steps(ours: Sequence[Run], cleaning: Sequence[Run]) -> str:
    """What cleaning itself took, and what each step that reads distinct texts took."""
    timed = {"cleaning without the steps below": [run.seconds for run in cleaning]}
    timed |= {label: [run.steps[step] for run in ours] for step, label in _STEPS.items()}
    rows = [[label, spread(seconds), f"{ours[0].rows / median(seconds):,.0f}"] for label, seconds in timed.items()]
    return table([["of tradeanalytics", "seconds", "rows of the file a second"], *rows])


def make_declarations(path: Path, rows: int) -> None:
    """An invented CSV of this many declared items, in cp1251: as the sample, with more companies."""
    numbers = [str(place) for place in range(_COMPANIES)]
    write_declarations(path, rows, [f"ВЫМЫСЕЛ {one}" for one in numbers], [f"SAMPLE {one}" for one in numbers])


def write_declarations(path: Path, rows: int, importers: Sequence[str], suppliers: Sequence[str]) -> None:
    """An invented CSV of this many declared items, in cp1251, of importers and suppliers with these words as names."""
    print(f"making a CSV of {rows:,} rows", file=sys.stderr, flush=True)
    with path.open("w", encoding="cp1251", newline="") as file:
        writer = None
        for row in _rows(rows, importers, suppliers):
            if writer is None:
                writer = csv.DictWriter(file, list(row), delimiter=";", lineterminator="\r\n")
                writer.writeheader()
            writer.writerow(row)


def declared(importers: Sequence[str], suppliers: Sequence[str]) -> tuple[list[Company], list[Company]]:
    """The importers and suppliers with these words as names, as declarations name them."""
    abroad = [cast.abroad(word, _COUNTRIES[place % len(_COUNTRIES)], place) for place, word in enumerate(suppliers)]
    return [cast.russian(word, place) for place, word in enumerate(importers)], abroad


def _rows(wanted: int, importer_words: Sequence[str], supplier_words: Sequence[str]) -> Iterator[dict[str, str]]:
    from tradeanalytics.sample.deals import MONTHS, Market, declare
    from tradeanalytics.sample.declarations import cells, looks, totals_of

    importers, suppliers = declared(importer_words, supplier_words)
    market = Market(Random(1))
    while wanted > 0:
        market.items.clear()
        while len(market.items) < min(wanted, _BATCH):
            goods = [market.random.choice(cast.ORDINARY) for _ in range(min(market.some(1, 5), wanted))]
            importer, supplier = market.random.choice(importers), market.random.choice(suppliers)
            declare(market, market.day(market.random.choice(MONTHS)), importer, supplier, goods)
        items = market.items[:wanted]
        wanted -= len(items)
        totals = totals_of(items)
        for item, look in zip(items, looks(market.random, items), strict=True):
            yield cells(item, look, totals[item.declaration])


if __name__ == "__main__":
    sys.exit(main())
