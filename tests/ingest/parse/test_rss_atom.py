"""From bytes to entries: every format, every lie about the encoding, every broken document."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import feedparser
import pytest

from ingest.parse.feedparser_limits import read_feed
from ingest.parse.repair.xml_repair import repair_xml
from nabaa.types import Media
from tests.ingest.parse.golden.expected import TITLE
from tests.support.parsed_feeds import (
    CLOSE,
    FEED,
    GOLDEN,
    LACKS,
    OPEN,
    as_expected,
    expected,
    only,
    parse,
)


@pytest.mark.parametrize("name", LACKS)
def test_every_format_says_the_same(name: str) -> None:
    parsed = parse((GOLDEN / f"{name}.xml").read_bytes())
    assert parsed.title == TITLE
    assert [as_expected(entry) for entry in parsed.entries] == expected(name)


@pytest.mark.parametrize("name", LACKS)
def test_the_format_is_named(name: str) -> None:
    assert parse((GOLDEN / f"{name}.xml").read_bytes()).format.startswith(name)


@pytest.mark.parametrize("name", LACKS)
def test_every_encoding_says_the_same(name: str) -> None:
    written = (GOLDEN / f"{name}.xml").read_text(encoding="utf-8")
    read = {}
    for encoding in ("windows-1256", "iso-8859-6", "utf-16", "utf-8-sig"):
        for label in (None, encoding.removesuffix("-sig"), "utf-8", "iso-8859-1"):
            text = written.replace(' encoding="utf-8"', f' encoding="{label}"' if label else "")
            header = f"text/xml; charset={label}" if label else "text/xml"
            parsed = parse(text.encode(encoding), header)
            read[encoding, label] = [as_expected(entry) for entry in parsed.entries]
    assert read == dict.fromkeys(read, expected(name))


@pytest.mark.parametrize("name", LACKS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_bounded_reader_says_what_feedparser_says(name: str) -> None:
    body = (GOLDEN / f"{name}.xml").read_bytes()
    bounded = read_feed(repair_xml(body.decode()).document.encode(), FEED.url)
    plain = feedparser.parse(
        io.BytesIO(body),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": FEED.url,
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    assert [dict(entry) for entry in bounded.entries] == [dict(entry) for entry in plain.entries]


def test_relative_links_are_resolved_against_the_address_that_answered() -> None:
    body = OPEN + "<item><title>خبر</title><link>/news/7</link></item>" + CLOSE
    (entry,) = parse(body, url="https://www.sabah.example/feeds/rss").entries
    assert entry.url == "https://www.sabah.example/news/7"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/b"])
def test_links_that_are_not_of_the_web_are_dropped(link: str) -> None:
    assert only(f"<item><guid>1</guid><title>خبر</title><link>{link}</link></item>").url == ""


def test_a_guid_is_kept_as_written_wherever_the_feed_moves() -> None:
    body = OPEN + "<item><guid>news-7</guid><title>خبر</title></item>" + CLOSE
    (here,) = parse(body).entries
    (there,) = parse(body, url="https://other.example/rss").entries
    assert (here.guid, here.fingerprint) == ("news-7", there.fingerprint)


def test_a_guid_that_is_an_address_stands_for_a_missing_link() -> None:
    entry = only("<item><guid>https://sabah.example/news/7</guid><title>خبر</title></item>")
    assert entry.url == "https://sabah.example/news/7"


def test_of_one_text_under_two_headlines_the_longer_headline_is_kept() -> None:
    item = "<item><guid>7</guid><title>{}</title><description>نص</description></item>"
    parsed = parse(OPEN + item.format("الأول") + item.format("الأول: تصحيح") + CLOSE)
    assert [entry.title for entry in parsed.entries] == ["الأول: تصحيح"]


def test_items_that_share_all_but_their_words_are_entries_of_their_own() -> None:
    item = "<item><guid>7</guid><title>{}</title></item>"
    parsed = parse(OPEN + item.format("الأول") + item.format("الثاني") + CLOSE)
    assert [entry.title for entry in parsed.entries] == ["الأول", "الثاني"]


def test_a_guid_on_all_items_loses_none_of_them() -> None:
    item = "<item><guid>x</guid><link>https://sabah.example/{}</link><title>خبر</title></item>"
    assert len(parse(OPEN + item.format(1) + item.format(2) + CLOSE).entries) == 2


def test_an_item_that_says_nothing_is_counted() -> None:
    parsed = parse(OPEN + "<item><author>x@y.example</author></item><item/>" + CLOSE)
    assert (parsed.entries, parsed.skipped) == ((), 2)


def test_an_item_of_text_alone_is_an_entry() -> None:
    assert only("<item><description>نص بلا عنوان</description></item>").fingerprint


def test_a_date_without_a_zone_is_the_outlets() -> None:
    entry = only("<item><title>خبر</title><pubDate>٢٨ شباط ٢٠٢٦ ٢:٠٥ م</pubDate></item>")
    assert entry.published == datetime(2026, 2, 28, 11, 5, tzinfo=UTC)


def test_a_nonsense_date_is_none() -> None:
    date = "<pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>"
    assert only(f"<item><title>خبر</title>{date}</item>").published is None


def test_a_later_update_is_kept_beside_the_publication() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>خبر</title>'
        "<published>2026-03-01T08:00:00Z</published><updated>2026-03-01T09:00:00Z</updated>"
        "</entry></feed>"
    )
    (entry,) = parse(body).entries
    assert (entry.published, entry.updated) == (
        datetime(2026, 3, 1, 8, tzinfo=UTC),
        datetime(2026, 3, 1, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("desk@sabah.example (سلمى عوض)", "سلمى عوض"),
        ("سلمى عوض &lt;desk@sabah.example&gt;", "سلمى عوض"),
        ("desk@sabah.example", ""),
        ("سلمى عوض", "سلمى عوض"),
    ],
)
def test_an_author_is_a_name_and_no_address(author: str, name: str) -> None:
    assert only(f"<item><title>خبر</title><author>{author}</author></item>").author == name


def test_plain_text_of_atom_is_escaped_to_markup() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        "<title>أقل من &lt;5&gt;</title><content>2 &lt; 3</content></entry></feed>"
    )
    (entry,) = parse(body).entries
    assert (entry.title, entry.content_html) == ("أقل من &lt;5&gt;", "2 &lt; 3")


def test_the_caption_of_a_picture_is_not_the_content() -> None:
    root = OPEN.replace("<rss", '<rss xmlns:media="http://search.yahoo.com/mrss/"')
    entry = only(
        "<item><title>خبر</title><description>نص الخبر الكامل هنا</description><media:content "
        'url="//img.example/1.jpg"><media:description>صورة</media:description></media:content>'
        '<media:thumbnail url="https://img.example/t.jpg"/>'
        '<enclosure url="https://img.example/1.jpg" type="image/jpeg" length="0"/></item>',
        root,
    )
    assert (entry.summary_html, entry.content_html) == ("نص الخبر الكامل هنا", "")
    assert entry.media == (
        Media("https://img.example/1.jpg", "image/jpeg"),
        Media("https://img.example/t.jpg"),
    )
