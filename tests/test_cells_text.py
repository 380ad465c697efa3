"""Text cells: tidied, look-alike letters folded, descriptions rejoined. Only what must change changes."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics.reference.scripts import unmix
from tradeanalytics.sources.cells import Text, tidy, unmixed, unreadable
from tradeanalytics.sources.cells_goods import description


def one(expression, text: str | None):
    return pl.LazyFrame({"cell": [text]}, schema={"cell": pl.String}).select(expression("cell")).collect().item()


TIDY = [
    # written, tidied, why
    ("  SAMPLE   LTD ", "SAMPLE LTD", "spaces collapse and outer ones go"),
    ("SAMPLE\u00a0LTD", "SAMPLE LTD", "a no-break space is a space"),
    ("SAMPLE\nLTD\t", "SAMPLE LTD", "so are line ends and tabs"),
    ("ＳＡＭＰＬＥ", "SAMPLE", "full-width letters are letters"),
    ("СКЛАД № 5", "СКЛАД № 5", "NFKC would make it No 5"),
    ("ООО «ОБРАЗЕЦ»", "ООО «ОБРАЗЕЦ»", "quotes are kept as written"),
    ("ОТСУТСТВУЕТ", None, "the declarant's word for nothing"),
    ("отсутствует.", None, "in any case"),
    ("ОТСУТСТВУЕТ МАРКА", "ОТСУТСТВУЕТ МАРКА", "only when it is all the cell says"),
    (".", None, "US manifests put a dot for an empty line"),
    ("- -", None, "no letter and no digit says nothing"),
    ("5", "5", "a digit says something"),
    ("", None, "empty"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "clean", "why"), TIDY)
def test_tidy(written, clean, why):
    assert one(tidy, written) == clean, why


MIXED = [
    # written, folded, why
    ("ФАHЕРА", "ФАНЕРА", "a Latin H in a real dump"),
    ("SАMPLE", "SAMPLE", "a Cyrillic А in a Latin word"),
    ("ФАНЕРА SAMPLE", "ФАНЕРА SAMPLE", "each word has one script"),
    ("USBКАБЕЛЬ", "USBКАБЕЛЬ", "both scripts are needed"),
    ("КОМПAКТ USBКАБЕЛЬ", "КОМПАКТ USBКАБЕЛЬ", "one word folds, the other is left"),
    ("СO", "СO", "one of each, and both could be either"),
    ("СOM", "COM", "two of three letters are Latin"),
    ("M8х20", "M8х20", "digits part words"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "folded", "why"), MIXED)
def test_look_alikes_are_folded_only_inside_words_that_mix_scripts(written, folded, why):
    assert one(unmixed, written) == folded, why


@given(st.text("ABEKMHOPCTYXSZ abc", max_size=20) | st.text("АВЕКМНОРСТУХФЯ абв", max_size=20))
def test_text_of_one_script_is_left_alone(text):
    assert unmix(text) == text


@given(st.text("АHФВXЯOZ 1", max_size=20))
def test_folding_twice_is_folding_once(text):
    assert unmix(unmix(text)) == unmix(text)


DESCRIPTIONS = [
    # written, shown, why
    ("ТО_[=1=] ЛЩИНА", "ТОЛЩИНА", "the mark and one space cut a word"),
    ("СВЯЗИ_[=1=]  QUAD-BAND", "СВЯЗИ QUAD-BAND", "the second space is the text's own"),
    ("МОД_[=1.1=]УЛИ", "МОДУЛИ", "a mark of a second level, without a space"),
    ("A_[=1=] B_[=2=] C", "ABC", "every mark"),
    (" x \n y ", "x y", "white space collapses"),
    ("[=1=] A", "[=1=] A", "brackets without the underscore are the text's own"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("written", "shown", "why"), DESCRIPTIONS)
def test_line_marks_are_taken_out_of_words(written, shown, why):
    assert one(description, written) == shown, why


def test_expressions_compose():
    def both(column: Text) -> pl.Expr:
        return unmixed(description(column))

    assert one(both, "ФАHЕ_[=1=] РА") == "ФАНЕРА"


def test_text_without_a_value_is_unreadable_and_an_empty_cell_is_not():
    rows = pl.DataFrame({"cell": ["x", " ", "", None, "5"], "value": [None, None, None, None, 5]})
    assert rows.select(unreadable("cell", "value")).to_series().to_list() == [True, False, False, False, False]


def test_a_stream_gives_what_one_frame_gives():
    rows = pl.LazyFrame({"cell": [f"ФАHЕРА  {n % 977}" if n % 3 else None for n in range(300_000)]})
    cleaned = rows.select(tidy(unmixed("cell")))
    assert cleaned.collect(engine="streaming").equals(cleaned.collect(engine="in-memory"))
