"""A wrong input gets one line that names file, place, value and what was expected; nothing is half written."""

import codecs
import csv
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import time
import zipfile
from itertools import product
from pathlib import Path

import pytest
from conftest import PARTNER, ROOT, SECTION, VIEWER_SECTIONS, put_csv, row, statcan_csv, zipped

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.cli import main
from tradeanalytics.raw import raw_file
from tradeanalytics.reference import rows

ZIP = "12100119-eng.zip"
LAYOUT = "trade by province, NAPCS section and partner (12-10-0119, 12-10-0175)"
EXPECTED = f"(expected the layout {LAYOUT} of Statistics Canada)"
GOOD = statcan_csv([SECTION])
LONG = statcan_csv([row(period=f"{year}-{month:02}") for year in range(1900, 2100) for month in range(1, 13)])


def written(processed: Path) -> list[str]:
    """Every file below a folder, hidden ones too."""
    return sorted(path.relative_to(processed).as_posix() for path in processed.rglob("*") if path.is_file())


def refusal(folder: Path, name: str, content: bytes, **how: int) -> str:
    """The line a file is refused with, new and in the place of a good one; either way nothing is changed by it."""
    for started in ("empty", "good"):
        processed = folder / started
        if started == "good":
            clean(put_csv(folder / "raw", name, zipped(table=GOOD) if name == ZIP else GOOD), processed)
        before = {path: (processed / path).read_bytes() for path in written(processed)}
        with pytest.raises(TradeAnalyticsError) as caught:
            clean(put_csv(folder / "raw", name, content), processed, **how)
        assert {path: (processed / path).read_bytes() for path in written(processed)} == before
        assert not list((processed / ".work").iterdir())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def with_heading(*names: str) -> bytes:
    """A table by section with other headings."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([names, ["1"] * len(names)])
    return codecs.BOM_UTF8 + out.getvalue().encode()


NAMES = tuple(SECTION)
CSV = [
    # what is wrong, the bytes, what the error says after the file
    ("empty", b"", "the file is empty; expected a heading and rows"),
    ("a byte order mark and nothing else", codecs.BOM_UTF8, "the file is empty; expected a heading and rows"),
    ("only blank lines", b"\n\n\n", "the first line is not a heading of columns: ''"),
    ("a web page", b"<!DOCTYPE html>\n<html>", "the first line is not a heading of columns: '<!DOCTYPE html>'"),
    (
        "one endless line",
        b"x" * 200_000,
        "the first line is not a heading of columns: field larger than field limit (131072)",
    ),
    (
        "a missing column",
        with_heading(*(name for name in NAMES if name != "SCALAR_ID")),
        f"the column 'SCALAR_ID' is missing {EXPECTED}",
    ),
    ("an extra column", with_heading(*NAMES, "NOTE"), f"the column 'NOTE' is not one of {LAYOUT} {EXPECTED}"),
    (
        "a renamed column",
        with_heading(*(name.replace("Trade", "Trade flow") for name in NAMES)),
        f"the column 'Trade' is missing (is it now 'Trade flow'?); the column 'Trade flow' is not one of {LAYOUT}"
        f" {EXPECTED}",
    ),
    ("a column twice", with_heading(*NAMES, "VALUE"), f"the column 'VALUE' stands there twice {EXPECTED}"),
    (
        "another table under this name",
        statcan_csv([PARTNER]),
        "the column 'North American Product Classification System (NAPCS)' is missing;"
        f" the column 'Basis' is not one of {LAYOUT};"
        f" the column 'Seasonal adjustment' is not one of {LAYOUT} {EXPECTED}",
    ),
    (
        "cp1252",
        statcan_csv([SECTION, row(partner="Türkiye")]).replace("ü".encode(), "ü".encode("cp1252")),
        "line 3 is not UTF-8 (found b'\\xfcrki'); save the file as UTF-8",
    ),
    (
        "UTF-16",
        GOOD.decode("utf-8-sig").encode("utf-16"),
        "line 1 is not UTF-8 (found b'\\xff\\xfe\"\\x00'); save the file as UTF-8",
    ),
    (
        "cp1252 past the first MiB",
        LONG * 8 + b"\xe9",
        f"line {2401 * 8 + 1} is not UTF-8 (found b'\\xe9'); save the file as UTF-8",
    ),
    (
        "a letter cut in two at the end",
        GOOD + "é".encode()[:1],
        "line 3 is not UTF-8 (found b'\\xc3'); save the file as UTF-8",
    ),
    (
        "a NUL byte",
        GOOD + b'"2022-03\0"\n',
        "line 3 holds a NUL byte; this is not a text file",
    ),
    (
        "a NUL byte past the first MiB",
        LONG * 8 + b"\0",
        f"line {2401 * 8 + 1} holds a NUL byte; this is not a text file",
    ),
]


@pytest.mark.parametrize(("wrong", "content", "said"), CSV, ids=[wrong for wrong, _, _ in CSV])
def test_a_csv_that_cannot_be_read(tmp_path, wrong, content, said):
    assert refusal(tmp_path, VIEWER_SECTIONS, content) == f"{VIEWER_SECTIONS}: {said}", wrong


@pytest.mark.parametrize("split", range(-3, 4))
def test_a_letter_that_lies_across_two_chunks_is_read_and_a_broken_one_is_on_its_line(tmp_path, split):
    start, _, end = statcan_csv([SECTION, row(region="@")]).partition(b"@")
    whole = start + b"x" * (2**20 + split - len(start) - len(codecs.BOM_UTF8)) + "é😀".encode() + end
    report = clean(put_csv(tmp_path / "raw", VIEWER_SECTIONS, whole), tmp_path)
    assert (report["records"], report["accepted"]) == (2, 1)
    said = refusal(tmp_path, VIEWER_SECTIONS, whole + whole.replace("é".encode(), b"\xe9"))
    assert said.startswith(f"{VIEWER_SECTIONS}: line 6 is not UTF-8 (found b'\\xe9\\xf0\\x9f\\x98')")


def test_a_heading_without_rows_is_a_table_without_rows(tmp_path):
    heading = GOOD.split(b"\n")[0]
    for content in (heading, heading + b"\n", heading + b"\n\n\n"):
        report = clean(put_csv(tmp_path / "raw", VIEWER_SECTIONS, content), tmp_path)
        assert (report["records"], report["accepted"], report["rejected"], report["last_period"]) == (0, 0, 0, "")


def test_a_row_with_too_many_fields_is_kept_aside_and_the_others_count(tmp_path):
    report = clean(
        put_csv(tmp_path / "raw", VIEWER_SECTIONS, GOOD.rstrip() + b',"7"\n' + GOOD.split(b"\n")[1]), tmp_path
    )
    assert (report["records"], report["accepted"]) == (2, 1)
    reason = report["reasons"]["too_many_fields"]
    assert (reason["record"], reason["expected"]) == (1, "A record has as many fields as the heading.")


ROW = GOOD.split(b"\n")[1]
UNSURE = [
    # what is wrong, rows that two readers would cut up differently: the file is refused before a row can be lost
    ("a quote inside a field without quotes", [ROW.replace(b'"Canada"', b'Can"ada'), ROW]),
    ("a space between a quote and the comma", [ROW.replace(b'"Canada"', b'"Canada" ')]),
    ("a quote never closed in the last row", [ROW, ROW.replace(b'"Canada"', b'"Cana"da"').replace(b'""', b'"')]),
    ("a broken record longer than the scan keeps", [b'"' + b"x" * 20_000 + b'"', ROW]),
]


@pytest.mark.parametrize(("wrong", "lines"), UNSURE, ids=[wrong for wrong, _ in UNSURE])
def test_rows_that_cannot_be_told_apart_are_refused_in_one_line(tmp_path, wrong, lines):
    said = refusal(tmp_path, VIEWER_SECTIONS, b"\n".join([GOOD.split(b"\n")[0], *lines, b""]))
    known = ("was not found again at byte", "the file cannot be read as a CSV: ")
    assert said.startswith(f"{VIEWER_SECTIONS}: ") and any(words in said for words in known), wrong


def test_rows_with_different_line_ends_stay_apart(tmp_path):
    rows = [row(period=f"2022-{month:02}") for month in (1, 2, 3)]
    heading, first, second, third, _ = statcan_csv(rows).split(b"\n")
    content = heading + b"\r\n" + first + b"\n" + second + b"\r\n" + third + b"\n"
    assert clean(put_csv(tmp_path / "raw", VIEWER_SECTIONS, content), tmp_path)["accepted"] == 3


def test_line_ends_of_an_old_mac_are_refused(tmp_path):
    said = refusal(tmp_path, VIEWER_SECTIONS, GOOD.replace(b"\n", b"\r"))
    assert said.startswith(f"{VIEWER_SECTIONS}: ")


def member(name: str, content: bytes = GOOD) -> bytes:
    return zipped(**{name: content})


def at_central_directory(content: bytes, offset: int, value: int, form: str) -> bytes:
    """A zip whose directory says something else of its first member."""
    changed = bytearray(content)
    struct.pack_into(form, changed, changed.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


ENCRYPTED = at_central_directory(zipped(table=GOOD), 8, 1, "<H")
ZIPS = [
    # what is wrong, the bytes, what the error says after the file
    ("a web page", b"<html>Not found</html>", "this is not a zip: it begins with b'<htm', expected b'PK'"),
    ("empty", b"", "this is not a zip: it begins with b'', expected b'PK'"),
    ("a CSV", GOOD, "this is not a zip: it begins with b'\\xef\\xbb\\xbf\"', expected b'PK'"),
    (
        "cut off",
        zipped(table=LONG)[:-200],
        "the zip is damaged or cut off (File is not a zip file); download it again",
    ),
    (
        "the first kilobyte",
        zipped(table=LONG)[:1024],
        "the zip is damaged or cut off (File is not a zip file); download it again",
    ),
    ("nothing in it", zipped(), "expected one CSV table in the zip, found 0 among []"),
    (
        "only the MetaData",
        zipped(meta=b"Cube Title\n"),
        "expected one CSV table in the zip, found 0 among ['12100119_MetaData.csv']",
    ),
    (
        "two tables",
        zipped(table=GOOD, **{"other.csv": GOOD}),
        "expected one CSV table in the zip, found 2 among ['12100119.csv', 'other.csv']",
    ),
    ("an empty table", zipped(table=b""), "the file is empty; expected a heading and rows"),
    (
        "a directory that says less than there is",
        at_central_directory(zipped(table=LONG), 24, 100, "<I"),
        "the zip is damaged or cut off (Bad CRC-32 for file '12100119.csv'); download it again",
    ),
    (
        "a checksum that is not the table's",
        at_central_directory(zipped(table=LONG), 16, 1, "<I"),
        "the zip is damaged or cut off (Bad CRC-32 for file '12100119.csv'); download it again",
    ),
]


@pytest.mark.parametrize(("wrong", "content", "said"), ZIPS, ids=[wrong for wrong, _, _ in ZIPS])
def test_a_zip_that_cannot_be_read(tmp_path, wrong, content, said):
    assert refusal(tmp_path, ZIP, content) == f"{ZIP}: {said}", wrong


OUTSIDE = [
    "../evil.csv",
    "/evil.csv",
    "a/../../evil.csv",
    "..\\evil.csv",
    "C:\\evil.csv",
    "c:evil.csv",
    "\\\\desk\\evil.csv",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_zip_with_a_path_outside_is_refused_even_when_its_table_is_good(tmp_path, name):
    said = f"{ZIP}: the zip has a member with a path outside, {name!r}; nothing was read"
    assert refusal(tmp_path, ZIP, member(name)) == said
    assert refusal(tmp_path, ZIP, zipped(table=GOOD, **{name: b"x"})) == said
    assert not list(tmp_path.rglob("*evil*"))


def test_a_member_with_two_dots_in_its_name_is_inside(tmp_path):
    clean(put_csv(tmp_path / "raw", ZIP, member("a..b/12100119..csv")), tmp_path)
    assert outputs(ZIP, tmp_path)["flows"].exists()


def test_a_zip_with_a_password_is_refused(tmp_path):
    said = refusal(tmp_path, ZIP, ENCRYPTED)
    assert said.startswith(f"{ZIP}: the zip cannot be unpacked here: ") and "encrypted" in said


def test_bytes_damaged_inside_a_zip_are_noticed(tmp_path):
    content = bytearray(zipped(table=LONG))
    content[2000:2010] = bytes(10)
    said = refusal(tmp_path, ZIP, bytes(content))
    assert said.startswith(f"{ZIP}: the zip is damaged or cut off (") and said.endswith("; download it again")


def test_a_zip_of_another_kind_of_packing_is_read_or_refused_in_one_line(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("12100119.csv", LONG)
    assert clean(put_csv(tmp_path / "raw", ZIP, out.getvalue()), tmp_path)["records"] == 2400
    unknown = at_central_directory(zipped(table=GOOD), 10, 99, "<H")
    assert refusal(tmp_path, ZIP, unknown).startswith(f"{ZIP}: the zip cannot be unpacked here: ")


def test_a_zip_that_expands_beyond_the_bound_is_refused_and_one_that_just_reaches_it_is_read(tmp_path):
    content, size = zipped(table=LONG), len(LONG)
    assert refusal(tmp_path, ZIP, content, largest=size - 1) == (
        f"{ZIP}: the zip expands to {size:,} bytes or more, beyond the bound of {size - 1:,}; nothing was kept"
    )
    assert clean(put_csv(tmp_path / "raw", ZIP, content), tmp_path, largest=size)["records"] == 2400


def test_a_bomb_that_hides_its_size_is_stopped_on_the_way(tmp_path):
    zeros = b'"a","b"\n' + b" " * 50_000_000
    content = zipped(table=zeros)
    assert len(content) < 60_000
    lied = at_central_directory(content, 24, 1_000, "<I")
    assert "the zip is damaged or cut off" in refusal(tmp_path, ZIP, lied, largest=2_000)
    assert "beyond the bound of 10,000,000" in refusal(tmp_path, ZIP, content, largest=10_000_000)


def test_a_csv_beyond_the_bound_is_refused_after_the_bound_and_not_after_the_whole(tmp_path):
    said = refusal(tmp_path, VIEWER_SECTIONS, LONG * 20, largest=2**20)
    assert "beyond the bound of 1,048,576" in said and f"{len(LONG) * 20:,}" not in said


def test_a_folder_or_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"nowhere\.csv: cannot be read .*; expected a file"):
        raw_file(tmp_path / "nowhere.csv", tmp_path)


def test_the_command_line_says_the_line_and_exits_with_2(project, capsys, monkeypatch):
    put_csv(project / "data" / "raw", f"mine/{ZIP}", b"<html>")
    monkeypatch.chdir(project)
    assert main(["clean"]) == 2
    said = capsys.readouterr()
    line = f"mine/{ZIP}: this is not a zip: it begins with b'<htm', expected b'PK'"
    assert f"refused: {line}\n" in said.out and said.err.endswith(f"tradeanalytics: 1 of 3 files refused: {line}\n")
    assert len(list((project / "data/processed/flows").glob("*.parquet"))) == 2  # the good ones are cleaned


def test_a_raw_file_under_a_new_name_keeps_its_rows(project, monkeypatch):
    monkeypatch.chdir(project)
    assert main(["clean"]) == 0
    old = project / "data/raw/12-10-0175/2026"
    old.rename(old.with_name("2026-03"))
    main(["clean"])
    assert len(list((project / "data/processed/flows").glob("*.parquet"))) == 2


# Interrupted, and out of room: a real process on a real file, killed or stopped at each stage of its work.
CLEAN = """
import sys
from pathlib import Path
from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.raw import raw_file
raw, processed = Path(sys.argv[1]), Path(sys.argv[2])
if len(sys.argv) > 3:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    print(clean(raw_file(raw, raw.parent), processed)["records"])
except TradeAnalyticsError as error:
    print(f"refused: {error}")
"""


def command(*words: object) -> list[str]:
    return [sys.executable, "-c", CLEAN, *map(str, words)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def ended(*words: object) -> str:
    ran = subprocess.run(command(*words), env=environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> tuple[Path, int]:
    """A raw file of about 150 MB whose every row is another cell, some of them broken; and its records."""
    names = [list(dict.fromkeys(entry["name"] for entry in rows(table))) for table in ("partners", "regions")]
    path = tmp_path_factory.mktemp("large") / VIEWER_SECTIONS
    heading, first = GOOD.decode().splitlines()
    months = [f"{year}-{month:02}" for year in range(1950, 2015) for month in range(1, 13)]
    keys = list(
        product(months, ["Import", "Domestic export", "Re-export"], [n for n in names[0] if n != "Türkiye"], names[1])
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(heading + "\n")
        for place, (month, trade, partner, region) in enumerate(keys):
            changed = row(period=month, trade=trade, partner=partner, region=region, value=str(place))
            file.write(
                ",".join(f'"{text}"' for text in changed.values()) + (',"x"' if place % 9973 == 7 else "") + "\n"
            )
    assert path.stat().st_size > 140e6 and first
    return path, len(keys)


STAGES = ["rows.csv", "rows.sound", "judged.parquet", "rejected.parquet"]


def killed_when(stage: str, *words: object) -> None:
    """Run cleaning and kill it, without a chance to tidy up, as soon as a file of its work is there."""
    work = Path(str(words[1])) / ".work"
    process = subprocess.Popen(command(*words), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not list(work.glob(f"*/{stage}")):
            assert process.poll() is None, f"it ended before it made {stage}"
            time.sleep(0.002)
    finally:
        process.kill()
        process.wait()


def test_kill_9_in_the_middle_leaves_the_last_good_output_whole_and_the_next_run_completes(large, tmp_path):
    path, records = large
    raw = put_csv(tmp_path / "raw", VIEWER_SECTIONS, statcan_csv([SECTION, row(value="1,2", period="2022-04")]))
    clean(raw, tmp_path)
    good = {name: (tmp_path / name).read_bytes() for name in written(tmp_path) if not name.startswith("raw/")}
    assert sorted(name.split("/")[0] for name in good) == ["cleaning", "flows", "rejected"]
    shutil.copyfile(path, raw.path)
    for stage in STAGES:
        killed_when(stage, raw.path, tmp_path)
        assert {name: (tmp_path / name).read_bytes() for name in good} == good, stage
    assert list((tmp_path / ".work").iterdir())  # the killed run could not tidy up
    assert ended(raw.path, tmp_path) == str(records)
    assert list((tmp_path / ".work").iterdir()) == []
    report = json.loads(outputs(VIEWER_SECTIONS, tmp_path)["report"].read_text("utf-8"))
    assert report["accepted"] + report["rejected"] == records
    assert report["reasons"]["too_many_fields"]["count"] == report["rejected"] > 100


FULL = "the disk is full, or a file may not grow so large; nothing was changed. Make room and run again"


@pytest.fixture(scope="module")
def middling(tmp_path_factory) -> Path:
    """A sound raw file of 8 MB whose values, the digits of multiples of a large prime, do not pack well."""
    months = [f"{year}-{month:02}" for year in range(1950, 2017) for month in range(1, 13)]
    partners, regions = ["Peru", "Japan", "India", "Iraq", "Italy", "Spain"], ["Ontario", "Quebec", "Alberta", "Yukon"]
    content = statcan_csv(
        row(period=month, trade=trade, partner=partner, region=region, value=str(place * 746_773_763 % 10**9))
        for place, (month, trade, partner, region) in enumerate(
            product(months, ["Import", "Domestic export", "Re-export"], partners, regions)
        )
    )
    return put_csv(tmp_path_factory.mktemp("middling"), VIEWER_SECTIONS, content).path


MIDDLING_RECORDS = "57888"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file to set")
@pytest.mark.parametrize("limit", [10_000, 5_000_000])
def test_a_file_that_may_not_grow_is_said_and_the_last_good_output_stays(middling, tmp_path, limit):
    raw = put_csv(tmp_path / "raw", VIEWER_SECTIONS, GOOD)
    clean(raw, tmp_path)
    good = {name: (tmp_path / name).read_bytes() for name in written(tmp_path) if not name.startswith("raw/")}
    assert ended(middling, tmp_path, limit) == f"refused: {VIEWER_SECTIONS}: {FULL}"
    assert {name: (tmp_path / name).read_bytes() for name in written(tmp_path) if name in good} == good
    assert list((tmp_path / ".work").iterdir()) == []
    assert ended(middling, tmp_path) == MIDDLING_RECORDS


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a disk of so many bytes; skips where mounting is not allowed."""
    mounted = []

    def mount(size: int) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        asked = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            ran = subprocess.run(asked, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip("no command to mount a small disk with")
        if ran.returncode:
            pytest.skip(f"mounting a small disk is not allowed here: {ran.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


# Room, as a share of the raw file: too little to unpack it, to write its rows, to write them with their totals.
@pytest.mark.parametrize("share", [0.3, 1.01, 1.04, 1.06])
def test_a_disk_that_fills_up_is_said_and_the_last_good_output_stays(middling, small_disk, share):
    disk = small_disk(int(middling.stat().st_size * share))
    clean(raw_file(put_csv(disk / "raw", VIEWER_SECTIONS, GOOD).path, disk / "raw"), disk)
    good = {name: (disk / name).read_bytes() for name in written(disk)}
    assert ended(middling, disk) == f"refused: {VIEWER_SECTIONS}: {FULL}"
    assert {name: (disk / name).read_bytes() for name in written(disk)} == good


def test_a_disk_with_room_enough_is_no_trouble(middling, small_disk):
    assert ended(middling, small_disk(int(middling.stat().st_size * 1.5))) == MIDDLING_RECORDS
