"""The ways that are compared, each run in a process of its own by `benchmarks.running`.

A contender imports its libraries and returns its work, which writes what it makes and returns the number of rows: only
the work is timed, and a process holds only what its own contender needs.
"""

import codecs
import csv
import json
import os
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    return _pyarrow_copy(path, folder / "rows.parquet", ";", "cp1251")


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


def _pyarrow_copy(table: Path, parquet: Path, delimiter: str, encoding: str) -> Work:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    def work() -> int:
        with table.open(encoding=encoding) as file:
            names = file.readline().rstrip("\r\n").split(delimiter)
        batches = pyarrow.csv.open_csv(
            table,
            read_options=pyarrow.csv.ReadOptions(encoding=encoding.removesuffix("-sig"), block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
        with pq.ParquetWriter(parquet, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
        return int(pq.read_metadata(parquet).num_rows)

    return work


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


# A year of goods, as the publisher's CSV


def goods_tradeanalytics(path: Path, folder: Path, steps: Steps) -> Work:
    """This package: bytes, structure, every row and repeats checked, rows numbered, sorted by partner and written."""
    from tradeanalytics import clean as cleaning
    from tradeanalytics.clean import rows
    from tradeanalytics.raw import raw_file

    # Sorting is timed apart.
    setattr(rows, "write_sorted", _timed(getattr(rows, "write_sorted"), "write_sorted", steps))  # noqa: B009, B010
    return lambda: int(cleaning.clean(raw_file(path, path.parent), folder)["records"])


def goods_polars(path: Path, folder: Path, _: Steps) -> Work:
    """Copy every column as text, with no checks."""
    import polars as pl

    def copy(table: Path) -> int:
        pl.scan_csv(table, infer_schema=False).sink_parquet(folder / "rows.parquet", compression="zstd")
        return int(pl.scan_parquet(folder / "rows.parquet").select(pl.len()).collect().item())

    return _unpacked_first(path, folder, copy)


def goods_duckdb(path: Path, folder: Path, _: Steps) -> Work:
    """Copy every column as text, with no checks."""
    import duckdb  # noqa: F401  # else it is imported while it is timed

    return _unpacked_first(path, folder, lambda table: _duckdb_copy(table, folder / "rows.parquet", ",")())


def goods_pyarrow(path: Path, folder: Path, _: Steps) -> Work:
    """Copy every column as text, with no checks."""
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401  # else it is imported while it is timed

    return _unpacked_first(
        path, folder, lambda table: _pyarrow_copy(table, folder / "rows.parquet", ",", "utf-8-sig")()
    )


def _unpacked_first(path: Path, folder: Path, copy: Callable[[Path], int]) -> Work:
    """The copy of a CSV, or of the one in a zip, which is then taken out first."""
    if path.suffix != ".zip":
        return lambda: copy(path)

    def work() -> int:
        with open_table(path) as packed, (folder / "rows.csv").open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        return copy(folder / "rows.csv")

    return work


# The history of goods: what the package asks, and the same SQL written by hand


def partner_ours(path: Path, _: Path, __: Steps) -> Work:
    """One partner by month."""
    from tradeanalytics import goods
    from tradeanalytics.engine import connect

    engine = connect(path)
    return _again(lambda: goods.monthly(engine, goods.choose(engine, "import", partner="RU"))["value_cad_cents"])


def partner_by_hand(path: Path, _: Path, __: Steps) -> Work:
    """One partner by month."""
    asked = "SELECT period, CAST(sum(value_cad_cents) AS BIGINT) AS cents FROM {goods}"
    asked += " WHERE flow = 'import' AND partner = 'RU' GROUP BY period ORDER BY period"
    return _by_hand(path, asked)


def changes_ours(path: Path, _: Path, __: Steps) -> Work:
    """The twenty HS6 codes of one partner that changed most between two windows."""
    from tradeanalytics import goods
    from tradeanalytics.engine import connect

    engine = connect(path)

    def changed() -> Any:
        which = goods.choose(engine, "import", partner="RU")
        return goods.changes(engine, which, *WINDOWS, top=20)["after_cents"]

    return _again(changed)


def changes_by_hand(path: Path, _: Path, __: Steps) -> Work:
    """The twenty HS6 codes of one partner that changed most between two windows."""
    spans = [f"period BETWEEN DATE '{first}-01' AND DATE '{last}-01'" for first, last in WINDOWS]
    sums = [f"coalesce(CAST(sum(value_cad_cents) FILTER (WHERE {span}) AS BIGINT), 0)" for span in spans]
    asked = f"SELECT substr(hs, 1, 6) AS hs, {sums[0]} AS before, {sums[1]} AS cents FROM {{goods}}"
    asked += f" WHERE flow = 'import' AND partner = 'RU' AND ({spans[0]} OR {spans[1]})"
    asked += " GROUP BY 1 ORDER BY abs(cents - before) DESC, hs LIMIT 20"
    return _by_hand(path, asked)


def partners_ours(path: Path, _: Path, __: Steps) -> Work:
    """All partners by month."""
    from tradeanalytics import goods
    from tradeanalytics.engine import connect

    engine = connect(path)
    return _again(lambda: goods.monthly(engine, goods.choose(engine, "import"), by=["partner"])["value_cad_cents"])


def partners_by_hand(path: Path, _: Path, __: Steps) -> Work:
    """All partners by month."""
    asked = "SELECT partner, period, CAST(sum(value_cad_cents) AS BIGINT) AS cents FROM {goods}"
    asked += " WHERE flow = 'import' GROUP BY partner, period ORDER BY partner, period"
    return _by_hand(path, asked)


ASKED = 5  # times in one session, as in a notebook
WINDOWS = (("2018-03", "2018-12"), ("2019-03", "2019-12"))


def _by_hand(path: Path, asked: str) -> Work:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    statement = asked.replace("{goods}", f"read_parquet('{path.as_posix()}/goods/*.parquet')")
    return _again(lambda: connection.execute(statement).df()["cents"])


def _again(asked: Callable[[], Any]) -> Work:
    """Ask five times, and say what the answers add up to in dollars, by which they are held against each other."""
    return lambda: sum(int(asked().sum()) // 100 for _ in range(ASKED)) // ASKED


# Screening: `path` is the folder of an invented project


def lists_cleaned(path: Path, folder: Path, _: Steps) -> Work:
    """Read, check and write the lists."""
    from tradeanalytics.clean import clean
    from tradeanalytics.raw import raw_file

    raw = path / "data" / "raw"
    return lambda: int(clean(raw_file(raw / LISTS, raw), folder)["records"])


def lists_cold(path: Path, folder: Path, _: Steps) -> Work:
    """Open the lists where nothing is kept, and keep what was made ready."""
    return _opening(path, folder)


def lists_warm(path: Path, _: Path, __: Steps) -> Work:
    """Open the lists where what was made ready is kept: the first round, which is not counted, keeps it."""
    return _opening(path, path / "kept")


def companies_asked(path: Path, _: Path, __: Steps) -> Work:
    """Companies against the lists."""
    return _asked(path, ("company",))


def persons_asked(path: Path, _: Path, __: Steps) -> Work:
    """Persons against the lists."""
    return _asked(path, ("person",))


def both_asked(path: Path, _: Path, __: Steps) -> Work:
    """Companies and persons against the lists."""
    return _asked(path, ("company", "person"))


def wratio_cdist(path: Path, _: Path, __: Steps) -> Work:
    """A few names against every listed one, by their letters alone."""
    from rapidfuzz import fuzz, process

    few, listed = _few_and_listed(path)

    def work() -> int:
        process.cdist(few, listed, scorer=fuzz.WRatio, score_cutoff=80, workers=1)
        return len(few)

    return work


def wratio_extract(path: Path, _: Path, __: Steps) -> Work:
    """A few names, each by itself, against every listed one, by their letters alone."""
    from rapidfuzz import fuzz, process

    few, listed = _few_and_listed(path)

    def work() -> int:
        for one in few:
            process.extract(one, listed, scorer=fuzz.WRatio, score_cutoff=80, limit=5)
        return len(few)

    return work


def declarations_screened(path: Path, folder: Path, steps: Steps) -> Work:
    """`tradeanalytics screen FILE`, in a project where the lists are cleaned and nothing else is kept."""
    from tradeanalytics.cli import main as command
    from tradeanalytics.story import screening_words

    for step in ("clean", "open_lists", "screened", "on_the_day"):
        setattr(screening_words, step, _timed(getattr(screening_words, step), step, steps))
    shutil.copytree(path / "data", folder / "data", copy_function=os.link)
    os.chdir(folder)

    def work() -> int:
        if command(["screen", f"data/raw/{DECLARATIONS}"]):
            raise ValueError("screening refused its file")
        with Path(f"data/processed/screening/{DECLARATIONS}.outcomes.csv").open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.DictReader(file))

    return work


LISTS = "SYNTHETIC_lists.csv"
DECLARATIONS = "SYNTHETIC_declarations.csv"
FEW = 200  # names that are enough to time the slow


def _opening(path: Path, kept: Path) -> Work:
    import duckdb  # noqa: F401  # else these are imported while they are timed
    import pandas  # noqa: F401

    from tradeanalytics.parties import lists  # noqa: F401

    return lambda: int(_opened(path, kept).names.height)


def _opened(path: Path, kept: Path) -> Any:
    from tradeanalytics.engine import connect
    from tradeanalytics.parties.lists import open_lists

    return open_lists(connect(path / "data" / "processed"), kept, invented=True)


def _asked(path: Path, kinds: Sequence[str]) -> Work:
    from tradeanalytics.parties.screening import Party, outcomes, screen

    asked = [Party(name, kind) for kind, name in _names(path) if kind in kinds]
    lists = _opened(path, path / "kept")
    return lambda: len(outcomes(asked, screen(asked, lists), lists))


def _few_and_listed(path: Path) -> tuple[list[str], list[str]]:
    listed = _opened(path, path / "kept").names["name"].to_list()
    few = [name.casefold() for _, name in _names(path)]
    return few[:: max(len(few) // FEW, 1)], [name.casefold() for name in listed]


def _names(path: Path) -> list[tuple[str, str]]:
    with (path / "asked.csv").open(encoding="utf-8", newline="") as file:
        return [(row["kind"], row["name"]) for row in csv.DictReader(file)]


# A register of addresses built, and addresses asked of it


def register_tradeanalytics(path: Path, folder: Path, _: Steps) -> Work:
    """This package: the tables of the register from its zip."""
    from tradeanalytics.clean.nar import build_register

    return lambda: int(build_register(path, folder)["records"])


def residences_tradeanalytics(path: Path, _: Path, __: Steps) -> Work:
    """This package: the use of each address."""
    import polars as pl

    from tradeanalytics.parties.residences import Register, classify

    asked, register = pl.read_parquet(path / "asked.parquet"), Register(path)
    return lambda: classify(asked, register).height


def residences_by_hand(path: Path, _: Path, __: Steps) -> Work:
    """One join, by postal code, number and street; the building's most frequent use."""
    import duckdb

    [tables] = [one for one in path.iterdir() if one.is_dir()]
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    statement = f"""
        WITH asked AS (SELECT row_number() OVER () AS n, * FROM '{path.as_posix()}/asked.parquet')
        SELECT n, CASE WHEN sum(n1) > sum(n3) THEN 'residential' WHEN sum(n3) > 0 THEN 'non_residential' END AS use
        FROM asked LEFT JOIN '{tables.as_posix()}/buildings/*.parquet' AS b
        ON b.postal = asked.postal_code AND b.civic = asked.civic AND b.street = asked.street GROUP BY n
    """
    return lambda: len(connection.execute(statement).df())


def addresses_parsed(path: Path, _: Path, __: Steps) -> Work:
    """This package: each text into its parts with their places in it, and the two keys of its premises."""
    import polars as pl

    from tradeanalytics.parties.addresses import parse, premises_unit

    texts = pl.read_parquet(path / "texts.parquet")["text"].to_list()
    return lambda: len([premises_unit(parse(text)) for text in texts])


def addresses_cut(path: Path, _: Path, __: Steps) -> Work:
    """The least that can be done: each text in capitals and cut into words, which are not told what they are."""
    import polars as pl

    texts, words = pl.read_parquet(path / "texts.parquet")["text"].to_list(), re.compile(r"[\w'.-]+")
    return lambda: len([words.findall(text.upper()) for text in texts])


# Every detector of shipments, and those of monthly series


def detectors_tradeanalytics(path: Path, folder: Path, steps: Steps) -> Work:
    """This package: every detector of shipments, in turn; what came of each is written beside the tables."""
    from tradeanalytics.detectors.shipped import kept
    from tradeanalytics.engine import connect

    engine = connect(path)

    def work() -> int:
        which = _clocked(kept, "shipments written once with their keys", steps)(engine, folder)
        _answer(path, _asked_of_shipments(engine, which), steps)
        return int(engine.sql("SELECT count(*) AS items FROM shipments")["items"].iloc[0])

    return work


def _asked_of_shipments(engine: Any, which: Any) -> dict[str, Callable[[], Any]]:
    """Each question by its name; one that only makes ready for others answers nothing."""
    from tradeanalytics.detectors import (
        benford,
        in_common,
        networks,
        parts,
        redflags,
        relabelling,
        traders,
        unit_values,
    )

    ready: dict[str, Any] = {}

    def priced() -> Any:
        ready["prices"] = unit_values.unit_values(engine, which)
        return ready["prices"]

    def new() -> Any:
        ready["entrants"] = traders.entrants(engine, EVENT, which, months=12)
        return ready["entrants"]

    def graph() -> None:
        ready["trade"] = networks.Trade(engine, which)

    return {
        "unit values": priced,
        "new traders": new,
        "vanished traders": lambda: traders.vanished(engine, which),
        "concentration": lambda: traders.concentration(engine, which),
        "before and after": lambda: traders.before_after(engine, EVENT, which),
        "first digits": lambda: benford.benford(engine, which),
        "relabelling": lambda: relabelling.relabelled(engine, EVENT, which),
        "mix of goods": lambda: relabelling.mix_shift(engine, EVENT, which),
        "the graph of who ships to whom": graph,
        "components": lambda: networks.islands(ready["trade"]),
        "betweenness": lambda: networks.between(ready["trade"]),
        "stars": lambda: networks.stars(ready["trade"]),
        "ways to a listed party": lambda: networks.paths(ready["trade"], [LISTED]),
        "shared phones": lambda: in_common.shared_phones(engine, which, role="consignee"),
        "shared makers": lambda: in_common.shared_makers(engine, which),
        "parts named": lambda: parts.parts_named(engine, [parts.Part(*part) for part in PARTS], which),
        "red flag: phone": lambda: redflags.phone_country(engine, which),
        "red flag: new buyer": lambda: redflags.new_buyers(engine, which),
        "red flag: dormant": lambda: redflags.dormant(ready["entrants"]),
        "red flag: price": lambda: redflags.prices(engine, ready["prices"], which),
        "red flag: route": lambda: redflags.transshipped(engine, which),
        "red flag: elsewhere": lambda: redflags.elsewhere(engine, which),
    }


FOUND = "found.json"
EVENT, LISTED = "2022-03", "SYNTHETIC IMPORTER 7"
PARTS = (("", "X777Z"), ("SYNTHETIC MAKER 7", "X1234Z"))


def shipments_by_hand(path: Path, _: Path, __: Steps) -> Work:
    """One pass over all rows: items and value by shipper, consignee and month."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    asked = "SELECT shipper_name, consignee_name, date_trunc('month', registered_on) AS month, count(*) AS items,"
    asked += f" sum(value_usd_cents) AS cents FROM '{path.as_posix()}/shipments/*.parquet' GROUP BY ALL"
    return lambda: sum(connection.sql(asked).to_arrow_table()["items"].to_pylist())


def series_tradeanalytics(path: Path, _: Path, steps: Steps) -> Work:
    """This package: every detector of monthly series; what came of each is written beside the table."""
    import pandas as pd

    from tradeanalytics.detectors.changepoints import changepoints, one_break
    from tradeanalytics.detectors.drops import drops

    series = pd.read_parquet(path / "series.parquet")
    asked: dict[str, Callable[[], Any]] = {
        "drops and surges of a month": lambda: drops(series, "2025-03"),
        "changepoints": lambda: changepoints(series, before=2022),
        "one break": lambda: one_break(series),
    }

    def work() -> int:
        _answer(path, asked, steps)
        return len(series)

    return work


PROCESSOR = ", processor"


def _clocked(work: Callable[..., Any], name: str, steps: Steps) -> Callable[..., Any]:
    """Timed, and under another name with the seconds of all cores that it took, which other work hardly sways."""
    timed = _timed(work, name, steps)

    @wraps(work)
    def clocked(*arguments: Any) -> Any:
        began = time.process_time()
        made = timed(*arguments)
        steps[name + PROCESSOR] = time.process_time() - began
        return made

    return clocked


def _answer(path: Path, asked: Mapping[str, Callable[[], Any]], steps: Steps) -> None:
    """Ask each, timed, and write how many units were asked, judged and flagged; of no answer, nothing."""
    from tradeanalytics.detectors.findings import summary

    found = {}
    for name, ask in asked.items():
        findings = _clocked(ask, name, steps)()
        if findings is not None:
            found[name] = summary(findings)[["asked", "judged", "flagged"]].sum().tolist()
    (path / FOUND).write_text(json.dumps(found), encoding="utf-8")


ZIP = (tradeanalytics, zip_duckdb, zip_pandas)
CP1251 = (tradeanalytics, cp1251_polars, cp1251_duckdb, cp1251_pyarrow, cp1251_pandas)
WORKBOOK = (unwrapped, pandas_openpyxl)
GOODS = (goods_tradeanalytics, goods_polars, goods_duckdb, goods_pyarrow)
LISTS_OPENED = (lists_cold, lists_warm)
ASKED_OF_LISTS = (companies_asked, persons_asked, both_asked)
LETTERS = (wratio_cdist, wratio_extract)
SCREENING = (lists_cleaned, *LISTS_OPENED, *ASKED_OF_LISTS, *LETTERS, declarations_screened)
HISTORY = (partner_ours, partner_by_hand, changes_ours, changes_by_hand, partners_ours, partners_by_hand)
RESIDENCES = (register_tradeanalytics, residences_tradeanalytics, residences_by_hand)
PARSING = (addresses_parsed, addresses_cut)
DETECTORS = (detectors_tradeanalytics, shipments_by_hand, series_tradeanalytics)
EVERY = (
    *(*ZIP, *CP1251, *WORKBOOK, *GOODS, *HISTORY, *SCREENING, *RESIDENCES, *PARSING),
    *DETECTORS,
)


def main(name: str, path: str, folder: str) -> None:
    """Do one contender's work and print, as JSON, the seconds and own peak memory it took and the rows it read."""
    contenders = {contender.__name__: contender for contender in EVERY}
    steps: Steps = {}
    work = contenders[name](Path(path), Path(folder), steps)
    began = time.perf_counter()
    rows = work()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "peak_gb": _peak_gb(), "rows": rows, "steps": steps}))


def _peak_gb() -> float | None:
    """The peak of this process so far; null where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


if __name__ == "__main__":
    main(*sys.argv[1:])
