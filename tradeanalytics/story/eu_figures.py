"""The figure of notebook 08: what the European Union sent to Russia and its neighbours, before and after March 2022."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics import flows
from tradeanalytics.raw import RawFile
from tradeanalytics.reference.countries import country_name
from tradeanalytics.story.bundle import Chart, Numbers, Words
from tradeanalytics.story.chart import Text
from tradeanalytics.story.charts import before_and_after
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.notes import millions, rejected_note, span, within
from tradeanalytics.story.words import LANGUAGES, NO_BREAK, euros, percent

TABLE: Final = "eurostat-comext"
DIRECT: Final = "RU"
HUBS: Final = ("AM", "KZ", "KG")
BESIDE: Final = ("GE", "UZ")
WINDOWS: Final = {"before": ("2021-03", "2022-02"), "after": ("2022-03", "2023-02")}
SLUG: Final = "eu-exports-to-russia-and-neighbours"


def neighbours(desk: Desk) -> Chart:
    """Twelve months before and after, for Russia, three hubs and two more neighbours."""
    cells = neighbour_cells(desk)
    months = flows.monthly(desk.engine, cells, by=["partner"])
    sides = [flows.between(months, *window) for window in WINDOWS.values()]
    table = flows.change(*sides, by=["partner"]).rename(
        columns={f"{side}_cents": f"{side}_eur_cents" for side in WINDOWS} | {"change_cents": "change_eur_cents"}
    )
    table = table.sort_values(["before_eur_cents", "partner"], ascending=[False, True], ignore_index=True)
    file = desk.raw[cells.file_id]
    words = {language: _words(table, file, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = pd.DataFrame(
            {
                "label": [country_name(code, language) for code in table["partner"]],
                "before": millions(table["before_eur_cents"]),
                "after": millions(table["after_eur_cents"]),
            }
        )
        said = words[language]
        before, after = (span(*WINDOWS[side], language) for side in WINDOWS)
        return before_and_after(
            data,
            Text(said.headline, said.subtitle, said.source),
            before=before,
            after=after,
            language=language,
            highlight=country_name(DIRECT, language),
        )

    statements = within(cells.sql(["partner"]), WINDOWS, "eur_cents")
    return Chart(SLUG, Numbers(table, ("partner",), statements, cells.sql(["partner"])), words, draw, [file])


def neighbour_cells(desk: Desk) -> flows.Cells:
    """The Union's exports to Russia, the hubs and the neighbours beside them, in the newest file that has them."""
    asked: dict[str, Any] = {"table_id": TABLE, "reporter": "EU27"}
    newest = flows.newest(desk.engine, "total_export", DIRECT, [WINDOWS["before"][0], WINDOWS["after"][1]], **asked)
    return flows.cells(desk.engine, newest.file_id, "total_export", (DIRECT, *HUBS, *BESIDE), reporter="EU27")


def _words(table: pd.DataFrame, file: RawFile, desk: Desk, language: str) -> Words:
    change = dict(zip(table["partner"], (int(cents) for cents in table["change_eur_cents"]), strict=True))
    fall, rise = -change[DIRECT], sum(change[code] for code in HUBS)
    before, after = (span(*WINDOWS[side], language) for side in WINDOWS)
    ratio = percent(rise / fall, 1, language)
    names = [country_name(code, language) for code in HUBS]
    rejected = " ".join(rejected_note([file], desk, language))
    if language == "en":
        return Words(
            headline=f"EU exports to Russia fell by {euros(fall, language)}; {names[0]}, {names[1]} and {names[2]} took"
            f" {euros(rise, language)} more",
            subtitle="Millions of euros over twelve months, all goods, the 27 member states together",
            source=" ".join([file.citation, *([rejected] if rejected else []), "Chart: tradeanalytics."]),
            caption=(
                f"In the twelve months from March 2022 the Union’s exports to {names[0]}, {names[1]} and {names[2]}"
                f" were {euros(rise, language)} higher than in the twelve before, {ratio} of the fall in those to"
                " Russia. No consignment was followed: a neighbour’s own demand, prices and firms that moved there"
                " raise its imports, too. A lead, not a finding of diversion."
            ),
            alt_text=(
                f"Chart of the European Union’s exports to Russia and five neighbours, {before} beside {after}: those"
                f" to Russia fell by {euros(fall, language)}, those to {names[0]}, {names[1]} and {names[2]} rose by"
                f" {euros(rise, language)} together."
            ),
        )
    return Words(
        headline=f"L’UE a exporté {euros(fall, language)} de moins vers la Russie et {euros(rise, language)} de plus"
        " vers trois voisins",
        subtitle=f"Millions d’euros sur douze mois, tous biens, 27 États membres ; trois voisins : {', '.join(names)}",
        source=" ".join([_french(file), *([rejected] if rejected else []), f"Graphique{NO_BREAK}: tradeanalytics."]),
        caption=(
            f"Dans les douze mois à partir de mars 2022, les exportations de l’Union vers ces trois pays"
            f" ({', '.join(names)}) ont dépassé de {euros(rise, language)} celles des douze mois précédents, soit"
            f" {ratio} de la baisse vers la Russie. Aucun envoi n’a été suivi : la demande propre d’un voisin, les prix"
            " et les entreprises qui s’y installent font aussi monter ses importations. Une piste, non une preuve de"
            " détournement."
        ),
        alt_text=(
            f"Graphique des exportations de l’Union européenne vers la Russie et cinq voisins, {before} à côté de"
            f" {after} : celles vers la Russie ont chuté de {euros(fall, language)}, celles vers {', '.join(names)} ont"
            f" augmenté de {euros(rise, language)} ensemble."
        ),
    )


def _french(file: RawFile) -> str:
    return (
        f"Source{NO_BREAK}: Eurostat, Comext, exportations de l’UE27 par mois (version {file.vintage or 'inconnue'})."
    )


EU_FIGURES: Final[Mapping[str, Callable[[Desk], Chart]]] = {SLUG: neighbours}


def has_neighbours(desk: Desk) -> bool:
    """Whether the Union's exports by month are there."""
    return any(file.table == TABLE for file in desk.raw.values())
