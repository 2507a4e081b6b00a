"""The decision which version of an article an entry makes: a new one, a later one or none.

An article is what stands at one address, whichever feeds show it. Pure; the records are read and
written in `workers.queue`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace

import msgspec

from ingest.model import Entry
from nabaa.message import event_data
from nabaa.types import Article, Change, Compression
from workers.publish.records import (
    ArticleRecord,
    RecordNames,
    Records,
    StoredRecord,
    record_names,
    split_uri,
)
from workers.publish.retitle import retitle
from workers.publish.word_sketch import are_related, sketch_words

MUCH_LONGER = 1.5
"""A feed whose text is longer by this factor than that of the article takes it over."""

_LEAD = 300  # code points: where a summary is left out, it stands at the beginning of the text
_LONGEST_NOTICE = 150  # code points
_NO_WORD = re.compile(r"[\W_\u0640]+")
# How a paragraph begins that is no part of the news, without what `_NO_WORD` takes out.
_NOTICE = re.compile(
    r"[اإ]علان|(?:[اإ]قر[أاؤ]|شاهد|تابع)(?:وا?)?(?:أيضا|ايضا|المزيد|كذلك)|للمزيد|تابعونا|تابعنا|اشترك"
    "|انضم|حمل(?:وا)?(?:ال)?تطبيق|ظهرتالمقالة|advertisement|readmore|thepost|followus"
)


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """The article that the workers made of an entry.

    Attributes:
        article: the article as its first version; None where its language is not published.
        is_revision: whether its feed has shown the entry before.
        shares_url: whether other items of its feed have the same address, which then identifies no
            article.
        split_uri: uri of the article where its feed uses the guid or address of another one again.
        compression: compression of the article on the stream.
        names: names under which its record may be kept. Made at once, off the event loop, as what
            follows is.
        text_digests: digests of title, summary and body_text.
        sketch: sketch of its words.
        data: the article as it goes onto the stream, where it becomes the first version as it is.
    """

    article: Article | None
    is_revision: bool = False
    shares_url: bool = False
    split_uri: str = ""
    compression: Compression = "none"
    names: RecordNames = field(init=False, default=RecordNames("", ""))
    text_digests: tuple[bytes, bytes, bytes] = field(init=False, default=(b"", b"", b""))
    sketch: bytes = field(init=False, default=b"")
    data: bytes = field(init=False, default=b"")

    @classmethod
    def of(
        cls, entry: Entry, article: Article | None, compression: Compression = "none"
    ) -> MadeArticle:
        """Return the article of an entry with what the entry says of its identity.

        Args:
            entry: from the queue.
            article: made of it, or None where its language is not published.
            compression: compression of the article on the stream.
        """
        return cls(article, entry.is_revision, entry.shares_url, split_uri(entry), compression)

    def __post_init__(self) -> None:
        if article := self.article:
            texts = (article.title, article.summary, article.body_text)
            title, summary, body = map(_digest, texts)
            split = self.split_uri or f"{article.uri} {article.title}"
            names = record_names(article, split, shares_url=self.shares_url)
            object.__setattr__(self, "split_uri", split)
            object.__setattr__(self, "names", names)
            object.__setattr__(self, "text_digests", (title, summary, body))
            object.__setattr__(self, "sketch", sketch_words(*_sketched(article)))
            object.__setattr__(self, "data", event_data(article, self.compression))


@dataclass(frozen=True, slots=True)
class RecordChoice:
    """The record that an entry's article has or is to have.

    Attributes:
        stored: the record, or the place where one is to be kept.
        uri: uri of a new article; empty where there is a record.
        is_new: whether the article is new though its feed has shown the entry before: what it has
            shown then was another article.
    """

    stored: StoredRecord
    uri: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """The decision about an entry: what is published and what is recorded.

    Attributes:
        article: article to publish, or None.
        record: record to keep in place of the one that was read, or None to leave that.
    """

    article: Article | None = None
    record: ArticleRecord | None = None


def choose_record(made: MadeArticle, records: Records) -> RecordChoice:
    """Choose the published article that an entry belongs to, or the names of a new one.

    What an entry is known by is its feed's guid or address for it, the name of its address, the
    article's number in that, and the address that its page names. The first two are enough where
    the words have something to do with those of the record; an address that other items share and
    a number need the same words, an address that the page names needs the same title.

    Args:
        made: article made of the entry.
        records: what is stored under each of its names.
    """
    names = made.names
    split, own = records[names.split], records[names.own]
    if split.record is not None:
        return RecordChoice(split)
    if own.record is not None and are_related(own.record.sketch, made.sketch):
        return RecordChoice(own)
    for name in filter(None, (names.address, names.former_address, names.canonical, names.number)):
        stored = records[name]
        if stored.record is not None and _is_known_by(made, name, stored.record):
            return RecordChoice(stored)
    known = [record for name in names if name and (record := records[name].record)]
    home, uri = names.own, made.article.uri if made.article else ""
    if any(record.uri == uri for record in known):
        home, uri = names.split, made.split_uri
    address = records[names.address] if names.address else None
    if address is not None and not made.shares_url and address.record is None:
        home = names.address
    return RecordChoice(StoredRecord(home, raw=records[home].raw), uri, is_new=bool(known))


def _is_known_by(made: MadeArticle, name: str, record: ArticleRecord) -> bool:
    """Tell whether an article that is found under a name of an entry is that of the entry."""
    if made.shares_url or name == made.names.number:
        return _has_same_words(made, record)
    # Sites that name one address for all their pages are not rare.
    has_title = name != made.names.canonical or made.text_digests[0] == record.text_digests[0]
    return has_title and are_related(record.sketch, made.sketch)


def _has_same_words(made: MadeArticle, record: ArticleRecord) -> bool:
    return made.text_digests == record.text_digests


def needs_last(made: MadeArticle, record: ArticleRecord | None) -> bool:
    """Tell whether an entry leaves the text of an article, so that its last version is needed.

    It only adds a feed to the article, or corrects its headline.
    """
    article = made.article
    if article is None or record is None:
        return False
    is_joined = article.outlet.feed not in record.feeds and not _changes(made, article, record)
    return is_joined or _is_retitled(made, article, record)


def _is_retitled(made: MadeArticle, article: Article, record: ArticleRecord) -> bool:
    """Tell whether a feed corrects the headline of an article whose page is not to be had now."""
    return (
        record.from_page
        and made.is_revision
        and article.body_source == "feed"
        and article.outlet.feed == record.owner_feed
        and made.text_digests[0] != record.text_digests[0]
        and not _changes(made, article, record)
    )


def next_version(made: MadeArticle, choice: RecordChoice, last: Article | None) -> Version:
    """Decide which version of an article an entry makes.

    Args:
        made: article made of the entry.
        choice: what `choose_record` has chosen.
        last: its last version, where the stream still has it and `needs_last` asked for it.

    Returns:
        A new article where there is no record, except for a revision: what it revises was
        published once and its record has expired. A further version where the owner feed's text
        or headline changed, another feed's text is much longer, or another feed shows the article
        too.
    """
    article = made.article
    if article is None:
        return Version()
    feed, record = article.outlet.feed, choice.stored.record
    if record is None:
        if made.is_revision and not choice.is_new:
            return Version()
        if choice.uri != article.uri:
            article = replace(article, uri=choice.uri)
        return Version(article, _record_of(article, made))
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
        return Version(following, _record_of(following, made))
    if last is not None and last.uri == record.uri and _is_retitled(made, article, record):
        following = replace(retitle(last, article), version=record.version + 1, changed=("title",))
        return Version(
            following,
            msgspec.structs.replace(
                record,
                version=following.version,
                text_digests=(made.text_digests[0], *record.text_digests[1:]),
                sketch=made.sketch,
            ),
        )
    if not joined:
        return Version()
    following_record = msgspec.structs.replace(record, feeds=feeds)
    if last is None or last.uri != record.uri:
        return Version(None, following_record)
    following = replace(last, version=record.version + 1, feeds=feeds, changed=joined)
    return Version(following, msgspec.structs.replace(following_record, version=following.version))


def _changes(made: MadeArticle, article: Article, record: ArticleRecord) -> tuple[Change, ...]:
    """Return the texts that differ, where the article's feed may change them.

    The text of a feed does not take the place of that of the page, which was not to be had then.
    """
    is_much_longer = _length(article) > MUCH_LONGER * record.length
    if article.outlet.feed != record.owner_feed and not is_much_longer:
        return ()
    if record.from_page and article.body_source == "feed" and not is_much_longer:
        return ()
    names: tuple[Change, ...] = ("title", "summary", "body_text")
    words = zip(names, made.text_digests, record.text_digests, strict=True)
    return tuple(name for name, now, before in words if now != before)


def _record_of(article: Article, made: MadeArticle) -> ArticleRecord:
    return ArticleRecord(
        article.uri,
        article.version,
        article.first_seen,
        article.outlet.feed,
        _length(article),
        made.text_digests,
        article.feeds,
        made.sketch,
        article.body_source == "page",
    )


def _sketched(article: Article) -> tuple[str, str, str]:
    """Return the texts by which an article is told from others: those that its feed has of it.

    Whether the page was to be had must make no difference.
    """
    if article.body_source == "feed":
        return article.title, article.summary, article.body_text
    return article.title, article.summary or article.body_text[:_LEAD], ""


def _length(article: Article) -> int:
    return len(article.title) + len(article.summary) + len(article.body_text)


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
