"""The map: where the news is about, by country and by town."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log1p, sqrt

from aiohttp import web

from workers.desk.map.countries import countries
from workers.desk.map.projection import HEIGHT, WIDTH, Point, project
from workers.desk.server.parts import Parts
from workers.desk.views.spans import SPANS, span_of
from workers.index.model import EntityCount, Span, StoredEntity
from workers.index.trends import count_places

LEVELS = 4
_TOWNS = 80
_LISTED = 15
_LEAST_SCALE = 0.35
_SMALLEST, _LARGEST = 2.0, 11.0  # radius of a town, units of the drawing
_REGION = (455.0, 134.0, 235.0, 134.0)  # x, y, width, height: the Arab states


@dataclass(frozen=True, slots=True)
class Town:
    """A town on the map.

    Attributes:
        entity: the place.
        articles: number of articles that name it.
        at: where it lies.
        radius: radius of its disc, units of the drawing.
    """

    entity: StoredEntity
    articles: int
    at: Point
    radius: float


class MapView:
    """Answers `/map`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/map", self._show)

    async def _show(self, request: web.Request) -> web.Response:
        span, now = span_of(request), datetime.now(UTC)
        places = await self._parts.archive.ask(count_places, Span(now - SPANS[span], now))
        of_countries = count_countries(places)
        is_world = request.query.get("view") == "world"
        box = (0.0, 0.0, WIDTH, HEIGHT - 70) if is_world else _REGION
        return self._parts.page(
            request,
            "map.html",
            countries=countries().values(),
            counts=of_countries,
            levels=levels_of(of_countries),
            towns=towns_of(places, scale=1.0 if is_world else _REGION[2] / WIDTH),
            listed=of_countries.most_common(_LISTED),
            places=places[:_LISTED],
            box=" ".join(f"{10 * side:.0f}" for side in box),
            is_world=is_world,
            spans=SPANS,
            span=span,
        )


def count_countries(places: Sequence[EntityCount]) -> Counter[str]:
    """Return how many articles name places of each country, by code.

    Args:
        places: places with how many articles name each; one that names two of a country counts
            twice.
    """
    counts: Counter[str] = Counter()
    for place in places:
        if place.entity.country:
            counts[place.entity.country] += place.articles
    return counts


def levels_of(counts: Counter[str]) -> dict[str, int]:
    """Return how dark each country is drawn, 1 to 4, by the logarithm of its articles."""
    most = max(counts.values(), default=1)
    return {
        code: 1 + min(LEVELS - 1, int(LEVELS * log1p(count) / (log1p(most) + 1e-9)))
        for code, count in counts.items()
    }


def towns_of(places: Sequence[EntityCount], scale: float) -> list[Town]:
    """Return the towns that are drawn, the largest disc first.

    Args:
        places: places with how many articles name each; countries are drawn as such.
        scale: size of the view, 1 for the whole world.
    """
    names = {name for each in countries().values() for name in (each.ar, each.en)}
    towns = [
        (place, geo)
        for place in places
        if (geo := place.entity.geo) and (place.entity.name_en or place.entity.name) not in names
    ][:_TOWNS]
    most = max((place.articles for place, _ in towns), default=1)
    found = []
    for place, geo in towns:
        size = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(place.articles / most)
        at = project(geo.latitude, geo.longitude)
        found.append(Town(place.entity, place.articles, at, size * max(scale, _LEAST_SCALE)))
    return found
