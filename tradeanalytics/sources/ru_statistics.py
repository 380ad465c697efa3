"""Russian customs statistics as published to January 2022: value, weight and quantity by month, partner, code, region.

Numbers have a decimal comma, spaces between thousands if anything. The partner is the publisher's own two letters: AB
and OS are not in ISO 3166, and EU is what was declared as made in the Union, not a sum of its members. The files do
not say what the value includes, so `valuation` stays null.
"""

from __future__ import annotations

import polars as pl

from tradeanalytics.sources.cells import counted, tidy, unreadable
from tradeanalytics.sources.cells_hs import HsProfile, hs, hs_decided, hs_edition, hs_evidence
from tradeanalytics.sources.cells_numbers import RUSSIAN, cents, number
from tradeanalytics.sources.layouts import Match
from tradeanalytics.sources.source import Rule, Source
from tradeanalytics.tables import GOODS

_DIGITS = 10
# Oracle writes a half as ,5; two commas in one number are not what the others of its column mean by one.
_NUMBER = r"^\s*-?(?:(?:[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,][0-9]+)?|[.,][0-9]+)\s*$"
_FLOWS = {"ИМ": "import", "ЭК": "total_export"}
_WAYS = pl.Enum(sorted(_FLOWS.values()))


def statistics(match: Match, rows: pl.LazyFrame) -> Source:
    """The source of one file: `rows` holds its raw text under the names of `match.fields`."""
    fields = frozenset(match.fields)
    counts = counted(rows, {"hs": hs_evidence("hs")})["hs"]
    profile = hs_decided(counts)
    return Source(
        name=match.layout.title,
        publisher="Federal Customs Service of Russia",
        licence="",
        table=GOODS,
        headings={},
        prepared=(_read(fields, profile),),
        columns=_columns(fields),
        rules=_rules(fields),
        constants={"reporter": "RU", "basis": "customs"},
        remarks=_zeros(profile, counts[str(_DIGITS - 1)]),
    )


def _read(fields: frozenset[str], profile: HsProfile) -> dict[str, pl.Expr]:
    amounts = {f"_{name}": number(_written(name), RUSSIAN) for name in ("net_kg", "quantity") if name in fields}
    return {
        "_partner": pl.col("partner").str.strip_chars().str.to_uppercase(),
        "_flow": _flow(),
        "_period": ("01/" + pl.col("period").str.strip_chars()).str.to_date("%d/%m/%Y", strict=False),
        "_hs": hs("hs", profile).struct.field("hs"),
        "_usd": cents(_written("usd"), RUSSIAN),
        "_unit": tidy("quantity_unit") if "quantity_unit" in fields else pl.lit(None, pl.String),
        **amounts,
    }


def _written(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(_NUMBER)).then(pl.col(name))


def _flow() -> pl.Expr:
    way = pl.col("direction").str.strip_chars().str.to_uppercase()
    return pl.coalesce([pl.when(way == letters).then(pl.lit(flow, _WAYS)) for letters, flow in _FLOWS.items()])


def _columns(fields: frozenset[str]) -> dict[str, pl.Expr]:
    """Goods without a unit of their own are published with quantity 0, which is no quantity."""
    made = {
        "partner": pl.col("_partner"),
        "flow": pl.col("_flow"),
        "period": pl.col("_period"),
        "months": pl.lit(1, pl.Int64),
        "hs": pl.col("_hs"),
        "hs_edition": hs_edition("_period"),
        "value_usd_cents": pl.col("_usd"),
        "quantity_unit": pl.col("_unit"),
    }
    made |= {"region": tidy("region")} if "region" in fields else {}
    made |= {"net_kg": pl.col("_net_kg")} if "net_kg" in fields else {}
    made |= {"quantity": pl.when(pl.col("_unit").is_not_null()).then("_quantity")} if "quantity" in fields else {}
    return made


def _rules(fields: frozenset[str]) -> tuple[Rule, ...]:
    return (
        Rule("flow_unknown", pl.col("_flow").is_null(), f"The direction is one of {list(_FLOWS)}."),
        Rule(
            "period_not_a_month",
            ~pl.col("period").str.contains(r"^\s*(?:0[1-9]|1[0-2])/[12][0-9]{3}\s*$").fill_null(False),
            "A period is a month and a year, such as 03/2021.",
        ),
        Rule(
            "partner_not_two_letters",
            ~pl.col("_partner").str.contains("^[A-Z]{2}$").fill_null(False),
            "A partner is two Latin letters.",
        ),
        Rule(
            "hs_not_ten_digits",
            (pl.col("_hs").str.len_bytes() != _DIGITS).fill_null(True),
            "A code of the goods has ten digits.",
        ),
        *(
            Rule(f"{name}_not_a_number", unreadable(name, value), "A number has a decimal comma, such as 1234,5.")
            for name, value in (("usd", "_usd"), ("net_kg", "_net_kg"), ("quantity", "_quantity"))
            if name in fields
        ),
    )


def _zeros(profile: HsProfile, shorter: int) -> tuple[str, ...]:
    if profile.digits != _DIGITS or not shorter:
        return ()
    return (f"{shorter:,} codes of the goods had nine digits: the zero that they lost at the beginning was put back",)
