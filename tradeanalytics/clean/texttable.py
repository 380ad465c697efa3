"""One table of a raw file as text on disk: what every reader of a container returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TextTable:
    """One table of a raw file as text, on disk in a work folder.

    A csv is UTF-8 without a byte order mark and begins with its heading line. A parquet has text columns named c0, c1,
    ... in the order of `headings`, and one row for each sheet row after the headings; a row of nulls is a blank row and
    no record, kept so that the sheet's row number is always position + `first_record`.
    """

    path: Path
    kind: str  # "csv" or "parquet"
    delimiter: str  # of a csv; "" for a parquet
    headings: list[str]  # as found, trimmed, in order; may repeat and may be empty
    sheet: str | None  # the workbook's sheet
    first_record: int  # number of the first data row: 1, or its 1-based row number in the sheet
    notes: tuple[str, ...]  # what a person must know: what was passed over, chosen, or is doubtful
    encoding: str = ""  # of the raw text; "" for a workbook
    cut_by: str = ""  # what separates the cells of the raw text; "" for a workbook or DBF
