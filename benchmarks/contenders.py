"""The ways that are compared, each run in a process of its own by `benchmarks.running`.

A contender imports its libraries and returns its work, which writes what it makes and returns the number of rows: only
the work is timed, and a process holds only what its own contender needs.
"""

import codecs
import json
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any

Work = Callable[[], int]
Steps = dict[str, float]


def tradeanalytics(path: Path, folder: Path, steps: Steps) -> Work:
    """This package: bytes, structure and every row checked; accepted rows, rejected rows and a report written."""
    from tradeanalytics import clean as cleaning
    from tradeanalytics.raw import raw_file

    # What is read once a distinct text is timed apart.
    for step in ("write_names", "write_finds"):
        setattr(cleaning, step, _timed(getattr(cleaning, step), step, steps))
    return lambda: int(cleaning.clean(raw_file(path, path.parent), folder)["records"])


def _timed(work: Callable[..., Any], name: str, steps: Steps) -> Callable[..., Any]:
    @wraps(work)
    def timed(*arguments: Any, **options: Any) -> Any:
        began = time.perf_counter()
        made = work(*arguments, **options)
        steps[name] = time.perf_counter() - began
        return made

    return timed


# A full-table zip


def zip_duckdb(path: Path, folder: Path, _: Steps) -> Work:
    """Unzip, then copy every column as text, with no checks."""
    copy = _duckdb_copy(folder / "rows.csv", folder / "rows.parquet", ",")

    def work() -> int:
        with open_table(path) as packed, (folder / "rows.csv").open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        return copy()

    return work


def zip_pandas(path: Path, folder: Path, _: Steps) -> Work:
    """Read every column as text, straight from the zip, and write it, with no checks."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  # else pandas imports it while it is timed

    def work() -> int:
        with open_table(path) as packed:
            rows = pd.read_csv(packed, dtype=str, keep_default_na=False)
        rows.to_parquet(folder / "rows.parquet", compression="zstd")
        return len(rows)

    return work


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


# A CSV of customs records in a code page


def cp1251_polars(path: Path, folder: Path, _: Steps) -> Work:
    """Write it as UTF-8, then copy every column as text, with no checks."""
    import polars as pl

    def work() -> int:
        _as_utf8(path, folder / "rows.csv")
        rows = pl.scan_csv(folder / "rows.csv", separator=";", infer_schema=False)
        rows.sink_parquet(folder / "rows.parquet", compression="zstd")
        return int(pl.scan_parquet(folder / "rows.parquet").select(pl.len()).collect().item())

    return work


def cp1251_duckdb(path: Path, folder: Path, _: Steps) -> Work:
    """Write it as UTF-8, then copy every column as text, with no checks."""
    copy = _duckdb_copy(folder / "rows.csv", folder / "rows.parquet", ";")

    def work() -> int:
        _as_utf8(path, folder / "rows.csv")
        return copy()

    return work


def cp1251_pyarrow(path: Path, folder: Path, _: Steps) -> Work:
    """Copy every column as text, transcoded as it is read, with no checks."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    def work() -> int:
        with path.open(encoding="cp1251") as file:
            names = file.readline().rstrip("\r\n").split(";")
        batches = pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(encoding="cp1251", block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(delimiter=";"),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
        with pq.ParquetWriter(folder / "rows.parquet", batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
        return int(pq.read_metadata(folder / "rows.parquet").num_rows)

    return work


def cp1251_pandas(path: Path, folder: Path, _: Steps) -> Work:
    """Read every column as text and write it, with no checks."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  # else pandas imports it while it is timed

    def work() -> int:
        rows = pd.read_csv(path, sep=";", dtype=str, encoding="cp1251", keep_default_na=False)
        rows.to_parquet(folder / "rows.parquet", compression="zstd")
        return len(rows)

    return work


def _as_utf8(path: Path, out: Path) -> None:
    decoder = codecs.getincrementaldecoder("cp1251")()
    with path.open("rb") as source, out.open("wb") as target:
        while chunk := source.read(1 << 20):
            target.write(decoder.decode(chunk).encode())


def _duckdb_copy(table: Path, parquet: Path, delimiter: str) -> Work:
    import duckdb

    copy = (
        "COPY (FROM read_csv($table, all_varchar = true, delim = $delimiter))"
        " TO $parquet (FORMAT parquet, COMPRESSION zstd)"
    )
    given = {"table": str(table), "parquet": str(parquet), "delimiter": delimiter}
    return lambda: int(duckdb.execute(copy, given).fetchall()[0][0])


# A workbook


def unwrapped(path: Path, folder: Path, _: Steps) -> Work:
    """This package: what cleaning does with a workbook before it judges a row."""
    import polars as pl

    from tradeanalytics.clean.containers import unwrap

    def score(cells: Sequence[str]) -> float:
        return len({"ND", "G072", "G46"} & set(cells)) / 3

    def work() -> int:
        [table] = unwrap(path, path.name, folder, score=score)
        return int(pl.scan_parquet(table.path).select(pl.len()).collect().item())

    return work


def pandas_openpyxl(path: Path, _: Path, __: Steps) -> Work:
    """What most notebooks do."""
    import openpyxl  # noqa: F401  # else pandas imports it while it is timed
    import pandas as pd

    return lambda: len(pd.read_excel(path, engine="openpyxl", dtype=str))


ZIP = (tradeanalytics, zip_duckdb, zip_pandas)
CP1251 = (tradeanalytics, cp1251_polars, cp1251_duckdb, cp1251_pyarrow, cp1251_pandas)
WORKBOOK = (unwrapped, pandas_openpyxl)


def main(name: str, path: str, folder: str) -> None:
    """Do one contender's work and print, as JSON, the seconds and memory it took and the rows it read."""
    contenders = {contender.__name__: contender for contender in (*ZIP, *CP1251, *WORKBOOK)}
    steps: Steps = {}
    work = contenders[name](Path(path), Path(folder), steps)
    idle, began = _memory_gb()[0], time.perf_counter()
    rows = work()
    seconds = time.perf_counter() - began
    own, program = _memory_gb()
    peak_gb = max(own, idle + program) if own else None
    print(json.dumps({"seconds": seconds, "peak_gb": peak_gb, "rows": rows, "steps": steps}))


def _memory_gb() -> tuple[float, float]:
    """The peak so far of this process, and of the programs it ran; zeros where the system does not tell."""
    if sys.platform == "win32":
        return 0.0, 0.0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    own, program = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own * unit / 1e9, program * unit / 1e9


if __name__ == "__main__":
    main(*sys.argv[1:])
