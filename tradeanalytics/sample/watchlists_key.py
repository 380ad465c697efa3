"""The answers of the sample's lists: who of the first dump is listed, and on which days; counted on the true items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from tradeanalytics.sample.cast import Company
from tradeanalytics.sample.deals import Item
from tradeanalytics.sample.declarations import quoted
from tradeanalytics.sample.dumps import First
from tradeanalytics.sample.key import Key
from tradeanalytics.sample.watchlists import DECOYS, LIST_DATES, PARTIES, Line, Party, lines

_COUNTED = (
    "Declaration items of the first dump, each once, by their day of registration. Listed is from the day of listing"
    " on, and no longer on the day of delisting."
)
_STATES = ("listed", "before_listing", "after_delisting", "listing_day_unknown", "not_on_list")


def lists_key(items: Sequence[Item], first: First) -> Key:
    """What screening the first dump against the lists must find. `items` holds each declaration item once."""
    return {
        "counted": _COUNTED,
        "records": len(lines()),
        "list_dates": {authority: day.isoformat() for authority, day in LIST_DATES.items()},
        "decoys": [{"authority": line.authority, "list_id": line.number, "name": line.name} for line in DECOYS],
        "parties": [_listed(party, _of(items, party.company), first) for party in PARTIES],
    }


def _of(items: Sequence[Item], company: Company) -> list[Item]:
    return [item for item in items if company in (item.shipper, item.importer)]


def _listed(party: Party, items: Sequence[Item], first: First) -> Key:
    company = party.company
    by_authority = {line.authority: line for line in party.lines}
    return {
        "name": company.name,
        "key": party.key,
        "first_spelling": _first_spelling(company, first),
        "role": "consignee" if company.inn else "shipper",
        "inn": company.inn,
        "items": len(items),
        "entries": [_entry(line) for line in party.lines],
        "by_authority": {authority: _counts(items, by_authority.get(authority)) for authority in LIST_DATES},
    }


def _first_spelling(company: Company, first: First) -> str:
    """As the first row of the dump that names it does."""
    rows = zip(first.written, first.looks, strict=False)  # the looks end where the duplicates begin
    look = next(look for item, look in rows if company in (item.shipper, item.importer))
    return quoted(company, look.quotes) if company.inn else look.shipper


def _entry(line: Line) -> Key:
    return {
        "authority": line.authority,
        "list_id": line.number,
        "name": line.name,
        "listed_on": line.listed_on.isoformat() if line.listed_on else None,
        "delisted_on": line.delisted_on.isoformat() if line.delisted_on else None,
        "list_date": LIST_DATES[line.authority].isoformat(),
    }


def _counts(items: Sequence[Item], line: Line | None) -> Key:
    """Items by what the list says of their day; days until listing of the first and the last item before it."""
    states = Counter(_state(item.day, line) for item in items)
    counts: Key = {state: states[state] for state in _STATES}
    early = sorted(item.day for item in items if _state(item.day, line) == "before_listing")
    if line and line.listed_on and early:
        counts["days_until_listing"] = {
            "first": (line.listed_on - early[0]).days,
            "last": (line.listed_on - early[-1]).days,
        }
    return counts


def _state(day: date, line: Line | None) -> str:
    if line is None:
        return "not_on_list"
    if line.listed_on is None:
        return "listing_day_unknown"
    if day < line.listed_on:
        return "before_listing"
    return "after_delisting" if line.delisted_on and day >= line.delisted_on else "listed"
