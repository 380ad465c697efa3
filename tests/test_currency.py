"""Exchange rates: a day without a rate has none, the newest release speaks, and a series that stopped says so."""

import io
import zipfile
from datetime import date

import pandas as pd
import pytest
from conftest import SERIES, put_csv, row, statcan_csv, zipped

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_file
from tradeanalytics.raw.catalogue import entry
from tradeanalytics.reference.currency import currencies, daily, monthly, on_day

DOLLAR, RINGGIT = "U.S. dollar, daily average", "Malaysian ringgit, daily average"
INDEX = "Canadian-Dollar Effective Exchange Rate Index (CERI)"
# Invented: Thursday 29 March 2018 to Wednesday 4 April, Good Friday without a rate, Easter Monday with one.
DAYS = [
    # day, currency, value, status
    ("2018-03-29", DOLLAR, "1.29", ""),
    ("2018-03-30", DOLLAR, "", ".."),  # a holiday
    ("2018-03-31", DOLLAR, "0.00000", ""),  # a weekend as the publisher writes it
    ("2018-04-01", DOLLAR, "", ".."),  # a weekend as it also writes it
    ("2018-04-02", DOLLAR, "1.25", ""),
    ("2018-04-04", DOLLAR, "1.35", ""),  # and Tuesday is left out
    ("2018-03-29", RINGGIT, "0.33", ""),
    ("2018-03-30", RINGGIT, "0", ""),  # no weekend, and no rate either
    ("2018-03-29", INDEX, "98.8", ""),
]


def published(days: list[tuple[str, str, str, str]]) -> bytes:
    heading = {"Type of goods": "Type of currency"}
    base = {heading.get(name, name): text for name, text in SERIES.items()}
    cells = [
        row(
            base,
            period=day,
            value=value,
            status=status,
            VECTOR=f"v{len(currency)}",
            COORDINATE=f"1.{len(currency)}",
            UOM="Dollars",
            **{"Type of currency": currency},
        )
        for day, currency, value, status in days
    ]
    return statcan_csv(cells)


def released(month: int, days: list[tuple[str, str, str, str]]) -> bytes:
    """A zip of the table whose member was packed on the fifth of a month of 2018: that is its vintage."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("33100036.csv", (2018, month, 5, 8, 30, 0)), published(days))
    return out.getvalue()


def cleaned(folder, *releases: bytes):
    """An engine over releases of the table."""
    for place, content in enumerate(releases):
        clean(put_csv(folder / "raw", f"{place}/33100036-eng.zip", content), folder / "processed")
    return connect(folder / "processed")


@pytest.fixture
def engine(tmp_path):
    return cleaned(tmp_path, released(4, DAYS))


def test_a_day_without_a_rate_is_null_never_zero_and_keeps_the_sign_of_the_publisher(engine):
    table = daily(engine, "USD")
    assert [day.isoformat()[:10] for day in table["day"]] == [f"2018-{day}" for day in (
        *("03-29", "03-30", "03-31", "04-01", "04-02", "04-03", "04-04"),
    )]  # fmt: skip
    assert table["cad_per_unit"].fillna(-1).tolist() == [1.29, -1, -1, -1, 1.25, -1, 1.35]
    assert table["status"].fillna("-").tolist() == ["-", "..", "-", "..", "-", "-", "-"]


def test_a_month_is_the_mean_of_its_days_with_a_rate_and_counts_the_weekdays_without(engine):
    table = monthly(engine, "USD")
    assert table["period"].tolist() == [pd.Timestamp("2018-03-01"), pd.Timestamp("2018-04-01")]
    assert table["cad_per_unit"].tolist() == pytest.approx([1.29, 1.30])
    assert table["days"].tolist() == [1, 2]
    assert table["days_missing"].tolist() == [21, 19]  # of 22 and 21 weekdays


RATES = [
    # day, rate, last day, last rate, why
    (date(2018, 3, 28), None, None, None, "before the first row"),
    (date(2018, 3, 29), 1.29, date(2018, 3, 29), 1.29, "a rate of its own"),
    (date(2018, 3, 31), None, date(2018, 3, 29), 1.29, "a Saturday, published as 0"),
    (date(2018, 4, 3), None, date(2018, 4, 2), 1.25, "left out by the publisher"),
    (date(2018, 4, 5), None, date(2018, 4, 4), 1.35, "after the last row"),
]


@pytest.mark.parametrize(("day", "rate", "last_day", "last", "why"), RATES)
def test_a_day_has_its_own_rate_or_none_and_the_last_beside_it(engine, day, rate, last_day, last, why):
    assert on_day(engine, "USD", day) == (day, rate, last_day, last, date(2018, 4, 4)), why


def test_a_currency_whose_series_ends_before_the_others_has_stopped(engine):
    table = currencies(engine)
    assert table["currency"].tolist() == ["MYR", "USD"]  # an index is no currency
    assert table["last_day"].tolist() == [pd.Timestamp("2018-03-29"), pd.Timestamp("2018-04-04")]
    assert table["stopped"].tolist() == [True, False]


def test_only_the_newest_release_is_read(tmp_path):
    newer = [("2018-03-29", DOLLAR, "1.5", "")]  # and shorter
    engine = cleaned(tmp_path, released(5, newer), released(4, DAYS))
    assert daily(engine, "USD")["cad_per_unit"].tolist() == [1.5]


def test_a_currency_that_is_not_there_is_refused_with_those_that_are(engine):
    with pytest.raises(TradeAnalyticsError, match=r"no currency 'EUR': expected one of MYR, USD; .*fetch 33-10-0036"):
        daily(engine, "EUR")


def test_without_the_table_the_error_says_what_is_there_and_how_to_get_it(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"only no statistical table: get it with .*fetch 33-10-0036"):
        daily(connect(tmp_path), "USD")
    clean(put_csv(tmp_path / "raw", "18-10-0204/2018-04/18100204-eng.zip", zipped(
        **{"18100204.csv": statcan_csv([SERIES])})), tmp_path)  # fmt: skip
    with pytest.raises(TradeAnalyticsError, match=r"is not there, only 18-10-0204: get it"):
        currencies(connect(tmp_path))


def test_the_catalogue_has_the_table():
    assert entry("33-10-0036").title.startswith("Daily average foreign exchange rates")


@pytest.fixture(scope="module")
def whole(tmp_path_factory, shared):
    processed, folder = tmp_path_factory.mktemp("rates"), shared / "data/statcan"
    assert clean(raw_file(folder / "33100036-eng.zip", folder), processed)["rejected"] == 0
    return connect(processed)


# Counted apart from this package, from the release of 2025-06-11.
MONTHS = [
    # currency, month, sum of the rates, days with one, weekdays without
    ("USD", "2022-03-01", 29.1131, 23, 0),
    ("USD", "2022-12-01", 27.1838, 20, 2),  # Monday and Tuesday after Christmas
    ("USD", "2025-06-01", 8.2140, 6, 15),  # until the 9th
    ("RUB", "2022-03-01", 0.27334, 23, 0),
    ("MYR", "2019-12-01", 6.3517, 20, 2),
]


@pytest.mark.shared
@pytest.mark.parametrize(("currency", "month", "total", "days", "missing"), MONTHS)
def test_months_of_the_genuine_table(whole, currency, month, total, days, missing):
    found = monthly(whole, currency).set_index("period").loc[month]
    assert found["cad_per_unit"] == pytest.approx(total / days, rel=1e-12)
    assert (found["days"], found["days_missing"]) == (days, missing)


@pytest.mark.shared
def test_the_genuine_table_has_these_currencies_and_three_of_them_stopped(whole):
    table = currencies(whole)
    assert len(table) == 26 and (table["first_day"] == "2017-01-03").all()
    stopped = table[table["stopped"]]
    assert stopped["currency"].tolist() == ["MYR", "THB", "VND"] and (stopped["last_day"] == "2019-12-31").all()
    assert set(table[~table["stopped"]]["last_day"]) == {pd.Timestamp("2025-06-09")}  # the rouble among them


@pytest.mark.shared
def test_days_of_the_genuine_table(whole):
    assert len(daily(whole, "USD")) == 3_082  # three of them, such as 2022-07-29, the publisher left out
    assert on_day(whole, "USD", date(2022, 3, 5)) == (
        *(date(2022, 3, 5), None, date(2022, 3, 4), 1.2750, date(2025, 6, 9)),
    )
    assert on_day(whole, "MYR", date(2022, 3, 4)) == (
        *(date(2022, 3, 4), None, date(2019, 12, 31), 0.3175, date(2019, 12, 31)),
    )
