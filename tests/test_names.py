"""A company's name becomes a key that its spellings share: no word is invented or lost, no name is without a key."""

import doctest
import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tradeanalytics.parties import names
from tradeanalytics.parties.names import name
from tradeanalytics.reference import rows

SAME = [
    # one name in several spellings, its key, reason
    (
        ("SYNTHETIC LINKS LTD", "Synthetic Links Ltd.", "SYNTHETIC  LINKS, LIMITED", "«SYNTHETIC LINKS» LTD,"),
        "SYNTHETIC LINKS",
        "case, spaces, quotes, marks, and the form in full",
    ),
    (
        (
            'ООО "ОБРАЗЕЦ-ТРЕЙД"',
            "ООО <ОБРАЗЕЦ ТРЕЙД>",
            "ОБРАЗЕЦ-ТРЕЙД, ООО",
            "Общество с ограниченной ответственностью Образец-Трейд",
        ),
        "ОБРАЗЕЦ ТРЕЙД",
        "the Russian form before or behind, short or in full",
    ),
    (("OOO OBRAZETS", "OBRAZETS LLC", "Obrazets, L.L.C."), "OBRAZETS", "the Russian form in Latin letters"),
    (("SYNTHЕTIC LINKS", "SYNTHETIC LINKS"), "SYNTHETIC LINKS", "a Cyrillic letter in a Latin word"),
    (("SYNTHETIC GMBH & CO. KG", "SYNTHETIC GmbH"), "SYNTHETIC", "the longer German form"),
    (("SYNTHETIC CO., LTD", "SYNTHETIC CO LTD.", "SYNTHETIC"), "SYNTHETIC", "two forms"),
    (("SYNTHETIC S.A.S.", "SYNTHETIC S. A. S", "SYNTHETIC SAS"), "SYNTHETIC", "with and without dots"),
    (("О.О.О. ОБРАЗЕЦ", "ООО ОБРАЗЕЦ", "ОБРАЗЕЦ О.О.О."), "ОБРАЗЕЦ", "the Russian form with dots"),
    (("ÖRNEK DIŞ TİCARET LTD. ŞTİ.", "örnek dış ti̇caret ltd. şti̇."), "ÖRNEK DIŞ TİCARET", "dotted capitals"),
    (("SYNTHETIC Ltée", "SYNTHETIC Limitée", "Synthetic LTEE"), "SYNTHETIC", "Quebec"),
    (("SYNTHETIC S.à r.l.", "SYNTHETIC SARL"), "SYNTHETIC", "Luxembourg"),
    (("SYNTHETIC L.L.P.", "SYNTHETIC LLP"), "SYNTHETIC", "partners"),
    (("SYNTHETIC K.K.", "SYNTHETIC KK"), "SYNTHETIC", "Japanese in Latin letters"),
    (("サンプル株式会社", "株式会社サンプル"), "サンプル", "Japanese, the form in front or behind"),
    (("주식회사 견본", "견본주식회사"), "견본", "Korean, in front or behind"),
    (("ЧП ОБРАЗЕЦ", "ОБРАЗЕЦ, ЧП"), "ОБРАЗЕЦ", "a trader alone"),
    (("SYNTHETIC PVT", "SYNTHETIC (PVT) LTD"), "SYNTHETIC", "Indian"),
    (("ÖRNEK San. ve Tic. A.Ş.", "ÖRNEK"), "ÖRNEK", "Turkish industry and trade"),
    (("合成样品有限公司", "合成样品 有限公司"), "合成样品", "Chinese writes the form without a space"),
    (("ＳＹＮＴＨＥＴＩＣ", "Synthetic"), "SYNTHETIC", "full-width letters"),
    (("L'EXEMPLE SARL", "L’Exemple"), "LEXEMPLE", "two apostrophes"),
]

APART = [
    # two names, reason
    ("SYNTHETIC IMPORT", "SYNTHETIC EXPORT", "what a company does tells it from another"),
    ("SYNTHETIC TRADING", "SYNTHETIC", "trading is no legal form"),
    ("1234567 SYNTHETIC INC", "7654321 SYNTHETIC INC", "numbered companies"),
    ("SYNTHETIC CO-OP", "SYNTHETIC OP", "CO is a word here"),
    ("A.B.C. SYNTHETIC", "ABC SYNTHETIC", "initials are not a form"),
    ("ОБРАЗЕЦ", "OBRAZETS", "two scripts are matched by a later step, not by the key"),
]

NOTHING_ELSE = ["ООО", "LTD", "CO., LTD.", "LLC LLC", "S A"]


@pytest.mark.parametrize(("spellings", "key", "reason"), SAME)
def test_spellings_of_one_name_share_its_key(spellings, key, reason):
    assert {name(spelling).key for spelling in spellings} == {key}, reason


@pytest.mark.parametrize(("one", "other", "reason"), APART)
def test_other_names_have_other_keys(one, other, reason):
    assert name(one).key != name(other).key, reason


@pytest.mark.parametrize("text", NOTHING_ELSE)
def test_a_name_that_is_nothing_but_forms_keeps_them(text):
    assert name(text).key and name(text).legal_form == ""


def test_forms_are_told_in_the_order_in_which_they_stand():
    assert name("SYNTHETIC CO., LTD").legal_form == "CO LTD"
    assert name("ООО ТД ОБРАЗЕЦ, АО").legal_form == "ООО ТД АО"


def test_every_listed_form_is_left_out_behind_a_name():
    assert [row["form"] for row in rows("legal_forms") if name(f"SYNTHETIC {row['form']}").key != "SYNTHETIC"] == []


def test_the_examples_run():
    assert doctest.testmod(names).failed == 0


FORMS = [row["form"] for row in rows("legal_forms")]
WORDS = st.sampled_from([*FORMS, "SYNTHETIC", "ОБРАЗЕЦ", "co-op", "IMPORT", "7", "&", '"', "«", "C/O", "ФАHЕРА"])
TEXTS = st.text(max_size=30) | st.lists(WORDS, max_size=6).map(" ".join)


@given(TEXTS)
@example("ΐ ltd")
@example("ti̇caret")
def test_the_key_of_a_key_is_the_key(text):
    assert name(name(text).key).key == name(text).key


@given(TEXTS)
def test_no_name_is_without_a_key_and_no_word_is_lost(text):
    found = name(text)
    words = names._words(text)
    assert sorted([*found.key.split(), *found.legal_form.split()]) == sorted(words)
    assert bool(found.key) == bool(words)


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers())
def test_case_and_what_stands_between_words_do_not_matter(words, seed):
    chance = random.Random(seed)
    marks = (" ", "  ", ", ", ". ", " \u00a0", ' "')
    spelled = "".join(word.swapcase() + chance.choice(marks) for word in words)
    assert name(spelled).key == name(" ".join(words)).key


@given(TEXTS)
def test_composed_and_decomposed_text_share_a_key(text):
    assert name(unicodedata.normalize("NFD", text)).key == name(unicodedata.normalize("NFC", text)).key
