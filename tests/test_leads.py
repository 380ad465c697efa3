"""All questions asked of the sample: what stands behind a flag, the ranked list, the page, the way back."""

import csv
import io
import json
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from conftest import put_csv
from shipped import shipped

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.addressed import WORDS, addressed, doors_of
from tradeanalytics.clean import clean
from tradeanalytics.cli import main
from tradeanalytics.detectors import recorded, referrals
from tradeanalytics.detectors.findings import Finding, table
from tradeanalytics.detectors.networks import shared_premises
from tradeanalytics.detectors.parts import DETECTOR as PART
from tradeanalytics.detectors.parts import Part
from tradeanalytics.detectors.shipped import subject, trader
from tradeanalytics.engine import connect
from tradeanalytics.parties.names import name
from tradeanalytics.raw import raw_files
from tradeanalytics.sample import ANSWERS, DECLARATIONS, LISTS, sample
from tradeanalytics.sample.nar import REGISTER
from tradeanalytics.shipments import Which
from tradeanalytics.story.findings_page import page
from tradeanalytics.story.findings_table import readable, status
from tradeanalytics.story.findings_words import words, write
from tradeanalytics.story.leads import Asked, leads
from tradeanalytics.story.report import asks_other_hosts
from tradeanalytics.tables import FINDINGS

STORIES = json.loads(sample()[ANSWERS])["stories"]
MODULE = Part("", STORIES["modules"]["part"])


def put_sample(root, names):
    files = sample()
    for file in names:
        put_csv(root / "data" / "raw" / "sample", file, files[file])
    return root


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the sample's declarations, lists and register, each cleaned."""
    root = put_sample(tmp_path_factory.mktemp("leads"), (DECLARATIONS, LISTS, REGISTER))
    for raw in raw_files(root / "data" / "raw"):
        clean(raw, root / "data" / "processed")
    return root


@pytest.fixture(scope="module")
def found(project):
    processed = project / "data" / "processed"
    files = [raw for raw in raw_files(project / "data" / "raw") if raw.path.name == DECLARATIONS]
    return leads(connect(processed), processed, files, Asked(absent=12, parts=(MODULE,)))


def key(party) -> str:
    return name(party["name"]).key


# The whole


def test_every_finding_is_judged_or_says_why_not_and_is_marked_as_invented(found):
    findings = found.findings
    assert set(findings.columns) == {column.name for column in FINDINGS.columns}
    assert (findings["judged"] == findings["why_not"].isna()).all()
    assert (findings["flagged"].notna() == findings["judged"]).all()
    assert findings["invented"].all() and (findings["reason"] != "").all()


def test_the_shippers_of_the_hidden_stories_have_the_most_flags(found):
    hidden = [STORIES["intermediary"], STORIES["modules"]["supplier"], STORIES["front_company"]]
    hidden += STORIES["turkish_intermediaries"]
    shippers = found.ranked["shipper"].set_index("unit")["score"]
    least = shippers[[key(party) for party in hidden]].min()
    assert least == 3 and (shippers >= least).sum() == len(hidden) + 1  # and one of those who share a door


def test_the_front_company_stands_on_its_home_its_list_entry_and_its_first_day(found):
    first = found.ranked["shipper"].iloc[0]
    assert first["unit"] == key(STORIES["front_company"]) and first["items"] == STORIES["front_company"]["items"]
    assert first["value_usd_cents"] == STORIES["front_company"]["usd_cents"]
    for kind in ("address A1: residence", "entrant", "on a list"):
        assert kind in first["contributions"]


def test_units_are_all_there_once_and_their_items_are_all_items(found, project):
    engine, which = connect(project / "data" / "processed"), Which(files=(found.files[0].file_id,))
    items = len(engine.sql(which.sql()))
    for by, ranking in found.ranked.items():
        assert ranking["unit"].is_unique and ranking["items"].sum() == items, by


def test_the_funnel_begins_with_all_and_ends_with_what_a_desk_can_read(found):
    stages = found.funnels["declaration"]
    assert stages.iloc[0].tolist() == ["assessed", len(found.ranked["declaration"])]
    assert stages.iloc[-1].tolist() == ["referred", 70]


def test_a_part_is_a_flag_of_the_declarations_that_name_it_alone(found, project):
    engine, which = connect(project / "data" / "processed"), Which(files=(found.files[0].file_id,))
    flags = referrals.flags(engine, found.findings, which)
    named = set(flags[flags["kind"] == PART]["unit"])
    items = engine.sql(f"SELECT * FROM ({which.sql()}) WHERE contains(description, '{MODULE.number}')")
    assert named == set(items["declaration_key"]) and len(named) > 0


def test_weights_change_the_order_and_one_of_no_detector_is_refused(found, project):
    processed = project / "data" / "processed"
    asked = Asked(absent=12, weights={"on a list": 10.0})
    first = leads(connect(processed), processed, found.files, asked).ranked["consignee"].iloc[0]
    assert first["score"] >= 10 and first["contributions"].startswith("on a list 10.00")
    with pytest.raises(TradeAnalyticsError, match="no detector is called 'on a list, twice'"):
        leads(connect(processed), processed, found.files, Asked(weights={"on a list, twice": 1.0}))


# Behind a flag


ITEMS = [
    {
        "shipper_name": f"SYNTHETIC {one}",
        "consignee_name": f"SYNTHETIC {other}",
        "declaration_key": key,
        "registered_on": day,
    }
    for one, other, key, day in (
        ("A", "X", "1", date(2022, 1, 5)),
        ("A", "Y", "2", date(2022, 3, 5)),
        ("B", "X", "3", date(2022, 4, 5)),
    )
]


def one(role, who, **more):
    told = {"observed": 1.0, "flagged": True, "reason": "one", **more}
    return Finding("kind", subject(role, who), **told)


REFERRED = [
    # the finding, by, the units that get its flag
    (one("shipper", "SYNTHETIC A"), "declaration", ["1", "2"]),
    (one("consignee", "SYNTHETIC X"), "declaration", ["1", "3"]),
    (one("company", "SYNTHETIC X"), "declaration", ["1", "3"]),  # in whichever role it is
    (one("shipper", "SYNTHETIC X"), "declaration", []),  # it ships nothing
    (one("shipper", "SYNTHETIC A"), "shipper", ["SYNTHETIC A"]),
    (one("shipper", "SYNTHETIC A"), "consignee", []),  # its buyers have not its flag
    (one("company", "SYNTHETIC X"), "shipper", []),  # it is no shipper
    (one("company", "SYNTHETIC X"), "consignee", ["SYNTHETIC X"]),
    (one("shipper", "SYNTHETIC A", period=date(2022, 3, 1)), "declaration", ["2"]),  # from then on
    (one("shipper", "SYNTHETIC A", until=date(2022, 2, 1)), "declaration", ["1"]),  # and until then
    (one("shipper", "SYNTHETIC A", flagged=False), "declaration", []),
    (one("shipper", "SYNTHETIC A", flagged=None, why_not="few"), "declaration", []),  # not judged is no flag
    (Finding("kind", "heading 8542", observed=1.0, flagged=True), "declaration", []),  # of no trader
]


@pytest.mark.parametrize(("finding", "by", "units"), REFERRED)
def test_a_flag_is_of_the_units_that_its_finding_is_of(tmp_path, finding, by, units):
    flags = referrals.flags(shipped(tmp_path, ITEMS), table([finding]), by=by)
    assert flags["unit"].to_list() == units


def test_a_flag_that_may_be_of_chance_is_none():
    findings = table([one("shipper", f"SYNTHETIC {place}", p=p) for place, p in enumerate((0.0001, 0.04, 0.9, 0.9))])
    assert referrals.flagged(findings)["subject"].to_list() == ["shipper SYNTHETIC 0"]
    assert [status(row) for row in findings.to_dict("records")][:2] == ["flagged", "by chance?"]


def test_units_by_something_else_are_refused(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="by: 'country', expected one of shipper, consignee, declaration"):
        referrals.units(shipped(tmp_path, ITEMS), by="country")


@pytest.mark.parametrize("role", ["shipper", "consignee", "company"])
@pytest.mark.parametrize("who", ["SYNTHETIC A", "ОБРАЗЕЦ ТРЕЙД", "A OF B", "SHIPPER", "(nobody named)"])
def test_a_subject_gives_back_its_role_and_key(role, who):
    assert trader(subject(role, who)) == (role, who) == trader(f"{subject(role, who)}, heading 8542")


# What lists and addresses say


def test_who_is_not_found_is_judged_and_not_cleared(found):
    rows = found.findings[found.findings["detector"] == recorded.ON_A_LIST]
    nothing = rows[rows["score"].isna()]
    assert nothing["judged"].all() and not nothing["flagged"].any()
    assert nothing["reason"].str.contains("no clearance").all() and nothing["caveats"].str.contains("not cleared").all()
    assert (rows[rows["flagged"]]["score"] > 0.5).all()


def test_a_use_that_nobody_recorded_is_not_judged(found):
    homes = found.findings[found.findings["detector"] == "address A1: residence"]
    unknown = homes[~homes["judged"]]
    assert len(unknown) and (unknown["why_not"] == "what is recorded at its address is unknown here").all()
    assert homes["flagged"].sum() == 4  # of the answer key's homes


READ = [
    # flag, address, the consignee's country, why it is not judged ("" where it is), reason
    ("A6", "12 SAMPLE RD, TORONTO, ON M0X 0X3", None, "its own country, or that of its address, is not told", "whose?"),
    ("A6", "12 SAMPLE RD, TORONTO, ON M0X 0X3", "RU", "", "two countries"),
    ("A8", "MOSCOW, UL SAMPLE 5", "RU", "it gives no Canadian address with a postal code", "codes of Canada only"),
    ("A8", "12 SAMPLE RD, TORONTO, ON M0X 0X3", "CA", "", "a code and its province"),
    ("A2", "TORONTO, ON", "CA", "its address tells no premises", "a town has no door"),
    ("A9", "TORONTO, ON", "CA", "its address tells no premises", "nor can it have two"),
    ("A5", "TORONTO, ON", "CA", "", "it is what the flag is about"),
]


@pytest.mark.parametrize(("code", "address", "country", "why", "reason"), READ)
def test_a_flag_is_judged_where_the_address_tells_what_it_is_read_from(tmp_path, code, address, country, why, reason):
    row = {"consignee_address": address, "consignee_country": country, "shipper_name": None, "shipper_country": None}
    found = recorded.addresses(addressed(shipped(tmp_path, [row])))
    rows = found[found["detector"].str.startswith(f"address {code}: ") & found["subject"].str.startswith("consignee")]
    assert rows["judged"].item() is not bool(why) and why in (rows["why_not"].item() if why else ""), reason


def test_a_shipper_is_not_asked_whether_the_consignee_is_a_middleman(tmp_path):
    row = {"shipper_address": "12 SAMPLE RD, TORONTO, ON M0X 0X3"}
    found = recorded.addresses(addressed(shipped(tmp_path, [row]))).set_index(["detector", "subject"])
    asked = found.loc[("address A11: consignee is a middleman", "shipper SYNTHETIC SENDER")]
    assert asked["why_not"] == "it is asked of consignees alone"


def test_where_nobody_is_named_every_flag_of_addresses_says_so(tmp_path):
    nobody = {"shipper_name": None, "consignee_name": None}
    located = addressed(shipped(tmp_path, [nobody]))
    found = recorded.addresses(located)
    assert len(found) == len(WORDS["en"]) and not found["judged"].any()
    assert set(found["why_not"]) == {"nobody is named and no address is told"}
    assert not shared_premises(doors_of(located.places))["judged"].any()


def test_money_on_two_bases_is_no_sum_beside_a_unit(tmp_path):
    items = [
        row | {"value_usd_basis": basis} for row, basis in zip(ITEMS, ("customs", "invoice", "invoice"), strict=True)
    ]
    table = referrals.units(shipped(tmp_path, items), by="shipper").set_index("unit")
    assert pd.isna(table.loc["SYNTHETIC A", "value_usd_cents"]) and table["value_usd_basis"]["SYNTHETIC A"] == "several"
    assert table.loc["SYNTHETIC B", ["value_usd_cents", "value_usd_basis"]].tolist() == [10_000, "invoice"]


def test_without_a_list_nobody_is_judged_by_one(tmp_path):
    root = put_sample(tmp_path, (DECLARATIONS,))
    (raw,) = raw_files(root / "data" / "raw")
    clean(raw, root / "data" / "processed")
    found = leads(connect(root / "data" / "processed"), root / "data" / "processed", [raw], Asked(absent=12))
    by_detector = found.findings.groupby("detector")["judged"].any()
    assert not by_detector["address A7: premises of a listed party"]
    assert recorded.ON_A_LIST not in by_detector and "path to listed" not in by_detector
    assert any(note.startswith("no list of parties is there") for note in found.notes)


def test_a_detector_that_judges_nobody_says_why(project, monkeypatch, capsys):
    text = sample()[DECLARATIONS].decode("cp1251").splitlines(keepends=True)
    put_csv(project / "data" / "raw" / "sample", "SYNTHETIC_one.csv", "".join(text[:2]).encode("cp1251"))
    monkeypatch.chdir(project)
    code, said, _ = ask(capsys, "data/raw/sample/SYNTHETIC_one.csv")
    assert code == 0 and "" not in said.splitlines()
    assert "0 judged, 1 not judged, 0 flagged: the records hold one shipper and one consignee only" in said
    assert "\n1 shipper assessed: " in said


@pytest.mark.parametrize("asked", [{"top": 0}, {"top": -1}, {"absent": 0}, {"absent": -5}])
def test_a_number_under_one_is_refused(asked):
    ((name, number),) = asked.items()
    with pytest.raises(TradeAnalyticsError, match=f"^{name}: {number}, expected 1 or more$"):
        Asked(**asked)
    Asked(**{name: 1})


def test_a_file_that_is_given_twice_is_asked_once(tmp_path):
    heads = "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"
    raw = put_csv(tmp_path, "monthly.csv", f"{heads}Armenia,Germany,Total,EXPORT,Total,Mar. 2022,100\n".encode())
    clean(raw, tmp_path / "processed")
    once, twice = (leads(connect(tmp_path / "processed"), tmp_path, [raw] * count, Asked()) for count in (1, 2))
    assert len(twice.findings) == len(once.findings) > 0 and twice.name == once.name == "monthly.csv"


def test_yearly_flows_are_no_series_of_months(project, monkeypatch, capsys):
    heads = "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"
    put_csv(project / "data" / "raw", "yearly.csv", f"{heads}Armenia,Germany,Total,IMPORT,Normal,Y2021,100\n".encode())
    monkeypatch.chdir(project)
    code, _, error = ask(capsys, "data/raw/yearly.csv")
    assert code == 2 and "yearly.csv: neither customs records nor monthly flows" in error


# Written


def test_what_is_written_is_the_same_again_and_holds_every_finding(found, tmp_path):
    first, second = (write(found, tmp_path / folder) for folder in ("one", "two"))
    assert [path.read_bytes() for path in sorted(first.iterdir())] == [
        path.read_bytes() for path in sorted(second.iterdir())
    ]
    with (first / "findings.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    stored = pq.read_table(first / "findings.parquet")
    assert len(rows) == len(found.findings) == len(stored)
    assert [row["number"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert stored.schema.names == [column.name for column in FINDINGS.columns]
    assert json.loads(stored.schema.metadata[b"files"]) == {found.files[0].name: found.files[0].sha256}
    assert not list(tmp_path.rglob("*.part"))


def test_the_page_asks_no_other_host_and_says_that_it_is_invented(found):
    html = page(found, found.name)
    assert asks_other_hosts(html) == [] and "<strong>SYNTHETIC.</strong>" in html
    assert html.count("<tr data-detector=") == len(found.findings)
    assert "What was not judged is not clean" in html


def test_no_cell_of_a_table_begins_as_a_formula(found, tmp_path):
    for path in sorted(write(found, tmp_path).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            cells = [cell for row in csv.reader(lines) for cell in row]
        starts = {cell[0] for cell in cells if cell} & set("=+@\t\r")
        assert not starts, path.name


def test_names_are_data_and_never_markup(found):
    hostile = found.findings.head(1).assign(
        subject="shipper <script>alert(1)</script>", reason='"><img src=x onerror=alert(1)>', caveats="</td></table>"
    )
    html = page(type(found)(**{**vars(found), "findings": hostile}), 'a"b<c>')
    assert "<script>alert" not in html and "<img src=x" not in html and "</td></table><" not in html


def test_the_words_tell_what_is_not_clean_and_who_comes_first(found):
    said = list(words(found))
    assert "What was not judged is not clean, and what was not flagged is not cleared." in said
    assert any(line.startswith("115 shippers assessed: ") for line in said)
    assert any(line.startswith("  1. SYNTHETIC NORVELLA HOLDINGS: 5") for line in said)


def test_findings_are_read_as_text_with_unknown_numbers_empty():
    rows = readable(table([one("shipper", "A", expected=None, p=0.00001)]), "observed", "expected", "p")
    assert rows.iloc[0].tolist() == ["shipper A", "flagged", "", "1", "", "under 0.0001"]


# The command


def ask(capsys, *arguments):
    code = main(["findings", *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_asks_writes_and_leads_back_to_the_raw_records(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    code, said, _ = ask(capsys, f"data/raw/sample/{DECLARATIONS}", "--absent", 12, "--top", 5)
    assert code == 0 and "18,174 rows = 18,173 accepted + 1 rejected" in said
    assert "declarations assessed" in said and "5 referred" in said
    folder = f"findings/sample__{DECLARATIONS}"
    with (project / "data/processed" / folder / "findings.csv").open(encoding="utf-8", newline="") as lines:
        home = next(row for row in csv.DictReader(lines) if "NORVELLA" in row["subject"] and "A1:" in row["detector"])
    assert main(["trace", folder, home["number"]]) == 0
    said = capsys.readouterr().out
    records = [line for line in said.splitlines() if line.startswith(f"  sample/{DECLARATIONS}, record ")]
    assert len(records) == STORIES["front_company"]["items"] and all("NORVELLA" in line for line in records)


def test_a_finding_of_a_workbook_is_traced_to_its_sheets(tmp_path, monkeypatch, capsys):
    rows = list(csv.reader(io.StringIO(sample()[DECLARATIONS].decode("cp1251")), delimiter=";"))[:201]
    book = tmp_path / "data" / "raw" / "SYNTHETIC_two_sheets.xlsx"
    book.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(book) as written:
        for name, part in (("one", rows[:101]), ("two", [rows[0], *rows[101:]])):
            sheet = written.add_worksheet(name)
            for place, cells in enumerate(part):
                sheet.write_row(place, 0, cells)
    monkeypatch.chdir(tmp_path)
    assert ask(capsys, book)[0] == 0
    with (tmp_path / f"data/processed/findings/{book.name}/findings.csv").open(encoding="utf-8", newline="") as lines:
        trader = next(row for row in csv.DictReader(lines) if row["detector"] == "star" and int(row["n"]) >= 4)
    assert main(["trace", f"findings/{book.name}", trader["number"]]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"  {book.name}, sheet ")]
    name = trader["subject"].removeprefix("shipper SYNTHETIC ")
    assert len(said) == int(trader["n"]) and all(name.split()[0] in line for line in said)
    assert {line.split("“")[1].split("”")[0] for line in said} == {"one", "two"}


WRONG = [
    # what is asked, what is said
    (["findings/nothing", "1"], "findings/nothing: not there; run `tradeanalytics findings` on the file first"),
    ([f"findings/sample__{DECLARATIONS}", "0"], "no finding '0', expected 1 to "),
    ([f"findings/sample__{DECLARATIONS}", "²"], "no finding '²', expected 1 to "),
    ([f"findings/sample__{DECLARATIONS}", "9999999"], "no finding '9999999', expected 1 to "),
]


@pytest.mark.parametrize(("asked", "said"), WRONG)
def test_a_finding_that_is_not_there_is_said_in_one_line(project, found, monkeypatch, capsys, asked, said):
    write(found, project / "data/processed/findings")
    monkeypatch.chdir(project)
    assert main(["trace", *asked]) == 2
    assert said in capsys.readouterr().err


def test_a_finding_of_a_file_that_changed_since_is_not_traced(found, tmp_path, monkeypatch, capsys):
    root = put_sample(tmp_path, (LISTS,))
    for raw in raw_files(root / "data" / "raw"):
        clean(raw, root / "data" / "processed")
    write(found, root / "data/processed/findings")
    monkeypatch.chdir(root)
    assert main(["trace", f"findings/sample__{DECLARATIONS}", "1"]) == 2
    assert f"{DECLARATIONS} (sha256" in capsys.readouterr().err


def test_a_wrong_month_a_list_and_files_of_two_kinds_are_refused_in_one_line(project, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(project)
    code, _, error = ask(capsys, f"data/raw/sample/{DECLARATIONS}", "--since", "March 2022")
    assert code == 2 and "month 'March 2022': expected a year and a month, such as 2022-03" in error
    code, _, error = ask(capsys, f"data/raw/sample/{LISTS}")
    assert code == 2 and f"{LISTS}: neither customs records nor monthly flows" in error
    real = tmp_path / "declarations.csv"
    real.write_bytes((project / "data/raw/sample" / DECLARATIONS).read_bytes()[:200_000].rsplit(b"\n", 1)[0] + b"\n")
    code, _, error = ask(capsys, f"data/raw/sample/{DECLARATIONS}", real)
    assert code == 2 and "invented files (SYNTHETIC) stand beside others" in error
