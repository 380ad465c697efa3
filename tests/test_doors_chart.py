"""The picture of shared doors: every company and door once, a line for each pair, nothing touches, the same bytes."""

from itertools import combinations

import pandas as pd
import pytest
from conftest import in_another_process
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.text import Text as Words
from test_charts import HOSTILE, SUFFIXES, TEXTS, luminance, written

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, doors_chart, style
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.style import save

ROOM, HOUSE = "Unit 1203, 25 Larkmoor Avenue West, Toronto ON M9Z 1Z1", "7 Elmgrove Crescent, Toronto ON M9Z 2Z2"
STRESSED = {"en": "On a sanctions list", "fr": "Sur une liste de sanctions"}
AMOUNTS = {"en": "US$8.1 million", "fr": "8,1\u00a0millions de dollars américains"}
LONGEST = "Société par actions fermée Vexoria, établissement d’études et de production de systèmes sans pilote"
FIVE = [
    ("Quorlat Ltd", ROOM),
    ("Vexoria", ROOM),
    (LONGEST, ROOM),
    ("Orbex", ROOM),
    ("Orbex", HOUSE),
    ("Tannwick", HOUSE),
]


def table(pairs=FIVE, language="en", stressed=("Tannwick",)):
    cells = pd.DataFrame({name: pd.Series(side, dtype=object) for name, side in zip(
        ("company", "door"), zip(*pairs, strict=True), strict=True)})  # fmt: skip
    return cells.assign(amount=AMOUNTS[language], stressed=cells["company"].isin(stressed))


def draw(pairs=FIVE, language="en", *, data=None, size=None, stressed=None, text=None):
    data = table(pairs, language) if data is None else data
    words = (STRESSED[language] if data["stressed"].any() else "") if stressed is None else stressed
    return doors_chart.shared_doors(data, text or TEXTS[language], language=language, stressed=words, size=size)


def marks(figure):
    """The place of each mark, from above: doors at the left, companies at the right."""
    drawn = [one for axes in figure.axes for one in axes.lines if one.get_marker() not in ("", "None", None)]
    return sorted((int(one.get_xdata()[0]), round(float(one.get_ydata()[0]), 6)) for one in drawn)


def joined(figure):
    """The ends of each line, left and right."""
    drawn = [one.get_ydata() for axes in figure.axes for one in axes.lines if len(one.get_xdata()) > 2]
    return [(round(float(ends[0]), 6), round(float(ends[-1]), 6)) for ends in drawn]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("size", [None, (5.5, 8.5), (7.2, 7.2), (12.0, 6.75)])
def test_no_words_touch_in_either_language(language, size):
    assert overlaps(draw(language=language, size=size)) == []


GROUPS = [
    # pairs, reason
    ([(f"C{number}", HOUSE) for number in range(doors_chart.MOST)], "one door and as many companies as there may be"),
    (
        [(f"C{side}", f"Door {pair}") for pair in combinations(range(6), 2) for side in pair],
        "more doors than companies",
    ),
    ([(f"C{number // 2}", f"Door {(number + 1) // 2 % 9}") for number in range(18)], "a ring"),
    ([(f"C{number}", f"{LONGEST} {number // 2}") for number in range(24)], "twelve groups with long names"),
    ([(f"{LONGEST} {number}", HOUSE) for number in range(24)], "long names of companies"),
]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("pairs", "reason"), GROUPS)
def test_groups_of_every_shape_have_room(pairs, reason, language):
    figure = draw(pairs, language)
    assert overlaps(figure) == [], reason
    assert len(joined(figure)) == len(set(pairs)), reason


def test_a_line_leads_from_each_company_to_each_of_its_doors():
    figure = draw()
    doors, companies = ([y for x, y in marks(figure) if x == side] for side in (0, 1))
    assert (len(doors), len(companies), len(joined(figure))) == (2, 5, 6)
    assert {start for start, _ in joined(figure)} == {*doors} and {end for _, end in joined(figure)} == {*companies}


def test_the_picture_holds_every_name_and_amount_and_how_many_are_at_a_door():
    figure = draw(language="fr")
    page = " ".join(" ".join(written(figure)).split())
    assert [name for pair in FIVE for name in pair if name not in page] == []
    assert [written(figure).count(f"{count} entreprises") for count in (4, 2)] == [1, 1]
    assert page.count("dollars américains") == 5


def test_a_door_a_company_and_one_that_is_stressed_differ_in_shape_and_colour_and_the_key_says_which():
    figure = draw()
    drawn = {(one.get_marker(), to_hex(one.get_color())) for one in figure.axes[-1].lines if len(one.get_xdata()) == 1}
    assert len(drawn) == 3 == len({shape for shape, _ in drawn}) == len({colour for _, colour in drawn})
    assert [written(figure).count(name) for name in ("Shared door", "Company", STRESSED["en"])] == [1, 1, 1]
    assert STRESSED["en"] not in written(draw(data=table(stressed=())))


def test_only_what_is_stressed_is_red_and_bold():
    said = {text.get_text(): text for text in draw().findobj(Words)}
    assert (to_hex(said["Tannwick"].get_color()), said["Tannwick"].get_fontweight()) == (style.VERMILION, "bold")
    assert to_hex(said["Orbex"].get_color()) == style.INK


def test_words_and_marks_stand_out_from_the_paper():
    figure = draw()
    words = {to_hex(text.get_color()) for text in figure.findobj(Words) if text.get_text() and text.get_visible()}
    assert words <= set(style.TEXT_COLOURS)
    colours = [to_hex(one.get_color()) for one in figure.axes[-1].lines if len(one.get_xdata()) == 1]
    assert all(1.05 / (luminance(colour) + 0.05) >= 3 for colour in colours)


RING = [(f"C{number}", f"D{door % 9}") for number in range(9) for door in (number * 4, number * 4 + 4)]
UNTANGLED = [
    # pairs, lines that must cross, reason
    (FIVE, 0, "a chain"),
    (RING, 8, "a ring of n doors and n companies in two columns crosses itself n - 1 times"),
    (
        [(name, door) for name in "ABC" for door in "XYZ"],
        9,
        "everybody at every door: each pair of doors with each pair",
    ),
]


def crossed(figure):
    return sum((one[0] - two[0]) * (one[1] - two[1]) < 0 for one, two in combinations(joined(figure), 2))


@pytest.mark.parametrize(("pairs", "crossings", "reason"), UNTANGLED)
def test_no_more_lines_cross_than_must(pairs, crossings, reason):
    assert crossed(draw(pairs)) == crossings, reason


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from("ABCDEFGHIJKL"), st.sampled_from("12345")), min_size=2, max_size=30))
def test_any_groups_are_drawn_whole_and_without_faults(pairs):
    shared = [pair for pair in pairs if len({company for company, door in pairs if door == pair[1]}) > 1]
    if shared:
        figure = draw(shared)
        assert overlaps(figure) == [] and len(joined(figure)) == len(set(shared))


def test_the_order_of_rows_decides_only_the_order_of_companies_at_a_door():
    figure, turned = draw(), draw(FIVE[::-1])
    assert [text for text in written(figure) if text == "Quorlat Ltd"] == ["Quorlat Ltd"]
    assert sorted(marks(figure)) == sorted(marks(turned)) and sorted(written(figure)) == sorted(written(turned))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_second_drawing_and_a_second_save_give_the_same_bytes(suffix, tmp_path):
    figure = draw(language="fr")
    first, again = (save(figure, tmp_path / f"{name}{suffix}").read_bytes() for name in ("first", "again"))
    assert first == again == save(draw(language="fr"), tmp_path / f"other{suffix}").read_bytes()


def test_another_process_gives_the_same_bytes(tmp_path):
    in_another_process(
        "import pathlib, test_doors_chart as t\nfor s in t.SUFFIXES: t.save(t.draw(), pathlib.Path('other' + s))",
        tmp_path,
    )
    for suffix in SUFFIXES:
        assert (tmp_path / f"other{suffix}").read_bytes() == save(draw(), tmp_path / f"mine{suffix}").read_bytes()


@pytest.mark.parametrize(("label", "expected", "reason"), HOSTILE)
def test_a_name_from_data_stays_a_name(label, expected, reason, tmp_path):
    figure = draw([(label, HOUSE), ("Orbex", HOUSE), ("Orbex", f"at {label}"), ("Vexoria", f"at {label}")])
    assert expected in written(figure) and f"at {expected}" in written(figure), reason
    save(figure, tmp_path / "hostile.svg")


def test_no_crop_of_a_tall_picture_loses_the_stamp_and_it_is_no_fault():
    stamped = chart.Text("h", "s", "", "SYNTHETIC")
    figure = draw([(f"C{number}", HOUSE) for number in range(60)], text=stamped)
    stamps = [text for text in figure.findobj(Words) if text.get_gid() == chart.STAMP]
    assert len(stamps) >= figure.get_figheight() / style.SIZE[1] - 1 and overlaps(figure) == []


def test_companies_without_amounts_have_none():
    figure = draw(data=table().assign(amount=""))
    assert AMOUNTS["en"] not in written(figure) and overlaps(figure) == []


REFUSED = [
    # call, what the message says, reason
    (lambda: draw(data=table().drop(columns="door")), "'door'", "a column is missing"),
    (lambda: draw(data=table()[:0]), "no row", "no data"),
    (lambda: draw([*FIVE, ("Orbex", "alone")]), "'alone' has one company", "a door that nobody shares"),
    (lambda: draw([(f"C{number}", HOUSE) for number in range(61)]), "61 companies", "one more than there may be"),
    (lambda: draw(data=table().assign(amount=[*"abcdef"])), "'Orbex' has two amounts", "which of them is right?"),
    (lambda: draw(stressed=""), "words where a company is stressed", "red that nobody explains"),
    (lambda: draw(data=table(stressed=()), stressed="x"), "and only there", "words for what is not there"),
    (lambda: draw(size=(8.0, 4.0)), "inches high", "rows do not fit the size asked for"),
    (lambda: draw(size=(3.0, 9.0), text=chart.Text("h", "s", "")), "more width", "names do not fit"),
    (lambda: doors_chart.shared_doors(table(), TEXTS["en"], language="de", stressed="x"), "'de'", "no such language"),
]


@pytest.mark.parametrize(("call", "named", "reason"), REFUSED)
def test_what_cannot_be_printed_is_refused_in_one_line(call, named, reason):
    with pytest.raises(TradeAnalyticsError) as error:
        call()
    assert named in str(error.value), reason
    assert "\n" not in str(error.value)
