"""What `tradeanalytics findings` says and writes: how many were judged and flagged, and which to look at first."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tradeanalytics.clean import Report, clean
from tradeanalytics.clean.overlap import mark_known
from tradeanalytics.clean.rows import ROW_GROUP
from tradeanalytics.detectors.findings import summary
from tradeanalytics.detectors.referrals import flagged
from tradeanalytics.detectors.shipped import ROLES, trader
from tradeanalytics.engine import connect
from tradeanalytics.raw import raw_file
from tradeanalytics.story.address_words import printable
from tradeanalytics.story.bundle import swap
from tradeanalytics.story.findings_page import page
from tradeanalytics.story.leads import Asked, Leads, leads
from tradeanalytics.story.report import write_page
from tradeanalytics.story.screening_words import write_csv
from tradeanalytics.tables import FINDINGS

Say = Callable[[str], None]
_TYPES = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}
_SCHEMA = pa.schema([(column.name, _TYPES[column.type]) for column in FINDINGS.columns])
_SHOWN = 5  # leads of a kind that are printed; all are written
_WIDTH = 118


def findings_of(paths: Sequence[Path], raw: Path, processed: Path, asked: Asked, say: Say = print) -> Leads:
    """Ask everything of some raw files, which are cleaned first, say what came of it, and write it.

    Written are findings.parquet, findings.csv, referred.csv and index.html, into one folder of the processed ones.
    Raises TradeAnalyticsError for a file that cannot be read, and where nothing can be asked of any.
    """
    files = [raw_file(path.resolve(), raw) for path in paths]
    for file in files:
        say(_cleaned(clean(file, processed)))
    mark_known(processed)
    found = leads(connect(processed), processed, files, asked, tell=lambda one: say(_summary(one)))
    for line in words(found):
        say(line)
    folder = write(found, processed / "findings")
    for path in sorted(folder.iterdir()):
        say(f"written: {path.relative_to(processed.parent.parent).as_posix()}")
    return found


def _cleaned(report: Report) -> str:
    """One line on a file; what else its reader must know is in what `tradeanalytics clean` says."""
    counts = " + ".join(f"{report[name]:,} {name}" for name in ("accepted", "rejected"))
    return f"{report['name']}: {report['records']:,} rows = {counts}; `tradeanalytics clean` says what to look at in it"


def _summary(found: pd.DataFrame) -> str:
    """The counts of each detector; one that is asked of shippers and of consignees says of whom."""
    counted, roles = summary(found).astype(int), {who[0] for who in map(trader, found["subject"]) if who}
    of = f", {roles.pop()}s" if len(roles) == 1 and roles <= {*ROLES} else ""
    return "\n".join(
        f"{detector}{of}: {row['asked']:,} asked, {row['judged']:,} judged, {row['not_judged']:,} not judged,"
        f" {row['flagged']:,} flagged{_after(found, detector, row['survives'])}{_why_none(found, detector)}"
        for detector, row in counted.iterrows()
    )


def _after(found: pd.DataFrame, detector: object, survives: int) -> str:
    has_p = found.loc[found["detector"] == detector, "p"].notna().any()
    return f", {survives:,} after control of false discoveries" if has_p else ""


def _why_none(found: pd.DataFrame, detector: object) -> str:
    """Where nothing was judged: the reason that most units have."""
    rows = found[found["detector"] == detector]
    counts = rows["why_not"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if rows["judged"].any():
        return ""
    return f": {counts.index[0]}" if len(counts) == 1 else f", most often: {counts.index[0]}"


def words(found: Leads) -> Iterator[str]:
    """The lines on what was found: notes, the funnel, and the first leads with what they stand on."""
    for note in found.notes:
        yield _filled(note)
    yield "What was not judged is not clean, and what was not flagged is not cleared."
    for by, ranking in found.ranked.items():
        any_flag, referred = int((ranking["score"] > 0).sum()), int(ranking["referred"].sum())
        many = "s" * (len(ranking) != 1)
        yield f"{len(ranking):,} {by}{many} assessed: {any_flag:,} with a flag, {referred:,} referred"
        for lead in ranking[ranking["referred"]].head(_SHOWN).itertuples():
            yield _filled(f"  {lead.rank}. {lead.unit}: {lead.score:g} ({lead.contributions})")
    if not found.ranked:
        yield from _strongest(found.findings)
    yield "Each is a lead to check, not a finding."


def _strongest(findings: pd.DataFrame) -> Iterator[str]:
    """Of series nobody is referred: those flagged, of each detector the one farthest from the usual first."""
    standing = flagged(findings).assign(far=lambda table: table["score"].abs())
    for detector, rows in standing.sort_values("far", ascending=False, kind="stable").groupby("detector"):
        yield f"{detector}: {len(rows):,} flagged and kept"
        for reason in rows["reason"].head(_SHOWN):
            yield _filled(f"  {reason}")


def _filled(text: str) -> str:
    return textwrap.fill(printable(text), _WIDTH, subsequent_indent="    ")


def write(found: Leads, folder: Path) -> Path:
    """Write the findings as Parquet and CSV, those referred as CSV, and a page to read; the folder that holds them.

    The whole folder is put in the place of an earlier one at once.
    """
    name = found.name
    part = folder / f".{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    table = pa.Table.from_pandas(found.findings, schema=_SCHEMA, preserve_index=False)
    hashes = {file.name: file.sha256 for file in found.files}
    table = table.replace_schema_metadata({"files": json.dumps(hashes, sort_keys=True, ensure_ascii=False)})
    pq.write_table(table, part / "findings.parquet", compression="zstd", row_group_size=ROW_GROUP)
    # The statements that trace them take nine tenths of the room; `trace` has them from the Parquet file.
    write_csv(found.numbered().drop(columns="trace"), part / "findings.csv")
    if found.ranked:
        write_csv(_referred(found), part / "referred.csv")
    write_page(page(found, name), part / "index.html")
    return swap(part, folder / name)


def _referred(found: Leads) -> pd.DataFrame:
    tables = [ranking[ranking["referred"]].assign(by=by) for by, ranking in found.ranked.items()]
    joined = pd.concat(tables, ignore_index=True)
    return joined[["by", "rank", *joined.columns.drop(["by", "rank"])]]
