"""The sample: the same bytes always, nothing real in it, and an answer key that a naive reading of the files confirms.

The reading here uses the csv module and nothing of the package, so the key is checked from the outside.
"""

import csv
import doctest
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise

import pytest

from tradeanalytics.descriptions import pieces, read
from tradeanalytics.sample import (
    ANSWERS,
    BILLS,
    DECLARATIONS,
    LISTS,
    OVERLAP,
    REGISTER,
    addresses,
    bills,
    cast,
    declarations,
    sample,
    write_sample,
)

FILES = sample()
KEY = json.loads(FILES[ANSWERS])
FIRST, STORIES = KEY[DECLARATIONS], KEY["stories"]
COMPANIES = (*cast.COMPANIES, *addresses.COMPANIES)
SPELLINGS = {spelling: c.name for c in COMPANIES for spelling in (c.name, *c.spellings)}


def rows(name: str, encoding: str, delimiter: str) -> list[dict[str, str]]:
    text = io.StringIO(FILES[name].decode(encoding), newline="")
    return [
        {h.split(" ")[0] if delimiter == ";" else h: v for h, v in row.items()}
        for row in csv.DictReader(text, delimiter=delimiter)
    ]


def cents(text: str) -> int:
    return int(re.sub(r"[\s.,]", "", text))


def day(row: dict[str, str]) -> str:
    """Registration as the declaration's own number gives it: 10999110/240222/3000001."""
    return datetime.strptime(row["ND"].split("/")[1], "%d%m%y").date().isoformat()


ALL = rows(DECLARATIONS, "cp1251", ";")
ROWS = ALL[:-1]
ONCE = list({(row["ND"], row["G32"]): row for row in reversed(ROWS)}.values())  # of each key the row that came first
SECOND = rows(OVERLAP, "utf-8", ";")
BILL_ROWS = rows(BILLS, "utf-8", ",")


def bought(inn: str, year: str = "") -> list[dict[str, str]]:
    return [row for row in ONCE if row["G081"] == inn and day(row).startswith(year)]


def by_month(found: list[dict[str, str]]) -> dict[str, int]:
    months: Counter[str] = Counter()
    for row in found:
        months[day(row)[:7]] += cents(row["G46"])
    return dict(sorted(months.items()))


def test_the_same_bytes_are_written_in_another_process(tmp_path):
    command = [sys.executable, "-m", "tradeanalytics.sample", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES == sample()


def test_a_file_in_the_place_of_the_folder_is_said_in_one_line(tmp_path):
    (tmp_path / "out").write_text("x")
    command = [sys.executable, "-m", "tradeanalytics.sample", str(tmp_path / "out")]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 2 and ran.stderr.startswith("tradeanalytics: out: ") and ran.stderr.count("\n") == 1


def test_the_example_runs():
    assert doctest.testmod(declarations) == (0, 1)


def test_it_is_small_enough_to_carry(tmp_path):
    assert sum(path.stat().st_size for path in write_sample(tmp_path)) < 17_000_000


def test_each_file_is_in_the_encoding_it_is_said_to_be_in():
    with pytest.raises(UnicodeDecodeError):
        FILES[DECLARATIONS].decode("utf-8")
    assert b"\r\n" in FILES[DECLARATIONS] and b"\xa0" in FILES[DECLARATIONS]
    assert FILES[OVERLAP].decode("utf-8") and b"\r\n" not in FILES[BILLS]


def test_every_file_says_that_it_is_synthetic():
    assert (
        all(name.startswith("SYNTHETIC_") for name in (DECLARATIONS, OVERLAP, BILLS, LISTS, REGISTER))
        and "SYNTHETIC" in KEY["notice"]
    )


def test_every_party_is_of_the_invented_table():
    assert {row["G022"] for row in [*ROWS, *SECOND]} <= SPELLINGS.keys()
    russian = {re.sub("[<>«»]", '"', row[h]) for row in [*ROWS, *SECOND] for h in ("G082", "G142")}
    assert russian <= {company.name for company in cast.COMPANIES}
    assert {row["G31_11"] for row in [*ROWS, *SECOND]} == {f"SYNTHETIC {maker}" for maker in cast.MAKERS}
    known = {*bills.CONSIGNEES, *(name for name, _ in bills.SHIPPERS), bills.BANK, bills.FORWARDER, ""}
    parties = {part for r in BILL_ROWS for h in ("Consignee", "Shipper") for part in r[h].split(" C/O ")}
    assert {part.removeprefix("TO THE ORDER OF ") for part in parties} == known


def test_every_company_says_in_its_name_that_it_is_invented():
    names = [*SPELLINGS, *bills.CONSIGNEES, bills.BANK, bills.FORWARDER, *(name for name, _ in bills.SHIPPERS)]
    assert [name for name in names if not re.search("SYNTHETIC|ОБРАЗЕЦ", name)] == []
    assert len({company.name for company in COMPANIES}) == len(COMPANIES)


def test_tax_numbers_are_of_an_office_that_does_not_exist():
    assert {row["G081"][:2] for row in ROWS} == {"00"} and {len(row["G081"]) for row in ROWS} == {10}


def test_records_and_items_are_as_the_key_says():
    assert (len(ALL), len(ROWS), len(ONCE)) == (FIRST["records"], FIRST["accepted"], FIRST["declaration_items"])
    assert ALL[-1]["ND"] == "ИТОГО" and cents(ALL[-1]["G46"]) == sum(cents(row["G46"]) for row in ROWS)
    assert len({row["ND"] for row in ROWS}) == FIRST["declarations"]
    assert (min(map(day, ROWS)), max(map(day, ROWS))) == (FIRST["first_day"], FIRST["last_day"])
    assert sum(cents(row["G46"]) for row in ONCE) == FIRST["usd_cents_each_item_once"]
    assert sum(cents(row["G38"]) for row in ONCE) == FIRST["net_grams_each_item_once"]


def test_duplicates_are_of_the_three_classes_and_numbers():
    groups = defaultdict(list)
    for row in ROWS:
        groups[row["ND"], row["G32"]].append(row)
    counts: Counter[str] = Counter()
    for one, other in (group for group in groups.values() if len(group) > 1):
        same = cents(one["G46"]) == cents(other["G46"]) and cents(one["G38"]) == cents(other["G38"])
        counts["exact" if one == other else "same_key_same_payload" if same else "same_key_other_payload"] += 1
    assert counts == {name: entry["pairs"] for name, entry in FIRST["duplicates"].items()}


SEEN = {
    "dates_mm_dd_yy": lambda row: "/" in row["G072"],
    "numbers_with_dots": lambda row: "." in row["G46"],
    "homoglyph_in_description": lambda row: bool(re.search("[А-Я]H|H[А-Я]", row["G31_1"])),
    "homoglyph_in_shipper": lambda row: not row["G022"].isascii(),
    "shipper_spelled_otherwise": lambda row: row["G022"] != SPELLINGS[row["G022"]],
    "hs_lost_zero": lambda row: len(row["G33"]) == 9,
    "origin_eu": lambda row: row["G34"] == "EU",
    "origin_blank": lambda row: row["G34"] == "",
    "origin_namibia": lambda row: row["G34"] == "NA" and row["G16"] == "НАМИБИЯ",
    "line_marks": lambda row: "_[=1=] " in row["G31_1"],
    "quotes_angle": lambda row: "<" in row["G082"],
    "trademark_none": lambda row: row["G31_12"] == "ОТСУТСТВУЕТ",
    "countries_disagree": lambda row: len({row[h] for h in ("G0231", "G11", "G15A", "G34")} - {""}) > 1,
}


def test_every_quirk_of_the_key_is_counted_here():
    assert SEEN.keys() == FIRST["quirks"].keys()


@pytest.mark.parametrize("quirk", SEEN)
def test_a_quirk_is_on_as_many_rows_as_the_key_says(quirk):
    assert sum(map(SEEN[quirk], ROWS)) == FIRST["quirks"][quirk] > 0


def test_totals_of_a_declaration_are_repeated_on_each_of_its_items():
    totals = defaultdict(set)
    for row in ROWS:
        totals[row["ND"]].add((row["G05"], cents(row["G12"])))
    assert {len(found) for found in totals.values()} == {1}


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_supplier_shares_of_the_named_importer(year):
    answer = STORIES["named_importer"]["by_year"][year]
    values: Counter[str] = Counter()
    for row in bought(STORIES["named_importer"]["inn"], year):
        values[SPELLINGS[row["G022"]]] += cents(row["G46"])
    total = values.total()
    assert [(s["name"], s["usd_cents"]) for s in answer["suppliers"]] == values.most_common()
    assert [s["share"] for s in answer["suppliers"]] == pytest.approx(
        [v / total for _, v in values.most_common()], abs=1e-6
    )
    assert answer["hhi"] == pytest.approx(10_000 * sum((v / total) ** 2 for v in values.values()), abs=1e-4)
    assert answer["effective_suppliers"] == pytest.approx(10_000 / answer["hhi"], abs=1e-4)


def test_the_intermediary_is_first_with_exactly_a_quarter_in_2022():
    first, second, *_ = STORIES["named_importer"]["by_year"]["2022"]["suppliers"]
    assert (first["name"], first["rank"], first["share"]) == (STORIES["intermediary"]["name"], 1, 0.25)
    assert second["share"] < 0.25


def test_the_intermediary_delivers_more_after_february_2022():
    answer = STORIES["intermediary"]
    found = [row for row in ONCE if row["G022"] in {answer["name"], *answer["spellings"]}]
    assert by_month(found) == answer["usd_cents_by_month"] and len(found) == answer["items"]
    deliveries = Counter(day(row)[:7] for row in {row["ND"]: row for row in found}.values())
    assert deliveries == answer["deliveries_by_month"]
    assert {deliveries[month] for month in answer["deliveries_by_month"] if month <= "2022-02"} == {1}
    assert all(one <= other for one, other in pairwise(answer["deliveries_by_month"].values()))
    for window in ("twelve_months_before", "twelve_months_after"):
        months = answer["usd_cents_by_month"].items()
        part = sum(v for m, v in months if answer[window]["first"] <= m <= answer[window]["last"])
        assert (part, part / 12) == (answer[window]["usd_cents"], answer[window]["a_month"])
    assert answer["twelve_months_after"]["usd_cents"] > 3 * answer["twelve_months_before"]["usd_cents"]


def test_eight_hundred_modules_are_named_in_descriptions_only():
    answer = STORIES["modules"]
    found = [row for row in ONCE if answer["part"] in row["G31_1"]]
    assert {row["G31_7"] for row in found} == {""} and {row["G081"] for row in found} == {answer["importer"]["inn"]}
    counts = {"300 ШТ": 300, "150 ШТ": 150, "110 ШТ": 110, "240 PCS": 240}
    months: Counter[str] = Counter()
    for row in found:
        (count,) = [number for words, number in counts.items() if row["G31_1"].endswith(words)]
        months[day(row)[:7]] += count
    assert dict(sorted(months.items())) == answer["pieces_by_month"] and months.total() == answer["pieces"] == 800
    assert (
        sum(answer["part"] in row["G31_1"] for row in ROWS) == answer["items"] + answer["exact_duplicates_among_them"]
    )


def test_the_package_reads_the_pieces_of_every_description():
    counted = pieces(read([row["G31_1"] for row in ONCE]))
    for place, row in enumerate(ONCE):
        if row["G31_7"]:
            assert counted[place] == int(row["G31_7"])
    modules = [place for place, row in enumerate(ONCE) if STORIES["modules"]["part"] in row["G31_1"]]
    assert counted[modules].sum() == STORIES["modules"]["pieces"]


def test_the_front_company_has_four_countries_that_disagree():
    answer = STORIES["front_company"]
    found = [row for row in ONCE if row["G022"] == answer["name"]]
    assert {(row["G0231"], row["G11"]) for row in found} == {("KN", "KN")}
    assert {row["G023"] for row in found} == {answer["address"]} and "TORONTO" in answer["address"]
    assert Counter(row["G34"] for row in found) == answer["items_by_origin"]
    assert Counter(row["G15A"] for row in found) == answer["items_by_dispatch"]
    assert (len(found), sum(cents(row["G46"]) for row in found)) == (answer["items"], answer["usd_cents"])
    assert {row["G33"][:4] for row in found} <= {"8532", "8541", "8542"}


def test_first_seen_dates():
    suppliers, importers = defaultdict(list), defaultdict(list)
    for row in ONCE:
        suppliers[SPELLINGS[row["G022"]]].append(day(row))
        importers[row["G081"]].append(day(row))
    assert {name: min(days) for name, days in suppliers.items()} == STORIES["first_seen_suppliers"]
    assert {inn: min(days) for inn, days in importers.items()} == STORIES["first_seen_importers"]
    founded = STORIES["founded_after_the_invasion"]
    assert founded["first_seen"] == STORIES["first_seen_importers"][founded["inn"]] == "2022-03-21"
    assert [seller["first_seen"] for seller in STORIES["turkish_intermediaries"]] == ["2022-04-05", "2022-05-17"]


def test_one_importer_buys_almost_exclusively_from_one_supplier():
    answer = STORIES["one_supplier"]
    values: Counter[str] = Counter()
    for row in bought(answer["inn"]):
        values[SPELLINGS[row["G022"]]] += cents(row["G46"])
    share = values[answer["supplier"]["name"]] / values.total()
    assert answer["suppliers"][0]["share"] == pytest.approx(share, abs=1e-6) and 0.97 < share < 1


def test_one_importer_is_missing_in_one_month_only():
    answer = STORIES["missing_month"]
    months = {day(row)[:7] for row in bought(answer["inn"])}
    assert {day(row)[:7] for row in ROWS} - months == {answer["month"]}


def test_priority_goods():
    answer = FIRST["priority_items"]
    codes = Counter(row["G33"].zfill(10)[:6] for row in ONCE)
    assert {code: codes[code] for code in answer["items_by_hs6"]} == answer["items_by_hs6"]
    assert sum(answer["items_by_hs6"].values()) == answer["items"]


def test_the_second_dump_overlaps_the_first_as_the_key_says():
    answer, known = KEY[OVERLAP], {(row["ND"], row["G32"]): row for row in ROWS}
    shared = [row for row in SECOND if (row["ND"], row["G32"]) in known]
    equal = [row for row in shared if row == known[row["ND"], row["G32"]]]
    assert (len(SECOND), len(shared)) == (answer["records"], answer["already_known"])
    assert len(equal) == answer["known_with_equal_text"]
    assert len(shared) - len(equal) == answer["known_with_other_spelling"]
    assert all(cents(row["G46"]) == cents(known[row["ND"], row["G32"]]["G46"]) for row in shared)
    new = [row for row in SECOND if (row["ND"], row["G32"]) not in known]
    assert (len(new), sum(cents(row["G46"]) for row in new)) == (answer["new"], answer["usd_cents_new"])
    assert list(SECOND[0]) != list(ALL[0]) and SECOND[0].keys() == ALL[0].keys()


def test_bills_are_as_the_key_says():
    answer = KEY[BILLS]
    assert len(BILL_ROWS) == answer["records"] == answer["accepted"] == 1_000
    assert Counter(row["Bill of Lading Type"] for row in BILL_ROWS) == answer["by_type"]
    assert Counter(row["HS Code"].split(":")[0].lower() for row in BILL_ROWS) == answer["by_hs_source"]
    assert Counter(row["Weight (Original Format)"].split()[1] for row in BILL_ROWS) == answer["rows_by_weight_unit"]
    assert sum(row["Consignee"].startswith("TO THE ORDER OF") for row in BILL_ROWS) == answer["to_order"]["rows"]
    assert sum(" C/O " in row["Consignee"] for row in BILL_ROWS) == answer["care_of"]["rows"]
    canadian = [row for row in BILL_ROWS if row["Consignee Postal Code"] == answer["ca_is_canada"]["postal_code"]]
    assert len(canadian) == answer["ca_is_canada"]["rows"]
    assert {(row["Consignee State/Region"], row["Consignee Country"]) for row in canadian} == {("CA", "")}
    for heading, name in (("Consignee", "consignee"), ("Shipper", "shipper"), ("Value of Goods (USD)", "value")):
        assert sum(not row[heading] for row in BILL_ROWS) == answer[f"without_{name}"]
    assert sum(row["Consignee D-U-N-S®"].startswith("00") for row in BILL_ROWS) == answer["duns_with_leading_zeros"]


def test_each_house_bill_has_its_master_with_the_same_weight():
    masters = {row["Bill of Lading Number"]: row for row in BILL_ROWS if row["Bill of Lading Type"] == "Master"}
    houses = [row for row in BILL_ROWS if row["Bill of Lading Type"] == "House"]
    assert len(houses) == len(masters) == KEY[BILLS]["master_house_pairs"]
    for house in houses:
        assert masters[house["Master Bill of Lading Number"]]["Weight (kg)"] == house["Weight (kg)"]
    counted = [row for row in BILL_ROWS if row["Bill of Lading Type"] != "Master"]
    values = [cents(row["Value of Goods (USD)"]) for row in counted if row["Value of Goods (USD)"]]
    assert sum(values) == KEY[BILLS]["usd_cents_without_masters"]
    assert sum(int(row["Weight (kg)"]) for row in counted) == KEY[BILLS]["kilograms_without_masters"]


def test_the_weight_of_a_bill_agrees_with_its_original_unit():
    kilograms = {"KG": 1, "K": 1, "ET": 1000, "MT": 1000, "ST": 907.186, "LB": 0.453592, "L": 0.453592}
    for row in BILL_ROWS:
        number, unit = row["Weight (Original Format)"].split()
        assert abs(int(number) * kilograms[unit] - int(row["Weight (kg)"])) <= 0.5


def test_cement_valued_as_coffee_tops_the_ranking():
    valued = [row for row in BILL_ROWS if row["Value of Goods (USD)"]]
    top = sorted(valued, key=lambda row: -cents(row["Value of Goods (USD)"]))[:3]
    assert {row["Bill of Lading Number"] for row in top} == KEY[BILLS]["cement_valued_as_coffee"].keys()
    assert {(row["Goods Shipped"], row["HS Code"]) for row in top} == {
        ("BAG BAGS CEMENT ASTM C 150", "Classified: 0901.11")
    }
