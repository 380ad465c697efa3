"""OFAC's lists in the advanced XML: names in every script, papers, addresses, and the days of listing.

The file says each thing once and points to it by number, and tells of the listing after the parties. So it is read
twice: first what parties point to, as short texts, then the parties one by one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists.entry import (
    Address,
    Entry,
    Identifier,
    ListedName,
    Listing,
    children,
    distinct,
    local,
    published,
    script,
    text_of,
    xml_records,
)
from tradeanalytics.parties.watchlists.us_text import identifier, is_number, joined, raised, seat
from tradeanalytics.reference.countries import read_country

_SDN = "SDN List"
_TYPES = {"Individual": "person", "Entity": "company", "Vessel": "ship", "Aircraft": "aircraft"}
_KINDS = {"F.K.A.": "former"}
_LINE = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION")
_NATIONS = ("Nationality Country", "Citizenship Country", "Nationality of Registration", "Vessel Flag")
_COLUMNS = {"Location", "Birthdate", *_NATIONS}
_RECORDS = (
    "DateOfIssue",
    "ReferenceValueSets",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "SanctionsEntry",
    "ProfileRelationship",
)
# Known, and not read: who issued a paper, where and when, how sure a feature is, and which name a paper bears.
_KNOWN = {
    *("Location", "LocationAreaCode", "LocationCountry", "LocationPart", "LocationPartValue", "Value", "Comment"),
    *("FeatureVersionReference", "IDRegDocumentReference", "IDRegDocument", "IDRegistrationNo", "IssuingAuthority"),
    *("DocumentDate", "DocumentedNameReference", "DatePeriod", "Start", "End", "From", "To", "Year", "Month", "Day"),
    *("DistinctParty", "Profile", "Identity", "Alias", "DocumentedName", "DocumentedNamePart", "NamePartValue"),
    *("NamePartGroups", "MasterNamePartGroup", "NamePartGroup", "Feature", "FeatureVersion", "VersionDetail"),
    *("VersionLocation", "IdentityReference", "SanctionsEntry", "EntryEvent", "SanctionsMeasure", "Date", "Duration"),
    "ProfileRelationship",
}


@dataclass(frozen=True)
class _Listed:
    """One entry of a party on one list of OFAC."""

    of_list: str
    days: tuple[str, ...]
    bases: tuple[str, ...]
    programmes: tuple[str, ...]


@dataclass
class _File:
    """What the parties of a file point to, by its number."""

    date: str = ""
    of_list: str = ""
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)  # of countries
    places: dict[str, Address] = field(default_factory=dict)
    papers: dict[str, list[tuple[str, str, str | None, bool]]] = field(default_factory=lambda: defaultdict(list))
    listed: dict[str, list[_Listed]] = field(default_factory=lambda: defaultdict(list))
    related: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unknown: Counter[str] = field(default_factory=Counter)

    def value(self, kind: str, number: str | None) -> str:
        """The word for a number of a set of values, the number itself if the file does not say."""
        return self.values.get((kind, number or ""), number or "")


def begins(start: str, file: str) -> bool:
    """Whether the first element is `Sanctions` of the advanced schema."""
    del file
    element = re.match(r"(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?Sanctions\s[^>]*>", start, re.DOTALL)
    return bool(element) and bool(re.search("(?i)un.org/sanctions|advanced_xml|DateOfIssue", start))


def read(path: Path, name: str) -> Listing:
    """The parties of the list. Raises TradeAnalyticsError for a file without parties or without days of listing."""
    file = _first_pass(path, name)
    if not file.listed:
        raise TradeAnalyticsError(
            f"{name}: the file has no SanctionsEntry, expected one or more a party; get the list again"
        )
    notes = (f"the element {tag} is not known, and not read: it stands {n} times" for tag, n in file.unknown.items())
    return Listing(_entries(path, name, file), file.date, tuple(notes))


def _first_pass(path: Path, name: str) -> _File:
    file = _File()
    for element in xml_records(path, name, *_RECORDS):
        _FIRST[local(element)](file, element)
        if local(element) not in ("DateOfIssue", "ReferenceValueSets"):
            file.unknown.update(local(one) for one in element.iter() if local(one) not in _KNOWN)
    file.of_list = _list(file)
    return file


def _list(file: _File) -> str:
    """Which list it is, by most of its parties: the lists beside the SDN name a few that are on the SDN too."""
    names = [{one.of_list for one in lists} for lists in file.listed.values()]
    return "ofac_sdn" if 2 * sum(_SDN in found for found in names) > len(names) else "ofac_consolidated"


def _date(file: _File, element: Element) -> None:
    file.date = _day(element) or ""


def _day(element: Element) -> str | None:
    """Year, month and day, as far as they are told, as in ISO 8601."""
    parts = [text_of(element, part) for part in ("Year", "Month", "Day")]
    told = [part.zfill(2) for part in parts if part]
    return "-".join(told) or None


def _values(file: _File, element: Element) -> None:
    for values in element:
        for one in values:
            key = (local(one), one.get("ID") or "")
            file.values[key] = " ".join((one.text or "").split())
            if country := one.get("ISO2") or (read_country(one.text or "") if local(one) in _AREAS else None):
                file.codes[key] = country
    for one in children(element, "PartySubTypeValues", "PartySubType"):
        word, kind = one.text or "", file.value("PartyType", one.get("PartyTypeID"))
        file.values["PartySubType", one.get("ID") or ""] = word if word in _TYPES else kind


_AREAS = ("Country", "AreaCode")


def _place(file: _File, element: Element) -> None:
    parts: dict[str, str] = {}
    for part in children(element, "LocationPart"):
        texts = [text_of(one, "Value") for one in children(part, "LocationPartValue")]
        parts[file.value("LocPartType", part.get("LocPartTypeID"))] = joined(texts, " / ") or ""
    numbers = [("Country", one.get("CountryID") or "") for one in children(element, "LocationCountry")]
    numbers += [("AreaCode", one.get("AreaCodeID") or "") for one in children(element, "LocationAreaCode")]
    country = next((file.codes[key] for key in numbers if key in file.codes), None)
    named = next((file.values[key] for key in numbers if key[0] == "Country" and key in file.values), None)
    others = [text for kind, text in parts.items() if kind not in _LINE]
    line = joined([*(parts.get(kind) for kind in _LINE), *others, named])
    file.places[element.get("ID") or ""] = Address(line or "", country)


def _paper(file: _File, element: Element) -> None:
    kind = file.value("IDRegDocType", element.get("IDRegDocTypeID"))
    country = file.codes.get(("Country", element.get("IssuedBy-CountryID") or ""))
    false = file.value("Validity", element.get("ValidityID")) == "Fraudulent"
    if number := text_of(element, "IDRegistrationNo"):
        file.papers[element.get("IdentityID") or ""].append((kind, number, country, false))


def _listed(file: _File, element: Element) -> None:
    events = list(children(element, "EntryEvent"))
    bases = (file.value("LegalBasis", event.get("LegalBasisID")) for event in events)
    measures = [one for one in children(element, "SanctionsMeasure") if _is_programme(file, one)]
    listed = _Listed(
        file.value("List", element.get("ListID")),
        tuple(day for event in events for one in children(event, "Date") if (day := _day(one))),
        tuple(base for base in bases if base != "Unknown"),
        tuple(text for one in measures if (text := text_of(one, "Comment"))),
    )
    file.listed[element.get("ProfileID") or ""].append(listed)


def _is_programme(file: _File, measure: Element) -> bool:
    return file.value("SanctionsType", measure.get("SanctionsTypeID")) == "Program"


def _relation(file: _File, element: Element) -> None:
    word = file.value("RelationType", element.get("RelationTypeID"))
    was = "formerly " if element.get("Former") == "true" else ""
    file.related[element.get("From-ProfileID") or ""].append(f"{was}{word}: {element.get('To-ProfileID')}")


def _later(file: _File, element: Element) -> None:
    """A party: the second pass reads it."""


_FIRST = {
    "DateOfIssue": _date,
    "ReferenceValueSets": _values,
    "Location": _place,
    "IDRegDocument": _paper,
    "SanctionsEntry": _listed,
    "ProfileRelationship": _relation,
    "DistinctParty": _later,
}


def _entries(path: Path, name: str, file: _File) -> Iterator[Entry]:
    for element in xml_records(path, name, *_RECORDS):
        if local(element) == "DistinctParty":
            yield _entry(element, file)


def _entry(party: Element, file: _File) -> Entry:
    features = [told for one in children(party, "Profile", "Feature") for told in _feature(one, file)]
    papers = [
        paper for one in children(party, "Profile", "Identity") for paper in file.papers.get(one.get("ID") or "", ())
    ]
    kinds = [file.value("PartySubType", one.get("PartySubTypeID")) for one in children(party, "Profile")]
    kind = next((_TYPES[one] for one in kinds if one in _TYPES), None)
    profiles = [one.get("ID") or "" for one in children(party, "Profile")]
    listed = _of_list([one for profile in profiles for one in file.listed.get(profile, ())], file.of_list)
    places = [told.place for told in features if told.place and told.word == "Location"]
    addresses = tuple(place for place in places if place.address)
    nations = [_nation(told) for told in features if told.word in _NATIONS]
    related = [text for profile in profiles for text in file.related.get(profile, ())]
    return Entry(
        authority="US",
        list=file.of_list,
        entry=party.get("FixedRef"),
        text=published(party),
        type=kind,
        names=distinct(_names(party, file)),
        identifiers=(*(identifier(*paper[:3], seat(addresses)) for paper in papers), *_numbers(features)),
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, nations))),
        born=tuple(told.text for told in features if told.word == "Birthdate"),
        programmes=tuple(dict.fromkeys(text for one in listed for text in one.programmes)),
        listed_on=min((day for one in listed for day in one.days), default=None),
        reference=joined(dict.fromkeys(base for one in listed for base in one.bases), "; "),
        remarks=_remarks(party, features, listed, related),
        flags=raised(
            type_unknown=not kind,
            country_unreadable=None in nations,
            false_document=any(false for *_, false in papers),
            no_listing=not listed,
        ),
    )


def _of_list(listed: list[_Listed], of_list: str) -> list[_Listed]:
    """A party of the SDN can be on lists beside it, and the other way round; what is of no use here is left out."""
    own = [one for one in listed if (one.of_list == _SDN) == (of_list == "ofac_sdn")]
    return own or listed


def _names(party: Element, file: _File) -> Iterator[ListedName]:
    """All names, the primary one first."""
    names = [
        _name(document, alias, identity, file)
        for identity in children(party, "Profile", "Identity")
        for alias in children(identity, "Alias")
        for document in children(alias, "DocumentedName")
    ]
    yield from sorted((name for name in names if name.name), key=lambda name: name.kind != "primary")


def _name(document: Element, alias: Element, identity: Element, file: _File) -> ListedName:
    """A name in one script. A person's is `LAST, First`, as the same list writes it in its other files."""
    groups = {
        one.get("ID"): file.value("NamePartType", one.get("NamePartTypeID"))
        for one in children(identity, "NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
    }
    parts = [
        (groups.get(one.get("NamePartGroupID"), ""), " ".join((one.text or "").split()))
        for one in children(document, "DocumentedNamePart", "NamePartValue")
    ]
    last = joined((text for kind, text in parts if kind == "Last Name"), " ")
    others = joined((text for kind, text in parts if kind != "Last Name"), " ")
    text = joined((last, others)) or ""
    return ListedName(text, _kind(text, alias, identity, file), alias.get("LowQuality") != "true")


def _kind(text: str, alias: Element, identity: Element, file: _File) -> str:
    word = file.value("AliasType", alias.get("AliasTypeID"))
    if word != "Name" or identity.get("Primary") == "false":
        return _KINDS.get(word, "alias")
    return "primary" if script(text) in ("latin", None) else "native"


@dataclass(frozen=True)
class _Feature:
    """One thing said of a party, such as its birth, flag or address."""

    word: str
    text: str
    place: Address | None


def _feature(element: Element, file: _File) -> Iterator[_Feature]:
    word = file.value("FeatureType", element.get("FeatureTypeID"))
    for version in children(element, "FeatureVersion"):
        places = [file.places.get(one.get("LocationID") or "") for one in children(version, "VersionLocation")]
        words = [text_of(version, "VersionDetail"), *(_period(one) for one in children(version, "DatePeriod"))]
        words += [file.value("DetailReference", number) for number in _references(version)]
        words += [place.address for place in places if place]
        yield _Feature(word, joined((*words, text_of(version, "Comment"))) or "", next(filter(None, places), None))


def _references(version: Element) -> Iterator[str]:
    yield from filter(None, (one.get("DetailReferenceID") for one in children(version, "VersionDetail")))


def _period(period: Element) -> str | None:
    """A day, a month, a year, or `1951 to 1953`, as the days from which it is and to which."""
    first = next(filter(None, (_day(one) for one in children(period, "Start", "From"))), None)
    last = next(filter(None, (_day(one) for one in children(period, "End", "To"))), first)
    about = any(one.get("Approximate") == "true" for one in period)
    return f"{'circa ' if about else ''}{_span(first, last)}" if first and last else None


def _span(first: str, last: str) -> str:
    if first.endswith("-01-01") and last.endswith("-12-31"):
        first, last = first[:4], last[:4]
    elif first[:7] == last[:7] and first.endswith("-01") and last[8:] in ("28", "29", "30", "31"):
        first, last = first[:7], last[:7]
    return first if first == last else f"{first} to {last}"


def _nation(told: _Feature) -> str | None:
    """The country of a place, or of its text: some places have no code."""
    return (told.place.country if told.place else None) or read_country(told.text)


def _numbers(features: list[_Feature]) -> Iterator[Identifier]:
    for told in features:
        if is_number(told.word) and told.text and not told.place:
            word = "call sign" if told.word == "Vessel Call Sign" else told.word
            yield identifier(word, told.text, None)


def _remarks(party: Element, features: list[_Feature], listed: list[_Listed], related: list[str]) -> str | None:
    """The comment, and under the publisher's word for it what has no column of its own; parties by their number."""
    left = [one for one in features if one.text and not (one.word in _COLUMNS or is_number(one.word))]
    others = [f"{one.word.rstrip(' :-')}: {one.text}" for one in left]
    lists = [f"List: {one}" for one in dict.fromkeys(one.of_list for one in listed)]
    return joined((text_of(party, "Comment"), *others, *lists, *related), "; ")
