"""What raw files can be had, from whom, under which licence: `catalogue.toml`, read into entries."""

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError


@dataclass(frozen=True)
class Entry:
    """One file that can be fetched.

    `citation` holds `{vintage}` where the date of the release goes: see `cited`.
    """

    key: str
    table: str
    publisher: str
    title: str
    url: str
    filename: str
    licence: str
    citation: str
    purpose: str
    cadence: str

    def cited(self, vintage: str) -> str:
        """The citation of one release; an unknown date is said to be unknown."""
        return self.citation.replace("{vintage}", vintage or "release date unknown")


@cache
def _declared() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


def catalogue() -> dict[str, Entry]:
    """Every listed entry by its key, in the order of the catalogue."""
    return {declared["key"]: Entry(**declared) for declared in _declared()["file"]}


def entry(key: str) -> Entry:
    """The entry of a key, or of a table number that is not listed ("18-10-0204", "18100204").

    Raises TradeAnalyticsError, naming the known keys, for anything else.
    """
    listed = catalogue()
    for numbered in _declared()["numbered"]:
        if key not in listed and (match := re.fullmatch(numbered["number"], key)):
            table = match.expand(numbered["table"])
            return listed.get(table) or _from_number(numbered, table)
    if key not in listed:
        known = ", ".join(listed)
        raise TradeAnalyticsError(f"catalogue: unknown key {key!r}; expected one of {known}, or a table number")
    return listed[key]


def _from_number(numbered: dict[str, Any], table: str) -> Entry:
    words = {"{table}": table, "{digits}": table.replace("-", "")}
    filled = {field.name: _fill(numbered[field.name], words) for field in fields(Entry) if field.name != "key"}
    return Entry(**{**filled, "key": table, "table": table})


def _fill(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(name, word)
    return text


def table_of(filename: str) -> str:
    """The table a file's name tells, or "" when it tells none.

    >>> table_of("12100119-eng (1).zip"), table_of("1210001101_databaseLoadingData.csv"), table_of("shipments.csv")
    ('12-10-0119', '12-10-0011', '')
    """
    for numbered in _declared()["numbered"]:
        for name in numbered["names"]:
            if match := re.fullmatch(name, filename):
                return match.expand(numbered["table"])
    return ""
