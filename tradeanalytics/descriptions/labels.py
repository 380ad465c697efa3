"""Values that a label names: "Изготовитель: ...; Модель: ...", "АРТ. 55512", "P/N ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tradeanalytics.descriptions.counts import NUMBER, UNIT
from tradeanalytics.descriptions.parts import is_unit
from tradeanalytics.descriptions.spans import Span

_LABEL = re.compile(
    r"(?<![\w/])(?:"
    r"(?P<maker>(?:ФИРМА[- ])?ИЗГОТОВИТЕЛЬ|(?:ФИРМА[- ])?ПРОИЗВОДИТЕЛЬ|MANUFACTURER|MAKER|MFR|MFG)"
    r"|(?P<trademark>ТОВ\.?\s?ЗНАК|ТОВАРНЫЙ\s+ЗНАК|ТОРГ(?:ОВАЯ|\.)\s?МАРКА|МАРКА|TRADE\s?MARK|BRAND(?:\sNAME)?)"
    r"|(?P<model>МОДЕЛ[ЬИ]|MODELS?(?:\s(?:NO|NUMBER))?)"
    r"|(?P<article>АРТИКУЛЫ?|АРТ(?=[.:\s№])|ARTICLES?|ART(?=\.|\sNO)|ITEM\sNO)"
    r"|(?P<part_number>P/N|PN|MPN|PART\s?(?:NO|NUMBER|#)|ПАРТ[- .]?НОМЕР|КАТАЛОЖНЫЙ\sНОМЕР|КАТ\.?\s?(?:НОМЕР|№))"
    r"|(?P<standard>СТАНДАРТ|STANDARD)"
    r"|(?P<other>КОЛ-?ВО|КОЛИЧЕСТВО|QTY|QUANTITY|СТРАНА|ЦВЕТ|РАЗМЕР|COLOU?R|SIZE)"
    r")(?!\w)(?P<colon>\.?(?:\s?(?:NO|NUMBER|НОМЕР))?[\s№#.]*[:=])?"
)
_END = re.compile(r"[;\n]|[,.]\s*[^\W\d_][\w.\- ]{1,24}:")  # the next thing said, known label or not
_NOTHING = re.compile(
    r"(?:ОТСУТСТВ\w*|НЕТ(?:\s+ДАННЫХ)?|НЕ\s+(?:УКАЗАН|ОБОЗНАЧЕН|ИМЕЕТ|ОПРЕДЕЛЕН|ИЗВЕСТ)\w*|НЕИЗВЕСТ\w*|Б/Н|БЕЗ\s.*"
    r"|N/?A|NONE|NIL|NO\s(?:BRAND|NAME|MODEL)|UNKNOWN|\W*)"
)
_KINDS = tuple(name for name in _LABEL.groupindex if name != "colon")
_LISTS = ("model", "article", "part_number")
_BETWEEN_COMMAS, _WORDS = re.compile(r"[^,]+"), re.compile(r"\S+")
_ELEMENT = re.compile(r"(?=\S*[0-9])[\w.\-/+#]+")
_COUNTED = re.compile(rf"\s+[-–(]?\s*(?:{NUMBER})\s*{UNIT}.*|\s*\(.*", re.DOTALL)
_PLAIN_ELEMENT = re.compile(r"[\s№#.:]*((?=\S*[0-9])[A-Z0-9][\w\-/+#]*(?:\.[\w\-/+#]+)*)")
_OPEN, _CLOSE = "\"«<“'", "\"»>”'"


def labelled(text: str) -> Iterator[Span]:
    """Values after a known label; words such as ОТСУТСТВУЕТ are none; `text` is in capitals."""
    labels = list(_LABEL.finditer(text))
    for label, following in zip(labels, [*labels, None][1:], strict=True):
        kind = next(name for name in _KINDS if label[name])
        if kind == "other":
            continue
        if label["colon"]:
            yield from _after_colon(text, kind, label.end(), following)
        elif kind in _LISTS:
            yield from _after_space(text, kind, label.end())


def _after_colon(text: str, kind: str, start: int, following: re.Match[str] | None) -> Iterator[Span]:
    end = _END.search(text, start)
    stop = end.start() if end else len(text)
    if following and following["colon"]:
        stop = min(stop, following.start())
    spans = _elements(text, start, stop) if kind in _LISTS else [(start, stop)]
    for begin, finish in (_trim(text, *span) for span in spans):
        if begin < finish and not _NOTHING.fullmatch(text, begin, finish):
            yield Span(kind, begin, finish, "labelled")


def _elements(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The spans of a list: "A-1, A-2 - 10 ШТ, ЦВЕТ ЧЕРНЫЙ" has two; after the first, only single words with a digit."""
    for place, part in enumerate(_BETWEEN_COMMAS.finditer(text, start, stop)):
        begin, finish = _trim(text, *part.span())
        counted = _COUNTED.search(text, begin, finish)
        finish = counted.start() if counted else finish
        words = [word.span() for word in _WORDS.finditer(text, begin, finish)]
        if place and not (len(words) == 1 and _ELEMENT.fullmatch(text, begin, finish)):
            return
        several = len(words) > 1 and all(_ELEMENT.fullmatch(text, *word) and word[1] - word[0] > 3 for word in words)
        yield from words if several else [(begin, finish)]


def _after_space(text: str, kind: str, start: int) -> Iterator[Span]:
    """ "АРТ. 55512": no colon, so only a word with letters and digits, or (not for a model, which may be a year) four
    digits or more."""
    found = _PLAIN_ELEMENT.match(text, start)
    if found and not is_unit(found[1]):
        letters = any(letter.isalpha() for letter in found[1])
        if letters or (kind != "model" and sum(letter.isdigit() for letter in found[1]) >= 4):
            yield Span(kind, *found.span(1), "labelled")


def _trim(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and (text[start].isspace() or text[start] in ",."):
        start += 1
    while start < stop and (text[stop - 1].isspace() or text[stop - 1] in ",."):
        stop -= 1
    if stop - start > 2 and text[start] in _OPEN and text[stop - 1] in _CLOSE:
        return start + 1, stop - 1
    return start, stop
