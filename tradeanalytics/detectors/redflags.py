"""Official red flags that the shipments alone can show, each with its source and what it does not prove.

Those of addresses (a residence, a shared door, a forwarder as consignee, ...) are A1 to A11 of `addressed`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from scipy.special import bdtrc

from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, thresholds
from tradeanalytics.detectors.phones import Phone, phoned, phones
from tradeanalytics.detectors.shipped import (
    ROLES,
    Row,
    answer,
    asked_rows,
    chosen,
    day_of,
    held,
    later,
    marks,
    nameless,
    refused,
    subject,
    trace,
)
from tradeanalytics.detectors.trader_words import caveats, say
from tradeanalytics.detectors.unit_values import held_against, odd_items
from tradeanalytics.detectors.usable import aggregates
from tradeanalytics.engine import Engine, literal
from tradeanalytics.parties.registers import SINCE
from tradeanalytics.reference import rows
from tradeanalytics.shipments import Which, high_priority_sql


def phone_country(
    engine: Engine, which: Which | None = None, *, role: str = "consignee", rate: float = FALSE_DISCOVERIES
) -> pd.DataFrame:
    """FINDINGS: a row a trader: whether a phone number in its address has the code of its own country.

    Only a number with + and a code of a country is read. Flagged is one none of whose numbers can be of its country.
    """
    asked, said = which or Which(), thresholds(role=chosen(role, ROLES, "role"))
    told = phoned(engine, asked, role)
    by_trader: dict[str | None, list[Row]] = defaultdict(list)
    for row in told:
        by_trader[row["trader"]].append(row)
    found = (_phoned(trader, held_by, asked, role, said) for trader, held_by in by_trader.items())
    return answer(found, "red flag: phone", said, rate=rate)


def _phoned(trader: str | None, told: list[Row], which: Which, role: str, said: str) -> Finding:
    countries = {row["country"] for row in told} - {None}
    numbers = sorted({number for row in told for number in phones(row["address"] or "")})
    row = {"trader": trader, **marks(told)}
    common: dict[str, Any] = {"thresholds": said, "n": sum(one["items"] for one in told)}
    why = nameless(row) or _unphoned(numbers, countries)
    who = subject(role, trader)
    if why or trader is None:
        return refused("red flag: phone", who, why or say("nobody_named"), row, **common)
    country = countries.pop()
    agree = any(country in number.countries for number in numbers)
    number = next((one for one in numbers if country in one.countries), numbers[0])
    words = {"name": trader, "code": number.code, "there": " or ".join(number.countries[:4]), "told": country}
    return _flag(
        "phone", who, not agree, say("phone_same" if agree else "phone", **words), which, role, trader, row, common
    )


def _unphoned(numbers: list[Phone], countries: set[str]) -> str | None:
    """Why the numbers of a trader are not held against its country."""
    if not numbers:
        return say("no_phone")
    if len(countries) != 1:
        return say("several_countries") if countries else say("no_partner")
    if aggregates(countries):
        return say("no_country", partner=min(countries))
    nowhere = [number.code for number in numbers if not number.countries]
    return say("no_code_phone", code=nowhere[0]) if nowhere else None


def new_buyers(
    engine: Engine,
    which: Which | None = None,
    *,
    since: date = SINCE,
    months: int = 12,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a consignee that bought goods of the common high priority list.

    Flagged is one first seen after the day `since`. observed: its items of such goods; n: all its items. Not judged
    where the records begin fewer than `months` before, or lack a month from then to its first day. A code that only may
    be of the list does not count.
    """
    asked, said, there = which or Which(), thresholds(since=since, months=months), held(engine, which or Which())
    first = later(since.replace(day=1), -months)
    told = asked_rows(
        engine,
        f"""
WITH listed AS (
    SELECT consignee_key AS trader, count(*) AS listed FROM ({high_priority_sql(asked, "s.invented")})
    WHERE certainty <> 'possible' GROUP BY consignee_key
),
seen AS (
    SELECT consignee_key AS trader, count(*) AS items, min(registered_on) AS first_seen,
           bool_and(invented) AS invented, bool_or(invented) AS some_invented
    FROM ({asked.sql()}) GROUP BY consignee_key
)
SELECT seen.*, listed.listed FROM seen JOIN listed ON listed.trader IS NOT DISTINCT FROM seen.trader
""",
    )

    def found() -> Iterator[Finding]:
        for row in told:
            day = day_of(row["first_seen"])
            unseen = there.unseen(first, day.replace(day=1), months) if day else say("no_day")
            yield _new(row, asked, unseen, since, said)

    return answer(found(), "red flag: new buyer", said, say("no_priority"), rate=rate)


def _new(row: Row, which: Which, unseen: str | None, since: date, said: str) -> Finding:
    day, who = day_of(row["first_seen"]), subject("consignee", row["trader"])
    common: dict[str, Any] = {"unit": "items", "n": row["items"], "thresholds": said}
    common["period"] = day and day.replace(day=1)
    why = nameless(row) or unseen
    if why or day is None:
        return refused("red flag: new buyer", who, why or say("no_day"), row, **common)
    new = day > since
    words = {"name": row["trader"], "day": f"{day:%Y-%m-%d}", "listed": row["listed"], "items": row["items"]}
    common["observed"] = float(row["listed"])
    sentence = say("new_priority" if new else "new_priority_not", **words)
    return _flag("new buyer", who, new, sentence, which, "consignee", row["trader"], row, common)


def dormant(entrants: pd.DataFrame) -> pd.DataFrame:
    """FINDINGS: those of `traders.entrants`, flagged only where a trader had been seen before, then not for months."""
    new = entrants["flagged"].fillna(False) & entrants["effect"].isna()
    flagged = entrants["flagged"].mask(new, False)
    judged = entrants["judged"].fillna(False)
    cautions = entrants["caveats"].mask(judged, entrants["caveats"] + " " + _sourced("dormant"))
    return entrants.assign(detector="red flag: dormant", flagged=flagged, caveats=cautions)


def prices(
    engine: Engine,
    unit_values: pd.DataFrame,
    which: Which | None = None,
    *,
    role: str = "consignee",
    at_least: int = 10,
    odd: int = 3,
    share: float = 0.05,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader: how many of its items the findings of `unit_values` hold to be far from the usual.

    observed: their share of its items in goods that were judged; expected: that of all traders; p: of so many by
    chance. Flagged is one with `odd` such items or more and a `share` of them.
    """
    asked = which or Which()
    said = thresholds(role=chosen(role, ROLES, "role"), at_least=at_least, odd=odd, share=share)
    far = odd_items(engine, unit_values, asked)
    counts = far[f"{role}_key"].value_counts().to_dict() if len(far) else {}
    told = asked_rows(
        engine,
        f"""
SELECT {role}_key AS trader, count(*) FILTER (WHERE held) AS priced, count(*) AS items,
       bool_and(invented) AS invented, bool_or(invented) AS some_invented
FROM ({held_against(unit_values, asked)}) GROUP BY {role}_key
""",
    )
    usual = len(far) / max(1, sum(row["priced"] for row in told))

    def found() -> Iterator[Finding]:
        for row in told:
            count, n, who = counts.get(row["trader"], 0), row["priced"], subject(role, row["trader"])
            common: dict[str, Any] = {"unit": "share", "n": n, "thresholds": said}
            few = say("few_usual", count=n, at_least=at_least) if n < at_least else None
            if why := nameless(row) or few:
                yield refused("red flag: price", who, why, row, **common)
                continue
            p = float(bdtrc(count - 1, n, usual)) if usual and count else 1.0
            common |= {"observed": count / n, "expected": usual, "score": float(count), "p": p}
            common["test"] = "binomial, at the rate of all"
            sentence = say("price", count=count, items=n, name=row["trader"])
            flagged = count >= odd and count >= share * n
            yield _flag("price", who, flagged, sentence, asked, role, row["trader"], row, common)

    return answer(found(), "red flag: price", said, rate=rate)


def transshipped(
    engine: Engine,
    which: Which | None = None,
    *,
    role: str = "shipper",
    share: float = 0.5,
    at_least: int = 10,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader: its items made in one country, and sold and sent from another of the points published.

    observed: their share of its items whose three countries are told. Flagged from `share` on. Sold from a third
    country is not sold from there.
    """
    points = ", ".join(literal(row["code"]) for row in rows("transshipment_points"))
    odd = (
        f"dispatch_country IN ({points}) AND origin_country <> dispatch_country AND trading_country = dispatch_country"
    )
    known = _one_country("origin_country", "dispatch_country", "trading_country")
    told = ("route", "no_route", known, odd, "dispatch_country")
    return _countries(engine, which or Which(), role, told, share, at_least, rate)


def elsewhere(
    engine: Engine,
    which: Which | None = None,
    *,
    role: str = "consignee",
    share: float = 0.5,
    at_least: int = 10,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader: its items that go to another country than the consignee's own.

    observed: their share of its items whose two countries are told. Flagged from `share` on.
    """
    known = _one_country("consignee_country", "destination_country")
    told = ("elsewhere", "no_destination", known, "consignee_country <> destination_country", "destination_country")
    return _countries(engine, which or Which(), role, told, share, at_least, rate)


def _one_country(*columns: str) -> str:
    """The condition that each column tells one country, and not a sum or a rest of several."""
    sums = ", ".join(map(literal, aggregates()))
    return " AND ".join(f"coalesce({column} NOT IN ({sums}), false)" for column in columns)


def _countries(
    engine: Engine, which: Which, role: str, told: tuple[str, ...], share: float, at_least: int, rate: float
) -> pd.DataFrame:
    """A flag of countries that disagree: its name, why none can, when they are known and odd, and which is shown."""
    flag, none, known, odd, shown = told
    said = thresholds(role=chosen(role, ROLES, "role"), share=share, at_least=at_least)
    found = asked_rows(
        engine,
        f"""
SELECT {role}_key AS trader, count(*) AS items, count(*) FILTER (WHERE {known}) AS known,
       count(*) FILTER (WHERE {known} AND {odd}) AS odd,
       string_agg(DISTINCT {shown}, ', ' ORDER BY {shown}) FILTER (WHERE {known} AND {odd}) AS places,
       bool_and(invented) AS invented, bool_or(invented) AS some_invented
FROM ({which.sql()}) GROUP BY {role}_key
""",
    )

    def findings() -> Iterator[Finding]:
        for row in found:
            who = subject(role, row["trader"])
            common: dict[str, Any] = {"unit": "share", "n": row["known"], "thresholds": said}
            few = say("few", count=row["known"], at_least=at_least) if row["known"] < at_least else None
            if why := nameless(row) or (say(none) if not row["known"] else few):
                yield refused(f"red flag: {flag}", who, why, row, **common)
                continue
            common["observed"] = row["odd"] / row["known"]
            words = {"count": row["odd"], "items": row["known"], "name": row["trader"], "places": row["places"] or "–"}
            flagged = row["odd"] >= share * row["known"]
            yield _flag(flag, who, flagged, say(flag, **words), which, role, row["trader"], row, common)

    return answer(findings(), f"red flag: {flag}", said, rate=rate)


@cache
def _sourced(flag: str) -> str:
    """The source of a flag and what it does not prove."""
    return f"{say('source', source=say(f'{flag}.source'))} {say(f'{flag}.not')}"


def _flag(
    flag: str,
    who: str,
    flagged: bool,
    sentence: str,
    which: Which,
    role: str,
    trader: str,
    row: Row,
    common: Mapping[str, Any],
) -> Finding:
    return Finding(
        f"red flag: {flag}",
        who,
        **common,
        flagged=flagged,
        reason=sentence,
        caveats=f"{caveats()} {_sourced(flag)}",
        trace=trace(which, role, trader),
        invented=bool(row["some_invented"]),
    )
