"""Gaps between two reports of one trade, ghost trade, and years that may be cut short."""

import pandas as pd
import pytest

from tradeanalytics import flows
from tradeanalytics.clean import clean
from tradeanalytics.detectors.findings import COLUMNS, sensitivity
from tradeanalytics.detectors.mirror import gaps, ghost_share, mirror_gaps, pairs
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_file


def both(*rows, **same):
    """Pairs as goods.mirror gives them: exporter, partner, period, sent and received in cents."""
    names = ["reporter", "partner", "period", "sent_cents", "received_cents"]
    table = pd.DataFrame(rows, columns=names).astype({"sent_cents": "Int64", "received_cents": "Int64"})
    return table.assign(**{"currency": "EUR", **same})


SIDE = ["reporter", "partner", "period", "value_eur_cents"]


def yearly(*received, sent=100_000_000_00, first=2019, **same):
    """Lithuania to Armenia, a year a row."""
    rows = [("LT", "AM", f"{first + place}-01-01", sent, value) for place, value in enumerate(received)]
    return both(*rows, **same)


@pytest.mark.parametrize(("sent", "received", "share"), [(28, 9, 67.9), (84, 11, 86.9)])
def test_the_published_gaps_come_out(sent, received, share):
    """Lithuania to Kazakhstan as published: METHODS, mirror gap."""
    found = mirror_gaps(both(("LT", "KZ", "2022-01-01", sent, received)), cif_margin=0)
    assert round(100 * found["effect"][0], 1) == share
    assert f"a gap of {share}% where 0% is taken off" in found["reason"][0]


def test_freight_and_insurance_are_taken_off_with_other_margins_beside():
    table = both(("LT", "KZ", "2022-01-01", 200_00, 106_00))
    assert gaps(table)[["gap_0", "gap_6", "gap_10"]].round(4).values.tolist() == [[0.47, 0.5, 0.5182]]
    told = mirror_gaps(table)["reason"][0]
    assert "a gap of 50.0% where 6% is taken off" in told and "(47.0% at 0%, 51.8% at 10%)" in told


def test_nothing_is_taken_off_a_value_free_on_board():
    table = both(("LT", "KZ", "2022-01-01", 200_00, 106_00), received_valuation="fob")
    assert mirror_gaps(table)["effect"][0] == pytest.approx(0.47)


@pytest.mark.parametrize(("gap", "floor", "flagged"), [(0.5, 200.0, True), (0.501, 200.0, False), (0.5, 200.01, False)])
def test_both_thresholds_must_be_met(gap, floor, flagged):
    found = mirror_gaps(both(("LT", "KZ", "2022-01-01", 200_00, 106_00)), gap=gap, floor=floor)
    assert found["flagged"].tolist() == [flagged]


def test_both_sides_are_paired_by_who_sent_and_who_received():
    sent = pd.DataFrame({"reporter": ["LT"], "partner": ["AM"], "period": ["2022-01-01"], "value_eur_cents": [100]})
    got = pd.DataFrame(
        {
            "reporter": ["AM"] * 3,
            "partner": ["LT", "LV", "EU27"],
            "period": ["2022-01-01"] * 3,
            "value_eur_cents": [40, 5, 45],
        }
    )
    table = pairs(sent, got).set_index("reporter")
    assert table.loc["LT", ["partner", "sent_cents", "received_cents", "currency"]].tolist() == ["AM", 100, 40, "EUR"]
    assert pd.isna(table.loc["LV", "sent_cents"])  # it has no row, which is not zero
    assert set(table["received_total_cents"]) == {45}  # the Union's sum is not added to its members


@pytest.mark.parametrize("unknown", [2019, 2022])
def test_a_total_that_is_not_known_is_no_total_of_zero(unknown):
    """A null total of the year itself would refuse it as cut short; one of a year before would let it through."""
    years = range(2019, 2023)
    sent = pd.DataFrame([("LT", "AM", f"{year}-01-01", 100_00) for year in years], columns=SIDE)
    whole = [("AM", "WORLD", f"{year}-01-01", None if year == unknown else 900_00) for year in years]
    got = pd.DataFrame([*(("AM", "LT", f"{year}-01-01", 50_00) for year in years), *whole], columns=SIDE)
    both = pairs(sent, got.astype({"value_eur_cents": "Int64"}))
    last = mirror_gaps(both[both["reporter"] == "LT"], months=12).iloc[-1]
    assert last["judged"] and "could not be checked" in last["caveats"]


@pytest.mark.parametrize(("last", "judged"), [(50, True), (49, False)])
def test_a_year_under_half_the_median_of_the_three_before_is_refused(last, judged):
    found = mirror_gaps(yearly(90, 100, 500, last), months=12)
    assert found["judged"].tolist() == [True, True, True, judged]
    assert judged or "the file of Armenia holds EUR 0.49 of imports for 2022" in found["why_not"][3]


def test_a_year_that_is_confirmed_to_be_whole_is_judged():
    assert mirror_gaps(yearly(90, 100, 500, 49), confirmed=[("AM", 2022)])["judged"].all()


def test_without_three_years_before_the_caveat_says_that_nothing_was_checked():
    found = mirror_gaps(yearly(90, 100, 500, 60))
    assert ["could not be checked" in said for said in found["caveats"]] == [True, True, True, False]


def test_a_part_of_a_year_is_held_against_the_same_months():
    months = [("LT", "AM", f"{year}-{month:02}-01", 900, 100) for year in (2019, 2020, 2021) for month in range(1, 13)]
    found = mirror_gaps(both(*months, ("LT", "AM", "2022-01-01", 900, 100)))
    assert found["judged"].all()  # a January beside Januaries, not beside years


def test_the_guard_looks_at_all_the_partner_recorded_where_that_is_known():
    table = yearly(100, 100, 100, 10, received_total_cents=1000)
    assert mirror_gaps(table)["judged"].all()  # one exporter's trade fell; the file is whole


def test_the_part_of_additional_exports_that_was_not_recorded():
    table = both(("LT", "KZ", "2021-01-01", 100_00, 53_00), ("LT", "KZ", "2022-01-01", 300_00, 106_00))
    found = ghost_share(table, before=("2021-01", "2021-01"), after=("2022-01", "2022-01"), floor=200.0)
    assert (found["observed"][0], found["expected"][0], found["effect"][0]) == (50.0, 200.0, 0.75)
    assert found["flagged"][0] and "75.0% of the additional exports were not recorded" in found["reason"][0]


def test_a_partner_that_received_less_than_before_recorded_none_of_what_was_added():
    table = both(("LT", "KZ", "2021-01-01", 100_00, 5300_00), ("LT", "KZ", "2022-01-01", 300_00, 106_00))
    found = ghost_share(table, before=("2021-01", "2021-01"), after=("2022-01", "2022-01"))
    assert "recorded EUR 4.9 thousand less (6% taken off for freight and insurance): none of the" in found["reason"][0]


def test_neighbouring_thresholds_stand_in_one_table():
    table = both(("LT", "KZ", "2022-01-01", 200_00, 106_00))
    counts = sensitivity(mirror_gaps, table, grid={"gap": [0.4, 0.6], "cif_margin": [0.0, 0.1]}, floor=1.0)
    assert counts["flagged"].tolist() == [1, 0, 1, 1]


ONE = both(("LT", "KZ", "2022-01-01", 200, 100))
UNJUDGED = [
    # table, why not, why
    (ONE.iloc[:0], "the table has no row", "nothing at all"),
    (ONE.assign(sent_cents=pd.NA, received_cents=pd.NA), "what was sent is unknown", "all nulls"),
    (ONE.assign(received_cents=pd.NA), "what was received is unknown", "no row is not a gap of 100%"),
    (ONE.assign(sent_cents=0, received_cents=0), "nothing was sent", "all zeros"),
    (ONE.assign(sent_cents=-200), "what was sent is negative", "negative"),
    (ONE.assign(received_cents=-1), "what was received is negative", "negative on the other side"),
    (ONE.assign(partner="WORLD"), "WORLD is a sum", "an aggregate as partner"),
    (ONE.assign(partner="EU27"), "EU27 is a sum", "the Union records nothing itself"),
    (ONE.assign(reporter="OTHER"), "OTHER is a sum", "a remainder sends nothing itself"),
    (pd.concat([ONE, ONE]), "more than once", "a month there twice"),
    (ONE.assign(partner=None), "no partner is told in 1 of the rows", "nobody's"),
    (ONE.assign(period=None), "no period is told in 1 of the rows", "of no day"),
    (ONE.assign(currency="EUR and USD"), "EUR and USD", "two currencies"),
]


@pytest.mark.parametrize(("table", "why_not", "_why"), UNJUDGED, ids=[row[2] for row in UNJUDGED])
def test_what_cannot_be_judged_says_so(table, why_not, _why):
    spans = {"before": ("2021-01", "2021-01"), "after": ("2022-01", "2022-01")}
    found, ghosts = mirror_gaps(table), ghost_share(table, **spans)
    assert list(found.columns) == list(COLUMNS) and len(found) and not found["judged"].any()
    assert why_not in found["why_not"][0] and found["reason"][0].startswith("Not judged: ")
    assert gaps(table)["gap_6"].isna().all()
    assert not ghosts["judged"].any()  # one month has nothing before it


GHOSTS_UNJUDGED = [
    # rows of sent and received in 2021 and 2022, why not, why
    ([(100, 50), (100, 20)], "no more was sent", "no additional exports"),
    ([(100, 50), (200, None)], "received is unknown", "unknown is not ghost trade"),
    ([(100, 50), (-1, 20)], "sent is negative", "negative"),
]


@pytest.mark.parametrize(("rows", "why_not", "_why"), GHOSTS_UNJUDGED, ids=[row[2] for row in GHOSTS_UNJUDGED])
def test_additional_exports_that_cannot_be_judged(rows, why_not, _why):
    table = both(*(("LT", "KZ", f"{2021 + place}-01-01", *row) for place, row in enumerate(rows)))
    found = ghost_share(table, before=("2021-01", "2021-01"), after=("2022-01", "2022-01"))
    assert why_not in found["why_not"][0]


def test_two_currencies_are_paired_and_not_judged():
    sides = [
        pd.DataFrame({"reporter": [a], "partner": [b], "period": ["2022-01-01"], f"value_{currency}_cents": [100]})
        for a, b, currency in (("LT", "AM", "eur"), ("AM", "LT", "usd"))
    ]
    found = mirror_gaps(pairs(*sides))
    assert found["why_not"].tolist() == ["the values are in EUR and USD: one currency is needed"]


@pytest.mark.shared
def test_armenias_cut_short_year_is_refused_and_reads_as_ghost_trade_without_the_guard(tmp_path, shared):
    folder = shared / "data/aggregates"
    names = ("eurostat_eu_year_exports_by_partner.csv", "nat_armenia.csv")
    files = [raw_file(folder / name, folder) for name in names]
    for raw in files:
        clean(raw, tmp_path)
    engine = connect(tmp_path)
    asked = (("total_export", "AM", "EU27"), ("import", "EU27", "AM"))
    sides = [
        flows.monthly(engine, flows.cells(engine, raw.file_id, flow, partner, reporter=reporter, months=12))
        for raw, (flow, partner, reporter) in zip(files, asked, strict=True)
    ]
    table = pairs(*sides).query("period >= '2019-01-01'")
    in_euros = (table["received_cents"] / 100_000_000).round().astype(int).tolist()
    assert in_euros[-2:] == [1684, 153]
    found = mirror_gaps(table, months=12)
    assert found["judged"].tolist() == [True] * 4 + [False] and "it may not be whole" in found["why_not"][4]
    unguarded = gaps(table, confirmed=[("AM", 2023)])[["gap_0", "gap_6"]].iloc[-1]
    assert [round(100 * share) for share in unguarded] == [93, 93]
