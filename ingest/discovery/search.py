"""Finds the feeds of a site and proposes them for the list; each was fetched and read first.

Asked are, one after the other and seldom: the page itself, what it links to, common places where it
links to nothing, and the news sitemaps that robots.txt names; of these only what robots.txt allows.
What an address looks like is `ingest.discovery.page`'s part, what an entry of the list says
`ingest.discovery.proposal`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from config.feed_rules import check_feed
from config.model import Feed
from ingest.discovery.page import (
    Page,
    common_feed_addresses,
    common_sitemap_addresses,
    read_page,
)
from ingest.discovery.proposal import Discovery, FoundFeed, propose
from ingest.fetch.fetcher import Enter, Fetcher
from ingest.fetch.hosts.names import host_of_address
from ingest.fetch.robots import RobotsGuard
from ingest.identity.addresses import web_address
from ingest.identity.canonical import canonical_url
from ingest.model import Fetched
from ingest.parse.charset import decode_feed
from ingest.parse.dispatch import read_document
from ingest.parse.news_sitemap import SitemapIndexError, is_news_sitemap_name
from nabaa.errors import ConfigError, FetchError, ParseError, without_credentials

logger = logging.getLogger(__name__)

MAX_REQUESTS = 40
"""Addresses that are asked for one site, robots.txt and sitemaps among them."""

MAX_SITEMAPS = 8
"""Of these, what is kept for sitemaps and indexes of them."""

LONGEST_GAP_SECONDS = 10.0
"""Somebody waits: what a `Crawl-delay` asks for beyond this is not waited for."""


async def discover_feeds(url: str, fetcher: Fetcher, gap_seconds: float) -> Discovery:
    """Look for the feeds of a site.

    Args:
        url: absolute, of any page of the site, or of a feed.
        fetcher: an open HTTP client; its limits and address policy hold for every address.
        gap_seconds: between the end of one fetch and the start of the next; a site's
            `Crawl-delay` counts where it is longer.

    Returns:
        The feeds that were found, which may be none.

    Raises:
        FetchError: the address itself does not answer.
    """
    search = _Search(fetcher, RobotsGuard(fetcher), gap_seconds)
    start = await search.start(url)
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
    guard: RobotsGuard
    gap_seconds: float
    page: Page | None = None
    found: list[FoundFeed] = field(default_factory=list)
    requests: int = 0
    _budget: int = MAX_REQUESTS - MAX_SITEMAPS
    _asked: set[str] = field(default_factory=set)

    async def start(self, url: str) -> Fetched:
        """Fetch the address that a person gave, which is asked for whatever robots.txt says.

        Raises:
            FetchError: it does not answer.
        """
        return await self._fetch(url, self._count)

    async def ask(self, url: str) -> Fetched | None:
        """Fetch an address, as soon as it is time, unless it was asked before or too much was.

        Raises:
            FetchError: it does not answer, or robots.txt forbids it.
        """
        if _key(url) in self._asked or self.requests >= self._budget:
            return None
        gap = max(self.gap_seconds, self.guard.crawl_delay_seconds(host_of_address(url)))
        await asyncio.sleep(min(gap, max(self.gap_seconds, LONGEST_GAP_SECONDS)))
        return await self._fetch(url, self.guard.guarding(_site_name(url), self._count))

    async def _fetch(self, url: str, enter: Enter) -> Fetched:
        self._asked.add(_key(url))
        logger.info("asking %s", without_credentials(url))
        fetched = await self.fetcher.fetch(_site_name(url), url, enter=enter)
        self._asked.add(_key(fetched.final_url))
        return fetched

    async def _count(self, url: str) -> None:
        self.requests += 1

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
        self._budget = self.requests + MAX_SITEMAPS
        written = await self.guard.sitemaps(site, self._count)
        named = list(filter(None, (web_address(each, site) for each in written)))
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


def _site_name(url: str) -> str:
    return urlsplit(url).hostname or "site"


def _key(url: str) -> str:
    """Return what the spellings of an address share; a slash at its end may make another one."""
    return canonical_url(url).partition("://")[2]


def _unnamed(url: str) -> Feed:
    """Return a feed of which only the address is known, to read its document by."""
    return Feed(_site_name(url), url, "", "", "XX", "UTC")


def _fits(feed: Feed) -> bool:
    """Tell whether a list can hold the feed; an address with a control in it, for one, not."""
    try:
        check_feed(feed)
    except ConfigError as error:
        logger.info("%s", error)
        return False
    return True
