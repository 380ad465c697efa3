"""What a description of goods names, and the words it was read from."""

import json
import math
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError, descriptions
from tradeanalytics.descriptions import KINDS, pieces, read, read_distinct, read_makers
from tradeanalytics.descriptions.letters import fold_mixed, without_marks
from tradeanalytics.descriptions.workers import how_many, in_order

GIVEN = Path(__file__).parents[2] / "shared/data/customs/russian_item_descriptions_synthetic.jsonl"
TAIL = "Изготовитель: ОБРАЗЕЦ ВЕКСОЛА КО., ЛТД; Тов.знак: ОТСУТСТВУЕТ; Марка: VEXOLA; Модель: VX-10; "
COUNTS = [
    # text, pieces (None: none named; nan: named, but the number is open), reason
    ("МОДУЛИ СВЯЗИ; Кол-во: 800 ШТ", 800, "the piece count is often only here"),
    ("CELLULAR MODULES 800 PCS", 800, "English"),
    ("ГИЛЬЗА; 20 000 ШТ.", 20_000, "a space groups thousands"),
    ("ГИЛЬЗА; 1\u00a0200\u202fШТ", 1_200, "so does a space that does not break"),
    ("АРТ. 55512 800 ШТ", 800, "the number of an article is not its thousands"),
    ("СТУЛ 4ШТ", 4, "glued"),
    ("ЧИПЫ 2,5 ТЫС. ШТ.", 2_500, "thousands as a word"),
    ("ЧИПЫ 1,200 PCS", 1_200, "in English a comma before three digits groups"),
    ("ЧИПЫ 1,200 ШТ", float("nan"), "in Russian it is decimal, and 1.2 pieces are none: open"),
    ("ЧИПЫ 1.200 PCS", float("nan"), "a dot before three digits is open"),
    ("ЧИПЫ 1 200,000 ШТ", 1_200, "thousands are grouped already, so the comma is decimal"),
    ("ЧИПЫ 88,00 ШТ", 88, "two decimals are no thousands"),
    ("ЧИПЫ 1.200.000 ШТ", 1_200_000, "two dots can only group"),
    ("Кол-во, шт: 800", 800, "the unit stands in the label"),
    ("ЛЕНТА; Кол-во: 88,813 М3", None, "cubic metres are not pieces"),
    ("КОЛ-ВО 10 ШТ. В УПАКОВКЕ", None, "what is in one pack is not what was sent"),
    ("10 ШТ. В ИНДИВИДУАЛЬНОЙ УПАКОВКЕ", 10, "each packed by itself: that is the count"),
    ("800 ШТ. В 10 КОРОБКАХ", 800, "boxes in the plural hold the whole"),
    ("800 ШТ/10 КОР", 800, "a count on both sides of the slash"),
    ("3 ШТ/КОР", None, "three to a box"),
    ("3 PCS/CTN", None, "three to a carton"),
    ("3 PCS PER BOX", None, "three to a box, in words"),
    ("800 PCS IN 10 BOXES", 800, "all of them in ten boxes"),
    ("УПАКОВАНЫ ПО 12 ШТ", None, "twelve each"),
    ("10 УП. X 20 ШТ", None, "a factor, not a count"),
    ("НАБОР ИЗ 6 ШТ", None, "six to a set"),
    ("ВЕС 1 ШТ 5 КГ", None, "what one weighs"),
    ("ЦЕНА ЗА 1 ШТ", None, "what one costs"),
    ("В КОРОБКЕ 10 ШТ., ВСЕГО 800 ШТ", 800, "the trap and the count in one text"),
    ("ТАБЛЕТКИ; 2400 УПАКОВОК", None, "packs are not pieces"),
    ("5 ШТУЦЕРОВ, 5 ШТАМПОВ", None, "ШТ only begins these words"),
    ("РАЗМЕР 10X20 ШТ", None, "a size"),
    ("АРТ. 1: 100 ШТ; АРТ. 2: 100 ШТ", 200, "counts of two articles are added"),
    ("800 ШТ (800 PCS)", 800, "one count in two languages"),
    ("КРАСНЫЕ 500 ШТ, СИНИЕ 300 ШТ, 800 ШТ", 800, "the last is the sum of the others"),
    ("КРАСНЫЕ 500 ШТ, СИНИЕ 300 ШТ, 801 ШТ", 1_601, "and just past the sum it is not"),
    ("ТИП 800 ШТ; Кол-во: 300 ШТ", 300, "what is labelled wins"),
    ("8_[=1=] 00 ШТ", 800, "a line mark inside the number"),
]
VALUES = [
    # text, kind, values, reason
    (TAIL, "maker", ["ОБРАЗЕЦ ВЕКСОЛА КО., ЛТД"], "a comma belongs to a name"),
    (TAIL, "trademark", ["VEXOLA"], "ОТСУТСТВУЕТ is none; the make is"),
    (TAIL, "model", ["VX-10"], "labelled, so not found again as a part number"),
    (TAIL, "part_number", [], "labelled a model already"),
    ("Manufacturer: SYNTHETIC VEXOLA (CHINA) LTD; Brand: NO BRAND", "maker", ["SYNTHETIC VEXOLA (CHINA) LTD"], "EN"),
    ("Изготовитель: <ВЕКСОЛА>, Страна: КИТАЙ", "maker", ["ВЕКСОЛА"], "quotes of the dump; the next label ends it"),
    ('Изготовитель: ООО "ОБРАЗЕЦ"', "maker", ['ООО "ОБРАЗЕЦ"'], "quotes inside a name stay"),
    ("Тов.знак: НЕ ОБОЗНАЧЕН; Модель: -; Артикул: Б/Н", "trademark", [], "other ways to say none"),
    ("Артикул: A-1, A-2 - 10 ШТ, A-3; Кол-во: 30 ШТ", "article", ["A-1", "A-2", "A-3"], "several in one cell"),
    ("Артикул: 11122 33344 55566", "article", ["11122", "33344", "55566"], "several with spaces between"),
    ("Артикул: 11122, ЦВЕТ ЧЕРНЫЙ, 50 ШТ", "article", ["11122"], "the list ends where words begin"),
    ("НАСОС АРТ. 55512", "article", ["55512"], "no colon"),
    ("НАСОС АРТ. 555", "article", [], "three digits with no colon could be anything"),
    ("АВТОМОБИЛЬ, МОДЕЛЬ 2022 ГОДА", "model", [], "a year"),
    ("АВТОМОБИЛЬ, МОДЕЛЬ VX-10 2022 ГОДА", "model", ["VX-10"], "no colon, letters and digits"),
    ("P/N: VX7600E-H", "part_number", ["VX7600E-H"], "labelled"),
    ("Стандарт: ГОСТ 8734-75", "standard", ["ГОСТ 8734-75"], "labelled, once"),
    ("БОЛТ DIN 933, ISO9001, ГОСТ Р ИСО 9001-2015", "standard", ["DIN 933", "ISO9001", "ГОСТ Р ИСО 9001-2015"], "form"),
    ("Модель: VX_[=1=] -10", "model", ["VX-10"], "a line mark inside the value"),
]
LABELS = {
    "maker": ["ИЗГОТОВИТЕЛЬ", "ФИРМА-ИЗГОТОВИТЕЛЬ", "ПРОИЗВОДИТЕЛЬ", "MANUFACTURER", "MAKER", "MFR", "MFG"],
    "trademark": ["ТОВ.ЗНАК", "ТОВАРНЫЙ ЗНАК", "ТОРГОВАЯ МАРКА", "ТОРГ.МАРКА", "МАРКА", "TRADEMARK", "BRAND NAME"],
    "model": ["МОДЕЛЬ", "МОДЕЛИ", "MODEL", "MODELS", "MODEL NO"],
    "article": ["АРТИКУЛ", "АРТИКУЛЫ", "АРТ.", "АРТ №", "ARTICLE", "ART.", "ART NO", "ITEM NO"],
    "part_number": ["P/N", "PN", "MPN", "PART NO", "PART #", "ПАРТ-НОМЕР", "КАТАЛОЖНЫЙ НОМЕР", "КАТ.№"],
    "standard": ["СТАНДАРТ", "STANDARD"],
}
OTHER_LABELS = ["КОЛ-ВО", "КОЛИЧЕСТВО", "QTY", "QUANTITY", "СТРАНА", "ЦВЕТ", "РАЗМЕР", "COLOUR", "SIZE"]
STANDARDS = [
    *("ГОСТ", "ГОСТ Р", "ОСТ", "СТО", "СТБ", "ТУ", "ТР ТС", "ISO", "ИСО", "IEC", "МЭК", "DIN", "EN", "ASTM", "ANSI"),
    *("JIS", "GB/T", "IEEE", "MIL-STD", "MIL-PRF", "ASME", "IPC"),
]
PART_NUMBERS = [
    # text, found, reason
    ("XC7Z020-2CLG400I", True, "letters, digits, a hyphen"),
    ("SIM7600E-H", True, "cellular module"),
    ("STM32F407VGT6", True, "microcontroller"),
    ("LM317T", True, "regulator"),
    ("LM317T/NOPB", True, "the slash is part of it"),
    ("NEO-M8N-0-10", True, "hyphens and single digits"),
    ("1N4007", True, "begins like a newton"),
    ("2SC1815", True, "begins with a digit"),
    ("74HC595", True, "letters in the middle"),
    ("BC547", True, "boron and carbon, but no formula has 547"),
    ("sim7600e-h", True, "small letters"),
    ("SIМ7600E-Н", True, "a Cyrillic М and Н"),
    ("M-12", False, "three letters and digits are too few"),
    ("8517620009", False, "an HS code"),
    ("HS8517620009", False, "an HS code with its name"),
    ("220V", False, "a voltage"),
    ("AC220V/50HZ", False, "a voltage and a frequency"),
    ("100-240V", False, "a range"),
    ("3.7V2000MAH", False, "two amounts, glued"),
    ("100MM", False, "a length"),
    ("100X200X30MM", False, "a size"),
    ("1920X1080", False, "a size of pixels"),
    ("IP65", False, "protection against water"),
    ("RAL9016", False, "a colour"),
    ("ISO9001", False, "a standard"),
    ("15SEP2022", False, "a date"),
    ("2022-09-15", False, "a date"),
    ("15.09.2022", False, "a date"),
    ("2022Q3", False, "a quarter"),
    ("MSKU1234567", False, "a container"),
    ("10210200/150622/3012345", False, "a declaration"),
    ("7722-64-7", False, "a CAS number"),
    ("KMNO4", False, "a formula"),
    ("C6H5COCL", False, "a formula"),
    ("42CRMO4", False, "a steel"),
    ("6061-T6", False, "an alloy"),
    ("5W-30", False, "an oil"),
    ("SOT-23", False, "the case of a chip"),
    ("M14X1.25", False, "a thread"),
    ("USB3.0", False, "a plug"),
    ("800PCS", False, "a count"),
    ("ЛИЦЕНЗИЯ AB-SYN-04", False, "the number of a paper"),
    ("LOT AB1234", False, "the number of a lot"),
    ("ЕАЭС N RU Д-CN.РА01.В.12345/22", False, "a declaration of conformity"),
    ("КТ315Б", False, "Cyrillic alone: known limit"),
]
MAKERS = (("Vexola", "VEXOLA"), ("Vexola", "ВЕКСОЛА"), ("Bremix One", "BREMIX ONE"), ("Bremix", "BREMIX"))
LISTED = [
    # text, makers, reason
    ("ЧИП VEXOLA VX-10", ["Vexola"], "as spelled"),
    ("ЧИП «Вексола»", ["Vexola"], "another spelling, another case"),
    ("ЧИП VEХOLА", ["Vexola"], "two Cyrillic letters in a Latin word"),
    ("ЧИП VEXOLAR, XVEXOLA", [], "part of another word"),
    ("BREMIX  ONE И BREMIX", ["Bremix One", "Bremix"], "the longest spelling first; spaces do not matter"),
    ("VEX_[=1=] OLA", ["Vexola"], "a line mark inside the name"),
]


def values(text: str, kind: str) -> list[str]:
    finds = read([text])
    return finds.loc[finds["kind"] == kind, "value"].tolist()


@pytest.mark.parametrize(("text", "expected", "reason"), COUNTS)
def test_pieces(text, expected, reason):
    counted = pieces(read([text]))
    assert len(counted) == (expected is not None), reason
    if expected is not None:
        assert counted[0] == pytest.approx(expected, nan_ok=True), reason


@pytest.mark.parametrize(("text", "kind", "expected", "reason"), VALUES)
def test_labelled_values(text, kind, expected, reason):
    assert values(text, kind) == expected, reason


@pytest.mark.parametrize(("kind", "label"), [(kind, label) for kind, labels in LABELS.items() for label in labels])
def test_every_label_is_known_and_ends_the_value_before_it(kind, label):
    assert values(f"{label}: ABCD", kind) == ["ABCD"]
    assert values(f"BRAND: VEXOLA ({label}:ABCD", "trademark")[0] == "VEXOLA ("


@pytest.mark.parametrize("label", OTHER_LABELS)
def test_labels_of_what_is_not_read_end_the_value_before_them(label):
    assert values(f"BRAND: VEXOLA {label}: ABCD", "trademark") == ["VEXOLA"]


@pytest.mark.parametrize("name", STANDARDS)
def test_every_standard_is_known(name):
    assert values(f"БОЛТ {name} 933", "standard") == [f"{name} 933"]


@pytest.mark.parametrize(("text", "found", "reason"), PART_NUMBERS)
def test_part_numbers(text, found, reason):
    number = fold_mixed(text)
    assert values(f"МИКРОСХЕМА {text}, НОВАЯ", "part_number") == ([number] if found else []), reason


def test_two_part_numbers_with_a_slash_between_are_two():
    assert values("SIM7600E-H/SIM7600G-H", "part_number") == ["SIM7600E-H", "SIM7600G-H"]


@pytest.mark.parametrize(("text", "expected", "reason"), LISTED)
def test_makers_of_the_users_list(text, expected, reason):
    finds = read([text], MAKERS)
    assert finds.loc[finds["how"] == "listed", "value"].tolist() == expected, reason


def test_a_span_holds_what_was_read_line_mark_and_all():
    (text,) = texts = ["МОДУЛИ SIM76_[=1=] 00E-H, 800 ШТ"]
    spans = [text[row.start : row.end] for row in read(texts).itertuples()]
    assert spans == ["800 ШТ", "SIM76_[=1=] 00E-H"]


def test_finds_come_by_what_they_are_then_by_place():
    finds = read(["Модель: VX-10; 5 ШТ; Кол-во, шт: 800; ISO 9001; STM32F407; Марка: VEXOLA; 7 ШТ"], MAKERS)
    expected = ["5 ШТ", "7 ШТ", "шт: 800", "VX-10", "VEXOLA", "ISO 9001", "STM32F407", "Vexola"]
    assert finds["value"].tolist() == expected


def test_finds_name_the_place_of_their_text():
    assert read(["", None, "800 ШТ"])["text"].tolist() == [2]


def test_a_text_with_nothing_in_it_gives_no_row_and_the_same_columns():
    assert read([]).dtypes.to_dict() == read(["800 ШТ"]).iloc[:0].dtypes.to_dict()


def holds(text: str, start: int, end: int) -> str:
    return fold_mixed(without_marks(text[start:end])[0]).translate(str.maketrans("АВЕКМНОРСТХУ", "ABEKMHOPCTXY"))


# fmt: off
WORDS = [
    "АРТ. ", "Артикул: ", "Модель: ", "Изготовитель: ", "Кол-во: ", "800", "1 200", " ШТ", "PCS", ", ",
    "; ", "_[=1=] ", "XC7Z020", "VX-10", "М", "ß", "İ", "ГОСТ ", "/", "-", "ОТСУТСТВУЕТ", "220V",
    "ISO 9001", "VEXOLA", "ВEКСОЛА", "«",
    "\n", " ", "\u00a0", "»",
]
# fmt: on
ANY = st.text() | st.lists(st.sampled_from(WORDS), max_size=20).map("".join)


@given(st.lists(ANY, max_size=5))
def test_any_text_is_read_and_every_span_holds_its_value(texts):
    for row in read(texts, MAKERS).itertuples():
        text = texts[row.text]
        assert row.kind in KINDS and 0 <= row.start < row.end <= len(text)
        if row.how != "listed":
            assert holds(row.value, 0, len(row.value)) == holds(text, row.start, row.end)
        assert (row.unit is not None) == (row.kind == "pieces") or pd.isna(row.unit)


def test_no_text_holds_the_reader_up():
    started = time.process_time()
    read(["-" * 20_000, "CO" * 10_000 + "9Z", "1X" * 10_000, "A+" * 10_000, "Артикул: " + "1 " * 10_000, "В " * 10_000])
    assert time.process_time() - started < 5


def test_distinct_descriptions_are_read_once_and_joined_by_their_text(tmp_path):
    for name, texts in (("a", ["800 ШТ", "800 ШТ", None]), ("b", ["800 ШТ", "ISO9001"])):
        pl.DataFrame({"record": range(len(texts)), "description": texts}).write_parquet(tmp_path / f"{name}.parquet")
    shipments, out = [tmp_path / "a.parquet", tmp_path / "b.parquet"], tmp_path / "finds.parquet"
    assert read_distinct(shipments, out, MAKERS) == (2, 2)
    finds = pl.read_parquet(out)
    assert finds.select("description", "kind").rows() == [("800 ШТ", "pieces"), ("ISO9001", "standard")]
    first = out.read_bytes()
    read_distinct(shipments, out, MAKERS)
    assert out.read_bytes() == first and not list(tmp_path.glob("*.part"))


def test_no_descriptions_write_an_empty_table(tmp_path):
    pl.DataFrame({"description": [None]}, schema={"description": pl.String}).write_parquet(tmp_path / "a.parquet")
    assert read_distinct([tmp_path / "a.parquet"], tmp_path / "finds.parquet") == (0, 0)
    assert pl.read_parquet(tmp_path / "finds.parquet").height == 0


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Texts enough for four batches."""
    monkeypatch.setattr(descriptions, "_BATCH", 3)
    texts = ["ЧИП", "ЛЕНТА", *(f"ЧИП VEXOLA VX-{number}0; {number} ШТ" for number in range(10))]
    pl.DataFrame({"description": texts}).write_parquet(tmp_path / "a.parquet")
    return tmp_path / "a.parquet"


def test_one_and_two_workers_write_the_same_bytes(many, tmp_path):
    paths = [tmp_path / "one.parquet", tmp_path / "two.parquet"]
    counts = [read_distinct([many], path, MAKERS, workers=workers) for workers, path in enumerate(paths, 1)]
    one, two = (path.read_bytes() for path in paths)
    assert counts == [(12, 30)] * 2 and one == two


def test_a_script_with_no_guard_is_not_run_again_by_its_workers(many, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from tradeanalytics import descriptions\n"
        "print('ran', flush=True)\n"
        "descriptions._BATCH = 3\n"
        f"print(descriptions.read_distinct([Path({str(many)!r})], Path({str(tmp_path / 'out')!r}), workers=2))\n"
    )
    done = subprocess.run([sys.executable, script], cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert (done.stdout.split("\n"), done.returncode) == (["ran", "(12, 20)", ""], 0), done.stderr


def test_what_a_worker_raises_is_raised_and_the_rest_is_left():
    results = in_order(math.sqrt, [4, 9, -1, *range(1_000)], 2)
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ValueError, match="math domain"):
        next(results)


@pytest.mark.parametrize(
    ("batches", "wanted", "workers"), [(0, None, 1), (2, None, 1), (2, 8, 2), (8, 3, 3), (8, 0, 1)]
)
def test_few_batches_need_no_other_process(batches, wanted, workers):
    assert how_many(batches, wanted) == workers


def test_a_list_of_makers_is_read_from_csv(tmp_path):
    path = tmp_path / "makers.csv"
    path.write_text("maker,spelling\nVexola,ВЕКСОЛА\nBremix,\n", encoding="utf-8-sig")
    assert read_makers(path) == (("Vexola", "ВЕКСОЛА"), ("Bremix", "Bremix"))


@pytest.mark.parametrize("content", [b"name\nVexola\n", b"", b"maker,spelling\n\xc2\xe5\xea\xf1,\n"])
def test_a_list_that_is_none_is_refused_by_name(tmp_path, content):
    (tmp_path / "makers.csv").write_bytes(content)
    with pytest.raises(TradeAnalyticsError, match=r"makers\.csv"):
        read_makers(tmp_path / "makers.csv")


@pytest.mark.shared
def test_the_given_descriptions_name_their_pieces_and_no_more():
    if not GIVEN.exists():
        pytest.skip("the folder of real files is not beside the checkout")
    items = [json.loads(line) for line in GIVEN.read_text("utf-8").splitlines()]
    texts = [f"{item['G31_1']}; {item['desc_extention']}" for item in items]
    finds = read(texts)
    counted = pieces(finds)
    assert [place for place, text in enumerate(texts) if " ШТ." in text] == counted.index.tolist()
    assert (len(counted), counted[62], counted[117], counted[118]) == (53, 20_000, 500, 60)
    parts = ["J-780", "FEMORA-21", "B-1200", "HC-418", "IJ-1800", "HL-32", "P900", "LCD-64", "T-2649", "UC-22"]
    assert finds.loc[finds["kind"] != "pieces", "value"].tolist() == parts
