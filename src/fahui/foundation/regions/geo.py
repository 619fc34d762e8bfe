"""Places on the earth: distances, and coordinates as people copy them from Chinese maps. Pure.

Every coordinate that Fahui keeps, shows or exchanges is WGS-84 longitude and latitude in degrees; CGCS2000, the national system
of GB/T surveying, agrees with it to within a metre. Coordinates picked on 高德, 腾讯 and most Chinese web maps are GCJ-02, up to
700 m away: the importer converts them when their column says so. Nothing else in the house needs to know of GCJ-02.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, atan, cos, degrees, hypot, log, pi, radians, sin, sinh, sqrt, tan

EARTH_M = 6_371_008.8
"""Mean radius of the earth, metres (IUGG)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place: WGS-84 degrees."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            raise ValueError(f"{self.longitude}, {self.latitude} is nowhere on earth")


def metres(a: Point, b: Point) -> float:
    """The great-circle distance (直线距离) in metres; roads are longer."""
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def read_point(text: str) -> Point:
    """`103.7654,29.5521`: longitude, latitude. Raises ValueError."""
    parts = text.replace("，", ",").split(",")
    if len(parts) != 2:
        raise ValueError("write longitude,latitude")
    return Point(float(parts[0]), float(parts[1]))


def middle(points: Sequence[Point]) -> Point | None:
    """The mean of some points; None of none. Fine within a township, no use across the date line."""
    if not points:
        return None
    return Point(sum(p.longitude for p in points) / len(points), sum(p.latitude for p in points) / len(points))


# --- Web Mercator, for drawing


def mercator(point: Point) -> tuple[float, float]:
    """A point on the square world of web maps: x to the east, y to the south, both from 0 to 1."""
    latitude = radians(max(-85.0, min(85.0, point.latitude)))
    return (point.longitude + 180) / 360, (1 - log(tan(latitude) + 1 / cos(latitude)) / pi) / 2


def from_mercator(x: float, y: float) -> Point:
    """The point drawn there."""
    return Point(x * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * y)))))


# --- GCJ-02

# The ellipsoid the transformation uses (Krassowsky 1940).
_A, _EE = 6378245.0, 0.00669342162296594323


def gcj_to_wgs(point: Point) -> Point:
    """The WGS-84 place of a GCJ-02 coordinate, to within a metre; a point outside China is left as it is.

    The shift has no published inverse, so the guess is improved until its image is the point given.
    """
    if not (72 <= point.longitude <= 138 and 0.8 <= point.latitude <= 56):
        return point
    guess = point
    for _round in range(8):
        image = wgs_to_gcj(guess)
        off = (point.longitude - image.longitude, point.latitude - image.latitude)
        guess = Point(guess.longitude + off[0], guess.latitude + off[1])
        if hypot(*off) < 1e-7:
            break
    return guess


def wgs_to_gcj(point: Point) -> Point:
    """The GCJ-02 coordinate of a WGS-84 place in China, by the formula every open conversion library uses."""
    x, y = point.longitude - 105, point.latitude - 35
    latitude = radians(point.latitude)
    magic = 1 - _EE * sin(latitude) ** 2
    north = degrees(_north(x, y) / (_A * (1 - _EE) / (magic * sqrt(magic))))
    east = degrees(_east(x, y) / (_A / sqrt(magic) * cos(latitude)))
    return Point(point.longitude + east, point.latitude + north)


def _north(x: float, y: float) -> float:
    shift = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _ripple(x)
    shift += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return shift + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3


def _east(x: float, y: float) -> float:
    shift = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _ripple(x)
    shift += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return shift + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3


def _ripple(x: float) -> float:
    return (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
