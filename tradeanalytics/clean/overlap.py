"""Which shipments an earlier file already holds: two dumps of the same declarations must not count twice.

Earlier is by the name of the raw file, so that the answer does not hang on which one was cleaned first.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from tradeanalytics.engine import literal, without_progress_bar
from tradeanalytics.tables import KNOWN_BEFORE, SHIPMENTS

# Two rows are one shipment when declaration, item and all of these agree; names and texts may be spelled otherwise.
_SAME = (
    "declaration_key",
    "item",
    "direction",
    "registered_on",
    "hs",
    "net_kg",
    "gross_kg",
    "invoice_cents",
    "value_rub_cents",
    "value_usd_cents",
)


def mark_known(processed: Path) -> dict[str, int]:
    """Write `known_before` beside every cleaned customs file and say in its report how many rows it is.

    Returns the counts by cleaned file, only those that are not 0.
    """
    files = sorted((processed / SHIPMENTS.name).glob("*.parquet"))
    folder = processed / KNOWN_BEFORE.name
    for stale in set(folder.glob("*.parquet")) - {folder / path.name for path in files}:
        stale.unlink()
    counts = {path.stem: _mark(path, files[:place], folder / path.name) for place, path in enumerate(files)}
    for stem, known in counts.items():
        _say(processed / "cleaning" / f"{stem}.json", known)
    return {stem: known for stem, known in counts.items() if known}


def _mark(path: Path, earlier: list[Path], out: Path) -> int:
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    with duckdb.connect() as connection:
        without_progress_bar(connection)
        statement = _known(path, earlier) if earlier else _nothing()
        connection.execute(f"COPY ({statement}) TO {literal(str(part))} (FORMAT parquet, COMPRESSION zstd)")
        known = connection.execute(f"SELECT count(*) FROM read_parquet({literal(str(part))})").fetchall()[0][0]
    part.replace(out)
    return int(known)


def _known(path: Path, earlier: list[Path]) -> str:
    order = ", ".join(f"({literal(str(file))}, {place})" for place, file in enumerate(earlier))
    paths = ", ".join(literal(str(file)) for file in earlier)
    same = " AND ".join(f"new.{name} IS NOT DISTINCT FROM old.{name}" for name in _SAME)
    return f"""
WITH turn (file, place) AS (VALUES {order})
SELECT new.file_id, new.record, new.sheet, old.file_id AS known_file_id, old.record AS known_record
FROM read_parquet({literal(str(path))}) AS new
JOIN read_parquet([{paths}], filename = 'file') AS old ON {same} AND new.file_id <> old.file_id
JOIN turn ON turn.file = old.file
WHERE new.declaration_key IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY new.record, new.sheet ORDER BY turn.place, old.record, old.sheet) = 1
ORDER BY new.sheet NULLS FIRST, new.record
"""


def _nothing() -> str:
    columns = ", ".join(f"CAST(NULL AS {column.type}) AS {column.name}" for column in KNOWN_BEFORE.columns)
    return f"SELECT {columns} WHERE false"


def _say(report: Path, known: int) -> None:
    content = json.loads(report.read_text("utf-8"))
    if content.get("known_before") == known:
        return
    text = json.dumps({**content, "known_before": known}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    part = report.with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(report)
