"""Canadian dollars per unit of a foreign currency, by day and month, of the Bank of Canada: table 33-10-0036.

The publisher writes a weekend as 0 or as "..", a holiday as "..", and leaves some days out: none of them has a rate.
Always the newest release that is there.
"""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine, literal
from tradeanalytics.reference import lookup

TABLE = "33-10-0036"


class Rate(NamedTuple):
    """The rate of one day, and the last rate up to it; `series_ends` is the last day for which there is any rate."""

    day: date
    cad_per_unit: float | None
    last_day: date | None
    last_cad_per_unit: float | None
    series_ends: date


def currencies(engine: Engine) -> pd.DataFrame:
    """Which currencies there are: currency, first_day, last_day, stopped (others have rates after its last day)."""
    spans = [(currency, *_span(engine, currency)) for currency in sorted(_dimensions(engine))]
    table = pd.DataFrame(spans, columns=["currency", "first_day", "last_day"])
    return table.assign(stopped=table["last_day"] < table["last_day"].max())


def daily(engine: Engine, currency: str) -> pd.DataFrame:
    """Every day from a currency's first row to its last: day, cad_per_unit (null where none), status as published.

    Raises TradeAnalyticsError when the table or the currency (ISO 4217, such as "USD") is not there.
    """
    rates = engine.sql(
        f"""
SELECT period AS day, CASE WHEN value > 0 THEN value END AS cad_per_unit, status
FROM series
WHERE file_id = {literal(_file(engine))} AND dimensions = {literal(_chosen(engine, currency))}
ORDER BY period
"""
    ).set_index("day")
    return rates.reindex(pd.date_range(rates.index[0], rates.index[-1], name="day")).reset_index()


def monthly(engine: Engine, currency: str) -> pd.DataFrame:
    """Month by month: period (its first day), cad_per_unit (mean of the days with a rate), days, days_missing.

    `days_missing` are the weekdays of the whole month without a rate: holidays, and what lies before the first row or
    after the last. A mean that lacks much of its month is then seen to.
    """
    rates = daily(engine, currency)
    by_month = rates.groupby(rates["day"].dt.to_period("M").dt.to_timestamp().rename("period"))["cad_per_unit"]
    table = by_month.agg(cad_per_unit="mean", days="count").reset_index()
    return table.assign(days_missing=[_weekdays(month) for month in table["period"]] - table["days"])


def on_day(engine: Engine, currency: str, day: date) -> Rate:
    """The rate of a day, null where there is none, and beside it the last one until then: which to use is not settled.

    Compare `last_day` with `day`: once a series has stopped the last rate only grows older.
    """
    known = daily(engine, currency).dropna(subset="cad_per_unit").set_index("day")["cad_per_unit"]
    until = known[: pd.Timestamp(day)]
    last_day = None if until.empty else until.index[-1].date()
    last = None if until.empty else float(until.iloc[-1])
    return Rate(day, last if last_day == day else None, last_day, last, known.index[-1].date())


def _weekdays(month: pd.Timestamp) -> int:
    return len(pd.bdate_range(month, month + pd.offsets.MonthEnd()))


def _span(engine: Engine, currency: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    known = daily(engine, currency).dropna(subset="cad_per_unit")["day"]
    return known.min(), known.max()


def _chosen(engine: Engine, currency: str) -> str:
    known = _dimensions(engine)
    if currency not in known:
        raise TradeAnalyticsError(
            f"Table {TABLE} has no currency {currency!r}: expected one of {', '.join(sorted(known))};"
            f" a newer release comes with `tradeanalytics fetch {TABLE}`"
        )
    return known[currency]


def _dimensions(engine: Engine) -> dict[str, str]:
    """What stands in the column `dimensions` for each currency of the newest release; an index is no currency."""
    found = engine.sql(f"SELECT DISTINCT dimensions FROM series WHERE file_id = {literal(_file(engine))}")["dimensions"]
    codes = lookup("exchange_rates", "name", "code")
    named = {json.loads(text).get("Type of currency", ""): text for text in found}
    return {codes[name]: text for name, text in named.items() if name in codes}


def _file(engine: Engine) -> str:
    """The newest release; of one release the file with more records, as an extract holds less."""
    files = engine.sql(
        f"SELECT file_id FROM series WHERE table_id = {literal(TABLE)}"
        " GROUP BY file_id, vintage ORDER BY vintage DESC, count(*) DESC, file_id"
    )
    if files.empty:
        there = ", ".join(engine.sql("SELECT DISTINCT table_id FROM series ORDER BY table_id")["table_id"])
        raise TradeAnalyticsError(
            f"Table {TABLE} (exchange rates) is not there, only {there or 'no statistical table'}:"
            f" get it with `tradeanalytics fetch {TABLE}`"
        )
    return str(files["file_id"].iloc[0])
