"""Whether addresses are recorded as residential: in a National Address Register, or by their form alone.

An address that a register has not is unknown, and unknown is not clean: the public register holds some four fifths of
all. A residence is a lead: homes of small firms are common and lawful.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.residences import keys, rules
from tradeanalytics.parties.residences.register import Asked, Found, Register, Uses, register_folder
from tradeanalytics.parties.residences.verdicts import LOW, RESIDENTIAL, UNKNOWN, Verdict, can_be, mix, verdict

__all__ = ["COLUMNS", "Register", "classify", "register_folder"]

ASKED = (
    *("unit", "civic", "civic_suffix", "street", "street_type", "direction", "municipality", "province"),
    *("postal_code", "country", "po_box", "rural_route", "general_delivery", "building", "kind", "other_readings"),
)
COLUMNS: dict[str, Any] = {
    "use": pl.String,
    "basis": pl.String,
    "confidence": pl.String,
    "possibly_residential": pl.Boolean,
    "home_ratio": pl.Float64,
    "register_id": pl.String,
    "register_vintage": pl.String,
    "found_by": pl.String,
    "street_known": pl.Boolean,
    "n_units": pl.Int64,
    "n1": pl.Int64,
    "n2": pl.Int64,
    "n3": pl.Int64,
    "n4": pl.Int64,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "point": pl.String,
    "reason": pl.String,
    "does_not_prove": pl.String,
}
_KINDS = {
    "po_box": "A post office box: mail is held there, and nothing says where the party is.",
    "rural_route": "A rural route: mail is brought along a road, and no building is told.",
    "general_delivery": "General delivery: mail is held at a post office, and nothing says where the party is.",
}
_PROVES = {
    RESIDENTIAL: "It does not prove that nothing but a home is there, nor that it was one at another time: firms run"
    " from homes are common and lawful.",
    "mixed": "It does not prove which part of the building the party has.",
    "non_residential": "It does not prove that the party is there, nor that it does business.",
    UNKNOWN: "Unknown says nothing either way: the public register holds some four fifths of all addresses.",
}
_NO_SUCH = "The number is not in the register on that street"
_NO_PREMISES = "It says nothing of where the party is, lives or works."
Row = dict[str, Any]


def classify(addresses: pl.DataFrame | pd.DataFrame, register: Register | None = None) -> pl.DataFrame:
    """The use of each address, a row a row and in their order: COLUMNS.

    `addresses`: distinct addresses in the columns of `parties.addresses.Address`. `use` is residential, mixed or
    non_residential only where the register has the very number (`basis` nar_unit or nar_building), else po_box,
    rural_route, general_delivery or unknown. `possibly_residential`: of an unknown, whether weaker signs (its postal
    code, `basis` nar_postal_prior, or its form, `basis` rule) are those of a home; null where the use is known.
    `home_ratio`: how much likelier it is a house's than a company's by its form. `n_units` and n1 to n4: addresses at
    the number, by use; of an unknown by its postal code, those of the code. `street_known`: of a number that the
    register has not, whether it has that street in that place; else null. Without a register all is told by rules.
    Raises TradeAnalyticsError for a table that lacks a column.
    """
    with _nothing_collected():
        return _classified(_rows(addresses), register)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """All rows live until the end: looking through them for what does not took a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _classified(rows: Sequence[Row], register: Register | None) -> pl.DataFrame:
    asked = [_asked(place, row) for place, row in enumerate(rows)]
    found = register.find([way for ways in asked for way in ways]) if register else None
    vintage = register.vintage if register else None
    told = [_told(row, ways, found, vintage) for row, ways in zip(rows, asked, strict=True)]
    return pl.DataFrame([tuple(row.get(name) for name in COLUMNS) for row in told], schema=COLUMNS, orient="row")


def _rows(addresses: pl.DataFrame | pd.DataFrame) -> list[Row]:
    if missing := [name for name in ASKED if name not in addresses.columns]:
        raise TradeAnalyticsError(f"addresses: no column {missing[0]!r}; expected {', '.join(ASKED)}")
    columns = [[_cell(cell) for cell in addresses[name].to_list()] for name in ASKED]
    return [dict(zip(ASKED, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _cell(cell: Any) -> Any:
    """Text or a list; pandas has NaN where a cell is missing."""
    return "" if cell is None or cell is pd.NA or cell != cell else cell


def _asked(place: int, row: Row) -> list[Asked]:
    """Every way to ask the register for an address: each reading, with each way to read its street."""
    if row["kind"] != "street" or not _in_canada(row):
        return []
    code = keys.postal(row["postal_code"])
    province = (row["province"].strip().upper()) or keys.province_of(code)
    places = keys.municipalities(row["municipality"], province) if row["municipality"] else ()
    streets = keys.streets(row["street"], row["street_type"], row["direction"])
    return [
        Asked(place, number, keys.unit(unit), civic, keys.suffix(suffix), *street, code, places)
        for number, (unit, of, suffix) in enumerate(_readings(row))
        if (civic := keys.civic(of))
        for street in streets
    ]


def _in_canada(row: Row) -> bool:
    return row["country"] in ("", "CA")


def _readings(row: Row) -> Iterator[tuple[str, str, str]]:
    """Unit, number and suffix: as read first, then otherwise."""
    yield row["unit"], row["civic"], row["civic_suffix"]
    others = row["other_readings"]
    for one in ast.literal_eval(others) if others and isinstance(others, str) else others or ():
        unit, civic, suffix = one.values() if isinstance(one, dict) else one
        yield unit or "", civic or "", suffix or ""


def _told(row: Row, asked: Sequence[Asked], found: Found | None, vintage: str | None) -> Row:
    if row["kind"] in _KINDS:
        return _row(row["kind"], "rule", "high", _KINDS[row["kind"]], proves=_NO_PREMISES)
    if not _in_canada(row):
        return _row(
            UNKNOWN, "rule", LOW, f"The register holds addresses in Canada, and this one is in {row['country']}."
        )
    if not asked:
        return _row(UNKNOWN, "rule", LOW, "No number on a street is told, so there is nothing to look up.")
    ratio = rules.home_ratio(asked[0].type, asked[0].direction, asked[0].civic)
    if found is None:
        return {**_by_form(row, ratio, "No register was asked"), "home_ratio": ratio}
    place = asked[0].address
    said = verdict(asked, found.buildings.get(place, ()), found.units, found.variants.get(place, set()))
    known = _by_register(said, vintage) if said else _by_postal_code(row, asked[0], found, ratio)
    street = _street_known(asked, found) if row["municipality"] and not said else None
    return {**known, "home_ratio": ratio, "register_vintage": vintage, "street_known": street}


def _street_known(asked: Sequence[Asked], found: Found) -> bool:
    variants = found.variants.get(asked[0].address, set())
    return any(can_be(one, (way.street, way.type, way.direction)) for way in asked for one in variants)


def _row(use: str, basis: str, confidence: str, reason: str, *, proves: str = "", **more: Any) -> Row:
    told = {"use": use, "basis": basis, "confidence": confidence, "reason": reason}
    possible = False if use == UNKNOWN else None
    return {**told, "possibly_residential": possible, "does_not_prove": proves or _PROVES[use], **more}


def _by_register(said: Verdict, vintage: str | None) -> Row:
    of = f"the register of {vintage}" if vintage else "a register whose date is not known"
    reason = f"In {of}, {said.why}."
    more: Row = {"register_id": said.register_id}
    if said.use == UNKNOWN:
        more["possibly_residential"] = said.possible
    if said.building and said.uses:
        one = said.building
        point = {"latitude": one.latitude, "longitude": one.longitude, "point": one.point}
        more |= {"found_by": one.found_by, **_counts(said.uses), **point}
    return _row(said.use, said.basis, said.confidence, reason, **more)


def _counts(uses: Uses) -> Row:
    return {"n_units": sum(uses), **uses._asdict()}


def _by_postal_code(row: Row, asked: Asked, found: Found, ratio: float) -> Row:
    uses = found.postal.get(asked.postal)
    if uses is None:
        return _by_form(row, ratio, _NO_SUCH)
    reason = f"{_NO_SUCH}; of the addresses recorded under {asked.postal}, {mix(uses)}."
    possible = rules.mostly_homes(uses)
    return _row(UNKNOWN, "nar_postal_prior", LOW, reason, possibly_residential=possible, **_counts(uses))


def _by_form(row: Row, ratio: float, why: str) -> Row:
    if rules.is_dwelling_word(row["unit"]):
        return _row(UNKNOWN, "rule", LOW, f"{why}; its unit is called a dwelling's.", possibly_residential=True)
    form = f"by type of street, direction and number a house's is {ratio:.2g} times as likely as a company's"
    return _row(UNKNOWN, "rule", LOW, f"{why}; {form}.", possibly_residential=ratio >= rules.AT_LEAST)
