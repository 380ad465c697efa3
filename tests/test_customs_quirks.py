"""Every trap and every cleaning rule of the customs formats, by its name, held on small files cleaned end to end.

All rows are SYNTHETIC.
"""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, put_csv
from test_customs_slices import IMPORT, KAZAKH, PANJIVA, as_csv, as_workbook, cleaned, grid, rejected, styled

from tradeanalytics.clean import clean, opened, outputs, raw_texts
from tradeanalytics.sample import ANSWERS, DECLARATIONS, sample
from tradeanalytics.tables import SHIPMENTS

DUMP = "SYNTHETIC_dump.csv"
BILLS_OF_LADING = "SYNTHETIC_bills.csv"


def declared(folder: Path, *changes: Mapping[str, str], encoding: str = "utf-8") -> list[dict]:
    """The shipments of a dump of one deal, each row changed; every row is its own item unless it says otherwise."""
    rows = [{**IMPORT, "item": str(place), **changed} for place, changed in enumerate(changes, 1)]
    return cleaned(folder, DUMP, as_csv(styled("bare", *rows), encoding=encoding))[1]


def billed(folder: Path, *changes: Mapping[str, str]) -> list[dict]:
    """The shipments of an export of bills, each row changed; every row is a simple bill of its own number."""
    simple = {**PANJIVA, "Bill of Lading Type": "Simple", "Master Bill of Lading Number": ""}
    rows = [{**simple, "Bill of Lading Number": f"SYNT{place}", **changed} for place, changed in enumerate(changes)]
    return cleaned(folder, BILLS_OF_LADING, as_csv(rows, ",", "utf-8", "\n"))[1]


def column(rows: Sequence[Mapping[str, object]], name: str) -> list[object]:
    return [row[name] for row in rows]


def flags(row: Mapping[str, object]) -> list[str]:
    return str(row["flags"] or "").split(";") if row["flags"] else []


def held(table: Sequence[tuple], rows: Sequence[Mapping[str, object]], *names: str) -> None:
    """Each row of a table is the cell, what is expected of the named columns, and the reason."""
    assert [(cell, *(row[name] for name in names)) for (cell, *_), row in zip(table, rows, strict=True)] == [
        (cell, *expected[: len(names)]) for cell, *expected in table
    ]


# Declarations: numbers, items, totals


def test_declaration_totals_are_never_summed(tmp_path):
    """G12, G222, G05 and G06 are of the whole declaration, and stand on each of its items."""
    shipments = declared(tmp_path, *[{"customs_rub": "1 000,00", "total": "3 000,00"}] * 3)
    assert sum(column(shipments, "value_rub_cents")) == 300_000
    assert not any(300_000 in row.values() for row in shipments)


def test_the_items_of_a_declaration_are_shipments_and_no_duplicates(tmp_path):
    assert column(declared(tmp_path, {}, {}, {}), "duplicate") == ["unique"] * 3


def test_items_without_a_number_are_told_apart_by_their_code(tmp_path):
    """The style without box codes has no number of the item."""
    rows = styled("style_4", IMPORT, {**IMPORT, "hs": "8542319010"}, {**IMPORT, "hs": "8542319010", "net_kg": "1"})
    shipments = cleaned(tmp_path, DUMP, as_csv(rows))[1]
    assert column(shipments, "duplicate") == ["unique", "same_key_other_payload", "same_key_other_payload"]


NUMBERS = [
    # number as written, its key, its item, reason
    ("10999110/150622/3012345", "10999110/150622/3012345", None, "the usual spelling"),
    ("10999110-150622-3012345", "10999110/150622/3012345", None, "dashes"),
    ("10999110_150622_3012345", "10999110/150622/3012345", None, "underscores"),
    (" 10999110/150622/3012345 ", "10999110/150622/3012345", None, "spaces around it"),
    ("GTD_10999110_150622_3012345.pdf", "10999110/150622/3012345", None, "the name of a scan"),
    ("10999110/150622/3012345/2", "10999110/150622/3012345", "2", "with its item"),
    ("10999110/150622/30123", "10999110/150622/30123", None, "a serial cut short is another number"),
    ("ab-17/x", "AB-17/X", None, "no declaration number: only its case"),
]


def test_a_declaration_number_has_one_key_however_it_is_written(tmp_path):
    shipments = declared(tmp_path, *({"declaration": number, "item": ""} for number, *_ in NUMBERS))
    held(NUMBERS, shipments, "declaration_key", "item")
    assert column(shipments, "declaration") == [number.strip() for number, *_ in NUMBERS]


def test_the_item_column_outweighs_the_item_behind_the_number(tmp_path):
    assert column(declared(tmp_path, {"declaration": "10999110/150622/3012345/2", "item": "7"}), "item") == ["7"]


# Dates

DATES = [
    # G072, day, flags, reason
    ("15.06.2022", dt.date(2022, 6, 15), [], "as Russian customs write it"),
    ("06/15/22", dt.date(2022, 6, 15), [], "after an export from Access"),
    ("06-15-22", dt.date(2022, 6, 15), [], "the same with dashes"),
    ("2022-06-15", dt.date(2022, 6, 15), [], "ISO"),
    ("2022-06-15T10:20:30", dt.date(2022, 6, 15), [], "ISO with its time"),
    ("15.06.2022 00:00:00", dt.date(2022, 6, 15), [], "with midnight"),
    ("44727", dt.date(2022, 6, 15), [], "an Excel serial"),
    ("44727.0", dt.date(2022, 6, 15), [], "an Excel serial after pandas"),
]


def test_one_file_may_hold_days_in_every_format(tmp_path):
    shipments = declared(tmp_path, *({"registered_on": day} for day, *_ in DATES))
    assert [(day, row["registered_on"], flags(row)) for (day, *_), row in zip(DATES, shipments, strict=True)] == [
        tuple(row[:3]) for row in DATES
    ]


WITNESS = [
    # number, G072, day, flags, reason
    ("10999110/150622/1", "", dt.date(2022, 6, 15), ["date_from_declaration"], "no day of its own"),
    ("10999110/150622/2", "n/a", dt.date(2022, 6, 15), ["date_from_declaration"], "an unreadable day"),
    ("10999110/040322/3", "03/04/22", dt.date(2022, 3, 4), [], "March the fourth by the number and by the column"),
    ("10999110/030422/4", "03/04/22", dt.date(2022, 4, 3), ["date_from_declaration"], "the other reading of it"),
    ("10999110/150622/5", "16.06.2022", dt.date(2022, 6, 16), ["date_disagrees"], "two days: its own is kept"),
    ("10999110/150622/6", "06/15/22", dt.date(2022, 6, 15), [], "can be read in one way only"),
    ("10999110/150622/7", "15/06/22", dt.date(2022, 6, 15), [], "and so can this one: the file holds both orders"),
    ("10999110/991399/8", "", None, ["date_missing"], "no day in the number either"),
]


def test_the_date_inside_the_declaration_number_is_the_witness(tmp_path):
    more = {"declaration": "10999110/200622/9", "registered_on": "06/20/22"}  # so that most days say: month first
    changes = [{"declaration": number, "registered_on": day} for number, day, *_ in WITNESS]
    shipments = declared(tmp_path, *changes, more)[:-1]
    assert [(row["declaration"], row["registered_on"], flags(row)) for row in shipments] == [
        (number, day, codes) for number, _, day, codes, _ in WITNESS
    ]


def test_a_day_that_could_be_two_follows_most_of_its_column(tmp_path):
    edited = [{"Arrival Date": day} for day in ("3/28/2019", "3/4/2019")]
    shipments = billed(tmp_path, *edited)
    assert column(shipments, "registered_on") == [dt.date(2019, 3, 28), dt.date(2019, 3, 4)]
    assert "date_ambiguous" not in flags(shipments[1])


def test_a_day_that_could_be_two_is_not_read_where_nothing_tells(tmp_path):
    """Neither a cell of the column nor the bill's number says which number is the month: the row is set aside."""
    rows = [{**PANJIVA, "Bill of Lading Number": f"SYNT{n}", "Arrival Date": "3/4/2019"} for n in range(2)]
    report, shipments = cleaned(tmp_path, BILLS_OF_LADING, as_csv(rows, ",", "utf-8"))
    assert shipments == []
    assert report["reasons"]["date_unreadable"]["count"] == 2


def test_days_that_contradict_each_other_are_flagged_as_ambiguous(tmp_path):
    days = ("3/28/2019", "4/28/2019", "28/3/2019", "3/4/2019")
    assert ["date_ambiguous" in flags(row) for row in billed(tmp_path, *({"Arrival Date": day} for day in days))] == [
        False,
        False,
        False,
        True,
    ]


# Numbers, weights, values

AMOUNTS = [
    # customs value as written, kopecks, reason
    ("9 000 000,00", 900_000_000, "spaces and a decimal comma"),
    ("9\u00a0000\u00a0000,00", 900_000_000, "no-break spaces"),
    ("1 679 607.23", 167_960_723, "spaces and a point"),
    ("1234567.89", 123_456_789, "a plain point"),
    ("70 123 456", 7_012_345_600, "whole"),
    ("0,00", 0, "a zero that is written is a zero"),
    ("12345678901234,56", 1_234_567_890_123_456, "exact beyond what a double holds"),
    ("", None, "nothing"),
]


def test_numbers_are_read_in_every_spelling(tmp_path):
    shipments = declared(tmp_path, *({"customs_rub": text} for text, *_ in AMOUNTS))
    held(AMOUNTS, shipments, "value_rub_cents")
    assert not any(flags(row) for row in shipments)


UNREADABLE = [
    # field, text, column, flag
    ("net_kg", "много", "net_kg", "weight_unreadable"),
    ("gross_kg", "12 тыс.", "gross_kg", "weight_unreadable"),
    ("quantity", "см. упак. лист", "quantity", "quantity_unreadable"),
    ("invoice", "1,2,3", "invoice_cents", "value_unreadable"),
    ("customs_rub", "0x10", "value_rub_cents", "value_unreadable"),
    ("statistical_usd", "#REF!", "value_usd_cents", "value_unreadable"),
    ("invoice_currency", "тугрики", "invoice_currency", "currency_unknown"),
    ("origin_country", "ХХ", "origin_country", "country_unknown"),
    ("hs", "8.54231E+09", "hs", "hs_unreadable"),
    ("released_on", "скоро", "released_on", "release_unreadable"),
]


def test_what_cannot_be_read_is_null_with_a_flag_and_never_zero(tmp_path):
    nameless = {"origin_name": ""}
    shipments = declared(tmp_path, *({**nameless, field: text} for field, text, *_ in UNREADABLE))
    for row, (field, text, name, flag) in zip(shipments, UNREADABLE, strict=True):
        assert (row[name], flags(row)) == (None, [flag]), (field, text)


def test_a_value_that_is_not_there_is_not_zero_and_gets_no_basis(tmp_path):
    (row,) = billed(tmp_path, {"Value of Goods (USD)": ""})
    assert (row["value_usd_cents"], row["value_usd_basis"]) == (None, None)
    assert "value_estimated" not in flags(row)


def test_the_statistics_flag_is_read_as_one_zero_true_and_false(tmp_path):
    shipments = declared(tmp_path, *({"statistics_flag": text} for text in ("1", "0", "True", "False", "")))
    assert ["not_in_statistics" in flags(row) for row in shipments] == [False, True, False, True, False]


def test_each_value_keeps_its_basis_and_its_currency(tmp_path):
    (row,) = declared(
        tmp_path, {"invoice": "1,00", "invoice_currency": "EUR", "customs_rub": "2,00", "statistical_usd": "3"}
    )
    assert (row["invoice_cents"], row["invoice_currency"], row["value_rub_cents"]) == (100, "EUR", 200)
    assert (row["value_usd_cents"], row["value_usd_basis"]) == (300, "statistical")


UNITS = [
    # weight as on the bill, kilograms, flag, reason
    ("43005000 KG", 43_005_000, False, "kilograms"),
    ("3207600 K", 3_207_600, False, "kilograms"),
    ("13844 ET", 13_844_000, False, "metric tons"),
    ("3917 E", 3_917_000, False, "metric tons"),
    ("10 MT", 10_000, False, "metric tons"),
    ("14887 ST", 14_887 * 907.186, False, "short tons"),
    ("1000 L", 453.592, False, "pounds"),
    ("1000 LB", 453.592, False, "pounds"),
    ("500 M", None, True, "measured tons are no weight"),
    ("500 XYZ", None, True, "nobody knows"),
    ("500", None, True, "no unit"),
    ("", None, False, "nothing"),
]


def test_weights_become_kilograms_by_the_unit_table_and_an_unknown_unit_is_flagged(tmp_path):
    vendor = {"Weight (kg)": "", "Weight (t)": ""}
    shipments = billed(tmp_path, *({**vendor, "Weight (Original Format)": text} for text, *_ in UNITS))
    assert column(shipments, "gross_kg") == [kg if kg is None else pytest.approx(kg) for _, kg, *_ in UNITS]
    assert ["weight_unit_unknown" in flags(row) for row in shipments] == [flagged for _, _, flagged, _ in UNITS]


def test_the_unit_beside_a_weight_is_never_replaced_by_a_guess(tmp_path):
    name = "SYNTHETIC_own.csv"
    rows = [
        {"No": str(place), "Who": "SYNTHETIC A", "What": "BEARINGS", "W": weight, "U": unit}
        for place, (weight, unit) in enumerate([("2", "lb"), ("2", "box"), ("2", "")])
    ]
    mapping = 'weight_unit = "kg"\n[columns]\ndeclaration = "No"\nconsignee_name = "Who"\ndescription = "What"\n'
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / f"{name}.map.toml").write_text(mapping + 'weight = "W"\nweight_unit = "U"\n', "utf-8")
    _, shipments = cleaned(tmp_path, name, as_csv(rows, ",", "utf-8"))
    assert column(shipments, "gross_kg") == [pytest.approx(0.907184), None, 2.0]
    assert ["weight_unit_unknown" in flags(row) for row in shipments] == [False, True, False]


def test_net_over_gross_is_flagged_and_left_as_it_is(tmp_path):
    (row,) = declared(tmp_path, {"net_kg": "10", "gross_kg": "9"})
    assert (row["net_kg"], row["gross_kg"], flags(row)) == (10.0, 9.0, ["net_over_gross"])


def test_a_column_may_say_row_by_row_what_its_us_dollars_are(tmp_path):
    name = "SYNTHETIC_own.csv"
    rows = [
        {"No": str(place), "Who": "SYNTHETIC A", "What": "BEARINGS", "USD": "2", "Terms": terms}
        for place, terms in enumerate(["FOB", "CIF Sample Port", "estimated", "EXW", ""])
    ]
    mapping = (
        'value_basis = "declared_fob"\n[columns]\ndeclaration = "No"\nconsignee_name = "Who"\ndescription = "What"\n'
    )
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / f"{name}.map.toml").write_text(mapping + 'usd = "USD"\nusd_basis = "Terms"\n', "utf-8")
    _, shipments = cleaned(tmp_path, name, as_csv(rows, ",", "utf-8"))
    assert column(shipments, "value_usd_basis") == ["declared_fob", "declared_cif", "estimated", None, "declared_fob"]
    assert ["value_estimated" in flags(row) for row in shipments] == [False, False, True, False, False]


# Codes of the goods

CODES = [
    # HS as written, as read, its repair, reason; ten digits are usual in the column
    ("8542319010", "8542319010", None, "as it should be"),
    ("101210000", "0101210000", "zero_restored", "nine digits where ten are usual lost their zero"),
    ("8542310000.0", "8542310000", "from_float", "after pandas"),
    ("85 42 31 000 0", "8542310000", None, "spaces"),
    ("8542.31", "854231", None, "a dot between heading and subheading"),
    ("85.42", "8542", None, "a dot inside the heading"),
    ("854231*", "854231", None, "an asterisk says that fewer than ten digits are given"),
    ("8.54231E+09", None, None, "Excel kept six digits of ten"),
    ("8.54231900E+09", None, None, "and eight here"),
    ("90111", None, None, "a lost zero or a lost digit: nobody can tell"),
    ("8542", "8542", None, "a heading"),
    ("", None, None, "nothing"),
]


def test_codes_are_repaired_only_where_the_repair_can_be_proved(tmp_path):
    changes = [{"hs": text} for text, *_ in CODES] + [{"hs": "8542319010"}] * 20
    held(CODES, declared(tmp_path, *changes)[: len(CODES)], "hs", "hs_repair")


def test_a_nine_digit_code_gets_its_zero_back_only_when_ten_is_usual(tmp_path):
    ten = declared(tmp_path / "ten", {"hs": "101210000"}, *[{"hs": "8542319010"}] * 3)
    nine = declared(tmp_path / "nine", *[{"hs": "101210000"}] * 3, {"hs": "8542319010"})
    assert (ten[0]["hs"], ten[0]["hs_repair"]) == ("0101210000", "zero_restored")
    assert (nine[0]["hs"], nine[0]["hs_repair"], flags(nine[0])) == (None, None, ["hs_unreadable"])


def test_a_five_digit_code_gets_its_zero_back_only_when_six_is_usual(tmp_path):
    six = declared(tmp_path, {"hs": "90111"}, *[{"hs": "854231"}] * 3)
    assert (six[0]["hs"], six[0]["hs_repair"]) == ("090111", "zero_restored")


def test_a_code_in_a_workbook_that_became_a_number_loses_nothing_but_its_zero(tmp_path):
    rows = styled("bare", *({**IMPORT, "item": str(place)} for place in range(3)))
    headings, *cells = grid(rows)
    place = headings.index("G33")
    for row, code in zip(cells, (8542319010, 101210000, "8517620009"), strict=True):
        row[place] = code
    _, shipments = cleaned(tmp_path, "SYNTHETIC_dump.xlsx", as_workbook({"Data": [headings, *cells]}))
    assert column(shipments, "hs") == ["8542319010", "0101210000", "8517620009"]


def test_a_classified_code_is_marked_and_its_value_is_an_estimate(tmp_path):
    """Cement valued as coffee: the vendor guessed the code from the text, and the value from the code."""
    (row,) = billed(
        tmp_path,
        {
            "HS Code": "Classified: 0901.11",
            "Goods Shipped": "BAG BAGS CEMENT ASTM C 150",
            "Value of Goods (USD)": "144,070,000",
            "Weight (kg)": "19,981,928",
        },
    )
    assert (row["hs"], row["hs_source"]) == ("090111", "classified")
    assert (row["value_usd_cents"], row["value_usd_basis"]) == (14_407_000_000, "estimated")
    assert row["gross_kg"] == 19_981_928.0
    assert "value_estimated" in flags(row)


def test_a_code_written_on_the_bill_is_parsed_and_of_several_the_first_is_taken_and_said(tmp_path):
    shipments = billed(
        tmp_path, *({"HS Code": text} for text in ("Parsed: 2523.21.00.00", "7323.93; ; ", "7323.93; 8482.10"))
    )
    assert [(row["hs"], row["hs_source"], "hs_several" in flags(row)) for row in shipments] == [
        ("2523210000", "parsed", False),
        ("732393", "classified", False),
        ("732393", "classified", True),
    ]


EDITIONS = [
    # day, edition in force
    ("31.12.2011", "2007"),
    ("01.01.2012", "2012"),
    ("31.12.2016", "2012"),
    ("01.01.2017", "2017"),
    ("31.12.2021", "2017"),
    ("01.01.2022", "2022"),
]


def test_the_edition_of_the_hs_is_that_of_the_day(tmp_path):
    shipments = declared(tmp_path, *({"declaration": f"N{day}", "registered_on": day} for day, _ in EDITIONS))
    assert column(shipments, "hs_edition") == [edition for _, edition in EDITIONS]


# Countries


def test_na_is_namibia(tmp_path):
    shipments = declared(
        tmp_path, {"origin_country": "NA", "origin_name": ""}, {"origin_country": "", "origin_name": "НАМИБИЯ"}
    )
    assert column(shipments, "origin_country") == ["NA", "NA"]
    _, book = cleaned(
        tmp_path, "SYNTHETIC_dump.xlsx", as_workbook({"Data": grid(styled("bare", {**IMPORT, "origin_country": "NA"}))})
    )
    assert column(book, "origin_country") == ["NA"]


def test_four_countries_are_kept_apart(tmp_path):
    """A front in the Caribbean, a seller in Turkey, sent from Hong Kong, made in Taiwan: that is the story."""
    (row,) = declared(
        tmp_path,
        {
            "shipper_country": "KN",
            "trading_country": "TR",
            "dispatch_country": "HK",
            "origin_country": "TW",
            "dispatch_name": "",
            "origin_name": "",
        },
    )
    names = ("shipper_country", "trading_country", "dispatch_country", "origin_country", "destination_country")
    assert [row[name] for name in names] == ["KN", "TR", "HK", "TW", "RU"]


def test_the_country_that_is_written_outweighs_the_address(tmp_path):
    (row,) = declared(
        tmp_path, {"shipper_country": "KN", "shipper_address": "КАНАДА, ON, M0X 0X0, TORONTO, 1 SAMPLE CRES"}
    )
    assert (row["shipper_country"], row["shipper_address"], flags(row)) == (
        "KN",
        "КАНАДА, ON, M0X 0X0, TORONTO, 1 SAMPLE CRES",
        [],
    )


ADDRESSES = [
    # consignee's address, country, reason; the column of the country is empty
    ("1 SAMPLE RD, ABBOTSFORD, CA, V0X 0X0", "CA", "CA beside a Canadian postal code is Canada"),
    ("2 SAMPLE RD\nRICHMOND, CA, V0X0X0\nTE604-000-0000", "CA", "a phone is glued to it"),
    ("3 SAMPLE RD, WALNUT, CA 00000", None, "California, and no country is named"),
    ("4 SAMPLE RD, ISTANBUL, TURKEY", "TR", "the country is named"),
    ("JORDAN, MN", None, "a town in Minnesota"),
    ("ГОНКОНГ, MONG KOK, HONG KONG, FLAT 5", "HK", "Russian customs put the country first"),
    ("", None, "nothing"),
]


def test_ca_beside_a_canadian_postal_code_is_canada(tmp_path):
    changes = [
        {"Consignee Country": "", "Consignee Full Address": text, "Consignee Address": ""} for text, *_ in ADDRESSES
    ]
    shipments = billed(tmp_path, *changes)
    assert column(shipments, "consignee_country") == [country for _, country, _ in ADDRESSES]
    assert ["country_from_address" in flags(row) for row in shipments] == [bool(country) for _, country, _ in ADDRESSES]


NATIONS = [
    # origin code, origin name, country, flag, reason
    ("CN", "КИТАЙ", "CN", [], "both agree"),
    ("", "КИТАЙ", "CN", [], "a name in Russian"),
    ("", "Germany", "DE", [], "in English"),
    ("", "中国", "CN", [], "in Chinese"),
    ("TUR", "", "TR", [], "three letters"),
    ("792", "", "TR", [], "a number"),
    ("", "КОРЕЯ, РЕСПУБЛИКА", "KR", [], "words in any order"),
    ("EU", "", "EU27", [], "the Union is no country, and is kept"),
    ("", "", None, [], "blank is unknown, not wrong"),
    ("ZZ", "", None, ["country_unknown"], "no country has this code"),
]


def test_a_country_is_read_from_code_or_name_in_several_languages(tmp_path):
    shipments = declared(tmp_path, *({"origin_country": code, "origin_name": name} for code, name, *_ in NATIONS))
    assert [(row["origin_country"], flags(row)) for row in shipments] == [
        (code, found) for _, _, code, found, _ in NATIONS
    ]


# Names and descriptions

PARTIES = [
    # shipper as written, name, second party, how, reason
    ("SYNTHETIC LINKS LTD,", "SYNTHETIC LINKS LTD", None, None, "a trailing comma"),
    ("  SYNTHETIC   LINKS LTD ", "SYNTHETIC LINKS LTD", None, None, "spaces"),
    ("ООО <ОБРАЗЕЦ>", 'ООО "ОБРАЗЕЦ"', None, None, "angle brackets for quotes"),
    ("ООО «ОБРАЗЕЦ»", 'ООО "ОБРАЗЕЦ"', None, None, "Russian quotes"),
    ('ООО ""ОБРАЗЕЦ""', 'ООО "ОБРАЗЕЦ"', None, None, "doubled quotes"),
    ("ОБРАЗЕЦ- ТРЕЙД", "ОБРАЗЕЦ-ТРЕЙД", None, None, "a stray space after a hyphen"),
    ("SYNTHЕTIC LINKS", "SYNTHETIC LINKS", None, None, "a Cyrillic letter in a Latin word"),
    ("ОБРАЗЕЦ LINKS", "ОБРАЗЕЦ LINKS", None, None, "two scripts in two words are left alone"),
    ("ＳＹＮＴＨＥＴＩＣ LINKS", "SYNTHETIC LINKS", None, None, "full-width letters"),
    ("TO ORDER", None, None, "to_order", "nobody is named"),
    ("TO THE ORDER OF SYNTHETIC BANK", None, "SYNTHETIC BANK", "to_order", "a bank"),
    ("SYNTHETIC A C/O SYNTHETIC B", "SYNTHETIC A", "SYNTHETIC B", "care_of", "care of"),
    ("SYNTHETIC A OBO SYNTHETIC B", "SYNTHETIC A", "SYNTHETIC B", "on_behalf_of", "on behalf of"),
    ("SYNTHETIC A O/B SYNTHETIC B", "SYNTHETIC A", "SYNTHETIC B", "on_behalf_of", "the same"),
    ("SYNTHETIC A ON BEHALF OF SYNTHETIC B", "SYNTHETIC A", "SYNTHETIC B", "on_behalf_of", "the same in words"),
    ("CONFIDENTIAL", None, None, "withheld", "redacted"),
    ("N/A", None, None, "withheld", "redacted"),
    ("NOT AVAILABLE", None, None, "withheld", "redacted"),
    ("SEE ABOVE", None, None, None, "nobody"),
    ("ОТСУТСТВУЕТ", None, None, None, "there is none"),
    ("", None, None, None, "nothing"),
]


def test_a_party_is_read_from_whatever_stands_around_its_name(tmp_path):
    shipments = declared(tmp_path, *({"shipper_name": name} for name, *_ in PARTIES))
    held(PARTIES, shipments, "shipper_name", "shipper_second", "shipper_as")


def test_homoglyphs_are_folded_only_inside_words_that_mix_scripts_and_said(tmp_path):
    names = ("SYNTHЕTIC LINKS", "ОБРАЗЕЦ LINKS", "ФАHЕРА", "USBКАБЕЛЬ")
    shipments = declared(tmp_path, *({"shipper_name": name, "description": name} for name in names))
    assert column(shipments, "shipper_name") == ["SYNTHETIC LINKS", "ОБРАЗЕЦ LINKS", "ФАНЕРА", "USBКАБЕЛЬ"]
    assert column(shipments, "description") == column(shipments, "shipper_name")
    assert [flags(row) for row in shipments] == [["homoglyphs_folded"], [], ["homoglyphs_folded"], []]


def test_import_export_and_trading_stay_in_a_name_and_its_key(tmp_path):
    declared(
        tmp_path,
        {"shipper_name": "SYNTHETIC IMPORT EXPORT TRADING CO., LTD"},
        {"shipper_name": "Synthetic Import-Export Trading"},
    )
    names = pl.read_parquet(outputs(DUMP, tmp_path)["names"]).filter(pl.col("text").str.contains("(?i)import"))
    assert names["key"].unique().to_list() == ["SYNTHETIC IMPORT EXPORT TRADING"]
    assert sorted(names["legal_form"]) == ["", "CO LTD"]


def test_line_marks_inside_words_are_taken_out(tmp_path):
    texts = ("ТО_[=1=] ЛЩИНА 5 ММ", "ЛИСТЫ_[=1.1=]  СТАЛЬНЫЕ", "БЕЗ МЕТОК")
    shipments = declared(tmp_path, *({"description": text} for text in texts))
    assert column(shipments, "description") == ["ТОЛЩИНА 5 ММ", "ЛИСТЫ СТАЛЬНЫЕ", "БЕЗ МЕТОК"]


def test_the_pieces_are_often_in_the_description_only(tmp_path):
    text = (
        "МОДУЛИ СВЯЗИ_[=1=] ; Изготовитель: SYNTHETIC VEXOLA; Тов.знак: ОТСУТСТВУЕТ; Модель: VXQ7600E; Кол-во: 800 ШТ"
    )
    (row,) = declared(tmp_path, {"description": text, "quantity": "", "trademark": "ОТСУТСТВУЕТ"})
    finds = pl.read_parquet(outputs(DUMP, tmp_path)["finds"])
    (pieces,) = finds.filter(pl.col("kind") == "pieces").to_dicts()
    assert (pieces["number"], pieces["unit"]) == (800.0, "ШТ")
    assert row["description"][pieces["start"] : pieces["end"]].startswith("800")
    assert "trademark" not in finds["kind"].to_list()
    assert row["trademark"] is None


def test_identifiers_keep_their_zeros(tmp_path):
    (row,) = billed(tmp_path, {"Consignee D-U-N-S®": "009770543"})
    assert row["consignee_id"] == "009770543"
    (row,) = declared(tmp_path, {"consignee_id": "0012345678"})
    assert row["consignee_id"] == "0012345678"


def test_a_missing_party_is_null_and_the_shipment_stays(tmp_path):
    (row,) = billed(tmp_path, {"Consignee": "", "Consignee (Original Format)": ""})
    assert (row["consignee_name"], row["consignee_as"], row["shipper_name"]) == (None, None, PANJIVA["Shipper"])


def test_the_first_line_of_the_original_names_a_party_that_has_no_other_name(tmp_path):
    (row,) = billed(tmp_path, {"Consignee": "", "Consignee (Original Format)": "SYNTHETIC ZELMAR\n1 SAMPLE RD"})
    assert row["consignee_name"] == "SYNTHETIC ZELMAR"


def test_who_sends_is_unknown_where_the_direction_is(tmp_path):
    for direction, shipper, consignee in (
        ("ИМ", "SYNTHETIC LINKS LTD", 'ТОО "ОБРАЗЕЦ АСТАНА"'),
        ("ЭК", 'ТОО "ОБРАЗЕЦ АСТАНА"', "SYNTHETIC LINKS LTD"),
        ("??", None, None),
    ):
        name = f"SYNTHETIC_{direction[0]}.csv".replace("?", "x")
        _, (row,) = cleaned(tmp_path, name, as_csv([{**KAZAKH, "G011 Тип перемещения": direction}]))
        assert (row["shipper_name"], row["consignee_name"]) == (shipper, consignee)
        assert ("direction_unknown" in flags(row)) == (shipper is None)


# Duplicates


def test_duplicates_are_classed_and_none_is_dropped(tmp_path):
    revised = {"net_kg": "9,5"}
    respelled = {"invoice": "1234567.89"}
    changes = [
        {"item": "1"},
        {"item": "1"},
        {"item": "1", **respelled},
        {"item": "2"},
        {"item": "2", **revised},
        {"item": "3"},
    ]
    assert column(declared(tmp_path, *changes), "duplicate") == [
        "unique",
        "exact",
        "same_key_same_payload",
        "same_key_other_payload",
        "same_key_other_payload",
        "unique",
    ]


def test_the_key_of_a_declaration_is_its_number_in_any_spelling_and_its_item(tmp_path):
    changes = [{"item": "1"}, {"item": "1", "declaration": "10999110_150622_3012345"}]
    assert column(declared(tmp_path, *changes), "duplicate") == ["unique", "same_key_same_payload"]


def test_a_bill_number_is_not_a_unique_key(tmp_path):
    """Two arrivals under one number are both kept and counted: a second leg, or a revision."""
    changes = [{"Bill of Lading Number": "SYNT9"}, {"Bill of Lading Number": "SYNT9", "Arrival Date": "2025-04-05"}]
    assert column(billed(tmp_path, *changes), "duplicate") == ["same_key_other_payload"] * 2


MASTERS = [
    # number, its master, class, reason
    ("SYNT1", "SYNT8", "unique", "a house bill"),
    ("SYNT8", "", "master_of_house", "its master"),
    ("SYNT2", "SYNT9", "unique", "a house bill whose master names itself"),
    ("SYNT9", "SYNT9", "master_of_house", "that master"),
    ("SYNT3", "SYNT3", "unique", "a simple bill that names itself has no house"),
    ("SYNT4", "", "unique", "a simple bill"),
    ("SYNT5", "SYNT7", "unique", "its master is not in the file"),
]


def test_a_master_is_flagged_where_the_file_holds_its_house_bills(tmp_path):
    changes = [{"Bill of Lading Number": own, "Master Bill of Lading Number": master} for own, master, *_ in MASTERS]
    assert column(billed(tmp_path, *changes), "duplicate") == [found for _, _, found, _ in MASTERS]


def test_rows_without_a_number_are_no_duplicates_of_each_other(tmp_path):
    assert (
        column(declared(tmp_path, {"declaration": ""}, {"declaration": "", "net_kg": "1"}), "duplicate")
        == ["unique"] * 2
    )


# The same bytes

CLEAN_SAMPLE = """
import sys
from pathlib import Path
from tradeanalytics.clean import clean
from tradeanalytics.raw import raw_files

raw, processed = Path(sys.argv[1]), Path(sys.argv[2])
for file in raw_files(raw):
    clean(file, processed)
"""


def test_one_thread_and_two_write_the_same_bytes(tmp_path):
    for name, content in sample().items():
        if name != ANSWERS:
            put_csv(tmp_path / "raw", name, content)
        if name == DECLARATIONS:  # more rows than are judged at once
            heading, rows = content.split(b"\r\n", 1)
            put_csv(tmp_path / "raw", "SYNTHETIC_long.csv", heading + b"\r\n" + rows * 4)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", CLEAN_SAMPLE, str(tmp_path / "raw"), str(tmp_path / threads)],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONPATH": str(ROOT)},
        )
        for threads in ("1", "2")
    ]
    assert [process.wait() for process in running] == [0, 0]
    tables = {
        threads: {
            path.relative_to(tmp_path / threads).as_posix(): path.read_bytes()
            for path in sorted((tmp_path / threads).rglob("*"))
            if path.is_file()
        }
        for threads in ("1", "2")
    }
    kinds = {name.split("/")[0] for name in tables["1"] if name.endswith(".parquet")}
    assert kinds >= {"shipments", "names", "finds", "rejected"}
    assert tables["1"] == tables["2"]


# Raw text


def test_every_raw_text_is_reached_by_file_and_record(tmp_path):
    rows = styled("bare", IMPORT, {**IMPORT, "item": "2", "description": 'ЛИСТЫ\n"Г/К"'})
    raw = put_csv(tmp_path / "raw", DUMP, as_csv(rows))
    clean(raw, tmp_path)
    kept = pl.read_parquet(outputs(DUMP, tmp_path)["shipments"]).select("file_id", "record").rows()
    assert kept == [(raw.file_id, 1), (raw.file_id, 2)]
    with opened(raw, tmp_path) as again:
        texts = raw_texts(again, [1, 2])
    lines = as_csv(rows).decode("cp1251").split("\r\n")
    assert [texts[record] for record in (1, 2)] == lines[1:3]


def test_the_clean_table_is_the_declared_one(tmp_path):
    (row,) = declared(tmp_path, {})
    assert list(row) == [column.name for column in SHIPMENTS.columns]


def test_a_row_that_identifies_nothing_is_set_aside_with_its_text(tmp_path):
    empty = dict.fromkeys(IMPORT, "")
    rows = styled("bare", IMPORT, {**empty, "net_kg": "12", "registered_on": "15.06.2022"})
    report = cleaned(tmp_path, DUMP, as_csv(rows))[0]
    assert report["reasons"]["nothing_identifies_it"]["count"] == 1
    assert [(record, reasons) for record, reasons, _ in rejected(tmp_path, DUMP)] == [(2, "nothing_identifies_it")]


def test_a_day_is_needed_only_where_one_is_written(tmp_path):
    """An unreadable day sets a row aside; a day that is not there leaves it in, flagged."""
    rows = styled("bare", *({**IMPORT, "declaration": f"N{day}", "registered_on": day} for day in ("скоро", "")))
    report, shipments = cleaned(tmp_path, DUMP, as_csv(rows))
    assert report["reasons"]["date_unreadable"]["count"] == 1
    assert [(row["record"], row["registered_on"], flags(row)) for row in shipments] == [(2, None, ["date_missing"])]
