"""Numbers, money and dates as a news page writes them, in two languages."""

import doctest
from datetime import date
from decimal import Decimal

import pytest

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story import words

NUMBERS = [
    # value, decimals, language, words, reason
    (44.831, 1, "en", "44.8", "the headline's first number"),
    (44.831, 1, "fr", "44,8", "French has a decimal comma"),
    (1234567, 0, "en", "1,234,567", "English groups with a comma"),
    (1234567, 0, "fr", "1\u202f234\u202f567", "French groups with a narrow no-break space"),
    (-2.14, 1, "en", "\u22122.1", "a true minus, not a hyphen"),
    (2.5, 0, "en", "3", "half goes up, where banker's rounding says 2"),
    (2.49, 0, "en", "2", "just short of half stays"),
    (-2.5, 0, "en", "\u22123", "half goes away from zero on both sides"),
    (1.005, 2, "en", "1.01", "the text of a float is meant, not its binary value just below"),
    (Decimal("1.00499"), 2, "en", "1.00", "just short of the same half"),
    (-0.04, 1, "en", "0.0", "what rounds to zero has no sign"),
    (100, 2, "fr", "100,00", "decimals are kept, so that a column lines up"),
]
PERCENTAGES = [
    # ratio, language, words, reason
    (-0.878, "en", "\u221287.8%", "English sets no space"),
    (-0.878, "fr", "\u221287,8\u202f%", "French sets a narrow no-break space"),
    (Decimal("0.0785"), "en", "7.9%", "half-up at the half"),
    (Decimal("0.07849"), "en", "7.8%", "and not just short of it"),
]
MONEY = [
    # cents, English, French, reason
    (4_483_100_000, "$44.8 million", "44,8\u00a0millions de dollars", "the headline's first number"),
    (546_100_000, "$5.5 million", "5,5\u00a0millions de dollars", "the headline's second number"),
    (75_200_000, "$752,000", "752\u202f000\u00a0dollars", "below a million: whole dollars"),
    (49, "$0", "0\u00a0dollar", "just short of half a dollar; French zero is singular"),
    (50, "$1", "1\u00a0dollar", "half a dollar rounds up"),
    (99_999_949, "$999,999", "999\u202f999\u00a0dollars", "just short of rounding up to a million"),
    (99_999_950, "$1 million", "1\u00a0million de dollars", "a rounded million is said as one; French singular"),
    (104_999_999, "$1 million", "1\u00a0million de dollars", "one cent short of half a tenth; '.0' is not said"),
    (105_000_000, "$1.1 million", "1,1\u00a0million de dollars", "half a tenth rounds up; French 1.1 is singular"),
    (195_000_000, "$2 million", "2\u00a0millions de dollars", "French plural starts at two"),
    (99_994_999_999, "$999.9 million", "999,9\u00a0millions de dollars", "one cent short of a rounded billion"),
    (99_995_000_000, "$1 billion", "1\u00a0milliard de dollars", "a rounded billion, never '1,000.0 million'"),
    (230_000_000_000, "$2.3 billion", "2,3\u00a0milliards de dollars", "French says milliards"),
    (-546_100_000, "\u2212$5.5 million", "\u22125,5\u00a0millions de dollars", "the sign stands before the currency"),
    (-49, "$0", "0\u00a0dollar", "what rounds to zero has no sign"),
    (900_719_925_474_099_301, "$9,007,199.3 billion", "9\u202f007\u202f199,3\u00a0milliards de dollars", "past 2**53"),
]
VINTAGES = [
    # vintage, English, French, reason
    ("2022-10-05", "vintage of October 5, 2022", "version du 5 octobre 2022", "known to the day"),
    ("2022-10-01", "vintage of October 1, 2022", "version du 1er octobre 2022", "French first of the month"),
    ("2022-10", "vintage of October 2022", "version d'octobre 2022", "known to the month; French elision"),
    ("2022-08", "vintage of August 2022", "version d'août 2022", "elision before a too"),
    ("2022-03", "vintage of March 2022", "version de mars 2022", "no elision"),
    ("2026", "vintage of 2026", "version de 2026", "known to the year"),
    ("", "vintage unknown", "version inconnue", "unknown is said, not left out"),
]


@pytest.mark.parametrize(("value", "decimals", "language", "expected", "reason"), NUMBERS)
def test_a_number_reads_as(value, decimals, language, expected, reason):
    assert words.number(value, decimals, language) == expected, reason


@pytest.mark.parametrize(("ratio", "language", "expected", "reason"), PERCENTAGES)
def test_a_percentage_reads_as(ratio, language, expected, reason):
    assert words.percent(ratio, 1, language) == expected, reason


@pytest.mark.parametrize(("cents", "english", "french", "reason"), MONEY)
def test_money_reads_as(cents, english, french, reason):
    assert (words.money(cents, "en"), words.money(cents, "fr")) == (english, french), reason


@pytest.mark.parametrize(("vintage", "english", "french", "reason"), VINTAGES)
def test_a_vintage_reads_as(vintage, english, french, reason):
    assert (words.vintage_words(vintage, "en"), words.vintage_words(vintage, "fr")) == (english, french), reason


def test_a_rise_can_carry_its_plus_and_no_change_carries_none():
    assert words.percent(0.0786, 1, "fr", signed=True) == "+7,9\u202f%"
    assert words.number(0, 0, "en", signed=True) == "0"


def test_months_and_days_are_those_of_the_language():
    march = date(2022, 3, 1)
    assert [words.month(march, language) for language in words.LANGUAGES] == ["March 2022", "mars 2022"]
    assert [words.month(date(2022, 2, 1), language, short=True) for language in ("en", "fr")] == [
        "Feb 2022",
        "févr. 2022",
    ]
    assert [words.month_alone(date(2022, 2, 1), language) for language in ("en", "fr")] == ["Feb", "févr."]
    assert [words.day(march, language) for language in words.LANGUAGES] == ["March 1, 2022", "1er mars 2022"]


def test_an_unknown_value_says_whose_it_is():
    assert words.unknown("en", "March 2021") == "March 2021: unknown"
    assert words.unknown("fr", "Mars 2021") == "Mars 2021\u00a0: inconnu"


REFUSED = [
    # call, what the message names, reason
    (lambda: words.number(float("nan"), 1, "en"), "nan", "unknown is not a number"),
    (lambda: words.percent(float("inf"), 1, "en"), "inf", "a change from zero has no percentage"),
    (lambda: words.money(44.5, "en"), "44.5", "money is whole cents"),
    (lambda: words.number(1, 0, "de"), "'de'", "only two languages are written"),
    (lambda: words.money(1, "de"), "'de'", "here too"),
    (lambda: words.vintage_words("2022-13", "en"), "2022-13", "no such month"),
    (lambda: words.vintage_words("22", "en"), "'22'", "no such form"),
    (lambda: words.vintage_words("2022-10-05T08:30", "en"), "2022-10-05T08:30", "a time of day is not a vintage"),
]


@pytest.mark.parametrize(("call", "named", "reason"), REFUSED)
def test_what_has_no_words_is_refused_by_name(call, named, reason):
    with pytest.raises(TradeAnalyticsError) as error:
        call()
    assert named in str(error.value), reason
    assert "\n" not in str(error.value)


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(words) == (0, 6)


def test_texts_are_told_in_a_language_that_is_written_here_and_in_no_other():
    assert [words.told({"en": 1, "fr": 2}, language) for language in ("en", "fr")] == [1, 2]
    with pytest.raises(TradeAnalyticsError, match="'de'"):
        words.told({"en": 1, "fr": 2, "de": 3}, "de")
