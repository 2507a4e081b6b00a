"""Workers on a Redis whose data is not what it should be: they wait, say so, and lose nothing."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from config.model import Feed
from nabaa.streams.keys import SHARDS, WORKERS_GROUP, Keys
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.wires.worker_service import (
    QUICK,
    dead_letters,
    enqueue,
    plain_maker,
    published_titles,
    until_queue_is_empty,
    working,
)

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
TITLES = [f"خبر {number:02}" for number in range(30)]
HIGHEST = 2**64 - 1


async def until_logged(caplog: pytest.LogCaptureFixture, text: str, times: int = 1) -> None:
    async def is_logged() -> bool:
        return caplog.text.count(text) >= times

    await until(is_logged)


async def enqueue_titles(client: Redis, feed: Feed) -> None:
    entries = [make_entry(feed, f"{i:02}", title=title) for i, title in enumerate(TITLES)]
    await enqueue(client, feed, entries)


async def spoil_articles(client: Redis, fault: str) -> None:
    if fault == "another type":
        await client.set(KEYS.articles, "not ours")
    else:
        await client.xadd(KEYS.articles, {"data": b"x"}, id=f"{HIGHEST}-{HIGHEST}")


@pytest.mark.parametrize("fault", ["another type", "no id left"])
async def test_entries_wait_where_no_article_can_be_written_through_any_number_of_workers(
    client: Redis, feed: Feed, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    await enqueue_titles(client, feed)
    await spoil_articles(client, fault)
    for _ in range(QUICK.max_attempts + 2):
        caplog.clear()
        async with working(client, QUICK, plain_maker()):
            await until_logged(caplog, "Redis at test cannot be used: nabaa:{0}:articles ")
    await client.delete(KEYS.articles)
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    assert sorted(await published_titles(client)) == TITLES
    assert await dead_letters(client) == []


async def test_a_worker_says_once_what_cannot_be_written_and_goes_on_when_it_is_mended(
    client: Redis, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await enqueue_titles(client, feed)
    await client.set(KEYS.articles, "not ours")
    async with working(client, QUICK, plain_maker()):
        await until_logged(caplog, "holds a string in place of a stream; waiting for it")
        await client.delete(KEYS.articles)
        await until_queue_is_empty(client)
        await until_logged(caplog, "can be used again")
    assert caplog.text.count("holds a string in place of a stream") == 1
    assert sorted(await published_titles(client)) == TITLES


async def test_an_entry_that_cannot_be_buried_holds_no_other_up(
    client: Redis, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    await client.set(KEYS.dead, "not ours")
    await client.xadd(KEYS.entries, {"data": "not an entry"})
    await enqueue_titles(client, feed)
    async with working(client, QUICK, plain_maker()):

        async def are_published() -> bool:
            return len(await published_titles(client)) == len(TITLES)

        await until(are_published)
        await until_logged(caplog, "stays queued: nabaa:{0}:dead holds a string")
        await client.delete(KEYS.dead)
        await until_queue_is_empty(client)
    assert len(await dead_letters(client)) == 1
    assert caplog.text.count("stays queued") == 1


@pytest.mark.parametrize("command", ["FLUSHALL", f"DEL {KEYS.entries}"])
async def test_a_worker_goes_on_where_its_queue_is_gone_and_says_so(
    client: Redis, feed: Feed, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with working(client, QUICK, plain_maker()):
        await enqueue(client, feed, [make_entry(feed, "before", title="قبل")])
        await until_queue_is_empty(client)
        await client.execute_command(*command.split())  # type: ignore[no-untyped-call]
        await until_logged(caplog, "nabaa:{0}:entries or its group was gone and is made again")
        await enqueue(client, feed, [make_entry(feed, "after", title="بعد")])
        await until_queue_is_empty(client)
    assert (await published_titles(client))[-1] == "بعد"
    assert await client.hget(SHARDS, "count") == b"1"


async def test_entries_of_a_group_that_is_gone_are_taken_again(client: Redis, feed: Feed) -> None:
    async with working(client, QUICK, plain_maker()):
        await enqueue(client, feed, [make_entry(feed, "before")])
        await until_queue_is_empty(client)
        async with client.pipeline(transaction=True) as pipe:
            pipe.xadd(KEYS.entries, {"data": "not an entry"})
            pipe.xgroup_destroy(KEYS.entries, WORKERS_GROUP)
            await pipe.execute()
        await until_queue_is_empty(client)
    assert len(await dead_letters(client)) == 1
