"""What lists of parties and addresses say of the traders, in the columns of FINDINGS, to stand beside the detectors.

A trader that is not found on a list is judged and not flagged: not found in these lists of these dates, which clears
nobody. One whose name or address nobody could look up is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pandas as pd

from tradeanalytics.addressed import WORDS, Addressed
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, table, thresholds
from tradeanalytics.detectors.shipped import Row, answer, refused, subject, trace
from tradeanalytics.detectors.trader_words import caveats, say
from tradeanalytics.parties.asked import records
from tradeanalytics.parties.names import name
from tradeanalytics.screened import Screened
from tradeanalytics.shipments import Which

ON_A_LIST = "on a list"
_OUTCOMES = ("alert", "possible", "not_judged", "nothing_found")  # of several spellings of a trader the first is told
_PARTY = ["name", "country", "number", "address"]
_OF_THE_REGISTER = ("A1", "A1P", "A10")
_OF_LISTS = ("A7",)
_OF_PREMISES = ("A2", "A7", "A9")
_OF_CONSIGNEES = ("A11",)


def on_a_list(
    found: Screened, which: Which | None = None, *, invented: bool = False, rate: float = FALSE_DISCOVERIES
) -> pd.DataFrame:
    """FINDINGS: a row a role and trader that was screened. Flagged is one that alerts under any of its spellings.

    score: how alike the names are, from 0 to 1, null where nothing was found; n: its items.
    """
    hits = found.hits.drop_duplicates(_PARTY)  # the best of a party comes first
    told = found.parties.merge(found.outcomes, on=_PARTY).merge(hits[[*_PARTY, "score", "reason"]], "left", on=_PARTY)
    by_trader = _by_trader(told)
    answers = (_screened(who, of, which or Which(), invented) for who, of in by_trader)
    return answer(answers, ON_A_LIST, thresholds(outcome="alert"), say("nobody_named"), rate=rate)


def _by_trader(rows: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[Row]]]:
    """The rows of each role and trader, by its key, in order."""
    keyed = rows.assign(key=[name(text).key for text in rows["name"]]).sort_values(["role", "key"], kind="stable")
    return ((who, list(of)) for who, of in groupby(records(keyed), lambda row: (row["role"], row["key"])))


def _screened(who: tuple[str, str], spellings: list[Row], which: Which, invented: bool) -> Finding:
    row = min(spellings, key=lambda one: (_OUTCOMES.index(one["outcome"]), -(one["score"] or 0)))
    common: dict[str, Any] = {"n": sum(one["items"] for one in spellings), "thresholds": thresholds(outcome="alert")}
    if row["outcome"] == "not_judged":
        return refused(ON_A_LIST, subject(*who), row["why"], {"some_invented": invented}, **common)
    return Finding(
        ON_A_LIST,
        subject(*who),
        **common,
        score=row["score"],
        test=say("alike") if row["score"] is not None else None,
        flagged=row["outcome"] == "alert",
        reason=row["reason"] or say("not_found", name=row["name"], where=row["why"]),
        caveats=caveats("name_alone"),
        trace=trace(which, *who),
        invented=invented,
    )


def addresses(
    found: Addressed,
    which: Which | None = None,
    *,
    lists: bool = True,
    invented: bool = False,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a flag of addresses (A1, A2, ...), role and trader. n: its addresses.

    Not judged is a trader that gives no address, or not what the flag is read from: its premises, two countries, a
    Canadian postal code; for a flag that needs a register, one whose use is unknown; without `lists`, that is where
    none was asked, every one for the flag that needs them; and a shipper for what is asked of consignees.
    """
    by_value = found.flags.iloc[::-1]  # of several addresses the one with the largest value is told
    flags = {(*who, row["code"]): row for who, of in _by_trader(by_value) for row in of}
    traders = [(who, of) for who, of in _by_trader(found.places)]
    answers = (
        _address(code, who, of, flags.get((*who, code)), which or Which(), lists, invented)
        for code in WORDS["en"]
        for who, of in traders
    )
    return table(answers if traders else (_nobody(code, invented) for code in WORDS["en"]), rate=rate)


def _detector(code: str) -> str:
    return f"address {code}: {WORDS['en'][code].name}"


def _nobody(code: str, invented: bool) -> Finding:
    return refused(_detector(code), say("all_shipments"), say("no_addresses"), {"some_invented": invented})


def _address(
    code: str, who: tuple[str, str], places: list[Row], flag: Row | None, which: Which, lists: bool, invented: bool
) -> Finding:
    words = WORDS["en"][code]
    common: dict[str, Any] = {"n": len(places), "thresholds": thresholds()}
    if flag is None and (why := _why_not(code, who[0], places, lists)):
        return refused(_detector(code), subject(*who), why, {"some_invented": invented}, **common)
    said = (
        f"“{flag['address']}”: {flag['sentence']}"
        if flag
        else say("address_none", name=places[0]["name"], flag=words.name)
    )
    return Finding(
        _detector(code),
        subject(*who),
        **common,
        flagged=flag is not None,
        reason=said,
        caveats=f"{caveats()} {say('source', source=words.source)} {words.does_not_prove}",
        trace=trace(which, *who),
        invented=invented,
    )


def _why_not(code: str, role: str, places: list[Row], lists: bool) -> str | None:
    told = [row for row in places if row["address"].strip()]
    if code in _OF_CONSIGNEES and role != "consignee":
        return say("asked_of_consignees")
    if not told:
        return say("no_address")
    if code in _OF_LISTS and not lists:
        return say("no_list_asked")
    return _unread(code, told)


def _unread(code: str, told: list[Row]) -> str | None:
    """Why none of these addresses tells what a flag is read from, None where one does."""
    asked = {
        "use_unknown": (code in _OF_THE_REGISTER, lambda row: row["use"] != "unknown"),
        "no_premises": (code in _OF_PREMISES, lambda row: row["premises"]),
        "no_two_countries": (code == "A6", lambda row: row["country"] and row["address_country"]),
        "no_canadian_code": (code == "A8", _canadian),
    }
    return next((say(why) for why, (of, tells) in asked.items() if of and not any(map(tells, told))), None)


def _canadian(row: Row) -> bool:
    return row["address_country"] == "CA" and bool(row["postal_code"] and row["province"])
