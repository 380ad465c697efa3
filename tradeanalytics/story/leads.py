"""Everything that is asked of some raw files, and the list that a desk can read: findings, ranked, with a funnel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.addressed import addressed
from tradeanalytics.clean.nar import open_register
from tradeanalytics.detectors import referrals
from tradeanalytics.detectors.parts import Part
from tradeanalytics.detectors.questions import Known, of_flows, of_shipments
from tradeanalytics.detectors.ranking import funnel, ranked
from tradeanalytics.engine import Engine
from tradeanalytics.parties.lists import known_lists
from tradeanalytics.raw import RawFile
from tradeanalytics.screened import screened
from tradeanalytics.shipments import Which

EVENT = "2022-03"
ABSENT = 24
TOP = 70  # of 450,000 declarations a border agency refers about as many
Tell = Callable[[pd.DataFrame], None]


@dataclass(frozen=True)
class Asked:
    """What is asked: `since` is the month of the event, `absent` the months after which a trader is new, `top` what a
    desk can read. Raises TradeAnalyticsError where one of these two is under 1."""

    since: str = EVENT
    absent: int = ABSENT
    top: int = TOP
    parts: Sequence[Part] = ()
    weights: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        for name, number in (("absent", self.absent), ("top", self.top)):
            if number < 1:
                raise TradeAnalyticsError(f"{name}: {number}, expected 1 or more")


@dataclass(frozen=True)
class Leads:
    """The answers: `findings` (FINDINGS), `ranked` and `funnels` by declaration, shipper and consignee (none where the
    files hold no shipments), and `notes`, what was asked of nothing."""

    asked: Asked
    files: Sequence[RawFile]
    findings: pd.DataFrame
    ranked: Mapping[str, pd.DataFrame]
    funnels: Mapping[str, pd.DataFrame]
    notes: Sequence[str]

    @property
    def name(self) -> str:
        """What they are called: by their first file, and how many more there are."""
        more = f"__and_{len(self.files) - 1}_more" if len(self.files) > 1 else ""
        return self.files[0].name.replace("/", "__") + more

    def numbered(self) -> pd.DataFrame:
        """The findings with the number by which each is traced, from 1."""
        return self.findings.assign(number=range(1, len(self.findings) + 1))[["number", *self.findings.columns]]


def leads(engine: Engine, processed: Path, files: Sequence[RawFile], asked: Asked, tell: Tell | None = None) -> Leads:
    """Ask everything that these cleaned files can answer; `tell` is called with the findings of each detector in turn.
    A file that is there twice is asked once.

    Raises TradeAnalyticsError where invented files stand beside others, and where no file has shipments or flows.
    """
    files = list({file.file_id: file for file in reversed(files)}.values())[::-1]
    if len({file.invented for file in files}) > 1:
        raise TradeAnalyticsError("invented files (SYNTHETIC) stand beside others: ask of them apart")
    shipped, flowing = _with(engine, "shipments", files), _with(engine, "flows WHERE months = 1", files)
    if not shipped and not flowing:
        raise TradeAnalyticsError(f"{files[0].name}: neither customs records nor monthly flows; expected one of them")
    which = Which(files=tuple(file.file_id for file in shipped))
    known, notes = _known(engine, processed, which, asked, shipped) if shipped else (Known(), [])
    found = []
    for one in _findings(engine, which, known, asked, shipped, flowing):
        if tell is not None:
            tell(one)
        found.append(one)
    findings = pd.concat(found, ignore_index=True)
    flags = {by: referrals.flags(engine, findings, which, by=by) for by in referrals.BY} if shipped else {}
    weights = _weights(asked, findings)
    lists = {
        by: ranked(referrals.units(engine, which, by=by), of, weights=_among(weights, of), top=asked.top)
        for by, of in flags.items()
    }
    return Leads(asked, files, findings, lists, {by: funnel(lists[by], of) for by, of in flags.items()}, notes)


def _weights(asked: Asked, findings: pd.DataFrame) -> Mapping[str, float]:
    there = set(findings["detector"])
    if unknown := sorted((asked.weights or {}).keys() - there):
        raise TradeAnalyticsError(
            f"weights: no detector is called {unknown[0]!r}; there are {', '.join(sorted(there))}"
        )
    return asked.weights or {}


def _among(weights: Mapping[str, float], flags: pd.DataFrame) -> dict[str, float]:
    """The weights of kinds that these units have at all."""
    there = set(flags["kind"])
    return {kind: weight for kind, weight in weights.items() if kind in there}


def _with(engine: Engine, rows: str, files: Sequence[RawFile]) -> list[RawFile]:
    """The files that have such rows of a table."""
    there = set(engine.sql(f"SELECT DISTINCT file_id FROM {rows}")["file_id"])
    return [file for file in files if file.file_id in there]


def _known(
    engine: Engine, processed: Path, which: Which, asked: Asked, files: Sequence[RawFile]
) -> tuple[Known, list[str]]:
    """What lists and addresses say of the parties, and what could not be asked."""
    invented = files[0].invented
    lists = known_lists(engine, processed / "screening", invented=invented)
    register = open_register(processed, invented=invented)
    located = addressed(engine, register, which, lists=lists)
    looked_up = screened(engine, lists, which) if lists else None
    notes = [*located.notes]
    if not asked.parts:
        notes.append("no list of parts was given: none was looked for in descriptions")
    return Known(looked_up, located, asked.parts, invented), notes


def _findings(
    engine: Engine, which: Which, known: Known, asked: Asked, shipped: Sequence[RawFile], flowing: Sequence[RawFile]
) -> Iterator[pd.DataFrame]:
    if shipped:
        with TemporaryDirectory() as folder:
            yield from of_shipments(engine, Path(folder), which, since=asked.since, absent=asked.absent, known=known)
    for file in flowing:
        yield from of_flows(engine, file.file_id, month=asked.since)
