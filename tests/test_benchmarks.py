"""The benchmarks run and say what they measured. How fast is not judged here, where other work shares the machine."""

import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from conftest import SHARED

from benchmarks.declared import declarations, flagged, measures
from benchmarks.invented import companies, persons
from benchmarks.labelled import Pair, for_f1, for_few_wrong
from benchmarks.running import _watched
from tradeanalytics import TradeAnalyticsError
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize(("which", "ways", "targets"), INVENTED)
def test_an_invented_file_is_made_and_every_way_reads_all_of_it(tmp_path, which, ways, targets):
    done = run("--rows", 300, "--runs", 1, "--results", tmp_path / "results.md", which=which)
    assert done.returncode == 0, done.stderr
    tables = [table.splitlines() for table in done.stdout.split("\n\n") if table.startswith("| ")]
    assert (len(tables[0]), len(tables[-1])) == (2 + ways, 2 + targets)
    assert "300 rows" in done.stdout and str(tmp_path) not in done.stdout


@pytest.mark.slow
def test_what_is_no_table_is_refused_in_one_line_and_leaves_no_results(tmp_path):
    (tmp_path / "leak.zip").write_bytes(b"no zip")
    done = run("--file", tmp_path / "leak.zip", "--results", tmp_path / "cleaning.md")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "leak.zip: cannot be read" in done.stderr and not (tmp_path / "cleaning.md").exists()


@pytest.mark.slow
@pytest.mark.parametrize("which", ["addresses", "cleaning", "customs", "goods", "screening", "workbook"])
def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path, which):
    done = run("--file", tmp_path / "absent.csv", "--results", tmp_path / "results.md", which=which)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "absent.csv: there is no such file" in done.stderr and not (tmp_path / "results.md").exists()


@pytest.mark.slow
def test_screening_is_measured_in_steps_and_against_plain_likeness_of_letters(tmp_path):
    results = tmp_path / "results.md"
    done = run("--parties", 60, "--rows", 60, "--runs", 1, "--results", results, which="screening")
    assert done.returncode == 0, done.stderr
    lists, asked, whole, targets = (one.splitlines() for one in done.stdout.split("\n\n") if one.startswith("| "))
    assert [len(table) - 2 for table in (lists, asked, whole, targets)] == [3, 5, 6, 5]
    assert [row.split("|")[2].strip() for row in asked[2:5]] == ["30", "7", "37"], "every name has an outcome"
    assert results.read_text(encoding="utf-8") == done.stdout and str(tmp_path) not in done.stdout


@pytest.mark.slow
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
    assert [len(table) for table in (each, ways, growth, seconds, series, targets)] == [24, 2, 1, 23, 4, 4]
    assert [row[0] for row in each[:-1]] == [row[0] for row in seconds] and growth[0][0] == "300"
    counts = [[int(cell.replace(",", "")) for cell in row[3:]] for row in each if row[3] != "–"]
    assert all(asked >= judged >= flagged for asked, judged, flagged in counts), "what was not judged is asked too"
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert "300 rows" in done.stdout and "Other work on the machine meanwhile: " in done.stdout
    assert results.read_text(encoding="utf-8") == done.stdout and str(tmp_path) not in done.stdout


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize(("told", "said"), REFUSED)
def test_what_cannot_be_matched_is_refused_in_one_line_and_leaves_no_results(tmp_path, told, said):
    done = run(*told_of_matching(tmp_path, **told(tmp_path)), which="matching")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr and not (tmp_path / "results.md").exists()


@pytest.mark.slow
@pytest.mark.shared
def test_matching_takes_the_real_labelled_pairs(tmp_path):
    told = ("--lists", SHARED / "data/watchlists/un", "--names", 40, "--results", tmp_path / "results.md")
    done = run(*told, which="matching")
    assert done.returncode == 0, done.stderr
    assert "1,427 pairs, 626 of them alike" in done.stdout and "826 pairs, 425 of them alike" in done.stdout


DECLARED = (
    "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,Declarant ID,"
    "Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax Type,"
    "Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud"
)
DECLARATION = "{id},{day},40,B,11,21,11,40,D1,{who},{seller},,854231,{sent},CN,8.0,A,G,{kg},{price},{bad},0"
USUAL = {"day": "2021-04-01", "who": "OLD", "seller": "S1", "sent": "CN", "kg": "2.0", "price": "200.0", "bad": 0}


def declared(path: Path, *rows: dict[str, object]) -> Path:
    """Declarations in the layout of a published data set; what is not told is usual."""
    lines = [DECLARATION.format(**{**USUAL, "id": 1000 + place, **row}) for place, row in enumerate(rows)]
    path.write_text("\n".join([DECLARED, *lines, ""]), encoding="utf-8")
    return path


def three_files(folder: Path, **options: object) -> tuple[object, ...]:
    """A year of one importer whose prices vary a little, a quarter of nothing new, and one with a row a flag."""
    prices = [{"day": f"2020-{month:02}-01", "price": 190 + 2 * month, "bad": month % 2} for month in range(1, 13)]
    usual = {
        "train": declared(folder / "SYNTHETIC_1.csv", *prices),
        "valid": declared(folder / "SYNTHETIC_2.csv", {"day": "2021-01-01"}),
        "test": declared(folder / "SYNTHETIC_3.csv", *(row for _, row in ODD), {"bad": 1}, {"day": "2021-12-01"}),
        "results": folder / "results.md",
    }
    return tuple(one for option, value in {**usual, **options}.items() for one in (f"--{option}", value))


ODD = [
    # the flag, the declaration that alone has it
    ("low price", {"price": "2.0"}),
    ("high price", {"price": "20000.0"}),
    ("new importer", {"who": "NEW"}),
    ("other dispatch", {"sent": "HK"}),
    ("no seller", {"seller": ""}),
    ("no mass", {"kg": "0.0"}),
]


@pytest.mark.slow
def test_a_ranked_list_is_judged_by_labels_and_every_flag_is_told(tmp_path):
    done = run(*three_files(tmp_path), which="ranking")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / "results.md").read_text(encoding="utf-8") and str(tmp_path) not in done.stdout
    scores, kinds, stages = (one.splitlines()[2:] for one in done.stdout.split("\n\n") if one.startswith("| "))
    assert [row[2:5] for row in scores] == ["not", *["(a)"] * 2, *["(b)"] * 3, *["(c)"] * 5]
    assert "**This table claims no skill.**" in done.stdout and "8 declarations" in done.stdout
    having = {row.split(":")[0][2:]: row.split("|")[3].strip() for row in kinds}
    assert having == {**{kind: "1" for kind, _ in ODD}, "dormant importer": "1"}, "the last of the file came late"
    assert stages[0] == "| assessed | 8 |" and stages[-1] == "| referred | 7 |"


UNUSABLE = [
    # what is told, what is said
    (lambda folder: {"test": folder / "absent.csv"}, "absent.csv: there is no such file; name one with --test"),
    (lambda folder: {"train": declared(folder / "c.csv", {}, {})}, "c.csv: its labels are all the same"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("told", "said"), UNUSABLE)
def test_what_cannot_be_ranked_is_refused_in_one_line_and_leaves_no_results(tmp_path, told, said):
    done = run(*three_files(tmp_path, **told(tmp_path)), which="ranking")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr and not (tmp_path / "results.md").exists()


UNLABELLED = [
    # a file, what is said
    (lambda path: declared(path, {}, {"bad": 2}), "a.csv: record 2: Fraud is '2', expected 0 or 1"),
    (labelled, "a.csv: no column 'Fraud' can be read in it"),
]


@pytest.mark.parametrize(("make", "said"), UNLABELLED)
def test_a_file_without_labels_is_refused(tmp_path, make, said):
    with pytest.raises(TradeAnalyticsError) as refused:
        declarations({"train": make(tmp_path / "a.csv")}, tmp_path)
    assert str(refused.value) == said


def test_nobody_named_is_no_new_importer(tmp_path):
    path = declared(tmp_path / "a.csv", {"day": "2020-01-01"}, {"day": "2021-01-01", "who": ""})
    last = flagged(measures(declarations({"train": path}, tmp_path), "train")).iloc[-1]
    assert last[["new importer", "dormant importer"]].isna().all()


def test_a_label_that_is_not_told_is_unknown(tmp_path):
    rows = declarations({"train": declared(tmp_path / "a.csv", {"bad": 1}, {"bad": ""}, {})}, tmp_path)
    assert rows["fraud"].isna().tolist() == [False, True, False] and rows["fraud"].sum() == 1


JUDGED = [
    # days of its declarations, new on the last, dormant on the last, why
    (["2020-06-28"], None, None, "after 179 days of records it may have been there before"),
    (["2020-06-29"], True, False, "after 180 it is new"),
    (["2020-06-29", "2020-06-29"], True, False, "so are all of its first day"),
    (["2020-06-29", "2020-12-26"], False, False, "180 days later it is not dormant"),
    (["2020-06-29", "2020-12-27"], False, True, "181 days later it is"),
    (["2020-01-01", "2020-06-29"], False, False, "one seen early on is not new, whenever it began"),
]


@pytest.mark.parametrize(("days", "new", "dormant", "why"), JUDGED)
def test_an_importer_is_new_or_dormant_by_what_came_before(tmp_path, days, new, dormant, why):
    path = declared(tmp_path / "a.csv", {"day": "2020-01-01"}, *({"day": day, "who": "ASKED"} for day in days))
    last = flagged(measures(declarations({"train": path}, tmp_path), "train")).iloc[-1]
    for flag, wanted in (("new importer", new), ("dormant importer", dormant)):
        assert last[flag] is pd.NA if wanted is None else last[flag] == wanted, why


PRICED = [
    # prices of the year before, a price, low, why
    ([90, 110] * 5, 59.11, True, "just over 3.5 deviations below the middle, by hand 59.116"),
    ([90, 110] * 5, 59.12, False, "just short of it"),
    ([90, 110] * 4 + [90], 1.0, None, "nine prices are too few"),
    ([100] * 10, 1.0, None, "of equal prices there is no deviation"),
    ([90, 110] * 5, 0.0, None, "no price is not a low price"),
]


@pytest.mark.parametrize(("before", "price", "low", "why"), PRICED)
def test_a_price_is_low_by_the_prices_of_the_year_before(tmp_path, before, price, low, why):
    year = declared(tmp_path / "a.csv", *({"price": one, "kg": 0.7} for one in before))
    asked = declared(tmp_path / "b.csv", {"price": price, "kg": 0.7})
    flags = flagged(measures(declarations({"train": year, "test": asked}, tmp_path), "train"))["low price"]
    assert flags.iloc[-1] is pd.NA if low is None else flags.iloc[-1] == low, why


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


@pytest.mark.slow
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
