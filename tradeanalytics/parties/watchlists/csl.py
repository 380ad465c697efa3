"""The Consolidated Screening List of the United States: the lists of three departments in one CSV, TSV or JSON.

A record says in `source` which list it is of. What can be several is parted by `; `, and in JSON is a list. The rows of
the OFAC are those of its own files; the Entity List and the Unverified List are published as data nowhere else.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists.entry import (
    Address,
    Entry,
    ListedName,
    Listing,
    distinct,
    json_text,
    one_line,
)
from tradeanalytics.parties.watchlists.us_text import (
    TYPES,
    day,
    identifier,
    is_number,
    joined,
    made_number,
    raised,
    seat,
    table,
)
from tradeanalytics.reference import rows
from tradeanalytics.reference.countries import read_country

FIELDS = (
    *("source", "entity_number", "type", "programs", "name", "title", "addresses", "federal_register_notice"),
    *("start_date", "end_date", "standard_order", "license_requirement", "license_policy", "call_sign", "vessel_type"),
    *("gross_tonnage", "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "source_list_url"),
    *("alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth", "source_information_url"),
    "ids",
)
_NUMBERED = "_id"  # in files since 2020; `id` in JSON
# In JSON only: `country` is that of a list which has no addresses.
_JSON_ONLY = ("id", _NUMBERED, "country", "source_name", "score")
_NEEDED = ("source", "name")
# What has no column of its own stands in the remarks, under the publisher's word.
_TOLD = (
    *("title", "standard_order", "license_requirement", "license_policy", "vessel_type", "gross_tonnage"),
    *("gross_registered_tonnage", "vessel_owner", "places_of_birth"),
)
_SOURCE = re.compile(r"\((?P<code>[A-Z][A-Z-]+)(?: List)?\)")
_RESULTS = re.compile(r'"results"\s*:\s*\[')
_BIS = "Bureau of Industry and Security"
# "Address 01", and what may stand behind a colon; "Address 1 Trading Ltd" would be somebody's name.
_ADDRESS_ONLY = re.compile(r"(?i)address *(?:no\.?|#)? *[0-9]+(?: *[:,;-] *(?P<address>.*))?")
# A question mark, or the mark of a letter that could not be read, for one that is lost.
_LOST = re.compile("[?\ufffd\x80-\x9f]")
_TAIL = re.compile(r"(?i)[\s,;:(\[-]*\b(?:and any successor|any successor|Affiliated Entit(?:y|ies) *:)(.*)")
# Codes of the states of the US that are codes of countries as well.
_STATES = frozenset(
    (
        *("AL", "AR", "AZ", "CA", "CO", "DE", "GA", "ID", "IL", "IN", "KY", "LA", "MA", "MD", "ME", "MN", "MO", "MS"),
        *("MT", "NC", "NE", "PA", "PR", "SC", "SD", "TN", "VA", "VI"),
    )
)
Cells = Mapping[str, Any]


def begins(start: str, file: str) -> bool:
    """Whether a file begins with the headings of the list, or is JSON with `results` of its fields."""
    del file
    if start.startswith("{"):
        return bool(_RESULTS.search(start)) and '"source"' in start and '"source_list_url"' in start
    headings = set(next(csv.reader(start.splitlines()[:1], delimiter=_delimiter(start)), []))
    return {"source", "entity_number", "alt_names", "federal_register_notice"} <= headings


def _delimiter(start: str) -> str:
    return "\t" if "\t" in start.partition("\n")[0] else ","


def read(path: Path, name: str) -> Listing:
    """The parties of all lists in a file. Raises TradeAnalyticsError for one that is cut off or lacks a column."""
    with path.open("rb") as file:
        is_json = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    records, notes = _json(path, name) if is_json else _table(path, name)
    unknown = sorted({field for record in records for field in record} - {*FIELDS, *_JSON_ONLY})
    told = tuple(f"the column {field} is not known, and not read" for field in unknown)
    return Listing(_entries(records), "", (*notes, *told))


def _table(path: Path, name: str) -> tuple[Sequence[Cells], tuple[str, ...]]:
    with path.open("rb") as file:
        delimiter = _delimiter(file.readline().decode("utf-8", "replace"))
    (headings, *found), notes = table(path, delimiter)
    if missing := [heading for heading in FIELDS if heading not in headings]:
        raise TradeAnalyticsError(f"{name}: the column {missing[0]!r} is missing, expected {', '.join(FIELDS)}")
    for number, row in enumerate(found, 1):
        if len(row) != len(headings):
            cut = "; the list may be cut off, get it again" if number == len(found) else ""
            raise TradeAnalyticsError(f"{name}: record {number} has {len(row)} fields, expected {len(headings)}{cut}")
    return [dict(zip(headings, row, strict=True)) for row in found], notes


def _json(path: Path, name: str) -> tuple[Sequence[Cells], tuple[str, ...]]:
    told = json.loads(path.read_text(encoding="utf-8-sig"))
    records = told.get("results")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise TradeAnalyticsError(f"{name}: 'results' is not a list of records, expected one a party")
    for number, record in enumerate(records, 1):
        if missing := [field for field in _NEEDED if field not in record]:
            raise TradeAnalyticsError(
                f"{name}: record {number} has no field {missing[0]!r}, expected {', '.join(_NEEDED)}"
            )
    total = told.get("total")
    short = isinstance(total, int) and total != len(records)
    return records, (f"the file says of {total} records and holds {len(records)}",) if short else ()


def _entries(records: Iterable[Cells]) -> Iterator[Entry]:
    titles = {row["list"].removeprefix("csl_"): row["list"] for row in rows("watchlists") if row["list"][:4] == "csl_"}
    for record in records:
        yield _entry(record, titles)


def _entry(record: Cells, lists: Mapping[str, str]) -> Entry:
    source, name = _text(record, "source") or "", _text(record, "name")
    found = _SOURCE.search(source)
    of_list = lists.get(found["code"].lower().replace("-", "_") if found else "")
    address_only = _ADDRESS_ONLY.fullmatch(name or "") if _BIS in source else None
    addresses, doubtful = _addresses(record, (address_only["address"] or "") if address_only else "")
    number = _text(record, "entity_number") or _text(record, _NUMBERED) or _text(record, "id")
    numbers = list(_ids(record))
    word = (_text(record, "type") or "").lower()
    nations, unread = _nations(record)
    return Entry(
        authority="US",
        list=of_list or source,
        entry=number or made_number(source, name or "", *(one.address for one in addresses)),
        text=json_text(record),
        says="address" if address_only else "entry",
        type=TYPES.get(word),
        names=() if address_only else distinct(_names(name, record)),
        identifiers=tuple(identifier(*one, seat(addresses)) for one in numbers if is_number(one[0])),
        addresses=addresses,
        countries=nations,
        born=tuple(_several(record, "dates_of_birth")),
        programmes=tuple(_several(record, "programs")),
        listed_on=day(_text(record, "start_date")),
        delisted_on=day(_text(record, "end_date")),
        reference=_text(record, "federal_register_notice"),
        remarks=_remarks(record, numbers),
        flags=raised(
            list_unknown=not of_list,
            number_made_here=not number,
            address_without_party=bool(address_only),
            letters_lost=bool(_LOST.search(name or "")),
            country_or_state=doubtful,
            country_unreadable=unread,
            type_unknown=bool(word) and word not in TYPES,
        ),
    )


def _text(record: Cells, field: str) -> str | None:
    """A cell in one line; a list of JSON as the table writes it."""
    value = record.get(field)
    if isinstance(value, list):
        return "; ".join(_several(record, field)) or None
    return None if value is None else one_line(str(value))


def _several(record: Cells, field: str) -> list[str]:
    value = record.get(field)
    parts = value if isinstance(value, list) else str(value or "").split(";")
    return [text for part in parts if part is not None and (text := one_line(str(part)))]


def _names(name: str | None, record: Cells) -> Iterator[ListedName]:
    """The name as published, the parts of one that names two, and the other names."""
    if name:
        yield ListedName(name)
        yield from (ListedName(part, "alias") for part in _parts(name))
    for other in _several(record, "alt_names"):
        yield ListedName(other.removeprefix("and "), "alias")


def _parts(name: str) -> Iterator[str]:
    """What stands before "and any successor ..." or "Affiliated Entity: ...", and the affiliate itself."""
    if found := _TAIL.search(name):
        before, after = name[: found.start()].strip(), found[1].strip(" )]")
        affiliate = after if ":" in found[0][: found.start(1) - found.start()] else ""
        yield from filter(None, (before, affiliate))


def _addresses(record: Cells, more: str) -> tuple[tuple[Address, ...], bool]:
    """The addresses, and whether the last word of one can be a state of the US as well as a country."""
    value = record.get("addresses")
    if isinstance(value, list):
        return tuple(filter(lambda one: one.address, map(_address, value))), False
    lines = [*filter(None, [more.strip()]), *_several(record, "addresses")]
    denied = "(DPL)" in (_text(record, "source") or "")
    read = [_line(line, denied) for line in lines]
    return tuple(address for address, _ in read), any(doubtful for _, doubtful in read)


def _address(told: Any) -> Address:
    """An address of JSON."""
    if not isinstance(told, dict):
        return _line(one_line(str(told)) or "", False)[0]
    parts = [one_line(str(told.get(part) or "")) for part in ("address", "city", "state", "postal_code", "country")]
    return Address(joined(parts) or "", read_country(parts[-1] or ""))


def _line(line: str, denied: bool) -> tuple[Address, bool]:
    """An address of the table. Rows of the Denied Persons List may end with a state: `DE` is Delaware or Germany.

    Behind a postal code stands a country.
    """
    *before, last = (part.strip() for part in line.split(","))
    postal = bool(before) and any(map(str.isdigit, before[-1]))
    doubtful = denied and last in _STATES and not postal
    country = last if re.fullmatch("[A-Z]{2}", last) and not doubtful else ""
    return Address(line, read_country(country)), doubtful


def _ids(record: Cells) -> Iterator[tuple[str, str, str | None]]:
    """Word, number and country of each number."""
    value = record.get("ids")
    for told in value if isinstance(value, list) else _several(record, "ids"):
        yield _of_json(told) if isinstance(told, dict) else _of_table(str(told), bool(record.get(_NUMBERED)))
    if sign := _text(record, "call_sign"):
        yield "call sign", sign, None


def _of_json(told: Cells) -> tuple[str, str, str | None]:
    return _text(told, "type") or "number", _text(told, "number") or "", read_country(_text(told, "country") or "")


def _of_table(text: str, word_first: bool) -> tuple[str, str, str | None]:
    """`Tax ID No., 770, RU`; before the list had numbers of its own, `RU, 770, Tax ID No.`."""
    parts = [part.strip() for part in text.split(",")]
    parts = (
        parts if word_first else [parts[-1], *parts[1:-1], parts[0]] if _is_code(parts[0]) else [parts[-1], *parts[:-1]]
    )
    country = parts.pop() if len(parts) > 2 and _is_code(parts[-1]) else ""
    return parts[0], ", ".join(parts[1:]), read_country(country)


def _is_code(text: str) -> bool:
    return bool(re.fullmatch("[A-Z]{2}", text))


def _nations(record: Cells) -> tuple[tuple[str, ...], bool]:
    told = [
        text
        for field in ("nationalities", "citizenships", "vessel_flag", "country")
        for text in _several(record, field)
    ]
    read = [read_country(text) for text in told]
    return tuple(dict.fromkeys(filter(None, read))), None in read


def _remarks(record: Cells, numbers: Sequence[tuple[str, str, str | None]]) -> str | None:
    told = [(field, _text(record, field)) for field in _TOLD]
    others = [(word.rstrip(" :-"), number) for word, number, _ in numbers if not is_number(word)]
    return joined((_text(record, "remarks"), *(f"{word}: {text}" for word, text in [*told, *others] if text)), "; ")
