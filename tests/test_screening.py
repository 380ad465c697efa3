"""Who may be on a list: numbers before names, each hit with its reason in one line, and nobody cleared.

Every party here is SYNTHETIC but for the published facts of the real lists at the end.
"""

import doctest
import inspect
import random
import re
import shutil

import pytest
from screened import extract, opened, sdn

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.parties import reasons
from tradeanalytics.parties import screening as module
from tradeanalytics.parties.lists import open_lists
from tradeanalytics.parties.screening import Party, not_judged, outcomes, screen
from tradeanalytics.raw import raw_file

INN, OTHER_INN, OGRN = "7802170553", "7707083893", "1027700132195"
REGISTER = extract(
    {
        "list_id": "1", "name": "VEXEL TRADING LLC", "aliases": "Вексел Трейдинг", "type": "company",
        "identifiers": f"inn {INN}; registration number {OGRN}", "countries": "Russia",
        "addresses": "12 Example Street, Tver", "listed_on": "2023-05-01",
    },
    {"list_id": "2", "name": "BIRKUT DREVAK GmbH", "type": "company", "countries": "Germany; Austria"},
    {"list_id": "3", "name": "Andrei Vexelov", "type": "person", "identifiers": "passport 4005504207"},
    {"list_id": "4", "name": "VEXEL STAR", "type": "ship", "identifiers": "imo 9319466"},
    {"list_id": "5", "name": "CEDRAK LLC", "type": "company", "listed_on": "2020-01-01", "delisted_on": "2021-01-01"},
    {"list_id": "6", "name": "OLDRUM LTD", "type": "company", "identifiers": f"fiscalcode {OTHER_INN}"},
    {
        "list_id": "7", "name": "TARNIK PLANT", "type": "company", "countries": "Russia",
        "identifiers": "government gazette number 42045241; own number 4204524177",
    },
)  # fmt: skip
# Weak names stand in quotes in the remarks of OFAC's file.
SDN = sdn(
    {"ent_num": "70", "SDN_Name": "GREMUL PROKAT SERVIS OOO", "Remarks": "a.k.a. 'FLINTAK'; a.k.a. 'GREMUL PROKAT'."}
)


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    files = {"own/2024-01-01/register.csv": REGISTER, "sdn/2023-01/sdn.csv": SDN}
    return opened(tmp_path_factory.mktemp("lists"), files)


def hits(lists, *parties, **asked) -> list[dict]:
    return screen(parties, lists, **asked).to_dict("records")


FOUND = [
    # party, entry, level, basis, reason
    (Party("VEXEL TRADING"), "1", "alert", "name", "a name, the form left out"),
    (Party("ООО ВЕКСЕЛ ТРЕЙДИНГ"), "1", "alert", "name", "in another script"),
    (Party("OTHER LTD", number=INN), "1", "alert", "number", "a number in its column, its kind not told"),
    (Party("OTHER LTD", number=f"ИНН {INN}"), "1", "alert", "number", "with its label"),
    (Party(f"OTHER LTD, INN {INN}"), "1", "alert", "number", "within the name"),
    (Party("OTHER LTD", address=f"Tver, INN {INN}"), "1", "alert", "number", "within the address"),
    (Party("OTHER LTD", number=f"ОГРН {OGRN}"), "1", "alert", "number", "the list calls it a registration number"),
    (Party("OTHER LTD", number=f"INN {OTHER_INN}"), "6", "alert", "number", "the list calls it a fiscal code"),
    (Party("VEXEL TRADING", number=INN), "1", "alert", "number", "number and name: the number comes first"),
    (Party("LTD", number=INN), "1", "alert", "number", "a name that cannot be judged"),
    (Party("Andrei Vexelov", "person"), "3", "alert", "name", "a person"),
    (Party("VEXELOV, Andrei"), "3", "alert", "name", "a person by the way it is called"),
    (Party("VEXEL STAR", "ship"), "4", "alert", "name", "a ship by its name"),
    (Party("RENAMED", "ship", number="IMO 9319466"), "4", "alert", "number", "a ship by its number"),
    (Party("RENAMED", "ship", number="9319466"), "4", "alert", "number", "of a ship the number is IMO's"),
    (Party("OTHER LTD", number="42045241"), "7", "possible", "number", "eight digits that nobody can check"),
    (Party("OTHER LTD", "", "RU", "42045241"), "7", "alert", "number", "the country agrees, too"),
    (Party("TARNIK", number="42045241"), "7", "alert", "number", "the names are not unlike"),
    (Party("OTHER LTD", number="4204524177"), "7", "alert", "number", "ten digits are nobody else's by chance"),
    (Party("FLINTAK", "company"), "70", "possible", "name", "a weak name alone"),
    (Party("GREMUL PROKAT"), "70", "alert", "name", "a weak name is the likest, and another is like enough"),
    (Party("VEXEL TRADING", number=f"INN {OTHER_INN}"), "1", "possible", "name", "another number of the same kind"),
    (Party("VEXEL TRADING", country="DE"), "1", "alert", "name", "another country is said, and no more"),
]


@pytest.mark.parametrize(("party", "entry", "level", "basis", "reason"), FOUND)
def test_a_listed_party_is_found(party, entry, level, basis, reason, lists):
    found = next(one for one in hits(lists, party) if one["entry"] == entry)
    assert (found["level"], found["basis"]) == (level, basis), reason


NOT_FOUND = [
    # party, reason
    (Party("VEXELOV TRADE UNION"), "another name"),
    (Party("Andrei Vexelov", "company"), "a person is no company"),
    (Party("VEXEL TRADING LLC", "person"), "a company is no person"),
    (Party("VEXEL STAR", "company"), "a ship is no company"),
    (Party("Anton Vexelov", "person"), "another given name"),
    (Party("OTHER LTD", number="7802170554"), "a number that differs in one digit"),
    (Party("OTHER LTD", number="4005504207"), "a passport's number is no company's"),
    (Party("OTHER", "ship", number="9319467"), "a ship's number that differs in one digit"),
    (Party("OTHER LTD", number="9319466"), "seven digits of no ship may be any number"),
    (Party("LTD"), "nothing but a form"),
    (Party(""), "nothing"),
]


@pytest.mark.parametrize(("party", "reason"), NOT_FOUND)
def test_nobody_is_found(party, reason, lists):
    assert hits(lists, party) == [], reason


def test_country_address_and_numbers_agree_or_clash(lists):
    asked = [
        Party("VEXEL TRADING", country="RU", address="Tver, Example Street 12"),
        Party("VEXEL TRADING", country="DE", number=f"INN {OTHER_INN}"),
        Party("BIRKUT DREVAK", country="AT"),
        Party("VEXEL TRADING"),
    ]
    said = {(one["entry"], one["country"]): (one["agrees"], one["clashes"]) for one in hits(lists, *asked)}
    assert said["1", "RU"] == ("country Russia; address", "")
    assert said["1", "DE"] == ("", f"country Germany, listed: Russia; INN {OTHER_INN}, listed: {INN}")
    assert said["2", "AT"] == ("country Austria", "")
    assert said["1", ""] == ("", "")


def test_a_reason_says_who_where_when_and_on_what_it_rests(lists):
    (hit,) = hits(lists, Party("Vexell Trading Ltd"))
    assert hit["reason"] == (
        "“Vexell Trading Ltd” is like “VEXEL TRADING LLC” (Register of Utopia 1, list of 2024-01-01, listed since"
        " 2023-05-01); VEXEL, TRADING agree; left out LTD, LLC; name only. A lead, not an identity."
    ).replace("VEXEL, TRADING agree", "TRADING agrees; VEXELL taken for VEXEL")
    (hit,) = hits(lists, Party("OTHER", country="RU", number=INN))
    assert hit["reason"].endswith(
        f"number inn {INN} agrees; the names are not alike; also agrees: country Russia. A lead, not an identity."
    )


def test_every_reason_is_one_line_with_name_list_number_and_date(lists):
    found = hits(lists, *(party for party, *_ in FOUND), Party("VEXEL\nTRADING"))
    for hit in found:
        title = "OFAC SDN" if hit["list"] == "ofac_sdn" else hit["list"]
        for said in (hit["listed_name"], f"{title} {hit['entry']}", f"list of {hit['list_date']}"):
            assert said in hit["reason"]
        assert hit["reason"].endswith("A lead, not an identity.")
    assert not any("\n" in hit["reason"] for hit in found)


def test_a_reason_tells_when_a_party_is_no_longer_listed(lists):
    (hit,) = hits(lists, Party("CEDRAK"))
    assert "listed since 2020-01-01 until 2021-01-01" in hit["reason"]


def test_the_same_parties_in_another_order_give_the_same_table(lists):
    parties = [party for party, *_ in (*FOUND, *NOT_FOUND)]
    whole = screen(parties, lists)
    for seed in range(3):
        turned = random.Random(seed).sample(parties, len(parties))
        assert screen(turned, lists).equals(whole)
    assert not whole.empty


def test_who_is_asked_for_twice_is_there_once(lists):
    asked = [Party("VEXEL TRADING")] * 3
    assert len(screen(asked, lists)) == 1 and len(outcomes(asked, screen(asked, lists), lists)) == 1


def test_a_party_is_there_once_for_each_listed_party_by_its_likest_name(lists):
    (hit,) = hits(lists, Party("Вексел Трейдинг"))
    assert (hit["score"], hit["listed_name"]) == (1.0, "Вексел Трейдинг")


def test_alerts_come_first_and_then_the_likest(lists):
    found = screen([party for party, *_ in FOUND], lists)
    order = list(zip(found["level"], -found["score"], -found["rarity"], strict=True))
    assert order == sorted(order)


def test_what_is_asked_for_is_at_least_as_alike(lists):
    asked = [Party("Vexell Trading")]
    (hit,) = hits(lists, *asked)
    assert hits(lists, *asked, at_least=hit["score"] - 0.001) and not hits(lists, *asked, at_least=hit["score"] + 0.001)


def test_an_unknown_kind_is_refused(lists):
    with pytest.raises(TradeAnalyticsError) as error:
        screen([Party("VEXEL", "planet")], lists)
    assert str(error.value) == "VEXEL: kind 'planet', expected one of company, person, ship"


NOT_JUDGED = [
    # name, why, reason
    ("LTD", "the name is nothing but a legal form", "a form"),
    ("ООО", "the name is nothing but a legal form", "in another script"),
    ("有限公司", "the name is nothing but a legal form", "and a third"),
    ("", "there is no name", "nothing"),
    ("«---»", "there is no name", "marks only"),
    ("X" * 1000, "", "a thousand characters"),
    ("X" * 1001, "the name has 1,001 characters, more than 1,000", "one more"),
    ("X" * 10_000, "the name has 10,000 characters, more than 1,000", "ten thousand"),
    ("7", "", "a number may be a name"),
]


@pytest.mark.parametrize(("name", "why", "reason"), NOT_JUDGED)
def test_a_name_that_cannot_be_compared_is_not_judged(name, why, reason, lists):
    assert not_judged(name) == why, reason
    told = outcomes([Party(name)], screen([Party(name)], lists), lists).iloc[0]
    assert told["outcome"] == ("not_judged" if why else "nothing_found") and (told["why"] == why or not why)


def test_an_outcome_is_told_of_everybody_and_nobody_is_cleared(lists):
    parties = [party for party, *_ in (*FOUND, *NOT_FOUND)]
    told = outcomes(parties, screen(parties, lists), lists)
    assert len(told) == len(set(parties))
    assert set(told["outcome"]) == {"alert", "possible", "nothing_found", "not_judged"}
    nothing = told[told["outcome"] == "nothing_found"]["why"]
    assert set(nothing) == {
        "nothing found in OFAC SDN of 2023-01; Register of Utopia of 2024-01-01: no clearance",
    }
    assert not re.search(r"\bclear(ed)?\b", " ".join([*told["why"], *told["outcome"]]))


def test_a_number_tells_who_it_is_where_the_name_cannot_be_judged(lists):
    party = Party("LTD", number=INN)
    told = outcomes([party], screen([party], lists), lists).iloc[0]
    assert (told["outcome"], told["why"]) == ("alert", "the name is nothing but a legal form")


def test_of_nobody_there_is_a_table_without_rows(lists):
    found = screen([], lists)
    assert found.empty and list(found.columns) == list(inspect.signature(module.Hit).parameters)
    assert outcomes([], found, lists).empty


@pytest.mark.parametrize("checked", [module, reasons])
def test_the_examples_are_true(checked):
    assert doctest.testmod(checked).failed == 0


# The real lists

REAL = {
    "ca/2020-04": "ca/2020-04_sema-lmes.xml",
    "ca/2026-08-22": "ca/sema-lmes_reconstructed_2026-08-22.xml",
    "eu/2026-05-01": "eu/eu_fsf_2026-05-01.records.jsonl",
    "uk/2026-08-22": "uk/uksl_2026-08-22.records.jsonl",
    "sdn/2023-01": "us/2023-01_sdn.csv",
    "alt/2025-12": "us/2025-12_alt.csv",
    "dpl/2019": "us/watchman_test_testdata_dpl.txt",
}


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory):
    root = tmp_path_factory.mktemp("real")
    for folder, name in REAL.items():
        path = root / "raw" / folder / name.rsplit("/", 1)[1]
        path.parent.mkdir(parents=True)
        shutil.copyfile(shared / "data" / "watchlists" / name, path)
        clean(raw_file(path, root / "raw"), root / "processed")
    return open_lists(connect(root / "processed"))


def alerts(lists, *parties) -> set[tuple[str, str, str]]:
    found = screen(parties, lists)
    found = found[found["level"] == "alert"]
    return {(one.list, one.entry, str(one.listed_on)) for one in found.itertuples()}


@pytest.mark.shared
def test_published_facts_are_found_in_the_real_lists(real):
    stc = alerts(real, Party("Special Technology Center"))
    assert ("ofac_sdn", "21332", "None") in stc
    assert [since for code, _, since in stc if code == "ca_sema"] == ["2022-04-08"]
    ilogic = alerts(real, Party("SMT-iLogic LLC", country="RU"))
    assert ("uk_sanctions", "RUS1947", "2023-08-08") in ilogic and ("ofac_sdn", "43129", "None") in ilogic
    assert [since for code, _, since in ilogic if code == "ca_sema"] == ["2023-07-19"]
    links = alerts(real, Party("Asia Pacific Links Ltd", "company", "HK"))
    assert ("uk_sanctions", "RUS2037", "2023-12-06") in links
    assert "EU.12584.94" in {entry for code, entry, _ in links if code == "eu_fsf"}
    assert "ca_sema" not in {code for code, *_ in links}


@pytest.mark.shared
def test_one_of_them_is_known_to_ofac_by_its_other_names_only(real):
    found = screen([Party("SMT-iLogic LLC")], real)
    (hit,) = found[found["list"] == "ofac_sdn"].to_dict("records")
    assert (hit["entry"], hit["listed_name"], hit["list_date"]) == ("43129", "SMT AILOGIK OOO", "2025-12")
    assert (hit["first_seen"], hit["not_in_main"]) == ("2025-12", "2023-01")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["EXFO Inc.", "AIMTEC INC", "ELECTRONIC NETWORK INC."])
def test_companies_that_are_on_no_list_have_no_hit(name, real):
    assert screen([Party(name), Party(name, "company", "CA")], real).empty


@pytest.mark.shared
def test_a_name_is_not_claimed_by_another_that_is_like_it(real):
    trofimov = screen([Party("Anton Trofimov", "person"), Party("Andrei Trofimov", "person")], real)
    assert set(trofimov["name"]) == {"Andrei Trofimov"}
    rexford = screen([Party("REXFORD LTD."), Party("EXFO")], real)
    assert set(rexford["name"]) == {"REXFORD LTD."} and "bis_denied" in set(rexford["list"])
