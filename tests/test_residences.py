"""The use of an address is told from its exact number alone; what does not agree, or is not there, is unknown."""

import csv
import doctest
import random
import re

import pandas as pd
import polars as pl
import pytest
from registers_of_addresses import asked, built, point, row, write

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean.nar import build_register
from tradeanalytics.parties.residences import COLUMNS, Register, classify, keys, rules, verdicts
from tradeanalytics.parties.residences.register import Uses
from tradeanalytics.reference import lookup

TORONTO = {"municipality": "TORONTO", "province": "ON"}
HOLLOW = {**TORONTO, "civic": "25", "street": "MAPLE HOLLOW", "street_type": "CRES", "postal_code": "M9X 9X9"}
ROWS = [
    row("|25||Maple Hollow|CRES|", 1),
    row("|25|A|Maple Hollow|CRES|", 3),
    row("|27||Maple Hollow|CRES|", 4),
    row("|29||Maple Hollow|CRES|", 2),
    *(row(f"{unit}|100||Larch|ST|W", use) for unit, use in (("101", 1), ("102", 1), ("103", 4), ("104", 2))),
    *(row(f"PH0{n}|200||Larch|ST|W", 1, postal="M9Y1A1") for n in (1, 2, 3)),
    row("|200||Larch|ST|E", 3, postal="M9Z1A1"),
    *(row(f"{unit}|300||Larch|ST|W", use) for unit, use in (("1", 3), ("2", 1), ("3", 1))),
    row("|7||Saint-Orme|AVE|", 1, place="North York", postal="M9N1A1"),
    row("|8||Route Noire|RD|", 1, mail="BLACK ROUTE|RD|", postal="M9P1A1"),
    row("|385||Highway 77||", 3, place="Caledon", postal="L9X9X9"),
    row("|12||Twelfth|ST|", 1, postal="M9R1A1"),
    row("|40||Main|ST|", 1, postal="M9S1A1"),
    row("|41||Windston|ST|", 1, postal="M9S1A1"),
    *(row(f"|{n}||Fir|{kind}|", use) for n, kind, use in ((5, "RD", 1), (5, "AVE", 3), (6, "RD", 1), (7, "AVE", 1))),
    row("|55||Yew|CRES|", 1, postal="M9T1A1"),
    row("|53||Yew|CRES|", 3, postal="M9T1A1"),
]
ASKED = [
    # what is otherwise than 25 MAPLE HOLLOW CRES, the use, its basis, confidence, why
    ({}, "residential", "nar_building", "high", "as it stands"),
    ({"postal_code": ""}, "residential", "nar_building", "medium", "by municipality"),
    ({"municipality": ""}, "residential", "nar_building", "high", "by postal code"),
    ({"municipality": "", "postal_code": ""}, "unknown", "rule", "low", "streets of that name are in many places"),
    ({"street_type": ""}, "residential", "nar_building", "medium", "the type is left out"),
    ({"street_type": "ST"}, "unknown", "nar_building", "low", "another type is another street"),
    ({"civic": "26"}, "unknown", "nar_postal_prior", "low", "no neighbour"),
    ({"civic_suffix": "A"}, "non_residential", "nar_building", "high", "25A is not 25"),
    ({"civic_suffix": "B"}, "unknown", "nar_postal_prior", "low", "25B is not 25"),
    ({"civic": "27"}, "unknown", "nar_building", "high", "recorded as of unknown use: not as no home"),
    ({"civic": "29"}, "mixed", "nar_building", "high", "partly residential"),
    ({"postal_code": "M9X 1A1"}, "residential", "nar_building", "medium", "another code of the same area"),
    ({"postal_code": "K1A 0B1"}, "unknown", "nar_building", "low", "a code of another area"),
    ({"country": "US"}, "unknown", "rule", "low", "not in Canada"),
    ({"street": "MAPLE HOLOW"}, "residential", "nar_building", "low", "a slip in the name, at the same number"),
]


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    folder = tmp_path_factory.mktemp("register")
    return built(folder, ROWS, [point(ROWS[0], 43.7, -79.4)])


@pytest.mark.parametrize(("changed", "use", "basis", "confidence", "why"), ASKED)
def test_a_house_is_told_by_its_number_and_no_other(register, changed, use, basis, confidence, why):
    [found] = classify(asked({**HOLLOW, **changed}), register).to_dicts()
    assert (found["use"], found["basis"], found["confidence"]) == (use, basis, confidence), why
    assert found["reason"].endswith(".") and found["does_not_prove"].endswith(".")
    assert found["possibly_residential"] is None or use == "unknown"


def at(civic: object, street: str, kind: str = "", direction: str = "", **more: object) -> dict[str, object]:
    told = {"civic": str(civic), "street": street, "street_type": kind, "direction": direction}
    return {**TORONTO, **told, **more}


SPELLINGS = [
    # what is asked, the use, why
    (at(100, "LARCH", "ST", "W", unit="101"), "residential", "the unit's own"),
    (at(100, "LARCH", "ST", "W", unit="103"), "unknown", "of unknown use is not no home"),
    (at(100, "LARCH", "ST", "W", unit="104"), "mixed", "partly residential"),
    (at(100, "LARCH", "ST", "W"), "mixed", "one of its units is partly so"),
    (at(200, "LARCH", "ST", "W", unit="PENTHOUSE 1"), "residential", "PH01 in another spelling"),
    (at(200, "LARCH", "ST", "W", unit="#9"), "residential", "not found: all of the building is"),
    (at(200, "LARCH", "ST", "W"), "residential", "no unit: all of the building is"),
    (at(300, "LARCH", "ST", "W"), "mixed", "a shop and flats"),
    (at(300, "LARCH", "ST", "W", unit="9"), "mixed", "not found, and the building is mixed"),
    (at(300, "LARCH", "ST", "W", unit="1"), "non_residential", "the shop itself"),
    (at(300, "LARCH", "ST", "W", unit="APT 2"), "residential", "the flat itself"),
    (at(300, "LARCH", "RUE", "O", unit="0002"), "residential", "in French"),
    (at(200, "LARCH", "ST"), "unknown", "W is a home and E none, and nothing says which"),
    (at(200, "LARCH", "ST", postal_code="M9Y1A1"), "residential", "the postal code says which"),
    (at(200, "LARCH", "ST", "S"), "unknown", "on neither"),
    (at(300, "LARCH", "ST", "E"), "unknown", "300 is on W alone"),
    (at(7, "ST ORME", "AV"), "residential", "Saint, and North York is Toronto"),
    (at(7, "Saint-Orme", "AVENUE", municipality="SCARBOROUGH"), "residential", "a neighbour's name for it"),
    (at(7, "ST ORME", "AVE", municipality="OTTAWA"), "unknown", "another municipality"),
    (at(8, "ROUTE NOIRE", "RD"), "residential", "the official name"),
    (at(8, "BLACK ROUTE", "ROAD"), "residential", "the name in the mail"),
    (at(385, "77", "HWY", municipality="CALEDON"), "non_residential", "a number is the name, or all of it is"),
    (at(385, "HIGHWAY 77", municipality="BOLTON"), "non_residential", "a part of Caledon"),
    (at(12, "12TH", "ST"), "residential", "in figures"),
    (at(40, "MAITLAND", "ST", postal_code="M9S 1A1"), "unknown", "MAIN is not MAITLAND"),
    (at(41, "WINSTON", "ST", postal_code="M9S 1A1"), "residential", "like enough, at the same number"),
    (at(41, "WINSTON", "ST", postal_code="M9S 1A2"), "unknown", "like enough, under another code"),
    (at(5, "FIR", "RD"), "residential", "the road"),
    (at(5, "FIR"), "unknown", "the road is a home, the avenue none"),
    (at(6, "FIR"), "unknown", "on the road it is there: on the avenue it may be missing"),
    (at(55, "YEW", "CRES", unit="53", other_readings=[["", "53", ""]]), "residential", "as it is read first"),
    (at(57, "YEW", "CRES", other_readings=[["57", "55", ""]]), "unknown", "unit 57 is not at 55"),
    (at(999, "LARCH", "ST", "W", other_readings=[["101", "100", ""]]), "residential", "unit 101 is at 100"),
    (at("", "LARCH", "ST", "W"), "unknown", "no number"),
    (at("45A", "LARCH", "ST", "W"), "unknown", "no number either"),
]


@pytest.mark.parametrize(("told", "use", "why"), SPELLINGS)
def test_spellings_meet_and_different_places_do_not(register, told, use, why):
    assert classify(asked(told), register)["use"].to_list() == [use], why


@pytest.mark.parametrize("kind", ["po_box", "rural_route", "general_delivery"])
def test_what_is_no_premises_is_called_by_its_kind(register, kind):
    [found] = classify(asked({**HOLLOW, "kind": kind}), register).to_dicts()
    assert (found["use"], found["basis"], found["possibly_residential"]) == (kind, "rule", None)


def test_what_is_told_beside_the_use(register):
    [house, flat] = classify(asked(HOLLOW, at(100, "LARCH", "ST", "W", unit="101")), register).to_dicts()
    assert (house["latitude"], house["longitude"], house["point"]) == (43.7, -79.4, "building")
    assert (house["register_id"], house["register_vintage"]) == (ROWS[0]["LOC_GUID"], "2026-06")
    assert (flat["register_id"], flat["basis"], flat["n_units"]) == (ROWS[4]["ADDR_GUID"], "nar_unit", 4)
    assert "In the register of 2026-06" in house["reason"] and "common and lawful" in house["does_not_prove"]


def test_weaker_signs_stand_in_a_column_of_their_own(register):
    near, shop, form, word = classify(
        asked(
            at(99, "MAPLE HOLLOW", "CRES", postal_code="M9P1A1"),
            at(99, "MAPLE HOLLOW", "CRES", postal_code="M9Z1A1"),
            at(99, "NOWHERE", "CRES"),
            at(2500, "NOWHERE", "RD", unit="APT 5"),
        ),
        register,
    ).to_dicts()
    assert {one["use"] for one in (near, shop, form, word)} == {"unknown"}
    assert [one["possibly_residential"] for one in (near, shop, form, word)] == [True, False, True, True]
    assert [one["basis"] for one in (near, shop, form)] == ["nar_postal_prior", "nar_postal_prior", "rule"]


RATIOS = [
    # type, direction, number, whether it is at least nine to one
    ("CRES", "", "25", True),
    ("CRES", "W", "25", False),  # houses have hardly ever one
    ("AVE", "", "200", False),  # 7.7
    ("TRAIL", "", "201", False),  # 8.8: the number is one too high
    ("SQ", "", "200", True),
    ("ST", "", "1", False),
]


@pytest.mark.parametrize(("kind", "direction", "civic", "likely"), RATIOS)
def test_the_form_alone_is_possible_from_nine_to_one(kind, direction, civic, likely):
    assert (rules.home_ratio(kind, direction, civic) >= rules.AT_LEAST) is likely
    [found] = classify(asked(at(civic, "NOWHERE", kind, direction))).to_dicts()
    assert (found["use"], found["basis"], found["possibly_residential"]) == ("unknown", "rule", likely)
    assert found["register_vintage"] is None


BUILDINGS = [
    ((5, 0, 0, 0), "residential"),
    ((5, 0, 0, 4), "residential"),
    ((5, 0, 0, 5), "unknown"),  # as many of which nothing is known
    ((5, 0, 1, 0), "mixed"),
    ((500, 1, 0, 0), "mixed"),
    ((0, 0, 5, 4), "non_residential"),
    ((0, 0, 5, 5), "unknown"),
    ((0, 0, 0, 5), "unknown"),
]


@pytest.mark.parametrize(("uses", "use"), BUILDINGS)
def test_a_building_is_what_most_of_it_is_and_mixed_where_it_has_both(uses, use):
    assert verdicts.building_use(Uses(*uses)) == use


def test_pandas_gives_the_same_in_the_same_order(register):
    table = asked(*(told for told, *_ in SPELLINGS))
    by_pandas = pd.DataFrame(table.to_dicts())
    by_pandas.loc[by_pandas["unit"] == "", "unit"] = None
    assert classify(by_pandas, register).equals(classify(table, register))
    assert list(classify(table[:0], register).columns) == list(COLUMNS)


def test_a_missing_column_is_refused_in_one_line(register):
    with pytest.raises(TradeAnalyticsError, match="addresses: no column 'civic'; expected unit, civic"):
        classify(asked(HOLLOW).drop("civic"), register)


def test_a_folder_without_a_register_is_refused_in_one_line(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="no address register was built there"):
        Register(tmp_path)


@pytest.mark.parametrize("module", [keys, rules, verdicts])
def test_the_examples_run(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


# The sample of the real layout: real addresses, SYNTHETIC uses


LONG = {"AVE": "Avenue", "ST": "street", "RD": "ROAD", "DR": "Drive", "BLVD": "Boulevard", "CRES": "Crescent"}
FRENCH = {"W": "Ouest", "E": "Est", "N": "NORD", "S": "sud", "NW": "Nord-Ouest", "SE": "Sud-Est"}
NAMES = {"TORONTO": ["North York", "ETOBICOKE", "Toronto"], "SCARBOROUGH": ["toronto"], "NORTH YORK": ["Toronto"]}
UNITS = ["Unit {}", "#{}", "Suite {}", "APT {}", "0{}"]


def messy(one: dict[str, str], chance: random.Random) -> dict[str, object]:
    """A row of the register as people write it; never quite as it stands there."""
    unit, postal, place = one["APT_NO_LABEL"], one["MAIL_POSTAL_CODE"], one["MAIL_MUN_NAME"]
    kind, direction = one["MAIL_STREET_TYPE"], one["MAIL_STREET_DIR"]
    form = chance.choice(UNITS if unit[:1].isdigit() else UNITS[:4])
    return {
        "unit": form.format(unit) if unit else "",
        "civic": one["CIVIC_NO"],
        "civic_suffix": one["CIVIC_NO_SUFFIX"].lower(),
        "street": re.sub("^ST ", "Saint ", one["MAIL_STREET_NAME"]).title(),
        "street_type": chance.choice(["", LONG.get(kind, kind.lower()), LONG.get(kind, kind), kind.title()]),
        "direction": chance.choice(["", FRENCH.get(direction, direction), direction, direction]),
        "municipality": chance.choice(NAMES.get(place, [re.sub("^ST ", "Saint-", place).title()])),
        "province": chance.choice(["", one["MAIL_PROV_ABVN"]]),
        "postal_code": chance.choice(["", f"{postal[:3]} {postal[3:]}", postal.lower(), postal]),
    }


@pytest.fixture(scope="module")
def sample(shared):
    files = sorted((shared / "data/addresses/nar_fixture/Addresses").glob("*.csv"))
    return [one for file in files for one in csv.DictReader(file.read_text("utf-8").splitlines())]


@pytest.mark.shared
@pytest.mark.parametrize("seed", [1, 2])
def test_messy_spellings_of_the_sample_find_its_homes_and_call_nothing_else_one(shared, sample, tmp_path, seed):
    build_register(shared / "data/addresses/nar_fixture", tmp_path)
    chance = random.Random(seed)
    said = classify(asked(*(messy(one, chance) for one in sample)), Register(tmp_path))["use"] == "residential"
    homes = pl.Series([one["BU_USE"] == "1" for one in sample])
    assert (said & homes).sum() / said.sum() >= 0.99
    assert (said & homes).sum() / homes.sum() >= 0.95


@pytest.mark.shared
def test_premises_that_were_taken_out_of_the_register_are_unknown_every_one(sample, tmp_path):
    # The sample has some premises in two spellings, such as YONGE and YOUNGE, or with and without W: all of them go.
    def premises(one: dict[str, str]) -> tuple[str, str]:
        return one["CIVIC_NO"], keys.streets(one["MAIL_STREET_NAME"])[-1].name[:2]

    chance = random.Random(1)
    gone = set(chance.sample(sorted({premises(one) for one in sample}), 1_500))
    by_province: dict[str, list[dict[str, str]]] = {}
    for one in sample:
        if premises(one) not in gone:
            by_province.setdefault(one["PROV_CODE"], []).append(one)
    for province, rows in by_province.items():
        write(tmp_path / "202606", rows, province=province)
    build_register(tmp_path / "202606", tmp_path / "built")
    queries = [messy(one, chance) for one in sample if premises(one) in gone]
    uses = classify(asked(*queries), Register(tmp_path / "built"))["use"]
    assert len(uses) > 2_000 and set(uses) == {"unknown"}


@pytest.mark.shared
def test_no_shop_is_residential(shared, tmp_path):
    build_register(shared / "data/addresses/nar_fixture", tmp_path)
    shops = list(csv.DictReader((shared / "data/addresses/bench_starbucks_ca.csv").read_text("utf-8").splitlines()))
    found = classify(asked(*(simply_split(one) for one in shops)), Register(tmp_path))["use"]
    counts = dict(found.value_counts().iter_rows())
    assert counts.get("residential", 0) == 0 and counts["non_residential"] > 700


def simply_split(shop: dict[str, str]) -> dict[str, object]:
    """A number, the words up to a type of street, a direction, and a unit after a comma."""
    types, directions = lookup("street_types", "spelling", "type"), lookup("street_directions", "spelling", "direction")
    line, _, rest = shop["street_address"].upper().replace(".", "").partition(",")
    number, *names = line.split() or [""]
    last = next((place for place in range(len(names) - 1, 0, -1) if names[place] in types), len(names))
    kind = names[last] if last < len(names) else ""
    direction = next((one for one in names[last + 1 :] if one in directions), "")
    unit = next((word for word in rest.split() if any(sign.isdigit() for sign in word)), "")
    street = {"civic": number, "street": " ".join(names[:last]), "street_type": kind, "direction": direction}
    place = {"municipality": shop["city"], "province": shop["state_province"], "postal_code": shop["postcode"]}
    return {**street, **place, "unit": unit}
