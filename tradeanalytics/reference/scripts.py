"""Latin and Cyrillic letters that look alike, folded to the one script a word can be in."""

from __future__ import annotations

import re
from functools import lru_cache

REMEMBERED = 1 << 16  # distinct texts a reader keeps at hand, a few MB; the rest are read again

_MIXED_WORD = re.compile(
    # Words only from their start, or a long word is searched again from each of its letters.
    r"(?<![A-Za-z\u0400-\u045F])(?:[A-Za-z]+[\u0400-\u045F]|[\u0400-\u045F]+[A-Za-z])[A-Za-z\u0400-\u045F]*"
)
_CYRILLIC, _LATIN = "АВЕКМНОРСТУХІЅЈаеорсухіѕј", "ABEKMHOPCTYXISJaeopcyxisj"
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_CYRILLIC, _LATIN), str.maketrans(_LATIN, _CYRILLIC)


def unmix(text: str) -> str:
    """Fold look-alike letters inside words that mix scripts; a word that both scripts need is left alone.

    >>> unmix("ФАHЕРА USBКАБЕЛЬ"), unmix("SАMPLE").isascii()
    ('ФАНЕРА USBКАБЕЛЬ', True)
    """
    return _MIXED_WORD.sub(lambda found: _one_script(found[0]), text)


@lru_cache(REMEMBERED)
def _one_script(word: str) -> str:
    """The word in the script of its letters without a twin; else of most of its letters; else as it is."""
    latin = [letter for letter in word if letter.isascii()]
    cyrillic = [letter for letter in word if not letter.isascii()]
    needs_latin = any(letter not in _LATIN for letter in latin)
    needs_cyrillic = any(letter not in _CYRILLIC for letter in cyrillic)
    if needs_latin == needs_cyrillic and (needs_latin or len(latin) == len(cyrillic)):
        return word
    to_latin = needs_latin or (not needs_cyrillic and len(latin) > len(cyrillic))
    return word.translate(_TO_LATIN if to_latin else _TO_CYRILLIC)
