"""Numbers, money and dates in the words of a news page, in English and in French.

Every form comes from Babel's locale data but three that it lacks or gets wrong: a true minus sign, the narrow no-break
space that French sets before its percent sign, and the French "1er" for the first of a month. Rounding is half-up on
exact decimals, as a reader rounds by hand: 44,850,000 dollars are 44.9 million, where banker's rounding says 44.8.
"""

import operator
import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, SupportsIndex, TypeVar

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from tradeanalytics import TradeAnalyticsError

Words = TypeVar("Words")

LANGUAGES: Final = ("en", "fr")
MINUS: Final = "\u2212"
NO_BREAK: Final = "\u00a0"
NARROW: Final = "\u202f"

_MILLION: Final = 1_000_000
_UNKNOWN: Final = {"en": "unknown", "fr": "inconnu"}
_DIFFERENCE: Final = {"en": "Difference: {} minus {}", "fr": "Écart\u00a0: {} moins {}"}
_VINTAGE: Final = {"en": "vintage of {}", "fr": "version {}"}
_NO_VINTAGE: Final = {"en": "vintage unknown", "fr": "version inconnue"}
_VINTAGE_TEXT: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def unknown(language: str, of: str = "") -> str:
    """The word for a value that nobody published, and whose it is: never a zero, never a blank."""
    word = _UNKNOWN[_locale(language).language]
    colon = f"{NO_BREAK}: " if language == "fr" else ": "
    return f"{of}{colon}{word}" if of else word


def told(texts: Mapping[str, Words], language: str) -> Words:
    """What stands in `texts` for a language. Raises TradeAnalyticsError for a language that nobody here writes."""
    return texts[_locale(language).language]


def difference(new: str, old: str, language: str) -> str:
    """What a panel of differences shows, from the names of the two things compared."""
    return _DIFFERENCE[_locale(language).language].format(new, old)


def number(value: float | Decimal, decimals: int, language: str, *, signed: bool = False) -> str:
    """A number with `decimals` places, rounded half-up; `signed` writes the plus too.

    >>> number(-1234.5, 0, "en")
    '−1,235'

    Raises TradeAnalyticsError for a value that is no finite number: unknown is said with `unknown`.
    """
    rounded = _round(_exact(value), decimals)
    places = "." + "0" * decimals if decimals else ""
    digits = format_decimal(abs(rounded), format=f"#,##0{places}", locale=_locale(language))
    return _sign(rounded, signed=signed) + digits


def percent(ratio: float | Decimal, decimals: int, language: str, *, signed: bool = False) -> str:
    """A ratio as a percentage, rounded half-up: -0.878 is "−87.8%", in French "−87,8 %" with a narrow no-break space.

    >>> percent(-0.878, 1, "en")
    '−87.8%'
    """
    shown = number(_exact(ratio) * 100, decimals, language, signed=signed)
    return shown + (f"{NARROW}%" if language == "fr" else "%")


def money(cents: SupportsIndex, language: str) -> str:
    """Canadian cents as dollars in words: whole dollars below a million, then one decimal of a million or a billion.

    The unit is chosen after rounding, so 999,950,000 dollars are "$1 billion", and ".0" is not said.

    >>> money(4_483_100_000, "en")
    '$44.8 million'
    """
    dollars = Decimal(_whole(cents)) / 100
    sign = _sign(_round(dollars, 0), signed=False)
    amount = _amount(abs(dollars), _locale(language))
    return f"{sign}${amount}" if language == "en" else f"{sign}{amount}"


def us_money(cents: SupportsIndex, language: str) -> str:
    """US cents as dollars in words, as `money` says Canadian ones.

    >>> us_money(88_694_502, "en")
    'US$886,945'
    """
    words = money(cents, language)
    if language == "en":
        return words.replace("$", "US$")
    return f"{words} américain{'' if words.endswith('dollar') else 's'}"


def euros(cents: SupportsIndex, language: str) -> str:
    """Euro cents in words, as `money` says Canadian ones.

    >>> euros(4_350_080_000_000, "en")
    '€43.5 billion'
    """
    words = money(cents, language)
    return words.replace("$", "€") if language == "en" else re.sub("(de )?dollar", _euro, words)


def _euro(found: re.Match[str]) -> str:
    return "d’euro" if found[1] else "euro"


def month(period: date, language: str, *, short: bool = False) -> str:
    """A month and its year: "March 2022", "mars 2022"; short "Mar 2022", "mars 2022"."""
    return format_skeleton("yMMM" if short else "yMMMM", period, locale=_locale(language))


def month_alone(period: date, language: str) -> str:
    """A month without its year, as short as the language writes it: "Feb", "févr."."""
    return format_date(period, "LLL", locale=_locale(language))


def day(on: date, language: str) -> str:
    """A day with month and year: "February 24, 2022", "24 février 2022", "1er mars 2022"."""
    words = format_date(on, "long", locale=_locale(language))
    return re.sub(r"^1 ", "1er ", words) if language == "fr" else words


def vintage_words(vintage: str, language: str) -> str:
    """The vintage of a table, known to the day, the month or the year, or not at all (empty text).

    >>> vintage_words("2022-10", "fr")
    "version d'octobre 2022"

    Raises TradeAnalyticsError for any other text.
    """
    locale = _locale(language)
    if not vintage:
        return _NO_VINTAGE[locale.language]
    when = _vintage_date(vintage, language)
    return _VINTAGE[locale.language].format(_of(when) if language == "fr" else when)


def _vintage_date(vintage: str, language: str) -> str:
    if not _VINTAGE_TEXT.fullmatch(vintage):
        raise TradeAnalyticsError(f"vintage: {vintage!r}, expected YYYY, YYYY-MM, YYYY-MM-DD or no text")
    try:
        first = date.fromisoformat((vintage + "-01-01")[:10])
    except ValueError as error:
        raise TradeAnalyticsError(f"vintage: {vintage!r}, expected a date that exists") from error
    written = {4: str(first.year), 7: month(first, language), 10: day(first, language)}
    return written[len(vintage)]


def _of(when: str) -> str:
    """French "of": du 5 octobre, d'octobre, de mars, de 2026."""
    if " " in when and when[0].isdigit():
        return f"du {when}"
    return f"d'{when}" if when[0] in "ao" else f"de {when}"


def _amount(dollars: Decimal, locale: Locale) -> str:
    whole = _round(dollars, 0)
    if whole < _MILLION:
        return _counted(whole, "dollar", locale)
    unit = _MILLION if _round(dollars / _MILLION, 1) < 1000 else _MILLION * 1000
    count = _round(dollars / unit, 1)
    pattern = locale.compact_decimal_formats["long"][locale.plural_form(count)][str(unit)].pattern
    words = pattern.replace("0", _plain(count, locale)).replace(" ", NO_BREAK if locale.language == "fr" else " ")
    return words if locale.language == "en" else f"{words} de dollars"


def _counted(count: Decimal, noun: str, locale: Locale) -> str:
    if locale.language == "en":
        return _plain(count, locale)
    return f"{_plain(count, locale)}{NO_BREAK}{noun}{'' if locale.plural_form(count) == 'one' else 's'}"


def _plain(count: Decimal, locale: Locale) -> str:
    return str(format_decimal(count, format="#,##0.#", locale=locale))


def _sign(rounded: Decimal, *, signed: bool) -> str:
    # A value that rounds to zero has no sign: "−0.0" reads as a fall that is not there.
    if rounded < 0:
        return MINUS
    return "+" if signed and rounded > 0 else ""


def _round(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _exact(value: float | Decimal) -> Decimal:
    # Through str: the shortest text of a float is what its reader meant (1.005), its binary value is not (1.00499...).
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation as error:
        raise TradeAnalyticsError(f"number: {value!r}, expected a number") from error
    if not exact.is_finite():
        raise TradeAnalyticsError(f"number: {value!r}, expected a finite number; an unknown value is said in words")
    return exact


def _whole(cents: SupportsIndex) -> int:
    try:
        return operator.index(cents)
    except TypeError as error:
        raise TradeAnalyticsError(f"cents: {cents!r}, expected a whole number of cents") from error


def _locale(language: str) -> Locale:
    if language not in LANGUAGES:
        raise TradeAnalyticsError(f"language: {language!r}, expected one of {', '.join(LANGUAGES)}")
    return Locale(language)
