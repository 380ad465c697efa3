"""Whose goods went from a listed code to one beside it, and whose mix of goods is another than before.

Codes are compared over a change of the HS by what they hold (reference.hs), or not at all: HS 2022 took the place of
HS 2017 seven weeks before the invasion, and looks like relabelling.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
from scipy.special import chdtrc, ndtr

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, thresholds
from tradeanalytics.detectors.shipped import (
    ROLES,
    Row,
    answer,
    asked_rows,
    chosen,
    held,
    later,
    month_text,
    nameless,
    narrow,
    records_of,
    refused,
    subject,
    trace,
)
from tradeanalytics.detectors.trader_words import caveats, say
from tradeanalytics.engine import Engine, literal
from tradeanalytics.goods.asked import first_day
from tradeanalytics.reference.goods_lists import common_high_priority
from tradeanalytics.reference.hs import RELATED, codes, comparable
from tradeanalytics.shipments import Which

LEFT_OUT = 0.05  # of the items: those of the old edition's codes in the weeks after a new one


class Label(NamedTuple):
    """What a code of an edition is compared as: the codes that hold the same goods, their heading, or why not."""

    code: str
    edition: str
    label: str | None
    heading: str
    listed: bool
    note: str


def relabelled(
    engine: Engine,
    event: str,
    which: Which | None = None,
    *,
    listed: pd.DataFrame | None = None,
    role: str = "consignee",
    months: int = 12,
    z: float = 3.0,
    drop: float = 0.2,
    at_least: int = 10,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader and four-digit heading with listed codes, over `months` before and from `event` on.

    `listed` is a list of `reference.goods_lists`, without it the common high priority list. observed and expected: the
    share of its items in listed codes after and before; effect: their difference; score: z of two proportions, p of one
    side. Flagged is one with a score under -`z` and a share lower by `drop` or more. Not judged under `at_least` items
    on a side, and where more than LEFT_OUT of its items cannot be compared between the editions.
    """
    asked = _Asked(which or Which(), chosen(role, ROLES, "role"), first_day(event), months)
    wanted = common_high_priority() if listed is None else listed
    said = thresholds(role=role, event=event, months=months, z=z, drop=drop, at_least=at_least)
    labels = [one for one in asked.labels(engine, wanted) if one.heading in _headings(wanted)]
    missing = asked.missing(engine)
    rows = _noted(asked_rows(engine, asked.by_heading(labels)), labels) if labels else []

    def found() -> Iterator[Finding]:
        for row in rows:
            why = _why_not(row, at_least, missing)
            yield _relabelled(row, asked, why, z, drop, said)

    return answer(found(), "relabelling", said, missing or say("no_listed"), rate=rate)


def mix_shift(
    engine: Engine,
    event: str,
    which: Which | None = None,
    *,
    role: str = "consignee",
    months: int = 12,
    distance: float = 0.5,
    level: float = 0.01,
    at_least: int = 20,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a trader with trade in the `months` before `event` ("2022-03") or as many from it on.

    observed: the Jensen-Shannon distance (base 2) of its mix of six-digit goods before and after, counted in items: 0
    for the same mix, 1 for mixes with nothing in common; score and p: chi-square that both are of one mix, since few
    items of many codes are far apart by chance. Flagged is one `distance` or more apart with p under `level`.
    """
    asked = _Asked(which or Which(), chosen(role, ROLES, "role"), first_day(event), months)
    said = thresholds(role=role, event=event, months=months, distance=distance, level=level, at_least=at_least)
    labels, missing = asked.labels(engine, None), asked.missing(engine)
    rows = _noted(asked_rows(engine, asked.mix(labels)), labels) if labels else []

    def found() -> Iterator[Finding]:
        for row in rows:
            yield _shifted(row, asked, _why_not(row, at_least, missing), distance, level, said)

    return answer(found(), "mix of goods", said, missing or asked.nobody(), rate=rate)


class _Asked(NamedTuple):
    """What is asked, as the statements that answer it."""

    which: Which
    role: str
    event: date
    months: int

    @property
    def window(self) -> tuple[date, date]:
        return later(self.event, -self.months), later(self.event, self.months - 1)

    def missing(self, engine: Engine) -> str | None:
        lacking = held(engine, self.which).missing(*self.window)
        return say("window", missing=month_text(lacking[0]), months=self.months) if lacking else None

    def nobody(self) -> str:
        first, last = map(month_text, self.window)
        return say("nobody_in", first=first, last=last)

    def _items(self) -> str:
        return f"""
    SELECT {self.role}_key AS trader, substr(hs, 1, 6) AS code, coalesce(hs_edition, '') AS edition, invented,
           month < DATE '{self.event}' AS before
    FROM ({narrow(self.which, *self.window).sql()})"""

    def labels(self, engine: Engine, listed: pd.DataFrame | None) -> list[Label]:
        """What each code of these items is compared as, over the editions that are there."""
        found = engine.sql(f"SELECT DISTINCT code, edition FROM ({self._items()}) ORDER BY ALL").fillna("")
        there = sorted({str(one) for one in found["edition"] if one in RELATED})
        groups = _groups(found["code"], there[-2:]) if there else {}
        pairs, on_list = zip(found["code"], found["edition"], strict=True), _listed(listed, there)
        return [_label(str(code), str(edition), groups, on_list) for code, edition in pairs]

    def _labelled(self, labels: Sequence[Label]) -> str:
        """The items and their labels, as numbers: a text for each of millions of groups takes its time."""
        numbers = {label: number for number, label in enumerate(sorted({one.label for one in labels if one.label}))}
        lines = (
            (one.code, one.edition, numbers.get(one.label or ""), one.heading, one.listed, place if one.note else None)
            for place, one in enumerate(labels)
        )
        values = ",\n".join(f"({', '.join(map(_cell, line))})" for line in lines)
        return f"""
WITH labels (code, edition, label, heading, listed, note) AS (VALUES {values}),
items AS ({self._items()}
)"""

    def by_heading(self, labels: Sequence[Label]) -> str:
        """A row a trader and heading: items in and beside listed codes on both sides."""
        sides = [("before", "label IS NOT NULL AND before"), ("after", "label IS NOT NULL AND NOT before")]
        counts = ",\n       ".join(
            f"count(*) FILTER (WHERE {where}) AS n_{side}, count(*) FILTER (WHERE {where} AND listed) AS listed_{side}"
            for side, where in sides
        )
        return f"""{self._labelled(labels)}
SELECT trader, heading, {counts},
       min(note) FILTER (WHERE label IS NULL) AS refused, count(*) FILTER (WHERE label IS NULL) AS left_out,
       min(note) FILTER (WHERE label IS NOT NULL) AS note,
       bool_and(invented) AS invented, bool_or(invented) AS some_invented
FROM items JOIN labels USING (code, edition) GROUP BY trader, heading
HAVING count(*) FILTER (WHERE listed) > 0
"""

    def mix(self, labels: Sequence[Label]) -> str:
        """A row a trader: how far its mixes before and after are apart."""
        return f"""{self._labelled(labels)},
counted AS (
    SELECT trader, label, count(*) FILTER (WHERE label IS NOT NULL AND before) AS b,
           count(*) FILTER (WHERE label IS NOT NULL AND NOT before) AS a,
           count(*) FILTER (WHERE label IS NULL) AS left_out,
           min(note) FILTER (WHERE label IS NULL) AS refused, min(note) FILTER (WHERE label IS NOT NULL) AS note,
           bool_and(invented) AS invented, bool_or(invented) AS some_invented
    FROM items JOIN labels USING (code, edition) GROUP BY trader, label
),
shares AS (
    SELECT *, CAST(sum(b) OVER whole AS BIGINT) AS n_before, CAST(sum(a) OVER whole AS BIGINT) AS n_after
    FROM counted WINDOW whole AS (PARTITION BY trader)
),
parts AS (
    SELECT *, b / greatest(n_before, 1.0) AS p, a / greatest(n_after, 1.0) AS q,
           (a + b) / greatest(n_before + n_after, 1.0) AS pooled FROM shares
)
SELECT trader, any_value(n_before) AS n_before, any_value(n_after) AS n_after, count(label) AS labels,
       sum({_BITS}) AS bits, sum({_CHI}) AS chi, CAST(sum(left_out) AS BIGINT) AS left_out,
       min(refused) AS refused, min(note) AS note, bool_and(invented) AS invented,
       bool_or(some_invented) AS some_invented
FROM parts GROUP BY trader
"""


# Rounded to whole billionths, so that the sum is the same on one thread or many.
_BITS = """CAST(round(1e9 * 0.5 * (CASE WHEN p > 0 THEN p * log2(2 * p / (p + q)) ELSE 0 END
           + CASE WHEN q > 0 THEN q * log2(2 * q / (p + q)) ELSE 0 END)) AS BIGINT)"""
_CHI = """CAST(round(1e6 * (power(b - pooled * n_before, 2) / greatest(pooled * n_before, 1e-9)
           + power(a - pooled * n_after, 2) / greatest(pooled * n_after, 1e-9))) AS BIGINT)"""


_Groups = Mapping[tuple[str, str], tuple[frozenset[tuple[str, str]], str | None]]


def _groups(told: Iterable[str], editions: Sequence[str]) -> _Groups:
    """For a code and its edition, the codes and editions that are compared together, and a note; none where refused."""
    before, after = editions[0], editions[-1]
    asked = {code[:6] for code in told if re.fullmatch("[0-9]{6,}", code)}
    found: dict[tuple[str, str], tuple[frozenset[tuple[str, str]], str | None]] = {}
    for row in comparable(asked, before, after).to_dict("records"):
        sides = ((row["codes_before"], before), (row["codes_after"], after))
        members = frozenset((code, one) for joined, one in sides for code in joined.split(";") if code)
        found |= dict.fromkeys(members, (frozenset() if row["how"] == "refused" else members, row["note"]))
    return found


def _label(code: str, edition: str, groups: _Groups, listed: Collection[tuple[str, str]]) -> Label:
    """What a code of an edition is compared as; listed where any code of its group is."""
    unknown = say("no_code_of", code=code, edition=edition) if edition in RELATED else say("no_edition")
    members, note = groups.get((code, edition), (frozenset(), unknown))
    if not members:
        return Label(code, edition, None, code[:4], (code, edition) in listed, note or unknown)
    last = max(edition for _, edition in members)
    heading = min(one for one, edition in members if edition == last)[:4]
    label = " ".join(sorted(f"{edition}:{one}" for one, edition in members))
    return Label(code, edition, label, heading, not members.isdisjoint(listed), note or "")


def _listed(listed: pd.DataFrame | None, editions: Sequence[str]) -> frozenset[tuple[str, str]]:
    """The six-digit codes of some editions that a list holds, with their edition; a shorter code holds all under it."""
    if listed is None:
        return frozenset()
    if missing := {"hs", "hs_edition"} - set(listed.columns):
        raise TradeAnalyticsError(f"listed: the column {min(missing)!r} is missing, expected a list of goods")
    told = set(zip(listed["hs"], listed["hs_edition"], strict=True))
    return frozenset((code, one) for one in editions for code in codes(one) if _holds(told, code, one))


def _holds(told: Collection[tuple[str, str]], code: str, edition: str) -> bool:
    return any((code[:digits], edition) in told for digits in (2, 4, 6))


def _headings(listed: pd.DataFrame) -> frozenset[str]:
    return frozenset(code[:4] for code in listed["hs"])


def _noted(rows: list[dict[str, Any]], labels: Sequence[Label]) -> list[dict[str, Any]]:
    """The rows with the notes that they have the place of."""
    notes = ("refused", "note")
    return [row | {name: None if row[name] is None else labels[row[name]].note for name in notes} for row in rows]


def _cell(cell: str | int | None) -> str:
    if cell is None:
        return "CAST(NULL AS INTEGER)"
    return literal(cell) if isinstance(cell, str) else str(cell).upper()


def _why_not(row: Row, at_least: int, missing: str | None) -> str | None:
    if why := nameless(row) or missing:
        return why
    if min(row["n_before"], row["n_after"]) < at_least:
        return say("few_sides", before=row["n_before"], after=row["n_after"], at_least=at_least)
    items = row["n_before"] + row["n_after"] + row["left_out"]
    return say("edition", note=row["refused"]) if row["left_out"] > LEFT_OUT * items else None


def _relabelled(row: Row, asked: _Asked, why: str | None, z: float, drop: float, said: str) -> Finding:
    first, last = asked.window
    who = f"{subject(asked.role, row['trader'])}, heading {row['heading']}"
    common: dict[str, Any] = {"period": first, "until": last, "unit": "share", "thresholds": said}
    common["n"] = row["n_before"] + row["n_after"]
    if why:
        return refused("relabelling", who, why, row, **common)
    before, after = row["listed_before"] / row["n_before"], row["listed_after"] / row["n_after"]
    score = two_proportions(row["listed_before"], row["n_before"], row["listed_after"], row["n_after"])
    flagged = score < -z and before - after >= drop
    told = {"name": row["trader"], "heading": row["heading"], "before": before, "after": after}
    for side in ("before", "after"):
        told |= {f"n_{side}": row[f"n_{side}"], f"beside_{side}": row[f"n_{side}"] - row[f"listed_{side}"]}
    return Finding(
        "relabelling",
        who,
        **common,
        observed=after,
        expected=before,
        effect=after - before,
        score=score,
        test="z of two proportions, pooled",
        p=float(ndtr(score)),
        flagged=flagged,
        reason=say("relabelled" if flagged else "relabelled_not", **told),
        caveats=_caveats(row),
        trace=records_of(narrow(asked.which, first, last, hs=row["heading"], **{asked.role: row["trader"]})),
        invented=row["some_invented"],
    )


def two_proportions(ones: int, of: int, others: int, of_others: int) -> float:
    """How far the second share is from the first, as z with a pooled share; 0 where both are 0 or both are 1.

    >>> round(two_proportions(80, 100, 40, 100), 4)
    -5.7735
    """
    pooled = (ones + others) / (of + of_others)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_others))
    return (others / of_others - ones / of) / spread if spread else 0.0


def _shifted(row: Row, asked: _Asked, why: str | None, distance: float, level: float, said: str) -> Finding:
    first, last = asked.window
    who = subject(asked.role, row["trader"])
    common: dict[str, Any] = {"period": first, "until": last, "unit": "distance", "thresholds": said}
    common["n"] = row["n_before"] + row["n_after"]
    if why:
        return refused("mix of goods", who, why, row, **common)
    apart, score = math.sqrt(min(1.0, max(0, int(row["bits"])) / 1e9)), int(row["chi"]) / 1e6
    p = float(chdtrc(row["labels"] - 1, score)) if row["labels"] > 1 else 1.0
    told = {"name": row["trader"], "n_before": row["n_before"], "n_after": row["n_after"]}
    return Finding(
        "mix of goods",
        who,
        **common,
        observed=apart,
        effect=apart,
        score=score,
        test=f"chi-square of one mix, {row['labels'] - 1} df",
        p=p,
        flagged=apart >= distance and p < level,
        reason=say("mix", distance=apart, **told),
        caveats=_caveats(row),
        trace=trace(asked.which, asked.role, row["trader"], first, last),
        invented=row["some_invented"],
    )


def _caveats(row: Row) -> str:
    changed = (" " + say("edition_changed", note=row["note"])) if row["note"] else ""
    left_out = (" " + say("left_out", count=row["left_out"], note=row["refused"])) if row["left_out"] else ""
    return caveats("items_hang") + changed + left_out
