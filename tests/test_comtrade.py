"""UN Comtrade's final data become goods: one level kept, its sums held against it. Figures are invented."""

import csv
import doctest
import gzip
import io
import json
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from conftest import cleaned_goods, put_csv
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ru_statistics import as_zip

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import answer, clean, open_raw, outputs, raw_texts
from tradeanalytics.raw import raw_file
from tradeanalytics.raw.catalogue import catalogue
from tradeanalytics.sources import comtrade
from tradeanalytics.story.cleaning_words import cleaning_words

# Every key of a record, in the API's order; numbers as the text that stands in the file.
RECORD = {
    **{"typeCode": '"C"', "freqCode": '"M"', "refPeriodId": "20210301", "refYear": "2021", "refMonth": "3"},
    **{"period": '"202103"', "reporterCode": "124", "reporterISO": '"CAN"', "reporterDesc": '"Canada"'},
    **{"flowCode": '"X"', "flowDesc": '"Export"', "partnerCode": "643", "partnerISO": '"RUS"'},
    **{"partnerDesc": '"Russian Federation"', "partner2Code": "0", "partner2ISO": '"W00"', "partner2Desc": '"World"'},
    **{"classificationCode": '"H5"', "classificationSearchCode": '"HS"', "isOriginalClassification": "true"},
    **{"cmdCode": '"843149"', "cmdDesc": '"Parts, for \\"cranes\\""', "aggrLevel": "6", "isLeaf": "true"},
    **{"customsCode": '"C00"', "customsDesc": '"TOTAL CPC"', "mosCode": '"0"', "motCode": "0"},
    **{"motDesc": '"TOTAL MOT"', "qtyUnitCode": "8", "qtyUnitAbbr": '"kg"', "qty": "1200.5"},
    **{"isQtyEstimated": "false", "altQtyUnitCode": "-1", "altQtyUnitAbbr": '"N/A"', "altQty": "0"},
    **{"isAltQtyEstimated": "false", "netWgt": "1200.5", "isNetWgtEstimated": "false", "grossWgt": "0"},
    **{"isGrossWgtEstimated": "false", "cifvalue": "null", "fobvalue": "1234567.89", "primaryValue": "1234567.89"},
    **{"legacyEstimationFlag": "0", "isReported": "false", "isAggregate": "false"},
}
Record = dict[str, str]


def record(**changed: str) -> Record:
    """A record as published, with some fields changed: codes are given bare."""
    texts = {name: f'"{text}"' if RECORD[name].startswith('"') else text for name, text in changed.items()}
    return {**RECORD, **texts}


def priced(value: str, **changed: str) -> Record:
    return record(primaryValue=value, fobvalue=value, **changed)


def as_object(one: Record) -> str:
    return "{" + ",".join(f'"{name}":{text}' for name, text in one.items()) + "}"


def as_json(records: Sequence[Record], **told: object) -> bytes:
    words = json.dumps({"count": len(records), "error": "", **told})[1:]
    data = ",".join(map(as_object, records))
    return f'{{"elapsedTime":"0.1 secs","data":[{data}],{words}'.encode()


def cell(text: str) -> str:
    """A value as a CSV has it."""
    value = json.loads(text, parse_float=str, parse_int=str)
    return "" if value is None else str(value)


def as_csv(records: Sequence[Record], *, spelled=lambda name: name, delimiter=",", ends_in_comma=False) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([spelled(name) for name in RECORD])
    for one in records:
        writer.writerow([cell(text) for text in one.values()] + ([""] if ends_in_comma else []))
    return out.getvalue().encode()


def capitalised(name: str) -> str:
    return name[0].upper() + name[1:]


def cleaned(tmp_path: Path, content: bytes, name: str = "mine.csv"):
    return cleaned_goods(tmp_path, content, name)


FORMS = [
    # name, content of records, how it comes
    ("answer.json", as_json, "an answer of the API"),
    ("answer.txt", lambda rows: json.dumps(json.loads(as_json(rows)), indent=2).encode(), "the same, laid out"),
    ("data.csv", as_csv, "CSV as programs save it"),
    ("TradeData.csv", lambda rows: b"\xef\xbb\xbf" + as_csv(rows, spelled=capitalised), "the website's, with a mark"),
    ("TradeData.csv", lambda rows: as_csv(rows, spelled=capitalised, ends_in_comma=True), "every row ends in a comma"),
    (
        "TradeData.csv",
        lambda rows: as_csv(rows, ends_in_comma=True).replace(b"Russian Fed", b"T\xfcrk"),
        "not UTF-8, one letter",
    ),
    ("COMTRADE.txt", lambda rows: as_csv(rows, delimiter="\t"), "a bulk file, unpacked"),
    ("COMTRADE.txt.gz", lambda rows: gzip.compress(as_csv(rows, delimiter="\t")), "a bulk file"),
    ("TradeData.zip", lambda rows: as_zip("TradeData.csv", as_csv(rows)), "a CSV in a zip"),
]


@pytest.mark.parametrize(("name", "form", "why"), FORMS)
def test_a_record_becomes_a_row_of_goods_however_it_comes(name, form, why, tmp_path):
    report, (goods,), _ = cleaned(tmp_path, form([record()]), name)
    assert goods.pop("file_id") == report["file_id"]
    assert {name: value for name, value in goods.items() if value is not None} == {
        "record": 1,
        "reporter": "CA",
        "partner": "RU",
        "flow": "total_export",
        "basis": "customs",
        "period": date(2021, 3, 1),
        "months": 1,
        "hs": "843149",
        "hs_edition": "2017",
        "value_usd_cents": 123_456_789,
        "valuation": "fob",
        "net_kg": 1200.5,
        "quantity": 1200.5,
        "quantity_unit": "kg",
        "invented": False,
        "table_id": "",
        "vintage": "",
    }, why
    assert (report["publisher"], report["without_value"]) == ("United Nations Statistics Division", {})


ACCEPTED = [
    # fields changed, what the row of goods has, why
    ({"partnerCode": "516", "partnerISO": "NAM"}, {"partner": "NA"}, "Namibia is not a missing value"),
    ({"partnerCode": "842"}, {"partner": "US"}, "the United States with Puerto Rico, Comtrade's number"),
    ({"partnerCode": "251"}, {"partner": "FR"}, "France with Monaco"),
    ({"partnerCode": "757"}, {"partner": "CH"}, "Switzerland with Liechtenstein"),
    ({"partnerCode": "36"}, {"partner": "AU"}, "numbers are not padded"),
    ({"partnerCode": "490"}, {"partner": "S19"}, "Other Asia, nes is not silently Taiwan"),
    ({"partnerCode": "899"}, {"partner": "899"}, "areas not specified are a partner too"),
    ({"partnerCode": "280"}, {"partner": "280"}, "what was West Germany is not all of it"),
    ({"reporterCode": "643", "partnerCode": "124"}, {"reporter": "RU", "partner": "CA"}, "the mirror"),
    ({"flowCode": "DX"}, {"flow": "domestic_export"}, "domestic exports"),
    ({"flowCode": "RX"}, {"flow": "re_export"}, "re-exports"),
    ({"flowCode": "RM"}, {"flow": "re_import"}, "re-imports"),
    ({"freqCode": "A", "period": "2021"}, {"period": date(2021, 1, 1), "months": 12}, "a year"),
    ({"classificationCode": "H6"}, {"hs_edition": "2022"}, "the edition is the publisher's word"),
    ({"classificationCode": "H0"}, {"hs_edition": "1988"}, "the first edition"),
    ({"cmdCode": "010121"}, {"hs": "010121"}, "a leading zero is kept"),
    ({"cmdCode": "9999AA"}, {"hs": "9999AA"}, "goods not specified, as published"),
    ({"primaryValue": "0.005", "fobvalue": "0.005"}, {"value_usd_cents": 1}, "half a cent, away from zero"),
    ({"primaryValue": "0.0049", "fobvalue": "0.0049"}, {"value_usd_cents": 0}, "and just short of it"),
    ({"primaryValue": "90071992547409.93"}, {"value_usd_cents": 9_007_199_254_740_993}, "no double holds this"),
    ({"primaryValue": "null"}, {"value_usd_cents": None, "valuation": None}, "unknown is not zero"),
    ({"cifvalue": "1234567.89", "fobvalue": "null"}, {"valuation": "cif"}, "the column says"),
    ({"flowCode": "M"}, {"flow": "import", "valuation": "fob"}, "Canada's imports are FOB: the flow does not say"),
    ({"cifvalue": "1234567.890"}, {"valuation": None}, "both alike: nothing tells which"),
    ({"fobvalue": "null"}, {"valuation": None}, "neither is given"),
    ({"isNetWgtEstimated": "true"}, {"net_kg": None, "net_kg_estimated": 1200.5, "quantity": 1200.5}, "an estimate"),
    ({"isQtyEstimated": "true"}, {"quantity": None, "quantity_estimated": 1200.5, "net_kg": 1200.5}, "of the other"),
    ({"netWgt": "0"}, {"net_kg": None, "net_kg_estimated": None}, "0 is written where there is no weight"),
    ({"netWgt": "1E-05"}, {"net_kg": 0.00001}, "as .NET writes a small number"),
    ({"netWgt": "null"}, {"net_kg": None}, "no weight"),
    ({"qtyUnitCode": "-1", "qtyUnitAbbr": "N/A", "qty": "5"}, {"quantity": None, "quantity_unit": None}, "no unit"),
    ({"aggrLevel": "null", "isAggregate": "true"}, {"hs": "843149"}, "added up by the publisher, and kept"),
]


@pytest.mark.parametrize(("changed", "expected", "why"), ACCEPTED)
@pytest.mark.parametrize("form", [as_json, as_csv])
def test_a_record_that_is_accepted(form, changed, expected, why, tmp_path):
    _, (goods,), _ = cleaned(tmp_path, form([record(**changed)]))
    assert {name: goods[name] for name in expected} == expected, why


REJECTED = [
    # fields changed, reasons, why
    ({"typeCode": "S"}, "not_goods", "services"),
    ({"flowCode": "MIP"}, "flow_not_kept", "a part of imports"),
    ({"period": "202113"}, "period_not_of_its_frequency", "there is no such month"),
    ({"period": "2021"}, "period_not_of_its_frequency", "a year that says it is monthly"),
    ({"freqCode": "A"}, "period_not_of_its_frequency", "a month that says it is annual"),
    ({"reporterCode": "0"}, "reporter_unknown", "the world does not report"),
    ({"partnerCode": "1234"}, "partner_unknown", "no such number"),
    ({"classificationCode": "S3"}, "classification_not_hs", "SITC"),
    ({"cmdCode": "10121"}, "hs_not_six_digits", "a lost leading zero is not guessed back"),
    ({"cmdCode": "84314990"}, "hs_not_six_digits", "a national code"),
    ({"primaryValue": '"1,234.00"'}, "value_not_a_number", "twelve hundred, or 1.234?"),
    ({"primaryValue": "-1"}, "value_not_a_number", "a value is not negative"),
    ({"netWgt": '"x"', "qty": '"y"'}, "net_not_a_number;qty_not_a_number", "each"),
    ({"isNetWgtEstimated": "null"}, "flag_unknown", "declared or estimated?"),
    ({"isOriginalClassification": '"perhaps"'}, "flag_unknown", "no flag"),
    ({"motCode": "null"}, "breakdown_unknown", "all transport, or one?"),
    ({"cmdCode": "TOTAL"}, "sum_of_goods", "all goods"),
    ({"cmdCode": "84"}, "sum_of_goods", "a chapter"),
    ({"cmdCode": "8431"}, "sum_of_goods", "a heading"),
    ({"partnerCode": "0"}, "sum_of_partners", "the World"),
    ({"partnerCode": "97"}, "sum_of_partners", "the Union"),
    ({"cmdCode": "TOTAL", "partnerCode": "0"}, "sum_of_goods;sum_of_partners", "both"),
    ({"partner2Code": "156"}, "finer_than_kept", "by second partner"),
    ({"customsCode": "C01"}, "finer_than_kept", "by customs procedure"),
    ({"motCode": "2100"}, "finer_than_kept", "by transport"),
    ({"mosCode": "1"}, "finer_than_kept", "by mode of supply"),
    ({"motCode": "2100", "flowCode": "XIP"}, "flow_not_kept;finer_than_kept", "set aside, and a fault"),
]


@pytest.mark.parametrize("form", [as_json, as_csv])
def test_a_record_that_is_not_kept_has_its_reasons_and_its_text(form, tmp_path):
    bad = [record(**changed) for changed, _, _ in REJECTED]
    report, accepted, rejected = cleaned(tmp_path, form([*bad, record()]))
    texts = [as_object(one) for one in bad] if form is as_json else as_csv(bad).decode().splitlines()[1:]
    found = [(row["record"], row["reasons"], row["text"]) for row in rejected]
    for place, (said, (_, reasons, why), text) in enumerate(zip(found, REJECTED, texts, strict=True), 1):
        assert said == (place, reasons, text), why
    assert [row["record"] for row in accepted] == [len(REJECTED) + 1]
    assert all(entry["expected"] for entry in report["reasons"].values())


def test_sums_and_parts_are_set_aside_and_the_report_says_that_they_are_no_faults(tmp_path):
    rows = [
        record(),
        record(cmdCode="TOTAL"),
        record(partnerCode="0"),
        record(motCode="2100"),
        record(flowCode="FM"),
        record(cmdCode="84", flowCode="FM"),
    ]
    report, accepted, _ = cleaned(tmp_path, as_json(rows))
    assert (len(accepted), report["rejected"], report["set_aside"]) == (1, 5, 3)
    words = cleaning_words(report)
    assert "6 records = 1 accepted + 5 rejected (3 of them set aside, no faults)" in words
    assert "set aside, sum_of_partners: 1. The World or the Union is a sum of partners, which are kept." in words
    assert "rejected, flow_not_kept: 2. " in words and "rejected, sum_of" not in words


def test_values_that_are_not_published_are_counted(tmp_path):
    report, _, _ = cleaned(tmp_path, as_json([record(), record(cmdCode="843141", primaryValue="null")]))
    assert report["without_value"] == {"": 1}


def test_a_cell_given_twice_is_set_aside_and_other_cells_are_not(tmp_path):
    rows = [
        record(),
        record(partnerCode="398"),
        record(flowCode="M"),
        record(period="202104"),
        record(freqCode="A", period="2021"),
        record(cmdCode="843141"),
        record(classificationCode="H4"),
        priced("1"),  # the first again, with another value
    ]
    _, accepted, rejected = cleaned(tmp_path, as_csv(rows))
    assert [row["record"] for row in accepted] == [1, 2, 3, 4, 5, 6, 7]
    assert [(entry["record"], entry["reasons"]) for entry in rejected] == [(8, "cell_repeated")]


def test_exactly_500_records_may_be_cut_off_and_one_less_is_not(tmp_path):
    rows = [record(cmdCode=str(100_000 + place)) for place in range(500)]
    for count, said in ((500, True), (499, False)):
        report, _, _ = cleaned(tmp_path / str(count), as_json(rows[:count]))
        assert any(remark.startswith("the file has exactly 500 records") for remark in report["remarks"]) is said


def test_an_answer_that_counts_more_than_it_holds_says_so(tmp_path):
    report, _, _ = cleaned(tmp_path, as_json([record()], count=731))
    assert "the answer says that there are 731 records, and holds 1 of them" in report["remarks"]


def levels(report) -> list[str]:
    return [remark for remark in report["remarks"] if "published sums" in remark]


def test_published_sums_are_held_against_the_rows_that_are_kept(tmp_path):
    rows = [
        priced("100.50", cmdCode="843149"),
        priced("50.25", cmdCode="843141"),
        priced("150.75", cmdCode="8431"),
        priced("150.75", cmdCode="84"),
        priced("1000.00", cmdCode="TOTAL"),
        priced("100.50", partnerCode="0", cmdCode="843149"),
        priced("99999999.00", cmdCode="8431", motCode="2100"),  # finer: neither a sum nor a part here
    ]
    report, _, _ = cleaned(tmp_path, as_json(rows))
    assert levels(report) == [
        "published sums over goods held against the six-digit rows in the file: 3, in agreement: 2. The largest gap:"
        " of CA, total_export, RU, TOTAL, 2021-03, the rows come to US$849.25 less than the US$1,000.00 published"
        " (goods that were not asked for, or detail that is withheld and stays in the sum)",
        "published sums over partners held against the partners' rows in the file: 1, in agreement: 1",
    ]


def test_rounding_is_no_gap_and_a_cent_beyond_it_is(tmp_path):
    parts = [priced("0.10", cmdCode="843149"), priced("0.10", cmdCode="843141")]
    for total, agree in (("0.22", "agreement: 1"), ("0.23", "agreement: 0"), ("0.17", "agreement: 0")):
        report, _, _ = cleaned(tmp_path / total, as_json([*parts, priced(total, cmdCode="84")]))
        assert agree in levels(report)[0] and ("more than" in levels(report)[0]) is (total == "0.17")


def test_a_sum_with_an_unknown_part_or_without_parts_is_not_judged(tmp_path):
    rows = [record(primaryValue="null"), record(cmdCode="84"), record(cmdCode="85")]
    report, _, _ = cleaned(tmp_path, as_json(rows))
    assert levels(report) == []


def test_a_file_of_sums_alone_is_cleaned_to_nothing_and_says_so(tmp_path):
    report, accepted, _ = cleaned(tmp_path, as_csv([record(cmdCode="TOTAL"), record(partnerCode="0")]))
    assert accepted == [] and report["set_aside"] == 2 and levels(report) == []
    assert "2 records = 0 accepted + 2 rejected (2 of them set aside, no faults)" in cleaning_words(report)


def test_conversion_two_editions_and_two_lengths_of_time_are_said(tmp_path):
    rows = [
        record(),
        record(classificationCode="H4", isOriginalClassification="false", cmdCode="843141"),
        record(freqCode="A", period="2021"),
    ]
    said = cleaned(tmp_path, as_csv(rows))[0]["remarks"]
    assert any(
        remark.startswith("rows kept that the publisher converted") and remark.endswith(": 1") for remark in said
    )
    assert any("in two editions of the HS" in remark for remark in said)
    assert any("by month and by year" in remark for remark in said)
    assert cleaned(tmp_path / "plain", as_csv([record()]))[0]["remarks"] == []


def test_without_descriptions_the_unit_is_its_number_and_the_rest_is_the_same(tmp_path):
    words = [name for name in RECORD if name.endswith(("Desc", "ISO", "Abbr"))]
    _, (goods,), _ = cleaned(tmp_path, as_json([{**record(), **dict.fromkeys(words, "null")}]))
    assert (goods["quantity_unit"], goods["quantity"], goods["partner"]) == ("8", 1200.5, "RU")
    bare = [{name: text for name, text in record().items() if name not in words}]
    _, (lean,), _ = cleaned(tmp_path / "lean", as_json(bare))
    assert {**lean, "file_id": ""} == {**goods, "file_id": ""}


REFUSED = [
    # content, what is said, why
    (b'{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds." }', "429 Rate limit", "busy"),
    (b'{"elapsedTime":"0 secs","count":0,"data":null,"error":"Invalid period"}', "Invalid period", "an error"),
    (as_json([]), "holds no records", "nothing is there"),
    (as_json([record()])[:-300], "not a whole answer", "cut off"),
    (as_json([record()]) + b"{}", "after its end stands '{}'", "two answers in one file"),
    (as_json([record(), {**RECORD, "new": "1"}]), "record 2 has the key 'new'", "another layout halfway"),
    (as_json([{**RECORD, "cmdDesc": "[1]"}]), "record 1 holds more than one value under 'cmdDesc'", "a list"),
    (as_json([{**RECORD, "news": "1"}]), "the column 'news' is not one of", "a new column is noticed"),
    (b'{"elapsedTime":"0 secs","data":{"a":1}}', "not a whole answer", "data that is no list"),
    (b'{"elapsedTime":"0 secs","data":[1]}', "record 1 is no object", "a record that is a number"),
    (gzip.compress(as_csv([record()]))[:-9], "the gzip is damaged or cut off", "a bulk file cut off"),
]


@pytest.mark.parametrize(("content", "said", "why"), REFUSED)
def test_an_answer_that_is_none_is_refused_in_one_line(content, said, why, tmp_path):
    with pytest.raises(TradeAnalyticsError) as caught:
        cleaned(tmp_path, content, "mine.json")
    assert str(caught.value).startswith("mine.json: ") and said in str(caught.value), why
    assert "\n" not in str(caught.value)


def test_an_answer_over_the_bound_is_refused_and_one_at_it_is_not(tmp_path, monkeypatch):
    content = as_json([record()])
    monkeypatch.setattr(answer, "LARGEST_ANSWER", len(content))
    cleaned(tmp_path, content)
    monkeypatch.setattr(answer, "LARGEST_ANSWER", len(content) - 1)
    with pytest.raises(TradeAnalyticsError, match=r"^mine\.csv: the answer has over [0-9,]+ bytes; ask for less"):
        cleaned(tmp_path / "again", content)


def test_a_missing_column_is_named_in_the_publishers_spelling(tmp_path):
    content = as_csv([record()], spelled=capitalised).replace(b",GrossWgt,", b",Netto,")
    with pytest.raises(TradeAnalyticsError, match="the column 'Netto' is not one of UN Comtrade"):
        cleaned(tmp_path, content)


def test_a_row_with_too_many_cells_is_rejected_and_the_others_keep_their_numbers(tmp_path):
    lines = as_csv([record(), record(cmdCode="843141"), record(cmdCode="843110")]).splitlines(keepends=True)
    lines[2] = lines[2].replace(b"\r\n", b",more\r\n")
    report, accepted, rejected = cleaned(tmp_path, b"".join(lines))
    assert [row["record"] for row in accepted] == [1, 3] and report["records"] == 3
    assert [(entry["record"], entry["reasons"]) for entry in rejected] == [(2, "too_many_fields")]


def test_a_trace_gives_the_text_of_a_record_as_published(tmp_path):
    rows = [record(), record(cmdCode="843141"), record(cmdCode="TOTAL")]
    for name, content in (("a.json", as_json(rows)), ("a.csv", as_csv(rows))):
        raw = put_csv(tmp_path / "raw", name, content)
        (tmp_path / f"work-{name}").mkdir()
        texts = raw_texts(open_raw(raw, tmp_path / f"work-{name}"), [2, 3])
        assert sorted(texts) == [2, 3] and "843141" in texts[2] and "1234567.89" in texts[2]
        assert name != "a.json" or texts[2] == as_object(rows[1])


def test_a_fetched_answer_keeps_its_table_and_its_vintage(tmp_path):
    content = as_json([record()])
    raw = put_csv(tmp_path / "raw/comtrade-C-M-HS/2026-11-25", "answer.json", content)
    facts = {"file": "answer.json", "sha256": raw.sha256, "size": raw.size, "table": "comtrade-C-M-HS"}
    raw.path.with_name("manifest.json").write_text(json.dumps({**facts, "vintage": "2026-11-25"}), "utf-8")
    fetched = raw_file(raw.path, tmp_path / "raw")
    clean(fetched, tmp_path)
    (goods,) = pl.read_parquet(outputs(fetched.name, tmp_path)["goods"]).to_dicts()
    assert (goods["table_id"], goods["vintage"]) == ("comtrade-C-M-HS", "2026-11-25")


def test_a_file_whose_name_begins_with_synthetic_is_invented(tmp_path):
    _, (goods,), _ = cleaned(tmp_path, as_json([record()]), "SYNTHETIC_answer.json")
    assert goods["invented"] is True


def test_the_catalogue_asks_for_one_level_without_a_key():
    entries = [entry for entry in catalogue().values() if entry.table.startswith("comtrade")]
    assert 0 < len(entries) <= 6
    for entry in entries:
        assert entry.url.startswith("https://comtradeapi.un.org/public/v1/preview/C/M/HS?")
        assert "partner2Code=0&customsCode=C00&motCode=0" in entry.url and "subscription" not in entry.url


AMOUNT = st.decimals(0, 10**13, places=3, allow_nan=False, allow_infinity=False).map(lambda number: f"{number:f}")
CHANGES = st.fixed_dictionaries(
    {
        "cmdCode": st.from_regex(r"[0-9]{6}|[0-9]{4}|TOTAL|[0-9]{5}", fullmatch=True),
        "partnerCode": st.integers(0, 999).map(str),
        "flowCode": st.sampled_from(["M", "X", "RX", "DX", "RM", "MIP", ""]),
        "period": st.from_regex(r"20[0-9]{2}(0[1-9]|1[0-3])", fullmatch=True),
        "primaryValue": AMOUNT,
        "cifvalue": AMOUNT | st.just("null"),
        "netWgt": AMOUNT | st.just("null"),
        "isNetWgtEstimated": st.sampled_from(["true", "false"]),
        "qtyUnitCode": st.sampled_from(["-1", "5", "8"]),
        "cmdDesc": st.text(st.characters(codec="utf-8", exclude_characters='"\\\0', exclude_categories=["Cc", "Cs"])),
    }
)


@settings(max_examples=25)
@given(st.lists(CHANGES, min_size=1, max_size=8))
def test_the_same_records_as_csv_and_as_json_give_the_same_goods(changes):
    records = [record(**changed) for changed in changes]
    with tempfile.TemporaryDirectory() as folder:
        both = [
            cleaned(Path(folder) / form.__name__, form(records), "file")  # named after neither
            for form in (as_json, as_csv)
        ]
    goods = [[{**row, "file_id": ""} for row in accepted] for _, accepted, _ in both]
    assert goods[0] == goods[1]
    reasons = [[(row["record"], row["reasons"]) for row in rejected] for _, _, rejected in both]
    assert reasons[0] == reasons[1]
    for row in goods[0]:
        cents = records[row["record"] - 1]["primaryValue"].replace(".", "")
        assert row["value_usd_cents"] == (int(cents) + 5) // 10


def test_the_examples_in_the_source_run():
    assert doctest.testmod(comtrade).failed == 0
