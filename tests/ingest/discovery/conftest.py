"""Sites on loopback to search for feeds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from config.settings import Settings
from ingest.discovery.proposal import Discovery
from ingest.discovery.search import discover_feeds
from ingest.fetch.fetcher import Fetcher
from tests.support.farm.content.pages import PageSite, Reply, serve_pages

XML = "application/xml"


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title><id>urn:x</id>
<updated>2026-03-01T08:00:00Z</updated>{entries}</feed>"""


def rss(*articles: str, title: str = "صباح الخير", language: str = "ar") -> Reply:
    items = "".join(
        f"<item><title>خبر عن {name}</title><link>{{base}}/news/{name}</link>"
        "<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item>"
        for name in articles
    )
    return Reply(
        f'<rss version="2.0"><channel><title>{title}</title><language>{language}</language>'
        f"{items}</channel></rss>",
        XML,
    )


def news_sitemap(*articles: str) -> Reply:
    urls = "".join(
        f"<url><loc>{{base}}/news/{name}</loc><news:news><news:publication><news:name>صباح"
        "</news:name><news:language>ar</news:language></news:publication><news:publication_date>"
        f"2026-03-01</news:publication_date><news:title>خبر عن {name}</news:title></news:news>"
        "</url>"
        for name in articles
    )
    return Reply(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>',
        XML,
    )


def page(head: str = "", body: str = "") -> Reply:
    return Reply(f'<!DOCTYPE html><html lang="ar"><head>{head}</head><body>{body}</body></html>')


def link(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(Settings(allow_private_addresses=True, fetch_timeout_seconds=5)) as opened:
        yield opened


async def look(fetcher: Fetcher, pages: dict[str, Reply]) -> tuple[list[str], PageSite, Discovery]:
    """Look at the front page of a site; return the paths of its feeds, the site and the rest."""
    with serve_pages(pages) as site:
        discovery = await discover_feeds(f"{site.base}/", fetcher, 0)
    paths = [found.proposed.url.removeprefix(site.base) for found in discovery.found]
    return paths, site, discovery
