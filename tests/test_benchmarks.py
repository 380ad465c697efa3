"""The benchmarks run and say what they measured. How fast is not judged here, where other work shares the machine."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.running import _watched

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


@pytest.mark.parametrize("which", ["cleaning", "customs", "goods", "workbook"])
def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path, which):
    done = run("--file", tmp_path / "absent.csv", "--results", tmp_path / "results.md", which=which)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "absent.csv: there is no such file" in done.stderr and not (tmp_path / "results.md").exists()


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
