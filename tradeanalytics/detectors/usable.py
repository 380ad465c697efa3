"""Whether a table of trade can be asked at all: if not, why, in words; a detector says so and does not fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from tradeanalytics.flows import VALUES
from tradeanalytics.reference import rows

_NO_COUNTRY: dict[str, str] = {row["code"]: row["en"] for row in rows("areas") if row["kind"] in ("total", "residual")}


def why_unusable(table: pd.DataFrame, keys: Sequence[str], unnamed: Collection[str] = ()) -> str | None:
    """Why no unit of a table can be judged: it is empty, in several currencies, says a thing twice, or does not say
    whose or of when a row is; else None.

    `keys`: the columns that name one row; those that are `unnamed` may be null.
    """
    if table.empty:
        return "the table has no row"
    currencies = currencies_of(table)
    if len(currencies) != 1:
        return f"the values are in {' and '.join(currencies) or 'no currency'}: one is needed"
    if doubled := int(table.duplicated(list(keys)).sum()):
        return f"{doubled} rows give again what another row gives: the sum would count them twice"
    return untold(table, [name for name in keys if name not in unnamed])


def untold(table: pd.DataFrame, keys: Sequence[str]) -> str | None:
    """Which of the columns that name a row is null in some, in words; None where all are told.

    >>> untold(pd.DataFrame({"partner": ["RU", None]}), ["partner"])
    'no partner is told in 1 of the rows'
    """
    lacking = {name: int(table[name].isna().sum()) for name in keys}
    told = (f"no {name} is told in {count:,} of the rows" for name, count in lacking.items() if count)
    return next(told, None)


def currencies_of(table: pd.DataFrame) -> list[str]:
    """The currencies in which a table has a value, or has a column for one where no value is known.

    >>> currencies_of(pd.DataFrame({"value_eur_cents": [1], "value_usd_cents": [None]}))
    ['EUR']
    """
    columns = [name for name in VALUES if name in table]
    filled = [name for name in columns if table[name].notna().any()]
    return [name.split("_")[1].upper() for name in filled or columns[:1]]


def cents(table: pd.DataFrame) -> pd.Series:
    """The values of a table in one currency, whole cents, null where unknown."""
    return table[f"value_{currencies_of(table)[0].lower()}_cents"].astype("Int64")


def aggregates(codes: Collection[str] = _NO_COUNTRY) -> list[str]:
    """Which of some codes, or of all known, are sums or residuals of countries: WORLD, EU27, OTHER, ...

    >>> aggregates(["RU", "WORLD"])
    ['WORLD']
    """
    return sorted(code for code in codes if code in _NO_COUNTRY)
