"""OFAC's lists in its classic XML, `sdnList`: sdn.xml, and consolidated.xml for the lists beside the SDN."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.watchlists import ofac_remarks
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
    text_of,
    xml_records,
)
from tradeanalytics.parties.watchlists.ofac import list_by_name
from tradeanalytics.parties.watchlists.us_text import TYPES, day, identifier, is_number, joined, raised, seat
from tradeanalytics.reference.countries import read_country

_KINDS = {"a.k.a.": "alias", "f.k.a.": "former", "n.k.a.": "alias"}
_STRONG = {"strong": True, "weak": False}
_LINE = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
_NATIONS = ("nationality", "citizenship")
_SHIP = ("vesselType", "vesselOwner", "tonnage", "grossRegisteredTonnage")
# Known, and not read: the numbers of lines and the dates of papers.
_KNOWN = {
    *("sdnEntry", "uid", "firstName", "lastName", "title", "sdnType", "remarks", "programList", "program", "idList"),
    *("id", "idType", "idNumber", "idCountry", "issueDate", "expirationDate", "akaList", "aka", "type", "category"),
    *("addressList", "address", *_LINE, "nationalityList", "citizenshipList", *_NATIONS, "mainEntry"),
    *("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "placeOfBirthList", "placeOfBirthItem", "placeOfBirth"),
    *("vesselInfo", "callSign", "vesselFlag", *_SHIP),
}
_BESIDE_SDN = re.compile(r"NS-.*|FSE-.*|561-.*|CAPTA.*|CMIC.*|.*13662.*")


@dataclass
class _Told:
    """What the first pass over the file finds."""

    records: int = 0
    date: str | None = None
    count: str | None = None
    beside: int = 0  # records under programmes of the lists beside the SDN
    unknown: Counter[str] = field(default_factory=Counter)


def begins(start: str, file: str) -> bool:
    """Whether the first element is `sdnList`."""
    del file
    return bool(re.match(r"(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?sdnList[\s>]", start, re.DOTALL))


def read(path: Path, name: str) -> Listing:
    """The parties of the list. Raises TradeAnalyticsError for a list that holds another number of them than it says."""
    told = _told(path, name)
    if told.count and told.count != str(told.records):
        raise TradeAnalyticsError(
            f"{name}: Record_Count is {told.count}, the file holds {told.records} parties; get the list again"
        )
    of_list, notes = _list(path.name, told)
    unknown = tuple(
        f"the element {tag} is not known, and not read: it stands {n} times" for tag, n in told.unknown.items()
    )
    counted = () if told.count else ("the file has no Record_Count: whether it is whole is not known",)
    return Listing(_entries(path, name, of_list), day(told.date) or "", (*notes, *counted, *unknown))


def _told(path: Path, name: str) -> _Told:
    told = _Told()
    for element in xml_records(path, name, "publshInformation", "publishInformation", "sdnEntry"):
        if local(element) == "sdnEntry":
            told.records += 1
            programmes = [one.text or "" for one in children(element, "programList", "program")]
            told.beside += bool(programmes) and all(map(_BESIDE_SDN.fullmatch, programmes))
            told.unknown.update(local(one) for one in element.iter() if local(one) not in _KNOWN)
        else:
            told.date, told.count = text_of(element, "Publish_Date"), text_of(element, "Record_Count")
    return told


def _list(file: str, told: _Told) -> tuple[str, tuple[str, ...]]:
    """Which list it is, by the name of the file, else by the programmes of most of its parties."""
    if list_by_name(file) == "ofac_consolidated" or "sdn" in file.lower():
        return list_by_name(file), ()
    found = "ofac_consolidated" if 2 * told.beside > told.records else "ofac_sdn"
    return found, (f"the name of the file does not tell which list of OFAC it is; its programmes say {found}",)


def _entries(path: Path, name: str, of_list: str) -> Iterator[Entry]:
    for element in xml_records(path, name, "sdnEntry"):
        yield _entry(element, of_list)


def _entry(element: Element, of_list: str) -> Entry:
    numbers = [_paper(one) for one in children(element, "idList", "id")]
    countries, unreadable = _countries(element)
    addresses = tuple(_addresses(element))
    remarks = ofac_remarks.told(text_of(element, "remarks"))
    kind = TYPES.get((text_of(element, "sdnType") or "").lower())
    sign = text_of(element, "vesselInfo", "callSign")
    return Entry(
        authority="US",
        list=of_list,
        entry=text_of(element, "uid"),
        text=published(element),
        type=kind,
        names=distinct((*_names(element), *remarks.names)),
        identifiers=(
            *((Identifier("call sign", sign),) if sign else ()),
            *(identifier(*one, seat(addresses)) for one in numbers if is_number(one[0])),
            *remarks.identifiers,
        ),
        addresses=addresses,
        countries=tuple(dict.fromkeys((*countries, *remarks.countries))),
        born=(*_texts(element, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth"), *remarks.born),
        programmes=tuple(_texts(element, "programList", "program")),
        remarks=_remarks(element, numbers),
        flags=raised(type_unknown=not kind, country_unreadable=unreadable or remarks.unreadable),
    )


def _texts(element: Element, *path: str) -> Iterator[str]:
    yield from filter(None, (text_of(one) for one in children(element, *path)))


def _names(element: Element) -> Iterator[ListedName]:
    if name := _name(element):
        yield ListedName(name)
    for other in children(element, "akaList", "aka"):
        if name := _name(other):
            kind = _KINDS.get(text_of(other, "type") or "", "alias")
            yield ListedName(name, kind, _STRONG.get(text_of(other, "category") or ""))


def _name(element: Element) -> str | None:
    """`LAST, First`, as the same list writes it in its other files."""
    return joined((text_of(element, "lastName"), text_of(element, "firstName")))


def _paper(element: Element) -> tuple[str, str, str | None]:
    country = text_of(element, "idCountry")
    number = text_of(element, "idNumber") or ""
    return text_of(element, "idType") or "number", number, read_country(country) if country else None


def _addresses(element: Element) -> Iterator[Address]:
    for one in children(element, "addressList", "address"):
        if line := joined(text_of(one, part) for part in _LINE):
            yield Address(line, read_country(text_of(one, "country") or ""))


def _countries(element: Element) -> tuple[list[str], bool]:
    """Nationalities, flag and country of registration, and whether one cannot be read."""
    told = [text for nation in _NATIONS for text in _texts(element, f"{nation}List", nation, "country")]
    told += _texts(element, "vesselInfo", "vesselFlag")
    told += [number for word, number, _ in map(_paper, children(element, "idList", "id")) if word in _OF_COUNTRY]
    read = [read_country(text) for text in told]
    return [code for code in read if code], None in read


_OF_COUNTRY = ("Nationality of Registration",)


def _remarks(element: Element, numbers: list[tuple[str, str, str | None]]) -> str | None:
    """The remarks, and under the publisher's word for it what has no column of its own."""
    title, born = (
        text_of(element, "title"),
        joined(_texts(element, "placeOfBirthList", "placeOfBirthItem", "placeOfBirth"), "; "),
    )
    ship = [(part, text_of(element, "vesselInfo", part)) for part in _SHIP]
    others = [(word, number) for word, number, _ in numbers if not is_number(word)]
    told = [("title", title), ("placeOfBirth", born), *ship, *others]
    words = [f"{word.rstrip(' :-')}: {text}" for word, text in told if text]
    return joined((text_of(element, "remarks"), *words), "; ")
