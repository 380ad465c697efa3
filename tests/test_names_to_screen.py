"""Which files are tables of names to screen, and which are customs records to clean first."""

import polars as pl
import pytest

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.screening import Party
from tradeanalytics.screened import read_names

TABLES = [
    # bytes of a CSV, what is read, why
    (b"\xef\xbb\xbfName ,country\nSample Ltd,Russia\n", [Party("Sample Ltd", country="RU")], "a mark and spaces"),
    ("name\nОБРАЗЕЦ\n".encode(), [Party("ОБРАЗЕЦ")], "a name is enough"),
    (b"name,value\nSample Ltd,5\n", None, "a column that no party has: records"),
    ("ИМЯ;КОД\nОБРАЗЕЦ;1\n".encode("cp1251"), None, "headings in a code page: records"),
    ("G022;G31\nОБРАЗЕЦ;1\n".encode("cp1251"), None, "only what is under the headings is in a code page: records"),
    ("name\nSample Ltd\n".encode("utf-16"), None, "in another encoding it is left to cleaning, which finds it out"),
    (b"", None, "an empty file has no names; cleaning refuses it"),
]


@pytest.mark.parametrize(("content", "names", "why"), TABLES)
def test_a_csv_of_names_is_told_by_its_headings_whatever_its_encoding(tmp_path, content, names, why):
    (tmp_path / "asked.csv").write_bytes(content)
    assert read_names(tmp_path / "asked.csv") == names, why


def test_names_in_a_code_page_are_refused_in_one_line(tmp_path):
    (tmp_path / "asked.csv").write_bytes("name\nОБРАЗЕЦ\n".encode("cp1251"))
    with pytest.raises(TradeAnalyticsError, match=r"asked\.csv: cannot be read as a table of names"):
        read_names(tmp_path / "asked.csv")


@pytest.mark.parametrize(("more", "names"), [({}, [Party("Sample Ltd")]), ({"value": ["5"]}, None)])
def test_a_workbook_of_names_is_told_by_its_headings(tmp_path, more, names):
    pl.DataFrame({"Name": ["Sample Ltd"], **more}).write_excel(tmp_path / "asked.xlsx")
    assert read_names(tmp_path / "asked.xlsx") == names
