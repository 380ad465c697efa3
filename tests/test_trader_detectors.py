"""What the detectors of shipments must find, number by number, and what each of them refuses to judge."""

import doctest
import importlib
from datetime import date

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import jensenshannon
from shipped import shipped
from test_doors import FIVE

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors import benford, networks, parts, redflags, relabelling, traders, unit_values
from tradeanalytics.detectors.findings import COLUMNS, sensitivity
from tradeanalytics.detectors.parts import Part
from tradeanalytics.detectors.price_lines import BINS, price_lines
from tradeanalytics.detectors.shipped import kept
from tradeanalytics.parties.doors import shared_doors
from tradeanalytics.reference import hs
from tradeanalytics.shipments import Which

DAY = date(2022, 1, 15)
NAMES = ("benford", "networks", "parts", "price_lines", "redflags", "relabelling", "shipped", "trader_words")
MODULES = (*NAMES, "traders", "unit_values")


def month(index):
    """The fifteenth of a month, counted from January 2020."""
    return date(2020 + index // 12, index % 12 + 1, 15)


def monthly(first, last, **told):
    """One item a month."""
    return [{"registered_on": month(index), **told} for index in range(first, last)]


def only(findings):
    (row,) = findings.to_dict("records")
    return row


def of(findings, subject):
    return only(findings[findings["subject"] == subject])


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_documentation_are_true(module):
    assert doctest.testmod(importlib.import_module(f"tradeanalytics.detectors.{module}")).failed == 0


# Unit values


@pytest.mark.shared
def test_the_fishery_has_its_published_number_of_odd_prices(shared, tmp_path):
    lines = (shared / "data/aggregates/fsda/fishery.txt").read_text("utf-8").splitlines()
    pairs = [tuple(map(float, line.split())) for line in lines if line.strip()]
    engine = shipped(tmp_path, [{"net_kg": mass, "value_usd_cents": round(100 * value)} for mass, value in pairs])
    found = unit_values.unit_values(engine)
    row = only(found)
    assert row["n"] == 651 and row["expected"] == pytest.approx(14.0896, abs=5e-5)
    assert row["reason"].startswith("34 of 651 items are priced far under and 2 far over")
    assert row["reason"].endswith("58 are outside Tukey's fence.")
    assert row["flagged"] and row["score"] < -3.5
    odd = unit_values.odd_items(engine, found)
    assert odd["side"].value_counts().to_dict() == {"low": 34, "high": 2}
    assert engine.sql(row["trace"])["record"].tolist() == sorted(odd["record"])


def prices(*values, **told):
    return [{"value_usd_cents": round(100 * value), **told} for value in values]


def lines(share, times, count=200, seed=1):
    """Prices of which a share is so many times as dear, each line with a spread of a tenth."""
    dear = np.arange(count) < share * count
    return np.exp(np.random.default_rng(seed).normal(0, 0.1, count)) * np.where(dear, times, 1.0) * 50


MIXTURES = [
    # the share of the dear, how many times as dear, whether it is a mixture, reason
    (0.5, 2.0, True, "two lines of one size hide each other from median and MAD"),
    (0.1, 3.0, True, "the smaller line is as large as it must be"),
    (0.05, 3.0, False, "one in twenty are outliers, not a line"),
    (0.5, 1.1, False, "lines as far apart as they are wide have no valley between"),
    (0.0, 2.0, False, "one line"),
]


@pytest.mark.parametrize(("share", "times", "mixture", "reason"), MIXTURES)
def test_two_price_lines_are_a_mixture_and_not_outliers(tmp_path, share, times, mixture, reason):
    row = only(unit_values.unit_values(shipped(tmp_path, prices(*lines(share, times)))))
    assert (not row["judged"]) is mixture, reason
    if mixture:
        assert "two price lines" in row["why_not"] and pd.isna(row["flagged"])


def test_prices_of_one_line_are_seldom_called_two():
    random, groups = np.random.default_rng(0), []
    for count in (10, 30, 100, 300):
        for _ in range(500):
            z = random.standard_normal(count)
            z = (z - np.median(z)) / (1.4826 * np.median(abs(z - np.median(z))))
            groups.append(np.bincount(np.clip(np.round(z * 4).astype(int) + BINS // 2, 0, BINS - 1), minlength=BINS))
    two = [found.two(0.1, 0.5) for found in price_lines(np.array(groups))]
    assert sum(two) / len(two) < 0.01


@pytest.mark.parametrize("count", [10, 30, 100, 300])
def test_where_nothing_happened_no_more_than_one_group_in_twenty_is_under_five_percent(count):
    values = np.random.default_rng(0).standard_normal((10_000, count))
    values -= np.median(values, axis=1, keepdims=True)
    z = abs(values).max(axis=1) / (1.4826 * np.median(abs(values), axis=1))
    assert 0.01 < (unit_values.tail(z, count) < 0.05).mean() < 0.055


def test_a_price_is_far_at_the_threshold_and_not_just_short_of_it(tmp_path):
    usual = [50 * np.exp(z) for z in (-0.2, -0.1, -0.1, 0.0, 0.0, 0.1, 0.1, 0.2, 0.0, 0.0)]
    for place, (far, flagged) in enumerate([(3.6, True), (3.4, False)]):
        rows = prices(*usual, 50 * np.exp(far * 1.4826 * 0.1))
        row = only(unit_values.unit_values(shipped(tmp_path / str(place), rows), smaller=0.2))
        assert row["flagged"] is flagged and row["score"] == pytest.approx(far, abs=0.01)


def test_one_price_of_many_masses_is_no_spread_although_division_leaves_one(tmp_path):
    items = [{"net_kg": 0.013 * count, "value_usd_cents": 29 * count} for count in range(1, 200)]
    by_price = {item["value_usd_cents"] / 100.0 / item["net_kg"]: item for item in items}
    assert len(by_price) >= 2 and max(by_price) - min(by_price) < 1e-12  # one price, but for its last digits
    rows = [*by_price.values()] * 10
    found = unit_values.unit_values(shipped(tmp_path, [*rows, {"net_kg": 1.0, "value_usd_cents": 90_000}]))
    assert "one and the same price" in only(found)["why_not"]


def test_a_window_that_rolls_holds_an_item_against_the_months_before(tmp_path):
    cheap = [row for index in range(12, 24) for row in prices(48, 50, 51, registered_on=month(index))]
    rows = [*cheap, *prices(90, registered_on=month(24))]
    found = unit_values.unit_values(shipped(tmp_path, rows), months=12, every=1)
    last = found[found["period"] == "2022-01-01"].to_dict("records")[0]
    assert last["n"] == 34 and last["flagged"] and last["observed"] == pytest.approx(90)
    alone = unit_values.unit_values(shipped(tmp_path, rows), months=12, every=12)
    assert "1 item" in alone[alone["period"] == "2022-01-01"].to_dict("records")[0]["why_not"]
    with pytest.raises(TradeAnalyticsError, match="months: 12, expected a multiple of every, which is 5"):
        unit_values.unit_values(shipped(tmp_path, rows), every=5)


# Traders


def bought(*shares, **told):
    return [
        {"shipper_name": f"SYNTHETIC S{place}", "value_usd_cents": 100 * share, **told}
        for place, share in enumerate(shares)
    ]


def test_the_concentration_of_seven_suppliers_is_1700_as_of_588(tmp_path):
    row = only(traders.concentration(shipped(tmp_path, bought(25, 20, 15, 15, 10, 10, 5)), at_least=7, share=0.25))
    assert row["score"] == pytest.approx(1_700) and row["effect"] == pytest.approx(5.88, abs=0.005)
    assert row["observed"] == 0.25 and row["flagged"] and "SYNTHETIC S0" in row["reason"]


@pytest.mark.parametrize(("share", "flagged"), [(0.25, True), (0.2501, False)])
def test_a_share_is_flagged_at_the_threshold_and_not_just_short_of_it(tmp_path, share, flagged):
    row = only(traders.concentration(shipped(tmp_path, bought(25, 25, 25, 25)), at_least=4, share=share))
    assert row["flagged"] is flagged


OTHER = {"consignee_name": "SYNTHETIC OTHER"}
NEW = [
    # months of the buyer, counted from 2020-01, and whether it is new from 2022-03 on; reason
    (range(26, 30), True, "first seen in 2022-03"),
    (range(27, 30), True, "first seen later"),
    ((13, 27), True, "14 months before, and months is 13"),
    ((14, 27), False, "13 months before: not more than months"),
    (range(20, 30), False, "known before"),
]


@pytest.mark.parametrize(("months", "new", "reason"), NEW)
def test_an_entrant_was_not_seen_for_so_many_months(tmp_path, months, new, reason):
    rows = [*monthly(0, 36, **OTHER), *({"registered_on": month(index)} for index in months)]
    found = traders.entrants(shipped(tmp_path, rows), "2022-03", months=13)
    assert of(found, "consignee SYNTHETIC BUYER")["flagged"] is new, reason
    assert not of(found, "consignee SYNTHETIC OTHER")["flagged"]


def test_a_start_of_the_records_is_no_start_of_trade(tmp_path):
    engine = shipped(tmp_path, [*monthly(20, 36, **OTHER), *monthly(26, 30)])
    row = of(traders.entrants(engine, "2022-03", months=12), "consignee SYNTHETIC BUYER")
    assert "the records begin in 2021-09, fewer than 12 months before" in row["why_not"] and pd.isna(row["flagged"])
    lacking = [row for row in monthly(0, 36, **OTHER) if row["registered_on"] != month(20)]
    row = of(traders.entrants(shipped(tmp_path, [*lacking, *monthly(26, 30)]), "2022-03", months=12), row["subject"])
    assert "no record is of 2021-09" in row["why_not"]


GONE = [
    # the last month with trade, of records until 2022-12, and what is said; reason
    (23, "flagged", "twelve silent months"),
    (24, "the records end in 2022-12", "eleven: it may only pause"),
    (35, "not flagged", "traded in the last month"),
]


@pytest.mark.parametrize(("last", "said", "reason"), GONE)
def test_a_trader_is_gone_after_twelve_silent_months(tmp_path, last, said, reason):
    engine = shipped(tmp_path, [*monthly(0, 36, **OTHER), *monthly(0, last + 1)])
    row = of(traders.vanished(engine), "consignee SYNTHETIC BUYER")
    answer = row["why_not"] if not row["judged"] else "flagged" if row["flagged"] else "not flagged"
    assert said in answer, reason
    if said == "flagged":
        assert row["observed"] == 12 and 0 < row["p"] < 1e-9


def test_before_and_after_is_in_value_a_month_beside_all_others(tmp_path):
    rows = [
        *monthly(14, 26, value_usd_cents=1_000_000),
        *monthly(26, 38, value_usd_cents=2_000_000),
        *monthly(14, 38, value_usd_cents=500_000, shipper_name="SYNTHETIC STEADY"),
        *monthly(26, 38, shipper_name="SYNTHETIC LATE"),
    ]
    found = traders.before_after(shipped(tmp_path, rows), "2022-03")
    row = of(found, "shipper SYNTHETIC SENDER")
    assert (row["observed"], row["expected"], row["effect"], row["flagged"]) == (20_000, 10_000, 2.0, True)
    assert row["p"] < 1e-4 and "all others changed 1.02 times" in row["reason"]
    assert not of(found, "shipper SYNTHETIC STEADY")["flagged"]
    assert "a new trader, not a rise" in of(found, "shipper SYNTHETIC LATE")["why_not"]
    assert not traders.before_after(shipped(tmp_path, rows), "2022-03", times=2.01)["flagged"].any()


UNVALUED = [
    # months of 2021-03 to 2022-02 whose item has no value, and what is said of the rise after; reason
    (range(14, 15), "flagged", "one of twelve: said beside the ratio"),
    (range(14, 16), "no value is known of 17% of its items before 2022-03", "two of twelve: the rise may be of them"),
    (range(14, 26), "no value is known of 100% of its items before 2022-03", "and no new trader: it was there"),
]


@pytest.mark.parametrize(("months", "said", "reason"), UNVALUED)
def test_values_that_are_not_known_are_no_rise_from_zero(tmp_path, months, said, reason):
    nothing = {month(index) for index in months}
    before = [row | ({"value_usd_cents": None} if row["registered_on"] in nothing else {}) for row in monthly(14, 26)]
    after = monthly(26, 38, value_usd_cents=20_000_000)
    steady = monthly(14, 38, shipper_name="SYNTHETIC STEADY")
    row = of(traders.before_after(shipped(tmp_path, [*before, *after, *steady]), "2022-03"), "shipper SYNTHETIC SENDER")
    assert said == ("flagged" if row["judged"] and row["flagged"] else row["why_not"]), reason


UNKNOWN_SHARES = [
    # items of one supplier, items of another that have no value, what is said; reason
    (10, 1, "flagged", "one of eleven is not: said beside the share"),
    (10, 2, "no value is known of 17% of its items", "two of twelve: the share may be another"),
    (9, 1, "9 items with a value, expected 10 or more", "an item without a value is no observation of it"),
]


@pytest.mark.parametrize(("large", "unknown", "said", "reason"), UNKNOWN_SHARES)
def test_a_share_of_values_that_are_mostly_not_known_is_not_told(tmp_path, large, unknown, said, reason):
    other = {"shipper_name": "SYNTHETIC S1", "value_usd_cents": None}
    row = only(traders.concentration(shipped(tmp_path, [{}] * large + [other] * unknown)))
    assert said == ("flagged" if row["judged"] and row["flagged"] else row["why_not"]), reason
    assert not row["judged"] or (f"{unknown} more item" in row["reason"]) is bool(unknown)


def test_an_entrants_value_a_month_says_what_it_leaves_out(tmp_path):
    new = {"shipper_name": "SYNTHETIC NEW"}
    rows = [*monthly(0, 36), *monthly(30, 32, **new), *monthly(32, 34, **new, value_usd_cents=None)]
    row = of(traders.entrants(shipped(tmp_path, rows), "2022-03", role="shipper"), "shipper SYNTHETIC NEW")
    assert row["flagged"] and "2 more items have no value." in row["reason"]


# Benford


def fibonacci():
    digits, one, other = [], 1, 1
    for _ in range(1_000):
        digits.append(str(one)[0])
        one, other = other, one + other
    return digits


def test_the_first_thousand_fibonacci_numbers_follow_benford():
    counts = [fibonacci().count(str(digit)) for digit in benford.DIGITS]
    assert counts == [301, 177, 125, 96, 80, 67, 56, 53, 45]
    assert benford.chi_square(counts) == pytest.approx(0.1695, abs=5e-5)


def values(digits, codes):
    return [
        {"value_usd_cents": int(digit) * 100 + 7, "hs": f"{854231 + place % codes}0000"}
        for place, digit in enumerate(digits)
    ]


def test_the_same_digits_as_shipments_have_the_same_chi_square(tmp_path):
    row = only(benford.benford(shipped(tmp_path, values(fibonacci(), 10))))
    assert row["score"] == pytest.approx(0.1695, abs=5e-5) and row["n"] == 1_000 and row["flagged"] is False


@pytest.mark.parametrize(("n", "codes", "why"), [(100, 10, None), (99, 10, "99 values"), (100, 9, "9 codes of goods")])
def test_benford_is_not_applicable_to_few_values_or_few_goods(tmp_path, n, codes, why):
    row = only(benford.benford(shipped(tmp_path, values("5" * n, codes))))
    assert row["flagged"] is True if why is None else why in row["why_not"] and "not applicable" in row["why_not"]


@pytest.mark.parametrize("tenth", [None, "8542"])
def test_benford_counts_no_code_that_is_not_of_six_digits(tmp_path, tenth):
    rows = values(fibonacci(), 10)
    told = [row | {"hs": tenth} if row["hs"] == "8542400000" else row for row in rows]
    assert only(benford.benford(shipped(tmp_path / "ten", rows)))["judged"]
    why = only(benford.benford(shipped(tmp_path / "nine", told)))["why_not"]
    assert why == "not applicable: 9 codes of goods, expected 10 or more"


# Relabelling


def goods(before, after):
    """Items by code before and after an event, spread over the twelve months of each side."""
    sides = ((before, -12), (after, 0))
    return [
        {"hs": code, "registered_on": month(26 + first + place % 12)}
        for counts, first in sides
        for code, count in counts.items()
        for place in range(count)
    ]


def test_a_shift_from_a_listed_code_to_one_beside_it_is_found(tmp_path):
    rows = goods({"854231": 80, "854290": 20}, {"854231": 40, "854290": 60})
    row = only(relabelling.relabelled(shipped(tmp_path, rows), "2022-03"))
    assert (row["expected"], row["observed"], row["flagged"]) == (0.8, 0.4, True)
    assert row["score"] == pytest.approx(-5.7735, abs=5e-5) and row["p"] < 1e-8
    back = goods({"854231": 40, "854290": 60}, {"854231": 80, "854290": 20})
    assert not only(relabelling.relabelled(shipped(tmp_path, back), "2022-03"))["flagged"]


def test_listed_goods_that_only_stop_are_not_said_to_rise_beside_them(tmp_path):
    rows = goods({"854231": 80, "854290": 20}, {"854231": 10, "854290": 20})
    row = only(relabelling.relabelled(shipped(tmp_path, rows), "2022-03"))
    assert row["flagged"] and row["reason"].endswith("the items in codes beside them went from 20 to 20.")


def test_a_new_edition_of_the_hs_is_no_relabelling(tmp_path):
    """8525.80 became 8525.81 to 8525.89 in January 2022: the same goods under other numbers."""
    rows = [
        {"hs": "852580" if index < 24 else "852589", "registered_on": month(index)}
        for index in range(14, 38)
        for _ in range(5)
    ]
    found = relabelling.mix_shift(shipped(tmp_path, rows), "2022-03")
    assert only(found)["observed"] == 0 and not only(found)["flagged"]


def test_a_code_that_cannot_be_compared_is_not_judged(tmp_path):
    for place, (count, judged) in enumerate([(2, True), (3, False)]):  # a twentieth of the items, and more
        rows = goods({"854231": 20, "850099": count}, {"854231": 20})
        row = only(relabelling.mix_shift(shipped(tmp_path / str(place), rows), "2022-03"))
        assert row["judged"] is judged
        assert ("2 items were left out: " if judged else "cannot be compared") in (row["caveats"] or row["why_not"])


MIXES = [
    # items by code before and after, how far apart they are; reason
    ({"854231": 30, "854290": 30}, {"854231": 60, "854290": 60}, 0.0, "the same mix, twice as large"),
    ({"854231": 30}, {"854290": 40}, 1.0, "nothing in common"),
    ({"854231": 30, "854290": 30}, {"854231": 60}, jensenshannon([0.5, 0.5], [1, 0], base=2), "as scipy has it"),
]


@pytest.mark.parametrize(("before", "after", "apart", "reason"), MIXES)
def test_the_distance_of_mixes_is_0_for_the_same_and_1_for_disjoint_ones(tmp_path, before, after, apart, reason):
    row = only(relabelling.mix_shift(shipped(tmp_path, goods(before, after)), "2022-03"))
    assert row["observed"] == pytest.approx(apart, abs=1e-6), reason
    assert row["flagged"] is bool(apart >= 0.5)


def test_few_items_of_many_codes_are_far_apart_by_chance_and_not_flagged(tmp_path):
    codes = sorted(hs.codes("2017") & hs.codes("2022"))[:20]
    rows = [*goods(dict.fromkeys(codes[:10], 2), dict.fromkeys(codes[5:15], 2)), *monthly(14, 38, **OTHER)]
    row = of(relabelling.mix_shift(shipped(tmp_path, rows), "2022-03"), "consignee SYNTHETIC BUYER")
    assert row["observed"] > 0.5 and row["p"] > 0.001


# Networks


def test_betweenness_is_that_of_networkx_and_a_sample_is_near_it():
    drawn = nx.gnm_random_graph(300, 700, seed=1)
    matrix = csr_array(nx.to_scipy_sparse_array(drawn, dtype=float))
    exact = networks.betweenness(matrix, np.arange(300))
    assert exact == pytest.approx(list(nx.betweenness_centrality(drawn).values()), abs=1e-12)
    starts = np.sort(np.random.default_rng(0).choice(300, 100, replace=False))
    assert np.corrcoef(networks.betweenness(matrix, starts), exact)[0, 1] > 0.9


def trade(tmp_path, *pairs):
    rows = [{"shipper_name": f"SYNTHETIC {one}", "consignee_name": f"SYNTHETIC {other}"} for one, other in pairs]
    return networks.Trade(shipped(tmp_path, rows))


STAR = (("A", "B"), ("A", "C"), ("A", "D"), ("E", "D"), ("E", "F"), ("X", "Y"), ("X", "Z"))


def test_an_island_a_star_a_middleman_and_a_way_to_a_listed_party_are_found(tmp_path):
    graph = trade(tmp_path, *STAR)
    found = networks.islands(graph)
    assert found["observed"].to_list() == [6, 3] and found["flagged"].to_list() == [False, True]
    found = networks.stars(graph, at_least=2).set_index("subject")
    assert found["observed"].to_dict() == {"shipper SYNTHETIC A": 2, "shipper SYNTHETIC E": 1, "shipper SYNTHETIC X": 2}
    found = networks.between(graph, most=1)
    assert found[found["flagged"]]["subject"].to_list() == ["company SYNTHETIC A"]
    found = networks.paths(graph, ["SYNTHETIC F"], most=2)
    found = found.assign(subject=found["subject"].str.removeprefix("company ")).set_index("subject")
    steps = {"SYNTHETIC F": 0, "SYNTHETIC E": 1, "SYNTHETIC D": 2, "SYNTHETIC A": 3, "SYNTHETIC B": 4, "SYNTHETIC C": 4}
    assert found["observed"].dropna().to_dict() == steps
    assert found["flagged"].to_dict()["SYNTHETIC D"] and not found["flagged"].to_dict()["SYNTHETIC A"]
    assert "no proof that none does" in found["reason"]["SYNTHETIC X"]
    assert "SYNTHETIC D – SYNTHETIC E – SYNTHETIC F" in found["reason"]["SYNTHETIC D"]


def test_a_sample_of_starts_is_said_with_its_number_and_seed_and_is_the_same_again(tmp_path):
    graph = trade(tmp_path, *((f"A{place}", f"B{place % 7}") for place in range(40)))
    found = networks.between(graph, exact=10, sample=5, seed=3)
    assert found["reason"].str.contains("5 of 47 companies taken as starts, seed 3").all()
    pd.testing.assert_frame_equal(found, networks.between(graph, exact=10, sample=5, seed=3))


def test_four_at_one_room_and_one_joined_by_a_second_address_are_a_group_of_five_with_seven_pairs():
    found = networks.shared_premises(shared_doors(FIVE))
    group = found[found["judged"]].to_dict("records")[0]
    assert (group["observed"], group["effect"], group["flagged"]) == (5, 7, True)


# Parts

MODULE = {"description": "CELLULAR MODULE VXQ7600E-H 300 PCS", "manufacturer": "SYNTHETIC VEXOLA LLC"}
FOUND = [
    {"description": MODULE["description"], "kind": "model", "value": "VXQ7600E-H", "start": 16, "end": 26},
    {
        "description": MODULE["description"],
        "kind": "pieces",
        "value": "300 PCS",
        "number": 300.0,
        "start": 27,
        "end": 34,
    },
]


def test_pieces_of_a_named_part_are_read_where_the_column_is_empty(tmp_path):
    rows = [MODULE, MODULE | {"quantity": 50.0, "quantity_unit": "PCS"}, {"description": "ELSE"}]
    engine = shipped(tmp_path, rows, FOUND)
    row = only(parts.parts_named(engine, [Part("", "vxq-7600eh")]))
    assert row["observed"] == 350 and row["n"] == 2 and row["flagged"] and "no_maker" not in row["caveats"]
    assert "1 of them counted from the description" in row["reason"] and "another maker" in row["caveats"]
    assert engine.sql(row["trace"])["record"].to_list() == [1, 2]
    assert "another maker" not in only(parts.parts_named(engine, [Part("Vexola", "VXQ7600E-H")]))["caveats"]
    assert only(parts.parts_named(engine, [Part("vexola", "")]))["n"] == 2
    gone = only(parts.parts_named(engine, [Part("VEX", "")]))
    assert gone["judged"] and not gone["flagged"] and "in no description" in gone["reason"]


LISTS = [
    # the file, what is said; reason
    (b"maker,part\nVEXOLA,\n,VXQ7600E-H\nVEXOLA,\n", None, "a part or a maker, each once"),
    (b"maker\nVEXOLA\n", "expected the columns 'maker' and 'part'", "a column is missing"),
    (b"maker,part\n", "at least one row", "no row"),
    (b"maker,part\nVEXOLA,1\n - ,--\n", "parts.csv line 3: '- --', expected a maker or a part number", "only marks"),
    (b"maker,part\n\xff,1\n", "not a readable CSV in UTF-8", "another encoding"),
]


@pytest.mark.parametrize(("content", "wrong", "reason"), LISTS)
def test_a_list_of_parts_is_read_or_refused_in_one_line(tmp_path, content, wrong, reason):
    path = tmp_path / "parts.csv"
    path.write_bytes(content)
    if wrong is None:
        assert parts.read_parts(path) == (Part("VEXOLA", ""), Part("", "VXQ7600E-H")), reason
        return
    with pytest.raises(TradeAnalyticsError, match=wrong) as caught:
        parts.read_parts(path)
    assert "\n" not in str(caught.value)


# Red flags

PHONES = [
    # country, address, whether it is flagged, or why it is not judged; reason
    ("HK", "UNIT 5, TEL +7 495 1234567", True, "a Russian number in Hong Kong"),
    ("RU", "MOSCOW, TEL +7 495 1234567", False, "its own"),
    ("KZ", "ALMATY +7 (701) 123-45-67", False, "Kazakhstan has +76 and +77"),
    ("RU", "MOSCOW +7 701 1234567", True, "a number of Kazakhstan"),
    ("CA", "TORONTO +1 416 555 0100", False, "+1 416 is of Canada"),
    ("HK", "+852 2123 4567, +7 495 1234567", False, "one of two agrees"),
    ("HK", "ROOM 5, 12 QUEENS RD", "no phone number", "none is told"),
    ("HK", "TEL 495 1234567", "no phone number", "without +, which country nobody knows"),
    ("US", "CALL +1 416 967 1111", True, "a number of Toronto, and +1 is of the United States, too"),
    ("HK", "+999 12345678", "no phone number", "no such code"),
    ("HK", "+870 773 111 632", "is of no country known here", "of a satellite"),
    (None, "+7 495 1234567", "the country is not told", "its country is not told"),
]


@pytest.mark.parametrize(("country", "address", "answer", "reason"), PHONES)
def test_a_phone_number_of_another_country_is_flagged(tmp_path, country, address, answer, reason):
    rows = [{"consignee_country": country, "consignee_address": address}]
    row = only(redflags.phone_country(shipped(tmp_path, rows)))
    assert row["flagged"] is answer if isinstance(answer, bool) else answer in row["why_not"], reason
    if row["judged"]:
        assert "FIN-2023-Alert004" in row["caveats"] and "does not prove" in row["caveats"]


@pytest.mark.parametrize(("day", "flagged"), [(date(2022, 2, 24), False), (date(2022, 2, 25), True)])
def test_a_buyer_of_priority_goods_first_seen_after_the_invasion_is_flagged(tmp_path, day, flagged):
    rows = [*monthly(0, 36, **OTHER, hs="0101210000"), {"registered_on": day}]
    row = only(redflags.new_buyers(shipped(tmp_path, rows)))
    assert row["subject"] == "consignee SYNTHETIC BUYER" and row["flagged"] is flagged


def test_a_buyer_of_priority_goods_is_not_new_where_a_month_before_it_is_missing(tmp_path):
    lacking = [row for row in monthly(0, 36, **OTHER, hs="0101210000") if row["registered_on"] != month(20)]
    row = only(redflags.new_buyers(shipped(tmp_path, [*lacking, {"registered_on": date(2022, 3, 5)}])))
    assert row["why_not"] == "no record is of 2021-09, so that trade in it is unknown"


def test_a_dormant_company_that_is_active_again_is_flagged_and_a_new_one_is_not(tmp_path):
    new = {"consignee_name": "SYNTHETIC NEW"}
    rows = [*monthly(0, 36, **OTHER), *monthly(0, 5), *monthly(27, 30), *monthly(27, 30, **new)]
    found = redflags.dormant(traders.entrants(shipped(tmp_path, rows), "2022-03", months=12)).set_index("subject")[
        "flagged"
    ]
    assert found.to_dict() == {
        "consignee SYNTHETIC BUYER": True, "consignee SYNTHETIC NEW": False, "consignee SYNTHETIC OTHER": False,
    }  # fmt: skip


def test_goods_made_elsewhere_and_sold_and_sent_from_a_known_point_are_flagged(tmp_path):
    turkish = {"origin_country": "US", "dispatch_country": "TR", "trading_country": "TR"}
    local = {**turkish, "origin_country": "TR"}
    german = {**turkish, "trading_country": "DE"}  # sent from Turkey, and not sold there
    assert not only(redflags.transshipped(shipped(tmp_path / "sold", [german] * 10)))["flagged"]
    for place, (odd, flagged) in enumerate([(5, True), (4, False)]):
        engine = shipped(tmp_path / str(place), [turkish] * odd + [local] * (10 - odd))
        assert only(redflags.transshipped(engine))["flagged"] is flagged


def test_goods_that_go_to_another_country_than_the_buyers_are_flagged(tmp_path):
    for place, (odd, flagged) in enumerate([(5, True), (4, False)]):
        rows = [{"destination_country": "KZ"}] * odd + [{}] * (10 - odd)
        assert only(redflags.elsewhere(shipped(tmp_path / str(place), rows)))["flagged"] is flagged


def test_a_trader_with_many_odd_prices_is_flagged(tmp_path):
    usual = np.exp(np.random.default_rng(2).normal(0, 0.1, 300)) * 50
    rows = [*prices(*usual, **OTHER), *prices(*usual[:20], 5, 6, 7)]
    engine = shipped(tmp_path, rows)
    found = redflags.prices(engine, unit_values.unit_values(engine)).set_index("subject")
    assert found["flagged"].to_dict() == {"consignee SYNTHETIC BUYER": True, "consignee SYNTHETIC OTHER": False}
    assert found["observed"]["consignee SYNTHETIC BUYER"] == pytest.approx(3 / 23)


# What cannot be judged

FEW = [{"registered_on": month(14 + place % 24), "shipper_name": f"SYNTHETIC S{place % 3}"} for place in range(240)]
MANY = [*FEW, *(row | OTHER for row in FEW)]


def every(**told):
    return [row | told for row in MANY]


ONE, TWO = {"invented": False}, {"value_usd_basis": "estimated"}
INPUTS = {
    "one row": [{}],
    "all zeros": every(value_usd_cents=0),
    "all nulls": every(value_usd_cents=None, net_kg=None),
    "negative": [row | ({} if place % 5 else {"value_usd_cents": -1}) for place, row in enumerate(MANY)],
    "one trader": [row | {"shipper_name": "SYNTHETIC S0"} for row in FEW],
    "one month": [row | {"registered_on": DAY} for row in MANY],
    "currencies": [row | (TWO if place % 2 else {}) for place, row in enumerate(MANY)],
    "invented": [row | (ONE if place % 2 else {}) for place, row in enumerate(MANY)],
    "nobody": every(shipper_name=None, consignee_name=None),
    "aggregate": every(origin_country="EU27", dispatch_country=None),
    "no day": every(registered_on=None),
    "nothing": [{"duplicate": "exact"}],
}  # fmt: skip
VX = [Part("", "VXQ7600E-H")]
DETECTORS = {
    "unit values": lambda engine: unit_values.unit_values(engine),
    "entrants": lambda engine: traders.entrants(engine, "2022-03", months=12),
    "vanished": lambda engine: traders.vanished(engine),
    "concentration": lambda engine: traders.concentration(engine),
    "before and after": lambda engine: traders.before_after(engine, "2022-03"),
    "benford": lambda engine: benford.benford(engine),
    "relabelled": lambda engine: relabelling.relabelled(engine, "2022-03"),
    "mix": lambda engine: relabelling.mix_shift(engine, "2022-03"),
    "islands": lambda engine: networks.islands(networks.Trade(engine)),
    "between": lambda engine: networks.between(networks.Trade(engine)),
    "stars": lambda engine: networks.stars(networks.Trade(engine)),
    "paths": lambda engine: networks.paths(networks.Trade(engine), ["SYNTHETIC NOBODY"]),
    "parts": lambda engine: parts.parts_named(engine, VX),
    "phone": lambda engine: redflags.phone_country(engine),
    "new buyers": lambda engine: redflags.new_buyers(engine),
    "dormant": lambda engine: redflags.dormant(traders.entrants(engine, "2022-03", months=12)),
    "price": lambda engine: redflags.prices(engine, unit_values.unit_values(engine)),
    "route": lambda engine: redflags.transshipped(engine),
    "elsewhere": lambda engine: redflags.elsewhere(engine),
}
REFUSED = [
    # the detector, what it is given, what every row of its answer says
    ("unit values", "one row", "1 item with a value and a mass"),
    ("unit values", "all zeros", "every value of it is zero"),
    ("unit values", "all nulls", "no item of it has a value"),
    ("unit values", "negative", "below zero"),
    ("unit values", "one month", "one and the same price"),
    ("unit values", "currencies", "on several bases (estimated, statistical)"),
    ("unit values", "invented", "invented shipments stand beside real ones"),
    ("unit values", "aggregate", "EU27 is not one country"),
    ("unit values", "no day", "the items have no day"),
    ("entrants", "one row", ""),
    ("entrants", "nobody", "nobody is named"),
    ("entrants", "currencies", "on several bases"),
    ("entrants", "all nulls", "no item of it has a value"),
    ("entrants", "all zeros", "every value of it is zero"),
    ("entrants", "no day", ""),
    ("vanished", "one row", "1 month with trade"),
    ("vanished", "one month", "1 month with trade"),
    ("vanished", "nobody", "nobody is named"),
    ("vanished", "no day", "the items have no day"),
    ("vanished", "invented", "invented shipments stand beside real ones"),
    ("concentration", "one row", "the records hold one shipper only"),
    ("concentration", "one trader", "the records hold one shipper only"),
    ("concentration", "all zeros", "every value of it is zero"),
    ("concentration", "all nulls", "no item of it has a value"),
    ("concentration", "currencies", "on several bases"),
    ("concentration", "nobody", "nobody is named"),
    ("concentration", "no day", "the items have no day"),
    ("before and after", "one row", "the records hold nothing of 2021-03, and 12 months on each side"),
    ("before and after", "one month", "the records hold nothing of 2021-03"),
    ("before and after", "one trader", "the records hold one shipper only"),
    ("before and after", "all zeros", "every value of it is zero"),
    ("before and after", "all nulls", "no item of it has a value"),
    ("before and after", "currencies", "on several bases"),
    ("before and after", "nobody", "nobody is named"),
    ("benford", "one row", "not applicable: 1 value above zero"),
    ("benford", "all zeros", "every value of it is zero"),
    ("benford", "one trader", "not applicable: 1 code of goods"),
    ("benford", "currencies", "on several bases"),
    ("benford", "nobody", "nobody is named"),
    ("relabelled", "one row", "nothing of 2021-03"),
    ("relabelled", "one month", "nothing of 2021-03"),
    ("relabelled", "nobody", "nobody is named"),
    ("relabelled", "invented", "invented shipments stand beside real ones"),
    ("mix", "one row", "nothing of 2021-03"),
    ("mix", "nobody", "nobody is named"),
    ("mix", "invented", "invented shipments stand beside real ones"),
    ("islands", "one row", "one shipper and one consignee only"),
    ("islands", "one trader", "one shipper and one consignee only"),
    ("between", "one row", "one shipper and one consignee only"),
    ("between", "nobody", "nobody is named"),
    ("between", "invented", "invented shipments stand beside real ones"),
    ("stars", "nobody", "nobody is named"),
    ("paths", "one month", "no listed party is among the companies"),
    ("paths", "nobody", "nobody is named"),
    ("parts", "nothing", "the records hold no shipment that was asked for"),
    ("phone", "one row", "no phone number"),
    ("phone", "nobody", "nobody is named"),
    ("phone", "invented", "invented shipments stand beside real ones"),
    ("new buyers", "one row", "the records begin in 2022-01"),
    ("new buyers", "one month", "the records begin in 2022-01"),
    ("new buyers", "nobody", "nobody is named"),
    ("new buyers", "no day", ""),
    ("dormant", "nobody", "nobody is named"),
    ("dormant", "all nulls", "no item of it has a value"),
    ("price", "one row", "0 items whose usual price is known"),
    ("price", "all nulls", "0 items whose usual price is known"),
    ("price", "nobody", "nobody is named"),
    ("route", "one row", "1 item, expected 10 or more"),
    ("route", "aggregate", "is not told in any item"),
    ("route", "nobody", "nobody is named"),
    ("elsewhere", "one row", "1 item, expected 10 or more"),
    ("elsewhere", "invented", "invented shipments stand beside real ones"),
]


@pytest.mark.parametrize(("detector", "given", "why"), REFUSED)
def test_what_cannot_be_judged_says_why(tmp_path, detector, given, why):
    found = DETECTORS[detector](shipped(tmp_path, INPUTS[given]))
    assert list(found.columns) == list(COLUMNS)
    assert not found["judged"].any() and found["flagged"].isna().all() and found["survives"].isna().all()
    assert (len(found) or not why) and found["why_not"].str.contains(why, regex=False).all()
    assert found["reason"].str.contains("Not judged: ").all()


@pytest.mark.parametrize("given", INPUTS)
@pytest.mark.parametrize("detector", DETECTORS)
def test_no_input_is_an_error_and_what_is_not_judged_is_not_flagged(tmp_path, detector, given):
    found = DETECTORS[detector](shipped(tmp_path, INPUTS[given]))
    assert list(found.columns) == list(COLUMNS)
    assert (found["flagged"].isna() == ~found["judged"]).all() and (found["reason"] != "").all()
    assert (found["why_not"].isna() == found["judged"]).all()


@pytest.mark.parametrize("detector", DETECTORS)
def test_an_answer_is_the_same_whatever_the_order_of_the_rows_and_from_kept_shipments(tmp_path, detector):
    rows = [row | {"record": place} for place, row in enumerate(MANY, 1)]
    found = DETECTORS[detector](shipped(tmp_path / "one", rows))
    pd.testing.assert_frame_equal(found, DETECTORS[detector](shipped(tmp_path / "other", rows[::-1])))


def test_kept_shipments_give_the_same_answers_and_the_same_way_back(tmp_path):
    engine = shipped(tmp_path, MANY)
    once = kept(engine, tmp_path)
    for detect in (unit_values.unit_values, traders.concentration, benford.benford, redflags.phone_country):
        pd.testing.assert_frame_equal(detect(engine), detect(engine, once))
    assert all("kept.parquet" not in text for text in traders.vanished(engine, once)["trace"].dropna())


NARROWED = [
    # what is asked for, reason
    (Which(consignee="SYNTHETIC OTHER"), "the months that the records hold are everybody's, not the trader's own"),
    (Which(shipper="SYNTHETIC S1", first="2021-05"), "some suppliers and months"),
    (Which(hs="8542"), "some goods"),
    (Which(words="goods"), "words of a description, which is kept only then"),
]


@pytest.mark.parametrize(("which", "_reason"), NARROWED)
def test_kept_shipments_that_are_narrowed_give_the_same_answers(tmp_path, which, _reason):
    gone = [row for row in MANY if row["registered_on"] < date(2022, 6, 1) or "consignee_name" not in row]
    engine = shipped(tmp_path, gone)
    once = kept(engine, tmp_path, which)
    for detect in (traders.vanished, traders.concentration, unit_values.unit_values):
        pd.testing.assert_frame_equal(detect(engine, which), detect(engine, once))


def test_a_month_that_two_files_hold_counts_once(tmp_path):
    """What an earlier file holds is marked when a file is cleaned, and no detector counts it again."""
    twice = [*MANY, *(row | {"duplicate": "same_key_same_payload"} for row in MANY)]
    one, other = shipped(tmp_path / "one", MANY), shipped(tmp_path / "other", twice)
    pd.testing.assert_frame_equal(traders.before_after(one, "2022-03"), traders.before_after(other, "2022-03"))


def test_neighbouring_thresholds_are_one_small_table(tmp_path):
    engine = shipped(tmp_path, bought(25, 20, 15, 15, 10, 10, 5))
    told = sensitivity(traders.concentration, engine, grid={"share": (0.2, 0.25, 0.3)}, at_least=7)
    assert told["flagged"].to_list() == [1, 1, 0] and told["judged"].to_list() == [1, 1, 1]


def test_a_trace_lists_the_records_of_the_finding(tmp_path):
    engine = shipped(tmp_path, MANY)
    for row in traders.concentration(engine).to_dict("records"):
        assert len(engine.sql(row["trace"])) == row["n"]
    assert Which(consignee="SYNTHETIC BUYER").sql() in traders.vanished(engine)["trace"].dropna().iloc[0]
