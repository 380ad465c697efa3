"""Which listed names a name might be: those that share its rare words, or words that sound or are spelled like them.

Whole tables at a time: each name is taken into words once, and a word is looked for once however many names have it.
Weights are whole numbers, so that a sum is the same in every order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from tradeanalytics.parties.latin import consonants, stem
from tradeanalytics.parties.likeness import given_name_likeness, word_likeness
from tradeanalytics.parties.persons import person
from tradeanalytics.parties.words import Word, several, wording

KINDS = ("company", "person", "ship")
_ENOUGH = 0.5  # of the weight of the words of both names must agree
_BEHIND = 20_000  # names that are thought behind those here: among few, every word would be as rare as another
_OF_COMMON = 100  # of these one in so many has each common word
_FURTHEST = 3  # letters between two spellings of one word
_AT_ONCE = 20_000  # names
_PAIRS_AT_ONCE = 200_000
_MANY_WORDS = 6  # of a person's name
_TOO_MANY = 400  # words of one ending, such as -enko, tell nothing
_JOINED = "="  # marks the words of a name written as one
_LONG_ENOUGH = 6  # letters of these
_END = 9  # of these one end must be the same, or the consonants, or all but a letter
_TWO_SLIPS = {"company": 7, "person": 6, "ship": 6}  # letters of a word that can have two and still be known
_DIGIT = re.compile(r"\d")
_WORDS = {"name": pl.UInt32, "part": pl.UInt32, "token": pl.String, "asked": pl.Boolean}
_PAIR = ("part", "part_there")


@dataclass(frozen=True)
class Names:
    """Names of one kind made ready to be looked up.

    `tokens`: columns name (its place), part (of all the names that the texts give), token, weight, size, initials,
    rare, one row a word that is looked for; `counted`: columns token and len, how many of the `count` names have a
    word; `keys`: listed and key, what spellings of a word share.
    """

    kind: str
    count: int
    tokens: pl.DataFrame
    counted: pl.DataFrame
    keys: pl.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", dict(self.counted.iter_rows()))

    def weight(self, word: Word) -> float:
        """How rare a word is among these names and those behind them: the logarithm of how many have it."""
        known: dict[str, int] = self._known  # type: ignore[attr-defined]
        behind = _BEHIND // _OF_COMMON if word.common else 0
        return math.log((self.count + _BEHIND) / (known.get(word.sound, 0) + behind + 1))


def prepare(texts: Sequence[str], kind: str) -> Names:
    """Take names into words and count these; `kind` is "company", "person" or "ship"."""
    words = _words(texts, kind)
    counted = words.unique(["name", "token"]).group_by("token").len().sort("token")
    tokens = _weighed(words, counted, len(texts), kind)
    keys = _keyed(tokens["token"].unique().sort(), "listed", kind).filter(pl.len().over("key") <= _TOO_MANY)
    return Names(kind, len(texts), tokens, counted, keys)


def candidates(texts: Sequence[str], names: Names) -> pl.DataFrame:
    """Pairs of a text and a name that may be alike: columns `text` and `name`, the places of both, in their order."""
    parts = [_candidates(texts[start : start + _AT_ONCE], start, names) for start in range(0, len(texts), _AT_ONCE)]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"text": pl.UInt32, "name": pl.UInt32})


def _candidates(texts: Sequence[str], start: int, names: Names) -> pl.DataFrame:
    words = _weighed(_words(texts, names.kind), names.counted, names.count, names.kind)
    near = _near(words["token"].unique().sort(), names)
    # Words as whole numbers, or the joins of millions of pairs are slow and take GBs.
    numbers = pl.concat([near["token"], near["listed"]]).unique().sort().to_frame("token").with_row_index("here")
    joined = pl.col("token").str.starts_with(_JOINED)
    asked = words.join(numbers, on="token").select("part", "here", "weight", "size", "rare", joined=joined)
    there = numbers.rename({"token": "listed", "here": "there"})
    named = names.tokens.rename({"token": "listed"} | {one: f"{one}_there" for one in ("part", "weight", "size")})
    named = named.join(there, on="listed").select("part_there", "there", "weight_there", "size_there", "rare")
    known = near.join(numbers, on="token").join(there, on="listed").select("here", "there")
    found = _agreeing(_sharing(asked, named, known), asked, named, known)
    both = found.join(_whole(words), on="part")
    both = both.join(_whole(names.tokens), left_on="part_there", right_on="part", suffix="_there")
    likely = both.filter(_likely(names.kind)).select(pl.col("name").alias("text") + start, name="name_there")
    return likely.unique().sort("text", "name")


def _sharing(asked: pl.DataFrame, named: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Pairs of parts, each once, that share a rare word of the shorter, or too little agrees."""
    shorter = pl.col("size") <= pl.col("size_there")
    sides = (asked.filter("rare"), named, shorter), (asked, named.filter("rare"), ~shorter)
    shared = (one.join(near, on="here").join(two, on="there").filter(which) for one, two, which in sides)
    return pl.concat(found.select(*_PAIR) for found in shared).unique()


def _agreeing(pairs: pl.DataFrame, asked: pl.DataFrame, named: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """The words of each pair that agree: their weight, how many they are, and whether one is all of them joined."""
    mine = asked.select("part", "here", "weight", "joined")
    theirs = named.select("part_there", "there", "weight_there")
    parts = (
        some.join(mine, on="part")
        .join(theirs, on="part_there")
        .join(near, on=["here", "there"], how="semi")
        .group_by(*_PAIR, "here")
        .agg(agreed=pl.min_horizontal("weight", "weight_there").max(), joined=pl.col("joined").first())
        .group_by(*_PAIR)
        .agg(pl.col("agreed").sum(), words=pl.len(), joined=pl.col("joined").any())
        for some in (pairs[at : at + _PAIRS_AT_ONCE] for at in range(0, max(pairs.height, 1), _PAIRS_AT_ONCE))
    )
    return pl.concat(parts)


def _likely(kind: str) -> pl.Expr:
    joined = pl.col("joined")
    if kind == "company":
        return joined | (2 * pl.col("agreed") >= _ENOUGH * (pl.col("weight") + pl.col("weight_there")))
    # One word of a person's name says nothing, if no initial stands with it. Of three or more one may differ where the
    # other name has more, and may write it in two; of many, one tells little.
    shorter, longer = pl.min_horizontal("size", "size_there"), pl.max_horizontal("size", "size_there")
    needed = shorter - (((shorter > 2) & (longer > shorter)) | (shorter > _MANY_WORDS)).cast(pl.Int64)
    says = (shorter > 1) | (longer == 1) | pl.col("initials") | pl.col("initials_there")
    return joined | ((pl.col("words") >= needed) & says)


def _whole(tokens: pl.DataFrame) -> pl.DataFrame:
    """The weight and the number of the words of each name that a text gives."""
    words = tokens.filter(~pl.col("token").str.starts_with(_JOINED))
    return words.group_by("name", "part").agg(pl.col("weight").sum(), pl.col("size", "initials").first())


def _weighed(words: pl.DataFrame, counted: pl.DataFrame, count: int, kind: str) -> pl.DataFrame:
    """The words that are looked for, with their weight in thousandths, and whether they are the rare ones of a name.

    `initials`: the name has words that are not looked for as well.
    """
    weight = (1000 * ((count + _BEHIND) / (pl.col("len").fill_null(0) + 1)).log()).round().cast(pl.Int64)
    asked = words.with_columns(initials=(~pl.col("asked")).any().over("part")).filter("asked").drop("asked")
    weighed = asked.join(counted, on="token", how="left").with_columns(weight=weight).drop("len")
    # Of two words of a person's name both must agree, so that it is found by the rarer; of more, by the two rarest.
    joined = pl.col("token").str.starts_with(_JOINED)
    ordered = weighed.sort(pl.col("part"), joined, -pl.col("weight"), pl.col("token"))
    size, place = (~joined).sum().over("part").cast(pl.Int64), pl.int_range(pl.len()).over("part")
    rare = joined | (size == 1) | (place < pl.min_horizontal(size - 1, 2))
    return ordered.with_columns(size=size, rare=pl.lit(True) if kind == "company" else rare)


def _words(texts: Sequence[str], kind: str) -> pl.DataFrame:
    """One row a word of each name that the texts give, and one of its words joined; `asked`: it is looked for."""
    of, names = (_of_company, several) if kind == "company" else (_of_person, lambda text: (text,))
    parts = ((place, name) for place, text in enumerate(texts) for name in names(text))
    rows = [(place, part, *word) for part, (place, name) in enumerate(parts) for word in of(name)]
    return pl.DataFrame(rows, schema=_WORDS, orient="row").unique(maintain_order=True)


def _of_company(name: str) -> Iterator[tuple[str, bool]]:
    words = wording(name).words
    own = [word.sound for word in words if not word.common]
    for word in words:
        yield word.sound, not word.common or not own
    yield from _joined(own)


def _of_person(name: str) -> Iterator[tuple[str, bool]]:
    sounds = person(name).sounds
    for sounded in sounds:
        yield sounded, len(sounded) > 1
    yield from _joined(sounds)


def _joined(sounds: Sequence[str]) -> Iterator[tuple[str, bool]]:
    joined = "".join(sounds)
    if len(joined) >= _LONG_ENOUGH:
        yield _JOINED + joined, True


def _near(asked: pl.Series, names: Names) -> pl.DataFrame:
    """Words that are asked for with the listed words they may be: columns token, listed. Each is near to itself."""
    same = pl.DataFrame({"token": asked}).join(names.counted, on="token", how="semi").with_columns(listed="token")
    pairs = _keyed(asked, "token", names.kind).join(names.keys, on="key").select("token", "listed").unique()
    other = pairs.filter(
        pl.col("token") != pl.col("listed"),
        (pl.col("token").str.len_chars().cast(pl.Int64) - pl.col("listed").str.len_chars()).abs() <= _FURTHEST,
    )
    away = _apart(other["token"], other["listed"])
    close = _perhaps(other.with_columns(away=away).filter(pl.col("away") <= _FURTHEST), _TWO_SLIPS[names.kind])
    like = word_likeness if names.kind == "company" else given_name_likeness
    alike = [like(one.removeprefix(_JOINED), two.removeprefix(_JOINED)) > 0 for one, two in close.iter_rows()]
    return pl.concat([same, close.filter(pl.Series(alike, dtype=pl.Boolean))]).sort("token", "listed")


def _perhaps(close: pl.DataFrame, two_slips: int) -> pl.DataFrame:
    """Words that may be alike: most pairs are not, as their letters and consonants tell without a look at each."""
    words = pl.concat([close["token"], close["listed"]]).unique()
    plain = [word.removeprefix(_JOINED) for word in words]
    rows = [(word, consonants(one), stem(one)) for word, one in zip(words, plain, strict=True)]
    told = pl.DataFrame(rows, schema=dict.fromkeys(("word", "frame", "stem"), pl.String), orient="row")
    both = close.join(told, left_on="token", right_on="word", maintain_order="left")
    both = both.join(told, left_on="listed", right_on="word", suffix="_there", maintain_order="left")
    first = pl.col("frame").str.head(1) == pl.col("frame_there").str.head(1)
    shorter = pl.min_horizontal(pl.col("token").str.len_chars(), pl.col("listed").str.len_chars())
    slip = (pl.col("away") == 1) | ((pl.col("away") == 2) & first & (shorter >= two_slips))
    same_frame = pl.col("frame") == pl.col("frame_there")
    return both.filter(slip | same_frame | (_apart(both["stem"], both["stem_there"]) <= 1)).select("token", "listed")


def _apart(one: pl.Series, other: pl.Series) -> pl.Series:
    """How many letters each word is from the other, to the furthest that matters."""
    return pl.Series(
        np.asarray(cpdist(one.to_list(), other.to_list(), scorer=OSA.distance, score_cutoff=_FURTHEST)), dtype=pl.Int64
    )


def _keyed(words: pl.Series, name: str, kind: str) -> pl.DataFrame:
    """What words that may be spellings of one share: see `_keys`."""
    # Some words at a time: a word has dozens of keys, and as texts of Python they are many times as large.
    parts = []
    for some in (words[at : at + _AT_ONCE] for at in range(0, max(len(words), 1), _AT_ONCE)):
        keys = [sorted(_keys(word, _TWO_SLIPS[kind])) for word in some]
        of = np.repeat(np.arange(len(keys)), list(map(len, keys)))
        parts.append(pl.DataFrame({name: some.gather(of), "key": pl.Series(chain(*keys), dtype=pl.String)}))
    return pl.concat(parts)


def _keys(word: str, two_slips: int) -> set[str]:
    """Its stem, its consonants, and it without a letter: two words that one slip tells apart are the same without it.

    Longer words may have two slips, but begin with the same letter: these share their consonants without one, or their
    first or last letters; the words of a name joined share many.
    """
    mark, plain = (_JOINED, word[1:]) if word.startswith(_JOINED) else ("", word)
    if len(plain) < 3 or _DIGIT.search(plain):
        return set()
    frame = consonants(plain)
    keys = {
        f"{mark}/{stem(plain)}",
        f"{mark}~{frame}",
        f"{mark}-{plain}",
        *(f"{mark}-{one}" for one in _shorter(plain)),
    }
    if mark:
        return keys | {f"{mark}{plain[:_END]}<", f"{mark}>{plain[-_END:]}"}
    if len(plain) >= two_slips:
        keys |= {f"{plain[0]}^{one}" for one in (frame, *_shorter(frame))}
        keys |= {f"{plain[:4]}<", f"{plain[0]}>{plain[-4:]}"}
    if two_slips <= len(plain) < two_slips + 3:  # of the shortest the last letter must be the same, too
        keys |= {f"{plain[:3]}<{plain[-1]}", f"{plain[0]}>{plain[-3:]}"}
    return keys


def _shorter(word: str) -> Iterator[str]:
    """The word without each of its letters."""
    return (word[:place] + word[place + 1 :] for place in range(len(word)))
