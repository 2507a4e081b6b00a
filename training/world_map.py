"""Makes the outlines of countries that the desk draws, from world-atlas, and their names.

    npm pack world-atlas@2.0.2 i18n-iso-countries@7.14.0   # unpack both into one folder
    make map FOLDER=…

Borders stay shared: a line between two countries is one arc of the TopoJSON and is thinned once,
finer in and around the Arab states than elsewhere.
https://github.com/topojson/topojson-specification
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from workers.desk.map.projection import Point, project

OUTPUT = Path(__file__).parents[1] / "workers" / "desk" / "map" / "countries.json"
_FINE, _COARSE = 0.22, 0.9  # units of the drawing
_REGION = (-20.0, -3.0, 65.0, 43.0)  # west, south, east, north
_LEAST_AREA = 0.6  # square units of an island that is drawn, if its country has another
_CHUKOTKA_EAST, _CHUKOTKA_SOUTH = -169.5, 64.2
_WITHOUT_CODE = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY", "Siachen Glacier": "IN"}
_LEFT_OUT = {"AQ"}

Line = list[Point]


def main(folder: Path) -> None:
    """Write the asset.

    Args:
        folder: holds the unpacked packages, in any folders within.
    """
    atlas = json.loads(_find(folder, "countries-50m.json").read_text("utf-8"))
    codes = {row[2]: row[0] for row in json.loads(_find(folder, "codes.json").read_text("utf-8"))}
    names = {
        language: json.loads(_find(folder, f"langs/{language}.json").read_text("utf-8"))[
            "countries"
        ]
        for language in ("ar", "en")
    }
    arcs = [_thin(line) for line in _arcs(atlas)]
    rings: dict[str, list[Line]] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = codes.get(shape.get("id", "")) or _WITHOUT_CODE.get(name)
        if code and code not in _LEFT_OUT:
            rings.setdefault(code, []).extend(_rings(shape, arcs))
    countries = [
        {"code": code, "path": _path(_large(rings.get(code, [])))} | _names(names, code)
        for code in sorted({*rings, *names["ar"]})
    ]
    text = json.dumps(countries, ensure_ascii=False, separators=(",", ":"))
    OUTPUT.write_text(text.replace("},{", "},\n{") + "\n", "utf-8")


def _find(folder: Path, name: str) -> Path:
    return next(path for path in sorted(folder.rglob("*.json")) if str(path).endswith(name))


def _names(names: dict[str, Any], code: str) -> dict[str, str]:
    found = {}
    for language, by_code in names.items():
        name = by_code.get(
            code, {"XK": {"ar": "كوسوفو", "en": "Kosovo"}}.get(code, {}).get(language, code)
        )
        found[language] = name if isinstance(name, str) else name[0]
    return found


def _arcs(atlas: Any) -> Iterator[list[tuple[float, float]]]:
    """Yield the arcs as longitude and latitude."""
    (scale_x, scale_y), (move_x, move_y) = (
        atlas["transform"]["scale"],
        atlas["transform"]["translate"],
    )
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            longitude, latitude = x * scale_x + move_x, y * scale_y + move_y
            if longitude < _CHUKOTKA_EAST and latitude > _CHUKOTKA_SOUTH:
                longitude += 360  # the part of Russia behind the 180th meridian stays with it
            line.append((longitude, latitude))
        yield line


def _thin(line: Sequence[tuple[float, float]]) -> Line:
    """Drop the points that the eye does not miss (Douglas and Peucker 1973)."""
    west, south, east, north = _REGION
    is_near = any(west < x < east and south < y < north for x, y in line)
    points = [project(y, x) for x, y in line]
    kept, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    # A small island keeps its shape.
    size = max(max(side) - min(side) for side in zip(*points, strict=True))
    limit = min(_FINE if is_near else _COARSE, size / 6)
    while open_spans:
        first, last = open_spans.pop()
        far, at = max(
            (
                (_distance(points[i], points[first], points[last]), i)
                for i in range(first + 1, last)
            ),
            default=(0.0, 0),
        )
        if far > limit:
            kept.add(at)
            open_spans += [(first, at), (at, last)]
    return [points[i] for i in sorted(kept)]


def _distance(point: Point, a: Point, b: Point) -> float:
    dx, dy = b.x - a.x, b.y - a.y
    length = dx * dx + dy * dy
    along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    x, y = a.x + along * dx - point.x, a.y + along * dy - point.y
    return float((x * x + y * y) ** 0.5)


def _rings(shape: Any, arcs: Sequence[Line]) -> Iterator[Line]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    for polygon in polygons:
        for ring in polygon:
            line: Line = []
            for number in ring:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                line += arc[1:] if line else arc
            yield line


def _large(rings: Sequence[Line]) -> list[Line]:
    by_area = sorted(rings, key=_area, reverse=True)
    return [ring for number, ring in enumerate(by_area) if not number or _area(ring) >= _LEAST_AREA]


def _area(ring: Line) -> float:
    return abs(sum(a.x * b.y - b.x * a.y for a, b in pairwise(ring))) / 2


def _path(rings: Sequence[Line]) -> str:
    """Return rings as an SVG path in tenths of a unit, each point from the one before."""
    parts = []
    for ring in rings:
        x, y = round(ring[0].x * 10), round(ring[0].y * 10)
        steps = []
        for point in ring[1:]:
            to_x, to_y = round(point.x * 10), round(point.y * 10)
            if (to_x, to_y) != (x, y):
                steps.append(f"{to_x - x} {to_y - y}")
                x, y = to_x, to_y
        if len(steps) > 1:
            start = f"M{round(ring[0].x * 10)} {round(ring[0].y * 10)}"
            parts.append(f"{start}l{' '.join(steps).replace(' -', '-')}z")
    return "".join(parts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
