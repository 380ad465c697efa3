"""Where the makers and part numbers of a user's list are named in customs records, and how many pieces."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.descriptions.letters import fold_mixed, upper
from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, table, thresholds
from tradeanalytics.detectors.shipped import Row, asked_rows, day_of, mixed, month_text, named, plain, refused
from tradeanalytics.detectors.trader_words import caveats, say
from tradeanalytics.engine import Engine, literal
from tradeanalytics.shipments import Which, pieces_sql

DETECTOR = "part"
_MARKS = ("-", " ", ".", "/", "_")
_NOT_WORDS = re.compile(r"[^\w]+|_")
_NUMBERS, _MAKERS = "('model', 'article', 'part_number')", "('maker', 'trademark')"


class Part(NamedTuple):
    """What is looked for: a part number, a maker, or a part number of a maker; "" for what is not asked."""

    maker: str
    number: str

    def __str__(self) -> str:
        return " ".join(filter(None, self))


def read_parts(path: Path) -> tuple[Part, ...]:
    """A list of parts from a CSV with the columns `maker` and `part`, of which a row may leave one empty.

    Raises TradeAnalyticsError, with the file and the line, for a file that is not UTF-8, other columns, and a row that
    says nothing to look for.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TradeAnalyticsError(f"{path.name}: not a readable CSV in UTF-8 ({error})") from error
    if not rows or not {"maker", "part"} <= rows[0].keys():
        raise TradeAnalyticsError(f"{path.name}: expected the columns 'maker' and 'part' and at least one row")
    found = [Part((row["maker"] or "").strip(), (row["part"] or "").strip()) for row in rows]
    for line, part in enumerate(found, 2):
        if not _number(part.number) and not _words(part.maker).strip():
            raise TradeAnalyticsError(f"{path.name} line {line}: {str(part)!r}, expected a maker or a part number")
    return tuple(dict.fromkeys(found))


def parts_named(
    engine: Engine, parts: Sequence[Part], which: Which | None = None, *, rate: float = FALSE_DISCOVERIES
) -> pd.DataFrame:
    """FINDINGS: a row a part, consignee and month in which it is named, and one a part that is named nowhere.

    A number is found among the models, articles and part numbers of descriptions, whatever the marks in it; a maker in
    descriptions, makers and trademarks, word for word. observed: pieces, from the column of quantity or else from the
    description; n: items. Flagged is every one that is named; where no item of it has a number of pieces, it is not
    judged. Raises TradeAnalyticsError for an empty list.
    """
    if not parts:
        raise TradeAnalyticsError("parts: the list is empty, expected a maker or a part number")
    asked, said = plain(which or Which()), thresholds(parts=len(parts))
    rows = asked_rows(engine, _counted(asked, parts))
    left = set(range(len(parts))) - {row["place"] for row in rows}
    counted = asked_rows(engine, _read(asked)) if left else []

    def found() -> Iterator[Finding]:
        for row in rows:
            yield _finding(row, asked, parts[row["place"]], said)
        for row in counted:
            yield from (_nowhere(parts[place], row, said) for place in sorted(left))

    return table(found(), rate=rate)


def _number(text: str) -> str:
    folded = upper(fold_mixed(text))
    for mark in _MARKS:
        folded = folded.replace(mark, "")
    return folded


def _words(text: str) -> str:
    return f" {_NOT_WORDS.sub(' ', upper(fold_mixed(text))).strip()} "


def _plain(column: str) -> str:
    return f"translate(upper({column}), {literal(''.join(_MARKS))}, '')"


def _named(column: str) -> str:
    return f"contains(' ' || regexp_replace(upper({column}), '[^[:alnum:]А-ЯЁ]+', ' ', 'g') || ' ', wanted.maker)"


def _hits(which: Which, parts: Sequence[Part]) -> str:
    """Which items name which part: lineage, the part's place in the list, and whether its maker is named."""
    lines = (f"({place}, {literal(_words(p.maker))}, {literal(_number(p.number))})" for place, p in enumerate(parts))
    return f"""
wanted (place, maker, number) AS (VALUES {", ".join(lines)}),
numbered AS (
    SELECT DISTINCT file_id, description, place
    FROM finds JOIN wanted ON wanted.number <> '' AND {_plain("value")} = wanted.number WHERE kind IN {_NUMBERS}
),
described AS (
    SELECT DISTINCT file_id, description, place, wanted.number
    FROM (SELECT DISTINCT file_id, description, value FROM finds WHERE kind IN {_MAKERS}) AS told
    JOIN wanted ON trim(wanted.maker) <> '' AND {_named("value")}
),
texts AS (
    SELECT manufacturer AS text FROM shipments UNION SELECT trademark FROM shipments
),
marked AS (
    SELECT DISTINCT text, place, wanted.number FROM texts JOIN wanted ON trim(wanted.maker) <> '' AND {_named("text")}
),
hits AS ({" UNION ".join(_ways(which.sql(), parts))}
)"""


def _ways(shipped: str, parts: Sequence[Part]) -> Iterator[str]:
    """How items are hit: by a number, with its maker where that is named; by a maker alone, in three places."""
    item = "s.file_id, s.sheet, s.record"
    text = "d.file_id = s.file_id AND d.description = s.description"
    if any(part.number for part in parts):
        yield f"""
    SELECT {item}, n.place, coalesce(d.place, m.place, t.place) IS NOT NULL AS with_maker
    FROM ({shipped}) AS s JOIN numbered AS n ON n.file_id = s.file_id AND n.description = s.description
    LEFT JOIN described AS d ON d.place = n.place AND {text}
    LEFT JOIN marked AS m ON m.place = n.place AND m.text = s.manufacturer
    LEFT JOIN marked AS t ON t.place = n.place AND t.text = s.trademark"""
    if not all(part.number for part in parts):
        found = (
            f"described AS d ON {text}",
            "marked AS d ON d.text = s.manufacturer",
            "marked AS d ON d.text = s.trademark",
        )
        for way in found:
            yield f"""
    SELECT {item}, d.place, true AS with_maker FROM ({shipped}) AS s JOIN {way} WHERE d.number = ''"""


def _pieces(which: Which) -> str:
    """The items that are hit, with their pieces and the place of the part."""
    return f"""
SELECT p.*, hits.place, hits.with_maker FROM ({pieces_sql(which, "hits")}) AS p
JOIN hits ON hits.file_id = p.file_id AND hits.record = p.record AND hits.sheet IS NOT DISTINCT FROM p.sheet"""


def _counted(which: Which, parts: Sequence[Part]) -> str:
    return f"""
WITH {_hits(which, parts)}
SELECT place, consignee_key AS trader, month, count(*) AS items, sum(pieces) AS pieces,
       count(*) FILTER (WHERE declared IS NULL AND described IS NOT NULL) AS from_description,
       count(*) FILTER (WHERE pieces IS NULL) AS unknown, count(*) FILTER (WHERE pieces < 0) AS negative,
       count(*) FILTER (WHERE with_maker) AS with_maker,
       bool_and(invented) AS invented, bool_or(invented) AS some_invented
FROM ({_pieces(which)}) GROUP BY place, consignee_key, month
"""


def _finding(row: Row, which: Which, part: Part, said: str) -> Finding:
    month = day_of(row["month"])
    who = f"{part} to {named(row['trader'])}"
    common: dict[str, Any] = {"period": month, "until": month, "unit": "pieces", "n": row["items"], "thresholds": said}
    if why := _why_not(row):
        return refused(DETECTOR, who, why, row, **common)
    described = say("part_described", count=row["from_description"]) if row["from_description"] else ""
    unknown = say("part_unknown", count=row["unknown"]) if row["unknown"] else ""
    told = {"part": part, "name": named(row["trader"]), "items": row["items"], "pieces": row["pieces"]}
    also = () if row["with_maker"] else ("no_maker",)
    return Finding(
        DETECTOR,
        who,
        **common,
        observed=float(row["pieces"]),
        flagged=True,
        reason=say("part", **told, month=month_text(month) if month else "", described=described, unknown=unknown),
        caveats=caveats("part_name", *also),
        trace=_trace(row, which, part),
        invented=row["some_invented"],
    )


def _why_not(row: Row) -> str | None:
    if why := mixed(row):
        return why
    if row["month"] is None:
        return say("no_day")
    if row["negative"]:
        return say("negative_pieces")
    return say("no_pieces") if row["pieces"] is None else None


def _trace(row: Row, which: Which, part: Part) -> str:
    who = "IS NULL" if row["trader"] is None else f"= {literal(row['trader'])}"
    return f"""WITH {_hits(which, [part])}
SELECT * FROM ({_pieces(which)}) WHERE consignee_key {who} AND month = DATE '{day_of(row["month"])}'
ORDER BY file_id, sheet, record"""


def _read(which: Which) -> str:
    """How many items there are, and how many of them say anything that a part could be named in."""
    return f"""
SELECT count(*) AS items, count(coalesce(description, manufacturer, trademark)) AS told,
       bool_and(invented) AS invented, coalesce(bool_or(invented), false) AS some_invented
FROM ({which.sql()})"""


def _nowhere(part: Part, row: Row, said: str) -> Finding:
    common: dict[str, Any] = {"unit": "pieces", "n": row["told"], "thresholds": said}
    if why := _unread(row):
        return refused(DETECTOR, str(part), why, row, **common)
    reason = say("part_none", part=part, count=row["told"])
    told = caveats("part_name", "records")
    return Finding(
        DETECTOR, str(part), **common, flagged=False, reason=reason, caveats=told, invented=row["some_invented"]
    )


def _unread(row: Row) -> str | None:
    if not row["items"]:
        return say("nothing_asked")
    return mixed(row) or (None if row["told"] else say("no_text"))
