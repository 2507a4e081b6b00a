"""The farm: a web server on 127.0.0.1 that serves feeds, article pages and its control calls.

Binds nothing but loopback. What a feed shows is decided in `site`, when in `arrivals`; how an
request is answered in `handlers`.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from config.model import Feed
from tests.support.farm.arrivals import Arrivals
from tests.support.farm.behaviour import Behaviour
from tests.support.farm.content.articles import (
    PlacedArticle,
    SourceArticle,
    make_odd,
    place,
    share_out,
)
from tests.support.farm.content.outlets import OUTLETS
from tests.support.farm.content.render import Channel
from tests.support.farm.control import add_control
from tests.support.farm.handlers import ServedFarm, add_routes
from tests.support.farm.log import FeedCounters, RequestLog, SeenRequest, total
from tests.support.farm.profiles import Profile, profile_behaviours
from tests.support.farm.site import Expected, FeedSite

HOST = "127.0.0.1"
_BACKLOG = 4096


class Farm:
    """A loopback web of feeds; an async context manager.

    Once entered, everything but leaving may be called from any thread.

    Args:
        articles: what the feeds show; each article is in exactly one feed.
        feeds: how many feeds.
        profile: `plain` or `mixed`; see `profiles`.
        window: how many of the newest items a feed shows.
        per_second: items that appear each second in the whole farm, those of a feed from the
            moment it is first asked for; 0 for all at once.
        interval_seconds: seconds between polls, in the records of `feeds()`; None leaves it to
            the reader's own setting.
        behaviours: of the feeds in turn, repeated as needed, in place of a profile's; the window
            and the arrival of items are then theirs.
        port: to listen on; 0 for any free one.
        name: what the ids of the feeds begin with, such as `farm-0001`.
        hosts: how many addresses of loopback the feeds are spread over, 127.0.0.1 first.

    Attributes:
        base_url: such as `http://127.0.0.1:40123`, once entered.
    """

    def __init__(
        self,
        articles: Sequence[SourceArticle],
        feeds: int = 60,
        *,
        profile: Profile = "plain",
        window: int = 50,
        per_second: float = 0.0,
        interval_seconds: int | None = 2,
        behaviours: Sequence[Behaviour] | None = None,
        port: int = 0,
        name: str = "farm",
        hosts: int = 1,
    ) -> None:
        if feeds < 1:
            raise ValueError("a farm has at least one feed")
        self.base_url = ""
        self._port = port
        self._name = name
        self._hosts = hosts
        self._interval_seconds = interval_seconds
        self._shares = share_out(articles, feeds)
        if behaviours is None:
            sizes = [len(share) for share in self._shares]
            self._behaviours = profile_behaviours(profile, sizes, window, per_second)
        else:
            self._behaviours = [behaviours[number % len(behaviours)] for number in range(feeds)]
        self._sites: dict[str, FeedSite] = {}
        self._logs: dict[str, RequestLog] = {}
        self._pages: dict[str, tuple[FeedSite, PlacedArticle]] = {}

    async def __aenter__(self) -> Self:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        listener = socket.create_server((HOST, self._port), backlog=_BACKLOG)
        self.base_url = f"http://{HOST}:{listener.getsockname()[1]}"
        self._lay_out()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._closing = asyncio.Event()
        self._arrivals = Arrivals(self._sites)
        app = web.Application()
        served = ServedFarm(
            self._sites, self._logs, self._pages, self._arrivals, self._closing, self._address
        )
        add_routes(app, served)
        add_control(app, self)
        # A handler that stalls ends when its client goes away.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        await web.SockSite(self._runner, listener, backlog=_BACKLOG).start()
        for number in range(1, self._hosts):
            port = listener.getsockname()[1]
            other = socket.create_server((f"127.0.0.{number + 1}", port), backlog=_BACKLOG)
            await web.SockSite(self._runner, other, backlog=_BACKLOG).start()
        self._clock = asyncio.create_task(self._arrivals.run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._clock.cancel()
        await asyncio.gather(self._clock, return_exceptions=True)
        await self._runner.cleanup()

    def __contains__(self, feed: str) -> bool:
        return feed in self._sites

    @property
    def feed_urls(self) -> list[str]:
        """The addresses of all feeds, in the order of `feeds()`."""
        return [self._address(feed) for feed in self._sites]

    def feeds(self) -> list[Feed]:
        """Return the feed list of the farm."""
        return [
            Feed(
                id=feed,
                url=self._address(feed),
                title=site.channel.title,
                outlet=site.channel.title,
                country=OUTLETS[number % len(OUTLETS)].country,
                timezone=site.channel.timezone,
                language=site.channel.language,
                tags=("farm",),
                interval_seconds=self._interval_seconds,
            )
            for number, (feed, site) in enumerate(self._sites.items())
        ]

    def behaviour(self, feed: str) -> Behaviour:
        """Return how a feed behaves."""
        return self._sites[feed].behaviour

    def expected(self, feed: str | None = None) -> tuple[Expected, ...]:
        """Return the entries that a reader that keeps trying has found in the end.

        Args:
            feed: only of this feed.

        Returns:
            The entries of the feeds that deliver (see `Behaviour.delivers`), in the order in which
            they appear; `shown_at` tells whether one has.
        """
        sites = list(self._sites.values()) if feed is None else [self._sites[feed]]
        return tuple(
            entry for site in sites if site.behaviour.delivers for entry in site.expected()
        )

    def shown(self, feed: str | None = None) -> tuple[Expected, ...]:
        """Return those of the expected entries that have appeared so far."""
        return tuple(entry for entry in self.expected(feed) if entry.shown_at is not None)

    def shown_count(self) -> int:
        """Return how many items have appeared so far, in all feeds."""
        return sum(site.shown for site in self._sites.values())

    def counters(self, feed: str | None = None) -> FeedCounters:
        """Return what was asked of a feed and answered, or of all feeds together."""
        if feed is not None:
            return self._logs[feed].counters()
        return total([log.counters() for log in self._logs.values()])

    def requests(self, feed: str) -> tuple[SeenRequest, ...]:
        """Return the last requests for a feed, oldest first, redirects among them."""
        return self._logs[feed].last()

    def advance(self, feed: str, count: int = 1) -> int:
        """Let more items of a feed appear, now.

        Args:
            feed: its id.
            count: how many.

        Returns:
            How many appeared: fewer at the end of the feed.
        """
        if threading.get_ident() == self._thread:
            return self._advance(feed, count)

        async def advance() -> int:
            return self._advance(feed, count)

        return asyncio.run_coroutine_threadsafe(advance(), self._loop).result()

    async def all_shown(self) -> None:
        """Wait until every item of every feed has appeared; only in the farm's own loop."""
        await self._arrivals.all_shown()

    def _advance(self, feed: str, count: int) -> int:
        appeared = self._sites[feed].advance(count, time.time())
        self._arrivals.look(feed)
        return appeared

    def _address(self, feed: str, hop: int = 0) -> str:
        host = f"127.0.0.{int(feed.rpartition('-')[2]) % self._hosts + 1}"
        base = self.base_url.replace(HOST, host)
        return f"{base}/feeds/{feed}" + (f"/{hop}" if hop else "")

    def _lay_out(self) -> None:
        now = time.time()
        for number, (share, behaviour) in enumerate(
            zip(self._shares, self._behaviours, strict=True)
        ):
            feed = f"{self._name}-{number + 1:04}"
            outlet = OUTLETS[number % len(OUTLETS)]
            turn = number // len(OUTLETS) + 1
            channel = Channel(
                title=outlet.name if turn == 1 else f"{outlet.name} {turn}",
                url=f"{self.base_url}/",
                language="ar",
                timezone=outlet.timezone,
            )
            articles = make_odd(share, behaviour.oddity)
            placed = place(articles, feed, self.base_url, behaviour.style.links)
            site = FeedSite(channel, placed, behaviour, now)
            self._sites[feed] = site
            self._logs[feed] = RequestLog()
            self._pages.update({article.key: (site, article) for article in placed})
