"""The quick reader in front of feedparser: which items of a body are known, and what the rest says.

Of most bodies that changed, one item is new or none is. Its items are found and fingerprinted in a
fraction of the time that feedparser needs for them; those that are known are cut out, and
feedparser reads what is left: the head of the document and the new items. The result is what it
says of them in the whole document. Where that is not sure, everything goes to feedparser.

What is remembered of a feed, and what becomes of its entries, is left to the poll.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from config.model import Feed
from ingest.identity.canonical import address_key
from ingest.identity.fingerprint import (
    Identity,
    identifying,
    identifying_url,
    own_addresses,
    shared_fingerprints,
)
from ingest.model import Fetched, ParsedFeed
from ingest.parse.charset import decode_feed, decode_part, is_single_byte
from ingest.parse.dispatch import is_feed
from ingest.parse.fast.namespaces import FastPathUnsupportedError
from ingest.parse.fast.scanned import ScannedItem, ScanResult, repaired
from ingest.parse.fast.scanner import Encoding, scan
from ingest.parse.rss_atom import FeedDocument, open_feed, parse_document
from nabaa.errors import ParseError

_CDATA = b"<![CDATA["
_LONG_REFERENCE = re.compile(rb"&#x?[0-9a-fA-F]{9}")  # xml_repair takes it for none


class _WordsNeededError(FastPathUnsupportedError):
    """Only its words identify an item."""


@dataclass(frozen=True, slots=True)
class FastReading:
    """A feed document whose items were found.

    Attributes:
        document: the bytes that the items were found in.
        items: in document order.
        item_fingerprints: the fingerprint of each item.
        encoding: how it was read; see `ingest.parse.fast.scanner`.
        opened: the repaired document, where `document` is not the body itself; else None.
    """

    document: bytes
    items: Sequence[ScannedItem]
    item_fingerprints: Sequence[str]
    encoding: Encoding
    opened: FeedDocument | None

    @property
    def fingerprints(self) -> list[str]:
        """The fingerprints of its entries in document order, each once."""
        return list(dict.fromkeys(self.item_fingerprints))

    @property
    def cut(self) -> bool:
        """Whether the document ends before its end tag."""
        return self.opened is not None and self.opened.cut

    @property
    def texts(self) -> dict[str, bytes]:
        """Title and texts of each entry as they stand in the document, by its fingerprint."""
        texts: dict[str, bytes] = {}
        for item, fingerprint in zip(self.items, self.item_fingerprints, strict=True):
            if fingerprint not in texts:
                texts[fingerprint] = item.words_in(self.document)
        return texts

    @property
    def urls(self) -> Counter[str]:
        """How many entries carry an address."""
        first = dict(zip(reversed(self.item_fingerprints), reversed(self.items), strict=True))
        return Counter(address_key(item.url()) for item in first.values())

    def kept(self, known: Collection[str]) -> list[bool]:
        """Tell of each item whether it is read though some are known.

        One that shares its guid with a new item is: whether a guid identifies depends on all that
        carry it.
        """
        guids = [item.guid.strip() for item in self.items]
        new = [fingerprint not in known for fingerprint in self.item_fingerprints]
        shared = {guid for guid, is_new in zip(guids, new, strict=True) if is_new and guid}
        return [is_new or guid in shared for guid, is_new in zip(guids, new, strict=True)]


def read_fast(fetched: Fetched, feed: Feed) -> FastReading | None:
    """Find the items of a body, without feedparser.

    Args:
        fetched: the answer that holds the body.
        feed: the feed it belongs to.

    Returns:
        What was found, or None where the body is not sure to be read as feedparser reads it.
    """
    if not is_feed(fetched.body):
        return None
    try:
        own = own_addresses(feed.url, fetched.final_url)
        return (
            _read_body(fetched, "utf-8", own)
            or _read_other(fetched, own)
            or _read_repaired(fetched, feed, own)
        )
    except (FastPathUnsupportedError, ParseError):
        return None


def parse_new_items(
    reading: FastReading, known: Collection[str], fetched: Fetched, feed: Feed, now: datetime
) -> ParsedFeed | None:
    """Read with feedparser the entries that are not known.

    Args:
        reading: of the body.
        known: fingerprints.
        fetched: the answer that holds the body.
        feed: the feed it belongs to.
        now: aware UTC; dates after it are nonsense.

    Returns:
        What `ingest.parse.rss_atom.parse_feed` returns of the whole body, without the entries whose
        fingerprints are known; None where feedparser finds other entries than were expected, and
        must read everything.
    """
    try:
        parsed = parse_document(open_new_items(reading, known, fetched, feed), fetched, feed, now)
    except ParseError:
        return None
    found = zip(parsed.entries, parsed.keys, strict=True)
    kept = [(entry, keys) for entry, keys in found if entry.fingerprint not in known]
    if [entry.fingerprint for entry, _ in kept] != [
        fingerprint for fingerprint in reading.fingerprints if fingerprint not in known
    ]:
        return None
    return replace(
        parsed,
        entries=tuple(entry for entry, _ in kept),
        keys=tuple(keys for _, keys in kept),
    )


def open_new_items(
    reading: FastReading, known: Collection[str], fetched: Fetched, feed: Feed
) -> FeedDocument:
    """Return the document without its known items, as feedparser is to get it.

    Args:
        reading: of the body.
        known: fingerprints.
        fetched: the answer that holds the body.
        feed: the feed it belongs to.
    """
    rest = _without_known(reading, known)
    if reading.opened is not None:
        return reading.opened._replace(document=rest)
    if reading.encoding == "utf-8":
        return open_feed(replace(fetched, body=rest), feed)
    # What was cut out may be what tells the encoding.
    _, encoding = decode_feed(fetched.body, fetched.headers.get("content-type"))
    text = decode_part(rest, encoding)
    return open_feed(replace(fetched, body=text.encode()), feed)._replace(encoding=encoding)


def _without_known(reading: FastReading, known: Collection[str]) -> bytes:
    kept = reading.kept(known)
    pieces, position = [], 0
    for item, is_kept in zip(reading.items, kept, strict=True):
        if not is_kept:
            pieces.append(reading.document[position : item.start])
            position = item.end
    return b"".join((*pieces, reading.document[position:]))


def _read_body(fetched: Fetched, encoding: Encoding, own: frozenset[str]) -> FastReading | None:
    """Read a body as it is; None where it is not one document, or mending might change it."""
    body = fetched.body
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # expat would heed it
        return None
    try:
        found, item_fingerprints = _scanned(body, fetched.final_url, encoding, own)
        if found.markup_in_comments or found.cdata_sections != body.count(_CDATA):
            return None
        if _LONG_REFERENCE.search(body):
            return None
        return FastReading(body, found.items, item_fingerprints, encoding, None)
    except FastPathUnsupportedError:
        return None


def _read_other(fetched: Fetched, own: frozenset[str]) -> FastReading | None:
    """Read a body of another encoding than UTF-8 without telling which; None where that matters.

    To tell it takes longer than all the rest.
    """
    body = fetched.body
    return (
        _read_body(fetched, "iso-8859-1", own)
        if is_single_byte(body, fetched.headers.get("content-type"))
        else None
    )


def _read_repaired(fetched: Fetched, feed: Feed, own: frozenset[str]) -> FastReading:
    opened = open_feed(fetched, feed)
    found, item_fingerprints = _scanned(opened.document, fetched.final_url, "utf-8", own)
    return FastReading(opened.document, found.items, item_fingerprints, "utf-8", opened)


def _scanned(
    document: bytes, base_url: str, encoding: Encoding, own: frozenset[str]
) -> tuple[ScanResult, list[str]]:
    """Return the items of a document and their fingerprints.

    Raises:
        FastPathUnsupportedError: the items are not sure to be told apart as feedparser's are.
    """
    found = scan(document, base_url, encoding=encoding)
    try:
        prints = _fingerprints(found.items, own)
    except _WordsNeededError:
        found = scan(document, base_url, encoding=encoding, with_words=True)
        prints = _fingerprints(found.items, own)
    if len(set(prints)) < len(prints):
        _require_same_words(document, found.items, prints)
    return found, prints


def _require_same_words(
    document: bytes, items: Sequence[ScannedItem], prints: Sequence[str]
) -> None:
    """Make sure that items with one fingerprint are one item that stands twice in the document.

    Raises:
        FastPathUnsupportedError: their words are needed to tell them apart.
    """
    words: dict[str, bytes] = {}
    for item, each in zip(items, prints, strict=True):
        text = item.words_in(document)
        if words.setdefault(each, text) != text:
            raise FastPathUnsupportedError("items that share what identifies them")


def _fingerprints(items: Sequence[ScannedItem], own: frozenset[str]) -> list[str]:
    """Return the fingerprint of each item.

    Raises:
        _WordsNeededError: neither guid nor address identifies one, and its words are missing or
            not sure.
    """
    shared = Counter(item.guid.strip() for item in items)
    identities = [_identity(item, shared[item.guid.strip()] > 1, own) for item in items]
    return shared_fingerprints(identities, own)


def _identity(item: ScannedItem, is_shared: bool, own: frozenset[str]) -> Identity:
    """Return as much of an item's identity as its fingerprint depends on.

    Args:
        item: of a document.
        is_shared: whether another item carries the same guid.
        own: the feed's own addresses.
    """
    guid = identifying(item.guid, own)
    if guid and not is_shared:
        return Identity(guid, "", "", "")
    url = item.url()
    if guid or identifying_url(url, own):
        return Identity(guid, url, "", "")
    title = repaired(item.title).strip()
    if not title or item.titles > 1 or not item.sure_words:
        raise _WordsNeededError("an item that only its words identify")
    return Identity(guid, url, title, item.date_text())
