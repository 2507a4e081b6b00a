"""Articles go in time, and a group that had not dealt with them is told which went."""

from __future__ import annotations

from typing import cast

import pytest
from redis.asyncio import Redis

from nabaa.streams.keys import Keys
from nabaa.subscriber.losses import TrimLoss, decode_loss
from workers.publish.retention import Retention

pytestmark = pytest.mark.anyio

KEYS = Keys(0)
ARTICLES = 1_000


@pytest.fixture
async def retention(client: Redis) -> Retention:
    for number in range(1, ARTICLES + 1):
        await client.xadd(KEYS.articles, {"data": b"x"}, id=f"{number}-0")
    return Retention(client)


async def stored_losses(client: Redis, key: str) -> dict[str, TrimLoss]:
    stored = cast("dict[bytes, bytes]", await client.hgetall(key))
    return {name.decode(): decode_loss(value) for name, value in stored.items()}


async def give(client: Redis, group: str, count: int, acknowledged: int) -> None:
    """Let a group have been given so many, of which it acknowledged the first."""
    await client.xgroup_create(KEYS.articles, group, id="0")
    if count:
        await client.xreadgroup(group, "me", {KEYS.articles: ">"}, count=count)
    if acknowledged:
        done = [f"{number}-0" for number in range(1, acknowledged + 1)]
        await client.xack(KEYS.articles, group, *done)


async def test_nothing_is_lost_to_a_group_that_is_done(client: Redis, retention: Retention) -> None:
    await give(client, "quick", ARTICLES, ARTICLES)
    assert await retention.trim(KEYS.articles, KEYS.lost, 3600, ARTICLES) == {}
    assert await client.xlen(KEYS.articles) == 0


async def test_a_group_that_was_given_nothing_lost_all_that_went(
    client: Redis, retention: Retention
) -> None:
    await give(client, "slow", 0, 0)
    lost = (await retention.trim(KEYS.articles, KEYS.lost, 1e10, 300))["slow"]
    gone = ARTICLES - await client.xlen(KEYS.articles)
    assert (lost.unseen, lost.unacknowledged) == (gone, 0)
    assert (lost.after, lost.before) == ("1-0", f"{gone + 1}-0")


async def test_a_group_that_was_given_a_part_lost_the_rest_and_what_it_held(
    client: Redis, retention: Retention
) -> None:
    await give(client, "slow", 100, 60)
    lost = (await retention.trim(KEYS.articles, KEYS.lost, 1e10, 300))["slow"]
    gone = ARTICLES - await client.xlen(KEYS.articles)
    counts = "entries-read" in (await client.xinfo_groups(KEYS.articles))[0]
    assert lost.unseen == (gone - 100 if counts else -1)
    assert (lost.after, lost.before, lost.unacknowledged) == ("61-0", f"{gone + 1}-0", 40)


async def test_a_loss_is_told_once_and_kept(
    client: Redis, retention: Retention, caplog: pytest.LogCaptureFixture
) -> None:
    await give(client, "slow", 0, 0)
    lost = await retention.trim(KEYS.articles, KEYS.lost, 1e10, 300)
    assert await retention.trim(KEYS.articles, KEYS.lost, 1e10, 300) == {}
    assert await stored_losses(client, KEYS.lost) == lost
    assert caplog.text.count("is slower than the trimming: from 1-0 to before") == 1


async def test_a_stream_that_is_not_there_is_not_trimmed(client: Redis) -> None:
    assert await Retention(client).trim(KEYS.articles, KEYS.lost, 1, 1) == {}


async def test_articles_past_their_age_go(client: Redis, retention: Retention) -> None:
    seconds, _ = await client.time()
    for number in range(10):
        await client.xadd(KEYS.articles, {"data": b"x"}, id=f"{seconds}000-{number}")
    await retention.trim(KEYS.articles, KEYS.lost, 3600, 1_000_000)
    assert 10 <= await client.xlen(KEYS.articles) <= 110


async def test_streams_of_subscriptions_are_trimmed_each_by_age_and_length(
    client: Redis, retention: Retention
) -> None:
    seconds, _ = await client.time()
    old, new = (KEYS.subscription(name) for name in ("old", "new"))
    for number in range(300):
        await client.xadd(old, {"data": b"x"}, id=f"{number + 1}-0")
        await client.xadd(new, {"data": b"x"}, id=f"{seconds}000-{number}")
    await retention.trim_subscriptions(KEYS, ["old", "new", "none"], 3600, 100)
    assert await client.xlen(old) == 0
    assert 100 <= await client.xlen(new) <= 200


async def test_a_group_of_a_subscription_is_told_what_it_lost(
    client: Redis, retention: Retention
) -> None:
    for number in range(1, ARTICLES + 1):
        await client.xadd(KEYS.subscription("cairo"), {"data": b"x"}, id=f"{number}-0")
    await client.xgroup_create(KEYS.subscription("cairo"), "slow", id="0")
    await client.xgroup_create(KEYS.articles, "slow", id="$")
    [lost] = await retention.trim_subscriptions(KEYS, ["cairo"], 1e10, 300)
    gone = ARTICLES - await client.xlen(KEYS.subscription("cairo"))
    assert (lost["slow"].unseen, lost["slow"].before) == (gone, f"{gone + 1}-0")
    assert await stored_losses(client, KEYS.lost_of("cairo")) == lost
    assert await stored_losses(client, KEYS.lost) == {}


async def test_a_stream_that_takes_too_much_memory_may_have_fewer_messages(
    client: Redis, retention: Retention, caplog: pytest.LogCaptureFixture
) -> None:
    size = await client.memory_usage(KEYS.articles, samples=0)
    assert size is not None
    fitting = [
        await retention.fitting_length(KEYS.articles, 10 * ARTICLES, bytes_)
        for bytes_ in (2 * size, size // 2, size // 2)
    ]
    assert fitting[0] == 10 * ARTICLES
    assert fitting[1] == pytest.approx(ARTICLES / 2, rel=0.3)
    assert await retention.fitting_length(KEYS.articles, 10, size // 2) == 10
    told = [message for message in caplog.messages if "NABAA_STREAM_MAX_BYTES" in message]
    assert len(told) == 1
