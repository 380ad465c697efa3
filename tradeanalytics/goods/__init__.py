"""Which goods: trade by HS code over the whole history, at any level, from the newest release of each month."""

from tradeanalytics.goods.asked import Goods, choose
from tradeanalytics.goods.changes import changes
from tradeanalytics.goods.listed import on_list
from tradeanalytics.goods.sums import doubts, monthly, unit_values

__all__ = ["Goods", "changes", "choose", "doubts", "monthly", "on_list", "unit_values"]
