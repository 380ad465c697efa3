"""The UN's HS lists and correlation tables become clean tables; titles come from the list of the month's edition."""

import json

import polars as pl
import pytest
import xlsxwriter
from conftest import put_csv

from tradeanalytics import TradeAnalyticsError, goods
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.reference.hs import came_from

LIST = [
    {"id": "TOTAL", "text": "Total of all HS2022 commodities", "parent": "#"},
    {"id": "85", "text": "85 - SYNTHETIC machines", "parent": "TOTAL"},
    {"id": "8542", "text": "8542 - SYNTHETIC circuits", "parent": "85"},
    {"id": "854231", "text": "854231 - SYNTHETIC processors - controllers", "parent": "8542"},
]


def un_list(entries=LIST, name="HS2022") -> bytes:
    return json.dumps({"more": False, "classCode": "H6", "className": name, "results": entries}).encode()


def workbook(path, rows, sheet="HS2022-HS2017 Correlations"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate([("Between", "", ""), ("HS2022", " HS2017", "Relationship"), *rows]):
            page.write_row(at, 0, row)
    return path.read_bytes()


def cleaned(tmp_path, content, name):
    raw = put_csv(tmp_path / "raw", name, content)
    return clean(raw, tmp_path / "processed"), outputs(raw.name, tmp_path / "processed")


def test_a_list_gives_titles_in_its_own_edition_only(tmp_path):
    report, _ = cleaned(tmp_path, un_list(), "anything.json")
    assert (report["accepted"], report["rejected"], report["set_aside"]) == (3, 1, 1)
    engine = connect(tmp_path / "processed")
    table = goods.titles(engine, ["854231", "854239"], "2022-03")
    assert table["title"].to_list()[0] == "SYNTHETIC processors - controllers"
    assert table["title"].isna().to_list() == [False, True]  # never a guess
    assert table["parent"].to_list() == ["8542", "8542"]
    assert table["parent_title"].to_list() == ["SYNTHETIC circuits"] * 2
    assert goods.titles(engine, ["854231"], "2021-12")["title"].isna().all()
    assert goods.titles(engine, ["854231"], "2022-03", language="fr")["title"].isna().all()


def test_a_correlation_table_gives_pairs(tmp_path):
    pairs = [
        ("854231", "854231", "1:1"),
        ("880730", "880330", "n:1"),
        ("8807", "880330", "n:1"),
        ("880730", "880310", "?"),
    ]
    report, paths = cleaned(tmp_path, workbook(tmp_path / "made.xlsx", pairs), "anything.xlsx")
    assert (report["accepted"], report["rejected"]) == (2, 2)
    assert set(report["reasons"]) == {"no_pair_of_codes", "relation_unknown"}
    rows = pl.read_parquet(paths["relations"])
    assert rows.select("record", "edition_before", "code_before", "edition_after", "code_after").rows() == [
        (1, "2017", "854231", "2022", "854231"),
        (2, "2017", "880330", "2022", "880730"),
    ]


REFUSED = [
    ("cut.json", un_list()[:-20], "the list of HS codes is damaged or cut off"),
    ("old.json", un_list(name="HS2099"), "HS 2099 is no edition known here"),
    ("other.json", un_list([{"code": "85"}]), "the list of HS codes is damaged or cut off"),
]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_a_broken_list_is_refused_in_one_line(tmp_path, name, content, said):
    with pytest.raises(TradeAnalyticsError) as told:
        cleaned(tmp_path, content, name)
    assert str(told.value).startswith(f"{name}: {said}")


def test_a_correlation_with_a_column_more_is_refused(tmp_path):
    content = workbook(tmp_path / "made.xlsx", [("854231", "854231", "1:1", "why")] * 5)
    with pytest.raises(TradeAnalyticsError, match="has 4 columns, expected two codes and a relation"):
        cleaned(tmp_path, content, "more.xlsx")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "pairs", "editions"),
    [
        ("HS2022toHS2017", 15_657, ("2017", "2022")),
        ("HS2017toHS2012", 6_141, ("2012", "2017")),
        ("HS2022toHS2012", 16_377, ("2012", "2022")),
    ],
)
def test_the_real_tables_are_read_whole_and_are_what_the_package_carries(tmp_path, shared, name, pairs, editions):
    content = (shared / "data" / "hs" / f"{name}ConversionAndCorrelationTables.xlsx").read_bytes()
    report, paths = cleaned(tmp_path, content, f"{name}.xlsx")
    assert (report["accepted"], report["rejected"]) == (pairs, 0)
    rows = pl.read_parquet(paths["relations"])
    assert set(zip(rows["edition_before"], rows["edition_after"], strict=True)) == {editions}
    published = set(zip(rows["code_before"], rows["code_after"], strict=True))
    ours = {(old, new) for new, found in came_from(*editions).items() for old in found}
    judged = {("854150", "854151"), ("854150", "854159"), ("911490", "911490")}
    assert ours - published == (judged if editions[1] == "2022" else set())
    assert published <= ours


@pytest.mark.shared
@pytest.mark.parametrize(("name", "codes"), [("H4", 6_528), ("H5", 6_708), ("H6", 6_939)])
def test_the_real_lists_are_read_whole(tmp_path, shared, name, codes):
    content = (shared / "data" / "hs" / f"classification{name}.json").read_bytes()
    report, _ = cleaned(tmp_path, content, f"{name}.json")
    assert report["rejected"] == report["set_aside"]
    assert report["accepted"] == codes
