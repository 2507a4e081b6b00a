"""The names in the news: who and what is named most, and the page of one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from aiohttp import web

from nabaa.filters.entity_id import ENTITY_ID
from nabaa.filters.moved_ids import todays_id
from nabaa.types import EntityType
from workers.desk.server.parts import Parts
from workers.desk.views.chart import chart_of
from workers.desk.views.spans import SPANS, span_of
from workers.index.entities import count_entity, find_entities, view_entity
from workers.index.model import Count, EntityView as StoredEntityView, Span
from workers.index.trends import read_trends

NAMES_SHOWN = 60
_MONTHS = timedelta(days=365)
_KINDS: tuple[EntityType, ...] = get_args(EntityType)


class NamesView:
    """Answers `/names` and `/entity/ID`.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/names", self._show_all)
        app.router.add_get(f"/entity/{{id:{ENTITY_ID.pattern}}}", self._show_one)

    async def _show_all(self, request: web.Request) -> web.Response:
        kind: EntityType | None = next(
            (each for each in _KINDS if each == request.query.get("type")), None
        )
        span, text = span_of(request), request.query.get("q", "").strip()
        now = datetime.now(UTC)
        ask = self._parts.archive.ask
        return self._parts.page(
            request,
            "names.html",
            trends=()
            if text
            else await ask(read_trends, SPANS[span], now, kind, limit=NAMES_SHOWN),
            found=await ask(find_entities, text, limit=NAMES_SHOWN) if text else (),
            kinds=_KINDS,
            kind=kind,
            spans=SPANS,
            span=span,
            text=text,
        )

    async def _show_one(self, request: web.Request) -> web.Response:
        entity_id, now = request.match_info["id"], datetime.now(UTC)
        if (new := todays_id(entity_id)) != entity_id:  # an old link, or an article of before
            return web.Response(status=301, headers={"Location": f"/entity/{new}"})
        view = await self._parts.archive.ask(view_entity, entity_id, now, limit=12)
        months = await self._parts.archive.ask(
            count_entity, entity_id, "month", Span(now - _MONTHS, now)
        )
        return self._parts.page(
            request, "entity.html", found=view, charts=_charts(view, months), articles=view.newest
        )


def _charts(view: StoredEntityView, months: tuple[Count, ...]) -> list[tuple[str, str]]:
    """Return the trends by hour, by day and, where the archive reaches back, by month."""
    charts = [("by_hour", view.hours), ("by_day", view.days)]
    if sum(month.articles > 0 for month in months) > 2:
        charts.append(("by_month", months))
    return [(name, chart_of(counts)) for name, counts in charts]
