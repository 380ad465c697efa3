"""Goods on a list, month by month and tier by tier, each row by the edition of its own year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from tradeanalytics.engine import Engine, literal
from tradeanalytics.flows import NotComparableError
from tradeanalytics.goods.asked import Goods, first_day
from tradeanalytics.goods.sums import group, grouped
from tradeanalytics.reference.hs import edition


def on_list(engine: Engine, which: Goods, listed: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """The value of listed goods by month, tier and match (exact, same_code, possible), and each group of `by`.

    `listed` is a table of `reference.goods_lists`. Columns as of `monthly`, with tier and match. A wider code that a
    listed one came from is an upper bound, kept apart by its match. Raises NotComparableError when an edition of the
    HS in which there are rows is not in the list.
    """
    if which.hs is not None:
        raise NotComparableError("goods on a list are asked for by the list: choose them without hs")
    _refuse_other_editions(which, listed)
    narrowed = replace(which, hs=tuple(sorted(set(listed["hs"]))))
    groups = [*(group(name, which) for name in by), "tier", "match"]
    return grouped(engine, narrowed, groups, [*by, "tier", "match"], _join(listed))


def records_sql(which: Goods, listed: pd.DataFrame, first: str, last: str, *, by: Sequence[str] = ()) -> str:
    """The statement that lists the raw records of listed goods in some months, with their value and lineage."""
    columns = ", ".join(["goods.file_id", "goods.record", "period", "hs", "tier", "match", *by, which.value])
    days = [f"DATE '{first_day(month):%Y-%m-%d}'" for month in (first, last)]
    return f"""SELECT {columns}
FROM goods {_join(listed)}
WHERE {which.where(in_full=True)}
  AND period BETWEEN {days[0]} AND {days[1]}"""


def _join(listed: pd.DataFrame) -> str:
    values = ", ".join(
        f"({', '.join(map(literal, row))})"
        for row in listed[["hs", "hs_edition", "tier", "match"]].itertuples(index=False)
    )
    lengths = sorted({len(code) for code in listed["hs"]})
    same = " OR ".join(
        f"(length(listed.code) = {length} AND substr(goods.hs, 1, {length}) = listed.code)" for length in lengths
    )
    return f"""JOIN (VALUES {values}) AS listed (code, edition, tier, match)
  ON goods.hs_edition = listed.edition AND ({same})"""


def _refuse_other_editions(which: Goods, listed: pd.DataFrame) -> None:
    there = sorted({edition(period) for period in which.periods})
    if missing := [one for one in there if one not in set(listed["hs_edition"])]:
        raise NotComparableError(f"the list has no codes of HS {', '.join(missing)}, in which there are months")
