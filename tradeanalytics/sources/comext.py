"""Eurostat's Comext, as its web viewer exports it: totals by reporter and partner, a month or a year a row, in euros.

Traps, with where they were seen:
- Names, never codes, in the language of whoever exported: the same file is English for one year and French for another.
  A name carries its history ("Sudan (incl. South Sudan 'SS' -> 2012)") or a second name ("Belarus (Belorussia)"). Where
  the two names are of two countries, the row is rejected.
- Sums lie among their parts: Extra-EU27, Intra-EU27, continents, the Eurasian Economic Union beside countries; the
  Union of changing membership and two euro areas beside member states. They are set aside. The World and the Union of
  27 are kept, as WORLD and EU27: an extract may hold nothing else.
- A period is "Aug. 2024" or "202408-Aug. 2024", a year "Jan.-Dec. 2018", "201852-Jan.-Dec. 2018" or "Y2018".
- National imports come in this layout, too (STAT_PROCEDURE is NORMAL, a period Y2019), in euros made of dollars: the
  values of Armenia and Uzbekistan of 2019 to 2023 are whole tens of dollars at 1.12, 1.14, 1.18, 1.05 and 1.07 dollars
  a euro, one rounded rate a year. They do not say whether freight and insurance are in them.
- Some such files end in a year that is not complete: Armenia's 2023 holds a tenth of its 2022. No cell says so.
- The French list of 2016 has no Guinée-Bissau, but "Guinea" beside "Guinée": 126 million euros between the 117 and 148
  million that Guinea-Bissau had in the years before and after (read 2026-11-25). Two names of one file that lead to one
  country are otherwise both rejected.
- Only totals over all goods are read: a row of one code of goods is rejected, and says so.

Exports are of special trade: goods that only pass through a country are not in them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from functools import cache

import polars as pl

from tradeanalytics.reference.countries import partner_code
from tradeanalytics.sources.cells import by_distinct, each
from tradeanalytics.sources.cells_numbers import ENGLISH, cents
from tradeanalytics.sources.source import Rule, Source, code, matches
from tradeanalytics.tables import FLOWS

_NEEDED = ("REPORTER", "PARTNER", "PRODUCT", "FLOW", "STAT_PROCEDURE", "PERIOD", "VALUE_IN_EUR")
_FLOWS = {
    "EXPORT": "total_export",
    "2-EXPORT": "total_export",
    "EXPORTATION": "total_export",
    "IMPORT": "import",
    "1-IMPORT": "import",
    "IMPORTATION": "import",
}
_NUMBER = r"-?[0-9]+(?:\.[0-9]{1,2})?"
_LARGEST = 15  # digits of whole euros
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEAR = re.compile(r"(?:(?P<number>[0-9]{6})-)?(?:Jan\.-Dec\. |Y)(?P<year>[12][0-9]{3})")
_MONTH = re.compile(rf"(?:(?P<number>[0-9]{{6}})-)?(?P<month>{'|'.join(_MONTHS)})\. (?P<year>[12][0-9]{{3}})")
_HISTORY = re.compile(r" \((?:incl|from|depuis|à partir)\b.*\)$")
_SECOND_NAME = re.compile(r"(?P<one>.+?) \((?P<other>.+)\)")
_UNION = re.compile(r"(?:European Union - 27 countries|Union européenne - 27 pays) \(.*\)")
_SUMS = re.compile(
    r"European Union \(.*\)|Union européenne \(.*\)|Euro area\b.*|Zone euro\b.*|(?:Extra|Intra)-(?:EU|UE)[0-9]*\b.*"
    r"|Commonwealth of Independent States|Eurasian Economic Union|Shanghai Cooperation Organisation"
    r"|Non-(?:EU|EAEU) countries|Rest of the world|Africa|America|Asia|Europe|Australia and Oceania"
)
_SUM = "SUM"
_IN_FRENCH = {"Guinea": "GW"}


@cache
def party(text: str) -> str | None:
    """The code of a reporter or partner as Comext names it, SUM of one that is set aside, None if it is not known.

    >>> party("Sudan (incl. South Sudan 'SS' -> 2012)"), party("Russian Federation (Russia)"), party("Euro area - 20")
    ('SD', 'RU', 'SUM')
    >>> party("European Union - 27 countries (from 2020)"), party("Portugal (Madeira)")
    ('EU27', None)
    """
    if _UNION.fullmatch(text):
        return "EU27"
    if _SUMS.fullmatch(text):
        return _SUM
    return partner_code(text) or _of_two_names(_HISTORY.sub("", text))


def _of_two_names(name: str) -> str | None:
    """The code of a name with a second one in brackets: only where both are known, and the same.

    What stands there may be a part, or what is left out: "United Kingdom (excluding Northern Ireland)".
    """
    both = _SECOND_NAME.fullmatch(name)
    codes = {partner_code(one) for one in (both.groups() if both else (name,))}
    return codes.pop() if len(codes) == 1 else None


@cache
def first_month(text: str) -> tuple[str, int] | None:
    """The first day of a period and how many months it has, or None: the number before it must say the same.

    >>> first_month("202408-Aug. 2024"), first_month("Y2019"), first_month("202407-Aug. 2024")
    (('2024-08-01', 1), ('2019-01-01', 12), None)
    """
    if year := _YEAR.fullmatch(text):
        told, months, number = f"{year['year']}-01-01", 12, f"{year['year']}52"
    elif month := _MONTH.fullmatch(text):
        place = _MONTHS.index(month["month"]) + 1
        told, months, number = f"{month['year']}-{place:02}-01", 1, f"{month['year']}{place:02}"
        year = month
    else:
        return None
    return (told, months) if year["number"] in (None, number) else None


def period_told(text: str, reporter: str, partners: Collection[str] | None) -> str | None:
    """The first day of the period of a rejected record, where sums of a reporter and partners (None: all) lack it.

    A partner whose name is not known is missing from a sum of all; of one that is asked for no row is there instead.

    >>> period_told("Austria,Atlantis,Total,EXPORT,Total,Aug. 2024,x", "AT", None)
    '2024-08-01'
    >>> period_told("Austria,Atlantis,Total,EXPORT,Total,Aug. 2024,x", "AT", ("RU",)) is None
    True
    """
    cells = next(csv.reader([text]), [])
    told = [found for cell in cells if (found := first_month(cell))]
    if not told or party(cells[0]) not in (None, reporter):
        return None
    return told[0][0] if partners is None or party(cells[1]) in partners else None


def is_comext(headings: list[str]) -> bool:
    """Whether the headings are those of the layout."""
    return set(_NEEDED) <= set(headings)


_PERIOD = pl.Struct({"first": pl.String, "months": pl.Int64})


def _party(column: str) -> pl.Expr:
    return each(column, lambda cells: by_distinct(cells, party))


def _periods(cells: pl.Series) -> pl.Series:
    return by_distinct(cells, lambda text: first_month(text) or (None, None), _PERIOD)


_FRENCH = matches("flow", "EXPORTATION|IMPORTATION") & pl.col("partner").is_in(list(_IN_FRENCH))
_READ = {
    "_reporter": _party("reporter"),
    "_partner": pl.when(_FRENCH).then(code("partner", _IN_FRENCH).cast(pl.String)).otherwise(_party("partner")),
    "_period": each("period", _periods, _PERIOD),
    "_flow": code("flow", _FLOWS),
    "_value": cents(pl.when(matches("value", _NUMBER)).then(pl.col("value")), ENGLISH),
}
_DATED = {
    "_first": pl.col("_period").struct.field("first").str.to_date("%Y-%m-%d", strict=False),
    "_months": pl.col("_period").struct.field("months"),
}
_ALL_GOODS = matches("goods", "TOTAL|Total|TOTAL-Total")
_ALL_PROCEDURES = matches("procedure", "Total|T-Total|NORMAL")
_CELL = ("_reporter", "_partner", "_first", "_flow", "_value")
_SAYS = (
    _ALL_GOODS
    & _ALL_PROCEDURES
    & pl.all_horizontal(pl.col(name).is_not_null() for name in _CELL)
    & ~pl.any_horizontal(pl.col(name) == _SUM for name in ("_reporter", "_partner"))
)
_SAID = pl.struct(*_CELL, "_months", says=_SAYS)

TOTALS = Source(
    name="trade by reporter and partner, all goods (Comext)",
    publisher="Eurostat",
    licence="Commission Decision 2011/833/EU: reuse with the source",
    table=FLOWS,
    headings={
        "reporter": ("REPORTER",),
        "partner": ("PARTNER",),
        "goods": ("PRODUCT",),
        "flow": ("FLOW",),
        "procedure": ("STAT_PROCEDURE",),
        "period": ("PERIOD",),
        "value": ("VALUE_IN_EUR",),
    },
    prepared=(_READ, _DATED),
    columns={
        "reporter": pl.col("_reporter"),
        "partner": pl.col("_partner"),
        "flow": pl.col("_flow"),
        "period": pl.col("_first"),
        "months": pl.col("_months"),
        "region": pl.col("_reporter"),
        "value_eur_cents": pl.col("_value"),
    },
    rules=(
        Rule(
            "reporter_unknown",
            pl.col("_reporter").is_null() | pl.col("_reporter").is_in(["WORLD", "OTHER"]),
            "A reporter is one country by its name, or the Union of 27.",
        ),
        Rule("partner_unknown", pl.col("_partner").is_null(), "A partner is one country or area by its name."),
        Rule(
            "partner_named_twice",
            (pl.col("partner").n_unique().over("_reporter", "_partner", "_first", "_months", "_flow") > 1)
            & (pl.col("_partner") != _SUM),
            "Two names of one period are of two partners.",
        ),
        Rule("flow_unknown", pl.col("_flow").is_null(), f"A flow is one of {list(_FLOWS)}."),
        Rule(
            "goods_not_total",
            ~_ALL_GOODS,
            "The goods are TOTAL: this layout is read for totals over all goods only.",
        ),
        Rule(
            "procedure_not_kept",
            ~_ALL_PROCEDURES,
            "The procedure is Total, or NORMAL in national files; others are parts of the total.",
        ),
        Rule(
            "period_unreadable",
            pl.col("_first").is_null(),
            "A period is such as Aug. 2024, 202408-Aug. 2024, Jan.-Dec. 2018 or Y2018.",
        ),
        Rule("value_not_a_number", ~matches("value", _NUMBER), "A value is euros, such as 1785.71, to the cent."),
        Rule("value_negative", pl.col("value").str.starts_with("-"), "Trade cannot be negative."),
        Rule(
            "value_too_large",
            matches("value", f"-?[0-9]{{{_LARGEST + 1},}}.*"),
            "A value is under a thousand trillion euros.",
        ),
        Rule(
            "said_again",
            ~_SAID.is_first_distinct() & _SAYS,
            "What an earlier row says, and with the same value, is kept once.",
            aside=True,
        ),
        Rule(
            "sum_of_reporters",
            pl.col("_reporter") == _SUM,
            "The euro area, or the Union of changing membership, is a sum of reporters.",
            aside=True,
        ),
        Rule(
            "sum_of_partners",
            pl.col("_partner") == _SUM,
            "A continent, a union or all of them but one is a sum of partners.",
            aside=True,
        ),
    ),
    ignored=("date", "dir"),  # what a collector of such files put beside them
    constants={
        "basis": "customs",
        "seasonal_adjustment": "unadjusted",
        "product_scheme": "total_only",
        "product": "TOTAL",
    },
)
ASIDE = frozenset(rule.code for rule in TOTALS.rules if rule.aside)
