"""Lists of sanctioned parties outside the United States: every quirk of a publisher's file, in small records.

Names are invented (SYNTHETIC) but for published facts in the tests of the real files.
"""

import csv
import json
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from publishers_lists import EU_COLUMNS, UK_COLUMNS, eu_csv, eu_xml, uk_csv, uk_xml

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.parties.watchlists import recognise
from tradeanalytics.parties.watchlists.entry import Address, Identifier, ListedName
from tradeanalytics.parties.watchlists.told import Fields, address, date_in, day, numbers_in, plain
from tradeanalytics.raw import raw_file


def listing(folder: Path, name: str, text: str):
    """A file of this text, read by the format that its start tells; its records as a list."""
    path = folder / name
    path.write_bytes(text.encode())
    form = recognise(text[: 1 << 14].lstrip("\ufeff").lstrip(), name)
    assert form is not None, "no format was recognised"
    read = form.read(path, name)
    return replace(read, entries=list(read.entries))


def one(folder: Path, name: str, text: str):
    (entry,) = listing(folder, name, text).entries
    return entry


def names(entry, kind: str = "") -> list[str]:
    return [name.name for name in entry.names if kind in ("", name.kind)]


# Days, addresses, numbers ------------------------------------------------------------------------------------------

DAYS = [
    ("2022-04-08", "2022-04-08", "ISO 8601"),
    ("2026-02-27T00:00:09.554Z", "2026-02-27", "with a time"),
    ("2015-04-07-04:00", "2015-04-07", "the UN's, with a time zone alone"),
    ("29/06/2012", "2012-06-29", "the UK's"),
    ("1.12.2011", "2011-12-01", "the EU's, without noughts"),
    ("13-Feb-2026", "2026-02-13", "the report date of the UK's CSV"),
    ("03/2012", "03/2012", "a month is no day: it stays for the Source to flag"),
    ("dd/mm/1958", "dd/mm/1958", "a year is no day"),
    ("  ", None, "blank is not told"),
    (None, None, "nor is what is not there"),
]


@pytest.mark.parametrize(("text", "expected", "why"), DAYS)
def test_a_day_becomes_iso_or_stays_as_written(text, expected, why):
    assert day(text) == expected, why


@given(st.text(max_size=40))
def test_no_text_makes_a_day_fail_or_vanish(text):
    assert (day(text) is None) == (not text.split())


@given(st.dates())
def test_a_real_day_is_read_in_each_publishers_spelling(real):
    spelled = (real.isoformat(), f"{real.day:02}/{real.month:02}/{real.year:04}", f"{real.isoformat()}T10:00:00Z")
    assert {day(text) for text in spelled} == {real.isoformat()}


ADDRESSES = [
    (["1 Sample St", None, " "], "Russia", Address("1 Sample St", "RU"), "blank parts leave no commas"),
    (["Central,", "Hong Kong"], "China", Address("Central, Hong Kong", "CN"), "a part's own comma is not doubled"),
    ([], "Iran", Address("Iran", "IR"), "a country alone is an address"),
    (["1 Sample St"], "Atlantis", Address("1 Sample St, Atlantis"), "a country without a code is not lost"),
    ([None, ""], None, None, "nothing is no address"),
]


@pytest.mark.parametrize(("parts", "country", "expected", "why"), ADDRESSES)
def test_an_address_is_one_line_and_a_country(parts, country, expected, why):
    assert address(parts, country) == expected, why


NUMBERS = [
    ("INN: 7700000000 The sanction was imposed", [("inn", "7700000000", "RU")], "ten digits are a firm's"),
    ("INN 770000000000", [("inn", "770000000000", "RU")], "twelve are a person's"),
    ("INN: 77000000001", [], "eleven are neither"),
    ("ОГРН 1027700000000", [("ogrn", "1027700000000", "RU")], "in Cyrillic"),
    ("OGRN: 115047008196", [], "twelve digits are no OGRN: published so, and not repaired"),
    ("(IMO) Number: 1234567", [("imo", "1234567", None)], "as the UN writes it"),
    ("IMO 1234567; IMO number: 1234567", [("imo", "1234567", None)], "told twice, kept once"),
    ("Registration Number 1234567", [], "the word does not tell whose"),
    ("WINNERS 7700000000", [], "a word that ends in the letters"),
]


@pytest.mark.parametrize(("text", "expected", "why"), NUMBERS)
def test_a_number_in_remarks_counts_where_its_words_tell_the_kind(text, expected, why):
    assert [(found.kind, found.number, found.country) for found in numbers_in(text)] == expected, why


def test_an_unknown_field_is_noted_once_and_never_passed_over():
    fields = Fields("UniqueID")
    fields.meet(["unique_id", "ShoeSize"], "list.xml: record 1")
    fields.meet(["ShoeSize"], "list.xml: record 2")
    assert fields.notes == ["list.xml: record 1 has 'ShoeSize', which is not understood: it stands in no column"]
    assert plain("Business registration number (s)") == "businessregistrationnumbers"


# Canada ------------------------------------------------------------------------------------------------------------


def canada(**fields: str) -> str:
    told = "".join(f"<{tag}>{text}</{tag}>" for tag, text in fields.items())
    return f'<?xml version="1.0"?>\n<data-set xmlns:xsi="x">\n<record>{told}</record>\n</data-set>'


RUSSIA = {"Country": "Russia / Russie", "EntityOrShip": "SYNTHETIC Works", "Schedule": "1, Part 2", "Item": "137"}
WHERE = [
    (RUSSIA, "Russia, Schedule 1, Part 2, item 137", "ends as the regulations and the extract of lists do"),
    (RUSSIA | {"Schedule": "1,Part 3"}, "Russia, Schedule 1, Part 3, item 137", "a space was left out"),
    (RUSSIA | {"Schedule": "1, Part 1 "}, "Russia, Schedule 1, Part 1, item 137", "trailing blank"),
    (RUSSIA | {"Schedule": "1.1"}, "Russia, Schedule 1.1, item 137", "the schedule of ships"),
    (RUSSIA | {"Schedule": "Part 1"}, "Russia, Schedule, Part 1, item 137", "the act has one schedule"),
    (RUSSIA | {"Schedule": "N/A"}, "Russia, Schedule, item 137", "and no parts, in 2020"),
    ({**RUSSIA, "Schedule": ""}, "Russia, Schedule, item 137", "and today"),
    (RUSSIA | {"Country": "Venezuela "}, "Venezuela, Schedule 1, Part 2, item 137", "no French, a trailing blank"),
    (RUSSIA | {"Item": ""}, "Russia, Schedule 1, Part 2", "an item that is not told does not clear the party"),
]


@pytest.mark.parametrize(("fields", "expected", "why"), WHERE)
def test_a_canadian_party_is_named_by_where_it_stands(tmp_path, fields, expected, why):
    assert one(tmp_path, "list.xml", canada(**fields)).entry == expected, why


def test_a_canadian_party_without_item_is_flagged(tmp_path):
    assert one(tmp_path, "list.xml", canada(**RUSSIA | {"Item": ""})).flags == ("item_missing",)
    assert one(tmp_path, "list.xml", canada(**RUSSIA)).flags == ()


CANADIANS = [
    ({"LastName": "PROBA", "GivenName": "\tAnna\n "}, "person", ["Anna PROBA"], "tab and newline inside a name"),
    ({"LastName": "PROBA\u00a0"}, "person", ["PROBA"], "a no-break space at its end"),
    ({"GivenName": "Daw Proba"}, "person", ["Daw Proba"], "Myanmar's whole names stand in one field"),
    ({"EntityOrShip": "SYNTHETIC Works"}, "company", ["SYNTHETIC Works"], "neither number nor day of building"),
    ({"Entity": "SYNTHETIC Works"}, "company", ["SYNTHETIC Works"], "the schema of 2020"),
    ({"EntityOrShip": "Proba", "ShipIMONumber": "1234567"}, "ship", ["Proba"], "a number of the IMO"),
    ({"EntityOrShip": "Proba", "DateOfBirthOrShipBuildDate": "2005"}, "ship", ["Proba"], "built in a year"),
    ({"EntityOrShip": "Proba", "TitleOrShip": "Ship"}, "ship", ["Proba"], "called a ship"),
    (
        {"EntityOrShip": "Sample Army Works/Fabrique militaire d'essai"},
        "company",
        ["Sample Army Works/Fabrique militaire d'essai", "Sample Army Works", "Fabrique militaire d'essai"],
        "English and French: the whole name is kept too, for the stroke can be part of it",
    ),
    ({"EntityOrShip": "M/V Proba"}, "company", ["M/V Proba"], "a stroke within a word"),
    ({"EntityOrShip": "Sample Mills (One/Two/Three)"}, "company", ["Sample Mills (One/Two/Three)"], "in brackets"),
    ({"EntityOrShip": "Alpha/Beta Sample Bloc"}, "company", ["Alpha/Beta Sample Bloc"], "one word on one side"),
]


@pytest.mark.parametrize(("fields", "kind", "expected", "why"), CANADIANS)
def test_names_and_kinds_of_canadian_parties(tmp_path, fields, kind, expected, why):
    entry = one(tmp_path, "list.xml", canada(Country="Russia / Russie", **fields, Schedule="1", Item="1"))
    assert (entry.type, names(entry)) == (kind, expected), why


ALIASES = [
    ("Sample One, Sample Two", ["Sample One", "Sample Two"], "a comma separates"),
    ("Sample One; Sample Two", ["Sample One", "Sample Two"], "and so does a semicolon"),
    ("Sample Co., Ltd., Other", ["Sample Co., Ltd.", "Other"], "but not before a legal form"),
    ("Sample, OOO; Other, Inc.", ["Sample, OOO", "Other, Inc."], "of any country"),
    ("Sample (One, Two), Other", ["Sample (One, Two)", "Other"], "nor within brackets"),
    (" , Sample One,", ["Sample One"], "nothing between two commas is no name"),
    ("Limited", ["Limited"], "a form without a name before it stands alone"),
]


@pytest.mark.parametrize(("cell", "expected", "why"), ALIASES)
def test_canadian_aliases_are_parted(tmp_path, cell, expected, why):
    entry = one(tmp_path, "list.xml", canada(**RUSSIA, Aliases=cell))
    assert names(entry, "alias") == expected, why


COUNTRIES = [
    ("Myanmar (Burma) / Myanmar (Birmanie)", ("MM",), "a country"),
    ("Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR) / Règlement", (), "an act"),
    ("Hamas Terrorist Attacks / Attaques terroristes du Hamas", (), "a regulation"),
]


@pytest.mark.parametrize(("text", "expected", "why"), COUNTRIES)
def test_canadas_country_counts_only_where_it_is_one(tmp_path, text, expected, why):
    entry = one(tmp_path, "list.xml", canada(**RUSSIA | {"Country": text}))
    assert (entry.countries, entry.programmes) == (expected, (text,)), why


BORN = [
    ("1972-08-10 or 1972-08-11", (), "two days, as published"),
    ("1963-1964", (), "two years"),
    ("Sep-99", ("born_unclear",), "what Excel makes of a month"),
    ("36404", ("born_unclear",), "what Excel makes of a day"),
]


@pytest.mark.parametrize(("text", "flags", "why"), BORN)
def test_canadian_dates_of_birth_stay_as_published(tmp_path, text, flags, why):
    person = {"Country": "Iran", "LastName": "PROBA", "DateOfBirth": text, "Schedule": "1", "Item": "1"}
    entry = one(tmp_path, "list.xml", canada(**person))
    assert (entry.born, entry.flags) == ((text,), flags), why


# United Kingdom ----------------------------------------------------------------------------------------------------

BRITISH = {
    "last_updated": "2026-08-04",
    "date_designated": "2012-06-29",
    "unique_id": "SYN0001",
    "ofsi_group_id": "99999",
    "un_reference_number": "SYe.001",
    "names": {
        "names": [
            {"name1": "Anna", "name2": "B", "name6": "PROBA", "name_type": "Primary Name"},
            {"name6": "Anya", "name_type": "ALias", "alias_strength": "Low quality a.k.a"},
            {"name1": "Anna", "name6": "Probova", "name_type": "Alias", "alias_strength": "Good quality a.k.a"},
            {"name6": "Proba", "name_type": "Primary name variation"},
        ]
    },
    "non_latin_names": {"names": [{"name_non_latin_script": "Анна Проба"}]},
    "regime_name": "The Sample Regulations 2019",
    "individual_entity_ship": "Individual",
    "designation_source": "UK",
    "sanctions_imposed": "Asset freeze|Travel Ban",
    "sanctions_imposed_indicators": {"asset_freeze": True, "travel_ban": True},
    "other_information": "INN: 770000000000",
    "uk_statement_of_reasons": "\n",
    "addresses": {
        "addresses": [
            {"address_line1": "1 Sample St", "address_line6": "Exampleton", "address_country": "Russia"},
            {"address_country": "Atlantis"},
        ]
    },
}
UK_FORMS = [
    ("list.jsonl", lambda records: "\n".join(json.dumps(one) for one in records)),
    ("list.xml", uk_xml),
    ("list.csv", uk_csv),
]


@pytest.mark.parametrize(("file", "render"), UK_FORMS)
def test_a_british_party_is_the_same_in_every_format(tmp_path, file, render):
    entry = one(tmp_path, file, render([BRITISH]))
    assert entry.names == (
        ListedName("Anna B PROBA", "primary"),
        ListedName("Anya", "alias", False),
        ListedName("Anna Probova", "alias", True),
        ListedName("Proba", "alias"),
        ListedName("Анна Проба", "native"),
    )
    assert (entry.entry, entry.listed_on, entry.type) == ("SYN0001", "2012-06-29", "person")
    assert entry.identifiers == (Identifier("inn", "770000000000", "RU"),)
    assert entry.addresses == (Address("1 Sample St, Exampleton", "RU"), Address("Atlantis"))
    assert (entry.reference, entry.remarks) == ("UN SYe.001; OFSI 99999", "INN: 770000000000")
    assert entry.programmes == ("The Sample Regulations 2019",)
    assert entry.flags == ()


def test_a_new_column_of_the_british_csv_is_noted_though_it_is_blank(tmp_path):
    head, columns, *rows = uk_csv([BRITISH]).splitlines()
    text = "\n".join([head, f"{columns},Mood", *(f"{row}," for row in rows)])
    read = listing(tmp_path, "list.csv", text)
    assert list(read.notes) == ["list.csv: the heading has 'Mood', which is not understood: it stands in no column"]
    assert listing(tmp_path, "list.csv", uk_csv([BRITISH])).notes == []


def test_the_british_list_tells_its_date_in_xml_and_csv(tmp_path):
    assert listing(tmp_path, "list.xml", uk_xml([BRITISH])).date == "2026-08-22"
    assert listing(tmp_path, "list.csv", uk_csv([BRITISH])).date == "2026-08-22"


def test_rows_of_one_british_party_are_one_record_wherever_they_stand(tmp_path):
    other = BRITISH | {"unique_id": "SYN0002"}
    rows = uk_csv([BRITISH, other]).splitlines()
    shuffled = [*rows[:3], *rows[:1:-1][:-1]]
    read = listing(tmp_path, "list.csv", "\n".join(shuffled)).entries
    assert sorted(entry.entry for entry in read) == ["SYN0001", "SYN0002"]
    assert {frozenset(names(entry)) for entry in read} == {frozenset(names(one(tmp_path, "a.xml", uk_xml([BRITISH]))))}


def test_the_text_of_a_british_csv_record_holds_all_its_rows(tmp_path):
    text = uk_csv([BRITISH])
    assert one(tmp_path, "list.csv", text).text.splitlines() == text.splitlines()[2:]


def test_lists_of_plain_texts_in_json_are_read_and_new_ones_noted(tmp_path):
    more = {
        "individual_details": {"dobs": ["01/01/1960", "dd/mm/1961"], "nationalities": ["Namibia"], "moods": ["calm"]}
    }
    read = listing(tmp_path, "list.jsonl", json.dumps(BRITISH | more))
    (entry,) = read.entries
    assert (entry.born, entry.countries) == (("01/01/1960", "dd/mm/1961"), ("NA",))
    assert [note.partition(" which")[0] for note in read.notes] == ["list.jsonl: record 1 has 'moods',"]


SHIP = """<Designations><DateGenerated>20/08/2026</DateGenerated><Designation><UniqueID>SYN0003</UniqueID>
<Names><Name><Name6>SYNTHETIC STAR</Name6><NameType>Primary name</NameType></Name></Names>
<IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship><IMONumbers><IMONumber>IMO1234567</IMONumber>
</IMONumbers><CurrentOwnerOperators><CurrentOwnerOperator>Sample Line</CurrentOwnerOperator></CurrentOwnerOperators>
<CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
<YearsBuilt><YearBuilt>2011</YearBuilt></YearsBuilt></Ship></ShipDetails><Mood>Calm</Mood></Designation></Designations>
"""
PERSON = """<Designations><Designation><UniqueID>SYN0004</UniqueID><Names><Name><Name6>PROBA</Name6>
<NameType>Nickname</NameType></Name></Names><IndividualEntityShip>Individual</IndividualEntityShip><IndividualDetails>
<Individual><DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1946</DOB></DOBs><PassportDetails><Passport><PassportNumber>P1
</PassportNumber><PassportAdditionalInformation>old</PassportAdditionalInformation></Passport></PassportDetails>
<NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>123</NationalIdentifierNumber>
</NationalIdentifier></NationalIdentifierDetails><Nationalities><Nationality>Namibia</Nationality><Nationality>Atlantis
</Nationality></Nationalities></Individual></IndividualDetails></Designation></Designations>"""


def test_a_british_ship_has_number_flag_and_owner_and_what_is_new_is_noted(tmp_path):
    read = listing(tmp_path, "list.xml", SHIP)
    (entry,) = read.entries
    assert (entry.type, entry.identifiers, entry.countries) == ("ship", (Identifier("imo", "1234567"),), ("KM",))
    assert (entry.born, entry.remarks) == (("2011",), "Current owner or operator: Sample Line")
    assert list(read.notes) == ["list.xml: record 1 has 'mood', which is not understood: it stands in no column"]


def test_a_british_person_keeps_every_day_of_birth_document_and_what_cannot_be_read_is_flagged(tmp_path):
    entry = one(tmp_path, "list.xml", PERSON)
    assert entry.born == ("dd/mm/1945", "01/03/1946")
    assert entry.identifiers == (Identifier("passport", "P1"), Identifier("national identifier", "123"))
    assert entry.countries == ("NA",)
    assert entry.names == (ListedName("PROBA", "alias"),)
    assert entry.flags == ("name_kind_unknown", "country_unreadable")


OFSI = (
    "Last Updated,28/01/2026\r\n"
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,"
    "Non-Latin Script Language,DOB,Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,"
    "National Identification Number,National Identification Details,Position,Address 1,Address 2,Address 3,Address 4,"
    "Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,"
    "UK Sanctions List Date Designated,Last Updated,Group ID\r\n"
    "PROBA,Anna"
    + ","
    * 18
    + "1 Sample St,,,,,,X1 1XX,Russia,,Individual,Primary name,,Sample,17/02/2012,31/12/2020,,7\r\n"
    "Anya,," + "," * 26 + "Individual,AKA,Low,Sample,17/02/2012,31/12/2020,,7\r\n"
)


def test_the_closed_list_of_ofsi_is_read_and_said_to_be_closed(tmp_path):
    read = listing(tmp_path, "ConList.csv", OFSI)
    (entry,) = read.entries
    assert (entry.list, entry.entry, entry.listed_on, read.date) == ("uk_ofsi", "7", "2012-02-17", "2026-01-28")
    assert entry.names == (ListedName("Anna PROBA"), ListedName("Anya", "alias", False))
    assert entry.addresses == (Address("1 Sample St, X1 1XX", "RU"),)
    assert list(read.notes) == [
        "OFSI's consolidated list was closed on 2026-01-28; the UK Sanctions List took its place"
    ]


# European Union ----------------------------------------------------------------------------------------------------


def act(published: str, number: str = "2024/1") -> dict[str, str]:
    return {
        "regulation_type": "amendment",
        "publication_date": published,
        "number_title": number,
        "publication_url": "https://example.org/?a=1&b=2",
    }


def eu_part(published: str = "2024-02-23", **fields) -> dict:
    return {**fields, "regulation_language": "en", "logical_id": "1", "regulation_summaries": [act(published)]}


EUROPEAN = {
    "eu_reference_number": "EU.0.1",
    "logical_id": "1",
    "united_nation_id": "SYe.001",
    "remark": "SYNTHETIC",
    "regulations": [act("2025-03-15", "2025/527") | {"organisation_type": "council", "programme": "UKR"}],
    "subject_type": {"code": "enterprise", "classification_code": "E"},
    "name_aliases": [
        eu_part(whole_name="Пробный завод", name_language="RU", strong=True),
        eu_part(whole_name="Sample Works", name_language="EN", strong=True, function="makes samples"),
        eu_part(whole_name="Sample Works", name_language="SV", strong=True),
    ],
    "addresses": [
        eu_part(street="1 Sample St", city="Exampleton", zip_code="1", country_iso2_code="RU", country_description="X"),
        eu_part(country_iso2_code="IR", country_description="IRAN (ISLAMIC REPUBLIC OF)"),
        eu_part(country_iso2_code="00", country_description="UNKNOWN"),
    ],
    "birthdates": [
        eu_part(circa=False, birthdate="1960-04-10", day_of_month=10, month_of_year=4, year=1960),
        eu_part(circa=True, year=1964),
        eu_part(circa=False, month_of_year=5, year=1977),
        eu_part(circa=False, day_of_month=7, year=1978),
        eu_part(circa=False, city="Exampleton"),
    ],
    "identifications": [
        eu_part(identification_type_code="fiscalcode", number="7700000000", country_iso2_code="RU"),
        eu_part(identification_type_code="regnumber", number="1027700000000", country_iso2_code="RU"),
        eu_part(identification_type_code="regnumber", number="ИНН 7700000001", country_iso2_code="RU"),
        eu_part(identification_type_code="fiscalcode", number="7700000002", country_iso2_code="00"),
        eu_part(identification_type_code="imo", number="1234567", country_iso2_code="00"),
        eu_part(identification_type_code="other", number="-", country_iso2_code="00"),
    ],
    "citizenships": [eu_part(country_iso2_code="NA", country_description="NAMIBIA")],
}
EU_FORMS = [
    ("list.jsonl", lambda records: "\n".join(json.dumps(one) for one in records)),
    ("list.xml", eu_xml),
    ("list.csv", eu_csv),
]


@pytest.mark.parametrize(("file", "render"), EU_FORMS)
def test_a_european_party_is_the_same_in_every_format(tmp_path, file, render):
    entry = one(tmp_path, file, render([EUROPEAN]))
    strong = None if file == "list.csv" else True  # the CSV has no column for it
    assert entry.names == (
        ListedName("Sample Works", "primary", strong, "EN"),
        ListedName("Пробный завод", "alias", strong, "RU"),
        ListedName("Sample Works", "alias", strong, "SV"),
    )
    assert entry.addresses == (Address("1 Sample St, 1, Exampleton", "RU"), Address("IRAN (ISLAMIC REPUBLIC OF)", "IR"))
    assert entry.born == ("1960-04-10", "circa 1964", "1977-05", "1978")
    assert entry.identifiers == (
        Identifier("inn", "7700000000", "RU"),
        Identifier("ogrn", "1027700000000", "RU"),
        Identifier("inn", "7700000001", "RU"),
        Identifier("fiscalcode", "7700000002"),  # whose taxpayer is not told
        Identifier("imo", "1234567"),
    )
    assert (entry.type, entry.countries, entry.programmes) == ("company", ("NA",), ("UKR",))
    assert (entry.reference, entry.remarks) == ("2025/527; UN SYe.001", "SYNTHETIC; makes samples")
    assert entry.listed_on == "2024-02-23"  # not the day of the act that amended it last


def test_a_day_of_designation_goes_before_that_of_an_act(tmp_path):
    text = eu_xml([EUROPEAN]).replace("<sanctionEntity ", '<sanctionEntity designationDate="2011-05-09" ')
    assert one(tmp_path, "list.xml", text).listed_on == "2011-05-09"


def test_the_european_list_tells_its_date_in_xml_and_csv(tmp_path):
    assert listing(tmp_path, "list.xml", eu_xml([EUROPEAN])).date == "2026-05-01"
    assert listing(tmp_path, "list.csv", eu_csv([EUROPEAN])).date == "2026-05-01"


def test_a_weak_european_name_is_told_by_the_xml(tmp_path):
    text = eu_xml([EUROPEAN]).replace('nameLanguage="SV" strong="true"', 'nameLanguage="SV" strong="false"')
    assert [name.strong for name in one(tmp_path, "list.xml", text).names] == [True, True, False]


def test_remarks_of_parts_and_what_is_new_are_not_lost_from_the_european_xml(tmp_path):
    text = (
        eu_xml([EUROPEAN])
        .replace("<citizenship ", '<citizenship mood="calm" ')
        .replace("</identification>", "<remark>expired</remark></identification>", 1)
    )
    read = listing(tmp_path, "list.xml", text.replace("</sanctionEntity>", "<novelty>1</novelty></sanctionEntity>"))
    (entry,) = read.entries
    assert entry.remarks == "SYNTHETIC; makes samples; expired"
    assert [note.partition(" which")[0] for note in read.notes[1:]] == [
        "list.xml: record 1 has 'novelty',",
        "list.xml: record 1 has 'mood',",
    ]


def test_new_lists_in_european_json_are_noted(tmp_path):
    read = listing(tmp_path, "list.jsonl", json.dumps(EUROPEAN | {"moods": ["calm"], "pets": [{"kind": "cat"}]}))
    assert [note.partition(" which")[0].split()[-1] for note in read.notes[1:]] == ["'moods',", "'pets',", "'kind',"]


LOOSE = [
    ('"Sample" Ltd', '"Sample" Ltd', "marks of the name, not of the cell"),
    ('Works "Sample"', 'Works "Sample"', "at its end"),
    ('"Works ""Sample"""', 'Works "Sample"', "quoted as it should be"),
    ('"Works; Sample"', "Works; Sample", "with a delimiter"),
    ('"Works\nSample"', "Works Sample", "over two lines"),
]


@pytest.mark.parametrize(("cell", "expected", "why"), LOOSE)
def test_quotation_marks_in_the_european_csv_break_no_row(tmp_path, cell, expected, why):
    text = eu_csv([EUROPEAN, EUROPEAN | {"eu_reference_number": "EU.0.2"}]).replace("Пробный завод", cell)
    read = listing(tmp_path, "list.csv", text).entries
    assert [expected in names(entry) for entry in read] == [True, True], why


POORER = {
    "names": ["Sample Works", "Sample Works Ltd"],
    "source": "eu-data",
    "entity_type": "organization",
    "country": "",
    "birthdate": "",
    "ref_number": "EU.0.1",
    "ref_type": "EU Reference Number",
    "remark": None,
    "contact": "",
    "address": [{"street": "1 Sample St", "city": "", "state": "", "country": "RUSSIAN FEDERATION", "zip": ""}],
}


def test_the_poorer_shape_of_a_european_party_is_a_copy_only_beside_the_fuller_one(tmp_path):
    lines = [POORER, EUROPEAN, POORER | {"ref_number": "EU.0.2"}]
    read = listing(tmp_path, "list.jsonl", "\n".join(json.dumps(line) for line in lines)).entries
    assert [(entry.entry, entry.copy) for entry in read] == [("EU.0.1", True), ("EU.0.1", False), ("EU.0.2", False)]
    assert names(read[2]) == ["Sample Works", "Sample Works Ltd"]
    assert read[2].addresses == (Address("1 Sample St", "RU"),)


# United Nations ----------------------------------------------------------------------------------------------------

UN = """<?xml version="1.0"?>
<CONSOLIDATED_LIST xmlns:xsi="x" dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>
<FIRST_NAME>ANNA</FIRST_NAME><SECOND_NAME>MARIA</SECOND_NAME><FOURTH_NAME>PROBA</FOURTH_NAME>
<REFERENCE_NUMBER>SYi.001</REFERENCE_NUMBER><UN_LIST_TYPE>Sample</UN_LIST_TYPE><LISTED_ON>2015-04-07-04:00</LISTED_ON>
<COMMENTS1>SYNTHETIC
person</COMMENTS1><NATIONALITY><VALUE>Namibia</VALUE></NATIONALITY><NAME_ORIGINAL_SCRIPT>Анна Проба
</NAME_ORIGINAL_SCRIPT><INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Anya</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>A.</ALIAS_NAME><DATE_OF_BIRTH>1961</DATE_OF_BIRTH>
</INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS>
<QUALITY>Good</QUALITY><ALIAS_NAME>Probova</ALIAS_NAME><NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS><INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE>
<YEAR>1963</YEAR></INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE>
<FROM_YEAR>1968</FROM_YEAR><TO_YEAR>1970</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DOCUMENT>
<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>P1</NUMBER><ISSUING_COUNTRY>United Kingdom of Great Britain and
Northern Ireland</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/></INDIVIDUAL></INDIVIDUALS><ENTITIES>
<ENTITY><DATAID>2</DATAID><FIRST_NAME>SAMPLE LINES (SL) ; SAMPLE FREIGHT</FIRST_NAME><REFERENCE_NUMBER>SYe.001
</REFERENCE_NUMBER><COMMENTS1>SYNTHETIC (IMO) Number: 1234567</COMMENTS1><ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY>
<ALIAS_NAME>Old Lines</ALIAS_NAME></ENTITY_ALIAS><ENTITY_ADDRESS><STREET>1 Sample St</STREET><CITY>Exampleton</CITY>
<COUNTRY>Namibia</COUNTRY></ENTITY_ADDRESS><MOOD>calm</MOOD></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""


def test_a_person_of_the_un_list(tmp_path):
    read = listing(tmp_path, "consolidated.xml", UN)
    person, _ = read.entries
    assert read.date == "2026-02-27"
    assert person.names == (
        ListedName("ANNA MARIA PROBA"),
        ListedName("Anya", "alias", True),
        ListedName("A.", "alias", False),
        ListedName("Probova", "former", True),
        ListedName("Анна Проба", "native"),
    )  # the empty alias is none
    assert person.born == ("circa 1963", "1968 to 1970", "1961")
    assert person.identifiers == (Identifier("passport", "P1", "GB"),)
    assert (person.addresses, person.countries, person.listed_on) == ((), ("NA",), "2015-04-07")
    assert person.remarks == "SYNTHETIC person; previously listed as"


def test_an_entity_of_the_un_list_and_what_is_new_is_noted(tmp_path):
    read = listing(tmp_path, "consolidated.xml", UN)
    _, firm = read.entries
    assert names(firm) == ["SAMPLE LINES (SL) ; SAMPLE FREIGHT", "SAMPLE LINES (SL)", "SAMPLE FREIGHT", "Old Lines"]
    assert (firm.names[3].kind, firm.entry, firm.type) == ("former", "SYe.001", "company")
    assert firm.identifiers == (Identifier("imo", "1234567"),)
    assert firm.addresses == (Address("1 Sample St, Exampleton", "NA"),)
    assert [note.partition(" which")[0] for note in read.notes] == ["consolidated.xml: record 2 has 'MOOD',"]


# Ukraine and OpenSanctions -----------------------------------------------------------------------------------------

UKRAINIAN = {
    "sid": 17,
    "name": "ТОВ «Проба»",
    "translit": "TOV Proba",
    "aliases": ["Проба", {"name": "Sample"}, " "],
    "citizenships": ["RU"],
    "status": "active",
    "subjectType": "legal",
    "identifiers": [{"id": "tax:inn", "code": "7700000000"}, {"id": "reg:edrpou", "code": "12345678"}],
    "attributes": {"anything": 1},
}
STATUSES = [
    ("active", ()),
    ("expired", ("status_expired",)),
    ("excluded", ("status_excluded",)),
    ("", ("status_unknown",)),
]


@pytest.mark.parametrize(("status", "flags"), STATUSES)
def test_a_ukrainian_party_that_is_no_longer_sanctioned_is_kept_and_flagged(tmp_path, status, flags):
    assert one(tmp_path, "nsdc.json", json.dumps([UKRAINIAN | {"status": status}])).flags == flags


@pytest.mark.parametrize("wrap", [lambda one: [one], lambda one: {"total": 1, "items": [one]}, lambda one: one])
def test_a_ukrainian_party_in_any_wrapping(tmp_path, wrap):
    entry = one(tmp_path, "nsdc.json", json.dumps(wrap(UKRAINIAN), ensure_ascii=False))
    assert [(name.name, name.kind, name.language) for name in entry.names] == [
        ("ТОВ «Проба»", "primary", "uk"),
        ("TOV Proba", "alias", "en"),
        ("Проба", "alias", None),
        ("Sample", "alias", None),
    ]
    assert entry.identifiers == (Identifier("inn", "7700000000"), Identifier("edrpou", "12345678"))
    assert (entry.entry, entry.type, entry.countries, entry.listed_on) == ("17", "company", ("RU",), None)


def test_the_ukrainian_register_says_what_is_not_understood(tmp_path):
    read = listing(tmp_path, "nsdc.json", json.dumps([UKRAINIAN | {"mood": "calm"}]))
    assert len(read.notes) == 2 and "'mood'" in read.notes[1]


OPEN = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones","emails",'
    '"dataset","first_seen","last_seen","last_change"\n'
    '"NK-SYN","Company","Sample Works","Works; Ltd;""Sample; Ltd""","","ru;xx","1 Sample St","7700000000","Sample","",'
    '"","UK FCDO Sanctions List","2022-04-23","2026-10-01","2026-09-01"\n'
)


def test_opensanctions_is_read_for_whoever_has_it(tmp_path):
    read = listing(tmp_path, "targets.simple.csv", OPEN)
    (entry,) = read.entries
    assert (entry.authority, entry.list) == ("GB", "opensanctions:UK FCDO Sanctions List")
    assert names(entry) == ["Sample Works", "Works", "Ltd", "Sample; Ltd"]  # quotation marks hold a semicolon
    assert (entry.countries, entry.flags, entry.listed_on) == (("RU",), ("country_unreadable",), None)
    assert "CC BY-NC" in read.notes[0]


def test_several_lists_put_together_are_opensanctions_word(tmp_path):
    text = OPEN.replace("UK FCDO Sanctions List", "UK FCDO Sanctions List;US OFAC SDN")
    assert one(tmp_path, "targets.simple.csv", text).authority == "OpenSanctions"


# Whatever a name holds ---------------------------------------------------------------------------------------------

WRITTEN = st.text("aZяÉ公 \u00a0\"'“;,&<>/()|.-\n", min_size=1, max_size=12)


def said(name: str, text: str) -> list:
    """The names of a list's records, whatever its format."""
    with tempfile.TemporaryDirectory() as folder:
        return [entry.names for entry in listing(Path(folder), name, text).entries]


@given(st.lists(WRITTEN, min_size=1, max_size=3), WRITTEN)
def test_a_british_name_is_the_same_in_every_format(written, native):
    told = [{"name1": name, "name6": name, "name_type": "Alias"} for name in written]
    record = BRITISH | {"names": {"names": told}, "non_latin_names": {"names": [{"name_non_latin_script": native}]}}
    read = [said(file, render([record])) for file, render in UK_FORMS]
    assert read[0] == read[1] == read[2]


@given(st.lists(WRITTEN.filter(str.strip), min_size=1, max_size=3))
def test_a_european_name_is_the_same_in_every_format(written):
    record = EUROPEAN | {"name_aliases": [eu_part(whole_name=name, name_language="RU") for name in written]}
    read = [said(file, render([record])) for file, render in EU_FORMS]
    assert read[0] == read[1] == read[2]


@given(st.text("aBЯ ,;()/.", max_size=30))
def test_no_letter_of_canadian_aliases_is_lost(cell):
    (found,) = said("list.xml", canada(**RUSSIA, Aliases=cell))
    whole = [name.name for name in found[1:] if name.language is None]
    assert sorted("".join(whole).replace(" ", "")) == sorted(_with_commas(cell, whole))


def _with_commas(cell: str, names: list[str]) -> str:
    """The cell without what separates names; a comma within a name stays."""
    kept = "".join(letter for letter in cell if letter not in " ,;")
    return kept + "".join(letter for name in names for letter in name if letter in ",;")


# Bad input ---------------------------------------------------------------------------------------------------------

LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<CONSOLIDATED_LIST><ENTITIES><ENTITY><FIRST_NAME>&b;</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<Designations><Designation><UniqueID>&a;</UniqueID></Designation></Designations>"""
BAD = [
    ("list.xml", LAUGHS, "declares a document type or entities", "entities that grow"),
    ("list.xml", OUTSIDE, "declares a document type or entities", "an entity that reads a file of this machine"),
    ("list.xml", uk_xml([BRITISH])[:-40], "damaged or cut off", "XML cut off"),
    ("list.xml", eu_xml([EUROPEAN])[:-400], "damaged or cut off", "XML cut off"),
    ("list.xml", UN[:-100], "damaged or cut off", "XML cut off"),
    ("list.xml", canada(**RUSSIA)[:-20], "damaged or cut off", "XML cut off"),
    (
        "list.jsonl",
        f"{json.dumps(BRITISH)}\n{json.dumps(BRITISH)[:-50]}",
        "record 2 is damaged or cut off",
        "JSON cut off",
    ),
    ("list.jsonl", f"{json.dumps(EUROPEAN)}\n[1]", "expected an object of JSON", "a line that is no record"),
    ("list.csv", uk_csv([BRITISH])[:-100], "cut off", "CSV cut off within a row"),
    ("list.csv", eu_csv([EUROPEAN])[:-100], "cut off", "CSV cut off within a row"),
    ("list.xml", "<!DOCTYPE html><html><body>Sorry</body></html>", "HTML or XML page", "a page saved as XML"),
    ("list.csv", "<!DOCTYPE html><html><body>Sorry</body></html>", "HTML or XML page", "a page saved as CSV"),
    ("list.json", "<!DOCTYPE html><html><body>Sorry</body></html>", "HTML or XML page", "a page saved as JSON"),
    ("list.xml", uk_xml([]), "the list is empty", "a list without a party would clear everybody"),
    ("list.csv", uk_csv([]), "the list is empty", "headings alone"),
    ("list.xml", eu_xml([]), "the list is empty", "a list without a party"),
    ("list.csv", eu_csv([]), "the list is empty", "headings alone"),
    ("list.xml", "<data-set></data-set>", "the list is empty", "a list without a party"),
    ("list.xml", "<CONSOLIDATED_LIST></CONSOLIDATED_LIST>", "the list is empty", "a list without a party"),
    ("nsdc.json", '["sid", "translit", "status"]', "holds no list of parties", "a list of something else"),
    ("list.xml", "<Designations2>", "HTML or XML page|damaged", "another schema"),
]


@pytest.mark.parametrize(("file", "text", "said", "why"), BAD)
def test_a_list_that_is_no_whole_list_is_refused_in_one_line(tmp_path, file, text, said, why):
    raw = tmp_path / "raw" / file
    raw.parent.mkdir()
    raw.write_bytes(text.encode())
    with pytest.raises(TradeAnalyticsError, match=said) as caught:
        clean(raw_file(raw, raw.parent), tmp_path / "processed")
    assert "\n" not in str(caught.value) and file in str(caught.value), why
    assert not outputs(file, tmp_path / "processed")["listed"].exists(), why


def listed(folder: Path, file: str, text: str):
    """The cleaning report and the LISTED rows of a file."""
    raw = folder / "raw" / file
    raw.parent.mkdir(exist_ok=True)
    raw.write_bytes(text.encode())
    report = clean(raw_file(raw, raw.parent), folder / "processed")
    return report, pl.read_parquet(outputs(file, folder / "processed")["listed"])


def test_records_of_one_number_with_other_contents_are_both_kept(tmp_path):
    other = BRITISH | {"regime_name": "The Other Regulations 2020"}
    report, rows = listed(tmp_path, "list.xml", uk_xml([BRITISH, other]))
    assert rows["entry"].to_list() == ["SYN0001", "SYN0001"]
    assert (report["records"], report["accepted"], report["rejected"]) == (2, 2, 0)


def test_a_very_long_name_is_kept_whole(tmp_path):
    name = "Проба " * 1_666 + "XXXX"
    assert len(name) == 10_000
    _, rows = listed(tmp_path, "list.xml", canada(**RUSSIA | {"EntityOrShip": name}))
    assert rows["names"][0][0]["name"] == name


def test_a_listing_day_that_cannot_be_read_is_flagged_and_the_party_kept(tmp_path):
    _, rows = listed(tmp_path, "list.xml", canada(**RUSSIA, DateOfListing="spring 2022"))
    assert (rows["listed_on"].to_list(), rows["flags"].to_list()) == ([None], ["listed_on_unreadable"])


def test_a_record_without_a_name_or_a_number_is_rejected_with_its_text(tmp_path):
    nameless = {key: value for key, value in BRITISH.items() if key not in ("names", "non_latin_names")}
    report, _ = listed(tmp_path, "list.jsonl", f"{json.dumps(BRITISH)}\n{json.dumps(nameless | {'names': {}})}")
    assert (report["accepted"], report["rejected"]) == (1, 1)
    assert list(report["reasons"]) == ["no_name"]


def test_the_date_is_the_first_at_the_beginning_of_a_list(tmp_path):
    path = tmp_path / "list.xml"
    path.write_text(uk_xml([BRITISH], date="01/02/2026"))
    assert date_in(path, "<DateGenerated>([^<]+)<") == "2026-02-01"
    assert date_in(path, "<NotThere>([^<]+)<") == ""


# The real files ----------------------------------------------------------------------------------------------------


@cache
def real(shared: Path, name: str):
    path = shared / "data/watchlists" / name
    form = recognise(path.read_bytes()[: 1 << 14].decode("utf-8-sig", "replace").lstrip(), path.name)
    return list(form.read(path, path.name).entries)


REAL = [
    ("ca/2020-04_sema-lmes.xml", 1_369, 1_369, 0, {"company": 384, "person": 985}),
    ("ca/sema-lmes_reconstructed_2026-08-22.xml", 5_690, 5_690, 0, {"company": 1_445, "person": 3_514, "ship": 731}),
    ("uk/uksl_2026-08-22.records.jsonl", 6_349, 6_349, 0, {"company": 1_647, "person": 4_036, "ship": 666}),
    ("eu/eu_fsf_2026-05-01.records.jsonl", 11_720, 5_860, 5_860, {"company": 1_519, "person": 4_341}),
    ("un/UN_consolidated_watchman.xml", 1_003, 1_003, 0, {"company": 273, "person": 730}),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "records", "accepted", "aside", "types"), REAL)
def test_every_record_of_the_real_lists_is_accounted_for(shared, tmp_path, name, records, accepted, aside, types):
    path = shared / "data/watchlists" / name
    report = clean(raw_file(path, path.parent), tmp_path)
    assert (report["records"], report["accepted"], report["rejected"]) == (records, accepted, aside)
    assert report["set_aside"] == aside and set(report["reasons"]) <= {"said_again"}
    assert report["types"] == types
    assert not [remark for remark in report["remarks"] if "not understood" in remark]


@pytest.mark.shared
def test_no_two_parties_of_canadas_list_share_a_place(shared):
    for name in ("ca/2020-04_sema-lmes.xml", "ca/sema-lmes_reconstructed_2026-08-22.xml"):
        places = [entry.entry for entry in real(shared, name)]
        assert len(set(places)) == len(places)


FACTS = [
    ("ca/sema-lmes_reconstructed_2026-08-22.xml", "Special Technology Centre LLC", "2022-04-08", "Part 2, item 137"),
    ("ca/sema-lmes_reconstructed_2026-08-22.xml", "SMT-iLogic", "2023-07-19", "Part 2, item 403"),
    ("uk/uksl_2026-08-22.records.jsonl", "SMT-ILOGIC", "2023-08-08", "RUS1947"),
    ("uk/uksl_2026-08-22.records.jsonl", "Asia Pacific Links Limited", "2023-12-06", "RUS2037"),
    ("eu/eu_fsf_2026-05-01.records.jsonl", "Asia Pacific Links Ltd.", "2024-12-16", "EU.12584.94"),
    ("eu/eu_fsf_2026-05-01.records.jsonl", "LLC SMT iLogic", "2024-02-23", "EU.11291.51"),
    ("eu/eu_fsf_2026-05-01.records.jsonl", 'ООО "СТЦ"', "2023-02-25", "EU.9765.44"),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "party", "since", "number"), FACTS)
def test_who_listed_whom_since_when(shared, name, party, since, number):
    found = [entry for entry in real(shared, name) if party in names(entry) and not entry.copy]
    assert [(entry.listed_on, entry.entry.endswith(number)) for entry in found] == [(since, True)]


@pytest.mark.shared
def test_asia_pacific_links_is_not_on_canadas_list_of_that_date(shared):
    entries = real(shared, "ca/sema-lmes_reconstructed_2026-08-22.xml")
    assert not [name for entry in entries for name in names(entry) if "asia pacific links" in name.lower()]


@pytest.mark.shared
def test_the_extract_of_lists_and_the_lists_themselves_agree(shared):
    """Every row of the extract but the United States' has its party in the list, by number, with its day and name."""
    lists = {
        "Canada": "ca/sema-lmes_reconstructed_2026-08-22.xml",
        "United Kingdom": "uk/uksl_2026-08-22.records.jsonl",
        "European Union": "eu/eu_fsf_2026-05-01.records.jsonl",
    }
    found = {authority: [one for one in real(shared, name) if not one.copy] for authority, name in lists.items()}
    for row in csv.DictReader((shared / "facts/listed_extract.csv").read_text(encoding="utf-8").splitlines()):
        for entry in found.get(row["authority"], ()):
            if entry.entry == row["list_id"] or entry.entry == f"Russia, {row['list_id']}":
                assert (row["listed_on"], row["name"] in names(entry)) == (entry.listed_on, True)
                break
        else:
            assert row["authority"] == "United States", row


def whole(shared: Path, name: str) -> list[dict]:
    lines = (shared / "data/watchlists" / name).read_text(encoding="utf-8").splitlines()
    return [record for line in lines if "ref_number" not in (record := json.loads(line))]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "xml", "table"),
    [("uk/uksl_2026-08-22.records.jsonl", uk_xml, uk_csv), ("eu/eu_fsf_2026-05-01.records.jsonl", eu_xml, eu_csv)],
)
def test_the_three_formats_of_a_list_say_the_same_of_every_party(shared, tmp_path, name, xml, table):
    records = whole(shared, name)
    first = [replace(entry, text="") for entry in real(shared, name) if not entry.copy]
    second = [replace(entry, text="") for entry in listing(tmp_path, "list.xml", xml(records)).entries]
    third = [replace(entry, text="") for entry in listing(tmp_path, "list.csv", table(records)).entries]
    assert len(first) == len(records) and second == first
    if table is eu_csv:  # it has no column for the strength of a name
        first = [replace(one, names=tuple(replace(name, strong=None) for name in one.names)) for one in first]
    assert third == first


def test_the_layouts_of_the_tables_are_the_publishers():
    assert len(EU_COLUMNS) == 118
    assert len(UK_COLUMNS) == len(set(UK_COLUMNS)) == 58
