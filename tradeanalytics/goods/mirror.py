"""Both sides of one trade: what an exporter says it sent, and what the partner says it received."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tradeanalytics.engine import Engine
from tradeanalytics.flows import NotComparableError
from tradeanalytics.goods.asked import Goods
from tradeanalytics.goods.sums import monthly

_SENT = ("total_export", "domestic_export", "re_export")
CIF_MARGIN = 0.06  # what freight and insurance add, as a rule


def mirror(
    engine: Engine,
    sent: Goods,
    received: Goods,
    *,
    by: Sequence[str] = (),
    cif_margin: float = CIF_MARGIN,
    cad_per_usd: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Month by month, and for each group of `by` (hs2 to hs6), the two reports of one trade, in cents of one currency.

    Columns: reporter (who sent), partner, *by, period, sent_cents, received_cents (as reported, in the currency of
    `received`), received_fob_cents (less `cif_margin` where the partner counts freight and insurance), gap_share (1 -
    received_fob / sent, null without both), currency, sent_valuation, received_valuation. A gap is a lead: delays, the
    country of origin against the one of dispatch, and goods that are left out of one side make one too. `cad_per_usd`
    (period, cad_per_unit) is the rate of each month, where one side is in Canadian dollars. Source: METHODS, mirror
    gap. Raises NotComparableError for two reports that are not of one trade.
    """
    _refuse_other_trade(sent, received)
    sides = [_side(engine, which, name, by) for which, name in ((sent, "sent"), (received, "received"))]
    table = sides[0].merge(sides[1], on=[*by, "period"], how="inner", validate="one_to_one")
    table["sent_cents"] = _in_currency(table, sent, received, cad_per_usd)
    counted = 1 + cif_margin if received.valuation == "cif" else 1.0
    fob = table["received_cents"].astype("Float64") / counted
    share = gap_share(table["sent_cents"], table["received_cents"], counted)
    told = {
        "reporter": sent.reporter,
        "partner": received.reporter,
        "currency": received.currency,
        "sent_valuation": sent.valuation,
        "received_valuation": received.valuation,
    }
    columns = [
        "reporter",
        "partner",
        *by,
        "period",
        "sent_cents",
        "received_cents",
        "received_fob_cents",
        "gap_share",
        *list(told)[2:],
    ]
    return table.assign(received_fob_cents=fob.round().astype("Int64"), gap_share=share, **told)[columns]


def gap_share(sent: pd.Series, received: pd.Series, counted: float | pd.Series) -> pd.Series:
    """The part of what was sent that was not received, `counted` times as high as where it was sent; null without both.

    >>> round(float(gap_share(pd.Series([28]), pd.Series([9]), 1.0)[0]), 3)
    0.679
    """
    return 1 - received.astype("Float64") / counted / sent.astype("Float64").where(sent > 0)


def _side(engine: Engine, which: Goods, name: str, by: Sequence[str]) -> pd.DataFrame:
    table = monthly(engine, which, by=by)
    return table[[*by, "period", which.value]].rename(columns={which.value: f"{name}_cents"})


def _refuse_other_trade(sent: Goods, received: Goods) -> None:
    told = f"{sent.reporter} {sent.flow} and {received.reporter} {received.flow}"
    if sent.flow not in _SENT or received.flow != "import":
        raise NotComparableError(f"{told} are no mirror: expected exports of one side and imports of the other")
    if sent.partner != (received.reporter,) or received.partner != (sent.reporter,):
        raise NotComparableError(
            f"{told} are no mirror: expected each to have the other for its partner, found"
            f" {', '.join(sent.partner or ('all',))} and {', '.join(received.partner or ('all',))}"
        )
    if (sent.hs, sent.months) != (received.hs, received.months):
        raise NotComparableError(f"{told} are of other goods or other periods: ask both for the same")
    if sent.invented != received.invented:
        raise NotComparableError(f"{told}: an invented side (of a SYNTHETIC file) is not compared with a real one")


def _in_currency(table: pd.DataFrame, sent: Goods, received: Goods, cad_per_usd: pd.DataFrame | None) -> pd.Series:
    """What was sent, in whole cents of the currency of what was received; null in a month without a rate."""
    if sent.currency == received.currency:
        return table["sent_cents"]
    if cad_per_usd is None:
        raise NotComparableError(
            f"{sent.currency} is not comparable with {received.currency} without the rates: see reference.currency"
        )
    rates = cad_per_usd.set_index("period")["cad_per_unit"]
    rate = table["period"].map(rates).astype("Float64")
    factor = 1 / rate if sent.currency == "CAD" else rate
    return (table["sent_cents"].astype("Float64") * factor).round().astype("Int64")
