"""The sample's register of addresses and the companies at them: the same bytes always, nothing real, the key's answers.

The addresses are typed here by hand, as a parser should read them: this holds the register and the classes, no parser.
"""

import csv
import doctest
import io
import json
import os
import re
import subprocess
import sys
import uuid
import zipfile
from collections import Counter
from datetime import date
from itertools import combinations
from random import Random

import pytest
from registers_of_addresses import HEADINGS, PLACES, asked
from test_sample_lists import ITEM, ONCE, SHIPPER, day
from test_sample_lists import ROWS as LISTED

from tradeanalytics.clean.nar import build_register
from tradeanalytics.parties.residences import Register, classify
from tradeanalytics.sample import ANSWERS, addresses, cast, nar, sample
from tradeanalytics.sample.deals import Market, in_order
from tradeanalytics.sample.dumps import first_dump
from tradeanalytics.sample.stories import tell

FILES = sample()
KEY = json.loads(FILES[ANSWERS])["addresses"]
COMPANIES = {one["name"]: one for one in KEY["companies"]}
ADDRESS, VALUE, CODE = "G023 (Адрес отправителя)", "G46 (Статистическая стоимость, USD.)", "G33 (Код товара по ТН ВЭД)"
COUNTRY = "G0231 (Код страны отправителя)"
# Codes of the common high priority list among the sample's goods, typed from the list itself.
PRIORITY = {"847150", "848210", "851762", "852691", "853224", "854129", "854231", "854232", "854239", "903020"}


def packed() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(FILES[nar.REGISTER]))


def rows(member: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(packed().read(member).decode("utf-8"), newline="")))


def tables(kind: str) -> list[dict[str, str]]:
    return [row for name in packed().namelist() if f"/{kind}_" in name for row in rows(name)]


IN_REGISTER, PLACED = tables("Address"), tables("Location")


def cents(text: str) -> int:
    return int(re.sub(r"[\s.,]", "", text))


def test_the_same_register_is_written_in_another_process(tmp_path):
    command = [sys.executable, "-m", "tradeanalytics.sample", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "13"}, capture_output=True)
    assert (tmp_path / nar.REGISTER).read_bytes() == FILES[nar.REGISTER] == nar.register_zip()


def test_the_example_runs():
    assert doctest.testmod(nar) == (0, 1)


def test_the_register_is_in_the_layout_of_the_publisher_and_small():
    folders = {"Address": "Addresses", "Location": "Locations"}
    with packed() as archive:
        names = [f"{folder}/{kind}_{province}.csv" for province in (24, 35) for kind, folder in folders.items()]
        assert archive.namelist() == names
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}
        assert b"SYNTHETIC" in archive.comment
    assert nar.REGISTER.startswith("SYNTHETIC_") and len(FILES[nar.REGISTER]) < 100_000
    assert {tuple(row) for row in IN_REGISTER} == {HEADINGS} and {tuple(row) for row in PLACED} == {PLACES}
    assert (len(HEADINGS), len(PLACES)) == (31, 12)


def test_identifiers_are_guids_of_one_address_each_and_every_building_has_a_place():
    ids = [row["ADDR_GUID"] for row in IN_REGISTER]
    assert len(set(ids)) == len(ids) == KEY["register"]["records"]
    assert all(str(uuid.UUID(row[name])) == row[name] for row in IN_REGISTER for name in ("LOC_GUID", "ADDR_GUID"))
    buildings = [row["LOC_GUID"] for row in PLACED]
    assert len(set(buildings)) == len(buildings)
    assert {row["LOC_GUID"] for row in IN_REGISTER if row["CIVIC_NO"]} == set(buildings)


def test_every_use_occurs_and_a_box_has_no_number():
    assert {row["BU_USE"] for row in IN_REGISTER} == {"1", "2", "3", "4"}
    assert {row["BU_N_CIVIC_ADD"] for row in IN_REGISTER if not row["CIVIC_NO"]} == {"PO Box 432", "RR2 Site19 Box42"}
    tower = [row for row in IN_REGISTER if row["CIVIC_NO"] == "2200"]
    assert len(tower) == 50 and {row["BU_USE"] for row in tower} == {"3"}


def test_postal_codes_are_ones_in_form_that_no_office_gives_out():
    codes = {row["MAIL_POSTAL_CODE"] for row in IN_REGISTER} - {""}
    assert {code[:3] for code in codes} == {"M0X", "H0X"}  # rural codes of cities that have none
    assert all(re.fullmatch("[MH]0X0X[0-9]", code) for code in codes)


def test_points_lie_in_open_water_and_some_kilometres_apart():
    spots = [(float(row["BG_LATITUDE"]), float(row["BG_LONGITUDE"])) for row in PLACED]
    lake = [spot for spot in spots if 43.50 < spot[0] < 43.60 and -79.45 < spot[1] < -79.15]  # Lake Ontario
    other = [spot for spot in spots if 45.39 < spot[0] < 45.42 and -73.84 < spot[1] < -73.78]  # Lac Saint-Louis
    assert len(lake) + len(other) == len(spots) and lake and other
    assert max(lake)[0] - min(lake)[0] > 0.05  # 5 km
    east = sorted(longitude for _, longitude in lake)
    assert east[-1] - east[0] > 0.2  # 16 km


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The register, built as any other is from its zip: the report and the folder."""
    folder = tmp_path_factory.mktemp("register")
    path = folder / nar.REGISTER
    path.write_bytes(FILES[nar.REGISTER])
    return build_register(path, folder / "built"), folder / "built"


def test_every_row_of_the_register_is_accepted_or_set_aside_for_its_reason(built):
    report, _ = built
    told = {code: entry["count"] for code, entry in report["reasons"].items()}
    answer = KEY["register"]
    assert (report["records"], report["accepted"], told) == (
        answer["records"],
        answer["accepted"],
        answer["set_aside"],
    )
    assert report["accepted"] + report["set_aside"] == report["records"] == len(IN_REGISTER)
    assert report["vintage"] == answer["vintage"] == "2026-06-01"
    assert [note for note in report["notes"] if not note.startswith("no file of addresses for NL,")] == []


TORONTO = {"municipality": "TORONTO", "province": "ON"}
AT = {
    **TORONTO,
    "civic": "2200",
    "street": "TOLVESSA",
    "street_type": "AVE",
    "direction": "W",
    "postal_code": "M0X 0X2",
}


def street(civic: str, name: str, kind: str, postal: str, **more: str) -> dict[str, str]:
    return {**TORONTO, "civic": civic, "street": name, "street_type": kind, "postal_code": postal, **more}


READ = {
    "SYNTHETIC NORVELLA HOLDINGS INC": street("4471", "VELMARACRE", "CRES", "M0X 0X0"),
    "SYNTHETIC TRELVANDO TRADING INC": street("17", "BRENDOVAR", "RD", "M0X 0X1"),
    "SYNTHETIC OBRELIXA INC": street("55", "QUILMERE", "ST", "M0X 0X3", unit="1203", municipality="SCARBOROUGH"),
    "SYNTHETIC PELVARINA LTD": street("4475", "VELMARACRE", "CRES", "M0X 0X0"),
    "SYNTHETIC DORVANIQ CORP": street("90", "OSDRIVAN", "DR", "M0X 0X5"),
    "SYNTHETIC MELQUERIX INC": {**TORONTO, "kind": "po_box", "po_box": "432", "postal_code": "M0X 0X7"},
    "SYNTHETIC FARNODIL INC": {"municipality": "CALEDON", "province": "ON", "kind": "rural_route", "rural_route": "2"},
    "SYNTHETIC VOLTARIMA LTD": {**TORONTO, "kind": "place_only"},
    "SYNTHETIC HESTROVAN INC": street("24", "BRENDOVAR", "RD", "H0X 0X1"),
    "SYNTHETIC KILMORDAX LTD": street("310", "QUILMERE", "ST", "M0X 0X4", municipality="SCARBOROUGH"),
    "SYNTHETIC ZENTOVIR CORP": street("18", "YELVARRO", "LANE", "M0X 0X6"),
    "SYNTHETIC UPRENDOL INC": street("399", "YELVARRO", "LANE", "M0X 0X6", municipality="NORTH YORK"),
    "SYNTHETIC BOREALTIX INC": {
        **street("4115", "KERVANDEL", "BOUL", "H0X 0X1", unit="304", direction="W"),
        **{"municipality": "MONTREAL", "province": "QC"},
    },
    "SYNTHETIC WESTORVAL LTD": street("75", "OSDRIVAN", "DR", "M0X 0X5", unit="7"),
    **{
        name: street("2200", "TOLVESSA", "AVE", "M0X 0X2", direction="W", unit=f"{floor}{door:02d}")
        for name, (floor, door) in zip(
            KEY["tower"]["companies"], [(floor, door) for floor in range(2, 10) for door in range(1, 6)], strict=True
        )
    },
}


@pytest.fixture(scope="module")
def classes(built):
    """What the register tells of each company, by its name."""
    found = classify(asked(*READ.values()), Register(built[1])).to_dicts()
    return dict(zip(READ, found, strict=True))


def test_every_company_is_asked_about():
    assert READ.keys() == COMPANIES.keys() and len(READ) == 54


@pytest.mark.parametrize("name", READ)
def test_the_register_says_of_a_company_what_the_key_says(classes, name):
    answer, found = COMPANIES[name], classes[name]
    assert (found["use"], found["basis"]) == (answer["use"], answer["basis"])
    assert (found["use"] == "residential") == answer["residential"] == ("A1" in answer["flags"])
    assert found["register_id"] in (answer["register_ids"] or [None])
    assert found["register_vintage"] == (None if answer["basis"] == "rule" else KEY["register"]["vintage"])


def test_a_home_has_a_point_to_plot(classes):
    homes = [classes[name] for name, answer in COMPANIES.items() if answer["residential"]]
    assert len({(home["latitude"], home["longitude"]) for home in homes}) == len(homes) == 4
    assert {home["point"] for home in homes} == {"building"}


def test_each_use_is_there_as_often_as_the_key_counts():
    assert Counter(one["use"] for one in KEY["companies"]) == KEY["uses"]
    assert KEY["uses"].keys() == {"residential", "mixed", "non_residential", "po_box", "rural_route", "unknown"}


def of(name: str) -> list[dict[str, str]]:
    return [row for row in ONCE if row[SHIPPER] == name]


SHIPPED = [*KEY["companies"], *({"name": name, **told} for name, told in KEY["room"]["shipped"].items())]


@pytest.mark.parametrize("answer", SHIPPED, ids=lambda answer: answer["name"])
def test_what_they_ship_is_that_of_a_plain_recount(answer):
    found = of(answer["name"])
    listed = [row for row in found if row[CODE].zfill(10)[:6] in PRIORITY]
    assert (len(found), sum(cents(row[VALUE]) for row in found)) == (answer["items"], answer["usd_cents"])
    assert sum(cents(row[VALUE]) for row in listed) == answer["priority_usd_cents"]
    days = sorted(map(day, found))
    assert [days[0].isoformat(), days[-1].isoformat()] == [answer["first_day"], answer["last_day"]]


def test_a_company_is_written_at_the_address_of_the_key():
    for name, answer in COMPANIES.items():
        assert {(row[ADDRESS], row[COUNTRY]) for row in of(name)} == {(answer["address"], answer["country"])}
        assert answer["country"] == ("KN" if "A6" in answer["flags"] else "CA")


def test_homes_are_ranked_by_value_and_one_ships_no_goods_of_high_priority():
    homes = [COMPANIES[name] for name in KEY["homes_by_usd_cents"]]
    assert {home["name"] for home in homes} == {one["name"] for one in KEY["companies"] if one["residential"]}
    values = [home["usd_cents"] for home in homes]
    assert values == sorted(values, reverse=True) and homes[0]["name"] == "SYNTHETIC NORVELLA HOLDINGS INC"
    assert [home["priority_usd_cents"] > 0 for home in homes].count(False) == 1


def test_addresses_are_written_as_dumps_write_them():
    written = [one["address"] for one in KEY["companies"]]
    assert any(re.search("[МХ]0Х", address) for address in written)  # Cyrillic letters in a postal code
    assert any(address.startswith("#1203 -") for address in written) and any("BUREAU" in one for one in written)
    assert len(set(written)) == len(written)


def test_forty_companies_of_a_tower_have_a_suite_each():
    tower = KEY["tower"]
    units = [COMPANIES[name]["unit"] for name in tower["companies"]]
    assert len(units) == len(set(units)) == tower["suites"] == 40 and tower["shared_front"] is False
    assert {row["APT_NO_LABEL"] for row in IN_REGISTER if row["CIVIC_NO"] == "2200"} > set(units)
    assert {len(of(name)) for name in tower["companies"]} == {1}
    assert {COMPANIES[name]["priority_usd_cents"] for name in tower["companies"]} == {0}


def test_four_companies_of_a_room_and_a_fifth_make_seven_edges_and_one_component():
    room = KEY["room"]
    doors = {name: {door(row[ADDRESS]) for row in of(name)} for name in room["shipped"]}
    edges = [[one, two] for one, two in combinations(doors, 2) if doors[one] & doors[two]]
    assert sorted(map(sorted, edges)) == sorted(map(sorted, room["projected_edges"])) and len(edges) == 7
    assert {name for edge in edges for name in edge} == set(room["component"]) and len(room["component"]) == 5
    assert {name for name in doors if ("1207", "88") in doors[name]} == set(room["companies"])
    assert len(room["companies"]) == 4 and room["shared_front"] is True


def door(address: str) -> tuple[str, ...]:
    """Room and number, enough to tell the two of these companies apart."""
    found = re.search(r"(?:RM|ROOM|UNIT|FLAT) ([0-9]+),.* ([0-9]+) [A-Z]+ (?:ST|RD|ROAD|STREET)\b", address)
    assert found, address
    return found.groups()


def test_the_company_that_moves_writes_its_second_address_from_a_day_after_the_invasion_on():
    moved = KEY["room"]["moved"]
    days = {row[ADDRESS]: [] for row in of(moved["name"])}
    for row in of(moved["name"]):
        days[row[ADDRESS]].append(day(row).isoformat())
    second = days.pop(moved["address"])
    assert min(second) == moved["first_day"] > "2022-02-24" > max(*days.values()) and len(days) == 1
    fifth = {row[ADDRESS] for row in of(KEY["room"]["joined_by_second_address"])}
    assert door(moved["address"]) == door(*fifth) != ("1207", "88")


def test_a_listed_party_that_is_no_company_of_the_sample_is_in_the_room():
    [row] = [row for row in LISTED if row["list_id"] == KEY["room"]["listed_party"]["list_id"]]
    assert (row["authority"], row["name"]) == tuple(KEY["room"]["listed_party"][one] for one in ("authority", "name"))
    assert row["addresses"] == KEY["room"]["premises"] and door(row["addresses"].upper()) == ("1207", "88")


def test_what_is_told_of_addresses_changes_no_row_of_the_older_trade():
    market = Market(Random(0))
    tell(market)
    told = sorted(market.items, key=in_order)
    added = Market(Random(1), declarations=500_000)
    addresses.trade(added)
    alone = first_dump(told, Random(2), [], Random(3)).dump.rows
    beside = first_dump(told, Random(2), sorted(added.items, key=in_order), Random(3)).dump.rows
    own = {item.declaration for item in added.items}
    assert [row for row in beside if row[ITEM[0]] not in own] == alone and len(beside) == len(alone) + len(added.items)


def test_none_of_them_is_a_newcomer_after_the_invasion_or_in_the_later_dump():
    seen = {name: sorted(map(day, of(name))) for name in {one["name"] for one in SHIPPED} - {cast.NORVELLA.name}}
    assert max(days[0] for days in seen.values()) < date(2022, 2, 24)
    assert max(days[-1] for days in seen.values()) < date(2023, 4, 1)
