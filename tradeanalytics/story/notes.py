"""What several figures share: the invasion and the months around it, what was left out of their files, a scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from tradeanalytics.clean import reports
from tradeanalytics.coverage import covered
from tradeanalytics.flows import NotComparableError
from tradeanalytics.goods import choose
from tradeanalytics.raw import RawFile
from tradeanalytics.shipments import Which
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.words import month, number

INVASION: Final = date(2022, 2, 24)
INVASION_WORDS: Final = {"en": "Russia invades Ukraine", "fr": "La Russie envahit l’Ukraine"}
WINDOWS: Final = {"before": ("2021-03", "2021-07"), "after": ("2022-03", "2022-07")}  # from the invasion on


def first_of(period: str) -> date:
    """The first day of a month such as 2022-03."""
    return date.fromisoformat(f"{period}-01")


def span(first: str, last: str, language: str) -> str:
    """From a month to a month, in short words."""
    return f"{month(first_of(first), language, short=True)} – {month(first_of(last), language, short=True)}"


def within(statement: str, windows: Mapping[str, tuple[str, str]], measure: str = "cents") -> dict[str, str]:
    """A statement that lists cells, narrowed to each of some windows of months, by the measure that sums them there."""
    return {
        f"{side}_{measure}": f"{statement}\n  AND period BETWEEN DATE '{first}-01' AND DATE '{last}-01'"
        for side, (first, last) in windows.items()
    }


def millions(cents: pd.Series[Any]) -> pd.Series[float]:
    """Millions of dollars for drawing only; printed numbers are made from the whole cents."""
    return cents.astype("Float64").astype("float64") / 1e8


def rejected_note(files: Sequence[RawFile], desk: Desk, language: str) -> list[str]:
    """A figure from a file with rows that could not be read says so; no sentence where there is none."""
    ids = {raw.file_id for raw in files}
    found = [report for report in reports(desk.processed) if report["file_id"] in ids]
    rejected = sum(report.get("rejected", 0) - report.get("set_aside", 0) for report in found)
    records = sum(report.get("records", 0) for report in found)
    if not rejected:
        return []
    all_of_them, one = number(records, 0, language), rejected == 1
    if language == "en":
        were = "was rejected and is not" if one else "were rejected and are not"
        return [f"{number(rejected, 0, language)} of {all_of_them} records {were} counted."]
    if one:
        return [f"1 enregistrement sur {all_of_them} a été rejeté et n’est pas compté."]
    return [
        f"{number(rejected, 0, language)} enregistrements sur {all_of_them} ont été rejetés et ne sont pas comptés."
    ]


def coverage_note(raw: RawFile, desk: Desk, language: str, *, reporter: str = "RU") -> str:
    """What share of the official imports of a country its customs records hold; that it is unknown, where it is."""
    share = _share(raw, desk, reporter)
    if share is None:
        unknown = {
            "en": "No official figure is here to say what share of the trade these records hold.",
            "fr": "Aucun chiffre officiel ne dit ici quelle part du commerce ces déclarations représentent.",
        }
        return unknown[language]
    percent = number(100 * share, 0, language)
    if language == "en":
        return f"These records hold {percent}% of the official imports of the same goods, countries and months."
    return f"Ces déclarations font {percent}\u00a0% des importations officielles des mêmes biens, pays et mois."


def _share(raw: RawFile, desk: Desk, reporter: str) -> float | None:
    which = Which(files=(raw.file_id,))
    countries = desk.engine.sql(
        f"SELECT DISTINCT origin_country AS code FROM ({which.sql()}) WHERE code IS NOT NULL ORDER BY code"
    )["code"]
    try:
        official = choose(desk.engine, "import", reporter=reporter, partner=list(countries), invented=raw.invented)
        share: float | None = covered(desk.engine, which, official)["coverage"]
    except NotComparableError:
        return None
    return share
