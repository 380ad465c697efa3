"""Russian customs statistics become goods: every record accepted or rejected, no number guessed. Rows are invented."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter
from conftest import cleaned_goods, put_csv, statcan_csv
from conftest import row as statcan_row
from test_containers import dbf

from tradeanalytics import TradeAnalyticsError, flows
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect

HEADINGS = ("napr", "period", "nastranapr", "tnved", "edizm", "Stoim", "Netto", "Kol", "Region", "Region_s")
MOSCOW, DISTRICT = "45000 - Г. МОСКВА", "01 - ЦЕНТРАЛЬНЫЙ ФЕДЕРАЛЬНЫЙ ОКРУГ"


def cell(**changed: str) -> tuple[str, ...]:
    """A row as published, with some fields changed by their heading."""
    usual = ("ИМ", "03/2021", "CN", "8517620009", "ШТ", "1234,56", "9,6", "800", MOSCOW, DISTRICT)
    return tuple({**dict(zip(HEADINGS, usual, strict=True)), **changed}.values())


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """As published: TAB, UTF-8."""
    return "".join("\t".join(row) + "\r\n" for row in (HEADINGS, *rows)).encode()


def as_dbf(rows: Sequence[Sequence[str]]) -> bytes:
    """As published before that: cp866, all columns text."""
    widths = (2, 7, 2, 10, 13, 20, 20, 20, 60, 60)
    fields = [(name.upper(), "C", width) for name, width in zip(HEADINGS, widths, strict=True)]
    return dbf(fields, [tuple(row) for row in rows], codec="cp866", driver=0x65)


def as_zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def cleaned(tmp_path, content: bytes, name: str = "DATTSVT.csv"):
    return cleaned_goods(tmp_path, content, name)


FORMS = [
    # name, content of rows, how it comes
    ("DATTSVT.csv", as_csv, "a table with TABs"),
    ("DATTSVT.dbf", as_dbf, "a DBF of a DOS program"),
    ("2021.zip", lambda rows: as_zip("DATTSVT.csv", as_csv(rows)), "the table in its zip"),
    ("2015.zip", lambda rows: as_zip("DATTSVT.dbf", as_dbf(rows)), "the DBF in its zip"),
]


@pytest.mark.parametrize(("name", "form", "why"), FORMS)
def test_a_published_cell_becomes_a_row_of_goods(name, form, why, tmp_path):
    report, (flow,), _ = cleaned(tmp_path, form([cell()]), name)
    known = {
        name: value for name, value in flow.items() if value not in (None, False) and name not in ("file_id", "vintage")
    }
    assert known == {
        "record": 1,
        "reporter": "RU",
        "partner": "CN",
        "flow": "import",
        "basis": "customs",
        "period": date(2021, 3, 1),
        "months": 1,
        "hs": "8517620009",
        "hs_edition": "2017",
        "region": MOSCOW,
        "value_usd_cents": 123_456,
        "net_kg": 9.6,
        "quantity": 800.0,
        "quantity_unit": "ШТ",
        "table_id": "",
    }, why
    assert report["publisher"] == "Federal Customs Service of Russia"
    assert (report["first_period"], report["last_period"]) == ("2021-03-01", "2021-03-01")


ACCEPTED = [
    # fields changed, what a flow has, why
    ({"napr": "ЭК"}, {"flow": "total_export"}, "what leaves, of whatever origin"),
    ({"nastranapr": "NA"}, {"partner": "NA"}, "Namibia is not a missing value"),
    ({"nastranapr": "AB"}, {"partner": "AB"}, "Abkhazia has no ISO code, but trade"),
    ({"tnved": "0101210000"}, {"hs": "0101210000"}, "a leading zero is kept"),
    ({"Stoim": "1 234 567,8"}, {"value_usd_cents": 123_456_780}, "spaces between thousands"),
    ({"Stoim": "12,400"}, {"value_usd_cents": 1_240}, "the comma is decimal in every row"),
    ({"Stoim": ",5"}, {"value_usd_cents": 50}, "a half as Oracle writes it"),
    ({"Stoim": "0"}, {"value_usd_cents": 0}, "a published zero is a zero"),
    ({"Stoim": ""}, {"value_usd_cents": None}, "what is not published is unknown"),
    ({"Netto": ""}, {"net_kg": None, "value_usd_cents": 123_456}, "nor is an unknown weight 0"),
    ({"edizm": "", "Kol": "0"}, {"quantity": None, "quantity_unit": None}, "goods without a unit have no quantity"),
    ({"Kol": "0"}, {"quantity": 0.0}, "with a unit a zero is data"),
    ({"Region": ""}, {"region": None}, "no region is not the whole country"),
]


@pytest.mark.parametrize(("changed", "expected", "why"), ACCEPTED)
def test_a_cell_that_is_accepted(changed, expected, why, tmp_path):
    _, (flow,), _ = cleaned(tmp_path, as_csv([cell(**changed)]))
    assert {name: flow[name] for name in expected} == expected, why


REJECTED = [
    # fields changed, reasons, why
    ({"period": "13/2021"}, "period_not_a_month", "there is no such month"),
    ({"period": "2021"}, "period_not_a_month", "a year is no month"),
    ({"period": "3/2021"}, "period_not_a_month", "not as published: was it cut?"),
    ({"napr": ""}, "flow_unknown", "in or out?"),
    ({"nastranapr": ""}, "partner_not_two_letters", "no partner"),
    ({"nastranapr": "156"}, "partner_not_two_letters", "a code of another kind"),
    ({"tnved": "851762"}, "hs_not_ten_digits", "a group is not its goods"),
    ({"tnved": "8,51762E+09"}, "hs_not_ten_digits", "four digits are lost"),
    ({"Stoim": "1,234,567"}, "usd_not_a_number", "two decimal commas"),
    ({"Stoim": "x", "Netto": "y", "Kol": "z"}, "usd_not_a_number;net_kg_not_a_number;quantity_not_a_number", "each"),
]


@pytest.mark.parametrize(("changed", "reasons", "why"), REJECTED)
def test_a_cell_that_is_rejected_keeps_its_reasons_and_its_text(changed, reasons, why, tmp_path):
    bad = cell(**changed)
    report, accepted, rejected = cleaned(tmp_path, as_csv([bad, cell()]))
    assert [(entry["record"], entry["reasons"], entry["text"]) for entry in rejected] == [
        (1, reasons, "\t".join(bad))
    ], why
    assert [flow["record"] for flow in accepted] == [2] and all(
        entry["expected"] for entry in report["reasons"].values()
    )


def test_a_lost_zero_is_put_back_where_the_column_proves_it_and_the_report_says_so(tmp_path):
    report, accepted, _ = cleaned(tmp_path, as_csv([cell(), cell(tnved="2011000000"), cell(tnved="101210000")]))
    assert [flow["hs"] for flow in accepted] == ["8517620009", "2011000000", "0101210000"]
    assert any(remark.startswith("1 codes of the goods had nine digits") for remark in report["remarks"])


def test_what_makes_a_cell_another_one_and_what_repeats_it(tmp_path):
    rows = [
        cell(),
        cell(napr="ЭК"),
        cell(period="04/2021"),
        cell(nastranapr="TR"),
        cell(tnved="8517620008"),
        cell(Region="40000 - Г. САНКТ-ПЕТЕРБУРГ"),
        cell(edizm="КГ"),
        cell(Stoim="1,00"),  # the first one again, with another value
        cell(Region=""),
        cell(Region=""),
    ]
    report, accepted, rejected = cleaned(tmp_path, as_csv(rows))
    assert [flow["record"] for flow in accepted] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert [(entry["record"], entry["reasons"]) for entry in rejected] == [(8, "cell_repeated"), (10, "cell_repeated")]
    assert report["reasons"]["cell_repeated"]["count"] == 2


def test_the_union_as_a_place_of_origin_is_no_sum_of_its_members(tmp_path):
    _, accepted, _ = cleaned(tmp_path, as_csv([cell(nastranapr="EU"), cell(nastranapr="DE"), cell(nastranapr="FR")]))
    assert [flow["partner"] for flow in accepted] == ["EU", "DE", "FR"]


def test_a_table_without_regions_weights_and_units_has_nulls_there(tmp_path):
    content = "napr\tperiod\tnastranapr\ttnved\tStoim\nИМ\t03/2021\tCN\t8517620009\t5,5\n".encode()
    _, (flow,), _ = cleaned(tmp_path, content)
    assert flow["value_usd_cents"] == 550
    assert {flow[name] for name in ("region", "net_kg", "quantity", "quantity_unit", "valuation")} == {None}


def test_two_sheets_are_refused_in_one_line(tmp_path):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for _ in range(2):
            page = book.add_worksheet()
            for number, row in enumerate((HEADINGS, cell())):
                page.write_row(number, 0, row)
    with pytest.raises(
        TradeAnalyticsError, match=r"^two\.xlsx: Russian customs statistics .* in 2 sheets, expected one"
    ):
        clean(put_csv(tmp_path / "raw", "two.xlsx", out.getvalue()), tmp_path)


def test_goods_stand_beside_flows_and_answers_about_canada_do_not_change(tmp_path):
    canada = put_csv(tmp_path / "raw", "1210011901_databaseLoadingData.csv", statcan_csv([statcan_row()]))
    clean(canada, tmp_path)
    before = flows.monthly(connect(tmp_path), flows.cells(connect(tmp_path), canada.file_id, "domestic_export", "RU"))
    cleaned(tmp_path, as_csv([cell(nastranapr="CA")]))
    engine = connect(tmp_path)
    sums = engine.sql("SELECT reporter, sum(value_usd_cents) AS usd, sum(value_cad_cents) AS cad FROM goods GROUP BY 1")
    assert sums.fillna(-1).to_dict("records") == [{"reporter": "RU", "usd": 123_456, "cad": -1}]
    assert list(engine.sql("SELECT DISTINCT reporter FROM flows")["reporter"]) == ["CA"]
    after = flows.monthly(engine, flows.cells(engine, canada.file_id, "domestic_export", "RU"))
    assert before.equals(after)
