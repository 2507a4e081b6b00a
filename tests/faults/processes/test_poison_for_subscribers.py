"""An article that its reader cannot deal with, or dies of, comes to an end and holds up nobody."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from contextlib import aclosing
from pathlib import Path

import pytest
import redis
from redis.asyncio import Redis

from nabaa import GroupReader, Subscriber
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.articles import make_article
from tests.support.conditions import eventually
from tests.support.daemons import REPOSITORY
from tests.support.faults.deadly_reader import POISON

KEYS = Keys(0)
LETTERS = KEYS.dead_of("desk")
TRIES = 3


def publish(server_url: str, *titles: str) -> None:
    with redis.Redis.from_url(server_url) as client:
        for title in titles:
            client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})


def letters(server_url: str) -> list[tuple[bytes, bytes]]:
    """Return the attempts and the reason of each dead letter."""
    with redis.Redis.from_url(server_url) as client:
        found = messages_of_range(client.xrange(LETTERS))
    return [(letter.fields[b"attempts"], letter.fields[b"error"]) for letter in found]


@pytest.mark.parametrize("consumer", ["me", ""], ids=["one name", "a new name each time"])
def test_an_article_that_kills_its_reader_is_buried_and_what_is_behind_it_is_delivered(
    server_url: str, tmp_path: Path, consumer: str
) -> None:
    behind = [str(number) for number in range(20)]
    publish(server_url, "before", POISON, *behind)
    command = [sys.executable, "-m", "tests.support.faults.deadly_reader"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with (
        (tmp_path / "printed").open("w+", encoding="utf-8") as printed,
        subprocess.Popen(
            [*command, server_url, consumer, str(TRIES)], stdout=printed, env=environment
        ) as readers,
    ):
        eventually(lambda: bool(letters(server_url)))
        publish(server_url, "last")
        deaths = readers.wait(30)
    counts = Counter((tmp_path / "printed").read_text("utf-8").split())
    # The first delivery does not count: nobody knows which of those read ahead it was at.
    assert counts[POISON] == deaths == TRIES + 1
    assert {title: counts[title] for title in behind} == dict.fromkeys(behind, 1)
    assert [attempts for attempts, _ in letters(server_url)] == [str(TRIES).encode()]


def test_an_exception_in_a_loop_brings_an_article_again_for_so_many_tries_only(
    server_url: str,
) -> None:
    publish(server_url, "before", POISON, "behind")
    read: list[str] = []

    def read_on() -> None:
        subscriber = Subscriber(server_url, "desk", tries=TRIES)
        for article in subscriber:
            read.append(article.title)
            if article.title == POISON:
                raise ZeroDivisionError
            if article.title == "last":
                subscriber.stop()

    for _ in range(TRIES):
        with pytest.raises(ZeroDivisionError):
            read_on()
    publish(server_url, "last")
    read_on()
    assert Counter(read) == {"before": 1, POISON: TRIES, "behind": 1, "last": 1}
    [(attempts, error)] = letters(server_url)
    assert attempts == str(TRIES).encode()
    assert b"left its loop" in error


@pytest.mark.anyio
async def test_an_exception_in_a_loop_over_batches_buries_only_the_one_that_is_wrong(
    server_url: str,
) -> None:
    publish(server_url, "a", "b", POISON, "c", "d")
    read: Counter[str] = Counter()

    async def read_on() -> None:
        subscriber = Subscriber(server_url, "desk", tries=TRIES)
        async with aclosing(subscriber.batches(10, max_wait_seconds=0.2)) as batches:
            async for batch in batches:
                titles = [article.title for article in batch]
                if POISON in titles:
                    raise ZeroDivisionError
                read.update(titles)
                if "last" in titles:
                    subscriber.stop()

    for _ in range(TRIES):
        with pytest.raises(ZeroDivisionError):
            await read_on()
    publish(server_url, "last")
    await read_on()
    assert read == Counter([*"abcd", "last"])
    assert len(letters(server_url)) == 1


@pytest.mark.anyio
async def test_what_is_handed_back_counts_as_no_attempt(client: Redis, server_url: str) -> None:
    publish(server_url, "أ")

    for number in range(5):
        reader = GroupReader(client, 1, "desk", f"reader {number}", tries=2)
        async with aclosing(reader.read(asyncio.Event())) as reading:
            received = await anext(reading)
            assert received.attempts == 0
            await reader.hand_back()
    reader = GroupReader(client, 1, "desk", "last", tries=2)
    async with aclosing(reader.read(asyncio.Event())) as reading:
        assert not await reader.fail(await anext(reading), "a first real error", 2, 0.01)


@pytest.mark.anyio
async def test_what_was_only_read_ahead_counts_as_no_attempt(
    client: Redis, server_url: str
) -> None:
    publish(server_url, *map(str, range(10)))

    for _ in range(4):  # readers that die at one of ten
        reader = GroupReader(client, 1, "desk", "me", redeliver_seconds=0.001, tries=2)
        async with aclosing(reader.read(asyncio.Event())) as reading:
            await anext(reading)
    reader = GroupReader(client, 1, "desk", "me", redeliver_seconds=0.001, tries=2)
    async with aclosing(reader.read(asyncio.Event())) as reading:
        received = [await anext(reading) for _ in range(10)]
    assert sorted(each.article.title for each in received) == [str(n) for n in range(10)]
    assert letters(server_url) == []


@pytest.mark.anyio
async def test_an_article_that_cannot_be_buried_holds_up_nobody(
    client: Redis, server_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await client.set(LETTERS, "no stream")
    await client.xadd(KEYS.articles, {"other": b"x"})
    publish(server_url, "behind")

    reader = GroupReader(client, 1, "desk", "me")
    async with aclosing(reader.read(asyncio.Event())) as reading:
        assert (await anext(reading)).article.title == "behind"
    assert "stays with its group" in caplog.text
    assert (await client.xpending(KEYS.articles, "desk"))["pending"] == 2
