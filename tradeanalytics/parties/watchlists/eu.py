"""The EU's consolidated list of financial sanctions as XML 1.1, CSV 1.1, and a record a line of JSON.

In the CSV a party has a row for each of its names, addresses, numbers: rows of one reference number are put together.
In the JSON lines every party stands twice; the poorer shape, without `eu_reference_number`, says it again.

A record rarely tells its day of designation. `listed_on` is then the day when the earliest act that the record names
was published: of the act that listed the party, or of a later one that amended all that is told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from tradeanalytics.parties.watchlists.entry import (
    Address,
    Entry,
    Identifier,
    ListedName,
    Listing,
    json_text,
    local,
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
    loose_table,
    numbers_in,
    plain,
    scalars,
)
from tradeanalytics.reference.countries import read_country

# What a record is made of, by the names in XML and JSON, and the beginnings of columns in CSV.
_PARTS = {
    "regulation": "regulation",
    "regulations": "regulation",
    "subjecttype": "subjecttype",
    "namealias": "namealias",
    "namealiases": "namealias",
    "address": "address",
    "addresses": "address",
    "birthdate": "birthdate",
    "birthdates": "birthdate",
    "identification": "identification",
    "identifications": "identification",
    "citizenship": "citizenship",
    "citizenships": "citizenship",
}
_COLUMNS = {
    "Entity_Regulation_": ("regulation", {"type": "regulationtype"}),
    "Entity_SubjectType_": ("subjecttype", {}),
    "Entity_": ("", {}),
    "NameAlias_": ("namealias", {}),
    "Address_": ("address", {}),
    "BirthDate_": ("birthdate", {"day": "dayofmonth", "month": "monthofyear"}),
    "Identification_": (
        "identification",
        {"typecode": "identificationtypecode", "typedescription": "identificationtypedescription"},
    ),
    "Citizenship_": ("citizenship", {}),
}
_OF_ACTS = ("regulationtype", "organisationtype", "entryintoforcedate", "publicationurl", "regulationlanguage")
_SAID_AGAIN = (
    "regulationsummary",
    "logicalid",
    "countrydescription",
    "identificationtypedescription",
    "gender",
    "asatlistingtime",
)
_OF_DOCUMENTS = (
    *("diplomatic", "knownexpired", "knownfalse", "reportedlost", "revokedbyissuer", "issuedby", "issueddate"),
    *("issuedate", "validfrom", "validto", "latinnumber", "nameondocument", "contactinfo", "calendartype"),
)
_KNOWN = (
    *("eureferencenumber", "unitednationid", "designationdate", "designationdetails", "remark", "filegenerationdate"),
    *("publicationdate", "numbertitle", "programme", "code", "classificationcode", "subjecttype"),
    *("wholename", "firstname", "middlename", "lastname", "namelanguage", "strong", "function", "title"),
    *("number", "identificationtypecode", "countryiso2code", "region", "place", "city", "zipcode", "street", "pobox"),
    *("birthdate", "dayofmonth", "monthofyear", "year", "circa", "yearrangefrom", "yearrangeto"),
    *(*_PARTS, *_OF_ACTS, *_SAID_AGAIN, *_OF_DOCUMENTS, "file"),
)
# The poorer shape of the JSON lines.
_COPIED = (
    *("names", "source", "entity_type", "country", "birthdate", "ref_number", "ref_type", "remark", "contact"),
    *("address", "street", "city", "state", "zip", "_file"),
)
_TYPES = {"P": "person", "E": "company", "person": "person", "enterprise": "company", "organization": "company"}
_ACTS = "regulation_summaries"
_FIRST: dict[str | None, int] = {"EN": 0, None: 1}
_NOTHING = {"", "-", "none"}
_DAYS = (
    "where the publisher gives no day of designation, listed_on is the day when the earliest act that the record "
    "names was published: the party may have been listed before"
)
_PUBLISHER = "European Commission"


@dataclass
class _Party:
    """What a record says: its own fields, its parts, and the days when the acts that it names were published."""

    text: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    acts: set[str] = field(default_factory=set)

    def add(self, kind: str, part: dict[str, str]) -> None:
        """Add a part, unless it is there: in CSV all rows of a party repeat its act."""
        if "publicationdate" in part:
            self.acts.add(part["publicationdate"])
        if part and part not in (of_kind := self.parts.setdefault(kind, [])):
            of_kind.append(part)

    def all(self, kind: str, name: str) -> list[str]:
        return list(dict.fromkeys(part[name] for part in self.parts.get(kind, ()) if name in part))


def begins_xml(start: str, file: str) -> bool:
    """Whether a file begins as the list's XML."""
    del file
    return "http://eu.europa.ec/fpi/fsd/export" in start or "<sanctionEntity" in start


def begins_csv(start: str, file: str) -> bool:
    """Whether a file begins as the list's CSV."""
    del file
    first = start.partition("\n")[0]
    return "Entity_LogicalId" in first and "NameAlias_WholeName" in first


def begins_records(start: str, file: str) -> bool:
    """Whether a file begins with a record of the list in JSON, in either shape."""
    del file
    return start.startswith("{") and ('"eu_reference_number"' in start or '"EU Reference Number"' in start)


def read_xml(path: Path, name: str) -> Listing:
    """The list's XML. Raises TradeAnalyticsError, as its records are taken, for XML that is damaged or unsafe."""
    fields = _fields()
    entries = _entries(_from_xml(path, name, fields), fields, name)
    return Listing(entries, date_in(path, r'generationDate="([^"]+)"'), fields.notes)


def read_csv(path: Path, name: str) -> Listing:
    """The list's CSV. Raises TradeAnalyticsError, as its records are taken, for a row that is cut off."""
    fields = _fields()
    headings, rows = loose_table(path, name, ";")
    fields.meet((_column(heading)[1] for heading in headings), f"{name}: the heading")
    first = next(loose_table(path, name, ";")[1], ("", []))[1]
    date = day(dict(zip(headings, first, strict=False)).get("fileGenerationDate"))
    return Listing(_entries(_from_csv(headings, rows), fields, name), date or "", fields.notes)


def read_records(path: Path, name: str) -> Listing:
    """The list as a record a line of JSON. A party in the poorer shape is a copy where the fuller one is there too."""
    fields = _fields()
    full = {number for record in json_lines(path, name) if (number := record.get("eu_reference_number"))}
    return Listing(_from_json(path, name, full, fields), "", fields.notes)


def _fields() -> Fields:
    return Fields(*_KNOWN, notes=[_DAYS])


def _from_xml(path: Path, name: str, fields: Fields) -> Iterator[_Party]:
    for number, element in enumerate(xml_records(path, name, "sanctionEntity"), 1):
        fields.meet((local(one) for child in (element, *element) for one in child), f"{name}: record {number}")
        party = _Party([published(element)], _attributes(element))
        for child in element:
            if kind := _PARTS.get(plain(local(child))):
                party.add(kind, _attributes(child))
                party.acts |= {published_on for one in child if (published_on := one.get("publicationDate"))}
        yield party


def _attributes(element: Element) -> dict[str, str]:
    """The attributes of an element and the texts of the elements in it, blank ones left out."""
    texts = [(local(child), child.text) for child in element if not len(child)]
    return {plain(key): line for key, value in [*texts, *element.items()] if (line := one_line(value))}


def _from_csv(headings: list[str], rows: Iterator[tuple[str, list[str]]]) -> Iterator[_Party]:
    columns = [_column(heading) for heading in headings]
    parties: dict[str, _Party] = {}
    for number, (text, cells) in enumerate(rows):
        found: dict[str, dict[str, str]] = {"": {}}
        for (kind, column), cell in zip(columns, cells, strict=True):
            if line := one_line(cell):
                found.setdefault(kind, {})[column] = line
        told = found.pop("")
        party = parties.setdefault(told.get("eureferencenumber") or told.get("logicalid") or f"row {number}", _Party())
        party.text.append(text)
        party.told |= told
        for kind, part in found.items():
            party.add(kind, part)
    yield from parties.values()


def _column(heading: str) -> tuple[str, str]:
    """The part of a record that a column is of, "" for the record itself, and the field's name there."""
    if heading == "Entity_SubjectType":
        return "subjecttype", "code"
    for start, (kind, renamed) in _COLUMNS.items():
        if heading.startswith(start):
            column = plain(heading.removeprefix(start).removeprefix("Regulation_"))
            return kind, "regulationtype" if heading.endswith("Regulation_Type") else renamed.get(column, column)
    return "", plain(heading)


def _from_json(path: Path, name: str, full: set[str], fields: Fields) -> Iterator[Entry]:
    copied = Fields(*_COPIED, notes=fields.notes)
    for number, record in enumerate(json_lines(path, name), 1):
        if "eu_reference_number" in record or "ref_number" not in record:
            yield _entry(_of_json(record), fields, f"{name}: record {number}")
        else:
            copied.meet(record, f"{name}: record {number}")
            yield _copy(record, full)


def _of_json(record: dict[str, Any]) -> _Party:
    party = _Party([json_text(record)], scalars(record))
    for key, value in record.items():
        kind = _PARTS.get(plain(key), plain(key))
        for one in value if isinstance(value, list) else [value] if isinstance(value, dict) else ():
            part = one if isinstance(one, dict) else {key: one}
            party.add(kind, scalars(part))
            party.acts |= set(filter(None, (act.get("publication_date") for act in part.get(_ACTS) or ())))
    return party


def _copy(record: dict[str, Any], full: set[str]) -> Entry:
    """The poorer shape of a party, set aside where the fuller one stands in the same file."""
    told = scalars(record)
    nations, flags = countries([told.get("country")])
    places = [
        address([one.get("street"), one.get("zip"), one.get("city"), one.get("state")], _known(one.get("country")))
        for one in record.get("address") or ()
    ]
    return Entry(
        authority="EU",
        list="eu_fsf",
        entry=told.get("refnumber"),
        text=json_text(record),
        type=_TYPES.get(told.get("entitytype", "")),
        names=tuple(ListedName(line, "alias") for one in record.get("names") or () if (line := one_line(one))),
        addresses=tuple(one for one in places if one),
        countries=nations,
        born=tuple(filter(None, [told.get("birthdate")])),
        remarks=told.get("remark"),
        flags=flags,
        copy=told.get("refnumber") in full,
    )


def _known(text: str | None) -> str | None:
    return None if text in (None, "", "00", "UNKNOWN") else text


def _entries(parties: Iterable[_Party], fields: Fields, name: str) -> Iterator[Entry]:
    for number, party in enumerate(parties, 1):
        yield _entry(party, fields, f"{name}: record {number}")


def _entry(party: _Party, fields: Fields, where: str) -> Entry:
    fields.meet([*party.told, *party.parts], where)
    fields.meet((name for parts in party.parts.values() for part in parts for name in part), where)
    codes = [*party.all("subjecttype", "classificationcode"), *party.all("subjecttype", "code")]
    kind = next((_TYPES[code] for code in codes if code in _TYPES), None)
    nations, flags = countries(map(_country, party.parts.get("citizenship", ())))
    return Entry(
        authority="EU",
        list="eu_fsf",
        entry=party.told.get("eureferencenumber"),
        text="\n".join(party.text),
        type=kind,
        names=_names(party),
        identifiers=_identifiers(party),
        addresses=_addresses(party),
        countries=nations,
        born=tuple(dict.fromkeys(filter(None, map(_born, party.parts.get("birthdate", ()))))),
        programmes=tuple(party.all("regulation", "programme")),
        listed_on=day(party.told.get("designationdate")) or min(filter(None, map(day, party.acts)), default=None),
        reference=_joined([*party.all("regulation", "numbertitle"), *_un(party)]),
        remarks=_remarks(party),
        flags=(*(() if kind else ("type_unknown",)), *flags),
    )


def _un(party: _Party) -> list[str]:
    return [f"UN {party.told['unitednationid']}"] if "unitednationid" in party.told else []


def _names(party: _Party) -> tuple[ListedName, ...]:
    """All names in all languages. The publisher calls none the first: an English one is put there, else one of none."""
    found = []
    for part in party.parts.get("namealias", ()):
        pieces = [part[name] for name in ("firstname", "middlename", "lastname") if name in part]
        if whole := part.get("wholename") or " ".join(pieces):
            strong = {"true": True, "false": False}.get(part.get("strong", ""))
            found.append(ListedName(whole, "alias", strong, part.get("namelanguage")))
    ranked = sorted(dict.fromkeys(found), key=lambda name: _FIRST.get(name.language, len(_FIRST)))[:1]
    others = [name for name in found if name not in ranked]
    return tuple(dict.fromkeys([*(replace(name, kind="primary") for name in ranked), *others]))


def _identifiers(party: _Party) -> tuple[Identifier, ...]:
    parts = party.parts.get("identification", ())
    found = [_identifier(part) for part in parts if part.get("number", "").lower() not in _NOTHING]
    return tuple(dict.fromkeys([*found, *numbers_in(party.told.get("remark"))]))


def _identifier(part: Mapping[str, str]) -> Identifier:
    """A number with its kind: a Russian one by the publisher's word for it and its digits, or by its own words."""
    number, kind = part["number"], part.get("identificationtypecode", "number").lower()
    code = _known(part.get("countryiso2code"))
    if told := numbers_in(number):
        return told[0]
    if code == "RU" and number.isdigit():
        if kind in ("fiscalcode", "taxid") and len(number) in (10, 12):
            return Identifier("inn", number, code)
        if kind == "regnumber" and len(number) == 13:
            return Identifier("ogrn", number, code)
    return Identifier(kind, number, read_country(code) if code else None)


def _country(part: Mapping[str, str]) -> str | None:
    """The code of a part's country; its name where the code is one of no country of today."""
    code = _known(part.get("countryiso2code"))
    return code if code and read_country(code) else _known(part.get("countrydescription"))


def _addresses(party: _Party) -> tuple[Address, ...]:
    found = [_address(part) for part in party.parts.get("address", ())]
    return tuple(dict.fromkeys(one for one in found if one))


def _address(part: Mapping[str, str]) -> Address | None:
    box = f"PO Box {part['pobox']}" if "pobox" in part else None
    lines = [part.get("street"), box, part.get("zipcode"), part.get("city"), part.get("region"), part.get("place")]
    return address(lines if any(lines) else [_known(part.get("countrydescription"))], _country(part))


def _born(part: Mapping[str, str]) -> str | None:
    """A date of birth as far as it is known: 1960-04-10, 1977-05, circa 1964, 1960 to 1962."""
    month = part.get("monthofyear", "")
    parts = [part.get("year"), month.zfill(2) if month else "", part.get("dayofmonth", "").zfill(2) if month else ""]
    years = " to ".join(part[name] for name in ("yearrangefrom", "yearrangeto") if name in part)
    told = part.get("birthdate") or (
        "-".join(one for one in parts if one and one != "00") if part.get("year") else years
    )
    return f"circa {told}" if told and part.get("circa") == "true" else told or None


def _remarks(party: _Party) -> str | None:
    own = [party.told.get("remark"), party.told.get("designationdetails")]
    of_parts = [text for kind in party.parts for text in party.all(kind, "remark")]
    told = [*own, *party.all("namealias", "title"), *party.all("namealias", "function"), *of_parts]
    return _joined([text for text in told if text and text.lower() not in _NOTHING])


def _joined(texts: list[str]) -> str | None:
    return "; ".join(dict.fromkeys(texts)) or None


READERS: tuple[Reader, ...] = (
    ("EU financial sanctions, XML", _PUBLISHER, begins_xml, read_xml),
    ("EU financial sanctions, CSV", _PUBLISHER, begins_csv, read_csv),
    ("EU financial sanctions, JSON lines", _PUBLISHER, begins_records, read_records),
)
