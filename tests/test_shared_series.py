"""Drops and breaks in the publishers' own series: the check numbers, and all 1,008 series of the Canadian table."""

import pandas as pd
import pytest
from conftest import SHARED

from tradeanalytics.clean import clean
from tradeanalytics.detectors.changepoints import changepoints, one_break
from tradeanalytics.detectors.drops import drops, measures
from tradeanalytics.detectors.findings import sensitivity, summary
from tradeanalytics.detectors.flow_series import flow_series
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_file

pytestmark = pytest.mark.shared

AGGREGATES = SHARED / "data" / "aggregates"
STATCAN = SHARED / "data" / "statcan"


@pytest.fixture(scope="module")
def europe() -> pd.DataFrame:
    wide = pd.read_csv(AGGREGATES / "eurostat_eu27_monthly_exports.csv", parse_dates=["date"])
    return wide.melt("date", var_name="series").rename(columns={"date": "period"}).assign(unit="EUR")


@pytest.fixture(scope="module")
def canada(tmp_path_factory):
    processed = tmp_path_factory.mktemp("canada")
    report = clean(raw_file(STATCAN / "12100119-eng.zip", STATCAN), processed)
    return connect(processed), report["file_id"]


@pytest.fixture(scope="module")
def sections(canada) -> pd.DataFrame:
    return flow_series(*canada)


@pytest.fixture(scope="module")
def march(sections) -> pd.DataFrame:
    return drops(sections, "2022-03")


def test_the_union_to_russia(europe):
    found = measures(europe, "2022-03").set_index("series").loc["Russia"]
    assert (f"{found['change']:.2%}", f"{found['z']:.2f}", f"{found['spread']:.4f}") == ("-51.82%", "-6.10", "0.1079")
    assert f"{measures(europe, '2022-04').set_index('series').loc['Russia', 'z']:.2f}" == "-7.56"


def test_of_the_union_russia_is_flagged_in_march_and_april(europe):
    found = drops(europe, "2022-03", "2022-04")
    months = found[(found["subject"] == "Russia") & found["survives"]]["period"]
    assert months.dt.strftime("%Y-%m").tolist() == ["2022-03", "2022-04"]


def test_the_unions_exports_to_russia_first_break_in_march_2022(europe):
    found = changepoints(europe, before=2022).set_index("subject").loc["Russia"]
    assert found["flagged"] and found["period"] == pd.Timestamp("2022-03-01")


def test_the_published_case_of_one_break():
    table = pd.read_csv(AGGREGATES / "fsda" / "TTP12119085.csv").rename(columns={"Time": "period", "yQ": "value"})
    found = one_break(table.assign(series="TTP12119085")).iloc[0]
    observation = pd.period_range("2008-08", found["period"], freq="M").size
    assert observation == 27 and found["flagged"]
    assert (round(found["expected"], 2), round(found["observed"], 2)) == (131.47, 64.71)


def test_all_1008_series_are_asked_and_those_not_judged_say_why(march):
    assert summary(march).loc["drop or surge"].to_dict() == {
        **{"asked": 1008, "judged": 759, "not_judged": 249},
        **{"flagged": 29, "survives": 16},
    }
    reasons = march["why_not"].dropna()
    assert reasons.str.contains("a zero in its baseline").sum() == 214
    assert reasons.str.contains("what is left of all partners").sum() == 36  # "Other countries", one with a zero, too


# Falls flagged for March 2022, Russia's and the others, with whether each survives false-discovery control.
FALLS = {
    "CA domestic_export RU C11": True,
    "CA domestic_export RU C14": True,
    "CA domestic_export RU C15": True,
    "CA domestic_export RU C17": True,
    "CA domestic_export RU C18": True,
    "CA domestic_export RU C19": False,
    "CA domestic_export RU C21": True,  # to zero
    "CA domestic_export RU C22": False,
    "CA re_export RU C17": True,
    "CA re_export RU C18": True,
    "CA domestic_export IQ C19": False,
    "CA domestic_export JP C21": False,  # aircraft: lumpy
    "CA domestic_export NL C12": True,  # energy: 192 million a year before, 0.1 now
    "CA re_export JP C19": True,
}


def test_the_falls_of_march_2022_are_russias_and_four_others(march):
    falls = march[march["flagged"].fillna(False) & (march["effect"] < 0)].set_index("subject")
    assert falls["survives"].to_dict() == FALLS


def test_canada_to_russia_in_all_goods_is_flagged_and_its_sentence_has_the_figures(canada):
    found = drops(flow_series(*canada, which=("total_export",), by=("partner",)), "2022-03").set_index("subject")
    assert len(found) == 28 and found["survives"].fillna(False).sum() == 1
    russia = found.loc["CA total_export RU ALL"]
    assert (russia["observed"], russia["expected"], f"{russia['effect']:.1%}") == (5_461_000.0, 44_831_000.0, "-87.8%")
    assert russia["survives"] and russia["reason"].startswith(
        "Canada, exports to Russia, all goods: C$5.5 million in March 2022, 87.8% less than in March 2021"
        " (C$44.8 million)."
    )


def test_the_trace_of_every_flagged_series_lists_records_that_sum_to_its_two_months(canada, march):
    for row in march[march["flagged"].fillna(False)].itertuples():
        sums = canada[0].sql(row.trace).groupby("period")["value_cad_cents"].sum() / 100
        assert sums[row.period] == row.observed and sums[row.period - pd.DateOffset(years=1)] == row.expected


def test_aircraft_carry_their_caveat_and_others_do_not(march):
    lumpy = (
        march[march["judged"]]
        .groupby(march["subject"].str[-3:])["caveats"]
        .apply(lambda texts: texts.str.contains("one delivery"))
    )
    assert lumpy.groupby(level=0).mean().loc[lambda share: share > 0].to_dict() == {"C21": 1.0}


def test_neighbouring_thresholds_tell_how_much_hangs_on_them(sections):
    found = sensitivity(drops, sections, "2022-03", grid={"min_z": [2.5, 3.0, 3.5], "years": [3, 5]})
    assert found["flagged"].tolist() == [48, 29, 24, 29, 27] and found["judged"].tolist() == [759] * 4 + [753]


def test_where_russias_sections_broke(sections):
    found = changepoints(sections, before=2022)
    assert summary(found).loc["changepoint", ["asked", "judged", "flagged"]].tolist() == [1008, 759, 54]
    months = found[found["flagged"].fillna(False)]["period"].value_counts()
    assert months.index[0] == pd.Timestamp("2022-03-01") and months.iloc[0] == 15
