"""Codes of the goods: digits, repaired only where the written code proves the repair."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from tradeanalytics.reference.hs import EDITIONS
from tradeanalytics.reference.scripts import REMEMBERED
from tradeanalytics.sources.cells import Text, blank, by_distinct, counted, counts, each, raw

HS = pl.Struct({"hs": pl.String, "hs_repair": pl.String, "codes": pl.UInt16})
_SOURCES = pl.Enum(["declared", "parsed", "classified"])
_EDITIONS = pl.Enum(EDITIONS)

_LENGTHS, _WRITTEN = (4, 6, 8, 10), range(3, 11)
_CLEAN = r"^(?:[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10})$"
_LABEL = re.compile(r"(?i)\b(?:parsed|classified)\s*:")
_BETWEEN = re.compile(r"[;|\n]|,\s+|(?<=[0-9]{4}),(?=[0-9]{4})")
_E_NOTATION = re.compile(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+?([0-9]{1,2})")
_FLOAT = re.compile(r"([0-9]{3,10})[.,]0")
_GROUPS = re.compile(r"[0-9]+(?:[., -]+[0-9]+)*")


@dataclass(frozen=True)
class HsProfile:
    """The usual number of digits of a column's codes; 0 if it has none."""

    digits: int = 0


def hs_evidence(column: Text) -> pl.Expr:
    """How many digits a code has, for `counted`."""
    length = raw(column).str.extract(r"^\s*([0-9]+)(?:\.0)?\*?\s*$").str.len_bytes()
    return counts({str(digits): length == digits for digits in _WRITTEN})


def hs_profile(rows: pl.LazyFrame, column: Text) -> HsProfile:
    """Look at a column once: the number of digits most of its codes have, the larger of two equally frequent."""
    return hs_decided(counted(rows, {"column": hs_evidence(column)})["column"])


def hs_decided(counts: Mapping[str, int]) -> HsProfile:
    """The profile that the counts of `hs_evidence` speak for."""
    count, digits = max((count, int(digits)) for digits, count in counts.items())
    return HsProfile(digits if count else 0)


def hs(column: Text, profile: HsProfile) -> pl.Expr:
    """Struct of `hs` (digits), `hs_repair` (from_float, from_e_notation, zero_restored) and `codes` in the cell."""
    return each(column, lambda cells: _codes(cells, profile.digits), HS)


def hs_source(column: Text) -> pl.Expr:
    """Where a code is from: a vendor guessed it (classified), read it on the bill (parsed), or it is declared."""
    label = raw(column).str.extract(r"(?i)^\s*(parsed|classified)\s*:").str.to_lowercase()
    return pl.when(~blank(column)).then(label.fill_null("declared")).cast(_SOURCES)


def hs_edition(day: Text) -> pl.Expr:
    """The edition of the HS in force on a day; null before 1988. The EAEU and Canada changed on 1 January 2022."""
    year = raw(day).dt.year()
    editions = [pl.when(year >= int(first)).then(pl.lit(first, _EDITIONS)) for first in reversed(EDITIONS)]
    return pl.coalesce(editions)


@lru_cache(REMEMBERED)
def read_hs(text: str, digits: int) -> tuple[str | None, str | None, int]:
    """The first code of a text, its repairs, and how many codes there are; `digits` is the column's usual length.

    >>> read_hs("Parsed: 2523.21.00.00; 2523.29", 10)
    ('2523210000', None, 2)
    >>> read_hs("101210000.0", 10)
    ('0101210000', 'from_float;zero_restored', 1)
    >>> read_hs("8.54231E+09", 10)  # four digits are lost
    (None, None, 1)
    """
    codes = [code for part in _BETWEEN.split(_LABEL.sub(";", text)) if (code := part.strip(" \t\r\u00a0*'\""))]
    return (*_repaired(codes[0], digits), len(codes)) if codes else (None, None, 0)


def _repaired(code: str, digits: int) -> tuple[str | None, str | None]:
    if found := _E_NOTATION.fullmatch(code):
        whole = len(found[2] or "") == int(found[3])
        return _complete([found[1] + (found[2] or "")], digits, ["from_e_notation"]) if whole else (None, None)
    if found := _FLOAT.fullmatch(code):
        return _complete([found[1]], digits, ["from_float"])
    if not _GROUPS.fullmatch(code):
        return None, None
    return _complete(re.findall("[0-9]+", code), digits, [])


def _complete(groups: list[str], digits: int, repairs: list[str]) -> tuple[str | None, str | None]:
    """The code of its groups. 101.21 lost its first zero, 8542.3 its last: only the first can be told."""
    code = "".join(groups)
    lost = len(code) % 2 and len(code) + 1 == digits and not code.startswith("0")
    if lost and len(groups[0]) % 2 and not any(len(group) % 2 for group in groups[1:]):
        code, repairs = f"0{code}", [*repairs, "zero_restored"]
    if len(code) not in _LENGTHS or code.startswith("00"):
        return None, None
    return code, ";".join(repairs) or None


def _codes(cells: pl.Series, digits: int) -> pl.Series:
    odd = ~cells.str.contains(_CLEAN).fill_null(True) | cells.str.starts_with("00").fill_null(False)
    none = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    one = pl.select(pl.when(cells.is_not_null()).then(pl.lit(1, pl.UInt16))).to_series()
    clean = pl.DataFrame({"hs": cells, "hs_repair": none, "codes": one}).to_struct()
    if not odd.any():
        return clean
    return by_distinct(cells.set(~odd, None), lambda text: read_hs(text, digits), HS).zip_with(odd, clean)
