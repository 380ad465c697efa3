"""The pictures: months as a line or as columns, the same months in two vintages, rows before and after, ranked rows,
and the months in which each row is there.

Each function returns a finished figure of fixed layout; `style.save` writes it. Values are floats in the unit that the
subtitle names, with NaN for what nobody knows: it breaks a line and is said, and is never drawn as zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, style
from tradeanalytics.story import months as over_time
from tradeanalytics.story.chart import Event, Page, Point, Text
from tradeanalytics.story.labels import Labels
from tradeanalytics.story.rows import BESIDE, Rows, beside, rows
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
_COLUMN: Final = 0.78
"""Share of its month that a column takes, and of its row that a bar takes."""

_OVER: Final = 4.0
"""Points between a column and its number."""


@dataclass(frozen=True)
class Level:
    """A value that holds on the average of some months, the last one included: a line over them with its words."""

    first: date
    last: date
    value: float
    label: str


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
    words = event_words(event, sheet, language)
    foot = over_time.foot_height(months)
    above = 12 + len(words) * style.LABEL_SIZE * chart.LEADING
    scale = over_time.scale(months["value"].to_numpy(), sheet.height - foot, language, above=above, below=6)
    axes = sheet.axes(scale.width(), foot, sheet.width - scale.width(), sheet.height - foot)
    over_time.draw_scale(axes, scale)
    over_time.draw_time(axes, months, language, right=_AFTER_LAST)
    over_time.draw_line(axes, months["value"], color=style.BLUE, linewidth=2.2)
    labels = Labels(axes)
    if event:
        draw_event(labels, event, words, months)
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
    labels = _highlighted(data, highlight)
    named = rows(labels, text, size, above=chart.KEY_HEIGHT)
    pairs = [(float(was), float(became)) for was, became in zip(data["before"], data["after"], strict=True)]
    axes = _row_axes(named, [value for pair in pairs for value in pair], language)
    chart.key(named.sheet, (before, _BEFORE), (after, _AFTER))
    for place, (label, (was, became)) in enumerate(zip(labels, pairs, strict=True)):
        accent = style.VERMILION if label == highlight else style.BLUE
        named.name(place, bold=label == highlight)
        _draw_row(axes, place, was, became, accent)
        _write_row(axes, place, {before: was, after: became}, language, accent)
    chart.stamp(axes, text)
    return named.sheet.figure


@style.house_style()
def columns_by_month(
    data: pd.DataFrame,
    text: Text,
    *,
    language: str,
    event: Event | None = None,
    levels: Sequence[Level] = (),
    numbered: bool = False,
    size: style.Size = style.SIZE,
) -> Figure:
    """What each month adds up to, as a column from zero; `numbered` writes its whole number over each.

    `data`: period (a month), value. A month without a row is as unknown as a NaN; a zero is a column of no height.
    """
    months, sheet = over_time.calendar(data, ["value"]), chart.page(text, size)
    words = event_words(event, sheet, language)
    foot = over_time.foot_height(months)
    above = 12 + max(len(words), 1) * style.LABEL_SIZE * chart.LEADING
    scale = over_time.scale(months["value"].to_numpy(), sheet.height - foot, language, above=above, below=6)
    axes = sheet.axes(scale.width(), foot, sheet.width - scale.width(), sheet.height - foot)
    over_time.draw_scale(axes, scale)
    over_time.draw_time(axes, months, language)
    labels = Labels(axes)
    _draw_columns(labels, months["value"])
    if event:
        draw_event(labels, event, words, months)
    if numbered:
        _number_columns(labels, months["value"], language)
    _draw_unknown(labels, months["value"], language)
    _draw_levels_of(labels, levels)
    chart.stamp(axes, text)
    return sheet.figure


@style.house_style()
def ranked_bars(
    data: pd.DataFrame,
    text: Text,
    *,
    language: str,
    highlight: str | None = None,
    size: style.Size | None = None,
) -> Figure:
    """One bar from zero for each label, in the order given, with its share and its value in words at its end.

    `data`: label, value (drawn), share and amount (words; of an unknown value only that it is unknown is said).
    """
    chart.require(data, ["label", "value", "share", "amount"])
    labels = _highlighted(data, highlight)
    named = rows(labels, text, size)
    values = data["value"].astype(float).to_list()
    ends = [_end_words(*row, language) for row in zip(values, data["share"], data["amount"], strict=True)]
    axes = _bar_axes(named, values, ends)
    for place, (label, value, end) in enumerate(zip(labels, values, ends, strict=True)):
        accent = style.VERMILION if label == highlight else style.BLUE
        named.name(place, bold=label == highlight)
        if np.isfinite(value):
            axes.barh(place, value, height=_COLUMN, color=accent, zorder=2)
        _write_end(axes, value if np.isfinite(value) else 0.0, place, end, accent)
    chart.stamp(axes, text)
    return named.sheet.figure


@style.house_style()
def first_seen(
    data: pd.DataFrame,
    text: Text,
    *,
    span: tuple[date, date],
    event: Event,
    heading: str,
    language: str,
    size: style.Size | None = None,
) -> Figure:
    """A row for each label in the order given, with a dot in each month it is there; the first one stands out.

    `data`: label, period (a month), since (words at the end of the row, under `heading`). `span` is the first and the
    last month of the axis: what the records cover, so that an empty month says that the label is not there.
    """
    chart.require(data, ["label", "period", "since"])
    calendar = pd.DataFrame(index=pd.period_range(span[0], span[1], freq="M"))
    since = {str(label): str(words) for label, words in zip(data["label"], data["since"], strict=True)}
    words = event_words(event, chart.page(text, size or style.SIZE), language)
    above = 6 + len(words) * style.LABEL_SIZE * chart.LEADING
    named = rows(list(since), text, size, above=above, foot=over_time.foot_height(calendar))
    axes = _time_axes(named, calendar, list(since.values()), heading, language)
    draw_event(Labels(axes), event, words, calendar)
    for place, label in enumerate(since):
        named.name(place, bold=False)
        _draw_appearances(axes, place, pd.PeriodIndex(data.loc[data["label"] == label, "period"], freq="M"))
    chart.stamp(axes, text)
    return named.sheet.figure


def event_words(event: Event | None, sheet: Page, language: str) -> list[str]:
    """The words of an event in lines, its day last; none without an event."""
    if event is None:
        return []
    label = chart.balance(chart.clean(event.label), sheet.width * 0.4, style.LABEL_SIZE, "bold")
    return [*label, day(event.on, language)]


def draw_event(labels: Labels, event: Event, words: Sequence[str], months: pd.DataFrame) -> None:
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


def _draw_columns(labels: Labels, values: pd.Series) -> None:
    """A column for each known month; later labels keep off them."""
    for period, value in _known_months(values):
        at, half = over_time.middle(period), _COLUMN / 2 * period.days_in_month
        labels.axes.bar(at, value, width=2 * half, color=style.BLUE, zorder=2)
        ends = labels.axes.transData.transform([(at - half, 0.0), (at + half, value)])
        labels.taken.append(Bbox(ends))


def _number_columns(labels: Labels, values: pd.Series, language: str) -> None:
    """The whole number of each known month over its column; later labels keep off them."""
    for period, value in _known_months(values):
        look: dict[str, Any] = {"color": style.BLUE, "weight": "bold"} if value else {"color": style.GREY}
        words, at = number(value, 0, language), (over_time.middle(period), max(value, 0.0))
        labels.axes.annotate(
            words, at, (0, _OVER), textcoords="offset points", ha="center", va="baseline", size=style.LABEL_SIZE, **look
        )  # fmt: skip
        points = style.DPI / 72
        across, up = chart.width(words, style.LABEL_SIZE, "bold") * points, style.LABEL_SIZE * points
        x, y = labels.axes.transData.transform(at)
        labels.taken.append(Bbox.from_bounds(x - across / 2, y + _OVER * points, across, up))


def _known_months(values: pd.Series) -> list[tuple[pd.Period, float]]:
    return [(period, float(value)) for period, value in zip(values.index, values, strict=True) if np.isfinite(value)]


def _draw_levels_of(labels: Labels, levels: Sequence[Level]) -> None:
    """All lines before the first label, so that no label lies on a line; a white edge lifts them off the columns."""
    names = []
    for level in levels:
        first, last = pd.Period(level.first, "M"), pd.Period(level.last, "M")
        ends = [first.start_time.toordinal(), (last + 1).start_time.toordinal()]
        for color, linewidth in ((style.PAPER, 4.5), (style.VERMILION, 2.2)):
            labels.axes.plot(ends, [level.value] * 2, color=color, linewidth=linewidth, solid_capstyle="butt", zorder=4)
        names.append(((sum(ends) / 2, level.value), level.label))
    labels.near(names, color=style.VERMILION, weight="bold")


def _end_words(value: float, share: str, amount: str, language: str) -> tuple[str, str]:
    return (chart.clean(share), chart.clean(amount)) if np.isfinite(value) else ("", unknown(language))


def _bar_axes(named: Rows, values: Sequence[float], ends: Sequence[tuple[str, str]]) -> Axes:
    sheet, left = named.sheet, named.left()
    axes = sheet.axes(left, 0, sheet.width - left, sheet.height)
    low = min(0.0, *(value for value in values if np.isfinite(value)))
    if low < 0:
        raise TradeAnalyticsError(f"value: {low}, expected none below zero: a bar of a share starts at zero")
    high = max((value for value in values if np.isfinite(value)), default=1.0) or 1.0
    beyond = max(_share_room(share) + chart.width(amount, style.LABEL_SIZE) for share, amount in ends)
    axes.set(xlim=(0, high * (sheet.width - left) / max(sheet.width - left - beyond - 4, 1)), **_rows_down(named))
    axes.axvline(0, color=style.INK, linewidth=1.0, zorder=3)
    return axes


def _share_room(share: str) -> float:
    """Points from the end of a bar to the words after the share."""
    return BESIDE + (chart.width(share, style.LABEL_SIZE, "bold") + 6 if share else 0)


def _write_end(axes: Axes, value: float, place: int, end: tuple[str, str], accent: str) -> None:
    share, amount = end
    if share:
        beside(axes, value, place, share, BESIDE, color=accent, weight="bold")
    if amount:
        beside(axes, value, place, amount, _share_room(share), color=style.GREY)


def _time_axes(named: Rows, calendar: pd.DataFrame, since: Sequence[str], heading: str, language: str) -> Axes:
    """Axes of months between the names of the rows and the words at their ends, the rows at 0, 1, 2... from above."""
    sheet, left = named.sheet, named.left()
    right = max(chart.width(chart.clean(words), style.LABEL_SIZE, "bold") for words in (*since, heading))
    across, up = sheet.width - left - right - 14, sheet.height - named.foot
    axes = sheet.axes(left, named.foot, across, up)
    axes.set(ylim=(len(since) - 0.5, -0.5 - named.above / named.height()), yticks=[])
    over_time.draw_time(axes, calendar, language)
    named.rule()
    heights = [named.edge(place + 0.5) + style.LABEL_SIZE * chart.LEADING / 2 for place in range(len(since))]
    sheet.write(sheet.width - right, sheet.height - named.above + 14, [heading], color=style.GREY)
    for height, words in zip(heights, since, strict=True):
        sheet.write(sheet.width - right, height, [chart.clean(words)], weight="bold", color=style.VERMILION)
    return axes


def _draw_appearances(axes: Axes, place: int, periods: pd.PeriodIndex) -> None:
    there = [over_time.middle(period) for period in sorted(set(periods))]
    axes.plot(there[1:], [place] * (len(there) - 1), "o", color=style.BLUE, markersize=6, markeredgecolor=style.PAPER)
    axes.plot(there[0], place, "o", color=style.VERMILION, markersize=9, markeredgecolor=style.PAPER)


def _highlighted(data: pd.DataFrame, highlight: str | None) -> list[str]:
    """The names of the rows; refuses a highlight that is none of them."""
    labels = [str(label) for label in data["label"]]
    if highlight is not None and highlight not in labels:
        raise TradeAnalyticsError(f"highlight: {highlight!r} is no row, expected one of {labels}")
    return labels


def _row_axes(named: Rows, values: Sequence[float], language: str) -> Axes:
    sheet, left = named.sheet, named.left()
    axes = sheet.axes(left, 0, sheet.width - left, sheet.height - named.above)
    known = [value for value in values if np.isfinite(value)] or [1.0]
    aside = max(chart.width(_shown(value, language), style.LABEL_SIZE, "bold") for value in known) + BESIDE + 4
    low, high = min(0.0, *known), max(0.0, *known) or 1.0
    point = (high - low) / max(sheet.width - left - 2 * aside, 1)
    axes.set(xlim=(low - aside * point, high + aside * point), **_rows_down(named))
    axes.vlines(0, -0.5, len(named.names) - 0.5, color=style.INK, linewidth=1.0, zorder=1)
    named.rule()
    return axes


def _rows_down(named: Rows) -> dict[str, Any]:
    """Rows at 0, 1, 2... from above, without a scale."""
    return {"ylim": (len(named.names) - 0.5, -0.5), "xticks": [], "yticks": []}


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
        beside(axes, 0.0, place, unknown(language), BESIDE, color=style.GREY)
    if len(known) == 1:
        (name, value), (missing,) = next(iter(known.items())), values.keys() - known.keys()
        _write_half_known(axes, place, value, looks[name], f"({unknown(language, chart.clean(missing))})", language)
    if len(known) == 2:
        # On a tie the first name goes right, as it does in a fall: most rows of a story fall.
        lower, higher = sorted(known, key=lambda name: (known[name], name != after))
        at = _left_of_zero(axes, known[lower], language)
        beside(axes, at, place, _shown(known[lower], language), -BESIDE, **looks[lower])
        beside(axes, known[higher], place, _shown(known[higher], language), BESIDE, **looks[higher])


def _number_looks(accent: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"color": style.GREY}, {"color": accent, "weight": "bold"}


def _write_half_known(axes: Axes, place: int, value: float, look: dict[str, Any], missing: str, language: str) -> None:
    """The known number beside its dot and then what is missing, on the side that has room for both."""
    words = _shown(value, language)
    after = BESIDE + chart.width(words, style.LABEL_SIZE, "bold") + 5
    room = (axes.get_window_extent().x1 - axes.transData.transform((value, place))[0]) / style.DPI * 72
    side = 1 if after + chart.width(missing, style.LABEL_SIZE) <= room else -1
    beside(axes, value, place, words, side * BESIDE, **look)
    beside(axes, value, place, missing, side * after, color=style.GREY)


def _left_of_zero(axes: Axes, value: float, language: str) -> float:
    """Where the number left of a dot hangs: at zero if it would lie across the line there, else at its value."""
    reach = BESIDE + chart.width(_shown(value, language), style.LABEL_SIZE, "bold") + 3
    zero, dot = (axes.transData.transform((x, 0))[0] / style.DPI * 72 for x in (0.0, value))
    return 0.0 if 0 <= dot - zero < reach else value


def _shown(value: float, language: str) -> str:
    """One decimal, but a zero is plain and a value too small for a decimal is not shown as a zero."""
    if value == 0:
        return number(0, 0, language)
    if abs(value) < 0.05:
        return f"<{NARROW if language == 'fr' else ''}{number(0.1, 1, language)}"
    return number(value, 1, language)
