"""What is asked about: addresses of the shipments, of a table, of the lists, and those of registered offices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine
from tradeanalytics.parties.lists import Lists
from tradeanalytics.reference.countries import read_country
from tradeanalytics.screened import ROLES, read_table
from tradeanalytics.shipments import Which, high_priority_sql

SHIPPED = (
    *("role", "name", "country", "address", "items", "value_usd_cents", "value_usd_basis", "without_value"),
    *("priority_items", "priority_usd_cents", "first_day", "last_day"),
)
OFFICES = ("address", "country", "basis", "companies", "register", "vintage")
LISTED = ("address", "country", "name", "list", "entry", "list_date", "listed_on")
# Companies at one registered office, or in one room, that are too many to work there; at a number without rooms so
# many are perhaps a tower.
MASS = 10
_USUAL = ("shipper", "consignee")
_PARTS = ("unit", "city", "province", "postal_code")  # columns of an address beside its street
_BARE_UNIT = re.compile(r"#?[0-9]+[A-Za-z]?|[A-Za-z][0-9]*")
_TABLE_MARKS = 5  # tabs, semicolons or bars of a line: an address has fewer, a table of customs records more


def shipped_addresses(engine: Engine, which: Which | None = None, roles: Iterable[str] = _USUAL) -> pd.DataFrame:
    """The distinct addresses of these shipments as written, one row a role, name, country and address: SHIPPED.

    `value_usd_cents` sums what is known, null where nothing is or where it is on `several` bases (`value_usd_basis`);
    `without_value` counts the items without one. `priority_items` and `priority_usd_cents` are of goods of the common
    high priority list, by a code of its edition or one with the same digits; null where there is no such value. Raises
    TradeAnalyticsError for a role that has no address.
    """
    asked, shipped = list(roles), which or Which()
    if wrong := [role for role in asked if not ROLES.get(role, ("", "", "", ""))[3]]:
        told = ", ".join(role for role, columns in ROLES.items() if columns[3])
        raise TradeAnalyticsError(f"role {wrong[0]!r} has no address: expected one of {told}")
    union = "\nUNION ALL\n".join(_of_role(role) for role in asked)
    return engine.sql(
        f"""
WITH shipped AS ({shipped.sql()}),
priority AS (
    SELECT DISTINCT file_id, sheet, record FROM ({high_priority_sql(shipped)}) WHERE certainty <> 'possible'
),
marked AS (
    SELECT shipped.*, priority.record IS NOT NULL AS listed
    FROM shipped LEFT JOIN priority ON priority.file_id = shipped.file_id AND priority.record = shipped.record
        AND priority.sheet IS NOT DISTINCT FROM shipped.sheet
),
told AS ({union}),
summed AS (
    SELECT role, name, country, address, count(*) AS items, sum(value) AS value,
           count(DISTINCT basis) FILTER (WHERE value IS NOT NULL) AS bases,
           min(basis) FILTER (WHERE value IS NOT NULL) AS basis,
           count(*) - count(value) AS without_value, count(*) FILTER (WHERE listed) AS priority_items,
           sum(value) FILTER (WHERE listed) AS priority, min(day) AS first_day, max(day) AS last_day
    FROM told WHERE name <> '' OR address <> '' GROUP BY ALL
)
SELECT role, name, country, address, items,
       CASE WHEN bases <= 1 THEN CAST(value AS BIGINT) END AS value_usd_cents,
       CASE WHEN bases > 1 THEN 'several' ELSE basis END AS value_usd_basis, without_value,
       priority_items, CASE WHEN bases <= 1 THEN CAST(priority AS BIGINT) END AS priority_usd_cents,
       first_day, last_day
FROM summed ORDER BY role, name, country, address
"""
    )


def _of_role(role: str) -> str:
    name, country, _, address = ROLES[role]
    texts = ", ".join(
        f"coalesce({column}, '') AS {called}"
        for called, column in zip(("name", "country", "address"), (name, country, address), strict=True)
    )
    value = "value_usd_cents AS value, coalesce(value_usd_basis, 'unknown') AS basis"
    return f"SELECT '{role}' AS role, {texts}, {value}, listed, registered_on AS day FROM marked"


def read_addresses(path: Path) -> pd.DataFrame | None:
    """The addresses of a table in the columns of `shipped_addresses`, None where a file is something else.

    A text file has one a line; a CSV or workbook has a column address, or its parts in columns street (with the
    number), unit, city, province and postal_code; and no others than name and country. What a table does not tell is
    null, never 0. Raises TradeAnalyticsError for a table that is broken.
    """
    table = read_table(path, "address", ("name", "country"), marks=_TABLE_MARKS)
    if table is None:
        table = _of_parts(path)
    if table is None:
        return None
    told = {name: table[name].str.strip() if name in table else "" for name in ("name", "country", "address")}
    told["country"] = _countries(table["country"]) if "country" in table else ""
    told_only = pd.DataFrame({"role": "", **told}, index=table.index)
    counted = told_only[told_only["address"] != ""].drop_duplicates(ignore_index=True)
    unknown = {name: pd.Series(pd.NA, index=counted.index, dtype="Int64") for name in SHIPPED[4:10]}
    unknown["value_usd_basis"] = pd.Series(None, index=counted.index, dtype="str")
    days = {name: pd.Series(pd.NaT, index=counted.index, dtype="datetime64[us]") for name in SHIPPED[10:]}
    return counted.assign(**unknown, **days)[list(SHIPPED)]


def _of_parts(path: Path) -> pd.DataFrame | None:
    """A table with the parts of addresses in columns: the address as one would write it, whatever parts are told."""
    table = read_table(path, "street", ("name", "country", *_PARTS)) if path.suffix.lower() != ".txt" else None
    if table is None:
        return None
    cells = table.reindex(columns=["unit", "street", "city", "province", "postal_code"], fill_value="")
    return table.assign(address=[_written(*map(str.strip, row)) for row in cells.itertuples(index=False, name=None)])


def _written(unit: str, street: str, city: str, province: str, code: str) -> str:
    """An address in one line; a unit without its word gets one, or it might be taken for the number of the street.

    >>> _written("1203", "55 Sample St", "Toronto", "ON", "M0X 0X3"), _written("", "", "Toronto", "", "")
    ('UNIT 1203, 55 Sample St, Toronto, ON M0X 0X3', 'Toronto')
    """
    room = f"UNIT {unit}" if _BARE_UNIT.fullmatch(unit) else unit
    return ", ".join(filter(None, (room, street, city, f"{province} {code}".strip())))


def _countries(written: pd.Series) -> pd.Series:
    return written.str.strip().map(lambda text: read_country(text) or text)


def read_offices(path: Path) -> pd.DataFrame:
    """Registered offices that a user declares, in the columns OFFICES: a table as `read_addresses` takes it.

    An address without a room stands for its whole building. Raises TradeAnalyticsError for a file that is no such
    table, or has no address.
    """
    table = read_addresses(path)
    if table is None or table.empty:
        raise TradeAnalyticsError(
            f"{path.name}: no addresses of registered offices in it; expected one a line, or a CSV with column address"
        )
    told = table[["address", "country"]].drop_duplicates(ignore_index=True)
    return told.assign(basis="declared", companies=None, register=None, vintage=None)[list(OFFICES)]


def registered_offices(engine: Engine, *, invented: bool = False, at_least: int = MASS) -> pd.DataFrame:
    """Addresses that many companies of the registers, or of the Offshore Leaks Database, have: OFFICES."""
    return engine.sql(
        f"""
WITH held AS (
    SELECT 'registered' AS basis, register, coalesce(register_date, '') AS vintage, address_key, address, country,
           coalesce(number_key, file_id || record) AS company
    FROM registered WHERE invented = {invented}
    UNION ALL
    SELECT 'offshore', 'the Offshore Leaks Database', vintage, address_key, address, countries[1], node_id
    FROM offshore WHERE kind = 'entity' AND invented = {invented}
    UNION ALL
    SELECT 'offshore', 'the Offshore Leaks Database', a.vintage, a.address_key, a.address, a.countries[1], e.node_id
    FROM offshore_links AS l
    JOIN offshore AS a ON a.node_id = l.end_id AND a.kind = 'address' AND a.invented = {invented}
    JOIN offshore AS e ON e.node_id = l.start_id AND e.kind = 'entity' AND e.invented = {invented}
    WHERE l.rel_type = 'registered_address'
)
SELECT min(address) AS address, coalesce(min(country), '') AS country, basis,
       count(DISTINCT company) AS companies, register, max(vintage) AS vintage
FROM held WHERE address_key <> '' GROUP BY basis, register, address_key
HAVING count(DISTINCT company) >= {int(at_least)} ORDER BY ALL
"""
    )


def listed_addresses(lists: Lists) -> pd.DataFrame:
    """The addresses of listed parties, one row an address and an entry: LISTED. `list` is its code."""
    named = lists.names.unique("party", keep="first", maintain_order=True).select("party", "name", "list_date")
    parties = lists.parties.select("party", "list", "entry", "listed_on", "addresses").explode("addresses")
    told = parties.filter(pl.col("addresses").is_not_null()).unnest("addresses").filter(pl.col("address") != "")
    whole = told.join(named, on="party", how="left", maintain_order="left")
    filled = whole.with_columns(pl.col("country", "name", "list_date").fill_null(""))
    return filled.select(LISTED).unique(maintain_order=True).to_pandas()
