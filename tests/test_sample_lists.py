"""The sample's lists: invented authorities and names, parties that screening finds, decoys that it does not.

The answer key is checked from the outside: the dump and the lists are read here with the csv module, line by line.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime

import polars as pl
import pytest
from conftest import SHARED, put_csv

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.parties.lists import open_lists
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.parties.screening import ALERT, Party, screen
from tradeanalytics.sample import ANSWERS, DECLARATIONS, LISTS, addresses, bills, cast, sample

FILES = sample()
KEY = json.loads(FILES[ANSWERS])["lists"]
ROWS = list(csv.DictReader(io.StringIO(FILES[LISTS].decode("utf-8"), newline="")))
NAMES = {(row["authority"], row["list_id"]): [row["name"], *filter(None, row["aliases"].split("; "))] for row in ROWS}
ENTRIES = {(one["authority"], one["list_id"]): party for party in KEY["parties"] for one in party["entries"]}
DECOYS = {(one["authority"], one["list_id"]) for one in KEY["decoys"]}
COMPANIES = {company.name: company for company in (*cast.COMPANIES, *addresses.COMPANIES)}
INN, SHIPPER, CONSIGNEE = "G081 (ИНН получателя)", "G022 (Наименование отправителя)", "G082 (Наименование получателя)"
ITEM = ("ND (Номер декларации)", "G32 (Номер товара по ГТД)")


def dump() -> list[dict[str, str]]:
    """The rows of the first dump without its total row."""
    text = io.StringIO(FILES[DECLARATIONS].decode("cp1251"), newline="")
    return list(csv.DictReader(text, delimiter=";"))[:-1]


ALL = dump()
ONCE = list({tuple(row[heading] for heading in ITEM): row for row in reversed(ALL)}.values())


def day(row: dict[str, str]) -> date:
    """Registration as the declaration's own number gives it: 10999110/240222/3000001."""
    return datetime.strptime(row[ITEM[0]].split("/")[1], "%d%m%y").date()


def of(party: dict, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows of the dump that name a party of the key, by its tax number or by its spellings as a shipper."""
    spellings = {party["name"], *COMPANIES[party["name"]].spellings}
    return [row for row in rows if (row[INN] == party["inn"] if party["inn"] else row[SHIPPER] in spellings)]


def written(company: cast.Company) -> set[str]:
    """Every way in which the sample writes a company."""
    form, *own = company.name.split('"')
    quotes = {f"{form}{one}{own[0]}{two}" for one, two in ("<>", '""', "«»")} if own else set()
    return {company.name, *company.spellings, *quotes}


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    """The lists, cleaned: the report and the folder."""
    folder = tmp_path_factory.mktemp("lists")
    report = clean(put_csv(folder / "raw", f"sample/{LISTS}", FILES[LISTS]), folder / "processed")
    return report, folder / "processed"


@pytest.fixture(scope="module")
def lists(processed):
    return open_lists(connect(processed[1]), invented=True)


def found(hits) -> dict[str, set[tuple[str, str]]]:
    """The entries that a party's name alerts to, by name."""
    alerts = hits[hits["level"] == "alert"]
    entries: dict[str, set[tuple[str, str]]] = {}
    for name, authority, entry in alerts[["name", "authority", "entry"]].itertuples(index=False):
        entries.setdefault(name, set()).add((authority, entry))
    return entries


def test_the_same_bytes_are_written_on_two_runs(tmp_path):
    command = [sys.executable, "-m", "tradeanalytics.sample", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "11"}, capture_output=True)
    assert (tmp_path / LISTS).read_bytes() == FILES[LISTS] == sample()[LISTS]


def test_every_record_is_accepted_and_marked_as_invented(processed):
    report, folder = processed
    assert (report["records"], report["accepted"], report["rejected"]) == (25, 25, 0) and KEY["records"] == 25
    assert report["flags"] == {}
    rows = pl.read_parquet(outputs(f"sample/{LISTS}", folder)["listed"])
    assert rows["invented"].all() and rows["authority"].str.starts_with("SYNTHETIC ").all()
    dates = dict(rows.select("authority", "list_date").unique().iter_rows())
    assert dates == KEY["list_dates"] and len(dates) == 3 and KEY["list_dates"]["SYNTHETIC Northland"] == "2023-06-30"


def test_nobody_sees_an_invented_list_without_asking_for_it(processed):
    with pytest.raises(TradeAnalyticsError, match="no list of parties is there"):
        open_lists(connect(processed[1]))


def test_every_name_and_alias_says_that_it_is_invented():
    names = [name for several in NAMES.values() for name in several]
    assert [name for name in names if not re.search("SYNTHETIC|OBRAZETS|OBRAZEC|ОБРАЗЕЦ", name.upper())] == []
    assert all(row["list"] == f"{row['authority']} sanctions list" for row in ROWS)


def test_a_record_is_of_a_party_of_the_sample_or_a_decoy_and_of_one_only():
    assert ENTRIES.keys() | DECOYS == NAMES.keys() and len(ENTRIES) + len(DECOYS) == len(ROWS) == 25
    assert all(len({one["authority"] for one in p["entries"]}) == len(p["entries"]) for p in KEY["parties"])
    assert {len(party["entries"]) for party in KEY["parties"]} == {1, 2, 3}


def test_the_dates_of_an_entry_are_those_of_its_record():
    rows = {(row["authority"], row["list_id"]): row for row in ROWS}
    columns = ("authority", "list_id", "name", "listed_on", "delisted_on", "list_date")
    for party in KEY["parties"]:
        for entry in party["entries"]:
            record = rows[entry["authority"], entry["list_id"]]
            assert {column: entry[column] or "" for column in columns} == {column: record[column] for column in columns}


def test_no_list_is_older_than_what_it_says_or_than_the_dump():
    for row in ROWS:
        assert max(row["listed_on"], row["delisted_on"], max(map(day, ALL)).isoformat()) <= row["list_date"]


def test_every_listed_party_alerts_to_each_of_its_entries_however_it_is_written_and_no_other_does(lists):
    companies = [
        *(name for company in COMPANIES.values() for name in written(company)),
        *(*bills.CONSIGNEES, *(name for name, _ in bills.SHIPPERS), bills.BANK, bills.FORWARDER),
    ]
    expected = {
        name: {(entry["authority"], entry["list_id"]) for entry in party["entries"]}
        for party in KEY["parties"]
        for name in written(COMPANIES[party["name"]])
    }
    assert found(screen(map(Party, companies), lists)) == expected


def test_no_decoy_is_as_like_as_an_alert_of_anybody(lists):
    hits = screen([Party(name) for company in COMPANIES.values() for name in written(company)], lists, at_least=0)
    decoys = hits[[entry in DECOYS for entry in zip(hits["authority"], hits["entry"], strict=True)]]
    assert 0 < decoys["score"].max() < ALERT


@pytest.mark.shared
def test_beside_a_real_list_the_same_parties_alert_and_no_real_company_does(tmp_path):
    """Among many names SYNTHETIC is a rare word, and weighs more."""
    real = SHARED / "data/watchlists/uk/uksl_2026-08-22.records.jsonl"
    for name, content in ((LISTS, FILES[LISTS]), (real.name, real.read_bytes())):
        clean(put_csv(tmp_path / "raw", name, content), tmp_path / "processed")
    names = {name: party for party in KEY["parties"] for name in written(COMPANIES[party["name"]])}
    everybody = [Party(name) for company in COMPANIES.values() for name in written(company)]
    alerts = found(screen(everybody, open_lists(connect(tmp_path / "processed"), invented=True)))
    assert alerts == {
        name: {(entry["authority"], entry["list_id"]) for entry in party["entries"]} for name, party in names.items()
    }


def test_a_decoy_is_found_by_its_own_name(lists):
    own = {name: {entry} for entry in DECOYS for name in NAMES[entry][:1]}
    assert found(screen(map(Party, own), lists)) == own


def test_tax_numbers_find_their_importers_and_no_decoy(lists):
    given = {company.inn: company for company in COMPANIES.values() if company.inn}
    hits = screen([Party("SYNTHETIC", number=number) for number in given], lists)
    by_number = {one.number: (one.authority, one.entry) for one in hits.itertuples()}
    numbers = {row["identifiers"].removeprefix("inn "): (row["authority"], row["list_id"]) for row in ROWS}
    assert by_number == {number: entry for number, entry in numbers.items() if number and entry in ENTRIES}
    assert len(by_number) == 3 and set(hits["basis"]) == {"number"} and len(hits) == 3
    assert all(given[number].name == ENTRIES[entry]["name"] for number, entry in by_number.items())


def test_the_key_of_a_party_is_what_its_spellings_share():
    for party in KEY["parties"]:
        assert {read_name(name).key for name in written(COMPANIES[party["name"]])} == {party["key"]}


@pytest.mark.parametrize("party", KEY["parties"], ids=lambda party: party["key"])
def test_items_by_listing_are_those_of_a_plain_recount(party):
    rows = of(party, ONCE)
    assert len(rows) == party["items"] > 0
    column = CONSIGNEE if party["role"] == "consignee" else SHIPPER
    assert party["first_spelling"] == of(party, ALL)[0][column]
    records = {row["authority"]: row for row in ROWS if ENTRIES.get((row["authority"], row["list_id"])) == party}
    for authority, answer in party["by_authority"].items():
        record = records.get(authority)
        counted: Counter[str] = Counter()
        until = []
        for row in rows:
            if record is None:
                counted["not_on_list"] += 1
            elif not record["listed_on"]:
                counted["listing_day_unknown"] += 1
            elif day(row).isoformat() < record["listed_on"]:
                counted["before_listing"] += 1
                until.append((date.fromisoformat(record["listed_on"]) - day(row)).days)
            elif record["delisted_on"] and day(row).isoformat() >= record["delisted_on"]:
                counted["after_delisting"] += 1
            else:
                counted["listed"] += 1
        days = answer.get("days_until_listing")
        assert {state: count for state, count in answer.items() if state != "days_until_listing" and count} == counted
        assert days == ({"first": max(until), "last": min(until)} if until else None)
        assert sum(count for state, count in answer.items() if state != "days_until_listing") == party["items"]


def test_there_are_parties_listed_before_amid_and_after_their_shipments_and_one_of_each_oddity():
    seen = set()
    for party in KEY["parties"]:
        for answer in party["by_authority"].values():
            states = {state for state, count in answer.items() if count and state != "days_until_listing"}
            seen.add(frozenset(states))
    assert seen == {
        frozenset({"listed"}),  # before the first
        frozenset({"listed", "before_listing"}),  # amid
        frozenset({"before_listing"}),  # after the last
        frozenset({"listed", "after_delisting"}),
        frozenset({"listing_day_unknown"}),
        frozenset({"not_on_list"}),
    }


def test_a_shipment_on_the_day_of_listing_is_there_and_none_on_a_day_of_delisting():
    days = {party["name"]: {day(row).isoformat() for row in of(party, ONCE)} for party in KEY["parties"]}
    entries = [(days[party["name"]], one) for party in KEY["parties"] for one in party["entries"]]
    assert any(entry["listed_on"] in shipped for shipped, entry in entries)
    assert not any(entry["delisted_on"] in shipped for shipped, entry in entries)
