"""The red flags of addresses, one function each: places to leads. A flag is a lead, and says what it does not prove."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from tradeanalytics.addressed.asked import MASS
from tradeanalytics.addressed.places import (
    agree,
    at_home,
    counting,
    door,
    forwarder_word,
    known_places,
    names_of,
    one_country,
    read_address,
    rooms_of,
)
from tradeanalytics.addressed.words import (
    HIGH,
    LOW,
    MEDIUM,
    WORDS,
    Told,
    either,
    entries,
    filled,
    first_of,
    in_language,
    ratio_words,
)
from tradeanalytics.parties.addresses import Room, parse, premises, room
from tradeanalytics.parties.asked import records
from tradeanalytics.parties.registers import SINCE
from tradeanalytics.parties.residences import keys, rules
from tradeanalytics.reference.countries import country_name, read_country

FLAGS = (
    *("code", "flag", "weight", "role", "name", "country", "address", "items", "value_usd_cents"),
    *("priority_usd_cents", "sentence", "source", "does_not_prove", "basis", "vintage"),
)
AT_LEAST = 3  # companies at one door: two are often one group
_NO_PREMISES = ("po_box", "rural_route", "general_delivery")
_MAILBOX = re.compile(r"\b(?:PMB|MAIL ?BOX|VIRTUAL OFFICE)\b", re.IGNORECASE)
_CARE_OF = re.compile(r"(?<!\w)(?:[CС]\s?/\s?[OО0]|CARE OF|℅|A/S DE|AUX SOINS DE)(?!\w).{0,40}", re.IGNORECASE)
_WEIGHTS = {"high": HIGH, "medium": MEDIUM, "low": LOW}
_GOVERNMENT = "K1A"  # offices of the federal government, on both sides of the river between Ontario and Quebec
_ON_A_BORDER = "LLOYDMINSTER"  # one city in Saskatchewan and Alberta
_CITY = 100_000  # people
_NORTH = ("NT", "NU")  # share X

Row = Any  # of places, by its columns


class Lead(NamedTuple):
    """A flag of one row of places, with what its sentence is filled with."""

    at: int
    code: str
    basis: str
    told: Mapping[str, Told] = {}
    vintage: str | None = None
    weight: str = ""


def residence(places: pd.DataFrame) -> Iterator[Lead]:
    """A1: the register has the very number, as residential."""
    for row in _rows(places[at_home(places)]):
        vintage = _text(row.vintage)
        yield Lead(row.Index, "A1", row.basis, {"vintage": vintage}, vintage, _WEIGHTS[row.confidence])


def possible_residence(places: pd.DataFrame) -> Iterator[Lead]:
    """A1P: not recorded so, but its postal code or its form is that of a home."""
    possible = (places["use"] == "unknown") & places["possibly_residential"].fillna(False)
    for row in _rows(places[possible]):
        vintage = _text(row.vintage)
        if row.basis != "rule":
            share = round(100 * rules.HOMES)
            told: dict[str, Told] = {"vintage": vintage, "postal_code": row.postal_code, "share": share}
            yield Lead(row.Index, "A1P", row.basis, told, vintage)
        elif row.home_ratio >= rules.AT_LEAST:
            yield Lead(row.Index, "A1P", "rule", {"ratio": partial(ratio_words, row.home_ratio)}, vintage)
        else:
            yield Lead(row.Index, "A1P", "dwelling_word", vintage=vintage)


def shared_door(places: pd.DataFrame, *, at_least: int = AT_LEAST, many: int = MASS) -> Iterator[Lead]:
    """A2: several companies at one door: a room, a floor, however many, or a number without rooms."""
    counted = counting(places)
    few = (counted["companies_at_unit"] < many) | _floors(counted)
    shared = counted[((counted["companies_at_unit"] >= at_least) & few).fillna(False)]
    alike = shared.groupby("door")["company"].agg(set)
    name = names_of(places).set_index("company")["name"]
    for row in _rows(shared):
        others = sorted(name[company] for company in alike[row.door] - {row.company})
        told: dict[str, Told] = {"count": row.companies_at_unit, "others": partial(first_of, others, ", ")}
        basis = "building" if row.door_kind == "building" else "floor" if row.unit == f"FL{row.floor}" else "unit"
        yield Lead(row.Index, "A2", basis, told)


def _floors(places: pd.DataFrame) -> pd.Series[bool]:
    """True of a floor without a room: many companies can work there."""
    return (places["floor"] != "") & (places["unit"] == "FL" + places["floor"])


def registered_office(places: pd.DataFrame, *, many: int = MASS) -> Iterator[Lead]:
    """A3: an address of registered offices, a mailbox by its words, or a room of very many companies."""
    for row in _rows(places.assign(is_floor=_floors(places))):
        if basis := _text(row.office):
            held: dict[str, Told] = {"count": row.office_companies, "register": row.office_register}
            told = {} if basis == "declared" else held
            yield Lead(row.Index, "A3", basis, told, _text(row.office_vintage))
        elif words := _MAILBOX.search(row.address):
            yield Lead(row.Index, "A3", "mailbox", {"words": words[0]})
        elif not (row.left_out or row.is_floor) and row.door_kind == "room" and row.companies_at_unit >= many:
            yield Lead(row.Index, "A3", "records", {"count": int(row.companies_at_unit)})


def no_premises(places: pd.DataFrame) -> Iterator[Lead]:
    """A4: a post office box, a rural route or general delivery, and nothing else."""
    for row in _rows(places[places["kind"].isin(_NO_PREMISES)]):
        yield Lead(row.Index, "A4", row.kind)


def no_street(places: pd.DataFrame) -> Iterator[Lead]:
    """A5: a place alone."""
    for row in _rows(places[(places["kind"] == "place_only") & (places["address"] != "")]):
        yield Lead(row.Index, "A5", "rule", {"address": row.address[:80]})


def other_country(places: pd.DataFrame) -> Iterator[Lead]:
    """A6: the party's country in the record is not that of its address."""
    told = (places["country"] != "") & (places["address_country"] != "")
    for row in _rows(places[told]):
        if not one_country(row.country, row.address_country) and read_country(row.country) == row.country:
            named = {"told": partial(country_name, row.country), "there": partial(country_name, row.address_country)}
            yield Lead(row.Index, "A6", "rule", named)


def listed_premises(places: pd.DataFrame, listed: pd.DataFrame) -> Iterator[Lead]:
    """A7: the room, or the building, that a listed party has as its address."""
    at = _listed_doors(places, listed)
    known = places[places["premises"] != ""]
    for row, here in zip(_rows(known), rooms_of(known), strict=True):
        there = [(_how(here, of), one) for key, of, one in at.get(door(row.premises), ()) if agree(row.premises, key)]
        for basis in ("room", "same_number", "floor", "building", "other_room"):
            if same := [one for how, one in there if how == basis]:
                dates = {one["list_date"] for one in same} - {""}
                yield Lead(row.Index, "A7", basis, {"listed": partial(entries, same)}, max(dates, default=None))
                break


def other_province(places: pd.DataFrame) -> Iterator[Lead]:
    """A8: the first letter of the postal code is another province's."""
    coded = (places["address_country"] == "CA") & (places["postal_code"] != "") & (places["province"] != "")
    for row in _rows(places[coded & (places["municipality"] != _ON_A_BORDER)]):
        letter = row.postal_code[0]
        there = _NORTH if letter == "X" else (keys.province_of(row.postal_code),)
        told = row.province if row.province not in there else _city_elsewhere(row, there)
        if told and not row.postal_code.startswith(_GOVERNMENT):
            yield Lead(row.Index, "A8", "rule", {"letter": letter, "there": partial(either, there), "told": told})


def _city_elsewhere(row: Row, provinces: Sequence[str]) -> str:
    """The province of a city that is in none of these; "" where the address tells one of these itself, as it tells a
    Victoria on Prince Edward Island, and for a place too small to be sure of its name.
    """
    here = [place for place in known_places(row.municipality) if place.country == "CA"]
    if not here or any(place.province in provinces for place in here):
        return ""
    largest = max(here, key=lambda place: place.population)
    told = largest.population < _CITY or any(part == "province" for part, _, _ in parse(row.address).spans)
    return "" if told else largest.province


def several_addresses(places: pd.DataFrame) -> Iterator[Lead]:
    """A9: one company at several premises, and those that it has only since after the invasion.

    Spellings of one address differ in its code, the kind of its street and the name of its town: two are held to be
    apart where number, name of street or country differ.
    """
    known = places[(places["company"] != "") & (places["premises"] != "")]
    known = known.assign(at=["|".join((*key.split("|")[:2], key.split("|")[7])) for key in known["premises"]])
    of_company = known.groupby("company")
    first = known.groupby(["company", "at"])["first_day"].transform("min")
    old = (first <= pd.Timestamp(SINCE)).groupby(known["company"]).transform("any")
    told = known.assign(count=of_company["at"].transform("nunique"), first=first, old=old)
    for row in _rows(told[told["count"] > 1]):
        if row.old and row.first > pd.Timestamp(SINCE):
            words = {"first": f"{row.first:%Y-%m-%d}", "since": f"{SINCE:%Y-%m-%d}"}
            yield Lead(row.Index, "A9", "changed", words)
        else:
            yield Lead(row.Index, "A9", "several", {"count": row.count_})


def number_not_there(places: pd.DataFrame) -> Iterator[Lead]:
    """A10: the register has the street in that place, and not the number."""
    for row in _rows(places[places["street_known"].fillna(False)]):
        vintage = _text(row.vintage)
        yield Lead(row.Index, "A10", "rule", {"vintage": vintage}, vintage)


def middleman(places: pd.DataFrame) -> Iterator[Lead]:
    """A11: a consignee in care of somebody, or that is a forwarder by its name."""
    for row in _rows(places[places["role"].isin(("consignee", ""))]):
        if care := _CARE_OF.search(f"{row.name_} | {row.address}"):
            yield Lead(row.Index, "A11", "care_of", {"words": care[0].strip(" |")})
        elif row.role and (word := forwarder_word(row.name_)):
            yield Lead(row.Index, "A11", "forwarder", {"words": word})


def leads(places: pd.DataFrame, listed: pd.DataFrame | None = None, *, language: str = "en") -> pd.DataFrame:
    """Every flag of these places: FLAGS, by code, then the largest value first; in English ("en") or French ("fr").

    Raises TradeAnalyticsError for another language.
    """
    found = [lead for one in _ALONE for lead in one(places)]
    found += list(listed_premises(places, listed)) if listed is not None else []
    table = places.loc[[lead.at for lead in found], list(_FROM_PLACE)].reset_index(drop=True)
    said = pd.DataFrame([_said(lead, language) for lead in found], columns=[*_SAID, "order"], index=table.index)
    table = pd.concat([table, said], axis=1)
    by = ["order", "value_usd_cents", "role", "name", "country", "address"]
    return table.sort_values(by, ascending=[True, False, *[True] * 4], kind="stable", ignore_index=True)[list(FLAGS)]


_ALONE = (
    *(residence, possible_residence, shared_door, registered_office, no_premises, no_street, other_country),
    *(other_province, several_addresses, number_not_there, middleman),
)
_FROM_PLACE = ("role", "name", "country", "address", "items", "value_usd_cents", "priority_usd_cents")


_SAID = ("code", "flag", "weight", "sentence", "source", "does_not_prove", "basis", "vintage")


def _said(lead: Lead, language: str) -> tuple[object, ...]:
    words = in_language(WORDS, language)
    flag = words[lead.code]
    weight, sentence = flag.sentences[lead.basis]
    words_of_flag = (flag.name, lead.weight or weight, filled(sentence, lead.told, language), flag.source)
    return lead.code, *words_of_flag, flag.does_not_prove, lead.basis, lead.vintage, list(words).index(lead.code)


def _rows(places: pd.DataFrame) -> Iterator[Row]:
    return places.rename(columns={"name": "name_", "count": "count_"}).itertuples()


def _text(cell: object) -> str | None:
    return str(cell) if cell is not None and cell == cell and cell != "" else None


_ListedDoors = dict[tuple[str, ...], list[tuple[str, Room, Any]]]


def _listed_doors(places: pd.DataFrame, listed: pd.DataFrame) -> _ListedDoors:
    """The premises of listed parties; only an address with a number of ours is read."""
    numbers = {found[0] for key in set(places["premises"]) if (found := re.match(r"[0-9]+", key))}
    at: _ListedDoors = defaultdict(list)
    for one in records(listed):
        if numbers.isdisjoint(re.findall(r"[0-9]+", one["address"])):
            continue
        address = read_address(one["address"], one["country"])
        if key := premises(address):
            at[door(key)].append((key, room(address), one))
    return at


def _how(here: Room, there: Room) -> str:
    """What two rooms of one building are to each other: the basis of A7."""
    pairs = list(zip(here, there, strict=True))
    if any(one and other and one != other for one, other in pairs):
        return "other_room"
    if here == there and (here.unit or here.floor):
        return "room" if here.unit else "floor"
    return "same_number" if here.unit and here.unit == there.unit else "building"
