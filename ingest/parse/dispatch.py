"""Which reader a body needs: its first characters decide, whatever the Content-Type claims."""

from __future__ import annotations

import re
from datetime import datetime

from config.model import Feed
from ingest.model import Fetched, ParsedFeed
from ingest.parse.json_feed import read_json_feed
from ingest.parse.news_sitemap import read_sitemap
from ingest.parse.rss_atom import parse_feed

_HEAD_BYTES = 16 * 1024
# More than a bracket: a warning of the server's software may begin with one, before the XML.
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[\]{\"]")
_SITEMAP = re.compile(
    r"(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+>)*+"
    r"<(?:[\w.-]{1,64}:)?(?:urlset|sitemapindex)[\s/>]",
    re.DOTALL | re.IGNORECASE,
)


def read_document(fetched: Fetched, feed: Feed, now: datetime) -> ParsedFeed:
    """Read the entries of a document of any format: RSS, Atom, JSON Feed, news sitemap.

    Args:
        fetched: the answer that holds the document.
        feed: the feed it belongs to; dates without a zone are in its timezone.
        now: aware UTC; dates after it are nonsense.

    Returns:
        Its entries in document order, the first of each fingerprint.

    Raises:
        ParseError: the body is none of these, or one made to cost too much.
    """
    head = _head(fetched.body)
    if _JSON.match(head):
        return read_json_feed(fetched, feed, now)
    if _SITEMAP.match(head):
        return read_sitemap(fetched, feed, now)
    return parse_feed(fetched, feed, now)


def is_feed(body: bytes) -> bool:
    """Tell whether `ingest.parse.rss_atom` reads a body, and no reader of another format."""
    head = _head(body)
    return not (_JSON.match(head) or _SITEMAP.match(head))


def _head(body: bytes) -> str:
    # Every encoding of the web has these characters in the bytes of ASCII, UTF-16 with zeros.
    head = body[:_HEAD_BYTES].replace(b"\0", b"").decode("latin-1")
    return head.lstrip("ï»¿þÿ \t\r\n")
