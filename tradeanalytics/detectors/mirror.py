"""What an exporter says it sent beside what the partner says it received: the gap, and what nobody recorded.

A gap is a lead. The partner's file may be cut short: a year far under the years before is refused unless it is said to
be whole. Source: METHODS, mirror gap. `goods.mirror` makes the pairs of HS-level files, `pairs` those of totals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from tradeanalytics.detectors import partner_words as words
from tradeanalytics.detectors.findings import Finding, table, thresholds
from tradeanalytics.detectors.usable import aggregates, cents, currencies_of, untold
from tradeanalytics.engine import literal
from tradeanalytics.goods.asked import first_day
from tradeanalytics.goods.mirror import CIF_MARGIN, gap_share

GAP, GHOST = "mirror_gap", "ghost_trade"
MARGINS = (0.0, CIF_MARGIN, 0.10)
FEWEST_SHARE, YEARS_BEFORE = 0.5, 3
_PAIR = ["reporter", "partner"]
_FIGURES = {
    *("sent_cents", "received_cents", "received_fob_cents", "received_total_cents", "gap_share"),
    *("currency", "sent_valuation", "received_valuation"),
}


@dataclass(frozen=True)
class _Use:
    """What every finding of one run shares."""

    cif_margin: float
    least: float
    floor: float
    months: int
    thresholds: str
    statement: str | None

    def trace(self, one: str, other: str, first: pd.Timestamp, last: pd.Timestamp) -> str | None:
        """The raw records of both sides of a pair from the first to the last period."""
        if self.statement is None:
            return None
        both = [literal(code) for code in (one, other)]
        sides = [f"(reporter = {a} AND partner = {b})" for a, b in (both, both[::-1])]
        days = f"period BETWEEN DATE '{first:%Y-%m-%d}' AND DATE '{last:%Y-%m-%d}'"
        return f"SELECT * FROM ({self.statement}) WHERE ({' OR '.join(sides)}) AND {days} ORDER BY ALL"


def pairs(sent: pd.DataFrame, received: pd.DataFrame) -> pd.DataFrame:
    """Both reports of each trade, a row an exporter, partner and period that either side has.

    Both tables have reporter, partner, period and one of value_cad_cents, value_eur_cents, ...: the reporter of one is
    the partner of the other. Columns: reporter (the exporter), partner, period, sent_cents, received_cents (as
    reported), received_total_cents (all that the partner's file holds of the period), currency (two joined by "and"
    where they differ). A side without a row is null, not zero.
    """
    swapped = received.rename(columns={"reporter": "partner", "partner": "reporter"})
    sides = [
        side[[*_PAIR, "period"]].assign(period=pd.to_datetime(side["period"]), **{name: _cents(side)})
        for side, name in ((sent, "sent_cents"), (swapped, "received_cents"))
    ]
    both = sides[0].merge(sides[1], on=[*_PAIR, "period"], how="outer")
    both = both.merge(_totals(sides[1]), on=["partner", "period"], how="left")
    currency = " and ".join(dict.fromkeys([*currencies_of(sent), *currencies_of(received)]))
    return both.assign(currency=currency)


def _cents(side: pd.DataFrame) -> pd.Series:
    if len(currencies_of(side)) == 1:
        return cents(side)
    return pd.Series(pd.NA, index=side.index, dtype="Int64")


def _totals(received: pd.DataFrame) -> pd.DataFrame:
    """All that a partner recorded in a period: what it gives for the world, else its countries, else what is there;
    null where one of them is unknown."""
    sums = received["reporter"].isin(aggregates(set(received["reporter"])))
    ranks = (~sums).astype("int64").where(received["reporter"] != "WORLD", 2)
    best = received.assign(rank=ranks).groupby(["partner", "period"])["rank"].transform("max")
    chosen = received[ranks == best].groupby(["partner", "period"])["received_cents"]
    total = chosen.sum().mask(chosen.count() < chosen.size())
    return total.rename("received_total_cents").reset_index()


def gaps(
    both: pd.DataFrame, *, margins: Sequence[float] = MARGINS, confirmed: Collection[tuple[str, int]] = ()
) -> pd.DataFrame:
    """The gap shares under several margins for freight and insurance, a column each: `gap_0`, `gap_6`, `gap_10`.

    Beside them the columns of the pairs and `why_not`, where a pair is not judged; its gaps are null.
    """
    if refused := _why_refused(both):
        why = pd.Series(refused, index=both.index, dtype="str")
    else:
        why = _why_not(both, _short(both, FEWEST_SHARE, YEARS_BEFORE, confirmed))
    shares = {f"gap_{100 * margin:g}": _gap(both, margin).where(why == "") for margin in margins}
    return both.assign(**shares, why_not=why.where(why != "", None))


def mirror_gaps(
    both: pd.DataFrame,
    *,
    cif_margin: float = CIF_MARGIN,
    gap: float = 0.3,
    floor: float = 1_000_000.0,
    fewest_share: float = FEWEST_SHARE,
    years_before: int = YEARS_BEFORE,
    confirmed: Collection[tuple[str, int]] = (),
    months: int = 1,
    statement: str | None = None,
) -> pd.DataFrame:
    """The gap of each pair and period as rows of FINDINGS.

    `both`: as `pairs` or `goods.mirror` give it, one row a pair and period of so many `months`. `observed` is what the
    partner received, less `cif_margin` where it does not count free on board, `expected` what was sent, in units of the
    currency; `effect` is the gap share, flagged from `gap` on where `floor` or more was sent. A partner's year is
    refused where it is under `fewest_share` of the median of the `years_before`, unless (partner, year) is `confirmed`
    to be whole. `statement`: SQL that lists the raw records of both sides, for the trace.
    """
    asked = {"cif_margin": cif_margin, "gap": gap, "floor": floor, "fewest_share": fewest_share}
    said = thresholds(**asked, years_before=years_before, confirmed=sorted(confirmed), months=months)
    use = _Use(cif_margin, gap, floor, months, said, statement)
    if why := _why_refused(both):
        return table([_nothing(GAP, words.ALL_PAIRS, None, None, why, use)])
    short = _short(both, fewest_share, years_before, confirmed)
    margins = {margin: _gap(both, margin) for margin in dict.fromkeys((cif_margin, *MARGINS))}
    rows = both.assign(_why=_why_not(both, short), _unchecked=_before(both, years_before).isna())
    return table(_gap_finding(row, {m: gap.iloc[i] for m, gap in margins.items()}, use) for i, row in _rows(rows))


def ghost_share(
    both: pd.DataFrame,
    *,
    before: tuple[str, str],
    after: tuple[str, str],
    cif_margin: float = CIF_MARGIN,
    share: float = 0.3,
    floor: float = 1_000_000.0,
    fewest_share: float = FEWEST_SHARE,
    years_before: int = YEARS_BEFORE,
    confirmed: Collection[tuple[str, int]] = (),
    statement: str | None = None,
) -> pd.DataFrame:
    """The part of the additional exports that the partner never recorded, a pair a row of FINDINGS.

    `before` and `after` are the first and last period of windows of equal length ("2021-01"). `observed` is how much
    more the partner received, less `cif_margin`, `expected` how much more was sent; `effect` is 1 less their ratio: 1
    is none of it, and over 1 the partner received less than before. Thresholds are those of `mirror_gaps`.
    """
    asked = {"before": before, "after": after, "cif_margin": cif_margin, "share": share, "floor": floor}
    said = thresholds(**asked, fewest_share=fewest_share, years_before=years_before, confirmed=sorted(confirmed))
    use = _Use(cif_margin, share, floor, 1, said, statement)
    windows = [[first_day(month) for month in window] for window in (before, after)]
    if why := _why_refused(both):
        return table([_nothing(GHOST, words.ALL_PAIRS, None, None, why, use)])
    rows = both.assign(
        period=pd.to_datetime(both["period"]),
        _short=_short(both, fewest_share, years_before, confirmed),
        _unchecked=_before(both, years_before).isna(),
        _fob=both["received_cents"].astype("Float64") / _counted(both, cif_margin),
    )
    groups = rows.groupby(_subject_columns(both), sort=True)
    return table(_ghost_finding(_subject(both, name), group, windows, use) for name, group in groups)


# Why a pair is not judged


def _why_refused(both: pd.DataFrame) -> str | None:
    """Why no pair can be judged: there is none, or it is not told of whom or of when a row is."""
    return words.NO_ROW if both.empty else untold(both, [*_PAIR, "period"])


def _why_not(both: pd.DataFrame, short: pd.Series) -> pd.Series:
    """For each pair why its gap is not judged: the first reason that holds, empty where none does."""
    doubled = both.duplicated([*_subject_columns(both), "period"], keep=False)
    told = [
        _why_row(row, bool(twice)) or cut or _why_zero(row)
        for (_, row), twice, cut in zip(_rows(both), doubled, short, strict=True)
    ]
    return pd.Series(told, index=both.index, dtype="str")


def _why_row(row: Any, doubled: bool) -> str:
    """Why a row says nothing, whatever the others say."""
    if sums := aggregates({row.reporter, row.partner} - ({"EU27"} if row.reporter == "EU27" else set())):
        return words.AGGREGATE.format(codes=", ".join(sums))
    if doubled:
        return words.DOUBLED
    if " and " in str(row.currency) or not str(row.currency):
        return words.MIXED.format(currencies=row.currency)
    for side, value in (("sent", row.sent_cents), ("received", row.received_cents)):
        if pd.isna(value):
            return words.UNKNOWN_SIDE.format(side=side)
        if value < 0:
            return words.NEGATIVE_SIDE.format(side=side)
    return ""


def _why_zero(row: Any) -> str:
    return words.NOTHING_SENT if row.sent_cents == 0 else ""


def _short(
    both: pd.DataFrame, fewest_share: float, years_before: int, confirmed: Collection[tuple[str, int]]
) -> pd.Series:
    """Why a partner's year may be cut short, empty where it is not, cannot be told, or is confirmed to be whole."""
    before, now = _before(both, years_before), _year_total(both)
    year = pd.to_datetime(both["period"]).dt.year
    low = (now < fewest_share * before).fillna(False)
    told = [
        words.short_year(partner, that, total / 100, usual / 100, unit, years_before)
        if cut and (partner, int(that)) not in confirmed
        else ""
        for cut, partner, that, total, usual, unit in zip(
            *(low, both["partner"], year, now, before, both["currency"]), strict=True
        )
    ]
    return pd.Series(told, index=both.index, dtype="str")


def _by_month(both: pd.DataFrame) -> pd.Series:
    """What the partner's file holds of each period, in cents, by partner, year and month; null where it is unknown."""
    period = pd.to_datetime(both["period"])
    rows = both.assign(year=period.dt.year, month=period.dt.month)
    keys = ["partner", "year", "month"]
    if "received_total_cents" in both:
        return rows.groupby(keys)["received_total_cents"].max().astype("Float64")
    return rows.groupby(keys)["received_cents"].agg(lambda values: values.sum(skipna=False)).astype("Float64")


def _year_total(both: pd.DataFrame) -> pd.Series:
    """For each row, the sum of its partner's year over the months that are known."""
    sums = _by_month(both).groupby(level=["partner", "year"]).sum()
    year = pd.to_datetime(both["period"]).dt.year
    found = [sums.get(key, pd.NA) for key in zip(both["partner"], year, strict=True)]
    return pd.Series(found, index=both.index, dtype="Float64")


def _before(both: pd.DataFrame, years: int) -> pd.Series:
    """For each row, the median of its partner's years before over the same months; null unless all are there."""
    months = _by_month(both)
    year = pd.to_datetime(both["period"]).dt.year
    places = list(zip(both["partner"], year, strict=True))
    medians = {place: _median(months, *place, years) for place in dict.fromkeys(places)}
    return pd.Series([medians[place] for place in places], index=both.index, dtype="Float64")


def _median(months: pd.Series, partner: str, year: int, years: int) -> float | None:
    known = months.xs(partner, level="partner").dropna().reset_index(name="cents")
    of_partner = {(int(that), int(month)): float(value) for that, month, value in known.itertuples(index=False)}
    wanted = [month for that, month in of_partner if that == year]
    sums = []
    for earlier in range(year - years, year):
        there = [of_partner.get((earlier, month)) for month in wanted]
        if not there or None in there:
            return None
        sums.append(sum(value for value in there if value is not None))
    return median(sums)


# What is said of it


def _counted(both: pd.DataFrame, cif_margin: float) -> pd.Series:
    """How many times as high the partner counts: freight and insurance are in it unless it says that they are not."""
    counted = pd.Series(1 + cif_margin, index=both.index, dtype="Float64")
    return counted.mask(both["received_valuation"] == "fob", 1.0) if "received_valuation" in both else counted


def _gap(both: pd.DataFrame, cif_margin: float) -> pd.Series:
    return gap_share(both["sent_cents"], both["received_cents"], _counted(both, cif_margin))


def _subject_columns(both: pd.DataFrame) -> list[str]:
    """What names a pair: who, with whom, and which goods."""
    return [name for name in both.columns if name not in _FIGURES and name != "period" and not name.startswith("_")]


def _subject(both: pd.DataFrame, names: Sequence[Any]) -> str:
    told = dict(zip(_subject_columns(both), names, strict=True))
    rest = [str(text) for name, text in told.items() if name not in _PAIR]
    return " ".join([f"{told['reporter']} to {told['partner']}", *rest])


def _rows(both: pd.DataFrame) -> Iterator[tuple[int, Any]]:
    names = [name.lstrip("_") if name.startswith("_") else name for name in both.columns]
    yield from enumerate(both.set_axis(names, axis=1).itertuples(index=False))


def _gap_finding(row: Any, shares: dict[float, Any], use: _Use) -> Finding:
    subject = " ".join([f"{row.reporter} to {row.partner}", *_goods(row)])
    first = pd.Timestamp(row.period)
    last = first + pd.DateOffset(months=use.months - 1)
    if row.why:
        return _nothing(GAP, subject, first, last, row.why, use)
    share, sent = float(shares[use.cif_margin]), row.sent_cents / 100
    return Finding(
        GAP,
        subject,
        period=first.date(),
        until=last.date(),
        observed=sent * (1 - share),
        expected=sent,
        unit=row.currency,
        effect=share,
        n=2,
        flagged=share >= use.least and sent >= use.floor,
        reason=words.gap(row, shares, use.cif_margin),
        caveats=f"{words.MIRROR_CAVEATS}{words.UNCHECKED if row.unchecked else ''}",
        thresholds=use.thresholds,
        trace=use.trace(row.reporter, row.partner, first, first),
    )


def _goods(row: Any) -> list[str]:
    return [str(getattr(row, name)) for name in row._fields if name.startswith("hs")]


def _ghost_finding(subject: str, group: pd.DataFrame, windows: list[list[pd.Timestamp]], use: _Use) -> Finding:
    before, after = (group[(group["period"] >= first) & (group["period"] <= last)] for first, last in windows)
    span = windows[1][0], windows[1][1]
    sides = [{name: side[name].sum() for name in ("sent_cents", "_fob")} for side in (before, after)]
    more_sent, more_received = ((sides[1][name] - sides[0][name]) / 100 for name in ("sent_cents", "_fob"))
    why = _why_windows(before, after) or ("" if more_sent > 0 else words.NO_MORE_SENT)
    if why:
        return _nothing(GHOST, subject, *span, why, use)
    share = float(1 - more_received / more_sent)
    return Finding(
        GHOST,
        subject,
        period=span[0].date(),
        until=span[1].date(),
        observed=float(more_received),
        expected=float(more_sent),
        unit=str(group["currency"].iloc[0]),
        effect=share,
        n=2 * (len(before) + len(after)),
        flagged=share >= use.least and more_sent >= use.floor,
        reason=words.ghost(group.iloc[0], more_sent, more_received, share, use.cif_margin),
        caveats=f"{words.MIRROR_CAVEATS}{words.UNCHECKED if after['_unchecked'].any() else ''}",
        thresholds=use.thresholds,
        trace=use.trace(group["reporter"].iloc[0], group["partner"].iloc[0], windows[0][0], windows[1][1]),
    )


def _why_windows(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """Why two windows of one pair are not compared, empty where they are."""
    if len(before) != len(after) or before.empty:
        return words.WINDOWS.format(before=len(before), after=len(after))
    both = pd.concat([before, after])
    doubled = both.duplicated("period", keep=False)
    told = (_why_row(row, bool(twice)) or row.short for (_, row), twice in zip(_rows(both), doubled, strict=True))
    return next((why for why in told if why), "")


def _nothing(
    detector: str, subject: str, first: pd.Timestamp | None, last: pd.Timestamp | None, why: str, use: _Use
) -> Finding:
    return Finding(
        detector,
        subject,
        period=None if first is None else first.date(),
        until=None if last is None else last.date(),
        why_not=why,
        reason=words.NOT_JUDGED.format(why=why),
        thresholds=use.thresholds,
    )
