"""The desk as an HTTP server: its routes, and what must run beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from workers.desk.archive.feeding import ArchiveFeeder
from workers.desk.server.assets import PREFIX, Assets
from workers.desk.server.guard import MOST_FORM_BYTES, Guard
from workers.desk.server.parts import Parts
from workers.desk.views.article import ArticleView
from workers.desk.views.entrance import EntranceView
from workers.desk.views.feeds import FeedsView
from workers.desk.views.map import MapView
from workers.desk.views.names import NamesView
from workers.desk.views.now import NowView
from workers.desk.views.quotations import QuotationsView
from workers.desk.views.search import SearchView
from workers.desk.views.system import SystemView
from workers.desk.views.wire import WireView
from workers.outputs.http_server import Work

_VIEWS = (
    EntranceView,
    NowView,
    WireView,
    ArticleView,
    NamesView,
    QuotationsView,
    MapView,
    SearchView,
    FeedsView,
    SystemView,
)


class DeskServer:
    """Answers browsers.

    Args:
        parts: of the desk.
        assets: the files that pages need.
        feeder: fills the archive; None where others do.
    """

    announcement = "the desk is at {address}"

    def __init__(self, parts: Parts, assets: Assets, feeder: ArchiveFeeder | None = None) -> None:
        self._parts = parts
        self._assets = assets
        self._feeder = feeder
        self.stop = asyncio.Event()

    def application(self) -> web.Application:
        """Return what answers."""
        app = web.Application(client_max_size=MOST_FORM_BYTES)
        Guard(self._parts).stand_before(app)
        app.router.add_get(f"{PREFIX}/{{digest}}/{{name:.+}}", self._assets.answer)
        for view in _VIEWS:
            view(self._parts).add_to(app)
        app.on_cleanup.append(self._close_archive)
        return app

    async def _close_archive(self, _app: web.Application) -> None:
        self._parts.archive.close()

    def work(self) -> Work:
        """Return what runs beside the answers: readers of the wire, and the sender to pages."""
        parts, stop = self._parts, self.stop
        client, shards = parts.client, parts.shards
        work: dict[str, Callable[[], Awaitable[None]]] = {
            "the reader of new articles": lambda: parts.newest.run(client, shards, stop),
            "the reader of stories": lambda: parts.stories.run(client, stop),
            "the sender of live pages": lambda: parts.broadcast.run(stop),
        }
        if feeder := self._feeder:
            work["the desk's archive"] = lambda: feeder.run(client, shards, stop)
        return work
