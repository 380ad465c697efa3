"""Nothing is lost: every record of a raw file is accepted or rejected, once, under its own number, with its text."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import (
    CELL,
    PARTNER,
    ROOT,
    SECTION,
    VIEWER_PARTNERS,
    VIEWER_SECTIONS,
    bundled,
    cells,
    put_csv,
    row,
    statcan_csv,
    zipped,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError, flows
from tradeanalytics.clean import clean, opened, outputs, prune, raw_texts, refuse, reports
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_file
from tradeanalytics.tables import FLOWS, REJECTED, TABLES

HEADING = statcan_csv([SECTION]).decode("utf-8-sig").split("\n")[0]


def quoted(*fields: str) -> str:
    return ",".join('"' + field.replace('"', '""') + '"' for field in fields)


def line(**changed: str) -> str:
    """A row by section as it stands in a file."""
    return quoted(*row(**changed).values())


def put_lines(folder: Path, *lines: str, end: str = "\n", name: str = VIEWER_SECTIONS):
    return put_csv(folder, name, end.join([HEADING, *lines, ""]).encode())


def accepted(processed: Path, name: str = VIEWER_SECTIONS, table: str = "flows") -> pl.DataFrame:
    return pl.read_parquet(outputs(name, processed)[table])


def rejected(processed: Path, name: str = VIEWER_SECTIONS) -> list[tuple[int, str, str]]:
    return accepted(processed, name, "rejected").select("record", "reasons", "text").rows()


def test_each_rejected_row_keeps_its_number_all_its_reasons_and_its_text(tmp_path):
    lines = [
        line(period="2022-01"),
        line(period="2022-13", value="1,2"),
        line(period="2022-02") + ',"more","and more"',
        '"2022-03","Canada"',
        line(period="2022-04"),
        line(region="Atlantis", partner="Mu", section="Orichalcum"),
        line(period="2022-04"),
        line(period="2022-05").replace("Canada", 'Cana"da'),
    ]
    report = clean(put_lines(tmp_path / "raw", *lines), tmp_path)
    assert (report["records"], report["accepted"], report["rejected"]) == (8, 2, 6)
    assert accepted(tmp_path)["record"].to_list() == [1, 5]
    assert rejected(tmp_path) == [
        (2, "period_not_a_month;value_not_a_number", lines[1]),
        (3, "too_many_fields", lines[2]),
        (4, "too_few_fields", lines[3]),
        (6, "partner_unknown;region_unknown;section_unknown", lines[5]),
        (7, "cell_repeated", lines[6]),
        (8, "quotes_broken", lines[7]),
    ]


def test_the_report_counts_each_reason_with_an_example_and_what_was_expected(tmp_path):
    report = clean(
        put_lines(
            tmp_path / "raw", line(value="x"), line(), line(value="x", period="2022"), line(value="", status="x")
        ),
        tmp_path,
    )
    assert report["reasons"]["value_not_a_number"] == {
        "count": 2,
        "record": 1,
        "text": line(value="x"),
        "expected": "A value is digits with at most one decimal point, such as 1234.5.",
    }
    assert {code: reason["count"] for code, reason in report["reasons"].items()} == {
        "value_not_a_number": 2,
        "period_not_a_month": 1,
        "cell_repeated": 1,
    }
    assert reports(tmp_path) == [report]
    assert (report["first_period"], report["last_period"]) == ("2022-03-01", "2022-03-01")


def test_a_broken_row_keeps_every_reason_its_structure_gives(tmp_path):
    clean(put_lines(tmp_path / "raw", line().replace("Canada", 'Cana"da') + ',"one more"'), tmp_path)
    assert rejected(tmp_path)[0][1] == "too_many_fields;quotes_broken"


# A line end may be LF or CR LF; blank lines stand wherever they stand, and are counted but are no records.
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_are_numbered_but_are_no_records(tmp_path, end):
    bad, long = line(value="x"), line(period="2022-02") + ',"more"'
    lines = ["", line(period="2022-01"), "", "", long, long, "", bad, "", "", long, "", line(period="2022-06"), "", ""]
    report = clean(put_lines(tmp_path / "raw", *lines, end=end), tmp_path)
    assert (report["records"], report["accepted"], report["rejected"]) == (6, 2, 4)
    assert accepted(tmp_path)["record"].to_list() == [2, 13]
    assert [(number, text) for number, _, text in rejected(tmp_path)] == [(5, long), (6, long), (8, bad), (11, long)]


def test_a_viewer_download_ends_with_two_blank_lines(tmp_path):
    content = statcan_csv([row(PARTNER, period=f"2022-{month:02}") for month in range(1, 13)]) + b"\n\n"
    report = clean(put_csv(tmp_path / "raw", VIEWER_PARTNERS, content), tmp_path)
    assert (report["records"], report["accepted"], report["rejected"]) == (12, 12, 0)


def test_a_line_break_inside_quotes_does_not_end_a_record(tmp_path):
    wrapped = line(region="Can\n\nada\n", period="2022-02")
    lines = [line(period="2022-01"), wrapped, wrapped + ',"more"', line(period="2022-03"), line(value="x")]
    clean(put_lines(tmp_path / "raw", *lines), tmp_path)
    assert accepted(tmp_path)["record"].to_list() == [1, 4]
    assert [(number, text) for number, _, text in rejected(tmp_path)] == [(2, wrapped), (3, lines[2]), (5, lines[4])]


def test_a_row_of_commas_is_a_row(tmp_path):
    lines = [line(period="2022-01"), "," * 16, "," * 15, "," * 16 + "0,0", line(period="2022-02")]
    clean(put_lines(tmp_path / "raw", *lines), tmp_path)
    found = rejected(tmp_path)
    assert [(number, text) for number, _, text in found] == [(2, lines[1]), (3, lines[2]), (4, lines[3])]
    assert found[0][1].count(";") == 7  # every rule an empty row can break
    assert [reasons for _, reasons, _ in found[1:]] == ["too_few_fields", "too_many_fields"]


def test_empty_fields_too_many_lose_nothing_and_a_full_one_is_refused(tmp_path):
    lines = [line(period="2022-01") + ",", line(period="2022-02") + ',"",,', line(period="2022-03") + ',,"0"']
    clean(put_lines(tmp_path / "raw", *lines), tmp_path)
    assert accepted(tmp_path)["record"].to_list() == [1, 2]
    assert rejected(tmp_path) == [(3, "too_many_fields", lines[2])]


def test_fields_without_quotes_are_read_alike(tmp_path):
    clean(put_lines(tmp_path / "raw", line(period="2022-01").replace('"', ""), line(period="2022-02")), tmp_path)
    assert accepted(tmp_path)["value_cad_cents"].to_list() == [500_000, 500_000]
    assert accepted(tmp_path)["status"].to_list() == [None, None]


@pytest.mark.parametrize("text", ["NA", "NULL", "\\N", "None", "nan", "#N/A"])
def test_no_text_stands_for_nothing(tmp_path, text):
    clean(put_lines(tmp_path / "raw", line(value=text, status="x")), tmp_path)
    assert [reasons for _, reasons, _ in rejected(tmp_path)] == ["value_not_a_number"]


def published_records(text: str) -> list[tuple[int, str, int]]:
    """Number, text and count of fields of every record after the heading, one letter after the other.

    Of fields beyond the seventeenth only those up to the last one that is not empty count: empty ones are let through.
    """
    found, start, fields, inside, number = [], 0, 1, False, 0
    for place, letter in enumerate(text):
        inside = inside != (letter == '"')
        fields += letter == "," and not inside
        if letter == "\n" and not inside:
            if record := text[start:place].removesuffix("\r"):
                extra = re.search(r'(,(?:"")?)*$', record)[0].count(",")
                found.append((number, record, max(fields - extra, min(fields, 17))))
            start, fields, number = place + 1, 1, number + 1
    assert start == len(text)
    return found[1:]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8) | st.sampled_from(
    ["", ",", '"', "\n", "\n\n", '","', "\u2028", "\x85", "\x0b\x0c", "Türkiye", "日本", "\u202f", "'", "\\", "😀"]
)
ROWS = st.one_of(
    st.just(line()),
    st.just(line().replace('"', "")),
    st.builds(lambda text: line(value=text), TEXTS),
    st.builds(lambda text: line(region=text, partner=text), TEXTS),
    st.builds(lambda fields: line() + "," + quoted(*fields), st.lists(TEXTS, min_size=1, max_size=3)),
    st.builds(lambda fields: quoted(*fields), st.lists(TEXTS, min_size=1, max_size=16)),
    st.builds(lambda count: "," * count, st.integers(1, 30)),
    st.sampled_from(["", "", " ", '""', "x"]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, max_size=30), st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_rows_none_is_lost_and_each_is_under_its_number(lines, end):
    text = end.join([HEADING, *lines, ""])
    records = published_records(text)
    with tempfile.TemporaryDirectory() as folder:
        raw = put_csv(Path(folder) / "raw", VIEWER_SECTIONS, text.encode())
        report = clean(raw, Path(folder))
        kept, refused = accepted(Path(folder))["record"].to_list(), rejected(Path(folder))
        with opened(raw, Path(folder)) as again:
            texts = raw_texts(again, [number for number, _, _ in records])
    assert (report["records"], report["accepted"], report["rejected"]) == (len(records), len(kept), len(refused))
    assert sorted([*kept, *(number for number, _, _ in refused)]) == [number for number, _, _ in records]
    assert texts == {number: record for number, record, _ in records}
    assert [(number, found) for number, _, found in refused] == [
        (number, record) for number, record, _ in records if number not in kept
    ]
    for number, reasons, _ in refused:
        fields = next(fields for place, _, fields in records if place == number)
        assert fields == 17 or reasons == "too_few_fields" * (fields < 17) + "too_many_fields" * (fields > 17)
    good = {line(), line().replace('"', "")}
    assert (
        kept == [number for number, record, _ in records if re.sub(r'(,|,"")*$', "", record) in good][:1]
    )  # the rest repeat it


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 140), st.sampled_from(['"', '""', ',"', '","', '"\n', "\n"])),
        max_size=6,
    ),
    st.booleans(),
)
def test_whatever_a_broken_quote_swallows_no_row_is_lost_without_a_word(broken, ended):
    lines = [line(period=f"2022-{place:02}", value=str(place)) for place in range(1, len(broken) + 2)]
    for place, (really, at, text) in enumerate(broken, 1):
        lines[place] = lines[place][:at] + text * really + lines[place][at:]
    content = "\n".join([HEADING, *lines]) + "\n" * ended
    with tempfile.TemporaryDirectory() as folder:
        try:
            clean(put_csv(Path(folder) / "raw", VIEWER_SECTIONS, content.encode()), Path(folder))
        except TradeAnalyticsError as error:
            assert str(error).startswith(f"{VIEWER_SECTIONS}: ") and "\n" not in str(error)
            return
        kept = {
            f"{day:%Y-%m}": cents for day, cents in accepted(Path(folder)).select("period", "value_cad_cents").rows()
        }
        left = "\n".join(text for _, _, text in rejected(Path(folder)))
    for place, text in enumerate(lines, 1):
        whole = kept.pop(f"2022-{place:02}", None) == 100_000 * place
        assert whole or all(part in left for part in text.split("\n"))
    assert not kept


def many_lines(count: int) -> list[str]:
    """Rows of different cells, with broken and repeated ones, blank lines and totals among them."""
    regions = ["Canada", "Ontario", "Quebec", "Alberta", "Manitoba", "Yukon"]
    partners = ["All countries", "European Union", "Germany", "France", "United States", "China", "Other countries"]
    sections = ["Total of all merchandise", "Energy products", "Consumer goods"]
    names = list(product(range(1, 13), range(1900, 2030), ["Import", "Re-export"], sections, partners, regions))[:count]
    lines = [
        line(
            period=f"{year}-{month:02}", trade=trade, section=section, partner=partner, region=region, value=str(place)
        )
        for place, (month, year, trade, section, partner, region) in enumerate(names)
    ]
    lines[100::997] = [text + ',"é\nè"' for text in lines[100::997]]
    lines[200::1009] = ["" for _ in lines[200::1009]]
    lines[300::1013] = [text.rpartition(",")[0] for text in lines[300::1013]]
    lines[400::1019] = [lines[1]] * len(lines[400::1019])
    lines[500::1021] = [text.replace("2", "x", 1) for text in lines[500::1021]]
    return lines


HASHES = """
import hashlib, sys
from pathlib import Path
from tradeanalytics.clean import clean
from tradeanalytics.raw import raw_file
raw, processed = Path(sys.argv[1]), Path(sys.argv[2])
clean(raw_file(raw, raw.parent), processed, threads=int(sys.argv[3]))
for path in sorted(processed.glob("*/*.*")):
    print(path.relative_to(processed).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_one_thread_and_two_and_a_second_run_write_the_same_bytes(tmp_path):
    lines = many_lines(140_000)  # more rows than one row group holds
    raw = put_lines(tmp_path / "raw", *lines).path
    said = []
    for run, threads in enumerate(["1", "2", "2"]):
        environment = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", HASHES, str(raw), str(tmp_path / f"run{run}"), threads]
        said.append(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert said[0] == said[1] == said[2]
    assert [entry.split("/")[0] for entry in said[0].splitlines()] == ["cleaning", "flows", "rejected"]
    metadata = pq.read_metadata(outputs(VIEWER_SECTIONS, tmp_path / "run1")["flows"])
    assert metadata.num_row_groups == 3
    records = [text for text in lines if text]
    report = json.loads(outputs(VIEWER_SECTIONS, tmp_path / "run1")["report"].read_text("utf-8"))
    assert report["records"] == len(records) and report["accepted"] == metadata.num_rows
    numbers = {number: text for number, text in enumerate(lines, 1) if text}
    assert all(numbers[number] == text for number, _, text in rejected(tmp_path / "run1"))
    assert {*numbers} == {*accepted(tmp_path / "run1")["record"], *(found[0] for found in rejected(tmp_path / "run1"))}


def test_a_zip_and_the_csv_in_it_give_the_same_rows(tmp_path):
    content = statcan_csv(cells(("2022-03", "Canada", "Import", "Energy products", "Peru", "7"))) + b"\n\n"
    clean(put_csv(tmp_path / "raw", "12100119-eng.zip", zipped(table=content, meta=b"Cube Title\n\n")), tmp_path)
    clean(put_csv(tmp_path / "raw", VIEWER_SECTIONS, content), tmp_path)
    first, second = accepted(tmp_path, "12100119-eng.zip"), accepted(tmp_path, VIEWER_SECTIONS)
    assert first.drop("file_id", "vintage").equals(second.drop("file_id", "vintage"))
    assert (first["vintage"].item(), second["vintage"].item()) == ("2022-10-05", "")


def test_clean_tables_have_the_columns_and_types_they_promise(tmp_path):
    clean(put_lines(tmp_path / "raw", line(), line(value="x")), tmp_path)
    engine = connect(tmp_path)
    for table in TABLES:
        found = engine.sql(f"SELECT column_name, column_type FROM (DESCRIBE {table.name})")
        told = [[name, kind.replace('"', "")] for name, kind in found.values.tolist()]  # reserved words are quoted
        assert told == [[column.name, column.type] for column in table.columns], table.name


def test_every_row_carries_its_file_and_the_file_says_where_it_is_from(tmp_path):
    raw = put_lines(tmp_path / "raw", line(), line(value="x"))
    clean(raw, tmp_path)
    assert set(accepted(tmp_path)["file_id"]) == set(accepted(tmp_path, table="rejected")["file_id"]) == {raw.file_id}
    told = json.loads(pq.read_metadata(outputs(raw.name, tmp_path)["flows"]).metadata[b"tradeanalytics"])
    assert (told["sha256"], told["file"]) == (hashlib.sha256(raw.path.read_bytes()).hexdigest(), raw.name)


def test_the_bundled_files_are_accepted_whole(tmp_path):
    found = [clean(raw, tmp_path) for raw in bundled(ROOT)]
    assert [(report["records"], report["accepted"], report["rejected"]) for report in found] == [
        (3440, 3440, 0),
        (1008, 1008, 0),
    ]
    assert [(report["first_period"], report["last_period"]) for report in found] == [
        ("2019-01-01", "2022-07-01"),
        ("2019-01-01", "2025-12-01"),
    ]


# Totals. A slice in the layout of the genuine table: Canada beside provinces (for re-exports Canada alone), all
# countries and the European Union beside countries, all merchandise beside sections; a total is the sum of its parts.
REGIONS, SECTIONS = ["Ontario", "Quebec"], ["Energy products", "Consumer goods"]
COUNTRIES = ["Germany", "Russian Federation", "Other countries"]
ALL = {
    "Canada": REGIONS,
    "Total of all merchandise": SECTIONS,
    "All countries": COUNTRIES,
    "European Union": ["Germany"],
}
MONTHS = ["2022-01", "2022-02"]


def parts(name: str) -> list[str]:
    return ALL.get(name, [name])


def value(period: str, region: str, trade: str, section: str, partner: str) -> int:
    """Thousands of dollars; of a total, the sum over its parts."""
    places = ["Canada"] if trade == "Re-export" else parts(region)
    return sum(
        1000 * int(period[-2:]) + 7 * len(place) + 11 * len(goods) + 13 * len(country) + len(trade)
        for place, goods, country in product(places, parts(section), parts(partner))
    )


def genuine(*, totals: bool) -> list[dict[str, str]]:
    """The slice; without its totals it is laid out like the rebuilt table."""
    regions, sections = (
        (["Canada", *REGIONS], ["Total of all merchandise", *SECTIONS]) if totals else (REGIONS, SECTIONS)
    )
    partners = ["All countries", "European Union", *COUNTRIES] if totals else COUNTRIES
    found = []
    for period, trade, section, partner in product(
        MONTHS, ["Import", "Domestic export", "Re-export"], sections, partners
    ):
        for region in ["Canada"] if trade == "Re-export" else regions:
            found.append((period, region, trade, section, partner, str(value(period, region, trade, section, partner))))
    return cells(*found)


@pytest.fixture
def slices(tmp_path):
    """The slice with its totals and without them, cleaned; their file_ids, and an engine over both."""
    files = [
        put_csv(tmp_path / "raw", f"{name}/{VIEWER_SECTIONS}", statcan_csv(genuine(totals=totals)))
        for name, totals in (("genuine", True), ("rebuilt", False))
    ]
    found = [clean(raw, tmp_path) for raw in files]
    assert [report["rejected"] for report in found] == [0, 0]
    return *(raw.file_id for raw in files), connect(tmp_path)


FLAGS = [
    # region, trade, section, partner: sums regions, products, partners
    ("Ontario", "Import", "Energy products", "Germany", (False, False, False)),
    ("Canada", "Import", "Energy products", "Germany", (True, False, False)),
    ("Ontario", "Import", "Total of all merchandise", "Germany", (False, True, False)),
    ("Ontario", "Import", "Energy products", "All countries", (False, False, True)),
    ("Ontario", "Import", "Energy products", "European Union", (False, False, True)),
    ("Ontario", "Import", "Energy products", "Other countries", (False, False, False)),
    ("Canada", "Import", "Total of all merchandise", "Germany", (True, True, False)),
    ("Canada", "Import", "Total of all merchandise", "All countries", (True, True, True)),
    ("Canada", "Re-export", "Energy products", "Germany", (False, False, False)),
    ("Canada", "Re-export", "Total of all merchandise", "Germany", (False, True, False)),
    ("Canada", "Re-export", "Total of all merchandise", "All countries", (False, True, True)),
    ("Canada", "Re-export", "Energy products", "European Union", (False, False, True)),
]


def test_a_row_is_a_total_only_where_its_parts_are_in_the_file(slices):
    whole, rebuilt, engine = slices
    names = engine.sql(
        f"SELECT region, flow, product, partner, sums_regions, sums_products, sums_partners FROM flows"
        f" WHERE file_id = '{whole}' AND period = DATE '2022-01-01'"
    )
    found = {tuple(entry[:4]): tuple(entry[4:]) for entry in names.values.tolist()}
    codes = {"Ontario": "CA-ON", "Canada": "CA", "Import": "import", "Re-export": "re_export", "Germany": "DE"}
    codes |= {"Energy products": "C12", "Total of all merchandise": "TOTAL", "All countries": "WORLD"}
    codes |= {"European Union": "EU27", "Other countries": "OTHER"}
    assert [(*key, found[tuple(codes[name] for name in key)]) for *key, _ in FLAGS] == FLAGS
    none = engine.sql(
        f"SELECT count(*) AS n FROM flows WHERE file_id = '{rebuilt}'"
        " AND (sums_regions OR sums_products OR sums_partners)"
    )
    assert none["n"].item() == 0


@pytest.mark.parametrize("flow", ["import", "domestic_export", "re_export", "total_export"])
@pytest.mark.parametrize("partner", ["DE", "RU", None])
def test_the_genuine_layout_gives_the_same_figures_as_the_one_without_totals(slices, flow, partner):
    whole, rebuilt, engine = slices
    tables = [flows.monthly(engine, flows.cells(engine, file_id, flow, partner)) for file_id in (whole, rebuilt)]
    assert tables[0]["value_cad_cents"].tolist() == tables[1]["value_cad_cents"].tolist()
    assert tables[0]["value_cad_cents"].notna().all() and tables[0]["cells"].tolist() == tables[1]["cells"].tolist()


@pytest.mark.parametrize("flow", ["import", "domestic_export", "re_export", "total_export"])
def test_a_published_total_asked_for_by_name_is_the_sum_of_its_parts(slices, flow):
    whole, _, engine = slices
    summed = flows.monthly(engine, flows.cells(engine, whole, flow, None))["value_cad_cents"].tolist()
    for named in ({}, {"product": ("TOTAL",)}, {"product": ("TOTAL",), "region": ("CA",)}):
        world = flows.cells(engine, whole, flow, "WORLD", **named)
        assert flows.monthly(engine, world)["value_cad_cents"].tolist() == summed, named


def test_by_section_the_genuine_layout_gives_the_same_figures_too(slices):
    whole, rebuilt, engine = slices
    tables = [
        flows.monthly(engine, flows.cells(engine, file_id, "total_export", "DE"), by=["product"])
        for file_id in (whole, rebuilt)
    ]
    assert tables[0].drop(columns="file_id").equals(tables[1].drop(columns="file_id"))


def test_totals_of_the_bundled_file_are_marked_for_russia_alone(tmp_path):
    older = bundled(ROOT)[0]
    clean(older, tmp_path)
    found = connect(tmp_path).sql(
        "SELECT DISTINCT partner FROM flows WHERE product = 'TOTAL' AND sums_products"
        " UNION ALL SELECT DISTINCT 'region ' || partner FROM flows WHERE sums_regions OR sums_partners"
    )
    assert found["partner"].tolist() == ["RU"]


@pytest.mark.parametrize(
    ("short", "reason"),
    [
        (("2022-02", "Ontario", "Import", "Energy products", "Germany", "1"), "another month"),
        (("2022-01", "Ontario", "Re-export", "Energy products", "Germany", "1"), "another trade"),
        (("2022-01", "Ontario", "Import", "Energy products", "France", "1"), "another partner"),
        (("2022-01", "Ontario", "Import", "Consumer goods", "Germany", "1"), "another section"),
    ],
)
def test_parts_of_another_cell_make_no_total(tmp_path, short, reason):
    canada = ("2022-01", "Canada", "Import", "Energy products", "Germany", "1")
    clean(put_csv(tmp_path / "raw", VIEWER_SECTIONS, statcan_csv(cells(canada, short))), tmp_path)
    assert not accepted(tmp_path)["sums_regions"].any(), reason


def test_a_total_of_partners_keeps_basis_and_adjustment_apart(tmp_path):
    published = [
        row(PARTNER, partner="All countries", Basis="Customs"),
        row(PARTNER, partner="Germany", Basis="Balance of payments"),
        row(PARTNER, partner="Germany", Basis="Customs", **{"Seasonal adjustment": "Seasonally adjusted"}),
    ]
    clean(put_csv(tmp_path / "raw", VIEWER_PARTNERS, statcan_csv(published)), tmp_path)
    assert not accepted(tmp_path, VIEWER_PARTNERS)["sums_partners"].any()


def test_a_cell_given_twice_counts_once_the_first_time(tmp_path):
    again = [line(value="1"), line(value="2"), line(period="2022-04"), line(value="1", section="Energy products [C12]")]
    clean(put_lines(tmp_path / "raw", *again), tmp_path)
    assert accepted(tmp_path)["value_cad_cents"].to_list() == [100_000, 500_000]
    assert rejected(tmp_path) == [(2, "cell_repeated", again[1]), (4, "cell_repeated", again[3])]


def test_a_broken_row_does_not_stand_in_the_way_of_the_same_cell_later(tmp_path):
    clean(put_lines(tmp_path / "raw", line(value="1,2"), line(value="3")), tmp_path)
    assert accepted(tmp_path)["record"].to_list() == [2]


def test_two_copies_of_a_file_count_once_and_the_second_says_so(tmp_path):
    content = statcan_csv([SECTION])
    first, second = (put_csv(tmp_path / "raw", f"{name}/{VIEWER_SECTIONS}", content) for name in ("a", "b"))
    clean(first, tmp_path)
    report = clean(second, tmp_path)
    assert (report["name"], report["same_as"]) == (second.name, first.name) and "records" not in report
    assert connect(tmp_path).sql("SELECT count(*) AS n FROM flows")["n"].item() == 1
    assert clean(first, tmp_path)["records"] == 1  # the first is not a copy of its copy


def test_when_the_first_of_two_copies_goes_the_second_is_cleaned(tmp_path):
    content = statcan_csv([SECTION])
    first, second = (put_csv(tmp_path / "raw", f"{name}/{VIEWER_SECTIONS}", content) for name in ("a", "b"))
    clean(first, tmp_path)
    clean(second, tmp_path)
    first.path.unlink()
    assert prune([second.name], tmp_path) == [first.name, second.name]
    assert clean(second, tmp_path)["records"] == 1
    assert connect(tmp_path).sql("SELECT count(*) AS n FROM flows")["n"].item() == 1


def test_what_came_of_a_raw_file_that_is_gone_is_removed_and_nothing_else(tmp_path):
    gone = put_csv(tmp_path / "raw", f"a/{VIEWER_SECTIONS}", statcan_csv([SECTION]))
    kept = put_csv(tmp_path / "raw", f"b/{VIEWER_SECTIONS}", statcan_csv([row(value="6")]))
    for raw in (gone, kept):
        clean(raw, tmp_path)
    before = {path: path.read_bytes() for path in outputs(kept.name, tmp_path).values() if path.exists()}
    assert prune([kept.name], tmp_path) == [gone.name]
    assert not [path for path in outputs(gone.name, tmp_path).values() if path.exists()]
    assert {path: path.read_bytes() for path in before} == before
    assert prune([kept.name], tmp_path) == []


def test_a_refused_file_leaves_its_error_and_nothing_of_an_earlier_version(tmp_path):
    raw = put_lines(tmp_path / "raw", line())
    clean(raw, tmp_path)
    assert refuse(raw, tmp_path, "why")["error"] == "why"
    there = [kind for kind, path in outputs(raw.name, tmp_path).items() if path.exists()]
    assert there == ["report"] and reports(tmp_path)[0]["error"] == "why"


def test_cleaning_leaves_no_work_behind(tmp_path):
    clean(put_lines(tmp_path / "raw", line(), line(value="x")), tmp_path)
    assert list((tmp_path / ".work").iterdir()) == []


def test_a_file_that_is_not_the_one_its_manifest_recorded_is_refused_unless_asked_for(project, tmp_path):
    raw = bundled(project)[0]
    raw.path.write_bytes(raw.path.read_bytes().replace(b'"35468"', b'"35469"', 1))
    changed = raw_file(raw.path, project / "data" / "raw")
    with pytest.raises(TradeAnalyticsError) as caught:
        clean(changed, tmp_path)
    assert str(caught.value) == (
        f"{raw.name}: not the file its manifest recorded (sha256 {changed.sha256[:16]}, recorded {raw.sha256[:16]});"
        " restore it, or keep your version under another name"
    )
    assert clean(changed, tmp_path, altered=True)["records"] == 3440


def test_the_tables_describe_themselves_with_the_key_among_the_columns():
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names) and set(table.key) <= set(names)
    assert FLOWS.columns[:2] == REJECTED.columns[:2] and CELL[0] == "period"
