"""The workers' side of the streams: each entry becomes exactly one article or one dead letter."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit
from nabaa.message import article_of
from nabaa.streams.keys import WORKERS_GROUP, Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Outlet
from tests.support.articles import make_article
from tests.support.entries import make_entry
from workers.publish.versions import MadeArticle
from workers.queue import WorkQueue

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


@pytest.fixture
async def queue(client: Redis, feed: Feed) -> WorkQueue:
    """A queue with two entries in it."""
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    entries = [make_entry(feed, "a"), make_entry(feed, "b")]
    marks = [entry.fingerprint for entry in entries]
    await EntriesStream(client, KEYS, 3600).commit_poll(
        PollCommit(feed.id, FeedState(), 900, marks, entries)
    )
    queue = WorkQueue(client, KEYS, "first")
    await queue.join()
    return queue


async def test_a_published_article_is_on_the_stream_and_its_entry_is_gone(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    article = make_article()
    assert await queue.publish([(delivery, MadeArticle(article))]) == 1
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
    assert await second.publish([(reclaimed, MadeArticle(make_article()))]) == 1
    assert await queue.publish([(held, MadeArticle(make_article()))]) == 0
    assert await client.xlen(KEYS.articles) == 1


async def test_a_dropped_entry_leaves_no_article(client: Redis, queue: WorkQueue) -> None:
    [delivery] = await queue.take(1, 1)
    await queue.publish([(delivery, MadeArticle(None))])
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


async def test_a_server_without_memory_takes_no_entry_off_the_queue_without_its_article(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    await client.config_set("maxmemory", "1")
    try:
        with pytest.raises(OutOfMemoryError):
            await queue.publish([(delivery, MadeArticle(make_article()))])
    finally:
        await client.config_set("maxmemory", "0")
    assert (await client.xlen(KEYS.articles), await client.xlen(KEYS.entries)) == (0, 2)
    assert await queue.publish([(delivery, MadeArticle(make_article()))]) == 1


async def put(client: Redis, count: int) -> None:
    for _ in range(count):
        await client.xadd(KEYS.entries, {"data": "x"})


async def types_on_the_stream(client: Redis) -> list[bytes]:
    messages = messages_of_range(await client.xrange(KEYS.articles))
    return [message.fields[b"type"].rpartition(b".")[2] for message in messages]


async def test_a_change_is_published_as_an_update_under_the_same_name(
    client: Redis, queue: WorkQueue
) -> None:
    first, second = await queue.take(2, 1)
    await queue.publish([(first, MadeArticle(make_article()))])
    changed = MadeArticle(make_article(title="عاجل"), is_revision=True)
    assert await queue.publish([(second, changed)]) == 1
    assert await types_on_the_stream(client) == [b"created", b"updated"]
    messages = messages_of_range(await client.xrange(KEYS.articles))
    assert [message.fields[b"id"][-2:] for message in messages] == [b"-1", b"-2"]


async def test_an_entry_that_changes_nothing_is_off_the_queue_and_not_on_the_wire(
    client: Redis, queue: WorkQueue
) -> None:
    first, second = await queue.take(2, 1)
    await queue.publish([(first, MadeArticle(make_article()))])
    assert await queue.publish([(second, MadeArticle(make_article()))]) == 0
    assert (await client.xlen(KEYS.articles), await client.xlen(KEYS.entries)) == (1, 0)


async def test_three_feeds_of_one_batch_make_one_article_that_lists_all_three(
    client: Redis, queue: WorkQueue
) -> None:
    await put(client, 1)
    made = [
        MadeArticle(
            make_article(
                uri=f"urn:nabaa:article:{feed:0>32}",
                outlet=Outlet("صحيفة الصباح", "JO", feed),
                feeds=(feed,),
            )
        )
        for feed in ("sabah", "sport", "all")
    ]
    await queue.publish(list(zip(await queue.take(3, 1), made, strict=True)))
    articles = [
        article_of(message.fields)
        for message in messages_of_range(await client.xrange(KEYS.articles))
    ]
    assert await types_on_the_stream(client) == [b"created", b"updated", b"updated"]
    assert {article.uri for article in articles} == {made[0].article.uri if made[0].article else ""}
    assert sorted(articles[-1].feeds) == ["all", "sabah", "sport"]


async def test_workers_at_the_same_article_make_its_versions_one_after_the_other(
    client: Redis, queue: WorkQueue
) -> None:
    await put(client, 30)
    workers = [WorkQueue(client, KEYS, f"worker {number}") for number in range(4)]
    held = [await worker.take(8, 1) for worker in workers]
    await asyncio.gather(
        *(
            worker.publish(
                [
                    (each, MadeArticle(make_article(title=f"الخبر {number} {place}")))
                    for place, each in enumerate(deliveries)
                ]
            )
            for number, (worker, deliveries) in enumerate(zip(workers, held, strict=True))
        )
    )
    versions = [
        article_of(message.fields).version
        for message in messages_of_range(await client.xrange(KEYS.articles))
    ]
    assert versions == list(range(1, 33))


async def test_packed_articles_have_versions_like_others(client: Redis, queue: WorkQueue) -> None:
    made = [
        MadeArticle(
            make_article(feeds=(feed,), outlet=Outlet("صحيفة", "JO", feed)), compression="zstd"
        )
        for feed in "ab"
    ]
    for each in made:
        [delivery] = await queue.take(1, 1)
        await queue.publish([(delivery, each)])
    messages = messages_of_range(await client.xrange(KEYS.articles))
    assert [message.fields[b"dataencoding"] for message in messages] == [b"zstd", b"zstd"]
    assert [article_of(message.fields).feeds for message in messages] == [("a",), ("a", "b")]


async def test_what_is_known_of_an_article_is_forgotten_after_its_time(
    client: Redis, queue: WorkQueue
) -> None:
    queue = WorkQueue(client, KEYS, "me", memory_seconds=60)
    [delivery] = await queue.take(1, 1)
    made = MadeArticle(make_article())
    await queue.publish([(delivery, made)])
    assert 0 < await client.ttl(KEYS.article(made.names.address)) <= 60
