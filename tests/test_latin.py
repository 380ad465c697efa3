"""Names of every script in Latin letters, and the sound that the spellings of one word share."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.parties import latin as module
from tradeanalytics.parties.latin import consonants, initials_joined, latin, latin_words, sound, spoken, stem

LATIN = [
    # text, in Latin letters, reason
    ("Ltée", "ltee", "accents are left out"),
    ("ŞİRKETİ", "sirketi", "the dot that small i keeps of a Turkish capital is no letter"),
    ("Straße", "strasse", "one letter may become two"),
    ("Щёголево", "shchegolevo", "Cyrillic, letter by letter, ё as e"),
    ("ИЮЛЬ", "iyul", "the soft sign is not written"),
    ("Объект", "obekt", "nor the hard sign"),
    ("Παράδειγμα", "paradeigma", "Greek with its accent"),
    ("合成样品", "hechengyangpin", "Chinese by the usual reading of each character"),
    ("ＳＹＮＴＨＥＴＩＣ", "synthetic", "full-width letters"),
    ("SYNTHЕTIC", "synthetic", "a Cyrillic letter in a Latin word"),
    ("ОБРAЗЕЦ", "obrazets", "a Latin letter in a Cyrillic word"),
    ("ОБРАЗЕЦ C ОБРАЗЕЦ", "obrazets s obrazets", "a lone Latin C between Cyrillic words is theirs"),
    ("ALDER C BIRCH", "alder c birch", "and between Latin words it stays"),
    ("L’Exemple d'Or", "lexemple dor", "apostrophes join what they part"),
    ("٣٤", "34", "digits of other scripts are digits"),
    ("", "", "nothing stays nothing"),
]

SAME_SOUND = [
    # one spelling, another, reason
    ("shchukin", "schukin", "three ways to write one Russian letter"),
    ("zhukov", "jukov", "zh and j"),
    ("khalid", "halid", "kh and h"),
    ("yuri", "iuri", "y and i"),
    ("phil", "fil", "ph and f"),
    ("alexei", "aleksei", "x and ks"),
    ("obrazets", "obrazetz", "ts and tz"),
    ("hassan", "hasan", "a letter twice"),
    ("wagner", "vagner", "w and v"),
    ("center", "senter", "a soft c"),
    ("crystal", "kristal", "a hard c"),
]

OTHER_SOUND = [
    ("chem", "kem", "ch is no k"),
    ("knirti", "znirti", "two institutes"),
    ("kcst", "kkst", "letters that stand for words, a c is no k there"),
    ("exfo", "exmo", "two companies"),
]

WORDS = [
    ("A-B-C Company", ["a", "b", "c", "company"], "a hyphen parts words"),
    ("ALDER_BIRCH", ["alder", "birch"], "so does an underscore"),
    ("  «ALDER»,  (BIRCH)  ", ["alder", "birch"], "marks and spaces are no words"),
    ("...", [], "marks alone are none"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), LATIN)
def test_a_text_in_latin_letters(text, expected, reason):
    assert latin(text) == expected, reason


@pytest.mark.parametrize(("one", "other", "reason"), SAME_SOUND)
def test_spellings_of_one_word_sound_alike(one, other, reason):
    assert sound(one) == sound(other), reason


@pytest.mark.parametrize(("one", "other", "reason"), OTHER_SOUND)
def test_other_words_sound_otherwise(one, other, reason):
    assert sound(one) != sound(other), reason


def test_of_a_word_without_vowels_only_what_is_spoken_changes():
    assert (sound("kcst"), spoken("khld")) == ("kcst", "hld")  # a company's letters; an Arabic name


@pytest.mark.parametrize(("text", "expected", "reason"), WORDS)
def test_the_words_of_a_text(text, expected, reason):
    assert latin_words(text) == expected, reason


JOINED = [
    (["l", "l", "c"], ["llc"], "letters that follow each other"),
    (["a", "alder", "b", "c"], ["a", "alder", "bc"], "one that stands alone stays alone"),
    (["7", "a", "7"], ["7", "a", "7"], "digits are no initials"),
    ([], [], "nothing to join"),
]


@pytest.mark.parametrize(("words", "expected", "reason"), JOINED)
def test_single_letters_are_joined(words, expected, reason):
    assert initials_joined(words) == expected, reason


STEMS = [
    ("samarskii", "samarski", "samar", "of an adjective its town is left"),
    ("omskii", "omski", "omski", "three letters are too few to be a town: Omsk keeps its ending"),
    ("pskovskii", "pskovski", "pskov", "five letters are left"),
]


@pytest.mark.parametrize(("word", "sounded", "expected", "reason"), STEMS)
def test_the_ending_of_an_adjective_is_cut_where_enough_is_left(word, sounded, expected, reason):
    assert (sound(word), stem(sounded)) == (sounded, expected), reason


def test_consonants_keep_the_first_letter_whatever_it_is():
    assert [consonants(one) for one in ("ali", "omar", "mohamed", "")] == ["al", "omr", "mhmd", ""]


@given(st.text(max_size=40))
def test_latin_is_ascii_in_small_letters_and_stays_as_it_is(text):
    found = latin(text)
    assert found.isascii() and found == found.lower() == latin(found)


@given(st.text(max_size=40))
def test_words_are_letters_and_digits(text):
    assert all(word.isalnum() for word in latin_words(text))


def test_the_examples_are_true():
    assert doctest.testmod(module).failed == 0
