"""Every sheet of a workbook as text, in a process of its own: a damaged one makes the reader panic or ask for 125 GB,
which ends the process, and that must not be the one in which a person works.

Run by path, not as a module, so that it imports nothing of the package.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import fastexcel
import polars as pl

if TYPE_CHECKING:
    from fastexcel._fastexcel import ColumnInfoNoDtype

_DAY = r"^\d{4}-\d\d-\d\d 00:00:00$"
_NOISY = r"^-?\d{7,}\.\d{5,9}$"


def main(workbook: str, folder: str) -> int:
    """Write `1.parquet`, `2.parquet`, ... and print the sheets' names, or what is wrong, as JSON."""
    try:
        reader = fastexcel.read_excel(workbook)
        for number, sheet in enumerate(reader.sheet_names, 1):
            cells(reader, sheet).write_parquet(Path(folder) / f"{number}.parquet", compression="lz4")
    except fastexcel.FastExcelError as error:
        print(json.dumps({"error": str(error).splitlines()[0]}))
        return 1
    print(json.dumps({"sheets": reader.sheet_names}))
    return 0


def cells(reader: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    """All cells of a sheet as text from its row 1 on; column c0 is the sheet's column A, if that is filled."""
    names: list[str] = []

    def every_column(column: ColumnInfoNoDtype) -> bool:
        names.append(f"c{column.absolute_index}")
        return True

    batch = reader.load_sheet(
        sheet, header_row=None, skip_rows=0, dtypes="string", use_columns=every_column, eager=True
    )
    return pl.DataFrame(
        [as_stored(column).rename(name) for column, name in zip(pl.DataFrame(batch), names, strict=True)]
    )


def as_stored(column: pl.Series) -> pl.Series:
    """What fastexcel makes of a day and of a large number with decimals, put right; an empty text is no text.

    It writes midnight after a day, and the ninth decimal of a number whose sixteenth digit is already noise:
    70123456.01 comes as 70123456.010000005.
    """
    if not column.str.contains(f"{_DAY}|{_NOISY}|^$").any():
        return column  # most columns, without a copy
    text = pl.col(column.name)
    number = text.cast(pl.Float64, strict=False).cast(pl.String)
    stored = (
        pl.when(text.str.contains(_DAY))
        .then(text.str.head(10))
        .when(text.str.contains(_NOISY))
        .then(number)
        .when(text != "")
        .then(text)
    )
    return column.to_frame().select(stored.alias(column.name)).to_series()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
