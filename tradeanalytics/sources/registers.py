"""Registers of companies: the federal one of Canada, and any table whose headings are those of a register.

A table is a register's where it has a column for the number, one for the name, and one for the status, a day or the
address. Headings are in reference/register_headings.csv: English, French, Slovak and Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from tradeanalytics.reference import rows as reference
from tradeanalytics.reference.folding import folded_address
from tradeanalytics.sources import layouts
from tradeanalytics.sources.cells import by_distinct, content, counted, each, named, tidy
from tradeanalytics.sources.cells_countries import country
from tradeanalytics.sources.cells_dates import DateProfile, date_evidence, dates_decided, day
from tradeanalytics.sources.source import Rule, Source, blank, matches, or_null
from tradeanalytics.tables import REGISTERED

NAMES = pl.List(pl.Struct(dict.fromkeys(("name", "kind", "since", "until"), pl.String)))
# What the reader of Corporations Canada's XML gives, as text.
FEDERAL = (
    *("number", "names", "status", "status_since", "active", "incorporated_on", "dissolved_on", "address", "country"),
    *("business_number", "flags", "content"),
)
_DAYS = ("incorporated_on", "dissolved_on")
_NEEDS = (("number",), ("name",), ("status", *_DAYS, "address"))
_ADDRESS = ("address", "city", "region", "postal_code")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_YEAR_FIRST = r"^\s*([0-9]{4})[-/.年]\s*([0-9]{1,2})[-/.月]\s*([0-9]{1,2})日?(?:[T ].*)?$"
_NO_NAME = Rule("no_name", pl.col("names").list.len() == 0, "A record has a company's name.")


def federal(date: str, publisher: str, licence: str, *, invented: bool) -> Source:
    """The source of Corporations Canada's open data of this date ("" if unknown), read into the columns FEDERAL."""
    days = {name: _iso(name) for name in ("status_since", *_DAYS)}
    return Source(
        name="federal corporations (Corporations Canada)",
        publisher=publisher or "Corporations Canada",
        licence=licence or "Open Government Licence - Canada",
        table=REGISTERED,
        headings={name: (name,) for name in FEDERAL},
        prepared=({"names": pl.col("names").str.json_decode(NAMES)},),
        columns={
            **{name: or_null(name) for name in ("number", "status", "address", "business_number", "content")},
            **days,
            **_keys(pl.col("number"), pl.col("address")),
            "register_date": pl.lit(date or None, pl.String),
            "names": pl.col("names"),
            "active": pl.when(pl.col("active") != "").then(pl.col("active") == "true"),
            "country": country("country"),
            "flags": or_null("flags"),
        },
        rules=(_NO_NAME, Rule("no_number", blank("number"), "A corporation has its number.")),
        constants={"register": _marked("ca_federal", invented), "jurisdiction": "CA"},
    )


@dataclass(frozen=True)
class Headings:
    """What a table's headings were taken for: a field or `_unused_N` for each, and whose register they speak of."""

    fields: list[str]
    unknown: tuple[str, ...]
    jurisdiction: str | None


def score(headings: Sequence[str]) -> float:
    """How well a row of cells fits a register, 0 to 1, as `layouts.score` says it of customs records."""
    known = [field for heading in headings if (field := _known().get(_plain(heading)))]
    if any(not set(group) & set(known) for group in _NEEDS):
        return 0.0
    useful, filled = len(set(known)), sum(1 for heading in headings if heading.strip())
    return useful / (useful + 3) * (0.5 + 0.5 * len(known) / max(filled, 1))


def read_headings(headings: Sequence[str]) -> Headings:
    """The field of every heading; the first of two headings of one field is taken."""
    fields: list[str] = []
    for place, heading in enumerate(headings):
        field = _known().get(_plain(heading))
        fields.append(field if field and field not in fields else f"_unused_{place}")
    unknown = tuple(heading for heading, field in zip(headings, fields, strict=True) if field.startswith("_"))
    told = {told for heading in headings if (told := _jurisdictions().get(_plain(heading)))}
    return Headings(fields, unknown, told.pop() if len(told) == 1 else None)


def register(found: Headings, rows: pl.LazyFrame, title: str, date: str, *, invented: bool) -> Source:
    """The source of a register's table; `rows` are looked at once, for the order of day and month.

    A day that cannot be read does not reject a company: it is null, and flagged.
    """
    there = [name for name in found.fields if not name.startswith("_")]
    seen = counted(rows, {name: date_evidence(name) for name in _DAYS if name in there}) if {*_DAYS} & {*there} else {}
    profiles = {name: dates_decided(counts) for name, counts in seen.items()}
    return Source(
        name=f"register of companies ({title})",
        publisher="",
        licence="",
        table=REGISTERED,
        headings={name: (name,) for name in there},
        prepared=(
            {name: pl.lit(None, pl.String) for name in _fields() if name not in there},
            {
                "_content": content(there),
                **{name: tidy(name) for name in there if name not in _DAYS},
            },
            {"names": _names(), "_address": pl.concat_str(_ADDRESS, separator=", ", ignore_nulls=True)},
            {f"_{name}": _day(name, profiles.get(name, DateProfile())) for name in _DAYS},
        ),
        columns=_columns(found, title, date, invented),
        rules=(_NO_NAME,),
    )


def _columns(found: Headings, title: str, date: str, invented: bool) -> dict[str, pl.Expr]:
    unread = {f"{name}_unreadable": ~blank(name) & pl.col(f"_{name}").is_null() for name in _DAYS}
    return {
        **_keys(pl.col("number"), or_null("_address")),
        "register": pl.format(_marked("{}", invented), pl.coalesce(pl.col("register"), pl.lit(title))),
        "register_date": pl.lit(date or None, pl.String),
        "jurisdiction": pl.coalesce(country("jurisdiction"), pl.lit(found.jurisdiction, pl.String)),
        "number": pl.col("number"),
        "names": pl.col("names"),
        "status": pl.col("status"),
        "active": each("status", lambda cells: by_distinct(cells, active, pl.Boolean), pl.Boolean),
        **{name: pl.col(f"_{name}") for name in _DAYS},
        "address": or_null("_address"),
        "country": country("country"),
        "business_number": pl.col("business_number"),
        "flags": named({"no_number": pl.col("number").is_null(), **unread}),
        "content": pl.col("_content"),
    }


def active(status: str) -> bool | None:
    """Whether a status says that a company is there; None where the words are not certain.

    >>> active("Live"), active("Radiée"), active("In liquidation")
    (True, False, None)
    """
    return _statuses().get(_plain(status))


def number_key(number: pl.Expr) -> pl.Expr:
    """A number without signs and zeros before it, in capitals; null where nothing is left."""
    plain = number.str.to_uppercase().str.replace_all("[^0-9A-Z]", "").str.strip_chars_start("0")
    return pl.when(plain != "").then(plain)


def _marked(register: str, invented: bool) -> str:
    """What a made-up file says is no register's word."""
    return f"SYNTHETIC {register}" if invented else register


def _keys(number: pl.Expr, address: pl.Expr) -> dict[str, pl.Expr]:
    folded = each(address, lambda cells: by_distinct(cells, folded_address))
    return {"number_key": number_key(number), "address_key": pl.when(folded != "").then(folded)}


def _iso(column: str) -> pl.Expr:
    return pl.when(matches(column, _DAY)).then(pl.col(column)).str.to_date("%Y-%m-%d", strict=False)


def _day(column: str, profile: DateProfile) -> pl.Expr:
    """Registers go back further than customs records do: a day that begins with its year is read here."""
    parts = pl.col(column).str.extract_groups(_YEAR_FIRST)
    year, month, in_month = (parts.struct.field(place).cast(pl.Int32, strict=False) for place in ("1", "2", "3"))
    written = pl.format("{}-{}-{}", year, month.cast(pl.String).str.zfill(2), in_month.cast(pl.String).str.zfill(2))
    without_spaces = pl.col(column).str.replace_all(r"\.\s+", ".")  # Slovak and Czech write 1. 3. 1993
    return pl.coalesce(written.str.to_date("%Y-%m-%d", strict=False), day(without_spaces, profile))


def _names() -> pl.Expr:
    """Current names, then former ones, which stand in one cell parted by ; or |."""
    former = pl.col("former_names").str.replace_all("|", ";", literal=True).str.split(";").fill_null([])
    listed = pl.struct(pl.concat_list("name", "other_name").alias("current"), former.alias("former"))
    return listed.map_batches(_listed, return_dtype=NAMES, is_elementwise=True)


def _listed(cells: pl.Series) -> pl.Series:
    names = [
        [
            {"name": text.strip(), "kind": kind, "since": None, "until": None}
            for kind in ("current", "former")
            for text in cell[kind]
            if text and text.strip()
        ]
        for cell in cells.to_list()
    ]
    return pl.Series(names, dtype=NAMES)


def _plain(heading: str) -> str:
    """A heading in one spelling, without accents."""
    letters = unicodedata.normalize("NFKD", layouts.fold(heading))
    return re.sub("[\u0300-\u036f]", "", letters)


@cache
def _known() -> Mapping[str, str]:
    return {_plain(row["heading"]): row["field"] for row in reference("register_headings")}


@cache
def _jurisdictions() -> Mapping[str, str]:
    return {_plain(row["heading"]): row["jurisdiction"] for row in reference("register_headings")}


@cache
def _statuses() -> Mapping[str, bool]:
    return {_plain(row["status"]): row["active"] == "true" for row in reference("register_statuses")}


@cache
def _fields() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["field"] for row in reference("register_headings")))
