"""The lists that hold now, ready to be screened against: of each list the newest file, its parties and their names.

Names are made ready once and kept beside the processed tables; other names, or other rules of this package by which
names are taken into words, make them again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.engine import Engine
from tradeanalytics.parties import identifiers
from tradeanalytics.parties.candidates import KINDS, Names, prepare
from tradeanalytics.parties.persons import person
from tradeanalytics.parties.words import several, wording
from tradeanalytics.reference import rows

# Of a list in twenty-four languages: the others are translations, which no shipper writes and many a name is like.
_LANGUAGES = ("EN", "FR", "RU", "UK", "BE", "ZH", "AR", "FA", "TR")
_FEWEST, _MOST = 2, 5  # words of a person's name
_PARTY = ("authority", "list", "entry")
_SINCE = ("listed_on", "delisted_on", "first_seen", "listed_after", "not_in_main")
# A list of the user's own may not tell whose it is: its parties are listed all the same.
_LISTED = """(
    SELECT * REPLACE (coalesce(authority, 'authority not told') AS authority, coalesce(list, 'list not told') AS list)
    FROM listed
)"""
_SEVERAL = ("programmes", "countries", "addresses", "born")


@dataclass(frozen=True)
class Listed:
    """One name of one listed party, with what the lists tell of the party; `row` is its place among all names."""

    row: int
    party: int
    authority: str
    list: str
    entry: str
    kind: str | None
    name: str
    name_kind: str
    strong: bool | None
    list_date: str | None
    listed_on: date | None
    delisted_on: date | None
    first_seen: str | None
    listed_after: str | None
    not_in_main: str | None
    countries: tuple[str, ...]
    addresses: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    file_id: str
    record: int


@dataclass(frozen=True)
class Lists:
    """What is screened against.

    `parties`: party (its place), authority, list, entry, type, listed_on, delisted_on, programmes, countries,
    addresses, born, first_seen (the oldest list here in which it stands), listed_after (the newest before that),
    not_in_main (the newest main list, where only a file of other names or remarks has it).
    `names`: party, name, name_kind, strong, script, list_date, file_id, record.
    `identifiers`: party, kind, number, country.
    `dates`: authority, list, says, list_date, whole, parties: the lists that were looked at, and whether in whole.
    `absent`: authority, list, list_date, name, file_id, record: who was looked for in a whole list and was not there.
    `of` has the names of each kind made ready: `places[kind]` are rows of `names`.
    """

    parties: pl.DataFrame
    names: pl.DataFrame
    identifiers: pl.DataFrame
    dates: pl.DataFrame
    absent: pl.DataFrame
    of: dict[str, Names]
    places: dict[str, list[int]]

    @cached_property
    def looked_at(self) -> str:
        """The lists that were looked at, with their dates."""
        told = self.dates.filter(pl.col("says") == "entry")["list", "list_date", "whole"].rows()
        named = [
            f"{'' if whole else 'an extract of '}{list_title(code)} of {day or 'unknown date'}"
            for code, day, whole in told
        ]
        return f"nothing found in {'; '.join(named)}: no clearance"

    def name(self, kind: str, place: int) -> str:
        """The text of a name of a kind, by its place among those of its kind."""
        return self._texts[self.places[kind][place]]

    def named(self, kind: str, place: int) -> Listed:
        """The listed party of a name of a kind, by the place of the name among those of its kind."""
        return self._listed(self.places[kind][place])

    def with_number(self, number: str) -> list[tuple[Listed, str]]:
        """The listed parties that have a number (letters and digits alone), each by its first name, and its kind."""
        return [(self._listed(self._first_names[party]), kind) for party, kind in self._numbers.get(number, ())]

    def _listed(self, row: int) -> Listed:
        name = self.names.row(row, named=True)
        party = self.parties.row(name["party"], named=True)
        return Listed(
            row=row,
            party=name["party"],
            kind=party["type"] if party["type"] in KINDS else None,
            numbers=tuple(self._numbers_of.get(name["party"], ())),
            countries=tuple(party["countries"]),
            addresses=tuple(one["address"] for one in party["addresses"]),
            **{key: party[key] for key in (*_PARTY, *_SINCE)},
            **{key: name[key] for key in ("name", "name_kind", "strong", "list_date", "file_id", "record")},
        )

    @cached_property
    def _texts(self) -> list[str]:
        return self.names["name"].to_list()

    @cached_property
    def _first_names(self) -> dict[int, int]:
        """The first name of each party."""
        parties = self.names["party"].to_list()
        return {party: row for row, party in reversed(list(enumerate(parties)))}

    @cached_property
    def _numbers(self) -> dict[str, list[tuple[int, str]]]:
        """Party and kind by number, of parties that have a name."""
        found: dict[str, list[tuple[int, str]]] = {}
        for party, kind, number in self.identifiers["party", "kind", "number"].rows():
            if party in self._first_names:
                found.setdefault(number, []).append((party, kind))
        return found

    @cached_property
    def _numbers_of(self) -> dict[int, list[tuple[str, str]]]:
        found: dict[int, list[tuple[str, str]]] = {}
        for party, kind, number in self.identifiers["party", "kind", "number"].rows():
            found.setdefault(party, []).append((kind, number))
        return found


def open_lists(engine: Engine, kept: Path | None = None, *, invented: bool = False) -> Lists:
    """The newest file of each list among the processed tables, made ready; `invented`: made-up lists alone.

    `kept` is a folder where what was made ready is kept for the next time. Raises TradeAnalyticsError where there is
    no list: nobody is cleared by a list that is not there.
    """
    listed = pl.DataFrame(engine.arrow(_newest(invented)))
    if listed.is_empty():
        raise TradeAnalyticsError(
            "no list of parties is there to screen against; put the publishers' files into data/raw, or fetch them"
            " (`tradeanalytics fetch --list`), and clean them"
        )
    parties = _parties(listed, *(pl.DataFrame(engine.arrow(ask(invented))) for ask in (_seen, _mains)))
    names = _names(listed, parties)
    kinds = {kind: _of_kind(names, kind) for kind in KINDS}
    of = {kind: _prepared(names["name"].gather(places).to_list(), kind, kept) for kind, places in kinds.items()}
    absent = pl.DataFrame(engine.arrow(_absent(invented)))
    return Lists(parties, names, _identifiers(listed, parties), _dates(listed), absent, of, kinds)


def known_lists(engine: Engine, kept: Path | None = None, *, invented: bool = False) -> Lists | None:
    """The same where there is a list, None where there is none."""
    there = engine.sql(f"SELECT count(*) AS rows FROM listed WHERE invented = {invented}")["rows"].iloc[0]
    return open_lists(engine, kept, invented=invented) if there else None


def list_title(code: str, language: str = "en") -> str:
    """The name of a list in English or French, or the code itself where it is a list of the user's own.

    >>> list_title("ofac_sdn"), list_title("ca_sema", "fr")
    ('OFAC SDN', 'Liste consolidée des sanctions autonomes canadiennes')
    """
    column = {"en": "title", "fr": "title_fr"}[language]
    return next((row[column] for row in rows("watchlists") if row["list"] == code), code)


def vintages(first_seen: str | None, listed_after: str | None, not_in_main: str | None) -> str:
    """Since when a party is listed as far as the lists that are kept can tell, where the publisher tells no day.

    >>> vintages("2023-01", "2022-01", None)
    'not yet listed as of 2022-01, on the list of 2023-01'
    """
    if not_in_main:
        return f"not listed as of {not_in_main}, named in the file of other names of {first_seen or 'unknown date'}"
    before = f"not yet listed as of {listed_after}, " if listed_after else ""
    since = "" if listed_after else ", since when is not told"
    return f"{before}on the list of {first_seen or 'unknown date'}{since}"


def _newest(invented: bool) -> str:
    """Rows of the newest whole file of each list, and of extracts that are newer, or all there is.

    Of two whole files of one date that with more rows counts. What says aliases or addresses is a file of its own with
    a date of its own.
    """
    return f"""
        WITH files AS (
            SELECT authority, list, says, whole, file_id, max(list_date) AS list_date, count(*) AS rows
            FROM {_LISTED}
            WHERE says <> 'absent' AND {_of_authorities(invented)}
            GROUP BY ALL
        ), newest AS (
            SELECT * FROM files WHERE whole
            QUALIFY row_number() OVER (
                PARTITION BY authority, list, says ORDER BY list_date DESC NULLS LAST, rows DESC, file_id
            ) = 1
        ), chosen AS (
            SELECT authority, list, says, file_id FROM newest
            UNION ALL
            SELECT authority, list, says, files.file_id
            FROM files LEFT JOIN newest USING (authority, list, says)
            WHERE NOT files.whole AND (newest.file_id IS NULL OR files.list_date > newest.list_date)
        )
        SELECT listed.* FROM {_LISTED} AS listed JOIN chosen USING (authority, list, says, file_id)
        ORDER BY authority, list, entry, says DESC, file_id, record
    """


def _seen(invented: bool) -> str:
    """The first list, of all that are kept, in which a number stands with a name: numbers are given again."""
    return f"""
        SELECT authority, list, entry, lower(named.name) AS folded, min(list_date) AS first_seen
        FROM (SELECT *, unnest(names) AS named FROM {_LISTED} WHERE says <> 'absent' AND {_of_authorities(invented)})
        GROUP BY ALL
    """


def _mains(invented: bool) -> str:
    """The dates of the whole lists that are kept."""
    return f"""
        SELECT DISTINCT authority, list, list_date AS main_date
        FROM {_LISTED} WHERE says = 'entry' AND whole AND list_date IS NOT NULL AND {_of_authorities(invented)}
    """


def _absent(invented: bool) -> str:
    return f"""
        SELECT authority, list, list_date, names[1].name AS name, file_id, record
        FROM {_LISTED} WHERE says = 'absent' AND {_of_authorities(invented)} ORDER BY ALL
    """


def _of_authorities(invented: bool) -> str:
    return "invented" if invented else "NOT invented"


def _parties(listed: pl.DataFrame, seen: pl.DataFrame, mains: pl.DataFrame) -> pl.DataFrame:
    flat = {name: pl.col(name).list.explode().drop_nulls().unique(maintain_order=True) for name in _SEVERAL}
    first = {name: pl.col(name).drop_nulls().first() for name in ("type", "listed_on", "delisted_on", "reference")}
    in_main = (pl.col("says") == "entry").any()
    found = listed.group_by(_PARTY, maintain_order=True).agg(**first, **flat, in_main=in_main)
    folded = pl.col("names").list.eval(pl.element().struct.field("name").str.to_lowercase())
    named = listed.select(*_PARTY, folded=folded).explode("folded")
    dates = named.join(seen, on=[*_PARTY, "folded"]).group_by(_PARTY).agg(pl.col("first_seen").min())
    earlier = dates.join(mains, on=["authority", "list"]).filter(pl.col("main_date") < pl.col("first_seen"))
    after = earlier.group_by(_PARTY).agg(listed_after=pl.col("main_date").max())
    newest = mains.group_by("authority", "list").agg(not_in_main=pl.col("main_date").max())
    whole = found.join(dates, on=_PARTY, how="left", maintain_order="left")
    whole = whole.join(after, on=_PARTY, how="left", maintain_order="left")
    whole = whole.join(newest, on=["authority", "list"], how="left", maintain_order="left")
    absent = pl.when(~pl.col("in_main")).then("not_in_main")
    return whole.with_columns(not_in_main=absent).drop("in_main").with_row_index("party")


def _names(listed: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """One row a name of a party, each name once, without translations of a name that is there in English."""
    found = _of_parties(listed, parties, "names")
    language = pl.col("language").str.to_uppercase()
    kept = language.is_null() | language.is_in(_LANGUAGES) | ~(language == "EN").any().over("party").fill_null(False)
    once = found.filter(kept).unique(["party", "name"], keep="first", maintain_order=True)
    columns = ("party", "name", pl.col("kind").alias("name_kind"), "strong", "script", "list_date", "file_id", "record")
    return once.select(*columns).join(parties.select("party", of_type="type"), on="party", maintain_order="left")


def _identifiers(listed: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    found = _of_parties(listed, parties, "identifiers").select("party", "kind", "number", "country")
    plain = [identifiers.normal(kind, one) or plain_number(one) for kind, one in found["kind", "number"].rows()]
    return found.with_columns(number=pl.Series(plain, dtype=pl.String)).unique(maintain_order=True)


def _of_parties(listed: pl.DataFrame, parties: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row for each of what a record can have several of, with its party."""
    found = listed.join(parties.select("party", *_PARTY), on=_PARTY, maintain_order="left").explode(column)
    return found.filter(pl.col(column).is_not_null()).unnest(column)


def plain_number(text: str) -> str:
    """The letters and digits of a number.

    >>> plain_number("7802 170-553")
    '7802170553'
    """
    return "".join(filter(str.isalnum, text)).upper()


def _dates(listed: pl.DataFrame) -> pl.DataFrame:
    keys = ("authority", "list", "says", "list_date", "whole")
    return listed.group_by(keys).agg(parties=pl.col("entry").n_unique()).sort(keys)


def _of_kind(names: pl.DataFrame, kind: str) -> list[int]:
    """The places of the names of a kind; where a list does not tell what a party is, it is looked for as both."""
    told = {"company": ("company",), "person": ("person",), "ship": ("ship", "aircraft")}[kind]
    return [
        place
        for place, (name, of_type) in enumerate(names["name", "of_type"].rows())
        if of_type in told or (of_type is None and (kind == "company" or (kind == "person" and like_a_person(name))))
    ]


def like_a_person(name: str) -> bool:
    """Whether a name may be a person's: two to five words, no number, no legal form, at most one that companies have.

    >>> like_a_person("Ivan Steel"), like_a_person("Vexel Steel Trading"), like_a_person("Vexel Ltd")
    (True, False, False)
    """
    found = wording(name)
    words = person(name).sounds
    common = sum(word.common for word in found.words)  # there are people called Steel
    plain = not found.forms and not any(word.sound.isdigit() for word in found.words)
    return plain and common < min(len(words), 2) and _FEWEST <= len(words) <= _MOST and len(several(name)) == 1


def _prepared(texts: Sequence[str], kind: str, kept: Path | None) -> Names:
    """The names made ready, taken from where they are kept if they are the same names."""
    if kept is None:
        return prepare(texts, kind)
    told = "\0".join((_rules(), kind, *texts))
    folder = kept / f"{kind}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    if not folder.is_dir():
        _keep(prepare(texts, kind), folder)
    tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("tokens", "counted", "keys")}
    return Names(kind, len(texts), **tables)


@cache
def _rules() -> str:
    """What tells apart two states of all that takes names into words."""
    package = Path(__file__).parents[1]
    files = *sorted((package / "parties").glob("*.py")), *sorted((package / "reference").glob("*.csv"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _keep(names: Names, folder: Path) -> None:
    """Write what was made ready, whole or not at all, in the place of what was kept of the same kind."""
    for old in folder.parent.glob(f"{names.kind}-*"):
        shutil.rmtree(old, ignore_errors=True)
    unfinished = folder.with_suffix(".part")
    unfinished.mkdir(parents=True, exist_ok=True)
    for name in ("tokens", "counted", "keys"):
        getattr(names, name).write_parquet(unfinished / f"{name}.parquet")
    unfinished.replace(folder)
