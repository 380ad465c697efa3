"""The figures of the invented sample: marked wherever they are seen, equal to the answer key, and led back to rows."""

import csv
import importlib.util
import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import bundled, put_project
from matplotlib.figure import Figure
from matplotlib.text import Text

from tradeanalytics import TradeAnalyticsError, sample
from tradeanalytics.clean import clean
from tradeanalytics.clean.overlap import mark_known
from tradeanalytics.parties.names import name
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.sample import cast
from tradeanalytics.sample.published import EXTRACT
from tradeanalytics.story import chart, customs_figures
from tradeanalytics.story.address_figures import ADDRESS_FIGURES
from tradeanalytics.story.bundle import Chart, Numbers, Words, numbers_csv, publish, read_bundle, read_numbers
from tradeanalytics.story.customs_figures import CUSTOMS_FIGURES
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.eu_figures import EU_FIGURES
from tradeanalytics.story.figures import FIGURES, drawable
from tradeanalytics.story.goods_figures import GOODS_FIGURES
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.lists_figures import LISTED_SAMPLE_FIGURES, LISTS_FIGURES
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify
from tradeanalytics.story.words import percent, us_money

ROOT = Path(__file__).parents[1]
RAW = f"sample/{sample.DECLARATIONS}"
SUPPLIERS, INTERMEDIARY, MODULES, SEEN = CUSTOMS_FIGURES
INVENTED = {"en": "Invented data", "fr": "Données inventées"}
FILES = sample.sample()
STORIES = json.loads(FILES[sample.ANSWERS])["stories"]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the sample's two dumps, which overlap, and its figures published."""
    root = tmp_path_factory.mktemp("sample")
    folder = raw_folder(root) / "sample"
    folder.mkdir(parents=True)
    for dump in (sample.DECLARATIONS, sample.OVERLAP):
        (folder / dump).write_bytes(FILES[dump])
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    mark_known(processed_folder(root))
    desk = open_desk(root)
    for figure in CUSTOMS_FIGURES.values():
        publish(figure(desk), figures(root))
    return root


@pytest.fixture(scope="module")
def desk(project):
    return open_desk(project)


def figures(root):
    return processed_folder(root) / "figures"


def rows(project, slug):
    return read_numbers(figures(project), slug)


def key_of(company) -> str:
    return name(company.name).key


@pytest.mark.parametrize("slug", CUSTOMS_FIGURES)
def test_a_bundle_is_complete_and_says_that_it_is_invented(project, slug):
    pictures = {f"{slug}.{language}.{kind}" for language in ("en", "fr") for kind in ("png", "svg", "pdf")}
    assert {path.name for path in (figures(project) / slug).iterdir()} == pictures | {f"{slug}.csv", f"{slug}.json"}
    bundle = read_bundle(figures(project), slug)
    assert bundle["synthetic"] is True and bundle["query"].startswith("SELECT")
    assert [file["name"] for file in bundle["files"]] == [RAW]
    for language, stamp in (("en", "SYNTHETIC"), ("fr", "FICTIF")):
        words = bundle["words"][language]
        assert words["headline"].startswith(stamp) and words["subtitle"].startswith(INVENTED[language])
        assert INVENTED[language].lower() in words["caption"].lower()
        assert INVENTED[language].lower() in words["alt_text"].lower()
        assert sample.DECLARATIONS in words["source"]


@pytest.mark.parametrize(("language", "stamp"), [("en", "SYNTHETIC"), ("fr", "FICTIF")])
@pytest.mark.parametrize("slug", CUSTOMS_FIGURES)
def test_every_picture_carries_the_stamp_and_no_words_touch(desk, slug, language, stamp):
    figure = FIGURES[slug](desk).draw(language)
    assert [text.get_text() for text in figure.findobj(Text) if text.get_gid() == chart.STAMP] == [stamp]
    assert overlaps(figure) == []


def test_the_suppliers_of_the_year_their_shares_and_ranks_are_those_of_the_key(project):
    answer = STORIES["named_importer"]["by_year"]["2022"]["suppliers"]
    told = [(row["shipper_key"], int(row["value_usd_cents"]), float(row["share"])) for row in rows(project, SUPPLIERS)]
    assert told == [(name(one["name"]).key, one["usd_cents"], one["share"]) for one in answer]
    assert told[0] == (key_of(cast.QUILVARO), answer[0]["usd_cents"], 0.25)
    words = read_bundle(figures(project), SUPPLIERS)["words"]
    for language in ("en", "fr"):
        assert percent(0.25, 0, language) in words[language]["headline"]
        assert us_money(answer[0]["usd_cents"], language) in words[language]["caption"]


def test_the_intermediarys_months_and_its_value_a_month_are_those_of_the_key(project):
    answer = STORIES["intermediary"]
    told = {row["month"]: int(row["value_usd_cents"]) for row in rows(project, INTERMEDIARY)}
    assert told == {
        month: cents for month, cents in answer["usd_cents_by_month"].items() if "2021-03" <= month <= "2023-02"
    }
    for side, window in customs_figures.WINDOWS.items():
        year = answer[f"twelve_months_{side}"]
        assert window == (year["first"], year["last"])
        for language in ("en", "fr"):
            caption = read_bundle(figures(project), INTERMEDIARY)["words"][language]["caption"]
            assert us_money(round(year["a_month"]), language) in caption


def test_the_modules_by_month_are_those_of_the_key_and_the_other_months_are_zero(project):
    answer = STORIES["modules"]
    told = {row["month"]: int(row["pieces"]) for row in rows(project, MODULES)}
    assert len(told) == 12 and sum(told.values()) == answer["pieces"] == 800
    assert {month: count for month, count in told.items() if count} == answer["pieces_by_month"]
    assert list(rows(project, MODULES)[0]) == ["month", "pieces"]  # pieces are no money: no column of millions


def test_those_first_seen_after_the_invasion_are_those_of_the_key_on_their_day(project):
    by_inn = {company.inn: key_of(company) for company in cast.COMPANIES if company.inn}
    seen = {("supplier", name(one).key): day for one, day in STORIES["first_seen_suppliers"].items()}
    seen |= {("importer", by_inn[inn]): day for inn, day in STORIES["first_seen_importers"].items()}
    late = {who: day for who, day in seen.items() if day >= "2022-02-24"}
    assert {(row["role"], row["party"]): row["first_seen"] for row in rows(project, SEEN)} == late and len(late) == 7
    headline = read_bundle(figures(project), SEEN)["words"]["en"]["headline"]
    assert headline == f"SYNTHETIC: 7 of {len(seen)} companies first appear after the invasion"


def test_another_dump_that_overlaps_changes_no_number(project, desk):
    alone = open_desk(project, only=[raw_file(raw_folder(project) / RAW, raw_folder(project))])
    for slug, figure in CUSTOMS_FIGURES.items():
        assert numbers_csv(figure(alone).numbers) == numbers_csv(figure(desk).numbers), slug


@pytest.mark.parametrize("slug", CUSTOMS_FIGURES)
def test_points_are_traced_to_raw_records_that_sum_to_them(project, desk, slug):
    keys, every = read_bundle(figures(project), slug)["keys"], rows(project, slug)
    for row in every[:: max(1, len(every) // 3)]:
        for number in trace(desk, slug, "/".join(row[key] for key in keys)):
            assert str(number.amount) == row[number.measure]
            assert sum(record.amount for record in number.records) == number.amount
            assert {record.file for record in number.records} <= {RAW}


def test_the_records_behind_the_modules_say_the_pieces_in_their_own_words(desk):
    (number,) = trace(desk, MODULES, "2022-10")
    lines = FILES[sample.DECLARATIONS].decode("cp1251").split("\r\n")
    assert [(record.amount, record.text == lines[record.record]) for record in number.records] == [
        (150, True),
        (110, True),
    ]
    assert "Кол-во: 150 ШТ" in number.records[0].text and "ВСЕГО 110 ШТ" in number.records[1].text


def test_a_month_without_records_is_the_sum_of_none(desk):
    (number,) = trace(desk, MODULES, "2022-01")
    assert (number.amount, number.records) == (0, ())


def test_every_figure_reproduces_and_a_missing_sample_is_a_complaint(project, tmp_path):
    assert {verdict.slug: verdict.complaints for verdict in verify(project)} == dict.fromkeys(
        sorted(CUSTOMS_FIGURES), ()
    )
    root = tmp_path / "copy"
    shutil.copytree(project, root, ignore=shutil.ignore_patterns(sample.DECLARATIONS))
    for verdict in verify(root):
        assert len(verdict.complaints) == 1 and sample.DECLARATIONS in verdict.complaints[0]


def test_without_the_sample_its_figures_are_left_out_and_say_so(tmp_path):
    root = put_project(tmp_path)
    clean(bundled(root)[0], processed_folder(root))
    desk = open_desk(root)
    assert not set(drawable(desk)) & set(CUSTOMS_FIGURES) and not set(drawable(desk)) & set(GOODS_FIGURES)
    of_others = {**CUSTOMS_FIGURES, **GOODS_FIGURES, **LISTS_FIGURES, **LISTED_SAMPLE_FIGURES, **ADDRESS_FIGURES}
    assert set(drawable(desk)) == set(FIGURES) - set(of_others) - set(EU_FIGURES)
    with pytest.raises(TradeAnalyticsError, match=r"SYNTHETIC_russian_declarations\.csv: not in data/raw"):
        CUSTOMS_FIGURES[MODULES](desk)


def test_the_figures_name_the_companies_and_the_file_that_the_sample_makes():
    companies = [cast.ZELMARIQ, cast.QUILVARO, cast.KASTOVEL, cast.BREMIXON]
    named = ("IMPORTER", "INTERMEDIARY", "MODULE_IMPORTER", "MODULE_SUPPLIER")
    assert [getattr(customs_figures, constant) for constant in named] == [key_of(company) for company in companies]
    assert sample.DECLARATIONS == customs_figures.SAMPLE


def test_the_build_knows_the_files_of_the_sample_before_they_are_there():
    spec = importlib.util.spec_from_file_location("dodo", ROOT / "dodo.py")
    dodo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dodo)
    assert {*dodo.SAMPLE_NAMES, dodo.ANSWERS.name} == FILES.keys()
    assert {f"sample/{made}" for made in dodo.SAMPLE_NAMES} <= set(dodo._raw_names())
    assert dodo.PUBLISHED == EXTRACT


US_MONEY = [
    # cents, English, French, reason
    (88_694_502, "US$886,945", "886\u202f945\u00a0dollars américains", "below a million: whole dollars"),
    (100, "US$1", "1\u00a0dollar américain", "one dollar is singular in French"),
    (354_778_008, "US$3.5 million", "3,5\u00a0millions de dollars américains", "a million has one decimal"),
    (-100, "\u2212US$1", "\u22121\u00a0dollar américain", "the sign stands first"),
]


@pytest.mark.parametrize(("cents", "english", "french", "reason"), US_MONEY)
def test_us_dollars_are_named_as_such(cents, english, french, reason):
    assert (us_money(cents, "en"), us_money(cents, "fr")) == (english, french), reason


def test_counts_have_no_millions_and_what_follows_is_printed_last():
    table = pd.DataFrame(
        {"party": ["A"], "pieces": [3], "value_usd_cents": pd.array([pd.NA], dtype="Int64"), "share": ["0.250000"]}
    )
    words = dict.fromkeys(("en", "fr"), Words("Headline", "Subtitle", "Source", "Caption", "Alt text"))
    cells = {"pieces": "SELECT 1", "value_usd_cents": "SELECT 1"}
    made = Chart("x", Numbers(table, ("party",), cells, "SELECT 1", also=("share",)), words, lambda _: Figure(), [])
    (row,) = csv.DictReader(io.StringIO(numbers_csv(made.numbers)))
    assert list(row.items()) == [
        ("party", "A"),
        ("pieces", "3"),
        ("value_usd_cents", ""),
        ("value_usd_million", ""),
        ("share", "0.250000"),
    ]
