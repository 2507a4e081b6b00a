"""Subscriptions to hubs that several processes share, their bounds in time and memory."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feed_list import save_feeds
from tests.support.conditions import until
from tests.support.daemons import Daemon
from tests.support.websub.hub import Hub
from tests.support.websub.subscriber import (
    KEYS,
    queued,
    subscribing,
    subscription,
    until_queued,
    until_verified,
)

pytestmark = pytest.mark.anyio


async def test_several_processes_behind_one_callback_take_each_entry_once(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "0")]
    async with AsyncExitStack() as stack:
        services = [
            await stack.enter_async_context(subscribing(client, tmp_path, feeds, port))
            for _ in range(3)
        ]
        await until_verified(hub, "a")
        news = [str(number) for number in range(1, 31)]
        for each in news:
            # A connection of its own, which the kernel gives to any of the three.
            assert await hub.publish("a", each) == [202]
            assert await hub.send("a", hub.document("a", only=(each,))) == [202]
        told = [service.push_progress for service in services]
        assert sum(each.pushes for each in told if each) == 60
        assert await queued(client) == Counter(["0", *news])
    assert len(hub.requests) == 1


async def test_the_death_of_the_process_that_answered_costs_no_entry(
    client: Redis, server_url: str, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "0")]
    save_feeds(tmp_path / "feeds.yaml", feeds)
    settings = {
        "NABAA_REDIS_URL": server_url,
        "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_WEBSUB_CALLBACK_URL": f"http://127.0.0.1:{port}/push",
        "NABAA_WEBSUB_LISTEN": f"127.0.0.1:{port}",
    }
    with Daemon("ingest", settings=settings, log=tmp_path / "log") as daemon:
        await until_verified(hub, "a")
        await hub.publish("a", "1")
        daemon.kill()
        hub.add("a", "2")
        daemon.start()

        async def answers() -> bool:
            try:
                return await hub.send("a", hub.document("a", only=("1", "2"))) == [202]
            except OSError:
                return False

        await until(answers)
        await until_queued(client, 3)
        assert await queued(client) == Counter(["0", "1", "2"])
        daemon.stop(signal.SIGTERM)
    assert len(hub.requests) == 1


async def test_a_lease_ten_years_long_is_renewed_within_a_month(
    client: Redis, tmp_path: Path, port: int
) -> None:
    async with (
        Hub(lease_seconds=315_360_000) as hub,
        subscribing(client, tmp_path, [hub.feed("a", "1")], port),
    ):
        await until_verified(hub, "a")
        held = await subscription(client, "a")
        assert held is not None
        assert held.act_at - datetime.now(UTC) < timedelta(days=30)


async def test_a_subscription_takes_less_than_a_kilobyte(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        assert int(await client.strlen(KEYS.push("a"))) < 700
