"""What a record of any list of parties must have to be accepted, once its publisher's reader has taken it apart."""

from __future__ import annotations

import polars as pl

from tradeanalytics.sources.source import Rule, Source, blank, matches, or_null
from tradeanalytics.tables import LISTED

# What the readers give, as text; what can be several is JSON.
_SEVERAL = {
    "names": pl.Struct(
        dict.fromkeys(("name", "kind"), pl.String)
        | {"strong": pl.Boolean}
        | dict.fromkeys(("language", "script"), pl.String)
    ),
    "identifiers": pl.Struct(dict.fromkeys(("kind", "number", "country"), pl.String)),
    "addresses": pl.Struct(dict.fromkeys(("address", "country"), pl.String)),
    "countries": pl.String(),
    "born": pl.String(),
    "programmes": pl.String(),
}
_PLAIN = ("authority", "list", "entry", "part", "says", "type", "reference", "remarks", "content")
_DAYS = ("listed_on", "delisted_on")
FIELDS = (*_PLAIN, *_SEVERAL, *_DAYS, "list_date", "flags", "copy")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def listed(title: str, publisher: str, licence: str, date: str, *, whole: bool) -> Source:
    """The source of a list of this date ("" if unknown), the `whole` of it or an extract.

    A day that cannot be read does not reject a record, for that would clear a party: it is null, and flagged.
    """
    flags = pl.concat_list(
        pl.col("flags").str.json_decode(pl.List(pl.String)).list.join(";"),
        *(pl.when(~blank(day) & _day(day).is_null()).then(pl.lit(f"{day}_unreadable")) for day in _DAYS),
    )
    return Source(
        name=title,
        publisher=publisher,
        licence=licence,
        table=LISTED,
        headings={name: (name,) for name in FIELDS},
        columns={
            **{name: or_null(name) for name in _PLAIN},
            **{name: pl.col(name).str.json_decode(pl.List(inner)) for name, inner in _SEVERAL.items()},
            **{day: _day(day) for day in _DAYS},
            "whole": pl.lit(whole),
            "list_date": pl.coalesce(or_null("list_date"), pl.lit(date or None, pl.String)),
            "flags": flags.list.eval(pl.element().filter(pl.element() != "")).list.join(";"),
        },
        rules=(
            Rule("no_entry_number", blank("entry"), "A record has the publisher's number of the party."),
            Rule(
                "no_name",
                pl.col("says").is_in(["entry", "alias", "absent"]) & (pl.col("names") == "[]"),
                "A record of a party or an alias has a name.",
            ),
            Rule("said_again", pl.col("copy") == "true", "The same party stands there in a second shape.", aside=True),
        ),
    )


def _day(column: str) -> pl.Expr:
    return pl.when(matches(column, _DAY)).then(pl.col(column)).str.to_date("%Y-%m-%d", strict=False)
