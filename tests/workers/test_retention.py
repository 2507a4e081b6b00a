"""Articles go in time, and a group that had not dealt with them is told which went."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from ingest.streams.keys import Keys
from workers.retention import Retention, read_lost

pytestmark = pytest.mark.anyio

KEYS = Keys(0)
ARTICLES = 1_000


@pytest.fixture
async def retention(client: Redis) -> Retention:
    for number in range(1, ARTICLES + 1):
        await client.xadd(KEYS.articles, {"data": b"x"}, id=f"{number}-0")
    return Retention(client, KEYS)


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
    assert await retention.trim(3600, ARTICLES) == {}
    assert await client.xlen(KEYS.articles) == 0


async def test_a_group_that_was_given_nothing_lost_all_that_went(
    client: Redis, retention: Retention
) -> None:
    await give(client, "slow", 0, 0)
    lost = (await retention.trim(1e10, 300))["slow"]
    gone = ARTICLES - await client.xlen(KEYS.articles)
    assert (lost.unseen, lost.unfinished) == (gone, 0)
    assert (lost.after, lost.before) == ("1-0", f"{gone + 1}-0")


async def test_a_group_that_was_given_a_part_lost_the_rest_and_what_it_held(
    client: Redis, retention: Retention
) -> None:
    await give(client, "slow", 100, 60)
    lost = (await retention.trim(1e10, 300))["slow"]
    gone = ARTICLES - await client.xlen(KEYS.articles)
    counts = "entries-read" in (await client.xinfo_groups(KEYS.articles))[0]
    assert lost.unseen == (gone - 100 if counts else -1)
    assert (lost.after, lost.before, lost.unfinished) == ("61-0", f"{gone + 1}-0", 40)


async def test_a_loss_is_told_once_and_kept(
    client: Redis, retention: Retention, caplog: pytest.LogCaptureFixture
) -> None:
    await give(client, "slow", 0, 0)
    lost = await retention.trim(1e10, 300)
    assert await retention.trim(1e10, 300) == {}
    assert await read_lost(client, KEYS) == lost
    assert caplog.text.count("group slow is slower than the trimming: from 1-0 to before") == 1


async def test_a_stream_that_is_not_there_is_not_trimmed(client: Redis) -> None:
    assert await Retention(client, KEYS).trim(1, 1) == {}
