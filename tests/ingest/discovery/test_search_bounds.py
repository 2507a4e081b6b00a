"""A search for feeds asks within bounds."""

from __future__ import annotations

from contextlib import suppress

import pytest

from config.feed_yaml import read_rows
from config.settings import Settings
from ingest.discovery.proposal import nothing_found, proposals
from ingest.discovery.search import MAX_REQUESTS, MAX_SITEMAPS, discover_feeds
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.ingest.discovery.conftest import XML, link, look, news_sitemap, page, rss
from tests.support.farm.content.pages import Reply, serve_pages

pytestmark = pytest.mark.anyio


async def test_a_password_is_not_logged(fetcher: Fetcher, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "ingest.discovery.search")
    with suppress(FetchError):  # whatever comes of it
        await discover_feeds("http://me:s3cret@127.0.0.1:2/", fetcher, 0)
    assert "asking http://127.0.0.1" in caplog.text
    assert "s3cret" not in caplog.text


async def test_what_robots_forbids_is_not_tried(fetcher: Fetcher) -> None:
    robots = Reply("User-agent: *\nDisallow: /feed\nDisallow: /main\n", "text/plain")
    pages = {"/": page(link("/main")), "/robots.txt": robots, "/main": rss("a"), "/rss": rss("b")}
    paths, site, _ = await look(fetcher, pages)
    assert paths == ["/rss"]
    assert not {"/main", "/feed", "/feed.xml"} & set(site.asked)


async def test_a_sitemap_at_a_common_place_is_found(fetcher: Fetcher) -> None:
    paths, *_ = await look(fetcher, {"/": page(), "/news-sitemap.xml": news_sitemap("a")})
    assert paths == ["/news-sitemap.xml"]


async def test_a_site_that_refuses_is_told_with_its_status(fetcher: Fetcher) -> None:
    *_, discovery = await look(fetcher, {"/": Reply(status=403)})
    assert "(HTTP status 403)" in nothing_found(discovery)


async def test_a_site_that_cannot_be_reached_is_an_error(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="cannot be connected to"):
        await discover_feeds("http://127.0.0.1:2/", fetcher, 0)


async def test_a_private_address_behind_a_link_is_never_asked() -> None:
    with serve_pages({"/": page()}) as site:
        async with Fetcher(Settings()) as fetcher:
            with pytest.raises(FetchError, match="not a public address"):
                await discover_feeds(f"{site.base}/", fetcher, 0)
        assert site.asked == []


async def test_a_page_of_endless_links_costs_a_bounded_number_of_requests(
    fetcher: Fetcher,
) -> None:
    links = "".join(link(f"/feed/{number}") for number in range(5_000))
    _, site, discovery = await look(fetcher, {"/": page(links)})
    assert len(site.asked) == discovery.asked <= MAX_REQUESTS


async def test_an_index_of_endless_sitemaps_costs_a_bounded_number_of_requests(
    fetcher: Fetcher,
) -> None:
    named = "".join(f"<sitemap><loc>{{base}}/news{n}.xml</loc></sitemap>" for n in range(500))
    index = Reply(f"<sitemapindex>{named}</sitemapindex>", XML)
    _, site, _ = await look(fetcher, {"/": page(), "/sitemap.xml": index, "/news0.xml": index})
    assert sum("sitemap" in path or "news" in path for path in site.asked) <= MAX_SITEMAPS


async def test_what_is_proposed_can_be_pasted_into_a_list(fetcher: Fetcher) -> None:
    head = link("/main") + link("/sport") + '<meta property="og:site_name" content="الصباح">'
    pages = {
        "/": page(head),
        "/main": rss("a", "b", title='صباح: "الخير" &amp;amp; أكثر\u202e', language="en-US"),
        "/sport": rss("b", "c", title="رياضة"),
    }
    *_, discovery = await look(fetcher, pages)
    text = proposals(discovery)
    rows, mistakes = read_rows(f"feeds:\n{text}")
    values = [{field.key: field.value for field in row.fields} for row in rows]
    assert mistakes == []
    assert [value["title"] for value in values] == ['صباح: "الخير" & أكثر', "رياضة"]
    assert {value["outlet"] for value in values} == {"الصباح"}
    assert {value["language"] for value in values} == {"ar"}
    assert "# rss20, entries: 2, the newest of 2026-03-01 08:00Z\n" in text
    assert f"; also in {values[0]['id']}: 1\n" in text
