"""The desk as an HTTP server: its routes, and what must run beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from nabaa.tasks import keep_running
from workers.desk.server.assets import PREFIX, Assets
from workers.desk.server.guard import MOST_FORM_BYTES, Guard
from workers.desk.server.parts import Parts
from workers.desk.views.article import ArticleView
from workers.desk.views.entrance import EntranceView
from workers.desk.views.feeds import FeedsView
from workers.desk.views.system import SystemView
from workers.desk.views.wire import WireView
from workers.outputs.http_server import listen

logger = logging.getLogger(__name__)

_STOP_SECONDS = 1.0


class DeskServer:
    """Answers browsers.

    Args:
        parts: of the desk.
        assets: the files that pages need.
    """

    def __init__(self, parts: Parts, assets: Assets) -> None:
        self._parts = parts
        self._assets = assets

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
        parts, stop = self._parts, asyncio.Event()
        async with listen(self._application(), host, port) as bound:
            running = [
                asyncio.create_task(keep_running(name, work, stop))
                for name, work in (
                    (
                        "the reader of new articles",
                        lambda: parts.newest.run(parts.client, parts.shards, stop),
                    ),
                    ("the sender of live pages", lambda: parts.broadcast.run(stop)),
                )
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

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MOST_FORM_BYTES)
        Guard(self._parts).stand_before(app)
        app.router.add_get(f"{PREFIX}/{{digest}}/{{name:.+}}", self._assets.answer)
        for view in (EntranceView, WireView, ArticleView, FeedsView, SystemView):
            view(self._parts).add_to(app)
        return app
