"""The text of a cell, from raw column to expression: tidy text, folded homoglyphs, and how the other cells_* do it.

Every function takes a raw text column (its name, or an expression) and gives an elementwise expression. The work is
done on a stretch of rows at a time and, where a text needs Python, once per distinct text of the stretch. Not
`replace_strict` on the column itself, which over a stream keeps its input (9 million rows, 60 spellings of countries:
919 MB against 409 MB this way and 378 MB for a bare copy, 2026-11-24). Polars does not share such work between two
expressions: give the result a name in one `with_columns` and use the name in the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from tradeanalytics.reference.scripts import unmix

Text = str | pl.Expr
Type = pl.DataType | type[pl.DataType]

_SHORT = 64  # bytes; longer cells that say nothing are kept: they are rules and ornaments
_SAMPLE = 1000  # cells that tell whether a stretch repeats itself

_ABSENT = r"(?i)^(?:ОТСУТСТВУЕТ|ОТСУТСТВУЮТ)\.?$"
SPACES = r"[ \t\r\n\u00a0]{2,}|[\t\r\n\u00a0]"
ODD_SPACES = r"[\t\r\n\u00a0]|  "  # holds where SPACES does, and is found four times as fast
_NUMERO = ("№", "\ue000")  # NFKC makes it No, which no Russian text says

# What tidy text is not: spaces at the ends, doubled or odd; letters and signs outside the usual ones; short cells that
# may say nothing. One search for all of it takes three times as long.
_NOTHING = ~pl.col("text").str.contains(r"[0-9A-Za-z\u0400-\u045F]") | pl.col("text").str.contains("(?i)^отсутству")
_ODD = (
    pl.col("text").str.contains(r"[^!-~\u0400-\u045F«»№— ]|  ")
    | pl.col("text").str.starts_with(" ")
    | pl.col("text").str.ends_with(" ")
    | ((pl.col("text").str.len_bytes() < _SHORT) & _NOTHING)
)

_MIXED = r"[A-Za-z][\u0400-\u045F]|[\u0400-\u045F][A-Za-z]"


def raw(column: Text) -> pl.Expr:
    """The expression of a raw text column."""
    return pl.col(column) if isinstance(column, str) else column


def each(column: Text, change: Callable[[pl.Series], pl.Series], dtype: Type = pl.String) -> pl.Expr:
    """What `change` makes of the cells, a stretch of rows at a time; `change` looks at no cell's neighbours.

    A method of a Series costs what a thousand cells do: `staged` asks once for many. Not one expression that uses its
    parts again and again: Polars works them out anew at each use.
    """
    return raw(column).map_batches(lambda cells: _changed(cells, change), return_dtype=dtype, is_elementwise=True)


def _changed(cells: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`change` of every cell; where the first cells repeat, as names and countries do, of every distinct one."""
    first = cells.head(_SAMPLE)
    if 2 * first.n_unique() > len(first):
        return change(cells)
    distinct = cells.unique()
    return _joined_back(cells, distinct, change(distinct))


def staged(cells: Mapping[str, pl.Series], *stages: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Columns made of cells in stages, each of which can use the names of those before it."""
    rows = pl.DataFrame(cells).lazy()
    for stage in stages:
        rows = rows.with_columns(**stage)
    return rows.collect(engine="in-memory", optimizations=pl.QueryOptFlags.none())


def changed_where(cells: pl.Series, needed: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`change` applied to the cells that hold the pattern `needed`; a search is all the others cost."""
    return changed_at(cells, cells.str.contains(needed), change)


def changed_at(cells: pl.Series, needed: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`change` applied to the cells where `needed` is true."""
    at = needed.arg_true()
    return cells.clone().scatter(at, change(cells.gather(at))) if len(at) else cells


def by_distinct(cells: pl.Series, read: Callable[[Any], Any], dtype: Type = pl.String) -> pl.Series:
    """`read` of every cell, called once per distinct cell; null stays null. For a struct, `read` gives a tuple."""
    seen = cells.drop_nulls().unique()
    return _joined_back(cells, seen, _column([read(text) for text in seen.to_list()], dtype))


def _joined_back(cells: pl.Series, distinct: pl.Series, answers: pl.Series) -> pl.Series:
    known = pl.DataFrame({"cell": distinct, "answer": answers})
    return cells.to_frame("cell").join(known, on="cell", how="left", maintain_order="left", nulls_equal=True)["answer"]


def _column(values: list[Any], dtype: Type) -> pl.Series:
    """Structs are made field by field: from dictionaries it takes five times as long."""
    if not isinstance(dtype, pl.Struct):
        return pl.Series(values, dtype=dtype)
    fields = zip(*values, strict=True) if values else [()] * len(dtype.fields)
    made = {
        field.name: pl.Series(list(cells), dtype=field.dtype) for field, cells in zip(dtype.fields, fields, strict=True)
    }
    return pl.DataFrame(made).to_struct()


def counted(rows: pl.LazyFrame, evidence: Mapping[str, pl.Expr]) -> dict[str, dict[str, int]]:
    """Look at columns once, in one pass: the sum of every field of each `..._evidence`, by the names given."""
    seen = rows.select(**evidence)
    fields = {
        name: [f.name for f in dtype.fields]
        for name, dtype in seen.collect_schema().items()
        if isinstance(dtype, pl.Struct)
    }
    sums = [pl.col(name).struct.field(f).sum().alias(f"{name}\n{f}") for name, found in fields.items() for f in found]
    totals = seen.select(sums).collect(engine="streaming").row(0, named=True)
    return {name: {f: totals[f"{name}\n{f}"] for f in found} for name, found in fields.items()}


def counts(found: Mapping[str, pl.Expr]) -> pl.Expr:
    """A struct of whole numbers, one field a question, from true, false and null."""
    return pl.struct([holds.fill_null(False).cast(pl.UInt8).alias(name) for name, holds in found.items()])


def blank(column: Text) -> pl.Expr:
    """True where a cell is null, or holds white space only."""
    return raw(column).str.strip_chars().fill_null("") == ""


def named(flags: Mapping[str, pl.Expr]) -> pl.Expr:
    """The names of the flags that hold in a row, in their order and joined by ;, null where none does.

    By one number a row and one text a distinct number: to join a text a flag takes ten times as long.
    """
    names = list(flags)
    bits = [pl.when(holds).then(pl.lit(1 << place, pl.UInt64)) for place, holds in enumerate(flags.values())]

    def said(number: int) -> str | None:
        return ";".join(name for place, name in enumerate(names) if number >> place & 1) or None

    return each(pl.sum_horizontal(bits), lambda cells: by_distinct(cells, said))


def content(columns: Sequence[str]) -> pl.Expr:
    """Hash of what a row says in these columns, 16 hex digits: the same text is the same everywhere."""
    said = pl.concat_str(pl.col(list(columns)).fill_null(""), separator="\x1f")
    return said.map_batches(_hashes, return_dtype=pl.String, is_elementwise=True)


def _hashes(cells: pl.Series) -> pl.Series:
    return pl.Series([hashlib.sha256(text.encode()).hexdigest()[:16] for text in cells.to_list()], dtype=pl.String)


def unreadable(column: Text, value: Text) -> pl.Expr:
    """True where a cell holds text but no value could be read from it; `value` is the named result."""
    return ~blank(pl.when(raw(value).is_null()).then(raw(column)))  # few cells are left to search


def tidy(column: Text) -> pl.Expr:
    """Text in NFKC, spaces collapsed and trimmed; null where it says nothing: no letter or digit, or ОТСУТСТВУЕТ."""
    return each(column, tidied)


def tidied(cells: pl.Series) -> pl.Series:
    """See `tidy`."""
    return changed_at(cells, staged({"text": cells}, {"odd": _ODD})["odd"], _tidied)


def _tidied(cells: pl.Series) -> pl.Series:
    text = pl.col("text")
    composed = text.str.replace_all(*_NUMERO, literal=True).str.normalize("NFKC")
    shown = composed.str.replace_all(*reversed(_NUMERO), literal=True).str.replace_all(r"\s+", " ").str.strip_chars()
    says = text.str.contains(r"[\p{L}\p{N}]") & ~text.str.contains(_ABSENT)
    return staged({"text": cells}, {"text": shown}, {"text": pl.when(says).then(text)})["text"]


def trimmed(cells: pl.Series) -> pl.Series:
    """Cells with white space collapsed and none at the ends."""
    text = pl.col("text")
    return staged({"text": cells}, {"text": text.str.replace_all(SPACES, " ").str.strip_chars(" ")})["text"]


def unmixed(column: Text) -> pl.Expr:
    """Text whose words that mix Latin and Cyrillic are folded to the one script they can be; see `unmix`."""
    return each(column, unmixed_cells)


def unmixed_cells(cells: pl.Series) -> pl.Series:
    """See `unmixed`."""
    return changed_where(cells, _MIXED, lambda mixed: by_distinct(mixed, unmix))
