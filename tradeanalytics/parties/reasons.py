"""Why a name is a hit, in one line that an editor can read: what agrees, what clashes, what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tradeanalytics.parties import identifiers
from tradeanalytics.parties.latin import latin_words
from tradeanalytics.parties.likeness import Likeness
from tradeanalytics.parties.lists import Listed, list_title, vintages
from tradeanalytics.reference.countries import country_name

_SAME_ADDRESS = 0.6  # of the words of the shorter of two addresses
_ALIKE = 0.5  # below it is no use to say which words agree
_KINDS = {"primary": "", "alias": "alias, ", "former": "former name, ", "native": "name in another script, "}


class Beside(NamedTuple):
    """What agrees and what clashes beside the name; `other_number`: the lists give another number of the same kind."""

    agrees: tuple[str, ...]
    clashes: tuple[str, ...]
    other_number: bool


def beside(country: str, number: str, address: str, listed: Listed) -> Beside:
    """Country, numbers and address of a party against those of a listed one; nothing is said of what is not known."""
    agrees: list[str] = []
    clashes: list[str] = []
    if country and listed.countries:
        same = country in listed.countries
        told = _names(listed.countries)
        (agrees if same else clashes).append(
            f"country {_name(country)}" if same else f"country {_name(country)}, listed: {told}"
        )
    mine = {one.kind: one.number for one in identifiers.found(number)}
    theirs: dict[str, set[str]] = {}
    for kind, one in listed.numbers:
        theirs.setdefault(kind, set()).add(one)
    other = [kind for kind, one in mine.items() if kind in theirs and one not in theirs[kind]]
    clashes += [f"{kind.upper()} {mine[kind]}, listed: {', '.join(sorted(theirs[kind]))}" for kind in other]
    if address and any(_same_address(address, one) for one in listed.addresses):
        agrees.append("address")
    return Beside(tuple(agrees), tuple(clashes), bool(other))


def _same_address(one: str, other: str) -> bool:
    """Whether two addresses share a number and most words of the shorter: a lead, for rooms may differ."""
    here, there = set(latin_words(one)), set(latin_words(other))
    shared = here & there
    return any(map(str.isdigit, shared)) and len(shared) >= _SAME_ADDRESS * min(len(here), len(there)) > 1


def reason(name: str, listed: Listed, likeness: Likeness, number: str, compared: Beside) -> str:
    """The line: who is like whom, on which list of which date, and on what that rests."""
    told = vintages(listed.first_seen, listed.listed_after, listed.not_in_main)
    since = f", listed since {listed.listed_on}" if listed.listed_on else f", {told}"
    until = f" until {listed.delisted_on}" if listed.delisted_on else ""
    dated = f"list of {listed.list_date}" if listed.list_date else "list of unknown date"
    weak = "weak " if listed.strong is False else ""
    where = f"{weak}{_KINDS[listed.name_kind]}{list_title(listed.list)} {listed.entry}, {dated}{since}{until}"
    verb = "has the number of" if number else "is like"
    asked = " ".join(name.split())  # a cell may have several lines
    parts = [f"“{asked}” {verb} “{listed.name}” ({where})", *_said(likeness, number), *_said_beside(compared, number)]
    return "; ".join(parts) + ". A lead, not an identity."


def _said(likeness: Likeness, number: str) -> Iterator[str]:
    if number:
        yield f"number {number} agrees"
        if likeness.score < _ALIKE:
            yield "the names are not alike"
            return
    same = [here for here, there in likeness.agreed if here == there]
    if same:
        yield f"{_listed(same)} agree{'s' if len(same) == 1 else ''}"
    for here, there in likeness.agreed:
        if here != there:
            yield f"{here.upper()} taken for {there.upper()}"
    if likeness.only_here:
        yield f"only here {_listed(likeness.only_here)}"
    if likeness.only_there:
        yield f"only on the list {_listed(likeness.only_there)}"
    if likeness.forms:
        yield f"left out {_listed(likeness.forms)}"
    yield from likeness.notes


def _said_beside(compared: Beside, number: str) -> Iterator[str]:
    if compared.agrees:
        yield f"also agrees: {', '.join(compared.agrees)}"
    if compared.clashes:
        yield f"clashes: {'; '.join(compared.clashes)}"
    if not (compared.agrees or compared.clashes or number):
        yield "name only"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word.upper() for word in words)


def _names(codes: Iterable[str]) -> str:
    return ", ".join(_name(code) for code in codes)


def _name(code: str) -> str:
    return country_name(code, "en")
