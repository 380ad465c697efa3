"""What a monthly series is: unknown is not zero, the order of rows is no matter, and what is wrong is said."""

import numpy as np
import pandas as pd
import pytest
from monthly_series import series, wave

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.changepoints import changepoints, one_break
from tradeanalytics.detectors.drops import drops
from tradeanalytics.detectors.series import faults_of, month_of, read

GOOD = series({"good": wave(39)})


def of(values: pd.Series | list, **columns: object) -> pd.DataFrame:
    return GOOD.assign(value=values, **columns)


def at(table: pd.DataFrame, month: str, value: object, column: str = "value") -> pd.DataFrame:
    """The good table with another value in one month."""
    return table.assign(**{column: table[column].astype(object).mask(table["period"] == month, value)})


BAD = [
    # what is wrong, the table, the reason
    ("one row", GOOD[GOOD["period"] == "2022-03"], "no month of its baseline is known"),
    ("one month, not the one asked for", GOOD[GOOD["period"] == "2021-03"], "the month itself is unknown"),
    ("all zeros", of(0.0), "a zero in its baseline"),
    ("all nulls", of(None), "the month itself is unknown; no month of its baseline is known"),
    ("negative throughout", of(-GOOD["value"]), "the month itself is negative; a value of its baseline is negative"),
    ("a negative month", at(GOOD, "2022-03", -1.0), "the month itself is negative"),
    ("a total", of(GOOD["value"], aggregate="total"), "its partner is a total of partners"),
    ("a residual", of(GOOD["value"], aggregate="residual"), "its partner is what is left of all partners, not one"),
    ("another aggregate", of(GOOD["value"], aggregate="bloc"), "its partner is an aggregate"),
    ("a month twice, in equal rows", pd.concat([GOOD, GOOD.tail(1)]), "a month stands twice"),
    ("a month twice, once unknown", pd.concat([GOOD, GOOD.tail(1).assign(value=None)]), "a month stands twice"),
    ("two currencies", at(of(GOOD["value"], unit="CAD"), "2021-05", "USD", "unit"), "in several currencies"),
    ("a unit missing once", at(of(GOOD["value"], unit="CAD"), "2021-05", None, "unit"), "in several currencies"),
    ("a gap", GOOD[GOOD["period"] != "2020-05"], "a month of its baseline is unknown"),
    ("a null", at(GOOD, "2020-05", None), "a month of its baseline is unknown"),
    ("a zero", at(GOOD, "2020-05", 0.0), "a zero in its baseline"),
    ("a level", of(5e6), "its baseline does not vary"),
    ("text that looks like a number", at(GOOD, "2022-03", "5000000"), "a value is not a number"),
    ("a truth value", at(GOOD, "2022-03", True), "a value is not a number"),
    ("infinity", at(GOOD, "2022-03", np.inf), "a value is not a number"),
    ("too large to be counted", at(GOOD, "2022-03", 1e300), "too large or too small"),
    ("too small", at(GOOD, "2022-03", 1e-300), "too large or too small"),
    ("a day within a month", at(GOOD, "2022-03", pd.Timestamp("2022-03-15"), "period"), "not the first day of a month"),
    ("no period", at(GOOD, "2022-03", None, "period"), "not the first day of a month"),
    ("the year 9999", at(GOOD, "2022-03", "9999-12-01", "period"), "not the first day of a month"),
    ("no name", GOOD.assign(series=None), "it has no name"),
]


@pytest.mark.parametrize(("table", "why"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_wrong_with_a_series_is_said_and_it_is_not_judged(table, why):
    found = drops(table, "2022-03").iloc[0]
    assert not found["judged"] and why in found["why_not"]
    assert pd.isna(found["flagged"]) and pd.isna(found["score"]) and pd.isna(found["p"])
    assert found["why_not"] in found["reason"] and "What was not judged is not clean." in found["reason"]


@pytest.mark.parametrize("detect", [lambda table: changepoints(table, before=2022), one_break])
@pytest.mark.parametrize(
    "table",
    [GOOD.head(1), GOOD.head(5), of(0.0), of(None), of(-GOOD["value"]), of(5e6), GOOD[GOOD["period"] != "2020-05"]],
    ids=["one row", "five rows", "zeros", "nulls", "negative", "a level", "a gap"],
)
def test_nor_are_its_breaks(detect, table):
    found = detect(table)
    assert len(found) == 1 and not found["judged"].any() and found["why_not"].str.len().all()


def test_every_reason_is_kept():
    table = pd.concat([of(0.0, aggregate="total"), GOOD.tail(1).assign(value=0.0, aggregate="total")])
    assert drops(table, "2022-03")["why_not"].item() == (
        "a month stands twice; its partner is a total of partners; a zero in its baseline"
    )


def test_one_bad_series_does_not_touch_another():
    both = pd.concat([GOOD, of(0.0).assign(series="bad")])
    found = drops(both, "2022-03")
    assert found["subject"].tolist() == ["bad", "good"] and found["judged"].tolist() == [False, True]


def test_a_table_without_rows_has_an_answer_without_rows():
    assert len(drops(GOOD.head(0), "2022-03")) == len(changepoints(GOOD.head(0), before=2022)) == 0


def test_a_month_without_a_row_is_unknown_and_zero_only_where_all_trade_is_given():
    stopped = pd.concat([GOOD, series({"stopped": wave(38)})])
    unknown, zero = (drops(stopped, "2022-03", absent=absent).iloc[1] for absent in ("unknown", "zero"))
    assert unknown["why_not"] == "the month itself is unknown"
    assert zero["judged"] and zero["flagged"] and (zero["observed"], zero["effect"]) == (0.0, -1.0)


def test_no_month_outside_the_table_is_a_zero():
    found = read(GOOD, month_of("2018-12"), month_of("2022-04"), absent="zero").values[0]
    assert np.isnan(found[[0, -1]]).all() and not np.isnan(found[1:-1]).any()


def test_a_row_with_a_null_is_unknown_even_where_all_trade_is_given():
    assert "unknown" in drops(at(GOOD, "2022-03", None), "2022-03", absent="zero")["why_not"].item()


def test_cents_are_read_in_units_with_their_currency():
    cents = GOOD.assign(value_cad_cents=(GOOD["value"] * 100).round().astype("Int64")).drop(columns="value")
    found = drops(cents, "2022-03").iloc[0]
    assert found["unit"] == "CAD" and found["observed"] == pytest.approx(GOOD["value"].iloc[-1], abs=0.01)


@pytest.mark.parametrize(
    "write", [str, lambda day: str(day)[:7], lambda day: day.date(), lambda day: day.tz_localize("UTC")]
)
def test_a_month_is_read_in_every_way_a_table_may_hold_it(write):
    written = GOOD.assign(period=[write(day) for day in GOOD["period"]])
    assert drops(written, "2022-03").equals(drops(GOOD, "2022-03"))


REFUSED = [
    (lambda: drops(GOOD, "March"), "month 'March': expected a year and a month, such as 2022-03"),
    (lambda: drops(GOOD, "2022-13"), "month '2022-13'"),
    (lambda: drops(GOOD, "2022-03", before=2023), "before 2023"),
    (lambda: drops(GOOD, "2022-03", years=1), "years 1"),
    (lambda: drops(GOOD, "2022-03", absent="nil"), "absent 'nil'"),
    (lambda: drops(GOOD.drop(columns="period"), "2022-03"), "no column period"),
    (lambda: drops(GOOD.drop(columns="value"), "2022-03"), r"found \[\]"),
    (lambda: drops(GOOD.assign(value_cad_cents=1), "2022-03"), "found"),
    (lambda: changepoints(GOOD, before=2022, until="2021-06"), "until 2021-06"),
    (lambda: changepoints(GOOD, before=2022, penalty=0), "penalty 0"),
    (lambda: one_break(GOOD, least=0), "least 0"),
]


@pytest.mark.parametrize(("ask", "message"), REFUSED)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(ask, message):
    with pytest.raises(TradeAnalyticsError, match=message) as refused:
        ask()
    assert "\n" not in str(refused.value)


def test_faults_are_joined_in_the_order_of_their_kinds():
    first, second = np.array([True, False, True]), np.array([True, False, False])
    assert faults_of({"twice": first}, {"gap": second}).tolist() == [
        "a month stands twice; a month of it is unknown",
        None,
        "a month stands twice",
    ]
