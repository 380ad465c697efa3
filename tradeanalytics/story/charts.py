"""The pictures: months on a line with an event, the same months in two vintages, and rows before and after.

Each function returns a finished figure of fixed layout; `style.save` writes it. Values are floats in the unit that the
subtitle names, with NaN for what nobody knows: it breaks a line and is said, and is never drawn as zero.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, style
from tradeanalytics.story import months as over_time
from tradeanalytics.story.chart import Event, Page, Point, Text
from tradeanalytics.story.labels import Labels
from tradeanalytics.story.words import NARROW, day, difference, number, unknown

_AFTER_LAST: Final = 0.05
"""Share of the axis of months left empty at its right, where the newest months want their labels."""

_OLD: Final[dict[str, Any]] = {"color": style.PALE_BLUE, "linewidth": 6.0, "zorder": 3.0}
_NEW: Final[dict[str, Any]] = {"color": style.BLUE, "linewidth": 1.6, "zorder": 4.0}
_BEFORE: Final[dict[str, Any]] = {
    "marker": "o",
    "color": style.PAPER,
    "markersize": 8,
    "markeredgecolor": style.GREY,
    "markeredgewidth": 1.8,
}
_AFTER: Final[dict[str, Any]] = {"marker": "o", "color": style.BLUE, "markersize": 9, "markeredgecolor": style.PAPER}
_ROW_GAP: Final = 8.0
_NAMES_SHARE: Final = 0.40
_BESIDE: Final = 8.0
"""Points between the middle of a dot and its number."""


@style.house_style()
def line_with_event(
    data: pd.DataFrame,
    text: Text,
    *,
    points: Sequence[Point],
    event: Event | None,
    language: str,
    size: style.Size = style.SIZE,
) -> Figure:
    """Monthly values on a line from zero, with named months and the day of an event. `size` in inches.

    `data`: period (a month), value. A month without a row is as unknown as a NaN.
    """
    months, sheet = over_time.calendar(data, ["value"]), chart.page(text, size)
    words = _event_words(event, sheet, language)
    foot = over_time.foot_height(months)
    above = 12 + len(words) * style.LABEL_SIZE * chart.LEADING
    scale = over_time.scale(months["value"].to_numpy(), sheet.height - foot, language, above=above, below=6)
    axes = sheet.axes(scale.width(), foot, sheet.width - scale.width(), sheet.height - foot)
    over_time.draw_scale(axes, scale)
    over_time.draw_time(axes, months, language, right=_AFTER_LAST)
    over_time.draw_line(axes, months["value"], color=style.BLUE, linewidth=2.2)
    labels = Labels(axes)
    if event:
        _draw_event(labels, event, words, months)
    _draw_unknown(labels, months["value"], language)
    _draw_points(labels, points, months["value"], style.BLUE)
    chart.stamp(axes, text)
    return sheet.figure


@style.house_style()
def two_vintages(
    data: pd.DataFrame,
    text: Text,
    *,
    old: str,
    new: str,
    points: Sequence[Point],
    language: str,
    size: style.Size = style.SIZE,
) -> Figure:
    """The same months as published twice: both lines above, and below what changed, on a scale of its own.

    `data`: period (a month), old, new. The named months stand at their difference. A month known in one vintage only
    has no difference, and is marked as unknown below.
    """
    months, sheet = over_time.calendar(data, ["old", "new"]), chart.page(text, size)
    months["change"] = months["new"] - months["old"]
    foot = over_time.foot_height(months)
    room = sheet.height - foot - 2 * chart.KEY_HEIGHT - 8
    levels = over_time.scale(months[["old", "new"]].to_numpy(), 0.55 * room, language, above=4, most=4)
    change = over_time.scale(
        months["change"].to_numpy(), 0.45 * room, language, above=24, below=18, most=3, signed=True
    )  # fmt: skip
    left = max(levels.width(), change.width())
    top = sheet.axes(left, sheet.height - chart.KEY_HEIGHT - 0.55 * room, sheet.width - left, 0.55 * room)
    bottom = sheet.axes(left, foot, sheet.width - left, 0.45 * room)
    chart.key(sheet, (old, _OLD), (new, _NEW))
    sheet.write(0, foot + 0.45 * room + 20, [difference(chart.clean(new), chart.clean(old), language)])
    _draw_levels(top, months, levels, language)
    _draw_change(bottom, months, change, points, language)
    chart.stamp(top, text)
    return sheet.figure


@style.house_style()
def before_and_after(
    data: pd.DataFrame,
    text: Text,
    *,
    before: str,
    after: str,
    language: str,
    highlight: str | None = None,
    size: style.Size | None = None,
) -> Figure:
    """One row for each label, its value before and after, on one scale from zero, in the order given.

    `data`: label, before, after. Without a `size` the page grows as tall as its rows need; with one, rows that do not
    fit are refused. `highlight` is the label of the row that the story is about.
    """
    chart.require(data, ["label", "before", "after"])
    values = data[["before", "after"]].astype(float).itertuples(index=False)
    rows = [(str(label), *pair) for label, pair in zip(data["label"], values, strict=True)]
    if highlight is not None and highlight not in [row[0] for row in rows]:
        raise TradeAnalyticsError(f"highlight: {highlight!r} is no row, expected one of {[row[0] for row in rows]}")
    sheet, names = _sheet_for_rows([row[0] for row in rows], text, size)
    axes = _row_axes(sheet, names, [value for row in rows for value in row[1:]], language)
    chart.key(sheet, (before, _BEFORE), (after, _AFTER))
    for place, (label, was, became) in enumerate(rows):
        accent = style.VERMILION if label == highlight else style.BLUE
        _name_row(sheet, (place + 0.5) / len(rows), names[place], bold=label == highlight)
        _draw_row(axes, place, was, became, accent)
        _write_row(axes, place, {before: was, after: became}, language, accent)
    chart.stamp(axes, text)
    return sheet.figure


def _event_words(event: Event | None, sheet: Page, language: str) -> list[str]:
    if event is None:
        return []
    label = chart.balance(chart.clean(event.label), sheet.width * 0.4, style.LABEL_SIZE, "bold")
    return [*label, day(event.on, language)]


def _draw_event(labels: Labels, event: Event, words: Sequence[str], months: pd.DataFrame) -> None:
    """An upright line on the day, its words at its head, on the side with more room."""
    axes, at = labels.axes, event.on.toordinal() + 0.5  # midday: a day is drawn at its middle, as a month is
    start, end = axes.get_xlim()
    if not months.index[0].start_time.date() <= event.on <= months.index[-1].end_time.date():
        raise TradeAnalyticsError(f"event: {event.on} lies outside {months.index[0]} to {months.index[-1]}")
    axes.plot([at, at], axes.get_ylim(), color=style.INK, linewidth=1.0, linestyle=(0, (3, 2)), zorder=2)
    side, gap = ("right", -6) if at - start > end - at else ("left", 6)
    x, y = axes.transData.transform((at, axes.get_ylim()[1]))
    corner = (float(x) + gap * style.DPI / 72, float(y))
    below = labels.pin(corner, words[:-1], side)
    labels.pin(below, words[-1:], side, color=style.GREY)


def _draw_points(labels: Labels, points: Sequence[Point], values: pd.Series, color: str) -> None:
    """All dots before the first label, so that no label lies on a dot."""
    places = [(over_time.middle(pd.Period(point.period, "M")), _known(values, point.period)) for point in points]
    for place in places:
        labels.dot(place, color)
    names = [(place, point.label) for place, point in zip(places, points, strict=True)]
    labels.near(names, color=color, weight="bold")


def _known(values: pd.Series, period: date) -> float:
    value = values.get(pd.Period(period, "M"), np.nan)
    if not np.isfinite(value):
        raise TradeAnalyticsError(f"point: {period:%Y-%m} has no known value, expected a month with one")
    return float(value)


def _draw_unknown(labels: Labels, values: pd.Series, language: str) -> None:
    """Hatch every unknown run, which later labels shun; one word, at the longest, says what hatching means."""
    runs = over_time.draw_unknown(labels.axes, values)
    for start, end in runs[:1]:
        labels.near([(((start + end) / 2, 0.0), unknown(language))], color=style.GREY)
    for start, end in runs:
        labels.shun(start, end)


def _draw_levels(axes: Axes, months: pd.DataFrame, scale: over_time.Scale, language: str) -> None:
    over_time.draw_scale(axes, scale)
    over_time.draw_time(axes, months, language, named=False)
    over_time.draw_line(axes, months["old"], **_OLD)
    over_time.draw_line(axes, months["new"], **_NEW)
    _draw_unknown(Labels(axes), months["new"], language)


def _draw_change(
    axes: Axes, months: pd.DataFrame, scale: over_time.Scale, points: Sequence[Point], language: str
) -> None:  # fmt: skip
    """A stem from zero to each difference; months that did not change have none."""
    over_time.draw_scale(axes, scale)
    over_time.draw_time(axes, months, language)
    changed = months["change"][months["change"].abs() > 0]
    places = [over_time.middle(period) for period in changed.index]
    axes.plot(np.repeat(places, 3), [end for value in changed for end in (0, value, np.nan)], color=style.VERMILION)
    axes.plot(places, changed.to_numpy(), "o", color=style.VERMILION, markersize=3)
    labels = Labels(axes)
    _draw_unknown(labels, months["change"], language)
    _draw_points(labels, points, months["change"], style.VERMILION)


def _sheet_for_rows(labels: Sequence[str], text: Text, size: style.Size | None) -> tuple[Page, list[list[str]]]:
    """A page tall enough for every row, and the names of the rows in lines; the tallest name makes the row height."""
    sheet = chart.page(text, size or style.SIZE)
    room = sheet.width * _NAMES_SHARE
    names = [chart.balance(chart.clean(label), room, style.LABEL_SIZE, "bold") for label in labels]
    row = max(map(len, names)) * style.LABEL_SIZE * chart.LEADING + _ROW_GAP
    missing = (row * len(names) + chart.KEY_HEIGHT - sheet.height) / 72
    if missing > 0 and size is not None:
        raise TradeAnalyticsError(
            f"size: {size[1]} inches high, expected {size[1] + missing:.2f} for {len(names)} rows"
        )
    return (
        chart.page(text, (style.SIZE[0], style.SIZE[1] + math.ceil(missing * 10) / 10)) if missing > 0 else sheet
    ), names


def _row_axes(sheet: Page, names: Sequence[Sequence[str]], values: Sequence[float], language: str) -> Axes:
    left = max(chart.width(line, style.LABEL_SIZE, "bold") for lines in names for line in lines) + 8
    axes = sheet.axes(left, 0, sheet.width - left, sheet.height - chart.KEY_HEIGHT)
    known = [value for value in values if np.isfinite(value)] or [1.0]
    beside = max(chart.width(_shown(value, language), style.LABEL_SIZE, "bold") for value in known) + _BESIDE + 4
    low, high = min(0.0, *known), max(0.0, *known) or 1.0
    point = (high - low) / max(sheet.width - left - 2 * beside, 1)
    axes.set(xlim=(low - beside * point, high + beside * point), ylim=(len(names) - 0.5, -0.5), xticks=[], yticks=[])
    axes.vlines(0, -0.5, len(names) - 0.5, color=style.INK, linewidth=1.0, zorder=1)
    for edge in range(1, len(names)):
        y = sheet.place(0, (sheet.height - chart.KEY_HEIGHT) * (1 - edge / len(names)))[1]
        ends = [sheet.place(0, 0)[0], sheet.place(sheet.width, 0)[0]]
        sheet.figure.add_artist(Line2D(ends, [y, y], color=style.RULE, linewidth=0.6, zorder=-0.5))
    return axes


def _name_row(sheet: Page, place: float, lines: Sequence[str], *, bold: bool) -> None:
    """The name of a row at the left edge; `place` is the middle of the row as a share of all rows, from above."""
    look: dict[str, Any] = {"weight": "bold", "color": style.VERMILION} if bold else {}
    middle = (sheet.height - chart.KEY_HEIGHT) * (1 - place)
    sheet.write(0, middle + len(lines) * style.LABEL_SIZE * chart.LEADING / 2, lines, **look)


def _draw_row(axes: Axes, place: int, was: float, became: float, accent: str) -> None:
    axes.plot([was, became], [place, place], color=accent, linewidth=3, alpha=0.3, solid_capstyle="butt")
    axes.plot(was, place, **_BEFORE)
    axes.plot(became, place, **{**_AFTER, "color": accent})


def _write_row(axes: Axes, place: int, values: dict[str, float], language: str, accent: str) -> None:
    """Both numbers beside their dots, the lower one to the left; an unknown one is said in words, with its name."""
    known = {name: value for name, value in values.items() if np.isfinite(value)}
    _, after = values
    looks = dict(zip(values, _number_looks(accent), strict=True))
    if not known:
        _beside(axes, 0.0, place, unknown(language), _BESIDE, color=style.GREY)
    if len(known) == 1:
        (name, value), (missing,) = next(iter(known.items())), values.keys() - known.keys()
        _write_half_known(axes, place, value, looks[name], f"({unknown(language, chart.clean(missing))})", language)
    if len(known) == 2:
        # On a tie the first name goes right, as it does in a fall: most rows of a story fall.
        lower, higher = sorted(known, key=lambda name: (known[name], name != after))
        at = _left_of_zero(axes, known[lower], language)
        _beside(axes, at, place, _shown(known[lower], language), -_BESIDE, **looks[lower])
        _beside(axes, known[higher], place, _shown(known[higher], language), _BESIDE, **looks[higher])


def _number_looks(accent: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"color": style.GREY}, {"color": accent, "weight": "bold"}


def _write_half_known(axes: Axes, place: int, value: float, look: dict[str, Any], missing: str, language: str) -> None:
    """The known number beside its dot and then what is missing, on the side that has room for both."""
    words = _shown(value, language)
    after = _BESIDE + chart.width(words, style.LABEL_SIZE, "bold") + 5
    room = (axes.get_window_extent().x1 - axes.transData.transform((value, place))[0]) / style.DPI * 72
    side = 1 if after + chart.width(missing, style.LABEL_SIZE) <= room else -1
    _beside(axes, value, place, words, side * _BESIDE, **look)
    _beside(axes, value, place, missing, side * after, color=style.GREY)


def _left_of_zero(axes: Axes, value: float, language: str) -> float:
    """Where the number left of a dot hangs: at zero if it would lie across the line there, else at its value."""
    reach = _BESIDE + chart.width(_shown(value, language), style.LABEL_SIZE, "bold") + 3
    zero, dot = (axes.transData.transform((x, 0))[0] / style.DPI * 72 for x in (0.0, value))
    return 0.0 if 0 <= dot - zero < reach else value


def _beside(axes: Axes, x: float, place: int, words: str, offset: float, **look: Any) -> None:
    """Words that start (or, with a negative offset, end) this many points beside a place, level with its dot."""
    below = -chart.MIDDLE * style.LABEL_SIZE
    axes.annotate(
        words, (x, place), (offset, below), textcoords="offset points", va="baseline",
        ha="left" if offset > 0 else "right", size=style.LABEL_SIZE, **look,
    )  # fmt: skip


def _shown(value: float, language: str) -> str:
    """One decimal, but a zero is plain and a value too small for a decimal is not shown as a zero."""
    if value == 0:
        return number(0, 0, language)
    if abs(value) < 0.05:
        return f"<{NARROW if language == 'fr' else ''}{number(0.1, 1, language)}"
    return number(value, 1, language)
