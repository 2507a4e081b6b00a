"""Which hub an answer names: headers before the document, addresses only of the web."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.model import Feed
from ingest.model import Fetched, ParsedFeed
from ingest.parse.dispatch import read_document
from ingest.websub.hub_links import Advert, advertised

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://news.example/feed"
HUB, SELF = "https://hub.example/", "https://news.example/self"


def answer(link: str = "", body: bytes = b"") -> Fetched:
    headers = {"link": link} if link else {}
    return Fetched(URL, URL, None, 200, headers, body, 0.1, NOW)


def document(hub: str = "", self_url: str = "") -> ParsedFeed:
    return ParsedFeed("", "rss20", "utf-8", (), hubs=(hub,) if hub else (), self_url=self_url)


@pytest.mark.parametrize(
    "link",
    [
        f'<{HUB}>; rel="hub", <{SELF}>; rel="self"',
        f"<{HUB}>;rel=hub,<{SELF}>;rel=self",
        f'<{SELF}>; title="a, b; rel=hub"; rel="self",  <{HUB}>; REL="Hub preconnect"',
        f'<https://x.example/>; rel="alternate", <{HUB}>; rel=hub; rel=self, <{SELF}>; rel=self',
    ],
)
def test_a_link_header_names_hub_and_topic(link: str) -> None:
    assert advertised(answer(link), document()) == Advert((HUB,), SELF, URL)


def test_every_hub_is_named_once() -> None:
    link = f"<{HUB}>; rel=hub, <https://b.example/>; rel=hub, <{HUB}>; rel=hub"
    assert advertised(answer(link), document()) == Advert((HUB, "https://b.example/"), URL, URL)


def test_the_header_counts_before_the_document() -> None:
    named = document("https://other.example/", "https://other.example/feed")
    assert advertised(answer(f"<{HUB}>; rel=hub, <{SELF}>; rel=self"), named) == Advert(
        (HUB,), SELF, URL
    )


def test_without_a_self_link_the_address_that_answered_is_the_topic() -> None:
    assert advertised(answer(), document(HUB)) == Advert((HUB,), URL, URL)


def test_a_relative_hub_is_resolved() -> None:
    assert advertised(answer("</hub>; rel=hub"), document()) == Advert(
        ("https://news.example/hub",), URL, URL
    )


@pytest.mark.parametrize(
    "link",
    [
        "",
        "<javascript:alert(1)>; rel=hub",
        f"<https://hub.example/{'x' * 2000}>; rel=hub",
        f'<{HUB}>; rel="hubs"',
        f"{HUB}; rel=hub",
        "<" * 5000 + '; rel="hub"',
    ],
)
def test_what_is_no_hub_is_none(link: str) -> None:
    assert advertised(answer(link), document()) is None


LINKS = f'rel="hub" href="{HUB}"/>{{0}} rel="self" href="{SELF}"/>'


@pytest.mark.parametrize(
    "body",
    [
        f'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>x</title>'
        f"<a:link {LINKS.format('<a:link')}<item><title>y</title></item></channel></rss>",
        f'<feed xmlns="http://www.w3.org/2005/Atom"><link {LINKS.format("<link")}'
        "<entry><id>1</id><title>y</title></entry></feed>",
        f'{{"version": "https://jsonfeed.org/version/1.1", "feed_url": "{SELF}", "items": [],'
        f'"hubs": [3, {{"type": "rssCloud", "url": "x"}}, {{"type": "WebSub", "url": "{HUB}"}}]}}',
    ],
    ids=["rss", "atom", "json"],
)
def test_every_format_names_its_hub(feed: Feed, body: str) -> None:
    fetched = answer(body=body.encode())
    parsed = read_document(fetched, feed, NOW)
    assert advertised(fetched, parsed) == Advert((HUB,), SELF, URL)


def test_a_hub_that_an_item_names_is_not_the_feeds(feed: Feed) -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>1</id>'
        f'<title>y</title><link rel="hub" href="{HUB}"/></entry></feed>'
    )
    fetched = answer(body=body.encode())
    assert advertised(fetched, read_document(fetched, feed, NOW)) is None
