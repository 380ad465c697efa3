"""How well names are matched: on labelled pairs, beside plainer measures, and on invented names that should not match.

`python -m benchmarks.matching` needs labelled pairs and the publishers' lists, which are no part of this project. It
prints a report and writes it to `benchmarks/results/matching.md`.
"""

import argparse
import math
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from benchmarks.invented import companies, persons
from benchmarks.labelled import (
    WRONGLY,
    Counts,
    Flags,
    Judged,
    Pair,
    Scores,
    counted,
    for_f1,
    for_few_wrong,
    judge,
    labels,
    read_pairs,
)
from benchmarks.running import ROOT, Target, expect_file, finish, finished, parser, targets, versions
from benchmarks.saying import table
from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean
from tradeanalytics.engine import connect
from tradeanalytics.parties.likeness import Likeness, Weight, company_likeness, person_likeness, ship_likeness
from tradeanalytics.parties.lists import Lists, open_lists
from tradeanalytics.parties.names import name
from tradeanalytics.parties.screening import ALERT, POSSIBLE, Party, screen
from tradeanalytics.raw import raw_file

LIBRARIES = ("polars", "rapidfuzz", "anyascii")
RECALL, F1, INVENTED = 50, 80, 0.1  # per cent
OURS = "tradeanalytics"

_LISTS = ROOT.parent / "shared" / "data" / "watchlists"
_LABELLED = _LISTS / "matching"
_WORST = 20
_AT_ONCE = 10_000  # names
_SPLITS = 100
_FEW = 5  # pairs of one variation, which tell nothing
_PEERS: Mapping[str, Callable[[Pair], float]] = {
    "rapidfuzz WRatio, small letters": lambda pair: fuzz.WRatio(pair.here.casefold(), pair.there.casefold()) / 100,
    "rapidfuzz token_set_ratio, small letters": lambda pair: (
        fuzz.token_set_ratio(pair.here.casefold(), pair.there.casefold()) / 100
    ),
    "rapidfuzz ratio of the comparison keys": lambda pair: fuzz.ratio(name(pair.here).key, name(pair.there).key) / 100,
}
_HOW = f"""\
Companies: each party goes to a half by the hash of its identity, and a pair whose parties fall into different halves
is left out, or the same party would be in both. The threshold is the lowest score at which at most {WRONGLY:.0%} of
one half's pairs of different parties are taken for alike; recall, and the share then truly taken wrongly, are of the
other half. Of few pairs one in a hundred is one or two, so that a wrong label decides: hence the other splits. Names
of all kinds: a pair goes to a half by the hash of its names; the threshold is that of the best F1 on one half, and
what is told is of the other. By kind, script and variation, both halves are added up, each judged by the threshold of
the other. How rare a word is comes from the publishers' lists. Invented names may be a real one by chance. The pairs
and names that come out worst are printed when this is run, and not kept here: they are not this project's."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, met or missed, 2 is a wrong input."""
    return finished("benchmarks.matching", _parser().parse_args(arguments), _measured)


def _parser() -> argparse.ArgumentParser:
    made = parser("benchmarks.matching", __doc__)
    for option, usual in (("--companies", "xlist_company_pairs_dev.csv"), ("--cases", "nomenklatura_cases.csv")):
        made.add_argument(option, type=Path, default=_LABELLED / usual, help=f"labelled pairs; without, {usual}")
    made.add_argument("--lists", type=Path, default=_LISTS, help="the folder of the publishers' lists")
    made.add_argument("--names", type=int, default=50_000, help="invented, half of them persons; without, 50,000")
    return made


def _measured(parsed: Namespace, folder: Path) -> None:
    expect_file(parsed.companies, "--companies")
    expect_file(parsed.cases, "--cases")
    sets = {"companies": read_pairs(parsed.companies), "names of all kinds": read_pairs(parsed.cases)}
    lists = _lists(parsed.lists, folder)
    weight = lists.of["company"].weight
    scores = {title: _scores(pairs, weight) for title, pairs in sets.items()}
    few_wrong, best = (
        {measure: judge(sets[title], found, choose) for measure, found in scores[title].items()}
        for title, choose in zip(sets, (for_few_wrong, for_f1), strict=True)
    )
    hits = _invented(lists, parsed.names)
    wanted = targets([*_wanted(few_wrong[OURS], best[OURS]), _wanted_of_invented(hits, parsed.names)])
    judged = dict(zip(sets, (few_wrong[OURS], best[OURS]), strict=True))
    parts = [
        _facts(parsed, sets, lists),
        f"Companies, at most {WRONGLY:.0%} taken wrongly:\n\n{_few_wrong(few_wrong)}",
        _splits(sets["companies"], scores["companies"][OURS]),
        f"Names of all kinds, the best F1:\n\n{_best(best)}",
        f"The thresholds of screening, on all pairs:\n\n{_fixed(sets, scores)}",
        *_groups(sets, judged),
        _of_invented(hits, parsed.names),
    ]
    finish(parsed.results, "Matching: how well names are found, and how few wrongly", [*parts, wanted], _HOW)
    for line in _worst(sets, scores, weight, hits):
        print(line)


def _lists(folder: Path, work: Path) -> Lists:
    """The publishers' lists, cleaned into a folder of their own and made ready."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != _LABELLED)
    if not found:
        raise TradeAnalyticsError(f"{folder.name}: there are no lists; name their folder with --lists")
    files = [raw_file(path, folder) for path in found]
    for file in files:
        print(f"cleaning {file.name}", file=sys.stderr, flush=True)
        clean(file, work)
    return open_lists(connect(work), invented=all(file.invented for file in files))


def _scores(pairs: Sequence[Pair], weight: Weight) -> dict[str, Scores]:
    found = {OURS: np.array([likeness(pair, weight).score for pair in pairs], dtype=float)}
    return found | {peer: np.array([of(pair) for pair in pairs], dtype=float) for peer, of in _PEERS.items()}


def likeness(pair: Pair, weight: Weight) -> Likeness:
    """The likeness of a pair as what its names are; of a legal entity, the better of company and person."""
    if pair.schema == "Vessel":
        return ship_likeness(pair.here, pair.there)
    of_persons = person_likeness(pair.here, pair.there)
    if pair.schema == "Person":
        return of_persons
    of_companies = company_likeness(pair.here, pair.there, weight)
    better = pair.schema == "LegalEntity" and of_persons.score > of_companies.score
    return of_persons if better else of_companies


# What is told


def _facts(parsed: Namespace, sets: Mapping[str, Sequence[Pair]], lists: Lists) -> str:
    paths = (parsed.companies, parsed.cases)
    told = [_of_set(path, pairs) for path, pairs in zip(paths, sets.values(), strict=True)]
    kinds = ", ".join(f"{names.count:,} {kind}" for kind, names in lists.of.items())
    listed = f"- Lists: {lists.parties.height:,} parties; names by kind: {kinds}"
    return "\n".join([*told, listed, f"- Versions: {versions(LIBRARIES)}"])


def _of_set(path: Path, pairs: Sequence[Pair]) -> str:
    halves = [pair.half() for pair in pairs]
    first, second, neither = (f"{halves.count(half):,}" for half in (0, 1, None))
    alike = int(labels(pairs).sum())
    told = f"- File: {path.name}, {len(pairs):,} pairs, {alike:,} of them alike; halves of {first} and {second} pairs"
    return f"{told}, {neither} left out" if None in halves else told


def _few_wrong(judged: Mapping[str, Judged]) -> str:
    told = [f"{what}, {half} half" for half in ("second", "first") for what in ("recall", "taken wrongly")]
    rows = [["measure", *told, "thresholds"]]
    for measure, found in judged.items():
        figures = (_said(x) for one in found.counts for x in (one.recall, one.wrongly))
        rows.append([measure, *figures, " and ".join(map(_said, found.thresholds))])
    return table(rows)


def _splits(pairs: Sequence[Pair], scores: Scores) -> str:
    """How much rests on which parties are in which half: the same of many splits, by other hashes."""
    of = [judge(pairs, scores, for_few_wrong, split) for split in range(1, _SPLITS + 1)]
    recall, wrongly = ([getattr(one, what) for found in of for one in found.counts] for what in ("recall", "wrongly"))
    told = ["tradeanalytics, {} other splits both ways", "a tenth is below", "median", "a tenth is above"]
    rows = [[told[0].format(_SPLITS), *told[1:]]]
    for called, figures in (("recall", recall), ("taken wrongly", wrongly)):
        rows.append([called, *(_said(float(one)) for one in np.quantile(figures, (0.1, 0.5, 0.9)))])
    return table(rows)


def _best(judged: Mapping[str, Judged]) -> str:
    told = [f"{what}, {half} half" for half in ("second", "first") for what in ("F1", "precision", "recall")]
    rows = [["measure", *told, "thresholds"]]
    for measure, found in judged.items():
        figures = (_said(x) for one in found.counts for x in (one.f1, one.precision, one.recall))
        rows.append([measure, *figures, " and ".join(map(_said, found.thresholds))])
    return table(rows)


_COUNTED = ("pairs", "alike", "found", "taken wrongly", "precision", "recall", "share taken wrongly")


def _counted(one: Counts) -> list[str]:
    shares = (one.precision, one.recall, one.wrongly)
    return [*(f"{count:,}" for count in (one.pairs, one.alike, one.found, one.wrong)), *map(_said, shares)]


def _fixed(sets: Mapping[str, Sequence[Pair]], scores: Mapping[str, Mapping[str, Scores]]) -> str:
    rows = [["pairs of", "threshold", *_COUNTED]]
    for title, pairs in sets.items():
        for called, threshold in (("alert", ALERT), ("possible", POSSIBLE)):
            found = counted(scores[title][OURS] >= threshold, labels(pairs))
            rows.append([title, f"{called}, {threshold:g}", *_counted(found)])
    return table(rows)


def _groups(sets: Mapping[str, Sequence[Pair]], judged: Mapping[str, Judged]) -> Iterator[str]:
    """Counts of this package by kind of party, by script and by kind of variation."""
    keys: tuple[tuple[str, Callable[[Pair], str]], ...] = (
        ("kind", lambda pair: pair.schema),
        ("scripts", lambda pair: pair.scripts),
        ("variation", lambda pair: pair.category),
    )
    for called, key in keys:
        rows = [["pairs of", called, *_COUNTED]]
        for title, pairs in sets.items():
            of = np.array(_together([key(pair) for pair in pairs]))
            rows += [[title, group, *_counted(_within(pairs, judged[title], of == group))] for group in sorted(set(of))]
        yield f"tradeanalytics by {called}:\n\n{table(rows)}"


def _together(groups: Sequence[str]) -> list[str]:
    """Groups by name, those of few pairs as one."""
    sizes = Counter(groups)
    return [group if sizes[group] >= _FEW else f"each of fewer than {_FEW} pairs" for group in groups]


def _within(pairs: Sequence[Pair], judged: Judged, group: Flags) -> Counts:
    which = group & judged.kept
    return counted(judged.taken[which], labels(pairs)[which])


def _said(figure: float) -> str:
    return f"{figure:.3f}" if math.isfinite(figure) else "none"


def _wanted(few_wrong: Judged, best: Judged) -> list[Target]:
    recall, f1 = min(one.recall for one in few_wrong.counts), min(one.f1 for one in best.counts)
    called = f"companies: recall at {WRONGLY:.0%} taken wrongly at least {RECALL} % on both halves"
    return [
        (called, 100 * recall, "%", lambda x: x >= RECALL),
        (f"names of all kinds: F1 at least {F1} % on both halves", 100 * f1, "%", lambda x: x >= F1),
    ]


# Invented names


def _invented(lists: Lists, count: int) -> pd.DataFrame:
    """The hits of invented names, the likest of each name."""
    chance = Random(1)
    of_kinds = {"company": companies(chance, count - count // 2), "person": persons(chance, count // 2)}
    asked = [Party(text, kind) for kind, names in of_kinds.items() for text in names]
    parts = [screen(asked[start : start + _AT_ONCE], lists) for start in range(0, len(asked), _AT_ONCE)]
    hits = pd.concat(parts).sort_values(["level", "score", "rarity"], ascending=[True, False, False], kind="stable")
    return hits.drop_duplicates(["name", "kind"], ignore_index=True)


def _of_invented(hits: pd.DataFrame, count: int) -> str:
    rows = [["invented names", "asked", "alert", "possible only"]]
    for kind, asked in (("company", count - count // 2), ("person", count // 2)):
        levels = hits.loc[hits["kind"] == kind, "level"]
        rows.append([kind, f"{asked:,}", *(f"{(levels == level).sum():,}" for level in ("alert", "possible"))])
    return table(rows)


def _wanted_of_invented(hits: pd.DataFrame, count: int) -> Target:
    share = 100 * float((hits["level"] == "alert").sum()) / count
    return (f"invented names: at most {INVENTED} % alert", share, "%", lambda x: x <= INVENTED)


# The worst, printed only


def _worst(
    sets: Mapping[str, Sequence[Pair]],
    scores: Mapping[str, Mapping[str, Scores]],
    weight: Weight,
    hits: pd.DataFrame,
) -> Iterator[str]:
    for title, pairs in sets.items():
        ordered = sorted(zip(scores[title][OURS], pairs, strict=True), key=lambda one: one[0])
        wrong = [one for one in reversed(ordered) if not one[1].alike][:_WORST]
        missed = [one for one in ordered if one[1].alike][:_WORST]
        for called, worst in (("not alike, and most like", wrong), ("alike, and least like", missed)):
            yield f"\n{title}: {called}"
            yield from (_said_of(pair, weight) for _, pair in worst)
    yield "\ninvented names that are most like a listed one"
    for hit in hits.head(_WORST).itertuples():
        yield f"{hit.score:.3f}  {hit.level}  {hit.reason}"


def _said_of(pair: Pair, weight: Weight) -> str:
    found = likeness(pair, weight)
    agreed = ", ".join(here if here == there else f"{here}={there}" for here, there in found.agreed) or "nothing"
    notes = f" ({'; '.join(found.notes)})" if found.notes else ""
    return f"{found.score:.3f}  {pair.schema}, {pair.category}: {pair.here} | {pair.there}: {agreed} agree{notes}"


if __name__ == "__main__":
    sys.exit(main())
