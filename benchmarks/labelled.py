"""Pairs of names that are labelled as alike or not, and what a measure of likeness makes of them."""

import csv
import hashlib
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradeanalytics import TradeAnalyticsError

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
Choice = Callable[[Scores, Flags], float]
WRONGLY = 0.01  # the share of pairs of different parties that may be taken for alike
_COLUMNS = ("schema", "name1", "name2", "is_match", "category")


@dataclass(frozen=True)
class Pair:
    """Two names; `parties` is what its half is told by: the identities of both, or its names where none are told."""

    schema: str
    here: str
    there: str
    alike: bool
    category: str
    parties: frozenset[str]

    def half(self, split: int = 0) -> int | None:
        """The half of a pair, 0 or 1, or None where its parties fall into different ones; `split` is which of many."""
        digests = (hashlib.sha256(f"{split or ''}{party}".encode()).digest() for party in self.parties)
        halves = {digest[0] % 2 for digest in digests}
        return halves.pop() if len(halves) == 1 else None

    @property
    def scripts(self) -> str:
        """The scripts of both names: latin/latin, latin/cyrillic, cyrillic/cyrillic or other."""
        both = sorted((_script(self.here), _script(self.there)), reverse=True)
        return "other" if "other" in both else "/".join(both)


@dataclass(frozen=True)
class Counts:
    """How many pairs there are, how many are alike, and how many of each a measure takes for alike."""

    pairs: int
    alike: int
    found: int
    wrong: int

    @property
    def precision(self) -> float:
        """The share of what was taken for alike that is; NaN where nothing was."""
        return _share(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what is alike that was found; NaN where nothing is."""
        return _share(self.found, self.alike)

    @property
    def wrongly(self) -> float:
        """The share of what is not alike that was taken for it; NaN where all is."""
        return _share(self.wrong, self.pairs - self.alike)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.found, self.found + self.wrong + self.alike)


def read_pairs(path: Path) -> list[Pair]:
    """The labelled pairs of a CSV. Raises TradeAnalyticsError for a column that is missing and a label that is none.

    Columns: schema, name1, name2, is_match (true or false), category; cluster1 and cluster2 where parties are told,
    else each pair goes to a half by its names.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    if missing := [name for name in _COLUMNS if not table or name not in table[0]]:
        raise TradeAnalyticsError(f"{path.name}: no column {missing[0]}; expected {', '.join(_COLUMNS)}")
    return [_pair(row, f"{path.name}: record {number}") for number, row in enumerate(table, 1)]


def _pair(row: dict[str, str], where: str) -> Pair:
    if row["is_match"] not in ("true", "false"):
        raise TradeAnalyticsError(f"{where}: is_match is {row['is_match']!r}, expected true or false")
    parties = (row["cluster1"], row["cluster2"]) if "cluster1" in row else (row["name1"] + row["name2"],)
    category = row["category"] or "not told"
    return Pair(row["schema"], row["name1"], row["name2"], row["is_match"] == "true", category, frozenset(parties))


def _script(name: str) -> str:
    found = {unicodedata.name(letter, "?").split()[0].lower() for letter in name if letter.isalpha()}
    if "cyrillic" in found and found <= {"latin", "cyrillic"}:
        return "cyrillic"
    return "latin" if found <= {"latin"} else "other"


def labels(pairs: Sequence[Pair]) -> Flags:
    """Which pairs are alike."""
    return np.array([pair.alike for pair in pairs], dtype=bool)


def for_few_wrong(scores: Scores, alike: Flags) -> float:
    """The lowest score at which at most one in a hundred of what is not alike is taken for it."""
    different = scores[~alike]
    may = [score for score in np.unique(scores) if (different >= score).sum() <= WRONGLY * len(different)]
    return float(min(may, default=math.inf))


def for_f1(scores: Scores, alike: Flags) -> float:
    """The score from which F1 is best; of equally good ones the highest."""
    return float(max(np.unique(scores), key=lambda s: (counted(scores >= s, alike).f1, s), default=math.inf))


def counted(taken: Flags, alike: Flags) -> Counts:
    """What came of pairs by which of them were taken for alike."""
    return Counts(len(alike), int(alike.sum()), int((taken & alike).sum()), int((taken & ~alike).sum()))


@dataclass(frozen=True)
class Judged:
    """A measure on both halves: thresholds, each chosen on the half before the other; counts, each on the other.

    `taken` tells of each pair whether it was taken for alike by the threshold of the half in which it is not; `kept`
    whether it is in a half.
    """

    thresholds: tuple[float, float]
    counts: tuple[Counts, Counts]
    taken: Flags
    kept: Flags


def judge(pairs: Sequence[Pair], scores: Scores, choose: Choice, split: int = 0) -> Judged:
    """Choose a threshold on one half and count on the other, both ways."""
    alike, taken = labels(pairs), np.zeros(len(pairs), dtype=bool)
    of = [pair.half(split) for pair in pairs]
    halves = [np.array([one == half for one in of], dtype=bool) for half in (0, 1)]
    thresholds = [choose(scores[half], alike[half]) for half in halves]
    for threshold, other in zip(thresholds, reversed(halves), strict=True):
        taken[other] = scores[other] >= threshold
    first, second = (counted(taken[other], alike[other]) for other in reversed(halves))
    return Judged((thresholds[0], thresholds[1]), (first, second), taken, halves[0] | halves[1])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
