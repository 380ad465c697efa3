"""From findings to what a desk can look at: declarations, or traders, with the kinds of flags that each has.

A declaration has the flags of both its traders and those of its own items; a trader those of its own and of the items
that it ships or receives, and not those of whom it trades with.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tradeanalytics.detectors import parts, unit_values
from tradeanalytics.detectors.shipped import ROLES, Row, chosen, trader
from tradeanalytics.engine import Engine
from tradeanalytics.parties.asked import answered, records
from tradeanalytics.shipments import Which

BY = (*ROLES, "declaration")
# A declaration without a number is known by its record.
_UNITS = {
    "declaration": "coalesce(declaration_key, file_id || ' record ' || record)",
    "shipper": "shipper_key",
    "consignee": "consignee_key",
}
_ITEM = ("file_id", "sheet", "record")


def flagged(findings: pd.DataFrame) -> pd.DataFrame:
    """The findings that stand: flagged, and where there is a p still so after the control of false discoveries."""
    return findings[findings["flagged"].fillna(False) & findings["survives"].fillna(True)]


def units(engine: Engine, which: Which | None = None, *, by: str = "declaration") -> pd.DataFrame:
    """What is ranked, a row a unit: unit, items, value_usd_cents (of what is known), value_usd_basis, without_value,
    first_seen, last_seen, and the first in the alphabet of its shippers and consignees with how many there are.

    Items that name nobody in the role are in no unit of it. `value_usd_cents` is null where no value is known, and
    where values are on several bases ("several"): customs and invoice values have no sum.
    """
    basis = "coalesce(value_usd_basis, 'unknown')"
    return engine.sql(f"""
WITH summed AS (
SELECT {_UNITS[chosen(by, BY, "by")]} AS unit, count(*) AS items, CAST(sum(value_usd_cents) AS BIGINT) AS cents,
       count(DISTINCT {basis}) FILTER (WHERE value_usd_cents IS NOT NULL) AS bases,
       min({basis}) FILTER (WHERE value_usd_cents IS NOT NULL) AS basis,
       count(*) - count(value_usd_cents) AS without_value, min(registered_on) AS first_seen,
       max(registered_on) AS last_seen,
       min(shipper_key) AS shipper, count(DISTINCT shipper_key) AS shippers,
       min(consignee_key) AS consignee, count(DISTINCT consignee_key) AS consignees
FROM ({(which or Which()).sql()}) GROUP BY unit HAVING unit IS NOT NULL
)
SELECT unit, items, CASE WHEN bases = 1 THEN cents END AS value_usd_cents,
       CASE WHEN bases > 1 THEN 'several' ELSE basis END AS value_usd_basis, without_value, first_seen, last_seen,
       shipper, shippers, consignee, consignees
FROM summed ORDER BY value_usd_cents DESC NULLS LAST, unit
""")


def flags(
    engine: Engine, findings: pd.DataFrame, which: Which | None = None, *, by: str = "declaration"
) -> pd.DataFrame:
    """The kinds of flags of each unit, once each: unit, kind. `findings` are of these shipments."""
    standing, asked = flagged(findings), which or Which()
    of_items = [*_of_prices(engine, standing, asked, by), *_of_parts(engine, standing, asked, by)]
    of_traders = _of_traders if chosen(by, BY, "by") == "declaration" else _own
    found = pd.concat([of_traders(engine, standing, asked, by), *of_items], ignore_index=True)
    return found.drop_duplicates().sort_values(["unit", "kind"], ignore_index=True)


def _own(engine: Engine, standing: pd.DataFrame, which: Which, role: str) -> pd.DataFrame:
    """The kinds of flags of the traders themselves; a company's where it has the role."""
    there = set(engine.sql(f"SELECT DISTINCT {_UNITS[role]} AS unit FROM ({which.sql()})")["unit"])
    told = ((row["detector"], *who) for row, who in _with_traders(standing))
    rows = [(key, kind) for kind, of, key in told if of in (role, "company") and key in there]
    return pd.DataFrame(rows, columns=["unit", "kind"], dtype="str")


def _with_traders(standing: pd.DataFrame) -> Iterator[tuple[Row, tuple[str, str]]]:
    """The findings that are of a trader, each with its role and key."""
    for row in records(standing[["detector", "subject", "period", "until"]]):
        if who := trader(row["subject"]):
            yield row, who


def _of_traders(engine: Engine, standing: pd.DataFrame, which: Which, by: str) -> pd.DataFrame:
    """The kinds of flags of the shippers and consignees of each unit, in the months that were judged."""
    asked = [
        (row["detector"], role, who[1], *(_day(row[name]) for name in ("period", "until")))
        for row, who in _with_traders(standing)
        for role in (ROLES if who[0] == "company" else who[:1])
    ]
    return _found(answered(engine, _IN_MONTHS.format(unit=_UNITS[by], shipped=which.sql()), asked))


_IN_MONTHS = """
WITH shipped AS ({shipped}), told AS (
    SELECT * FROM ({{asked}}) AS t (kind, role, key, first, last)
), items AS (
    SELECT s.*, told.kind, told.first, told.last FROM shipped AS s
    JOIN told ON told.role = 'shipper' AND told.key = s.shipper_key
    UNION ALL
    SELECT s.*, told.kind, told.first, told.last FROM shipped AS s
    JOIN told ON told.role = 'consignee' AND told.key = s.consignee_key
)
SELECT DISTINCT {unit} AS unit, kind FROM items
WHERE (first = '' OR month >= CAST(first AS DATE)) AND (last = '' OR month <= CAST(last AS DATE))
"""


def _day(cell: pd.Timestamp | None) -> str:
    return f"{cell:%Y-%m-%d}" if cell is not None else ""


def _of_prices(engine: Engine, standing: pd.DataFrame, which: Which, by: str) -> Iterator[pd.DataFrame]:
    """Items that are far from the usual price of their goods."""
    items = unit_values.odd_items(engine, standing, which)
    if not items.empty:
        yield _of_items(engine, items.assign(kind=unit_values.DETECTOR), which, by)


def _of_parts(engine: Engine, standing: pd.DataFrame, which: Which, by: str) -> Iterator[pd.DataFrame]:
    """Items in which a part is named."""
    named = standing[standing["detector"] == parts.DETECTOR]
    for statement in named["trace"]:
        yield _of_items(engine, engine.sql(statement).assign(kind=parts.DETECTOR), which, by)


def _of_items(engine: Engine, items: pd.DataFrame, which: Which, by: str) -> pd.DataFrame:
    """The units of these items, by their place in the raw files."""
    asked = [
        (row["kind"], row["file_id"], row["sheet"] or "", int(row["record"]))
        for row in records(items[["kind", *_ITEM]])
    ]
    return _found(answered(engine, _AT_RECORDS.format(unit=_UNITS[by], shipped=which.sql()), asked))


_AT_RECORDS = """
WITH shipped AS ({shipped})
SELECT DISTINCT {unit} AS unit, kind FROM (
    SELECT s.*, told.kind FROM shipped AS s
    JOIN ({{asked}}) AS told (kind, file_id, sheet, record)
         ON told.file_id = s.file_id AND told.record = s.record AND told.sheet = coalesce(s.sheet, '')
)
"""


def _found(answer: pd.DataFrame) -> pd.DataFrame:
    found = answer if len(answer.columns) else pd.DataFrame(columns=["unit", "kind"], dtype="str")
    return found[found["unit"].notna()]
