"""Values that a label names: "Изготовитель: ...; Модель: ...", "АРТ. 55512", "P/N ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tradeanalytics.descriptions.counts import NUMBER, UNIT
from tradeanalytics.descriptions.parts import is_unit
from tradeanalytics.descriptions.spans import GAP, REMEMBERED, Span

_LABEL = re.compile(
    rf"{GAP}(?=[АИКМПРСТФЦABCIMPQST])(?<![\w/])(?:"
    r"(?P<maker>(?:ФИРМА[- ])?ИЗГОТОВИТЕЛЬ|(?:ФИРМА[- ])?ПРОИЗВОДИТЕЛЬ|MANUFACTURER|MAKER|MFR|MFG)"
    r"|(?P<trademark>ТОВ\.?\s?ЗНАК|ТОВАРНЫЙ\s+ЗНАК|ТОРГ(?:ОВАЯ|\.)\s?МАРКА|МАРКА|TRADE\s?MARK|BRAND(?:\sNAME)?)"
    r"|(?P<model>МОДЕЛ[ЬИ]|MODELS?(?:\s(?:NO|NUMBER))?)"
    r"|(?P<article>АРТИКУЛЫ?|АРТ(?=[.:\s№])|ARTICLES?|ART(?=\.|\sNO)|ITEM\sNO)"
    r"|(?P<part_number>P/N|PN|MPN|PART\s?(?:NO|NUMBER|#)|ПАРТ[- .]?НОМЕР|КАТАЛОЖНЫЙ\sНОМЕР|КАТ\.?\s?(?:НОМЕР|№))"
    r"|(?P<standard>СТАНДАРТ|STANDARD)"
    r"|(?P<other>КОЛ-?ВО|КОЛИЧЕСТВО|QTY|QUANTITY|СТРАНА|ЦВЕТ|РАЗМЕР|COLOU?R|SIZE)"
    r")(?!\w)(?:\.?(?:\s?(?:NO|NUMBER|НОМЕР))?[\s№#.]*(?=[:=]))?"
)
_COLON = (":", "=")
_END = re.compile(r"[;\n,.](?:(?<=[;\n])|\s*[^\W\d_][\w.\- ]{1,24}:)")  # the next thing said, known label or not
_NOTHING = re.compile(
    r"(?:ОТСУТСТВ\w*|НЕТ(?:\s+ДАННЫХ)?|НЕ\s+(?:УКАЗАН|ОБОЗНАЧЕН|ИМЕЕТ|ОПРЕДЕЛЕН|ИЗВЕСТ)\w*|НЕИЗВЕСТ\w*|Б/Н|БЕЗ\s.*"
    r"|N/?A|NONE|NIL|NO\s(?:BRAND|NAME|MODEL)|UNKNOWN|\W*)"
)
_LISTS = {"model", "article", "part_number"}
_BETWEEN_COMMAS, _WORDS = re.compile(r"[^,]+"), re.compile(r"\S+")
_CODE = re.compile(r"[\w\-/+#]++")
_CODES = re.compile(rf"\s*{_CODE.pattern}(?:,\s*(?=[\w\-/+#]*[0-9]){_CODE.pattern})*\s*")
_ELEMENT = re.compile(r"(?=\S*[0-9])[\w.\-/+#]+")
_COUNTED = re.compile(rf"\s+[-–(]?\s*(?:{NUMBER})\s*{UNIT}.*|\s*\(.*", re.DOTALL)
_PLAIN_ELEMENT = re.compile(r"[\s№#.:]*((?=\S*[0-9])[A-Z0-9][\w\-/+#]*(?:\.[\w\-/+#]+)*)")
_OPEN, _CLOSE = "\"«<“'", "\"»>”'"


def labelled(text: str) -> Iterator[Span]:
    """Values after a known label; words such as ОТСУТСТВУЕТ are none; `text` is in capitals, after a space."""
    labels = list(_LABEL.finditer(text))
    for label, following in zip(labels, [*labels, None][1:], strict=True):
        kind, start = label.lastgroup or "", label.end()
        if kind == "other":
            continue
        if text.startswith(_COLON, start):
            yield from _after_colon(text, kind, start + 1, following)
        elif kind in _LISTS:
            yield from _after_space(text, kind, start)


def _after_colon(text: str, kind: str, start: int, following: re.Match[str] | None) -> Iterator[Span]:
    end = _END.search(text, start)
    stop = end.start() if end else len(text)
    if following and following.start() < stop and text.startswith(_COLON, following.end()):
        stop = following.start() + 1
    said = text[start:stop]
    for first, last in _several(said) if kind in _LISTS else _whole(said):
        yield Span(kind, start + first, start + last, "labelled")


@lru_cache(REMEMBERED)
def _whole(said: str) -> list[tuple[int, int]]:
    return _not_nothing(said, [(0, len(said))])


def _several(said: str) -> list[tuple[int, int]]:
    if _CODES.fullmatch(said):  # the usual list, read quickly
        return [code.span() for code in _CODE.finditer(said) if not _NOTHING.fullmatch(code[0])]
    return _not_nothing(said, _elements(said))


def _not_nothing(said: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    trimmed = [_trim(said, *span) for span in spans]
    return [span for span in trimmed if span[0] < span[1] and not _NOTHING.fullmatch(said, *span)]


def _elements(said: str) -> Iterator[tuple[int, int]]:
    """The spans of a list: "A-1, A-2 - 10 ШТ, ЦВЕТ ЧЕРНЫЙ" has two; after the first, only single words with a digit."""
    for place, part in enumerate(_BETWEEN_COMMAS.finditer(said)):
        begin, finish = _trim(said, *part.span())
        counted = _COUNTED.search(said, begin, finish)
        finish = counted.start() if counted else finish
        words = [word.span() for word in _WORDS.finditer(said, begin, finish)]
        if place and not (len(words) == 1 and _ELEMENT.fullmatch(said, begin, finish)):
            return
        several = len(words) > 1 and all(_ELEMENT.fullmatch(said, *word) and word[1] - word[0] > 3 for word in words)
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
