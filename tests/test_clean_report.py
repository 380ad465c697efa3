"""What `tradeanalytics clean FILE` prints of customs records: a tired reporter reads it once and is not misled."""

import inspect
import re

import pytest

from tradeanalytics import cli
from tradeanalytics.clean import clean, reports
from tradeanalytics.clean.overlap import mark_known
from tradeanalytics.raw import raw_file
from tradeanalytics.sample import BILLS, DECLARATIONS, OVERLAP, write_sample
from tradeanalytics.sources import customs
from tradeanalytics.story.cleaning_words import _FLAGS, cleaning_words


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, str]:
    """The words on each file of the sample; the overlap comes second, under a later name."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    (folder / OVERLAP).rename(folder / f"later_{OVERLAP}")
    for name in (DECLARATIONS, f"later_{OVERLAP}", BILLS):
        clean(raw_file(folder / name, folder), folder)
    mark_known(folder)
    return {report["name"].removeprefix("later_"): cleaning_words(report) for report in reports(folder)}


DECLARED = [
    "SYNTHETIC_russian_declarations.csv: read as Russian customs declarations (ru_declaration)",
    "18,174 rows = 18,173 accepted + 1 rejected",
    "rejected, total_row: 1. A row is one shipment, not a sum.",
    "for example record 18174: ИТОГО;",
    "January 1, 2021 to June 28, 2023; no month is missing",
    "116 names of shippers and 40 names of consignees, each spelling for itself",
    "35.3 billion rubles, customs value (18,073 shipments, each once)",
    "35.5 billion rubles if the rows that repeat are added too",
    "US$488 million, statistical value (18,073 shipments, each once)",
    "US$491 million if the rows that repeat are added too",
    "60 rows are exact copies of earlier ones: not counted",
    "40 rows say an earlier shipment again in another spelling: not counted",
    "80 rows share a number with others that say something else (revisions, or second legs): counted, each of them",
    "357 rows: Latin letters stood inside Russian words, or Russian ones inside Latin; put right",
    "encoding cp1251, chosen by the letters of the whole file",
    "cells separated by semicolons",
    "consignee_name: G082 (Наименование получателя)",
    "3 known, and of no use here: G05 (Всего наименований товаров); G12 (Общая таможенная стоимость по ГТД)",
]


@pytest.mark.parametrize("line", DECLARED)
def test_a_file_of_declarations(said, line):
    assert line in said[DECLARATIONS]


BILLED = [
    "read as Panjiva US imports (panjiva_us_imports)",
    "no shipper is named in 60 rows",
    "no consignee is named in 70 rows",
    "US$3.9 billion, estimated by the vendor, declared by nobody (955 shipments, each once)",
    "unknown for 15 shipments, which are not in the sum",
    "30 master bills whose house bills are in the file too: not counted",
    "100% of the values are one price a kilogram of their goods: they look estimated from the weight",
    "985 rows: the value is a vendor's estimate",
    "cells separated by commas",
]


@pytest.mark.parametrize("line", BILLED)
def test_a_file_of_bills(said, line):
    assert line in said[BILLS]


def test_a_second_file_says_how_many_rows_were_known_already(said):
    assert "1,500 of 2,000 rows were already known from an earlier file: counted there, not again" in said[OVERLAP]
    assert "already known" not in said[DECLARATIONS]


def test_what_is_right_is_not_mentioned(said):
    assert "Rows that repeat" in said[OVERLAP] and "exact cop" not in said[OVERLAP] and "rejected," not in said[OVERLAP]
    assert "look estimated" not in said[DECLARATIONS], "invoices do not follow one price a kilogram"


def test_no_line_but_the_example_is_longer_than_a_page_is_wide(said):
    for text in said.values():
        long = [line for line in text.splitlines() if len(line) > 120 and "for example" not in line]
        assert not long


HEADINGS = "Bill of Lading Number,Arrival Date,Shipper,Consignee,HS Code,Goods Shipped,Weight (kg),Value of Goods (USD)"
ROWS = ["1,2022-01-05,A,B,854231,x,10,5", "2,2022-04-05,A,B,ABC,x,ten,6", "3,,A,B,854231,x,5,", ",,,,,,,"]


def words_on(tmp_path, name: str, content: str) -> str:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return cleaning_words(clean(raw_file(tmp_path / name, tmp_path), tmp_path))


def test_missing_months_unreadable_cells_and_unknown_headings_are_named(tmp_path):
    text = words_on(tmp_path, "bills.csv", "\n".join([f"{HEADINGS},Mood", *(f"{row},?" for row in ROWS), ""]))
    assert "January 5, 2022 to April 5, 2022; no row in 2022-02, 2022-03" in text
    assert "1 row: the weight cannot be read; left empty" in text
    assert "1 row: the code of the goods cannot be read; left empty" in text
    assert "1 row: there is no date" in text
    assert "1 not known, and not used: Mood" in text and "unknown for 1 shipment, which" in text
    assert "rejected, nothing_identifies_it: 1." in text


def test_a_weight_in_another_unit_is_suspected(tmp_path):
    heading = "ND;G072;G32;G022;G082;G33;G31_1;G35;G38;G46"
    rows = [f"10210200/150622/301234{n};15.06.2022;1;A;B;8517620009;X;{gross};{net};5" for n, (gross, net) in enumerate(
        [("12400", "9,6"), ("12,4", "9600"), ("12,4", "9,6")]
    )]  # fmt: skip
    text = words_on(tmp_path, "dump.csv", "\n".join([heading, *rows, ""]))
    assert "1 row: over a hundred times more gross than net weight; is one in another unit?" in text
    assert "1 row: the net weight is above the gross: one of the two is wrong, or in another unit" in text


def test_every_flag_has_words_a_reader_understands():
    source = inspect.getsource(customs._flags)
    codes = set(re.findall(r'^        "([a-z_]+)": ', source, re.MULTILINE)) | set(
        re.findall(r'flags\["([a-z_]+)"\]', source)
    )
    assert len(codes) > 15 and codes <= set(_FLAGS)


def test_an_unknown_flag_is_still_said(tmp_path):
    text = words_on(tmp_path, "bills.csv", "\n".join([HEADINGS, ROWS[0], ""]))
    report = {**reports(tmp_path)[0], "flags": {"new_flag": 2}}
    assert "new_flag" not in text and "2 rows: flagged new_flag" in cleaning_words(report)


def test_the_command_prints_it_and_marks_what_is_known(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "data" / "raw"
    folder.mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        more = ["4,2022-06-05,A,B,854231,x,10,5"] if name == "b.csv" else []
        (folder / name).write_text("\n".join([HEADINGS, *ROWS[:2], *more, ""]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["clean"]) == 0
    printed = capsys.readouterr().out
    assert "a.csv: read as Panjiva" in printed
    assert "2 of 3 rows were already known from an earlier file" in printed
