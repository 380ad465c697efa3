"""A ranked list judged by labels: transparent flags, a learner beside them, and how far the labels leak.

`python -m benchmarks.ranking` needs three files of labelled declarations, which are no part of this project. It prints
a report and writes it to `benchmarks/results/ranking.md`.
"""

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from benchmarks.declared import DAYS, FEW, KINDS, declarations, deviation, flagged, listed, measures
from benchmarks.running import ROOT, expect_file, finish, finished, parser, versions
from benchmarks.saying import table
from tradeanalytics import TradeAnalyticsError
from tradeanalytics.detectors.ranking import TOP, evaluated, funnel, ranked, weights_of_evidence

LIBRARIES = ("pandas", "polars", "scikit-learn")
PERCENTS = (5, 10)

_CUSTOMS = ROOT.parent / "shared" / "data" / "customs"
_PARTS = {
    "train": "labels that weights and learners are fitted to, and usual prices",
    "valid": "no label of it is used: its declarations are what importers did before",
    "test": "every figure is of it, and nothing is fitted to it",
}
_SEED = 1
_PRICE = ["per_kg"]
_NUMBERS = ["log_kg", "log_price", "per_kg", "z", "since_last"]
_GOODS = ["chapter", "origin", "dispatch"]
_FROM_MASS_AND_PRICE = ["log_kg", "log_price", "per_kg", "z", "low price", "high price", "no mass"]
_CLAIM = """\
**This table claims no skill.** The declarations are invented, and price was rebuilt from mass: the {asked:,} of the
third file that have both share {distinct:,} prices a kg, and {met:.1%} of them have one that stands in the first file
too. So mass and price alone, (c), give labels away to whoever learns them by heart; chapter and countries give away
some as well, and what (b) finds cannot be told from that. In {alike:,} of the {codes:,} codes of the first file with
{few} prices or more, half of the prices or more are one and the same, so that none is odd by their deviation: there,
low and high are not judged. What (a) finds is a test of the arithmetic: what its flags find among real declarations is
not known here."""
_HOW = f"""\
Everything is fitted to the first file alone, and told of the third. A flag that cannot be judged adds nothing to a
score, and is not a no. Equal scores keep the order of the file; where a cut falls among them,
the brackets have the least and most precision that another order of them would give. Weights of evidence are the
contrasts of `weights_of_evidence`. Learners are scikit-learn's as they come, with a fixed seed: HistGradientBoosting-,
RandomForest- and DecisionTreeClassifier. Whether an importer is new or dormant is judged from {DAYS} days after the
first record on."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the report; 0 when it is measured, 2 for a wrong input."""
    return finished("benchmarks.ranking", _parser().parse_args(arguments), _measured)


def _parser() -> argparse.ArgumentParser:
    made = parser("benchmarks.ranking", __doc__)
    for part, what in _PARTS.items():
        usual = f"data_df_syn_{part}_eng.csv"
        made.add_argument(f"--{part}", type=Path, default=_CUSTOMS / usual, help=f"{what}; without, {usual}")
    return made


def _measured(parsed: Namespace, folder: Path) -> None:
    paths = {part: getattr(parsed, part) for part in _PARTS}
    for part, path in paths.items():
        expect_file(path, f"--{part}")
    told = measures(declarations(paths, folder), "train")
    flags = flagged(told)
    train, test = ((told[told["part"] == part], flags[told["part"] == part]) for part in ("train", "test"))
    _expect_both(paths["train"], train[0]["fraud"])
    weights = weights_of_evidence(train[1], train[0]["fraud"])
    parts = [
        "\n".join([*_facts(paths, told), f"- Versions: {versions(LIBRARIES)}"]),
        _scores(told, flags, weights),
        _leak(told),
        f"The flags, on the third file:\n\n{_kinds(*test, weights)}",
        f"The list, of equal weights:\n\n{_funnel(*test)}",
    ]
    finish(parsed.results, "Ranking: a short list, judged by labels of invented declarations", parts, _HOW)


def _expect_both(path: Path, labels: pd.Series) -> None:
    if labels.dropna().nunique() < 2:
        raise TradeAnalyticsError(f"{path.name}: its labels are all the same, expected some 0 and some 1")


def _facts(paths: Mapping[str, Path], told: pd.DataFrame) -> Iterator[str]:
    for part, path in paths.items():
        rows = told[told["part"] == part]
        days = f"{rows['day'].min():%Y-%m-%d} to {rows['day'].max():%Y-%m-%d}"
        bad = f"{int(rows['fraud'].sum()):,} labelled as fraud"
        yield f"- File: {path.name}, {len(rows):,} declarations of {days}, {bad}: {_PARTS[part]}"


# Scores


def _scores(told: pd.DataFrame, flags: pd.DataFrame, weights: pd.DataFrame) -> str:
    """The one table: every score on the test file, at the same cuts."""
    test = told[told["part"] == "test"]
    shown = [f"precision, first {TOP}", *(f"{what}, {p} %" for what in ("precision", "recall") for p in PERCENTS)]
    rows = [["ranked by", *shown, *(f"value share, {p} %" for p in PERCENTS)], _by_chance(test)]
    for called, score in _every(told, flags, weights):
        found = evaluated(score, test["fraud"], test["price_cents"], at=(TOP,), percents=PERCENTS)
        rows.append([called, *_cells(found)])
    return f"{_cuts(test)}\n\n{table(rows)}"


def _cuts(test: pd.DataFrame) -> str:
    """What the cuts of the table are, in declarations."""
    found = evaluated([0] * len(test), test["fraud"], at=(), percents=PERCENTS)
    sizes = " and ".join(f"{row.cut} are {row.k:,}" for row in found.itertuples(index=False))
    return (
        f"Of the {len(test):,} declarations of the third file, {sizes}; {test['fraud'].mean():.1%} of all are labelled "
        "as fraud,\nso that a list in any order has that precision on average."
    )


def _by_chance(test: pd.DataFrame) -> list[str]:
    base = f"{test['fraud'].mean():.3f}"
    shares = [f"{p / 100:.3f}" for p in PERCENTS]
    return ["nothing: any order, on average (the base rate)", *[base] * (1 + len(PERCENTS)), *shares, *shares]


def _cells(found: pd.DataFrame) -> Iterator[str]:
    for row in found.itertuples(index=False):
        yield _precision(row)
    for what in ("recall", "value_share"):
        yield from (_figure(share) for share in found[what][1:])


def _precision(row: Any) -> str:
    least, most = _figure(row.precision_low), _figure(row.precision_high)
    return _figure(row.precision) + (f" ({least}-{most})" if least != most else "")


def _figure(share: Any) -> str:
    return "unknown" if pd.isna(share) else f"{share:.3f}"


def _every(told: pd.DataFrame, flags: pd.DataFrame, weights: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    test, features = told["part"] == "test", _features(told, flags)
    contrasts = dict(zip(weights["kind"], weights["contrast"], strict=True))
    yield "(a) flags, equal weights", _summed(told[test], flags[test], {})
    yield "(a) flags, weights of evidence", _summed(told[test], flags[test], contrasts)
    blind = features.drop(columns=_FROM_MASS_AND_PRICE)
    yield "(b) gradient-boosted trees, all columns", _learned(told, features, _boosted())
    yield "(b) the same, without mass and price", _learned(told, blind, _boosted())
    yield "(b) the same, chapter and the two countries only", _learned(told, features[_GOODS], _boosted())
    both, price = _mass_and_price(told), features[_PRICE]
    yield "(c) leak: gradient-boosted trees, mass and price only", _learned(told, both, _boosted())
    yield "(c) leak: one decision tree, mass and price only", _learned(told, both, _tree())
    yield "(c) leak: random forest, mass and price only", _learned(told, both, _forest())
    yield "(c) leak: random forest, price a kg only", _learned(told, price.fillna(price.min() - 1), _forest())
    yield "(c) price a kg itself, the lowest first", -told["per_kg"][test].fillna(told["per_kg"].max() + 1)


def _summed(told: pd.DataFrame, flags: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """The score that `ranked` gives each unit, in the order of the file."""
    having = listed(told["unit"], flags)
    held = {kind: weight for kind, weight in weights.items() if kind in set(having["kind"])}
    found = ranked(told[["unit"]], having, weights=held).set_index("unit")["score"]
    return told["unit"].map(found)


def _mass_and_price(told: pd.DataFrame) -> pd.DataFrame:
    """Net mass and price as declared, and nothing else."""
    return told[["kg"]].assign(price=told["price_cents"].astype(float) / 100).fillna(-1.0)


def _features(told: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """What a learner is given: numbers, the flags, and goods and countries as the first file knows them."""
    numbers = told.assign(log_kg=_log(told["kg"]), log_price=_log(told["price_cents"]), chapter=told["hs6"].str[:2])
    known = told["part"] == "train"
    goods = {name: _categories(numbers[name], numbers[name][known]) for name in _GOODS}
    return pd.concat([numbers[_NUMBERS].astype(float), flags.astype(float)], axis=1).assign(**goods)


def _categories(cells: pd.Series, known: pd.Series) -> pd.Series:
    """Codes as categories; one that the first file does not have is null."""
    return cells.where(cells.isin(known.unique())).astype(pd.CategoricalDtype(sorted(known.dropna().unique())))


def _log(amounts: pd.Series) -> pd.Series:
    return pd.Series(np.log(amounts.where(amounts > 0).astype(float)), amounts.index)


def _boosted() -> Any:
    return HistGradientBoostingClassifier(random_state=_SEED)


def _tree() -> Any:
    return DecisionTreeClassifier(random_state=_SEED)


def _forest() -> Any:
    return RandomForestClassifier(random_state=_SEED)


def _learned(told: pd.DataFrame, features: pd.DataFrame, learner: Any) -> pd.Series:
    """What a learner that was fitted to the first file says of the third."""
    known, asked = (told["part"] == "train") & told["fraud"].notna(), told["part"] == "test"
    learner.fit(features[known], told["fraud"][known].astype(bool))
    return pd.Series(learner.predict_proba(features[asked])[:, 1], features.index[asked])


# What is told beside them


def _leak(told: pd.DataFrame) -> str:
    """Why the table claims no skill, with counts."""
    priced = told[told["per_kg"].notna()]
    known, asked = (priced[priced["part"] == part] for part in ("train", "test"))
    codes = known.groupby("hs6")["per_kg"].agg(n="size", apart=deviation)
    enough = codes[codes["n"] >= FEW]
    met, distinct = asked["per_kg"].isin(known["per_kg"]).mean(), asked["per_kg"].nunique()
    return _CLAIM.format(
        asked=len(asked), distinct=distinct, met=met, alike=(enough["apart"] == 0).sum(), codes=len(enough), few=FEW
    )


def _kinds(told: pd.DataFrame, flags: pd.DataFrame, weights: pd.DataFrame) -> str:
    """Each flag in the open: how many have it, how many of these are bad, and what it adds to a score."""
    fitted = weights.set_index("kind")
    rows = [
        [
            "flag",
            "judged",
            "have it",
            "labelled as fraud among them",
            "equal weight",
            "weight of evidence, ± standard error",
        ]
    ]
    for kind, what in KINDS.items():
        having, of = flags[kind].fillna(False), fitted.loc[kind]
        found = told["fraud"][having].dropna()
        precision = _figure(found.mean() if len(found) else pd.NA)
        counts = [f"{int(flags[kind].notna().sum()):,}", f"{int(having.sum()):,}"]
        evidence = f"{of['contrast']:z.2f} ± {of['standard_error']:.2f}"
        rows.append([f"{kind}: {what}", *counts, precision, "1.00", evidence])
    return table(rows)


def _funnel(told: pd.DataFrame, flags: pd.DataFrame) -> str:
    having = listed(told["unit"], flags)
    found = funnel(ranked(told[["unit"]], having), having)
    stages = zip(found["stage"], found["count"], strict=True)
    return table([["stage", "declarations"], *([stage, f"{count:,}"] for stage, count in stages)])


if __name__ == "__main__":
    sys.exit(main())
