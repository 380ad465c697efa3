"""The parts that pictures of months share: a calendar without gaps, the scale from zero, the line, what is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import style
from tradeanalytics.story.chart import LEADING, require, width
from tradeanalytics.story.words import month_alone, number

TICK_GAP: Final = 6.0

# Up to two years each month has room for its name; beyond, a reader counts years.
_MONTHS_NAMED: Final = 24


@dataclass(frozen=True)
class Scale:
    """An upright scale: its two ends, and the ticks on it with their words."""

    low: float
    high: float
    ticks: Sequence[float]
    words: Sequence[str]

    def width(self) -> float:
        """Points that the words of the ticks take, with the gap beside them."""
        return max(width(word, style.TICK_SIZE) for word in self.words) + TICK_GAP


def calendar(data: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns as floats by month, one row for every month from first to last; a month without a row is unknown."""
    require(data, ["period", *columns])
    periods = pd.PeriodIndex(data["period"], freq="M")
    if twice := [str(period) for period in periods[periods.duplicated()]]:
        raise TradeAnalyticsError(f"period: {twice[0]} stands twice, expected each month once")
    table = data[list(columns)].astype(float).set_axis(periods)
    return table.reindex(pd.period_range(periods.min(), periods.max(), freq="M"))


def scale(
    values: np.ndarray,
    height: float,
    language: str,
    *,
    above: float,
    below: float = 0,
    most: int = 5,
    signed: bool = False,
) -> Scale:
    """A scale with zero on it, `height` points tall, that keeps `above` and `below` points free beyond the values."""
    known = np.append(values[np.isfinite(values)], 0.0)
    lowest, highest = float(known.min()), float(known.max())
    if lowest == highest:
        highest = 1.0
    below = below if lowest < 0 else 0
    point = (highest - lowest) / max(height - above - below, 1)
    low, high = lowest - below * point, highest + above * point
    ticks = _ticks(lowest, highest, point * style.TICK_SIZE * 1.6, most)
    ticks = [tick for tick in ticks if low <= tick <= high]
    decimals = next((places for places in range(6) if np.allclose(ticks, np.round(ticks, places), atol=1e-9)), 6)
    return Scale(low, high, ticks, [number(tick, decimals, language, signed=signed) for tick in ticks])


def draw_scale(axes: Axes, upright: Scale) -> None:
    """Limits, gridlines and words of a scale, with zero as the ground line."""
    axes.set_ylim(upright.low, upright.high)
    axes.set_yticks(upright.ticks, upright.words)
    axes.tick_params(axis="y", length=0, pad=TICK_GAP)
    axes.grid(axis="y")
    axes.axhline(0, color=style.INK, linewidth=1.0, zorder=1.5)


def middle(period: pd.Period) -> float:
    """Where a month is drawn, in days: its middle, so an event on its first day stands before it, on its last after."""
    return _start(period) + period.days_in_month / 2


def foot_height(months: pd.DataFrame) -> float:
    """Points that the words under the axis of months take."""
    return style.TICK_SIZE * LEADING * (2 if len(months) <= _MONTHS_NAMED else 1) + TICK_GAP


def draw_time(axes: Axes, months: pd.DataFrame, language: str, *, right: float = 0.0, named: bool = True) -> None:
    """Limits and ticks of the months; `right` is a share of the axis left empty after the last one."""
    periods = list(months.index)
    start, end = _start(periods[0]), _start(periods[-1] + 1)
    axes.set_xlim(start, end + right * (end - start))
    axes.xaxis.remove_overlapping_locs = False  # a month has its mark and its name at one place
    point = axes.get_window_extent().width / style.DPI * 72 / (axes.get_xlim()[1] - start)
    ticks, marks = _names(periods, language, point) if len(periods) <= _MONTHS_NAMED else _years(periods, point)
    axes.set_xticks(marks, [""] * len(marks))
    axes.tick_params(axis="x", which="major", length=4, color=style.INK)
    axes.set_xticks(list(ticks), list(ticks.values()) if named else [""] * len(ticks), minor=True)
    axes.tick_params(axis="x", which="minor", length=0, pad=TICK_GAP, labelsize=style.TICK_SIZE)


def draw_line(axes: Axes, values: pd.Series, *, color: str, linewidth: float, zorder: float = 3) -> None:
    """A line that breaks where a month is unknown; a known month between two unknown ones is a dot, not nothing."""
    places = [middle(period) for period in values.index]
    axes.plot(places, values.to_numpy(), color=color, linewidth=linewidth, solid_capstyle="round", zorder=zorder)
    known = values.notna().to_numpy()
    alone = known & ~np.append(known[1:], False) & ~np.append(False, known[:-1])
    for place, value in zip(np.array(places)[alone], values.to_numpy()[alone], strict=True):
        axes.plot(place, value, "o", color=color, markersize=linewidth + 2, zorder=zorder)


def draw_unknown(axes: Axes, values: pd.Series) -> list[tuple[float, float]]:
    """Hatch every run of months without a value, from its first day to its last; return the runs, longest first."""
    runs = _runs(values)
    for start, end in runs:
        axes.axvspan(start, end, facecolor=style.PALE_GREY, edgecolor=style.RULE, hatch="////", linewidth=0, zorder=0.2)
    return sorted(runs, key=lambda run: run[0] - run[1])


def _ticks(lowest: float, highest: float, apart: float, most: int) -> list[float]:
    """Round numbers over a span, at most so many steps, and fewer until they stand `apart`."""
    for steps in range(most, 0, -1):
        ticks = MaxNLocator(nbins=steps, steps=[1, 2, 2.5, 5, 10], min_n_ticks=1).tick_values(lowest, highest)
        if ticks[1] - ticks[0] >= apart:
            break
    return [float(tick) for tick in ticks]


def _start(period: pd.Period) -> float:
    return float(period.start_time.toordinal())


def _runs(values: pd.Series) -> list[tuple[float, float]]:
    """First day and day after the last of every run of months without a value."""
    holes: list[pd.Period] = list(values.index[values.isna()])
    firsts = [period for period in holes if period - 1 not in holes]
    lasts = [period for period in holes if period + 1 not in holes]
    return [(_start(first), _start(last + 1)) for first, last in zip(firsts, lasts, strict=True)]


def _years(periods: Sequence[pd.Period], point: float) -> tuple[dict[float, str], list[float]]:
    """Each year named at the middle of its months on the axis, marked where it begins; `point` is points in a day."""
    widest = width("2000", style.TICK_SIZE) * 1.25
    every = next((step for step in (1, 2, 5, 10) if step * 365 * point >= widest), 20)
    ticks = {}
    for year, group in groupby(periods, key=lambda period: period.year):
        shown = list(group)
        start, end = _start(shown[0]), _start(shown[-1] + 1)
        if year % every == 0 and (every > 1 or (end - start) * point >= widest):
            ticks[(start + end) / 2] = str(year)
    return ticks, [_start(period) for period in periods if period.month == 1]


def _names(periods: Sequence[pd.Period], language: str, point: float) -> tuple[dict[float, str], list[float]]:
    """Each month named, or every second, third or sixth where names would touch; the year under its first name."""
    names = {period: month_alone(period.start_time.date(), language) for period in periods}
    widest = max(width(name, style.TICK_SIZE) for name in names.values()) * 1.2
    every = next((step for step in (1, 2, 3, 6) if step * 30 * point >= widest), 12)
    shown = [period for period in periods if (period.month - 1) % every == 0] or list(periods[:1])
    firsts = {min(group) for _, group in groupby(shown, key=lambda period: period.year)}
    ticks = {middle(period): names[period] + (f"\n{period.year}" if period in firsts else "") for period in shown}
    return ticks, list(ticks)
