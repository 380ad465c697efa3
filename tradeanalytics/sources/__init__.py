"""Sources: one declaration a publisher's layout. `recognise` tells which one a file is."""

from __future__ import annotations

from tradeanalytics.sources import comext, statcan
from tradeanalytics.sources.source import Rule, Source, UnexpectedHeadingError

__all__ = ["Rule", "Source", "UnexpectedHeadingError", "recognise"]

# A known table is held to its own layout, so that a renamed column is an error and not a new kind of table.
_BY_TABLE = {
    "12-10-0011": statcan.BY_PARTNER,
    "12-10-0119": statcan.BY_SECTION,
    "12-10-0175": statcan.BY_SECTION,
}


def recognise(file: str, table_id: str, headings: list[str]) -> Source:
    """The source whose layout a file has: by its table number, else by its headings.

    Raises UnexpectedHeadingError when no layout fits.
    """
    if table_id in _BY_TABLE:
        return _BY_TABLE[table_id]
    if comext.is_comext(headings):
        return comext.TOTALS
    if "Principal trading partners" in headings:
        return statcan.BY_PARTNER if "Basis" in headings else statcan.BY_SECTION
    if statcan.is_a_table(headings):
        return statcan.series(headings)
    raise UnexpectedHeadingError(f"{file}: no known layout has the columns {headings[:8]}; the layouts are in sources/")
