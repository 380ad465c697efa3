"""Who is named in a party's field: the party, a second one behind it, and names that name nobody."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from tradeanalytics.reference import lookup
from tradeanalytics.sources.cells import REMEMBERED, Text, by_distinct, each, tidied, unmixed_cells

PARTY = pl.Struct({"name": pl.String, "second": pl.String, "how": pl.String})

_JUNK = lookup("junk_parties", "text", "how")
_WAYS = (
    ("to_order", re.compile(r"(?:\bTO\s+(?:THE\s+)?ORDER\b(?:\s+OF\b)?|^ORDER\s+OF\b)[\s:,]*", re.I)),
    ("care_of", re.compile(r"(?:^|\b)(?:C\s?[/\\]\s?O\b|CARE\s+OF\b)[\s.:,]*", re.I)),
    ("on_behalf_of", re.compile(r"\b(?:O\s?/\s?B|OBO|(?:FOR\s+AND\s+)?ON\s+BEHALF\s+OF)\b[\s.:,]*", re.I)),
    ("on_behalf_of", re.compile(r"\bПО\s+ПОРУЧЕНИЮ\b[\s:,]*", re.I)),
)
# Cells that hold one of these need a closer look; most others are their own name.
_ODD = [
    "order",
    "/o",
    "/ o",
    "\\o",
    "\\ o",
    "o/",
    "o /",
    "care",
    "obo",
    "behalf",
    '""',
    *"<>«»“”„",
    "- ",
    "поручению",
    "ПОРУЧЕНИЮ",
    "Поручению",
]
_QUOTES = re.compile('[<>«»“”„"]+')
_HYPHEN = re.compile(r"(?<=[^\W\d_])- (?=[^\W\d_])")


class Party(NamedTuple):
    """A party's name, the second party of its field, and how they stand: to_order, care_of, on_behalf_of, withheld."""

    name: str | None
    second: str | None = None
    how: str | None = None


def party(column: Text) -> pl.Expr:
    """Struct of `name`, `second` and `how` from a raw name: tidied, homoglyphs folded, quotes and hyphens mended.

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
    shown = _shown(text)
    if shown.lower().rstrip(".") in _JUNK:
        return Party(None, None, _JUNK[shown.lower().rstrip(".")] or None)
    for how, words in _WAYS:
        if found := words.search(shown):
            return Party(_name(shown[: found.start()]), _name(shown[found.end() :]), how)
    return Party(shown or None)


def _shown(text: str) -> str:
    """The text with plain quotes, no stray space after a hyphen, and no trailing comma."""
    return _HYPHEN.sub("-", _QUOTES.sub('"', text)).strip(" ,;:")


def _name(text: str) -> str | None:
    """One side of a field that names two, unless it names nobody; half a bracket is from around the other side."""
    name = text.strip(" ,;:-" if text.count("(") == text.count(")") else " ,;:-()")
    return None if not name or name.lower() in _JUNK else name


def _parties(cells: pl.Series) -> pl.Series:
    names = unmixed_cells(tidied(cells))
    odd = _odd(names)
    nobody = pl.Series([None], dtype=pl.String).new_from_index(0, len(names))
    plain = pl.DataFrame({"name": names, "second": nobody, "how": nobody}).to_struct()
    if not odd.any():
        return plain
    read = by_distinct(names.set(~odd, None), read_party, PARTY)
    return read.zip_with(odd, plain)


def _odd(names: pl.Series) -> pl.Series:
    marked = names.str.contains_any(_ODD, ascii_case_insensitive=True) | names.str.contains("[,;:]$")
    junk = names.str.to_lowercase().str.strip_chars_end(".").is_in(list(_JUNK))
    return (marked | junk).fill_null(False)
