"""The main job, for real: a copy of the repository builds everything, and again only what changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tradeanalytics.story.report import asks_other_hosts

ROOT = Path(__file__).parents[1]
BUNDLED = [line[2:] for line in (ROOT / ".gitignore").read_text("utf-8").splitlines() if line.startswith("!/data/raw/")]
PARTS = (
    "notebooks",
    "tradeanalytics",
    *(name for name in BUNDLED if not name.endswith("/")),
    "dodo.py",
    "pyproject.toml",
)
HEADLINE = Path("data/processed/figures/canada-exports-to-russia")


def copied(target: Path) -> Path:
    for part in PARTS:
        source = ROOT / part
        kept = shutil.ignore_patterns("__pycache__", ".*")
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=kept)
        else:
            shutil.copy(source, target / part)
    return target


def run(root: Path, *words: str, code: int = 0) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONWARNINGS": "ignore"}
    environment.pop("TRADEANALYTICS_MIRROR", None)
    ended = subprocess.run(
        [sys.executable, "-m", *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended.stderr + ended.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = copied(tmp_path_factory.mktemp("project"))
    said = run(root, "doit", "figures")
    return root, said


def test_the_build_ends_with_the_report_and_the_headline(built):
    root, said = built
    assert said.rstrip().splitlines()[-2:] == [
        "report:   data/processed/reports/index.html",
        "headline: data/processed/figures/canada-exports-to-russia/",
    ]
    assert (root / "data/processed/reports/index.html").is_file()


def test_the_headline_bundle_is_whole_and_says_what_it_counts(built):
    root, _ = built
    names = {path.name.removeprefix("canada-exports-to-russia") for path in (root / HEADLINE).iterdir()}
    pictures = {f".{language}.{kind}" for language in ("en", "fr") for kind in ("png", "svg", "pdf")}
    assert names == pictures | {".csv", ".json"}
    words = json.loads((root / HEADLINE / "canada-exports-to-russia.json").read_text("utf-8"))["words"]["en"]
    assert "customs basis, total exports (domestic + re-exports), not seasonally adjusted" in words["subtitle"]
    assert "87.8%" in words["headline"] and "$44.8 million" in words["caption"] and "$5.5 million" in words["caption"]
    assert "vintage of October 2022" in words["source"]


def test_a_second_build_does_nothing(built):
    root, _ = built
    before = {path: path.stat().st_mtime_ns for path in (root / "data/processed").rglob("*") if path.is_file()}
    said = run(root, "doit", "figures")
    assert [line for line in said.splitlines() if line.startswith(". ")] == [".  figures"]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_no_page_asks_another_host_for_anything(built):
    root, _ = built
    pages = sorted((root / "data/processed").rglob("*.html"))
    assert len(pages) == 11  # the report and ten notebooks
    assert {page.name: asks_other_hosts(page.read_text("utf-8")) for page in pages} == {page.name: [] for page in pages}


def test_trace_lists_the_records_that_sum_to_the_point(built):
    said = run(built[0], "tradeanalytics", "trace", "canada-exports-to-russia", "2022-03")
    assert "value_cad_cents: $5,461,000" in said and "is the sum of these 24 raw records" in said
    assert said.count('"2022-03","Canada"') == 24


def test_verify_reproduces_every_figure(built):
    assert "14 of 14 figures reproduce" in run(built[0], "tradeanalytics", "verify")


def test_a_changed_digit_is_named_with_its_figure_and_file(built, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(built[0], root)
    raw = root / "data/raw/12-10-0119/2022-10/1210011901_databaseLoadingData.csv"
    text = raw.read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith('"2022-03"') and "C22" in line and "Dom" in line)
    raw.write_text(
        text.replace(
            row, re.sub(r'([0-9])","","","","0"$', lambda found: f'{(int(found[1]) + 1) % 10}","","","","0"', row)
        ),
        encoding="utf-8",
        newline="",
    )
    said = run(root, "tradeanalytics", "verify", code=1)
    assert "canada-exports-to-russia: DOES NOT REPRODUCE" in said and "2022-03: published" in said
    assert "data/raw/12-10-0119/2022-10/1210011901_databaseLoadingData.csv is not the file it was made from" in said
    said = run(root, "doit", "figures", code=1)
    assert "REFUSED" in said and "not the file its manifest recorded" in said


def test_a_file_nobody_knows_is_refused_out_loud_and_stops_nothing(built, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(built[0], root)
    (root / "data/raw/notes.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    said = run(root, "doit", "figures")
    assert "REFUSED: notes.pdf" in said and "report:   data/processed/reports/index.html" in said
    assert "notes.pdf" in (root / "data/processed/reports/index.html").read_text("utf-8")
    (root / "data/raw/notes.pdf").unlink()
    assert "notes.pdf is gone" in run(root, "doit", "prune")
    assert not list((root / "data/processed").rglob("notes.pdf*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["trace", "no-such-figure", "2022-03"], "no figure of this name was published; there are: canada-exports"),
        (
            ["trace", "canada-exports-to-russia", "1999-01"],
            "no point '1999-01'; its 43 points run from 2019-01 to 2022-07",
        ),
        (["figures", "no-such-figure"], "no such figure; there are canada-exports-to-russia"),
        (["clean", "nowhere.csv"], "nowhere.csv"),
        (["fetch", "not-a-table"], "not-a-table"),
    ],
)
def test_a_wrong_word_gets_one_line_and_exit_2(built, words, said):
    lines = run(built[0], "tradeanalytics", *words, code=2).strip().splitlines()
    assert len(lines) == 1 and said in lines[0]


def test_outside_a_project_every_command_says_where_to_go(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-m", "tradeanalytics", "verify"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2 and "no data/raw here or above" in ended.stderr
