"""What a code of the goods says, in a month and a language, by the publisher's own lists."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine, literal
from tradeanalytics.goods.asked import first_day

_LANGUAGES = ("en", "fr")
_LIMIT = 83  # characters of a title in the lists


def titles(engine: Engine, codes: Iterable[str], month: str, *, language: str = "en") -> pd.DataFrame:
    """The title of each code in a month ("2022-03"): code, title, unit, parent, parent_title, cut.

    From the newest list that holds the code then; null, never a guess, where none does. `parent` is the longest shorter
    code that has a title. `cut` is true where the publisher's own limit of 83 characters may have cut the title off.
    """
    if language not in _LANGUAGES:
        raise TradeAnalyticsError(f"language: {language!r}, expected one of {', '.join(_LANGUAGES)}")
    wanted = sorted(set(codes))
    every = sorted({code[:digits] for code in wanted for digits in range(2, len(code) + 1, 2)})
    day = f"DATE '{first_day(month):%Y-%m-%d}'"
    found = engine.sql(
        f"""
SELECT code, max_by({language}, (NOT invented, vintage, file_id)) AS title,
       max_by(unit, (NOT invented, vintage, file_id)) AS unit
FROM codes
WHERE starts_with(list, 'hs') AND {language} IS NOT NULL AND code IN ({", ".join(map(literal, every)) or "NULL"})
  AND first_month <= {day} AND (last_month IS NULL OR last_month >= {day})
GROUP BY code ORDER BY code
"""
    ).set_index("code")
    parents = {code: _parent(code, set(found.index)) for code in wanted}
    table = found.reindex(wanted).rename_axis("code").reset_index()
    named = found["title"].reindex([parents[code] for code in wanted]).array
    cut = table["title"].str.len() >= _LIMIT
    return table.assign(parent=pd.Series(parents).array, parent_title=named, cut=cut.fillna(False))


def _parent(code: str, there: set[str]) -> str | None:
    shorter = (code[:digits] for digits in range(len(code) - 2, 0, -2))
    return next((one for one in shorter if one in there), None)
