"""Days in every format, and the declaration number as their witness."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.sources.cells_dates import (
    DateProfile,
    ambiguous_day,
    date_disagrees,
    date_from_declaration,
    date_in_declaration,
    date_profile,
    day,
    declaration_item,
    declaration_key,
    witnessed,
)

AMERICAN = DateProfile(slashed="month_first")
DAY = date(2022, 6, 15)


def rows(*cells: str | None) -> pl.LazyFrame:
    return pl.LazyFrame({"cell": cells}, schema={"cell": pl.String})


def read(expression, *cells: str | None) -> list:
    return rows(*cells).select(expression).collect(engine="streaming").to_series().to_list()


ONE_WAY = [
    ("15.06.2022", "Russian"),
    ("15.06.22", "two digits of the year"),
    ("15.6.2022", "no zero before the month"),
    ("15.06.2022 13:01:59", "with the time"),
    ("06/15/22", "after an export from Access"),
    ("06-15-22", "with dashes"),
    ("15/06/2022", "day first, and no other way"),
    ("2022-06-15", "ISO"),
    ("2022-06-15T00:00:00", "ISO with the time"),
    ("2022-06-15 10:11:12.5", "so too"),
    ("2022/06/15", "year first with slashes"),
    ("20220615", "eight digits"),
    ("44727", "a serial of Excel"),
    ("44727.5", "with the time, half a day"),
    ("15-Jun-2022", "an English month"),
    ("15-Jun-22", "and a short year"),
    (" 15.06.2022 ", "spaces"),
]
NOT_DAYS = [
    ("31.02.2022", "no such day"),
    ("13.13.2022", "no such month"),
    ("15.06-2022", "two separators"),
    ("15.06.20220", "too long"),
    ("12345678", "eight digits of the year 1234"),
    ("12345", "a serial of 1933"),
    ("99999", "a serial of 2173"),
    ("15-Foo-2022", "no such month"),
    ("n/a", "words"),
    ("", "nothing"),
    (None, "null"),
]


@pytest.mark.parametrize(("written", "why"), ONE_WAY)
@pytest.mark.parametrize("profile", [DateProfile(), AMERICAN, DateProfile(slashed="day_first")])
def test_a_day_that_can_be_read_in_one_way_is_read_so_whatever_the_column(written, why, profile):
    assert read(day("cell", profile), written) == [DAY], why


@pytest.mark.parametrize(("written", "why"), NOT_DAYS)
def test_what_is_no_day_is_null(written, why):
    assert read(day("cell", AMERICAN), written) == [None], why


COLUMNS = [
    # cells, declared order, day of 03/04/22, whether it is flagged, why
    (["03/04/22", "06/15/22"], None, date(2022, 3, 4), False, "a cell settles the month first"),
    (["03/04/22", "15/06/22"], None, date(2022, 4, 3), False, "a cell settles the day first"),
    (["03/04/22", "15/06/22", "06/15/22", "07/16/22"], None, date(2022, 3, 4), True, "most say so, not all"),
    (["03/04/22"], None, None, True, "nothing tells"),
    (["03/04/22", "15/06/22", "06/15/22"], None, None, True, "one against one"),
    (["03/04/22"], "month_first", date(2022, 3, 4), True, "the layout tells, no cell does"),
    (["03/04/22", "15.06.2022"], None, date(2022, 4, 3), True, "only cells of another format tell"),
    (["03/04/22", "15-06-22"], None, date(2022, 4, 3), False, "dashes and slashes are one format"),
]


@pytest.mark.parametrize(("cells", "declared", "read_as", "flagged", "why"), COLUMNS)
def test_an_ambiguous_day_follows_its_column(cells, declared, read_as, flagged, why):
    profile = date_profile(rows(*cells), "cell", declared)
    assert read(day("cell", profile), cells[0]) == [read_as], why
    assert read(ambiguous_day("cell", profile), cells[0]) == [flagged], why


AMBIGUOUS = [
    ("12/11/22", True, "both are months"),
    ("12/13/22", False, "13 is no month"),
    ("05/05/22", False, "the same either way"),
    ("03.04.2022", False, "dots are day first"),
    ("2022-03-04", False, "the year comes first"),
    (None, False, "null"),
]


@pytest.mark.parametrize(("written", "flagged", "why"), AMBIGUOUS)
def test_a_day_is_ambiguous_when_day_and_month_could_be_swapped(written, flagged, why):
    assert read(ambiguous_day("cell", AMERICAN), written) == [flagged], why


def test_dots_are_ambiguous_only_where_a_cell_has_the_month_first():
    profile = date_profile(rows("03.04.2022", "15.06.2022", "16.06.2022", "06.15.2022"), "cell")
    assert read(day("cell", profile), "03.04.2022") == [date(2022, 4, 3)]
    assert read(ambiguous_day("cell", profile), "03.04.2022") == [True]


NUMBERS = [
    # written, key, item, day, why
    ("10210200/150622/3012345", "10210200/150622/3012345", None, DAY, "as it should be"),
    ("10210200-150622-3012345", "10210200/150622/3012345", None, DAY, "dashes"),
    ("10210200_150622_3012345", "10210200/150622/3012345", None, DAY, "underscores"),
    ("10210200 / 150622 / 3012345", "10210200/150622/3012345", None, DAY, "spaces"),
    ("GTD_10210200_150622_3012345.pdf", "10210200/150622/3012345", None, DAY, "the name of a file"),
    ("gtd_10210200_150622_3012345.PDF", "10210200/150622/3012345", None, DAY, "in either case"),
    ("10210200/150622/3012345/2", "10210200/150622/3012345", "2", DAY, "an item"),
    ("10210200/150622/0012345/12", "10210200/150622/0012345", "12", DAY, "zeros of the serial are its own"),
    ("10210200/150622/30123", "10210200/150622/30123", None, DAY, "a serial cut short is not made up"),
    ("55302/150622/0123456", "55302/150622/0123456", None, DAY, "a customs post of Kazakhstan"),
    ("10210200/310222/3012345", "10210200/310222/3012345", None, None, "no such day"),
    ("smpl 0001", "SMPL 0001", None, None, "a bill of lading"),
    (None, None, None, None, "null"),
]


@pytest.mark.parametrize(("written", "key", "item", "registered", "why"), NUMBERS)
def test_a_declaration_number_has_one_spelling(written, key, item, registered, why):
    assert read(declaration_key("cell"), written) == [key], why
    assert read(declaration_item("cell"), written) == [item], why
    assert read(date_in_declaration("cell"), written) == [registered], why


WITNESSES = [
    # day, in the number, ambiguous, result, from the number, disagrees, why
    (DAY, DAY, False, DAY, False, False, "they agree"),
    (None, DAY, False, DAY, True, False, "a missing day is mended"),
    (DAY, date(2022, 6, 16), False, DAY, False, True, "a disagreement is said, the column kept"),
    (date(2022, 3, 4), date(2022, 4, 3), True, date(2022, 4, 3), True, False, "the witness settles an ambiguous day"),
    (date(2022, 3, 4), date(2022, 4, 3), False, date(2022, 3, 4), False, True, "but not one that is certain"),
    (date(2022, 3, 4), date(2022, 4, 5), True, date(2022, 3, 4), False, True, "nor by a day it could not be"),
    (DAY, None, False, DAY, False, False, "no witness"),
    (None, None, False, None, False, False, "nothing known"),
]


@pytest.mark.parametrize(("written", "number", "unsure", "result", "mended", "disagrees", "why"), WITNESSES)
def test_the_declaration_number_is_a_witness(written, number, unsure, result, mended, disagrees, why):
    schema = {"day": pl.Date, "witness": pl.Date, "unsure": pl.Boolean}
    row = pl.LazyFrame({"day": [written], "witness": [number], "unsure": [unsure]}, schema=schema)
    columns = ("day", "witness", "unsure")
    answers = row.select(
        result=witnessed(*columns), mended=date_from_declaration(*columns), disagrees=date_disagrees(*columns)
    )
    assert answers.collect().row(0) == (result, mended, disagrees), why


DAYS = st.dates(date(1990, 1, 1), date(2068, 12, 31))
FORMATS = {
    "day_first": ["%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%y"],
    "month_first": ["%m/%d/%y", "%m-%d-%y", "%m/%d/%Y"],
}
EITHER = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d", "%d-%b-%Y", "%Y/%m/%d"]


@given(st.lists(DAYS, min_size=1, max_size=8), st.sampled_from(sorted(FORMATS)), st.data())
def test_a_day_written_in_any_format_of_its_column_comes_back(days, order, data):
    formats = st.sampled_from(FORMATS[order] + EITHER)
    cells = [datetime(d.year, d.month, d.day, 13, 5).strftime(data.draw(formats)) for d in days]
    assert read(day("cell", DateProfile(slashed=order)), *cells) == days, cells


@given(DAYS)
def test_a_serial_of_excel_comes_back(some_day):
    serial = (some_day - date(1899, 12, 30)) // timedelta(days=1)
    assert read(day("cell", DateProfile()), str(serial), f"{serial}.0") == [some_day, some_day]
