"""The published flows as monthly series: partner by product by flow, with what is no single partner marked as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from tradeanalytics import TradeAnalyticsError, flows
from tradeanalytics.detectors.series_words import say
from tradeanalytics.engine import Engine, literal
from tradeanalytics.flows import Cells
from tradeanalytics.reference import lookup
from tradeanalytics.reference.countries import country_name

FLOWS = ("import", "domestic_export", "re_export")
_LUMPY = ("C21",)  # aircraft and other transport equipment: one delivery is a month's trade
_BY = ("partner", "product")


def flow_series(
    engine: Engine, file_id: str, *, which: Sequence[str] = FLOWS, by: Sequence[str] = _BY, **asked: object
) -> pd.DataFrame:
    """Every series of a raw file, as `series.read` takes them: of each flow, by partner and product or partner alone.

    Columns: series ("CA domestic_export RU C17"), label, period, value_cad_cents or value_eur_cents (null where a cell
    is missing or suppressed: see `flows.monthly`), aggregate, caveat, trace (the SQL that lists the records of the
    series), reporter, flow, partner, product. A partner that the reference marks as a total or a residual carries that
    mark; it is in the table, so that it is in the answer. `asked` goes to `flows.cells`: basis, reporter, product,
    region and the like.

    Raises NotComparableError where the file has no such flow.
    """
    if list(by) not in (["partner"], list(_BY)):
        raise TradeAnalyticsError(f"by {list(by)}: series are by partner, or by partner and product")
    return pd.concat([_one_flow(engine, file_id, flow, list(by), asked) for flow in which], ignore_index=True)


def _one_flow(engine: Engine, file_id: str, flow: str, by: list[str], asked: dict[str, object]) -> pd.DataFrame:
    single = flows.cells(engine, file_id, flow, None, **asked)
    found = [_table(engine, single, by)]
    for total in _totals(engine, file_id):
        # A total whose parts are in the file is left out where partners are summed: it is asked for by itself.
        if not (found[0]["partner"] == total).any():
            found.append(_table(engine, flows.cells(engine, file_id, flow, total, **asked), by))
    return pd.concat(found, ignore_index=True)


def _totals(engine: Engine, file_id: str) -> list[str]:
    there = engine.sql(f"SELECT DISTINCT partner FROM flows WHERE file_id = {literal(file_id)} ORDER BY partner")
    return [code for code in there["partner"] if lookup("partners", "code", "kind").get(code) == "total"]


def _table(engine: Engine, which: Cells, by: list[str]) -> pd.DataFrame:
    months = flows.monthly(engine, which, by=by)
    if "partner" in by and which.partner is not None:
        months = months.assign(partner=which.partner[0])
    units = months[["partner", "product"]].drop_duplicates()
    told = pd.DataFrame([_told(which, *pair) for pair in units.itertuples(index=False)])
    columns = ["partner", "product", "reporter", "flow", "period", flows.value_of(months)]
    return months[columns].merge(told, on=["partner", "product"], how="left", validate="many_to_one")


def _told(which: Cells, partner: str, product: str) -> dict[str, str | None]:
    """What is said of one series; `product` is ALL where the series sums over products."""
    chosen = replace(which, partner=(partner,), product=which.product if product == flows.EVERY else (product,))
    kind = lookup("partners", "code", "kind").get(partner)
    return {
        "partner": partner,
        "product": product,
        "series": " ".join([which.reporter, which.flow, partner, product]),
        "label": _label(which, partner, product),
        "aggregate": kind if kind in ("total", "residual") else None,
        "caveat": say("lumpy") if product in _LUMPY else None,
        "trace": chosen.sql(),
    }


def _label(which: Cells, partner: str, product: str) -> str:
    goods = lookup("napcs_sections", "code", "en").get(product, product)
    everything = product in ("TOTAL", flows.EVERY)
    return say(
        "flow_total" if everything else "flow",
        reporter=country_name(which.reporter, "en"),
        flow=say(which.flow),
        partner=country_name(partner, "en"),
        goods=goods,
    )
