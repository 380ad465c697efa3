"""Which goods: trade by HS code over the whole history, at any level, from the newest release of each month."""

from tradeanalytics.goods.asked import Goods, choose
from tradeanalytics.goods.sums import monthly, unit_values

__all__ = ["Goods", "choose", "monthly", "unit_values"]
