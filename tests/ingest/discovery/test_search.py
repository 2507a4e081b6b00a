"""The feeds of a site, found on a real one: what is proposed was fetched and read."""

from __future__ import annotations

import pytest

from config.feed_yaml import read_rows
from config.model import Feed
from ingest.discovery.proposal import nothing_found, proposals
from ingest.fetch.fetcher import Fetcher
from tests.ingest.discovery.conftest import ATOM, XML, link, look, news_sitemap, page, rss
from tests.support.farm.content.pages import Reply

pytestmark = pytest.mark.anyio


async def test_links_in_the_head_are_feeds(fetcher: Fetcher) -> None:
    json_feed = Reply(
        '{"version":"https://jsonfeed.org/version/1.1","title":"ث","items":[{"id":"1"}]}',
        "application/json",
    )
    atom = "<entry><id>urn:1</id><title>خبر</title><link href='/news/z'/></entry>"
    paths, *_ = await look(
        fetcher,
        {
            "/": page(
                link("/main")
                + link("sport", "application/atom+xml")
                + link("{base}/j", "application/feed+json")
                + link("/gone")
            ),
            "/main": rss("a", "b"),
            "/sport": Reply(ATOM.format(entries=atom), XML),
            "/j": json_feed,
        },
    )
    assert paths == ["/main", "/sport", "/j"]


async def test_an_address_that_is_a_feed_itself_is_all_that_is_asked(fetcher: Fetcher) -> None:
    paths, site, _ = await look(fetcher, {"/": rss("a")})
    assert (paths, site.asked) == (["/"], ["/"])


async def test_anchors_that_look_like_feeds_are_tried(fetcher: Fetcher) -> None:
    body = (
        '<a href="/news/feeding-the-world">x</a><a href="/section.rss">رياضة</a>'
        '<a href="/f/7">خلاصات RSS</a><a href="https://social.example/feed/share">x</a>'
        '<a href="/story/comments/feed">x</a>'
    )
    paths, site, _ = await look(
        fetcher, {"/": page(body=body), "/section.rss": rss("a"), "/f/7": rss("b")}
    )
    assert paths == ["/section.rss", "/f/7"]
    assert "/news/feeding-the-world" not in site.asked
    assert "/story/comments/feed" not in site.asked


async def test_a_page_that_lists_feeds_is_followed(fetcher: Fetcher) -> None:
    listing = page(body='<a href="/rss/sport.xml">رياضة</a><a href="/rss/art.xml">فن</a>')
    paths, *_ = await look(
        fetcher,
        {
            "/": page(body='<a href="/rss">RSS</a>'),
            "/rss": listing,
            "/rss/sport.xml": rss("a"),
            "/rss/art.xml": rss("b"),
        },
    )
    assert paths == ["/rss/sport.xml", "/rss/art.xml"]


async def test_common_places_are_tried_where_nothing_is_linked(fetcher: Fetcher) -> None:
    paths, site, _ = await look(fetcher, {"/": page(), "/rss.xml": rss("a"), "/feed.xml": rss("b")})
    assert paths == ["/rss.xml"]
    assert "/feed.xml" not in site.asked


async def test_common_places_are_left_alone_where_something_is_linked(fetcher: Fetcher) -> None:
    _, site, _ = await look(fetcher, {"/": page(link("/main")), "/main": rss("a")})
    assert "/feed" not in site.asked


async def test_a_front_page_that_refuses_does_not_hide_the_feed(fetcher: Fetcher) -> None:
    paths, *_ = await look(fetcher, {"/": Reply(status=403), "/feed": rss("a")})
    assert paths == ["/feed"]


async def test_a_news_sitemap_of_robots_is_found_through_an_index(fetcher: Fetcher) -> None:
    index = Reply(
        "<sitemapindex><sitemap><loc>{base}/pages.xml</loc></sitemap>"
        "<sitemap><loc>{base}/sitemap-news.xml</loc></sitemap></sitemapindex>",
        XML,
    )
    paths, site, _ = await look(
        fetcher,
        {
            "/": page(),
            "/robots.txt": Reply("User-agent: *\nsitemap: {base}/all.xml\n", "text/plain"),
            "/all.xml": index,
            "/sitemap-news.xml": news_sitemap("a", "b"),
        },
    )
    assert paths == ["/sitemap-news.xml"]
    assert "/pages.xml" not in site.asked


async def test_the_address_of_an_index_leads_to_its_news(fetcher: Fetcher) -> None:
    index = Reply("<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>", XML)
    paths, site, _ = await look(fetcher, {"/": index, "/news.xml": news_sitemap("a")})
    assert (paths, site.asked) == (["/news.xml"], ["/", "/robots.txt", "/news.xml"])


async def test_a_sitemap_of_pages_is_not_proposed(fetcher: Fetcher) -> None:
    pages = Reply("<urlset><url><loc>{base}/about</loc></url></urlset>", XML)
    paths, *_ = await look(fetcher, {"/": page(), "/sitemap.xml": pages})
    assert paths == []


async def test_two_addresses_of_one_feed_are_proposed_once(fetcher: Fetcher) -> None:
    pages = {
        "/": page(link("/main") + link("/main#top") + link("/main?utm_source=x") + link("/copy")),
        "/main": rss("a", "b"),
        "/copy": rss("b", "a", title="نسخة"),
    }
    paths, site, _ = await look(fetcher, pages)
    assert paths == ["/main"]
    assert site.asked.count("/main") == 1
    assert "/main?utm_source=x" not in site.asked


async def test_a_feed_that_moved_for_good_is_proposed_where_it_lives(fetcher: Fetcher) -> None:
    pages = {
        "/": page(link("/old") + link("/new")),
        "/old": Reply(status=301, location="/new"),
        "/new": rss("a"),
    }
    paths, site, _ = await look(fetcher, pages)
    assert paths == ["/new"]
    assert site.asked.count("/new") == 1


async def test_a_feed_that_another_contains_is_not_proposed(fetcher: Fetcher) -> None:
    paths, *_ = await look(
        fetcher,
        {
            "/": page(link("/all") + link("/sport") + link("/empty")),
            "/all": rss("a", "b", "c"),
            "/sport": rss("b"),
            "/empty": rss(),
        },
    )
    assert paths == ["/all"]


async def test_a_site_without_feeds_gives_a_sentence(fetcher: Fetcher) -> None:
    paths, site, discovery = await look(fetcher, {"/": page()})
    assert paths == []
    assert nothing_found(discovery) == (
        f"no feed found at {site.base}/: addresses asked, none of which holds one: "
        f"{len(site.asked)} (the page, its links, common places, sitemaps)"
    )


async def test_a_feed_of_the_list_is_named_and_not_proposed(fetcher: Fetcher) -> None:
    *_, discovery = await look(fetcher, {"/": rss("a")})
    [found] = discovery.found
    listed = Feed("mine", found.proposed.url, "م", "م", "XX", "UTC")
    text = proposals(discovery, [listed])
    assert f"# in the list already, as mine: {listed.url}\n" in text
    assert "- id:" not in text


async def test_a_title_cannot_add_a_feed_to_the_list(fetcher: Fetcher) -> None:
    evil = "x\n- id: evil\n  url: https://evil.example/\u2028- id: evil2\x85\x1b[31m"
    *_, discovery = await look(fetcher, {"/": rss("a", title=evil)})
    rows, mistakes = read_rows(f"feeds:\n{proposals(discovery)}")
    assert (len(rows), mistakes) == (1, [])
