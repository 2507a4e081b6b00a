"""One served feed: which of its articles have appeared, and its document as it is now.

Is told the time and what was sent; does no input or output of its own, `server` drives it.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from hashlib import blake2b

import brotli
import zstandard

from tests.support.farm.behaviour import Behaviour, Coding
from tests.support.farm.content.articles import PlacedArticle, SourceArticle
from tests.support.farm.content.dates import readable_date
from tests.support.farm.content.render import (
    Channel,
    date_style,
    guid_of,
    render_document,
    render_item,
)

_DAY_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Expected:
    """One entry that a reader of the farm should find exactly once.

    Attributes:
        feed: id of the only feed that has it.
        key: its name in the farm, whatever the encoding of its address; see `articles.key_of`.
        url: address of its page, as the feed writes it.
        guid: as the feed writes it, or an empty string.
        title: as the feed means it, before any cleaning.
        published: what can be read from its date, aware UTC, or None where nothing can.
        shown_at: when it appeared in the feed, aware UTC, or None while it has not.
        article: what it was made from.
    """

    feed: str
    key: str
    url: str
    guid: str
    title: str
    published: datetime | None
    shown_at: datetime | None
    article: SourceArticle


@dataclass(frozen=True, slots=True)
class Document:
    """A feed document at one moment.

    Attributes:
        shown: how many items have appeared by then, those that scrolled away included.
        body: before compression.
        etag: with its quotes.
        last_modified: as the header has it.
    """

    shown: int
    body: bytes
    etag: str
    last_modified: str


class FeedSite:
    """The changing state of one feed.

    Args:
        channel: what the feed says of itself.
        articles: in the order in which they appear.
        behaviour: of the feed.
        started: when the farm started, in Unix seconds.

    Attributes:
        empty_body: the feed without its items.
    """

    def __init__(
        self,
        channel: Channel,
        articles: Sequence[PlacedArticle],
        behaviour: Behaviour,
        started: float,
    ) -> None:
        self.channel = channel
        self.articles = tuple(articles)
        self.behaviour = behaviour
        self._started = started
        self._first_asked: float | None = None
        self._shown_at: list[float] = []
        self._initial = len(self.articles)
        if behaviour.arrival.initial is not None:
            self._initial = min(self._initial, behaviour.arrival.initial)
        self._advanced = 0
        self._sent = 0
        self._items: dict[int, bytes] = {}
        self._document: Document | None = None
        self._compressed: dict[Coding, bytes] = {}
        self._show(self._initial, started)
        self.empty_body = render_document((), (), channel, behaviour.style)

    @property
    def shown(self) -> int:
        """How many items have appeared, those that scrolled away included."""
        return len(self._shown_at)

    @property
    def unshown(self) -> int:
        """How many items have yet to appear."""
        return len(self.articles) - self.shown

    def asked(self, now: float) -> None:
        """Note that the feed was asked for; the first time starts the arrival of items."""
        if self._first_asked is None:
            self._first_asked = now

    def sent(self, shown: int) -> None:
        """Note that a document with so many items shown has been sent completely."""
        self._sent = max(self._sent, shown)

    def advance(self, count: int, now: float) -> int:
        """Let so many more items appear, beside those that come with time.

        Returns:
            How many appeared: fewer than asked for at the end of the feed.
        """
        before = self.shown
        self._show(before + count, now)
        self._advanced += self.shown - before
        return self.shown - before

    def grow(self, now: float) -> float | None:
        """Show what is due by now, in Unix seconds.

        Returns:
            When to call again; None when nothing comes by time alone: the feed has not been asked
            for yet, has shown all, or waits to be sent.
        """
        arrival = self.behaviour.arrival
        if not self.unshown or not arrival.per_second or self._first_asked is None:
            return None
        due = arrival.due(now - self._first_asked)
        wanted = self._initial + self._advanced + due
        most = self._sent + max(1, self.behaviour.window // 4)
        self._show(min(wanted, most) if arrival.hold else wanted, now)
        if not self.unshown or (arrival.hold and self.shown >= most):
            return None
        return self._first_asked + arrival.due_after(due + 1)

    def document(self) -> Document:
        """Return the document as it is now; made anew only when an item has appeared."""
        if self._document is None or self._document.shown != self.shown:
            self._document = self._make(self.shown)
            self._compressed.clear()
        return self._document

    def compressed(self, coding: Coding) -> bytes:
        """Return the body of `document()` in a content coding."""
        body = self.document().body
        if coding == "identity":
            return body
        if coding not in self._compressed:
            self._compressed[coding] = compress(body, coding)
        return self._compressed[coding]

    def validators(self, request: int, now: float) -> dict[str, str]:
        """Return the headers ETag and Last-Modified, as far as the feed sends them."""
        document = self.document()
        match self.behaviour.validators:
            case "etag":
                return {"ETag": document.etag}
            case "last-modified":
                return {"Last-Modified": document.last_modified}
            case "both":
                return {"ETag": document.etag, "Last-Modified": document.last_modified}
            case "lying":
                return {"ETag": f'"{request}"', "Last-Modified": formatdate(now, usegmt=True)}
            case _:
                return {}

    def unchanged(self, headers: Mapping[str, str]) -> bool:
        """Return whether a conditional request is to be answered with 304.

        RFC 9110, section 13.2.2: If-None-Match decides alone where it is present.
        """
        validators = self.behaviour.validators
        document = self.document()
        tags = headers.get("If-None-Match")
        if tags is not None and validators in ("etag", "both"):
            offered = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in offered or document.etag in offered
        since = headers.get("If-Modified-Since")
        if since is not None and tags is None and validators in ("last-modified", "both"):
            try:
                return parsedate_to_datetime(since) >= parsedate_to_datetime(document.last_modified)
            except (ValueError, TypeError):
                return False
        return False

    def expected(self) -> tuple[Expected, ...]:
        """Return all entries of the feed, in the order in which they appear."""
        style = self.behaviour.style
        zone = self.channel.timezone
        entries = []
        for index, placed in enumerate(self.articles):
            instant = placed.article.published
            published = readable_date(instant, date_style(style), zone) if instant else None
            shown_at = None
            if index < self.shown:
                shown_at = datetime.fromtimestamp(self._shown_at[index], UTC)
            entries.append(
                Expected(
                    feed=placed.feed,
                    key=placed.key,
                    url=placed.url,
                    guid=guid_of(placed, style),
                    title=placed.article.title,
                    published=published,
                    shown_at=shown_at,
                    article=placed.article,
                )
            )
        return tuple(entries)

    def _show(self, wanted: int, now: float) -> None:
        missing = min(wanted, len(self.articles)) - self.shown
        self._shown_at.extend([now] * max(0, missing))

    def _make(self, shown: int) -> Document:
        style = self.behaviour.style
        visible = range(shown - 1, max(-1, shown - 1 - self.behaviour.window), -1)
        self._items = {
            index: self._items.get(index) or render_item(self.articles[index], self.channel, style)
            for index in visible
        }
        urls = [self.articles[index].url for index in visible]
        body = render_document(list(self._items.values()), urls, self.channel, style)
        # One second a version, beginning a day ago: the header counts whole seconds, and two
        # versions of one second would look the same to a reader.
        modified = self._started - _DAY_SECONDS + shown
        return Document(
            shown=shown,
            body=body,
            etag=f'"{blake2b(body, digest_size=8).hexdigest()}"',
            last_modified=formatdate(modified, usegmt=True),
        )


def compress(body: bytes, coding: Coding) -> bytes:
    """Return a body in one content coding of RFC 9110 (br: RFC 7932, zstd: RFC 8878)."""
    match coding:
        case "gzip":
            return gzip.compress(body, compresslevel=6, mtime=0)
        case "br":
            return bytes(brotli.compress(body, quality=4))
        case "zstd":
            return zstandard.compress(body)
        case _:
            return body
