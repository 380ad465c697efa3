"""Words that mean something in an address, from the tables of reference/: each with its kinds, bits of one number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from tradeanalytics.parties.latin import consonants, latin_words, sound
from tradeanalytics.reference import rows
from tradeanalytics.reference.countries import name_words
from tradeanalytics.reference.scripts import REMEMBERED

_BITS = (
    *("number", "code", "hashed", "street", "strong", "numbered", "direction", "letter", "place"),
    *("unit", "floor", "alone", "building", "house", "part", "box", "route", "site", "station", "premises"),
    *("company", "phone", "care", "quarter", "town", "region", "general"),
)
_BIT = {name: 1 << place for place, name in enumerate(_BITS)}
NUMBER, CODE, HASHED = _BIT["number"], _BIT["code"], _BIT["hashed"]  # 25 and 45A; C200; behind a #
STREET, STRONG, NUMBERED = _BIT["street"], _BIT["strong"], _BIT["numbered"]  # PARK; ST; HWY, which has a number
DIRECTION, LETTER, PLACE = _BIT["direction"], _BIT["letter"], _BIT["place"]  # WEST; W; ends the name of a place
UNIT, FLOOR, ALONE, BUILDING = _BIT["unit"], _BIT["floor"], _BIT["alone"], _BIT["building"]
HOUSE, PART, BOX, ROUTE, SITE = _BIT["house"], _BIT["part"], _BIT["box"], _BIT["route"], _BIT["site"]
STATION, PREMISES, COMPANY, CARE = _BIT["station"], _BIT["premises"], _BIT["company"], _BIT["care"]
QUARTER, TOWN, REGION, GENERAL = _BIT["quarter"], _BIT["town"], _BIT["region"], _BIT["general"]
MARKED = UNIT | FLOOR | ALONE | BUILDING | HOUSE | PART | BOX | ROUTE | SITE | CARE | QUARTER | GENERAL | HASHED

# Cyrillic words whose Latin letters say another thing: СТР is a part of a building and STR a street.
_KEPT = {"Г", "Д", "К", "С", "П", "СТР"}
_TWINS = str.maketrans("АВЕКМНОРСТУХІЅЈ", "ABEKMHOPCTYXISJ")
_CYRILLIC = re.compile("[\u0400-\u045f]")
_ORDINAL = re.compile(r"([0-9]+)(?:ST|ND|RD|TH|E|EME|IEME|RE|ER|ERE)")
_ORDINALS = (
    *("FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH", "ELEVENTH"),
    *("TWELFTH", "THIRTEENTH", "FOURTEENTH", "FIFTEENTH", "SIXTEENTH", "SEVENTEENTH", "EIGHTEENTH", "NINETEENTH"),
    "TWENTIETH",
)
_SHORT = {
    **{"SAINT": "ST", "SAINTE": "STE", "MOUNT": "MT", "FORT": "FT"},
    **{word: str(number) for number, word in enumerate(_ORDINALS, 1)},
}


class StreetType(NamedTuple):
    """A word for a kind of street: its short form behind the name and before it, "" where it does not stand."""

    after: str
    before: str
    language: str


class Place(NamedTuple):
    """A municipality, and the one it is now part of."""

    name: str
    province: str
    country: str
    part_of: str
    population: int


@lru_cache(REMEMBERED)
def plain(word: str) -> str:
    """A word in Latin capitals, without accents and marks.

    >>> plain("L'ÎLE"), plain("ОФИС"), plain("М2М")
    ('LILE', 'OFIS', 'M2M')
    """
    if word.isascii():
        return word if len(word) == 3 and word[1] == "/" else "".join(filter(str.isalnum, word)).upper()
    if word in _KEPT:
        return word
    twins = word.translate(_TWINS)
    if twins.isascii() and (len(word) == 1 or any(map(str.isdigit, word))):
        return plain(twins)
    return "".join(latin_words(word)).upper()


def key(words: list[str]) -> str:
    """The words of a municipality's name: Saint and Sainte are as short as they can be written."""
    if len(words) == 1:
        return words[0]
    return " ".join(["ST" if word == "SAINT" else "STE" if word == "SAINTE" else word for word in words])


def cut(text: str) -> list[str]:
    """The words of a name of a table, as those of an address are cut."""
    return [word for word in (plain(word) for word in re.split(r"[\s.,\-]+", text)) if word]


@lru_cache(REMEMBERED)
def short(word: str) -> str:
    """A word of a street's name as names are compared: what people shorten is short, ordinals are numbers.

    >>> short("SAINT"), short("TWELFTH"), short("56TH"), short("2E"), short("MAPLE")
    ('ST', '12', '56', '2', 'MAPLE')
    """
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else _SHORT.get(word, word)


@cache
def _tables() -> dict[str, set[str]]:
    """The kinds of each word."""
    found: dict[str, set[str]] = {}
    for row in rows("address_words"):
        found.setdefault(plain(row["word"]), set()).update(row["kind"].split(";"))
    for row in rows("street_types"):
        strength = {"strong": {"strong"}, "numbered": {"strong", "numbered"}}.get(row["strength"], set())
        found.setdefault(plain(row["spelling"]), set()).update(strength | {"street"})
    for row in rows("street_directions"):
        letter = {"letter"} if row["form"] == "letter" else set()
        found.setdefault(plain(row["spelling"]), set()).update(letter | {"direction"})
    for word in (*longest_places(), *longest_provinces(), *country_words()):
        found.setdefault(word, set()).add("place")
    return found


class _Kinds(dict[str, int]):
    """The kinds of every word; the tables are read when the first is asked for."""

    def __missing__(self, word: str) -> int:
        if not self:
            self.update({word: sum(_BIT[kind] for kind in kinds) for word, kinds in _tables().items()})
            return self[word]
        if word[0].isdigit():
            return NUMBER
        return CODE if not word.isalpha() and "/" not in word else 0


@cache
def types() -> dict[str, StreetType]:
    """Kinds of street by their spellings."""
    found: dict[str, StreetType] = {}
    for row in rows("street_types"):
        found.setdefault(plain(row["spelling"]), StreetType(row["type"], row["type_before"], row["language"]))
    return found


@cache
def type_keys() -> dict[str, str]:
    """The type that is compared for each: RUE, UL and ST are one, as are AV and AVE. PL is a place, as in English."""
    told = rows("street_types")
    english = {row["type"] for row in told if row["language"] == "en"}
    french = {row["type_before"]: row["type"] for row in told if row["language"] == "en" and row["type_before"]}
    same = {short: row["same_as"] for row in told for short in (row["type"], row["type_before"]) if row["same_as"]}
    return {short: of for short, of in (french | same).items() if short and short not in english}


@lru_cache(REMEMBERED)
def type_key(word: str) -> str:
    """The type that is compared for a kind of street in any spelling; another word stays as it is.

    >>> type_key("STREET"), type_key("RUE"), type_key("CARRE"), type_key("PLACE"), type_key("MAPLE"), type_key("")
    ('ST', 'ST', 'SQ', 'PL', 'MAPLE', '')
    """
    kind = types().get(word)
    short = (kind.after or kind.before) if kind else word
    return type_keys().get(short, short)


@cache
def directions() -> dict[str, str]:
    """The short form of a direction by its spellings."""
    return {plain(row["spelling"]): row["direction"] for row in rows("street_directions")}


@cache
def provinces() -> dict[str, tuple[tuple[str, str], ...]]:
    """Code and country of provinces and states by their spellings."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in rows("provinces"):
        spelled = " ".join(cut(row["spelling"]))
        found[spelled] = (*found.get(spelled, ()), (row["code"], row["country"]))
    return found


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Municipalities by their spellings, the largest first."""
    found: dict[str, list[Place]] = {}
    for row in rows("municipalities"):
        place = Place(row["name"], row["province"], row["country"], row["part_of"], int(row["population"]))
        found.setdefault(key(cut(row["spelling"])), []).append(place)
    return {spelled: tuple(sorted(set(them), key=lambda place: -place.population)) for spelled, them in found.items()}


def _longest(names: Iterable[str], at: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        words = name.split()
        for word in _spelled(words[at]):
            found[word] = max(found.get(word, 0), len(words))
    return found


def _spelled(word: str) -> tuple[str, ...]:
    return {"ST": ("ST", "SAINT"), "STE": ("STE", "SAINTE")}.get(word, (word,))


@cache
def longest_places() -> dict[str, int]:
    """How many words the longest municipality has that ends with a word."""
    return _longest(places(), -1)


@cache
def longest_beginnings() -> dict[str, int]:
    """How many words the longest municipality has that begins with a word."""
    return _longest(places(), 0)


@cache
def longest_provinces() -> dict[str, int]:
    """How many words the longest province has that ends with a word."""
    return _longest(provinces(), -1)


@cache
def country_words() -> frozenset[str]:
    """Words of names of countries, and codes that are written for names."""
    return frozenset(plain(word) for word in name_words()) | _SHORT_COUNTRIES.keys() | {"CA"}


_SHORT_COUNTRIES = {
    **{"USA": "US", "US": "US", "CAN": "CA", "UAE": "AE", "HK": "HK", "PRC": "CN", "UK": "GB", "GB": "GB", "RF": "RU"},
    **{"TR": "TR", "RU": "RU", "CN": "CN", "AE": "AE", "KZ": "KZ", "KG": "KG", "UZ": "UZ", "BY": "BY", "AM": "AM"},
    **{"HKG": "HK", "TUR": "TR", "RUS": "RU", "CHN": "CN", "ARE": "AE", "KSA": "SA", "SAR": "HK"},
}


def short_country(word: str) -> str:
    """The country of a short word behind an address, or nothing; CA is not among them, for it is California too."""
    return _SHORT_COUNTRIES.get(word, "")


@cache
def _by_sound() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("street_names"):
        for spelled in filter(None, (row["name"], row["in_russian"])):
            by = _sounded(tuple(cut(spelled)))
            found[by] = tuple(dict.fromkeys((*found.get(by, ()), row["name"])))
    return found


@lru_cache(REMEMBERED)
def _sounded(words: tuple[str, ...]) -> str:
    return " ".join(consonants(sound(word.lower())) for word in words)


def street_of_sound(words: list[str]) -> str:
    """The one known street that sounds as words written by ear in Cyrillic, or nothing.

    >>> street_of_sound(["KAMMER"]), street_of_sound(["TVERSKAYA"])
    ('CUMMER', '')
    """
    found = _by_sound().get(_sounded(tuple(words)), ())
    return found[0] if len(found) == 1 else ""


@cache
def _towns_by_sound() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for spelled, them in places().items():
        if them[0].country == "CA":
            by = _sounded(tuple(spelled.split()))
            found[by] = tuple(dict.fromkeys((*found.get(by, ()), spelled)))
    return found


def town_of_sound(words: list[str]) -> str:
    """The one municipality of Canada that sounds as words written by ear in Cyrillic, or nothing."""
    found = _towns_by_sound().get(_sounded(tuple(words)), ())
    return found[0] if len(found) == 1 else ""


def is_cyrillic(text: str) -> bool:
    """True where a text holds Cyrillic letters."""
    return bool(_CYRILLIC.search(text))


KINDS = _Kinds()
