"""How alike two names are, from 0 to 1, and why: which words agree, which have no counterpart, what was left out.

A likeness is a lead, never an identity. Words, initials, numbers and legal forms must agree; spelling is compared from
word to word only, so that a likeness always rests on words. The measure is this project's own: the benchmark of
matching says how good it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple, TypeVar

from rapidfuzz.distance import OSA

from tradeanalytics.parties.latin import consonants, stem
from tradeanalytics.parties.persons import Person, person
from tradeanalytics.parties.words import Word, several, wording
from tradeanalytics.reference.scripts import REMEMBERED

T = TypeVar("T")
Weight = Callable[[Word], float]

# Chosen on one half of the labelled pairs of the benchmark.
_COMMON = 0.6  # what a word that many companies have weighs, against one of its own
_COMMON_ALONE = 0.7  # and that again where the other name lacks it
_OTHER_FORM = 0.8  # a stock company is no limited one, but names are often written with the wrong form
_OWN_WORDS_DIFFER = 0.4  # the most of names that share common words only
_ALL_COMMON = 0.95  # of names that have common words only: Special Technology Centre
_OTHER_NUMBER = 0.5  # the most of names with other numbers: 140 and 123 Repair Plant
_THIN = 0.9  # where one word of its own agrees, and others have no counterpart
_THINNER = 0.8  # and that word is short
_SHORT_WORD = 5  # letters
_JOINED = 0.89  # how alike words are that one name writes as one: SHENZHENHUAQIANG and SHENZHEN HUAQIANG
_INITIAL = 0.75  # V. for Vladimir
_SLIP_AND_MORE = 0.97  # where a word is like, not the same, and another has no counterpart
_SON_OF_THE_OTHER = 0.6  # Ahmad bin Hasan is not Hasan bin Ahmad
_OTHER_FIRST_LETTER = 0.85  # seldom a slip: KNIRTI and TSNIRTI are two institutes
_SHORTEST = 4  # letters of a word that can be misspelt and still be known


class Likeness(NamedTuple):
    """How alike two names are; words are in Latin letters. `agreed`: pairs of a word here and there."""

    score: float
    agreed: tuple[tuple[str, str], ...] = ()
    only_here: tuple[str, ...] = ()
    only_there: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Match(NamedTuple):
    """Places of words here and there that agree, and how well."""

    here: tuple[int, ...]
    there: tuple[int, ...]
    likeness: float

    def side(self, which: int) -> tuple[int, ...]:
        """The places here (0) or there (1)."""
        return self.there if which else self.here


def company_likeness(here: str, there: str, weight: Weight, *, at_least: float = 0.0) -> Likeness:
    """The likeness of two companies' names; of texts that give several names, that of the likest two.

    `weight` tells how rare a word is among names of companies: 0 where all of them have it. Of a likeness below
    `at_least` the score alone is told.
    """
    pairs = product(several(here), several(there))
    return max((_companies(one, other, weight, at_least) for one, other in pairs), key=lambda found: found.score)


def person_likeness(here: str, there: str, *, at_least: float = 0.0) -> Likeness:
    """The likeness of two persons' names: in any order, patronymics may be missing; one name alone says little.

    Of a likeness below `at_least` the score alone is told.
    """
    one, other = person(here), person(there)
    matches = _aligned(one.sounds, other.sounds, given_name_likeness)
    left, right = _rest(len(one.sounds), matches, 0), _rest(len(other.sounds), matches, 1)
    matches += _joined(one.sounds, other.sounds, left, right, given_name_likeness)
    score = _of_persons(one, other, matches)
    return Likeness(score) if score < at_least else _said(score, matches, one.written, other.written)


def ship_likeness(here: str, there: str) -> Likeness:
    """The likeness of two ships' names: many ships have the same, so only their IMO numbers tell."""
    one, other = person(here), person(there)
    matches = _aligned(one.sounds, other.sounds, word_likeness)
    whole = len(matches) == max(len(one.sounds), len(other.sounds))
    score = min((match.likeness for match in matches), default=0.0) if whole else 0.0
    return _said(score, matches, one.written, other.written)


def _companies(here: str, there: str, weight: Weight, at_least: float) -> Likeness:
    one, other = wording(here), wording(there)
    forms = tuple(dict.fromkeys((*one.forms, *other.forms)))
    if not one.words or not other.words:
        return Likeness(0.0, forms=forms, notes=("a name of nothing but a legal form",))
    matches = _aligned(one.words, other.words, _of_words)
    left, right = _rest(len(one.words), matches, 0), _rest(len(other.words), matches, 1)
    sounds = [word.sound for word in one.words], [word.sound for word in other.words]
    matches += _joined(*sounds, left, right, word_likeness)
    score, notes = _limited(_of_companies(one.words, other.words, matches, weight), one.words, other.words, matches)
    if one.families and other.families and not one.families & other.families:
        score, notes = score * _OTHER_FORM, (*notes, "another legal form")
    if score < at_least:
        return Likeness(score)
    written = [word.written for word in one.words], [word.written for word in other.words]
    return _said(score, matches, *written)._replace(forms=forms, notes=notes)


def _of_companies(one: Sequence[Word], other: Sequence[Word], matches: Sequence[_Match], weight: Weight) -> float:
    """The weight of what agrees in the weight of all words."""
    own = any(not word.common for word in (*one, *other))
    here = [weight(word) * (_COMMON if word.common and own else 1) for word in one]
    there = [weight(word) * (_COMMON if word.common and own else 1) for word in other]
    agreed = total = 0.0
    for match in matches:
        both = sum(here[place] for place in match.here) + sum(there[place] for place in match.there)
        agreed, total = agreed + both * match.likeness, total + both
    for words, weights, side in ((one, here, 0), (other, there, 1)):
        rest = _rest(len(words), matches, side)
        total += sum(weights[place] * (_COMMON_ALONE if words[place].common else 1) for place in rest)
    return agreed / total if total else 0.0


def _limited(
    score: float, one: Sequence[Word], other: Sequence[Word], matches: Sequence[_Match]
) -> tuple[float, tuple[str, ...]]:
    """The score where nothing forbids it, or the most that there can be, and why."""
    numbers, others = _numbers(one), _numbers(other)
    if numbers and others and not (numbers <= others or others <= numbers):
        return min(score, _OTHER_NUMBER), ("other numbers",)
    pairs = ((one[here], other[there]) for match in matches for here, there in _pairs(match))
    own = {frozenset((mine.sound, theirs.sound)) for mine, theirs in pairs if not (mine.common and theirs.common)}
    whole = all(not _rest(len(words), matches, side) for side, words in enumerate((one, other)))
    if len(own) == 1 and not whole:
        return score * (_THIN if max(map(len, own.pop())) > _SHORT_WORD else _THINNER), ("one word of its own",)
    if own:
        return score, ()
    if any(not word.common for word in (*one, *other)):
        return min(score, _OWN_WORDS_DIFFER), ("only common words agree",)
    return score * _ALL_COMMON, ("common words only",)


def _numbers(words: Sequence[Word]) -> set[str]:
    return {word.sound for word in words if any(map(str.isdigit, word.sound))}


def _pairs(match: _Match) -> Iterator[tuple[int, int]]:
    return product(match.here, match.there)


def _of_persons(one: Person, other: Person, matches: Sequence[_Match]) -> float:
    """How much of the shorter name is in the longer, and a little of how much of the longer is in the shorter."""
    sides = ((len(sounds), _covered(sounds, matches, side)) for side, sounds in enumerate((one.sounds, other.sounds)))
    (words, covered), (_, found) = sorted(sides, key=lambda side: (side[0], -side[1]))
    if not words:
        return 0.0
    score = covered**2 * (0.7 + 0.3 * found) if words > 1 else covered * (0.35 + 0.65 * found)
    unlike = any(match.likeness < 1 for match in matches)
    if unlike and any(_rest(len(person.sounds), matches, side) for side, person in enumerate((one, other))):
        score *= _SLIP_AND_MORE
    swapped = one.son and other.son and [match.there for match in sorted(matches)] != sorted(m.there for m in matches)
    return score * _SON_OF_THE_OTHER if swapped else score


def _covered(sounds: Sequence[str], matches: Sequence[_Match], side: int) -> float:
    """The share of a name's words that agree; an initial counts half."""
    weights = [0.5 if len(sounded) == 1 else 1.0 for sounded in sounds]
    agreed = sum(weights[place] * match.likeness for match in matches for place in match.side(side))
    return agreed / sum(weights) if weights else 0.0


def _aligned(one: Sequence[T], other: Sequence[T], like: Callable[[T, T], float]) -> list[_Match]:
    """Words here and there paired, the likest first, each at most once."""
    found = [(likeness, -i, -j) for i, a in enumerate(one) for j, b in enumerate(other) if (likeness := like(a, b))]
    here: set[int] = set()
    there: set[int] = set()
    matches = []
    for likeness, i, j in sorted(found, reverse=True):
        if i not in here and j not in there:
            here.add(i)
            there.add(j)
            matches.append(_Match((-i,), (-j,), likeness))
    return matches


def _rest(count: int, matches: Iterable[_Match], side: int) -> list[int]:
    """The places of the words of one side (0 here, 1 there) without a counterpart."""
    matched = {place for match in matches for place in (match.there if side else match.here)}
    return [place for place in range(count) if place not in matched]


def _joined(
    one: Sequence[str], other: Sequence[str], left: list[int], right: list[int], like: Callable[[str, str], float]
) -> list[_Match]:
    """The words without a counterpart taken together, where one name writes in one word what the other parts."""
    if not left or not right or len(left) == len(right) == 1:
        return []
    likeness = like("".join(one[place] for place in left), "".join(other[place] for place in right))
    return [_Match(tuple(left), tuple(right), likeness)] if likeness >= _JOINED else []


def _of_words(one: Word, other: Word) -> float:
    """The likeness of two words of companies: a common one is its meaning, and is not like another."""
    if one.common or other.common:
        return float(one.sound == other.sound)
    return word_likeness(one.sound, other.sound)


@lru_cache(REMEMBERED)
def word_likeness(one: str, other: str) -> float:
    """The likeness of two words by their sounds: 1 for the same, 0 for one that is no spelling of the other.

    >>> word_likeness("kronstadt", "kronstat"), word_likeness("140", "143"), word_likeness("sovkombank", "novikombank")
    (0.8888888888888888, 0.0, 0.0)
    """
    if one == other:
        return 1.0
    shorter = min(len(one), len(other))
    if shorter < _SHORTEST or any(map(str.isdigit, one + other)):
        return 0.0
    if stem(one) == stem(other):
        return 0.95
    if _one_town(stem(one), stem(other)) and (stem(one), stem(other)) != (one, other):
        return 0.9
    away = OSA.distance(one, other, score_cutoff=3)
    if shorter > _SHORT_WORD and (away == 1 or (away == 2 and shorter > 6 and one[0] == other[0])):
        first = 1.0 if one[0] == other[0] else _OTHER_FIRST_LETTER
        return first * (1 - away / max(len(one), len(other)))
    same_frame = len(consonants(one)) > 2 and consonants(one) == consonants(other)
    if shorter <= _SHORT_WORD:  # only its vowels may be others: EXFO is no EXMO
        return 1 - away / _SHORTEST if same_frame and away == 1 else 0.0
    return 1 - away / max(len(one), len(other)) if same_frame and away <= 3 else 0.0


def _one_town(one: str, other: str) -> bool:
    """Whether an adjective and the name it is made of are left alike: SAMAR of Самарский, and SAMARA."""
    return min(len(one), len(other)) > _SHORTEST and OSA.distance(one, other, score_cutoff=1) <= 1


@lru_cache(REMEMBERED)
def given_name_likeness(one: str, other: str) -> float:
    """The likeness of two words of persons' names by their sounds; an initial is like what begins with it.

    >>> given_name_likeness("v", "vladimir"), given_name_likeness("anton", "andrei")
    (0.75, 0.0)
    """
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    shorter = min(len(one), len(other))
    if shorter < 3 or any(map(str.isdigit, one + other)):
        return 0.0
    away = OSA.distance(one, other, score_cutoff=3)
    same_frame = consonants(one) == consonants(other)
    if away == 1 and shorter >= _SHORTEST:
        return 0.9 if shorter > _SHORTEST else 0.82 if same_frame else 0.7
    if away <= 3 and len(consonants(one)) > 2 and same_frame:
        return 0.88
    if away == 2 and shorter > 7 and one[0] == other[0]:
        return 0.85
    return 0.7 if away == 2 and shorter > 5 and one[0] == other[0] and one[-1] == other[-1] else 0.0


def _said(score: float, matches: Sequence[_Match], here: Sequence[str], there: Sequence[str]) -> Likeness:
    agreed = (
        (" ".join(here[place] for place in match.here), " ".join(there[place] for place in match.there))
        for match in sorted(matches)
    )
    only_here = tuple(dict.fromkeys(here[place] for place in _rest(len(here), matches, 0)))
    only_there = tuple(dict.fromkeys(there[place] for place in _rest(len(there), matches, 1)))
    return Likeness(score, tuple(dict.fromkeys(agreed)), only_here, only_there)
