"""Did what no longer goes straight to a country reach it through others?

How much of the fall in direct trade came up again in trade with the hubs: in total, in the same goods, with the same
buyer. The answers at the levels are an interval, and the interval is the answer. Source: METHODS, diversion. No
consignment is followed: a hub's own demand rises, too. What can have gone on from a hub is asked in `rerouting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors import partner_words as words
from tradeanalytics.detectors.findings import Finding, table, thresholds
from tradeanalytics.detectors.usable import aggregates, cents, currencies_of, why_unusable
from tradeanalytics.flows import among
from tradeanalytics.goods.asked import first_day

DETECTOR = "diversion"
TOTAL = "in total"
_NO_GROWTH = 1.0


@dataclass(frozen=True)
class _Asked:
    """Which routes, which months (as many before `since` as from it on), and what each row of the table is of."""

    direct: str
    hubs: tuple[str, ...]
    since: pd.Timestamp
    months: int
    by: tuple[str, ...] = ()
    complete: bool = False

    @property
    def routes(self) -> tuple[str, ...]:
        return (self.direct, *self.hubs)

    @property
    def first(self) -> pd.Timestamp:
        return self.since - pd.DateOffset(months=self.months)

    @property
    def last(self) -> pd.Timestamp:
        return self.since + pd.DateOffset(months=self.months - 1)


@dataclass(frozen=True)
class _Use:
    """What every finding of one run shares: the growth and how it was found, the thresholds, the currency."""

    growth: float
    how: str
    share: float
    floor: float
    unit: str
    thresholds: str
    trace: str | None
    invented: bool


@dataclass(frozen=True)
class _Level:
    """One level: its groups, one a row, the cents of each route (`before`, `after`), and why a group is not judged."""

    name: str
    groups: list[str]
    before: pd.DataFrame
    after: pd.DataFrame
    why_not: list[str | None]
    observations: list[int]

    def fall(self, asked: _Asked) -> pd.Series:
        return self.before[asked.direct] - self.after[asked.direct]

    def rise(self, asked: _Asked, growth: float) -> pd.Series:
        """Over the hubs, what is above what they would have had if they had grown by `growth`."""
        hubs = list(asked.hubs)
        return (self.after[hubs] - growth * self.before[hubs]).clip(lower=0).sum(axis=1)

    def judged(self, asked: _Asked) -> pd.Series:
        """Which groups are judged: all is known of them, and their direct trade fell."""
        known = pd.Series([why is None for why in self.why_not], index=self.before.index)
        return known & (self.fall(asked) > 0)


def diversion(
    trade: pd.DataFrame,
    *,
    direct: str,
    hubs: Sequence[str],
    since: str = "2022-03",
    months: int = 12,
    by: Sequence[str] = (),
    growth: float | None = None,
    others: Sequence[str] | None = None,
    fewest_others: int = 5,
    complete: bool = False,
    share: float = 0.1,
    floor: float = 1_000_000.0,
    statement: str | None = None,
) -> pd.DataFrame:
    """The fall in direct trade and the rise through hubs, in total and for each column of `by`, as rows of FINDINGS.

    `trade`: partner, period, one of value_cad_cents, value_eur_cents, ..., and the columns of `by` (hs6, a consignee);
    for shipments the partner is the country of dispatch, and `direct` the exporter's own. `observed` is the rise and
    `expected` the fall, in units of the currency, over `months` from `since` against as many before; `effect` is their
    ratio, flagged from `share` on where the fall is at least `floor`. A hub's value before is taken times the growth of
    the exporter's other destinations, `growth` where it is given, else that of `others` (all other partners if None);
    with fewer than `fewest_others` of them it is unknown, and 1 is taken. Without `complete` (the table holds all
    trade of its months) a month without a row is unknown. `statement` is SQL that lists the raw records, for the trace.

    Beside the level as a whole stands each of its groups. Raises TradeAnalyticsError for hubs that name no hub.
    """
    asked = _asked(direct, hubs, since, months, by, complete)
    said = thresholds(
        **{
            "direct": direct,
            "hubs": asked.hubs,
            "since": since,
            "months": months,
            "by": asked.by,
            "complete": complete,
        },
        **{"growth": growth, "others": others, "fewest_others": fewest_others, "share": share, "floor": floor},
    )
    if why := _why_refused(trade, asked):
        return table(_nothing(name, asked, why, said) for name in (TOTAL, *by))
    grown, how = _growth(trade, asked, growth, others, fewest_others)
    use = _Use(
        _NO_GROWTH if grown is None else grown,
        how,
        share,
        floor,
        currencies_of(trade)[0],
        said,
        _trace(statement, asked),
        bool("invented" in trade and trade["invented"].any()),
    )
    return table(finding for level in _levels(trade, asked) for finding in _findings(level, asked, use))


def levels(
    trade: pd.DataFrame,
    *,
    direct: str,
    hubs: Sequence[str],
    since: str = "2022-03",
    months: int = 12,
    by: Sequence[str] = (),
    growth: float | None = None,
    others: Sequence[str] | None = None,
    fewest_others: int = 5,
    complete: bool = False,
) -> pd.DataFrame:
    """The same question at every level, with the growth of other destinations and with none (1) beside it.

    Columns: level, growth (what a hub's value before is taken times), groups, judged, fall, rise (units of the
    currency, over the groups whose direct trade fell), ratio (rise / fall) and matched (the same, no group counted for
    more than its own fall). Null where nothing is judged. See `diversion` for the thresholds and `interval`.
    """
    asked = _asked(direct, hubs, since, months, by, complete)
    grown, _ = _growth(trade, asked, growth, others, fewest_others)
    factors = dict.fromkeys([*([] if grown is None else [grown]), _NO_GROWTH])
    rows = [_summed(level, asked, factor) for level in _levels(trade, asked) for factor in factors]
    columns = ["level", "growth", "groups", "judged", "fall", "rise", "ratio", "matched"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[4:], "Float64"))


def interval(found: pd.DataFrame) -> tuple[float, float] | None:
    """The smallest and the largest ratio of a table of `levels`: the answer. None where no level is judged."""
    ratios = found["ratio"].dropna()
    return (float(ratios.min()), float(ratios.max())) if len(ratios) else None


def by_hub(
    trade: pd.DataFrame,
    *,
    direct: str,
    hubs: Sequence[str],
    since: str = "2022-03",
    months: int = 12,
    by: Sequence[str] = (),
    complete: bool = False,
) -> pd.DataFrame:
    """Each route in total: partner, before, after, change, in units of the currency; null where it is not known."""
    asked = _asked(direct, hubs, since, months, by, complete)
    sides = [_side(trade, asked, route) for route in asked.routes]
    told = pd.DataFrame(sides, columns=["before", "after"]).astype("Float64")
    told.insert(0, "partner", list(asked.routes))
    return told.assign(change=told["after"] - told["before"])


# What stands in the two windows


def _asked(direct: str, hubs: Sequence[str], since: str, months: int, by: Sequence[str], complete: bool) -> _Asked:
    named = tuple(dict.fromkeys(hubs))
    if not named or direct in named:
        raise TradeAnalyticsError(f"hubs {', '.join(named) or 'none'}: expected one or more, without {direct} itself")
    if months < 1:
        raise TradeAnalyticsError(f"months {months}: expected one or more on each side")
    return _Asked(direct, named, first_day(since), months, tuple(by), complete)


def _why_refused(trade: pd.DataFrame, asked: _Asked) -> str | None:
    """Why no level can be judged."""
    if sums := aggregates(asked.routes):
        return words.AGGREGATE.format(codes=", ".join(sums))
    return why_unusable(trade, ["partner", "period", *asked.by], asked.by) or _why_beyond(trade, asked)


def _why_beyond(trade: pd.DataFrame, asked: _Asked) -> str | None:
    """Where all trade is there, it is so between the first month of the table and its last, and no further."""
    if not asked.complete:
        return None
    period = pd.to_datetime(trade["period"])
    ends = ((asked.first, period.min() > asked.first), (asked.last, period.max() < asked.last))
    return next((words.BEYOND.format(month=f"{month:%Y-%m}") for month, beyond in ends if beyond), None)


def _in_windows(trade: pd.DataFrame, asked: _Asked) -> pd.DataFrame:
    """The rows of both windows, with `cents` and `after`: which window."""
    period = pd.to_datetime(trade["period"])
    rows = trade.assign(period=period, cents=cents(trade), after=period >= asked.since)
    return rows[(period >= asked.first) & (period <= asked.last)]


def _side(trade: pd.DataFrame, asked: _Asked, route: str) -> tuple[float | None, float | None]:
    """What went by one route before and after, in units of the currency; None where it is not known."""
    if _why_refused(trade, asked):
        return None, None
    alone = replace(asked, direct=route, hubs=())
    level = _level(trade, alone, None)
    if level.why_not != [None]:
        return None, None
    before, after = (float(side[route].iloc[0]) / 100 for side in (level.before, level.after))
    return before, after


def _growth(
    trade: pd.DataFrame, asked: _Asked, given: float | None, others: Sequence[str] | None, fewest: int
) -> tuple[float | None, str]:
    """The growth of the exporter's other destinations and how it was found, or None and why it is unknown."""
    if given is not None:
        return given, words.GROWTH_GIVEN.format(growth=given)
    if why := _why_refused(trade, asked):
        return None, words.GROWTH_UNKNOWN.format(why=why)
    named = sorted(set(trade["partner"] if others is None else others) - {*asked.routes})
    sides = [_side(trade, asked, code) for code in named if not aggregates([code])]
    known = [(before, after) for before, after in sides if before is not None and after is not None]
    if len(known) < fewest:
        return None, words.GROWTH_UNKNOWN.format(why=words.GROWTH_FEW.format(count=len(known), fewest=fewest))
    before = sum(side[0] for side in known)
    if before <= 0:
        return None, words.GROWTH_UNKNOWN.format(why=words.GROWTH_NOTHING)
    return sum(side[1] for side in known) / before, words.GROWTH_FOUND.format(count=len(known))


def _levels(trade: pd.DataFrame, asked: _Asked) -> Iterator[_Level]:
    if _why_refused(trade, asked) is None:
        yield from (_level(trade, asked, column) for column in (None, *asked.by))


def _level(trade: pd.DataFrame, asked: _Asked, column: str | None) -> _Level:
    rows = _in_windows(trade, asked)
    rows = rows[rows["partner"].isin(asked.routes)]
    rows = rows.assign(
        group=rows[column].fillna(words.NOT_NAMED).astype(str) if column else TOTAL,
        unknown=rows["cents"].isna(),
        negative=(rows["cents"] < 0).fillna(False),
    )
    groups = sorted(rows["group"].unique()) or [TOTAL]
    grid = pd.MultiIndex.from_product([groups, asked.routes, [False, True]])
    cell = rows.groupby(["group", "partner", "after"])
    sums = cell[["cents", "unknown", "negative"]].sum().assign(months=cell["period"].nunique())
    sums = sums.astype("int64").reindex(grid, fill_value=0)
    routes = list(asked.routes)
    before, after = (sums["cents"].xs(side, level=2).unstack()[routes].loc[groups] for side in (False, True))
    months = sums["months"].groupby(level=0).sum()
    return _Level(column or TOTAL, groups, before, after, _why(sums, groups, asked), months.loc[groups].tolist())


def _why(sums: pd.DataFrame, groups: Sequence[str], asked: _Asked) -> list[str | None]:
    """Why each group is not judged, by the first of its cells that is not known."""
    short = (sums["months"] < asked.months) & (not asked.complete)
    bad = sums[short | (sums["unknown"] > 0) | (sums["negative"] > 0)]
    why: dict[str, str] = {}
    for (group, route, after), fact in _facts(bad):
        missing = 0 if asked.complete else asked.months - fact.months
        why.setdefault(group, words.why_cell(route, after, missing, fact.unknown, fact.negative))
    return [why.get(group) for group in groups]


def _facts(bad: pd.DataFrame) -> Iterator[tuple[tuple[str, str, bool], Any]]:
    yield from zip(bad.index.tolist(), bad.itertuples(index=False), strict=True)


# What is said of it


def _summed(level: _Level, asked: _Asked, growth: float) -> dict[str, object]:
    """A level as one row: its sums over the groups whose direct trade fell."""
    judged = level.judged(asked)
    fall, rise = level.fall(asked)[judged], level.rise(asked, growth)[judged]
    told = {"level": level.name, "growth": growth, "groups": len(judged), "judged": int(judged.sum())}
    if not judged.any():
        return {**told, "fall": None, "rise": None, "ratio": None, "matched": None}
    whole, matched = float(fall.sum()), float(fall.where(fall < rise, rise).sum())
    ratio = float(rise.sum()) / whole
    return {**told, "fall": whole / 100, "rise": float(rise.sum()) / 100, "ratio": ratio, "matched": matched / whole}


def _findings(level: _Level, asked: _Asked, use: _Use) -> Iterator[Finding]:
    """The level as a whole, and each of its groups where it has any."""
    whole, flat = (_summed(level, asked, factor) for factor in (use.growth, _NO_GROWTH))
    yield _finding(level.name, asked, use, whole, flat, sum(level.observations), _why_level(level, asked))
    if level.name == TOTAL:
        return
    fall = level.fall(asked) / 100
    rises = [level.rise(asked, factor) / 100 for factor in (use.growth, _NO_GROWTH)]
    for place, group in enumerate(level.groups):
        lost = float(fall.iloc[place])
        why = level.why_not[place] or (None if lost > 0 else words.NO_FALL.format(to=words.name(asked.direct)))
        sides = [{"fall": lost, "rise": float(rise.iloc[place])} for rise in rises]
        told = [{**side, "ratio": None if why else side["rise"] / side["fall"]} for side in sides]
        yield _finding(f"{level.name} {group}", asked, use, told[0], told[1], level.observations[place], why)


def _why_level(level: _Level, asked: _Asked) -> str | None:
    if level.judged(asked).any():
        return None
    return next((why for why in level.why_not if why), words.NO_FALL.format(to=words.name(asked.direct)))


def _finding(
    name: str,
    asked: _Asked,
    use: _Use,
    told: Mapping[str, Any],
    flat: Mapping[str, Any],
    observations: int,
    why: str | None,
) -> Finding:
    if why is not None:
        return _nothing(name, asked, why, use.thresholds)
    return Finding(
        DETECTOR,
        _subject(name, asked),
        period=asked.since.date(),
        until=asked.last.date(),
        observed=told["rise"],
        expected=told["fall"],
        unit=use.unit,
        effect=told["ratio"],
        n=observations,
        flagged=told["ratio"] >= use.share and told["fall"] >= use.floor,
        reason=words.diverted(name, asked, told, flat, use.growth, use.unit),
        caveats=f"{words.DIVERSION_CAVEATS} {use.how}{words.SEASONS if asked.months % 12 else ''}",
        thresholds=use.thresholds,
        trace=use.trace,
        invented=use.invented,
    )


def _nothing(name: str, asked: _Asked, why: str, said: str) -> Finding:
    return Finding(
        DETECTOR,
        _subject(name, asked),
        period=asked.since.date(),
        until=asked.last.date(),
        why_not=why,
        reason=words.NOT_JUDGED.format(why=why),
        thresholds=said,
    )


def _subject(name: str, asked: _Asked) -> str:
    return f"{asked.direct} via {'+'.join(asked.hubs)}: {name}"


def _trace(statement: str | None, asked: _Asked) -> str | None:
    """The raw records of both windows, from a statement that lists those of all routes."""
    if statement is None:
        return None
    days = f"period BETWEEN DATE '{asked.first:%Y-%m-%d}' AND DATE '{asked.last:%Y-%m-%d}'"
    return f"SELECT * FROM ({statement}) WHERE {among('partner', asked.routes)} AND {days} ORDER BY ALL"
