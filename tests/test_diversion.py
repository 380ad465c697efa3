"""What no longer goes straight and what rises through hubs: check numbers, levels, the bound, and what is refused."""

import doctest

import pandas as pd
import pytest
from conftest import ROOT

from tradeanalytics import TradeAnalyticsError, flows
from tradeanalytics.clean import clean
from tradeanalytics.detectors import partner_words, usable
from tradeanalytics.detectors.diversion import by_hub, diversion, interval, levels
from tradeanalytics.detectors.findings import COLUMNS, sensitivity
from tradeanalytics.detectors.rerouting import rerouted, rerouting
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_files

EXTRACT = "eurostat-comext/2024/eu27_exports_to_russia_and_neighbours.csv"
HUBS = ("AM", "KZ", "KG")
ASKED = {"direct": "RU", "hubs": ("KZ",), "since": "2022-03", "months": 2}
OTHERS = ("BR", "CN", "IN", "JP", "MX")


@pytest.fixture(scope="module")
def union(tmp_path_factory):
    """Exports of the Union by partner and month, from the bundled extract, with the statement that lists them."""
    folder = tmp_path_factory.mktemp("union")
    [raw] = [raw for raw in raw_files(ROOT / "data/raw") if raw.name == EXTRACT]
    clean(raw, folder)
    engine = connect(folder)
    cells = flows.newest(engine, "total_export", "RU", ["2021-03", "2023-02"], reporter="EU27")
    of_all = flows.cells(engine, cells.file_id, "total_export", ("RU", *HUBS), reporter="EU27")
    return engine, flows.monthly(engine, of_all, by=["partner"]), of_all.sql(["partner"])


def trade(**amounts):
    """A table of two months before and two from 2022-03 on: each partner's values in cents, by its code."""
    months = pd.date_range("2022-01-01", periods=4, freq="MS")
    rows = [
        (code, month, value) for code, values in amounts.items() for month, value in zip(months, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["partner", "period", "value_cad_cents"]).astype({"value_cad_cents": "Int64"})


PLAIN = trade(RU=[1000, 1000, 400, 200], KZ=[100, 100, 300, 300])


def test_the_checked_figures_come_out_of_the_bundled_extract(union):
    _, table, _ = union
    routes = by_hub(table, direct="RU", hubs=HUBS).set_index("partner")["change"] / 1e6
    assert [round(change, 1) for change in routes[["RU", *HUBS]]] == [-43500.8, 1374.2, 5789.4, 1231.7]
    found = diversion(table, direct="RU", hubs=HUBS)
    assert round(100 * found["effect"][0], 1) == 19.3 and found["flagged"][0]
    assert "fell by EUR 43,500.8 million" in found["reason"][0] and "19.3% of the fall" in found["reason"][0]
    assert "0 of them are known, 5 are needed" in found["caveats"][0]  # no other destination is in the table


def test_the_trace_lists_the_records_that_sum_to_the_finding(union):
    engine, table, statement = union
    found = diversion(table, direct="RU", hubs=HUBS, statement=statement)
    rows = engine.sql(found["trace"][0])
    assert len(rows) == 4 * 24 and not rows["value_eur_cents"].isna().any()
    after = rows["period"] >= "2022-03-01"
    direct = rows["partner"] == "RU"
    fall = rows[direct & ~after]["value_eur_cents"].sum() - rows[direct & after]["value_eur_cents"].sum()
    assert fall == round(100 * found["expected"][0])


def test_hubs_are_held_against_the_growth_of_other_destinations_with_none_beside_it():
    grown = pd.concat([PLAIN, trade(**{code: [10, 10, 12, 12] for code in OTHERS})])
    table = levels(grown, **ASKED)
    assert table["growth"].tolist() == [1.2, 1.0]
    assert table["ratio"].tolist() == [pytest.approx((600 - 1.2 * 200) / 1400), pytest.approx(400 / 1400)]
    assert interval(table) == (pytest.approx(360 / 1400), pytest.approx(400 / 1400))
    assert "28.6% if no growth is expected" in diversion(grown, **ASKED)["reason"][0]


@pytest.mark.parametrize(("count", "growth"), [(5, [1.2, 1.0]), (4, [1.0])])
def test_too_few_other_destinations_are_no_yardstick(count, growth):
    others = trade(**{code: [10, 10, 12, 12] for code in OTHERS[:count]})
    assert levels(pd.concat([PLAIN, others]), **ASKED)["growth"].tolist() == growth


def test_a_published_total_is_no_other_destination():
    others = trade(**{code: [10, 10, 12, 12] for code in (*OTHERS[:4], "WORLD")})
    assert levels(pd.concat([PLAIN, others]), **ASKED)["growth"].tolist() == [1.0]


def test_windows_of_other_seasons_say_so(union):
    _, table, _ = union
    found = [diversion(table, direct="RU", hubs=HUBS, months=months)["caveats"][0] for months in (12, 5)]
    assert ["other months of the year" in said for said in found] == [False, True]


def test_a_hub_that_shrank_takes_nothing_off_another():
    table = pd.concat([PLAIN, trade(KG=[500, 500, 0, 0])])
    found = diversion(table, **{**ASKED, "hubs": ("KZ", "KG")})
    assert found["effect"][0] == pytest.approx(400 / 1400)


BY_CODE = pd.concat(
    [
        trade(RU=[100, 100, 0, 0], KZ=[0, 0, 50, 50]).assign(hs6="854231"),  # half of it came up again
        trade(RU=[100, 100, 100, 100], KZ=[0, 0, 900, 900]).assign(hs6="870323"),  # direct trade did not fall
        trade(RU=[300, 300, 150, 150], KZ=[0, 0, 300, 300]).assign(hs6="842139"),  # twice of it
    ]
)


def test_every_level_is_asked_and_the_answer_is_their_interval():
    table = levels(BY_CODE, **ASKED, by=["hs6"])
    assert table["level"].tolist() == ["in total", "hs6"]
    assert table["judged"].tolist() == [1, 2]
    assert table["fall"].tolist() == [5.0, 5.0] and table["rise"].tolist() == [25.0, 7.0]
    assert table["ratio"].tolist() == [5.0, 1.4] and interval(table) == (1.4, 5.0)
    assert table["matched"].tolist() == [1.0, pytest.approx((100 + 300) / 500)]  # no code for more than its own fall


def test_each_group_of_a_level_is_a_finding_or_says_why_not():
    found = diversion(BY_CODE, **ASKED, by=["hs6"], floor=1.0).set_index("subject")
    effects = {subject.split(": ")[1]: effect for subject, effect in found["effect"].items()}
    assert effects["hs6 854231"] == 0.5 and effects["hs6 842139"] == 2.0
    assert found["why_not"]["RU via KZ: hs6 870323"] == "direct trade with Russia did not fall"
    assert found["flagged"].sum() == 4


def test_a_month_without_a_row_is_zero_only_where_all_trade_is_there():
    sparse = PLAIN[(PLAIN["partner"] != "KZ") | (PLAIN["period"] >= "2022-03-01")]
    refused, judged = (diversion(sparse, **ASKED, complete=complete).iloc[0] for complete in (False, True))
    assert refused["why_not"] == "Kazakhstan, before: 2 months have no row, and no row is not zero"
    assert judged["effect"] == pytest.approx(600 / 1400)


@pytest.mark.parametrize(("share", "floor", "flagged"), [(0.28, 14.0, True), (0.29, 14.0, False), (0.28, 14.01, False)])
def test_both_thresholds_must_be_met(share, floor, flagged):
    assert diversion(PLAIN, **ASKED, share=share, floor=floor)["flagged"].tolist() == [flagged]


def test_neighbouring_thresholds_stand_in_one_table():
    table = sensitivity(diversion, PLAIN, grid={"share": [0.1, 0.2, 0.3]}, **ASKED, floor=1.0)
    assert table["flagged"].tolist() == [1, 1, 0]


def changed(**columns):
    return PLAIN.assign(**columns)


UNJUDGED = [
    # table, changes to what is asked, why not, why
    (PLAIN.iloc[:0], {}, "the table has no row", "nothing at all"),
    (PLAIN.iloc[:1], {}, "months have no row", "one row"),
    (PLAIN[PLAIN["period"] == "2022-03-01"], {}, "months have no row", "one month"),
    (changed(value_cad_cents=pd.NA), {}, "values are unknown", "all nulls"),
    (changed(value_cad_cents=0), {}, "direct trade with Russia did not fall", "all zeros: nothing to divert"),
    (changed(value_cad_cents=-5), {}, "values are negative", "trade is not negative"),
    (pd.concat([PLAIN, PLAIN.iloc[:1]]), {}, "give again", "a month there twice would count twice"),
    (changed(value_usd_cents=7), {}, "CAD and USD", "two currencies are no sum"),
    (PLAIN.drop(columns="value_cad_cents"), {}, "no currency", "no value at all"),
    (changed(partner=PLAIN["partner"].replace("KZ", "EU27")), {"hubs": ("EU27",)}, "EU27 is a sum", "no hub"),
    (changed(partner=PLAIN["partner"].replace("RU", "WORLD")), {"direct": "WORLD"}, "WORLD is a sum", "no country"),
    (PLAIN[PLAIN["partner"] == "RU"], {}, "Kazakhstan, before: 2 months have no row", "a hub that is not there"),
    (trade(RU=[1, 1, 5, 5], KZ=[1, 1, 9, 9]), {}, "direct trade with Russia did not fall", "nothing stopped"),
    (
        PLAIN[PLAIN["period"] < "2022-04-01"],
        {"complete": True},
        "the table holds nothing of 2022-04",
        "all trade of months that are not there is not none",
    ),
    (PLAIN[PLAIN["period"] > "2022-01-01"], {"complete": True}, "the table holds nothing of 2022-01", "nor before"),
    (changed(partner=PLAIN["partner"].where(PLAIN["value_cad_cents"] > 100)), {}, "no partner is told in 2", "whose?"),
    (changed(period=PLAIN["period"].where(PLAIN["value_cad_cents"] != 400)), {}, "no period is told in 1", "of when?"),
]


@pytest.mark.parametrize(("table", "asked", "why_not", "_why"), UNJUDGED, ids=[row[3] for row in UNJUDGED])
def test_what_cannot_be_judged_says_so(table, asked, why_not, _why):
    found = diversion(table, **{**ASKED, **asked})
    assert list(found.columns) == list(COLUMNS) and len(found) == 1
    assert not found["judged"][0] and why_not in found["why_not"][0]
    assert pd.isna(found["flagged"][0]) and found["reason"][0].startswith("Not judged: ")
    assert interval(levels(table, **{**ASKED, **asked})) is None


def test_the_order_of_rows_changes_nothing():
    mixed = BY_CODE.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(diversion(mixed, **ASKED, by=["hs6"]), diversion(BY_CODE, **ASKED, by=["hs6"]))


@pytest.mark.parametrize("hubs", [(), ("RU",)])
def test_a_question_without_a_hub_is_refused(hubs):
    with pytest.raises(TradeAnalyticsError, match="expected one or more, without RU itself"):
        diversion(PLAIN, direct="RU", hubs=hubs)


# What can have gone on from a hub


def at_hub(*rows, currency="usd"):
    """Rows of hub, hs, month and cents."""
    return pd.DataFrame(rows, columns=["hub", "hs", "period", f"value_{currency}_cents"])


def quarter(code, *values, hub="KZ"):
    return [(hub, code, f"2022-0{month}-01", value) for month, value in zip((4, 5, 6), values, strict=True)]


INTO = at_hub(*quarter("854231", 100, 100, 100), *quarter("870323", 900, 0, 0))
OUT = at_hub(*quarter("854231", 0, 250, 0), *quarter("999999", 5, 0, 0))


def test_the_bound_is_the_smaller_of_both_code_by_code():
    [row] = rerouted(INTO, OUT).itertuples(index=False)
    assert (row.hub, row.codes, row.into, row.out_of, row.bound) == ("KZ", 3, 12.0, 2.55, 2.5)  # not 2.55
    found = rerouting(INTO, OUT, target="RU", floor=1.0)
    assert found["effect"][0] == pytest.approx(2.5 / 12) and found["flagged"][0]
    assert "at most USD 2.50" in found["reason"][0] and "An upper bound" in found["caveats"][0]


@pytest.mark.parametrize("side", [0, 1])
def test_a_bound_that_stands_on_invented_trade_is_marked(side):
    tables = [one.assign(invented=place == side) for place, one in enumerate((INTO, OUT))]
    assert rerouting(*tables, target="RU")["invented"].all() and not rerouting(INTO, OUT, target="RU")["invented"].any()


def test_what_leaves_before_it_comes_is_not_passed_on_in_another_quarter():
    early = at_hub(*(("KZ", "854231", f"2022-0{month}-01", 100) for month in (1, 2, 3)))
    table = rerouted(INTO, early)
    assert table["bound"].isna().all() and len(table) == 2  # neither quarter has both sides
    whole = pd.concat([INTO, INTO.assign(period=early["period"].tolist() * 2, value_usd_cents=0)])
    late = pd.concat([early, at_hub(*quarter("854231", 0, 0, 0))])
    assert rerouted(whole, late)["bound"].tolist() == [0.0, 0.0]


REROUTING_UNJUDGED = [
    # into, out of, why not, why
    (INTO.iloc[:0], OUT, "no row", "nothing came in"),
    (INTO.iloc[:1], OUT, "1 of 3 months", "one row, one month"),
    (INTO.assign(value_usd_cents=pd.NA), OUT, "unknown or negative", "all nulls"),
    (INTO.assign(value_usd_cents=0), OUT, "nothing came into the hub", "all zeros"),
    (INTO.assign(value_usd_cents=-1), OUT, "unknown or negative", "negative"),
    (pd.concat([INTO, INTO.iloc[:1]]), OUT, "give again", "a month there twice"),
    (INTO, at_hub(*quarter("854231", 1, 1, 1), currency="eur"), "EUR and USD", "two currencies"),
    (INTO.assign(value_eur_cents=1), OUT, "EUR and USD", "two currencies in one table"),
    (INTO.assign(hub="WORLD"), OUT, "WORLD is a sum", "no hub"),
    (INTO, at_hub(*quarter("8542", 1, 1, 1)), "4 and 6 digits", "a heading holds its codes"),
]


@pytest.mark.parametrize(
    ("into", "out_of", "why_not", "_why"), REROUTING_UNJUDGED, ids=[row[3] for row in REROUTING_UNJUDGED]
)
def test_a_bound_that_cannot_be_told_says_why(into, out_of, why_not, _why):
    found = rerouting(into, out_of, target="RU")
    assert len(found) and not found["judged"].any()
    assert why_not in found["why_not"][0] and list(found.columns) == list(COLUMNS)


def test_the_examples_run():
    assert doctest.testmod(usable).failed == 0
    assert doctest.testmod(partner_words).failed == 0
