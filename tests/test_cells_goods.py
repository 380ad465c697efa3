"""HS codes repaired only where the written code proves it; weights and currencies by their tables."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.sources.cells_goods import currency, unit_unknown, weight, weight_of
from tradeanalytics.sources.cells_hs import HsProfile, hs, hs_edition, hs_profile, hs_source
from tradeanalytics.sources.cells_numbers import ENGLISH, RUSSIAN

TEN, SIX = HsProfile(10), HsProfile(6)


def rows(*cells: str | None) -> pl.LazyFrame:
    return pl.LazyFrame({"cell": cells}, schema={"cell": pl.String})


def read(expression, *cells: str | None) -> list:
    return rows(*cells).select(expression).collect(engine="streaming").to_series().to_list()


CODES = [
    # written, usual length, code, repair, codes in the cell, why
    ("8517620009", TEN, "8517620009", None, 1, "as declared"),
    ("0101210000", TEN, "0101210000", None, 1, "a leading zero is data"),
    ("8542.31", TEN, "854231", None, 1, "dots part groups"),
    ("85 42 31 000 0", TEN, "8542310000", None, 1, "so do spaces"),
    ("85.42", SIX, "8542", None, 1, "a heading, as a sheet shows it"),
    ("854231*", TEN, "854231", None, 1, "fewer than ten digits, and it says so"),
    ("8542310000.0", TEN, "8542310000", "from_float", 1, "a whole number read as a double"),
    ("101210000", TEN, "0101210000", "zero_restored", 1, "one digit short of the column"),
    ("101210000", SIX, None, None, 1, "nine digits in a column of six"),
    ("90111", SIX, "090111", "zero_restored", 1, "coffee, after a spreadsheet"),
    ("90111", TEN, None, None, 1, "five digits in a column of ten may be anything"),
    ("90111", HsProfile(), None, None, 1, "no column to go by"),
    ("90111.0", SIX, "090111", "from_float;zero_restored", 1, "both"),
    ("101.21", SIX, "010121", "zero_restored", 1, "the first group is short"),
    ("8542.3", SIX, None, None, 1, "the last group is short: its zero was the last"),
    ("012345678", TEN, None, None, 1, "a zero is there already"),
    ("0012345678", TEN, None, None, 1, "no chapter 00"),
    ("8.54231E+09", TEN, None, None, 1, "four digits are lost"),
    ("8.54231E+05", SIX, "854231", "from_e_notation", 1, "none are lost"),
    ("Parsed: 2523.21.00.00; 2523.29", TEN, "2523210000", None, 2, "the first of two"),
    ("Classified: 2523.21", SIX, "252321", None, 1, "a vendor's guess"),
    ("7323.93; ; ", SIX, "732393", None, 1, "empty ones do not count"),
    ("854231,854239", SIX, "854231", None, 2, "parted by a comma"),
    ("CODE", TEN, None, None, 1, "no code"),
    ("", TEN, None, None, 0, "nothing"),
    (None, TEN, None, None, None, "null"),
]


@pytest.mark.parametrize(("written", "profile", "code", "repair", "codes", "why"), CODES)
def test_hs(written, profile, code, repair, codes, why):
    answer = rows(written).select(hs("cell", profile)).unnest("cell").collect(engine="streaming").row(0)
    assert answer == (code, repair, codes), why


@given(st.from_regex(r"(0[1-9]|[1-9][0-9])[0-9]{8}", fullmatch=True))
def test_a_code_that_lost_its_zero_as_a_number_comes_back(code):
    answer = read(hs("cell", TEN).struct.field("hs"), code, str(int(code)), f"{int(code)}.0")
    assert answer == [code, code, code]


def test_the_usual_length_is_that_of_most_codes():
    assert hs_profile(rows("8517620009", "101210000", "0101210000", "854231", None), "cell") == TEN
    assert hs_profile(rows("85176200", "8517620009"), "cell") == TEN
    assert hs_profile(rows("x", None), "cell") == HsProfile()


SOURCES = [
    ("8517620009", "declared", "no label"),
    ("Parsed: 2523.21.00.00", "parsed", "on the bill"),
    ("Classified: 0901.11", "classified", "guessed from the description"),
    ("Parsed: 2523.21; Classified: 0901.11", "parsed", "that of the first code"),
    (" ", None, "no code"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "source", "why"), SOURCES)
def test_where_a_code_is_from(written, source, why):
    assert read(hs_source("cell"), written) == [source], why


EDITIONS = [
    (date(2022, 1, 1), "2022", "the first day of HS2022"),
    (date(2021, 12, 31), "2017", "the day before"),
    (date(2017, 1, 1), "2017", "the first day of HS2017"),
    (date(2016, 12, 31), "2012", "the day before"),
    (date(2012, 1, 1), "2012", "the first day of HS2012"),
    (date(2011, 12, 31), "2007", "the day before"),
    (date(1988, 1, 1), "1988", "the first day of the HS"),
    (date(1987, 12, 31), None, "the day before"),
    (None, None, "no day"),
]


@pytest.mark.parametrize(("day", "edition", "why"), EDITIONS)
def test_the_edition_is_that_of_the_day(day, edition, why):
    assert (
        pl.LazyFrame({"day": [day]}, schema={"day": pl.Date}).select(hs_edition("day")).collect().item() == edition
    ), why


WEIGHTS = [
    ("43005000 KG", 43_005_000.0, "kilograms"),
    ("3207600 K", 3_207_600.0, "one letter of them"),
    ("13844 ET", 13_844_000.0, "metric tons"),
    ("3917 E", 3_917_000.0, "one letter of them, not an exponent"),
    ("5 MT", 5000.0, "metric tons"),
    ("14887 ST", 14_887 * 907.186, "short tons"),
    ("100 LB", 45.3592, "pounds"),
    ("100 L", 45.3592, "pounds, not litres"),
    ("5 M", None, "a measurement ton is no weight"),
    ("5", None, "no unit, and kilograms are not assumed"),
    ("12,5 т", 12_500.0, "Russian tonnes"),
    ("x KG", None, "no number"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "kilograms", "why"), WEIGHTS)
def test_weights_are_in_kilograms(written, kilograms, why):
    assert read(weight("cell", RUSSIAN), written) == [kilograms if kilograms is None else pytest.approx(kilograms)], why


def test_thousands_of_a_weight_follow_the_column():
    assert read(weight("cell", ENGLISH), "13,505 KG") == [13_505.0]
    assert read(weight("cell", RUSSIAN), "13,505 KG") == [13.505]


def test_a_weight_and_its_unit_in_two_columns():
    table = pl.LazyFrame({"value": [2.0, 2.0, 2.0], "unit": ["ET", " kg ", "BAGS"]})
    answers = table.select(kg=weight_of("value", "unit"), unknown=unit_unknown("unit")).collect()
    assert answers.rows() == [(2000.0, False), (2.0, False), (None, True)]


CURRENCIES = [
    ("USD", "USD"),
    (" eur ", "EUR"),
    ("643", "RUB"),
    ("РУБ.", "RUB"),
    ("RUR", "RUB"),
    ("$", None),
    (None, None),
]


@pytest.mark.parametrize(("written", "code"), CURRENCIES)
def test_currencies(written, code):
    assert read(currency("cell"), written) == [code]
