"""What the readers of all formats share: from what an item says to an entry.

Which field of a format says what is each reader's own business; which address is one, which date
counts, how long a field may be and which items are the same is decided here, so that every format
is judged alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from config.model import Feed
from ingest.identity.addresses import deliverable
from ingest.identity.fingerprint import Identity, own_addresses
from ingest.identity.same_article import article_keys, choose_spoken
from ingest.model import ArticleKeys, Entry, Fetched
from ingest.parse.dates import parse_date, sane_date
from ingest.parse.feedparser_limits import MAX_TAGS
from ingest.parse.pictures import first_picture
from ingest.parse.repair.boilerplate import without_syndication_notice
from ingest.parse.repair.double_encoding import undo_double_encoding
from nabaa.types import Media

MAX_GUID = 1_000
"""Code points of a guid that are kept; all of it identifies the entry."""

MAX_TITLE = 10_000
"""Code points of a title, markup included."""

MAX_TEXT = 1_000_000
"""Code points of a summary and of a content, markup included: a hundred long articles."""

MAX_AUTHOR = 1_000
"""Code points of the names of all authors of an item."""

MAX_CATEGORY = 300
"""Code points of a category."""

MAX_MEDIA = 50
"""Files that an item points to."""

MAX_CAPTION = 2_000
"""Code points of the title of a file."""

_MAX_TYPE = 200
_EMAIL = re.compile(r"[^\s<>()@]{1,100}@[^\s<>()@]{1,250}")


@dataclass(frozen=True, slots=True)
class Item:
    """What one item of a document says, before it is an entry.

    Attributes:
        guid: what the publisher identifies it by, or an empty string.
        url: absolute http or https address, or an empty string.
        title: markup; may be empty.
        summary_html: may be empty.
        content_html: may be empty.
        author: may be empty.
        published: dates of publication as written, the best one first; may be empty.
        updated: date of the last change as written, or an empty string.
        categories: in the order of the document.
        media: in the order of the document, each address once.
        base_url: absolute; relative addresses in its texts are resolved against it.
    """

    guid: str = ""
    url: str = ""
    title: str = ""
    summary_html: str = ""
    content_html: str = ""
    author: str = ""
    published: tuple[str, ...] = ()
    updated: str = ""
    categories: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    base_url: str = ""

    @property
    def identity(self) -> Identity | None:
        """What identifies it, or None where it says nothing at all."""
        title = self.title or self.summary_html or self.content_html
        if not (self.guid or self.url or title):
            return None
        date_text = next(iter(self.published), self.updated)
        text = f"{self.summary_html}\n{self.content_html}"
        return Identity(self.guid, self.url, title, date_text, text)


@dataclass(frozen=True, slots=True)
class ReadItems:
    """The entries of a document.

    Attributes:
        entries: in document order, the first of each fingerprint.
        keys: keys of each of the entries.
        skipped: number of items that said nothing at all.
        notices: sentences about what was mended or left out.
    """

    entries: tuple[Entry, ...]
    keys: tuple[ArticleKeys, ...]
    skipped: int = 0
    notices: tuple[str, ...] = ()


def entries_of(items: Sequence[Item], feed: Feed, fetched: Fetched, now: datetime) -> ReadItems:
    """Make the entries of a document.

    Args:
        items: in document order.
        feed: the feed they belong to; dates without a zone are in its timezone.
        fetched: the answer that held the document.
        now: aware UTC; dates after it are nonsense.
    """
    identified = [(item, identity) for item in items if (identity := item.identity)]
    own = own_addresses(feed.url, fetched.final_url)
    found = article_keys([identity for _, identity in identified], own)
    maker = _EntryMaker(feed, fetched, now)
    chosen = choose_spoken(found, [identity for _, identity in identified])
    entries = [maker.make(identified[index][0], found[index].fingerprint) for index in chosen]
    return ReadItems(
        entries=tuple(entries),
        keys=tuple(found[index] for index in chosen),
        skipped=len(items) - len(identified),
        notices=maker.notices(),
    )


class _EntryMaker:
    """Makes the entries of one document, and counts what it mends and cuts."""

    def __init__(self, feed: Feed, fetched: Fetched, now: datetime) -> None:
        self._feed = feed
        self._zone = ZoneInfo(feed.timezone)
        self._fetched = fetched
        self._now = now
        self._cut: Counter[str] = Counter()
        self._mended = 0

    def make(self, item: Item, entry_fingerprint: str) -> Entry:
        updated = self._date(item.updated)
        dates = (self._date(written) for written in item.published)
        published = next(filter(None, dates), updated)
        summary = self._text("text", item.summary_html, MAX_TEXT)
        content = self._text("text", item.content_html, MAX_TEXT)
        return Entry(
            feed=self._feed,
            fingerprint=entry_fingerprint,
            guid=self._limited("guid", item.guid, MAX_GUID),
            url=deliverable(item.url),
            title=self._text("title", item.title, MAX_TITLE),
            summary_html=without_syndication_notice(summary),
            content_html=without_syndication_notice(content),
            author=self._text("author", item.author, MAX_AUTHOR),
            published=published,
            updated=updated if updated != published else None,
            categories=self._categories(item.categories),
            media=self._media(item, content or summary),
            fetched_at=self._fetched.fetched_at,
        )

    def notices(self) -> tuple[str, ...]:
        """Return what there is to say of the document."""
        found = [
            f"fields over their limits were cut: {field} in {count} items"
            for field, count in sorted(self._cut.items())
        ]
        if self._mended:
            found.append(f"texts that were encoded as UTF-8 twice were mended: {self._mended}")
        return tuple(found)

    def _date(self, written: str) -> datetime | None:
        return sane_date(parse_date(written, self._zone), self._now)

    def _limited(self, field: str, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._cut[field] += 1
        return text[:limit]

    def _text(self, field: str, text: str, limit: int) -> str:
        limited = self._limited(field, text, limit)
        mended = undo_double_encoding(limited)
        self._mended += mended != limited
        return mended

    def _categories(self, categories: Sequence[str]) -> tuple[str, ...]:
        if len(categories) > MAX_TAGS:
            self._cut["categories"] += 1
        kept = islice(categories, MAX_TAGS)
        return tuple(self._text("category", category, MAX_CATEGORY) for category in kept)

    def _media(self, item: Item, text: str) -> tuple[Media, ...]:
        if len(item.media) > MAX_MEDIA:
            self._cut["media"] += 1
        media = tuple(
            Media(
                deliverable(each.url),
                each.type[:_MAX_TYPE],
                each.length,
                self._text("caption", each.title, MAX_CAPTION),
            )
            for each in islice(item.media, MAX_MEDIA)
        )
        if media:
            return media
        base_url = item.base_url or item.url or self._fetched.final_url
        picture = first_picture(text, base_url)
        return (Media(deliverable(picture)),) if picture else ()


def author_names(names: Iterable[str]) -> str:
    """Return the names of authors as one text, each once; an address of e-mail is no name."""
    cleaned = (" ".join(_EMAIL.sub("", name[:MAX_AUTHOR]).split()).strip(" ()<>") for name in names)
    return "، ".join(dict.fromkeys(filter(None, cleaned)))
