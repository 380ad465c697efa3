"""The figures of this project: for each, the question, its numbers, its words in two languages, and its picture.

Every number in a headline, label or caption is computed from the table that is plotted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics import TradeAnalyticsError, flows
from tradeanalytics.raw import RawFile
from tradeanalytics.reference import lookup
from tradeanalytics.story.address_figures import ADDRESS_FIGURES, has_addressed_sample
from tradeanalytics.story.bundle import Chart, Numbers, Words
from tradeanalytics.story.chart import Event, Point, Text
from tradeanalytics.story.charts import before_and_after, line_with_event, two_vintages
from tradeanalytics.story.customs_figures import CUSTOMS_FIGURES, has_sample
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.eu_figures import EU_FIGURES, has_neighbours
from tradeanalytics.story.goods_figures import GOODS_FIGURES, has_goods_sample
from tradeanalytics.story.lists_figures import LISTED_SAMPLE_FIGURES, LISTS_FIGURES, has_extracts, has_listed_sample
from tradeanalytics.story.notes import (
    INVASION,
    INVASION_WORDS,
    WINDOWS,
    first_of,
    millions,
    rejected_note,
    span,
    within,
)
from tradeanalytics.story.words import LANGUAGES, money, month, number, percent, vintage_words

FIRST_MONTH = "2019-01"
YEAR_BEFORE, MONTH_AFTER = "2021-03", "2022-03"

_BASIS = {
    "total_export": {
        "en": "customs basis, total exports (domestic + re-exports), not seasonally adjusted",
        "fr": "base douanière, exportations totales (nationales + réexportations), non désaisonnalisées",
    },
    "domestic_export": {
        "en": "customs basis, domestic exports, not seasonally adjusted",
        "fr": "base douanière, exportations nationales, non désaisonnalisées",
    },
}
_UNITS = {"en": "Millions of Canadian dollars a month", "fr": "Millions de dollars canadiens par mois"}
_MOVED = {
    "en": {True: "rose", False: "fell"},
    "fr": {True: "ont augmenté de", False: "ont chuté de"},
}


def canada_exports_to_russia(desk: Desk) -> Chart:
    """The headline: total exports month by month, March 2021 and March 2022 named."""
    cells = flows.newest(desk.engine, "total_export", "RU", [YEAR_BEFORE, MONTH_AFTER])
    months = flows.monthly(desk.engine, cells)
    fall = _rows(flows.change(_month(months, YEAR_BEFORE), _month(months, MONTH_AFTER)))[0]
    table = months[months["period"] >= pd.Timestamp(FIRST_MONTH)][["period", "value_cad_cents"]]
    files = _files(desk, [cells])
    words = {language: _headline_words(fall, table, files, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        before, after = (money(fall[name], language) for name in ("before_cents", "after_cents"))
        colon = " : " if language == "fr" else ": "
        points = [
            Point(first_of(YEAR_BEFORE), f"{month(first_of(YEAR_BEFORE), language)}{colon}{before}"),
            Point(
                first_of(MONTH_AFTER),
                f"{month(first_of(MONTH_AFTER), language)}{colon}{after} ({percent(fall['ratio'], 1, language)})",
            ),
        ]
        data = table.assign(value=millions(table["value_cad_cents"]))
        event = Event(INVASION, INVASION_WORDS[language])
        return line_with_event(data, _text(words[language]), points=points, event=event, language=language)

    numbers = Numbers(table, ("period",), {"value_cad_cents": cells.sql()}, cells.sql())
    return Chart("canada-exports-to-russia", numbers, words, draw, files)


def canada_exports_to_russia_sections(desk: Desk) -> Chart:
    """Which sections of trade vanished: five months from the invasion on, beside the same months a year before."""
    cells = flows.newest(desk.engine, "total_export", "RU", [*WINDOWS["before"], *WINDOWS["after"]])
    months = flows.monthly(desk.engine, cells, by=["product"])
    sides = [flows.between(months, *WINDOWS[side]) for side in ("before", "after")]
    table = flows.change(*sides, by=["product"]).sort_values(
        ["before_cents", "product"], ascending=[False, True], ignore_index=True
    )
    files = _files(desk, [cells])
    words = {language: _section_words(table, files, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        names = lookup("napcs_sections", "code", language)
        data = pd.DataFrame(
            {
                "label": [names[code] for code in table["product"]],
                "before": millions(table["before_cents"]),
                "after": millions(table["after_cents"]),
            }
        )
        before, after = (span(*WINDOWS[side], language) for side in ("before", "after"))
        return before_and_after(
            data,
            _text(words[language]),
            before=before,
            after=after,
            language=language,
            highlight=names[_most_lost(table)["product"]],
        )

    statements = within(cells.sql(["product"]), WINDOWS)
    numbers = Numbers(table, ("product",), statements, cells.sql(["product"]))
    return Chart("canada-exports-to-russia-sections", numbers, words, draw, files)


def canada_exports_to_russia_revisions(desk: Desk) -> Chart:
    """How a later vintage revised the same cells: domestic exports month by month, as published then and later."""
    months = [YEAR_BEFORE, MONTH_AFTER]
    old, new = (
        flows.newest(desk.engine, "domestic_export", "RU", months, table_id=table)
        for table in ("12-10-0119", "12-10-0175")
    )
    table = flows.revisions(desk.engine, old, new)
    table = table[table["period"] >= pd.Timestamp(FIRST_MONTH)].reset_index(drop=True)
    files = _files(desk, [old, new])
    words = {language: _revision_words(table, files, desk, language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = table.assign(old=millions(table["old_cents"]), new=millions(table["new_cents"]))
        points = [
            Point(
                row["period"].date(),
                f"{month(row['period'], language, short=True)} {percent(row['ratio'], 1, language, signed=True)}",
            )
            for row in _extremes(table)
        ]
        names = [_vintage_name(raw, language) for raw in files]
        return two_vintages(data, _text(words[language]), old=names[0], new=names[1], points=points, language=language)

    numbers = Numbers(table, ("period",), {"old_cents": old.sql(), "new_cents": new.sql()}, new.sql())
    return Chart("canada-exports-to-russia-revisions", numbers, words, draw, files)


FIGURES: Mapping[str, Callable[[Desk], Chart]] = {
    "canada-exports-to-russia": canada_exports_to_russia,
    "canada-exports-to-russia-sections": canada_exports_to_russia_sections,
    "canada-exports-to-russia-revisions": canada_exports_to_russia_revisions,
    **EU_FIGURES,
    **CUSTOMS_FIGURES,
    **GOODS_FIGURES,
    **LISTS_FIGURES,
    **LISTED_SAMPLE_FIGURES,
    **ADDRESS_FIGURES,
}


def drawable(desk: Desk) -> dict[str, Callable[[Desk], Chart]]:
    """The figures whose raw files are there: those of the sample only beside the sample."""
    missing = {
        *(EU_FIGURES if not has_neighbours(desk) else ()),
        *(CUSTOMS_FIGURES if not has_sample(desk) else ()),
        *(GOODS_FIGURES if not has_goods_sample(desk) else ()),
        *(LISTS_FIGURES if not has_extracts(desk) else ()),
        *(LISTED_SAMPLE_FIGURES if not has_listed_sample(desk) else ()),
        *(ADDRESS_FIGURES if not has_addressed_sample(desk) else ()),
    }
    return {slug: figure for slug, figure in FIGURES.items() if slug not in missing}


def _headline_words(
    fall: Mapping[str, Any], table: pd.DataFrame, files: Sequence[RawFile], desk: Desk, language: str
) -> Words:
    ratio, rose = fall["ratio"], fall["ratio"] > 0
    moved, size = _MOVED[language][rose], percent(abs(ratio), 1, language)
    before, after = (money(fall[name], language) for name in ("before_cents", "after_cents"))
    then, now = (month(first_of(text), language) for text in (YEAR_BEFORE, MONTH_AFTER))
    first, last = (month(table["period"].iloc[place], language) for place in (0, -1))
    basis = _BASIS["total_export"][language]
    if language == "en":
        return Words(
            headline=f"Canada’s exports to Russia {moved} {size} in a year",
            subtitle=f"{_UNITS[language]}, {basis}",
            source=_source(files, desk, language),
            caption=(
                f"Canadian exports to Russia were {after} in {now}, from {before} in {then}:"
                f" {percent(ratio, 1, language)}. {_sentence(basis)}."
                " Single months swing widely; a month is compared with the same month a year before."
            ),
            alt_text=(
                f"Line chart of Canada’s exports to Russia, {first} to {last}, which {moved} from {before} in {then}"
                f" to {after} in {now}, the first full month after Russia’s invasion of Ukraine."
            ),
        )
    return Words(
        headline=f"Les exportations du Canada vers la Russie {moved} {size} en un an",
        subtitle=f"{_UNITS[language]}, {basis}",
        source=_source(files, desk, language),
        caption=(
            f"Les exportations canadiennes vers la Russie se chiffraient à {after} en {now}, contre {before} en {then}"
            f" : {percent(ratio, 1, language)}. {_sentence(basis)}. D’un mois à l’autre, les valeurs varient beaucoup ;"
            " un mois est comparé au même mois de l’année précédente."
        ),
        alt_text=(
            f"Graphique linéaire des exportations du Canada vers la Russie, de {first} à {last}, qui {moved} {size}, de"
            f" {before} en {then} à {after} en {now}, premier mois complet après l’invasion de l’Ukraine par la Russie."
        ),
    )


def _section_words(table: pd.DataFrame, files: Sequence[RawFile], desk: Desk, language: str) -> Words:
    most = _most_lost(table)
    name = lookup("napcs_sections", "code", language)[most["product"]]
    before, after = (money(most[column], language) for column in ("before_cents", "after_cents"))
    spans = {side: span(*window, language) for side, window in WINDOWS.items()}
    fallen = int((table["change_cents"] < 0).sum())
    basis = _BASIS["total_export"][language]
    if language == "en":
        return Words(
            headline=f"{fallen} of {len(table)} sections of Canada’s exports to Russia shrank",
            subtitle=f"Millions of Canadian dollars over five months, {basis}",
            source=_source(files, desk, language),
            caption=(
                f"{name} fell most, from {before} in {spans['before']} to {after} in {spans['after']}."
                f" {_sentence(basis)}."
                " Published values are rounded to a thousand dollars: a zero is less than that, or nothing."
            ),
            alt_text=(
                f"Chart of Canada’s exports to Russia by section of goods, {spans['before']} beside {spans['after']}:"
                f" {fallen} of {len(table)} sections fell, most of all {name.lower()}, from {before} to {after}."
            ),
        )
    return Words(
        headline=f"{fallen} des {len(table)} sections d’exportations du Canada vers la Russie ont reculé",
        subtitle=f"Millions de dollars canadiens sur cinq mois, {basis}",
        source=_source(files, desk, language),
        caption=(
            f"Plus fort recul : {name}, de {before} ({spans['before']}) à {after} ({spans['after']})."
            f" {_sentence(basis)}."
            " Les valeurs publiées sont arrondies au millier de dollars : un zéro est moins que cela, ou rien."
            " Noms français des sections : traduction du projet."
        ),
        alt_text=(
            f"Graphique des exportations du Canada vers la Russie par section de marchandises, {spans['before']} à côté"
            f" de {spans['after']} : {fallen} des {len(table)} sections ont reculé, surtout {name.lower()},"
            f" de {before} à {after}."
        ),
    )


def _revision_words(table: pd.DataFrame, files: Sequence[RawFile], desk: Desk, language: str) -> Words:
    down, up = _extremes(table)
    old, new = (_vintage_name(raw, language) for raw in files)
    steady = table.set_index("period").loc[[pd.Timestamp(YEAR_BEFORE), pd.Timestamp(MONTH_AFTER)]]
    most = money(max(abs(int(cents)) for cents in steady["change_cents"]), language)
    moves = [
        f"{month(row['period'], language)} {percent(row['ratio'], 1, language, signed=True)}"
        f" ({number(row['old_cents'] / 1e8, 2, language)} → {number(row['new_cents'] / 1e8, 2, language)})"
        for row in (up, down)
    ]
    basis = _BASIS["domestic_export"][language]
    if language == "en":
        return Words(
            headline="The two headline months held; others were revised",
            subtitle=f"{_UNITS[language]}, {basis}, in two vintages of the same cells",
            source=_source(files, desk, language),
            caption=(
                f"Between the {old} and the {new}, {month(first_of(YEAR_BEFORE), language)} and"
                f" {month(first_of(MONTH_AFTER), language)} changed by {most} at most; the largest revisions were"
                f" {moves[0]} and {moves[1]}, in millions of Canadian dollars. {_sentence(basis)}: the later file here"
                " has no re-exports."
            ),
            alt_text=(
                "Two lines of Canada’s domestic exports to Russia in two vintages, nearly the same, and below them"
                f" their difference: largest in {moves[0]} and {moves[1]}."
            ),
        )
    return Words(
        headline="Les deux mois cités ont tenu ; d’autres ont été révisés",
        subtitle=f"{_UNITS[language]}, {basis}, dans deux versions des mêmes cases",
        source=_source(files, desk, language),
        caption=(
            f"Entre la {old} et la {new}, {month(first_of(YEAR_BEFORE), language)} et"
            f" {month(first_of(MONTH_AFTER), language)} ont changé d’au plus {most} ; les plus fortes révisions :"
            f" {moves[0]} et {moves[1]}, en millions de dollars canadiens. {_sentence(basis)} : le fichier plus récent"
            " n’a pas de réexportations."
        ),
        alt_text=(
            "Deux courbes des exportations nationales du Canada vers la Russie dans deux versions, presque identiques,"
            f" et au-dessous leur écart, le plus grand : {moves[0]} et {moves[1]}."
        ),
    )


def _source(files: Sequence[RawFile], desk: Desk, language: str) -> str:
    """Publisher, tables and vintages, licence wording, and what a careful reader must know of the files."""
    named = [
        f"{'table' if language == 'en' else 'tableau'} {raw.table} ({vintage_words(raw.vintage, language)})"
        for raw in files
    ]
    if {raw.publisher for raw in files} != {"Statistics Canada"}:
        return " ".join(dict.fromkeys(raw.citation for raw in files))
    notes = [_extract_note(language)] if any(raw.extract for raw in files) else []
    notes += rejected_note(files, desk, language)
    if language == "en":
        start = f"Source: Statistics Canada, {' and '.join(named)}."
        licence = "Reproduced and distributed on an “as is” basis with the permission of Statistics Canada."
        return " ".join([start, *notes, licence, "Chart: tradeanalytics."])
    start = f"Source : Statistique Canada, {' et '.join(named)}."
    licence = "Reproduit et distribué « tel quel » avec la permission de Statistique Canada."
    return " ".join([start, *notes, licence, "Graphique : tradeanalytics."])


def _extract_note(language: str) -> str:
    if language == "en":
        return "Sums of the table’s cells, each rounded to a thousand dollars."
    return "Sommes de cases du tableau, chacune arrondie au millier de dollars."


def _files(desk: Desk, which: Sequence[flows.Cells]) -> list[RawFile]:
    try:
        return [desk.raw[cells.file_id] for cells in which]
    except KeyError as error:
        raise TradeAnalyticsError(
            f"clean table of raw file {error} has no raw file any more; run `make figures`"
        ) from error


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values: a row taken as a Series would turn whole cents into floats."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def _most_lost(table: pd.DataFrame) -> Mapping[str, Any]:
    return _rows(table.sort_values(["change_cents", "product"]))[0]


def _extremes(table: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The months revised most, down and up, in dollars."""
    ordered = table.dropna(subset=["change_cents"]).sort_values(["change_cents", "period"])
    rows = _rows(ordered)
    return [rows[0], rows[-1]]


def _vintage_name(raw: RawFile, language: str) -> str:
    return vintage_words(raw.vintage, language)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _month(months: pd.DataFrame, period: str) -> pd.DataFrame:
    return flows.between(months, period, period)


def _text(words: Words) -> Text:
    return Text(words.headline, words.subtitle, words.source)
