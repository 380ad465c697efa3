"""What OFAC writes into the remarks of its list: weak names, births, nationalities and numbers, parted by `; `."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tradeanalytics.parties.watchlists.entry import Identifier, ListedName, one_line
from tradeanalytics.parties.watchlists.us_text import WORD, identifier, is_number, may_be_number
from tradeanalytics.reference.countries import read_country

LONGEST = 1000  # characters of the remarks in sdn.csv; what is longer goes on in sdn_comments.csv
_NAME = re.compile(r"(?:alt\. )?([afn])\.k\.a\.,? ['\"](.+)['\"]")
_BORN = re.compile(r"(?:alt\. )?DOB (.+)")
_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen|Nationality of Registration) (.+)")
_REST = r"(?: \(([^()]+)\))?(?: (?:issued|expires) [^()]+)?"
_NUMBER = re.compile(rf"(?:alt\. )?((?:[^0-9;]*[ .])?{WORD}) (\S.*?){_REST}")
# A word that is not known ends before the first digit, and the country behind the number tells that it is one.
_NUMBER_OF_COUNTRY = re.compile(rf"(?:alt\. )?([A-Z][^0-9;:]*?) (\S*[0-9].*?){_REST}")
_NO_SENTENCE = re.compile(r".*[0-9].*|[^a-z ]+")
_WORDS = 10  # in the name of a number; a sentence has more


@dataclass(frozen=True)
class Told:
    """What remarks say of a party beside their sentences."""

    names: tuple[ListedName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    countries: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    unreadable: bool = False  # a country is


def told(remarks: str | None, *, begun_elsewhere: bool = False, cut: bool = False) -> Told:
    """The names, numbers, countries and births in remarks.

    A part that is cut in two is not read, for half a number is another's: the last one of remarks that are `cut`, the
    first one of those that have `begun_elsewhere`.

    >>> told("DOB 1951; Tax ID No. 7700000000 (Russia).").identifiers[0].kind
    'inn'
    """
    if not remarks:
        return Told()
    parts = [one_line(part) or "" for part in remarks.split(";")]
    whole = parts[1 if begun_elsewhere else 0 : -1 if cut else len(parts)]
    whole = [*whole[:-1], whole[-1].removesuffix(".")] if whole and not cut else whole
    nations = [found[1] for part in whole if (found := _COUNTRY.fullmatch(part))]
    read = [read_country(nation) for nation in nations]
    return Told(
        tuple(_names(whole)),
        tuple(_identifiers(whole)),
        tuple(dict.fromkeys(filter(None, read))),
        tuple(found[1] for part in whole if (found := _BORN.fullmatch(part))),
        None in read,
    )


def _names(parts: list[str]) -> Iterator[ListedName]:
    """Weak names stand in quotes in the remarks; the strong ones are in a file of their own."""
    for part in parts:
        if found := _NAME.fullmatch(part):
            yield ListedName(found[2], "former" if found[1] == "f" else "alias", strong=False)


def _identifiers(parts: list[str]) -> Iterator[Identifier]:
    for part in parts:
        known, other = _NUMBER.fullmatch(part), _NUMBER_OF_COUNTRY.fullmatch(part)
        if known and is_number(known[1]) and _plain(known):
            yield identifier(known[1], known[2], read_country(known[3] or ""))
        elif other and may_be_number(other[1]) and _plain(other) and (country := read_country(other[3] or "")):
            yield identifier(other[1], other[2], country)


def _plain(found: re.Match[str]) -> bool:
    return len(found[1].split()) <= _WORDS and bool(_NO_SENTENCE.fullmatch(found[2]))
