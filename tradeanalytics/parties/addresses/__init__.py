"""An address as written, in one text or columns joined, to its parts with their places in the text, and two keys.

English, French and Russian order; Cyrillic in whole or part; names, telephones and provinces glued to it. Canada is
read thoroughly, other countries well enough to tell premises apart. What can be read in two ways keeps the other
reading. An address that is read is not one that exists: only a register can tell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from tradeanalytics.parties.addresses import streets
from tradeanalytics.parties.addresses import vocabulary as known
from tradeanalytics.parties.addresses.marks import Marks
from tradeanalytics.parties.addresses.places import Whereabouts
from tradeanalytics.parties.addresses.streets import Houses, Readings, Street
from tradeanalytics.parties.addresses.vocabulary import (
    BUILDING,
    CODE,
    COMPANY,
    DIRECTION,
    NUMBER,
    PREMISES,
    STREET,
    STRONG,
)
from tradeanalytics.parties.addresses.written import (
    AND,
    BREAK,
    HYPHEN,
    Written,
    capitals,
    is_id,
    postal_code,
    struck,
    without_contacts,
)
from tradeanalytics.reference.countries import read_country

LONGEST = 2000  # letters; what is longer is no address, and its beginning is read
_WEST_FIRST = ("BC", "US")
_CITIES = ("HK", "SG", "MO")  # countries that are one city
_BEHIND_FLOOR = re.compile(r"[0-9]{2}.*|[A-Z].*")  # of a room whose number begins with its floor: 2309, 5A


class Address(NamedTuple):
    """The parts of an address in Latin capitals, "" where it does not tell.

    `street_type` and `direction` are Canada Post's short forms, the type French where it stands before the name.
    `unit` is FL and the floor where no room is told. `kind` is street, po_box, rural_route, general_delivery,
    place_only or none. Each of `other_readings` is a unit, civic number and suffix that can be meant instead; each of
    `spans` a part's name and its place in the text.
    """

    unit: str = ""
    civic: str = ""
    civic_suffix: str = ""
    street: str = ""
    street_type: str = ""
    direction: str = ""
    municipality: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""
    po_box: str = ""
    rural_route: str = ""
    general_delivery: bool = False
    building: str = ""
    kind: str = "none"
    other_readings: Readings = ()
    spans: tuple[tuple[str, int, int], ...] = ()
    floor: str = ""


class Room(NamedTuple):
    """Which room of a building, "" where not told: its number, its floor where the number does not tell it, its block.

    A floor told without a room has no unit.
    """

    unit: str = ""
    floor: str = ""
    block: str = ""

    def __str__(self) -> str:
        """The room as a key; of a block alone none, for a block is no room."""
        if not (self.unit or self.floor):
            return ""
        return " ".join(filter(None, (self.unit, self.floor and f"FL{self.floor}", self.block and f"BL{self.block}")))


def parse(text: str, country: str = "") -> Address:
    """The parts of an address. `country` is that of its own column, code or name, and yields to what the text says.

    >>> parse("UNIT 1203-25 SHEPPARD AVE W TORONTO ONTARIO M2N6S6 CA")[:10]
    ('1203', '25', '', 'SHEPPARD', 'AVE', 'W', 'TORONTO', 'ON', 'M2N 6S6', 'CA')
    >>> parse("КАНАДА, ОНТАРИО, ТОРОНТО, ЙОНГ СТРИТ 5000")[1:8]
    ('5000', '', 'YONGE', 'ST', '', 'TORONTO', 'ON')
    >>> parse("P.O. BOX 1510, KINGSTOWN").kind, parse("TORONTO CANADA").kind, parse("").kind
    ('po_box', 'place_only', 'none')
    """
    told = (read_country(country) or "") if country else ""
    shown = capitals(text[:LONGEST])
    code = postal_code(shown) if told in ("", "CA") else None
    if code:
        shown = struck(shown, code[1], code[2])
    written = Written(text, without_contacts(shown))
    if not written.words:
        return Address(country=told, kind="place_only" if told else "none")
    return _Reading(written, told, code).address()


def premises(address: Address) -> str:
    """The key of the premises: number, street, type, direction, municipality, province, postal code and country.

    Spellings of one street share it (RUE and ST, 16TH and SIXTEENTH, ST and SAINT). With a postal code the municipality
    is the one it is now part of: NORTH YORK is TORONTO. "" where no number, street or place is told.

    >>> premises(parse("25 RUE ST-DENIS, MONTREAL QC H2X 3L4")) == premises(parse("25 Saint Denis St Montréal H2X3L4"))
    True
    >>> premises(parse("TORONTO CANADA"))
    ''
    """
    placed = address.municipality or address.postal_code or address.country in _CITIES
    if not (address.civic and address.street and placed):
        return ""
    kind = known.type_key(address.street_type)
    parts = (address.civic + address.civic_suffix, _street_key(address.street), kind, address.direction)
    return "|".join((*parts, _municipality_key(address), address.province, address.postal_code, address.country))


def premises_unit(address: Address) -> str:
    """The key of the premises and the room in it, "" where there are no premises.

    >>> premises_unit(parse("5-12 KING ST W, TORONTO ON"))
    '12|KING|ST|W|TORONTO|ON||CA|5'
    """
    key = premises(address)
    return f"{key}|{room(address)}" if key else ""


def room(address: Address) -> Room:
    """The room of an address: FLAT A on the fifth floor is not FLAT A on the twelfth, nor that of another block.

    >>> str(room(parse("FLAT A, 5/F, BLOCK 2, 18 LUARD ROAD, HONG KONG")))
    'A FL5 BL2'
    >>> str(room(parse("ROOM 2309, 23/F, 18 LUARD ROAD, HONG KONG"))), str(room(parse("16/F, 18 LUARD RD, HONG KONG")))
    ('2309', 'FL16')
    """
    unit = "" if address.unit == f"FL{address.floor}" else address.unit
    told = unit.startswith(address.floor) and _BEHIND_FLOOR.fullmatch(unit[len(address.floor) :])
    return Room(unit, "" if told else address.floor, _block(address.building))


def _block(building: str) -> str:
    """What tells one block from another at a number, as C of BLDG C; a building's name tells nothing."""
    word, _, which = building.partition(" ")
    return which if which and known.KINDS[word] & BUILDING else ""


def _street_key(street: str) -> str:
    return "".join(known.short(word) for word in street.split())


def _municipality_key(address: Address) -> str:
    """Of Hong Kong none but itself: districts are left out as often as written."""
    if address.country == "HK":
        return "HONG KONG"
    if not address.postal_code or address.country != "CA":
        return address.municipality
    places = known.places().get(known.key(address.municipality.split()), ())
    now = {place.part_of or place.name for place in places if place.province == address.province}
    return now.pop() if len(now) == 1 else address.municipality


class _Reading:
    """One address being read: first where it is, then what is marked by words, then its street of what is left."""

    __slots__ = ("civic", "direction", "marks", "others", "street", "suffix", "type", "unit", "where", "written")

    def __init__(self, written: Written, country: str, code: tuple[str, int, int] | None) -> None:
        self.written = written
        self.where = Whereabouts(written, country, code[0] if code else "")
        at = len(written.words)
        if code:
            written.spans.append(("postal_code", code[1], code[2]))
            at = bisect_left(written.starts, code[1])
        self.where.read(at)
        self.marks = Marks(written, self.where.country)
        self.marks.read()
        self.unit, self.civic, self.suffix = self.marks.unit, self.marks.civic, self.marks.civic_suffix
        self.street = self.type = self.direction = ""
        self.others: Readings = ()

    def address(self) -> Address:
        found = streets.runs(self.written)
        chosen = self._chosen(found)
        if chosen:
            self._take_street(chosen, found)
        self._left_over()
        self.where.settle(bool(self.street))
        where, marks = self.where, self.marks
        unit = self.unit or (f"FL{marks.floor}" if marks.floor else "")
        return Address(
            *(unit, self.civic, self.suffix, self.street, self.type, self.direction),
            *(where.municipality, where.province, where.postal_code, where.country),
            *(marks.po_box, marks.rural_route, marks.general_delivery, marks.building),
            *(self._kind(), self.others, tuple(sorted(self.written.spans, key=_place)), marks.floor),
        )

    def _kind(self) -> str:
        where, marks = self.where, self.marks
        if self.street or self.civic:
            return "street"
        if marks.po_box:
            return "po_box"
        if marks.rural_route:
            return "rural_route"
        if marks.general_delivery:
            return "general_delivery"
        return "place_only" if where.municipality or where.province or where.postal_code or where.country else "none"

    def _chosen(self, found: list[tuple[int, int]]) -> Street | None:
        """The stretch that shows most of a street; of two alike the first."""
        west_first = self.where.province in _WEST_FIRST or self.where.country in _WEST_FIRST or self._of_vancouver()
        best: Street | None = None
        for first, last in found:
            street = streets.read(self.written, first, last, west_first)
            if street and street.score and self.civic and street.civic < 0:
                street = street._replace(score=street.score + self._by_its_number(first, last))
            if street and street.score and (not best or street.score > best.score):
                best = street
        if best and best.score <= 2 and not self._may_be_bare(best, found):
            return None
        return best

    def _by_its_number(self, first: int, last: int) -> int:
        """More for the stretch in front of a marked number or behind it."""
        marked = self.marks.civic_at
        edge = marked[1] if first == marked[1] else marked[0] if last == marked[0] else -1
        if edge < 0:
            return 0
        return 1 if self.written.gaps[edge] & BREAK else 2

    def _of_vancouver(self) -> bool:
        return self.where.postal_code[:1] == "V" or any(place.province == "BC" for place in self.where.candidates[:1])

    def _may_be_bare(self, street: Street, found: list[tuple[int, int]]) -> bool:
        """True where words without a kind of street are one: a number stands beside them, or only the place follows."""
        if street.score < 2:
            return False
        if self.civic or self._beside(street, found) is not None or self._number_behind(street):
            return True
        abroad = self.where.country not in ("CA", "US") and bool(self.where.municipality)
        marked = bool(self.unit or self.marks.po_box)
        return abroad and marked and street.last == found[-1][1] and not self._company(street)

    def _company(self, street: Street) -> bool:
        return any(kind & COMPANY for kind in self.written.kinds[street.numbers : street.last])

    def _number_behind(self, street: Street) -> bool:
        return street.rest < street.last and bool(self.written.kinds[street.rest] & NUMBER)

    def _take_street(self, street: Street, found: list[tuple[int, int]]) -> None:
        self._take_houses(street, found)
        written = self.written
        self.street = self._name(street)
        written.take("street", street.name, street.end)
        if street.type >= 0:
            kind = known.types()[written.words[street.type]]
            self.type = kind.before if street.before else kind.after
            written.take("street_type", street.type, street.type + 1)
        if street.direction >= 0:
            self.direction = known.directions()[written.words[street.direction]]
            written.take("direction", street.direction, street.direction + 1)
        self._behind(street)

    def _name(self, street: Street) -> str:
        """The name to compare: HIGHWAY 7 is HWY 7; one written by ear in Cyrillic is the street it sounds like."""
        written = self.written
        words = written.words[street.name : street.end]
        original = written.original(street.name, street.end)
        if any(written.gaps[at] & AND for at in range(street.name + 1, street.end)):
            return self._crossing(street)
        if not original.isascii() and known.is_cyrillic(original) and self.where.country in ("CA", ""):
            by_ear = known.street_of_sound(words)
            if by_ear:
                return by_ear
        if street.type < 0:
            words = [self._short(at) for at in range(street.name, street.end)]
        return " ".join(words)

    def _crossing(self, street: Street) -> str:
        """Both streets of a crossing, their words short."""
        written, text = self.written, ""
        for at in range(street.name, street.end):
            word = written.words[at]
            if written.kinds[at] & (STREET | DIRECTION):
                word = known.directions().get(word) or known.types()[word].after or word
            text += f"{' &' if text and written.gaps[at] & AND else ''} {word}"
        return text.strip()

    def _short(self, at: int) -> str:
        """A kind of street within a name that ends in a number, short; else the word."""
        written, follows = self.written, at + 1
        if written.kinds[at] & STRONG and follows < len(written.words) and written.kinds[follows] & NUMBER:
            return known.types()[written.words[at]].after
        return written.words[at]

    def _take_houses(self, street: Street, found: list[tuple[int, int]]) -> None:
        if street.civic >= 0 and not self.civic:
            ranges = self.where.country not in ("", "CA")
            self._read_houses(streets.houses(self.written, street, self.unit, ranges), street)
        elif not self.civic and self._number_behind(street):
            self._take_civic(street.rest, street.rest + 1)
        elif not self.civic and (beside := self._beside(street, found)) is not None:
            self._take_civic(*beside)

    def _read_houses(self, houses: Houses, street: Street) -> None:
        self.civic, self.suffix, self.others = houses.civic, houses.suffix or self.suffix, houses.others
        before = street.civic - 1
        if houses.unit and not self.unit and houses.civic_from > before >= street.numbers:
            self.unit = houses.unit
            self.written.take("unit", before, before + 1)
        self.written.take("civic", houses.civic_from, houses.end)
        if houses.end < street.name and houses.suffix == self.written.words[houses.end]:
            self.written.take("civic_suffix", houses.end, houses.end + 1)

    def _take_civic(self, first: int, last: int) -> None:
        """A number, or a range, that stands apart from its street."""
        written = self.written
        number, suffix = written.words[last - 1], ""
        if last - first == 1:
            found = re.fullmatch(r"(\d+)([A-Z]{0,2})", number)
            number, suffix = (found[1], found[2]) if found else (number, "")
        self.civic = number if last - first == 1 else "-".join(written.words[first:last])
        self.suffix = suffix or self.suffix
        written.take("civic", first, last)

    def _beside(self, street: Street, found: list[tuple[int, int]]) -> tuple[int, int] | None:
        """The number in the stretch before a street or behind it: 60, ROUTE 132; BOUL LE CORBUSIER, 1555."""
        at = next(at for at, run in enumerate(found) if run[0] <= street.name < run[1])
        before = found[at - 1] if at and found[at - 1][1] == found[at][0] else None
        after = found[at + 1] if at + 1 < len(found) and found[at + 1][0] == found[at][1] else None
        for run in (before, after):
            if run and self._is_numbers(*run):
                return run
        if before and (numbers := self._last_numbers(*before)):
            return numbers
        return None

    def _is_numbers(self, first: int, last: int) -> bool:
        return last - first <= 2 and all(kind & NUMBER for kind in self.written.kinds[first:last])

    def _last_numbers(self, first: int, last: int) -> tuple[int, int] | None:
        at = last
        while at > first and self.written.kinds[at - 1] & NUMBER and last - at < 2:
            at -= 1
        return (at, last) if at < last else None

    def _behind(self, street: Street) -> None:
        """What stands behind a street: a unit without its word, or a municipality that no table lists."""
        written = self.written
        first, last = street.rest, street.last
        while first < last and not written.free[first]:
            first += 1
        if first >= last:
            return
        if last - first == 1 and is_id(written.kinds[first], written.words[first]):
            if not self.unit:
                self.unit = written.take("unit", first, last)
        elif not self.where.municipality and not any(
            kind & (NUMBER | CODE | PREMISES | COMPANY) for kind in written.kinds[first:last]
        ):
            self.where.municipality = written.take("municipality", first, last)

    def _left_over(self) -> None:
        """Numbers that stand alone are the unit; words such as PLAZA make a building's name."""
        for first, last in streets.runs(self.written):
            kinds = self.written.kinds[first:last]
            if not self.unit and self.street and last - first <= 2 and self._is_unit(first, last):
                self.unit = self._text_of_unit(first, last)
            elif not self.marks.building and any(kind & PREMISES for kind in kinds):
                self.marks.building = self.written.take("building", first, last)

    def _is_unit(self, first: int, last: int) -> bool:
        kinds, words = self.written.kinds, self.written.words
        if last - first > 1 and not self.written.gaps[last - 1] & HYPHEN:
            return False
        return all(is_id(kinds[at], words[at]) and len(words[at]) < 6 for at in range(first, last))

    def _text_of_unit(self, first: int, last: int) -> str:
        self.written.take("unit", first, last)
        return "-".join(self.written.words[first:last])


def _place(span: tuple[str, int, int]) -> tuple[int, int]:
    return span[1], span[2]
