"""What a reporter asks of a cleaned file first: its period, parties, values by basis, and what is odd about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tradeanalytics.clean.duplicates import COUNTED
from tradeanalytics.sources import Source
from tradeanalytics.tables import CODES, GOODS, LISTED, OFFSHORE, OFFSHORE_LINKS, REGISTERED, RELATIONS, SHIPMENTS

Summary = dict[str, Any]

_ENOUGH = 10  # rows of one group of goods, to say that their values follow from their weights
_FAR = 100  # no packing weighs so many times the goods; grams against kilograms do
_MONEY = {"RUB": "value_rub_cents", "USD": "value_usd_cents"}


def summary(accepted: Path, source: Source) -> Summary:
    """The summary of the accepted rows of one file, as plain values for its report."""
    rows = pl.scan_parquet(accepted)
    if source.table is SHIPMENTS:
        return _of_shipments(rows)
    if source.table in (CODES, RELATIONS):
        return {"first_period": "", "last_period": "", "without_value": {}}
    if source.table is LISTED:
        return _of_lists(rows)
    if source.table is REGISTERED:
        return _of_registers(rows)
    if source.table in (OFFSHORE, OFFSHORE_LINKS):
        return _of_leaks(rows, "kind" if source.table is OFFSHORE else "rel_type")
    if source.table is GOODS:
        return _of_goods(rows)
    value = next(name for name in ("value_cad_cents", "value_eur_cents", "value") if name in source.columns)
    empty = rows.filter(pl.col(value).is_null()).group_by("status").len().sort("status").collect()
    return {**_span(rows, "period"), "without_value": {str(sign or ""): count for sign, count in empty.iter_rows()}}


_OF_LISTS = ("authority", "list", "says", "list_date", "whole")


def _of_lists(rows: pl.LazyFrame) -> Summary:
    """What is in a list: its date, its parties by type, its names, and what a careful reader must know."""
    lists = rows.group_by(_OF_LISTS).agg(
        rows=pl.len(), parties=pl.col("entry").n_unique(), names=pl.col("names").list.len().sum()
    )
    types = rows.group_by("type").len().sort("type", nulls_last=True)
    return {
        **_span(rows, "listed_on"),
        "without_value": {},
        "lists": lists.sort(_OF_LISTS).collect().to_dicts(),
        "types": {str(name or "not told"): count for name, count in types.collect().iter_rows()},
        "flags": _flags(rows),
    }


def _of_registers(rows: pl.LazyFrame) -> Summary:
    """What is in a register: its date, its companies by status, its names, and what a careful reader must know."""
    kinds = rows.group_by("register", "jurisdiction", "register_date").agg(
        rows=pl.len(), numbers=pl.col("number_key").n_unique(), names=pl.col("names").list.len().sum()
    )
    statuses = rows.group_by("status").len().sort("status", nulls_last=True)
    return {
        **_span(rows, "incorporated_on"),
        "without_value": {},
        "registers": kinds.sort("register", "register_date").collect().to_dicts(),
        "companies": {str(name or "not told"): count for name, count in statuses.collect().iter_rows()},
        "flags": _flags(rows),
    }


def _of_leaks(rows: pl.LazyFrame, kind: str) -> Summary:
    """How many nodes or links of each kind and leak there are, and what a careful reader must know."""
    by = {name: rows.group_by(name).len().sort(name, nulls_last=True).collect().rows() for name in (kind, "source")}
    return {
        **_span(rows, "incorporated_on" if kind == "kind" else "started_on"),
        "without_value": {},
        "kinds": {str(name): count for name, count in by[kind]},
        "leaks": {str(name or "not told"): count for name, count in by["source"]},
        "flags": _flags(rows),
    }


def _flags(rows: pl.LazyFrame) -> dict[str, int]:
    found = rows.select(pl.col("flags").str.split(";").explode().drop_nulls().value_counts(sort=True)).collect()
    return dict(sorted((name, count) for name, count in found.unnest("flags").iter_rows() if name))


def _of_goods(rows: pl.LazyFrame) -> Summary:
    """What is in a file of goods: its months, partners, codes and value, and how much of it has a quantity."""
    usable = pl.col("quantity") > 0
    money = {
        f"{currency}_cents{name}": pl.col(f"value_{currency}_cents").filter(which).sum()
        for currency in ("cad", "usd")
        for name, which in (("", pl.lit(True)), ("_with_quantity", usable))
    }
    unknown = pl.col("value_cad_cents").is_null() & pl.col("value_usd_cents").is_null()
    told = rows.select(**money, without_value=unknown.sum()).collect(engine="streaming").row(0, named=True)
    # Pairs first: a million rows have some thousand of them, and counting distinct texts in a column takes longer.
    units = rows.select("hs", "quantity_unit").unique().collect(engine="streaming")
    several = units.drop_nulls().group_by("hs").len().filter(pl.col("len") > 1)
    told |= {
        "partners": rows.select("partner").unique().collect(engine="streaming").height,
        "codes": units["hs"].n_unique(),
        "codes_of_several_units": several.height,
    }
    empty = told.pop("without_value")
    return {**_span(rows, "period"), "without_value": {"": empty} if empty else {}, "goods": told}


def _of_shipments(rows: pl.LazyFrame) -> Summary:
    once = rows.filter(pl.col("duplicate").is_in(COUNTED))
    return {
        **_span(rows, "registered_on"),
        "without_value": {},
        "parties": _parties(rows),
        "values": _values(rows),
        "counted": once.select(pl.len()).collect().item(),
        "flags": _flags(rows),
        "duplicates": dict(rows.group_by("duplicate").len().sort("duplicate").collect().iter_rows()),
        "missing_months": _missing_months(rows),
        "value_follows_weight": _follows_weight(once),
        "gross_far_over_net": rows.filter(_FAR * pl.col("net_kg") < pl.col("gross_kg"))
        .select(pl.len())
        .collect()
        .item(),
    }


def _span(rows: pl.LazyFrame, column: str) -> Summary:
    first, last = rows.select(first=pl.col(column).min(), last=pl.col(column).max()).collect().row(0)
    return {"first_period": _iso(first), "last_period": _iso(last)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _parties(rows: pl.LazyFrame) -> dict[str, int]:
    """How many spellings of names, and rows that name nobody."""
    sides = {"shippers": "shipper_name", "consignees": "consignee_name"}
    counted = {name: pl.col(column).drop_nulls().n_unique() for name, column in sides.items()}
    unnamed = {f"without_{name[:-1]}": pl.col(column).null_count() for name, column in sides.items()}
    return dict(rows.select(**counted, **unnamed).collect().row(0, named=True))


def _values(rows: pl.LazyFrame) -> list[Summary]:
    """A sum for each basis that has one: each shipment once, and with the rows that are there again."""
    bases = {"RUB": pl.lit("customs"), "USD": pl.col("value_usd_basis").cast(pl.String)}
    money = [
        rows.select("duplicate", currency=pl.lit(currency), basis=bases[currency], cents=pl.col(column))
        for currency, column in _MONEY.items()
    ]
    once = pl.col("duplicate").is_in(COUNTED)
    found = pl.concat(money).filter(pl.col("cents").is_not_null() & pl.col("basis").is_not_null())
    sums = found.group_by("basis", "currency").agg(
        cents=pl.col("cents").filter(once).sum(), cents_with_repeats=pl.col("cents").sum(), items=once.sum()
    )
    return sums.sort("currency", "basis").collect().to_dicts()


def _missing_months(rows: pl.LazyFrame) -> list[str]:
    """The months between the first and the last in which nothing was registered."""
    months = rows.select(pl.col("registered_on").dt.truncate("1mo").unique().drop_nulls().sort()).collect()
    there: list[date] = months["registered_on"].to_list()
    calendar = pl.date_range(there[0], there[-1], "1mo", eager=True).to_list() if there else []
    return [f"{month:%Y-%m}" for month in calendar if month not in set(there)]


def _follows_weight(rows: pl.LazyFrame) -> float | None:
    """The share of values in dollars that are the usual price of a kilogram of their goods, to four digits, times the
    weight; null where no goods have enough rows to tell. Real invoices seldom agree so well: a vendor's estimate does.
    """
    kilograms = pl.coalesce(
        pl.when(pl.col("net_kg") > 0).then("net_kg"), pl.when(pl.col("gross_kg") > 0).then("gross_kg")
    )
    priced = rows.select(
        hs=pl.col("hs").str.head(6), price=(pl.col("value_usd_cents") / kilograms).round_sig_figs(4)
    ).drop_nulls()
    prices = priced.group_by("hs", "price").len()
    goods = prices.group_by("hs").agg(usual=pl.col("len").max(), rows=pl.col("len").sum())
    told = goods.filter(pl.col("rows") >= _ENOUGH).select(pl.col("usual").sum() / pl.col("rows").sum()).collect().item()
    return None if told is None or told != told else round(float(told), 3)
