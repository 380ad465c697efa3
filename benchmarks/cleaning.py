"""Cleaning a full-table zip to Parquet, against a bare copy by DuckDB and by pandas: time, memory, and the targets.

`python -m benchmarks.cleaning` prints a report and writes it to `benchmarks/results/cleaning.md`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.contenders import CONTENDERS, table_member
from benchmarks.saying import spread, table
from tradeanalytics import TradeAnalyticsError, __version__

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "cleaning.md"
FILENAME = "12100119-eng.zip"
LIBRARIES = ("polars", "duckdb", "pandas", "pyarrow")
TIMES_DUCKDB = 1.7
PEAK_GB = 0.9

_LABELS = {
    "tradeanalytics": "tradeanalytics, every row checked",
    "bare_duckdb": "(a) unzip, bare DuckDB copy, no checks",
    "bare_pandas": "(b) pandas read_csv, to_parquet, no checks",
}
_HOW = """\
Seconds are of the work alone: starting Python and importing libraries count only under "whole process". Every run is a
fresh process with an empty folder to write to; the contenders take turns, and a first round is not counted. Seconds are
medians (least-most), ratios medians of the ratios within each round, and a peak is the most of all rounds, as the
system counts the memory of a process. A GB is 10^9 bytes."""


@dataclass(frozen=True)
class Run:
    """One contender once: seconds of its work and of its whole process, peak memory in GB where known, rows read."""

    seconds: float
    whole_seconds: float
    peak_gb: float | None
    rows: int


Runs = dict[str, list[Run]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    parsed = _parser().parse_args(arguments)
    try:
        path = parsed.file or _default_file()
        unpacked = _unpacked_size(path)
        report = _report(path, unpacked, measure(path, parsed.runs))
    except TradeAnalyticsError as error:
        print(f"benchmarks.cleaning: {error}", file=sys.stderr)
        return 2
    parsed.results.parent.mkdir(exist_ok=True)
    parsed.results.write_text(report, encoding="utf-8", newline="\n")
    print(report, end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", type=Path, help=f"a full-table zip; without, {FILENAME} of the mirror or data/raw")
    parser.add_argument("--runs", type=int, default=3, choices=range(1, 100), metavar="N", help="rounds; without, 3")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the report is written")
    return parser


def _default_file() -> Path:
    mirror = os.environ.get("TRADEANALYTICS_MIRROR")
    mirrored = [Path(mirror) / FILENAME] if mirror else []
    fetched = sorted((ROOT / "data" / "raw" / "12-10-0119").glob(f"*/{FILENAME}"), reverse=True)
    for path in (*mirrored, *fetched):
        if path.is_file():
            return path
    raise TradeAnalyticsError(f"no {FILENAME} here; get it with `tradeanalytics fetch 12-10-0119`, or name a --file")


def _unpacked_size(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return table_member(archive).file_size
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise TradeAnalyticsError(f"{path.name}: cannot be read ({error}); expected a full-table zip") from error


# Measuring


def measure(path: Path, rounds: int) -> Runs:
    """Run every contender in turn, `rounds` times after a first round that only warms the caches of the system.

    Raises TradeAnalyticsError when a contender fails or reads another number of rows than the rest.
    """
    runs: Runs = {name: [] for name in CONTENDERS}
    for number in range(rounds + 1):
        for name in CONTENDERS:
            run = _run(name, path)
            runs[name].append(run)
            print(f"round {number} of {rounds}: {name} {run.seconds:.2f} s", file=sys.stderr, flush=True)
    rows = {name: warm_up.rows for name, (warm_up, *_) in runs.items()}
    if len(set(rows.values())) > 1:
        raise TradeAnalyticsError(f"{path.name}: rows read differ, {rows}; expected the same number from all")
    return {name: counted for name, (_, *counted) in runs.items()}


def _run(name: str, path: Path) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.contenders", name, str(path.absolute()), folder]
        began = time.perf_counter()
        said, status, peak_gb = _finished(command)
        whole_seconds = time.perf_counter() - began
    last = said.splitlines()[-1] if said else "it said nothing"
    if status:
        raise TradeAnalyticsError(f"{path.name}: {name} ended with status {status}: {last}")
    told = json.loads(last)
    return Run(told["seconds"], whole_seconds, peak_gb, told["rows"])


def _finished(command: Sequence[str]) -> tuple[str, int, float | None]:
    """What a process said, its exit status, and its peak memory in GB; None where the system does not tell."""
    pipe, joined = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=joined, encoding="utf-8", errors="replace") as child:
        said = child.stdout.read() if child.stdout else ""
        if sys.platform == "win32":
            return said, child.wait(), None
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return said, child.returncode, used.ru_maxrss * unit / 1e9


# Saying


def _report(path: Path, unpacked: int, runs: Runs) -> str:
    rows = runs["tradeanalytics"][0].rows
    size = f"{path.stat().st_size / 1e6:,.1f} MB, unpacked {unpacked / 1e6:,.1f} MB, {rows:,} rows"
    libraries = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    facts = [
        f"- File: {path.name}, {size}",
        f"- Machine: {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.machine()}",
        f"- Versions: tradeanalytics {__version__}, Python {platform.python_version()}, {libraries}",
        f"- Rounds: {len(runs['tradeanalytics'])}",
    ]
    parts = ["# Cleaning: from zip to Parquet", "\n".join(facts), _contenders(runs), _targets(runs), _HOW]
    return "\n\n".join(parts) + "\n"


def _memory() -> str:
    if sys.platform == "win32":
        return "memory not measured"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.1f} GB"


def _contenders(runs: Runs) -> str:
    heading = ["way", "seconds", "ratio to (a)", "whole process, seconds", "peak memory, GB"]
    return table([heading, *(_row(name, runs) for name in runs)])


def _row(name: str, runs: Runs) -> list[str]:
    peak = _peak(runs[name])
    return [
        _LABELS[name],
        spread([run.seconds for run in runs[name]]),
        f"{_ratio(runs[name], runs['bare_duckdb']):.2f}",
        spread([run.whole_seconds for run in runs[name]]),
        "not measured" if peak is None else f"{peak:.2f}",
    ]


def _targets(runs: Runs) -> str:
    ours = runs["tradeanalytics"]
    rows = [
        _target(f"at most {TIMES_DUCKDB} x (a)", _ratio(ours, runs["bare_duckdb"]), "x", lambda x: x <= TIMES_DUCKDB),
        _target("faster than (b)", _ratio(ours, runs["bare_pandas"]), "x", lambda x: x < 1),
        _target(f"peak memory at most {PEAK_GB} GB", _peak(ours), "GB", lambda gb: gb <= PEAK_GB),
    ]
    return table([["target for tradeanalytics", "measured", "met or missed"], *rows])


def _target(words: str, measured: float | None, unit: str, is_met: Callable[[float], bool]) -> list[str]:
    if measured is None:
        return [words, "not measured", "not measured"]
    return [words, f"{measured:.2f} {unit}", "met" if is_met(measured) else "missed"]


def _ratio(runs: Sequence[Run], others: Sequence[Run]) -> float:
    """The median of the ratios within each round, so that what slows the machine for a while slows both."""
    return median(run.seconds / other.seconds for run, other in zip(runs, others, strict=True))


def _peak(runs: Sequence[Run]) -> float | None:
    return max((run.peak_gb for run in runs if run.peak_gb is not None), default=None)


if __name__ == "__main__":
    sys.exit(main())
