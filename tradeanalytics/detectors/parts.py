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
from tradeanalytics.detectors.shipped import Row, asked_rows, day_of, month_text, named, plain, refused
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
    counted = engine.sql(f"SELECT count(*) AS items, bool_or(invented) AS invented FROM ({asked.sql()})").iloc[0]

    def found() -> Iterator[Finding]:
        for row in rows:
            yield _finding(row, asked, parts[row["place"]], said)
        for place in sorted(left):
            yield _nowhere(parts[place], int(counted["items"]), bool(counted["invented"] is True), said)

    return table(found(), rate=rate)


def _number(text: str) -> str:
    folded = upper(fold_mixed(text))
    for mark in _MARKS:
        folded = folded.replace(mark, "")
    return folded


def _words(text: str) -> str:
    return f" {_NOT_WORDS.sub(' ', upper(fold_mixed(text))).strip()} "


def _plain(column: str) -> str:
    made = f"upper({column})"
    for mark in _MARKS:
        made = f"replace({made}, {literal(mark)}, '')"
    return made


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
    SELECT DISTINCT file_id, description, place
    FROM (SELECT DISTINCT file_id, description, value FROM finds WHERE kind IN {_MAKERS}) AS told
    JOIN wanted ON trim(wanted.maker) <> '' AND {_named("value")}
),
texts AS (
    SELECT manufacturer AS text FROM shipments UNION SELECT trademark FROM shipments
),
marked AS (
    SELECT DISTINCT text, place FROM texts JOIN wanted ON trim(wanted.maker) <> '' AND {_named("text")}
),
shipped AS (
    SELECT file_id, sheet, record, description, manufacturer, trademark FROM ({which.sql()})
),
made AS (
    SELECT s.file_id, s.sheet, s.record, d.place FROM shipped AS s JOIN described AS d USING (file_id, description)
    UNION SELECT s.file_id, s.sheet, s.record, m.place FROM shipped AS s JOIN marked AS m ON m.text = s.manufacturer
    UNION SELECT s.file_id, s.sheet, s.record, m.place FROM shipped AS s JOIN marked AS m ON m.text = s.trademark
),
hits AS (
    SELECT s.file_id, s.sheet, s.record, n.place, made.place IS NOT NULL AS with_maker
    FROM shipped AS s JOIN numbered AS n USING (file_id, description)
    LEFT JOIN made ON made.file_id = s.file_id AND made.record = s.record AND made.place = n.place
         AND made.sheet IS NOT DISTINCT FROM s.sheet
    UNION ALL
    SELECT file_id, sheet, record, place, true FROM made JOIN wanted USING (place) WHERE wanted.number = ''
)"""


def _counted(which: Which, parts: Sequence[Part]) -> str:
    return f"""
WITH {_hits(which, parts)}
SELECT hits.place, p.consignee_key AS trader, p.month, count(*) AS items, sum(p.pieces) AS pieces,
       count(*) FILTER (WHERE p.declared IS NULL AND p.described IS NOT NULL) AS from_description,
       count(*) FILTER (WHERE p.pieces IS NULL) AS unknown, count(*) FILTER (WHERE p.pieces < 0) AS negative,
       count(*) FILTER (WHERE hits.with_maker) AS with_maker,
       bool_and(p.invented) AS invented, bool_or(p.invented) AS some_invented
FROM ({pieces_sql(which)}) AS p
JOIN hits ON hits.file_id = p.file_id AND hits.record = p.record AND hits.sheet IS NOT DISTINCT FROM p.sheet
GROUP BY hits.place, p.consignee_key, p.month
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
    if row["some_invented"] and not row["invented"]:
        return say("invented_mixed")
    if row["month"] is None:
        return say("no_day")
    if row["negative"]:
        return say("negative_pieces")
    return say("no_pieces") if row["pieces"] is None else None


def _trace(row: Row, which: Which, part: Part) -> str:
    who = "IS NULL" if row["trader"] is None else f"= {literal(row['trader'])}"
    return f"""WITH {_hits(which, [part])}
SELECT p.* FROM ({pieces_sql(which)}) AS p
JOIN hits ON hits.file_id = p.file_id AND hits.record = p.record AND hits.sheet IS NOT DISTINCT FROM p.sheet
WHERE p.consignee_key {who} AND p.month = DATE '{day_of(row["month"])}' ORDER BY p.file_id, p.sheet, p.record"""


def _nowhere(part: Part, items: int, invented: bool, said: str) -> Finding:
    common: dict[str, Any] = {"unit": "pieces", "n": items, "thresholds": said}
    if not items:
        return refused(DETECTOR, str(part), say("nothing_asked"), {"some_invented": False}, **common)
    reason = say("part_none", part=part, count=items)
    told = caveats("part_name", "records")
    return Finding(DETECTOR, str(part), **common, flagged=False, reason=reason, caveats=told, invented=invented)
