"""What a source is: a filled-in form that says which headings mean what, and the rules on the raw text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.tables import Table


class UnexpectedHeadingError(TradeAnalyticsError):
    """A file whose headings are not the source's: a column is missing, new or renamed."""


@dataclass(frozen=True)
class Rule:
    """A row breaks the rule where `fails` is true; `expected` is the sentence that says what was expected.

    `aside`: the row has no fault, but is a sum of rows that are kept, or a part of one.
    """

    code: str
    fails: pl.Expr
    expected: str
    aside: bool = False


@dataclass(frozen=True)
class Source:
    """One layout of one publisher. `headings` maps our names to every spelling seen; all others are `ignored`."""

    name: str
    publisher: str
    licence: str
    table: Table
    headings: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, pl.Expr]
    rules: tuple[Rule, ...]
    ignored: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)  # columns that say the same in every row
    prepared: tuple[Mapping[str, pl.Expr], ...] = ()  # made first, each stage from those before; rules see them too
    complete: bool = False  # whether all trade is there, so that what has no row was not traded
    remarks: tuple[str, ...] = ()  # what was found of the columns of one file, for its report

    def raw_names(self, found: list[str], file: str) -> list[str]:
        """Our name, or `_ignored_N`, for every heading found, in the file's order; or refuse the file.

        Raises UnexpectedHeadingError when a heading is missing, twice there, or neither known nor ignored. Exact
        spelling counts: real tables hold `Value` and `VALUE` side by side.
        """
        known = {spelling: name for name, spellings in self.headings.items() for spelling in spellings}
        unexplained = [heading for heading in found if heading not in known and heading not in self.ignored]
        missing = [spellings[0] for name, spellings in self.headings.items() if not set(spellings) & set(found)]
        twice = sorted({heading for heading in found if found.count(heading) > 1})
        if unexplained or missing or twice:
            raise UnexpectedHeadingError(f"{file}: {self._complaint(unexplained, missing, twice)}")
        return [known.get(heading, f"_ignored_{position}") for position, heading in enumerate(found)]

    def _complaint(self, unexplained: list[str], missing: list[str], twice: list[str]) -> str:
        parts = [f"the column {heading!r} is missing{_renamed(heading, unexplained)}" for heading in missing]
        parts += [f"the column {heading!r} is not one of {self.name}" for heading in unexplained]
        parts += [f"the column {heading!r} stands there twice" for heading in twice]
        return "; ".join(parts) + f" (expected the layout {self.name} of {self.publisher})"


def matches(column: str, pattern: str) -> pl.Expr:
    """True where a text column is wholly `pattern`; null text does not match.

    Not a cast: engines disagree on '0x10', '1_000', '12.0' and '+7'. Not `\\d`: it takes digits of other scripts.
    """
    return pl.col(column).str.contains(f"^(?:{pattern})$").fill_null(False)


def blank(column: str) -> pl.Expr:
    """True where a text column is empty, quoted or not."""
    return pl.col(column).fill_null("") == ""


def code(column: str, table: Mapping[str, str]) -> pl.Expr:
    """The code of a name by a reference table; null where the name is not in it.

    Not `replace_strict`: over a stream it keeps its input (measured: 0.1 GB a use on 2.8 million rows). An Enum, since
    a column of repeated texts is then written faster.
    """
    codes = pl.Enum(sorted(set(table.values())))
    return pl.coalesce([pl.when(pl.col(column) == name).then(pl.lit(value, codes)) for name, value in table.items()])


def or_null(column: str) -> pl.Expr:
    """The text of a column, null where it is empty."""
    return pl.when(~blank(column)).then(pl.col(column))


def _renamed(heading: str, unexplained: list[str]) -> str:
    close = get_close_matches(heading.lower(), [other.lower() for other in unexplained], n=1, cutoff=0.5)
    original = next((other for other in unexplained if close and other.lower() == close[0]), None)
    return f" (is it now {original!r}?)" if original else ""
