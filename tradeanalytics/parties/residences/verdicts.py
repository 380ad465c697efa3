"""What the buildings found at a number say of an address: how each use is reached, and when none may be told.

A use is told from the exact number alone. Where what was found does not agree, or does not fit all that was told, the
answer is mixed or unknown, never the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tradeanalytics.parties.residences.keys import same_street
from tradeanalytics.parties.residences.register import Asked, Building, Unit, Uses, Variant
from tradeanalytics.sources.nar import USES

RESIDENTIAL, MIXED, NON_RESIDENTIAL, UNKNOWN = USES.values()
HIGH, MEDIUM, LOW = "high", "medium", "low"
_LEVELS = (HIGH, MEDIUM, LOW)
Units = dict[tuple[int, int, str], list[Unit]]


@dataclass(frozen=True)
class Verdict:
    """A use with its basis; `building` is the first of what was found, `why` says it in words.

    `possible`: the use is unknown, and what was found of it is a home.
    """

    use: str
    basis: str
    confidence: str
    why: str
    register_id: str | None = None
    building: Building | None = None
    uses: Uses | None = None
    possible: bool = False


@dataclass(frozen=True)
class _Reading:
    """The buildings that fit one reading of an address, by premises, and the asked unit where it was found."""

    asked: Asked
    buildings: tuple[Building, ...]
    units: tuple[Unit, ...]

    @property
    def proven(self) -> bool:
        """Whether the register itself shows that it is read so."""
        return self.asked.reading == 0 or bool(self.units) or bool(self.asked.suffix)


def building_use(uses: Uses) -> str:
    """The use of a building, or of several at one number, by its addresses.

    >>> building_use(Uses(40, 0, 0, 2)), building_use(Uses(40, 0, 1, 0)), building_use(Uses(1, 0, 0, 1))
    ('residential', 'mixed', 'unknown')
    """
    if uses.n2 or (uses.n1 and uses.n3):
        return MIXED
    if uses.n1 > uses.n4:
        return RESIDENTIAL
    return NON_RESIDENTIAL if uses.n3 > uses.n4 else UNKNOWN


def unit_use(units: Sequence[Unit]) -> str:
    """The use of a unit; where the register has it more than once, with uses that differ, mixed or unknown."""
    codes = {unit.use for unit in units}
    if len(codes) == 1:
        return USES[str(min(codes))]
    return MIXED if codes & {2} or codes >= {1, 3} else UNKNOWN


def verdict(asked: Sequence[Asked], found: Iterable[Building], units: Units, variants: set[Variant]) -> Verdict | None:
    """What the register says of an address, asked in all its readings; None where it has nothing at that number.

    `variants`: the streets of that name which the register has in the place that is told.
    """
    by_reading: dict[int, list[Building]] = {}
    for one in found:
        by_reading.setdefault(one.reading, []).append(one)
    first = {one.reading: one for one in reversed(asked)}
    readings = [_reading(first[number], of, units, variants) for number, of in sorted(by_reading.items())]
    fitting = [one for one in readings if one.buildings]
    if not fitting:
        return _unfit(asked[0], readings and by_reading)
    proven = [one for one in fitting if one.proven]
    if not proven:
        return _unproven(fitting[0])
    with_unit = [one for one in proven if one.units]
    verdicts = [_of_reading(one, asked, variants) for one in with_unit or proven]
    return verdicts[0] if len({one.use for one in verdicts}) == 1 else _disagreeing(verdicts)


def _reading(asked: Asked, found: Sequence[Building], units: Units, variants: set[Variant]) -> _Reading:
    fitting = _strongest([one for one in found if _fits(one, asked, variants)])
    of_unit = [unit for one in fitting for unit in units.get((one.address, one.reading, one.location), [])]
    return _Reading(asked, tuple(fitting), tuple(sorted(set(of_unit))))


def _fits(one: Building, asked: Asked, variants: set[Variant]) -> bool:
    """Whether nothing that was told speaks against a building."""
    told, there = (one.asked_type, one.asked_direction), (one.type, one.direction)
    if any(asked_part and part and asked_part != part for asked_part, part in zip(told, there, strict=True)):
        return False
    if one.found_by == "similar":  # a street that the register has is no slip for another
        return not any(can_be(variant, (asked.street, *told)) for variant in variants)
    same_name = {variant[1:] for variant in variants if variant[0] == one.street}
    if there != told and _lacks(there, told) and any(_has(variant, told) for variant in same_name):
        return False  # the register has the street as it was told, and not this number on it
    return one.found_by == "postal" or _fits_place(one, asked)


def _lacks(there: tuple[str, ...], told: tuple[str, ...]) -> bool:
    return any(asked_part and not part for asked_part, part in zip(told, there, strict=True))


def _has(variant: tuple[str, ...], told: tuple[str, ...]) -> bool:
    return all(not asked_part or asked_part == part for asked_part, part in zip(told, variant, strict=True))


def _fits_place(one: Building, asked: Asked) -> bool:
    """Streets repeat within a large city: another postal code must at least be of the same area."""
    return not asked.postal or not one.postal or one.postal[:3] == asked.postal[:3]


def _strongest(found: Sequence[Building]) -> list[Building]:
    """Each building once, found best: by postal code if any was, and by every part of the street if any was."""
    by_how = [[one for one in found if one.found_by == how] for how in ("postal", "place", "similar")]
    best = next((of for of in by_how if of), [])
    exact = [one for one in best if one.exact] or best
    return list({one.location: one for one in sorted(exact, key=_order, reverse=True)}.values())[::-1]


def _order(one: Building) -> tuple[str, ...]:
    return (one.location, one.street, one.type, one.direction, one.municipality, one.postal)


def _of_reading(reading: _Reading, asked: Sequence[Asked], variants: set[Variant]) -> Verdict:
    """One use for all that fits a reading; unknown where it can be one of several places that differ."""
    premises: dict[tuple[object, str], list[Building]] = {}
    for one in reading.buildings:
        street = same_street(one.street, one.type, one.direction)
        premises.setdefault((street, one.municipality), []).append(one)
    verdicts = [_of_premises(reading, of) for of in premises.values()]
    if len({one.use for one in verdicts}) > 1:
        return _disagreeing(verdicts)
    if _ambiguous(reading, asked, {street for street, _ in premises}, variants):
        return Verdict(UNKNOWN, verdicts[0].basis, LOW, _AMBIGUOUS, possible=verdicts[0].use == RESIDENTIAL)
    return verdicts[0]


_AMBIGUOUS = (
    "several streets there have that name, and what is told does not say which: on one of them the number was found,"
    " on another it was not"
)


def _ambiguous(reading: _Reading, asked: Sequence[Asked], found: set[object], variants: set[Variant]) -> bool:
    """Without the postal code, a street that is not fully told can be one that lacks the number."""
    if any(one.found_by != "place" or one.exact for one in reading.buildings):
        return False
    told = [one for one in asked if one.reading == reading.asked.reading]
    possible = [
        variant for variant in variants if any(can_be(variant, (one.street, one.type, one.direction)) for one in told)
    ]
    return any(same_street(*variant) not in found for variant in possible)


def can_be(variant: Variant, told: Variant) -> bool:
    """Whether a street of the register can be the one that is told: of its name, and of no other type or direction."""
    return variant[0] == told[0] and _has(variant[1:], told[1:])


def _of_premises(reading: _Reading, buildings: Sequence[Building]) -> Verdict:
    """The unit's own use, or that of the building."""
    one, asked = buildings[0], reading.asked
    uses = Uses(*(sum(of) for of in zip(*(building.uses for building in buildings), strict=True)))
    here = reading.units
    if here:
        use = unit_use(here)
        confidence = _confidence(one, asked, len(buildings) > 1, len(here) > 1)
        return Verdict(use, "nar_unit", confidence, _UNIT.format(use=_WORDS[use]), here[0].address, one, uses)
    use = building_use(uses)
    not_found = bool(asked.unit)
    confidence = _confidence(one, asked, len(buildings) > 1, not_found, use == RESIDENTIAL and bool(uses.n4))
    why = _BUILDING.format(unit="the unit is not in the register; " if not_found else "", mix=mix(uses))
    return Verdict(use, "nar_building", confidence, why, one.location, one, uses)


_WORDS = {
    RESIDENTIAL: "residential",
    MIXED: "partly residential",
    NON_RESIDENTIAL: "not residential",
    UNKNOWN: "unknown",
}
_UNIT = "the unit's own use is recorded as {use}"
_BUILDING = "{unit}the addresses recorded at this number: {mix}"


def mix(uses: Uses) -> str:
    """The uses of several addresses in words, such as "40 are residential, 2 of unknown use"."""
    named = zip(("residential", "partly residential", "not residential", "of unknown use"), uses, strict=True)
    return ", ".join(f"{count:,} {words}" for words, count in named if count) or "none is left"


def _confidence(one: Building, asked: Asked, *doubts: bool) -> str:
    """High where the postal code and every part of the street agree; each step that was needed lowers it."""
    steps = sum((one.found_by == "place", not one.exact, *doubts)) + 2 * (
        one.found_by == "similar" or asked.reading > 0
    )
    return _LEVELS[min(steps, 2)]


def _disagreeing(verdicts: Sequence[Verdict]) -> Verdict:
    uses = " and ".join(dict.fromkeys(_WORDS[one.use] for one in verdicts))
    why = f"what is told fits several places in the register, and they disagree: {uses}"
    return Verdict(UNKNOWN, verdicts[0].basis, LOW, why, possible=any(one.use == RESIDENTIAL for one in verdicts))


def _unproven(reading: _Reading) -> Verdict:
    """A number that is there only if the address is read another way, as 53-55 can be unit 53 of 55 or both houses."""
    of = _of_premises(reading, reading.buildings)
    number = reading.asked.civic
    why = f"only if it is read as number {number} is it in the register; nothing shows that it is to be read so"
    return Verdict(UNKNOWN, "nar_building", LOW, why, possible=of.use == RESIDENTIAL)


def _unfit(asked: Asked, found: object) -> Verdict | None:
    if not found:
        return None
    why = f"number {asked.civic} is in the register on a street of that name, but of another type, direction or area"
    return Verdict(UNKNOWN, "nar_building", LOW, why)
