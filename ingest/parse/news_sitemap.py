"""Google News sitemaps to entries, and what an index of sitemaps lists.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap has the format,
https://www.sitemaps.org/protocol.html the one it extends. An ordinary sitemap lists pages and says
of none that it is an article: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from lxml import etree

from config.model import Feed
from ingest.identity.addresses import web_address
from ingest.model import Fetched, ParsedFeed
from ingest.parse.charset import decode_feed, describe_encodings
from ingest.parse.feedparser_limits import MAX_TAGS, TooComplexError
from ingest.parse.item import Item, entries_of
from ingest.parse.newest import MAX_ITEMS, ItemSpans, cut_to_newest, describe_omitted
from ingest.parse.not_a_feed import NotAFeedError
from ingest.parse.pictures import is_tracker
from ingest.parse.repair.xml_repair import repair_references, without_doctype
from nabaa.errors import ParseError
from nabaa.types import Media

FORMAT = "news-sitemap"

MAX_ELEMENTS = 200_000
"""Elements of a document, and attributes: an index of the largest kind has 150,000."""

_MAX_DEPTH = 8  # url/news/publication/name is the deepest that says anything
_NEWS = "google.com/schemas/sitemap-news"
_VERBATIM = re.compile(r"(<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_ROOT_END = re.compile(r"</(?:[\w.-]{1,64}:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]{1,64}:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_ITEM_START = re.compile(r"<(?:[\w.-]{1,64}:)?(?:url|sitemap)[\s>]", re.IGNORECASE)
_EMPTY_ROOT = re.compile(r"<(?:[\w.-]{1,64}:)?(?:urlset|sitemapindex)(?:\s[^<>]*)?/>", re.I)
_ATTRIBUTE = re.compile(r"=\s*[\"']")
_COMMA = re.compile("[,،;؛]")

Record = dict[str, list[str]]
"""The texts of one `url` or `sitemap` element by their path, such as `news/title`."""


class SitemapIndexError(ParseError):
    """The body lists sitemaps, not articles.

    Args:
        feed_id: which feed.
        sitemaps: their addresses, the one that is most likely to hold news first.
    """

    def __init__(self, feed_id: str, sitemaps: tuple[str, ...]) -> None:
        reason = "the body is an index of sitemaps, not a feed"
        if sitemaps:
            reason += f": list a news sitemap that it names in its place, such as {sitemaps[0]}"
        super().__init__(feed_id, reason)
        self.sitemaps = sitemaps


def read_sitemap(fetched: Fetched, feed: Feed, now: datetime) -> ParsedFeed:
    """Read the entries of a news sitemap.

    Args:
        fetched: the answer that holds the document.
        feed: the feed it belongs to; dates without a zone are in its timezone.
        now: aware UTC; dates after it are nonsense.

    Returns:
        An entry for each `url` with a `news` element, in document order, the first of each
        fingerprint. Of a document that was cut off, those that stand whole in it.

    Raises:
        SitemapIndexError: the body is an index of sitemaps.
        ParseError: the body is no news sitemap, or one made to cost too much.
    """
    text, encoding = decode_feed(fetched.body, fetched.headers.get("content-type"))
    text = without_doctype(text)
    try:
        whole, cut = _whole(text)
        whole, omitted = _within_limits(whole)
        root, records = _records(whole)
        if root == "sitemapindex":
            raise SitemapIndexError(feed.id, _preferred(records, fetched.final_url))
        news = _news(records, declared=_NEWS in text)
        items = [_item(record, fetched.final_url) for record in news]
        found = entries_of(items, feed, fetched, now)
    except (NotAFeedError, TooComplexError) as error:
        raise ParseError(feed.id, str(error)) from error
    except etree.XMLSyntaxError as error:
        raise ParseError(feed.id, f"the body is broken XML ({error.msg})") from error
    except UnicodeDecodeError as error:  # what the recovering parser made of a broken reference
        raise ParseError(feed.id, "the body is broken XML (a reference to no character)") from error
    first = news[0] if news else {}
    return ParsedFeed(
        title=_first(first, "news/publication/name"),
        format=FORMAT,
        encoding=encoding,
        entries=found.entries,
        keys=found.keys,
        skipped=found.skipped,
        notices=(*describe_encodings(encoding), *describe_omitted(omitted), *found.notices),
        cut=cut,
        language=_first(first, "news/publication/language"),
    )


def _whole(text: str) -> tuple[str, bool]:
    """Return the document up to its end or, where that is missing, to its last whole item.

    Raises:
        NotAFeedError: it is cut off before the end of its first item.
    """
    if _ROOT_END.search(text) or _EMPTY_ROOT.search(text[:10_000]):
        return text, False
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    if not ends:
        raise NotAFeedError("the body is cut off before the end of its first item")
    return text[: ends[-1]], True


def _within_limits(text: str) -> tuple[str, int]:
    """Return the document with its newest items, and how many were left out."""
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    elements = text.count("<") - text.count("</")
    if len(ends) < 2 or (len(ends) <= MAX_ITEMS and elements <= MAX_ELEMENTS):
        return text, 0
    opened = _ITEM_START.search(text, 0, ends[0])
    limit = max(1, min(MAX_ITEMS, len(ends) * MAX_ELEMENTS * 9 // (10 * elements)))
    return cut_to_newest(text, ItemSpans(opened.start() if opened else ends[0], ends), limit)


def _records(text: str) -> tuple[str, list[Record]]:
    """Return the name of the root element, and what its children say."""
    if next(islice(_ATTRIBUTE.finditer(text), MAX_ELEMENTS, None), None):
        raise TooComplexError(f"the document has over {MAX_ELEMENTS:,} attributes")
    pieces = _VERBATIM.split(text)
    pieces[::2] = map(repair_references, pieces[::2])
    target = _Target()
    # Events, not a tree, so that neither depth nor size costs memory; nothing outside is loaded.
    parser = etree.XMLParser(
        target=target,  # type: ignore[arg-type]  # str where the stubs allow bytes as well
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
    )
    etree.fromstring("".join(pieces).lstrip().encode("utf-8", "ignore"), parser)
    return target.root, target.records


class _Target:
    """Takes the events of the parser; names count without prefix or namespace."""

    def __init__(self) -> None:
        self.root = ""
        self.records: list[Record] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._elements = 0

    def start(self, tag: str, _: object) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise TooComplexError(f"the document has over {MAX_ELEMENTS:,} elements")
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        self._path.append(name)
        self._text.clear()
        if len(self._path) == 1:
            self.root = name
        elif len(self._path) == 2:
            self.records.append({})

    def data(self, data: str) -> None:
        if 3 <= len(self._path) <= _MAX_DEPTH:
            self._text.append(data)

    def end(self, _: str) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        if text and self.records:
            self.records[-1].setdefault("/".join(self._path[2:]), []).append(text)
        self._path.pop()

    def close(self) -> None:
        self._path.clear()


def _news(records: Sequence[Record], *, declared: bool) -> list[Record]:
    """Return the records that are news; where none is, the sitemap is one of pages or empty.

    Args:
        records: of a sitemap.
        declared: whether the document names the namespace of news.

    Raises:
        NotAFeedError: it lists pages, or does not say that it would list news.
    """
    news = [record for record in records if any(path.startswith("news/") for path in record)]
    if not news and (records or not declared):
        raise NotAFeedError("the body is a sitemap of pages: it names no news, only addresses")
    return news


def _item(record: Record, base_url: str) -> Item:
    keywords = _COMMA.split(_first(record, "news/keywords"))
    categories = dict.fromkeys(filter(None, (" ".join(word.split()) for word in keywords)))
    return Item(
        url=web_address(_first(record, "loc"), base_url),
        title=_first(record, "news/title"),
        published=tuple(filter(None, (_first(record, "news/publication_date"),))),
        updated=_first(record, "lastmod"),
        categories=tuple(islice(categories, MAX_TAGS)),
        media=tuple({media.url: media for media in _media(record, base_url)}.values()),
    )


def _media(record: Record, base_url: str) -> Iterator[Media]:
    """Yield the pictures of an article; a caption belongs to one only where there is one."""
    addresses = record.get("image/loc", [])
    captions = record.get("image/caption") or record.get("image/title") or []
    caption = captions[0] if len(addresses) == len(captions) == 1 else ""
    for address in addresses:
        url = web_address(address, base_url)
        if url and not is_tracker(url):
            yield Media(url, title=caption)


def _preferred(records: Sequence[Record], base_url: str) -> tuple[str, ...]:
    """Return the addresses of an index: those that speak of news first, then the newest."""
    named = [
        (url, _first(record, "lastmod"))
        for record in records
        if (url := web_address(_first(record, "loc"), base_url))
    ]
    named.sort(key=lambda each: each[1], reverse=True)
    named.sort(key=lambda each: not is_news_sitemap_name(each[0]))
    return tuple(dict.fromkeys(url for url, _ in named))


def is_news_sitemap_name(url: str) -> bool:
    """Tell whether the address of a sitemap speaks of news."""
    return "news" in url.rpartition("/")[2].lower() or "/news" in url.lower()


def _first(record: Record, path: str) -> str:
    return " ".join(next(iter(record.get(path, ())), "").split())
