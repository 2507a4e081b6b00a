"""The feeds of a site, found on a real one: what is proposed was fetched and read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from config.feed_yaml import read_rows
from config.model import Feed
from config.settings import Settings
from ingest.discovery.proposal import Discovery, nothing_found, proposals
from ingest.discovery.search import MAX_REQUESTS, MAX_SITEMAPS, discover_feeds
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.support.farm.content.pages import PageSite, Reply, serve_pages

pytestmark = pytest.mark.anyio
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
