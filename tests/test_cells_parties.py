"""Parties: the one named, the one behind it, and names that name nobody."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.sources.cells_parties import party

PARTIES = [
    # written, name, second, how, why
    ("SAMPLE LINKS LTD", "SAMPLE LINKS LTD", None, None, "a name is a name"),
    ("TO ORDER", None, None, "to_order", "nobody named"),
    ("to the order", None, None, "to_order", "in any case"),
    ("TO THE ORDER OF SAMPLE BANK", None, "SAMPLE BANK", "to_order", "the bank is not the consignee"),
    ("TO ORDER OF: SAMPLE BANK", None, "SAMPLE BANK", "to_order", "a colon"),
    ("ORDER OF SAMPLE BANK", None, "SAMPLE BANK", "to_order", "cut short"),
    ("TO THE ORDER OF SHIPPER", None, None, "to_order", "names nobody new"),
    ("EXAMPLE CO TO ORDER OF SAMPLE BANK", "EXAMPLE CO", "SAMPLE BANK", "to_order", "both"),
    ("SAMPLE MAIL ORDER", "SAMPLE MAIL ORDER", None, None, "a shop"),
    ("ORDERLY SYSTEMS INC", "ORDERLY SYSTEMS INC", None, None, "a longer word"),
    ("SAMPLE LTD C/O EXAMPLE AGENTS", "SAMPLE LTD", "EXAMPLE AGENTS", "care_of", "care of"),
    ("SAMPLE LTD, C/O: EXAMPLE AGENTS", "SAMPLE LTD", "EXAMPLE AGENTS", "care_of", "with marks"),
    ("SAMPLE LTD (C/O EXAMPLE AGENTS)", "SAMPLE LTD", "EXAMPLE AGENTS", "care_of", "in brackets"),
    ("C/O EXAMPLE AGENTS", None, "EXAMPLE AGENTS", "care_of", "of whom is not said"),
    ("SAMPLE CARE OF EXAMPLE", "SAMPLE", "EXAMPLE", "care_of", "in words"),
    ("EXAMPLE FORWARDERS O/B SAMPLE LTD", "EXAMPLE FORWARDERS", "SAMPLE LTD", "on_behalf_of", "O/B"),
    ("EXAMPLE FORWARDERS OBO SAMPLE LTD", "EXAMPLE FORWARDERS", "SAMPLE LTD", "on_behalf_of", "OBO"),
    ("EXAMPLE ON BEHALF OF SAMPLE LTD", "EXAMPLE", "SAMPLE LTD", "on_behalf_of", "in words"),
    ("ООО ПРИМЕР ПО ПОРУЧЕНИЮ ООО ОБРАЗЕЦ", "ООО ПРИМЕР", "ООО ОБРАЗЕЦ", "on_behalf_of", "in Russian"),
    ("OBOE SAMPLE LTD", "OBOE SAMPLE LTD", None, None, "a longer word"),
    ("n/a", None, None, "withheld", "no name"),
    ("Unknown", None, None, "withheld", "in any case"),
    ("NOT AVAILABLE.", None, None, "withheld", "with a full stop"),
    ("CONFIDENTIAL", None, None, "withheld", "kept from the public"),
    ("CONFIDENTIAL SAMPLES LTD", "CONFIDENTIAL SAMPLES LTD", None, None, "a name that begins so"),
    ("SAME AS CONSIGNEE", None, None, None, "points elsewhere, names nobody"),
    ("<ROMASHKA>", '"ROMASHKA"', None, None, "quotes lost in an export"),
    ('ООО ""ОБРАЗЕЦ""', 'ООО "ОБРАЗЕЦ"', None, None, "quotes doubled by a CSV"),
    ("АО «ОБРАЗЕЦ»", 'АО "ОБРАЗЕЦ"', None, None, "Russian quotes"),
    ('ООО "ОБРАЗЕЦ"', 'ООО "ОБРАЗЕЦ"', None, None, "plain quotes stay"),
    ("SAMPLE LTD,", "SAMPLE LTD", None, None, "a trailing comma"),
    ("ГРАНД- ТРЕЙД", "ГРАНД-ТРЕЙД", None, None, "a stray space"),
    ("SAMPLE - TRADE", "SAMPLE - TRADE", None, None, "spaces on both sides are meant"),
    ("  ОБРAЗЕЦ  ", "ОБРАЗЕЦ", None, None, "tidied, and its Latin A folded"),
    ("ОТСУТСТВУЕТ", None, None, None, "the declarant's word for nothing"),
    ("", None, None, None, "nothing"),
    (None, None, None, None, "null"),
]


def read(*cells: str | None) -> list[tuple]:
    table = pl.LazyFrame({"cell": cells}, schema={"cell": pl.String})
    return table.select(party("cell")).unnest("cell").collect(engine="streaming").rows()


@pytest.mark.parametrize(("written", "name", "second", "how", "why"), PARTIES)
def test_party(written, name, second, how, why):
    [(*found, folded)] = read(written)
    assert tuple(found) == (name, second, how), why
    assert folded == (written == "  ОБРAЗЕЦ  "), why


def test_parties_are_read_alike_alone_and_in_company():
    assert read(*[row[0] for row in PARTIES]) == [(*row[1:4], row[0] == "  ОБРAЗЕЦ  ") for row in PARTIES]


@given(st.text('ABCДЖ <>«»"-,/OC.', max_size=25))
def test_a_clean_name_is_clean_already(text):
    name, second, _how, _folded = read(text)[0]
    if name and not second:
        assert read(name)[0][0] == name
