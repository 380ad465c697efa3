"""A stretch of a text, and what it was read as."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


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


def inside(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span lies within one of the others."""
    return any(other.start <= span.start and span.end <= other.end for other in others)
