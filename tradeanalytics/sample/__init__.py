"""Invented data for people with no file of their own, with the answers it must give.

Nothing in it is real: see `cast`. The same bytes on every run and every system: whole-number chance from a fixed seed.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.sample.bills import bills_csv, bills_key, make_bills
from tradeanalytics.sample.deals import Market
from tradeanalytics.sample.dumps import first_dump, second_dump
from tradeanalytics.sample.key import declarations_key, overlap_key, stories_key
from tradeanalytics.sample.stories import tell

DECLARATIONS = "SYNTHETIC_russian_declarations.csv"
BILLS = "SYNTHETIC_bills_of_lading.csv"
OVERLAP = "SYNTHETIC_russian_declarations_later.csv"
ANSWERS = "answer_key.json"
_SEED = 20_220_224


def write_sample(folder: Path) -> list[Path]:
    """Write the two dumps (cp1251, UTF-8), the bills (UTF-8) and the answer key into a folder; their paths.

    Raises TradeAnalyticsError if the folder cannot be made or written to.
    """
    contents = sample()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise TradeAnalyticsError(f"{folder.name}: the sample cannot be written there ({error.strerror})") from error
    return [folder / name for name in contents]


def sample() -> dict[str, bytes]:
    """The files of the sample by name."""
    market = Market(Random(_SEED))
    tell(market)
    items = sorted(market.items, key=lambda item: (item.day, item.declaration, item.number))
    first = first_dump(items, Random(_SEED + 1))
    second, known, new = second_dump(first, market, Random(_SEED + 2))
    bills = make_bills(Random(_SEED + 3))
    answers = {
        "notice": "SYNTHETIC: every company, person, address and deal is invented.",
        DECLARATIONS: declarations_key(items, first),
        "stories": stories_key(items),
        OVERLAP: overlap_key(known, new),
        BILLS: bills_key(bills),
    }
    return {
        DECLARATIONS: first.text.encode("cp1251"),
        OVERLAP: second.encode("utf-8"),
        BILLS: bills_csv(bills).encode("utf-8"),
        ANSWERS: (json.dumps(answers, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
    }
