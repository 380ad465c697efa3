"""How every benchmark measures: contenders in turn, each run a fresh process with an empty folder to write to."""

import argparse
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

from benchmarks.saying import spread, table
from tradeanalytics import TradeAnalyticsError, __version__

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
_LOOK_SECONDS = 0.02
HOW = """\
Seconds are of the work alone: starting Python and importing libraries count only under "whole process". Every run is a
fresh process with an empty folder to write to; the contenders take turns, and a first round is not counted. Seconds are
medians (least-most), ratios medians of the ratios within each round, and a peak is the most of all rounds: of the
process and of all that it starts, together, looked at fifty times a second (memory that they share counts for each),
or the peak that the system kept of the process itself, whichever is more. A GB is 10^9 bytes."""


@dataclass(frozen=True)
class Run:
    """One contender once: seconds of its work, of its whole process and of steps of the work; rows read.

    Its peak memory is in GB, null where the system does not tell.
    """

    seconds: float
    whole_seconds: float
    peak_gb: float | None
    rows: int
    steps: dict[str, float] = field(default_factory=dict)


Runs = dict[str, list[Run]]
Target = tuple[str, float | None, str, Callable[[float], bool]]  # in words, the figure, its unit, when it is met


def run(
    program: str,
    described: str | None,
    usual: str,
    work: Callable[[argparse.Namespace, Path], None],
    arguments: Sequence[str] | None,
    *,
    rows: int | None = None,
    more: Sequence[tuple[str, int, str]] = (),
) -> int:
    """One benchmark from the command line: 0 when it is measured, met or missed; 2 for a wrong input, said in one line.

    `usual` says what is read without --file; `work` gets what was told and an empty folder; `rows` is how many an
    invented file has; `more` are options that take a number, with what it is without and what it counts.
    """
    made = parser(program, described)
    made.add_argument("--file", type=Path, help=f"without: {usual}")
    add_rounds(made)
    if rows is not None:
        made.add_argument("--rows", type=int, default=rows, help=f"of the invented file; without, {rows:,}")
    for option, number, counts in more:
        made.add_argument(option, type=int, default=number, help=f"{counts}; without, {number:,}")

    def checked(parsed: argparse.Namespace, folder: Path) -> None:
        if parsed.file:
            expect_file(parsed.file, "--file")
        work(parsed, folder)

    return finished(program, made.parse_args(arguments), checked)


def finished(program: str, parsed: argparse.Namespace, work: Callable[[argparse.Namespace, Path], None]) -> int:
    """Do what was told in an empty folder: 0 when it is measured, 2 for a wrong input, said in one line."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            work(parsed, Path(folder))
        except TradeAnalyticsError as error:
            print(f"{program}: {error}", file=sys.stderr)
            return 2
    return 0


def parser(program: str, described: str | None) -> argparse.ArgumentParser:
    """What every benchmark can be told: where its report is written."""
    made = argparse.ArgumentParser(prog=f"python -m {program}", description=(described or "").splitlines()[0])
    results = RESULTS / f"{program.rpartition('.')[2]}.md"
    made.add_argument("--results", type=Path, default=results, help="where the report is written")
    return made


def add_rounds(made: argparse.ArgumentParser) -> None:
    """Let a benchmark of time be told how often it measures."""
    made.add_argument("--runs", type=int, default=3, choices=range(1, 100), metavar="N", help="rounds; without, 3")


def expect_file(path: Path, option: str) -> None:
    """Raise TradeAnalyticsError when there is no such file; `option` is what would name another."""
    if not path.is_file():
        raise TradeAnalyticsError(f"{path.name}: there is no such file; name one with {option}, or leave {option} out")


def measure(path: Path, contenders: Sequence[str], rounds: int, environment: Mapping[str, str] | None = None) -> Runs:
    """Run every contender in turn, `rounds` times after a first round that only warms the caches of the system.

    `environment` is set for each beside what is set already. Raises TradeAnalyticsError when a contender fails or reads
    another number of rows than the rest.
    """
    runs: Runs = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name in contenders:
            run = _run(name, path, environment or {})
            runs[name].append(run)
            print(f"round {number} of {rounds}: {name} {run.seconds:.2f} s", file=sys.stderr, flush=True)
    rows = {name: warm_up.rows for name, (warm_up, *_) in runs.items()}
    if len(set(rows.values())) > 1:
        raise TradeAnalyticsError(f"{path.name}: rows read differ, {rows}; expected the same number from all")
    return {name: counted for name, (_, *counted) in runs.items()}


def _run(name: str, path: Path, environment: Mapping[str, str]) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.contenders", name, str(path.absolute()), folder]
        began = time.perf_counter()
        with (
            subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            ) as process,
            _watched(process.pid) as seen,
        ):
            said, _ = process.communicate()
        whole_seconds = time.perf_counter() - began
    last = said.splitlines()[-1] if said else "it said nothing"
    if process.returncode:
        raise TradeAnalyticsError(f"{path.name}: {name} ended with status {process.returncode}: {last}")
    told = json.loads(last)
    own = told.pop("peak_gb")
    return Run(whole_seconds=whole_seconds, peak_gb=None if own is None else max(own, *seen), **told)


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """The memory of a process and all that it starts, in GB, looked at again and again while it runs."""
    seen, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_SECONDS):
            seen.append(_tree_gb(pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _tree_gb(pid: int) -> float:
    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total / 1e9


@contextmanager
def others_share() -> Iterator[Callable[[], str]]:
    """The share of the cores that other work took of the machine, in words, once what is measured is done.

    Own is this process and all that it started and that have ended.
    """
    began, worked, share = time.perf_counter(), _cpu(), [0.0]
    yield lambda: "not measured" if worked is None else f"{max(0.0, share[0]):.0%}"
    if worked is not None and (now := _cpu()):
        cores = (time.perf_counter() - began) * (os.cpu_count() or 1)
        idle, own = now[0] - worked[0], now[1] - worked[1]
        share[0] = 1 - (idle + own) / cores


def _cpu() -> tuple[float, float] | None:
    """Seconds that all cores were idle, and that this process and its children worked; None where it is not told."""
    if sys.platform == "win32":
        return None
    whole, own = psutil.cpu_times(), os.times()
    return whole.idle + getattr(whole, "iowait", 0.0), sum(own[:4])


def made_apart(make: Callable[[Path, int], None], path: Path, rows: int) -> Path:
    """A file made in a process of its own: Linux counts the peak of a process to those that it starts later."""
    maker = multiprocessing.get_context("spawn").Process(target=make, args=(path, rows))
    maker.start()
    maker.join()
    if maker.exitcode:
        raise TradeAnalyticsError(f"{path.name}: could not be made; its maker ended with status {maker.exitcode}")
    return path


def ratio(runs: Sequence[Run], others: Sequence[Run]) -> float:
    """The median of the ratios within each round, so that what slows the machine for a while slows both."""
    return median(run.seconds / other.seconds for run, other in zip(runs, others, strict=True))


def peak(runs: Sequence[Run]) -> float | None:
    """The most memory of any run, in GB."""
    return max((run.peak_gb for run in runs if run.peak_gb is not None), default=None)


def finish(results: Path, title: str, parts: Sequence[str], how: str = HOW) -> None:
    """Write the report and print it; `how` says how it was measured."""
    report = "\n\n".join([f"# {title}", *parts, how]) + "\n"
    results.parent.mkdir(exist_ok=True)
    results.write_text(report, encoding="utf-8", newline="\n")
    print(report, end="")


def facts(file: str, runs: Runs, libraries: Sequence[str]) -> str:
    """What was measured, where and with what."""
    machine = f"{os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.machine()}"
    return "\n".join(
        [
            f"- File: {file}",
            f"- Machine: {machine}",
            f"- Versions: {versions(libraries)}",
            f"- Rounds: {len(next(iter(runs.values())))}",
        ]
    )


def versions(libraries: Sequence[str]) -> str:
    """The versions of this package, of Python and of libraries."""
    of_libraries = ", ".join(f"{library} {version(library)}" for library in libraries)
    return f"tradeanalytics {__version__}, Python {platform.python_version()}, {of_libraries}"


def ways(labels: dict[str, str], runs: Runs, base: str, called: str) -> str:
    """A table of the contenders; ratios are to `base`, which is `called` so."""
    heading = ["way", "seconds", f"ratio to {called}", "whole process, seconds", "peak memory, GB"]
    return table([heading, *(_way(labels[name], found, runs[base]) for name, found in runs.items())])


def _way(label: str, runs: Sequence[Run], base: Sequence[Run]) -> list[str]:
    most = peak(runs)
    return [
        label,
        spread([run.seconds for run in runs]),
        f"{ratio(runs, base):.2f}",
        spread([run.whole_seconds for run in runs]),
        "not measured" if most is None else f"{most:.2f}",
    ]


def targets(rows: Sequence[Target]) -> str:
    """A table of what was wanted and what came."""
    return table([["target for tradeanalytics", "measured", "met or missed"], *(_target(*row) for row in rows)])


def _target(words: str, measured: float | None, unit: str, is_met: Callable[[float], bool]) -> list[str]:
    if measured is None:
        return [words, "not measured", "not measured"]
    return [words, f"{measured:.2f} {unit}", "met" if is_met(measured) else "missed"]


def _memory() -> str:
    if sys.platform == "win32":
        return "memory not measured"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.1f} GB"
