"""Who trades what with whom: monthly, change, shares, revisions of published cells.

Every question is asked to one raw file, so that vintages never mix, and returns pandas: whole cents, and null where a
cell that belongs to the answer is missing or suppressed. Unknown is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine, literal
from tradeanalytics.reference import rows
from tradeanalytics.reference.countries import EU27
from tradeanalytics.sources import comext

EVERY = "ALL"
VALUES = ("value_cad_cents", "value_eur_cents", "value_usd_cents", "value_rub_cents")
_PARTNERS = {row["name"]: row["code"] for row in rows("partners")}
# Total exports are published as one cell by some tables and as two by others.
_DIMENSIONS = ("partner", "product", "region")
_PARTS_OF_TOTAL = ("domestic_export", "re_export")
_IDENTITY = ("reporter", "partner", "flow", "basis", "seasonal_adjustment")


class NotComparableError(TradeAnalyticsError):
    """Figures that must not be compared or added, with the reason."""


@dataclass(frozen=True)
class Cells:
    """Which published cells: of one raw file, one flow, one basis.

    `partner`, `product` and `region` name codes that are added up; None adds all parts and leaves out published totals
    whose parts are in the file. A total and its own part together are refused.
    """

    file_id: str
    flow: str
    partner: tuple[str, ...] | None
    product: tuple[str, ...] | None = None
    region: tuple[str, ...] | None = None
    reporter: str = "CA"
    basis: str = "customs"
    seasonal_adjustment: str = "unadjusted"
    published_as: tuple[str, ...] = ()
    currency: str = "CAD"
    months: int = 1

    @property
    def value(self) -> str:
        """The column of the value, in hundredths of the currency."""
        return f"value_{self.currency.lower()}_cents"

    def __post_init__(self) -> None:
        _refuse_total_with_part("partner", self.partner, "WORLD")
        _refuse_total_with_part("product", self.product, "TOTAL")
        _refuse_total_with_part("region", self.region, self.reporter)
        if self.partner and "EU27" in self.partner and EU27 & set(self.partner):
            raise NotComparableError(f"EU27 already holds {sorted(EU27 & set(self.partner))}: adding both counts twice")

    def sql(self, columns: Sequence[str] = ()) -> str:
        """The statement that lists these cells, one raw record a row, with their lineage."""
        wanted = ", ".join(dict.fromkeys(["file_id", "record", "period", "flow", *columns, self.value, "status"]))
        conditions = [
            f"file_id = {literal(self.file_id)}",
            f"reporter = {literal(self.reporter)}",
            f"basis = {literal(self.basis)}",
            f"seasonal_adjustment = {literal(self.seasonal_adjustment)}",
            among("flow", self.published_as or (self.flow,)),
            f"months = {self.months}",
            *self._chosen(),
            *(f"NOT sums_{name}s" for name in self._summed()),
            *self._not_jointly(),
        ]
        return f"SELECT {wanted}\nFROM flows\nWHERE " + "\n  AND ".join(conditions)

    def doubtful(self) -> str:
        """The statement that lists the months in which a published total shows that parts of it are missing."""
        marks = " OR ".join(f"sums_{name}s" for name in self._summed()) or "false"
        conditions = [
            f"file_id = {literal(self.file_id)}",
            f"basis = {literal(self.basis)}",
            f"seasonal_adjustment = {literal(self.seasonal_adjustment)}",
            among("flow", self.published_as or (self.flow,)),
            f"months = {self.months}",
            *self._chosen(),
            f"parts_missing AND ({marks})",
        ]
        # The Union's members need not all be listed where the world's total shows that the partners are.
        world = f"SELECT period FROM flows WHERE file_id = {literal(self.file_id)} AND partner = 'WORLD'"
        conditions.append(f"(partner <> 'EU27' OR period NOT IN ({world}))")
        return "SELECT DISTINCT period FROM flows WHERE " + " AND ".join(conditions) + " ORDER BY period"

    def _chosen(self) -> list[str]:
        return [among(name, codes) for name in _DIMENSIONS if (codes := getattr(self, name)) is not None]

    def _summed(self) -> list[str]:
        """The dimensions over which the cells are added up: a total of them is left out, its parts are taken."""
        return [name for name in _DIMENSIONS if getattr(self, name) is None]

    def _not_jointly(self) -> list[str]:
        summed = sorted(self._summed())
        joint = ["+".join(some) for size in (2, 3) for some in combinations(summed, size)]
        return [f"(sums_jointly IS NULL OR NOT {among('sums_jointly', joint)})"] if joint else []


def cells(engine: Engine, file_id: str, flow: str, partner: str | Sequence[str] | None, **which: object) -> Cells:
    """Cells of one flow and partner, with total exports taken as the file publishes them: as one cell or as two.

    Raises NotComparableError when the file publishes no such flow, or only a part of it, for the partner.
    """
    partners = (partner,) if isinstance(partner, str) else None if partner is None else tuple(partner)
    asked = Cells(file_id, flow, partners, **{"currency": _currency(engine, file_id), **which})  # type: ignore[arg-type]
    found = _published(engine, asked)
    if flow != "total_export" or flow in found:
        needed: tuple[str, ...] = (flow,)
    else:
        needed = _PARTS_OF_TOTAL
    missing = [part for part in needed if part not in found]
    if missing:
        raise NotComparableError(
            f"file {file_id} has no {' and no '.join(missing)} for {', '.join(partners or ('any partner',))}"
            f" ({asked.basis}, {asked.seasonal_adjustment}), so {flow} is unknown; it has {sorted(found) or 'nothing'}"
        )
    return replace(asked, published_as=needed)


def newest(
    engine: Engine,
    flow: str,
    partner: str,
    months: Sequence[str],
    *,
    table_id: str | None = None,
    as_of: str | None = None,
    **which: object,
) -> Cells:
    """Cells from the newest vintage, of one table or any, that has every one of these months ("2022-03").

    `as_of` leaves out every vintage after it ("2022-10"), so that what was said of a vintage can be held to it. Of one
    vintage the file with more records is taken: an extract holds less. Raises NotComparableError when none fits.
    """
    asked = {"table_id = ": table_id, f"substr(vintage, 1, {len(as_of or '')}) <= ": as_of}
    where = " AND ".join(name + literal(text) for name, text in asked.items() if text is not None) or "true"
    files = engine.sql(
        f"SELECT file_id, vintage, count(*) AS records FROM flows WHERE {where} GROUP BY ALL"
        " ORDER BY vintage DESC, records DESC, file_id"
    )
    for file_id in files["file_id"]:
        try:
            found = cells(engine, file_id, flow, partner, **which)
        except NotComparableError:
            continue
        if _covers(engine, found, months):
            return found
    raise NotComparableError(f"no raw file has {flow} for {partner} in {', '.join(months)}; see `tradeanalytics fetch`")


def monthly(engine: Engine, which: Cells, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Month by month, and for each group of `by`, the sum of the cells.

    Columns: reporter, flow, basis, seasonal_adjustment, file_id, partner, product, region, *by, period,
    value_cad_cents or value_eur_cents, cells, unknown. The value is null when a cell is missing, suppressed or
    rejected, and when a published total shows that the parts in the file are not all. The calendar runs without a gap
    from the file's first month (or year) to its last; a month without any cell is null with 0 cells.
    """
    groups = ", ".join([*by, "period"])
    answer = engine.sql(
        f"""
WITH cells AS (
{which.sql(by)}
)
SELECT {groups},
       CASE WHEN count(*) = count({which.value}) AND count(DISTINCT flow) = {len(which.published_as or (which.flow,))}
            THEN CAST(sum({which.value}) AS BIGINT) END AS {which.value},
       count(*) AS cells,
       count(*) - count({which.value}) AS unknown
FROM cells
GROUP BY {groups}
ORDER BY {groups}
"""
    )
    complete = _complete(answer, _calendar(engine, which), list(by))
    in_doubt = complete["period"].isin(_in_doubt(engine, which))
    complete[which.value] = complete[which.value].mask(in_doubt)
    identity = {name: getattr(which, name) for name in ("reporter", "flow", "basis", "seasonal_adjustment", "file_id")}
    identity |= {name: ", ".join(getattr(which, name) or (EVERY,)) for name in _DIMENSIONS}
    fixed = {name: value for name, value in identity.items() if name not in by}
    return complete.assign(**fixed)[[*fixed, *by, "period", which.value, "cells", "unknown"]]


def between(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The months of a monthly table from `first` to `last`, both included ("2021-03")."""
    return table[(table["period"] >= pd.Timestamp(first)) & (table["period"] <= pd.Timestamp(last))]


def change(before: pd.DataFrame, after: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Two windows of monthly tables side by side, per group of `by`: before_cents, after_cents, change_cents, ratio.

    A window with an unknown month is null; ratio is after/before - 1, null when before is 0. Raises NotComparableError
    for tables of different basis, adjustment, flow, partner or currency, and for windows of unequal length.
    """
    _one_currency(before, after)
    _refuse_other_identity(before, after, [name for name in _IDENTITY if name not in by])
    months = before["period"].nunique(), after["period"].nunique()
    if months[0] != months[1]:
        raise NotComparableError(
            f"{months[0]} months are not comparable with {months[1]}: take windows of equal length"
        )
    sides = pd.concat([_window(before, by, "before_cents"), _window(after, by, "after_cents")], axis=1)
    difference = sides["after_cents"] - sides["before_cents"]
    ratio = difference.astype("Float64") / sides["before_cents"].replace(0, pd.NA).astype("Float64")
    table = sides.assign(change_cents=difference, ratio=ratio)
    return table.reset_index() if by else table.reset_index(drop=True)


def shares(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Each group's part of the whole of a monthly table: by, its value, share; null when a month is unknown."""
    value = value_of(table)
    sums = _window(table, [by], value)
    whole = sums[value].sum(min_count=len(sums), skipna=False)
    share = sums[value].astype("Float64") / (whole if not pd.isna(whole) and whole else pd.NA)
    return sums.assign(share=share).reset_index().sort_values(["share", by], ascending=[False, True], ignore_index=True)


def add(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """The sum of two monthly tables, month by month; null where either is unknown or has no such month.

    Raises NotComparableError for tables of different basis, adjustment or currency, for total exports with a part of
    them, and for a published total with a part of it.
    """
    value = _one_currency(left, right)
    _refuse_other_identity(left, right, ["reporter", "basis", "seasonal_adjustment"])
    flows = _one(left, "flow"), _one(right, "flow")
    if "total_export" in flows and flows[0] != flows[1]:
        raise NotComparableError(f"total_export already holds {' or '.join(_PARTS_OF_TOTAL)}: adding both counts twice")
    if flows[0] == flows[1] and all(_overlap(left, right, name) for name in _DIMENSIONS):
        names = [f"{_one(side, 'partner')} ({_one(side, 'product')}, {_one(side, 'region')})" for side in (left, right)]
        raise NotComparableError(f"{' and '.join(names)} share the same {flows[0]}: adding both counts twice")
    both = left.set_index("period")[value] + right.set_index("period")[value]
    return both.rename(value).reset_index()


def value_of(table: pd.DataFrame) -> str:
    """The column of a table that holds its value, by the publisher's currency: value_cad_cents, value_eur_cents, ...

    Raises NotComparableError for a table with none, or with several.
    """
    found = [name for name in VALUES if name in table]
    if len(found) != 1:
        raise NotComparableError(
            f"a table has one column of values, expected one of {', '.join(VALUES)}; found {found}"
        )
    return found[0]


def _one_currency(left: pd.DataFrame, right: pd.DataFrame) -> str:
    first, second = value_of(left), value_of(right)
    if first != second:
        raise NotComparableError(f"{first} is not comparable with {second}: they are in different currencies")
    return first


def revisions(engine: Engine, old: Cells, new: Cells, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """The same cells in two vintages, for the months both have: *by, period, old_cents, new_cents, change_cents, ratio.

    Raises NotComparableError when the two ask for different cells.
    """
    for name in (*_IDENTITY, "product", "region", "currency", "months"):
        first, second = getattr(old, name), getattr(new, name)
        if first != second:
            raise NotComparableError(
                f"a revision compares the same cells: {name} is {first} in one, {second} in the other"
            )
    keys = [*by, "period"]
    sides = [
        monthly(engine, which, by=by)[[*keys, which.value]].rename(columns={which.value: name})
        for which, name in ((old, "old_cents"), (new, "new_cents"))
    ]
    table = sides[0].merge(sides[1], on=keys, how="inner", validate="one_to_one")
    difference = table["new_cents"] - table["old_cents"]
    ratio = difference.astype("Float64") / table["old_cents"].replace(0, pd.NA).astype("Float64")
    return table.assign(change_cents=difference, ratio=ratio)


def among(name: str, codes: Sequence[str]) -> str:
    """The condition that a column is one of some codes."""
    return f"{name} IN ({', '.join(literal(code) for code in codes)})"


def _refuse_total_with_part(dimension: str, codes: tuple[str, ...] | None, total: str) -> None:
    if codes and total in codes and len(codes) > 1:
        others = [code for code in codes if code != total]
        raise NotComparableError(f"{dimension} {total} already holds {', '.join(others)}: adding both counts twice")


def _refuse_other_identity(left: pd.DataFrame, right: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        first, second = _one(left, name), _one(right, name)
        if first != second:
            raise NotComparableError(
                f"{name} {first} is not comparable with {name} {second}: they count different things"
            )


def _one(table: pd.DataFrame, name: str) -> str:
    values = sorted(set(table[name]))
    if len(values) != 1:
        raise NotComparableError(f"a monthly table has one {name}, found {values}")
    return str(values[0])


def _overlap(left: pd.DataFrame, right: pd.DataFrame, dimension: str) -> bool:
    """Whether two tables count some of the same in a dimension: a shared code, or a whole beside its part."""
    sides = [set(_one(side, dimension).split(", ")) for side in (left, right)]
    wholes = {EVERY, "WORLD", "TOTAL", _one(left, "reporter")}
    unions = [side | EU27 if "EU27" in side else side for side in sides]
    if dimension == "product" and any(a.startswith(b) or b.startswith(a) for a in sides[0] for b in sides[1]):
        return True  # a code of goods holds all that begin with it
    return bool(unions[0] & unions[1]) or any(side & wholes for side in sides)


def _in_doubt(engine: Engine, which: Cells) -> list[pd.Timestamp]:
    """Months whose sum may lack a cell: a rejected row of the file names the month, or a published total says so."""
    short = [pd.Timestamp(period) for period in engine.sql(which.doubtful())["period"]]
    refused = engine.sql(f"SELECT reasons, text FROM rejected WHERE file_id = {literal(which.file_id)} ORDER BY record")
    faults = [text for reasons, text in refused.itertuples(index=False) if not set(reasons.split(";")) <= comext.ASIDE]
    return [*short, *(month for text in faults for month in _months_of(text, which))]


def _months_of(text: str, which: Cells) -> list[pd.Timestamp]:
    """The months a rejected row names, unless it names other partners only."""
    if which.currency == "EUR":
        told = comext.period_told(text, which.reporter, which.partner)
        return [pd.Timestamp(told)] if told else []
    named = {code for name, code in _PARTNERS.items() if f'"{name}"' in text or f",{name}," in text}
    if which.partner and named and not named & set(which.partner):
        return []
    return [pd.Timestamp(month) for month in re.findall(r"\b[12][0-9]{3}-(?:0[1-9]|1[0-2])\b", text)]


def _published(engine: Engine, asked: Cells) -> set[str]:
    anything = replace(asked, published_as=("import", "total_export", *_PARTS_OF_TOTAL))
    return set(engine.sql(f"SELECT DISTINCT flow FROM ({anything.sql()}) ORDER BY flow")["flow"])


def _covers(engine: Engine, which: Cells, months: Sequence[str]) -> bool:
    table = monthly(engine, which).set_index("period")[which.value]
    return all(pd.Timestamp(month) in table.index and not pd.isna(table[pd.Timestamp(month)]) for month in months)


def _currency(engine: Engine, file_id: str) -> str:
    """In which currency a file's values are; that of an unknown file is of no consequence, for it has no cell."""
    told = engine.sql(f"SELECT count(value_eur_cents) > 0 AS euros FROM flows WHERE file_id = {literal(file_id)}")
    return "EUR" if told["euros"].iloc[0] else "CAD"


def _calendar(engine: Engine, which: Cells) -> pd.DatetimeIndex:
    span = engine.sql(
        "SELECT min(period) AS a, max(period) AS b FROM flows"
        f" WHERE file_id = {literal(which.file_id)} AND months = {which.months}"
    )
    step = "MS" if which.months == 1 else "YS"
    return pd.date_range(span["a"].iloc[0], span["b"].iloc[0], freq=step, name="period")


def _complete(answer: pd.DataFrame, calendar: pd.DatetimeIndex, by: list[str]) -> pd.DataFrame:
    groups = answer[by].drop_duplicates() if by else pd.DataFrame(index=[0])
    frame = groups.merge(pd.DataFrame({"period": calendar}), how="cross")
    answer = answer.assign(period=answer["period"].astype(calendar.dtype))
    complete = frame.merge(answer, on=[*by, "period"], how="left", validate="one_to_one")
    return complete.fillna({"cells": 0, "unknown": 0})


def _window(table: pd.DataFrame, by: Sequence[str], name: str) -> pd.DataFrame:
    grouped = table.groupby(list(by) or (lambda _: 0), sort=True)[value_of(table)]
    return (
        grouped.apply(lambda values: values.sum(skipna=False) if len(values) else pd.NA).astype("Int64").to_frame(name)
    )
