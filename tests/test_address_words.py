"""What `tradeanalytics addresses` prints and writes, and what it says of a wrong input: one line. All is SYNTHETIC."""

import csv
import json

import pytest
from listed_rows import NORTH, rows_csv
from listed_rows import row as listed_row
from registers_of_addresses import packed, point, row, write
from test_customs_slices import IMPORT, as_csv, styled

from tradeanalytics.cli import main

HOUSE = "25 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9"
ROWS = [row("|25||Maple Hollow|CRES|", 1), row("|27||Maple Hollow|CRES|", 3)]


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "data/raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(root, text, name="SYNTHETIC_addresses.txt", encoding="utf-8"):
    (root / name).write_bytes(text.encode(encoding))
    return root / name


def register(root, name="SYNTHETIC_202606.zip", rows=ROWS, points=(), **how):
    return packed(write(root / "SYNTHETIC_202606", list(rows), list(points), **how), root / name)


def said(capsys, *arguments) -> str:
    capsys.readouterr()
    assert main(["addresses", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def refused(capsys, *arguments) -> str:
    capsys.readouterr()
    assert main(["addresses", *map(str, arguments)]) == 2
    out = capsys.readouterr()
    (line,) = out.err.splitlines()
    assert "a fault of ours" not in line
    return line


def written(root, table, name="SYNTHETIC_addresses.txt"):
    path = root / f"data/processed/addresses/{name}.{table}.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_addresses_are_told_of_line_by_line(root, capsys):
    path = put(root, f"{HOUSE}\n27 Maple Hollow Crescent, Toronto\nTORONTO CANADA\n\n")
    assert said(capsys, path, "--register", register(root)).splitlines() == [
        "looked up in an invented register of addresses (SYNTHETIC) of 2026-06",
        "of the register: no file of addresses for NL, PE, NS, NB, QC, MB, SK, AB, BC, YT, NT, NU: every address there"
        " stays",
        "    unknown",
        "no list of parties is there: no address was held against those of listed parties (A7)",
        "3 addresses, each once a party and role",
        "      1  recorded as residential",
        "      1  recorded as not residential",
        "      1  of unknown use: unknown is not clean",
        "A1, residence: 1 lead (FinCEN and BIS, supplemental alert FIN-2023-Alert004, 19 May 2023: “business address is"
        " a residence”; Statistics Canada, National Address Register)",
        f"  “{HOUSE}”: The address is recorded as residential in the National Address Register",
        "    of 2026-06.",
        "    It does not prove that nothing but a home is there. Firms run from homes are common and lawful, and the"
        " register",
        "    is of its own date, not of the shipment's.",
        "A5, no street: 1 lead (a rule of this package; no authority is known here to name it)",
        "  “TORONTO CANADA”: The address names a place and no street: “TORONTO CANADA”.",
        "    It does not prove that the party hides its address: whoever typed the record may have left it out.",
        "written: data/processed/addresses/SYNTHETIC_addresses.txt.places.csv",
        "written: data/processed/addresses/SYNTHETIC_addresses.txt.flags.csv",
    ]  # fmt: skip
    assert [one["use"] for one in written(root, "places")] == ["residential", "non_residential", "unknown"]
    assert [one["code"] for one in written(root, "flags")] == ["A1", "A5"]


def test_a_register_is_built_once_and_asked_again_without_being_named(root, capsys):
    path = put(root, f"{HOUSE}\n")
    first = said(capsys, path, "--register", register(root))
    assert said(capsys, path) == first and "recorded as residential" in first
    folder = root / "data/processed/SYNTHETIC_address_register"
    assert (
        said(capsys, path, "--register", folder) == said(capsys, path, "--register", root / "SYNTHETIC_202606") == first
    )


def test_customs_records_are_cleaned_and_told_of_by_role(root, capsys):
    rows = [{**IMPORT, "shipper_address": HOUSE, "shipper_country": "VG"}]
    (root / "data/raw/SYNTHETIC_dump.csv").write_bytes(as_csv(styled("bare", *rows)))
    (root / "data/raw/SYNTHETIC_lists.csv").write_bytes(
        rows_csv([listed_row(NORTH, "1", "Synthetic Works", addresses=HOUSE, countries="CA")])
    )
    assert main(["clean", "data/raw/SYNTHETIC_lists.csv"]) == 0
    told = said(capsys, root / "data/raw/SYNTHETIC_dump.csv", "--register", register(root))
    assert "read as Russian customs declarations" in told and "no list of parties" not in told
    of_shipper = [one["code"] for one in written(root, "flags", "SYNTHETIC_dump.csv") if one["role"] == "shipper"]
    assert of_shipper == ["A1", "A6", "A7"]
    assert {one["value_usd_cents"] for one in written(root, "flags", "SYNTHETIC_dump.csv")} == {"123456789"}


def test_the_same_question_writes_the_same_bytes(root, capsys):
    path, folder = put(root, f"{HOUSE}\nTORONTO\n"), root / "data/processed/addresses"
    first, again = (
        (said(capsys, path), {one.name: one.read_bytes() for one in sorted(folder.iterdir())}) for _ in range(2)
    )
    assert first == again and len(first[1]) == 2


def test_polygons_and_registered_offices_of_a_user_are_read(root, capsys):
    ring = [[-80, 43], [-79, 43], [-79, 44], [-80, 44], [-80, 43]]
    zone = {"properties": {"ZONE": "R"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    put(root, json.dumps({"features": [zone]}), "zones.json")
    put(root, "27 Maple Hollow Cres, Toronto\n", "offices.txt")
    path = put(root, f"{HOUSE}\n27 MAPLE HOLLOW CRES, TORONTO ON M9X 9X9\n")
    zip_ = register(root, points=[point(ROWS[0], 43.7, -79.4)])
    more = ("--polygons", "zones.json", "--property", "ZONE", "--registered-offices", "offices.txt")
    assert "1 of the addresses are of registered offices" in said(capsys, path, "--register", zip_, *more)
    house, office = written(root, "places")
    assert (house["corroboration"], house["left_out"]) == ("ZONE R: unknown", "")
    assert (office["corroboration"], office["left_out"], office["office"]) == ("", "registered_office", "declared")


# Registers in every state ------------------------------------------------------------------------------------------

OLDER = {
    **dict.fromkeys(("BF_REPPOINT_X", "BF_REPPOINT_Y", "BF_REPPOINT_LATITUDE", "BF_REPPOINT_LONGITUDE"), ""),
    **{"BG_LATITUDE": "REPPOINT_LATITUDE", "BG_LONGITUDE": "REPPOINT_LONGITUDE", "MAIL_STREET_DIR": "MAIL_STEET_DIR"},
}
READ = [
    # how the register is written, what is said, reason
    ({}, "looked up in an invented register of addresses (SYNTHETIC) of 2026-06", "the layout of 2026"),
    ({"headings": OLDER}, "looked up", "an older layout, with its misspelt heading"),
    ({"rows": [*ROWS, row("|1||Érable|CRES|", 1)], "encoding": "latin-1"}, "Latin-1", "the encoding of 2022 and 2023"),
    ({}, "no file of addresses for NL", "a province is missing: its addresses stay unknown"),
    ({"points": [point(ROWS[0], 0, 0)]}, "not in Canada", "coordinates outside Canada are kept out"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "told", "reason"), READ)
def test_a_register_of_any_layout_is_asked_and_what_is_odd_about_it_is_said(root, capsys, how, told, reason):
    printed = " ".join(said(capsys, put(root, HOUSE), "--register", register(root, **how)).split())
    assert told in printed and "recorded as residential" in printed, reason


def cut(path):
    path.write_bytes(path.read_bytes()[:-200])


REGISTERS = [
    # what is done to the zip, what the line says, reason
    (cut, "SYNTHETIC_202606.zip", "cut off"),
    (lambda path: path.write_bytes(b""), "this is not a zip", "empty"),
    (lambda path: path.unlink(), "there is no such file or folder", "not there"),
    (lambda path: path.write_text("hello"), "this is not a zip", "another file"),
    (lambda path: path.rename(path.with_name("real.zip")), "no such file", "under another name"),
]


@pytest.mark.parametrize(("spoil", "line", "reason"), REGISTERS)
def test_what_is_no_register_is_refused_in_one_line(root, capsys, spoil, line, reason):
    path, zip_ = put(root, HOUSE), register(root)
    spoil(zip_)
    assert line in refused(capsys, path, "--register", zip_), reason


def test_a_column_that_is_gone_is_named(root, capsys):
    zip_ = register(root, headings={"BU_USE": "BU_USAGE"})
    assert "BU_USE" in refused(capsys, put(root, HOUSE), "--register", zip_)


def test_real_addresses_are_not_held_against_an_invented_register(root, capsys):
    path, zip_ = put(root, HOUSE, "addresses.txt"), register(root)
    assert "an invented register" in refused(capsys, path, "--register", zip_)
    said(capsys, put(root, HOUSE), "--register", zip_)
    assert "no register of addresses was asked" in said(capsys, path)


# Addresses in every state ------------------------------------------------------------------------------------------

ODD = [
    # an address, its kind, its use, reason
    (HOUSE + " X" * 2500, "street", "residential", "5,000 characters"),
    ("X" * 5000, "none", "unknown", "5,000 characters of nothing"),
    ("25 MAPLE HOLLOW CRES,\x00\x07 TORONTO ON\x1b M9X 9X9", "street", "residential", "control characters"),
    ("\x00\x07", "none", "unknown", "nothing but control characters"),
    ("TORONTO", "place_only", "unknown", "a city alone"),
    ("25 MAPLE HOLLOW CRES, TORONTO QC M9X 9X9", "street", None, "a province that is not its own"),
    ("25", "none", None, "a number alone"),
    ("@@@ ||| ;;;", "none", "unknown", "signs alone"),
    ("ул. Примерная, д. 1, Москва", "street", "unknown", "not in Canada"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "kind", "use", "reason"), ODD)
def test_no_address_stops_the_others_and_none_is_printed_as_it_stands(root, capsys, address, kind, use, reason):
    (root / "SYNTHETIC_a.csv").write_text(f'name,address\nVexo,"{address}"\nOrbex,"{HOUSE}"\n', "utf-8")
    printed = said(capsys, root / "SYNTHETIC_a.csv", "--register", register(root))
    assert not any(mark in printed for mark in "\x00\x07\x1b") and max(map(len, printed.splitlines())) < 300
    with (root / "data/processed/addresses/SYNTHETIC_a.csv.places.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["address"] == address and second["use"] == "residential", reason
    assert use is None or (first["kind"], first["use"]) == (kind, use), reason
    assert ("of 5,0" in first["reason"].lower()) is (len(address) > 5000 - 1), reason


NEITHER = [
    # a file, its content, what the line says
    ("SYNTHETIC_a.txt", "é\n".encode("latin-1"), "cannot be read as a table of addresses in UTF-8"),
    ("SYNTHETIC_a.txt", b"\n\n", "no address in it"),
    ("SYNTHETIC_a.csv", b"address,name\n", "no address in it"),
    ("SYNTHETIC_a.csv", b"address,name\nx\n", "record 1 has 1 fields, expected 2"),
    ("SYNTHETIC_a.csv", b"address,colour\nx,y\n", "no known layout"),
    ("SYNTHETIC_a.csv", b"", "the file is empty"),
    ("SYNTHETIC_a.pdf", b"%PDF-1.4", "this is a PDF"),
]


@pytest.mark.parametrize(("name", "content", "line"), NEITHER)
def test_a_file_that_is_neither_records_nor_addresses_is_refused_in_one_line(root, capsys, name, content, line):
    (root / name).write_bytes(content)
    assert line in refused(capsys, root / name)
    assert not list((root / "data/processed").glob("addresses/*.csv"))


@pytest.mark.parametrize("option", ["--register", "--polygons", "--registered-offices"])
def test_a_file_that_is_not_there_is_refused_in_one_line(root, capsys, option):
    assert "none.txt" in refused(capsys, put(root, HOUSE), option, root / "none.txt")
    assert "none.txt" in refused(capsys, root / "none.txt")


def test_registered_offices_without_an_address_are_refused(root, capsys):
    line = refused(capsys, put(root, HOUSE), "--registered-offices", put(root, "\n", "offices.txt"))
    assert "offices.txt: no addresses of registered offices in it; expected one a line" in line
