"""Labelled customs declarations, and the flags that their columns allow."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.clean import clean, outputs
from tradeanalytics.clean.duplicates import COUNTED
from tradeanalytics.raw import raw_file

FAR, FEW, DAYS = 3.5, 10, 180  # z of a price, prices to know the usual by, days without a declaration
KINDS: Mapping[str, str] = {
    "low price": f"z of ln(price / net mass) under -{FAR} (median, 1.4826 MAD of the code's six digits in the "
    f"first file, {FEW} prices or more)",
    "high price": f"the same, over {FAR}",
    "new importer": f"never seen before, with {DAYS} days of records before",
    "dormant importer": f"seen before, but not in the last {DAYS} days",
    "other dispatch": "dispatched from another country than that of origin",
    "no seller": "nobody is named as the seller",
    "no mass": "no net mass, or zero: no price a kg can be judged",
}
_DECIMALS = 9  # of ln of a price a kg
_NORMAL = 1.4826  # MAD to standard deviation, as in detectors/unit_values.py
_LABELS = {"0": False, "1": True, "": None}
_READ = {
    "record": "record", "registered_on": "day", "consignee_id": "importer", "shipper_id": "seller", "hs": "hs6",
    "origin_country": "origin", "dispatch_country": "dispatch", "net_kg": "kg", "invoice_cents": "price_cents",
}  # fmt: skip


def declarations(paths: Mapping[str, Path], folder: Path) -> pd.DataFrame:
    """The declarations of some files by the name of their part, cleaned into a folder, with what was found in them.

    Columns: unit (part and record), part, record, day, importer, seller, hs6, origin, dispatch, kg, price_cents (of the
    declared currency), fraud (null where not told). Raises TradeAnalyticsError for a file without labels.
    """
    parts = [_part(part, path, folder / part) for part, path in paths.items()]
    return pd.concat(parts, ignore_index=True)


def _part(part: str, path: Path, folder: Path) -> pd.DataFrame:
    labels = _labels(path)
    report = clean(raw_file(path, path.parent), folder)
    if report["records"] != len(labels):
        raise TradeAnalyticsError(f"{path.name}: {report['records']} records, but {len(labels)} labels")
    shipments = pl.read_parquet(outputs(path.name, folder)["shipments"], columns=[*_READ, "duplicate"])
    kept = shipments.filter(pl.col("duplicate").is_in(COUNTED)).select(*_READ)
    rows = kept.rename(_READ).to_pandas().assign(part=part)
    fraud = pd.array([labels[record - 1] for record in rows["record"]], dtype="boolean")
    return rows.assign(unit=[f"{part} {record}" for record in rows["record"]], fraud=fraud)


def _labels(path: Path) -> list[bool | None]:
    """What was found in each record, in the order of the file."""
    try:
        told = pl.read_csv(path, infer_schema=False, columns=["Fraud"])["Fraud"].fill_null("")
    except pl.exceptions.PolarsError as error:
        raise TradeAnalyticsError(f"{path.name}: no column 'Fraud' can be read in it") from error
    for number, cell in enumerate(told, 1):
        if cell not in _LABELS:
            raise TradeAnalyticsError(f"{path.name}: record {number}: Fraud is {cell!r}, expected 0 or 1")
    return [_LABELS[cell] for cell in told]


def measures(rows: pd.DataFrame, known: str) -> pd.DataFrame:
    """The declarations with ln of their price a kg, its z, and days since the importer's last and since the first.

    Null where there is none. What is usual comes from the prices of the part `known` alone.
    """
    priced = (rows["kg"] > 0) & (rows["price_cents"] > 0)
    per_kg = rows["price_cents"].where(priced).astype(float) / 100 / rows["kg"].where(priced)
    # Else the last bit of a division makes a deviation of equal prices.
    told = rows.assign(per_kg=np.log(per_kg).round(_DECIMALS))
    z = (told["per_kg"] - _usual(told, known, "usual")) / _usual(told, known, "deviation")
    return told.assign(z=z, since_last=_since_last(rows), since_first=(rows["day"] - rows["day"].min()).dt.days)


def _usual(told: pd.DataFrame, known: str, what: str) -> pd.Series:
    """The median or the deviation of the prices of each declaration's six digits; null where they are few."""
    base = told[(told["part"] == known) & told["per_kg"].notna()]
    found = base.groupby("hs6")["per_kg"].agg(n="size", usual="median", deviation=deviation)
    enough = found[(found["n"] >= FEW) & (found["deviation"] > 0)]
    return told["hs6"].map(enough[what])


def deviation(values: pd.Series) -> float:
    """1.4826 times the median of how far values are from their median: 0 where half of them or more are the same."""
    return float(_NORMAL * (values - values.median()).abs().median())


def _since_last(rows: pd.DataFrame) -> pd.Series:
    """Days since the importer's last earlier day with a declaration, in any of the parts; null where there is none."""
    days = rows[["importer", "day"]].drop_duplicates().sort_values(["importer", "day"])
    days = days.assign(before=days.groupby("importer")["day"].shift())
    met = rows[["importer", "day"]].merge(days, on=["importer", "day"], how="left")
    return pd.Series((met["day"] - met["before"]).dt.days.to_numpy(), rows.index)


def flagged(told: pd.DataFrame) -> pd.DataFrame:
    """A column a kind of flag, true, false, or null where it cannot be judged: of declarations with their measures."""
    return pd.DataFrame(dict(_flags(told)), index=told.index)[list(KINDS)].astype("boolean")


def _flags(told: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    judged, long_enough = told["z"].notna(), told["importer"].notna() & (told["since_first"] >= DAYS)
    yield "low price", _known(told["z"] < -FAR, judged)
    yield "high price", _known(told["z"] > FAR, judged)
    # Whoever was seen first early on may have been there before the records begin.
    yield "new importer", _known(told["since_last"].isna(), long_enough)
    yield "dormant importer", _known(told["since_last"] > DAYS, long_enough)
    countries = told["origin"].notna() & told["dispatch"].notna()
    yield "other dispatch", _known(told["origin"] != told["dispatch"], countries)
    yield "no seller", told["seller"].isna()
    yield "no mass", ~(told["kg"] > 0)


def _known(flag: pd.Series, judged: pd.Series) -> pd.Series:
    return flag.astype("boolean").mask(~judged)


def listed(units: pd.Series, flags: pd.DataFrame) -> pd.DataFrame:
    """Flags as a list: a row a unit and kind."""
    parts = [pd.DataFrame({"unit": units[has.fillna(False)], "kind": kind}) for kind, has in flags.items()]
    return pd.concat(parts, ignore_index=True)
