"""Shared doors: a room or a building without rooms; who is joined to whom; nothing unknown is a door or a zero."""

import itertools

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties import doors
from tradeanalytics.parties.doors import companies_per_building, companies_per_room, components, shared_doors, steps

TOWER = "15|QUEENS|RD||HONG KONG|||HK"
HOUSE = "7|ELMGROVE|CRES||TORONTO|ON|M9Z 1Z1|CA"


def table(*rows):
    """Rows of company, building, room ("" where none is told) and cents (none: not known)."""
    full = []
    for company, building, room, *cents in rows:
        full.append((company, building, f"{building}|{room}" if building else "", *(cents or [None])))
    columns = ["company", "premises", "premises_unit", "value_usd_cents"]
    return pd.DataFrame(full, columns=columns).astype({"value_usd_cents": "Int64"})


# Four companies in one room, and a fifth that shares a second door with one of them.
FIVE = table(
    *((name, TOWER, "1203", 100) for name in "ABCD"), ("D", HOUSE, "", 30), ("E", HOUSE, "", None), ("F", TOWER, "9", 5)
)


def test_four_in_one_room_and_one_joined_to_one_of_them_are_one_component_of_five_with_seven_edges():
    (row,) = components(shared_doors(FIVE)).to_dict("records")
    assert row == {
        "component": 1, "companies": 5, "doors": 2, "edges": 7, "value_usd_cents": 430, "value_unknown": 1,
        "names": ("A", "B", "C", "D", "E"), "door_keys": (f"{TOWER}|1203", HOUSE),
    }  # fmt: skip


def test_an_office_tower_with_forty_companies_in_forty_rooms_has_no_shared_door():
    tower = table(*((f"C{room}", TOWER, str(room), 1) for room in range(40)))
    (building,) = companies_per_building(tower).to_dict("records")
    assert (building["companies"], building["rooms"], building["value_usd_cents"]) == (40, 40, 40)
    assert set(companies_per_room(tower)["companies"]) == {1}
    assert shared_doors(tower).doors.empty and components(shared_doors(tower)).empty


DOORS = [
    # rows (company, building, room), the kinds of their doors, reason
    ([("A", HOUSE, ""), ("B", HOUSE, "")], ["building"] * 2, "a building of which no room is told is one door"),
    ([("A", TOWER, "5"), ("B", TOWER, "5")], ["room"] * 2, "a room is a door"),
    ([("A", TOWER, "5"), ("B", TOWER, "")], ["room", "no_room"], "which of the rooms B has nobody knows"),
    ([("A", TOWER, "5"), ("A", TOWER, "")], ["room", "no_room"], "not even where it is the same company"),
    ([("A", "", ""), ("B", "", "")], ["no_premises"] * 2, "two companies in Toronto, Canada share no door"),
]


@pytest.mark.parametrize(("rows", "kinds", "reason"), DOORS)
def test_a_door_is(rows, kinds, reason):
    found = doors.placed(table(*rows))
    assert list(found["kind"]) == kinds, reason
    assert [bool(door) for door in found["door"]] == [kind in ("room", "building") for kind in kinds], reason


def test_a_building_that_is_known_to_have_rooms_is_no_door_though_the_table_tells_none():
    rows = table(("A", HOUSE, ""), ("B", HOUSE, ""), ("A", TOWER, "5"))
    assert list(doors.placed(rows, {HOUSE})["kind"]) == ["no_room", "no_room", "room"]
    shared = shared_doors(rows, with_rooms={HOUSE})
    assert shared.doors.empty and shared.no_room == 2 and len(shared_doors(rows).doors) == 1


def test_what_has_no_door_is_counted():
    shared = shared_doors(table(("A", TOWER, "5"), ("B", TOWER, ""), ("C", "", ""), ("D", "", "")))
    assert (len(shared.doors), shared.no_room, shared.no_premises) == (0, 1, 2)


def test_one_company_whose_address_is_written_in_two_ways_shares_its_door_with_nobody():
    assert shared_doors(table(("A", HOUSE, "", 1), ("A", HOUSE, "", 2))).doors.empty


EXCLUDED = [
    # declared key, doors that are left, doors left out, reason
    (TOWER, [HOUSE], [f"{TOWER}|1203"], "a declared building leaves out each of its rooms"),
    (f"{TOWER}|1203", [HOUSE], [f"{TOWER}|1203"], "a declared room leaves out that room"),
    (f"{TOWER}|12", [f"{TOWER}|1203", HOUSE], [], "and no room whose number begins like it"),
    (f"{TOWER}|9", [f"{TOWER}|1203", HOUSE], [], "of a room that nobody shares there is nothing to leave out"),
]


@pytest.mark.parametrize(("key", "left", "out", "reason"), EXCLUDED)
def test_declared_registered_offices_are_left_out_and_told(key, left, out, reason):
    shared = shared_doors(FIVE, excluded={key})
    assert (list(shared.doors["door"]), list(shared.excluded["door"])) == (left, out), reason
    assert set(shared.at["door"]) == set(left), reason


def test_the_fullest_door_comes_first_and_tells_what_is_known_of_its_value():
    told = shared_doors(FIVE).doors[["kind", "companies", "value_usd_cents", "value_unknown"]]
    assert list(told.itertuples(index=False, name=None)) == [("room", 4, 400, 0), ("building", 2, 30, 1)]


def test_a_value_that_nobody_knows_is_null_and_a_zero_is_zero():
    unknown, zero = table(("A", HOUSE, ""), ("B", HOUSE, "")), table(("A", HOUSE, "", 0), ("B", HOUSE, "", 0))
    assert shared_doors(unknown).doors["value_usd_cents"].isna().all()
    assert components(shared_doors(unknown))["value_usd_cents"].isna().all()
    assert components(shared_doors(zero))["value_usd_cents"].to_list() == [0]


def test_the_value_of_a_company_elsewhere_is_not_that_of_its_shared_door():
    shared = shared_doors(table(("A", HOUSE, "", 1), ("B", HOUSE, "", 2), ("A", TOWER, "1", 50)))
    assert components(shared)["value_usd_cents"].to_list() == [3]


def test_steps_tell_the_nearest_marked_company_and_the_doors_on_the_way():
    far = pd.concat([FIVE, table(("X", "1|A", ""), ("Y", "1|A", ""))])
    told = steps(shared_doors(far), {"E"}).set_index("company")
    assert told["steps"].dropna().to_dict() == {"A": 2, "B": 2, "C": 2, "D": 1, "E": 0}
    assert list(told.index[told["steps"].isna()]) == ["X", "Y"]
    assert (told.loc["A", "path"], told.loc["A", "door_keys"]) == (("A", "D", "E"), (f"{TOWER}|1203", HOUSE))
    assert (told.loc["X", "path"], told.loc["E", "path"]) == ((), ("E",))


def test_an_excluded_door_leads_nowhere():
    told = steps(shared_doors(FIVE, excluded={HOUSE}), {"E"})
    assert told["steps"].isna().all() and list(told["company"]) == [*"ABCD"]


def test_nobody_marked_and_nobody_there_are_no_error():
    assert steps(shared_doors(FIVE), set())["steps"].isna().all()
    empty = shared_doors(FIVE[:0])
    assert steps(empty, {"A"}).empty and components(empty).empty and companies_per_building(FIVE[:0]).empty


def test_two_rooms_of_five_thousand_companies_are_counted_and_no_pair_is_made():
    many = [f"C{number}" for number in range(5000)]
    rows = [(name, TOWER, room) for room in ("1", "2") for name in many]
    own = [(name, f"{number}|X", "") for number, name in enumerate(many[:1000])]
    partners = [(f"P{number}", f"{number}|X", "") for number in range(1000)]
    (row,) = components(shared_doors(table(*rows, *own, *partners))).to_dict("records")
    assert (row["companies"], row["doors"], row["edges"]) == (6000, 1002, 5000 * 4999 // 2 + 1000)


def test_the_order_of_the_rows_changes_nothing():
    one, other = shared_doors(FIVE), shared_doors(FIVE[::-1])
    for left, right in ((one.doors, other.doors), (one.at, other.at), (components(one), components(other))):
        pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(steps(one, {"E", "A"}), steps(other, {"A", "E"}))


BUILDINGS = ["", "1|X", "2|Y", "3|Z"]
PLACES = st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from(BUILDINGS), st.sampled_from(["", "1", "2"]))


@given(st.lists(PLACES, max_size=25), st.sets(st.sampled_from("ABCDEFGH"), max_size=3))
def test_pairs_components_and_steps_are_those_of_pairs_made_one_by_one(rows, marked):
    shared = shared_doors(table(*rows))
    of = dict.fromkeys([company for company, _, _ in rows], frozenset())
    for company, building, room in rows:
        rooms = any(other == building and told for _, other, told in rows)
        if building and (room or not rooms):
            of[company] |= {(building, room)}
    made = nx.Graph([pair for pair in itertools.combinations(sorted(of), 2) if of[pair[0]] & of[pair[1]]])
    found = components(shared)
    assert sorted(found["names"]) == sorted(tuple(sorted(names)) for names in nx.connected_components(made))
    assert {row.names: row.edges for row in found.itertuples()} == {
        tuple(sorted(names)): made.subgraph(names).number_of_edges() for names in nx.connected_components(made)
    }
    near = {name: nx.single_source_shortest_path_length(made, name) for name in made}
    for row in steps(shared, marked).itertuples():
        told = [far for name, far in near[row.company].items() if name in marked]
        assert row.steps == min(told) if told else pd.isna(row.steps)
        assert all(made.has_edge(*pair) for pair in itertools.pairwise(row.path))


REFUSED = [
    # table, what the message says, reason
    (FIVE.drop(columns="premises"), "'premises' is not in", "a column is missing"),
    (FIVE.assign(company=""), "row 1 has no key", "a company without a key is many companies"),
    (FIVE.assign(company=[*"ABCDE", None, "F"]), "row 6 has no key", "and so is a null"),
    (FIVE.assign(premises_unit="9|Z|1"), "row 1 has '9|Z|1'", "a room of another building"),
    (FIVE.assign(premises=""), "row 1 has", "a room of no building"),
    (FIVE.assign(premises="15|QUEENS|RD||HONG KONG|||H"), "row 1 has", "a building whose key only begins like it"),
    (FIVE.assign(value_usd_cents=0.5), "whole cents", "half a cent"),
    (FIVE.assign(value_usd_cents="a lot"), "whole cents", "no number"),
]


@pytest.mark.parametrize(("wrong", "named", "reason"), REFUSED)
def test_a_table_of_another_shape_is_refused_in_one_line(wrong, named, reason):
    with pytest.raises(TradeAnalyticsError) as error:
        shared_doors(wrong)
    assert named in str(error.value) and "\n" not in str(error.value), reason
