"""A file of a layout nobody has described: `tradeanalytics map FILE` drafts its mapping, and `clean` then reads it."""

import io
import tomllib

import polars as pl
import pytest
import xlsxwriter
from conftest import SECTION, statcan_csv

from tradeanalytics import TradeAnalyticsError, cli
from tradeanalytics.clean import clean, outputs
from tradeanalytics.clean.draft import write_draft
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.raw.beside import read_with

ROWS = [
    ["Deals of 2022", "", "", "", ""],
    ["Buyer", "Продавец", "Goods name, kind", "Doc date", "Amt"],
    ["SYNTHETIC ELVANTREE LTD", "SYNTHETIC SPA", "chairs; oak, wood", "2022-03-01", "12.5"],
    ["SYNTHETIC ELVANTREE LTD", "SYNTHETIC TRADE", "tables", "2022-03-02", "13.5"],
]


def as_csv(rows=ROWS, delimiter: str = ";") -> bytes:
    cut = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    return "".join(delimiter.join(row) + "\r\n" for row in cut).encode()


def as_workbook(rows=ROWS) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("About").write(0, 0, "Not for publication")
        page = book.add_worksheet("Deals")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


FORMS = [
    # name, bytes, why
    ("deals.csv", as_csv(), "a title above the headings, and commas inside them"),
    ("deals.tsv", as_csv(delimiter="\t"), "TABs, with semicolons inside a cell"),
    ("deals.cp1251.csv", as_csv().decode().encode("cp1251"), "an encoding that the name tells"),
    ("deals.xlsx", as_workbook(), "a workbook whose first sheet is no table"),
]


@pytest.mark.parametrize(("name", "content", "why"), FORMS)
def test_a_draft_has_every_heading_with_what_stands_under_it_and_clean_uses_it(name, content, why, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    draft = write_draft(path)
    text = draft.path.read_text("utf-8")
    assert (draft.path.name, draft.instead_of) == (f"{name}.map.toml", ""), why
    assert 'description = "Goods name, kind"  # chairs; oak, wood | tables\n' in text
    assert 'shipper_name = "Продавец"  # SYNTHETIC SPA | SYNTHETIC TRADE\n' in text
    assert all(f'"{heading}"' in text for heading in ROWS[1])
    edited = text.replace('# ignored = "Doc date"', 'registered_on = "Doc date"').replace(
        '# registered_on = "Doc', 'registered_on = "Doc'
    )
    draft.path.write_text(edited, encoding="utf-8")
    report = clean(raw_file(path, tmp_path), tmp_path)
    rows = pl.read_parquet(outputs(name, tmp_path)["shipments"])
    assert (report["accepted"], report["rejected"]) == (2, 0)
    assert rows["registered_on"].cast(pl.String).to_list() == ["2022-03-01", "2022-03-02"]
    assert rows["consignee_name"].to_list() == ["SYNTHETIC ELVANTREE LTD"] * 2


def test_a_mapping_that_is_there_is_never_written_over(tmp_path):
    (tmp_path / "deals.csv").write_bytes(as_csv())
    (tmp_path / "deals.csv.map.toml").write_text("# mine\n")
    with pytest.raises(TradeAnalyticsError, match=r"^deals\.csv\.map\.toml is there already and was left as it is"):
        write_draft(tmp_path / "deals.csv")
    assert (tmp_path / "deals.csv.map.toml").read_text() == "# mine\n"


def test_the_draft_of_a_known_layout_says_that_it_takes_its_place(tmp_path):
    (tmp_path / "dump.csv").write_text("ND;G072;G022;G082;G33\n1;15.06.2022;A;B;8517620009\n")
    draft = write_draft(tmp_path / "dump.csv")
    assert draft.instead_of == "Russian customs declarations"
    assert draft.path.read_text("utf-8").startswith("# In place of the known layout 'Russian customs declarations'")
    assert tomllib.loads(draft.path.read_text("utf-8"))["columns"]["hs"] == "G33"


REFUSED = [
    # name, bytes, what the one line says
    ("nowhere.csv", None, "nowhere.csv: no such file"),
    ("t.csv", statcan_csv([SECTION]), "t.csv: a table of Statistics Canada, which needs no mapping"),
    ("t.csv", b"", "t.csv: the file is empty"),
    ("t.pdf", b"%PDF-1.7\n", "t.pdf: this is a PDF"),
    ("t.csv", b"1;2;3\n4;5;6\n", None),  # numbers alone are cut evenly, and a person may see what they are
]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED)
def test_what_cannot_be_mapped_is_refused_in_one_line(name, content, said, tmp_path, capsys):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert cli.main(["map", str(tmp_path / name)]) == (2 if said else 0)
    printed = capsys.readouterr()
    if said:
        assert printed.err.startswith(f"tradeanalytics: {said}") and printed.err.count("\n") == 1
        assert not list(tmp_path.glob("*.map.toml"))


def test_the_command_says_where_the_draft_is_and_what_to_do_next(tmp_path, capsys):
    (tmp_path / "deals.csv").write_bytes(as_csv())
    assert cli.main(["map", str(tmp_path / "deals.csv")]) == 0
    said = capsys.readouterr().out
    assert "deals.csv.map.toml: a draft; check every line, then run `tradeanalytics clean" in said


def test_a_mapping_is_no_raw_file_but_the_file_beside_it_is_read_with_it(tmp_path):
    (tmp_path / "deals.csv").write_bytes(as_csv())
    write_draft(tmp_path / "deals.csv")
    assert [raw.name for raw in raw_files(tmp_path)] == ["deals.csv"]
    assert read_with(tmp_path / "deals.csv") == [tmp_path / "deals.csv.map.toml"]
