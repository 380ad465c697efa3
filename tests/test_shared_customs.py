"""The published declarations of a Korean data set, whole: 54,000 records and no silent loss."""

import csv
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from conftest import SHARED

from tradeanalytics.clean import clean, outputs
from tradeanalytics.raw import raw_file

pytestmark = pytest.mark.shared

CUSTOMS = SHARED / "data" / "customs"
COUNTS = {
    # file: its records
    "data_df_syn_train_eng.csv": 37_385,
    "data_df_syn_valid_eng.csv": 8_134,
    "data_df_syn_test_eng.csv": 8_481,
}
MANIFEST = "ams__consignee_sample_rows.csv"


@pytest.fixture(scope="module")
def korea(tmp_path_factory):
    """The report, the shipments and the raw rows of every file, by its name."""
    processed = tmp_path_factory.mktemp("korea")
    return {name: whole(name, processed) for name in COUNTS}


def whole(name: str, processed):
    report = clean(raw_file(CUSTOMS / name, CUSTOMS), processed)
    shipments = pl.read_parquet(outputs(name, processed)["shipments"])
    with (CUSTOMS / name).open(encoding="utf-8-sig", newline="") as file:
        return report, shipments, list(csv.DictReader(file))


@pytest.mark.parametrize("name", COUNTS)
def test_every_record_is_accepted_or_rejected(korea, name):
    report, shipments, raw = korea[name]
    assert (report["source"], report["records"]) == ("korea_synthetic", COUNTS[name])
    assert report["accepted"] + report["rejected"] == report["records"] == len(raw)
    assert shipments.height == report["accepted"]


def test_they_are_54_000(korea):
    assert sum(report["records"] for report, _, _ in korea.values()) == 54_000


def test_2_567_codes_keep_their_leading_zero(korea):
    kept = sum(int(rows["hs"].str.starts_with("0").sum()) for _, rows, _ in korea.values())
    published = sum(row["HS6 Code"].startswith("0") for _, _, raw in korea.values() for row in raw)
    assert kept == published == 2_567


def cents(text: str) -> int:
    return int((Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("name", COUNTS)
def test_each_cell_is_the_published_one_under_its_record(korea, name):
    """Read here with the csv module: number by number, and none is a zero that was not published."""
    _, rows, raw = korea[name]
    assert rows["record"].to_list() == list(range(1, len(raw) + 1))
    read = {
        "declaration": lambda row: row["Declaration ID"],
        "registered_on": lambda row: date.fromisoformat(row["Date"]),
        "hs": lambda row: row["HS6 Code"],
        "net_kg": lambda row: float(row["Net Mass"]),
        "invoice_cents": lambda row: cents(row["Item Price"]),
        "consignee_id": lambda row: row["Importer ID"],
    }
    for field, published in read.items():
        assert rows[field].to_list() == [published(row) for row in raw], field
    assert set(rows["invoice_currency"]) == {"KRW"}


def test_a_country_is_read_or_flagged(korea):
    """What is no country of ISO 3166 stays null with a flag: it is not guessed."""
    unread: Counter[str] = Counter()
    for _, rows, raw in korea.values():
        for row, published in zip(rows.to_dicts(), raw, strict=True):
            for field, heading in (
                ("origin_country", "Country of Origin"),
                ("dispatch_country", "Country of Departure"),
            ):
                assert row[field] in (published[heading], None)
                if row[field] is None:
                    assert "country_unknown" in row["flags"]
                    unread[published[heading]] += 1
    assert unread.total() < 100
    assert all(len(code) == 2 for code in unread)


def test_a_table_of_the_manifest_alone_says_what_it_lacks(tmp_path):
    report, rows, raw = whole(MANIFEST, tmp_path)
    assert (report["source"], report["records"], report["accepted"]) == ("us_manifest_consignee", 11, 11)
    assert [name.split(" ")[0] for name in rows["consignee_name"]] == [
        row["consignee_name"].strip().split(" ")[0] for row in raw
    ]
    assert any("read alone" in said for said in report["remarks"])
