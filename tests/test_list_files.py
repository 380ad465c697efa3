"""Lists of several dates: which date a list has, when one is refused, and which of several counts.

All authorities and parties are invented, but for the bundled extracts of official lists.
"""

import json

import pytest
from conftest import ROOT, put_csv
from listed_rows import DATE, EAST, FILE, HEADINGS, INN, NORTH, SOUTH, cleaned, opened, row, rows_csv

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs, reports
from tradeanalytics.clean.watchlists import confirm_smaller
from tradeanalytics.engine import connect
from tradeanalytics.parties.lists import open_lists
from tradeanalytics.parties.screening import Party, screen
from tradeanalytics.raw import raw_file, raw_files

SDN = '{},"{}",-0- ,"RUSSIA","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- "\r\n'
DATES = [
    # folder and file, date, why
    ("2022-01/sdn.csv", "2022-01", "its folder's"),
    ("2026-08-22/sdn.csv", "2026-08-22", "its folder's, to the day"),
    ("lists/2023-01_sdn.csv", "2023-01", "its own name's"),
    ("2022-01/2023-01_sdn.csv", "2022-01", "its folder's before its own"),
    ("lists of 2022-05-06/sdn.csv", "2022-05-06", "in a longer name"),
    ("lists/sdn.csv", None, "none is told"),
    ("20220506/sdn.csv", None, "digits alone are no date"),
    ("2022-13/sdn.csv", None, "no such month"),
    ("2022-01-45/sdn.csv", None, "no such day"),
    ("2022-02-30/sdn.csv", None, "nor this"),
    ("12022-01/sdn.csv", None, "part of a longer number"),
    ("2022-01-15/2022-01/sdn.csv", "2022-01", "the folder in which it lies"),
]


def rows_of(report, root) -> list[dict]:
    statement = f"SELECT * FROM listed WHERE file_id = '{report['file_id']}' ORDER BY record"
    return connect(root / "processed").arrow(statement).to_pylist()


@pytest.mark.parametrize(("name", "date", "why"), DATES)
def test_a_list_without_a_date_of_its_own_takes_that_of_its_folder_or_its_name(tmp_path, name, date, why):
    raw = put_csv(tmp_path / "raw", name, SDN.format(100, "QUORLAT SHIPPING").encode())
    report = clean(raw, tmp_path / "processed")
    assert [one["list_date"] for one in report["lists"]] == [date], why
    assert {one["list_date"] for one in rows_of(report, tmp_path)} == {date}
    said = [remark for remark in report["remarks"] if "date of the list" in remark]
    assert len(said) == 1 and (f"{date}, is taken" in said[0] if date else "not known" in said[0])


def test_a_list_with_a_date_of_its_own_keeps_it(tmp_path):
    report = cleaned(
        tmp_path, [row(NORTH, "1", "Vexoria"), row(SOUTH, "1", "Quorlat", list_date="")], f"2020-01/{FILE}"
    )
    assert {one["list_date"] for one in rows_of(report, tmp_path)} == {DATE}


BAD_DATES = ["22/08/2026", "2026-02-30", "2026-13", "Aug 2026", "2026-8-22", "20260822"]


@pytest.mark.parametrize("text", BAD_DATES)
def test_a_date_of_a_list_that_is_none_is_refused_by_record(tmp_path, text):
    with pytest.raises(TradeAnalyticsError) as error:
        cleaned(tmp_path, [row(NORTH, "1", "Vexoria"), row(NORTH, "2", "Quorlat", list_date=text)])
    assert "record 2" in str(error.value) and repr(text) in str(error.value) and "\n" not in str(error.value)
    assert not list((tmp_path / "processed").rglob("*.parquet"))


def test_what_is_neither_found_nor_not_found_is_refused_by_record(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="record 1 has found 'nein', expected yes or no"):
        cleaned(tmp_path, [row(NORTH, "", "Vexoria", found="nein")])


# Lists that would clear everybody ----------------------------------------------------------------------------------

NOBODY = [
    ([], "the list is empty, expected records", "a heading alone"),
    ([row(NORTH, "", "")], "no record of the list can be read", "every record is rejected"),
    ([row(NORTH, "1", ""), row(NORTH, "", "Vexoria")], "no record of the list can be read", "each for its own reason"),
]


@pytest.mark.parametrize(("rows", "said", "why"), NOBODY)
def test_a_list_that_names_nobody_is_refused_and_the_last_one_stays(tmp_path, rows, said, why):
    first = cleaned(tmp_path, [row(NORTH, "1", "Vexoria")], f"2023-01/{FILE}")
    with pytest.raises(TradeAnalyticsError, match=said):
        cleaned(tmp_path, rows, f"2024-01/{FILE}")
    assert [report["name"] for report in reports(tmp_path / "processed")] == [first["name"]], why
    assert opened(tmp_path).parties.height == 1


def of(count: int, date: str, authority: str = NORTH, first: int = 0) -> list[dict[str, str]]:
    return [row(authority, str(n), f"Vexoria {n}", list_date=date) for n in range(first, first + count)]


SIZES = [
    # parties before, parties now, accepted?, why
    (10, 8, True, "exactly four fifths"),
    (10, 7, False, "just below"),
    (5, 4, True, "exactly four fifths of few"),
    (5, 3, False, "just below, of few"),
    (11, 9, True, "a little above"),
    (35, 28, True, "four fifths of a number that is no round one"),
    (1, 1, True, "one stays one"),
    (10, 30, True, "more than before"),
]


@pytest.mark.parametrize(("before", "now", "accepted", "why"), SIZES)
def test_a_list_that_shrank_by_more_than_a_fifth_is_refused(tmp_path, before, now, accepted, why):
    cleaned(tmp_path, of(before, "2023-01"), f"a/{FILE}")
    if accepted:
        assert cleaned(tmp_path, of(now, "2024-01"), f"b/{FILE}")["accepted"] == now, why
        return
    said = rf"{NORTH} list has {now} parties, expected about as many as the one before it, {before} \(2023-01\)"
    with pytest.raises(TradeAnalyticsError, match=said) as error:
        cleaned(tmp_path, of(now, "2024-01"), f"b/{FILE}")
    assert "\n" not in str(error.value) and "clean --smaller" in str(error.value)
    assert opened(tmp_path).parties.height == before, why


def test_with_the_note_that_somebody_looked_it_is_accepted(tmp_path):
    cleaned(tmp_path, of(10, "2023-01"), f"a/{FILE}")
    note = confirm_smaller(put_csv(tmp_path / "raw", f"b/{FILE}", b"").path)
    assert cleaned(tmp_path, of(3, "2024-01"), f"b/{FILE}")["accepted"] == 3
    assert {raw.name for raw in raw_files(tmp_path / "raw")} == {f"a/{FILE}", f"b/{FILE}"}, "a note is no raw file"
    assert note.name == f"{FILE}.smaller.txt" and opened(tmp_path).parties.height == 3


HELD = [
    # the rows cleaned before, as (parties, date, authority), their place, those cleaned now; accepted?, why
    ((10, "2024-06", NORTH), "a", (3, "2024-01", NORTH), True, "an older list may be smaller"),
    ((10, "2024-01", SOUTH), "a", (3, "2024-06", NORTH), True, "another authority's"),
    ((10, "", NORTH), "a", (3, "2024-06", NORTH), False, "of two the one without a date is held for the older"),
    ((10, "2024-01", NORTH), "a", (3, "", NORTH), False, "a list without a date is held against any"),
    ((10, "2024-01", NORTH), "now", (3, "2024-01", NORTH), False, "a file in the place of the last one"),
    ((10, "", NORTH), "now", (3, "", NORTH), False, "and without a date"),
]


@pytest.mark.parametrize(("before", "place", "now", "accepted", "why"), HELD)
def test_a_list_is_held_against_the_same_list_before_it(tmp_path, before, place, now, accepted, why):
    cleaned(tmp_path, of(*before), f"{place}/{FILE}")
    try:
        cleaned(tmp_path, of(*now), f"now/{FILE}")
    except TradeAnalyticsError as error:
        assert not accepted and "has 3 parties" in str(error), why
    else:
        assert accepted, why


def test_the_same_file_may_be_cleaned_again(tmp_path):
    for _ in range(2):
        assert cleaned(tmp_path, of(3, "2024-01"))["accepted"] == 3


def test_it_is_held_against_the_newest_before_it_and_not_the_largest(tmp_path):
    for count, date in ((20, "2022-01"), (17, "2023-01"), (14, "2024-01"), (12, "2025-01")):
        cleaned(tmp_path, of(count, date), f"{date}/{FILE}")
    with pytest.raises(TradeAnalyticsError, match=r"12 \(2025-01\)"):
        cleaned(tmp_path, of(9, "2026-01"), f"2026-01/{FILE}")


def test_of_several_lists_in_one_file_each_is_held_for_itself(tmp_path):
    cleaned(tmp_path, [*of(10, "2023-01"), *of(10, "2023-01", SOUTH)], f"a/{FILE}")
    with pytest.raises(TradeAnalyticsError, match=f"{SOUTH} list has 2 parties"):
        cleaned(tmp_path, [*of(30, "2024-01"), *of(2, "2024-01", SOUTH)], f"b/{FILE}")


def test_parties_are_counted_and_not_records(tmp_path):
    """A party with a record for each of its names is one."""
    cleaned(tmp_path, of(10, "2023-01"), f"a/{FILE}")
    rows = [one | {"name": f"{one['name']} {name}"} for one in of(5, "2024-01") for name in ("A", "B", "C")]
    with pytest.raises(TradeAnalyticsError, match="has 5 parties"):
        cleaned(tmp_path, rows, f"b/{FILE}")


def test_an_extract_is_never_held_against_a_whole_list_nor_a_whole_list_against_an_extract(tmp_path):
    cleaned(tmp_path, of(10, "2023-01"), f"a/{FILE}")
    assert cleaned(tmp_path, of(1, "2024-01"), f"b/{FILE}", extract=True)["accepted"] == 1
    cleaned(tmp_path, of(10, "2023-01", SOUTH), f"c/{FILE}", extract=True)
    assert cleaned(tmp_path, of(1, "2024-01", SOUTH), f"d/{FILE}")["accepted"] == 1
    assert cleaned(tmp_path, of(1, "2025-01", SOUTH, 5), f"e/{FILE}", extract=True)["accepted"] == 1


# Which of several counts -------------------------------------------------------------------------------------------


def entries(lists) -> set[str]:
    return set(lists.parties["entry"])


def test_of_each_list_the_newest_whole_file_counts_whatever_the_order_of_cleaning(tmp_path):
    for date in ("2024-01", "2023-01", "2022-01"):
        cleaned(tmp_path, of(1, date, first=int(date[:4])), f"{date}/{FILE}")
    cleaned(tmp_path, of(1, "2020-01", SOUTH, 7), f"south/{FILE}")
    assert entries(opened(tmp_path)) == {"2024", "7"}


def test_of_two_files_of_one_date_that_with_more_counts(tmp_path):
    cleaned(tmp_path, of(5, "2024-01"), f"a/{FILE}")
    cleaned(tmp_path, of(4, "2024-01", first=20), f"b/{FILE}")
    assert entries(opened(tmp_path)) == {"0", "1", "2", "3", "4"}


def test_an_extract_counts_beside_a_whole_list_only_where_it_is_newer(tmp_path):
    cleaned(tmp_path, of(1, "2024-01"), f"whole/{FILE}")
    cleaned(tmp_path, of(1, "2023-01", first=7), f"older/{FILE}", extract=True)
    assert entries(opened(tmp_path)) == {"0"}
    cleaned(tmp_path, of(1, "2024-06", first=8), f"newer/{FILE}", extract=True)
    assert entries(opened(tmp_path)) == {"0", "8"}


def test_a_list_without_a_date_gives_way_to_one_with_a_date(tmp_path):
    cleaned(tmp_path, of(5, ""), f"a/{FILE}")
    cleaned(tmp_path, of(4, "2001-01", first=20), f"b/{FILE}")
    assert entries(opened(tmp_path)) == {"20", "21", "22", "23"}


# Invented lists ----------------------------------------------------------------------------------------------------


def test_what_an_invented_file_says_is_no_authoritys_word(tmp_path):
    rows = [row("Canada", "1", "Vexoria"), row("European Union", "2", "Quorlat"), row(NORTH, "3", "Bremoldak")]
    report = cleaned(tmp_path, rows)
    told = {one["entry"]: (one["authority"], one["invented"]) for one in rows_of(report, tmp_path)}
    assert told == {"1": ("SYNTHETIC CA", True), "2": ("SYNTHETIC EU", True), "3": (NORTH, True)}
    with pytest.raises(TradeAnalyticsError, match="no list of parties is there"):
        open_lists(connect(tmp_path / "processed"))


def test_a_real_file_of_the_same_rows_is_its_authoritys_word(tmp_path):
    report = cleaned(tmp_path, [row("Canada", "1", "Vexoria")], "list.csv")
    assert [(one["authority"], one["invented"]) for one in rows_of(report, tmp_path)] == [("CA", False)]


# The layout of an extract ------------------------------------------------------------------------------------------

CELLS = [
    # cells of a row, column, what is made of it, why
    ({"authority": "Canada"}, "authority", "SYNTHETIC CA", "a country is its code"),
    ({"authority": "United Nations"}, "authority", "SYNTHETIC UN", "and what is no country"),
    ({"list": "UK Sanctions List"}, "list", "uk_sanctions", "a list that is known"),
    ({"list": "My own list"}, "list", "My own list", "a list of one's own"),
    ({"type": "Ship"}, "type", None, "not one of the types"),
    ({"type": "Ship"}, "flags", "type_unknown", "and that is said"),
    ({"type": "ship"}, "type", "ship", "one of the types"),
    ({"listed_on": "8 April 2022"}, "listed_on", None, "no day of ISO 8601"),
    ({"listed_on": "8 April 2022"}, "flags", "listed_on_unreadable", "and that is said"),
    ({"listed_on": "2022-02-30"}, "listed_on", None, "no such day"),
    ({"countries": "Namibia; NA; Atlantis"}, "countries", ["NA", "NA"], "countries by name or code"),
    ({"addresses": "1 Sample St; 2 Sample St"}, "addresses", ["1 Sample St", "2 Sample St"], "several"),
    ({"identifiers": INN}, "identifiers", [("inn", "7802170553")], "a kind and a number"),
    ({"identifiers": "INN 7802170553"}, "identifiers", [("inn", "7802170553")], "in capitals"),
    ({"identifiers": "12345"}, "identifiers", [("number", "12345")], "a number alone"),
    ({"identifiers": "Passport no. 12345"}, "identifiers", [("Passport no.", "12345")], "in the publisher's words"),
    ({"aliases": "Orbex; ; Bremo Ltd"}, "names", ["Vexoria", "Orbex", "Bremo Ltd"], "names parted by semicolons"),
    ({"aliases": "Orbex, Bremo"}, "names", ["Vexoria", "Orbex, Bremo"], "a comma parts none"),
    ({"name": "", "aliases": "Orbex"}, "names", ["Orbex"], "a name is a name"),
    ({"found": "no"}, "says", "absent", "looked for in vain"),
    ({"found": "no", "list_id": ""}, "entry", "not found", "without a number"),
    ({"found": "yes"}, "says", "entry", "found"),
    ({"found": "No"}, "says", "absent", "in another spelling: it is no party"),
]


@pytest.mark.parametrize(("cells", "column", "expected", "why"), CELLS)
def test_a_row_of_an_extract_becomes_a_record(tmp_path, cells, column, expected, why):
    report = cleaned(tmp_path, [row(NORTH, "1", "Vexoria") | cells])
    (one,) = rows_of(report, tmp_path)
    plain = {
        "names": lambda cell: [name["name"] for name in cell],
        "addresses": lambda cell: [address["address"] for address in cell],
        "identifiers": lambda cell: [(number["kind"], number["number"]) for number in cell],
    }
    assert plain.get(column, lambda cell: cell)(one[column]) == expected, why


def test_who_was_looked_for_in_vain_is_no_party_and_never_a_hit(tmp_path):
    lists = opened(tmp_path, row(NORTH, "1", "Vexoria"), row(NORTH, "", "Quorlat Shipping", found="no"))
    assert list(lists.names["name"]) == ["Vexoria"] and screen([Party("Quorlat Shipping")], lists).empty
    (absent,) = lists.absent.to_dicts()
    assert (absent["authority"], absent["list_date"], absent["name"]) == (NORTH, DATE, "Quorlat Shipping")


def test_an_extract_of_nobody_but_who_was_looked_for_in_vain_can_be_cleaned(tmp_path):
    report = cleaned(tmp_path, [row(NORTH, "", "Quorlat", found="no")], f"a/{FILE}", extract=True)
    assert (report["accepted"], report["lists"][0]["says"]) == (1, "absent")


SHAPES = [
    (
        rows_csv([row(NORTH, "1", "Vexoria")], [*HEADINGS, "colour"]),
        "the column 'colour' is not one of authority,",
    ),
    (rows_csv([row(NORTH, "1", "Vexoria")])[:-2] + b",,\n", "record 1 has 14 fields, expected 13"),
    (rows_csv([row(NORTH, "1", "Vexoria")])[:-9] + b'"\n', "expected 13|damaged or cut off"),
    (rows_csv([row(EAST, "1", "Vexoria")]).replace(b"Vex", b"V\xe9x"), "damaged or cut off"),
]


@pytest.mark.parametrize(("content", "said"), SHAPES)
def test_a_broken_extract_is_refused_in_one_line(tmp_path, content, said):
    with pytest.raises(TradeAnalyticsError, match=said) as error:
        clean(put_csv(tmp_path / "raw", FILE, content), tmp_path / "processed")
    assert "\n" not in str(error.value)


def test_every_record_keeps_its_row_as_text(tmp_path):
    rows = [row(NORTH, "1", 'Vexoria "Orbex", Ltd'), row(NORTH, "", "Nobody's number")]
    report = cleaned(tmp_path, rows)
    assert (report["records"], report["accepted"], report["rejected"]) == (2, 1, 1)
    assert set(report["reasons"]) == {"no_entry_number"}
    rejected = outputs(FILE, tmp_path / "processed")["rejected"]
    (text,) = connect(tmp_path / "processed").arrow(f"SELECT * FROM '{rejected}'").to_pylist()
    assert "Nobody's number" in json.dumps(text, default=str)


# The bundled extracts ----------------------------------------------------------------------------------------------


def test_the_bundled_extracts_are_extracts_of_real_lists_with_their_dates(tmp_path):
    found = [raw for raw in raw_files(ROOT / "data/raw") if raw.table.startswith("listed-extract")]
    for raw in found:
        report = clean(raw, tmp_path)
        assert report["rejected"] == 0 and not any(one["whole"] for one in report["lists"])
    lists = open_lists(connect(tmp_path))
    assert lists.parties.height == 21 and lists.absent.height == 10
    dates = {(one["authority"], one["list_date"]) for one in lists.dates.to_dicts()}
    assert dates == {("CA", "2026-08-22"), ("GB", "2026-08-22"), ("EU", "2026-05-01"), ("US", "2023-01")}
    assert not any(raw_file(raw.path, raw.path.parent).invented for raw in found)
