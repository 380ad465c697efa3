"""Questions to customs records, asked of the invented sample, give the numbers of its answer key; what cannot be
answered is refused with a reason.
"""

import json
from datetime import date

import pandas as pd
import pytest
from conftest import put_csv
from test_customs_slices import IMPORT, PANJIVA, as_csv, styled

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.clean.overlap import mark_known
from tradeanalytics.engine import connect
from tradeanalytics.flows import NotComparableError
from tradeanalytics.parties.names import name
from tradeanalytics.sample import ANSWERS, BILLS, DECLARATIONS, OVERLAP, sample
from tradeanalytics.shipments import (
    MEASURES,
    Which,
    high_priority,
    monthly,
    per_month,
    pieces,
    routes,
    suppliers,
    top,
)


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory):
    """The sample's dumps and bills, cleaned: an engine, each file's id, and the answer key."""
    folder, contents = tmp_path_factory.mktemp("sample"), sample()
    raws = {file: put_csv(folder / "raw", file, contents[file]) for file in (DECLARATIONS, OVERLAP, BILLS)}
    for raw in raws.values():
        clean(raw, folder / "processed")
    mark_known(folder / "processed")
    ids = {file: raw.file_id for file, raw in raws.items()}
    return connect(folder / "processed"), ids, json.loads(contents[ANSWERS])


@pytest.fixture(scope="module")
def engine(cleaned):
    return cleaned[0]


@pytest.fixture(scope="module")
def key(cleaned):
    return cleaned[2]


@pytest.fixture(scope="module")
def stories(key):
    return key["stories"]


@pytest.fixture(scope="module")
def dump(cleaned) -> tuple[str, ...]:
    """The first dump alone: the answers of the stories are about it."""
    return (cleaned[1][DECLARATIONS],)


def asked(folder, *changes: dict[str, str]):
    """An engine over one small dump, each row changed."""
    rows = [{**IMPORT, "item": str(place), **changed} for place, changed in enumerate(changes, 1)]
    clean(put_csv(folder / "raw", "SYNTHETIC_dump.csv", as_csv(styled("bare", *rows))), folder / "processed")
    return connect(folder / "processed")


def first_of(month: str) -> pd.Timestamp:
    return pd.Timestamp(f"{month}-01")


# The stories


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_shares_ranks_and_concentration_of_the_named_importer(engine, stories, dump, year):
    answer = stories["named_importer"]["by_year"][year]
    table = suppliers(engine, name(stories["named_importer"]["name"]).key, which=Which(files=dump))
    found = table[table["period"] == f"{year}-01-01"]
    assert found["shipper_key"].to_list() == [name(s["name"]).key for s in answer["suppliers"]]
    assert found["value"].to_list() == [s["usd_cents"] for s in answer["suppliers"]]
    assert found["rank"].to_list() == [s["rank"] for s in answer["suppliers"]]
    assert found["share"].to_list() == pytest.approx([s["share"] for s in answer["suppliers"]], abs=1e-6)
    assert found["hhi"].to_list() == pytest.approx([answer["hhi"]] * len(found), abs=1e-4)
    assert found["effective"].to_list() == pytest.approx([answer["effective_suppliers"]] * len(found), abs=1e-4)
    assert set(found["without_value"]) == {0}


def test_the_intermediary_has_exactly_a_quarter_and_is_first(engine, stories, dump):
    table = suppliers(engine, name(stories["named_importer"]["name"]).key, which=Which(files=dump))
    of_2022 = table[
        (table["period"] == "2022-01-01") & (table["shipper_key"] == name(stories["intermediary"]["name"]).key)
    ]
    assert (of_2022["share"].item(), of_2022["rank"].item()) == (0.25, 1)


def test_shares_by_month_add_up_to_one(engine, stories, dump):
    table = suppliers(engine, name(stories["named_importer"]["name"]).key, per="month", which=Which(files=dump))
    assert table.groupby("period")["share"].sum().to_list() == pytest.approx([1.0] * table["period"].nunique())
    assert table["period"].nunique() == 30


def between(stories, dump, **more) -> Which:
    """What the intermediary sent to the named importer."""
    keys = {
        role: name(stories[who]["name"]).key
        for role, who in (("shipper", "intermediary"), ("consignee", "named_importer"))
    }
    return Which(**keys, files=dump, **more)


def test_the_intermediary_month_by_month_without_a_gap(engine, stories, dump):
    table = monthly(engine, between(stories, dump))
    assert table["month"].to_list() == list(pd.date_range("2021-01-01", "2023-06-01", freq="MS"))
    answer = stories["intermediary"]
    assert (
        dict(zip(table["month"].dt.strftime("%Y-%m"), table["value_usd_cents"], strict=True))
        == answer["usd_cents_by_month"]
    )
    assert table["items"].sum() == answer["items"]


def test_before_and_after_the_invasion_in_value_a_month(engine, stories, dump):
    answer = stories["intermediary"]
    table = per_month(engine, between(stories, dump, first="2021-03", last="2023-02"), "2022-03").set_index("side")
    for side, window in (("before", "twelve_months_before"), ("after", "twelve_months_after")):
        assert table.loc[side, "months"] == 12
        assert table.loc[side, "value"] == answer[window]["usd_cents"]
        assert table.loc[side, "value_a_month"] == pytest.approx(answer[window]["a_month"])


def test_a_month_without_a_delivery_counts(engine, stories, dump):
    """The importer founded after the invasion had no month before it, and fourteen of them are known."""
    founded = name(stories["founded_after_the_invasion"]["name"]).key
    table = per_month(engine, Which(consignee=founded, files=dump), "2022-03").set_index("side")
    assert table.loc["before", ["months", "items", "value", "value_a_month"]].to_list() == [14, 0, 0, 0]
    assert table.loc["after", "value"] == stories["founded_after_the_invasion"]["usd_cents"]


def test_first_and_last_seen(engine, stories, dump):
    sellers = top(engine, "shipper", Which(files=dump), most=1000).set_index("key")
    first = {seller: day.date().isoformat() for seller, day in sellers["first_seen"].items()}
    assert first == {name(seller).key: day for seller, day in stories["first_seen_suppliers"].items()}
    for seller in stories["turkish_intermediaries"]:
        row = sellers.loc[name(seller["name"]).key]
        assert (row["first_seen"].date().isoformat(), row["last_seen"].date().isoformat()) == (
            seller["first_seen"],
            seller["last_seen"],
        )
    buyers = top(engine, "consignee", Which(files=dump), most=1000).set_index("key")
    founded = stories["founded_after_the_invasion"]
    row = buyers.loc[name(founded["name"]).key]
    assert (row["first_seen"].date().isoformat(), row["items"]) == (founded["first_seen"], founded["items"])


def test_800_modules_by_month(engine, stories, dump):
    answer = stories["modules"]
    table = pieces(engine, Which(words=answer["part"].lower(), files=dump))
    assert dict(zip(table["month"].dt.strftime("%Y-%m"), table["pieces"], strict=True)) == answer["pieces_by_month"]
    assert set(table["consignee_key"]) == {name(answer["importer"]["name"]).key}
    assert (table["pieces"].sum(), table["items"].sum(), table["unknown"].sum()) == (800, answer["items"], 0)
    assert table["from_description"].sum() == answer["items"], "the column of quantity is empty"


def test_the_front_company_by_its_routes(engine, stories, dump):
    answer = stories["front_company"]
    table = routes(engine, Which(shipper=name(answer["name"]).key, files=dump))
    assert set(zip(table["trading_country"], table["shipper_country"], strict=True)) == {("KN", "KN")}
    assert table.groupby("origin_country")["items"].sum().to_dict() == answer["items_by_origin"]
    assert table.groupby("dispatch_country")["items"].sum().to_dict() == answer["items_by_dispatch"]
    assert (table["items"].sum(), table["value_usd_cents"].sum()) == (answer["items"], answer["usd_cents"])


def test_an_importer_that_is_missing_in_a_month(engine, stories, dump):
    answer = stories["missing_month"]
    table = monthly(engine, Which(consignee=name(answer["name"]).key, files=dump)).set_index("month")
    assert table.index[table["items"] == 0].to_list() == [first_of(answer["month"])]
    assert table.loc[first_of(answer["month"]), "value_usd_cents"] == 0, "a true zero of these records"


def test_one_supplier_of_an_importer(engine, stories, dump):
    answer = stories["one_supplier"]
    which = Which(consignee=name(answer["name"]).key, files=dump)
    table = top(engine, "shipper", which)
    assert table["value_usd_cents"].to_list() == [seller["usd_cents"] for seller in answer["suppliers"]]
    assert table["key"].iloc[0] == name(answer["supplier"]["name"]).key


# The files


def test_every_item_is_counted_once(engine, key, dump):
    answer = key[DECLARATIONS]
    both = answer["declaration_items"] + answer["duplicates"]["same_key_other_payload"]["extra_rows"]
    table = monthly(engine, Which(files=dump))
    assert table["items"].sum() == both, "of a revised item both versions are kept"
    assert table["value_usd_cents"].sum() == answer["usd_cents_both_versions_of_revised_items"]


def test_a_later_dump_adds_only_what_is_new(engine, cleaned, key):
    _, ids, _ = cleaned
    one, both = (
        Which(files=tuple(ids[file] for file in files)) for files in ((DECLARATIONS,), (DECLARATIONS, OVERLAP))
    )
    added = {
        column: monthly(engine, both)[column].sum() - monthly(engine, one)[column].sum()
        for column in ("items", "value_usd_cents")
    }
    assert added == {"items": key[OVERLAP]["new"], "value_usd_cents": key[OVERLAP]["usd_cents_new"]}


def test_a_later_dump_asked_alone_has_all_of_its_rows(engine, cleaned, key):
    assert monthly(engine, Which(files=(cleaned[1][OVERLAP],)))["items"].sum() == key[OVERLAP]["records"]


def test_masters_are_not_counted_beside_their_house_bills(engine, cleaned, key):
    table = monthly(engine, Which(files=(cleaned[1][BILLS],)))
    assert table["value_usd_cents"].sum() == key[BILLS]["usd_cents_without_masters"]
    assert table["gross_kg"].sum() == pytest.approx(key[BILLS]["kilograms_without_masters"])


def test_those_who_are_not_named_stand_in_the_table_without_a_key(engine, cleaned, key):
    table = top(engine, "shipper", Which(files=(cleaned[1][BILLS],)), by="items", most=1000)
    nobody = table[table["key"].isna()]
    assert (len(nobody), nobody["spellings"].item(), nobody["name"].isna().item()) == (1, 0, True)
    assert nobody["items"].item() <= key[BILLS]["without_shipper"]


def test_spellings_of_one_supplier_are_one_line(engine, stories, dump):
    table = top(engine, "shipper", Which(files=dump), most=1000).set_index("key")
    answer = stories["intermediary"]
    row = table.loc[name(answer["name"]).key]
    assert row["name"] == answer["name"], "the most frequent spelling"
    assert row["spellings"] > 1


@pytest.mark.parametrize("measure", [*MEASURES, "items"])
def test_the_order_is_by_what_is_asked_for(engine, dump, measure):
    table = top(engine, "consignee", Which(files=dump), by=measure, most=10)
    assert table[measure].is_monotonic_decreasing
    assert len(table) == 10


def classes(engine, file_id: str) -> dict[str, int]:
    counts = engine.sql(f"SELECT duplicate, count(*) AS n FROM shipments WHERE file_id = '{file_id}' GROUP BY ALL")
    return dict(zip(counts["duplicate"], counts["n"], strict=True))


def test_duplicates_are_those_of_the_answer_key(cleaned):
    engine, ids, key = cleaned
    told = {kind: entry["extra_rows"] for kind, entry in key[DECLARATIONS]["duplicates"].items()}
    both = 2 * told["same_key_other_payload"]  # the row and its revision
    once = key[DECLARATIONS]["accepted"] - told["exact"] - told["same_key_same_payload"] - both
    assert classes(engine, ids[DECLARATIONS]) == {**told, "same_key_other_payload": both, "unique": once}
    pairs = key[BILLS]["master_house_pairs"]
    assert classes(engine, ids[BILLS]) == {"master_of_house": pairs, "unique": key[BILLS]["accepted"] - pairs}


QUIRKS = {
    # quirk of the answer key, the rows that show it when they are cleaned
    "hs_lost_zero": "hs_repair = 'zero_restored'",
    "origin_namibia": "origin_country = 'NA'",
    "origin_eu": "origin_country = 'EU27'",
}
GONE = {
    "line marks": "contains(description, '_[=')",
    "angle brackets": "regexp_matches(consignee_name, '[<>]')",
    "a trademark that says there is none": "trademark = 'ОТСУТСТВУЕТ'",
    "a row without a day": "registered_on IS NULL",
    "a day that its number contradicts": "contains(flags, 'date_disagrees')",
}


def rows_where(engine, file_id: str, condition: str) -> int:
    return int(
        engine.sql(f"SELECT count(*) AS n FROM shipments WHERE file_id = '{file_id}' AND {condition}")["n"].item()
    )


def test_the_quirks_of_the_dump_are_read_as_the_answer_key_counts_them(cleaned):
    engine, ids, key = cleaned
    told = key[DECLARATIONS]["quirks"]
    assert {quirk: rows_where(engine, ids[DECLARATIONS], how) for quirk, how in QUIRKS.items()} == {
        quirk: told[quirk] for quirk in QUIRKS
    }
    assert {quirk: rows_where(engine, ids[DECLARATIONS], how) for quirk, how in GONE.items()} == dict.fromkeys(GONE, 0)
    folded = rows_where(engine, ids[DECLARATIONS], "contains(flags, 'homoglyphs_folded')")
    assert 0 < folded <= told["homoglyph_in_description"] + told["homoglyph_in_shipper"]


def test_consignees_beside_a_canadian_postal_code_are_in_canada(cleaned):
    engine, ids, key = cleaned
    answer = key[BILLS]["ca_is_canada"]
    there = f"contains(consignee_address, '{answer['postal_code']}')"
    assert rows_where(engine, ids[BILLS], there) == answer["rows"]
    assert rows_where(engine, ids[BILLS], f"{there} AND consignee_country = 'CA'") == answer["rows"]


# Priority goods


def test_priority_goods_of_the_sample(engine, key, dump):
    found = high_priority(engine, Which(files=dump))
    answer = key[DECLARATIONS]["priority_items"]
    extra = found.groupby(found["hs"].str[:6]).size()
    assert set(extra.index) == set(answer["items_by_hs6"])
    assert (extra - pd.Series(answer["items_by_hs6"])).sum() == len(found) - answer["items"]
    assert 0 <= len(found) - answer["items"] <= key[DECLARATIONS]["duplicates"]["same_key_other_payload"]["extra_rows"]


TIERS = [
    # hs, day, tier, certainty, reason
    ("8542319010", "15.06.2022", "1", "exact", "the list is in this edition"),
    ("8542319010", "15.06.2021", "1", "same_code", "the same digits in an older edition"),
    ("8548009000", "15.06.2022", "2", "exact", "a code that the newer edition made"),
    ("8548900000", "15.06.2021", "2", "possible", "the wider code that it was cut from"),
    ("8541500000", "15.06.2021", "3A", "possible", "one code of which two listed ones came"),
    ("8541500000", "15.06.2022", None, None, "that code in the edition that has it no more"),
    ("8542319010", "", "1", "possible", "without a day the edition is unknown, and the goods are not clean"),
    ("8548900000", "", "2", "possible", "the same of the older code"),
    ("2523290000", "15.06.2022", None, None, "cement"),
    ("8542", "15.06.2022", None, None, "a heading says too little"),
]


def test_tiers_follow_the_edition_of_the_day(tmp_path):
    engine = asked(
        tmp_path, *({"declaration": f"N{n}", "hs": hs, "registered_on": day} for n, (hs, day, *_) in enumerate(TIERS))
    )
    found = high_priority(engine).set_index("record")
    listed = [
        (found.loc[n, "tier"], found.loc[n, "certainty"]) if n in found.index else (None, None)
        for n in range(1, len(TIERS) + 1)
    ]
    assert listed == [(tier, certainty) for _, _, tier, certainty, _ in TIERS]


# What is not known


def test_unknown_is_not_zero(tmp_path):
    """A month whose items have no value has no sum; a month without items has a true zero."""
    days = {"N1": ("15.01.2022", "100,00"), "N2": ("15.02.2022", ""), "N3": ("15.04.2022", "50,00")}
    engine = asked(
        tmp_path, *({"declaration": n, "registered_on": day, "statistical_usd": usd} for n, (day, usd) in days.items())
    )
    table = monthly(engine, Which())
    assert table["items"].to_list() == [1, 1, 0, 1]
    assert table["value_usd_cents"].fillna(-1).to_list() == [10_000, -1, 0, 5_000]
    assert table["without_value"].to_list() == [0, 1, 0, 0]
    sides = per_month(engine, Which(first="2022-02", last="2022-03"), "2022-03").set_index("side")
    assert pd.isna(sides.loc["before", "value"])
    assert (sides.loc["before", "without_value"], sides.loc["after", "value"]) == (1, 0)


def test_items_without_a_day_are_neither_before_nor_after(tmp_path):
    engine = asked(tmp_path, {}, {"declaration": "N1", "registered_on": ""})
    table = per_month(engine, Which(), "2022-06").set_index("side")
    assert table["items"].to_dict() == {"before": 0, "after": 1}
    assert monthly(engine, Which())["items"].sum() == 1


def test_the_share_is_of_what_is_known_and_the_rest_is_said(tmp_path):
    a, b = {"shipper_name": "SYNTHETIC A"}, {"shipper_name": "SYNTHETIC B"}
    engine = asked(
        tmp_path, {**a, "statistical_usd": "300"}, {**b, "statistical_usd": "100"}, {**b, "statistical_usd": ""}
    )
    table = suppliers(engine, "ОБРАЗЕЦ").set_index("shipper_key")
    assert table["share"].to_dict() == {"SYNTHETIC A": 0.75, "SYNTHETIC B": 0.25}
    assert set(table["without_value"]) == {1}
    assert set(table["hhi"]) == {6250.0}


def test_pieces_that_are_nowhere_are_unknown(tmp_path):
    rows = [{"quantity": "", "description": "МОДУЛИ"}, {"quantity": "5", "description": "МОДУЛИ"}]
    table = pieces(asked(tmp_path, *rows), Which())
    assert table[["items", "pieces", "from_description", "unknown"]].to_dict("records") == [
        {"items": 2, "pieces": 5.0, "from_description": 0, "unknown": 1}
    ]


def test_a_quote_in_a_question_is_text(engine, dump):
    assert len(top(engine, "shipper", Which(words="'; DROP TABLE shipments; --", files=dump))) == 0


# Refusals


REFUSED = [
    # what is asked, what is said
    (lambda engine: top(engine, "shipper"), "US dollars on different bases are not added: estimated, statistical"),
    (lambda engine: top(engine, "shipper", by="net_kg"), "US dollars on different bases"),
    (lambda engine: monthly(engine, Which()), "ask with `files` of one basis"),
    (lambda engine: routes(engine), "US dollars on different bases"),
    (lambda engine: per_month(engine, Which(), "2022-03"), "US dollars on different bases"),
]


@pytest.mark.parametrize(("question", "said"), REFUSED)
def test_us_dollars_on_different_bases_are_never_added(tmp_path, question, said):
    folder = tmp_path / "processed"
    clean(put_csv(tmp_path / "raw", "SYNTHETIC_dump.csv", as_csv(styled("bare", IMPORT))), folder)
    clean(put_csv(tmp_path / "raw", "SYNTHETIC_bills.csv", as_csv([PANJIVA], ",", "utf-8")), folder)
    with pytest.raises(NotComparableError, match=said):
        question(connect(folder))


ASKED_OF_ALL = [top, suppliers, monthly, per_month, routes, pieces]


@pytest.mark.parametrize("question", ASKED_OF_ALL)
def test_invented_shipments_are_never_added_to_real_ones(tmp_path, question):
    every = Which()
    rest = {top: ("shipper",), suppliers: ("ОБРАЗЕЦ",), monthly: (every,), per_month: (every, "2022-03"), routes: ()}
    folder = tmp_path / "processed"
    clean(put_csv(tmp_path / "raw", "SYNTHETIC_dump.csv", as_csv(styled("bare", IMPORT))), folder)
    real = put_csv(tmp_path / "raw", "dump.csv", as_csv(styled("bare", {**IMPORT, "item": "2"})))
    clean(real, folder)
    with pytest.raises(NotComparableError, match=r"invented shipments .* are not added to others"):
        question(connect(folder), *rest.get(question, (every,)))
    assert top(connect(folder), "shipper", Which(files=(real.file_id,)))["items"].to_list() == [1]


WRONG = [
    # what is asked, what is said
    (lambda engine: top(engine, "broker"), "role: 'broker', expected one of shipper, consignee, manufacturer"),
    (lambda engine: top(engine, "shipper", by="price"), "measure: 'price', expected one of value_usd_cents"),
    (lambda engine: suppliers(engine, "X", by="items"), "measure: 'items', expected one of"),
    (lambda engine: suppliers(engine, "X", per="week"), "period: 'week', expected one of year, month"),
    (lambda engine: per_month(engine, Which(), "2022-03", by="price"), "measure: 'price', expected one of"),
    (lambda engine: per_month(engine, Which(), "2022-02-24"), "month: '2022-02-24', expected one such as 2022-03"),
    (lambda engine: monthly(engine, Which(first="2022-13")), "month: '2022-13', expected one such as 2022-03"),
    (lambda engine: monthly(engine, Which(files=())), "no shipment with a day was found"),
]


@pytest.mark.parametrize(("question", "said"), WRONG)
def test_a_wrong_question_is_refused_in_one_line(tmp_path, question, said):
    with pytest.raises(TradeAnalyticsError) as caught:
        question(asked(tmp_path, {}))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_records_is_said(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="no shipment with a day was found"):
        monthly(connect(tmp_path), Which())


def test_the_answer_has_days_and_whole_numbers(engine, dump):
    row = top(engine, "shipper", Which(files=dump), most=1).iloc[0]
    assert isinstance(row["first_seen"].date(), date)
    assert isinstance(
        row["value_usd_cents"].item() if hasattr(row["value_usd_cents"], "item") else row["value_usd_cents"], int
    )


def test_the_tables_lie_where_outputs_says(tmp_path):
    asked(tmp_path, {})
    kinds = outputs("SYNTHETIC_dump.csv", tmp_path / "processed")
    assert all(kinds[kind].exists() for kind in ("shipments", "names", "finds", "rejected", "report"))
