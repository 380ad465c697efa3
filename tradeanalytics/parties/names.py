"""Company names: as written, to a key that spellings of one name share. A shared key is a lead, not an identity."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from tradeanalytics.reference import rows

_NOT_WORDS = re.compile(r"[^\w]+", re.UNICODE)
# Chinese and Japanese write the form without a space before it.
_GLUED = re.compile(r"(股份有限公司|有限责任公司|有限公司|株式会社)$")


@dataclass(frozen=True)
class Name:
    """A company name: its comparison key, and the legal forms that the key leaves out."""

    key: str
    legal_form: str


def name(text: str) -> Name:
    """The key of a name: upper case, no marks between words, legal forms at its ends left out.

    A name that is nothing but legal forms keeps them. IMPORT, EXPORT and TRADING stay: they tell companies apart.

    >>> name('ООО "ОБРАЗЕЦ-ТРЕЙД"')
    Name(key='ОБРАЗЕЦ ТРЕЙД', legal_form='ООО')
    >>> name("Sample Links Co., Ltd.").key
    'SAMPLE LINKS'
    """
    words = _words(text)
    kept = words
    forms: list[str] = []
    while (found := _form_at_an_end(kept)) is not None:
        form, kept = found
        forms.append(" ".join(form))
    return Name(" ".join(kept), " ".join(forms)) if kept else Name(" ".join(words), "")


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", text).upper().replace("'", "").replace("’", "").replace("_", " ")
    return tuple(_GLUED.sub(r" \1", _NOT_WORDS.sub(" ", folded)).split())


def _form_at_an_end(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    for size in range(min(len(words), _longest()), 0, -1):
        if words[-size:] in _forms():
            return words[-size:], words[:-size]
        if words[:size] in _forms("ru", "kz"):  # only there does the form stand first: CO in CO-OP is a word
            return words[:size], words[size:]
    return None


@cache
def _forms(*countries: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_words(row["form"]) for row in rows("legal_forms") if not countries or row["country"] in countries)


@cache
def _longest() -> int:
    return max(len(form) for form in _forms())
