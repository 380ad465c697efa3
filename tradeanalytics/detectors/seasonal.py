"""How far a month lies from its own usual: residuals of logarithms from a baseline of whole calendar years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.series import Monthly, of_values
from tradeanalytics.detectors.series_rows import Array

YEARS = 3
ROUNDED_TO = 1_000.0  # Statistics Canada publishes trade by month in thousands of dollars
_FLAT = 1e-9  # below this the spread of the baseline is the rounding of the machine


@dataclass(frozen=True)
class Baseline:
    """The `years` calendar years before the year `before`. Raises TradeAnalyticsError for fewer than two years."""

    before: int
    years: int = YEARS

    def __post_init__(self) -> None:
        if self.years < 2:
            raise TradeAnalyticsError(f"years {self.years}: a baseline needs two calendar years or more to vary at all")

    @property
    def first(self) -> np.datetime64:
        """Its first month."""
        return np.datetime64(f"{self.before - self.years:04}-01", "M")

    @property
    def last(self) -> np.datetime64:
        """Its last month."""
        return np.datetime64(f"{self.before - 1:04}-12", "M")

    @property
    def degrees(self) -> int:
        """Degrees of freedom of its spread: months less the twelve means."""
        return 12 * (self.years - 1)

    def probability(self, z: Array) -> Array:
        """P of a residual at least so far off, in either direction, where nothing happened.

        The mean of a calendar month stands on `years` values, so z is t with 12 (years - 1) degrees of freedom times
        sqrt(1 + 1 / years): with three years P(|z| > 3) is 1.6 %, not the 0.27 % of a normal distribution.

        >>> round(float(Baseline(2022).probability(np.array(3.0))), 4)
        0.0158
        """
        found: Array = 2 * t.sf(np.abs(z) / np.sqrt(1 + 1 / self.years), self.degrees)
        return found


@dataclass(frozen=True)
class Usual:
    """What a baseline says of each series: `logs` (series, 12), mean logarithm of each calendar month; `spread`
    (series,), the standard deviation of the residuals; `least` (series,), the smallest value; `faults` as in Monthly.
    """

    logs: Array
    spread: Array
    least: Array
    faults: dict[str, Array]

    def z(self, values: Array, months: Array, *, rounded_to: float = ROUNDED_TO) -> Array:
        """Standardised residuals of values (series, months), nan where a series has a fault.

        Zero has no logarithm: it is read as half of what the publisher rounds to, or as half of the smallest value of
        the baseline where that is less, so that trade which stops altogether is judged and its score stays finite.
        """
        zero = np.minimum(rounded_to, self.least) / 2
        with np.errstate(all="ignore"):
            logs = np.log(np.where(values == 0, zero[:, None], values))
            found: Array = (logs - self.logs[:, months.astype(np.int64) % 12]) / self.spread[:, None]
        return found


def usual(series: Monthly, baseline: Baseline) -> Usual:
    """The usual of every series over a baseline whose months are all in it; what forbids it is in `faults`."""
    values = series.between(baseline.first, baseline.last)
    faults = of_values(values)
    zero = (values == 0).any(axis=1)
    nothing_wrong = ~zero & ~np.any(list(faults.values()), axis=0)
    logs = np.log(np.where(nothing_wrong[:, None], values, 1.0)).reshape(-1, baseline.years, 12)
    means = logs.mean(axis=1)
    spread = np.sqrt(((logs - means[:, None]) ** 2).sum(axis=(1, 2)) / baseline.degrees)
    flat = nothing_wrong & (spread < _FLAT)
    named = {f"baseline_{name}": found for name, found in faults.items()}
    judged = nothing_wrong & ~flat
    return Usual(
        logs=np.where(nothing_wrong[:, None], means, np.nan),
        spread=np.where(judged, spread, np.nan),
        least=np.where(nothing_wrong, values.min(axis=1), np.nan),
        faults={**named, "baseline_zero": zero, "baseline_flat": flat},
    )
