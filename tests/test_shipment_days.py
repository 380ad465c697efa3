"""Parties of customs records on lists: asked once, and whether each was listed on the day of the shipment.

What screening the sample finds is that of its answer key. All names are invented.
"""

import json
from collections import Counter
from datetime import date

import pandas as pd
import pytest
import xlsxwriter
from conftest import put_csv
from listed_rows import DATE, FILE, INN, NORTH, OTHER_INN, SOUTH, cleaned, opened, row
from test_customs_slices import IMPORT, as_csv, styled

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.flows import NotComparableError
from tradeanalytics.parties.lists import open_lists
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.parties.screening import Party, outcomes, screen
from tradeanalytics.sample import ANSWERS, DECLARATIONS, LISTS, sample
from tradeanalytics.screened import ROLES, STATUSES, as_parties, on_the_day, parties, read_names, screened
from tradeanalytics.shipments import Which

DUMP = "SYNTHETIC_dump.csv"
SHIPPER = "SYNTHETIC VEXORIA LINKS LTD"
FILES = sample()
KEY = json.loads(FILES[ANSWERS])["lists"]
STATES = {  # of the answer key, by status
    "listed_then": "listed",
    "listed_later": "before_listing",
    "ended_before": "after_delisting",
    "day_unknown": "listing_day_unknown",
    "not_on_list": "not_on_list",
}


def shipped(root, *changes: dict[str, str], name: str = DUMP):
    """An engine over a small dump, each of its items of SHIPPER unless changed."""
    base = {**IMPORT, "shipper_name": SHIPPER}
    rows = [{**base, "item": str(place), **changed} for place, changed in enumerate(changes, 1)]
    clean(put_csv(root / "raw", name, as_csv(styled("bare", *rows))), root / "processed")
    return connect(root / "processed")


def on(day: str) -> dict[str, str]:
    """A declaration registered on a day, as 15.06.2022 and in its own number."""
    d, m, y = day.split(".")
    return {"registered_on": day, "released_on": "", "declaration": f"10999110/{d}{m}{y[2:]}/3012345"}


# Who is asked about ------------------------------------------------------------------------------------------------


def test_a_party_is_asked_about_once_a_role_with_its_items_and_days(tmp_path):
    engine = shipped(tmp_path, on("01.03.2022"), on("05.03.2022"), on("03.03.2022"))
    table = parties(engine).set_index("role")
    assert list(table.index) == ["consignee", "shipper"]
    one = table.loc["shipper"]
    assert (one["name"], one["country"], one["number"], one["items"]) == (SHIPPER, "HK", "", 3)
    assert (one["first_day"].date(), one["last_day"].date()) == (date(2022, 3, 1), date(2022, 3, 5))
    assert table.loc["consignee", "number"] == IMPORT["consignee_id"]


ADDRESSES = [
    # addresses of its items, the one that is taken, why
    (["FLAT 1", "FLAT 2", "FLAT 2"], "FLAT 2", "the most frequent"),
    (["FLAT 1", "FLAT 2"], "FLAT 2", "of two as frequent always the same"),
    (["", "", "FLAT 1"], "FLAT 1", "one that is told goes before blanks, however many"),
    (["", ""], "", "none is told"),
]


@pytest.mark.parametrize(("addresses", "taken", "why"), ADDRESSES)
def test_the_address_of_a_party_is_its_most_frequent(tmp_path, addresses, taken, why):
    engine = shipped(tmp_path, *({"shipper_address": text} for text in addresses))
    (found,) = parties(engine, roles=["shipper"])["address"]
    assert found == taken, why


def test_one_name_with_another_number_or_country_is_asked_about_apart(tmp_path):
    engine = shipped(
        tmp_path, {"consignee_id": "0000000001"}, {"consignee_id": "0000000002"}, {"consignee_country": "TR"}
    )
    found = parties(engine, roles=["consignee"])
    assert sorted(zip(found["number"], found["country"], strict=True)) == [
        ("0000000001", "RU"),
        ("0000000001", "TR"),
        ("0000000002", "RU"),
    ]


def test_every_role_can_be_asked_for_and_nobody_unnamed_is(tmp_path):
    engine = shipped(tmp_path, {}, {"manufacturer": "", "description": "МОДУЛИ", "declarant_name": ""})
    found = parties(engine, roles=ROLES)
    assert set(found["role"]) >= {"shipper", "consignee", "contract_holder", "declarant", "manufacturer"}
    assert found["name"].notna().all() and (found["name"] != "").all()
    assert dict(zip(found["role"], found["items"], strict=True))["declarant"] == 1


def test_a_role_that_is_none_is_refused_by_name(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="role 'owner' is unknown: expected one of shipper"):
        parties(shipped(tmp_path, {}), roles=["shipper", "owner"])


def test_invented_shipments_beside_real_ones_are_refused(tmp_path):
    shipped(tmp_path, {})
    engine = shipped(tmp_path, {"item": "7"}, name="dump.csv")
    lists = opened(tmp_path, row(NORTH, "1", "Quorlat Shipping"))
    with pytest.raises(NotComparableError, match="invented shipments"):
        screened(engine, lists)


# On the day of the shipment ----------------------------------------------------------------------------------------

DAYS = [
    # entries (listed on, delisted on), day of shipment, status, days, why
    ([("2022-06-15", "")], "14.06.2022", "listed_later", 1, "the day before"),
    ([("2022-06-15", "")], "15.06.2022", "listed_then", None, "the day itself"),
    ([("2022-06-15", "")], "16.06.2022", "listed_then", None, "the day after"),
    ([("2020-01-01", "2022-06-15")], "14.06.2022", "listed_then", None, "the last day"),
    ([("2020-01-01", "2022-06-15")], "15.06.2022", "ended_before", None, "no longer on the day of delisting"),
    ([("2022-06-20", "2022-07-01")], "15.06.2022", "listed_later", 5, "listed and delisted later"),
    ([("2022-06-20", ""), ("2022-06-01", "")], "15.06.2022", "listed_then", None, "one of two was in force"),
    ([("2022-06-25", ""), ("2022-06-20", "")], "15.06.2022", "listed_later", 5, "the next of two"),
    ([("2020-01-01", "2021-01-01"), ("2022-06-20", "")], "15.06.2022", "listed_later", 5, "and again"),
    ([("2020-01-01", "2021-01-01"), ("2022-06-01", "")], "15.06.2022", "listed_then", None, "and again by then"),
    ([("", "")], "15.06.2022", "day_unknown", None, "no day is told"),
    ([("", "2022-06-15")], "15.06.2022", "ended_before", None, "only the end is told"),
    ([("", "2022-06-16")], "15.06.2022", "day_unknown", None, "not ended, but since when?"),
    ([("", ""), ("2022-06-20", "")], "15.06.2022", "day_unknown", None, "one of two may have been in force"),
    ([("", ""), ("2020-01-01", "2021-01-01")], "15.06.2022", "day_unknown", None, "so it may here"),
    ([("", ""), ("2022-06-01", "")], "15.06.2022", "listed_then", None, "but one was for sure"),
]


@pytest.mark.parametrize(("entries", "day", "status", "days", "why"), DAYS)
def test_whether_a_party_was_listed_on_the_day_of_its_shipment(tmp_path, entries, day, status, days, why):
    engine = shipped(tmp_path, on(day))
    of = [
        row(NORTH, str(number), SHIPPER, listed_on=since, delisted_on=until)
        for number, (since, until) in enumerate(entries)
    ]
    (one,) = of_shipper(engine, opened(tmp_path, *of))
    assert (one["status"], None if pd.isna(one["days"]) else one["days"]) == (status, days), why
    assert (one["role"], one["name"], one["authority"]) == ("shipper", SHIPPER, NORTH)


def of_shipper(engine, lists, **more) -> list[dict]:
    found = screened(engine, lists, roles=["shipper"])
    return on_the_day(engine, lists, found, **more).to_dict("records")


VINTAGES = [
    # dates of lists with it, without it, shipment, status, why
    (["2022-03"], [], "01.04.2022", "listed_then", "after the month of the list that has it"),
    (["2022-03"], [], "31.03.2022", "day_unknown", "the list may be of its last day"),
    (["2022-03"], [], "01.01.2022", "day_unknown", "no list before it is here"),
    (["2022-03"], ["2021-12"], "15.12.2021", "day_unknown", "it may have come on after that list, in its month"),
    (["2022-03"], ["2021-12"], "30.11.2021", "listed_later", "before the month of a list that lacks it"),
    (["2022-03"], ["2021-12-20"], "19.12.2021", "listed_later", "before the day of a list that lacks it"),
    (["2022-03"], ["2021-12-20"], "21.12.2021", "day_unknown", "between the two"),
    (["2022"], ["2021"], "30.06.2021", "day_unknown", "a year may be any of its days"),
    (["2022"], ["2021"], "31.12.2020", "listed_later", "before the year"),
    (["2022"], ["2021"], "01.01.2023", "listed_then", "after the year"),
    (["2022-03", "2023-03"], [], "01.04.2022", "listed_then", "the oldest list that has it counts"),
]


@pytest.mark.parametrize(("there", "without", "day", "status", "why"), VINTAGES)
def test_where_no_day_is_told_the_lists_that_are_kept_tell(tmp_path, there, without, day, status, why):
    for text in (*there, *without):
        rows = [row(NORTH, "2", "Quorlat Shipping"), *([row(NORTH, "1", SHIPPER)] if text in there else [])]
        cleaned(tmp_path, [one | {"list_date": text} for one in rows], f"{text}/{FILE}")
    (one,) = of_shipper(shipped(tmp_path, on(day)), opened(tmp_path))
    assert one["status"] == status, why


SDN = '{},"{}",-0- ,"RUSSIA","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- "\r\n'
ALT = '{},{},"aka","{}","-0- "\r\n'
OFAC = [
    # date of the main list, of the file of other names, shipment, status, why
    ("2022-03", "2022-06", "01.07.2022", "listed_then", "after the file that has it"),
    ("2022-03", "2022-06", "28.02.2022", "listed_later", "before the main list that lacks it"),
    ("2022-03", "2022-06", "01.05.2022", "day_unknown", "between the two"),
    ("2022-06", "2022-03", "01.07.2022", "day_unknown", "the newer main list lacks it: it may be off again"),
    ("2022-06", "2022-03", "01.05.2022", "day_unknown", "and nobody can tell since when"),
]


@pytest.mark.parametrize(("main", "names", "day", "status", "why"), OFAC)
def test_who_is_only_in_the_file_of_other_names_was_listed_after_the_main_list(tmp_path, main, names, day, status, why):
    files = {
        f"{main}/SYNTHETIC_sdn.csv": SDN.format(100, "QUORLAT SHIPPING"),
        f"{names}/SYNTHETIC_alt.csv": ALT.format(100, 1, "QUORLAT") + ALT.format(200, 2, SHIPPER),
    }
    for name, text in files.items():
        clean(put_csv(tmp_path / "raw", name, text.encode()), tmp_path / "processed")
    (one,) = of_shipper(shipped(tmp_path, on(day)), open_lists(connect(tmp_path / "processed"), invented=True))
    assert one["status"] == status, why


def test_a_shipment_without_a_day_is_of_an_unknown_day(tmp_path):
    changes = {"registered_on": "", "released_on": "", "declaration": ""}
    (one,) = of_shipper(shipped(tmp_path, changes), opened(tmp_path, row(NORTH, "1", SHIPPER, listed_on="2022-06-15")))
    assert pd.isna(one["day"]) and (one["status"], one["entry"]) == ("day_unknown", "1") and pd.isna(one["days"])


NOT_THERE = [
    # rows of the other authority, whole?, status, date, why
    ([row(SOUTH, "7", "Quorlat Shipping")], True, "not_on_list", DATE, "its whole list is here"),
    ([row(SOUTH, "7", "Quorlat Shipping")], False, "unknown", None, "an extract does not tell"),
    (
        [row(SOUTH, "7", "Quorlat Shipping", list_date="")],
        True,
        "unknown",
        None,
        "no date, no day",
    ),
]


@pytest.mark.parametrize(("rows", "whole", "status", "day", "why"), NOT_THERE)
def test_another_authority_without_the_party_has_it_not_on_its_whole_list(tmp_path, rows, whole, status, day, why):
    cleaned(tmp_path, rows, f"other/{FILE}", extract=not whole)
    lists = opened(tmp_path, row(NORTH, "1", SHIPPER, listed_on="2022-06-15"))
    told = {one["authority"]: one for one in of_shipper(shipped(tmp_path, {}), lists)}
    date_told = None if pd.isna(told[SOUTH]["list_date"]) else told[SOUTH]["list_date"]
    assert (told[SOUTH]["status"], date_told) == (status, day), why
    assert told[NORTH]["status"] == "listed_then" and pd.isna(told[SOUTH]["entry"])


def test_every_item_has_a_row_for_each_authority_and_who_is_no_hit_has_none(tmp_path):
    engine = shipped(tmp_path, {}, on("01.03.2022"), {"shipper_name": "SYNTHETIC QUORBALIN LTD"})
    lists = opened(tmp_path, row(NORTH, "1", SHIPPER, listed_on="2022-06-15"), row(SOUTH, "7", "Bremoldak"))
    table = pd.DataFrame(of_shipper(engine, lists))
    assert len(table) == 4 and set(table["name"]) == {SHIPPER} and set(table["status"]) <= set(STATUSES)
    assert table.groupby("record")["authority"].agg(sorted).tolist() == [[NORTH, SOUTH]] * 2
    assert of_shipper(engine, lists, level="possible") == []


def test_of_one_name_only_the_party_that_is_a_hit_is_told_of(tmp_path):
    """One is found by its tax number under another name; the other has another number."""
    mine, other = ({"consignee_name": "ООО ВЕКСОРИЯ", "consignee_id": one[4:]} for one in (INN, OTHER_INN))
    lists = opened(tmp_path, row(NORTH, "1", "Quorlat Shipping", identifiers=INN, listed_on="2020-01-01"))
    engine = shipped(tmp_path, mine, other)
    found = screened(engine, lists, roles=["consignee"])
    assert list(on_the_day(engine, lists, found)["record"]) == [1]
    assert sorted(found.outcomes["outcome"]) == ["alert", "nothing_found"]


# The sample --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder of cleaned tables with the first dump and the invented lists; the dump's id."""
    root = tmp_path_factory.mktemp("sample")
    ids = {}
    for name in (DECLARATIONS, LISTS):
        raw = put_csv(root / "raw", f"sample/{name}", FILES[name])
        clean(raw, root / "processed")
        ids[name] = raw.file_id
    return root / "processed", Which(files=(ids[DECLARATIONS],))


@pytest.fixture(scope="module")
def items(project):
    """Each item, role and authority of the parties that alert, with the key of the party.

    The key counts an item once that stands there twice with other contents; both are kept, for nobody knows which is
    right.
    """
    processed, which = project
    engine = connect(processed)
    lists = open_lists(engine, invented=True)
    table = on_the_day(engine, lists, screened(engine, lists, which), which)
    second = engine.sql(
        """
SELECT record FROM shipments WHERE duplicate = 'same_key_other_payload'
QUALIFY row_number() OVER (PARTITION BY declaration_key, item ORDER BY record) > 1
"""
    )["record"]
    table = table[~table["record"].isin(second)]
    return table.assign(key=[read_name(name).key for name in table["name"]])


def test_the_parties_that_alert_are_those_of_the_answer_key_and_no_decoy(items):
    assert set(items["key"]) == {party["key"] for party in KEY["parties"]}
    entries = {(one["authority"], one["list_id"]) for party in KEY["parties"] for one in party["entries"]}
    told = items.dropna(subset=["entry"])
    assert set(zip(told["authority"], told["entry"], strict=True)) == entries
    assert not {one["list_id"] for one in KEY["decoys"]} & set(told["entry"])


@pytest.mark.parametrize("authority", KEY["list_dates"])
@pytest.mark.parametrize("party", KEY["parties"], ids=lambda party: party["key"])
def test_the_items_of_a_party_by_status_are_those_of_the_answer_key(items, party, authority):
    mine = items[(items["key"] == party["key"]) & (items["authority"] == authority)]
    answer = party["by_authority"][authority]
    assert len(mine) == party["items"] and set(mine["role"]) == {party["role"]}
    assert not mine.duplicated(["file_id", "record"]).any()
    counted = Counter(mine["status"])
    assert {STATES[status]: count for status, count in counted.items()} == {
        state: count for state, count in answer.items() if state != "days_until_listing" and count
    }
    until = mine["days"].dropna()
    assert ({"first": until.max(), "last": until.min()} if len(until) else None) == answer.get("days_until_listing")
    assert set(mine["list_date"]) == {KEY["list_dates"][authority]}


def test_without_asking_for_it_no_invented_list_is_used(project):
    with pytest.raises(TradeAnalyticsError, match="no list of parties is there"):
        open_lists(connect(project[0]))


def test_beside_a_real_list_that_is_newer_an_invented_one_is_not_used_unless_asked(tmp_path):
    real = [{**row("Northland", "1", "Quorlat Shipping"), "list": "SYNTHETIC North list"}]
    cleaned(tmp_path, real, "real/list.csv")
    cleaned(tmp_path, [row(NORTH, "1", SHIPPER)])
    engine = connect(tmp_path / "processed")
    assert screen([Party(SHIPPER)], open_lists(engine)).empty
    assert list(screen([Party(SHIPPER)], open_lists(engine, invented=True))["authority"]) == [NORTH]


# Tables of names ---------------------------------------------------------------------------------------------------

NAMES = [
    # file, its text, the parties, why
    ("a.txt", "Vexoria Ltd\nQuorlat, Inc\n", [Party("Vexoria Ltd"), Party("Quorlat, Inc")], "a name on each line"),
    ("a.txt", "\ufeffООО «Вексория»\r\n", [Party("ООО «Вексория»")], "a mark at the start, ends of Windows"),
    ("a.txt", "Vexoria Ltd\nVexoria Ltd\n", [Party("Vexoria Ltd")], "a name twice is asked once"),
    ("a.csv", "name\nVexoria Ltd\n", [Party("Vexoria Ltd")], "a single column"),
    (
        "a.csv",
        '\ufeff" Name ","COUNTRY"\n"Vexoria, Ltd","Russia"\n',
        [Party("Vexoria, Ltd", country="RU")],
        "in capitals",
    ),
    ("a.csv", "name;country\nVexoria;Namibia\n", [Party("Vexoria", country="NA")], "semicolons, as French Excel has"),
    ("a.csv", "name,country\nVexoria,NA\n", [Party("Vexoria", country="NA")], "Namibia is no blank"),
    ("a.csv", "name,country\nVexoria,Atlantis\n", [Party("Vexoria", country="Atlantis")], "not known, not lost"),
    ("a.csv", "name,number\nVexoria,0012\n", [Party("Vexoria", number="0012")], "a number keeps its noughts"),
    ("a.csv", "name,kind\nVexoria,Ship\n", [Party("Vexoria", "ship")], "a kind in capitals"),
    (
        "a.csv",
        "address,number,country,kind,name\n1 St,7802170553,RU,company,Vexoria\n,,,,Quorlat\n",
        [Party("Vexoria", "company", "RU", "7802170553", "1 St"), Party("Quorlat")],
        "any order, and cells that are blank",
    ),
    (
        "a.csv",
        "name,country\nVexoria,RU\n\nVexoria,TR\n",
        [Party("Vexoria", country="RU"), Party("Vexoria", country="TR")],
        "one name in two countries is two",
    ),
    ("a.csv", "name,country\n,RU\n", [Party("", country="RU")], "a blank name is kept, and told to be none"),
    ("a.CSV", "name\n", [], "a heading alone names nobody"),
]


@pytest.mark.parametrize(("file", "text", "expected", "why"), NAMES)
def test_a_table_of_names_is_read(tmp_path, file, text, expected, why):
    (tmp_path / file).write_bytes(text.encode())
    assert read_names(tmp_path / file) == expected, why


def test_a_workbook_of_names_is_read_with_numbers_as_they_are_seen(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    for place, cells in enumerate([["Name", "Number", "Country"], ["Vexoria", 7802170553, "Russia"], [], ["Quorlat"]]):
        sheet.write_row(place, 0, cells)
    book.close()
    assert read_names(tmp_path / "a.xlsx") == [Party("Vexoria", "", "RU", "7802170553"), Party("Quorlat")]


OTHERS = [
    # file, its bytes, why it is no table of names
    ("a.csv", b"name,value\nVexoria,1\n", "another column"),
    ("a.csv", b"shipper,country\nVexoria,RU\n", "no name"),
    ("a.csv", b"name,name\nVexoria,Quorlat\n", "which of the two?"),
    ("a.csv", b"", "nothing"),
    ("a.csv", as_csv(styled("bare", IMPORT)), "customs records, in Cyrillic of Windows"),
    ("a.txt", as_csv(styled("bare", IMPORT), "\t"), "customs records parted by tabs"),
    ("a.txt", as_csv(styled("bare", IMPORT), ";"), "customs records parted by semicolons"),
    ("a.txt", as_csv(styled("bare", IMPORT), "|", "utf-8"), "customs records parted by bars"),
    ("a.xlsx", b"no workbook", "a file that is not what its name says"),
    ("a.zip", b"PK", "another kind"),
]


@pytest.mark.parametrize(("file", "content", "why"), OTHERS)
def test_what_is_no_table_of_names_is_left_to_cleaning(tmp_path, file, content, why):
    (tmp_path / file).write_bytes(content)
    assert read_names(tmp_path / file) is None, why


BROKEN = [
    # file, bytes, what the message says
    ("a.csv", b"name,country\nVexoria,RU,7\n", "a.csv: record 1 has 3 fields, expected 2"),
    ("a.csv", b"name,country\nVexoria,RU\nQuorlat\n", "a.csv: record 2 has 1 fields, expected 2"),
    ("a.csv", b'name\n"Vexoria\n', "a.csv: cannot be read as a table of names"),
    ("a.csv", "name\nВЕКСОРИЯ\n".encode("cp1251"), "a.csv: cannot be read as a table of names in UTF-8"),
    ("a.txt", "ВЕКСОРИЯ\n".encode("cp1251"), "a.txt: cannot be read as a table of names in UTF-8"),
]


@pytest.mark.parametrize(("file", "content", "said"), BROKEN)
def test_a_broken_table_of_names_is_refused_in_one_line(tmp_path, file, content, said):
    (tmp_path / file).write_bytes(content)
    with pytest.raises(TradeAnalyticsError) as error:
        read_names(tmp_path / file)
    assert str(error.value).startswith(said) and "\n" not in str(error.value)


def test_a_table_without_a_column_name_is_refused():
    with pytest.raises(TradeAnalyticsError, match="expected one called name"):
        as_parties(pd.DataFrame({"shipper": ["Vexoria"]}))


def test_a_kind_that_is_none_is_refused_by_name(tmp_path):
    lists = opened(tmp_path, row(NORTH, "1", SHIPPER))
    with pytest.raises(TradeAnalyticsError, match="Vexoria: kind 'boat', expected one of company, person, ship"):
        screen([Party("Vexoria", "boat")], lists)


def test_who_is_asked_about_has_an_outcome_and_who_is_not_found_is_not_cleared(tmp_path):
    lists = opened(tmp_path, row(NORTH, "1", SHIPPER))
    asked = [Party(SHIPPER), Party("Quorlat Shipping"), Party("Ltd"), Party("")]
    told = outcomes(asked, screen(asked, lists), lists)
    assert list(told["outcome"]) == ["alert", "nothing_found", "not_judged", "not_judged"]
    assert told["why"][1] == f"nothing found in {NORTH} list of {DATE}: no clearance"
