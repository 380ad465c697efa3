"""Who is one party on the lists of several authorities, and what may be said of one that is not there.

All authorities and parties but those of the real lists are invented.
"""

import csv

import pandas as pd
import pytest
from conftest import ROOT, SHARED, put_csv
from listed_rows import DATE, EAST, FILE, INN, NORTH, OTHER_INN, SOUTH, cleaned, opened, row

from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.parties.divergence import COLUMNS, divergence, resolve
from tradeanalytics.parties.lists import open_lists
from tradeanalytics.parties.screening import Party, screen
from tradeanalytics.raw import raw_file

NAME = "Vexoria Trading LLC"


def groups(lists) -> set[frozenset[tuple[str, str]]]:
    """Which entries were taken for one party."""
    entries = [(one["authority"], one["entry"]) for one in lists.parties.to_dicts()]
    together = resolve(lists)
    return {frozenset(entries[party] for party in of.index) for _, of in together.groupby(together)}


def told(lists, authority) -> dict:
    """What the table says of North's first party and an authority."""
    resolved = resolve(lists)
    party = next(one["party"] for one in lists.parties.to_dicts() if one["authority"] == NORTH)
    table = divergence(lists, resolved)
    (one,) = table[(table["authority"] == authority) & (table["resolved"] == resolved[party])].to_dict("records")
    return one


ONE_PARTY = [
    # name here, name there, more here, more there, one party?, why
    (NAME, "VEXORIA TRADING L.L.C.", {}, {}, True, "one name in other letters"),
    ("Velmara Plant LLC", "ООО Завод «Велмара»", {}, {}, True, "one name in another script"),
    (NAME, "Vexorja Trading LLC", {}, {}, True, "all but the same"),
    (NAME, "Quorlat Shipping LLC", {}, {}, False, "another name"),
    (NAME, "Vexoria Shipping LLC", {}, {}, False, "one word is another"),
    (NAME, "Quorlat Shipping LLC", {"identifiers": INN}, {"identifiers": INN}, True, "a number that only one has"),
    (NAME, NAME, {"identifiers": INN}, {"identifiers": OTHER_INN}, False, "the same name, another number"),
    (NAME, NAME, {"identifiers": INN}, {"identifiers": "ogrn 1027700132195"}, True, "numbers of two kinds"),
    (NAME, NAME, {"identifiers": f"{INN}; {OTHER_INN}"}, {"identifiers": INN}, True, "one of its numbers is the same"),
    (NAME, NAME, {"type": "ship"}, {"type": "company"}, False, "a ship is no company"),
    (NAME, NAME, {"type": "company"}, {}, True, "what is not told does not speak against it"),
    ("Vymyslov Ivan Petrovich", "Ivan Vymyslov", {"type": "person"}, {"type": "person"}, False, "many have one name"),
    ("KCST", "KCST", {}, {}, False, "an acronym alone is the name of many"),
    ("KCST LLC", "KCST Ltd", {}, {}, False, "and a legal form makes it no other"),
    ("KCST", "KCST", {"identifiers": INN}, {"identifiers": INN}, True, "but a number does"),
    ("KCST Vexoria", "KCST, Vexoria", {}, {}, True, "nor is it alone"),
    (NAME, "Quorlat LLC", {"identifiers": "inn unknown"}, {"identifiers": "inn unknown"}, False, "no number"),
    (NAME, "Quorlat LLC", {"identifiers": "inn 0000000000"}, {"identifiers": "inn 0000000000"}, False, "nor is nought"),
    (NAME, "Quorlat LLC", {"identifiers": "inn 7802170554"}, {"identifiers": "inn 7802170554"}, False, "not verified"),
    (
        NAME,
        "Quorlat LLC",
        {"identifiers": "phone 88002000"},
        {"identifiers": "phone 88002000"},
        False,
        "shared by many",
    ),
    (NAME, NAME, {"identifiers": "inn n/a"}, {"identifiers": INN}, True, "what is no number does not speak against it"),
]


@pytest.mark.parametrize(("here", "there", "more", "others", "one", "why"), ONE_PARTY)
def test_entries_of_two_authorities_are_one_party_by_number_or_by_name(tmp_path, here, there, more, others, one, why):
    lists = opened(tmp_path, row(NORTH, "1", here, **more), row(SOUTH, "7", there, **others))
    assert (len(groups(lists)) == 1) is one, why


BORN = [
    # schema, born here, born there, one party?, why
    ("Person", "1970-01-01", "1970", True, "the same year, told less exactly"),
    ("Person", "1970-01-01", "1971-01-01", False, "another year"),
    ("Person", "1969;1970", "1970;1971", True, "a year of each is the same"),
    ("Person", "1970", "", False, "many have one name: a year is asked for"),
    ("Thing", "1970", "1971", False, "who is no person for sure has years all the same"),
    ("Thing", "1970", "", True, "and may be a company, of which none are asked"),
]


@pytest.mark.parametrize(("schema", "here", "there", "one", "why"), BORN)
def test_who_was_born_in_other_years_is_another(tmp_path, schema, here, there, one, why):
    lists = born(tmp_path, (schema, "UK list", here), (schema, "EU list", there))
    assert (len(groups(lists)) == 1) is one, why


def born(root, *people):
    """Lists of people of one name in the layout of OpenSanctions, which tells years of birth."""
    lines = [
        f'"{number}","{schema}","Ivan Petrovich Vymyslov","","{years}","","","","","{dataset}"'
        for number, (schema, dataset, years) in enumerate(people)
    ]
    heading = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,dataset"
    clean(put_csv(root / "raw", FILE, "\n".join([heading, *lines, ""]).encode()), root / "processed")
    return open_lists(connect(root / "processed"), invented=True)


def test_two_of_one_list_with_other_numbers_stay_two_although_a_third_is_like_both(tmp_path):
    lists = opened(
        tmp_path,
        row(NORTH, "1", NAME, identifiers=INN),
        row(NORTH, "2", NAME, identifiers=OTHER_INN),
        row(SOUTH, "7", NAME),
    )
    assert not [group for group in groups(lists) if {(NORTH, "1"), (NORTH, "2")} <= group]


def test_two_of_one_list_stay_two_although_all_three_have_one_name(tmp_path):
    """A publisher who gives two numbers means two."""
    lists = opened(tmp_path, row(NORTH, "1", NAME), row(NORTH, "2", NAME), row(SOUTH, "7", NAME))
    assert not [group for group in groups(lists) if {(NORTH, "1"), (NORTH, "2")} <= group]


def test_a_chain_of_names_brings_none_together_against_whom_a_fact_speaks(tmp_path):
    """North's and East's have other numbers; South's, without one, is like both."""
    lists = opened(
        tmp_path,
        row(NORTH, "1", NAME, identifiers=INN),
        row(SOUTH, "7", NAME),
        row(EAST, "9", NAME, identifiers=OTHER_INN),
    )
    assert not [group for group in groups(lists) if {(NORTH, "1"), (EAST, "9")} <= group]
    table = divergence(lists, resolve(lists)).set_index(["party", "authority"])["status"]
    assert "not_on_list" not in set(table)


def test_the_likest_come_together_first(tmp_path):
    lists = opened(
        tmp_path, row(NORTH, "1", "Quorlatex LLC"), row(NORTH, "2", "Quorlatix LLC"), row(SOUTH, "7", "Quorlatix LLC")
    )
    assert frozenset({(NORTH, "2"), (SOUTH, "7")}) in groups(lists)


def test_two_of_one_list_with_one_number_are_one(tmp_path):
    rows = row(NORTH, "1", NAME, identifiers=INN), row(NORTH, "2", "Quorlat LLC", identifiers="inn 7802-170553")
    assert len(groups(opened(tmp_path, *rows))) == 1


def test_who_is_asked_about_comes_with_whoever_belongs_with_it_and_nobody_else(tmp_path):
    rows = (
        row(NORTH, "1", "Quorlat Shipping"),
        row(NORTH, "2", NAME),
        row(SOUTH, "7", NAME),
        row(EAST, "9", "Bremoldak"),
    )
    lists = opened(tmp_path, *rows)
    numbers = dict(zip(lists.parties["entry"], lists.parties["party"], strict=True))
    assert set(resolve(lists, [numbers["7"]]).index) == {numbers["2"], numbers["7"]}
    assert set(resolve(lists, [numbers["9"]]).index) == {numbers["9"]} and resolve(lists, []).empty


# What may be said of an authority that does not have a party ------------------------------------------------------

NAMED = row(NORTH, "1", NAME, aliases="Vexoria Group; ООО Вексория")
OTHER = row(SOUTH, "7", "Quorlat Shipping")
ABSENT = row(SOUTH, "", NAME, found="no", list_date="2023-06-30")
MISSING = [
    # rows of the other authority, whole?, status, in the words, why
    (
        [OTHER],
        True,
        "not_on_list",
        f"not listed as of {DATE} (SYNTHETIC South list)",
        "the whole list has no such name",
    ),
    ([OTHER], False, "unknown", "only an extract", "who is not in an extract may be on the list"),
    ([OTHER, ABSENT], False, "not_on_list", "not listed as of 2023-06-30", "the name was looked for in the whole list"),
    ([ABSENT], False, "not_on_list", "not listed as of 2023-06-30", "although nobody of that list is here"),
    ([OTHER, ABSENT | {"name": "Vexoria Group"}], False, "not_on_list", "2023-06-30", "by another of its names"),
    ([OTHER, ABSENT | {"name": "Bremoldak"}], False, "unknown", "only an extract", "another name was looked for"),
    (
        [OTHER, ABSENT, ABSENT | {"list_date": "2024-01-15"}],
        False,
        "not_on_list",
        "2024-01-15",
        "the newest counts",
    ),
    ([OTHER | {"list_date": ""}], True, "unknown", "of unknown date", "a list without a date tells of no day"),
    ([row(SOUTH, "7", "Vexoria Trade Company")], True, "to_check", "Vexoria Trade Company", "a name like it is there"),
    ([row(SOUTH, "7", "Quorlat", aliases=NAME, identifiers=OTHER_INN)], True, "to_check", NAME, "by another name"),
    ([row(SOUTH, "7", NAME, type="ship")], True, "not_on_list", "not listed", "a ship of that name is no company"),
]


@pytest.mark.parametrize(("rows", "whole", "status", "words", "why"), MISSING)
def test_a_party_is_not_on_a_list_only_where_the_whole_list_has_no_name_like_it(
    tmp_path, rows, whole, status, words, why
):
    cleaned(tmp_path, rows, f"other/{FILE}", extract=not whole)
    found = told(opened(tmp_path, NAMED | {"identifiers": INN, "type": "company"}), SOUTH)
    assert found["status"] == status, why
    assert words in found["since"] and pd.isna(found["listed_on"]) and pd.isna(found["lag_days"])
    assert (len(found["records"]) > 0) is (status == "not_on_list" and not whole)


SHIPS = [
    # type and number here, type and number there, status, why
    ("ship", "imo 9319466", "ship", "imo 9074729", "to_check", "ships of one name: which is which their numbers tell"),
    ("ship", "", "ship", "", "to_check", "without numbers nobody can tell"),
    ("ship", "imo 9319466", "", "", "to_check", "what it is is not told there"),
    ("", "", "ship", "imo 9319466", "to_check", "nor here"),
    ("ship", "imo 9319466", "ship", "imo 9319466", "listed_day_unknown", "the number is the same"),
]


@pytest.mark.parametrize(("here", "number", "there", "other", "status", "why"), SHIPS)
def test_a_ship_whose_name_is_on_a_list_is_never_said_not_to_be_on_it(
    tmp_path, here, number, there, other, status, why
):
    lists = opened(
        tmp_path,
        row(NORTH, "1", "VEXORIA STAR", type=here, identifiers=number),
        row(SOUTH, "7", "VEXORIA STAR", type=there, identifiers=other),
    )
    both = divergence(lists, resolve(lists))
    assert set(both[both["authority"] == SOUTH]["status"]) <= {status, "listed_day_unknown"}, why
    assert both[both["authority"] == SOUTH]["status"].iloc[0] == status, why


# Days and vintages -------------------------------------------------------------------------------------------------

DAYS = [
    # entries of one authority: listed on, delisted on; status, day, words, why
    ([("2022-03-01", "")], "listed", "2022-03-01", "since 2022-03-01", "it holds"),
    ([("2022-03-01", "2023-05-01")], "ended", "2022-03-01", "until 2023-05-01", "it has ended"),
    ([("2022-03-01", DATE)], "ended", "2022-03-01", f"until {DATE}", "on the day of the list itself"),
    (
        [("2022-03-01", "2024-02-01")],
        *("listed", "2022-03-01", "since 2022-03-01, until 2024-02-01", "it had not ended on the day of the list"),
    ),
    ([("", "")], "listed_day_unknown", "", f"on the list of {DATE}, since when is not told", "no day is told"),
    ([("2022-03-01", ""), ("2023-03-01", "")], "listed", "2022-03-01", "since 2022-03-01", "the first of two"),
    (
        [("2010-03-01", "2015-03-01"), ("2023-03-01", "")],
        *("listed", "2023-03-01", "since 2023-03-01", "what has ended is not since when it is listed now"),
    ),
    (
        [("2010-03-01", "2015-03-01"), ("", "")],
        *("listed_day_unknown", "", "since when is not told", "nor where the day of what holds is not told"),
    ),
    (
        [("2010-03-01", "2015-03-01"), ("2012-03-01", "2014-03-01")],
        *("ended", "2010-03-01", "until 2015-03-01", "the last day of two that have ended"),
    ),
    (
        [("2010-03-01", "2012-03-01"), ("2011-03-01", "2014-03-01")],
        *("ended", "2010-03-01", "until 2014-03-01", "whichever began first"),
    ),
]


@pytest.mark.parametrize(("entries", "status", "day", "words", "why"), DAYS)
def test_since_when_and_until_when_a_party_is_listed(tmp_path, entries, status, day, words, why):
    of = [
        row(NORTH, str(number), NAME, identifiers=INN, listed_on=since, delisted_on=until)
        for number, (since, until) in enumerate(entries)
    ]
    found = told(opened(tmp_path, *of), NORTH)
    assert (found["status"], words in found["since"]) == (status, True), why
    assert ("" if pd.isna(found["listed_on"]) else f"{found['listed_on']:%Y-%m-%d}") == day, why
    assert len(found["records"]) == len(entries)


def test_days_are_counted_from_the_first_that_is_told(tmp_path):
    rows = (NORTH, ""), (SOUTH, "2022-04-08"), (EAST, "2022-05-04"), ("SYNTHETIC West", "2022-04-08")
    lists = opened(tmp_path, *(row(authority, "1", NAME, listed_on=day) for authority, day in rows))
    table = divergence(lists, resolve(lists)).set_index("authority")
    lags = {authority: None if pd.isna(lag) else int(lag) for authority, lag in table["lag_days"].items()}
    assert lags == {NORTH: None, SOUTH: 0, EAST: 26, "SYNTHETIC West": 0}
    assert list(table.reset_index()[list(COLUMNS)].columns) == list(COLUMNS)
    assert str(table["lag_days"].dtype) == "Int64"


VINTAGES = [
    # lists of the years before, without and with it; words, why
    ({"2022-01": False, "2023-01": True}, "not yet listed as of 2022-01, on the list of 2023-01", "between the two"),
    (
        {"2021-01": False, "2022-01": False, "2023-01": True, "2023-06-30": True},
        *("not yet listed as of 2022-01, on the list of 2023-01", "between the last without and the first with it"),
    ),
    ({"2023-01": True}, "on the list of 2023-01, since when is not told", "nothing older is here"),
    ({"2023-01": True, "2023-06": True}, "on the list of 2023-01, since when is not told", "of two that have it"),
]


@pytest.mark.parametrize(("years", "words", "why"), VINTAGES)
def test_where_no_day_is_told_the_lists_that_are_kept_tell_between_which_it_came(tmp_path, years, words, why):
    for date, there in years.items():
        rows = [row(NORTH, "2", "Quorlat Shipping"), *([row(NORTH, "1", NAME)] if there else [])]
        cleaned(tmp_path, [one | {"list_date": date} for one in rows], f"{date}/{FILE}")
    found = told(opened(tmp_path), NORTH)
    assert (found["since"], found["status"]) == (words, "listed_day_unknown"), why


def test_the_answer_is_the_same_in_another_order_of_files(tmp_path):
    north, south = [row(NORTH, "1", NAME), row(NORTH, "2", NAME)], [row(SOUTH, "7", NAME, listed_on="2022-03-01")]
    tables = []
    for place, (one, other) in enumerate(((north, south), (south, north))):
        cleaned(tmp_path / str(place), one, f"a/{FILE}")
        cleaned(tmp_path / str(place), other, f"b/{FILE}")
        lists = opened(tmp_path / str(place))
        tables.append(divergence(lists, resolve(lists)).drop(columns="records"))
    pd.testing.assert_frame_equal(*tables)


def test_an_authority_is_asked_about_by_name_and_nothing_is_known_of_one_without_a_list(tmp_path):
    lists = opened(tmp_path, NAMED)
    (one,) = divergence(lists, resolve(lists), ["SYNTHETIC West"]).to_dict("records")
    assert (one["status"], one["since"], one["records"]) == ("unknown", "no list of this authority is here", [])


# The real lists ----------------------------------------------------------------------------------------------------

REAL = [
    # folder, file of ../shared/data/watchlists
    ("ca/2026-08-22", "ca/sema-lmes_reconstructed_2026-08-22.xml"),
    ("uk/2026-08-22", "uk/uksl_2026-08-22.records.jsonl"),
    ("eu/2026-05-01", "eu/eu_fsf_2026-05-01.records.jsonl"),
    ("us/2022-01", "us/2022-01_sdn.csv"),
    ("us/2023-01", "us/2023-01_sdn.csv"),
    ("us-alt/2022-01", "us/2022-01_alt.csv"),
    ("us-alt/2025-12", "us/2025-12_alt.csv"),
]


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The table of the parties of the extracts on the whole lists, by party's name and authority."""
    root = tmp_path_factory.mktemp("real")
    for folder, name in REAL:
        path = root / "raw" / folder / name.rpartition("/")[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(SHARED / "data/watchlists" / name)
        clean(raw_file(path, root / "raw"), root / "processed")
    lists = open_lists(connect(root / "processed"))
    names = sorted({*(name for name, *_ in FACTS), *(row["name"] for row in looked_for())})
    hits = screen([Party(name, "company") for name in names], lists)
    found = hits[hits["level"] == "alert"]
    resolved = resolve(lists, sorted(set(found["listed_party"])))
    table = divergence(lists, resolved)
    of = {name: {int(resolved[party]) for party in found[found["name"] == name]["listed_party"]} for name in names}
    return table, of


def looked_for() -> list[dict[str, str]]:
    """The rows of the bundled extract that say who is not on a list."""
    text = (ROOT / "data/raw/listed-extract-more/2026-08-22/listed_more.csv").read_text("utf-8")
    return [one for one in csv.DictReader(text.splitlines()) if one["found"] == "no"]


FACTS = [
    # party, authority, status, day, in the words; facts as published
    ("Special Technology Centre LLC", "CA", "listed", "2022-04-08", "since 2022-04-08"),
    ("Special Technology Centre LLC", "GB", "listed", "2022-05-04", "since 2022-05-04"),
    ("Special Technology Centre LLC", "EU", "listed", "2023-02-25", "since 2023-02-25"),
    ("Special Technology Centre LLC", "US", "listed_day_unknown", "", "on the list of 2022-01"),
    ("SMT-iLogic", "CA", "listed", "2023-07-19", "since 2023-07-19"),
    ("SMT-iLogic", "GB", "listed", "2023-08-08", "since 2023-08-08"),
    ("SMT-iLogic", "EU", "listed", "2024-02-23", "since 2024-02-23"),
    (
        "SMT-iLogic",
        *("US", "listed_day_unknown", "", "not listed as of 2023-01, named in the file of other names of 2025-12"),
    ),
    ("Asia Pacific Links Limited", "GB", "listed", "2023-12-06", "since 2023-12-06"),
    ("Asia Pacific Links Limited", "EU", "listed", "2024-12-16", "since 2024-12-16"),
    ("Asia Pacific Links Limited", "CA", "not_on_list", "", "not listed as of 2026-08-22"),
    ("Kronshtadt", "US", "listed_day_unknown", "", "not yet listed as of 2022-01, on the list of 2023-01"),
]


@pytest.mark.shared
@pytest.mark.parametrize(("party", "authority", "status", "day", "words"), FACTS)
def test_who_listed_whom_and_when_on_the_real_lists(real, party, authority, status, day, words):
    table, of = real
    rows = table[table["resolved"].isin(of[party]) & (table["authority"] == authority)].to_dict("records")
    told = [(one["status"], "" if pd.isna(one["listed_on"]) else f"{one['listed_on']:%Y-%m-%d}") for one in rows]
    assert told == [(status, day)] and words in rows[0]["since"]


@pytest.mark.shared
@pytest.mark.parametrize("row", looked_for(), ids=lambda row: f"{row['authority']}-{row['name']}")
def test_who_was_looked_for_in_vain_is_not_on_the_main_list_of_that_date(real, row):
    """Device Consulting, SMT-iLogic and Zala Aero have an entry in the United States' later file of other names."""
    table, of = real
    authority = {"Canada": "CA", "United Kingdom": "GB", "European Union": "EU", "United States": "US"}[
        row["authority"]
    ]
    rows = table[table["resolved"].isin(of[row["name"]]) & (table["authority"] == authority)].to_dict("records")
    assert rows, "the party is on some list"
    for one in rows:
        absent = one["status"] == "not_on_list" and one["list_date"] == row["list_date"]
        assert absent or one["since"].startswith(f"not listed as of {row['list_date']}, named in the file of other")
