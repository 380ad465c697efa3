"""The lists that hold now: the newest file of each, and nobody lost between two.

Every party here is SYNTHETIC.
"""

import doctest

import polars as pl
import pytest
from screened import alt, cleaned, extract, opened, sdn

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import connect
from tradeanalytics.parties import lists as module
from tradeanalytics.parties.lists import like_a_person, open_lists, plain_number, vintages

OLD, NEW = "a/2024-01-01/list.csv", "b/2024-06-01/list.csv"
LATER = {"list_date": "2024-06-01"}


def names(lists) -> set[str]:
    return set(lists.names["name"])


def test_the_newest_file_of_a_list_wins(tmp_path):
    old = extract({"list_id": "1", "name": "VEXEL LTD"}, {"list_id": "2", "name": "BIRKUT LTD"})
    found = opened(tmp_path, {NEW: extract({"list_id": "1", "name": "VEXEL LTD", **LATER}), OLD: old})
    assert names(found) == {"VEXEL LTD"}
    assert found.dates["list_date"].to_list() == ["2024-06-01"]


def test_of_two_lists_each_holds_whatever_its_date(tmp_path):
    other = extract({"list_id": "1", "name": "BIRKUT LTD", "list": "Register of Erewhon"})
    found = opened(tmp_path, {OLD: other, NEW: extract({"list_id": "1", "name": "VEXEL LTD", **LATER})})
    assert names(found) == {"VEXEL LTD", "BIRKUT LTD"}


def test_lists_of_one_name_by_two_authorities_are_two_lists(tmp_path):
    other = extract({"list_id": "1", "name": "BIRKUT LTD", "authority": "Erewhon"})
    found = opened(tmp_path, {OLD: other, NEW: extract({"list_id": "1", "name": "VEXEL LTD", **LATER})})
    assert names(found) == {"VEXEL LTD", "BIRKUT LTD"}
    assert set(found.parties["listed_after"]) == {None}  # the other authority's list is not an earlier one of this


@pytest.mark.parametrize("untold", [{"authority": ""}, {"list": ""}, {"authority": "", "list": ""}])
def test_a_party_of_a_list_that_does_not_tell_whose_it_is_is_listed(untold, tmp_path):
    found = opened(tmp_path, {OLD: extract({"list_id": "1", "name": "VEXEL LTD", "aliases": "VXL LTD", **untold})})
    assert names(found) == {"VEXEL LTD", "VXL LTD"} and "nothing found in " in found.looked_at


def test_other_names_from_a_file_of_their_own_keep_its_date(tmp_path):
    files = {
        "sdn/2023-01/sdn.csv": sdn({"ent_num": "7", "SDN_Name": "VEXEL OOO", "Program": "X"}),
        "alt/2023-06/alt.csv": alt(("7", "aka", "VEXEL LLC"), ("9", "aka", "BIRKUT OOO")),
    }
    found = opened(tmp_path, files)
    dates = dict(found.names.select("name", "list_date").rows())
    assert dates == {"VEXEL OOO": "2023-01", "VEXEL LLC": "2023-06", "BIRKUT OOO": "2023-06"}
    assert dict(found.parties.select("entry", "not_in_main").rows()) == {"7": None, "9": "2023-01"}


def test_a_party_is_first_seen_in_the_oldest_list_that_has_its_number_with_its_name(tmp_path):
    files = {
        "x/2022-01/sdn.csv": sdn({"ent_num": "7", "SDN_Name": "VEXEL"}, {"ent_num": "8", "SDN_Name": "CEDRAK"}),
        "x/2023-01/sdn.csv": sdn(
            *(
                {"ent_num": entry, "SDN_Name": name}
                for entry, name in (("7", "Vexel"), ("8", "DREVAK"), ("9", "BIRKUT"))
            )
        ),
    }
    found = opened(tmp_path, files).parties
    assert found.select("entry", "first_seen", "listed_after").rows() == [
        ("7", "2022-01", None),
        ("8", "2023-01", "2022-01"),  # the number was given again
        ("9", "2023-01", "2022-01"),
    ]


def test_invented_lists_are_taken_in_only_when_asked_for(tmp_path):
    made_up = extract({"list_id": "1", "name": "VEXEL LTD"})
    folder = cleaned(tmp_path, {"a/2024-01-01/SYNTHETIC_list.csv": made_up})
    with pytest.raises(TradeAnalyticsError, match="no list of parties is there"):
        open_lists(connect(folder))
    assert names(open_lists(connect(folder), invented=True)) == {"VEXEL LTD"}


def test_without_a_list_nobody_is_screened(tmp_path):
    with pytest.raises(TradeAnalyticsError) as error:
        open_lists(connect(tmp_path))
    assert "no list of parties is there" in str(error.value) and "\n" not in str(error.value)


# What is made ready once


def made(folder) -> dict[str, float]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*/*.parquet")} | {
        path.name: 0 for path in folder.iterdir()
    }


def test_what_was_made_ready_is_used_again_and_thrown_away_when_names_change(tmp_path):
    kept = tmp_path / "kept"
    first = extract({"list_id": "1", "name": "VEXEL LTD"})
    opened(tmp_path, {OLD: first}, kept=kept)
    before = made(kept)
    again = open_lists(connect(tmp_path / "processed"), kept)
    assert made(kept) == before and len(before) > 3
    fresh = open_lists(connect(tmp_path / "processed"))
    for kind, names_of in fresh.of.items():
        for table in ("tokens", "counted", "keys"):
            assert getattr(names_of, table).equals(getattr(again.of[kind], table))
    opened(tmp_path, {NEW: extract({"list_id": "1", "name": "BIRKUT LTD", **LATER})}, kept=kept)
    companies = [path.name for path in kept.iterdir() if path.name.startswith("company")]
    assert len(companies) == 1 and companies[0] not in before


def test_what_was_made_ready_by_other_rules_is_thrown_away(tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    opened(tmp_path, {OLD: extract({"list_id": "1", "name": "VEXEL LTD"})}, kept=kept)
    before = {path.name for path in kept.iterdir()}
    monkeypatch.setattr(module, "_rules", lambda: "other rules")
    open_lists(connect(tmp_path / "processed"), kept)
    after = {path.name for path in kept.iterdir()}
    assert len(after) == len(before) and not after & before


# Names


TRANSLATIONS = [
    # names as (language, name), names kept, reason
    ([("EN", "Vexel"), ("DE", "Wexel"), ("FR", "Vexelle")], {"Vexel", "Vexelle"}, "German goes where English is there"),
    ([("DE", "Wexel"), ("PL", "Weksel")], {"Wexel", "Weksel"}, "and stays where it is not"),
    ([("EN", "Vexel"), (None, "Weksel"), ("RU", "Вексел")], {"Vexel", "Weksel", "Вексел"}, "no language is told"),
    ([("en", "Vexel"), ("de", "Wexel")], {"Vexel"}, "in small letters too"),
]


@pytest.mark.parametrize(("told", "kept", "reason"), TRANSLATIONS)
def test_translations_are_left_out_only_where_english_is_there(told, kept, reason, tmp_path):
    folder = cleaned(tmp_path, {OLD: extract({"list_id": "1", "name": "A"})})
    path = next((folder / "listed").glob("*.parquet"))
    table = pl.read_parquet(path)
    of = [{"name": name, "kind": "primary", "strong": None, "language": code, "script": None} for code, name in told]
    table.with_columns(names=pl.Series([of], dtype=table.schema["names"])).write_parquet(path)
    assert names(open_lists(connect(folder))) == kept, reason


PERSONAL = [
    # name, whether a person may have it, reason
    ("Ivan Vexel", True, "two words"),
    ("Vexel", False, "one is too few"),
    ("Ivan Petr Pavel Semyon Vexel", True, "five"),
    ("Ivan Petr Pavel Semyon Oleg Vexel", False, "six are too many"),
    ("Ivan Vexel Ltd", False, "a legal form"),
    ("Ivan Steel", True, "one common word"),
    ("Vexel Steel Trading", False, "two"),
    ("Vexel 7", False, "a number"),
    ("Ivan Vexel; Petr Birkut", False, "two names"),
    ("", False, "none"),
]


@pytest.mark.parametrize(("name", "expected", "reason"), PERSONAL)
def test_what_a_person_may_be_called(name, expected, reason):
    assert like_a_person(name) is expected, reason


def test_a_party_whose_type_is_not_told_is_looked_for_as_company_and_person(tmp_path):
    rows = ({"list_id": "1", "name": "Ivan Vexel"}, {"list_id": "2", "name": "Petr Birkut", "type": "person"})
    ships = {"list_id": "3", "name": "VEXEL STAR", "type": "ship"}
    found = opened(tmp_path, {OLD: extract(*rows, ships)})
    named = {kind: [found.named(kind, place).name for place in range(len(found.places[kind]))] for kind in found.places}
    assert named == {"company": ["Ivan Vexel"], "person": ["Ivan Vexel", "Petr Birkut"], "ship": ["VEXEL STAR"]}


def test_a_number_is_found_without_what_parts_its_digits(tmp_path):
    row = {"list_id": "1", "name": "VEXEL LTD", "identifiers": "inn 7802170553; 12-34.567 89"}
    found = opened(tmp_path, {OLD: extract(row)})
    assert [kind for _, kind in found.with_number("7802170553")] == ["inn"]
    assert found.with_number(plain_number("7802 170 554")) == []


VINTAGES = [
    # first seen, list before it, main list without it, words
    (("2023-01", "2022-01", None), "not yet listed as of 2022-01, on the list of 2023-01"),
    (("2023-01", None, None), "on the list of 2023-01, since when is not told"),
    ((None, None, None), "on the list of unknown date, since when is not told"),
    (("2025-12", None, "2023-01"), "not listed as of 2023-01, named in the file of other names of 2025-12"),
]


@pytest.mark.parametrize(("told", "words"), VINTAGES)
def test_since_when_a_party_is_listed(told, words):
    assert vintages(*told) == words


def test_the_examples_are_true():
    assert doctest.testmod(module).failed == 0
