"""Addresses of parties become places with a use, and flags that each say what they do not prove. All are SYNTHETIC."""

import csv
import doctest
import json
import re
import time

import pandas as pd
import pytest
from conftest import put_csv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listed_rows import NORTH, opened
from listed_rows import row as listed_row
from registers_of_addresses import built, point, row
from test_customs_slices import IMPORT, as_csv, styled
from test_offshore import database

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.addressed import (
    FLAGS,
    MASS,
    OFFICES,
    PLACES,
    WORDS,
    addressed,
    doors_of,
    judged,
    names_of,
    read_addresses,
    read_offices,
    registered_offices,
    shipped_addresses,
    value_basis,
)
from tradeanalytics.addressed import asked as of_asked
from tradeanalytics.addressed import places as of_places
from tradeanalytics.addressed import rates as of_rates
from tradeanalytics.addressed import words as of_words
from tradeanalytics.addressed.leads import AT_LEAST
from tradeanalytics.addressed.words import NOTES
from tradeanalytics.clean import clean
from tradeanalytics.clean.nar import open_register
from tradeanalytics.engine import connect
from tradeanalytics.parties.residences import polygons
from tradeanalytics.parties.residences.polygons import NOT_THERE, Polygons, read_polygons
from tradeanalytics.shipments import Which

TOWER = "100 LARCH ST W, TORONTO ON M9X 9X9"
HOUSE = "25 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9"


def table(*told, roles="shipper"):
    """Addresses from (name, address), (name, address, country) or with a first day as well."""
    rows = [(*one, *("CA", None)[len(one) - 2 :]) for one in told]
    frame = pd.DataFrame(rows, columns=["name", "address", "country", "first_day"], dtype=object)
    days = pd.to_datetime(frame["first_day"])
    counts = dict.fromkeys(("items", "without_value", "priority_items"), pd.array([1] * len(rows), "Int64"))
    values = dict.fromkeys(("value_usd_cents", "priority_usd_cents"), pd.array(range(len(rows)), "Int64"))
    told_only = frame.assign(role=roles, value_usd_basis="statistical", **counts, **values)
    return told_only.assign(first_day=days, last_day=days).astype(dict.fromkeys(("name", "address", "country"), "str"))


def flags(*told, roles="shipper", **how):
    """The code and basis of every flag, by place."""
    return [(code, basis) for code, basis in judged(table(*told, roles=roles), **how).flags[["code", "basis"]].values]


def codes(*told, **how):
    return {code for code, _ in flags(*told, **how)}


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """A house, a tower of forty suites with a flat, and a street that lacks numbers."""
    rows = [
        row("|25||Maple Hollow|CRES|", 1),
        row("|27||Maple Hollow|CRES|", 4),
        row("|29||Maple Hollow|CRES|", 2),
        *(row(f"{suite}|100||Larch|ST|W", 3) for suite in range(1, 41)),
        row("PH1|100||Larch|ST|W", 1),
        *(row(f"|{number}||Elmbank|CRES|", 1, postal="M9X9X2") for number in (5, 2444)),
    ]
    return built(tmp_path_factory.mktemp("register"), rows, [point(rows[0], 43.7, -79.4), point(rows[1], 0, 0)])


# A1, A1P and A10: what a register says ---------------------------------------------------------------------------

USES = [
    # address, use, flags, reason
    (HOUSE, "residential", {"A1"}, "the very number"),
    (f"APT 5, {HOUSE}", "residential", {"A1"}, "a unit that is not there, of a house"),
    (
        "27 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9",
        "unknown",
        set(),
        "recorded as of unknown use: no flag, and not clean",
    ),
    ("29 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9", "mixed", set(), "partly residential is not residential"),
    ("SUITE 7, " + TOWER, "non_residential", set(), "a suite of the tower"),
    ("PENTHOUSE 1, " + TOWER, "residential", {"A1"}, "the flat on top of it"),
    (TOWER, "mixed", set(), "no unit told in a building of both"),
    ("26 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9", "unknown", {"A10"}, "the street is there, the number is not"),
    ("26 OAK HOLLOW CRES, TORONTO ON", "unknown", {"A1P"}, "no such street: its form alone is a house's"),
    ("2600 OAK HOLLOW RD W, TORONTO ON", "unknown", set(), "nor is its form"),
    ("7 ELMBANK CRES, TORONTO ON M9X 9X2", "unknown", {"A1P", "A10"}, "homes alone have that postal code"),
    ("2440-2444 ELMBANK CRES, TORONTO ON M9X 9X2", "unknown", {"A1P"}, "only its upper number is there, and is a home"),
    ("APT 5, 2600 OAK HOLLOW RD W, TORONTO ON", "unknown", {"A1P"}, "by the word of its unit"),
    ("PO BOX 5, TORONTO ON M9X 9X9", "po_box", {"A4"}, "no premises"),
    ("", "unknown", set(), "nothing is told: unknown, and no lead"),
]


@pytest.mark.parametrize(("address", "use", "raised", "reason"), USES)
def test_a_use_is_recorded_possible_or_unknown(register, address, use, raised, reason):
    found = judged(table(("SYNTHETIC Vexo Ltd", address)), register)
    [place] = found.places.to_dict("records")
    assert (place["use"], set(found.flags["code"])) == (use, raised), reason
    assert place["vintage"] in ("2026-06", None) or pd.isna(place["vintage"])
    assert place["reason"].endswith(".") and place["does_not_prove"].endswith(".")


def test_a_residence_says_its_basis_its_vintage_and_what_it_does_not_prove(register):
    [flag] = judged(table(("SYNTHETIC Vexo Ltd", HOUSE)), register).flags.to_dict("records")
    assert flag["sentence"] == ("The address is recorded as residential in the National Address Register of 2026-06.")
    assert (flag["basis"], flag["vintage"], flag["weight"]) == ("nar_building", "2026-06", "high")
    assert "common and lawful" in flag["does_not_prove"] and "FIN-2023-Alert004, 19 May 2023" in flag["source"]


def test_without_a_register_nothing_is_recorded_and_that_is_said():
    found = judged(table(("SYNTHETIC Vexo Ltd", HOUSE), ("SYNTHETIC Orbex Ltd", "26 OAK HOLLOW CRES, TORONTO ON")))
    assert set(found.places["use"]) == {"unknown"} and "A1" not in set(found.flags["code"])
    assert found.places["vintage"].isna().all() and set(found.flags["basis"]) == {"rule"}
    assert any("no register of addresses was asked" in note and "not clean" in note for note in found.notes)
    assert any("no list of parties" in note for note in found.notes)


def test_a_point_outside_canada_is_not_used_and_that_is_said(register):
    found = judged(table(("SYNTHETIC Vexo Ltd", "27 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9")), register)
    assert found.places["lat"].isna().all()
    assert any("not in Canada" in note for note in found.notes)


# A2 and A3: shared doors -----------------------------------------------------------------------------------------

COMPANIES = [f"SYNTHETIC {name} LTD" for name in ("VEXO", "ORBEX", "QUORLAT", "BREMOL", "ZANDIC", "FULMEK")]


def tenants(count, address, names=COMPANIES):
    """So many companies at an address, which may have a place for the number of each."""
    return [(names[n] if n < len(names) else f"SYNTHETIC FIRM{n} LTD", address.format(n + 1)) for n in range(count)]


LUARD = "18 LUARD ROAD, WAN CHAI, HONG KONG"
DOORS = [
    # who, flags, reason
    (tenants(40, "SUITE {}, " + TOWER), set(), "an office tower: forty companies in forty suites"),
    (tenants(2, "SUITE 9, " + TOWER), set(), "two in one room are often one group"),
    (tenants(3, "SUITE 9, " + TOWER), {("A2", "unit")}, "three in one room"),
    (tenants(4, "SUITE 9, " + TOWER), {("A2", "unit")}, "four in one room"),
    (tenants(9, "SUITE 9, " + TOWER), {("A2", "unit")}, "nine in one room"),
    (tenants(10, "SUITE 9, " + TOWER), {("A3", "records")}, "ten are too many to work there"),
    (tenants(2, "31 FIR ST, TORONTO ON"), set(), "two at a number"),
    (tenants(3, "31 FIR ST, TORONTO ON"), {("A2", "building")}, "three at a number without rooms"),
    (tenants(10, "31 FIR ST, TORONTO ON"), set(), "ten at a number: perhaps a tower whose rooms are left out"),
    ([*tenants(3, "31 FIR ST, TORONTO ON"), ("SYNTHETIC X LTD", "5-31 FIR ST, TORONTO ON")], set(), "it has rooms"),
    (tenants(3, TOWER), set(), "the register has forty-one addresses there"),
    (tenants(3, "25 MAPLE HOLLOW ST, TORONTO ON M9X 9X9"), {("A2", "building")}, "a number of another street there"),
    (
        tenants(3, "SUITE 9, " + TOWER, ["SYNTHETIC VEXO LTD", "Synthetic Vexo Ltd.", "SYNTHETIC VEXO LIMITED"]),
        set(),
        "spellings of one company",
    ),
    (
        [*tenants(2, "SUITE 9, " + TOWER), ("SYNTHETIC HOLDA LOGISTICS LTD", "SUITE 9, " + TOWER)],
        set(),
        "a forwarder does not count",
    ),
    (
        [
            ("SYNTHETIC VEXO LTD", "5-31 FIR ST W, TORONTO ON"),
            ("SYNTHETIC ORBEX LTD", "SUITE 5 31 FIR STREET WEST TORONTO"),
            ("SYNTHETIC QUORLAT LTD", "31 FIR ST W UNIT 5, TORONTO ON M5H 1A1"),
        ],
        {("A2", "unit")},
        "with and without a postal code, in three spellings",
    ),
    (tenants(3, ""), set(), "no address is no door"),
    (tenants(3, "FLAT A, {}/F, " + LUARD), set(), "a flat A on each floor"),
    (tenants(3, "FLAT A, 5/F, " + LUARD), {("A2", "unit")}, "the flat A of one floor"),
    (tenants(3, "ROOM 1203, TOWER {}, " + LUARD), set(), "a room 1203 in each tower"),
    (tenants(3, "TOWER {}, " + LUARD), set(), "three towers of one number, whose rooms are not told"),
    (tenants(2, "16/F, " + LUARD), set(), "two on one floor"),
    (tenants(12, "16/F, " + LUARD), {("A2", "floor")}, "a floor without a room is told as one, and is no room of many"),
]


@pytest.mark.parametrize(("who", "raised", "reason"), DOORS)
def test_only_companies_behind_one_door_share_it(register, who, raised, reason):
    found = {one for one in flags(*who, register=register) if one[0] in ("A2", "A3")}
    assert found == raised, reason


def test_building_and_room_are_counted_apart():
    places = judged(table(*tenants(4, "SUITE {}, " + TOWER), ("SYNTHETIC Z LTD", "SUITE 1, " + TOWER))).places
    assert places["companies_at_unit"].tolist() == [2, 1, 1, 1, 2]
    assert set(places["companies_at_premises"]) == {5} and set(places["units_at_premises"]) == {4}
    assert judged(table(("SYNTHETIC VEXO LTD", "TORONTO"))).places["companies_at_unit"].isna().all()


WHO = st.tuples(st.sampled_from([*COMPANIES, *COMPANIES, "SYNTHETIC HOLDA LOGISTICS LTD", ""]), st.sampled_from([
    *(f"SUITE {suite}, {TOWER}" for suite in (7, 8, 9)), TOWER, HOUSE, f"UNIT 2, {HOUSE}", "31 FIR ST, TORONTO ON",
    "31 FIR ST, TORONTO ON M5H 1A1", "5-31 FIR ST, TORONTO ON", "TORONTO CANADA", "",
    f"16/F, {LUARD}", f"FLAT A, 16/F, {LUARD}", f"TOWER 2, {LUARD}",
]))  # fmt: skip


@given(st.lists(WHO, max_size=40), st.sampled_from([None, HOUSE + "\n", f"SUITE 9, {TOWER}\n", TOWER + "\n"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flag_of_a_shared_door_and_the_picture_of_doors_never_disagree(register, tmp_path, who, declared):
    known = offices(tmp_path, declared) if declared else None
    found = judged(table(*who), register, offices=known)
    shared = doors_of(found.places)
    floors = found.places.loc[found.places["unit"].str.startswith("FL"), "door"]
    few = shared.doors["companies"].between(AT_LEAST, MASS - 1) | shared.doors["door"].isin(floors)
    few = set(shared.doors["door"][few & (shared.doors["companies"] >= AT_LEAST)])
    flagged = found.flags[found.flags["code"] == "A2"]
    by_row = found.places.merge(flagged[["name", "address"]], on=["name", "address"])
    assert set(by_row["door"]) == few
    at = set(shared.at[shared.at["door"].isin(few)][["company", "door"]].itertuples(index=False, name=None))
    assert set(by_row[["company", "door"]].itertuples(index=False, name=None)) == at
    counts = found.places[found.places["left_out"] == ""].groupby("door")["companies_at_unit"].first()
    assert all(counts[row.door] == row.companies for row in shared.doors.itertuples())


def test_a_door_has_the_names_of_its_companies_as_they_are_mostly_written():
    who = [("SYNTHETIC VEXO", "5-31 FIR ST, TORONTO"), ("Synthetic Vexo Ltd", HOUSE), ("Synthetic Vexo Ltd", TOWER)]
    places = judged(table(*who, ("SYNTHETIC ORBEX", "5-31 FIR ST, TORONTO"))).places
    assert names_of(places).values.tolist() == [
        ["SYNTHETIC ORBEX", "SYNTHETIC ORBEX"],
        ["SYNTHETIC VEXO", "Synthetic Vexo Ltd"],
    ]
    assert doors_of(places).doors[["companies", "value_usd_cents"]].values.tolist() == [[2, 3]]


def test_values_of_two_bases_are_not_added():
    who = table(*((name, "5-31 FIR ST, TORONTO") for name in COMPANIES[:3])).assign(
        value_usd_basis=["statistical", "statistical", "customs"]
    )
    places = judged(who).places
    assert value_basis(places) == "statistical"
    [door] = doors_of(places).doors.to_dict("records")
    assert (door["companies"], door["value_usd_cents"], door["value_unknown"]) == (3, 1, 1)
    assert value_basis(places[:0]) is None and doors_of(places[:0]).doors.empty


def test_a_room_that_a_forwarder_tells_shows_that_the_building_has_rooms():
    who = [*tenants(3, "31 FIR ST, TORONTO ON"), ("SYNTHETIC HOLDA LOGISTICS LTD", "5-31 FIR ST, TORONTO ON")]
    places = judged(table(*who)).places
    assert set(places["door_kind"]) == {"no_room", "room"} and doors_of(places).doors.empty
    assert places["companies_at_unit"].isna().tolist() == [True, True, True, False]


def offices(tmp_path, text, name="offices.txt"):
    (tmp_path / name).write_text(text, "utf-8")
    return read_offices(tmp_path / name)


OFFICE = [
    # what is declared, flags of four companies in suite 9, reason
    (f"SUITE 9, {TOWER}\n", {("A3", "declared")}, "the room"),
    ("100 Larch Street West, Toronto\n", {("A3", "declared")}, "the whole building, in another spelling"),
    (f"SUITE 8, {TOWER}\n", {("A2", "unit")}, "another room"),
    ("100 LARCH ST E, TORONTO\n", {("A2", "unit")}, "another street"),
]


@pytest.mark.parametrize(("declared", "raised", "reason"), OFFICE)
def test_a_declared_registered_office_is_no_shared_door_and_that_is_said(tmp_path, declared, raised, reason):
    found = judged(table(*tenants(4, "SUITE 9, " + TOWER)), offices=offices(tmp_path, declared))
    assert {(code, basis) for code, basis in found.flags[["code", "basis"]].values} == raised, reason
    said = any("4 of the addresses are of registered offices" in note for note in found.notes)
    assert said is (raised == {("A3", "declared")})


MAILBOXES = [
    ("100 LARCH ST W PMB 513, TORONTO ON", {("A3", "mailbox")}, "a private mailbox"),
    ("MAILBOX 513, 100 LARCH ST W, TORONTO ON", {("A3", "mailbox")}, "the same in full"),
    ("SUITE 513, 100 LARCH ST W, TORONTO ON", set(), "a suite is none"),
    ("100 PMBROKE ST W, TORONTO ON", set(), "nor letters of a street"),
]


@pytest.mark.parametrize(("address", "raised", "reason"), MAILBOXES)
def test_a_mailbox_is_one_by_its_own_words(address, raised, reason):
    assert set(flags(("SYNTHETIC VEXO LTD", address))) == raised, reason


# A4 to A11 -------------------------------------------------------------------------------------------------------

ALONE = [
    # code, name, address, country, whether it is raised, reason
    ("A4", "V", "P.O. BOX 12, TORONTO ON", "CA", True, "a box"),
    ("A4", "V", "RR 2, CALEDON ON", "CA", True, "a rural route"),
    ("A4", "V", "GENERAL DELIVERY, YELLOWKNIFE NT", "CA", True, "general delivery"),
    ("A4", "V", "P.O. BOX 12, 31 FIR ST, TORONTO ON", "CA", False, "a box beside a street"),
    ("A5", "V", "TORONTO CANADA", "CA", True, "a place alone"),
    ("A5", "V", "FIR ST, TORONTO CANADA", "CA", False, "a street without a number is a street"),
    ("A5", "V", "", "CA", False, "nothing told is not a place alone"),
    ("A6", "V", "31 FIR ST, TORONTO ON M5H 1A1", "VG", True, "a Caribbean company at a Canadian street"),
    ("A6", "V", "31 FIR ST, TORONTO CANADA", "VG", True, "the country is named"),
    ("A6", "V", "31 FIR ST, TORONTO", "VG", True, "a city of millions has no rival"),
    ("A6", "V", "31 FIR ST, HAMILTON", "BM", False, "there is a Hamilton in Bermuda"),
    ("A6", "V", "31 FIR ST, TORONTO ON M5H 1A1", "CA", False, "the same country"),
    ("A6", "V", "31 FIR ST, TORONTO ON M5H 1A1", "", False, "no country is told in the record"),
    ("A6", "V", "610 NATHAN ROAD, MONG KOK, HONG KONG", "CN", False, "Hong Kong is recorded as either"),
    ("A6", "V", "RUE 5", "VG", False, "the address tells no country"),
    ("A6", "V", "31 FIR ST, TORONTO ON M5H 1A1", "Freedonia", False, "what is no country is not another one"),
    ("A6", "V", "5 MINSHENG ROAD, TAIPEI, TAIWAN", "CN", False, "Taiwan is recorded as either"),
    ("A8", "V", "31 FIR ST, TORONTO ON V5K 1A1", "CA", True, "V is in British Columbia"),
    ("A8", "V", "31 FIR ST, TORONTO V5K 1A1", "CA", True, "by the city"),
    ("A8", "V", "31 FIR ST, TORONTO ON M5H 1A1", "CA", False, "M is in Ontario"),
    ("A8", "V", "31 FIR ST, IQALUIT NU X0A 0H0", "CA", False, "X is of two territories"),
    ("A8", "V", "31 FIR ST, YELLOWKNIFE NT X1A 1A1", "CA", False, "and of the other"),
    ("A8", "V", "31 FIR ST, WHITEHORSE YT X1A 1A1", "CA", True, "but of no third"),
    ("A8", "V", "31 RUE EDDY, GATINEAU QC K1A 0M5", "CA", False, "the federal government is on both banks"),
    ("A8", "V", "31 RUE EDDY, GATINEAU QC K1B 0M5", "CA", True, "nobody else is"),
    ("A8", "V", "31 FIR ST, TORONTO ON", "CA", False, "no code"),
    ("A8", "V", "31 FIR ST, VICTORIA PE C0A 2G0", "CA", False, "the smaller Victoria, by its province"),
    ("A8", "V", "31 FIR ST, VICTORIA C0A 2G0", "CA", True, "no province is told: the large one"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "address", "country", "raised", "reason"), ALONE)
def test_a_flag_of_one_address_is_raised_on_one_side_and_not_on_the_other(code, name, address, country, raised, reason):
    assert (code in codes((f"SYNTHETIC {name}", address, country))) is raised, reason


CARE = [
    # role, name, address, basis, reason
    ("consignee", "SYNTHETIC VEXO LTD C/O ORBEX", "31 FIR ST, TORONTO", "care_of", "in the name"),
    ("consignee", "SYNTHETIC VEXO LTD", "C/O ORBEX, 31 FIR ST, TORONTO", "care_of", "in the address"),
    ("consignee", "SYNTHETIC VEXO LTD", "С/О ORBEX, 31 FIR ST, TORONTO", "care_of", "in Cyrillic letters"),
    ("consignee", "SYNTHETIC VEXO FREIGHT LTD", "31 FIR ST, TORONTO", "forwarder", "by its name"),
    ("consignee", "ООО СИНТЕТИК ЛОГИСТИКА", "31 FIR ST, TORONTO", "forwarder", "by its name in Russian"),
    ("consignee", "SYNTHETIC FREIGHTMAN LTD", "31 FIR ST, TORONTO", None, "another word"),
    ("consignee", "SYNTHETIC VEXO LTD", "31 FIR ST, TORONTO", None, "neither"),
    ("shipper", "SYNTHETIC VEXO FREIGHT LTD", "C/O ORBEX, 31 FIR ST, TORONTO", None, "a shipper is no consignee"),
]


@pytest.mark.parametrize(("role", "name", "address", "basis", "reason"), CARE)
def test_a_consignee_that_is_a_middleman(role, name, address, basis, reason):
    found = [one for one in flags((name, address), roles=role) if one[0] == "A11"]
    assert found == ([("A11", basis)] if basis else []), reason


MOVES = [
    # first days at two premises, the basis at each, reason
    ("2022-02-24", "2022-02-25", ["several", "changed"], "the day after counts"),
    ("2022-02-24", "2022-02-24", ["several", "several"], "the day itself does not"),
    ("2023-01-01", "2024-01-01", ["several", "several"], "both are new: nothing changed"),
    (None, "2024-01-01", ["several", "several"], "when it was at the other is not known"),
]


@pytest.mark.parametrize(("first", "then", "bases", "reason"), MOVES)
def test_a_company_that_moved_after_the_invasion(first, then, bases, reason):
    told = [("SYNTHETIC VEXO LTD", "31 FIR ST, TORONTO", "CA", first), ("Synthetic Vexo", TOWER, "CA", then)]
    found = judged(table(*told)).flags
    by_address = found[found["code"] == "A9"].set_index("address")["basis"]
    assert [by_address[address] for _, address, *_ in told] == bases, reason


ONE_PLACE = [
    # two addresses of one company, whether they are several, reason
    ("5-31 FIR ST, TORONTO ON", "Suite 6, 31 Fir Street, Toronto", False, "two rooms of one building"),
    ("31 FIR ST, TORONTO ON M5H 1A1", "31 FIR ST, TORONTO ON M5H 1A7", False, "a slip in the code is no move"),
    ("31 FIR ST, TORONTO ON", "31 FIR, TORONTO ON", False, "nor is a kind of street left out"),
    ("31 FIR ST, NORTH YORK ON", "31 FIR ST, TORONTO ON M2N 1A1", False, "nor the town's older name"),
    ("31 FIR ST, TORONTO ON", "33 FIR ST, TORONTO ON", True, "another number"),
    ("31 FIR ST, TORONTO ON", "31 ELM ST, TORONTO ON", True, "another street"),
]


@pytest.mark.parametrize(("one", "other", "several", "reason"), ONE_PLACE)
def test_spellings_of_one_address_are_not_several(one, other, several, reason):
    assert ("A9" in codes(("SYNTHETIC VEXO", one), ("SYNTHETIC VEXO", other))) is several, reason


def test_a_town_of_a_name_that_many_states_have_is_not_taken_for_the_only_one_with_a_code():
    addresses = ("5 MAIN ST, SPRINGFIELD, USA", "5 MAIN ST, SPRINGFIELD, IL 62701, USA")
    assert judged(table(*zip(COMPANIES, addresses, strict=False))).places["companies_at_unit"].tolist() == [1, 1]


def lists(tmp_path, address):
    return opened(tmp_path, listed_row(NORTH, "1", "Synthetic Listed Works", addresses=address, countries="HK"))


LISTED_AT = [
    # the party's address, the basis, reason
    ("Flat 2309, 23/F, 18 Luard Rd, Wan Chai, Hong Kong", "room", "the same room in another spelling"),
    ("RM 2310, 18 LUARD ROAD, HONG KONG", "other_room", "the next room"),
    ("18 LUARD ROAD, WANCHAI, HONG KONG", "building", "no room told"),
    ("ROOM 2309, 19 LUARD ROAD, HONG KONG", None, "the next house"),
    ("ROOM 2309, 18 LUARD STREET, HONG KONG", None, "another street"),
    ("HONG KONG", None, "a place alone"),
]
LISTED_FLAT = [
    # the party's address, the basis, its weight, reason; listed is flat D on the sixteenth floor of block 2
    ("FLAT D, 16/F, BLOCK 2, 18 LUARD ROAD, HONG KONG", "room", "high", "the same"),
    ("UNIT D 16TH FLOOR TOWER 2 18 LUARD RD HONG KONG", "room", "high", "in another spelling"),
    ("FLAT D, 9/F, BLOCK 2, 18 LUARD ROAD, HONG KONG", "other_room", "low", "a flat D on another floor"),
    ("FLAT D, 16/F, BLOCK 1, 18 LUARD ROAD, HONG KONG", "other_room", "low", "in another block"),
    ("FLAT D, 18 LUARD ROAD, HONG KONG", "same_number", "medium", "on which floor is not told"),
    ("FLAT D, 16/F, 18 LUARD ROAD, HONG KONG", "same_number", "medium", "in which block is not told"),
    ("16/F, 18 LUARD ROAD, HONG KONG", "building", "low", "which room of that floor is not told"),
    ("16/F, 20 LUARD ROAD, HONG KONG", "floor", "medium", "a floor that is listed as one"),
    ("17/F, 20 LUARD ROAD, HONG KONG", "other_room", "low", "and the next"),
]


@pytest.mark.parametrize(("address", "basis", "reason"), LISTED_AT)
def test_the_premises_of_a_listed_party(tmp_path, address, basis, reason):
    told = lists(tmp_path, "ROOM 2309, 18 LUARD ROAD, HONG KONG")
    found = judged(table(("SYNTHETIC VEXO LTD", address, "HK")), lists=told).flags
    assert found.loc[found["code"] == "A7", "basis"].tolist() == ([basis] if basis else []), reason
    if basis:
        [flag] = found[found["code"] == "A7"].to_dict("records")
        assert "Synthetic Listed Works" in flag["sentence"] and flag["vintage"] == "2024-01-31"
        assert flag["weight"] == ("high" if basis == "room" else "low")


# Words ------------------------------------------------------------------------------------------------------------

SENTENCES = [
    (language, code, basis, sentence)
    for language, flags_of in WORDS.items()
    for code, flag in flags_of.items()
    for basis, (_, sentence) in flag.sentences.items()
]
PLACEHOLDER = re.compile(r"\{(\w+)\}")
ACCUSING = re.compile(
    r"fraud|illeg|illég|unlawful|illicit|crimin|guilt|coupable|launder|blanchi|evad|evasion|contourn|circumvent|smuggl"
    r"|contreband|sanction|front compan|shell compan|écran|suspect|suspic|soupçon|fake|false|faux|fausse|ficti",
    re.IGNORECASE,
)


def test_both_languages_have_the_same_codes_bases_weights_and_placeholders():
    assert set(WORDS) == {"en", "fr"} and list(WORDS["en"]) == list(WORDS["fr"])
    for code, english in WORDS["en"].items():
        french = WORDS["fr"][code]
        assert list(english.sentences) == list(french.sentences), code
        for basis, (weight, sentence) in english.sentences.items():
            other_weight, other = french.sentences[basis]
            assert (weight, set(PLACEHOLDER.findall(sentence))) == (other_weight, set(PLACEHOLDER.findall(other))), code
    assert list(NOTES["en"]) == list(NOTES["fr"])
    for note, sentence in NOTES["en"].items():
        assert set(PLACEHOLDER.findall(sentence)) == set(PLACEHOLDER.findall(NOTES["fr"][note])), note


@pytest.mark.parametrize(("language", "code", "basis", "sentence"), SENTENCES)
def test_no_name_and_no_sentence_accuses(language, code, basis, sentence):
    assert not ACCUSING.search(f"{WORDS[language][code].name} {sentence}"), basis


def test_an_accusing_word_would_be_seen():
    accusations = ("a false address", "une société-écran", "sanctionnée", "adresse FICTIVE", "illégale")
    assert all(map(ACCUSING.search, accusations))


def test_french_signs_are_kept_on_the_line_of_their_word():
    texts = [text for flag in WORDS["fr"].values() for text in (flag.source, flag.does_not_prove)]
    texts += [sentence for language, _, _, sentence in SENTENCES if language == "fr"] + list(NOTES["fr"].values())
    assert not [text for text in texts if re.search(r" [:;!?»]|« |“|'", text)]


def everything(register, tmp_path, language):
    """Places that raise every code on every basis."""
    listed = ("ROOM 2309, 18 LUARD ROAD", "FLAT D, 16/F, BLOCK 2, 18 LUARD ROAD", "16/F, 20 LUARD ROAD")
    told = lists(tmp_path, "; ".join(f"{one}, HONG KONG" for one in listed))
    firms = [(f"SYNTHETIC OFFICE{n} LTD", f"SUITE 30, {TOWER}") for n in range(12)]
    who = table(
        *(one for raised, *_ in (*tenants_of_doors(), (firms,)) for one in raised),
        *((f"SYNTHETIC {n}", one[0]) for n, one in enumerate([*USES, *MAILBOXES])),
        *((f"SYNTHETIC L{n}", address, "HK") for n, (address, *_) in enumerate([*LISTED_AT, *LISTED_FLAT])),
        *((f"SYNTHETIC N{n}", address, country) for n, (_, _, address, country, *_) in enumerate(ALONE)),
        *((name, address) for role, name, address, *_ in CARE if role == "consignee"),
        ("SYNTHETIC B", "31 FIR ST, TORONTO ON M5H 1A1", "BM"),
        *(("SYNTHETIC MOVED", address, "CA", day) for address, day in ((TOWER, "2020-01-01"), (HOUSE, "2023-01-01"))),
        roles="consignee",
    )
    known = pd.DataFrame(
        [("SUITE 12, " + TOWER, "CA", "registered", 1200, "SYNTHETIC register", "2026-01"),
         ("SUITE 13, " + TOWER, "CA", "offshore", 12, "SYNTHETIC register", None),
         ("SUITE 14, " + TOWER, "CA", "declared", None, None, None)],
        columns=list(OFFICES), dtype=object,
    )  # fmt: skip
    return judged(who, register, lists=told, offices=known, language=language)


def tenants_of_doors():
    rooms = [[(f"SYNTHETIC R{room}", f"SUITE {room}, {TOWER}")] for room in (12, 13, 14)]
    return [(who,) for who, *_ in DOORS] + [(who,) for who in rooms]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sentence_of_every_flag_is_filled(register, tmp_path, language):
    found = everything(register, tmp_path, language).flags
    raised = set(found[["code", "basis"]].itertuples(index=False, name=None))
    assert raised == {(code, basis) for of, code, basis, _ in SENTENCES if of == language}
    assert not found["sentence"].str.contains(r"[{}<>]|None|nan|NaT", regex=True).any()
    assert set(found["flag"]) == {WORDS[language][code].name for code in set(found["code"])}


def test_the_same_flags_are_raised_in_either_language(register, tmp_path):
    english, french = (everything(register, tmp_path / one, one) for one in ("en", "fr"))
    same = [name for name in FLAGS if name not in ("flag", "sentence", "source", "does_not_prove")]
    pd.testing.assert_frame_equal(english.flags[same], french.flags[same])
    pd.testing.assert_frame_equal(english.places, french.places)
    assert len(english.notes) == len(french.notes) and set(english.notes).isdisjoint(french.notes)


SAID = [
    # language, code, basis, the sentence, \u00a0 and \u202f as plain spaces
    ("en", "A6", "rule", "The record gives the party's country as Bermuda, and its address is in Canada."),
    ("fr", "A6", "rule", "Pays de la partie selon l’enregistrement : Bermudes ; pays de son adresse : Canada."),
    ("en", "A3", "registered", "1,200 companies of SYNTHETIC register have their registered office there."),
    ("fr", "A3", "registered", "1 200 entreprises y ont leur siège social d’après cette source : SYNTHETIC register."),
    ("en", "A8", "rule", "Postal codes that begin with X are in NT or NU, and the address is in YT."),
    ("fr", "A8", "rule", "Les codes postaux qui commencent par X sont de : NT ou NU ; l’adresse est de : YT."),
]


@pytest.mark.parametrize(("language", "code", "basis", "sentence"), SAID)
def test_a_sentence_is_said_in_its_language(register, tmp_path, language, code, basis, sentence):
    found = everything(register, tmp_path, language).flags
    said = found.loc[(found["code"] == code) & (found["basis"] == basis), "sentence"]
    assert sentence in set(said.str.replace("[\u00a0\u202f]", " ", regex=True))


def test_another_language_is_refused_in_one_line():
    with pytest.raises(TradeAnalyticsError, match=r"^language 'ru': flags are in 'en' and 'fr'$"):
        judged(table(("V", "TORONTO")), language="ru")


@pytest.mark.parametrize(("address", "basis", "weight", "reason"), LISTED_FLAT)
def test_a_flat_of_a_listed_party_is_told_by_floor_and_block(tmp_path, address, basis, weight, reason):
    told = lists(tmp_path, "FLAT D, 16/F, BLOCK 2, 18 LUARD ROAD, HONG KONG; 16/F, 20 LUARD ROAD, HONG KONG")
    found = judged(table(("SYNTHETIC VEXO LTD", address, "HK")), lists=told).flags
    assert found.loc[found["code"] == "A7", ["basis", "weight"]].values.tolist() == [[basis, weight]], reason


def test_every_flag_has_a_source_a_sentence_and_what_it_does_not_prove():
    for words in WORDS.values():
        assert {code.rstrip("P") for code in words} == {f"A{number}" for number in range(1, 12)}
        for flag in words.values():
            assert flag.source and flag.does_not_prove.endswith(".") and flag.name
            assert all(sentence for _, sentence in flag.sentences.values())


# Tables ----------------------------------------------------------------------------------------------------------


def test_an_answer_has_every_row_in_its_order_whatever_was_found(register):
    told = table(*((name, address) for address, *_ in USES for name in COMPANIES[:2]))
    found = judged(told, register)
    assert list(found.places.columns) == list(PLACES) and list(found.flags.columns) == list(FLAGS)
    assert found.places[["name", "address"]].values.tolist() == told[["name", "address"]].values.tolist()
    assert list(judged(told[:0]).flags.columns) == list(FLAGS)
    again = judged(told, register)
    assert again.flags.to_csv() == found.flags.to_csv() and again.places.to_csv() == found.places.to_csv()


def test_flags_stand_by_code_and_the_largest_value_first():
    found = judged(table(*((f"SYNTHETIC V{n}", "TORONTO CANADA") for n in range(3)))).flags
    assert found["value_usd_cents"].tolist() == [2, 1, 0]


def dump(tmp_path, *changes, name="SYNTHETIC_dump.csv"):
    rows = [{**IMPORT, "item": str(place), **one} for place, one in enumerate(changes, 1)]
    raw = put_csv(tmp_path / "raw", name, as_csv(styled("bare", *rows)))
    clean(raw, tmp_path / "processed")
    return connect(tmp_path / "processed"), Which(files=(raw.file_id,))


def test_addresses_of_shipments_are_summed_once_and_unknown_is_not_zero(tmp_path):
    asked = {"shipper_name": "SYNTHETIC VEXO LTD", "shipper_address": HOUSE, "shipper_country": "CA"}
    engine, which = dump(
        tmp_path,
        {**asked, "hs": "8542310000", "statistical_usd": "100.50"},
        {**asked, "hs": "8542310000", "statistical_usd": ""},
        {**asked, "hs": "0101210000", "statistical_usd": "1", "registered_on": "14.06.2022",
         "declaration": "10999110/140622/3012345"},
        {**asked, "shipper_address": TOWER, "statistical_usd": "", "hs": "8542310000"},
    )  # fmt: skip
    found = shipped_addresses(engine, which, ["shipper"]).set_index("address")
    house, tower = found.loc[HOUSE], found.loc[TOWER]
    assert (house["items"], house["value_usd_cents"], house["without_value"]) == (3, 10_150, 1)
    assert (house["priority_items"], house["priority_usd_cents"]) == (2, 10_050)
    assert (str(house["first_day"].date()), str(house["last_day"].date())) == ("2022-06-14", "2022-06-15")
    assert pd.isna(tower["value_usd_cents"]) and pd.isna(tower["priority_usd_cents"]) and tower["priority_items"] == 1


def test_shipments_are_flagged_with_both_roles(tmp_path, register):
    engine, which = dump(tmp_path, {"shipper_address": HOUSE, "shipper_country": "VG"})
    found = addressed(engine, register, which)
    assert sorted(set(found.places["role"])) == ["consignee", "shipper"]
    of_shipper = found.flags[found.flags["role"] == "shipper"]
    assert set(of_shipper["code"]) == {"A1", "A6"} and of_shipper["value_usd_cents"].tolist() == [123456789] * 2


def test_a_role_without_an_address_is_refused_in_one_line(tmp_path):
    engine, which = dump(tmp_path, {})
    with pytest.raises(TradeAnalyticsError, match="role 'notify' has no address: expected one of shipper, consignee"):
        shipped_addresses(engine, which, ["notify"])


def test_a_table_of_addresses_tells_no_value_and_no_day(tmp_path):
    (tmp_path / "a.csv").write_text(f'address,name,country\n"{HOUSE}",Vexo,Canada\n"{HOUSE}",Vexo,CA\n,Orbex,CA\n')
    [told] = read_addresses(tmp_path / "a.csv").to_dict("records")
    assert (told["role"], told["name"], told["country"], told["address"]) == ("", "Vexo", "CA", HOUSE)
    assert all(pd.isna(told[name]) for name in ("items", "value_usd_cents", "priority_usd_cents", "first_day"))


def test_a_table_of_parts_of_addresses_is_one_of_addresses_too(tmp_path):
    headings, row = "name,Street,Unit,City,Province,Postal_Code", "Vexo,55 Quilmere St,1203,Toronto,ON,M0X0X3"
    (tmp_path / "a.csv").write_text(f"{headings}\n{row}\nOrbex,,,Toronto,,\n")
    told = read_addresses(tmp_path / "a.csv")
    assert told["address"].tolist() == ["UNIT 1203, 55 Quilmere St, Toronto, ON M0X0X3", "Toronto"]
    places = judged(told).places
    assert places["premises_unit"].str.startswith("55|QUILMERE|ST||TORONTO|ON|M0X 0X3|CA|1203").tolist() == [
        True,
        False,
    ]
    assert places["kind"].tolist() == ["street", "place_only"]


@pytest.mark.parametrize("linked", [False, True], ids=["told by the company", "told by a link"])
def test_registered_offices_are_addresses_that_ten_companies_have(tmp_path, linked):
    streets = ["9 Elm St, Road Town" if number < 10 else "8 Elm St, Road Town" for number in range(19)]
    usual = {"name": "SYNTHETIC FIRM", "country_codes": "VGB", "sourceID": "S"}
    firms = [{**usual, "node_id": str(n), "address": "" if linked else street} for n, street in enumerate(streets)]
    numbers = {street: f"10{place}" for place, street in enumerate(sorted(set(streets)))}
    nodes = [{**usual, "node_id": number, "address": street} for street, number in numbers.items()]
    links = [
        {"node_id_start": str(n), "node_id_end": numbers[street], "rel_type": "registered_address", "link": "x"}
        for n, street in enumerate(streets)
    ]
    told = database(entities=firms, addresses=nodes, relationships=links if linked else [])
    clean(put_csv(tmp_path / "raw", "SYNTHETIC_oldb.zip", told), tmp_path / "processed")
    engine = connect(tmp_path / "processed")
    found = registered_offices(engine, invented=True)
    assert found[["address", "basis", "companies"]].values.tolist() == [["9 Elm St, Road Town", "offshore", 10]]
    assert registered_offices(engine).empty and list(found.columns) == list(OFFICES)


# Polygons --------------------------------------------------------------------------------------------------------


def square(west, south, **properties):
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def geojson(tmp_path, *features):
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    return path


def test_a_zone_stands_beside_the_use_and_does_not_change_it(tmp_path, register):
    zones = read_polygons(geojson(tmp_path, square(-80, 43, GEN_ZONE=4), square(-80, 43, building="house")))
    found = judged(table(("SYNTHETIC VEXO", HOUSE), ("SYNTHETIC VEXO", TOWER)), register, polygons=zones).places
    assert found["corroboration"].tolist()[0] == "GEN_ZONE 4: non_residential; building house: residential"
    assert found["use"].tolist() == ["residential", "mixed"] and pd.isna(found["corroboration"].tolist()[1])


POINTS = [
    (43.5, -79.5, "landuse retail: non_residential", "inside"),
    (43.0, -79.5, "landuse retail: non_residential", "on its edge"),
    (42.9, -79.5, "in none of the polygons", "just outside"),
    (43.5, 79.5, NOT_THERE, "the minus was left out"),
    (0.0, 0.0, NOT_THERE, "no point at all"),
    (None, None, None, "unknown"),
]


@pytest.mark.parametrize(("latitude", "longitude", "says", "reason"), POINTS)
def test_a_point_is_looked_up_in_canada_alone(tmp_path, latitude, longitude, says, reason):
    zones = read_polygons(geojson(tmp_path, square(-80, 43, landuse="retail")))
    assert zones.words([latitude], [longitude]) == [says], reason


POLYGONS = [
    ("{", "cannot be read as GeoJSON"),
    ('{"type": "Feature"}', "expected GeoJSON, a FeatureCollection"),
    (json.dumps({"features": [square(-80, 43, colour="red")]}), "no polygon with GEN_ZONE or ZN_ZONE"),
    (json.dumps({"features": [square(630000, 4833000, GEN_ZONE=1)]}), "expected degrees of longitude and latitude"),
    (
        json.dumps(
            {"features": [{**square(0, 0, GEN_ZONE=1), "geometry": {"type": "Polygon", "coordinates": [[[0]]]}}]}
        ),
        "feature 1: its polygon cannot be read",
    ),
]


@pytest.mark.parametrize(("text", "said"), POLYGONS)
def test_what_are_no_polygons_is_refused_in_one_line(tmp_path, text, said):
    (tmp_path / "zones.geojson").write_text(text, "utf-8")
    with pytest.raises(TradeAnalyticsError, match=said) as refused:
        read_polygons(tmp_path / "zones.geojson")
    assert str(refused.value).startswith("zones.geojson: ") and "\n" not in str(refused.value)


def test_a_property_of_the_users_own_is_shown_as_it_is(tmp_path):
    zones: Polygons = read_polygons(geojson(tmp_path, square(-80, 43, ZONING="R1", GEN_ZONE=4)), "ZONING")
    assert zones.words([43.5], [-79.5]) == ["ZONING R1: unknown"]


@pytest.mark.parametrize("module", [of_asked, of_places, of_rates, of_words, polygons])
def test_the_examples_run(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


# Speed, and the real files ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hundred_thousand_addresses_are_parsed_once_each_in_ten_seconds():
    told = table(
        *(("SYNTHETIC V", f"UNIT {n % 97}, {n} MAPLE HOLLOW CRES, TORONTO ON M9X 9X9") for n in range(100_000))
    )
    start = time.process_time()
    read = [of_places.read_address(text, "CA") for text in told["address"]]
    assert len(read) == 100_000 and time.process_time() - start < 10


@pytest.mark.shared
def test_no_shop_is_a_residence_by_the_extract_of_the_register(shared, tmp_path):
    opened_register = open_register(tmp_path, shared / "data/addresses/nar_fixture", invented=True)
    shops = list(csv.DictReader((shared / "data/addresses/bench_starbucks_ca.csv").read_text("utf-8-sig").splitlines()))
    texts = [f"{s['street_address']}, {s['city']}, {s['state_province']} {s['postcode']}" for s in shops]
    found = judged(table(*((f"SHOP {n}", text) for n, text in enumerate(texts))), opened_register)
    assert "A1" not in set(found.flags["code"]) and "residential" not in set(found.places["use"])
    assert (found.places["use"] == "non_residential").sum() > 1_000


@pytest.mark.shared
def test_the_listed_addresses_of_hong_kong_are_found_again_room_by_room(shared, tmp_path):
    told = json.loads((shared / "data/addresses/bis_entity_list_addresses_2024-06-12.json").read_text("utf-8"))
    for place, address in enumerate(told["addresses"]):
        listed = lists(tmp_path / str(place), address.replace(";", ","))
        found = judged(table(("SYNTHETIC VEXO LTD", f"HONG KONG, {address.upper()}", "HK")), lists=listed).flags
        assert found.loc[found["code"] == "A7", "basis"].tolist() == ["room"], address
