"""US manifest tables become one shipment a bill: joined, in order, nothing of the bills lost. SYNTHETIC rows."""

import csv
import io
import zipfile

import duckdb
import polars as pl
import pytest
from conftest import put_csv

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs, prune, reports
from tradeanalytics.clean.overlap import mark_known
from tradeanalytics.raw import raw_file, raw_files
from tradeanalytics.raw.beside import read_with

RELEASE = "2020__202009291500"


def listed(text: str) -> list[str]:
    return text.split(",")


HEADER = listed(
    "identifier,carrier_code,vessel_country_code,vessel_name,port_of_unlading,estimated_arrival_date,"
    "foreign_port_of_lading_qualifier,foreign_port_of_lading,manifest_quantity,manifest_unit,weight,weight_unit,"
    "record_status_indicator,place_of_receipt,port_of_destination,mode_of_transportation,actual_arrival_date"
)
BILL = listed(
    "identifier,master_bol_number,house_bol_number,sub_house_bol_number,voyage_number,bill_type_code,manifest_number,"
    "trade_update_date,run_date"
)
PARTY = listed("city,state_province,zip_code,country_code,contact_name,comm_number_qualifier,comm_number")
SHIPPER = ["identifier", "shipper_party_name", *(f"shipper_party_address_{n}" for n in range(1, 5)), *PARTY]
CONSIGNEE = ["identifier", "consignee_name", *(f"consignee_address_{n}" for n in range(1, 5)), *PARTY]
NOTIFY = ["identifier", "notify_party_name", *(f"notify_party_address_{n}" for n in range(1, 5)), *PARTY]
CARGO = ["identifier", "container_number", "description_sequence_number", "piece_count", "description_text"]
TARIFF = ["identifier", "container_number", "description_sequence_number", "harmonized_number", "harmonized_value"]
HEADINGS = {
    "header": HEADER,
    "bill": BILL,
    "shipper": SHIPPER,
    "consignee": CONSIGNEE,
    "notifyparty": NOTIFY,
    "cargodesc": CARGO,
    "container": ["identifier", "container_number", "seal_number_1"],
    "tariff": TARIFF,
    "hazmat": ["identifier", "container_number", "hazmat_code"],
}
A, B, C, D = "202000000001", "202000000002", "202000000003", "202000000004"
HOUSE = {"master_bol_number": "SYNTMASTER1", "house_bol_number": "SYNTHOUSE1", "bill_type_code": "House Bill"}
ARRIVED = {
    **{"estimated_arrival_date": "2020-05-01", "actual_arrival_date": "2020-05-03", "vessel_name": "SYNTHETIC STAR"},
    **{"foreign_port_of_lading": "Yantian,China (Mainland)", "manifest_quantity": "83", "manifest_unit": "PKG"},
    **{"weight": "1000", "weight_unit": "Kilograms", "record_status_indicator": "New"},
}
TABLES = {
    "bill": [
        {"identifier": A, **HOUSE},
        {"identifier": B, "master_bol_number": "SYNTMASTER1", "bill_type_code": "Master Bill"},
        {"identifier": C, "master_bol_number": "SYNTSIMPLE9", "bill_type_code": "Regular Bill"},
        {"identifier": D, "master_bol_number": "SYNTSIMPLE4", "bill_type_code": "Regular Bill"},
    ],
    "header": [
        {"identifier": C, **ARRIVED, "actual_arrival_date": "", "weight": "100", "weight_unit": "Pounds"},
        {"identifier": A, **ARRIVED},
        {"identifier": B, **ARRIVED, "record_status_indicator": "Deleted"},
        {"identifier": "202000009999", **ARRIVED},
    ],
    "shipper": [
        {"identifier": A, "shipper_party_name": "SYNTHETIC MARDELVIA SPA", "shipper_party_address_1": "7 VELMARA CAD"},
        {"identifier": B, "shipper_party_name": "SYNTHETIC FORWARDERS LTD O/B SYNTHETIC MARDELVIA SPA"},
    ],
    "consignee": [
        {
            **{"identifier": A, "consignee_name": "SYNTHETIC ELVANTREE LTD", "consignee_address_1": "."},
            **{"consignee_address_2": "565 VELMARA CANYON ROAD, SUITE D WA"},
            **{"consignee_address_3": "WALMUT, CA CA 91789 US", "consignee_address_4": "TEL 555-0100 / FAX 555-0101"},
        },
        {
            "identifier": B,
            "consignee_name": "TO THE ORDER OF SYNTHETIC BANK",
            "consignee_address_1": "3000 VELM RDSTE 400",
            "city": "HOUSTON",
            "state_province": "TX",
            "zip_code": "77001",
            "country_code": "US",
        },
    ],
    "notifyparty": [
        {"identifier": A, "notify_party_name": "SYNTHETIC AGENTS"},
        {"identifier": A, "notify_party_name": "SYNTHETIC BROKERS"},
        {"identifier": A, "notify_party_name": "SYNTHETIC AGENTS"},
    ],
    "cargodesc": [
        dict(zip(CARGO, row, strict=True))
        for row in (
            (A, "SYNU0000002", "1", "", "CHAIRS"),
            (A, "SYNU0000001", "10", "", "OF OAK"),
            (A, "SYNU0000001", "2", "", "TABLES"),
            (A, "SYNU0000001", "1", "", "WOODEN"),
            (A, "SYNU0000001", "11", "", " "),
            (C, "NC", "1", "", "CEMENT"),
        )
    ],
    "container": [{"identifier": A, "container_number": "SYNU0000001", "seal_number_1": "1"}],
    "tariff": [
        {"identifier": A, "harmonized_number": "940360", "harmonized_value": "0"},
        {"identifier": A, "harmonized_number": "940161", "harmonized_value": "0"},
        {"identifier": A, "harmonized_number": "940360", "harmonized_value": "0"},
    ],
    "hazmat": [{"identifier": A, "hazmat_code": "1993"}],
}


def named(table: str) -> str:
    return f"ams__{table}_{RELEASE}.csv"


def as_csv(table: str, rows=None) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS[table], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(TABLES[table] if rows is None else rows)
    return out.getvalue().encode()


def put(folder, *left_out: str, **changed: bytes) -> None:
    for table in TABLES:
        if table not in left_out:
            put_csv(folder, named(table), changed.get(table, as_csv(table)))


def cleaned(tmp_path, table: str = "bill"):
    raw = raw_file(tmp_path / "raw" / named(table), tmp_path / "raw")
    report = clean(raw, tmp_path)
    assert report["accepted"] + report["rejected"] == report["records"]
    return report, pl.read_parquet(outputs(raw.name, tmp_path)["shipments"]).to_dicts()


def flagged(row) -> set[str]:
    return set((row["flags"] or "").split(";")) - {""}


def test_one_bill_is_one_shipment_with_what_all_tables_say_of_it(tmp_path):
    put(tmp_path / "raw")
    _, rows = cleaned(tmp_path)
    first = rows[0]
    assert [row["record"] for row in rows] == [1, 2, 3, 4]
    assert {name: first[name] for name in first if first[name] is not None and name not in ("file_id", "vintage")} == {
        "record": 1,
        "layout": "us_manifest",
        "declaration": "SYNTHOUSE1",
        "declaration_key": "SYNTHOUSE1",
        "direction": "import",
        "registered_on": rows[1]["registered_on"],
        "shipper_name": "SYNTHETIC MARDELVIA SPA",
        "shipper_address": "7 VELMARA CAD",
        "consignee_name": "SYNTHETIC ELVANTREE LTD",
        "consignee_address": "565 VELMARA CANYON ROAD, SUITE D WA WALMUT, CA CA 91789 US TEL 555-0100 / FAX 555-0101",
        "notify_name": "SYNTHETIC AGENTS; SYNTHETIC BROKERS",
        "dispatch_country": "CN",
        "hs": "940360",
        "hs_source": "declared",
        "hs_edition": "2017",
        "description": "WOODEN TABLES OF OAK CHAIRS",
        "gross_kg": 1000.0,
        "quantity": 83.0,
        "quantity_unit": "PKG",
        "flags": "hs_several",
        "duplicate": "unique",
        "invented": False,
        "table_id": "",
    }
    assert str(first["registered_on"]) == "2020-05-03"


def test_a_long_text_split_over_sequence_numbers_is_put_together_in_their_order_as_numbers(tmp_path):
    put(tmp_path / "raw")
    assert cleaned(tmp_path)[1][0]["description"] == "WOODEN TABLES OF OAK CHAIRS"  # 1, 2, 10, then the next container


def test_an_address_has_no_line_that_is_a_dot_and_keeps_its_telephone_as_written(tmp_path):
    put(tmp_path / "raw")
    first, second, *_ = cleaned(tmp_path)[1]
    assert first["consignee_address"].startswith("565 ") and first["consignee_address"].endswith("FAX 555-0101")
    assert second["consignee_address"] == "3000 VELM RDSTE 400 HOUSTON TX 77001" and second["consignee_country"] == "US"
    assert (first["consignee_second"], first["consignee_country"]) == (None, None)


def test_a_second_party_is_told_apart_in_both_fields(tmp_path):
    put(tmp_path / "raw")
    row = cleaned(tmp_path)[1][1]
    assert (row["consignee_name"], row["consignee_as"], row["consignee_second"]) == (None, "to_order", "SYNTHETIC BANK")
    assert (row["shipper_as"], row["shipper_second"]) == ("on_behalf_of", "SYNTHETIC MARDELVIA SPA")


def test_a_master_bill_is_told_from_the_house_bill_that_names_it(tmp_path):
    put(tmp_path / "raw")
    rows = cleaned(tmp_path)[1]
    assert [row["declaration"] for row in rows] == ["SYNTHOUSE1", "SYNTMASTER1", "SYNTSIMPLE9", "SYNTSIMPLE4"]
    assert [row["duplicate"] for row in rows] == ["unique", "master_of_house", "unique", "unique"]


def test_a_deleted_bill_is_kept_and_not_counted(tmp_path):
    header = [{**row, "record_status_indicator": "D"} if row["identifier"] == C else row for row in TABLES["header"]]
    put(tmp_path / "raw", header=as_csv("header", header))
    rows = cleaned(tmp_path)[1]
    assert [row["duplicate"] for row in rows] == ["unique", "master_of_house", "withdrawn", "unique"]


def test_deleted_bills_and_bills_without_a_header_are_kept_and_flagged(tmp_path):
    put(tmp_path / "raw")
    rows = cleaned(tmp_path)[1]
    assert ["record_deleted" in flagged(row) for row in rows] == [False, True, False, False]
    assert flagged(rows[3]) == {
        *("date_missing", "header_missing", "shipper_missing", "consignee_missing", "cargodesc_missing"),
    }
    assert rows[3]["gross_kg"] is None and rows[3]["registered_on"] is None


def test_a_bill_that_has_not_arrived_has_its_estimate_and_pounds_become_kilograms(tmp_path):
    put(tmp_path / "raw")
    row = cleaned(tmp_path)[1][2]
    assert (str(row["registered_on"]), row["gross_kg"]) == ("2020-05-01", pytest.approx(45.3592))


def test_the_report_names_every_file_that_was_joined_with_its_own_id_and_what_had_no_bill(tmp_path):
    put(tmp_path / "raw")
    report, _ = cleaned(tmp_path)
    ids = {raw.path.name: raw.file_id for raw in raw_files(tmp_path / "raw")}
    joined = {entry["file"]: entry for entry in report["joined"]}
    assert set(joined) == {
        named(table) for table in ("header", "shipper", "consignee", "notifyparty", "cargodesc", "tariff")
    }
    assert all(entry["file_id"] == ids[name] for name, entry in joined.items())
    assert (joined[named("header")]["records"], joined[named("header")]["without_bill"]) == (4, 1)
    assert f"{named('header')}: 1 records have no bill and are in no shipment" in report["remarks"]
    assert any("hazmat" in said and "nothing of these tables is used" in said for said in report["remarks"])
    assert ["consignee.consignee_name", "consignee_name"] in report["reading"]["headings"]


def test_two_headers_of_one_bill_are_flagged_and_the_first_is_taken(tmp_path):
    twice = [*TABLES["header"], {"identifier": A, **ARRIVED, "weight": "9999"}]
    put(tmp_path / "raw", header=as_csv("header", twice))
    report, rows = cleaned(tmp_path)
    assert rows[0]["gross_kg"] == 1000 and flagged(rows[0]) == {"hs_several", "header_several"}
    assert any("1 identifiers are there more than once" in said for said in report["remarks"])


def test_a_table_beside_its_bills_is_a_part_of_them_and_has_no_rows(tmp_path):
    put(tmp_path / "raw")
    for raw in raw_files(tmp_path / "raw"):
        report = clean(raw, tmp_path)
        assert ("part_of" in report) == (raw.path.name != named("bill")), raw.name
    assert [path.name for path in (tmp_path / "shipments").iterdir()] == [f"{named('bill')}.parquet"]
    assert {report.get("part_of") for report in reports(tmp_path)} == {None, named("bill")}
    assert prune([raw.name for raw in raw_files(tmp_path / "raw")], tmp_path) == [] and mark_known(tmp_path) == {}


def test_without_bills_the_headers_are_what_the_others_are_joined_to(tmp_path):
    put(tmp_path / "raw", "bill")
    report, rows = cleaned(tmp_path, "header")
    assert [(row["record"], row["consignee_name"]) for row in rows[:2]] == [(1, None), (2, "SYNTHETIC ELVANTREE LTD")]
    assert len(rows) == 4 and {row["declaration"] for row in rows} == {None}
    assert any(said.startswith("no table bill of this release") for said in report["remarks"])


def test_bills_alone_say_which_tables_are_not_there(tmp_path):
    put_csv(tmp_path / "raw", named("bill"), as_csv("bill"))
    report, rows = cleaned(tmp_path)
    assert len(rows) == 4 and rows[1]["declaration"] == "SYNTMASTER1"
    assert any(
        "no table header, shipper, consignee, notifyparty, cargodesc, tariff" in said for said in report["remarks"]
    )
    renamed = clean(put_csv(tmp_path / "raw", "bills.csv", as_csv("bill", TABLES["bill"][:3])), tmp_path)
    assert renamed["accepted"] == 3, "a name of one's own is no hindrance to a table that can be read alone"


def test_all_tables_in_one_zip_are_joined(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for table in TABLES:
            archive.writestr(f"2020/{named(table)}", as_csv(table))
    raw = put_csv(tmp_path / "raw", "ams_2020.zip", out.getvalue())
    report = clean(raw, tmp_path)
    rows = pl.read_parquet(outputs(raw.name, tmp_path)["shipments"]).to_dicts()
    assert rows[0]["description"] == "WOODEN TABLES OF OAK CHAIRS" and {row["file_id"] for row in rows} == {raw.file_id}
    assert {entry["file_id"] for entry in report["joined"]} == {raw.file_id}


def test_another_release_in_the_same_folder_is_not_mixed_in(tmp_path):
    put(tmp_path / "raw", "consignee")
    put_csv(tmp_path / "raw", "ams__consignee_2019__201909291500.csv", as_csv("consignee"))
    report, rows = cleaned(tmp_path)
    assert {row["consignee_name"] for row in rows} == {None} and "no table consignee" in " ".join(report["remarks"])


def test_a_broken_record_of_bills_is_rejected_with_its_text_and_one_of_a_sister_is_named(tmp_path):
    bills, shippers = as_csv("bill") + b"202000000005,x,y\n", as_csv("shipper") + b"202000000003,y\n"
    put(tmp_path / "raw", bill=bills, shipper=shippers)
    report, rows = cleaned(tmp_path)
    rejected = pl.read_parquet(outputs(named("bill"), tmp_path)["rejected"])
    assert rejected.select("record", "reasons", "text").rows() == [(5, "too_few_fields", "202000000005,x,y")]
    assert len(rows) == 4 and report["records"] == 5
    assert f"{named('shipper')}: 1 broken records were not joined, the first is 3" in report["remarks"]


def test_a_file_that_is_not_the_table_it_is_named_for_is_refused_in_one_line(tmp_path):
    put(tmp_path / "raw", consignee=as_csv("shipper"))
    with pytest.raises(
        TradeAnalyticsError, match=r"^ams__consignee_2020.*shippers, expected the manifest's table consignee$"
    ):
        cleaned(tmp_path)


@pytest.mark.parametrize("table", ["cargodesc", "tariff", "container"])
def test_a_table_whose_rows_are_no_shipments_is_refused_alone(table, tmp_path):
    put_csv(tmp_path / "raw", named(table), as_csv(table))
    with pytest.raises(
        TradeAnalyticsError, match=rf"a row of the manifest's table {table} is no shipment; put ams__bill"
    ):
        cleaned(tmp_path, table)


def test_what_a_table_is_read_with_is_known_to_the_build(tmp_path):
    put(tmp_path / "raw")
    beside = read_with(tmp_path / "raw" / named("bill"))
    assert {path.name for path in beside} == {named(table) for table in TABLES if table != "bill"}
    assert read_with(tmp_path / "raw" / "dump.csv") == []


def test_two_runs_write_the_same_bytes(tmp_path):
    made = []
    for run in ("one", "two"):
        put(tmp_path / run / "raw")
        cleaned(tmp_path / run)
        made.append(outputs(named("bill"), tmp_path / run)["shipments"].read_bytes())
    assert made[0] == made[1]


def test_every_bill_of_a_larger_release_is_there_once(tmp_path):
    rows = duckdb.sql("SELECT range::VARCHAR AS identifier, 'M' || range AS master_bol_number FROM range(20000)").pl()
    many = rows.to_dicts()
    parties = [{"identifier": row["identifier"], "consignee_name": f"SYNTHETIC {row['identifier']}"} for row in many]
    put(tmp_path / "raw", bill=as_csv("bill", many), consignee=as_csv("consignee", parties[::-1]))
    report, found = cleaned(tmp_path)
    assert report["accepted"] == 20_000
    assert all(row["consignee_name"] == f"SYNTHETIC {row['record'] - 1}" for row in found)


@pytest.mark.shared
def test_the_real_rows_of_one_table_load_alone_and_say_what_they_lack(shared, tmp_path):
    content = (shared / "data" / "customs" / "ams__consignee_sample_rows.csv").read_bytes()
    raw = put_csv(tmp_path / "raw", "ams__consignee_sample_rows.csv", content)
    report = clean(raw, tmp_path)
    rows = pl.read_parquet(outputs(raw.name, tmp_path)["shipments"])
    assert (report["records"], report["accepted"]) == (11, 11)
    assert any("read alone" in said and "ams__bill_YEAR__STAMP.csv" in said for said in report["remarks"])
    assert rows["consignee_name"].null_count() == 0
    (dotted,) = rows.filter(pl.col("consignee_name").str.starts_with("APEX"))["consignee_address"]
    assert dotted == "565 BREA CANYON ROAD, SUITE D WALNU T WALNUT, CA CA 91789 US"
    assert rows["consignee_country"].drop_nulls().to_list() == ["US"] * 5
