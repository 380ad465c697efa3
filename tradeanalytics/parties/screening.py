"""Parties of the records against the lists: by number first, then by name, each hit with its reason in one line.

A hit is a lead, not an identity. No hit is not a clearance: it says only that nothing was found in these lists of
these dates. Persons, companies and ships are looked for apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties import identifiers
from tradeanalytics.parties.candidates import KINDS, Names, candidates
from tradeanalytics.parties.latin import sound
from tradeanalytics.parties.likeness import Likeness, company_likeness, person_likeness, ship_likeness
from tradeanalytics.parties.lists import Listed, Lists, like_a_person, plain_number
from tradeanalytics.parties.reasons import Beside, beside, reason
from tradeanalytics.parties.words import Word, wording

ALERT, POSSIBLE = 0.8, 0.7  # scores; the benchmark of matching tells what they find and what they take wrongly
_LONGEST = 1_000  # characters of a name
_SHORTEST_NUMBER = 8  # letters and digits of a number whose kind is not told
_LONG_NUMBER = 10  # letters and digits of one that is no other party's by chance
_TELLING = 12.0  # rarity of the words that agree: of two given names that hundreds have it is ten
_NOT_UNLIKE = 0.5  # score
_PERSONAL = ("passport", "national id", "identity", "currency", "birth", "driver")  # numbers that no company has


@dataclass(frozen=True)
class Party:
    """Who is asked about; what is not known of it is empty. `kind`: company, person or ship."""

    name: str
    kind: str = ""
    country: str = ""  # ISO 3166 alpha-2
    number: str = ""  # registration or tax number as written
    address: str = ""


@dataclass(frozen=True)
class Hit:
    """A listed party that a party may be. `level`: alert or possible; `basis`: number or name; `score`: 0 to 1."""

    name: str
    kind: str
    country: str
    number: str
    address: str
    level: str
    basis: str
    score: float
    rarity: float
    authority: str
    list: str
    list_date: str | None
    entry: str
    listed_name: str
    listed_on: date | None
    delisted_on: date | None
    first_seen: str | None
    listed_after: str | None
    not_in_main: str | None
    agrees: str
    clashes: str
    reason: str
    listed_party: int
    file_id: str
    record: int


@dataclass(frozen=True)
class _Found:
    """A row of the lists' names that a party's name is like, or that its number leads to."""

    party: Party
    listed: Listed
    basis: str
    likeness: Likeness
    rarity: float = 0.0
    number: str = ""
    of_kind: str = ""

    @cached_property
    def compared(self) -> Beside:
        return beside(self.party.country, self.party.number, self.party.address, self.listed)

    @property
    def level(self) -> str:
        """An alert is a number, or a name like enough that is not weak and has no other number to speak against it.

        A short number of a kind that nobody can check may be two parties': it alerts where the names are not unlike, or
        the country or the address agrees.
        """
        if self.basis == "number":
            kind, number = self.number.rsplit(" ", 1)
            sure = identifiers.normal(kind, number) is not None or len(number) >= _LONG_NUMBER
            return "alert" if sure or self.compared.agrees or self.likeness.score >= _NOT_UNLIKE else "possible"
        weak = (self.listed.strong is False or self.usual) and not self.compared.agrees
        alike = self.likeness.score >= ALERT
        return "alert" if alike and not weak and not self.compared.other_number else "possible"

    @property
    def usual(self) -> bool:
        """Whether only words agree that many persons are called, and one of the names has others, or one is an
        initial: Ahmad Ali Sample, Mohammed K."""
        rest = self.likeness.only_here or self.likeness.only_there
        initial = any(_initial(here, there) for here, there in self.likeness.agreed)
        return self.of_kind == "person" and bool(rest or initial) and self.rarity < _TELLING

    @property
    def place(self) -> tuple[object, ...]:
        """Where it stands among what was found of one party: numbers first, then what alerts, then by likeness, then
        what is written in the same way, the first name."""
        same = sum(here == there for here, there in self.likeness.agreed)
        return (self.basis != "number", self.level, -self.likeness.score, -same, self.listed.row)


def screen(parties: Iterable[Party], lists: Lists, *, at_least: float = POSSIBLE) -> pd.DataFrame:
    """Who of these parties may be on the lists: one row a party and listed party, by the likest of its names.

    Columns are the fields of `Hit`. Those that alert come first, the likest first, of equal ones those that share
    rarer words. A party without a row is not cleared: see `outcomes`. Raises TradeAnalyticsError for an unknown kind.
    """
    asked = list(dict.fromkeys(parties))
    if wrong := [one for one in asked if one.kind not in ("", *KINDS)]:
        raise TradeAnalyticsError(f"{wrong[0].name}: kind {wrong[0].kind!r}, expected one of {', '.join(KINDS)}")
    best: dict[tuple[Party, int], _Found] = {}
    for found in (*_by_number(asked, lists), *_by_name(asked, lists, at_least)):
        key = found.party, found.listed.party
        if key not in best or found.place < best[key].place:
            best[key] = found
    table = pd.DataFrame([vars(_hit(found)) for found in best.values()], columns=[one.name for one in fields(Hit)])
    by = ["level", "score", "rarity", "name", "authority", "list", "entry", "country", "number", "address"]
    return table.sort_values(by, ascending=[True, False, False, *[True] * 7], ignore_index=True)


def outcomes(parties: Iterable[Party], hits: pd.DataFrame, lists: Lists) -> pd.DataFrame:
    """What came of each party: its fields, `outcome` and `why`.

    `outcome` is alert, possible, nothing_found or not_judged; `why` of the last two says what was looked at, and what
    kept it from being judged.
    """
    names = [one.name for one in fields(Party)]
    levels: dict[tuple[str, ...], str] = {}
    for *party, level in hits[[*names, "level"]].itertuples(index=False):
        levels.setdefault(tuple(party), level)
    rows = [_outcome(party, levels.get(tuple(vars(party).values()), ""), lists) for party in dict.fromkeys(parties)]
    return pd.DataFrame(rows, columns=[*names, "outcome", "why"])


def _outcome(party: Party, level: str, lists: Lists) -> dict[str, str]:
    why = not_judged(party.name)
    outcome = level or ("not_judged" if why else "nothing_found")
    return {**vars(party), "outcome": outcome, "why": why or ("" if level else lists.looked_at)}


def not_judged(name: str) -> str:
    """Why a name cannot be compared, "" where it can.

    >>> not_judged("LTD"), not_judged("Sample Ltd")
    ('the name is nothing but a legal form', '')
    """
    if len(name) > _LONGEST:
        return f"the name has {len(name):,} characters, more than {_LONGEST:,}"
    if not any(map(str.isalnum, name)):
        return "there is no name"
    return "" if wording(name).words else "the name is nothing but a legal form"


def _by_number(parties: Sequence[Party], lists: Lists) -> Iterator[_Found]:
    for party in parties:
        for kind, number in _numbers(party):
            for listed, of_kind in lists.with_number(number):
                if _may_be(kind, of_kind, number) and not any(word in of_kind for word in _PERSONAL):
                    yield _Found(party, listed, "number", _likeness(party, listed, lists), number=f"{of_kind} {number}")


def _may_be(kind: str, listed: str, number: str) -> bool:
    """Whether a number of one kind is one of another: lists call many a tax number a registration number or other."""
    told_otherwise = identifiers.normal(listed, number) is not None
    return kind in ("", listed) or (len(number) >= _SHORTEST_NUMBER and not told_otherwise)


def _numbers(party: Party) -> Iterator[tuple[str, str]]:
    """The numbers of a party with their kinds, "" for one that its column gives and whose kind is not told."""
    told = {one.number: one.kind for one in identifiers.found(f"{party.name}; {party.number}; {party.address}")}
    if party.kind == "ship" and (imo := identifiers.normal("imo", party.number)):
        told.setdefault(imo, "imo")
    yield from ((kind, number) for number, kind in told.items())
    plain = plain_number(party.number)
    if len(plain) >= _SHORTEST_NUMBER and plain not in told and any(map(str.isdigit, plain)):
        yield "", plain


def _by_name(parties: Sequence[Party], lists: Lists, at_least: float) -> Iterator[_Found]:
    for kind in KINDS:
        asked: dict[str, list[Party]] = {}
        for party in parties:
            if kind in _kinds(party) and not not_judged(party.name):
                asked.setdefault(party.name, []).append(party)
        texts, names = list(asked), lists.of[kind]
        for text, place in candidates(texts, names).iter_rows():
            likeness = _of_kind(texts[text], lists.name(kind, place), kind, names, at_least)
            if likeness.score >= at_least:
                listed, rarity = lists.named(kind, place), _rarity(likeness, names)
                yield from (_Found(party, listed, "name", likeness, rarity, "", kind) for party in asked[texts[text]])


def _kinds(party: Party) -> tuple[str, ...]:
    """As what a party is looked for: where it is not told, as a company, and as a person if it is called like one."""
    if party.kind:
        return (party.kind,)
    return ("company", "person") if like_a_person(party.name) else ("company",)


def _of_kind(here: str, there: str, kind: str, names: Names, at_least: float = 0.0) -> Likeness:
    if kind == "company":
        return company_likeness(here, there, names.weight, at_least=at_least)
    return person_likeness(here, there, at_least=at_least) if kind == "person" else ship_likeness(here, there)


def _likeness(party: Party, listed: Listed, lists: Lists) -> Likeness:
    """How alike the names are of parties that a number brings together."""
    kind = listed.kind or party.kind or "company"
    return Likeness(0.0) if not_judged(party.name) else _of_kind(party.name, listed.name, kind, lists.of[kind])


def _rarity(likeness: Likeness, names: Names) -> float:
    """How rare the words are that agree, added up; an initial tells nothing."""
    words = {word for here, there in likeness.agreed if not _initial(here, there) for word in here.split()}
    return round(sum(names.weight(Word(sound(word), False, word)) for word in sorted(words)), 3)


def _initial(here: str, there: str) -> bool:
    return min(len(here), len(there)) == 1


def _hit(found: _Found) -> Hit:
    party, listed, compared = found.party, found.listed, found.compared
    return Hit(
        **vars(party),
        level=found.level,
        basis=found.basis,
        score=round(found.likeness.score, 3),
        rarity=found.rarity,
        authority=listed.authority,
        list=listed.list,
        list_date=listed.list_date,
        entry=listed.entry,
        listed_name=listed.name,
        listed_on=listed.listed_on,
        delisted_on=listed.delisted_on,
        first_seen=listed.first_seen,
        listed_after=listed.listed_after,
        not_in_main=listed.not_in_main,
        agrees="; ".join(compared.agrees),
        clashes="; ".join(compared.clashes),
        reason=reason(party.name, listed, found.likeness, found.number, compared),
        listed_party=listed.party,
        file_id=listed.file_id,
        record=listed.record,
    )
