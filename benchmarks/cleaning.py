"""Cleaning a full-table zip to Parquet, against a bare copy by DuckDB and by pandas: time, memory, and the targets.

`python -m benchmarks.cleaning` prints a report and writes it to `benchmarks/results/cleaning.md`.
"""

import os
import sys
import zipfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contenders import ZIP, table_member
from benchmarks.running import ROOT, facts, finish, measure, peak, ratio, run, targets, ways
from tradeanalytics import TradeAnalyticsError

FILENAME = "12100119-eng.zip"
LIBRARIES = ("polars", "duckdb", "pandas", "pyarrow")
TIMES_DUCKDB = 1.7
PEAK_GB = 0.9

_LABELS = {
    "tradeanalytics": "tradeanalytics, every row checked",
    "zip_duckdb": "(a) unzip, bare DuckDB copy, no checks",
    "zip_pandas": "(b) pandas read_csv, to_parquet, no checks",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    usual = f"{FILENAME} of the folder TRADEANALYTICS_MIRROR, or the newest one fetched"
    return run("benchmarks.cleaning", __doc__, usual, _measured, arguments)


def _measured(parsed: Namespace, _: Path) -> None:
    path = parsed.file or _default_file()
    size = f"{path.name}, {path.stat().st_size / 1e6:,.1f} MB, unpacked {_unpacked_size(path) / 1e6:,.1f} MB"
    runs = measure(path, [contender.__name__ for contender in ZIP], parsed.runs)
    ours, duckdb, pandas = runs.values()
    wanted = targets(
        [
            (f"at most {TIMES_DUCKDB} x (a)", ratio(ours, duckdb), "x", lambda x: x <= TIMES_DUCKDB),
            ("faster than (b)", ratio(ours, pandas), "x", lambda x: x < 1),
            (f"peak memory at most {PEAK_GB} GB", peak(ours), "GB", lambda gb: gb <= PEAK_GB),
        ]
    )
    file = f"{size}, {ours[0].rows:,} rows"
    parts = [facts(file, runs, LIBRARIES), ways(_LABELS, runs, "zip_duckdb", "(a)"), wanted]
    finish(parsed.results, "Cleaning: from zip to Parquet", parts)


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


if __name__ == "__main__":
    sys.exit(main())
