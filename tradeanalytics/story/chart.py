"""What stands around every picture: its headline, subtitle, source and stamp, cut into lines that fit the page."""

import itertools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import style

MARGIN: Final = 22.0
"""Points of empty paper at the left and right edge."""

LEADING: Final = 1.2
"""Height of a line of text, as a multiple of its size: the same everywhere, so that boxes are known before drawing."""

STAMP: Final = "stamp"
"""The gid of the word across invented data: it lies behind everything, and may."""

MIDDLE: Final = 0.33
"""Height of the middle of a figure or a capital above its baseline, as a multiple of its size."""

KEY_HEIGHT: Final = 24.0
"""Points that a line of samples takes above the data."""

_ASCENT: Final = 0.93  # from the top of a line down to its baseline: leaves as much above a capital as below a tail
_DOT: Final = 9.0
_STROKE: Final = 18.0
_APART: Final = 22.0
_TOP: Final = 16.0
_BOTTOM: Final = 13.0
_GAP: Final = 10.0
_SMALLEST: Final = 100.0


@dataclass(frozen=True)
class Text:
    """The words around a picture, already in its language. `stamp` is drawn across data that somebody invented."""

    headline: str
    subtitle: str
    source: str
    stamp: str = ""


@dataclass(frozen=True)
class Point:
    """One month of the data, named beside its dot."""

    period: date
    label: str


@dataclass(frozen=True)
class Event:
    """A day on which something happened: an upright line with its name and date."""

    on: date
    label: str


@dataclass(frozen=True)
class Page:
    """A figure with its words drawn, and the part of it left for the data, in points from the lower left corner."""

    figure: Figure
    bottom: float
    width: float
    height: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Fractions of the figure for a place in points, from the lower left corner of the part for the data."""
        return (MARGIN + x) / (self.figure.get_figwidth() * 72), (self.bottom + y) / (self.figure.get_figheight() * 72)

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Axes with this lower left corner and size, in points of the part for the data."""
        left, bottom = self.place(x, y)
        right, top = self.place(x + width, y + height)
        return self.figure.add_axes((left, bottom, right - left, top - bottom))

    def write(self, x: float, y: float, lines: Sequence[str], *, size: float = style.LABEL_SIZE, **look: Any) -> None:
        """Write lines downwards from these points, each a text of its own.

        One text of several lines would set them unevenly: matplotlib spaces lines by the accents and tails they have.
        """
        for place, line in enumerate(lines):
            baseline = y - (place * LEADING + _ASCENT) * size
            self.figure.text(*self.place(x, baseline), line, size=size, va="baseline", **look)


def clean(text: str) -> str:
    """Text as data, on one line: control and direction characters and lone surrogates go, a line break is a space.

    >>> clean("a\\tb\\u202ec")
    'a bc'
    """
    spaced = (" " if sign in "\t\n\r\v\f\u2028\u2029" else sign for sign in text)
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}).strip(" ")


@cache
def width(text: str, size: float, weight: str = "normal") -> float:
    """Width of one line of text in points, as every renderer draws it."""
    font = FontProperties(family=list(style.FAMILIES), size=size, weight=weight)
    across, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(across)


def wrap(text: str, room: float, size: float, weight: str = "normal") -> list[str]:
    """Cut cleaned text into lines no wider than `room` points, at ordinary spaces only: a no-break space holds.

    A single word wider than the room is cut where it must be.
    """
    lines = [""]
    words = [word for word in text.split(" ") if word]
    for word in itertools.chain.from_iterable(_pieces(word, room, size, weight) for word in words):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def balance(text: str, room: float, size: float, weight: str = "normal") -> list[str]:
    """Wrapped into as few lines as `wrap` needs, but of nearly equal length, so that no word is left alone."""
    fewest = len(wrap(text, room, size, weight))
    longest = max(width(word, size, weight) for word in text.split(" "))  # never cut a word for the sake of balance
    low, high = min(longest, room), room
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if len(wrap(text, middle, size, weight)) <= fewest else (middle, high)
    return wrap(text, high, size, weight)


def page(text: Text, size: style.Size) -> Page:
    """A figure of `size` inches with headline, subtitle and source drawn, each in as many lines as it needs.

    Raises TradeAnalyticsError where a text needs more lines than a page gives it, or the texts leave no room for data.
    """
    figure = Figure(figsize=size, dpi=style.DPI, label=clean(text.headline))
    FigureCanvasAgg(figure)
    room = size[0] * 72 - 2 * MARGIN
    if room < _SMALLEST:
        raise TradeAnalyticsError(f"size: {size[0]} inches wide, expected at least {(_SMALLEST + 2 * MARGIN) / 72:.1f}")
    headline = _few("headline", balance(clean(text.headline), room, style.HEADLINE_SIZE, "bold"), 2)
    subtitle = _few("subtitle", balance(clean(text.subtitle), room, style.SUBTITLE_SIZE), 3)
    source = _few("source", balance(clean(text.source), room, style.SOURCE_SIZE), 4)
    whole = Page(figure, 0, room, size[1] * 72)
    middle = whole.height - _TOP - len(headline) * style.HEADLINE_SIZE * LEADING - 3
    whole.write(0, whole.height - _TOP, headline, size=style.HEADLINE_SIZE, weight="bold")
    whole.write(0, middle, subtitle, size=style.SUBTITLE_SIZE, color=style.GREY)
    top = middle - len(subtitle) * style.SUBTITLE_SIZE * LEADING - _GAP
    return _above_foot(whole, source, top)


def require(data: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a table that lacks a column or has no row."""
    if missing := [name for name in columns if name not in data]:
        raise TradeAnalyticsError(f"column: {missing[0]!r} is not in {list(data)}, expected {list(columns)}")
    if data.empty:
        raise TradeAnalyticsError(f"data: no row, expected at least one with {list(columns)}")


def key(sheet: Page, *samples: tuple[str, Mapping[str, Any]]) -> None:
    """Name lines or dots above the data: each name beside a sample drawn with its look.

    Raises TradeAnalyticsError if two names are the same or they do not fit on one line.
    """
    names = [name for name, _ in samples]
    if len({*names}) < len(names):
        raise TradeAnalyticsError(f"names: {names[0]!r} stands for two things, expected different names")
    x, y = 0.0, sheet.height - 8
    for name, look in samples:
        across = _across(look)
        ends = [sheet.place(x + across / 2, y)] if "marker" in look else [sheet.place(x, y), sheet.place(x + across, y)]
        sheet.figure.add_artist(
            Line2D([end[0] for end in ends], [end[1] for end in ends], solid_capstyle="butt", **look)
        )
        sheet.write(x + across + 6, y + (_ASCENT - MIDDLE) * style.LABEL_SIZE, [clean(name)])
        x += sample_width(name, look)
    if x - _APART > sheet.width:
        raise TradeAnalyticsError(f"names: {names} are wider than the page, expected shorter ones")


def sample_width(name: str, look: Mapping[str, Any]) -> float:
    """Points that a sample and its name take in a key, with the gap after them."""
    return _across(look) + 6 + width(clean(name), style.LABEL_SIZE) + _APART


def stamp(axes: Axes, text: Text) -> None:
    """Write the stamp across the axes, behind the data but so large that no crop of the picture loses it."""
    word = clean(text.stamp)
    if not word:
        return
    box = axes.get_window_extent()
    across, up = box.width / style.DPI * 72, box.height / style.DPI * 72
    size = min(0.85 * across / width(word, 1, "bold"), 0.6 * up)
    look: dict[str, Any] = {"color": style.VERMILION, "alpha": 0.2, "weight": "bold", "zorder": 0.5, "gid": STAMP}
    axes.text(0.5, 0.5, word, transform=axes.transAxes, size=size, ha="center", va="center", **look)


def _across(look: Mapping[str, Any]) -> float:
    return _DOT if "marker" in look else _STROKE


def _pieces(word: str, room: float, size: float, weight: str) -> Iterator[str]:
    while len(word) > 1 and width(word, size, weight) > room:
        end = next((end for end in range(len(word) - 1, 1, -1) if width(word[:end], size, weight) <= room), 1)
        yield word[:end]
        word = word[end:]
    yield word


def _few(what: str, lines: Sequence[str], most: int) -> Sequence[str]:
    if len(lines) > most:
        start = lines[0][:40]
        raise TradeAnalyticsError(f"{what}: '{start}…' takes {len(lines)} lines at this size, expected {most} at most")
    return lines


def _above_foot(whole: Page, source: Sequence[str], top: float) -> Page:
    """Write the source at the foot under a rule; what is left between the rule and `top` is for the data."""
    foot = _BOTTOM + len(source) * style.SOURCE_SIZE * LEADING
    whole.write(0, foot, source, size=style.SOURCE_SIZE, color=style.GREY)
    ends = whole.place(0, foot + 6), whole.place(whole.width, foot + 6)
    whole.figure.add_artist(Line2D(*zip(*ends, strict=True), color=style.RULE, linewidth=0.8))
    bottom = foot + 6 + _GAP
    if top - bottom < _SMALLEST:
        missing = (_SMALLEST - top + bottom) / 72
        raise TradeAnalyticsError(f"size: the words leave no room for data, expected {missing:.1f} inches more height")
    return Page(whole.figure, bottom, whole.width, top - bottom)
