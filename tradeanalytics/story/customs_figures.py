"""The figures of the invented sample: one importer's suppliers, its intermediary, modules, and who appears when.

Every one is marked: nothing in the sample is real, and no picture of it may be taken for a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics import TradeAnalyticsError, shipments
from tradeanalytics.parties.latin import latin
from tradeanalytics.raw import RawFile
from tradeanalytics.shipments import Which
from tradeanalytics.story.bundle import Chart, Numbers, Words
from tradeanalytics.story.chart import Event, Text
from tradeanalytics.story.charts import Level, columns_by_month, first_seen, ranked_bars
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.notes import INVASION, INVASION_WORDS, coverage_note, first_of, rejected_note
from tradeanalytics.story.words import LANGUAGES, day, number, percent, us_money

SAMPLE: Final = "SYNTHETIC_russian_declarations.csv"
STAMPS: Final = {"en": "SYNTHETIC", "fr": "FICTIF"}

# Invented companies, by the keys that `parties.names` gives their spellings.
IMPORTER: Final = "ОБРАЗЕЦ ЗЕЛЬМАРИК"
INTERMEDIARY: Final = "SYNTHETIC QUILVARO LINKS"
MODULE_IMPORTER: Final = "ОБРАЗЕЦ КАСТОВЕЛЬ"
MODULE_SUPPLIER: Final = "SYNTHETIC BREMIXON TRADE"
MODULE_PART: Final = "VXQ7600E-H"

YEAR: Final = 2022
EVENT_MONTH: Final = "2022-03"  # the first whole month after the invasion
WINDOWS: Final = {"before": ("2021-03", "2022-02"), "after": ("2022-03", "2023-02")}
SEEN: Final = ("2021-01", "2022-12")

_LATIN: Final = {
    IMPORTER: "Obrazets Zelmarik",
    MODULE_IMPORTER: "Obrazets Kastovel",
    "ОБРАЗЕЦ НОВАЛЕКСА": "Obrazets Novaleksa",
    "ОБРАЗЕЦ ТОРВАСК": "Obrazets Torvask",
}
_ROLES: Final = {
    "en": {"supplier": "supplier", "importer": "importer"},
    "fr": {"supplier": "fournisseur", "importer": "importateur"},
}


def importer_suppliers(desk: Desk) -> Chart:
    """Who supplies the named importer, by share of a year's value; the largest stands out."""
    raw = sample_file(desk)
    which = Which(first=f"{YEAR}-01", last=f"{YEAR}-12", files=(raw.file_id,))
    table = shipments.suppliers(desk.engine, IMPORTER, which=which).rename(columns={"value": "value_usd_cents"})
    words = {language: _supplier_words(table, raw, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = pd.DataFrame(
            {
                "label": [party_name(key) for key in table["shipper_key"]],
                "value": _dollars(table["value_usd_cents"]),
                "share": [percent(share, 0, language) for share in table["share"]],
                "amount": [number(cents / 100, 0, language) for cents in table["value_usd_cents"]],
            }
        )
        return ranked_bars(data, _text(words, language), language=language, highlight=data["label"].iloc[0])

    statement = Which(**{**vars(which), "consignee": IMPORTER}).sql()
    printed = table.assign(share=[f"{share:.6f}" for share in table["share"]])
    numbers = Numbers(printed, ("shipper_key",), {"value_usd_cents": statement}, statement, also=("share",))
    return Chart("synthetic-importer-suppliers", numbers, words, draw, [raw], synthetic=True)


def intermediary(desk: Desk) -> Chart:
    """What the intermediary delivers to the importer each month, twelve months before and after the invasion."""
    raw = sample_file(desk)
    first, last = WINDOWS["before"][0], WINDOWS["after"][1]
    which = Which(shipper=INTERMEDIARY, consignee=IMPORTER, first=first, last=last, files=(raw.file_id,))
    table = _months(shipments.monthly(desk.engine, which), first, last)
    sides = shipments.per_month(desk.engine, which, EVENT_MONTH).set_index("side")["value_a_month"]
    words = {language: _intermediary_words(sides, raw, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        levels = [
            Level(first_of(window[0]), first_of(window[1]), sides[side] / 1e5, label)
            for (side, window), label in zip(WINDOWS.items(), _level_words(sides, language), strict=True)
        ]
        return columns_by_month(
            table.assign(period=table["month"], value=_dollars(table["value_usd_cents"]) / 1e3),
            _text(words, language),
            event=Event(INVASION, INVASION_WORDS[language]),
            levels=levels,
            language=language,
        )

    numbers = Numbers(table, ("month",), {"value_usd_cents": which.sql()}, which.sql())
    return Chart("synthetic-intermediary", numbers, words, draw, [raw], synthetic=True)


def modules(desk: Desk) -> Chart:
    """How many cellular modules arrive each month of a year, as the descriptions of the goods count them."""
    raw = sample_file(desk)
    first, last = f"{YEAR}-01", f"{YEAR}-12"
    which = Which(consignee=MODULE_IMPORTER, first=first, last=last, words=MODULE_PART, files=(raw.file_id,))
    counted = shipments.pieces(desk.engine, which).set_index("month")["pieces"]
    calendar = pd.date_range(f"{first}-01", f"{last}-01", freq="MS", name="month")
    table = counted.reindex(calendar, fill_value=0).astype("Int64").reset_index()
    words = {language: _module_words(table, raw, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = table.assign(period=table["month"], value=table["pieces"].astype(float))
        return columns_by_month(data, _text(words, language), numbered=True, language=language)

    statement = shipments.pieces_sql(which)
    numbers = Numbers(table, ("month",), {"pieces": statement}, statement)
    return Chart("synthetic-modules", numbers, words, draw, [raw], synthetic=True)


def newcomers(desk: Desk) -> Chart:
    """The suppliers and importers first seen on the day of the invasion or later, and the months they are there."""
    raw = sample_file(desk)
    statement = _parties_sql(Which(first=SEEN[0], last=SEEN[1], files=(raw.file_id,)))
    parties = desk.engine.sql(
        f"SELECT role, party, month, count(*) AS items, min(registered_on) AS seen FROM ({statement}) GROUP BY ALL"
    )
    since = parties.groupby(["role", "party"])["seen"].transform("min")
    table = parties.assign(since=since)[since >= pd.Timestamp(INVASION)]
    table = table.sort_values(["since", "role", "party", "month"], ignore_index=True)
    everybody = len(parties[["role", "party"]].drop_duplicates())
    words = {language: _newcomer_words(table, everybody, raw, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        named = zip(table["party"], table["role"], strict=True)
        data = pd.DataFrame(
            {
                "label": [f"{party_name(party)}, {_ROLES[language][role]}" for party, role in named],
                "period": table["month"],
                "since": [day(seen, language) for seen in table["since"]],
            }
        )
        return first_seen(
            data,
            _text(words, language),
            span=(first_of(SEEN[0]), first_of(SEEN[1])),
            event=Event(INVASION, INVASION_WORDS[language]),
            heading={"en": "First seen", "fr": "Première apparition"}[language],
            language=language,
        )

    printed = table.assign(first_seen=table["since"].dt.strftime("%Y-%m-%d"))
    keys = ("role", "party", "month")
    numbers = Numbers(printed, keys, {"items": statement}, statement, also=("first_seen",))
    return Chart("synthetic-first-seen", numbers, words, draw, [raw], synthetic=True)


CUSTOMS_FIGURES: Mapping[str, Callable[[Desk], Chart]] = {
    "synthetic-importer-suppliers": importer_suppliers,
    "synthetic-intermediary": intermediary,
    "synthetic-modules": modules,
    "synthetic-first-seen": newcomers,
}


def has_sample(desk: Desk) -> bool:
    """Whether the sample's declarations are among the raw files."""
    return any(raw.path.name == SAMPLE for raw in desk.raw.values())


def sample_file(desk: Desk, name: str = SAMPLE) -> RawFile:
    """A file of the sample: the declarations where no other is named.

    Raises TradeAnalyticsError where it is not there.
    """
    for raw in desk.raw.values():
        if raw.path.name == name:
            return raw
    raise TradeAnalyticsError(f"{name}: not in data/raw; `make figures` writes the sample there")


def _parties_sql(which: Which) -> str:
    """Each shipment twice, once for its supplier and once for its importer; who is not named is left out."""
    sides = [
        f"SELECT file_id, record, month, registered_on, '{role}' AS role, {column} AS party, 1 AS items"
        f" FROM ({which.sql()}) WHERE {column} IS NOT NULL"
        for role, column in (("supplier", "shipper_key"), ("importer", "consignee_key"))
    ]
    return "\nUNION ALL\n".join(sides)


def _months(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The months of a window; the value of a month with an item of unknown value is unknown."""
    table = table[table["month"].between(pd.Timestamp(first), pd.Timestamp(last))].reset_index(drop=True)
    known = table["value_usd_cents"].astype("Int64").where(table["without_value"] == 0)
    return table[["month"]].assign(value_usd_cents=known)


def _supplier_words(table: pd.DataFrame, raw: RawFile, desk: Desk, language: str) -> Words:
    largest, second = table.iloc[0], table.iloc[1]
    share, next_share = (percent(row["share"], 0, language) for row in (largest, second))
    value, total = (us_money(int(cents), language) for cents in (largest["value_usd_cents"], _sum(table)))
    importer, supplier, other = map(party_name, (IMPORTER, largest["shipper_key"], second["shipper_key"]))
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: one supplier sent {share} of an importer’s goods in {YEAR}",
            subtitle=f"Invented data. Imports of {importer} in {YEAR} by supplier: share and statistical value, US$",
            source=_source(raw, desk, language),
            caption=(
                f"Invented data: {supplier} sent {importer} goods worth {value} in {YEAR}, {share} of {total}"
                f" from {len(table)} suppliers. Statistical value as declared. A name here is what its spellings share,"
                " not a proven identity."
            ),
            alt_text=(
                f"Bar chart of invented data: the {len(table)} suppliers of {importer} in {YEAR} by share of value,"
                f" the largest, {supplier}, with {share}, then {other} with {next_share}."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: un fournisseur a expédié {share} des marchandises d’un importateur en {YEAR}",
        subtitle=(
            f"Données inventées. Importations d’{importer} en {YEAR} par fournisseur : part et valeur statistique,"
            " en dollars américains"
        ),
        source=_source(raw, desk, language),
        caption=(
            f"Données inventées : {supplier} a expédié à {importer} des marchandises d’une valeur de {value} en {YEAR},"
            f" soit {share} de {total} venant de {len(table)} fournisseurs. Valeur statistique déclarée. Un nom est ici"
            " ce que ses graphies ont en commun, non une identité prouvée."
        ),
        alt_text=(
            f"Diagramme à barres de données inventées : les {len(table)} fournisseurs d’{importer} en {YEAR} selon leur"
            f" part de la valeur, le plus grand, {supplier}, avec {share}, puis {other} avec {next_share}."
        ),
    )


def _intermediary_words(sides: pd.Series[Any], raw: RawFile, desk: Desk, language: str) -> Words:
    before, after = (us_money(round(sides[side]), language) for side in WINDOWS)
    times = number(sides["after"] / sides["before"], 1, language)
    supplier, importer = party_name(INTERMEDIARY), party_name(IMPORTER)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: after the invasion an intermediary delivered {times} times as much",
            subtitle=f"Invented data. Thousands of US dollars a month, {supplier} to {importer}, statistical value",
            source=_source(raw, desk, language),
            caption=(
                f"Invented data: {supplier} delivered goods worth {before} a month to {importer} in the twelve months"
                f" before March 2022 and {after} a month in the twelve months from then on: {times} times as much."
                " Statistical value as declared. More trade is a lead to check, not a finding."
            ),
            alt_text=(
                f"Column chart of invented data: monthly deliveries of {supplier} to {importer}, March 2021 to February"
                f" 2023, on average {before} before Russia’s invasion of Ukraine and {after} after it."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: après l’invasion, un intermédiaire a livré {times} fois plus",
        subtitle=(
            f"Données inventées. Milliers de dollars américains par mois, de {supplier} à {importer},"
            " valeur statistique"
        ),
        source=_source(raw, desk, language),
        caption=(
            f"Données inventées : {supplier} a livré à {importer} des marchandises d’une valeur de {before} par mois"
            f" pendant les douze mois avant mars 2022, puis de {after} par mois pendant les douze mois suivants :"
            f" {times} fois plus. Valeur statistique déclarée. Une hausse est une piste à vérifier, non un constat."
        ),
        alt_text=(
            f"Graphique à colonnes de données inventées : livraisons mensuelles de {supplier} à {importer}, de mars"
            f" 2021 à février 2023, en moyenne {before} avant l’invasion de l’Ukraine par la Russie et {after} après."
        ),
    )


def _level_words(sides: pd.Series[Any], language: str) -> list[str]:
    before, after = (us_money(round(sides[side]), language) for side in WINDOWS)
    if language == "en":
        return [f"12 months before: {before} a month", f"12 months after: {after} a month"]
    return [f"12 mois avant\u00a0: {before} par mois", f"12 mois après\u00a0: {after} par mois"]


def _module_words(table: pd.DataFrame, raw: RawFile, desk: Desk, language: str) -> Words:
    found = table[table["pieces"] > 0]
    total, months = number(int(found["pieces"].sum()), 0, language), len(found)
    counts = ", ".join(number(int(count), 0, language) for count in found["pieces"])
    supplier, importer = party_name(MODULE_SUPPLIER), party_name(MODULE_IMPORTER)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: {total} cellular modules arrived within {months} months",
            subtitle=f"Invented data. Pieces of {MODULE_PART} by month of {YEAR}, {supplier} to {importer}",
            source=_source(raw, desk, language),
            caption=(
                f"Invented data: {total} modules {MODULE_PART} ({counts}) in {months} months of {YEAR}, and none in its"
                " other months in these records. Pieces as counted in the descriptions of the goods."
            ),
            alt_text=(
                f"Column chart of invented data: cellular modules delivered to {importer} by month of {YEAR}, {total}"
                f" in {months} months ({counts}) and none in the others."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: {total} modules cellulaires sont arrivés en {months} mois",
        subtitle=f"Données inventées. Pièces {MODULE_PART} par mois de {YEAR}, de {supplier} à {importer}",
        source=_source(raw, desk, language),
        caption=(
            f"Données inventées : {total} modules {MODULE_PART} ({counts}) en {months} mois de {YEAR}, aucun les autres"
            " mois dans ces déclarations. Pièces comptées dans la description des marchandises."
        ),
        alt_text=(
            f"Graphique à colonnes de données inventées : modules cellulaires livrés à {importer} par mois de"
            f" {YEAR}, {total} en {months} mois ({counts}) et aucun les autres mois."
        ),
    )


def _newcomer_words(table: pd.DataFrame, everybody: int, raw: RawFile, desk: Desk, language: str) -> Words:
    found = table.drop_duplicates(["role", "party"])
    first, count = found.iloc[0], len(found)
    name, seen = party_name(first["party"]), day(first["since"], language)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: {count} of {everybody} companies first appear after the invasion",
            subtitle="Invented data. Each dot is a month with a shipment, the larger one the first; 2021 and 2022",
            source=_source(raw, desk, language),
            caption=(
                f"Invented data: {count} of the {everybody} suppliers and importers of 2021 and 2022 have no shipment"
                f" in these records before Russia invaded Ukraine; {name} is the first, on {seen}. First seen here does"
                " not mean newly founded: it is a lead to check."
            ),
            alt_text=(
                f"Dot plot of invented data: the months with a shipment of {count} suppliers and importers that are"
                f" first seen after Russia’s invasion of Ukraine, from {name} on {seen} onwards."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: {count} entreprises sur {everybody} apparaissent après l’invasion",
        subtitle="Données inventées. Un point par mois avec un envoi, le plus grand pour le premier ; 2021 et 2022",
        source=_source(raw, desk, language),
        caption=(
            f"Données inventées : {count} des {everybody} fournisseurs et importateurs de 2021 et 2022 n’ont aucun"
            f" envoi dans ces déclarations avant l’invasion de l’Ukraine par la Russie ; {name} est le premier, le"
            f" {seen}. Une première apparition ici n’est pas une fondation récente : c’est une piste à vérifier."
        ),
        alt_text=(
            f"Diagramme à points de données inventées : les mois avec un envoi de {count} fournisseurs et importateurs"
            f" qui apparaissent après l’invasion de l’Ukraine par la Russie, à partir de {name}, le {seen}."
        ),
    )


def _source(raw: RawFile, desk: Desk, language: str) -> str:
    rejected = rejected_note([raw], desk, language)
    if language == "en":
        start = f"Source: {SAMPLE}, the invented sample of this project: no company, person or deal in it is real."
        counted = ["Rows that repeat another count once.", *rejected, coverage_note(raw, desk, language)]
        return " ".join([start, *counted, "Chart: tradeanalytics."])
    start = (
        f"Source : {SAMPLE}, l’échantillon inventé de ce projet : aucune entreprise, personne ni transaction réelle."
    )
    counted = ["Une ligne répétée compte une fois.", *rejected, coverage_note(raw, desk, language)]
    return " ".join([start, *counted, "Graphique : tradeanalytics."])


def party_name(key: str) -> str:
    """An invented company by its key, in Latin letters."""
    return _LATIN.get(key) or latin(key).title()


def _text(words: Mapping[str, Words], language: str) -> Text:
    said = words[language]
    return Text(said.headline, said.subtitle, said.source, STAMPS[language])


def _sum(table: pd.DataFrame) -> int:
    return sum(int(cents) for cents in table["value_usd_cents"])


def _dollars(cents: pd.Series[Any]) -> pd.Series[float]:
    """Dollars for drawing only; printed numbers are made from the whole cents."""
    return cents.astype("Float64").astype("float64") / 100
