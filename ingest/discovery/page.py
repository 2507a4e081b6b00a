"""What a page of a site says about its feeds: the links in its head, and anchors that look like it.

Nothing is fetched here, and nothing promised: whether an address holds a feed shows when it is
asked, which is `ingest.discovery.search`'s part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from lxml import etree

from ingest.identity.addresses import web_address

MAX_PAGE = 3_000_000
"""Code points of a page that are read."""

MAX_LINKS = 50
"""Addresses that are taken from one page, of each kind."""

_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/rss",
        "application/atom",
        "application/xml",
        "text/xml",
        "text/rss",
        "text/rss+xml",
    }
)
# A whole word of an address: `/rss`, `/feed/`, `index.rdf`, `?format=feed`, `rssnews.xml`.
_FEED_WORD = re.compile(
    r"(?<![a-z])(?:rss\d*|feeds?|atom|rdf)(?![a-z])|(?<![a-z])rss[a-z_]*\.\w+(?:\?|$)"
)
_FEED_TEXT = re.compile(r"(?<![a-z])(?:rss|atom feed)(?![a-z])|خلاصات|تلقيمات")
# Comments on articles are no news, and these are places where a feed is put and not had.
_NO_FEED = re.compile(
    r"/comments(?:[/?]|$)|comments-rss|[?&]replytocom|/oembed|/wp-json/"
    r"|\b(?:feedly|netvibes|newsblur|inoreader)\.com",
)

_FEED_PATHS = (
    *("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "feed.json", "index.xml"),
    *("rss.php", "rss.aspx", "index.rss", "feeds", "ar/rss", "ar/feed"),
)
_SITEMAP_PATHS = ("sitemap.xml", "news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes:
        site_name: of the site, or of the page where it names none; may be empty.
        language: as the page declares it, or an empty string.
        alternates: addresses that it names as feeds, absolute, each once.
        anchors: addresses of links that look like feeds, absolute, each once.
    """

    site_name: str
    language: str
    alternates: tuple[str, ...]
    anchors: tuple[str, ...]


def read_page(text: str, url: str) -> Page:
    """Read an HTML page, or whatever else a text is; never fails, linear in its length.

    Args:
        text: of the page; the first `MAX_PAGE` code points are read.
        url: where it was found, which relative links are resolved against.
    """
    target = _Links()
    # Events, not a tree, so that neither depth nor size costs memory.
    parser = etree.HTMLParser(
        target=target,  # type: ignore[arg-type]  # str where the stubs allow bytes as well
        encoding="utf-8",
        huge_tree=True,
    )
    source = text[:MAX_PAGE].encode("utf-8", "ignore")
    if source.strip():
        etree.fromstring(source, parser)
    base = web_address(target.base, url) or url
    alternates = _addresses(target.alternates, base)
    return Page(
        site_name=target.site_name or target.title,
        language=target.language,
        alternates=alternates,
        anchors=tuple(
            each for each in _addresses(target.anchors, base, url) if each not in alternates
        ),
    )


def is_feed_like(address: str) -> bool:
    """Tell whether an address looks like that of a feed by the words of its path and query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    words = f"{parts.path}?{parts.query}".lower()
    return bool(_FEED_WORD.search(words)) or (parts.hostname or "").startswith(("feeds.", "rss."))


def common_feed_addresses(url: str) -> tuple[str, ...]:
    """Return where sites commonly have a feed, the likeliest first.

    Args:
        url: absolute, of a page of the site; a section of it is tried before the root.
    """
    path = urlsplit(url).path
    section = path.rpartition("/")[0] + "/" if "." in path.rpartition("/")[2] else f"{path}/"
    places = [f"{section}{name}" for name in _FEED_PATHS[:2]] if section.strip("/") else []
    places += [f"/{name}" for name in _FEED_PATHS]
    return tuple(dict.fromkeys(web_address(re.sub("//+", "/", place), url) for place in places))


def common_sitemap_addresses(url: str) -> tuple[str, ...]:
    """Return where sites commonly have a sitemap, when robots.txt names none."""
    return tuple(web_address(f"/{name}", url) for name in _SITEMAP_PATHS)


def _is_of_site(address: str, url: str) -> bool:
    """Tell whether an address is on the same site as a page, or on a host that is for feeds."""
    host, site = ((urlsplit(each).hostname or "").removeprefix("www.") for each in (address, url))
    is_near = host == site or host.endswith(f".{site}") or site.endswith(f".{host}")
    return is_near or host.startswith(("feeds.", "rss.")) or "feedburner" in host


def _addresses(written: Iterable[str], base: str, site: str = "") -> tuple[str, ...]:
    """Return the first `MAX_LINKS` that may be feeds, each once; with `site`, only of that one."""
    found: dict[str, None] = {}
    for each in written:
        address = web_address(each, base).partition("#")[0]
        is_other = bool(_NO_FEED.search(address.lower()))
        if address and not is_other and (not site or _is_of_site(address, site)):
            found[address] = None
        if len(found) == MAX_LINKS:
            break
    return tuple(found)


class _Links:
    """Takes the events of the parser and keeps what speaks of feeds."""

    def __init__(self) -> None:
        self.base = ""
        self.language = ""
        self.site_name = ""
        self.title = ""
        self.alternates: list[str] = []
        self.anchors: list[str] = []
        self._href = ""
        self._words: list[str] = []
        self._inside = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        match tag:
            case "html":
                self.language = self.language or attributes.get("lang", "").strip()
            case "base":
                self.base = self.base or attributes.get("href", "")
            case "meta":
                named = attributes.get("property") or attributes.get("name")
                if named in ("og:site_name", "application-name") and not self.site_name:
                    self.site_name = " ".join(attributes.get("content", "").split())
            case "link":
                self._link(attributes)
            case "title":
                self._inside = tag
            case "a":
                self._end_anchor()
                self._inside, self._href = tag, attributes.get("href", "")
                self._words.append(attributes.get("title", ""))
        if self._inside == "a" and tag == "img":
            self._words.append(attributes.get("alt", ""))

    def data(self, data: str) -> None:
        # Nothing that is said of a feed is longer.
        if self._inside == "a" and len(self._words) < 20:
            self._words.append(data[:200])
        elif self._inside == "title" and len(self.title) < 500:
            self.title += data[:500]

    def end(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""
        if tag == "a":
            self._end_anchor()
        elif tag == "title":
            self.title = " ".join(unescape(self.title).split())

    def close(self) -> None:
        self._end_anchor()

    def _link(self, attributes: Mapping[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        href = attributes.get("href", "")
        is_alternate = "alternate" in relations and kind in _FEED_TYPES
        if href and (is_alternate or "feed" in relations):
            self.alternates.append(href)

    def _end_anchor(self) -> None:
        words = " ".join(self._words).lower()
        has_room = len(self.anchors) < 20 * MAX_LINKS
        if has_room and self._href and (is_feed_like(self._href) or _FEED_TEXT.search(words)):
            self.anchors.append(self._href)
        self._href = ""
        self._words.clear()
