"""What several figures say in the same words: the invasion, and what was left out of the files behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tradeanalytics.clean import reports
from tradeanalytics.raw import RawFile
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.words import number

INVASION: Final = date(2022, 2, 24)
INVASION_WORDS: Final = {"en": "Russia invades Ukraine", "fr": "La Russie envahit l’Ukraine"}


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
