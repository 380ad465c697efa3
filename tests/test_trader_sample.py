"""The patterns hidden in the sample are found by the detectors, with the numbers of its answer key."""

import json

import pandas as pd
import pytest
from conftest import put_csv

from tradeanalytics.clean import clean
from tradeanalytics.clean.overlap import mark_known
from tradeanalytics.detectors import parts, redflags, traders
from tradeanalytics.detectors.parts import Part
from tradeanalytics.engine import connect
from tradeanalytics.parties.names import name
from tradeanalytics.sample import ANSWERS, DECLARATIONS, OVERLAP, sample
from tradeanalytics.shipments import Which, suppliers


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """An engine over the sample's two dumps, the first of them, and its answers."""
    folder, contents = tmp_path_factory.mktemp("sample"), sample()
    raws = [put_csv(folder / "raw", file, contents[file]) for file in (DECLARATIONS, OVERLAP)]
    for raw in raws:
        clean(raw, folder / "processed")
    mark_known(folder / "processed")
    stories = json.loads(contents[ANSWERS])["stories"]
    return connect(folder / "processed"), Which(files=(raws[0].file_id,)), stories


def key(party) -> str:
    return name(party["name"]).key


def one(findings, subject, **more):
    rows = findings[findings["subject"] == subject]
    for column, value in more.items():
        rows = rows[rows[column] == value]
    (row,) = rows.to_dict("records")
    return row


def test_the_largest_supplier_of_the_named_importer_has_a_quarter(asked):
    engine, which, stories = asked
    importer, answer = stories["named_importer"], stories["named_importer"]["by_year"]["2022"]
    row = one(
        traders.concentration(engine, which, share=0.25),
        f"consignee {key(importer)}",
        period=pd.Timestamp("2022-01-01"),
    )
    assert row["observed"] == pytest.approx(0.25, abs=1e-9) and row["flagged"]
    assert f"25.0% of its imports of 2022 from {key(stories['intermediary'])}" in row["reason"]
    assert row["score"] == pytest.approx(answer["hhi"], abs=1e-4)
    assert row["effect"] == pytest.approx(answer["effective_suppliers"], abs=1e-6)
    by_hand = suppliers(engine, key(importer), which=which)
    assert by_hand[by_hand["period"] == "2022-01-01"]["hhi"].iloc[0] == pytest.approx(row["score"], abs=1e-6)
    assert len(engine.sql(row["trace"])) == row["n"]


def test_an_importer_that_buys_from_one_supplier_is_said_to_do_so_almost_exclusively(asked):
    engine, which, stories = asked
    row = one(
        traders.concentration(engine, which),
        f"consignee {key(stories['one_supplier'])}",
        period=pd.Timestamp("2021-01-01"),
    )
    assert row["flagged"] and row["observed"] > 0.99
    assert f"from {key(stories['one_supplier']['supplier'])}" in row["reason"] and "almost exclusively" in row["reason"]


def test_the_importer_founded_after_the_invasion_is_an_entrant_and_a_new_buyer(asked):
    engine, which, stories = asked
    who = f"consignee {key(stories['founded_after_the_invasion'])}"
    row = one(traders.entrants(engine, "2022-03", which, months=12), who)
    assert row["flagged"] and row["period"] == pd.Timestamp("2022-03-01")
    assert row["n"] == stories["founded_after_the_invasion"]["items"]
    flag = one(redflags.new_buyers(engine, which), who)
    assert flag["flagged"] and stories["founded_after_the_invasion"]["first_seen"] in flag["reason"]
    censored = one(traders.entrants(engine, "2022-03", which, months=24), who)
    assert not censored["judged"] and "the records begin in 2021-01" in censored["why_not"]


def test_the_suppliers_nobody_had_seen_are_entrants_that_sell_what_others_made(asked):
    engine, which, stories = asked
    entrants = traders.entrants(engine, "2022-03", which, role="shipper", months=12)
    routes = redflags.transshipped(engine, which)
    for seller in stories["turkish_intermediaries"]:
        row = one(entrants, f"shipper {key(seller)}")
        assert row["flagged"] and f"{row['period']:%Y-%m}" == seller["first_seen"][:7]
        assert one(routes, f"shipper {key(seller)}")["flagged"]


def test_the_intermediarys_value_a_month_rose(asked):
    engine, which, stories = asked
    answer = stories["intermediary"]
    row = one(traders.before_after(engine, "2022-03", which), f"shipper {key(answer)}")
    assert row["observed"] == pytest.approx(answer["twelve_months_after"]["a_month"] / 100)
    assert row["expected"] == pytest.approx(answer["twelve_months_before"]["a_month"] / 100)
    assert row["flagged"] and row["survives"]


def test_the_800_modules_are_counted_by_month(asked):
    engine, which, stories = asked
    answer = stories["modules"]
    found = parts.parts_named(engine, [Part(answer["maker"], answer["part"])], which)
    assert set(found["subject"]) == {f"{answer['maker']} {answer['part']} to {key(answer['importer'])}"}
    told = {f"{month:%Y-%m}": pieces for month, pieces in zip(found["period"], found["observed"], strict=True)}
    assert told == answer["pieces_by_month"] and found["observed"].sum() == answer["pieces"] == 800
    assert found["n"].sum() == answer["items"] and found["invented"].all()
