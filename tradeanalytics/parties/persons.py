"""The words of a person's name as names are compared by, in Latin letters and by their sound."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tradeanalytics.parties.latin import latin, latin_words, spoken
from tradeanalytics.reference.scripts import REMEMBERED

# What stands between names, or before them, and is written by some and not by others.
_PARTICLES = frozenset(
    (
        *("al", "el", "ul", "ad", "as", "ash", "an", "ar", "at", "bin", "ibn", "ben", "bint", "abu", "abd"),
        *("de", "van", "von", "der", "den", "del", "la", "le", "dos", "da", "di", "st", "the", "and", "of"),
    )
)
_SON_OF = frozenset(("bin", "ibn", "ben", "bint"))
_TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "lord", "general", "colonel", "major"),
        *("captain", "lieutenant", "engineer", "eng", "haji", "hajji", "hajj", "alhaj", "sheikh", "shaykh", "sheik"),
        *("shaikh", "mullah", "mulla", "maulvi", "maulavi", "mawlawi", "hafiz", "qari", "imam", "sayyid", "seyed"),
        "ip",  # a Russian sole trader
    )
)
_DOUBLED = re.compile(r"(.)\1")
# Of a letter that is written or sounds as two, such as Ю or X, the first begins the name that it stands for.
_LETTER = re.compile(r"(?<!\w)[A-Za-z\u0370-\u058F](?!\w)")


class Person(NamedTuple):
    """The words of a name by their sound and as written in Latin letters; `son`: it says whose son he is."""

    sounds: tuple[str, ...]
    written: tuple[str, ...]
    son: bool


def _sounded(word: str) -> str:
    """The sound of a word; where little is left of it, as written: Yi is no initial, and Ziyi no Tsi."""
    sounded = spoken(word)
    return sounded if len(sounded) > 2 else _DOUBLED.sub(r"\1", word)


@lru_cache(REMEMBERED)
def person(text: str) -> Person:
    """The words of a person's name: the surname that stands before a comma last, without titles and particles.

    >>> person("SAMPLE, Ivan bin Petr").written, person("Ю. Образец").sounds
    (('ivan', 'petr', 'sample'), ('i', 'obrazez'))
    """
    surname, comma, given = text.partition(",")
    words = latin_words(f"{given} {surname}" if comma and "," not in given else text)
    plain = [word for word in words if word not in _PARTICLES and word not in _TITLES] or words
    letters = set(map(latin, _LETTER.findall(text)))
    sounds = (spoken(word)[:1] if word in letters else _sounded(word) for word in plain)
    return Person(tuple(sounds), tuple(plain), bool(_SON_OF & set(words)))
