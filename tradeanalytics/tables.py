"""What a clean row is: columns, types, units, row rules. Data, no logic.

Every table carries its lineage: `file_id` (first 16 hex digits of the raw file's sha256) and `record` (1-based row
number after the heading, blank rows counted).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of a clean table: its SQL type, its unit or scheme, and what it means."""

    name: str
    type: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A clean table; within one raw file, the columns of `key` name one row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


LINEAGE = (
    Column("file_id", "VARCHAR", "Which raw file, by content: see the manifest", "first 16 hex digits of sha256"),
    Column("record", "BIGINT", "Row of the raw file after its heading, blank rows counted", "1-based"),
)

FLOWS = Table(
    name="flows",
    columns=(
        *LINEAGE,
        Column("reporter", "VARCHAR", "Who reports the trade", "ISO 3166 alpha-2"),
        Column("partner", "VARCHAR", "The other side", "ISO 3166 alpha-2, or WORLD, EU27, OTHER"),
        Column("flow", "VARCHAR", "Which way", "import, domestic_export, re_export, total_export"),
        Column("basis", "VARCHAR", "How trade is counted", "customs, balance_of_payments"),
        Column("seasonal_adjustment", "VARCHAR", "Whether seasons are taken out", "unadjusted, seasonally_adjusted"),
        Column("period", "DATE", "The month", "first day of the month"),
        Column("product_scheme", "VARCHAR", "Which list the product code is from", "napcs_section, or total_only"),
        Column("product", "VARCHAR", "Which goods", "code of the scheme, or TOTAL"),
        Column("region", "VARCHAR", "Part of the reporter", "ISO 3166-2, or the reporter's code for all of it"),
        Column(
            "value_cad_cents", "BIGINT", "Value as published; null where the publisher gives none", "Canadian cents"
        ),
        Column("status", "VARCHAR", "The publisher's status sign of the cell", "x, .., ..., F, A-E, 0s, <LOD or null"),
        Column("symbol", "VARCHAR", "The publisher's revision sign of the cell", "p, r or null"),
        Column("sums_regions", "BOOLEAN", "Its parts by region are in the same file"),
        Column("sums_products", "BOOLEAN", "Its parts by product are in the same file"),
        Column("sums_partners", "BOOLEAN", "Its parts by partner are in the same file"),
        Column("table_id", "VARCHAR", "The publisher's table", "12-10-0119"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("reporter", "partner", "flow", "basis", "seasonal_adjustment", "period", "product", "region"),
)

SERIES = Table(
    name="series",
    columns=(
        *LINEAGE,
        Column("table_id", "VARCHAR", "The publisher's table", "18-10-0204"),
        Column("vector", "VARCHAR", "The publisher's series number", "v107792869"),
        Column("dimensions", "VARCHAR", "Member of each dimension, in the publisher's words", "JSON object"),
        Column("period", "DATE", "First day of the reference period"),
        Column(
            "reference_period", "VARCHAR", "The reference period as published", "2021, 2021-03, 2021-03-04, 2021/2022"
        ),
        Column("value", "DOUBLE", "Value times its scalar factor; null where the publisher gives none"),
        Column("unit", "VARCHAR", "Unit of measure in the publisher's words"),
        Column("status", "VARCHAR", "The publisher's status sign of the cell", "x, .., ..., F, A-E, 0s, <LOD or null"),
        Column("symbol", "VARCHAR", "The publisher's revision sign of the cell", "p, r or null"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("dimensions", "reference_period"),
)

REJECTED = Table(
    name="rejected",
    columns=(
        *LINEAGE,
        Column("reasons", "VARCHAR", "Every rule the row broke", "codes, joined by ;"),
        Column("text", "VARCHAR", "The row as published"),
    ),
    key=("record",),
)

TABLES = (FLOWS, SERIES, REJECTED)


def describe(table: Table) -> str:
    """The data dictionary of a table, as a Markdown table: column, type, unit, meaning."""
    rows = [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in table.columns]
    return "\n".join(["| column | type | unit or scheme | meaning |", "|---|---|---|---|", *rows])
