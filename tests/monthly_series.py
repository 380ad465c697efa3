"""Monthly series for tests: long tables from lists of values, and many invented ones with no event in them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


def series(values: Mapping[str, Sequence[float | None]], first: str = "2019-01", **same: object) -> pd.DataFrame:
    """A long table of a few series that begin in one month."""
    start = pd.Period(first, "M")
    rows = [
        {"series": key, "period": (start + at).start_time, "value": value, **same}
        for key, several in values.items()
        for at, value in enumerate(several)
    ]
    return pd.DataFrame(rows, columns=["series", "period", "value", *same])


def wave(months: int, level: float = 5e6, swing: float = 0.1) -> list[float]:
    """A series that varies a little, with no season: high and low by turns, so that its spread is `swing` at most."""
    return [level * np.exp(swing * (-1) ** (at // 12 + at)) for at in range(months)]


def without_event(count: int, months: int, *, spread: float = 0.3, hang: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Seasonal log-normal series in which nothing happens; `hang`: how far a month hangs on the one before it."""
    noise = np.random.default_rng(seed).normal(size=(count, months + 50)) * spread * np.sqrt(1 - hang**2)
    for month in range(1, months + 50):
        noise[:, month] += hang * noise[:, month - 1]
    values = 5e6 * np.exp(0.3 * np.sin(2 * np.pi * np.arange(months) / 12) + noise[:, 50:])
    calendar = np.datetime64("2019-01", "M") + np.arange(months)
    return pd.DataFrame(
        {
            "series": np.repeat([f"s{number:05}" for number in range(count)], months),
            "period": np.tile(calendar.astype("datetime64[s]"), count),
            "value": values.ravel(),
        }
    )
