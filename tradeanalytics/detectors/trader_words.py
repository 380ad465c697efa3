"""What the detectors of shipments say, in one place: sentences, caveats, and why a unit is not judged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

_ENGLISH: Mapping[str, str] = {
    # Why a unit is not judged
    "invented_mixed": "invented shipments stand beside real ones",
    "no_value": "no item of it has a value",
    "unvalued": "no value is known of {share:.0%} of its items{when}",
    "few_valued": "{count:,} items with a value, expected {at_least:,} or more",
    "negative": "{count:,} of its values are below zero",
    "zeros": "every value of it is zero",
    "bases": "its money is on several bases ({bases})",
    "nobody_named": "nobody is named",
    "no_day": "the items have no day",
    "few": "{count:,} items, expected {at_least:,} or more",
    "few_months": "{count:,} months with trade, expected {at_least:,} or more",
    "few_priced": "{count:,} items with a value and a mass, expected {at_least:,} or more",
    "no_code": "the code of the goods has fewer than six digits",
    "no_country": "{partner} is not one country",
    "no_partner": "the country is not told",
    "no_direction": "whether it is import or export is not told",
    "one_price": "more than half of the items have one and the same price a kg, so that no spread can be told",
    "mixture": "two price lines: {share:.0%} of the items are about {times:,.1f} times as dear as the others",
    "one_trader": "the records hold one {role} only",
    "censored": "the records begin in {first}, fewer than {months} months before",
    "ends": "the records end in {last}, fewer than {months} months after its last trade",
    "gap": "no record is of {missing}, so that trade in it is unknown",
    "window": "the records hold nothing of {missing}, and {months} months on each side are needed",
    "nothing_before": "it has no trade before: a new trader, not a rise",
    "unnamed_suppliers": "{share:.0%} of the value is from suppliers without a name",
    "few_codes": "not applicable: {count:,} codes of goods, expected {at_least:,} or more",
    "few_transactions": "not applicable: {count:,} values above zero, expected {at_least:,} or more",
    "few_sides": "{before:,} items before and {after:,} after, expected {at_least:,} or more on each side",
    "edition": "some of its codes cannot be compared between editions of the HS: {note}",
    "no_code_of": "{code} is no code of HS {edition}",
    "no_edition": "the edition of the HS of some items is unknown, or not of 2012, 2017 or 2022",
    "no_text": "no item has a description, a maker or a trademark",
    "no_pieces": "no item of it has a number of pieces",
    "negative_pieces": "a number of pieces is below zero",
    "one_pair": "the records hold one shipper and one consignee only",
    "no_list": "no listed party is among the companies of the records",
    "no_door": "{count:,} addresses tell no premises, or no room in a building that has rooms",
    "no_maker_told": "no item tells its shipper and its maker",
    "no_phone": "no phone number with a code of a country is in the address",
    "several_countries": "its country is told in several ways",
    "no_code_phone": "the code +{code} is of no country known here",
    "no_route": "origin, dispatch or seller's country is not told in any item",
    "no_destination": "the country of destination or of the consignee is not told in any item",
    "no_address": "it gives no address",
    "no_list_asked": "no list of parties was asked",
    "use_unknown": "what is recorded at its address is unknown here",
    "nothing_asked": "the records hold no shipment that was asked for",
    "nobody_since": "nobody trades from {since} on",
    "nobody_in": "nobody trades from {first} to {last}",
    "no_priority": "no item is certainly of the common high priority list",
    "no_listed": "no item of these months is in a heading of the list",
    "few_usual": "{count:,} items whose usual price is known, expected {at_least:,} or more",
    # Parts of sentences
    "all_shipments": "all shipments",
    "nobody": "(nobody named)",
    "lacking": " {count:,} more items have no value.",
    "new": "is first seen",
    "returned": "is seen again, after {months} months without a record,",
    # Sentences
    "not_judged": "Not judged: {why}. What was not judged is not clean.",
    "unit_value": (
        "{low:,} of {items:,} items are priced far under and {high:,} far over the usual {usual} {unit}"
        " ({first} to {last}); the farthest is {extreme} {unit}. Low may be undervaluation, high a premium."
        " {outside:,} are outside Tukey's fence."
    ),
    "unit_value_none": "None of {items:,} items is priced far from the usual {usual} {unit} ({first} to {last}).",
    "entrant": "{name} {how} in {first}: {items:,} items since, {amount} {currency} a month.",
    "entrant_not": "{name} is no newcomer: its trade before {since} ended in {last}, {months} months earlier or less.",
    "vanished": "{name} traded in {active} of the {span} months to {last}, and in none of the {months} since.",
    "vanished_not": "{name} traded in {last}, {months} months before the records end.",
    "concentration": (
        "{name} has {share:.1%} of its imports of {year} from {supplier}, its largest supplier; HHI {hhi:,.0f}, as if"
        " of {effective:,.1f} equal suppliers.{exclusive}{lacking}"
    ),
    "exclusively": " It buys almost exclusively there.",
    "before_after": (
        "{name}: {after} {currency} a month in {months} months from {event}, {before} in as many before: {times:,.1f}"
        " times, while all others changed {others:,.2f} times."
    ),
    "benford": (
        "First digits of {n:,} values over {codes:,} codes are {apart:.4f} from Benford's on average; chi-square"
        " {chi:,.1f} (p {p:.2g})."
    ),
    "relabelled": (
        "{name}: in heading {heading}, listed codes fell from {before:.0%} of {n_before:,} items to {after:.0%} of"
        " {n_after:,}; the items in codes beside them went from {beside_before:,} to {beside_after:,}."
    ),
    "relabelled_not": (
        "{name}: in heading {heading}, listed codes are {before:.0%} of {n_before:,} items before and {after:.0%} of"
        " {n_after:,} after."
    ),
    "mix": (
        "{name}: the mix of goods of {n_before:,} items before and {n_after:,} after is {distance:.2f} apart (0: the"
        " same, 1: nothing in common)."
    ),
    "component": "{count:,} companies trade only among themselves, {pairs:,} pairs: {names}.",
    "betweenness": "{name} is between others on {share:.2%} of the shortest ways of the trade graph ({how}).",
    "exact": "every company taken as a start",
    "sampled": "{count:,} of {all:,} companies taken as starts, seed {seed}",
    "star": "{count:,} consignees buy from {name} alone, of {all:,} that it supplies: {names}.",
    "path": "{name} is {steps} steps of trade from a listed party: {path}.",
    "path_itself": "{name} is itself among the parties given as listed: no step of trade is counted.",
    "path_none": "No trade in these records leads from {name} to a listed party, which is no proof that none does.",
    "shared phone": "{count:,} companies give the telephone number {key} in their addresses: {names}.",
    "shared maker": "{count:,} companies ship goods of {key} and of no other maker: {names}.",
    "doors": (
        "{count:,} companies hang together by {doors:,} shared doors, {pairs:,} pairs with a door in common: {names}."
    ),
    "part": "{pieces:,.0f} pieces of {part} to {name} in {month}, in {items:,} items{described}.{unknown}",
    "part_described": ", {count:,} of them counted from the description",
    "part_unknown": " {count:,} more items have no number of pieces, so that there may be more.",
    "part_none": "{part} is in no description, maker or trademark of the {count:,} items that say anything.",
    "phone": "The phone number of {name} begins with +{code}, of {there}; its country is told as {told}.",
    "phone_same": "The phone number of {name} begins with +{code}, which is of its own country.",
    "new_priority": "{name} is first seen on {day}, and {listed:,} of its {items:,} items are high-priority goods.",
    "new_priority_not": "{name} is first seen on {day}; {listed:,} of its {items:,} items are high-priority goods.",
    "price": "{count:,} of {items:,} priced items of {name} are far from the usual price a kg of their goods.",
    "route": (
        "{count:,} of {items:,} items of {name} were made in one country and sold and sent from another that is known"
        " for transshipment ({places})."
    ),
    "elsewhere": "{count:,} of {items:,} items of {name} go to another country than its own ({places}).",
    "alike": "likeness of names, from 0 to 1",
    "not_found": "“{name}”: {where}",
    "address_none": "Nothing of this kind about the address of “{name}”: {flag}.",
    # Official red flags: their sources, and what they do not prove
    "source": "Source: {source}.",
    "phone.source": "FinCEN and BIS, supplemental alert FIN-2023-Alert004, 19 May 2023",
    "phone.not": "It does not prove where the company is: mobile numbers and agents' numbers are lawful abroad.",
    "new buyer.source": "FinCEN and BIS, supplemental alert FIN-2023-Alert004, 19 May 2023: new customers",
    "new buyer.not": "It does not prove when the company was founded, nor that its goods were forbidden.",
    "dormant.source": "FINTRAC, FIU-NL and FIU Germany, joint advisory, 20 February 2024",
    "dormant.not": "It does not prove that the company was idle: it may have traded where these records do not reach.",
    "price.source": "FinCEN and BIS, supplemental alert FIN-2023-Alert004, 19 May 2023: value against goods",
    "price.not": "It does not prove a wrong value: goods of one code differ in kind and quality.",
    "route.source": "FinCEN and BIS, joint alert FIN-2022-Alert003, 28 June 2022 (transshipment points)",
    "route.not": "It does not prove evasion: goods are stocked and sold on in these places lawfully.",
    "elsewhere.source": "BIS, due-diligence guidance on Hong Kong (goods that go to another place than the buyer's)",
    "elsewhere.not": "It does not prove that the buyer is not the user: branches and sites abroad are lawful.",
    # Caveats
    "lead": "A lead to check, not a finding.",
    "variants": "A company under a new spelling of its name looks new, and the old one gone.",
    "records": "The records are not all trade: a trader may have others elsewhere.",
    "goods_differ": "Goods of one code differ in kind and quality, and net mass may be estimated.",
    "normal": "The probability takes prices as lognormal; real prices have heavier tails, which makes it too small.",
    "months_hang": "Months hang together, so that the probability is too small.",
    "benford_large": "With many values chi-square rejects tiny deviations: read the mean deviation beside it.",
    "benford_prices": "Fixed prices and repeated orders depart from Benford's law lawfully.",
    "edition_changed": "The HS changed in January 2022; codes were compared by what they hold. {note}",
    "left_out": "{count:,} items were left out: {note}.",
    "items_hang": "Items of one declaration hang together, so that the probability is too small.",
    "name_alone": (
        "A name is no identity, and one that was not found is not cleared: lists have other dates and spellings."
    ),
    "one_sided": "Items that name nobody on one side are left out.",
    "asked_of_consignees": "it is asked of consignees alone",
    "no_premises": "its address tells no premises",
    "no_two_countries": "its own country, or that of its address, is not told",
    "no_canadian_code": "it gives no Canadian address with a postal code and a province",
    "no_addresses": "nobody is named and no address is told",
    "hops": "Ways are counted in steps, whatever the value traded.",
    "shared phone.not": "Groups, agents and landlords answer for lawful companies under one number.",
    "shared maker.not": "Dealers of one maker are lawful, and items without a maker are left out.",
    "one_room": "Secretaries, families and landlords put lawful companies behind one door.",
    "part_name": "A part is found by its number as written; a copy and a look-alike have the same.",
    "no_maker": "No maker was asked for or named beside it: another maker may use the same number.",
}
_NAMED = 5  # of many companies


def say(name: str, /, **told: Any) -> str:
    """What stands under a name, with what is told filled in.

    >>> say("few", count=1, at_least=10)
    '1 item, expected 10 or more'
    """
    return _MANY.sub(_of_one, _ENGLISH[name].format(**told))


_ONE = {"items": "item", "months": "month", "steps": "step", "values": "value", "codes": "code", "pairs": "pair"}
_ONE |= {"doors": "door", "companies": "company", "consignees": "consignee", "addresses": "address", "pieces": "piece"}
_MANY = re.compile(rf"(?<![0-9,.])1 (more |shared |priced )?({'|'.join(_ONE)})\b")


def _of_one(found: re.Match[str]) -> str:
    return f"1 {found[1] or ''}{_ONE[found[2]]}"


@cache
def caveats(*names: str) -> str:
    """Several caveats as one text, after the one that every finding has."""
    return " ".join(say(name) for name in ("lead", *names))


def several(names: Sequence[str], count: int | None = None) -> str:
    """The first five of some names, and how many more there are of `count`, or of the names themselves.

    >>> several(["A", "B"]), several(["A", "B", "C", "D", "E", "F"]), several(["A"], 3)
    ('A, B', 'A, B, C, D, E and 1 more', 'A and 2 more')
    """
    more = (len(names) if count is None else count) - min(len(names), _NAMED)
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def amount(value: float) -> str:
    """A number of money or of money a kg as short as it can be told apart.

    >>> amount(14.0896), amount(1234567.8), amount(0.0312)
    ('14.09', '1,234,568', '0.0312')
    """
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"
