"""The red flags of an address in words, English and French: each with its source, and what it does not prove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from babel.numbers import format_decimal

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.lists import list_title

Words = TypeVar("Words")
Told = Callable[[str], str] | str | int | None
"""What a sentence is filled with: text, a number, or what says it in a language; None is a date that is not known."""

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
            "nar_building": (
                LOW,
                "The address is possibly residential, but the register of {vintage} does not settle it: what is told"
                " fits more than one place or number there.",
            ),
            "nar_postal_prior": (
                LOW,
                "The address is possibly residential by its postal code: the number is not in the register of {vintage}"
                " on that street, and of the addresses under {postal_code} whose use is known at least {share} in 100"
                " are residential.",
            ),
            "rule": (
                LOW,
                "The address is possibly residential by its form alone: by type of street, direction and number a"
                " house's is {ratio} times as likely as a company's.",
            ),
            "dwelling_word": (
                LOW,
                "The address is possibly residential by its form alone: its unit is called an apartment, a penthouse, a"
                " townhouse or a basement.",
            ),
        },
        f"{_ALERT}: “business address is a residence”; that this one is, is a guess of this package",
        f"It is not recorded as a residence anywhere that was looked at. {_HOMES}",
    ),
    "A2": Flag(
        "shared door",
        {
            "unit": (MEDIUM, "{count} companies give this one room as their address: {others}."),
            "floor": (LOW, "{count} companies give this floor of the building and no room on it: {others}."),
            "building": (LOW, "{count} companies give this number, at which no room is told: {others}."),
        },
        f"{_LISTED}: an address “associated with a significant number of entities”",
        f"It does not prove that the companies have to do with each other. {_SHARED}",
    ),
    "A3": Flag(
        "registered office or mailbox",
        {
            "declared": (LOW, "The address is one that you declared to be a registered office."),
            "registered": (LOW, "{count} companies of {register} have their registered office there."),
            "offshore": (LOW, "{count} companies of {register} have this address."),
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
            "same_number": (
                MEDIUM,
                "A room of the same number in the same building is the address of {listed}; not both tell the floor or"
                " the block.",
            ),
            "floor": (MEDIUM, "The same floor of the same building is the address of {listed}; no room is told."),
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
            "care_of": (MEDIUM, "The party is reached in care of somebody else: “{words}”."),
            "forwarder": (MEDIUM, "The consignee is a forwarder, broker or warehouse by its name: “{words}”."),
        },
        f"{_EAR}: a freight forwarder is listed as the final destination",
        "It does not prove that the goods go elsewhere: many importers let a forwarder receive for them.",
    ),
}
_ALERT_FR = "FinCEN et BIS, alerte complémentaire FIN-2023-Alert004, 19 mai 2023"
_LISTED_FR = "BIS, règle sur les adresses inscrites, 12 juin 2024"
_HONG_KONG_FR = "BIS, indications sur la diligence raisonnable à Hong Kong (date non consignée ici)"
_EAR_FR = "EAR, partie 732, supplément no 3 (signaux d’alerte, dans sa version complétée à la fin de 2024)"
_FINTRAC_FR = "CANAFE, bulletin spécial SB002, juin 2024"
_REGISTER_FR = "Statistique Canada, Registre national des adresses"
_OURS_FR = "règle de ce logiciel\u00a0; aucune autorité connue ici ne la formule"
_ODD_FR = "y voir une anomalie est une règle de ce logiciel"
_HOMES_FR = (
    "Les entreprises établies à domicile sont courantes et légitimes, et le registre a sa propre date, qui n’est pas"
    " celle de l’expédition."
)
_RECORDED_FR = (
    "L’adresse est inscrite comme résidentielle au Registre national des adresses (version\u00a0: {vintage})."
)
_SHARED_FR = (
    "Les entreprises d’un même groupe, les locataires qui se succèdent et les sièges sociaux partagent légitimement des"
    " locaux."
)
_QUOTED_FR = "«\u00a0business address is a residence\u00a0» (l’adresse de l’entreprise est une résidence)"

_FRENCH: Mapping[str, Flag] = {
    "A1": Flag(
        "résidence",
        dict.fromkeys(("nar_unit", "nar_building"), ("", _RECORDED_FR)),
        f"{_ALERT_FR}\u00a0: {_QUOTED_FR}\u00a0; {_REGISTER_FR}",
        f"Cela ne prouve pas qu’il n’y ait là qu’un logement. {_HOMES_FR}",
    ),
    "A1P": Flag(
        "résidence possible",
        {
            "nar_building": (
                LOW,
                "L’adresse est peut-être résidentielle, mais le registre (version\u00a0: {vintage}) ne permet pas de"
                " trancher\u00a0: ce qui est indiqué y correspond à plus d’un lieu ou d’un numéro.",
            ),
            "nar_postal_prior": (
                LOW,
                "L’adresse est peut-être résidentielle d’après son code postal\u00a0: le numéro ne figure pas au"
                " registre (version\u00a0: {vintage}) dans cette rue, et parmi les adresses sous {postal_code} dont"
                " l’usage est connu, au moins {share} sur 100 sont résidentielles.",
            ),
            "rule": (
                LOW,
                "L’adresse est peut-être résidentielle d’après sa seule forme\u00a0: selon le type de rue,"
                " l’orientation et le numéro, celle d’une maison est {ratio} fois plus probable que celle d’une"
                " entreprise.",
            ),
            "dwelling_word": (
                LOW,
                "L’adresse est peut-être résidentielle d’après sa seule forme\u00a0: son unité est appelée"
                " appartement, penthouse, maison en rangée ou sous-sol.",
            ),
        },
        f"{_ALERT_FR}\u00a0: {_QUOTED_FR}\u00a0; que celle-ci en soit une est une supposition de ce logiciel",
        f"Rien de ce qui a été consulté ne l’inscrit comme résidence. {_HOMES_FR}",
    ),
    "A2": Flag(
        "adresse commune",
        {
            "unit": (MEDIUM, "{count} entreprises donnent ce même local comme adresse\u00a0: {others}."),
            "floor": (LOW, "{count} entreprises donnent cet étage de l’immeuble, sans local\u00a0: {others}."),
            "building": (LOW, "{count} entreprises donnent ce numéro, où aucun local n’est indiqué\u00a0: {others}."),
        },
        f"{_LISTED_FR}\u00a0: adresse «\u00a0associated with a significant number of entities\u00a0» (liée à un grand"
        " nombre d’entités)",
        f"Cela ne prouve pas que ces entreprises aient affaire les unes aux autres. {_SHARED_FR}",
    ),
    "A3": Flag(
        "siège social ou boîte postale privée",
        {
            "declared": (LOW, "L’adresse est de celles que vous avez déclarées comme sièges sociaux."),
            "registered": (LOW, "{count} entreprises y ont leur siège social d’après cette source\u00a0: {register}."),
            "offshore": (LOW, "{count} entreprises ont cette adresse d’après cette source\u00a0: {register}."),
            "mailbox": (
                MEDIUM,
                "L’adresse est, selon ses propres mots, une boîte postale louée\u00a0: «\u00a0{words}\u00a0».",
            ),
            "records": (
                MEDIUM,
                "{count} entreprises donnent ce même local comme adresse\u00a0: trop pour y travailler.",
            ),
        },
        f"{_HONG_KONG_FR}\u00a0: adresse d’un cabinet de secrétariat ou d’un siège social",
        "Cela ne prouve pas que l’entreprise soit sans activité\u00a0: la loi impose à beaucoup d’avoir un siège"
        " social.",
    ),
    "A4": Flag(
        "sans lieu précis",
        {
            "po_box": (LOW, "L’adresse est une case postale\u00a0: rien ne dit où se trouve la partie."),
            "rural_route": (
                LOW,
                "L’adresse est une route rurale sans numéro\u00a0: rien ne dit où se trouve la partie.",
            ),
            "general_delivery": (LOW, "L’adresse est la poste restante\u00a0: rien ne dit où se trouve la partie."),
        },
        _EAR_FR,
        "Cela ne prouve pas l’absence de locaux\u00a0: à la campagne et dans les pays sans numéros, c’est l’usage.",
    ),
    "A5": Flag(
        "sans rue",
        {"rule": (LOW, "L’adresse nomme un lieu et aucune rue\u00a0: «\u00a0{address}\u00a0».")},
        _OURS_FR,
        "Cela ne prouve pas que la partie cache son adresse\u00a0: qui a saisi l’enregistrement l’a peut-être omise.",
    ),
    "A6": Flag(
        "adresse dans un autre pays",
        {
            "rule": (
                MEDIUM,
                "Pays de la partie selon l’enregistrement\u00a0: {told}\u00a0; pays de son adresse\u00a0: {there}.",
            )
        },
        f"{_FINTRAC_FR}\u00a0: sociétés-écrans et commerce avec des pays tiers",
        "Cela ne prouve pas que l’entreprise soit une société-écran\u00a0: succursales et agents ont de telles"
        " adresses, et les commis se trompent.",
    ),
    "A7": Flag(
        "lieu d’une partie inscrite sur une liste",
        {
            "room": (HIGH, "Ce même local est l’adresse de\u00a0: {listed}."),
            "same_number": (
                MEDIUM,
                "Un local de même numéro dans le même immeuble est l’adresse de\u00a0: {listed}\u00a0; l’étage ou le"
                " bloc n’est pas indiqué des deux côtés.",
            ),
            "floor": (
                MEDIUM,
                "Ce même étage du même immeuble est l’adresse de\u00a0: {listed}\u00a0; aucun local n’est indiqué.",
            ),
            "building": (
                LOW,
                "Ce même immeuble est l’adresse de\u00a0: {listed}\u00a0; le local n’est pas indiqué des deux côtés.",
            ),
            "other_room": (LOW, "Un autre local du même immeuble est l’adresse de\u00a0: {listed}."),
        },
        f"{_LISTED_FR}\u00a0; alerte conjointe FIN-2022-Alert003, 28 juin 2022\u00a0: adresses partagées avec des"
        " entreprises désignées",
        "Cela ne prouve ni un lien avec la partie inscrite, qui a pu partir, ni qu’une licence soit requise.",
    ),
    "A8": Flag(
        "code postal d’une autre province",
        {
            "rule": (
                LOW,
                "Les codes postaux qui commencent par {letter} sont de\u00a0: {there}\u00a0; l’adresse est de\u00a0:"
                " {told}.",
            )
        },
        f"Postes Canada\u00a0: la première lettre du code postal indique la province\u00a0; {_ODD_FR}",
        "Cela ne prouve pas que l’adresse soit fausse\u00a0: les erreurs de code postal sont courantes.",
    ),
    "A9": Flag(
        "plusieurs adresses",
        {
            "several": (LOW, "L’entreprise figure à {count} endroits dans ces enregistrements."),
            "changed": (
                MEDIUM,
                "L’entreprise figure à cet endroit depuis le {first}, et figurait ailleurs au plus tard le {since}.",
            ),
        },
        f"{_ALERT_FR} (diligence raisonnable envers ce qui est nouveau après le 24 février 2022)\u00a0; {_OURS_FR}",
        "Cela ne prouve pas une nouvelle activité\u00a0: les entreprises déménagent et ont des succursales. Des noms"
        " égaux ne sont pas forcément ceux d’une même entreprise.",
    ),
    "A10": Flag(
        "numéro absent de la rue",
        {"rule": (LOW, "Le registre (version\u00a0: {vintage}) connaît la rue à cet endroit, mais pas ce numéro.")},
        f"{_REGISTER_FR}\u00a0; {_ODD_FR}",
        "Cela ne prouve pas que le numéro n’existe pas\u00a0: le registre public contient environ les quatre"
        " cinquièmes des adresses.",
    ),
    "A11": Flag(
        "destinataire intermédiaire",
        {
            "care_of": (
                MEDIUM,
                "La partie est jointe aux soins de quelqu’un d’autre\u00a0: «\u00a0{words}\u00a0».",
            ),
            "forwarder": (
                MEDIUM,
                "Le destinataire est, par son nom, un transitaire, un courtier ou un entrepôt\u00a0:"
                " «\u00a0{words}\u00a0».",
            ),
        },
        f"{_EAR_FR}\u00a0: un transitaire est indiqué comme destination finale",
        "Cela ne prouve pas que les marchandises aillent ailleurs\u00a0: beaucoup d’importateurs font recevoir leurs"
        " marchandises par un transitaire.",
    ),
}
WORDS: Mapping[str, Mapping[str, Flag]] = {"en": _ENGLISH, "fr": _FRENCH}  # by language

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown_date": "a date that is not known",
        "more": "{first} and {count} more",
        "or": "{first} or {last}",
        "entry": "{name} ({list} {entry}, list of {date})",
    },
    "fr": {
        "unknown_date": "date inconnue",
        "more": "{first} et {count} de plus",
        "or": "{first} ou {last}",
        "entry": "{name} ({list} {entry}, liste datée\u00a0: {date})",
    },
}
NOTES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no_register": "no register of addresses was asked: no use is known (A1, A10), and unknown is not clean",
        "register": "looked up in the National Address Register of {vintage}",
        "invented_register": "looked up in an invented register of addresses (SYNTHETIC) of {vintage}",
        "of_register": "of the register: {note}",
        "no_list": "no list of parties is there: no address was held against those of listed parties (A7)",
        "registered_office": "{count} of the addresses are of registered offices and were left out of shared doors"
        " (A2)",
        "forwarder": "{count} of the addresses are of forwarders, brokers and warehouses and were left out of shared"
        " doors (A2)",
        "not_told": "{count} of the addresses are not told at all: nothing is known of where they are",
        "longest": "{count} of the addresses are longer than {longest} letters: their beginning was read",
        "not_there": "{count} of the addresses have a point outside Canada, which was not used",
    },
    "fr": {
        "no_register": "aucun registre d’adresses n’a été consulté\u00a0: aucun usage n’est connu (A1, A10), et"
        " inconnu ne veut pas dire irréprochable",
        "register": "recherche faite dans le Registre national des adresses (version\u00a0: {vintage})",
        "invented_register": "recherche faite dans un registre d’adresses inventé, FICTIF (version\u00a0: {vintage})",
        "of_register": "note du registre, en anglais\u00a0: «\u00a0{note}\u00a0»",
        "no_list": "aucune liste de parties n’est présente\u00a0: aucune adresse n’a été comparée à celles de parties"
        " inscrites (A7)",
        "registered_office": "adresses de sièges sociaux, laissées hors des adresses communes (A2)\u00a0: {count}",
        "forwarder": "adresses de transitaires, de courtiers et d’entrepôts, laissées hors des adresses communes"
        " (A2)\u00a0: {count}",
        "not_told": "adresses qui ne sont pas indiquées, dont le lieu est donc inconnu\u00a0: {count}",
        "longest": "adresses de plus de {longest} lettres, dont seul le début a été lu\u00a0: {count}",
        "not_there": "adresses dont le point est hors du Canada et n’a pas été utilisé\u00a0: {count}",
    },
}


def in_language(texts: Mapping[str, Words], language: str) -> Words:
    """What stands in `texts` for a language. Raises TradeAnalyticsError for a language that nobody here writes."""
    if language not in texts:
        raise TradeAnalyticsError(f"language {language!r}: flags are in {' and '.join(map(repr, texts))}")
    return texts[language]


def filled(sentence: str, told: Mapping[str, Told], language: str) -> str:
    """A sentence with what it is told, each in its language.

    >>> filled("{count} at {vintage}", {"count": 1200, "vintage": None}, "en")
    '1,200 at a date that is not known'
    """
    return sentence.format(**{name: _said(one, language) for name, one in told.items()})


def _said(one: Told, language: str) -> str:
    if one is None:
        return in_language(_PHRASES, language)["unknown_date"]
    if callable(one):
        return one(language)
    return one if isinstance(one, str) else str(format_decimal(int(one), locale=language))


def ratio_words(ratio: float, language: str) -> str:
    """A ratio in two digits: 9.4, 40, 1,200."""
    return str(format_decimal(float(f"{ratio:.2g}"), locale=language))


def first_of(named: Sequence[str], separator: str, language: str) -> str:
    """The first three, and how many more there are.

    >>> first_of(["A", "B", "C", "D", "E"], ", ", "en")
    'A, B, C and 2 more'
    """
    first, more = separator.join(named[:3]), len(named) - 3
    phrase = in_language(_PHRASES, language)["more"]
    return filled(phrase, {"first": first, "count": more}, language) if more > 0 else first


def either(named: Sequence[str], language: str) -> str:
    """One or two, with or between them."""
    phrase = in_language(_PHRASES, language)["or"]
    return filled(phrase, {"first": named[0], "last": named[1]}, language) if len(named) > 1 else named[0]


def entries(of: Sequence[Mapping[str, str]], language: str) -> str:
    """Listed parties by name, list, entry and the list's date, each once."""
    phrase = in_language(_PHRASES, language)["entry"]
    told = [
        {
            "name": one["name"],
            "list": list_title(one["list"], language),
            "entry": one["entry"],
            "date": one["list_date"],
        }
        for one in of
    ]
    said = [filled(phrase, {**one, "date": one["date"] or None}, language) for one in told]
    return first_of(list(dict.fromkeys(said)), "; ", language)
