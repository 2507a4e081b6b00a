"""The records that flow through ingest. Every instant is an aware UTC datetime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from config.model import Feed
from nabaa.errors import FailureKind
from nabaa.types import Media


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between two polls.

    Attributes:
        url: the listed address that this state belongs to.
        etag: the `ETag` of the last body, sent back as `If-None-Match`.
        last_modified: the `Last-Modified` of the last body, as the server wrote it.
        body_hash: hex BLAKE2b-128 of the last body that was parsed, after decompression.
        moved_to: where permanent redirects say that the feed now lives, or None;
            `ingest.schedule.relocation` says from when on it is asked there.
        moved_seen: polls in a row that were redirected there for good.
        ended: the publisher has closed the feed for good (HTTP status 410); it is not polled.
        paused: a person has paused the feed; it is not polled, and what a hub sends is not taken.
        interval_seconds: seconds from the last poll to the next.
        polled_at: when the last poll ended.
        changed_at: when a body with new entries last arrived.
        next_due: when the next poll is due.
        failures: failed polls in a row.
        last_error: why the last poll failed, or None when it did not.
        failure: kind of that failure, or None.
        arrival_rate: when the feed brings news, as `ingest.schedule.arrival_rate` writes it.
        publisher_hints: how often the publisher wants to be asked, as
            `ingest.schedule.publisher_hints` writes it.
        pushed_until: until when a hub sends the feed's news, or None; `ingest.websub` writes it, a
            poll only reads it.
        withheld: entries of its last document that were new and left to later polls.
        notices: sentences about what was mended or left out of the last document that was parsed.
        entries_day: Unix day (UTC) that `entries_today` counts.
        entries_today: new entries that it has brought on that day, by polls and pushes; a long one
            counts for several.
        content_digests: digests of the words of its last document's items, as
            `ingest.changes.content_digest` writes them.
    """

    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    moved_to: str | None = None
    moved_seen: int = 0
    ended: bool = False
    interval_seconds: float = 0.0
    polled_at: datetime | None = None
    changed_at: datetime | None = None
    next_due: datetime | None = None
    failures: int = 0
    last_error: str | None = None
    failure: FailureKind | None = None
    arrival_rate: str | None = None
    publisher_hints: str | None = None
    pushed_until: datetime | None = None
    withheld: int = 0
    notices: tuple[str, ...] = ()
    entries_day: int = 0
    entries_today: int = 0
    content_digests: bytes = b""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One HTTP answer, its redirects followed.

    Attributes:
        url: the address that was asked first.
        final_url: the address that answered.
        moved_to: the end of the unbroken chain of permanent redirects (301, 308) from `url`, or
            None when there was none.
        status: HTTP status of the last answer.
        headers: names in lower case; a header that came twice is joined with `, `.
        body: bytes after decompression; empty on 304.
        elapsed_seconds: from the first byte sent to the last received.
        fetched_at: when the answer was complete.
        complete: False where the connection ended before the body did; `body` is what came.
        notices: sentences about what is wrong with the answer, for a person to read.
    """

    url: str
    final_url: str
    moved_to: str | None
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_seconds: float
    fetched_at: datetime
    complete: bool = True
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as it was found, before any cleaning.

    Attributes:
        feed: the feed it was found in.
        fingerprint: 32 hex digits that identify the entry within its feed.
        guid: RSS guid or Atom id, or an empty string.
        url: absolute address of the article, or an empty string.
        title: may hold markup and entities.
        summary_html: may be empty.
        content_html: full text where the feed carries it, else an empty string.
        author: may be empty.
        published: None where the feed gives no usable date.
        updated: None where the feed gives no usable date.
        categories: in the order of the feed.
        media: in the order of the feed.
        fetched_at: when the feed was fetched.
        is_revision: the feed has shown it before, and its words were others then.
        shares_url: other items of its document carry its address, which so identifies none.
    """

    feed: Feed
    fingerprint: str
    guid: str
    url: str
    title: str
    summary_html: str
    content_html: str
    author: str
    published: datetime | None
    updated: datetime | None
    categories: tuple[str, ...]
    media: tuple[Media, ...]
    fetched_at: datetime
    is_revision: bool = False
    shares_url: bool = False


class ArticleKeys(NamedTuple):
    """The keys by which an entry is known.

    Attributes:
        fingerprint: what the feed identifies it by; enough alone.
        former: fingerprint that it had before an upgrade, where that is another; enough alone.
        exact: the name of its address with all of its words; enough alone. Empty without address.
        weak: host and path, or the article's number, with all of its words and its date; enough
            against entries of another document. Empty where there are too few words.
    """

    fingerprint: str
    former: str = ""
    exact: str = ""
    weak: str = ""

    @property
    def others(self) -> tuple[str, ...]:
        """The keys beside the fingerprint that are kept of a new entry."""
        return tuple(filter(None, (self.exact, self.weak)))


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed document says.

    Attributes:
        title: the feed's own title.
        format: feedparser's name of the format, such as `rss20` or `atom10`.
        encoding: the encoding that the body was read in.
        entries: in document order, fingerprints unique.
        keys: keys by which each of the entries is known.
        skipped: items that had neither guid, link, title nor text.
        cut: the document ends before its end tag; `entries` are those that stand whole in it.
        language: what the document says it is in, as written, or an empty string.
        hubs: the WebSub hubs that the document names, as written.
        self_url: the feed's own address as the document writes it, or an empty string.
        notices: sentences about what was mended or left out, for a person to read.
    """

    title: str
    format: str
    encoding: str
    entries: tuple[Entry, ...]
    skipped: int = 0
    cut: bool = False
    language: str = ""
    hubs: tuple[str, ...] = ()
    self_url: str = ""
    notices: tuple[str, ...] = ()
    keys: tuple[ArticleKeys, ...] = ()
