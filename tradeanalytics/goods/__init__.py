"""Which goods: trade by HS code over the whole history, at any level, from the newest release of each month."""

from tradeanalytics.goods.asked import Goods, choose
from tradeanalytics.goods.changes import changes
from tradeanalytics.goods.listed import on_list, records_sql
from tradeanalytics.goods.mirror import mirror
from tradeanalytics.goods.sums import doubts, monthly, unit_values
from tradeanalytics.goods.titles import titles

__all__ = [
    "Goods",
    "changes",
    "choose",
    "doubts",
    "mirror",
    "monthly",
    "on_list",
    "records_sql",
    "titles",
    "unit_values",
]
