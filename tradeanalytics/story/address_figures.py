"""The figures of addresses: shippers recorded at homes, doors that companies share, and where both lie.

They stand on the invented declarations and the invented register: no home, street or company in them is real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from tradeanalytics.addressed import Addressed, addressed
from tradeanalytics.addressed.places import at_home, doors_of, read_address
from tradeanalytics.addressed.rates import base_rate
from tradeanalytics.clean.nar import open_register
from tradeanalytics.engine import literal
from tradeanalytics.parties import doors
from tradeanalytics.parties.lists import Lists
from tradeanalytics.parties.residences import register_folder
from tradeanalytics.raw import RawFile
from tradeanalytics.shipments import Which, high_priority_sql
from tradeanalytics.story import address_figure_words as wording
from tradeanalytics.story import doors_chart, points_chart
from tradeanalytics.story.bundle import Chart, Numbers, Words
from tradeanalytics.story.chart import Text
from tradeanalytics.story.charts import ranked_bars
from tradeanalytics.story.customs_figures import STAMPS, party_name, sample_file
from tradeanalytics.story.desk import Desk
from tradeanalytics.story.lists_figures import SAMPLE_LISTS, has_listed_sample, sample_lists
from tradeanalytics.story.words import LANGUAGES, us_money

REGISTER: Final = "SYNTHETIC_addresses_register.zip"
_DRAWN: Final = ("residential", "mixed", "non_residential", "unknown")


def sample_addresses(desk: Desk, lists: Lists | None = None) -> Addressed:
    """The addresses of the sample's shippers, held against the invented register alone, and lists where given."""
    register = open_register(desk.processed, invented=True)
    which = Which(files=(sample_file(desk).file_id,))
    return addressed(desk.engine, register, which, roles=("shipper",), lists=lists)


def residential_shippers(desk: Desk) -> Chart:
    """The shippers whose address the register records as residential, by value, and how much is high-priority."""
    places = sample_addresses(desk).places
    statement = _shipped_sql(desk, places[at_home(places)])
    measures = ("value_usd_cents", "priority_usd_cents")
    table = _summed(desk, statement, ("party",), measures).sort_values(
        ["value_usd_cents", "party"], ascending=[False, True], ignore_index=True
    )
    rate, vintage, files = base_rate(places), places["vintage"].dropna().iloc[0], _files(desk)
    words = {language: wording.homes(table, rate, vintage, _names(files), language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        data = pd.DataFrame(
            {
                "label": [party_name(key) for key in table["party"]],
                "value": table["value_usd_cents"].astype("float64") / 100,
                "share": [wording.priority(row, language) for row in table.itertuples()],
                "amount": [us_money(int(cents), language) for cents in table["value_usd_cents"]],
            }
        )
        return ranked_bars(data, _text(words[language], language), language=language)

    numbers = Numbers(table, ("party",), dict.fromkeys(measures, statement), statement)
    return Chart("synthetic-residential-shippers", numbers, words, draw, files, synthetic=True)


def doors_in_common(desk: Desk) -> Chart:
    """The rooms that several shippers give as their address, and who is in the room of a listed party."""
    found = sample_addresses(desk, sample_lists(desk))
    shared, places = _shared(found.places)
    statement = _shipped_sql(desk, places)
    table = _summed(desk, statement, ("door", "party"), ("value_usd_cents",))
    flagged = found.flags[(found.flags["code"] == "A7") & (found.flags["basis"] == "room")]
    listed = set(places.loc[places["name"].isin(flagged["name"]), "party"])
    groups, files = doors.components(shared), [*_files(desk), sample_file(desk, SAMPLE_LISTS)]
    words = {language: wording.doors(table, groups, len(listed), _names(files), language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        value = table.groupby("party")["value_usd_cents"].sum()
        data = pd.DataFrame(
            {
                "company": [party_name(key) for key in table["party"]],
                "door": [wording.door(text, language) for text in table["door"]],
                "amount": [us_money(int(value[key]), language) for key in table["party"]],
                "stressed": table["party"].isin(listed),
            }
        )
        text = _text(words[language], language)
        return doors_chart.shared_doors(data, text, language=language, stressed=wording.LISTED[language])

    numbers = Numbers(table, ("door", "party"), {"value_usd_cents": statement}, statement)
    return Chart("synthetic-shared-doors", numbers, words, draw, files, synthetic=True)


def places_of_shippers(desk: Desk) -> Chart:
    """Where the shippers of a province are whose address the register knows with a point, by its recorded use.

    The province is that of the shipper at a home who sent most: a picture of all Canada would put them on one spot.
    """
    places = sample_addresses(desk).places
    province = places.loc[at_home(places)].sort_values("value_usd_cents", ascending=False)["province"].iloc[0]
    known = places[places["lat"].notna() & places["use"].isin(_DRAWN) & (places["province"] == province)]
    known = known.assign(door=[_spot(*row) for row in known[["address", "country"]].itertuples(index=False, name=None)])
    statement = _shipped_sql(desk, known)
    points = known.rename(columns={"company": "party"})[["party", "door", "use", "lat", "lon"]].drop_duplicates()
    table = _summed(desk, statement, ("party", "door"), ("items",)).merge(points, on=["party", "door"], how="left")
    rate, files = base_rate(places), _files(desk)
    words = {language: wording.points(table, province, rate, _names(files), language) for language in LANGUAGES}

    def draw(language: str) -> Figure:
        labels = [party_name(key) for key in table["party"]]
        data = table.assign(label=labels, stressed=table["use"] == "residential")
        return points_chart.points(data, _text(words[language], language), language=language)

    printed = table.assign(**{name: [f"{degrees:.5f}" for degrees in table[name]] for name in ("lat", "lon")})
    numbers = Numbers(printed, ("party", "door"), {"items": statement}, statement, also=("use", "lat", "lon"))
    return Chart("synthetic-shippers-by-use", numbers, words, draw, files, synthetic=True)


ADDRESS_FIGURES: Mapping[str, Callable[[Desk], Chart]] = {
    "synthetic-residential-shippers": residential_shippers,
    "synthetic-shared-doors": doors_in_common,
    "synthetic-shippers-by-use": places_of_shippers,
}


def has_addressed_sample(desk: Desk) -> bool:
    """Whether the sample, its lists and its register of addresses are there."""
    there = any(raw.path.name == REGISTER for raw in desk.raw.values())
    return there and has_listed_sample(desk) and register_folder(desk.processed, invented=True).is_dir()


def _files(desk: Desk) -> list[RawFile]:
    return [sample_file(desk), sample_file(desk, REGISTER)]


def _names(files: Sequence[RawFile]) -> list[str]:
    return [raw.path.name for raw in files]


def _text(words: Words, language: str) -> Text:
    return Text(words.headline, words.subtitle, words.source, STAMPS[language])


def _shared(places: pd.DataFrame) -> tuple[doors.SharedDoors, pd.DataFrame]:
    """The doors in common, and the rows of places at them with party and door in words."""
    shared = doors_of(places)
    there = places[(places["left_out"] == "") & places["door"].isin(shared.doors["door"])]
    spots = {key: _spot(*rows.iloc[0][["address", "country"]]) for key, rows in there.groupby("door")}
    return shared, there.assign(door=there["door"].map(spots), party=there["company"])


def _spot(address: str, country: str) -> str:
    """An address in short: unit, number, street and place.

    >>> _spot("КАНАДА, ON, M0X 0X0, TORONTO, 4471 VELMARACRE CRES", "KN")
    '4471 Velmaracre Cres, Toronto'
    """
    read = read_address(address, country)
    street = " ".join(filter(None, (read.civic + read.civic_suffix, read.street, read.street_type)))
    place = f"{street.title()} {read.direction}".strip() + f", {read.municipality.title()}"
    return f"{read.unit}, {place}" if read.unit else place


def _shipped_sql(desk: Desk, rows: pd.DataFrame) -> str:
    """The items of the shippers in these rows of places, each with its party and its door."""
    which = Which(files=(sample_file(desk).file_id,))
    columns = rows[["name", "country", "address", "company", "door"]].itertuples(index=False, name=None)
    told = sorted({", ".join(map(literal, row)) for row in columns})
    return f"""
WITH shipped AS ({which.sql()}),
told (name, country, address, party, door) AS (VALUES {", ".join(f"({row})" for row in told)}),
priority AS (SELECT DISTINCT file_id, record FROM ({high_priority_sql(which)}) WHERE certainty <> 'possible')
SELECT s.file_id, s.record, told.party, told.door, s.value_usd_cents, 1 AS items,
       CASE WHEN priority.record IS NULL THEN 0 ELSE s.value_usd_cents END AS priority_usd_cents
FROM shipped AS s
JOIN told ON s.shipper_name = told.name AND coalesce(s.shipper_country, '') = told.country
    AND coalesce(s.shipper_address, '') = told.address
LEFT JOIN priority ON priority.file_id = s.file_id AND priority.record = s.record
"""


def _summed(desk: Desk, statement: str, keys: tuple[str, ...], measures: tuple[str, ...]) -> pd.DataFrame:
    sums = ", ".join(f"CAST(sum({measure}) AS BIGINT) AS {measure}" for measure in measures)
    by = ", ".join(keys)
    return desk.engine.sql(f"SELECT {by}, {sums} FROM ({statement}) GROUP BY {by} ORDER BY {by}")
