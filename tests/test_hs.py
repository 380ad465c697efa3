"""Codes of the goods over a change of the HS: what is kept, what is compared together, what is refused."""

import csv
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.reference import rows
from tradeanalytics.reference.goods_lists import common_high_priority, read_list
from tradeanalytics.reference.hs import RELATED, came_from, codes, comparable, concordance, edition, went_to

PRIORITY = [row["hs6"] for row in rows("high_priority")]
PAIRS = [("2012", "2017"), ("2017", "2022"), ("2012", "2022")]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("1988-01", "1988"),
        ("1995-12", "1988"),
        ("1996-01", "1996"),
        ("2011-12", "2007"),
        ("2012-01", "2012"),
        ("2021-12", "2017"),  # seven weeks before the invasion
        (date(2022, 1, 1), "2022"),
    ],
)
def test_an_edition_is_in_force_from_the_first_of_its_year(day, expected):
    assert edition(day) == expected


def test_before_the_first_edition_there_is_none():
    with pytest.raises(TradeAnalyticsError, match="1987-12 is before 1988"):
        edition("1987-12")


def test_each_edition_has_as_many_codes_as_it_is_known_to():
    assert [len(codes(one)) for one in RELATED] == [5206, 5388, 5613]


# The priority list over January 2022


def test_of_the_fifty_priority_codes_forty_four_are_kept_and_six_are_new():
    table = comparable(PRIORITY, "2021-03", "2022-03")
    kept = table[table["how"] == "kept"]
    assert len(PRIORITY) == 50
    assert len(kept) == 44
    assert list(kept["codes_before"]) == list(kept["codes_after"])
    assert (kept["note"] != "").all()  # of each, something moved out: electrical waste at least
    new = set(PRIORITY) - set(kept["codes_after"])
    assert new == {"854800", "852589", "854149", "854151", "854159", "880730"}


NEW = {
    "854800": ("854890", "854800"),
    "852589": ("852580", "852581;852582;852583;852589"),
    "854149": ("854140", "854141;854142;854143;854149"),
    "854151": ("854150", "854151;854159"),  # a judgement: the UN table leaves 8541.50 out
    "854159": ("854150", "854151;854159"),
    "880730": ("880330", "880730"),
}


@pytest.mark.parametrize(("code", "expected"), NEW.items())
def test_a_priority_code_that_did_not_exist_is_compared_with_what_it_came_from(code, expected):
    [group] = comparable([code], "2021-12", "2022-01").itertuples(index=False)
    assert (group.codes_before, group.codes_after) == expected
    assert (group.how, group.exact) == ("together", False)
    assert "part of it went to" in group.note


def test_no_priority_code_is_compared_with_mobile_phones():
    # as the UN's one-to-one sheet would have it for 8541.51 and 8541.59
    assert not any("851712" in group for group in comparable(PRIORITY, "2017", "2022")["codes_before"])


RELATIONS = [
    # before, after, editions, relation, why
    ("010121", "010121", ("2017", "2022"), "same", "horses are horses"),
    ("880330", "880730", ("2017", "2022"), "split", "parts of aircraft, but for display modules"),
    ("852580", "852589", ("2017", "2022"), "split", "cameras, in four codes now"),
    ("854231", "854231", ("2012", "2017"), "widened", "processors took in parts of 157 other goods"),
]


@pytest.mark.parametrize(("before", "after", "editions", "relation", "why"), RELATIONS)
def test_a_pair_of_codes_has_one_relation(before, after, editions, relation, why):
    table = concordance(*editions)
    found = table[(table["code_before"] == before) & (table["code_after"] == after)]
    assert list(found["relation"]) == [relation], why


@pytest.mark.parametrize("pair", PAIRS)
def test_what_came_from_a_code_is_what_it_went_to(pair):
    sources, heirs = came_from(*pair), went_to(*pair)
    assert {(old, new) for new, found in sources.items() for old in found} == {
        (old, new) for old, found in heirs.items() for new in found
    }
    assert set(sources) == codes(pair[1])
    assert set().union(*sources.values()) <= codes(pair[0])


@pytest.mark.parametrize("pair", PAIRS)
def test_every_code_of_two_editions_is_in_exactly_one_group_or_refused_with_a_reason(pair):
    everything = codes(pair[0]) | codes(pair[1])
    table = comparable(everything, *pair)
    for side, column in zip(pair, ("codes_before", "codes_after"), strict=True):
        seen = [code for text in table[column] for code in text.split(";") if code]
        assert sorted(seen) == sorted(codes(side))
    refused = table[table["how"] == "refused"]
    assert (refused["note"] != "").all()
    assert ((refused["codes_before"] == "") != (refused["codes_after"] == "")).all()


@pytest.mark.parametrize("pair", PAIRS)
def test_an_exact_group_holds_the_same_goods_on_both_sides(pair):
    sources, heirs = came_from(*pair), went_to(*pair)
    for group in comparable(codes(pair[0]) | codes(pair[1]), *pair).itertuples(index=False):
        before, after = (set(side.split(";")) - {""} for side in (group.codes_before, group.codes_after))
        there = set().union(*(sources[code] for code in after)) == before
        back = set().union(*(heirs[code] for code in before)) == after
        assert group.exact == (there and back and group.how != "refused")


@settings(max_examples=30)
@given(asked=st.lists(st.sampled_from(sorted(codes("2017") | codes("2022"))), max_size=8), pair=st.just(PAIRS[1]))
def test_the_order_in_which_codes_are_asked_for_makes_no_difference(asked, pair):
    assert comparable(asked, *pair).equals(comparable(asked[::-1], *pair))
    covered = {
        code for text in comparable(asked, *pair)[["codes_before", "codes_after"]].stack() for code in text.split(";")
    }
    assert set(asked) <= covered


REFUSED = [
    ("123456", "1234.56 is no code of HS 2017 or 2022", "no such code"),
    ("911410", "9114.10 is gone in HS 2022; its goods are in 9114.90", "which held other goods before"),
    ("070952", "0709.52 is new in HS 2022; its goods were in 0709.59", "which is still there"),
    ("854921", "8549.21 is new in HS 2022; its goods were in", "waste of a thousand goods"),
    ("8549", "8549 is only in one of the editions; its goods came from", "a new heading"),
]


@pytest.mark.parametrize(("code", "note", "why"), REFUSED)
def test_what_cannot_be_compared_is_refused_with_the_reason(code, note, why):
    table = comparable([code], "2017", "2022")
    [said] = table[table["how"] == "refused"]["note"]
    assert said.startswith(note), why


def test_a_heading_is_compared_as_itself_and_says_what_crossed_its_border():
    [quiet] = comparable(["0101"], "2017", "2022").itertuples(index=False)
    assert (quiet.how, quiet.exact, quiet.note) == ("kept", True, "")
    [crossed] = comparable(["8541"], "2017", "2022").itertuples(index=False)
    assert (crossed.how, crossed.exact) == ("kept", False)
    assert crossed.note.startswith("8541: took in part of")


@pytest.mark.parametrize("code", ["85423100", "854", "8542.31", "٨٥٤٢٣١", ""])
def test_only_codes_of_two_four_or_six_digits_are_compared(code):
    with pytest.raises(TradeAnalyticsError, match="expected a code of 2, 4 or 6 digits"):
        comparable([code], "2017", "2022")


def test_two_months_of_one_edition_compare_every_code_as_itself():
    table = comparable(["854231"], "2022-03", "2023-03")
    assert table.to_dict("records") == [
        {"codes_before": "854231", "codes_after": "854231", "how": "kept", "exact": True, "note": ""}
    ]


def test_a_later_edition_before_an_earlier_one_is_refused():
    with pytest.raises(TradeAnalyticsError, match="expected an earlier and a later edition"):
        comparable(["854231"], "2022", "2017")


# The publisher's own tables


@pytest.mark.shared
@pytest.mark.parametrize(("of", "file"), [("2012", "H4"), ("2017", "H5"), ("2022", "H6")])
def test_the_codes_are_those_of_the_un_lists(shared, of, file):
    listed = json.loads((shared / "data" / "hs" / f"classification{file}.json").read_text("utf-8-sig"))["results"]
    assert codes(of) == {entry["id"] for entry in listed if len(entry["id"]) == 6 and entry["id"].isdigit()}


# Lists of goods


def test_the_priority_list_has_its_fifty_codes_and_what_they_were_before():
    table = common_high_priority()
    now = table[table["hs_edition"] == "2022"]
    assert (len(now), set(now["match"])) == (50, {"exact"})
    assert now.groupby("tier").size().to_dict() == {"1": 4, "2": 5, "3A": 16, "3B": 9, "4A": 11, "4B": 5}
    older = table[table["hs_edition"] == "2017"]
    wider = set(older[older["match"] == "possible"]["hs"])
    assert wider == {"854890", "852580", "854140", "854150", "880330"}
    assert not table.duplicated(["hs_edition", "hs"]).any()


HEADINGS = ["list", "version_date", "hs", "hs_edition", "tier"]
ROW = ["SYNTHETIC list", "2024-06-12", "8457.10", "2022", "a"]


def write(tmp_path, *lines, headings=HEADINGS):
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *lines])
    return path


def test_a_list_of_ones_own_is_read(tmp_path):
    table = read_list(write(tmp_path, ROW, [*ROW[:2], "88", "2017", "b"]))
    assert table[["hs", "hs_edition", "tier", "match"]].to_numpy().tolist() == [
        ["88", "2017", "b", "exact"],
        ["845710", "2022", "a", "exact"],
    ]


BAD_LISTS = [
    # place of the cell, what is in it, what is said, why
    (2, "84571", "line 2: hs is '84571', expected two, four or six digits", "a zero is lost"),
    (2, "84571000", "line 2: hs is '84571000'", "national codes differ"),
    (2, "854890", "line 2: hs 854890 is no code of HS 2022", "it is one of HS 2017"),
    (3, "2020", "line 2: hs_edition is '2020'", "no such edition"),
    (1, "12 June 2024", "line 2: version_date is '12 June 2024'", "not a date that sorts"),
    (4, "", "line 2: list and tier are 'SYNTHETIC list' and ''", "an empty word"),
]


@pytest.mark.parametrize(("place", "text", "said", "why"), BAD_LISTS)
def test_a_bad_line_of_a_list_is_named(tmp_path, place, text, said, why):
    row = [text if at == place else cell for at, cell in enumerate(ROW)]
    with pytest.raises(TradeAnalyticsError) as told:
        read_list(write(tmp_path, row))
    assert f"list.csv {said}" in str(told.value), why


@pytest.mark.parametrize(
    ("lines", "headings", "said"),
    [
        ([], HEADINGS, "the list is empty"),
        ([ROW], [*HEADINGS[:4], "level"], "the column 'tier' is missing"),
        ([ROW, ROW], HEADINGS, "hs 845710 of HS 2022 is held by 845710"),
        ([ROW, [*ROW[:2], "84", "2022", "b"]], HEADINGS, "hs 845710 of HS 2022 is held by 84"),
    ],
)
def test_a_list_that_would_mislead_is_refused(tmp_path, lines, headings, said):
    with pytest.raises(TradeAnalyticsError, match=said):
        read_list(write(tmp_path, *lines, headings=headings))
