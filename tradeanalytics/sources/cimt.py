"""Statistics Canada's trade by HS code (CIMT): three flows, three levels each, and lists of codes with dates.

A zip holds one flow and year: the rows by HS10 (imports) or HS8 (exports), the same trade again by HS6 and by HS2, and
the lists. Only the name tells the flow. A code can change its meaning: it is looked up together with a month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

import polars as pl

from tradeanalytics.reference.hs import edition
from tradeanalytics.sources.source import Rule, Source, blank, matches, or_null
from tradeanalytics.sources.statcan import LICENCE, PUBLISHER
from tradeanalytics.tables import CODES, GOODS

# The month is the last one in the file; N came after C.
MEMBER_NAME = re.compile(
    r"(?i)(?:SYNTHETIC_)?ODPFN(?P<number>[0-9]{3})_(?P<year>[0-9]{4})(?P<month>0[1-9]|1[0-2])[NC]\.csv"
)
LIST_NAME = re.compile(r"(?i)ODPF_(?P<number>[1-9])_?\w*\.txt")
ZIP_NAME = re.compile(r"(?:SYNTHETIC_)?CIMT-CICM_(?P<label>Imp|Dom_Exp|Tot_Exp)_(?P<year>[0-9]{4})\b.*\.zip")
LISTS = {
    "1": "hs10",
    "2": "hs8",
    "3": "hs6_import",
    "4": "hs6_export",
    "5": "hs2",
    "6": "country",
    "7": "state",
    "8": "province",
    "9": "unit",
}
_NO_UNIT = "N/A"
_OPEN_END = "999912"
_CENTS = 100


@dataclass(frozen=True)
class Member:
    """One table of a zip: which flow, by codes of how many digits, and which columns it has."""

    number: str
    label: str  # as the zip's name says it
    flow: str
    digits: int
    by_province: bool
    with_quantity: bool

    @property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """Our names of its columns, in its order, with the publisher's."""
        found = {
            "period": ("YearMonth/AnnéeMois",),
            "hs": (f"HS{self.digits}",),
            "country": ("Country/Pays",),
            "province": ("Province",),
            "state": ("State/État",),
            "value": ("Value/Valeur",),
            "quantity": ("Quantity/Quantité",),
            "unit": ("Unit of Measure/Unité de Mesure",),
        }
        absent = set() if self.by_province else {"province"}
        absent |= set() if self.with_quantity else {"quantity", "unit"}
        return {name: spellings for name, spellings in found.items() if name not in absent}


MEMBERS = {
    member.number: member
    for member in (
        Member("014", "Imp", "import", 10, True, True),
        Member("015", "Imp", "import", 6, True, True),
        Member("022", "Imp", "import", 2, True, False),
        Member("016", "Dom_Exp", "domestic_export", 8, True, True),
        Member("018", "Dom_Exp", "domestic_export", 6, True, True),
        Member("020", "Dom_Exp", "domestic_export", 2, True, False),
        Member("017", "Tot_Exp", "total_export", 8, False, True),
        Member("019", "Tot_Exp", "total_export", 6, False, True),
        Member("021", "Tot_Exp", "total_export", 2, False, False),
    )
}


def goods(member: Member, year: int, last_month: int, known: Mapping[str, Mapping[str, frozenset[str]]]) -> Source:
    """The source of one member: a year up to a month, and for each list the months ("202203") in which a code holds."""
    months = [f"{year}{month:02d}" for month in range(1, last_month + 1)]
    return Source(
        name=f"trade by HS code, {member.flow.replace('_', ' ')}s by HS{member.digits} (CIMT)",
        publisher=PUBLISHER,
        licence=LICENCE,
        table=GOODS,
        headings=member.headings,
        columns=_columns(member),
        rules=_rules(member, months, known),
        constants={
            "reporter": "CA",
            "flow": member.flow,
            "basis": "customs",
            "hs_edition": edition(f"{year}-01"),
            "valuation": "fob",  # goods are valued where they were put on board, freight left out, both ways
        },
        complete=True,
    )


def _columns(member: Member) -> dict[str, pl.Expr]:
    made = {
        "partner": pl.col("country"),
        "period": (pl.col("period") + "01").str.to_date("%Y%m%d", strict=False),
        "months": pl.lit(1, pl.Int64),
        "hs": pl.col("hs"),
        "partner_region": pl.when(pl.col("state") == "US").then(pl.col("state")).otherwise("US-" + or_null("state")),
        "value_cad_cents": _whole("value") * _CENTS,
    }
    if member.by_province:
        # Newfoundland became Newfoundland and Labrador: NF until 2002, NL since.
        made["region"] = "CA-" + pl.when(pl.col("province") == "NF").then(pl.lit("NL")).otherwise(pl.col("province"))
    if member.with_quantity:
        unit = pl.when(pl.col("unit") != _NO_UNIT).then(pl.col("unit"))
        made["quantity"] = pl.when(unit.is_not_null()).then(_whole("quantity").cast(pl.Float64))
        made["quantity_unit"] = unit
    return made


def _whole(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64, strict=False)


def _rules(
    member: Member, months: Iterable[str], known: Mapping[str, Mapping[str, frozenset[str]]]
) -> tuple[Rule, ...]:
    months = list(months)
    digits = member.digits
    rules = [
        Rule(
            "period_not_in_the_file",
            ~pl.col("period").is_in(months).fill_null(False),
            f"A period is a year and a month from {months[0]} to {months[-1]}, as the file's name says.",
        ),
        Rule(
            f"hs_not_{digits}_digits",
            ~matches("hs", f"[0-9]{{{digits}}}"),
            f"A code of the goods has {digits} digits here; a spreadsheet takes the zero at the beginning away.",
        ),
        _listed("country", known, months),
        Rule(
            "value_not_whole_dollars",
            _not_whole("value", 13),
            "A value is a whole number of dollars, not below zero.",
        ),
        _listed("state", known, months),
    ]
    if member.by_province:
        rules.append(_listed("province", known, months))
    if member.with_quantity:
        rules.append(_listed("unit", known, months))
        rules.append(
            Rule(
                "quantity_not_whole",
                ~blank("quantity") & _not_whole("quantity", 15),
                "A quantity is a whole number, not below zero.",
            )
        )
    return tuple(rules)


def _not_whole(column: str, digits: int) -> pl.Expr:
    """True where a text is no whole number; the cast alone would take +5 for 5."""
    number = _whole(column)
    signed = pl.col(column).str.starts_with("+") | pl.col(column).str.starts_with("-")
    too_large = number >= pl.lit(10**digits)
    return (number.is_null() | signed | too_large).fill_null(True)


def _listed(name: str, known: Mapping[str, Mapping[str, frozenset[str]]], months: list[str]) -> Rule:
    """A code is in the publisher's list for its month; where the list is not there, it has the shape of one."""
    there = blank(name) if name == "state" else pl.lit(False)
    if name not in known:
        # Two letters are looked up, too: a pattern takes three times as long.
        shaped = matches(name, "[A-Z/]{2,3}") if name == "unit" else pl.col(name).is_in(_TWO_LETTERS).fill_null(False)
        return Rule(f"{name}_not_a_code", ~there & ~shaped, f"A {name} is a code such as {_SUCH[name]}.")
    always = sorted(code for code, valid in known[name].items() if valid.issuperset(months))
    sometimes = {code: sorted(valid & set(months)) for code, valid in known[name].items() if code not in always}
    holds = pl.col(name).is_in(always)
    for code, valid in sorted(sometimes.items()):
        if valid:
            holds |= (pl.col(name) == code) & pl.col("period").is_in(valid)
    return Rule(
        f"{name}_not_in_the_list",
        ~there & ~holds.fill_null(False),
        f"A {name} is in the file's list of them for that month.",
    )


_SUCH = {"country": "RU", "province": "ON", "state": "NY", "unit": "KGM"}
_TWO_LETTERS = [first + second for first in ascii_uppercase for second in ascii_uppercase]


# The lists of codes: lines of fixed width.


def code_list(name: str) -> Source:
    """The source of one list (see `LISTS`): a column `line`, the text of each line."""
    of_goods = name.startswith("hs")
    start = 29 if of_goods and name != "hs2" else 25
    words = [pl.col("line").str.slice(start + place, 83).str.strip_chars() for place in (0, 83)]
    parts = pl.col("line").str.slice(0, 11).str.strip_chars()
    code, number = _code_and_number(name, parts)
    unit = pl.col("line").str.slice(25, 3).str.strip_chars() if start == 29 else pl.lit(None, pl.String)
    return Source(
        name=f"list of codes (CIMT): {name}",
        publisher=PUBLISHER,
        licence=LICENCE,
        table=CODES,
        headings={"line": ("line",)},
        columns={
            "code": code,
            "number": number,
            "first_month": _month(11),
            "last_month": pl.when(pl.col("line").str.slice(18, 6) != _OPEN_END).then(_month(18)),
            "unit": pl.when(~unit.is_in(["", _NO_UNIT])).then(unit),
            "en": words[0],
            "fr": words[1],
        },
        rules=(
            Rule(
                "line_not_in_columns",
                ~matches("line", rf".{{11}}[0-9]{{6}} [0-9]{{6}} .{{{start - 25}}}.{{166}}.*"),
                "A line has its code, two months, and words in English and French in columns of a fixed width.",
            ),
            Rule("code_missing", (code == "").fill_null(True), "A line begins with a code."),
            Rule("month_impossible", _month(11).is_null(), "A code holds from a year and a month on."),
        ),
        constants={"list": name},
    )


def _code_and_number(name: str, parts: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """`RU 295` is a country and its number, `24 QC` a province after its number, all others are codes alone."""
    if name == "country":
        return parts.str.extract(r"^(\S+)"), parts.str.extract(r"^\S+\s+([0-9]+)$")
    if name == "province":
        return parts.str.extract(r"(\S+)$"), parts.str.extract(r"^([0-9]+)\s")
    return parts, pl.lit(None, pl.String)


def _month(place: int) -> pl.Expr:
    return (pl.col("line").str.slice(place, 6) + "01").str.to_date("%Y%m%d", strict=False)


def months_of(first: date, last: date | None, year: int) -> frozenset[str]:
    """The months of one year ("202203") in which a code holds that does so from one month to another."""
    held = [date(year, month, 1) for month in range(1, 13)]
    return frozenset(f"{month:%Y%m}" for month in held if first <= month and (last is None or month <= last))
