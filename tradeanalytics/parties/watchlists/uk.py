"""The UK Sanctions List as XML, CSV, and a record a line of JSON; and OFSI's consolidated list, closed on 2026-01-28.

In the CSV a party has a row for each of its names and addresses: rows of one Unique ID are put together, so that every
format gives one record a party.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradeanalytics.parties.watchlists.entry import (
    Address,
    Entry,
    Identifier,
    ListedName,
    Listing,
    json_text,
    one_line,
    published,
    xml_records,
)
from tradeanalytics.parties.watchlists.told import (
    Fields,
    Reader,
    address,
    countries,
    date_in,
    day,
    json_lines,
    leaves,
    numbers_in,
    plain,
    scalars,
    table,
)

_NAME = tuple(f"name{place}" for place in range(1, 7))
_LINES = tuple(f"addressline{place}" for place in range(1, 7))
# Fields that only mean something together: a name with its kind, an address with its country.
_GROUPS = {
    "name": (*_NAME, "nametype", "aliasstrength"),
    "native": ("namenonlatinscript", "nonlatinscripttype", "nonlatinscriptlanguage"),
    "address": (*_LINES, "addresspostalcode", "addresscountry"),
    "passport": ("passportnumber", "passportadditionalinformation"),
    "national": ("nationalidentifiernumber", "nationalidentifieradditionalinformation"),
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
# What remarks say, with the words that go before it.
_REMARKS = {
    "otherinformation": "",
    "ukstatementofreasons": "",
    "title": "Title: ",
    "position": "Position: ",
    "typeofentity": "Type of entity: ",
    "parentcompany": "Parent company: ",
    "subsidiary": "Subsidiary: ",
    "currentowneroperator": "Current owner or operator: ",
    "previousowneroperator": "Previous owner or operator: ",
    "previousflag": "Previous flag: ",
    "hullidentificationnumber": "Hull identification number: ",
}
_USED = ("uniqueid", "ofsigroupid", "unreferencenumber", "regimename", "individualentityship", "datedesignated", "dob")
_MORE = ("nationality", "businessregistrationnumber", "imonumber", "currentbelievedflagofship", "yearbuilt")
# They stand in the record's text; SanctionsImposed is about measures, not about who is listed.
_IGNORED = (
    *("lastupdated", "designationsource", "sanctionsimposed", "gender", "townofbirth", "countryofbirth", "file"),
    *("phonenumber", "emailaddress", "website", "typeofship", "tonnageofship", "lengthofship"),
)
_KNOWN = (*_GROUP_OF, *_REMARKS, *_USED, *_MORE, *_IGNORED)
_MEASURES = frozenset({"SanctionsImposedIndicators", "sanctions_imposed_indicators"})  # said by SanctionsImposed
# Headings of the CSV that are no field's name in the other formats.
_COLUMNS = {
    "designationtype": "individualentityship",
    "nationalityies": "nationality",
    "subsidiaries": "subsidiary",
    "businessregistrationnumbers": "businessregistrationnumber",
    "currentowneroperators": "currentowneroperator",
    "previousowneroperators": "previousowneroperator",
    "previousflags": "previousflag",
    "hullidentificationnumberhin": "hullidentificationnumber",
}
# Lists of plain texts in JSON.
_PLURALS = {
    "dobs": "dob",
    "nationalities": "nationality",
    "titles": "title",
    "positions": "position",
    "genders": "gender",
    "imonumbers": "imonumber",
    "businessregistrationnumbers": "businessregistrationnumber",
    "typeofentities": "typeofentity",
    "parentcompanies": "parentcompany",
    "subsidiaries": "subsidiary",
    "currentowneroperators": "currentowneroperator",
    "previousowneroperators": "previousowneroperator",
    "currentbelievedflagofships": "currentbelievedflagofship",
    "previousflags": "previousflag",
    "yearsbuilt": "yearbuilt",
    "phonenumbers": "phonenumber",
    "emailaddresses": "emailaddress",
    "websites": "website",
}
_OFSI_COLUMNS = {
    **{f"address{place}": f"addressline{place}" for place in range(1, 7)},
    "postzipcode": "addresspostalcode",
    "country": "addresscountry",
    "aliastype": "nametype",
    "aliasquality": "aliasstrength",
    "grouptype": "individualentityship",
    "regime": "regimename",
    "listedon": "datedesignated",
    "groupid": "uniqueid",
    "passportdetails": "passportadditionalinformation",
    "nationalidentificationnumber": "nationalidentifiernumber",
    "nationalidentificationdetails": "nationalidentifieradditionalinformation",
    "uksanctionslistdatedesignated": "lastupdated",
}
_TYPES = {"individual": "person", "entity": "company", "ship": "ship"}
_KINDS = {"primaryname": "primary", "primarynamevariation": "alias", "alias": "alias", "aka": "alias", "fka": "former"}
_CLOSED = "OFSI's consolidated list was closed on 2026-01-28; the UK Sanctions List took its place"
_PUBLISHER = "Foreign, Commonwealth and Development Office"


@dataclass
class _Party:
    """What a record says: single fields with all their values, and groups of fields, none of them twice."""

    text: list[str] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def take(self, fields: Iterable[tuple[str, str]]) -> None:
        """Add the fields that stand together in one place of a record."""
        found: dict[str, dict[str, str]] = {}
        for name, text in fields:
            if name in _GROUP_OF:
                found.setdefault(_GROUP_OF[name], {})[name] = text
            elif text not in (values := self.told.setdefault(name, [])):
                values.append(text)
        for group, one in found.items():
            if one not in (all_of := self.groups.setdefault(group, [])):
                all_of.append(one)

    def all(self, *names: str) -> list[str]:
        return [text for name in names for text in self.told.get(name, ())]

    def one(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)


def begins_xml(start: str, file: str) -> bool:
    """Whether a file begins as the list's XML."""
    del file
    return "<Designations" in start and "<html" not in start.lower()


def begins_csv(start: str, file: str) -> bool:
    """Whether a file begins as the list's CSV: a line with the date of the report, then the headings."""
    del file
    lines = start.splitlines()
    return len(lines) > 1 and plain(lines[0]).startswith("reportdate") and "uniqueidofsigroupid" in plain(lines[1])


def begins_records(start: str, file: str) -> bool:
    """Whether a file begins with a record of the list in JSON."""
    del file
    return start.startswith("{") and '"unique_id"' in start and '"names"' in start


def begins_ofsi(start: str, file: str) -> bool:
    """Whether a file begins as OFSI's consolidated list."""
    del file
    lines = start.splitlines()
    return len(lines) > 1 and re.fullmatch("name6name1.*groupid", plain(lines[1])) is not None


def read_xml(path: Path, name: str) -> Listing:
    """The list's XML. Raises TradeAnalyticsError, as its records are taken, for XML that is damaged or unsafe."""
    return _listing(_from_xml(path, name), date_in(path, r"<DateGenerated>([^<]+)<"), name)


def read_records(path: Path, name: str) -> Listing:
    """The list as a record a line of JSON, with the publisher's field names."""
    return _listing(_from_json(path, name), "", name)


def read_csv(path: Path, name: str) -> Listing:
    """The list's CSV. Raises TradeAnalyticsError, as its records are taken, for a row that is cut off."""
    return _table(path, name, _COLUMNS, date_in(path, r'^"?Report Date:\s*([^,"\r\n]+)'), "uk_sanctions")


def read_ofsi(path: Path, name: str) -> Listing:
    """OFSI's consolidated list as CSV, as it was before it was closed."""
    return _table(path, name, _OFSI_COLUMNS, date_in(path, r'^"?Last Updated"?,"?([0-9/]+)'), "uk_ofsi", _CLOSED)


def _table(path: Path, name: str, columns: dict[str, str], date: str, code: str, *notes: str) -> Listing:
    headings, rows = table(path, name, ",", skip=1)
    fields = Fields(*_KNOWN, *columns, notes=[*notes])
    fields.meet(headings, f"{name}: the heading")
    names = [columns.get(plain(heading), plain(heading)) for heading in headings]
    return Listing(_entries(_from_csv(names, rows), fields, name, code), date, fields.notes)


def _from_xml(path: Path, name: str) -> Iterator[_Party]:
    for element in xml_records(path, name, "Designation"):
        party = _Party([published(element)])
        for fields in leaves(element, _MEASURES):
            party.take((plain(tag), text) for tag, text in fields)
        yield party


def _from_json(path: Path, name: str) -> Iterator[_Party]:
    for record in json_lines(path, name):
        party = _Party([json_text(record)])
        for one in _objects(record):
            party.take((_PLURALS.get(name, name), text) for name, text in scalars(one).items())
        yield party


def _objects(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield record
    for key, value in record.items():
        if key not in _MEASURES:
            several = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
            for one in several:
                yield from _objects(one if isinstance(one, dict) else {key: one})


def _from_csv(names: list[str], rows: Iterator[tuple[str, list[str]]]) -> Iterator[_Party]:
    parties: dict[str, _Party] = {}
    for number, (text, cells) in enumerate(rows):
        told = [(name, line) for name, cell in zip(names, cells, strict=True) if (line := one_line(cell))]
        party = parties.setdefault(dict(told).get("uniqueid") or f"row {number}", _Party())
        party.text.append(text)
        party.take(told)
    yield from parties.values()


def _listing(parties: Iterator[_Party], date: str, name: str) -> Listing:
    fields = Fields(*_KNOWN)
    return Listing(_entries(parties, fields, name, "uk_sanctions"), date, fields.notes)


def _entries(parties: Iterator[_Party], fields: Fields, name: str, code: str) -> Iterator[Entry]:
    for number, party in enumerate(parties, 1):
        fields.meet(party.told, f"{name}: record {number}")
        yield _entry(party, code)


def _entry(party: _Party, code: str) -> Entry:
    kind = _TYPES.get((party.one("individualentityship") or "").lower())
    names, name_flags = _names(party)
    nations, nation_flags = countries(party.all("nationality", "currentbelievedflagofship"))
    return Entry(
        authority="GB",
        list=code,
        entry=party.one("uniqueid"),
        text="\n".join(party.text),
        type=kind,
        names=names,
        identifiers=_identifiers(party, kind),
        addresses=_addresses(party),
        countries=nations,
        born=tuple(party.all("dob", "yearbuilt")),
        programmes=tuple(party.all("regimename")),
        listed_on=min(filter(None, map(day, party.all("datedesignated"))), default=None),
        reference=_joined(
            [*(f"UN {one}" for one in party.all("unreferencenumber")), *(f"OFSI {x}" for x in party.all("ofsigroupid"))]
        ),
        remarks=_joined([words + text for name, words in _REMARKS.items() for text in party.all(name)]),
        flags=(*(() if kind else ("type_unknown",)), *name_flags, *nation_flags),
    )


def _names(party: _Party) -> tuple[tuple[ListedName, ...], tuple[str, ...]]:
    """All names, and the flag of a record that has one of an unknown kind: it is kept as an alias."""
    latin = [_name(one) for one in party.groups.get("name", ()) if any(part in one for part in _NAME)]
    native = [
        ListedName(one["namenonlatinscript"], "native", language=one.get("nonlatinscriptlanguage"))
        for one in party.groups.get("native", ())
        if "namenonlatinscript" in one
    ]
    kinds = {plain(one.get("nametype", "Primary name")) for one in party.groups.get("name", ())}
    return tuple(dict.fromkeys([*latin, *native])), ("name_kind_unknown",) if kinds - _KINDS.keys() else ()


def _name(one: dict[str, str]) -> ListedName:
    kind = _KINDS.get(plain(one.get("nametype", "Primary name")), "alias")
    strength = one.get("aliasstrength", "").lower()
    strong = True if strength.startswith("good") else False if strength.startswith("low") else None
    return ListedName(" ".join(one[part] for part in _NAME if part in one), kind, strong)


def _identifiers(party: _Party, kind: str | None) -> tuple[Identifier, ...]:
    found = [*_numbered(party, "passport", "passport"), *_numbered(party, "national", "national identifier")]
    for text in party.all("businessregistrationnumber"):
        found.extend(numbers_in(text) or (Identifier("business registration number", text),))
    for text in party.all("imonumber"):
        found.append(Identifier("imo", text.upper().removeprefix("IMO").strip()))
    # An IMO number in the text of a person or firm is its ship's; a tax number in that of a ship is its owner's.
    told = [one for text in party.all("otherinformation") for one in numbers_in(text)]
    found.extend(one for one in told if (one.kind == "imo") == (kind == "ship"))
    return tuple(dict.fromkeys(found))


def _numbered(party: _Party, group: str, kind: str) -> Iterator[Identifier]:
    number = _GROUPS[group][0]
    return (Identifier(kind, one[number]) for one in party.groups.get(group, ()) if number in one)


def _addresses(party: _Party) -> tuple[Address, ...]:
    found = [
        address([one.get(part) for part in (*_LINES, "addresspostalcode")], one.get("addresscountry"))
        for one in party.groups.get("address", ())
    ]
    return tuple(dict.fromkeys(one for one in found if one))


def _joined(texts: list[str]) -> str | None:
    return "; ".join(texts) or None


READERS: tuple[Reader, ...] = (
    ("UK Sanctions List, XML", _PUBLISHER, begins_xml, read_xml),
    ("UK Sanctions List, CSV", _PUBLISHER, begins_csv, read_csv),
    ("UK Sanctions List, JSON lines", _PUBLISHER, begins_records, read_records),
    ("OFSI consolidated list, CSV", _PUBLISHER, begins_ofsi, read_ofsi),
)
