"""Which questions are asked of which records, one after the other, and the records behind what they flag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tradeanalytics.addressed import Addressed, doors_of
from tradeanalytics.detectors import (
    benford,
    in_common,
    networks,
    parts,
    recorded,
    redflags,
    relabelling,
    traders,
    unit_values,
)
from tradeanalytics.detectors.changepoints import changepoints
from tradeanalytics.detectors.drops import drops
from tradeanalytics.detectors.flow_series import flow_series
from tradeanalytics.detectors.parts import Part
from tradeanalytics.detectors.series import month_of
from tradeanalytics.detectors.shipped import ROLES, kept
from tradeanalytics.engine import Engine, literal
from tradeanalytics.parties.names import name
from tradeanalytics.screened import Screened
from tradeanalytics.shipments import Which


@dataclass(frozen=True)
class Known:
    """What else is known of the parties: what screening and their addresses gave, and which parts are looked for."""

    screened: Screened | None = None
    addressed: Addressed | None = None
    parts: Sequence[Part] = ()
    invented: bool = False


def of_shipments(
    engine: Engine,
    folder: Path,
    which: Which | None = None,
    *,
    since: str,
    absent: int = 24,
    known: Known | None = None,
) -> Iterator[pd.DataFrame]:
    """FINDINGS of each detector of shipments in turn, with its usual thresholds.

    `since` ("2022-03") is the month of the event: what is new, gone, relabelled or grown is held against it. `absent`:
    months without a record after which a trader is new. The shipments are written once to `folder`, for all.
    """
    month_of(since)
    asked, also = kept(engine, folder, which), known or Known()
    for found in _all(engine, asked, since, absent, also):
        yield found.assign(invented=found["invented"] | also.invented)  # an answer without a unit stands on them, too


def _all(engine: Engine, asked: Which, since: str, absent: int, known: Known) -> Iterator[pd.DataFrame]:
    yield from _of_goods(engine, asked)
    yield from _of_traders(engine, asked, since, absent)
    yield from _of_networks(engine, asked, known)
    yield from _of_parties(engine, asked, known)


def _of_goods(engine: Engine, which: Which) -> Iterator[pd.DataFrame]:
    """Prices first, since the flag of a trader's prices stands on them."""
    prices = unit_values.unit_values(engine, which)
    yield prices
    yield redflags.prices(engine, prices, which)


def _of_traders(engine: Engine, which: Which, since: str, absent: int) -> Iterator[pd.DataFrame]:
    for role in ROLES:
        found = traders.entrants(engine, since, which, role=role, months=absent)
        yield found
        if role == "consignee":
            yield redflags.dormant(found)
        yield traders.vanished(engine, which, role=role)
        yield traders.before_after(engine, since, which, role=role)
    yield traders.concentration(engine, which)
    yield benford.benford(engine, which)
    yield relabelling.relabelled(engine, since, which)
    yield relabelling.mix_shift(engine, since, which)
    yield redflags.phone_country(engine, which)
    yield redflags.new_buyers(engine, which)
    yield redflags.transshipped(engine, which)
    yield redflags.elsewhere(engine, which)


def _of_networks(engine: Engine, which: Which, known: Known) -> Iterator[pd.DataFrame]:
    trade = networks.Trade(engine, which)
    yield networks.islands(trade)
    yield networks.between(trade)
    yield networks.stars(trade)
    for role in ROLES:
        yield in_common.shared_phones(engine, which, role=role)
    yield in_common.shared_makers(engine, which)
    if known.screened is not None:
        yield networks.paths(trade, _alerting(known.screened), most=1)  # with two steps every buyer of a big seller is
    if known.addressed is not None:
        yield networks.shared_premises(doors_of(known.addressed.places), invented=known.invented)


def _of_parties(engine: Engine, which: Which, known: Known) -> Iterator[pd.DataFrame]:
    if known.parts:
        yield parts.parts_named(engine, known.parts, which)
    if known.screened is not None:
        yield recorded.on_a_list(known.screened, which, invented=known.invented)
    if known.addressed is not None:
        lists = known.screened is not None
        yield recorded.addresses(known.addressed, which, lists=lists, invented=known.invented)


def _alerting(found: Screened) -> list[str]:
    """The keys of the parties that may be listed."""
    alerts = found.outcomes[found.outcomes["outcome"] == "alert"]
    return sorted({name(text).key for text in alerts["name"]})


def of_flows(engine: Engine, file_id: str, *, month: str) -> Iterator[pd.DataFrame]:
    """FINDINGS of each detector of monthly series in turn, for every series of a file: what fell or rose in a month.

    Of each flow the customs figures are taken where there are any, and those that keep their seasons; total exports
    only where the file does not have their parts.
    """
    series = pd.concat(
        [
            flow_series(engine, file_id, which=(one["flow"],), **{name: one[name] for name in _COUNTED_AS})
            for one in _flows_of(engine, file_id)
        ],
        ignore_index=True,
    )
    yield drops(series, month)
    yield changepoints(series, before=month_of(month).astype(object).year)


_COUNTED_AS = ("reporter", "basis", "seasonal_adjustment")


def _flows_of(engine: Engine, file_id: str) -> list[dict[str, str]]:
    """A row a flow of the file, with how it is counted; none where it has no monthly flows."""
    there = engine.sql(
        f"SELECT DISTINCT flow, {', '.join(_COUNTED_AS)} FROM flows WHERE file_id = {literal(file_id)} AND months = 1"
    )
    first = there.sort_values([*_COUNTED_AS], ascending=[True, False, False])  # customs and unadjusted come last
    one = first.drop_duplicates(["reporter", "flow"]).sort_values(["reporter", "flow"])
    in_parts = one["reporter"].isin(one[one["flow"] == "domestic_export"]["reporter"])
    kept = one[~((one["flow"] == "total_export") & in_parts)]
    return [{str(key): str(cell) for key, cell in row.items()} for row in kept.to_dict("records")]
