"""A list as a raw file: its date, its authority, what is refused because it would clear people."""

import pytest
from conftest import put_csv
from screened import cleaned_extract, extract

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.clean.watchlists import confirm_smaller
from tradeanalytics.cli import main
from tradeanalytics.engine import connect


def parties(count, **told):
    return extract(*({"list_id": str(number), "name": f"VEXEL {number} LLC", **told} for number in range(1, count + 1)))


DATES = [
    # path, date of the list, reason
    ("own/2024-05-01/list.csv", "2024-05-01", "the folder"),
    ("own/list_2024-05.csv", "2024-05", "the name"),
    ("own/2024-06-30/list_2024-05-01.csv", "2024-06-30", "the folder goes before the name"),
    ("own/list20240501.csv", None, "digits without signs may be anything"),
    ("own/2024-13-01/list.csv", None, "no such month"),
]


@pytest.mark.parametrize(("path", "date", "reason"), DATES, ids=[reason for *_, reason in DATES])
def test_a_list_without_its_own_date_takes_that_of_its_folder_or_its_name(path, date, reason, tmp_path):
    report = clean(put_csv(tmp_path / "raw", path, parties(1, list_date="")), tmp_path / "processed")
    assert [one["list_date"] for one in report["lists"]] == [date], reason
    said = "; ".join(report["remarks"])
    assert ("is taken from the name" in said) == (date is not None) and ("not known" in said) == (date is None)


def test_a_made_up_list_is_no_authoritys_word(tmp_path):
    content = parties(1, authority="Canada", list="Special Economic Measures (Russia) Regulations")
    clean(put_csv(tmp_path / "raw", "SYNTHETIC_list.csv", content), tmp_path)
    assert connect(tmp_path).sql("SELECT authority, invented FROM listed").values.tolist() == [["SYNTHETIC CA", True]]


REFUSED = [
    # content, words, reason
    (extract(), "the list is empty", "it would clear everybody"),
    (extract({"list_id": "1", "name": ""}), "no record of the list can be read", "it names nobody"),
    (parties(2)[:-9] + b'"', "expected", "cut off within a record"),
]


@pytest.mark.parametrize(("content", "words", "reason"), REFUSED, ids=[reason for *_, reason in REFUSED])
def test_a_list_that_would_clear_people_is_refused_and_leaves_the_last_one(content, words, reason, tmp_path):
    path = "own/list.csv"
    clean(put_csv(tmp_path / "raw", path, parties(3)), tmp_path / "processed")
    with pytest.raises(TradeAnalyticsError, match=words):
        clean(put_csv(tmp_path / "raw", path, content), tmp_path / "processed")
    assert connect(tmp_path / "processed").sql("SELECT count(*) FROM listed").iloc[0, 0] == 3, reason


def grown(folder, before, after, name="2024-02-01/list.csv"):
    clean(put_csv(folder / "raw", "2024-01-01/list.csv", parties(before, list_date="2024-01-01")), folder / "processed")
    return put_csv(folder / "raw", name, parties(after, list_date="2024-02-01"))


def test_a_list_that_lost_more_than_a_fifth_is_refused_and_says_how_many(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"has 7 parties, expected about as many as the one before it, 10"):
        clean(grown(tmp_path, 10, 7), tmp_path / "processed")


def test_a_list_that_lost_exactly_a_fifth_is_taken(tmp_path):
    assert clean(grown(tmp_path, 10, 8), tmp_path / "processed")["accepted"] == 8


def test_a_smaller_list_is_taken_when_somebody_looked_at_it(tmp_path):
    raw = grown(tmp_path, 10, 2)
    confirm_smaller(raw.path)
    assert clean(raw, tmp_path / "processed")["accepted"] == 2


def test_the_command_line_notes_that_somebody_looked(tmp_path, monkeypatch, capsys):
    (tmp_path / "data").mkdir()
    grown(tmp_path / "data", 10, 2)
    monkeypatch.chdir(tmp_path)
    path = "data/raw/2024-02-01/list.csv"
    assert main(["clean", path]) == 2
    assert main(["clean", "--smaller", path]) == 0
    assert main(["clean"]) == 0, "the note is no raw file"
    assert "list.csv.smaller.txt: a note that you have looked" in capsys.readouterr().out
    assert main(["clean", "--smaller"]) == 2 and "expected the lists" in capsys.readouterr().err


def test_only_a_list_can_be_smaller(tmp_path, monkeypatch, capsys):
    put_csv(tmp_path / "data/raw", "names.csv", b"name\nVexel\n")
    monkeypatch.chdir(tmp_path)
    assert main(["clean", "--smaller", "data/raw/names.csv"]) == 2
    assert "is for lists of parties" in capsys.readouterr().err


def test_an_extract_is_not_held_against_a_whole_list(tmp_path):
    clean(put_csv(tmp_path / "raw", "2023-01-01/list.csv", parties(10, list_date="2023-01-01")), tmp_path / "processed")
    engine = cleaned_extract(tmp_path, parties(1))
    assert engine.sql("SELECT whole, count(*) FROM listed GROUP BY ALL ORDER BY ALL").values.tolist() == [
        [False, 1],
        [True, 10],
    ]


def test_an_unreadable_day_keeps_the_party_and_says_so(tmp_path):
    content = extract({"list_id": "1", "name": "VEXEL", "listed_on": "2022-02-30"})
    report = clean(put_csv(tmp_path / "raw", "list.csv", content), tmp_path)
    assert (report["accepted"], report["flags"]) == (1, {"listed_on_unreadable": 1})


def test_one_number_with_two_contents_keeps_both_and_a_repeated_record_counts_once(tmp_path):
    one, other = {"list_id": "1", "name": "VEXEL"}, {"list_id": "1", "name": "DREVAK"}
    report = clean(put_csv(tmp_path / "raw", "list.csv", extract(one, other, one)), tmp_path)
    assert (report["accepted"], report["rejected"], report["reasons"]["cell_repeated"]["record"]) == (2, 1, 3)
