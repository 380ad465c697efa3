"""The State Sanctions Register of Ukraine, as its API answers: a list of parties in JSON, or an object that holds it.

No real file was at hand when this was written (2026-11-25): what the register is known to say is read, all else noted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists.entry import Entry, Identifier, ListedName, Listing, json_text, one_line
from tradeanalytics.parties.watchlists.told import Fields, Reader, countries, scalars

_KNOWN = ("sid", "name", "translit", "aliases", "bd", "dd", "status", "subjectType", "identifiers", "citizenships")
_NOTES = ("attributes of the register stand in the record's text alone; its acts, with the days, are not in this file",)
_TYPES = {"individual": "person", "legal": "company"}
_ENDED = ("expired", "excluded")


def begins(start: str, file: str) -> bool:
    """Whether a file begins as an answer of the register."""
    del file
    return start[:1] in ("[", "{") and all(f'"{field}"' in start for field in ("sid", "translit", "status"))


def read(path: Path, name: str) -> Listing:
    """The parties of an answer. Raises TradeAnalyticsError for one that holds no list of them."""
    fields = Fields(*_KNOWN, "attributes", notes=[*_NOTES])
    records = _records(json.loads(path.read_text(encoding="utf-8-sig")), name)
    return Listing(_entries(records, name, fields), "", fields.notes)


def _records(answer: Any, name: str) -> list[dict[str, Any]]:
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
        answer = lists[0] if "sid" not in answer and len(lists) == 1 else [answer] if "sid" in answer else None
    if not isinstance(answer, list) or not all(isinstance(one, dict) for one in answer):
        raise TradeAnalyticsError(f"{name}: the register's answer holds no list of parties, expected records with sid")
    return answer


def _entries(records: list[dict[str, Any]], name: str, fields: Fields) -> Iterator[Entry]:
    for number, record in enumerate(records, 1):
        fields.meet(record, f"{name}: record {number}")
        yield _entry(record)


def _entry(record: dict[str, Any]) -> Entry:
    told = scalars(record)
    nations, flags = countries(_texts(record.get("citizenships")))
    status = told.get("status")
    kind = _TYPES.get(told.get("subjecttype", "")) or ("person" if "bd" in told else None)
    return Entry(
        authority="UA",
        list="ua_nsdc",
        entry=told.get("sid"),
        text=json_text(record),
        type=kind,
        names=_names(record, told),
        identifiers=_identifiers(record),
        countries=nations,
        born=(told["bd"],) if "bd" in told else (),
        remarks=f"Died: {told['dd']}" if "dd" in told else None,
        flags=(*_status(status), *(() if kind else ("type_unknown",)), *flags),
    )


def _status(status: str | None) -> tuple[str, ...]:
    """The flag of a party that is no longer sanctioned, or of whom that is not known."""
    if status == "active":
        return ()
    return (f"status_{status}",) if status in _ENDED else ("status_unknown",)


def _names(record: dict[str, Any], told: dict[str, str]) -> tuple[ListedName, ...]:
    first = [ListedName(told["name"], "primary", None, "uk")] if "name" in told else []
    latin = [ListedName(told["translit"], "alias", None, "en")] if "translit" in told else []
    return tuple(dict.fromkeys([*first, *latin, *(ListedName(one, "alias") for one in _texts(record.get("aliases")))]))


def _texts(values: Any) -> list[str]:
    """The texts of a list, whether each stands alone or is an object's `name` or `code`."""
    several = values if isinstance(values, list) else [values]
    plain = [(one.get("name") or one.get("code")) if isinstance(one, dict) else one for one in several]
    return [line for one in plain if isinstance(one, str) and (line := one_line(one))]


def _identifiers(record: dict[str, Any]) -> tuple[Identifier, ...]:
    """Numbers by the register's word for them: `tax:inn` is a Russian taxpayer's number."""
    found = []
    for one in record.get("identifiers") or ():
        kind, number = str(one.get("id") or "number").rpartition(":")[2].lower(), one_line(str(one.get("code") or ""))
        if number:
            found.append(Identifier(kind, number))
    return tuple(dict.fromkeys(found))


READERS: tuple[Reader, ...] = (
    ("State Sanctions Register of Ukraine, JSON", "National Security and Defense Council of Ukraine", begins, read),
)
