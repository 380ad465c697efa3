"""Numbers in every spelling a customs file holds. Nothing unreadable becomes 0, and 12,400 is not guessed at.

`12,400` is twelve point four or twelve thousand four hundred: the cells of the same column that can be read in one
way only decide, for the comma and for the dot apart, since Russian columns hold `9 000 000,00` and `1 679 607.23`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import polars as pl

from tradeanalytics.sources.cells import Text, by_distinct, changed_at, counted, counts, each, raw

Role = Literal["decimal", "thousands"]

_GAPS = [" ", "\u00a0", "\u2009", "\u202f", "'", "’"]
_GAP = f"[{''.join(_GAPS)}]"
_MONEY = r"(?:(?:USD|EUR|CAD|RUB|CNY|GBP)\s*|(?:US|CA|C)?[$]\s*|[€£¥₽]\s*)?"
_BODY = (
    rf"[0-9]{{1,3}}(?:{_GAP}[0-9]{{3}})+(?:[.,][0-9]+)?|[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:\.[0-9]+)?[Ee]\+[0-9]{1,2}|[0-9]*[.,][0-9]+|[0-9]+[.,]?"
)
_BARE = rf"^-?(?:{_BODY})$"
# A unit glued to the number has no digits, or 5E3 would be five of the unit E3.
_UNIT = r"(?:\s*\p{L}[\p{L}./]*|\s+\p{L}[\p{L}./]*[23²³])?"
_CELL = rf"^\s*\(?\s*{_MONEY}(?:[-−]\s*)?{_MONEY}(?:{_BODY})\s*{_UNIT}\s*\)?\s*$"
# One way to match: a pattern of several is six times slower to extract by than to search for.
_DIGITS = rf"^[^0-9.,]*([0-9.,{''.join(_GAPS)}]+)"
_NEGATIVE = rf"^\s*\(?\s*{_MONEY}[-−]|^\s*\("
_SCALED = r"(?i)тыс|млн|млрд|thous|mill|mln|bill|bln"  # 12 тыс. is not twelve
_PLAIN = r"^-?[0-9]+(?:\.[0-9]{1,2}|\.[0-9]{4,})?$"
_LARGEST = 90_000_000_000_000_000  # units of a currency whose hundredths fill 64 bits


@dataclass(frozen=True)
class NumberProfile:
    """What the comma and the dot are in a column, null where no cell tells; `contested` where cells contradict."""

    comma: Role | None = None
    dot: Role | None = None
    contested: bool = False


RUSSIAN = NumberProfile("decimal", "decimal")  # thousands are spaces: a dot is a decimal point of other software
ENGLISH = NumberProfile("thousands", "decimal")
CONTINENTAL = NumberProfile("decimal", "thousands")


def number_evidence(column: Text) -> pl.Expr:
    """Which marks a cell shows in one role only, for `counted`."""
    return each(column, _evidence, pl.Struct(dict.fromkeys(_EVIDENCE, pl.Int64)))


def number_profile(rows: pl.LazyFrame, column: Text, declared: NumberProfile | None = None) -> NumberProfile:
    """Look at a column once; `declared` is the style of the layout, for a mark no cell decides."""
    return numbers_decided(counted(rows, {"column": number_evidence(column)})["column"], declared)


def numbers_decided(counts: Mapping[str, int], declared: NumberProfile | None = None) -> NumberProfile:
    """The profile the counts of `number_evidence` speak for.

    A mark is what most cells show; else what the layout declares; else what the other mark leaves over. Where the
    layout and the other mark disagree it stays undecided.
    """
    comma, dot = (_majority(counts[f"{mark}_decimal"], counts[f"{mark}_thousands"]) for mark in ("comma", "dot"))
    declared = declared or NumberProfile()
    contested = any(counts[f"{mark}_decimal"] and counts[f"{mark}_thousands"] for mark in ("comma", "dot"))
    return NumberProfile(comma or _fallback(declared.comma, dot), dot or _fallback(declared.dot, comma), contested)


def number(column: Text, profile: NumberProfile) -> pl.Expr:
    """The number of a cell as a double; null where there is none, or where it could be two: see `ambiguous_number`."""
    return each(column, lambda cells: canonical(cells, profile).cast(pl.Float64), pl.Float64)


def cents(column: Text, profile: NumberProfile) -> pl.Expr:
    """The number of a cell in whole hundredths, exact at any size; beyond 64 bits, null.

    What is finer is rounded, half away from zero as customs do; `finer_than_cents` says where.
    """
    return each(column, lambda cells: _cents(canonical(cells, profile)), pl.Int64)


def finer_than_cents(column: Text, profile: NumberProfile) -> pl.Expr:
    """True where `cents` had to round."""
    pattern = r"\.[0-9]{2}[0-9]*[1-9]"
    return each(column, lambda cells: canonical(cells, profile).str.contains(pattern).fill_null(False), pl.Boolean)


def ambiguous_number(column: Text, profile: NumberProfile) -> pl.Expr:
    """True where a cell can be read in two ways and the column does not settle it: no cell tells, or they disagree."""
    unsettled = [mark for mark, role in ((",", profile.comma), (r"\.", profile.dot)) if not role or profile.contested]
    if not unsettled:
        return pl.lit(False)
    pattern = rf"^[^0-9.,]*[1-9][0-9]{{0,2}}(?:{'|'.join(unsettled)})[0-9]{{3}}(?:[^0-9.,].*)?$"
    return raw(column).str.contains(pattern).fill_null(False)


def by_excel(column: Text) -> pl.Expr:
    """True where a number is written as 8.54231E+09: digits after the sixth may be lost."""
    return raw(column).str.contains(r"[0-9][Ee]\+[0-9]").fill_null(False)


def canonical(cells: pl.Series, profile: NumberProfile) -> pl.Series:
    """The number as text, `-1234.5`, or null: exact however many digits there are."""
    return changed_at(cells, ~cells.str.contains(_PLAIN), lambda others: _canonical(others, profile))


def _canonical(cells: pl.Series, profile: NumberProfile) -> pl.Series:
    body = _body(cells)
    is_point = body.str.contains(_pattern(".", ",", profile.dot, profile.comma))
    is_comma = body.str.contains(_pattern(",", ".", profile.comma, profile.dot)) & ~is_point
    digits = changed_at(body, is_comma, lambda some: some.str.replace_many([".", ","], ["", "."]))
    digits = changed_at(digits, is_point, lambda some: some.str.replace_all(",", "", literal=True))
    digits = changed_at(digits, digits.str.starts_with("."), lambda some: "0" + some)
    return _whole_of_excel(_signed(digits.set(~(is_point | is_comma), None), cells), cells)


def _body(cells: pl.Series) -> pl.Series:
    """Digits and marks of a cell without its sign, its gaps and what stands around it; null where it is no number."""
    at = (~cells.str.contains(_BARE)).arg_true()
    return cells.str.strip_prefix("-").scatter(at, _undressed(cells.gather(at))).str.replace_many(_GAPS, [""])


def _undressed(cells: pl.Series) -> pl.Series:
    """The body of cells with currency, unit or brackets."""
    unpaired = cells.str.contains(r"^\s*\(") != cells.str.contains(r"\)\s*$")
    refused = ~cells.str.contains(_CELL) | unpaired | cells.str.contains(_SCALED)
    return cells.set(refused, None).str.extract(_DIGITS)


def _pattern(decimal: str, other: str, role: Role | None, other_role: Role | None) -> str:
    """Bodies in which `decimal` is the decimal sign, or that have no sign at all; the roles settle 12,400."""
    sign, gap = re.escape(decimal), re.escape(other)
    shapes = [
        r"[0-9]+",
        rf"[0-9]+{sign}",
        *_one_way(sign, gap, decides="decimal"),
        rf"[0-9]{{1,3}}(?:{gap}[0-9]{{3}}){{2,}}",
    ]
    if role == "decimal":
        shapes.append(rf"[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}")
    if other_role == "thousands":
        shapes.append(rf"[1-9][0-9]{{0,2}}{gap}[0-9]{{3}}")
    return f"^(?:{'|'.join(shapes)})$"


def _one_way(sign: str, gap: str, *, decides: Role) -> list[str]:
    """Bodies that show `sign` in one role only."""
    if decides == "thousands":
        return [rf"[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+{gap}[0-9]+", rf"[0-9]{{1,3}}(?:{sign}[0-9]{{3}}){{2,}}"]
    return [
        rf"[0-9]*{sign}(?:[0-9]{{1,2}}|[0-9]{{4,}})",
        rf"(?:0[0-9]*|[0-9]{{4,}})?{sign}[0-9]+",
        rf"[0-9]{{1,3}}(?:{gap}[0-9]{{3}})+{sign}[0-9]+",
    ]


_EVIDENCE = {
    f"{name}_{role}": f"^(?:{'|'.join(_one_way(sign, gap, decides=role))})$"
    for name, sign, gap in (("comma", ",", r"\."), ("dot", r"\.", ","))
    for role in ("decimal", "thousands")
}


def _evidence(cells: pl.Series) -> pl.Series:
    body = _body(cells.set(~cells.str.contains("[.,]"), None))
    return counts({name: body.str.contains(pattern) for name, pattern in _EVIDENCE.items()})


def _majority(decimal: int, thousands: int) -> Role | None:
    return None if decimal == thousands else "decimal" if decimal > thousands else "thousands"


def _fallback(declared: Role | None, other: Role | None) -> Role | None:
    """The declared role, if the other mark's role does not speak against it; two marks never share one role."""
    left_over: Role | None = {"decimal": "thousands", "thousands": "decimal", None: None}[other]
    return left_over if not declared or declared == left_over else None if left_over else declared


def _signed(digits: pl.Series, cells: pl.Series) -> pl.Series:
    possible = cells.str.contains("[-−(]")
    negative = possible & cells.set(~possible, None).str.contains(_NEGATIVE)
    return changed_at(digits, negative, lambda some: "-" + some)


def _whole_of_excel(texts: pl.Series, cells: pl.Series) -> pl.Series:
    """Texts with what 8.54231E+09 stands for filled in; only whole numbers, as Excel shortens those."""
    at = cells.str.contains(r"^\s*-?[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,2}\s*$").arg_true()
    return texts.clone().scatter(at, by_distinct(cells.gather(at), _whole)) if len(at) else texts


def _whole(text: str) -> str | None:
    value = Decimal(text.strip())
    return f"{value:f}" if value == value.to_integral_value() else None


def _cents(texts: pl.Series) -> pl.Series:
    """Whole hundredths. Of a short text with two decimals at most, the double is exact enough to round to them."""
    short = texts.str.contains(r"^-?[0-9]{1,12}(?:\.[0-9]{1,2})?$")
    rounded = (texts.set(~short, None).cast(pl.Float64) * 100).round().cast(pl.Int64)
    at = (~short).arg_true()
    return rounded.scatter(at, _exact_cents(texts.gather(at))) if len(at) else rounded


def _exact_cents(texts: pl.Series) -> pl.Series:
    whole = texts.str.extract(r"^-?([0-9]+)").cast(pl.Int64, strict=False)
    thousandths = texts.str.extract(r"\.([0-9]{1,3})").str.pad_end(3, "0").cast(pl.Int64).fill_null(0)
    hundredths = whole.set(whole >= _LARGEST, None) * 100 + (thousandths + 5) // 10
    return hundredths.zip_with(~texts.str.starts_with("-"), -hundredths)
