"""ICIJ's Offshore Leaks Database: nodes of five kinds, and the links between them.

Confirmed by several public loaders of the files: their names, their headings, days such as 23-MAR-2006 or 23-Mar-06.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import polars as pl

from tradeanalytics.reference import lookup
from tradeanalytics.reference.countries import read_country
from tradeanalytics.reference.folding import folded_address
from tradeanalytics.reference.scripts import REMEMBERED
from tradeanalytics.sources.cells import blank, by_distinct, content, counted, each, named, tidy
from tradeanalytics.sources.cells_dates import DateProfile, date_evidence, dates_decided, day
from tradeanalytics.sources.source import Rule, Source, matches
from tradeanalytics.tables import OFFSHORE, OFFSHORE_LINKS

PUBLISHER = "International Consortium of Investigative Journalists (ICIJ)"
LICENCE = "Open Database License 1.0; contents CC BY-SA"
KINDS = {"entities": "entity", "officers": "officer", "addresses": "address", "intermediaries": "intermediary"} | {
    "others": "other"
}
# Their heading: our field. `type` is what nodes-others.csv calls the company's.
NODES = {
    **{name: name for name in ("node_id", "name", "original_name", "former_name", "jurisdiction")},
    "jurisdiction_description": "jurisdiction_description",
    "company_type": "company_type",
    "type": "company_type",
    **{name: name for name in ("address", "internal_id", "status", "service_provider", "countries", "country_codes")},
    "incorporation_date": "incorporated_on",
    "inactivation_date": "inactivated_on",
    "struck_off_date": "struck_off_on",
    "dorm_date": "dormant_on",
    "closed_date": "closed_on",
    "ibcRUC": "registration_number",
    "sourceID": "source",
    "valid_until": "valid_until",
    "note": "note",
}
LINKS = {
    "node_id_start": "start_id",
    "node_id_end": "end_id",
    "start_date": "started_on",
    "end_date": "ended_on",
    "sourceID": "source",
    **{name: name for name in ("rel_type", "link", "status")},
}
NEEDED = {"nodes": ("node_id", "name", "source"), "links": ("start_id", "end_id", "rel_type")}
_DAYS = ("incorporated_on", "inactivated_on", "struck_off_on", "dormant_on", "closed_on")
_LINK_DAYS = ("started_on", "ended_on")
_SHORT_YEAR = r"^\s*([0-9]{1,2})-([A-Za-z]{3})-([0-9]{2})\s*$"
_LAST = 29  # a year 30 is 1930: the leaks end in the 2020s, and the companies of some began in the 1930s
_HINTS = r"^(?:same_|similar|probably_)"
_KEPT = (
    *("name", "original_name", "former_name", "company_type", "address", "status", "service_provider"),
    *("registration_number", "internal_id", "source", "valid_until", "note"),
)


def nodes(rows: pl.LazyFrame, *, invented: bool) -> Source:
    """The source of nodes of every kind: text under the fields of NODES and `kind`; null is what a kind has not."""
    fields = tuple(dict.fromkeys(NODES.values()))
    texts = (*_KEPT, "jurisdiction", "jurisdiction_description")
    return Source(
        name="ICIJ Offshore Leaks Database",
        publisher=PUBLISHER,
        licence=LICENCE,
        table=OFFSHORE,
        headings={name: (name,) for name in (*fields, "kind")},
        prepared=(
            {"content": content((*fields, "kind")), **_read_days(rows, _DAYS), **{name: tidy(name) for name in texts}},
            {
                "jurisdiction": pl.coalesce("jurisdiction_description", "jurisdiction"),
                "countries": _countries(),
                "address_key": each("address", lambda cells: by_distinct(cells, folded_address)),
            },
            {"jurisdiction_country": each("jurisdiction", lambda cells: by_distinct(cells, _country))},
        ),
        columns={
            **{name: pl.col(name) for name in ("node_id", "kind", *_KEPT, "jurisdiction", "jurisdiction_country")},
            "source": _marked(pl.col("source"), invented),
            **{name: pl.col(f"_{name}") for name in _DAYS},
            "address_key": pl.when(pl.col("address_key") != "").then("address_key"),
            "countries": pl.col("countries"),
            "elsewhere": _elsewhere(),
            "flags": named(_unread(_DAYS)),
            "content": pl.col("content"),
        },
        rules=(Rule("no_node_number", ~matches("node_id", "[0-9]+"), "A node has a number."),),
    )


def links(rows: pl.LazyFrame, *, invented: bool) -> Source:
    """The source of the links between nodes: text under the fields of LINKS."""
    ends = ~(matches("start_id", "[0-9]+") & matches("end_id", "[0-9]+"))
    return Source(
        name="ICIJ Offshore Leaks Database: links",
        publisher=PUBLISHER,
        licence=LICENCE,
        table=OFFSHORE_LINKS,
        headings={name: (name,) for name in LINKS.values()},
        prepared=({"content": content(tuple(LINKS.values())), **_read_days(rows, _LINK_DAYS)},),
        columns={
            **{name: pl.col(name) for name in ("start_id", "end_id", "rel_type", "content")},
            **{name: _or_null(name) for name in ("link", "status")},
            "source": _marked(_or_null("source"), invented),
            **{name: pl.col(f"_{name}") for name in _LINK_DAYS},
            "hint": pl.col("rel_type").str.contains(_HINTS).fill_null(False),
            "flags": named(_unread(_LINK_DAYS)),
        },
        rules=(
            Rule("no_node_number", ends, "A link has the numbers of two nodes."),
            Rule("no_kind_of_link", blank("rel_type"), "A link says of which kind it is."),
        ),
    )


def _read_days(rows: pl.LazyFrame, names: tuple[str, ...]) -> dict[str, pl.Expr]:
    """The rows are looked at once, for the order of day and month."""
    seen = counted(rows, {name: date_evidence(name) for name in names})
    return {f"_{name}": _day(name, dates_decided(seen[name])) for name in names}


def _day(column: str, profile: DateProfile) -> pl.Expr:
    parts = pl.col(column).str.extract_groups(_SHORT_YEAR).struct
    year = parts.field("3").cast(pl.Int32)
    century = pl.when(year <= _LAST).then(pl.lit("20")).otherwise(pl.lit("19"))
    long = pl.format("{}-{}-{}{}", parts.field("1"), parts.field("2"), century, parts.field("3"))
    return day(pl.coalesce(long, pl.col(column)), profile)


def _unread(names: tuple[str, ...]) -> Mapping[str, pl.Expr]:
    return {f"{name}_unreadable": ~blank(name) & pl.col(f"_{name}").is_null() for name in names}


def _countries() -> pl.Expr:
    """Codes joined by ; as a list of the known ones, each once; null where none is."""
    of_rows = pl.List(pl.String)
    return each("country_codes", lambda cells: by_distinct(cells, _known_countries, of_rows), of_rows)


def _known_countries(codes: str) -> list[str] | None:
    found = (_country(code) for code in codes.split(";") if code.strip())
    return list(dict.fromkeys(code for code in found if code)) or None


@lru_cache(REMEMBERED)
def _country(text: str) -> str | None:
    return lookup("offshore_jurisdictions", "jurisdiction", "country").get(text) or read_country(text)


def _elsewhere() -> pl.Expr:
    known = pl.col("jurisdiction_country").is_not_null() & pl.col("countries").is_not_null()
    return pl.when(known).then(~pl.col("countries").list.contains(pl.col("jurisdiction_country")))


def _marked(source: pl.Expr, invented: bool) -> pl.Expr:
    """What a made-up file says stands in no leak."""
    return pl.format("SYNTHETIC {}", source) if invented else source


def _or_null(name: str) -> pl.Expr:
    return pl.when(~blank(name)).then(pl.col(name))
