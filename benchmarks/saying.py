"""How every benchmark says what it measured."""

from collections.abc import Sequence
from statistics import median


def spread(seconds: Sequence[float]) -> str:
    """Median, and least to most."""
    return f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose first row is its heading."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
