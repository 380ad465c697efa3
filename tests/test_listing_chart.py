"""The picture of days of listing: nothing touches, every known day is a mark, nothing unknown is, the same bytes."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text as Words
from test_charts import EVENTS, HOSTILE, SUFFIXES, TEXTS, luminance, written

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import style
from tradeanalytics.story.chart import Event
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.listing_chart import days_of_listing
from tradeanalytics.story.style import save

AUTHORITIES = {
    "en": ["Canada", "United Kingdom", "European Union"],
    "fr": ["Canada", "Royaume-Uni", "Union européenne"],
}
HEADINGS = {"en": "Canada’s list", "fr": "Liste du Canada"}
SPAN = date(2021, 1, 1), date(2026, 8, 1)
LONGEST = "Société par actions fermée Vexoria, établissement d’études et de production de systèmes sans pilote"
# label, days of the three authorities (None: not known), words at the end, stressed
LISTED = [
    ("Vexoria Trading LLC", ("2022-04-08", "2022-05-04", "2023-02-25"), "26 days before", False),
    ("Quorlat Shipping", ("2023-07-19", "2023-07-19", "2023-07-20"), "same day", False),
    ("Bremoldak Links Limited", (None, "2023-12-06", "2024-12-16"), "not on it", True),
    (LONGEST, ("2026-02-19", "2022-02-25", None), "1,455 days after", False),
    ("Orbex", (None, None, None), "not known", False),
]
DTYPES = {"label": object, "end": object, "day": "datetime64[ns]"}


def table(language="en", listed=LISTED):
    rows = [
        (label, authority, pd.Timestamp(day) if day else pd.NaT, end, on)
        for label, days, end, on in listed
        for authority, day in zip(AUTHORITIES[language], days, strict=True)
    ]
    columns = dict(zip(["label", "authority", "day", "end", "stressed"], zip(*rows, strict=True), strict=True))
    return pd.DataFrame({name: pd.Series(cells, dtype=DTYPES.get(name)) for name, cells in columns.items()})


def draw(language="en", listed=LISTED, *, data=None, authorities=None, span=SPAN, event=None, size=None):
    return days_of_listing(
        table(language, listed) if data is None else data,
        TEXTS[language],
        authorities=authorities or AUTHORITIES[language],
        span=span,
        event=event or EVENTS[language],
        heading=HEADINGS[language],
        language=language,
        size=size,
    )


def marks(figure) -> list:
    return [one for one in figure.axes[0].lines if one.get_marker() not in ("", "None", None)]


def places(figure) -> list[tuple[int, float]]:
    """The row and the day of every mark."""
    return sorted((int(one.get_ydata()[0]), float(one.get_xdata()[0])) for one in marks(figure))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("size", [None, (12.0, 6.75), (8.0, 8.0)])
def test_no_words_touch_in_either_language(language, size):
    assert overlaps(draw(language, size=size)) == []


@pytest.mark.parametrize("day", ["2021-01-15", "2023-06-30", "2026-08-20"])
def test_no_words_touch_wherever_the_event_is(day):
    assert overlaps(draw("fr", event=Event(date.fromisoformat(day), "La Russie envahit l’Ukraine"))) == []


def test_every_known_day_is_a_mark_in_its_row_and_no_unknown_one_is():
    expected = [
        (place, pd.Timestamp(day).toordinal() + 0.5)
        for place, (_, days, _, _) in enumerate(LISTED)
        for day in days
        if day
    ]
    assert places(draw()) == sorted(expected) and len(expected) == 10


def test_a_line_leads_from_the_first_to_the_last_day_of_a_row():
    lines = [one for one in draw().axes[0].lines if len(one.get_xdata()) == 2 and to_hex(one.get_color()) == style.RULE]
    ends = {int(one.get_ydata()[0]): (min(one.get_xdata()), max(one.get_xdata())) for one in lines}
    assert set(ends) == {0, 1, 2, 3}, "a row without a day has no line"
    assert ends[0] == (date(2022, 4, 8).toordinal() + 0.5, date(2023, 2, 25).toordinal() + 0.5)


def test_an_authority_has_a_mark_of_its_own_in_shape_and_colour_and_the_key_says_which():
    figure = draw()
    looks = {(one.get_marker(), to_hex(one.get_color())) for one in marks(figure)}
    assert len(looks) == 3 and len({shape for shape, _ in looks}) == 3 and len({colour for _, colour in looks}) == 3
    (mine,) = [one for one in marks(figure) if one.get_xdata()[0] == date(2026, 2, 19).toordinal() + 0.5]
    assert (mine.get_marker(), to_hex(mine.get_color())) == ("o", style.VERMILION)
    assert all(written(figure).count(name) == 1 for name in AUTHORITIES["en"])


def test_of_two_marks_on_one_day_the_first_authority_lies_above_and_neither_covers_the_other():
    day = date(2023, 7, 19).toordinal() + 0.5
    mine, other = sorted((one for one in marks(draw()) if one.get_xdata()[0] == day), key=lambda one: -one.get_zorder())
    assert (mine.get_marker(), other.get_marker()) == ("o", "s")
    half_diagonal = other.get_markersize() / 2 * np.sqrt(2)
    assert half_diagonal > mine.get_markersize() / 2


def test_words_and_marks_stand_out_from_the_paper():
    figure = draw()
    words = {to_hex(text.get_color()) for text in figure.findobj(Words) if text.get_text() and text.get_visible()}
    assert words <= set(style.TEXT_COLOURS)
    assert all(1.05 / (luminance(to_hex(one.get_color())) + 0.05) >= 3 for one in marks(figure))


def test_the_picture_holds_every_name_and_what_stands_at_its_end():
    figure = draw("fr")
    page = " ".join(" ".join(written(figure)).split())
    assert [label for label, *_ in LISTED if label not in page] == []
    assert [end for _, _, end, _ in LISTED if written(figure).count(end) != 1] == []
    assert HEADINGS["fr"] in page and EVENTS["fr"].label in page


def test_only_what_is_stressed_is_red_and_bold():
    said = {text.get_text(): text for text in draw().findobj(Words)}
    assert (to_hex(said["not on it"].get_color()), said["not on it"].get_fontweight()) == (style.VERMILION, "bold")
    assert to_hex(said["not known"].get_color()) != style.VERMILION


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_second_drawing_and_a_second_save_give_the_same_bytes(suffix, tmp_path):
    figure = draw("fr")
    first, again = (save(figure, tmp_path / f"{name}{suffix}").read_bytes() for name in ("first", "again"))
    assert first == again == save(draw("fr"), tmp_path / f"other{suffix}").read_bytes()


@pytest.mark.parametrize(("label", "expected", "reason"), HOSTILE)
def test_a_name_from_data_stays_a_name(label, expected, reason, tmp_path):
    figure = draw(listed=[(label, ("2022-04-08", None, None), label, True), *LISTED[:2]])
    assert written(figure).count(expected) == 2, reason
    save(figure, tmp_path / "hostile.svg")


def test_many_rows_make_the_page_taller():
    many = [(f"{LONGEST} {place}", days, end, on) for place in range(6) for _, days, end, on in LISTED]
    many = [(f"{label} {number}", *rest) for number, (label, *rest) in enumerate(many)]
    figure = draw("fr", many)
    assert figure.get_figheight() > style.SIZE[1] and overlaps(figure) == []
    assert len(places(figure)) == 60


def test_marks_on_the_first_and_the_last_day_of_the_span_lie_within_it():
    figure = draw(listed=[("Vexoria", ("2021-01-01", "2026-08-31", None), "x", False)])
    left, right = figure.axes[0].get_xlim()
    assert len(places(figure)) == 2 and all(left < day < right for _, day in places(figure))


def changed(**columns):
    return table().assign(**columns)


REFUSED = [
    # call, what the message says, reason
    (lambda: draw(data=table().drop(columns="day")), "'day'", "a column is missing"),
    (lambda: draw(data=table()[:0]), "no row", "no data"),
    (lambda: draw(data=changed(authority="Atlantis")), "'Atlantis'", "an authority without a mark"),
    (lambda: draw(authorities=[*"ABCDE"]), "4", "there are four marks"),
    (
        lambda: draw(listed=[("V", ("2020-12-31", None, None), "", False)]),
        "2020-12-31",
        "a day before the axis",
    ),
    (lambda: draw(listed=[("V", ("2026-09-01", None, None), "", False)]), "2026-09-01", "and so is one behind it"),
    (lambda: draw(data=pd.concat([table(), table()[:1]])), "stands twice", "two days of one authority"),
    (lambda: draw(event=Event(date(1999, 1, 1), "x")), "1999-01-01 lies outside", "an event needs its place"),
    (lambda: draw(listed=LISTED, size=(8.0, 2.5)), "inches", "rows do not fit the size asked for"),
]


@pytest.mark.parametrize(("call", "named", "reason"), REFUSED)
def test_what_cannot_be_printed_is_refused_in_one_line(call, named, reason):
    with pytest.raises(TradeAnalyticsError) as error:
        call()
    assert named in str(error.value), reason
    assert "\n" not in str(error.value)
