"""What an article takes from its page: the text where that is longer, and what its feed leaves out.

How a page is read is `workers.text.page`'s part, how it is fetched that of `ingest.pages`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from config.page_rules import PageRulesFile
from ingest.model import Entry
from ingest.parse.charset import decode_feed
from ingest.streams.stored_page import StoredPage, decode_page
from nabaa.search_key import search_key
from nabaa.types import Page
from workers.text.page.model import ArticlePage
from workers.text.page.read import read_article_page

logger = logging.getLogger(__name__)

LONGER = 1.1
"""A page's text is taken where it is longer than the feed's by this factor."""

RELATED_WORDS = 1 / 3
"""Share of the words of an entry's title and text that its page must have."""

_WORD = re.compile(r"\w{3,}")
_COMPARED = 20_000  # code points of a page's text
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class PageReading:
    """The page of an entry's article, as it was read.

    Attributes:
        article: what it says.
        page: what of that the message holds.
    """

    article: ArticlePage
    page: Page

    def text_beside(self, feed_text: str) -> str:
        """Return the page's text where it is to be delivered, else an empty string.

        Args:
            feed_text: longest text of the feed, plain.
        """
        text = self.article.body_text
        return text if len(text) > LONGER * len(feed_text) else ""


@dataclass(slots=True)
class PageReader:
    """Reads the pages of a batch of entries; one that several entries have is read once.

    Attributes:
        rules: for the pages of outlets, or None.
    """

    rules: PageRulesFile | None = None
    _read: dict[tuple[bytes, str], tuple[StoredPage, ArticlePage] | None] = field(
        default_factory=dict
    )

    def read(self, entry: Entry, data: bytes, feed_texts: str) -> PageReading | None:
        """Read the page of an entry.

        Args:
            entry: entry of the queue.
            data: its page as `encode_page` gives it; empty where it has none.
            feed_texts: its title and texts, plain.

        Returns:
            None where there is no page, it cannot be read, or it is that of something else.
        """
        if not data:
            return None
        key = (data, entry.feed.timezone)
        if key not in self._read:
            self._read[key] = _read_page(entry, data, self.rules)
        found = self._read[key]
        if found is None:
            return None
        stored, article = found
        if article.body_text and not is_about(article, feed_texts):
            logger.info(
                "feed %s: the page %s is about something else than its entry",
                entry.feed.id,
                stored.final_url,
            )
            return None
        canonical, section, picture = article.canonical, article.section, article.picture
        page = Page(canonical, section, picture, stored.fetched_at, article.problem or "")
        return PageReading(article, page)


def is_about(article: ArticlePage, feed_texts: str) -> bool:
    """Tell whether a page may be that of an entry: it has a third of its words.

    Args:
        article: what the page says.
        feed_texts: title and texts of the entry, plain.
    """
    words = _words(feed_texts[:_COMPARED])
    if len(words) < _FEWEST_WORDS:
        return True
    found = words & _words(f"{article.title} {article.body_text[:_COMPARED]}")
    return len(found) >= RELATED_WORDS * len(words)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(search_key(text)))


def _read_page(
    entry: Entry, data: bytes, rules: PageRulesFile | None
) -> tuple[StoredPage, ArticlePage] | None:
    try:
        stored = decode_page(data)
        markup, _ = decode_feed(stored.body, stored.content_type or None)
        url = stored.final_url
        rule = rules.rule_for(url) if rules else None
        return stored, read_article_page(markup, url, _zone(entry), stored.fetched_at, rule)
    except msgspec.MsgspecError as error:
        logger.error("feed %s: the page of %s: %s", entry.feed.id, entry.url, error)
    except Exception:
        # The article is worth more than its page.
        logger.exception(
            "feed %s: the page of %s cannot be read; the feed's text is delivered",
            entry.feed.id,
            entry.url,
        )
    return None


def _zone(entry: Entry) -> ZoneInfo | None:
    try:
        return ZoneInfo(entry.feed.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
