"""Which shipments are there again: classed and kept, so that a reader sees them and a sum counts them once."""

from __future__ import annotations

import polars as pl

# What a row is of its own: two rows that agree in all of it say the same thing.
_PAYLOAD = (
    "registered_on",
    "shipper_name",
    "consignee_name",
    "hs",
    "description",
    "gross_kg",
    "net_kg",
    "quantity",
    "invoice_cents",
    "value_rub_cents",
    "value_usd_cents",
)
CLASSES = ("unique", "exact", "same_key_same_payload", "same_key_other_payload", "master_of_house", "withdrawn")
COUNTED = ("unique", "same_key_other_payload")  # the classes of rows that a sum counts
_CLASS = pl.Enum(CLASSES)
_WITHDRAWN = pl.col("flags").str.contains("record_deleted", literal=True).fill_null(False).alias("withdrawn")


def with_duplicates(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `duplicate`; nothing that repeats is dropped.

    exact: every cell stood in an earlier row. same_key_same_payload: an earlier row has the same key (of a declaration
    its number and item, of a bill its number) and says the same. same_key_other_payload: the key is there with another
    content, in all such rows (a revision, or a second leg). master_of_house: another bill of the file names this one as
    its master. withdrawn: the record says that the authority has deleted it.
    """
    keyed = rows.select(
        "record",
        "sheet",
        "declaration_key",
        "master_bill",
        whole=pl.col("row_hash"),
        payload=pl.struct(*_PAYLOAD, _WITHDRAWN).hash(),
        key=pl.col("same_key"),
        withdrawn=_WITHDRAWN,
    ).collect(engine="streaming")
    own = pl.col("master_bill").eq(pl.col("declaration_key")).fill_null(False)  # a bill that is its own master
    masters = keyed.filter(~own)["master_bill"].drop_nulls().unique()
    first = ~pl.col("whole").is_first_distinct()
    again = pl.col("key").is_not_null() & ~pl.struct("key", "payload").is_first_distinct()
    other = pl.col("key").is_not_null() & (pl.col("payload").n_unique().over("key") > 1)
    is_master = pl.col("declaration_key").is_in(masters.implode()) & (pl.col("master_bill").is_null() | own)
    ways = {
        "exact": first,
        "same_key_same_payload": again,
        "master_of_house": is_master,
        "withdrawn": pl.col("withdrawn"),
        "same_key_other_payload": other,
    }
    classed = keyed.select(
        "record",
        "sheet",
        duplicate=pl.coalesce(
            [pl.when(holds).then(pl.lit(name, _CLASS)) for name, holds in ways.items()] + [pl.lit("unique", _CLASS)]
        ),
    )
    return rows.join(classed.lazy(), on=["record", "sheet"], how="left", nulls_equal=True, maintain_order="left")
