"""Documents made to stall, to crash or to fill the memory: each costs a bounded time.

The time is CPU time of this process, with ten times what a quiet machine needs as its limit.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import pytest

from config.feed_yaml import composed_rows
from config.opml import read_opml
from ingest.fetch.robots import MAX_CACHE_BYTES, RobotsGuard
from ingest.identity.addresses import web_address
from ingest.identity.canonical import address_key, canonical_url
from ingest.identity.fingerprint import Identity
from ingest.identity.same_article import article_keys
from ingest.model import Fetched
from ingest.parse.dispatch import read_document
from ingest.parse.fast.namespaces import FastPathUnsupportedError
from ingest.parse.fast.reader import read_fast
from ingest.parse.fast.scanner import scan
from ingest.parse.feedparser_limits import MAX_TAGS, describe_old_expat
from ingest.parse.item import MAX_AUTHOR, MAX_CAPTION, MAX_GUID, MAX_MEDIA, MAX_TEXT, MAX_TITLE
from ingest.parse.rss_atom import open_feed
from ingest.schedule.publisher_hints import document_hints
from nabaa.errors import ConfigError
from nabaa.filters.words import WordTest, has_words
from tests.support.faults.hostile_items import HOST, PLACES, RSS, SUBSETS
from tests.support.parsed_feeds import FEED, NOW, answer, parse
from workers.text.html import html_to_text
from workers.text.page.read import read_article_page

SECONDS = 2.0


def within(seconds: float, work: Callable[[], object]) -> None:
    start = time.process_time()
    work()
    assert time.process_time() - start < seconds


@pytest.mark.parametrize("place", PLACES)
def test_a_host_of_combining_marks_stalls_nothing(place: str) -> None:
    fetched = answer(f"{RSS}<item><title>خبر</title>{PLACES[place]}</item></channel></rss>")
    within(SECONDS, lambda: read_fast(fetched, FEED))
    within(SECONDS, lambda: read_document(fetched, FEED, NOW))


@pytest.mark.parametrize("key", ["id", "url", "external_url", "image", "banner_image"])
def test_a_host_of_combining_marks_in_json_stalls_nothing(key: str) -> None:
    item = {"id": "1", "title": "خبر", key: HOST}
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
    within(SECONDS, lambda: read_document(answer(body), FEED, NOW))


@pytest.mark.parametrize("work", [canonical_url, address_key, web_address])
def test_a_text_is_measured_before_it_is_parsed_as_an_address(work: Callable[[str], str]) -> None:
    within(0.5, lambda: work(HOST))


def test_identities_of_combining_marks_stall_nothing() -> None:
    within(SECONDS, lambda: article_keys([Identity(HOST, HOST, "خبر", "")]))


@pytest.mark.parametrize("name", SUBSETS)
def test_no_parser_sees_what_a_doctype_declares(name: str) -> None:
    body = (
        f"<!DOCTYPE rss [{SUBSETS[name]}]><rss version='2.0'><channel><title>أ</title>"
        + "<item><guid>1</guid><title>&a;</title></item>" * 50
        + "</channel></rss>"
    )
    fetched = answer(body)
    with pytest.raises(FastPathUnsupportedError, match="a document type"):
        scan(fetched.body, FEED.url)
    assert b"<!DOCTYPE" not in open_feed(fetched, FEED).document
    within(SECONDS, lambda: read_fast(fetched, FEED))
    within(SECONDS, lambda: parse(body))


def test_a_sitemap_is_read_without_what_its_doctype_declares() -> None:
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    body = (
        f'<!DOCTYPE urlset><urlset xmlns:news="{news}"><url><loc>https://sabah.example/1</loc>'
        "<news:news><news:title>خبر</news:title></news:news></url></urlset>"
    )
    assert len(read_document(answer(body), FEED, NOW).entries) == 1


def test_opml_with_a_doctype_is_refused_unread() -> None:
    body = f"<!DOCTYPE opml [{SUBSETS['nested']}]><opml><body/></opml>".encode()
    with pytest.raises(ConfigError, match="must not have a DOCTYPE"):
        read_opml(body, "list.opml")


def test_an_old_expat_is_told() -> None:
    assert describe_old_expat((2, 7, 1)) is None
    told = describe_old_expat((2, 5, 0))
    assert told is not None
    assert "expat 2.5.0" in told


def test_every_field_has_a_limit_and_what_was_cut_is_told() -> None:
    media = "".join(f'<media:content url="https://a.example/{n}.jpg"/>' for n in range(2_000))
    tags = "".join(f"<category>{n}</category>" for n in range(1_000))
    caption = f"<media:description>{'ت' * 50_000}</media:description>"
    [entry] = (
        parsed := parse(
            f"{RSS}<item><guid>{'g' * 100_000}</guid><title>{'ع' * 100_000}</title>"
            f"<author>{'م' * 100_000}</author><description>{'ن' * 2_000_000}</description>"
            f"{media}{caption}{tags}</item></channel></rss>"
        )
    ).entries
    assert len(entry.guid) == MAX_GUID
    assert len(entry.title) == MAX_TITLE
    assert len(entry.summary_html) == MAX_TEXT
    assert len(entry.author) <= MAX_AUTHOR
    assert len(entry.media) == MAX_MEDIA
    assert max(len(each.title) for each in entry.media) <= MAX_CAPTION
    assert len(entry.categories) <= MAX_TAGS
    told = " ".join(parsed.notices)
    assert all(f"{field} in 1 items" in told for field in ("guid", "media", "text", "title"))


def test_delivered_addresses_carry_neither_controls_nor_quotes_nor_users() -> None:
    link = "https://me:word@sabah.example/a\u202e'\u0007\"<b>\U000e0041?q='x'"
    [entry] = parse(
        f"{RSS}<item><title>خبر</title><link><![CDATA[{link}]]></link></item></channel></rss>"
    ).entries
    assert entry.url == "https://sabah.example/a%27%22%3Cb%3E?q=%27x%27"


def test_one_address_in_many_folders_stalls_no_list() -> None:
    folders = "".join(
        f'<outline text="f{n}"><outline text="a" xmlUrl="https://a.example/rss"/></outline>'
        for n in range(4_000)
    )
    body = f"<opml><body>{folders}</body></opml>".encode()
    within(10, lambda: read_opml(body, "list.opml"))


def test_aliases_of_yaml_stall_no_list() -> None:
    lists = "\n".join(f"  - &l{n + 1} [*l{n}, *l{n}, *l{n}, *l{n}]" for n in range(40))
    within(10, lambda: composed_rows(f"x:\n  - &l0 [a]\n{lists}\nfeeds:\n  - tags: *l40\n"))


def test_hints_are_looked_for_at_the_ends_of_a_document_only() -> None:
    within(0.5, lambda: document_hints(b"<a" * 5_000_000))


@pytest.mark.parametrize("unit", ["<table><tr><td>x</td></tr></table>", "<p>x</p>", "<td>x"])
def test_a_page_of_very_many_elements_is_read_in_bounded_time(unit: str) -> None:
    page = f"<html><body>{unit * (400_000 // len(unit))}</body></html>"
    within(15, lambda: read_article_page(page, "", is_article=True))
    within(SECONDS, lambda: html_to_text(page))


@pytest.mark.parametrize("kind", ["loose", "prefix"])
def test_a_long_word_is_looked_through_once_for_a_subscription(
    kind: Literal["loose", "prefix"],
) -> None:
    within(SECONDS, lambda: has_words(f" س{'كتب' * 500_000} ", WordTest(("كتب",), kind)))


@pytest.mark.anyio
async def test_the_rules_of_many_sites_take_a_bounded_memory() -> None:
    body = b"User-agent: *\n" + b"Disallow: /x\n" * 30_000

    class ManySites:
        async def fetch(self, _: str, url: str, **__: object) -> Fetched:
            return Fetched(url, url, None, 200, {}, body, 0.0, datetime.now(UTC))

    guard = RobotsGuard(ManySites())  # type: ignore[arg-type]
    for number in range(12):
        assert await guard.allows(f"https://s{number}.example/a")
    assert guard.kept_bytes <= MAX_CACHE_BYTES
    assert guard.kept_bytes > 0
