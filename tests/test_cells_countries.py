"""Countries in every spelling to one code each; what is no country is null."""

import polars as pl
import pytest
from babel import Locale

from tradeanalytics.reference import rows as reference_rows
from tradeanalytics.reference.countries import _LANGUAGES, _NO_COUNTRIES, fold, read_country
from tradeanalytics.sources.cells_countries import country, country_disagrees, country_of_address


def read(expression, *cells: str | None) -> list:
    table = pl.LazyFrame({"cell": cells}, schema={"cell": pl.String})
    return table.select(expression).collect(engine="streaming").to_series().to_list()


SPELLINGS = [
    ("NA", "NA", "Namibia, not a missing value"),
    ("NAM", "NA", "three letters"),
    ("516", "NA", "its number"),
    ("NO", "NO", "Norway, not a refusal"),
    ("КИТАЙ", "CN", "as in a Russian declaration"),
    ("Китай", "CN", "in any case"),
    ("КИТAЙ", "CN", "with a Latin A"),
    ("РОССИЯ", "RU", "short"),
    ("РОССИЙСКАЯ ФЕДЕРАЦИЯ", "RU", "official"),
    ("ГОНКОНГ", "HK", "its own code"),
    ("ТАЙВАНЬ (КИТАЙ)", "TW", "as Russian customs name it"),
    ("СОЕДИНЕННЫЕ ШТАТЫ", "US", "without Ё"),
    ("США", "US", "short"),
    ("КОРЕЯ, РЕСПУБЛИКА", "KR", "words in any order"),
    ("РЕСПУБЛИКА КОРЕЯ", "KR", "so"),
    ("КОРЕЯ, НАРОДНО-ДЕМОКРАТИЧЕСКАЯ РЕСПУБЛИКА", "KP", "the other one"),
    ("ВЕЛИКОБРИТАНИЯ", "GB", "Russian"),
    ("UK", "GB", "reserved, not assigned"),
    ("EL", "GR", "as the European Commission writes Greece"),
    ("ТУРЦИЯ", "TR", "Russian"),
    ("TÜRKİYE", "TR", "Turkish capitals"),
    ("Turkey", "TR", "the name until 2022"),
    ("Viet Nam", "VN", "official English"),
    ("Côte d’Ivoire", "CI", "a French apostrophe"),
    ("COTE D'IVOIRE", "CI", "and none"),
    ("中国", "CN", "Chinese"),
    ("ЕВРОСОЮЗ", "EU27", "a group, marked as such"),
    ("EU", "EU27", "so"),
    ("SU", None, "fifteen countries today"),
    ("AN", None, "three territories today"),
    ("XX", None, "no code"),
    ("ZZ", None, "the CLDR's unknown region"),
    ("Atlantis", None, "no country"),
    ("N/A", None, "no country either"),
    ("", None, "nothing"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "code", "why"), SPELLINGS)
def test_country(written, code, why):
    assert read(country("cell"), written) == [code], why


def test_a_name_stands_in_for_a_code_that_is_missing_or_unknown():
    table = pl.LazyFrame({"code": ["CN", None, "??", "TR"], "name": ["КИТАЙ", "КИТАЙ", "КИТАЙ", "КИТАЙ"]})
    answers = table.select(code=country("code", "name"), odd=country_disagrees("code", "name")).collect()
    assert answers.rows() == [("CN", False), ("CN", False), ("CN", False), ("TR", True)]


def test_no_spelling_means_two_countries():
    seen: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code not in _NO_COUNTRIES:
                seen.setdefault(fold(name), set()).add(code)
    for row in reference_rows("countries"):
        seen.setdefault(fold(row["spelling"]) or row["spelling"], set()).add(row["code"])
    assert {name: codes for name, codes in seen.items() if len(codes) > 1} == {}


def test_every_listed_spelling_is_read():
    assert [row for row in reference_rows("countries") if read_country(row["spelling"]) != row["code"]] == []


@pytest.mark.shared
def test_every_country_of_statistics_canada_is_read_in_both_its_languages(shared):
    lines = (shared / "data/statcan/cimt_lookups/ODPF_6_CtyDesc.TXT").read_text("cp1252").splitlines()
    listed = [
        (line[:2], name.strip()) for line in lines if line[18:24] == "999912" for name in (line[25:108], line[108:191])
    ]
    # Not in ISO 3166: two cities of Spain, islands of the United States, the high seas.
    assert {code for code, name in listed if read_country(name) != code} == {"EA", "PC", "ZZ"}


ADDRESSES = [
    ("ГОНКОНГ, MONG KOK, HONG KONG, FLAT 5", "HK", "Russian customs put the country first"),
    ("ABBOTSFORD, CA, V3S 5C1", "CA", "a Canadian postal code"),
    ("RICHMOND, CA, V6W1H4", "CA", "without its space"),
    ("LOS ANGELES, CA, 90210", None, "California, and no country named"),
    ("ТУРЦИЯ, ISTANBUL, A1A 1A1", "TR", "the country named outweighs what looks like a postal code"),
    ("1 SAMPLE RD, WALNUT, UNITED STATES", "US", "the last part"),
    ("1 SAMPLE RD, ATLANTA, GEORGIA", None, "a state, more often than the country"),
    ("TR, ISTANBUL", None, "two letters may be anything"),
    ("D1D 1D1", None, "no Canadian postal code begins with D"),
    ("", None, "nothing"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "code", "why"), ADDRESSES)
def test_the_country_of_an_address(written, code, why):
    assert read(country_of_address("cell"), written) == [code], why
