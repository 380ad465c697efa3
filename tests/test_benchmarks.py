"""The benchmarks run and say what they measured. How fast is not judged here, where other work shares the machine."""

import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import numpy as np
import pytest
from conftest import SHARED

from benchmarks.invented import companies, persons
from benchmarks.labelled import Pair, for_f1, for_few_wrong
from benchmarks.running import _watched
from tradeanalytics.sample.watchlists import lists_csv

PROJECT = Path(__file__).parents[1]
HEADINGS = (
    "REF_DATE,GEO,DGUID,Trade,North American Product Classification System (NAPCS),Principal trading partners,UOM,"
    "UOM_ID,SCALAR_FACTOR,SCALAR_ID,VECTOR,COORDINATE,VALUE,STATUS,SYMBOL,TERMINATED,DECIMALS"
)
ROW = "1997-{month:02},Alberta,,Domestic export,Total of all merchandise,Algeria,Dollars,81,thousands,3,,,{value},,,,0"


def a_table(path: Path) -> Path:
    """A year of one cell, as the publisher zips it: the metadata lies beside the table."""
    rows = [ROW.format(month=month, value=month * 100) for month in range(1, 13)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("12100119_MetaData.csv", "Cube Title\n")
        archive.writestr("12100119.csv", "\n".join([HEADINGS, *rows, ""]))
    return path


def run(*options: object, which: str = "cleaning") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "TRADEANALYTICS_MIRROR"}
    command = [sys.executable, "-m", f"benchmarks.{which}", *map(str, options)]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, encoding="utf-8")


def test_three_ways_are_measured_and_every_target_is_met_or_missed(tmp_path):
    results = tmp_path / "cleaning.md"
    done = run("--file", a_table(tmp_path / "12100119-eng.zip"), "--runs", 1, "--results", results)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if line[:1] == "|"]
    assert [row[0].split()[0] for row in rows[2:5]] == ["tradeanalytics,", "(a)", "(b)"]
    known = {"met", "missed"} if sys.platform != "win32" else {"met", "missed", "not measured"}
    assert len(rows[7:]) == 3 and {row[-1] for row in rows[7:]} <= known
    assert "12 rows" in done.stdout and str(tmp_path) not in done.stdout
    assert results.read_text(encoding="utf-8") == done.stdout


INVENTED = [
    # which, ways, targets
    ("addresses", 1, 5),
    ("customs", 5, 3),
    ("goods", 4, 11),
    ("workbook", 2, 1),
]


@pytest.mark.parametrize(("which", "ways", "targets"), INVENTED)
def test_an_invented_file_is_made_and_every_way_reads_all_of_it(tmp_path, which, ways, targets):
    done = run("--rows", 300, "--runs", 1, "--results", tmp_path / "results.md", which=which)
    assert done.returncode == 0, done.stderr
    tables = [table.splitlines() for table in done.stdout.split("\n\n") if table.startswith("| ")]
    assert (len(tables[0]), len(tables[-1])) == (2 + ways, 2 + targets)
    assert "300 rows" in done.stdout and str(tmp_path) not in done.stdout


def test_what_is_no_table_is_refused_in_one_line_and_leaves_no_results(tmp_path):
    (tmp_path / "leak.zip").write_bytes(b"no zip")
    done = run("--file", tmp_path / "leak.zip", "--results", tmp_path / "cleaning.md")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "leak.zip: cannot be read" in done.stderr and not (tmp_path / "cleaning.md").exists()


@pytest.mark.parametrize("which", ["addresses", "cleaning", "customs", "goods", "screening", "workbook"])
def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path, which):
    done = run("--file", tmp_path / "absent.csv", "--results", tmp_path / "results.md", which=which)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "absent.csv: there is no such file" in done.stderr and not (tmp_path / "results.md").exists()


def test_screening_is_measured_in_steps_and_against_plain_likeness_of_letters(tmp_path):
    results = tmp_path / "results.md"
    done = run("--parties", 60, "--rows", 60, "--runs", 1, "--results", results, which="screening")
    assert done.returncode == 0, done.stderr
    lists, asked, whole, targets = (one.splitlines() for one in done.stdout.split("\n\n") if one.startswith("| "))
    assert [len(table) - 2 for table in (lists, asked, whole, targets)] == [3, 5, 6, 5]
    assert [row.split("|")[2].strip() for row in asked[2:5]] == ["30", "7", "37"], "every name has an outcome"
    assert results.read_text(encoding="utf-8") == done.stdout and str(tmp_path) not in done.stdout


def test_detectors_are_measured_one_by_one_with_their_units_and_how_the_cost_grows(tmp_path):
    results = tmp_path / "results.md"
    few = ("--rows", 300, "--halvings", 0, "--series", 10)
    done = run(*few, "--runs", 1, "--results", results, which="detectors")
    assert done.returncode == 0, done.stderr
    each, ways, growth, seconds, series, targets = (
        [[cell.strip() for cell in line.split("|")[1:-1]] for line in one.splitlines()[2:]]
        for one in done.stdout.split("\n\n")
        if one.startswith("| ")
    )
    assert [len(table) for table in (each, ways, growth, seconds, series, targets)] == [22, 2, 1, 21, 4, 4]
    assert [row[0] for row in each[:-1]] == [row[0] for row in seconds] and growth[0][0] == "300"
    counts = [[int(cell.replace(",", "")) for cell in row[3:]] for row in each if row[3] != "–"]
    assert all(asked >= judged >= flagged for asked, judged, flagged in counts), "what was not judged is asked too"
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert "300 rows" in done.stdout and "Other work on the machine meanwhile: " in done.stdout
    assert results.read_text(encoding="utf-8") == done.stdout and str(tmp_path) not in done.stdout


def test_no_rows_are_refused_in_one_line(tmp_path):
    done = run("--rows", 0, "--results", tmp_path / "results.md", which="detectors")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "--rows 0" in done.stderr and not (tmp_path / "results.md").exists()


PAIRS = """\
schema,name1,name2,is_match,category
Company,Sample Trading LLC,ООО Сампле Трейдинг,{label},other script
Company,Obrazets JSC,Образец АО,true,other script
Company,Sample Bank,Obrazets Bank,false,other name
Person,"SAMPLE, Ivan",Ivan Sample,true,order
Person,Ivan Sample,Anna Obrazets,false,other name
Vessel,SAMPLE 1,SAMPLE 2,false,other number
LegalEntity,Sample Obrazets,Obrazets Sample,true,order
"""


def labelled(path: Path, label: str = "true") -> Path:
    path.write_text(PAIRS.format(label=label), encoding="utf-8")
    return path


def told_of_matching(folder: Path, **options: object) -> tuple[object, ...]:
    """Invented pairs, and the sample's invented lists."""
    (folder / "lists").mkdir()
    (folder / "lists" / "SYNTHETIC_lists.csv").write_text(lists_csv(), encoding="utf-8")
    usual = {"companies": labelled(folder / "a.csv"), "cases": labelled(folder / "b.csv"), "lists": folder / "lists"}
    told = {**usual, "names": 40, "results": folder / "results.md", **options}
    return tuple(one for option, value in told.items() for one in (f"--{option}", value))


def test_matching_is_measured_on_labelled_pairs_and_names_of_files_that_are_not_ours_are_not_kept(tmp_path):
    done = run(*told_of_matching(tmp_path), which="matching")
    assert done.returncode == 0, done.stderr
    report = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert done.stdout.startswith(report) and "Obrazets JSC" in done.stdout and "Obrazets" not in report
    tables = [table.splitlines() for table in report.split("\n\n") if table.startswith("| ")]
    assert [len(table) - 2 for table in (tables[0], tables[-1])] == [4, 3], "four measures, three targets"
    assert "| companies | alert, 0.8 | 7 | 4 |" in report and str(tmp_path) not in report


REFUSED = [
    # what is told, what is said
    (
        lambda folder: {"companies": folder / "absent.csv"},
        "absent.csv: there is no such file; name one with --companies",
    ),
    (lambda folder: {"cases": folder / "absent.csv"}, "absent.csv: there is no such file; name one with --cases"),
    (lambda folder: {"lists": folder / "absent"}, "absent: there are no lists"),
    (lambda folder: {"cases": labelled(folder / "c.csv", "maybe")}, "c.csv: record 1: is_match is 'maybe'"),
    (lambda folder: {"cases": folder / "lists" / "SYNTHETIC_lists.csv"}, "SYNTHETIC_lists.csv: no column schema"),
]


@pytest.mark.parametrize(("told", "said"), REFUSED)
def test_what_cannot_be_matched_is_refused_in_one_line_and_leaves_no_results(tmp_path, told, said):
    done = run(*told_of_matching(tmp_path, **told(tmp_path)), which="matching")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr and not (tmp_path / "results.md").exists()


@pytest.mark.shared
def test_matching_takes_the_real_labelled_pairs(tmp_path):
    told = ("--lists", SHARED / "data/watchlists/un", "--names", 40, "--results", tmp_path / "results.md")
    done = run(*told, which="matching")
    assert done.returncode == 0, done.stderr
    assert "1,427 pairs, 626 of them alike" in done.stdout and "826 pairs, 425 of them alike" in done.stdout


HALVES = [
    # scores of pairs that are alike, and of those that are not; the threshold for few wrong and for F1; why
    ([0.9, 0.5], [0.4] * 100, 0.5, 0.5, "nothing is taken wrongly"),
    ([0.9, 0.5], [0.6] + [0.4] * 99, 0.5, 0.5, "one in a hundred may be"),
    ([0.9, 0.5], [0.6] * 2 + [0.4] * 98, 0.9, 0.9, "two may not; of two with as good an F1 the higher is taken"),
    ([0.9, 0.5], [0.9] * 2 + [0.4] * 98, math.inf, 0.5, "where two have the highest score there is no such threshold"),
]


@pytest.mark.parametrize(("alike", "not_alike", "few_wrong", "f1", "why"), HALVES)
def test_a_threshold_is_the_lowest_with_few_wrong_or_that_of_the_best_f1(alike, not_alike, few_wrong, f1, why):
    scores, labels = np.array(alike + not_alike), np.array([True] * len(alike) + [False] * len(not_alike))
    assert (for_few_wrong(scores, labels), for_f1(scores, labels)) == (few_wrong, f1), why


def test_parties_in_different_halves_leave_a_pair_out_and_a_party_is_always_in_the_same_half():
    def pair(*parties: str) -> Pair:
        return Pair("Company", "", "", False, "", frozenset(parties))

    halves = {party: pair(party).half() for party in map(str, range(20))}
    assert set(halves.values()) == {0, 1}
    assert all(
        pair(one, other).half() == (halves[one] if halves[one] == halves[other] else None)
        for one in halves
        for other in halves
    )


def test_invented_names_are_all_different_and_the_same_each_time():
    for made in (companies, persons):
        names = made(Random(1), 300)
        assert len(set(names)) == 300 and names == made(Random(1), 300) != made(Random(2), 300)


HOLD = "held = b'x' * 200_000_000; import time; time.sleep(1)"
START = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}])"
MEMORY = [
    # what a process does, the least and the most GB seen, why
    (HOLD, 0.2, 0.3, "its own memory counts"),
    (START.format(HOLD), 0.2, 0.3, "so does that of a process it starts"),
    (f"{HOLD}; {START.format(HOLD)}", 0.4, 0.5, "what both hold at once is added"),
    (f"{HOLD}; del held; {START.format(HOLD)}", 0.2, 0.3, "what was given back before the other began is not"),
]


@pytest.mark.parametrize(("program", "least", "most", "why"), MEMORY)
def test_memory_is_what_a_process_and_those_it_starts_hold_together(program, least, most, why):
    with subprocess.Popen([sys.executable, "-c", program]) as process, _watched(process.pid) as seen:
        process.wait()
    assert least <= max(seen) < most, why
