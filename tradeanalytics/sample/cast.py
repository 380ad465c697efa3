"""Who and what the sample is made of. Every company, person, street and trademark is invented.

Each company name holds SYNTHETIC or ОБРАЗЕЦ; tax numbers begin with 00, which no tax office gives out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Company:
    """A party as it is written when nothing went wrong; `spellings` are the other ways the sample writes it."""

    name: str
    country: str
    address: str
    inn: str = ""
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Good:
    """Goods of one code: what they are called, US cents a kg, grams of a usual lot, where they are made."""

    hs: str
    text: str
    price: int
    lot: int
    origins: str
    counted: bool = False  # whether the declaration gives pieces in their own column


COUNTRIES = {
    "AE": "ОБЪЕДИНЕННЫЕ АРАБСКИЕ ЭМИРАТЫ",
    "BR": "БРАЗИЛИЯ",
    "CA": "КАНАДА",
    "CN": "КИТАЙ",
    "DE": "ГЕРМАНИЯ",
    "EU": "ЕВРОСОЮЗ",
    "HK": "ГОНКОНГ",
    "IN": "ИНДИЯ",
    "IT": "ИТАЛИЯ",
    "KN": "СЕНТ-КИТС И НЕВИС",
    "KR": "РЕСПУБЛИКА КОРЕЯ",
    "KZ": "КАЗАХСТАН",
    "NA": "НАМИБИЯ",
    "RU": "РОССИЯ",
    "TR": "ТУРЦИЯ",
    "TW": "ТАЙВАНЬ (КИТАЙ)",
    "US": "СОЕДИНЕННЫЕ ШТАТЫ",
    "VN": "ВЬЕТНАМ",
}
_FORMS = {
    "AE": ("FZE", "DUBAI"),
    "BR": ("LTDA", "SANTOS"),
    "CN": ("CO., LTD", "SHENZHEN"),
    "DE": ("GMBH", "HAMBURG"),
    "HK": ("LTD", "KOWLOON"),
    "IN": ("PVT LTD", "MUMBAI"),
    "IT": ("SRL", "MILANO"),
    "KN": ("INC", "BASSETERRE"),
    "KR": ("CO., LTD", "BUSAN"),
    "KZ": ("LLP", "ALMATY"),
    "NA": ("(PTY) LTD", "WALVIS BAY"),
    "TR": ("DIS TICARET LTD STI", "ISTANBUL"),
    "TW": ("CORP", "TAIPEI"),
    "US": ("INC", "DALLAS"),
    "VN": ("JSC", "HAIPHONG"),
}


def abroad(word: str, country: str, place: int) -> Company:
    """A company abroad; the address is written back to front and its country in Russian, as the dumps do."""
    form, city = _FORMS[country]
    name = f"SYNTHETIC {word} {form}"
    address = f"{COUNTRIES[country]}, {city}, FLAT/{place + 1}05, {place + 3} VELMARA RD"
    return Company(name, country, address, spellings=(f"{name},", name.replace("SYNTHETIC ", "SYNTHETIC  ")))


def russian(word: str, place: int) -> Company:
    """A Russian importer, by its name in one spelling of quotes; rows use three."""
    address = f"Г. ОБРАЗЦОВСК, УЛ. ВЫМЫСЛА, Д. {place + 1}"
    return Company(f'ООО "ОБРАЗЕЦ {word}"', "RU", address, f"00{place + 1:08d}")


# The parties of the stories.
ZELMARIQ, KASTOVEL, TORVASK, NOVALEX, MONORIX, PROPUSKIN = (
    russian(word, place)
    for place, word in enumerate(("ЗЕЛЬМАРИК", "КАСТОВЕЛЬ", "ТОРВАСК", "НОВАЛЕКСА", "МОНОРИКСА", "ПРОПУСКИНО"))
)
_QUILVARO = abroad("QUILVARO LINKS", "HK", 11)
QUILVARO = Company(
    _QUILVARO.name,
    "HK",
    _QUILVARO.address,
    spellings=(*_QUILVARO.spellings, "SYNTHETIC QUILVARO LINKS LIMITED", "SYNTHETIC QUILVАRO LINKS LTD"),
)
BREMIXON = abroad("BREMIXON TRADE", "HK", 12)
NORVELLA = Company(  # registered offshore, with a street in a Canadian suburb that no map has
    "SYNTHETIC NORVELLA HOLDINGS INC", "KN", "КАНАДА, ON, M0X 0X0, TORONTO, 4471 VELMARACRE CRES"
)
DENIZOLA, KORVANTES = abroad("DENIZOLA", "TR", 13), abroad("KORVANTES", "TR", 14)
SOLUMARIS, OLIMERA = abroad("SOLUMARIS", "CN", 15), abroad("OLIMERA", "DE", 16)

_IMPORTER_WORDS = """
    АВЕЛЬТОРА БРИКСАНА ВЕЛЬДОНИС ГРАНТЕЛЬМА ДОРВИКСА ЕЛЬМИРОКС ЖАРВЕЛИНА ЗУРБАТЕКС ИЛЬВЕРОНА КВАДРЕЛИС ЛУМАРЕКСА
    МЕРДОЛИНА НЕКСТРУВИЯ ОРБЕЛИКСА ПАВЕЛУМО РАДВЕНТИС СИБРОЛЕКСА ТАЛМИРОНА УЛЬВЕДОРА ФАРНЕЛИКС ХОЛВЕРТА ЦЕРВАНИКС
    ЧАЛДОРИКС ШЕВЕЛУМА ЭЛЬГРОВИС ЮНВЕРЛИКС ЯРМЕДОНА БЕЛТАНИКС ВИРГОЛЕКСА ГОЛДРЕНИКА ДЕЛФРОНИЯ ЗАМБЕРИКС КЕРВОЛИНА
    ЛАНДРЕКСИЯ
"""
_SUPPLIER_WORDS = {
    "CN": "ALVEXIMA BORTELLO CINDRAXA DUVERNEX ELMORIQA FERVONIX GALDUREX HOLMERAX ISVENDOR JURBELIX KELVARDO",
    "HK": "LUNDREXA MERVOXIA NALDIREX ORVEXILO",
    "DE": "PALDERIX QUINDORA RESVOLIN SALVERDO TERVANIX",
    "IT": "ULMEXARA VENDORIX WALDIREQ XELVORMA",
    "TR": "YRVANDEX ZOLMERIX ARBENTIX BELDOVAR",
    "KR": "CERVINOX DALMIREX ELVONTAR",
    "TW": "FALDERIQ GERVOLIX HELDORAX",
    "US": "ILMAVEXO JORDEXIA KERVANOQ LOMVERDI",
    "IN": "MALDEXOR NERVOLAX",
    "VN": "OLDERIXA PERVAXIM",
    "BR": "RELMONDO SILVEXAR",
    "AE": "TALVORIN UMBREXIL",
    "KZ": "VARDELOX WERMAXIL",
    "NA": "XANDOVER YELMORAX",
}
IMPORTERS = tuple(russian(word, place) for place, word in enumerate(_IMPORTER_WORDS.split(), start=20))
SUPPLIERS = tuple(
    abroad(word, country, place)
    for country, words in _SUPPLIER_WORDS.items()
    for place, word in enumerate(words.split(), start=len(words))
)
BROKER = russian("БРОКЕРИКСА", 90)
MAKERS = ("VEXOLA", "BREMOTEC", "ZANTIRO", "QUADRINEX", "OLVERTA", "HIMBEROX", "FELTRADO", "DRUXIMA")
SPECIAL = (
    *(ZELMARIQ, KASTOVEL, TORVASK, NOVALEX, MONORIX, PROPUSKIN),
    *(QUILVARO, BREMIXON, NORVELLA, DENIZOLA, KORVANTES, SOLUMARIS, OLIMERA),
)
COMPANIES = (BROKER, *SPECIAL, *IMPORTERS, *SUPPLIERS)

# Codes of the common high priority list (its six digits), in both editions of the HS.
MODULE = Good("8517620009", "МОДУЛЬ СОТОВОЙ СВЯЗИ LTE ДЛЯ ПЕРЕДАЧИ ДАННЫХ", 90_000, 30, "CN")
CHIPS = (
    Good("8542319010", "МИКРОПРОЦЕССОР ЦИФРОВОЙ ИНТЕГРАЛЬНЫЙ В ПЛАСТИКОВОМ КОРПУСЕ", 180_000, 60, "TW CN US", True),
    Good("8542329000", "МИКРОСХЕМА ПАМЯТИ ЭНЕРГОНЕЗАВИСИМАЯ", 120_000, 80, "KR TW CN", True),
    Good("8542399010", "МИКРОСХЕМА ПРИЕМОПЕРЕДАТЧИКА", 150_000, 40, "TW CN US", True),
    Good("8541290000", "ТРАНЗИСТОР ПОЛЕВОЙ МОЩНОСТЬЮ РАССЕИВАНИЯ БОЛЕЕ 1 ВТ", 60_000, 90, "CN TW US", True),
    Good("8532240000", "КОНДЕНСАТОР КЕРАМИЧЕСКИЙ МНОГОСЛОЙНЫЙ", 40_000, 90, "CN KR TW", True),
)
PRIORITY = (
    *CHIPS,
    Good("8517620009", "МАРШРУТИЗАТОР ДЛЯ ПРОВОДНОЙ СЕТИ ПЕРЕДАЧИ ДАННЫХ", 20_000, 900, "CN TW VN", True),
    Good("8526918000", "ПРИЕМНИК СПУТНИКОВОЙ НАВИГАЦИИ ДЛЯ УСТАНОВКИ НА ПЛАТУ", 90_000, 60, "CN TW", True),
    Good("8471500000", "БЛОК ВЫЧИСЛИТЕЛЬНЫЙ ПРОМЫШЛЕННЫЙ БЕЗ УСТРОЙСТВ ВВОДА", 15_000, 4_000, "CN TW DE", True),
    Good("9030200009", "ОСЦИЛЛОГРАФ ЦИФРОВОЙ ЧЕТЫРЕХКАНАЛЬНЫЙ, 220V 50HZ", 30_000, 3_000, "CN DE US", True),
    Good("8482109008", "ПОДШИПНИК ШАРИКОВЫЙ РАДИАЛЬНЫЙ ОДНОРЯДНЫЙ", 900, 20_000, "CN IN IT", True),
)
ORDINARY = (
    Good("0901210001", "КОФЕ ЖАРЕНЫЙ В ЗЕРНАХ, В МЕШКАХ ПО 25 КГ", 620, 90_000, "BR VN IT"),
    Good("0805102000", "АПЕЛЬСИНЫ СВЕЖИЕ, УРОЖАЙ ТЕКУЩЕГО ГОДА, КАЛИБР 8", 75, 300_000, "TR CN"),
    Good("0303661100", "ХЕК МОРОЖЕНЫЙ БЕЗ ГОЛОВЫ, ПОТРОШЕНЫЙ", 240, 200_000, "NA"),
    Good("4412334000", "ФАНЕРА КЛЕЕНАЯ ИЗ ЛИСТОВ ДРЕВЕСИНЫ, ТОЛЩИНА 9 X 1250 X 2500 ММ", 110, 150_000, "CN VN"),
    Good("3926909709", "ИЗДЕЛИЯ ИЗ ПЛАСТМАССЫ: НАКЛАДКИ ДЕКОРАТИВНЫЕ", 700, 8_000, "CN TR IT"),
    Good("6109100000", "ФУТБОЛКИ ТРИКОТАЖНЫЕ ХЛОПЧАТОБУМАЖНЫЕ, РАЗМЕРЫ 42-54", 1_900, 9_000, "TR VN CN", True),
    Good("6403999600", "БОТИНКИ МУЖСКИЕ НА ПОДОШВЕ ИЗ РЕЗИНЫ, ВЕРХ ИЗ КОЖИ", 2_800, 7_000, "IT CN TR"),
    Good("7318158900", "БОЛТЫ СТАЛЬНЫЕ DIN 933 С ШЕСТИГРАННОЙ ГОЛОВКОЙ M14X1.25", 260, 60_000, "CN TR DE"),
    Good("8413702100", "НАСОС ЦЕНТРОБЕЖНЫЙ ПОГРУЖНОЙ, МОЩНОСТЬ 1,1 КВТ, 380V", 1_800, 15_000, "IT DE CN", True),
    Good("8414598000", "ВЕНТИЛЯТОР ОСЕВОЙ ПРОМЫШЛЕННЫЙ, ЦВЕТ RAL9016", 1_400, 9_000, "DE CN IT", True),
    Good("8481805910", "КРАН ШАРОВОЙ ЛАТУННЫЙ ДЛЯ ВОДЫ, ГОСТ 21345-2005", 1_100, 12_000, "IT CN TR", True),
    Good("8708299009", "ЧАСТИ КУЗОВА ЛЕГКОВОГО АВТОМОБИЛЯ: КРЫЛО ПЕРЕДНЕЕ", 950, 25_000, "CN KR DE", True),
    Good("9403208009", "МЕБЕЛЬ МЕТАЛЛИЧЕСКАЯ: СТЕЛЛАЖ АРХИВНЫЙ", 420, 40_000, "CN TR"),
    Good("9405421009", "СВЕТИЛЬНИК СВЕТОДИОДНЫЙ ПОТОЛОЧНЫЙ IP65, 220V", 1_500, 10_000, "CN TR", True),
    Good("3208909109", "КРАСКА НА ОСНОВЕ АКРИЛОВЫХ ПОЛИМЕРОВ, В БАНКАХ ПО 5 КГ", 380, 60_000, "DE IT TR"),
    Good("4011100003", "ШИНЫ ДЛЯ ЛЕГКОВЫХ АВТОМОБИЛЕЙ, ПОСАДОЧНЫЙ ДИАМЕТР 16 ДЮЙМОВ", 430, 90_000, "CN KR", True),
)
LONG = (  # long enough for a description to be cut into lines
    " ТОВАР НОВЫЙ, В ЗАВОДСКОЙ УПАКОВКЕ, НЕ ПРЕДНАЗНАЧЕН ДЛЯ МЕДИЦИНСКОГО ПРИМЕНЕНИЯ,"
    " ПОСТАВЛЯЕТСЯ В РАЗОБРАННОМ ВИДЕ ДЛЯ УДОБСТВА ТРАНСПОРТИРОВКИ"
)
