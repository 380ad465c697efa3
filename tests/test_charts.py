"""The pictures: nothing touches, nothing is drawn that is not known, names stay names, the same bytes every time."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import in_another_process
from matplotlib.figure import Figure
from matplotlib.text import Text as Words

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, style
from tradeanalytics.story.chart import Event, Point, Text
from tradeanalytics.story.charts import (
    Level,
    before_and_after,
    columns_by_month,
    first_seen,
    line_with_event,
    ranked_bars,
    two_vintages,
)
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.style import save

# Canada's total exports to Russia, January 2021 to July 2022, million dollars: Statistics Canada, October 2022.
MONTHS = [29.5, 42.4, 44.8, 54.6, 43.3, 153.4, 48.2, 33.8, 43.9, 68.0, 36.6, 58.2, 41.7, 120.9, 5.5, 3.4, 7.3, 3.4, 3.9]
DOMESTIC_OLD = [24.603, 37.739, 39.280, 49.120, 36.787, 145.305, 43.971, 27.230, 38.222, 60.449, 29.314, 53.055]
DOMESTIC_NEW = [24.603, 37.739, 39.281, 49.122, 36.785, 145.305, 43.973, 29.370, 38.222, 60.452, 29.314, 53.108]
SECTIONS = {
    "en": ["Aircraft and other transportation equipment and parts", "Industrial machinery, equipment and parts"],
    "fr": ["Aéronefs et autres matériel et pièces de transport", "Machines, matériel et pièces industriels"],
}
LONGEST = "Produits chimiques de base et industriels, produits en plastique et en caoutchouc, etc., X"
TEXTS = {
    "en": Text(
        "Canadian exports to Russia fell 87.8% in a year",
        "Millions of Canadian dollars a month, customs basis, total exports (domestic + re-exports), "
        "not seasonally adjusted",
        "Source: Statistics Canada, table 12-10-0119, vintage of October 2022. Reproduced and distributed on an "
        "“as is” basis with the permission of Statistics Canada. Chart: tradeanalytics.",
    ),
    "fr": Text(
        "Les exportations canadiennes vers la Russie ont chuté de 87,8\u202f% en un an",
        "Millions de dollars canadiens par mois, base douanière, exportations totales (exportations nationales + "
        "réexportations), non désaisonnalisées",
        "Source\u00a0: Statistique Canada, tableau 12-10-0119, version d'octobre 2022. Reproduit et diffusé «\u00a0tel "
        "quel\u00a0» avec la permission de Statistique Canada. Graphique\u00a0: tradeanalytics.",
    ),
}
POINTS = {
    "en": [Point(date(2021, 3, 1), "March 2021: $44.8 million"), Point(date(2022, 3, 1), "March 2022: $5.5 million")],
    "fr": [
        Point(date(2021, 3, 1), "Mars 2021\u00a0: 44,8\u00a0millions de dollars"),
        Point(date(2022, 3, 1), "Mars 2022\u00a0: 5,5\u00a0millions de dollars"),
    ],
}
EVENTS = {
    "en": Event(date(2022, 2, 24), "Russia invades Ukraine"),
    "fr": Event(date(2022, 2, 24), "La Russie envahit l’Ukraine"),
}
SUFFIXES = (".png", ".svg", ".pdf")
SIZES = [style.SIZE, (7.2, 7.2), (12.0, 6.75), (5.5, 7.0)]


def months(values):
    return pd.DataFrame({"period": pd.date_range("2021-01-01", periods=len(values), freq="MS"), "value": values})


def line(language, values=MONTHS, *, size=style.SIZE, points=None, event=None, text=None):
    points = POINTS[language] if points is None else points
    event = event or EVENTS[language]
    return line_with_event(
        months(values), text or TEXTS[language], points=points, event=event, language=language, size=size
    )


def vintages(language, *, size=style.SIZE):
    table = months(DOMESTIC_NEW).rename(columns={"value": "new"}).assign(old=DOMESTIC_OLD)
    points = [Point(date(2021, 8, 1), {"en": "August 2021: +7.9%", "fr": "Août 2021\u00a0: +7,9\u202f%"}[language])]
    return two_vintages(table, TEXTS[language], old="2022", new="2026", points=points, language=language, size=size)


def rows(language, was=(114.803, 85.789), became=(0.0, 8.144), *, labels=None, **more):
    table = pd.DataFrame(
        {"label": pd.Series(labels or SECTIONS[language], dtype=object), "before": was, "after": became}
    )
    names = {"before": "March 2021", "after": "March 2022"} | more
    return before_and_after(table, TEXTS[language], language=language, **names)


def columns(language, values=MONTHS, *, size=style.SIZE, numbered=False, levels=None):
    halves = [Level(date(2021, 1, 1), date(2022, 2, 1), 58.5, "a"), Level(date(2022, 3, 1), date(2022, 7, 1), 4.7, "b")]
    return columns_by_month(
        months(values), TEXTS[language], event=EVENTS[language], levels=halves if levels is None else levels,
        numbered=numbered, language=language, size=size,
    )  # fmt: skip


def bars(language, values=(886.9, 751.1, 0.0), *, labels=None, highlight=None, size=None):
    labels = labels or [*SECTIONS[language], "other"]
    table = pd.DataFrame({"label": pd.Series(labels, dtype=object), "value": values, "share": "25%", "amount": "1,234"})
    return ranked_bars(table, TEXTS[language], language=language, highlight=highlight or labels[0], size=size)


def seen(language, *, labels=None, size=None):
    labels = labels or SECTIONS[language]
    days = pd.to_datetime(["2022-03-01", "2022-05-01", "2022-06-01"])
    table = pd.DataFrame({"label": [label for label in labels for _ in days], "period": [*days] * len(labels)})
    return first_seen(
        table.assign(since="1 March 2022"), TEXTS[language], span=(date(2021, 1, 1), date(2022, 12, 1)),
        event=EVENTS[language], heading="First seen", language=language, size=size,
    )  # fmt: skip


def written(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Words) if text.get_visible() and text.get_text()]


DRAWN = [line, vintages, rows, columns, bars, seen]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("draw", DRAWN)
def test_no_words_touch_in_either_language(draw, language):
    assert overlaps(draw(language)) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("draw", [line, vintages, columns, bars, seen])
def test_no_words_touch_at_other_sizes(draw, size, language):
    assert overlaps(draw(language, size=size)) == []


def test_two_points_whose_labels_want_one_place_both_find_one():
    points = [Point(date(2021, month, 1), POINTS["fr"][0].label) for month in (3, 1)]
    assert overlaps(line("fr", [0.0] * len(MONTHS), points=points, event=Event(date(2021, 4, 1), "x"))) == []


def test_the_check_for_touching_words_sees_each_fault():
    figure = line("en")
    figure.text(0.99, 0.5, "over the edge")
    figure.text(0.04, 0.93, "on the headline")
    x, y = figure.transFigure.inverted().transform(
        figure.axes[0].transData.transform((date(2021, 6, 12).toordinal(), 80))
    )
    figure.text(x, y, "on the line")
    faults = "; ".join(overlaps(figure))
    for fault in ("'over the edge' leaves", "touches 'on the headline'", "'on the line' is crossed"):
        assert fault in faults


def test_every_picture_holds_the_words_it_was_given():
    page = " ".join(written(line("fr")))
    given = [*dataclasses.astuple(TEXTS["fr"]), *(point.label for point in POINTS["fr"]), EVENTS["fr"].label]
    assert [words for words in given if words not in page] == []


def test_a_picture_has_the_size_it_was_asked_for(tmp_path):
    picture = save(line("en"), tmp_path / "line.png").read_bytes()
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 750)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("draw", DRAWN)
def test_a_second_drawing_and_a_second_save_give_the_same_bytes(draw, suffix, tmp_path):
    figure = draw("fr")
    first, again = (save(figure, tmp_path / f"{name}{suffix}").read_bytes() for name in ("first", "again"))
    assert first == again == save(draw("fr"), tmp_path / f"other{suffix}").read_bytes()


def test_another_process_with_other_settings_gives_the_same_bytes(tmp_path):
    (tmp_path / "matplotlibrc").write_text("figure.facecolor: red\nfont.size: 20\nlines.linewidth: 9\n")
    program = "import pathlib, test_charts as t\nfor s in t.SUFFIXES: t.save(t.line('en'), pathlib.Path('other' + s))"
    in_another_process(program, tmp_path, MATPLOTLIBRC=str(tmp_path / "matplotlibrc"))
    for suffix in SUFFIXES:
        mine = save(line("en"), tmp_path / f"mine{suffix}").read_bytes()
        assert (tmp_path / f"other{suffix}").read_bytes() == mine


def test_a_file_says_neither_when_nor_with_what_it_was_made_but_has_its_title(tmp_path):
    for suffix in SUFFIXES:
        picture = save(line("en"), tmp_path / f"line{suffix}").read_bytes()
        assert b"atplotlib v" not in picture and b"CreationDate" not in picture and b"dc:date" not in picture
    assert f"<title>{TEXTS['en'].headline}</title>" in (tmp_path / "line.svg").read_text(encoding="utf-8")


def test_the_axis_starts_at_zero():
    assert line("en").axes[0].get_ylim()[0] == 0


def test_a_negative_value_is_drawn_whole():
    assert line("en", [*MONTHS[:-1], -3.0]).axes[0].get_ylim()[0] < -3.0


def test_an_unknown_month_breaks_the_line_and_is_marked():
    values = [*MONTHS[:7], np.nan, *MONTHS[8:]]
    figure = line("en", values)
    drawn = max((one.get_ydata() for one in figure.axes[0].lines), key=len)
    assert np.isnan(drawn[7]) and list(np.flatnonzero(np.isnan(drawn))) == [7]
    assert "unknown" in written(figure)
    assert overlaps(figure) == []


def test_a_month_without_a_row_is_as_unknown_as_a_nan():
    table = months(MONTHS).drop(index=7)
    figure = line_with_event(table, TEXTS["fr"], points=[], event=None, language="fr")
    drawn = max((one.get_ydata() for one in figure.axes[0].lines), key=len)
    assert np.isnan(drawn[7]) and "inconnu" in written(figure)


def test_a_known_month_between_unknown_ones_is_still_seen():
    values = [*MONTHS[:6], np.nan, MONTHS[7], np.nan, *MONTHS[9:]]
    dots = [one for one in line("en", values, points=[]).axes[0].lines if one.get_marker() == "o"]
    assert [list(dot.get_ydata()) for dot in dots] == [[MONTHS[7]]]


def test_zero_is_drawn_and_is_not_unknown():
    figure = line("en", [*MONTHS[:7], 0.0, *MONTHS[8:]])
    assert "unknown" not in written(figure)


def test_a_month_stands_between_events_on_its_first_and_its_last_day():
    first, last = (Event(date(2021, 6, day), "x") for day in (1, 30))
    before, after = (line("en", event=event).axes[0].lines for event in (first, last))
    june = next(one for one in before if len(one.get_xdata()) == len(MONTHS)).get_xdata()[5]
    days = [one.get_xdata()[0] for lines in (before, after) for one in lines if one.get_linestyle() == "--"]
    assert days[0] < june < days[1]


def test_a_column_starts_at_zero_and_its_number_stands_over_it():
    figure = columns("en", [300.0, 0.0, 240.0, *[1.0] * 16], numbered=True, levels=[])
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights[:3] == [300.0, 0.0, 240.0] and {bar.get_y() for bar in figure.axes[0].patches} == {0}
    assert [words for words in written(figure) if words in ("300", "0", "240")].count(
        "0"
    ) == 2  # the scale's, the month's
    assert overlaps(figure) == []


def test_an_unknown_column_is_marked_and_is_not_a_column_of_zero():
    figure = columns("en", [*MONTHS[:7], np.nan, *MONTHS[8:]], numbered=True, levels=[])
    assert "unknown" in written(figure) and overlaps(figure) == []


def test_an_unknown_bar_is_said_and_is_not_a_bar_of_zero():
    figure = bars("en", (886.9, np.nan, 0.0))
    assert len(figure.axes[0].patches) == 2
    assert [written(figure).count(words) for words in ("unknown", "25%", "1,234")] == [1, 2, 2]


def test_the_first_month_of_a_row_stands_out_and_no_other_month_is_drawn():
    first, rest = sorted(seen("en", labels=["x"]).axes[0].lines[1:], key=lambda one: len(one.get_xdata()))
    assert (len(first.get_xdata()), len(rest.get_xdata())) == (1, 2) and first.get_xdata()[0] < rest.get_xdata()[0]
    assert first.get_markersize() > rest.get_markersize()


ROW_WORDS = [
    # before, after, words in the row, reason
    (114.803, 0.0, ["0", "114.8"], "a true zero is plain"),
    (114.803, 0.04, ["<0.1", "114.8"], "a little is not zero"),
    (0.05, 8.1, ["0.1", "8.1"], "half of a tenth rounds up"),
    (np.nan, 8.1, ["8.1", "(March 2021: unknown)"], "unknown before is said"),
    (114.803, np.nan, ["114.8", "(March 2022: unknown)"], "unknown after is said, and not drawn as zero"),
    (np.nan, np.nan, ["unknown"], "both unknown"),
    (5.0, 5.0, ["5.0", "5.0"], "no change shows both"),
]


@pytest.mark.parametrize(("before", "after", "expected", "reason"), ROW_WORDS)
def test_a_row_says(before, after, expected, reason):
    figure = rows("en", (before, 85.8), (after, 20.3))
    said = [words for words in written(figure) if words not in ("85.8", "20.3")]
    assert [words for words in said if words in {*expected}] and {*expected} <= {*said}, reason
    assert ("unknown" in " ".join(said)) == ("unknown" in " ".join(expected)), reason
    assert overlaps(figure) == []


def test_long_names_wrap_and_the_page_grows_for_them():
    labels = [f"{LONGEST}{place}" for place in range(14)]
    figure = rows("fr", range(1, 15), range(14), labels=labels, highlight=labels[3])
    assert overlaps(figure) == []
    assert figure.get_figheight() > style.SIZE[1]
    assert all(label in " ".join(written(figure)) for label in labels)


HOSTILE = [
    # label, as drawn, reason
    ("$x^2$ & a_b", "$x^2$ & a_b", "no mathematics"),
    ("100$ or 200$", "100$ or 200$", "two dollar signs start nothing"),
    ("<script>1</script>", "<script>1</script>", "no markup"),
    (r"\alpha {x} %s {0}", r"\alpha {x} %s {0}", "no format"),
    ("_hidden", "_hidden", "a leading underscore hides nothing"),
    ("a\x00b\x1b[1mc", "ab[1mc", "control characters go"),
    ("a\nb\tc", "a b c", "a line break is a space"),
    ("a\u202eb\u200fc", "abc", "direction characters cannot turn the rest of a page"),
    ("a\ud800b", "ab", "a lone surrogate cannot be written to a file"),
    ("Зерно", "Зерно", "Cyrillic is drawn"),
]


@pytest.mark.parametrize(("label", "expected", "reason"), HOSTILE)
def test_a_name_from_data_stays_a_name(label, expected, reason, tmp_path):
    figures = [rows("en", labels=[label, "other"]), line("en", points=[Point(date(2021, 8, 1), label)])]
    for figure in figures:
        assert expected in written(figure), reason
        for suffix in SUFFIXES:
            save(figure, tmp_path / f"hostile{suffix}")


def test_markup_in_a_headline_is_escaped_in_the_svg(tmp_path):
    hostile = dataclasses.replace(TEXTS["en"], headline="<script>alert(1)</script>")
    picture = save(line("en", text=hostile), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<script" not in picture and "&lt;script&gt;" in picture


def test_a_no_break_space_is_never_broken():
    words = "87,8\u202f% de 44,8\u00a0millions"
    assert chart.wrap(words, 1000, 10) == [words]
    lines = chart.wrap(words, 60, 10)
    assert len(lines) > 1 and "87,8\u202f%" in lines[0] and lines[-1].endswith("44,8\u00a0millions")


def test_a_word_wider_than_the_page_is_cut_and_loses_nothing():
    lines = chart.wrap("x" * 300, 100, 10)
    assert "".join(lines) == "x" * 300 and all(chart.width(part, 10) <= 100 for part in lines)


def test_a_stamp_lies_across_the_data_in_every_picture_and_is_no_fault():
    stamped = dataclasses.replace(TEXTS["fr"], stamp="FICTIF")
    figure = line("fr", text=stamped)
    (stamp,) = [text for text in figure.findobj(Words) if text.get_gid() == chart.STAMP]
    assert stamp.get_text() == "FICTIF"
    assert stamp.get_window_extent().width > 0.4 * figure.axes[0].get_window_extent().width
    assert overlaps(figure) == []


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", style.TEXT_COLOURS)
def test_words_stand_out_from_the_paper(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


REFUSED = [
    # call, what the message says, reason
    (lambda: line("en", points=[Point(date(2030, 1, 1), "x")]), "2030-01 has no known value", "a point needs a value"),
    (lambda: line("en", event=Event(date(1999, 1, 1), "x")), "1999-01-01 lies outside", "an event needs its place"),
    (lambda: line("en", [*MONTHS[:2], np.nan, *MONTHS[3:]]), "2021-03 has no known value", "unknown is no point"),
    (lambda: line("en", text=Text("word " * 60, "", "")), "headline", "a headline has two lines at most"),
    (lambda: line("en", size=(1.0, 5.0)), "inches wide", "no room for words"),
    (lambda: line("en", size=(8.0, 2.0)), "more height", "no room for data"),
    (
        lambda: rows("en", (1,) * 20, (2,) * 20, labels=["x"] * 20, size=style.SIZE),
        "for 20 rows",
        "rows do not fit the size asked for",
    ),
    (lambda: rows("en", highlight="none such"), "none such", "a highlight is one of the rows"),
    (lambda: rows("en", before="x" * 90, after="y" * 90), "wider than the page", "the key is one line"),
    (lambda: rows("en", before="2022", after="2022"), "stands for two things", "a reader could not tell them apart"),
    (lambda: bars("en", (3.0, -1.0, 0.0)), "none below zero", "a share is not negative"),
    (lambda: bars("en", highlight="none such"), "none such", "a highlight is one of the rows"),
    (lambda: bars("en", (1.0,) * 30, labels=[str(n) for n in range(30)], size=style.SIZE), "for 30 rows", "too many"),
    (lambda: line_with_event(months([]), TEXTS["en"], points=[], event=None, language="en"), "no row", "no data"),
    (lambda: before_and_after(months([1.0]), TEXTS["en"], before="a", after="b", language="en"), "'label'", "column"),
    (lambda: line("en", points=[Point(date(2021, 8, 1), "word " * 400)]), "finds no free place", "a label has a limit"),
]


@pytest.mark.parametrize(("call", "named", "reason"), REFUSED)
def test_what_cannot_be_printed_is_refused_in_one_line(call, named, reason):
    with pytest.raises(TradeAnalyticsError) as error:
        call()
    assert named in str(error.value), reason
    assert "\n" not in str(error.value)


def test_a_month_that_stands_twice_is_refused():
    table = pd.concat([months(MONTHS), months(MONTHS[:1])])
    with pytest.raises(TradeAnalyticsError, match="2021-01 stands twice"):
        line_with_event(table, TEXTS["en"], points=[], event=None, language="en")


def test_a_file_of_another_kind_is_refused_and_not_made(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"line\.gif"):
        save(line("en"), tmp_path / "line.gif")
    assert list(tmp_path.iterdir()) == []
