"""The newest articles in memory, for all pages that show the wire: one reader for all of them."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import msgspec
from markupsafe import Markup
from redis.asyncio import Redis

from nabaa.filters.words import bare_forms
from nabaa.search_key import search_key
from nabaa.subscriber.follow import follow
from nabaa.subscriber.received import Received
from nabaa.types import Article
from workers.subscriptions.match import ArticleFacts

MOST_ARTICLES = 1000
MOST_BYTES = 32 * 1024 * 1024
_KNOWN_WORDS = 20_000

Wanted = Callable[[ArticleFacts], bool]
"""A test that tells whether an article is wanted."""


@dataclass(slots=True)
class LiveArticle:
    """An article that has come lately.

    Attributes:
        number: its place in the order in which this process read it, from 1.
        at: instant at which it came onto the stream, aware UTC.
        article: the article.
        size: length of its JSON, bytes.
        facts: what filters ask of it.
        rows: language of the page → its row there, HTML; written once for all pages.
    """

    number: int
    at: datetime
    article: Article
    size: int
    facts: ArticleFacts
    rows: dict[str, Markup] = field(default_factory=dict)


class Newest:
    """Keeps the newest articles of the wire.

    Args:
        most_articles: how many are kept.
        most_bytes: how much of them, as JSON.

    Attributes:
        epoch: tells the numbers of this process from those of another.
    """

    def __init__(self, most_articles: int = MOST_ARTICLES, most_bytes: int = MOST_BYTES) -> None:
        self.epoch = secrets.token_hex(4)
        self._most_articles = most_articles
        self._most_bytes = most_bytes
        self._kept: deque[LiveArticle] = deque()
        self._bytes = 0
        self._numbers = itertools.count(1)
        self._key = lru_cache(_KNOWN_WORDS)(search_key)
        self._forms = lru_cache(_KNOWN_WORDS)(bare_forms)

    async def run(self, client: Redis, shards: int, stop: asyncio.Event) -> None:
        """Read the wire until `stop` is set, through any absence of Redis.

        Args:
            client: answers in bytes.
            shards: how many shards the wire has.
            stop: set by whoever wants an end.
        """
        last = self._most_articles if not self._kept else 0
        async for received in follow(client, shards, last, stop):
            self.add(received)

    def add(self, received: Received) -> None:
        """Take in an article; the oldest go where there are too many."""
        try:
            article = received.article
        except msgspec.MsgspecError:
            return  # not an article of this version; subscribers find it in the dead letters
        facts = ArticleFacts(article, self._key, self._forms)
        size = len(received.data)
        self._kept.append(LiveArticle(next(self._numbers), received.at, article, size, facts))
        self._bytes += size
        while len(self._kept) > self._most_articles or self._bytes > self._most_bytes:
            self._bytes -= self._kept.popleft().size

    @property
    def last_number(self) -> int:
        """The number of the article that came last, 0 where none has come."""
        return self._kept[-1].number if self._kept else 0

    @property
    def articles(self) -> Iterator[LiveArticle]:
        """All that are kept, the one that came last first."""
        return reversed(self._kept)

    def find(self, uri: str) -> LiveArticle | None:
        """Return the last version of an article, None where it is not kept."""
        return next((live for live in self.articles if live.article.uri == uri), None)

    def newest(self, is_wanted: Wanted, count: int) -> list[LiveArticle]:
        """Return the newest articles that are wanted, each in its last version, newest first.

        Args:
            is_wanted: the test.
            count: how many at most.
        """
        found: dict[str, LiveArticle] = {}
        for live in sorted(self._kept, key=lambda live: live.at, reverse=True):
            if len(found) == count:
                break
            if live.article.uri not in found and is_wanted(live.facts):
                found[live.article.uri] = live
        return list(found.values())

    def since(self, number: int, is_wanted: Wanted, count: int) -> tuple[list[LiveArticle], int]:
        """Return what came after a number and is wanted, newest first, and how many there were.

        Args:
            number: of the last article that was seen.
            is_wanted: the test.
            count: how many at most.

        Returns:
            The newest of them, and the number of all of them.
        """
        wanted = [
            live
            for live in itertools.takewhile(lambda live: live.number > number, self.articles)
            if is_wanted(live.facts)
        ]
        return wanted[:count], len(wanted)
