"""Countries in a column of text to ISO 3166 alpha-2. NA is Namibia; CA beside a Canadian postal code is Canada.

Only the countries of today: a territory that is split up or gone has no code here, see reference/countries.py.
"""

from __future__ import annotations

import polars as pl

from tradeanalytics.reference.countries import fold, named, read_country
from tradeanalytics.sources.cells import Text, by_distinct, each

_POSTAL_CODE = r"\b[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]\b"
_ELSEWHERE = {"GEORGIA", "JERSEY"}  # at the end of an address, more often a state of the US


def country(code: Text, name: Text | None = None) -> pl.Expr:
    """ISO 3166 alpha-2 of a country, by its code or else its name; EU27 for the Union. Null where neither is known."""
    columns = [code] if name is None else [code, name]
    return pl.coalesce([each(column, lambda cells: by_distinct(cells, read_country)) for column in columns])


def country_disagrees(code: Text, name: Text) -> pl.Expr:
    """True where code and name are two different countries."""
    return (country(code) != country(name)).fill_null(False)


def country_of_address(column: Text) -> pl.Expr:
    """The country an address names: its first part, as Russian customs write it; else by a Canadian postal code; else
    its last part. Only names count, never two letters: CA is a state too.
    """
    return each(column, _of_addresses)


def _of_addresses(cells: pl.Series) -> pl.Series:
    first = by_distinct(_if_name(cells.str.splitn(",", 2).struct[0], r"\p{Cyrillic}"), named)
    at = first.is_null().arg_true()
    rest = cells.gather(at)
    last = by_distinct(_if_name(rest.str.extract(r"([^,;\n]+)$")), _named_at_end)
    canada = rest.str.contains(_POSTAL_CODE).fill_null(False)
    return first.scatter(at, last.set(canada, "CA"))


def _if_name(parts: pl.Series, holding: str = "") -> pl.Series:
    """Parts of an address that can be a name: streets have numbers. JORDAN, MN is no country."""
    return parts.set(~(parts.str.contains(r"^[^0-9]{3,60}$") & parts.str.contains(holding)), None)


def _named_at_end(text: str) -> str | None:
    return None if fold(text) in _ELSEWHERE else named(text)
