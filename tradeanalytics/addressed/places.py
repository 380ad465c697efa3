"""Each party-address with its premises, the use recorded there, and how many companies share its door."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import polars as pl

from tradeanalytics.addressed.asked import SHIPPED
from tradeanalytics.parties.addresses import LONGEST, Address, Room, parse, premises, room, vocabulary
from tradeanalytics.parties.asked import records
from tradeanalytics.parties.doors import SharedDoors, at_doors, companies, shared_doors
from tradeanalytics.parties.latin import latin_words
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.parties.residences import ASKED, Register, classify
from tradeanalytics.parties.residences.polygons import Polygons
from tradeanalytics.parties.residences.rules import is_dwelling_word
from tradeanalytics.reference import rows
from tradeanalytics.reference.countries import read_country

_OFFICE = ("office", "office_companies", "office_register", "office_vintage")
PLACES = (
    *SHIPPED,
    *("company", "kind", "unit", "floor", "block", "municipality", "province", "postal_code", "address_country"),
    *("premises", "premises_unit", "use", "basis", "confidence", "possibly_residential", "home_ratio", "register_id"),
    "vintage",
    *("n_units", "street_known", "lat", "lon", "reason", "does_not_prove", "corroboration", "left_out", *_OFFICE),
    *("door", "door_kind", "companies_at_unit", "companies_at_premises", "units_at_premises"),
)
RECORDED = ("nar_unit", "nar_building")  # bases of what the register has at the very number
_SAME = ({"CN", "HK", "MO"}, {"CN", "TW"}, {"US", "PR", "GU", "VI", "AS", "MP"})  # recorded as one country or another
_WELL_KNOWN = 1_000_000  # people of a city: it is not taken for a namesake
_RENAMED = {"register_vintage": "vintage", "latitude": "lat", "longitude": "lon"}
_CLASSIFIED = ("use", "basis", "confidence", "possibly_residential", "home_ratio", "register_id", "register_vintage")
_ALSO = ("n_units", "street_known", "latitude", "longitude", "reason", "does_not_prove")
_NOT_WORDS = re.compile(r"[^\w]+")


class Office(NamedTuple):
    """What told of a registered office, and how many companies of which register have it."""

    basis: str | None = None
    companies: int | None = None
    register: str | None = None
    vintage: str | None = None


def placed(
    table: pd.DataFrame,
    register: Register | None = None,
    *,
    polygons: Polygons | None = None,
    offices: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows of a table as `shipped_addresses` gives it, in their order, with PLACES.

    Each distinct address and country is parsed and classified once. An address without a postal code has the premises
    of the only one with a code that agrees with it. `company` is what spellings of one name share. `left_out`: why the
    row does not count as sharing a door, registered_office or forwarder; "" where it counts. `door` and `door_kind` are
    those of `parties.doors`; a building has rooms where any row tells one or a block, or the register has several
    addresses at the number. `companies_at_unit`: the companies at the same door; null where there is none.
    """
    told = table[["address", "country"]].drop_duplicates(ignore_index=True)
    read = [read_address(text, country) for text, country in told.itertuples(index=False, name=None)]
    found = pd.concat([told, _parts(read), _classified(told["address"].tolist(), read, register)], axis=1)
    said = polygons.words(found["lat"], found["lon"]) if polygons else [None] * len(found)
    found = _settled(found.assign(corroboration=pd.Series(said, index=found.index, dtype="str")))
    found = pd.concat([found, _offices(found, offices)], axis=1)
    whole = table.merge(found, on=["address", "country"], how="left", validate="many_to_one")
    whole["company"] = [read_name(text).key if text else "" for text in whole["name"]]
    return _with_doors(_without_offices(whole))[list(PLACES)]


def read_address(text: str, country: str) -> Address:
    """An address read by itself; by the country of its record only where it does not tell one surely.

    A company of the Virgin Islands can have its address in Toronto; and there is a Hamilton in Bermuda.

    >>> read_address("25 SHEPPARD AVE W, TORONTO ON M2N 6S6", "VG").country
    'CA'
    >>> read_address("2 CHURCH STREET, HAMILTON", "BM").country
    'BM'
    """
    alone, told = parse(text), read_country(country) or ""
    if not told or one_country(alone.country, told) or (alone.country and _sure(text, alone)):
        return alone
    return parse(text, told)


def one_country(one: str, other: str) -> bool:
    """Whether two codes are of one country, or of those that records write one for the other: HK and CN, TW and CN."""
    return one == other or any({one, other} <= same for same in _SAME)


def _sure(text: str, address: Address) -> bool:
    """True where the text names the country, a postal code of its form, a province, or a city that has no rival."""
    spans = {part: text[start:end] for part, start, end in address.spans}
    city = known_places(address.municipality)
    here = [place for place in city if place.country == address.country]
    province = len(spans.get("province", "")) > 2 or any(place.province == address.province for place in here)
    return (
        "country" in spans
        or any(map(str.isalpha, address.postal_code))
        or ("province" in spans and province)
        or any(place.population >= _WELL_KNOWN for place in here)
    )


def known_places(municipality: str) -> Sequence[vocabulary.Place]:
    """The municipalities of a name, of all countries."""
    return vocabulary.places().get(vocabulary.key(municipality.split()), ()) if municipality else ()


def _parts(read: Sequence[Address]) -> pd.DataFrame:
    names = ("kind", "unit", "municipality", "province", "postal_code")
    parts: dict[str, list[str]] = {name: [getattr(one, name) for one in read] for name in names}
    rooms = [room(one) for one in read]
    parts |= {"floor": [one.floor for one in rooms], "block": [one.block for one in rooms]}
    parts["address_country"] = [one.country for one in read]
    parts["premises"] = [premises(one) for one in read]
    return pd.DataFrame(parts, dtype="str")


def _classified(texts: Sequence[str], read: Sequence[Address], register: Register | None) -> pd.DataFrame:
    cells: dict[str, list[Any]] = {name: [getattr(one, name) for one in read] for name in ASKED}
    cells["unit"] = [_unit(text, one) for text, one in zip(texts, read, strict=True)]
    cells["other_readings"] = [[list(way) for way in ways] for ways in cells["other_readings"]]
    asked = pl.DataFrame(cells, schema_overrides={"other_readings": pl.List(pl.List(pl.String))})
    found = classify(asked, register).select(*_CLASSIFIED, *_ALSO).rename(_RENAMED).to_pandas()
    whole = {name: "Int64" if name == "n_units" else "boolean" for name in ("n_units", "possibly_residential")}
    reasons = [_reason(text, why) for text, why in zip(texts, found["reason"], strict=True)]
    return found.astype({**whole, "street_known": "boolean"}).assign(reason=reasons)


def _unit(text: str, address: Address) -> str:
    """A unit with its word where that is a dwelling's: the parser leaves it out, and it tells something."""
    written = next((text[start:end] for part, start, end in address.spans if part == "unit"), "")
    return written if is_dwelling_word(written) else address.unit


def _reason(text: str, why: str) -> str:
    if not text.strip():
        return "No address is told."
    return f"{why} Of {len(text):,} letters the first {LONGEST:,} were read." if len(text) > LONGEST else why


Door = tuple[str, ...]


def door(key: str) -> Door:
    """The premises without what is often left out, province and postal code; () where there are none."""
    parts = key.split("|")
    return (*parts[:5], parts[7]) if key else ()


def agree(one: str, other: str) -> bool:
    """Whether two premises of one door tell no province or postal code that differ."""
    pairs = zip(one.split("|")[5:7], other.split("|")[5:7], strict=True)
    return all(not first or not second or first == second for first, second in pairs)


def _settled(found: pd.DataFrame) -> pd.DataFrame:
    """Premises without a postal code become the only ones with a code that agree."""
    coded: dict[Door, set[str]] = defaultdict(set)
    for key in set(found["premises"]) - {""}:
        if key.split("|")[6]:
            coded[door(key)].add(key)
    keys = [_settled_key(key, coded) for key in found["premises"]]
    units = [f"{key}|{one}" if key else "" for key, one in zip(keys, rooms_of(found), strict=True)]
    return found.assign(premises=keys, premises_unit=units)


def rooms_of(found: pd.DataFrame) -> list[Room]:
    """The room of each row, by its unit, floor and block."""
    rows = found[["unit", "floor", "block"]].itertuples(index=False, name=None)
    return [Room("" if unit == f"FL{floor}" else unit, floor, block) for unit, floor, block in rows]


def _settled_key(key: str, coded: Mapping[Door, set[str]]) -> str:
    if not key or key.split("|")[6]:
        return key
    with_code = coded.get(door(key), set())
    return next(iter(with_code)) if len(with_code) == 1 and _one_town(key, next(iter(with_code))) else key


def _one_town(one: str, other: str) -> bool:
    """Whether two premises are in one province or state: there is a Springfield in many, and none is taken for all."""
    return one.split("|")[5] == other.split("|")[5]


def _offices(found: pd.DataFrame, offices: pd.DataFrame | None) -> pd.DataFrame:
    """The registered office that each address is; one declared without a room is its whole building."""
    at: dict[Door, list[tuple[str, str, Office]]] = defaultdict(list)
    for told in records(offices) if offices is not None else ():
        address = read_address(told["address"], told["country"] or "")
        if key := premises(address):
            office = Office(told["basis"], told["companies"], told["register"], told["vintage"] or None)
            at[door(key)].append((key, str(room(address)), office))
    rows = zip(found["premises"], map(str, rooms_of(found)), strict=True)
    there = [_office(key, one, at.get(door(key), ()) if key else ()) for key, one in rows]
    table = pd.DataFrame(there, columns=list(_OFFICE), index=found.index)
    return table.astype({"office": "str", "office_companies": "Int64", "office_register": "str"})


def _office(key: str, here: str, there: Iterable[tuple[str, str, Office]]) -> Office:
    fitting = (
        office
        for of, where, office in there
        if agree(key, of) and (where == here or (not where and office.basis == "declared"))
    )
    return next(fitting, Office())


def _without_offices(places: pd.DataFrame) -> pd.DataFrame:
    why = [
        "registered_office" if office else "forwarder" if forwarder_word(name) else ""
        for office, name in zip(places["office"].notna(), places["name"], strict=True)
    ]
    return places.assign(left_out=why)


def forwarder_word(name: str) -> str:
    """The word of a name that makes a forwarder, broker or warehouse of its company; "" where there is none.

    >>> forwarder_word("SYNTHETIC Vexo Logistics Ltd"), forwarder_word("SYNTHETIC Vexo Ltd")
    ('LOGISTICS', '')
    """
    words, stems, glued = _forwarders()
    for word in _NOT_WORDS.sub(" ", name.upper()).split():
        if word in words or word.startswith(stems) or any(one in word for one in glued):
            return word
    return ""


@cache
def _forwarders() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Words, beginnings of words, and what Chinese writes within a word."""
    told = [row["word"] for row in rows("forwarder_words")]
    stems = tuple(word[:-1] for word in told if word.endswith("*"))
    glued = tuple(word for word in told if not latin_words(word) or "\u4e00" <= word[0] <= "\u9fff")
    return frozenset(told) - set(glued), stems, glued


def _with_doors(places: pd.DataFrame) -> pd.DataFrame:
    """The door of each row, how many companies are at it and at its number, and how many rooms are told there."""
    several = places["basis"].isin(RECORDED) & (places["n_units"].fillna(0) > 1)
    with_rooms = set(places["premises"][several | (places["block"] != "")])
    found = at_doors(places[["premises", "premises_unit"]], with_rooms)
    rows = places.assign(door=found["door"], door_kind=found["kind"])
    counted = counting(rows)
    rooms = rows[rows["door_kind"] == "room"].groupby("premises")["door"].nunique()
    there = rows["premises"] != ""
    return rows.assign(
        companies_at_unit=_counts(rows["door"], companies(counted, "door"), rows["door"] != ""),
        companies_at_premises=_counts(rows["premises"], companies(counted, "premises"), there),
        units_at_premises=_counts(rows["premises"], rooms, there),
    )


def at_home(places: pd.DataFrame) -> pd.Series[bool]:
    """Which rows have an address that is recorded as residential, by its very number."""
    return (places["use"] == "residential") & places["basis"].isin(RECORDED)


def counting(places: pd.DataFrame) -> pd.DataFrame:
    """The rows of companies that count as sharing a door."""
    return places[(places["left_out"] == "") & (places["company"] != "") & (places["premises"] != "")]


def _counts(keys: pd.Series, counts: pd.Series, there: pd.Series) -> pd.Series:
    return keys.map(counts).fillna(0).astype("Int64").where(there, pd.NA)


def doors_of(places: pd.DataFrame) -> SharedDoors:
    """The doors that companies of these places share, as A2 counts them, and who is at each: see `parties.doors`.

    Companies are told by their keys; `names_of` has their names. Forwarders are no companies here, and doors that are
    registered offices are in `excluded`. Values are of one basis, `value_basis`; those of another count as unknown. A
    shipment between two companies is in the value of both: the value of a group can hold it twice.
    """
    rows = places[(places["company"] != "") & (places["left_out"] != "forwarder")]
    rows = rows.assign(value_usd_cents=rows["value_usd_cents"].where(rows["value_usd_basis"] == value_basis(places)))
    offices = set(rows["door"][rows["left_out"] == "registered_office"]) - {""}
    with_rooms = set(places["premises"][places["door_kind"].isin(("room", "no_room"))])
    return shared_doors(rows, offices, with_rooms)


def value_basis(places: pd.DataFrame) -> str | None:
    """The basis of most of the items whose value is known, on which alone values of several places are added."""
    known = places[places["value_usd_cents"].notna()]
    items = known.groupby("value_usd_basis")["items"].sum()
    return str(items.idxmax()) if len(items) else None


def names_of(places: pd.DataFrame) -> pd.DataFrame:
    """The name that each company is shown under, its most usual spelling: company, name."""
    told = places[places["company"] != ""].assign(items=places["items"].fillna(1))
    counted = told.groupby(["company", "name"])["items"].sum().reset_index()
    usual = counted.sort_values(["company", "items", "name"], ascending=[True, False, True])
    return usual[["company", "name"]].drop_duplicates("company", ignore_index=True)
