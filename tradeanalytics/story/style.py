"""How every picture looks: type, colours, sizes, and files that are the same bytes on every run."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import font_source_sans_pro
import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

from tradeanalytics import TradeAnalyticsError

Size = tuple[float, float]
"""Width and height in inches."""

SIZE: Final[Size] = (8.0, 5.0)
DPI: Final = 150

# Okabe and Ito's blue and vermilion, darkened until each reads as text: at least 4.5:1 on white, and apart for every
# kind of colour blindness (they differ in lightness too). The pale ones are for marks, never for words.
INK: Final = "#1a1a1a"
GREY: Final = "#595959"
BLUE: Final = "#00558c"
VERMILION: Final = "#b23c00"
PAPER: Final = "#ffffff"
RULE: Final = "#dedede"
PALE_BLUE: Final = "#a6cbe5"
PALE_GREY: Final = "#f0f0f0"
TEXT_COLOURS: Final = (INK, GREY, BLUE, VERMILION)

# Points. Nothing shrinks below SOURCE_SIZE to make a long text fit.
HEADLINE_SIZE: Final = 18.0
SUBTITLE_SIZE: Final = 10.5
LABEL_SIZE: Final = 10.0
TICK_SIZE: Final = 9.5
SOURCE_SIZE: Final = 8.0

# A name of our own, so that another version of Source Sans Pro installed on this machine cannot be drawn instead.
FAMILY: Final = "tradeanalytics Source Sans Pro"
FAMILIES: Final = (FAMILY, "DejaVu Sans")  # the second ships with matplotlib and has the scripts that the first lacks

_FACES: Final = {400: "SourceSansPro", 700: "SourceSansProBold"}
_WITHOUT: Final[dict[str, dict[str, Any]]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
}
_RC: Final[dict[Any, Any]] = {
    "font.family": list(FAMILIES),
    "font.size": LABEL_SIZE,
    "text.color": INK,
    "text.parse_math": False,  # names come from data: "$" and "_" in them are no markup
    "text.hinting": "none",
    "text.antialiased": True,
    "axes.unicode_minus": True,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.spines.bottom": False,
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "xtick.labelcolor": GREY,
    "ytick.labelcolor": GREY,
    "xtick.labelsize": TICK_SIZE,
    "ytick.labelsize": TICK_SIZE,
    "figure.facecolor": PAPER,
    "figure.dpi": DPI,
    "savefig.dpi": "figure",
    "savefig.bbox": None,
    "savefig.facecolor": PAPER,
    "svg.hashsalt": "tradeanalytics",
    "svg.fonttype": "path",  # the page it lands on does not have our font
    "pdf.fonttype": 42,
}


def _register_faces() -> None:
    for weight, face in _FACES.items():
        file = font_source_sans_pro.font_files_ttf[face]
        fontManager.ttflist.append(FontEntry(fname=file, name=FAMILY, weight=weight))


_register_faces()


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save inside this: type, colours and what makes the bytes repeat, on top of matplotlib's defaults.

    The reader's own matplotlibrc is set aside, so that it cannot change a published picture.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        yield


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG, SVG or PDF by the path's suffix: the same bytes on every run, at the figure's fixed size.

    The picture is whole before the file is touched. The headline, if the figure carries one as its label, becomes the
    title that screen readers and browsers find in the file. Raises TradeAnalyticsError for any other suffix.
    """
    if path.suffix not in _WITHOUT:
        raise TradeAnalyticsError(f"{path.name}: suffix {path.suffix!r}, expected one of {', '.join(_WITHOUT)}")
    metadata = {**_WITHOUT[path.suffix], "Title": str(figure.get_label())}
    picture = io.BytesIO()
    with house_style():
        figure.savefig(picture, format=path.suffix[1:], metadata=metadata)
    path.write_bytes(picture.getvalue())
    return path
