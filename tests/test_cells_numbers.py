"""Numbers in every spelling: read exactly, or null. Nothing becomes 0, and the column decides what 12,400 is."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.sources.cells_numbers import (
    CONTINENTAL,
    ENGLISH,
    RUSSIAN,
    NumberProfile,
    ambiguous_number,
    by_excel,
    cents,
    number,
    number_profile,
)

UNDECIDED = NumberProfile()


def rows(*cells: str | None) -> pl.LazyFrame:
    return pl.LazyFrame({"cell": cells}, schema={"cell": pl.String})


def read(expression, *cells: str | None) -> list:
    return rows(*cells).select(expression).collect(engine="streaming").to_series().to_list()


ONE_WAY = [
    # written, number, why it can be read in one way only
    ("9 000 000,00", 9_000_000.0, "Russian, with spaces"),
    ("9\u00a0000\u00a0000,00", 9_000_000.0, "with no-break spaces"),
    ("9\u202f000,5", 9000.5, "with narrow no-break spaces"),
    ("1 679 607.23", 1_679_607.23, "spaces and a point"),
    (" $7,833,000.00 ", 7_833_000.0, "dollars of an edited sheet"),
    ("1.234.567,89", 1_234_567.89, "dots for thousands"),
    ("1,234,567", 1_234_567.0, "two commas part thousands"),
    ("1'234", 1234.0, "an apostrophe parts thousands"),
    ("1 234,567", 1234.567, "a thousand is parted already, so the comma is the decimal one"),
    ("1234,567", 1234.567, "four digits before the comma"),
    ("0,500", 0.5, "no thousands begin with 0"),
    ("12,4", 12.4, "one decimal"),
    ("12.40", 12.4, "two decimals"),
    (".5", 0.5, "a decimal without its zero"),
    ("(1 234,50)", -1234.5, "an accountant's negative"),
    ("−5,25", -5.25, "a true minus sign"),
    ("-$7.5", -7.5, "the sign before the currency"),
    ("43005000 KG", 43_005_000.0, "a unit"),
    ("3917 E", 3917.0, "E is a metric ton here, not an exponent"),
    ("5,5 М3", 5.5, "a unit with a digit"),
    ("USD 1,250.50", 1250.5, "a currency"),
    ("8.54231E+09", 8_542_310_000.0, "Excel shortened a whole number"),
    ("0", 0.0, "a zero is data"),
]
NOT_NUMBERS = [
    ("n/a", "words"),
    ("", "nothing"),
    (None, "null"),
    ("10 20", "two numbers"),
    ("1,23,456", "thousands are in threes"),
    ("12 34,5", "also with spaces"),
    ("1e5", "no sheet writes a number so"),
    ("5E3", "neither five nor five thousand"),
    ("1.5E+00", "Excel shortens whole numbers only"),
    ("5E-05", "a fraction lost in a sheet"),
    ("inf", "a double, not a number of a customs file"),
    ("(5", "half a bracket"),
    ("12 тыс", "twelve thousand, not twelve"),
    ("5%", "a share of something"),
    ("0x10", "one engine's cast would read 16"),
    ("٣", "a digit of another script"),
]


@pytest.mark.parametrize(("written", "value", "why"), ONE_WAY)
@pytest.mark.parametrize("profile", [UNDECIDED, RUSSIAN, ENGLISH, CONTINENTAL])
def test_what_can_be_read_in_one_way_is_read_so_whatever_the_column(written, value, why, profile):
    assert read(number("cell", profile), written) == [value], why


@pytest.mark.parametrize(("written", "why"), NOT_NUMBERS)
def test_what_is_no_number_is_null_and_never_zero(written, why):
    assert read(number("cell", RUSSIAN), written) == [None], why
    assert read(cents("cell", RUSSIAN), written) == [None], why


AMBIGUOUS = [
    # written, profile, number, flagged, why
    ("12,400", RUSSIAN, 12.4, False, "a decimal comma"),
    ("12,400", ENGLISH, 12_400.0, False, "thousands"),
    ("12,400", UNDECIDED, None, True, "nothing tells"),
    ("12.400", RUSSIAN, 12.4, False, "Russian thousands are spaces"),
    ("12.400", CONTINENTAL, 12_400.0, False, "dots for thousands"),
    ("12.400 KG", UNDECIDED, None, True, "a unit does not tell"),
    ("12,400", NumberProfile("decimal", "decimal", contested=True), 12.4, True, "read by most, but cells disagree"),
    ("999,999", UNDECIDED, None, True, "the largest that is ambiguous"),
    ("1000,999", UNDECIDED, 1000.999, False, "and the smallest that is not"),
]


@pytest.mark.parametrize(("written", "profile", "value", "flagged", "why"), AMBIGUOUS)
def test_twelve_point_four_or_twelve_thousand(written, profile, value, flagged, why):
    assert read(number("cell", profile), written) == [value], why
    assert read(ambiguous_number("cell", profile), written) == [flagged], why


PROFILES = [
    # cells, declared style, comma, dot, why
    (["12,400", "9,6"], None, "decimal", "thousands", "a decimal comma leaves the dot"),
    (["12,400", "1,234.5"], None, "thousands", "decimal", "an English cell"),
    (["12,400", "1234.5"], None, "thousands", "decimal", "a point leaves the comma"),
    (["12,400", "9,600"], None, None, None, "no cell tells"),
    (["12,400", "9,600"], RUSSIAN, "decimal", "decimal", "the layout tells"),
    (["12,400", "1234.5"], RUSSIAN, None, "decimal", "layout and cells disagree: not guessed"),
    (["9 000,5", "1 679 607.23"], None, "decimal", "decimal", "Russian columns hold both"),
    (["1,5", "1,234,567"], None, None, None, "one against one"),
    (["1,5", "2,5", "1,234,567"], None, "decimal", "thousands", "two against one"),
    (["5", "n/a", None], None, None, None, "nothing to see"),
]


@pytest.mark.parametrize(("cells", "declared", "comma", "dot", "why"), PROFILES)
def test_a_column_tells_by_the_cells_that_can_be_read_in_one_way(cells, declared, comma, dot, why):
    profile = number_profile(rows(*cells), "cell", declared)
    assert (profile.comma, profile.dot) == (comma, dot), why


def test_a_column_of_two_minds_is_contested():
    assert number_profile(rows("1,5", "2,5", "1,234,567"), "cell").contested
    assert not number_profile(rows("1,5", "2,5", "1.234.567,5"), "cell").contested


CENTS = [
    # written, hundredths, why
    ("1234,56", 123_456, "exact"),
    ("0,005", 1, "half a cent is rounded away from zero"),
    ("0,0049", 0, "just short of half"),
    ("-0,005", -1, "also below zero"),
    ("1,5000", 150, "zeros are not finer"),
    ("1,005", 101, "1.005 as a double is less than half a cent over"),
    ("12345678901234567,89", 1_234_567_890_123_456_789, "more digits than a double holds"),
    ("90000000000000000", None, "beyond 64 bits"),
    (",25", 25, "no whole part"),
]


@pytest.mark.parametrize(("written", "hundredths", "why"), CENTS)
def test_cents_are_exact(written, hundredths, why):
    assert read(cents("cell", RUSSIAN), written) == [hundredths], why


def test_a_number_shortened_by_excel_is_marked():
    assert read(by_excel("cell"), "8.54231E+09", "8542310000", None) == [True, False, False]


STYLES = {
    "russian": (RUSSIAN, ("", " ", "\u00a0", "\u202f"), (",", ".")),
    "english": (ENGLISH, ("", ","), (".",)),
    "continental": (CONTINENTAL, ("", "."), (",",)),
}
AROUND = st.sampled_from(["{}", " {} ", "{} KG", "{} м3", "${}", "USD {}"])
VALUES = st.decimals(-(10**14), 10**14, allow_nan=False, allow_infinity=False, places=4)


def write(value: Decimal, places: int, gap: str, decimal: str) -> str:
    shown = f"{value:,.{places}f}"
    return shown.replace(",", "\0").replace(".", decimal).replace("\0", gap)


@given(st.data(), st.sampled_from(sorted(STYLES)))
def test_a_number_written_in_any_spelling_of_its_column_comes_back_exactly(data, style):
    profile, gaps, decimals = STYLES[style]
    cells, values = [], []
    for value in data.draw(st.lists(VALUES, min_size=1, max_size=6)):
        places = data.draw(st.integers(0, 4))
        values.append(value.quantize(Decimal(1).scaleb(-places)))
        spelled = write(values[-1], places, data.draw(st.sampled_from(gaps)), data.draw(st.sampled_from(decimals)))
        cells.append(data.draw(AROUND).format(spelled))
    assert read(number("cell", profile), *cells) == [float(value) for value in values], cells
    whole = [int((value * 100).quantize(Decimal(1), ROUND_HALF_UP)) for value in values]
    assert read(cents("cell", profile), *cells) == whole, cells


@given(st.lists(st.text("0123456789 ,.-()E+$KG'", max_size=12), min_size=1, max_size=5))
def test_any_text_is_read_alone_as_in_company(cells):
    alone = [read(number("cell", RUSSIAN), cell)[0] for cell in cells]
    assert read(number("cell", RUSSIAN), *cells) == alone
