"""The worker daemon on a real server: batches, retries, dead letters, a server that goes away."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from redis.asyncio import Redis

from config.model import Feed
from ingest.model import Entry
from nabaa.streams.keys import WORKERS_GROUP, Keys
from nabaa.types import Article
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.wires.worker_service import (
    QUICK,
    NoNames,
    dead_letters,
    enqueue,
    plain_maker,
    published_titles,
    until_queue_is_empty,
    working,
)
from workers.pipeline import ArticleMaker
from workers.queue import WorkQueue

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
POISON = "سمّ"


class Picky(ArticleMaker):
    """Fails on one title, as a fault of ours would."""

    def make(self, entries: Sequence[Entry], pages: Sequence[bytes] = ()) -> list[Article | None]:
        if any(entry.title == POISON for entry in entries):
            raise ValueError("cannot digest this")
        return super().make(entries, pages)


async def test_every_entry_becomes_an_article(client: Redis, feed: Feed) -> None:
    await enqueue(client, feed, [make_entry(feed, f"{i:03}", title=f"خبر {i}") for i in range(100)])
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    assert await published_titles(client) == [f"خبر {i}" for i in range(100)]


async def test_an_entry_that_fails_does_not_hold_up_its_batch(client: Redis, feed: Feed) -> None:
    marks = {"a": "أول", "b": POISON, "c": "ثالث"}
    await enqueue(client, feed, [make_entry(feed, mark, title=t) for mark, t in marks.items()])
    async with working(client, QUICK, Picky(NoNames())):
        await until_queue_is_empty(client)
    assert await published_titles(client) == ["أول", "ثالث"]


async def test_the_fifth_failure_sends_an_entry_to_the_dead_letters(
    client: Redis, feed: Feed
) -> None:
    await enqueue(client, feed, [make_entry(feed, "a", title=POISON)])
    async with working(client, QUICK, Picky(NoNames())):
        await until_queue_is_empty(client)
    [letter] = await dead_letters(client)
    assert (letter[b"attempts"], letter[b"error"]) == (b"5", b"ValueError: cannot digest this")


async def test_an_entry_that_killed_its_workers_goes_to_the_dead_letters(
    client: Redis, feed: Feed
) -> None:
    await enqueue(client, feed, [make_entry(feed, "a")])
    first = WorkQueue(client, KEYS, "dead worker")
    await first.join()
    await first.take(1, 1)
    for _ in range(4):
        await first.reclaim(0, "0-0")
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    [letter] = await dead_letters(client)
    assert letter[b"attempts"] == b"6"


async def test_what_a_dead_worker_held_is_published(client: Redis, feed: Feed) -> None:
    await enqueue(client, feed, [make_entry(feed, "a", title="خبر")])
    dead = WorkQueue(client, KEYS, "dead worker")
    await dead.join()
    await dead.take(1, 1)
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    assert await published_titles(client) == ["خبر"]


async def test_what_is_not_an_entry_goes_to_the_dead_letters_at_once(
    client: Redis, feed: Feed
) -> None:
    await client.xadd(KEYS.entries, {"data": '{"title": 1}'})
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    [letter] = await dead_letters(client)
    assert letter[b"data"] == b'{"title": 1}'


async def test_what_has_no_data_goes_to_the_dead_letters_at_once(client: Redis) -> None:
    await client.xadd(KEYS.entries, {"note": "not ours"})
    async with working(client, QUICK, plain_maker()):
        await until_queue_is_empty(client)
    [letter] = await dead_letters(client)
    assert letter[b"note"] == b"not ours"


async def test_other_languages_are_dropped_by_setting(client: Redis, feed: Feed) -> None:
    english = "<p>The minister opened the fair in the capital on Sunday, the agency said.</p>"
    await enqueue(
        client,
        feed,
        [
            make_entry(feed, "a", title="افتتاح المعرض الدولي في العاصمة"),
            make_entry(feed, "b", title="The fair opens in the capital", content=english),
        ],
    )
    async with working(client, QUICK, ArticleMaker(NoNames(), ["ar"])):
        await until_queue_is_empty(client)
    assert await published_titles(client) == ["افتتاح المعرض الدولي في العاصمة"]


async def test_a_stopped_worker_leaves_nothing_unacknowledged(client: Redis, feed: Feed) -> None:
    await enqueue(client, feed, [make_entry(feed, f"{i:03}") for i in range(200)])
    small_batches = QUICK.model_copy(update={"batch_size": 10})

    async def has_published() -> bool:
        return bool(await client.xlen(KEYS.articles))

    async with working(client, small_batches, plain_maker()):
        await until(has_published)
    held = await client.xpending(KEYS.entries, WORKERS_GROUP)
    assert held["pending"] == 0


async def test_a_full_server_is_waited_for(client: Redis, feed: Feed) -> None:
    await enqueue(client, feed, [make_entry(feed, "a", title="خبر")])
    await client.config_set("maxmemory", "1")
    async with working(client, QUICK, plain_maker()):
        await client.config_set("maxmemory", "0")
        await until_queue_is_empty(client)
    assert await published_titles(client) == ["خبر"]
