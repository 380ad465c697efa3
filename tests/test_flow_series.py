"""Published flows as monthly series: a total stays in the answer, marked; a suppressed month is unknown; all traces."""

import pandas as pd
import pytest
from conftest import PARTNER, ROOT, VIEWER_PARTNERS, VIEWER_SECTIONS, bundled, cells, put_csv, row, statcan_csv

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.detectors.drops import drops
from tradeanalytics.detectors.flow_series import flow_series
from tradeanalytics.engine import connect
from tradeanalytics.flows import NotComparableError

MONTHS = [str(month) for month in pd.period_range("2019-01", "2022-03", freq="M")]


def asked(tmp_path, rows, name=VIEWER_SECTIONS):
    raw = put_csv(tmp_path / "raw", name, statcan_csv(rows))
    assert clean(raw, tmp_path)["accepted"] == len(rows)
    return connect(tmp_path), raw.file_id


def section(partner: str, section: str, trade: str = "Domestic export") -> list[tuple[str, ...]]:
    """A series in thousands: 5,000 and a little, and a fall in the last month."""
    level = [5_000 + 10 * (at % 5) for at in range(len(MONTHS) - 1)]
    return [
        (month, "Canada", trade, section, partner, str(value))
        for month, value in zip(MONTHS, [*level, 100], strict=True)
    ]


def test_a_series_for_each_partner_and_section_with_what_is_no_country_marked(tmp_path):
    partners = ("Russian Federation", "Other countries")
    rows = cells(
        *(
            one
            for partner in partners
            for good in ("Energy products", "Consumer goods")
            for one in section(partner, good)
        )
    )
    table = flow_series(*asked(tmp_path, rows), which=("domestic_export",))
    marks = table.groupby("series")["aggregate"].agg(lambda marks: marks.iloc[0]).fillna("")
    assert marks.to_dict() == {
        "CA domestic_export OTHER C12": "residual",
        "CA domestic_export OTHER C22": "residual",
        "CA domestic_export RU C12": "",
        "CA domestic_export RU C22": "",
    }
    found = drops(table, "2022-03").set_index("subject")
    assert found["judged"].tolist() == [False, False, True, True] and found["flagged"].fillna(False).sum() == 2
    assert found.loc["CA domestic_export RU C12", "reason"].startswith(
        "Canada, domestic exports to Russia, Energy products: C$100,000 in March 2022, 98.0% less than in March 2021"
    )


def test_a_total_whose_parts_are_there_is_in_the_answer_and_not_judged(tmp_path):
    partners = ("All countries", "Russian Federation", "Peru")
    rows = [
        row(PARTNER, period=month, partner=partner, value=str(value))
        for month in MONTHS
        for partner, value in zip(partners, ("12.0", "5.0", "7.0"), strict=True)
    ]
    table = flow_series(
        *asked(tmp_path, rows, VIEWER_PARTNERS), which=("total_export",), by=("partner",), basis="balance_of_payments"
    )
    found = drops(table, "2022-03").set_index("subject")
    assert sorted(found.index) == [f"CA total_export {code} ALL" for code in ("PE", "RU", "WORLD")]
    assert "total of partners" in found.loc["CA total_export WORLD ALL", "why_not"]


def test_a_suppressed_month_is_unknown_and_not_a_fall(tmp_path):
    rows = cells(*section("Russian Federation", "Energy products"))
    rows[-1] = {**rows[-1], "VALUE": "", "STATUS": "x"}
    found = drops(flow_series(*asked(tmp_path, rows), which=("domestic_export",)), "2022-03")
    assert found["why_not"].tolist() == ["the month itself is unknown"]


def test_the_trace_lists_the_records_of_both_parts_of_total_exports(tmp_path):
    rows = cells(
        *section("Russian Federation", "Energy products"),
        *section("Russian Federation", "Energy products", "Re-export"),
    )
    engine, file_id = asked(tmp_path, rows)
    found = drops(flow_series(engine, file_id, which=("total_export",)), "2022-03").iloc[0]
    sums = engine.sql(found["trace"]).groupby("period")["value_cad_cents"].agg(["sum", "size"])
    assert sums.loc["2022-03-01"].tolist() == [found["observed"] * 100, 2] and found["observed"] == 200_000


def test_the_bundled_extract_has_canada_to_russia_among_the_flagged(tmp_path):
    raw = bundled(ROOT)[0]
    clean(raw, tmp_path)
    table = flow_series(connect(tmp_path), raw.file_id, which=("total_export",), by=("partner",))
    found = drops(table, "2022-03").set_index("subject")
    assert len(found) == 28 and found.loc["CA total_export RU ALL", "survives"]


def test_what_is_not_there_is_refused(tmp_path):
    engine, file_id = asked(tmp_path, cells(*section("Peru", "Energy products")))
    with pytest.raises(NotComparableError, match="no import"):
        flow_series(engine, file_id, which=("import",))
    with pytest.raises(TradeAnalyticsError, match="by partner, or by partner and product"):
        flow_series(engine, file_id, by=("region",))
