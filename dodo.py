"""What is made from what: `doit figures` makes again only what changed, by content.

Raw files to Parquet, Parquet to figure bundles and notebook pages, all of it to one report. Nothing here goes online.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from doit.exceptions import TaskFailed
from doit.tools import config_changed

from tradeanalytics import TradeAnalyticsError

ROOT = Path(__file__).parent
RAW = ROOT / "data" / "raw"
PROCESSED = ROOT / "data" / "processed"
PACKAGE = ROOT / "tradeanalytics"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
PAGES = PROCESSED / "notebooks"
REPORT = PROCESSED / "reports" / "index.html"
SAMPLE = RAW / "sample"
SAMPLE_NAMES = (
    "SYNTHETIC_russian_declarations.csv",
    "SYNTHETIC_russian_declarations_later.csv",
    "SYNTHETIC_bills_of_lading.csv",
    "SYNTHETIC_lists.csv",
    "SYNTHETIC_addresses_register.zip",
    "SYNTHETIC_CIMT-CICM_Dom_Exp_2021.zip",
    "SYNTHETIC_CIMT-CICM_Dom_Exp_2022.zip",
    "SYNTHETIC_CIMT-CICM_Tot_Exp_2021.zip",
    "SYNTHETIC_CIMT-CICM_Tot_Exp_2022.zip",
)
PUBLISHED = "12-10-0119/2022-10/1210011901_databaseLoadingData.csv"  # what the zips sum to
ANSWERS = PROCESSED / "sample" / "answer_key.json"  # beside the raw files it would be taken for one

DOIT_CONFIG = {
    "default_tasks": ["figures"],
    "backend": "json",
    "dep_file": str(ROOT / ".doit.db.json"),
    "verbosity": 2,
}

Task = dict[str, Any]


def task_sample() -> Task:
    """Write the invented customs records, lists, addresses and trade by HS code, for people with no own file."""
    published = RAW / PUBLISHED
    return {
        "actions": [_said(_write_sample)],
        "file_dep": [*([published] if published.exists() else []), *_code("sample", "sources", "reference", "raw")],
        "task_dep": [f"parquet:{PUBLISHED}"] if published.exists() else [],  # where it was changed it is refused first
        "targets": [*(SAMPLE / name for name in SAMPLE_NAMES), ANSWERS],
    }


def task_prune() -> Task:
    """Remove what was made from raw files that are gone."""
    return {"actions": [_prune], "uptodate": [config_changed({"names": _raw_names()})]}


def task_parquet() -> Iterator[Task]:
    """Clean each raw file into Parquet."""
    from tradeanalytics.raw.beside import read_with

    for name in _raw_names():
        path = RAW / name
        manifest = path.parent / "manifest.json"
        yield {
            "name": name,
            "actions": [(_clean, [path])],
            "file_dep": [
                path,
                *read_with(path),
                *([manifest] if manifest.exists() else []),
                *_code("clean", "sources", "descriptions", "parties", "reference", "raw"),
            ],
            "targets": [_report(name)],
            "task_dep": ["prune"],
        }


def task_overlap() -> Task:
    """Mark the shipments that an earlier customs file already holds."""
    return {"actions": [_mark_known], "file_dep": _reports(), "task_dep": ["parquet"]}


def task_publish() -> Task:
    """Draw every figure and write its bundle."""
    return {
        "actions": [_said(_publish)],
        "file_dep": [*_reports(), *_code()],
        "uptodate": [_still_there],
        "task_dep": ["overlap"],
    }


def task_notebooks() -> Task:
    """Run every notebook, several at a time, and keep each as a page."""
    return {
        "actions": [_said(_run_notebooks)],
        "file_dep": [*NOTEBOOKS, *_reports(), *_code()],
        "targets": [PAGES / f"{notebook.stem}.html" for notebook in NOTEBOOKS],
        "task_dep": ["publish"],
    }


def task_report() -> Task:
    """Gather figures, pages and raw files in one page to read."""
    return {
        "actions": [_said(_build_report)],
        "file_dep": [*_reports(), *(PAGES / f"{notebook.stem}.html" for notebook in NOTEBOOKS), *_code()],
        "targets": [REPORT],
        "task_dep": ["publish", "notebooks"],
    }


def task_figures() -> Task:
    """Everything; ends with where to look."""
    return {"actions": [_say_where], "task_dep": ["report"], "uptodate": [False]}


def _said(action: Callable[[], Task | None]) -> Callable[[], Any]:
    """The action, failing with our one line instead of a traceback."""

    def run() -> Any:
        try:
            return action()
        except TradeAnalyticsError as error:
            return TaskFailed(str(error), report=True)

    return run


def _raw_names() -> list[str]:
    from tradeanalytics.raw.store import is_raw

    names = (path.relative_to(RAW) for path in RAW.rglob("*") if path.is_file())
    made = {f"sample/{name}" for name in SAMPLE_NAMES}  # there before cleaning, if not yet now
    return sorted({name.as_posix() for name in names if is_raw(name)} | made)


def _report(name: str) -> Path:
    return PROCESSED / "cleaning" / f"{name.replace('/', '__')}.json"


def _reports() -> list[Path]:
    return [_report(name) for name in _raw_names()]


def _code(*rooms: str) -> list[Path]:
    """The package's files that the work of these rooms hangs on; of all rooms when none is named."""
    folders = [PACKAGE / room for room in rooms] or [PACKAGE]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".csv", ".toml", ".j2"}]
    return sorted([*files, *PACKAGE.glob("*.py")] if rooms else files)


def _write_sample() -> None:
    from tradeanalytics.sample import write_sample

    SAMPLE.mkdir(parents=True, exist_ok=True)
    for path in write_sample(ANSWERS.parent, RAW):
        if path.name in SAMPLE_NAMES:
            path.replace(SAMPLE / path.name)


def _prune() -> None:
    from tradeanalytics.clean import prune

    for name in prune(_raw_names(), PROCESSED):
        print(f"data/raw/{name} is gone: what was made from it was removed")


def _clean(path: Path) -> None:
    """A file that cannot be read is refused out loud, and stands in the report; it does not stop the others."""
    from tradeanalytics.clean import clean, refuse
    from tradeanalytics.raw import raw_file

    raw = raw_file(path, RAW)
    try:
        report = clean(raw, PROCESSED)
    except TradeAnalyticsError as error:
        print(f"REFUSED: {error}", file=sys.stderr)
        report = refuse(raw, PROCESSED, str(error))
    if "same_as" in report:
        print(f"{raw.name}: the same bytes as {report['same_as']}, not counted again")
    if report.get("rejected"):
        print(f"{raw.name}: {report['rejected']:,} of {report['records']:,} records rejected, see the report")


def _mark_known() -> None:
    from tradeanalytics.clean.overlap import mark_known

    for stem, known in mark_known(PROCESSED).items():
        print(f"{stem.replace('__', '/')}: {known:,} rows are already known from an earlier file, not counted again")


def _publish() -> Task:
    from tradeanalytics.story.bundle import publish
    from tradeanalytics.story.desk import open_desk
    from tradeanalytics.story.figures import drawable

    desk = open_desk(ROOT)
    figures = drawable(desk)
    made = []
    for place, (slug, figure) in enumerate(figures.items(), 1):
        made.append(publish(figure(desk), PROCESSED / "figures"))
        print(f"figure {place} of {len(figures)}: {slug}", file=sys.stderr, flush=True)
    return {"made": [str(path.relative_to(ROOT)) for folder in made for path in sorted(folder.iterdir())]}


def _still_there(task: Any, values: dict[str, list[str]]) -> bool:
    """Whether every file of the bundles of the last run is still there."""
    del task
    return bool(values.get("made")) and all((ROOT / name).exists() for name in values["made"])


def _run_notebooks() -> None:
    from tradeanalytics.story.notebooks import run_all

    run_all(NOTEBOOKS, PAGES, root=ROOT)


def _build_report() -> None:
    from tradeanalytics.clean import reports
    from tradeanalytics.story.report import build_report

    cleaning = reports(PROCESSED)
    for report in cleaning:
        report["reasons"] = {code: entry["count"] for code, entry in report.get("reasons", {}).items()}
    build_report(PROCESSED / "figures", PAGES, cleaning, REPORT)


def _say_where() -> None:
    print(f"report:   {REPORT.relative_to(ROOT).as_posix()}")
    print("headline: data/processed/figures/canada-exports-to-russia/")
