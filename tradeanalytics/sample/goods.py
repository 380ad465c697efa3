"""Invented trade by HS code whose sums are real: by partner and month it is what the publisher gave.

The story in it is invented too: goods of the common high priority list go to Russia until March 2022 and no longer,
while their share in what goes to three other partners grows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from tradeanalytics.sample.lists import REST, STATES
from tradeanalytics.sample.published import Totals
from tradeanalytics.sample.wares import ORDINARY, PRIORITY, Ware

LAST_TO_RUSSIA = "202203"
THIRD = ("TR", "HK", "SG")  # the partners of the invented detour
_BEFORE_DETOUR = 202202
# Dollars of priority goods in a thousand of each flow, and how many more with each month of the detour.
_USUAL = {"domestic_export": 15, "re_export": 60}
_TO_RUSSIA = {"domestic_export": 80, "re_export": 300}
_MORE = {"domestic_export": 15, "re_export": 40}


class Cell(NamedTuple):
    """What names a row of the most detailed table; fields as in `sources.cimt`."""

    period: str
    hs: str
    country: str
    province: str
    state: str
    unit: str


@dataclass
class Amount:
    """Dollars and quantity of a cell."""

    value: int = 0
    quantity: int = 0


Trade = dict[str, dict[Cell, Amount]]  # by flow: domestic_export, re_export


@dataclass(frozen=True)
class Sold:
    """What a partner buys: goods, their weights, and of each the ways it goes (province and state)."""

    partner: str
    wares: tuple[Ware, ...]
    weights: tuple[int, ...]
    ways: tuple[tuple[tuple[str, str], ...], ...]


def make_trade(totals: Totals, random: Random) -> Trade:
    """The cells of both flows by eight-digit code; those of a partner and month sum to its total."""
    trade: Trade = {"domestic_export": defaultdict(Amount), "re_export": defaultdict(Amount)}
    months = sorted({month for _, _, month in totals})
    for partner in sorted({partner for _, partner, _ in totals}):
        code = REST if partner == "OTHER" else partner
        ordinary, priority = _sold(ORDINARY, code, random), _sold(PRIORITY, code, random)
        for month in months:
            for flow, cells in trade.items():
                total = totals[flow, partner, month]
                listed = total * priority_share(flow, code, month) // 1_000
                _spread(cells, ordinary, total - listed, month, random)
                _spread(cells, priority, listed, month, random)
    return trade


def priority_share(flow: str, partner: str, month: str) -> int:
    """Dollars in a thousand that are spent on priority goods.

    >>> [priority_share("domestic_export", "RU", month) for month in ("202203", "202204")]
    [80, 0]
    """
    if partner == "RU":
        return _TO_RUSSIA[flow] if month <= LAST_TO_RUSSIA else 0
    more = max(0, int(month) - _BEFORE_DETOUR) * _MORE[flow] if partner in THIRD else 0
    return _USUAL[flow] + more


def _sold(wares: Sequence[Ware], partner: str, random: Random) -> Sold:
    """The goods of a partner: those meant for it, some that go anywhere, and all where a story needs them."""
    all_of_them = partner in ("RU", "US", *THIRD) and wares is PRIORITY
    kept = [
        ware
        for ware in wares
        if partner in ware.to.split() or (not ware.to and (all_of_them or random.randrange(5) < 2))
    ]
    weights = [ware.weight * random.randrange(50, 151) for ware in kept]
    return Sold(partner, tuple(kept), tuple(weights), tuple(_ways(ware, partner, random) for ware in kept))


def _ways(ware: Ware, partner: str, random: Random) -> tuple[tuple[str, str], ...]:
    first, *others = ware.made.split()
    provinces = [first, *(other for other in others if random.randrange(3) == 0)]
    if partner != "US":
        return tuple((province, "") for province in provinces)
    states = sorted({STATES[random.randrange(len(STATES))] for _ in range(2)})
    states += ["US"] if random.randrange(4) == 0 else []
    return tuple((province, state) for province in provinces for state in states)


def _spread(cells: dict[Cell, Amount], sold: Sold, dollars: int, month: str, random: Random) -> None:
    """Share dollars of a month out among the goods, their eight-digit codes and their ways."""
    for ware, ways, share in zip(sold.wares, sold.ways, split(dollars, sold.weights, random), strict=True):
        places = [(*detail, *way) for detail in ware.details for way in ways]
        values = split(share, [1] * len(places), random)
        for (digits, unit, price, province, state), value in zip(places, values, strict=True):
            hs = ware.code(int(month[:4])) + digits
            if value:
                amount = cells[Cell(month, hs, sold.partner, province, state, unit)]
                amount.value += value
                amount.quantity += _quantity(value, price, random)


def split(total: int, weights: Sequence[int], random: Random) -> list[int]:
    """Whole numbers that sum to a total, about as the weights; any but the first can be left out by chance.

    >>> sum(split(1_000_003, [3, 2, 1], Random(1)))
    1000003
    """
    drawn = [
        weight * random.randrange(60, 141) if place == 0 or random.randrange(8) else 0
        for place, weight in enumerate(weights)
    ]
    shares = [total * weight // sum(drawn) for weight in drawn]
    return [shares[0] + total - sum(shares), *shares[1:]]


def _quantity(value: int, price: int, random: Random) -> int:
    """About what the dollars buy; zero without a price, and on some rows that have one, as the publisher has it."""
    return 0 if not price or random.randrange(12) == 0 else value * 100 // (price * random.randrange(80, 121))


def total_exports(trade: Trade) -> dict[Cell, Amount]:
    """Domestic exports and re-exports by cell; total exports are published without the province."""
    sums: dict[Cell, Amount] = defaultdict(Amount)
    for cells in trade.values():
        for cell, amount in cells.items():
            whole = sums[cell._replace(province="")]
            whole.value += amount.value
            whole.quantity += amount.quantity
    return sums
