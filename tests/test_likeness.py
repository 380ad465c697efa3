"""How alike two names are: the same in both directions, never beyond 0 and 1, and only where words agree."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.parties import likeness as module
from tradeanalytics.parties.candidates import prepare
from tradeanalytics.parties.likeness import (
    company_likeness,
    given_name_likeness,
    person_likeness,
    ship_likeness,
    word_likeness,
)
from tradeanalytics.parties.screening import ALERT, POSSIBLE
from tradeanalytics.parties.words import wording
from tradeanalytics.reference import rows

NONE = prepare([], "company")  # no list: every word of its own is as rare as another


def companies(one: str, other: str) -> float:
    return company_likeness(one, other, NONE.weight).score


def persons(one: str, other: str) -> float:
    return person_likeness(one, other).score


SAME_COMPANY = [
    # one name, another, reason
    ("VEXEL LTD", "Vexel Limited", "the form in full"),
    ("ООО «ВЕКСЕЛ»", "VEXEL LLC", "Cyrillic and Latin, each with its own form"),
    ("АО ВЕКСЕЛ", "Joint Stock Company Vexel", "the same form in two languages"),
    ("VEXEL Ltée", "VEXEL INC.", "Quebec"),
    ("合成样品有限公司", "Hecheng Yangpin Co., Ltd.", "Chinese and its usual reading"),
    ("株式会社サンプル", "Sanpuru K.K.", "Japanese, the form in front"),
    ("주식회사 견본", "Gyeonbon Co., Ltd.", "Korean"),
    ("Ναυτιλία Βεξελ Α.Ε.", "Naftilia Vexel S.A.", "Greek, whose υ is an f or a y"),
    ("ÖRNEK VEXEL San. ve Tic. A.Ş.", "Ornek Vexel", "a Turkish form of four words"),
    ("VEXEL A/S", "VEXEL", "a form with a stroke"),
    ("VEXEL WORKS", "ЗАВОД ВЕКСЕЛ", "what many companies are called, in two languages and in another order"),
    ("SMT-iLogic LLC", "SMT iLogic", "a hyphen or a space"),
    ("KRONSTADT", "Кронштадт", "two ways to transliterate"),
    ("SHENZHENVEXEL LTD", "Shenzhen Vexel Ltd", "one word or two"),
    ("BIRCH (VEXEL LTD)", "VEXEL", "a second name in brackets"),
    ("BIRCH; ALDER; VEXEL", "VEXEL / CEDAR", "several names on both sides"),
    ("BIRCH a.k.a. VEXEL", "VEXEL", "also known as"),
]

OTHER_COMPANY = [
    # one name, another, reason
    ("EXFO Inc.", "EXMO Ltd", "four letters are not misspelt"),
    ("EXFO", "REXFORD LTD.", "letters within another word are no match"),
    ("AIMTEC", "AIMTECH", "a ch at the end is no c"),
    ("11420 CORP.", "11421 CORP.", "numbered companies"),
    ("140 Repair Plant", "123 Repair Plant", "numbered plants"),
    ("VEXEL II", "VEXEL III", "Roman numbers"),
    ("VEXEL 1", "VEXEL SECOND", "numbers in letters"),
    ("A-B-C Company", "X-Y-Z Company", "letters that are not the same"),
    ("VEXEL TRADING", "BIRCH TRADING", "a common word that agrees"),
    ("VEXEL A/S", "BIRCH A/S", "a form with a stroke is no name"),
    ("VEXEL d/b/a BIRCH", "CEDAR d/b/a ALDER", "nor are letters with strokes"),
    ("SOVKOMBANK", "NOVIKOMBANK", "two banks"),
    ("LTD", "LIMITED", "nothing but forms"),
    ("", "VEXEL", "nothing"),
]


@pytest.mark.parametrize(("one", "other", "reason"), SAME_COMPANY)
def test_one_company_in_two_spellings_alerts(one, other, reason):
    assert companies(one, other) >= ALERT, reason


@pytest.mark.parametrize(("one", "other", "reason"), OTHER_COMPANY)
def test_two_companies_are_not_even_possible(one, other, reason):
    assert companies(one, other) <= 0.5, reason


@pytest.mark.parametrize("form", [row["form"] for row in rows("legal_forms") if row["family"]])
def test_legal_forms_of_every_script_are_left_out(form):
    assert companies(f"VEXEL {form}", "VEXEL") == 1.0


def test_another_form_is_said_and_is_no_alert_less_than_one_that_is_not_told():
    here = company_likeness("VEXEL BIRCH GmbH", "VEXEL BIRCH AG", NONE.weight)
    assert (here.score, here.notes) == (0.8, ("another legal form",))
    assert companies("VEXEL BIRCH GmbH", "VEXEL BIRCH SARL") == companies("VEXEL BIRCH GmbH", "VEXEL BIRCH") == 1.0


def test_of_names_with_common_words_only_the_likeness_is_said_to_rest_on_them():
    here = company_likeness("Special Technology Centre", "СПЕЦИАЛЬНЫЙ ТЕХНОЛОГИЧЕСКИЙ ЦЕНТР", NONE.weight)
    assert (here.score, here.notes) == (0.95, ("common words only",))


def test_a_number_that_only_one_name_has_does_not_clash():
    assert companies("VEXEL 7", "VEXEL 7") == 1.0
    assert company_likeness("VEXEL BIRCH 7", "VEXEL BIRCH", NONE.weight).notes == ()
    assert company_likeness("VEXEL BIRCH 7", "VEXEL BIRCH 8", NONE.weight).notes == ("other numbers",)


def test_what_agrees_and_what_does_not_is_told():
    here = company_likeness("VEXEL BIRCH TRADING LTD", "Vexell Birch Export LLC", NONE.weight)
    assert here.agreed == (("vexel", "vexell"), ("birch", "birch"))
    assert (here.only_here, here.only_there, here.forms) == (("trading",), ("export",), ("ltd", "llc"))


WORD_PAIRS = [
    # one word, another, likeness, reason
    ("kronst", "kronsd", 0.833, "six letters, one of them another"),
    ("krons", "krond", 0.0, "five letters are too few"),
    ("alfot", "alfoat", 0.75, "but for a vowel"),
    ("alfa", "elfa", 0.0, "the first letter is no vowel like the others"),
    ("kronsta", "krinsda", 0.714, "seven letters, two of them others"),
    ("kronst", "krinsd", 0.0, "of six letters two are too many"),
    ("kronsta", "tronsta", 0.729, "another first letter weighs more"),
    ("kronsta", "rkonsta", 0.729, "and so do the first two exchanged"),
    ("140", "141", 0.0, "numbers are not misspelt"),
    ("a320", "a321", 0.0, "nor words with digits"),
    ("samarski", "samara", 0.9, "an adjective and its town"),
]


@pytest.mark.parametrize(("one", "other", "expected", "reason"), WORD_PAIRS)
def test_words_are_alike_by_few_letters(one, other, expected, reason):
    assert round(word_likeness(one, other), 3) == expected, reason


SAME_PERSON = [
    # one name, another, reason
    ("Andrei Trofimov", "TROFIMOV, Andrei", "the surname first"),
    ("Трофимов Андрей", "Andrei Trofimov", "Cyrillic, the surname first"),
    ("Andrei Petrovich Trofimov", "Andrei Trofimov", "a patronymic that one lacks"),
    ("V. Ivanov", "Vladimir Ivanov", "an initial"),
    ("J. Example", "John Example", "one that sounds otherwise"),
    ("Ю. Иванов", "Юрий Иванов", "one that two Latin letters write"),
    ("E. Example", "Elena Example", "one that is a word elsewhere"),
    ("Yevgeniy Prigozhin", "Евгений Пригожин", "Ye or E"),
    ("Sergei Kirienko", "Сергей Кириенко", "an ending of y, i or iy"),
    ("Muhammad Hasan", "Mohamed Hassan", "vowels in two ways"),
    ("Ahmad bin Hasan", "Ahmed ibn Hassan", "son of, in two ways"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", "Greek"),
    ("Jean-Pierre Example", "Jeanpierre Example", "a hyphen"),
    ("Mr. Ivan EXAMPLE", "Ivan Example", "a title"),
    ("Example", "EXAMPLE", "one name alone, the same"),
]

OTHER_PERSON = [
    # one name, another, reason
    ("Anton Trofimov", "Andrei Trofimov", "another given name"),
    ("Andrei Trofimov", "Andrei Ivanov", "another surname"),
    ("Ahmad bin Hasan", "Hasan bin Ahmad", "the father is not the son"),
    ("A. Trofimov", "Ivan Trofimov", "another initial"),
    ("Trofimov", "Andrei Trofimov", "one name alone says little"),
    ("Ю. Иванов", "Ирина Иванова", "an initial of two Latin letters that is not hers"),
    ("", "Ivan Example", "nobody"),
]


@pytest.mark.parametrize(("one", "other", "reason"), SAME_PERSON)
def test_one_person_in_two_spellings_alerts(one, other, reason):
    assert persons(one, other) >= ALERT, reason


@pytest.mark.parametrize(("one", "other", "reason"), OTHER_PERSON)
def test_two_persons_are_not_even_possible(one, other, reason):
    assert persons(one, other) < POSSIBLE, reason


def test_arabic_without_its_vowels_is_possible_by_its_consonants():
    assert ALERT > persons("خالد سليمان", "Khaled Suleiman") >= POSSIBLE
    assert ALERT > persons("محمد حسن", "Muhammad Hasan") >= POSSIBLE


GIVEN_NAMES = [
    # one, another, likeness, reason
    ("ivan", "ivan", 1.0, "the same"),
    ("i", "ivan", 0.75, "an initial"),
    ("i", "petr", 0.0, "of another name"),
    ("oleg", "olig", 0.82, "four letters, one of them another"),
    ("ali", "ala", 0.0, "three letters are too few"),
    ("sergei", "sergej", 0.9, "more letters, one of them another"),
    ("anton", "andrei", 0.0, "another name"),
]


@pytest.mark.parametrize(("one", "other", "expected", "reason"), GIVEN_NAMES)
def test_given_names_are_alike_by_few_letters(one, other, expected, reason):
    assert given_name_likeness(one, other) == expected, reason


def test_ships_are_alike_only_as_a_whole():
    assert ship_likeness("VEXEL STAR", "Star Vexel").score == 1.0
    assert ship_likeness("VEXEL STAR", "VEXEL").score == ship_likeness("", "").score == 0.0


# Both directions, and the whole range

FEW = st.text("aeibvk", min_size=1, max_size=7)
REAL = st.sampled_from(
    [
        *(
            "VEXEL",
            "Vexell",
            "Вексел",
            "Alfot",
            "Alfoat",
            "bora",
            "boro",
            "Shenzhen",
            "ShenzhenVexel",
            "Samara",
            "Самарский",
        ),
        *(
            "Kazan",
            "Казанский",
            "Plant",
            "завод",
            "Trading",
            "НИИ",
            "II",
            "III",
            "7",
            "A320",
            "и",
            "für",
            "Company",
            "and",
        ),
        *(
            "Ltd",
            "LLC",
            "АО",
            "GmbH",
            "A/S",
            "(",
            ")",
            "/",
            ";",
            "a.k.a.",
            "S.p.A.",
            "V.",
            "Ю.",
            "Vladimir",
            "bin",
            "e",
        ),
        *("Ivanov", "Ivanova", "Иванов", "Muhammad", "محمد", "Mohamed", "Ali", "有限公司", "华强", "Petr,"),
    ]
)
NAMES = st.lists(FEW | REAL, max_size=6).map(" ".join) | st.text(max_size=20)
LIST = prepare(["VEXEL LTD", "Vexel Plant", "Alfot Trading", "Samara Plant", "bora bora"], "company")


@given(NAMES, NAMES)
def test_companies_are_as_alike_in_both_directions(one, other):
    here, there = company_likeness(one, other, LIST.weight).score, company_likeness(other, one, LIST.weight).score
    assert here == pytest.approx(there, abs=1e-9) and 0 <= here <= 1


@given(NAMES, NAMES)
def test_persons_are_as_alike_in_both_directions(one, other):
    here, there = persons(one, other), persons(other, one)
    assert here == pytest.approx(there, abs=1e-9) and 0 <= here <= 1


@given(NAMES, NAMES)
def test_ships_are_as_alike_in_both_directions(one, other):
    here, there = ship_likeness(one, other).score, ship_likeness(other, one).score
    assert here == there and 0 <= here <= 1


@given(FEW, FEW)
def test_words_are_as_alike_in_both_directions(one, other):
    for like in (word_likeness, given_name_likeness):
        assert like(one, other) == like(other, one) and 0 <= like(one, other) <= like(one, one) == 1


@given(NAMES)
def test_a_company_is_like_itself(name):
    words = wording(name).words
    several = re.search("[;/(,]|k.a|formerly", name)  # then the likest of its names counts
    expected = 0.0 if not words else 0.95 if all(word.common for word in words) else 1.0
    assert several or companies(name, name) == pytest.approx(expected)


@given(NAMES)
def test_a_person_is_like_himself(name):
    assert persons(name, name) == (1.0 if any(map(str.isalnum, module.person(name).written)) else 0.0)


COMMON = st.lists(st.sampled_from(["Trading", "Plant", "Company", "Group", "Центр", "Bank", "Export"]), min_size=1)


@given(COMMON, COMMON)
def test_common_words_that_agree_never_make_two_names_possible(one, other):
    assert companies(f"VEXEL {' '.join(one)}", f"BIRCH {' '.join(other)}") < 0.5


@given(st.integers(1, 99999), st.integers(1, 99999), st.sampled_from(["{} CORP.", "Repair Plant {}", "VEXEL {} LTD"]))
def test_names_with_other_numbers_are_never_possible(one, other, name):
    assert one == other or companies(name.format(one), name.format(other)) <= 0.5


def test_the_examples_are_true():
    assert doctest.testmod(module).failed == 0
