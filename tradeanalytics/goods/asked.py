"""Which goods are asked for, and from which files: of every month the newest release, never two of one month."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine, literal
from tradeanalytics.flows import NotComparableError, among

# Where there is no file of re-exports they are total exports less domestic ones, code by code.
_PARTS = {"re_export": ("total_export", "domestic_export")}
_MONTH = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])")


class Held(NamedTuple):
    """A row of `held` as far as it decides what is taken."""

    file_id: str
    reporter: str
    flow: str
    partner: str | None
    period: pd.Timestamp
    months: int
    digits: int
    rows: int
    without_value: int
    currency: str
    valuation: str | None
    complete: bool
    by_region: bool
    invented: bool
    table_id: str
    vintage: str


@dataclass(frozen=True)
class Goods:
    """Trade by HS code: one reporter and flow, some partners and codes, each month from one release.

    `partner` and `region` name codes that are added up, `hs` the first digits of codes; None is all of them. `files`
    has a row of `held` for each flow and month that is taken.
    """

    flow: str
    reporter: str
    partner: tuple[str, ...] | None
    hs: tuple[str, ...] | None
    region: tuple[str, ...] | None
    months: int
    flows: tuple[str, ...]  # as published
    files: tuple[Held, ...] = field(repr=False)
    narrowed: tuple[str, ...] = ()  # conditions on rows that keep out what is not taken

    @property
    def value(self) -> str:
        """The column of the value, in hundredths of the currency."""
        return f"value_{self.currency.lower()}_cents"

    @property
    def currency(self) -> str:
        """In which currency the value is: CAD or USD."""
        return self.files[0].currency

    @property
    def digits(self) -> int:
        """The fewest digits that a code has in every file."""
        return min(one.digits for one in self.files)

    @property
    def valuation(self) -> str | None:
        """What the value includes, where it is the same in every file."""
        found = {one.valuation for one in self.files}
        return found.pop() if len(found) == 1 else None

    @property
    def invented(self) -> bool:
        """Whether the files are no real ones."""
        return self.files[0].invented

    @property
    def complete(self) -> bool:
        """Whether all trade is there, so that what has no row was not traded."""
        return all(one.complete for one in self.files)

    @property
    def without_value(self) -> bool:
        """Whether the publisher leaves values out."""
        return any(one.without_value for one in self.files)

    @property
    def periods(self) -> list[pd.Timestamp]:
        """Every month (or year) for which all the flows are there, in order."""
        there: dict[pd.Timestamp, set[str]] = defaultdict(set)
        for one in self.files:
            there[one.period].add(one.flow)
        return sorted(period for period, flows in there.items() if len(flows) == len(self.flows))

    @property
    def file_ids(self) -> list[str]:
        """The files, in the order of their months."""
        return list(dict.fromkeys(one.file_id for one in self.files))

    def where(self, *, in_full: bool = False) -> str:
        """The condition that a row of `goods` meets when it is asked for; `in_full` says all of it, to be printed."""
        asked = [
            *([among("partner", self.partner)] if self.partner else []),
            *([_beginning(self.hs)] if self.hs else []),
            *([among("region", self.region)] if self.region else []),
            *self.narrowed,
        ]
        if in_full:  # the same whatever other files are there
            named = [f"reporter = {literal(self.reporter)}", among("flow", self.flows)]
            asked = list(dict.fromkeys([*named, among("goods.file_id", self.file_ids), *asked]))
        return "\n  AND ".join(asked) or "true"

    def signed(self) -> str:
        """The value of a row as it counts: domestic exports are taken off total ones to leave re-exports."""
        if len(self.flows) == 1:
            return self.value
        return f"CASE WHEN flow = {literal(self.flows[0])} THEN {self.value} ELSE -{self.value} END"


def choose(
    engine: Engine,
    flow: str,
    *,
    reporter: str = "CA",
    partner: str | Sequence[str] | None = None,
    hs: str | Sequence[str] | None = None,
    region: str | Sequence[str] | None = None,
    months: int = 1,
    as_of: str | None = None,
    table: str | None = None,
    invented: bool | None = None,
) -> Goods:
    """The goods of a flow, every month of them from the newest release (until `as_of`, such as "2024-06").

    Of several publishers the one that gives all trade is taken, or the one whose tables begin with `table`
    ("comtrade"); what gives single partners is put together, each partner and month from its newest file. Re-exports
    are made of total and domestic exports of one month's releases. Invented files are taken only where there are no
    others, or when asked for. Raises NotComparableError when nothing is there, for files in several currencies, and for
    the region of files that name none; TradeAnalyticsError for a code that is not digits.
    """
    for code in _several(hs) or ():
        if not re.fullmatch("[0-9]{2,10}", code):
            raise TradeAnalyticsError(f"hs: {code!r}, expected the first two to ten digits of a code")
    held = _held(engine)
    flows = _published(flow, held, reporter)
    found = _of_partners(_eligible(held, flows, reporter, months, as_of, table, invented), _several(partner))
    taken = _newest(found, flows)
    _refuse_what_is_not_there(taken, flow, flows, reporter, hs=_several(hs), region=region)
    narrowed = tuple(_narrowed(_of_partners(held, _several(partner)), taken, reporter, flows))
    return Goods(
        flow, reporter, _several(partner), _several(hs), _several(region), months, flows, tuple(taken), narrowed
    )


def _held(engine: Engine) -> list[Held]:
    columns = ", ".join(Held._fields)
    table = engine.sql(
        f"SELECT {columns} FROM held ORDER BY reporter, flow, period, months, partner, vintage, rows, file_id"
    )
    lists = [table[name].tolist() for name in Held._fields]
    held = [Held(*row) for row in zip(*lists, strict=True)]
    return [one._replace(partner=None) if pd.isna(one.partner) else one for one in held]


def _published(flow: str, held: Sequence[Held], reporter: str) -> tuple[str, ...]:
    """The flows that are published, and together make the one that is asked for."""
    there = {one.flow for one in held if one.reporter == reporter}
    flows = (flow,) if flow in there or flow not in _PARTS else _PARTS[flow]
    if missing := [name for name in flows if name not in there]:
        raise NotComparableError(
            f"{reporter}: no raw file has {' and '.join(missing)} by HS code, so {flow} is unknown; there is"
            f" {', '.join(sorted(there)) or 'nothing'}"
        )
    return flows


def _eligible(
    held: Sequence[Held],
    flows: tuple[str, ...],
    reporter: str,
    months: int,
    as_of: str | None,
    table: str | None,
    invented: bool | None,
) -> list[Held]:
    found = [one for one in held if one.reporter == reporter and one.flow in flows and one.months == months]
    found = [one for one in found if as_of is None or one.vintage[: len(as_of)] <= as_of]
    found = [one for one in found if table is None or one.table_id.startswith(table)]
    if invented is None:
        invented = all(one.invented for one in found)
    found = [one for one in found if one.invented == invented]
    whole = [one for one in found if one.complete]
    return found if table is not None or not whole else whole


def _of_partners(found: Sequence[Held], partners: tuple[str, ...] | None) -> list[Held]:
    return [one for one in found if partners is None or one.partner is None or one.partner in partners]


def _newest(found: Sequence[Held], flows: tuple[str, ...]) -> list[Held]:
    """Of each flow and month the newest release; of several flows the newest month in which all were released."""
    releases: dict[tuple[pd.Timestamp, str, str], dict[str, Held]] = {}
    for one in found:  # in the order of their vintage
        releases.setdefault((one.period, one.partner or "", one.vintage[:7]), {})[one.flow] = one
    newest = {cell[:2]: of_flow for cell, of_flow in releases.items() if len(of_flow) == len(flows)}
    return [of_flow[flow] for _, of_flow in sorted(newest.items()) for flow in flows]


def _refuse_what_is_not_there(
    taken: Sequence[Held],
    flow: str,
    flows: tuple[str, ...],
    reporter: str,
    *,
    hs: tuple[str, ...] | None,
    region: object,
) -> None:
    if not taken:
        raise NotComparableError(f"{flow} of {reporter}: no month of it is there as asked for, from one release")
    if region is not None and (len(flows) > 1 or not all(one.by_region for one in taken)):
        raise NotComparableError(f"{flow} of {reporter} is not published by region: ask without one")
    currencies = sorted({one.currency for one in taken})
    if len(currencies) > 1:
        raise NotComparableError(
            f"{flow} of {reporter} is in {' and '.join(currencies)}; ask for one publisher's by its `table`"
        )
    digits = min(one.digits for one in taken)
    if long := [code for code in hs or () if len(code) > digits]:
        raise NotComparableError(f"hs {long[0]}: the files have codes of {digits} digits; ask for fewer")


def _narrowed(held: Sequence[Held], taken: Sequence[Held], reporter: str, flows: tuple[str, ...]) -> Iterator[str]:
    """What keeps out the rows that are not taken, and nothing where all are: a condition costs as much as the sum."""
    if any(one.reporter != reporter for one in held):
        yield f"reporter = {literal(reporter)}"
    if any(one.flow not in flows for one in held):
        yield among("flow", flows)
    kept = set(taken)
    rest = [one for one in held if one.reporter == reporter and one.flow in flows and one not in kept]
    none = sorted({one.file_id for one in rest} - {one.file_id for one in taken})
    if none:
        yield f"NOT {among('file_id', none)}"
    some: dict[tuple[str, str, str | None, int], list[pd.Timestamp]] = defaultdict(list)
    for one in rest:
        if one.file_id not in none:
            some[one.file_id, one.flow, one.partner, one.months].append(one.period)
    for (file_id, flow, partner, months), periods in some.items():
        days = ", ".join(f"DATE '{day:%Y-%m-%d}'" for day in periods)
        of_partner = f" AND partner = {literal(partner)}" if partner else ""
        yield (
            f"NOT (goods.file_id = {literal(file_id)} AND flow = {literal(flow)} AND months = {months}"
            f"{of_partner} AND period IN ({days}))"
        )


def _beginning(codes: Sequence[str]) -> str:
    parts = " OR ".join(f"starts_with(hs, {literal(code)})" for code in codes)
    return f"({parts})"


def _several(codes: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if codes is None:
        return None
    return (codes,) if isinstance(codes, str) else tuple(dict.fromkeys(codes))


def first_day(month: str) -> pd.Timestamp:
    """The first day of a month such as 2022-03. Raises TradeAnalyticsError for another spelling."""
    if not _MONTH.fullmatch(month):
        raise TradeAnalyticsError(f"month: {month!r}, expected one such as 2022-03")
    return pd.Timestamp(f"{month}-01")
