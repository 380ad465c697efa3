"""The picture of places: a plain plot of points by longitude and latitude, a scale in kilometres, and no map behind.

A map would have to be asked of another host, and would show the homes of neighbours too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.residences.keys import CANADA
from tradeanalytics.story import chart, style
from tradeanalytics.story.chart import Page, Text
from tradeanalytics.story.labels import Labels
from tradeanalytics.story.months import TICK_GAP
from tradeanalytics.story.words import NO_BREAK, number, told

_LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "residential": {"marker": "o", "color": style.VERMILION, "markersize": 8.5},
    "mixed": {"marker": "^", "color": style.BLUE, "markersize": 9},
    "non_residential": {"marker": "s", "color": style.INK, "markersize": 7.5},
    "unknown": {"marker": "D", "color": style.PAPER, "markersize": 6.5, "markeredgecolor": style.GREY},
}
_OTHER: Final[Mapping[str, Any]] = {"marker": "o", "color": style.GREY, "alpha": 0.45, "markersize": 6}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "residential": "Residential",
        "mixed": "Mixed",
        "non_residential": "Non-residential",
        "unknown": "Unknown",
        "other": "Others, in grey",
        "at": "{} at {}",
    },
    "fr": {
        "residential": "Résidentiel",
        "mixed": "Mixte",
        "non_residential": "Non résidentiel",
        "unknown": "Inconnu",
        "other": "Autres, en gris",
        "at": "{} à {}",
    },
}
_SIDES: Final = {"en": ("N", "S", "E", "W"), "fr": ("N", "S", "E", "O")}
_KILOMETRES: Final = 111.195  # to a degree of latitude, on a sphere of 6,371 km
_LEAST: Final = 1.0  # kilometres from side to side at least: one point needs surroundings
_EDGE: Final = 26.0  # points from an outermost mark to the edge of the axes
_SCALE_SHARE: Final = 0.25
_SCALE_ROOM: Final = 22.0
_UNEVEN: Final = 1.05  # a scale that differs by more from edge to edge says for which latitude it holds
_PIXELS: Final = style.DPI / 72


@style.house_style()
def points(data: pd.DataFrame, text: Text, *, language: str, size: style.Size = style.SIZE) -> Figure:
    """Places as marks whose shape says what their address is used for; those stressed in colour and with their label.

    `data`: label, lat and lon (degrees), use (residential, mixed, non_residential, unknown), stressed. All others are
    grey, in the same shapes. A degree of longitude is as much shorter than one of latitude as it is in the middle of
    the picture. Raises TradeAnalyticsError for a place outside Canada or without coordinates, an unknown use, and
    labels that find no room.
    """
    chart.require(data, ["label", "lat", "lon", "use", "stressed"])
    _check(data)
    sheet = chart.page(text, size)
    keys = _key(data, sheet.width, language)
    view = _View.of(data, sheet, len(keys) * chart.KEY_HEIGHT, language)
    axes = view.axes(sheet, language)
    for line, samples in enumerate(keys):
        chart.key(replace(sheet, height=sheet.height - line * chart.KEY_HEIGHT), *samples)
    view.draw_scale(sheet, language)
    labels, stressed = Labels(axes), data["stressed"].astype(bool)
    _draw_others(labels, data[~stressed])
    _draw_stressed(labels, data[stressed])
    chart.stamp(axes, text)
    return sheet.figure


@dataclass(frozen=True)
class _View:
    """What the axes show: the middle in degrees, their place and size in points, and degrees of latitude in a point."""

    lat: float
    lon: float
    left: float
    foot: float
    width: float
    height: float
    point: float
    uneven: bool

    @classmethod
    def of(cls, data: pd.DataFrame, sheet: Page, above: float, language: str) -> _View:
        """All places, with room around them, in the part of the page under the key."""
        left = chart.width(_degrees(88.888, 3, "lat", language), style.TICK_SIZE) + TICK_GAP
        foot = style.TICK_SIZE * chart.LEADING + TICK_GAP + _SCALE_ROOM
        width, height = sheet.width - left, sheet.height - above - foot
        (south, north), (west, east) = ((float(data[name].min()), float(data[name].max())) for name in ("lat", "lon"))
        lat, shrunk = (south + north) / 2, _shrunk((south + north) / 2)
        spans = (north - south, height), ((east - west) * shrunk, width)
        least = _LEAST / _KILOMETRES
        point = max(max(span, least) / max(room - 2 * _EDGE, 1) for span, room in spans)
        edges = _shrunk(lat - point * height / 2), _shrunk(lat + point * height / 2)
        return cls(lat, (west + east) / 2, left, foot, width, height, point, edges[0] > _UNEVEN * edges[1])

    def axes(self, sheet: Page, language: str) -> Axes:
        """Axes with a light net of degrees."""
        axes = sheet.axes(self.left, self.foot, self.width, self.height)
        up, across = self.point * self.height / 2, self.point * self.width / 2 / _shrunk(self.lat)
        axes.set(xlim=(self.lon - across, self.lon + across), ylim=(self.lat - up, self.lat + up))
        axes.set_xticks(*_ticks(self.lon, across, max(int(self.width // 80), 1), "lon", language))
        axes.set_yticks(*_ticks(self.lat, up, max(int(self.height // 60), 1), "lat", language))
        axes.tick_params(length=0, pad=TICK_GAP)
        axes.grid()
        return axes

    def draw_scale(self, sheet: Page, language: str) -> None:
        """A bar of whole kilometres, or a round part of one, under the axes."""
        kilometres = _round(_KILOMETRES * self.point * self.width * _SCALE_SHARE)
        across, y = kilometres / _KILOMETRES / self.point, 8.0
        (left, height), (right, _) = sheet.place(self.left, y), sheet.place(self.left + across, y)
        bar = Line2D([left, right], [height, height], color=style.INK, linewidth=2, solid_capstyle="butt")
        sheet.figure.add_artist(bar)
        words = f"{number(kilometres, 0 if kilometres >= 1 else 1, language)}{NO_BREAK}km"
        if self.uneven:
            words = told(_WORDS, language)["at"].format(words, _degrees(self.lat, 0, "lat", language))
        top = y + style.LABEL_SIZE * chart.LEADING / 2
        sheet.write(self.left + across + 6, top, [words], color=style.GREY)


def _check(data: pd.DataFrame) -> None:
    """Refuse a place that would stand where it is not, and a use that has no mark."""
    for name, (low, high) in CANADA.items():
        for label, degrees in zip(data["label"], data[name], strict=True):
            if not low <= _number(degrees) <= high:
                shown = chart.clean(str(label))
                raise TradeAnalyticsError(
                    f"{name}: {degrees!r} of {shown!r} is outside Canada, expected {low:.0f} to {high:.0f} degrees"
                )
    if unknown := [use for use in data["use"] if use not in _LOOKS]:
        raise TradeAnalyticsError(f"use: {unknown[0]!r}, expected one of {', '.join(_LOOKS)}")


def _number(degrees: object) -> float:
    """Degrees as a number; what is none lies nowhere."""
    return float(degrees) if isinstance(degrees, float | int | np.number) else math.nan


def _shrunk(lat: float) -> float:
    """How long a degree of longitude is, of one of latitude; rounded, for cosines differ in their last digit."""
    return round(math.cos(math.radians(lat)), 9)


def _key(data: pd.DataFrame, width: float, language: str) -> list[list[tuple[str, Mapping[str, Any]]]]:
    """The samples of all uses that are there, each as it is drawn, in as many lines as they need.

    Grey is told apart where one use is drawn in both ways.
    """
    words, lines, free = told(_WORDS, language), list[list[tuple[str, Mapping[str, Any]]]](), 0.0
    stressed = data["stressed"].astype(bool)
    bright, grey = set(data.loc[stressed, "use"]), set(data.loc[~stressed, "use"])
    looks = {use: look if use in bright else {**_OTHER, "marker": look["marker"]} for use, look in _LOOKS.items()}
    samples = [(words[use], look) for use, look in looks.items() if use in bright | grey]
    samples += [(words["other"], _OTHER)] if bright & grey else []
    for name, look in samples:
        needed = chart.sample_width(name, look)
        if needed > free:
            lines, free = [*lines, []], width
        lines[-1].append((name, {"linestyle": "", "markeredgecolor": style.PAPER, **look}))
        free -= needed
    return lines


def _ticks(middle: float, half: float, most: int, side: str, language: str) -> tuple[list[float], list[str]]:
    """Round degrees within the axes, and their words."""
    every = MaxNLocator(nbins=most, steps=[1, 2, 5, 10]).tick_values(middle - half, middle + half)
    ticks = [float(tick) for tick in every if abs(tick - middle) < half]
    decimals = next(places for places in range(10) if np.allclose(every, np.round(every, places), rtol=0, atol=1e-9))
    return ticks, [_degrees(tick, decimals, side, language) for tick in ticks]


def _degrees(degrees: float, decimals: int, side: str, language: str) -> str:
    north, south, east, west = told(_SIDES, language)
    positive, negative = (north, south) if side == "lat" else (east, west)
    return f"{number(abs(degrees), decimals, language)}°{NO_BREAK}{positive if degrees >= 0 else negative}"


def _round(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20… (or 0.1, 0.2, 0.5) that is not more."""
    ten = 10.0 ** math.floor(math.log10(most))
    return max(ten * step for step in (1, 2, 5) if ten * step <= most)


def _draw_others(labels: Labels, data: pd.DataFrame) -> None:
    """Places in grey, which labels keep off if they can: there may be thousands."""
    for use, look in _LOOKS.items():
        some = data[data["use"] == use]
        area = _OTHER["markersize"] ** 2
        labels.axes.scatter(
            some["lon"], some["lat"], s=area, marker=look["marker"], color=style.GREY, alpha=0.45, linewidth=0, zorder=3
        )
        at = labels.axes.transData.transform(some[["lon", "lat"]].to_numpy(dtype=float))
        labels.shunned.extend(Bbox.from_bounds(x, y, 0, 0).padded(3 * _PIXELS) for x, y in at.tolist())


def _draw_stressed(labels: Labels, data: pd.DataFrame) -> None:
    """All marks before the first label, so that no label lies on a mark; what stands at one place shares a label."""
    names: dict[tuple[float, float], list[str]] = {}
    for label, lon, lat, use in data[["label", "lon", "lat", "use"]].itertuples(index=False, name=None):
        place = float(lon), float(lat)
        names.setdefault(place, []).append(str(label))
        look = {"markeredgecolor": style.PAPER, "markeredgewidth": 1.2, **_LOOKS[use]}
        labels.axes.plot(*place, linestyle="", zorder=5, **look)
        x, y = labels.axes.transData.transform(place)
        labels.taken.append(Bbox.from_bounds(float(x), float(y), 0, 0).padded(6 * _PIXELS))
    together = [(place, ", ".join(dict.fromkeys(some))) for place, some in names.items()]
    labels.near(together, color=style.INK, weight="bold")
