"""Who is between whom: islands, middlemen, suppliers that many depend on, ways to a listed party, shared doors.

The graph has a company for each key and a line for each pair that trade, weighted by value. A company that buys and
sells is one of them.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from tradeanalytics.detectors.findings import FALSE_DISCOVERIES, Finding, table, thresholds
from tradeanalytics.detectors.shipped import NOBODY, answer, currency, records_of, refused, subject, trace
from tradeanalytics.detectors.trader_words import caveats, say, several
from tradeanalytics.engine import Engine, literal
from tradeanalytics.parties.doors import SharedDoors, components
from tradeanalytics.shipments import Which

EXACT = 2_000  # companies up to which every one is taken as a start
SAMPLE = 100
SEED = 0
_AT_ONCE = 25  # starts: what is kept for one is a number a company


class Trade:
    """The graph of who ships to whom.

    `names`: the keys of its companies, in order. `lines`: one row a pair whose both names are known: shipper and
    consignee (places in `names`), items, cents (the sum of what is known). `why_not`: where these records are no graph.
    """

    def __init__(self, engine: Engine, which: Which | None = None, *, by: str = "value_usd_cents") -> None:
        currency(by)
        self.which = which or Which()
        found = engine.arrow(f"""
SELECT shipper_key AS shipper, consignee_key AS consignee, count(*) AS items, CAST(sum({by}) AS BIGINT) AS cents,
       bool_and(invented) AS invented, bool_or(invented) AS some_invented
FROM ({self.which.sql()}) WHERE shipper_key IS NOT NULL AND consignee_key IS NOT NULL
GROUP BY ALL
""")
        self.names, ends = _coded(found["shipper"], found["consignee"])
        told = {name: found[name].to_numpy() for name in ("items", "invented", "some_invented")}
        cents = pd.array(found["cents"].to_pandas(), dtype="Int64")
        lines = pd.DataFrame({"shipper": ends[0], "consignee": ends[1], **told, "cents": cents})
        # A pair is one number, which is sorted in a third of the time of two columns.
        self.lines = lines.iloc[np.argsort(ends[0] * len(self.names) + ends[1])].reset_index(drop=True)
        self.invented = bool(lines["some_invented"].any())
        self.why_not = self._why_not()

    def _why_not(self) -> str | None:
        if self.invented and not self.lines["invented"].all():
            return say("invented_mixed")
        if self.lines.empty:
            return say("nobody_named")
        return say("one_pair") if len(self.lines) == 1 else None

    @cached_property
    def matrix(self) -> csr_array[Any]:
        """Ones where two companies trade, whichever way."""
        one, other = self.lines["shipper"].to_numpy(), self.lines["consignee"].to_numpy()
        size, apart = len(self.names), one != other
        ends = np.concatenate([one[apart], other[apart]]), np.concatenate([other[apart], one[apart]])
        made = csr_array((np.ones(len(ends[0])), ends), shape=(size, size))
        made.data[:] = 1.0  # who sell to each other are one line
        return made

    def trace(self, *keys: str) -> str:
        """The records in which one of these companies ships or receives."""
        told = ", ".join(map(literal, keys))
        among = f"shipper_key IN ({told}) OR consignee_key IN ({told})"
        return f"SELECT * FROM ({self._records}) WHERE {among}"

    @cached_property
    def _records(self) -> str:
        return records_of(self.which)


def _coded(*columns: pa.ChunkedArray) -> tuple[list[str], list[NDArray[np.int64]]]:
    """The distinct texts of some columns, in order, and each column as places among them."""
    coded = [column.combine_chunks().dictionary_encode() for column in columns]
    names = sorted({name for one in coded for name in one.dictionary.to_pylist()})
    place = {name: at for at, name in enumerate(names)}
    ends = [
        np.array([place[name] for name in one.dictionary.to_pylist()], dtype=np.int64)[one.indices.to_numpy()]
        for one in coded
    ]
    return names, ends


def islands(trade: Trade, *, at_least: int = 3, rate: float = FALSE_DISCOVERIES) -> pd.DataFrame:
    """FINDINGS: a row a component of the graph, companies that trade among themselves and with nobody else.

    observed: its companies; effect: its pairs. Flagged is one of `at_least` companies that is not the largest.
    """
    said = thresholds(at_least=at_least)
    if trade.why_not:
        return table([refused("component", "the trade graph", trade.why_not, NOBODY, thresholds=said)], rate=rate)
    _, of = connected_components(trade.matrix, directed=False)
    sizes, pairs = np.bincount(of), np.bincount(of, np.diff(trade.matrix.indptr)) / 2
    largest, members = int(sizes.argmax()), _members(of)

    def found() -> Iterator[Finding]:
        for at, size in enumerate(sizes):
            names = [trade.names[place] for place in members[at][:50]]
            told: dict[str, Any] = {"count": int(size), "pairs": int(pairs[at]), "names": several(names, int(size))}
            yield Finding(
                "component",
                f"component of {names[0]}",
                observed=float(size),
                unit="companies",
                effect=float(pairs[at]),
                n=int(pairs[at]),
                flagged=bool(size >= at_least and at != largest),
                reason=say("component", **told),
                caveats=caveats("variants", "records", "one_sided"),
                thresholds=said,
                trace=trade.trace(*names),
                invented=trade.invented,
            )

    return table(found(), rate=rate)


def _members(of: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    order = np.argsort(of, kind="stable")
    return np.split(order, np.cumsum(np.bincount(of))[:-1])


def between(
    trade: Trade,
    *,
    exact: int = EXACT,
    sample: int = SAMPLE,
    seed: int = SEED,
    most: int = 20,
    rate: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """FINDINGS: a row a company: on which share of the shortest ways between others it lies (betweenness).

    With more than `exact` companies so many as `sample`, drawn with `seed`, are taken as starts, and the sentence says
    so. Flagged are the `most` highest above zero.
    """
    said = thresholds(exact=exact, sample=sample, seed=seed, most=most)
    if trade.why_not:
        return table([refused("between", "the trade graph", trade.why_not, NOBODY, thresholds=said)], rate=rate)
    size = len(trade.names)
    whole = size <= exact or sample >= size
    starts = np.arange(size) if whole else np.sort(np.random.default_rng(seed).choice(size, sample, replace=False))
    shares = betweenness(trade.matrix, starts)
    told: dict[str, Any] = {"count": len(starts), "all": size, "seed": seed}
    how = say("exact") if whole else say("sampled", **told)
    top = set(np.lexsort((np.arange(size), -shares))[:most].tolist())
    findings = (
        Finding(
            "between",
            subject("company", name),
            observed=float(shares[at]),
            unit="share",
            score=float(shares[at]),
            test=f"betweenness, {how}",
            n=len(starts),
            flagged=at in top and shares[at] > 0,
            reason=say("betweenness", name=name, share=shares[at], how=how),
            caveats=caveats("hops", "variants", "one_sided"),
            thresholds=said,
            trace=trade.trace(name),
            invented=trade.invented,
        )
        for at, name in enumerate(trade.names)
    )
    return table(findings, rate=rate)


def betweenness(matrix: csr_array[Any], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of the shortest ways between all others on which each company lies, by ways from these starts.

    Brandes (2001), all companies of a step at a time; from a sample of starts it is an estimate.
    """
    size = matrix.shape[0]
    some = [starts[first : first + _AT_ONCE] for first in range(0, len(starts), _AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # SciPy lets go of Python while it multiplies
        # Added in the order of the starts, so that the sum is the same to the last bit on any number of cores.
        total = sum(threads.map(partial(_dependencies, matrix), some), np.zeros(size))
    pairs = max(1, (size - 1) * (size - 2))
    found: NDArray[np.float64] = total * (size / len(starts)) / pairs
    return found


def _dependencies(matrix: csr_array[Any], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    size, columns = matrix.shape[0], np.arange(len(starts))
    ways = np.zeros((size, len(starts)))
    ways[starts, columns] = 1
    levels = [ways.copy()]
    while True:  # each step: how many shortest ways lead to the companies that it reaches first
        step = (matrix @ levels[-1]) * (ways == 0)
        if not step.any():
            break
        ways += step
        levels.append(step)
    depends = np.zeros_like(ways)
    for before, after in zip(levels[-2::-1], levels[:0:-1], strict=True):
        passed = np.divide(1 + depends, after, out=np.zeros_like(ways), where=after > 0)
        depends += before * (matrix @ passed)
    depends[starts, columns] = 0
    found: NDArray[np.float64] = depends.sum(axis=1)
    return found


def stars(trade: Trade, *, at_least: int = 3, rate: float = FALSE_DISCOVERIES) -> pd.DataFrame:
    """FINDINGS: a row a shipper: how many consignees have no other supplier in these records.

    observed: those; expected: all that it supplies. Flagged is one with `at_least` of them.
    """
    said = thresholds(at_least=at_least)
    if trade.why_not:
        return table([refused("star", "the trade graph", trade.why_not, NOBODY, thresholds=said)], rate=rate)
    suppliers = trade.lines.groupby("consignee")["shipper"].transform("size")
    alone = trade.lines[suppliers == 1].groupby("shipper")["consignee"].agg(list)
    supplied = trade.lines.groupby("shipper").agg({"consignee": "size", "items": "sum"})

    def found() -> Iterator[Finding]:
        for at, count, items in supplied.itertuples():
            name, only = trade.names[at], [trade.names[place] for place in alone.get(at, [])]
            told = {"count": len(only), "all": count, "names": several(only)}
            yield Finding(
                "star",
                subject("shipper", name),
                observed=float(len(only)),
                expected=float(count),
                unit="consignees",
                n=int(items),
                flagged=len(only) >= at_least,
                reason=say("star", name=name, **told),
                caveats=caveats("variants", "records", "one_sided"),
                thresholds=said,
                trace=trace(trade.which, "shipper", name),
                invented=trade.invented,
            )

    return table(found(), rate=rate)


def paths(trade: Trade, listed: Collection[str], *, most: int = 2, rate: float = FALSE_DISCOVERIES) -> pd.DataFrame:
    """FINDINGS: a row a company: how many steps of trade lie between it and the nearest of the keys `listed`.

    observed: the steps, null where there is no way; flagged is one of 1 to `most` steps.
    """
    said, wanted = thresholds(most=most, listed=len(set(listed))), set(listed)
    starts = np.flatnonzero([name in wanted for name in trade.names]) if not trade.why_not else np.array([])
    if trade.why_not or not len(starts):
        why = trade.why_not or say("no_list")
        return table([refused("path to listed", "the trade graph", why, NOBODY, thresholds=said)], rate=rate)
    far, before, _ = dijkstra(
        trade.matrix, directed=False, unweighted=True, indices=starts, min_only=True, return_predecessors=True
    )

    def found() -> Iterator[Finding]:
        for at, name in enumerate(trade.names):
            steps = None if np.isinf(far[at]) else int(far[at])
            way = [trade.names[place] for place in _way(at, before, steps or 0)]
            key = "path_none" if steps is None else "path" if steps else "path_itself"
            yield Finding(
                "path to listed",
                subject("company", name),
                observed=steps,
                unit="steps",
                flagged=steps is not None and 0 < steps <= most,
                reason=say(key, name=name, steps=steps, path=" – ".join(way)),
                caveats=caveats("hops", "variants", "one_sided"),
                thresholds=said,
                trace=trade.trace(*way) if steps else None,
                invented=trade.invented,
            )

    return table(found(), rate=rate)


def _way(at: int, before: NDArray[np.int32], steps: int) -> list[int]:
    way = [at]
    while len(way) <= steps:
        way.append(int(before[way[-1]]))
    return way


def shared_premises(
    shared: SharedDoors, *, at_least: int = 3, invented: bool = False, rate: float = FALSE_DISCOVERIES
) -> pd.DataFrame:
    """FINDINGS: a row a group of companies that doors in common join, as `parties.doors` or `addressed` tells them.

    observed: its companies; effect: its pairs with a door in common. Flagged is one of `at_least` companies. Rows
    without a door are counted in one row that is not judged.
    """
    said = thresholds(at_least=at_least, excluded=len(shared.excluded))
    findings = [
        Finding(
            "shared doors",
            f"group of {row['names'][0]}",
            observed=float(row["companies"]),
            unit="companies",
            effect=float(row["edges"]),
            n=int(row["doors"]),
            flagged=row["companies"] >= at_least,
            reason=say(
                "doors",
                count=row["companies"],
                doors=row["doors"],
                pairs=row["edges"],
                names=several(list(row["names"]), row["companies"]),
            ),
            caveats=caveats("one_room"),
            thresholds=said,
            invented=invented,
        )
        for row in components(shared).to_dict("records")
    ]
    if lost := shared.no_premises + shared.no_room:
        why = say("no_door", count=lost)
        row = {"some_invented": invented}
        findings.append(refused("shared doors", "addresses without a door", why, row, thresholds=said, n=lost))
    return answer(findings, "shared doors", said, say("no_addresses"), rate=rate)
