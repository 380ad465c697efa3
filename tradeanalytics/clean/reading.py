"""How a file was read, for its report: the layout, what each heading was taken for, encoding and delimiter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradeanalytics.clean.texttable import TextTable
from tradeanalytics.sources.layouts import Match


def reading(match: Match, tables: Sequence[TextTable], *, of: Mapping[str, Match] | None = None) -> dict[str, object]:
    """The reading of one file as plain values; `of`, the tables that were joined in it, whose headings these are.

    `headings` are pairs of heading and field, in the file's order; `not_used` are known and of no use here.
    """
    parts = of or {"": match}
    pairs = [
        (f"{name}.{heading}" if name else heading, field)
        for name, part in parts.items()
        for heading, field in zip(part.headings, part.fields, strict=True)
    ]
    return {
        "layout": match.layout.name,
        "title": match.layout.title,
        "headings": [[heading, _plain(field)] for heading, field in pairs if not field.startswith(("_", "total_"))],
        "not_used": [heading for heading, field in pairs if field.startswith(("_ignored", "_repeat", "total_"))],
        "unknown": [heading for part in parts.values() for heading in part.unknown],
        "encoding": tables[0].encoding,
        "cut_by": tables[0].cut_by,
        "sheets": [table.sheet for table in tables if table.sheet is not None],
    }


def _plain(field: str) -> str:
    """The field of a column that holds a piece of it: description_2 is description."""
    stem, _, number = field.rpartition("_")
    return stem if number.isdigit() else field
