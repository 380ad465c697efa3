"""Companies of the sample whose addresses are worth a look, how they write them, and what must be found of each.

Some are homes, most are not, and of some nothing can be looked up. All are invented; the buildings are those of
`premises`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tradeanalytics.sample import cast
from tradeanalytics.sample.cast import ORDINARY, PRIORITY, Company, Good
from tradeanalytics.sample.deals import MONTHS, Market, declare
from tradeanalytics.sample.premises import (
    BRENDOVAR,
    BUREAUX,
    FLATS,
    OSDRIVAN,
    SHOPS_BELOW,
    TOWER,
    VELMARACRE,
    YELVARRO,
    Building,
    building,
)

STORY = "addresses"
MOVED = date(2022, 6, 14)  # the first day of the second address of the company that has two
# Neither subjects of a story nor on the sample's lists.
_BUYERS = cast.IMPORTERS[24:34]
# Machinery, parts and the like: sold from anywhere. None is on the common high priority list.
_WARES = ORDINARY[7:]


@dataclass(frozen=True)
class Placed:
    """A company with a Canadian address, and what the register of the sample tells of it.

    `at`, `unit`: the building and unit that the register has of it. `flags`: codes of the red flags that it shows.
    """

    company: Company
    use: str
    basis: str
    at: Building | None = None
    unit: str = ""
    flags: tuple[str, ...] = ()
    months: tuple[int, ...] = (4, 15)  # of its declarations, by their place in MONTHS
    goods: tuple[Good, ...] = _WARES


def _canadian(name: str, address: str) -> Company:
    return Company(f"SYNTHETIC {name}", "CA", address)


_MORE_AND_MORE = (9, 12, 14, 16, 18, 20, 22, 23, 25)
HOMES = (
    Placed(
        cast.NORVELLA,
        use="residential",
        basis="nar_building",
        at=building(VELMARACRE, 4471),
        flags=("A1", "A6"),
        months=(),  # the front company: its deals are a story of their own
    ),
    Placed(  # the number behind the street, as Russian addresses have it
        _canadian("TRELVANDO TRADING INC", "КАНАДА, M0X 0X1, ONTARIO, TORONTO, BRENDOVAR ROAD 17"),
        use="residential",
        basis="nar_building",
        at=building(BRENDOVAR, 17),
        flags=("A1",),
        months=_MORE_AND_MORE,
        goods=(*PRIORITY[:6], *_WARES[:3]),
    ),
    Placed(
        _canadian("OBRELIXA INC", "#1203 -55 QUILMERE ST., SCARBOROUGH, ON M0X0X3 CANADA"),
        use="residential",
        basis="nar_unit",
        at=FLATS,
        unit="1203",
        flags=("A1",),
        months=(10, 17, 21, 24),
        goods=(PRIORITY[5], PRIORITY[7], *_WARES[:2]),
    ),
    Placed(  # a firm run from home, of no interest; Cyrillic letters in the postal code, nothing between the parts
        _canadian("PELVARINA LTD", "КАНАДА,ONTARIO,TORONTO,М0Х 0Х0,4475 VELMARACRE CRES."),
        use="residential",
        basis="nar_building",
        at=building(VELMARACRE, 4475),
        flags=("A1",),
        months=(3, 11, 19, 26),
    ),
)
OTHERS = (
    Placed(
        _canadian("DORVANIQ CORP", "90 OSDRIVAN DRIVE TORONTO ONTARIO M0X0X5 CANADA"),
        use="unknown",  # BU_USE 4 is not "no home"
        basis="nar_building",
        at=building(OSDRIVAN, 90),
    ),
    Placed(
        _canadian("MELQUERIX INC", "P.O. BOX 432 STN A, TORONTO, ON M0X 0X7, CANADA"),
        use="po_box",
        basis="rule",
        flags=("A4",),
    ),
    Placed(
        _canadian("FARNODIL INC", "КАНАДА, ON, R.R. #2, SITE 19 BOX 42, CALEDON"),
        use="rural_route",
        basis="rule",
        flags=("A4",),
    ),
    Placed(_canadian("VOLTARIMA LTD", "КАНАДА, ТОРОНТО"), use="unknown", basis="rule", flags=("A5",)),
    Placed(  # H is Québec's: which of the two is wrong, nobody knows, so that the number is not taken for found
        _canadian("HESTROVAN INC", "КАНАДА, ON, H0X 0X1, TORONTO, 24 BRENDOVAR RD"),
        use="unknown",
        basis="nar_building",
        flags=("A8",),
    ),
    Placed(
        _canadian("KILMORDAX LTD", "310 QUILMERE STREET, SCARBOROUGH ONT. CANADA M0X 0X4"),
        use="mixed",  # two shops below six flats, and the unit is not told
        basis="nar_building",
        at=SHOPS_BELOW,
    ),
    Placed(
        _canadian("ZENTOVIR CORP", "КАНАДА, M0X 0X6, TORONTO, YELVARRO LANE 18"),
        use="mixed",  # the register has it twice, as a house and as no house
        basis="nar_building",
        at=building(YELVARRO, 18),
    ),
    Placed(  # the street ends at 40
        _canadian("UPRENDOL INC", "399 YELVARRO LANE, NORTH YORK, ON, M0X 0X6"),
        use="unknown",
        basis="nar_postal_prior",
        flags=("A10",),
    ),
    Placed(
        _canadian("BOREALTIX INC", "4115 BOUL. KERVANDEL O., BUREAU 304, MONTREAL (QUEBEC) H0X 0X1"),
        use="non_residential",
        basis="nar_unit",
        at=BUREAUX,
        unit="304",
    ),
    Placed(
        _canadian("WESTORVAL LTD", "UNIT 7, 75 OSDRIVAN DR TORONTO ON M0X 0X5 CANADA TEL 416-555-0134"),
        use="non_residential",  # the unit is not in the register, and all that is there is no home
        basis="nar_building",
        at=building(OSDRIVAN, 75),
        unit="7",
    ),
)
_STEMS = ("BOLV", "CREND", "DASK", "FLOM", "GRUNT", "HAZV", "JULP", "KRAM")
_TOWER_WORDS = [stem + end for stem in _STEMS for end in ("ADORO", "ENTIX", "IMBRA", "OSTIQ", "UVELLO")]
_TOWER_FORMS = (
    "КАНАДА, ON, M0X 0X2, TORONTO, TOLVESSA AVE W 2200, OFFICE {unit}",
    "{unit}-2200 TOLVESSA AVENUE WEST, TORONTO, ON M0X 0X2, CANADA",
    "2200 TOLVESSA AVE. W. SUITE {unit} TORONTO ONTARIO M0X0X2",
    "#{unit}, 2200 TOLVESSA AVE W, TORONTO, ON, CANADA, M0X-0X2",
    "КАНАДА, М0Х 0Х2, ТОРОНТО, 2200 TOLVESSA AVE W, UNIT{unit}",  # М and Х are Cyrillic
)
# Forty of the fifty suites, one company in each: many doors, and no shared one.
IN_TOWER = tuple(
    Placed(
        _canadian(f"{word} INC", _TOWER_FORMS[place % len(_TOWER_FORMS)].format(unit=unit)),
        use="non_residential",
        basis="nar_unit",
        at=TOWER,
        unit=unit,
        months=(1 + place % 12,),
    )
    for place, (word, (unit, _)) in enumerate(zip(_TOWER_WORDS, TOWER.addresses, strict=False))
)
PLACED = (*HOMES, *OTHERS, *IN_TOWER)

# Four companies in one room of Hong Kong, and a fifth in the one to which the last of them moves.
ROOM = "Room 1207, 12/F, Orvante Centre, 88 Yelmour Street, Kowloon, Hong Kong"
IN_ROOM = tuple(
    Company(f"SYNTHETIC {word} LTD", "HK", address)
    for word, address in (
        ("ARDELVOX", "RM 1207, 12/F, ORVANTE CENTRE, 88 YELMOUR STREET, KOWLOON, HONG KONG"),
        ("CASTIVELO", "ГОНКОНГ, KOWLOON, ROOM 1207, 12/F., ORVANTE CENTRE, 88 YELMOUR ST"),
        ("EMBRAZOR", "UNIT 1207, 12/F., ORVANTE CENTRE, 88 YELMOUR STREET, KOWLOON, HONG KONG"),
        ("GILDARUN", "FLAT/RM 1207, 12/F, ORVANTE CENTRE, 88 YELMOUR STREET, KOWLOON, HK"),
    )
)
MOVES = replace(IN_ROOM[-1], address="ГОНКОНГ, KOWLOON, FLAT 5, 3/F, 140 DULVANE RD")
FIFTH = Company("SYNTHETIC INVARTEL LTD", "HK", "FLAT 5, 3/F, 140 DULVANE ROAD, KOWLOON, HONG KONG")
COMPANIES = (*(one.company for one in PLACED if one.company is not cast.NORVELLA), *IN_ROOM, FIFTH)


def trade(market: Market) -> None:
    """What they ship: each first seen before the invasion, so that no story of newcomers gains one; none after March
    2023, so that the later dump, which begins in April, stays as it was."""
    for one in PLACED:
        for month in one.months:
            _ship(market, one.company, MONTHS[month], one.goods)
    for place, company in enumerate((*IN_ROOM, FIFTH)):
        for month in (2 + place, 8 + place):
            _ship(market, company, MONTHS[month], PRIORITY)
    for day in (MOVED, date(2022, 11, 3), date(2023, 2, 20)):
        declare(market, day, market.random.choice(_BUYERS), MOVES, [market.random.choice(PRIORITY)], story=STORY)


def _ship(market: Market, company: Company, month: date, goods: Sequence[Good]) -> None:
    """One declaration of one good."""
    good = market.random.choice(goods)
    declare(market, market.day(month), market.random.choice(_BUYERS), company, [good], story=STORY)
