"""The red flags of an address in words: each with its source, and what it does not prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HIGH, MEDIUM, LOW = "high", "medium", "low"


@dataclass(frozen=True)
class Flag:
    """A red flag. `sentences`: by what it was raised from (its basis), how much it weighs, "" where the lead tells it,
    and the sentence with what is filled in.
    """

    name: str
    sentences: Mapping[str, tuple[str, str]]
    source: str
    does_not_prove: str


_ALERT = "FinCEN and BIS, supplemental alert FIN-2023-Alert004, 19 May 2023"
_LISTED = "BIS, rule on listed addresses, 12 June 2024"
_HONG_KONG = "BIS, due-diligence guidance on Hong Kong (date not recorded here)"
_EAR = "EAR, part 732, Supplement No. 3 (red flags, as added to at the end of 2024)"
_FINTRAC = "FINTRAC, special bulletin SB002, June 2024"
_REGISTER = "Statistics Canada, National Address Register"
_OURS = "a rule of this package; no authority is known here to name it"
_HOMES = "Firms run from homes are common and lawful, and the register is of its own date, not of the shipment's."
_RECORDED = "The address is recorded as residential in the National Address Register of {vintage}."
_SHARED = "Companies of one group, tenants who follow each other and registered offices share rooms lawfully."

_ENGLISH: Mapping[str, Flag] = {
    "A1": Flag(
        "residence",
        dict.fromkeys(("nar_unit", "nar_building"), ("", _RECORDED)),
        f"{_ALERT}: “business address is a residence”; {_REGISTER}",
        f"It does not prove that nothing but a home is there. {_HOMES}",
    ),
    "A1P": Flag(
        "possibly a residence",
        {
            "nar_building": (LOW, "The address is possibly residential, but the register does not settle it: {reason}"),
            "nar_postal_prior": (LOW, "The address is possibly residential by its postal code: {reason}"),
            "rule": (LOW, "The address is possibly residential by its form alone: {reason}"),
        },
        f"{_ALERT}: “business address is a residence”; that this one is, is a guess of this package",
        f"It is not recorded as a residence anywhere that was looked at. {_HOMES}",
    ),
    "A2": Flag(
        "shared door",
        {
            "unit": (MEDIUM, "{count} companies give this one room as their address: {others}."),
            "building": (LOW, "{count} companies give this number, at which no room is told: {others}."),
        },
        f"{_LISTED}: an address “associated with a significant number of entities”",
        f"It does not prove that the companies have to do with each other. {_SHARED}",
    ),
    "A3": Flag(
        "registered office or mailbox",
        {
            "declared": (LOW, "The address is one that you declared to be a registered office."),
            "registered": (LOW, "{count:,} companies of {register} have their registered office there."),
            "offshore": (LOW, "{count:,} companies of {register} have this address."),
            "mailbox": (MEDIUM, "The address is a rented mailbox by its own words: “{words}”."),
            "records": (MEDIUM, "{count} companies give this one room as their address: too many to work there."),
        },
        f"{_HONG_KONG}: address of a secretarial firm or registered office",
        "It does not prove that the company does no business: law makes many have a registered office.",
    ),
    "A4": Flag(
        "no premises",
        {
            "po_box": (LOW, "The address is a post office box: nothing says where the party is."),
            "rural_route": (LOW, "The address is a rural route without a number: nothing says where the party is."),
            "general_delivery": (LOW, "The address is general delivery: nothing says where the party is."),
        },
        _EAR,
        "It does not prove that there are no premises: in the country, and in states without numbers, it is usual.",
    ),
    "A5": Flag(
        "no street",
        {"rule": (LOW, "The address names a place and no street: “{address}”.")},
        _OURS,
        "It does not prove that the party hides its address: whoever typed the record may have left it out.",
    ),
    "A6": Flag(
        "address in another country",
        {"rule": (MEDIUM, "The record gives the party's country as {told}, and its address is in {there}.")},
        f"{_FINTRAC}: front companies and third-country trade",
        "It does not prove that the company is a front: branches and agents have such addresses, and clerks err.",
    ),
    "A7": Flag(
        "premises of a listed party",
        {
            "room": (HIGH, "The same room is the address of {listed}."),
            "building": (LOW, "The same building is the address of {listed}; not both tell a room."),
            "other_room": (LOW, "Another room of the same building is the address of {listed}."),
        },
        f"{_LISTED}; joint alert FIN-2022-Alert003, 28 June 2022: addresses shared with designated companies",
        "It does not prove a link to the listed party, which may have left, nor that a licence is needed.",
    ),
    "A8": Flag(
        "postal code of another province",
        {"rule": (LOW, "Postal codes that begin with {letter} are in {there}, and the address is in {told}.")},
        "Canada Post: the first letter of a postal code tells the province; that this is odd is a rule of this package",
        "It does not prove that the address is false: slips in postal codes are common.",
    ),
    "A9": Flag(
        "several addresses",
        {
            "several": (LOW, "The company is recorded at {count} premises in these records."),
            "changed": (
                MEDIUM,
                "The company is first recorded at these premises on {first}, and was recorded elsewhere by {since}.",
            ),
        },
        f"{_ALERT} (due diligence on what is new after 24 February 2022); {_OURS}",
        "It does not prove a new business: companies move, and have branches. Equal names need not be one company.",
    ),
    "A10": Flag(
        "number not on the street",
        {"rule": (LOW, "The register of {vintage} has the street in that place, and not this number on it.")},
        f"{_REGISTER}; that this is odd is a rule of this package",
        "It does not prove that there is no such number: the public register holds some four fifths of all.",
    ),
    "A11": Flag(
        "consignee is a middleman",
        {
            "care_of": (MEDIUM, "The consignee is reached in care of somebody else: “{words}”."),
            "forwarder": (MEDIUM, "The consignee is a forwarder, broker or warehouse by its name: “{words}”."),
        },
        f"{_EAR}: a freight forwarder is listed as the final destination",
        "It does not prove that the goods go elsewhere: many importers let a forwarder receive for them.",
    ),
}
WORDS: Mapping[str, Mapping[str, Flag]] = {"en": _ENGLISH}  # by language
