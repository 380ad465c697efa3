"""What is said of monthly series, in one place: reasons, sentences and caveats, numbers as a news page writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import numpy as np
from babel.dates import format_skeleton

_CURRENCIES = {"CAD": "C$", "USD": "US$", "EUR": "€", "GBP": "£"}
_LARGE = ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))

_ENGLISH: Mapping[str, str] = {
    # Why a series is not judged
    "nameless": "it has no name",
    "no_month": "a period is not the first day of a month",
    "no_number": "a value is not a number",
    "no_scale": "a value is too large or too small to be counted",
    "twice": "a month stands twice",
    "currencies": "its rows are in several currencies or units",
    "total": "its partner is a total of partners",
    "residual": "its partner is what is left of all partners, not one",
    "aggregate": "its partner is an aggregate",
    "nothing": "no month of it is known",
    "gap": "a month of it is unknown",
    "negative": "a value is negative",
    "month_unknown": "the month itself is unknown",
    "month_negative": "the month itself is negative",
    "before_unknown": "the same month a year before is unknown",
    "before_negative": "the same month a year before is negative",
    "before_zero": "zero in the same month a year before",
    "baseline_nothing": "no month of its baseline is known",
    "baseline_gap": "a month of its baseline is unknown",
    "baseline_negative": "a value of its baseline is negative",
    "baseline_zero": "a zero in its baseline",
    "baseline_flat": "its baseline does not vary",
    "short": "fewer months than two stretches of the least length",
    "level": "it does not vary",
    # Sentences
    "not_judged": "{label}: not judged for {month}: {why}. What was not judged is not clean.",
    "month": (
        "{label}: {observed} in {month}, {change} in {before} ({then}). The usual for the month in {first} to {last} is"
        " {usual}. Where nothing happened, a month so far from its usual has a probability of {p} (z {z})."
    ),
    "flagged": " Flagged: a lead to check, not a finding of cause.",
    "less": "{percent} less than",
    "more": "{percent} more than",
    "times": "{times} times as much as",
    "same": "as much as",
    "under": "under 0.1%",
    "break": (
        "{label}: the level breaks first in {month}: {after} a month from then to {until}, against {before} a month"
        " from {first} to {last}. All breaks: {breaks}."
    ),
    "no_break": "{label}: no break in level from {first} to {last}, where the mean is {before} a month.",
    "not_judged_span": "{label}: not judged from {first} to {last}: {why}. What was not judged is not clean.",
    # Caveats
    "prices": "A value moves with prices and the exchange rate as well as with what is shipped.",
    "revisions": "Late revisions may change the last months.",
    "independent": (
        "The probability takes months as independent and without a trend; in a series that drifts or whose months hang"
        " together, far-off months are more common than it says."
    ),
    "pandemic": "The baseline holds {years}, of the pandemic.",
    "lumpy": "In aircraft and ships, one delivery can make or break a month.",
    "disagree": "Against the year before and against its usual, the month is off in opposite directions.",
    "no_trade": "A month of zero is read as half of the smallest amount that could show.",
    "breaks": "Where a level breaks is an estimate: months beside it may fit nearly as well. It tells no cause.",
    # Flows
    "import": "imports from",
    "domestic_export": "domestic exports to",
    "re_export": "re-exports to",
    "total_export": "exports to",
    "flow": "{reporter}, {flow} {partner}, {goods}",
    "flow_total": "{reporter}, {flow} {partner}, all goods",
}


def say(name: str, **told: object) -> str:
    """What stands under a name, with what is told filled in."""
    return _ENGLISH[name].format(**told)


def caveats(*names: str) -> str:
    """Several caveats as one text."""
    return " ".join(say(name) for name in names)


@cache
def month_name(month: np.datetime64 | date) -> str:
    """A month in words.

    >>> month_name(np.datetime64("2022-03", "M"))
    'March 2022'
    """
    day = month.astype("datetime64[D]").item() if isinstance(month, np.datetime64) else month
    return str(format_skeleton("yMMMM", day, locale="en"))


def amount(value: float, unit: str | None) -> str:
    """A value in words: money from a million on with one decimal, below in whole units; another unit is named.

    >>> amount(44_831_000.0, "CAD"), amount(752_000.0, "CAD"), amount(131.4654, None), amount(12.5, "t")
    ('C$44.8 million', 'C$752,000', '131.47', '12.50 t')
    """
    if np.isnan(value):
        return "unknown"
    if unit not in _CURRENCIES:
        return _number(value, 2) + (f" {unit}" if unit else "")
    sign = _CURRENCIES[unit]
    for size, word in _LARGE:
        if abs(_rounded(Decimal(value) / size, 1)) >= 1:
            return f"{sign}{_number(Decimal(value) / size, 1)} {word}"
    return f"{sign}{_number(value, 0)}"


def change(ratio: float) -> str:
    """A change in words, to go before what it is held against: from twice as much on in times.

    >>> change(-0.878187), change(0.5), change(2.04), change(0.0001)
    ('87.8% less than', '50.0% more than', '3.0 times as much as', 'as much as')
    """
    percent = _rounded(Decimal(ratio) * 100, 1)
    if percent == 0:
        return say("same")
    if percent >= 100:
        return say("times", times=_number(1 + ratio, 1))
    return say("less" if ratio < 0 else "more", percent=f"{abs(percent)}%")


def probability(p: float) -> str:
    """A probability in words.

    >>> probability(0.0158), probability(0.0002)
    ('1.6%', 'under 0.1%')
    """
    return say("under") if p < 0.001 else f"{_rounded(Decimal(p) * 100, 1)}%"


def signed(z: float) -> str:
    """A standardised residual in words, with a true minus sign.

    >>> signed(-6.0996), signed(3.0)
    ('−6.1', '+3.0')
    """
    return ("−" if z < 0 else "+") + _number(abs(z), 1)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _number(value: float | Decimal, places: int) -> str:
    """Rounded half-up to so many places; not by the locale library, which takes 50 microseconds a number."""
    return f"{_rounded(Decimal(value), places):,f}"
