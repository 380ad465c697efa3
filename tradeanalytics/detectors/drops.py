"""Which months fell or rose beyond their usual: year on year, and against the same month of a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, table, thresholds
from tradeanalytics.detectors.seasonal import ROUNDED_TO, YEARS, Baseline, usual
from tradeanalytics.detectors.series import UNKNOWN, day, faults_of, known, month_of, read, within
from tradeanalytics.detectors.series_rows import Array
from tradeanalytics.detectors.series_words import amount, caveats, change, month_name, probability, say, signed

DETECTOR = "drop or surge"
MIN_Z = 3.0
MIN_CHANGE = 0.5
FLOOR = 1_000_000.0  # a month, in the unit of the series
_YEAR = np.timedelta64(12, "M")
_PANDEMIC = (2020, 2021)


def drops(
    series: pd.DataFrame,
    *months: str,
    min_z: float = MIN_Z,
    min_change: float = MIN_CHANGE,
    floor: float = FLOOR,
    years: int = YEARS,
    before: int | None = None,
    absent: str = UNKNOWN,
    rounded_to: float = ROUNDED_TO,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row for every series of a table (see `series.read`) and every month asked for ("2022-03").

    Flagged is a month with |score| over `min_z`, |effect| over `min_change` and, of its value, its usual and its value
    a year before, one over `floor`. observed and expected: the month and the same month a year before, so that
    ln(observed / expected) ranks falls and rises alike; effect: observed / expected - 1; score: z of the seasonal
    residual; p: two-sided; n: months of the baseline, the `years` calendar years before the month's own, or before the
    year `before`. `absent` is as in `series.read`, `rounded_to` as in `seasonal.Usual.z`.

    Raises TradeAnalyticsError for a month that is none, for a baseline that holds the month, and for a missing column.
    """
    asked = {"min_z": min_z, "min_change": min_change, "floor": floor, "years": years, "before": before}
    said = thresholds(**asked, absent=absent, rounded_to=rounded_to)
    findings: list[Finding] = []
    for month in months:
        found = measures(series, month, years=years, before=before, absent=absent, rounded_to=rounded_to)
        far = (found["z"].abs() > min_z) & (found["change"].abs() > min_change)
        large = found[["observed", "year_before", "usual"]].max(axis=1) > floor
        findings += _findings(found.assign(flagged=far & large), month_of(month), _baseline(month, years, before), said)
    return table(findings, rate=rate)


def measures(
    series: pd.DataFrame,
    month: str,
    *,
    years: int = YEARS,
    before: int | None = None,
    absent: str = UNKNOWN,
    rounded_to: float = ROUNDED_TO,
) -> pd.DataFrame:
    """Everything that is measured of one month, a row a series in the order of its key.

    Columns: series, observed, year_before, usual (geometric mean of the month over the baseline), change
    (observed / year_before - 1), log_ratio (null where the month is zero), symmetric_change, spread, z, p, why_not,
    label, unit, trace, caveat, invented. What is not judged has no z and no p.
    """
    when, baseline = month_of(month), _baseline(month, years, before)
    found = read(series, min(baseline.first, when - _YEAR), when, absent=absent)
    expected = usual(found, baseline)
    observed, then = found.at(when), found.at(when - _YEAR)
    why = faults_of(
        found.faults, _of_the_month(observed, then, inside=bool(baseline.last >= when - _YEAR)), expected.faults
    )
    judged = pd.isna(why)
    z = expected.z(observed[:, None], np.array([when]), rounded_to=rounded_to)[:, 0]
    with np.errstate(all="ignore"):
        numbers = {
            "observed": observed,
            "year_before": then,
            "usual": np.exp(expected.logs[:, int(when.astype(int)) % 12]),
            "change": observed / then - 1,
            "log_ratio": np.where(observed > 0, np.log(observed / then), np.nan),
            "symmetric_change": symmetric_change(observed, then),
            "spread": expected.spread,
            "z": np.where(judged, z, np.nan),
            "p": np.where(judged, baseline.probability(z), np.nan),
        }
    finite = {name: np.where(np.isfinite(value), value, np.nan) for name, value in numbers.items()}
    measured = pd.DataFrame({"series": found.keys, **finite, "why_not": pd.Series(why, dtype=object)})
    return pd.concat([measured, found.about], axis=1)


def symmetric_change(now: Array, then: Array) -> Array:
    """The difference as a share of the mean of both: from -2 (to zero) to 2 (from zero), nan where both are zero.

    >>> symmetric_change(np.array([5.461, 0.0, 3.0]), np.array([44.831, 7.0, 0.0])).round(4).tolist()
    [-1.5657, -2.0, 2.0]
    """
    with np.errstate(all="ignore"):
        found: Array = 2 * (now - then) / (now + then)
    return found


def _baseline(month: str, years: int, before: int | None) -> Baseline:
    year = int(str(month_of(month))[:4])
    if before is not None and before > year:
        raise TradeAnalyticsError(f"before {before}: a baseline that ends before the year of {month} is expected")
    return Baseline(year if before is None else before, years)


def _of_the_month(observed: Array, then: Array, *, inside: bool) -> dict[str, Array]:
    """What forbids judging the month; of the year before nothing more is said where it is inside the baseline."""
    faults = {"month_unknown": np.isnan(observed), "month_negative": observed < 0}
    if inside:
        return faults
    return {**faults, "before_unknown": np.isnan(then), "before_negative": then < 0, "before_zero": then == 0}


def _findings(found: pd.DataFrame, month: np.datetime64, baseline: Baseline, said: str) -> Iterator[Finding]:
    first, last = min(baseline.first, month - _YEAR), month
    test = f"seasonal residual, t with {baseline.degrees} df"
    on = day(month)
    rows: Iterable[Any] = found.itertuples(index=False)
    for row in rows:
        judged = row.why_not is None
        yield Finding(
            detector=DETECTOR,
            subject=row.series,
            period=on,
            until=on,
            observed=known(row.observed),
            expected=known(row.year_before),
            unit=row.unit,
            effect=known(row.change),
            score=known(row.z),
            test=test if judged else None,
            p=known(row.p),
            n=12 * baseline.years if judged else None,
            why_not=row.why_not,
            flagged=bool(row.flagged) if judged else None,
            reason=_sentence(row, month, baseline) if judged else _not_judged(row, month),
            caveats=_caveats(row, baseline) if judged else "",
            thresholds=said,
            trace=within(row.trace, first, last),
            invented=row.invented,
        )


def _sentence(row: Any, month: np.datetime64, baseline: Baseline) -> str:
    text = say(
        "month",
        label=row.label,
        observed=amount(row.observed, row.unit),
        month=month_name(month),
        change=change(row.change),
        before=month_name(month - _YEAR),
        then=amount(row.year_before, row.unit),
        first=baseline.before - baseline.years,
        last=baseline.before - 1,
        usual=amount(row.usual, row.unit),
        p=probability(row.p),
        z=signed(row.z),
    )
    return text + (say("flagged") if row.flagged else "")


def _not_judged(row: Any, month: np.datetime64) -> str:
    return say("not_judged", label=row.label, month=month_name(month), why=row.why_not)


def _caveats(row: Any, baseline: Baseline) -> str:
    held = [year for year in _PANDEMIC if baseline.before - baseline.years <= year < baseline.before]
    pandemic = [say("pandemic", years=" and ".join(map(str, held)))] if held else []
    names = {"disagree": row.z * row.change < 0, "no_trade": row.observed == 0}
    own = [row.caveat] if row.caveat is not None else []
    more = [say(name) for name, holds in names.items() if holds]
    return " ".join([*own, caveats("prices", "revisions", "independent"), *pandemic, *more])
