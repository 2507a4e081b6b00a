"""Subscriptions on a real server: what matches is on their streams once, from a change on."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit
from nabaa.errors import UsageError
from nabaa.filters.filter import Filter
from nabaa.filters.store import (
    make_streams,
    read_subscription,
    read_subscriptions,
    register,
    remove,
)
from nabaa.message import article_of
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.messages import messages_of_range
from nabaa.types import Outlet
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.wires.worker_service import (
    QUICK,
    enqueue,
    plain_maker,
    until_queue_is_empty,
    working,
)
from workers.publish.versions import MadeArticle
from workers.queue import WorkQueue
from workers.subscriptions.live import SavedFilters

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
DESK = KEYS.subscription("desk")
JORDAN = Filter(countries=("JO",))
EGYPT = Filter(countries=("EG",))


@pytest.fixture
async def queue(client: Redis, feed: Feed) -> WorkQueue:
    """A queue with two entries in it, whose publisher knows the subscriptions of now."""
    await DueSet(client, KEYS, 60).sync([feed.id], 3600)
    entries = [make_entry(feed, "a"), make_entry(feed, "b")]
    marks = [entry.fingerprint for entry in entries]
    await EntriesStream(client, KEYS, 3600).commit_poll(
        PollCommit(feed.id, FeedState(), 900, marks, entries)
    )
    await register(client, 1, "desk", JORDAN)
    await register(client, 1, "cairo", EGYPT)
    subscriptions = SavedFilters(client)
    await subscriptions.refresh()
    queue = WorkQueue(client, KEYS, "first", subscriptions.match)
    await queue.join()
    return queue


async def test_an_article_is_on_the_streams_that_it_matches(
    client: Redis, queue: WorkQueue
) -> None:
    one, other = await queue.take(2, 1)
    egyptian = make_article(
        uri="urn:nabaa:article:" + "1" * 32,
        url="https://masa.example/a",
        outlet=Outlet("المساء", "EG", "masa"),
        feeds=("masa",),
    )
    assert (
        await queue.publish([(one, MadeArticle(make_article())), (other, MadeArticle(egyptian))])
        == 2
    )
    [message] = messages_of_range(await client.xrange(DESK))
    assert article_of(message.fields) == make_article()
    [message] = messages_of_range(await client.xrange(KEYS.subscription("cairo")))
    assert article_of(message.fields) == egyptian


async def test_it_has_the_id_and_the_fields_that_it_has_on_the_wire(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    await queue.publish([(delivery, MadeArticle(make_article()))])
    assert await client.xrange(DESK) == await client.xrange(KEYS.articles)


async def test_two_workers_that_hold_the_same_entry_deliver_it_once(
    client: Redis, queue: WorkQueue
) -> None:
    [held] = await queue.take(1, 1)
    subscriptions = SavedFilters(client)
    await subscriptions.refresh()
    second = WorkQueue(client, KEYS, "second", subscriptions.match)
    reclaimed, _ = await second.reclaim(0, "0-0")
    assert reclaimed is not None
    await second.publish([(reclaimed, MadeArticle(make_article()))])
    await queue.publish([(held, MadeArticle(make_article()))])
    assert await client.xlen(DESK) == 1


async def test_a_worker_that_has_not_heard_of_a_removal_does_not_undo_it(
    client: Redis, queue: WorkQueue
) -> None:
    [delivery] = await queue.take(1, 1)
    assert await remove(client, 1, "desk")
    assert await queue.publish([(delivery, MadeArticle(make_article()))]) == 1
    assert not await client.exists(DESK)


@pytest.mark.parametrize("hindrance", ["ahead", "no stream"])
async def test_a_stream_that_is_in_the_way_does_not_hold_up_the_article(
    client: Redis, queue: WorkQueue, hindrance: str
) -> None:
    [delivery] = await queue.take(1, 1)
    if hindrance == "ahead":  # of the wire, which was emptied by hand or had another clock
        seconds, _ = await client.time()
        await client.xadd(DESK, {"data": "old"}, id=f"{(seconds + 3600) * 1000}-0")
    else:
        await client.set(DESK, "not a stream")
    assert await queue.publish([(delivery, MadeArticle(make_article()))]) == 1
    assert await client.xlen(KEYS.articles) == 1
    if hindrance == "ahead":
        assert await client.xlen(DESK) == 2


async def test_a_worker_follows_additions_changes_and_removals(client: Redis) -> None:
    subscriptions = SavedFilters(client)
    found = []
    for change in (
        register(client, 1, "desk", JORDAN),
        register(client, 1, "other", JORDAN),
        register(client, 1, "desk", EGYPT),
        remove(client, 1, "other"),
    ):
        await change
        await subscriptions.refresh()
        found.append(sorted(subscriptions.match(make_article())))
    assert found == [["desk"], ["desk", "other"], ["other"], []]


async def test_a_server_that_came_back_empty_leaves_no_subscription(client: Redis) -> None:
    await register(client, 1, "desk", JORDAN)
    subscriptions = SavedFilters(client)
    await subscriptions.refresh()
    await client.flushall()
    await subscriptions.refresh()
    assert subscriptions.match(make_article()) == []


async def test_one_that_cannot_be_read_does_not_hold_up_the_others(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await client.hset(KEYS.subscriptions, "later", '{"moods": ["glad"]}')
    await register(client, 1, "desk", JORDAN)
    subscriptions = SavedFilters(client)
    await subscriptions.refresh()
    assert subscriptions.match(make_article()) == ["desk"]
    assert "subscription later receives nothing: not a filter" in caplog.text


async def test_registering_makes_a_stream_on_each_shard_without_a_group(client: Redis) -> None:
    await register(client, 3, "desk", JORDAN)
    await register(client, 3, "desk", JORDAN)
    for keys in all_shards(3):
        assert await client.xinfo_groups(keys.subscription("desk")) == []


async def test_streams_for_shards_that_came_later_are_made(client: Redis) -> None:
    await register(client, 1, "desk", JORDAN)
    await make_streams(client, 2)
    assert await client.exists(Keys(1).subscription("desk"))


async def test_removing_takes_the_streams_of_all_shards(client: Redis) -> None:
    await register(client, 3, "desk", JORDAN)
    assert await remove(client, 3, "desk")
    assert not await remove(client, 3, "desk")
    assert await read_subscriptions(client) == {}
    assert await client.keys("nabaa:*:sub:*") == []


async def test_what_was_registered_is_read_back(client: Redis) -> None:
    await register(client, 1, "desk", JORDAN)
    await register(client, 1, "cairo", EGYPT)
    assert await read_subscriptions(client) == {"cairo": EGYPT, "desk": JORDAN}
    assert await read_subscription(client, "desk") == JORDAN
    assert await read_subscription(client, "none") is None


async def test_a_wrong_filter_is_not_kept(client: Redis) -> None:
    with pytest.raises(UsageError):
        await register(client, 1, "desk", Filter())
    assert await client.keys() == []


async def test_a_running_worker_takes_a_subscription_over(client: Redis, feed: Feed) -> None:
    number = 0

    async def is_delivered() -> bool:
        nonlocal number
        number += 1
        await enqueue(client, feed, [make_entry(feed, f"{number}", title="خبر")])
        await until_queue_is_empty(client)
        return bool(await client.xlen(DESK))

    async with working(client, QUICK, plain_maker()):
        assert not await is_delivered()
        await register(client, 1, "desk", JORDAN)
        await until(is_delivered, 60)


async def test_nothing_is_published_before_the_subscriptions_are_known(
    client: Redis, feed: Feed
) -> None:
    await register(client, 1, "desk", JORDAN)
    await enqueue(client, feed, [make_entry(feed, f"{i:03}", title="خبر") for i in range(50)])
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    assert await client.xlen(DESK) == 50
