"""One party on several lists: who is taken for one, since when each authority has it, and who has not."""

import pandas as pd
import pytest
from screened import cleaned_extract, extract, opened, sdn

from tradeanalytics.parties.divergence import divergence, resolve
from tradeanalytics.parties.lists import open_lists

INN, OTHER_INN = "7802170553", "7707083893"


def row(authority, number, name, **more):
    usual = {"authority": authority, "list": f"{authority} list", "list_id": number, "name": name, "type": "company"}
    return usual | {"list_date": "2024-01-01"} | more


def lists_of(tmp_path, *rows, more=None):
    return opened(tmp_path, {"own/2024-01-01/lists.csv": extract(*rows), **(more or {})})


def groups(lists):
    """Names of the entries that are taken for one party, each group once."""
    resolved = resolve(lists)
    names = dict(lists.names.group_by("party", maintain_order=True).first().select("party", "name").iter_rows())
    found = {}
    for party, root in resolved.items():
        found.setdefault(root, set()).add(names[party])
    return sorted(sorted(group) for group in found.values() if len(group) > 1)


ONE = [
    # two entries of two authorities, reason
    (row("Utopia", "1", "VEXEL TRADING LLC"), row("Laputa", "9", "ООО Вексел Трейдинг"), "two scripts"),
    (
        row("Utopia", "1", "VEXEL LLC", identifiers=f"inn {INN}"),
        row("Laputa", "9", "DREVAK", identifiers=f"inn {INN}"),
        "a number",
    ),
    (row("Utopia", "1", "ZELVO AERO"), row("Laputa", "9", "Zelvo Aero Group"), "a word that many companies have"),
]  # fmt: skip

TWO = [
    # two entries that are two parties, reason
    (row("Utopia", "1", "VEXEL TRADING"), row("Utopia", "2", "VEXEL TRADING LLC"), "one authority knows whom it lists"),
    (
        row("Utopia", "1", "VEXEL TRADING", identifiers=f"inn {INN}"),
        row("Laputa", "9", "VEXEL TRADING", identifiers=f"inn {OTHER_INN}"),
        "one name, but another number of the same kind",
    ),
    (row("Utopia", "1", "VEXEL STAR", type="ship"), row("Laputa", "9", "VEXEL STAR"), "a ship is no company"),
    (row("Utopia", "1", "Ivan Drevakov", type="person"), row("Laputa", "9", "Ivan Drevakov", type="person"), "born?"),
    (row("Utopia", "1", "KCST"), row("Laputa", "9", "KCST LLC"), "four letters are the name of many"),
    (row("Utopia", "1", "140 REPAIR PLANT"), row("Laputa", "9", "143 REPAIR PLANT"), "another number in the name"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "reason"), ONE, ids=[reason for *_, reason in ONE])
def test_entries_of_two_authorities_are_one_party(one, other, reason, tmp_path):
    assert groups(lists_of(tmp_path, one, other)) == [sorted([one["name"], other["name"]])], reason


@pytest.mark.parametrize(("one", "other", "reason"), TWO, ids=[reason for *_, reason in TWO])
def test_entries_are_two_parties(one, other, reason, tmp_path):
    assert groups(lists_of(tmp_path, one, other)) == [], reason


def told(lists, party="Vexel Trading"):
    table = divergence(lists, resolve(lists))
    return table[table["party"] == party].set_index("authority")


DATED = (
    row("Utopia", "1", "Vexel Trading", listed_on="2022-03-01"),
    row("Laputa", "9", "VEXEL TRADING LLC", listed_on="2022-03-31"),
    row("Brobdingnag", "7", "Vexel Trading", list_date="2023-06-30"),
    row("Lilliput", "5", "DREVAK BIRKUT", list_date="2023-05-31"),
    row("Balnibarbi", "3", "Vexel Trading", listed_on="2021-01-01", delisted_on="2021-06-01"),
)


def test_lags_count_from_the_first_day_that_is_told(tmp_path):
    table = told(lists_of(tmp_path, *DATED[:4]))
    assert table["lag_days"].dropna().to_dict() == {"Laputa": 30, "Utopia": 0}
    assert list(table.loc[["Utopia", "Laputa"], "status"]) == ["listed", "listed"]
    assert table.loc["Brobdingnag", ["status", "since"]].tolist() == [
        "listed_day_unknown",
        "on the list of 2023-06-30, since when is not told",
    ]


def test_who_is_on_no_entry_of_a_whole_list_is_not_listed_as_of_its_date_and_never_more(tmp_path):
    told_of = told(lists_of(tmp_path, *DATED)).loc["Lilliput"]
    assert (told_of["status"], told_of["list_date"]) == ("not_on_list", "2023-05-31")
    assert told_of["since"] == "not listed as of 2023-05-31 (Lilliput list)"


def test_a_listing_that_ended_says_until_when(tmp_path):
    told_of = told(lists_of(tmp_path, *DATED)).loc["Balnibarbi"]
    assert (told_of["status"], told_of["since"]) == ("ended", "until 2021-06-01")


def test_a_name_like_it_on_a_list_forbids_to_say_that_it_is_not_there(tmp_path):
    near = row("Lilliput", "6", "Vexel Trading Holding Zarubek", list_date="2023-05-31")
    told_of = told(lists_of(tmp_path, *DATED[:2], near)).loc["Lilliput"]
    assert (told_of["status"], told_of["entry"]) == ("to_check", "6")
    assert "Vexel Trading Holding Zarubek" in told_of["since"] and told_of["listed_on"] is pd.NaT


def test_an_extract_tells_nothing_of_who_is_not_in_it(tmp_path):
    lists = open_lists(cleaned_extract(tmp_path, extract(*DATED[:2], DATED[3])))
    assert told(lists).loc["Lilliput", ["status", "since"]].tolist() == [
        "unknown",
        "only an extract of the list is here",
    ]


def test_but_who_was_looked_for_in_the_whole_list_and_not_found_is_not_listed_as_of_its_date(tmp_path):
    absent = row("Lilliput", "", "Vexel Trading", list_date="2023-05-31", found="no", type="")
    lists = open_lists(cleaned_extract(tmp_path, extract(*DATED[:2], DATED[3], absent)))
    told_of = told(lists).loc["Lilliput"]
    assert (told_of["status"], told_of["since"]) == ("not_on_list", "not listed as of 2023-05-31 (Lilliput list)")
    assert len(told_of["records"]) == 1


def test_vintages_tell_between_which_lists_a_party_came(tmp_path):
    old = ({"ent_num": "70", "SDN_Name": "DREVAK"},)
    new = (*old, {"ent_num": "71", "SDN_Name": "VEXEL TRADING"})
    lists = opened(tmp_path, {"a/2022-01/sdn.csv": sdn(*old), "a/2023-01/sdn.csv": sdn(*new)})
    since = divergence(lists, resolve(lists)).set_index("party")["since"]
    assert since["VEXEL TRADING"] == "not yet listed as of 2022-01, on the list of 2023-01"
    assert since["DREVAK"] == "on the list of 2022-01, since when is not told"


def test_a_number_that_is_given_again_to_another_party_is_no_older_listing(tmp_path):
    files = {
        "a/2022-01/sdn.csv": sdn({"ent_num": "70", "SDN_Name": "DREVAK"}),
        "a/2023-01/sdn.csv": sdn({"ent_num": "70", "SDN_Name": "VEXEL TRADING"}),
    }
    lists = opened(tmp_path, files)
    assert divergence(lists, resolve(lists))["since"].tolist() == [
        "not yet listed as of 2022-01, on the list of 2023-01"
    ]


def test_only_who_is_asked_for_and_belongs_with_it_is_told(tmp_path):
    lists = lists_of(tmp_path, *DATED)
    party = lists.names.filter(name="DREVAK BIRKUT")["party"][0]
    assert resolve(lists, [party]).to_dict() == {party: party}
