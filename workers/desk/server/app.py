"""The desk as an HTTP server: its routes, and what must run beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from nabaa.tasks import keep_running
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
from workers.outputs.http_server import listen

logger = logging.getLogger(__name__)

_STOP_SECONDS = 1.0
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

    def __init__(self, parts: Parts, assets: Assets, feeder: ArchiveFeeder | None = None) -> None:
        self._parts = parts
        self._assets = assets
        self._feeder = feeder

    @asynccontextmanager
    async def listen(self, host: str, port: int) -> AsyncIterator[int]:
        """Listen while the block runs.

        Args:
            host: address to bind.
            port: to listen on; 0 for any that is free.

        Yields:
            The port.

        Raises:
            OutputError: the address cannot be listened at.
        """
        stop = asyncio.Event()
        async with listen(self._application(), host, port) as bound:
            running = [
                asyncio.create_task(keep_running(name, work, stop))
                for name, work in self._work(stop).items()
            ]
            shown = f"[{host}]" if ":" in host else host
            logger.info("the desk is at http://%s:%d", shown, bound)
            try:
                yield bound
            finally:
                stop.set()
                await asyncio.wait(running, timeout=_STOP_SECONDS)
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)
                self._parts.archive.close()

    def _work(self, stop: asyncio.Event) -> dict[str, Callable[[], Awaitable[None]]]:
        """Return what runs beside the answers, by name."""
        parts = self._parts
        client, shards = parts.client, parts.shards
        work: dict[str, Callable[[], Awaitable[None]]] = {
            "the reader of new articles": lambda: parts.newest.run(client, shards, stop),
            "the reader of stories": lambda: parts.stories.run(client, stop),
            "the sender of live pages": lambda: parts.broadcast.run(stop),
        }
        if feeder := self._feeder:
            work["the desk's archive"] = lambda: feeder.run(client, shards, stop)
        return work

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MOST_FORM_BYTES)
        Guard(self._parts).stand_before(app)
        app.router.add_get(f"{PREFIX}/{{digest}}/{{name:.+}}", self._assets.answer)
        for view in _VIEWS:
            view(self._parts).add_to(app)
        return app
