"""Company names: as written, to a key that spellings of one name share. A shared key is a lead, not an identity."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from tradeanalytics.reference import rows
from tradeanalytics.reference.scripts import unmix

_NOT_WORDS = re.compile(r"[^\w]+", re.UNICODE)
_WITHOUT_SPACES = ("cn", "jp", "kr")
_SPELLED = 4  # letters of a form that are written apart too


@dataclass(frozen=True)
class Name:
    """A company name: its comparison key, and the legal forms that the key leaves out."""

    key: str
    legal_form: str


def name(text: str) -> Name:
    """The key of a name: upper case, no marks between words, look-alike letters of words that mix scripts folded, legal
    forms at its ends left out.

    A name that is nothing but legal forms keeps them. IMPORT, EXPORT and TRADING stay: they tell companies apart.

    >>> name('ООО "ОБРАЗЕЦ-ТРЕЙД"')
    Name(key='ОБРАЗЕЦ ТРЕЙД', legal_form='ООО')
    >>> name("Sample Links Co., Ltd.").key
    'SAMPLE LINKS'
    """
    words = _words(text)
    first, last = 0, len(words)  # the key is between; what is before and after are forms, in the order as written
    while first < last and (forms := _forms_at_ends(words[first:last])) != (0, 0):
        first, last = first + forms[0], last - forms[1]
    left_out = (*words[:first], *words[last:])
    return Name(" ".join(words[first:last]), " ".join(left_out)) if first < last else Name(" ".join(words), "")


def _words(text: str) -> tuple[str, ...]:
    # Capitals are composed again: of some small letters they come with a mark of their own, which is no letter.
    capitals = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    folded = unmix(capitals.replace("'", "").replace("’", "").replace("_", " "))
    return tuple(forms_apart(_NOT_WORDS.sub(" ", folded)).split())


def forms_apart(text: str) -> str:
    """A name with a space before a legal form of Chinese, Japanese and Korean, which write it without, or in front.

    >>> forms_apart("合成样品有限公司")
    '合成样品 有限公司'
    """
    return text if text.isascii() else _glued().sub(r" \1 ", text).strip()


@cache
def _glued() -> re.Pattern[str]:
    written = (row["form"] for row in rows("legal_forms") if row["country"] in _WITHOUT_SPACES)
    forms = sorted((form for form in written if not form.isascii()), key=len)
    return re.compile(f"({'|'.join(map(re.escape, reversed(forms)))})")


def _forms_at_ends(words: tuple[str, ...]) -> tuple[int, int]:
    """How many words at the beginning, or else at the end, are one legal form: the longest."""
    for size in range(min(len(words), _longest()), 0, -1):
        if words[-size:] in _forms():
            return 0, size
        if words[:size] in _forms_in_front():
            return size, 0
    return 0, 0


@cache
def _forms_in_front() -> frozenset[tuple[str, ...]]:
    """Forms that stand first where they are used: CO in CO-OP is a word."""
    eastern = (form for form in _forms("jp", "kr") if not "".join(form).isascii())
    return _forms("ru", "kz", "ua", "by").union(eastern)


@cache
def _forms(*countries: str) -> frozenset[tuple[str, ...]]:
    forms = {_words(row["form"]) for row in rows("legal_forms") if not countries or row["country"] in countries}
    short = {form[0] for form in forms if len(form) == 1 and form[0].isalpha() and len(form[0]) <= _SPELLED}
    return frozenset(forms | {tuple(form) for form in short})  # О.О.О. is ООО


@cache
def _longest() -> int:
    return max(len(form) for form in _forms())
