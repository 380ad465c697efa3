"""The parties of customs records against lists: who is asked about, and what held on the day of the shipment."""

import json
from datetime import date

import pandas as pd
import pytest
from conftest import put_csv
from screened import extract

from tradeanalytics import TradeAnalyticsError, sample
from tradeanalytics.clean import clean
from tradeanalytics.cli import main
from tradeanalytics.engine import connect
from tradeanalytics.parties.lists import open_lists
from tradeanalytics.parties.screening import Party
from tradeanalytics.screened import as_parties, on_the_day, parties, read_names, screened
from tradeanalytics.shipments import Which

FILES = sample.sample()
KEY = json.loads(FILES[sample.ANSWERS])["lists"]
STATUS = {
    "listed": "listed_then",
    "before_listing": "listed_later",
    "after_delisting": "ended_before",
    "listing_day_unknown": "day_unknown",
    "not_on_list": "not_on_list",
}


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    """The sample's first dump and its lists: an engine, the lists, and which shipments."""
    folder = tmp_path_factory.mktemp("sample")
    dump = put_csv(folder / "raw", sample.DECLARATIONS, FILES[sample.DECLARATIONS])
    for raw in (dump, put_csv(folder / "raw", "SYNTHETIC_lists.csv", FILES["SYNTHETIC_lists.csv"])):
        clean(raw, folder / "processed")
    engine = connect(folder / "processed")
    return engine, open_lists(engine, invented=True), Which(files=(dump.file_id,))


@pytest.fixture(scope="module")
def days(invented):
    engine, lists, which = invented
    return on_the_day(engine, lists, screened(engine, lists, which), which)


@pytest.mark.parametrize("party", KEY["parties"], ids=lambda party: party["key"])
def test_items_on_the_day_are_those_of_the_key(party, days, invented):
    engine, _, which = invented
    role = party["role"]
    keys = engine.sql(f"SELECT DISTINCT {role}_name AS name, {role}_key AS key FROM ({which.sql()})")
    names = set(keys.loc[keys["key"] == party["key"], "name"])
    # An item in two versions counts once in the key.
    items = engine.sql(f"SELECT record, declaration_key, item FROM ({which.sql()})")
    rows = days[(days["role"] == role) & days["name"].isin(names)].merge(items, on="record")
    rows = rows.drop_duplicates(["declaration_key", "item", "authority"])
    for authority, counts in party["by_authority"].items():
        of = rows[rows["authority"] == authority]
        found = of["status"].value_counts().to_dict()
        assert found == {STATUS[name]: counts[name] for name in STATUS if counts[name]}, authority
        if "days_until_listing" in counts:
            until = counts["days_until_listing"]
            assert sorted((until["first"], until["last"])) == [of["days"].min(), of["days"].max()]


def test_every_item_of_a_party_is_there_once_for_each_authority(days):
    assert not days.duplicated(["file_id", "record", "role", "authority"]).any()


def test_a_party_is_asked_about_once_a_role_with_its_items(invented):
    engine, _, which = invented
    table = parties(engine, which)
    assert not table.duplicated(["role", "name", "country", "number"]).any()
    shipped = engine.sql(f"SELECT count(shipper_name) AS n FROM ({which.sql()})")["n"][0]
    assert table.loc[table["role"] == "shipper", "items"].sum() == shipped


def test_an_unknown_role_is_refused(invented):
    with pytest.raises(TradeAnalyticsError, match="role 'owner' is unknown: expected one of shipper"):
        parties(invented[0], roles=["owner"])


def test_real_records_are_never_held_against_invented_lists_nor_the_other_way_round(tmp_path):
    rows = {"list_id": "1", "name": "VEXEL"}
    for name in ("SYNTHETIC_lists.csv", "lists.csv"):
        clean(put_csv(tmp_path / "raw", name, extract({**rows, "aliases": name})), tmp_path / "processed")
    engine = connect(tmp_path / "processed")
    assert [open_lists(engine, invented=one).names["name"].to_list()[1] for one in (True, False)] == [
        "SYNTHETIC_lists.csv",
        "lists.csv",
    ]


ON_THE_DAY = [
    # day of the shipment, status, days, reason
    ("2022-02-28", "listed_later", 1, "a day before"),
    ("2022-03-01", "listed_then", None, "the day of listing itself"),
    ("2022-12-31", "listed_then", None, "the day before it ended"),
    ("2023-01-01", "ended_before", None, "the day when it ended"),
    (None, "day_unknown", None, "no date"),
]


@pytest.mark.parametrize(("day", "status", "until", "reason"), ON_THE_DAY, ids=[reason for *_, reason in ON_THE_DAY])
def test_a_listing_holds_from_its_day_to_the_day_before_it_ends(day, status, until, reason):
    from tradeanalytics.screened import _of_hit

    hit = dict.fromkeys(("first_seen", "listed_after", "not_in_main", "list_date", "entry"))
    hit |= {"listed_on": date(2022, 3, 1), "delisted_on": date(2023, 1, 1)}
    found = _of_hit(hit, date.fromisoformat(day) if day else None)
    assert (found["status"], found["days"]) == (status, until), reason


VINTAGES = [
    # day of the shipment, first seen, listed after, not in the main list, status, reason
    ("2022-02-01", "2022-01", None, None, "listed_then", "it stood on an older list already"),
    ("2022-01-31", "2022-01", None, None, "day_unknown", "within the month of the oldest list"),
    ("2021-12-31", "2023-01", "2022-01", None, "listed_later", "an older list does not have it"),
    ("2022-01-30", "2023-01", "2022-01", None, "day_unknown", "that list may be of any day of its month"),
    ("2022-06-01", "2023-01", "2022-01", None, "day_unknown", "between two lists"),
    ("2022-12-31", "2025-12", None, "2023-01", "listed_later", "the main list does not have it"),
]


@pytest.mark.parametrize(
    ("day", "first", "after", "main_list", "status", "reason"), VINTAGES, ids=[reason for *_, reason in VINTAGES]
)
def test_where_no_day_is_told_the_lists_that_are_kept_tell(day, first, after, main_list, status, reason):
    from tradeanalytics.screened import _of_hit

    hit = {"first_seen": first, "listed_after": after, "not_in_main": main_list, "list_date": first, "entry": "1"}
    hit |= {"listed_on": None, "delisted_on": None}
    assert _of_hit(hit, date.fromisoformat(day))["status"] == status, reason


TABLES = [
    # name of the file, content, parties, reason
    ("names.txt", "Vexel\nDrevak Ltd\n\nVexel\n", [Party("Vexel"), Party("Drevak Ltd")], "a name a line, once"),
    (
        "names.csv",
        "name,country\nVexel,Russia\nDrevak,\n",
        [Party("Vexel", country="RU"), Party("Drevak")],
        "a country",
    ),
    (
        "names.csv",
        "Name,Kind,Number,Address\nVexel,company,INN 1,Tver\n",
        [Party("Vexel", "company", number="INN 1", address="Tver")],
        "all that is known",
    ),
    ("names.csv", "name,HS\nVexel,8542\n", None, "a column that no party has"),
    ("records.csv", "shipper,consignee\na,b\n", None, "no column of names"),
]


@pytest.mark.parametrize(("name", "content", "expected", "reason"), TABLES, ids=[reason for *_, reason in TABLES])
def test_a_table_of_names_is_read_as_it_is(name, content, expected, reason, tmp_path):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    found = read_names(path)
    assert (None if found is None else [one for one in found if one.name]) == expected, reason


def test_a_workbook_of_names_is_read_too(tmp_path):
    pd.DataFrame({"name": ["Vexel", None], "country": ["Canada", None]}).to_excel(tmp_path / "names.xlsx", index=False)
    assert [one for one in read_names(tmp_path / "names.xlsx") or () if one.name] == [Party("Vexel", country="CA")]


def test_a_table_without_names_is_refused():
    with pytest.raises(TradeAnalyticsError, match="expected one called name"):
        as_parties(pd.DataFrame({"title": ["x"]}))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A project folder with one list."""
    content = extract({"list_id": "1", "name": "VEXEL TRADING LLC", "listed_on": "2023-05-01", "countries": "Russia"})
    clean(put_csv(tmp_path / "data/raw", "own/2024-01-01/lists.csv", content), tmp_path / "data/processed")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_says_what_it_looked_at_what_it_found_why_and_that_nobody_is_cleared(desk, capsys):
    (desk / "names.csv").write_text("name,country\nVexel Trading,RU\nDrevak,\nLLC,\n", "utf-8")
    assert main(["screen", "names.csv"]) == 0
    said = capsys.readouterr().out
    for words in (
        "looked at: Register of Utopia of 2024-01-01, 1 party",
        "1  may be on a list: an alert, to be checked",
        "1  not found in these lists of these dates: that clears nobody",
        "ALERT: “Vexel Trading” is like “VEXEL TRADING LLC” (Register of Utopia 1, list of 2024-01-01,",
        "also agrees: country Russia",
        "A lead, not an identity.",
        "NOT JUDGED: “LLC”: the name is nothing but a legal form",
        "written: data/processed/screening/names.csv.outcomes.csv",
    ):
        assert words in said.replace("\n    ", " "), words
    first = (desk / "data/processed/screening/names.csv.hits.csv").read_bytes()
    assert main(["screen", "names.csv"]) == 0
    assert (desk / "data/processed/screening/names.csv.hits.csv").read_bytes() == first, "same input, same bytes"


def test_without_a_list_nobody_is_screened(tmp_path, monkeypatch, capsys):
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "names.txt").write_text("Vexel\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["screen", "names.txt"]) == 2
    assert "no list of parties is there to screen against" in capsys.readouterr().err


def test_a_file_that_is_neither_records_nor_names_is_refused_in_one_line(desk, capsys):
    (desk / "phones.csv").write_text("a,b\n1,2\n", "utf-8")
    assert main(["screen", "phones.csv"]) == 2
    assert "phones.csv" in (said := capsys.readouterr().err) and len(said.strip().splitlines()) == 1
