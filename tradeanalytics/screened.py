"""Who of the parties of the customs records may be on a list, and whether it was on the day of the shipment.

A hit is a lead. A party without one is not cleared: it was not found in these lists of these dates.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
from fastexcel import FastExcelError

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine
from tradeanalytics.parties.lists import Lists
from tradeanalytics.parties.screening import POSSIBLE, Party, outcomes, screen
from tradeanalytics.reference.countries import read_country
from tradeanalytics.shipments import Which, not_mixed

# The columns of a role: name, country, number, address. What a role does not have is empty.
ROLES: Mapping[str, tuple[str, str, str, str]] = {
    "shipper": ("shipper_name", "shipper_country", "shipper_id", "shipper_address"),
    "shipper_second": ("shipper_second", "", "", ""),
    "consignee": ("consignee_name", "consignee_country", "consignee_id", "consignee_address"),
    "consignee_second": ("consignee_second", "", "", ""),
    "contract_holder": ("contract_holder_name", "", "contract_holder_id", ""),
    "declarant": ("declarant_name", "", "declarant_id", ""),
    "notify": ("notify_name", "", "", ""),
    "manufacturer": ("manufacturer", "", "", ""),
}
_USUAL = ("shipper", "consignee")
STATUSES = ("listed_then", "listed_later", "ended_before", "day_unknown", "to_check", "not_on_list", "unknown")
_FIRST = ("listed_then", "day_unknown", "listed_later", "ended_before")
_BESIDE = ("kind", "country", "number", "address")  # what a table of names may have
_LONGEST = 1 << 16  # bytes of a heading
_PARTY = ("name", "country", "number", "address")


@dataclass(frozen=True)
class Screened:
    """What screening the shipments gave.

    `parties`: role, name, country, number, address, items, first_day, last_day; `hits` as `parties.screening.screen`
    gives them; `outcomes`: one row a party, alert, possible, nothing_found or not_judged.
    """

    parties: pd.DataFrame
    hits: pd.DataFrame
    outcomes: pd.DataFrame


def parties(engine: Engine, which: Which | None = None, roles: Iterable[str] = _USUAL) -> pd.DataFrame:
    """The distinct parties of these shipments, each once a role, with how many items and their first and last day.

    Columns: role, name, country, number, address (the most frequent that is told), items, first_day, last_day. Raises
    TradeAnalyticsError for a role that is none.
    """
    asked = list(roles)
    if unknown := [role for role in asked if role not in ROLES]:
        raise TradeAnalyticsError(f"role {unknown[0]!r} is unknown: expected one of {', '.join(ROLES)}")
    shipped = (which or Which()).sql()
    union = "\nUNION ALL\n".join(_of_role(role) for role in asked)
    return engine.sql(
        f"""
WITH shipped AS ({shipped}),
named AS ({union}),
addressed AS (
    SELECT role, name, country, number, address, count(*) AS items, min(day) AS first_day, max(day) AS last_day
    FROM named WHERE name IS NOT NULL GROUP BY ALL
)
SELECT role, name, country, number, max_by(address, (address <> '', items, address)) AS address,
       CAST(sum(items) AS BIGINT) AS items, min(first_day) AS first_day, max(last_day) AS last_day
FROM addressed GROUP BY role, name, country, number ORDER BY role, name, country, number
"""
    )


def _of_role(role: str) -> str:
    columns = ", ".join(
        f"coalesce({column}, '') AS {name}" if column and name != "name" else f"{column or chr(39) * 2} AS {name}"
        for name, column in zip(_PARTY, ROLES[role], strict=True)
    )
    return f"SELECT '{role}' AS role, {columns}, registered_on AS day FROM shipped"


def screened(
    engine: Engine,
    lists: Lists,
    which: Which | None = None,
    *,
    roles: Iterable[str] = _USUAL,
    at_least: float = POSSIBLE,
) -> Screened:
    """Screen the parties of these shipments.

    Raises TradeAnalyticsError for a role that is none, and for invented shipments beside real ones.
    """
    not_mixed(engine, which or Which())
    found = parties(engine, which, roles)
    asked = as_parties(found)
    hits = screen(asked, lists, at_least=at_least)
    return Screened(found, hits, outcomes(asked, hits, lists))


def as_parties(table: pd.DataFrame) -> list[Party]:
    """The rows of a table with a column name, and where they are there kind, country, number and address.

    Raises TradeAnalyticsError for a table without a column name.
    """
    if "name" not in table.columns:
        raise TradeAnalyticsError(f"a table with the columns {list(table.columns)[:8]}: expected one called name")
    columns = [one for one in ("name", *_BESIDE) if one in table.columns]
    texts = table[columns].fillna("").astype(str).to_dict("records")
    return list(dict.fromkeys(Party(**{str(key): text for key, text in row.items()}) for row in texts))


def read_names(path: Path) -> list[Party] | None:
    """The parties of a table of names, None where a file is something else.

    A text file has a name on each line; a CSV or workbook has a column name, and no others than kind, country, number
    and address. Countries may be written as names. Raises TradeAnalyticsError for a table of names that is broken.
    """
    table = read_table(path, "name", _BESIDE)
    if table is None:
        return None
    kind = table["kind"].str.strip().str.lower() if "kind" in table else None
    country = table["country"].map(lambda text: read_country(text) or text) if "country" in table else None
    told = {"kind": kind, "country": country}
    return as_parties(table.assign(**{name: cells for name, cells in told.items() if cells is not None}))


def read_table(path: Path, of: str, beside: Collection[str], *, marks: int = 1) -> pd.DataFrame | None:
    """A table of names, or of another thing `of` which it has a column called so, as text; None for another file.

    A text file has one on each line; where its first line has as many as `marks` tabs, semicolons or bars it is of
    another kind. A CSV or workbook has that column, and no others than those `beside`. Raises TradeAnalyticsError for
    a table that is broken.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".txt":
            return _of_lines(path, of, marks)
        if suffix == ".csv":
            return _of_csv(path, of, beside)
        return _of_workbook(path, of, beside) if suffix in (".xlsx", ".xls") else None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        several = f"{of}es" if of.endswith("s") else f"{of}s"
        raise TradeAnalyticsError(f"{path.name}: cannot be read as a table of {several} in UTF-8 ({error})") from error


def _of_lines(path: Path, of: str, marks: int) -> pd.DataFrame | None:
    """One a line; what is parted by tabs, semicolons or bars in its first line is a table of another kind."""
    with path.open("rb") as file:
        first = file.readline(_LONGEST)
        if any(first.count(mark) >= marks for mark in (b"\t", b";", b"|")):
            return None
    lines = path.read_text("utf-8-sig").splitlines()
    return None if any(line.count("\t") >= marks for line in lines) else pd.DataFrame({of: lines}, dtype=str)


def _of_csv(path: Path, of: str, beside: Collection[str]) -> pd.DataFrame | None:
    """The heading is looked at first: a file of customs records may be large, and in any encoding."""
    with path.open("rb") as file:
        heading = file.readline(_LONGEST).decode("utf-8-sig", "replace")
    delimiter = max(",;\t", key=heading.count)
    if not _headings(next(csv.reader([heading], delimiter=delimiter), []), of, beside):
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, *rows = list(csv.reader(file, delimiter=delimiter, strict=True))
    for record, row in enumerate(rows, 1):
        if row and len(row) != len(first):
            raise TradeAnalyticsError(f"{path.name}: record {record} has {len(row)} fields, expected {len(first)}")
    return pd.DataFrame([row for row in rows if row], columns=_headings(first, of, beside), dtype=str)


def _of_workbook(path: Path, of: str, beside: Collection[str]) -> pd.DataFrame | None:
    try:
        table = pl.read_excel(path, infer_schema_length=0)
    except (FastExcelError, pl.exceptions.PolarsError):  # cleaning says what is wrong with it
        return None
    headings = _headings(table.columns, of, beside)
    return pd.DataFrame(table.fill_null("").rows(), columns=headings, dtype=str) if headings else None


def _headings(cells: Sequence[str], of: str, beside: Collection[str]) -> list[str]:
    """The columns of such a table, none where a heading is of another table."""
    named = [cell.strip().lower() for cell in cells]
    return named if {of} <= set(named) <= {of, *beside} and len(set(named)) == len(named) else []


def on_the_day(
    engine: Engine, lists: Lists, found: Screened, which: Which | None = None, *, level: str = "alert"
) -> pd.DataFrame:
    """The shipments of the parties that are hits, one row an item, a role and an authority.

    Columns: file_id, record, declaration, day, role, name, authority, status, days (from the shipment until the
    listing), listed_on, list_date, entry, value_usd_cents, hs. `status` is one of STATUSES: not_on_list holds as of
    list_date, to_check where a name there is possibly the party's, unknown where only an extract of the list is here.
    """
    names = sorted(set(found.hits.loc[found.hits["level"] == level, "name"]))
    roles = [role for role in ROLES if role in set(found.parties["role"])]
    items = [_items(engine, which, role, names) for role in roles] if names else []
    shipped = pd.concat(items, ignore_index=True) if items else pd.DataFrame(columns=list(_ITEM))
    hits = _by_party(found.hits)
    days = shipped[[*_KEY, "day"]].drop_duplicates()
    absent = {name: _not_there(lists, name) for name in sorted(set(lists.dates["authority"].to_list()))}
    told = [
        {**dict(zip((*_KEY, "day"), row, strict=True)), **status}
        for row in days.itertuples(index=False, name=None)
        for status in _statuses(hits.get(row[:3], ()), _day(row[3]), absent, level)
    ]
    statuses = pd.DataFrame(told, columns=[*_KEY, "day", *_STATUS])
    table = shipped.merge(statuses.astype({"day": shipped["day"].dtype}), on=[*_KEY, "day"], how="inner")
    return table.assign(days=table["days"].astype("Int64")).drop(columns=["country", "number"])


def _by_party(hits: pd.DataFrame) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for hit in hits.to_dict("records"):
        found.setdefault(tuple(hit[name] for name in _KEY), []).append({str(name): cell for name, cell in hit.items()})
    return found


_KEY = ("name", "country", "number")
_ITEM = ("file_id", "record", "declaration", "day", "role", "name", "country", "number", "hs", "value_usd_cents")
_STATUS = ("authority", "status", "days", "listed_on", "list_date", "entry")


def _items(engine: Engine, which: Which | None, role: str, names: Sequence[str]) -> pd.DataFrame:
    name, country, number, _ = ROLES[role]
    wanted = ", ".join("'" + text.replace("'", "''") + "'" for text in names)
    return engine.sql(
        f"""
SELECT file_id, record, declaration, registered_on AS day, '{role}' AS role, {name} AS name,
       coalesce({country or "NULL"}, '') AS country, coalesce({number or "NULL"}, '') AS number, hs, value_usd_cents
FROM ({(which or Which()).sql()}) WHERE {name} IN ({wanted})
ORDER BY file_id, record
"""
    )


def _statuses(
    hits: Sequence[Mapping[str, Any]], day: date | None, absent: Mapping[str, dict[str, Any]], level: str
) -> list[dict[str, Any]]:
    """Whether a party that is a hit of this level was on each authority's lists on a day."""
    if not any(hit["level"] == level for hit in hits):
        return []
    return [
        {"authority": name, **_status([hit for hit in hits if hit["authority"] == name], day, otherwise, level)}
        for name, otherwise in absent.items()
    ]


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _status(
    hits: Sequence[Mapping[str, Any]], day: date | None, otherwise: dict[str, Any], level: str
) -> dict[str, Any]:
    """Of several entries of one authority that which was in force, else that which may have been, else the next.

    Where an authority has a name that is only possibly the party's, it is not said that it has none.
    """
    told = [_of_hit(hit, day) for hit in hits if hit["level"] == level]
    if told:
        return min(told, key=lambda one: (_FIRST.index(one["status"]), one["days"] or 0))
    if hits:
        return {**_BLANK, "status": "to_check", "list_date": hits[0]["list_date"], "entry": hits[0]["entry"]}
    return otherwise


_BLANK: Mapping[str, Any] = {"days": None, "listed_on": None, "entry": None}


def _not_there(lists: Lists, authority: str) -> dict[str, Any]:
    """What is said of a party without a hit: not on the whole list of a date, or that no whole list is here."""
    of = lists.dates.filter(pl.col("authority") == authority, pl.col("says") == "entry")
    whole = of.filter("whole").drop_nulls("list_date").sort("parties", "list", descending=[True, False])
    if whole.is_empty():
        return {**_BLANK, "status": "unknown", "list_date": None}
    return {**_BLANK, "status": "not_on_list", "list_date": whole["list_date"][0]}


def _of_hit(hit: Mapping[Any, Any], day: date | None) -> dict[str, Any]:
    listed, ended = _day(hit["listed_on"]), _day(hit["delisted_on"])
    told = {"listed_on": listed, "list_date": hit["list_date"], "entry": hit["entry"], "days": None}
    if day is None:
        return {**told, "status": "day_unknown"}
    if listed and day < listed:
        return {**told, "status": "listed_later", "days": (listed - day).days}
    if ended and ended <= day:
        return {**told, "status": "ended_before"}
    return {**told, "status": "listed_then" if listed else _by_vintages(hit, day)}


def _by_vintages(hit: Mapping[Any, Any], day: date) -> str:
    """Where the publisher tells no day: by the lists that are kept; of one with a newer main list only its is sure."""
    first, main, after = hit["first_seen"], hit["not_in_main"], hit["not_in_main"] or hit["listed_after"]
    if first and main and first <= main:
        return "day_unknown"
    if first and day > _last_day(first):
        return "listed_then"
    return "listed_later" if after and day < _first_day(after) else "day_unknown"


def _first_day(text: str) -> date:
    """The first day that a date of a list can mean.

    >>> _first_day("2023-01"), _first_day("2023"), _first_day("2023-06-30")
    (datetime.date(2023, 1, 1), datetime.date(2023, 1, 1), datetime.date(2023, 6, 30))
    """
    return date.fromisoformat(f"{text}-01-01"[:10])


def _last_day(text: str) -> date:
    """The last day that a date of a list can mean: of 2023-01 the last of January.

    >>> _last_day("2023-01"), _last_day("2023-06-30")
    (datetime.date(2023, 1, 31), datetime.date(2023, 6, 30))
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)
