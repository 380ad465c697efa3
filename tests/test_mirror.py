"""Two reports of one trade, and records beside the official figure: what is compared, and what is refused."""

import pandas as pd
import pytest
from conftest import cimt_zip, put_csv
from test_ru_statistics import as_csv, cell

from tradeanalytics import goods
from tradeanalytics.clean import clean
from tradeanalytics.coverage import coverage, covered
from tradeanalytics.engine import connect
from tradeanalytics.flows import NotComparableError
from tradeanalytics.shipments import Which

MONTHS = pd.to_datetime(["2021-01-01", "2021-02-01", "2021-03-01"])
RATES = pd.DataFrame({"period": MONTHS, "cad_per_unit": [1.25, 1.25, None]})
SENT = [
    ("202101", "85176200", "RU", "ON", "", 1250, 1, "NMB"),
    ("202102", "85176200", "RU", "ON", "", 500, 1, "NMB"),
    ("202103", "85176200", "RU", "ON", "", 100, 1, "NMB"),
]
RECEIVED = [
    cell(period="01/2021", nastranapr="CA", Stoim="320"),
    cell(period="02/2021", nastranapr="CA", Stoim="424"),
    cell(period="03/2021", nastranapr="CA", Stoim="50"),
    cell(period="01/2021", nastranapr="CN", Stoim="7000"),
]
DECLARATION = (
    "ND;G011;G072;G32;G022;G082;G16;G34;G33;G31_1;G46;G38\n"
    "10000000/150121/0000001;ИМ;15.01.2021;1;SYNTHETIC LTD;ООО ВЫМЫСЕЛ;CA;CA;8517620009;МОДЕМ;80;1\n"
    "10000000/160121/0000002;ИМ;16.01.2021;1;SYNTHETIC LTD;ООО ВЫМЫСЕЛ;CA;CA;8517620009;МОДЕМ;80;1\n"
    "10000000/160221/0000003;ИМ;16.02.2021;1;SYNTHETIC LTD;ООО ВЫМЫСЕЛ;CA;CA;8517620009;МОДЕМ;{last};1\n"
)


def desk(tmp_path, *, real: bool = True, last: str = "100", received=RECEIVED):
    """Both sides and a dump of declarations, cleaned into one folder; invented ones say so by their name."""
    made = "" if real else "SYNTHETIC_"
    files = {
        f"{made}CIMT-CICM_Dom_Exp_2021.zip": cimt_zip(2021, 3, {"016": SENT}),
        f"{made}DATTSVT.csv": as_csv(received),
        f"{made}dump.csv": DECLARATION.format(last=last).encode("utf-8"),
    }
    for name, content in files.items():
        clean(put_csv(tmp_path / "raw", name, content), tmp_path / "processed")
    return connect(tmp_path / "processed")


def sides(engine):
    sent = goods.choose(engine, "domestic_export", partner="RU", hs="8517")
    return sent, goods.choose(engine, "import", reporter="RU", partner="CA", hs="8517")


def test_both_sides_of_a_trade_in_one_currency(tmp_path):
    engine = desk(tmp_path)
    table = goods.mirror(engine, *sides(engine), cad_per_usd=RATES)
    assert table["sent_cents"].tolist() == [1000_00, 400_00, pd.NA]  # no rate in March: unknown, not as it stands
    assert table["received_cents"].tolist() == [320_00, 424_00, 50_00]
    assert [round(share, 3) for share in table["gap_share"][:2]] == [0.68, -0.06]
    assert pd.isna(table["gap_share"][2])
    assert set(table["currency"]) == {"USD"}
    assert set(table["sent_valuation"]) == {"fob"}


@pytest.mark.parametrize(("margin", "fob"), [(0.0, 424_00), (0.06, 400_00), (0.10, 385_45)])
def test_freight_and_insurance_are_taken_off_only_where_the_partner_counts_them(tmp_path, margin, fob):
    engine = desk(tmp_path)
    sent, received = sides(engine)
    plain = goods.mirror(engine, sent, received, cad_per_usd=RATES, cif_margin=margin)
    assert plain["received_fob_cents"].tolist()[1] == 424_00  # it does not say what its value includes
    counted = [one._replace(valuation="cif") for one in received.files]
    object.__setattr__(received, "files", tuple(counted))
    table = goods.mirror(engine, sent, received, cad_per_usd=RATES, cif_margin=margin)
    assert table["received_fob_cents"].tolist()[1] == fob


@pytest.mark.parametrize(
    ("sent", "received", "share"),
    [(28, 9, 0.679), (84, 11, 0.869)],  # Lithuania to Kazakhstan as published (METHODS, mirror gap)
)
def test_the_published_gaps_come_out(tmp_path, sent, received, share):
    rows = [cell(period="01/2021", nastranapr="CA", Stoim=str(received * 1000))]
    zipped = cimt_zip(2021, 1, {"016": [("202101", "85176200", "RU", "ON", "", sent * 1000, 1, "NMB")]})
    clean(put_csv(tmp_path / "raw", "CIMT-CICM_Dom_Exp_2021.zip", zipped), tmp_path / "processed")
    clean(put_csv(tmp_path / "raw", "DATTSVT.csv", as_csv(rows)), tmp_path / "processed")
    engine = connect(tmp_path / "processed")
    par = RATES.assign(cad_per_unit=1.0)
    table = goods.mirror(engine, *sides(engine), cad_per_usd=par, cif_margin=0)
    assert round(float(table["gap_share"][0]), 3) == share


NO_MIRROR = [
    (lambda e, sent, _: goods.mirror(e, sent, sent), "are no mirror: expected exports of one side and imports"),
    (lambda e, sent, got: goods.mirror(e, sent, got), "CAD is not comparable with USD without the rates"),
    (
        lambda e, sent, _: goods.mirror(e, sent, goods.choose(e, "import", reporter="RU", partner="CN", hs="8517")),
        "expected each to have the other for its partner, found RU and CN",
    ),
    (
        lambda e, sent, _: goods.mirror(e, sent, goods.choose(e, "import", reporter="RU", partner="CA", hs="85")),
        "are of other goods or other periods",
    ),
]


@pytest.mark.parametrize(("ask", "said"), NO_MIRROR)
def test_what_is_not_one_trade_is_refused(tmp_path, ask, said):
    engine = desk(tmp_path)
    with pytest.raises(NotComparableError) as told:
        ask(engine, *sides(engine))
    assert said in str(told.value)


# Coverage


def official(engine, **changed):
    return goods.choose(engine, "import", **{"reporter": "RU", "partner": "CA", **changed})


def test_records_are_held_against_the_official_cell_of_their_country_goods_and_month(tmp_path):
    engine = desk(tmp_path, real=True)
    table = coverage(engine, Which(), official(engine))
    assert table[["country", "hs", "items", "records_cents", "official_cents"]].to_numpy().tolist() == [
        ["CA", "851762", 2, 160_00, 320_00],
        ["CA", "851762", 1, 100_00, 424_00],
    ]
    assert [round(share, 3) for share in table["coverage"]] == [0.5, 0.236]
    whole = covered(engine, Which(), official(engine))
    assert (whole["months"], whole["records_cents"], whole["official_cents"]) == (2, 260_00, 744_00)


def test_an_item_without_a_value_leaves_the_share_unknown(tmp_path):
    engine = desk(tmp_path, last="")
    table = coverage(engine, Which(), official(engine))
    assert table["without_value"].tolist() == [0, 1]
    assert pd.isna(table["coverage"][1])


def test_without_an_official_figure_the_share_is_unknown_and_not_zero(tmp_path):
    engine = desk(tmp_path, received=[cell(period="01/2021", nastranapr="CN", Stoim="7000")])
    which = official(engine, partner=["CA", "CN"])
    table = coverage(engine, Which(), which)
    assert table["coverage"].isna().all()
    assert covered(engine, Which(), which)["coverage"] is None


REFUSED = [
    ({"role": "maker"}, {}, "role: 'maker', expected one of origin_country"),
    ({}, {"partner": None}, "coverage needs official figures in US dollars, of a partner that is named"),
]


@pytest.mark.parametrize(("how", "which", "said"), REFUSED)
def test_coverage_of_what_cannot_be_held_against_it_is_refused(tmp_path, how, which, said):
    engine = desk(tmp_path)
    with pytest.raises(NotComparableError, match=said):
        coverage(engine, Which(), official(engine, **which), **how)


def test_invented_figures_are_not_held_against_real_records(tmp_path):
    desk(tmp_path, real=True)
    engine = desk(tmp_path, real=False, received=RECEIVED[:2])
    with pytest.raises(NotComparableError, match="are not held against real ones"):
        coverage(engine, Which(hs="8517"), official(engine, invented=True))
