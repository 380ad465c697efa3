"""Invented data for people with no file of their own, with the answers it must give.

Nothing in it is real (see `cast`) but what the trade by HS code sums to (see `goods`). The same bytes on every run and
every system: whole-number chance from a fixed seed.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.sample.addresses import trade as trade_of_addresses
from tradeanalytics.sample.addresses_key import addresses_key
from tradeanalytics.sample.bills import bills_csv, bills_key, make_bills
from tradeanalytics.sample.cimt import yearly_zips
from tradeanalytics.sample.deals import Market, in_order
from tradeanalytics.sample.dumps import first_dump, second_dump
from tradeanalytics.sample.goods import make_trade
from tradeanalytics.sample.goods_key import goods_key
from tradeanalytics.sample.key import declarations_key, overlap_key, stories_key
from tradeanalytics.sample.nar import REGISTER, register_zip
from tradeanalytics.sample.published import RAW, published
from tradeanalytics.sample.stories import tell
from tradeanalytics.sample.watchlists import lists_csv
from tradeanalytics.sample.watchlists_key import lists_key

DECLARATIONS = "SYNTHETIC_russian_declarations.csv"
BILLS = "SYNTHETIC_bills_of_lading.csv"
OVERLAP = "SYNTHETIC_russian_declarations_later.csv"
LISTS = "SYNTHETIC_lists.csv"
ANSWERS = "answer_key.json"
_SEED = 20_220_224
_OTHERS_FROM = 500_000  # declarations of the trade that was added later, numbered far above the others


def write_sample(folder: Path, raw: Path = RAW) -> list[Path]:
    """Write two dumps (cp1251, UTF-8), bills, lists (UTF-8), zips, an address register and the answer key; their paths.

    `raw` is the folder of raw files: the zips sum to real figures of an extract in it. Raises TradeAnalyticsError if
    that is not there or not as it was, and if the folder cannot be made or written to.
    """
    contents = sample(raw)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise TradeAnalyticsError(f"{folder.name}: the sample cannot be written there ({error.strerror})") from error
    return [folder / name for name in contents]


def sample(raw: Path = RAW) -> dict[str, bytes]:
    """The files of the sample by name. Raises TradeAnalyticsError as `write_sample` does for `raw`."""
    trade = make_trade(published(raw), Random(_SEED + 4))
    market = Market(Random(_SEED))
    tell(market)
    at_addresses = Market(Random(_SEED + 5), declarations=_OTHERS_FROM)
    trade_of_addresses(at_addresses)
    told, added = sorted(market.items, key=in_order), sorted(at_addresses.items, key=in_order)
    first = first_dump(told, Random(_SEED + 1), added, Random(_SEED + 6))
    items = sorted([*told, *added], key=in_order)
    second, known, new = second_dump(first, market, Random(_SEED + 2))
    bills = make_bills(Random(_SEED + 3))
    answers = {
        "notice": "SYNTHETIC: every company, person, address, deal and split of trade into goods is invented.",
        DECLARATIONS: declarations_key(items, first),
        "stories": stories_key(items),
        OVERLAP: overlap_key(known, new),
        BILLS: bills_key(bills),
        "goods": goods_key(trade),
        "lists": lists_key(items, first),
        "addresses": addresses_key(items),
    }
    return {
        DECLARATIONS: first.text.encode("cp1251"),
        OVERLAP: second.encode("utf-8"),
        BILLS: bills_csv(bills).encode("utf-8"),
        LISTS: lists_csv().encode("utf-8"),
        REGISTER: register_zip(),
        **yearly_zips(trade),
        ANSWERS: (json.dumps(answers, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
    }
