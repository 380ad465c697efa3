"""Whether prices are of one line or of two: a mixture of two normals of their logarithms, with a valley between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STEP = 0.25  # width of a bin, in robust standard deviations
BINS = 241  # from -30 to 30 of them; what lies beyond is in the last ones
CENTRES: Array = (np.arange(BINS, dtype=np.float64) - BINS // 2) * np.float64(STEP)
_ROUNDS = 40
_BETTER = 10.0  # of the Bayesian information criterion: very strong evidence (Kass and Raftery, 1995)
_AT_ONCE = 2_000  # groups: memory does not grow with them


class Lines(NamedTuple):
    """Two normals fitted to one group: how much better than one by BIC, the share of the smaller, how deep the valley
    between them is beside the lower peak (0: to the ground, 1: none), and how far apart they are in bins' units.
    """

    better: float
    smaller: float
    valley: float
    apart: float

    def two(self, smaller: float, dip: float) -> bool:
        """Whether they are two lines: better than one, neither too small, and a valley between."""
        return self.better > _BETTER and self.smaller >= smaller and self.valley <= dip


def price_lines(counts: Array) -> list[Lines]:
    """Two normals for each group: `counts` has a row a group and a column for each of CENTRES."""
    starts = range(0, len(counts), _AT_ONCE)
    return [lines for start in starts for lines in _fitted(counts[start : start + _AT_ONCE].astype(np.float64))]


def _fitted(counts: Array) -> list[Lines]:
    total = counts.sum(axis=1)
    mean, deviation = _moments(counts)
    one = _likelihood(counts, np.ones((len(counts), 1)), mean[:, None], deviation[:, None])
    weights, means, deviations = _two(counts)
    two = _likelihood(counts, weights, means, deviations)
    better = 2 * (two - one) - 3 * np.log(total)  # three more numbers are fitted
    valleys = _valley(weights, means, deviations)
    apart = np.abs(means[:, 1] - means[:, 0])
    columns = (better, weights.min(axis=1), valleys, apart)
    return [Lines(*map(float, row)) for row in np.column_stack(columns)]


def _two(counts: Array) -> tuple[Array, Array, Array]:
    """Expectation and maximisation, begun at the cut that separates the halves best (Otsu)."""
    left = np.arange(BINS)[None, :] <= _cut(counts)[:, None]
    shares = np.stack([left, ~left], axis=1).astype(np.float64)
    for _ in range(_ROUNDS):
        weights, means, deviations = _maximised(counts, shares)
        densities = weights[:, :, None] * _normal(CENTRES[None, None, :], means[:, :, None], deviations[:, :, None])
        shares = densities / np.maximum(densities.sum(axis=1, keepdims=True), 1e-300)
    return _maximised(counts, shares)


def _maximised(counts: Array, shares: Array) -> tuple[Array, Array, Array]:
    held = counts[:, None, :] * shares
    size = np.maximum(held.sum(axis=2), 1e-12)
    means = (held * CENTRES).sum(axis=2) / size
    variances = (held * (CENTRES - means[:, :, None]) ** 2).sum(axis=2) / size
    return size / size.sum(axis=1, keepdims=True), means, np.sqrt(variances + STEP**2)  # no line is thinner than a bin


def _cut(counts: Array) -> NDArray[np.int64]:
    below, total = counts.cumsum(axis=1), counts.sum(axis=1, keepdims=True)
    moment, whole = (counts * CENTRES).cumsum(axis=1), (counts * CENTRES).sum(axis=1, keepdims=True)
    between = (whole * below - total * moment) ** 2 / np.maximum(below * (total - below), 1e-12)
    cut: NDArray[np.int64] = np.where((below > 0) & (below < total), between, -1.0).argmax(axis=1)
    return cut


def _moments(counts: Array) -> tuple[Array, Array]:
    total = counts.sum(axis=1)
    mean = counts @ CENTRES / total
    return mean, np.sqrt((counts * (CENTRES - mean[:, None]) ** 2).sum(axis=1) / total + STEP**2)


def _likelihood(counts: Array, weights: Array, means: Array, deviations: Array) -> Array:
    parts = (weights[:, :, None] * _normal(CENTRES[None, None, :], means[:, :, None], deviations[:, :, None])).sum(
        axis=1
    )
    found: Array = (counts * np.log(np.maximum(parts, 1e-300))).sum(axis=1)
    return found


def _valley(weights: Array, means: Array, deviations: Array) -> Array:
    """The least density between the two means, beside the lower of those at them."""
    steps = np.linspace(0.0, 1.0, 51)
    points = means[:, :1] + (means[:, 1:] - means[:, :1]) * steps
    parts = weights[:, :, None] * _normal(points[:, None, :], means[:, :, None], deviations[:, :, None])
    density = parts.sum(axis=1)
    valley: Array = density.min(axis=1) / np.maximum(np.minimum(density[:, 0], density[:, -1]), 1e-300)
    return valley


def _normal(at: Array, mean: Array, deviation: Array) -> Array:
    density: Array = np.exp(-0.5 * ((at - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))
    return density
