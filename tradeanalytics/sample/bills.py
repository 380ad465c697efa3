"""An invented export of US import bills of lading, in the headings of a trade-data vendor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tradeanalytics.sample.declarations import as_csv

ROWS = 1_000
# Milligrams in one unit: ET and MT are tonnes, ST short tons, L and LB pounds.
UNITS = {
    "KG": 1_000_000,
    "K": 1_000_000,
    "ET": 1_000_000_000,
    "MT": 1_000_000_000,
    "ST": 907_186_000,
    "LB": 453_592,
    "L": 453_592,
}
_COARSE = ("ET", "MT", "ST")
PAIRS, TO_ORDER, CARE_OF, CANADIAN, NO_CONSIGNEE, NO_SHIPPER, NO_VALUE, ABSURD = 30, 25, 20, 40, 45, 60, 15, 3
FORWARDER, BANK = "SYNTHETIC FERNOVAX FORWARDING INC", "SYNTHETIC BANKORELLA NA"
CONSIGNEES = (
    "SYNTHETIC ALDERVINE INC",
    "SYNTHETIC BRISTOMAR CORP",
    "SYNTHETIC CALDOVEX LLC",
    "SYNTHETIC DREMMLOCK INC",
    "SYNTHETIC ELVANTREE LTD",
    "SYNTHETIC FARRODYNE INC",
    "SYNTHETIC GLENVORRA COMPANY LIMITED",
    "SYNTHETIC HAVRINGTEX LLC",
    "SYNTHETIC INVARMONT CORP",
    "SYNTHETIC JOLMERRY INC",
)
SHIPPERS = (
    ("SYNTHETIC KIMENTORA SANAYI VE TICARET AS", "Turkey"),
    ("SYNTHETIC LONGVEXIN CO LTD", "China"),
    ("SYNTHETIC MARDELVIA SPA", "Italy"),
    ("SYNTHETIC NORDVAXEN GMBH", "Germany"),
    ("SYNTHETIC OKTARVIN CO LTD", "South Korea"),
    ("SYNTHETIC PELDRAXIS LTD", "Hong Kong"),
)
GOODS = (  # description, code, cents a kg: what the vendor multiplies by the weight
    ("BAG BAGS CEMENT ASTM C 150", "2523.21", 9),
    ("CERAMIC FLOOR TILES", "6907.21", 60),
    ("WOODEN FURNITURE 200 CTNS", "9403.60", 310),
    ("STEEL BOLTS AND NUTS DIN 933", "7318.15", 220),
    ("LED LAMPS 12,000 PCS", "9405.42", 1_400),
    ("ELECTRONIC PARTS NOI", "8542.39", 9_000),
)
COFFEE = ("0901.11", 721)  # what cement in bags was taken for


@dataclass(frozen=True)
class Bill:
    """One bill as the vendor shows it: its weight in the unit of the manifest."""

    number: str
    arrival: date
    consignee: str
    shipper: str
    shipper_country: str
    goods: str
    code: str
    price: int
    source: str
    weight: int
    unit: str
    kind: str = "Simple"
    master: str = ""
    place: str = "HOUSTON\nTX 77001\nUS"
    state: str = "Texas"
    postal: str = "77001"
    country: str = "United States"
    valued: bool = True

    @property
    def kilograms(self) -> int:
        """The weight in whole kilograms, half up."""
        return (self.weight * UNITS[self.unit] + 500_000) // 1_000_000

    @property
    def usd_cents(self) -> int:
        """The vendor's estimate: its price of the code times the weight."""
        return self.kilograms * self.price


def make_bills(random: Random) -> list[Bill]:
    """A thousand bills; each quirk on rows of its own, so that its count is known."""
    bills = [_simple(random, place) for place in range(ROWS - PAIRS)]
    bounds = (PAIRS, TO_ORDER, CARE_OF, CANADIAN, NO_CONSIGNEE, NO_SHIPPER, NO_VALUE, ABSURD)
    starts = [sum(bounds[:place]) for place in range(len(bounds) + 1)]
    changes = (_house, _to_order, _care_of, _canadian, _no_consignee, _no_shipper, _no_value, _absurd)
    for change, start, end in zip(changes, starts[:-1], starts[1:], strict=True):
        bills[start:end] = [change(bill) for bill in bills[start:end]]
    masters = [replace(bill, number=bill.master, kind="Master", master="") for bill in bills[:PAIRS]]
    return sorted([*bills, *masters], key=lambda bill: (bill.arrival, bill.number))


def _simple(random: Random, place: int) -> Bill:
    goods, code, price = random.choice(GOODS)
    unit = random.choice(tuple(UNITS))
    shipper, country = random.choice(SHIPPERS)
    weight = random.randrange(20, 900) if unit in _COARSE else random.randrange(400, 90_000)
    source = random.choice(("Classified", "Parsed"))
    arrival = date(2022, 1, 1) + timedelta(days=random.randrange(540))
    consignee = random.choice(CONSIGNEES)
    return Bill(
        f"SYNT{10_000_000 + place}", arrival, consignee, shipper, country, goods, code, price, source, weight, unit
    )


def _house(bill: Bill) -> Bill:
    return replace(bill, kind="House", master=bill.number.replace("SYNT", "SYNM"))


def _to_order(bill: Bill) -> Bill:
    return replace(bill, consignee=f"TO THE ORDER OF {BANK}")


def _care_of(bill: Bill) -> Bill:
    return replace(bill, consignee=f"{bill.consignee} C/O {FORWARDER}")


def _canadian(bill: Bill) -> Bill:
    """CA is Canada here, not California: the postal code says so, and the country is empty."""
    return replace(bill, place="ABBOTSFORD, CA, V0X 0X0", state="CA", postal="V0X 0X0", country="")


def _no_consignee(bill: Bill) -> Bill:
    return replace(bill, consignee="")


def _no_shipper(bill: Bill) -> Bill:
    return replace(bill, shipper="", shipper_country="")


def _no_value(bill: Bill) -> Bill:
    return replace(bill, valued=False)


def _absurd(bill: Bill) -> Bill:
    """Cement that the vendor classified as coffee, and valued as coffee."""
    code, price = COFFEE
    return replace(bill, goods=GOODS[0][0], code=code, price=price, source="Classified", weight=19_981, unit="ET")


def bills_csv(bills: Sequence[Bill]) -> str:
    """The bills as the text of a CSV file, line feeds inside quoted cells."""
    rows = [_cells(bill) for bill in bills]
    return as_csv(rows, list(rows[0]), ",", newline="\n")


def _cells(bill: Bill) -> Mapping[str, str]:
    code = f"{bill.code}.00.00" if bill.source == "Parsed" else bill.code
    named, sent = bool(bill.consignee), bool(bill.shipper)
    return {
        "Bill of Lading Number": bill.number,
        "Bill of Lading Type": bill.kind,
        "Master Bill of Lading Number": bill.master,
        "Arrival Date": bill.arrival.isoformat(),
        "Consignee": bill.consignee,
        "Consignee State/Region": bill.state if named else "",
        "Consignee Postal Code": bill.postal if named else "",
        "Consignee Country": bill.country if named else "",
        "Consignee Full Address": f"12 VELMARA RD\n{bill.place}" if named else "",
        "Consignee D-U-N-S®": duns(bill.consignee),
        "Consignee (Original Format)": f"{bill.consignee}\n12 VELMARA RD\n{bill.place}" if named else "",
        "Shipper": bill.shipper,
        "Shipper Country": bill.shipper_country,
        "Shipper Full Address": f"7 VELMARA CAD\n{bill.shipper_country}" if sent else "",
        "Shipper D-U-N-S®": duns(bill.shipper),
        "Shipper (Original Format)": f"{bill.shipper}\n7 VELMARA CAD\n{bill.shipper_country}" if sent else "",
        "Carrier": "SYNT - SYNTHETIC LINES",
        "Notify Party": bill.consignee,
        "Shipment Origin": bill.shipper_country,
        "Shipment Destination": "Houston, Texas",
        "Port of Unlading": "Houston, Texas",
        "Port of Lading Country": bill.shipper_country,
        "Transport Method": "Maritime",
        "Vessel": "SYNTHETIC STAR",
        "Quantity": str(1 + bill.weight % 90),
        "Measurement": "PKG",
        "Weight (kg)": str(bill.kilograms),
        "Weight (t)": f"{bill.kilograms // 1_000}.{bill.kilograms % 1_000:03d}",
        "Weight (Original Format)": f"{bill.weight} {bill.unit}",
        "Value of Goods (USD)": f"{bill.usd_cents // 100}.{bill.usd_cents % 100:02d}" if bill.valued else "",
        "HS Code": f"{bill.source}: {code}",
        "Goods Shipped": bill.goods,
    }


def duns(name: str) -> str:
    """An invented nine-digit number; leading zeros are part of it."""
    names = (*CONSIGNEES, *(shipper for shipper, _ in SHIPPERS))
    return f"{names.index(name) + 101:09d}" if name in names else ""


def bills_key(bills: Sequence[Bill]) -> dict[str, object]:
    """What a reader of the bills must find, counted on the bills themselves."""
    kinds, sources = Counter(bill.kind for bill in bills), Counter(bill.source.lower() for bill in bills)
    absurd = [bill for bill in bills if (bill.code, bill.price) == COFFEE]
    counted = [bill for bill in bills if bill.kind != "Master"]
    return {
        "records": len(bills),
        "accepted": len(bills),
        "rejected": 0,
        "by_type": dict(kinds),
        "by_hs_source": dict(sources),
        "master_house_pairs": kinds["Master"],
        "to_order": {"rows": TO_ORDER, "second_party": BANK},
        "care_of": {"rows": CARE_OF, "second_party": FORWARDER},
        "ca_is_canada": {"rows": CANADIAN, "postal_code": "V0X 0X0"},
        "without_consignee": sum(not bill.consignee for bill in bills),
        "without_shipper": sum(not bill.shipper for bill in bills),
        "without_value": sum(not bill.valued for bill in bills),
        "cement_valued_as_coffee": {bill.number: {"usd_cents": bill.usd_cents} for bill in absurd},
        "rows_by_weight_unit": dict(Counter(bill.unit for bill in bills)),
        "kilograms_without_masters": sum(bill.kilograms for bill in counted),
        "usd_cents_without_masters": sum(bill.usd_cents for bill in counted if bill.valued),
        "duns_with_leading_zeros": sum(bool(duns(bill.consignee)) for bill in bills),
    }
