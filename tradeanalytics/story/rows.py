"""The parts that pictures of named rows share: a page tall enough for them, their names at its left, words in a row."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, style
from tradeanalytics.story.chart import Page, Text

BESIDE: Final = 8.0
"""Points between the middle of a mark and the words beside it."""

_ROW_GAP: Final = 8.0
_NAMES_SHARE: Final = 0.40


@dataclass(frozen=True)
class Rows:
    """A page with rows of one height, each name cut into lines, and the points left free under and above them."""

    sheet: Page
    names: Sequence[Sequence[str]]
    foot: float
    above: float

    def left(self) -> float:
        """Points that the names take, with the gap beside them."""
        return max(chart.width(line, style.LABEL_SIZE, "bold") for lines in self.names for line in lines) + 8

    def height(self) -> float:
        """Points that one row takes."""
        return (self.sheet.height - self.foot - self.above) / len(self.names)

    def edge(self, place: float) -> float:
        """Points from the ground of the page up to the upper edge of a row; a half leads to its middle."""
        return self.sheet.height - self.above - place * self.height()

    def name(self, place: int, *, bold: bool, x: float = 0) -> None:
        """Write the name of a row from `x` points on, at the left edge if nothing else is asked."""
        look: dict[str, Any] = {"weight": "bold", "color": style.VERMILION} if bold else {}
        lines = self.names[place]
        top = self.edge(place + 0.5) + len(lines) * style.LABEL_SIZE * chart.LEADING / 2
        self.sheet.write(x, top, lines, **look)

    def rule(self) -> None:
        """Draw a thin line between every two rows."""
        for place in range(1, len(self.names)):
            y = self.sheet.place(0, self.edge(place))[1]
            ends = [self.sheet.place(0, 0)[0], self.sheet.place(self.sheet.width, 0)[0]]
            self.sheet.figure.add_artist(Line2D(ends, [y, y], color=style.RULE, linewidth=0.6, zorder=-0.5))


def rows(
    labels: Sequence[str],
    text: Text,
    size: style.Size | None,
    *,
    above: float = 0,
    foot: float = 0,
    share: float = _NAMES_SHARE,
    lines: int = 1,
) -> Rows:
    """A page for these rows, the tallest name making the row height; without a `size` it grows as tall as they need.

    Names take at most this `share` of its width; what else stands in a row takes so many `lines`. Raises
    TradeAnalyticsError when the rows do not fit the size asked for.
    """
    sheet = chart.page(text, size or style.SIZE)
    names = [_cut(label, sheet.width * share) for label in labels]
    row = least_height(labels, sheet.width * share, lines)
    missing = (row * len(names) + above + foot - sheet.height) / 72
    if missing > 0 and size is not None:
        raise TradeAnalyticsError(
            f"size: {size[1]} inches high, expected {size[1] + missing:.2f} for {len(names)} rows"
        )
    if missing > 0:
        sheet = chart.page(text, (style.SIZE[0], style.SIZE[1] + math.ceil(missing * 10) / 10))
    return Rows(sheet, names, foot, above)


def least_height(labels: Sequence[str], room: float, lines: int = 1) -> float:
    """Points that a row takes at least: the lines of the tallest name cut to this room, or `lines` if they are more."""
    tallest = max(lines, *(len(_cut(label, room)) for label in labels))
    return tallest * style.LABEL_SIZE * chart.LEADING + _ROW_GAP


def _cut(label: str, room: float) -> list[str]:
    return chart.balance(chart.clean(label), room, style.LABEL_SIZE, "bold")


def beside(axes: Axes, x: float, place: int, words: str, offset: float, **look: Any) -> None:
    """Words that start (or, with a negative offset, end) this many points beside a place, level with its mark."""
    below = -chart.MIDDLE * style.LABEL_SIZE
    axes.annotate(
        words, (x, place), (offset, below), textcoords="offset points", va="baseline",
        ha="left" if offset > 0 else "right", size=style.LABEL_SIZE, **look,
    )  # fmt: skip
