"""Names of every script in Latin letters, and the sound of a word: what its spellings in Latin letters share.

Transliteration is anyascii's: Cyrillic and Greek letter by letter, Chinese by the usual reading of each character,
Arabic without its short vowels.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from tradeanalytics.reference.scripts import REMEMBERED, unmix

_NO_LETTERS = str.maketrans("", "", "'’‘`´ʼʹʺ\"")
# A lone C, O or B between Cyrillic words is theirs.
_LONE = re.compile(r"(?<=[\u0400-\u045F] )[ABCEHKOPTXYaceopxy](?= [\u0400-\u045F])")
_NOT_WORDS = re.compile(r"[\W_]+")
# Where Latin spellings of one sound differ; longer ones first, each on what those before it left.
_SOUNDS = (
    *(("shch", "s"), ("sch", "s"), ("tch", "ch"), ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f")),
    *(("th", "t"), ("sh", "s"), ("ck", "k"), ("tz", "z"), ("ts", "z"), ("cz", "z"), ("x", "ks"), ("q", "k")),
    *(("w", "v"), ("ya", "ia"), ("ja", "ia"), ("yu", "iu"), ("ju", "iu"), ("ye", "e"), ("je", "e"), ("ie", "e")),
    *(("yo", "o"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("y", "i"), ("j", "i"), ("ce", "se"), ("ci", "si")),
    *(("ch", "4"), ("c", "k"), ("4", "ch")),
)
_VOWEL = re.compile("[aeiouy]")
_REPEATED = re.compile(r"([a-z])\1+")
_VOWELS = str.maketrans("", "", "aeiou")
# Endings of Russian adjectives as they sound: a town's name and the adjective made of it are one word here.
_ENDINGS = ("skogo", "skaia", "skoe", "skoi", "skie", "ski", "ska", "naia", "nogo", "noe", "noi", "nie", "ni")
_STEM = 4  # letters


@lru_cache(REMEMBERED)
def latin(text: str) -> str:
    """A text in small Latin letters; look-alike letters of words that mix scripts are folded first.

    >>> latin("Кронштадт"), latin("深圳"), latin("Ltée")
    ('kronshtadt', 'shenzhen', 'ltee')
    """
    unmixed = _LONE.sub(lambda found: unmix(f"{found[0]}\u0431")[:1], unmix(text))  # б has no twin
    plain = unicodedata.normalize("NFKC", unmixed).lower().translate(_NO_LETTERS)
    return plain if plain.isascii() else anyascii(plain).lower().translate(_NO_LETTERS)


def latin_words(text: str) -> list[str]:
    """The words of a text in small Latin letters.

    >>> latin_words("J.P. Example & Co."), latin_words("СМТ-АйЛоджик")
    (['j', 'p', 'example', 'co'], ['smt', 'aylodzhik'])
    """
    return _NOT_WORDS.sub(" ", latin(text)).split()


def initials_joined(words: list[str]) -> list[str]:
    """The words, single letters that follow each other as one: L. L. C. is LLC."""
    joined: list[str] = []
    letter = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and letter:
            joined[-1] += word
        else:
            joined.append(word)
        letter = single
    return joined


def sound(word: str) -> str:
    """What the Latin spellings of one word of a company's name share.

    A word without a vowel is letters that stand for words, and none of them is another.

    >>> sound("kristall") == sound("crystal"), sound("yekaterina") == sound("ekaterina"), sound("kcst")
    (True, True, 'kcst')
    """
    return spoken(word) if _VOWEL.search(word) else word


@lru_cache(REMEMBERED)
def spoken(word: str) -> str:
    """What the Latin spellings of one word share, with or without vowels: Arabic names come without.

    >>> spoken("khld"), spoken("khaled")
    ('hld', 'haled')
    """
    for spelling, plain in _SOUNDS:
        if spelling in word:
            word = word.replace(spelling, plain)
    return _REPEATED.sub(r"\1", word)


@lru_cache(REMEMBERED)
def stem(sounded: str) -> str:
    """The word without the ending of a Russian adjective.

    >>> stem(sound("kumertauskaya")), stem(sound("kumertau"))
    ('kumertau', 'kumertau')
    """
    for ending in _ENDINGS:
        if sounded.endswith(ending) and len(sounded) - len(ending) >= _STEM:
            return sounded.removesuffix(ending)
    return sounded


@lru_cache(REMEMBERED)
def consonants(sounded: str) -> str:
    """The first letter and the consonants behind it: what is left where vowels are written in several ways.

    >>> consonants(sound("Muhammad")) == consonants(sound("Mohamed"))
    True
    """
    return sounded[:1] + sounded[1:].translate(_VOWELS)
