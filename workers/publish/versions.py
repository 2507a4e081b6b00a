"""The decision which version of an article an entry makes: a new one, a later one or none.

An article is what stands at one address, whichever feeds show it. Pure; the records are read and
written in `workers.queue`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from ingest.identity.fingerprint import identifying_url
from ingest.model import Entry
from nabaa.types import Article, Change

MUCH_LONGER = 1.5
"""A feed whose text is longer by this factor than that of the article takes it over."""

_LONGEST_NOTICE = 150  # code points
_NO_WORD = re.compile(r"[\W_\u0640]+")
# How a paragraph begins that is no part of the news, without what `_NO_WORD` takes out.
_NOTICE = re.compile(
    r"[اإ]علان|(?:[اإ]قر[أاؤ]|شاهد|تابع)(?:وا?)?(?:أيضا|ايضا|المزيد|كذلك)|للمزيد|تابعونا|تابعنا|اشترك"
    "|انضم|حمل(?:وا)?(?:ال)?تطبيق|ظهرتالمقالة|advertisement|readmore|thepost|followus"
)

_encoder = msgspec.msgpack.Encoder()


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
    """

    uri: str
    version: int
    first_seen: datetime
    owner_feed: str
    length: int
    text_digests: tuple[bytes, bytes, bytes]
    feeds: tuple[str, ...]


_decoder = msgspec.msgpack.Decoder(ArticleRecord)


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """The article that the workers made of an entry.

    Attributes:
        article: the article as its first version; None where its language is not published.
        is_revision: whether its feed has shown the entry before.
        shares_url: whether other items of its feed have the same address, which then identifies no
            article.
        record_name: 32 hex digits that name the record of the article: those of its canonical
            address, so that all entries with one address are one article; where no address tells
            it from others, those of its uri. Made at once, off the event loop, as the digests are.
        text_digests: digests of title, summary and body_text.
    """

    article: Article | None
    is_revision: bool = False
    shares_url: bool = False
    record_name: str = field(init=False, default="")
    text_digests: tuple[bytes, bytes, bytes] = field(init=False, default=(b"", b"", b""))

    @classmethod
    def of(cls, entry: Entry, article: Article | None) -> MadeArticle:
        """Return the article of an entry with what the entry says of its identity.

        Args:
            entry: from the queue.
            article: made of it, or None where its language is not published.
        """
        return cls(article, entry.is_revision, entry.shares_url)

    def __post_init__(self) -> None:
        if article := self.article:
            texts = (article.title, article.summary, article.body_text)
            title, summary, body = map(_digest, texts)
            object.__setattr__(self, "text_digests", (title, summary, body))
            address = "" if self.shares_url else identifying_url(article.url)
            object.__setattr__(self, "record_name", _name(address or article.uri))


@dataclass(frozen=True, slots=True)
class Version:
    """The decision about an entry: what is published and what is recorded.

    Attributes:
        article: article to publish, or None.
        record: record to keep in place of the one that was read, or None to leave that.
    """

    article: Article | None = None
    record: ArticleRecord | None = None


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


def read_owner_feed(stored: bytes) -> str:
    """Return the id of the feed that owns an article.

    Args:
        stored: the record of the article as publish.lua stores it.

    Raises:
        msgspec.MsgspecError: the value is no record of this version.
    """
    return decode_record(stored)[0].owner_feed


def is_joined(made: MadeArticle, record: ArticleRecord | None) -> bool:
    """Tell whether an entry only adds a feed to an article, so that its last version is needed."""
    article = made.article
    return (
        article is not None
        and record is not None
        and article.outlet.feed not in record.feeds
        and not _changes(made, article, record)
    )


def next_version(made: MadeArticle, record: ArticleRecord | None, last: Article | None) -> Version:
    """Decide which version of an article an entry makes.

    Args:
        made: article made of the entry.
        record: record of the published article, or None.
        last: its last version, where the stream still has it and `is_joined` asked for it.

    Returns:
        A new article where there is no record, except for a revision: what it revises was
        published once and its record has expired. A further version where the owner feed's text
        changed, another feed's text is much longer, or another feed shows the article too.
    """
    article = made.article
    if article is None:
        return Version()
    feed = article.outlet.feed
    if record is None:
        if made.is_revision:
            return Version()
        return Version(article, _record_of(article, made.text_digests))
    feeds = record.feeds if feed in record.feeds else (*record.feeds, feed)
    joined: tuple[Change, ...] = () if feed in record.feeds else ("feeds",)
    if changes := _changes(made, article, record):
        following = replace(
            article,
            uri=record.uri,
            version=record.version + 1,
            first_seen=record.first_seen,
            feeds=feeds,
            changed=(*changes, *joined),
        )
        return Version(following, _record_of(following, made.text_digests))
    if not joined:
        return Version()
    following_record = msgspec.structs.replace(record, feeds=feeds)
    if last is None or last.uri != record.uri:
        return Version(None, following_record)
    following = replace(last, version=record.version + 1, feeds=feeds, changed=joined)
    return Version(following, msgspec.structs.replace(following_record, version=following.version))


def _changes(made: MadeArticle, article: Article, record: ArticleRecord) -> tuple[Change, ...]:
    """Return the texts that differ, where the article's feed may change them."""
    is_much_longer = _length(article) > MUCH_LONGER * record.length
    if article.outlet.feed != record.owner_feed and not is_much_longer:
        return ()
    names: tuple[Change, ...] = ("title", "summary", "body_text")
    words = zip(names, made.text_digests, record.text_digests, strict=True)
    return tuple(name for name, now, before in words if now != before)


def _record_of(article: Article, words: tuple[bytes, bytes, bytes]) -> ArticleRecord:
    return ArticleRecord(
        article.uri,
        article.version,
        article.first_seen,
        article.outlet.feed,
        _length(article),
        words,
        article.feeds,
    )


def _length(article: Article) -> int:
    return len(article.title) + len(article.summary) + len(article.body_text)


def _name(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _digest(text: str) -> bytes:
    """Return a digest of 6 bytes of the words of a text.

    Spaces, punctuation and diacritics do not count, nor do short paragraphs that advertise.
    """
    kept = hashlib.blake2b(digest_size=6)
    for paragraph in text.split("\n"):
        words = _NO_WORD.sub("", paragraph).casefold()
        if not (len(paragraph) <= _LONGEST_NOTICE and _NOTICE.match(words)):
            kept.update(words.encode())
    return kept.digest()
