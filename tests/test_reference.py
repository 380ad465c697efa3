"""Every row of a reference table can be checked, and its names lead to one code each."""

import doctest
from datetime import date
from pathlib import Path

import pytest

import tradeanalytics.reference
from tradeanalytics.reference import lookup, rows

FOLDER = Path(tradeanalytics.reference.__path__[0])
# table, the column that names a row, and the one it leads to
NAMES = [
    ("napcs_sections", "name", "code"),
    ("partners", "name", "code"),
    ("regions", "name", "code"),
    ("scalar_factors", "scalar_id", "words"),
    ("statuses", "sign", "meaning"),
]


@pytest.mark.parametrize("table", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_every_row_says_where_it_is_from_and_when_that_was_checked(table):
    assert rows(table)
    for entry in rows(table):
        assert None not in entry and None not in entry.values(), entry
        assert entry["evidence_url"].strip() and date.fromisoformat(entry["checked_on"]), entry


@pytest.mark.parametrize(("table", "name", "code"), NAMES)
def test_a_name_stands_once_has_no_space_around_it_and_leads_somewhere(table, name, code):
    names = [entry[name] for entry in rows(table)]
    assert len(set(names)) == len(names) == len(lookup(table, name, code))
    assert names == [text.strip() for text in names] and all(lookup(table, name, code).values())
    assert all(entry["evidence_url"].startswith("https://") for entry in rows(table))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # the section of goods as the 2017 list names it, and as the 2022 list does
        ("Farm, fishing and intermediate food products", "Farm, fishing, intermediate food products"),
        (
            "Basic and industrial chemical, plastic and rubber products",
            "Basic and industrial chemical, plastic, rubber products",
        ),
        (
            "Forestry products and building and packaging materials",
            "Forestry products, building, packaging materials",
        ),
        ("Electronic and electrical equipment and parts", "Electronic, electrical equipment, parts"),
        ("Aircraft and other transportation equipment and parts", "Aircraft, other transportation equipment, parts"),
    ],
)
def test_both_names_of_a_section_are_one_code_and_print_alike(first, second):
    by_name = {entry["name"]: entry for entry in rows("napcs_sections")}
    assert {by_name[first]["napcs"], by_name[second]["napcs"]} == {"2017", "2022"}
    assert [by_name[first][part] for part in ("code", "en", "fr")] == [
        by_name[second][part] for part in ("code", "en", "fr")
    ]


def test_there_are_twelve_sections_and_their_total():
    assert sorted(set(lookup("napcs_sections", "name", "code").values())) == [
        *(f"C{number}" for number in (11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23)),
        "TOTAL",
    ]


def test_aggregates_of_partners_are_marked_and_members_are_countries():
    kinds = {entry["code"]: entry["kind"] for entry in rows("partners")}
    assert {code: kind for code, kind in kinds.items() if kind != "country"} == {
        "WORLD": "total",
        "EU27": "total",
        "OTHER": "residual",
    }
    assert {kinds[entry["code"]] for entry in rows("partners") if entry["member_of"]} == {"country"}


def test_a_country_under_its_new_name_is_the_same_country():
    names = lookup("partners", "name", "code")
    assert names["Turkey"] == names["Türkiye"] == "TR"


def test_the_examples_run():
    assert doctest.testmod(tradeanalytics.reference).failed == 0
