"""The real figures that the sample's trade by HS code sums to: those of the extract which the project carries."""

from __future__ import annotations

import csv
from pathlib import Path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.raw import raw_file
from tradeanalytics.reference import lookup

RAW = Path(__file__).parents[2] / "data" / "raw"
EXTRACT = "12-10-0119/2022-10/1210011901_databaseLoadingData.csv"
VINTAGE = (2022, 10)
FIRST_MONTH = "202101"
FLOWS = {"Domestic export": "domestic_export", "Re-export": "re_export"}
_PRODUCT = "North American Product Classification System (NAPCS)"
_PARTNER = "Principal trading partners"

Totals = dict[tuple[str, str, str], int]


def published(raw: Path) -> Totals:
    """Dollars by flow (domestic_export, re_export), partner and month ("202103"), January 2021 to July 2022.

    Raises TradeAnalyticsError when the extract is not under `raw`, is not as its manifest recorded, or lacks a figure.
    """
    with _unaltered(raw).open(encoding="utf-8-sig", newline="") as file:
        wanted = [row for row in csv.DictReader(file) if row[_PRODUCT] == "Total of all merchandise"]
    totals = {_cell(row): _dollars(row) for row in wanted}
    return {cell: dollars for cell, dollars in totals.items() if cell[2] >= FIRST_MONTH}


def _unaltered(raw: Path) -> Path:
    file = raw_file(raw / EXTRACT, raw)
    if file.altered:
        raise TradeAnalyticsError(
            f"{file.name}: not the file its manifest recorded, so the sample cannot be made from it; expected sha256"
            f" {file.recorded_sha256[:16]}, found {file.sha256[:16]}"
        )
    return file.path


def _cell(row: dict[str, str]) -> tuple[str, str, str]:
    partner = lookup("partners", "name", "code")[row[_PARTNER]]
    return FLOWS[row["Trade"]], partner, row["REF_DATE"].replace("-", "")


def _dollars(row: dict[str, str]) -> int:
    if not row["VALUE"].isdigit():
        raise TradeAnalyticsError(
            f"{EXTRACT}: VALUE of {row['Trade']}, {row[_PARTNER]}, {row['REF_DATE']} is {row['VALUE']!r}, expected a"
            " whole number"
        )
    scale: int = 10 ** int(row["SCALAR_ID"])
    return int(row["VALUE"]) * scale
