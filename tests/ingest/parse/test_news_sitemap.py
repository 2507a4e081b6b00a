"""Google News sitemaps to entries; every other sitemap is refused with a sentence that helps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings, strategies as st

from config.model import Feed
from ingest.identity.fingerprint import fingerprint
from ingest.model import Entry, Fetched, ParsedFeed
from ingest.parse.dispatch import read_document
from ingest.parse.news_sitemap import SitemapIndexError
from nabaa.errors import ParseError
from nabaa.types import Media

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = Feed(
    id="sabah",
    url="https://sabah.example/news.xml",
    title="صباح الخير",
    outlet="صحيفة الصباح",
    country="JO",
    timezone="Asia/Amman",
)
OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- made --><?xml-stylesheet href="x.xsl"?>'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
PUBLICATION = (
    "<news:publication><news:name>الصباح</news:name><news:language>ar</news:language>"
    "</news:publication>"
)


def read(body: str | bytes) -> ParsedFeed:
    raw = body.encode() if isinstance(body, str) else body
    headers = {"content-type": "text/xml"}
    return read_document(Fetched(FEED.url, FEED.url, None, 200, headers, raw, 0.1, NOW), FEED, NOW)


def url(news: str, loc: str = "https://sabah.example/news/1", rest: str = "") -> str:
    return f"<url><loc>{loc}</loc><news:news>{PUBLICATION}{news}</news:news>{rest}</url>"


def only(news: str, loc: str = "https://sabah.example/news/1", rest: str = "") -> Entry:
    (entry,) = read(f"{OPEN}{url(news, loc, rest)}</urlset>").entries
    return entry


TITLE = "<news:title>افتتاح معرض الكتاب</news:title>"


def test_every_element_arrives() -> None:
    entry = only(
        f"{TITLE}<news:publication_date>2026-03-01T10:30:00+03:00</news:publication_date>"
        "<news:keywords>ثقافة، كتب, عمّان,ثقافة,</news:keywords>",
        rest="<lastmod>2026-03-01T09:00:00Z</lastmod><image:image><image:loc>/1.jpg</image:loc>"
        "<image:caption>المعرض</image:caption></image:image>",
    )
    assert entry.title == "افتتاح معرض الكتاب"
    assert entry.url == "https://sabah.example/news/1"
    assert entry.published == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    assert entry.updated == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert entry.categories == ("ثقافة", "كتب", "عمّان")
    assert entry.media == (Media("https://sabah.example/1.jpg", title="المعرض"),)
    assert entry.fingerprint == fingerprint("", "https://sabah.example/news/1", "", "")


def test_the_document_tells_its_publication_and_language() -> None:
    parsed = read(f"{OPEN}{url(TITLE)}</urlset>")
    assert (parsed.title, parsed.language, parsed.format) == ("الصباح", "ar", "news-sitemap")


def test_a_day_alone_is_its_midnight_at_the_outlet() -> None:
    entry = only("<news:publication_date>2026-03-01</news:publication_date>")
    assert entry.published == datetime(2026, 2, 28, 21, tzinfo=UTC)


def test_prefixes_may_be_any_and_even_undeclared() -> None:
    body = f"<s:urlset>{url(TITLE).replace('news:', 'n:')}</s:urlset>"
    assert read(body).entries[0].title == "افتتاح معرض الكتاب"


def test_pages_beside_the_news_are_passed_over() -> None:
    parsed = read(f"{OPEN}<url><loc>https://sabah.example/</loc></url>{url(TITLE)}</urlset>")
    assert (len(parsed.entries), parsed.skipped) == (1, 0)


def test_news_that_say_nothing_are_counted() -> None:
    parsed = read(f"{OPEN}{url('', loc='mailto:x')}{url(TITLE)}</urlset>")
    assert (len(parsed.entries), parsed.skipped) == (1, 1)


def test_bare_ampersands_and_entities_are_mended() -> None:
    entry = only(
        "<news:title>&laquo;كتب&raquo; & <![CDATA[ورق & حبر]]></news:title>",
        loc="https://sabah.example/?id=1&page=2",
    )
    assert entry.url == "https://sabah.example/?id=1&page=2"
    assert entry.title == "«كتب» & ورق & حبر"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_any_encoding_is_read_whatever_is_declared(encoding: str) -> None:
    parsed = read(f"{OPEN}{url(TITLE)}</urlset>".encode(encoding))
    assert parsed.entries[0].title == "افتتاح معرض الكتاب"


def test_a_sitemap_without_news_today_is_an_empty_feed() -> None:
    assert read(f"{OPEN}</urlset>").entries == ()
    assert read(f"{OPEN[:-1]}/>").entries == ()


def test_a_document_that_was_cut_off_keeps_its_whole_items() -> None:
    whole = f"{OPEN}{url(TITLE)}{url(TITLE, loc='https://sabah.example/2')}"
    parsed = read(whole + "<url><loc>https://sabah.example/3</loc><news:news><news:title>نص")
    assert [entry.url[-2:] for entry in parsed.entries] == ["/1", "/2"]
    assert parsed.cut


def test_a_sitemap_of_pages_is_refused() -> None:
    with pytest.raises(ParseError, match="the body is a sitemap of pages: it names no news"):
        read("<urlset><url><loc>https://sabah.example/about</loc></url></urlset>")


def test_an_index_names_the_news_sitemap_to_list_in_its_place() -> None:
    listed = "".join(
        f"<sitemap><loc>/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in [
            ("pages", "2026-03-01"),
            ("news-2", "2026-02-01"),
            ("news-1", "2026-02-02"),
        ]
    )
    with pytest.raises(SitemapIndexError, match=r"such as \S+/news-1\.xml") as told:
        read(f"<sitemapindex>{listed}</sitemapindex>")
    assert [each.rpartition("/")[2] for each in told.value.sitemaps] == [
        *("news-1.xml", "news-2.xml", "pages.xml"),
    ]


def test_an_empty_index_is_refused() -> None:
    with pytest.raises(SitemapIndexError, match=r"an index of sitemaps, not a feed$"):
        read("<sitemapindex></sitemapindex>")


def test_an_rss_feed_stays_one() -> None:
    body = "<rss version='2.0'><channel><item><title>&lt;urlset&gt;</title></item></channel></rss>"
    assert read(body).format == "rss20"


HOSTILE = {
    "elements": f"{OPEN}{'<a/>' * 250_000}</urlset>",
    "depth": f"{OPEN}{'<a>' * 150_000}</urlset>",
    "attributes": "<urlset " + " ".join(f'a{n}="1"' for n in range(250_000)) + "></urlset>",
    "namespaces": "<urlset "
    + " ".join(f'xmlns:a{n}="u{n}" a{n}:b="1"' for n in range(50_000))
    + "></urlset>",
    "cut": f"{OPEN}<url>",
    "entities": '<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    "<urlset><url><loc>&b;</loc></url></urlset>",
    "external": '<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset><url>&x;</url></urlset>',
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_document_that_is_made_to_cost_is_refused(attack: str) -> None:
    with pytest.raises(ParseError) as told:
        read(HOSTILE[attack])
    assert "\n" not in str(told.value)


def test_sections_that_are_never_closed_are_read_in_one_pass() -> None:
    assert read(f"{OPEN}{'<![CDATA[' * 500_000}</urlset>").entries == ()


def test_no_file_is_read_for_an_entity() -> None:
    body = (
        '<!DOCTYPE urlset SYSTEM "file:///etc/hostname">'
        f"{OPEN.partition('?>')[2]}{url('<news:title>a&x;b</news:title>')}</urlset>"
    )
    assert [entry.title for entry in read(body).entries] == ["a&x;b"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<url>", "</url>", "<loc>", "</loc>", "<news:news>", "</news:news>", "<url/>"),
                *(
                    "<news:title>",
                    "</news:title>",
                    "https://sabah.example/1",
                    "نص",
                    "&",
                    "<![CDATA[",
                ),
                *(
                    "]]>",
                    "<!--",
                    "-->",
                    "</urlset>",
                    "<",
                    "\x00",
                    "&#55296;",
                    "<sitemap>",
                    "<image:loc>",
                ),
            ]
        ),
        max_size=25,
    )
)
@example(["<!--", "<![CDATA[", "-->", "&#55296;", "</url>"])
def test_any_markup_is_a_feed_or_a_parse_error(parts: list[str]) -> None:
    try:
        read(OPEN + "".join(parts))
    except ParseError as error:
        assert "\n" not in str(error)
