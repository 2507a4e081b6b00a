"""A small web of many hosts on one port of loopback: what reaches each, and how many at a time."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from config.model import Feed

_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{host}</title>
<item><guid isPermaLink="false">{host}{path}</guid><title>خبر</title></item>
</channel></rss>"""


class Web:
    """Every address is a feed of one item, except where something else is said.

    Attributes:
        port: that it listens on.
        asked: host → the paths asked for there, in order.
        most_at_once: host → how many of its answers were under way at the same time, at most.
        moved: host → the host, or host and port, that its addresses redirect to, for a while.
        robots: host → its robots.txt.
        answer_seconds: how long each answer takes.
    """

    def __init__(self) -> None:
        self.port = 0
        self.asked: dict[str, list[str]] = defaultdict(list)
        self.most_at_once: Counter[str] = Counter()
        self.moved: dict[str, str] = {}
        self.robots: dict[str, str] = {}
        self.answer_seconds = 0.0
        self._now: Counter[str] = Counter()

    def feeds(self, hosts: list[str]) -> list[Feed]:
        """Return a list with one feed at each of the hosts, which may repeat."""
        return [
            Feed(
                id=f"feed-{number}",
                url=f"http://{host}:{self.port}/{number}",
                title=host,
                outlet=host,
                country="JO",
                timezone="UTC",
            )
            for number, host in enumerate(hosts)
        ]

    async def handle(self, request: web.Request) -> web.Response:
        host = request.host.partition(":")[0]
        self.asked[host].append(request.path)
        self._now[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self._now[host])
        try:
            await asyncio.sleep(self.answer_seconds)
            return self._answer(request, host)
        finally:
            self._now[host] -= 1

    def _answer(self, request: web.Request, host: str) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(
                text=self.robots.get(host, ""), status=200 if host in self.robots else 404
            )
        if host in self.moved:
            to = self.moved[host]
            place = to if ":" in to else f"{to}:{self.port}"
            raise web.HTTPFound(f"http://{place}{request.path}")
        return web.Response(text=_FEED.format(host=host, path=request.path))


@asynccontextmanager
async def a_web() -> AsyncIterator[Web]:
    """Serve while the block runs."""
    opened = Web()
    application = web.Application()
    application.router.add_get("/{path:.*}", opened.handle)
    # Without kept connections each poll looks up its host.
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None, keepalive_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    opened.port = runner.addresses[0][1]
    yield opened
    await runner.cleanup()
