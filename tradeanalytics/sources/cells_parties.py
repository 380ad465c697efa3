"""Who is named in a party's field: the party, a second one behind it, and names that name nobody."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from tradeanalytics.reference import lookup
from tradeanalytics.reference.scripts import REMEMBERED
from tradeanalytics.sources.cells import Text, by_distinct, changed_at, each, staged, tidied, unmixed_cells

_READ = {"name": pl.String, "second": pl.String, "how": pl.String}
PARTY = pl.Struct({**_READ, "folded": pl.Boolean})

_JUNK = lookup("junk_parties", "text", "how")
_WAYS = (
    ("to_order", re.compile(r"(?:\bTO\s+(?:THE\s+)?ORDER\b(?:\s+OF\b)?|^ORDER\s+OF\b)[\s:,]*", re.I)),
    ("care_of", re.compile(r"(?:^|\b)(?:C\s?[/\\]\s?O\b|CARE\s+OF\b)[\s.:,]*", re.I)),
    ("on_behalf_of", re.compile(r"\b(?:O\s?/\s?B|OBO|(?:FOR\s+AND\s+)?ON\s+BEHALF\s+OF)\b[\s.:,]*", re.I)),
    ("on_behalf_of", re.compile(r"\bПО\s+ПОРУЧЕНИЮ\b[\s:,]*", re.I)),
)
_NAME, _NOBODY = pl.col("name"), pl.lit(None, pl.String)
# Names that show otherwise than they are written, and those that hold more than a name; most are neither.
_MARKS = (_NAME.str.contains_any([*"<>«»“”„", '""', "- "]) | _NAME.str.contains("^[,;:]|[,;:]$")).fill_null(False)
_BEHALF = ["поручению", "ПОРУЧЕНИЮ", "Поручению"]
_WORDS = ["order", "/o", "/ o", "\\o", "\\ o", "o/", "o /", "care", "obo", "behalf", *_BEHALF]
_SHORT = pl.when(_NAME.str.len_bytes() <= max(len(text.encode()) for text in _JUNK) + 1).then(_NAME)
_MORE = (
    _NAME.str.contains_any(_WORDS, ascii_case_insensitive=True)
    | _SHORT.str.to_lowercase().str.strip_chars_end(".").is_in(list(_JUNK))
).fill_null(False)


class Party(NamedTuple):
    """A party's name, the second party of its field, and how they stand: to_order, care_of, on_behalf_of, withheld."""

    name: str | None
    second: str | None = None
    how: str | None = None


def party(column: Text) -> pl.Expr:
    """Struct of `name`, `second` and `how` from a raw name: tidied, homoglyphs folded, quotes and hyphens mended.

    Its field `folded` is true where a homoglyph was folded, and never null.

    Name it in one `with_columns` and take its fields in the next, or the work is done once a field.
    """
    return each(column, _parties, PARTY)


@lru_cache(REMEMBERED)
def read_party(text: str) -> Party:
    """The parties of a tidy text.

    >>> read_party("SAMPLE LINKS LTD, C/O EXAMPLE AGENTS")
    Party(name='SAMPLE LINKS LTD', second='EXAMPLE AGENTS', how='care_of')
    >>> read_party("TO THE ORDER OF SAMPLE BANK")
    Party(name=None, second='SAMPLE BANK', how='to_order')
    """
    junk = text.lower().rstrip(".")
    if junk in _JUNK:
        return Party(None, None, _JUNK[junk] or None)
    for how, words in _WAYS:
        if found := words.search(text):
            return Party(_name(text[: found.start()]), _name(text[found.end() :]), how)
    return Party(text)


def _name(text: str) -> str | None:
    """One side of a field that names two, unless it names nobody; half a bracket is from around the other side."""
    name = text.strip(" ,;:-" if text.count("(") == text.count(")") else " ,;:-()")
    return None if not name or name.lower() in _JUNK else name


def _parties(cells: pl.Series) -> pl.Series:
    tidy = tidied(cells)
    meant = unmixed_cells(tidy)
    names = changed_at(meant, staged({"name": meant}, {"marks": _MARKS})["marks"], _shown)
    folded = (tidy != meant).fill_null(False).alias("folded")
    found = staged({"name": names, "folded": folded}, {"more": _MORE, "second": _NOBODY, "how": _NOBODY})
    plain, more = found.select(*_READ, "folded").to_struct(), found["more"]
    if not more.any():
        return plain
    read = by_distinct(names.set(~more, None), read_party, pl.Struct(_READ)).struct.unnest()
    return read.with_columns(folded).to_struct().zip_with(more, plain)


def _shown(names: pl.Series) -> pl.Series:
    """Names with plain quotes, no stray space after a hyphen, and no comma at the end."""
    quoted = _NAME.str.replace_all('[<>«»“”„"]+', '"')
    joined = _NAME.str.replace_all(r"(\p{L})- (\p{L})", "${1}-${2}")  # twice: the B of A- B- C is of two matches
    return staged({"name": names}, {"name": quoted}, {"name": joined}, {"name": joined.str.strip_chars(" ,;:")})["name"]
