"""A large workbook to text, against pandas with openpyxl: time, memory, and the target.

`python -m benchmarks.workbook` makes an invented xlsx, prints a report, writes it to `benchmarks/results/workbook.md`.
"""

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contenders import WORKBOOK
from benchmarks.running import facts, finish, made_apart, measure, ratio, run, targets, ways

LIBRARIES = ("fastexcel", "polars", "pandas", "openpyxl")
COLUMNS = 25
TIMES_FASTER = 3.0

_LABELS = {
    "unwrapped": "tradeanalytics: sheet and headings found, every cell as text, to Parquet",
    "pandas_openpyxl": 'pandas: read_excel(engine="openpyxl", dtype=str), nothing written',
}
_WHAT = "The workbook has invented texts, dates, numbers and codes, in one sheet."


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    return run("benchmarks.workbook", __doc__, "an invented xlsx", _measured, arguments, rows=200_000)


def _measured(parsed: Namespace, folder: Path) -> None:
    path = parsed.file or made_apart(make_workbook, folder / "invented.xlsx", parsed.rows)
    size = f"{path.name}, {path.stat().st_size / 1e6:,.1f} MB"
    runs = measure(path, [contender.__name__ for contender in WORKBOOK], parsed.runs)
    ours, theirs = runs.values()
    faster = ratio(theirs, ours)
    wanted = targets([(f"at least {TIMES_FASTER:g} x faster", faster, "x", lambda x: x >= TIMES_FASTER)])
    file = f"{size}, {ours[0].rows:,} rows"
    table = ways(_LABELS, runs, "pandas_openpyxl", "pandas")
    finish(parsed.results, "Workbooks: from xlsx to text", [facts(file, runs, LIBRARIES), table, wanted, _WHAT])


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


if __name__ == "__main__":
    sys.exit(main())
