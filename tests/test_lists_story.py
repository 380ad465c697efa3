"""The figures of the lists: from their own files alone, equal to lists and answer key, traced and reproduced."""

import csv
import dataclasses
import json
import shutil
from datetime import date

import pandas as pd
import pytest
from conftest import ROOT, put_project
from listed_rows import row, rows_csv
from matplotlib.text import Text
from test_sample_lists import ALL, ITEM, ONCE, day, of

from tradeanalytics.clean import clean
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.raw import raw_files
from tradeanalytics.sample import ANSWERS, DECLARATIONS, LISTS, sample
from tradeanalytics.story import chart, lists_figures
from tradeanalytics.story.bundle import numbers_csv, publish, read_bundle, read_numbers
from tradeanalytics.story.customs_figures import party_name
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.figures import FIGURES, drawable
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.lists_figures import EXTRACTS, LISTED_SAMPLE_FIGURES, LISTS_FIGURES
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify
from tradeanalytics.story.words import percent, us_money

FILES = sample()
KEY = json.loads(FILES[ANSWERS])["lists"]
(DAYS,), (SHIPPED,) = LISTS_FIGURES, LISTED_SAMPLE_FIGURES
BOTH = (DAYS, SHIPPED)
LANGUAGES = ("en", "fr")
CODES = {"Canada": "CA", "United Kingdom": "GB", "European Union": "EU", "United States": "US"}


def put_extracts(root, tables=EXTRACTS):
    for table in tables:
        shutil.copytree(ROOT / "data/raw" / table, raw_folder(root) / table)


def put_sample(root, *names):
    for name in names:
        path = raw_folder(root) / "sample" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILES[name])


def cleaned(root):
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    return open_desk(root)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the extracts, the sample and its lists, and the two figures published."""
    root = tmp_path_factory.mktemp("lists")
    put_extracts(root)
    put_sample(root, DECLARATIONS, LISTS)
    desk = cleaned(root)
    for slug in BOTH:
        publish(FIGURES[slug](desk), figures(root))
    return root


@pytest.fixture(scope="module")
def desk(project):
    return open_desk(project)


@pytest.fixture(scope="module")
def charts(desk):
    return {slug: FIGURES[slug](desk) for slug in BOTH}


def figures(root):
    return processed_folder(root) / "figures"


def published() -> list[dict[str, str]]:
    """The rows of both extracts, read without this package."""
    paths = sorted((ROOT / "data/raw").glob("listed-extract*/*/*.csv"))
    return [one for path in paths for one in csv.DictReader(path.read_text("utf-8").splitlines())]


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


# Both --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", BOTH)
def test_a_bundle_is_complete_and_names_the_files_it_stands_on(project, slug):
    pictures = {f"{slug}.{language}.{kind}" for language in LANGUAGES for kind in ("png", "svg", "pdf")}
    assert {path.name for path in (figures(project) / slug).iterdir()} == pictures | {f"{slug}.csv", f"{slug}.json"}
    bundle = read_bundle(figures(project), slug)
    assert bundle["synthetic"] is (slug == SHIPPED)
    names = {file["name"] for file in bundle["files"]}
    if slug == DAYS:
        assert {name.split("/")[0] for name in names} == set(EXTRACTS) and len(names) == 2
        assert all(file["licence"] and file["citation"] for file in bundle["files"])
    else:
        assert names == {f"sample/{DECLARATIONS}", f"sample/{LISTS}"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", BOTH)
def test_no_words_touch_and_the_picture_holds_its_headline_and_source(charts, slug, language):
    figure, words = charts[slug].draw(language), charts[slug].words[language]
    assert overlaps(figure) == []
    page = " ".join(" ".join(texts(figure)).split())
    assert all(" ".join(text.split()) in page for text in (words.headline, words.subtitle, words.source))
    stamps = [text.get_text() for text in figure.findobj(Text) if text.get_gid() == chart.STAMP]
    assert stamps == ([{"en": "SYNTHETIC", "fr": "FICTIF"}[language]] if slug == SHIPPED else [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", BOTH)
def test_the_alt_text_says_what_kind_of_picture_of_what_and_what_it_shows(charts, slug, language):
    alt = charts[slug].words[language].alt_text
    kinds = {DAYS: {"en": "Dot plot of 8", "fr": "Diagramme à points de 8"}}
    invented = {"en": "Bar chart of invented data", "fr": "Diagramme à barres de données inventées"}
    assert alt.startswith(kinds.get(slug, invented)[language]) and alt.endswith(".") and len(alt) < 400
    shown = ("Asia Pacific Links", "TESTKOMPLEKT") if slug == DAYS else (top(charts)[1],)
    assert all(name in alt for name in shown)
    assert language == "en" or not {"the", "and", "of", "listed"} & set(alt.lower().split())


@pytest.mark.parametrize("slug", BOTH)
def test_a_second_publication_writes_the_same_bytes(project, slug, tmp_path):
    publish(FIGURES[slug](open_desk(project)), tmp_path)
    for path in sorted((figures(project) / slug).iterdir()):
        assert (tmp_path / slug / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_figure_reproduces(project):
    assert {verdict.slug: verdict.complaints for verdict in verify(project)} == dict.fromkeys(sorted(BOTH), ())


HERE = [
    # extracts, files of the sample, figures that come, why
    (EXTRACTS, (DECLARATIONS, LISTS), {DAYS, SHIPPED}, "all is there"),
    (EXTRACTS, (DECLARATIONS,), {DAYS}, "the sample's lists are missing"),
    (EXTRACTS, (LISTS,), {DAYS}, "the sample is missing"),
    (EXTRACTS[:1], (DECLARATIONS, LISTS), {SHIPPED}, "one extract is missing"),
    (EXTRACTS[1:], (LISTS,), set(), "each lacks a file"),
]


@pytest.mark.parametrize(("extracts", "made", "expected", "why"), HERE)
def test_a_figure_comes_only_where_its_files_are(tmp_path, extracts, made, expected, why):
    put_extracts(tmp_path, extracts)
    put_sample(tmp_path, LISTS)
    desk = cleaned(tmp_path)
    put_sample(tmp_path, *made)  # for the question which files there are, the dump need not be cleaned
    if LISTS not in made:
        (raw_folder(tmp_path) / "sample" / LISTS).unlink()
    there = {raw.file_id: raw for raw in raw_files(raw_folder(tmp_path))}
    assert set(drawable(dataclasses.replace(desk, raw=there))) & set(BOTH) == expected, why


def test_without_lists_neither_comes(tmp_path):
    root = put_project(tmp_path)
    assert not set(drawable(cleaned(root))) & set(BOTH)


def test_other_lists_in_the_folder_change_no_number_and_no_word(project, charts, tmp_path):
    root = tmp_path / "more"
    shutil.copytree(project, root)
    day = {"list_date": "2026-10-01"}
    others = {
        "mine/2026-10-01/list.csv": [
            row("Canada", "C1", "Asia Pacific Links Limited", listed_on="2022-01-05", **day)
            | {"list": "Special Economic Measures (Russia) Regulations"},
            row("Türkiye", "T1", "SMT-iLogic", listed_on="2022-01-05", **day),
        ],
        "mine/2026-10-02/SYNTHETIC_list.csv": [
            row("SYNTHETIC Northland", "N1", "SYNTHETIC YELMORAX", listed_on="2020-01-05", **day)
        ],
    }
    for name, rows in others.items():
        path = raw_folder(root) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(rows_csv(rows))
    desk = cleaned(root)
    for slug in BOTH:
        again = FIGURES[slug](desk)
        assert numbers_csv(again.numbers) == numbers_csv(charts[slug].numbers) and again.words == charts[slug].words
    assert {verdict.slug: verdict.complaints for verdict in verify(root)} == dict.fromkeys(sorted(BOTH), ())


# Who listed whom and when ------------------------------------------------------------------------------------------


def test_every_day_of_the_extracts_is_a_point_and_no_other_is(project):
    told = {
        (CODES[one["authority"]], one["listed_on"]) for one in published() if one["listed_on"] and not one.get("found")
    }
    rows = read_numbers(figures(project), DAYS)
    assert {(one["authority"], one["listed_on"]) for one in rows if one["listed_on"]} == told
    listed = [one for one in published() if one.get("found") != "no"]
    assert sum(int(one["records"]) for one in rows if one["status"] != "not_on_list") == len(listed) == 21
    assert len(rows) == 8 * 4 and {one["authority"] for one in rows} == {"CA", "EU", "GB", "US"}


def test_who_was_looked_for_in_vain_is_not_on_the_list_and_nobody_else_is_said_to_be_off_it(project):
    absent = [(CODES[one["authority"]], one["list_date"]) for one in published() if one.get("found") == "no"]
    rows = read_numbers(figures(project), DAYS)
    off = [(one["authority"], one["list_date"]) for one in rows if one["status"] == "not_on_list"]
    assert sorted(off) == sorted(absent) and len(off) == 10
    assert all(one["records"] == "1" and not one["lag_days"] for one in rows if one["status"] == "not_on_list")


def test_days_are_counted_from_the_first_authority_that_tells_its_day(project):
    for party in {one["party"] for one in read_numbers(figures(project), DAYS)}:
        rows = [one for one in read_numbers(figures(project), DAYS) if one["party"] == party and one["listed_on"]]
        first = min(date.fromisoformat(one["listed_on"]) for one in rows)
        for one in rows:
            assert int(one["lag_days"]) == (date.fromisoformat(one["listed_on"]) - first).days


def test_a_point_is_traced_to_the_records_of_the_lists(desk):
    (number,) = trace(desk, DAYS, "SMT-iLogic/CA")
    (record,) = number.records
    assert number.amount == record.amount == 1 and record.file.startswith("listed-extract/")
    assert "2023-07-19" in record.text and "item 403" in record.text
    (number,) = trace(desk, DAYS, "Asia Pacific Links Ltd./CA")
    (record,) = number.records
    assert record.file.startswith("listed-extract-more/") and '"found": "no"' in record.text.replace("'", '"')


def test_every_point_of_the_days_is_traced_and_its_records_sum_to_it(project, desk):
    for one in read_numbers(figures(project), DAYS):
        (number,) = trace(desk, DAYS, f"{one['party']}/{one['authority']}")
        assert str(number.amount) == one["records"] and len(number.records) == int(one["records"])
        assert all(one["listed_on"] in record.text for record in number.records)


def test_the_picture_names_each_party_once_and_has_a_mark_for_each_day(project, charts):
    rows = read_numbers(figures(project), DAYS)
    figure = charts[DAYS].draw("en")
    assert all(texts(figure).count(party) == 1 for party in {one["party"] for one in rows})
    days = [one for one in rows if one["listed_on"] and one["authority"] in ("CA", "GB", "EU")]
    marks = [one for one in figure.axes[0].lines if one.get_marker() in ("o", "s", "^")]
    assert len(marks) == len(days) and {"Canada", "United Kingdom", "European Union"} <= set(texts(figure))


ENDS = [
    # status and day of the subject, days of the others, English, French, why
    (("listed", "2022-04-08"), ["2022-05-04", None], "26 days before", "26 jours avant", "before"),
    (("listed", "2022-05-04"), ["2022-04-08", "2022-01-01"], "123 days after", "123 jours après", "after the first"),
    (("listed", "2022-05-04"), ["2022-05-05", None], "1 day before", "1 jour avant", "one day is singular"),
    (("listed", "2022-05-04"), ["2022-05-04", None], "the same day", "le même jour", "none between them"),
    (("listed", "2022-05-04"), [None, None], "Canada alone", "seul le Canada", "nobody else tells a day"),
    (("not_on_list", None), ["2022-05-04", None], "not on it", "absente", "the list was looked at"),
    (("unknown", None), ["2022-05-04", None], "not known", "inconnu", "no list was looked at: that is not absent"),
    (("to_check", None), ["2022-05-04", None], "not known", "inconnu", "a name like it is there"),
    (("listed_day_unknown", None), ["2022-05-04", None], "no day told", "jour non précisé", "it is on the list"),
]


@pytest.mark.parametrize(("mine", "others", "english", "french", "why"), ENDS)
def test_the_words_at_the_end_of_a_row_say_what_is_known(mine, others, english, french, why):
    days = [mine, *(("listed" if day else "unknown", day) for day in others)]
    table = pd.DataFrame(
        [
            {"party": "Vexoria", "authority": authority, "status": status, "listed_on": pd.Timestamp(day)}
            for authority, (status, day) in zip(("CA", "GB", "EU"), days, strict=True)
        ]
    )
    said = tuple(lists_figures._end(table, "Vexoria", language) for language in LANGUAGES)
    assert said == (english, french), why


# What the sample shipped while listed ------------------------------------------------------------------------------


def top(charts) -> tuple[pd.Series, str]:
    first = charts[SHIPPED].numbers.table.iloc[0]
    return first, party_name(first["party"])


def while_listed(party) -> set[tuple[str, ...]]:
    """The items of a party on days when any authority listed it, recounted from the files line by line."""
    entries = [(one["listed_on"], one["delisted_on"] or "9999") for one in party["entries"] if one["listed_on"]]
    mine = [(day(one).isoformat(), tuple(one[heading] for heading in ITEM)) for one in of(party, ONCE)]
    return {item for on, item in mine if any(since <= on < until for since, until in entries)}


def test_those_who_shipped_while_listed_are_those_of_the_answer_key(project, desk):
    rows = {one["party"]: one for one in read_numbers(figures(project), SHIPPED)}
    expected = {party["key"]: while_listed(party) for party in KEY["parties"]}
    assert rows.keys() == {key for key, items in expected.items() if items} and len(rows) < len(expected)
    for key, one in rows.items():
        (number,) = trace(desk, SHIPPED, key)
        records = [record.record for record in number.records]
        assert {tuple(ALL[record - 1][heading] for heading in ITEM) for record in records} == expected[key]
        assert len(set(records)) == len(records)
        assert sum(record.amount for record in number.records) == number.amount == int(one["value_usd_cents"])


def test_a_share_is_that_of_all_that_a_party_shipped_or_received(project, desk):
    whole = desk.engine.sql(
        """
SELECT key, CAST(sum(value_usd_cents) AS BIGINT) AS cents FROM (
    SELECT n.key, s.value_usd_cents FROM shipments s JOIN names n
    ON n.file_id = s.file_id AND n.text IN (s.shipper_name, s.consignee_name)
    WHERE s.duplicate IN ('unique', 'same_key_other_payload')
) GROUP BY key
"""
    ).set_index("key")["cents"]
    for one in read_numbers(figures(project), SHIPPED):
        assert one["share_of_all"] == f"{int(one['value_usd_cents']) / int(whole[one['party']]):.3f}", one["party"]


def test_the_words_have_the_amounts_of_the_table(charts):
    table = charts[SHIPPED].numbers.table
    first, name = top(charts)
    total = int(table["value_usd_cents"].sum())
    for language in LANGUAGES:
        words = charts[SHIPPED].words[language]
        assert str(len(table)) in words.headline and us_money(total, language) in words.caption
        assert us_money(int(first["value_usd_cents"]), language) in words.caption and name in words.caption
        assert percent(float(first["share_of_all"]), 0, language) in words.caption
        assert words.headline.startswith({"en": "SYNTHETIC", "fr": "FICTIF"}[language])
        assert {"en": "invented", "fr": "inventé"}[language] in words.source and LISTS in words.source


def test_the_figure_knows_the_names_of_the_files_of_the_sample():
    assert (lists_figures.SAMPLE, lists_figures.SAMPLE_LISTS) == (DECLARATIONS, LISTS)
    assert all(read_name(party["name"]).key == party["key"] for party in KEY["parties"])
