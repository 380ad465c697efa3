"""A figure and everything a page needs to print it: pictures, the numbers behind them, and the words beside them."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics import TradeAnalyticsError, __version__
from tradeanalytics.raw import RawFile
from tradeanalytics.story import style
from tradeanalytics.story.words import LANGUAGES

_PICTURES = (".png", ".svg", ".pdf")
_CENTS = "_cents"


@dataclass(frozen=True)
class Words:
    """What is printed on and beside a figure, in one language."""

    headline: str
    subtitle: str
    source: str
    caption: str
    alt_text: str


@dataclass(frozen=True)
class Numbers:
    """The plotted numbers: one row a point, named by `keys`; each measure is a whole number, null where unknown.

    A measure whose name ends with `_cents` is money, any other counts things. `cells` gives, for each measure, the
    statement that lists the raw records it sums, with the keys and the measure as columns (`value_cad_cents` for two
    sums of that column side by side); `query` is the question that was asked, to read and paste. `also` are columns of
    text to print beside them, such as a share, that follow from the measures or the records.
    """

    table: pd.DataFrame
    keys: tuple[str, ...]
    cells: Mapping[str, str]
    query: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A figure with everything a page needs to print it honestly; none can be made without numbers, words, files."""

    slug: str
    numbers: Numbers
    words: Mapping[str, Words]
    draw: Callable[[str], Figure]
    files: Sequence[RawFile]
    synthetic: bool = False

    def show(self, language: str = "en") -> Shown:
        """The chart for a notebook, in one language."""
        return Shown(self, language)

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()


@dataclass(frozen=True)
class Shown:
    """A chart as HTML of its own: only so does its alt text survive in a notebook and its export."""

    chart: Chart
    language: str

    def _repr_html_(self) -> str:
        words = self.chart.words[self.language]
        picture = io.BytesIO()
        with style.house_style():
            self.chart.draw(self.language).savefig(picture, format="png", metadata={"Software": None})
        data = base64.b64encode(picture.getvalue()).decode()
        return (
            f'<figure lang="{self.language}"><img alt="{html.escape(words.alt_text)}" style="max-width:100%"'
            f' src="data:image/png;base64,{data}"><figcaption>{html.escape(words.caption)}</figcaption></figure>'
        )


def publish(chart: Chart, folder: Path) -> Path:
    """Write a chart's bundle to `folder`/SLUG: SLUG.LANGUAGE.png .svg .pdf, SLUG.csv and SLUG.json; return it.

    The bundle takes the place of the last one only when it is whole.
    """
    part = folder / f".{chart.slug}-{uuid.uuid4().hex[:8]}"
    part.mkdir(parents=True)
    try:
        for language in LANGUAGES:
            figure = chart.draw(language)
            for suffix in _PICTURES:
                style.save(figure, part / f"{chart.slug}.{language}{suffix}")
        (part / f"{chart.slug}.csv").write_text(numbers_csv(chart.numbers), encoding="utf-8", newline="\n")
        written = {path.name: _sha256(path) for path in sorted(part.iterdir())}
        (part / f"{chart.slug}.json").write_text(_json(_described(chart, written)), encoding="utf-8", newline="\n")
        return swap(part, folder / chart.slug)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_bundle(folder: Path, slug: str) -> dict[str, Any]:
    """The JSON of a published bundle. Raises TradeAnalyticsError when there is none, naming those there are."""
    path = folder / slug / f"{slug}.json"
    if not path.is_file():
        known = ", ".join(slugs(folder)) or "none; run `make figures`"
        raise TradeAnalyticsError(f"{slug}: no figure of this name was published; there are: {known}")
    bundle: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return bundle


def read_numbers(folder: Path, slug: str) -> list[dict[str, str]]:
    """The rows of a bundle's CSV, as text."""
    with (folder / slug / f"{slug}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def slugs(folder: Path) -> list[str]:
    """The names of all published bundles."""
    return sorted(path.parent.name for path in folder.glob("*/*.json") if path.stem == path.parent.name)


def numbers_csv(numbers: Numbers) -> str:
    """The plotted numbers as CSV: keys, measures, money again in exact millions, the rest; empty where unknown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    measures = list(numbers.cells)
    money = [name for name in measures if name.endswith(_CENTS)]
    millions = [name.removesuffix(_CENTS) + "_million" for name in money]
    writer.writerow([*numbers.keys, *measures, *millions, *numbers.also])
    names = [*numbers.keys, *measures, *numbers.also]
    for values in numbers.table[names].itertuples(index=False, name=None):
        row = dict(zip(names, values, strict=True))
        texts = [*(key_text(row[name]) for name in numbers.keys), *(_whole_text(row[name]) for name in measures)]
        writer.writerow([*texts, *(_million_text(row[name]) for name in money), *(row[name] for name in numbers.also)])
    return out.getvalue()


def key_text(value: object) -> str:
    """A key as it stands in the CSV and in `trace`: months as 2022-03, codes as they are."""
    return value.strftime("%Y-%m") if isinstance(value, pd.Timestamp) else str(value)


def _whole_text(value: Any) -> str:
    return "" if pd.isna(value) else str(int(value))


def _million_text(cents: Any) -> str:
    return "" if pd.isna(cents) else f"{(Decimal(int(cents)) / 100_000_000).normalize():f}"


def _described(chart: Chart, written: Mapping[str, str]) -> dict[str, Any]:
    return {
        "slug": chart.slug,
        "synthetic": chart.synthetic,
        "version": __version__,
        "words": {language: vars(chart.words[language]) for language in LANGUAGES},
        "keys": list(chart.numbers.keys),
        "cells": dict(chart.numbers.cells),
        "query": chart.numbers.query,
        "files": [_file(raw) for raw in chart.files],
        "outputs": dict(written),
    }


def _file(raw: RawFile) -> dict[str, Any]:
    names = (
        "name",
        "sha256",
        "table",
        "vintage",
        "publisher",
        "title",
        "licence",
        "citation",
        "url",
        "extract",
        "note",
    )
    return {name: getattr(raw, name) for name in names}


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def swap(part: Path, target: Path) -> Path:
    """Put a whole folder in the place of another; a folder cannot be replaced in one step on every system."""
    old = part.with_name(part.name + ".old")
    if target.exists():
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
