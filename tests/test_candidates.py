"""What may be alike is looked at: no pair that would alert is left out, whatever is asked with it.

Checked by force: each variant of a made name against each made name. Every name here is SYNTHETIC.
"""

import os
import random
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.parties import candidates as module
from tradeanalytics.parties.candidates import candidates, prepare
from tradeanalytics.parties.likeness import company_likeness, person_likeness, ship_likeness
from tradeanalytics.parties.screening import ALERT

CHANCE = random.Random(20260822)
ONSETS = [
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
    "zh",
    "sh",
    "ch",
]
VOWELS = ["a", "e", "i", "o", "u", "ya", "yu"]
ENDS = ["l", "n", "r", "s", "t", "k", "m", "v", "nd", "st", "rt"]
COMMON = ["Trading", "Logistics", "Electronics", "Shipping", "Import", "Systems", "Plant", "Group", "Technology"]
FORMS = ["Ltd", "LLC", "JSC", "GmbH", "Co., Ltd.", "OOO", "Inc.", "A/S"]
GIVEN = [
    "Ivan",
    "Petr",
    "Andrei",
    "Anton",
    "Sergei",
    "Vladimir",
    "Muhammad",
    "Ahmad",
    "Yusuf",
    "Yuri",
    "Oleg",
    "Elena",
    "Ekaterina",
    "Khalid",
    "Omar",
    "Wei",
]
FATHERS = ["Ivanovich", "Petrovna", "Sergeevich", "Borisovich", ""]
CYRILLIC = {
    **{"shch": "щ", "zh": "ж", "ch": "ч", "sh": "ш", "ya": "я", "yu": "ю"},
    **dict(zip("abdefgiklmnoprstuvz", "абдефгиклмнопрстувз", strict=True)),
}


def word() -> str:
    middle = "".join(CHANCE.choice(ONSETS) + CHANCE.choice(VOWELS) for _ in range(CHANCE.choice([1, 2, 2, 3])))
    return (middle + CHANCE.choice(ENDS)).capitalize()


OWN = [word() for _ in range(200)]
SURNAMES = [word() + CHANCE.choice(["ov", "enko", "in", "sky", "", "ian"]) for _ in range(120)]


def slip(text: str) -> str:
    """A letter left out, put in, exchanged for another, or two turned round."""
    place, letter = CHANCE.randrange(len(text)), CHANCE.choice("abcdefgiklmnoprstuvz")
    here, after = text[place], text[place + 1 :]
    return text[:place] + CHANCE.choice([after, letter + here + after, letter + after, after[:1] + here + after[1:]])


def cyrillic(text: str) -> str:
    text, written = text.lower(), ""
    while text:
        size = next(size for size in (4, 2, 1) if text[:size] in CYRILLIC or size == 1)
        written, text = written + CYRILLIC.get(text[:size], text[:size]), text[size:]
    return written.capitalize()


def company(own: list[str], common: list[str], form: str) -> str:
    return " ".join([*own, *common, form])


def a_company() -> tuple[list[str], list[str], str]:
    own = CHANCE.sample(OWN, CHANCE.choice([1, 1, 2, 2, 3]))
    return own, CHANCE.sample(COMMON, CHANCE.choice([0, 1, 1, 2])), CHANCE.choice(FORMS)


def companies(own: list[str], common: list[str], form: str) -> dict[str, str]:
    others = [company(*a_company()) for _ in range(3)]
    return {
        "the same": company(own, common, form),
        "another form": company(own, common, CHANCE.choice(FORMS)),
        "a slip": company([slip(own[0]), *own[1:]], common, form),
        "slips": company([slip(one) for one in own], common, form),
        "Cyrillic": company([cyrillic(one) for one in own], common, form),
        "turned round": company(own[::-1], common[::-1], form),
        "common words first": company(common, own, form),
        "joined": company(["".join(own)], common, form),
        "no common words": company(own, [], form),
        "a common word more": company(own, [*common, CHANCE.choice(COMMON)], form),
        "a word more": company([*own, CHANCE.choice(OWN)], common, form),
        "of several names the first": "; ".join([company(own[::-1], common, form), *others]),
        "of several names the last, a slip": " a.k.a. ".join(
            [*others, company([slip(own[0]), *own[1:]], common, form)]
        ),
        "in brackets": f"{others[0]} ({company(own, common, form)})",
    }


def a_person() -> tuple[str, str, str]:
    return CHANCE.choice(GIVEN), CHANCE.choice(FATHERS), CHANCE.choice(SURNAMES)


def persons(given: str, father: str, surname: str) -> dict[str, str]:
    return {
        "the same": f"{given} {father} {surname}",
        "surname first": f"{surname} {given} {father}",
        "a comma": f"{surname}, {given} {father}",
        "no patronymic": f"{given} {surname}",
        "a word more": f"{given} Hasan {father} {surname}",
        "an initial": f"{given[0]}. {surname}",
        "initials": f"{given[0]}. {father[:1]} {surname}",
        "Cyrillic": " ".join(map(cyrillic, (given, father, surname))),
        "a Cyrillic initial": f"{cyrillic(given)[0]}. {cyrillic(surname)}",
        "a slip in the surname": f"{given} {father} {slip(surname)}",
        "a slip in the given name": f"{slip(given)} {father} {surname}",
        "slips": f"{slip(given)} {father} {slip(surname)}",
        "joined": f"{given}{father} {surname}",
        "a title": f"Mr. {given} bin {surname}",
        "alone": surname,
    }


COMPANIES = [a_company() for _ in range(300)]
PERSONS = [a_person() for _ in range(300)]
LISTED = {
    "company": [company(*one) for one in COMPANIES]
    + ["; ".join(company(*a_company()) for _ in range(4)) for _ in range(30)],
    "person": [" ".join(one) for one in PERSONS]
    + [f"{given[0]}. {surname}" for given, _, surname in PERSONS[:40]]
    + [surname for _, _, surname in PERSONS[40:60]],
}
ASKED = {
    "company": [companies(*one) for one in CHANCE.sample(COMPANIES, 25)],
    "person": [persons(*one) for one in CHANCE.sample(PERSONS, 30)],
}
NAMES = {kind: prepare(names, kind) for kind, names in LISTED.items()}


def score(kind: str, here: str, there: str) -> float:
    if kind == "company":
        return company_likeness(here, there, NAMES["company"].weight).score
    return (person_likeness if kind == "person" else ship_likeness)(here, there).score


def alerting(kind: str, texts: list[str], listed: list[str]) -> set[tuple[int, int]]:
    """Every pair that is alike, by looking at each."""
    pairs = ((text, name) for text in range(len(texts)) for name in range(len(listed)))
    return {(text, name) for text, name in pairs if score(kind, texts[text], listed[name]) >= ALERT}


def pairs(found: pl.DataFrame) -> set[tuple[int, int]]:
    return set(found.iter_rows())


def every(kind: str) -> list[str]:
    return [text for variants in ASKED[kind] for text in variants.values()]


@pytest.mark.parametrize("kind", ["company", "person"])
def test_no_pair_that_would_alert_is_left_out(kind):
    """All kinds of variants but one: see the next test."""
    variants = [(why, text) for one in ASKED[kind] for why, text in one.items()]
    texts = [text for _, text in variants]
    alike = alerting(kind, texts, LISTED[kind])
    missed = [(*variants[text], LISTED[kind][name]) for text, name in alike - pairs(candidates(texts, NAMES[kind]))]
    assert missed == [] and len(alike) > 300
    assert {variants[text][0] for text, _ in alike} == {why for why, _ in variants}  # each kind of variant is tried


def test_two_slips_in_one_long_word_may_be_missed():
    """Where none of them is in a vowel, the first four letters or the last must be right, or every word would be
    compared with every other. Of one slip nothing needs to be right: see the next test."""
    words = sorted({one.lower() for one in (*OWN, *SURNAMES) if len(one) >= 10})
    listed = prepare(words, "company")
    texts = [slip(slip(one)) for one in words for _ in range(10)]
    every_pair = [(text, name) for text in range(len(texts)) for name in range(len(words))]
    weight = listed.weight
    alike = {pair for pair in every_pair if company_likeness(texts[pair[0]], words[pair[1]], weight).score >= ALERT}
    found = len(alike & pairs(candidates(texts, listed))) / len(alike)
    assert len(alike) > 200 and 0.93 <= found < 1


@given(
    st.text("abekors", min_size=6, max_size=12), st.integers(0, 99), st.sampled_from("abekors"), st.sampled_from("disx")
)
def test_a_word_is_found_whatever_one_slip_is_made(listed, place, letter, how):
    place %= len(listed)
    before, here, after = listed[:place], listed[place], listed[place + 1 :]
    asked = (
        before + {"d": after, "i": letter + here + after, "s": letter + after, "x": after[:1] + here + after[1:]}[how]
    )
    alike = company_likeness(asked, listed, NAMES["company"].weight).score >= ALERT
    assert not alike or pairs(candidates([asked], prepare([listed], "company"))) == {(0, 0)}


@given(st.lists(st.sampled_from([*OWN[:8], *COMMON[:3], "Ltd"]), min_size=1, max_size=4).map(" ".join), st.data())
def test_a_list_of_one_name_is_a_list(listed, data):
    asked = data.draw(st.lists(st.sampled_from([*listed.split(), *OWN[:8]]), min_size=1, max_size=4).map(" ".join))
    names = prepare([listed], "company")
    alike = company_likeness(asked, listed, names.weight).score >= ALERT
    assert not alike or pairs(candidates([asked], names)) == {(0, 0)}


NOT_LOOKED_AT = [
    # kind, asked, listed, reason
    ("company", "VEXEL TRADING", "BIRCH TRADING", "only a common word is shared"),
    ("company", "LTD", "LTD", "a form alone is no name"),
    ("company", "", "VEXEL", "nothing is like nothing"),
    ("person", "Trofimov", "Andrei Trofimov", "one word of a person's name says nothing"),
    ("person", "Anton Trofimov", "Andrei Trofimov", "nor of two the one that agrees"),
    ("person", "A. B.", "A. B.", "nor initials alone"),
]


@pytest.mark.parametrize(("kind", "asked", "listed", "reason"), NOT_LOOKED_AT)
def test_what_shares_too_little_is_not_looked_at(kind, asked, listed, reason):
    assert candidates([asked], prepare([listed], kind)).is_empty(), reason


@pytest.mark.parametrize("at_once", [1, 7, 10_000])
@pytest.mark.parametrize("kind", ["company", "person"])
def test_what_is_found_does_not_depend_on_what_is_asked_with_it(kind, at_once, monkeypatch):
    texts = every(kind)[:60]
    whole = candidates(texts, NAMES[kind])
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    assert candidates(texts, NAMES[kind]).equals(whole) and not whole.is_empty()


@pytest.mark.parametrize("kind", ["company", "person"])
def test_what_is_found_does_not_depend_on_the_order_of_texts_or_of_names(kind):
    texts, listed = every(kind)[:60], LISTED[kind]
    whole = pairs(candidates(texts, NAMES[kind]))
    turned = pairs(candidates(texts[::-1], prepare(listed[::-1], kind)))
    assert {(len(texts) - 1 - text, len(listed) - 1 - name) for text, name in turned} == whole


def test_pairs_are_in_their_order_and_each_once():
    found = candidates(every("company"), NAMES["company"])
    assert found.equals(found.unique().sort("text", "name")) and found.columns == ["text", "name"]


def test_no_text_and_no_name_are_no_pair():
    assert candidates([], NAMES["company"]).is_empty()
    assert candidates(["VEXEL"], prepare([], "company")).is_empty()
    assert candidates(["VEXEL"], NAMES["company"]).schema == candidates([], NAMES["company"]).schema


THREADS = """
import hashlib
from tradeanalytics.parties.candidates import candidates, prepare
names = [f"Vexel{a}{b} {c}akrut Trading" for a in "abcdefgh" for b in "ijklmnop" for c in "QRSTUV"]
asked = [f"Vexxel{a}{b} {c}akrut; {c}akru {b}evex" for a in "abcd" for b in "ijkl" for c in "QRST"]
listed = prepare(names, "company")
found = candidates(asked, listed)
rows = [*found.rows(), *listed.tokens.rows(), *listed.keys.rows()]
print(len(found), hashlib.sha256(repr(rows).encode()).hexdigest())
"""


def test_what_is_found_and_what_is_made_ready_do_not_depend_on_the_number_of_threads():
    answers = {
        subprocess.run(
            [sys.executable, "-c", THREADS],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed},
            capture_output=True, check=True, text=True,
        ).stdout
        for threads, seed in (("1", "1"), ("4", "2"), ("2", "3"))
    }  # fmt: skip
    assert len(answers) == 1 and int(answers.pop().split()[0]) > 0
