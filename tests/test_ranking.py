"""A ranked list: what puts a unit where it is, what the first of it hold, and what labels say of a flag."""

import doctest
import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors import ranking
from tradeanalytics.detectors.ranking import evaluated, funnel, ranked, weights_of_evidence, wide


def test_the_examples_in_the_documentation_are_true():
    assert doctest.testmod(ranking).failed == 0


def units(names, **columns):
    return pd.DataFrame({"unit": list(names), **columns})


def flags(*pairs):
    return pd.DataFrame(pairs, columns=["unit", "kind"], dtype="str")


def only(table):
    (row,) = table.to_dict("records")
    return row


# The list

FLAGGED = flags(("C", "door"), ("B", "part"), ("C", "part"), ("C", "door"), ("E", "door"))


def test_equal_weights_count_each_kind_once_and_equal_scores_keep_the_order_given():
    found = ranked(units("EBDCA", value_usd_cents=[5, 2, 4, 3, None]), FLAGGED)
    assert found["unit"].tolist() == ["C", "E", "B", "D", "A"] and found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["score"].tolist() == [2.0, 1.0, 1.0, 0.0, 0.0] and found["flags"].tolist() == [2, 1, 1, 0, 0]
    assert found["contributions"].tolist() == ["door 1.00; part 1.00", "door 1.00", "part 1.00", "", ""]
    assert found["value_usd_cents"].tolist()[:4] == [3, 5, 2, 4] and math.isnan(found["value_usd_cents"][4])
    assert list(found) == ["unit", "value_usd_cents", "rank", "score", "contributions", "flags", "referred"]


def test_the_largest_contribution_is_named_first_and_a_kind_without_a_told_weight_counts_one():
    found = ranked(units("CBE"), FLAGGED, weights={"part": 2.5})
    assert found["contributions"].tolist() == ["part 2.50; door 1.00", "part 2.50", "door 1.00"]
    found = ranked(units("CBE"), FLAGGED, weights={"part": -0.001})
    assert found["contributions"].tolist() == ["door 1.00", "door 1.00; part 0.00", "part 0.00"]


REFERRED = [
    # top, weights, referred, why
    (0, {}, "", "none is read"),
    (1, {}, "C", "the first"),
    (2, {}, "CB", "of two equal ones the first given"),
    (3, {}, "CBE", "all that are flagged"),
    (4, {}, "CBE", "one without a flag is not referred, though there is room"),
    (4, {"part": -1.0}, "E", "nor is one whose flags speak for it, or add up to nothing"),
]


@pytest.mark.parametrize(("top", "weights", "referred", "why"), REFERRED)
def test_the_first_are_referred_where_something_speaks_against_them(top, weights, referred, why):
    found = ranked(units("ABCE"), FLAGGED, weights=weights, top=top)
    assert "".join(found["unit"][found["referred"]]) == referred, why


def test_a_list_of_nothing_has_its_columns():
    found = ranked(units(""), flags())
    assert found.empty and list(found)[1:] == ["rank", "score", "contributions", "flags", "referred"]
    assert ranked(units("AB"), flags())["score"].tolist() == [0.0, 0.0], "no flag at all is an answer"


REFUSED = [
    # units, flags, weights, said
    (units("ABA"), FLAGGED, None, "units: 'A' is there twice, expected one row a unit"),
    (units("AB"), FLAGGED, None, "flags: unit 'C' is not among the units"),
    (units(["A", None]), FLAGGED, None, "units: a row has no unit"),
    (units("BCE").rename(columns={"unit": "key"}), FLAGGED, None, "units: no column 'unit'"),
    (units("BCE"), FLAGGED[["unit"]], None, "flags: no column 'kind'"),
    (units("BCE"), FLAGGED.assign(kind=None), None, "flags: a row has no kind"),
    (units("BCE", score=1), FLAGGED, None, "units: column 'score' is there already, and would be written over"),
    (units("BCE"), FLAGGED, {"prat": 2.0}, "weights: no flag is of kind 'prat'; there are door, part"),
    (units("BCE"), FLAGGED, {"part": math.nan}, "weights: 'part' has weight nan, expected a finite number"),
    (units("BCE"), FLAGGED, {"part": math.inf}, "weights: 'part' has weight inf, expected a finite number"),
]


@pytest.mark.parametrize(("of", "told", "weights", "said"), REFUSED)
def test_what_cannot_be_ranked_is_refused_in_one_line(of, told, weights, said):
    with pytest.raises(TradeAnalyticsError) as refused:
        ranked(of, told, weights=weights)
    assert str(refused.value) == said


def test_what_is_given_stays_as_it_was():
    of, told = units("CBE", value=[1, 2, 3]), FLAGGED.copy()
    ranked(of, told)
    assert list(of) == ["unit", "value"] and told.equals(FLAGGED)


def test_the_funnel_goes_from_all_that_was_assessed_to_what_a_desk_reads():
    found = funnel(ranked(units("ABCDE"), FLAGGED, top=1), FLAGGED, not_judged=2)
    stages = {"assessed": 5, "not judged": 2, "door": 2, "part": 2, "flagged": 3, "referred": 1}
    assert list(zip(found["stage"], found["count"], strict=True)) == list(stages.items())


def test_a_funnel_does_not_make_a_zero_of_what_was_not_counted():
    found = funnel(ranked(units("BCE"), FLAGGED), FLAGGED)
    assert "not judged" not in set(found["stage"])


def test_flags_as_columns_keep_the_order_of_the_units():
    found = wide(units("ECA"), FLAGGED[FLAGGED["unit"] != "B"])
    assert list(found) == ["door", "part"] and found.to_numpy().tolist() == [[True, False], [True, True], [False] * 2]


MANY = st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from(["door", "part", "dormant"])), max_size=30)
WEIGHTS = st.fixed_dictionaries({}, optional={kind: st.floats(-1e6, 1e6) for kind in ("door", "part", "dormant")})


@given(MANY, WEIGHTS, st.randoms(use_true_random=False), st.integers(0, 9))
def test_a_ranking_holds_every_unit_once_and_hangs_on_no_order_of_the_flags(pairs, weights, chance, top):
    weights = {kind: weight for kind, weight in weights.items() if kind in {pair[1] for pair in pairs}}
    found = ranked(units("HGFEDCBA"), flags(*pairs), weights=weights, top=top)
    assert sorted(found["unit"]) == list("ABCDEFGH") and found["rank"].tolist() == list(range(1, 9))
    assert found["score"].is_monotonic_decreasing and found["referred"].sum() <= top
    for row in found.itertuples():
        kinds = {kind for unit, kind in pairs if unit == row.unit}
        assert row.score == math.fsum(weights.get(kind, 1.0) for kind in kinds) and row.flags == len(kinds)
        named = [part.rpartition(" ")[0] for part in row.contributions.split("; ") if part]
        assert sorted(named) == sorted(kinds)
    chance.shuffle(pairs)
    pd.testing.assert_frame_equal(found, ranked(units("HGFEDCBA"), flags(*pairs), weights=weights, top=top))


@given(MANY, st.permutations("ABCDEFGH"))
def test_equal_scores_keep_the_order_of_the_units(pairs, order):
    found = ranked(units(order), flags(*pairs))
    for _, equal in found.groupby("score"):
        assert equal["unit"].tolist() == [unit for unit in order if unit in set(equal["unit"])]


# What the first hold

T, F, N = True, False, None
CUTS = [
    # scores, labels, k, precision, lowest, highest, recall, tied, unlabelled, why
    ([4, 3, 2, 1], [T, F, T, F], 2, 1 / 2, 1 / 2, 1 / 2, 1 / 2, 1, 0, "no score is shared"),
    ([4, 3, 3, 1], [T, F, T, F], 1, 1, 1, 1, 1 / 2, 1, 0, "just before a tie"),
    ([4, 3, 3, 1], [T, F, T, F], 2, 1 / 2, 1 / 2, 1, 1 / 2, 2, 0, "within a tie: the first come first"),
    ([4, 3, 3, 1], [T, F, T, F], 3, 2 / 3, 2 / 3, 2 / 3, 1, 2, 0, "at the end of a tie no order matters"),
    ([0, 0, 0, 0], [T, F, F, F], 2, 1 / 2, 0, 1 / 2, 1, 4, 0, "all are tied: so may be none that is bad"),
    ([4, 3, 2, 1], [N, T, F, N], 2, 1, 1, 1, 1, 1, 1, "what is not known is neither bad nor good"),
    ([4, 4, 4, 1], [N, T, F, F], 2, 1, 0, 1, 1, 3, 1, "the least takes the good one, the most leaves it"),
    ([4, 4, 4, 4], [T, N, N, F], 3, 1, 0, 1, 1, 4, 2, "or what is not known instead of either"),
    ([4, 4, 1, 1], [F, N, T, F], 1, 0, 0, 0, 0, 2, 0, "an order that puts only the unknown first gives no precision"),
    ([1, 2, 3, 4], [T, F, F, F], 9, 1 / 4, 1 / 4, 1 / 4, 1, 1, 0, "no more than there are"),
]


@pytest.mark.parametrize(
    ("scores", "labels", "k", "precision", "low", "high", "recall", "tied", "unlabelled", "why"), CUTS
)
def test_the_first_of_a_list(scores, labels, k, precision, low, high, recall, tied, unlabelled, why):
    row = only(evaluated(scores, labels, at=[k], percents=[]))
    found = (row["precision"], row["precision_low"], row["precision_high"], row["recall"])
    assert found == pytest.approx((precision, low, high, recall)), why
    assert (row["tied"], row["unlabelled"]) == (tied, unlabelled), why


WHOLE = [
    # units, per cent, k, why
    (19, 5, 0, "less than one unit is none"),
    (20, 5, 1, "exactly one"),
    (39, 5, 1, "just short of two"),
    (1_000, 0.7, 7, "as it is written: the double nearest to 0.7 is less"),
    (1_000, 100, 1_000, "all"),
]


@pytest.mark.parametrize(("count", "percent", "k", "why"), WHOLE)
def test_a_percentage_is_of_whole_units_rounded_down(count, percent, k, why):
    assert only(evaluated([1] * count, [T] * count, at=[], percents=[percent]))["k"] == k, why


def test_the_usual_cuts_are_what_a_desk_reads_and_two_percentages():
    assert evaluated([1] * 200, [T] * 200)[["cut", "k"]].to_numpy().tolist() == [
        ["top 70", 70],
        ["5 %", 10],
        ["10 %", 20],
    ]


UNKNOWN = [
    # labels, k, base rate, why
    ([T, F], 0, 1 / 2, "nothing is referred"),
    ([F, F], 1, 0, "nothing is known to be bad: a list cannot be good or bad at finding it"),
    ([N, N], 1, None, "nothing is known"),
]


@pytest.mark.parametrize(("labels", "k", "base_rate", "why"), UNKNOWN)
def test_what_cannot_be_told_is_null_and_not_zero(labels, k, base_rate, why):
    row = evaluated([2, 1], labels, [100, 200], at=[k], percents=[]).iloc[0]
    told = ["precision", "precision_low", "precision_high", "recall", "value", "value_share"]
    assert row[told].isna().all(), why
    assert pd.isna(row["base_rate"]) if base_rate is None else row["base_rate"] == base_rate, why


VALUES = [
    # values, value of the bad among the first two, its share of that of all bad, why
    ([1, 2, 4, 8], 1, 1 / 5, "of the bad alone"),
    ([1, None, 4, 8], 1, 1 / 5, "of one that is not bad no value is needed"),
    ([1, 2, None, 8], 1, None, "a sum with an unknown value is unknown"),
    ([None, 2, 4, 8], None, None, "so is the one it is a part of"),
    ([0, 2, 0, 8], 0, None, "there is no share of nothing"),
    ([10**17 + 1, 2, 10**17, 8], 10**17 + 1, (10**17 + 1) / (2 * 10**17 + 1), "cents stay whole"),
    (None, None, None, "no values were given"),
]


@pytest.mark.parametrize(("values", "value", "share", "why"), VALUES)
def test_value_is_added_and_unknown_where_one_is(values, value, share, why):
    row = evaluated([4, 3, 2, 1], [T, F, T, F], values, at=[2], percents=[]).iloc[0]
    for found, wanted in ((row["value"], value), (row["value_share"], share)):
        assert pd.isna(found) if wanted is None else found == wanted, why


BAD_INPUT = [
    # score, bad, value, cuts, said
    ([1, 2], [T], None, {}, "units: 2 of score, 1 of bad; expected one of each a unit"),
    ([1], [T], [1, 2], {}, "units: 1 of score, 1 of bad, 2 of value; expected one of each a unit"),
    ([1, math.nan], [T, F], None, {}, "score: unit 2 has <NA>, expected a finite number"),
    ([math.inf, 1], [T, F], None, {}, "score: unit 1 has inf, expected a finite number"),
    (["1", "2"], [T, F], None, {}, "score: '1' and others, expected numbers"),
    ([1, 2], [T, "no"], None, {}, "bad: unit 2 has 'no', expected true, false or null"),
    ([1, 2], [T, 2], None, {}, "bad: unit 2 has 2, expected true, false or null"),
    ([1, 2], [T, F], None, {"at": [-1]}, "at: -1, expected a number of units"),
    ([1, 2], [T, F], None, {"percents": [101]}, "percents: 101, expected 0 to 100"),
]


@pytest.mark.parametrize(("score", "bad", "value", "cuts", "said"), BAD_INPUT)
def test_what_cannot_be_evaluated_is_refused_in_one_line(score, bad, value, cuts, said):
    with pytest.raises(TradeAnalyticsError) as refused:
        evaluated(score, bad, value, **cuts)
    assert str(refused.value) == said


LABELLED = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([T, F, N])), min_size=1, max_size=5)


@given(LABELLED, st.integers(1, 5))
def test_the_bounds_are_those_of_all_orders_of_equal_scores(rows, k):
    """By trying every order; one that puts only unknown labels first has no precision."""
    row = evaluated(*zip(*rows, strict=True), at=[k], percents=[]).iloc[0]
    firsts = (sorted(order, key=lambda one: -one[0])[:k] for order in permutations(rows))
    labels = ([label for _, label in first if label is not None] for first in firsts)
    possible = [sum(known) / len(known) for known in labels if known]
    told = possible and any(label for _, label in rows)
    wanted = [min(possible), max(possible)] if told else [-1, -1]
    assert row[["precision_low", "precision_high"]].fillna(-1).tolist() == pytest.approx(wanted)
    assert pd.isna(row["precision"]) or row["precision"] in possible


# What labels say of a flag


def counted(bad_with, bad_without, good_with, good_without):
    """Flags and labels of so many units."""
    counts = (bad_with, bad_without, good_with, good_without)
    of = ((T, T), (F, T), (T, F), (F, F))
    rows = [each for count, each in zip(counts, of, strict=True) for _ in range(count)]
    return pd.DataFrame({"dormant": [has for has, _ in rows]}, dtype="boolean"), [bad for _, bad in rows]


def test_weights_by_hand():
    row = only(weights_of_evidence(*counted(8, 2, 20, 70)))
    assert (row["bad_with"], row["bad_without"], row["good_with"], row["good_without"]) == (8, 2, 20, 70)
    assert row["weight"] == pytest.approx(math.log((8.5 / 11) / (20.5 / 91)))
    assert row["weight_without"] == pytest.approx(math.log((2.5 / 11) / (70.5 / 91)))
    assert row["contrast"] == pytest.approx(math.log(8.5 * 70.5 / (2.5 * 20.5)))
    assert row["standard_error"] == pytest.approx(math.sqrt(1 / 8.5 + 1 / 2.5 + 1 / 20.5 + 1 / 70.5))


COUNTS = [
    # bad with, bad without, good with, good without, sign of the weight, why
    (5, 5, 50, 50, 0, "as often among the bad as among the good"),
    (9, 1, 50, 50, 1, "more often among the bad"),
    (1, 9, 50, 50, -1, "less often: it speaks for the unit"),
    (3, 0, 0, 3, 1, "counts of zero give a finite weight"),
    (0, 0, 0, 0, 0, "nothing is known, nothing is said"),
]


@pytest.mark.parametrize((*("a", "b", "c", "d"), "sign", "why"), COUNTS)
def test_a_weight_is_finite_and_says_which_way_a_flag_speaks(a, b, c, d, sign, why):
    row = only(weights_of_evidence(*counted(a, b, c, d)))
    assert np.sign(round(row["contrast"], 1)) == sign and all(map(math.isfinite, list(row.values())[1:])), why


def test_what_was_not_judged_and_what_has_no_label_is_left_out_of_that_kind_alone():
    told = pd.DataFrame({"door": [T, N, F, T], "part": [T, F, F, F]}, dtype="boolean")
    found = weights_of_evidence(told, [T, T, F, N]).set_index("kind")
    assert found.loc["door", "bad_with":"good_without"].tolist() == [1, 0, 0, 1]
    assert found.loc["part", "bad_with":"good_without"].tolist() == [1, 1, 0, 1]


def test_the_sum_of_contrasts_ranks_as_all_weights_do():
    told = pd.DataFrame({"door": [T, T, T, F, F, F, F, T], "part": [F, T, T, T, F, F, F, F]}, dtype="boolean")
    table = weights_of_evidence(told, [T, T, T, T, F, F, F, F]).set_index("kind")
    every = sum(np.where(told[kind], row["weight"], row["weight_without"]) for kind, row in table.iterrows())
    by_contrast = sum(told[kind].astype(float) * row["contrast"] for kind, row in table.iterrows())
    assert np.ptp(every - by_contrast) == pytest.approx(0)


def test_weights_can_be_given_to_the_ranking():
    of = units("ABCDE")
    table = weights_of_evidence(wide(of, FLAGGED), [F, T, T, F, F])
    found = ranked(of, FLAGGED, weights=dict(zip(table["kind"], table["contrast"], strict=True)))
    assert found["unit"].tolist()[:2] == ["C", "B"] and found["score"][0] == pytest.approx(table["contrast"].sum())


WRONG_LABELS = [
    # flags, labels, smoothing, said
    ({"door": [T, F]}, [T], 0.5, "units: 2 of flags, 1 of bad; expected one of each a unit"),
    ({"door": [1, 3]}, [T, F], 0.5, "door: unit 2 has 3, expected true, false or null"),
    ({"door": [T, F]}, [T, F], 0.0, "smoothing: 0.0, expected a number over 0"),
    ({"door": [T, F]}, [T, F], math.nan, "smoothing: nan, expected a number over 0"),
]


@pytest.mark.parametrize(("told", "labels", "smoothing", "said"), WRONG_LABELS)
def test_labels_that_give_no_weights_are_refused_in_one_line(told, labels, smoothing, said):
    with pytest.raises(TradeAnalyticsError) as refused:
        weights_of_evidence(pd.DataFrame(told), labels, smoothing=smoothing)
    assert str(refused.value) == said
