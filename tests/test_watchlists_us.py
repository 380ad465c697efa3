"""The lists of the United States: each record of a published file is kept, taken apart, and what is odd is said.

Every party here is SYNTHETIC, but for the few published facts of the real files at the end.
"""

import csv
import doctest
import io
import json
from pathlib import Path

import polars as pl
import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.parties.watchlists import (
    csl,
    denied,
    ofac,
    ofac_advanced,
    ofac_remarks,
    ofac_xml,
    recognise,
    us_text,
)
from tradeanalytics.raw import raw_file
from tradeanalytics.raw.catalogue import catalogue
from tradeanalytics.reference import lookup

NO = "-0- "
END = "\x1a"


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, processed: Path) -> tuple[dict, list[dict]]:
    """The report and the accepted rows of a file as the whole cleaning gives them."""
    raw = raw_file(path, path.parent)
    report = clean(raw, processed)
    return report, pl.read_parquet(outputs(raw.name, processed)["listed"]).to_dicts()


def refused(path: Path, processed: Path) -> str:
    with pytest.raises(TradeAnalyticsError) as error:
        clean(raw_file(path, path.parent), processed)
    text = str(error.value)
    assert path.name in text and "\n" not in text
    return text


def lines(*rows: tuple[str, ...], end: str = END) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue() + end


def party(**changed: str) -> tuple[str, ...]:
    cells = dict.fromkeys(ofac._PARTY, NO) | {"ent_num": "7", "SDN_Name": "SYNTHETIC ALDER OOO", "Program": "X1"}
    return tuple((cells | changed).values())


def kinds(row: dict) -> list[tuple]:
    return [(one["kind"], one["number"], one["country"]) for one in row["identifiers"]]


def names(row: dict) -> list[tuple]:
    return [(one["name"], one["kind"], one["strong"]) for one in row["names"]]


@pytest.mark.parametrize("module", [csl, denied, ofac, ofac_advanced, ofac_remarks, ofac_xml, us_text])
def test_the_examples_are_true(module):
    assert doctest.testmod(module).failed == 0


# OFAC's files without headings

SHAPES = [
    # first line, name of the file, what it is known as
    (party(), "sdn.csv", "list of OFAC, files without headings"),
    (party(), "renamed.csv", "list of OFAC, files without headings"),  # the shape tells, not the name
    (party(SDN_Type="planet"), "sdn.csv", None),  # a fifth kind of party in the first line is another file
    (tuple("123456789abc"), "sdn.csv", None),  # twelve columns of anything
    (("7", "70", NO, "Tver", "Russia", NO), "add.csv", "list of OFAC, files without headings"),
    (("7", "70", "a", "b", "c", "d"), "add.csv", None),  # six columns, and no `-0- `
    (("7", "71", "aka", "SYNTHETIC ALDER", NO), "alt.csv", "list of OFAC, files without headings"),
    (("7", "71", "total", "SYNTHETIC ALDER", NO), "alt.csv", None),  # no kind of name
    (("7", "Linked To: A; DOB 1951."), "x.csv", "list of OFAC, files without headings"),
    (("7", "Zinc"), "x.csv", None),  # two columns may be anything
    (("7", "Zinc"), "SDN_COMMENTS.CSV", "list of OFAC, files without headings"),
]


@pytest.mark.parametrize(("row", "name", "title"), SHAPES)
def test_a_file_of_ofac_is_told_by_its_shape(row, name, title):
    found = recognise(lines(row), name)
    assert (found.title if found else None) == title


def test_what_is_nothing_is_null_and_each_row_says_what_it_holds(tmp_path):
    files = {
        "sdn.csv": party(),
        "add.csv": ("7", "70", "1 Example St.", "Tver 170000", "Russia", NO),
        "alt.csv": ("7", "71", "fka", "SYNTHETIC ALDER LLC", NO),
        "sdn_comments.csv": ("7", "lf a number 770; Tax ID No. 7700000000 (Russia)."),
    }
    rows = {name: read(put(tmp_path, name, lines(row)), tmp_path / "out")[1][0] for name, row in files.items()}
    assert [row["says"] for row in rows.values()] == ["entry", "address", "alias", "remark"]
    assert [row["part"] for row in rows.values()] == [None, "70", "71", None]
    assert {row["entry"] for row in rows.values()} == {"7"} and {row["list"] for row in rows.values()} == {"ofac_sdn"}
    assert {row["listed_on"] for row in rows.values()} == {None}  # these files never tell the day
    assert (rows["sdn.csv"]["type"], rows["sdn.csv"]["remarks"]) == ("company", None)
    assert rows["add.csv"]["addresses"] == [{"address": "1 Example St., Tver 170000, Russia", "country": "RU"}]
    assert names(rows["alt.csv"]) == [("SYNTHETIC ALDER LLC", "former", None)]
    assert kinds(rows["sdn_comments.csv"]) == [("inn", "7700000000", "RU")]


LISTS = [
    ("cons_prim.csv", "ofac_consolidated"),
    ("2026-01_CONS_ADD.CSV", "ofac_consolidated"),
    ("us_nonSDN.csv", "ofac_consolidated"),
    ("sdn.csv", "ofac_sdn"),
    ("icons.csv", "ofac_sdn"),  # a word that only ends so
]


@pytest.mark.parametrize(("name", "of_list"), LISTS)
def test_the_name_tells_the_two_lists_of_ofac_apart(name, of_list):
    assert ofac.list_by_name(name) == of_list


ENDS = [
    # the end of the file, whether it is said that it may be cut off
    ("\x1a", False),
    ("\x1a,,,,,,,,,,,", False),  # a spreadsheet pads the last line
    ("\x1a\r\n", False),
    ("", True),
]


@pytest.mark.parametrize(("end", "said"), ENDS)
def test_the_end_mark_is_no_record_and_is_missed(end, said, tmp_path):
    report, rows = read(put(tmp_path, "sdn.csv", lines(party(), end=end)), tmp_path / "out")
    assert (report["records"], len(rows)) == (1, 1)
    assert any("no end mark" in remark for remark in report["remarks"]) == said


BROKEN = [
    # text of sdn.csv, what the message says
    (lines(party(), party()[:7], end=""), "record 2 has 7 fields, expected 12; the list is cut off"),
    (lines(party(), party()[:7], party()), "record 2 has 7 fields, expected 12"),
    (lines(party(), end="")[:-4], "ends in '-0', expected '-0- '"),
    (lines(party(Remarks="Linked To: A, B"), end="")[:-5], "damaged or cut off"),  # within quotes
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_file_of_ofac_that_is_cut_off_is_refused(text, said, tmp_path):
    assert said in refused(put(tmp_path, "sdn.csv", text), tmp_path / "out")


def test_a_web_page_in_place_of_a_list_is_refused(tmp_path):
    refused(put(tmp_path, "sdn.csv", "<!DOCTYPE html><html><body>Request rejected</body></html>"), tmp_path / "out")


def test_a_ship_keeps_its_flag_call_sign_and_what_has_no_column(tmp_path):
    row = party(
        SDN_Type="vessel", Call_Sign="XX1", Vess_type="Tug", Tonnage="640", Vess_flag="Iran",
        Vess_owner="SYNTHETIC LINE",
        Program="A] [B", Remarks="Vessel Registration Identification IMO 1234567; MMSI 987654321.",
    )  # fmt: skip
    _, (ship,) = read(put(tmp_path, "sdn.csv", lines(row)), tmp_path / "out")
    assert (ship["type"], ship["countries"], ship["programmes"]) == ("ship", ["IR"], ["A", "B"])
    assert kinds(ship) == [("call sign", "XX1", None), ("imo", "1234567", None), ("mmsi", "987654321", None)]
    assert ship["remarks"].endswith("; Vess_type: Tug; Tonnage: 640; Vess_owner: SYNTHETIC LINE")


def test_what_cannot_be_understood_is_kept_and_flagged(tmp_path):
    parties = lines(party(), party(SDN_Type="planet"), party(Remarks="nationality Atlantis."), party(SDN_Name=NO))
    report, rows = read(put(tmp_path, "sdn.csv", parties), tmp_path / "out")
    assert [row["flags"] for row in rows] == ["", "type_unknown", "country_unreadable"]
    assert report["reasons"]["no_name"]["count"] == 1  # nobody is named: the only record that is refused
    addresses = lines(("7", "70", NO, NO, NO, NO), ("7", "71", NO, NO, "Region: Atlantis", NO))
    _, rows = read(put(tmp_path, "add.csv", addresses), tmp_path / "out")
    assert [(row["flags"], len(row["addresses"])) for row in rows] == [("address_empty", 0), ("country_unreadable", 1)]
    _, rows = read(
        put(tmp_path, "alt.csv", lines(("7", "70", "aka", "A", NO), ("7", "71", "zka", "B", NO))), tmp_path / "out"
    )
    assert [row["flags"] for row in rows] == ["", "alias_type_unknown"]


# Remarks

NUMBERS = [
    # a part of remarks, the numbers read from it
    ("Tax ID No. 7700000000 (Russia)", [("inn", "7700000000", "RU")]),
    ("Tax ID No. 770000000000 (Russia)", [("inn", "770000000000", "RU")]),
    ("Tax ID No. 77000000000 (Russia)", [("tax id no.", "77000000000", "RU")]),  # 11 digits: no INN
    ("Tax ID No. 7700000000 (Serbia)", [("tax id no.", "7700000000", "RS")]),
    ("Tax ID No. 7700000000", [("tax id no.", "7700000000", None)]),  # whose?
    ("Registration Number 1027700000000 (Russia)", [("ogrn", "1027700000000", "RU")]),
    ("Business Registration Number 1037739709138 (Russia)", [("ogrn", "1037739709138", "RU")]),
    ("Registration Number 102770000000 (Russia)", [("registration number", "102770000000", "RU")]),  # 12 digits
    ("alt. Passport E00000000 (China) issued 01 Sep 2015 expires 01 Sep 2025", [("passport", "E00000000", "CN")]),
    ("Legal Entity Number 253400AAAA00AAAA0000 (Russia)", [("lei", "253400AAAA00AAAA0000", "RU")]),
    ("Unified Social Credit Code (USCC) 91000000000000000L (China)", [("uscc", "91000000000000000L", "CN")]),
    ("C.R. No. 1234567 (Hong Kong)", [("hk_cr", "1234567", "HK")]),
    ("Business Registration Number 12345678 (Hong Kong)", [("business registration number", "12345678", "HK")]),
    ("Business Number 123456789 (Canada)", [("ca_bn", "123456789", "CA")]),
    ("Identification Number IMO 1234567", [("identification number", "IMO 1234567", None)]),  # an owner's, no ship's
    ("V.A.T. Number BG 121024920 (Bulgaria)", [("v.a.t. number", "BG 121024920", "BG")]),
    ("National ID No. 12/MABANA(N)093656 (Burma)", [("national id no.", "12/MABANA(N)093656", "MM")]),
    ("Digital Currency Address - XBT 1SYNTHETIC0", [("digital currency address - xbt", "1SYNTHETIC0", None)]),
    ("SWIFT/BIC ABCDEF2L", [("swift/bic", "ABCDEF2L", None)]),
    ("I.F.E. RLAVLS81031125H800 (Mexico)", [("i.f.e.", "RLAVLS81031125H800", "MX")]),  # a word not known here
    ("Gender Male", []),
    ("Phone Number 98912111", []),
    ("Passport and National ID were issued in Ulm", []),  # a sentence
    ("Executive Order 13662 Directive Determination - Subject to Directive 4", []),
    ("Nationality of Registration Russia", []),
    ("Linked To: UNIT 61 (Russia)", []),
]


@pytest.mark.parametrize(("part", "numbers"), NUMBERS)
def test_numbers_in_remarks_have_their_kind_only_where_word_and_country_say_so(part, numbers):
    found = ofac_remarks.told(f"DOB 1951; {part}; POB Tver.").identifiers
    assert [(one.kind, one.number, one.country) for one in found] == numbers


def test_weak_names_births_and_nations_stand_in_the_remarks():
    told = ofac_remarks.told(
        "DOB circa 1951; alt. DOB 02 Mar 1952; nationality Iran; citizen Korea, North; a.k.a. 'A B'; f.k.a. 'C'."
    )
    assert told.born == ("circa 1951", "02 Mar 1952") and told.countries == ("IR", "KP")
    assert [(one.name, one.kind, one.strong) for one in told.names] == [("A B", "alias", False), ("C", "former", False)]


LONG = "Linked To: " + "A" * 960 + "; Tax ID No. 7700000000 (Ru"


@pytest.mark.parametrize(
    ("remarks", "numbers", "flags"),
    [
        (f"Tax ID No. 7700000001 (Russia); {LONG}"[:1000].ljust(1000, "B"), ["7700000001"], "remarks_go_on_elsewhere"),
        (f"Tax ID No. 7700000001 (Russia); {LONG}"[:999].ljust(999, "B"), ["7700000001"], ""),
        ("A" * 980 + "; Tax ID No. 77000"[:20].ljust(20, "1"), [], "remarks_go_on_elsewhere"),  # half a number
        ("A" * 979 + "; Tax ID No. 77000"[:20].ljust(20, "1"), ["7700011"], ""),  # 999 characters: a whole one
    ],
)
def test_half_a_number_at_the_end_of_the_longest_remarks_is_not_read(remarks, numbers, flags, tmp_path):
    _, (row,) = read(put(tmp_path, "sdn.csv", lines(party(Remarks=remarks))), tmp_path / "out")
    assert ([one["number"] for one in row["identifiers"]], row["flags"]) == (numbers, flags)


@given(st.text(st.sampled_from("AaNo.ID #0189()';-k DOB"), max_size=80), st.booleans(), st.booleans())
def test_what_is_read_from_remarks_stands_in_them(remarks, begun, cut):
    told = ofac_remarks.told(remarks, begun_elsewhere=begun, cut=cut)
    line = " ".join(remarks.split())
    assert all(one.number in line for one in told.identifiers) and all(one.name in line for one in told.names)


# XML

CLASSIC = """<?xml version="1.0"?>
<sdnList xmlns="http://tempuri.org/sdnList.xsd">
 <publshInformation><Publish_Date>12/14/2020</Publish_Date>{count}</publshInformation>
 <sdnEntry><uid>7</uid><lastName>SYNTHETIC ALDER</lastName><firstName>Ann</firstName><title>Chair</title>
  <sdnType>Individual</sdnType><remarks>(Linked To: B)</remarks>
  <programList><program>{programme}</program></programList>
  <idList><id><uid>1</uid><idType>Tax ID No.</idType><idNumber>770000000000</idNumber></id>
   <id><uid>2</uid><idType>Gender</idType><idNumber>Female</idNumber></id></idList>
  <akaList><aka><uid>3</uid><type>f.k.a.</type><category>weak</category><lastName>ALDERS</lastName></aka></akaList>
  <addressList><address><uid>4</uid><city>Tver</city><country>Russia</country></address></addressList>
  <dateOfBirthList><dateOfBirthItem><uid>5</uid><dateOfBirth>1962</dateOfBirth></dateOfBirthItem></dateOfBirthList>
  {more}</sdnEntry>
</sdnList>"""
COUNT = "<Record_Count>1</Record_Count>"


def classic(count: str = COUNT, programme: str = "NS-PLC", more: str = "") -> str:
    return CLASSIC.format(count=count, programme=programme, more=more)


def test_a_party_of_the_classic_xml(tmp_path):
    report, (row,) = read(put(tmp_path, "cons.xml", classic()), tmp_path / "out")
    assert (report["remarks"], row["list_date"], row["list"]) == ([], "2020-12-14", "ofac_consolidated")
    assert names(row) == [("SYNTHETIC ALDER, Ann", "primary", None), ("ALDERS", "former", False)]
    assert kinds(row) == [("inn", "770000000000", None)]  # no country of its own: that of all addresses counts
    assert row["remarks"] == "(Linked To: B); title: Chair; Gender: Female" and row["born"] == ["1962"]


@pytest.mark.parametrize(
    ("name", "programme", "of_list"),
    [
        ("consolidated.xml", "SDGT", "ofac_consolidated"),
        ("sdn.xml", "NS-PLC", "ofac_sdn"),
        ("list.xml", "NS-PLC", "ofac_consolidated"),  # the name says nothing: the programmes do
        ("list.xml", "SDGT", "ofac_sdn"),
    ],
)
def test_which_list_a_classic_xml_is(name, programme, of_list, tmp_path):
    report, (row,) = read(put(tmp_path, name, classic(programme=programme)), tmp_path / "out")
    assert row["list"] == of_list and any("programmes say" in text for text in report["remarks"]) == (
        name == "list.xml"
    )


def test_a_classic_xml_that_holds_fewer_parties_than_it_says_is_refused(tmp_path):
    path = put(tmp_path, "sdn.xml", classic("<Record_Count>2</Record_Count>"))
    assert "Record_Count is 2, the file holds 1 parties" in refused(path, tmp_path / "out")


def test_an_element_that_is_not_known_is_said(tmp_path):
    report, _ = read(put(tmp_path, "sdn.xml", classic(more="<shoeSize>40</shoeSize>")), tmp_path / "out")
    assert report["remarks"] == ["the element shoeSize is not known, and not read: it stands 1 times"]


ADVANCED = """<?xml version="1.0"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0">
 <DateOfIssue><Year>2021</Year><Month>6</Month><Day>3</Day></DateOfIssue>
 <ReferenceValueSets>
  <AliasTypeValues><AliasType ID="1">A.K.A.</AliasType><AliasType ID="3">Name</AliasType></AliasTypeValues>
  <AreaCodeValues><AreaCode ID="70">RU</AreaCode><AreaCode ID="0">undetermined</AreaCode></AreaCodeValues>
  <CountryValues><Country ID="70" ISO2="RU">Russia</Country></CountryValues>
  <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="25">Location</FeatureType>
   <FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="14">Website</FeatureType>
   <FeatureType ID="13">SWIFT/BIC</FeatureType></FeatureTypeValues>
  <IDRegDocTypeValues><IDRegDocType ID="1">Tax ID No.</IDRegDocType></IDRegDocTypeValues>
  <LegalBasisValues><LegalBasis ID="1">Unknown</LegalBasis><LegalBasis ID="2">Order 1</LegalBasis></LegalBasisValues>
  <ListValues><List ID="1">SDN List</List><List ID="2">Consolidated List</List></ListValues>
  <LocPartTypeValues><LocPartType ID="51">ADDRESS1</LocPartType><LocPartType ID="54">CITY</LocPartType>
  </LocPartTypeValues>
  <NamePartTypeValues><NamePartType ID="20">Last Name</NamePartType><NamePartType ID="21">First Name</NamePartType>
  </NamePartTypeValues>
  <PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
  <PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues>
  <RelationTypeValues><RelationType ID="5">Owned or Controlled By</RelationType></RelationTypeValues>
  <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="6">Block</SanctionsType>
  </SanctionsTypeValues>
  <ValidityValues><Validity ID="1">Valid</Validity><Validity ID="2">Fraudulent</Validity></ValidityValues>
 </ReferenceValueSets>
 <Locations><Location ID="900"><LocationAreaCode AreaCodeID="70"/><LocationCountry CountryID="70"/>
  <LocationPart LocPartTypeID="54"><LocationPartValue><Value>Tver</Value></LocationPartValue></LocationPart>
  <LocationPart LocPartTypeID="51"><LocationPartValue><Value>1 Example St.</Value></LocationPartValue></LocationPart>
 </Location><Location ID="901"><LocationAreaCode AreaCodeID="70"/></Location></Locations>
 <IDRegDocuments><IDRegDocument IDRegDocTypeID="1" IdentityID="11" IssuedBy-CountryID="70" ValidityID="2">
  <IDRegistrationNo>770000000000</IDRegistrationNo></IDRegDocument></IDRegDocuments>
 <DistinctParties><DistinctParty FixedRef="7"><Comment>SYNTHETIC</Comment><Profile ID="7" PartySubTypeID="4">
  <Identity ID="11" Primary="true">
   <Alias AliasTypeID="1" Primary="false" LowQuality="true"><DocumentedName><DocumentedNamePart>
    <NamePartValue NamePartGroupID="3">ALDY</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
   <Alias AliasTypeID="3" Primary="true" LowQuality="false">
    <DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="2">Ann</NamePartValue></DocumentedNamePart>
     <DocumentedNamePart><NamePartValue NamePartGroupID="1">ALDER</NamePartValue></DocumentedNamePart></DocumentedName>
    <DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="1">ОЛЬХА</NamePartValue></DocumentedNamePart>
    </DocumentedName></Alias>
   <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="20"/></MasterNamePartGroup>
    <MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="21"/></MasterNamePartGroup>
    <MasterNamePartGroup><NamePartGroup ID="3" NamePartTypeID="20"/></MasterNamePartGroup></NamePartGroups>
  </Identity>
  <Feature FeatureTypeID="8"><FeatureVersion><DatePeriod>
   <Start Approximate="{about}"><From>{first}</From></Start><End><To>{last}</To></End></DatePeriod></FeatureVersion>
  </Feature>
  <Feature FeatureTypeID="25"><FeatureVersion><VersionLocation LocationID="900"/></FeatureVersion></Feature>
  <Feature FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="901"/></FeatureVersion></Feature>
  <Feature FeatureTypeID="14"><FeatureVersion><VersionDetail>www.example.com</VersionDetail></FeatureVersion></Feature>
  <Feature FeatureTypeID="13"><FeatureVersion><VersionDetail>ABCDEF2L</VersionDetail></FeatureVersion></Feature>
 </Profile></DistinctParty></DistinctParties>
 <ProfileRelationships><ProfileRelationship From-ProfileID="7" To-ProfileID="9" RelationTypeID="5" Former="true"/>
 </ProfileRelationships>
 <SanctionsEntries>{entries}</SanctionsEntries>
</Sanctions>"""


def event(day: str, of_list: str = "2", basis: str = "2") -> str:
    year, month, date = day.split("-")
    return f"""<SanctionsEntry ProfileID="7" ListID="{of_list}"><EntryEvent LegalBasisID="{basis}">
        <Date><Year>{year}</Year>
        <Month>{month}</Month><Day>{date}</Day></Date></EntryEvent><SanctionsMeasure SanctionsTypeID="1">
        <Comment>P{of_list}</Comment></SanctionsMeasure><SanctionsMeasure SanctionsTypeID="6"/></SanctionsEntry>"""


def span(day: str) -> str:
    return "".join(
        f"<{part}>{int(text)}</{part}>" for part, text in zip(("Year", "Month", "Day"), day.split("-"), strict=True)
    )


def advanced(*events: str, first: str = "1962-01-01", last: str = "1962-12-31", about: str = "false") -> str:
    return ADVANCED.format(entries="".join(events), first=span(first), last=span(last), about=about)


def test_a_party_of_the_advanced_xml(tmp_path):
    text = advanced(event("2014-10-10"), event("2006-4-12", basis="1"))
    report, (row,) = read(put(tmp_path, "x.xml", text), tmp_path / "out")
    assert (report["remarks"], row["list_date"], row["list"], row["type"]) == (
        [],
        "2021-06-03",
        "ofac_consolidated",
        "person",
    )
    assert names(row) == [("ALDER, Ann", "primary", True), ("ALDY", "alias", False), ("ОЛЬХА", "native", True)]
    assert kinds(row) == [("inn", "770000000000", "RU"), ("swift/bic", "ABCDEF2L", None)]
    assert row["addresses"] == [{"address": "1 Example St., Tver, Russia", "country": "RU"}]
    assert (row["countries"], row["born"], row["flags"]) == (["RU"], ["1962"], "false_document")
    assert (str(row["listed_on"]), row["programmes"], row["reference"]) == ("2006-04-12", ["P2"], "Order 1")
    assert row["remarks"] == (
        "SYNTHETIC; Website: www.example.com; List: Consolidated List; formerly Owned or Controlled By: 9"
    )


def test_a_day_on_another_list_of_ofac_is_not_the_day_of_this_one(tmp_path):
    _, (row,) = read(put(tmp_path, "x.xml", advanced(event("2018-1-31", "1"), event("2006-4-12"))), tmp_path / "out")
    assert (row["list"], str(row["listed_on"]), row["programmes"]) == ("ofac_sdn", "2018-01-31", ["P1"])


SPANS = [
    ("1962-01-01", "1962-12-31", "false", "1962"),
    ("1962-05-01", "1962-05-31", "false", "1962-05"),
    ("1962-05-09", "1962-05-09", "false", "1962-05-09"),
    ("1951-01-01", "1953-12-31", "false", "1951 to 1953"),
    ("1951-01-01", "1951-12-31", "true", "circa 1951"),
    ("1951-01-01", "1951-12-30", "false", "1951-01-01 to 1951-12-30"),
]


@pytest.mark.parametrize(("first", "last", "about", "born"), SPANS)
def test_a_birth_is_as_exact_as_it_is_told(first, last, about, born, tmp_path):
    text = advanced(event("2014-10-10"), first=first, last=last, about=about)
    _, (row,) = read(put(tmp_path, "x.xml", text), tmp_path / "out")
    assert row["born"] == [born]


def test_an_advanced_xml_without_days_of_listing_or_cut_off_is_refused(tmp_path):
    assert "no SanctionsEntry" in refused(put(tmp_path, "x.xml", advanced()), tmp_path / "out")
    whole = advanced(event("2014-10-10"))
    assert "damaged or cut off" in refused(put(tmp_path, "y.xml", whole[:-30]), tmp_path / "out")


# The Consolidated Screening List

EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"


def screening(*records: dict[str, str], numbered: bool = True, delimiter: str = ",", drop: str = "") -> str:
    headings = [heading for heading in (*(["_id"] if numbered else []), *csl.FIELDS) if heading != drop]
    text = io.StringIO()
    table = csv.DictWriter(text, headings, restval="", delimiter=delimiter, extrasaction="ignore")
    table.writeheader()
    table.writerows({"_id": "f00", "source": EL, "name": "SYNTHETIC ALDER"} | record for record in records)
    return text.getvalue()


def screened(tmp_path: Path, **record: str) -> dict:
    return read(put(tmp_path, "consolidated.csv", screening(record)), tmp_path / "out")[1][0]


def test_a_party_of_the_screening_list_in_both_schemas_and_with_tabs(tmp_path):
    record = {
        "start_date": "2022-03-03",
        "end_date": "2023-03-03",
        "federal_register_notice": "87 FR 1",
        "entity_number": "",
    }
    record |= {
        "alt_names": "Alder One; and Alder Two",
        "addresses": "1 Example St., Tver, RU; Minsk, BY",
        "type": "Entity",
    }
    new, old = record | {"ids": "Tax ID No., 7700000000, RU"}, record | {"ids": "RU, 7700000000, Tax ID No."}
    files = [
        (screening(new), "a.csv"),
        (screening(old, numbered=False), "b.csv"),
        (screening(new, delimiter="\t"), "c.tsv"),
    ]
    rows = [read(put(tmp_path, name, text), tmp_path / "out")[1][0] for text, name in files]
    for row in rows:
        assert (row["list"], row["type"], str(row["listed_on"]), str(row["delisted_on"])) == (
            "csl_el",
            "company",
            "2022-03-03",
            "2023-03-03",
        )
        assert names(row)[1:] == [("Alder One", "alias", None), ("Alder Two", "alias", None)]
        assert [one["country"] for one in row["addresses"]] == ["RU", "BY"]
        assert (kinds(row), row["reference"]) == ([("inn", "7700000000", "RU")], "87 FR 1")
    assert [row["entry"] for row in rows[::2]] == ["f00", "f00"] and rows[1]["entry"].startswith("made-")
    assert [row["flags"] for row in rows] == ["", "number_made_here", ""]


def test_a_number_made_here_is_the_same_for_the_same_party_only(tmp_path):
    parties = [
        {"addresses": "Tver, RU"},
        {"addresses": "Tver, RU", "start_date": "2022-03-03"},
        {"addresses": "Omsk, RU"},
    ]
    _, rows = read(put(tmp_path, "a.csv", screening(*parties, numbered=False)), tmp_path / "out")
    first, again, other = (row["entry"] for row in rows)
    assert first == again != other


NAMES = [
    # name as published, every name to screen by
    ("SYNTHETIC ALDER; and any successor, sub-unit, or subsidiary thereof", ["SYNTHETIC ALDER"]),
    ("SYNTHETIC ALDER (Affiliated Entity: Alder Two Ltd.)", ["SYNTHETIC ALDER", "Alder Two Ltd."]),
    ("SYNTHETIC ALDER Affiliated Entity: Alder Two", ["SYNTHETIC ALDER", "Alder Two"]),
    ("SYNTHETIC SUCCESSOR AND SONS", []),
]


@pytest.mark.parametrize(("name", "others"), NAMES)
def test_a_name_with_a_tail_is_kept_and_screened_without_it_too(name, others, tmp_path):
    assert names(screened(tmp_path, name=name)) == [
        (name, "primary", None),
        *((other, "alias", None) for other in others),
    ]


ADDRESSES = [
    # name, source, what the row says, its names, its addresses
    ("Address 01", EL, "address", 0, ["Kowloon, HK"]),
    ("Address 17: 5 Example Rd., HK", EL, "address", 0, ["5 Example Rd., HK", "Kowloon, HK"]),
    ("Address 1 Trading Ltd.", EL, "entry", 1, ["Kowloon, HK"]),  # somebody's name
    ("Address 01", SDN, "entry", 1, ["Kowloon, HK"]),  # only one office lists addresses so
]


@pytest.mark.parametrize(("name", "source", "says", "names_", "addresses"), ADDRESSES)
def test_an_address_that_is_listed_as_a_party_is_no_name(name, source, says, names_, addresses, tmp_path):
    row = screened(tmp_path, name=name, source=source, addresses="Kowloon, HK")
    assert (row["says"], len(row["names"]), [one["address"] for one in row["addresses"]]) == (says, names_, addresses)
    assert (row["flags"] == "address_without_party") == (says == "address")


FLAGS = [
    ({"name": "SYNTHETIC ?LDER"}, "letters_lost"),
    ({"name": "SYNTHETIC \x92LDER"}, "letters_lost"),
    ({"source": "New List (NEW) - Somebody"}, "list_unknown"),
    ({"vessel_flag": "Atlantis"}, "country_unreadable"),
    ({"source": "Denied Persons List (DPL) - BIS", "addresses": "5 EXAMPLE RD., LAKE, DE"}, "country_or_state"),
    (
        {"source": "Denied Persons List (DPL) - BIS", "addresses": "5 EXAMPLE RD., LAKE, 10115, DE"},
        "",
    ),  # after a postal code
    ({"addresses": "5 Example Rd., Lake, DE"}, ""),
    ({"start_date": "soon"}, "listed_on_unreadable"),
    ({}, ""),
]


@pytest.mark.parametrize(("record", "flag"), FLAGS)
def test_what_is_odd_in_the_screening_list_is_flagged_and_kept(record, flag, tmp_path):
    assert screened(tmp_path, **record)["flags"] == flag


@pytest.mark.parametrize("row", [row for row in lookup("watchlists", "list", "title") if row.startswith("csl_")])
def test_every_list_in_the_screening_list_has_a_title(row, tmp_path):
    code = row.removeprefix("csl_").upper().replace("_", "-")
    assert screened(tmp_path, source=f"Some List ({code} List) - Some Department")["list"] == row


_TVER = {"address": "1 Example St.", "city": "Tver", "state": None, "postal_code": "170000", "country": "RU"}
_INN = {"type": "Tax ID No.", "number": "7700000000", "country": None, "issue_date": None, "expiration_date": None}
JSON = {
    **{"source": EL, "name": "SYNTHETIC ALDER", "id": "f00", "alt_names": ["Alder One"], "programs": ["X"]},
    **{"source_list_url": "", "addresses": [_TVER], "ids": [_INN], "start_date": "2022-03-03", "end_date": None},
    **{"nationalities": None, "entity_number": None},
}


def test_the_screening_list_as_json(tmp_path):
    report, (row,) = read(put(tmp_path, "c.json", json.dumps({"results": [JSON]})), tmp_path / "out")
    assert (row["entry"], row["list"], str(row["listed_on"]), row["flags"]) == ("f00", "csl_el", "2022-03-03", "")
    assert row["addresses"] == [{"address": "1 Example St., Tver, 170000, RU", "country": "RU"}]
    assert kinds(row) == [("inn", "7700000000", None)] and [one["name"] for one in row["names"]] == [
        "SYNTHETIC ALDER",
        "Alder One",
    ]
    odd = json.dumps({"total": 2, "results": [JSON | {"shoe_size": 40}]})
    report, _ = read(put(tmp_path, "d.json", odd), tmp_path / "out")
    assert report["remarks"][:2] == [
        "the file says of 2 records and holds 1",
        "the column shoe_size is not known, and not read",
    ]


BAD = [
    ("a.csv", screening({}, drop="alt_names").replace("license_policy", "alt_names", 1), "'license_policy' is missing"),
    ("a.csv", screening({}, {})[:-12], "record 2 has 19 fields, expected 29; the list may be cut off"),
    ("a.csv", screening(), "the list is empty"),
    ("c.json", json.dumps({"results": [JSON]})[:-2], "damaged or cut off"),
    ("c.json", json.dumps({"results": []} | {"source": "", "source_list_url": ""}), "the list is empty"),
    ("c.json", json.dumps({"results": [JSON, {"name": "x"}]}), "record 2 has no field 'source'"),
]


@pytest.mark.parametrize(("name", "text", "said"), BAD)
def test_a_screening_list_that_is_broken_or_empty_is_refused(name, text, said, tmp_path):
    assert said in refused(put(tmp_path, name, text), tmp_path / "out")


# The Denied Persons List


def quoted(*cells: str) -> str:
    return "\t".join(f'"{cell}"' for cell in cells) + "\n"


_WHERE = ("Street_Address", "City", "State", "Country", "Postal_Code")
_MORE = ("Standard_Order", "Last_Update", "Action", "FR_Citation")
DPL = quoted("Name", *_WHERE, "{since}", "Expiration_Date", *_MORE)
ORDER = quoted(
    *(" SYNTHETIC ALDER", "1 EXAMPLE ST.", "TVER", "", "RU", "170000"),
    *("10/16/2017", "13/13/2020", "N", "2017-10-23", "NEW", "82 F.R. 1"),
)


@pytest.mark.parametrize("since", ["Effective_Date", "Beginning_Date"])
def test_an_order_of_denial(since, tmp_path):
    _, (row,) = read(put(tmp_path, "dpl.txt", DPL.format(since=since) + ORDER), tmp_path / "out")
    assert (row["list"], str(row["listed_on"]), row["delisted_on"]) == ("bis_denied", "2017-10-16", None)
    assert row["flags"] == "number_made_here;delisted_on_unreadable" and row["entry"].startswith("made-")
    assert (row["names"][0]["name"], row["addresses"][0]["country"]) == ("SYNTHETIC ALDER", "RU")
    assert (row["reference"], row["remarks"]) == ("82 F.R. 1", "NEW; Standard_Order: N; Last_Update: 2017-10-23")


def test_a_broken_list_of_denials_is_refused(tmp_path):
    heading = DPL.format(since="Effective_Date")
    assert "record 1 has 3 fields, expected 12" in refused(
        put(tmp_path, "a.txt", heading + "a\tb\tc\n"), tmp_path / "out"
    )
    assert "no column of the first day" in refused(
        put(tmp_path, "b.txt", DPL.format(since="Action") + ORDER), tmp_path / "out"
    )


def test_a_list_saved_by_a_spreadsheet_is_read_and_that_is_said(tmp_path):
    text = DPL.format(since="Effective_Date") + ORDER.replace("ALDER", "ÉLDER")
    report, (row,) = read(put(tmp_path, "dpl.txt", text, "cp1252"), tmp_path / "out")
    assert row["names"][0]["name"] == "SYNTHETIC ÉLDER" and "Windows-1252" in report["remarks"][0]


def test_every_list_in_the_catalogue_is_one_that_can_be_read():
    found = {key: one for key, one in catalogue().items() if key.startswith(("ofac-", "csl-"))}
    assert len(found) == 12 and all(one.table == key and one.url.endswith(one.filename) for key, one in found.items())


# The real files

US = SHARED / "data" / "watchlists" / "us"
COUNTS = [
    ("2023-01_sdn.csv", 11_443, "entry"),
    ("2023-01_add.csv", 16_357, "address"),
    ("2025-12_alt.csv", 20_107, "alias"),
    ("2025-12_add.csv", 24_244, "address"),
    ("2025-12_sdn_comments.csv", 28, "remark"),
    ("2022-01_sdn.csv", 9_044, "entry"),
    ("2022-01_alt.csv", 12_409, "alias"),
    ("2022-01_add.csv", 13_625, "address"),
    ("us_consolidated_nonSDN.xml", 376, "entry"),
    ("2021_CONS_ADVANCED.xml", 446, "entry"),
    ("watchman_test_testdata_csl.csv", 115, "entry"),
    ("watchman_internal_cslustest_testdata_consolidated.csv", 13, "entry"),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "records", "says"), COUNTS)
def test_every_record_of_a_real_file_is_kept(name, records, says, tmp_path):
    report, rows = read(US / name, tmp_path)
    assert (report["records"], report["accepted"], report["rejected"], len(rows)) == (records, records, 0, records)
    assert {row["says"] for row in rows} == {says}


@pytest.mark.shared
def test_the_real_list_of_denials_repeats_three_orders(tmp_path):
    report, _ = read(US / "watchman_test_testdata_dpl.txt", tmp_path)
    assert (report["records"], report["accepted"], report["rejected"]) == (546, 543, 3)


@pytest.mark.shared
def test_published_facts_of_the_real_files(tmp_path):
    parties = {row["entry"]: row for row in read(US / "2023-01_sdn.csv", tmp_path)[1]}
    assert parties["21332"]["names"][0]["name"].startswith("SPECIAL TECHNOLOGY CENTER")
    assert ("inn", "7802170553", "RU") in kinds(parties["21332"])
    assert "43129" not in parties
    assert ("BNC", "alias", False) in names(parties["306"])
    aliases = read(US / "2025-12_alt.csv", tmp_path)[1]
    assert "SMT AILOGIK OOO" in {row["names"][0]["name"] for row in aliases if row["entry"] == "43129"}
    advanced_ = {row["entry"]: row for row in read(US / "2021_CONS_ADVANCED.xml", tmp_path)[1]}
    assert (str(advanced_["9639"]["listed_on"]), advanced_["9639"]["list_date"]) == ("2006-04-12", "2021-06-03")
    assert {row["list"] for row in advanced_.values()} == {"ofac_consolidated"}


@pytest.mark.shared
def test_the_two_xml_of_one_list_name_the_same_parties_alike(tmp_path):
    old = {row["entry"]: row for row in read(US / "us_consolidated_nonSDN.xml", tmp_path)[1]}
    new = {row["entry"]: row for row in read(US / "2021_CONS_ADVANCED.xml", tmp_path)[1]}
    both = old.keys() & new.keys()
    # One is in capitals where the other is not.
    differ = [
        entry for entry in both if old[entry]["names"][0]["name"].upper() != new[entry]["names"][0]["name"].upper()
    ]
    assert (len(both), differ) == (373, [])
