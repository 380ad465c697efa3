"""Companies that have a telephone number or a maker in common, as others have a door."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, thresholds
from tradeanalytics.detectors.phones import phoned, phones
from tradeanalytics.detectors.shipped import (
    ROLES,
    Row,
    answer,
    asked_rows,
    chosen,
    marks,
    mixed,
    plain,
    records_of,
    refused,
)
from tradeanalytics.detectors.trader_words import caveats, say, several
from tradeanalytics.engine import Engine, literal
from tradeanalytics.shipments import Which

PHONE, MAKER = "shared phone", "shared maker"


def shared_phones(
    engine: Engine,
    which: Which | None = None,
    *,
    role: str = "shipper",
    at_least: int = 2,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a telephone number (with +) in the addresses of a role. observed: the companies that give it.

    Flagged is one of `at_least` companies; n: their items with it.
    """
    asked, said = which or Which(), thresholds(role=chosen(role, ROLES, "role"), at_least=at_least)
    held: dict[str, list[Row]] = defaultdict(list)
    named = (row for row in phoned(engine, asked, role) if row["trader"] is not None)
    for row in named:
        for phone in dict.fromkeys(phone.number for phone in phones(row["address"] or "")):
            held[phone].append(row)
    found = (
        _finding(PHONE, phone, rows, sorted({row["trader"] for row in rows}), asked, role, at_least, said)
        for phone, rows in held.items()
    )
    return answer(found, PHONE, said, say("no_phone"), rate=rate)


def shared_makers(
    engine: Engine,
    which: Which | None = None,
    *,
    at_least: int = 3,
    items: int = 3,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a maker. observed: the shippers that ship its goods and no other maker's; n: their items.

    Counted are shippers of `items` items or more: who ships once ships one maker's goods. Flagged is a maker that
    `at_least` of them live by: none need be its dealer. Items without a maker are left out.
    """
    asked, said = which or Which(), thresholds(at_least=at_least, items=items)
    told = asked_rows(
        engine,
        f"""
WITH made AS (
    SELECT manufacturer_key AS maker, shipper_key AS trader, count(*) AS items, bool_and(invented) AS invented,
           bool_or(invented) AS some_invented
    FROM ({plain(asked).sql()}) WHERE manufacturer_key IS NOT NULL AND shipper_key IS NOT NULL GROUP BY ALL
)
SELECT *, count(*) OVER (PARTITION BY trader) = 1 AS alone FROM made ORDER BY maker, trader
""",
    )
    held: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        held[row["maker"]].append(row)
    found = (
        _finding(MAKER, maker, rows, _living_by(maker, rows, items), asked, "shipper", at_least, said)
        for maker, rows in held.items()
    )
    return answer(found, MAKER, said, say("no_maker_told"), rate=rate)


def _living_by(maker: str, rows: list[Row], items: int) -> list[str]:
    """Who ships the goods of this maker alone, so many items or more, and is not the maker itself."""
    return [row["trader"] for row in rows if row["alone"] and row["items"] >= items and row["trader"] != maker]


def _finding(
    detector: str, key: str, rows: list[Row], companies: list[str], which: Which, role: str, at_least: int, said: str
) -> Finding:
    who = f"{detector.removeprefix('shared ')} {key} of {role}s"
    mark = marks(rows)
    if why := mixed(mark):
        return refused(detector, who, why, mark, thresholds=said)
    told = {"key": key, "count": len(companies), "names": several(companies) or say("nobody")}
    among = ", ".join(map(literal, companies)) or "NULL"
    return Finding(
        detector,
        who,
        observed=float(len(companies)),
        unit="companies",
        n=sum(row["items"] for row in rows if row["trader"] in companies),
        flagged=len(companies) >= at_least,
        reason=say(detector, **told),
        caveats=caveats(f"{detector}.not", "variants"),
        thresholds=said,
        trace=f"SELECT * FROM ({records_of(which)}) WHERE {role}_key IN ({among})",
        invented=mark["some_invented"],
    )
