"""Knowledge that changes slowly, as CSV with the evidence and the day it was checked, and tiny lookups over it."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of one reference table, as text: nothing is read as missing, so NA stays Namibia."""
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def lookup(name: str, key: str, value: str) -> dict[str, str]:
    """One column of a reference table by another.

    >>> lookup("partners", "name", "code")["Russian Federation"]
    'RU'
    """
    return {row[key]: row[value] for row in rows(name)}
