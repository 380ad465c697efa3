"""Where levels break: the fast way is the textbook one, one break by dynamic programming, and what the words say."""

import numpy as np
import pytest
import ruptures
from monthly_series import series, wave

from tradeanalytics.detectors.changepoints import best, changepoints, one_break, penalised


def test_the_breaks_are_those_of_pelt_with_squared_error_at_every_place():
    rng = np.random.default_rng(3)
    for length in (12, 40, 90):
        for _ in range(15):
            signal = rng.normal(size=length) + np.repeat(rng.normal(scale=4, size=6), -(-length // 6))[:length]
            penalty = 5 * np.log(length)
            slow = ruptures.Pelt(model="l2", min_size=3, jump=1).fit(signal).predict(pen=penalty)
            assert penalised(signal, penalty=5) == slow[:-1]


def test_the_one_break_is_the_one_with_the_least_squared_error():
    signal = np.random.default_rng(4).normal(size=30) + np.repeat([0, 3], [17, 13])
    errors = {
        place: sum(((part - part.mean()) ** 2).sum() for part in np.split(signal, [place])) for place in range(3, 28)
    }
    assert best(signal) == [min(errors, key=errors.__getitem__)]


def fallen(months: int = 60, at: int = 38) -> list[float]:
    return [value / (10 if place >= at else 1) for place, value in enumerate(wave(months))]


def test_a_fall_to_a_tenth_is_a_break_in_its_month_with_both_means():
    found = changepoints(series({"one": fallen()}, unit="CAD"), before=2022).iloc[0]
    assert found["flagged"] and str(found["period"])[:7] == "2022-03" and str(found["until"])[:7] == "2023-12"
    assert found["effect"] == pytest.approx(-0.9, abs=0.01) and found["n"] == 60
    assert (
        "the level breaks first in March 2022: C$" in found["reason"] and "All breaks: March 2022." in found["reason"]
    )


def test_every_break_stands_in_the_reason():
    back = [*fallen()[:50], *wave(10)]
    found = changepoints(series({"one": back}), before=2022).iloc[0]
    assert "All breaks: March 2022, March 2023." in found["reason"] and str(found["until"])[:7] == "2023-02"


def test_a_series_that_does_not_break_is_judged_and_says_so():
    found = changepoints(series({"one": wave(60)}), before=2022).iloc[0]
    assert found["judged"] and not found["flagged"] and found["reason"].startswith("one: no break in level")
    assert (str(found["period"])[:7], str(found["until"])[:7]) == ("2019-01", "2023-12")


def test_months_before_the_baseline_and_after_the_last_asked_for_are_not_looked_at():
    table = series({"one": fallen()})
    assert changepoints(table, before=2022, until="2022-02")["flagged"].tolist() == [False]
    assert changepoints(table, before=2022, until="2022-05")["flagged"].tolist() == [True]


def test_a_break_is_found_in_values_of_billions_as_in_ones():
    table = series({"large": [1e12 + value for value in fallen()], "small": fallen()})
    found = one_break(table)
    assert found["period"].nunique() == 1 and found["flagged"].all()
    assert found["score"].iloc[0] == pytest.approx(found["score"].iloc[1], abs=1e-6)
