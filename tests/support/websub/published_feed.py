"""The feeds of a publisher with a hub, in three formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

Naming = Literal["header", "rss", "atom", "json", "none"]
"""Where a feed names its hub: in a header, in its document of that format, or nowhere."""

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """A feed with its hub.

    Attributes:
        title: name of the feed.
        topic: its address.
        hub: address of the hub.
        items: guid and title of each item, newest first.
    """

    title: str
    topic: str
    hub: str
    items: Sequence[tuple[str, str]]

    def address_of(self, guid: str) -> str:
        """Return the address of the article of an item."""
        return f"{self.topic.partition('/feeds/')[0]}/articles/{guid}"


def content_type(naming: Naming) -> str:
    """Return the Content-Type of a feed that names its hub like that."""
    return "application/feed+json" if naming == "json" else "application/xml"


def write_feed(feed: PublishedFeed, naming: Naming) -> bytes:
    """Write a feed: JSON Feed or Atom where the name of the hub asks for that, otherwise RSS."""
    if naming == "json":
        return _write_json(feed)
    body = _atom(feed) if naming == "atom" else _rss(feed, names_hub=naming == "rss")
    return f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()


def _atom(feed: PublishedFeed) -> str:
    entries = "".join(
        f"<entry><id>{escape(guid)}</id><title>{escape(title)}</title>"
        f'<link href="{feed.address_of(guid)}"/></entry>'
        for guid, title in feed.items
    )
    return (
        f'<feed xmlns="{_ATOM}"><title>{feed.title}</title>'
        f'<link rel="hub" href="{feed.hub}"/><link rel="self" href="{feed.topic}"/>{entries}</feed>'
    )


def _rss(feed: PublishedFeed, names_hub: bool) -> str:
    links = (
        f'<atom:link xmlns:atom="{_ATOM}" rel="hub" href="{feed.hub}"/>'
        f'<atom:link xmlns:atom="{_ATOM}" rel="self" href="{feed.topic}"/>'
    )
    items = "".join(
        f'<item><guid isPermaLink="false">{escape(guid)}</guid>'
        f"<title>{escape(title)}</title><link>{feed.address_of(guid)}</link></item>"
        for guid, title in feed.items
    )
    return (
        f'<rss version="2.0"><channel><title>{feed.title}</title>'
        f"{links if names_hub else ''}{items}</channel></rss>"
    )


def _write_json(feed: PublishedFeed) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "feed_url": feed.topic,
        "hubs": [
            {"type": "rssCloud", "url": "http://cloud.example/"},
            {"type": "WebSub", "url": feed.hub},
        ],
        "items": [
            {"id": guid, "title": title, "url": feed.address_of(guid)} for guid, title in feed.items
        ],
    }
    return json.dumps(document).encode()
