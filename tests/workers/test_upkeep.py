"""What workers tidy up: by the clock of Redis, on every shard, and nothing that is still held."""

from __future__ import annotations

import time

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from nabaa.redis.client import script
from nabaa.streams.keys import WORKERS_GROUP, Keys
from tests.support.conditions import until
from workers.upkeep import Upkeep

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
EIGHT_DAYS = 8 * 86400


async def publish(client: Redis, keys: Keys, count: int, message_id: str = "*") -> None:
    for _ in range(count):
        await client.xadd(keys.articles, {"data": b"x"}, id=message_id)


@pytest.mark.parametrize("days", [EIGHT_DAYS, -EIGHT_DAYS], ids=["ahead", "behind"])
async def test_a_worker_whose_clock_is_wrong_trims_what_redis_calls_old(
    client: Redis, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    now = time.time()
    for number in range(200):
        await client.xadd(KEYS.articles, {"data": b"x"}, id=f"{number + 1}-0")
    await publish(client, KEYS, 200)
    monkeypatch.setattr(time, "time", lambda: now + days)
    await Upkeep(client, Settings()).run([])
    assert 200 <= await client.xlen(KEYS.articles) < 300


async def test_counts_are_forgotten_after_a_day_by_the_clock_of_redis(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, _ = await client.time()
    kept = [f"polls:{seconds // 60}".encode(), f"polls:{seconds // 60 - 1439}".encode()]
    for field in (*kept, f"polls:{seconds // 60 - 1500}".encode(), b"not ours"):
        await client.hset(KEYS.rates, field, 1)
    monkeypatch.setattr(time, "time", lambda: seconds + EIGHT_DAYS)
    await Upkeep(client, Settings()).run([])
    assert sorted(await client.hkeys(KEYS.rates)) == sorted(kept)


async def test_a_group_whose_name_is_no_text_stops_no_shard(client: Redis) -> None:
    shards = [Keys(0), Keys(1)]
    for keys in shards:
        await client.xgroup_create(keys.articles, b"\xff\xfe", id="0", mkstream=True)
        for number in range(300):
            await client.xadd(keys.articles, {"data": b"x"}, id=f"{number + 1}-0")
    await Upkeep(client, Settings(shards=2)).run([])
    assert [await client.xlen(keys.articles) for keys in shards] == [0, 0]


async def test_a_key_of_another_type_on_one_shard_stops_no_other(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await client.set(Keys(0).articles, "not ours")
    await client.set(Keys(0).rates, "not ours")
    for number in range(300):
        await client.xadd(Keys(1).articles, {"data": b"x"}, id=f"{number + 1}-0")
    upkeep = Upkeep(client, Settings(shards=2))
    await upkeep.run([])
    await client.delete(Keys(0).trimmed)
    await upkeep.run([])
    assert await client.xlen(Keys(1).articles) == 0
    assert caplog.text.count("nabaa:{0}:articles is not trimmed") == 1
    assert caplog.text.count("shard 0 is not tidied up") == 1


@pytest.mark.parametrize("stream", [KEYS.articles, KEYS.subscription("desk"), KEYS.entries])
async def test_readers_that_are_gone_are_forgotten_unless_they_hold_something(
    client: Redis, stream: str
) -> None:
    await client.xgroup_create(stream, WORKERS_GROUP, id="0", mkstream=True)
    await client.xadd(stream, {"data": b"x"})
    for consumer in ("holds", "gone"):
        await client.xreadgroup(WORKERS_GROUP, consumer, {stream: ">"}, count=1)
    await client.xgroup_createconsumer(stream, WORKERS_GROUP, "gone")
    forget = script(client, "workers.publish", "forget_consumers")

    async def is_idle() -> bool:
        found = await client.xinfo_consumers(stream, WORKERS_GROUP)
        return bool(min(consumer["idle"] for consumer in found) > 0)

    await until(is_idle)
    assert await forget(keys=[stream], args=[3_600_000]) == 0
    assert await forget(keys=[stream], args=[0]) == 1
    [left] = await client.xinfo_consumers(stream, WORKERS_GROUP)
    assert (left["name"], left["pending"]) == (b"holds", 1)


async def test_the_streams_of_subscriptions_are_among_those_tidied_up(client: Redis) -> None:
    stream = KEYS.subscription("desk")
    await client.xgroup_create(stream, "desk", id="0", mkstream=True)
    await client.xgroup_createconsumer(stream, "desk", "gone")
    await client.xadd(stream, {"data": b"x"})
    await client.xreadgroup("desk", "holds", {stream: ">"})
    upkeep = Upkeep(client, Settings(), idle_consumer_seconds=-1)
    await upkeep.run(["desk", "removed"])
    assert [each["name"] for each in await client.xinfo_consumers(stream, "desk")] == [b"holds"]


async def test_old_events_of_stories_go_and_a_group_that_lost_some_is_told(client: Redis) -> None:
    await client.xgroup_create(KEYS.stories, "desk", id="0", mkstream=True)
    for number in range(300):
        await client.xadd(KEYS.stories, {"data": b"x"}, id=f"{number + 1}-0")
    await Upkeep(client, Settings()).run([])
    assert await client.xlen(KEYS.stories) < 300
    assert await client.hexists(KEYS.stories_lost, "desk")
