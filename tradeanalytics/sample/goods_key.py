"""The answers of the sample's trade by HS code, in Canadian dollars, counted on the true cells, never on the zips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tradeanalytics.sample.goods import THIRD, Amount, Cell, Trade, total_exports
from tradeanalytics.sample.key import Key
from tradeanalytics.sample.lists import REST
from tradeanalytics.sample.wares import PRIORITY, TIERS

_WINDOWS = {"2021-03 to 2021-07": ("202103", "202107"), "2022-03 to 2022-07": ("202203", "202207")}
_CODES = {ware.code(year): TIERS[ware.hs6] for ware in PRIORITY for year in (2021, 2022)}  # of both editions

Cells = Mapping[Cell, Amount]


def goods_key(trade: Trade) -> Key:
    """What a reader of the zips must find; a code of 2021 counts where the codes that came of it are listed."""
    domestic, total = trade["domestic_export"], total_exports(trade)
    flows = {"domestic_export": domestic, "total_export": total}
    return {
        "real": "The sums by partner and month: table 12-10-0119, October 2022. All else is invented.",
        "other_countries": REST,
        "dollars_to_russia": {flow: _by_month(cells, "RU") for flow, cells in flows.items()},
        "priority_codes": sorted(_CODES),
        "codes_new_in_2022": {ware.hs6: ware.code(2021) for ware in PRIORITY if ware.code(2021) != ware.hs6},
        "last_month_of_priority_to_russia": max(cell.period for cell in _priority(total, "RU")),
        "priority_to_russia_by_tier": {flow: _by_window(cells, "RU") for flow, cells in flows.items()},
        "priority_to_third_partners_by_tier": {partner: _by_window(total, partner) for partner in THIRD},
    }


def _by_month(cells: Cells, partner: str) -> dict[str, int]:
    months: Counter[str] = Counter()
    for cell, amount in cells.items():
        if cell.country == partner:
            months[cell.period] += amount.value
    return dict(sorted(months.items()))


def _priority(cells: Cells, partner: str) -> dict[Cell, Amount]:
    return {cell: amount for cell, amount in cells.items() if cell.country == partner and cell.hs[:6] in _CODES}


def _by_window(cells: Cells, partner: str) -> dict[str, dict[str, int]]:
    listed = _priority(cells, partner)
    return {name: _by_tier(listed, *window) for name, window in _WINDOWS.items()}


def _by_tier(cells: Cells, first: str, last: str) -> dict[str, int]:
    tiers: Counter[str] = Counter()
    for cell, amount in cells.items():
        if first <= cell.period <= last:
            tiers[_CODES[cell.hs[:6]]] += amount.value
    return dict(sorted(tiers.items()))
