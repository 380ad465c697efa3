"""Numbers in text: a labelled one is told whatever its check digit, a run of digits alone is nobody's number."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_97_10
from stdnum.ru import inn, ogrn

from tradeanalytics.parties import identifiers
from tradeanalytics.parties.identifiers import checked, found, normal, numbered_company

# The numbers are the check-digit examples of their standards, or made up: 00 is no region of a Russian tax number.
FOUND = [
    # text, (kind, number, whether checked) of each, reason
    ("ИНН 7802170553", [("inn", "7802170553", True)], "the label in Russian"),
    ("ИНН/КПП 7802170553/780201001", [("inn", "7802170553", True)], "two numbers behind two labels"),
    ("ИНН: 123456789047", [("inn", "123456789047", True)], "a person's has 12 digits"),
    ("ИНН 0012345678", [("inn", "0012345678", False)], "a wrong check digit is told: it can be a slip"),
    ("OOO OBRAZETS INN 7802170553", [("inn", "7802170553", True)], "the label in Latin letters"),
    ("INN: 7802170554", [("inn", "7802170554", False)], "a colon makes it a label"),
    ("HOLIDAY INN 4165551234", [], "a hotel and its telephone"),
    ("Tax ID No. 7802170553 (Russia)", [("inn", "7802170553", True)], "as one list of sanctions writes it"),
    ("Tax ID No. 7802170553 (Turkey)", [], "another country's number, of the same form"),
    ("Tax ID No. 7802170554", [], "of what kind it is, only the check digit could tell"),
    ("TIN 7802170553; Reg. No. 1022200525819", [("inn", "7802170553", True), ("ogrn", "1022200525819", True)], "two"),
    ("ОГРН 1022200525819", [("ogrn", "1022200525819", True)], "a company's registration"),
    ("ОГРНИП 304500116000157", [("ogrn", "304500116000157", True)], "an entrepreneur's"),
    ("Registration Number 1022200525819 (Russia)", [("ogrn", "1022200525819", True)], "the general label"),
    ("Registration Number 7802170553", [], "ten digits have many meanings"),
    ("Registration Number 7802170553 (Russia)", [("inn", "7802170553", True)], "but not in Russia"),
    ("Registration Number 1234567 (Hong Kong)", [("hk_cr", "1234567", False)], "form only"),
    ("Registration Number 1234567 (Oman)", [], "seven digits of another country"),
    ("CR No. 1234567", [("hk_cr", "1234567", False)], "the label of Hong Kong"),
    ("CR No. 1234567 (Bahrain)", [], "the same label elsewhere"),
    ("公司編號：1234567", [("hk_cr", "1234567", False)], "the label in Chinese"),
    ("B.R. No. 12345678-000-01-20-1", [("hk_br", "12345678", False)], "a certificate's number has more behind"),
    ("M/V SYNTHETIC, IMO 9319466", [("imo", "9319466", True)], "a ship"),
    ("IMO No. 9319467", [("imo", "9319467", False)], "a ship, miswritten"),
    ("vessel 9319466", [], "seven digits alone"),
    ("LEI 213800KUD8LAJWSQ9D15", [("lei", "213800KUD8LAJWSQ9D15", True)], "labelled"),
    ("of 213800KUD8LAJWSQ9D15.", [("lei", "213800KUD8LAJWSQ9D15", True)], "its form is its own"),
    ("of 213800KUD8LXJWSQ9D15.", [], "without label a wrong check digit says it is something else"),
    ("р/с 40702810600000000051", [], "twenty digits are a Russian bank account"),
    ("统一社会信用代码91110000600037341L的公司", [("uscc", "91110000600037341L", True)], "no spaces in Chinese"),
    ("91110000600037341L", [("uscc", "91110000600037341L", True)], "its form is its own"),
    ("报关单 310120230000000017", [], "eighteen digits are a Chinese declaration"),
    ("BN: 12302 6635", [("ca_bn", "123026635", True)], "as the revenue agency writes it"),
    ("importer 123026635RC0001", [("ca_bn", "123026635", True)], "the program account makes its form its own"),
    ("123026635", [], "nine digits alone"),
    ("BN 123026636", [], "two letters are a weak label"),
    ("Business Number 123026636", [("ca_bn", "123026636", False)], "two words are not"),
    ("ТН ВЭД 8542310000", [], "goods"),
    ("ИНН не указан, код 8542310000", [], "words stand between"),
    ("HS 8542.31.0000 ИНН", [], "the label stands behind"),
    ("ИНН 78021705531", [], "eleven digits"),
    ("ИНН 0000000000", [], "zeros fill a field"),
    ("ИНН 7802170553,7707083893", [("inn", "7802170553", True)], "a comma between two numbers"),
    ("IMO 9319466.5", [], "a decimal"),
    ("", [], "nothing"),
]

NORMAL = [
    # kind, as written, normal, reason
    ("inn", " 7802 170553 ", "7802170553", "spaces"),
    ("imo", "IMO9319466", "9319466", "the label in the number"),
    ("lei", "2138-00ku-d8la-jwsq-9d15", "213800KUD8LAJWSQ9D15", "hyphens and small letters"),
    ("ca_bn", "123026635 RT 0001", "123026635", "another program, the same business"),
    ("hk_br", "12345678-000-01-20-1", "12345678", "the certificate's end"),
    ("hk_cr", "0012345", "0012345", "zeros before it are part of it"),
    ("hk_cr", "12345", None, "a lost zero is not guessed back"),
    ("uscc", "91110000600037341I", None, "a letter it does not use"),
    ("inn", "７８０２１７０５５３", None, "digits of another width"),
    ("passport", "7802170553", None, "a kind not known"),
]

CHECKED = [
    # kind, number, whether its check digit is right, reason
    ("inn", "7802170553", True, "right"),
    ("inn", "7802170554", False, "wrong"),
    ("inn", "780217055", False, "too short"),
    ("ogrn", "304500116000157", True, "an entrepreneur's"),
    ("ogrn", "304500116000150", False, "and a wrong one"),
    ("hk_cr", "1234567", None, "no check digit is published"),
    ("hk_br", "12345678", None, "nor for this"),
    ("passport", "1", None, "a kind not known"),
]

NUMBERED = [
    # names of one company, where and number, reason
    (
        ("10219452 Canada Inc.", "10219452 CANADA INC", "10219452 Canada ltée", "10219452 CANADA"),
        "CA 10219452",
        "federal",
    ),
    (("426160-7 CANADA LIMITED", "4261607 Canada Limitée"), "CA 4261607", "the hyphen before the last digit"),
    (("9123-4567 Québec inc.", "91234567 QUEBEC INC.", "9123-4567 Que\u0301bec Inc"), "CA-QC 91234567", "Quebec"),
    (("1234567 Ontario Limited", "1234567 ONTARIO INC. O/A SYNTHETIC"), "CA-ON 1234567", "Ontario, with a trade name"),
    (("0123456 B.C. LTD.", "123456 BC Ltd", "123456 British Columbia Ltd."), "CA-BC 123456", "zeros before it"),
    (("123456 N.B. Inc.", "123456 Nouveau-Brunswick Inc."), "CA-NB 123456", "two languages"),
]

NOT_NUMBERED = [
    # name, reason
    ("123 Ontario Street", "a house"),
    ("SYNTHETIC 10219452 CANADA INC", "a name before it"),
    ("1234567 SYNTHETIC INC", "no jurisdiction"),
    ("CANADA INC", "no number"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "numbers", "reason"), FOUND)
def test_numbers_are_found_by_their_labels_or_their_form(text, numbers, reason):
    assert [(one.kind, one.number, one.checked) for one in found(text)] == numbers, reason


@pytest.mark.parametrize("text", [text for text, *_ in FOUND])
def test_what_was_written_stands_in_the_text_and_leads_back_to_the_number(text):
    for one in found(text):
        assert one.written in text
        assert normal(one.kind, one.written) == one.number


@pytest.mark.parametrize(("kind", "written", "number", "reason"), NORMAL)
def test_a_number_has_one_spelling(kind, written, number, reason):
    assert normal(kind, written) == number, reason


@pytest.mark.parametrize(("kind", "number", "right", "reason"), CHECKED)
def test_a_check_digit_is_right_wrong_or_not_known(kind, number, right, reason):
    assert checked(kind, number) is right, reason


DIGITS = "0123456789"
STEMS = {
    # kind, first and last number without its check digit, the check digit of the others
    "inn": ("inn", 1, 10**9 - 1, "{:09d}", inn.calc_company_check_digit),
    "company": ("ogrn", 10**11, 10**12 - 1, "{}", lambda text: ogrn.calc_check_digit(text + "0")),
    "entrepreneur": ("ogrn", 3 * 10**13, 5 * 10**13 - 1, "{}", lambda text: str(int(text) % 13 % 10)),
    "ca_bn": ("ca_bn", 1, 10**8 - 1, "{:08d}", luhn.calc_check_digit),
    "lei": ("lei", 0, 10**12 - 1, "549300{:012d}", mod_97_10.calc_check_digits),
    "uscc": ("uscc", 0, 10**9 - 1, "91110000{:09d}", uscc.calc_check_digit),
}


@pytest.mark.parametrize("which", STEMS)
@given(st.data())
def test_a_right_check_digit_is_right_and_any_other_last_digit_wrong(which, data):
    kind, first, last, form, check = STEMS[which]
    stem = form.format(data.draw(st.integers(first, last)))
    number = stem + check(stem)
    other = data.draw(st.sampled_from([digit for digit in DIGITS if digit != number[-1]]))
    assert checked(kind, number) is True
    assert checked(kind, number[:-1] + other) is False


@given(st.text(alphabet=DIGITS + " .,-/", max_size=80))
def test_digits_without_a_word_are_no_numbers(text):
    assert found(text) == ()


WORDS = st.sampled_from(
    ["ИНН", "INN:", "LEI", "BN", "7802170553", "213800KUD8LAJWSQ9D15", "No", "(Russia)", "-", "C.R."]
)


@given(st.text(max_size=60) | st.lists(WORDS, max_size=9).map(" ".join))
def test_whatever_the_text_numbers_stand_in_it_one_behind_the_other(text):
    end = 0
    for one in found(text):
        start = text.index(one.written, end)
        end = start + len(one.written)


@pytest.mark.parametrize(("names", "number", "reason"), NUMBERED)
def test_spellings_of_a_numbered_company_are_one(names, number, reason):
    assert {numbered_company(name) for name in names} == {number}, reason


@pytest.mark.parametrize(("name", "reason"), NOT_NUMBERED)
def test_other_names_are_no_numbers(name, reason):
    assert numbered_company(name) is None, reason


@given(st.integers(1000, 10**9), st.integers(1000, 10**9))
def test_two_numbers_are_two_companies(one, other):
    same = numbered_company(f"{one} Canada Inc.") == numbered_company(f"{other} CANADA LTÉE")
    assert same == (one == other)
    assert numbered_company(f"{one} Canada Inc.") != numbered_company(f"{one} Ontario Inc.")


def test_the_examples_run():
    assert doctest.testmod(identifiers).failed == 0
