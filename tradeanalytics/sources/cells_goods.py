"""Weights to kilograms, currencies, and the description of the goods."""

from __future__ import annotations

import polars as pl
from babel.numbers import list_currencies

from tradeanalytics.reference import lookup, rows
from tradeanalytics.sources.cells import ODD_SPACES, Text, blank, by_distinct, changed_at, each, raw, staged, trimmed
from tradeanalytics.sources.cells_numbers import NumberProfile, number

_KILOGRAMS = {row["unit"]: float(row["kg"]) for row in rows("weight_units")}
_CURRENCIES = {code: code for code in list_currencies()} | lookup("currencies", "spelling", "code")
# A description was cut into lines of 256 characters; the mark and one space stand where two lines were joined.
_LINE_MARK = r"_\[=[0-9.]+=\] ?"


def weight(column: Text, profile: NumberProfile) -> pl.Expr:
    """Kilograms of a cell such as `43005000 KG`; null where the number or the unit is missing or unknown."""
    return number(column, profile) * kilograms(raw(column).str.extract(r"^[^\p{L}]*(\p{L}+)\.?[\s)]*$"))


def weight_of(value: Text, unit: Text) -> pl.Expr:
    """Kilograms of a number already read and the unit in the column beside it."""
    return raw(value) * kilograms(unit)


def kilograms(unit: Text) -> pl.Expr:
    """Kilograms of one unit of weight; null where it is not in reference/weight_units.csv."""
    text = raw(unit).str.to_uppercase().str.strip_chars(" .\u00a0")
    return pl.coalesce([pl.when(text == name).then(pl.lit(kg)) for name, kg in _KILOGRAMS.items()])


def unit_unknown(unit: Text) -> pl.Expr:
    """True where a unit is written that is none of weight."""
    return ~blank(unit) & kilograms(unit).is_null()


def currency(column: Text) -> pl.Expr:
    """ISO 4217 code of a currency written as code, number or Russian abbreviation; null where it is unknown."""
    return each(column, lambda cells: by_distinct(cells, lambda text: _CURRENCIES.get(text.upper().strip(" .\u00a0"))))


def description(column: Text) -> pl.Expr:
    """The description with line marks taken out, words they cut rejoined, and spaces collapsed."""
    return each(column, _description)


def _description(cells: pl.Series) -> pl.Series:
    text = pl.col("text")
    spaced = text.str.contains(ODD_SPACES) | text.str.starts_with(" ") | text.str.ends_with(" ")
    odd = staged({"text": cells}, {"odd": text.str.contains("_[=", literal=True) | spaced})["odd"]
    return changed_at(cells, odd, lambda some: trimmed(some.str.replace_all(_LINE_MARK, "")))
