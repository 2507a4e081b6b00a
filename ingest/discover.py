"""Finds the feeds of a site and proposes them for the list; each was fetched and read first.

Asked are, one after the other and seldom: the page itself, what it links to, common places where it
links to nothing, and the news sitemaps that robots.txt names. What an address looks like is
`ingest.sitepage`'s part, what an entry of the list says `ingest.propose`'s.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from config.errors import ConfigError, FetchError, ParseError
from config.feedcheck import check_feed
from config.types import Feed
from ingest.documents import read_document
from ingest.encoding import decode_feed
from ingest.fetch import Fetcher
from ingest.fingerprint import canonical_url
from ingest.propose import Discovery, FoundFeed, propose
from ingest.sitemap import SitemapIndexError, is_news_sitemap_name
from ingest.sitepage import (
    Page,
    common_feed_addresses,
    common_sitemap_addresses,
    read_page,
    robots_sitemaps,
)
from ingest.types import Fetched

logger = logging.getLogger(__name__)

MAX_REQUESTS = 40
"""Addresses that are asked for one site, robots.txt and sitemaps among them."""

MAX_SITEMAPS = 8
"""Of these, what is kept for sitemaps and indexes of them."""

GAP_SECONDS = 1.0
"""Between the end of one request and the start of the next."""

_LONGEST_ROBOTS = 500_000  # of RFC 9309, section 2.5
_CREDENTIALS = re.compile("//[^/@]*@")


async def discover_feeds(url: str, fetcher: Fetcher, gap_seconds: float) -> Discovery:
    """Look for the feeds of a site.

    Args:
        url: absolute, of any page of the site, or of a feed.
        fetcher: an open HTTP client; its limits and address policy hold for every address.
        gap_seconds: between the end of one request and the start of the next.

    Returns:
        The feeds that were found, which may be none.

    Raises:
        FetchError: the address itself does not answer.
    """
    search = _Search(fetcher, gap_seconds)
    start = await search.fetch(url)
    site = start.final_url
    if start.status == HTTPStatus.OK:
        await search.take_sitemap(start)
        if search.found:
            return search.result(start)
        search.page = _page_of(start)
        await search.follow(search.page)
    if not search.found:
        await search.try_until_found(common_feed_addresses(site))
    await search.try_sitemaps_of(site)
    return search.result(start)


@dataclass(slots=True)
class _Search:
    """One search: what was asked, and what came of it."""

    fetcher: Fetcher
    gap_seconds: float
    page: Page | None = None
    found: list[FoundFeed] = field(default_factory=list)
    requests: int = 0
    _budget: int = MAX_REQUESTS - MAX_SITEMAPS - 1
    _asked: set[str] = field(default_factory=set)

    async def ask(self, url: str) -> Fetched | None:
        """Fetch an address, unless it was asked before or too much was.

        Raises:
            FetchError: it does not answer.
        """
        if _key(url) in self._asked or self.requests >= self._budget:
            return None
        return await self.fetch(url)

    async def fetch(self, url: str) -> Fetched:
        """Fetch an address, as soon as it is time.

        Raises:
            FetchError: it does not answer.
        """
        if self.requests:
            await asyncio.sleep(self.gap_seconds)
        self.requests += 1
        self._asked.add(_key(url))
        logger.info("asking %s", _CREDENTIALS.sub("//", url))
        fetched = await self.fetcher.fetch(urlsplit(url).hostname or "site", url)
        self._asked.add(_key(fetched.final_url))
        return fetched

    async def try_one(self, url: str) -> Fetched | None:
        """Ask an address of which it is no trouble if it does not answer.

        Returns:
            The answer, where it is one of status 200.
        """
        try:
            fetched = await self.ask(url)
        except FetchError as error:
            logger.info("%s", error)
            return None
        return fetched if fetched and fetched.status == HTTPStatus.OK else None

    def takes(self, fetched: Fetched) -> bool:
        """Keep an answer that is a feed; tell whether it is one."""
        try:
            self.take(fetched)
        except ParseError:
            return False
        return True

    def take(self, fetched: Fetched) -> None:
        """Keep an answer that is a feed, unless a feed before it has all that it shows.

        Raises:
            SitemapIndexError: it is an index of sitemaps.
            ParseError: it is no feed.
        """
        url = fetched.moved_to or fetched.url
        parsed = read_document(fetched, _unnamed(url), datetime.now(UTC))
        proposed = propose(url, parsed, self.page)
        articles = frozenset(
            canonical_url(entry.url) if entry.url else entry.fingerprint for entry in parsed.entries
        )
        # A feed whose articles are all in one before it would only bring them twice.
        if not any(articles <= other.articles for other in self.found) and _fits(proposed):
            self.found.append(FoundFeed(proposed, parsed, articles))

    async def follow(self, page: Page, *, is_front: bool = True) -> None:
        """Try what a page links to; a page that is linked as a feed may be a list of them."""
        for url in (*page.alternates, *page.anchors):
            fetched = await self.try_one(url)
            if fetched and not self.takes(fetched) and is_front:
                await self.follow(_page_of(fetched), is_front=False)

    async def try_until_found(self, urls: Iterable[str]) -> None:
        """Try addresses until one is a feed."""
        for url in urls:
            fetched = await self.try_one(url)
            if fetched and self.takes(fetched):
                return

    async def try_sitemaps_of(self, site: str) -> None:
        """Try the sitemaps that robots.txt names, else those at common places."""
        self._budget = self.requests + MAX_SITEMAPS + 1
        robots = await self.try_one(_root(site) + "/robots.txt")
        named: Sequence[str] = ()
        if robots:
            named = robots_sitemaps(_text_of(robots)[:_LONGEST_ROBOTS], robots.final_url)
        likely = sorted(named, key=lambda url: not is_news_sitemap_name(url))
        for url in likely or common_sitemap_addresses(site):
            if fetched := await self.try_one(url):
                await self.take_sitemap(fetched)

    async def take_sitemap(self, fetched: Fetched, *, is_inner: bool = False) -> None:
        """Keep an answer that is a feed; of an index of sitemaps, those that may hold news."""
        try:
            self.take(fetched)
        except SitemapIndexError as index:
            news = [url for url in index.sitemaps if is_news_sitemap_name(url)]
            for url in () if is_inner else news or index.sitemaps[:2]:
                if inner := await self.try_one(url):
                    await self.take_sitemap(inner, is_inner=True)
        except ParseError as error:
            logger.debug("%s", error)

    def result(self, start: Fetched) -> Discovery:
        return Discovery(start.url, tuple(self.found), self.requests, start.status)


def _page_of(fetched: Fetched) -> Page:
    return read_page(_text_of(fetched), fetched.final_url)


def _text_of(fetched: Fetched) -> str:
    return decode_feed(fetched.body, fetched.headers.get("content-type"))[0]


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _key(url: str) -> str:
    """Return what the spellings of an address share; a slash at its end may make another one."""
    return canonical_url(url).partition("://")[2]


def _unnamed(url: str) -> Feed:
    """Return a feed of which only the address is known, to read its document by."""
    return Feed(urlsplit(url).hostname or "site", url, "", "", "XX", "UTC")


def _fits(feed: Feed) -> bool:
    """Tell whether a list can hold the feed; an address with a control in it, for one, not."""
    try:
        check_feed(feed)
    except ConfigError as error:
        logger.info("%s", error)
        return False
    return True
