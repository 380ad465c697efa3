"""Screening against lists of 100,000 names: opening the lists, names a second, and customs records end to end.

`python -m benchmarks.screening` makes invented lists, names and customs records, prints a report and writes it to
`benchmarks/results/screening.md`.
"""

import csv
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.contenders import ASKED_OF_LISTS, DECLARATIONS, LETTERS, LISTS, LISTS_OPENED
from benchmarks.customs import declared, write_declarations
from benchmarks.invented import companies, in_cyrillic, persons, spelled, word
from benchmarks.running import Run, Runs, Target, facts, finish, made_apart, measure, peak, run, targets
from benchmarks.saying import spread, table

LIBRARIES = ("polars", "duckdb", "pandas", "rapidfuzz", "anyascii")
PARTIES = 41_000
ROWS = 450_000
NAMES_A_SECOND = 10_000
COLD, WARM, WHOLE = 20, 2, 60  # seconds
PEAK_GB = 1.5

_ONE_CORE = {"POLARS_MAX_THREADS": "1"}
_AUTHORITIES = ("SYNTHETIC Northland", "SYNTHETIC Southland", "SYNTHETIC Isles")
_NAMES_OF_A_PARTY = (1, 2, 3, 4)
_TRADERS = 4_000  # importers, and as many suppliers
_LABELS = {
    "companies_asked": "tradeanalytics: companies",
    "persons_asked": "tradeanalytics: persons",
    "both_asked": "tradeanalytics: both together",
    "wratio_cdist": "rapidfuzz cdist, WRatio of letters alone",
    "wratio_extract": "rapidfuzz extract, WRatio of letters alone",
}
_STEPS = {
    "clean": "cleaning the records",
    "open_lists": "opening the lists, nothing kept",
    "screened": "screening the parties",
    "on_the_day": "shipments on the day",
}
_WHAT = """\
Lists, names and customs records are invented. One name asked about in twenty is a listed one with a slip in its
spelling, and some traders of the records are listed. Names a second are of one process on one core, with the lists
open; they include what came of each name, found or not. rapidfuzz is asked about a few of the same names, and looks at
letters alone: neither scripts, nor legal forms, nor how rare a word is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    usual = "invented customs records; those of a file are screened against the invented lists"
    more = [("--parties", PARTIES, "of the invented lists")]
    return run("benchmarks.screening", __doc__, usual, _measured, arguments, rows=ROWS, more=more)


def _measured(parsed: Namespace, folder: Path) -> None:
    make = partial(make_project, parties=parsed.parties, file=parsed.file)
    project = made_apart(make, folder / "project", parsed.rows)
    cleaned = measure(project, ["lists_cleaned"], parsed.runs)
    opened = measure(project, [way.__name__ for way in LISTS_OPENED], parsed.runs)
    asked = {way.__name__: measure(project, [way.__name__], parsed.runs, _ONE_CORE) for way in ASKED_OF_LISTS}
    by_letters = measure(project, [way.__name__ for way in LETTERS], parsed.runs, _ONE_CORE)
    whole = measure(project, ["declarations_screened"], parsed.runs)
    runs: Runs = {**cleaned, **opened, **{way: found for one in asked.values() for way, found in one.items()}}
    rows = f"customs records of {parsed.file.name}" if parsed.file else f"{parsed.rows:,} rows of customs records"
    names = f"lists of {parsed.parties:,} parties, {opened['lists_cold'][0].rows:,} names; {rows}"
    parts = [facts(names, runs, LIBRARIES), _opened(runs), _asked(runs, by_letters), _whole(whole)]
    every = {**runs, **whole}
    finish(parsed.results, "Screening: names a second, and records end to end", [*parts, _wanted(every), _WHAT])


def _opened(runs: Runs) -> str:
    told = {
        "lists_cleaned": "cleaning the lists",
        "lists_cold": "opening them, nothing kept",
        "lists_warm": "opening them, kept",
    }
    rows = [[label, spread(_seconds(runs[way])), _peak(runs[way])] for way, label in told.items()]
    return table([["lists", "seconds", "peak memory, GB"], *rows])


def _asked(runs: Runs, by_letters: Runs) -> str:
    ways = {way: found for way, found in {**runs, **by_letters}.items() if way in _LABELS}
    rows = [
        [_LABELS[way], f"{found[0].rows:,}", spread(_seconds(found)), f"{_names_a_second(found):,.0f}", _peak(found)]
        for way, found in ways.items()
    ]
    return table([["on one core", "names", "seconds", "names a second", "peak memory, GB"], *rows])


def _whole(whole: Runs) -> str:
    [runs] = whole.values()
    rows = [[label, spread([one.steps.get(step, 0.0) for one in runs])] for step, label in _STEPS.items()]
    rest = spread([one.seconds - sum(one.steps.values()) for one in runs])
    total = [f"in all, {runs[0].rows:,} parties", spread(_seconds(runs))]
    return table([["`tradeanalytics screen FILE`", "seconds"], *rows, ["saying and writing it", rest], total])


def _wanted(runs: Runs) -> str:
    both, cold, warm, whole = (runs[way] for way in ("both_asked", "lists_cold", "lists_warm", "declarations_screened"))
    peaks = [one for found in runs.values() if (one := peak(found)) is not None]
    rows: list[Target] = [
        (
            f"at least {NAMES_A_SECOND:,} names a second on one core",
            _names_a_second(both),
            "a second",
            lambda x: x >= NAMES_A_SECOND,
        ),
        (f"lists opened, nothing kept, under {COLD} s", median(_seconds(cold)), "s", lambda s: s < COLD),
        (f"lists opened, kept, under {WARM} s", median(_seconds(warm)), "s", lambda s: s < WARM),
        (f"customs records end to end under {WHOLE} s", median(_seconds(whole)), "s", lambda s: s < WHOLE),
        (f"peak memory of each at most {PEAK_GB} GB", max(peaks, default=None), "GB", lambda gb: gb <= PEAK_GB),
    ]
    return targets(rows)


def _seconds(runs: Sequence[Run]) -> list[float]:
    return [one.seconds for one in runs]


def _names_a_second(runs: Sequence[Run]) -> float:
    return runs[0].rows / median(_seconds(runs))


def _peak(runs: Sequence[Run]) -> str:
    most = peak(runs)
    return "not measured" if most is None else f"{most:.2f}"


# An invented project


def make_project(folder: Path, rows: int, parties: int, file: Path | None) -> None:
    """A project with invented lists, cleaned, names to ask about, and customs records, invented or those of `file`."""
    from tradeanalytics.clean import clean
    from tradeanalytics.raw import raw_file

    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    chance = Random(1)
    traders = min(_TRADERS, rows)
    importers = [in_cyrillic(word(chance)).upper() for _ in range(traders)]
    suppliers = [word(chance).upper() for _ in range(traders)]
    listed = [one.name for side in declared(importers, suppliers) for one in side[: traders // 100 + 1]]
    listed += companies(chance, parties * 3 // 5 - len(listed))
    people = persons(chance, parties - len(listed))
    _write(raw / LISTS, _entries(chance, listed, people))
    asked = {"company": (companies(chance, parties // 2), listed), "person": (persons(chance, parties // 8), people)}
    _write(folder / "asked.csv", _asked_about(chance, asked))
    if file:
        shutil.copy(file, raw / DECLARATIONS)
    else:
        write_declarations(raw / DECLARATIONS, rows, importers, suppliers)
    clean(raw_file(raw / LISTS, raw), folder / "data" / "processed")


def _entries(chance: Random, listed: Sequence[str], people: Sequence[str]) -> Iterator[dict[str, str]]:
    """The records of the lists: every party has one to four names."""
    parties = [*(("company", name) for name in listed), *(("person", name) for name in people)]
    others = {"company": companies, "person": persons}
    for place, (kind, name) in enumerate(parties):
        more = _NAMES_OF_A_PARTY[place % len(_NAMES_OF_A_PARTY)] - 1
        aliases = [spelled(chance, name) if chance.randrange(3) else others[kind](chance, 1)[0] for _ in range(more)]
        authority = _AUTHORITIES[place * len(_AUTHORITIES) // len(parties)]
        yield {
            "authority": authority,
            "list": f"{authority} list",
            "list_id": str(place),
            "name": name,
            "aliases": "; ".join(aliases),
            "listed_on": f"202{place % 3}-0{place % 9 + 1}-01",
            "list_date": "2023-06-30",
            "type": kind,
        }


def _asked_about(chance: Random, asked: Mapping[str, tuple[list[str], Sequence[str]]]) -> Iterator[dict[str, str]]:
    """Names of each kind; every twentieth is a listed one with a slip."""
    for kind, (names, listed) in asked.items():
        for place, name in enumerate(names):
            yield {"kind": kind, "name": spelled(chance, chance.choice(listed)) if place % 20 == 0 else name}


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    table = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    sys.exit(main())
