"""Comext's exports become flows: names to codes, periods to months, sums set aside, every record judged."""

import csv
import doctest
import io

import pytest
from conftest import ROOT, put_csv

from tradeanalytics import flows
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.sources import comext

HEADINGS = ("REPORTER", "PARTNER", "PRODUCT", "FLOW", "STAT_PROCEDURE", "PERIOD", "VALUE_IN_EUR")
UNION = "European Union - 27 countries (AT, BE)"
USUAL = ("Austria", "Armenia", "Total", "EXPORT", "Total", "Aug. 2024", "1785.71")
EXTRACT = "eurostat-comext/2024/eu27_exports_to_russia_and_neighbours.csv"


def record(**changed: str) -> tuple[str, ...]:
    return tuple({**dict(zip(HEADINGS, USUAL, strict=True)), **changed}.values())


def cleaned(tmp_path, *rows, name="any.csv"):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows((HEADINGS, *rows))
    raw = put_csv(tmp_path / "raw", name, out.getvalue().encode())
    return raw, clean(raw, tmp_path / "processed"), connect(tmp_path / "processed")


ROWS = [
    # changed, reasons, why
    ({}, "", "a month"),
    ({"PERIOD": "202407-Jul. 2024", "FLOW": "2-EXPORT", "PRODUCT": "TOTAL-Total"}, "", "the older spelling"),
    ({"PARTNER": "Namibia", "VALUE_IN_EUR": "0.0"}, "", "a published zero is data"),
    ({"PARTNER": "Sudan (incl. South Sudan 'SS' -> 2012)"}, "", "a name with its history"),
    ({"PARTNER": "Guinée", "FLOW": "EXPORTATION", "PERIOD": "Jan.-Dec. 2016"}, "", "French, a year"),
    ({"PARTNER": "Guinea", "FLOW": "EXPORTATION", "PERIOD": "Jan.-Dec. 2016"}, "", "the French list's Guinea-Bissau"),
    ({"PERIOD": "202408-Aug. 2024"}, "said_again", "the same month and value in another spelling"),
    ({"PARTNER": "Russia"}, "", "one name"),
    ({"PARTNER": "Russia", "VALUE_IN_EUR": "9"}, "cell_repeated", "which value is right is not known: the first"),
    ({"PARTNER": "China"}, "partner_named_twice", "with the next row: two names, one code"),
    ({"PARTNER": "Chine", "VALUE_IN_EUR": "7"}, "partner_named_twice", "neither is kept"),
    ({"PARTNER": "Atlantis"}, "partner_unknown", "no country"),
    ({"PARTNER": "United Kingdom (excluding Northern Ireland)"}, "partner_unknown", "a part is not the whole"),
    ({"PARTNER": "Extra-EU27 (from 2020)"}, "sum_of_partners", "beside its parts"),
    ({"REPORTER": "Euro area - 20 countries (AT, BE)"}, "sum_of_reporters", "beside its members"),
    ({"REPORTER": UNION}, "", "the Union of 27, for an extract may hold nothing else"),
    ({"REPORTER": "World"}, "reporter_unknown", "nobody reports for the world"),
    ({"PRODUCT": "85-ELECTRICAL MACHINERY"}, "goods_not_total", "a chapter is not all goods"),
    ({"FLOW": "BALANCE"}, "flow_unknown", "no flow"),
    ({"STAT_PROCEDURE": "1-NORMAL"}, "procedure_not_kept", "a part of the total"),
    ({"PERIOD": "202407-Aug. 2024"}, "period_unreadable", "its number and its words contradict"),
    ({"PERIOD": "Aug 2024"}, "period_unreadable", "not as published"),
    ({"VALUE_IN_EUR": ""}, "value_not_a_number", "empty is not zero"),
    ({"VALUE_IN_EUR": "1,200"}, "value_not_a_number", "one thousand two hundred, or 1.2?"),
    ({"VALUE_IN_EUR": "0x10"}, "value_not_a_number", "a cast would read 16"),
    ({"VALUE_IN_EUR": "1785.714"}, "value_not_a_number", "finer than a cent"),
    ({"VALUE_IN_EUR": "-5", "PARTNER": "Georgia"}, "value_negative", "trade is not negative"),
    ({"VALUE_IN_EUR": "1" * 16, "PARTNER": "Georgia"}, "value_too_large", "beyond whole cents"),
]


def test_every_record_is_accepted_or_rejected_with_its_reasons(tmp_path):
    _, report, engine = cleaned(tmp_path, *(record(**changed) for changed, _, _ in ROWS))
    found = dict(engine.sql("SELECT record, reasons FROM rejected").itertuples(index=False))
    assert [found.get(number, "") for number in range(1, len(ROWS) + 1)] == [reasons for _, reasons, _ in ROWS]
    assert report["records"] == len(ROWS) == report["accepted"] + report["rejected"]
    assert report["set_aside"] == 3


def test_names_periods_and_euros_become_codes_months_and_cents(tmp_path):
    _, _, engine = cleaned(
        tmp_path,
        record(),
        record(REPORTER=UNION, PARTNER="Russian Federation (Russia)", FLOW="1-IMPORT", PERIOD="Y2019"),
        record(PARTNER="European Union - 27 countries (from 2020)", STAT_PROCEDURE="NORMAL"),
    )
    table = engine.sql(
        "SELECT reporter, partner, flow, CAST(period AS VARCHAR) AS period, months, region, value_eur_cents,"
        " value_cad_cents, product, basis FROM flows ORDER BY record"
    )
    same = (178571, None, "TOTAL", "customs")
    assert [
        tuple(None if value is not value or str(value) == "<NA>" else value for value in row)
        for row in table.itertuples(index=False)
    ] == [
        ("AT", "AM", "total_export", "2024-08-01", 1, "AT", *same),
        ("EU27", "RU", "import", "2019-01-01", 12, "EU27", *same),
        ("AT", "EU27", "total_export", "2024-08-01", 1, "AT", *same),
    ]


def test_a_year_is_never_read_as_its_first_month(tmp_path):
    raw, _, engine = cleaned(tmp_path, record(PERIOD="Jan. 2019"), record(PERIOD="Y2019", VALUE_IN_EUR="900"))
    months = [
        flows.monthly(engine, flows.cells(engine, raw.file_id, "total_export", "AM", reporter="AT", months=count))
        for count in (1, 12)
    ]
    assert [table["value_eur_cents"].tolist() for table in months] == [[178571], [90000]]


def test_a_rejected_partner_puts_sums_of_all_in_doubt_and_no_other_partner(tmp_path):
    raw, _, engine = cleaned(tmp_path, record(), record(PARTNER="Atlantis"))
    values = [
        flows.monthly(engine, flows.cells(engine, raw.file_id, "total_export", partner, reporter="AT"))[
            "value_eur_cents"
        ]
        .isna()
        .tolist()
        for partner in ("AM", None)
    ]
    assert values == [[False], [True]]


def test_the_bundled_extract_is_read_whole_and_its_checked_month_is_there(tmp_path):
    [raw] = [raw for raw in raw_files(ROOT / "data/raw") if raw.name == EXTRACT]
    report = clean(raw, tmp_path)
    assert (report["records"], report["rejected"], raw.altered, raw.extract) == (408, 0, False, True)
    engine = connect(tmp_path)
    cells = flows.newest(engine, "total_export", "RU", ["2019-01", "2024-08"], reporter="EU27")
    values = flows.monthly(engine, cells)["value_eur_cents"]
    assert len(values) == 68 and not values.isna().any()
    assert values.iloc[[0, -1]].tolist() == [598118931800, 247531320700]


def test_the_examples_run():
    assert doctest.testmod(comext).failed == 0


COUNTS = [
    # file, records, accepted, rejected for a fault
    ("eurostat_ms_monthly_exports_long.csv", 14095, 12635, 0),
    ("eurostat_eu_year_exports_by_partner.csv", 3407, 3389, 0),
    ("nat_armenia.csv", 573, 572, 1),  # Saint-Barth?lemy: a lost letter
    ("nat_kazakhstan.csv", 437, 412, 0),
    ("nat_kyrgyz.csv", 688, 636, 7),  # "Bouvet" and "Eastern SAMOA"
    ("nat_uzbek.csv", 1175, 1175, 0),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "records", "accepted", "faults"), COUNTS)
def test_the_real_files_are_accounted_for(tmp_path, shared, name, records, accepted, faults):
    raw = raw_file(shared / "data/aggregates" / name, shared / "data/aggregates")
    report = clean(raw, tmp_path)
    assert (report["records"], report["accepted"]) == (records, accepted)
    assert report["rejected"] - report.get("set_aside", 0) == faults
    assert outputs(raw.name, tmp_path)["flows"].exists()


@pytest.mark.shared
def test_the_wide_table_of_the_union_is_the_unions_rows_of_the_long_one(tmp_path, shared):
    """It says neither whose trade it holds nor in what: it is no layout of the publisher, and its figures are here."""
    folder = shared / "data/aggregates"
    clean(raw_file(folder / "eurostat_ms_monthly_exports_long.csv", folder), tmp_path)
    long = connect(tmp_path).sql(
        "SELECT partner, period, value_eur_cents FROM flows WHERE reporter = 'EU27' AND flow = 'total_export'"
    )
    wide = csv.DictReader((folder / "eurostat_eu27_monthly_exports.csv").open(encoding="utf-8"))
    told = {
        (comext.party(name), row["date"]): int(text) * 100
        for row in wide
        for name, text in row.items()
        if name != "date"
    }
    assert len(told) == 408
    assert told == {(code, f"{day:%Y-%m-%d}"): cents for code, day, cents in long.itertuples(index=False)}
