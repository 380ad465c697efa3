"""Addresses of the sample from raw files to pictures: equal to the answer key, traced and reproduced."""

import dataclasses
import json

import pytest
from matplotlib.text import Text

from tradeanalytics.addressed import doors_of
from tradeanalytics.addressed.places import at_home
from tradeanalytics.addressed.rates import base_rate
from tradeanalytics.clean import clean
from tradeanalytics.parties import doors
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.raw import raw_files
from tradeanalytics.sample import ANSWERS, DECLARATIONS, LISTS, sample
from tradeanalytics.sample.nar import REGISTER
from tradeanalytics.story import chart
from tradeanalytics.story.address_figures import ADDRESS_FIGURES, sample_addresses
from tradeanalytics.story.bundle import publish, read_bundle, read_numbers
from tradeanalytics.story.customs_figures import party_name
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.figures import FIGURES, drawable
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.lists_figures import sample_lists
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify
from tradeanalytics.story.words import us_money

FILES = sample()
KEY = json.loads(FILES[ANSWERS])["addresses"]
COMPANIES = {one["name"]: one for one in KEY["companies"]}
HOMES, DOORS, POINTS = ADDRESS_FIGURES
NEEDED = (DECLARATIONS, LISTS, REGISTER)
LANGUAGES = ("en", "fr")


def key_of(name: str) -> str:
    return read_name(name).key


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the sample, its lists and its register alone, and the three figures published."""
    root = tmp_path_factory.mktemp("addresses")
    for name in NEEDED:
        path = raw_folder(root) / "sample" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILES[name])
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    for slug in ADDRESS_FIGURES:
        publish(FIGURES[slug](open_desk(root)), figures(root))
    return root


@pytest.fixture(scope="module")
def desk(project):
    return open_desk(project)


@pytest.fixture(scope="module")
def found(desk):
    return sample_addresses(desk, sample_lists(desk))


@pytest.fixture(scope="module")
def charts(desk):
    return {slug: FIGURES[slug](desk) for slug in ADDRESS_FIGURES}


def figures(root):
    return processed_folder(root) / "figures"


def codes(found, name: str) -> set[str]:
    return set(found.flags.loc[found.flags["name"] == name, "code"])


# The answer key ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPANIES)
def test_what_is_recorded_at_a_companys_address_is_what_the_key_says(found, name):
    answer, rows = COMPANIES[name], found.places[found.places["name"] == name]
    assert rows["use"].tolist() == [answer["use"]] and rows["unit"].tolist() == [answer["unit"]]
    assert rows["items"].sum() == answer["items"] and rows["value_usd_cents"].sum() == answer["usd_cents"]
    assert rows["priority_usd_cents"].fillna(0).sum() == answer["priority_usd_cents"]
    if answer["register_ids"]:
        assert set(rows["register_id"]) & set(answer["register_ids"])
        assert set(rows["basis"]) == {answer["basis"]} and set(rows["vintage"]) == {KEY["register"]["vintage"]}


@pytest.mark.parametrize("name", COMPANIES)
def test_its_flags_are_those_of_the_key(found, name):
    judged = {"A1", "A4", "A5", "A6", "A8", "A10"}
    assert codes(found, name) & judged == set(COMPANIES[name]["flags"]), name


def test_the_front_company_is_flagged_with_basis_and_vintage(found):
    [flag] = found.flags[(found.flags["name"] == KEY["homes_by_usd_cents"][0]) & (found.flags["code"] == "A1")].to_dict(
        "records"
    )
    assert (flag["basis"], flag["vintage"]) == ("nar_building", "2026-06-01") and flag["vintage"] in flag["sentence"]
    assert flag["source"] and "lawful" in flag["does_not_prove"]


def test_an_office_tower_of_forty_companies_is_no_shared_front(found):
    tower = KEY["tower"]
    assert len(tower["companies"]) == 40 and all("A2" not in codes(found, name) for name in tower["companies"])
    rows = found.places[found.places["name"].isin(tower["companies"])]
    assert set(rows["companies_at_premises"]) == {40} and set(rows["companies_at_unit"]) == {1}


def test_four_companies_of_one_room_are_a_shared_front_at_the_address_of_a_listed_party(found):
    room = KEY["room"]
    assert all({"A2", "A7"} <= codes(found, name) for name in room["companies"])
    assert "A2" not in codes(found, room["joined_by_second_address"])
    listed = found.flags[(found.flags["code"] == "A7") & found.flags["name"].isin(room["companies"])]
    assert set(listed["basis"]) == {"room"} and listed["sentence"].str.contains(room["listed_party"]["list_id"]).all()
    moved = found.flags[(found.flags["name"] == room["moved"]["name"]) & (found.flags["code"] == "A9")]
    assert room["moved"]["first_day"] in " ".join(moved["sentence"])


def test_shared_doors_join_the_companies_that_the_key_joins(found):
    [group] = doors.components(doors_of(found.places)).to_dict("records")
    assert set(group["names"]) == set(map(key_of, KEY["room"]["component"]))
    assert group["edges"] == len(KEY["room"]["projected_edges"]) == 7


def test_the_base_rate_is_counted_in_companies_of_the_key(found):
    rate = base_rate(found.places)
    recorded = [one for one in COMPANIES.values() if one["use"] in ("residential", "mixed", "non_residential")]
    homes = [one for one in recorded if one["residential"]]
    assert (rate.canadian, rate.recorded, rate.homes) == (len(COMPANIES), len(recorded), len(homes)) == (54, 48, 4)
    assert rate.everybody > rate.canadian and at_home(found.places).sum() == len(homes)


# The figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ADDRESS_FIGURES)
def test_a_bundle_is_complete_invented_and_names_the_files_it_stands_on(project, slug):
    pictures = {f"{slug}.{language}.{kind}" for language in LANGUAGES for kind in ("png", "svg", "pdf")}
    assert {path.name for path in (figures(project) / slug).iterdir()} == pictures | {f"{slug}.csv", f"{slug}.json"}
    bundle = read_bundle(figures(project), slug)
    names = {DECLARATIONS, REGISTER, *([LISTS] if slug == DOORS else [])}
    assert bundle["synthetic"] and {file["name"] for file in bundle["files"]} == {f"sample/{name}" for name in names}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ADDRESS_FIGURES)
def test_no_words_touch_and_the_picture_is_marked_and_holds_its_headline_and_source(charts, slug, language):
    figure, words = charts[slug].draw(language), charts[slug].words[language]
    assert overlaps(figure) == []
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    page = " ".join(" ".join(text.get_text() for text in shown).split())
    assert all(" ".join(text.split()) in page for text in (words.headline, words.subtitle, words.source))
    stamps = [text.get_text() for text in shown if text.get_gid() == chart.STAMP]
    assert stamps == [{"en": "SYNTHETIC", "fr": "FICTIF"}[language]]
    assert language == "en" or not {"the", "and", "of", "recorded"} & set(words.caption.lower().split())


def test_every_figure_reproduces(project):
    assert {verdict.slug: verdict.complaints for verdict in verify(project)} == dict.fromkeys(
        sorted(ADDRESS_FIGURES), ()
    )


def test_homes_are_ranked_by_value_and_traced_to_the_items_of_the_key(project, desk):
    rows = read_numbers(figures(project), HOMES)
    assert [row["party"] for row in rows] == [key_of(name) for name in KEY["homes_by_usd_cents"]]
    for row, name in zip(rows, KEY["homes_by_usd_cents"], strict=True):
        answer = COMPANIES[name]
        numbers = {number.measure: number for number in trace(desk, HOMES, row["party"])}
        assert int(row["value_usd_cents"]) == numbers["value_usd_cents"].amount == answer["usd_cents"]
        assert int(row["priority_usd_cents"]) == answer["priority_usd_cents"]
        assert len(numbers["value_usd_cents"].records) == answer["items"]


def test_what_went_through_a_shared_door_is_what_the_key_counts(project):
    rows = read_numbers(figures(project), DOORS)
    sums = {}
    for row in rows:
        sums[row["party"]] = sums.get(row["party"], 0) + int(row["value_usd_cents"])
    assert sums == {key_of(name): one["usd_cents"] for name, one in KEY["room"]["shipped"].items()}
    assert len({row["door"] for row in rows}) == 2


def test_points_are_of_the_shippers_whose_use_the_key_has(project):
    rows = {row["party"]: row for row in read_numbers(figures(project), POINTS)}
    uses = {key_of(name): one["use"] for name, one in COMPANIES.items()}
    assert {party: row["use"] for party, row in rows.items()} == {party: uses[party] for party in rows}
    assert {key_of(name) for name in KEY["homes_by_usd_cents"]} <= rows.keys()
    assert all(43 < float(row["lat"]) < 44 and -80 < float(row["lon"]) < -79 for row in rows.values())


def test_the_words_have_the_amounts_of_the_table_and_the_base_rate(charts):
    table = charts[HOMES].numbers.table
    for language in LANGUAGES:
        words = charts[HOMES].words[language]
        assert " 4 " in words.headline and "48" in words.headline and "54" in words.caption and "115" in words.caption
        assert us_money(int(table["value_usd_cents"].sum()), language) in words.caption
        assert us_money(int(table["priority_usd_cents"].sum()), language) in words.caption
        assert party_name(table["party"][0]) in words.caption


@pytest.mark.parametrize("missing", NEEDED)
def test_no_figure_comes_where_a_file_is_missing(desk, missing):
    there = {file_id: raw for file_id, raw in desk.raw.items() if raw.path.name != missing}
    assert not set(drawable(dataclasses.replace(desk, raw=there))) & set(ADDRESS_FIGURES)


def test_figures_come_where_all_files_are(desk):
    assert set(ADDRESS_FIGURES) <= set(drawable(desk))
