"""The publisher's own files, whole: what the story says comes out of them, and nothing unknown became zero."""

import pandas as pd
import pytest
from conftest import ROOT, SHARED, bundled

from tradeanalytics import flows
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.flows import NotComparableError
from tradeanalytics.raw import raw_file

pytestmark = pytest.mark.shared

STATCAN = SHARED / "data" / "statcan"
VIEWER = "1210001101_databaseLoadingData_EXCERPT_russia_export_bop_unadj.csv"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """All these files cleaned: an engine over them, and each file's report by its name."""
    processed = tmp_path_factory.mktemp("shared")
    names = ["12100119-eng.zip", "12100175-eng.zip", VIEWER]
    reports = {name: clean(raw_file(STATCAN / name, STATCAN), processed) for name in names}
    return connect(processed), reports


def millions(whole, name: str, flow: str, *months: str, **which: str) -> list[float]:
    engine, reports = whole
    table = flows.monthly(engine, flows.cells(engine, reports[name]["file_id"], flow, "RU", **which))
    return [round(flows.between(table, month, month)["value_cad_cents"].item() / 1e8, 3) for month in months]


COUNTS = [
    # file, records, first month, last month, vintage
    ("12100119-eng.zip", 2_766_960, "1997-01-01", "2022-07-01", "2022-10-05"),
    ("12100175-eng.zip", 1_257_984, "2014-01-01", "2025-12-01", "2026-03-01"),
    (VIEWER, 99, "2017-12-01", "2026-02-01", ""),
]


@pytest.mark.parametrize(("name", "records", "first", "last", "vintage"), COUNTS)
def test_every_record_is_accepted(whole, name, records, first, last, vintage):
    report = whole[1][name]
    assert (report["records"], report["accepted"], report["rejected"]) == (records, records, 0)
    assert (report["first_period"], report["last_period"], report["vintage"]) == (first, last, vintage)


FIGURES = [
    # file, flow, March 2021, March 2022
    ("12100119-eng.zip", "total_export", 44.831, 5.461),
    ("12100119-eng.zip", "domestic_export", 39.280, 4.709),
    ("12100119-eng.zip", "re_export", 5.551, 0.752),
    ("12100175-eng.zip", "domestic_export", 39.281, 4.709),
]


@pytest.mark.parametrize(("name", "flow", "before", "after"), FIGURES)
def test_canada_to_russia(whole, name, flow, before, after):
    assert millions(whole, name, flow, "2021-03", "2022-03") == [before, after]


def test_march_to_december_2021(whole):
    months = [f"2021-{month:02}" for month in range(3, 13)]
    assert round(sum(millions(whole, "12100119-eng.zip", "total_export", *months)), 3) == 584.816


def test_the_viewer_excerpt_is_labelled_balance_of_payments_and_says_so(whole):
    engine, reports = whole
    assert millions(whole, VIEWER, "total_export", "2021-03", "2022-03", basis="balance_of_payments") == [44.8, 5.6]
    labels = engine.sql(
        f"SELECT DISTINCT basis, flow, seasonal_adjustment, partner FROM flows"
        f" WHERE file_id = '{reports[VIEWER]['file_id']}'"
    )
    assert labels.values.tolist() == [["balance_of_payments", "total_export", "unadjusted", "RU"]]
    with pytest.raises(NotComparableError, match=r"RU \(customs, unadjusted\)"):
        flows.cells(engine, reports[VIEWER]["file_id"], "total_export", "RU")


def test_the_two_bases_are_not_compared(whole):
    engine, reports = whole
    tables = [
        flows.monthly(engine, flows.cells(engine, reports[name]["file_id"], "total_export", "RU", basis=basis))
        for name, basis in (("12100119-eng.zip", "customs"), (VIEWER, "balance_of_payments"))
    ]
    march = [flows.between(table, "2022-03", "2022-03") for table in tables]
    with pytest.raises(NotComparableError, match="customs is not comparable with basis balance_of_payments"):
        flows.change(*march)


REVISIONS = [
    # month, millions in the vintage of October 2022, in that of early 2026, change in percent
    ("2021-03", "39.280", "39.281", "+0.0%"),
    ("2021-08", "27.230", "29.370", "+7.9%"),
    ("2022-03", "4.709", "4.709", "+0.0%"),
    ("2022-07", "2.804", "2.709", "-3.4%"),
]


def test_revisions_between_the_two_vintages(whole):
    engine, reports = whole
    sides = [
        flows.cells(engine, reports[name]["file_id"], "domestic_export", "RU")
        for name in ("12100119-eng.zip", "12100175-eng.zip")
    ]
    table = flows.revisions(engine, *sides).set_index("period")
    assert len(table) == 103  # January 2014 to July 2022
    found = [
        (month, f"{row.old_cents / 1e8:.3f}", f"{row.new_cents / 1e8:.3f}", f"{row.ratio:+.1%}")
        for month, row in ((month, table.loc[pd.Timestamp(month)]) for month, *_ in REVISIONS)
    ]
    assert found == REVISIONS


def test_no_row_of_the_rebuilt_tables_is_a_total(whole):
    totals = whole[0].sql("SELECT count(*) AS n FROM flows WHERE sums_regions OR sums_products OR sums_partners")
    assert totals["n"].item() == 0


@pytest.mark.parametrize(("file", "which"), [("12100119-eng.zip", 0), ("12100175-eng.zip", 1)])
def test_the_bundled_extracts_are_what_the_whole_tables_sum_to(whole, tmp_path, file, which):
    extract = bundled(ROOT)[which]
    clean(extract, tmp_path)
    engine, reports = whole
    flow = "domestic_export"
    small, large = (
        flows.monthly(asked, flows.cells(asked, file_id, flow, "RU"), by=["product"])
        for asked, file_id in ((connect(tmp_path), extract.file_id), (engine, reports[file]["file_id"]))
    )
    both = small.merge(large, on=["product", "period"], validate="one_to_one")
    assert len(both) == len(small) and (both["value_cad_cents_x"] == both["value_cad_cents_y"]).all()


# Genuine full tables, byte for byte: read as series.
SERIES = [
    # file, records, cells without a value by their sign
    ("18100204-eng.zip", 11_804, {"x": 32}),
    ("23100216-eng.zip", 104_958, {"x": 936}),
    ("33100036-eng.zip", 90_086, {"..": 12_495}),
]


@pytest.mark.parametrize(("name", "records", "without"), SERIES)
def test_a_genuine_table_is_read_whole_and_its_empty_cells_are_null_with_their_sign(tmp_path, name, records, without):
    report = clean(raw_file(STATCAN / name, STATCAN), tmp_path)
    assert (report["records"], report["accepted"], report["rejected"]) == (records, records, 0)
    assert sum(report["without_value"].values()) == sum(without.values())
    found = connect(tmp_path).sql("SELECT status, count(*) AS n FROM series WHERE value IS NULL GROUP BY ALL")
    assert dict(found.values.tolist()) == report["without_value"] == without


def test_a_series_carries_its_vector_unit_and_members(tmp_path):
    clean(raw_file(STATCAN / "33100036-eng.zip", STATCAN), tmp_path)
    found = connect(tmp_path).sql(
        "SELECT value, unit, dimensions, table_id, vintage FROM series"
        " WHERE vector = 'v111666248' AND reference_period = '2025-06-09'"
    )
    members = '{"GEO":"Canada","Type of currency":"U.S. dollar, daily average"}'
    assert found.values.tolist() == [[1.3684, "Dollars", members, "33-10-0036", "2025-06-11"]]
