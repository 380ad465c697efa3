"""The picture of shared doors: doors at the left, companies at the right, lines from each company to its doors.

Two columns and not a cloud of dots: every name stands in a row of its own, so that none lies on another, and the order
follows from the names and who is joined to whom, so that it is the same on every machine.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.doors import COMPANY, DOOR, Node, graph
from tradeanalytics.story import chart, style
from tradeanalytics.story.chart import Text
from tradeanalytics.story.rows import BESIDE, Rows, least_height, rows
from tradeanalytics.story.words import number, told

MOST: Final = 60
"""Companies that a picture shows at most: no reader follows more lines."""

_DOORS_SHARE: Final = 0.30  # of the page's width that the words of doors take at most
_NAMES_SHARE: Final = 0.40
_AMOUNTS_SHARE: Final = 0.22
_LEAST: Final = 60.0  # points that names have at least
_LINES: Final = 40.0  # points that the lines between doors and companies have at least
_MARK: Final = 4.0  # points from the middle of a mark to where its line begins
_GUTTER: Final = 14.0
_LINE: Final = style.LABEL_SIZE * chart.LEADING
_BETWEEN: Final = 8.0  # points between the words of two doors
_SWEEPS: Final = 6
_WORDS: Final = {
    "en": ("Shared door", "Company", "{} companies"),
    "fr": ("Adresse commune", "Entreprise", "{} entreprises"),
}
_DOOR: Final[Mapping[str, Any]] = {"marker": "s", "color": style.INK, "markersize": 9}
_COMPANY: Final[Mapping[str, Any]] = {"marker": "o", "color": style.BLUE, "markersize": 7.5}
_STRESSED: Final[Mapping[str, Any]] = {"marker": "D", "color": style.VERMILION, "markersize": 7}


@style.house_style()
def shared_doors(
    data: pd.DataFrame, text: Text, *, language: str, stressed: str = "", size: style.Size | None = None
) -> Figure:
    """The doors of one or a few groups of companies, and every company at them with words at the end of its row.

    `data`: a row for each company at each door: company and door (a name for each that no other has), amount (words,
    the same in all rows of a company, "" for none), stressed (whether the company is the point; `stressed` says in the
    key what that means). All companies of a door must be there: their number is written under it. The largest group
    comes first; companies of one door stand in the order given. Without a `size` the page grows as tall as it must.
    Raises TradeAnalyticsError for a door of one company, more than MOST companies, a company with two amounts, and
    names that are too long for the page.
    """
    chart.require(data, ["company", "door", "amount", "stressed"])
    drawn, ends = graph(data), _ends(data, stressed)
    _check(drawn)
    columns = _Columns.fit(chart.page(text, size or style.SIZE).width, _door_words(drawn, language), ends)
    labels, doors = _order(drawn, list(ends), columns)
    named = rows(labels, text, size, above=chart.KEY_HEIGHT, share=columns.share(), lines=columns.lines())
    _stamp(named, text)
    _draw_key(named, language, stressed)
    axes = columns.axes(named)
    places = columns.places(named, labels, doors, drawn)
    stresses = {name for name, (_, on) in ends.items() if on}
    _draw_lines(axes, drawn, places, stresses)
    _draw_marks(axes, places, stresses)
    for place, name in enumerate(labels):
        if name:
            columns.write_company(named, place, name, stressed=name in stresses)
    for door in doors:
        columns.write_door(named, places[DOOR, door], door)
    return named.sheet.figure


@dataclass(frozen=True)
class _Group:
    """Companies and doors that belong together, each from above."""

    companies: Sequence[str]
    doors: Sequence[str]


@dataclass(frozen=True)
class _Columns:
    """What stands in the columns, in lines, and where they are, in points: doors, lines, names, amounts."""

    width: float
    doors: Mapping[str, Sequence[str]]
    amounts: Mapping[str, Sequence[str]]

    @classmethod
    def fit(cls, width: float, doors: Mapping[str, tuple[str, str]], ends: Mapping[str, tuple[str, bool]]) -> _Columns:
        """Doors and amounts cut into lines that leave room for names and lines on a page of this width."""
        cut = {name: [*_cut(door, width * _DOORS_SHARE, "bold"), count] for name, (door, count) in doors.items()}
        amounts = {name: _cut(words, width * _AMOUNTS_SHARE) for name, (words, _) in ends.items()}
        columns = cls(width, cut, amounts)
        if (missing := _LEAST - columns.room()) > 0:
            raise TradeAnalyticsError(f"size: no room for names, expected {missing / 72:.1f} inches more width")
        return columns

    def left(self) -> float:
        """Where the words of doors end."""
        return _widest(self.doors.values(), "bold")

    def right(self) -> float:
        """Where names end."""
        amounts = _widest(self.amounts.values())
        return self.width - amounts - (_GUTTER if amounts else 0)

    def room(self) -> float:
        """Points that names may take."""
        free = self.right() - self.left() - 2 * (BESIDE + _MARK) - _LINES
        return min(free, self.width * _NAMES_SHARE)

    def share(self) -> float:
        """The share of the page's width that names may take."""
        return self.room() / self.width

    def lines(self) -> int:
        """Lines that the tallest amount takes."""
        return max(map(len, self.amounts.values()))

    def axes(self, named: Rows) -> Axes:
        """Axes from the marks of doors, at 0, to those of companies, at 1; points down from the first row."""
        left = self.left() + BESIDE + _MARK
        across, up = self.names(named) - BESIDE - _MARK - left, named.sheet.height - named.above
        axes = named.sheet.axes(left, 0, across, up)
        axes.set(xlim=(0, 1), ylim=(up, 0), xticks=[], yticks=[])
        return axes

    def names(self, named: Rows) -> float:
        """Where names begin."""
        return self.right() - _widest(named.names, "bold")

    def places(
        self, named: Rows, labels: Sequence[str], doors: Sequence[str], drawn: nx.Graph[Node]
    ) -> dict[Node, float]:
        """The height of every node: a company in the middle of its row, a door as near as can be to its companies."""
        height = named.height()
        found = {(COMPANY, name): (place + 0.5) * height for place, name in enumerate(labels) if name}
        wanted = [_mean([found[name] for name in drawn[DOOR, door]]) for door in doors]
        apart = _apart(wanted, [len(self.doors[door]) * _LINE for door in doors], height * len(labels))
        return found | {(DOOR, door): at for door, at in zip(doors, apart, strict=True)}

    def write_company(self, named: Rows, place: int, name: str, *, stressed: bool) -> None:
        """The name of a company, and at the end of its row its amount."""
        named.name(place, bold=stressed, x=self.names(named))
        amount = self.amounts[name]
        top = named.edge(place + 0.5) + len(amount) * _LINE / 2
        named.sheet.write(self.width, top, amount, ha="right", color=style.GREY)

    def write_door(self, named: Rows, at: float, door: str) -> None:
        """The name of a door in bold, and in grey how many companies it has."""
        *name, count = self.doors[door]
        top = named.edge(at / named.height()) + (len(name) + 1) * _LINE / 2
        named.sheet.write(self.left(), top, name, ha="right", weight="bold")
        named.sheet.write(self.left(), top - len(name) * _LINE, [count], ha="right", color=style.GREY)


def _ends(data: pd.DataFrame, stressed: str) -> dict[str, tuple[str, bool]]:
    """The words at the end of each company's row, and whether it is stressed."""
    ends: dict[str, tuple[str, bool]] = {}
    for row in data.itertuples():
        end = chart.clean(str(row.amount)), bool(row.stressed)
        if ends.setdefault(str(row.company), end) != end:
            raise TradeAnalyticsError(f"company: {row.company!r} has two amounts or stresses, expected one of each")
    if any(on for _, on in ends.values()) != bool(stressed):
        raise TradeAnalyticsError(f"stressed: {stressed!r}, expected words where a company is stressed, and only there")
    return ends


def _check(drawn: nx.Graph[Node]) -> None:
    """Refuse a door that nobody shares, and more companies than can be read."""
    for kind, key in drawn:
        if kind == DOOR and drawn.degree((kind, key)) < 2:
            raise TradeAnalyticsError(f"door: {key!r} has one company, expected every company at it, two or more")
    if (companies := sum(kind == COMPANY for kind, _ in drawn)) > MOST:
        raise TradeAnalyticsError(f"company: {companies} companies, expected at most {MOST}: show fewer groups")


def _door_words(drawn: nx.Graph[Node], language: str) -> dict[str, tuple[str, str]]:
    """The name of each door, and how many companies are at it."""
    counts = {key: number(len(drawn[kind, key]), 0, language) for kind, key in drawn if kind == DOOR}
    return {door: (chart.clean(door), told(_WORDS, language)[2].format(count)) for door, count in counts.items()}


def _order(drawn: nx.Graph[Node], given: Sequence[str], columns: _Columns) -> tuple[list[str], list[str]]:
    """The companies from above, with empty rows between groups and where doors need more room; and the doors."""
    rank = {name: place for place, name in enumerate(given)}
    groups = [_untangled(drawn, nodes, rank) for nodes in _largest_first(drawn)]
    row = least_height(given, columns.room(), columns.lines())
    labels: list[str] = []
    for group in groups:
        needed = sum(len(columns.doors[door]) * _LINE + _BETWEEN for door in group.doors)
        spare = max(math.ceil(needed / row) - len(group.companies), 0)
        labels += [*([""] if labels else []), *[""] * (spare // 2), *group.companies, *[""] * (spare - spare // 2)]
    return labels, [door for group in groups for door in group.doors]


def _largest_first(drawn: nx.Graph[Node]) -> list[set[Node]]:
    return sorted(nx.connected_components(drawn), key=lambda nodes: (-len(nodes), min(nodes)))


def _untangled(drawn: nx.Graph[Node], nodes: Collection[Node], rank: Mapping[str, int]) -> _Group:
    """The order of a group in which the fewest lines cross that is found from any of its nodes; of equals the fullest.

    Each side is sorted by where its neighbours stand on the other (Sugiyama's barycentres), a few times.
    """
    starts = (nx.bfs_tree(drawn, start, sort_neighbors=sorted) for start in sorted(nodes))
    orders = [_sorted(drawn, start, rank) for start in starts]
    return min(orders, key=lambda group: (_crossings(drawn, group), [-len(drawn[DOOR, door]) for door in group.doors]))


def _sorted(drawn: nx.Graph[Node], start: Collection[Node], rank: Mapping[str, int]) -> _Group:
    place: dict[Node, float] = {node: at for at, node in enumerate(start)}
    sides = [[node for node in start if node[0] == kind] for kind in (COMPANY, DOOR)]
    for side in sides * _SWEEPS:
        side.sort(key=lambda node: (_mean([place[other] for other in drawn[node]]), rank.get(node[1], 0), node))
        place.update((node, at) for at, node in enumerate(side))
    return _Group(*([key for _, key in side] for side in sides))


def _crossings(drawn: nx.Graph[Node], group: _Group) -> int:
    """How many pairs of lines cross: each line with those before it that end further down."""
    place = {name: at for at, name in enumerate(group.companies)}
    passed: list[int] = []
    crossed = 0
    for door in group.doors:
        ends = sorted(place[name] for _, name in drawn[DOOR, door])
        crossed += sum(len(passed) - bisect_right(passed, end) for end in ends)
        for end in ends:
            insort(passed, end)
    return crossed


def _apart(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Middles as near to those wanted as their heights allow, in the same order, between 0 and `room`.

    Pushed down as far as needed, and up as far as needed: the mean of both keeps the distances, and favours neither.
    """
    distances = np.cumsum([0.0, *((one + other) / 2 + _BETWEEN for one, other in pairwise(heights))])
    free = np.clip(np.array(wanted) - distances, heights[0] / 2, room - heights[-1] / 2 - distances[-1])
    down, up = np.maximum.accumulate(free), np.minimum.accumulate(free[::-1])[::-1]
    return [float(at) for at in (down + up) / 2 + distances]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _cut(words: str, room: float, weight: str = "normal") -> list[str]:
    return chart.balance(words, room, style.LABEL_SIZE, weight)


def _widest(blocks: Iterable[Sequence[str]], weight: str = "normal") -> float:
    return max(chart.width(line, style.LABEL_SIZE, weight) for lines in blocks for line in lines)


def _stamp(named: Rows, text: Text) -> None:
    """The stamp across each part of the page that is as tall as an ordinary picture: no crop of a tall one loses it."""
    sheet = named.sheet
    parts = max(round(sheet.height / (style.SIZE[1] * 72)), 1)
    for part in range(parts):
        behind = sheet.axes(0, part * sheet.height / parts, sheet.width, sheet.height / parts)
        behind.set_axis_off()
        chart.stamp(behind, text)


def _draw_marks(axes: Axes, places: Mapping[Node, float], stressed: Collection[str]) -> None:
    for (kind, key), at in places.items():
        mark = _DOOR if kind == DOOR else _STRESSED if key in stressed else _COMPANY
        look = {**mark, "linestyle": "", "markeredgecolor": style.PAPER, "clip_on": False, "zorder": 4}
        axes.plot(int(kind == COMPANY), at, **look)


def _draw_key(named: Rows, language: str, stressed: str) -> None:
    door, company, _ = told(_WORDS, language)
    marks = [(door, _DOOR), (company, _COMPANY), *([(stressed, _STRESSED)] if stressed else [])]
    chart.key(named.sheet, *((words, {**mark, "linestyle": ""}) for words, mark in marks))


def _draw_lines(axes: Axes, drawn: nx.Graph[Node], places: Mapping[Node, float], stressed: Collection[str]) -> None:
    """A curve from each door to each of its companies, darker where the company joins several doors."""
    for door, name in _pairs(drawn):
        joins = len(drawn[COMPANY, name]) > 1
        color = style.VERMILION if name in stressed else style.BLUE if joins else style.PALE_BLUE
        start, end = places[DOOR, door], places[COMPANY, name]
        across = np.linspace(0, 1, 41)
        bend = across * across * (3 - 2 * across)
        width, above = (1.8, 3) if joins or name in stressed else (1.4, 2)
        axes.plot(across, start + (end - start) * bend, color=color, linewidth=width, zorder=above, clip_on=False)


def _pairs(drawn: nx.Graph[Node]) -> Iterator[tuple[str, str]]:
    for kind, door in drawn:
        if kind == DOOR:
            yield from ((door, name) for _, name in sorted(drawn[kind, door]))
