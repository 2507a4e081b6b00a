"""A site on loopback whose answers a test writes, and a fetcher that may ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


LIMIT = 200_000


class Site:
    """A site on loopback whose pages are functions; remembers the requests it saw."""

    def __init__(self, base: str, pages: dict[str, Handler]) -> None:
        self.base = base
        self.pages = pages
        self.requests: list[web.Request] = []

    def page(self, path: str, handler: Handler) -> str:
        """Put a page on the site and return its address."""
        self.pages[path] = handler
        return self.base + path

    def redirect(self, path: str, target: str, status: int) -> str:
        async def handler(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": target})

        return self.page(path, handler)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    pages: dict[str, Handler] = {}

    async def dispatch(request: web.Request) -> web.StreamResponse:
        opened.requests.append(request)
        return await pages[request.path](request)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", dispatch)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    host, port = runner.addresses[0][:2]
    opened = Site(f"http://{host}:{port}", pages)
    yield opened
    await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    settings = Settings(
        allow_private_addresses=True,
        fetch_timeout_seconds=2,
        max_body_bytes=LIMIT,
        contact="https://wire.example/about",
    )
    async with Fetcher(settings) as opened:
        yield opened


async def ok(_: web.Request) -> web.StreamResponse:
    return web.Response(body="<rss>خبر</rss>".encode(), headers={"ETag": '"1"'})
