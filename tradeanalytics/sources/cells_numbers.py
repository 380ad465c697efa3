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

from tradeanalytics.sources.cells import Text, by_distinct, counted, counts, each, raw, staged

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
_BY_EXCEL = re.compile(r"-?[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,2}")
_TWO_DECIMALS = r"^-?[0-9]{1,12}(?:\.[0-9]{1,2})?$"
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
    return each(column, _evidence, pl.Struct(dict.fromkeys(_EVIDENCE, pl.UInt8)))


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

    What is finer is rounded, half away from zero as customs do.
    """
    return each(column, lambda cells: _cents(canonical(cells, profile)), pl.Int64)


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
    """The number as text with a point and nothing else, `-1234.5` or `.5`, or null: exact however many digits."""
    body, text = _body(cells), pl.col("body")
    marks = "".join(mark for mark, role in ((",", profile.comma), (".", profile.dot)) if role == "decimal")
    decimals = f"(?:[{marks}][0-9]+)?" if marks else ""
    plain = pl.when(text.str.contains(f"^-?[0-9]*{decimals}$")).then(text).str.replace(",", ".", literal=True)
    digits = staged({"body": body}, {"digits": plain})["digits"]
    at = (digits.is_null() & body.is_not_null()).arg_true()
    return digits.scatter(at, _by_marks(body.gather(at), profile)) if len(at) else digits


def _by_marks(body: pl.Series, profile: NumberProfile) -> pl.Series:
    """The number of bodies that are more than digits and a decimal sign."""
    text = pl.col("body")
    signs = {
        "point": text.str.contains(_pattern(".", ",", profile.dot, profile.comma)),
        "comma": text.str.contains(_pattern(",", ".", profile.comma, profile.dot)),
    }
    with_point = pl.when("point").then(text).str.replace_all(",", "", literal=True)
    with_comma = pl.when("comma").then(text).str.replace_many([".", ","], ["", "."])
    digits = staged({"body": body}, signs, {"digits": pl.coalesce(with_point, with_comma)})["digits"]
    at = (digits.is_null() & body.is_not_null()).arg_true()
    return digits.scatter(at, by_distinct(body.gather(at), _of_excel)) if len(at) else digits


def _body(cells: pl.Series) -> pl.Series:
    """Sign, digits and marks of a cell, without gaps and what stands around; null where it is no number."""
    text = pl.col("text")
    bare = pl.when(text.str.contains(_BARE)).then(text).str.replace_many(_GAPS, [""])
    body = staged({"text": cells}, {"body": bare})["body"]
    at = (body.is_null() & cells.is_not_null()).arg_true()
    return body.scatter(at, _undressed(cells.gather(at))) if len(at) else body


def _undressed(cells: pl.Series) -> pl.Series:
    """The body of cells with currency, unit, brackets or a true minus."""
    text, digits = pl.col("text"), pl.col("digits")
    paired = text.str.contains(r"^\s*\(") == text.str.contains(r"\)\s*$")
    a_number = text.str.contains(_CELL) & paired & ~text.str.contains(_SCALED)
    body = pl.when("a_number").then(text).str.extract(_DIGITS).str.replace_many(_GAPS, [""])
    signed = pl.when(text.str.contains(_NEGATIVE)).then(pl.lit("-") + digits).otherwise(digits)
    return staged({"text": cells}, {"a_number": a_number}, {"digits": body}, {"signed": signed})["signed"]


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
    return f"^-?(?:{'|'.join(shapes)})$"


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
    f"{name}_{role}": f"^-?(?:{'|'.join(_one_way(sign, gap, decides=role))})$"
    for name, sign, gap in (("comma", ",", r"\."), ("dot", r"\.", ","))
    for role in ("decimal", "thousands")
}


def _evidence(cells: pl.Series) -> pl.Series:
    body = {"body": _body(cells)}
    found = {name: pl.col("body").str.contains(pattern) for name, pattern in _EVIDENCE.items()}
    return staged(body, {"found": counts(found)})["found"]


def _majority(decimal: int, thousands: int) -> Role | None:
    return None if decimal == thousands else "decimal" if decimal > thousands else "thousands"


def _fallback(declared: Role | None, other: Role | None) -> Role | None:
    """The declared role, if the other mark's role does not speak against it; two marks never share one role."""
    left_over: Role | None = {"decimal": "thousands", "thousands": "decimal", None: None}[other]
    return left_over if not declared or declared == left_over else None if left_over else declared


def _of_excel(text: str) -> str | None:
    """What 8.54231E+09 stands for; only whole numbers, as Excel shortens those."""
    value = Decimal(text) if _BY_EXCEL.fullmatch(text) else Decimal("NaN")
    return f"{value:f}" if value == value.to_integral_value() else None


def _cents(texts: pl.Series) -> pl.Series:
    """Whole hundredths. Of a short text with two decimals at most, the double is exact enough to round to them."""
    short = pl.when(pl.col("text").str.contains(_TWO_DECIMALS)).then(pl.col("text"))
    rounded = (short.cast(pl.Float64) * 100).round().cast(pl.Int64)
    hundredths = staged({"text": texts}, {"cents": rounded})["cents"]
    at = (hundredths.is_null() & texts.is_not_null()).arg_true()
    return hundredths.scatter(at, _exact_cents(texts.gather(at))) if len(at) else hundredths


def _exact_cents(texts: pl.Series) -> pl.Series:
    text, whole, cents = pl.col("text"), pl.col("whole"), pl.col("cents")
    units = text.str.extract(r"^-?([0-9]*)").replace("", "0").cast(pl.Int64, strict=False)
    thousandths = text.str.extract(r"\.([0-9]{1,3})").str.pad_end(3, "0").cast(pl.Int64).fill_null(0)
    rounded = pl.when(whole < _LARGEST).then(whole) * 100 + (thousandths + 5) // 10
    signed = pl.when(text.str.starts_with("-")).then(-cents).otherwise(cents)
    return staged({"text": texts}, {"whole": units}, {"cents": rounded}, {"cents": signed})["cents"]
