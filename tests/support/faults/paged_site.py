"""A site of short feeds whose articles have pages, in a thread of its own."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from email.utils import format_datetime

from aiohttp import web

from config.model import Feed
from tests.support.pages.templates import PARAGRAPHS, PUBLISHED, page

Delay = Callable[[int], float]
"""Seconds that the page of an article takes, by its number."""


def title_of(number: int) -> str:
    return f"افتتاح المحطة رقم {number} لتحلية المياه في ميناء المدينة {number}"


def text_of(number: int) -> str:
    return "\n\n".join(f"{paragraph} ({number})" for paragraph in PARAGRAPHS)


class PagedSite:
    """Feeds and pages; what was asked for is counted.

    Args:
        feeds: number of feeds; each article is in one of them.
        delay: of the pages.
        padding: bytes of furniture in each page.
    """

    def __init__(self, feeds: int = 1, delay: Delay = lambda _: 0.0, padding: int = 2_000) -> None:
        self.base_url = ""
        self.shown = 0
        self.asked: Counter[int] = Counter()
        self._feeds = feeds
        self._delay = delay
        self._padding = "".join(
            f"<li><a href='/s/{hashlib.md5(b'%d' % line).hexdigest()}'>قسم رقم {line}</a></li>"
            for line in range(padding // 80)
        )

    def feeds(self, interval_seconds: int | None = None) -> list[Feed]:
        """Return the feeds as the list has them."""
        return [
            Feed(
                f"paged-{number}",
                f"{self.base_url}/rss/{number}",
                "ميناء",
                "صحيفة الميناء",
                "EG",
                "Africa/Cairo",
                interval_seconds=interval_seconds,
            )
            for number in range(self._feeds)
        ]

    def application(self) -> web.Application:
        """Return the site as a web application."""
        app = web.Application()
        app.router.add_get("/rss/{feed}", self._rss)
        app.router.add_get("/news/{number}", self._page)
        return app

    async def _rss(self, request: web.Request) -> web.Response:
        feed = int(request.match_info["feed"])
        date = format_datetime(PUBLISHED)
        items = "".join(
            f"<item><title>{title_of(number)}</title><link>{self.base_url}/news/{number}</link>"
            f"<guid>{number}</guid><pubDate>{date}</pubDate>"
            f"<description>{PARAGRAPHS[0][:80]}… ({number})</description></item>"
            for number in range(feed, self.shown, self._feeds)
        )
        text = f'<rss version="2.0"><channel><title>ميناء</title>{items}</channel></rss>'
        return web.Response(text=text, content_type="application/rss+xml")

    async def _page(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        self.asked[number] += 1
        await asyncio.sleep(self._delay(number))
        paragraphs = "".join(f"<p>{text}</p>" for text in text_of(number).split("\n\n"))
        title = title_of(number)
        head = f'<meta property="og:type" content="article"><meta name="n" content="{number}">'
        menu = f"<nav><ul>{self._padding}</ul></nav>"
        body = f"{menu}<article><h1>{title}</h1>{paragraphs}</article>"
        return web.Response(text=page(head, body, title=title), content_type="text/html")


@contextmanager
def run_paged_site(site: PagedSite) -> Iterator[PagedSite]:
    """Run a site in the background while the block runs.

    Args:
        site: its counters and `shown` may be used as they are.
    """
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        runner = web.AppRunner(site.application(), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        site.base_url = "http://{}:{}".format(*runner.addresses[0][:2])
        done = asyncio.Event()
        ready.set_result((asyncio.get_running_loop(), done))
        await done.wait()
        await runner.cleanup()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="paged site")
    thread.start()
    loop, done = ready.result()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
