"""What the detectors of diversion, rerouting and mirror gaps say, in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference.countries import country_name

NOT_JUDGED = "Not judged: {why}."
NOT_NAMED = "not named"
AGGREGATE = "{codes} is a sum or a remainder of countries, not a country"
NO_FALL = "direct trade with {to} did not fall"

GROWTH_GIVEN = "The hubs were expected to grow {growth:.3f} times, as given."
GROWTH_FOUND = "The hubs were expected to grow as the exporter's {count} other destinations did."
GROWTH_UNKNOWN = "No growth of the hubs' trade was expected: that of other destinations is unknown ({why})."
GROWTH_FEW = "{count} of them are known, {fewest} are needed"
GROWTH_NOTHING = "nothing went there before"
DIVERSION_CAVEATS = (
    "A lead, not a finding of diversion: a hub's own demand, prices, exchange rates and buyers who moved there raise"
    " its imports, too, and no consignment is followed."
)
SEASONS = " The two windows hold other months of the year: seasons are in the difference."

REROUTING_CAVEATS = (
    "An upper bound: what came into the hub and what went out of it are of one code of goods and one quarter, not the"
    " same goods; what is passed on later, or under another code, is not in it."
)
BEYOND = "the table holds nothing of {month}, so that trade in it is unknown"
MIXED = "the values are in {currencies}: one currency is needed"
MIXED_CODES = "the codes have {digits} digits: one level of the HS is needed"
NOTHING_IN = "nothing came into the hub"

MIRROR_CAVEATS = (
    "A lead, not a finding of lost goods: goods on the way at the end of a period, the country of origin against"
    " that of dispatch, other exchange rates, and goods that one side leaves out make a gap, too."
)
UNCHECKED = " Whether the partner's year is whole could not be checked: the years before are not all known."
ALL_PAIRS = "all pairs"
NO_ROW = "the table has no row"
DOUBLED = "the period is there more than once"
UNKNOWN_SIDE = "what was {side} is unknown: no value, and no value is not zero"
NEGATIVE_SIDE = "what was {side} is negative"
NOTHING_SENT = "nothing was sent"
NO_MORE_SENT = "no more was sent than before"
WINDOWS = "the windows have {before} and {after} periods: as many are needed in both, and at least one"


def name(code: str) -> str:
    """The English name of a country or area, the code itself where it has none."""
    try:
        return country_name(code, "en")
    except TradeAnalyticsError:
        return code


def listed(codes: tuple[str, ...]) -> str:
    """Names in a row: `Armenia, Kazakhstan and Kyrgyzstan`."""
    names = [name(code) for code in codes]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def money(amount: float, unit: str | None) -> str:
    """An amount in millions to one decimal, in thousands below one million, in cents below one thousand.

    >>> money(43500755774.0, "EUR"), money(9500.0, "EUR"), money(45.0, "EUR")
    ('EUR 43,500.8 million', 'EUR 9.5 thousand', 'EUR 45.00')
    """
    if abs(amount) < 1e3:
        return f"{unit} {amount:,.2f}"
    scale, word = (1e6, "million") if abs(amount) >= 1e6 else (1e3, "thousand")
    return f"{unit} {amount / scale:,.1f} {word}"


def percent(share: float) -> str:
    """A share to one decimal: `19.3%`."""
    return f"{100 * share:,.1f}%"


def why_cell(route: str, after: bool, missing: int, unknown: int, negative: int) -> str:
    """Why what went by a route in a window is not known."""
    what = f"{name(route)}, {'after' if after else 'before'}"
    if missing > 0:
        return f"{what}: {missing} months have no row, and no row is not zero"
    if unknown:
        return f"{what}: {unknown} values are unknown"
    return f"{what}: {negative} values are negative"


def diverted(
    level: str, asked: Any, told: Mapping[str, Any], flat: Mapping[str, Any], growth: float, unit: str | None
) -> str:
    """The sentence on one level, or one group of it."""
    spans = f"{asked.since:%Y-%m} to {asked.last:%Y-%m} against the {asked.months} months before"
    rise = f"what went to {listed(asked.hubs)} rose by {money(told['rise'], unit)}"
    expected = "" if growth == 1 else f" beyond a growth of {growth:.3f} times"
    beside = "" if growth == 1 else f" ({percent(flat['ratio'])} if no growth is expected)"
    return (
        f"{level[0].upper()}{level[1:]}, {spans}: direct trade with {name(asked.direct)} fell by"
        f" {money(told['fall'], unit)} and {rise}{expected}, {percent(told['ratio'])} of the fall{beside}."
    )


def why_quarter(into: int, out_of: int, unknown: int) -> str | None:
    """Why a quarter of a hub is not judged: how many of its months have a row, and how many values are unknown."""
    for count, way in ((into, "came into it"), (out_of, "went out of it")):
        if count < 3:
            return f"{count} of 3 months have a row in what {way}, and no row is not zero"
    return f"{unknown} values are unknown or negative" if unknown else None


def rerouted(row: Any, target: str, unit: str) -> str:
    """The sentence on one hub and quarter."""
    return (
        f"Of {money(row.into, unit)} that came into {name(row.hub)} in the quarter from {row.quarter:%Y-%m}, at most"
        f" {money(row.bound, unit)} ({percent(row.bound / row.into)}) can have gone on to {name(target)} under the same"
        f" codes, of which {money(row.out_of, unit)} went there in all."
    )


def short_year(partner: str, year: int, total: float, usual: float, unit: str, years: int) -> str:
    """Why a partner's year is refused."""
    return (
        f"the file of {name(partner)} holds {money(total, unit)} of imports for {year}, far under the median of the"
        f" {years} years before ({money(usual, unit)}): it may not be whole"
    )


def gap(row: Any, shares: Mapping[float, Any], cif_margin: float) -> str:
    """The sentence on one pair and period, with the gap under the other margins beside it."""
    others = [f"{percent(float(share))} at {100 * m:g}%" for m, share in shares.items() if m != cif_margin]
    return (
        f"{name(row.reporter)} says it sent {money(row.sent_cents / 100, row.currency)} to {name(row.partner)} from"
        f" {pd.Timestamp(row.period):%Y-%m} on, which recorded {money(row.received_cents / 100, row.currency)}:"
        f" a gap of {percent(float(shares[cif_margin]))} where {100 * cif_margin:g}% is taken off for freight and"
        f" insurance ({', '.join(others)})."
    )


def ghost(row: Any, sent: float, received: float, share: float, cif_margin: float) -> str:
    """The sentence on the additional exports of a pair."""
    more = received > 0
    of_them = percent(share) if more else "none"
    return (
        f"{name(row['reporter'])} says it sent {money(sent, row['currency'])} more to {name(row['partner'])} than"
        f" before, which recorded {money(abs(received), row['currency'])} {'more' if more else 'less'}"
        f" ({100 * cif_margin:g}% taken off for freight and insurance): {of_them} of the additional exports were"
        f" {'not ' if more else ''}recorded there."
    )
