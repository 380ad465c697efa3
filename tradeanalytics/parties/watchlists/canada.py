"""Canada's consolidated list of autonomous sanctions as XML, in the schema of 2020 and in today's.

The list has no numbers, no date and no addresses. A party is named by where it stands in the regulations: "Russia,
Schedule 1, Part 2, item 137". Amendments renumber the items: such a number holds for one date of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from tradeanalytics.parties.names import name as key_of
from tradeanalytics.parties.watchlists.entry import (
    Entry,
    Identifier,
    ListedName,
    Listing,
    local,
    one_line,
    published,
    xml_records,
)
from tradeanalytics.parties.watchlists.told import Fields, Reader, day
from tradeanalytics.reference.countries import read_country

# The schema of 2020 beside today's.
_TODAY = {"Entity": "EntityOrShip", "DateOfBirth": "DateOfBirthOrShipBuildDate", "Title": "TitleOrShip"}
_FIELDS = ("Country", "LastName", "GivenName", "Aliases", "Schedule", "Item", "DateOfListing", "ShipIMONumber")
# A comma or a semicolon outside brackets.
_BETWEEN = re.compile(r"[,;](?![^()]*\))")
# Excel makes Sep-99 of September 1999 and 36404 of a day of that year.
_EXCEL = re.compile(r"[A-Z][a-z]{2}-[0-9]{2}|[0-9]{5}")


def begins(start: str, file: str) -> bool:
    """Whether a file begins as the list."""
    del file
    return re.search(r"<data-set[^>]*(?:/>|>\s*(?:<record>|</data-set>|$))", start) is not None


def read(path: Path, name: str) -> Listing:
    """The list in either schema. Raises TradeAnalyticsError, as its records are taken, for damaged or unsafe XML."""
    fields = Fields(*_FIELDS, *_TODAY, *_TODAY.values())
    return Listing(_entries(path, name, fields), "", fields.notes)


def _entries(path: Path, name: str, fields: Fields) -> Iterator[Entry]:
    for number, record in enumerate(xml_records(path, name, "record"), 1):
        fields.meet(map(local, record), f"{name}: record {number}")
        yield _entry(record)


def _entry(record: Element) -> Entry:
    told = {_TODAY.get(local(one), local(one)): line for one in record if (line := one_line(one.text))}
    born, kind = told.get("DateOfBirthOrShipBuildDate"), _type(told)
    where, flags = _where(told)
    country = read_country(_english(told.get("Country", "")))
    return Entry(
        authority="CA",
        list="ca_sema",
        entry=where,
        text=published(record),
        type=kind,
        names=(*_primary(told), *_aliases(told.get("Aliases", ""))),
        identifiers=(Identifier("imo", told["ShipIMONumber"]),) if "ShipIMONumber" in told else (),
        countries=(country,) if country else (),
        born=(born,) if born else (),
        programmes=(told["Country"],) if "Country" in told else (),
        listed_on=day(told.get("DateOfListing")),
        remarks=told.get("TitleOrShip"),
        flags=(*flags, *(("born_unclear",) if born and _EXCEL.fullmatch(born) else ())),
    )


def _type(told: dict[str, str]) -> str | None:
    """A person has names of a person. Of the others only a ship has a number of the IMO, or was built on a day."""
    if "LastName" in told or "GivenName" in told:
        return "person"
    if told.keys() & {"ShipIMONumber", "TitleOrShip", "DateOfBirthOrShipBuildDate"}:
        return "ship"
    return "company" if "EntityOrShip" in told else None


def _where(told: dict[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """Where a party stands, and the flag of one whose item is not told: an act with one schedule gives it no number."""
    schedule = re.sub(r"\s*,\s*", ", ", told.get("Schedule", "")).removeprefix("N/A")
    after = (
        "Schedule" if not schedule else f"Schedule, {schedule}" if "Part" in schedule[:4] else f"Schedule {schedule}"
    )
    country = _english(told.get("Country", ""))
    if not country:
        return None, ()
    if "Item" not in told:
        return f"{country}, {after}", ("item_missing",)
    return f"{country}, {after}, item {told['Item']}", ()


def _english(country: str) -> str:
    return country.split(" / ")[0].strip()


def _primary(told: dict[str, str]) -> tuple[ListedName, ...]:
    person = " ".join(told[name] for name in ("GivenName", "LastName") if name in told)
    return tuple(one for text in (told.get("EntityOrShip"), person) if text for one in _bilingual(text, "primary"))


def _aliases(cell: str) -> Iterator[ListedName]:
    """The aliases of a cell. A comma before a legal form is part of the name: Sample Trading Co., Ltd."""
    pieces: list[str] = []
    for piece in filter(None, map(str.strip, _BETWEEN.split(cell))):
        if pieces and key_of(f"SAMPLE {piece}").key == "SAMPLE":
            pieces[-1] += f", {piece}"
        else:
            pieces.append(piece)
    return (one for piece in pieces for one in _bilingual(piece, "alias"))


def _bilingual(text: str, kind: str) -> tuple[ListedName, ...]:
    """A name as it stands, and its English and French where a stroke is between them.

    That is where each side has two words or more: not in M/V, GORT/ORTAS, or within brackets.
    """
    english, stroke, french = re.sub(r"\([^)]*\)", lambda found: "x" * len(found[0]), text).partition("/")
    if not stroke or "/" in french or min(len(_words(english)), len(_words(french))) < 2:
        return (ListedName(text, kind),)
    sides = text[: len(english)].strip(), text[len(english) + 1 :].strip()
    return (ListedName(text, kind), ListedName(sides[0], kind, None, "en"), ListedName(sides[1], kind, None, "fr"))


def _words(text: str) -> list[str]:
    return re.findall(r"\w{2,}", text)


READERS: tuple[Reader, ...] = (("Canadian autonomous sanctions list, XML", "Global Affairs Canada", begins, read),)
