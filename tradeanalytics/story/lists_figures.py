"""The figures of the lists: when authorities listed the same parties, and what the sample shipped while listed.

The first stands on extracts of four official lists; the second on the sample and lists of invented authorities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics.clean import outputs
from tradeanalytics.engine import connect, literal
from tradeanalytics.parties.divergence import divergence, resolve
from tradeanalytics.parties.lists import Lists, open_lists
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.raw import RawFile
from tradeanalytics.screened import screened
from tradeanalytics.shipments import Which
from tradeanalytics.story.bundle import Chart, Numbers, Words
from tradeanalytics.story.chart import Event, Text
from tradeanalytics.story.charts import ranked_bars
from tradeanalytics.story.customs_figures import SAMPLE, STAMPS, party_name, sample_file
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.listing_chart import days_of_listing
from tradeanalytics.story.notes import INVASION, INVASION_WORDS
from tradeanalytics.story.words import LANGUAGES, number, percent, us_money

EXTRACTS: Final = ("listed-extract", "listed-extract-more")
SAMPLE_LISTS: Final = "SYNTHETIC_lists.csv"
SUBJECT: Final = "CA"
OTHERS: Final = ("GB", "EU")
_SHOWN: Final = (SUBJECT, *OTHERS)
_SPAN: Final = (date(2022, 1, 1), date(2026, 8, 1))
_AUTHORITIES: Final = {
    "en": {"CA": "Canada", "GB": "United Kingdom", "EU": "European Union"},
    "fr": {"CA": "Canada", "GB": "Royaume-Uni", "EU": "Union européenne"},
}
_HEADINGS: Final = {"en": "Canada’s list", "fr": "Liste du Canada"}
_SIDES: Final = ("shipper", "consignee")


def days_listed(desk: Desk) -> Chart:
    """When Canada, the United Kingdom and the European Union listed eight companies, and who is not on which list."""
    table = listing_days(extract_lists(desk))
    words = {language: _day_words(table, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        names = _AUTHORITIES[language]
        shown = table[table["authority"].isin(_SHOWN)]
        data = pd.DataFrame(
            {
                "label": shown["party"],
                "authority": shown["authority"].map(names),
                "day": shown["listed_on"],
                "end": [_end(table, party, language) for party in shown["party"]],
                "stressed": [_is_off(table, party) for party in shown["party"]],
            }
        )
        said = words[language]
        return days_of_listing(
            data,
            Text(said.headline, said.subtitle, said.source),
            authorities=[names[code] for code in _SHOWN],
            span=_SPAN,
            event=Event(INVASION, INVASION_WORDS[language]),
            heading=_HEADINGS[language],
            language=language,
        )

    statement = _records_sql(table)
    also = ("status", "listed_on", "lag_days", "list_date")
    numbers = Numbers(_printed(table), ("party", "authority"), {"records": statement}, statement, also=also)
    return Chart("listed-by-whom-and-when", numbers, words, draw, _extracts(desk))


def listing_days(lists: Lists) -> pd.DataFrame:
    """Every resolved party on every authority's list, those that were listed first above; see `divergence`."""
    table = divergence(lists, resolve(lists))
    first = table.groupby("resolved")["listed_on"].transform("min")
    return table.assign(first=first).sort_values(["first", "party", "authority"], ignore_index=True)


def listed_shipments(desk: Desk) -> Chart:
    """What parties of the invented sample shipped or received on days when an invented authority listed them."""
    raw, listed = sample_file(desk), sample_file(desk, SAMPLE_LISTS)
    lists = sample_lists(desk)
    which = Which(files=(raw.file_id,))
    statement = _while_listed_sql(desk, lists, which)
    table = desk.engine.sql(
        f"""
SELECT party, CAST(sum(value_usd_cents) AS BIGINT) AS value_usd_cents, count(*) AS items
FROM ({statement}) GROUP BY party ORDER BY value_usd_cents DESC, party
"""
    )
    whole = desk.engine.sql(
        f"""
SELECT party, CAST(sum(value_usd_cents) AS BIGINT) AS whole_cents
FROM (SELECT shipper_key AS party, value_usd_cents FROM ({which.sql()})
      UNION ALL SELECT consignee_key, value_usd_cents FROM ({which.sql()})) GROUP BY party
"""
    )
    table = table.merge(whole, on="party", how="left")
    table["share"] = [int(a) / int(b) for a, b in zip(table["value_usd_cents"], table["whole_cents"], strict=True)]
    words = {language: _shipped_words(table, raw, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = pd.DataFrame(
            {
                "label": [party_name(key) for key in table["party"]],
                "value": table["value_usd_cents"].astype("float64") / 100,
                "share": [percent(share, 0, language) for share in table["share"]],
                "amount": [us_money(int(cents), language) for cents in table["value_usd_cents"]],
            }
        )
        said = words[language]
        text = Text(said.headline, said.subtitle, said.source, STAMPS[language])
        return ranked_bars(data, text, language=language)

    printed = table.assign(share_of_all=[f"{share:.3f}" for share in table["share"]])
    cells = {"value_usd_cents": statement}
    numbers = Numbers(
        printed[["party", "value_usd_cents", "share_of_all"]], ("party",), cells, statement, ("share_of_all",)
    )
    return Chart("synthetic-shipped-while-listed", numbers, words, draw, [raw, listed], synthetic=True)


LISTS_FIGURES: Mapping[str, Callable[[Desk], Chart]] = {"listed-by-whom-and-when": days_listed}
LISTED_SAMPLE_FIGURES: Mapping[str, Callable[[Desk], Chart]] = {"synthetic-shipped-while-listed": listed_shipments}


def has_extracts(desk: Desk) -> bool:
    """Whether both extracts of official lists are there."""
    return set(EXTRACTS) <= {raw.table for raw in desk.raw.values()}


def has_listed_sample(desk: Desk) -> bool:
    """Whether the sample and its lists are there."""
    names = {raw.path.name for raw in desk.raw.values()}
    return {SAMPLE, SAMPLE_LISTS} <= names


def extract_lists(desk: Desk) -> Lists:
    """The lists of the bundled extracts alone, whatever other lists are there."""
    return _of_files(desk, _extracts(desk), invented=False)


def sample_lists(desk: Desk) -> Lists:
    """The lists of the invented authorities alone."""
    return _of_files(desk, [sample_file(desk, SAMPLE_LISTS)], invented=True)


def _extracts(desk: Desk) -> list[RawFile]:
    return [raw for raw in desk.raw.values() if raw.table in EXTRACTS]


def _of_files(desk: Desk, files: Sequence[RawFile], *, invented: bool) -> Lists:
    """The lists of these files alone: what a figure says must not hang on what else is there."""
    only = {path.stem for raw in files for path in outputs(raw.name, desk.processed).values()}
    return open_lists(connect(desk.processed, only=only), invented=invented)


def _records_sql(table: pd.DataFrame) -> str:
    """The records behind each point: the entries there, or those that say who was looked for and not found."""
    places = [
        f"({literal(row['party'])}, {literal(row['authority'])}, {literal(file_id)}, {record})"
        for row in table.to_dict("records")
        for file_id, record in row["records"]
    ]
    return (
        "SELECT told.party, told.authority, listed.file_id, listed.record, 1 AS records\n"
        f"FROM (VALUES {', '.join(places)}) AS told(party, authority, file_id, record)\n"
        "JOIN listed ON listed.file_id = told.file_id AND listed.record = told.record"
    )


def _printed(table: pd.DataFrame) -> pd.DataFrame:
    days = table["listed_on"].dt.strftime("%Y-%m-%d").fillna("")
    return pd.DataFrame(
        {
            "party": table["party"],
            "authority": table["authority"],
            "records": pd.Series([len(records) for records in table["records"]], dtype="Int64"),
            "status": table["status"],
            "listed_on": days,
            "lag_days": table["lag_days"].astype("string").fillna(""),
            "list_date": table["list_date"].fillna(""),
        }
    )


def _while_listed_sql(desk: Desk, lists: Lists, which: Which) -> str:
    """The items of parties that alert, on days when an authority listed them."""
    found = screened(desk.engine, lists, which)
    hits = found.hits[found.hits["level"] == "alert"].dropna(subset=["listed_on"])
    conditions = sorted(
        {
            (read_name(str(hit["name"])).key, f"{hit['listed_on']:%Y-%m-%d}", _until(hit["delisted_on"]))
            for hit in hits.to_dict("records")
        }
    )
    sides = [
        f"SELECT file_id, record, {side}_key AS party, value_usd_cents FROM shipped WHERE "
        + " OR ".join(
            f"({side}_key = {literal(key)} AND registered_on >= DATE '{since}' AND registered_on < DATE '{until}')"
            for key, since, until in conditions
        )
        for side in _SIDES
    ]
    return f"WITH shipped AS ({which.sql()})\n" + "\nUNION ALL\n".join(sides)


def _until(day: Any) -> str:
    return "9999-12-31" if pd.isna(day) else f"{pd.Timestamp(day):%Y-%m-%d}"


def _of(table: pd.DataFrame, party: str, authority: str) -> Any:
    return table[(table["party"] == party) & (table["authority"] == authority)].iloc[0]


def _is_off(table: pd.DataFrame, party: str) -> bool:
    """Whether a party is on the list of another authority shown here, and not on the subject's."""
    elsewhere = any(pd.notna(_of(table, party, other)["listed_on"]) for other in OTHERS)
    return elsewhere and _of(table, party, SUBJECT)["status"] == "not_on_list"


def _end(table: pd.DataFrame, party: str, language: str) -> str:
    """How the subject's day stands to the first of the others shown here."""
    mine = _of(table, party, SUBJECT)
    others = [day for other in OTHERS if pd.notna(day := _of(table, party, other)["listed_on"])]
    if pd.isna(mine["listed_on"]):
        return _WITHOUT_DAY[language].get(mine["status"], _UNKNOWN[language])
    if not others:
        return {"en": "Canada alone", "fr": "seul le Canada"}[language]
    days = (mine["listed_on"] - min(others)).days
    if not days:
        return {"en": "the same day", "fr": "le même jour"}[language]
    size, one = number(abs(days), 0, language), abs(days) == 1
    if language == "en":
        return f"{size} {'day' if one else 'days'} {'after' if days > 0 else 'before'}"
    return f"{size} {'jour' if one else 'jours'} {'après' if days > 0 else 'avant'}"


_WITHOUT_DAY: Final = {
    "en": {"not_on_list": "not on it", "listed_day_unknown": "no day told", "ended": "no longer on it"},
    "fr": {"not_on_list": "absente", "listed_day_unknown": "jour non précisé", "ended": "n’y est plus"},
}
_UNKNOWN: Final = {"en": "not known", "fr": "inconnu"}


def _day_words(table: pd.DataFrame, language: str) -> Words:
    parties = list(dict.fromkeys(table["party"]))
    off = [party for party in parties if _is_off(table, party)]
    whole, part = number(len(parties), 0, language), number(len(off), 0, language)
    without_day = sum(table["status"] == "listed_day_unknown")
    if language == "en":
        return Words(
            headline=f"{part} of {whole} companies are on British and EU lists, but not on Canada’s",
            subtitle=(
                "Day of listing by three authorities. At the right: Canada’s day against the first of the other two."
                " Lists of 22 August 2026 (Canada, United Kingdom) and 1 May 2026 (EU)"
            ),
            source=_SOURCE["en"],
            caption=(
                f"{' and '.join(off)} stand on the lists of the United Kingdom and the European Union and were looked"
                " for in vain on Canada’s list of 22 August 2026. Not on a list of a date does not mean not sanctioned:"
                " announcements come before lists. The United States’ list of January 2023 tells no days:"
                f" {number(without_day, 0, 'en')} of the companies were on it. Entries were taken together by their"
                " names: a lead, not proof of one identity."
            ),
            alt_text=(
                f"Dot plot of {whole} companies: the days between 2022 and 2026 when Canada, the United Kingdom and the"
                f" European Union listed them. {' and '.join(off)} have no mark for Canada."
            ),
        )
    return Words(
        headline=f"{part} entreprises sur {whole} sont sur les listes britannique et européenne, non sur la canadienne",
        subtitle=(
            "Jour d’inscription par trois autorités. À droite\u00a0: le jour du Canada par rapport au premier des deux"
            " autres. Listes du 22 août 2026 (Canada, Royaume-Uni) et du 1er mai 2026 (UE)"
        ),
        source=_SOURCE["fr"],
        caption=(
            f"{' et '.join(off)} figurent sur les listes du Royaume-Uni et de l’Union européenne\u00a0; on ne les a pas"
            " trouvées sur la liste du Canada du 22 août 2026. Absente d’une liste à une date ne veut pas dire non"
            " sanctionnée\u00a0: les annonces précèdent les listes. La liste des États-Unis de janvier 2023 ne donne"
            f" pas de jours\u00a0: {number(without_day, 0, 'fr')} des entreprises y figuraient. Les inscriptions ont"
            " été rapprochées par les noms\u00a0: une piste, non la preuve d’une identité."
        ),
        alt_text=(
            f"Diagramme à points de {whole} entreprises\u00a0: les jours, de 2022 à 2026, où le Canada, le Royaume-Uni"
            f" et l’Union européenne les ont inscrites. {' et '.join(off)} n’ont pas de marque pour le Canada."
        ),
    )


_SOURCE: Final = {
    "en": (
        "Source: extracts of official lists: Global Affairs Canada, Consolidated Canadian Autonomous Sanctions List; UK"
        " Sanctions List (Open Government Licence v3.0); EU consolidated financial sanctions list; OFAC SDN list."
        " Chart: tradeanalytics."
    ),
    "fr": (
        "Source : extraits de listes officielles : Affaires mondiales Canada, Liste consolidée des sanctions autonomes"
        " canadiennes ; UK Sanctions List (Open Government Licence v3.0) ; liste consolidée des sanctions financières"
        " de l’UE ; liste SDN de l’OFAC. Graphique : tradeanalytics."
    ),
}


def _shipped_words(table: pd.DataFrame, raw: RawFile, language: str) -> Words:
    count, total = number(len(table), 0, language), us_money(int(table["value_usd_cents"].sum()), language)
    first = table.iloc[0]
    top, share = party_name(first["party"]), percent(first["share"], 0, language)
    amount = us_money(int(first["value_usd_cents"]), language)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: {count} companies traded while an invented authority listed them",
            subtitle=(
                "Invented data. Goods shipped or received on days of listing: share of all of a party’s goods, and"
                " statistical value, US$"
            ),
            source=(
                f"Source: {raw.path.name} and {SAMPLE_LISTS}, invented: no company, authority or deal in them is real."
                " Rows that repeat another count once. Chart: tradeanalytics."
            ),
            caption=(
                f"Invented data: {count} companies whose names or numbers are like entries of three invented lists"
                f" traded goods worth {total} on days when they were listed (a deal between two of them counts for"
                f" both); {top} goods worth {amount}, {share} of all its goods. A likeness of names is a lead, not an"
                " identity."
            ),
            alt_text=(
                f"Bar chart of invented data: {count} companies by the value of goods they traded while they were"
                f" listed, the largest, {top}, with {amount}."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: {count} entreprises ont commercé pendant qu’une autorité inventée les inscrivait",
        subtitle=(
            "Données inventées. Marchandises expédiées ou reçues pendant l’inscription\u00a0: part de toutes celles de"
            " la partie et valeur statistique, en dollars américains"
        ),
        source=(
            f"Source : {raw.path.name} et {SAMPLE_LISTS}, inventés : aucune entreprise, autorité ni transaction réelle."
            " Une ligne répétée compte une fois. Graphique : tradeanalytics."
        ),
        caption=(
            f"Données inventées : {count} entreprises dont les noms ou numéros ressemblent à des inscriptions de trois"
            f" listes inventées ont échangé des marchandises d’une valeur de {total} pendant leur inscription (une"
            f" transaction entre deux d’entre elles compte pour chacune) ; {top} pour {amount}, soit {share} de toutes"
            " ses marchandises. Une ressemblance de noms est une piste, non une identité."
        ),
        alt_text=(
            f"Diagramme à barres de données inventées : {count} entreprises selon la valeur des marchandises échangées"
            f" pendant leur inscription, la plus grande, {top}, avec {amount}."
        ),
    )
