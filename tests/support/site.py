"""A site on loopback whose answers a test writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

ARTICLE_PAGE = "<!DOCTYPE html><html><body><p>نص الخبر كاملا</p></body></html>"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


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


@asynccontextmanager
async def open_site() -> AsyncIterator[Site]:
    """Open a site without any pages; a path that has none is not found."""
    pages: dict[str, Handler] = {}

    async def dispatch(request: web.Request) -> web.StreamResponse:
        opened.requests.append(request)
        handler = pages.get(request.path)
        return await handler(request) if handler else web.Response(status=404)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", dispatch)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    host, port = runner.addresses[0][:2]
    opened = Site(f"http://{host}:{port}", pages)
    try:
        yield opened
    finally:
        await runner.cleanup()


def html(body: str = ARTICLE_PAGE, status: int = 200, **headers: str) -> Handler:
    """Return a handler that answers with a page; `Retry_After="60"` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type="text/html", headers=named)

    return answer


def asked(site: Site, path: str) -> int:
    """Return how often a site was asked for a path."""
    return sum(request.path == path for request in site.requests)
