"""What the detectors of shipments share: whose units they are, what no unit may hold, and the way back to the records.

A unit is a trader, by the key of its name in one role, or a kind of goods. Its money is in one currency on one basis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, table
from tradeanalytics.detectors.trader_words import say
from tradeanalytics.engine import Engine, literal
from tradeanalytics.shipments import Which

Row = Mapping[str, Any]
NOBODY: Row = {"some_invented": False}
ROLES = ("shipper", "consignee")
_BASES = {"value_usd_cents": "coalesce(value_usd_basis, 'unknown')", "value_rub_cents": "'customs'"}
CURRENCIES = {"value_usd_cents": "USD", "value_rub_cents": "RUB"}


_KEPT = (
    *("file_id", "sheet", "record", "direction", "registered_on", "month", "shipper_key", "consignee_key", "hs"),
    *("hs_edition", "shipper_country", "consignee_country", "trading_country", "dispatch_country", "origin_country"),
    *("destination_country", "net_kg", "value_usd_cents", "value_usd_basis", "value_rub_cents", "invented"),
)


@dataclass(frozen=True)
class Kept(Which):
    """Shipments that were written once with their keys, to ask much of them; findings are traced to the tables."""

    path: str = ""

    def shipments(self) -> str:
        """The statement that lists them."""
        return f"SELECT * FROM read_parquet({literal(self.path)})"


def kept(engine: Engine, folder: Path, which: Which | None = None) -> Kept:
    """What is asked for, written to a folder: every detector that takes it reads that, and joins no names anew.

    Ten detectors then take half the time; one alone is as fast without.
    """
    asked = which or Which()
    path = folder / "kept.parquet"
    columns = (*_KEPT, "description") if asked.words is not None else _KEPT
    # Everybody's are written: from one trader's own alone it cannot be told which months the records hold.
    engine.write(f"SELECT {', '.join(columns)} FROM ({_everybodys(asked).sql()})", path)
    return Kept(**vars(asked), path=str(path))


def plain(which: Which) -> Which:
    """The same shipments as the tables have them, with all their columns."""
    told = {field.name: getattr(which, field.name) for field in fields(Which)}
    return Which(**told)


def currency(by: str) -> str:
    """The currency of a measure. Raises TradeAnalyticsError for another column.

    >>> currency("value_usd_cents")
    'USD'
    """
    return CURRENCIES[chosen(by, CURRENCIES, "measure")]


def chosen(value: str, known: Iterable[str], what: str) -> str:
    """The value, where it is one of those known; raises TradeAnalyticsError where it is not."""
    if value not in known:
        raise TradeAnalyticsError(f"{what}: {value!r}, expected one of {', '.join(known)}")
    return value


def sums(by: str, more: str = "") -> str:
    """The columns that `fault` reads, of any group of shipments; `more` are further conditions on what is summed."""
    if_more = f" FILTER (WHERE {more})" if more else ""
    also = f" AND {more}" if more else ""
    basis = f"FILTER (WHERE {by} IS NOT NULL{also})"
    return f"""count(*){if_more} AS items, count({by}){if_more} AS known,
           count(*) FILTER (WHERE {by} < 0{also}) AS negative, CAST(sum({by}){if_more} AS BIGINT) AS cents,
           min({_BASES[by]}) {basis} AS basis, max({_BASES[by]}) {basis} AS other_basis,
           coalesce(bool_and(invented){if_more}, false) AS invented,
           coalesce(bool_or(invented){if_more}, false) AS some_invented"""


def added() -> str:
    """The columns of `sums` of several groups as those of one."""
    numbers = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in ("items", "known", "negative", "cents"))
    return f"""{numbers}, min(basis) AS basis, max(other_basis) AS other_basis,
       bool_and(invented) AS invented, bool_or(some_invented) AS some_invented"""


def fault(row: Row) -> str | None:
    """Why a group of shipments can be no unit of anything, None where it can; `row` has the columns of `sums`."""
    if why := mixed(row):
        return why
    if not row["known"]:
        return say("no_value")
    if row["negative"]:
        return say("negative", count=row["negative"])
    if not row["cents"]:
        return say("zeros")
    if row["basis"] != row["other_basis"]:
        return say("bases", bases=f"{row['basis']}, {row['other_basis']}")
    return None


def mixed(row: Row) -> str | None:
    """Why a group of shipments is no unit, where some of them are invented and others not; None where it is not so."""
    return say("invented_mixed") if row["some_invented"] and not row["invented"] else None


def nameless(row: Row) -> str | None:
    """Why a group of shipments is no trader's: nobody is named, or some are invented; None where it is one's."""
    return say("nobody_named") if row["trader"] is None else mixed(row)


def no_trader(row: Row) -> str | None:
    """The same, or why its money says nothing; `row` has the columns of `sums`."""
    return say("nobody_named") if row["trader"] is None else fault(row)


def marks(rows: Iterable[Row]) -> dict[str, bool]:
    """Whether all of several groups, and whether any of them, are invented, as `mixed` reads it of one."""
    told = list(rows)
    return {
        "invented": all(row["invented"] for row in told),
        "some_invented": any(row["some_invented"] for row in told),
    }


def subject(role: str, key: object) -> str:
    """A trader as a subject of findings.

    >>> subject("consignee", "SAMPLE LINKS")
    'consignee SAMPLE LINKS'
    """
    return f"{role} {named(key)}"


_TRADER = re.compile(r"(shipper|consignee|company) ([^,]+)(?:,.*)?")


def trader(subject: str) -> tuple[str, str] | None:
    """The role and key of the trader that a finding is of, None where it is of something else.

    >>> trader("consignee SAMPLE LINKS"), trader("shipper SAMPLE LINKS, heading 8542"), trader("import 854231 CN")
    (('consignee', 'SAMPLE LINKS'), ('shipper', 'SAMPLE LINKS'), None)
    """
    found = _TRADER.fullmatch(subject)  # a key has no comma
    return (found[1], found[2]) if found else None


def named(key: object) -> str:
    return say("nobody") if key is None else str(key)


def lacking(row: Row) -> str:
    """How many items of a sum have no value, as an addition to its sentence."""
    unknown = row["items"] - row["known"]
    return say("lacking", count=unknown) if unknown else ""


def unvalued(items: int, known: int, most: float, when: str = "") -> str | None:
    """Why a sum says too little: more than `most` of its items, of those `when`, have no value; None where it does not.

    >>> unvalued(10, 9, 0.1), unvalued(10, 8, 0.1, " before 2022-03")
    (None, 'no value is known of 20% of its items before 2022-03')
    """
    unknown = items - known
    return say("unvalued", share=unknown / items, when=when) if unknown > most * items else None


def asked_rows(engine: Engine, statement: str) -> list[dict[str, Any]]:
    """The rows of an answer, None where a cell is missing."""
    found: list[dict[str, Any]] = engine.arrow(statement).to_pylist()
    return found


@dataclass(frozen=True)
class Held:
    """The months that the records hold any shipment of, in order."""

    months: tuple[date, ...]

    def missing(self, first: date, last: date) -> list[date]:
        """The months from one to the other that no record is of."""
        return _missing(self.months, first, last)

    def unseen(self, first: date, last: date, months: int) -> str | None:
        """Why it is not known whether a trader was seen between two months, the first so many `months` before."""
        if self.months[0] > first:
            return say("censored", first=month_text(self.months[0]), months=months)
        missing = self.missing(first, last)
        return say("gap", missing=month_text(missing[0])) if missing else None


@lru_cache(maxsize=10_000)
def _missing(months: tuple[date, ...], first: date, last: date) -> list[date]:
    # Traders are many, and their first and last months few.
    there = set(months)
    return [month for month in span(first, last) if month not in there]


def held(engine: Engine, which: Which) -> Held:
    """The months of these shipments, whoever's they are: of a month that is not among them nothing is known."""
    rows = engine.sql(f"SELECT DISTINCT month FROM ({_everybodys(which).sql()}) WHERE month IS NOT NULL ORDER BY month")
    return Held(tuple(month.date() for month in rows["month"]))


def _everybodys(which: Which) -> Which:
    return replace(which, shipper=None, consignee=None, hs=None, words=None)


def span(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one to the other, both included."""
    for index in range(_index(first), _index(last) + 1):
        yield month_at(index)


def later(month: date, months: int) -> date:
    """The month so many months later, or earlier where that is negative.

    >>> later(date(2022, 3, 1), -12)
    datetime.date(2021, 3, 1)
    """
    return month_at(_index(month) + months)


def apart(first: date, last: date) -> int:
    """How many months the last is after the first."""
    return _index(last) - _index(first)


def _index(month: date) -> int:
    return month.year * 12 + month.month - 1


def month_at(index: int) -> date:
    """The month of a number of months since the year 0.

    >>> month_at(2022 * 12 + 2)
    datetime.date(2022, 3, 1)
    """
    return date(index // 12, index % 12 + 1, 1)


def day_of(cell: object) -> date | None:
    """A cell of an answer as a date, None where it is missing."""
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    return cell if isinstance(cell, date) else None


@lru_cache(maxsize=10_000)
def month_text(month: date) -> str:
    return f"{month:%Y-%m}"


def narrow(which: Which, first: date | None = None, last: date | None = None, **more: Any) -> Which:
    """What was asked for, within these months, and of this trader or code: what a finding is traced by."""
    starts = [text for text in (which.first, first and month_text(first)) if text]
    ends = [text for text in (which.last, last and month_text(last)) if text]
    return replace(which, first=max(starts, default=None), last=min(ends, default=None), **more)


def records_of(which: Which) -> str:
    """The statement that lists the records, in their order."""
    return f"{plain(which).sql()}\nORDER BY file_id, sheet, record"


def refused(detector: str, who: str, why: str, row: Row, **common: Any) -> Finding:
    """The finding of a unit that is not judged."""
    reason = say("not_judged", why=why)
    return Finding(detector, who, why_not=why, reason=reason, invented=bool(row["some_invented"]), **common)


def answer(
    findings: Iterable[Finding], detector: str, said: str, why: str | None = None, *, rate: float = FALSE_DISCOVERIES
) -> pd.DataFrame:
    """FINDINGS; where there is no unit to be judged, one row says so and why: a question is never without an answer."""
    found = list(findings)
    if not found:
        found.append(refused(detector, say("all_shipments"), why or say("nothing_asked"), NOBODY, thresholds=said))
    return table(found, rate=rate)


def one_trader(engine: Engine, which: Which, role: str) -> str | None:
    """Why nobody can be held against others, where all these records name one trader in a role."""
    rest = replace(which, shipper=None, consignee=None)
    counted = engine.sql(f"SELECT min({role}_key) AS least, max({role}_key) AS most FROM ({rest.sql()})")
    return say("one_trader", role=role) if counted["least"].equals(counted["most"]) else None


def trace(which: Which, role: str, key: str, first: date | None = None, last: date | None = None) -> str:
    """The statement that lists the records of a trader, of these months."""
    return literal(key).join(_traced(which, role, first, last))


_ANYBODY = "\0"


@lru_cache(maxsize=1_000)
def _traced(which: Which, role: str, first: date | None, last: date | None) -> list[str]:
    # A statement is long and findings are many: it is made once for all traders, and cut where the trader stands.
    return records_of(narrow(which, first, last, **{role: _ANYBODY})).split(literal(_ANYBODY))
