"""Questions about goods: the newest release of each month, zero and unknown told apart, editions compared with care."""

import pandas as pd
import polars as pl
import pytest
from conftest import cimt_zip, put_csv
from test_ru_statistics import as_csv
from test_ru_statistics import cell as statistics

from tradeanalytics import TradeAnalyticsError, goods
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.flows import NotComparableError, between, change, shares
from tradeanalytics.reference.goods_lists import common_high_priority

# period, code, country, province, state, value, quantity, unit
DOMESTIC = [
    ("202101", "85423100", "RU", "ON", "", 100, 10, "NMB"),
    ("202101", "85423100", "RU", "QC", "", 50, 0, "NMB"),
    ("202101", "85423100", "RU", "QC", "", 30, 6, "KGM"),
    ("202103", "85423900", "RU", "ON", "", 7, 1, "NMB"),
    ("202103", "10019900", "TR", "ON", "", 900, 3, "N/A"),
]
TOTAL = [
    ("202101", "85423100", "RU", "", "", 200, 20, "NMB"),
    ("202103", "85423900", "RU", "", "", 7, 1, "NMB"),
    ("202103", "10019900", "TR", "", "", 1000, 3, "N/A"),
]
NUMBERS = {"Dom_Exp": "016", "Tot_Exp": "017", "Imp": "014"}


@pytest.fixture
def desk(tmp_path):
    """Cleans zips of one flow and year into one folder, each under a vintage, and opens the folder."""

    def put(label, year, month, rows, vintage="2024-06-06", prefix=""):
        name = f"CIMT-{label}-{year}/{vintage}/{prefix}CIMT-CICM_{label}_{year}.zip"
        raw = put_csv(tmp_path / "raw", name, cimt_zip(year, month, {NUMBERS[label]: rows}))
        object.__setattr__(raw, "vintage", vintage)
        clean(raw, tmp_path / "processed")
        return connect(tmp_path / "processed")

    return put


def values(table):
    return [None if pd.isna(value) else value / 100 for value in table["value_cad_cents"]]


def test_a_partner_by_month_has_zeros_where_nothing_was_traded(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    table = goods.monthly(engine, goods.choose(engine, "domestic_export", partner="RU"))
    # February has rows of nobody: then the publisher's file says nothing of the month, which is not a zero
    assert list(table["period"].dt.strftime("%Y-%m")) == ["2021-01", "2021-02", "2021-03"]
    assert values(table) == [180, None, 7]
    assert values(goods.monthly(engine, goods.choose(engine, "domestic_export", partner="TR"))) == [0, None, 900]


@pytest.mark.parametrize(
    ("hs", "expected"),
    [
        ("85", [180, None, 7]),
        ("854231", [180, None, 0]),
        (["854231", "854239"], [180, None, 7]),
        ("10", [0, None, 900]),
    ],
)
def test_goods_are_asked_for_at_any_level(desk, hs, expected):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    assert values(goods.monthly(engine, goods.choose(engine, "domestic_export", hs=hs))) == expected


def test_groups_add_up_to_the_whole(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    which = goods.choose(engine, "domestic_export")
    whole = goods.monthly(engine, which)["value_cad_cents"].sum()
    for by in (["partner"], ["hs2"], ["hs4", "partner"], ["region"], ["hs8", "partner_region"]):
        assert goods.monthly(engine, which, by=by)["value_cad_cents"].sum() == whole, by


def test_re_exports_are_total_less_domestic_exports_by_code(desk):
    desk("Dom_Exp", 2021, 3, DOMESTIC)
    engine = desk("Tot_Exp", 2021, 3, TOTAL)
    which = goods.choose(engine, "re_export")
    assert values(goods.monthly(engine, which, by=["partner"])) == [20, None, 0, 0, None, 100]
    with pytest.raises(NotComparableError, match="re-exports are total exports, which name no region"):
        goods.monthly(engine, which, by=["region"])
    with pytest.raises(NotComparableError, match="is not published by region"):
        goods.choose(engine, "re_export", region="CA-ON")
    with pytest.raises(NotComparableError, match="re-exports have no quantity of their own"):
        goods.unit_values(engine, which)


def test_re_exports_are_of_one_release_on_both_sides(desk):
    desk("Dom_Exp", 2021, 3, DOMESTIC, "2024-06-06")
    desk("Tot_Exp", 2021, 3, TOTAL, "2024-06-06")
    later = [("202101", "85423100", "RU", "", "", 10_000, 20, "NMB"), *TOTAL[1:]]
    engine = desk("Tot_Exp", 2021, 3, later, "2024-07-04")
    assert values(goods.monthly(engine, goods.choose(engine, "re_export", partner="RU"))) == [20, None, 0]
    assert values(goods.monthly(engine, goods.choose(engine, "total_export", partner="RU"))) == [10_000, None, 7]


def test_without_total_exports_re_exports_are_unknown(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    with pytest.raises(NotComparableError, match="no raw file has total_export by HS code, so re_export is unknown"):
        goods.choose(engine, "re_export")


def test_each_month_is_taken_from_its_newest_release(desk):
    desk("Dom_Exp", 2021, 3, DOMESTIC, "2021-05-04")
    engine = desk("Dom_Exp", 2021, 1, [("202101", "85423100", "RU", "ON", "", 999, 1, "NMB")], "2021-06-08")
    which = goods.choose(engine, "domestic_export", partner="RU")
    assert values(goods.monthly(engine, which)) == [999, None, 7]
    old = goods.choose(engine, "domestic_export", partner="RU", as_of="2021-05")
    assert values(goods.monthly(engine, old)) == [180, None, 7]


def test_invented_files_give_way_to_real_ones(desk):
    engine = desk("Dom_Exp", 2021, 3, [("202101", "85423100", "RU", "ON", "", 1, 1, "NMB")], prefix="SYNTHETIC_")
    assert goods.choose(engine, "domestic_export").invented
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC, "2020-01-01")
    real, made = (goods.choose(engine, "domestic_export", partner="RU", invented=way) for way in (None, True))
    assert (real.invented, made.invented) == (False, True)
    assert values(goods.monthly(engine, real))[0] == 180
    assert values(goods.monthly(engine, made)) == [1]


def test_a_publisher_of_single_partners_is_put_together(tmp_path):
    for name, vintage, rows in (
        ("a.csv", "2024-01-01", [("RU", "100"), ("TR", "7")]),
        ("b.csv", "2024-02-01", [("RU", "120")]),  # newer, of one partner only
    ):
        lines = [statistics(period="01/2021", nastranapr=partner, Stoim=value) for partner, value in rows]
        raw = put_csv(tmp_path / "raw", name, as_csv(lines))
        object.__setattr__(raw, "vintage", vintage)
        clean(raw, tmp_path / "processed")
    engine = connect(tmp_path / "processed")
    table = goods.monthly(engine, goods.choose(engine, "import", reporter="RU"), by=["partner"])
    assert dict(zip(table["partner"], table["value_usd_cents"], strict=True)) == {"RU": 120_00, "TR": 7_00}
    one = goods.choose(engine, "import", reporter="RU", partner="RU")
    assert goods.monthly(engine, one)["value_usd_cents"].to_list() == [120_00]
    with pytest.raises(NotComparableError, match="no month of it is there as asked for"):
        goods.choose(engine, "import", reporter="RU", partner="KZ")


def test_of_two_publishers_the_one_that_gives_all_trade_is_taken(desk, tmp_path):
    desk("Dom_Exp", 2021, 3, DOMESTIC)
    [path] = (tmp_path / "processed" / "held").glob("*.parquet")
    other = pl.read_parquet(path).with_columns(
        file_id=pl.lit("f" * 16), partner=pl.lit("RU"), currency=pl.lit("USD"), complete=pl.lit(False),
        table_id=pl.lit("comtrade-C-M-HS"), vintage=pl.lit("2026-01-01"),
    )  # fmt: skip
    other.write_parquet(path.with_name("other.parquet"))
    engine = connect(tmp_path / "processed")
    assert goods.choose(engine, "domestic_export", partner="RU").currency == "CAD"
    assert goods.choose(engine, "domestic_export", partner="RU", table="comtrade").currency == "USD"


DOUBTS = [
    # a bad row, partner asked, code asked, month that is null, why
    (("202101", "85423100", "RU", "ON", "", "x", 1, "NMB"), "RU", "85", [None, None, 7], "its own month"),
    (("202101", "85423100", "RU", "ON", "", "x", 1, "NMB"), "TR", None, [0, None, 900], "another partner"),
    (("202101", "85423100", "RU", "ON", "", "x", 1, "NMB"), "RU", "10", [0, None, 0], "other goods"),
    (("2021", "85423100", "RU", "ON", "", 1, 1, "NMB"), "RU", None, [None] * 3, "any month, since it names none"),
    (
        ("202103", "5423100", "RU", "ON", "", 1, 1, "NMB"),
        "RU",
        "85",
        [180, None, None],
        "any goods: no code",
    ),
]


@pytest.mark.parametrize(("row", "partner", "hs", "expected", "why"), DOUBTS)
def test_a_rejected_row_leaves_the_sums_it_belongs_to_unknown(desk, row, partner, hs, expected, why):
    engine = desk("Dom_Exp", 2021, 3, [*DOMESTIC, row])
    which = goods.choose(engine, "domestic_export", partner=partner, hs=hs)
    assert values(goods.monthly(engine, which)) == expected, why


def test_a_doubt_touches_its_own_group_only(desk):
    engine = desk("Dom_Exp", 2021, 3, [*DOMESTIC, ("202103", "85423900", "TR", "ON", "", "x", 1, "NMB")])
    by_partner = goods.monthly(engine, goods.choose(engine, "domestic_export"), by=["partner"])
    march = by_partner[by_partner["period"] == "2021-03-01"].set_index("partner")["value_cad_cents"]
    assert pd.isna(march["TR"])
    assert march["RU"] == 700


def test_quantities_of_several_units_are_never_added(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    table = goods.unit_values(engine, goods.choose(engine, "domestic_export", partner="RU", hs="854231"))
    shown = table[["quantity_unit", "value_cad_cents", "quantity", "cents_with_quantity", "unit_cents", "units"]]
    assert shown.to_numpy().tolist() == [
        ["KGM", 30_00, 6.0, 30_00, 500.0, 2],
        ["NMB", 150_00, 10.0, 100_00, 1000.0, 2],  # the row with quantity 0 has no price
    ]


def test_without_a_unit_there_is_no_price(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    [row] = goods.unit_values(engine, goods.choose(engine, "domestic_export", partner="TR")).itertuples()
    assert pd.isna(row.quantity_unit)
    assert pd.isna(row.unit_cents)
    assert row.units == 0


# Changes

AFTER = [
    ("202201", "85423100", "RU", "ON", "", 60, 6, "NMB"),
    ("202201", "85480010", "RU", "ON", "", 5, 6, "NMB"),
    ("202201", "01012100", "RU", "ON", "", 1, 6, "NMB"),
]
BEFORE = [
    ("202101", "85423100", "RU", "ON", "", 100, 6, "NMB"),
    ("202101", "85489000", "RU", "ON", "", 45, 6, "NMB"),
    ("202101", "02011000", "RU", "ON", "", 3, 6, "KGM"),
]


def test_changes_over_an_edition_compare_what_can_be_compared(desk):
    desk("Dom_Exp", 2021, 1, BEFORE)
    engine = desk("Dom_Exp", 2022, 1, AFTER)
    which = goods.choose(engine, "domestic_export", partner="RU")
    table = goods.changes(engine, which, ("2021-01", "2021-01"), ("2022-01", "2022-01"))
    shown = table[["hs_before", "hs_after", "before_cents", "after_cents", "change_cents"]]
    assert shown.to_numpy().tolist() == [
        ["854231", "854231", 100_00, 60_00, -40_00],
        ["854890", "854800", 45_00, 5_00, -40_00],
        ["020110", "020110", 3_00, 0, -3_00],
        ["010121", "010121", 0, 1_00, 1_00],
    ]
    assert table["exact"].tolist() == [False, False, True, True]
    assert table["note"][1].startswith("HS 2022 has 8548.00 for what was 8548.90 in HS 2017")


def test_over_an_edition_no_row_of_a_publisher_without_all_trade_is_unknown_and_not_zero(tmp_path):
    lines = [
        statistics(period="01/2021", nastranapr="CA", tnved="8542310000", Stoim="100"),
        statistics(period="01/2022", nastranapr="CA", tnved="8542310000", Stoim="60"),
        statistics(period="01/2022", nastranapr="CA", tnved="8548000000", Stoim="5"),
    ]
    clean(put_csv(tmp_path / "raw", "DATTSVT.csv", as_csv(lines)), tmp_path / "processed")
    engine = connect(tmp_path / "processed")
    which = goods.choose(engine, "import", reporter="RU", partner="CA")
    table = goods.changes(engine, which, ("2021-01", "2021-01"), ("2022-01", "2022-01")).set_index("hs_after")
    assert table.loc["854231", "change_cents"] == -40_00
    assert table.loc["854800", "after_cents"] == 5_00
    assert pd.isna(table.loc["854800", "before_cents"]) and pd.isna(table.loc["854800", "change_cents"])


@pytest.mark.parametrize(("digits", "codes"), [(2, ["85", "02", "01"]), (4, ["8542", "8548", "0201", "0101"])])
def test_changes_at_wider_levels_keep_their_own_number(desk, digits, codes):
    desk("Dom_Exp", 2021, 1, BEFORE)
    engine = desk("Dom_Exp", 2022, 1, AFTER)
    which = goods.choose(engine, "domestic_export", partner="RU")
    table = goods.changes(engine, which, ("2021-01", "2021-01"), ("2022-01", "2022-01"), digits=digits)
    assert table["hs_after"].tolist() == codes
    assert table["change_cents"].sum() == -82_00


def test_within_one_edition_the_largest_changes_come_first(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    which = goods.choose(engine, "domestic_export")
    table = goods.changes(engine, which, ("2021-01", "2021-01"), ("2021-03", "2021-03"), top=2)
    assert table[["hs_after", "change_cents"]].to_numpy().tolist() == [["100199", 900_00], ["854231", -180_00]]


REFUSED = [
    (lambda e, w: goods.changes(e, w, ("2021-01", "2021-01"), ("2021-01", "2021-03")), "no file has 2021-02"),
    (lambda e, w: goods.changes(e, w, ("2021-01", "2021-01"), ("2021-03", "2021-04")), "no file has 2021-04"),
    (lambda e, w: goods.changes(e, w, ("2021-03", "2021-01"), ("2021-03", "2021-03")), "no file has a month of it"),
    (lambda e, w: goods.changes(e, w, ("2021-01", "2021-01"), ("2021-3", "2021-03")), "month: '2021-3'"),
    (lambda e, w: goods.changes(e, w, ("2021-01", "2021-01"), ("2021-03", "2021-03"), digits=10), "codes of 8"),
    (lambda e, w: goods.monthly(e, w, by=["hs10"]), "hs10: the files have codes of 8 digits"),
    (lambda e, w: goods.monthly(e, w, by=["shipper"]), "by: 'shipper', expected one of partner"),
    (lambda e, _: goods.choose(e, "domestic_export", hs="8542.31"), "hs: '8542.31', expected the first two to ten"),
    (lambda e, _: goods.choose(e, "domestic_export", hs="8542310000"), "hs 8542310000: the files have codes of 8"),
    (lambda e, _: goods.choose(e, "import"), "CA: no raw file has import by HS code"),
    (lambda e, _: goods.choose(e, "domestic_export", reporter="RU"), "RU: no raw file has domestic_export"),
    (lambda e, _: goods.choose(e, "domestic_export", as_of="1999"), "no month of it is there as asked for"),
]


@pytest.mark.parametrize(("ask", "said"), REFUSED)
def test_a_question_that_cannot_be_answered_is_refused_in_one_line(desk, ask, said):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    with pytest.raises(TradeAnalyticsError) as told:
        ask(engine, goods.choose(engine, "domestic_export", partner="RU"))
    assert said in str(told.value)


def test_windows_of_unequal_length_are_refused(desk):
    engine = desk("Dom_Exp", 2021, 2, [*DOMESTIC[:1], ("202102", *DOMESTIC[0][1:])])
    with pytest.raises(NotComparableError, match="1 months are not comparable with 2"):
        which = goods.choose(engine, "domestic_export")
        goods.changes(engine, which, ("2021-01", "2021-01"), ("2021-01", "2021-02"))


def test_monthly_goods_go_into_the_questions_of_flows(desk):
    engine = desk("Dom_Exp", 2021, 3, DOMESTIC)
    table = goods.monthly(engine, goods.choose(engine, "domestic_export", partner="RU"))
    moved = change(between(table, "2021-01", "2021-01"), between(table, "2021-03", "2021-03"))
    assert moved["change_cents"].tolist() == [-173_00]
    by = goods.monthly(engine, goods.choose(engine, "domestic_export"), by=["partner"])
    assert shares(between(by, "2021-03", "2021-03"), "partner")["partner"].tolist() == ["TR", "RU"]


def test_priority_goods_are_found_by_the_edition_of_their_own_year(desk):
    desk("Dom_Exp", 2021, 1, BEFORE)
    engine = desk("Dom_Exp", 2022, 1, AFTER)
    which = goods.choose(engine, "domestic_export", partner="RU")
    table = goods.on_list(engine, which, common_high_priority())
    there = table[table["cells"] > 0]
    shown = there.assign(year=there["period"].dt.year)[["year", "tier", "match", "value_cad_cents"]]
    assert sorted(map(tuple, shown.to_numpy().tolist())) == [
        (2021, "1", "same_code", 100_00),
        (2021, "2", "possible", 45_00),
        (2022, "1", "exact", 60_00),
        (2022, "2", "exact", 5_00),
    ]


def test_one_new_month_makes_one_file_again(desk, tmp_path):
    desk("Dom_Exp", 2021, 1, BEFORE)
    desk("Dom_Exp", 2022, 1, AFTER)
    folder = tmp_path / "processed" / "goods"
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    desk("Dom_Exp", 2022, 2, [*AFTER, ("202202", "85423100", "RU", "ON", "", 8, 6, "NMB")])
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}
    assert [name for name in after if after[name] != before.get(name)] == [
        "CIMT-Dom_Exp-2022__2024-06-06__CIMT-CICM_Dom_Exp_2022.zip.parquet"
    ]
    assert len(after) == 2
    engine = connect(tmp_path / "processed")
    assert values(goods.monthly(engine, goods.choose(engine, "domestic_export", partner="RU")))[-1] == 8


def test_an_engine_that_stays_open_reads_a_file_that_is_cleaned_again(desk):
    engine = desk("Dom_Exp", 2021, 1, BEFORE)
    asked = "SELECT CAST(sum(value_cad_cents) AS BIGINT) AS cents FROM goods"
    assert engine.sql(asked)["cents"].to_list() == [148_00]
    desk("Dom_Exp", 2021, 1, BEFORE[:1])
    assert engine.sql(asked)["cents"].to_list() == [100_00]


def test_held_says_what_a_file_tells_of(desk, tmp_path):
    desk("Dom_Exp", 2021, 3, DOMESTIC)
    [path] = (tmp_path / "processed" / "held").glob("*.parquet")
    table = pl.read_parquet(path)
    assert table.select("period", "rows", "digits", "currency", "valuation", "complete").rows() == [
        (pd.Timestamp("2021-01-01").date(), 3, 8, "CAD", "fob", True),
        (pd.Timestamp("2021-03-01").date(), 2, 8, "CAD", "fob", True),
    ]
