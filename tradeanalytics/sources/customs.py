"""Customs records of any layout to SHIPMENTS: which raw columns make which clean ones, and what is said of a row.

What a cell means depends on its column (is 12,400 twelve or twelve thousand?), so the columns are looked at once first.
A number, weight, code or country that cannot be read is null with a flag, never 0 and never a reason to drop the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor

import polars as pl

from tradeanalytics.sources.cells import blank, by_distinct, counted, each, named, raw, tidy, unmixed, unreadable
from tradeanalytics.sources.cells_countries import country, country_of_address
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
from tradeanalytics.sources.cells_goods import currency, description, kilograms
from tradeanalytics.sources.cells_hs import HsProfile, hs, hs_decided, hs_edition, hs_evidence, hs_source
from tradeanalytics.sources.cells_numbers import (
    CONTINENTAL,
    ENGLISH,
    RUSSIAN,
    NumberProfile,
    ambiguous_number,
    by_excel,
    cents,
    number,
    number_evidence,
    numbers_decided,
)
from tradeanalytics.sources.cells_parties import PARTY, party
from tradeanalytics.sources.layouts import IN_PIECES, Layout, Match
from tradeanalytics.sources.source import Rule, Source, or_null
from tradeanalytics.tables import SHIPMENTS

NOTED = "noted"  # a column of codes, joined by ;, that join the flags of a row
_DAYS = ("registered_on", "arrival_on", "released_on")
_MONEY = ("invoice", "customs_rub", "statistical_usd", "usd")
_AMOUNTS = ("gross_kg", "net_kg", "gross_t", "weight", "quantity")
_STYLES = {"comma_decimal": CONTINENTAL, "point_decimal": ENGLISH}
_ORDERS: Mapping[str, Order] = {"dmy": "day_first", "mdy": "month_first"}
_SIDES = ("shipper", "consignee")
_COUNTRIES = (*_SIDES, "trading", "dispatch", "origin", "destination")
_WRITTEN = (
    *("regime", "shipper_address", "shipper_id", "consignee_address", "consignee_id", "manufacturer", "trademark"),
    *("declarant_name", "declarant_id", "contract_holder_name", "contract_holder_id", "notify_name", "quantity_unit"),
)
_GOODS = ("hs", "description")
_IDENTITY = (
    *("declaration", "shipper_name", "shipper_original", "consignee_name", "consignee_original"),
    *("trader_name", "partner_name", "shipper_id", "consignee_id", "trader_id", "partner_id", *_GOODS, "identifier"),
)
# Not \b where a word ends: with it a search through Russian text takes ten times as long.
_SUM = r"(?i)^\W*(?:(?:общий |grand )?итого?|всего|(?:grand )?total|sum)"
_TOTAL, _TOTAL_ALONE = rf"{_SUM}(?:\W|$)", rf"{_SUM}(?:\W[\W0-9]*)?$"
_DIRECTIONS = {"import": r"^(?:ИМ|IM|IMP|ИМПОРТ|IMPORT|1)$", "export": r"^(?:ЭК|EK|EX|EXP|ЭКСПОРТ|EXPORT|2)$"}
_BASES = {
    "declared_fob": r"(?i)\bfob\b",
    "declared_cif": r"(?i)\bcif\b",
    "statistical": "(?i)statistic|статистич",
    "estimated": "(?i)estimat|оцен",
}
_REGISTERED = pl.Enum(["import", "export"])


@dataclass(frozen=True)
class Columns:
    """What was found of the columns of one file: style of numbers, order of days, length of codes."""

    numbers: Mapping[str, NumberProfile]
    days: Mapping[str, DateProfile]
    hs: HsProfile


def shipments(match: Match, rows: pl.LazyFrame) -> Source:
    """The source of one file: `rows` holds its raw text under the names of `match.fields`."""
    made = gathered(match)
    fields = frozenset([*match.fields, *made])
    columns = _looked_at(match.layout, rows.with_columns(**made), fields)
    return Source(
        name=match.layout.name,
        publisher=match.layout.kind,
        licence="",
        table=SHIPMENTS,
        headings={},
        prepared=(made, _read(match.layout, fields, columns), _settled(match.layout, fields)),
        columns={
            **_columns(match.layout, fields),
            "row_hash": _hash_of(match.fields),
            "same_key": _same_key(match.layout, fields),
        },
        rules=_rules(match, fields),
        constants={"layout": match.layout.name},
    )


def gathered(match: Match) -> dict[str, pl.Expr]:
    """Fields that stand in several columns: the first with content, or, for texts cut in pieces, all that say a word.

    A manifest fills the first line of an address with a dot where there is nothing to say.
    """
    found = {
        name: pl.coalesce([pl.when(~blank(column)).then(pl.col(column)) for column in columns])
        for name, columns in match.repeated.items()
    }
    for name in IN_PIECES:
        pieces = _pieces(name, match.fields)
        if len(pieces) > 1:
            separator = "/" if name == "declaration" else " "
            texts = [pl.when(pl.col(piece).str.contains(r"[\p{L}\p{N}]")).then(pl.col(piece)) for piece in pieces]
            found[name] = pl.concat_str(texts, separator=separator, ignore_nulls=True)
    return found


def _pieces(name: str, fields: Sequence[str]) -> list[str]:
    """The columns of a text that was cut in pieces, in their order: the field, then field_2, field_3 and so on."""
    numbered = {int(field[len(name) + 1 :]): field for field in fields if re.fullmatch(rf"{name}_[0-9]+", field)}
    return [*([name] if name in fields else []), *(numbered[number] for number in sorted(numbered))]


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
    made |= {"_goods": description("description")} if "description" in fields else {}
    made |= {"_currency": currency("invoice_currency")} if "invoice_currency" in fields else {}
    made["_said"] = pl.sum_horizontal(~blank(name) for name in _identity(fields))
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
        **({"_description": unmixed("_goods")} if "description" in fields else {}),
        "_direction": _direction(layout, fields),
        **{f"_{side}_address_country": _address_country(layout, fields, side) for side in _SIDES},
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
        **{f"{role}_country": _told_country(layout, fields, role) for role in _COUNTRIES},
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


def _same_key(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    """One number for what names a row in its layout; null where the layout has no such thing, or the row no number.

    Where the file leaves out the item, the code of the goods stands for it.
    """
    columns = _columns(layout, fields)
    names = [name for name in layout.key if name in columns and name in fields]
    if "item" in layout.key and "item" not in fields:
        names += [name for name in ("item", "hs") if name in columns]
    if "declaration" not in names:
        return pl.lit(None, pl.UInt64)
    parts = [columns["declaration_key" if name == "declaration" else name].alias(name) for name in names]
    return pl.when(pl.col("_key").is_not_null()).then(pl.struct(parts).hash())


def _flags(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    """Codes of what a careful reader must know, joined by ;, null where there is nothing."""
    amounts = [name for name in ("gross_kg", "net_kg", "weight", "gross_t") if name in fields]
    values = [name for name in _MONEY if name in fields]
    folded = [
        pl.col(f"_{side}").struct.field("folded") for side in _SIDES if _party_field(layout, fields, side) is not None
    ] + ([(pl.col("_goods") != pl.col("_description")).fill_null(False)] if "description" in fields else [])
    flags: dict[str, pl.Expr] = {
        "date_missing": pl.col("_day").is_null(),
        "date_from_declaration": pl.col("_day_from_number"),
        "date_disagrees": pl.col("_day_disagrees"),
        "date_ambiguous": pl.col("_day_ambiguous"),
        "number_ambiguous": pl.col("_numbers_ambiguous"),
        "number_shortened": _any(by_excel(name) for name in (*_MONEY, *_AMOUNTS) if name in fields),
        "weight_unreadable": _any(unreadable(name, f"_{name}") for name in amounts),
        "weight_unit_unknown": pl.col("_gross").is_null() & pl.col("_weight").is_not_null()
        if "weight" in fields
        else pl.lit(False),
        "net_over_gross": (pl.col("_net_kg") > pl.col("_gross") * 1.0001).fill_null(False)
        if "net_kg" in fields
        else pl.lit(False),
        "value_unreadable": _any(unreadable(name, f"_{name}") for name in values),
        "value_estimated": (_basis(layout, fields, "usd") == "estimated").fill_null(False)
        if layout.estimated or "usd_basis" in fields
        else pl.lit(False),
        "quantity_unreadable": unreadable("quantity", "_quantity") if "quantity" in fields else pl.lit(False),
        "currency_unknown": unreadable("invoice_currency", "_currency")
        if "invoice_currency" in fields
        else pl.lit(False),
        "release_unreadable": unreadable("released_on", "_released_on") if "released_on" in fields else pl.lit(False),
        "direction_unknown": pl.col("_direction").is_null() if layout.by_direction else pl.lit(False),
        "homoglyphs_folded": _any(folded),
        "country_unknown": _any(
            unreadable(column, f"_{role}_country")
            for role in _COUNTRIES
            if (column := _country_column(layout, fields, role)) is not None
        ),
        "country_from_address": _any(pl.col(f"_{side}_address_country").is_not_null() for side in _SIDES),
        "not_in_statistics": raw("statistics_flag").str.contains(r"(?i)^\s*(?:0|false|нет)\s*$").fill_null(False)
        if "statistics_flag" in fields
        else pl.lit(False),
    }
    if "hs" in fields:
        flags["hs_unreadable"] = unreadable("hs", pl.col("_hs").struct.field("hs"))
        flags["hs_several"] = pl.col("_hs").struct.field("codes").fill_null(0) > 1
    if "record_status" in fields:
        flags["record_deleted"] = raw("record_status").str.contains(r"(?i)^\s*d(?:eleted?)?\s*$").fill_null(False)
    if NOTED not in fields:
        return named(flags)
    said = [named(flags), pl.when(~blank(NOTED)).then(pl.col(NOTED))]
    return pl.when(_any(code.is_not_null() for code in said)).then(
        pl.concat_str(said, separator=";", ignore_nulls=True)
    )


def _hash_of(fields: Sequence[str]) -> pl.Expr:
    """One number for all cells of a row: field by field, since a struct takes six times as long."""
    return reduce(xor, (pl.col(name).hash(seed=place) for place, name in enumerate(fields)))


def _rules(match: Match, fields: frozenset[str]) -> tuple[Rule, ...]:
    """What is no shipment."""
    identity = _identity(fields)
    date = next((name for name in _DAYS[:2] if name in fields), None)
    rules = [
        Rule("total_row", _total(match, identity), "A row is one shipment, not a sum."),
        Rule("heading_again", _heading_again(match, identity), "The headings stand once, above the rows."),
        Rule(
            "nothing_identifies_it",
            pl.col("_said") == 0,
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


def _identity(fields: frozenset[str]) -> list[str]:
    return [name for name in _IDENTITY if name in fields]


def _total(match: Match, identity: Sequence[str]) -> pl.Expr:
    """A word for a sum in one of the first columns or where a party stands, and nothing else that a shipment has.

    TOTAL STATION is a good and TOTAL SYNTHETIC INC a party: of goods the whole cell must be the word.
    """
    bare = pl.col("_said") <= 1
    words = [
        pl.when(bare).then(pl.col(name)).str.contains(_TOTAL_ALONE if name in _GOODS else _TOTAL).fill_null(False)
        for name in dict.fromkeys([*match.fields[:3], *identity])
    ]
    return _any(words)


def _heading_again(match: Match, identity: Sequence[str]) -> pl.Expr:
    """Every cell that tells shipments apart holds its own heading; texts joined of several columns are left out."""
    headings = dict(zip(match.fields, match.headings, strict=True))
    names = [name for name in identity if name in headings and len(_pieces(name, match.fields)) == 1]
    holds = pl.lit(True)
    for name in names:  # few cells are left to compare after the first column
        holds = (pl.when(holds).then(pl.col(name)).str.strip_chars() == headings[name]).fill_null(False)
    return holds if names else pl.lit(False)


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
    return firsts[0] if len(firsts) == 1 else pl.coalesce([pl.when(~blank(text)).then(text) for text in firsts])


def _by_direction(layout: Layout, fields: frozenset[str], side: str, part: str) -> pl.Expr:
    """Of a layout that names the declaring side and the foreign side: who sends is told by the direction."""
    trader, partner = (
        pl.col(f"{who}_{part}") if f"{who}_{part}" in fields else _none() for who in ("trader", "partner")
    )
    direction = _direction(layout, fields)
    declares = direction == ("export" if side == "shipper" else "import")
    return pl.when(declares).then(trader).when(direction.is_not_null()).then(partner)


def _parties(layout: Layout, fields: frozenset[str]) -> dict[str, pl.Expr]:
    made: dict[str, pl.Expr] = {}
    for side in _SIDES:
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
    told = _of_side(layout, fields, side, part) if side in _SIDES else None
    return _text(name, fields) if told is None else tidy(told)


def _country_column(layout: Layout, fields: frozenset[str], role: str) -> pl.Expr | None:
    """What a role's raw column says: a code or a name, or only a name."""
    if role in _SIDES:
        return _of_side(layout, fields, role, "country")
    return next((pl.col(name) for name in (f"{role}_country", f"{role}_name") if name in fields), None)


def _country(layout: Layout, fields: frozenset[str], role: str) -> pl.Expr | None:
    column = _country_column(layout, fields, role)
    if column is None:
        return None
    named = role not in _SIDES and {f"{role}_country", f"{role}_name"} <= fields
    return country(column, f"{role}_name" if named else None)


def _told_country(layout: Layout, fields: frozenset[str], role: str) -> pl.Expr:
    """The country of a role; of a party that gives none, that of its address."""
    told = pl.col(f"_{role}_country") if _country(layout, fields, role) is not None else _none()
    return pl.coalesce(told, pl.col(f"_{role}_address_country")) if role in _SIDES else told


def _address_country(layout: Layout, fields: frozenset[str], side: str) -> pl.Expr:
    """The country that a party's address names, where the party's country is not written."""
    address, written = (_of_side(layout, fields, side, part) for part in ("address", "country"))
    if address is None:
        return _none()
    return country_of_address(address if written is None else pl.when(blank(written)).then(address))


def _of_side(layout: Layout, fields: frozenset[str], side: str, part: str) -> pl.Expr | None:
    """What a side's raw column says, or by who declares; None where the file has no such column."""
    if layout.by_direction and "trader_name" in fields:
        return _by_direction(layout, fields, side, part)
    return pl.col(f"{side}_{part}") if f"{side}_{part}" in fields else None


def _gross(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    ways = [pl.col("_gross_kg")] if "gross_kg" in fields else []
    ways += [pl.col("_gross_t") * 1000] if "gross_t" in fields else []
    ways += [pl.col("_weight") * _unit(layout, fields)] if "weight" in fields else []
    return pl.coalesce(ways) if ways else pl.lit(None, pl.Float64)


def _unit(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    """Kilograms of the unit beside or behind a weight; the layout's where none is written, null where it is unknown."""
    behind = pl.col("weight").str.extract(r"(\p{L}+)\.?\s*\)?\s*$")
    written = pl.coalesce(or_null("weight_unit"), behind) if "weight_unit" in fields else behind
    return kilograms(written.fill_null(layout.weight_unit) if layout.weight_unit else written)


def _direction(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    if "direction" not in fields:
        return pl.lit(layout.direction, _REGISTERED)
    return each("direction", lambda cells: by_distinct(cells, _way, _REGISTERED), _REGISTERED)


def _way(text: str) -> str | None:
    return next((way for way, words in _DIRECTIONS.items() if re.search(words, text.strip().upper())), None)


def _hs_source(layout: Layout, fields: frozenset[str]) -> pl.Expr:
    if "hs" not in fields:
        return _none()
    found = hs_source("hs").cast(pl.String)
    plain = pl.when(found == "declared").then(pl.lit(layout.hs_source)).otherwise(found)
    return pl.when(pl.col("_hs").struct.field("hs").is_not_null()).then(plain)


def _basis(layout: Layout, fields: frozenset[str], usd: str) -> pl.Expr:
    if usd not in fields:
        return _none()
    basis = pl.lit("statistical" if usd == "statistical_usd" else layout.value_basis, pl.String)
    if usd == "usd" and "usd_basis" in fields:  # a word that is none of these leaves the basis unknown
        ways = [pl.when(pl.col("usd_basis").str.contains(word)).then(pl.lit(name)) for name, word in _BASES.items()]
        basis = pl.when(blank("usd_basis")).then(basis).otherwise(pl.coalesce(ways))
    return pl.when(pl.col(f"_{usd}").is_not_null()).then(basis)


def _made(name: str, fields: frozenset[str], dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    return pl.col(name) if name.removeprefix("_") in fields else pl.lit(None, dtype)


def _text(name: str, fields: frozenset[str]) -> pl.Expr:
    return tidy(name) if name in fields else _none()


def _none() -> pl.Expr:
    return pl.lit(None, pl.String)


def _any(holds: Iterable[pl.Expr]) -> pl.Expr:
    some = list(holds)
    return pl.any_horizontal(some) if some else pl.lit(False)
