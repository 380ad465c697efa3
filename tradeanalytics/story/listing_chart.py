"""The picture of days of listing: a row a party, a mark for each authority on the day when it listed the party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tradeanalytics.story import chart, style
from tradeanalytics.story import months as over_time
from tradeanalytics.story.chart import Event, Text
from tradeanalytics.story.charts import draw_event, event_words
from tradeanalytics.story.labels import Labels
from tradeanalytics.story.rows import Rows, rows

_KEY: Final = 26.0  # points of the key above the axes
# Shapes as well as colours: two authorities may list on days that are close.
_LOOKS: Final[Sequence[Mapping[str, Any]]] = (
    {"marker": "o", "color": style.VERMILION, "markersize": 9},
    {"marker": "s", "color": style.BLUE, "markersize": 7.5},
    {"marker": "^", "color": style.GREY, "markersize": 9},
    {"marker": "D", "color": style.INK, "markersize": 7},
)


@style.house_style()
def days_of_listing(
    data: pd.DataFrame,
    text: Text,
    *,
    authorities: Sequence[str],
    span: tuple[date, date],
    event: Event,
    heading: str,
    language: str,
    size: style.Size | None = None,
) -> Figure:
    """A row for each label in the order given, with a mark for each authority's day; at its end words under `heading`.

    `data`: label, authority (one of `authorities`, at most four), day (null: none is known), end (words, the same in
    all rows of a label), stressed (whether these are the point). `span` is the first and the last month of the axis.
    """
    chart.require(data, ["label", "authority", "day", "end", "stressed"])
    calendar = pd.DataFrame(index=pd.period_range(span[0], span[1], freq="M"))
    ends = {str(row.label): (str(row.end), bool(row.stressed)) for row in data.itertuples()}
    words = event_words(event, chart.page(text, size or style.SIZE), language)
    above = _KEY + 8 + len(words) * style.LABEL_SIZE * chart.LEADING
    named = rows(list(ends), text, size, above=above, foot=over_time.foot_height(calendar))
    axes = _axes(named, calendar, ends, heading, language)
    looks = dict(zip(authorities, _LOOKS, strict=False))
    chart.key(named.sheet, *((name, {**look, "linestyle": ""}) for name, look in looks.items()))
    draw_event(Labels(axes), event, words, calendar)
    for place, label in enumerate(ends):
        named.name(place, bold=False)
        _draw_days(axes, place, data[data["label"] == label], looks)
    chart.stamp(axes, text)
    return named.sheet.figure


def _axes(
    named: Rows, calendar: pd.DataFrame, ends: Mapping[str, tuple[str, bool]], heading: str, language: str
) -> Axes:
    """Axes of months between the names of the rows and the words at their ends, the rows at 0, 1, 2... from above."""
    sheet, left = named.sheet, named.left()
    lines = [chart.clean(words) for words, _ in ends.values()]
    right = max(chart.width(words, style.LABEL_SIZE, "bold") for words in (*lines, heading))
    axes = sheet.axes(left, named.foot, sheet.width - left - right - 14, sheet.height - named.foot - _KEY)
    axes.set(ylim=(len(ends) - 0.5, -0.5 - (named.above - _KEY) / named.height()), yticks=[])
    over_time.draw_time(axes, calendar, language)
    named.rule()
    sheet.write(sheet.width - right, sheet.height - named.above + 14, [heading], color=style.GREY)
    for place, (words, stressed) in enumerate(ends.values()):
        look: dict[str, Any] = {"weight": "bold", "color": style.VERMILION} if stressed else {}
        height = named.edge(place + 0.5) + style.LABEL_SIZE * chart.LEADING / 2
        sheet.write(sheet.width - right, height, [chart.clean(words)], **look)
    return axes


def _draw_days(axes: Axes, place: int, data: pd.DataFrame, looks: Mapping[str, Mapping[str, Any]]) -> None:
    """A line from the first to the last day, and the mark of each authority on its own, the first one on top."""
    known = data.dropna(subset=["day"])
    days = [pd.Timestamp(day).toordinal() + 0.5 for day in known["day"]]
    if days:
        axes.plot([min(days), max(days)], [place, place], color=style.RULE, linewidth=2, zorder=1)
    order = list(looks)
    for name, at in zip(known["authority"], days, strict=True):
        zorder = 3 - order.index(name) / len(order)
        axes.plot(at, place, linestyle="", markeredgecolor=style.PAPER, zorder=zorder, **looks[name])
