"""The answers of the sample's addresses: told by the cast and counted on the true items, never found by a parser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from tradeanalytics.sample.addresses import FIFTH, HOMES, IN_ROOM, IN_TOWER, MOVED, MOVES, PLACED, ROOM, Placed
from tradeanalytics.sample.cast import PRIORITY, Company
from tradeanalytics.sample.deals import Item
from tradeanalytics.sample.key import Key
from tradeanalytics.sample.nar import REGISTER, RELEASED, address_id, addresses_in_register, location_id
from tradeanalytics.sample.premises import BOXES, BUILDINGS, TOWER
from tradeanalytics.sample.watchlists import IN_THE_ROOM

_JUDGED = (
    "Of the companies below: A1 residential, A4 box or rural route alone, A5 no street, A6 registered in another"
    " country, A8 postal code of another province, A10 number not on that street. A home is a lead: firms run from"
    " homes are common and lawful."
)
_CODES = {good.hs[:6] for good in PRIORITY}


def addresses_key(items: Sequence[Item]) -> Key:
    """What the addresses of the first dump must show. `items` holds each declaration item once."""
    return {
        "register": _register(),
        "judged": _JUDGED,
        "companies": [_placed(one, items) for one in PLACED],
        "uses": dict(sorted(Counter(one.use for one in PLACED).items())),
        "homes_by_usd_cents": [name for name, _ in _homes(items)],
        "tower": _tower(),
        "room": _room(items),
    }


def _register() -> Key:
    records = addresses_in_register()
    year, month, day = RELEASED
    return {
        "file": REGISTER,
        "vintage": f"{year}-{month:02d}-{day:02d}",
        "records": records,
        "accepted": records - len(BOXES),
        "set_aside": {"no_civic_number": len(BOXES)},
    }


def _placed(one: Placed, items: Sequence[Item]) -> Key:
    return {
        "name": one.company.name,
        "country": one.company.country,
        "address": one.company.address,
        "use": one.use,
        "basis": one.basis,
        "unit": one.unit,
        "register_ids": _register_ids(one),
        "residential": one.use == "residential",
        "flags": list(one.flags),
        **_shipped(one.company, items),
    }


def _register_ids(one: Placed) -> list[str]:
    """The address in the register where the unit is there, else the building, or each of two records of it."""
    if one.at is None:
        return []
    if one.basis == "nar_unit":
        return [address_id(one.at, one.unit)]
    return [location_id(other) for other in BUILDINGS if (other.street, other.civic) == (one.at.street, one.at.civic)]


def _shipped(company: Company, items: Sequence[Item]) -> Key:
    found = [item for item in items if item.shipper.name == company.name]
    listed = [item.usd_cents for item in found if item.good.hs[:6] in _CODES]
    days = sorted(item.day for item in found)
    return {
        "items": len(found),
        "usd_cents": sum(item.usd_cents for item in found),
        "priority_usd_cents": sum(listed),
        "first_day": days[0].isoformat(),
        "last_day": days[-1].isoformat(),
    }


def _homes(items: Sequence[Item]) -> list[tuple[str, int]]:
    values = {one.company.name: _shipped(one.company, items)["usd_cents"] for one in HOMES}
    return sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))


def _tower() -> Key:
    """Forty companies of one building, none of which shares its suite."""
    return {
        "premises": f"{TOWER.civic} {TOWER.street.name} {TOWER.street.type} {TOWER.street.direction}, Toronto",
        "companies": [one.company.name for one in IN_TOWER],
        "suites": len({one.unit for one in IN_TOWER}),
        "shared_front": False,
    }


def _room(items: Sequence[Item]) -> Key:
    """Every two of a room are joined, and the last of them with the one to whose address it moves."""
    names = [company.name for company in IN_ROOM]
    joined = [*combinations(names, 2), (MOVES.name, FIFTH.name)]
    return {
        "premises": ROOM,
        "companies": names,
        "shared_front": True,
        "listed_party": {"authority": IN_THE_ROOM.authority, "list_id": IN_THE_ROOM.number, "name": IN_THE_ROOM.name},
        "moved": {"name": MOVES.name, "address": MOVES.address, "first_day": MOVED.isoformat(), "flags": ["A9"]},
        "joined_by_second_address": FIFTH.name,
        "projected_edges": [list(pair) for pair in joined],
        "component": sorted({name for pair in joined for name in pair}),
        "shipped": {company.name: _shipped(company, items) for company in (*IN_ROOM, FIFTH)},
    }
