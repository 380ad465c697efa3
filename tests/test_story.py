"""A published figure is whole, its numbers are exact, and each leads back to raw records that still say the same."""

import csv
import hashlib
import re
import shutil
from decimal import Decimal

import pandas as pd
import pytest
from conftest import bundled, put_project
from matplotlib.figure import Figure

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.story.bundle import Chart, Numbers, Words, numbers_csv, publish, read_bundle, read_numbers, slugs
from tradeanalytics.story.desk import find_root, open_desk, processed_folder, raw_folder
from tradeanalytics.story.figures import FIGURES, drawable
from tradeanalytics.story.trace import trace
from tradeanalytics.story.verify import verify

HEADLINE, SECTIONS = "canada-exports-to-russia", "canada-exports-to-russia-sections"
REVISIONS = "canada-exports-to-russia-revisions"
STORY = (HEADLINE, REVISIONS, SECTIONS)  # what the bundled files alone can draw
CANADA = (HEADLINE, SECTIONS, REVISIONS)
RAW = "12-10-0119/2022-10/1210011901_databaseLoadingData.csv"
NEWER = "12-10-0175/2026/1210017501_databaseLoadingData.csv"
MARCH = ('"2022-03"', '"Domestic export"', '"Consumer goods', '"Russian Federation"')


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A project with every figure published."""
    root = put_project(tmp_path_factory.mktemp("published"))
    for raw in raw_files(raw_folder(root)):
        clean(raw, processed_folder(root))
    desk = open_desk(root)
    for figure in drawable(desk).values():
        publish(figure(desk), processed_folder(root) / "figures")
    return root


@pytest.fixture
def copy(published, tmp_path):
    """A copy of that project with the headline alone, to change and verify."""
    root = tmp_path / "copy"
    shutil.copytree(published, root)
    for slug in (SECTIONS, REVISIONS):
        shutil.rmtree(processed_folder(root) / "figures" / slug)
    return root


def figures(root):
    return processed_folder(root) / "figures"


def contents(folder) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def change_raw(root, old: str = '","","","","0"', new: str = '","","","","0"') -> str:
    """Another last digit in the raw cell of March 2022, or `new` for `old` in it; returns the line as it was."""
    path = raw_folder(root) / RAW
    text = path.read_text("utf-8")
    line = next(line for line in text.splitlines() if all(part in line for part in MARCH))
    changed = line.replace(old, new, 1)
    if changed == line:
        changed = re.sub(r'([0-9])(","","","","0")$', lambda found: f"{(int(found[1]) + 1) % 10}{found[2]}", line)
    path.write_text(text.replace(line, changed), encoding="utf-8", newline="")
    return line


@pytest.mark.parametrize("slug", CANADA)
def test_a_bundle_is_complete(published, slug):
    folder = figures(published) / slug
    pictures = {f"{slug}.{language}.{kind}" for language in ("en", "fr") for kind in ("png", "svg", "pdf")}
    found = contents(folder)
    assert found.keys() == pictures | {f"{slug}.csv", f"{slug}.json"}
    bundle = read_bundle(figures(published), slug)
    assert bundle["outputs"] == {name: sha256 for name, sha256 in found.items() if not name.endswith(".json")}
    for language in ("en", "fr"):
        words = bundle["words"][language]
        assert words.keys() == {"headline", "subtitle", "source", "caption", "alt_text"} and all(words.values())
    assert bundle["query"].startswith("SELECT") and bundle["synthetic"] is False
    columns = list(read_numbers(figures(published), slug)[0])
    measures = [name for name in columns if name.endswith("_cents")]
    assert sorted(bundle["cells"]) == sorted(measures)
    assert columns == [*bundle["keys"], *measures, *(name.replace("_cents", "_million") for name in measures)]


@pytest.mark.parametrize("slug", CANADA)
def test_a_bundle_names_its_raw_files_by_hash_with_licence_and_citation(published, slug):
    files = read_bundle(figures(published), slug)["files"]
    assert [file["name"] for file in files] == ([RAW, NEWER] if slug == REVISIONS else [RAW])
    for file in files:
        assert file["sha256"] == hashlib.sha256((raw_folder(published) / file["name"]).read_bytes()).hexdigest()
        assert file["citation"].startswith("Source: Statistics Canada, Table ") and file["licence"]


def test_a_second_publication_writes_the_same_bytes_and_leaves_no_other_folder(published, tmp_path):
    desk = open_desk(published)
    for slug in (HEADLINE, SECTIONS):
        first = contents(figures(published) / slug)
        for _ in range(2):  # new, and in the place of the last
            assert contents(publish(FIGURES[slug](desk), tmp_path)) == first
    assert sorted(path.name for path in tmp_path.iterdir()) == [HEADLINE, SECTIONS] == slugs(tmp_path)


def small(table: pd.DataFrame, keys=("period",), measures=("value_cad_cents",), *, draw=None) -> Chart:
    """A chart of any table with one small picture."""
    words = dict.fromkeys(("en", "fr"), Words("Headline", "Subtitle", "Source", "Caption", "Alt text"))
    numbers = Numbers(table, keys, dict.fromkeys(measures, "SELECT 1"), "SELECT 1")
    return Chart("small", numbers, words, draw or (lambda _: Figure((1, 1))), [])


def test_a_chart_that_cannot_be_drawn_leaves_the_last_bundle_whole(tmp_path):
    def fails(language: str) -> Figure:
        if language == "fr":
            raise TradeAnalyticsError("no French")
        return Figure((1, 1))

    table = pd.DataFrame({"period": [pd.Timestamp("2022-03-01")], "value_cad_cents": [1]})
    before = contents(publish(small(table), tmp_path))
    with pytest.raises(TradeAnalyticsError, match="no French"):
        publish(small(table.assign(value_cad_cents=2), draw=fails), tmp_path)
    assert contents(tmp_path / "small") == before and [path.name for path in tmp_path.iterdir()] == ["small"]


NUMBERS = [
    # cents, as printed in cents and in millions
    (546_100_000, "546100000", "5.461"),
    (0, "0", "0"),
    (1, "1", "0.00000001"),
    (-3_937_000_000, "-3937000000", "-39.37"),
    (10_000_000_000, "10000000000", "100"),
    (9_007_199_254_740_993, "9007199254740993", "90071992.54740993"),  # one more than a double can count
    (pd.NA, "", ""),
]


@pytest.mark.parametrize(("cents", "printed", "millions"), NUMBERS)
def test_numbers_are_printed_to_the_cent_and_in_exact_millions(cents, printed, millions):
    table = pd.DataFrame({"product": ["C11"], "value_cad_cents": pd.array([cents], dtype="Int64")})
    assert numbers_csv(small(table, ("product",)).numbers) == (
        f"product,value_cad_cents,value_cad_million\nC11,{printed},{millions}\n"
    )


def test_a_key_of_two_parts_and_two_measures_keep_their_order():
    table = pd.DataFrame(
        {
            "product": ["C11"],
            "period": [pd.Timestamp("2022-03-01")],
            "after_cents": pd.array([2], dtype="Int64"),
            "before_cents": pd.array([1], dtype="Int64"),
            "ratio": [1.0],
        }
    )
    chart = small(table, ("period", "product"), ("before_cents", "after_cents"))
    assert numbers_csv(chart.numbers) == (
        "period,product,before_cents,after_cents,before_million,after_million\n2022-03,C11,1,2,0.00000001,0.00000002\n"
    )


def test_the_numbers_of_the_headline_are_those_of_the_story(published):
    rows = {row["period"]: row for row in read_numbers(figures(published), HEADLINE)}
    assert (min(rows), max(rows)) == ("2019-01", "2022-07") and len(rows) == 43
    assert rows["2021-03"]["value_cad_million"] == "44.831" and rows["2022-03"]["value_cad_million"] == "5.461"
    assert all(Decimal(row["value_cad_cents"]) == Decimal(row["value_cad_million"]) * 10**8 for row in rows.values())


def test_a_point_is_traced_to_raw_records_that_sum_to_it_and_stand_in_the_raw_file(published):
    [number] = trace(open_desk(published), HEADLINE, "2022-03")
    assert (number.measure, number.amount, len(number.records)) == ("value_cad_cents", 546_100_000, 24)
    assert sum(record.amount for record in number.records) == 546_100_000
    lines = (raw_folder(published) / RAW).read_text("utf-8-sig").split("\n")
    heading = next(csv.reader(lines[:1]))
    for record in number.records:
        assert record.file == RAW and record.text == lines[record.record]  # the heading is line 0
        cell = dict(zip(heading, next(csv.reader([record.text])), strict=True))
        assert (cell["REF_DATE"], cell["Principal trading partners"]) == ("2022-03", "Russian Federation")
        assert int(cell["VALUE"]) * 100_000 == record.amount
    assert len({record.record for record in number.records}) == 24


def test_a_point_with_two_measures_is_traced_for_each_in_its_own_file(published):
    new, old = sorted(trace(open_desk(published), REVISIONS, "2021-08"), key=lambda number: number.measure)
    assert (old.measure, old.amount, new.measure, new.amount) == (
        "old_cents",
        2_723_000_000,
        "new_cents",
        2_937_000_000,
    )
    assert [len(number.records) for number in (old, new)] == [12, 12]
    assert {record.file for record in old.records} == {RAW} and {record.file for record in new.records} == {NEWER}
    after, before = sorted(trace(open_desk(published), SECTIONS, "C22"), key=lambda number: number.measure)
    assert (before.measure, after.measure) == ("before_cents", "after_cents")
    assert [len(number.records) for number in (before, after)] == [10, 10]  # five months, domestic and re-exports
    for number in (old, new, before, after):
        assert sum(record.amount for record in number.records) == number.amount


def test_every_point_of_every_figure_is_traced(published):
    desk = open_desk(published)
    for slug in CANADA:
        bundle = read_bundle(figures(published), slug)
        rows = read_numbers(figures(published), slug)
        for row in rows[:: max(1, len(rows) // 5)]:
            point = "/".join(row[key] for key in bundle["keys"])
            for number in trace(desk, slug, point):
                assert str(number.amount) == row[number.measure]
                assert sum(record.amount for record in number.records) == number.amount


def test_tracing_leaves_nothing_behind(published):
    trace(open_desk(published), HEADLINE, "2022-03")
    assert list((processed_folder(published) / ".work").iterdir()) == []


UNKNOWN = [
    # figure, point, the line
    (
        "no-such-figure",
        "2022-03",
        f"no-such-figure: no figure of this name was published; there are: {HEADLINE}, {REVISIONS}, {SECTIONS}",
    ),
    (HEADLINE, "1999-01", f"{HEADLINE}: no point '1999-01'; its 43 points run from 2019-01 to 2022-07"),
    (HEADLINE, "2022-03-01", f"{HEADLINE}: no point '2022-03-01'; its 43 points run from 2019-01 to 2022-07"),
    (HEADLINE, "", f"{HEADLINE}: no point ''; its 43 points run from 2019-01 to 2022-07"),
]


@pytest.mark.parametrize(("slug", "point", "said"), UNKNOWN)
def test_an_unknown_figure_or_point_is_refused_with_those_there_are(published, slug, point, said):
    with pytest.raises(TradeAnalyticsError) as caught:
        trace(open_desk(published), slug, point)
    assert str(caught.value) == said


def test_before_anything_is_published_it_is_said_how(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="there are: none; run `make figures`"):
        read_bundle(tmp_path, HEADLINE)


def test_a_point_whose_raw_file_changed_since_is_not_traced(copy):
    sha256 = read_bundle(figures(copy), HEADLINE)["files"][0]["sha256"]
    change_raw(copy)
    with pytest.raises(TradeAnalyticsError) as caught:
        trace(open_desk(copy), HEADLINE, "2022-03")
    assert str(caught.value) == f"{HEADLINE}: {RAW} (sha256 {sha256[:16]}) is gone or has changed since; run `verify`"


def test_a_printed_number_that_its_records_do_not_sum_to_is_not_traced(copy):
    edit(figures(copy) / HEADLINE / f"{HEADLINE}.csv", "546100000,", "546200000,")
    with pytest.raises(TradeAnalyticsError) as caught:
        trace(open_desk(copy), HEADLINE, "2022-03")
    assert str(caught.value) == ("value_cad_cents of 2022-03: the raw records sum to 546100000, printed is 546200000")


def edit(path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def complaints(root) -> dict[str, tuple[str, ...]]:
    return {verdict.slug: verdict.complaints for verdict in verify(root)}


def test_every_figure_reproduces_and_nothing_is_changed_by_asking(published):
    before = {slug: contents(figures(published) / slug) for slug in CANADA}
    assert complaints(published) == {HEADLINE: (), REVISIONS: (), SECTIONS: ()}
    assert {slug: contents(figures(published) / slug) for slug in CANADA} == before


def test_figures_reproduce_without_any_clean_table(copy):
    for kind in ("flows", "series", "rejected", "cleaning"):
        shutil.rmtree(processed_folder(copy) / kind, ignore_errors=True)
    assert complaints(copy) == {HEADLINE: ()}


def test_one_changed_digit_in_a_raw_file_is_named_with_figure_file_and_point(copy):
    then = hashlib.sha256((raw_folder(copy) / RAW).read_bytes()).hexdigest()[:16]
    change_raw(copy)
    now = hashlib.sha256((raw_folder(copy) / RAW).read_bytes()).hexdigest()[:16]
    [said] = complaints(copy).values()
    assert said[0] == f"data/raw/{RAW} is not the file it was made from (sha256 {now}, then {then})"
    assert said[1].startswith("2022-03: published 546100000, 5.461, from the raw files ")
    assert said[-1].startswith("differs from what is published: ") and f"{HEADLINE}.en.png" in said[-1]


def test_an_edited_number_is_named_with_what_the_raw_files_say(copy):
    edit(figures(copy) / HEADLINE / f"{HEADLINE}.csv", "2022-03,546100000,5.461", "2022-03,446100000,4.461")
    assert complaints(copy) == {HEADLINE: ("2022-03: published 446100000, 4.461, from the raw files 546100000, 5.461",)}


def test_many_edited_numbers_are_counted(copy):
    path = figures(copy) / HEADLINE / f"{HEADLINE}.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-5]), encoding="utf-8", newline="")
    [said] = complaints(copy).values()
    assert len(said) == 4 and said[0].startswith("2022-03: published None, from the raw files 546100000")
    assert said[3] == "and 2 more points"


def test_an_edited_query_is_named(copy):
    edit(figures(copy) / HEADLINE / f"{HEADLINE}.json", '"query": "SELECT file_id', '"query": "SELECT DISTINCT file_id')
    assert complaints(copy) == {HEADLINE: (f"differs from what is published: {HEADLINE}.json",)}


def test_a_picture_that_is_gone_and_a_file_that_was_added_are_named(copy):
    folder = figures(copy) / HEADLINE
    (folder / f"{HEADLINE}.fr.pdf").unlink()
    (folder / "notes.txt").write_text("mine")
    assert complaints(copy) == {HEADLINE: (f"differs from what is published: {HEADLINE}.fr.pdf, notes.txt",)}


def test_a_raw_file_that_is_gone_is_named(copy):
    path = raw_folder(copy) / RAW
    path.unlink()
    [said] = complaints(copy).values()
    assert len(said) == 1 and said[0].startswith("cannot be made again: ")
    assert RAW.rpartition("/")[2] in said[0] and said[0].endswith("; expected a file")


WRECKS = ["{", '{"slug": 1}', "[]", '{"files": [{"name": 1}]}']


@pytest.mark.parametrize("text", WRECKS)
def test_a_broken_bundle_is_named_and_does_not_stop_the_others(copy, text):
    (figures(copy) / SECTIONS).mkdir()
    (figures(copy) / SECTIONS / f"{SECTIONS}.json").write_text(text)
    found = complaints(copy)
    assert found[HEADLINE] == () and len(found[SECTIONS]) == 1
    assert found[SECTIONS][0].startswith("cannot be made again: ")


def test_a_figure_nobody_can_draw_is_named(copy):
    (figures(copy) / HEADLINE).rename(figures(copy) / "mine")
    (figures(copy) / "mine" / f"{HEADLINE}.json").rename(figures(copy) / "mine" / "mine.json")
    [said] = complaints(copy).values()
    assert said == (f"cannot be made again: no figure is called mine; there are {', '.join(FIGURES)}",)


def test_a_figure_from_a_file_with_rejected_rows_says_so(project):
    raw = bundled(project)[0]
    path, kept = raw.path, raw.path.with_name("mine.csv")
    lines = path.read_text("utf-8").split("\n")
    lines[1] = lines[1].replace('"35468"', '"35,468"')
    kept.write_text("\n".join(lines), encoding="utf-8", newline="")
    path.unlink()
    (path.parent / "manifest.json").unlink()
    mine = kept.rename(path)
    clean(raw_file(mine, raw_folder(project)), processed_folder(project))
    words = FIGURES[HEADLINE](open_desk(project)).words
    assert "1 of 3,440 records was rejected and is not counted." in words["en"].source
    assert "1 enregistrement sur 3\u202f440 a été rejeté" in words["fr"].source


def test_a_chart_shows_as_html_that_keeps_its_alt_text(published):
    shown = FIGURES[HEADLINE](open_desk(published)).show("fr")._repr_html_()
    words = read_bundle(figures(published), HEADLINE)["words"]["fr"]
    assert shown.startswith('<figure lang="fr"><img alt="Graphique linéaire') and words["caption"] in shown
    assert 'src="data:image/png;base64,' in shown and "http" not in shown.replace(words["caption"], "")


def test_a_desk_needs_clean_tables_and_says_how_to_get_them(project):
    with pytest.raises(TradeAnalyticsError, match="no clean table yet; run `make figures`, or `tradeanalytics clean`"):
        open_desk(project)


def test_the_project_folder_is_found_from_inside_it_and_missed_outside(project, tmp_path):
    assert find_root(project / "data" / "raw") == find_root(project) == project.resolve()
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(TradeAnalyticsError, match="no data/raw here or above; run this inside a tradeanalytics folder"):
        find_root(tmp_path / "elsewhere")
