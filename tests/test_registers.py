"""Registers of companies: every record kept, their dates said, and what they hold of parties is a lead, never more."""

import doctest
from datetime import date

import pandas as pd
import polars as pl
import pytest
from conftest import put_csv, zipped
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.parties import registers
from tradeanalytics.parties.registers import leads
from tradeanalytics.reference import folding
from tradeanalytics.sources import layouts
from tradeanalytics.sources import registers as declared
from tradeanalytics.sources.registers import active, score

# Elements and attributes as public loaders of the open data read them; every corporation is made up.
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><cc:corpcan xmlns:cc="http://www.ic.gc.ca/corpcan" reportId="OPEN_DATA"'
    ' date="2026-08-22T00:00:00"><corporations>'
)
FOOT = "</corporations></cc:corpcan>"
DISSOLVED = '<status code="11" current="true" effectiveDate="2023-05-02T00:00:00"/>'
OFFICE = (
    '<address code="2" current="true"><addressLine>1, rue Exemple</addressLine><addressLine>Bureau 5</addressLine>'
    '<city>Montréal</city><province code="QC"/><country code="CA"/><postalCode>H0H 0H0</postalCode></address>'
)


def corporation(number, name, *, status='<status code="1" current="true"/>', office=OFFICE, more="", done="") -> str:
    return (
        f'<corporation corporationId="{number}"><names><name code="1" current="true">{name}</name>{more}</names>'
        '<acts><act code="6" current="true"/></acts>'
        f'<statuses><status code="1" effectiveDate="2019-03-01T00:00:00"/>{status}</statuses>'
        f'<activities><activity code="1" date="2019-03-01T00:00:00"/>{done}</activities><addresses>{office}</addresses>'
        "<businessNumbers><businessNumber>123026635</businessNumber></businessNumbers></corporation>"
    )


def xml(*corporations: str) -> bytes:
    return (HEAD + "".join(corporations) + FOOT).encode()


def cleaned(folder, content: bytes, name: str):
    """The report on a register, its accepted and its rejected rows."""
    report = clean(put_csv(folder / "raw", name, content), folder)
    assert report["accepted"] + report["rejected"] == report["records"]
    tables = outputs(report["name"], folder)
    return report, pl.read_parquet(tables["registered"]).to_dicts(), pl.read_parquet(tables["rejected"]).to_dicts()


def federal(folder, *corporations: str):
    return cleaned(folder, xml(*corporations), "SYNTHETIC_OPEN_DATA_1.xml")


def test_a_corporation_is_read_with_its_names_days_and_office(tmp_path):
    former = (
        '<name code="1" effectiveDate="2019-03-01T00:00:00" expiryDate="2021-01-01T00:00:00">SYNTHETIC &amp; CO</name>'
    )
    done = '<activity code="101" date="2023-05-01T00:00:00"/>'
    one = corporation(1234567, "1234567 Canada Inc.", status=DISSOLVED, more=former, done=done)
    report, (row,), _ = federal(tmp_path, one)
    assert row["names"] == [
        {"name": "1234567 Canada Inc.", "kind": "current", "since": None, "until": None},
        {"name": "SYNTHETIC & CO", "kind": "former", "since": "2019-03-01", "until": "2021-01-01"},
    ]
    assert (row["register"], row["register_date"], row["jurisdiction"]) == ("SYNTHETIC ca_federal", "2026-08-22", "CA")
    assert (row["number"], row["business_number"], row["country"]) == ("1234567", "123026635", "CA")
    assert (row["status"], row["active"], row["status_since"]) == ("Dissolved", False, date(2023, 5, 2))
    assert (row["incorporated_on"], row["dissolved_on"]) == (date(2019, 3, 1), date(2023, 5, 1))
    assert row["address"] == "1, rue Exemple, Bureau 5, Montréal, QC, H0H 0H0"
    assert report["companies"] == {"Dissolved": 1} and row["flags"] is None


FEDERAL = [
    # what is odd, the corporation, what is read, reason
    ("revived", {"done": '<activity code="101" date="2020-01-01T00:00:00"/>'}, {"dissolved_on": None}, "it is active"),
    ("no activity", {"status": DISSOLVED}, {"dissolved_on": date(2023, 5, 2)}, "the day of its status"),
    (
        "merged",
        {"status": '<status code="9" current="true"/>'},
        {"active": False, "dissolved_on": None},
        "not dissolved",
    ),
    ("pending", {"status": '<status code="3" current="true"/>'}, {"active": True}, "it is still there"),
    (
        "new code",
        {"status": '<status code="77" current="true"/>'},
        {"status": "code 77", "active": None, "flags": "status_unknown"},
        "a code not known is no status",
    ),
    (
        "other office",
        {"office": OFFICE.replace('code="2"', 'code="8"', 1)},
        {"address": "1, rue Exemple, Bureau 5, Montréal, QC, H0H 0H0", "flags": "not_registered_office"},
        "another address is said to be another",
    ),
    ("no office", {"office": ""}, {"address": None, "address_key": None, "flags": None}, "none is told"),
    ("old office", {"office": OFFICE.replace(' current="true"', "")}, {"address": None}, "it is no longer there"),
]


@pytest.mark.parametrize(("what", "odd", "expected", "reason"), FEDERAL)
def test_what_is_odd_of_a_corporation_is_said(tmp_path, what, odd, expected, reason):
    _, (row,), _ = federal(tmp_path, corporation(1, f"SYNTHETIC {what}", **odd))
    assert {name: row[name] for name in expected} == expected, reason


def test_a_corporation_without_name_or_number_is_rejected_with_its_text(tmp_path):
    _, rows, rejected = federal(tmp_path, corporation(1, ""), corporation("", "SYNTHETIC"), corporation(2, "SYNTHETIC"))
    assert [row["record"] for row in rows] == [3]
    assert [(row["record"], row["reasons"]) for row in rejected] == [(1, "no_name"), (2, "no_number")]
    assert 'corporationId="1"' in rejected[0]["text"]


def test_the_files_of_a_zip_are_read_in_the_order_of_their_numbers(tmp_path):
    files = {f"OPEN_DATA_{n}.xml": xml(corporation(n, f"SYNTHETIC {n}")) for n in (10, 2, 1)}
    _, rows, _ = cleaned(tmp_path, zipped(**files, **{"codes.xml": b"<codes/>"}), "SYNTHETIC_split.zip")
    assert [(row["record"], row["number"]) for row in rows] == [(1, "1"), (2, "2"), (3, "10")]


BROKEN = [
    # what is wrong, the bytes, what is said
    ("cut off", xml(corporation(1, "SYNTHETIC"))[:-40], "cut off"),
    ("no corporation", xml(), "no corporation"),
    ("entities", xml().replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1), "unsafe"),
]


@pytest.mark.parametrize(("what", "content", "said"), BROKEN)
def test_a_broken_register_is_refused_in_one_line(tmp_path, what, content, said):
    with pytest.raises(TradeAnalyticsError, match=said) as error:
        clean(put_csv(tmp_path / "raw", "SYNTHETIC_OPEN_DATA_1.xml", content), tmp_path)
    assert "\n" not in str(error.value) and not outputs("SYNTHETIC_OPEN_DATA_1.xml", tmp_path)["report"].exists(), what


TABLES = [
    # language, the table, what its first company is, reason
    (
        "sk",
        "IČO;Obchodné meno;Sídlo;Dátum vzniku;Dátum zániku;Stav\n"
        "00 123 456;SYNTHETIC VZORKA s.r.o.;Vzorová 1, Bratislava;1. 3. 1993;31.12.2023;Zaniknutý\n",
        {
            "number_key": "123456",
            "jurisdiction": "SK",
            "incorporated_on": date(1993, 3, 1),
            "dissolved_on": date(2023, 12, 31),
            "active": False,
        },
        "Slovak days have spaces, and words of Slovak alone say whose register it is",
    ),
    (
        "hk",
        "公司編號,公司英文名稱,公司中文名稱,成立日期,公司現況,註冊辦事處地址\n"
        '0123456,SYNTHETIC LIMITED,合成有限公司,1987年3月5日,仍註冊,"1/F, EXAMPLE HOUSE, HONG KONG"\n',
        {"number": "0123456", "jurisdiction": "HK", "incorporated_on": date(1987, 3, 5), "active": True},
        "days before 1990 are days",
    ),
    (
        "fr",
        "Numéro de société;Dénomination sociale;Anciens noms;Statut;Date de constitution;Adresse;Ville;Pays\n"
        "1234567-8;SYNTHÉTIQUE INC.;EXEMPLE LTÉE | EXEMPLE INC.;Radiée;2021-02-03;1, rue Exemple;Montréal;Canada\n",
        {"jurisdiction": None, "active": False, "address": "1, rue Exemple, Montréal", "country": "CA"},
        "French is written in many countries",
    ),
    (
        "en",
        "Company Number,Company Name,Status,Incorporation Date,Registered Office Address,Country\n"
        '01234567,SYNTHETIC LTD,In liquidation,31/12/1985,"1 EXAMPLE ST, LONDON",United Kingdom\n',
        {"number": "01234567", "active": None, "incorporated_on": date(1985, 12, 31), "country": "GB"},
        "a company in liquidation may be there or not",
    ),
    (
        "unread",
        "Company Number,Company Name,Date of incorporation,Dissolution date\n,SYNTHETIC LTD,03/04/2022,sometime\n",
        {
            "incorporated_on": None,
            "dissolved_on": None,
            "flags": "no_number;incorporated_on_unreadable;dissolved_on_unreadable",
        },
        "a day that could be two days is none",
    ),
]


@pytest.mark.parametrize(("language", "table", "expected", "reason"), TABLES)
def test_a_table_is_a_register_by_its_headings(tmp_path, language, table, expected, reason):
    _, rows, _ = cleaned(tmp_path, table.encode(), f"SYNTHETIC_{language}_2026-08-22.csv")
    assert {name: rows[0][name] for name in expected} == expected, reason
    assert rows[0]["register"] == f"SYNTHETIC {language}_2026-08-22.csv" and rows[0]["register_date"] == "2026-08-22"


def test_other_names_and_former_names_of_a_table_are_names(tmp_path):
    _, hk, _ = cleaned(tmp_path, TABLES[1][1].encode(), "SYNTHETIC_hk.csv")
    _, fr, _ = cleaned(tmp_path, TABLES[2][1].encode(), "SYNTHETIC_fr.csv")
    kinds = [[(one["name"], one["kind"]) for one in rows[0]["names"]] for rows in (hk, fr)]
    assert kinds[0] == [("SYNTHETIC LIMITED", "current"), ("合成有限公司", "current")]
    assert kinds[1] == [("SYNTHÉTIQUE INC.", "current"), ("EXEMPLE LTÉE", "former"), ("EXEMPLE INC.", "former")]


def test_what_a_table_lacks_or_has_too_much_is_said(tmp_path):
    twice = "1,SYNTHETIC,Active,good\n"
    table = f"Company number,Company name,Status,Mood\n{twice}2,,Active,bad\n3,short\n{twice}"
    report, _, rejected = cleaned(tmp_path, table.encode(), "SYNTHETIC_short.csv")
    assert [(row["record"], row["reasons"]) for row in rejected] == [
        (2, "no_name"),
        (3, "too_few_fields"),
        (4, "cell_repeated"),
    ]
    assert "'Mood'" in report["remarks"][0] and "date of the register is not known" in report["remarks"][1]


def test_two_records_of_one_number_that_differ_are_both_kept(tmp_path):
    table = "Company number,Company name,Status\n1,SYNTHETIC,Active\n1,SYNTHETIC,Dissolved\n"
    assert len(cleaned(tmp_path, table.encode(), "SYNTHETIC_two.csv")[1]) == 2


NOT_REGISTERS = [
    (["Company name", "Address", "Country"], "no number"),
    (["Company number", "Status", "Address"], "no name"),
    (["Company number", "Company name"], "nothing but a name and a number"),
    (["Shipper", "Consignee", "HS Code", "Quantity"], "customs records"),
]


@pytest.mark.parametrize(("headings", "reason"), NOT_REGISTERS)
def test_other_headings_are_no_register(headings, reason):
    assert score(headings) == 0, reason


def test_no_layout_of_customs_records_looks_like_a_register():
    closer = [one.name for one in layouts.LAYOUTS if score(list(one.spellings)) >= layouts.score(list(one.spellings))]
    assert closer == []


def test_a_status_is_certain_or_null():
    assert [active(status) for status in ("LIVE", "radiee", "Vymazaný", "In receivership", "存续")] == [
        *(True, False, False, None, True)
    ]


# Parties


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registers")
    former = '<name code="1" expiryDate="2021-01-01T00:00:00">SYNTHETIC OLD LTD</name>'
    late = '<activity code="1" date="2022-02-25T00:00:00"/>'
    federal(
        folder,
        corporation(1234567, "1234567 Canada Inc.", status=DISSOLVED),
        corporation(2345678, "SYNTHETIC LINKS INC.", more=former),
        corporation(3456789, "SYNTHETIC LINKS LTD.", office=""),
        corporation(4567890, "SYNTHETIC LATE INC.", office="").replace(
            '<activity code="1" date="2019-03-01T00:00:00"/>', late
        ),
        corporation(5678901, "SYNTHETIC THURSDAY INC.", office="").replace("2019-03-01", "2022-02-24"),
    )
    cleaned(folder, TABLES[1][1].encode(), "SYNTHETIC_hk.csv")
    return folder


def asked(folder, name, country=None, number=None, shipped_on=None) -> list[dict[str, object]]:
    party = pd.DataFrame([{"name": name, "country": country, "number": number, "shipped_on": shipped_on}])
    return leads(connect(folder), party).to_dict("records")


LEADS = [
    # name, country, number, day of shipment; how and leads; reason
    (("1234567 Canada Ltée", "CA", None, None), ("number", "not_active;numbered_company;shared_premises"), "its name"),
    (
        ("1234567 Canada Inc.", None, None, "2023-05-03"),
        ("number", "dissolved_before_shipment;numbered_company;shared_premises"),
        "a day after",
    ),
    (
        ("1234567 Canada Inc.", None, None, "2023-05-02"),
        ("number", "not_active;numbered_company;shared_premises"),
        "on the day itself it was there",
    ),
    (("1234567 Ontario Inc.", "CA", None, None), ("none", ""), "the number of another jurisdiction"),
    (("SYNTHETIC LATE", "CA", None, None), ("name", "incorporated_after"), "a day after"),
    (("SYNTHETIC THURSDAY", "CA", None, None), ("name", ""), "on the day itself is not after it"),
    (("SYNTHETIC LATE", "CA", None, "2022-02-25"), ("name", "incorporated_after"), "shipped on its first day"),
    (
        ("SYNTHETIC LATE", "CA", None, "2022-02-24"),
        ("name", "incorporated_after;incorporated_after_shipment"),
        "shipped a day before its first",
    ),
    (("SYNTHETIC OLD", "CA", None, None), ("name", "former_name;shared_premises"), "a name of before"),
    (("SYNTHETIC LATE", "HK", None, None), ("name", "other_country;incorporated_after"), "the party is elsewhere"),
    (("SYNTHETIC NOBODY", "CA", "456789-0", None), ("number", "other_name;incorporated_after"), "the number alone"),
    (("SYNTHETIC NOBODY", "CA", "4567891", None), ("none", ""), "a digit differs"),
    (("SYNTHETIC NOBODY", "HK", "4567890", None), ("none", ""), "the same digits in another country"),
    (("SYNTHETIC CO., LTD", "HK", "123456", None), ("number", ""), "a zero before it is lost in a spreadsheet"),
    (("合成有限公司", None, None, None), ("name", ""), "a name in another script"),
]


@pytest.mark.parametrize(("party", "expected", "reason"), LEADS)
def test_a_party_is_found_by_number_else_by_name_and_told_what_follows(folder, party, expected, reason):
    (row,) = asked(folder, *party)
    assert (row["how"], row["leads"]) == expected, (reason, row["says"])


def test_companies_of_one_name_are_all_there_and_it_is_said_that_this_cannot_tell(folder):
    rows = asked(folder, "Synthetic Links", "CA")
    assert [row["number"] for row in rows] == ["2345678", "3456789"] and {row["companies"] for row in rows} == {2}
    assert all("2 companies fit" in row["says"] and "By name only" in row["says"] for row in rows)


def test_a_lead_is_a_sentence_with_its_register_and_date(folder):
    (row,) = asked(folder, "1234567 CANADA INC", "CA", shipped_on="2024-01-02")
    assert row["says"] == (
        "Found by number in SYNTHETIC ca_federal as of 2026-08-22: 1234567 Canada Inc., number 1234567."
        " Dissolved on 2023-05-02, before the shipment of 2024-01-02. A numbered company: its name is its number."
        " Companies that have the same registered office too: 1."
    )


NOT_FOUND = [
    # country, what is said, reason
    ("CA", ["Not found in SYNTHETIC ca_federal as of 2026-08-22."], "the register of the country"),
    ("HK", ["Not found in SYNTHETIC hk.csv, whose date is not known."], "a register without date"),
    ("SK", ["Not looked up: no register of SK is among the files."], "another country"),
    (
        None,
        [
            "Not found in SYNTHETIC ca_federal as of 2026-08-22.",
            "Not found in SYNTHETIC hk.csv, whose date is not known.",
        ],
        "of no known country: in all",
    ),
]


@pytest.mark.parametrize(("country", "said", "reason"), NOT_FOUND)
def test_who_is_not_found_is_not_found_in_this_register_as_of_its_date(folder, country, said, reason):
    assert [row["says"] for row in asked(folder, "SYNTHETIC NOBODY", country)] == said, reason


def test_without_registers_nothing_was_looked_up(tmp_path):
    (row,) = asked(tmp_path, "SYNTHETIC", "CA")
    assert row["how"] == "none" and row["says"].startswith("Not looked up")


def test_of_two_states_of_a_register_the_last_one_counts(tmp_path):
    one = xml(corporation(1, "SYNTHETIC"))
    cleaned(tmp_path, one, "SYNTHETIC_new.xml")
    cleaned(
        tmp_path, one.replace(b"SYNTHETIC", b"SYNTHETIC B").replace(b"2026-08-22", b"2025-08-22"), "SYNTHETIC_old.xml"
    )
    assert [asked(tmp_path, name, "CA")[0]["how"] for name in ("SYNTHETIC", "SYNTHETIC B")] == ["name", "none"]


@given(st.text(alphabet="0159AZazß ıŉ-./№é０", max_size=12) | st.text(max_size=12))
def test_a_number_has_one_key_in_the_register_and_in_the_question(number):
    in_register = pl.select(declared.number_key(pl.lit(number, pl.String))).item()
    assert registers.number_key(number) == in_register


@given(st.text(max_size=40))
def test_the_fold_of_a_folded_address_is_itself_and_marks_do_not_matter(address):
    folded = folding.folded_address(address)
    assert folding.folded_address(folded) == folded
    assert folding.folded_address(f" {address};, ") == folded


def test_no_parties_give_no_rows(folder):
    assert leads(connect(folder), pd.DataFrame({"name": []})).empty


@pytest.mark.parametrize("module", [registers, declared, folding])
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0
