"""Standards and part numbers, known by their form; amounts, colours, formulas and dates look alike and are neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tradeanalytics.descriptions.counts import NEAR
from tradeanalytics.descriptions.spans import GAP, REMEMBERED, Span, inside

_STANDARD = re.compile(
    rf"{GAP}(?=[ГИМОСТADEGIJM])(?<![\w-])(?:ГОСТ(?:\sР)?|ОСТ|СТО|СТБ|ТУ|ТР\s(?:ТС|ЕАЭС)|ISO|ИСО|IEC|МЭК|DIN|EN|ASTM|ANSI|JIS|GB/T|IEEE|MIL-(?:STD|PRF)"
    r"|ASME|IPC)(?:[\s/](?:ISO|ИСО|IEC|МЭК|EN|TS))*[\s-]?(?:[A-Z]{1,2}[\s-]?)?[0-9][0-9.]*(?:[-:/][0-9]+)*(?:[A-Z](?!\w))?(?!\w)"
)
_PART = re.compile(
    rf"{GAP}(?=[A-Z0-9])(?<!\w)(?<!\w[-./])(?=[A-Z\-./+]*[0-9])(?=[0-9\-./+]*[A-Z])[A-Z0-9]+(?:[-./+][A-Z0-9]+)*(?!\w)(?![-/]\w)"
)
_UNITS = (
    "V|VA|VAC|VDC|KV|KVA|MV|W|WH|KW|KWH|MW|A|AH|MA|MAH|HZ|KHZ|MHZ|GHZ|RPM|MM|CM|DM|M|KM|UM|NM|MM2|MM3|CM2|CM3|M2|M3|SQM|CBM"
    "|G|GR|MG|KG|KGS|T|MT|LB|LBS|OZ|ML|L|LTR|GAL|BAR|MPA|KPA|PSI|GB|MB|TB|KB|GBIT|MBPS|GBPS|BIT|BITS|DPI|DB|DBM|DBI|OHM"
    "|KOHM|UF|NF|PF|UH|MH|C|F|K|P|N|NM|LM|LX|S|MS|H|HR|HRS|MIN|DAYS|MONTHS|YEARS?|Y|G/M2|GSM|KG/M3|FT|IN|INCH|YD|YDS|PCS"
    "|PC|PCE|PIECES?|SETS?|PRS|PAIRS?|BOX|BOXES|CTN|CTNS|CARTONS?|PKGS?|PK|BAGS?|ROLLS?|PLTS?|PALLETS?|DRUMS?|UNITS?|EA"
    "|PINS?|CORES?|WAYS?|CH|PORTS?|HQ|HC|GP|DV|FR|RF|TEU|IN1|D|HP|CC|PPM|DEN|DTEX|TEX|MESH"
)
_AMOUNT = rf"(?:AC|DC)?[0-9]+(?:[.,][0-9]+)?(?:{_UNITS})"
_IS_UNIT = re.compile(
    rf"(?:{_AMOUNT})+(?:[-/.+X](?:{_AMOUNT}|[0-9]+))*|(?:AC|DC)?[0-9.]+(?:[-/X][0-9.]+)*[-X]?(?:{_UNITS})(?:/(?:{_AMOUNT}))*"
    rf"|[0-9.]+(?:(?:{_UNITS})?X[0-9.]+)+(?:{_UNITS})?"
)
_ELEMENTS = (
    "HE|LI|BE|NE|NA|MG|AL|SI|CL|CA|TI|CR|MN|FE|CO|NI|CU|ZN|AS|SE|BR|ZR|MO|AG|CD|SN|SB|BA|CE|PB|BI|B|N|O|F|P|S|K|I|V|W"
)
_NOT_PART = (
    r"IP[0-9]{2}K?",  # protection against dust and water
    r"(?:RAL|PANTONE|NCS)-?[0-9]{3,5}[A-Z]?",  # colours
    r"[A-Z]{3}[UJZ]-?[0-9]{6}-?[0-9]",  # containers
    r"(?:HS|HTS|CAS|VIN|NO|N|REF|LOT|PO|INV|BATCH|SIZE|TYPE|CLASS|GRADE|CAT|EURO|COVID|QTY|PCS|BOX)[-.]?[0-9]+[A-Z]?",
    r"[0-9]{0,4}[-.]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}[-.]?[0-9]{2,4}",  # dates
    r"(?:19|20)[0-9]{2}-?Q[1-4]|Q[1-4]-?(?:19|20)[0-9]{2}",
    r"M[0-9]{1,2}(?:[.,][0-9])?(?:X[0-9.]+)*",  # threads
    r"(?:USB|HDMI|DDR|LPDDR|PCI-?E|WI-?FI|MPEG|BT|RS)[-.]?[0-9.]+[A-Z]?|H\.?26[45]|(?:802|3)\.[0-9]+[A-Z]{0,2}",
    r"(?:[LTVFU]?QF[PN]|[A-Z]?BGA|TO|SOT|SOD|SOIC|[TS]?SSOP|DIP|PLCC|DFN|DO)-?[0-9]{1,4}[A-Z]{0,2}",  # cases of chips
    rf"(?:(?:{_ELEMENTS})[2-9]?|C(?:[1-9][0-9]?)?|H(?:[1-9][0-9]?)?)++",  # formulas: KMNO4; ++ since CO is C and O too
    r"[0-9]{1,3}(?:CR|MN|MO|NI|SI|V|W|NB|TI)+[0-9]*(?:-[0-9]+)*|S[0-9]{3}[JNM][A-Z0-9]*",  # steels
    r"(?:SS|SUS|AISI|ST)[-.]?[0-9]{2,3}L?",
    r"G[UXY]?[0-9]{1,2}(?:\.[0-9]+)?",  # lamp holders
    r"[1-8][0-9]{3}-[THOF][0-9]{0,3}",  # alloys of aluminium
    r"(?:SAE)?[0-9]{1,2}W-?[0-9]{2}|H?C?FC-[0-9]{2,3}[A-Z]?|R-[0-9]{2,3}[A-Z]?",  # oils, refrigerants
)
_IS_NOT_PART = re.compile("|".join(_NOT_PART))
_BETWEEN_SLASHES = re.compile(r"[^/]+")
_PAPER = re.compile(
    r"(?<!\w)(?:(?:ЛИЦЕНЗИ|КОНТРАКТ|ДОГОВОР|ИНВОЙС|СЕРТИФИКАТ|ДЕКЛАРАЦИ|ПАРТИ|СЕРИЙН|ЗАВОДСК)\w*|ЗАВ\.?|СЕР\.?|INVOICE|CONTRACT|LICEN[CS]E"
    r"|CERTIFICATE|ORDER|LOT|BATCH|VIN|S/N|SERIAL|CONTAINER|SEAL|B/L)(?:\s+(?:ФОРМЫ|НОМЕРА?|NUMBERS?|NOS?))?[\s.:№#N]*$"
)


def standards(text: str) -> Iterator[Span]:
    """Standards such as ГОСТ Р ИСО 9001-2015, DIN 933, ISO9001; `text` is in capitals, after a space."""
    for found in _STANDARD.finditer(text):
        yield Span("standard", found.start() + 1, found.end())


def part_numbers(text: str, named: Sequence[Span]) -> Iterator[Span]:
    """Words of Latin letters and digits, four or more, that are nothing else; `text` is in capitals, after a space.

    Not what is named already, nor after words such as LICENCE or LOT: what follows is the number of a paper.
    """
    told = {(span.start, span.end) for span in named}
    for found in _PART.finditer(text):
        start, end = found.start() + 1, found.end()
        if end - start < 4 or ((start, end) in told and "/" not in found[0]):
            continue  # told already, and a slash would make it several
        spans = _alternatives(text, start, end)
        if spans and not _PAPER.search(text[max(0, start - NEAR) : start]):
            closed = [span for span in named if span.closed]
            yield from (Span("part_number", *s) for s in spans if s not in told and not inside(*s, closed))


def _alternatives(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One part number, or those a slash stands between; LM317T/NOPB is one, since NOPB alone is none."""
    spans = [one.span() for one in _BETWEEN_SLASHES.finditer(text, start, end)]
    if all(_is_part(text[first:last]) for first, last in spans):
        return spans
    return [(start, end)] if _is_part(text[start:end]) else []


@lru_cache(REMEMBERED)
def _is_part(token: str) -> bool:
    letters, digits = sum(letter.isalpha() for letter in token), sum(letter.isdigit() for letter in token)
    mixed = bool(letters and digits) and letters + digits >= 4
    return mixed and not is_unit(token) and not _IS_NOT_PART.fullmatch(token)


def is_unit(token: str) -> bool:
    """Whether a word is an amount with its unit: 220V/50HZ, 100X200MM."""
    return bool(_IS_UNIT.fullmatch(token))
