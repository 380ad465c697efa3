"""Invented lists of three invented authorities, so that no real company is ever looked for among invented deals.

Parties of the sample stand there as real lists spell them; decoys are others whose names are near to theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tradeanalytics.sample import cast
from tradeanalytics.sample.addresses import ROOM
from tradeanalytics.sample.cast import Company
from tradeanalytics.sample.declarations import as_csv

NORTHLAND, SOUTHLAND, ISLES = "SYNTHETIC Northland", "SYNTHETIC Southland", "SYNTHETIC Isles"
# Days of the lists, none before the last shipment of the first dump: what they say of its days is whole.
LIST_DATES = {NORTHLAND: date(2023, 6, 30), SOUTHLAND: date(2023, 9, 29), ISLES: date(2024, 2, 15)}


@dataclass(frozen=True)
class Line:
    """One record of a list; what can be several is parted by `; `, as in the file."""

    authority: str
    number: str
    name: str
    listed_on: date | None
    delisted_on: date | None = None
    type: str = "company"
    aliases: str = ""
    identifiers: str = ""
    addresses: str = ""
    countries: str = ""


@dataclass(frozen=True)
class Party:
    """A company of the sample with its records, at most one an authority. `key`: what its spellings share."""

    company: Company
    key: str
    lines: tuple[Line, ...]


PARTIES = (
    Party(
        cast.QUILVARO,
        "SYNTHETIC QUILVARO LINKS",
        (
            Line(NORTHLAND, "item 14", "SYNTHETIC QUILVARO LINKS CO., LIMITED", date(2022, 6, 28), countries="HK"),
            Line(SOUTHLAND, "SSL-0207", "SYNTHETIC QUILVRAO LINKS LTD", date(2023, 1, 17)),  # a slip
            Line(
                ISLES,
                "ISL0005",
                "Kwilvaro Links (Synthetic) Limited",  # another order, and a weak spelling
                date(2020, 12, 14),
                aliases="Synthetic Quilvaro Links Trading",
            ),
        ),
    ),
    Party(
        cast.ZELMARIQ,
        "ОБРАЗЕЦ ЗЕЛЬМАРИК",
        (
            Line(
                NORTHLAND, "item 9", "OOO OBRAZETS ZELMARIK", date(2022, 4, 6), identifiers=f"inn {cast.ZELMARIQ.inn}"
            ),
            Line(
                SOUTHLAND,
                "SSL-0188",
                "Obrazets Zelmarik LLC",
                date(2022, 11, 15),
                aliases="ООО «ОБРАЗЕЦ ЗЕЛЬМАРИК»; Limited Liability Company Obrazec Zel'marik",
                addresses="1 Vymysla Street, Obraztsovsk",
                countries="Russia",
            ),
        ),
    ),
    Party(
        cast.NORVELLA,
        "SYNTHETIC NORVELLA HOLDINGS",
        (
            Line(
                SOUTHLAND,
                "SSL-0121",
                "SYNTHETIC NORVELLA HOLDINGS INCORPORATED",
                date(2022, 3, 31),
                addresses="4471 Velmaracre Cres, Toronto, ON M0X 0X0, Canada",
                countries="Saint Kitts and Nevis; Canada",
            ),
            Line(ISLES, "ISL0038", "Synthetic Norvela Holding Inc.", date(2023, 6, 12)),
        ),
    ),
    Party(
        cast.DENIZOLA,
        "SYNTHETIC DENIZOLA DIS TICARET",
        (Line(ISLES, "ISL0016", "Synthetic Denizola Dış Ticaret Limited Şirketi", None, countries="TR"),),
    ),
    Party(
        cast.KORVANTES,
        "SYNTHETIC KORVANTES DIS TICARET",
        (
            Line(
                SOUTHLAND,
                "SSL-0133",
                "SYNTHETIC KORVANTES FOREIGN TRADE LTD",
                date(2022, 5, 3),
                delisted_on=date(2023, 1, 31),
            ),
        ),
    ),
    Party(
        cast.KASTOVEL,
        "ОБРАЗЕЦ КАСТОВЕЛЬ",
        (
            Line(
                NORTHLAND,
                "item 21",
                "OBRAZETS KASTOVEL, OOO",
                date(2022, 10, 11),
                identifiers=f"inn {cast.KASTOVEL.inn}",
            ),
        ),
    ),
    Party(
        cast.BREMIXON,
        "SYNTHETIC BREMIXON TRADE",
        (Line(ISLES, "ISL0029", "Synthetic Bremikson Trading Company Limited", date(2023, 2, 24), countries="HK"),),
    ),
    Party(
        cast.SUPPLIERS[0],
        "SYNTHETIC ALVEXIMA",
        (Line(NORTHLAND, "item 2", "SYNTHETIC ALVEXIMA COMPANY LIMITED", date(2020, 10, 5), countries="China"),),
    ),
    Party(
        cast.IMPORTERS[0],
        "ОБРАЗЕЦ АВЕЛЬТОРА",
        (
            Line(
                ISLES,
                "ISL0021",
                "Общество с ограниченной ответственностью «ОБРАЗЕЦ АВЕЛЬТОРА»",
                date(2022, 8, 9),
                aliases="Obrazets Aveltora LLC",
                identifiers=f"inn {cast.IMPORTERS[0].inn}",
            ),
        ),
    ),
)
# No company of the sample, but where four of them are.
IN_THE_ROOM = Line(
    ISLES, "ISL0011", "Synthetic Bremoldak Trade Limited", date(2021, 7, 1), addresses=ROOM, countries="HK"
)
DECOYS = (
    Line(NORTHLAND, "item 5", "SYNTHETIC QUORBALIN LINKS LTD", date(2022, 3, 3), countries="HK"),
    Line(NORTHLAND, "item 11", "OOO OBRAZETS ZELDOVIKA", date(2022, 4, 6), identifiers="inn 0000000010"),
    Line(NORTHLAND, "item 17", "SYNTHETIC HOLDINGS AND FOREIGN TRADE INC", date(2022, 9, 1)),
    Line(NORTHLAND, "item 25", "OBRAZETS, Pyotr Vymyslovich", date(2023, 2, 24), type="person", countries="Russia"),
    Line(
        SOUTHLAND,
        "SSL-0102",
        "SYNTHETIC NORVIOLA BRENTAX SHIPPING INC",
        date(2022, 2, 28),
        countries="Saint Kitts and Nevis",
    ),
    Line(SOUTHLAND, "SSL-0140", "SYNTHETIC KORDELMIS DIS TICARET LTD STI", date(2022, 5, 3), countries="TR"),
    Line(
        SOUTHLAND, "SSL-0166", "Obrazets Shipyard No. 140 JSC", date(2022, 8, 18), aliases="АО «ОБРАЗЕЦ Судоверфь 140»"
    ),
    Line(SOUTHLAND, "SSL-0214", "Synthetic Maria Vymyslova", date(2023, 3, 9), type="person", countries="TR"),
    IN_THE_ROOM,
    Line(ISLES, "ISL0018", "Obrazets Aveltona Invest JSC", date(2022, 8, 9), identifiers="inn 0000000012"),
    Line(ISLES, "ISL0024", "Obrazets Shipyard No. 143 JSC", None, type=""),
    Line(ISLES, "ISL0033", "SYNTHETIC, Ivan Denizov", date(2023, 4, 20), type="person"),
)


def lines() -> list[Line]:
    """The records of all three lists, those of a list together and in the order of their numbers."""
    places = list(LIST_DATES)
    every = (*(line for party in PARTIES for line in party.lines), *DECOYS)
    return sorted(every, key=lambda line: (places.index(line.authority), len(line.number), line.number))


def lists_csv() -> str:
    """The three lists as the text of one CSV file, in the columns of an extract."""
    rows = [_cells(line) for line in lines()]
    return as_csv(rows, list(rows[0]), ",", newline="\n")


def _cells(line: Line) -> Mapping[str, str]:
    return {
        "authority": line.authority,
        "list": f"{line.authority} sanctions list",
        "list_id": line.number,
        "name": line.name,
        "aliases": line.aliases,
        "listed_on": iso(line.listed_on),
        "list_date": LIST_DATES[line.authority].isoformat(),
        "type": line.type,
        "identifiers": line.identifiers,
        "addresses": line.addresses,
        "countries": line.countries,
        "delisted_on": iso(line.delisted_on),
    }


def iso(day: date | None) -> str:
    """A day as text, "" where it is not known."""
    return day.isoformat() if day else ""
