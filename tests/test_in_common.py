"""Companies that share a telephone number or live by one maker: who is counted, and who is not."""

import doctest

import pytest
from shipped import shipped

from tradeanalytics.detectors import in_common, phones
from tradeanalytics.detectors.findings import COLUMNS

ONE, OTHER = "UNIT 5, TEL +852 2123 4567", "FLOOR 9, CALL +86 10 6552 9988"


def sender(name, address="HONG KONG", maker=None, **more):
    return {"shipper_name": f"SYNTHETIC {name}", "shipper_address": address, "manufacturer": maker, **more}


def only(findings, subject):
    (row,) = findings[findings["subject"] == subject].to_dict("records")
    assert list(findings.columns) == list(COLUMNS)
    return row


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(phones).failed == 0


PHONES = [
    # addresses of A, B and C, companies of the first number, flagged, reason
    ([ONE, "ROOM 8, +852-2123-4567", OTHER], 2, True, "one number in two spellings"),
    ([ONE, OTHER, "HONG KONG"], 1, False, "its own number"),
    ([ONE, "TEL 2123 4567", OTHER], 1, False, "without + nobody knows of which country"),
]


@pytest.mark.parametrize(("addresses", "count", "flagged", "reason"), PHONES)
def test_companies_that_give_one_number_are_flagged(tmp_path, addresses, count, flagged, reason):
    engine = shipped(tmp_path, [sender(name, address) for name, address in zip("ABC", addresses, strict=True)])
    row = only(in_common.shared_phones(engine), "phone +85221234567 of shippers")
    assert (row["observed"], row["flagged"], row["n"]) == (count, flagged, count), reason
    assert row["invented"] and len(engine.sql(row["trace"])) == count


def test_a_company_that_gives_its_number_twice_is_one(tmp_path):
    engine = shipped(tmp_path, [sender("A", ONE), sender("A", f"{ONE}, {ONE}"), sender("A", "SHOP 3 +852 21234567")])
    row = only(in_common.shared_phones(engine), "phone +85221234567 of shippers")
    assert (row["observed"], row["n"], row["flagged"]) == (1, 3, False)


MAKERS = [
    # who ships what, companies that live by VEXOLA, flagged, reason
    ("A:VEXOLA B:VEXOLA C:VEXOLA", 3, True, "three that ship its goods alone"),
    ("A:VEXOLA B:VEXOLA", 2, False, "two are fewer"),
    ("A:VEXOLA B:VEXOLA C:VEXOLA C:OTHER", 2, False, "one of them ships others' goods, too"),
    ("A:VEXOLA B:VEXOLA VEXOLA:VEXOLA", 2, False, "the maker itself is no dealer"),
    ("A:VEXOLA B:VEXOLA C:VEXOLA C:", 3, True, "an item without a maker is of no other maker"),
]


@pytest.mark.parametrize(("told", "count", "flagged", "reason"), MAKERS)
def test_a_maker_that_several_live_by_is_flagged(tmp_path, told, count, flagged, reason):
    pairs = [one.split(":") for one in told.split()]
    rows = [sender(name, maker=f"SYNTHETIC {maker}" if maker else None) for name, maker in pairs] * 3
    row = only(in_common.shared_makers(shipped(tmp_path, rows)), "maker SYNTHETIC VEXOLA of shippers")
    assert (row["observed"], row["flagged"]) == (count, flagged), reason


@pytest.mark.parametrize(("items", "count"), [(2, 0), (3, 1)])
def test_who_ships_once_or_twice_does_not_live_by_a_maker(tmp_path, items, count):
    rows = [sender("A", maker="SYNTHETIC VEXOLA")] * items
    assert (
        only(in_common.shared_makers(shipped(tmp_path, rows)), "maker SYNTHETIC VEXOLA of shippers")["observed"]
        == count
    )


NOTHING = [
    # rows, why a phone, why a maker
    ([sender("A")], "no phone number", "no item tells its shipper and its maker"),
    ([sender("A", None, None)], "no phone number", "no item tells its shipper and its maker"),
    ([{**sender("A", ONE, "SYNTHETIC M"), "shipper_name": None}], "no phone number", "no item tells"),
    (
        [sender("A", ONE, "SYNTHETIC M"), sender("B", ONE, "SYNTHETIC M", invented=False)],
        "invented shipments stand beside real ones",
        "invented shipments stand beside real ones",
    ),
]


@pytest.mark.parametrize(("rows", "phone", "maker"), NOTHING)
def test_what_cannot_be_judged_says_why(tmp_path, rows, phone, maker):
    engine = shipped(tmp_path, rows)
    for found, why in ((in_common.shared_phones(engine), phone), (in_common.shared_makers(engine), maker)):
        assert not found["judged"].any() and found["why_not"].str.contains(why, regex=False).all()
