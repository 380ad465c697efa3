"""What lies under data/raw: which files are raw files, what is known of them, and that a changed byte shows."""

import doctest
import json
import zipfile
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.cli import main
from tradeanalytics.raw import catalogue as catalogue_module
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.raw.catalogue import catalogue, entry, table_of
from tradeanalytics.raw.store import Manifest, newest_member_date, read_manifest, sha256_of, write_manifest

PROJECT = Path(__file__).parents[1]

DATES = st.from_regex(r"([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?", fullmatch=True).filter(str.isascii)
NAMES = st.text(min_size=1).filter(lambda name: not set(name) & set("/\\:"))
MANIFESTS = st.builds(
    Manifest,
    file=NAMES,
    sha256=st.from_regex("[0-9a-f]{64}", fullmatch=True),
    vintage=DATES,
    **dict.fromkeys(["publisher", "title", "url", "licence", "citation", "etag", "last_modified", "note"], st.text()),
    extract=st.booleans(),
)


def put(root: Path, name: str, content: bytes = b"a,b\n1,2\n", **told: object) -> Path:
    """A file under the root, with a manifest beside it when anything is told of it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if told:
        facts = {"file": path.name, "sha256": sha256_of(path), "size": len(content), "table": "T"}
        write_manifest(Manifest(**(facts | told)), path.parent)
    return path


def put_zip(path: Path, *days: tuple[int, int, int]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number, day in enumerate(days):
            archive.writestr(zipfile.ZipInfo(f"{number}.csv", (*day, 8, 30, 0)), "x")
    return path


@given(MANIFESTS)
def test_a_manifest_reads_back_as_it_was_written(tmp_path_factory, manifest):
    folder = tmp_path_factory.mktemp("vintage")
    first = write_manifest(manifest, folder).read_bytes()
    assert read_manifest(folder) == manifest
    assert write_manifest(manifest, folder).read_bytes() == first


def test_a_manifest_is_sorted_indented_text_ending_in_one_newline_and_leaves_nothing_else(tmp_path):
    put(tmp_path, "a.csv", note="à la carte")
    text = (tmp_path / "manifest.json").read_bytes().decode("utf-8")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert text.startswith('{\n  "') and text.endswith("}\n") and "\r" not in text and "à la carte" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "manifest.json"]


GOOD = {"file": "a.csv", "sha256": "0" * 64, "size": 1, "table": "T"}
BROKEN = [
    # manifest, what the error says
    ("{", "JSON"),  # cut off
    ("[]", "one JSON object"),
    (json.dumps({"file": "a.csv", "sha256": "0" * 64, "size": 1}), "missing ['table']"),
    (
        json.dumps(GOOD | {"colour": "red"}),
        "unexplained ['colour']",
    ),  # a field this version does not know is not dropped
    (json.dumps(GOOD | {"size": "1"}), "size is '1', expected a whole number"),
    (json.dumps(GOOD | {"size": True}), "size is True"),  # a truth value counts as 1 elsewhere
    (json.dumps(GOOD | {"extract": "false"}), "extract is 'false', expected true or false"),  # text that reads as true
    (json.dumps(GOOD | {"file": "../a.csv"}), "same folder"),  # a record of a file elsewhere
    (json.dumps(GOOD | {"sha256": "ABC"}), "64 hex digits"),
    (json.dumps(GOOD | {"vintage": "5 October 2022"}), "vintage is '5 October 2022'"),  # would not sort as text
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_manifest_is_an_error_in_one_line_that_names_it_and_the_fault(tmp_path, text, said):
    put(tmp_path, "t/2022/a.csv")
    (tmp_path / "t" / "2022" / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(TradeAnalyticsError) as caught:
        raw_files(tmp_path)
    assert str(tmp_path / "t" / "2022" / "manifest.json") in str(caught.value)
    assert said in str(caught.value) and "\n" not in str(caught.value)


RAW = [
    # name, whether it is a raw file
    ("leak.csv", True),  # loose at the top
    ("mine/2024/Book 1.xlsx", True),  # loose anywhere, under any name
    ("12-10-0119/2022-10/12100119.csv", True),
    ("README.md", False),
    ("mine/README.md", False),
    ("mine/manifest.json", False),
    (".DS_Store", False),
    (".partial/12100119-eng.zip", False),  # a dot-folder hides what it holds
    ("mine/12100119-eng.zip.part", False),  # a browser's unfinished download
    ("mine/dump.xlsx.map.toml", False),  # a person's mapping of the file beside it
    ("mine/part", True),  # only the ending counts
]


def test_which_files_are_raw_files(tmp_path):
    for name, _ in RAW:
        put(tmp_path, name, b"{}" if name.endswith(".json") else b"x")
    (tmp_path / "mine" / "manifest.json").write_text(json.dumps(GOOD | {"file": "elsewhere.csv"}), encoding="utf-8")
    assert sorted(file.name for file in raw_files(tmp_path)) == sorted(name for name, raw in RAW if raw)


def test_a_root_that_is_not_there_holds_no_files(tmp_path):
    assert raw_files(tmp_path / "nowhere") == []


def test_the_newest_release_of_a_table_comes_last_and_an_extract_before_the_file_it_was_made_from(tmp_path):
    put(tmp_path, "z/1/a.csv", b"1", table="B", vintage="2022-10")
    put(tmp_path, "y/1/b.csv", b"2", table="A", vintage="2022-10-05")
    put(tmp_path, "x/1/c.csv", b"3", table="A", vintage="2022-10", extract=False)
    put(tmp_path, "x/2/d.csv", b"4", table="A", vintage="2022-10", extract=True)
    put(tmp_path, "w/loose.csv", b"5")
    assert [file.path.name for file in raw_files(tmp_path)] == ["loose.csv", "d.csv", "c.csv", "b.csv", "a.csv"]


def test_files_of_one_release_are_in_the_order_they_came_in(tmp_path):
    for folder in ("2022-10-05.10", "2022-10-05", "2022-10-05.2"):
        put(tmp_path, f"t/{folder}/a.csv", folder.encode(), vintage="2022-10-05")
    folders = [file.path.parent.name for file in raw_files(tmp_path)]
    assert folders == ["2022-10-05", "2022-10-05.2", "2022-10-05.10"]


def test_a_changed_byte_shows(tmp_path):
    path = put(tmp_path, "t/2022/a.csv", b"5.5", vintage="2022")
    assert not raw_file(path, tmp_path).altered
    path.write_bytes(b"5.6")
    changed = raw_file(path, tmp_path)
    assert changed.altered and changed.sha256 == sha256_of(path) != changed.recorded_sha256
    assert changed.file_id == changed.sha256[:16]


def test_a_file_beside_the_one_a_manifest_names_is_loose(tmp_path):
    put(tmp_path, "t/2022/a.csv", vintage="2022", licence="L")
    notes = raw_file(put(tmp_path, "t/2022/notes.csv", b"mine"), tmp_path)
    assert (notes.recorded_sha256, notes.altered, notes.vintage, notes.licence) == ("", False, "", "")


def test_a_file_outside_the_root_is_called_by_its_file_name(tmp_path):
    path = put(tmp_path, "desk/a.csv")
    assert raw_file(path, tmp_path / "raw").name == "a.csv"
    assert raw_file(path, tmp_path).name == "desk/a.csv"


def test_a_file_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"a\.csv: cannot be read"):
        raw_file(tmp_path / "a.csv", tmp_path)


def test_a_loose_publisher_zip_is_known_by_its_name_and_dated_by_its_newest_member(tmp_path):
    file = raw_file(put_zip(tmp_path / "12100119-eng (1).zip", (2022, 10, 4), (2022, 10, 5)), tmp_path)
    assert (file.table, file.vintage, file.publisher) == ("12-10-0119", "2022-10-05", "Statistics Canada")
    assert "12-10-0119" in file.citation and "2022-10-05" in file.citation
    assert (file.url, file.taken_on, file.recorded_sha256) == ("", "", "")  # nobody recorded these


def test_a_loose_csv_has_no_known_release(tmp_path):
    file = raw_file(put(tmp_path, "1210001101_databaseLoadingData.csv"), tmp_path)
    assert (file.table, file.vintage) == ("12-10-0011", "")
    assert "release date unknown" in file.citation


def test_a_loose_zip_of_no_known_table_has_no_release_even_with_dated_members(tmp_path):
    assert raw_file(put_zip(tmp_path / "leak.zip", (2022, 10, 5)), tmp_path).vintage == ""


def test_a_broken_loose_zip_is_still_listed(tmp_path):
    file = raw_file(put(tmp_path, "12100119-eng.zip", b"PK\x03\x04 cut off"), tmp_path)
    assert (file.table, file.vintage) == ("12-10-0119", "")


def test_a_member_without_a_real_date_dates_nothing(tmp_path):
    assert newest_member_date(put_zip(tmp_path / "a.zip", (1980, 1, 1))) == ""  # what writers without a clock put
    assert newest_member_date(put_zip(tmp_path / "b.zip", (2022, 0, 0))) == ""
    assert newest_member_date(put_zip(tmp_path / "c.zip")) == ""  # an empty zip


TABLES = [
    # file name, table
    ("12100119-eng.zip", "12-10-0119"),
    ("12100119-fra.zip", "12-10-0119"),
    ("12100119.csv", "12-10-0119"),
    ("1210001101_databaseLoadingData.csv", "12-10-0011"),
    ("1210001101_databaseLoadingData_EXCERPT_russia_export_bop_unadj.csv", "12-10-0011"),
    ("20220301.csv", ""),  # a day, not a table
    ("12100119_MetaData.csv", ""),  # not the data
    ("112100119-eng.zip", ""),  # one digit more
    ("shipments.csv", ""),
]


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_table_is_read_from_the_file_name(name, table):
    assert table_of(name) == table


KEYS = [
    # key as written, table
    ("12-10-0011", "12-10-0011"),
    ("12100119", "12-10-0119"),  # listed, in its other spelling
    ("12-10-0119-01", "12-10-0119"),  # as the web page prints it
    ("18-10-0204", "18-10-0204"),  # not listed
    ("18100204", "18-10-0204"),
]


@pytest.mark.parametrize(("key", "table"), KEYS)
def test_a_table_can_be_asked_for_by_its_number(key, table):
    found = entry(key)
    digits = table.replace("-", "")
    assert (found.key, found.table, found.filename) == (table, table, f"{digits}-eng.zip")
    assert found.url == f"https://www150.statcan.gc.ca/n1/tbl/csv/{digits}-eng.zip"
    assert found == catalogue().get(table, found)


@pytest.mark.parametrize("key", ["12-10-011", "12-11-0119", "twelve", ""])
def test_an_unknown_key_is_refused_with_the_known_ones(key):
    with pytest.raises(TradeAnalyticsError, match=f"unknown key '{key}'.*12-10-0011, 12-10-0011-viewer, 12-10-0119"):
        entry(key)


def test_the_register_of_addresses_is_fetched_only_when_it_is_named(tmp_path, monkeypatch):
    taken = []
    monkeypatch.setattr("tradeanalytics.raw.fetch.fetch", lambda keys, _: taken.append(keys) or [])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data/raw").mkdir(parents=True)
    assert main(["fetch"]) == main(["fetch", "nar"]) == 0
    assert taken == [[key for key in catalogue() if key != "nar"], ["nar"]]


def test_every_entry_is_filled_in_and_cites_its_publisher_and_release():
    for found in catalogue().values():
        assert all(asdict(found).values()), found.key
        cited = found.cited("2022-10-05")
        assert "2022-10-05" in cited and "{" not in cited
        number = "catalogue 46-26-0002" if found.key == "nar" else f"Table {found.table}"
        assert found.publisher != "Statistics Canada" or number in cited
        assert found.publisher in cited
    assert "Russian Federation" in entry("12-10-0011-viewer").title


@pytest.mark.parametrize("table", ["listed-extract", "listed-extract-more"])
def test_the_bundled_extracts_of_lists_say_that_they_are_extracts_and_of_which_dates(table):
    folder = PROJECT / "data/raw" / table / "2026-08-22"
    manifest = read_manifest(folder)
    file = raw_file(folder / manifest.file, PROJECT / "data/raw")
    assert file.extract and not file.altered and file.size == manifest.size
    assert "Not the publishers' own files" in file.note or "not the publishers' own files" in file.note
    assert all(words in file.note for words in ("August 2026", "May 2026", "January 2023"))


def test_the_bundled_files_are_the_ones_their_manifests_describe():
    bundled = [PROJECT / "data/raw" / name for name in ("12-10-0119/2022-10", "12-10-0175/2026")]
    for folder, vintage in zip(bundled, ("2022-10", "2026"), strict=True):
        manifest = read_manifest(folder)
        file = raw_file(folder / manifest.file, PROJECT / "data/raw")
        assert file.extract and not file.altered and file.vintage == vintage and file.size == manifest.size
        assert "not the publisher's own file" in file.note and "as is" in file.citation
        assert file.name == f"{file.table}/{vintage}/{manifest.file}"


def test_the_examples_in_the_catalogue_run():
    assert doctest.testmod(catalogue_module).failed == 0
