"""Any raw customs file becomes tables of text, or is refused in one line that says what to do."""

import bz2
import csv
import datetime as dt
import gzip
import io
import struct
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import msoffcrypto.format.ooxml
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.clean import encoding, workbook_parts
from tradeanalytics.clean.containers import unwrap
from tradeanalytics.clean.spreadsheet import spreadsheet_safe
from tradeanalytics.clean.unpack import RawFileError

KNOWN = ("nd", "g072", "g022", "g31_1", "g46", "номер декларации", "bill of lading number", "shipper", "goods shipped")
HEADINGS = ["ND", "G072", "G022", "G31_1", "G46"]
ROW = ["10210200/150622/3012345", "15.06.2022", "SAMPLE LINKS LTD", "МОДУЛИ СОТОВОЙ СВЯЗИ", "1234567,89"]
DESCRIPTION = "МОДУЛИ СОТОВОЙ СВЯЗИ; Изготовитель: ОБРАЗЕЦ; Тов.знак: ОТСУТСТВУЕТ; Кол-во: 800 ШТ"


def score(cells: Sequence[str]) -> float:
    return len({cell.casefold() for cell in cells} & set(KNOWN)) / len(KNOWN)


def opened(path: Path, tmp_path: Path, **options):
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    return unwrap(path, path.name, work, score=score, **options)


def refusal(path: Path, tmp_path: Path, **options) -> str:
    with pytest.raises(RawFileError) as caught:
        opened(path, tmp_path, **options)
    message = str(caught.value)
    assert message.startswith(path.name), "a refusal names the file first"
    assert "\n" not in message, "a refusal is one line"
    return message


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def rows_of(table) -> list[list[str | None]]:
    if table.kind == "parquet":
        return [list(row) for row in pl.read_parquet(table.path).rows()]
    with table.path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=table.delimiter))[1:]


# Text


def line(cells: Sequence[str], delimiter: str = ";") -> str:
    return delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells) + "\r\n"


def russian(codec: str) -> bytes:
    return (line(HEADINGS) + line([*ROW[:3], DESCRIPTION, ROW[4]]) * 3).encode(codec)


ENCODINGS = [
    # codec, what the note says, reason
    ("utf-8", None, "valid UTF-8 wins and needs no note"),
    ("utf-8-sig", "utf-8-sig, by the mark", "what Excel calls CSV UTF-8"),
    ("utf-16", "utf-16, by the mark", "what Excel calls Unicode text"),
    ("cp1251", "cp1251, chosen by the letters", "Russian Windows"),
    ("cp866", "cp866, chosen by the letters", "Russian DOS"),
    ("koi8-r", "koi8-r, chosen by the letters", "its letters are cp1251's in another order: capitals after small ones"),
]


@pytest.mark.parametrize(("codec", "note", "reason"), ENCODINGS)
def test_russian_text_is_read_in(codec, note, reason, tmp_path):
    path = written(tmp_path, "dump.csv", russian(codec))
    (table,) = opened(path, tmp_path)
    assert rows_of(table)[0] == [*ROW[:3], DESCRIPTION, ROW[4]], reason
    assert (table.kind, table.delimiter, table.headings, table.first_record) == ("csv", ";", HEADINGS, 1)
    assert [note in said for said in table.notes] == ([True] if note else []), table.notes
    assert not table.path.read_bytes().startswith(b"\xef\xbb\xbf")


WESTERN = [
    # codec, text, codec decided, reason
    ("cp1252", "Société générale de l'Été à Québec, Montréal; naïve, où, élan, façon", "cp1252", "French"),
    ("cp1252", "Compañía de Importación, Perú; Código Partida; Razón social; ESPAÑA", "cp1252", "Spanish"),
    ("cp1252", "MÜLLER GmbH, Straße, München, Größe; KÖLN", "cp1252", "German; cp1254 and cp1250 read it alike"),
    ("cp1254", "İSTANBUL TİCARET ŞİRKETİ, Dış Tic. Ltd. Şti., Gümrük, ığ", "cp1254", "Turkish middlemen"),
    ("cp1251", "1\xa0234,50; 2\xa0000,10; 9\xa0001,00; 7\xa0002,00", "cp1251", "no-break spaces stand alike in cp1252"),
    (
        "cp1251",
        "ЛИСТЫ 10ММ 20КГ 5ШТ, ФАHЕРА ООО ОБРАЗЕЦ",
        "cp1251",
        "a Latin H inside a Russian word, and units after digits",
    ),
    ("cp1250", "Łódź, Gdańsk, święty, źródło, Kraków, Wałęsa", None, "Polish is none of the code pages weighed"),
    ("cp850", "Compañía de Importación, Perú; Código Partida; Razón social", None, "Spanish from DOS: cp866 letters"),
    ("cp1252", "MÜLLER", None, "one letter is no evidence"),
    ("cp1251", "ИМ", None, "two letters are no evidence: cp1251 or koi8-r"),
]


@pytest.mark.parametrize(("codec", "text", "expected", "reason"), WESTERN)
def test_the_letters_decide(codec, text, expected, reason):
    assert encoding.likeliest(encoding.count_pairs([text.encode(codec)])) == expected, reason


def test_evidence_is_the_same_however_the_bytes_are_cut():
    text = russian("cp1251") * 3
    whole = encoding.count_pairs([text])
    for size in (1, 2, 7, 100):
        assert (encoding.count_pairs(text[at : at + size] for at in range(0, len(text), size)) == whole).all()


def test_an_undecidable_encoding_is_refused_with_its_readings_and_a_name_to_give(tmp_path):
    path = written(tmp_path, "bills.csv", b"ND,G072\n1,M\xdcLLER\n")
    message = refusal(path, tmp_path)
    assert "line 2" in message
    assert "cp1252 '1,MÜLLER'" in message
    assert "cp1251 '1,MЬLLER'" in message
    assert "bills.cp1251.csv" in message


NAMES = [
    # name, bytes of Ü, reason
    ("bills.cp1252.csv", b"\xdc", "the last suffix but one decides"),
    ("bills.windows-1252.csv", b"\xdc", "the other usual name"),
    ("bills.CP850.csv", b"\x9a", "a code page that is never guessed"),
    ("bills.utf-16le.csv", None, "UTF-16 without a mark"),
]


@pytest.mark.parametrize(("name", "letter", "reason"), NAMES)
def test_the_name_decides(name, letter, reason, tmp_path):
    text = b"ND,G072\n1,M" + letter + b"LLER\n" if letter else "ND,G072\n1,MÜLLER\n".encode("utf-16-le")
    (table,) = opened(written(tmp_path, name, text), tmp_path)
    assert rows_of(table) == [["1", "MÜLLER"]], reason
    assert "by the file's name" in table.notes[0]


def test_a_number_in_a_name_is_no_encoding():
    assert encoding.named_encoding("imports.500.csv") is None  # Python knows it: EBCDIC
    assert encoding.named_encoding("imports.2022.csv") is None
    assert encoding.named_encoding("cp1251.csv") is None  # a stem is no suffix


def test_a_wrong_name_is_refused_where_its_encoding_has_no_such_byte(tmp_path):
    path = written(tmp_path, "dump.utf-8.csv", russian("cp1251"))
    message = refusal(path, tmp_path)
    assert "line 2" in message
    assert "by the file's name" in message


def test_one_broken_line_in_utf8_is_not_taken_for_another_encoding(tmp_path):
    path = written(tmp_path, "dump.csv", russian("utf-8") * 50 + b"\xcc\xc0\xd8\n")
    message = refusal(path, tmp_path)
    assert "line 201 is not UTF-8" in message
    assert "most of the file is" in message


def test_a_file_cut_off_inside_a_letter_is_refused(tmp_path):
    assert "is not UTF-8" in refusal(written(tmp_path, "dump.csv", russian("utf-8")[:-2] + "Я".encode()[:1]), tmp_path)


def test_utf8_is_checked_across_the_edges_of_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "CHUNK", 7)
    (table,) = opened(written(tmp_path, "dump.csv", russian("utf-8")), tmp_path)
    assert rows_of(table)[2] == [*ROW[:3], DESCRIPTION, ROW[4]]


def test_a_nul_byte_is_refused_with_its_line(tmp_path):
    assert "line 2 holds a NUL byte" in refusal(written(tmp_path, "a.csv", b"ND,G072\n1,\0\n"), tmp_path)
    path = written(tmp_path, "b.csv", "ND,G072\n1,\0\n".encode("utf-16"))
    assert "line 2 holds a NUL byte" in refusal(path, tmp_path)


def test_line_ends_inside_cells_stay_as_they_are(tmp_path):
    text = 'ND;G072\r\n1;"a\nb\r\nc\rd"\r\n'
    for codec in ("utf-8", "utf-16"):
        (table,) = opened(written(tmp_path, "dump.csv", text.encode(codec)), tmp_path)
        assert table.path.read_bytes() == text.encode()


def test_the_mark_with_which_dos_ends_a_text_is_no_row(tmp_path):
    for codec in ("utf-8", "cp866"):
        (table,) = opened(written(tmp_path, "dump.csv", russian(codec) + b"\x1a"), tmp_path)
        assert len(rows_of(table)) == 3


DELIMITERS = [
    # text, delimiter or part of the refusal, reason
    ("ND;G072;G022\n1;2;3\n", ";", "Russian Excel"),
    ("ND,G072,G022\n1,2,3\n", ",", "everyone else"),
    ("ND\tG072\tG022\n1\t2\t3\n", "\t", "copied from a sheet"),
    ("ND|G072|G022\n1|2|3\n", "|", "database exports"),
    ("ND;G072;Вес (нетто, кг, т, ц)\n1;2,5;3,4\n", ";", "commas in a heading and decimal commas are no separators"),
    ('"ND";"G072";"a, ""b"", c"\n1;2;3\n', ";", "quoted"),
    ("a,b,c\n1,2,3\n4,5,6\n", ",", "a layout nobody knows: the delimiter that cuts evenly"),
    ("a,b;c\n1,2;3\n", "comma alike", "an unknown layout that two cut evenly"),
    ("a~b~c\n1~2~3\n", "no heading of columns", "none of the four"),
    ("ND;G072,G022\n1;2,3\n", "alike", "two that fit equally well: ND | G072,G022 or ND;G072 | G022"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), DELIMITERS)
def test_the_delimiter_is(text, expected, reason, tmp_path):
    path = written(tmp_path, "dump.csv", text.encode())
    if len(expected) == 1:
        assert opened(path, tmp_path)[0].delimiter == expected, reason
    else:
        assert expected in refusal(path, tmp_path), reason


def test_lines_before_the_headings_of_a_text_are_said_and_not_read(tmp_path):
    text = "sep=;\nВыгрузка за июнь\n\n" + line(HEADINGS) + line(ROW)
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        (table,) = opened(written(tmp_path, "dump.csv", text.encode(codec)), tmp_path)
        assert rows_of(table) == [ROW]
        assert "3 lines before the headings were not read; the first is 'sep=;'" in table.notes[-1]


def test_a_heading_may_hold_a_line_break(tmp_path):
    (table,) = opened(written(tmp_path, "dump.csv", b'ND,"G072\n(date)",G022\n1,2,3\n'), tmp_path)
    assert table.headings == ["ND", "G072\n(date)", "G022"]
    assert rows_of(table) == [["1", "2", "3"]]


def test_an_empty_text_and_old_macintosh_lines_are_refused(tmp_path):
    assert "the file is empty" in refusal(written(tmp_path, "a.csv", b""), tmp_path)
    assert "the file is empty" in refusal(written(tmp_path, "b.csv", b"\xef\xbb\xbf\r\n"), tmp_path)
    assert "CR alone" in refusal(written(tmp_path, "c.csv", b"ND,G072\r1,2\r"), tmp_path)


# What a file is


REFUSED = [
    # name, content, part of the refusal, reason
    ("a.mdb", b"\0\1\0\0Standard Jet DB\0", "`mdb-export a.mdb TABLE > TABLE.csv`", "Access until 2003"),
    ("a.xlsx", b"\0\1\0\0Standard ACE DB\0", "`mdb-tables -1 a.xlsx`", "Access since 2007, under another name"),
    ("a.xlsx", b"%PDF-1.7\n", "is a PDF", "a PDF renamed"),
    ("a.xls", b"\r\n<html><table><tr><td>ND", "an HTML or XML page", "what many sites serve as xls"),
    ("a.csv", "\ufeff<!DOCTYPE html>".encode(), "an HTML or XML page", "an error page saved as CSV, with a mark"),
    ("a.csv", "<html>".encode("utf-16"), "an HTML or XML page", "the same in UTF-16"),
    (
        "a.xls",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "Excel 2003",
        "",
    ),
    ("a.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web archive", "Excel's single-file web page"),
    ("a.csv", b'[{"ND": "1"}]', "this is JSON", "a broker's answer"),
    ("a.csv.gz", gzip.compress(b"ND,G072\n", mtime=0), "gzip -d a.csv.gz", "gzip"),
    ("a.csv", bz2.compress(b"ND,G072\n"), "bzip2", "bzip2 under another name"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "7-Zip", "7-Zip"),
    ("a.zip", b"PK\x03\x04" + b"\0" * 40, "damaged or cut off", "a zip without its directory"),
]


@pytest.mark.parametrize(("name", "content", "expected", "reason"), REFUSED)
def test_a_file_that_is_no_table_is_refused(name, content, expected, reason, tmp_path):
    assert expected in refusal(written(tmp_path, name, content), tmp_path), reason


def zipped(tmp_path: Path, members: dict[str, bytes], name: str = "a.zip") -> Path:
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return tmp_path / name


def test_the_one_table_of_a_zip_is_read_whatever_its_kind(tmp_path):
    book = sheets(tmp_path, {"Data": [HEADINGS, ROW]}).read_bytes()
    table = dbf([("ND", "C", 23), ("G46", "N", 12)], [("1", "2")])
    for member, content in {
        "a.csv": russian("cp1251"),
        "a.txt": russian("cp866"),
        "a.xlsx": book,
        "a.dbf": table,
    }.items():
        (found,) = opened(zipped(tmp_path, {"folder/" + member: content, "__MACOSX/._a.csv": b"\0"}), tmp_path)
        assert found.headings[0] == "ND", member


def test_an_encoding_in_the_name_of_a_zip_or_of_its_member_decides(tmp_path):
    text = b"ND,G072\n1,M\xdcLLER\n"
    for name, member in (("a.cp1252.zip", "b.csv"), ("a.zip", "b.cp1252.csv")):
        (table,) = opened(zipped(tmp_path, {member: text}, name), tmp_path)
        assert rows_of(table) == [["1", "MÜLLER"]]
    assert "as in a.cp1251.zip" in refusal(zipped(tmp_path, {"b.csv": text}), tmp_path)


ZIPS = [
    # members, part of the refusal, reason
    ({"../a.csv": b"ND,G072\n"}, "a path outside", "it would be written over another file"),
    ({"a.csv": b"ND,G072\n", "b.csv": b"ND,G072\n"}, "found 2", "which of two is not ours to choose"),
    ({"a.pdf": b"%PDF"}, "found 0", "nothing to read"),
    ({"a.csv": b"PK\x03\x04"}, "damaged", "a zip in a zip, cut off"),
    ({"xl/workbook.bin": b""}, ".xlsb", "a binary workbook"),
    ({"content.xml": b"", "mimetype": b""}, "OpenDocument", "LibreOffice's own kind"),
    ({"word/document.xml": b""}, "Word", "a letter"),
]


@pytest.mark.parametrize(("members", "expected", "reason"), ZIPS)
def test_a_zip_is_refused(members, expected, reason, tmp_path):
    assert expected in refusal(zipped(tmp_path, members), tmp_path), reason


def test_a_zip_in_a_zip_is_refused(tmp_path):
    inner = zipped(tmp_path, {"a.csv": b"ND,G072\n"}).read_bytes()
    assert "a zip within a zip" in refusal(zipped(tmp_path, {"inner.csv": inner}), tmp_path)


def test_a_zip_beyond_the_bound_is_refused(tmp_path):
    path = zipped(tmp_path, {"a.csv": b"ND,G072\n" + b"1,2\n" * 1000})
    assert "beyond the bound of 4,007" in refusal(path, tmp_path, largest=4007)
    assert len(rows_of(opened(path, tmp_path, largest=4008)[0])) == 1000


# Workbooks


def sheets(tmp_path: Path, content: dict[str, Sequence[Sequence[object]]], name: str = "book.xlsx") -> Path:
    """An xlsx of these sheets; a text that begins with = is a formula, a date a formatted number, None nothing."""
    with xlsxwriter.Workbook(tmp_path / name, {"default_date_format": "dd.mm.yyyy"}) as book:
        for sheet, rows in content.items():
            page = book.add_worksheet(sheet)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write(page, number, column, cell)
    return tmp_path / name


def write(page, number: int, column: int, cell: object) -> None:
    if isinstance(cell, tuple):
        page.write_formula(number, column, cell[0], None, cell[1])
    elif isinstance(cell, str):
        page.write_string(number, column, cell)
    elif cell is not None:
        page.write(number, column, cell)


CELLS = [
    # as Excel stores it, as text, reason
    (5.0, "5", "a whole number has no .0"),
    (1234567.89, "1234567.89", "a decimal keeps its point"),
    (70123456.01, "70123456.01", "not the noise behind its sixteenth digit"),
    (9000000000.01, "9000000000.01", "the same with more digits"),
    (8517620009, "8517620009", "a ten-digit code does not turn to 8.5e9"),
    (101210000, "101210000", "what Excel has lost is not guessed back"),
    ("0101210000", "0101210000", "a text cell keeps its leading zero"),
    ("8542310000.12345", "8542310000.12345", "a text that looks like a number stays"),
    (dt.date(2022, 6, 15), "2022-06-15", "a day is ISO, without midnight"),
    (dt.datetime(2022, 6, 15, 13, 45), "2022-06-15 13:45:00", "a time stays with its day"),
    ("15.06.2022", "15.06.2022", "a date written as text stays"),
    ("15.06.2022 00:00:00", "15.06.2022 00:00:00", "and so does its midnight"),
    (" SAMPLE \n LTD ", " SAMPLE \n LTD ", "spaces and line breaks are the cell's"),
    ("NA", "NA", "Namibia"),
    (True, "true", "a truth value"),
    (("=1+1", 7), "7", "a formula gives its stored value and is never evaluated"),
    (("=A1", "текст"), "текст", "of text too"),
    (("=1/0", "#DIV/0!"), None, "an error is no value"),
    (("=1+1", ""), None, "a formula without stored value is empty"),
    ("=1+1", "=1+1", "a text that looks like a formula is text"),
]


def test_cells_are_read_as_excel_stores_them(tmp_path):
    path = sheets(tmp_path, {"Data": [HEADINGS, *([str(n), cell] for n, (cell, _, _) in enumerate(CELLS))]})
    (table,) = opened(path, tmp_path)
    for (_, expected, reason), row in zip(CELLS, rows_of(table), strict=True):
        assert row[1] == expected, reason
    assert table.notes == (
        "sheet 'Data': 4 cells hold a formula; their stored values were read, nothing was calculated",
        "sheet 'Data': 1 of them have no stored value and were read as empty",
        "sheet 'Data': 1 cells hold an Excel error such as #N/A and were read as empty",
    )


def test_the_data_sheet_is_not_the_first_and_its_headings_stand_in_row_seven(tmp_path):
    preamble = [["Выгрузка"], [], ["за июнь 2022"], [], [], []]
    path = sheets(
        tmp_path,
        {
            "Info": [["One line about this export"]],
            "Свод": [["Названия строк", "Сумма по полю G46"], ["SAMPLE LINKS LTD", 5]],
            "Data": [*preamble, [None, *HEADINGS], [None, *ROW], [], [None, *ROW]],
        },
    )
    (table,) = opened(path, tmp_path)
    assert (table.sheet, table.headings, table.first_record) == ("Data", HEADINGS, 8)
    assert rows_of(table) == [ROW, [None] * 5, ROW]  # a blank row keeps its place: records are sheet rows
    assert table.notes == (
        "sheet 'Info' (1 filled rows) was not read: no row of it has headings that are known",
        "sheet 'Свод' (2 filled rows) was not read: no row of it has headings that are known",
        "sheet 'Data': 6 rows above the headings were not read; the first is 'Выгрузка'",
    )


def test_a_heading_beyond_row_fifty_is_not_looked_for(tmp_path):
    blank = [["x"]] * 49
    assert opened(sheets(tmp_path, {"Data": [*blank, HEADINGS, ROW]}), tmp_path)[0].first_record == 51
    assert "no sheet has" in refusal(sheets(tmp_path, {"Data": [["x"], *blank, HEADINGS, ROW]}), tmp_path)


def test_a_workbook_with_only_a_pivot_sheet_is_refused_with_what_it_holds(tmp_path):
    path = sheets(tmp_path, {"Сводная": [[], ["Названия строк", "Сумма"], ["Итог", 5]], "Лист2": []})
    message = refusal(path, tmp_path)
    assert "sheet 'Сводная' begins 'Названия строк | Сумма'" in message
    assert "sheet 'Лист2' begins ''" in message


def test_a_dump_cut_at_excels_last_row_is_read_from_all_its_sheets(tmp_path):
    other = ["Bill of Lading Number", "Shipper", "Goods Shipped"]
    path = sheets(tmp_path, {"1": [HEADINGS, ROW], "2": [["note"], HEADINGS, ROW, ROW], "Contacts": [other, ["1"]]})
    first, second = opened(path, tmp_path)
    assert [(first.sheet, first.first_record), (second.sheet, second.first_record)] == [("1", 2), ("2", 3)]
    assert [len(rows_of(table)) for table in (first, second)] == [1, 2]
    assert first.notes == ("sheet 'Contacts' (1 filled rows) was not read: its headings fit less well",)
    assert len(list((tmp_path / "work").iterdir())) == 2, "what was not chosen is not left behind"


def test_a_template_sheet_without_rows_is_not_the_data(tmp_path):
    path = sheets(tmp_path, {"Шаблон": [HEADINGS], "Data": [HEADINGS[:4], ROW[:4]]})
    assert [table.sheet for table in opened(path, tmp_path)] == ["Data"]


TWO_TABLES = [
    # rows, the cell of the second table or None, reason
    ([HEADINGS, ROW, [], ["Bill of Lading Number", "Shipper", "Goods Shipped"], ["1", "2", "3"]], "A4", "below"),
    ([HEADINGS, ROW, [None, *HEADINGS], [None, *ROW]], "B3", "below, one column to the right, no blank row between"),
    ([HEADINGS, ROW, HEADINGS, ROW], None, "the same headings again, as each printed page has them, are a row"),
    ([[*HEADINGS, None, *HEADINGS], [*ROW, None, *ROW]], "G1", "beside, with the same headings"),
    ([["ND", "G072", None, "Shipper"], ["1", "2", None, "3"], ["1", "2"]], "D1", "beside, of another length"),
    ([["ND", "G072", None, "G46"], ["1", "2", None, "3"]], None, "one table with an empty column in it"),
    ([["ND", "G072", None, "Сумма"], ["1", "2", None, "3"], ["1", "2"]], None, "beside, but no known table"),
    ([HEADINGS, ROW, ["ND", "x", "y", "z", "w"]], None, "a word of the headings in a row of text"),
]


@pytest.mark.parametrize(("rows", "cell", "reason"), TWO_TABLES)
def test_two_tables_in_a_sheet(rows, cell, reason, tmp_path):
    path = sheets(tmp_path, {"Data": rows})
    if cell:
        assert f"sheet 'Data' holds two tables, the second begins in cell {cell};" in refusal(path, tmp_path), reason
    else:
        assert len(rows_of(opened(path, tmp_path)[0])) == len(rows) - 1, reason


def test_the_second_table_is_named_by_its_column_in_the_sheet_not_in_what_is_filled(tmp_path):
    rows = [[None, None, *HEADINGS, None, *HEADINGS], [None, None, *ROW, None, *ROW]]
    assert "begins in cell I1;" in refusal(sheets(tmp_path, {"Data": rows}), tmp_path)


TOTALS = [
    # last row, whether it is said to look like a total, reason
    (["ИТОГО", None, None, None, "5"], True, "Russian"),
    ([None, "Grand Total", None, None, "5"], True, "English, in the second cell"),
    ([None, None, None, None, 1234567], True, "only a number"),
    (ROW, False, "an ordinary row"),
    (["10210200/150622/3012345", None, "ТОРГОВЫЙ ДОМ ИТОГОВЫЙ"], False, "a company that has the word in its name"),
]


@pytest.mark.parametrize(("last", "said", "reason"), TOTALS)
def test_a_total_at_the_end_is_said_and_passed_on(last, said, reason, tmp_path):
    (table,) = opened(sheets(tmp_path, {"Data": [HEADINGS, *[ROW] * 20, last]}), tmp_path)
    assert len(rows_of(table)) == 21
    assert [note for note in table.notes if "row 22 looks like a total" in note] == list(table.notes), reason
    assert bool(table.notes) == said, reason


def test_columns_without_heading_and_content_are_dropped_and_others_kept(tmp_path):
    path = sheets(tmp_path, {"Data": [["ND", "", "G072", None, "G072"], ["1", None, "2", "3", None], ["", "", ""]]})
    (table,) = opened(path, tmp_path)
    assert table.headings == ["ND", "G072", "", "G072"]
    assert rows_of(table) == [["1", "2", "3", None]]


def test_a_workbook_protected_by_a_password_is_refused(tmp_path):
    path = tmp_path / "secret.xlsx"
    plain = io.BytesIO(sheets(tmp_path, {"Data": [HEADINGS, ROW]}).read_bytes())
    with path.open("wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("password", out)
    assert "is protected by a password; open it, save it without password" in refusal(path, tmp_path)


def test_a_cell_far_to_the_right_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "LARGEST_AREA", 1000 * 28)
    rows = [HEADINGS, *[ROW] * 998, [*[None] * 27, "x"]]
    assert opened(sheets(tmp_path, {"Data": rows}), tmp_path)[0].first_record == 2
    message = refusal(sheets(tmp_path, {"Data": [HEADINGS, *rows]}), tmp_path)
    assert "sheet 'Data' reaches to column AB and row 1,001" in message


def test_a_workbook_that_expands_too_far_or_is_cut_off_is_refused(tmp_path, monkeypatch):
    path = sheets(tmp_path, {"Data": [HEADINGS, ROW]})
    for length in (30, 2000, path.stat().st_size - 30):
        assert "damaged or cut off" in refusal(written(tmp_path, "cut.xlsx", path.read_bytes()[:length]), tmp_path)
    monkeypatch.setattr(workbook_parts, "LARGEST_XML", 100)
    assert "beyond the bound of 100" in refusal(path, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_full_disk_is_not_taken_for_a_damaged_workbook(tmp_path):
    import resource

    path = sheets(tmp_path, {"Data": [HEADINGS, *[[f"{number} {DESCRIPTION}"] * 5 for number in range(2000)]]})
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, most))
    try:
        with pytest.raises(OSError, match="File too large"):
            opened(path, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS promises any memory, and then swaps")
def test_a_workbook_that_makes_its_reader_ask_for_all_memory_is_refused(tmp_path):
    far = biff([HEADINGS, ROW])[:-4] + record(0x203, struct.pack("<HHHd", 65535, 65535, 0, 1.0)) + record(0x0A, b"")
    path = written(tmp_path, "far.xls", ole2("Workbook", far))
    assert "damaged or too large for this computer's memory" in refusal(path, tmp_path)


def test_a_workbook_with_a_broken_sheet_is_refused_in_one_line(tmp_path):
    path = sheets(tmp_path, {"Data": [HEADINGS, ROW]})
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, content[:-300] if "sheet1" in member else content)
    assert "cannot be read" in refusal(broken, tmp_path)


# The old kind of workbook. No library writes it any more: these are the few records of it that hold cells.


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(rows: Sequence[Sequence[str | float | dt.date]], *, password: bool = False) -> bytes:
    """A BIFF8 stream of one sheet named Data."""
    lock = record(0x2F, struct.pack("<HHH48x", 1, 1, 1)) if password else b""
    formats = record(0xE0, struct.pack("<HH16x", 0, 0)) + record(0xE0, struct.pack("<HH16x", 0, 14))
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + lock + record(0x42, b"\xb0\x04") + formats
    name = struct.pack("<BB", 4, 0) + b"Data"
    place = len(start) + 4 + 6 + len(name) + 4
    book = start + record(0x85, struct.pack("<IH", place, 0) + name) + record(0x0A, b"")
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet += biff_cell(number, column, cell)
    return book + sheet + record(0x0A, b"")


def biff_cell(row: int, column: int, cell: str | float | dt.date) -> bytes:
    if isinstance(cell, str):
        return record(0x204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + cell.encode("utf-16-le"))
    if isinstance(cell, dt.date):
        return record(0x203, struct.pack("<HHHd", row, column, 1, (cell - dt.date(1899, 12, 30)).days))
    return record(0x203, struct.pack("<HHHd", row, column, 0, cell))


def ole2(stream: str, content: bytes) -> bytes:
    """An OLE2 container with one stream: header, one allocation sector, one directory sector, the stream."""
    content = content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0")
    count = len(content) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE
    )
    header += struct.pack("<II", 0, 0) + b"\xff" * 432
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    return (
        header[:512]
        + struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
        + directory(stream, len(content))
        + content
    )


def directory(stream: str, size: int) -> bytes:
    return entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, -1, 2, size) + bytes(256)


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack("<HBBiii36xIQ", len(text) + 2, kind, 1, -1, -1, child, start, size)


def test_an_xls_is_read_with_its_numbers_and_dates(tmp_path):
    rows = [
        ["Выгрузка"],
        HEADINGS,
        ["10210200/150622/3012345", dt.date(2022, 6, 15), "ООО ОБРАЗЕЦ", "0101", 70123456.01],
    ]
    path = written(tmp_path, "old.csv", ole2("Workbook", biff(rows)))
    (table,) = opened(path, tmp_path)
    assert (table.sheet, table.headings, table.first_record) == ("Data", HEADINGS, 3)
    assert rows_of(table) == [["10210200/150622/3012345", "2022-06-15", "ООО ОБРАЗЕЦ", "0101", "70123456.01"]]


def test_an_xls_protected_by_a_password_and_another_old_office_file_are_refused(tmp_path):
    locked = written(tmp_path, "locked.xls", ole2("Workbook", biff([HEADINGS, ROW], password=True)))
    assert "is protected by a password" in refusal(locked, tmp_path)
    assert "without a workbook" in refusal(written(tmp_path, "a.xls", ole2("WordDocument", b"")), tmp_path)


# DBF


def dbf(fields, rows, *, codec: str = "cp866", driver: int = 0, deleted: Sequence[int] = (), count: int | None = None):
    """A dBase III table of these fields (name, type, size) and rows of text; `deleted` are positions of rows."""
    size = 1 + sum(width for _, _, width in fields)
    count = len(rows) if count is None else count
    head = struct.pack("<4BIHH17xB2x", 3, 122, 6, 15, count, 33 + 32 * len(fields), size, driver)
    for name, kind, width in fields:
        head += struct.pack("<11sc4xBB14x", name.encode(codec), kind.encode(), width, 0)
    records = b""
    for position, row in enumerate(rows):
        records += b"*" if position in deleted else b" "
        for cell, (_, kind, width) in zip(row, fields, strict=True):
            text = cell.encode(codec)
            records += text.ljust(width) if kind == "C" else text.rjust(width)
    return head + b"\r" + records + b"\x1a"


FIELDS = [("ND", "C", 23), ("NAPR", "C", 4), ("DATA", "D", 8), ("STOIM", "N", 14), ("STRANA", "C", 60)]
DBF_ROWS = [
    ("10210200/150622/3012345", "ИМ", "20220615", "1234567,89", "КИТАЙСКАЯ НАРОДНАЯ РЕСПУБЛИКА"),
    ("10210200/150622/3012346", "ЭК", "20220616", "-5.00", "КОРЕЯ, РЕСПУБЛИКА"),
    ("10210200/150622/3012347", "ИМ", "", "", 'ООО "ОБРАЗЕЦ"'),
]


@pytest.mark.parametrize(
    ("codec", "driver", "said", "reason"),
    [
        ("cp866", 0x00, "chosen by the letters", "the byte is seldom set"),
        ("cp866", 0x65, "language driver byte 0x65", "Russian DOS"),
        ("cp1251", 0xC9, "language driver byte 0xC9", "Russian Windows"),
        ("cp1251", 0x00, "chosen by the letters", "Windows, without saying so"),
        ("utf-8", 0x00, "encoding utf-8", "what newer tools write"),
    ],
)
def test_a_dbf_is_read_as_the_text_that_stands_in_it(codec, driver, said, reason, tmp_path):
    (table,) = opened(written(tmp_path, "a.csv", dbf(FIELDS, DBF_ROWS, codec=codec, driver=driver)), tmp_path)
    assert (table.kind, table.delimiter, table.first_record) == ("csv", ",", 1)
    assert table.headings == ["ND", "NAPR", "DATA", "STOIM", "STRANA"]
    assert rows_of(table) == [list(row) for row in DBF_ROWS], reason
    assert said in table.notes[0], reason


def test_a_dbf_without_evidence_is_cp866_and_says_so(tmp_path):
    (table,) = opened(written(tmp_path, "a.dbf", dbf(FIELDS[:2], [("1", "ИМ")])), tmp_path)
    assert rows_of(table) == [["1", "ИМ"]]
    assert table.notes == (
        "encoding cp866, the custom of Russian DBF files; neither its language driver byte nor its letters say",
    )


def test_a_dbf_whose_letters_contradict_its_driver_byte_is_refused_until_its_name_decides(tmp_path):
    content = dbf(FIELDS, DBF_ROWS, codec="cp1251", driver=0x57)
    message = refusal(written(tmp_path, "a.dbf", content), tmp_path)
    assert "says cp1252, its letters are those of cp1251" in message
    assert "a.cp1251.dbf" in message
    (table,) = opened(written(tmp_path, "a.cp1251.dbf", content), tmp_path)
    assert rows_of(table)[0][1] == "ИМ"


def test_deleted_records_are_counted_and_not_read(tmp_path):
    (table,) = opened(written(tmp_path, "a.dbf", dbf(FIELDS, DBF_ROWS, driver=0x65, deleted=[1])), tmp_path)
    assert rows_of(table) == [list(DBF_ROWS[0]), list(DBF_ROWS[2])]
    assert "1 of 3 records are marked as deleted and were not read" in table.notes


def test_a_dbf_that_is_cut_off_is_refused(tmp_path):
    assert "says 4 records, 3 are there" in refusal(
        written(tmp_path, "a.dbf", dbf(FIELDS, DBF_ROWS, count=4)), tmp_path
    )


def test_a_binary_column_is_refused_and_a_memo_is_said(tmp_path):
    binary = dbf([("ND", "C", 9), ("SUM", "B", 8)], [("1", "")])
    assert "column SUM is of the DBF type 'B'" in refusal(written(tmp_path, "a.dbf", binary), tmp_path)
    (table,) = opened(written(tmp_path, "b.dbf", dbf([("ND", "C", 9), ("TEXT", "M", 10)], [("1", "12")])), tmp_path)
    assert rows_of(table) == [["1", ""]]
    assert "the text of column TEXT is kept in another file and was not read" in table.notes


def test_a_text_that_begins_like_a_dbf_is_text(tmp_path):
    path = written(tmp_path, "a.csv", b"\x03ND,G072\n1,2\n" + b"1,2\n" * 20)
    assert opened(path, tmp_path)[0].delimiter == ","


@given(st.lists(st.tuples(*[st.text(st.characters(codec="cp866", exclude_characters="\0\x1f\r\n"), max_size=9)] * 3)))
def test_every_cell_of_a_dbf_comes_back_without_its_padding(tmp_path_factory, rows):
    tmp_path = tmp_path_factory.mktemp("dbf")
    content = dbf([("A", "C", 9), ("B", "C", 9), ("C", "C", 9)], rows, driver=0x65)
    (table,) = opened(written(tmp_path, "a.cp866.dbf", content), tmp_path)
    assert rows_of(table) == [[cell.rstrip(" ") for cell in row] for row in rows]


# What we export


SAFE = [
    # text, as exported, reason
    ("=1+1", "'=1+1", "a formula"),
    ("+7 000 000 00 00", "'+7 000 000 00 00", "a telephone number is no plain number"),
    ("-5", "-5", "a plain number stays"),
    ("-1 234,50", "'-1 234,50", "one with spaces is not plain"),
    ("+1.5e-7", "+1.5e-7", "an exponent is"),
    ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0", "a number that goes on"),
    ("@SUM(A1)", "'@SUM(A1)", "Lotus's formulas"),
    ("\t=1", "'\t=1", "TAB"),
    ("\r=1", "'\r=1", "CR"),
    ("  =1", "'  =1", "spreadsheets strip leading spaces"),
    ("\uff1d1", "'\uff1d1", "the full-width sign"),
    ("A=1", "A=1", "a sign further on is harmless"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), SAFE)
def test_what_we_export_cannot_start_a_formula(text, expected, reason):
    assert spreadsheet_safe(text) == expected, reason


@given(st.text())
def test_no_exported_text_starts_a_formula(text):
    safe = spreadsheet_safe(text)
    assert safe in (text, "'" + text)
    if safe.lstrip()[:1] in tuple("=+-@"):
        float(safe.replace(",", "."))


@given(st.one_of(st.integers().map(str), st.floats(allow_nan=False, allow_infinity=False).map(repr)))
def test_numbers_are_exported_as_they_are(text):
    assert spreadsheet_safe(text) == text
