"""What an address tells by itself, without a register: it ranks, and asserts nothing."""

from __future__ import annotations

import math
import re
from functools import cache

from tradeanalytics.parties.residences.register import Uses
from tradeanalytics.reference import rows

AT_LEAST = 9.0  # homes to companies: nine of ten, where there are as many of either
HOMES = 0.95  # of the addresses of a postal code whose use is known
_DWELLING = re.compile(r"(?:PH|TH|BSMT|APT|APP|APPT|APARTMENT|APPARTEMENT|PENTHOUSE|TOWNHOUSE|BASEMENT)(?![A-Z])")


def home_ratio(street_type: str, direction: str, civic: str) -> float:
    """How much likelier an address is a house's than a company's by its form, where there are as many of either.

    The ratios were measured one by one among Toronto's, and are multiplied as if each were independent of the others.

    >>> round(home_ratio("CRES", "", "25"), 1), round(home_ratio("RD", "W", "2500"), 4)
    (40.1, 0.0035)
    """
    of = _ratios()
    number = int(civic[:6])
    size = "to 200" if number <= 200 else "201 to 999" if number < 1000 else "from 1000"
    told = "told" if direction else "not told"
    parts = (of.get(("street type", street_type), 1.0), of["direction", told], of["civic number", size])
    return math.prod(parts)


def is_dwelling_word(unit: str) -> bool:
    """Whether a unit is a penthouse, a townhouse, an apartment or a basement by its own word.

    >>> is_dwelling_word("PH01"), is_dwelling_word("apt 5"), is_dwelling_word("Suite 5"), is_dwelling_word("THEATRE")
    (True, True, False, False)
    """
    return bool(_DWELLING.match(unit.strip().upper()))


def mostly_homes(uses: Uses) -> bool:
    """Whether hardly any address of a postal code whose use is known is something else than residential."""
    known = uses.n1 + uses.n2 + uses.n3
    return known > 0 and uses.n1 >= HOMES * known


@cache
def _ratios() -> dict[tuple[str, str], float]:
    return {(row["feature"], row["value"]): float(row["ratio"]) for row in rows("home_ratios")}
