"""Which version of an article an entry makes: a new article, a change of one, or nothing.

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
    """What is remembered of an article that is out; an array, for there are millions.

    Attributes:
        uri: its name.
        version: the last one.
        first_seen: aware UTC.
        home: id of the feed that tells what it says.
        length: of its texts, code points.
        words: digests of title, summary and body_text.
        feeds: ids of all feeds that showed it.
    """

    uri: str
    version: int
    first_seen: datetime
    home: str
    length: int
    words: tuple[bytes, bytes, bytes]
    feeds: tuple[str, ...]


_decoder = msgspec.msgpack.Decoder(ArticleRecord)


@dataclass(frozen=True, slots=True)
class Made:
    """What the workers made of an entry.

    Attributes:
        article: as the first version of it; None where its language is not published.
        is_revision: its feed has shown the entry before.
        shares_url: others in its feed have the same address, which so tells no article.
        name: 32 hex digits under which the record of the article is kept: that of its canonical
            address, so that all entries with one address are one article; where it has none that
            tells it from others, that of its own name.
        words: digests of title, summary and body_text. Both are made at once, off the event loop.
    """

    article: Article | None
    is_revision: bool = False
    shares_url: bool = False
    name: str = field(init=False, default="")
    words: tuple[bytes, bytes, bytes] = field(init=False, default=(b"", b"", b""))

    def __post_init__(self) -> None:
        if article := self.article:
            texts = (article.title, article.summary, article.body_text)
            title, summary, body = map(_digest, texts)
            object.__setattr__(self, "words", (title, summary, body))
            address = "" if self.shares_url else identifying_url(article.url)
            object.__setattr__(self, "name", _name(address or article.uri))


@dataclass(frozen=True, slots=True)
class Version:
    """What is to become of it.

    Attributes:
        article: to publish, or None.
        record: to keep in place of the one that was read, or None to leave that.
    """

    article: Article | None = None
    record: ArticleRecord | None = None


def encode_record(record: ArticleRecord) -> bytes:
    """Return a record as MessagePack."""
    return _encoder.encode(record)


def decode_record(stored: bytes) -> tuple[ArticleRecord, str]:
    """Read what publish.lua keeps of an article.

    Args:
        stored: a record, a blank and the id of the last message, which may be empty.

    Returns:
        The record and the id.

    Raises:
        msgspec.MsgspecError: it is no record.
    """
    data, _, message_id = stored.rpartition(b" ")
    return _decoder.decode(data), message_id.decode()


def home_of(stored: bytes) -> str:
    """Return the id of the feed that an article belongs to, of what publish.lua keeps of it."""
    return decode_record(stored)[0].home


def is_joined(made: Made, record: ArticleRecord | None) -> bool:
    """Tell whether an entry only adds a feed to an article, so that its last version is needed."""
    article = made.article
    return (
        article is not None
        and record is not None
        and article.outlet.feed not in record.feeds
        and not _changes(made, article, record)
    )


def next_version(made: Made, record: ArticleRecord | None, last: Article | None) -> Version:
    """Decide what an entry is to an article.

    Args:
        made: of the entry.
        record: of the article, where there is one.
        last: its last version, where that is still to be had and `is_joined` asked for it.

    Returns:
        A new article where nothing is known of it, except of a revision: what it revises was
        forgotten, and it has been told once. A further version where the feed that it is from says
        something else, or another feed says much more, or another feed shows it too.
    """
    article = made.article
    if article is None:
        return Version()
    feed = article.outlet.feed
    if record is None:
        if made.is_revision:
            return Version()
        return Version(article, _record_of(article, made.words))
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
        return Version(following, _record_of(following, made.words))
    if not joined:
        return Version()
    following_record = msgspec.structs.replace(record, feeds=feeds)
    if last is None or last.uri != record.uri:
        return Version(None, following_record)
    following = replace(last, version=record.version + 1, feeds=feeds, changed=joined)
    return Version(following, msgspec.structs.replace(following_record, version=following.version))


def _changes(made: Made, article: Article, record: ArticleRecord) -> tuple[Change, ...]:
    """Return which texts differ, where the article's feed is one to tell."""
    is_much_longer = _length(article) > MUCH_LONGER * record.length
    if article.outlet.feed != record.home and not is_much_longer:
        return ()
    names: tuple[Change, ...] = ("title", "summary", "body_text")
    words = zip(names, made.words, record.words, strict=True)
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
    """Return 6 bytes that stand for the words of a text.

    Neither spaces, punctuation and diacritics count nor short paragraphs that advertise.
    """
    kept = hashlib.blake2b(digest_size=6)
    for paragraph in text.split("\n"):
        words = _NO_WORD.sub("", paragraph).casefold()
        if not (len(paragraph) <= _LONGEST_NOTICE and _NOTICE.match(words)):
            kept.update(words.encode())
    return kept.digest()
