"""The figure of the invented trade by HS code: high-priority goods to Russia, and to third countries, before and after.

Marked, as the split into goods is invented: only the sums by partner and month are real.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics import goods
from tradeanalytics.flows import between, change
from tradeanalytics.raw import RawFile
from tradeanalytics.reference.countries import country_name
from tradeanalytics.reference.goods_lists import common_high_priority
from tradeanalytics.story.bundle import Chart, Numbers, Words
from tradeanalytics.story.chart import Text
from tradeanalytics.story.charts import before_and_after
from tradeanalytics.story.customs_figures import STAMPS
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.notes import WINDOWS, millions, rejected_note, span
from tradeanalytics.story.words import LANGUAGES, money, vintage_words

PREFIX: Final = "SYNTHETIC_CIMT"
SUBJECT: Final = "RU"
_SHOWN: Final = 6  # partners with the largest changes
_LEFT_OUT: Final = ("ZX", "US")  # no country; and the one whose sums would flatten all others


def priority_goods(desk: Desk) -> Chart:
    """Total exports of high-priority goods by partner: five months from the invasion on, and the same a year before."""
    which = goods.choose(desk.engine, "total_export", invented=True)
    listed = common_high_priority()
    table = _changed(goods.on_list(desk.engine, which, listed, by=["partner"]))
    files = [desk.raw[file_id] for file_id in which.file_ids]
    words = {language: _words(table, files, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = pd.DataFrame(
            {
                "label": [country_name(code, language) for code in table["partner"]],
                **{side: millions(table[f"{side}_cents"]) for side in WINDOWS},
            }
        )
        said = words[language]
        before, after = (span(*WINDOWS[side], language) for side in WINDOWS)
        return before_and_after(
            data,
            Text(said.headline, said.subtitle, said.source, STAMPS[language]),
            before=before,
            after=after,
            language=language,
            highlight=country_name(SUBJECT, language),
        )

    statements = {
        f"{side}_cents": goods.records_sql(which, listed, *window, by=["partner"]) for side, window in WINDOWS.items()
    }
    query = goods.records_sql(which, listed, WINDOWS["before"][0], WINDOWS["after"][1], by=["partner"])
    return Chart("synthetic-priority-goods", Numbers(table, ("partner",), statements, query), words, draw, files, True)


GOODS_FIGURES: Final = {"synthetic-priority-goods": priority_goods}


def has_goods_sample(desk: Desk) -> bool:
    """Whether the sample's zips of total exports are there."""
    return any(raw.path.name.startswith(f"{PREFIX}-CICM_Tot_Exp") for raw in desk.raw.values())


def _changed(months: pd.DataFrame) -> pd.DataFrame:
    """The partners with the largest changes, the subject first, then by their value after."""
    table = change(*(between(months, *window) for window in WINDOWS.values()), by=["partner"])
    table = table[~table["partner"].isin(_LEFT_OUT)]
    largest = table.assign(size=table["change_cents"].abs()).nlargest(_SHOWN, "size")
    subject = largest["partner"] == SUBJECT
    ordered = largest.assign(first=~subject).sort_values(
        ["first", "after_cents", "partner"], ascending=[True, False, True], ignore_index=True
    )
    return ordered[["partner", "before_cents", "after_cents", "change_cents"]]


def _words(table: pd.DataFrame, files: list[RawFile], desk: Desk, language: str) -> Words:
    russia = table[table["partner"] == SUBJECT].iloc[0]
    others = table[table["partner"] != SUBJECT]
    grew = int((others["change_cents"] > 0).sum())
    before, after = (money(int(russia[f"{side}_cents"]), language) for side in WINDOWS)
    spans = {side: span(*window, language) for side, window in WINDOWS.items()}
    first = others.iloc[0]
    name = country_name(first["partner"], language)
    amounts = [money(int(first[f"{side}_cents"]), language) for side in WINDOWS]
    rejected = rejected_note(files, desk, language)
    vintage = vintage_words(files[0].vintage[:7], language)
    if language == "en":
        return Words(
            headline=f"SYNTHETIC: fewer high-priority goods for Russia, more for {grew} others",
            subtitle="Invented split. Millions of Canadian dollars over five months, total exports, customs basis",
            source=" ".join(
                [
                    "Source: the invented sample of this project, whose sums by partner and month alone are real"
                    f" (Statistics Canada, table 12-10-0119, {vintage}).",
                    "List: common high priority list, 23 February 2024.",
                    *rejected,
                    "Chart: tradeanalytics.",
                ]
            ),
            caption=(
                f"Invented data: exports of goods on the common high priority list to Russia went from {before}"
                f" ({spans['before']}) to {after} ({spans['after']}); those to {name}, the largest of the others, from"
                f" {amounts[0]} to {amounts[1]}. Shown are the {len(table)} partners with the largest changes, the"
                " United States left out. In 2021"
                " some codes are wider than the listed ones that came from them: that side is an upper bound. A rise"
                " is a lead to check, not a finding."
            ),
            alt_text=(
                f"Chart of invented data: Canada’s exports of high-priority goods to {len(table)} partners,"
                f" {spans['before']} beside {spans['after']}. Russia falls from {before} to {after};"
                f" {grew} others rise, {name} from {amounts[0]} to {amounts[1]}."
            ),
        )
    return Words(
        headline=f"FICTIF\u00a0: moins de biens prioritaires pour la Russie, plus pour {grew} autres pays",
        subtitle="Répartition inventée. Millions de dollars canadiens sur cinq mois, exportations totales",
        source=" ".join(
            [
                "Source : l’échantillon inventé de ce projet, dont seules les sommes par partenaire et par mois sont"
                f" réelles (Statistique Canada, tableau 12-10-0119, {vintage}).",
                "Liste commune des biens hautement prioritaires, 23 février 2024.",
                *rejected,
                "Graphique : tradeanalytics.",
            ]
        ),
        caption=(
            f"Données inventées : les exportations de biens de la liste commune vers la Russie passent de {before}"
            f" ({spans['before']}) à {after} ({spans['after']}) ; vers {name}, première des autres destinations, de"
            f" {amounts[0]} à {amounts[1]}. Sont montrés les {len(table)} partenaires qui ont le plus changé, sans"
            " les États-Unis. En 2021,"
            " certains codes sont plus larges que ceux de la liste qui en sont issus : ce côté est un maximum. Une"
            " hausse est une piste à vérifier, non un constat."
        ),
        alt_text=(
            f"Graphique de données inventées : exportations canadiennes de biens prioritaires vers {len(table)}"
            f" partenaires, {spans['before']} à côté de {spans['after']}. La Russie passe de {before} à {after} ;"
            f" {grew} autres augmentent, {name} de {amounts[0]} à {amounts[1]}."
        ),
    )
