"""The register of addresses is built whole from every layout that was published, or refused in one line."""

import hashlib
import json
import zipfile
from pathlib import Path

import duckdb
import pytest
from registers_of_addresses import HEADINGS, guid, packed, point, row, write

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.clean.nar import build_register
from tradeanalytics.raw import raw_file
from tradeanalytics.story.cleaning_words import cleaning_words

HOUSE = row("|25||Maple Hollow|CRES|", 1)
TOWER = [row(f"{unit}|100||Côté|ST|W", use, postal="M9Y1A1") for unit, use in (("101", 1), ("102", 1), ("1", 3))]
ROWS = [HOUSE, *TOWER]
POINTS = [point(HOUSE, 43.7, -79.4), point(TOWER[0], "", "", block=(43.6, -79.5))]


def table(folder, report, name):
    file = folder / report["tables"] / name
    path = f"{file}.parquet" if name == "postal" else f"{file}/*.parquet"
    return duckdb.sql(f"FROM '{path}' ORDER BY ALL").fetchall()


def build(tmp_path, rows=ROWS, points=POINTS, **how):
    report = build_register(write(tmp_path / "202606", rows, points, **how), tmp_path / "built")
    return report, {name: table(tmp_path / "built", report, name) for name in ("buildings", "units", "postal")}


def test_a_building_has_the_uses_of_its_addresses_and_a_unit_its_own(tmp_path):
    report, tables = build(tmp_path)
    house, tower = tables["buildings"]
    assert house[:8] == ("M9X9X9", "25", "", "MAPLE HOLLOW", "CRES", "", "ON TORONTO", "")
    assert (house[9:14], house[14:]) == ((1, 1, 0, 0, 0), (43.7, -79.4, "building"))
    assert (tower[3:6], tower[9:14], tower[14:]) == (("COTE", "ST", "W"), (3, 2, 0, 1, 0), (43.6, -79.5, "block face"))
    assert sorted((unit[3], unit[5]) for unit in tables["units"]) == [("1", 3), ("101", 1), ("102", 1)]
    assert tables["postal"] == [("M9X9X9", 1, 0, 0, 0), ("M9Y1A1", 2, 0, 1, 0)]
    assert (report["records"], report["accepted"], report["set_aside"], report["vintage"]) == (4, 4, 0, "2026-06")
    assert report["licence"] == "Statistics Canada Open Licence" and "2026-06" in report["citation"]


OLDER = {"BF_REPPOINT_X": "", "BF_REPPOINT_Y": "", "BF_REPPOINT_LATITUDE": "", "BF_REPPOINT_LONGITUDE": ""}
LAYOUTS = [
    # what is otherwise in the headings, how the file is encoded, what is said, why
    ({}, "utf-8-sig", "", "a byte order mark stands before the first heading"),
    (OLDER, "utf-8", "no column BF_REPPOINT_LATITUDE", "December 2024: 29 columns"),
    (
        {"MAIL_STREET_DIR": "MAIL_STEET_DIR", "BF_REPPOINT_X": "REPPOINT_X", "BF_REPPOINT_Y": "REPPOINT_Y"}
        | {"BF_REPPOINT_LATITUDE": "REPPOINT_LATITUDE", "BF_REPPOINT_LONGITUDE": "REPPOINT_LONGITUDE"},
        "utf-8",
        "",
        "June 2024, misspelt",
    ),
    ({"MAIL_STREET_DIR": "MAIL_STEET_DIR"} | OLDER, "latin-1", "read as Latin-1", "2022 and 2023"),
    ({"FED_CODE": "FED_2021_CODE", "ER_CODE": "ER_2021_CODE"}, "utf-8", "", "the map of ridings has a year"),
    ({"CSD_FRE_NAME": ""}, "utf-8", "no column CSD_FRE_NAME", "a column that is not there is said"),
    ({"CSD_CODE": "LUCK"}, "utf-8", "'LUCK' is not known", "a column that nobody knows is said"),
]


@pytest.mark.parametrize(("headings", "encoding", "said", "why"), LAYOUTS)
def test_every_layout_reads_the_same_by_name(tmp_path, headings, encoding, said, why):
    report, tables = build(tmp_path, headings=headings, encoding=encoding)
    usual = build(tmp_path / "usual", points=POINTS[:1] if OLDER.items() <= headings.items() else POINTS)
    assert tables == usual[1], why
    more = " ".join(note for note in report["notes"] if note not in usual[0]["notes"])
    assert said in more and bool(said) == bool(more), why


def test_columns_in_another_order_are_read_by_name(tmp_path):
    folder = write(tmp_path / "202606", ROWS, POINTS)
    path = folder / "Addresses/Address_35.csv"
    turned = [line.split(",")[::-1] for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(map(",".join, turned)) + "\n", "utf-8")
    report = build_register(folder, tmp_path / "built")
    assert table(tmp_path / "built", report, "units") == build(tmp_path / "usual")[1]["units"]


ASIDE = [
    # what is changed in a row, why it is set aside
    ({"CIVIC_NO": ""}, "no_civic_number"),  # land told by its section
    ({"CIVIC_NO": "25A"}, "no_civic_number"),
    ({"CIVIC_NO": "0"}, "no_civic_number"),
    ({"OFFICIAL_STREET_NAME": "", "MAIL_STREET_NAME": " "}, "no_street"),
    ({"LOC_GUID": "f7e8"}, "no_identifier"),
    ({"ADDR_GUID": HOUSE["ADDR_GUID"]}, "repeated"),
]


@pytest.mark.parametrize(("changed", "reason"), ASIDE)
def test_a_row_that_cannot_be_looked_up_is_set_aside_with_its_reason(tmp_path, changed, reason):
    report, _ = build(tmp_path, [*ROWS, {**TOWER[0], "ADDR_GUID": guid("another"), **changed}])
    assert (report["records"], report["accepted"], report["set_aside"]) == (5, 4, 1)
    assert {code: entry["count"] for code, entry in report["reasons"].items()} == {reason: 1}


def test_a_line_with_too_few_or_too_many_fields_is_set_aside_and_named(tmp_path):
    folder = write(tmp_path / "202606", ROWS, POINTS)
    with (folder / "Addresses/Address_35.csv").open("a", encoding="utf-8") as file:
        file.write("a,b,c\n" + "," * len(HEADINGS) + "\n")
    report = build_register(folder, tmp_path / "built")
    assert (report["records"], report["accepted"], report["reasons"]["broken_line"]["count"]) == (6, 4, 2)
    assert "2 lines are no rows of the heading's columns, first line 6" in " ".join(report["notes"])


@pytest.mark.parametrize("use", ["", "0", "5", "01", "residential"])
def test_a_use_that_is_not_known_counts_as_unknown_and_is_said(tmp_path, use):
    report, tables = build(tmp_path, [row("|25||Maple Hollow|CRES|", use)], [])
    assert tables["buildings"][0][9:14] == (1, 0, 0, 0, 1)
    assert "1 addresses have no BU_USE of 1 to 4" in " ".join(report["notes"])


COORDINATES = [
    # latitude, longitude, whether it is kept, why
    ("43.7", "-79.4", True, "Toronto"),
    ("83.1", "-69.9", True, "Ellesmere Island"),
    ("43.7", "79.4", False, "the sign was lost: Kyrgyzstan"),
    ("-79.4", "43.7", False, "turned round"),
    ("40.7", "-74.0", False, "New York"),
    ("0", "0", False, "nowhere"),
    ("43,7", "-79,4", False, "no number of degrees"),
    ("43.7", "", False, "one of the two is missing"),
]


@pytest.mark.parametrize(("latitude", "longitude", "kept", "why"), COORDINATES)
def test_a_point_outside_canada_is_kept_out_and_said(tmp_path, latitude, longitude, kept, why):
    report, tables = build(tmp_path, [HOUSE], [point(HOUSE, latitude, longitude)])
    found = (float(latitude), float(longitude), "building") if kept else (None, None, None)
    assert tables["buildings"][0][14:] == found, why
    assert ("1 points are no number of degrees or not in Canada" in " ".join(report["notes"])) is not kept, why


def test_a_province_without_a_file_is_said(tmp_path):
    report, _ = build(tmp_path)
    [missing] = [note for note in report["notes"] if "no file of addresses" in note]
    assert missing.startswith("no file of addresses for NL, PE, NS, NB, QC, MB,") and "ON" not in missing


def test_the_zip_and_the_folder_give_the_same_tables(tmp_path):
    report = build_register(packed(write(tmp_path / "202606", ROWS, POINTS), tmp_path / "202606.zip"), tmp_path / "zip")
    assert table(tmp_path / "zip", report, "buildings") == build(tmp_path)[1]["buildings"]
    assert report["sha256"] == hashlib.sha256((tmp_path / "202606.zip").read_bytes()).hexdigest()


def test_one_thread_and_two_write_the_same_bytes(tmp_path):
    folder = write(tmp_path / "202606", [row(f"|{n}||Maple Hollow|CRES|", 1) for n in range(1, 3000)], POINTS)
    made = []
    for threads in (1, 2):
        report = build_register(folder, tmp_path / f"by{threads}", threads=threads)
        root = tmp_path / f"by{threads}" / report["tables"]
        made.append({path.relative_to(root): path.read_bytes() for path in root.rglob("*.parquet")})
    assert made[0] == made[1] and len(made[0]) == 4


def no_zip(path: Path) -> None:
    path.write_bytes(b"LOC_GUID,ADDR_GUID")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-300])


def damaged(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[200:230] = bytes(30)
    path.write_bytes(whole)


def of_other_files(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")


def with_a_path_outside(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../Address_10.csv", "x")


def without_a_part(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Addresses/Address_24_part_2.csv", "x")


def without_a_column(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Addresses/Address_35.csv", "LOC_GUID,ADDR_GUID,CIVIC_NO\n1,2,3\n")


def without_rows(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Addresses/Address_35.csv", ",".join(HEADINGS) + "\n")


def gone(path: Path) -> None:
    path.unlink()


REFUSED = [
    # what is wrong with the zip, what is said
    (no_zip, "this is not a zip: it begins with b'LOC_'"),
    (cut_off, "the zip is damaged or cut off"),
    (damaged, "the zip is damaged or cut off"),
    (of_other_files, "expected Addresses/Address_10.csv and the like, found readme.txt"),
    (with_a_path_outside, "a path outside"),
    (without_a_part, "Address_24_part_1.csv is missing"),
    (without_a_column, r"Addresses/Address_35.csv\): no column BU_USE among LOC_GUID, ADDR_GUID, CIVIC_NO"),
    (without_rows, "none of 0 rows is an address"),
    (gone, "there is no such file or folder"),
]


@pytest.mark.parametrize(("spoil", "said"), REFUSED)
def test_what_is_not_a_whole_register_is_refused_in_one_line_and_the_last_one_stays(tmp_path, spoil, said):
    built = tmp_path / "built"
    last = build_register(write(tmp_path / "202412", ROWS, POINTS), built)
    path = packed(write(tmp_path / "202606", [HOUSE], []), tmp_path / "202606.zip")
    spoil(path)
    with pytest.raises(TradeAnalyticsError, match=said) as refused:
        build_register(path, built)
    assert "\n" not in str(refused.value) and str(refused.value).startswith("202606.zip")
    assert sorted(one.name for one in built.iterdir()) == sorted(["register.json", last["tables"]])
    assert json.loads((built / "register.json").read_text("utf-8")) == last


def test_a_new_release_takes_the_place_of_the_last_and_the_same_bytes_are_not_built_again(tmp_path):
    built, folder = tmp_path / "built", write(tmp_path / "202412", ROWS, POINTS)
    first = build_register(folder, built)
    assert build_register(folder, built) == first
    second = build_register(write(tmp_path / "202606", [HOUSE], []), built)
    assert [one.name for one in built.iterdir() if one.is_dir()] == [second["tables"]]


def test_cleaning_the_zip_builds_the_register_beside_the_tables_of_the_records(tmp_path):
    path = packed(write(tmp_path / "202606", ROWS, POINTS), tmp_path / "202606.zip")
    report = clean(raw_file(path, tmp_path), tmp_path / "processed")
    assert report["address_register"]["accepted"] == 4 and "records" not in report
    assert (tmp_path / "processed/address_register/register.json").exists()
    assert "register of addresses, 2026-06: 4 rows, 4 to look up, 0 set aside" in cleaning_words(report)


@pytest.mark.shared
def test_every_row_of_the_sample_of_the_register_is_accepted(shared, tmp_path):
    report = build_register(shared / "data/addresses/nar_fixture", tmp_path)
    assert (report["records"], report["set_aside"], len(report["provinces"])) == (14_270, 0, 11)
    assert "no file of addresses for NT, NU" in report["notes"][0]
