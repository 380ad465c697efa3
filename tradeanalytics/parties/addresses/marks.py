"""What is marked by a word in front of it or behind: units, floors, house numbers, boxes, rural routes, buildings."""

from __future__ import annotations

from collections.abc import Callable

from tradeanalytics.parties.addresses.vocabulary import (
    ALONE,
    BOX,
    BUILDING,
    CARE,
    CODE,
    DIRECTION,
    FLOOR,
    GENERAL,
    HASHED,
    HOUSE,
    MARKED,
    NUMBER,
    NUMBERED,
    PART,
    QUARTER,
    ROUTE,
    SITE,
    STATION,
    STREET,
    UNIT,
)
from tradeanalytics.parties.addresses.written import AND, BREAK, COLON, HYPHEN, SLASH, Written, is_id

_ALONE = {"PENTHOUSE": "PH", "BASEMENT": "BSMT", "MEZZANINE": "MEZZ", "TOWNHOUSE": "TH", "TWNHSE": "TH"}
_PARTS = {
    "К": "K",
    "КОРПУС": "K",
    "KORPUS": "K",
    "KORP": "K",
    "СТР": "STR",
    "STROENIE": "STR",
    "LITERA": "LIT",
    "STROYENIYE": "STR",
}
_WHICH_FLOOR = {"GROUND", "MAIN", "UPPER", "LOWER", "FIRST", "SECOND", "THIRD", "TOP"}
_TURKISH = {"D": "unit", "K": "floor"}
_BEFORE_DELIVERY = {"GENERAL", "POSTE", "DO"}


class Marks:
    """What words of an address mark."""

    __slots__ = (
        *("building", "civic", "civic_at", "civic_suffix", "country", "floor", "general_delivery", "po_box"),
        *("rural_route", "unit", "written"),
    )

    def __init__(self, written: Written, country: str) -> None:
        self.written = written
        self.country = country
        self.unit = self.civic = self.civic_suffix = self.floor = self.po_box = self.rural_route = self.building = ""
        self.general_delivery = False
        self.civic_at = (-1, -1)  # the words of a house number that is marked

    def read(self) -> None:
        """Read every mark, from the first word to the last."""
        kinds, free = self.written.kinds, self.written.free
        for at, kind in enumerate(kinds):
            if kind & MARKED and free[at]:
                for bit, mark in _READERS:
                    if kind & bit and mark(self, at):
                        break
        if self.country == "TR" or any(kind & QUARTER for kind in kinds):
            self._turkish()
        if self.floor or self.country == "HK":
            self._floors_of_hong_kong()

    def _next(self, at: int) -> int:
        """The word behind a mark that can be its number, or 0: no break between."""
        words, kinds, free = self.written.words, self.written.kinds, self.written.free
        follows = at + 1
        while follows < len(words) and free[follows] and not self.written.gaps[follows] & BREAK:
            if is_id(kinds[follows], words[follows]):
                return follows
            if not kinds[follows] & (HOUSE | UNIT) or follows > at + 2:
                return 0
            follows += 1
        return 0

    def _unit(self, at: int) -> bool:
        written = self.written
        first = self._next(at)
        if not first:
            return self._second_word_of_two(at)
        if written.words[at] == "BAY" and written.kinds[first] & DIRECTION:
            return False
        last = self._end_of_id(first)
        self._found_unit(at, first, last)
        return True

    def _second_word_of_two(self, at: int) -> bool:
        """FLAT/RM 5, SUITE PH 5: the first of two marks says nothing more."""
        follows = at + 1
        kinds, gaps = self.written.kinds, self.written.gaps
        if follows >= len(kinds) or gaps[follows] & BREAK or not self.written.free[follows]:
            return False
        if kinds[follows] & ALONE or (kinds[follows] & UNIT and gaps[follows] & SLASH):
            self.written.take("", at, follows)
            return True
        return False

    def _hashed(self, at: int) -> bool:
        if self.unit or not is_id(self.written.kinds[at], self.written.words[at]):
            return False
        if self._of_a_road(at):
            return False
        self._found_unit(at, at, self._end_of_id(at))
        return True

    def _of_a_road(self, at: int) -> bool:
        """True of HWY #7 and of #10 HWY."""
        kinds, gaps = self.written.kinds, self.written.gaps
        before = at > 0 and bool(kinds[at - 1] & NUMBERED) and not gaps[at] & BREAK
        return before or (at + 1 < len(kinds) and bool(kinds[at + 1] & STREET) and not gaps[at + 1] & (BREAK | HYPHEN))

    def _found_unit(self, at: int, first: int, last: int) -> None:
        found = self._joined(first, last)
        self.written.take("unit", at, last)
        self.unit = self.unit or found

    def _joined(self, first: int, last: int) -> str:
        """The words of a number with the marks between them: 1318-19, A/B, 5&6."""
        words, gaps = self.written.words, self.written.gaps
        text = words[first]
        for at in range(first + 1, last):
            text += ("-" if gaps[at] & HYPHEN else "/" if gaps[at] & SLASH else "&") + words[at]
        return text

    def _end_of_id(self, first: int) -> int:
        """Where the number of a unit ends: 2-114 is one number, 1203-25 SHEPPARD is a unit and a house."""
        words, kinds, gaps, free = self.written.words, self.written.kinds, self.written.gaps, self.written.free
        last = first + 1
        while last < len(words) and free[last] and gaps[last] & (HYPHEN | SLASH | AND) and not gaps[last] & BREAK:
            if not is_id(kinds[last], words[last]):
                break
            if kinds[last] & NUMBER and self._name_follows(last + 1):
                break
            last += 1
        return last

    def _name_follows(self, at: int) -> bool:
        """True where a word of a street's name stands there, in one run with what is before it."""
        written = self.written
        if at >= len(written.words) or not written.free[at] or written.gaps[at] & BREAK:
            return False
        kind = written.kinds[at]
        return bool(kind & STREET or not kind & (UNIT | FLOOR | BUILDING)) and not written.gaps[at] & (HYPHEN | AND)

    def _floor(self, at: int) -> bool:
        written = self.written
        if written.words[at] == "F" and not written.gaps[at] & SLASH:
            return False
        before = at - 1
        if (
            at
            and written.free[before]
            and not written.gaps[at] & BREAK
            and (written.kinds[before] & (NUMBER | CODE) or written.words[before] in _WHICH_FLOOR)
        ):
            self.floor = self.floor or written.words[before].rstrip("STNDRH")
            written.take("floor", before, at + 1)
            return True
        follows = self._next(at)
        if not follows or written.words[at] == "F":
            return False
        self.floor = self.floor or written.words[follows]
        written.take("floor", at, follows + 1)
        return True

    def _floors_of_hong_kong(self) -> None:
        """16F, where floors are written so."""
        for at, word in enumerate(self.written.words):
            if self.written.free[at] and word[-1] == "F" and word[:-1].isdigit() and len(word) < 4:
                self.floor = self.floor or word[:-1]
                self.written.take("floor", at, at + 1)

    def _alone(self, at: int) -> bool:
        written, word = self.written, self.written.words[at]
        short = _ALONE.get(word, word)
        follows = self._next(at) if short not in ("BSMT", "REAR", "MEZZ") else 0
        if not follows and at and written.kinds[at - 1] & NUMBER and not written.gaps[at] & BREAK and short == "TH":
            return False
        if not follows:
            self.unit = self.unit or short
            written.take("unit", at, at + 1)
            return True
        last = self._end_of_id(follows)
        value = self._joined(follows, last)
        self._found_unit(at, follows, last)
        if self.unit == value and short != "TH":
            self.unit = short + value
        return True

    def _house(self, at: int) -> bool:
        """NO. 88, Д. 5: a house, unless a kind of street follows (NO 2 ROAD)."""
        written = self.written
        number = at + 1
        if self.civic or number >= len(written.words) or not written.free[number] or written.gaps[number] & BREAK:
            return False
        if not written.kinds[number] & NUMBER:
            return False
        last = number + 1
        while (
            last < len(written.words)
            and written.gaps[last] & (HYPHEN | SLASH)
            and is_id(written.kinds[last], written.words[last])
        ):
            last += 1
        if last < len(written.words) and written.kinds[last] & STREET and not written.gaps[last] & BREAK:
            return False
        self.civic, self.civic_at = self._joined(number, last), (at, last)
        if self.country == "TR" and not self.unit and self.civic.count("/") == 1:
            self.civic, self.unit = self.civic.split("/")
        written.take("civic", at, last)
        return True

    def _part(self, at: int) -> bool:
        follows = self._next(at)
        word = self.written.words[at]
        if not follows or not (self.written.kinds[follows] & (NUMBER | CODE) or word in ("LITERA", "LIT")):
            return False
        self.civic_suffix += _PARTS.get(word, word) + self.written.words[follows]
        self.written.take("civic_suffix", at, follows + 1)
        return True

    def _box(self, at: int) -> bool:
        written = self.written
        follows = self._next(at)
        if not follows or not written.kinds[follows] & (NUMBER | CODE):
            return False
        first = at
        while (
            first
            and written.free[first - 1]
            and written.words[first - 1] in ("PO", "P", "O", "POST", "OFFICE", "CASE", "BOITE")
        ):
            first -= 1
        if written.words[at] == "BOX" and (
            self.rural_route or any(k & SITE for k in written.kinds[max(at - 3, 0) : at])
        ):
            written.take("", first, follows + 1)
            return True
        self.po_box = self.po_box or written.words[follows]
        written.take("po_box", first, follows + 1)
        self._station(follows + 1)
        return True

    def _station(self, at: int) -> None:
        """The post office of a box: STN MAIN, SUCC A."""
        written = self.written
        if at >= len(written.words) or not written.kinds[at] & STATION or not written.free[at]:
            return
        last = at + 1
        while last < min(at + 4, len(written.words)) and written.free[last] and not written.gaps[last] & BREAK:
            if written.kinds[last] & NUMBER:
                break
            last += 1
        written.take("station", at, last)

    def _route(self, at: int) -> bool:
        written = self.written
        first, last = at, at
        if written.words[at] == "RURALE" and at and written.words[at - 1] in ("ROUTE", "RTE"):
            first = at - 1
        elif written.words[at] == "RURAL":
            if at + 1 >= len(written.words) or written.words[at + 1] not in ("ROUTE", "RTE"):
                return False
            last = at + 1
        follows = self._next(last)
        if not follows or not written.kinds[follows] & NUMBER:
            return False
        self.rural_route = self.rural_route or written.words[follows]
        written.take("rural_route", first, follows + 1)
        return True

    def _site(self, at: int) -> bool:
        follows = self._next(at)
        if not follows:
            return False
        self.written.take("", at, follows + 1)
        return True

    def _general(self, at: int) -> bool:
        written = self.written
        first = at - 1 if at and written.words[at - 1] in _BEFORE_DELIVERY else at
        if first == at and written.words[at] != "GD":
            return False
        self.general_delivery = True
        written.take("general_delivery", first, at + 1)
        return True

    def _care(self, at: int) -> bool:
        """A name behind C/O or ATTN, until a break or a number: no part of the address."""
        written = self.written
        last = at + 1
        while last < len(written.words) and written.free[last] and not written.gaps[last] & BREAK:
            if written.kinds[last] & (NUMBER | UNIT):
                break
            last += 1
        written.take("", at, last)
        return True

    def _building(self, at: int) -> bool:
        """BLDG C, TOWER 2; what stands behind BLDG C up to a break is of it."""
        written = self.written
        follows = self._next(at)
        if not follows or (written.words[at] in ("TOWER", "TOUR", "HAN") and written.kinds[follows] & DIRECTION):
            return False
        last = follows + 1
        starts = not at or bool(written.gaps[at] & BREAK) or not written.free[at - 1]
        while starts and last < len(written.words) and written.kinds[last] & DIRECTION and written.free[last]:
            last += 1
        if (
            last < len(written.words)
            and written.free[last]
            and not written.gaps[last] & BREAK
            and (
                written.kinds[follows] & NUMBER
                and self._name_follows(last)
                and not written.gaps[follows] & HYPHEN
                and at
                and not starts
            )
        ):
            return False
        text = written.take("building", at, last)
        self.building = self.building or text
        return True

    def _quarter(self, at: int) -> bool:
        """The quarter in front of MAH., or of Р-Н: not compared."""
        written = self.written
        first = at
        while (
            first
            and written.free[first - 1]
            and not written.gaps[first] & BREAK
            and not written.kinds[first - 1] & STREET
        ):
            first -= 1
        written.take("", first, at + 1)
        return True

    def _turkish(self) -> None:
        """D:4 is a flat and K:2 a floor."""
        written = self.written
        for at, word in enumerate(written.words[:-1]):
            if word in _TURKISH and written.free[at] and written.gaps[at + 1] & COLON and written.free[at + 1]:
                if word == "D":
                    self._found_unit(at, at + 1, at + 2)
                else:
                    self.floor = written.words[at + 1]
                    written.take("floor", at, at + 2)


_READERS: tuple[tuple[int, Callable[[Marks, int], bool]], ...] = (
    (CARE, Marks._care),
    (QUARTER, Marks._quarter),
    (GENERAL, Marks._general),
    (BOX, Marks._box),
    (ROUTE, Marks._route),
    (SITE, Marks._site),
    (UNIT, Marks._unit),
    (ALONE, Marks._alone),
    (FLOOR, Marks._floor),
    (HOUSE, Marks._house),
    (PART, Marks._part),
    (BUILDING, Marks._building),
    (HASHED, Marks._hashed),
)
