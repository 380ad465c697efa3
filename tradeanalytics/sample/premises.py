"""Invented streets and the buildings on them: what the sample's register of addresses holds.

No map has these streets. Nor has any post office the postal codes, though each is one in form: a 0 in the second place
is for rural delivery, and the cities of Toronto (M) and Montréal (H) have none but H0H and H0M. The points lie in open
water, in Lake Ontario south of Toronto and in Lac Saint-Louis beside Montréal, where nobody's house can be meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# BU_USE of the register.
HOME, PARTLY, NO_HOME, NOT_TOLD = 1, 2, 3, 4

ONTARIO, QUEBEC = "35", "24"


@dataclass(frozen=True)
class Street:
    """A street as the register spells it; `mail`: the municipality of its post, which can be a part of the city."""

    name: str
    type: str
    direction: str
    city: str
    mail: str
    province: str = ONTARIO


@dataclass(frozen=True)
class Building:
    """One building: its addresses as pairs of unit and use, "" for a unit where it has none.

    `spot`: latitude and longitude in ten-thousandths of a degree. `twin`: tells two records of one building apart.
    """

    street: Street
    civic: int
    postal: str
    addresses: tuple[tuple[str, int], ...]
    spot: tuple[int, int]
    twin: str = ""


VELMARACRE = Street("Velmaracre", "CRES", "", "Toronto", "NORTH YORK")
BRENDOVAR = Street("Brendovar", "RD", "", "Toronto", "SCARBOROUGH")
TOLVESSA = Street("Tolvessa", "AVE", "W", "Toronto", "TORONTO")
QUILMERE = Street("Quilmere", "ST", "", "Toronto", "SCARBOROUGH")
OSDRIVAN = Street("Osdrivan", "DR", "", "Toronto", "TORONTO")
YELVARRO = Street("Yelvarro", "LANE", "", "Toronto", "NORTH YORK")
KERVANDEL = Street("Kervandel", "BOUL", "O", "Montréal", "MONTREAL", QUEBEC)
BELZOVINE = Street("Belzovine", "RUE", "", "Montréal", "MONTREAL", QUEBEC)


def _units(floors: Iterable[int], doors: int, use: int) -> tuple[tuple[str, int], ...]:
    return tuple((f"{floor}{door:02d}", use) for floor in floors for door in range(1, doors + 1))


def _row(street: Street, civics: Iterable[int], postal: str, start: tuple[int, int], use: int = HOME) -> list[Building]:
    """Houses in a row, some fifteen metres from one to the next."""
    latitude, longitude = start
    return [
        Building(street, civic, postal, (("", use),), (latitude, longitude + 2 * n)) for n, civic in enumerate(civics)
    ]


TOWER = Building(TOLVESSA, 2200, "M0X0X2", _units(range(2, 12), 5, NO_HOME), (435_512, -793_207))
FLATS = Building(
    QUILMERE,
    55,
    "M0X0X3",
    (*_units(range(1, 13), 4, HOME), ("PH01", HOME), ("PH02", NOT_TOLD)),
    (435_934, -792_318),
)
SHOPS_BELOW = Building(
    QUILMERE, 310, "M0X0X4", (*_units([1], 2, NO_HOME), *_units([2, 3], 3, HOME)), (435_901, -792_250)
)
BUREAUX = Building(KERVANDEL, 4115, "H0X0X1", _units(range(1, 6), 4, NO_HOME), (454_012, -738_105))
_TWINS = tuple(  # one building that two sources told the register of, as a house and as no house
    Building(YELVARRO, 18, "M0X0X6", (("", use),), (435_188, -793_640), twin)
    for twin, use in (("a", HOME), ("b", NO_HOME))
)
BUILDINGS = (
    *_row(VELMARACRE, range(4459, 4484), "M0X0X0", (435_710, -793_890)),
    *_row(VELMARACRE, range(4485, 4488), "M0X0X0", (435_708, -793_880), NOT_TOLD),
    *_row(BRENDOVAR, range(1, 41), "M0X0X1", (435_823, -791_960)),
    TOWER,
    FLATS,
    SHOPS_BELOW,
    Building(QUILMERE, 312, "M0X0X4", (("", PARTLY),), (435_901, -792_246)),
    *_row(OSDRIVAN, range(71, 80, 2), "M0X0X5", (435_350, -794_410), NO_HOME),
    *_row(OSDRIVAN, (90,), "M0X0X5", (435_347, -794_398), NOT_TOLD),
    *_row(YELVARRO, (*range(2, 18, 2), *range(20, 42, 2)), "M0X0X6", (435_190, -793_660)),
    *_TWINS,
    BUREAUX,
    *_row(BELZOVINE, range(100, 120, 2), "H0X0X2", (454_051, -738_240)),
)
# What the register tells of mail that goes to no number on a street: it has no CIVIC_NO.
BOXES = ("PO Box 432", "RR2 Site19 Box42")


def building(street: Street, civic: int) -> Building:
    """The building at a number; of two records of one, the first."""
    return next(one for one in BUILDINGS if (one.street, one.civic) == (street, civic))
