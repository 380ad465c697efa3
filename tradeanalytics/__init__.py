"""Customs and export records to clean tables, charts and proof."""

__version__ = "0.1.0"


class TradeAnalyticsError(Exception):
    """A wrong input, said in one line: the file, the column or record, the value, and what was expected."""
