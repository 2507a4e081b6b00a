"""What the readers of all formats share: from what an item says to an entry.

Which field of a format says what is each reader's own business; which address is one, which date
counts and which items are the same is decided here, so that every format is judged alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from config.model import Feed
from ingest.identity.fingerprint import Identity, fingerprints
from ingest.model import Entry, Fetched
from ingest.parse.dates import parse_date, sane_date
from ingest.parse.feedparser_limits import MAX_ITEMS, TooComplexError
from nabaa.types import Media

_LONGEST_ADDRESS = 4_000
_LONGEST_AUTHOR = 1_000
_EMAIL = re.compile(r"[^\s<>()@]{1,100}@[^\s<>()@]{1,250}")
# Line breaks and marks of writing direction that were pasted along, and what commands a terminal.
_NOT_IN_ADDRESS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
# Counters of readers that stand in feeds as pictures.
_TRACKER = re.compile(
    r"https?://(?:[\w-]+\.)*(?:feedburner\.com/~r/|feedsportal\.com/|pixel\.wp\.com/"
    r"|stats\.wordpress\.com/|google-analytics\.com/|googletagmanager\.com/|doubleclick\.net/"
    r"|scorecardresearch\.com/|quantserve\.com/|statcounter\.com/|pixel\.facebook\.com/"
    r"|facebook\.com/tr[/?]|bat\.bing\.com/|chartbeat\.(?:com|net)/)",
    re.IGNORECASE,
)


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
        published: date of publication as written, or an empty string.
        updated: date of the last change as written, or an empty string.
        categories: in the order of the document.
        media: in the order of the document, each address once.
    """

    guid: str = ""
    url: str = ""
    title: str = ""
    summary_html: str = ""
    content_html: str = ""
    author: str = ""
    published: str = ""
    updated: str = ""
    categories: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()

    @property
    def identity(self) -> Identity | None:
        """What identifies it, or None where it says nothing at all."""
        title = self.title or self.summary_html or self.content_html
        if not (self.guid or self.url or title):
            return None
        return Identity(self.guid, self.url, title, self.published or self.updated)


def entries_of(
    items: Sequence[Item], feed: Feed, fetched: Fetched, now: datetime
) -> tuple[tuple[Entry, ...], int]:
    """Make the entries of a document.

    Args:
        items: in document order.
        feed: the feed they belong to; dates without a zone are in its timezone.
        fetched: the answer that held the document.
        now: aware UTC; dates after it are nonsense.

    Returns:
        The entries in document order, the first of each fingerprint; and how many items said
        nothing at all.

    Raises:
        TooComplexError: there are more than `MAX_ITEMS`.
    """
    if len(items) > MAX_ITEMS:
        raise TooComplexError(f"the document has over {MAX_ITEMS:,} items")
    identified = [(item, identity) for item in items if (identity := item.identity)]
    found = fingerprints([identity for _, identity in identified])
    zone = ZoneInfo(feed.timezone)
    entries: dict[str, Entry] = {}
    for (item, _), entry_fingerprint in zip(identified, found, strict=True):
        if entry_fingerprint not in entries:
            entries[entry_fingerprint] = _entry(
                item, entry_fingerprint, feed, zone, fetched.fetched_at, now
            )
    return tuple(entries.values()), len(items) - len(identified)


def web_address(text: str, base_url: str = "") -> str:
    """Return an absolute http or https address, or an empty string where the text is none.

    Args:
        text: as written; up to 4,000 code points.
        base_url: absolute; what a relative address is resolved against, if anything.
    """
    address = _NOT_IN_ADDRESS.sub("", text).strip()
    if not address or len(address) > _LONGEST_ADDRESS:
        return ""
    try:
        absolute = urljoin(base_url, address) if base_url else address
        parts = urlsplit(absolute)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return absolute if is_web else ""


def is_tracker(url: str, width: str = "", height: str = "") -> bool:
    """Tell whether a picture is there to count its readers.

    Args:
        url: of the picture.
        width: in pixels as the feed says it, or an empty string.
        height: likewise.
    """
    return {width.strip(), height.strip()} & {"0", "1"} != set() or bool(_TRACKER.match(url))


def author_names(names: Iterable[str]) -> str:
    """Return the names of authors as one text, each once; an address of e-mail is no name."""
    cleaned = (
        " ".join(_EMAIL.sub("", name[:_LONGEST_AUTHOR]).split()).strip(" ()<>") for name in names
    )
    return "، ".join(dict.fromkeys(filter(None, cleaned)))


def _entry(
    item: Item,
    entry_fingerprint: str,
    feed: Feed,
    zone: ZoneInfo,
    fetched_at: datetime,
    now: datetime,
) -> Entry:
    updated = sane_date(parse_date(item.updated, zone), now)
    published = sane_date(parse_date(item.published, zone), now) or updated
    return Entry(
        feed=feed,
        fingerprint=entry_fingerprint,
        guid=item.guid,
        url=item.url,
        title=item.title,
        summary_html=item.summary_html,
        content_html=item.content_html,
        author=item.author,
        published=published,
        updated=updated if updated != published else None,
        categories=item.categories,
        media=item.media,
        fetched_at=fetched_at,
    )
