"""UN Comtrade's final data (API v1, goods): what every country says of its trade with every other, by HS code.

Traps, with where they were seen:
- Sums lie among their parts: TOTAL, chapters and headings beside six-digit codes, the World (0) and the Union (97)
  beside partners, and totals beside their breakdowns by second partner, customs procedure and transport. One level is
  kept: six digits, one partner, no breakdown. The others are set aside, and the sums are held against what is kept.
- Exports (X) hold domestic exports (DX) and re-exports (RX). FM, MIP, MOP, XIP and XOP are parts of M and X.
- 0 is written where there is no weight or quantity (a row of TOTAL has `netWgt` 0), so a 0 is null here. Estimates of
  the publisher have columns of their own. Unit -1 is none.
- `primaryValue` is `cifvalue` or `fobvalue`; not every country's imports are CIF: the columns say, not the flow.
- Codes of areas are not quite ISO 3166: 842 is the United States, 490 (Other Asia, nes) is not an area of ISO at all.
- 9999AA is a six-digit code: goods not specified.
- Descriptions and ISO letters are null unless asked for; the numbers are always there, so only they are read.
- `isAggregate` and `isReported` say whether UNSD added up what the country sent; such rows are kept like any other.

Values are US dollars with decimals of the publisher's conversion: rounded to a cent, half a cent away from zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tradeanalytics.reference.countries import comtrade_area
from tradeanalytics.sources.cells import by_distinct, each, unreadable
from tradeanalytics.sources.cells_numbers import ENGLISH, cents
from tradeanalytics.sources.source import Rule, Source, blank, code, matches, or_null
from tradeanalytics.tables import GOODS

# The most records of one answer: without a key, and with one (comtradeapicall, README, read 2026-11-25).
WITHOUT_KEY, WITH_KEY = 500, 250_000

_NEEDED = {
    "type": "typeCode",
    "freq": "freqCode",
    "period": "period",
    "reporter": "reporterCode",
    "flow": "flowCode",
    "partner": "partnerCode",
    "second_partner": "partner2Code",
    "classification": "classificationCode",
    "original": "isOriginalClassification",
    "goods": "cmdCode",
    "customs": "customsCode",
    "transport": "motCode",
    "unit": "qtyUnitCode",
    "qty": "qty",
    "qty_estimated": "isQtyEstimated",
    "net": "netWgt",
    "net_estimated": "isNetWgtEstimated",
    "cif": "cifvalue",
    "fob": "fobvalue",
    "value": "primaryValue",
}
_WHERE_THERE = {"supply": "mosCode", "unit_words": "qtyUnitAbbr", "aggregated": "isAggregate"}
_IGNORED = (
    *("datasetCode", "refPeriodId", "refYear", "refMonth", "reporterISO", "reporterDesc", "flowDesc"),
    *("partnerISO", "partnerDesc", "partner2ISO", "partner2Desc", "classificationSearchCode", "cmdDesc", "aggrLevel"),
    *("isLeaf", "customsDesc", "motDesc", "altQtyUnitCode", "altQtyUnitAbbr", "altQty", "isAltQtyEstimated"),
    *("grossWgt", "isGrossWgtEstimated", "legacyEstimationFlag", "isReported", ""),
)
_SPELLINGS = {name.lower(): name for name in (*_NEEDED.values(), *_WHERE_THERE.values(), *_IGNORED)}

_FLOWS = {"M": "import", "X": "total_export", "RX": "re_export", "DX": "domestic_export", "RM": "re_import"}
_EDITIONS = {"H0": "1988", "H1": "1996", "H2": "2002", "H3": "2007", "H4": "2012", "H5": "2017", "H6": "2022"}
_WORLD = "WORLD"
_SUMS_OF_PARTNERS = (_WORLD, "EU27")

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SMALL = rf"{_NUMBER}(?:[Ee][-+]?[0-9]{{1,2}})?"  # .NET writes a hundredth of a gram as 1E-05
_PERIODS = {"M": r"[12][0-9]{3}(?:0[1-9]|1[0-2])", "A": "[12][0-9]{3}"}
_SIX_DIGITS = "[0-9]{6}|9999AA"
_SUMS_OF_GOODS = "TOTAL|[0-9]{2}|[0-9]{4}"
_SHORTER = (0, 2, 4)  # digits of a sum; TOTAL has none
_CELL = ("_reporter", "_flow", "_date", "_months", "_edition")


def score(cells: Sequence[str]) -> float:
    """1 for a row of cells that holds every heading of the layout, else 0; capitals do not matter.

    >>> score(["TypeCode", "FreqCode"])
    0.0
    """
    return float({name.lower() for name in _NEEDED.values()} <= {cell.strip().lower() for cell in cells})


def spelled(headings: Sequence[str]) -> list[str]:
    """The headings in the API's spelling: the website writes TypeCode, the bulk files CIFValue.

    >>> spelled(["TypeCode", "CIFValue", "other"])
    ['typeCode', 'cifvalue', 'other']
    """
    return [_SPELLINGS.get(heading.lower(), heading) for heading in headings]


def final_data(headings: Sequence[str]) -> Source:
    """The source of a file with these headings, as `spelled` gives them."""
    fields = {**_NEEDED, **{name: heading for name, heading in _WHERE_THERE.items() if heading in headings}}
    return Source(
        name="UN Comtrade, final data by HS code, reporter and partner",
        publisher="United Nations Statistics Division",
        licence="UN Comtrade License Agreement",
        table=GOODS,
        headings={name: (heading,) for name, heading in fields.items()},
        prepared=(_read(),),
        columns=_columns("unit_words" in fields),
        rules=_rules("supply" in fields),
        ignored=_IGNORED,
        constants={"basis": "customs"},
    )


def _area(column: str) -> pl.Expr:
    return each(column, lambda cells: by_distinct(cells, comtrade_area))


def _read() -> dict[str, pl.Expr]:
    return {
        "_reporter": _area("reporter"),
        "_partner": _area("partner"),
        "_flow": code("flow", _FLOWS),
        "_edition": code("classification", _EDITIONS),
        "_date": _first_day(),
        "_months": pl.when(pl.col("freq") == "A").then(pl.lit(12, pl.Int64)).otherwise(1),
        **{f"_{name}": cents(_where(name, _NUMBER), ENGLISH) for name in ("value", "cif", "fob")},
        **{f"_{name}": _where(name, _SMALL).cast(pl.Float64) for name in ("net", "qty")},
        **{f"_{name}": _truth(name) for name in ("original", "net_estimated", "qty_estimated")},
    }


def _where(column: str, pattern: str) -> pl.Expr:
    return pl.when(matches(column, pattern)).then(pl.col(column))


def _first_day() -> pl.Expr:
    """First day of the month, or of the year; null where the period is not of its frequency."""
    month, year = (pl.when((pl.col("freq") == freq) & matches("period", _PERIODS[freq])) for freq in ("M", "A"))
    text = pl.coalesce(month.then(pl.col("period") + "01"), year.then(pl.col("period") + "0101"))
    return text.str.to_date("%Y%m%d", strict=False)


def _truth(column: str) -> pl.Expr:
    """A flag: true and false in any capitals, or 1 and 0; else null."""
    text = pl.col(column).str.to_lowercase()
    return pl.when(text.is_in(["true", "1"])).then(True).when(text.is_in(["false", "0"])).then(False)


def _columns(words: bool) -> dict[str, pl.Expr]:
    unit = _unit(words)
    return {
        "reporter": pl.col("_reporter"),
        "partner": pl.col("_partner"),
        "flow": pl.col("_flow"),
        "period": pl.col("_date"),
        "months": pl.col("_months"),
        "hs": pl.col("goods"),
        "hs_edition": pl.col("_edition"),
        "value_usd_cents": pl.col("_value"),
        "valuation": _valuation(),
        "net_kg": _amount("net", estimated=False),
        "net_kg_estimated": _amount("net", estimated=True),
        "quantity": pl.when(unit.is_not_null()).then(_amount("qty", estimated=False)),
        "quantity_estimated": pl.when(unit.is_not_null()).then(_amount("qty", estimated=True)),
        "quantity_unit": unit,
    }


def _unit(words: bool) -> pl.Expr:
    """The unit's abbreviation, its number where the file has no words; null where there is no unit."""
    told = pl.coalesce(or_null("unit_words"), or_null("unit")) if words else or_null("unit")
    return pl.when(pl.col("unit") != "-1").then(told)


def _amount(name: str, *, estimated: bool) -> pl.Expr:
    return pl.when((pl.col(f"_{name}_estimated") == estimated) & (pl.col(f"_{name}") != 0)).then(f"_{name}")


def _valuation() -> pl.Expr:
    """What the value equals; null where it equals both, and where neither is given."""
    cif, fob = ((pl.col(f"_{name}") == pl.col("_value")).fill_null(False) for name in ("cif", "fob"))
    return pl.when(cif & ~fob).then(pl.lit("cif")).when(fob & ~cif).then(pl.lit("fob"))


def _rules(supply: bool) -> tuple[Rule, ...]:
    return (
        Rule("not_goods", ~matches("type", "C"), "The type is C, goods."),
        Rule(
            "flow_not_kept",
            pl.col("_flow").is_null(),
            f"A flow is one of {list(_FLOWS)}; the publisher's others are parts of these.",
        ),
        Rule("period_not_of_its_frequency", pl.col("_date").is_null(), "A period is 202103 (M) or 2021 (A)."),
        Rule(
            "reporter_unknown",
            (pl.col("_reporter").is_null() | pl.col("_reporter").is_in(_SUMS_OF_PARTNERS)).fill_null(True),
            "A reporter is the number of one country or area.",
        ),
        Rule("partner_unknown", pl.col("_partner").is_null(), "A partner is a number of up to three digits."),
        Rule("classification_not_hs", pl.col("_edition").is_null(), f"The goods are in one of {list(_EDITIONS)}."),
        Rule(
            "hs_not_six_digits",
            ~matches("goods", f"{_SIX_DIGITS}|{_SUMS_OF_GOODS}"),
            "A code of the goods has two, four or six digits, its leading zero among them.",
        ),
        Rule("flag_unknown", _flag_unknown(), "A flag is true or false, and an amount has one."),
        *(
            Rule(f"{name}_not_a_number", unreadable(name, f"_{name}"), "A number is digits with a decimal point.")
            for name in ("value", "cif", "fob", "net", "qty")
        ),
        *_set_aside(supply),
    )


def _flag_unknown() -> pl.Expr:
    lost = [~blank(name) & pl.col(f"_{name}").is_null() for name in ("original", "net_estimated", "qty_estimated")]
    bare = [pl.col(f"_{name}").is_not_null() & blank(f"{name}_estimated") for name in ("net", "qty")]
    return pl.any_horizontal(*lost, *bare)


def _set_aside(supply: bool) -> tuple[Rule, ...]:
    """No faults: sums of the rows that are kept, and parts of them; either beside them would count twice."""
    totals = {"second_partner": "0", "customs": "C00", "transport": "0"}
    finer = [~blank(name) & (pl.col(name) != total) for name, total in totals.items()]
    finer += [~blank("supply") & (pl.col("supply") != "0")] if supply else []
    return (
        Rule("breakdown_unknown", pl.any_horizontal(map(blank, totals)), f"A kept row says that it is {totals}."),
        Rule(
            "sum_of_goods",
            matches("goods", _SUMS_OF_GOODS),
            "TOTAL, a chapter or a heading is a sum of six-digit codes, which are kept.",
            aside=True,
        ),
        Rule(
            "sum_of_partners",
            pl.col("_partner").is_in(_SUMS_OF_PARTNERS).fill_null(False),
            "The World or the Union is a sum of partners, which are kept.",
            aside=True,
        ),
        Rule(
            "finer_than_kept",
            pl.any_horizontal(*finer),
            "A second partner, customs procedure or transport is a part of the row over all of them, which is kept.",
            aside=True,
        ),
    )


# What a reader must know of one file


def remarks(rows: pl.LazyFrame, source: Source, records: int) -> tuple[str, ...]:
    """Sentences for the report: whether the file may be cut off, what was converted, and how sums and parts agree.

    `rows`: all sound rows as text under the names of the source.
    """
    read = rows.with_columns(**source.prepared[0])
    faults = pl.any_horizontal(rule.fails for rule in source.rules if not rule.aside or rule.code == "finer_than_kept")
    told = read.filter(~faults).with_columns(six=matches("goods", _SIX_DIGITS))
    kept = told.filter(pl.col("six") & ~pl.col("_partner").is_in(_SUMS_OF_PARTNERS))
    return (*_cut_off(records), *_two_ways(kept), *_made_by_publisher(kept, source), *_levels(told))


def _cut_off(records: int) -> tuple[str, ...]:
    bounds = {WITHOUT_KEY: "without a key", WITH_KEY: "with a key"}
    if records not in bounds:
        return ()
    return (
        f"the file has exactly {records:,} records, the most that one answer {bounds[records]} holds:"
        " it may be cut off, and what is not in it is unknown; ask for less at a time",
    )


def _two_ways(kept: pl.LazyFrame) -> tuple[str, ...]:
    """Whether the same trade is there by month and by year, or in two editions of the HS."""
    year = pl.col("_date").dt.year().alias("year")
    by_year = kept.select("_reporter", year, "_months", "_date", "_edition", "_flow").unique()
    months = by_year.group_by("_reporter", "year").agg(pl.col("_months").n_unique())
    editions = by_year.group_by("_reporter", "_date", "_months", "_flow").agg(pl.col("_edition").n_unique())
    said = (
        (months, "_months", "the same trade is here by month and by year: `months` tells them apart, a sum takes one"),
        (editions, "_edition", "the same trade is here in two editions of the HS: `hs_edition` tells them apart"),
    )
    return tuple(words for found, name, words in said if (found.select(pl.col(name).max()).collect().item() or 0) > 1)


def _made_by_publisher(kept: pl.LazyFrame, source: Source) -> tuple[str, ...]:
    converted = (~pl.col("_original")).fill_null(False).sum()
    added = _truth("aggregated").fill_null(False).sum() if "aggregated" in source.headings else pl.lit(0)
    counts = kept.select(converted=converted, added=added).collect(engine="streaming").row(0, named=True)
    said = {
        "converted": "rows kept that the publisher converted from the edition of the HS in which they were reported",
        "added": "rows kept that the publisher added up from finer ones of the country",
    }
    return tuple(f"{words}: {counts[name]:,}" for name, words in said.items() if counts[name])


def _levels(told: pl.LazyFrame) -> tuple[str, ...]:
    """How published sums agree with their parts in the file: over a partner's goods, and over a code's partners."""
    columns = told.select(*_CELL, "_partner", "goods", "six", "_value").unique(
        [*_CELL, "_partner", "goods"], keep="first", maintain_order=True
    )
    world = pl.col("_partner") == _WORLD
    parts = columns.filter(~pl.col("_partner").is_in(_SUMS_OF_PARTNERS))
    by_code = _compared(columns.filter(world), parts, ["goods"])
    by_partner = pl.concat([_over_goods(columns, digits) for digits in _SHORTER])
    return (
        *_agreement(by_partner.collect(), "over goods", "six-digit rows"),
        *_agreement(by_code.collect(), "over partners", "partners' rows"),
    )


def _over_goods(columns: pl.LazyFrame, digits: int) -> pl.LazyFrame:
    goods = pl.col("goods")
    sums = columns.filter(goods == "TOTAL" if digits == 0 else ~pl.col("six") & matches("goods", f"[0-9]{{{digits}}}"))
    parts = columns.filter("six").with_columns(goods=goods.str.head(digits) if digits else pl.lit("TOTAL"))
    return _compared(sums, parts, ["_partner", "goods"])


def _compared(sums: pl.LazyFrame, parts: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    """Each sum that has parts: its cents, and what is missing of them in the parts; half a cent a row is rounding."""
    same = [*_CELL, *by]
    added = parts.group_by(same).agg(parts=pl.col("_value").sum(), rows=pl.len(), unknown=pl.col("_value").null_count())
    gap = pl.col("_value") - pl.col("parts")
    return (
        sums.join(added, on=same, how="inner")
        .filter((pl.col("unknown") == 0) & pl.col("_value").is_not_null())
        .select(*_CELL, "_partner", "goods", "_value", gap=pl.when(gap.abs() > pl.col("rows")).then(gap).otherwise(0))
    )


def _agreement(found: pl.DataFrame, over: str, parts: str) -> tuple[str, ...]:
    if found.is_empty():
        return ()
    apart = found.filter(pl.col("gap") != 0)
    words = f"published sums {over} held against the {parts} in the file: {len(found):,}, in agreement:"
    words += f" {len(found) - len(apart):,}"
    if apart.is_empty():
        return (words,)
    order = [pl.col("gap").abs(), *(pl.col(name) for name in (*_CELL, "_partner", "goods"))]
    largest = apart.sort(order, descending=[True, *(False for _ in order[1:])]).row(0, named=True)
    return (f"{words}. {_largest(largest)}",)


def _largest(sum_: dict[str, object]) -> str:
    gap, value, day = (sum_[name] for name in ("gap", "_value", "_date"))
    where = ", ".join(str(sum_[name]) for name in ("_reporter", "_flow", "_partner", "goods"))
    less = "less" if int(str(gap)) > 0 else "more"
    return (
        f"The largest gap: of {where}, {str(day)[:7]}, the rows come to {_dollars(gap)} {less} than the"
        f" {_dollars(value)} published (goods that were not asked for, or detail that is withheld and stays in the sum)"
    )


def _dollars(amount: object) -> str:
    whole, hundredths = divmod(abs(int(str(amount))), 100)
    return f"US${whole:,}.{hundredths:02d}"
