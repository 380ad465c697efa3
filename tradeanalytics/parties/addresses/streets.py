"""The street of an address: its civic number, name, kind and direction, from words that nothing else was read from."""

from __future__ import annotations

import re
from typing import NamedTuple

from tradeanalytics.parties.addresses import vocabulary as known
from tradeanalytics.parties.addresses.vocabulary import (
    CODE,
    COMPANY,
    DIRECTION,
    HOUSE,
    LETTER,
    NUMBER,
    NUMBERED,
    PREMISES,
    STREET,
    STRONG,
)
from tradeanalytics.parties.addresses.written import AND, BREAK, HYPHEN, SLASH, Written, is_id

Readings = tuple[tuple[str, str, str], ...]
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH|E|EME|IEME|RE|ER|ERE)")
_CIVIC = re.compile(r"(\d+)([A-Z]{0,2})")
_SUFFIXES = frozenset("ABC")
_RURAL = {"RANGE", "TOWNSHIP", "COUNTY", "REGIONAL", "SIDE", "CONCESSION", "TWP"}
_NEAR = 20  # house numbers of one building are seldom further apart


class Street(NamedTuple):
    """A stretch of words read as a street, and how much of one it shows."""

    score: int
    numbers: int  # the first word of its numbers, or of its name where there are none
    civic: int  # the word of the civic number, or -1
    name: int
    end: int  # behind the name
    type: int  # the word of the type, or -1
    before: bool  # the type stands before the name
    direction: int
    rest: int  # what stands behind the street
    last: int


class Houses(NamedTuple):
    """The numbers of a street, read: unit and civic number, and how else they can be read."""

    unit: str
    civic: str
    suffix: str
    others: Readings
    civic_from: int
    end: int


def runs(written: Written) -> list[tuple[int, int]]:
    """Stretches of free words without a break between."""
    found: list[tuple[int, int]] = []
    first = -1
    for at, free in enumerate(written.free):
        if first >= 0 and (not free or written.gaps[at] & BREAK):
            found.append((first, at))
            first = -1
        if free and first < 0:
            first = at
    if first >= 0:
        found.append((first, len(written.words)))
    return found


def read(written: Written, first: int, last: int, west_first: bool) -> Street | None:
    """The street of one stretch, or None where nothing in it can be one.

    `west_first`: a whole word of direction before a name is a direction, as in Vancouver and the United States.
    """
    kinds = written.kinds
    if not any(not kind & NUMBER for kind in kinds[first:last]):
        return None
    first, last, crossing = _one_side(written, first, last)
    type_at = _type(written, first, last)
    if crossing:
        return Street(5, first, -1, first, last, -1, False, -1, last, last)
    civic = _civic(written, first, last, type_at)
    name = civic + 1 if civic >= 0 else first
    if civic >= 0 and name < last - 1 and _suffix_follows(written, civic):
        name += 1
    before = _stands_before(written, name, last, type_at)
    if before:
        return _typed_before(written, first, civic, name, last)
    return _named(written, first, civic, name, last, type_at, west_first)


def _one_side(written: Written, first: int, last: int) -> tuple[int, int, bool]:
    """Of two streets that cross, the first where it has a number; else both, as one name."""
    for at in range(first + 1, last):
        if _crosses(written, at, first):
            numbered = bool(written.kinds[first] & NUMBER) and not written.kinds[first + 1] & STREET
            return (first, at, False) if numbered else (first, last, True)
    return first, last, False


def _crosses(written: Written, at: int, first: int) -> bool:
    """True where & or AND joins two streets there, not two numbers of one."""
    kinds = written.kinds
    if written.gaps[at] & AND:
        return not (kinds[at - 1] & NUMBER and kinds[at] & NUMBER)
    return written.words[at] == "AND" and at - first > 1 and bool(kinds[at - 1] & (STREET | DIRECTION))


def _type(written: Written, first: int, last: int) -> int:
    """The word of the kind of street that stands behind its name, or -1."""
    kinds = written.kinds
    fitting = [at for at in range(first, last) if kinds[at] & STREET and _can_be_type(written, at, first, last)]
    strong = [at for at in fitting if kinds[at] & STRONG]
    for at in strong:
        if kinds[at] & NUMBERED and at > first and kinds[at - 1] & NUMBER and at + 1 < last and kinds[at + 1] & NUMBER:
            return at
    for at in reversed(strong):
        if _ends_there(written, at + 1, last) and not _saint(written, at, last, strong):
            return at
    for at in reversed(fitting):
        if _ends_there(written, at + 1, last) and (not strong or at - 1 in fitting):
            return at
    return strong[0] if strong else -1


def _saint(written: Written, at: int, last: int, strong: list[int]) -> bool:
    return written.words[at] == "ST" and at + 1 < last and at != strong[0] and not written.kinds[at + 1] & DIRECTION


def _ends_there(written: Written, at: int, last: int) -> bool:
    """True where the street may end: nothing more, a direction, or a number."""
    return at >= last or bool(written.kinds[at] & (DIRECTION | NUMBER | CODE))


def _can_be_type(written: Written, at: int, first: int, last: int) -> bool:
    kinds = written.kinds
    if kinds[at] & NUMBERED and at + 1 < last and kinds[at + 1] & NUMBER and _is_road_number(written, at + 1):
        return True
    if at == first or not known.types()[written.words[at]].after:
        return False
    if not kinds[at - 1] & NUMBER:
        return True
    if _ORDINAL.fullmatch(written.words[at - 1]) or _nothing_more(written, at + 1, last):
        return True
    if kinds[at - 2] & HOUSE and at - 2 > first:
        return True
    if known.types()[written.words[at]].before and not kinds[at + 1] & DIRECTION:
        return False  # 1-789 RUE SAINT-DENIS
    return at - 2 >= first and bool(kinds[at - 2] & NUMBER or (kinds[at - 2] & DIRECTION and at - 3 >= first))


def _is_road_number(written: Written, at: int) -> bool:
    return len(written.words[at]) < 4


def _nothing_more(written: Written, at: int, last: int) -> bool:
    if at < last and written.kinds[at] & DIRECTION:
        at += 1
    return at >= last or bool(written.kinds[at] & NUMBER)


def _civic(written: Written, first: int, last: int, type_at: int) -> int:
    """The number before the name: the nearest before the type; where there is no type the last of the first numbers."""
    kinds = written.kinds
    if type_at < 0:
        return _first_numbers(written, first, last)
    if type_at > first and kinds[type_at - 1] & NUMBER and not _has_number(written, type_at, last):
        return _before_numbered_street(written, first, type_at - 1)
    at = type_at - 1
    while at >= first and not kinds[at] & NUMBER:
        at -= 1
    if at > first and kinds[at - 1] & NUMBER and _ORDINAL.fullmatch(written.words[at]):
        return at - 1
    return at if at >= first else -1


def _has_number(written: Written, type_at: int, last: int) -> bool:
    """True of HWY 7."""
    if type_at < 0:
        return False
    return bool(written.kinds[type_at] & NUMBERED) and type_at + 1 < last and bool(written.kinds[type_at + 1] & NUMBER)


def _before_numbered_street(written: Written, first: int, number: int) -> int:
    """The civic number of 12 16TH AVE, 890 WEST 25 AVE, 8100 NO 2 ROAD; -1 for 101 STREET."""
    kinds = written.kinds
    at = number - 1
    if at > first and kinds[at] & (DIRECTION | HOUSE):
        at -= 1
    return at if at >= first and kinds[at] & NUMBER else -1


def _first_numbers(written: Written, first: int, last: int) -> int:
    kinds = written.kinds
    at = first
    while at < last and not kinds[at] & NUMBER:
        at += 1
    while at + 2 < last and kinds[at + 1] & NUMBER and not _ORDINAL.fullmatch(written.words[at + 1]):
        at += 1
    return at if at + 1 < last else -1


def _suffix_follows(written: Written, civic: int) -> bool:
    """True of the B of 7420-B BRAMALEA and the A of 225 A BANFF AVE, not of that of 12 A STREET."""
    at = civic + 1
    word = written.words[at]
    if len(word) != 1 or not word.isalpha():
        return False
    if written.gaps[at] & HYPHEN:
        return True
    return word in _SUFFIXES and not written.kinds[at + 1] & STREET


def _stands_before(written: Written, name: int, last: int, type_at: int) -> bool:
    """True of RUE PRINCIPALE and УЛ. ЛЕНИНА; AVENUE ROAD and HWY 7 are not so."""
    found = known.types().get(written.words[name]) if name < last - 1 and written.kinds[name] & STREET else None
    if not found or not found.before or (written.kinds[name] & NUMBERED and written.kinds[name + 1] & NUMBER):
        return False
    return found.language in ("fr", "ru") or type_at < 0 or type_at == name


def _typed_before(written: Written, first: int, civic: int, name: int, last: int) -> Street:
    """A street whose kind stands before its name, which a number or a direction ends."""
    kinds = written.kinds
    end = name + 2
    while (
        end < last and not kinds[end] & NUMBER and not (kinds[end] & DIRECTION and _ends_there(written, end + 1, last))
    ):
        end += 1
    direction = end if end < last and kinds[end] & DIRECTION else -1
    rest = end + 1 if direction >= 0 else end
    return Street(8 if civic >= 0 else 5, max(first, 0), civic, name + 1, end, name, True, direction, rest, last)


def _named(
    written: Written, first: int, civic: int, name: int, last: int, type_at: int, west_first: bool
) -> Street | None:
    kinds = written.kinds
    end, rest = (type_at, type_at + 1) if type_at >= 0 else (last, last)
    road = _has_number(written, type_at, last) and (civic >= 0 or name == type_at)  # FRASER HWY 20151 has a house
    if type_at >= 0 and (road or _rural_number(written, type_at, rest, last)):
        type_at, end = -1, rest + 1  # HWY 7 and RANGE ROAD 272 are all name
        rest = end
    elif type_at < 0 and civic < 0:
        end = rest = _end_at_number(written, name, last)
    direction = -1
    if rest < last and kinds[rest] & DIRECTION:
        direction, rest = rest, rest + 1
    elif type_at < 0 and end - name > 1 and kinds[end - 1] & DIRECTION:
        direction, end = end - 1, end - 1
    if direction < 0 and _direction_first(written, name, end, west_first):
        direction, name = name, name + 1
    if name >= end:
        return None
    score = _score(written, civic, name, end, type_at, rest, last)
    return Street(score, first, civic, name, end, type_at, False, direction, rest, last)


def _rural_number(written: Written, type_at: int, rest: int, last: int) -> bool:
    """True of RANGE ROAD 272 and COUNTY RD 5."""
    if type_at < 1 or rest >= last or not written.kinds[rest] & NUMBER:
        return False
    return written.words[type_at - 1] in _RURAL


def _end_at_number(written: Written, name: int, last: int) -> int:
    for at in range(name + 1, last):
        if written.kinds[at] & NUMBER and not _ORDINAL.fullmatch(written.words[at]):
            return at
    return last


def _direction_first(written: Written, name: int, end: int, west_first: bool) -> bool:
    kinds = written.kinds
    if name + 1 >= end or not kinds[name] & DIRECTION or (kinds[name + 1] & STREET and name + 2 >= end):
        return False
    return bool(kinds[name] & LETTER or kinds[name + 1] & NUMBER or west_first) and written.words[name] != "O"


def _score(written: Written, civic: int, name: int, end: int, type_at: int, rest: int, last: int) -> int:
    kinds = written.kinds
    if any(kinds[at] & COMPANY for at in range(name, end)):
        return 1
    if civic >= 0:
        return 8 if type_at >= 0 else 3 if kinds[end - 1] & PREMISES else 6
    if type_at >= 0 and kinds[type_at] & STRONG:
        return 5
    if any(kinds[at] & NUMBERED for at in range(name, end)):
        return 5
    numbered = rest < last and bool(kinds[rest] & NUMBER)
    if type_at >= 0:
        return 3 if numbered else 0
    return 2 if numbered or not any(kinds[at] & (PREMISES | STREET) for at in range(name, end)) else 0


def houses(written: Written, street: Street, unit: str, ranges: bool) -> Houses:
    """The numbers in front of a street's name. `ranges`: two joined by a hyphen are a range, as outside Canada."""
    at = street.civic
    number, suffix = _number(written.words[at])
    suffix_at = at + 1
    if (
        not suffix
        and suffix_at < street.name
        and len(written.words[suffix_at]) == 1
        and not (written.kinds[suffix_at] & DIRECTION and not written.gaps[suffix_at] & HYPHEN)
    ):
        suffix = written.words[suffix_at]
    before = at - 1
    end = at + 1
    plain = Houses("", number, suffix, (), at, end)
    if before < street.numbers or not is_id(written.kinds[before], written.words[before]):
        return plain
    return _two(written, before, at, plain, unit, ranges)


def _two(written: Written, before: int, at: int, plain: Houses, unit: str, ranges: bool) -> Houses:
    """Two numbers: unit and house, a range of houses, or a house and a half."""
    gap, first = written.gaps[at], written.words[before]
    if gap & SLASH and plain.civic == "2" and first == "1" and before and written.kinds[before - 1] & NUMBER:
        return Houses("", written.words[before - 1], "1/2", (), before - 1, at + 1)
    as_unit = plain._replace(unit=unit or first, others=() if not unit else ((first, plain.civic, plain.suffix),))
    top = _top_of_range(first, plain.civic)
    if not gap & (HYPHEN | AND | SLASH) or not top or gap & SLASH:
        if written.kinds[before] & NUMBER and _ORDINAL.fullmatch(first):
            return plain
        return as_unit
    together = plain._replace(civic=f"{first}-{top}", civic_from=before, others=((first, plain.civic, plain.suffix),))
    if unit and _near(first, top):
        return together
    return (
        together
        if _is_range(first, top, plain.civic, ranges)
        else as_unit._replace(others=(*as_unit.others, ("", f"{first}-{top}", plain.suffix)))
    )


def _number(word: str) -> tuple[str, str]:
    found = _CIVIC.fullmatch(word)
    return (found[1], found[2]) if found else (word, "")


def _top_of_range(first: str, second: str) -> str:
    """The upper number of a range: 2632 of 2630-32; nothing where the second is not the higher."""
    if not first.isdigit() or not second.isdigit():
        return ""
    top = first[: max(len(first) - len(second), 0)] + second
    return top if int(top) > int(first) else ""


def _near(first: str, top: str) -> bool:
    return 0 < int(top) - int(first) <= (_NEAR if len(first) < 5 else 5 * _NEAR) and (int(top) - int(first)) % 2 == 0


def _is_range(first: str, top: str, second: str, ranges: bool) -> bool:
    """In Canada 15-25 is unit 15 at 25; numbers of four digits that are close are a range: 2440-2444, 1740-42."""
    if ranges:
        return True
    if len(second) == len(first):
        return len(first) > 3 and _near(first, top)
    return len(first) > 3 and len(second) == 2 and int(top) - int(first) in (2, 4)
