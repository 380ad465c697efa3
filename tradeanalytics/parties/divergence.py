"""Where the lists disagree: one party on the lists of several authorities, since when on each, and on which it is not.

Entries are taken for one party where they share a verified number, or where their names are all but the same and
nothing speaks against it. That is a lead: which entries were taken together, and by what, stands in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any

import pandas as pd
import polars as pl

from tradeanalytics.parties.candidates import KINDS, Names, candidates
from tradeanalytics.parties.identifiers import checked, normal
from tradeanalytics.parties.likeness import company_likeness, person_likeness, ship_likeness
from tradeanalytics.parties.lists import Lists, list_title, vintages
from tradeanalytics.parties.words import wording

SAME = 0.9  # likeness of the names of one party on two lists
SIMILAR = 0.6  # from which on an entry forbids to say that a party is not on a list
_NUMBERS = ("inn", "ogrn", "imo", "lei", "uscc")  # no two parties have one
_CAPITALS = 12  # letters that a name may be longer which is not in capitals
_LETTERS = 6  # of a name that can tell who it is
_ANYWHERE = (None, "ship", "aircraft")  # types of parties that a list which tells no types has among companies
_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
COLUMNS = (
    *("resolved", "party", "authority", "status", "listed_on", "lag_days", "since", "list", "list_date", "entry"),
    *("listed_name", "records"),
)


def resolve(lists: Lists, parties: Sequence[int] | None = None) -> pd.Series[int]:
    """Which listed parties are one: for each its place in `lists.parties`, the lowest of those it belongs with.

    Companies, persons and ships; `parties` asks for these alone and whoever belongs with them. Of names the likest come
    together first, and none of two parties against each other: a third that is like both belongs with one.
    """
    asked = range(lists.parties.height) if parties is None else parties
    facts, together = _Facts(lists), _Together()
    for one, other in _by_number(lists):
        together.join(one, other)
    for one, other in _by_name(lists, list(asked), facts):
        if not any(facts.against(*pair) for pair in product(together.of(one), together.of(other))):
            together.join(one, other)
    roots = {min(together.of(party)) for party in asked}
    found = {party: root for party in range(lists.parties.height) if (root := min(together.of(party))) in roots}
    return pd.Series(found, name="resolved", dtype="int64").rename_axis("party")


class _Together:
    """Parties that were taken for one."""

    def __init__(self) -> None:
        self._members: dict[int, list[int]] = {}

    def of(self, party: int) -> list[int]:
        """The party, and those that it belongs with."""
        return self._members.get(party, [party])

    def join(self, one: int, other: int) -> None:
        """Take what belongs with either for one."""
        both = sorted({*self.of(one), *self.of(other)})
        self._members.update(dict.fromkeys(both, both))


def _by_number(lists: Lists) -> Iterator[tuple[int, int]]:
    """Parties that share a number which only one can have; what has no right check digit may stand for no number."""
    numbers = lists.identifiers.filter(pl.col("kind").is_in(_NUMBERS))
    shared = numbers.group_by("kind", "number", maintain_order=True).agg("party")
    for kind, number, together in shared.rows():
        if checked(kind, number):
            yield from ((together[0], other) for other in together[1:])


def _by_name(lists: Lists, asked: Sequence[int], facts: _Facts) -> list[tuple[int, int]]:
    """Parties of two authorities whose names are the same or all but, and against whom nothing speaks; likest first."""
    wanted = set(asked)
    best: dict[tuple[int, int], float] = {}
    for kind in ("company", "person"):
        names, rows = lists.of[kind], [lists.names.row(row, named=True) for row in lists.places[kind]]
        mine = [place for place, row in enumerate(rows) if row["party"] in wanted]
        texts = [rows[place]["name"] for place in mine]
        for text, place in candidates(texts, names).iter_rows():
            one, other = rows[mine[text]], rows[place]
            pair = min(one["party"], other["party"]), max(one["party"], other["party"])
            if facts.may_be_one(*pair, kind):
                best[pair] = max(best.get(pair, 0.0), _same(one["name"], other["name"], kind, names))
    same = [(-likeness, pair) for pair, likeness in best.items() if likeness >= SAME]
    return [pair for _, pair in sorted(same)]


def _same(one: str, other: str, kind: str, names: Names) -> float:
    """How alike two names are, 0 where a few letters alone (KCST LLC) are the name of many."""
    if min(len("".join(word.written for word in wording(name).words)) for name in (one, other)) < _LETTERS:
        return 0.0
    return _likeness(one, other, kind, names)


def _likeness(one: str, other: str, kind: str, names: Names) -> float:
    if kind == "company":
        return company_likeness(one, other, names.weight).score
    return (person_likeness if kind == "person" else ship_likeness)(one, other).score


class _Facts:
    """What can speak against two listed parties being one."""

    def __init__(self, lists: Lists) -> None:
        rows = lists.parties["authority", "list", "born", "type"].rows()
        self._list = [(authority, code) for authority, code, _, _ in rows]
        self._years = [{int(year) for text in born for year in _YEAR.findall(text)} for _, _, born, _ in rows]
        self._type = [kind for _, _, _, kind in rows]
        self._numbers: dict[int, dict[str, set[str]]] = {}
        for party, kind, number in lists.identifiers["party", "kind", "number"].rows():
            if kind in _NUMBERS and normal(kind, number):
                self._numbers.setdefault(party, {}).setdefault(kind, set()).add(number)

    def may_be_one(self, one: int, other: int, kind: str) -> bool:
        """Whether parties of two authorities can be one by a name alone.

        Of persons a common year of birth is asked for: many have one name.
        """
        if self._list[one][0] == self._list[other][0] or self.against(one, other):
            return False
        return kind != "person" or bool(self._years[one] & self._years[other])

    def against(self, one: int, other: int) -> bool:
        """Whether they stand on one list, are of other kinds, have other numbers, or were born in other years."""
        if self._list[one] == self._list[other] or not self.one_type(one, other):
            return True
        mine, theirs = self._numbers.get(one, {}), self._numbers.get(other, {})
        if any(not mine[name] & theirs[name] for name in mine.keys() & theirs.keys()):
            return True
        return bool(self._years[one] and self._years[other]) and not self._years[one] & self._years[other]

    def one_type(self, one: int, other: int) -> bool:
        """Whether both may be companies, persons, ships or aircraft."""
        return len({self._type[one], self._type[other]} - {None}) < 2


def divergence(lists: Lists, resolved: pd.Series[int], authorities: Iterable[str] | None = None) -> pd.DataFrame:
    """Each resolved party on each authority's lists: one row for each of both, in the order of parties and days.

    Columns: resolved, party (its first name), authority, status, listed_on (the first day), lag_days (after the first
    authority that tells its day), since (in words), list, list_date, entry, listed_name, records (file_id and record of
    each that was used).
    `status` is listed, listed_day_unknown, ended, to_check (a name like it is there, which may be the party or not),
    not_on_list (the whole list of the date in list_date was looked at and has no name like it), or unknown (no list of
    that authority, or only an extract of one, is here).
    """
    known = sorted({*lists.dates["authority"].to_list(), *lists.absent["authority"].to_list()})
    asked = list(dict.fromkeys(authorities or known))
    similar = _similar(lists, resolved)
    rows = []
    for root, members in resolved.groupby(resolved):
        entries = [_entry(lists, int(party)) for party in members.index]
        there = {name: [one for one in entries if one["authority"] == name] for name in asked}
        told = [_status(lists, there[name], name, entries, similar.get((root, name))) for name in asked]
        first = min((row["listed_on"] for row in told if row["listed_on"]), default=None)
        for row in told:
            lag = (row["listed_on"] - first).days if row["listed_on"] else None
            rows.append({"resolved": root, "party": _called(entries), "lag_days": lag, **row})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.assign(lag_days=table["lag_days"].astype("Int64"), listed_on=pd.to_datetime(table["listed_on"]))


def _entry(lists: Lists, party: int) -> dict[str, Any]:
    names = lists.names.filter(pl.col("party") == party)
    row = lists.parties.row(party, named=True)
    records = sorted(set(names["file_id", "record"].rows()))
    return {**row, "names": names["name"].to_list(), "list_dates": names["list_date"].to_list(), "records": records}


def _called(entries: Sequence[dict[str, Any]]) -> str:
    """A short first name of an entry that can tell who it is, in Latin letters; capitals alone are harder to read."""
    ordered = sorted(entries, key=lambda one: (one["listed_on"] or date.max, one["authority"], one["entry"]))
    names = [name for one in ordered for name in one["names"]]
    first = [next((name for name in one["names"] if name.isascii()), "") for one in ordered]
    telling = [name for name in first if sum(len(word.written) for word in wording(name).words) >= _LETTERS]
    return min(telling, key=lambda name: len(name) + _CAPITALS * name.isupper(), default=names[0] if names else "")


def _similar(lists: Lists, resolved: pd.Series[int]) -> dict[tuple[int, str], tuple[str, str, str, str]]:
    """For a resolved party and an authority, the name on its lists that is likest: list, its date, entry and name."""
    best: dict[tuple[int, str], tuple[float, int]] = {}
    roots = {int(party): int(root) for party, root in resolved.items()}  # type: ignore[call-overload]
    facts = _Facts(lists)
    of_roots = [row for row in lists.names.to_dicts() if row["party"] in roots]
    for kind in KINDS:
        rows = [lists.names.row(row, named=True) for row in lists.places[kind]]
        mine = [row for row in of_roots if row["of_type"] in (kind, *_ANYWHERE)]
        for text, place in candidates([row["name"] for row in mine], lists.of[kind]).iter_rows():
            one, other = mine[text]["party"], rows[place]["party"]
            if roots.get(other) == roots[one] or not facts.one_type(one, other):
                continue
            score = _likeness(mine[text]["name"], rows[place]["name"], kind, lists.of[kind])
            key = roots[one], lists.parties["authority"][other]
            if score >= SIMILAR and score > best.get(key, (0.0, 0))[0]:
                best[key] = score, lists.places[kind][place]
    return {key: _where(lists, row) for key, (_, row) in best.items()}


def _where(lists: Lists, row: int) -> tuple[str, str, str, str]:
    name = lists.names.row(row, named=True)
    party = lists.parties.row(name["party"], named=True)
    return party["list"], name["list_date"], party["entry"], name["name"]


def _status(
    lists: Lists,
    there: Sequence[dict[str, Any]],
    authority: str,
    entries: Sequence[dict[str, Any]],
    similar: tuple[str, str, str, str] | None,
) -> dict[str, Any]:
    if not there and similar:
        code, day, entry, name = similar
        blank: dict[str, Any] = {
            "listed_on": None,
            "records": [],
            "authority": authority,
            "status": "to_check",
            "list_date": day,
        }
        since = f"a name like it is on the list of {day}: “{name}” ({entry})"
        return blank | {"since": since, "list": code, "entry": entry, "listed_name": name}
    if not there:
        return _not_there(lists, authority, [name for one in entries for name in one["names"]])
    holding = [one for one in there if not _ended(one)]
    first = min(holding or there, key=lambda one: (one["listed_on"] or date.max, one["list"], one["entry"]))
    day = first["listed_on"]
    status = "ended" if not holding else "listed" if day else "listed_day_unknown"
    until = max((one["delisted_on"] for one in there), key=lambda one: one or date.min) if not holding else None
    return {
        "authority": authority,
        "status": status,
        "listed_on": day,
        "since": f"until {until}" if until else _since(first),
        "list": first["list"],
        "list_date": first["list_dates"][0] if first["list_dates"] else None,
        "entry": first["entry"],
        "listed_name": first["names"][0] if first["names"] else "",
        "records": sorted({record for one in there for record in one["records"]}),
    }


def _ended(entry: dict[str, Any]) -> bool:
    """Whether a listing had ended on the day of its list: an order can tell its last day years ahead."""
    day = max((date for date in entry["list_dates"] if date), default="9999")
    return bool(entry["delisted_on"]) and entry["delisted_on"].isoformat()[: len(day)] <= day


def _since(entry: dict[str, Any]) -> str:
    if not entry["listed_on"]:
        return vintages(entry["first_seen"], entry["listed_after"], entry["not_in_main"])
    return f"since {entry['listed_on']}" + (f", until {entry['delisted_on']}" if entry["delisted_on"] else "")


def _not_there(lists: Lists, authority: str, names: Sequence[str]) -> dict[str, Any]:
    """What is known of a party that has no entry: not on the whole list of a date, or nothing."""
    blank: dict[str, Any] = {"listed_on": None, "entry": None, "listed_name": None, "authority": authority}
    of = lists.dates.filter(pl.col("authority") == authority, pl.col("says") == "entry")
    whole = of.filter("whole").drop_nulls("list_date").sort("parties", "list", descending=[True, False])
    looked = lists.absent.filter(pl.col("authority") == authority, pl.col("name").is_in(names))
    looked = looked.drop_nulls("list_date").sort("list_date", descending=True, maintain_order=True)
    for code, day in [*whole["list", "list_date"].rows(), *looked["list", "list_date"].rows()][:1]:
        since = f"not listed as of {day} ({list_title(code)})"
        records = sorted(looked["file_id", "record"].rows()) if whole.is_empty() else []
        told = {"status": "not_on_list", "since": since, "list": code, "list_date": day, "records": records}
        return blank | told
    undated = of.filter(pl.col("whole") & pl.col("list_date").is_null())
    here = "only a list of unknown date is here" if len(undated) else "only an extract of the list is here"
    why = here if len(of) or lists.absent["authority"].is_in([authority]).any() else "no list of this authority is here"
    return blank | {"status": "unknown", "since": why, "list": None, "list_date": None, "records": []}
