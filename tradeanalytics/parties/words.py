"""The words of a company's name as names are compared by: in Latin letters, by their sound, what many companies are
called in one language of meaning, legal forms left out.

PLANT, ZAVOD and ЗАВОД are one word here; НИИ is three. Such common words weigh less than those that only this company
has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from tradeanalytics.parties.latin import initials_joined, latin_words, sound
from tradeanalytics.parties.names import forms_apart
from tradeanalytics.reference import rows
from tradeanalytics.reference.scripts import REMEMBERED

_FRONT = ("ru", "ua", "by", "kz", "id", "vn")  # where a short form stands before the name
_SHORT = 2  # letters of a form that is a word elsewhere: AS, SA, CO
_ASIDE = re.compile(r"\(([^()]*)\)")
_OTHERWISE = re.compile(
    r";|\b(?:[anf][./]?\s?k[./]?\s?a\b\.?|d/b/a\b|t/a\b|c/o\b|formerly)"
    r"|/(?<!\b\w/(?=\w\b))(?<![0-9]/(?=[0-9]))",  # A/S and 24/7 are no two names
    re.IGNORECASE,
)
_MOST = 6  # names in one name


class Word(NamedTuple):
    """A word: what it is compared by, whether many names have it, and how it is written, in Latin letters."""

    sound: str
    common: bool
    written: str


class Wording(NamedTuple):
    """The words of a name in their order, and the legal forms left out, in Latin letters and by family."""

    words: tuple[Word, ...]
    forms: tuple[str, ...]
    families: frozenset[str]


@lru_cache(REMEMBERED)
def wording(text: str) -> Wording:
    """The words of a company's name; one that is nothing but legal forms has none.

    >>> [word.sound for word in wording('АО "НИИ Вексел"').words], wording("JSC VEXEL").families
    (['scientific', 'research', 'institute', 'veksel'], frozenset({'stock'}))
    """
    words, forms = _without_forms(_words(forms_apart(text)))
    families = frozenset(filter(None, (_forms()[form] for form in forms)))
    return Wording(_compared(words), tuple(" ".join(form) for form in forms), families)


@lru_cache(REMEMBERED)
def several(text: str) -> tuple[str, ...]:
    """The names that one text gives: parted by `;`, `/`, a.k.a. or the like, or in brackets where they are names.

    >>> several('ОБРАЗЕЦ (АО "ОБРАЗЕЦ")'), several("Sample Bank (Sweden) AB")
    (('ОБРАЗЕЦ', 'АО "ОБРАЗЕЦ"'), ('Sample Bank (Sweden) AB',))
    """
    found: dict[str, None] = {}
    whole = text + ")" * (text.count("(") - text.count(")"))  # long names are cut off
    for part in _OTHERWISE.split(whole):
        found.update(dict.fromkeys(_with_aside(part)))
        found.update(dict.fromkeys(_after_comma(part)))
    named = [one for one in found if wording(one).words][:_MOST]
    return tuple(named) or (text,)


def _with_aside(part: str) -> list[str]:
    asides = [found for found in _ASIDE.finditer(part) if _is_name(found[1], last=not part[found.end() :].strip())]
    for aside in reversed(asides):
        part = f"{part[: aside.start()]} {part[aside.end() :]}"
    return [" ".join(part.split()), *(aside[1].strip() for aside in asides)]


def _after_comma(part: str) -> list[str]:
    """The two names of `LLC Sample, Sample Group`: a whole name with its form, and one with words of its own."""
    first, comma, second = part.partition(", ")
    if not comma or not (wording(first).families and wording(first).words):
        return []
    own = any(not word.common for word in wording(second).words)
    return [first, second] if own else []


def _is_name(aside: str, *, last: bool) -> bool:
    """Whether what stands in brackets is a name of its own: with a legal form or quotes, or an acronym; not a place.

    Letters that stand for the words before them are a name at the end only: of the Sample Corps (SC) Second Brigade,
    SC is not the name.
    """
    acronym = last and aside.isupper() and re.fullmatch(r"[^\W\d_a-z]{3,8}(?:-[^\W_]+)?", aside)
    return bool(acronym or wording(aside).forms or re.search("[«»“”„\"‘’']", aside))


def _words(text: str) -> list[str]:
    return initials_joined(latin_words(text))


def _without_forms(words: list[str]) -> tuple[list[str], list[tuple[str, ...]]]:
    kept: list[str] = []
    forms: list[tuple[str, ...]] = []
    place = 0
    while place < len(words):
        form = _form_at(words, place, bool(kept))
        if form:
            forms.append(form)
        else:
            kept.append(words[place])
        place += len(form) or 1
    return kept, forms


def _form_at(words: list[str], place: int, inside: bool) -> tuple[str, ...]:
    """The longest legal form that begins here; a short one only where forms stand."""
    for size in range(min(_forms_from().get(words[place], 0), len(words) - place), 0, -1):
        form = tuple(words[place : place + size])
        if form in _forms() and (size > 1 or _stands_well(form, place + size == len(words), inside)):
            return form
    return ()


def _stands_well(form: tuple[str, ...], last: bool, inside: bool) -> bool:
    (word,) = form
    if last:
        return True
    return form in _forms_in_front() if not inside else len(word) > _SHORT and bool(_forms()[form])


@cache
def _forms() -> dict[tuple[str, ...], str]:
    """The family of each legal form, by its words."""
    forms = {tuple(_words(row["form"])): row["family"] for row in rows("legal_forms")}
    # What a company does (НПП, ТД) is no form here: it has a meaning.
    meant = _phrases(spoken=True)
    return {form: family for form, family in forms.items() if family or tuple(map(sound, form)) not in meant}


@cache
def _forms_in_front() -> frozenset[tuple[str, ...]]:
    """Forms that may stand first: those of Russia and its neighbours, and all that are no word."""
    return frozenset(
        tuple(_words(row["form"]))
        for row in rows("legal_forms")
        if row["family"] and (row["country"] in _FRONT or len(row["form"]) > _SHORT)
    )


@cache
def _forms_from() -> dict[str, int]:
    return _reach(_forms())


def _reach(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """How many words the longest phrase has that begins with a word."""
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    return longest


def _compared(words: list[str]) -> tuple[Word, ...]:
    sounds = [sound(word) for word in words]
    compared: list[Word] = []
    place = 0
    while place < len(words):
        size, means = _meaning(words, sounds, place)
        written = " ".join(words[place : place + size])
        if means is None:
            compared.append(Word(sounds[place], False, written))
        else:
            compared.extend(Word(one, not one.isdigit(), written) for one in means)
        place += size
    return tuple(compared)


def _meaning(words: list[str], sounds: list[str], place: int) -> tuple[int, tuple[str, ...] | None]:
    """How many words from here have one meaning, and that; None where the word is not a common one."""
    longest = max(_from(False).get(words[place], 0), _from(True).get(sounds[place], 0))
    for size in range(min(longest, len(words) - place), 0, -1):
        for spoken, said in ((False, words), (True, sounds)):
            means = _phrases(spoken).get(tuple(said[place : place + size]))
            if means is not None:
                return size, means
    return 1, _by_stem(sounds[place])


@cache
def _phrases(spoken: bool) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Meanings by their words as written, or by sound; numbers, and words that say nothing, only as written: II, III
    and the Russian for "and" have one sound."""
    phrases = {
        tuple(_words(row["word"])): tuple(row["means"].split())
        for row in rows("name_words")
        if not row["word"].endswith("*") and _words(row["word"])
    }
    if not spoken:
        return phrases
    return {tuple(map(sound, one)): means for one, means in phrases.items() if means and not means[0].isdigit()}


@cache
def _from(spoken: bool) -> dict[str, int]:
    return _reach(_phrases(spoken))


@lru_cache(REMEMBERED)
def _by_stem(sounded: str) -> tuple[str, ...] | None:
    for size in range(len(sounded), 2, -1):
        if means := _stems().get(sounded[:size]):
            return means
    return None


@cache
def _stems() -> dict[str, tuple[str, ...]]:
    """Meanings by the first letters of a word, where its ending changes: `word*` in the table."""
    return {
        sound(_words(row["word"])[0]): tuple(row["means"].split())
        for row in rows("name_words")
        if row["word"].endswith("*")
    }
