"""From the body of a feed to its entries, through feedparser.

What an entry means is decided here: which link, which date, which text. Cleaning the texts is left
to the workers; whether an entry is new, to the poll.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from config.model import Feed
from ingest.identity.addresses import web_address
from ingest.model import Fetched, ParsedFeed
from ingest.parse.charset import decode_feed, describe_encodings
from ingest.parse.feedparser_limits import TooComplexError, read_feed
from ingest.parse.item import Item, author_names, entries_of
from ingest.parse.newest import describe_omitted
from ingest.parse.not_a_feed import NotAFeedError
from ingest.parse.pictures import is_tracker
from ingest.parse.repair.xml_repair import repair_xml
from nabaa.errors import ParseError
from nabaa.types import Media

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})


class FeedDocument(NamedTuple):
    """The body of a feed as one XML document.

    Attributes:
        document: UTF-8, with an XML declaration that says so.
        encoding: that of the body.
        cut: whether the body ended before the end of the root; `document` ends with its last whole
            item then.
        notices: sentences about what was mended or left out.
    """

    document: bytes
    encoding: str
    cut: bool
    notices: tuple[str, ...] = ()


def parse_feed(fetched: Fetched, feed: Feed, now: datetime) -> ParsedFeed:
    """Read the entries of a feed document: RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0.

    Args:
        fetched: the answer that holds the document.
        feed: the feed it belongs to; dates without a zone are in its timezone.
        now: aware UTC; dates after it are nonsense.

    Returns:
        Its entries in document order, the first of each fingerprint. A document that was cut off
        gives the items before the cut.

    Raises:
        ParseError: the body is not a feed, or one made to cost too much.
    """
    return parse_document(open_feed(fetched, feed), fetched, feed, now)


def open_feed(fetched: Fetched, feed: Feed) -> FeedDocument:
    """Decode and mend the body of a feed.

    Args:
        fetched: the answer that holds it.
        feed: the feed it belongs to.

    Raises:
        ParseError: the body is not a feed.
    """
    text, encoding = decode_feed(fetched.body, fetched.headers.get("content-type"))
    try:
        repaired = repair_xml(text)
    except NotAFeedError as error:
        reason = str(error)
        if b"\0" in fetched.body[:1000] and not encoding.startswith(("utf-16", "utf-32")):
            reason = "the body is binary data, not a feed"
        raise ParseError(feed.id, reason) from error
    notices = (*describe_encodings(encoding), *describe_omitted(repaired.omitted))
    document = repaired.document.encode("utf-8", "replace")
    return FeedDocument(document, encoding, repaired.cut, notices)


def parse_document(
    document: FeedDocument, fetched: Fetched, feed: Feed, now: datetime
) -> ParsedFeed:
    """Read the entries of a document that `open_feed` made, or of a part of it.

    Args:
        document: an XML document.
        fetched: the answer that held it.
        feed: the feed it belongs to; dates without a zone are in its timezone.
        now: aware UTC; dates after it are nonsense.

    Raises:
        ParseError: it is one made to cost too much, or holds nothing of a feed.
    """
    try:
        read = read_feed(document.document, fetched.final_url)
    except TooComplexError as error:
        raise ParseError(feed.id, str(error)) from error
    except Exception as error:
        # feedparser may raise anything on hostile markup; whatever it is, there are no entries.
        raise ParseError(feed.id, f"feedparser cannot read it ({error!r:.200})") from error
    if not (read.entries or read.version):
        raise ParseError(feed.id, "the body is XML with the root of a feed but nothing of one")
    is_atom = read.version.startswith("atom")
    items = [_item(item, is_atom, fetched.final_url) for item in read.entries]
    found = entries_of(items, feed, fetched, now)
    return ParsedFeed(
        title=_text(read.feeddata, "title"),
        format=read.version,
        encoding=document.encoding,
        entries=found.entries,
        keys=found.keys,
        skipped=found.skipped,
        notices=(*document.notices, *found.notices),
        cut=document.cut,
        language=_text(read.feeddata, "language"),
        hubs=_feed_links(read.feeddata, "hub"),
        self_url=next(iter(_feed_links(read.feeddata, "self")), ""),
    )


def _feed_links(feeddata: dict[str, Any], relation: str) -> tuple[str, ...]:
    """Return the addresses that a document gives itself in a relation."""
    links = (link for link in _records(feeddata, "links") if link.get("rel") == relation)
    return tuple(filter(None, (_text(link, "href") for link in links)))


def _item(item: dict[str, Any], is_atom: bool, base_url: str) -> Item:
    """Return what an item of feedparser says."""
    summary, content = _texts(item, is_atom)
    return Item(
        guid=_text(item, "id"),
        url=_link(item),
        title=_markup(item, "title", is_atom),
        summary_html=summary,
        content_html=content,
        author=_author(item),
        published=tuple(_date_texts(item)),
        updated=_text(item, "updated"),
        categories=_categories(item),
        media=_media(item, base_url),
        base_url=base_url,
    )


def _link(item: dict[str, Any]) -> str:
    """Return the item's address: before FeedBurner, its link, another one, a guid that is one."""
    alternates = (
        _text(link, "href") for link in _records(item, "links") if link.get("rel") == "alternate"
    )
    candidates = (_text(item, "feedburner_origlink"), _text(item, "link"), *alternates)
    addresses = (web_address(candidate) for candidate in (*candidates, _text(item, "id")))
    return next(filter(None, addresses), "")


def _texts(item: dict[str, Any], is_atom: bool) -> tuple[str, str]:
    """Return summary and content as markup.

    feedparser copies a content to a summary that is missing; then only the content is one. In RSS
    it calls a second description a content, such as the caption of a picture or the same text for
    podcasts; that counts only where it says more than the summary.
    """
    summary = _markup(item, "summary", is_atom) if "summary_detail" in item else ""
    marked_up, plain = "", ""
    for content in _records(item, "content"):
        value, kind = content.get("value") or "", content.get("type")
        if kind in _HTML_TYPES:
            marked_up = max(marked_up, value, key=len)
        elif kind == "text/plain":
            plain = max(plain, html.escape(value, quote=False) if is_atom else value, key=len)
    if marked_up or is_atom or len(plain) > len(summary):
        return summary, marked_up or plain
    return summary, ""


def _markup(item: dict[str, Any], key: str, is_atom: bool) -> str:
    """Return a text as markup; only Atom says which texts are plain, RSS leaves it to guess."""
    detail = dict.get(item, f"{key}_detail")
    plain = is_atom and isinstance(detail, dict) and detail.get("type") == "text/plain"
    return html.escape(_text(item, key), quote=False) if plain else _text(item, key)


def _author(item: dict[str, Any]) -> str:
    """Return the names of the authors; an address of e-mail is no name."""
    names = [_text(author, "name") for author in _records(item, "authors")]
    if not any(names):
        names = [_text(item, "author")]
    return author_names(names)


def _date_texts(item: dict[str, Any]) -> Iterator[str]:
    """Yield the item's dates as written, the date of publication first.

    feedparser files `dc:date` under `updated`: in RSS 1.0 it is the only date there is.
    """
    return filter(None, (_text(item, key) for key in ("published", "created", "updated")))


def _categories(item: dict[str, Any]) -> tuple[str, ...]:
    terms = ((tag.get("label") or tag.get("term") or "").strip() for tag in _records(item, "tags"))
    return tuple(dict.fromkeys(filter(None, terms)))


def _media(item: dict[str, Any], base_url: str) -> tuple[Media, ...]:
    """Return the files that the item points to, each address once, and their captions."""
    enclosures = [link for link in _records(item, "links") if link.get("rel") == "enclosure"]
    found: dict[str, Media] = {}
    for record in (
        *enclosures,
        *_records(item, "media_content"),
        *_records(item, "media_thumbnail"),
        *_records(item, "item_pictures"),
    ):
        address = _text(record, "href") or _text(record, "url")
        url = web_address(address, base_url)
        size = _text(record, "width"), _text(record, "height")
        if url and url not in found and not is_tracker(url, *size):
            length_text = _text(record, "length") or _text(record, "filesize")
            # RSS 2.0 has length="0" where the publisher does not know.
            is_length = length_text.isdecimal() and len(length_text) < 16
            length = int(length_text) or None if is_length else None
            title = _text(record, "caption") or _text(record, "title")
            found[url] = Media(url, _text(record, "type").lower(), length, title)
    return _captioned(list(found.values()), _text(item, "loose_caption"))


def _captioned(media: list[Media], caption: str) -> tuple[Media, ...]:
    """Return files, the first with the caption that stands beside them in the item."""
    if caption and media and not media[0].title:
        media[0] = replace(media[0], title=caption)
    return tuple(media)


def _text(record: dict[str, Any], key: str) -> str:
    # dict.get, because feedparser's own maps a missing `updated` to `published`, with a warning.
    value = dict.get(record, key)
    return value.strip() if isinstance(value, str) else ""


def _records(item: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = dict.get(item, key)
    return (
        [record for record in value if isinstance(record, dict)] if isinstance(value, list) else []
    )
