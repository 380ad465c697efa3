"""The stories in the sample, one function each, and the ordinary trade around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tradeanalytics.sample import cast
from tradeanalytics.sample.cast import CHIPS, LONG, MODULE, ORDINARY, PRIORITY, Company, Good
from tradeanalytics.sample.deals import MONTHS, Item, Market, declare

INVASION = date(2022, 2, 24)
MISSING_MONTH = date(2022, 9, 1)
MODULE_PART = "VXQ7600E-H"
_OTHERS = cast.SUPPLIERS[:8]  # the named importer's other suppliers


def tell(market: Market) -> None:
    """Fill the market: every story, then ordinary trade."""
    intermediary(market)
    modules(market)
    front_company(market)
    turkish_intermediaries(market)
    founded_after_the_invasion(market)
    one_supplier(market)
    for importer in (*cast.IMPORTERS, cast.PROPUSKIN):
        ordinary(market, importer)


def intermediary(market: Market) -> None:
    """QUILVARO is exactly a quarter of ZELMARIQ's imports of 2022 and its largest supplier; deliveries rise after
    February 2022."""
    for month in MONTHS:
        for supplier in market.random.choice((_OTHERS, _OTHERS[:6], _OTHERS[2:])):
            goods = [market.random.choice(PRIORITY) for _ in range(market.some(1, 2))]
            declare(market, market.day(month), cast.ZELMARIQ, supplier, goods, story="others")
    for year, parts in ((2021, 20), (2022, 3), (2023, 2)):  # one part in so many of what the others sent
        _quilvaro_year(market, year, parts)


def _quilvaro_year(market: Market, year: int, parts: int) -> None:
    """Its deliveries of a year, worth the others' imports divided by `parts` to the cent."""
    others = [item for item in market.items if item.story == "others" and item.day.year == year]
    surplus = sum(item.usd_cents for item in others) % parts
    swap(market, others[-1], usd_cents=others[-1].usd_cents - surplus)
    total = (sum(item.usd_cents for item in others) - surplus) // parts
    made = []
    for month in (month for month in MONTHS if month.year == year):
        for _ in range(_deliveries(month)):
            day, goods = market.day(month), [market.random.choice(CHIPS) for _ in range(market.some(1, 3))]
            made += declare(market, day, cast.ZELMARIQ, cast.QUILVARO, goods, story="intermediary")
    _share_out(market, made, total)


def _deliveries(month: date) -> int:
    """One a month until February 2022, then one more every third month, up to five."""
    after = (month.year - 2022) * 12 + month.month - 2
    return 1 if after <= 0 else min(5, 2 + after // 3)


def _share_out(market: Market, items: Sequence[Item], total: int) -> None:
    """Give the items values that sum to `total`, in random proportions."""
    weights = [market.some(80, 120) for _ in items]
    values = [total * weight // sum(weights) for weight in weights]
    values[-1] += total - sum(values)
    for item, value in zip(items, values, strict=True):
        swap(market, item, usd_cents=value)


def swap(market: Market, item: Item, **changes: object) -> None:
    """Put a changed item in an item's place."""
    market.items[market.items.index(item)] = replace(item, **changes)  # type: ignore[arg-type]


def modules(market: Market) -> None:
    """800 cellular modules over three months; the pieces stand in the description only."""
    deliveries = (
        (date(2022, 9, 14), (("300", "; УПАКОВАНЫ ПО 10 ШТ; Кол-во: 300 ШТ"),)),
        (date(2022, 10, 11), (("150", "; Кол-во: 150 ШТ"), ("110", "; КОЛ-ВО 10 ШТ. В УПАКОВКЕ; ВСЕГО 110 ШТ"))),
        (date(2022, 11, 8), (("240", "; CELLULAR MODULE 240 PCS"),)),
    )
    for day, counts in deliveries:
        goods = [MODULE] * len(counts)
        made = declare(market, day, cast.KASTOVEL, cast.BREMIXON, goods, dispatch="CN", story="modules")
        for item, (pieces, words) in zip(made, counts, strict=True):
            text = f"{MODULE.text}; Изготовитель: SYNTHETIC VEXOLA; Тов.знак: VEXOLA; Модель: {MODULE_PART}{words}"
            grams = int(pieces) * 12
            value = int(pieces) * market.some(2_600, 2_900)
            swap(market, item, description=text, maker="VEXOLA", pieces=int(pieces), grams=grams, usd_cents=value)


def front_company(market: Market) -> None:
    """NORVELLA, registered in the Caribbean, with a street in a Canadian suburb, sells chips made in TW, CN and US."""
    for place, month in enumerate(MONTHS[16:29]):
        goods = [replace(market.random.choice(CHIPS), origins=origin) for origin in ("TW", "CN", "US")]
        via = ("HK", "TR")[place % 2]
        declare(market, market.day(month), cast.TORVASK, cast.NORVELLA, goods, dispatch=via, story="front")


def turkish_intermediaries(market: Market) -> None:
    """Two Turkish sellers nobody had seen before April and May 2022 sell goods made elsewhere."""
    for seller, first in ((cast.DENIZOLA, date(2022, 4, 5)), (cast.KORVANTES, date(2022, 5, 17))):
        days = [first, *(market.day(month) for month in MONTHS if month > first)]
        for day in days:
            goods = [market.random.choice(PRIORITY) for _ in range(market.some(1, 3))]
            declare(market, day, market.random.choice(cast.IMPORTERS[:5]), seller, goods, story="turkish")


def founded_after_the_invasion(market: Market) -> None:
    """NOVALEX is first seen on 21 March 2022."""
    for day in (date(2022, 3, 21), *(market.day(month) for month in MONTHS[15:])):
        goods = [market.random.choice(PRIORITY) for _ in range(market.some(1, 3))]
        declare(market, day, cast.NOVALEX, market.random.choice(cast.SUPPLIERS[8:14]), goods, story="founded")


def one_supplier(market: Market) -> None:
    """MONORIX buys from SOLUMARIS but for two small parcels."""
    for month in MONTHS:
        declare(
            market, market.day(month), cast.MONORIX, cast.SOLUMARIS, [ORDINARY[12], ORDINARY[13]], story="exclusive"
        )
    for month in (MONTHS[4], MONTHS[20]):
        (parcel,) = declare(market, market.day(month), cast.MONORIX, cast.OLIMERA, [ORDINARY[4]], story="exclusive")
        swap(market, parcel, grams=40_000, usd_cents=29_500)


def ordinary(market: Market, importer: Company) -> None:
    """Trade with nothing to tell; PROPUSKIN has no row in one month."""
    partners = [market.random.choice(cast.SUPPLIERS) for _ in range(6)]
    for month in MONTHS:
        if importer is cast.PROPUSKIN and month == MISSING_MONTH:
            continue
        for _ in range(market.some(5, 6)):
            seller, extra = market.random.choice(partners), LONG if market.some(1, 5) == 1 else ""
            goods = [_ordinary_good(market, seller) for _ in range(market.some(1, 5))]
            declare(market, market.day(month), importer, seller, goods, extra=extra)


def _ordinary_good(market: Market, seller: Company) -> Good:
    """One good in eight is a priority good; three in four are made where the seller is, if any is made there."""
    pool = PRIORITY if market.some(1, 8) == 1 else ORDINARY
    local = [good for good in pool if seller.country in good.origins.split()]
    return market.random.choice(local if local and market.some(1, 4) > 1 else pool)
