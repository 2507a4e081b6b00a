"""From the body of a feed to its entries, through feedparser.

What an entry means is decided here: which link, which date, which text. Cleaning the texts is left
to the workers; whether an entry is new, to the poll.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.model import Feed
from ingest.identity.fingerprint import Identity, fingerprints
from ingest.model import Entry, Fetched, ParsedFeed
from ingest.parse.charset import decode_feed
from ingest.parse.dates import parse_date, sane_date
from ingest.parse.feedparser_limits import TooComplexError, read_feed
from ingest.parse.item import author_names, is_tracker, web_address
from ingest.parse.xml_repair import NotAFeedError, repair_xml
from nabaa.errors import ParseError
from nabaa.types import Media

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})


class FeedDocument(NamedTuple):
    """The body of a feed as one XML document.

    Attributes:
        document: UTF-8, with an XML declaration that says so.
        encoding: that of the body.
        cut: the body ended before the end of the root; `document` ends with its last whole item.
    """

    document: bytes
    encoding: str
    cut: bool


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
    return FeedDocument(repaired.document.encode("utf-8", "replace"), encoding, repaired.cut)


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
    items: list[dict[str, Any]] = read.entries
    if not (items or read.version):
        raise ParseError(feed.id, "the body is XML with the root of a feed but nothing of one")
    entries, skipped = _entries(items, read.version.startswith("atom"), feed, fetched, now)
    return ParsedFeed(
        title=_text(read.feeddata, "title"),
        format=read.version,
        encoding=document.encoding,
        entries=tuple(entries),
        skipped=skipped,
        cut=document.cut,
        language=_text(read.feeddata, "language"),
        hubs=_feed_links(read.feeddata, "hub"),
        self_url=next(iter(_feed_links(read.feeddata, "self")), ""),
    )


def _feed_links(feeddata: dict[str, Any], relation: str) -> tuple[str, ...]:
    """Return the addresses that a document gives itself in a relation."""
    links = (link for link in _records(feeddata, "links") if link.get("rel") == relation)
    return tuple(filter(None, (_text(link, "href") for link in links)))


def _entries(
    items: Sequence[dict[str, Any]], is_atom: bool, feed: Feed, fetched: Fetched, now: datetime
) -> tuple[list[Entry], int]:
    zone = ZoneInfo(feed.timezone)
    identified = [(item, identity) for item in items if (identity := _identity(item))]
    skipped = len(items) - len(identified)
    entries: dict[str, Entry] = {}
    found = fingerprints([identity for _, identity in identified])
    for (item, identity), entry_fingerprint in zip(identified, found, strict=True):
        if entry_fingerprint not in entries:
            entries[entry_fingerprint] = _entry(
                item, identity, entry_fingerprint, is_atom, feed, zone, fetched, now
            )
    return list(entries.values()), skipped


def _entry(
    item: dict[str, Any],
    identity: Identity,
    entry_fingerprint: str,
    is_atom: bool,
    feed: Feed,
    zone: ZoneInfo,
    fetched: Fetched,
    now: datetime,
) -> Entry:
    summary, content = _texts(item, is_atom)
    published, updated = _dates(item, zone, now)
    return Entry(
        feed=feed,
        fingerprint=entry_fingerprint,
        guid=identity.guid,
        url=identity.url,
        title=_markup(item, "title", is_atom),
        summary_html=summary,
        content_html=content,
        author=_author(item),
        published=published,
        updated=updated,
        categories=_categories(item),
        media=_media(item, fetched.final_url),
        fetched_at=fetched.fetched_at,
    )


def _identity(item: dict[str, Any]) -> Identity | None:
    """Return what identifies an item, or None where it says nothing at all."""
    guid = _text(item, "id")
    url = _link(item)
    contents = (content.get("value") or "" for content in _records(item, "content"))
    title = _text(item, "title") or _text(item, "summary") or next(filter(None, contents), "")
    if not (guid or url or title):
        return None
    return Identity(guid, url, title, next(_date_texts(item), ""))


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


def _dates(
    item: dict[str, Any], zone: ZoneInfo, now: datetime
) -> tuple[datetime | None, datetime | None]:
    read = (sane_date(parse_date(text, zone), now) for text in _date_texts(item))
    published = next(filter(None, read), None)
    updated = sane_date(parse_date(_text(item, "updated"), zone), now)
    return published, updated if updated != published else None


def _categories(item: dict[str, Any]) -> tuple[str, ...]:
    terms = ((tag.get("label") or tag.get("term") or "").strip() for tag in _records(item, "tags"))
    return tuple(dict.fromkeys(filter(None, terms)))


def _media(item: dict[str, Any], base_url: str) -> tuple[Media, ...]:
    """Return the files that the item points to, each address once."""
    enclosures = [link for link in _records(item, "links") if link.get("rel") == "enclosure"]
    found: dict[str, Media] = {}
    for record in (
        *enclosures,
        *_records(item, "media_content"),
        *_records(item, "media_thumbnail"),
    ):
        address = _text(record, "href") or _text(record, "url")
        url = web_address(address, base_url)
        size = _text(record, "width"), _text(record, "height")
        if url and url not in found and not is_tracker(url, *size):
            length_text = _text(record, "length") or _text(record, "filesize")
            # RSS 2.0 has length="0" where the publisher does not know.
            is_length = length_text.isdecimal() and len(length_text) < 16
            length = int(length_text) or None if is_length else None
            found[url] = Media(url, _text(record, "type").lower(), length, _text(record, "title"))
    return tuple(found.values())


def _text(record: dict[str, Any], key: str) -> str:
    # dict.get, because feedparser's own maps a missing `updated` to `published`, with a warning.
    value = dict.get(record, key)
    return value.strip() if isinstance(value, str) else ""


def _records(item: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = dict.get(item, key)
    return (
        [record for record in value if isinstance(record, dict)] if isinstance(value, list) else []
    )
