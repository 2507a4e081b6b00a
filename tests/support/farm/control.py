"""The farm's own addresses under `/control/`, for a watcher in another process.

GET  /control/state                     counts of the whole farm
GET  /control/expected                  every entry, with the moment it appeared
POST /control/advance/{feed}/{count}    lets items of a feed appear
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from tests.support.farm.site import Expected

if TYPE_CHECKING:
    from tests.support.farm.server import Farm


def add_control(app: web.Application, farm: Farm) -> None:
    """Add the control addresses of a farm to its application."""

    async def state(request: web.Request) -> web.Response:
        return web.json_response(
            {
                "shown": farm.shown_count(),
                "expected": len(farm.expected()),
                **asdict(farm.counters()),
            }
        )

    async def expected(request: web.Request) -> web.Response:
        return web.json_response([_plain(entry) for entry in farm.expected()])

    async def advance(request: web.Request) -> web.Response:
        feed, count = request.match_info["feed"], int(request.match_info["count"])
        if feed not in farm:
            raise web.HTTPNotFound
        return web.json_response({"appeared": farm.advance(feed, count)})

    app.router.add_get("/control/state", state)
    app.router.add_get("/control/expected", expected)
    app.router.add_post(r"/control/advance/{feed}/{count:\d+}", advance)


def _plain(entry: Expected) -> dict[str, str | None]:
    return {
        "feed": entry.feed,
        "key": entry.key,
        "url": entry.url,
        "guid": entry.guid,
        "title": entry.title,
        "published": entry.published.isoformat() if entry.published else None,
        "shown_at": entry.shown_at.isoformat() if entry.shown_at else None,
    }
