"""The figure of the Union's exports: its numbers, its words in two languages, traced and reproduced."""

import shutil

import pytest
from conftest import ROOT

from tradeanalytics.clean import clean
from tradeanalytics.cli import main
from tradeanalytics.raw import raw_files
from tradeanalytics.story.bundle import publish, read_bundle
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.eu_figures import HUBS, SLUG, neighbours
from tradeanalytics.story.labels import overlaps
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify
from tradeanalytics.story.words import euros


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project whose one raw file is the bundled extract of the Union's exports, and the figure published."""
    root = tmp_path_factory.mktemp("union")
    shutil.copytree(ROOT / "data/raw/eurostat-comext/2024", raw_folder(root) / "eurostat-comext/2024")
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    publish(neighbours(open_desk(root)), processed_folder(root) / "figures")
    return root


def test_its_numbers_are_the_checked_ones(project):
    table = neighbours(open_desk(project)).numbers.table.set_index("partner")
    change = (table["change_eur_cents"] / 1e8).astype(float)
    assert [round(change[code], 1) for code in ("RU", *HUBS)] == [-43500.8, 1374.2, 5789.4, 1231.7]


WORDS = [
    ("en", "fell by €43.5 billion", "€8.4 billion", "19.3%"),
    ("fr", "43,5 milliards d’euros de moins", "8,4 milliards d’euros", "19,3\u202f%"),
]


@pytest.mark.parametrize(("language", "fall", "rise", "ratio"), WORDS)
def test_its_words_say_the_fall_the_rise_and_that_it_is_a_lead(project, language, fall, rise, ratio):
    words = read_bundle(processed_folder(project) / "figures", SLUG)["words"][language]
    assert fall in words["headline"].replace("\u00a0", " ") and ratio in words["caption"]
    assert rise in words["headline"].replace("\u00a0", " ") and "Eurostat" in words["source"]
    assert ("A lead, not a finding" if language == "en" else "Une piste, non une preuve") in words["caption"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_label_lies_over_another(project, language):
    assert overlaps(neighbours(open_desk(project)).draw(language)) == []


def test_a_point_is_traced_to_the_twelve_months_on_either_side_in_euros(project, monkeypatch, capsys):
    after, before = trace(open_desk(project), SLUG, "RU")
    assert len(before.records) == len(after.records) == 12
    assert sum(record.amount for record in before.records) == before.amount == 9_126_990_038_400
    monkeypatch.chdir(project)
    assert main(["trace", SLUG, "KG"]) == 0
    said = capsys.readouterr().out
    assert said.count("Kyrgyz") == 24 and "€1,499,444,162" in said and "$" not in said


def test_it_reproduces(project):
    assert [verdict.complaints for verdict in verify(project)] == [()]


AMOUNTS = [
    # cents, English, French
    (4_350_080_000_000, "€43.5 billion", "43,5 milliards d’euros"),
    (-137_420_000_000, "−€1.4 billion", "−1,4 milliard d’euros"),
    (120_000_000, "€1.2 million", "1,2 million d’euros"),
    (100_000, "€1,000", "1\u202f000 euros"),
    (100, "€1", "1 euro"),  # one, and no plural
    (0, "€0", "0 euro"),
]


@pytest.mark.parametrize(("cents", "english", "french"), AMOUNTS)
def test_euros_are_said_as_each_language_says_them(cents, english, french):
    assert euros(cents, "en") == english and euros(cents, "fr").replace("\u00a0", " ") == french
