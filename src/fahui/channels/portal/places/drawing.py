"""The map as a drawing: county outlines of the city folder, numbered places, and tiles under them where the bureau sets a source.

Drawn in Web Mercator from WGS-84, in whole units of a 1000-wide picture, so that a city stays far below 40 kB. No script and no
other host is needed; tiles come only when FAHUI_MAP_TILES names their address (WGS-84 or CGCS2000 tiles, such as 天地图's).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, floor, log2
from pathlib import Path
from urllib.parse import urlsplit

from fahui.foundation import cities
from fahui.foundation.regions.geo import Point, mercator

WIDTH = 1000
_MARGIN = 24
_TILES_ACROSS = 4
_DEEPEST = 16
_DENSE = 30

Ring = tuple[tuple[float, float], ...]
"""Corners on the Mercator square."""


@dataclass(frozen=True)
class Outlines:
    """The counties of a city as rings, with where they come from."""

    counties: dict[int, tuple[Ring, ...]]
    source: Mapping[str, str]  # by language, zh and en
    year: int


@dataclass(frozen=True)
class Shape:
    """A county as drawn, with the place of its label."""

    code: int
    name: str
    path: str
    x: int
    y: int
    count: int
    current: bool


@dataclass(frozen=True)
class Mark:
    """A place as drawn; its number is its number in the list beside."""

    number: int
    name: str
    href: str
    x: int
    y: int
    site: bool


@dataclass(frozen=True)
class Tile:
    """One picture of the ground."""

    href: str
    x: int
    y: int
    size: int


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    height: int
    shapes: list[Shape]
    marks: list[Mark] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    source: str = ""
    year: int = 0
    width: int = WIDTH

    @property
    def dense(self) -> bool:
        """Whether there are too many counties for large names."""
        return len(self.shapes) > _DENSE


@cache
def outlines(city_id: str) -> Outlines | None:
    """The outlines of a city's folder; None where it has none."""
    path = Path(cities.ROOT) / city_id / "outlines.json"
    if not path.exists():
        return None
    held = json.loads(path.read_text(encoding="utf-8"))
    counties = {
        int(code): tuple(tuple(mercator(Point(x, y)) for x, y in ring) for ring in rings)
        for code, rings in held["counties"].items()
    }
    return Outlines(counties, held["source"], held["year"])


@dataclass(frozen=True)
class _Frame:
    """What part of the Mercator square is shown, and how large."""

    left: float
    top: float
    scale: float
    height: int

    def spot(self, at: tuple[float, float]) -> tuple[int, int]:
        """A corner in units of the picture."""
        return round((at[0] - self.left) * self.scale), round((at[1] - self.top) * self.scale)


def _frame(rings: Iterable[Ring]) -> _Frame:
    corners = [corner for ring in rings for corner in ring]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    top, bottom = min(y for _x, y in corners), max(y for _x, y in corners)
    # A tall county gets a margin left and right, so that the picture is never taller than it is wide.
    side = max(right - left, (bottom - top) * 0.95)
    scale = (WIDTH - 2 * _MARGIN) / side
    left -= (side - (right - left)) / 2 + _MARGIN / scale
    return _Frame(left, top - _MARGIN / scale, scale, round((bottom - top) * scale) + 2 * _MARGIN)


def draw(
    held: Outlines, names: dict[int, str], counts: dict[int, int], county: int | None = None,
    places: Sequence[tuple[str, str, Point, bool]] = (), tiles: str = "", language: str = "zh",
) -> Drawing:  # fmt: skip
    """The whole city with a number on each county; or one county with its places (name, href, point, whether a site)."""
    shown = held.counties.get(county or 0)
    frame = _frame(shown or [ring for rings in held.counties.values() for ring in rings])
    shapes = []
    for code, rings in held.counties.items():
        if shown and code != county and not _meets(frame, rings):
            continue
        x, y = frame.spot(_label(rings))
        shapes.append(Shape(code, names.get(code, ""), _path(frame, rings), x, y, counts.get(code, 0), code == county))
    shapes.sort(key=lambda shape: shape.current)
    marks = [
        Mark(number, name, href, *frame.spot(mercator(point)), site)
        for number, (name, href, point, site) in enumerate(places, start=1)
    ]
    return Drawing(frame.height, shapes, marks, _tiles(frame, tiles), held.source[language], held.year)


def _path(frame: _Frame, rings: Iterable[Ring]) -> str:
    """An SVG path in relative steps, corners that fall on one spot drawn once."""
    parts = []
    for ring in rings:
        spots = list(dict.fromkeys(_clipped([frame.spot(corner) for corner in ring], frame.height)))
        if len(spots) < 3:
            continue
        steps = "".join(f"{b[0] - a[0]} {b[1] - a[1]} " for a, b in zip(spots, spots[1:], strict=False))
        parts.append(f"M{spots[0][0]} {spots[0][1]}l{steps.replace(' -', '-').strip()}z")
    return "".join(parts)


Spot = tuple[int, int]


def _clipped(ring: list[Spot], height: int) -> list[Spot]:
    """A ring cut at the edge of the picture (Sutherland and Hodgman), with a little beyond so that no line is drawn there."""
    for axis, edge, sign in ((0, -4, 1), (0, WIDTH + 4, -1), (1, -4, 1), (1, height + 4, -1)):
        found: list[Spot] = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            within, comes = (a[axis] - edge) * sign >= 0, (b[axis] - edge) * sign >= 0
            if within:
                found.append(a)
            if within != comes:
                share = (edge - a[axis]) / (b[axis] - a[axis])
                found.append((round(a[0] + (b[0] - a[0]) * share), round(a[1] + (b[1] - a[1]) * share)))
        ring = found
    return ring


def _label(rings: Sequence[Ring]) -> tuple[float, float]:
    """The centre of mass of the largest ring."""
    ring = max(rings, key=lambda one: abs(_area(one)))
    area, x, y = _area(ring), 0.0, 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        x, y = x + (ax + bx) * cross, y + (ay + by) * cross
    return (x / (6 * area), y / (6 * area)) if area else ring[0]


def _area(ring: Ring) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _meets(frame: _Frame, rings: Iterable[Ring]) -> bool:
    spots = [frame.spot(corner) for ring in rings for corner in ring]
    return any(0 <= x <= WIDTH for x, _y in spots) and any(0 <= y <= frame.height for _x, y in spots)


def inside(point: Point, rings: Iterable[Ring]) -> bool:
    """Whether a point lies in an area (even-odd over its rings)."""
    px, py = mercator(point)
    found = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax:
                found = not found
    return found


def _tiles(frame: _Frame, address: str) -> list[Tile]:
    if not address:
        return []
    across = WIDTH / frame.scale
    zoom = max(0, min(_DEEPEST, floor(log2(_TILES_ACROSS / across))))
    side = 1 / 2**zoom
    columns = range(floor(frame.left / side), ceil((frame.left + across) / side))
    rows = range(floor(frame.top / side), ceil((frame.top + frame.height / frame.scale) / side))
    return [
        Tile(address.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y)),
             *frame.spot((x * side, y * side)), ceil(side * frame.scale))
        for x in columns for y in rows
    ]  # fmt: skip


def tile_host(address: str) -> str:
    """The host that pictures of the ground come from, for the page's security policy."""
    parts = urlsplit(address.split("{")[0])
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
