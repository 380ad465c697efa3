"""The words of an address where they stand in it, in capitals and Latin letters, and what stands between them.

Every place is one in the text as written: capitals and look-alike letters are put one for one before words are cut.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tradeanalytics.parties.addresses.vocabulary import CODE, HASHED, KINDS, NUMBER, UNIT, plain
from tradeanalytics.reference.scripts import REMEMBERED

BREAK, HYPHEN, SLASH, AND, COLON = 1, 2, 4, 8, 16  # what can stand between two words
_HASH = 32
_MARKS = {
    **dict.fromkeys(",;|\n\r\t()[]{}«»<>", BREAK),
    **dict.fromkeys("-–—‑", HYPHEN),
    **{"/": SLASH, "\\": SLASH, "&": AND, "+": AND, ":": COLON, "#": _HASH},
}
_LETTERS = r"(?:[^\W\d_]\. ?)+[^\W\d_](?!\w)"  # initials: N.W., P.O., C. P.
_WORD = re.compile(
    rf"{_LETTERS}|[^\W\d_]/[^\W\d_](?!\w)|\d+-?(?:АЯ|[ЯЙ]|[ЫОИ]Й)(?!\w)|(?:ПР-КТ|ПР-Т|ПР-Д|Б-Р|КВ-Л|Р-Н)(?!\w)"
    r"|(?:[^\W_][\u0300-\u036F]*)+(?:['’`´](?:[^\W_][\u0300-\u036F]*)+)*"
)
_WORD_OF_ASCII = re.compile(r"(?:[A-Z]\. ?)+[A-Z](?![A-Z0-9_])|[A-Z]/[A-Z](?![A-Z0-9_])|[A-Z0-9]+(?:['`][A-Z0-9]+)*")
_GLUED = re.compile(r"([A-Z]{2,})(\d+[A-Z]?)|(\d+)((?!EME|IEME|ERE)[A-Z]{3,})")
_ORDINAL = re.compile(r"(\d+)-?(?:АЯ|[ЯЙ]|[ЫОИ]Й)")
_POSTAL = re.compile(
    r"(?<![A-Z0-9])([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[ .\-–]{0,3}(\d[ABCEGHJ-NPRSTV-Z]\d)(?![A-Z0-9])"
)
_GLUED_POSTAL = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[ -]?(\d[ABCEGHJ-NPRSTV-Z]\d)(?!\d{1,6}(?!\d))")
# D, F, I, O, Q and U are in no postal code: where they stand in the place of a digit, a digit was meant.
_MISREAD = re.compile(
    r"(?<![A-Z0-9])([ABCEGHJ-NPRSTVXY][\dOQDI][ABCEGHJ-NPRSTV-Z])[ -]?([\dOQDI][ABCEGHJ-NPRSTV-Z][\dOQDI])(?![A-Z0-9])"
)
_DIGITS = str.maketrans("OQDI", "0001")
_TWINS = str.maketrans("АВЕКМНОРСТУХІЅЈ", "ABEKMHOPCTYXISJ")
_PHONE = re.compile(
    r"(?<![A-ZА-Я])(?:TELEPHONE|TEL|PHONE|FAX|MOBILE|MOB|CELL|ТЕЛЕФОН|ТЕЛ|ФАКС|МОБ)[ .:/#]{0,4}"
    r"(?:(?:NO|FAX|ФАКС)[ .:/]{0,3})?"
    r"\+?[(\d][\d ()./+-]{5,24}\d|\+\d[\d ()-]{7,18}\d|\(\d{3}\) ?\d{3}[ .-]?\d{4}(?!\d)"
    r"|(?<!\d)(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}(?!\d)|(?<!\d)\d{10,11}(?!\d)|(?<!\d)\d{3} \d{3}[ -]\d{4}\s*$"
)
_MAIL = re.compile(r"[^\s,;]{1,64}@[^\s,;]{1,255}")


class Written:
    """The words of a text with their places and kinds; those that are read are no longer free."""

    __slots__ = ("ends", "free", "gaps", "kinds", "spans", "starts", "text", "words")

    def __init__(self, text: str, shown: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gaps: list[int] = []
        self.kinds: list[int] = []
        self.spans: list[tuple[str, int, int]] = []
        self._cut(shown)
        self.free = [True] * len(self.words)

    def _cut(self, shown: str) -> None:
        last, ascii_only = 0, shown.isascii()
        for found in (_WORD_OF_ASCII if ascii_only else _WORD).finditer(shown):
            start, end = found.span()
            word = found[0]
            gap = _gap(shown[last:start])
            if not word.isalpha() and not word.isdigit():
                self._add_mixed(word, start, end, gap)
            else:
                self._add(word if ascii_only else plain(word), start, end, gap)
            last = end

    def _add(self, word: str, start: int, end: int, gap: int) -> None:
        if not word:
            return  # of letters that have no Latin ones
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)
        self.gaps.append(gap)
        kind = KINDS[word]
        self.kinds.append(kind | HASHED if gap & _HASH else kind)

    def _add_mixed(self, word: str, start: int, end: int, gap: int) -> None:
        """A word of letters and digits, or with marks in it: two words where a unit or a name is glued to a number."""
        clean = _plain_mixed(word)
        glued = _GLUED.fullmatch(clean) if len(clean) == end - start else None
        if not glued or not _apart(glued):
            return self._add(clean, start, end, gap)
        cut = start + glued.end(1 if glued[1] else 3)
        self._add(clean[: cut - start], start, cut, gap)
        return self._add(clean[cut - start :], cut, end, 0)

    def take(self, part: str, first: int, last: int) -> str:
        """Words `first` to before `last` are read as `part`: no longer free, and their place is kept."""
        for at in range(first, last):
            self.free[at] = False
        if part:
            self.spans.append((part, self.starts[first], self.ends[last - 1]))
        return " ".join(self.words[first:last])

    def together(self, first: int, last: int) -> bool:
        """True where all words are free and no break is between them."""
        return all(self.free[first:last]) and not any(gap & BREAK for gap in self.gaps[first + 1 : last])

    def original(self, first: int, last: int) -> str:
        """The text as written from one word to before another."""
        return self.text[self.starts[first] : self.ends[last - 1]]


@lru_cache(REMEMBERED)
def _gap(between: str) -> int:
    found = 0
    for mark in between:
        found |= _MARKS.get(mark, 0)
    return found


@lru_cache(REMEMBERED)
def _plain_mixed(word: str) -> str:
    """Apostrophes and points out; numbers with a Russian or an English ending alike."""
    if found := _ORDINAL.fullmatch(word):
        return ordinal(found[1])
    return word if word.isascii() and word.isalnum() else plain(word)


def ordinal(digits: str) -> str:
    """The English ordinal of a number: 45 is 45TH, 21 is 21ST."""
    ending = "TH" if digits[-2:] in ("11", "12", "13") else {"1": "ST", "2": "ND", "3": "RD"}.get(digits[-1:], "TH")
    return digits + ending


def _apart(glued: re.Match[str]) -> bool:
    """True where letters and digits are two words: UNIT301, LTD12, 12MAPLE; not C200 and 16FL."""
    return bool(glued[3]) or len(glued[1]) > 2 or bool(KINDS[glued[1]] & UNIT)


def capitals(text: str) -> str:
    """A text in capitals with every letter in its place: ß, whose capital is two letters, stays."""
    large = text.upper()
    if len(large) == len(text):
        return large
    return "".join(each if len(each) == 1 else letter for letter, each in ((letter, letter.upper()) for letter in text))


def postal_code(shown: str) -> tuple[str, int, int] | None:
    """The Canadian postal code of a text in capitals with its place: as it should be, then glued, then misread.

    >>> postal_code("TORONTO M5VO3A"), postal_code("ONM2N6S6CANADA"), postal_code("М2М 3Х4")
    (None, ('M2N 6S6', 2, 8), ('M2M 3X4', 0, 7))
    """
    latin = shown if shown.isascii() else shown.translate(_TWINS)
    found = _last(_POSTAL, latin) or _GLUED_POSTAL.search(latin) or _MISREAD.search(latin)
    if not found or sum(letter.isdigit() for letter in found[0]) < 2:
        return None
    first, last = found[1], found[2]
    outward = first[0] + first[1].translate(_DIGITS) + first[2]
    inward = last[0].translate(_DIGITS) + last[1] + last[2].translate(_DIGITS)
    return f"{outward} {inward}", found.start(), found.end()


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007
        pass
    return found


def without_contacts(shown: str) -> str:
    """The text with telephone numbers and e-mail addresses struck out, each letter of them by a bar."""
    if "@" in shown:
        shown = _MAIL.sub(_struck, shown)
    return _PHONE.sub(_struck, shown)


def struck(shown: str, start: int, end: int) -> str:
    """The text with a stretch struck out."""
    return f"{shown[:start]}{'|' * (end - start)}{shown[end:]}"


def _struck(found: re.Match[str]) -> str:
    return "|" * len(found[0])


def is_id(kind: int, word: str) -> bool:
    """True of what can number a unit: 301, C200, B, A/B."""
    return bool(kind & (NUMBER | CODE)) or (len(word) == 1 and word.isalpha()) or (len(word) == 3 and word[1] == "/")
