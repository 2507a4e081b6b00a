"""A reader whose group or stream vanishes gets everything that is published then, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from redis.asyncio import Redis

from nabaa import GroupReader, Received
from nabaa.filters.filter import Filter
from nabaa.message import encode_article
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from tests.support.articles import make_article
from tests.support.conditions import until

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
BETWEEN = 128


def vanish_and_publish(client: Redis, how: str, titles: list[str]) -> None:
    """Queue commands that no reader can come between."""
    match how:
        case "group":
            client.xgroup_destroy(KEYS.articles, "desk")
        case "stream":
            client.delete(KEYS.articles)
        case "everything":
            client.flushall()
    for title in titles:
        client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})


async def publish(client: Redis, *titles: str) -> None:
    for title in titles:
        await client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})


async def take(reading: AsyncGenerator[Received, None], count: int) -> list[str]:
    async with asyncio.timeout(30):
        return [(await anext(reading)).article.title for _ in range(count)]


async def is_joined(client: Redis) -> bool:
    return bool(await client.exists(KEYS.articles)) and bool(
        await client.xinfo_groups(KEYS.articles)
    )


@pytest.mark.parametrize("how", ["group", "stream", "everything"])
@pytest.mark.parametrize("start", ["now", "beginning"])
@pytest.mark.parametrize("read_before", [0, 1])
async def test_what_is_published_before_the_reader_notices_is_not_lost(
    client: Redis, caplog: pytest.LogCaptureFixture, how: str, start: str, read_before: int
) -> None:
    titles = [str(number) for number in range(BETWEEN)]
    reader = GroupReader(client, 1, "desk", "me", start)
    async with aclosing(reader.read(asyncio.Event())) as reading:
        first = asyncio.ensure_future(anext(reading))
        await until(lambda: is_joined(client))
        if read_before:
            await publish(client, "قبل")
            await reader.acknowledge(await first)
            await reader.flush()
        async with client.pipeline(transaction=True) as pipe:
            vanish_and_publish(pipe, how, titles)
            await pipe.execute()
        if read_before:
            assert await take(reading, BETWEEN) == titles
        else:
            assert (await first).article.title == titles[0]
            assert await take(reading, BETWEEN - 1) == titles[1:]
    assert caplog.text.count("group desk was gone from nabaa:{0}:articles") == 1


async def test_what_a_reader_holds_when_its_group_vanishes_is_given_again_after_its_death(
    client: Redis,
) -> None:
    await publish(client, "أ", "ب")
    async with aclosing(GroupReader(client, 1, "desk", "dies").read(asyncio.Event())) as reading:
        assert await take(reading, 2) == ["أ", "ب"]
        await client.xgroup_destroy(KEYS.articles, "desk")
        await publish(client, "ج")
        assert await take(reading, 1) == ["ج"]
    other = GroupReader(client, 1, "desk", "other", redeliver_seconds=0.001)
    async with aclosing(other.read(asyncio.Event())) as reading:
        assert sorted(await take(reading, 3)) == ["أ", "ب", "ج"]


@pytest.mark.parametrize("is_made_by_another", [False, True])
async def test_an_article_that_fails_after_its_group_vanished_comes_again(
    client: Redis, is_made_by_another: bool
) -> None:
    await publish(client, "أ")
    reader = GroupReader(client, 1, "desk", "me", redeliver_seconds=0.2)
    async with aclosing(reader.read(asyncio.Event())) as reading:
        received = await anext(reading)
        await client.xgroup_destroy(KEYS.articles, "desk")
        if is_made_by_another:
            await client.xgroup_create(KEYS.articles, "desk", "$")
        assert not await reader.fail(received, "not yet", 5, 0.01)
        assert await take(reading, 1) == ["أ"]


async def test_what_is_handed_back_after_the_group_vanished_comes_again(client: Redis) -> None:
    await publish(client, "أ")
    reader = GroupReader(client, 1, "desk", "me")
    async with aclosing(reader.read(asyncio.Event())) as reading:
        await take(reading, 1)
        await client.xgroup_destroy(KEYS.articles, "desk")
        await reader.hand_back()
    async with aclosing(GroupReader(client, 1, "desk", "other").read(asyncio.Event())) as reading:
        assert await take(reading, 1) == ["أ"]


async def test_a_subscription_with_its_filter_goes_on_after_redis_was_emptied(
    client: Redis, server_url: str
) -> None:
    stream = KEYS.subscription("desk")
    data = {"data": encode_article(make_article(title="أ"))}
    reader = GroupReader(client, 1, "desk", "me", "now", filter=Filter(words=("خبر",)))
    async with aclosing(reader.read(asyncio.Event())) as reading:
        first = asyncio.ensure_future(anext(reading))

        async def has_joined() -> bool:
            return bool(await client.exists(stream)) and bool(await client.xinfo_groups(stream))

        await until(has_joined)
        async with connect(server_url) as other:
            await other.flushall()
        await until(has_joined)
        await client.xadd(stream, data)  # type: ignore[arg-type]
        assert (await first).article.title == "أ"


async def test_a_key_of_another_type_is_waited_out(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    reader = GroupReader(client, 1, "desk", "me")
    async with aclosing(reader.read(asyncio.Event())) as reading:
        first = asyncio.ensure_future(anext(reading))
        await until(lambda: is_joined(client))
        await client.set(KEYS.articles, "no stream")

        async def is_logged() -> bool:
            return f"{KEYS.articles} holds something that is no stream" in caplog.text

        await until(is_logged)
        await client.delete(KEYS.articles)
        await publish(client, "أ")
        assert (await first).article.title == "أ"
