"""A cleaning report as a reporter reads it: what came in, what was refused and why, what to look at before printing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from tradeanalytics.parties.lists import list_title
from tradeanalytics.story.words import day, money, us_money

Report = Mapping[str, Any]

_WIDTH: Final = 110
_LISTED: Final = 12  # months; more are counted
_SUSPECT: Final = 0.5  # of all values
_DELIMITERS: Final = {";": "semicolons", ",": "commas", "\t": "TABs", "|": "bars"}
_BASES: Final = {
    "statistical": "statistical value",
    "customs": "customs value",
    "declared_fob": "declared FOB value",
    "declared_cif": "declared CIF value",
    "estimated": "estimated by the vendor, declared by nobody",
}
# What a class of repeated rows is, one and many, and whether a sum counts it.
_AGAIN: Final = {
    "exact": ("row is an exact copy of an earlier one", "rows are exact copies of earlier ones", "not counted"),
    "same_key_same_payload": (
        "row says an earlier shipment again in another spelling",
        "rows say an earlier shipment again in another spelling",
        "not counted",
    ),
    "same_key_other_payload": (
        "row has the number of another one and says something else (a revision, or a second leg)",
        "rows share a number with others that say something else (revisions, or second legs)",
        "counted, each of them",
    ),
    "master_of_house": (
        "master bill whose house bill is in the file too",
        "master bills whose house bills are in the file too",
        "not counted",
    ),
    "withdrawn": ("bill was deleted by the authority", "bills were deleted by the authority", "not counted"),
}
# The gravest first.
_FLAGS: Final = {
    "record_deleted": "the authority has deleted the bill; not counted",
    "value_estimated": "the value is a vendor's estimate",
    "net_over_gross": "the net weight is above the gross: one of the two is wrong, or in another unit",
    "weight_unit_unknown": "the unit of the weight is unknown; left empty",
    "weight_unreadable": "the weight cannot be read; left empty",
    "value_unreadable": "the value cannot be read; left empty",
    "quantity_unreadable": "the quantity cannot be read; left empty",
    "currency_unknown": "the currency of the invoice is unknown; left empty",
    "number_ambiguous": "a number can be read in two ways (12,400); left empty",
    "number_shortened": "a number is written as 8.54E+09: Excel kept its first digits only",
    "hs_unreadable": "the code of the goods cannot be read; left empty",
    "country_unknown": "a country is not known; left empty",
    "direction_unknown": "nothing says which way the goods went",
    "date_missing": "there is no date",
    "date_ambiguous": "the date can be read in two ways (04/05/2022)",
    "date_disagrees": "the date is another than in the number of the declaration",
    "date_from_declaration": "the date is from the number of the declaration",
    "release_unreadable": "the day of release cannot be read; left empty",
    "header_missing": "there is no header: date and weight are unknown",
    "header_several": "there are several headers; the first was taken",
    "shipper_missing": "there is no record of a shipper",
    "shipper_several": "there are several shippers; the first was taken",
    "consignee_missing": "there is no record of a consignee",
    "consignee_several": "there are several consignees; the first was taken",
    "cargodesc_missing": "there is no description",
    "not_in_statistics": "left out of the country's statistics, by its own mark",
    "hs_several": "several codes of goods; the first was taken",
    "country_from_address": "a country is from the address, since no column gives one",
    "homoglyphs_folded": "Latin letters stood inside Russian words, or Russian ones inside Latin; put right",
}


def cleaning_words(report: Report) -> str:
    """The report on one cleaned file as lines of text; of shipments all that a reporter asks, of tables the counts."""
    name = report["name"]
    if "same_as" in report:
        return f"{name}: the same bytes as {report['same_as']}, not counted again"
    if "address_register" in report:
        return _address_register(name, report["address_register"])
    if "part_of" in report:
        return f"{name}: joined to {report['part_of']}, no rows of its own"
    lines = _shipments(report) if "duplicates" in report else _table(report)
    return "\n".join([f"{name}: {_read_as(report)}", *textwrap.indent("\n".join(lines), "    ").split("\n")])


def _address_register(name: str, built: Report) -> str:
    of = f"register of addresses, {built['vintage'] or 'release not known'}"
    counts = f"{built['records']:,} rows, {built['accepted']:,} to look up, {built['set_aside']:,} set aside"
    reasons = (f"  {entry['count']:,}: {entry['expected']}" for entry in built["reasons"].values())
    return "\n".join([f"{name}: {of}: {counts}", *reasons, *(f"  {note}" for note in built["notes"])])


def _read_as(report: Report) -> str:
    reading = report.get("reading")
    return f"read as {reading['title']} ({reading['layout']})" if reading else str(report["source"])


def _table(report: Report) -> Iterator[str]:
    vintage = f"table {report['table'] or 'unknown'}, vintage {report['vintage'] or 'unknown'}"
    months = f", {report['first_period']} to {report['last_period']}" if report["first_period"] else ""
    yield f"{vintage}{months}"
    yield _counts(report, "records")
    yield from _goods(report)
    yield from _lists(report)
    for sign, count in report["without_value"].items():
        yield f"{count:,} accepted without a value" + (f", status {sign!r}" if sign else "")
    yield from _rejected(report)
    yield from report["remarks"]


_SAYS = {
    "alias": "other names of ",
    "address": "addresses of ",
    "remark": "remarks on ",
    "absent": "not there: ",
}


_LIST_FLAGS = {
    "listed_on_unreadable": "the day of listing cannot be read; left empty, the party is kept",
    "delisted_on_unreadable": "the day when the listing ended cannot be read; left empty",
    "country_unreadable": "a country is not known here; left out",
    "number_made_here": "the publisher gives no number; one was made of the contents",
    "remarks_go_on_elsewhere": "the remarks go on in the publisher's file of long remarks",
    "address_without_party": "an address is listed without a party",
    "letters_lost": "letters were lost before this file was made (question marks)",
}


def _lists(report: Report) -> Iterator[str]:
    """Of a list: its date, and how many parties and names it has."""
    for one in report.get("lists", ()):
        named = f" under {_counted(one['names'], 'name')}" if one["names"] else ""
        part = "" if one["whole"] else ", an extract: who is not in it may be on the list"
        count = f"{one['parties']:,} {'party' if one['parties'] == 1 else 'parties'}"
        dated = f"{list_title(one['list'])} ({one['authority']}) of {one['list_date'] or 'unknown date'}"
        yield f"{dated}: {_SAYS.get(one['says'], '')}{count}{named}{part}"
    for flag, count in report.get("flags", {}).items():
        yield f"{_counted(count, 'record')}: {_LIST_FLAGS.get(flag, flag.replace('_', ' '))}"


def _goods(report: Report) -> Iterator[str]:
    """Of trade by code of the goods: how much it is, what has a quantity, and whether its levels agree."""
    told = report.get("goods", {})
    for currency, words in (("cad", money), ("usd", us_money)):
        if whole := told.get(f"{currency}_cents"):
            with_quantity = told[f"{currency}_cents_with_quantity"] / whole
            yield (
                f"{words(whole, 'en')} in {_counted(told['codes'], 'code')} of goods with"
                f" {_counted(told['partners'], 'partner')}; {with_quantity:.0%} of the value has a quantity"
            )
    if several := told.get("codes_of_several_units"):
        yield f"{_counted(several, 'code')} of goods with quantities in several units: never added to each other"
    for level in report.get("levels", ()):
        yield f"{level['member']}, the same by {level['digits']} digits, {_level(level)}"


def _level(level: Mapping[str, Any]) -> str:
    if level["broken"]:
        return f"could not be compared: {_counted(level['broken'], 'record')} of it cannot be read"
    if not level["differ"]:
        return f"adds up to the same ({level['dollars']:,} dollars)"
    first = dict(level["first"][0])
    sums = f"{first.pop('other'):,} dollars there, {first.pop('kept'):,} in what is kept"
    cell = " ".join(str(text) for text in first.values() if text)
    return f"differs in {_counted(level['differ'], 'cell')}, and sums they touch are left empty; first {cell}: {sums}"


def _shipments(report: Report) -> Iterator[str]:
    yield _counts(report, "rows")
    yield from _rejected(report)
    yield _period(report)
    yield from _parties(report["parties"])
    yield from _part("Value", _values(report))
    yield from _part("Rows that repeat", _again(report))
    yield from _part("To look at before you print", _suspicious(report))
    yield from _part("How it was read", _reading(report))


def _part(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"{title}:"
        yield from (f"    {line}" for line in found)


def _counts(report: Report, what: str) -> str:
    aside = f" ({report['set_aside']:,} of them set aside, no faults)" if report.get("set_aside") else ""
    return f"{report['records']:,} {what} = {report['accepted']:,} accepted + {report['rejected']:,} rejected{aside}"


def _rejected(report: Report) -> Iterator[str]:
    for code, entry in report["reasons"].items():
        done = "set aside" if entry.get("set_aside") else "rejected"
        yield f"{done}, {code}: {entry['count']:,}. {entry['expected']}"
        yield f"    for example record {entry['record']}: {' '.join(entry['text'].split())}"


def _period(report: Report) -> str:
    if not report["first_period"]:
        return "no row has a date"
    first, last = (day(date.fromisoformat(report[name]), "en") for name in ("first_period", "last_period"))
    missing: Sequence[str] = report["missing_months"]
    more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
    gaps = f"no row in {', '.join(missing[:_LISTED])}{more}" if missing else "no month is missing"
    return f"{first} to {last}; {gaps}"


def _parties(parties: Mapping[str, int]) -> Iterator[str]:
    sides = ("shipper", "consignee")
    named = " and ".join(f"{_counted(parties[f'{side}s'], 'name')} of {side}s" for side in sides)
    yield f"{named}, each spelling for itself"
    for side in sides:
        if unnamed := parties[f"without_{side}"]:
            yield f"no {side} is named in {_counted(unnamed, 'row')}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _values(report: Report) -> Iterator[str]:
    for value in report["values"]:
        once, all_rows = (_money(value[name], value["currency"]) for name in ("cents", "cents_with_repeats"))
        basis = _BASES.get(value["basis"], value["basis"])
        yield f"{once}, {basis} ({_counted(value['items'], 'shipment')}, each once)"
        if value["cents"] != value["cents_with_repeats"]:
            yield f"    {all_rows} if the rows that repeat are added too"
        if unknown := report["counted"] - value["items"]:
            yield f"    unknown for {_counted(unknown, 'shipment')}, which are not in the sum"
    if not report["values"]:
        yield "unknown: no row has one"


def _money(cents: int, currency: str) -> str:
    if currency == "USD":
        return us_money(cents, "en")
    return f"{money(cents, 'en').replace('$', '')} rubles"


def _again(report: Report) -> Iterator[str]:
    for code, (one, many, counted) in _AGAIN.items():
        if count := report["duplicates"].get(code, 0):
            yield f"{count:,} {one if count == 1 else many}: {counted}"
    if known := report.get("known_before", 0):
        rows = f"{known:,} of {report['accepted']:,} rows"
        yield f"{rows} were already known from an earlier file: counted there, not again"


def _suspicious(report: Report) -> Iterator[str]:
    share = report["value_follows_weight"]
    if share is not None and share >= _SUSPECT:
        yield f"{share:.0%} of the values are one price a kilogram of their goods: they look estimated from the weight"
    if far := report["gross_far_over_net"]:
        yield f"{_counted(far, 'row')}: over a hundred times more gross than net weight; is one in another unit?"
    flags: Mapping[str, int] = report["flags"]
    for code in [*(code for code in _FLAGS if code in flags), *(code for code in flags if code not in _FLAGS)]:
        yield f"{_counted(flags[code], 'row')}: {_FLAGS.get(code, f'flagged {code}')}"


def _reading(report: Report) -> Iterator[str]:
    reading = report["reading"]
    yield from (remark for remark in report["remarks"] if not remark.endswith("is not known and was not used"))
    if reading["encoding"] and not any(remark.startswith("encoding ") for remark in report["remarks"]):
        yield f"encoding {reading['encoding']}"
    if cut := reading["cut_by"]:
        yield f"cells separated by {_DELIMITERS.get(cut, cut)}"
    if reading["sheets"]:
        yield f"sheet {', '.join(map(repr, reading['sheets']))}"
    yield f"{len(reading['headings'])} headings were used:"
    yield from (f"    {field}: {' '.join(heading.split())}" for heading, field in reading["headings"])
    for name, words in (("unknown", "not known, and not used"), ("not_used", "known, and of no use here")):
        if reading[name]:
            yield from _wrapped(
                f"{len(reading[name])} {words}: {'; '.join(' '.join(h.split()) for h in reading[name])}"
            )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
