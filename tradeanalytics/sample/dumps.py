"""The two dumps of declarations: the first with its duplicates, and a later one that overlaps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from tradeanalytics.sample import cast
from tradeanalytics.sample.cast import ORDINARY
from tradeanalytics.sample.deals import Item, Market, declare, in_order
from tradeanalytics.sample.declarations import Dump, Look, Totals, as_csv, looks, total_row, totals_of

PAIRS = {"exact": 60, "same_key_same_payload": 40, "same_key_other_payload": 40}
OVERLAP = {"exact": 1_200, "respelled": 300, "new": 500}


@dataclass(frozen=True)
class First:
    """The first dump: its text, its rows as true items (duplicates too), and what else the key must know."""

    text: str
    dump: Dump
    written: tuple[Item, ...]
    looks: tuple[Look, ...]
    totals: dict[str, Totals]
    revised: tuple[Item, ...]


def first_dump(items: Sequence[Item], random: Random, later: Sequence[Item], of_later: Random) -> First:
    """Every item once, then the duplicates, then the total row.

    `later`: items told of after the others, with a chance of their own, so that the rows of the others stay the same.
    """
    chosen = looks(random, items)
    repeated = list(_duplicates(items, chosen, random))
    once = sorted([*zip(items, chosen, strict=True), *zip(later, looks(of_later, later), strict=True)], key=_in_order)
    dump, totals = Dump(), totals_of([item for item, _ in once])
    for item, look in (*once, *repeated):
        dump.add(item, look, totals[item.declaration])
    written = tuple(item for item, _ in (*once, *repeated))
    rows = [*dump.rows, total_row(dump.rows, written)]
    revised = tuple(item for item, _ in repeated[-PAIRS["same_key_other_payload"] :])
    return First(as_csv(rows, list(rows[0]), ";"), dump, written, tuple(look for _, look in once), totals, revised)


def _in_order(written: tuple[Item, Look]) -> tuple[date, str, int]:
    return in_order(written[0])


def _duplicates(items: Sequence[Item], chosen: Sequence[Look], random: Random) -> list[tuple[Item, Look]]:
    """Rows that are there again: as they were, with numbers spelled otherwise, and as a later revision.

    The stories have exact duplicates only (one of the modules among them), so that their numbers have one answer.
    """
    modules = next(place for place, item in enumerate(items) if item.story == "modules")
    places = [place for place, item in enumerate(items) if not item.story]
    drawn = _draw(random, places, sum(PAIRS.values()) - 1)
    exact, same = [modules, *drawn[: PAIRS["exact"] - 1]], drawn[PAIRS["exact"] - 1 :][: PAIRS["same_key_same_payload"]]
    other = drawn[-PAIRS["same_key_other_payload"] :]
    return [
        *((items[place], chosen[place]) for place in exact),
        *((items[place], replace(chosen[place], dots=not chosen[place].dots)) for place in same),
        *((_revised(items[place]), chosen[place]) for place in other),
    ]


def _draw(random: Random, places: Sequence[int], count: int) -> list[int]:
    """Places without repetition, by whole-number draws only."""
    drawn: dict[int, None] = {}
    while len(drawn) < count:
        drawn[random.choice(places)] = None
    return list(drawn)


def _revised(item: Item) -> Item:
    return replace(item, grams=item.grams * 103 // 100 + 1, usd_cents=item.usd_cents * 107 // 100 + 1)


def second_dump(first: First, market: Market, random: Random) -> tuple[str, list[Item], list[Item]]:
    """UTF-8 text with the columns in another order: rows of the first dump from 2023-04 on, and new ones.

    Also the known and the new items behind it.
    """
    times: dict[tuple[str, int], int] = {}
    for item in first.written:
        times[item.declaration, item.number] = times.get((item.declaration, item.number), 0) + 1
    pairs = zip(first.written, first.looks, strict=False)  # the looks end where the duplicates begin
    late = [p for p in pairs if p[0].day >= date(2023, 4, 1) and times[p[0].declaration, p[0].number] == 1]
    known = late[: OVERLAP["exact"] + OVERLAP["respelled"]]
    new = _new_items(market)
    dump, totals = Dump(), {**first.totals, **totals_of(new)}
    for place, (item, look) in enumerate(known):
        dump.add(item, look if place < OVERLAP["exact"] else _respelled(look), totals[item.declaration])
    for item, look in zip(new, looks(random, new), strict=True):
        dump.add(item, look, totals[item.declaration])
    text = as_csv(dump.rows, sorted(dump.rows[0], key=lambda heading: heading[::-1]), ";")
    return text, [item for item, _ in known], new


def _respelled(look: Look) -> Look:
    return replace(look, dots=not look.dots, dates="%Y-%m-%d")


def _new_items(market: Market) -> list[Item]:
    """July 2023, ordinary trade only: the answers about the stories stay as they are."""
    new: list[Item] = []
    while len(new) < OVERLAP["new"]:
        goods = [market.random.choice(ORDINARY) for _ in range(min(4, OVERLAP["new"] - len(new)))]
        buyer, seller = market.random.choice(cast.IMPORTERS), market.random.choice(cast.SUPPLIERS)
        new += declare(market, market.day(date(2023, 7, 1)), buyer, seller, goods)
    return new
