"""Three ways from a full-table zip to Parquet, each run in a process of its own by `benchmarks.cleaning`.

A contender imports its libraries and returns its work, which writes the Parquet and returns the number of rows: only
the work is timed, and a process holds only what its own contender needs.
"""

import json
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

Work = Callable[[], int]


def tradeanalytics(path: Path, folder: Path) -> Work:
    """This package: bytes, structure and every row checked; accepted rows, rejected rows and a report written."""
    from tradeanalytics.clean import clean
    from tradeanalytics.raw import raw_file

    return lambda: int(clean(raw_file(path, path.parent), folder)["records"])


def bare_duckdb(path: Path, folder: Path) -> Work:
    """Unzip, then copy every column as text, with no checks."""
    import duckdb

    copy = "COPY (FROM read_csv($table, all_varchar = true)) TO $parquet (FORMAT parquet, COMPRESSION zstd)"
    table = folder / "rows.csv"

    def work() -> int:
        with open_table(path) as packed, table.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        [(rows,)] = duckdb.execute(copy, {"table": str(table), "parquet": str(folder / "rows.parquet")}).fetchall()
        return int(rows)

    return work


def bare_pandas(path: Path, folder: Path) -> Work:
    """Read every column as text, straight from the zip, and write it, with no checks."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  # else pandas imports it while it is timed

    def work() -> int:
        with open_table(path) as packed:
            rows = pd.read_csv(packed, dtype=str, keep_default_na=False)
        rows.to_parquet(folder / "rows.parquet", compression="zstd")
        return len(rows)

    return work


CONTENDERS: dict[str, Callable[[Path, Path], Work]] = {
    contender.__name__: contender for contender in (tradeanalytics, bare_duckdb, bare_pandas)
}


@contextmanager
def open_table(path: Path) -> Iterator[IO[bytes]]:
    """The table in a full-table zip, as it comes out of it."""
    with zipfile.ZipFile(path) as archive, archive.open(table_member(archive)) as table:
        yield table


def table_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one CSV that is not the table's metadata. Raises ValueError when there is not one."""
    members = archive.infolist()
    [table] = [one for one in members if one.filename.endswith(".csv") and "_MetaData" not in one.filename]
    return table


def main(name: str, path: str, folder: str) -> None:
    """Do one contender's work and print, as JSON, the seconds it took and the rows it wrote."""
    work = CONTENDERS[name](Path(path), Path(folder))
    began = time.perf_counter()
    rows = work()
    print(json.dumps({"seconds": time.perf_counter() - began, "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
