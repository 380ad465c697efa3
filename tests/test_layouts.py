"""Which heading means what in a file of customs records: every layout, every trap, and a person's own mapping."""

import csv
import doctest
import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference import rows
from tradeanalytics.sources import UnexpectedHeadingError, layouts, mapping
from tradeanalytics.sources.layouts import FIELDS, LAYOUTS, fold, recognise, score
from tradeanalytics.sources.mapping import draft_mapping, guess, read_mapping

SHARED = Path(__file__).parents[2] / "shared" / "data" / "customs"


def listed(text: str, separator: str = " ") -> list[str]:
    """Headings as a file of this separator has them."""
    return text.split(separator)


BARE = listed(
    "ND;G072;GD1;G011;G0121;G32;G021;G022;G023;G0231;G081;G082;G083;G092;G142;G11;G15;G15A;G16;G34;G17A;"
    "G33;G31_1;G31_11;G31_12;G31_7;G31_71;G35;G38;G42;G221;G45;G46;G12;G222;G05;STAT;USDKG",
    ";",
)
STYLE_1 = listed(
    "ND (Номер декларации);G072 (Дата регистрации);GD1 (Дата выпуска);G011 (Направление перемещения);"
    "G0121 (Таможенный режим);G32 (Номер товара по ГТД);G021 (ИНН отправителя);G022 (Наименование отправителя);"
    "G023 (Адрес отправителя);G0231 (Код страны отправителя);G081 (ИНН получателя);G082 (Наименование получателя);"
    "G083 (Адрес получателя);G092 (Наименование контрактодержателя);G142 (Наименование декларанта);"
    "G11 (Код торгующей страны);G15 (Страна отправления);G15A (Код страны отправления);G16 (Страна происхождения);"
    "G34 (Код страны происхождения);G17A (Код страны назначения);G33 (Код товара по ТН ВЭД);"
    "G31_1 (Наименование и характеристики товаров);G31_11 (Фирма-изготовитель);G31_12 (Товарный знак, патент);"
    "G31_7 (Кол-во товара в доп.ед.);G31_71 (Наименование доп.ед.);G35 (Вес брутто, кг);G38 (Вес нетто, кг);"
    "G42 (Фактурная стоимость);G221 (Букв.код валюты контракта);G45 (Таможенная стоимость);"
    "G46 (Статистическая стоимость, USD.);G12 (Общая таможенная стоимость по ГТД);"
    "G222 (Общая фактурная стоимость по ГТД);G05 (Всего наименований товаров);STAT (STAT);USDKG (USD за КГ)",
    ";",
)
RU_FIELDS = listed(
    "declaration registered_on released_on direction regime item shipper_id shipper_name shipper_address "
    "shipper_country consignee_id consignee_name consignee_address contract_holder_name declarant_name "
    "trading_country dispatch_name dispatch_country origin_name origin_country destination_country hs description "
    "manufacturer trademark quantity quantity_unit gross_kg net_kg invoice invoice_currency customs_rub "
    "statistical_usd total_33 total_34 total_35 statistics_flag _ignored_37"
)
STYLE_2 = {
    "ND  Номер  декларации на товары": "declaration",
    "G072 (Дата оформления ГТД в АИС декларанта)": "registered_on",
    "GD1 (Дата выпуска груза)": "released_on",
    "G012 (код основного таможенного режима)": "regime",
    "G32 (номер товара по ГТД / списку)": "item",
    "G022 (Наименование отправителя)": "shipper_name",
    "G082 (Наименование получателя)": "consignee_name",
    "G11 (Код альфа-2 торгующей страны)": "trading_country",
    "G15A (код страны отправления)": "dispatch_country",
    "G31_13 (кр наименование страны происхождения)": "origin_name",
    "G33 (код товара по ТН ВЭД России)": "hs",
    "G31_1 (Описание и характеристика товара с лицевой стороны ГТД - 256 символов": "description",
    "G31_11 (Наименование фирмы изготовителя)": "manufacturer",
    "G35 (Вес брутто (кг))": "gross_kg",
    "G38 (Вес нетто (кг))": "net_kg",
    "G42 (Фактурная стоимость товара)": "invoice",
    "G221 (Код валюты фактурной стоимости)": "invoice_currency",
    "G45 (Таможенная стоимость товара)": "customs_rub",
    "G46 (Статистическая стоимость товара в USD)": "statistical_usd",
    "G12 (Общая таможенная ст-ть по всей ГТД)": "total_19",
    "STAT(Признак учет в стат внешней торговли 1-учит 0-неучит)": "statistics_flag",
    "USD/KG (Статистическая стоимость за килограмм)": "_ignored_21",
}
STYLE_3 = {
    "ND (Номер декларации)": "declaration",
    "072 Дата ДТ": "registered_on",
    "D1 Дата выпуска груза": "released_on",
    "011 ИМ/ЭК - направление перемещения": "direction",
    "012 Основной таможенный режим": "regime",
    "32 Номер товара по ДТ": "item",
    "021 ИНН отправителя": "shipper_id",
    "022 Наименование/ФИО отправителя": "shipper_name",
    "023 Адрес отправителя": "shipper_address",
    "0231 Код страны отправителя": "shipper_country",
    "081 ИНН получателя": "consignee_id",
    "082 Наименование/ФИО получателя": "consignee_name",
    "11 Торгующая страна": "trading_country",
    "15 Код страны отправления": "dispatch_country",  # bare G15 is the name
    "34 Код страны происхождения": "origin_country",
    "17 Код страны назначения": "destination_country",
    "33 Код товара по ТН ВЭД РФ": "hs",
    "31_1 Описание и характеристика товара": "description",
    "31_12 Товарный знак": "trademark",
    "35 Вес брутто, кг": "gross_kg",
    "38 Вес нетто, кг": "net_kg",
    "42 Фактурная стоимость": "invoice",
    "221 Валюта контракта": "invoice_currency",
    "45 Таможенная стоимость": "customs_rub",
    "46 Статистическая стоимость": "statistical_usd",
    "12 Общая таможенная стоимость": "total_25",
    "222 Общая фактурная стоимость": "total_26",
    "STAT Учет в статистике 0/1": "statistics_flag",
}
STYLE_4 = {
    "Номер декларации": "declaration",
    "Дата регистрации ДТ": "registered_on",
    "Дата выпуска": "released_on",
    "Направление (ИМ/ЭК)": "direction",
    "Таможенный режим": "regime",
    "ИНН отправителя": "shipper_id",
    "Наименование отправителя": "shipper_name",
    "Итоговый адрес отправителя": "shipper_address",
    "Код страны отправителя": "shipper_country",
    "ИНН получателя": "consignee_id",
    "Получатель": "consignee_name",
    "Адрес получателя": "consignee_address",
    "Страна получателя": "consignee_country",
    "Код торгующей страны": "trading_country",
    "Страна отправления": "dispatch_name",
    "Страна происхождения товара": "origin_name",
    "Страна назначения": "destination_name",
    "Код ТН ВЭД. Знак звёздочки (*) в конце, если указывается менее 10 знаков.": "hs",
    "Описание и характеристика товара": "description",
    "Изготовитель": "manufacturer",
    "Вес брутто": "gross_kg",
    "Вес нетто": "net_kg",
    "Общая таможенная стоимость": "total_22",
    "Фактурная стоимость": "invoice",
    "Код валюты цены договора": "invoice_currency",
    "Таможенная стоимость": "customs_rub",
    "Статистическая стоимость": "statistical_usd",
}
KZ = {
    "ND ГрА Регистрационный номер ДТ": "declaration",
    "G32": "item",
    "G072 Дата регистрации ДТ": "registered_on",
    "Бизнес-партнер": "partner_name",
    "Адрес Бизнес-партнера": "partner_address",
    "УВЭД РНН/ИИН/БИН": "trader_id",
    "УВЭД Наименование": "trader_name",
    "G011 Тип перемещения": "direction",
    "G11 Торгующая страна": "trading_country",
    "G11 Наименование торгующей страны": "_ignored_9",  # the code is there
    "G15A Код страны отправления": "dispatch_country",
    "G16 Страна происхождения": "origin_country",
    "G16 Наименование страны происхождения": "origin_name",
    "G33 Код товара по ТН ВЭД ТС": "hs",
    "G31_1 Наименование товаров 1": "description",
    "G31_1 Наименование товаров 2": "description_2",
    "G35 Вес брутто (кг)": "gross_kg",
    "G38 Вес нетто (кг)": "net_kg",
    "G42 Фактурная стоимость": "invoice",
    "G45 Таможенная стоимость": "_ignored_19",  # in tenge, not in roubles
    "G46 Статистическая стоимость": "statistical_usd",
    "Дата регистрации": "_ignored_21",  # of the company, not of the declaration
    "Итого фактурная стоимость": "total_22",
}
EAEU = {
    "Регистрационный №": "declaration",
    "Дата подачи статформы": "registered_on",
    "ИНН отправителя": "shipper_id",
    "Наименование отправителя": "shipper_name",
    "ИНН получателя": "consignee_id",
    "Наименование получателя": "consignee_name",
    "Код товара по ТН ВЭД ТС": "hs",
    "Наименование товара по ТН ВЭД ТС": "description",
    "Вес нетто кг": "net_kg",
    "Статистическая стоимость $": "statistical_usd",
    "Код страны происхождения": "origin_country",
}
EAEU_NUMBERED = {
    "Регистрационный №": "declaration",
    "Дата подачи статформы": "registered_on",
    "04 ИМ/ЭК": "direction",
    "011 ИНН отправителя": "shipper_id",
    "012 Наименование отправителя": "shipper_name",
    "022 Наименование получателя": "consignee_name",  # 022 is the sender in a declaration
    "11 Код товара по ТН ВЭД ТС": "hs",  # 11 is the trading country there
    "15 Код страны происхождения": "origin_country",  # 15 is the dispatch there
    "16 Вес нетто кг": "net_kg",
    "14 Статистическая стоимость $": "statistical_usd",
    "17 Статистическая стоимость руб": "_ignored_10",
}
PANJIVA = {
    "Bill of Lading Number": "declaration",
    "Bill of Lading Type": "bill_type",
    "Master Bill of Lading Number": "master_bill",
    "Arrival Date": "arrival_on",
    "Matching Fields": "_ignored_4",
    "Consignee": "consignee_name",
    "Consignee Address": "_repeat_6",
    "Consignee City": "_ignored_7",
    "Consignee Country": "consignee_country",
    "Consignee Full Address": "consignee_address",
    "Consignee D-U-N-SÂ®": "consignee_id",  # UTF-8 read as cp1252
    "Consignee (Original Format)": "consignee_original",
    "Shipper": "shipper_name",
    "Shipper Full Address": "shipper_address",
    "Shipper (Original Format)": "shipper_original",
    "Notify Party": "notify_name",
    "Shipment Origin": "origin_name",
    "Port of Lading Country": "dispatch_name",
    "Quantity": "quantity",
    "Weight (kg)": "gross_kg",
    "Weight (t)": "gross_t",
    "Weight (Original Format)": "weight",
    "Value of Goods (USD)": "usd",
    "HS Code": "hs",
    "Goods Shipped": "description",
}
EDITED = {
    "Bill of Lading Number": "declaration",
    "Arrival Date": "arrival_on",
    "Consignee": "consignee_name",
    "Shipper": "shipper_name",
    " Weight (t) ": "gross_t",
    " Value of Goods (USD) ": "usd",
    "HS Code": "hs",
    "Goods Shipped": "description",
}
AMS_PEOPLE = ["city", "state_province", "zip_code", "country_code", "contact_name", "comm_number"]
BILLS = {
    "Estimate Arrival Date": "_repeat_0",
    "Actual Arrival Date": "arrival_on",
    "Bill of Lading #": "declaration",
    "Master Bill of Lading": "master_bill",
    "Bill Type Code": "bill_type",
    "Carrier SASC Code": "_ignored_5",
    "Last Vist Foreign Port": "_ignored_6",
    "Weight in KG": "gross_kg",
    "Weight": "weight",
    "Weight Unit": "weight_unit",
    "Shipper": "shipper_name",
    "Shipper Address": "shipper_address",
    "Raw Shipper Name": "shipper_original",
    "Consignee": "consignee_name",
    "Nofity Party": "notify_name",
    "Product Desc": "description",
    "HS Code": "hs",
    "CIF": "usd",
}
ATLAS = {
    "DECLARATION NUMBER": "declaration",
    "ARRIVAL DATE": "arrival_on",
    "INCOTERMS": "_ignored_2",
    "IMPORTER NAME": "consignee_name",
    "IMPORTER ID": "consignee_id",
    "IMPORTER ADDRESS": "consignee_address",
    "EXPORTER NAME": "shipper_name",
    "EXPORTER COUNTRY": "shipper_country",
    "HS CODE": "hs",
    "PRODUCT DETAILS": "description",
    "NET WEIGHT": "net_kg",
    "USD FOB": "usd",
    "COUNTRY OF ORIGIN": "origin_name",
}
KOREA = listed(
    "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,Declarant ID,"
    "Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax Type,"
    "Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud",
    ",",
)
KOREA_FIELDS = listed(
    "declaration registered_on _ignored_2 _ignored_3 _ignored_4 _ignored_5 _ignored_6 _ignored_7 declarant_id "
    "consignee_id shipper_id _ignored_11 hs dispatch_country origin_country _ignored_15 _ignored_16 _ignored_17 net_kg "
    "invoice _ignored_20 _ignored_21"
)


def like(*pairs: str) -> dict[str, str]:
    """Headings and fields from `heading>field` texts."""
    return dict(pair.split(">") for pair in pairs)


ROWS = [
    # layout, headings with what each means, why this row
    ("ru_declaration", dict(zip(BARE, RU_FIELDS, strict=True)), "bare codes"),
    ("ru_declaration", dict(zip(STYLE_1, RU_FIELDS, strict=True)), "codes with labels in brackets"),
    ("ru_declaration", STYLE_2, "other labels, double spaces, an unclosed bracket"),
    ("ru_declaration", STYLE_3, "numbers of boxes before the label"),
    ("ru_declaration", STYLE_4, "no codes"),
    ("kz_declaration", KZ, "codes with two labels each; a local and a foreign side"),
    ("eaeu_form", EAEU, "most headings are also those of a declaration"),
    ("eaeu_form", EAEU_NUMBERED, "numbers that mean other boxes in a declaration"),
    (
        "ru_statistics",
        like(
            *("napr>direction", "period>period", "nastranapr>partner", "tnved>hs", "edizm>quantity_unit"),
            *("Stoim>usd", "Netto>net_kg", "Kol>quantity", "Region>region", "Region_s>district"),
        ),
        "to flows: no parties",
    ),
    ("panjiva_us_imports", PANJIVA, "a vendor's name beside the original"),
    ("panjiva_us_imports", EDITED, "the same with padded headings, as a user's edits leave them"),
    (
        "panjiva_china_exports",
        like("Date>registered_on", "Shipper>shipper_name", "HS Code>hs", "Value (USD)>usd", "Weight (KG)>gross_kg"),
        "no bill number",
    ),
    (
        "panjiva_us_exports",
        like(
            *("Bill of Lading Number>declaration", "Shipment Date>registered_on", "Shipper>shipper_name"),
            *("Transport Flight Code>_ignored_3", "Item Quantity>quantity", "Goods Shipped>description"),
        ),
        "a shipment date, not an arrival",
    ),
    (
        "us_manifest_header",
        like(
            *("identifier>identifier", "vessel_name>_ignored_1", "estimated_arrival_date>_repeat_2"),
            *("foreign_port_of_lading>_ignored_3", "manifest_quantity>quantity", "weight>weight"),
            *("weight_unit>weight_unit", "record_status_indicator>record_status", "actual_arrival_date>arrival_on"),
        ),
        "the actual arrival is preferred to the estimate",
    ),
    (
        "us_manifest_bill",
        like(
            *("identifier>identifier", "master_bol_number>master_bill", "house_bol_number>declaration"),
            *("voyage_number>_ignored_3", "bill_type_code>bill_type"),
        ),
        "master and house",
    ),
    (
        "us_manifest_shipper",
        like("identifier>identifier", "shipper_party_name>shipper_name", "shipper_party_address_1>shipper_address")
        | like("shipper_party_address_2>shipper_address_2", "city>shipper_address_5", "country_code>shipper_country"),
        "city and country are the shipper's here",
    ),
    (
        "us_manifest_consignee",
        like("identifier>identifier", "consignee_name>consignee_name", "consignee_address_1>consignee_address")
        | like("consignee_address_2>consignee_address_2", "city>consignee_address_5")
        | like("country_code>consignee_country", "contact_name>_ignored_6"),
        "and the consignee's here",
    ),
    (
        "us_manifest_consignee",
        like("identifier>identifier", "consignee_party_name>consignee_name", "address_1>consignee_address"),
        "as some dumps have it",
    ),
    (
        "us_manifest_notifyparty",
        like("identifier>identifier", "notify_party_name>notify_name", "notify_party_address_1>_ignored_2"),
        "who is told",
    ),
    (
        "us_manifest_cargodesc",
        like("identifier>identifier", "container_number>container", "description_sequence_number>sequence")
        | like("piece_count>quantity", "description_text>description"),
        "a long text is split over sequence numbers",
    ),
    (
        "us_manifest_container",
        like("identifier>identifier", "container_number>container", "seal_number_1>_ignored_2"),
        "little of use",
    ),
    (
        "us_manifest_tariff",
        like("identifier>identifier", "container_number>container", "harmonized_number>hs", "harmonized_value>usd")
        | like("harmonized_weight>weight", "harmonized_weight_unit>weight_unit"),
        "values and codes",
    ),
    (
        "us_manifest_summary",
        like("identifier>identifier", "actual_arrival_date>arrival_on", "consignee_name>consignee_name")
        | like("shipper_party_name>shipper_name", "shipper_address>shipper_address", "description_text>description")
        | like("harmonized_number>hs"),
        "all tables in one",
    ),
    ("us_bills", BILLS, "misspelt by the vendor"),
    ("trade_atlas", ATLAS, "importers and exporters in capitals"),
    ("korea_synthetic", dict(zip(KOREA, KOREA_FIELDS, strict=True)), "parties are numbers only"),
    (
        "peru_sunat",
        like("CODI_ADUAN>declaration", "ANO_PRESE>declaration_2", "NUME_CORRE>declaration_3", "NUME_SERIE>item")
        | like("FECH_INGSI>registered_on", "LIBR_TRIBU>consignee_id", "DNOMBRE>consignee_name", "PART_NANDI>hs")
        | like("DESC_COMER>description", "DESC_MATCO>description_2", "DESC_OTROS>description_5", "PESO_NETO>net_kg")
        | like("FOB_DOLPOL>usd", "PAIS_ORIGE>origin_country", "VIA_TRANSP>_ignored_14"),
        "number and description in several columns",
    ),
    (
        "colombia_legiscomex",
        like("Mes>month", "Tipo de declaración>_ignored_1", "Razón social actual Exportador>shipper_name")
        | like("Razón social del importador>consignee_name", "Código Partida>hs", "Cantidad(es)>quantity")
        | like("Peso en kilos netos>net_kg", "País de Destino>destination_name", "Valor FOB (USD)>usd")
        | like("Valor FOB (COP)>_ignored_9"),
        "accents and brackets",
    ),
    (
        "zauba",
        like("Date>registered_on", "HS Code>hs", "Description>description", "Origin Country>origin_name")
        | like("Port of Discharge>_ignored_4", "Unit>quantity_unit", "Quantity>quantity", "Value (INR)>invoice")
        | like("Per Unit (INR)>_ignored_8"),
        "no party at all",
    ),
    (
        "canada_export",
        like("Proof of Report Number>declaration", "Trade Document ID>_ignored_1")
        | like(
            "Tombstone - Exporter BN15>shipper_id", "Total Commodity Value>invoice", "Cargo Description>description"
        ),
        "a total of the commodity line, not of the declaration",
    ),
]
NAMED = [f"{name}: {why}" for name, _, why in ROWS]


@pytest.mark.parametrize(("name", "meanings", "why"), ROWS, ids=NAMED)
def test_each_layout_is_recognised_and_each_heading_means_what_it_should(name, meanings, why):
    match = recognise(list(meanings), "dump.csv")
    assert match.layout.name == name, why
    assert dict(zip(match.headings, match.fields, strict=True)) == meanings
    assert match.unknown == () == match.new_labels


@settings(max_examples=60)
@given(st.sampled_from(ROWS), st.randoms(use_true_random=False), st.lists(st.sampled_from(["Notes", "Ред.", "x9"])))
def test_shuffled_columns_mean_the_same(row, chance: random.Random, more):
    name, meanings, _ = row
    shuffled = [*meanings, *dict.fromkeys(more)]
    chance.shuffle(shuffled)
    match = recognise(shuffled, "dump.csv")
    assert match.layout.name == name
    plain = {heading: field.rstrip("0123456789") for heading, field in meanings.items() if field in FIELDS}
    assert plain == {h: f.rstrip("0123456789") for h, f in zip(shuffled, match.fields, strict=True) if f in FIELDS}


def test_every_layout_and_every_heading_of_it_is_tested_or_at_least_consistent():
    assert {layout.name for layout in LAYOUTS} == {name for name, _, _ in ROWS}
    assert {row["layout"] for row in rows("customs_headings")} == {layout.name for layout in LAYOUTS}


def test_a_heading_stands_once_in_a_layout_with_a_field_we_know():
    table = rows("customs_headings")
    assert all(mapping._is_field(row["field"]) and row["evidence_url"] and row["checked_on"] for row in table)
    assert len({(row["layout"], fold(row["heading"])) for row in table}) == len(table)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_what_a_layout_needs_and_is_known_by_has_headings(layout):
    fields = set(layout.headings.values())
    assert set(layout.key) - {"item"} <= fields  # EAEU forms and bills have no item
    assert all(fields & set(group) for group in layout.needs)
    assert not (layout.estimated and layout.value_basis != "estimated")


FOLDS = [
    # two spellings of one heading, why
    ("ND  Номер  декларации на товары", "ND Номер декларации на товары", "double spaces"),
    ("Вес\u00a0нетто", "Вес нетто", "no-break space"),
    ("\ufeffND", "nd", "byte order mark, case"),
    (" Value of Goods (USD) ", "Value of Goods (USD)", "padded"),
    ('"HS Code"', "HS Code", "quotes"),
    ("Дата выпуска:", "Дата выпуска", "trailing punctuation"),
    ("G31_1 (Описание - 256 символов", "G31_1 (Описание - 256 символов)", "unclosed bracket"),
    ("STAT(Признак", "STAT (Признак", "no space before the bracket"),
    ("Кол-во\nмест", "Кол-во мест", "line break in the cell"),
    ("Вес нeттo", "Вес нетто", "Latin e and o in a Russian word"),
    ("G17А", "G17A", "Cyrillic А in a code"),
    ("ВEC БPУТТО", "вес брутто", "capitals that look alike"),
    ("Отчётный месяц", "Отчетный месяц", "ё"),
    ("Consignee D-U-N-SÂ®", "Consignee D-U-N-S®", "UTF-8 read as cp1252"),
]


@pytest.mark.parametrize(("one", "other", "why"), FOLDS)
def test_two_spellings_fold_to_one(one, other, why):
    assert fold(one) == fold(other), why


APART = [
    ("Bill of Lading #", "Bill of Lading"),
    ("G022", "G0221"),
    ("Статистическая стоимость $", "Статистическая стоимость"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_headings_do_not_fold_to_one(one, other):
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def ru(*headings: str) -> dict[str, str]:
    """What headings mean among the bare codes that make a declaration."""
    match = recognise([*headings, "ND", "G022", "G33", "G072"], "dump.csv")
    assert match.layout.name == "ru_declaration"
    return dict(zip(headings, match.fields, strict=False))


def test_the_senders_number_is_not_the_receivers():
    assert ru("ИНН отправителя", "ИНН получателя") == {
        "ИНН отправителя": "shipper_id",
        "ИНН получателя": "consignee_id",
    }


def test_an_address_of_the_receiver_is_not_its_name():
    assert ru("Адрес получателя", "Наименование получателя") == {
        "Адрес получателя": "consignee_address",
        "Наименование получателя": "consignee_name",
    }


def test_total_customs_statistical_and_invoice_values_are_four_things():
    found = ru("Общая таможенная стоимость", "Таможенная стоимость", "Статистическая стоимость", "Фактурная стоимость")
    assert list(found.values()) == ["total_0", "customs_rub", "statistical_usd", "invoice"]


def test_an_unclosed_bracket_is_the_same_heading():
    heading = "G31_1 (Описание и характеристика товара с лицевой стороны ГТД - 256 символов"
    assert ru(heading) == {heading: "description"} != {}


def test_a_longer_code_is_another_code():
    match = recognise(["ND", "G0221", "G082", "G33", "G221"], "dump.csv")
    assert match.fields == ["declaration", "_unknown_1", "consignee_name", "hs", "invoice_currency"]
    assert match.unknown == ("G0221",)


LABELS = [
    # heading with a label nobody has seen, what its code says, why
    ("G42 (Цена позиции)", "invoice", "style 1"),
    ("42 Цена позиции", "invoice", "style 3"),
    ("31_11 Завод", "manufacturer", "a code with a part"),
    ("ND (рег.№)", "declaration", "the number's own code"),
    ("G15 (откуда)", "dispatch_name", "G15 is the name in every style that has it"),
]


@pytest.mark.parametrize(("heading", "field", "why"), LABELS)
def test_a_code_with_a_new_label_is_read_by_its_code_and_reported(heading, field, why):
    match = recognise([heading, "G072", "G022", "G33", "G35"], "dump.csv")
    assert match.fields[0] == field, why
    assert match.new_labels == (heading,)
    assert any("label not seen before" in remark for remark in match.remarks())


CONTRADICTIONS = [
    ("42 Таможенная стоимость", "box 42 is the invoice, the label is box 45's"),
    ("G35 (Вес нетто, кг)", "box 35 is gross"),
    ("022 Наименование получателя", "box 022 is the sender"),
]


@pytest.mark.parametrize(("heading", "why"), CONTRADICTIONS)
def test_a_code_that_its_label_contradicts_is_unknown(heading, why):
    match = recognise([heading, "ND", "G072", "G022", "G082", "G33"], "dump.csv")
    assert match.fields[0] == "_unknown_0", why


def test_a_field_with_two_headings_takes_the_preferred_one_whatever_the_order():
    headings = ["ND", "G33", "G022", "Код товара по ТН ВЭД", "G45"]
    for order in (headings, headings[::-1]):
        match = recognise(order, "dump.csv")
        of_heading = dict(zip(order, match.fields, strict=True))
        assert of_heading["G33"] == "hs"
        assert match.repeated == {"hs": ("hs", of_heading["Код товара по ТН ВЭД"])}
        assert any("hs is there 2 times ('G33', 'Код товара" in remark for remark in match.remarks())


def test_the_same_heading_twice_takes_the_first():
    match = recognise(["ND", "G33", "G022", "G33"], "dump.csv")
    assert match.fields == ["declaration", "hs", "shipper_name", "_repeat_3"]


def test_a_row_in_mixed_styles_is_read():
    mixed = [
        "ND (Номер декларации)",
        "G072",
        "022 Наименование/ФИО отправителя",
        "Получатель",
        "G33 (Код товара по ТН ВЭД)",
    ]
    fields = ["declaration", "registered_on", "shipper_name", "consignee_name", "hs"]
    assert recognise(mixed, "dump.csv").fields == fields


def test_unknown_headings_never_fail_a_file_and_are_named():
    own = [f"Поле {number}" for number in range(200)]
    match = recognise([*BARE, *own, ""], "dump.csv")
    assert match.layout.name == "ru_declaration"
    assert match.unknown == (*own, f"(column {len(BARE) + 201}, no heading)")
    assert len(set(match.fields)) == len(match.fields)


NOT_CUSTOMS = [
    # headings, why none fits
    (["REF_DATE", "GEO", "DGUID", "Trade", "Basis", "UOM", "SCALAR_ID", "COORDINATE", "VALUE", "STATUS"], "statistics"),
    (["Name", "Phone", "City", "E-mail"], "a list of phone numbers"),
    (["Row Labels", "Sum of Value", "Count of HS Code", "Grand Total"], "a pivot"),
    (["2019", "2020", "2021", "2022"], "years, one of which is the number of a box"),
    (["Consignee"], "one cell"),
    (["Date", "Description", "Quantity", "Unit"], "a stock list"),
    (["ND", "G072", "G45", "G46"], "no party and no goods"),
    (["Arrival", "Shipper", "Consignee", "HS Code", "Quantity", "Weight (kg)"], "words of any vendor: whose values?"),
    (["Date", "HS Code", "Importer", "Supplier", "Country of Origin", "US FOB"], "a vendor nobody has described"),
    (["", "", ""], "blank"),
    ([], "nothing"),
]


@pytest.mark.parametrize(("headings", "why"), NOT_CUSTOMS)
def test_what_is_no_customs_record_is_refused_with_a_sentence(headings, why):
    assert score(headings) < score(["ND", "G022", "G33"]), why
    with pytest.raises(UnexpectedHeadingError, match=r"^a b\.csv: no known layout .*`tradeanalytics map a b\.csv`"):
        recognise(headings, "a b.csv")


def test_the_refusal_names_the_closest_layout_and_what_is_missing():
    with pytest.raises(
        UnexpectedHeadingError, match=r"ru_declaration, knows 4 of its 4 headings, but nothing for a shipper"
    ):
        recognise(["ND", "G072", "G45", "G46"], "dump.csv")


def test_two_layouts_that_fit_equally_and_differ_are_refused():
    with pytest.raises(
        UnexpectedHeadingError, match=r"panjiva_us_imports and panjiva_us_exports fit its headings equally"
    ):
        recognise(["Bill of Lading Number", "Shipper", "Shipper Country", "HS Code", "Goods Shipped"], "dump.csv")


def test_the_heading_row_scores_highest_in_a_sheet():
    sheet = [
        ["Результаты поиска", "", ""],
        ["Получатель", "ООО Образец", ""],
        list(STYLE_4),
        ["10210200/150622/3012345", "15.06.2022", "ИМ", "8517620009", "ПРОФИЛЬ " * 400],
    ]
    assert max(sheet, key=score) is sheet[2]
    assert score(sheet[0]) == score(sheet[3]) == 0


@pytest.mark.shared
def test_no_heading_of_the_published_lists_is_unknown():
    with (SHARED / "gtd_column_names.csv").open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    for start, name in (("RU", "ru_declaration"), ("KZ", "kz_declaration")):
        for column in ("header_bare", "header_with_label"):
            headings = [row[column] for row in table if row["layout"].startswith(start) and row[column]]
            if headings:
                match = recognise([heading.removeprefix("x") for heading in headings], "list")
                assert (match.layout.name, match.unknown) == (name, ())


@pytest.mark.shared
def test_the_real_files_are_recognised():
    for file, name in (
        ("data_df_syn_train_eng.csv", "korea_synthetic"),
        ("ams__consignee_sample_rows.csv", "us_manifest_consignee"),
    ):
        with (SHARED / file).open(encoding="utf-8-sig") as opened:
            match = recognise(next(csv.reader(opened)), file)
        assert (match.layout.name, match.unknown) == (name, ())


GUESSES = [
    # heading, field, whether a person need not look, why
    ("Consignee Address", "consignee_address", True, "never the name"),
    ("Consignee Phone", None, False, "a stop word"),
    ("Consignee City", None, False, "a stop word"),
    ("Importer", "consignee_name", True, "a family word"),
    ("BUYER NAME", "consignee_name", True, "a family word"),
    ("buyerName", "consignee_name", True, "written in one"),
    ("exporter_name", "shipper_name", True, "written with underscores"),
    ("Supplier Country", "shipper_country", True, "of the party"),
    ("Shipper/Consignee", None, False, "which of the two?"),
    ("ИНН отправителя товара", "shipper_id", True, "the number, not the name"),
    ("Адрес получателя груза", "consignee_address", True, "the address, not the name"),
    ("Поставщик", "shipper_name", True, "Russian"),
    ("Страна отправления груза", "dispatch_country", True, "dispatch, not the sender"),
    ("Страна отправителя", "shipper_country", True, "the sender's"),
    ("收货人", "consignee_name", True, "Chinese"),
    ("发货人地址", "shipper_address", True, "Chinese, in one word"),
    ("海关编码", "hs", True, "Chinese"),
    ("日期", "registered_on", True, "Chinese"),
    ("Tariff No.", "hs", True, "a family word"),
    ("Код ТНВЭД", "hs", True, "without the space"),
    ("Product Code", "hs", False, "or the seller's own"),
    ("Gross weight, kg", "gross_kg", True, "says its unit"),
    ("Вес нетто, т", "net_kg", False, "in tonnes"),
    ("Gross Wt", "gross_kg", False, "in what?"),
    ("Amount", "invoice", False, "of what, in what?"),
    ("Total value USD", "total", False, "of the line or of the declaration?"),
    ("Value (USD)", "usd", True, "says its currency"),
    ("Unit price USD", None, False, "a price of a unit is not a value"),
    ("Цена за кг, USD", None, False, "the same in Russian"),
    ("Currency", "invoice_currency", True, "a family word"),
    ("Currency rate", None, False, "not the currency"),
    ("Country of manufacture origin", "origin_country", True, "a role"),
    ("Arrival Port", None, False, "no date"),
    ("Дата договора", None, False, "of another paper"),
    ("Name", None, False, "whose?"),
    ("", None, False, "blank"),
]


@pytest.mark.parametrize(("heading", "field", "sure", "why"), GUESSES)
def test_a_heading_nobody_has_seen_is_guessed_by_its_words(heading, field, sure, why):
    assert guess(heading) == (field, sure), why


UNSEEN = ["Doc No.", "Buyer", "Buyer Address", "Vendor", "Goods", "Tariff", "Ship Date", "Net kg", "Amount", "Memo"]


def saved(folder: Path, text: str) -> Path:
    path = folder / "dump.xlsx.map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_draft_is_read_back_as_a_layout_that_reads_the_file(tmp_path):
    samples = {"Buyer": ["OOO «A»\nMoscow", "", 'B "C" \\', "\x00\x7f", "D", "E"], "Memo": ["x" * 99]}
    draft = draft_mapping(UNSEEN, samples)
    assert 'consignee_name = "Buyer"  # OOO «A» Moscow | B "C" \\ | D\n' in draft
    assert '# ignored = "Memo"  # ' + "x" * 39 + "…\n" in draft
    assert '# invoice = "Amount"\n' in draft
    layout = read_mapping(saved(tmp_path, draft))
    match = layouts.apply_mapping(layout, UNSEEN, "dump.xlsx")
    of_heading = dict(zip(UNSEEN, match.fields, strict=True))
    assert layout.name == "dump.xlsx"
    assert of_heading["Buyer Address"] == "consignee_address"
    assert (of_heading["Tariff"], of_heading["Net kg"]) == ("hs", "net_kg")
    assert match.unknown == ("Doc No.", "Amount", "Memo")


def test_a_draft_uses_a_field_once_and_comments_the_rest(tmp_path):
    draft = draft_mapping(["Buyer", "Importer", "Goods", "buyer"], {})
    assert 'consignee_name = "Buyer"\n# consignee_name = "Importer"\n' in draft
    assert draft.lower().count('"buyer"') == 1
    assert read_mapping(saved(tmp_path, draft)).headings == {"buyer": "consignee_name", "goods": "description"}


@settings(max_examples=200)
@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from([*UNSEEN, *BARE, *PANJIVA])), max_size=12), st.data())
def test_any_headings_give_a_draft_that_is_toml(tmp_path_factory, headings, data):
    headings = [heading.encode("utf-8", "replace").decode() for heading in headings]
    samples = {heading: data.draw(st.lists(st.text(max_size=50), max_size=4)) for heading in headings}
    draft = draft_mapping(headings, samples)
    columns = tomllib.loads(draft)["columns"]
    assert set(columns.values()) <= set(headings)
    path = saved(tmp_path_factory.mktemp("draft"), draft)
    try:
        assert layouts.apply_mapping(read_mapping(path), headings, "dump").layout.headings
    except TradeAnalyticsError as error:
        assert "expected a heading for" in str(error)


GOOD = '[columns]\nconsignee_name = "Buyer"\nhs = ["Tariff", "HS"]\ndescription_2 = "More"\nignored = ["Memo"]\n'


def test_a_mapping_says_what_no_heading_says(tmp_path):
    head = 'name = "mine"\ndirection = "export"\nvalue_basis = "estimated"\ncurrency = "EUR"\n'
    head += 'number_style = "comma_decimal"\n'
    layout = read_mapping(saved(tmp_path, head + GOOD))
    assert (layout.name, layout.direction, layout.currency) == ("mine", "export", "EUR")
    assert (layout.value_basis, layout.estimated, layout.number_style) == ("estimated", True, "comma_decimal")
    match = layouts.apply_mapping(layout, ["HS", "Buyer", "Tariff", "More", "Memo"], "dump.xlsx")
    assert match.fields == ["_repeat_0", "consignee_name", "hs", "description_2", "_ignored_4"]
    assert match.repeated == {"hs": ("hs", "_repeat_0")}


BAD = [
    # mapping, what the error says, why
    (
        '[columns]\nconsigne_name = "Buyer"\nhs = "HS"',
        "consigne_name.*did you mean 'consignee_name'",
        "a field misspelt",
    ),
    ('[columns]\nconsignee_name = 3\nhs = "HS"', "consignee_name = 3: expected a heading in quotes", "a number"),
    ('[columns]\nconsignee_name = " "\nhs = "HS"', "consignee_name = ' ': expected a heading", "blank"),
    ('[columns]\nconsignee_name = "A"\nhs = "a "', "hs = 'a ': expected a heading once.*consignee_name", "one for two"),
    ('[columns]\nconsignee_name = "A"', "expected a heading for hs or description", "no goods"),
    ('[columns]\nhs = "A"', "expected a heading for a shipper or", "no party"),
    ('hs = "HS"\n' + GOOD, r"hs = 'HS': expected under \[columns\]", "in the wrong part"),
    ('directon = "import"\n' + GOOD, "directon.*did you mean 'direction'", "a setting misspelt"),
    ('direction = "in"\n' + GOOD, r"direction = 'in': expected one of \['import', 'export'\]", "an unknown way"),
    ("direction = 1\n" + GOOD, "direction = 1: expected a text in quotes", "not a text"),
    ('currency = "dollars"\n' + GOOD, "currency = 'dollars': expected three capital letters", "no code"),
    ("", r"expected a part \[columns\]", "empty"),
    ("[columns]\nconsignee_name = Buyer\n", "line 2.*a line is field = ", "no quotes"),
    ('columns = "x"', r"expected a part \[columns\]", "no part"),
]


@pytest.mark.parametrize(("text", "says", "why"), BAD)
def test_a_wrong_mapping_is_refused_by_its_key(tmp_path, text, says, why):
    with pytest.raises(TradeAnalyticsError, match=says) as error:
        read_mapping(saved(tmp_path, text))
    assert str(error.value).startswith(str(tmp_path)) and "\n" not in str(error.value), why


def test_a_mapping_that_is_not_there_or_not_utf_8_is_refused(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="no such mapping"):
        read_mapping(tmp_path / "no.map.toml")
    (tmp_path / "a.map.toml").write_bytes('[columns]\nhs = "Код"'.encode("cp1251"))
    with pytest.raises(TradeAnalyticsError, match="save the mapping as UTF-8"):
        read_mapping(tmp_path / "a.map.toml")


def test_a_mapping_whose_heading_the_file_no_longer_has_is_refused(tmp_path):
    layout = read_mapping(saved(tmp_path, GOOD))
    with pytest.raises(UnexpectedHeadingError, match=r"no heading 'Buyer' .is it now 'Buyers'.*, which its mapping"):
        layouts.apply_mapping(layout, ["Buyers", "Tariff", "HS", "More", "Memo"], "dump.xlsx")


def test_a_mapping_lies_beside_its_file():
    assert mapping.mapping_path(Path("raw") / "dump.xlsx") == Path("raw") / "dump.xlsx.map.toml"


def test_the_examples_run():
    assert doctest.testmod(layouts).failed == 0
