"""The answer key: what a reader of the sample must find, counted on the true items and never on the files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tradeanalytics.sample import cast
from tradeanalytics.sample.cast import CHIPS, MODULE, PRIORITY, Company
from tradeanalytics.sample.deals import Item
from tradeanalytics.sample.dumps import OVERLAP, PAIRS, First
from tradeanalytics.sample.stories import INVASION, MISSING_MONTH, MODULE_PART

Key = dict[str, Any]


def declarations_key(items: Sequence[Item], first: First) -> Key:
    """Counts of the first dump. `items` holds each declaration item once, as first written."""
    return {
        "records": len(first.written) + 1,
        "accepted": len(first.written),
        "rejected": {"total_row": 1},
        "declarations": len({item.declaration for item in items}),
        "declaration_items": len(items),
        "duplicates": {name: {"pairs": count, "extra_rows": count} for name, count in PAIRS.items()},
        "first_day": min(item.day for item in items).isoformat(),
        "last_day": max(item.day for item in items).isoformat(),
        "usd_cents_each_item_once": _cents(items),
        "usd_cents_both_versions_of_revised_items": _cents(items) + _cents(first.revised),
        "net_grams_each_item_once": sum(item.grams for item in items),
        "priority_items": _priority(items),
        "quirks": dict(first.dump.quirks),
    }


def stories_key(items: Sequence[Item]) -> Key:
    """The answers of the stories; money in whole US cents, statistical value, each declaration item once."""
    return {
        "named_importer": {**_party(cast.ZELMARIQ), "by_year": _by_year(items, cast.ZELMARIQ)},
        "intermediary": _intermediary(_between(items, cast.ZELMARIQ, cast.QUILVARO)),
        "modules": _modules(items),
        "front_company": _front(items),
        "turkish_intermediaries": [_seen(items, seller) for seller in (cast.DENIZOLA, cast.KORVANTES)],
        "founded_after_the_invasion": _bought(items, cast.NOVALEX),
        "one_supplier": _one_supplier(items),
        "missing_month": {**_party(cast.PROPUSKIN), "month": f"{MISSING_MONTH:%Y-%m}"},
        "first_seen_suppliers": _first_seen(items, lambda item: item.shipper.name),
        "first_seen_importers": _first_seen(items, lambda item: item.importer.inn),
    }


def overlap_key(known: Sequence[Item], new: Sequence[Item]) -> Key:
    """Counts of the second dump."""
    return {
        "records": len(known) + len(new),
        "already_known": len(known),
        "known_with_equal_text": OVERLAP["exact"],
        "known_with_other_spelling": OVERLAP["respelled"],
        "new": len(new),
        "usd_cents_new": _cents(new),
    }


def _cents(items: Iterable[Item]) -> int:
    return sum(item.usd_cents for item in items)


def _party(company: Company) -> Key:
    return {"name": company.name, "inn": company.inn, "country": company.country, "spellings": list(company.spellings)}


def _between(items: Sequence[Item], importer: Company, shipper: Company) -> list[Item]:
    return [item for item in items if item.importer == importer and item.shipper == shipper]


def _by_year(items: Sequence[Item], importer: Company) -> Key:
    years = sorted({item.day.year for item in items})
    return {str(year): _shares([i for i in items if i.importer == importer and i.day.year == year]) for year in years}


def _shares(items: Sequence[Item]) -> Key:
    """Suppliers by value, their exact shares, and the concentration of them all."""
    values: Counter[str] = Counter()
    for item in items:
        values[item.shipper.name] += item.usd_cents
    total = _cents(items)
    ranked = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    squares = sum((Fraction(value, total) ** 2 for _, value in ranked), Fraction())
    return {
        "usd_cents": total,
        "suppliers": [
            {"rank": rank, "name": name, "usd_cents": value, "share": _decimal(Fraction(value, total))}
            for rank, (name, value) in enumerate(ranked, 1)
        ],
        "hhi": _decimal(squares * 10_000),
        "effective_suppliers": _decimal(1 / squares),
    }


def _decimal(value: Fraction) -> float:
    """Six decimals, rounded on whole numbers: the same on every system."""
    return round(value * 1_000_000) / 1_000_000


def _by_month(items: Iterable[Item], measure: Callable[[Item], int]) -> dict[str, int]:
    months: dict[str, int] = defaultdict(int)
    for item in sorted(items, key=lambda item: item.day):
        months[f"{item.day:%Y-%m}"] += measure(item)
    return dict(months)


def _deliveries(items: Iterable[Item]) -> dict[str, int]:
    days = {item.declaration: item for item in items}
    return _by_month(days.values(), lambda _: 1)


def _intermediary(items: Sequence[Item]) -> Key:
    """Twelve months before March 2022 and twelve from then on: equal windows, so value a month compares."""
    values = _by_month(items, lambda item: item.usd_cents)
    before = sum(value for month, value in values.items() if "2021-03" <= month <= "2022-02")
    after = sum(value for month, value in values.items() if "2022-03" <= month <= "2023-02")
    return {
        **_party(cast.QUILVARO),
        "event": INVASION.isoformat(),
        "usd_cents_by_month": values,
        "deliveries_by_month": _deliveries(items),
        "twelve_months_before": {"first": "2021-03", "last": "2022-02", "usd_cents": before, "a_month": before / 12},
        "twelve_months_after": {"first": "2022-03", "last": "2023-02", "usd_cents": after, "a_month": after / 12},
        "items": len(items),
    }


def _modules(items: Sequence[Item]) -> Key:
    found = [item for item in items if item.story == "modules"]
    return {
        "importer": _party(cast.KASTOVEL),
        "supplier": _party(cast.BREMIXON),
        "maker": "VEXOLA",
        "part": MODULE_PART,
        "hs": MODULE.hs,
        "pieces_by_month": _by_month(found, lambda item: item.pieces),
        "pieces": sum(item.pieces for item in found),
        "items": len(found),
        "exact_duplicates_among_them": 1,
    }


def _front(items: Sequence[Item]) -> Key:
    found = [item for item in items if item.shipper == cast.NORVELLA]
    return {
        **_seen(items, cast.NORVELLA),
        "address": cast.NORVELLA.address,
        "importer": _party(cast.TORVASK),
        "items": len(found),
        "usd_cents": _cents(found),
        "items_by_origin": dict(sorted(Counter(item.origin for item in found).items())),
        "items_by_dispatch": dict(sorted(Counter(item.dispatch for item in found).items())),
        "hs": sorted({item.good.hs for item in found} & {good.hs for good in CHIPS}),
    }


def _seen(items: Sequence[Item], shipper: Company) -> Key:
    days = sorted(item.day for item in items if item.shipper == shipper)
    return {**_party(shipper), "first_seen": days[0].isoformat(), "last_seen": days[-1].isoformat()}


def _bought(items: Sequence[Item], importer: Company) -> Key:
    found = [item for item in items if item.importer == importer]
    first: date = min(item.day for item in found)
    return {**_party(importer), "first_seen": first.isoformat(), "items": len(found), "usd_cents": _cents(found)}


def _one_supplier(items: Sequence[Item]) -> Key:
    bought = _shares([item for item in items if item.importer == cast.MONORIX])
    return {**_party(cast.MONORIX), "supplier": _party(cast.SOLUMARIS), **bought}


def _first_seen(items: Sequence[Item], who: Callable[[Item], str]) -> dict[str, str]:
    first: dict[str, date] = {}
    for item in items:
        first[who(item)] = min(item.day, first.get(who(item), item.day))
    return {name: day.isoformat() for name, day in sorted(first.items())}


def _priority(items: Sequence[Item]) -> Key:
    """Items of codes on the common high priority list, by the six digits of the HS."""
    codes = {good.hs[:6] for good in (*PRIORITY, MODULE)}
    found = [item for item in items if item.good.hs[:6] in codes]
    counts = Counter(item.good.hs[:6] for item in found)
    return {"items": len(found), "usd_cents": _cents(found), "items_by_hs6": dict(sorted(counts.items()))}
