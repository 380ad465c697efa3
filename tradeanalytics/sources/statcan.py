"""Statistics Canada's full tables and viewer downloads: two layouts of trade, and any other table as a series.

The full-table zip and the viewer's download have the same columns; formats differ only in how they are wrapped.
"""

from __future__ import annotations

import polars as pl

from tradeanalytics.reference import lookup
from tradeanalytics.sources.source import Rule, Source, blank, code, matches, or_null
from tradeanalytics.tables import FLOWS, SERIES

PUBLISHER = "Statistics Canada"
LICENCE = "Statistics Canada Open Licence"

# Whole cents below this many come out of a double exactly: half a cent is four times its spacing there.
_LARGEST_CENTS = 2.0**50
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_PERIOD = r"[1-9][0-9]{3}(?:/[0-9]{4}|-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"

_CELL = {
    "reference_period": ("REF_DATE",),
    "unit": ("UOM",),
    "factor": ("SCALAR_FACTOR",),
    "factor_id": ("SCALAR_ID",),
    "value": ("VALUE",),
    "status": ("STATUS",),
    "symbol": ("SYMBOL",),
}
_PARTNER = ("Principal trading partners",)
_SECTION = ("North American Product Classification System (NAPCS)",)
_FIXED = ("GEO", "VECTOR", *(spelling for spellings in _CELL.values() for spelling in spellings))
_UNUSED = ("DGUID", "UOM_ID", "COORDINATE", "TERMINATED", "DECIMALS")

_FLOWS_OF_TRADE = {
    "Import": "import",
    "Export": "total_export",
    "Domestic export": "domestic_export",
    "Re-export": "re_export",
}
_BASES = {"Customs": "customs", "Balance of payments": "balance_of_payments"}
_ADJUSTMENTS = {"Unadjusted": "unadjusted", "Seasonally adjusted": "seasonally_adjusted"}
_PARTNERS = lookup("partners", "name", "code")
# Some tables carry the code in brackets behind the name, not always even within one table.
_SECTIONS = {
    spelling: section
    for name, section in lookup("napcs_sections", "name", "code").items()
    for spelling in (name, f"{name} [{section}]")
}
_REGIONS = lookup("regions", "name", "code")
_FACTORS = lookup("scalar_factors", "scalar_id", "words")
_SIGNS = list(lookup("statuses", "sign", "meaning"))


def _scaled() -> pl.Expr:
    """The value times its scalar factor, as a double; null where there is none."""
    number = pl.when(matches("value", _NUMBER)).then(pl.col("value")).cast(pl.Float64)
    return number * pl.coalesce(
        [pl.when(pl.col("factor_id") == power).then(pl.lit(10.0 ** int(power))) for power in _FACTORS]
    )


def _decimals() -> pl.Expr:
    return pl.col("value").str.extract(r"\.([0-9]+)$").str.len_bytes().fill_null(0).cast(pl.Int64)


def _month() -> pl.Expr:
    return (pl.col("reference_period") + "-01").str.to_date("%Y-%m-%d", strict=False)


def _first_day() -> pl.Expr:
    """First day of the year, month or day a reference period names; of a fiscal year, its first calendar year."""
    text = pl.col("reference_period").str.replace("/.*", "")
    padded = text + pl.when(text.str.len_bytes() == 4).then(pl.lit("-01-01")).when(text.str.len_bytes() == 7).then(
        pl.lit("-01")
    ).otherwise(pl.lit(""))
    return padded.str.to_date("%Y-%m-%d", strict=False)


_CELL_RULES = (
    Rule(
        "value_not_a_number",
        ~blank("value") & ~matches("value", _NUMBER),
        "A value is digits with at most one decimal point, such as 1234.5.",
    ),
    Rule(
        "value_missing_without_status",
        blank("value") & blank("status"),
        "An empty value has a status sign that says why.",
    ),
    Rule("status_unknown", ~blank("status") & ~pl.col("status").is_in(_SIGNS), f"A status is one of {_SIGNS}."),
    Rule(
        "scalar_factor_unknown",
        (code("factor_id", _FACTORS) != pl.col("factor").str.strip_chars()).fill_null(True),
        "SCALAR_ID is 0 to 9 and SCALAR_FACTOR says the same in words.",
    ),
)
_FLOW_RULES = (
    Rule(
        "period_not_a_month",
        ~matches("reference_period", "[1-9][0-9]{3}-(?:0[1-9]|1[0-2])"),
        "A period is a year and a month, such as 2022-03.",
    ),
    *_CELL_RULES,
    Rule("unit_not_dollars", pl.col("unit").fill_null("") != "Dollars", "Trade is in Dollars."),
    Rule(
        "value_finer_than_a_cent",
        matches("value", _NUMBER) & (_decimals() > pl.col("factor_id").cast(pl.Int64, strict=False) + 2),
        "A value has no fraction of a cent.",
    ),
    Rule("value_too_large", _scaled().abs() * 100 > _LARGEST_CENTS, "A month's trade is under 11 trillion dollars."),
    Rule("partner_unknown", code("partner", _PARTNERS).is_null(), "A partner is in reference/partners.csv."),
    Rule("region_unknown", code("region", _REGIONS).is_null(), "A region is in reference/regions.csv."),
    Rule("trade_unknown", code("trade", _FLOWS_OF_TRADE).is_null(), f"Trade is one of {list(_FLOWS_OF_TRADE)}."),
)
_FLOW_COLUMNS = {
    "partner": code("partner", _PARTNERS),
    "flow": code("trade", _FLOWS_OF_TRADE),
    "period": _month(),
    "months": pl.lit(1, pl.Int64),
    "region": code("region", _REGIONS),
    "value_cad_cents": (_scaled() * 100).round().cast(pl.Int64, strict=False),
    "status": or_null("status"),
    "symbol": or_null("symbol"),
}

BY_SECTION = Source(
    name="trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)",
    publisher=PUBLISHER,
    licence=LICENCE,
    table=FLOWS,
    headings={**_CELL, "region": ("GEO",), "trade": ("Trade",), "product": _SECTION, "partner": _PARTNER},
    columns={
        **_FLOW_COLUMNS,
        "product": code("product", _SECTIONS),
    },
    rules=(
        *_FLOW_RULES,
        Rule(
            "section_unknown",
            code("product", _SECTIONS).is_null(),
            "A section of goods is in reference/napcs_sections.csv.",
        ),
    ),
    ignored=(*_UNUSED, "VECTOR"),
    constants={
        "reporter": "CA",
        "basis": "customs",
        "seasonal_adjustment": "unadjusted",
        "product_scheme": "napcs_section",
    },
)

BY_PARTNER = Source(
    name="trade by basis, adjustment and partner (12-10-0011)",
    publisher=PUBLISHER,
    licence=LICENCE,
    table=FLOWS,
    headings={
        **_CELL,
        "region": ("GEO",),
        "trade": ("Trade",),
        "basis": ("Basis",),
        "adjustment": ("Seasonal adjustment",),
        "partner": _PARTNER,
    },
    columns={
        **_FLOW_COLUMNS,
        "basis": code("basis", _BASES),
        "seasonal_adjustment": code("adjustment", _ADJUSTMENTS),
    },
    rules=(
        *_FLOW_RULES,
        Rule("basis_unknown", code("basis", _BASES).is_null(), f"The basis is one of {list(_BASES)}."),
        Rule("adjustment_unknown", code("adjustment", _ADJUSTMENTS).is_null(), f"One of {list(_ADJUSTMENTS)}."),
    ),
    ignored=(*_UNUSED, "VECTOR"),
    constants={"reporter": "CA", "product_scheme": "total_only", "product": "TOTAL"},
)


def series(headings: list[str]) -> Source:
    """A source for any other table of the publisher: its dimensions are the columns between DGUID and UOM."""
    dimensions = [heading for heading in headings if heading not in _FIXED and heading not in _UNUSED]
    names = {f"dimension_{position}": (heading,) for position, heading in enumerate(dimensions)}
    members = [pl.col("region").alias("GEO"), *(pl.col(name).alias(spelling[0]) for name, spelling in names.items())]
    return Source(
        name="statistical table",
        publisher=PUBLISHER,
        licence=LICENCE,
        table=SERIES,
        headings={**_CELL, "region": ("GEO",), "vector": ("VECTOR",), **names},
        columns={
            "vector": or_null("vector"),
            "dimensions": pl.struct(members).struct.json_encode(),
            "period": _first_day(),
            "reference_period": pl.col("reference_period"),
            "value": _scaled(),
            "unit": pl.col("unit").str.strip_chars(),
            "status": or_null("status"),
            "symbol": or_null("symbol"),
        },
        rules=(
            Rule(
                "period_not_a_date",
                ~matches("reference_period", _PERIOD) | _first_day().is_null(),
                "A reference period is YYYY, YYYY-MM, YYYY-MM-DD or YYYY/YYYY.",
            ),
            *_CELL_RULES,
        ),
        ignored=_UNUSED,
    )


def is_a_table(headings: list[str]) -> bool:
    """Whether the headings are those of a Statistics Canada table, whatever its dimensions."""
    return {"REF_DATE", "VALUE", "SCALAR_ID", "COORDINATE"} <= set(headings)
