"""The records that are kept of published articles, and the names under which they are found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec

from ingest.identity.canonical import address_key, canonical_url, number_key
from ingest.identity.fingerprint import fingerprint_of_words, identifying_url
from ingest.model import Entry
from nabaa.types import Article

_encoder = msgspec.msgpack.Encoder()
_POINTER = b"="


class ArticleRecord(msgspec.Struct, frozen=True, array_like=True):
    """The record that is kept of a published article; encoded as an array, for there are millions.

    Attributes:
        uri: uri of the article.
        version: number of its last version.
        first_seen: instant of the first version's fetch, aware UTC.
        owner_feed: id of the feed whose changes become versions.
        length: length of its texts together, code points.
        text_digests: digests of title, summary and body_text.
        feeds: ids of all feeds that showed it.
        sketch: sketch of its words; empty in old records.
        from_page: whether its text was taken from its page.
    """

    uri: str
    version: int
    first_seen: datetime
    owner_feed: str
    length: int
    text_digests: tuple[bytes, bytes, bytes]
    feeds: tuple[str, ...]
    sketch: bytes = b""
    from_page: bool = False


_decoder = msgspec.msgpack.Decoder(ArticleRecord)


class RecordNames(NamedTuple):
    """The names under which the record of an entry's article may be kept, 32 hex digits each.

    Attributes:
        split: of the uri that the entry has where its feed uses its guid or address again.
        own: of its uri.
        address: of the name of its address; empty where that identifies no article.
        former_address: of its address as records were named before; empty where that is the same.
        number: of the article's number in the address; empty where there is none.
        canonical: of the address that its page names for it, where that is another.
    """

    split: str
    own: str
    address: str = ""
    former_address: str = ""
    number: str = ""
    canonical: str = ""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """What is stored under a name.

    Attributes:
        name: name under which the record itself is kept: another one behind a pointer.
        record: the record, or None.
        message_id: id of the article's last message, or an empty string.
        raw: the stored record.
    """

    name: str
    record: ArticleRecord | None = None
    message_id: str = ""
    raw: bytes = b""


Records = Mapping[str, StoredRecord]
"""Name → what is stored under it; every name of an entry has its place."""


def hash_texts(title: str, summary: str, body_text: str) -> str:
    """Return the `content_hash` of an article."""
    texts = "\x1f".join((title, summary, body_text))
    return hashlib.blake2b(texts.encode(), digest_size=16).hexdigest()


def name_article(feed_id: str, fingerprint: str) -> str:
    """Return the uri of an article: the same feed and fingerprint always give the same.

    Args:
        feed_id: the feed that shows it.
        fingerprint: of the entry.
    """
    name = f"{feed_id}\x1f{fingerprint}".encode()
    return f"urn:nabaa:article:{hashlib.blake2b(name, digest_size=16).hexdigest()}"


def split_uri(entry: Entry) -> str:
    """Return the uri of an article that took over the guid or address of another one.

    Args:
        entry: the entry; its title tells it from the other.
    """
    title = entry.title or entry.summary_html or entry.content_html
    return name_article(entry.feed.id, fingerprint_of_words(entry.fingerprint, title))


def record_names(article: Article, split: str, *, shares_url: bool) -> RecordNames:
    """Return the names under which the record of an article may be kept.

    Args:
        article: made of an entry.
        split: the entry's `split_uri`.
        shares_url: whether other items of its document have its address.
    """
    names = RecordNames(_name(split), _name(article.uri))
    if not identifying_url(article.url):
        return names
    key, former = address_key(article.url), canonical_url(article.url)
    number = number_key(key)
    canonical = identifying_url(article.page.canonical) if article.page and not shares_url else ""
    return names._replace(
        canonical=_name(canonical) if canonical and canonical != key else "",
        address=_name(key),
        former_address=_name(former) if former != key else "",
        number=_name(f"number {number}") if number and not shares_url else "",
    )


def encode_record(record: ArticleRecord) -> bytes:
    """Return a record as MessagePack."""
    return _encoder.encode(record)


def decode_record(stored: bytes) -> tuple[ArticleRecord, str]:
    """Read a record as publish.lua stores it.

    Args:
        stored: a record, a blank and the id of the last message, which may be empty.

    Returns:
        The record and the id.

    Raises:
        msgspec.MsgspecError: the value is no record of this version.
    """
    data, _, message_id = stored.rpartition(b" ")
    return _decoder.decode(data), message_id.decode()


def encode_pointer(name: str, owner_feed: str) -> bytes:
    """Return what stands under a name whose record is kept under another one.

    Args:
        name: name of the record.
        owner_feed: id of the feed that owns the article: it moves to other shards with that.
    """
    return _POINTER + f"{name} {owner_feed}".encode()


def decode_pointer(stored: bytes) -> str:
    """Return the name that a pointer leads to, or an empty string where it is none."""
    return stored[1:].partition(b" ")[0].decode() if stored.startswith(_POINTER) else ""


def read_owner_feed(stored: bytes) -> str:
    """Return the id of the feed that owns an article.

    Args:
        stored: the record of the article as publish.lua stores it, or a pointer to it.

    Raises:
        msgspec.MsgspecError: the value is no record of this version.
    """
    if decode_pointer(stored):
        return stored.partition(b" ")[2].decode()
    return decode_record(stored)[0].owner_feed


def _name(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
