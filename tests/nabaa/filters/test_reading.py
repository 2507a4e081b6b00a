"""A subscriber reads the stream of a subscription as it reads the wire."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from redis.asyncio import Redis

from nabaa import GroupReader
from nabaa.errors import QueueError
from nabaa.filters.filter import Filter
from nabaa.filters.store import read_subscriptions, register, remove
from nabaa.message import encode_article
from nabaa.streams.keys import Keys, all_shards
from tests.support.articles import make_article
from tests.support.conditions import until
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio
JORDAN = Filter(countries=("JO",))


async def first(subscriber: GroupReader, count: int) -> list[str]:
    async with asyncio.timeout(30), aclosing(subscriber.read(asyncio.Event())) as reading:
        return [(await anext(reading)).article.title for _ in range(count)]


async def test_a_named_subscription_is_read_on_every_shard(client: Redis) -> None:
    await register(client, 2, "desk", JORDAN)
    await client.xadd(Keys(0).articles, {"data": encode_article(make_article(title="كل شيء"))})
    for keys in all_shards(2):
        article = make_article(title=f"خبر {keys.shard}")
        await client.xadd(keys.subscription("desk"), {"data": encode_article(article)})
    subscriber = GroupReader(client, 2, "readers", "me", subscription="desk")
    assert await first(subscriber, 2) == ["خبر 0", "خبر 1"]


async def test_a_filter_registers_a_subscription_named_as_the_group(client: Redis) -> None:
    stop = asyncio.Event()
    subscriber = GroupReader(client, 1, "desk", "me", filter=JORDAN)
    async with asyncio.timeout(30), aclosing(subscriber.read(stop)) as reading:
        reader = asyncio.ensure_future(anext(reading))

        async def is_registered() -> bool:
            return await read_subscriptions(client) == {"desk": JORDAN}

        await until(is_registered)
        await client.xadd(
            Keys(0).subscription("desk"), {"data": encode_article(make_article(title="خبر"))}
        )
        assert (await reader).article.title == "خبر"


async def test_status_shows_its_length_and_who_reads_it(client: Redis) -> None:
    await register(client, 1, "desk", JORDAN)
    stream = Keys(0).subscription("desk")
    await client.xadd(stream, {"data": encode_article(make_article())})
    await first(GroupReader(client, 1, "readers", "me", subscription="desk"), 1)
    status = await read_status(client, 1)
    assert status.subscriptions == {"desk": 1}
    assert [(group.name, group.stream, group.lag) for group in status.groups] == [
        ("readers", stream, 0)
    ]


@pytest.mark.parametrize("existed", [False, True])
async def test_a_subscription_that_is_not_there_is_told_and_not_made(
    client: Redis, existed: bool
) -> None:
    if existed:
        await register(client, 1, "desk", JORDAN)
        await remove(client, 1, "desk")
    with pytest.raises(QueueError, match="there is no subscription desk"):
        await first(GroupReader(client, 1, "readers", "me", subscription="desk"), 1)
    assert await client.keys("*sub:*") == []
