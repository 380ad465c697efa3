"""Registration numbers in text, and whether their check digit is right: a right one says the number is well written,
not that somebody has it.

| kind | what | check digit |
|---|---|---|
| `inn` | Russian tax number, 10 digits (companies) or 12 (persons) | yes |
| `ogrn` | Russian registration number, 13 digits, or 15 of an entrepreneur | yes |
| `imo` | ship's number, 7 digits | yes |
| `lei` | Legal Entity Identifier, 20 letters and digits | yes |
| `ca_bn` | Canadian Business Number, 9 digits; a program account (RC0001) behind it is not part of it | yes |
| `uscc` | Chinese Unified Social Credit Code, 18 letters and digits | yes |
| `hk_cr` | Hong Kong company number, 7 digits | none is published |
| `hk_br` | Hong Kong business registration number (Unique Business Identifier), 8 digits | none is published |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stdnum import iban, imo, lei, luhn
from stdnum.cn import uscc
from stdnum.ru import inn, ogrn

from tradeanalytics.reference.countries import read_country


class Number(NamedTuple):
    """A number found in a text: `number` without what parts its digits, `written` as it stands there.

    `checked`: its check digit is right. False where it is wrong, and where the kind has none.
    """

    kind: str
    number: str
    written: str
    checked: bool


@dataclass(frozen=True)
class _Kind:
    """How a number is written in a text, how it is once its separators are gone, and its check."""

    written: str
    country: str = ""
    right: Callable[[str], bool] | None = None
    mark: str = ""  # what may stand before or behind the number, and is not part of it


def _ogrn(number: str) -> bool:
    """The library wants the whole remainder of an entrepreneur's number; the rule is its last digit."""
    if len(number) == 15:
        return number[0] in "34" and int(number[:-1]) % 13 % 10 == int(number[-1])
    return bool(ogrn.is_valid(number))


_KINDS = {
    "inn": _Kind("[0-9]{12}|[0-9]{10}", "RU", inn.is_valid),
    "ogrn": _Kind("[0-9]{15}|[0-9]{13}", "RU", _ogrn),
    "imo": _Kind("[0-9]{7}", "", imo.is_valid, "^IMO"),
    "lei": _Kind("[0-9A-Z]{18}[0-9]{2}|(?:[0-9A-Z]{4}[ -]){4}[0-9A-Z]{2}[0-9]{2}", "", lei.is_valid),
    "ca_bn": _Kind(
        "(?:[0-9]{9}|[0-9]{5} [0-9]{4}|[0-9]{3} [0-9]{3} [0-9]{3})(?:[ -]?R[A-Z] ?[0-9]{4})?",
        "CA",
        luhn.is_valid,
        "R[A-Z][0-9]{4}$",
    ),
    "uscc": _Kind("[0-9]{8}[0-9A-HJ-NP-RTUWXY]{10}", "CN", uscc.is_valid),
    "hk_cr": _Kind("[0-9]{7}", "HK"),
    "hk_br": _Kind("[0-9]{8}(?:-[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9A-Z])?", "HK", mark="(?<=^[0-9]{8})[0-9]{7}[0-9A-Z]$"),
}
KINDS = tuple(_KINDS)
_ZEROS = re.compile("0+")
_BETWEEN = re.compile(r"[ \u00a0-]")


def normal(kind: str, number: str) -> str | None:
    """A number without spaces, hyphens, and what is not part of it; None where it has not the form of its kind.

    >>> normal("imo", "IMO 9319466"), normal("ca_bn", "12302 6635 RC 0001"), normal("inn", "8542.31")
    ('9319466', '123026635', None)
    """
    if kind not in _KINDS:
        return None
    plain = _BETWEEN.sub("", number.strip()).upper()
    plain = re.sub(_KINDS[kind].mark, "", plain) if _KINDS[kind].mark else plain
    return plain if re.fullmatch(_KINDS[kind].written, plain) and not _ZEROS.fullmatch(plain) else None


def checked(kind: str, number: str) -> bool | None:
    """Whether a number has the form and the check digit of its kind; None of a kind whose check digit is not known.

    >>> checked("imo", "9319466"), checked("imo", "9319467"), checked("hk_cr", "1234567")
    (True, False, None)
    """
    right = _KINDS[kind].right if kind in _KINDS else None
    plain = normal(kind, number)
    return None if right is None else plain is not None and bool(right(plain))


@dataclass(frozen=True)
class _Label:
    """Words before a number. `sure`: they name the kind, so that a number with a wrong check digit is told as well.

    `told`: kinds taken only where their country stands behind the number, for others write theirs in the same way.
    """

    words: str
    kinds: tuple[str, ...] = ()
    sure: bool = False
    told: tuple[str, ...] = ()


_NO = r"\s*\.?\s*(?:(?:No|Nr|Number|Num|ID)\b|№|#|[:：])"
_BEFORE = rf"(?=\s*/|{_NO})"  # short words count as labels where a sign of a number is behind them
_USCC = r"Unified\s+Social\s+Credit(?:\s+(?:Code|Identifier))?"
_TAX = r"Tax(?:payer)?(?:\s+(?:Identification|Registration|Reg|ID))?|TIN|VAT|GST(?:/HST)?"
_REGISTRATION = r"Reg(?:istration|istry)?|(?:Company|Business)(?:\s+Registration)?"
# In this order: what is found by one label is not looked for by those after it.
_LABELS = (
    _Label(f"ИНН|INN{_BEFORE}", ("inn",), sure=True),
    _Label("ОГРН(?:ИП)?|OGRN(?:IP)?|PSRN", ("ogrn",), sure=True),
    _Label("IMO", ("imo",), sure=True),
    _Label(r"LEI|Legal\s+Entity\s+Identifier", ("lei",), sure=True),
    _Label(f"USCC|USCI|{_USCC}|统一社会信用代码|統一社會信用代碼", ("uscc",), sure=True),
    _Label(rf"Business\s+Number|Num[ée]ro\s+d['’]entreprise|(?:BN|NE){_BEFORE}", ("ca_bn",), sure=True),
    _Label(rf"C\.?\s?R\.?{_BEFORE}|公司编号|公司編號|公司註冊編號", ("hk_cr",), sure=True),
    _Label(rf"(?:B\.?\s?R\.?|UBI){_BEFORE}|商業登記號碼|商业登记号码", ("hk_br",), sure=True),
    _Label(f"INN|BN|NE|(?:{_TAX})(?:{_NO})?", ("inn", "uscc", "ca_bn")),
    _Label(f"(?:{_REGISTRATION}){_NO}", ("ogrn", "uscc"), told=("inn", "ca_bn", "hk_cr", "hk_br")),
)
# What may stand between a label and its number; of other words or digits the number is not the label's.
_FILLER = r"(?:[\s:：.,;#№/()=\u2013\u2014-]|(?:No|Nr|Number|Num|Code|ID|КПП|KPP)\b)*"
_WORD = r"0-9A-Za-z\u00c0-\u024f\u0400-\u045f"  # Chinese writes no space before a number
_START, _END = f"(?<![{_WORD}])", rf"(?![{_WORD}]|[.,-][0-9]{{1,3}}(?![0-9]))"
_COUNTRY = re.compile(r"\s*\(([^()]{2,40})\)")
_LETTERS = re.compile("[A-Z]")
_DIGITS = re.compile("[0-9]{2}")  # every kind has two together, and most names have none
# Kinds known by their form alone, which a run of digits never is.
_ALONE = ("lei", "uscc", "ca_bn")


def _patterns() -> Iterator[tuple[_Label, str, re.Pattern[str]]]:
    for label in _LABELS:
        for kind in (*label.kinds, *label.told):
            before = f"{_START}(?:{label.words}){_FILLER}{_START}"
            yield label, kind, re.compile(f"{before}(?P<number>{_KINDS[kind].written}){_END}", re.I)


_LABELLED = tuple(_patterns())
_BY_FORM = tuple((kind, re.compile(f"{_START}(?:{_KINDS[kind].written}){_END}")) for kind in _ALONE)


def found(text: str) -> tuple[Number, ...]:
    """The registration numbers in a text, in their order.

    A run of digits is taken with its label before it, whatever its check digit where the label names the kind (ИНН,
    IMO), else ("Tax ID", "Registration Number") only where it is right. Of numbers that stand alone only those are
    taken that have letters and a right check digit: LEI, USCC, and a Business Number with its program account. A
    country in brackets behind the number rules out the kinds of others.

    >>> found("ООО ОБРАЗЕЦ, ИНН/КПП 7802170553/780201001")
    (Number(kind='inn', number='7802170553', written='7802170553', checked=True),)
    >>> found("HS 8542310000")
    ()
    """
    taken: dict[int, tuple[int, Number]] = {}
    for start, number in _candidates(text) if _DIGITS.search(text) else ():
        end = start + len(number.written)
        if all(end <= begins or start >= ends for begins, (ends, _) in taken.items()):
            taken[start] = (end, number)
    return tuple(taken[start][1] for start in sorted(taken))


def _candidates(text: str) -> Iterator[tuple[int, Number]]:
    for label, kind, pattern in _LABELLED:
        for match in pattern.finditer(text):
            number = _number(kind, match["number"])
            if number and _accepted(label, number, _country(text, match.end())):
                yield match.start("number"), number
    for kind, pattern in _BY_FORM:
        for match in pattern.finditer(text):
            number = _number(kind, match[0])
            if number and number.checked and _LETTERS.search(match[0]) and not iban.is_valid(match[0]):
                yield match.start(), number


def _number(kind: str, written: str) -> Number | None:
    plain = normal(kind, written)
    return Number(kind, plain, written, bool(checked(kind, plain))) if plain else None


def _accepted(label: _Label, number: Number, country: str | None) -> bool:
    of = _KINDS[number.kind].country
    if country and of and country != of:
        return False
    if number.kind in label.told:
        return country == of and checked(number.kind, number.number) is not False
    return label.sure or number.checked


def _country(text: str, end: int) -> str | None:
    """The country in brackets right behind a number."""
    behind = _COUNTRY.match(text, end)
    return read_country(behind[1]) if behind else None


_JURISDICTIONS = {
    "CANADA": "CA",
    "ONTARIO": "CA-ON",
    "QUEBEC": "CA-QC",
    "BRITISH COLUMBIA|B ?C|COLOMBIE BRITANNIQUE": "CA-BC",
    "ALBERTA": "CA-AB",
    "SASKATCHEWAN": "CA-SK",
    "MANITOBA": "CA-MB",
    "NEW BRUNSWICK|N ?B|NOUVEAU BRUNSWICK": "CA-NB",
    "NOVA SCOTIA|N ?S|NOUVELLE ECOSSE": "CA-NS",
    "NEWFOUNDLAND AND LABRADOR|NEWFOUNDLAND & LABRADOR|NEWFOUNDLAND|N ?L|TERRE NEUVE ET LABRADOR": "CA-NL",
    "PRINCE EDWARD ISLAND|P ?E ?I|ILE DU PRINCE EDOUARD": "CA-PE",
    "YUKON": "CA-YT",
    "NORTHWEST TERRITORIES|N ?W ?T|TERRITOIRES DU NORD OUEST": "CA-NT",
    "NUNAVUT": "CA-NU",
}
_FORMS = (
    "INC|INCORPORATED|INCORPOREE|LTD|LIMITED|LTEE|LIMITEE|CORP|CORPORATION|CO|COMPANY|CIE|COMPAGNIE|ULC|U L C"
    "|UNLIMITED LIABILITY COMPANY"
)
# Without a form at the end a number of few digits can be that of a house: 123 ONTARIO is a street.
_NUMBERED = {
    code: re.compile(rf"0*([1-9][0-9]{{3,9}}) (?:{names}) (?:{_FORMS})\b|0*([1-9][0-9]{{5,9}}) (?:{names})$")
    for names, code in _JURISDICTIONS.items()
}
_NOT_WORDS = re.compile(r"[^A-Z0-9&]+")


def numbered_company(name: str) -> str | None:
    """Where a Canadian company whose name is its number is registered, and that number; None of any other name.

    The jurisdiction is CA (federal) or the ISO 3166-2 of a province. The number is without hyphen and leading zeros:
    it tells the company for certain, unlike a name, and two that differ in a digit are two companies.

    >>> numbered_company("9123-4567 Québec inc."), numbered_company("10219452 CANADA LTÉE")
    ('CA-QC 91234567', 'CA 10219452')
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.upper()) if not unicodedata.combining(letter)
    )
    words = _NOT_WORDS.sub(" ", re.sub("(?<=[0-9])-(?=[0-9])", "", plain)).strip()
    for code, pattern in _NUMBERED.items():
        if match := pattern.match(words):
            return f"{code} {match[1] or match[2]}"
    return None
