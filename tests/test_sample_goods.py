"""The sample's trade by HS code: the publisher's layout, sums that are real, a split that is invented and says so.

The zips are read here with the csv module, so the answer key is checked from the outside; then the package reads them.
"""

import csv
import doctest
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from itertools import pairwise

import pandas as pd
import polars as pl
import pytest
from conftest import ROOT, bundled, put_csv

from tradeanalytics import TradeAnalyticsError, flows, goods
from tradeanalytics.clean import clean, outputs
from tradeanalytics.engine import connect
from tradeanalytics.reference import rows as reference
from tradeanalytics.sample import ANSWERS, cimt, sample, wares, write_sample
from tradeanalytics.sample import goods as invented
from tradeanalytics.sample.published import published

FILES = sample()
KEY = json.loads(FILES[ANSWERS])["goods"]
NAMES = [f"SYNTHETIC_CIMT-CICM_{label}_{year}.zip" for label in ("Dom_Exp", "Tot_Exp") for year in (2021, 2022)]
LEVELS = {"Dom_Exp": ("016", "018", "020"), "Tot_Exp": ("017", "019", "021")}
LAST = {"2021": "202112", "2022": "202207"}  # the real sums end in July 2022


def parts(name):
    label, year = re.fullmatch(r"SYNTHETIC_CIMT-CICM_(\w+)_(\d{4})\.zip", name).groups()
    return label, year


def members(name):
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def member(name, start):
    [content] = [content for path, content in members(name).items() if path.rpartition("/")[2].startswith(start)]
    return content


def table(name, number):
    return list(csv.reader(io.StringIO(member(name, f"ODPFN{number}").decode("utf-8-sig"), newline="")))


def rows(label, level=0):
    """Rows of the most detailed table (or a less detailed one) of both years, by short names."""
    found = []
    for name in NAMES:
        if parts(name)[0] == label:
            heading, *lines = table(name, LEVELS[label][level])
            found += [dict(zip([text.split("/")[0] for text in heading], line, strict=True)) for line in lines]
    return [{"HS": row[next(key for key in row if key.startswith("HS"))], **row} for row in found]


DOMESTIC, TOTAL = rows("Dom_Exp"), rows("Tot_Exp")
ROWS = {"domestic_export": DOMESTIC, "total_export": TOTAL}


# The layout


def test_there_are_exports_of_both_years_and_no_imports_for_no_real_sums_of_them_are_carried():
    assert [name for name in FILES if "_CIMT-" in name] == NAMES


def test_the_same_bytes_are_made_again_in_another_process(tmp_path):
    command = [sys.executable, "-m", "tradeanalytics.sample", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True)
    assert {name: (tmp_path / name).read_bytes() for name in NAMES} == {name: FILES[name] for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_zip_is_of_the_system_it_was_made_on(name):
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as archive:
        assert archive.comment.startswith(b"SYNTHETIC")
        for info in archive.infolist():
            assert (info.date_time, info.create_system) == ((2022, 10, 1, 0, 0, 0), 3)
            assert info.compress_type == zipfile.ZIP_STORED  # zlib packs otherwise in another build
    assert len(FILES[name]) < 1_500_000


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_has_its_three_levels_and_lists_in_a_folder_of_its_name(name):
    label, year = parts(name)
    folder = name.removesuffix(".zip")
    lists = ["2_HS8Desc", "4_HS6XDesc", "5_HS2Desc", "6_CtyDesc", "7_StateDesc", "8_ProvDesc", "9_UOMDesc"]
    tables = {f"{folder}/ODPFN{number}_{LAST[year]}N.csv" for number in LEVELS[label]}
    assert members(name).keys() == tables | {f"{folder}/ODPF_{of_codes}.TXT" for of_codes in lists}


HEADINGS = {
    "016": "YearMonth/AnnéeMois,HS8,Country/Pays,Province,State/État,Value/Valeur,Quantity/Quantité,"
    "Unit of Measure/Unité de Mesure",
    "018": "YearMonth/AnnéeMois,HS6,Country/Pays,Province,State/État,Value/Valeur,Quantity/Quantité,"
    "Unit of Measure/Unité de Mesure",
    "020": "YearMonth/AnnéeMois,HS2,Country/Pays,Province,State/État,Value/Valeur",
    "017": "YearMonth/AnnéeMois,HS8,Country/Pays,State/État,Value/Valeur,Quantity/Quantité,"
    "Unit of Measure/Unité de Mesure",
    "019": "YearMonth/AnnéeMois,HS6,Country/Pays,State/État,Value/Valeur,Quantity/Quantité,"
    "Unit of Measure/Unité de Mesure",
    "021": "YearMonth/AnnéeMois,HS2,Country/Pays,State/État,Value/Valeur",
}


@pytest.mark.parametrize(("label", "number"), [(label, number) for label in LEVELS for number in LEVELS[label]])
def test_a_table_is_written_as_the_publisher_writes_it(label, number):
    content = member(f"SYNTHETIC_CIMT-CICM_{label}_2022.zip", f"ODPFN{number}")
    heading, *lines, end = content.decode().split("\r\n")
    assert heading == "\ufeff" + HEADINGS[number] and end == ""
    texts = HEADINGS[number].split(",")
    bare = ['"[^",]*"' if not text.startswith(("Value", "Quantity")) else "[0-9]+" for text in texts]
    assert all(re.fullmatch(",".join(bare), line) for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    keys = [tuple(cell for cell in line.split(",") if cell.startswith('"')) for line in lines]
    assert all(before < after for before, after in pairwise(keys))  # each cell once, in order


@pytest.mark.parametrize("name", NAMES)
def test_a_list_has_columns_of_a_fixed_width_in_the_publishers_encoding(name):
    for path, content in members(name).items():
        if path.endswith(".TXT"):
            lines = content.decode("cp1252").split("\r\n")
            width = 213 if "_HS8" in path or "_HS6" in path else 209
            assert {len(line) for line in lines[:-1]} == {width} and lines[-1] == ""


def test_the_lists_name_every_code_that_is_used():
    for name in NAMES:
        label, _ = parts(name)
        made = rows(label)
        used = {
            "2": {row["HS"] for row in made},
            "4": {row["HS"][:6] for row in made},
            "5": {row["HS"][:2] for row in made},
            "6": {row["Country"] for row in made},
            "7": {row["State"] for row in made} - {""},
            "9": {row["Unit of Measure"] for row in made},
        }
        used |= {"8": {row["Province"] for row in made}} if label == "Dom_Exp" else {}
        for number, codes in used.items():
            lines = member(name, f"ODPF_{number}").decode("cp1252").splitlines()
            assert codes <= {word for line in lines for word in line[:11].split()}


@pytest.mark.shared
def test_a_country_is_named_as_in_the_publishers_list(shared):
    real = (shared / "data" / "statcan" / "cimt_lookups" / "ODPF_6_CtyDesc.TXT").read_bytes().decode("cp1252")
    ours = member(NAMES[0], "ODPF_6").decode("cp1252").splitlines()
    known = {line[:191] for line in real.splitlines()}
    assert [line[:2] for line in ours if line[:191] not in known] == ["ZX"]  # the rest of the world, and says so
    assert ["SYNTHETIC" in line for line in ours if line.startswith("ZX")] == [True]


def test_an_invented_code_says_so_in_both_languages():
    lines = member(NAMES[0], "ODPF_2").decode("cp1252").splitlines()
    assert all(line[29:].startswith("SYNTHETIC: ") and line[112:].startswith("SYNTHETIC : ") for line in lines)
    six = {line[:6] for line in member(NAMES[0], "ODPF_4").decode("cp1252").splitlines()}
    assert {line[:6] for line in lines} == six


# What is in it


def test_the_goods_are_of_many_kinds_and_half_of_the_priority_list_is_there():
    codes = {row["HS"][:6] for row in DOMESTIC if row["YearMonth"] > "2022"}
    listed = {row["hs6"] for row in reference("high_priority")}
    assert len(codes) >= 60 and len({code[:2] for code in codes}) >= 20 and len(codes & listed) >= 25


def test_codes_that_are_new_in_2022_have_their_old_ones_before():
    assert KEY["codes_new_in_2022"] == {
        **{"854800": "854890", "852589": "852580", "854149": "854140", "880730": "880330"},
        **{"854151": "854150", "854159": "854150"},
    }
    for made in ROWS.values():
        before, after = ({r["HS"][:6] for r in made if (r["YearMonth"] < "2022") == old} for old in (True, False))
        assert KEY["codes_new_in_2022"].keys() & before == set() and KEY["codes_new_in_2022"].keys() <= after
        assert set(KEY["codes_new_in_2022"].values()) <= before - after


@pytest.mark.shared
def test_every_six_digit_code_is_one_of_the_edition_of_its_year(shared):
    for edition, old in (("H5", True), ("H6", False)):
        known = {
            row["id"] for row in json.loads((shared / f"data/hs/classification{edition}.json").read_bytes())["results"]
        }
        assert {row["HS"][:6] for row in TOTAL if (row["YearMonth"] < "2022") == old} <= known


def test_goods_of_one_code_can_be_counted_in_two_units_in_one_month():
    units = defaultdict(set)
    for row in rows("Dom_Exp", 1):
        units[row["YearMonth"], row["HS"], row["Country"], row["Province"]].add(row["Unit of Measure"])
    assert {len(found) for found in units.values()} == {1, 2}


def test_goods_of_one_six_digit_code_have_several_of_eight():
    assert len(rows("Dom_Exp", 2)) < len(rows("Dom_Exp", 1)) < len(DOMESTIC)


def test_some_quantities_are_zero_and_all_without_a_unit():
    assert {row["Quantity"] for row in DOMESTIC if row["Unit of Measure"] == "N/A"} == {"0"}
    with_unit = [row["Quantity"] == "0" for row in DOMESTIC if row["Unit of Measure"] != "N/A"]
    assert 0 < sum(with_unit) / len(with_unit) < 0.2


def test_only_rows_to_the_united_states_have_a_state():
    for made in ROWS.values():
        assert {row["Country"] for row in made if row["State"]} == {"US"}
        assert {row["State"] for row in made if row["Country"] == "US"} >= {"US", "NY", "TX"}
    assert {row["Province"] for row in DOMESTIC} == {"AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK"}


def priority(made, partner, first, last):
    listed = [r for r in made if r["Country"] == partner and r["HS"][:6] in KEY["priority_codes"]]
    return [row for row in listed if first <= row["YearMonth"] <= last]


def by_tier(made):
    tiers = {row[name]: row["tier"] for row in reference("high_priority") for name in ("hs6", "predecessor")}
    sums = Counter()
    for row in made:
        sums[tiers[row["HS"][:6]]] += int(row["Value"])
    return dict(sums)


WINDOWS = {"2021-03 to 2021-07": ("202103", "202107"), "2022-03 to 2022-07": ("202203", "202207")}


def test_priority_goods_to_russia_stop_after_march_2022():
    months = {row["YearMonth"] for row in priority(TOTAL, "RU", "202101", "202207")}
    assert max(months) == KEY["last_month_of_priority_to_russia"] == "202203" and len(months) == 15
    for flow, made in ROWS.items():
        for window, months in WINDOWS.items():
            assert by_tier(priority(made, "RU", *months)) == KEY["priority_to_russia_by_tier"][flow][window]


def test_priority_goods_to_three_other_partners_grow():
    for partner, answer in KEY["priority_to_third_partners_by_tier"].items():
        assert {name: by_tier(priority(TOTAL, partner, *months)) for name, months in WINDOWS.items()} == answer
        before, after = (sum(answer[name].values()) for name in WINDOWS)
        assert after > 2 * before
    assert list(KEY["priority_to_third_partners_by_tier"]) == ["TR", "HK", "SG"]


def test_the_headline_is_in_the_key():
    sums = KEY["dollars_to_russia"]
    assert (sums["total_export"]["202103"], sums["total_export"]["202203"]) == (44_831_000, 5_461_000)
    for flow, made in ROWS.items():
        months = Counter()
        for row in made:
            months[row["YearMonth"]] += int(row["Value"]) * (row["Country"] == "RU")
        assert months == sums[flow]


def test_the_examples_run():
    assert [doctest.testmod(room) for room in (wares, invented, cimt)] == [(0, 1), (0, 2), (0, 1)]


# As the package reads it


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    """The zips and the bundled extract, cleaned: the folder, and the report of each zip."""
    folder = tmp_path_factory.mktemp("processed")
    reports = {name: clean(put_csv(folder / "raw", name, FILES[name]), folder) for name in NAMES}
    clean(bundled(ROOT)[0], folder)
    return folder, reports


def test_every_row_is_accepted_and_the_levels_agree(processed):
    for name, report in processed[1].items():
        label, year = parts(name)
        assert report["records"] == report["accepted"] == len(table(name, LEVELS[label][0])) - 1
        assert (report["rejected"], report.get("remarks", [])) == (0, [])
        assert [(level["digits"], level["differ"]) for level in report["levels"]] == [(6, 0), (2, 0)]
        assert {level["dollars"] for level in report["levels"]} == {
            sum(int(row["Value"]) for row in rows(label) if row["YearMonth"].startswith(year))
        }


@pytest.mark.parametrize("flow", ["domestic_export", "total_export", "re_export"])
def test_sums_by_partner_and_month_are_the_published_ones(processed, flow):
    engine = connect(processed[0])
    asked = goods.choose(engine, flow)
    assert asked.invented
    found = goods.monthly(engine, asked, by=["partner"]).replace({"partner": {"ZX": "OTHER"}})
    given = flows.monthly(
        engine, flows.cells(engine, bundled(ROOT)[0].file_id, flow, None, product=("TOTAL",)), by=["partner"]
    )
    given = given[given["period"] >= pd.Timestamp("2021-01-01")]
    columns = ["partner", "period", "value_cad_cents"]
    ours, theirs = (side[columns].sort_values(columns).reset_index(drop=True) for side in (found, given))
    assert len(ours) == 28 * 19 and not ours["value_cad_cents"].isna().any()
    pd.testing.assert_frame_equal(ours, theirs)


def test_a_level_that_was_changed_is_named(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILES[NAMES[1]])) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, re.sub(rb",(\d+)\r\n$", rb",1\1\r\n", text) if "ODPFN020" in name else text)
    report = clean(put_csv(tmp_path / "raw", NAMES[1], content.getvalue()), tmp_path / "processed")
    [broken] = [level for level in report["levels"] if level["differ"]]
    assert (broken["member"], broken["differ"]) == ("ODPFN020_202207N.csv", 1)
    doubts = pl.read_parquet(outputs(NAMES[1], tmp_path / "processed")["doubts"])
    assert doubts["why"].to_list() == ["levels"]


def test_a_damaged_zip_is_refused_in_one_line(tmp_path):
    content = FILES[NAMES[0]][:60_000] + b"x" * 200 + FILES[NAMES[0]][60_200:]
    with pytest.raises(TradeAnalyticsError, match="the zip is damaged or cut off") as told:
        clean(put_csv(tmp_path / "raw", NAMES[0], content), tmp_path / "processed")
    assert "\n" not in str(told.value)


# Without the real sums


def raw_copy(folder):
    raw = bundled(ROOT)[0]
    target = folder / raw.name
    target.parent.mkdir(parents=True)
    for name in (raw.path.name, "manifest.json"):
        shutil.copyfile(raw.path.with_name(name), target.with_name(name))
    return target


def test_without_the_published_figures_nothing_is_written(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"1210011901_databaseLoadingData\.csv: cannot be read") as told:
        write_sample(tmp_path / "out", tmp_path / "raw")
    assert "\n" not in str(told.value) and not (tmp_path / "out").exists()


def test_figures_that_were_changed_are_no_ground_for_a_sample(tmp_path):
    extract = raw_copy(tmp_path / "raw")
    assert sample(tmp_path / "raw")[NAMES[0]] == FILES[NAMES[0]]
    extract.write_bytes(extract.read_bytes().replace(b'"39280"', b'"39281"'))
    with pytest.raises(TradeAnalyticsError, match="not the file its manifest recorded") as told:
        published(tmp_path / "raw")
    assert "\n" not in str(told.value)


def test_a_figure_that_is_not_given_is_not_taken_for_zero(tmp_path):
    extract = raw_copy(tmp_path / "raw")
    extract.with_name("manifest.json").unlink()
    row = re.search(rb'"2022-03","Canada","","Re-export","Total[^\n]*Turkey[^\n]*', extract.read_bytes())[0]
    extract.write_bytes(extract.read_bytes().replace(row, re.sub(rb'"\d+","","","","0"', b'"","x","","","0"', row)))
    with pytest.raises(TradeAnalyticsError, match="VALUE of Re-export, Turkey, 2022-03 is '', expected a whole number"):
        published(tmp_path / "raw")
