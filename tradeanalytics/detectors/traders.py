"""Who is new, who is gone, who buys from whom, and who grew: traders before and after, never by raw totals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, thresholds
from tradeanalytics.detectors.shipped import (
    ROLES,
    Held,
    Row,
    added,
    answer,
    apart,
    asked_rows,
    chosen,
    currency,
    day_of,
    held,
    lacking,
    later,
    month_text,
    named,
    narrow,
    no_trader,
    one_trader,
    refused,
    subject,
    sums,
    trace,
    unvalued,
)
from tradeanalytics.detectors.trader_words import amount, caveats, say
from tradeanalytics.engine import Engine
from tradeanalytics.goods.asked import first_day
from tradeanalytics.parties.asked import records
from tradeanalytics.shipments import Which


def entrants(
    engine: Engine,
    since: str,
    which: Which | None = None,
    *,
    role: str = "consignee",
    months: int = 24,
    by: str = "value_usd_cents",
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader that trades from the month `since` ("2022-03") on.

    Flagged is one that was not seen in the `months` before its first month from then on: new, or back after a pause.
    period: that month; until: the last month of the records; observed: its value a month from there on; expected: 0
    where it is flagged; n: its items. Not judged where the records begin too late to tell, or lack a month.
    """
    asked, edge, there = which or Which(), first_day(since), held(engine, which or Which())
    said = thresholds(role=chosen(role, ROLES, "role"), since=since, months=months, by=by)
    rows = asked_rows(engine, _seen(asked, role, by, edge))

    def found() -> Iterator[Finding]:
        for row in rows:
            start, before = day_of(row["first_now"]), day_of(row["last_before"])
            if start or row["trader"] is None or row["known_days"] == 0:
                yield _entrant(row, asked, role, by, there, (edge, start, before), months, said)

    return answer(found(), "entrant", said, say("nobody_since", since=since) if rows else None, rate=rate)


def _seen(which: Which, role: str, by: str, edge: date) -> str:
    """A row a trader: its months on either side of an edge, and the sums of its items from there on."""
    now = f"(month IS NULL OR month >= DATE '{edge}')"
    return f"""
SELECT {role}_key AS trader, {sums(by, now)}, min(month) FILTER (WHERE month >= DATE '{edge}') AS first_now,
       max(month) FILTER (WHERE month < DATE '{edge}') AS last_before, count(month) AS known_days
FROM ({which.sql()}) GROUP BY {role}_key
"""


def _entrant(
    row: Row,
    which: Which,
    role: str,
    by: str,
    there: Held,
    days: tuple[date, date | None, date | None],
    months: int,
    said: str,
) -> Finding:
    edge, start, before = days
    common: dict[str, Any] = {"period": start, "unit": f"{currency(by)} a month", "thresholds": said, "n": row["items"]}
    gone = apart(before, start) if start and before else None
    flagged = gone is None or gone > months
    why = no_trader(row) or _unseen(there, start, months, flagged)
    if why or start is None:
        return refused("entrant", subject(role, row["trader"]), why or say("no_day"), row, **common)
    last = there.months[-1]
    a_month = row["cents"] / 100 / (apart(start, last) + 1)
    told = {"name": row["trader"], "items": row["items"], "currency": currency(by), "amount": amount(a_month)}
    how = say("new") if gone is None else say("returned", months=gone - 1)
    not_new: dict[str, Any] = {
        "since": month_text(edge),
        "last": month_text(before) if before else "",
        "months": months,
    }
    return Finding(
        "entrant",
        subject(role, row["trader"]),
        **common,
        until=last,
        observed=a_month,
        expected=0.0 if flagged else None,
        effect=None if gone is None else float(gone - 1),
        flagged=flagged,
        reason=say("entrant", how=how, first=month_text(start), **told) + lacking(row)
        if flagged
        else say("entrant_not", name=row["trader"], **not_new),
        caveats=caveats("variants", "records"),
        trace=trace(which, role, row["trader"]),
        invented=row["some_invented"],
    )


def _unseen(there: Held, start: date | None, months: int, new: bool) -> str | None:
    """Why it is not known that nothing was seen before: only of one that looks new."""
    if not start or not new:
        return None
    return there.unseen(later(start, -months), start, months)


def vanished(
    engine: Engine,
    which: Which | None = None,
    *,
    role: str = "consignee",
    months: int = 12,
    at_least: int = 6,
    by: str = "value_usd_cents",
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader that traded in `at_least` months or that cannot be judged.

    Flagged is one that was not seen in the last `months` of the records. period and until: its first and last month;
    observed: months since without a record; expected: those between two months with trade, as usual before; p: of so
    many without, where a month has trade as often as before.
    """
    asked, there = which or Which(), held(engine, which or Which())
    said = thresholds(role=chosen(role, ROLES, "role"), months=months, at_least=at_least, by=by)
    statement = f"""
SELECT {role}_key AS trader, {sums(by)}, min(month) AS first_seen, max(month) AS last_seen,
       count(DISTINCT month) AS active
FROM ({asked.sql()}) GROUP BY {role}_key
"""
    rows = asked_rows(engine, statement)
    found = (_gone(row, asked, role, there, months, at_least, said) for row in rows)
    return answer(found, "vanished", said, rate=rate)


def _gone(row: Row, which: Which, role: str, there: Held, months: int, at_least: int, said: str) -> Finding:
    first, last = day_of(row["first_seen"]), day_of(row["last_seen"])
    common: dict[str, Any] = {"period": first, "until": last, "unit": "months", "thresholds": said, "n": row["active"]}
    who = subject(role, row["trader"])
    if why := no_trader(row) or _unended(row["active"], first, last, there, months, at_least):
        return refused("vanished", who, why, row, **common)
    assert first and last
    silent, traded = apart(last, there.months[-1]), apart(first, last) + 1
    often = (row["active"] + 1) / (traded + 2)  # Laplace's rule: one that traded in every month may still pause
    told = {"name": row["trader"], "last": month_text(last), "months": silent}
    return Finding(
        "vanished",
        who,
        **common,
        observed=float(silent),
        expected=1 / often - 1,
        effect=float(silent),
        score=-silent * float(np.log1p(-often)),
        test="silent months as often as before, -ln p",
        p=(1 - often) ** silent,
        flagged=silent >= months,
        reason=say("vanished", active=row["active"], span=traded, **told)
        if silent >= months
        else say("vanished_not", **told),
        caveats=caveats("variants", "records", "months_hang"),
        trace=trace(which, role, row["trader"]),
        invented=row["some_invented"],
    )


def _unended(active: int, first: date | None, last: date | None, there: Held, months: int, at_least: int) -> str | None:
    if not first or not last:
        return say("no_day")
    if active < at_least:
        return say("few_months", count=active, at_least=at_least)
    silent = apart(last, there.months[-1])
    if 0 < silent < months:
        return say("ends", last=month_text(there.months[-1]), months=months)
    missing = there.missing(first, there.months[-1])
    return say("gap", missing=month_text(missing[0])) if missing else None


def concentration(
    engine: Engine,
    which: Which | None = None,
    *,
    per: str = "year",
    share: float = 0.5,
    exclusive: float = 0.95,
    unnamed: float = 0.1,
    unknown: float = 0.1,
    at_least: int = 10,
    by: str = "value_usd_cents",
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a consignee and year (or month) of its imports.

    observed: the share of its largest supplier, flagged from `share` on, and said to be almost exclusive from
    `exclusive` on; expected: one part in as many as it has suppliers; effect: the effective number of suppliers; score:
    HHI, 10,000 times the sum of squared shares; n: its items. Not judged under `at_least` items with a value, where
    more than `unknown` of the items have none or `unnamed` of the value has no supplier's name, and where the records
    hold one supplier only.
    """
    asked = which or Which()
    said = thresholds(
        per=per, share=share, exclusive=exclusive, unnamed=unnamed, unknown=unknown, at_least=at_least, by=by
    )
    rows = asked_rows(engine, _shares(asked, chosen(per, ("year", "month"), "period"), by))
    alone = one_trader(engine, asked, "shipper")

    def why_not(row: Row) -> str | None:
        why = no_trader(row) or alone
        if why is None and row["period"] is None:
            why = say("no_day")
        if why is None and row["known"] < at_least:
            why = say("few_valued", count=row["known"], at_least=at_least)
        why = why or unvalued(row["items"], row["known"], unknown)
        if why is None and row["nameless"] > unnamed * row["cents"]:
            why = say("unnamed_suppliers", share=row["nameless"] / row["cents"])
        return why

    found = (_concentrated(row, asked, per, why_not(row), share, exclusive, said) for row in rows)
    return answer(found, "concentration", said, rate=rate)


def _shares(which: Which, per: str, by: str) -> str:
    """A row a consignee and period: its sums, its largest supplier, and the squares of the shares."""
    return f"""
WITH sold AS (
    SELECT consignee_key AS trader, CAST(date_trunc('{per}', month) AS DATE) AS period, shipper_key, {sums(by)}
    FROM ({which.sql()}) GROUP BY ALL
)
SELECT trader, period, {added()},
       CAST(coalesce(sum(cents) FILTER (WHERE shipper_key IS NULL), 0) AS BIGINT) AS nameless,
       count(shipper_key) FILTER (WHERE cents > 0) AS suppliers,
       max(cents) FILTER (WHERE shipper_key IS NOT NULL) AS most,
       max_by(shipper_key, (cents, shipper_key)) FILTER (WHERE shipper_key IS NOT NULL AND cents > 0) AS largest,
       sum(CAST(cents AS HUGEINT) * cents) AS squares
FROM sold GROUP BY trader, period
"""


def _concentrated(
    row: Row, which: Which, per: str, why: str | None, share: float, exclusive: float, said: str
) -> Finding:
    period = day_of(row["period"])
    until = period and (period if per == "month" else later(period, 11))
    who = subject("consignee", row["trader"])
    common: dict[str, Any] = {"period": period, "until": until, "unit": "share", "n": row["items"], "thresholds": said}
    if why or period is None:
        return refused("concentration", who, why or say("no_day"), row, **common)
    held_by = row["most"] / row["cents"]
    hhi = 10_000 * int(row["squares"]) / row["cents"] ** 2
    told = {"name": row["trader"], "share": held_by, "year": f"{period:%Y}" if per == "year" else month_text(period)}
    almost = say("exclusively") if held_by >= exclusive else ""
    return Finding(
        "concentration",
        who,
        **common,
        observed=held_by,
        expected=1 / row["suppliers"],
        effect=10_000 / hhi,
        score=hhi,
        test="HHI: 10,000 times the sum of squared shares",
        flagged=held_by >= share,
        reason=say(
            "concentration",
            **told,
            supplier=named(row["largest"]),
            hhi=hhi,
            effective=10_000 / hhi,
            exclusive=almost,
            lacking=lacking(row),
        ),
        caveats=caveats("variants", "records"),
        trace=trace(which, "consignee", row["trader"], period, until),
        invented=row["some_invented"],
    )


def before_after(
    engine: Engine,
    event: str,
    which: Which | None = None,
    *,
    role: str = "shipper",
    months: int = 12,
    times: float = 2.0,
    floor: float = 10_000.0,
    unknown: float = 0.1,
    at_least: int = 10,
    by: str = "value_usd_cents",
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader with trade in the `months` before the month `event` ("2022-03") or as many from it on.

    observed and expected: its value a month after and before, in money a month; effect: their ratio; score and p: of
    the test of Mann and Whitney on its months, those without trade being zero. Flagged is one whose ratio is `times` or
    more, or 1 / `times` or less, with `floor` a month on the larger side. Not judged is one with no trade before, which
    is an entrant, and one of whose items on a side more than `unknown` have no value. All others' change stands in the
    sentence.
    """
    asked, edge = which or Which(), first_day(event)
    limits = {"months": months, "times": times, "floor": floor, "unknown": unknown, "at_least": at_least}
    said = thresholds(role=chosen(role, ROLES, "role"), event=event, by=by, **limits)
    first, last = later(edge, -months), later(edge, months - 1)
    missing = held(engine, asked).missing(first, last)
    window = say("window", missing=month_text(missing[0]), months=months) if missing else None
    alone = window or one_trader(engine, asked, role)
    cells, rows = _monthly(engine, narrow(asked, first, last), role, by, edge)
    values = _matrix(cells, len(rows), first, 2 * months)
    before, after = values[:, :months].sum(axis=1) / months, values[:, months:].sum(axis=1) / months
    scores = mannwhitneyu(values[:, months:], values[:, :months], axis=1, method="asymptotic") if len(rows) else None

    def found() -> Iterator[Finding]:
        for at, row in enumerate(rows):
            sides = (before[at], after[at], before.sum() - before[at], after.sum() - after[at])
            why = no_trader(row) or alone or _few_before(row, sides, at_least, unknown, event)
            p = None if scores is None or why else float(scores.pvalue[at])
            score = None if scores is None else float(scores.statistic[at])
            yield _changed(row, asked, role, by, (event, first, last, months), sides, why, times, floor, score, p, said)

    nobody = say("nobody_in", first=month_text(first), last=month_text(last))
    return answer(found(), "before and after", said, window or nobody, rate=rate)


_SIDES = ("before", "after")
_ON_SIDES = tuple(f"{name}_{side}" for side in _SIDES for name in ("items", "known"))


def _monthly(engine: Engine, which: Which, role: str, by: str, edge: date) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """The value of each trader and month, by the trader's place, and a row a trader with its sums."""
    counts = ", ".join(
        f"count({of}) FILTER (WHERE month {sign} DATE '{edge}') AS {name}"
        for name, of, sign in zip(_ON_SIDES, ("*", by) * 2, ("<", "<", ">=", ">="), strict=True)
    )
    months = engine.sql(f"""
SELECT {role}_key AS trader, month, {sums(by)}, {counts} FROM ({which.sql()}) GROUP BY {role}_key, month
""")
    how = dict.fromkeys(("items", "known", "negative", "cents", *_ON_SIDES), "sum") | {
        "basis": "min",
        "other_basis": "max",
    }
    grouped = months.groupby("trader", dropna=False, sort=True)
    traders = grouped.agg(how | {"invented": "min", "some_invented": "max"}).reset_index()
    return months.assign(at=grouped.ngroup()), records(traders)


def _matrix(cells: pd.DataFrame, traders: int, first: date, months: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = np.zeros((traders, months))
    dated = cells[cells["month"].notna() & cells["cents"].notna()]
    place = (dated["month"].dt.year - first.year) * 12 + dated["month"].dt.month - first.month
    values[dated["at"].to_numpy(dtype=int), place.to_numpy(dtype=int)] = dated["cents"].to_numpy(dtype=float) / 100
    return values


def _few_before(row: Row, sides: tuple[float, ...], at_least: int, unknown: float, event: str) -> str | None:
    if row["items"] < at_least:
        return say("few", count=row["items"], at_least=at_least)
    for side, when in zip(_SIDES, (f" before {event}", f" from {event} on"), strict=True):
        if why := unvalued(row[f"items_{side}"], row[f"known_{side}"], unknown, when):
            return why
    return None if sides[0] > 0 else say("nothing_before")


def _changed(
    row: Row,
    which: Which,
    role: str,
    by: str,
    when: tuple[str, date, date, int],
    sides: tuple[float, ...],
    why: str | None,
    times: float,
    floor: float,
    score: float | None,
    p: float | None,
    said: str,
) -> Finding:
    event, first, last, months = when
    before, after, others_before, others_after = sides
    who, unit = subject(role, row["trader"]), f"{currency(by)} a month"
    common: dict[str, Any] = {"period": first, "until": last, "unit": unit, "n": row["items"], "thresholds": said}
    if why:
        return refused("before and after", who, why, row, **common)
    ratio = after / before
    others = others_after / others_before if others_before else float("nan")
    told = {"name": row["trader"], "currency": currency(by), "event": event, "months": months}
    return Finding(
        "before and after",
        who,
        **common,
        observed=after,
        expected=before,
        effect=ratio,
        score=score,
        test="Mann-Whitney U of months after and before",
        p=p,
        flagged=max(before, after) >= floor and (ratio >= times or ratio <= 1 / times),
        reason=say("before_after", **told, after=amount(after), before=amount(before), times=ratio, others=others)
        + lacking(row),
        caveats=caveats("months_hang", "records", "variants"),
        trace=trace(which, role, row["trader"], first, last),
        invented=row["some_invented"],
    )
