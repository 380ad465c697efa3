"""Zones or buildings of a user's own map, beside what the register says: they corroborate, and decide nothing.

A zone is what may be built, not what is there: corner shops stand in residential zones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.parties.residences.keys import CANADA
from tradeanalytics.reference import rows

PROPERTIES = ("GEN_ZONE", "ZN_ZONE", "building", "landuse")
NOT_THERE = "the point is not in Canada and was not used"


class Polygons:
    """Polygons with what each says of its ground."""

    def __init__(self, shapes: Sequence[BaseGeometry], says: Sequence[str]) -> None:
        """Shapes in degrees of longitude and latitude, and the words of each."""
        self._tree, self._says = shapely.STRtree(shapes), list(says)

    def words(self, latitudes: Iterable[float], longitudes: Iterable[float]) -> list[str | None]:
        """What the polygons at each point say, in the order of the alphabet; None where there is no point."""
        return [self._at(lat, lon) for lat, lon in zip(latitudes, longitudes, strict=True)]

    def _at(self, latitude: float, longitude: float) -> str | None:
        if latitude is None or longitude is None or latitude != latitude or longitude != longitude:
            return None
        (south, north), (west, east) = CANADA["lat"], CANADA["lon"]
        if not (south <= latitude <= north and west <= longitude <= east):
            return NOT_THERE
        found = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return "; ".join(sorted({self._says[at] for at in found})) or "in none of the polygons"


def read_polygons(path: Path, name: str = "") -> Polygons:
    """The polygons of a GeoJSON file that have a property of that name, else the first of PROPERTIES that is told.

    Raises TradeAnalyticsError, in one line, for a file that is no GeoJSON in degrees, or has no such polygon.
    """
    told = [_polygon(feature, name, f"{path.name}: feature {at}") for at, feature in enumerate(_features(path), 1)]
    found = [one for one in told if one]
    if not found:
        raise TradeAnalyticsError(f"{path.name}: no polygon with {name or ' or '.join(PROPERTIES)}")
    return Polygons([shape for shape, _ in found], [says for _, says in found])


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        told = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise TradeAnalyticsError(f"{path.name}: cannot be read as GeoJSON ({error})") from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise TradeAnalyticsError(f"{path.name}: no list of features; expected GeoJSON, a FeatureCollection")
    return features


def _polygon(feature: dict[str, Any], name: str, where: str) -> tuple[BaseGeometry, str] | None:
    properties = feature.get("properties") or {}
    told = next((one for one in ([name] if name else PROPERTIES) if properties.get(one) not in (None, "")), None)
    geometry = feature.get("geometry") or {}
    if told is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except shapely.GEOSException as error:
        raise TradeAnalyticsError(f"{where}: its polygon cannot be read ({error})") from error
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise TradeAnalyticsError(
            f"{where}: coordinates {west:g} {south:g}; expected degrees of longitude and latitude"
        )
    return shape, _says(told, properties[told])


def _says(name: str, value: object) -> str:
    """The property, its value and what that means.

    >>> _says("GEN_ZONE", 0), _says("building", "yes"), _says("landuse", "x")
    ('GEN_ZONE 0: residential', 'building yes: unknown', 'landuse x: unknown')
    """
    written = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return f"{name} {written}: {_means().get((name, written), 'unknown')}"


@cache
def _means() -> dict[tuple[str, str], str]:
    return {(row["property"], row["value"]): row["means"] for row in rows("land_uses")}
