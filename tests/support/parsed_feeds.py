"""Feed documents parsed as a poll parses them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.model import Feed
from ingest.model import Entry, Fetched, ParsedFeed
from ingest.parse.rss_atom import parse_feed
from tests.ingest.parse.golden.expected import ENTRIES

GOLDEN = Path(__file__).parents[1] / "ingest" / "parse" / "golden"


NOW = datetime(2026, 3, 2, tzinfo=UTC)


FEED = Feed(
    id="sabah",
    url="https://sabah.example/rss.xml",
    title="صباح الخير",
    outlet="صحيفة الصباح",
    country="JO",
    timezone="Asia/Amman",
)


# What a format cannot say.
_NOT_BEFORE_RSS20 = {"guid", "content_html", "author", "published"}


LACKS = {
    "rss20": set(),
    "rss10": {"media"},
    "rss092": _NOT_BEFORE_RSS20,
    "rss091": _NOT_BEFORE_RSS20 | {"categories", "media"},
    "rss090": _NOT_BEFORE_RSS20 | {"summary_html", "categories", "media"},
    "atom10": set(),
    "atom03": set(),
}


EMPTY: dict[str, Any] = {"published": None, "categories": (), "media": ()}


OPEN = '<rss version="2.0"><channel><title>أخبار</title>'


CLOSE = "</channel></rss>"


def answer(body: str | bytes, content_type: str = "text/xml", url: str = FEED.url) -> Fetched:
    """The answer of a server with a body."""
    content = body.encode() if isinstance(body, str) else body
    return Fetched(url, url, None, 200, {"content-type": content_type}, content, 0.0, NOW)


def parse(body: str | bytes, content_type: str = "text/xml", url: str = FEED.url) -> ParsedFeed:
    return parse_feed(answer(body, content_type, url), FEED, NOW)


def only(items: str, root: str = OPEN) -> Entry:
    (entry,) = parse(root + items + CLOSE).entries
    return entry


def as_expected(entry: Entry) -> dict[str, Any]:
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary_html": entry.summary_html,
        "content_html": entry.content_html,
        "author": entry.author,
        "published": entry.published.isoformat() if entry.published else None,
        "updated": entry.updated,
        "categories": entry.categories,
        "media": tuple((media.url, media.type, media.length) for media in entry.media),
    }


def expected(name: str) -> list[dict[str, Any]]:
    return [
        {key: EMPTY.get(key, "") if key in LACKS[name] else said for key, said in entry.items()}
        for entry in ENTRIES
    ]
