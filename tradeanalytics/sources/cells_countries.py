"""Countries in every spelling to ISO 3166 alpha-2. NA is Namibia; CA beside a Canadian postal code is Canada.

Names are those of the Unicode CLDR in the languages below, compared by their words in any order, and the odd and
official spellings of reference/countries.csv. A territory that is split up or gone has no code here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import polars as pl
from babel import Locale
from babel.core import get_global

from tradeanalytics.reference import lookup
from tradeanalytics.sources.cells import REMEMBERED, Text, by_distinct, each, unmix

_LANGUAGES = ("en", "fr", "ru", "tr", "es", "de", "zh")
# Territories of the CLDR that ISO 3166 has no code for.
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "TA", "CP", "DG", "IC", "EA", "CQ"}
_SMALL_WORDS = {"AND", "ET", "И", "VE", "Y", "UND", "THE", "OF", "DE", "DU", "DES", "LA", "LES"}
_POSTAL_CODE = r"\b[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]\b"
_ELSEWHERE = {"GEORGIA", "JERSEY"}  # at the end of an address, more often a state of the US


@cache
def _codes() -> dict[str, str]:
    """Every alpha-2, alpha-3 and numeric code, and the marks EU, UK and EL."""
    iso = {code for code in map(str, Locale("en").territories) if code.isalpha() and len(code) == 2} - _NO_COUNTRIES
    aliases = {str(code): str(found[0]) for code, found in get_global("territory_aliases").items() if len(found) == 1}
    longer = {code: to for code, to in aliases.items() if len(code) == 3 and to in iso}
    return longer | {code: code for code in iso} | lookup("countries", "spelling", "code")


@cache
def _names() -> dict[str, str]:
    spelled = {
        fold(str(name)): str(code)
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if len(str(code)) == 2 and code not in _NO_COUNTRIES
    }
    return spelled | {fold(name): code for name, code in lookup("countries", "spelling", "code").items()}


def fold(name: str) -> str:
    """A name's words without accents and small words, in alphabetical order.

    >>> fold("КОРЕЯ, РЕСПУБЛИКА") == fold("Республика Корея"), fold("Côte d’Ivoire")
    (True, 'COTE D IVOIRE')
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter not in _ACCENTS)
    words = re.findall(r"\w+", unicodedata.normalize("NFC", plain).replace("ı", "i").upper().replace("Ё", "Е"))
    return " ".join(sorted(word for word in words if word not in _SMALL_WORDS))


# All but the breve, without which Й is И.
_ACCENTS = {chr(mark) for mark in range(0x300, 0x370)} - {"\u0306"}


@lru_cache(REMEMBERED)
def read_country(text: str) -> str | None:
    """The code of a country written as code or name, or None.

    >>> read_country("NA"), read_country("792"), read_country("ТАЙВАНЬ (КИТАЙ)"), read_country("Atlantis")
    ('NA', 'TR', 'TW', None)
    """
    text = text.strip(" \t\u00a0.,;'\"")
    return _codes().get(text.upper()) or _named(text)


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
    first = by_distinct(_if_name(cells.str.splitn(",", 2).struct[0], r"\p{Cyrillic}"), _named)
    at = first.is_null().arg_true()
    rest = cells.gather(at)
    last = by_distinct(_if_name(rest.str.extract(r"([^,;\n]+)$")), _named_at_end)
    canada = rest.str.contains(_POSTAL_CODE).fill_null(False)
    return first.scatter(at, last.set(canada, "CA"))


def _if_name(parts: pl.Series, holding: str = "") -> pl.Series:
    """Parts of an address that can be a name: streets have numbers. JORDAN, MN is no country."""
    return parts.set(~(parts.str.contains(r"^[^0-9]{3,60}$") & parts.str.contains(holding)), None)


def _named_at_end(text: str) -> str | None:
    return None if fold(text) in _ELSEWHERE else _named(text)


@lru_cache(REMEMBERED)
def _named(text: str) -> str | None:
    text = text.strip()
    return _names().get(fold(unmix(text))) if len(text) > 3 or not text.isascii() else None
