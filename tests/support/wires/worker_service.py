"""The worker service in the process of the test: entries in, articles and dead letters out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.model import Entry, FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import until
from workers.model import Span
from workers.pipeline import ArticleMaker
from workers.service import WorkerService
from workers.shard_worker import ENTRY_SECONDS

KEYS = Keys(0)
QUICK = Settings(reclaim_idle_seconds=0.1)


class NoNames:
    """A recogniser for who does not look at entities."""

    name = "none"

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [[] for _ in sentences]


@cache
def plain_maker() -> ArticleMaker:
    """Return a maker that finds no names; to build one takes longer than most tests."""
    return ArticleMaker(NoNames())


async def enqueue(client: Redis, feed: Feed, entries: Sequence[Entry]) -> None:
    """Commit a poll that brought these entries."""
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    fingerprints = [entry.fingerprint for entry in entries]
    commit = PollCommit(feed.id, FeedState(), 900, fingerprints, entries)
    await EntriesStream(client, KEYS, 3600).commit_poll(commit)


@asynccontextmanager
async def working(
    client: Redis, settings: Settings, maker: ArticleMaker, entry_seconds: float = ENTRY_SECONDS
) -> AsyncIterator[WorkerService]:
    """Run a worker while the block lasts."""
    stop = asyncio.Event()
    service = WorkerService(settings, client, maker, "test", entry_seconds)
    running = asyncio.create_task(service.run(stop))
    try:
        yield service
    finally:
        stop.set()
        await running


async def until_queue_is_empty(client: Redis) -> None:
    """Return as soon as no entry is on the queue."""

    async def is_empty() -> bool:
        return not await client.xlen(KEYS.entries)

    await until(is_empty)


async def published_titles(client: Redis) -> list[str]:
    """Return the titles of the articles on the stream, in its order."""
    messages = messages_of_range(await client.xrange(KEYS.articles))
    return [article_of(message.fields).title for message in messages]


async def dead_letters(client: Redis) -> list[dict[bytes, bytes]]:
    """Return the fields of the dead letters, the oldest first."""
    return [message.fields for message in messages_of_range(await client.xrange(KEYS.dead))]
