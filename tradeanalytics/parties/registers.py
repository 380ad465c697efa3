"""Parties held against registers of companies: by number, else by name. Every answer is a lead with a plain sentence.

A register is known as of its date. That a party is not in it says nothing of its being registered elsewhere, or later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tradeanalytics.engine import Engine
from tradeanalytics.parties.asked import Row, answered, records, text
from tradeanalytics.parties.identifiers import normal, numbered_company
from tradeanalytics.parties.names import name as read_name

SINCE = date(2022, 2, 24)  # Russia's invasion of Ukraine
COLUMNS = (
    *("party", "name", "how", "register", "register_date", "number", "registered_name", "name_kind", "status"),
    *("active", "incorporated_on", "dissolved_on", "address", "country", "companies", "premises", "leads", "says"),
    *("file_id", "record"),
)

# Of several states of one register only the last one counts.
_REGISTERED = """
    newest AS (SELECT register, max(register_date) AS last FROM registered GROUP BY register),
    held AS (
        SELECT r.* FROM registered AS r
        JOIN newest ON newest.register = r.register AND r.register_date IS NOT DISTINCT FROM newest.last
    ),
    named AS (
        SELECT file_id, record, n.name AS registered_name, n.kind AS name_kind, n.until AS name_until
        FROM (SELECT file_id, record, unnest(names) AS n FROM held)
    ),
    keyed AS (
        SELECT named.*, names.key AS name_key
        FROM named JOIN names ON names.file_id = named.file_id AND names.text = named.registered_name
    )
"""
_BY_NUMBER = f"""
    WITH asked(party, name_key, place, exact, number_key, business_number) AS ({{asked}}),
    {_REGISTERED}
    SELECT DISTINCT asked.party, held.file_id, held.record
    FROM asked
    JOIN held ON held.number_key = asked.number_key OR left(held.business_number, 9) = asked.business_number
    LEFT JOIN keyed AS same
        ON same.file_id = held.file_id AND same.record = held.record AND same.name_key = asked.name_key
    WHERE same.name_key IS NOT NULL
        OR held.jurisdiction = asked.place
        OR (NOT asked.exact AND left(held.jurisdiction, 2) = asked.place)
"""
_BY_NAME = f"""
    WITH asked(party, name_key) AS ({{asked}}),
    {_REGISTERED}
    SELECT DISTINCT asked.party, keyed.file_id, keyed.record
    FROM asked JOIN keyed ON keyed.name_key = asked.name_key
"""
_FOUND = f"""
    WITH asked(file_id, record) AS ({{asked}}),
    {_REGISTERED},
    offices AS (
        SELECT address_key, count(DISTINCT register || ' ' || coalesce(number_key, file_id || record)) AS at_office
        FROM held WHERE address_key IS NOT NULL GROUP BY address_key
    )
    SELECT held.file_id, held.record, register, register_date, jurisdiction, number, status, status_since, active,
        incorporated_on, dissolved_on, address, country, keyed.registered_name, keyed.name_kind,
        keyed.name_until, keyed.name_key, coalesce(offices.at_office - 1, 0) AS premises
    FROM asked
    JOIN held ON held.file_id = asked.file_id AND held.record = asked.record
    JOIN keyed ON keyed.file_id = held.file_id AND keyed.record = held.record
    LEFT JOIN offices ON offices.address_key = held.address_key
    ORDER BY register, held.file_id, held.record, CASE keyed.name_kind WHEN 'current' THEN 0 ELSE 1 END,
        keyed.registered_name
"""
_REGISTERS = """
    SELECT register, jurisdiction, max(register_date) AS register_date FROM registered GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class _Party:
    """One row of the parties that are asked about."""

    place: int
    name: str
    key: str
    country: str | None
    number: str | None
    shipped_on: date | None


@dataclass(frozen=True)
class _Company:
    """A company found for a party: how, whether a name of it agrees, and what is registered, under that name."""

    how: str
    same_name: bool
    told: Row

    def day(self, column: str) -> date | None:
        """A day of the register."""
        return pd.Timestamp(self.told[column]).date() if self.told[column] is not None else None


def leads(engine: Engine, parties: pd.DataFrame, *, since: date = SINCE) -> pd.DataFrame:
    """What the registers of a folder hold of parties: a row a company found, or a row a register without it.

    `parties`: columns `name`; if known `country` (ISO 3166 alpha-2), `number` (registration or business number) and
    `shipped_on`. `party` in the answer is the row of `parties`, counted from 0. `how`: `number` where the number agrees
    in the party's country or together with the name, else `name`, else `none`. Of several companies of one name all are
    there, and `companies` says how many. `premises`: other companies with the same registered office, by its text.
    `leads`: codes joined by ;, each of them in words in `says`.
    """
    asked = list(_parties(parties))
    found = _companies(engine, asked)
    registers = records(engine.sql(_REGISTERS))
    rows = [row for one in asked for row in _rows(one, found.get(one.place, []), registers, since)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _parties(parties: pd.DataFrame) -> Iterator[_Party]:
    for place, row in enumerate(records(parties)):
        name, country, number = (text(row.get(column)) for column in ("name", "country", "number"))
        shipped = row.get("shipped_on")
        day = None if shipped is None else pd.Timestamp(shipped).date()
        yield _Party(place, name or "", read_name(name or "").key, country, number, day)


def _companies(engine: Engine, parties: list[_Party]) -> dict[int, list[_Company]]:
    """The companies found, by party; of a company's names the one that agrees is told, else the first."""
    matches = _matches(engine, parties)
    places = sorted({(match["file_id"], match["record"]) for match in matches})
    names: dict[tuple[str, int], list[Row]] = {}
    for row in records(answered(engine, _FOUND, places)):
        names.setdefault((row["file_id"], row["record"]), []).append(row)
    keys = {one.place: one.key for one in parties}
    found: dict[int, list[_Company]] = {}
    for match in matches:
        of_company, key = names[match["file_id"], match["record"]], keys[match["party"]]
        told = next((one for one in of_company if one["name_key"] == key), of_company[0])
        found.setdefault(match["party"], []).append(_Company(match["how"], told["name_key"] == key, told))
    return found


def _matches(engine: Engine, parties: list[_Party]) -> list[Row]:
    """Party, file_id, record and how; by name only where no number was found."""
    numbers = [number for one in parties for number in _numbers(one)]
    by_number = records(answered(engine, _BY_NUMBER, numbers).assign(how="number"))
    known = {match["party"] for match in by_number}
    rest = [(one.place, one.key) for one in parties if one.key and one.place not in known]
    return by_number + records(answered(engine, _BY_NAME, rest).assign(how="name"))


def _numbers(party: _Party) -> Iterator[tuple[int, str, str | None, bool, str | None, str | None]]:
    """The numbers of a party: the one told, and the one that is its name."""
    if party.number:
        business = normal("ca_bn", party.number)
        yield party.place, party.key, party.country, False, number_key(party.number), business
    if numbered := numbered_company(party.name):
        jurisdiction, number = numbered.split()
        yield party.place, party.key, jurisdiction, True, number, None


def number_key(number: str) -> str | None:
    """A number without signs and zeros before it, in capitals, as `registered.number_key` has it; None if empty.

    >>> number_key("0012 345-6"), number_key("-")
    ('123456', None)
    """
    return "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum()).lstrip("0") or None


def _rows(party: _Party, found: list[_Company], registers: list[Row], since: date) -> Iterator[Row]:
    companies = {(one.told["register"], one.told["number"] or one.told["record"]) for one in found}
    for one in sorted(found, key=lambda company: (company.told["register"], company.told["record"])):
        told = dict(_leads(party, one, len(companies), since))
        yield {
            **{name: one.told.get(name) for name in COLUMNS},
            **{name: one.day(name) for name in ("incorporated_on", "dissolved_on")},
            **{"party": party.place, "name": party.name, "how": one.how, "companies": len(companies)},
            **{"leads": ";".join(told), "says": _says(one, told)},
        }
    if not found:
        yield from _not_found(party, registers)


def _leads(party: _Party, company: _Company, companies: int, since: date) -> Iterator[tuple[str, str]]:
    """Every lead that a company gives: its code, and its sentence."""
    told = company.told
    if companies > 1:
        yield "several_companies", f"{companies} companies fit: which one it is, this cannot tell."
    if not company.same_name:
        yield "other_name", f"The number agrees, the name does not: the party is written {party.name!r}."
    elif told["name_kind"] == "former":
        yield "former_name", f"The name is a former one{_dated(', until', told['name_until'])}."
    place = (told["jurisdiction"] or "")[:2]
    if party.country and place and party.country != place:
        yield "other_country", f"It is a register of {place}; the party's country is {party.country}."
    yield from _of_days(party.shipped_on, company, since)
    if numbered_company(told["registered_name"]):
        yield "numbered_company", "A numbered company: its name is its number."
    if told["premises"]:
        yield "shared_premises", f"Companies that have the same registered office too: {told['premises']:,}."


def _of_days(shipped: date | None, company: _Company, since: date) -> Iterator[tuple[str, str]]:
    incorporated, dissolved = company.day("incorporated_on"), company.day("dissolved_on")
    if incorporated and incorporated > since:
        yield "incorporated_after", f"Incorporated on {incorporated}, after {since.day} {since:%B %Y}."
    if incorporated and shipped and incorporated > shipped:
        yield "incorporated_after_shipment", f"Incorporated on {incorporated}, after the shipment of {shipped}."
    if dissolved and shipped and dissolved < shipped:
        yield "dissolved_before_shipment", f"Dissolved on {dissolved}, before the shipment of {shipped}."
    elif company.told["active"] is False:
        status = f"{company.told['status'] or 'dissolved'}{_dated(', since', company.day('status_since') or dissolved)}"
        yield "not_active", f"No longer there by its status: {status}."


def _says(company: _Company, told: dict[str, str]) -> str:
    number = f", number {company.told['number']}" if company.told["number"] else ""
    where = _as_of(company.told["register"], company.told["register_date"])
    only = ["By name only: a company of the same name can be another one."] if company.how == "name" else []
    found = f"Found by {company.how} in {where}: {company.told['registered_name']}{number}."
    return " ".join([found, *only, *told.values()])


def _not_found(party: _Party, registers: list[Row]) -> Iterator[Row]:
    """A row for each register that could hold the party: those of its country, and those of nobody knows where."""
    empty: Row = {"party": party.place, "name": party.name, "how": "none", "companies": 0, "leads": ""}
    of_country = [row for row in registers if not (row["jurisdiction"] and party.country) or _is_of(row, party.country)]
    for row in of_country:
        known = {"register": row["register"], "register_date": row["register_date"]}
        yield {**empty, **known, "says": f"Not found in {_as_of(row['register'], row['register_date'])}."}
    if not of_country:
        yield {**empty, "says": f"Not looked up: no register of {party.country or 'any country'} is among the files."}


def _is_of(register: Row, country: str) -> bool:
    return str(register["jurisdiction"])[:2] == country


def _as_of(register: str, day: str | None) -> str:
    return f"{register} as of {day}" if day else f"{register}, whose date is not known"


def _dated(words: str, day: object) -> str:
    return f"{words} {day}" if day else ""
