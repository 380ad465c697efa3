"""Items of declarations as they truly were, before a dump spoils their text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from tradeanalytics.sample.cast import MAKERS, Company, Good

# Kopecks a US dollar, and hundredths of the currency for a hundred US cents; round numbers near those years'.
RUB = {2021: 7_365, 2022: 6_855, 2023: 7_700}
CURRENCIES = {"USD": 100, "EUR": 95, "CNY": 670}
MONTHS = tuple(date(2021 + place // 12, place % 12 + 1, 1) for place in range(30))  # 2021-01 to 2023-06


@dataclass(frozen=True)
class Item:
    """One item of a declaration: grams, US cents, and what the description says. Key: declaration and number."""

    day: date
    declaration: str
    number: int
    importer: Company
    shipper: Company
    good: Good
    maker: str
    trading: str
    dispatch: str
    origin: str
    grams: int
    usd_cents: int
    pieces: int
    description: str
    currency: str = "USD"
    story: str = ""

    @property
    def rub_cents(self) -> int:
        """Customs value in kopecks."""
        return self.usd_cents * RUB[self.day.year] // 100

    @property
    def invoice_cents(self) -> int:
        """Invoice value in hundredths of the invoice's currency."""
        return self.usd_cents * CURRENCIES[self.currency] // 100


def in_order(item: Item) -> tuple[date, str, int]:
    """The order of a dump: by day, declaration and number."""
    return item.day, item.declaration, item.number


@dataclass
class Market:
    """All items so far, and the one source of chance: whole numbers only, so that every system draws the same.

    `declarations`: the number of the last one; a market that begins higher shares no number with another.
    """

    random: Random
    items: list[Item] = field(default_factory=list)
    declarations: int = 0

    def some(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self.random.randrange(low, high + 1)

    def day(self, month: date) -> date:
        """A day of a month; 28 days, so that every month has it."""
        return month + timedelta(days=self.some(0, 27))


def lot(market: Market, good: Good) -> tuple[int, int]:
    """Grams and US cents of a usual lot."""
    grams = good.lot * market.some(20, 200)
    return grams, max(100, grams * good.price // 1000 * market.some(70, 130) // 100)


def declare(
    market: Market,
    day: date,
    importer: Company,
    shipper: Company,
    goods: list[Good],
    *,
    trading: str = "",
    dispatch: str = "",
    story: str = "",
    extra: str = "",
) -> list[Item]:
    """One declaration with one item a good; `extra` words go into the description of the first."""
    market.declarations += 1
    number = (
        f"{market.random.choice(('10999110', '10999220', '10999330'))}/{day:%d%m%y}/{3_000_000 + market.declarations}"
    )
    currency = market.random.choice(("USD", "USD", "EUR", "CNY"))
    made = [_item(market, good, shipper, "" if place else extra) for place, good in enumerate(goods)]
    items = [
        replace(
            item,
            day=day,
            declaration=number,
            number=place,
            importer=importer,
            shipper=shipper,
            trading=trading or shipper.country,
            dispatch=dispatch or shipper.country,
            currency=currency,
            story=story,
        )
        for place, item in enumerate(made, 1)
    ]
    market.items += items
    return items


_NOBODY = Company("", "", "")


def _item(market: Market, good: Good, shipper: Company, extra: str) -> Item:
    grams, usd_cents = lot(market, good)
    maker, pieces = market.random.choice(MAKERS), market.some(2, 400) * 5 if good.counted else 0
    made = good.origins.split()
    origin = shipper.country if shipper.country in made else market.random.choice(made)
    text = describe(market, good, maker, pieces, extra)
    return Item(
        MONTHS[0], "", 0, _NOBODY, _NOBODY, good, maker, "", "", origin, grams, usd_cents, pieces, description=text
    )


def describe(market: Market, good: Good, maker: str, pieces: int, extra: str) -> str:
    """The description with its tail of labels; "none" is written ОТСУТСТВУЕТ."""
    model = f"{maker[0]}{maker[-1]}{market.some(1000, 9999)}-{market.random.choice('ABCDEH')}"
    mark = maker if market.some(1, 3) > 1 else "ОТСУТСТВУЕТ"
    articles = ", ".join(f"{maker[:2]}{market.some(10_000, 99_999)}" for _ in range(market.some(1, 2)))
    tail = f"Изготовитель: SYNTHETIC {maker}; Тов.знак: {mark}; Модель: {model}; Артикул: {articles}"
    count = f"; Кол-во: {pieces} ШТ" if pieces else ""
    return f"{good.text}{extra}; {tail}{count}"
