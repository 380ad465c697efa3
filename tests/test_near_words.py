"""Words that may be spellings of one: what is left out without a look at each could not have been alike."""

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tradeanalytics.parties.candidates import _FURTHEST, _JOINED, _TWO_SLIPS, _perhaps, candidates, prepare
from tradeanalytics.parties.likeness import company_likeness, given_name_likeness, person_likeness, word_likeness

# Few letters and the endings of adjectives, so that words are often near.
WORDS = st.builds(
    str.__add__, st.text("aeikmnostrv", min_size=3, max_size=9), st.sampled_from(["", "ski", "naia", "ni"])
)


@given(WORDS, WORDS, st.sampled_from(["", _JOINED]))
@example("samar", "samarski", "")
@example("kronstat", "kronstadt", _JOINED)
@example("muhamad", "mohamed", "")
def test_no_word_that_is_alike_is_left_out(one, other, mark):
    away = OSA.distance(one, other)
    pair = pl.DataFrame({"token": [mark + one], "listed": [mark + other], "away": [away]})
    for kind, like in (("company", word_likeness), ("person", given_name_likeness)):
        if one != other and away <= _FURTHEST and like(one, other):
            assert _perhaps(pair, _TWO_SLIPS[kind]).rows() == [(mark + one, mark + other)], kind


def test_words_that_share_only_some_letters_are_left_out():
    pair = pl.DataFrame({"token": ["maket"], "listed": ["mirot"], "away": [3]})
    assert _perhaps(pair, _TWO_SLIPS["person"]).is_empty()


def test_two_slips_are_looked_at_in_words_of_persons_of_six_letters_and_of_companies_of_seven():
    for word, other, kinds in (("nisava", "nokava", ["person"]), ("nisavat", "nokavat", ["person", "company"])):
        pair = pl.DataFrame({"token": [word], "listed": [other], "away": [2]})
        assert [kind for kind in ("person", "company") if not _perhaps(pair, _TWO_SLIPS[kind]).is_empty()] == kinds


LISTED = {
    "company": ["Sample Trading LLC", "АО ОБРАЗЕЦ", "Kronshtadt JSC", "Van der Bilt Corp", "Plant No. 140"],
    "person": ["Ivan Petrovich SAMPLE", "SAMPLE, Anna", "Muhamad al-Obrazets", "Sample"],
}


def test_candidates_are_the_same_however_many_names_are_asked_about_at_once():
    for kind, listed in LISTED.items():
        names = prepare(listed, kind)
        alone = [(place, name) for place, text in enumerate(listed) for _, name in candidates([text], names).rows()]
        assert candidates(listed, names).rows() == alone
        assert {(place, place) for place in range(len(listed))} <= set(alone)


def test_of_a_likeness_that_is_too_small_the_score_alone_is_told():
    def weight(_):
        return 1.0

    for of in (
        lambda *names, **least: company_likeness(*names, weight, **least),
        person_likeness,
    ):
        whole = of("Ivan Sample", "Ivan Obrazets")
        below, at = (of("Ivan Sample", "Ivan Obrazets", at_least=whole.score + more) for more in (0.01, 0.0))
        assert (below.score, below.agreed, at) == (whole.score, (), whole) and whole.agreed
