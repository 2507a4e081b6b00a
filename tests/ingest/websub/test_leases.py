"""Leases over time: renewal, their end, restarts, several processes, feeds that leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feed_list import save_feeds
from ingest.websub.store import HubSubscriptionStore
from ingest.websub.subscription import HubSubscription
from tests.support.conditions import until
from tests.support.websub.hub import Hub
from tests.support.websub.subscriber import (
    KEYS,
    change,
    poll_now,
    queued,
    seconds_to_poll,
    subscribing,
    subscription,
    until_polled,
    until_verified,
)

pytestmark = pytest.mark.anyio
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NORMAL_SECONDS = 1.1 * 900


async def until_renewed(client: Redis, hub: Hub, requests: int) -> None:
    async def is_renewed() -> bool:
        held = await subscription(client, "a")
        verified = held is not None and held.status == "active" and held.asked_at is None
        return verified and len(hub.requests) >= requests

    await until(is_renewed)


async def test_a_lease_is_renewed_before_its_end_with_the_same_callback_and_secret(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        held = await subscription(client, "a")
        assert held is not None
        assert held.lease_until is not None
        assert held.act_at < held.lease_until
        await change(client, "a", act_at=LONG_AGO)
        await until_renewed(client, hub, requests=2)
        renewed = await subscription(client, "a")
        assert renewed is not None
        assert renewed.lease_until is not None
        assert renewed.lease_until > held.lease_until
    assert hub.requests[0] == hub.requests[1]


async def test_a_hub_that_does_not_renew_is_polled_again_when_the_lease_ends(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        hub.lies.refuses = 500
        await change(client, "a", act_at=LONG_AGO, lease_until=LONG_AGO)
        await poll_now(client, "a")
        assert await seconds_to_poll(client, "a") < NORMAL_SECONDS


async def test_no_poll_is_put_off_beyond_the_end_of_the_lease(
    client: Redis, tmp_path: Path, port: int
) -> None:
    async with (
        Hub(lease_seconds=3600) as hub,
        subscribing(client, tmp_path, [hub.feed("a", "1")], port),
    ):
        await until_verified(hub, "a")
        await poll_now(client, "a")
        assert NORMAL_SECONDS < await seconds_to_poll(client, "a") <= 3600


async def test_a_restart_keeps_the_subscription(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1")]
    async with subscribing(client, tmp_path, feeds, port):
        await until_verified(hub, "a")
    async with subscribing(client, tmp_path, feeds, port) as service:
        await poll_now(client, "a")
        assert await hub.publish("a", "2") == [202]
        assert service.progress.polls > 0
        assert await queued(client) == Counter(["1", "2"])
        await change(client, "a", act_at=LONG_AGO)
        await until_renewed(client, hub, requests=2)
    assert len(hub.requests) == 2


async def test_a_callback_that_moved_is_told_to_the_hub(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1")]
    async with subscribing(client, tmp_path, feeds, port):
        await until_verified(hub, "a")
    moved = {"websub_callback_url": f"http://localhost:{port}/new"}
    async with subscribing(client, tmp_path, feeds, port, **moved):
        await until_verified(hub, "a", count=2)
        assert hub.requests[1]["hub.callback"].startswith(f"http://localhost:{port}/new/0/a/")
        assert sorted(await hub.publish("a", "2")) == [202, 404]


async def test_push_that_is_switched_off_is_forgotten(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1")]
    async with subscribing(client, tmp_path, feeds, port):
        await until_verified(hub, "a")
    off = {"websub_callback_url": None, "websub_listen": None}
    async with subscribing(client, tmp_path, feeds, port, **off):
        await until_polled(client, hub, "a")
        assert await seconds_to_poll(client, "a") < NORMAL_SECONDS
        assert await subscription(client, "a") is None


async def test_a_feed_that_leaves_the_list_is_unsubscribed(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1"), hub.feed("b", "2")]
    async with subscribing(client, tmp_path, feeds, port):
        await until_verified(hub, "a")
        await until_verified(hub, "b")
        save_feeds(tmp_path / "feeds.yaml", feeds[1:])

        async def is_forgotten() -> bool:
            return not hub.callbacks("a") and await subscription(client, "a") is None

        await until(is_forgotten)
        assert await client.zrange(KEYS.pushes, 0, -1) == [b"b"]
        assert len(hub.callbacks("b")) == 1


async def test_a_feed_that_comes_back_is_subscribed_to_again(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1"), hub.feed("b", "2")]
    async with subscribing(client, tmp_path, feeds, port):
        await until_verified(hub, "a")
        save_feeds(tmp_path / "feeds.yaml", feeds[1:])

        async def is_gone() -> bool:
            return await subscription(client, "a") is None

        await until(is_gone)
        save_feeds(tmp_path / "feeds.yaml", feeds)
        hub.add("a", "3")
        await until_verified(hub, "a")

        async def are_queued() -> bool:
            return await queued(client) == Counter(["1", "2", "3"])

        await until(are_queued)


async def test_a_hub_that_will_not_let_go_is_forgotten_after_three_tries(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1"), hub.feed("b", "2")]
    async with subscribing(client, tmp_path, feeds, port):
        await until_verified(hub, "a")
        hub.lies.refuses = 500
        save_feeds(tmp_path / "feeds.yaml", feeds[1:])

        def hastened(held: HubSubscription | None) -> HubSubscription | None:
            # Only between two tries: one that is under way would count as never verified.
            waits = held is not None and held.failures and held.asked_at is None
            return replace(held, act_at=LONG_AGO) if held is not None and waits else held

        async def is_forgotten() -> bool:
            _, held = await HubSubscriptionStore(client, KEYS).change("a", hastened)
            return held is None

        await until(is_forgotten)
        modes = [each["hub.mode"] for each in hub.requests if each["hub.topic"] == hub.topic("a")]
        assert modes == ["subscribe", *["unsubscribe"] * 3]


async def test_a_document_that_names_another_hub_moves_the_subscription(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        hub.path = "/old-hub"
        hub.add("a", "2")
        await poll_now(client, "a")
        await until_verified(hub, "a", count=2)
        first, second = hub.requests
        assert first["hub.callback"] != second["hub.callback"]
        assert first["hub.secret"] != second["hub.secret"]
        assert sorted(await hub.publish("a", "3")) == [202, 404]


async def test_a_feed_that_names_no_hub_any_more_is_polled_again(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        hub.naming = "none"
        hub.add("a", "2")
        await poll_now(client, "a")

        async def is_left() -> bool:
            return not hub.callbacks("a") and await subscription(client, "a") is None

        await until(is_left)
        await poll_now(client, "a")
        assert await seconds_to_poll(client, "a") < NORMAL_SECONDS


async def test_a_hub_that_does_not_tell_of_news_is_trusted_no_more_until_it_does(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        hub.add("a", "2")
        await poll_now(client, "a")
        assert await seconds_to_poll(client, "a") > NORMAL_SECONDS
        hub.add("a", "3")
        await poll_now(client, "a")
        await poll_now(client, "a")
        assert await seconds_to_poll(client, "a") < NORMAL_SECONDS
        await hub.publish("a", "4")
        await poll_now(client, "a")
        assert await seconds_to_poll(client, "a") > NORMAL_SECONDS
