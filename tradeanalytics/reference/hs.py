"""The Harmonized System: which six-digit codes each edition has, what became of them, and what may be compared.

The relations are those of the UN Statistics Division's correlation tables, and where the evidence says that a table
leaves one out, a judgement that is marked so. The strict components of those tables are of no use: through goods that
may have come from anywhere (8549, electrical waste; 8524, display modules) a thousand codes hang together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference import rows

EDITIONS = ("1988", "1996", "2002", "2007", "2012", "2017", "2022")  # each in force from the first of its year
RELATED = EDITIONS[-3:]  # whose codes and relations are here
_NAMED = 4  # codes that a note names; more are counted
_KINDS = {  # how many codes a code went to, and how many the other came from; under its own number, or another
    (False, False): ("same", "renumbered"),
    (True, False): ("narrowed", "split"),
    (False, True): ("widened", "merged"),
    (True, True): ("rearranged", "rearranged"),
}

Relation = Mapping[str, frozenset[str]]


def edition(day: date | pd.Timestamp | str) -> str:
    """The edition of the HS in force on a day, or in a month such as "2022-03"; Canada and the EAEU changed in January.

    >>> edition("2021-12"), edition("2022-01")
    ('2017', '2022')

    Raises TradeAnalyticsError before 1988.
    """
    year = int(day[:4]) if isinstance(day, str) else day.year
    found = [one for one in EDITIONS if int(one) <= year]
    if not found:
        raise TradeAnalyticsError(f"HS: {day} is before 1988, when its first edition came into force")
    return found[-1]


@cache
def codes(of: str) -> frozenset[str]:
    """Every six-digit code of an edition: 2012, 2017 or 2022.

    >>> len(codes("2022")), "854800" in codes("2017")
    (5613, False)
    """
    if of not in RELATED:
        raise TradeAnalyticsError(f"HS: {of!r}, expected one of {', '.join(RELATED)}")
    return frozenset(code for row in rows("hs_codes") if of in row["editions"].split() for code in row["codes"].split())


@cache
def came_from(before: str, after: str) -> Relation:
    """For each code of the later edition, the codes of the earlier one that held some of its goods.

    >>> sorted(came_from("2017", "2022")["880730"])
    ['880330']
    """
    first, last = (RELATED.index(_checked(one)) for one in (before, after))
    if first >= last:
        raise TradeAnalyticsError(f"HS: from {before} to {after}; expected an earlier and a later edition")
    *between, step = RELATED[first : last + 1]
    steps = _one_step(step)
    if len(between) == 1:
        return steps
    earlier = came_from(before, between[-1])
    return {code: frozenset().union(*(earlier[one] for one in found)) for code, found in steps.items()}


def _checked(of: str) -> str:
    codes(of)
    return of


def _one_step(after: str) -> dict[str, frozenset[str]]:
    """Where the codes of an edition come from in the one before: itself, unless the table says something else."""
    told: dict[str, frozenset[str]] = {}
    for row in rows("hs_relations"):
        if row["edition"] == after:
            told[row["code"]] = told.get(row["code"], frozenset()) | frozenset(row["from"].split())
    return {code: told.get(code, frozenset([code])) for code in codes(after)}


@cache
def went_to(before: str, after: str) -> Relation:
    """For each code of the earlier edition, the codes of the later one that hold some of its goods now.

    >>> sorted(went_to("2012", "2017")["293213"])
    ['293213']
    """
    found: dict[str, set[str]] = {code: set() for code in codes(before)}
    for code, sources in came_from(before, after).items():
        for source in sources:
            found[source].add(code)
    return {code: frozenset(heirs) for code, heirs in found.items()}


def concordance(before: str, after: str) -> pd.DataFrame:
    """Every pair of codes that share goods: code_before, code_after, relation.

    same: one code, one number. renumbered: one to one under another number. split: went to several, the other code came
    from it alone. merged: went to one code, which came from several. narrowed and widened: the like for the pair that
    kept its number. rearranged: both at once.
    """
    sources, heirs = came_from(before, after), went_to(before, after)
    pairs = [
        (old, new, _KINDS[len(heirs[old]) > 1, len(sources[new]) > 1][old != new])
        for new in sorted(sources)
        for old in sorted(sources[new])
    ]
    return pd.DataFrame(pairs, columns=["code_before", "code_after", "relation"])


# What may be compared


@dataclass(frozen=True)
class _Change:
    """A change of the edition, and which of its codes are the same code on both sides."""

    before: str
    after: str

    @property
    def sources(self) -> Relation:
        return came_from(self.before, self.after)

    @property
    def heirs(self) -> Relation:
        return went_to(self.before, self.after)

    def kept(self, code: str) -> bool:
        """Whether a code holds under its own number some of the goods that it held before."""
        return code in self.sources.get(code, ())


def comparable(asked: Iterable[str], before: str, after: str) -> pd.DataFrame:
    """How codes of the goods may be compared between two editions, or the editions of two months ("2021-03").

    One row a group, in the order of its codes: codes_before, codes_after (joined by ;), how, exact, note.
    kept: the code under its own number; the note names what moved out of it or in, and it is exact where nothing did.
    together: codes that vanished or are new, against those that they became or came from. refused: nothing that holds
    the same goods is on the other side; the note says where they are. Every code that is asked for is in one group.
    Headings and chapters (4 or 2 digits) are compared as themselves. Raises TradeAnalyticsError for longer codes, which
    differ between countries, and for a later edition before an earlier one.
    """
    change = _Change(*(one if one in EDITIONS else edition(one) for one in (before, after)))
    wanted = sorted(set(asked))
    for code in wanted:
        if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6)):
            raise TradeAnalyticsError(f"HS: {code!r}, expected a code of 2, 4 or 6 digits; longer ones are national")
    groups = {group for code in wanted for group in _groups(code, change)}
    return pd.DataFrame(sorted(groups), columns=["codes_before", "codes_after", "how", "exact", "note"])


_Group = tuple[str, str, str, bool, str]


def _groups(code: str, change: _Change) -> list[_Group]:
    """The group of a code; of a number that was given to other goods, that of the old ones and that of the new."""
    if change.before == change.after:
        return [_unchanged(code, change)]
    if len(code) < 6:
        return [_wider(code, change)]
    if change.kept(code):
        return [_kept(code, change)]
    together = _together(change.before, change.after)
    there = {side: code in codes(one) for side, one in enumerate((change.before, change.after))}
    found = {side: [group for group in together if code in group[side]] for side in there}
    grouped = [_as_group(*group, change) for side in there for group in found[side]]
    left = [side for side, is_there in there.items() if is_there and not found[side]]
    if not any(there.values()):
        note = f"{_dotted(code)} is no code of HS {change.before} or {change.after}"
        return [(code, code, "refused", False, note)]
    return grouped + [_refused(code, side, change) for side in left]


def _unchanged(code: str, change: _Change) -> _Group:
    if change.before in RELATED and not any(one.startswith(code) for one in codes(change.before)):
        return (code, code, "refused", False, f"{_dotted(code)} is no code of HS {change.before}")
    return (code, code, "kept", True, "")


def _kept(code: str, change: _Change) -> _Group:
    taken_in, given_up = change.sources[code] - {code}, change.heirs[code] - {code}
    notes = _moved(taken_in, given_up, code)
    return (code, code, "kept", not notes, _sentence(code, notes))


def _as_group(group_before: frozenset[str], group_after: frozenset[str], change: _Change) -> _Group:
    taken_in = frozenset().union(*(change.sources[code] for code in group_after)) - group_before
    given_up = frozenset().union(*(change.heirs[code] for code in group_before)) - group_after
    gone = ", ".join(_dotted(code) for code in sorted(group_before))
    new = ", ".join(_dotted(code) for code in sorted(group_after))
    notes = [f"HS {change.after} has {new} for what was {gone} in HS {change.before}"]
    notes += _moved(taken_in, given_up, min(group_before))
    exact = not taken_in and not given_up
    return (";".join(sorted(group_before)), ";".join(sorted(group_after)), "together", exact, "; ".join(notes))


def _refused(code: str, side: int, change: _Change) -> _Group:
    """A code of the earlier (0) or the later edition (1) that nothing on the other side is mainly the same as."""
    if side:
        note = f"{_dotted(code)} is new in HS {change.after}; its goods were in {_listed(change.sources[code], code)}"
        return ("", code, "refused", False, note)
    heirs = _listed(change.heirs[code], code) or "no code that the table names"
    note = f"{_dotted(code)} is gone in HS {change.after}; its goods are in {heirs}"
    return (code, "", "refused", False, note)


def _wider(code: str, change: _Change) -> _Group:
    """A heading or chapter, and what crossed its border."""
    inside_before = {one for one in codes(change.before) if one.startswith(code)}
    inside_after = {one for one in codes(change.after) if one.startswith(code)}
    sources = frozenset().union(*(change.sources[one] for one in inside_after)) - inside_before
    heirs = frozenset().union(*(change.heirs[one] for one in inside_before)) - inside_after
    if not inside_before or not inside_after:
        where, others = ("came from", sources) if inside_after else ("went to", heirs)
        note = f"{_dotted(code)} is only in one of the editions; its goods {where} {_listed(others, code)}"
        if not (inside_before or inside_after):
            note = f"{_dotted(code)} is no code of HS {change.before} or {change.after}"
        return (code if inside_before else "", code if inside_after else "", "refused", False, note)
    notes = _moved(sources, heirs, code)
    return (code, code, "kept", not notes, _sentence(code, notes))


@cache
def _together(before: str, after: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The groups of codes that vanished and that are new, linked where one is mainly what the other was."""
    change = _Change(before, after)
    links: dict[str, set[str]] = defaultdict(set)
    for new, sources in change.sources.items():
        for old in sources:
            if not change.kept(new) and not change.kept(old) and _mainly(old, new, change):
                links[f"<{old}"].add(f">{new}")
                links[f">{new}"].add(f"<{old}")
    return tuple(
        (
            frozenset(node[1:] for node in group if node.startswith("<")),
            frozenset(node[1:] for node in group if node.startswith(">")),
        )
        for group in _components(links)
    )


def _mainly(old: str, new: str, change: _Change) -> bool:
    """Whether most of one code's goods can be taken for the other's: one is all that the other came from or became, or
    both are under one heading, or a judgement says so. The rest are waste and parts that came from everywhere.
    """
    judged = (old, new) in _judged()
    return judged or change.sources[new] == {old} or change.heirs[old] == {new} or old[:4] == new[:4]


@cache
def _judged() -> frozenset[tuple[str, str]]:
    judged = [row for row in rows("hs_relations") if row["source"] == "judgement"]
    return frozenset((old, row["code"]) for row in judged for old in row["from"].split())


def _components(links: Mapping[str, set[str]]) -> list[frozenset[str]]:
    left, found = set(links), []
    while left:
        group, open_ends = set(), [min(left)]
        while open_ends:
            node = open_ends.pop()
            if node not in group:
                group.add(node)
                open_ends += sorted(links[node])
        left -= group
        found.append(frozenset(group))
    return found


def _dotted(code: str) -> str:
    """A code as customs write it: 8542.31."""
    return f"{code[:4]}.{code[4:]}" if len(code) > 4 else code


def _listed(found: Iterable[str], near: str) -> str:
    """Codes in words, those of the same heading and chapter first: they are the likely ones."""
    listed = sorted(found, key=lambda code: (code[:4] != near[:4], code[:2] != near[:2], code))
    words = ", ".join(_dotted(code) for code in listed[:_NAMED])
    rest = len(listed) - _NAMED
    return f"{words} and {rest:,} more" if rest > 0 else words


def _moved(taken_in: Iterable[str], given_up: Iterable[str], near: str) -> list[str]:
    ways = (("took in part of", taken_in), ("part of it went to", given_up))
    return [f"{words} {_listed(codes, near)}" for words, codes in ways if codes]


def _sentence(code: str, notes: list[str]) -> str:
    return f"{_dotted(code)}: {'; '.join(notes)}" if notes else ""
