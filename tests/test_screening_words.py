"""What `tradeanalytics screen` and `clean --smaller` print and write: nobody is cleared, nobody real used unasked."""

import csv
import re

import pytest
from listed_rows import NORTH, SOUTH, row, rows_csv
from listed_rows import put as put_list
from test_customs_slices import IMPORT, as_csv, styled

from tradeanalytics.clean import reports
from tradeanalytics.cli import main

SHIPPER = "SYNTHETIC VEXORIA LINKS LTD"
LISTED = row(NORTH, "1", SHIPPER, listed_on="2022-06-15", countries="HK")
OTHER = row(SOUTH, "7", "Synthetic Bremoldak Works", listed_on="2020-01-01")
CLEARS = re.compile("clears nobody|no clearance|not cleared")
NOT_FOUND = re.compile("not found|not judged|could not|not on its list|not here|nothing", re.I)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project with an invented list of two authorities, cleaned."""
    put(tmp_path, "SYNTHETIC_lists.csv", [LISTED, OTHER])
    monkeypatch.chdir(tmp_path)
    assert main(["clean"]) == 0
    return tmp_path


def put(root, name, rows):
    path = root / "data/raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rows_csv(rows))
    return path


def dump(root, *changes, name="SYNTHETIC_dump.csv"):
    rows = [{**IMPORT, "shipper_name": SHIPPER, "item": str(place), **one} for place, one in enumerate(changes, 1)]
    path = root / "data/raw" / name
    path.write_bytes(as_csv(styled("bare", *rows)))
    return path


def names(root, text, name="SYNTHETIC_names.txt"):
    (root / name).write_text(text, "utf-8")
    return root / name


def screened(capsys, *arguments) -> str:
    capsys.readouterr()
    assert main(["screen", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def refused(capsys, *arguments) -> str:
    capsys.readouterr()
    assert main([*map(str, arguments)]) == 2
    (line,) = (line for line in capsys.readouterr().err.splitlines() if not line.startswith("cleaning "))
    return line


def written(root, name):
    path = root / "data/processed/screening" / name
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_a_table_of_names_is_told_of_line_by_line(root, capsys):
    said = screened(capsys, names(root, f"{SHIPPER}\nQuorlat Shipping\nLtd\n"))
    assert said.splitlines() == [
        f"looked at: {NORTH} list of 2024-01-31, 1 party",
        f"looked at: {SOUTH} list of 2024-01-31, 1 party",
        "3 parties asked about",
        "      1  may be on a list: an alert, to be checked",
        "      1  not found in these lists of these dates: that clears nobody",
        "      1  could not be judged: that clears nobody",
        f"ALERT: “{SHIPPER}” is like “{SHIPPER}” ({NORTH} list 1, list of",
        "    2024-01-31, listed since 2022-06-15); SYNTHETIC, VEXORIA, LINKS agree; left out LTD; name only. A "
        "lead, not an",
        "    identity.",
        "NOT JUDGED: “Ltd”: the name is nothing but a legal form; that clears nobody",
        "written: data/processed/screening/SYNTHETIC_names.txt.hits.csv",
        "written: data/processed/screening/SYNTHETIC_names.txt.outcomes.csv",
    ]


def test_every_line_on_who_was_not_found_says_that_nobody_is_cleared(root, capsys):
    """Of names and of customs records, with whole lists and with an extract."""
    raw = put_list(root / "data", [row("SYNTHETIC East", "1", "Quorlat")], "extract/SYNTHETIC_part.csv", extract=True)
    assert main(["clean", str(raw.path)]) == 0
    of_names = screened(capsys, names(root, "Quorbalin\nLtd\n\n"))
    of_items = screened(capsys, dump(root, {}, {"shipper_name": "SYNTHETIC QUORBALIN LTD"}), "--roles", "shipper")
    lines = [line for line in (of_names + of_items).splitlines() if NOT_FOUND.search(line)]
    assert len(lines) >= 6 and [line for line in lines if not CLEARS.search(line)] == []
    assert "an extract" in of_names
    for one in [*written(root, "SYNTHETIC_names.txt.outcomes.csv"), *written(root, "SYNTHETIC_dump.csv.outcomes.csv")]:
        assert one["outcome"] != "nothing_found" or CLEARS.search(one["why"])


def test_customs_records_are_cleaned_and_their_shipments_told_by_authority_and_day(root, capsys):
    early = {"registered_on": "14.06.2022", "declaration": "10999110/140622/3012345", "released_on": ""}
    said = screened(capsys, dump(root, {}, early, {}), "--roles", "shipper")
    assert "read as Russian customs declarations" in said
    assert f"{NORTH}: 2 items shipped while it was listed" in said
    assert f"{NORTH}: 1 item shipped before it was listed" in said
    table = written(root, "SYNTHETIC_dump.csv.shipments.csv")
    assert {(one["day"], one["status"], one["days"]) for one in table if one["authority"] == NORTH} == {
        ("2022-06-14", "listed_later", "1"),
        ("2022-06-15", "listed_then", ""),
    }
    assert {one["outcome"] for one in written(root, "SYNTHETIC_dump.csv.outcomes.csv")} == {"alert"}
    assert all("A lead, not an identity" in one["reason"] for one in written(root, "SYNTHETIC_dump.csv.hits.csv"))


def test_what_is_only_possible_is_shown_when_it_is_asked_for_and_always_written(root, capsys):
    asked = names(root, "Vexoria Links Orbex\n")
    assert "POSSIBLE" not in screened(capsys, asked) and "POSSIBLE" in screened(capsys, asked, "--possible")
    assert {one["level"] for one in written(root, "SYNTHETIC_names.txt.hits.csv")} == {"possible"}


def test_other_roles_are_screened_when_they_are_asked_for(root, capsys):
    path = dump(root, {"shipper_name": "SYNTHETIC QUORBALIN LTD", "declarant_name": SHIPPER})
    assert "ALERT" not in screened(capsys, path) and "ALERT" in screened(capsys, path, "--roles", "declarant")
    line = refused(capsys, "screen", path, "--roles", "owner")
    assert "role 'owner' is unknown: expected one of shipper" in line


def test_the_same_question_writes_the_same_bytes(root, capsys):
    folder, path = root / "data/processed/screening", dump(root, {}, {"shipper_name": "SYNTHETIC QUORBALIN LTD"})
    first, again = (
        (screened(capsys, path), {one.name: one.read_bytes() for one in sorted(folder.glob("*.csv"))}) for _ in range(2)
    )
    assert first == again and len(first[1]) == 3 and not list(folder.glob(".*.part"))


# Invented and real -------------------------------------------------------------------------------------------------

REAL = {**row("Northland", "R1", SHIPPER, listed_on="2000-01-01"), "list": "Northland list"}


def test_invented_files_are_held_against_invented_lists_alone_and_real_ones_against_real_ones(root, capsys):
    put(root, "real.csv", [REAL])
    assert main(["clean", str(root / "data/raw/real.csv")]) == 0
    invented = screened(capsys, names(root, f"{SHIPPER}\n"))
    real = screened(capsys, names(root, f"{SHIPPER}\n", "names.txt"))
    assert NORTH in invented and "Northland" not in invented
    assert "Northland" in real and "SYNTHETIC North " not in real
    said = screened(capsys, dump(root, {}), "--roles", "shipper")
    assert NORTH in said and "Northland" not in said


def test_without_a_list_nobody_is_screened(tmp_path, monkeypatch, capsys):
    (tmp_path / "data/raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert "no list of parties is there to screen against" in refused(capsys, "screen", names(tmp_path, "Vexoria\n"))


def test_an_invented_list_alone_is_no_list_for_real_names(root, capsys):
    line = refused(capsys, "screen", names(root, f"{SHIPPER}\n", "names.txt"))
    assert "no list of parties is there to screen against" in line


# Files that are neither --------------------------------------------------------------------------------------------

NEITHER = [
    ("SYNTHETIC_a.csv", b"a,b\n1,2\n", "no known layout"),
    ("SYNTHETIC_a.csv", b"name,remark\nVexoria,x\n", "no known layout"),
    ("SYNTHETIC_a.csv", b"", "the file is empty"),
    ("SYNTHETIC_a.xlsx", b"no workbook", "SYNTHETIC_a.xlsx"),
    ("SYNTHETIC_a.pdf", b"%PDF-1.4", "this is a PDF"),
    ("SYNTHETIC_a.csv", b"name,country\nVexoria\n", "record 1 has 1 fields, expected 2"),
    ("SYNTHETIC_a.csv", b"name,kind\nVexoria,boat\n", "kind 'boat', expected one of company, person, ship"),
]


@pytest.mark.parametrize(("name", "content", "said"), NEITHER)
def test_a_file_that_is_neither_records_nor_names_is_refused_in_one_line(root, capsys, name, content, said):
    (root / name).write_bytes(content)
    line = refused(capsys, "screen", root / name)
    assert said in line and "a fault of ours" not in line
    assert not list((root / "data/processed/screening").glob("*.csv"))


def test_a_file_that_is_not_there_is_refused_in_one_line(root, capsys):
    assert "none.csv" in refused(capsys, "screen", root / "none.csv")


def test_a_list_is_not_screened_against_itself_but_refused(root, capsys):
    line = refused(capsys, "screen", root / "data/raw/SYNTHETIC_lists.csv")
    assert "SYNTHETIC_lists.csv: nobody is named in it; expected customs records with shipper, consignee, or" in line


def test_a_table_that_names_nobody_is_refused(root, capsys):
    assert "nobody is named in it" in refused(capsys, "screen", names(root, "name,country\n", "SYNTHETIC_names.csv"))


# clean --smaller ---------------------------------------------------------------------------------------------------


def shrunk(root):
    """A list of ten parties, and of seven half a year later."""
    for date, count in (("2024-01-31", 10), ("2024-07-31", 7)):
        rows = [row(NORTH, str(number), f"Vexoria {number}", list_date=date) for number in range(count)]
        path = put(root, f"{date}/SYNTHETIC_north.csv", rows)
    return path


def test_a_list_that_shrank_is_refused_until_somebody_says_that_it_is_whole(tmp_path, monkeypatch, capsys):
    path = shrunk(tmp_path)
    monkeypatch.chdir(tmp_path)
    line = refused(capsys, "clean")
    assert "1 of 2 files refused" in line and "has 7 parties" in line and "10 (2024-01-31)" in line
    assert main(["clean", "--smaller", str(path)]) == 0
    said = capsys.readouterr().out
    note = path.with_name(path.name + ".smaller.txt")
    assert said.startswith(f"{note.name}: a note that you have looked") and note.read_text("utf-8").startswith("Looked")
    assert main(["clean"]) == 0 and len(reports(tmp_path / "data/processed")) == 2
    note.unlink()
    (tmp_path / "data/processed/cleaning/2024-07-31__SYNTHETIC_north.csv.json").unlink()
    assert "has 7 parties" in refused(capsys, "clean", path)


def test_smaller_wants_lists_that_somebody_looked_at(tmp_path, monkeypatch, capsys):
    shrunk(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "--smaller: expected the lists that you looked at" in refused(capsys, "clean", "--smaller")
    path = dump(tmp_path, {})
    assert "--smaller is for lists of parties, and this is none" in refused(capsys, "clean", "--smaller", path)
    assert not path.with_name(path.name + ".smaller.txt").exists()
    missing = tmp_path / "data/raw/none.csv"
    assert "none.csv" in refused(capsys, "clean", "--smaller", missing)
