"""The lists of codes in the sample's zips of trade by HS code, in the publisher's columns of a fixed width.

Countries, states, provinces and units are those of Statistics Canada's own lists (ODPF_6 to ODPF_9, December 2024).
Goods have short words of our own; an eight-digit code is an invented one, and its words say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tradeanalytics.sample.wares import CHAPTERS, ORDINARY, PRIORITY

REST = "ZX"  # the table's "Other countries", under the publisher's code for an unknown one
_COUNTRIES = (
    ("DZ 443", "196601", "Algeria", "Algérie"),
    ("AU 614", "198801", "Australia", "Australie"),
    ("BE 144", "198401", "Belgium", "Belgique"),
    ("BR 752", "196601", "Brazil", "Brésil"),
    ("CN 553", "198701", "China", "Chine"),
    ("FR 154", "196601", "France", "France"),
    ("DE 155", "199010", "Germany", "Allemagne"),
    ("HK 516", "196601", "Hong Kong", "Hong Kong"),
    ("IN 519", "198301", "India", "Inde"),
    ("ID 556", "196601", "Indonesia", "Indonésie"),
    ("IQ 352", "196601", "Iraq", "Iraq"),
    ("IT 167", "196601", "Italy", "Italie"),
    ("JP 559", "197601", "Japan", "Japon"),
    ("MX 874", "196601", "Mexico", "Mexique"),
    ("NL 173", "196601", "Netherlands", "Pays-Bas"),
    ("NO 176", "196601", "Norway", "Norvège"),
    ("PE 774", "196601", "Peru", "Pérou"),
    ("RU 295", "199201", "Russian Federation", "Russie, Fédération de"),
    ("SA 369", "197301", "Saudi Arabia", "Arabie saoudite"),
    ("SG 528", "196701", "Singapore", "Singapour"),
    ("KR 564", "196701", "Korea, South", "Corée du sud"),
    ("ES 182", "196601", "Spain", "Espagne"),
    ("CH 186", "196601", "Switzerland", "Suisse"),
    ("TW 578", "196601", "Taiwan", "Taïwan"),
    ("TR 382", "196601", "Türkiye", "Türkiye"),
    ("GB 101", "196601", "United Kingdom", "Royaume-Uni"),
    ("US 009", "196601", "United States of America", "États-Unis d'Amérique"),
    (f"{REST} 999", "202101", "SYNTHETIC: all other countries together", "SYNTHETIC : tous les autres pays ensemble"),
)
_STATES = (
    ("CA", "196601", "California", "Californie"),
    ("IL", "196601", "Illinois", "Illinois"),
    ("MI", "196601", "Michigan", "Michigan"),
    ("MN", "196601", "Minnesota", "Minnesota"),
    ("NY", "196601", "New York", "New York"),
    ("OH", "196601", "Ohio", "Ohio"),
    ("TX", "196601", "Texas", "Texas"),
    ("US", "198801", "Unknown states", "États inconnus"),
    ("WA", "196601", "Washington, State", "Washington, État"),
)
_PROVINCES = (
    ("10 NL", "200211", "Newfoundland and Labrador", "Terre-Neuve-et-Labrador"),
    ("11 PE", "196601", "Prince Edward Island", "Île-du-Prince-Édouard"),
    ("12 NS", "196601", "Nova Scotia", "Nouvelle-Écosse"),
    ("13 NB", "196601", "New Brunswick", "Nouveau-Brunswick"),
    ("24 QC", "196601", "Quebec", "Québec"),
    ("35 ON", "196601", "Ontario", "Ontario"),
    ("46 MB", "196601", "Manitoba", "Manitoba"),
    ("47 SK", "196601", "Saskatchewan", "Saskatchewan"),
    ("48 AB", "196601", "Alberta", "Alberta"),
    ("59 BC", "196601", "British Columbia", "Colombie-Britannique"),
)
_UNITS = (
    ("GRM", "198801", "Weight in grams", "Poids en grammes"),
    ("KGM", "198801", "Weight in kilograms", "Poids en kilogrammes"),
    ("LTR", "198801", "Volume in litres", "Volume en litres"),
    ("MTQ", "198801", "Volume in cubic metres", "Volume en mètres cubes"),
    ("N/A", "196601", "Blank", "Blanc"),
    ("NMB", "198801", "Number", "Nombre"),
    ("TNE", "198801", "Weight in metric tonne", "Poids en tonne métrique"),
)
STATES = tuple(state for state, *_ in _STATES if state != "US")
_OPEN_END = "999912"

Line = tuple[str, str, str, str, str, str]  # code, first month, last month, unit, English, French


def lists() -> dict[str, bytes]:
    """Each list of codes that exports are written with, by its name."""
    return {
        "ODPF_2_HS8Desc.TXT": _written(2, sorted(_eight_digits()), with_unit=True),
        "ODPF_4_HS6XDesc.TXT": _written(4, sorted(_six_digits()), with_unit=True),
        "ODPF_5_HS2Desc.TXT": _written(
            5, [(code, "198801", _OPEN_END, "", *words) for code, words in CHAPTERS.items()]
        ),
        "ODPF_6_CtyDesc.TXT": _written(6, _always(_COUNTRIES)),
        "ODPF_7_StateDesc.TXT": _written(7, _always(_STATES)),
        "ODPF_8_ProvDesc.TXT": _written(8, _always(_PROVINCES)),
        "ODPF_9_UOMDesc.TXT": _written(9, _always(_UNITS)),
    }


def _always(rows: Iterable[tuple[str, str, str, str]]) -> list[Line]:
    return [(code, first, _OPEN_END, "", en, fr) for code, first, en, fr in sorted(rows)]


def _six_digits() -> Iterator[Line]:
    """Codes of both editions; of two that were one before 2022 the words of the first stand for the one."""
    named = set()
    for ware in (*ORDINARY, *PRIORITY):
        before, now = ware.code(2021), ware.code(2022)
        if before == now:
            yield now, "201701", _OPEN_END, ware.unit, ware.en, ware.fr
            continue
        yield now, "202201", _OPEN_END, ware.unit, ware.en, ware.fr
        if before not in named:
            named.add(before)
            yield before, "201701", "202112", ware.unit, ware.en, ware.fr


def _eight_digits() -> Iterator[Line]:
    """Eight-digit codes: those of six with the digits that their goods have."""
    details = {ware.code(year): ware.details for ware in (*ORDINARY, *PRIORITY) for year in (2021, 2022)}
    for code, first, last, _, en, fr in _six_digits():
        for digits, unit, _ in details[code]:
            yield code + digits, first, last, unit, f"SYNTHETIC: {en}", f"SYNTHETIC : {fr}"


def _written(number: int, lines: Iterable[Line], with_unit: bool = False) -> bytes:
    """Lines of 213 or 209 characters: code, months, unit if goods have one, words, and which list it is."""
    tag = f"{f'ODPFN023_{number}':<12}202207"
    text = "".join(
        f"{code:<11}{first} {last} {f'{unit:<4}' if with_unit else ''}{en:<83}{fr:<83}{tag}\r\n"
        for code, first, last, unit, en, fr in lines
    )
    return text.encode("cp1252")
