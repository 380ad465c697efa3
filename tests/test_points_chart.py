"""The picture of places: every place is drawn where it is, distances are true, nothing touches, the same bytes."""

from math import cos, radians

import numpy as np
import pandas as pd
import pytest
from conftest import in_another_process
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from test_charts import HOSTILE, SUFFIXES, TEXTS, written

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import chart, style
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.points_chart import points
from tradeanalytics.story.style import save

USES = ["residential", "mixed", "non_residential", "unknown"]
# label, latitude, longitude, use, stressed
PLACES = [
    ("Tannwick Electronics Corp.", 43.70, -79.40, "residential", True),
    ("Quorlat Shipping Ltd", 43.75, -79.30, "mixed", True),
    ("Orbex Inc.", 43.62, -79.61, "unknown", True),
    ("a neighbour", 43.68, -79.45, "non_residential", False),
    ("another", 43.81, -79.55, "residential", False),
]
SHORT = chart.Text("h", "s", "")
COLUMNS = ["label", "lat", "lon", "use", "stressed"]


def table(places=PLACES):
    cells = zip(COLUMNS, zip(*places, strict=True), strict=True)
    return pd.DataFrame({name: pd.Series(side, dtype=object if name == "label" else None) for name, side in cells})


def draw(language="en", places=PLACES, *, data=None, size=style.SIZE, text=None):
    return points(table(places) if data is None else data, text or TEXTS[language], language=language, size=size)


def stressed(figure):
    lines = [one for one in figure.axes[0].lines if one.get_marker() not in ("", "None", None)]
    return sorted((float(one.get_ydata()[0]), float(one.get_xdata()[0]), one.get_marker()) for one in lines)


def others(figure):
    drawn = [one.get_offsets() for one in figure.axes[0].collections if isinstance(one, PathCollection)]
    return sorted((float(lat), float(lon)) for lon, lat in np.concatenate([np.asarray(one) for one in drawn]))


def pixels(figure, lat, lon):
    return figure.axes[0].transData.transform((lon, lat))


SCENES = {
    "town": PLACES,
    "one place": PLACES[:1],
    "only grey": PLACES[3:],
    "the country": [("St. John’s", 47.6, -52.7, "mixed", True), ("Whitehorse", 60.7, -135.1, "residential", True)],
    "the far north": [("Alert", 82.5, -62.3, "unknown", True), ("Windsor", 42.3, -83.0, "residential", True)],
    "a crowd": [
        *PLACES,
        *((f"P{n}", 43.6 + n % 37 / 150, -79.6 + n % 41 / 120, USES[n % 4], False) for n in range(500)),
    ],
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("size", [style.SIZE, (5.5, 7.0), (12.0, 6.75)])
@pytest.mark.parametrize("scene", SCENES)
def test_no_words_touch_in_either_language(scene, size, language):
    assert overlaps(draw(language, SCENES[scene], size=size)) == []


@pytest.mark.parametrize("scene", SCENES)
def test_every_place_is_drawn_once_where_it_is_and_within_the_picture(scene):
    figure, places = draw(places=SCENES[scene]), SCENES[scene]
    assert [one[:2] for one in stressed(figure)] == sorted((lat, lon) for _, lat, lon, _, on in places if on)
    assert others(figure) == sorted((lat, lon) for _, lat, lon, _, on in places if not on)
    (west, east), (south, north) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    assert all(west < lon < east and south < lat < north for _, lat, lon, _, _ in places)


def test_a_kilometre_to_the_north_is_as_long_as_one_to_the_east():
    figure, (lat, lon) = draw(), (43.715, -79.45)  # the middle of the picture
    start = pixels(figure, lat, lon)
    north = pixels(figure, lat + 0.01, lon)[1] - start[1]
    east = pixels(figure, lat, lon + 0.01 / cos(radians(lat)))[0] - start[0]
    assert east == pytest.approx(north, rel=1e-6)


def test_the_scale_is_as_long_as_it_says():
    figure = draw()
    assert "10\u00a0km" in written(figure)
    (bar,) = [one for one in figure.findobj(Line2D) if one.axes is None and one.get_linewidth() == 2]
    across = (bar.get_xdata()[1] - bar.get_xdata()[0]) * figure.get_figwidth() * style.DPI
    degree = pixels(figure, 44, -79.4)[1] - pixels(figure, 43, -79.4)[1]
    assert across / degree * 111.195 == pytest.approx(10, rel=1e-6)


def test_a_scale_that_holds_for_one_latitude_alone_says_so():
    country = {language: draw(language, SCENES["the country"]) for language in ("en", "fr")}
    assert any(words.endswith("km at 54°\u00a0N") for words in written(country["en"]))
    assert any(words.endswith("km à 54°\u00a0N") for words in written(country["fr"]))
    assert not any("km at" in words for words in written(draw()))


def test_degrees_are_written_in_the_language():
    assert {"79.4°\u00a0W", "43.6°\u00a0N"} <= {*written(draw(text=SHORT))}
    assert {"79,4°\u00a0O", "43,6°\u00a0N"} <= {*written(draw("fr", text=SHORT))}


def test_each_use_has_a_shape_and_a_colour_and_the_key_names_those_that_are_there():
    every = [(use, 43.6 + place / 50, -79.4, use, True) for place, use in enumerate(USES)]
    figure = draw(places=every)
    lines = [one for one in figure.axes[0].lines if one.get_marker() not in ("", "None", None)]
    looks = {(one.get_marker(), to_hex(one.get_color()), to_hex(one.get_markeredgecolor())) for one in lines}
    assert len({shape for shape, _, _ in looks}) == 4 == len({colour for _, colour, _ in looks})
    names = ["Residential", "Mixed", "Non-residential", "Unknown", "Others, in grey"]
    assert [written(figure).count(name) for name in names] == [1, 1, 1, 1, 0]
    assert [written(draw(places=SCENES["only grey"])).count(name) for name in names] == [1, 0, 1, 0, 0]
    both = [*every, ("a neighbour", 43.7, -79.5, "mixed", False)]
    assert [written(draw(places=both)).count(name) for name in names] == [1, 1, 1, 1, 1], "mixed is drawn in both ways"


def test_only_those_stressed_are_named_and_those_at_one_place_share_a_label():
    twin = [*PLACES, ("Vexoria Trading LLC", 43.70, -79.40, "residential", True)]
    said = " ".join(written(draw(places=twin)))
    assert "Tannwick Electronics Corp., Vexoria Trading LLC" in said and "neighbour" not in said


def test_a_word_of_a_label_is_never_cut():
    names = ["Bremoldak Links Limited", "Quorlatovskaya Shipping", "Tannwickenhausen Corp."]
    crowd = [(f"P{n}", 43.6 + n % 37 / 150, -79.6 + n % 41 / 120, "mixed", False) for n in range(200)]
    places = [(name, 43.7, -79.59 + place / 100, "mixed", True) for place, name in enumerate(names)]
    said = " ".join(written(draw(places=[*crowd, *places], size=(5.5, 7.0)))).split()
    assert [word for name in names for word in name.split() if word not in said] == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_second_drawing_and_a_second_save_give_the_same_bytes(suffix, tmp_path):
    figure = draw("fr")
    first, again = (save(figure, tmp_path / f"{name}{suffix}").read_bytes() for name in ("first", "again"))
    assert first == again == save(draw("fr"), tmp_path / f"other{suffix}").read_bytes()


def test_another_process_gives_the_same_bytes(tmp_path):
    in_another_process(
        "import pathlib, test_points_chart as t\nfor s in t.SUFFIXES: t.save(t.draw(), pathlib.Path('other' + s))",
        tmp_path,
    )
    for suffix in SUFFIXES:
        assert (tmp_path / f"other{suffix}").read_bytes() == save(draw(), tmp_path / f"mine{suffix}").read_bytes()


@pytest.mark.parametrize(("label", "expected", "reason"), HOSTILE)
def test_a_name_from_data_stays_a_name(label, expected, reason, tmp_path):
    figure = draw(places=[(label, 43.7, -79.4, "mixed", True), *PLACES[1:]])
    assert expected in written(figure), reason
    save(figure, tmp_path / "hostile.svg")


def test_the_stamp_lies_across_the_places_and_is_no_fault():
    figure = draw(text=chart.Text("h", "s", "", "SYNTHETIC"))
    assert written(figure).count("SYNTHETIC") == 1 and overlaps(figure) == []


def changed(**cells):
    return table().assign(**cells)


REFUSED = [
    # call, what the message says, reason
    (lambda: draw(data=table().drop(columns="use")), "'use'", "a column is missing"),
    (lambda: draw(data=table()[:0]), "no row", "no data"),
    (lambda: draw(data=changed(lat=40.99)), "lat: 40.99 of 'Tannwick", "south of Canada"),
    (lambda: draw(data=changed(lat=84.01)), "outside Canada", "north of it"),
    (lambda: draw(data=changed(lon=-142.01)), "outside Canada", "west of it"),
    (lambda: draw(data=changed(lon=-51.99)), "outside Canada", "east of it"),
    (lambda: draw(data=changed(lon=79.4)), "lon: 79.4", "a minus sign was lost"),
    (lambda: draw(data=changed(lat=-79.4, lon=43.7)), "lat: -79.4", "the two were taken for each other"),
    (lambda: draw(data=changed(lat=0.0, lon=0.0)), "outside Canada", "zero is what writers without coordinates put"),
    (lambda: draw(data=changed(lat=np.nan)), "lat: nan", "who has no coordinates is not drawn, and not lost unseen"),
    (lambda: draw(data=changed(lat=None)), "lat: None", "nor who has a null"),
    (lambda: draw(data=changed(lat="43.7")), "lat: '43.7'", "a text is no number"),
    (lambda: draw(data=changed(use="po_box")), "use: 'po_box'", "a post box is no place with a use"),
    (lambda: draw(data=changed(label="word " * 400)), "finds no free place", "a label has a limit"),
    (lambda: points(table(), TEXTS["en"], language="de"), "'de'", "no such language"),
]


@pytest.mark.parametrize(("call", "named", "reason"), REFUSED)
def test_what_cannot_be_printed_is_refused_in_one_line(call, named, reason):
    with pytest.raises(TradeAnalyticsError) as error:
        call()
    assert named in str(error.value), reason
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("lat", "lon"), [(41.0, -52.0), (84.0, -142.0)])
def test_the_very_edge_is_within(lat, lon):
    assert stressed(draw(places=[("x", lat, lon, "unknown", True)])) == [(lat, lon, "D")]
