"""Takes the coordinates of listed places from the npm package `@countrystatecity/countries`.

`python -m training.names.coordinates PACKAGE` writes `coordinates.tsv`, which `compile` reads. The
package is made from the database that `dr5hn_ar.tsv.gz` was made from, so its names are the same.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

COORDINATES = Path(__file__).with_name("coordinates.tsv")
_SAME_PLACE_DEGREES = 0.5
"""Two entries of one name and country that are nearer than this are one place."""

Point = tuple[float, float]
Place = tuple[str, str, str]
"""Kind, code of the country, English name."""


def read_coordinates(path: Path = COORDINATES) -> Mapping[str, Point]:
    """Read the coordinates by Wikidata id: latitude and longitude in degrees.

    Raises:
        OSError: the file cannot be read.
    """
    found: dict[str, Point] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        id_, latitude, longitude = line.split("\t")
        found[id_] = float(latitude), float(longitude)
    return found


def points(package: Path) -> Iterator[tuple[Place, Point]]:
    """Yield the cities and provinces of the unpacked package with their coordinates."""
    for path in sorted(package.glob("dist/data/*/*/cities.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield from _point("city", row["country_code"], row)
    for path in sorted(package.glob("dist/data/*/states.json")):
        country = path.parent.name.rpartition("-")[2]
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield from _point("province", country, row)


def coordinates(rows: Iterator[Mapping[str, str]], package: Path) -> dict[str, Point]:
    """Give the places of a list their coordinates by kind, country and English name.

    Args:
        rows: of `dr5hn_ar.tsv.gz`.
        package: the unpacked npm package.

    Returns:
        By Wikidata id; places of one name in one country that lie apart have none.
    """
    known: defaultdict[Place, list[Point]] = defaultdict(list)
    for place, point in points(package):
        known[place].append(point)
    found: dict[str, Point] = {}
    for row in rows:
        here = known.get((row["kind"], row["country"], row["en"]), [])
        if here and all(
            abs(one - other) < _SAME_PLACE_DEGREES
            for point in here
            for one, other in zip(point, here[0], strict=True)
        ):
            found.setdefault(row["wikidata"], here[0])
    return found


def main() -> None:
    """Write the coordinates of the places that have a Wikidata id."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--ids", type=Path, help="write those of the ids in this file only")
    options = parser.parse_args()
    wanted = set(options.ids.read_text(encoding="utf-8").split()) if options.ids else None
    path = options.data / "gazetteer" / "dr5hn_ar.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = coordinates(iter(rows), options.package)
    lines = (
        f"{id_}\t{latitude:.4f}\t{longitude:.4f}\n"
        for id_, (latitude, longitude) in sorted(found.items())
        if id_.startswith("Q") and (wanted is None or id_ in wanted)
    )
    COORDINATES.write_text("".join(lines), encoding="utf-8")


def _point(kind: str, country: str, row: Mapping[str, str | None]) -> Iterator[tuple[Place, Point]]:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if latitude and longitude:
        yield (kind, country, row["name"] or ""), (float(latitude), float(longitude))


if __name__ == "__main__":
    main()
