"""The text as it was meant: without line marks, each word in one script, in capitals; places stay known."""

from __future__ import annotations

import re

# Descriptions come cut into lines of 256 characters, joined by a mark that may stand inside a word: ТО_[=1=] ЛЩИНА.
_MARK = re.compile(r"_\[=[0-9]{1,3}(?:\.[0-9]{1,3})?=\] ?")
_CYRILLIC, _LATIN = "АВЕКМНОРСТХУаеорсхуІі", "ABEKMHOPCTXYaeopcxyIi"
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_CYRILLIC, _LATIN), str.maketrans(_LATIN, _CYRILLIC)
# A Cyrillic and a Latin letter with at most digits between; found by what follows a Cyrillic one, or by a Latin one.
_MAYBE_MIXED = re.compile(
    r"[0-9A-Za-z-](?:(?<=[\u0400-\u04ff].)(?:(?<=[A-Za-z])|[0-9-]*[A-Za-z])|(?<=[A-Za-z])[0-9-]*[\u0400-\u04ff])"
)
_WORD = re.compile(r"[0-9A-Za-z\u0400-\u04ff]+(?:-[0-9A-Za-z\u0400-\u04ff]+)*")


def without_marks(text: str) -> tuple[str, list[int]]:
    """The text without line marks, and for each letter left its place in the text (empty if nothing was taken out)."""
    if "_[=" not in text:
        return text, []
    places: list[int] = []
    start = 0
    for mark in _MARK.finditer(text):
        places += range(start, mark.start())
        start = mark.end()
    places += range(start, len(text))
    return "".join(text[place] for place in places), places if start else []


def fold_mixed(text: str) -> str:
    """Words of two scripts in the one they were meant in: SIМ7600 with a Cyrillic М; a word of one script stays."""
    return _WORD.sub(lambda word: _fold(word[0]), text) if _MAYBE_MIXED.search(text) else text


def _fold(word: str) -> str:
    latin = {letter for letter in word if letter.isascii() and letter.isalpha()}
    cyrillic = {letter for letter in word if not letter.isascii()}
    if not latin or not cyrillic:
        return word
    digit = any(letter.isdigit() for letter in word)
    # A hyphen joins words of two languages (ТВ-LED), but the tail of a part number too (7600E-Н): a digit decides.
    if cyrillic <= set(_CYRILLIC) and (digit or (latin - set(_LATIN) and "-" not in word)):
        return word.translate(_TO_LATIN)
    if latin <= set(_LATIN) and not digit:
        return word.translate(_TO_CYRILLIC)
    return "-".join(map(_fold, word.split("-"))) if "-" in word else word


def upper(text: str) -> str:
    """Capitals, letter by letter, so that places stay: ß, whose capital is two letters, is left alone."""
    capitals = text.upper()
    if len(capitals) == len(text):
        return capitals
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)
