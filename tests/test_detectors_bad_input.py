"""Bad input comes back as not judged, with the fault named: every detector, every kind of fault, never an exception."""

import inspect
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from monthly_series import series, wave
from shipped import shipped
from test_diversion import INTO, OUT, PLAIN
from test_doors import FIVE
from test_mirror_gaps import both

from tradeanalytics.detectors import (
    benford,
    changepoints,
    diversion,
    drops,
    mirror,
    networks,
    parts,
    redflags,
    relabelling,
    rerouting,
    traders,
    unit_values,
)
from tradeanalytics.detectors.findings import COLUMNS
from tradeanalytics.parties.doors import shared_doors
from tradeanalytics.reference import hs

MODULES = (
    *(benford, changepoints, diversion, drops, mirror, networks, parts, redflags, relabelling, rerouting, traders),
    unit_values,
)


def refused(found, why):
    """Every row is not judged, and says why in a sentence."""
    assert list(found.columns) == list(COLUMNS) and len(found)
    assert not found["judged"].any() and found[["flagged", "survives"]].isna().all(axis=None)
    assert found["why_not"].str.contains(why, regex=False).all(), found["why_not"].unique().tolist()
    assert found["reason"].str.contains("not judged", case=False).all()


def judged(found):
    """Every row is judged: the fault is none for this question."""
    assert list(found.columns) == list(COLUMNS) and len(found) and found["judged"].all(), found["why_not"].unique()


# Shipments: good ones, of two traders with three suppliers and three years, and the same with one fault

CODES = ("854231", "854232", "854239", *sorted(hs.codes("2017") & hs.codes("2022"))[100:109])
PRICES = np.exp(np.random.default_rng(1).normal(0, 0.1, 720)) * 5_000
NAMED = "GOODS VXQ7600"
FINDS = [{"description": NAMED, "kind": "model", "value": "VXQ7600", "start": 6, "end": 13}]
GOOD = [
    {
        "registered_on": date(2021 + place % 36 // 12, place % 12 + 1, 15),
        "shipper_name": f"SYNTHETIC S{place % 3}",
        "consignee_name": f"SYNTHETIC B{place // 12 % 2}",
        "consignee_address": "MOSCOW, TEL +7 495 123 45 67",
        "hs": CODES[place // 36 % 12] + "0000",
        "description": NAMED,
        "quantity": 2.0,
        "quantity_unit": "PCS",
        "value_usd_cents": round(PRICES[place]),
        "value_rub_cents": 5,
    }
    for place in range(720)
]


def every(**told):
    return [row | told for row in GOOD]


def half(**told):
    return [row | (told if place % 7 < 3 else {}) for place, row in enumerate(GOOD)]


NUMBERS = ("value_usd_cents", "value_rub_cents", "net_kg", "quantity")
PLACES = ("origin_country", "dispatch_country", "trading_country", "consignee_country", "destination_country")
TEXTS = ("shipper_name", "consignee_name", "consignee_address", "description", "hs")
KINDS = {
    "good": GOOD,
    "one row": [row for row in GOOD if row["registered_on"] == date(2022, 3, 15)][:1],
    "all zeros": every(**dict.fromkeys(NUMBERS, 0)),
    "all nulls": every(registered_on=None, **dict.fromkeys((*NUMBERS, *PLACES, *TEXTS))),
    "negative": half(value_usd_cents=-5, net_kg=-1.0, quantity=-2.0),
    "one trader": every(shipper_name="SYNTHETIC S0", consignee_name="SYNTHETIC B0"),
    "one month": every(registered_on=date(2022, 3, 15)),
    "an aggregate": every(**dict.fromkeys(("origin_country", "trading_country", "consignee_country"), "EU27")),
    "a month twice": [*GOOD, *every(duplicate="same_key_same_payload")],
    "bases mixed": half(value_usd_basis="estimated"),
    "invented mixed": half(invented=False),
}
VX = [parts.Part("", "VXQ7600")]
OF_SHIPMENTS = {
    "unit_values": unit_values.unit_values,
    "entrants": lambda engine: traders.entrants(engine, "2022-03", months=12),
    "vanished": traders.vanished,
    "concentration": traders.concentration,
    "before_after": lambda engine: traders.before_after(engine, "2022-03"),
    "benford": benford.benford,
    "relabelled": lambda engine: relabelling.relabelled(engine, "2022-03"),
    "mix_shift": lambda engine: relabelling.mix_shift(engine, "2022-03"),
    "islands": lambda engine: networks.islands(networks.Trade(engine)),
    "between": lambda engine: networks.between(networks.Trade(engine)),
    "stars": lambda engine: networks.stars(networks.Trade(engine)),
    "paths": lambda engine: networks.paths(networks.Trade(engine), ["SYNTHETIC B0"]),
    "parts_named": lambda engine: parts.parts_named(engine, VX),
    "phone_country": redflags.phone_country,
    "new_buyers": redflags.new_buyers,
    "dormant": lambda engine: redflags.dormant(traders.entrants(engine, "2022-03", months=12)),
    "prices": lambda engine: redflags.prices(engine, unit_values.unit_values(engine)),
    "transshipped": redflags.transshipped,
    "elsewhere": redflags.elsewhere,
}
ALL, GRAPH = " ".join(OF_SHIPMENTS), "islands between stars paths"
MONEY = "entrants vanished concentration before_after benford dormant"
ITEMS = "relabelled mix_shift phone_country new_buyers transshipped elsewhere"
WINDOW = "the records hold nothing of 2021-03, and 12 months on each side are needed"
BEGIN = "the records begin in 2022-03, fewer than 12 months before"
SHIPMENTS = [
    # the fault, the detectors, what each row of their answer says ("" where all is rightly judged), reason
    ("good", ALL, "", "so that what is refused below is refused for its fault alone"),
    ("one row", "unit_values", "1 item with a value and a mass, expected 10", "one price is no spread"),
    ("one row", "entrants dormant new_buyers", BEGIN, "nobody knows what was before"),
    ("one row", "vanished", "1 month with trade, expected 6", "it may be its habit to pause"),
    ("one row", "concentration", "the records hold one shipper only", "nobody else could have sold"),
    ("one row", "before_after relabelled mix_shift", WINDOW, "there is no other side"),
    ("one row", "benford", "not applicable: 1 value above zero", "one digit has no distribution"),
    ("one row", GRAPH, "the records hold one shipper and one consignee only", "one line is no graph"),
    ("one row", "prices", "0 items whose usual price is known", "nothing to hold it against"),
    ("one row", "transshipped elsewhere", "1 item, expected 10 or more", "a share of one is no share"),
    ("one row", "parts_named phone_country", "", "one record is enough to read a number in it"),
    ("all zeros", MONEY, "every value of it is zero", "a zero value is no value"),
    ("all zeros", "unit_values", "every value of it is zero", "a zero value is no price"),
    ("all zeros", "prices", "0 items whose usual price is known", "no group of goods was judged"),
    ("all zeros", f"{ITEMS} {GRAPH} parts_named", "", "they count items, and zero pieces were said"),
    ("all nulls", "unit_values", "the code of the goods has fewer than six digits", "goods without a code"),
    ("all nulls", "entrants vanished concentration benford dormant", "nobody is named", "no trader to judge"),
    ("all nulls", "phone_country prices transshipped elsewhere", "nobody is named", "no trader to judge"),
    ("all nulls", "before_after relabelled mix_shift", WINDOW, "without a day no side is known"),
    ("all nulls", "new_buyers", "no item is certainly of the common high priority list", "a code is needed"),
    ("all nulls", GRAPH, "nobody is named", "no company, no graph"),
    ("all nulls", "parts_named", "no item has a description, a maker or a trademark", "unread is not unnamed"),
    ("negative", MONEY, "of its values are below zero", "corrections are no trade"),
    ("negative", "unit_values", "of its values are below zero", "a negative price is none"),
    ("negative", "prices", "0 items whose usual price is known", "no group of goods was judged"),
    ("negative", "parts_named", "a number of pieces is below zero", "pieces are not negative"),
    ("negative", f"{ITEMS} {GRAPH}", "", "they count items, not money"),
    ("one trader", "concentration before_after", "the records hold one shipper only", "no other to hold it against"),
    ("one trader", GRAPH, "the records hold one shipper and one consignee only", "one line is no graph"),
    (
        "one trader",
        f"unit_values entrants vanished benford dormant {ITEMS} prices parts_named",
        "",
        "its own past will do",
    ),
    ("one month", "entrants dormant new_buyers", BEGIN, "nobody knows what was before"),
    ("one month", "vanished", "1 month with trade, expected 6", "it may be its habit to pause"),
    ("one month", "before_after relabelled mix_shift", WINDOW, "there is no other side"),
    ("one month", f"unit_values concentration benford {GRAPH} parts_named", "", "they look at no order in time"),
    ("one month", "phone_country prices transshipped elsewhere", "", "they look at no order in time"),
    ("an aggregate", "unit_values phone_country", "EU27 is not one country", "a sum has no price and no phone code"),
    ("an aggregate", "transshipped", "origin, dispatch or seller's country is not told", "the Union is no place"),
    ("an aggregate", "elsewhere", "of the consignee is not told", "a country of the Union is not elsewhere"),
    ("an aggregate", "prices", "0 items whose usual price is known", "no group of goods was judged"),
    ("an aggregate", f"{MONEY} relabelled mix_shift new_buyers {GRAPH} parts_named", "", "they ask for no country"),
    ("a month twice", ALL, "", "what another row gives again is marked in cleaning, and counts once"),
    ("bases mixed", MONEY, "its money is on several bases (estimated, statistical)", "two kinds of money have no sum"),
    ("bases mixed", "unit_values", "its money is on several bases", "nor a common price"),
    ("bases mixed", "prices", "0 items whose usual price is known", "no group of goods was judged"),
    ("bases mixed", f"{ITEMS} {GRAPH} parts_named", "", "they count items, not money"),
    ("invented mixed", ALL, "invented shipments stand beside real ones", "no finding may rest on invented ones"),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The shipments of a kind, opened once."""
    return cache(lambda kind: shipped(tmp_path_factory.mktemp("kind"), KINDS[kind], FINDS))


@pytest.mark.parametrize(
    ("given", "detector", "why"), [(given, one, why) for given, names, why, _ in SHIPMENTS for one in names.split()]
)
def test_a_fault_of_shipments_is_named(opened, given, detector, why):
    found = OF_SHIPMENTS[detector](opened(given))
    refused(found, why) if why else judged(found)


def test_every_detector_of_shipments_meets_every_fault():
    met = [(given, one) for given, names, *_ in SHIPMENTS for one in names.split()]
    assert len(met) == len(set(met)) and set(met) == {(given, one) for given in KINDS for one in OF_SHIPMENTS}


def test_where_nothing_was_shipped_there_is_an_answer_all_the_same(tmp_path):
    engine = shipped(tmp_path, [{"duplicate": "exact"}])
    for detect in OF_SHIPMENTS.values():
        refused(detect(engine), "")


# Monthly series, trade of countries, two reports of one trade, and premises

SERIES = series({"a series": wave(72)}, unit="CAD")
OF_SERIES = {
    "drops": lambda table: drops.drops(table, "2022-03"),
    "changepoints": lambda table: changepoints.changepoints(table, before=2022),
    "one_break": changepoints.one_break,
    "diversion": lambda table: diversion.diversion(table, direct="RU", hubs=("KZ",), since="2022-03", months=2),
    "rerouting": lambda table: rerouting.rerouting(table, OUT, target="RU"),
    "mirror_gaps": mirror.mirror_gaps,
    "ghost_share": lambda table: mirror.ghost_share(table, before=("2021-01", "2021-01"), after=("2022-01", "2022-01")),
    "shared_premises": networks.shared_premises,
}
YEARS = both(("LT", "KZ", "2021-01-01", 100, 50), ("LT", "KZ", "2022-01-01", 300, 60))
BREAKS = "changepoints one_break"
OTHERS = [
    # the detectors, the table, what each row of their answer says ("" where all is rightly judged), the fault
    (f"drops {BREAKS}", SERIES, "", "none"),
    ("drops", SERIES[SERIES["period"] == "2022-03"], "no month of its baseline is known", "one row, one month"),
    ("drops", SERIES.assign(value=0.0), "a zero in its baseline", "all zeros"),
    ("drops", SERIES.assign(value=None), "the month itself is unknown", "all nulls"),
    ("drops", SERIES.assign(value=-SERIES["value"]), "the month itself is negative", "negative"),
    ("changepoints", SERIES.head(1), "a month of its baseline is unknown", "one row, one month"),
    ("one_break", SERIES.head(1), "fewer months than two stretches of the least length", "one row, one month"),
    ("changepoints", SERIES.assign(value=0.0), "a zero in its baseline", "all zeros"),
    ("one_break", SERIES.assign(value=0.0), "it does not vary", "all zeros"),
    (BREAKS, SERIES.assign(value=None), "no month of it is known", "all nulls"),
    (BREAKS, SERIES.assign(value=-SERIES["value"]), "a value is negative", "negative"),
    (f"drops {BREAKS}", SERIES.assign(aggregate="total"), "its partner is a total of partners", "an aggregate"),
    (f"drops {BREAKS}", pd.concat([SERIES, SERIES.tail(1)]), "a month stands twice", "a month twice"),
    (
        f"drops {BREAKS}",
        SERIES.assign(unit=["CAD", "USD"] * 36),
        "its rows are in several currencies or units",
        "currencies mixed",
    ),
    ("diversion", PLAIN, "", "none"),
    ("diversion", PLAIN.iloc[:1], "months have no row", "one row"),
    ("diversion", PLAIN[PLAIN["period"] == "2022-03-01"], "months have no row", "one month"),
    ("diversion", PLAIN.assign(value_cad_cents=0), "direct trade with Russia did not fall", "all zeros"),
    ("diversion", PLAIN.assign(value_cad_cents=pd.NA), "values are unknown", "all nulls"),
    ("diversion", PLAIN.assign(value_cad_cents=-5), "values are negative", "negative"),
    ("diversion", PLAIN[PLAIN["partner"] == "RU"], "Kazakhstan, before: 2 months have no row", "one partner"),
    ("diversion", PLAIN.replace({"partner": {"KZ": "EU27"}}), "Kazakhstan, before: 2 months", "an aggregate"),
    ("diversion", pd.concat([PLAIN, PLAIN.iloc[:1]]), "1 rows give again what another row gives", "a month twice"),
    ("diversion", PLAIN.assign(value_usd_cents=7), "the values are in CAD and USD", "currencies mixed"),
    ("rerouting", INTO, "", "none"),
    ("rerouting", INTO.iloc[:1], "1 of 3 months", "one row, one month"),
    ("rerouting", INTO.assign(value_usd_cents=0), "nothing came into the hub", "all zeros"),
    ("rerouting", INTO.assign(value_usd_cents=pd.NA), "unknown or negative", "all nulls"),
    ("rerouting", INTO.assign(value_usd_cents=-1), "unknown or negative", "negative"),
    ("rerouting", INTO.assign(hub="WORLD"), "WORLD is a sum", "an aggregate"),
    ("rerouting", pd.concat([INTO, INTO.iloc[:1]]), "give again what another row gives", "a month twice"),
    ("rerouting", INTO.assign(value_eur_cents=1), "EUR and USD", "currencies mixed"),
    ("mirror_gaps ghost_share", YEARS, "", "none"),
    ("mirror_gaps", YEARS.tail(1), "", "one row holds both reports"),
    ("ghost_share", YEARS.tail(1), "the windows have 0 and 1 periods", "one row, one month"),
    ("mirror_gaps", YEARS.assign(sent_cents=0, received_cents=0), "nothing was sent", "all zeros"),
    ("ghost_share", YEARS.assign(sent_cents=0, received_cents=0), "no more was sent", "all zeros"),
    ("mirror_gaps ghost_share", YEARS.assign(sent_cents=pd.NA, received_cents=pd.NA), "unknown", "all nulls"),
    ("mirror_gaps ghost_share", YEARS.assign(sent_cents=-1), "negative", "negative"),
    ("mirror_gaps ghost_share", YEARS.assign(partner="WORLD"), "WORLD is a sum", "an aggregate"),
    ("mirror_gaps ghost_share", pd.concat([YEARS, YEARS]), "more than once", "a month twice"),
    ("mirror_gaps ghost_share", YEARS.assign(currency="EUR and USD"), "EUR and USD", "currencies mixed"),
]


@pytest.mark.parametrize(
    ("detector", "table", "why"),
    [
        pytest.param(one, table, why, id=f"{one}: {fault}")
        for names, table, why, fault in OTHERS
        for one in names.split()
    ],
)
def test_a_fault_of_a_table_is_named(detector, table, why):
    found = OF_SERIES[detector](table)
    refused(found, why) if why else judged(found)


def test_addresses_without_a_door_are_no_group_of_one():
    nowhere = FIVE.assign(**dict.fromkeys(("premises", "premises_unit"), None))
    found = networks.shared_premises(shared_doors(nowhere))
    refused(found, "tell no premises")


def test_every_function_that_answers_in_findings_is_here():
    there = {
        name
        for module in MODULES
        for name, one in vars(module).items()
        if inspect.isfunction(one) and one.__module__ == module.__name__ and "FINDINGS" in (one.__doc__ or "")
        if not name.startswith("_")
    }
    assert there == set(OF_SHIPMENTS) | set(OF_SERIES)
