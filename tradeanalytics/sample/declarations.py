"""The text of a resold Russian dump: true items go in, cells with the quirks of real files come out."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from tradeanalytics.sample.cast import BROKER, COUNTRIES, Company
from tradeanalytics.sample.deals import Item

ACCESS_MONTH = (2021, 11)  # the month that went through an Access export: mm/dd/yy
TOTAL = "ИТОГО"
_NBSP = "\u00a0"
_LINE = 256
_NO_TWIN = set("БГДЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯ")  # a word with one of these is Cyrillic whatever else is in it
_QUOTES = ("<>", '""', "«»")


@dataclass(frozen=True)
class Look:
    """How one item is written."""

    quotes: str
    dates: str
    shipper: str
    dots: bool = False  # 1 679 607.23
    homoglyph: bool = False
    lost_zero: bool = False
    origin: str = ""


@dataclass(frozen=True)
class Totals:
    """What a declaration repeats on every one of its items."""

    items: int
    rub_cents: int
    invoice_cents: int


@dataclass
class Dump:
    """Rows of cells, and how many rows show each quirk."""

    rows: list[dict[str, str]] = field(default_factory=list)
    quirks: Counter[str] = field(default_factory=Counter)

    def add(self, item: Item, look: Look, totals: Totals) -> None:
        """Write one item and count its quirks."""
        self.rows.append(cells(item, look, totals))
        self.quirks.update(_quirks(item, look))


def totals_of(items: Sequence[Item]) -> dict[str, Totals]:
    """The totals of each declaration."""
    grouped = defaultdict(list)
    for item in items:
        grouped[item.declaration].append(item)
    return {
        number: Totals(len(own), sum(i.rub_cents for i in own), sum(i.invoice_cents for i in own))
        for number, own in grouped.items()
    }


def looks(random: Random, items: Sequence[Item]) -> list[Look]:
    """How each item is written: names and dates by declaration, the rest by item."""
    chosen: dict[str, Look] = {}
    for item in items:
        if item.declaration not in chosen:
            names = item.shipper.spellings if item.shipper.spellings and random.randrange(12) == 0 else ()
            shipper = random.choice(names) if names else item.shipper.name
            access = (item.day.year, item.day.month) == ACCESS_MONTH
            dates = "%m/%d/%y" if access else "%d.%m.%Y"
            chosen[item.declaration] = Look(random.choice(_QUOTES), dates, shipper)
    return [_item_look(random, item, chosen[item.declaration]) for item in items]


def _item_look(random: Random, item: Item, look: Look) -> Look:
    homoglyph = random.randrange(50) == 0 and homoglyphs(item.good.text) != item.good.text and not item.story
    lost_zero = item.good.hs.startswith("0") and random.randrange(4) == 0
    origin = random.choice(("EU", "blank")) if item.origin in ("DE", "IT") and random.randrange(8) == 0 else ""
    return replace(
        look,
        dots=random.randrange(20) == 0,
        homoglyph=homoglyph,
        lost_zero=lost_zero,
        origin="" if item.story else origin,
    )


def cells(item: Item, look: Look, totals: Totals) -> dict[str, str]:
    """One row, heading by heading (style 1: code and label)."""
    origin = _origin(item, look)
    released = item.day + timedelta(days=1 + item.number % 3)
    return {
        "ND (Номер декларации)": item.declaration,
        "G072 (Дата регистрации)": item.day.strftime(look.dates),
        "GD1 (Дата выпуска)": released.strftime(look.dates),
        "G011 (Направление перемещения)": "ИМ",
        "G0121 (Таможенный режим)": "40",
        "G05 (Всего наименований товаров)": str(totals.items),
        "G12 (Общая таможенная стоимость по ГТД)": money(totals.rub_cents, look),
        "G222 (Общая фактурная стоимость по ГТД)": money(totals.invoice_cents, look),
        "G32 (Номер товара по ГТД)": str(item.number),
        "G022 (Наименование отправителя)": look.shipper,
        "G023 (Адрес отправителя)": item.shipper.address,
        "G0231 (Код страны отправителя)": item.shipper.country,
        "G081 (ИНН получателя)": item.importer.inn,
        "G082 (Наименование получателя)": quoted(item.importer, look.quotes),
        "G083 (Адрес получателя)": item.importer.address,
        "G0831 (Код страны получателя)": "RU",
        "G142 (Наименование декларанта)": quoted(BROKER, look.quotes),
        "G11 (Код торгующей страны)": item.trading,
        "G15 (Страна отправления)": COUNTRIES[item.dispatch],
        "G15A (Код страны отправления)": item.dispatch,
        "G16 (Страна происхождения)": COUNTRIES.get(origin, ""),
        "G34 (Код страны происхождения)": origin,
        "G17A (Код страны назначения)": "RU",
        "G33 (Код товара по ТН ВЭД)": item.good.hs.removeprefix("0") if look.lost_zero else item.good.hs,
        "G31_1 (Наименование и характеристики товаров)": description(item, look),
        "G31_11 (Фирма-изготовитель)": f"SYNTHETIC {item.maker}",
        "G31_12 (Товарный знак, патент)": item.maker if f"знак: {item.maker}" in item.description else "ОТСУТСТВУЕТ",
        "G31_7 (Кол-во товара в доп.ед.)": str(item.pieces) if item.good.counted else "",
        "G31_71 (Наименование доп.ед.)": "ШТ" if item.good.counted else "",
        "G35 (Вес брутто, кг)": kilograms(item.grams * 11 // 10, look),
        "G38 (Вес нетто, кг)": kilograms(item.grams, look),
        "G42 (Фактурная стоимость)": money(item.invoice_cents, look),
        "G221 (Букв.код валюты контракта)": item.currency,
        "G45 (Таможенная стоимость)": money(item.rub_cents, look),
        "G46 (Статистическая стоимость, USD.)": money(item.usd_cents, look),
        "STAT (STAT)": "True" if item.number % 4 == 0 else "1",
    }


def _origin(item: Item, look: Look) -> str:
    return {"EU": "EU", "blank": ""}.get(look.origin, item.origin)


def total_row(rows: Sequence[Mapping[str, str]], items: Sequence[Item]) -> dict[str, str]:
    """The last row of a dump: the sum of all rows, and no shipment."""
    look = Look("", "", "")
    sums = {
        "ND (Номер декларации)": TOTAL,
        "G38 (Вес нетто, кг)": kilograms(sum(item.grams for item in items), look),
        "G45 (Таможенная стоимость)": money(sum(item.rub_cents for item in items), look),
        "G46 (Статистическая стоимость, USD.)": money(sum(item.usd_cents for item in items), look),
    }
    return {heading: sums.get(heading, "") for heading in rows[0]}


def quoted(company: Company, quotes: str) -> str:
    """A Russian company's name with the quotes of a dump.

    >>> quoted(BROKER, "<>")
    'ООО <ОБРАЗЕЦ БРОКЕРИКСА>'
    """
    form, name, _ = company.name.split('"')
    return f"{form}{quotes[0]}{name}{quotes[1]}"


def money(cents: int, look: Look) -> str:
    """Cents with a decimal comma and thousands that do not break, or with a dot and plain spaces."""
    whole = f"{cents // 100:,}".replace(",", " " if look.dots else _NBSP)
    return f"{whole}{'.' if look.dots else ','}{cents % 100:02d}"


def kilograms(grams: int, look: Look) -> str:
    """Kilograms with three decimals: 12,400 is twelve kilograms and a bit."""
    return f"{grams // 1000}{'.' if look.dots else ','}{grams % 1000:03d}"


def description(item: Item, look: Look) -> str:
    """The description cut into lines of 256 characters and joined again by marks, inside words or not."""
    text = item.description
    if look.homoglyph:
        text = text.replace(item.good.text, homoglyphs(item.good.text))
    lines = [text[place : place + _LINE] for place in range(0, len(text), _LINE)]
    return "".join(f"_[={place}=] {line}" if place else line for place, line in enumerate(lines))


def homoglyphs(text: str) -> str:
    """The first surely Cyrillic word with a Latin H for its Н: ФАHЕРА; the text itself if there is none."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if "Н" in word and _NO_TWIN & set(word):
            return " ".join([*words[:place], word.replace("Н", "H"), *words[place + 1 :]])
    return text


def _quirks(item: Item, look: Look) -> list[str]:
    countries = {item.shipper.country, item.trading, item.dispatch, _origin(item, look)}
    shown = {
        "dates_mm_dd_yy": look.dates == "%m/%d/%y",
        "numbers_with_dots": look.dots,
        "homoglyph_in_description": look.homoglyph,
        "homoglyph_in_shipper": not look.shipper.isascii(),
        "shipper_spelled_otherwise": look.shipper != item.shipper.name,
        "hs_lost_zero": look.lost_zero,
        "origin_eu": look.origin == "EU",
        "origin_blank": look.origin == "blank",
        "origin_namibia": item.origin == "NA",
        "line_marks": len(item.description) > _LINE,
        "quotes_angle": look.quotes == "<>",
        "trademark_none": f"знак: {item.maker}" not in item.description,
        "countries_disagree": len(countries - {""}) > 1,
    }
    return [name for name, there in shown.items() if there]


def as_csv(rows: Sequence[Mapping[str, str]], headings: Sequence[str], delimiter: str, newline: str = "\r\n") -> str:
    """Rows of cells as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(headings)
    writer.writerows([row[heading] for heading in headings] for row in rows)
    return out.getvalue()
