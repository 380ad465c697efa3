"""What raw files can be had, from whom, under which licence: `catalogue.toml`, read into entries."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError

_YEARS = re.compile(r"[0-9]{4}(?:\.\.[0-9]{4})?")


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
def _declared() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


def catalogue() -> dict[str, Entry]:
    """Every listed entry by its key, in the order of the catalogue."""
    return {declared["key"]: Entry(**declared) for declared in _declared()["file"]}


def usual() -> list[str]:
    """The keys that are fetched when none is named: every one but what is too large to be taken unasked."""
    return [key for key in catalogue() if key not in _declared()["named_only"]]


def entry(key: str) -> Entry:
    """The entry of a key, or of a table number that is not listed ("18-10-0204", "18100204").

    Raises TradeAnalyticsError, naming the known keys, for anything else.
    """
    listed = catalogue()
    for numbered in _declared()["numbered"]:
        if key not in listed and (match := re.fullmatch(numbered["number"], key)):
            table = match.expand(numbered["table"])
            return listed.get(table) or _from_number(numbered, table, match)
    if key not in listed:
        known = ", ".join(listed)
        raise TradeAnalyticsError(f"catalogue: unknown key {key!r}; expected one of {known}, or a table number")
    return listed[key]


def _from_number(numbered: dict[str, Any], table: str, match: re.Match[str]) -> Entry:
    words = {"{table}": table, "{digits}": table.replace("-", "")}
    words |= {f"{{{place}}}": text for place, text in enumerate(match.groups(), 1)}
    filled = {field.name: _fill(numbered[field.name], words) for field in fields(Entry) if field.name != "key"}
    return Entry(**{**filled, "key": table, "table": table})


def _fill(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(name, word)
    return text


def series() -> dict[str, dict[str, Any]]:
    """What is published in a file or more a year, by the word that asks for it: `first` year, `tables`, `title`."""
    return {declared["key"]: declared for declared in _declared()["yearly"]}


def asked(words: Sequence[str]) -> list[str]:
    """The keys that the words of a command ask for: a series is followed by its years.

    >>> asked(["12-10-0175", "cimt", "2023..2024"])[:3]
    ['12-10-0175', 'CIMT-Imp-2023', 'CIMT-Dom_Exp-2023']

    Raises TradeAnalyticsError for a series without years, or years that it does not have.
    """
    return list(_asked(list(words)))


def _asked(words: list[str]) -> Iterator[str]:
    while words:
        word = words.pop(0)
        if word not in series():
            yield word
            continue
        years = list(takewhile(_YEARS.fullmatch, words))
        if not years:
            raise TradeAnalyticsError(f"{word}: expected years after it, such as `{word} 2019..2024`")
        for text in years:
            yield from _of_years(series()[word], text)
        del words[: len(years)]


def _of_years(declared: dict[str, Any], text: str) -> Iterator[str]:
    first, last = (int(year) for year in (text.split("..") * 2)[:2])
    if not declared["first"] <= first <= last <= date.today().year:
        raise TradeAnalyticsError(f"{declared['key']}: no years {text}; it has {declared['first']} to this year")
    for year in range(first, last + 1):
        yield from (table.replace("{year}", str(year)) for table in declared["tables"])


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
