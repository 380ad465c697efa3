"""A large workbook to text, against pandas with openpyxl: time, memory, and the target.

`python -m benchmarks.workbook` makes an invented xlsx, prints a report, writes it to `benchmarks/results/workbook.md`.
"""

import argparse
import importlib
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.saying import spread, table

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "workbook.md"
LIBRARIES = ("fastexcel", "polars", "pandas", "openpyxl")
COLUMNS = 25
TIMES_FASTER = 3.0

_LABELS = {
    "tradeanalytics": "tradeanalytics: sheet and headings found, every cell as text, to Parquet",
    "pandas_openpyxl": 'pandas: read_excel(engine="openpyxl", dtype=str), nothing written',
}
_IMPORTED = {"tradeanalytics": ("tradeanalytics.clean.containers",), "pandas_openpyxl": ("openpyxl", "pandas")}
_HOW = """\
The workbook has invented texts, dates, numbers and codes, in one sheet. Seconds are of the work alone, not of starting
Python and importing libraries. Every run is a fresh process; the two take turns, and a first round is not counted.
Seconds are medians (least-most), the ratio is the median of the ratios within each round, and a peak is the most of all
rounds: of the process, or of the program in which it opens the workbook plus itself waiting. A GB is 10^9 bytes."""


@dataclass(frozen=True)
class Run:
    """One contender once: seconds of its work, peak memory in GB where the system tells, rows read."""

    seconds: float
    peak_gb: float | None
    rows: int


def tradeanalytics(path: Path, folder: Path) -> int:
    """This package: what cleaning does with a workbook before it judges a row."""
    import polars as pl

    from tradeanalytics.clean.containers import unwrap

    def score(cells: Sequence[str]) -> float:
        return len({"ND", "G072", "G46"} & set(cells)) / 3

    [table] = unwrap(path, path.name, folder, score=score)
    return int(pl.scan_parquet(table.path).select(pl.len()).collect().item())


def pandas_openpyxl(path: Path, _: Path) -> int:
    """What most notebooks do."""
    import pandas as pd

    return len(pd.read_excel(path, engine="openpyxl", dtype=str))


CONTENDERS: dict[str, Callable[[Path, Path], int]] = {
    contender.__name__: contender for contender in (tradeanalytics, pandas_openpyxl)
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed."""
    parsed = _parser().parse_args(arguments)
    if parsed.contender:
        print(json.dumps(_measured(parsed.contender, parsed.file)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = parsed.file or _made(Path(folder) / "invented.xlsx", parsed.rows)
        report = _report(path, measure(path, parsed.runs))
    parsed.results.parent.mkdir(exist_ok=True)
    parsed.results.write_text(report, encoding="utf-8", newline="\n")
    print(report, end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workbook", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", type=Path, help="a workbook; without, an invented one is made")
    parser.add_argument("--rows", type=int, default=200_000, help="of the invented workbook; without, 200,000")
    parser.add_argument("--runs", type=int, default=3, choices=range(1, 100), metavar="N", help="rounds; without, 3")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the report is written")
    parser.add_argument("--contender", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    return parser


def _made(path: Path, rows: int) -> Path:
    """In a process of its own: Linux counts the peak of a process to those that it starts."""
    maker = multiprocessing.get_context("spawn").Process(target=make_workbook, args=(path, rows))
    maker.start()
    maker.join()
    return path


def make_workbook(path: Path, rows: int) -> None:
    """An invented xlsx of this many rows and 25 columns: texts, some of them repeated, a date, numbers and codes."""
    import xlsxwriter

    print(f"making a workbook of {rows:,} rows", file=sys.stderr, flush=True)
    with xlsxwriter.Workbook(path, {"tmpdir": path.parent}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["ND", "G072", "G46", *(f"G{number}" for number in range(100, 100 + COLUMNS - 3))])
        for row in range(1, rows + 1):
            sheet.write_string(row, 0, f"10000000/150622/{row:07d}")
            sheet.write_number(row, 1, 44_000 + row % 900, day)
            for column in range(2, 8):
                sheet.write_number(row, column, row * column % 1_000_003 / 100)
            for column in range(8, 20):
                sheet.write_string(row, column, f"ООО ОБРАЗЕЦ {row * column % 4_999}, SYNTHETIC {column}")
            for column in range(20, COLUMNS):
                sheet.write_string(row, column, f"{row * 7_919 * column % 10**10:010d}")


# Measuring


def measure(path: Path, rounds: int) -> dict[str, list[Run]]:
    """Run both in turn, `rounds` times after a first round that only warms the caches of the system."""
    runs: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    for number in range(rounds + 1):
        for name in CONTENDERS:
            command = [sys.executable, "-m", "benchmarks.workbook", "--contender", name, "--file", str(path.absolute())]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
            runs[name].append(Run(**json.loads(done.stdout)))
            print(f"round {number} of {rounds}: {name} {runs[name][-1].seconds:.2f} s", file=sys.stderr, flush=True)
    if len({run.rows for found in runs.values() for run in found}) > 1:
        raise SystemExit(f"{path.name}: rows read differ, {runs}; expected the same number from both")
    return {name: counted for name, (_, *counted) in runs.items()}


def _measured(name: str, path: Path) -> dict[str, float | int | None]:
    for library in _IMPORTED[name]:
        importlib.import_module(library)
    with tempfile.TemporaryDirectory() as folder:
        idle, began = _memory_gb()[0], time.perf_counter()
        rows = CONTENDERS[name](path, Path(folder))
        seconds = time.perf_counter() - began
    own, program = _memory_gb()
    peak = max(own, idle + program) if own else None
    return {"seconds": seconds, "peak_gb": peak, "rows": rows}


def _memory_gb() -> tuple[float, float]:
    """The peak so far of this process, and of the programs it ran; zeros where the system does not tell."""
    if sys.platform == "win32":
        return 0.0, 0.0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    own, program = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own * unit / 1e9, program * unit / 1e9


# Saying


def _report(path: Path, runs: dict[str, list[Run]]) -> str:
    ours, theirs = runs["tradeanalytics"], runs["pandas_openpyxl"]
    libraries = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    facts = [
        f"- File: {path.name}, {path.stat().st_size / 1e6:,.1f} MB, {ours[0].rows:,} rows",
        f"- Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        f"- Versions: Python {platform.python_version()}, {libraries}",
        f"- Rounds: {len(ours)}",
    ]
    ratio = median(their.seconds / our.seconds for our, their in zip(ours, theirs, strict=True))
    met = "met" if ratio >= TIMES_FASTER else "missed"
    target = [["target", "measured", "met or missed"], [f"at least {TIMES_FASTER:g} x faster", f"{ratio:.1f} x", met]]
    rows = [["way", "seconds", "peak memory, GB"], *([_LABELS[name], *_row(found)] for name, found in runs.items())]
    return "\n\n".join(["# Workbooks: from xlsx to text", "\n".join(facts), table(rows), table(target), _HOW]) + "\n"


def _row(runs: Sequence[Run]) -> list[str]:
    seconds = [run.seconds for run in runs]
    peaks = [run.peak_gb for run in runs if run.peak_gb is not None]
    return [spread(seconds), f"{max(peaks):.2f}" if peaks else "not measured"]


if __name__ == "__main__":
    sys.exit(main())
