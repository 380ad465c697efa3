"""The leaks' database: every node and link kept with its record, found by equal names and addresses, never accused."""

import csv
import doctest
import io
from datetime import date

import pandas as pd
import polars as pl
import pytest
from conftest import put_csv, zipped

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.parties import offshore
from tradeanalytics.parties.offshore import NO_ALLEGATION, leads, linked
from tradeanalytics.raw.catalogue import entry

HEADS = {
    "nodes-entities": "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,"
    "address,internal_id,incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,ibcRUC,"
    "country_codes,countries,sourceID,valid_until,note",
    "nodes-officers": "node_id,name,countries,country_codes,sourceID,valid_until,note",
    "nodes-addresses": "node_id,address,name,countries,country_codes,sourceID,valid_until,note",
    "nodes-intermediaries": "node_id,name,status,internal_id,address,countries,country_codes,sourceID,valid_until,note",
    "nodes-others": "node_id,name,type,incorporation_date,struck_off_date,closed_date,jurisdiction,"
    "jurisdiction_description,countries,country_codes,sourceID,valid_until,note",
    "relationships": "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID",
}
CURRENT = "The SYNTHETIC Papers data is current through 2015"
# All made up: no leak of this name, no such companies.
ROWS = {
    "nodes-entities": [
        {
            "node_id": "1",
            "name": "SYNTHETIC LINKS LIMITED",
            "former_name": "SYNTHETIC OLD LTD.",
            "jurisdiction": "BVI",
            "jurisdiction_description": "British Virgin Islands",
            "address": "FLAT 5; 1 EXAMPLE ROAD; HONG KONG",
            "incorporation_date": "23-Mar-06",
            "struck_off_date": "01-NOV-1936",
            "country_codes": "HKG;CHN",
            "sourceID": "SYNTHETIC Papers",
            "valid_until": CURRENT,
        },
        {"node_id": "2", "name": "Synthetic Links Ltd", "sourceID": "SYNTHETIC Papers", "valid_until": CURRENT},
        {
            "node_id": "3",
            "name": "合成有限公司",
            "jurisdiction_description": "Hong Kong",
            "country_codes": "HKG",
            "sourceID": "SYNTHETIC Papers",
        },
    ],
    "nodes-officers": [{"node_id": "10", "name": "SYNTHETIC PERSON", "sourceID": "SYNTHETIC Papers"}],
    "nodes-addresses": [
        {"node_id": "20", "address": "Flat 5, 1 Example Road, Hong Kong", "name": "SYNTHETIC LINKS", "sourceID": "S"}
    ],
    "nodes-intermediaries": [{"node_id": "30", "name": "SYNTHETIC AGENTS", "internal_id": "7", "sourceID": "S"}],
    "nodes-others": [{"node_id": "40", "name": "SYNTHETIC N.V.", "type": "N.V.", "closed_date": "28-NOV-2012"}],
    "relationships": [
        {"node_id_start": "10", "node_id_end": "1", "rel_type": "officer_of", "link": "director of", "start_date": "2"},
        {"node_id_start": "1", "node_id_end": "20", "rel_type": "registered_address", "link": "registered address"},
        {"node_id_start": "1", "node_id_end": "2", "rel_type": "same_name_as", "link": "same name as"},
    ],
}


def table(name: str, rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADS[name].split(","), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def database(**rows) -> bytes:
    """The zip; `entities=[...]` puts other rows in the place of the usual ones."""
    more = {name: rows.get(name.rpartition("-")[2], told) for name, told in ROWS.items()}
    return zipped(**{f"{name}.csv": table(name, told) for name, told in more.items()})


def cleaned(folder, content: bytes, name: str = "full-oldb.LATEST.zip"):
    """The report, the nodes by their number, the links, the rejected rows."""
    report = clean(put_csv(folder / "raw", name, content), folder)
    assert report["accepted"] + report["rejected"] == report["records"]
    files = outputs(report["name"], folder)
    kinds = [pl.read_parquet(files[name]).to_dicts() for name in ("offshore", "offshore_links", "rejected")]
    return report, {row["node_id"]: row for row in kinds[0]}, kinds[1], kinds[2]


def entity(folder, **cells) -> dict[str, object]:
    row = {"node_id": "1", "name": "SYNTHETIC", **cells}
    return cleaned(folder, database(entities=[row]))[1]["1"]


def test_every_file_of_the_zip_is_read_and_its_records_are_counted_on(tmp_path):
    report, nodes, links, rejected = cleaned(tmp_path, database())
    assert [(row["record"], row["kind"]) for row in nodes.values()] == [
        *(
            (1, "entity"),
            (2, "entity"),
            (3, "entity"),
            (4, "officer"),
            (5, "address"),
            (6, "intermediary"),
            (7, "other"),
        )
    ]
    assert [row["record"] for row in links] == [8, 9, 10] and not rejected
    assert report["kinds"]["entity"] == 3 and report["also"]["kinds"]["same_name_as"] == 1
    assert (nodes["40"]["company_type"], nodes["40"]["closed_on"]) == ("N.V.", date(2012, 11, 28))


def test_a_link_of_likeness_is_marked_as_a_hint(tmp_path):
    links = cleaned(tmp_path, database())[2]
    assert {row["rel_type"]: row["hint"] for row in links} == {
        **{"officer_of": False, "registered_address": False, "same_name_as": True}
    }


ELSEWHERE = [
    # jurisdiction, countries, whether it is elsewhere, reason
    ("British Virgin Islands", "HKG;CHN", True, "in neither"),
    ("Hong Kong", "CHN;HKG", False, "in one of them"),
    ("Nevada", "USA", False, "a state is of its country"),
    ("Undetermined", "HKG", None, "the jurisdiction is not known"),
    ("Samoa", "", None, "the countries are not known"),
    ("Samoa", "XXX", None, "a country that is none"),
]


@pytest.mark.parametrize(("jurisdiction", "codes", "elsewhere", "reason"), ELSEWHERE)
def test_a_jurisdiction_beside_the_countries_of_the_addresses(tmp_path, jurisdiction, codes, elsewhere, reason):
    row = entity(tmp_path, jurisdiction_description=jurisdiction, country_codes=codes)
    assert row["elsewhere"] is elsewhere and row["jurisdiction"] == jurisdiction, reason


DAYS = [
    # as written, the day, its flag, reason
    ("23-Mar-06", date(2006, 3, 23), None, "two digits of this century"),
    ("23-MAR-2006", date(2006, 3, 23), None, "four digits"),
    ("01-Jan-29", date(2029, 1, 1), None, "the last year that is this century's"),
    ("01-Jan-30", date(1930, 1, 1), None, "the first that is not"),
    ("2006-03-23", date(2006, 3, 23), None, "year first"),
    ("31-Feb-2006", None, "incorporated_on_unreadable", "no day"),
    ("", None, None, "not told"),
]


@pytest.mark.parametrize(("written", "day", "flag", "reason"), DAYS)
def test_days_are_read_or_flagged(tmp_path, written, day, flag, reason):
    row = entity(tmp_path, incorporation_date=written)
    assert (row["incorporated_on"], row["flags"]) == (day, flag), reason


def test_what_cannot_be_kept_is_rejected_with_its_reason_and_text(tmp_path):
    entities = [{"node_id": "x", "name": "SYNTHETIC"}, {"node_id": "2", "name": ""}, *ROWS["nodes-entities"][:1] * 2]
    links = [{"node_id_start": "1", "node_id_end": "", "rel_type": "officer_of"}, *ROWS["relationships"][1:2] * 2]
    report, nodes, _, rejected = cleaned(tmp_path, database(entities=entities, relationships=links))
    assert [(row["record"], row["reasons"]) for row in rejected] == [
        *((1, "no_node_number"), (4, "cell_repeated"), (9, "no_node_number"), (11, "cell_repeated"))
    ]
    assert report["reasons"]["no_node_number"]["count"] == 2 and report["reasons"]["cell_repeated"]["count"] == 2
    assert nodes["2"]["name"] is None and rejected[2]["text"].startswith("1,,officer_of")


def test_a_row_with_too_few_fields_is_rejected_under_the_number_it_has_in_the_whole(tmp_path):
    officers = table("nodes-officers", ROWS["nodes-officers"]) + b"11,SYNTHETIC\n12,SYNTHETIC TWO,,,S,,\n"
    content = zipped(
        **{"nodes-entities.csv": table("nodes-entities", ROWS["nodes-entities"]), "nodes-officers.csv": officers}
    )
    report = clean(put_csv(tmp_path / "raw", "full.zip", content), tmp_path)
    files = outputs("full.zip", tmp_path)
    nodes, rejected = (pl.read_parquet(files[name]) for name in ("offshore", "rejected"))
    assert nodes["record"].to_list() == [1, 2, 3, 4, 6]
    assert rejected.select("record", "reasons", "text").rows() == [(5, "too_few_fields", "11,SYNTHETIC")]
    assert "address, intermediary, other, links" in report["remarks"][0]


def test_rows_of_one_number_that_say_other_things_are_both_kept(tmp_path):
    rows = [{"node_id": "1", "name": "SYNTHETIC"}, {"node_id": "1", "name": "SYNTHETIC", "status": "Dead"}]
    assert cleaned(tmp_path, database(entities=rows))[0]["kinds"]["entity"] == 2


@pytest.mark.parametrize("name", list(HEADS))
def test_a_file_unpacked_is_known_by_its_headings(tmp_path, name):
    report = clean(put_csv(tmp_path / "raw", "some.csv", table(name, ROWS[name])), tmp_path)
    kind = {"nodes-entities": "entity", "nodes-officers": "officer", "nodes-addresses": "address"}.get(name)
    assert report["accepted"] == len(ROWS[name]) and (kind is None or report["kinds"] == {kind: len(ROWS[name])})


def test_a_heading_that_is_not_known_is_said(tmp_path):
    content = table("nodes-officers", ROWS["nodes-officers"]).replace(b",note", b",mood")
    report = clean(put_csv(tmp_path / "raw", "some.csv", content), tmp_path)
    assert report["remarks"] == ["the heading 'mood' of officer is not known and was not used"]


def test_a_zip_with_a_file_twice_or_cut_off_is_refused(tmp_path):
    twice = zipped(**{f"{part}/relationships.csv": table("relationships", ROWS["relationships"]) for part in "ab"})
    with pytest.raises(TradeAnalyticsError, match="each kind once"):
        clean(put_csv(tmp_path / "raw", "twice.zip", twice), tmp_path)
    with pytest.raises(TradeAnalyticsError):
        clean(put_csv(tmp_path / "raw", "cut.zip", database()[:-200]), tmp_path)


def test_the_same_bytes_come_of_one_thread_and_of_two(tmp_path):
    content = database()
    made = []
    for threads in (1, 2):
        raw = put_csv(tmp_path / str(threads) / "raw", "full.zip", content)
        clean(raw, tmp_path / str(threads), threads=threads)
        files = outputs("full.zip", tmp_path / str(threads))
        made.append([files[name].read_bytes() for name in ("offshore", "offshore_links", "names", "rejected")])
    assert made[0] == made[1]


# Parties


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("offshore")
    cleaned(folder, database())
    return folder


def asked(folder, name=None, address=None) -> list[dict[str, object]]:
    return leads(connect(folder), pd.DataFrame([{"name": name, "address": address}])).to_dict("records")


FOUND = [
    # name, address, (how, node) of each, reason
    ("Synthetic Links Co., Ltd.", None, [("name", "1"), ("name", "2")], "spellings of one name"),
    ("SYNTHETIC OLD", None, [("name", "1")], "a former name"),
    ("合成", None, [("name", "3")], "a name in Chinese"),
    ("synthetic person", None, [("name", "10")], "an officer"),
    (None, "FLAT 5, 1 EXAMPLE ROAD,  HONG KONG", [("address", "1"), ("address", "20")], "marks do not matter"),
    (None, "FLAT 6, 1 EXAMPLE ROAD, HONG KONG", [("none", None)], "a digit does"),
    ("SYNTHETIC LINK", None, [("none", None)], "nor is a like name the same"),
    (
        "SYNTHETIC AGENTS",
        "flat 5 1 example road hong kong",
        [("name", "30"), ("address", "1"), ("address", "20")],
        "both",
    ),
    (None, None, [("none", None)], "nothing to ask"),
]


@pytest.mark.parametrize(("name", "address", "expected", "reason"), FOUND)
def test_nodes_of_the_same_name_or_address_are_found(folder, name, address, expected, reason):
    rows = asked(folder, name, address)
    assert [(row["how"], None if pd.isna(row["node_id"]) else row["node_id"]) for row in rows] == expected, reason


def test_every_answer_has_its_page_its_date_and_says_that_it_is_no_allegation(folder):
    first = asked(folder, "SYNTHETIC LINKS")[0]
    assert first["page"] == "https://offshoreleaks.icij.org/nodes/1" and first["current_through"] == CURRENT
    assert first["says"] == (
        "The same name stands in the SYNTHETIC Papers: SYNTHETIC LINKS LIMITED (entity)."
        " The SYNTHETIC Papers data is current through 2015."
        " By name only: somebody of the same name can be another one."
        " 2 nodes have it: which one it is, this cannot tell."
        " Its jurisdiction is British Virgin Islands, its addresses are in HK, CN."
        f" ICIJ sees a likeness to other nodes (1): hints, no identities. {NO_ALLEGATION}"
    )


def test_an_address_says_how_much_is_registered_at_it(folder):
    assert [row["at_address"] for row in asked(folder, None, ROWS["nodes-addresses"][0]["address"])] == [0, 1]


def test_links_of_a_node_are_told_with_hints_last_and_no_identity(folder):
    rows = linked(connect(folder), ["1"])
    assert rows[["other_id", "direction", "hint"]].values.tolist() == [
        *(["10", "from", False], ["20", "to", False], ["2", "to", True])
    ]
    assert rows["says"].str.endswith(NO_ALLEGATION).all() and "no identity" in rows["says"].iloc[2]
    assert rows["says"].iloc[0].startswith("SYNTHETIC PERSON: director of this node.")


def test_a_made_up_node_has_no_page_and_stands_in_no_leak(tmp_path):
    clean(put_csv(tmp_path / "raw", "SYNTHETIC_full.zip", database()), tmp_path)
    (row,) = asked(tmp_path, "合成")
    assert pd.isna(row["page"]) and row["source"] == "SYNTHETIC SYNTHETIC Papers"


def test_without_the_database_nothing_was_looked_up(tmp_path):
    assert [row["says"] for row in asked(tmp_path, "SYNTHETIC")] == [
        "Not looked up: the database is not among the files."
    ]


def test_a_node_of_two_releases_is_told_once(tmp_path):
    for year in ("2024", "2025"):
        cleaned(tmp_path, database(officers=[{"node_id": year, "name": "SYNTHETIC B"}]), f"{year}.zip")
    assert [row["node_id"] for row in asked(tmp_path, "SYNTHETIC AGENTS")] == ["30"]


def test_the_catalogue_says_where_it_is_from_and_under_which_licence():
    leaks = entry("icij-offshore-leaks")
    assert leaks.url.startswith("https://offshoreleaks-data.icij.org/") and "CC BY-SA" in leaks.licence
    assert "no allegation" in leaks.citation


def test_the_examples_run():
    assert doctest.testmod(offshore).failed == 0
