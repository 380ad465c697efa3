"""A customs file that cannot be read is refused in one line that names it and says what to do, and nothing is half
written; what is wrong with single rows is said row by row, and the rest is read. All rows are SYNTHETIC.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from conftest import put_csv
from test_customs_slices import (
    EXPORT,
    IMPORT,
    PERUVIAN,
    as_csv,
    as_dbf,
    as_workbook,
    cleaned,
    grid,
    rejected,
    styled,
    text_of_dbf,
)

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs

ROWS = styled("bare", IMPORT, EXPORT)
HEADINGS = list(ROWS[0])
DUMP = "SYNTHETIC_dump.csv"


def files(folder: Path) -> list[str]:
    """Every file under a folder of processed tables."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def refusal(folder: Path, name: str, content: bytes) -> str:
    """The one line with which a file is refused; nothing of it is left behind."""
    raw = put_csv(folder / "raw", name, content)
    with pytest.raises(TradeAnalyticsError) as caught:
        clean(raw, folder / "processed")
    message = str(caught.value)
    assert message.startswith(name), "a refusal names the file first"
    assert "\n" not in message, "a refusal is one line"
    assert files(folder / "processed") == [], "nothing is half written"
    return message


def protected(content: bytes) -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt("password", out)
    return out.getvalue()


def page(rows: Sequence[Sequence[object]]) -> bytes:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><table>{cells}</table></body></html>".encode()


PIVOT = [["Row Labels", "Sum of Value", "Count of HS Code"], ["SYNTHETIC A", 1, 2], ["Grand Total", 1, 2]]
SECOND_TABLE = [*grid(ROWS), [], ["ND", "G022", "G31_1", "G46"], ["1", "SYNTHETIC", "BEARINGS", "5"]]
OWN_TABLE = [
    {"Nr": "1", "Wer": "SYNTHETIC MÜLLER GMBH", "Was": "KUGELLAGER", "Wert": "5", "Wann": "15.06.2022"},
    {"Nr": "2", "Wer": "SYNTHETIC KÖLN AG", "Was": "RÄDER", "Wert": "6", "Wann": "16.06.2022"},
]
REFUSED = [
    # name, content, what the line says of it, what to do
    (
        "SYNTHETIC_pivot.xlsx",
        as_workbook({"Pivot": PIVOT}),
        "no sheet has a row of headings that is known: sheet 'Pivot' begins 'Row Labels | Sum of Value",
        "expected declarations or bills, a row each",
    ),
    (
        "SYNTHETIC_secret.xlsx",
        protected(as_workbook({"Data": grid(ROWS)})),
        "the workbook is protected by a password",
        "save it without password",
    ),
    (
        "SYNTHETIC_two.xlsx",
        as_workbook({"Data": SECOND_TABLE}),
        "sheet 'Data' holds two tables, the second begins in cell A5",
        "move it to a sheet or file of its own",
    ),
    ("SYNTHETIC_paper.xlsx", b"%PDF-1.7\n", "this is a PDF", "ask for the table as .xlsx or CSV"),
    ("SYNTHETIC_web.xlsx", page(grid(ROWS)), "this is an HTML or XML page", "save it as .xlsx or CSV"),
    ("SYNTHETIC_web.csv", page(grid(ROWS)), "this is an HTML or XML page", "save it as .xlsx or CSV"),
    (
        "SYNTHETIC_access.mdb",
        b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(2048),
        "this is a Microsoft Access database",
        "`mdb-export SYNTHETIC_access.mdb TABLE > TABLE.csv` writes one",
    ),
    (
        "SYNTHETIC_access.accdb",
        b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(2048),
        "this is a Microsoft Access database",
        "`mdb-tables -1 SYNTHETIC_access.accdb` lists them",
    ),
    (
        "SYNTHETIC_own.csv",
        as_csv(OWN_TABLE, ",", "utf-8"),
        "no known layout has any of its 5 headings, such as ['Nr', 'Wer', 'Was', 'Wert']",
        "`tradeanalytics map SYNTHETIC_own.csv` writes",
    ),
    (
        "SYNTHETIC_half.csv",
        as_csv([{"ND": "1", "G072": "15.06.2022", "G45": "5"}], ",", "utf-8"),
        "no known layout fits; the closest, ru_declaration, knows 3 of its 3 headings, but nothing for",
        "`tradeanalytics map SYNTHETIC_half.csv` writes",
    ),
    ("SYNTHETIC_empty.csv", b"", "the file is empty", "expected a heading and rows"),
    ("SYNTHETIC_cut.xlsx", as_workbook({"Data": grid(ROWS)})[:2000], "damaged or cut off", "download it again"),
    ("SYNTHETIC_cut.dbf", as_dbf([text_of_dbf(row) for row in ROWS])[:-60], "the DBF is cut off", "copy it again"),
    ("SYNTHETIC_nul.csv", as_csv(ROWS) + b"\0\n", "line 4 holds a NUL byte", "not a text file"),
]


@pytest.mark.parametrize(("name", "content", "said", "advice"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_a_file_is_refused_in_one_line_that_says_what_to_do(name, content, said, advice, tmp_path):
    message = refusal(tmp_path, name, content)
    assert said in message
    assert advice in message


def test_a_refused_file_leaves_the_last_good_output_as_it_was(tmp_path):
    clean(put_csv(tmp_path / "raw", DUMP, as_csv(ROWS)), tmp_path / "processed")
    before = {name: (tmp_path / "processed" / name).read_bytes() for name in files(tmp_path / "processed")}
    with pytest.raises(TradeAnalyticsError):
        clean(put_csv(tmp_path / "raw", DUMP, b"%PDF-1.7\n"), tmp_path / "processed")
    assert {name: (tmp_path / "processed" / name).read_bytes() for name in files(tmp_path / "processed")} == before


def test_an_undecided_encoding_is_refused_until_the_name_says_it(tmp_path):
    """One letter above ASCII is no evidence: it reads as Ü, Ь or Ъ."""
    content = (
        "Nr,Shipper,Goods Shipped,Bill of Lading Number,Arrival Date\n1,SYNTHETIC MÜLLER,BEARINGS,SYNT1,2022-06-15\n"
    )
    message = refusal(tmp_path / "a", "SYNTHETIC_bills.csv", content.encode("cp1252"))
    assert "which encoding it is cannot be decided" in message
    assert "name the file after the right one, as in SYNTHETIC_bills.cp1251.csv" in message
    report, (row,) = cleaned(tmp_path, "SYNTHETIC_bills.cp1252.csv", content.encode("cp1252"))
    assert row["shipper_name"] == "SYNTHETIC MÜLLER"
    assert "encoding cp1252, by the file's name" in report["remarks"]


def test_headings_in_row_seven_are_found_and_what_stands_above_is_said(tmp_path):
    above = [["SYNTHETIC extract"], ["made for a test"], [], ["1", "2", "3"], [], []]
    book = as_workbook({"Notes": [["nothing here"]], "Data": [*above, *grid(ROWS)]})
    report, shipments = cleaned(tmp_path, "SYNTHETIC_dump.xlsx", book)
    assert [(row["sheet"], row["record"], row["item"]) for row in shipments] == [("Data", 8, "1"), ("Data", 9, "12")]
    remarks = "; ".join(report["remarks"])
    assert "sheet 'Data': 6 rows above the headings were not read; the first is 'SYNTHETIC extract'" in remarks
    assert "sheet 'Notes' (1 filled rows) was not read" in remarks


def test_lines_above_the_headings_of_a_csv_are_said_and_not_read(tmp_path):
    text = b"SYNTHETIC extract;;\r\n\r\n" + as_csv(ROWS)
    report, shipments = cleaned(tmp_path, DUMP, text)
    assert [row["item"] for row in shipments] == ["1", "12"]
    assert any(
        "before the headings were not read; the first is 'SYNTHETIC extract" in said for said in report["remarks"]
    )


def test_formulas_are_never_evaluated_and_are_said(tmp_path):
    """xlsxwriter stores 0 as the value of a formula: that is what is read, whatever the formula would give."""
    typed = [list(row) for row in grid(styled("bare", IMPORT, {**IMPORT, "item": "2"}))]
    typed[2][HEADINGS.index("G46")] = "=1+1"
    typed[2][HEADINGS.index("G022")] = '=HYPERLINK("x")'
    report, shipments = cleaned(tmp_path, "SYNTHETIC_dump.xlsx", as_workbook({"Data": typed}))
    assert [row["value_usd_cents"] for row in shipments] == [123_456_789, 0]
    assert (
        "sheet 'Data': 2 cells hold a formula; their stored values were read, nothing was calculated"
        in report["remarks"]
    )


def test_a_formula_in_a_csv_is_text(tmp_path):
    _, (row,) = cleaned(
        tmp_path, DUMP, as_csv(styled("bare", {**IMPORT, "shipper_name": '=HYPERLINK("x")', "net_kg": "=1+1"}))
    )
    assert (row["shipper_name"], row["net_kg"], row["flags"]) == ('=HYPERLINK("x")', None, "weight_unreadable")


MAPPING = """
name = "own"
direction = "import"
value_basis = "declared_cif"
number_style = "comma_decimal"
[columns]
declaration = "Nr"
consignee_name = "Wer"
description = "Was"
usd = "Wert"
registered_on = "Wann"
"""


def put_mapping(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.map.toml").write_text(text, encoding="utf-8")


def test_a_layout_that_nobody_knows_is_read_with_the_mapping_beside_it(tmp_path):
    name = "SYNTHETIC_own.csv"
    put_mapping(tmp_path / "raw", name, MAPPING)
    report, shipments = cleaned(tmp_path, name, as_csv(OWN_TABLE, ",", "utf-8"))
    assert (report["source"], report["accepted"]) == ("own", 2)
    assert [row["consignee_name"] for row in shipments] == ["SYNTHETIC MÜLLER GMBH", "SYNTHETIC KÖLN AG"]
    first = shipments[0]
    assert (first["value_usd_cents"], first["value_usd_basis"], first["direction"]) == (500, "declared_cif", "import")
    assert (first["declaration"], first["registered_on"].isoformat()) == ("1", "2022-06-15")


def test_a_workbook_is_read_with_its_mapping_too(tmp_path):
    name = "SYNTHETIC_own.xlsx"
    put_mapping(tmp_path / "raw", name, MAPPING)
    _, shipments = cleaned(tmp_path, name, as_workbook({"Data": [["SYNTHETIC"], *grid(OWN_TABLE)]}))
    assert [row["description"] for row in shipments] == ["KUGELLAGER", "RÄDER"]


BROKEN_MAPPINGS = [
    # change to the mapping, what is said
    (('"Nr"', '"Number"'), "no heading 'Number'"),
    (("declaration =", "deklaration ="), "did you mean 'declaration'"),
    (('"declared_cif"', '"cif"'), "value_basis = 'cif': expected one of"),
    (("[columns]", "[colums]"), "colums"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN_MAPPINGS)
def test_a_mapping_that_does_not_fit_is_refused_in_one_line(change, said, tmp_path):
    name = "SYNTHETIC_own.csv"
    put_mapping(tmp_path / "raw", name, MAPPING.replace(*change))
    with pytest.raises(TradeAnalyticsError) as caught:
        clean(put_csv(tmp_path / "raw", name, as_csv(OWN_TABLE, ",", "utf-8")), tmp_path / "processed")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)
    assert files(tmp_path / "processed") == []


# Rows


TOTALS = [
    # field in which the word stands, the word, reason
    ("declaration", "ИТОГО", "in the first column"),
    ("declaration", "Всего:", "another word"),
    ("registered_on", "Итого по листу", "in the second column"),
    ("shipper_name", "ИТОГО", "where the sender stands"),
    ("consignee_name", "TOTAL", "where the receiver stands"),
    ("description", "ИТОГО:", "where the goods stand"),
]
NOT_TOTALS = [
    # what makes a row a shipment
    {"shipper_name": "TOTAL SYNTHETIC INC", "declaration": "10999110/150622/1"},
    {"description": "TOTAL STATION", "declaration": "10999110/150622/2"},
    {"description": "ИТОГОВЫЙ ИЗМЕРИТЕЛЬ"},
    {"declaration": "10999110/150622/3", "consignee_name": "TOTAL SYNTHETIC"},
]


def test_total_rows_are_set_aside_wherever_their_word_stands(tmp_path):
    empty = dict.fromkeys(IMPORT, "")
    totals = [{**empty, field: word, "statistical_usd": "2 469 135,78"} for field, word, _ in TOTALS]
    report, shipments = cleaned(tmp_path, DUMP, as_csv(styled("bare", IMPORT, *totals)))
    assert (report["accepted"], report["rejected"]) == (1, len(TOTALS))
    assert all("total_row" in reasons.split(";") for _, reasons, _ in rejected(tmp_path, DUMP))
    assert sum(row["value_usd_cents"] for row in shipments) == 123_456_789


def test_a_good_or_a_party_whose_name_begins_with_total_is_no_total(tmp_path):
    empty = dict.fromkeys(IMPORT, "")
    report, _ = cleaned(tmp_path, DUMP, as_csv(styled("bare", IMPORT, *({**empty, **row} for row in NOT_TOTALS))))
    assert report["reasons"] == {}


def test_a_heading_that_is_there_again_is_set_aside(tmp_path):
    text = as_csv(ROWS) + as_csv(ROWS)
    report, shipments = cleaned(tmp_path, DUMP, text)
    assert (report["records"], [row["record"] for row in shipments]) == (5, [1, 2, 4, 5])
    assert [(record, reasons.split(";")[0]) for record, reasons, _ in rejected(tmp_path, DUMP)] == [
        (3, "heading_again")
    ]


def test_a_heading_again_is_known_where_a_text_stands_in_several_columns(tmp_path):
    text = as_csv([PERUVIAN], ",", "utf-8") + as_csv([{**PERUVIAN, "NUME_SERIE": "2"}], ",", "utf-8")
    cleaned(tmp_path, "SYNTHETIC_peru.csv", text)
    ((record, reasons, _),) = rejected(tmp_path, "SYNTHETIC_peru.csv")
    assert (record, "heading_again" in reasons.split(";")) == (2, True)


def test_blank_rows_are_no_records_in_a_csv_and_in_a_workbook(tmp_path):
    lines = as_csv(ROWS).split(b"\r\n")
    report, shipments = cleaned(tmp_path, DUMP, b"\r\n".join([lines[0], b"", lines[1], b"", b"", lines[2], b"", b""]))
    assert (report["records"], [row["item"] for row in shipments]) == (2, ["1", "12"])
    headings, *rows = grid(ROWS)
    book = as_workbook({"Data": [headings, [], rows[0], [], [], rows[1], []]})
    report, shipments = cleaned(tmp_path, "SYNTHETIC_dump.xlsx", book)
    assert (report["records"], [row["record"] for row in shipments]) == (2, [3, 6])


def test_a_row_with_too_many_or_too_few_fields_is_set_aside_with_its_text(tmp_path):
    lines = as_csv(ROWS).decode("cp1251").split("\r\n")
    long, short = lines[1] + ";one;more", lines[2].rsplit(";", 3)[0]
    text = "\r\n".join([lines[0], long, lines[1], short, lines[2], ""])
    report, shipments = cleaned(tmp_path, DUMP, text.encode("cp1251"))
    assert [row["record"] for row in shipments] == [2, 4]
    assert rejected(tmp_path, DUMP) == [(1, "too_many_fields", long), (3, "too_few_fields", short)]
    assert report["reasons"]["too_many_fields"]["expected"] == "A record has as many fields as the heading."


def test_a_quote_that_is_never_closed_loses_no_row_without_a_word(tmp_path):
    lines = as_csv(ROWS).decode("cp1251").split("\r\n")
    broken = lines[1].replace("SYNTHETIC LINKS LTD", '"SYNTHETIC LINKS LTD')
    raw = put_csv(tmp_path / "raw", DUMP, "\r\n".join([lines[0], lines[2], broken, lines[2], ""]).encode("cp1251"))
    try:
        report = clean(raw, tmp_path / "processed")
    except TradeAnalyticsError as error:
        assert str(error).startswith(f"{DUMP}: ")
        assert files(tmp_path / "processed") == []
    else:
        assert report["records"] == report["accepted"] + report["rejected"]
        assert outputs(DUMP, tmp_path / "processed")["report"].exists()


def test_a_dump_with_headings_and_no_rows_is_cleaned_to_nothing(tmp_path):
    report, shipments = cleaned(tmp_path, DUMP, as_csv(ROWS).split(b"\r\n")[0] + b"\r\n")
    assert (report["records"], shipments) == (0, [])
