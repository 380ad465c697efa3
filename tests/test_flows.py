"""Who trades what with whom, in whole cents: unknown is not zero, and what must not be compared or added is refused."""

import csv
import os
import subprocess
import sys

import pandas as pd
import pytest
from conftest import PARTNER, ROOT, VIEWER_PARTNERS, VIEWER_SECTIONS, bundled, cells, put_csv, row, statcan_csv

from tradeanalytics import TradeAnalyticsError, flows
from tradeanalytics.clean import clean
from tradeanalytics.engine import Engine, connect, literal
from tradeanalytics.flows import Cells, NotComparableError
from tradeanalytics.raw import raw_file
from tradeanalytics.raw.store import Manifest, write_manifest
from tradeanalytics.reference import lookup
from tradeanalytics.tables import TABLES, describe

DOMESTIC, RE_EXPORT, IMPORT = "Domestic export", "Re-export", "Import"
ENERGY, GOODS, ALL = "Energy products", "Consumer goods", "Total of all merchandise"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The two bundled files, cleaned: an engine over them, and the file_id of the older and of the newer."""
    processed = tmp_path_factory.mktemp("bundled")
    files = bundled(ROOT)
    for raw in files:
        clean(raw, processed)
    return connect(processed), *(raw.file_id for raw in files)


def asked(tmp_path, *rows: tuple[str, ...] | dict[str, str], name: str = VIEWER_SECTIONS) -> tuple[Engine, str]:
    """A small file cleaned, all accepted: (month, trade, section, value) of Canada to Russia, or whole rows."""
    published = [
        short if isinstance(short, dict) else row(period=short[0], trade=short[1], section=short[2], value=short[3])
        for short in rows
    ]
    raw = put_csv(tmp_path / "raw", name, statcan_csv(published))
    assert clean(raw, tmp_path)["accepted"] == len(rows)
    return connect(tmp_path), raw.file_id


def suppressed(**changed: str) -> dict[str, str]:
    return row(value="", status="x", **changed)


def values(table: pd.DataFrame, name: str = "value_cad_cents") -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in table[name]]


def of(real, which: int, flow: str, **asked_for) -> pd.DataFrame:
    engine, *files = real
    return flows.monthly(engine, flows.cells(engine, files[which], flow, "RU", **asked_for))


def at(table: pd.DataFrame, month: str) -> float:
    """Millions of dollars of one month."""
    return flows.between(table, month, month)["value_cad_cents"].item() / 1e8


# The figures of the story, in millions of dollars: the table by which the project stands or falls.
HEADLINE = [
    # which file, flow, month, millions
    (0, "total_export", "2021-03", 44.831),
    (0, "total_export", "2022-03", 5.461),
    (0, "domestic_export", "2021-03", 39.280),
    (0, "domestic_export", "2022-03", 4.709),
    (0, "re_export", "2021-03", 5.551),
    (0, "re_export", "2022-03", 0.752),
    (1, "domestic_export", "2021-03", 39.281),
    (1, "domestic_export", "2022-03", 4.709),
    (0, "total_export", "2022-02", 120.9),  # a spike: month on month misleads
    (0, "total_export", "2021-06", 153.4),
]


@pytest.mark.parametrize(("which", "flow", "month", "millions"), HEADLINE)
def test_the_figures_of_the_story(real, which, flow, month, millions):
    assert round(at(of(real, which, flow), month), len(str(millions).split(".")[1])) == millions


def test_the_fall_is_87_8_percent(real):
    total = of(real, 0, "total_export")
    fall = flows.change(flows.between(total, "2021-03", "2021-03"), flows.between(total, "2022-03", "2022-03"))
    assert fall.values.tolist() == [[4_483_100_000, 546_100_000, -3_937_000_000, pytest.approx(-0.87819, abs=1e-5)]]
    assert f"{fall['ratio'].item():.1%}" == "-87.8%"


def test_march_to_december_2021_is_584_816_million(real):
    months = flows.between(of(real, 0, "total_export"), "2021-03", "2021-12")
    assert len(months) == 10 and months["value_cad_cents"].sum() == 58_481_600_000


REVISED = [
    # month, millions then, millions later, change in percent
    ("2021-03", "39.280", "39.281", "+0.0%"),
    ("2021-08", "27.230", "29.370", "+7.9%"),
    ("2022-03", "4.709", "4.709", "+0.0%"),
    ("2022-07", "2.804", "2.709", "-3.4%"),
]


@pytest.mark.parametrize(("month", "old", "new", "percent"), REVISED)
def test_how_a_later_vintage_revised_the_same_cells(real, month, old, new, percent):
    engine, *files = real
    table = flows.revisions(engine, *(flows.cells(engine, file_id, "domestic_export", "RU") for file_id in files))
    assert len(table) == 43 and list(table.columns) == ["period", "old_cents", "new_cents", "change_cents", "ratio"]
    found = table[table["period"] == month].iloc[0]
    assert (f"{found['old_cents'] / 1e8:.3f}", f"{found['new_cents'] / 1e8:.3f}") == (old, new)
    assert f"{found['ratio']:+.1%}" == percent and found["change_cents"] == found["new_cents"] - found["old_cents"]


def facts(shared, name: str) -> list[dict[str, str]]:
    with (shared / "facts" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACTS = [
    # which bundled file, the table of facts, its other key, the clean column of that, its records and figures
    (0, "canada_exports_to_russia.csv", "napcs", "product", 1032),
    (0, "canada_exports_by_partner.csv", "partner", "partner", 2408),
    (1, "canada_exports_to_russia_vintage_2026.csv", "napcs", "product", 1008),
]


@pytest.mark.shared
@pytest.mark.parametrize(("which", "name", "key", "column", "figures"), FACTS)
def test_the_bundled_files_are_the_facts_figure_by_figure(real, shared, which, name, key, column, figures):
    engine, *files = real
    only = "product = 'TOTAL'" if column == "partner" else "partner = 'RU' AND product <> 'TOTAL'"
    found = engine.sql(
        f"SELECT strftime(period, '%Y-%m') AS month, flow, {column} AS key, value_cad_cents AS cents FROM flows"
        f" WHERE file_id = {literal(files[which])} AND {only}"
    )
    trades = {"Domestic export": "domestic_export", "Re-export": "re_export"}
    codes = {} if column == "product" else lookup("partners", "name", "code")
    wanted = {
        (fact["month"], trades[fact["trade"]], codes.get(fact[key], fact[key])): int(fact["cad_thousand"]) * 100_000
        for fact in facts(shared, name)
    }
    assert len(wanted) == len(found) == figures
    assert {tuple(cell[:3]): cell[3] for cell in found.values.tolist()} == wanted


def test_monthly_has_the_columns_it_promises_and_keeps_cents_whole(real):
    table = of(real, 0, "total_export")
    assert list(table.columns) == [
        *("reporter", "flow", "basis", "seasonal_adjustment", "file_id", "partner", "product", "region"),
        *("period", "value_cad_cents", "cells", "unknown"),
    ]
    assert str(table["value_cad_cents"].dtype) == "Int64" and str(table["period"].dtype).startswith("datetime64")
    assert set(table["cells"]) == {24} and set(table["unknown"]) == {0} and len(table) == 43


def test_the_calendar_has_no_gap_and_a_month_without_a_cell_is_unknown_and_not_zero(tmp_path):
    engine, file_id = asked(
        tmp_path,
        ("2021-11", DOMESTIC, ENERGY, "1"),
        ("2022-02", DOMESTIC, ENERGY, "0"),
        row(period="2021-10", partner="Peru"),
        row(period="2022-04", partner="Peru"),
    )
    table = flows.monthly(engine, flows.cells(engine, file_id, "domestic_export", "RU"))
    assert [f"{month:%Y-%m}" for month in table["period"]] == [
        *("2021-10", "2021-11", "2021-12", "2022-01", "2022-02", "2022-03", "2022-04")
    ]
    assert values(table) == [None, 100_000, None, None, 0, None, None]
    assert table["cells"].tolist() == [0, 1, 0, 0, 1, 0, 0] and table["unknown"].tolist() == [0] * 7


def test_one_suppressed_cell_makes_its_sum_unknown(tmp_path):
    engine, file_id = asked(
        tmp_path,
        ("2022-03", DOMESTIC, ENERGY, "1"),
        suppressed(section=GOODS),
        ("2022-04", DOMESTIC, ENERGY, "2"),
        ("2022-04", DOMESTIC, GOODS, "3"),
    )
    which = flows.cells(engine, file_id, "domestic_export", "RU")
    table = flows.monthly(engine, which)
    assert values(table) == [None, 500_000]
    assert table[["cells", "unknown"]].values.tolist() == [[2, 1], [2, 0]]
    by = flows.monthly(engine, which, by=["product"])
    assert list(zip(by["product"], values(by), strict=True)) == [
        *(("C12", 100_000), ("C12", 200_000), ("C22", None), ("C22", 300_000))
    ]


def test_a_month_with_one_half_of_total_exports_is_unknown(tmp_path):
    engine, file_id = asked(
        tmp_path,
        ("2022-03", DOMESTIC, ENERGY, "1"),
        ("2022-03", RE_EXPORT, ENERGY, "2"),
        ("2022-04", DOMESTIC, ENERGY, "3"),
        ("2022-05", RE_EXPORT, ENERGY, "4"),
        ("2022-06", DOMESTIC, ENERGY, "5"),
        suppressed(period="2022-06", trade=RE_EXPORT),
    )
    which = flows.cells(engine, file_id, "total_export", "RU")
    assert which.published_as == ("domestic_export", "re_export")
    assert values(flows.monthly(engine, which)) == [300_000, None, None, None]


def by_partner(value: str, **changed: str) -> dict[str, str]:
    return row(PARTNER, value=value, **changed)


def test_total_exports_published_as_one_cell_are_taken_as_that_one_cell(tmp_path):
    engine, file_id = asked(tmp_path, by_partner("5.6"), by_partner("9", Trade="Import"), name=VIEWER_PARTNERS)
    which = flows.cells(engine, file_id, "total_export", "RU", basis="balance_of_payments")
    assert which.published_as == ("total_export",) and values(flows.monthly(engine, which)) == [560_000_000]


def test_a_group_that_lacks_one_half_is_unknown_and_the_others_are_not(tmp_path):
    engine, file_id = asked(
        tmp_path,
        ("2022-03", DOMESTIC, ENERGY, "1"),
        ("2022-03", RE_EXPORT, ENERGY, "2"),
        ("2022-03", DOMESTIC, GOODS, "3"),
    )
    table = flows.monthly(engine, flows.cells(engine, file_id, "total_export", "RU"), by=["product"])
    assert list(zip(table["product"], values(table), strict=True)) == [("C12", 300_000), ("C22", None)]


def test_several_partners_and_sections_are_added(tmp_path):
    engine, file_id = asked(
        tmp_path,
        *cells(
            ("2022-03", "Canada", IMPORT, ENERGY, "Peru", "1"),
            ("2022-03", "Canada", IMPORT, GOODS, "Peru", "20"),
            ("2022-03", "Canada", IMPORT, ENERGY, "Japan", "300"),
            ("2022-03", "Canada", IMPORT, ENERGY, "Iraq", "4000"),
        ),
    )
    both = flows.monthly(engine, flows.cells(engine, file_id, "import", ["PE", "JP"]))
    assert values(both) == [32_100_000] and set(both["partner"]) == {"PE, JP"}
    energy = flows.monthly(engine, flows.cells(engine, file_id, "import", None, product=("C12",)))
    assert values(energy) == [430_100_000] and set(energy["partner"]) == {"ALL"}
    by = flows.monthly(engine, flows.cells(engine, file_id, "import", None), by=["partner", "product"])
    assert list(zip(by["partner"], by["product"], values(by), strict=True)) == [
        *(("IQ", "C12", 400_000_000), ("JP", "C12", 30_000_000), ("PE", "C12", 100_000), ("PE", "C22", 2_000_000))
    ]


def test_by_sections_the_parts_sum_to_the_whole(real):
    engine, older, _ = real
    which = flows.cells(engine, older, "total_export", "RU")
    sections = flows.monthly(engine, which, by=["product"])
    assert sections["product"].nunique() == 12 and len(sections) == 12 * 43
    summed = sections.groupby("period")["value_cad_cents"].sum()
    assert summed.tolist() == flows.monthly(engine, which)["value_cad_cents"].tolist()


def window(
    *cents: int | None, partner: str = "RU", flow: str = "import", basis: str = "customs", first: str = "2022-01"
):
    """A monthly table of so many months."""
    return pd.DataFrame(
        {
            "reporter": "CA",
            "partner": partner,
            "product": "ALL",
            "region": "ALL",
            "flow": flow,
            "basis": basis,
            "seasonal_adjustment": "unadjusted",
            "period": pd.date_range(first, periods=len(cents), freq="MS"),
            "value_cad_cents": pd.array(cents, dtype="Int64"),
        }
    )


CHANGES = [
    # before, after: cents before, after, change, ratio; why
    ((100,), (50,), (100, 50, -50, -0.5), "a fall by half"),
    ((100,), (100,), (100, 100, 0, 0.0), "no change"),
    ((0,), (50,), (0, 50, 50, None), "from nothing there is no ratio"),
    ((1,), (50,), (1, 50, 49, 49.0), "from a cent there is"),
    ((100,), (0,), (100, 0, -100, -1.0), "to nothing is a fall of all of it"),
    ((1, 2, 3), (4, 5, 6), (6, 15, 9, 1.5), "several months are added"),
    ((1, None, 3), (4, 5, 6), (None, 15, None, None), "an unknown month makes its window unknown"),
    ((1, 2, 3), (4, 5, None), (6, None, None, None), "on either side"),
    ((0, 0), (0, 0), (0, 0, 0, None), "nothing and nothing"),
]


@pytest.mark.parametrize(("before", "after", "expected", "why"), CHANGES)
def test_a_change(before, after, expected, why):
    table = flows.change(window(*before), window(*after, first="2023-01"))
    assert list(table.columns) == ["before_cents", "after_cents", "change_cents", "ratio"]
    found = tuple(None if pd.isna(value) else value for value in table.iloc[0])
    assert found == expected, why


def test_a_change_by_group_keeps_a_group_that_one_window_lacks_as_unknown():
    before = pd.concat([window(1, 2).assign(product="C11"), window(3, 4).assign(product="C12")])
    after = pd.concat([window(5, 6).assign(product="C11"), window(7, 8).assign(product="C13")])
    table = flows.change(before, after, by=["product"])
    assert list(zip(table["product"], values(table, "before_cents"), values(table, "after_cents"), strict=True)) == [
        *(("C11", 3, 11), ("C12", 7, None), ("C13", None, 15))
    ]


def test_shares_are_parts_of_the_whole_the_largest_first():
    table = pd.concat([window(10, 20).assign(product="C11"), window(60, 10).assign(product="C12")])
    found = flows.shares(table, "product")
    assert found.values.tolist() == [["C12", 70, 0.7], ["C11", 30, 0.3]]
    assert list(found.columns) == ["product", "value_cad_cents", "share"]


@pytest.mark.parametrize(("cents", "why"), [((None,), "one part is unknown"), ((0,), "there is nothing to share")])
def test_shares_of_an_unknown_or_empty_whole_are_unknown(cents, why):
    table = pd.concat([window(*cents).assign(product="C11"), window(0).assign(product="C12")])
    assert flows.shares(table, "product")["share"].isna().all(), why


def test_shares_of_russia_s_sections_are_one_together(real):
    engine, older, _ = real
    months = flows.monthly(engine, flows.cells(engine, older, "total_export", "RU"), by=["product"])
    found = flows.shares(flows.between(months, "2021-03", "2021-12"), "product")
    assert found["share"].sum() == pytest.approx(1) and found["value_cad_cents"].sum() == 58_481_600_000


def test_adding_is_month_by_month_and_unknown_where_either_is():
    found = flows.add(window(1, None, 3, 4), window(10, 20, 30, partner="PE", first="2022-02"))
    assert values(found) == [None, None, 23, 34] and list(found.columns) == ["period", "value_cad_cents"]


def test_domestic_exports_and_re_exports_add_to_total_exports(real):
    parts = flows.add(of(real, 0, "domestic_export"), of(real, 0, "re_export"))
    assert values(parts) == values(of(real, 0, "total_export"))


TWICE = "adding both counts twice"
REFUSED = [
    # what is asked, the sentence
    (
        lambda: flows.change(window(1), window(2, basis="balance_of_payments")),
        "basis customs is not comparable with basis balance_of_payments: they count different things",
    ),
    (
        lambda: flows.change(window(1), window(2).assign(seasonal_adjustment="seasonally_adjusted")),
        "seasonal_adjustment unadjusted is not comparable with seasonal_adjustment seasonally_adjusted:"
        " they count different things",
    ),
    (
        lambda: flows.change(window(1, flow="domestic_export"), window(2, flow="total_export")),
        "flow domestic_export is not comparable with flow total_export: they count different things",
    ),
    (
        lambda: flows.change(window(1), window(2, partner="PE")),
        "partner RU is not comparable with partner PE: they count different things",
    ),
    (
        lambda: flows.change(window(1).assign(reporter="CA"), window(2).assign(reporter="US")),
        "reporter CA is not comparable with reporter US: they count different things",
    ),
    (
        lambda: flows.change(window(1, 2, 3), window(1, 2)),
        "3 months are not comparable with 2: take windows of equal length",
    ),
    (
        lambda: flows.change(pd.concat([window(1), window(1, partner="PE")]), window(2)),
        "a monthly table has one partner, found ['PE', 'RU']",
    ),
    (lambda: flows.change(window(), window(2)), "a monthly table has one reporter, found []"),
    (
        lambda: flows.add(window(1), window(2, basis="balance_of_payments")),
        "basis customs is not comparable with basis balance_of_payments: they count different things",
    ),
    (
        lambda: flows.add(window(1), window(2).assign(seasonal_adjustment="seasonally_adjusted")),
        "seasonal_adjustment unadjusted is not comparable with seasonal_adjustment seasonally_adjusted:"
        " they count different things",
    ),
    (
        lambda: flows.add(window(1, flow="domestic_export"), window(2, flow="total_export")),
        f"total_export already holds domestic_export or re_export: {TWICE}",
    ),
    (
        lambda: flows.add(window(1, flow="total_export"), window(2, flow="re_export", partner="PE")),
        f"total_export already holds domestic_export or re_export: {TWICE}",
    ),
    (lambda: flows.add(window(1), window(2)), f"RU (ALL, ALL) and RU (ALL, ALL) share the same import: {TWICE}"),
    (
        lambda: flows.add(window(1), window(2, partner="WORLD")),
        f"RU (ALL, ALL) and WORLD (ALL, ALL) share the same import: {TWICE}",
    ),
    (
        lambda: flows.add(window(1, partner="ALL"), window(2)),
        f"ALL (ALL, ALL) and RU (ALL, ALL) share the same import: {TWICE}",
    ),
    (
        lambda: flows.add(window(1, partner="EU27"), window(2, partner="DE")),
        f"EU27 (ALL, ALL) and DE (ALL, ALL) share the same import: {TWICE}",
    ),
    (lambda: Cells("f", "import", ("WORLD", "RU")), f"partner WORLD already holds RU: {TWICE}"),
    (
        lambda: Cells("f", "import", ("RU",), product=("C11", "TOTAL", "C12")),
        f"product TOTAL already holds C11, C12: {TWICE}",
    ),
    (lambda: Cells("f", "import", ("RU",), region=("CA", "CA-ON")), f"region CA already holds CA-ON: {TWICE}"),
    (lambda: Cells("f", "import", ("EU27", "DE", "FR", "US")), f"EU27 already holds ['DE', 'FR']: {TWICE}"),
]


@pytest.mark.parametrize(("ask", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_what_must_not_be_compared_or_added_is_refused_with_the_reason(ask, sentence):
    with pytest.raises(NotComparableError) as caught:
        ask()
    assert str(caught.value) == sentence


ALLOWED = [
    # what is asked, why it is right
    (lambda: flows.add(window(1, partner="EU27"), window(2, partner="GB")), "the United Kingdom is no member"),
    (lambda: flows.add(window(1), window(2, flow="domestic_export")), "imports and exports of one partner: turnover"),
    (lambda: flows.add(window(1), window(2, partner="PE")), "two partners"),
    (lambda: Cells("f", "import", ("WORLD",)), "a total alone"),
    (lambda: Cells("f", "import", ("EU27", "US")), "the Union and another"),
    (lambda: Cells("f", "import", ("DE", "FR")), "two members without the Union"),
]


@pytest.mark.parametrize(("ask", "why"), ALLOWED, ids=[why for _, why in ALLOWED])
def test_what_may_be_added_is(ask, why):
    assert ask() is not None, why


def test_the_basis_that_a_file_lacks_is_refused_with_what_it_has(tmp_path):
    engine, file_id = asked(tmp_path, by_partner("5.6"), name=VIEWER_PARTNERS)
    with pytest.raises(NotComparableError) as caught:
        flows.cells(engine, file_id, "total_export", "RU")
    assert str(caught.value) == (
        f"file {file_id} has no domestic_export and no re_export for RU (customs, unadjusted),"
        " so total_export is unknown; it has nothing"
    )


def test_domestic_exports_alone_are_not_total_exports(real):
    engine, _, newer = real
    with pytest.raises(NotComparableError) as caught:
        flows.cells(engine, newer, "total_export", "RU")
    assert str(caught.value) == (
        f"file {newer} has no re_export for RU (customs, unadjusted), so total_export is unknown;"
        " it has ['domestic_export']"
    )


def test_total_exports_published_whole_are_not_their_parts(tmp_path):
    engine, file_id = asked(tmp_path, by_partner("5.6"), name=VIEWER_PARTNERS)
    with pytest.raises(NotComparableError, match=r"no domestic_export for RU .* it has \['total_export'\]"):
        flows.cells(engine, file_id, "domestic_export", "RU", basis="balance_of_payments")


def test_revisions_of_different_cells_are_refused(real):
    engine, older, newer = real
    old = flows.cells(engine, older, "domestic_export", "RU")
    for changed, sentence in [
        ({"product": ("C11",)}, "product is None in one, ('C11',) in the other"),
        ({"flow": "re_export"}, "flow is domestic_export in one, re_export in the other"),
        ({"partner": ("PE",)}, "partner is ('RU',) in one, ('PE',) in the other"),
        ({"basis": "balance_of_payments"}, "basis is customs in one, balance_of_payments in the other"),
    ]:
        other = Cells(**{"file_id": newer, "flow": "domestic_export", "partner": ("RU",), **changed})
        with pytest.raises(NotComparableError) as caught:
            flows.revisions(engine, old, other)
        assert str(caught.value) == f"a revision compares the same cells: {sentence}"


def test_revisions_cover_the_months_of_both_and_keep_unknown(tmp_path):
    engine, old = asked(tmp_path, ("2022-01", IMPORT, ENERGY, "1"), ("2022-02", IMPORT, ENERGY, "0"), name="a.csv")
    later = [("2022-02", IMPORT, ENERGY, "3"), suppressed(period="2022-03", trade=IMPORT)]
    engine, new = asked(tmp_path, *later, ("2022-04", IMPORT, ENERGY, "4"), name="b.csv")
    table = flows.revisions(engine, *(flows.cells(engine, file_id, "import", "RU") for file_id in (old, new)))
    assert [f"{month:%Y-%m}" for month in table["period"]] == ["2022-02"]
    assert (values(table, "old_cents"), values(table, "new_cents")) == ([0], [300_000])
    assert table["ratio"].isna().all()  # from nothing there is no ratio
    table = flows.revisions(engine, *[flows.cells(engine, new, "import", "RU")] * 2)
    assert values(table, "change_cents") == [0, None, 0]


def kept(tmp_path, vintage: str, *rows: dict[str, str], extract: bool = False, table: str = "12-10-0119") -> str:
    """A vintage of a table with its manifest, cleaned; its file_id."""
    folder = f"{table}/{vintage}{'-extract' * extract}"
    raw = put_csv(tmp_path / "raw", f"{folder}/{VIEWER_SECTIONS}", statcan_csv(rows))
    about = Manifest(raw.path.name, raw.sha256, raw.size, table, vintage=vintage, extract=extract)
    write_manifest(about, raw.path.parent)
    clean(raw_file(raw.path, tmp_path / "raw"), tmp_path)
    return raw.file_id


def exports(value: str, period: str = "2022-03") -> list[dict[str, str]]:
    return [row(period=period, trade=trade, value=value) for trade in (DOMESTIC, RE_EXPORT)]


def test_the_newest_vintage_that_has_the_months_wins(tmp_path):
    kept(tmp_path, "2022-10", *exports("1"))
    newest = kept(tmp_path, "2023-02", *exports("2"))
    kept(tmp_path, "2024-01", *exports("3", period="2023-03"))  # has not the month
    kept(tmp_path, "2025-01", exports("4")[0])  # has no re-exports
    kept(tmp_path, "2026-01", exports("5")[0], row(trade=RE_EXPORT, value="", status="x"))  # suppressed
    found = flows.newest(connect(tmp_path), "total_export", "RU", ["2022-03"])
    assert (found.file_id, found.published_as) == (newest, ("domestic_export", "re_export"))


def test_of_one_vintage_the_fuller_file_wins_whichever_came_first(tmp_path):
    fuller = kept(tmp_path, "2022-10", *exports("1"), *exports("1", period="2022-04"))
    kept(tmp_path, "2022-10", *exports("2"), extract=True)
    assert flows.newest(connect(tmp_path), "total_export", "RU", ["2022-03"]).file_id == fuller


def test_a_table_can_be_named_and_later_vintages_left_out(tmp_path):
    old = kept(tmp_path, "2022-10", *exports("1"))
    kept(tmp_path, "2023-02", *exports("2"))
    other = kept(tmp_path, "2026", *exports("3"), table="12-10-0175")
    engine = connect(tmp_path)
    assert flows.newest(engine, "total_export", "RU", ["2022-03"]).file_id == other
    assert flows.newest(engine, "total_export", "RU", ["2022-03"], as_of="2022-10").file_id == old
    assert (
        flows.newest(engine, "total_export", "RU", ["2022-03"], table_id="12-10-0119", as_of="2023-01").file_id == old
    )


def test_when_no_vintage_has_the_months_it_is_said_with_the_way_to_get_one(real):
    with pytest.raises(NotComparableError) as caught:
        flows.newest(real[0], "total_export", "RU", ["2021-03", "2024-01"])
    assert str(caught.value) == ("no raw file has total_export for RU in 2021-03, 2024-01; see `tradeanalytics fetch`")


def test_from_the_bundled_files_total_exports_come_from_the_older_and_domestic_from_the_newer(real):
    engine, older, newer = real
    assert flows.newest(engine, "total_export", "RU", ["2021-03", "2022-03"]).file_id == older
    assert flows.newest(engine, "domestic_export", "RU", ["2021-03", "2022-03"]).file_id == newer


def test_the_statement_of_cells_runs_as_it_is_printed(real):
    engine, older, _ = real
    which = flows.cells(engine, older, "total_export", "RU")
    found = engine.sql(which.sql(["product"]) + "\n  AND period = DATE '2022-03-01'")
    assert list(found.columns) == ["file_id", "record", "period", "flow", "product", "value_cad_cents", "status"]
    assert len(found) == 24 and found["value_cad_cents"].sum() == 546_100_000


# Traps that gave a wrong number once.
def test_a_total_beside_some_of_its_parts_is_not_replaced_by_them(tmp_path):
    engine, file_id = asked(tmp_path, row(value="100"), row(region="Ontario", value="40"))
    assert values(flows.monthly(engine, flows.cells(engine, file_id, "domestic_export", "RU"))) != [4_000_000]


def test_all_partners_of_a_table_without_a_residual_are_not_the_listed_ones_alone(tmp_path):
    partners = [("All countries", "1000"), ("European Union", "100"), ("Germany", "20"), ("United States", "500")]
    rows = [by_partner(value, partner=name) for name, value in partners]
    engine, file_id = asked(tmp_path, *rows, name=VIEWER_PARTNERS)
    which = flows.cells(engine, file_id, "total_export", None, basis="balance_of_payments")
    assert values(flows.monthly(engine, which)) != [52_000_000_000]


def test_a_total_whose_parts_lie_deeper_is_still_to_be_had_by_name(tmp_path):
    world = row(partner="All countries", section=ALL, value="1000")
    engine, file_id = asked(tmp_path, world, row(region="Ontario", value="4"))
    assert values(flows.monthly(engine, flows.cells(engine, file_id, "domestic_export", "WORLD"))) == [100_000_000]


def test_a_month_with_a_rejected_cell_is_unknown(tmp_path):
    raw = put_csv(tmp_path / "raw", VIEWER_SECTIONS, statcan_csv([row(value="100"), row(section=GOODS, value="1,2")]))
    clean(raw, tmp_path)
    engine = connect(tmp_path)
    assert values(flows.monthly(engine, flows.cells(engine, raw.file_id, "domestic_export", "RU"))) == [None]


def test_a_release_of_october_is_not_after_october(tmp_path):
    october = kept(tmp_path, "2022-10-05", *exports("1"))
    assert flows.newest(connect(tmp_path), "total_export", "RU", ["2022-03"], as_of="2022-10").file_id == october


@pytest.mark.parametrize(
    ("left", "right"), [("PE, RU", "RU"), ("PE, RU", "RU, US"), ("EU27, US", "DE"), ("DE, US", "EU27")]
)
def test_a_partner_among_others_is_not_added_twice(left, right):
    with pytest.raises(NotComparableError):
        flows.add(window(1, partner=left), window(2, partner=right))


def test_two_provinces_may_be_added(tmp_path):
    engine, file_id = asked(tmp_path, row(region="Ontario", value="1"), row(region="Quebec", value="2"))
    sides = [
        flows.monthly(engine, flows.cells(engine, file_id, "domestic_export", "RU", region=(region,)))
        for region in ("CA-ON", "CA-QC")
    ]
    assert values(flows.add(*sides)) == [300_000]


def test_a_statement_without_an_answer_is_refused_in_one_line(real):
    try:
        real[0].sql("")
    except AttributeError as error:
        pytest.fail(str(error))
    except TradeAnalyticsError as error:
        assert "\n" not in str(error)


# The engine: whole numbers stay whole beside a null, and a wrong statement is one line.
@pytest.mark.parametrize(
    ("expression", "dtype"),
    [
        ("CAST(NULL AS BIGINT)", "Int64"),
        ("CAST(NULL AS INTEGER)", "Int32"),
        ("CAST(NULL AS BOOLEAN)", "boolean"),
        ("CAST(NULL AS DATE)", "datetime64"),
        ("CAST(NULL AS DOUBLE)", "float64"),
        ("CAST(NULL AS VARCHAR)", "str"),
        ("CAST(sum(value_cad_cents) AS BIGINT)", "Int64"),
        ("count(*)", "Int64"),
    ],
)
def test_types_of_an_answer(real, expression, dtype):
    assert str(real[0].sql(f"SELECT {expression} AS a FROM flows")["a"].dtype).startswith(dtype)


def test_a_column_of_cents_with_a_null_is_not_made_of_floats(real):
    table = real[0].sql("SELECT unnest([9007199254740993, NULL]) AS a")
    assert table["a"].tolist() == [9007199254740993, pd.NA]


def test_a_wrong_statement_is_one_line(real):
    with pytest.raises(TradeAnalyticsError) as caught:
        real[0].sql("SELECT nothing FROM flows")
    assert str(caught.value).startswith("The question could not be asked: ") and "\n" not in str(caught.value)


def test_an_empty_folder_has_the_tables_without_rows(tmp_path):
    engine = connect(tmp_path)
    assert engine.empty()
    for table in TABLES:
        found = engine.sql(f"SELECT column_name, column_type FROM (DESCRIBE {table.name})")
        found["column_type"] = found["column_type"].str.replace('"', "")  # the engine may quote a field called name
        assert found.values.tolist() == [[column.name, column.type] for column in table.columns]
        assert engine.sql(f"SELECT * FROM {table.name}").empty


def test_a_table_describes_itself_column_by_column():
    for table in TABLES:
        lines = describe(table).splitlines()
        assert lines[:2] == ["| column | type | unit or scheme | meaning |", "|---|---|---|---|"]
        assert lines[2:] == [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in table.columns]


def test_a_long_question_draws_no_progress_in_a_notebook(tmp_path):
    code = (
        "from pathlib import Path; from tradeanalytics.engine import connect;"
        """ print(connect(Path()).sql("SELECT current_setting('enable_progress_bar') AS a").a[0])"""
    )
    ran = subprocess.run(  # a program given on the command line is as interactive as a notebook to DuckDB
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "False"


def test_a_quote_in_a_literal_stays_in_it(real):
    text = "it's -- '; DROP VIEW flows"
    assert real[0].sql(f"SELECT {literal(text)} AS a")["a"].tolist() == [text]
