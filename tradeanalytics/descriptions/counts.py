"""Pieces: "800 ШТ", "1 200 PCS", "Кол-во, шт: 800"; never what is in one box."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from tradeanalytics.descriptions.spans import GAP, Span

NUMBER = (
    r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"
    r"|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]+(?:[.,][0-9]+)?"
)
_UNITS = ("ШТ", "PC", "PIECE", "EA", "UNIT")  # what a unit begins with
UNIT = r"(?:ШТ(?:УК[АИ]?)?|PCS|PCES?|PIECES?|PC(?=\.|;|,|\)|\s*$)|EA|UNITS?)(?!\w)"
_PACK = r"(?:УП|УПАК|УПАКОВКЕ|КОР|КОРОБКЕ|КОРОБЕ|ПАЧКЕ|ЯЩИКЕ|БЛИСТЕРЕ|КОМПЛЕКТЕ|НАБОРЕ|ПАКЕТЕ|РУЛОНЕ|ЛЕНТЕ|БУХТЕ)"
_PIECES = re.compile(
    rf"{GAP}(?=[0-9])(?<![\w/-])(?<![0-9][.,])(?P<number>{NUMBER})\s*"
    rf"(?:(?P<thousand>ТЫС|THOUSAND)|(?P<million>МЛН|MILLION))?\.?\s*(?P<unit>{UNIT})"
)
# The unit stands in the label: Кол-во, шт: 800.
_COUNT = re.compile(
    rf"{GAP}(?<!\w)(?:КОЛ-?ВО|КОЛИЧЕСТВО|QTY|QUANTITY)\s*[,(]?\s*(?P<unit>{UNIT})\.?\)?\s*[:=]\s*(?P<number>{NUMBER})"
    r"(?![.,]?[0-9])(?!\s*[^\W\d_/%])"
)
_EACH_AFTER = re.compile(
    rf"\.?\s*(?:/\s*(?!PCS|ШТ|EA)[^\W\d_]|PER(?!\w)|В\s+(?:ОДН\w+\s+|КАЖД\w+\s+)?{_PACK}(?!\w)"
    r"|НА\s+(?:КАТУШКЕ|ПОДДОНЕ|ПАЛЛЕТЕ|ЛИСТЕ|БОБИНЕ)(?!\w)|IN\s+(?:(?:A|EACH|ONE|1)\s|(?:BOX|PACK|CARTON|SET)(?!\w)))"
)
_EACH_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:ПО|ЗА|PER|(?:BOX|PACK|SET|CARTON|REEL)\s+OF|(?:НАБОР|КОМПЛЕКТ)(?:\s+ИЗ)?|В\s+{_PACK}\.?"
    r"|УПАКОВКА|КОРОБКА|ПАЧКА|(?:МАССА|ВЕС|ЦЕНА|WEIGHT|PRICE)(?:\s+\w+)?|[XХ])|[×*=])\s*[-–:(]?\s*$"
)
_COUNT_LABEL = re.compile(
    r"(?<!\w)(?:КОЛ-?ВО|КОЛИЧЕСТВО|QTY|Q'TY|QUANTITY|ВСЕГО|ИТОГО|TOTAL)(?:\s+[^\W\d_]+)?\s*[:.=–-]?\s*$"
)
_SPACE = re.compile(r"[ \u00a0\u202f]")
_COMMAS_GROUP = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")
_OPEN = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
NEAR = 40  # letters before a find that can say what it counts


def pieces_in(text: str) -> Iterator[Span]:
    """Counts of pieces, not of what is in one pack or what one piece weighs; `text` is in capitals."""
    if not any(map(text.__contains__, _UNITS)):
        return
    for found in _PIECES.finditer(text):
        start = found.start("number")
        before = text[max(0, start - NEAR) : start]
        if not _EACH_AFTER.match(text, found.end()) and not _EACH_BEFORE.search(before):
            how = "labelled" if _COUNT_LABEL.search(before) else "pattern"
            times = 1_000 if found["thousand"] else 1_000_000 if found["million"] else 1
            number = _number(found["number"], found["unit"], scaled=times > 1) * times
            yield Span("pieces", start, found.end(), how, number, found["unit"])
    for found in _COUNT.finditer(text):
        number = _number(found["number"], found["unit"])
        yield Span("pieces", found.start("unit"), found.end(), "labelled", number, found["unit"])


def _number(digits: str, unit: str, *, scaled: bool = False) -> float:
    """A count as a number, or NaN where it reads two ways: "1,200 ШТ" is 1.2 by decimal comma, 1200 by thousands.

    In English a comma before three digits groups thousands; in Russian a space does.
    """
    spaced = _SPACE.sub("", digits)
    if _COMMAS_GROUP.fullmatch(spaced):
        return float(spaced.replace(",", ""))
    if spaced.count(".") > 1:
        return float(spaced.replace(".", ""))
    if spaced == digits and not scaled and _OPEN.fullmatch(digits):
        return float(digits.replace(",", "")) if "," in digits and unit.isascii() else math.nan
    return float(spaced.replace(",", "."))
