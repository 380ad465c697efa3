"""The figure of high-priority goods: as the answer key says, marked as invented, traced and reproduced."""

import json

import pytest
from conftest import ROOT, put_project

from tradeanalytics.clean import clean
from tradeanalytics.raw import raw_files
from tradeanalytics.sample import ANSWERS, write_sample
from tradeanalytics.story.bundle import publish
from tradeanalytics.story.desk import open_desk, processed_folder, raw_folder
from tradeanalytics.story.figures import FIGURES, drawable
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify

SLUG = "synthetic-priority-goods"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the sample's zips alone, its figure published."""
    root = put_project(tmp_path_factory.mktemp("goods") / "project")
    made = write_sample(root / "answers", raw=ROOT / "data" / "raw")
    for path in made:
        if path.suffix == ".zip":
            target = raw_folder(root) / "sample" / path.name
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    desk = open_desk(root)
    publish(FIGURES[SLUG](desk), processed_folder(root) / "figures")
    return root


@pytest.fixture(scope="module")
def desk(project):
    return open_desk(project)


def test_its_figures_are_those_of_the_answer_key(project, desk):
    key = json.loads((project / "answers" / ANSWERS).read_text("utf-8"))["goods"]
    told = FIGURES[SLUG](desk).numbers.table.set_index("partner")
    expected = {"RU": key["priority_to_russia_by_tier"]["total_export"], **key["priority_to_third_partners_by_tier"]}
    assert set(expected) == {"RU", "TR", "HK", "SG"}
    for partner, sides in expected.items():
        sums = [sum(tiers.values()) for tiers in sides.values()]
        assert [int(told.loc[partner, f"{side}_cents"]) // 100 for side in ("before", "after")] == sums, partner


@pytest.mark.parametrize(("language", "stamp"), [("en", "SYNTHETIC"), ("fr", "FICTIF")])
def test_it_says_that_it_is_invented_in_both_languages(desk, language, stamp):
    chart = FIGURES[SLUG](desk)
    words = chart.words[language]
    assert chart.synthetic
    assert words.headline.startswith(stamp)
    assert "12-10-0119" in words.source
    assert any(stamp in text.get_text() for axes in chart.draw(language).axes for text in axes.texts) or any(
        stamp in text.get_text() for text in chart.draw(language).texts
    )


@pytest.mark.parametrize("partner", ["RU", "TR"])
def test_a_point_is_traced_to_records_of_the_zips_that_sum_to_it(desk, partner):
    for number in trace(desk, SLUG, partner):
        assert number.records
        assert sum(record.amount for record in number.records) == number.amount
        assert all(f'"{partner}"' in record.text for record in number.records)


def test_it_reproduces_beside_other_files_and_alone(project):
    assert [(verdict.slug, verdict.complaints) for verdict in verify(project)] == [(SLUG, ())]


def test_without_the_zips_it_is_left_out(tmp_path):
    root = put_project(tmp_path)
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    assert SLUG not in drawable(open_desk(root))
