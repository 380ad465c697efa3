"""Customs records of any layout to SHIPMENTS: which raw columns make which clean ones, and what is said of a row.

What a cell means depends on its column (is 12,400 twelve or twelve thousand?), so the columns are looked at once first.
A number, weight, code or country that cannot be read is null with a flag, never 0 and never a reason to drop the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from tradeanalytics.sources.cells import blank, counted, raw, tidy, unreadable, was_mixed
from tradeanalytics.sources.cells_countries import country
from tradeanalytics.sources.cells_dates import (
    DateProfile,
    Order,
    ambiguous_day,
    date_disagrees,
    date_evidence,
    date_from_declaration,
    date_in_declaration,
    dates_decided,
    day,
    declaration_item,
    declaration_key,
    witnessed,
)
from tradeanalytics.sources.cells_goods import currency, description, kilograms, unit_unknown
from tradeanalytics.sources.cells_hs import HsProfile, hs, hs_decided, hs_edition, hs_evidence, hs_source
from tradeanalytics.sources.cells_numbers import (
    CONTINENTAL,
    ENGLISH,
    RUSSIAN,
    NumberProfile,
    ambiguous_number,
    cents,
    number,
    number_evidence,
    numbers_decided,
)
from tradeanalytics.sources.cells_parties import PARTY, party
from tradeanalytics.sources.layouts import IN_PIECES, Layout, Match
from tradeanalytics.sources.source import Rule, Source
from tradeanalytics.tables import SHIPMENTS

_DAYS = ("registered_on", "arrival_on", "released_on")
_MONEY = ("invoice", "customs_rub", "statistical_usd", "usd")
_AMOUNTS = ("gross_kg", "net_kg", "gross_t", "weight", "quantity")
_STYLES = {"comma_decimal": CONTINENTAL, "point_decimal": ENGLISH}
_ORDERS: Mapping[str, Order] = {"dmy": "day_first", "mdy": "month_first"}
_COUNTRIES = ("shipper", "consignee", "trading", "dispatch", "origin", "destination")
_WRITTEN = (
    *("regime", "shipper_address", "shipper_id", "consignee_address", "consignee_id", "manufacturer", "trademark"),
    *("declarant_name", "declarant_id", "contract_holder_name", "contract_holder_id", "notify_name", "quantity_unit"),
)
_TOTAL = r"(?i)^\W*(?:итого|всего|total|grand total|sum)\b"
_DIRECTIONS = {"import": r"^(?:ИМ|IM|IMP|ИМПОРТ|IMPORT|1)$", "export": r"^(?:ЭК|EK|EX|EXP|ЭКСПОРТ|EXPORT|2)$"}
_REGISTERED = pl.Enum(["import", "export"])


@dataclass(frozen=True)
class Columns:
    """What was found of the columns of one file: style of numbers, order of days, length of codes."""

    numbers: Mapping[str, NumberProfile]
    days: Mapping[str, DateProfile]
    hs: HsProfile


def shipments(match: Match, rows: pl.LazyFrame) -> Source:
    """The source of one file: `rows` holds its raw text under the names of `match.fields`."""
    gathered = _gathered(match)
    fields = frozenset([*match.fields, *gathered])
    columns = _looked_at(match.layout, rows.with_columns(**gathered), fields)
    return Source(
        name=match.layout.name,
        publisher=match.layout.kind,
        licence="",
        table=SHIPMENTS,
        headings={},
        prepared=(gathered, _read(match.layout, fields, columns), _settled(match.layout, fields)),
        columns={**_columns(match.layout, fields), "row_hash": pl.struct(match.fields).hash()},
        rules=_rules(match, fields),
        constants={"layout": match.layout.name},
    )


def _gathered(match: Match) -> dict[str, pl.Expr]:
    """Fields that stand in several columns: the first with content, or, for texts cut in pieces, all of them."""
    found = {
        name: pl.coalesce([pl.when(~blank(column)).then(pl.col(column)) for column in columns])
        for name, columns in match.repeated.items()
    }
    for name in IN_PIECES:
        pieces = [name, *(field for field in match.fields if field.startswith(f"{name}_") and field[-1].isdigit())]
        if len(pieces) > 1:
            separator = "/" if name == "declaration" else " "
            texts = [pl.when(~blank(piece)).then(pl.col(piece)) for piece in pieces if piece in match.fields]
            found[name] = pl.concat_str(texts, separator=separator, ignore_nulls=True)
    return found


def _looked_at(layout: Layout, rows: pl.LazyFrame, fields: frozenset[str]) -> Columns:
    """Look at all columns whose cells need it, in one pass."""
    numbers = [name for name in (*_MONEY, *_AMOUNTS) if name in fields]
    days = [name for name in _DAYS if name in fields]
    evidence = {name: number_evidence(name) for name in numbers} | {name: date_evidence(name) for name in days}
    evidence |= {"hs": hs_evidence("hs")} if "hs" in fields else {}
    found = counted(rows, evidence) if evidence else {}
    style = RUSSIAN if layout.name.startswith(("ru_", "kz_", "eaeu_")) else _STYLES.get(layout.number_style or "")
    order = _ORDERS.get(layout.date_order or "")
    return Columns(
        {name: numbers_decided(found[name], style) for name in numbers},
        {name: dates_decided(found[name], order) for name in days},
        hs_decided(found["hs"]) if "hs" in fields else HsProfile(),
    )


def _read(layout: Layout, fields: frozenset[str], columns: Columns) -> dict[str, pl.Expr]:
    """What each raw cell says, under names that begin with an underscore."""
    nothing = pl.lit(None, pl.String)
    made = {f"_{name}": number(name, columns.numbers[name]) for name in _AMOUNTS if name in fields}
    made |= {f"_{name}": cents(name, columns.numbers[name]) for name in _MONEY if name in fields}
    made |= {f"_{name}": day(name, columns.days[name]) for name in _DAYS if name in fields}
    made |= {f"_{name}_ambiguous": ambiguous_day(name, columns.days[name]) for name in _DAYS[:2] if name in fields}
    made |= {
        f"_{side}": party(name)
        for side in ("shipper", "consignee")
        if (name := _party_field(layout, fields, side)) is not None
    }
    countries = {role: _country(layout, fields, role) for role in _COUNTRIES}
    made |= {f"_{role}_country": found for role, found in countries.items() if found is not None}
    made |= {"_hs": hs("hs", columns.hs)} if "hs" in fields else {}
    made |= {"_description": description("description")} if "description" in fields else {}
    made |= {"_currency": currency("invoice_currency")} if "invoice_currency" in fields else {}
    made["_key"] = declaration_key("declaration") if "declaration" in fields else nothing
    made["_witness"] = date_in_declaration("declaration") if "declaration" in fields else pl.lit(None, pl.Date)
    made["_numbers_ambiguous"] = _any(
        ambiguous_number(name, columns.numbers[name]) for name in (*_MONEY, *_AMOUNTS) if name in fields
    )
    return made


def _settled(layout: Layout, fields: frozenset[str]) -> dict[str, pl.Expr]:
    """What needs more than one cell: the day with its witness, weights with their units, the direction."""
    date = next((name for name in _DAYS[:2] if name in fields), None)
    found = pl.col(f"_{date}") if date else pl.lit(None, pl.Date)
    ambiguous = pl.col(f"_{date}_ambiguous") if date else pl.lit(False)
    return {
        "_day": witnessed(found, "_witness", ambiguous),
        "_day_from_number": date_from_declaration(found, "_witness", ambiguous),
        "_day_disagrees": date_disagrees(found, "_witness", ambiguous),
        "_day_ambiguous": ambiguous & (pl.col("_witness").is_null()),
        "_gross": _gross(layout, fields),
        "_direction": _direction(layout, fields),
    }


def _columns(layout: Layout, fields: frozenset[str]) -> dict[str, pl.Expr]:
    usd = "statistical_usd" if "statistical_usd" in fields else "usd"
    item = pl.col("item").str.strip_chars() if "item" in fields else pl.lit(None, pl.String)
    inside = declaration_item("declaration") if "declaration" in fields else pl.lit(None, pl.String)
    return {
        "declaration": _text("declaration", fields),
        "declaration_key": pl.col("_key"),
        "item": pl.coalesce(pl.when(item != "").then(item), inside),
        "direction": pl.col("_direction"),
        "registered_on": pl.col("_day"),
        "released_on": _made("_released_on", fields, pl.Date),
        **{name: _told(name, fields, layout) for name in _WRITTEN},
        **_parties(layout, fields),
        **{
            f"{role}_country": pl.col(f"_{role}_country") if _country(layout, fields, role) is not None else _none()
            for role in _COUNTRIES
        },
        "hs": pl.col("_hs").struct.field("hs") if "hs" in fields else _none(),
        "hs_source": _hs_source(layout, fields),
        "hs_edition": hs_edition("_day").cast(pl.String),
        "hs_repair": pl.col("_hs").struct.field("hs_repair") if "hs" in fields else _none(),
        "description": pl.col("_description") if "description" in fields else _none(),
        "gross_kg": pl.col("_gross"),
        "net_kg": _made("_net_kg", fields, pl.Float64),
        "quantity": _made("_quantity", fields, pl.Float64),
        "invoice_cents": _made("_invoice", fields, pl.Int64),
        "invoice_currency": pl.col("_currency") if "invoice_currency" in fields else pl.lit(layout.currency, pl.String),
        "value_rub_cents": _made("_customs_rub", fields, pl.Int64),
        "value_usd_cents": _made(f"_{usd}", fields, pl.Int64),
        "value_usd_basis": _basis(layout, fields, usd),
        "flags": _flags(layout, fields),
        "master_bill": declaration_key("master_bill") if "master_bill" in fields else _none(),
    }


def _flags(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    """Codes of what a careful reader must know, joined by ;, null where there is nothing."""
    amounts = [name for name in ("gross_kg", "net_kg", "weight", "gross_t") if name in fields]
    values = [name for name in _MONEY if name in fields]
    named = [name for name in ("shipper_name", "consignee_name", "description") if name in fields]
    flags: dict[str, pl.Expr] = {
        "date_missing": pl.col("_day").is_null(),
        "date_from_declaration": pl.col("_day_from_number"),
        "date_disagrees": pl.col("_day_disagrees"),
        "date_ambiguous": pl.col("_day_ambiguous"),
        "number_ambiguous": pl.col("_numbers_ambiguous"),
        "weight_unreadable": _any(unreadable(name, f"_{name}") for name in amounts),
        "weight_unit_unknown": unit_unknown("weight_unit") if "weight_unit" in fields else pl.lit(False),
        "net_over_gross": (pl.col("_net_kg") > pl.col("_gross") * 1.0001).fill_null(False)
        if "net_kg" in fields
        else pl.lit(False),
        "value_unreadable": _any(unreadable(name, f"_{name}") for name in values),
        "value_estimated": pl.col("_usd").is_not_null() if layout.estimated and "usd" in fields else pl.lit(False),
        "homoglyphs_folded": _any(was_mixed(name) for name in named),
        "country_unknown": _any(
            unreadable(column, f"_{role}_country")
            for role in _COUNTRIES
            if (column := _country_column(fields, role)) is not None
        ),
        "not_in_statistics": raw("statistics_flag").str.contains(r"(?i)^\s*(?:0|false|нет)\s*$").fill_null(False)
        if "statistics_flag" in fields
        else pl.lit(False),
    }
    if "hs" in fields:
        flags["hs_unreadable"] = ~blank("hs") & pl.col("_hs").struct.field("hs").is_null()
        flags["hs_several"] = pl.col("_hs").struct.field("codes").fill_null(0) > 1
    codes = [pl.when(holds).then(pl.lit(code)) for code, holds in flags.items()]
    some = _any(flags.values())
    return pl.when(some).then(pl.concat_str(codes, separator=";", ignore_nulls=True))


def _rules(match: Match, fields: frozenset[str]) -> tuple[Rule, ...]:
    """What is no shipment."""
    identity = [
        name
        for name in ("declaration", "shipper_name", "consignee_name", "hs", "description", "identifier")
        if name in fields
    ]
    # A total row fills the first columns with a word, and nothing that a shipment has.
    total = _any(pl.col(name).str.contains(_TOTAL).fill_null(False) for name in match.fields[:3])
    goods = [name for name in ("hs", "description") if name in fields]
    headings = dict(zip(match.fields, match.headings, strict=True))
    repeated = pl.all_horizontal(
        pl.col(name).str.strip_chars().fill_null("") == headings[name] for name in identity if name in headings
    )
    date = next((name for name in _DAYS[:2] if name in fields), None)
    rules = [
        Rule(
            "total_row", total & pl.all_horizontal(blank(name) for name in goods), "A row is one shipment, not a sum."
        ),
        Rule("heading_again", repeated, "The headings stand once, above the rows."),
        Rule(
            "nothing_identifies_it",
            pl.all_horizontal(blank(name) for name in identity),
            "A shipment has a declaration or bill number, a party, or goods.",
        ),
    ]
    if date is not None:
        rules.append(
            Rule(
                "date_unreadable",
                unreadable(date, "_day"),
                "A day is written as 15.06.2022, 2022-06-15, 06/15/22, 15-Jun-2022 or an Excel number.",
            )
        )
    return tuple(rules)


def _party_field(layout: Layout, fields: frozenset[str], side: str) -> pl.Expr | str | None:
    """The raw name of a side: its own column, else the first line of its whole cell, else by who declares."""
    columns = [name for name in (f"{side}_name", f"{side}_original") if name in fields]
    if layout.by_direction and "trader_name" in fields:
        return _by_direction(layout, fields, side, "name")
    if not columns:
        return None
    firsts = [
        pl.col(name).str.extract(r"^\s*([^\r\n]*)") if name.endswith("original") else pl.col(name) for name in columns
    ]
    return pl.coalesce([pl.when(~blank(text)).then(text) for text in firsts])


def _by_direction(layout: Layout, fields: frozenset[str], side: str, part: str) -> pl.Expr:
    """Of a layout that names the declaring side and the foreign side: who sends is told by the direction."""
    trader, partner = (
        pl.col(f"{who}_{part}") if f"{who}_{part}" in fields else _none() for who in ("trader", "partner")
    )
    exports = _direction(layout, fields) == "export"
    sends = pl.when(exports).then(trader).otherwise(partner)
    receives = pl.when(exports).then(partner).otherwise(trader)
    return sends if side == "shipper" else receives


def _parties(layout: Layout, fields: frozenset[str]) -> dict[str, pl.Expr]:
    made: dict[str, pl.Expr] = {}
    for side in ("shipper", "consignee"):
        there = _party_field(layout, fields, side) is not None
        field = pl.col(f"_{side}") if there else pl.lit(None, PARTY)
        made |= {
            f"{side}_name": field.struct.field("name"),
            f"{side}_second": field.struct.field("second"),
            f"{side}_as": field.struct.field("how"),
        }
    return made


def _told(name: str, fields: frozenset[str], layout: Layout) -> pl.Expr:
    side, _, part = name.partition("_")
    if layout.by_direction and side in ("shipper", "consignee") and "trader_name" in fields:
        return tidy(_by_direction(layout, fields, side, part))
    return _text(name, fields)


def _country_column(fields: frozenset[str], role: str) -> str | None:
    names = (
        (f"{role}_country", f"{role}_name") if role in ("dispatch", "origin", "destination") else (f"{role}_country",)
    )
    return next((name for name in names if name in fields), None)


def _country(layout: Layout, fields: frozenset[str], role: str) -> pl.Expr | None:
    if layout.by_direction and role in ("shipper", "consignee") and "partner_country" in fields:
        return country(_by_direction(layout, fields, role, "country"))
    column = _country_column(fields, role)
    if column is None:
        return None
    name = f"{role}_name" if column.endswith("_country") and f"{role}_name" in fields else None
    return country(column, name if role in ("dispatch", "origin", "destination") else None)


def _gross(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    ways = [pl.col("_gross_kg")] if "gross_kg" in fields else []
    ways += [pl.col("_gross_t") * 1000] if "gross_t" in fields else []
    if "weight" in fields:
        beside = kilograms("weight_unit") if "weight_unit" in fields else None
        inside = kilograms(pl.col("weight").str.extract(r"(\p{L}+)\.?\s*\)?\s*$"))
        declared = kilograms(pl.lit(layout.weight_unit)) if layout.weight_unit else None
        ways.append(pl.col("_weight") * pl.coalesce([way for way in (beside, inside, declared) if way is not None]))
    return pl.coalesce(ways) if ways else pl.lit(None, pl.Float64)


def _direction(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    if "direction" not in fields:
        return pl.lit(layout.direction, _REGISTERED)
    text = pl.col("direction").str.strip_chars().str.to_uppercase()
    ways = [
        pl.when(text.str.contains(f"(?i){words}")).then(pl.lit(way, _REGISTERED)) for way, words in _DIRECTIONS.items()
    ]
    return pl.coalesce(ways)


def _hs_source(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    if "hs" not in fields:
        return _none()
    found = hs_source("hs").cast(pl.String)
    plain = pl.when(found == "declared").then(pl.lit(layout.hs_source)).otherwise(found)
    return pl.when(pl.col("_hs").struct.field("hs").is_not_null()).then(plain)


def _basis(layout: Layout, fields: frozenset[str], usd: str) -> pl.Expr:
    if usd not in fields:
        return _none()
    basis = "statistical" if usd == "statistical_usd" else layout.value_basis
    return pl.when(pl.col(f"_{usd}").is_not_null()).then(pl.lit(basis, pl.String))


def _made(name: str, fields: frozenset[str], dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    return pl.col(name) if name.removeprefix("_") in fields else pl.lit(None, dtype)


def _text(name: str, fields: frozenset[str]) -> pl.Expr:
    return tidy(name) if name in fields else _none()


def _none() -> pl.Expr:
    return pl.lit(None, pl.String)


def _any(holds: Iterable[pl.Expr]) -> pl.Expr:
    some = list(holds)
    return pl.any_horizontal(some) if some else pl.lit(False)
