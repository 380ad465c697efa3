"""Doors that companies share, and who is joined to whom by them.

A door is a room, or a building of which no room is told: forty companies in forty rooms of a tower share no door. That
companies share one is a lead: secretaries, families and landlords put lawful companies behind one door too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx
import pandas as pd

from tradeanalytics import TradeAnalyticsError

COMPANY: Final = "company"
DOOR: Final = "door"
Node = tuple[str, str]
"""COMPANY or DOOR, and its key."""

_KEYS: Final = ("company", "premises", "premises_unit")
_VALUE: Final = "value_usd_cents"
_MARK: Final[Node] = ("", "")


@dataclass(frozen=True)
class SharedDoors:
    """The doors of two companies or more, and all that was left out of them.

    `doors`: door, kind (room, building), premises, companies, value_usd_cents, value_unknown; most companies first.
    `excluded`: the same of shared doors that were left out as declared. `at`: company, door, kind, premises,
    value_usd_cents, value_unknown; a row for each company at each of `doors`. `value_usd_cents` is the sum of what is
    known, null where nothing is; `value_unknown` counts rows of the table whose value is not known.
    `no_premises` and `no_room` count rows of the table without a door: no premises are told, or no room in a building
    that has rooms.
    """

    doors: pd.DataFrame
    excluded: pd.DataFrame
    at: pd.DataFrame
    no_premises: int
    no_room: int


def at_doors(rows: pd.DataFrame, with_rooms: Collection[str] = ()) -> pd.DataFrame:
    """The rows (premises and premises_unit, as in `placed`, and what else they have) with `door` and `kind`, unchecked.

    `with_rooms`: keys of buildings that have rooms by what the rows do not tell.
    """
    building, unit = rows["premises"], rows["premises_unit"]
    told = pd.Series([_room(*keys) for keys in zip(building, unit, strict=True)], rows.index, dtype=bool)
    rooms = building.isin(building[told]) | building.isin([*with_rooms])
    kind = pd.Series("building", rows.index).mask(rooms, "no_room").mask(told, "room")
    kind = kind.mask(building == "", "no_premises")
    door = building.mask(told, unit).mask(kind == "no_room", "")
    return rows.assign(door=door, kind=kind)


def companies(rows: pd.DataFrame, by: str | list[str]) -> pd.Series[int]:
    """How many companies there are of each key in a column of the rows, or in several."""
    return rows.groupby(by)["company"].nunique()


def placed(table: pd.DataFrame, with_rooms: Collection[str] = ()) -> pd.DataFrame:
    """The rows of the table with their `door` and its `kind`: room, building, or no_room and no_premises without door.

    `table`: company (one key a company), premises, premises_unit (begins with the key of the premises; the same, or
    with a last "|" alone, where no room is told), value_usd_cents (whole, null where not known). A row a company and
    address; one company may have several with the same keys. Of a building with a room in any row, a row without one
    has no door: which room it is nobody knows. `with_rooms` are keys of buildings that have rooms by what the table
    does not tell. Raises TradeAnalyticsError for a table of another shape.
    """
    return at_doors(_read(table), with_rooms)


def companies_per_building(table: pd.DataFrame) -> pd.DataFrame:
    """The companies at each building, in whichever room: premises, companies, rooms, value_usd_cents, value_unknown.

    Most companies first. A tower has many, and that says nothing: see `companies_per_room`.
    """
    rows = placed(table)
    rows = rows[rows["premises"] != ""]
    rooms = rows[rows["kind"] == "room"].groupby("premises")["door"].nunique()
    counted = _counted(rows, ["premises"])
    counted.insert(2, "rooms", counted["premises"].map(rooms).fillna(0).astype(int))
    return counted


def companies_per_room(table: pd.DataFrame) -> pd.DataFrame:
    """The companies in each room that is told: premises_unit, premises, companies, value_usd_cents, value_unknown."""
    rows = placed(table)
    return _counted(rows[rows["kind"] == "room"], ["premises_unit", "premises"])


def shared_doors(table: pd.DataFrame, excluded: Collection[str] = (), with_rooms: Collection[str] = ()) -> SharedDoors:
    """The doors that two companies or more of the table have in common.

    `table` and `with_rooms` as in `placed`. `excluded` are keys of declared registered offices: a key of premises
    leaves out every door of the building, a key with a room that room.
    """
    rows = placed(table, with_rooms)
    every = _counted(rows[rows["door"] != ""], ["door", "kind", "premises"])
    common = every[every["companies"] >= 2]
    out = common["door"].isin([*excluded]) | common["premises"].isin([*excluded])
    kept = common[~out].reset_index(drop=True)
    at = _counted(rows[rows["door"].isin(kept["door"])], ["company", "door", "kind", "premises"])
    return SharedDoors(
        doors=kept,
        excluded=common[out].reset_index(drop=True),
        at=at.drop(columns="companies").sort_values(["company", "door"], ignore_index=True),
        no_premises=int((rows["kind"] == "no_premises").sum()),
        no_room=int((rows["kind"] == "no_room").sum()),
    )


def graph(at: pd.DataFrame) -> nx.Graph[Node]:
    """Companies and doors with a line for each row of `at` (company, door), in the order of their keys."""
    pairs = sorted({(str(company), str(door)) for company, door in zip(at["company"], at["door"], strict=True)})
    drawn: nx.Graph[Node] = nx.Graph()
    drawn.add_edges_from(((COMPANY, company), (DOOR, door)) for company, door in pairs)
    return drawn


def components(shared: SharedDoors) -> pd.DataFrame:
    """Companies that shared doors join, straight or through others: a row for each such group, the largest first.

    Columns: component (from 1), companies, doors, edges (pairs of companies with a door in common), value_usd_cents
    (sum of what is known of these companies at these doors, null where nothing is), value_unknown (rows whose value is
    not), names and door_keys (tuples, in order). Four companies in one room, and a fifth that has another door in
    common with one of them, are one component with 7 edges.
    """
    drawn = graph(shared.at)
    found = [_component(drawn, nodes) for nodes in nx.connected_components(drawn)]
    ordered = sorted(found, key=lambda one: (-one["companies"], -one["edges"], one["names"]))
    columns = ["component", "companies", "doors", "edges", "names", "door_keys"]
    told = pd.DataFrame([{"component": place, **one} for place, one in enumerate(ordered, 1)], columns=columns)
    of = {key: one["component"] for one in told.to_dict("records") for key in one["door_keys"]}
    value = _values(shared.at.assign(component=shared.at["door"].map(of)), ["component"])
    told.insert(4, _VALUE, told["component"].map(value[_VALUE]).astype("Int64"))
    told.insert(5, "value_unknown", told["component"].map(value["value_unknown"]).astype(int))
    return told


def steps(shared: SharedDoors, marked: Collection[str]) -> pd.DataFrame:
    """How many shared doors lie between each company and the nearest marked one (a listed party), and which.

    Columns: company, steps (0: is marked itself; null: no shared doors lead to a marked one, which is no proof that
    nothing does), path (the companies from this one to the marked one), door_keys (the doors between them). A row for
    each company at a shared door. Of several ways as short it is the first in the order of the keys.
    """
    drawn = graph(shared.at)
    names = [key for kind, key in drawn if kind == COMPANY]
    drawn.add_edges_from((_MARK, (COMPANY, name)) for name in names if name in set(marked))
    before = dict(nx.bfs_predecessors(drawn, _MARK, sort_neighbors=sorted)) if _MARK in drawn else {}
    rows = [_way(name, before) for name in names]
    told = pd.DataFrame(rows, columns=["company", "steps", "path", "door_keys"])
    return told.astype({"steps": "Int64"}).sort_values("company", ignore_index=True)


def _read(table: pd.DataFrame) -> pd.DataFrame:
    """The four columns, absent keys as empty text and values as whole numbers; or what is wrong, in one line."""
    wanted = [*_KEYS, _VALUE]
    if missing := [name for name in wanted if name not in table]:
        raise TradeAnalyticsError(f"column: {missing[0]!r} is not in {list(table)}, expected {wanted}")
    keys = {name: table[name].astype(object).where(table[name].notna(), "").astype(str) for name in _KEYS}
    rows = pd.DataFrame(keys).assign(**{_VALUE: _cents(table[_VALUE])}).reset_index(drop=True)
    for place in rows.index[rows["company"] == ""][:1]:
        raise TradeAnalyticsError(f"company: row {place + 1} has no key, expected one for each company")
    for place, (building, unit) in enumerate(zip(rows["premises"], rows["premises_unit"], strict=True), 1):
        if unit not in ("", building) and not (building and unit.startswith(f"{building}|")):
            expected = f"expected the key of the premises {building!r} and a room"
            raise TradeAnalyticsError(f"premises_unit: row {place} has {unit!r}, {expected}")
    return rows


def _cents(values: pd.Series) -> pd.Series:
    try:
        return values.astype("Int64")
    except (TypeError, ValueError) as error:
        raise TradeAnalyticsError(f"{_VALUE}: {error}, expected whole cents, or null where not known") from error


def _room(building: str, unit: str) -> bool:
    return unit.removeprefix(building).strip("|") != ""


def _counted(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The companies and the values of the rows of each key, most companies first."""
    counted = pd.concat([companies(rows, by).rename("companies"), _values(rows, by)], axis=1).reset_index()
    return counted.sort_values(["companies", *by], ascending=[False, *[True] * len(by)], ignore_index=True)


def _values(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """What is known of the values of each key, null where nothing is, and in how many rows it is not."""
    lacking = rows["value_unknown"] if "value_unknown" in rows else rows[_VALUE].isna().astype(int)
    grouped = rows.assign(value_unknown=lacking).groupby(by)
    return pd.concat([grouped[_VALUE].sum(min_count=1), grouped["value_unknown"].sum()], axis=1)


def _component(drawn: nx.Graph[Node], nodes: Collection[Node]) -> dict[str, Any]:
    names, doors = (tuple(sorted(key for kind, key in nodes if kind == wanted)) for wanted in (COMPANY, DOOR))
    pairs = _pairs(drawn, names)
    return {"companies": len(names), "doors": len(doors), "edges": pairs, "names": names, "door_keys": doors}


def _pairs(drawn: nx.Graph[Node], names: Sequence[str]) -> int:
    """How many pairs of companies have a door in common, counted without making them: a room of 5,000 has 12 million.

    Companies with the very same doors have equally many neighbours, so those are looked up once for all of them.
    """
    alike = Counter(frozenset(drawn[COMPANY, name]) for name in names)
    ends = ((count, set[Node]().union(*(drawn[door] for door in doors))) for doors, count in alike.items())
    return sum(count * (len(together) - 1) for count, together in ends) // 2


def _way(name: str, before: dict[Node, Node]) -> dict[str, Any]:
    """The way of a company to the mark, whose last step, from the marked company to the mark itself, is none."""
    passed = list(_passed((COMPANY, name), before))
    path, doors = (tuple(key for kind, key in passed if kind == wanted) for wanted in (COMPANY, DOOR))
    return {"company": name, "steps": len(doors) if path else None, "path": path, "door_keys": doors}


def _passed(node: Node, before: dict[Node, Node]) -> Iterator[Node]:
    while node in before:
        yield node
        node = before[node]
