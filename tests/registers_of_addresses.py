"""Small registers of addresses in the publisher's layout, for tests; every street and use in them is SYNTHETIC."""

import csv
import uuid
import zipfile
from pathlib import Path

import polars as pl

from tradeanalytics.clean.nar import build_register
from tradeanalytics.parties.residences import ASKED, Register

HEADINGS = (
    *("LOC_GUID", "ADDR_GUID", "APT_NO_LABEL", "CIVIC_NO", "CIVIC_NO_SUFFIX", "OFFICIAL_STREET_NAME"),
    *("OFFICIAL_STREET_TYPE", "OFFICIAL_STREET_DIR", "PROV_CODE", "CSD_ENG_NAME", "CSD_FRE_NAME", "CSD_TYPE_ENG_CODE"),
    *("CSD_TYPE_FRE_CODE", "MAIL_STREET_NAME", "MAIL_STREET_TYPE", "MAIL_STREET_DIR", "MAIL_MUN_NAME"),
    *("MAIL_PROV_ABVN", "MAIL_POSTAL_CODE", "BG_DLS_LSD", "BG_DLS_QTR", "BG_DLS_SCTN", "BG_DLS_TWNSHP", "BG_DLS_RNG"),
    *("BG_DLS_MRD", "BG_X", "BG_Y", "BF_REPPOINT_X", "BF_REPPOINT_Y", "BU_N_CIVIC_ADD", "BU_USE"),
)
PLACES = (
    *("LOC_GUID", "CSD_CODE", "FED_CODE", "FED_ENG_NAME", "FED_FRE_NAME", "ER_CODE", "ER_ENG_NAME", "ER_FRE_NAME"),
    *("BG_LATITUDE", "BG_LONGITUDE", "BF_REPPOINT_LATITUDE", "BF_REPPOINT_LONGITUDE"),
)
Row = dict[str, str]


def guid(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(map(str, parts))))


def row(
    text: str, use: object, *, place: str = "Toronto", mail: str = "", postal: str = "M9X9X9", loc: str = ""
) -> Row:
    """An address from "unit|number|suffix|street|type|direction"; the same name in the mail unless it is told."""
    unit, civic, suffix, street, kind, direction = text.split("|")
    of_mail = mail.split("|") if mail else [street.upper(), kind, direction]
    told = dict.fromkeys(HEADINGS, "")
    told |= {"LOC_GUID": loc or guid(civic, suffix, street, kind, direction, place), "ADDR_GUID": guid(text, place)}
    told |= {"APT_NO_LABEL": unit, "CIVIC_NO": civic, "CIVIC_NO_SUFFIX": suffix, "BU_USE": str(use)}
    told |= {"OFFICIAL_STREET_NAME": street, "OFFICIAL_STREET_TYPE": kind, "OFFICIAL_STREET_DIR": direction}
    told |= dict(zip(("MAIL_STREET_NAME", "MAIL_STREET_TYPE", "MAIL_STREET_DIR"), of_mail, strict=True))
    told |= {"CSD_ENG_NAME": place, "CSD_FRE_NAME": place, "MAIL_MUN_NAME": place.upper(), "MAIL_POSTAL_CODE": postal}
    return told | {"PROV_CODE": "35", "MAIL_PROV_ABVN": "ON"}


def point(address: Row, latitude: object, longitude: object, *, block: tuple[object, object] = ("", "")) -> Row:
    """Where the building of an address is."""
    told = {**dict.fromkeys(PLACES, ""), "LOC_GUID": address["LOC_GUID"]}
    told |= {"BG_LATITUDE": str(latitude), "BG_LONGITUDE": str(longitude)}
    return told | {"BF_REPPOINT_LATITUDE": str(block[0]), "BF_REPPOINT_LONGITUDE": str(block[1])}


def write(
    folder: Path,
    rows: list[Row],
    points: list[Row] = [],  # noqa: B006
    *,
    headings: dict[str, str] | None = None,
    encoding: str = "utf-8",
    province: str = "35",
) -> Path:
    """A register unpacked in a folder. `headings`: other names of columns, "" for one that is not there."""
    for kind, names, told in (("Addresses/Address", HEADINGS, rows), ("Locations/Location", PLACES, points)):
        path = folder / f"{kind}_{province}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        spelled = {name: (headings or {}).get(name, name) for name in names}
        with path.open("w", encoding=encoding, newline="") as file:
            out = csv.writer(file)
            out.writerow([spelling for spelling in spelled.values() if spelling])
            out.writerows([one[name] for name in names if spelled[name]] for one in told)
    return folder


def packed(folder: Path, path: Path) -> Path:
    """The same in the publisher's zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.rglob("*.csv")):
            archive.write(one, one.relative_to(folder).as_posix())
    return path


def built(folder: Path, rows: list[Row], points: list[Row] = []) -> Register:  # noqa: B006
    """A register of these rows, opened."""
    build_register(write(folder / "202606", rows, points), folder / "built")
    return Register(folder / "built")


def asked(*addresses: dict[str, object]) -> pl.DataFrame:
    """Addresses in the columns of the parser; what is not told is empty."""
    empty: dict[str, object] = {**dict.fromkeys(ASKED, ""), "kind": "street", "country": "CA", "other_readings": []}
    rows = [{**empty, "general_delivery": False, **one} for one in addresses]
    return pl.DataFrame(rows, schema_overrides={"other_readings": pl.List(pl.List(pl.String))})
