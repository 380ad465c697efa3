"""What spellings of one street, place, unit or number share: the register and what is asked are folded by these alone.

A street is folded to every way that its words can be told apart: HIGHWAY 7 is a name, or the highway called 7. Two
spellings agree where one way of each agrees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from tradeanalytics.parties.addresses import vocabulary as known
from tradeanalytics.reference import rows
from tradeanalytics.reference.scripts import REMEMBERED

PROVINCES = {
    **{"10": "NL", "11": "PE", "12": "NS", "13": "NB", "24": "QC", "35": "ON", "46": "MB", "47": "SK", "48": "AB"},
    **{"59": "BC", "60": "YT", "61": "NT", "62": "NU"},
}
CANADA = {"lat": (41.0, 84.0), "lon": (-142.0, -52.0)}
"""Degrees between which Canada lies with its waters: a point beyond is a wrong one."""
# The first letter of a postal code; X is shared.
_OF_LETTER = {
    **{"A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON", "M": "ON"},
    **{"N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "Y": "YT"},
}
_POSTAL = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]")
_SIGNS = re.compile(r"[^A-Z0-9]+")
_BETWEEN = re.compile(r"[/&()]")
_KINDS_OF_PLACE = re.compile(r"^(?:CITY|TOWN|TOWNSHIP|VILLAGE|MUNICIPALITY) OF |^VILLE DE ")
_UNIT_WORDS = re.compile(r"^(?:UNIT|UNITE|SUITE|STE|APT|APP|APPT|APARTMENT|APPARTEMENT|BUREAU|ROOM|RM|NO)(?=[^A-Z])")
_UNIT_SHORT = (("PENTHOUSE", "PH"), ("TOWNHOUSE", "TH"), ("BASEMENT", "BSMT"), ("LOWER", "LWR"), ("UPPER", "UPR"))


class Street(NamedTuple):
    """One way to tell a street's name from its type and direction; "" where not told."""

    name: str
    type: str
    direction: str


def words(text: str) -> list[str]:
    """The words of a name in capitals without marks; what people shorten is short, ordinals are numbers.

    >>> words("St. John's"), words("Saint-Léonard"), words("Twelfth"), words("56Th"), words("De L'Église")
    (['ST', 'JOHNS'], ['ST', 'LEONARD'], ['12'], ['56'], ['DE', 'LEGLISE'])
    """
    return [known.short(word) for word in known.cut(_BETWEEN.sub(" ", text))]


@lru_cache(REMEMBERED)
def streets(name: str, kind: str = "", direction: str = "") -> tuple[Street, ...]:
    """Every way to read a street, the one that is written first; none for a name without letters or digits.

    >>> streets("Sherbrooke", "rue", "O")
    (Street(name='SHERBROOKE', type='ST', direction='W'),)
    >>> streets("HIGHWAY 7")
    (Street(name='HIGHWAY 7', type='', direction=''), Street(name='7', type='HWY', direction=''))
    """
    of_type, of_direction = _type(kind), _direction(direction)
    found = _joined(words(name), bool(of_type))
    written = Street(" ".join(found), of_type, of_direction)
    shorter = (_without_end(found, of_type, of_direction), _without_start(found, of_type, of_direction))
    ways = (written, *shorter, *_with_type(found, of_type, words(kind), of_direction))
    return tuple(dict.fromkeys(way for way in ways if way.name))


def _joined(found: Sequence[str], typed: bool) -> list[str]:
    """ST JOHN S, typed ROAD, is Saint John's: an apostrophe that became a space; so is L EGLISE."""
    joined: list[str] = []
    for place, word in enumerate(found):
        inner = place + 1 < len(found) or typed
        if joined and (joined[-1] in ("L", "D") or (word == "S" and inner and joined[-1].isalpha())):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _without_end(found: list[str], kind: str, direction: str) -> Street:
    """The type and direction told as the last words of the name: ST CLAIR AVENUE WEST."""
    rest = list(found)
    if len(rest) > 1 and (last := known.directions().get(rest[-1])) and direction in ("", last):
        direction, rest = last, rest[:-1]
    if len(rest) > 1 and (last := _strong().get(rest[-1])) and kind in ("", last):
        kind, rest = last, rest[:-1]
    return Street(" ".join(rest), kind, direction)


def _without_start(found: list[str], kind: str, direction: str) -> Street:
    """Told as the first ones: BOUL MALONEY O, WEST BROADWAY. ST is a saint there, never a street."""
    rest = list(found)
    if len(rest) > 1 and (last := known.directions().get(rest[-1])) and direction in ("", last):
        direction, rest = last, rest[:-1]
    if len(rest) > 1 and rest[0] not in ("ST", "STE") and (first := _strong().get(rest[0])) and kind in ("", first):
        kind, rest = first, rest[1:]
    if len(rest) > 1 and (first := known.directions().get(rest[0])) and direction in ("", first):
        direction, rest = first, rest[1:]
    return Street(" ".join(rest), kind, direction)


def _with_type(found: list[str], kind: str, written: list[str], direction: str) -> tuple[Street, ...]:
    """The type as a word of the name, where it can be one: THE WEST MALL and COUR DES ERABLES are told either way."""
    if not found or not written or kind in _strong().values():
        return ()
    return tuple(Street(" ".join(way), "", direction) for way in ([*found, *written], [*written, *found]))


@cache
def _strong() -> dict[str, str]:
    """The types by words that are hardly ever part of a name; French ones are the English ones of the same kind."""
    latin = [word for word, kind in known.types().items() if word.isascii() and kind.language in ("en", "fr")]
    return {word: known.type_key(word) for word in latin if known.KINDS[word] & known.STRONG}


def _type(text: str) -> str:
    return known.type_key("".join(words(text)))


def _direction(text: str) -> str:
    told = "".join(words(text))
    return known.directions().get(told, told)


@lru_cache(REMEMBERED)
def same_street(name: str, kind: str, direction: str) -> tuple[str, ...]:
    """What all ways to read one street share: its words, short, in the order of the alphabet.

    >>> {same_street(*way) for way in streets("ST CLAIR AVENUE WEST")}
    {('AVE', 'CLAIR', 'ST', 'W')}
    """
    told = " ".join((name, kind, direction)).split()
    return tuple(sorted(known.directions().get(word) or known.type_key(word) for word in told))


def municipality(name: str, province: str) -> str:
    """One key of a municipality: the part of an amalgamated one is the whole, as far as it is part of one alone.

    >>> municipality("North York", "ON"), municipality("St. Catharines", "ON"), municipality("", "ON")
    ('ON TORONTO', 'ON ST CATHARINES', '')
    """
    folded = _KINDS_OF_PLACE.sub("", " ".join(words(name)))
    wholes = _parts().get((folded, province), ())
    place = wholes[0] if len(wholes) == 1 else folded
    return f"{province} {place}" if place else ""


def municipalities(name: str, province: str) -> tuple[str, ...]:
    """Every key under which the register can have what is asked in a place.

    >>> municipalities("Markham", "ON"), municipalities("Thornhill", "ON")
    (('ON MARKHAM', 'ON THORNHILL'), ('ON THORNHILL', 'ON VAUGHAN', 'ON MARKHAM'))
    """
    provinces = [province] if province else PROVINCES.values()
    return tuple(dict.fromkeys(key for one in provinces for key in _places(name, one)))


@lru_cache(REMEMBERED)
def _places(name: str, province: str) -> tuple[str, ...]:
    key = municipality(name, province)
    place = key.removeprefix(f"{province} ")
    shared = [part for (part, of), wholes in _parts().items() if len(wholes) > 1 and of == province and place in wholes]
    found = (place, *_parts().get((place, province), ()), *shared)
    return tuple(f"{province} {one}" for one in found) if place else ()


@cache
def _parts() -> dict[tuple[str, str], tuple[str, ...]]:
    """The municipalities that a place is part of, by its name and province."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows("former_municipalities"):
        place = (" ".join(words(row["name"])), row["province"])
        found[place] = (*found.get(place, ()), row["municipality"])
    return found


def postal(text: str) -> str:
    """A Canadian postal code in six signs; "" for anything else."""
    plain = _SIGNS.sub("", text.upper())
    return plain if _POSTAL.fullmatch(plain) else ""


def province_of(postal_code: str) -> str:
    """The province of a postal code as its first letter tells it; "" where it tells none."""
    return _OF_LETTER.get(postal_code[:1], "")


def civic(text: str) -> str:
    """A civic number without zeros before it; "" for anything but digits.

    >>> civic("0025"), civic("25A"), civic("0")
    ('25', '', '')
    """
    plain = text.strip()
    return plain.lstrip("0") if plain.isascii() and plain.isdigit() else ""


def suffix(text: str) -> str:
    """What follows a civic number: A, or 1/2."""
    return "".join(text.upper().split())


@lru_cache(REMEMBERED)
def unit(text: str) -> str:
    """A unit without its word, signs and zeros before its numbers.

    >>> unit("Suite 0404"), unit("#1203"), unit("Penthouse 01"), unit("PH-1"), unit("C 256"), unit("1A")
    ('404', '1203', 'PH1', 'PH1', 'C256', '1A')
    """
    plain = " ".join(_SIGNS.sub(" ", text.upper()).split())
    bare = _UNIT_WORDS.sub("", plain).replace(" ", "")
    for long, short in _UNIT_SHORT:
        bare = bare.replace(long, short)
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", bare)
