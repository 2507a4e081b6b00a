"""Entries that take long: they stay with their worker, hold no others up, and have a budget."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
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
from workers.shard_worker import LONG_ENTRY_BYTES

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
SLOW = "بطيء"
SLOWER = Settings(reclaim_idle_seconds=1.0)


class SlowMaker(ArticleMaker):
    """Stands still at one title until it is let go."""

    def __init__(self) -> None:
        super().__init__(NoNames())
        self.made: list[str] = []
        self.is_at_it = threading.Event()
        self.may_go_on = threading.Event()

    def make(self, entries: Sequence[Entry], pages: Sequence[bytes] = ()) -> list[Article | None]:
        self.made += [entry.title for entry in entries]
        if any(entry.title == SLOW for entry in entries):
            self.is_at_it.set()
            assert self.may_go_on.wait(30)
        return super().make(entries, pages)


@pytest.fixture
def maker() -> Iterator[SlowMaker]:
    maker = SlowMaker()
    yield maker
    maker.may_go_on.set()


@contextmanager
def let_go(maker: SlowMaker) -> Iterator[None]:
    try:
        yield
    finally:
        maker.may_go_on.set()


async def until_at_it(maker: SlowMaker) -> None:
    async def is_at_it() -> bool:
        return maker.is_at_it.is_set()

    await until(is_at_it)


async def test_an_entry_that_takes_long_is_not_given_to_another_worker(
    client: Redis, feed: Feed, maker: SlowMaker
) -> None:
    await enqueue(client, feed, [make_entry(feed, "a", title=SLOW)])

    async def pending() -> tuple[int, int]:
        """Return the milliseconds and the number of its deliveries."""
        [entry] = await client.xpending_range(KEYS.entries, WORKERS_GROUP, "-", "+", 1)
        return int(entry["time_since_delivered"]), int(entry["times_delivered"])

    idle = [0]

    async def was_renewed() -> bool:
        before, idle[0] = idle[0], (await pending())[0]
        return idle[0] < before

    async with working(client, SLOWER, maker):
        with let_go(maker):
            await until_at_it(maker)
            async with working(client, SLOWER, plain_maker()):
                for _ in range(6):  # twice as long as the other would wait
                    await until(was_renewed)
                assert (await pending())[1] == 1
        await until_queue_is_empty(client)
    assert (maker.made, await published_titles(client)) == ([SLOW], [SLOW])


async def test_a_long_entry_does_not_hold_up_the_others_of_its_batch(
    client: Redis, feed: Feed, maker: SlowMaker
) -> None:
    long = make_entry(feed, "a", title=SLOW, content="<p>" + "كلمة " * LONG_ENTRY_BYTES + "</p>")
    others = [make_entry(feed, mark, title=mark) for mark in "bc"]
    await enqueue(client, feed, [long, *others])
    async with working(client, QUICK, maker):
        with let_go(maker):

            async def others_are_out() -> bool:
                return await published_titles(client) == ["b", "c"]

            await until(others_are_out)
        await until_queue_is_empty(client)
    assert await published_titles(client) == ["b", "c", SLOW]


async def test_an_entry_over_its_budget_goes_to_the_dead_letters_and_round_no_further(
    client: Redis, feed: Feed, maker: SlowMaker
) -> None:
    await enqueue(client, feed, [make_entry(feed, "a", title=SLOW)])
    async with working(client, QUICK, maker, entry_seconds=0.2):
        with let_go(maker):
            await until_queue_is_empty(client)
    [letter] = await dead_letters(client)
    assert letter[b"error"] == b"no article was made of it within 0.2 seconds"
    assert (maker.made, await published_titles(client)) == ([SLOW], [])


async def test_others_of_a_batch_over_its_budget_are_tried_by_themselves(
    client: Redis, feed: Feed, maker: SlowMaker
) -> None:
    titles = ["b", SLOW, "c"]
    await enqueue(client, feed, [make_entry(feed, f"{i}", title=t) for i, t in enumerate(titles)])
    async with working(client, QUICK, maker, entry_seconds=0.2):
        with let_go(maker):
            await until_at_it(maker)
            other = SlowMaker()
            other.may_go_on.set()
            async with working(client, QUICK, other):
                await until_queue_is_empty(client)
            assert sorted(other.made) == sorted(titles)
    assert sorted(await published_titles(client)) == sorted(titles)
