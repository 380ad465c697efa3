"""Partners of trade to one right code each: today's countries, those that are gone, and what is no country."""

import doctest
from datetime import date

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference import countries, rows, scripts
from tradeanalytics.reference.countries import (
    comtrade_area,
    country_name,
    fold,
    members,
    partner_code,
    read_country,
)

PARTNERS = [
    # written, month, code, why
    ("NA 420", None, "NA", "Namibia with the publisher's number"),
    ("NA", None, "NA", "and without"),
    ("ru 295", None, "RU", "in any case"),
    ("RU  295", None, "RU", "with two spaces"),
    ("RU 2950", None, None, "no number of the publisher has four digits"),
    ("CS 246", None, "CS", "Czechoslovakia by its number"),
    ("CS 288", None, "CSXX", "Serbia and Montenegro by its number"),
    ("CS", None, None, "either of the two"),
    ("CS", "1993-03", "CS", "the last month of the first"),
    ("CS", "1993-04", None, "the month after it"),
    ("CS", "2003-12", None, "the month before the second"),
    ("CS", "2004-01", "CSXX", "the first month of the second"),
    ("SU", "1993-03", "SU", "listed until then"),
    ("SU", "1993-04", None, "and not after"),
    ("Yugoslavia", None, "YU", "of any time"),
    ("Yougoslavie antérieure", None, "YU", "as it was called for three years"),
    ("East Germany", None, "DD", "not the Germany of today"),
    ("West Germany", None, "DE", "which the publisher lets run on"),
    ("Netherlands Antilles", None, "AN", "three territories today"),
    ("BU", None, "MM", "only the name has changed"),
    ("East Timor", "2020-01", "TL", "an old name that is still written"),
    ("Haute mer", None, "ZZ", "no territory"),
    ("ZX 999", None, "ZX", "the partner is not known"),
    ("Kosovo", None, "XK", "a user code of ISO 3166"),
    ("PC", "2020-01", "PC", "still listed"),
    ("Ceuta and Melilla", None, "EA", "apart from Spain"),
    ("UM", None, "UM", "of ISO 3166"),
    ("КИТAЙ", None, "CN", "all that is read elsewhere, with a Latin A"),
    ("899", None, None, "a number of Comtrade is not one of ISO 3166"),
    ("643", None, "RU", "a number of ISO 3166 is"),
    ("", None, None, "nothing"),
    ("Atlantis", None, None, "no country"),
]


@pytest.mark.parametrize(("written", "month", "code", "why"), PARTNERS)
def test_a_partner_has_one_code_or_none(written, month, code, why):
    assert partner_code(written, month) == code, why


# Where the code is not the two letters of the publisher: names that changed, and letters that were given out twice.
OTHER_CODES = {"BU 545": "MM", "TP 557": "TL", "ZR 449": "CD", "CS 288": "CSXX"}


@pytest.fixture(scope="module")
def listed(shared) -> list[tuple[str, str, str, str]]:
    """Code with number, first month, English and French name of every line of the publisher's list."""
    lines = (shared / "data/statcan/cimt_lookups/ODPF_6_CtyDesc.TXT").read_text("cp1252").splitlines()
    return [
        (line[:11].strip(), f"{line[11:15]}-{line[15:17]}", line[25:108].strip(), line[108:191].strip())
        for line in lines
    ]


@pytest.mark.shared
def test_every_code_and_name_of_statistics_canada_leads_to_one_right_code(listed):
    assert len(listed) == 278
    wrong = [
        (code, first, written)
        for code, first, english, french in listed
        for written, month in ((code, None), (code, first), (code[:2], first), (english, None), (french, first))
        if partner_code(written, month) != OTHER_CODES.get(code, code[:2])
    ]
    assert wrong == []
    assert {code for code, _, english, french in listed if partner_code(english) != partner_code(french)} == set()


@pytest.mark.shared
def test_every_country_of_statistics_canada_has_a_name_in_both_languages(listed):
    for code, _, _, french in listed:
        assert country_name(str(partner_code(code)), "en") and country_name(str(partner_code(french)), "fr")


@pytest.mark.shared
def test_the_months_of_former_countries_are_those_of_the_list(shared):
    lines = (shared / "data/statcan/cimt_lookups/ODPF_6_CtyDesc.TXT").read_text("cp1252").splitlines()
    spans = {(line[:11].strip(), line[11:17], line[18:24]) for line in lines}
    for row in rows("historical_countries"):
        months = (row["first_month"].replace("-", ""), row["last_month"].replace("-", ""))
        assert (row["published"], *months) in spans, row


def test_what_came_after_a_former_country_is_a_country_of_today():
    for row in rows("historical_countries"):
        assert row["first_month"] < row["last_month"]
        assert [read_country(code) for code in row["successors"].split()] == row["successors"].split(), row


def test_no_name_of_a_former_country_or_area_is_that_of_another_country_today():
    for row in (*rows("historical_countries"), *rows("areas")):
        for name in (row["en"], row["fr"]):
            assert read_country(name) in (None, row["code"]), row


AREAS = [
    # number, code, why
    ("0", "WORLD", "all partners"),
    ("97", "EU27", "the Union"),
    ("251", "FR", "with Monaco and what lies overseas; 250 in ISO 3166"),
    ("250", "FR", "the number of ISO 3166"),
    ("842", "US", "with Puerto Rico; 840 in ISO 3166"),
    ("757", "CH", "with Liechtenstein; 756 in ISO 3166"),
    ("699", "IN", "with Sikkim; 356 in ISO 3166"),
    ("356", "356", "without Sikkim: another area"),
    ("579", "NO", "578 in ISO 3166"),
    ("516", "NA", "Namibia"),
    ("36", "AU", "without its zero"),
    ("036", "AU", "and with it"),
    ("490", "S19", "most of it is Taiwan, and not all"),
    ("158", "TW", "Taiwan itself, where a file names it"),
    ("899", "899", "not told"),
    ("837", "837", "bunkers"),
    ("838", "838", "free zones"),
    ("839", "839", "secret"),
    ("276", "DE", "Germany"),
    ("280", "280", "West Germany"),
    ("278", "DD", "East Germany"),
    ("810", "SU", "the Soviet Union"),
    ("891", "CSXX", "Serbia and Montenegro"),
    ("886", "886", "the north of Yemen"),
    ("999", "999", "nothing is known of it"),
    ("", None, "no number"),
    ("RU", None, "no number either"),
    ("1000", None, "too long"),
    ("٣٦", None, "digits of another script"),
]


@pytest.mark.parametrize(("number", "code", "why"), AREAS)
def test_the_area_of_a_number_of_comtrade(number, code, why):
    assert comtrade_area(number) == code, why


NAMES = [
    ("RU", "Russia", "Russie"),
    ("NA", "Namibia", "Namibie"),
    ("HK", "Hong Kong", "Hong Kong"),
    ("ZZ", "High Seas", "Haute mer"),  # "Unknown Region" of the CLDR is another thing
    ("SU", "Union of Soviet Socialist Republics", "Union des républiques socialistes soviétiques"),
    ("YU", "Yugoslavia", "Yougoslavie"),
    ("CSXX", "Serbia and Montenegro", "Serbie-et-Monténégro"),
    ("DE", "Germany", "Allemagne"),  # not West Germany
    ("WORLD", "All countries", "Tous les pays"),
    ("839", "Special Categories", "Catégories spéciales"),
]


@pytest.mark.parametrize(("code", "english", "french"), NAMES)
def test_a_code_has_a_name_in_both_languages(code, english, french):
    assert (country_name(code, "en"), country_name(code, "fr")) == (english, french)


@pytest.mark.parametrize(("code", "language"), [("QQ", "en"), ("280", "fr"), ("", "en"), ("RU", "ru"), ("EU", "en")])
def test_a_code_or_language_without_names_is_refused(code, language):
    with pytest.raises(TradeAnalyticsError, match=r"expected a code|are in 'en' and 'fr'"):
        country_name(code, language)


COUNTED = [
    # group, month, how many, why
    ("EU", "1957-12", 0, "before the Economic Community"),
    ("EU", "1958-01", 6, "its first month"),
    ("EU", "2004-04", 15, "before ten joined"),
    ("EU", "2004-05", 25, "with them"),
    ("EU", "2013-07", 28, "with Croatia"),
    ("EU", "2020-01", 28, "the United Kingdom left on the last day"),
    ("EU", "2020-02", 27, "without it"),
    ("EAEU", "2014-12", 0, "before it began"),
    ("EAEU", "2015-01", 4, "Armenia came on the second day"),
    ("EAEU", "2015-07", 4, "before Kyrgyzstan"),
    ("EAEU", "2015-08", 5, "with it"),
    ("EXPORT_CONTROLS", "2022-01", 0, "before the first rule"),
    ("EXPORT_CONTROLS", "2022-02", 32, "the Union and five others"),
    ("EXPORT_CONTROLS", "2022-03", 33, "with South Korea"),
    ("EXPORT_CONTROLS", "2022-04", 37, "with four of Europe"),
]


@pytest.mark.parametrize(("group", "month", "count", "why"), COUNTED)
def test_a_group_has_its_members_by_month(group, month, count, why):
    assert len(members(group, month)) == count, why


def test_groups_have_members_that_are_countries_once_each():
    spans = [(row["group"], row["code"]) for row in rows("country_groups")]
    assert len(set(spans)) == len(spans) and all(read_country(code) == code for _, code in spans)
    for row in rows("country_groups"):
        assert date.fromisoformat(row["first_day"]) < date.fromisoformat(row["last_day"] or "9999-12-31")


@pytest.mark.parametrize(("group", "month"), [("NATO", "2022-03"), ("EU", "2022"), ("EU", "2022-13"), ("EU", "")])
def test_an_unknown_group_and_what_is_no_month_are_refused(group, month):
    with pytest.raises(
        TradeAnalyticsError, match=r"expected one of EAEU, EU, EXPORT_CONTROLS|expected a year and a month"
    ):
        members(group, month)


TEXTS = st.text(st.sampled_from("AaÉéÏïЙйЁёИиıİßCcОоКк ,.'’()-&1٣中\u0301\u0306\u00a0\t"))
CODES = st.sampled_from(sorted(code for code in map(str, Locale("en").territories) if read_country(code) == code))


@given(TEXTS)
def test_folding_what_is_folded_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.permutations(["Республика", "Корея", "Côte", "Ivoire"]), st.sampled_from([" ", ", ", " - ", "\u00a0"]))
def test_words_fold_alike_in_any_order_and_case(words, between):
    text = between.join(words)
    assert fold(text) == fold(text.upper()) == "COTE IVOIRE КОРЕЯ РЕСПУБЛИКА"


@given(TEXTS | st.text())
def test_any_text_is_read_as_a_code_that_has_a_name_or_as_none(text):
    code = partner_code(text)
    assert code is None or country_name(code, "en")


@given(CODES, st.sampled_from(["", " ", "\u00a0", "."]), st.sampled_from(["en", "fr", "ru", "tr", "es", "de", "zh"]))
def test_a_country_is_read_by_its_code_and_its_name_in_every_language(code, around, language):
    name = str(Locale(language).territories[code])
    assert read_country(around + code + around) == code
    short = len(name) <= 3 and name.isascii()  # Fas is Morocco in Turkish, but three letters are a code or nothing
    assert read_country(around + name + around) == partner_code(name) == (None if short else code)


@given(st.integers(0, 999))
def test_a_number_of_comtrade_never_gets_lost(number):
    assert comtrade_area(str(number)) == comtrade_area(f"{number:03}") is not None


def test_the_examples_run():
    assert doctest.testmod(countries).failed == doctest.testmod(scripts).failed == 0
