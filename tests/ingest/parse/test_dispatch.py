"""Every format takes the same way: polled over HTTP, its new entries on the stream, once."""

from __future__ import annotations

import gzip
import json

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import FeedState
from tests.support.farm.behaviour import Behaviour
from tests.support.farm.content.pages import Reply, serve_pages
from tests.support.wires.polled_farm import wired

pytestmark = pytest.mark.anyio
FORMATS = {
    "rss": Reply(
        "<rss version='2.0'><channel><item><title>خبر</title><link>{base}/1</link></item>"
        "</channel></rss>",
        "application/rss+xml",
    ),
    "json": Reply(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "أخبار",
                "items": [{"id": 1, "url": "{base}/1", "title": "خبر"}],
            }
        ),
        "application/feed+json",
    ),
    "sitemap": Reply(
        "<urlset><url><loc>{base}/1</loc><news:news><news:title>خبر</news:title></news:news>"
        "</url></urlset>",
        "text/html",
    ),
}


@pytest.mark.parametrize("name", FORMATS)
async def test_an_entry_of_any_format_is_delivered_once(client: Redis, name: str) -> None:
    with serve_pages({"/f": FORMATS[name]}) as site:
        async with wired(client, Behaviour()) as wire:
            feed = Feed(name, f"{site.base}/f", "م", "م", "XX", "UTC")
            first = await wire.poller.poll(feed, FeedState(), wire.stream)
            again = await wire.poller.poll(feed, FeedState(), wire.stream)
            [entry] = await wire.entries()
    assert (first.error, first.new_entries, again.new_entries) == (None, 1, 0)
    assert (entry.title, entry.url) == ("خبر", f"{site.base}/1")


async def test_a_file_of_gzip_is_read_without_a_header_that_says_so(client: Redis) -> None:
    sitemap = str(FORMATS["sitemap"].body).replace("{base}", "https://sabah.example")
    packed = Reply(gzip.compress(sitemap.encode()), "application/gzip")
    with serve_pages({"/sitemap.xml.gz": packed}) as site:
        async with wired(client, Behaviour()) as wire:
            feed = Feed("x", f"{site.base}/sitemap.xml.gz", "م", "م", "XX", "UTC")
            outcome = await wire.poller.poll(feed, FeedState(), wire.stream)
    assert (outcome.error, outcome.new_entries) == (None, 1)


async def test_a_warning_in_brackets_before_the_xml_is_no_json(client: Redis) -> None:
    body = f"[01-Mar-2026] PHP Warning: x in [y]\n{FORMATS['rss'].body!s}"
    with serve_pages({"/f": Reply(body)}) as site:
        async with wired(client, Behaviour()) as wire:
            feed = Feed("x", f"{site.base}/f", "م", "م", "XX", "UTC")
            outcome = await wire.poller.poll(feed, FeedState(), wire.stream)
    assert (outcome.error, outcome.new_entries) == (None, 1)


async def test_an_index_of_sitemaps_is_told_with_what_to_list(client: Redis) -> None:
    index = Reply("<sitemapindex><sitemap><loc>{base}/news.xml</loc></sitemap></sitemapindex>")
    with serve_pages({"/f": index}) as site:
        async with wired(client, Behaviour()) as wire:
            feed = Feed("x", f"{site.base}/f", "م", "م", "XX", "UTC")
            outcome = await wire.poller.poll(feed, FeedState(), wire.stream)
    assert outcome.error is not None
    assert outcome.error.endswith(
        f"list a news sitemap that it names in its place, such as {site.base}/news.xml"
    )
