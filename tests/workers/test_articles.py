"""The workers' side of the streams: each entry becomes exactly one article or one dead letter."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from config.types import Feed
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream
from ingest.streams.keys import WORKERS_GROUP, Keys
from ingest.streams.messages import messages_of_range
from ingest.types import FeedState
from tests.ingest.entries import make_entry
from tests.workers.articles import make_article
from workers.articles import WorkQueue
from workers.message import article_of

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


@pytest.fixture
async def queue(client: Redis, feed: Feed) -> WorkQueue:
    """A queue with two entries in it."""
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    entries = [make_entry(feed, "a"), make_entry(feed, "b")]
    marks = [entry.fingerprint for entry in entries]
    await EntriesStream(client, KEYS, 3600).commit_poll(feed.id, FeedState(), 900, marks, entries)
    queue = WorkQueue(client, KEYS, "first")
    await queue.join()
    return queue


async def test_a_published_article_is_on_the_stream_and_its_entry_is_gone(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    article = make_article()
    assert await queue.publish([(delivery, article)]) == 1
    [message] = messages_of_range(await client.xrange(KEYS.articles))
    assert article_of(message.fields) == article
    assert await client.xlen(KEYS.entries) == 1


async def test_two_workers_that_hold_the_same_entry_publish_it_once(
    client: Redis, queue: WorkQueue
) -> None:
    [held] = await queue.take(1, 1)
    second = WorkQueue(client, KEYS, "second")
    reclaimed, _ = await second.reclaim(0, "0-0")
    assert reclaimed is not None
    assert await second.publish([(reclaimed, make_article())]) == 1
    assert await queue.publish([(held, make_article())]) == 0
    assert await client.xlen(KEYS.articles) == 1


async def test_a_dropped_entry_leaves_no_article(client: Redis, queue: WorkQueue) -> None:
    [delivery] = await queue.take(1, 1)
    await queue.publish([(delivery, None)])
    assert (await client.xlen(KEYS.articles), await client.xlen(KEYS.entries)) == (0, 1)


async def test_each_reclaim_counts_as_an_attempt(client: Redis, queue: WorkQueue) -> None:
    await queue.take(1, 1)
    attempts = []
    for name in ("second", "third"):
        delivery, _ = await WorkQueue(client, KEYS, name).reclaim(0, "0-0")
        assert delivery is not None
        attempts.append(delivery.attempts)
    assert attempts == [2, 3]


async def test_one_entry_is_reclaimed_at_a_time(client: Redis, queue: WorkQueue) -> None:
    await queue.take(2, 1)
    await WorkQueue(client, KEYS, "second").reclaim(0, "0-0")
    held = await client.xpending_range(KEYS.entries, WORKERS_GROUP, "-", "+", 10)
    assert sorted(entry["times_delivered"] for entry in held) == [1, 2]


async def test_an_entry_that_is_being_worked_on_is_not_reclaimed(
    client: Redis, queue: WorkQueue
) -> None:
    await queue.take(2, 1)
    delivery, _ = await WorkQueue(client, KEYS, "second").reclaim(3600, "0-0")
    assert delivery is None


async def test_a_dead_letter_carries_the_error_the_attempts_and_the_original(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    assert await queue.bury(delivery, "ValueError: no")
    [message] = messages_of_range(await client.xrange(KEYS.dead))
    assert message.fields == {
        b"entry_id": delivery.entry_id.encode(),
        b"error": b"ValueError: no",
        b"attempts": b"1",
        b"data": delivery.data,
    }


async def test_an_entry_is_buried_once(client: Redis, queue: WorkQueue) -> None:
    [delivery] = await queue.take(1, 1)
    await queue.bury(delivery, "first")
    assert not await queue.bury(delivery, "second")


async def test_articles_past_their_age_are_trimmed(client: Redis, queue: WorkQueue) -> None:
    for number in range(1, 301):
        await client.xadd(KEYS.articles, {"data": "old"}, id=f"{number}-0")
    deliveries = await queue.take(2, 1)
    await queue.publish([(delivery, make_article()) for delivery in deliveries])
    await queue.trim(max_age_seconds=3600, max_length=1_000_000)
    assert await client.xlen(KEYS.articles) <= 102


async def test_a_server_without_memory_takes_no_entry_off_the_queue_without_its_article(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    await client.config_set("maxmemory", "1")
    try:
        await queue.publish([(delivery, make_article())])
    except Exception:
        pass
    finally:
        await client.config_set("maxmemory", "0")
    assert await client.xlen(KEYS.articles) + await client.xlen(KEYS.entries) == 2
