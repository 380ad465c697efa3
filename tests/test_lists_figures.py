"""The figures of the lists: what they say is what the extracts and the key say, and nothing overlaps."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text as Words

from tradeanalytics import sample
from tradeanalytics.clean import clean
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.story import chart
from tradeanalytics.story.bundle import publish, read_bundle, read_numbers
from tradeanalytics.story.chart import Event, Text
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.figures import FIGURES, drawable
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.listing_chart import days_of_listing
from tradeanalytics.story.lists_figures import LISTED_SAMPLE_FIGURES, LISTS_FIGURES, SAMPLE_LISTS
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify

ROOT = Path(__file__).parents[1]
FILES = sample.sample()
(DAYS,) = LISTS_FIGURES
(SHIPPED,) = LISTED_SAMPLE_FIGURES
SLUGS = (DAYS, SHIPPED)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the extracts of lists, the sample's first dump and its lists; the figures published."""
    root = tmp_path_factory.mktemp("project")
    for name in ("listed-extract", "listed-extract-more"):
        shutil.copytree(ROOT / "data/raw" / name, raw_folder(root) / name)
    (raw_folder(root) / "sample").mkdir()
    for name in (sample.DECLARATIONS, SAMPLE_LISTS):
        (raw_folder(root) / "sample" / name).write_bytes(FILES[name])
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    desk = open_desk(root)
    for slug in SLUGS:
        publish(FIGURES[slug](desk), processed_folder(root) / "figures")
    return root


@pytest.fixture(scope="module")
def desk(project):
    return open_desk(project)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("slug", SLUGS)
def test_no_words_touch_and_every_picture_is_said_in_words(desk, slug, language):
    made = FIGURES[slug](desk)
    assert overlaps(made.draw(language)) == []
    said = made.words[language]
    assert all([said.headline, said.subtitle, said.source, said.caption, said.alt_text])


def numbers(project, slug):
    rows = read_numbers(processed_folder(project) / "figures", slug)
    return {tuple(row[key] for key in list(row)[:2]): row for row in rows}


PUBLISHED = [
    # party, authority, status, day, lag, date of the list
    ("Special Technology Centre LLC", "CA", "listed", "2022-04-08", "0", "2026-08-22"),
    ("Special Technology Centre LLC", "GB", "listed", "2022-05-04", "26", "2026-08-22"),
    ("Special Technology Centre LLC", "EU", "listed", "2023-02-25", "323", "2026-05-01"),
    ("SMT-iLogic", "CA", "listed", "2023-07-19", "0", "2026-08-22"),
    ("SMT-iLogic", "GB", "listed", "2023-08-08", "20", "2026-08-22"),
    ("SMT-iLogic", "US", "not_on_list", "", "", "2023-01"),
    ("Asia Pacific Links Ltd.", "GB", "listed", "2023-12-06", "0", "2026-08-22"),
    ("Asia Pacific Links Ltd.", "EU", "listed", "2024-12-16", "376", "2026-05-01"),
    ("Asia Pacific Links Ltd.", "CA", "not_on_list", "", "", "2026-08-22"),
]


@pytest.mark.parametrize(("party", "authority", "status", "day", "lag", "listed"), PUBLISHED)
def test_days_and_lags_are_those_of_the_lists(party, authority, status, day, lag, listed, project):
    row = numbers(project, DAYS)[party, authority]
    assert [row[name] for name in ("status", "listed_on", "lag_days", "list_date")] == [status, day, lag, listed]


def test_the_headline_counts_who_is_on_both_other_lists_and_not_on_canadas(project):
    words = read_bundle(processed_folder(project) / "figures", DAYS)["words"]
    assert words["en"]["headline"] == "2 of 8 companies are on British and EU lists, but not on Canada’s"
    assert words["fr"]["headline"].startswith("2 entreprises sur 8")
    for language, name in (("en", "a lead, not proof"), ("fr", "une piste, non la preuve")):
        assert name in words[language]["caption"]


def test_each_point_leads_to_the_records_of_the_list(desk):
    (number,) = trace(desk, DAYS, "Zala Aero/GB")
    assert [record.file for record in number.records] == ["listed-extract-more/2026-08-22/listed_more.csv"]
    assert "RUS1712" in number.records[0].text
    (absent,) = trace(desk, DAYS, "Asia Pacific Links Ltd./CA")
    assert '"found": "no"' in absent.records[0].text


def test_goods_traded_while_listed_are_those_of_a_plain_recount(project, desk):
    key = json.loads(FILES[sample.ANSWERS])["lists"]["parties"]
    listed = {party["key"] for party in key if any(counts["listed"] for counts in party["by_authority"].values())}
    rows = read_numbers(processed_folder(project) / "figures", SHIPPED)
    assert {row["party"] for row in rows} == listed
    (money,) = trace(desk, SHIPPED, rows[0]["party"])
    assert str(money.amount) == rows[0]["value_usd_cents"] and money.records


def test_they_are_verified_and_change_with_no_other_list(project):
    assert [(verdict.slug, verdict.complaints) for verdict in verify(project)] == [(slug, ()) for slug in sorted(SLUGS)]


def test_another_list_beside_them_changes_no_figure(project, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(project, root)
    own = raw_folder(root) / "own/2026-10-01/list.csv"
    own.parent.mkdir(parents=True)
    own.write_text(
        "authority,list,list_id,name,aliases,listed_on,list_date\n"
        "Canada,Special Economic Measures (Russia) Regulations,item 1,Asia Pacific Links Ltd,,2026-09-30,2026-10-01\n",
        "utf-8",
    )
    clean(raw_file(own, raw_folder(root)), processed_folder(root))
    again = publish(FIGURES[DAYS](open_desk(root)), tmp_path / "figures")
    first = processed_folder(project) / "figures" / DAYS
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in first.iterdir()
    }


def test_they_come_only_where_their_files_are(desk):
    assert set(SLUGS) <= set(drawable(desk))
    extracts = open_desk(desk.root, only=[raw for raw in desk.raw.values() if raw.table])
    assert DAYS in drawable(extracts) and SHIPPED not in drawable(extracts)


def test_a_mark_stands_on_its_day_and_the_first_authority_on_top():
    data = pd.DataFrame(
        {
            "label": ["Vexel", "Vexel", "Drevak"],
            "authority": ["Utopia", "Laputa", "Utopia"],
            "day": [date(2022, 3, 1), date(2022, 3, 10), None],
            "end": ["9 days before", "9 days before", "not on it"],
            "stressed": [False, False, True],
        }
    )
    figure = days_of_listing(
        data,
        Text("Headline", "Subtitle", "Source: none."),
        authorities=["Utopia", "Laputa"],
        span=(date(2022, 1, 1), date(2022, 12, 1)),
        event=Event(date(2022, 2, 24), "An event"),
        heading="Utopia’s list",
        language="en",
    )
    (axes,) = figure.axes
    marks = {line.get_marker(): line for line in axes.lines if line.get_marker() in ("o", "s")}
    assert [marks[one].get_xdata()[0] for one in ("o", "s")] == [
        pd.Timestamp(day).toordinal() + 0.5 for day in ("2022-03-01", "2022-03-10")
    ]
    assert marks["o"].get_zorder() > marks["s"].get_zorder() and overlaps(figure) == []
    assert chart.clean("not on it") in {text.get_text() for text in figure.findobj(Words)}
