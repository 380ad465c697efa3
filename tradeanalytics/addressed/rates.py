"""How usual it is: the companies at homes beside all companies, for a number alone says nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tradeanalytics.addressed.places import at_home

_RECORDED = ("residential", "mixed", "non_residential")


@dataclass(frozen=True)
class BaseRate:
    """Companies at any address of a kind, whatever other addresses they have.

    `everybody`: all of them; `canadian`: with an address in Canada; `recorded`: with one whose use the register tells;
    `homes`: with one recorded as residential.
    """

    everybody: int
    canadian: int
    recorded: int
    homes: int


def base_rate(places: pd.DataFrame) -> BaseRate:
    """The base rate of homes among the companies of `Addressed.places`.

    >>> columns = ["company", "address_country", "use", "basis"]
    >>> rows = [("A", "CA", "residential", "nar_unit"), ("B", "CA", "unknown", "rule"), ("B", "HK", "unknown", "rule")]
    >>> base_rate(pd.DataFrame(rows, columns=columns))
    BaseRate(everybody=2, canadian=2, recorded=1, homes=1)
    """
    chosen = (
        places["company"] != "",
        places["address_country"] == "CA",
        places["use"].isin(_RECORDED),
        at_home(places),
    )
    return BaseRate(*(places.loc[(places["company"] != "") & rows, "company"].nunique() for rows in chosen))
