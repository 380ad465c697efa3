"""Labels beside the data: each at the nearest free place, and a check that none touches another, a line or the edge."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, style

Place = tuple[float, float]

# Where to try around a point, best first: to the right or left of it, above or below it, and how much of its own width
# the label slides leftwards. A reader looks above a dot, then to its right.
_AROUND: Final = (
    (0, 1, -0.5), (0.7, 0.7, 0), (1, 0, 0), (-0.7, 0.7, -1), (-1, 0, -1), (0, 1, -0.3), (0, 1, -0.7),
    (0.7, -0.7, 0), (0, -1, -0.5), (-0.7, -0.7, -1), (0, 1, -0.1), (0, 1, -0.9), (0, -1, -0.2), (0, -1, -0.8),
)  # fmt: skip
_ORDERS: Final = 24
_TIE: Final = "tie"
_NEAR: Final = 14.0
_FAR: Final = 400.0
_PIXELS: Final = style.DPI / 72


@dataclass(frozen=True)
class Candidate:
    """A place for a label: its lines, their box and the point they name (pixels), and whether it needs a tie."""

    lines: Sequence[str]
    box: Bbox
    at: Place
    tied: bool

    def tie(self) -> Path:
        """The thin line from the dot's edge to the nearest edge of the box."""
        end = (min(max(self.at[0], self.box.x0), self.box.x1), min(max(self.at[1], self.box.y0), self.box.y1))
        far = max(((end[0] - self.at[0]) ** 2 + (end[1] - self.at[1]) ** 2) ** 0.5, 1)
        part = min(6 * _PIXELS / far, 1)
        start = (self.at[0] + part * (end[0] - self.at[0]), self.at[1] + part * (end[1] - self.at[1]))
        return Path([start, end])

    def align(self) -> str:
        """Which side of the text faces the point."""
        if self.box.x0 >= self.at[0]:
            return "left"
        return "right" if self.box.x1 <= self.at[0] else "center"


@dataclass
class Labels:
    """The labels of one axes with settled limits; the next keeps off boxes taken, and if it can off those shunned.

    Boxes are in pixels.
    """

    axes: Axes
    taken: list[Bbox] = field(default_factory=list)
    shunned: list[Bbox] = field(default_factory=list)
    ties: list[Path] = field(default_factory=list)

    def dot(self, at: Place, color: str) -> None:
        """A dot with a white edge at a place in the data."""
        self.axes.plot(
            *at, "o", color=color, markersize=7.5, markeredgecolor=style.PAPER, markeredgewidth=1.2, zorder=5
        )
        self.taken.append(Bbox.from_bounds(*self._pixel(at), 0, 0).padded(5 * _PIXELS))

    def shun(self, start: float, end: float) -> None:
        """Keep later labels off this stretch of the x axis, if there is any other place for them."""
        left, right = self._pixel((start, 0))[0], self._pixel((end, 0))[0]
        inside = self.axes.get_window_extent()
        self.shunned.append(Bbox([[left, inside.y0], [right, inside.y1]]))

    def near(self, names: Sequence[tuple[Place, str]], **look: Any) -> None:
        """Write names at the nearest free places to their places in the data, with a thin tie where that is far.

        Where one name takes the last place of another, other orders are tried, and then names on more lines. Raises
        TradeAnalyticsError if none fits.
        """
        weight = look.get("weight", "normal")
        every = [list(_candidates(chart.clean(words), self._pixel(at), weight)) for at, words in names]
        narrow = [[place for place in places if len(place.lines) == len(places[-1].lines)] for places in every]
        orders = (itertools.islice(itertools.permutations(kept), _ORDERS) for kept in (every, narrow))
        for order in itertools.chain.from_iterable(orders):
            trial = Labels(self.axes, [*self.taken], self.shunned, [*self.ties])
            chosen = [place for places in order if (place := trial._claim(places))]
            if len(chosen) == len(every):
                break
        else:
            longest = max((chart.clean(words) for _, words in names), key=len)
            message = f"label: {longest!r} finds no free place, expected a shorter label or a larger size"
            raise TradeAnalyticsError(message)
        for place in chosen:
            self._write(place, look)

    def pin(self, corner: Place, lines: Sequence[str], align: str, **look: Any) -> Place:
        """Write lines downwards from a corner (pixels), ending there if aligned right; return the corner below them."""
        across = max(chart.width(line, style.LABEL_SIZE, look.get("weight", "normal")) for line in lines) * _PIXELS
        up = len(lines) * style.LABEL_SIZE * chart.LEADING * _PIXELS
        x = corner[0] - across if align == "right" else corner[0]
        at = (corner[0], corner[1] - up / 2)
        self._write(Candidate(lines, Bbox.from_bounds(x, corner[1] - up, across, up), at, False), look)
        return corner[0], corner[1] - up

    def _pixel(self, at: Place) -> Place:
        x, y = self.axes.transData.transform(at)
        return float(x), float(y)

    def _claim(self, places: Sequence[Candidate]) -> Candidate | None:
        """Take the nearest good place: best off what is shunned with a tie that crosses nothing, at worst only free."""
        lines = [*map(_drawn, self.axes.lines), *self.ties]
        free = [place for place in places if self._free(place.box, lines)]
        for shunned, crossed in ((self.shunned, lines), (self.shunned, []), ([], [])):
            for place in free:
                if not place.box.count_overlaps(shunned) and self._reaches(place, crossed):
                    self._take(place)
                    return place
        return None

    def _take(self, place: Candidate) -> None:
        self.taken.append(place.box)
        self.ties.extend([place.tie()] if place.tied else [])

    def _free(self, box: Bbox, lines: Sequence[Path]) -> bool:
        inside, padded = self.axes.get_window_extent(), box.padded(2.5 * _PIXELS)
        if not (inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1)):
            return False
        return not padded.count_overlaps(self.taken) and not any(_meets(line, padded) for line in lines)

    def _reaches(self, place: Candidate, lines: Sequence[Path]) -> bool:
        if not place.tied:
            return True
        tie, others = place.tie(), [box for box in self.taken if not box.contains(*place.at)]
        return not any(_meets(tie, box) for box in others) and not any(tie.intersects_path(line) for line in lines)

    def _write(self, place: Candidate, look: dict[str, Any]) -> None:
        self._take(place)
        figure, align = _figure(self.axes), place.align()
        x = {"left": place.box.x0, "right": place.box.x1}.get(align, (place.box.x0 + place.box.x1) / 2) / _PIXELS
        paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0}  # the grid does not strike through words
        sheet = chart.Page(figure, 0, figure.get_figwidth() * 72 - 2 * chart.MARGIN, figure.get_figheight() * 72)
        sheet.write(x - chart.MARGIN, place.box.y1 / _PIXELS, place.lines, ha=align, bbox=paper, **look)
        if place.tied:
            ends = figure.transFigure.inverted().transform(place.tie().vertices)
            figure.add_artist(Line2D(*ends.T, color=style.GREY, linewidth=0.7, gid=_TIE))


def overlaps(figure: Figure) -> list[str]:
    """Every fault in how the words of a figure lie, a sentence each; a picture with none can be printed.

    A fault is a text that leaves the canvas, two texts that touch, or a text that a line or dot of the data crosses.
    """
    with style.house_style():
        figure.draw_without_rendering()
        boxes = [(text.get_text(), text.get_window_extent().padded(-0.5)) for text in _texts(figure)]
    lines = [line for axes in figure.axes for line in axes.lines]
    lines += [line for line in figure.findobj(Line2D) if isinstance(line, Line2D) and line.get_gid() == _TIE]
    page = figure.bbox
    outside = [f"{words!r} leaves the picture" for words, box in boxes if not _within(box, page)]
    touching = [
        f"{a!r} touches {b!r}" for (a, one), (b, other) in itertools.combinations(boxes, 2) if one.overlaps(other)
    ]
    crossed = [
        f"{words!r} is crossed by the data" for words, box in boxes if any(_crosses(line, box) for line in lines)
    ]
    return [*outside, *touching, *crossed]


def _candidates(text: str, at: Place, weight: str) -> Iterator[Candidate]:
    """Places around a pixel, nearest first, with the text on one, two or three lines."""
    shapes = _shapes(text, weight)
    for far in itertools.takewhile(lambda points: points < _FAR, itertools.count(8.0, 4.0)):
        for (lines, across, up), (dx, dy, slide) in itertools.product(shapes, _AROUND):
            x = at[0] + dx * far * _PIXELS + across * slide
            y = at[1] + dy * far * _PIXELS + up * (0.0 if dy > 0 else -1.0 if dy < 0 else -0.5)
            yield Candidate(lines, Bbox.from_bounds(x, y, across, up), at, far > _NEAR)


def _shapes(text: str, weight: str) -> list[tuple[list[str], float, float]]:
    """The text on one line and on a few, each with width and height in pixels; the first cut is after a colon."""
    head, colon, tail = text.partition(": ")
    heads = [f"{head}:"] if colon else []
    rest = tail if colon else text
    across = chart.width(rest, style.LABEL_SIZE, weight)
    shares = (0.6, 0.4) if across > 80 else ()
    word = max(chart.width(word, style.LABEL_SIZE, weight) for word in rest.split(" "))  # cut between words only
    few = [[*heads, *chart.balance(rest, max(across * share, word), style.LABEL_SIZE, weight)] for share in shares]
    shapes = [[text], [*heads, rest], *few]
    return [_shape(lines, weight) for lines in shapes]


def _shape(lines: list[str], weight: str) -> tuple[list[str], float, float]:
    across = max(chart.width(line, style.LABEL_SIZE, weight) for line in lines)
    return lines, across * _PIXELS, len(lines) * style.LABEL_SIZE * chart.LEADING * _PIXELS


def _drawn(line: Line2D) -> Path:
    """The path of a line in pixels, as it is on the page."""
    return line.get_transform().transform_path(line.get_path())


def _meets(line: Path, box: Bbox) -> bool:
    return bool(line.intersects_bbox(box, filled=False))


def _crosses(line: Line2D, box: Bbox) -> bool:
    path = _drawn(line)
    if line.get_marker() in ("None", None, ""):
        return _meets(path, box.padded(line.get_linewidth() / 2))
    reach = box.padded(line.get_markersize() / 2 * _PIXELS)
    return any(reach.contains(x, y) for x, y in np.asarray(path.vertices, dtype=float).tolist())


def _within(box: Bbox, page: Any) -> bool:
    return bool(page.x0 <= box.x0 and page.y0 <= box.y0 and box.x1 <= page.x1 and box.y1 <= page.y1)


def _texts(figure: Figure) -> list[Text]:
    found = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_gid() != chart.STAMP)
    return [text for text in found if isinstance(text, Text) and text.get_visible() and text.get_text().strip()]


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure
