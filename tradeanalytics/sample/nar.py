"""The sample's register of addresses: the zip of a National Address Register, in the layout of June 2026.

Every street, postal code, identifier and use in it is invented (see `premises`).
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable, Sequence

from tradeanalytics.sample.declarations import as_csv
from tradeanalytics.sample.packing import stamped
from tradeanalytics.sample.premises import BOXES, BUILDINGS, ONTARIO, QUEBEC, Building

REGISTER = "SYNTHETIC_addresses_register.zip"
RELEASED = (2026, 6, 1)  # the date of the members, which tells the release where the name does not
HEADINGS = (
    *("LOC_GUID", "ADDR_GUID", "APT_NO_LABEL", "CIVIC_NO", "CIVIC_NO_SUFFIX", "OFFICIAL_STREET_NAME"),
    *("OFFICIAL_STREET_TYPE", "OFFICIAL_STREET_DIR", "PROV_CODE", "CSD_ENG_NAME", "CSD_FRE_NAME", "CSD_TYPE_ENG_CODE"),
    *("CSD_TYPE_FRE_CODE", "MAIL_STREET_NAME", "MAIL_STREET_TYPE", "MAIL_STREET_DIR", "MAIL_MUN_NAME"),
    *("MAIL_PROV_ABVN", "MAIL_POSTAL_CODE", "BG_DLS_LSD", "BG_DLS_QTR", "BG_DLS_SCTN", "BG_DLS_TWNSHP", "BG_DLS_RNG"),
    *("BG_DLS_MRD", "BG_X", "BG_Y", "BF_REPPOINT_X", "BF_REPPOINT_Y", "BU_N_CIVIC_ADD", "BU_USE"),
)
LOCATION_HEADINGS = (
    *("LOC_GUID", "CSD_CODE", "FED_CODE", "FED_ENG_NAME", "FED_FRE_NAME", "ER_CODE", "ER_ENG_NAME", "ER_FRE_NAME"),
    *("BG_LATITUDE", "BG_LONGITUDE", "BF_REPPOINT_LATITUDE", "BF_REPPOINT_LONGITUDE"),
)
_LETTERS = {ONTARIO: "ON", QUEBEC: "QC"}
_CITIES = {"Toronto": ("3520005", "C", "C"), "Montréal": ("2466023", "V", "V")}  # code and kind of the census
_REGIONS = {"Toronto": ("3530", "Toronto", "Toronto"), "Montréal": ("2440", "Montréal", "Montréal")}
_NOTICE = b"SYNTHETIC: every street, postal code, identifier and use is invented."

Row = dict[str, str]


def register_zip() -> bytes:
    """The zip: addresses and locations of two provinces, not packed, the same bytes on every system."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = _NOTICE
        for name, content in _members().items():
            archive.writestr(stamped(name, RELEASED), content, zipfile.ZIP_STORED)
    return out.getvalue()


def _members() -> dict[str, bytes]:
    members = {}
    for province in (QUEBEC, ONTARIO):
        inside = [one for one in BUILDINGS if one.street.province == province]
        addresses = [row for one in inside for row in _addresses(one)]
        boxes = [_box(text) for text in BOXES] if province == ONTARIO else []
        members[f"Addresses/Address_{province}.csv"] = _csv([*addresses, *boxes], HEADINGS)
        members[f"Locations/Location_{province}.csv"] = _csv(map(_location, inside), LOCATION_HEADINGS)
    return members


def _csv(rows: Iterable[Row], headings: Sequence[str]) -> bytes:
    """Headings that no row fills stay empty, as most do in the publisher's files."""
    whole = [dict.fromkeys(headings, "") | row for row in rows]
    return as_csv(whole, headings, ",", newline="\n").encode()


def addresses_in_register() -> int:
    """How many rows of addresses the register has, those that go to no number on a street included."""
    return sum(len(one.addresses) for one in BUILDINGS) + len(BOXES)


def location_id(building: Building) -> str:
    """LOC_GUID of a building."""
    return _guid("location", building.street.name, building.civic, building.twin)


def address_id(building: Building, unit: str) -> str:
    """ADDR_GUID of an address in a building."""
    return _guid("address", building.street.name, building.civic, building.twin, unit)


def _guid(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(map(str, ("SYNTHETIC", *parts)))))


def _addresses(building: Building) -> list[Row]:
    """A row for each address. Metres (BG_X, BG_Y) stay empty: degrees stand in the locations."""
    street = building.street
    _, kind, french = _CITIES[street.city]
    same = {
        "LOC_GUID": location_id(building),
        "CIVIC_NO": str(building.civic),
        "OFFICIAL_STREET_NAME": street.name,
        "OFFICIAL_STREET_TYPE": street.type,
        "OFFICIAL_STREET_DIR": street.direction,
        "PROV_CODE": street.province,
        "CSD_ENG_NAME": street.city,
        "CSD_FRE_NAME": street.city,
        "CSD_TYPE_ENG_CODE": kind,
        "CSD_TYPE_FRE_CODE": french,
        "MAIL_STREET_NAME": street.name.upper(),
        "MAIL_STREET_TYPE": street.type,
        "MAIL_STREET_DIR": street.direction,
        "MAIL_MUN_NAME": street.mail,
        "MAIL_PROV_ABVN": _LETTERS[street.province],
        "MAIL_POSTAL_CODE": building.postal,
    }
    return [
        {**same, "ADDR_GUID": address_id(building, unit), "APT_NO_LABEL": unit, "BU_USE": str(use)}
        for unit, use in building.addresses
    ]


def _box(text: str) -> Row:
    """Mail to a box: a building whose number is not told."""
    told = {"LOC_GUID": _guid("location", text), "ADDR_GUID": _guid("address", text), "PROV_CODE": ONTARIO}
    place = {"CSD_ENG_NAME": "Caledon", "CSD_FRE_NAME": "Caledon", "MAIL_MUN_NAME": "CALEDON", "MAIL_PROV_ABVN": "ON"}
    return {**told, **place, "BU_N_CIVIC_ADD": text, "BU_USE": "4"}


def _location(building: Building) -> Row:
    """Where a building is; the point of its block face is the same to three decimals."""
    code, *_ = _CITIES[building.street.city]
    region, english, french = _REGIONS[building.street.city]
    latitude, longitude = building.spot
    return {
        "LOC_GUID": location_id(building),
        "CSD_CODE": code,
        "ER_CODE": region,
        "ER_ENG_NAME": english,
        "ER_FRE_NAME": french,
        "BG_LATITUDE": _degrees(latitude, 4),
        "BG_LONGITUDE": _degrees(longitude, 4),
        "BF_REPPOINT_LATITUDE": _degrees(latitude // 10, 3),
        "BF_REPPOINT_LONGITUDE": _degrees(longitude // 10, 3),
    }


def _degrees(whole: int, decimals: int) -> str:
    """A whole number of parts of a degree as text, without floats.

    >>> _degrees(435_710, 4), _degrees(-793_890, 4)
    ('43.5710', '-79.3890')
    """
    sign, parts = "-" if whole < 0 else "", f"{abs(whole)}"
    return f"{sign}{parts[:-decimals]}.{parts[-decimals:]}"
