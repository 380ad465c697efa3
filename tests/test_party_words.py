"""The words of a company's and of a person's name: forms left out in every script, meanings of one language, no word
lost."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.parties import persons
from tradeanalytics.parties import words as module
from tradeanalytics.parties.latin import latin_words
from tradeanalytics.parties.persons import person
from tradeanalytics.parties.words import several, wording
from tradeanalytics.reference import rows

FORMS = [row["form"] for row in rows("legal_forms")]
MEANT = [row["word"] for row in rows("name_words")]
MEANS = {row["word"]: row["means"].split() for row in rows("name_words")}


def sounds(name: str) -> list[str]:
    return [word.sound for word in wording(name).words]


WRITTEN = [
    # one name with its form in several ways, its words, the family of the form, reason
    (("VEXEL Ltée", "VEXEL Limitée", "VEXEL LTEE", "Vexel limitee"), ["veksel"], "limited", "Quebec"),
    (("ООО «ВЕКСЕЛ»", "OOO VEXEL", "О.О.О. ВЕКСЕЛ", "ВЕКСЕЛ ООО"), ["veksel"], "limited", "Russian, two scripts"),
    (("АО ВЕКСЕЛ", "AO VEXEL", 'АО "ВЕКСЕЛ"'), ["veksel"], "stock", "Russian stock company"),
    (("ЧП ВЕКСЕЛ", "ВЕКСЕЛ, ЧП", "ИП ВЕКСЕЛ"), ["veksel"], "sole", "a trader alone"),
    (("合成样品有限公司", "合成样品 有限公司"), ["hechengiangpin"], "limited", "Chinese glues the form on"),
    (("合成样品股份有限公司",), ["hechengiangpin"], "stock", "the longer Chinese form wins over the one within it"),
    (("株式会社サンプル", "サンプル株式会社", "SANPURU K.K.", "Sanpuru KK"), ["sanpuru"], "stock", "Japanese"),
    (("주식회사 견본", "견본주식회사", "견본㈜"), ["geonbon"], "stock", "Korean, in front and behind"),
    (("VEXEL GmbH", "Vexel G.m.b.H."), ["veksel"], "limited", "German"),
    (("VEXEL San. ve Tic. A.Ş.", "VEXEL SAN. VE TIC. A.S."), ["veksel"], "stock", "Turkish"),
    (("VEXEL San. ve Tic. Ltd. Şti.", "VEXEL LTD ŞTİ", "Vexel Ltd. Sti."), ["veksel"], "limited", "Turkish"),
    (("VEXEL S.à r.l.", "VEXEL S.à.r.l.", "VEXEL SARL", "Vexel S.A.R.L."), ["veksel"], "limited", "French"),
    (("VEXEL L.L.P.", "VEXEL LLP", "Vexel L L P"), ["veksel"], "partnership", "partners"),
    (("VEXEL PVT", "VEXEL (PVT) LTD", "VEXEL Pvt. Ltd.", "VEXEL PRIVATE LIMITED"), ["veksel"], "limited", "Indian"),
    (("VEXEL A/S", "VEXEL AS", "VEXEL A.S."), ["veksel"], "stock", "Danish, with its stroke"),
    (("VEXEL Sp. z o.o.", "VEXEL SP.Z.O.O."), ["veksel"], "limited", "Polish"),
]


@pytest.mark.parametrize(("names", "words", "family", "reason"), WRITTEN)
def test_a_form_is_left_out_in_every_way_it_is_written(names, words, family, reason):
    for name in names:
        assert (sounds(name), set(wording(name).families)) == (words, {family}), (name, reason)


@pytest.mark.parametrize("form", [row["form"] for row in rows("legal_forms") if row["family"]])
def test_every_listed_form_with_a_family_is_left_out_behind_a_name(form):
    assert sounds(f"VEXEL {form}") == ["veksel"]


@pytest.mark.parametrize("form", [row["form"] for row in rows("legal_forms") if row["family"]])
def test_a_form_alone_is_no_name(form):
    assert wording(form).words == ()


def test_forms_stand_where_forms_stand():
    assert sounds("VEXEL GmbH Import") == ["veksel", "import"]  # of three letters: a form within a name too
    assert sounds("VEXEL AG Import") == ["veksel", "ag", "import"]  # of two: a word there
    assert sounds("A.B.C. VEXEL") == ["abk", "veksel"]  # initials are one word
    assert wording("PT VEXEL").words == wording("VEXEL").words  # Indonesian stands in front


MEANINGS = [
    # names that mean the same, their words, reason
    (("ВЕКСЕЛ ЗАВОД", "VEXEL ZAVOD", "VEXEL PLANT", "Vexel Works", "VEXEL FACTORY"), ["veksel", "plant"], "a plant"),
    (("НИИ ВЕКСЕЛ", "NII VEXEL", "SRI VEXEL"), ["scientific", "research", "institute", "veksel"], "three words"),
    (("VEXEL CENTRE", "VEXEL CENTER", "ВЕКСЕЛ ЦЕНТР"), ["veksel", "center"], "two spellings"),
    (("THE VEXEL OF THE", "VEXEL"), ["veksel"], "words that say nothing"),
    (("FIRST VEXEL", "1 VEXEL", "1st Vexel"), ["1", "veksel"], "a number in letters"),
    (("Торговый Дом ВЕКСЕЛ", "ТД ВЕКСЕЛ", "TRADING HOUSE VEXEL"), ["trading", "house", "veksel"], "not a form"),
]


@pytest.mark.parametrize(("names", "expected", "reason"), MEANINGS)
def test_what_many_companies_are_called_has_one_meaning(names, expected, reason):
    for name in names:
        assert sounds(name) == expected, (name, reason)


def test_a_number_is_no_common_word_however_it_is_written():
    assert [(word.sound, word.common) for word in wording("SECOND PLANT").words] == [("2", False), ("plant", True)]


NOT_BY_SOUND = [
    # name, its words, reason
    ("ВЕКСЕЛ И БЕРЕЗА", ["veksel", "bereza"], "the Russian for and sounds like II"),
    ("VEXEL II", ["veksel", "2"], "two"),
    ("VEXEL III", ["veksel", "3"], "is not three"),
    ("VEXEL VI", ["veksel", "6"], "six"),
    ("VEXEL VIII", ["veksel", "8"], "is not eight"),
    ("VEXEL XII", ["veksel", "12"], "nor twelve eleven"),
    ("Institut für Vexel", ["institute", "veksel"], "für is not four"),
    ("YEN LTD", ["en"], "and a word that sounds like one that says nothing is a word"),
]


@pytest.mark.parametrize(("name", "expected", "reason"), NOT_BY_SOUND)
def test_numbers_and_words_that_say_nothing_are_known_as_written(name, expected, reason):
    assert sounds(name) == expected, reason


def test_every_common_word_of_the_table_has_its_meaning():
    """No row is hidden by another that sounds like it, but for one that is a legal form behind a name."""
    lost = [row["word"] for row in rows("name_words") if row["word"][-1] != "*" and latin_words(row["word"])]
    lost = [word for word in lost if sounds(f"VEXEL {word} VEXEL") != ["veksel", *MEANS[word], "veksel"]]
    assert lost == ["spa"]


SEVERAL = [
    # text, the names that it gives, reason
    ("VEXEL; BIRCH", ("VEXEL", "BIRCH"), "parted"),
    ("VEXEL / BIRCH", ("VEXEL", "BIRCH"), "a stroke parts names"),
    ("ООО ВЕКСЕЛ/VEXEL LLC", ("ООО ВЕКСЕЛ", "VEXEL LLC"), "without spaces too"),
    ("VEXEL A/S", ("VEXEL A/S",), "but not two letters: the Danish form"),
    ("VEXEL K/S / BIRCH A/S", ("VEXEL K/S", "BIRCH A/S"), "both at once"),
    ("VEXEL 24/7 LTD", ("VEXEL 24/7 LTD",), "nor two numbers"),
    ("VEXEL a.k.a. BIRCH", ("VEXEL", "BIRCH"), "also known as"),
    ("VEXEL f/k/a BIRCH", ("VEXEL", "BIRCH"), "formerly, with strokes"),
    ("VEXEL FKA BIRCH", ("VEXEL", "BIRCH"), "formerly, in capitals"),
    ("VEXEL formerly BIRCH", ("VEXEL", "BIRCH"), "in full"),
    ("VEXEL d/b/a BIRCH", ("VEXEL", "BIRCH"), "doing business as"),
    ("VEXEL c/o BIRCH", ("VEXEL", "BIRCH"), "in care of: both may be the party"),
    ("ANKA FAKTORI", ("ANKA FAKTORI",), "letters within a word are no mark"),
    ("VEXEL (BIRCH LTD)", ("VEXEL", "BIRCH LTD"), "a name in brackets, told by its form"),
    ("VEXEL («BIRCH»)", ("VEXEL", "«BIRCH»"), "by its quotes"),
    ("VEXEL WORKS (VWX)", ("VEXEL WORKS", "VWX"), "by its capitals at the end"),
    ("VEXEL (VWX) WORKS", ("VEXEL (VWX) WORKS",), "not in the middle"),
    ("VEXEL (Sweden) AB", ("VEXEL (Sweden) AB",), "a place is no name"),
    ("VEXEL (BIRCH LTD", ("VEXEL", "BIRCH LTD"), "a bracket that is cut off"),
    ("VEXEL; LTD", ("VEXEL",), "a form alone is no name"),
    ("LTD", ("LTD",), "unless there is no other"),
    ("", ("",), "nothing gives nothing"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), SEVERAL)
def test_a_text_may_give_several_names(text, expected, reason):
    assert several(text) == expected, reason


TEXTS = st.text(max_size=40) | st.lists(
    st.sampled_from([*FORMS, *MEANT, "VEXEL", "БЕРЁЗА", "7", "(", ")", "/", ";", "a.k.a.", '"', "co-op"]), max_size=7
).map(" ".join)


SAYS_NOTHING = {word for row in rows("name_words") if not row["means"] for word in latin_words(row["word"])}


@given(TEXTS)
def test_a_name_without_words_is_forms_or_words_that_say_nothing(text):
    found = wording(text)
    assert found.words or found.forms or set(latin_words(text)) <= SAYS_NOTHING


@given(TEXTS)
def test_a_text_gives_at_least_one_name_and_each_once(text):
    found = several(text)
    assert 1 <= len(found) == len(set(found))


PERSONS = [
    # name, sounds of its words, reason
    ("SAMPLE, Ivan Petrovich", ("ivan", "petrovich", "sample"), "the surname before a comma goes last"),
    ("Mr. Ivan SAMPLE", ("ivan", "sample"), "a title is no name"),
    ("ИП Образец Иван", ("obrazez", "ivan"), "nor is what a trader is"),
    ("Ahmad bin Hasan al-Sample", ("ahmad", "hasan", "sample"), "particles are written by some only"),
    ("Al Bin", ("al", "bin"), "unless there is nothing else"),
    ("E. Sample", ("e", "sample"), "E is an initial"),
    ("Sample Y.", ("sample", "i"), "Y is, too"),
    ("Ю. Образец", ("i", "obrazez"), "a Cyrillic letter that two Latin ones write"),
    ("X. Sample", ("k", "sample"), "a Latin letter that sounds as two"),
    ("李 明", ("li", "ming"), "a Chinese character is a name, not an initial"),
    ("خالد", ("hld",), "Arabic comes without short vowels"),
    ("", (), "nobody"),
]


@pytest.mark.parametrize(("name", "expected", "reason"), PERSONS)
def test_the_words_of_a_persons_name(name, expected, reason):
    assert person(name).sounds == expected, reason


def test_a_name_says_whose_son_he_is():
    assert [person(name).son for name in ("Ahmad bin Hasan", "Ahmad ibn Hasan", "Ahmad Hasan")] == [True, True, False]


@given(st.text(max_size=40))
def test_a_persons_words_are_as_many_as_their_sounds(text):
    found = person(text)
    assert len(found.sounds) == len(found.written) and bool(found.written) == bool(latin_words(text))


@pytest.mark.parametrize("checked", [module, persons])
def test_the_examples_are_true(checked):
    assert doctest.testmod(checked).failed == 0
