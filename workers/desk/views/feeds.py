"""The feeds: how each does, and what an administrator may do about it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from aiohttp import web

from config.feed_list import add_feed, feed_id_from_url
from config.model import Feed
from ingest.schedule.arrival_rate import decode_arrival_rate
from ingest.streams.page_troubles import FeedTrouble
from nabaa.errors import ConfigError, without_credentials
from nabaa.search_key import search_key
from nabaa.streams.keys import all_shards
from nabaa.types import Article
from workers.desk.server.parts import Parts
from workers.desk.views.feed_list import FeedList
from workers.operations.feed_acts import FeedAct, act_on_feeds
from workers.operations.feed_health import CONDITIONS, FeedHealth, read_feed_health
from workers.operations.pages_status import read_pages_status

ROWS = 60
_FRESH_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class PageSuccess:
    """The success of reading the pages of a feed's articles.

    Attributes:
        read: number of pages that were read lately.
        well: number of those that held the article.
    """

    read: int
    well: int

    @property
    def percent(self) -> int:
        """Share of the pages that held the article, in percent."""
        return round(100 * self.well / self.read)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A row of the page.

    Attributes:
        health: how the feed does.
        feed: what the list says of it; None where the list is not here or does not have it.
        hours: articles a day at the rate of each hour of the day (UTC); empty where not known.
        pages: success of reading pages; None where none was read lately.
        trouble: what keeps its pages from being read; None where the last one was read.
    """

    health: FeedHealth
    feed: Feed | None
    hours: tuple[float, ...]
    pages: PageSuccess | None
    trouble: FeedTrouble | None = None

    @property
    def daily(self) -> float:
        """Articles that the feed brings in a day, about."""
        return sum(self.hours) / max(1, len(self.hours))

    @property
    def address(self) -> str:
        """Address of the feed without a password."""
        return without_credentials(self.feed.url if self.feed else self.health.state.url or "")


class FeedsView:
    """Answers `/feeds` and what is done with feeds.

    Args:
        parts: of the desk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._list = FeedList(parts.feeds_file)
        self._reading = asyncio.Lock()
        self._last: list[FeedHealth] = []
        self._read_at = -_FRESH_SECONDS

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/feeds", self._show)
        app.router.add_post("/feeds", self._add)
        app.router.add_post("/feeds/{act:pause|go-on|check}", self._act)

    async def _show(self, request: web.Request) -> web.Response:
        problem, listed = "", {}
        try:
            listed = await self._list.read()
        except ConfigError as error:
            problem = str(error)
        health = await self._health()
        counts = Counter(each.condition for each in health)
        asked = request.query.get("state", "")
        text = request.query.get("q", "").strip()
        wanted = [
            each
            for each in health
            if (not asked or each.condition == asked)
            and (not text or _is_named(each, listed.get(each.feed_id), text))
        ]
        start = max(0, int(number) if (number := request.query.get("from", "")).isdecimal() else 0)
        pages = _pages_of(live.article for live in self._parts.newest.articles)
        status = await read_pages_status(self._parts.client, all_shards(self._parts.shards))
        troubles = {trouble.feed_id: trouble for trouble in status.troubles}
        return self._parts.page(
            request,
            "feeds.html",
            rows=[
                _row(each, listed.get(each.feed_id), pages, troubles)
                for each in wanted[start : start + ROWS]
            ],
            found=len(wanted),
            start=start,
            behind=start + ROWS,
            counts=counts,
            total=len(health),
            conditions=CONDITIONS,
            asked=asked,
            text=text,
            problem=problem,
            done=request.query.get("done", ""),
            has_list=bool(listed),
        )

    async def _health(self) -> list[FeedHealth]:
        """Return the health of all feeds, a few seconds old at most: each is looked at for it."""
        async with self._reading:
            if time.monotonic() - self._read_at > _FRESH_SECONDS:
                self._last = await read_feed_health(self._parts.client, self._parts.shards)
                self._read_at = time.monotonic()
            return self._last

    async def _act(self, request: web.Request) -> web.Response:
        feed_id = str((await request.post()).get("id", ""))
        act = msgspec.convert(request.match_info["act"], FeedAct)
        await act_on_feeds(self._parts.client, self._parts.shards, [feed_id], act)
        self._read_at = -_FRESH_SECONDS
        return _back(request, act)

    async def _add(self, request: web.Request) -> web.Response:
        form = await request.post()
        said = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        url = said.get("url", "")
        feed = Feed(
            id=feed_id_from_url(url),
            url=url,
            title=said.get("title") or said.get("outlet") or url,
            outlet=said.get("outlet") or said.get("title") or url,
            country=said.get("country", "").upper() or "XX",
            timezone=said.get("timezone") or "UTC",
            language=said.get("language") or "ar",
            topic=said.get("topic") or "news",
        )
        await asyncio.to_thread(add_feed, self._parts.feeds_file, feed)
        return _back(request, "added")


def _row(
    health: FeedHealth,
    feed: Feed | None,
    pages: Mapping[str, PageSuccess],
    troubles: Mapping[str, FeedTrouble],
) -> FeedRow:
    rate = decode_arrival_rate(health.state.arrival_rate)
    return FeedRow(
        health,
        feed,
        rate.rates() if rate and rate.days else (),
        pages.get(health.feed_id),
        troubles.get(health.feed_id),
    )


def _back(request: web.Request, done: str) -> web.Response:
    query = {name: value for name, value in request.query.items() if name in ("state", "q")}
    place = request.rel_url.with_path("/feeds").with_query(query | {"done": done})
    return web.Response(status=303, headers={"Location": str(place)})


def _is_named(health: FeedHealth, feed: Feed | None, text: str) -> bool:
    texts = [health.feed_id, *((feed.title, feed.outlet, feed.url) if feed else ())]
    key = search_key(text)
    return any(key in search_key(each) for each in texts)


def _pages_of(articles: Iterable[Article]) -> dict[str, PageSuccess]:
    """Return how well the pages of each feed's newest articles could be read."""
    read: dict[str, int] = defaultdict(int)
    well: dict[str, int] = defaultdict(int)
    for article in articles:
        if article.page is not None:
            read[article.outlet.feed] += 1
            well[article.outlet.feed] += not article.page.problem
    return {feed: PageSuccess(count, well[feed]) for feed, count in read.items()}
