"""What Statistics Canada's columns mean, what breaks a row, and which file has which layout."""

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from conftest import PARTNER, SECTION, SERIES, put_csv, row, statcan_csv
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.clean import clean, judge
from tradeanalytics.reference import rows
from tradeanalytics.sources import Source, UnexpectedHeadingError, recognise, statcan
from tradeanalytics.tables import FLOWS
from tradeanalytics.tables import SERIES as SERIES_TABLE

NAPCS = "North American Product Classification System (NAPCS)"
PARTNERS = "Principal trading partners"
LARGEST = "11258999068426.24"  # dollars: 2**50 cents


def judged(source: Source, *published: dict) -> tuple[list[dict], list[str]]:
    """The accepted rows, and of every row its reasons."""
    names = source.raw_names(list(published[0]), "a.csv")
    columns = {name: [entry[heading] for entry in published] for name, heading in zip(names, published[0], strict=True)}
    frame = pl.LazyFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_row_index("record", offset=1)
    accepted, rejected = pl.collect_all(judge(frame.with_columns(pl.col("record").cast(pl.Int64)), source))
    reasons = dict(rejected.iter_rows())
    assert sorted([*accepted["record"], *reasons]) == list(range(1, len(published) + 1))
    return accepted.to_dicts(), [reasons.get(record, "") for record in range(1, len(published) + 1)]


CELL_RULES = [
    # what differs from a good row, reasons, why
    ({}, "", "as published"),
    ({"VALUE": "0"}, "", "zero is a value"),
    ({"VALUE": "-5"}, "", "corrections of past months can leave a month below zero"),
    ({"VALUE": "1,2"}, "value_not_a_number", "one and two tenths, or a lost thousand?"),
    ({"VALUE": "1 234"}, "value_not_a_number", "a space for thousands"),
    ({"VALUE": "1\u202f234"}, "value_not_a_number", "a narrow no-break space for thousands"),
    ({"VALUE": "0x10"}, "value_not_a_number", "one engine's cast would read 16"),
    ({"VALUE": "1_000"}, "value_not_a_number", "one engine's cast would read 1000"),
    ({"VALUE": "1e3"}, "value_not_a_number", "a spreadsheet's abbreviation: digits may be gone"),
    ({"VALUE": "+7"}, "value_not_a_number", "engines disagree on a plus"),
    ({"VALUE": ".5"}, "value_not_a_number", "half, or a lost digit?"),
    ({"VALUE": "5."}, "value_not_a_number", "five, or lost decimals?"),
    ({"VALUE": "1.2.3"}, "value_not_a_number", "two points"),
    ({"VALUE": "--5"}, "value_not_a_number", "two signs"),
    ({"VALUE": " 5"}, "value_not_a_number", "a space before"),
    ({"VALUE": "5\n"}, "value_not_a_number", "a line break behind: `$` would let it pass"),
    ({"VALUE": "٣"}, "value_not_a_number", "an Arabic three: `\\d` would let it pass"),
    ({"VALUE": "NaN"}, "value_not_a_number", "what another program writes for nothing"),
    ({"VALUE": "inf"}, "value_not_a_number", "a double, but no number"),
    ({"VALUE": "x"}, "value_not_a_number", "the sign in the wrong column"),
    ({"VALUE": "x", "STATUS": "x"}, "value_not_a_number", "and not made good by the right one"),
    ({"VALUE": ""}, "value_missing_without_status", "nothing, and nothing says why"),
    ({"VALUE": None}, "value_missing_without_status", "nothing, not even quotes"),
    ({"VALUE": "", "STATUS": "x"}, "", "confidential"),
    ({"VALUE": "", "STATUS": ".."}, "", "not available"),
    ({"VALUE": "", "STATUS": "..."}, "", "not applicable"),
    ({"VALUE": "", "STATUS": "F"}, "", "too unreliable to be published"),
    ({"VALUE": "5", "STATUS": "E"}, "", "a value with a sign of its quality"),
    ({"VALUE": "", "STATUS": "X"}, "status_unknown", "signs are spelt exactly"),
    ({"VALUE": "5", "STATUS": "z"}, "status_unknown", "a sign not in the legend, beside a value"),
    ({"VALUE": "", "STATUS": "...."}, "status_unknown", "one dot too many"),
    ({"SCALAR_FACTOR": "units ", "SCALAR_ID": "0"}, "", "the trailing space of files before 2019"),
    ({"SCALAR_FACTOR": "units", "SCALAR_ID": "0"}, "", "and without it"),
    ({"SCALAR_FACTOR": "millions"}, "scalar_factor_unknown", "the words say 6, the number says 3"),
    ({"SCALAR_ID": "6"}, "scalar_factor_unknown", "the other way round"),
    ({"SCALAR_ID": "03"}, "scalar_factor_unknown", "numbers are spelt exactly"),
    ({"SCALAR_ID": "10"}, "scalar_factor_unknown", "beyond the list"),
    ({"SCALAR_ID": ""}, "scalar_factor_unknown", "none"),
    ({"SCALAR_ID": None, "SCALAR_FACTOR": None}, "scalar_factor_unknown", "nothing at all is not units"),
    ({"SCALAR_FACTOR": "milliers"}, "scalar_factor_unknown", "the French file is another layout"),
]
FLOW_RULES = [
    ({"REF_DATE": "2022-13"}, "period_not_a_month", "there is no thirteenth month"),
    ({"REF_DATE": "2022-00"}, "period_not_a_month", "nor a zeroth"),
    ({"REF_DATE": "2022"}, "period_not_a_month", "a year"),
    ({"REF_DATE": "2022-3"}, "period_not_a_month", "a lost zero is not guessed back"),
    ({"REF_DATE": "2022-03-01"}, "period_not_a_month", "a day"),
    ({"REF_DATE": "2021/2022"}, "period_not_a_month", "a fiscal year"),
    ({"REF_DATE": "0000-01"}, "period_not_a_month", "a year no calendar here has"),
    ({"REF_DATE": "22-03"}, "period_not_a_month", "a spreadsheet's short date"),
    ({"REF_DATE": ""}, "period_not_a_month", "none"),
    ({"REF_DATE": "2022-12"}, "", "the last month there is"),
    ({"UOM": "Percent"}, "unit_not_dollars", "not money"),
    ({"UOM": "Dollars "}, "unit_not_dollars", "spelt exactly"),
    ({"UOM": None}, "unit_not_dollars", "none"),
    ({PARTNERS: "Turkey"}, "", "the name in files up to 2022"),
    ({PARTNERS: "Türkiye"}, "", "the name since"),
    ({PARTNERS: "Russia"}, "partner_unknown", "not how the publisher calls it"),
    ({PARTNERS: "russian federation"}, "partner_unknown", "spelt exactly"),
    ({PARTNERS: "Namibia"}, "partner_unknown", "a country not in the list yet"),
    ({PARTNERS: ""}, "partner_unknown", "none"),
    ({"GEO": "Northwest Territories including Nunavut"}, "", "as it was until 1999"),
    ({"GEO": "Québec"}, "region_unknown", "the English file says Quebec"),
    ({"GEO": ""}, "region_unknown", "none"),
    ({"Trade": "Re-export"}, "", "goods that only passed through"),
    ({"Trade": "Exports"}, "trade_unknown", "spelt exactly"),
    ({"VALUE": "5.12345"}, "", "thousands with five decimals are whole cents"),
    ({"VALUE": "5.123456"}, "value_finer_than_a_cent", "the sixth is a tenth of a cent"),
    ({"VALUE": "5.1", "SCALAR_FACTOR": "units", "SCALAR_ID": "0"}, "", "ten cents"),
    ({"VALUE": "5.123", "SCALAR_FACTOR": "units", "SCALAR_ID": "0"}, "value_finer_than_a_cent", "not of dollars"),
    ({"VALUE": LARGEST, "SCALAR_FACTOR": "units", "SCALAR_ID": "0"}, "", "the largest a double holds to the cent"),
    ({"VALUE": f"-{LARGEST}", "SCALAR_FACTOR": "units", "SCALAR_ID": "0"}, "", "and below zero"),
    (
        {"VALUE": "11258999068426.25", "SCALAR_FACTOR": "units", "SCALAR_ID": "0"},
        "value_too_large",
        "one cent more",
    ),
    (
        {"VALUE": "-11258999068426.25", "SCALAR_FACTOR": "units", "SCALAR_ID": "0"},
        "value_too_large",
        "and below zero",
    ),
    ({"VALUE": "9" * 400}, "value_too_large", "more than a double holds"),
    ({"VALUE": "9" * 20}, "value_too_large", "more than 64 bits hold"),
    ({"REF_DATE": "20221", "VALUE": "1,2"}, "period_not_a_month;value_not_a_number", "every reason is kept"),
]
SECTION_RULES = [
    ({NAPCS: "Farm, fishing and intermediate food products"}, "", "the 2017 list"),
    ({NAPCS: "Farm, fishing and intermediate food products [C11]"}, "", "the 2017 list with its code"),
    ({NAPCS: "Farm, fishing, intermediate food products"}, "", "the 2022 list"),
    ({NAPCS: "Farm, fishing, intermediate food products [C11]"}, "", "the 2022 list with a code"),
    ({NAPCS: "Energy products [C11]"}, "section_unknown", "the code of another section"),
    ({NAPCS: "Total of all merchandise"}, "", "the published total"),
    ({NAPCS: "Wheat"}, "section_unknown", "no section"),
    (
        dict.fromkeys(SECTION, ""),
        "period_not_a_month;value_missing_without_status;scalar_factor_unknown;unit_not_dollars;partner_unknown;"
        "region_unknown;trade_unknown;section_unknown",
        "an empty row breaks every rule it can",
    ),
]
PARTNER_RULES = [
    ({}, "", "as published, in millions with one decimal"),
    ({"Basis": "Customs"}, "", "the other basis"),
    ({"Seasonal adjustment": "Seasonally adjusted"}, "", "the other adjustment"),
    ({"Basis": "BOP"}, "basis_unknown", "spelt out"),
    ({"Basis": ""}, "basis_unknown", "customs is not assumed"),
    ({"Seasonal adjustment": "Trend-cycle"}, "adjustment_unknown", "not one of this table"),
    ({PARTNERS: "All countries"}, "", "the published total"),
    ({PARTNERS: "European Union"}, "", "the published total of its members"),
    ({"Trade": "Export"}, "", "domestic and re-exports together"),
    ({"VALUE": "5.12345678"}, "", "millions with eight decimals are whole cents"),
    ({"VALUE": "5.123456789"}, "value_finer_than_a_cent", "the ninth is not"),
    ({"REF_DATE": "2022-13"}, "period_not_a_month", "the rules of every table of trade hold here too"),
    ({"VALUE": "5,6"}, "value_not_a_number", "a French decimal comma"),
]
SERIES_RULES = [
    ({"REF_DATE": "2021"}, "", "a year"),
    ({"REF_DATE": "2021-03"}, "", "a month"),
    ({"REF_DATE": "2021-03-04"}, "", "a day"),
    ({"REF_DATE": "2021/2022"}, "", "a fiscal year"),
    ({"REF_DATE": "2021-13"}, "period_not_a_date", "no such month"),
    ({"REF_DATE": "2021-02-29"}, "period_not_a_date", "no such day in 2021"),
    ({"REF_DATE": "2020-02-29"}, "", "but there was in 2020"),
    ({"REF_DATE": "2021-3"}, "period_not_a_date", "a lost zero"),
    ({"REF_DATE": "2021/22"}, "period_not_a_date", "a short fiscal year"),
    ({"REF_DATE": "March 2021"}, "period_not_a_date", "in words"),
    ({"REF_DATE": ""}, "period_not_a_date", "none"),
    ({"Type of goods": "", "UOM": ""}, "", "any member, any unit: the table is not known"),
]
_SERIES = statcan.series(list(SERIES))


@pytest.mark.parametrize(("changed", "reasons", "why"), [*CELL_RULES, *FLOW_RULES, *SECTION_RULES])
def test_a_row_by_section(changed, reasons, why):
    assert judged(statcan.BY_SECTION, SECTION | changed)[1] == [reasons], why


@pytest.mark.parametrize(("changed", "reasons", "why"), PARTNER_RULES)
def test_a_row_by_partner(changed, reasons, why):
    assert judged(statcan.BY_PARTNER, PARTNER | changed)[1] == [reasons], why


@pytest.mark.parametrize(("changed", "reasons", "why"), [*CELL_RULES[3:], *SERIES_RULES])
def test_a_row_of_any_other_table(changed, reasons, why):
    known = {"SCALAR_FACTOR": "thousands", "SCALAR_ID": "3"}
    assert judged(_SERIES, SERIES | known | changed)[1] == [reasons], why


def test_rows_are_judged_one_by_one():
    published = [SECTION | changed for changed, _, _ in [*CELL_RULES, *FLOW_RULES]]
    assert judged(statcan.BY_SECTION, *published)[1] == [reasons for _, reasons, _ in [*CELL_RULES, *FLOW_RULES]]


def test_a_row_by_section_means():
    [accepted], _ = judged(statcan.BY_SECTION, row(value="39280", status="E", SYMBOL="r"))
    assert accepted == {
        "record": 1,
        "partner": "RU",
        "flow": "domestic_export",
        "period": date(2022, 3, 1),
        "months": 1,
        "region": "CA",
        "value_cad_cents": 3_928_000_000,
        "status": "E",
        "symbol": "r",
        "product": "C12",
    }


def test_a_row_by_partner_means():
    [accepted], _ = judged(statcan.BY_PARTNER, row(PARTNER))
    assert accepted == {
        "record": 1,
        "partner": "RU",
        "flow": "total_export",
        "period": date(2022, 3, 1),
        "months": 1,
        "region": "CA",
        "value_cad_cents": 560_000_000,
        "status": None,
        "symbol": None,
        "basis": "balance_of_payments",
        "seasonal_adjustment": "unadjusted",
    }


def test_a_row_of_any_other_table_means():
    [accepted], _ = judged(_SERIES, SERIES)
    assert accepted == {
        "record": 1,
        "vector": "v74871",
        "dimensions": '{"GEO":"Canada","Type of goods":"Wheat"}',
        "period": date(2018, 10, 1),
        "reference_period": "2018-10",
        "value": 1_116_824.0,
        "unit": "Tonnes",
        "status": None,
        "symbol": None,
    }


@pytest.mark.parametrize(
    ("reference_period", "first_day"),
    [
        ("2021", date(2021, 1, 1)),
        ("2021-03", date(2021, 3, 1)),
        ("2021-03-04", date(2021, 3, 4)),
        ("2021/2022", date(2021, 1, 1)),  # where the fiscal year begins, the file does not say
    ],
)
def test_a_reference_period_begins(reference_period, first_day):
    [accepted], _ = judged(_SERIES, row(SERIES, period=reference_period))
    assert (accepted["period"], accepted["reference_period"]) == (first_day, reference_period)


def test_a_cell_without_a_value_is_null_and_keeps_its_sign():
    for source, base, name in (
        (statcan.BY_SECTION, SECTION, "value_cad_cents"),
        (statcan.BY_PARTNER, PARTNER, "value_cad_cents"),
        (_SERIES, SERIES, "value"),
    ):
        [accepted], _ = judged(source, row(base, value="", status="x"))
        assert (accepted[name], accepted["status"]) == (None, "x")


@given(
    st.lists(
        st.tuples(st.integers(-(2**50), 2**50), st.integers(0, 9), st.booleans()),
        min_size=1,
        max_size=50,
    )
)
def test_every_whole_number_of_cents_comes_out_to_the_cent(amounts):
    words = {entry["scalar_id"]: entry["words"] for entry in rows("scalar_factors")}
    published = [
        row(
            value=f"{Decimal(cents).scaleb(-2 - power):f}",
            SCALAR_ID=str(power),
            SCALAR_FACTOR=words[str(power)] + " " * spaced,
        )
        for cents, power, spaced in amounts
    ]
    accepted, reasons = judged(statcan.BY_SECTION, *published)
    assert set(reasons) == {""}
    assert [entry["value_cad_cents"] for entry in accepted] == [cents for cents, _, _ in amounts]


def headings_of(base: dict, *, drop: str = "", add: tuple[str, ...] = (), **renamed: str) -> list[str]:
    return [*(renamed.get(name, name) for name in base if name != drop), *add]


HEADINGS = [
    # headings found, what the error says after the file
    (headings_of(SECTION, drop="VALUE"), "the column 'VALUE' is missing"),
    (
        headings_of(SECTION, add=("NOTES",)),
        "the column 'NOTES' is not one of trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)",
    ),
    (
        headings_of(SECTION, VALUE="VALUES"),
        "the column 'VALUE' is missing (is it now 'VALUES'?); the column 'VALUES' is not one of"
        " trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)",
    ),
    (
        headings_of(SECTION, **{PARTNERS: "Principal trading partner"}),
        "the column 'Principal trading partners' is missing (is it now 'Principal trading partner'?);"
        " the column 'Principal trading partner' is not one of"
        " trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)",
    ),
    (
        headings_of(SECTION, VALUE="value"),
        "the column 'VALUE' is missing (is it now 'value'?); the column 'value' is not one of"
        " trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)",
    ),
    (headings_of(SECTION, add=("VALUE",)), "the column 'VALUE' stands there twice"),
    (headings_of(SECTION, add=("DGUID",)), "the column 'DGUID' stands there twice"),
]


@pytest.mark.parametrize(("headings", "said"), HEADINGS)
def test_other_headings_are_refused_and_the_column_is_named(headings, said):
    with pytest.raises(UnexpectedHeadingError) as caught:
        statcan.BY_SECTION.raw_names(headings, "a.csv")
    layout = "expected the layout trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)"
    assert str(caught.value) == f"a.csv: {said} ({layout} of Statistics Canada)"


def test_the_order_of_columns_does_not_matter_and_unused_ones_may_be_absent():
    found = [name for name in reversed(SECTION) if name not in ("DGUID", "VECTOR", "TERMINATED")]
    [accepted], _ = judged(statcan.BY_SECTION, {name: SECTION[name] for name in found})
    assert accepted["value_cad_cents"] == 500_000


KNOWN = [
    # table number, headings, the source
    ("12-10-0119", SECTION, statcan.BY_SECTION),
    ("12-10-0175", SECTION, statcan.BY_SECTION),
    ("12-10-0011", PARTNER, statcan.BY_PARTNER),
    ("", SECTION, statcan.BY_SECTION),  # a file under another name is known by its headings
    ("", PARTNER, statcan.BY_PARTNER),
]


@pytest.mark.parametrize(("table", "base", "source"), KNOWN)
def test_which_source_a_file_has(table, base, source):
    assert recognise("a.csv", table, list(base)) is source


def test_any_other_table_is_a_series():
    source = recognise("a.csv", "18-10-0204", list(SERIES))
    assert source.table is SERIES_TABLE
    assert statcan.BY_SECTION.table is statcan.BY_PARTNER.table is FLOWS


def test_a_known_table_with_another_layout_is_refused_and_not_read_as_something_else():
    source = recognise("12100119-eng.zip", "12-10-0119", list(SERIES))
    with pytest.raises(UnexpectedHeadingError, match=r"^12100119-eng\.zip: the column 'Trade' is missing; "):
        source.raw_names(list(SERIES), "12100119-eng.zip")


def test_a_file_of_no_known_layout_is_refused_with_its_columns():
    with pytest.raises(UnexpectedHeadingError) as caught:
        recognise("a.csv", "", ["name", "address"])
    assert str(caught.value) == (
        "a.csv: no known layout has the columns ['name', 'address']; the layouts are in sources/"
    )


def put_series(tmp_path, extra: dict[str, str]) -> pl.DataFrame:
    """A table with more dimensions before the unit, cleaned."""
    items = list(SERIES.items())
    content = statcan_csv([dict([*items[:4], *extra.items(), *items[4:]])])
    report = clean(put_csv(tmp_path / "raw", "10100164-eng.csv", content), tmp_path / "processed")
    assert (report["records"], report["accepted"]) == (1, 1)
    return pl.read_parquet(tmp_path / "processed/series/10100164-eng.csv.parquet")


def test_a_dimension_whose_name_differs_from_a_fixed_column_by_case_alone_stays_apart(tmp_path):
    table = put_series(tmp_path, {"Value": "Book value", "Status": "Active", "value": "third"})
    dimensions = json.loads(table["dimensions"].item())
    assert dimensions == {
        "GEO": "Canada",
        "Type of goods": "Wheat",
        "Value": "Book value",
        "Status": "Active",
        "value": "third",
    }
    assert (table["value"].item(), table["status"].item()) == (1_116_824.0, None)


def test_names_and_members_of_dimensions_are_kept_to_the_letter(tmp_path):
    extra = {'Goods, "all" (2017 = 100)': 'à "b", c\\d', "factor": "record", "_ignored_2": "[C12]"}
    assert json.loads(put_series(tmp_path, extra)["dimensions"].item()) == {
        "GEO": "Canada",
        "Type of goods": "Wheat",
        **extra,
    }
