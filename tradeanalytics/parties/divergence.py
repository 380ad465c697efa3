"""Where the lists disagree: one party on the lists of several authorities, since when on each, and on which it is not.

Entries are taken for one party where they share a verified number, or where their names are all but the same and
nothing speaks against it. That is a lead: which entries were taken together, and by what, stands in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd
import polars as pl

from tradeanalytics.parties.candidates import Names, candidates
from tradeanalytics.parties.latin import latin_words
from tradeanalytics.parties.likeness import company_likeness, person_likeness
from tradeanalytics.parties.lists import Lists, list_title, vintages
from tradeanalytics.parties.words import wording

SAME = 0.9  # likeness of the names of one party on two lists
SIMILAR = 0.6  # from which on an entry forbids to say that a party is not on a list
_NUMBERS = ("inn", "ogrn", "imo", "lei", "uscc")  # no two parties have one
_CAPITALS = 12  # letters that a name may be longer which is not in capitals
_LETTERS = 6  # of a name that can tell who it is
_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
COLUMNS = (
    *("resolved", "party", "authority", "status", "listed_on", "lag_days", "since", "list", "list_date", "entry"),
    *("listed_name", "records"),
)


def resolve(lists: Lists, parties: Sequence[int] | None = None) -> pd.Series[int]:
    """Which listed parties are one: for each its place in `lists.parties`, the lowest of those it belongs with.

    Companies, persons and ships; `parties` asks for these alone and whoever belongs with them.
    """
    whole = lists.parties.height
    first = list(range(whole))

    def root(party: int) -> int:
        while first[party] != party:
            first[party] = first[first[party]]
            party = first[party]
        return party

    asked = range(whole) if parties is None else parties
    for one, other in (*_by_number(lists), *_by_name(lists, list(asked))):
        low, high = sorted((root(one), root(other)))
        first[high] = low
    roots = {root(party) for party in asked}
    found = {party: root(party) for party in range(whole) if root(party) in roots}
    return pd.Series(found, name="resolved", dtype="int64").rename_axis("party")


def _by_number(lists: Lists) -> Iterator[tuple[int, int]]:
    """Parties that share a number which only one can have."""
    verified = lists.identifiers.filter(pl.col("kind").is_in(_NUMBERS))
    for together in verified.group_by("kind", "number", maintain_order=True).agg("party")["party"].to_list():
        yield from ((together[0], other) for other in together[1:])


def _by_name(lists: Lists, asked: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Parties of two authorities whose names are the same or all but, and against whom nothing speaks."""
    wanted = set(asked)
    facts = _Facts(lists)
    for kind in ("company", "person"):
        names, rows = lists.of[kind], [lists.names.row(row, named=True) for row in lists.places[kind]]
        mine = [place for place, row in enumerate(rows) if row["party"] in wanted]
        texts = [rows[place]["name"] for place in mine]
        for text, place in candidates(texts, names).iter_rows():
            one, other = rows[mine[text]], rows[place]
            if one["party"] == other["party"] or facts.against(one["party"], other["party"], kind):
                continue
            if _same(one["name"], other["name"], kind, names):
                yield one["party"], other["party"]


def _same(one: str, other: str, kind: str, names: Names) -> bool:
    """Whether two names may be one party's; a few letters alone (KCST) are the name of many."""
    if min(len("".join(latin_words(name))) for name in (one, other)) < _LETTERS:
        return False
    return _likeness(one, other, kind, names) >= SAME


def _likeness(one: str, other: str, kind: str, names: Names) -> float:
    likeness = company_likeness(one, other, names.weight) if kind == "company" else person_likeness(one, other)
    return likeness.score


class _Facts:
    """What can speak against two listed parties being one."""

    def __init__(self, lists: Lists) -> None:
        rows = lists.parties["authority", "born", "type"].rows()
        self._authority = [authority for authority, _, _ in rows]
        self._years = [{int(year) for text in born for year in _YEAR.findall(text)} for _, born, _ in rows]
        self._type = [kind for _, _, kind in rows]
        self._numbers: dict[int, dict[str, set[str]]] = {}
        for party, kind, number in lists.identifiers["party", "kind", "number"].rows():
            if kind in _NUMBERS:
                self._numbers.setdefault(party, {}).setdefault(kind, set()).add(number)

    def against(self, one: int, other: int, kind: str) -> bool:
        """Whether they are on one authority's lists, of other kinds, have other numbers, or were born in other years.

        Of persons a common year of birth is asked for: many have one name.
        """
        types = {self._type[one], self._type[other]} - {None}
        if self._authority[one] == self._authority[other] or len(types) > 1:
            return True
        mine, theirs = self._numbers.get(one, {}), self._numbers.get(other, {})
        if any(not mine[name] & theirs[name] for name in mine.keys() & theirs.keys()):
            return True
        return kind == "person" and not self._years[one] & self._years[other]


def divergence(lists: Lists, resolved: pd.Series[int], authorities: Iterable[str] | None = None) -> pd.DataFrame:
    """Each resolved party on each authority's lists: one row for each of both, in the order of parties and days.

    Columns: resolved, party (its first name), authority, status, listed_on (the first day), lag_days (after the first
    authority that tells its day), since (in words), list, list_date, entry, listed_name, records (file_id and record of
    each that was used).
    `status` is listed, listed_day_unknown, ended, to_check (a name like it is there, which may be the party or not),
    not_on_list (the whole list of the date in list_date was looked at and has no name like it), or unknown (no list of
    that authority, or only an extract of one, is here).
    """
    asked = list(dict.fromkeys(authorities or sorted(set(lists.dates["authority"].to_list()))))
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
    for kind in ("company", "person"):
        rows = [lists.names.row(row, named=True) for row in lists.places[kind]]
        mine = [row for row in rows if row["party"] in roots]
        for text, place in candidates([row["name"] for row in mine], lists.of[kind]).iter_rows():
            root, other = roots[mine[text]["party"]], rows[place]["party"]
            score = _likeness(mine[text]["name"], rows[place]["name"], kind, lists.of[kind])
            key = root, lists.parties["authority"][other]
            if roots.get(other) != root and score >= SIMILAR and score > best.get(key, (0.0, 0))[0]:
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
    first = min(there, key=lambda one: (one["listed_on"] or date.max, one["list"], one["entry"]))
    day, ended = first["listed_on"], all(one["delisted_on"] for one in there)
    status = "ended" if ended else "listed" if day else "listed_day_unknown"
    return {
        "authority": authority,
        "status": status,
        "listed_on": day,
        "since": _since(first, status),
        "list": first["list"],
        "list_date": first["list_dates"][0] if first["list_dates"] else None,
        "entry": first["entry"],
        "listed_name": first["names"][0] if first["names"] else "",
        "records": sorted({record for one in there for record in one["records"]}),
    }


def _since(entry: dict[str, Any], status: str) -> str:
    if status == "ended":
        return f"until {entry['delisted_on']}"
    if status == "listed":
        return f"since {entry['listed_on']}"
    return vintages(entry["first_seen"], entry["listed_after"], entry["not_in_main"])


def _not_there(lists: Lists, authority: str, names: Sequence[str]) -> dict[str, Any]:
    """What is known of a party that has no entry: not on the whole list of a date, or nothing."""
    blank: dict[str, Any] = {"listed_on": None, "entry": None, "listed_name": None, "authority": authority}
    of = lists.dates.filter(pl.col("authority") == authority, pl.col("says") == "entry")
    whole = of.filter("whole").drop_nulls("list_date").sort("parties", "list", descending=[True, False])
    looked = lists.absent.filter(pl.col("authority") == authority, pl.col("name").is_in(names))
    for code, day in [*whole["list", "list_date"].rows(), *looked["list", "list_date"].rows()][:1]:
        since = f"not listed as of {day} ({list_title(code)})"
        records = sorted(looked["file_id", "record"].rows()) if whole.is_empty() else []
        told = {"status": "not_on_list", "since": since, "list": code, "list_date": day, "records": records}
        return blank | told
    why = "only an extract of the list is here" if len(of) else "no list of this authority is here"
    return blank | {"status": "unknown", "since": why, "list": None, "list_date": None, "records": []}
