"""Trade by HS code (CIMT): yearly zips in the publisher's layout, one level kept, the others held against it."""

import hashlib
import json
from datetime import date

import polars as pl
import pytest
from conftest import cimt_list, cimt_lists, cimt_table, cimt_zip, put_csv, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.story.cleaning_words import cleaning_words

NAME = "CIMT-CICM_Dom_Exp_2022.zip"
HS8 = [
    ("202201", "01012100", "RU", "ON", "", 100, 2, "NMB"),
    ("202201", "01012900", "RU", "ON", "", 50, 1, "NMB"),
    ("202203", "85423100", "US", "QC", "NY", 700, 0, "N/A"),
    ("202203", "85423100", "US", "QC", "US", 30, 4, "KGM"),
    ("202203", "85423100", "NA", "NL", "", 0, 0, "KGM"),
]
HS6 = [
    ("202201", "010121", "RU", "ON", "", 100, 2, "NMB"),
    ("202201", "010129", "RU", "ON", "", 50, 1, "NMB"),
    ("202203", "854231", "US", "QC", "NY", 700, 0, "N/A"),
    ("202203", "854231", "US", "QC", "US", 30, 4, "KGM"),
    ("202203", "854231", "NA", "NL", "", 0, 0, "KGM"),
]
HS2 = [
    ("202201", "01", "RU", "ON", "", 150),
    ("202203", "85", "US", "QC", "NY", 700),
    ("202203", "85", "US", "QC", "US", 30),
]
LEVELS = {"016": HS8, "018": HS6, "020": HS2}


def cleaned(tmp_path, content, name=NAME):
    raw = put_csv(tmp_path / "raw", name, content)
    report = clean(raw, tmp_path / "processed")
    return report, outputs(raw.name, tmp_path / "processed")


def refused(tmp_path, content, name=NAME):
    with pytest.raises(TradeAnalyticsError) as told:
        cleaned(tmp_path, content, name)
    left = [path for path in (tmp_path / "processed").rglob("*") if path.is_file()]
    assert left == []
    assert "\n" not in str(told.value)
    return str(told.value)


def test_only_the_most_detailed_level_becomes_rows(tmp_path):
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS))
    assert (report["records"], report["accepted"], report["rejected"]) == (5, 5, 0)
    rows = pl.read_parquet(paths["goods"])
    assert rows["value_cad_cents"].sum() == 880_00
    assert set(rows["hs"].str.len_bytes()) == {8}


def test_the_columns_say_what_the_publisher_said(tmp_path):
    _, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS))
    rows = pl.read_parquet(paths["goods"]).sort("record")
    assert rows["record"].to_list() == [1, 2, 3, 4, 5]
    assert rows["hs"].to_list() == ["01012100", "01012900", "85423100", "85423100", "85423100"]
    assert rows["partner"].to_list() == ["RU", "RU", "US", "US", "NA"]  # Namibia, not a missing value
    assert rows["period"].to_list() == [date(2022, 1, 1)] * 2 + [date(2022, 3, 1)] * 3
    assert rows["region"].to_list() == ["CA-ON", "CA-ON", "CA-QC", "CA-QC", "CA-NL"]
    assert rows["partner_region"].to_list() == [None, None, "US-NY", "US", None]
    assert rows["quantity_unit"].to_list() == ["NMB", "NMB", None, "KGM", "KGM"]
    assert rows["quantity"].to_list() == [2, 1, None, 4, 0]  # no unit, no quantity
    same = rows.select("reporter", "flow", "basis", "months", "hs_edition", "valuation").unique()
    assert same.rows() == [("CA", "domestic_export", "customs", 1, "2022", "fob")]


def test_rows_lie_by_partner_code_month_and_record(tmp_path):
    _, paths = cleaned(tmp_path, cimt_zip(2022, 3, {"016": HS8[::-1]}))
    rows = pl.read_parquet(paths["goods"])
    assert rows.equals(rows.sort("partner", "hs", "period", "record"))
    assert rows["record"].to_list() != sorted(rows["record"])


def test_the_same_zip_gives_the_same_bytes_on_one_thread_and_on_two(tmp_path):
    raw = put_csv(tmp_path / "raw", NAME, cimt_zip(2022, 3, LEVELS))
    made = []
    for threads in (1, 2):
        processed = tmp_path / str(threads)
        clean(raw, processed, threads=threads)
        paths = [outputs(raw.name, processed)[name] for name in ("goods", "codes", "held", "doubts")]
        made.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("number", "name", "flow", "digits", "regions"),
    [
        ("014", "CIMT-CICM_Imp_2022.zip", "import", 10, {"CA-ON"}),
        ("016", "CIMT-CICM_Dom_Exp_2022.zip", "domestic_export", 8, {"CA-ON"}),
        ("017", "CIMT-CICM_Tot_Exp_2022.zip", "total_export", 8, {None}),  # published without the province
        ("018", "CIMT-CICM_Dom_Exp_2022.zip", "domestic_export", 6, {"CA-ON"}),  # the most detailed that is there
        ("021", "CIMT-CICM_Tot_Exp_2022.zip", "total_export", 2, {None}),  # five columns
    ],
)
def test_each_table_has_its_own_columns_and_flow(tmp_path, number, name, flow, digits, regions):
    row = ("202203", "8542310000"[:digits], "RU", "ON", "", 7, 1, "NMB")
    _, paths = cleaned(tmp_path, cimt_zip(2022, 3, {number: [row]}), name)
    rows = pl.read_parquet(paths["goods"])
    assert rows["flow"].unique().to_list() == [flow]
    assert (rows["hs"][0], set(rows["region"])) == (row[1], regions)


# Levels


def test_levels_that_sum_to_the_same_are_said_to(tmp_path):
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS))
    told = {level["digits"]: level for level in report["levels"]}
    assert {digits: (level["dollars"], level["differ"]) for digits, level in told.items()} == {6: (880, 0), 2: (880, 0)}
    assert pl.read_parquet(paths["doubts"]).is_empty()


BROKEN_LEVELS = [
    # number, place, row there, cells that differ, first of them, why
    (
        "018",
        0,
        ("202201", "010121", "RU", "ON", "", 101, 2, "NMB"),
        1,
        ("010121", 100, 101),
        "a value is one dollar more",
    ),
    (
        "018",
        0,
        ("202201", "010129", "RU", "ON", "", 100, 2, "NMB"),
        2,
        ("010121", 100, 0),
        "another code, the same total",
    ),
    ("018", 0, ("202201", "010121", "RU", "QC", "", 100, 2, "NMB"), 2, ("010121", 100, 0), "another province"),
    ("018", 2, ("202202", "854231", "US", "QC", "NY", 700, 0, "N/A"), 2, ("854231", 0, 700), "another month"),
    ("018", 2, ("202203", "854231", "US", "QC", "US", 700, 0, "N/A"), 2, ("854231", 700, 0), "another state"),
    ("020", 0, ("202201", "01", "TR", "ON", "", 150), 2, ("01", 150, 0), "another country"),
]


@pytest.mark.parametrize(("number", "place", "row", "differ", "first", "why"), BROKEN_LEVELS)
def test_levels_that_do_not_sum_to_the_same_are_named_by_cell(tmp_path, number, place, row, differ, first, why):
    rows = list(LEVELS[number])
    rows[place] = row
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, {**LEVELS, number: rows}))
    [level] = [level for level in report["levels"] if level["member"].startswith(f"ODPFN{number}")]
    assert level["differ"] == differ, why
    assert tuple(level["first"][0][name] for name in ("hs", "kept", "other")) == first
    doubts = pl.read_parquet(paths["doubts"])
    assert doubts["rows"].sum() == differ
    assert set(doubts["why"]) == {"levels"}


def test_the_report_says_in_words_what_was_kept_and_what_differs(tmp_path):
    rows = [("202201", "010121", "RU", "ON", "", 101, 2, "NMB"), *HS6[1:]]
    two_units = ("202203", "01012100", "TR", "ON", "", 40, 9, "KGM")
    report, _ = cleaned(tmp_path, cimt_zip(2022, 3, {**LEVELS, "016": [*HS8, two_units], "018": rows}))
    said = cleaning_words(report)
    assert "$920 in 3 codes of goods with 4 partners; 24% of the value has a quantity" in said
    assert "1 code of goods with quantities in several units: never added to each other" in said
    assert "ODPFN018_202203N.csv, the same by 6 digits, differs in 2 cells, and sums they touch are left empty" in said
    assert "first 202201 RU ON 010121: 101 dollars there, 100 in what is kept" in said


def test_a_level_that_cannot_be_read_whole_leaves_every_sum_in_doubt(tmp_path):
    tables = {f"F/ODPFN{number}_202203N.csv": cimt_table(number, rows) for number, rows in LEVELS.items()}
    tables["F/ODPFN018_202203N.csv"] += b'"202201","010121"\r\n'
    report, paths = cleaned(tmp_path, zipped(**tables, **{f"F/{name}": text for name, text in cimt_lists().items()}))
    assert "could not be compared: 1 record of it cannot be read" in cleaning_words(report)
    [doubt] = pl.read_parquet(paths["doubts"]).select("why", "partner", "period", "hs").rows()
    assert doubt == ("levels", None, None, None)


# Lists of codes


def test_a_code_means_what_it_meant_in_its_month(tmp_path):
    _, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS))
    assert paths["codes"].exists()
    engine = connect(tmp_path / "processed")
    meaning = "SELECT en FROM codes WHERE list = 'country' AND code = 'BY' AND first_month <= DATE '{0}'"
    meaning += " AND (last_month IS NULL OR last_month >= DATE '{0}')"
    assert engine.sql(meaning.format("1990-05-01"))["en"].to_list() == ["Byelorussian Soviet Socialist Republic"]
    assert engine.sql(meaning.format("2020-05-01"))["en"].to_list() == ["Belarus"]


@pytest.mark.parametrize(("year", "code"), [(1990, "NF"), (2022, "NL")])
def test_newfoundland_is_one_province_under_both_its_codes(tmp_path, year, code):
    row = (f"{year}01", "01012100", "TR", code, "", 7, 1, "NMB")
    _, paths = cleaned(tmp_path, cimt_zip(year, 12, {"016": [row]}), f"CIMT-CICM_Dom_Exp_{year}.zip")
    assert pl.read_parquet(paths["goods"])["region"].to_list() == ["CA-NL"]


def test_the_unit_of_a_code_of_goods_is_read_from_its_list(tmp_path):
    goods = [("85423100", "201201", "999912", "Processors and controllers", "Processeurs et contrôleurs")]
    lists = {**cimt_lists(), "ODPF_2_HS8Desc.TXT": cimt_list(goods, unit="NMB")}
    _, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS, **lists))
    rows = pl.read_parquet(paths["codes"]).filter(pl.col("list") == "hs8")
    assert rows.select("code", "unit", "en", "fr", "last_month").row(0) == (
        *("85423100", "NMB", "Processors and controllers", "Processeurs et contrôleurs", None),
    )


def test_a_list_that_is_not_there_is_said_and_no_code_of_it_is_looked_up(tmp_path):
    lists = {name: content for name, content in cimt_lists().items() if "Cty" not in name}
    rows = [*HS8, ("202203", "85423100", "QQ", "ON", "", 5, 1, "KGM")]
    report, _ = cleaned(tmp_path, cimt_zip(2022, 3, {"016": rows}, **lists))
    assert report["rejected"] == 0
    assert report["remarks"] == ["the list of countries is not in the zip: its codes were not looked up"]


def test_a_line_that_does_not_fit_its_list_is_left_out_and_said(tmp_path):
    content = cimt_lists()["ODPF_6_CtyDesc.TXT"] + b"XX 1 somewhere\r\n"
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS, **{**cimt_lists(), "ODPF_6_CtyDesc.TXT": content}))
    assert "XX" not in pl.read_parquet(paths["codes"])["code"].to_list()
    [said] = report["remarks"]
    assert said.startswith("ODPF_6_CtyDesc.TXT: 1 lines were left out, the first is line 8 (line_not_in_columns")


def test_a_list_alone_becomes_codes(tmp_path):
    report, paths = cleaned(tmp_path, cimt_lists()["ODPF_8_ProvDesc.TXT"], "ODPF_8_ProvDesc.TXT")
    assert (report["records"], report["accepted"]) == (4, 4)
    assert pl.read_parquet(paths["codes"]).select("code", "number", "fr").row(2) == ("QC", "24", "Québec")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("ODPF_2_HS8Desc.TXT", 11_409),
        ("ODPF_6_CtyDesc.TXT", 278),
        ("ODPF_7_StateDesc.TXT", 55),
        ("ODPF_8_ProvDesc.TXT", 16),
        ("ODPF_9_UOMDesc.TXT", 70),
    ],
)
def test_every_line_of_the_real_lists_is_read(tmp_path, shared, name, rows):
    content = (shared / "data" / "statcan" / "cimt_lookups" / name).read_bytes()
    report, paths = cleaned(tmp_path, content, name)
    assert (report["accepted"], report["rejected"]) == (rows, 0)
    codes = pl.read_parquet(paths["codes"])
    assert codes["en"].null_count() == 0
    assert codes["fr"].null_count() == 0


# Bad rows

BAD = [
    # a row of HS8, its reasons, why
    (("202203", "1012100", "RU", "ON", "", 5, 1, "NMB"), "hs_not_8_digits", "the zero at the beginning is lost"),
    (("202204", "01012100", "RU", "ON", "", 5, 1, "NMB"), "period_not_in_the_file", "after the last month of the name"),
    (("202112", "01012100", "RU", "ON", "", 5, 1, "NMB"), "period_not_in_the_file", "before the year of the name"),
    (("202213", "01012100", "RU", "ON", "", 5, 1, "NMB"), "period_not_in_the_file", "there is no thirteenth month"),
    (("202203", "01012100", "ZX", "ON", "", 5, 1, "NMB"), "country_not_in_the_list", "ZX is in the list from July on"),
    (("202203", "01012100", "ru", "ON", "", 5, 1, "NMB"), "country_not_in_the_list", "small letters are no code"),
    (("202203", "01012100", "RU", "NF", "", 5, 1, "NMB"), "province_not_in_the_list", "NF ended in 2002"),
    (("202203", "01012100", "US", "ON", "ZZ", 5, 1, "NMB"), "state_not_in_the_list", "no such state"),
    (("202203", "01012100", "RU", "ON", "", "+5", 1, "NMB"), "value_not_whole_dollars", "a cast would take +5"),
    (("202203", "01012100", "RU", "ON", "", "5.5", 1, "NMB"), "value_not_whole_dollars", "dollars are whole"),
    (("202203", "01012100", "RU", "ON", "", -5, 1, "NMB"), "value_not_whole_dollars", "below zero"),
    (("202203", "01012100", "RU", "ON", "", "", 1, "NMB"), "value_not_whole_dollars", "nothing is not zero"),
    (("202203", "01012100", "RU", "ON", "", 10**13, 1, "NMB"), "value_not_whole_dollars", "ten trillion dollars"),
    (("202203", "01012100", "RU", "ON", "", 5, "1.5", "NMB"), "quantity_not_whole", "quantities are whole"),
    (("202203", "01012100", "RU", "ON", "", 5, 1, "XYZ"), "unit_not_in_the_list", "no such unit"),
    (
        *(("202203", "1012100", "QQ", "ON", "", "x", 1, "NMB"),),
        "hs_not_8_digits;country_not_in_the_list;value_not_whole_dollars",
        "every reason is kept",
    ),
]
GOOD = [
    (("202207", "01012100", "ZX", "ON", "", 5, 1, "NMB"), "the first month of ZX"),
    (("202203", "01012100", "RU", "ON", "", 10**13 - 1, 1, "NMB"), "just below ten trillion"),
    (("202203", "01012100", "RU", "ON", "", 0, "", "NMB"), "a value of zero is data, no quantity is none"),
]


@pytest.mark.parametrize(("row", "reasons", "why"), BAD)
def test_a_row_that_breaks_a_rule_is_set_aside_with_all_its_reasons(tmp_path, row, reasons, why):
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, {"016": [*HS8, row]}))
    assert (report["accepted"], report["rejected"]) == (5, 1), why
    assert pl.read_parquet(paths["rejected"])["reasons"].to_list() == [reasons]
    assert pl.read_parquet(paths["doubts"])["why"].to_list() == ["rejected"]


@pytest.mark.parametrize(("row", "why"), GOOD)
def test_a_row_at_the_edge_of_a_rule_is_kept(tmp_path, row, why):
    report, _ = cleaned(tmp_path, cimt_zip(2022, 7, {"016": [*HS8, row]}))
    assert (report["accepted"], report["rejected"]) == (6, 0), why


def test_a_doubt_says_what_is_still_known_of_the_row(tmp_path):
    rows = [
        ("202203", "1012100", "RU", "ON", "", 5, 1, "NMB"),
        ("202299", "85423100", "QQ", "ON", "", 5, 1, "NMB"),
    ]
    _, paths = cleaned(tmp_path, cimt_zip(2022, 3, {"016": [*HS8, *rows]}))
    found = pl.read_parquet(paths["doubts"]).select("flow", "partner", "period", "hs").rows()
    assert set(found) == {
        ("domestic_export", "RU", date(2022, 3, 1), None),
        ("domestic_export", "QQ", None, "85423100"),
    }


def test_a_cell_given_twice_counts_once(tmp_path):
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, {"016": [*HS8, HS8[0]]}))
    assert (report["accepted"], report["rejected"]) == (5, 1)
    assert pl.read_parquet(paths["rejected"]).select("record", "reasons").row(0) == (6, "cell_repeated")


def test_two_units_of_one_cell_are_two_rows(tmp_path):
    rows = [("202203", "85423100", "RU", "ON", "", 5, 1, unit) for unit in ("KGM", "NMB", "N/A")]
    report, _ = cleaned(tmp_path, cimt_zip(2022, 3, {"016": rows}))
    assert report["accepted"] == 3


# Bad files

REFUSED = [
    # name, content, what is said
    (
        *("CIMT-CICM_Imp_2022.zip", cimt_zip(2022, 3, LEVELS)),
        "the name says Imp of 2022, but in it is ODPFN016_202203N.csv, ODPFN018_202203N.csv, ODPFN020_202203N.csv;"
        " expected ODPFN014, ODPFN015, ODPFN022 of 2022",
    ),
    ("CIMT-CICM_Dom_Exp_2021.zip", cimt_zip(2022, 3, LEVELS), "the name says Dom_Exp of 2021"),
    (NAME, cimt_zip(2022, 3, {"016": HS8, "014": []}), "expected each table of one flow and one year once"),
    (NAME, zipped(**{"a/ODPFN016_202203N.csv": b"x", "b/ODPFN016_202203N.csv": b"x"}), "one year once"),
    (
        NAME,
        zipped(**{"ODPFN099_202203N.csv": b"x"}),
        "ODPFN099_202203N.csv is no table of trade; expected one of ODPFN014",
    ),
    (NAME, zipped(**{"ODPFN016_202203N.csv": cimt_table("017", [])}), "the column 'Province' is missing"),
    (NAME, zipped(**{"ODPFN016_202203N.csv": cimt_table("018", [])}), "the column 'HS8' is missing (is it now 'HS6'?)"),
    (NAME, zipped(**{"ODPFN016_202203N.csv": b""}), "the table is empty"),
    (NAME, zipped(**{"ODPFN016_202203N.csv": "YearMonth/AnnéeMois,HS8".encode("cp1252")}), "line 1 is not UTF-8"),
    ("hs8.csv", cimt_table("016", HS8), "only the publisher's name tells the flow"),
]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_in_one_line(tmp_path, name, content, said):
    complaint = refused(tmp_path, content, name)
    assert complaint.startswith(name)
    assert said in complaint


def test_a_zip_under_another_name_is_known_by_its_tables(tmp_path):
    report, _ = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS), "download.zip")
    assert report["accepted"] == 5


def test_a_table_taken_out_of_its_zip_is_read_without_lists(tmp_path):
    report, _ = cleaned(tmp_path, cimt_table("016", HS8), "ODPFN016_202203N.csv")
    assert report["accepted"] == 5
    assert report["remarks"] == ["lists of codes come with the zip: without it no code was looked up"]


def test_a_short_record_is_set_aside_with_its_text(tmp_path):
    content = cimt_table("016", HS8) + b'"202203","85423100","RU"\r\n'
    report, paths = cleaned(tmp_path, content, "ODPFN016_202203N.csv")
    assert (report["accepted"], report["rejected"]) == (5, 1)
    assert pl.read_parquet(paths["rejected"])["text"].to_list() == ['"202203","85423100","RU"']
    assert pl.read_parquet(paths["doubts"]).select("partner", "period", "hs").row(0) == (None, None, None)


def test_the_lineage_is_in_every_file(tmp_path):
    report, paths = cleaned(tmp_path, cimt_zip(2022, 3, LEVELS))
    assert json.loads(pl.read_parquet_metadata(paths["goods"])["tradeanalytics"])["file_id"] == report["file_id"]
    for name in ("goods", "held", "codes"):
        assert set(pl.read_parquet(paths[name])["file_id"]) == {report["file_id"]}


def cell(row):
    return (*row[:5], row[7])


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["202201", "202202", "202203"]),
        st.from_regex("[0-9]{8}", fullmatch=True),
        st.sampled_from(["RU", "NA", "US", "TR"]),
        st.sampled_from(["ON", "QC", "NL"]),
        st.sampled_from(["", "NY", "US"]),
        st.integers(0, 10**13 - 1),
        st.integers(0, 10**15 - 1),
        st.sampled_from(["KGM", "NMB", "N/A"]),
    ),
    unique_by=cell,
    max_size=12,
)


@settings(max_examples=15)
@given(rows=ROWS)
def test_whatever_is_written_in_the_layout_is_read_back(tmp_path_factory, rows):
    _, paths = cleaned(tmp_path_factory.mktemp("cimt"), cimt_zip(2022, 3, {"016": rows}))
    found = pl.read_parquet(paths["goods"]).sort("record")
    assert found["hs"].to_list() == [row[1] for row in rows]
    assert found["value_cad_cents"].to_list() == [row[5] * 100 for row in rows]
    assert found["quantity"].to_list() == [None if row[7] == "N/A" else row[6] for row in rows]
