"""An ingest service that subscribes, on a real Redis, beside a hub on loopback."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from config.model import Feed
from ingest.service import IngestService
from ingest.streams.entries import decode_entry
from ingest.websub.store import HubSubscriptionStore
from ingest.websub.subscription import HubSubscription
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import until
from tests.support.websub.hub import Hub
from tests.support.wires.ingest_service import running

KEYS = Keys(0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@asynccontextmanager
async def subscribing(
    client: Redis, folder: Path, feeds: Sequence[Feed], port: int, **settings: object
) -> AsyncIterator[IngestService]:
    """Run an ingest service with a callback on a port while the block runs."""
    chosen: dict[str, Any] = {
        "websub_callback_url": f"http://127.0.0.1:{port}/push",
        "websub_listen": f"127.0.0.1:{port}",
        **settings,
    }
    async with running(client, folder / "feeds.yaml", feeds, **chosen) as service:
        yield service


async def subscription(client: Redis, feed_id: str) -> HubSubscription | None:
    return await HubSubscriptionStore(client, KEYS).get(feed_id)


async def change(client: Redis, feed_id: str, **fields: Any) -> None:
    """Change what is remembered of a subscription, as if time had passed."""

    def decide(held: HubSubscription | None) -> HubSubscription | None:
        assert held is not None
        return replace(held, **fields)

    await HubSubscriptionStore(client, KEYS).change(feed_id, decide)


async def until_verified(hub: Hub, name: str, count: int = 1) -> None:
    """Wait until the hub sends a feed to so many callbacks."""

    async def is_verified() -> bool:
        return len(hub.callbacks(name)) >= count

    await until(is_verified)


async def until_queued(client: Redis, count: int) -> None:
    async def are_there() -> bool:
        return int(await client.xlen(KEYS.entries)) >= count

    await until(are_there)


async def queued(client: Redis) -> Counter[str]:
    """Count the entries on the stream by their guid."""
    messages = messages_of_range(await client.xrange(KEYS.entries))
    return Counter(decode_entry(message.fields[b"data"]).guid for message in messages)


async def poll_now(client: Redis, feed_id: str) -> None:
    """Have a feed polled, and wait until its poll was committed."""
    before = await client.hget(KEYS.feed(feed_id), "state")
    await client.zadd(KEYS.due, {feed_id: 0}, xx=True)

    async def was_polled() -> bool:
        return await client.hget(KEYS.feed(feed_id), "state") != before

    await until(was_polled)


async def until_polled(client: Redis, hub: Hub, feed_id: str) -> None:
    """Wait until a feed is asked for once more."""
    asked = hub.polls[feed_id]

    async def was_asked() -> bool:
        return hub.polls[feed_id] > asked

    await until(was_asked)
    await poll_now(client, feed_id)


async def seconds_to_poll(client: Redis, feed_id: str) -> float:
    """Return how long it is until a feed is due."""
    seconds, micros = await client.time()
    due = await client.zscore(KEYS.due, feed_id)
    assert due is not None
    return float(due) - float(seconds) - micros / 1e6
