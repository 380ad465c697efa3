"""A list short enough to read: units ranked by a sum of their flags that shows its parts, and what such a list finds.

A unit without a flag is not clean: nothing that was asked for was found.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tradeanalytics import TradeAnalyticsError

TOP = 70  # what a desk can read: of 450,000 declarations assessed, about 70 were referred
_ADDED = ("rank", "score", "contributions", "flags", "referred")
_EVALUATED = {
    "cut": "str",
    "k": "Int64",
    "precision": "Float64",
    "precision_low": "Float64",
    "precision_high": "Float64",
    "recall": "Float64",
    "value": None,
    "value_share": "Float64",
    "base_rate": "Float64",
    "tied": "Int64",
    "unlabelled": "Int64",
}
_COUNTS = ("bad_with", "bad_without", "good_with", "good_without")


def ranked(
    units: pd.DataFrame, flags: pd.DataFrame, *, weights: Mapping[str, float] | None = None, top: int = TOP
) -> pd.DataFrame:
    """The units with the most weight of flags first.

    units: one row a `unit` (text), other columns are kept; flags: a row a `unit` and `kind`, one that is there again
    counts once. weights: of kinds, 1.0 for each that is not told. Columns added: rank (from 1; equal scores keep the
    order of `units`), score (sum of the weights), contributions (each kind with its weight, the largest first), flags
    (how many kinds), referred (among the first `top`, with a score over 0). A unit without a flag has score 0 and no
    contributions: it is not clean. Raises TradeAnalyticsError for a missing column, a unit that is there twice, a flag
    of a unit that is not there, a weight that is no number, and one of a kind that no flag has.

    >>> units = pd.DataFrame({"unit": ["A", "B", "C"]})
    >>> flags = pd.DataFrame({"unit": ["C", "C", "B"], "kind": ["shared door", "named part", "named part"]})
    >>> ranked(units, flags, top=1)[["unit", "rank", "score", "contributions", "referred"]].values.tolist()[0]
    ['C', 1, 2.0, 'named part 1.00; shared door 1.00', True]
    """
    held = _held(units, flags)
    weigh = _weights(held["kind"], weights)
    of = _kinds(held, weigh)
    kinds = [of.get(unit, []) for unit in units["unit"]]
    told = units.assign(
        score=pd.Series([math.fsum(weigh[kind] for kind in each) for each in kinds], units.index, dtype="float64"),
        contributions=pd.Series([_said(each, weigh) for each in kinds], units.index, dtype="str"),
        flags=pd.Series([len(each) for each in kinds], units.index, dtype="int64"),
    ).sort_values("score", ascending=False, kind="stable", ignore_index=True)
    rank = np.arange(1, len(told) + 1)
    told = told.assign(rank=rank, referred=(rank <= top) & (told["score"] > 0))
    return told[[*units.columns, *_ADDED]]


def funnel(ranking: pd.DataFrame, flags: pd.DataFrame, *, not_judged: int | None = None) -> pd.DataFrame:
    """From all that was assessed to what is referred: how many units are left at each stage.

    ranking: of `ranked`; flags: as given to it; not_judged: how many units could not be judged, where that is known.
    Columns: stage, count. Stages: assessed; not judged, where told; each kind of flag, the most frequent first; flagged
    (with any); referred. Kinds overlap: their counts do not add up. Raises TradeAnalyticsError as `ranked`.

    >>> units = pd.DataFrame({"unit": ["A", "B", "C"]})
    >>> flags = pd.DataFrame({"unit": ["C", "C", "B"], "kind": ["shared door", "named part", "named part"]})
    >>> funnel(ranked(units, flags, top=1), flags).values.tolist()
    [['assessed', 3], ['named part', 2], ['shared door', 1], ['flagged', 2], ['referred', 1]]
    """
    kinds = _held(ranking, flags, added=())["kind"].value_counts()
    frequent = sorted(kinds.items(), key=lambda one: (-one[1], str(one[0])))
    stages = [
        ("assessed", len(ranking)),
        *([] if not_judged is None else [("not judged", not_judged)]),
        *frequent,
        ("flagged", (ranking["flags"] > 0).sum()),
        ("referred", ranking["referred"].sum()),
    ]
    return pd.DataFrame(stages, columns=["stage", "count"]).astype({"stage": "str", "count": "int64"})


def wide(units: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """Flags as a column a kind, true where the unit has it, in the order of `units`; kinds in the order of the letters.

    What could not be judged is not told by a list of flags: set it to null before its weights are asked for.

    >>> wide(pd.DataFrame({"unit": ["A", "B"]}), pd.DataFrame({"unit": ["B"], "kind": ["dormant"]})).values.tolist()
    [[False], [True]]
    """
    held = _held(units, flags, added=())
    having = {kind: units["unit"].isin(rows["unit"]) for kind, rows in held.groupby("kind")}
    return pd.DataFrame(having, index=units.index).astype("boolean")


def evaluated(
    score: Sequence[float] | pd.Series,
    bad: Sequence[bool | None] | pd.Series,
    value: Sequence[float | None] | pd.Series | None = None,
    *,
    at: Sequence[int] = (TOP,),
    percents: Sequence[float] = (5, 10),
) -> pd.DataFrame:
    """What the first of a list hold, by labels: a row a cut, at numbers of units and at percentages of all units.

    score, bad, value: one each a unit, in one order; equal scores keep it. bad: true, false, or null where it is not
    known: such a unit is ranked and counts in k, but neither as bad nor as good. Columns: cut ("top 70", "5 %"); k (the
    whole units of a percentage, rounded down; no more than there are); precision (bad among the labelled of the first
    k); precision_low and _high (the least and most that another order of equal scores would give); recall (of all that
    is known to be bad); value (of the bad among the first k), value_share (of the value of all bad), null where one of
    the values that they add is; base_rate (bad among all labelled); tied (how many units have the score at the cut);
    unlabelled (of the first k). Null, not zero, where k is 0 or nothing is known to be bad. Raises TradeAnalyticsError
    for lengths that differ, a score that is no number, a label that is not true or false, and a cut that is none.

    A score that was fitted to these labels proves nothing: give units that neither weights nor a learner have seen.

    >>> found = evaluated([3, 2, 2, 1], [True, False, True, None], at=[2], percents=[])
    >>> found[["cut", "precision", "precision_high", "recall", "tied"]].values.tolist()
    [['top 2', 0.5, 1.0, 0.5, 2]]
    """
    rows = _rows(score, bad, value)
    cuts = _cuts(at, percents, len(rows))
    found = pd.DataFrame([{"cut": cut, **_at(rows, k)} for cut, k in cuts], columns=list(_EVALUATED))
    types = {name: kind or rows["value"].dtype for name, kind in _EVALUATED.items()}
    return found.astype(types)


def weights_of_evidence(
    flags: pd.DataFrame, bad: Sequence[bool | None] | pd.Series, *, smoothing: float = 0.5
) -> pd.DataFrame:
    """How much each kind of flag speaks for a bad unit, by labels: a row a kind.

    flags: a column a kind, true, false, or null where it could not be judged (see `wide`); bad: one a unit, null where
    it is not known. A unit with a null in either is left out of that kind. Columns: kind; bad_with, bad_without,
    good_with, good_without (counts); weight, ln of P(flag | bad) / P(flag | good); weight_without, the same of having
    no flag; contrast, their difference; standard_error, of the contrast. `smoothing` is added to each of the four
    counts, so that a count of 0 gives no infinite weight. Where all flags of a unit are judged, ranking by the sum of
    the contrasts of its flags is ranking by all of its weights: `ranked` takes them as
    `dict(zip(table["kind"], table["contrast"]))`. They add only as far as flags are independent among the bad and among
    the good: two flags of one cause count it twice. Judge the ranking by units that gave no weights. Raises
    TradeAnalyticsError for lengths that differ, cells that are not true, false or null, and a smoothing that is not
    over 0.

    Sources: I. J. Good, Probability and the Weighing of Evidence, Griffin, 1950; G. F. Bonham-Carter, Geographic
    Information Systems for Geoscientists, Pergamon, 1994, chapter 9 (weights, contrast, standard error); J. B. S.
    Haldane, Annals of Human Genetics 20, 1956, pages 309-311 (one half added to each count).

    >>> flags = pd.DataFrame({"dormant": [True, True, True, False, False, False, False, True]})
    >>> table = weights_of_evidence(flags, [True, True, True, True, False, False, False, False])
    >>> table[["kind", "bad_with", "good_with", "weight", "contrast"]].round(3).values.tolist()
    [['dormant', 3, 1, 0.847, 1.695]]
    """
    if not (math.isfinite(smoothing) and smoothing > 0):
        raise TradeAnalyticsError(f"smoothing: {smoothing}, expected a number over 0")
    labels = _booleans(bad, "bad")
    _same_length({"flags": len(flags), "bad": len(labels)})
    rows = [_evidence(str(kind), _booleans(flags[kind], str(kind)), labels, smoothing) for kind in flags]
    columns = ["kind", *_COUNTS, "weight", "weight_without", "contrast", "standard_error"]
    types = {"kind": "str", **dict.fromkeys(_COUNTS, "int64"), **dict.fromkeys(columns[5:], "float64")}
    return pd.DataFrame(rows, columns=columns).astype(types)


# Flags of units


def _held(units: pd.DataFrame, flags: pd.DataFrame, added: Iterable[str] = _ADDED) -> pd.DataFrame:
    """Each unit and kind once; raises TradeAnalyticsError where units and flags do not fit."""
    _expect(units, "units", ("unit",))
    _expect(flags, "flags", ("unit", "kind"))
    if taken := [name for name in added if name in units]:
        raise TradeAnalyticsError(f"units: column {taken[0]!r} is there already, and would be written over")
    if (twice := units["unit"][units["unit"].duplicated()]).size:
        raise TradeAnalyticsError(f"units: {twice.iloc[0]!r} is there twice, expected one row a unit")
    if (stray := flags["unit"][~flags["unit"].isin(units["unit"])]).size:
        raise TradeAnalyticsError(f"flags: unit {stray.iloc[0]!r} is not among the units")
    return flags[["unit", "kind"]].drop_duplicates()


def _expect(table: pd.DataFrame, called: str, columns: Iterable[str]) -> None:
    for name in columns:
        if name not in table:
            raise TradeAnalyticsError(f"{called}: no column {name!r}")
        if table[name].isna().any():
            raise TradeAnalyticsError(f"{called}: a row has no {name}")


def _weights(kinds: pd.Series, told: Mapping[str, float] | None) -> dict[str, float]:
    """The weight of each kind."""
    weigh = dict.fromkeys(sorted(kinds.unique()), 1.0)
    for kind, weight in (told or {}).items():
        if kind not in weigh:
            raise TradeAnalyticsError(f"weights: no flag is of kind {kind!r}; there are {', '.join(weigh) or 'none'}")
        if not math.isfinite(weight):
            raise TradeAnalyticsError(f"weights: {kind!r} has weight {weight}, expected a finite number")
        weigh[kind] = float(weight)
    return weigh


def _kinds(held: pd.DataFrame, weigh: Mapping[str, float]) -> Mapping[str, list[str]]:
    """The kinds of each unit that has a flag, of the largest weight first, then by name."""
    of: dict[str, list[str]] = defaultdict(list)
    place = {kind: at for at, kind in enumerate(sorted(weigh, key=lambda kind: (-weigh[kind], kind)))}
    ordered = held.iloc[held["kind"].map(place).to_numpy(dtype=int).argsort(kind="stable")]
    for unit, kind in zip(ordered["unit"], ordered["kind"], strict=True):
        of[unit].append(kind)
    return of


def _said(kinds: Iterable[str], weigh: Mapping[str, float]) -> str:
    return "; ".join(f"{kind} {weigh[kind]:z.2f}" for kind in kinds)


# What a list finds


def _rows(score: Any, bad: Any, value: Any) -> pd.DataFrame:
    """Score, label and value of each unit, the highest score first."""
    scores, labels = _numbers(score, "score"), _booleans(bad, "bad")
    values = _numbers([pd.NA] * len(scores) if value is None else value, "value")
    _same_length({"score": len(scores), "bad": len(labels)} | ({} if value is None else {"value": len(values)}))
    if (lost := scores.index[~np.isfinite(scores.to_numpy(dtype=float, na_value=math.nan))]).size:
        raise TradeAnalyticsError(f"score: unit {lost[0] + 1} has {scores[lost[0]]}, expected a finite number")
    table = pd.DataFrame({"score": scores, "bad": labels, "value": values})
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _numbers(cells: Any, called: str) -> pd.Series:
    """Whole numbers stay whole: cents are added exactly."""
    numbers = pd.Series(cells).reset_index(drop=True).convert_dtypes()
    if numbers.empty or numbers.isna().all():
        return numbers.astype("Float64")
    if numbers.dtype not in ("Int64", "Float64"):
        raise TradeAnalyticsError(f"{called}: {numbers.tolist()[0]!r} and others, expected numbers")
    return numbers


def _booleans(cells: Any, called: str) -> pd.Series:
    told = pd.Series(cells).reset_index(drop=True)
    odd = told[~(told.isna() | told.isin([True, False]))]
    if odd.size:
        raise TradeAnalyticsError(
            f"{called}: unit {odd.index[0] + 1} has {odd.tolist()[0]!r}, expected true, false or null"
        )
    return told.astype("boolean")


def _same_length(lengths: Mapping[str, int]) -> None:
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{count} of {name}" for name, count in lengths.items())
        raise TradeAnalyticsError(f"units: {said}; expected one of each a unit")


def _cuts(at: Iterable[int], percents: Iterable[float], units: int) -> Iterator[tuple[str, int]]:
    for k in at:
        if k < 0:
            raise TradeAnalyticsError(f"at: {k}, expected a number of units")
        yield f"top {k}", min(k, units)
    for percent in percents:
        if not 0 <= percent <= 100:
            raise TradeAnalyticsError(f"percents: {percent}, expected 0 to 100")
        # As written, not as the nearest double: 0.7 % of 1,000 is 7 units.
        yield f"{percent:g} %", int(Fraction(str(percent)) * units / 100)


def _at(rows: pd.DataFrame, k: int) -> dict[str, Any]:
    """The columns of one cut."""
    all_bad, labelled = rows["bad"].fillna(False), rows["bad"].notna()
    found = {"k": k, "base_rate": _share(all_bad.sum(), labelled.sum()), "unlabelled": (~labelled[:k]).sum()}
    if not k:
        return found
    tied = rows["score"] == rows["score"].iloc[k - 1]
    found["tied"] = tied.sum()
    if not all_bad.any():
        return found
    bad, good = _counts(rows["bad"].iloc[:k])
    least, most = _bounds(rows["bad"], tied, k)
    value, whole = _sum(rows["value"][:k], all_bad[:k]), _sum(rows["value"], all_bad)
    return {
        **found,
        "precision": _share(bad, bad + good),
        "precision_low": least,
        "precision_high": most,
        "recall": _share(bad, all_bad.sum()),
        "value": value,
        "value_share": pd.NA if value is pd.NA or whole is pd.NA else _share(value, whole),
    }


def _counts(labels: pd.Series) -> tuple[int, int]:
    """How many are bad and how many good."""
    return int(labels.sum()), int((~labels).sum())


def _bounds(labels: pd.Series, tied: pd.Series, k: int) -> tuple[Any, Any]:
    """The least and most precision of the first k, over every order of the units tied at the cut that gives one."""
    first = int(tied.to_numpy().argmax())
    places = k - first
    bad, good = _counts(labels[:first])
    bad_tied, good_tied = _counts(labels[tied])
    # Of units of which none is labelled there is no precision.
    unknown = min(int(tied.sum()) - bad_tied - good_tied, places - (bad + good == 0))
    few_bad, few_good = min(bad_tied, max(0, places - good_tied - unknown)), min(places, good_tied)
    many_bad, many_good = min(places, bad_tied), min(good_tied, max(0, places - bad_tied - unknown))
    least = _share(bad + few_bad, bad + few_bad + good + few_good)
    return least, _share(bad + many_bad, bad + many_bad + good + many_good)


def _share(part: Any, whole: Any) -> Any:
    return part / whole if whole else pd.NA


def _sum(values: pd.Series, which: pd.Series) -> Any:
    """The sum of some values; unknown where one of them is, or where no value is known at all."""
    return pd.NA if values.isna().all() else values[which].sum(skipna=False)


# Weights by labels


def _evidence(kind: str, having: pd.Series, bad: pd.Series, smoothing: float) -> dict[str, Any]:
    known = having.notna() & bad.notna()
    has, is_bad = having[known].astype(bool), bad[known].astype(bool)
    counts = [int((is_it & of).sum()) for is_it in (is_bad, ~is_bad) for of in (has, ~has)]
    bad_with, bad_without, good_with, good_without = (count + smoothing for count in counts)
    all_bad, all_good = bad_with + bad_without, good_with + good_without
    weight = math.log(bad_with / all_bad) - math.log(good_with / all_good)
    without = math.log(bad_without / all_bad) - math.log(good_without / all_good)
    return {
        "kind": kind,
        **dict(zip(_COUNTS, counts, strict=True)),
        "weight": weight,
        "weight_without": without,
        "contrast": weight - without,
        "standard_error": math.sqrt(sum(1 / count for count in (bad_with, bad_without, good_with, good_without))),
    }
