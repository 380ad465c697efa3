"""How much of the trade the records hold: shipments beside the official figure of the same goods, country and month."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradeanalytics.engine import Engine, literal
from tradeanalytics.flows import NotComparableError
from tradeanalytics.goods import Goods, monthly
from tradeanalytics.shipments import Which

ROLES = ("origin_country", "dispatch_country", "trading_country", "shipper_country", "destination_country")


def coverage(
    engine: Engine, which: Which, official: Goods, *, role: str = "origin_country", digits: int = 6
) -> pd.DataFrame:
    """Shipments over the official cell, by country, code and month, for the country and the goods of `official`.

    Columns: country, hs, period, items, without_value, records_cents, official_cents, coverage (records / official).
    Both are US cents. `coverage` is null where no official figure is known, where it is zero, and where an item of the
    records has no value: it is then a part of an unknown whole. Above 1 the two count different things (the country of
    origin or of dispatch, the month of arrival or of release, goods under another code). `role` is the country of a
    shipment that the official partner stands for. Raises NotComparableError for figures in another currency, of
    several partners at once, or of files that are invented beside records that are not.
    """
    if role not in ROLES:
        raise NotComparableError(f"role: {role!r}, expected one of {', '.join(ROLES)}")
    if official.currency != "USD" or not official.partner:
        raise NotComparableError("coverage needs official figures in US dollars, of a partner that is named")
    records = _records(engine, which, official, role, digits)
    _refuse_invented_beside_real(records, official)
    cells = monthly(engine, official, by=["partner", f"hs{digits}"])
    known = cells.rename(columns={"partner": "country", f"hs{digits}": "hs", official.value: "official_cents"})
    keys = ["country", "hs", "period"]
    table = records.drop(columns="invented").merge(known[[*keys, "official_cents"]], on=keys, how="left")
    usable = (table["official_cents"] > 0) & (table["without_value"] == 0)
    share = table["records_cents"].astype("Float64") / table["official_cents"].astype("Float64").where(usable)
    return table.assign(coverage=share)[
        [*keys, "items", "without_value", "records_cents", "official_cents", "coverage"]
    ]


def _records(engine: Engine, which: Which, official: Goods, role: str, digits: int) -> pd.DataFrame:
    countries = ", ".join(literal(code) for code in official.partner or ())
    codes = " OR ".join(f"starts_with(hs, {literal(code)})" for code in official.hs or ("",))
    return engine.sql(
        f"""
SELECT {role} AS country, substr(hs, 1, {int(digits)}) AS hs, month AS period, count(*) AS items,
       count(*) - count(value_usd_cents) AS without_value, CAST(sum(value_usd_cents) AS BIGINT) AS records_cents,
       bool_or(invented) AS invented
FROM ({which.sql()})
WHERE {role} IN ({countries}) AND length(hs) >= {int(digits)} AND month IS NOT NULL AND ({codes})
GROUP BY ALL
ORDER BY country, hs, period
"""
    )


def _refuse_invented_beside_real(records: pd.DataFrame, official: Goods) -> None:
    if len(records) and bool(records["invented"].any()) != official.invented:
        raise NotComparableError("invented records or figures (of a SYNTHETIC file) are not held against real ones")


def covered(engine: Engine, which: Which, official: Goods, *, role: str = "origin_country") -> dict[str, Any]:
    """One figure for a chart of shipments: months, records_cents, official_cents, coverage, of the months both have.

    `coverage` is null where nothing official is known of the goods in any month of the records.
    """
    table = coverage(engine, which, official, role=role)
    both = table[table["coverage"].notna()]
    known = int(both["official_cents"].sum())
    return {
        "months": int(both["period"].nunique()),
        "records_cents": int(both["records_cents"].sum()),
        "official_cents": known,
        "coverage": int(both["records_cents"].sum()) / known if known else None,
    }
