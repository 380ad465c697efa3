"""The consolidated list of the UN Security Council as XML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from tradeanalytics.parties.watchlists.entry import (
    Address,
    Entry,
    Identifier,
    ListedName,
    Listing,
    children,
    local,
    one_line,
    published,
    text_of,
    xml_records,
)
from tradeanalytics.parties.watchlists.told import Fields, Reader, address, countries, date_in, day, numbers_in
from tradeanalytics.reference.countries import read_country

_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_LINES = ("STREET", "ZIP_CODE", "CITY", "STATE_PROVINCE")
_RECORD = (
    *(*_NAMES, "NAME_ORIGINAL_SCRIPT", "REFERENCE_NUMBER", "DATAID", "LISTED_ON", "DELISTED_ON", "UN_LIST_TYPE"),
    *("COMMENTS1", "TITLE", "DESIGNATION", "NATIONALITY", "NATIONALITY2"),
)
_PARTS = (
    *("INDIVIDUAL_ALIAS", "ENTITY_ALIAS", "QUALITY", "ALIAS_NAME", "NOTE", "VALUE", "DATE_OF_BIRTH"),
    *("INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS", *_LINES, "COUNTRY"),
    *("INDIVIDUAL_DATE_OF_BIRTH", "TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR"),
    *("INDIVIDUAL_DOCUMENT", "TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER", "ISSUING_COUNTRY", "COUNTRY_OF_ISSUE"),
)
# They stand in the record's text.
_IGNORED = (
    *("VERSIONNUM", "GENDER", "LIST_TYPE", "LAST_DAY_UPDATED", "SORT_KEY", "SORT_KEY_LAST_MOD", "SUBMITTED_BY"),
    *("SUBMITTED_ON", "INDIVIDUAL_PLACE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "CITY_OF_ISSUE"),
    "DATE_OF_ISSUE",
)
_STRONG = {"good": True, "low": False}
_TYPES = {"INDIVIDUAL": "person", "ENTITY": "company"}


def begins(start: str, file: str) -> bool:
    """Whether a file begins as the list."""
    del file
    return "<CONSOLIDATED_LIST" in start


def read(path: Path, name: str) -> Listing:
    """The list. Raises TradeAnalyticsError, as its records are taken, for XML that is damaged or unsafe."""
    fields = Fields(*_RECORD, *_PARTS, *_IGNORED, *_TYPES)
    return Listing(_entries(path, name, fields), date_in(path, r'dateGenerated="([^"]+)"'), fields.notes)


def _entries(path: Path, name: str, fields: Fields) -> Iterator[Entry]:
    for number, record in enumerate(xml_records(path, name, *_TYPES), 1):
        fields.meet(map(local, record.iter()), f"{name}: record {number}")
        yield _entry(record)


def _entry(record: Element) -> Entry:
    nations = [text_of(one) for tag in ("NATIONALITY", "NATIONALITY2") for one in children(record, tag, "VALUE")]
    codes, flags = countries(nations)
    number = text_of(record, "REFERENCE_NUMBER")
    return Entry(
        authority="UN",
        list="un_consolidated",
        entry=number or text_of(record, "DATAID"),
        text=published(record),
        type=_TYPES[local(record)],
        names=_names(record),
        identifiers=_identifiers(record),
        addresses=_addresses(record),
        countries=codes,
        born=tuple(dict.fromkeys(_born(record))),
        programmes=tuple(filter(None, [text_of(record, "UN_LIST_TYPE")])),
        listed_on=day(text_of(record, "LISTED_ON")),
        delisted_on=day(text_of(record, "DELISTED_ON")),
        remarks=_remarks(record),
        flags=(*(() if number else ("reference_number_missing",)), *flags),
    )


def _names(record: Element) -> tuple[ListedName, ...]:
    whole = " ".join(line for tag in _NAMES if (line := text_of(record, tag)))
    several = [part.strip() for part in whole.split(" ; ")] if " ; " in whole else []
    native = [ListedName(line, "native") for one in children(record, "NAME_ORIGINAL_SCRIPT") if (line := text_of(one))]
    first = [ListedName(line) for line in (whole, *several) if line]
    return tuple(dict.fromkeys([*first, *_aliases(record), *native]))


def _aliases(record: Element) -> Iterator[ListedName]:
    """The aliases; the publisher leaves an empty one where there is none."""
    for alias in _of(record, "ALIAS"):
        quality = (text_of(alias, "QUALITY") or "").lower()
        note = (text_of(alias, "NOTE") or "").lower()
        former = quality == "f.k.a." or note.startswith(("formerly listed as", "previously listed as"))
        if name := text_of(alias, "ALIAS_NAME"):
            yield ListedName(name, "former" if former else "alias", _STRONG.get(quality))


def _of(record: Element, part: str) -> Iterator[Element]:
    return children(record, f"{local(record)}_{part}")


def _identifiers(record: Element) -> tuple[Identifier, ...]:
    found = [one for document in _of(record, "DOCUMENT") if (one := _identifier(document))]
    told = numbers_in(text_of(record, "COMMENTS1")) if local(record) == "ENTITY" else ()
    return tuple(dict.fromkeys([*found, *told]))


def _identifier(document: Element) -> Identifier | None:
    kind = text_of(document, "TYPE_OF_DOCUMENT") or text_of(document, "TYPE_OF_DOCUMENT2") or "number"
    country = text_of(document, "ISSUING_COUNTRY") or text_of(document, "COUNTRY_OF_ISSUE")
    number = text_of(document, "NUMBER")
    return Identifier(kind.lower(), number, read_country(country) if country else None) if number else None


def _addresses(record: Element) -> tuple[Address, ...]:
    found = [address((text_of(one, tag) for tag in _LINES), text_of(one, "COUNTRY")) for one in _of(record, "ADDRESS")]
    return tuple(dict.fromkeys(one for one in found if one))


def _born(record: Element) -> Iterator[str]:
    """Dates of birth as far as they are known, those that an alias goes with too: 1965-12-28, circa 1963."""
    for one in _of(record, "DATE_OF_BIRTH"):
        years = " to ".join(line for tag in ("FROM_YEAR", "TO_YEAR") if (line := text_of(one, tag)))
        told = text_of(one, "DATE") or text_of(one, "YEAR") or years or text_of(one, "NOTE")
        if told:
            yield f"circa {told}" if text_of(one, "TYPE_OF_DATE") == "APPROXIMATELY" else told
    yield from (line for alias in _of(record, "ALIAS") if (line := text_of(alias, "DATE_OF_BIRTH")))


def _remarks(record: Element) -> str | None:
    """The comments, titles and posts, and what is noted of addresses and documents."""
    own = [text_of(record, "COMMENTS1")]
    told = [text_of(one) for tag in ("TITLE", "DESIGNATION") for one in children(record, tag, "VALUE")]
    notes = [text_of(one, "NOTE") for part in ("ALIAS", "ADDRESS", "DOCUMENT") for one in _of(record, part)]
    return one_line("; ".join(dict.fromkeys(line for line in (*own, *told, *notes) if line)))


READERS: tuple[Reader, ...] = (("UN Security Council list, XML", "United Nations Security Council", begins, read),)
