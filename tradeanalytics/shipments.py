"""Who ships what to whom: suppliers, shares, routes, parts, before and after, from customs records.

Every question counts a shipment once: rows that repeat another, bills under their master bill, and rows that an earlier
file holds are left out. A name is a key that spellings share, not an identity. A sum says how many of its items have no
value: unknown is not zero. Answers are pandas, in an order that does not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean.duplicates import COUNTED
from tradeanalytics.engine import Engine, literal
from tradeanalytics.flows import NotComparableError
from tradeanalytics.goods.asked import first_day
from tradeanalytics.reference import rows

MEASURES = ("value_usd_cents", "value_rub_cents", "net_kg", "gross_kg")
ROLES = ("shipper", "consignee", "manufacturer")
_ROUTE = ("origin_country", "dispatch_country", "trading_country", "shipper_country", "destination_country")


@dataclass(frozen=True)
class Which:
    """Which shipments: every field given must agree. Keys are those of `parties.names`; months are inclusive."""

    shipper: str | None = None
    consignee: str | None = None
    first: str | None = None
    last: str | None = None
    hs: str | None = None
    words: str | None = None
    files: tuple[str, ...] | None = None

    def sql(self) -> str:
        """The statement that lists these shipments, one raw record a row, with lineage, keys and first of month."""
        asked = [
            ("shipper_key = ", self.shipper),
            ("consignee_key = ", self.consignee),
            ("month >= DATE ", self.first and f"{first_day(self.first):%Y-%m-%d}"),
            ("month <= DATE ", self.last and f"{first_day(self.last):%Y-%m-%d}"),
        ]
        conditions = [name + literal(text) for name, text in asked if text is not None]
        if self.hs is not None:
            conditions.append(f"starts_with(hs, {literal(self.hs)})")
        if self.words is not None:
            conditions.append(f"contains(upper(description), {literal(self.words.upper())})")
        where = "".join(f"\n  AND {condition}" for condition in conditions)
        return f"SELECT * FROM ({self.shipments()}) WHERE true{where}"

    def shipments(self) -> str:
        """The statement that lists every shipment of the files, once, with its keys and month."""
        return _counted(self.files)


def _counted(files: tuple[str, ...] | None) -> str:
    """Every shipment of these files, or of all, once.

    A row that another file holds is left out only where that file is asked too. `names` are joined within their file,
    so that none multiplies a row.
    """

    def among(column: str) -> str:
        if files is None:
            return "true"
        return f"{column} IN ({', '.join(literal(file) for file in files)})" if files else "false"

    return f"""
SELECT s.*, CAST(date_trunc('month', s.registered_on) AS DATE) AS month,
       shippers.key AS shipper_key, consignees.key AS consignee_key, makers.key AS manufacturer_key
FROM shipments AS s
LEFT JOIN names AS shippers ON shippers.file_id = s.file_id AND shippers.text = s.shipper_name
LEFT JOIN names AS consignees ON consignees.file_id = s.file_id AND consignees.text = s.consignee_name
LEFT JOIN names AS makers ON makers.file_id = s.file_id AND makers.text = s.manufacturer
LEFT JOIN known_before AS known ON known.file_id = s.file_id AND known.record = s.record
     AND known.sheet IS NOT DISTINCT FROM s.sheet AND {among("known.known_file_id")}
WHERE s.duplicate IN ({", ".join(map(literal, COUNTED))}) AND known.record IS NULL AND {among("s.file_id")}
""".strip()


def top(
    engine: Engine, role: str, which: Which | None = None, *, by: str = "value_usd_cents", most: int = 20
) -> pd.DataFrame:
    """The largest shippers, consignees or manufacturers by a measure or by "items".

    Columns: key (null where nobody is named), name (its most frequent spelling), spellings, items, each measure (sum of
    what is known), without_value (items whose `by` is unknown), first_seen, last_seen. Raises NotComparableError when
    the US dollars of what is asked for are on several bases.
    """
    asked = which or Which()
    _checked(role, ROLES, "role")
    _checked(by, (*MEASURES, "items"), "measure")
    _comparable(engine, asked)
    name = "manufacturer" if role == "manufacturer" else f"{role}_name"
    missing = "0" if by == "items" else f"count(*) - count({by})"
    return engine.sql(
        f"""
WITH shipped AS ({asked.sql()}),
spelled AS (
    SELECT {role}_key AS key, {name} AS name, count(*) AS times FROM shipped GROUP BY ALL
),
named AS (
    SELECT key, max_by(name, (times, name)) AS name, count(name) AS spellings FROM spelled GROUP BY key
),
summed AS (
    SELECT {role}_key AS key, count(*) AS items, {_sums()},
           CAST({missing} AS BIGINT) AS without_value,
           min(registered_on) AS first_seen, max(registered_on) AS last_seen
    FROM shipped GROUP BY {role}_key
)
SELECT summed.key, named.name, named.spellings, summed.* EXCLUDE (key)
FROM summed LEFT JOIN named ON named.key IS NOT DISTINCT FROM summed.key
ORDER BY {by} DESC NULLS LAST, summed.key NULLS LAST
LIMIT {int(most)}
""".replace("summed.* EXCLUDE (key)", _names("summed"))
    )


def suppliers(
    engine: Engine, consignee: str, *, per: str = "year", by: str = "value_usd_cents", which: Which | None = None
) -> pd.DataFrame:
    """Each supplier's share of a consignee's imports, by year or by month.

    Columns: period (first day), shipper_key, items, value, share (of all that is known, the unnamed suppliers' part
    included), rank, hhi (10,000 times the sum of squared shares), effective (10,000 / hhi), without_value (items of the
    period whose value is unknown: the shares are of the rest). Source of HHI: US DOJ and FTC merger guidelines.
    """
    _checked(per, ("year", "month"), "period")
    _checked(by, MEASURES, "measure")
    asked = _narrowed(which, consignee=consignee)
    _comparable(engine, asked, dollars=by == "value_usd_cents")
    table = engine.sql(
        f"""
WITH shipped AS ({asked.sql()}),
summed AS (
    SELECT CAST(date_trunc('{per}', registered_on) AS DATE) AS period, shipper_key,
           count(*) AS items, {_sum(by)} AS value, count(*) - count({by}) AS unknown
    FROM shipped GROUP BY ALL
)
SELECT period, shipper_key, items, value,
       CASE WHEN sum(value) OVER whole > 0 THEN CAST(value AS DOUBLE) / sum(value) OVER whole END AS share,
       CAST(rank() OVER (PARTITION BY period ORDER BY value DESC NULLS LAST) AS INTEGER) AS rank,
       CAST(sum(unknown) OVER whole AS BIGINT) AS without_value
FROM summed
WINDOW whole AS (PARTITION BY period)
ORDER BY period, rank, shipper_key NULLS LAST
"""
    )
    squares = table.assign(square=table["share"] ** 2).groupby("period")["square"].transform("sum")
    hhi = 10_000 * squares
    return table.assign(hhi=hhi, effective=10_000 / hhi.where(hhi > 0))


def per_month(engine: Engine, which: Which, event: str, *, by: str = "value_usd_cents") -> pd.DataFrame:
    """Before and after an event: items and value a month, over the months asked for or else those the records cover.

    `event` is a month ("2022-03"), the first that counts as after. One row a side: side, months, items, value,
    items_a_month, value_a_month, without_value. A month without a delivery counts: a supplier that starts late had none
    before, and that is known. Items without a day are on neither side.
    """
    _checked(by, MEASURES, "measure")
    _comparable(engine, which, dollars=by == "value_usd_cents")
    edge = first_day(event)
    months = _calendar(engine, which, which.first, which.last)
    sides = engine.sql(
        f"""
SELECT CASE WHEN month < DATE '{edge:%Y-%m-%d}' THEN 'before' ELSE 'after' END AS side,
       count(*) AS items, {_sum(by)} AS value, count(*) - count({by}) AS without_value
FROM ({which.sql()}) WHERE month IS NOT NULL GROUP BY ALL
"""
    ).set_index("side")
    counts = pd.Series({"before": int((months < edge).sum()), "after": int((months >= edge).sum())}, name="months")
    table = _zero_without_items(counts.to_frame().join(sides))
    return (
        table.assign(items_a_month=table["items"] / table["months"], value_a_month=table["value"] / table["months"])
        .rename_axis("side")
        .reset_index()
    )


def monthly(engine: Engine, which: Which) -> pd.DataFrame:
    """Month by month without a gap, over the months the files cover: month, items, each measure, without_value.

    A month in which the records hold nothing of what is asked for is a true zero of these records, not of the trade.
    Items without a day are in no month. Raises NotComparableError when US dollars are on several bases.
    """
    _comparable(engine, which)
    table = engine.sql(
        f"""
SELECT month, count(*) AS items, {_sums()}, count(*) - count(value_usd_cents) AS without_value
FROM ({which.sql()}) WHERE month IS NOT NULL GROUP BY month ORDER BY month
"""
    )
    return _zero_without_items(table.set_index("month").reindex(_calendar(engine, which))).reset_index()


def _calendar(engine: Engine, which: Which, first: str | None = None, last: str | None = None) -> pd.DatetimeIndex:
    """The months from `first` to `last`, or else from the first to the last of all that the files hold."""
    span = engine.sql(f"SELECT min(month) AS first, max(month) AS last FROM ({Which(files=which.files).sql()})")
    start = first_day(first) if first else span["first"].iloc[0]
    end = first_day(last) if last else span["last"].iloc[0]
    if pd.isna(start) or pd.isna(end):
        raise TradeAnalyticsError("no shipment with a day was found; expected cleaned customs records")
    return pd.date_range(start, end, freq="MS", name="month")


def _zero_without_items(table: pd.DataFrame) -> pd.DataFrame:
    """Nothing is zero where there are no items; where there are, what is not known of them stays unknown."""
    none = table["items"].isna()
    numbers = table.columns.difference(["months"], sort=False)
    return table.assign(**{name: table[name].mask(none, 0) for name in numbers})


def routes(engine: Engine, which: Which | None = None) -> pd.DataFrame:
    """Which way goods went: origin, dispatch, trading, shipper's and destination country, with items and measures.

    A country that is not given is null. Where the four first disagree, a middleman is likely: a lead. Raises
    NotComparableError when US dollars are on several bases.
    """
    asked = which or Which()
    _comparable(engine, asked)
    columns = ", ".join(_ROUTE)
    return engine.sql(
        f"""
SELECT {columns}, count(*) AS items, {_sums()}, min(registered_on) AS first_seen, max(registered_on) AS last_seen
FROM ({asked.sql()}) GROUP BY {columns}
ORDER BY items DESC, {", ".join(f"{column} NULLS LAST" for column in _ROUTE)}
"""
    )


def high_priority(engine: Engine, which: Which | None = None) -> pd.DataFrame:
    """Shipments of goods on the common high priority list, by tier: file_id, record, hs, tier, certainty, and the rest.

    The list is in HS 2022. `certainty` is "exact" for a code of that edition, "same_code" for an older row with the
    same digits (its scope may differ), "possible" for an older, wider code that the listed one came from, and for a row
    without a day, whose edition is unknown.
    """
    order = "ORDER BY file_id, sheet NULLS FIRST, record"
    return engine.sql(f"{high_priority_sql(which or Which())}\n{order}")


def high_priority_sql(which: Which, more: str = "s.description, s.value_usd_cents, s.net_kg, s.invented") -> str:
    """The statement that lists what `high_priority` answers, in no order; `more` are its last columns."""
    columns = ("hs6", "tier", "predecessor", "predecessor_match")
    values = [", ".join(literal(row[name]) for name in columns) for row in rows("high_priority")]
    listed = ", ".join(f"({value})" for value in values)
    return f"""
WITH listed (hs6, tier, predecessor, predecessor_match) AS (VALUES {listed}),
older AS (
    SELECT predecessor AS hs6, min(tier) AS tier, min(predecessor_match) AS predecessor_match
    FROM listed GROUP BY predecessor
),
shipped AS ({which.sql()})
SELECT s.file_id, s.record, s.sheet, s.month, s.registered_on, s.shipper_key, s.consignee_key, s.hs, s.hs_edition,
       coalesce(new.tier, old.tier) AS tier,
       CASE WHEN s.hs_edition IS NULL THEN 'possible' WHEN new.tier IS NOT NULL THEN 'exact'
            WHEN old.predecessor_match = 'same' THEN 'same_code' ELSE 'possible' END AS certainty,
       {more}
FROM shipped AS s
LEFT JOIN listed AS new ON coalesce(s.hs_edition, '2022') = '2022' AND new.hs6 = substr(s.hs, 1, 6)
LEFT JOIN older AS old ON coalesce(s.hs_edition, '2017') <> '2022' AND old.hs6 = substr(s.hs, 1, 6)
WHERE coalesce(new.tier, old.tier) IS NOT NULL
"""


def pieces(engine: Engine, which: Which) -> pd.DataFrame:
    """Pieces by month and consignee: from the quantity column where its unit is pieces, else from the description.

    Columns: month, consignee_key, items, pieces, from_description, unknown (items with no count anywhere).
    """
    _comparable(engine, which, dollars=False)
    return engine.sql(
        f"""
SELECT month, consignee_key, count(*) AS items, sum(pieces) AS pieces,
       count(*) FILTER (WHERE declared IS NULL AND described IS NOT NULL) AS from_description,
       count(*) FILTER (WHERE pieces IS NULL) AS unknown
FROM ({pieces_sql(which)}) GROUP BY month, consignee_key ORDER BY month, consignee_key NULLS LAST
"""
    )


def pieces_sql(which: Which, among: str | None = None) -> str:
    """The statement that lists shipments with their pieces: declared, described, and the first of these that is known.

    A description counts where it names one number of pieces alone. `among` is a table of file_id, sheet and record, to
    which the shipments are narrowed before their descriptions are looked up.
    """
    narrowed, shipped, told = "", which.sql(), "kind = 'pieces'"
    if among is not None:
        same = "i.file_id = n.file_id AND i.record = n.record AND i.sheet IS NOT DISTINCT FROM n.sheet"
        items = f"SELECT n.* FROM ({shipped}) AS n WHERE EXISTS (SELECT 1 FROM {among} AS i WHERE {same})"
        narrowed, shipped = f"WITH narrowed AS MATERIALIZED ({items})", "SELECT * FROM narrowed"
        told += " AND (file_id, description) IN (SELECT file_id, description FROM narrowed)"
    return f"""
{narrowed}
SELECT *, coalesce(declared, described) AS pieces FROM (
    SELECT s.*,
           CASE WHEN upper(s.quantity_unit) IN ('ШТ', 'ШТ.', 'ШТУКА', 'PCS', 'PIECES', 'NMB') THEN s.quantity END
               AS declared,
           CASE WHEN found.finds = 1 THEN found.number END AS described
    FROM ({shipped}) AS s
    LEFT JOIN (
        SELECT description, file_id, max(number) AS number, count(*) AS finds
        FROM finds WHERE {told} GROUP BY description, file_id
    ) AS found ON found.file_id = s.file_id AND found.description = s.description
)
""".strip()


def _narrowed(which: Which | None, **fields: str) -> Which:
    return Which(**{**vars(which or Which()), **fields})


def not_mixed(engine: Engine, which: Which) -> None:
    """Raise NotComparableError where invented shipments stand beside real ones."""
    if len(engine.sql(f"SELECT DISTINCT invented FROM ({which.sql()})")) > 1:
        raise NotComparableError("invented shipments (of a SYNTHETIC file) are not added to others; ask with `files`")


def _comparable(engine: Engine, which: Which, *, dollars: bool = True) -> None:
    """Refuse what no sum may hold: invented shipments beside real ones, and dollars on several bases."""
    not_mixed(engine, which)
    if not dollars:
        return
    found = engine.sql(
        f"SELECT DISTINCT value_usd_basis AS basis FROM ({which.sql()}) WHERE value_usd_cents IS NOT NULL ORDER BY 1"
    )["basis"].fillna("unknown")
    if len(found) > 1:
        raise NotComparableError(
            f"US dollars on different bases are not added: {', '.join(found)}; ask with `files` of one basis"
        )


def _sum(measure: str) -> str:
    return f"CAST(sum({measure}) AS BIGINT)" if measure.endswith("_cents") else f"round(sum({measure}), 3)"


def _sums() -> str:
    return ", ".join(f"{_sum(measure)} AS {measure}" for measure in MEASURES)


def _names(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in ("items", *MEASURES, "without_value", "first_seen", "last_seen"))


def _checked(value: str, known: Sequence[str], what: str) -> None:
    if value not in known:
        raise TradeAnalyticsError(f"{what}: {value!r}, expected one of {', '.join(known)}")
