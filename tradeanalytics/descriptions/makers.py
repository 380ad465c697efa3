"""Makers of a list the user gives, found word for word."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.descriptions.letters import fold_mixed, upper
from tradeanalytics.descriptions.spans import Span

_WORD = re.compile(r"\w+")


def read_makers(path: Path) -> tuple[tuple[str, str], ...]:
    """A list of makers from a CSV with the columns `maker` and `spelling`; without a spelling, the maker's own name.

    Raises TradeAnalyticsError if the file is not UTF-8 or has other columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TradeAnalyticsError(f"{path.name}: not a readable CSV in UTF-8 ({error})") from error
    if not rows or not {"maker", "spelling"} <= rows[0].keys():
        raise TradeAnalyticsError(f"{path.name}: expected the columns 'maker' and 'spelling' and at least one row")
    pairs = (((row["maker"] or "").strip(), (row["spelling"] or "").strip()) for row in rows)
    return tuple((maker, spelling or maker) for maker, spelling in pairs if maker)


class Spelling(NamedTuple):
    """A maker, and one spelling of its name as it is looked for."""

    maker: str
    pattern: re.Pattern[str]


def by_first_word(makers: Iterable[tuple[str, str]]) -> dict[str, list[Spelling]]:
    """Spellings under their first word, longest first: a list of thousands costs a text no more than a short one."""
    found: dict[str, list[Spelling]] = {}
    for maker, spelling in sorted(set(makers), key=lambda pair: (-len(pair[1]), pair)):
        words = upper(fold_mixed(" ".join(spelling.split())))
        first = _WORD.search(words)
        if first:
            pattern = re.compile(re.escape(words[first.start() :]).replace(r"\ ", r"\s+") + r"(?!\w)")
            found.setdefault(first[0], []).append(Spelling(maker, pattern))
    return found


def listed(text: str, spellings: Mapping[str, Sequence[Spelling]]) -> Iterator[Span]:
    """Makers of the list in a text in capitals, the longest spelling where several fit."""
    end = 0
    for word in _WORD.finditer(text) if spellings else ():
        for maker, pattern in spellings.get(word[0], ()) if word.start() >= end else ():
            if found := pattern.match(text, word.start()):
                end = found.end()
                yield Span("maker", word.start(), end, "listed", value=maker)
                break
