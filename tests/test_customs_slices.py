"""Every layout of customs records, in the encoding and container it comes in, is cleaned end to end: each cell where it
belongs. All rows are SYNTHETIC: the headings are real, the companies, numbers and deals are invented.
"""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from conftest import put_csv
from test_containers import biff, dbf, ole2

from tradeanalytics.clean import clean, outputs

Rows = Sequence[Mapping[str, str]]


def as_csv(rows: Rows, delimiter: str = ";", encoding: str = "cp1251", end: str = "\r\n") -> bytes:
    """Rows under the headings of the first one."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return out.getvalue().encode(encoding)


def grid(rows: Rows) -> list[list[object]]:
    """The same as rows of cells, headings first."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def as_workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of these sheets; a day is a day, a number is a number, a text that begins with = is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    page.write(number, column, cell)
    return out.getvalue()


def as_dbf(rows: Rows, codec: str = "cp866", driver: int = 0x65) -> bytes:
    """Text columns as wide as their longest cell."""
    fields = [(name, "C", max(1, *(len(row[name]) for row in rows))) for name in rows[0]]
    return dbf(fields, [tuple(row.values()) for row in rows], codec=codec, driver=driver)


def cleaned(folder: Path, name: str, content: bytes) -> tuple[dict, list[dict]]:
    """The report of a file and its shipments in file order."""
    report = clean(put_csv(folder / "raw", name, content), folder)
    assert report["accepted"] + report["rejected"] == report["records"]
    shipments = pl.read_parquet(outputs(name, folder)["shipments"])
    assert shipments.height == report["accepted"]
    return report, shipments.to_dicts()


def rejected(folder: Path, name: str) -> list[tuple[int, str, str]]:
    return pl.read_parquet(outputs(name, folder)["rejected"]).select("record", "reasons", "text").rows()


def some(row: Mapping[str, object], names: Sequence[str] | Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in names}


# Russian declarations: one deal in five styles of heading

# The headings of every field in each style; "-" where the style has none.
STYLED = (
    "declaration|registered_on|released_on|direction|regime|item|shipper_id|shipper_name|shipper_address|"
    "shipper_country|consignee_id|consignee_name|consignee_address|consignee_country|contract_holder_name|"
    "declarant_name|trading_country|dispatch_country|dispatch_name|origin_country|origin_name|destination_country|"
    "hs|description|manufacturer|trademark|quantity|quantity_unit|gross_kg|net_kg|invoice|invoice_currency|"
    "customs_rub|statistical_usd|total|statistics_flag|usd_kg"
)
STYLES = {
    "bare": (
        "ND|G072|GD1|G011|G0121|G32|G021|G022|G023|G0231|G081|G082|G083|G0831|G092|G142|G11|G15A|G15|G34|G16|G17A|G33|"
        "G31_1|G31_11|G31_12|G31_7|G31_71|G35|G38|G42|G221|G45|G46|G12|STAT|USDKG"
    ),
    "style_1": (
        "ND (Номер декларации)|G072 (Дата регистрации)|GD1 (Дата выпуска)|G011 (Направление перемещения)|"
        "G0121 (Таможенный режим)|G32 (Номер товара по ГТД)|G021 (ИНН отправителя)|G022 (Наименование отправителя)|"
        "G023 (Адрес отправителя)|G0231 (Код страны отправителя)|G081 (ИНН получателя)|G082 (Наименование получателя)|"
        "G083 (Адрес получателя)|G0831 (Код страны получателя)|G092 (Наименование контрактодержателя)|"
        "G142 (Наименование декларанта)|G11 (Код торгующей страны)|G15A (Код страны отправления)|"
        "G15 (Страна отправления)|G34 (Код страны происхождения)|G16 (Страна происхождения)|"
        "G17A (Код страны назначения)|G33 (Код товара по ТН ВЭД)|G31_1 (Наименование и характеристики товаров)|"
        "G31_11 (Фирма-изготовитель)|G31_12 (Товарный знак, патент)|G31_7 (Кол-во товара в доп.ед.)|"
        "G31_71 (Наименование доп.ед.)|G35 (Вес брутто, кг)|G38 (Вес нетто, кг)|G42 (Фактурная стоимость)|"
        "G221 (Букв.код валюты контракта)|G45 (Таможенная стоимость)|G46 (Статистическая стоимость, USD.)|"
        "G12 (Общая таможенная стоимость по ГТД)|STAT (STAT)|USDKG (USD за КГ)"
    ),
    "style_2": (
        "ND  Номер  декларации на товары|G072 (Дата оформления ГТД в АИС декларанта)|GD1 (Дата выпуска груза)|-|"
        "G012 (код основного таможенного режима)|G32 (номер товара по ГТД / списку)|G021 (ИНН отправителя)|"
        "G022 (Наименование отправителя)|G023 (Адрес отправителя)|G0231 (Код страны отправителя)|G081 (ИНН получателя)|"
        "G082 (Наименование получателя)|G083 (Адрес получателя)|G0831 (Код страны получателя)|"
        "G092 (Наименование контрактодержателя)|G142 (Наименование декларанта)|G11 (Код альфа-2 торгующей страны)|"
        "G15A (код страны отправления)|-|-|G31_13 (кр наименование страны происхождения)|G17A (код страны назначения)|"
        "G33 (код товара по ТН ВЭД России)|"
        "G31_1 (Описание и характеристика товара с лицевой стороны ГТД - 256 символов|"
        "G31_11 (Наименование фирмы изготовителя)|G31_12 (Товарный знак, объект авторского права)|-|-|"
        "G35 (Вес брутто (кг))|G38 (Вес нетто (кг))|G42 (Фактурная стоимость товара)|"
        "G221 (Код валюты фактурной стоимости)|G45 (Таможенная стоимость товара)|"
        "G46 (Статистическая стоимость товара в USD)|G12 (Общая таможенная ст-ть по всей ГТД)|"
        "STAT(Признак учет в стат внешней торговли 1-учит 0-неучит)|USD/KG (Статистическая стоимость за килограмм)"
    ),
    "style_3": (
        "ND (Номер декларации)|072 Дата ДТ|D1 Дата выпуска груза|011 ИМ/ЭК - направление перемещения|"
        "012 Основной таможенный режим|32 Номер товара по ДТ|021 ИНН отправителя|022 Наименование/ФИО отправителя|"
        "023 Адрес отправителя|0231 Код страны отправителя|081 ИНН получателя|082 Наименование/ФИО получателя|"
        "083 Адрес получателя|0831 Код страны получателя|092 Наименование/ФИО контрактодержателя|"
        "142 Наименование/ФИО декларанта|11 Торгующая страна|15 Код страны отправления|-|34 Код страны происхождения|-|"
        "17 Код страны назначения|33 Код товара по ТН ВЭД РФ|31_1 Описание и характеристика товара|"
        "31_11 Наименование фирмы изготовителя|31_12 Товарный знак|31_7 Кол-во товара в доп ед. измерения|"
        "31_71 Дополнительная единица|35 Вес брутто, кг|38 Вес нетто, кг|42 Фактурная стоимость|221 Валюта контракта|"
        "45 Таможенная стоимость|46 Статистическая стоимость|12 Общая таможенная стоимость|STAT Учет в статистике 0/1|"
        "USD/KG Статистическая стоимость, USD/Вес НЕТТО, кг"
    ),
    "style_4": (
        "Номер декларации|Дата регистрации ДТ|Дата выпуска|Направление (ИМ/ЭК)|Таможенный режим|-|ИНН отправителя|"
        "Наименование отправителя|Итоговый адрес отправителя|Код страны отправителя|ИНН получателя|Получатель|"
        "Адрес получателя|Страна получателя|Наименование контрактодержателя|Наименование декларанта|"
        "Код торгующей страны|-|Страна отправления|-|Страна происхождения товара|Код страны назначения|"
        "Код ТН ВЭД. Знак звёздочки (*) в конце, если указывается менее 10 знаков.|Описание и характеристика товара|"
        "Изготовитель|Товарный знак|-|-|Вес брутто|Вес нетто|Фактурная стоимость|Код валюты цены договора|"
        "Таможенная стоимость|Статистическая стоимость|Общая таможенная стоимость|-|Цена за кг (USD)"
    ),
}

IMPORT = {
    "declaration": "10999110/150622/3012345",
    "registered_on": "15.06.2022",
    "released_on": "16.06.2022",
    "direction": "ИМ",
    "regime": "40",
    "item": "1",
    "shipper_name": "SYNTHETIC LINKS LTD",
    "shipper_address": "ГОНКОНГ, KOWLOON, FLAT 5 10/F SYNTHETIC BLDG",
    "shipper_country": "HK",
    "consignee_id": "0000000001",
    "consignee_name": 'ООО "ОБРАЗЕЦ"',
    "consignee_address": "РОССИЯ, 000000, Г. ОБРАЗЦОВ, УЛ. ПРИМЕРНАЯ, Д. 1",
    "consignee_country": "RU",
    "contract_holder_name": 'ООО "ОБРАЗЕЦ КОНТРАКТ"',
    "declarant_name": 'ООО "ОБРАЗЕЦ БРОКЕР"',
    "trading_country": "TR",
    "dispatch_country": "AE",
    "dispatch_name": "ОБЪЕДИНЕННЫЕ АРАБСКИЕ ЭМИРАТЫ",
    "origin_country": "CN",
    "origin_name": "КИТАЙ",
    "destination_country": "RU",
    "hs": "8517620009",
    "description": "МОДУЛИ СОТОВОЙ СВЯЗИ_[=1=]  QUAD-BAND; Изготовитель: SYNTHETIC VEXOLA; Кол-во: 800 ШТ",
    "manufacturer": "SYNTHETIC VEXOLA",
    "trademark": "ОТСУТСТВУЕТ",
    "quantity": "800",
    "quantity_unit": "ШТ",
    "gross_kg": "12,400",
    "net_kg": "9,600",
    "invoice": "1 234 567,89",
    "invoice_currency": "USD",
    "customs_rub": "70\u00a0123\u00a0456,00",
    "statistical_usd": "1234567.89",
    "total": "99 999 999,99",
    "statistics_flag": "True",
    "usd_kg": "128600,82",
}
EXPORT = {
    **IMPORT,
    "declaration": "10999110_010722_3012346",
    "registered_on": "01.07.2022",
    "released_on": "",
    "direction": "ЭК",
    "regime": "10",
    "item": "12",
    "shipper_id": "0000000001",
    "shipper_name": "ООО <ОБРАЗЕЦ>",
    "shipper_address": "",
    "shipper_country": "RU",
    "consignee_id": "",
    "consignee_name": "SYNTHETIC DENIZOLA DIS TICARET LTD STI,",
    "consignee_address": "ТУРЦИЯ, ISTANBUL, SYNTHETIC SOK. 2",
    "consignee_country": "TR",
    "trading_country": "AE",
    "dispatch_country": "RU",
    "dispatch_name": "РОССИЯ",
    "origin_country": "NA",
    "origin_name": "НАМИБИЯ",
    "destination_country": "TR",
    "hs": "101210000",
    "description": "ФАHЕРА; Кол-во: 88,813 М3",  # with a Latin H
    "trademark": "ОБРАЗЕЦ",
    "quantity": "88,813",
    "quantity_unit": "М3",
    "gross_kg": "1 500",
    "net_kg": "1 500,500",
    "invoice": "9 000 000,00",
    "invoice_currency": "643",
    "customs_rub": "",
    "statistical_usd": "1 679 607.23",
    "statistics_flag": "0",
}
IMPORTED = {
    "layout": "ru_declaration",
    "declaration": "10999110/150622/3012345",
    "declaration_key": "10999110/150622/3012345",
    "item": "1",
    "direction": "import",
    "regime": "40",
    "registered_on": dt.date(2022, 6, 15),
    "released_on": dt.date(2022, 6, 16),
    "shipper_name": "SYNTHETIC LINKS LTD",
    "shipper_address": "ГОНКОНГ, KOWLOON, FLAT 5 10/F SYNTHETIC BLDG",
    "shipper_country": "HK",
    "shipper_id": None,
    "shipper_as": None,
    "consignee_name": 'ООО "ОБРАЗЕЦ"',
    "consignee_address": "РОССИЯ, 000000, Г. ОБРАЗЦОВ, УЛ. ПРИМЕРНАЯ, Д. 1",
    "consignee_country": "RU",
    "consignee_id": "0000000001",
    "contract_holder_name": 'ООО "ОБРАЗЕЦ КОНТРАКТ"',
    "declarant_name": 'ООО "ОБРАЗЕЦ БРОКЕР"',
    "trading_country": "TR",
    "dispatch_country": "AE",
    "origin_country": "CN",
    "destination_country": "RU",
    "hs": "8517620009",
    "hs_source": "declared",
    "hs_edition": "2022",
    "hs_repair": None,
    "description": "МОДУЛИ СОТОВОЙ СВЯЗИ QUAD-BAND; Изготовитель: SYNTHETIC VEXOLA; Кол-во: 800 ШТ",
    "manufacturer": "SYNTHETIC VEXOLA",
    "trademark": None,
    "quantity": 800.0,
    "quantity_unit": "ШТ",
    "gross_kg": 12.4,
    "net_kg": 9.6,
    "invoice_cents": 123_456_789,
    "invoice_currency": "USD",
    "value_rub_cents": 7_012_345_600,
    "value_usd_cents": 123_456_789,
    "value_usd_basis": "statistical",
    "flags": None,
    "duplicate": "unique",
}
EXPORTED = {
    **IMPORTED,
    "declaration": "10999110_010722_3012346",
    "declaration_key": "10999110/010722/3012346",
    "item": "12",
    "direction": "export",
    "regime": "10",
    "registered_on": dt.date(2022, 7, 1),
    "released_on": None,
    "shipper_name": 'ООО "ОБРАЗЕЦ"',
    "shipper_address": None,
    "shipper_country": "RU",
    "shipper_id": "0000000001",
    "consignee_name": "SYNTHETIC DENIZOLA DIS TICARET LTD STI",
    "consignee_address": "ТУРЦИЯ, ISTANBUL, SYNTHETIC SOK. 2",
    "consignee_country": "TR",
    "consignee_id": None,
    "trading_country": "AE",
    "dispatch_country": "RU",
    "origin_country": "NA",
    "destination_country": "TR",
    "hs": "0101210000",
    "hs_repair": "zero_restored",
    "description": "ФАНЕРА; Кол-во: 88,813 М3",
    "trademark": "ОБРАЗЕЦ",
    "quantity": 88.813,
    "quantity_unit": "М3",
    "gross_kg": 1500.0,
    "net_kg": 1500.5,
    "invoice_cents": 900_000_000,
    "invoice_currency": "RUB",
    "value_rub_cents": None,
    "value_usd_cents": 167_960_723,
    "flags": "net_over_gross;homoglyphs_folded;not_in_statistics",
}


def headings(style: str) -> dict[str, str]:
    """The heading of every field that a style has."""
    named = zip(STYLED.split("|"), STYLES[style].split("|"), strict=True)
    return {name: heading for name, heading in named if heading != "-"}


def styled(style: str, *rows: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows under the headings of a style."""
    return [{heading: row.get(name, "") for name, heading in headings(style).items()} for row in rows]


def told(style: str, expected: Mapping[str, object]) -> dict[str, object]:
    """What a style with fewer columns says of a row."""
    has = headings(style)
    absent = {name for name in ("direction", "item", "quantity", "quantity_unit") if name not in has}
    without = {**expected, **dict.fromkeys(absent)}
    if "statistics_flag" not in has and without["flags"]:
        without["flags"] = str(without["flags"]).removesuffix(";not_in_statistics")
    return without


WRITTEN = {
    # suffix of the file, how it is written
    "cp1251_semicolon.csv": lambda rows: as_csv(rows, ";", "cp1251"),
    "utf8_comma.csv": lambda rows: as_csv(rows, ",", "utf-8", "\n"),
    "utf8_mark_semicolon.csv": lambda rows: as_csv(rows, ";", "utf-8-sig"),
    "utf8_tab.csv": lambda rows: as_csv(rows, "\t", "utf-8"),
    "book.xlsx": lambda rows: as_workbook({"Лист1": grid(rows)}),
}


FORMS = [
    # style of heading, form of the file
    *((style, "cp1251_semicolon.csv") for style in STYLES),
    *(("bare", form) for form in WRITTEN if form != "cp1251_semicolon.csv"),
    ("style_2", "utf8_comma.csv"),
    ("style_4", "utf8_comma.csv"),
    ("style_4", "book.xlsx"),
]


@pytest.mark.parametrize(("style", "form"), FORMS)
def test_a_russian_declaration_is_read_alike_in_every_style_and_form(style, form, tmp_path):
    name = f"SYNTHETIC_{style}_{form}"
    report, shipments = cleaned(tmp_path, name, WRITTEN[form](styled(style, IMPORT, EXPORT)))
    assert (report["source"], report["records"], report["accepted"]) == ("ru_declaration", 2, 2)
    assert [remark for remark in report["remarks"] if "heading" in remark] == []
    for row, expected in zip(shipments, (IMPORTED, EXPORTED), strict=True):
        assert some(row, expected) == told(style, expected)
    workbook = form.endswith("xlsx")
    assert [row["sheet"] for row in shipments] == ["Лист1" if workbook else None] * 2
    assert [row["record"] for row in shipments] == ([2, 3] if workbook else [1, 2])


def test_a_russian_dbf_in_cp866_is_read_as_its_csv_is(tmp_path):
    """A DBF has no heading longer than ten letters: only the bare codes fit."""
    name = "SYNTHETIC_dump.dbf"
    report, shipments = cleaned(tmp_path, name, as_dbf([text_of_dbf(row) for row in styled("bare", IMPORT, EXPORT)]))
    assert (report["source"], report["accepted"]) == ("ru_declaration", 2)
    for row, expected in zip(shipments, (IMPORTED, EXPORTED), strict=True):
        assert some(row, expected) == {**expected}


def text_of_dbf(row: Mapping[str, str]) -> dict[str, str]:
    """cp866 has the no-break space at another place, and programs of DOS never wrote it."""
    return {name: text.replace("\u00a0", " ") for name, text in row.items()}


def test_a_russian_xls_is_read_as_its_xlsx_is(tmp_path):
    book = ole2("Workbook", biff(grid(styled("bare", IMPORT, EXPORT))))
    report, shipments = cleaned(tmp_path, "SYNTHETIC_dump.xls", book)
    assert (report["source"], report["accepted"]) == ("ru_declaration", 2)
    for row, expected in zip(shipments, (IMPORTED, EXPORTED), strict=True):
        assert some(row, expected) == {**expected}


# The other layouts


@dataclass(frozen=True)
class Slice:
    """One file: its name, its bytes, what is expected of the fields of its records in order, and of its report."""

    layout: str
    name: str
    content: bytes
    expected: Sequence[Mapping[str, object]]
    reasons: Mapping[str, int] = field(default_factory=dict)
    sheet: str | None = None


KAZAKH = {
    "ND ГрА Регистрационный номер ДТ": "50999/150622/0012345",
    "G072 Дата регистрации ДТ": "15.06.2022",
    "G011 Тип перемещения": "ИМ",
    "G0121 Таможенная процедура": "40",
    "G32": "1",
    "УВЭД РНН/ИИН/БИН": "000000000001",
    "УВЭД Наименование": 'ТОО "ОБРАЗЕЦ АСТАНА"',
    "УВЭД Адрес": "Г. ОБРАЗЦОВ, УЛ. ПРИМЕРНАЯ, 1",
    "Бизнес-партнер": "SYNTHETIC LINKS LTD",
    "Адрес Бизнес-партнера": "FLAT 5 10/F SYNTHETIC BLDG, KOWLOON",
    "Страна партнер": "HK",
    "контрактодержатель": 'ТОО "ОБРАЗЕЦ КОНТРАКТ"',
    "БИН/ИИН контрактодержателя": "000000000002",
    "декларант": 'ТОО "ОБРАЗЕЦ БРОКЕР"',
    "G11 Торгующая страна": "AE",
    "G15A Код страны отправления": "CN",
    "G15 Наименование страны отправления": "КИТАЙ",
    "G16 Страна происхождения": "TW",
    "G16 Наименование страны происхождения": "ТАЙВАНЬ (КИТАЙ)",
    "G17A Код страны назначения": "KZ",
    "G33 Код товара по ТН ВЭД ТС": "8542319010",
    "G31_1 Наименование товаров 1": "МИКРОСХЕМЫ ИНТЕГРАЛЬНЫЕ,",
    "G31_1 Наименование товаров 2": "SYNTHETIC VXQ7600",
    "G31_11 Производитель": "SYNTHETIC VEXOLA",
    "G31_12 Товарный знак": "",
    "G31_14 Марка товара": "VEXOLA",
    "Гр41 Количество в ДЕИ": "1 200",
    "Гр41 Наименование ДЕИ": "ШТ",
    "G35 Вес брутто (кг)": "15,5",
    "G38 Вес нетто (кг)": "12,25",
    "G42 Фактурная стоимость": "10 000,00",
    "G221 Код валюты контракта": "EUR",
    "G45 Таможенная стоимость": "4 700 000,00",  # in tenge
    "G46 Статистическая стоимость": "10 500,50",
    "Итого фактурная стоимость": "30 000,00",
}
KAZAKH_EXPORT = {
    **KAZAKH,
    "ND ГрА Регистрационный номер ДТ": "50999/160622/0012346",
    "G072 Дата регистрации ДТ": "16.06.2022",
    "G011 Тип перемещения": "ЭК",
    "Бизнес-партнер": 'ООО "ОБРАЗЕЦ"',
    "Страна партнер": "RU",
    "G17A Код страны назначения": "RU",
}
KAZAKHSTAN = Slice(
    "kz_declaration",
    "SYNTHETIC_kz.csv",
    as_csv([KAZAKH, KAZAKH_EXPORT]),
    [
        {
            "declaration_key": "50999/150622/0012345",
            "item": "1",
            "direction": "import",
            "regime": "40",
            "registered_on": dt.date(2022, 6, 15),
            "shipper_name": "SYNTHETIC LINKS LTD",
            "shipper_address": "FLAT 5 10/F SYNTHETIC BLDG, KOWLOON",
            "shipper_country": "HK",
            "shipper_id": None,
            "consignee_name": 'ТОО "ОБРАЗЕЦ АСТАНА"',
            "consignee_address": "Г. ОБРАЗЦОВ, УЛ. ПРИМЕРНАЯ, 1",
            "consignee_country": None,
            "consignee_id": "000000000001",
            "contract_holder_name": 'ТОО "ОБРАЗЕЦ КОНТРАКТ"',
            "contract_holder_id": "000000000002",
            "declarant_name": 'ТОО "ОБРАЗЕЦ БРОКЕР"',
            "manufacturer": "SYNTHETIC VEXOLA",
            "trademark": "VEXOLA",
            "trading_country": "AE",
            "dispatch_country": "CN",
            "origin_country": "TW",
            "destination_country": "KZ",
            "hs": "8542319010",
            "description": "МИКРОСХЕМЫ ИНТЕГРАЛЬНЫЕ, SYNTHETIC VXQ7600",
            "gross_kg": 15.5,
            "net_kg": 12.25,
            "quantity": 1200.0,
            "quantity_unit": "ШТ",
            "invoice_cents": 1_000_000,
            "invoice_currency": "EUR",
            "value_rub_cents": None,  # tenge are no roubles
            "value_usd_cents": 1_050_050,
            "value_usd_basis": "statistical",
            "flags": None,
        },
        {
            "direction": "export",
            "shipper_name": 'ТОО "ОБРАЗЕЦ АСТАНА"',
            "shipper_id": "000000000001",
            "shipper_country": None,
            "consignee_name": 'ООО "ОБРАЗЕЦ"',
            "consignee_country": "RU",
            "consignee_id": None,
            "destination_country": "RU",
        },
    ],
)

EAEU_ROW = {
    "Регистрационный №": "10999000/ТС/150622/0000001",
    "Дата подачи статформы": "15.06.2022",
    "Отчетный месяц перемещения товаров": "05",
    "04 ИМ/ЭК": "ЭК",
    "011 ИНН отправителя": "0000000001",
    "012 Наименование отправителя": 'ООО "ОБРАЗЕЦ"',
    "013 Адрес отправителя": "Г. ОБРАЗЦОВ",
    "015 Код страны отправителя": "RU",
    "021 ИНН получателя": "000000000002",
    "022 Наименование получателя": 'ТОО "ОБРАЗЕЦ АСТАНА"',
    "023 Адрес получателя": "Г. ПРИМЕРОВ",
    "025 Код страны получателя": "KZ",
    "05 Код торгующей страны": "BY",
    "08 Код страны отправления": "RU",
    "06 Код страны назначения": "KZ",
    "11 Код товара по ТН ВЭД ТС": "8482101009",
    "12 Наименование товара по ТН ВЭД ТС": "ПОДШИПНИКИ ШАРИКОВЫЕ",
    "16 Вес нетто кг": "1 234,5",
    "14 Статистическая стоимость $": "5 678,9",
    "17 Статистическая стоимость руб": "320 000",
    "15 Код страны происхождения": "CN",
    "18 Количество товара в единице измерения": "900",
    "18_1 Краткое наименование единицы измерения": "ШТ",
}
EAEU = Slice(
    "eaeu_form",
    "SYNTHETIC_eaeu.csv",
    as_csv([EAEU_ROW, {**EAEU_ROW, "11 Код товара по ТН ВЭД ТС": "8482200000", "16 Вес нетто кг": "нет"}]),
    [
        {
            "declaration": "10999000/ТС/150622/0000001",
            "direction": "export",
            "registered_on": dt.date(2022, 6, 15),
            "shipper_name": 'ООО "ОБРАЗЕЦ"',
            "shipper_id": "0000000001",
            "shipper_country": "RU",
            "consignee_name": 'ТОО "ОБРАЗЕЦ АСТАНА"',
            "consignee_country": "KZ",
            "trading_country": "BY",
            "dispatch_country": "RU",
            "origin_country": "CN",
            "destination_country": "KZ",
            "hs": "8482101009",
            "hs_source": "declared",
            "description": "ПОДШИПНИКИ ШАРИКОВЫЕ",
            "net_kg": 1234.5,
            "gross_kg": None,
            "quantity": 900.0,
            "value_usd_cents": 567_890,
            "value_usd_basis": "statistical",
            "value_rub_cents": None,  # a statistical value in roubles is no customs value
            "flags": None,
            "duplicate": "unique",
        },
        {"hs": "8482200000", "net_kg": None, "flags": "weight_unreadable", "duplicate": "unique"},
    ],
)

PANJIVA = {
    "Bill of Lading Number": "SYNT10000001",
    "Bill of Lading Type": "House",
    "Master Bill of Lading Number": "SYNT90000001",
    "Arrival Date": "2025-03-04",
    "Matching Fields": "Goods Shipped",
    "Consignee": "SYNTHETIC ZELMAR INC",
    "Consignee Address": "1 SAMPLE RD",
    "Consignee City": "ABBOTSFORD",
    "Consignee State/Region": "CA",
    "Consignee Postal Code": "V0X 0X0",
    "Consignee Country": "",
    "Consignee Full Address": "1 SAMPLE RD\nABBOTSFORD, CA, V0X 0X0",
    "Consignee D-U-N-S®": "009770543",
    "Consignee (Original Format)": "SYNTHETIC ZELMAR INC\n1 SAMPLE RD\nABBOTSFORD, CA, V0X 0X0\nTE604-000-0000",
    "Shipper": "SYNTHETIC CIMENTO SANAYI VE TICARET AS",
    "Shipper Full Address": "ORNEK CAD. 5, ISTANBUL, TURKEY",
    "Shipper Country": "Turkey",
    "Shipper D-U-N-S®": "",
    "Shipper (Original Format)": "SYNTHETIC CIMENTO SANAYI VE TICARET AS\nORNEK CAD. 5",
    "Carrier": "SYNT",
    "Notify Party": "SYNTHETIC FORWARDING LLC",
    "Shipment Origin": "Turkey",
    "Shipment Destination": "Vancouver, British Columbia",
    "Port of Lading": "Iskenderun",
    "Port of Lading Country": "Greece",
    "Quantity": "1,200 PKG",
    "Weight (kg)": "13844000",
    "Weight (t)": "13844",
    "Weight (Original Format)": "13844 ET",
    "Value of Goods (USD)": "7833000",
    "FROB": "false",
    "HS Code": "Parsed: 2523.21.00.00; 2523.29",
    "Goods Shipped": 'BAGS "BIG"\nCEMENT ASTM C 150',
}
PANJIVA_2 = {
    **PANJIVA,
    "Bill of Lading Number": "SYNT10000002",
    "Bill of Lading Type": "Simple",
    "Master Bill of Lading Number": "",
    "Consignee": "TO THE ORDER OF SYNTHETIC BANKORELLA NA",
    "Consignee Country": "United States",
    "Consignee D-U-N-S®": "",
    "Shipper": "",
    "Shipper Full Address": "",
    "Shipper Country": "",
    "Shipper (Original Format)": "",
    "Value of Goods (USD)": "",
    "Weight (kg)": "",
    "Weight (t)": "",
    "Weight (Original Format)": "14887 ST",
    "HS Code": "Classified: 0901.11",
}
PANJIVA_3 = {
    **PANJIVA,
    "Bill of Lading Number": "SYNT90000001",
    "Bill of Lading Type": "Master",
    "Master Bill of Lading Number": "",
}
PANJIVA_EXPECTED = [
    {
        "declaration": "SYNT10000001",
        "declaration_key": "SYNT10000001",
        "item": None,
        "direction": "import",
        "registered_on": dt.date(2025, 3, 4),
        "shipper_name": "SYNTHETIC CIMENTO SANAYI VE TICARET AS",
        "shipper_address": "ORNEK CAD. 5, ISTANBUL, TURKEY",
        "shipper_country": "TR",
        "shipper_id": None,
        "consignee_name": "SYNTHETIC ZELMAR INC",
        "consignee_address": "1 SAMPLE RD ABBOTSFORD, CA, V0X 0X0",
        "consignee_country": "CA",
        "consignee_id": "009770543",
        "notify_name": "SYNTHETIC FORWARDING LLC",
        "origin_country": "TR",
        "dispatch_country": "GR",
        "trading_country": None,
        "destination_country": None,
        "hs": "2523210000",
        "hs_source": "parsed",
        "hs_edition": "2022",
        "description": 'BAGS "BIG" CEMENT ASTM C 150',
        "gross_kg": 13_844_000.0,
        "net_kg": None,
        "quantity": 1200.0,
        "value_usd_cents": 783_300_000,
        "value_usd_basis": "estimated",
        "invoice_cents": None,
        "flags": "value_estimated;country_from_address;hs_several",
        "duplicate": "unique",
    },
    {
        "shipper_name": None,
        "shipper_as": None,
        "consignee_name": None,
        "consignee_as": "to_order",
        "consignee_second": "SYNTHETIC BANKORELLA NA",
        "consignee_country": "US",
        "hs": "090111",
        "hs_source": "classified",
        "gross_kg": pytest.approx(14_887 * 907.186),
        "value_usd_cents": None,
        "value_usd_basis": None,
        "flags": None,
        "duplicate": "unique",
    },
    {"duplicate": "master_of_house"},
]
PANJIVA_CSV = Slice(
    "panjiva_us_imports",
    "Panjiva-US_Imports-SYNTHETIC-results_1_to_3_of_3-2025-03-04-10-00.csv",
    as_csv([PANJIVA, PANJIVA_2, PANJIVA_3], ",", "utf-8", "\n"),
    PANJIVA_EXPECTED,
)


def panjiva_book() -> bytes:
    """Numbers and days as a workbook stores them, on the second sheet; the first holds one line of text."""
    typed = [
        [
            dt.date.fromisoformat(cell)
            if heading == "Arrival Date"
            else int(cell)
            if heading in ("Weight (kg)", "Weight (t)", "Value of Goods (USD)") and cell
            else cell or None
            for heading, cell in row.items()
        ]
        for row in (PANJIVA, PANJIVA_2, PANJIVA_3)
    ]
    info = [["Panjiva US Imports SYNTHETIC query, results 1 to 3 of 3"]]
    contacts = [["Company", "Contact", "Email"], ["SYNTHETIC ZELMAR INC", "", ""]]
    return as_workbook({"Info": info, "US Imports Shipments": [list(PANJIVA), *typed], "Contacts": contacts})


PANJIVA_XLSX = Slice(
    "panjiva_us_imports",
    "Panjiva-US_Imports-SYNTHETIC-results_1_to_3_of_3-2025-03-04-10-00.xlsx",
    panjiva_book(),
    PANJIVA_EXPECTED,
    sheet="US Imports Shipments",
)

EDITED = {
    "Bill of Lading Number": "SYNT10000001",
    "Arrival Date": "3/4/2019",
    "Consignee": "SYNTHETIC ZELMAR INC",
    "Consignee Full Address": "2 SAMPLE RD, RALEIGHNC 27",
    "Consignee City": "RALEIGH",
    "Consignee Country": "United States",
    "Shipper": "SYNTHETIC GLOBAL PAZARLAMA",
    "Shipper Full Address": "ORNEK CAD. 5, MERSIN",
    "Shipper Country": "Turkey",
    "Carrier": "SYNT",
    "Shipment Origin": "Turkey",
    "Port of Lading Country": "Turkey",
    " Volume (TEU) ": " - ",
    "Quantity": " 13,505 ",
    " Weight (t) ": " 13,505 ",
    " Value of Goods (USD) ": " $7,833,000.00 ",
    "HS Code": "2523.21; ; ",
    "Goods Shipped": "CEMENT IN BULK",
}
PANJIVA_EDITED = Slice(
    "panjiva_us_imports",  # but for the spaces around them its headings are the vendor's
    "SYNTHETIC_edited.csv",
    as_csv(
        [EDITED, {**EDITED, "Bill of Lading Number": "SYNT10000002", "Arrival Date": "3/28/2019", "HS Code": ""}],
        ",",
        "utf-8-sig",
    ),
    [
        {
            "registered_on": dt.date(2019, 3, 4),  # the other row shows that the month comes first
            "consignee_name": "SYNTHETIC ZELMAR INC",
            "consignee_country": "US",
            "shipper_name": "SYNTHETIC GLOBAL PAZARLAMA",
            "shipper_country": "TR",
            "origin_country": "TR",
            "dispatch_country": "TR",
            "gross_kg": 13_505_000.0,
            "value_usd_cents": 783_300_000,
            "value_usd_basis": "estimated",
            "hs": "252321",
            "hs_source": "classified",  # nothing in the cell says that it was read on the bill
            "hs_edition": "2017",
            "flags": "value_estimated",
        },
        {"registered_on": dt.date(2019, 3, 28), "hs": None, "hs_source": None},
    ],
)

CHINA = {
    "Shipment Date": "2019-05-06",
    "Shipper": "SYNTHETIC BORTELLO CO., LTD",
    "Shipper Full Address": "1 SAMPLE ROAD, SHENZHEN, CHINA",
    "Shipper Country": "China",
    "Shipper D-U-N-S®": "000000017",
    "Shipment Destination": "Russia",
    "HS Code": "85423100",
    "HS Code Description": "Processors and controllers",
    "Value (USD)": "12345.6",
    "Weight (KG)": "250.5",
    "Quantity": "100",
}
CHINA_EXPORTS = Slice(
    "panjiva_china_exports",
    "SYNTHETIC_china_exports.csv",
    as_csv([CHINA, {**CHINA, "Shipment Destination": "Namibia", "HS Code": "09011100"}], ",", "utf-8", "\n"),
    [
        {
            "direction": "export",
            "registered_on": dt.date(2019, 5, 6),
            "shipper_name": "SYNTHETIC BORTELLO CO., LTD",
            "shipper_country": "CN",
            "shipper_id": "000000017",
            "consignee_name": None,
            "destination_country": "RU",
            "hs": "85423100",
            "description": "Processors and controllers",
            "gross_kg": 250.5,
            "quantity": 100.0,
            "value_usd_cents": 1_234_560,
            "value_usd_basis": None,  # the vendor does not say what it is
            "flags": None,
        },
        {"destination_country": "NA", "hs": "09011100"},
    ],
)

US_EXPORT = {
    "Bill of Lading Number": "SYNT20000001",
    "Shipment Date": "2021-11-30",
    "Shipper": "SYNTHETIC ZELMAR INC",
    "Shipper Full Address": "2 SAMPLE RD, RALEIGH, NC, USA",
    "Shipper Country": "United States",
    "Consignee": "SYNTHETIC DENIZOLA C/O SYNTHETIC FERNOVAX FORWARDING",
    "Consignee Country": "Turkey",
    "Shipment Destination": "Turkey",
    "Transport Flight Code": "",
    "Item Quantity": "12",
    "Item Quantity Units": "PCS",
    "Item Description": "SYNTHETIC RECEIVERS",
    "HS Code": "Parsed: 8526.92",
    "Item Gross Weight (kg)": "48.5",
    "Weight (kg)": "97",
}
US_EXPORTS = Slice(
    "panjiva_us_exports",
    "SYNTHETIC_us_exports.csv",
    as_csv([US_EXPORT, {**US_EXPORT, "Bill of Lading Number": "SYNT20000002", "Consignee": ""}], ",", "utf-8", "\n"),
    [
        {
            "declaration": "SYNT20000001",
            "direction": "export",
            "registered_on": dt.date(2021, 11, 30),
            "shipper_name": "SYNTHETIC ZELMAR INC",
            "shipper_country": "US",
            "consignee_name": "SYNTHETIC DENIZOLA",
            "consignee_as": "care_of",
            "consignee_second": "SYNTHETIC FERNOVAX FORWARDING",
            "consignee_country": "TR",
            "destination_country": "TR",
            "hs": "852692",
            "hs_source": "parsed",
            "hs_edition": "2017",
            "description": "SYNTHETIC RECEIVERS",
            "quantity": 12.0,
            "quantity_unit": "PCS",
            "gross_kg": 48.5,
            "value_usd_cents": None,
        },
        {"consignee_name": None, "consignee_as": None},
    ],
)

US_BILL = {
    "Estimate Arrival Date": "2022-01-02",
    "Actual Arrival Date": "2022-01-05",
    "Bill of Lading #": "SYNT30000001",
    "Master Bill of Lading": "",
    "Bill Type Code": "",
    "Carrier SASC Code": "SYNT",
    "Vessel Name": "SYNTHETIC STAR",
    "Last Vist Foreign Port": "SAMPLE PORT",
    "Weight in KG": "",
    "Weight": "2,204.62",
    "Weight Unit": "LB",
    "Quantity": "10",
    "Quantity Unit": "CTN",
    "Shipper": "SYNTHETIC BORTELLO CO., LTD",
    "Shipper Address": "1 SAMPLE ROAD, SHENZHEN, CHINA",
    "Raw Shipper Name": "SYNTHETIC BORTELLO CO., LTD",
    "Consignee": "SYNTHETIC ZELMAR INC",
    "Consignee Address": "2 SAMPLE RD, RALEIGH, NC 00000 US",
    "Nofity Party": "SAME AS CONSIGNEE",
    "Product Desc": "SYNTHETIC BEARINGS",
    "Marks & Numbers": "N/M",
    "HS Code": "848210",
    "HS Code Sure Level": "2",
    "CIF": "1500.5",
    "END": "",
}
US_BILLS = Slice(
    "us_bills",
    "SYNTHETIC_us_bills.csv",
    as_csv(
        [
            US_BILL,
            {**US_BILL, "Bill of Lading #": "SYNT30000002", "Actual Arrival Date": "", "Weight Unit": "BOX", "CIF": ""},
        ],
        ",",
        "utf-8",
    ),
    [
        {
            "declaration": "SYNT30000001",
            "direction": "import",
            "registered_on": dt.date(2022, 1, 5),
            "shipper_name": "SYNTHETIC BORTELLO CO., LTD",
            "shipper_address": "1 SAMPLE ROAD, SHENZHEN, CHINA",
            "shipper_country": "CN",
            "consignee_name": "SYNTHETIC ZELMAR INC",
            "gross_kg": pytest.approx(2204.62 * 0.453592),
            "quantity": 10.0,
            "quantity_unit": "CTN",
            "description": "SYNTHETIC BEARINGS",
            "hs": "848210",
            "hs_source": "classified",
            "value_usd_cents": 150_050,
            "value_usd_basis": "estimated",
            "flags": "value_estimated;country_from_address",
        },
        {
            "registered_on": dt.date(2022, 1, 2),  # the day it was expected, where no other is given
            "gross_kg": None,
            "flags": "weight_unit_unknown;country_from_address",
        },
    ],
)

ATLAS = {
    "DECLARATION NUMBER": "2022-SYNT-1",
    "ARRIVAL DATE": "2022-06-15",
    "INCOTERMS": "FOB",
    "IMPORTER NAME": "SYNTHETIC NOVALEX LLC",
    "IMPORTER ID": "0000000004",
    "IMPORTER COUNTRY": "Uzbekistan",
    "IMPORTER ADDRESS": "SAMPLE STREET 1",
    "EXPORTER NAME": "SYNTHETIC LINKS LTD",
    "EXPORTER ID": "",
    "EXPORTER ADDRESS": "KOWLOON",
    "EXPORTER COUNTRY": "Hong Kong",
    "HS CODE": "8542319010",
    "PRODUCT DETAILS": "SYNTHETIC PROCESSORS",
    "BRAND NAME": "VEXOLA",
    "MANUFACTURING COMPANY": "SYNTHETIC VEXOLA",
    "NET WEIGHT": "12.25",
    "QUANTITY": "300",
    "USD FOB": "45,678.90",
    "COUNTRY OF ORIGIN": "Taiwan",
}
TRADE_ATLAS = Slice(
    "trade_atlas",
    "SYNTHETIC_atlas.xlsx",
    as_workbook({"Sheet1": grid([ATLAS, {**ATLAS, "HS CODE": "8542329000", "NET WEIGHT": "1,200.5"}])}),
    [
        {
            "declaration": "2022-SYNT-1",
            "registered_on": dt.date(2022, 6, 15),
            "direction": None,
            "consignee_name": "SYNTHETIC NOVALEX LLC",
            "consignee_id": "0000000004",
            "consignee_country": "UZ",
            "consignee_address": "SAMPLE STREET 1",
            "shipper_name": "SYNTHETIC LINKS LTD",
            "shipper_country": "HK",
            "hs": "8542319010",
            "hs_source": "declared",
            "description": "SYNTHETIC PROCESSORS",
            "trademark": "VEXOLA",
            "manufacturer": "SYNTHETIC VEXOLA",
            "net_kg": 12.25,
            "quantity": 300.0,
            "value_usd_cents": 4_567_890,
            "value_usd_basis": "declared_fob",
            "origin_country": "TW",
        },
        {"net_kg": 1200.5, "duplicate": "unique"},
    ],
    sheet="Sheet1",
)

KOREAN = {
    "Declaration ID": "00000011",
    "Date": "2021-01-01",
    "Office ID": "40",
    "Process Type": "B",
    "Import Type": "11",
    "Import Use": "11",
    "Payment Type": "11",
    "Mode of Transport": "40",
    "Declarant ID": "SYNT001",
    "Importer ID": "SYNT002",
    "Seller ID": "SYNT003",
    "Courier ID": "",
    "HS6 Code": "030487",
    "Country of Departure": "CN",
    "Country of Origin": "NA",
    "Tax Rate": "7.2",
    "Tax Type": "FCN1",
    "Country of Origin Indicator": "E",
    "Net Mass": "901.2",
    "Item Price": "86125.20000000001",
    "Fraud": "0",
    "Critical Fraud": "0",
}
KOREA = Slice(
    "korea_synthetic",
    "SYNTHETIC_korea.csv",
    as_csv([KOREAN, {**KOREAN, "Declaration ID": "00000012", "HS6 Code": "847180"}], ",", "utf-8", "\n"),
    [
        {
            "declaration": "00000011",
            "direction": "import",
            "registered_on": dt.date(2021, 1, 1),
            "shipper_id": "SYNT003",
            "consignee_id": "SYNT002",
            "declarant_id": "SYNT001",
            "dispatch_country": "CN",
            "origin_country": "NA",
            "hs": "030487",
            "hs_edition": "2017",
            "net_kg": 901.2,
            "invoice_cents": 8_612_520,
            "invoice_currency": "KRW",
            "value_usd_cents": None,
            "flags": None,
        },
        {"hs": "847180"},
    ],
)

PERUVIAN = {
    "CODI_ADUAN": "118",
    "ANO_PRESE": "2022",
    "NUME_CORRE": "000123",
    "NUME_SERIE": "1",
    "FECH_INGSI": "20220615",
    "TIPO_DOCUM": "4",
    "LIBR_TRIBU": "00000000001",
    "DNOMBRE": "SYNTHETIC IMPORTACIÓN SAC",
    "PART_NANDI": "0101210000",
    "DESC_COMER": "CABALLOS",
    "DESC_MATCO": "",
    "DESC_USOAP": "REPRODUCCIÓN",
    "DESC_FOPRE": "",
    "DESC_OTROS": "EN PIE",
    "PESO_NETO": "1200.500",
    "PESO_BRUTO": "1300.000",
    "UNID_FIQTY": "2.000",
    "UNID_FIDES": "U",
    "FOB_DOLPOL": "50000.250",
    "FLE_DOLAR": "1000.000",
    "SEG_DOLAR": "100.000",
    "PAIS_ORIGE": "AR",
    "PAIS_ADQUI": "US",
    "VIA_TRANSP": "1",
}
PERU = Slice(
    "peru_sunat",
    "SYNTHETIC_peru.dbf",
    as_dbf([PERUVIAN, {**PERUVIAN, "NUME_SERIE": "2", "PAIS_ORIGE": "ZZ"}], "cp850", 0x02),
    [
        {
            "declaration": "118/2022/000123",
            "item": "1",
            "direction": "import",
            "registered_on": dt.date(2022, 6, 15),
            "consignee_name": "SYNTHETIC IMPORTACIÓN SAC",
            "consignee_id": "00000000001",
            "hs": "0101210000",
            "description": "CABALLOS REPRODUCCIÓN EN PIE",
            "net_kg": 1200.5,
            "gross_kg": 1300.0,
            "quantity": 2.0,
            "quantity_unit": "U",
            "value_usd_cents": 5_000_025,
            "value_usd_basis": "declared_fob",
            "origin_country": "AR",
            "trading_country": "US",
            "flags": None,
            "duplicate": "unique",
        },
        {"item": "2", "origin_country": None, "flags": "country_unknown"},
    ],
)

COLOMBIAN = {
    "Mes": "06",
    "Tipo de declaración": "Definitiva",
    "Agente aduanero(s)": "SYNTHETIC AGENCIA",
    "Razón social actual Exportador": "SYNTHETIC CAFÉ SAS",
    "Razón social del importador": "SYNTHETIC MÜLLER GMBH",
    "Código Partida": "0901119000",
    "Descripción de la partida arancelaria": "Los demás cafés sin tostar",
    "Cantidad(es)": "17.500,00",
    "Peso en kilos netos": "17.500,50",
    "Peso en kilos brutos": "17.700,00",
    "País de Destino": "Alemania",
    "Regimen Exportacion": "Exportación definitiva",
    "Valor FOB (USD)": "75.000,25",
    "Valor FOB (COP)": "300.000.000,00",
    "Fecha": "15/06/2022",
}
COLOMBIA = Slice(
    "colombia_legiscomex",
    "SYNTHETIC_colombia.csv",
    as_csv([COLOMBIAN, {**COLOMBIAN, "País de Destino": "Estados Unidos", "Fecha": "05/06/2022"}], ";", "cp1252"),
    [
        {
            "direction": "export",
            "registered_on": dt.date(2022, 6, 15),
            "shipper_name": "SYNTHETIC CAFÉ SAS",
            "consignee_name": "SYNTHETIC MÜLLER GMBH",
            "declarant_name": "SYNTHETIC AGENCIA",
            "regime": "Exportación definitiva",
            "destination_country": "DE",
            "hs": "0901119000",
            "description": "Los demás cafés sin tostar",
            "net_kg": 17_500.5,
            "gross_kg": 17_700.0,
            "quantity": 17_500.0,
            "value_usd_cents": 7_500_025,
            "value_usd_basis": "declared_fob",
            "flags": None,
        },
        {"destination_country": "US", "registered_on": dt.date(2022, 6, 5)},
    ],
)

INDIAN = {
    "Date": "21-Sep-2016",
    "HS Code": "09011145",
    "Description": "SYNTHETIC COFFEE SAMPLES",
    "Origin Country": "Viet Nam",
    "Port of Discharge": "Sample Port",
    "Unit": "KGS",
    "Quantity": "1,500",
    "Value (INR)": "15984000",
    "Per Unit (INR)": "10,656",
}
ZAUBA = Slice(
    "zauba",
    "SYNTHETIC_zauba.txt",
    as_csv([INDIAN, {**INDIAN, "Date": "05-Jan-2017", "Origin Country": "Korea, Republic of"}], "\t", "utf-8", "\n"),
    [
        {
            "direction": "import",
            "registered_on": dt.date(2016, 9, 21),
            "hs": "09011145",
            "hs_edition": "2012",
            "description": "SYNTHETIC COFFEE SAMPLES",
            "origin_country": "VN",
            "quantity": 1500.0,
            "quantity_unit": "KGS",
            "invoice_cents": 1_598_400_000,
            "invoice_currency": "INR",
            "flags": None,
        },
        {"origin_country": "KR", "hs_edition": "2017"},
    ],
)

CANADIAN = {
    "Proof of Report Number": "ZZ00002022061500000000001",
    "Exporter Business Number": "000000000RM0001",
    "Exporter Name": "SYNTHETIC ZELMAR INC",
    "Exporter Address": "1 SAMPLE RD, ABBOTSFORD, CA, V0X 0X0",
    "Consignee Name": "SYNTHETIC DENIZOLA DIS TICARET LTD STI",
    "Consignee Address": "SYNTHETIC SOK. 2, ISTANBUL",
    "Consignee Country": "Turkey",
    "Country of Final Destination": "Türkiye",
    "HS Code": "8526.92.00",
    "Commodity Description": "SYNTHETIC RADIO REMOTE CONTROLS",
    "Quantity": "40",
    "Unit of Measure": "NMB",
    "Gross Weight": "1.5",
    "Gross Weight Unit": "MT",
    "Value FOB Place of Exit": "$12,345.60",
    "Currency": "CAD",
    "Country of Origin": "US",
    "Date of Exit": "2022-06-15",
}
CANADA = Slice(
    "canada_export",
    "SYNTHETIC_canada.xlsx",
    as_workbook({"Sheet1": grid([CANADIAN, {**CANADIAN, "Proof of Report Number": "ZZ00002022061500000000002"}])}),
    [
        {
            "declaration": "ZZ00002022061500000000001",
            "direction": "export",
            "registered_on": dt.date(2022, 6, 15),
            "shipper_name": "SYNTHETIC ZELMAR INC",
            "shipper_id": "000000000RM0001",
            "shipper_country": "CA",
            "consignee_name": "SYNTHETIC DENIZOLA DIS TICARET LTD STI",
            "consignee_country": "TR",
            "destination_country": "TR",
            "hs": "85269200",
            "hs_edition": "2022",
            "description": "SYNTHETIC RADIO REMOTE CONTROLS",
            "quantity": 40.0,
            "quantity_unit": "NMB",
            "gross_kg": 1500.0,
            "invoice_cents": 1_234_560,
            "invoice_currency": "CAD",
            "origin_country": "US",
            "value_usd_cents": None,
            "flags": "country_from_address",
        },
        {"duplicate": "unique"},
    ],
    sheet="Sheet1",
)

SLICES = [
    KAZAKHSTAN,
    EAEU,
    PANJIVA_CSV,
    PANJIVA_XLSX,
    PANJIVA_EDITED,
    CHINA_EXPORTS,
    US_EXPORTS,
    US_BILLS,
    TRADE_ATLAS,
    KOREA,
    PERU,
    COLOMBIA,
    ZAUBA,
    CANADA,
]


@pytest.mark.parametrize("piece", SLICES, ids=[f"{piece.layout}{Path(piece.name).suffix}" for piece in SLICES])
def test_every_field_of_a_layout_is_where_it_belongs(piece, tmp_path):
    report, shipments = cleaned(tmp_path, piece.name, piece.content)
    assert report["source"] == piece.layout
    assert (report["records"], report["rejected"]) == (len(piece.expected), 0)
    for row, expected in zip(shipments, piece.expected, strict=True):
        assert some(row, expected) == expected
        assert (row["layout"], row["sheet"]) == (piece.layout, piece.sheet)
    assert [remark for remark in report["remarks"] if "not known" in remark] == []
