"""Countries in every spelling to one code each: those of today, those that are gone, and what is no country.

Names are those of the Unicode CLDR in the languages below, compared by their words in any order, and the odd and
official spellings of countries.csv. "NA" is Namibia. What ISO 3166 has no code for stands in areas.csv with what it
means: ZZ the high seas, ZX unknown, XK Kosovo, PC islands of the Pacific, EA Ceuta and Melilla (UM is of ISO 3166).

Countries that are gone stand in historical_countries.csv, by the months of Statistics Canada's list. One that split up
or merged has a code of its own: SU, YU, DD, YD, AN; CS is Czechoslovakia and CSXX Serbia and Montenegro, as in ISO
3166-3, for the publisher calls both CS. One that only changed its name has today's: ZR is CD, BU is MM, TP is TL, so
that its trade is one series. DE is West Germany until September 1990, YE the north of Yemen until 1991, and YU until
1991 holds what became BA, HR, MK and SI.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference import lookup, rows
from tradeanalytics.reference.scripts import REMEMBERED, unmix

_LANGUAGES = ("en", "fr", "ru", "tr", "es", "de", "zh")
# Territories of the CLDR that ISO 3166 has no code for.
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "TA", "CP", "DG", "IC", "EA", "CQ"}
_SMALL_WORDS = {"AND", "ET", "И", "VE", "Y", "UND", "THE", "OF", "DE", "DU", "DES", "LA", "LES"}


@cache
def _countries() -> set[str]:
    return {code for code in map(str, Locale("en").territories) if code.isalpha() and len(code) == 2} - _NO_COUNTRIES


@cache
def _codes() -> dict[str, str]:
    """Every alpha-2, alpha-3 and numeric code, and the marks EU, UK and EL."""
    iso = _countries()
    aliases = {str(code): str(found[0]) for code, found in get_global("territory_aliases").items() if len(found) == 1}
    longer = {code: to for code, to in aliases.items() if len(code) == 3 and to in iso}
    return longer | {code: code for code in iso} | lookup("countries", "spelling", "code")


@cache
def _names() -> dict[str, str]:
    spelled = {
        fold(str(name)): str(code)
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if len(str(code)) == 2 and code not in _NO_COUNTRIES
    }
    return spelled | {fold(name): code for name, code in lookup("countries", "spelling", "code").items()}


@cache
def name_words() -> frozenset[str]:
    """The folded words that stand in names of countries: a text without one of them names none.

    >>> "NAMIBIA" in name_words(), "MAIN" in name_words()
    (True, False)
    """
    return frozenset(word for name in _names() for word in name.split())


def fold(name: str) -> str:
    """A name's words without accents and small words, in alphabetical order.

    >>> fold("КОРЕЯ, РЕСПУБЛИКА") == fold("Республика Корея"), fold("Côte d’Ivoire")
    (True, 'COTE D IVOIRE')
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter not in _ACCENTS)
    words = re.findall(r"\w+", unicodedata.normalize("NFC", plain).replace("ı", "i").upper().replace("Ё", "Е"))
    return " ".join(sorted(word for word in words if word not in _SMALL_WORDS))


# All but the breve, without which Й is И.
_ACCENTS = {chr(mark) for mark in range(0x300, 0x370)} - {"\u0306"}


@lru_cache(REMEMBERED)
def read_country(text: str) -> str | None:
    """The code of a country written as code or name, or None.

    >>> read_country("NA"), read_country("792"), read_country("ТАЙВАНЬ (КИТАЙ)"), read_country("Atlantis")
    ('NA', 'TR', 'TW', None)
    """
    text = text.strip(" \t\u00a0.,;'\"")
    return _codes().get(text.upper()) or named(text)


@lru_cache(REMEMBERED)
def named(text: str) -> str | None:
    """The code of a country written as name, or None: two or three letters may be anything.

    >>> named("Намибия"), named("NA")
    ('NA', None)
    """
    text = text.strip()
    return _names().get(fold(unmix(text))) if len(text) > 3 or not text.isascii() else None


@lru_cache(REMEMBERED)
def partner_code(text: str, month: str | None = None) -> str | None:
    """The code of a partner of trade as a statistical office writes it: today's countries, those gone, and areas.

    A code may have Statistics Canada's number behind it. With a `month` ("1999-05") countries that are gone count only
    while the publisher lists them. None where a text can mean two: CS alone, in no month.

    >>> partner_code("RU 295"), partner_code("CS 288"), partner_code("CS"), partner_code("CS", "1990-01")
    ('RU', 'CSXX', None, 'CS')
    >>> partner_code("Haute mer"), partner_code("SU"), partner_code("SU", "2005-01"), partner_code("Zaïre")
    ('ZZ', 'SU', None, 'CD')
    """
    text = " ".join(text.split())
    numbered = _NUMBERED.fullmatch(text.upper())
    plain = numbered[1] if numbered else text
    gone = _gone_by(text, month)
    if gone:
        return gone.pop() if len(gone) == 1 else None
    return _areas().get(_key(plain)) or read_country(plain)


def _gone_by(text: str, month: str | None) -> set[str]:
    spans = _gone().get(_key(text), ())
    return {code for code, first, last in spans if month is None or first <= month <= last}


def _key(text: str) -> str:
    """A code in capitals, a name by its words."""
    return text.upper() if len(text) <= _LONGEST_CODE or _NUMBERED.fullmatch(text.upper()) else fold(unmix(text))


_NUMBERED = re.compile("([A-Z]{2}) [0-9]{3}")
_LONGEST_CODE = 4


@cache
def _gone() -> dict[str, list[tuple[str, str, str]]]:
    """Code, first and last month of former countries, by the publisher's code with and without number, and names."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows("historical_countries"):
        keys = {row["code"], row["published"], row["published"][:2], fold(row["en"]), fold(row["fr"])}
        for key in keys:
            found.setdefault(key, []).append((row["code"], row["first_month"], row["last_month"]))
    return found


@cache
def _areas() -> dict[str, str]:
    """Areas by code and names; a number is no code of its own here, for it may be one of ISO 3166."""
    named = {fold(row[name]): row["code"] for row in rows("areas") for name in ("en", "fr")}
    return named | {row["code"]: row["code"] for row in rows("areas") if not row["code"].isdigit()}


@cache
def comtrade_area(number: str) -> str | None:
    """The code of an area by UN Comtrade's number, which is often not that of ISO 3166; None if it is no number.

    What is no country keeps a code that says so: "Other Asia, not elsewhere specified" is S19, the UN's own, though
    Taiwan is most of it. Areas that are gone, and numbers that nothing is known of, keep their number where no code
    here means the same: 280 is West Germany, which is not DE.

    >>> [comtrade_area(number) for number in ("0", "842", "516", "490", "899", "280", "USA")]
    ['WORLD', 'US', 'NA', 'S19', '899', '280', None]
    """
    if not re.fullmatch("[0-9]{1,3}", number):
        return None
    plain = str(int(number))
    return lookup("comtrade_areas", "number", "code").get(plain) or read_country(plain.zfill(3)) or plain


def country_name(code: str, language: str) -> str:
    """The name of a code in English ("en") or French ("fr"), of whatever the lookups here give.

    Raises TradeAnalyticsError for a code without a name and for another language.

    >>> country_name("NA", "fr"), country_name("HK", "en"), country_name("S19", "en")
    ('Namibie', 'Hong Kong', 'Other Asia, not elsewhere specified')
    """
    if language not in ("en", "fr"):
        raise TradeAnalyticsError(f"language {language!r}: names of countries are in 'en' and 'fr'")
    name = _own_names(language).get(code) or (code in _countries() and Locale(language).territories[code])
    if not name:
        raise TradeAnalyticsError(
            f"country {code!r} has no name: expected a code of ISO 3166 or of reference/areas.csv"
        )
    return str(name)


@cache
def _own_names(language: str) -> dict[str, str]:
    """Names that are not the CLDR's; of a former country the one it had last."""
    gone = {row["code"]: row[language] for row in rows("historical_countries") if row["code"] not in _countries()}
    return gone | lookup("areas", "code", language)


@cache
def members(group: str, month: str) -> frozenset[str]:
    """Countries that were members of a group on any day of a month ("2022-03"): EU, EAEU or EXPORT_CONTROLS.

    EU is legal membership, from the Economic Community of 1958 on; the United Kingdom is in it until 2020-01.
    EXPORT_CONTROLS are the countries of Supplement No. 3 to part 746 of the Export Administration Regulations of the
    United States, which are not in it themselves: as the rules of 2022 until April made it, without what came later.
    Raises TradeAnalyticsError for an unknown group, and for a month that is none.

    >>> "GB" in members("EU", "2020-01"), "GB" in members("EU", "2020-02"), sorted(members("EAEU", "2015-07"))
    (True, False, ['AM', 'BY', 'KZ', 'RU'])
    """
    if not re.fullmatch("[0-9]{4}-(?:0[1-9]|1[0-2])", month):
        raise TradeAnalyticsError(f"month {month!r}: expected a year and a month, such as 2022-03")
    spans = [row for row in rows("country_groups") if row["group"] == group]
    if not spans:
        known = ", ".join(sorted({row["group"] for row in rows("country_groups")}))
        raise TradeAnalyticsError(f"group {group!r} is unknown: expected one of {known}")
    return frozenset(row["code"] for row in spans if row["first_day"][:7] <= month <= (row["last_day"][:7] or month))


EU27 = members("EU", "2020-02")  # as published for every year, whoever was a member then
