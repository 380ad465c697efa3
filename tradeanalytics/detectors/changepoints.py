"""When the level of a series broke: all breaks by a penalty (PELT), or the one best break (dynamic programming)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ruptures import KernelCPD

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, table, thresholds
from tradeanalytics.detectors.seasonal import ROUNDED_TO, YEARS, Baseline, usual
from tradeanalytics.detectors.series import (
    UNKNOWN,
    Monthly,
    day,
    faults_of,
    month_of,
    of_values,
    read,
    within,
)
from tradeanalytics.detectors.series_rows import Array
from tradeanalytics.detectors.series_words import amount, caveats, month_name, say

DETECTOR = "changepoint"
ONE_BREAK = "one break"
PENALTY = 10.0  # months hang together: with a penalty of the size of BIC's, series break where nothing broke
LEAST = 3  # months of a level


@dataclass(frozen=True)
class _Asked:
    """What is the same for every series of one question; `score` of (signal, breaks)."""

    found: Monthly
    why: Array
    detector: str
    test: str
    thresholds: str
    score: Callable[[Array, list[int]], float]


def changepoints(
    series: pd.DataFrame,
    *,
    before: int,
    until: str | None = None,
    years: int = YEARS,
    penalty: float = PENALTY,
    least: int = LEAST,
    absent: str = UNKNOWN,
    rounded_to: float = ROUNDED_TO,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row for every series of a table (see `series.read`), flagged where its level breaks at all.

    Judged are the months from the first of the baseline, the `years` calendar years before the year `before`, to
    `until` ("2024-08"; by default the last of the table), on the z of `drops`: squared error, levels of `least` months
    or more, and a penalty of `penalty` times the logarithm of the number of months. period and until: the first new
    level, or all months where nothing breaks; observed and expected: the mean month of it and of the level before;
    effect: observed / expected - 1; score: its mean z less that of the level before; n: months. Every break stands in
    the reason. There is no p: a penalty is no test.

    Raises TradeAnalyticsError for a month that is none, a baseline that is not before `until`, and a missing column.
    """
    _positive(penalty=penalty, least=least)
    baseline = Baseline(before, years)
    found = read(series, baseline.first, _end(until, baseline), reach=baseline.last, absent=absent)
    expected = usual(found, baseline)
    said = thresholds(
        before=before, until=until, years=years, penalty=penalty, least=least, absent=absent, rounded_to=rounded_to
    )
    why = faults_of(found.faults, of_values(found.values), expected.faults, _short(found, least))
    test = f"PELT, squared error of the seasonal z, penalty {penalty:g} ln n"
    asked = _Asked(found, why, DETECTOR, test, said, _step)
    z = expected.z(found.values, found.months, rounded_to=rounded_to)
    return table(_findings(asked, z, lambda signal: penalised(signal, penalty=penalty, least=least)), rate=rate)


def one_break(
    series: pd.DataFrame,
    *,
    since: str | None = None,
    until: str | None = None,
    penalty: float = PENALTY,
    least: int = LEAST,
    absent: str = UNKNOWN,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row for every series, flagged where one break in level explains enough.

    Judged are the values as they stand, with their seasons and their trend, from `since` to `until` (by default all
    months of the table). One break always fits best somewhere; it is flagged where it lowers the squared error by more
    than `penalty` times the logarithm of the number of months, in units of the variance that is left. Columns as in
    `changepoints`, but score: the share of the squared error that the break takes away, from 0 to 1.

    Raises TradeAnalyticsError for a month that is none and for a missing column.
    """
    _positive(penalty=penalty, least=least)
    first, last = (None if text is None else month_of(text) for text in (since, until))
    found = read(series, first, last, absent=absent)
    faults = of_values(found.values)
    signals = _standard(found.values)
    level = np.isnan(signals).all(axis=1) & ~faults["nothing"] & ~faults["gap"]
    why = faults_of(found.faults, faults, {"level": level}, _short(found, least))
    said = thresholds(since=since, until=until, penalty=penalty, least=least, absent=absent)
    asked = _Asked(found, why, ONE_BREAK, "one break by dynamic programming, squared error", said, _explained)
    return table(_findings(asked, signals, lambda signal: best(signal, penalty=penalty, least=least)), rate=rate)


def penalised(signal: Array, *, penalty: float = PENALTY, least: int = LEAST) -> list[int]:
    """Places where a new level begins: PELT, squared error, every place tried (what ruptures calls jump=1).

    >>> penalised(np.array([0.0, 0.1, 0.0, -0.1] * 3 + [9.0, 9.1, 9.0, 8.9] * 3))
    [12]
    """
    # The linear kernel is the squared error, in C: the same breaks as Pelt(model="l2", jump=1), 100 times sooner.
    found = KernelCPD(kernel="linear", min_size=least).fit(signal).predict(pen=penalty * np.log(len(signal)))
    return [int(place) for place in found[:-1]]


def best(signal: Array, *, penalty: float = PENALTY, least: int = LEAST) -> list[int]:
    """The one place where a new level begins, by dynamic programming; none where the break explains too little.

    >>> best(np.array([1.0, 2.0, 1.0, 2.0, 7.0, 8.0, 7.0, 8.0])), best(np.array([1.0, 2.0] * 6))
    ([4], [])
    """
    breaks = [int(KernelCPD(kernel="linear", min_size=least).fit(signal).predict(n_bkps=1)[0])]
    whole, left = _error(signal, []), _error(signal, breaks)
    enough = (whole - left) * (len(signal) - 2) > penalty * np.log(len(signal)) * left
    return breaks if enough else []


def _levels(signal: Array, breaks: list[int]) -> list[Array]:
    return list(np.split(signal, breaks))


def _error(signal: Array, breaks: list[int]) -> float:
    return float(sum(((part - part.mean()) ** 2).sum() for part in _levels(signal, breaks)))


def _explained(signal: Array, breaks: list[int]) -> float:
    return 1 - _error(signal, breaks) / _error(signal, [])


def _step(signal: Array, breaks: list[int]) -> float:
    parts = _levels(signal, breaks)
    return float(parts[1].mean() - parts[0].mean()) if breaks else 0.0


def _standard(values: Array) -> Array:
    """Values less their mean, by their standard deviation: squares of large sums would lose what varies."""
    # What is not judged is in the matrix, too: unknown months, and values beyond all scale.
    with np.errstate(all="ignore"):
        spread = values.std(axis=1, keepdims=True)
        level = spread <= 1e-9 * np.abs(values).max(axis=1, keepdims=True)
        found: Array = (values - values.mean(axis=1, keepdims=True)) / np.where(level, np.nan, spread)
    return found


def _short(found: Monthly, least: int) -> dict[str, Array]:
    return {"short": np.full(len(found.keys), len(found.months) < 2 * least)}


def _end(until: str | None, baseline: Baseline) -> np.datetime64 | None:
    if until is not None and month_of(until) < baseline.last:
        raise TradeAnalyticsError(f"until {until}: expected {baseline.last}, the last month of the baseline, or later")
    return None if until is None else month_of(until)


def _positive(*, penalty: float, least: int) -> None:
    if not penalty > 0 or least < 1:
        raise TradeAnalyticsError(f"penalty {penalty}, least {least}: a penalty is over 0, a level has 1 month or more")


def _findings(asked: _Asked, signals: Array, breaks_of: Callable[[Array], list[int]]) -> Iterator[Finding]:
    for at, why in enumerate(asked.why):
        yield _not_judged(asked, at, why) if why else _judged(asked, at, signals[at], breaks_of(signals[at]))


def _judged(asked: _Asked, at: int, signal: Array, breaks: list[int]) -> Finding:
    about, months = asked.found.about.iloc[at], asked.found.months
    means = [float(part.mean()) for part in _levels(asked.found.values[at], breaks)]
    start, *ends = breaks or [0]
    end = (ends or [len(months)])[0] - 1
    observed, expected = (means[1], means[0]) if breaks else (means[0], None)
    own = [about["caveat"]] if about["caveat"] is not None else []
    return Finding(
        detector=asked.detector,
        subject=str(asked.found.keys[at]),
        period=day(months[start]),
        until=day(months[end]),
        observed=observed,
        expected=expected,
        unit=about["unit"],
        effect=observed / expected - 1 if expected else None,
        score=asked.score(signal, breaks),
        test=asked.test,
        n=len(months),
        flagged=bool(breaks),
        reason=_sentence(asked.found, at, breaks, means),
        caveats=" ".join([*own, caveats("prices", "revisions", "breaks")]),
        thresholds=asked.thresholds,
        trace=within(about["trace"], months[0], months[-1]),
        invented=bool(about["invented"]),
    )


def _not_judged(asked: _Asked, at: int, why: str) -> Finding:
    about, months = asked.found.about.iloc[at], asked.found.months
    first, last = month_name(months[0]), month_name(months[-1])
    return Finding(
        detector=asked.detector,
        subject=str(asked.found.keys[at]),
        period=day(months[0]),
        until=day(months[-1]),
        unit=about["unit"],
        why_not=why,
        reason=say("not_judged_span", label=about["label"], first=first, last=last, why=why),
        thresholds=asked.thresholds,
        trace=within(about["trace"], months[0], months[-1]),
        invented=bool(about["invented"]),
    )


def _sentence(found: Monthly, at: int, breaks: list[int], means: list[float]) -> str:
    about, months = found.about.iloc[at], found.months
    told = {"label": about["label"], "first": month_name(months[0]), "before": amount(means[0], about["unit"])}
    if not breaks:
        return say("no_break", **told, last=month_name(months[-1]))
    ends = [*breaks[1:], len(months)]
    return say(
        "break",
        **told,
        month=month_name(months[breaks[0]]),
        last=month_name(months[breaks[0] - 1]),
        until=month_name(months[ends[0] - 1]),
        after=amount(means[1], about["unit"]),
        breaks=", ".join(month_name(months[place]) for place in breaks),
    ) + say("flagged")
