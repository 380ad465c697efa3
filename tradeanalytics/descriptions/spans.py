"""A stretch of a text, and what it was read as."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

# `re` leaps only to what a pattern begins with, and fast only if that is a plain class. So a pattern of a word begins
# with the letter before the word, of this class, then asks for the word's first letter, then looks behind exactly.
GAP = "[^0-9A-ZА-Я_]"
REMEMBERED = 16_384  # words and values: descriptions repeat them


class Span(NamedTuple):
    """`value` is given only where it is not the text itself."""

    kind: str
    start: int
    end: int
    how: str = "pattern"
    number: float = math.nan
    unit: str | None = None
    value: str = ""

    @property
    def closed(self) -> bool:
        """Whether no part number is looked for inside: a maker's name may hold a digit, a standard always does."""
        return self.kind in ("maker", "trademark", "standard")


def inside(start: int, end: int, spans: Iterable[Span]) -> bool:
    """Whether a stretch lies within one of the spans."""
    return any(span.start <= start and end <= span.end for span in spans)
