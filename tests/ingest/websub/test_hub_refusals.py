"""Hubs that deny, refuse, are busy or move, and callbacks that cannot be listened at."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import aiohttp
import pytest
from redis.asyncio import Redis

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.websub.hub import ask_hub
from ingest.websub.hub_links import Advert
from ingest.websub.subscription import on_advertised
from nabaa.errors import ConfigError
from nabaa.streams.keys import host_of_origin
from tests.support.conditions import until
from tests.support.farm.content.names import LoopbackResolver
from tests.support.websub.hub import Hub
from tests.support.websub.subscriber import (
    KEYS,
    change,
    poll_now,
    queued,
    subscribing,
    subscription,
    until_verified,
)

pytestmark = pytest.mark.anyio


async def test_an_address_that_was_given_to_nobody_is_not_found(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        base = f"http://127.0.0.1:{port}"
        paths = ["/", "/push/0/a/guess", "/push/7/a/guess", "/push/0/b/x", "/push/x/a/b", "/0/a/b"]
        async with aiohttp.ClientSession() as session:
            for path in paths:
                async with session.post(base + path, data=b"x") as posted:
                    assert (posted.status, await posted.read()) == (404, b"")
                query = f"?hub.mode=subscribe&hub.topic={hub.topic('a')}&hub.challenge=x"
                async with session.get(base + path + query) as got:
                    assert (got.status, await got.read()) == (404, b"")


async def test_a_denied_feed_is_polled_as_ever(
    client: Redis, tmp_path: Path, port: int, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    hub.lies.denies = "not for you"
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):

        async def was_denied() -> bool:
            held = await subscription(client, "a")
            return held is not None and held.status == "denied"

        await until(was_denied)
        await poll_now(client, "a")
        wait = (await client.zscore(KEYS.due, "a") or 0) - time.time()
        assert wait < 1.1 * 900
    assert "feed a: the hub denied: not for you; it is polled as ever" in caplog.messages


async def test_a_denial_ends_a_subscription_that_ran(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        [to] = hub.callbacks("a")
        polls = hub.polls["a"]
        assert await hub.ask(to.url, "denied", hub.topic("a"), {})
        assert await client.hget(KEYS.feed("a"), "pushed_until") is None

        async def is_polled_again() -> bool:
            return hub.polls["a"] > polls

        await until(is_polled_again)


async def test_a_hub_that_refuses_is_told_in_the_log_and_asked_again(
    client: Redis, tmp_path: Path, port: int, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    hub.lies.refuses = 503
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):

        async def has_failed() -> bool:
            held = await subscription(client, "a")
            return held is not None and held.failures > 0

        await until(has_failed)
        hub.lies.refuses = 0
        await change(client, "a", act_at=datetime.now(UTC))
        await until_verified(hub, "a")
    assert (
        f"feed a: the hub {hub.url} did not take the request to subscribe: "
        "HTTP status 503 (not today); it is asked again"
    ) in caplog.messages


async def test_a_hub_that_has_too_much_to_do_is_left_alone_by_all_feeds(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    hub.lies.refuses = 503
    hub.base_url = hub.base_url.replace("127.0.0.1", "hub.test")
    feeds = [replace(hub.feed(name, "1"), interval_seconds=86400) for name in "ab"]
    resolver = LoopbackResolver()
    async with subscribing(client, tmp_path, feeds, port, resolver=resolver, host_gap_seconds=0):

        async def is_held() -> bool:
            held = cast("list[bytes]", await client.zrange(KEYS.held_hosts, 0, -1))
            return [host_of_origin(origin.decode()) for origin in held] == ["hub.test"]

        await until(is_held)


async def test_a_hub_on_the_inside_network_is_not_asked(hub: Hub) -> None:
    inside = Advert((hub.url,), hub.topic("a"), hub.topic("a"))
    held = on_advertised(None, inside, "https://wire.example/push", datetime.now(UTC))
    assert held is not None
    async with Fetcher(Settings()) as fetcher:
        refusal = await ask_hub(fetcher, "a", held, "https://wire.example/push/0/a/x")
    assert refusal is not None
    assert "127.0.0.1 is not a public address" in refusal.reason
    assert hub.requests == []


async def test_a_request_follows_a_hub_that_moved(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    hub.path = "/old-hub"
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        assert await hub.publish("a", "2") == [202]


async def test_a_hub_is_asked_to_come_again_while_the_workers_are_behind(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1")]
    async with subscribing(client, tmp_path, feeds, port, backlog_limit=1):
        await until_verified(hub, "a")
        assert await hub.publish("a", "2") == [503]
        await client.xtrim(KEYS.entries, maxlen=0, approximate=False)
        assert await hub.send("a", hub.document("a")) == [202]
        assert await queued(client) == Counter(["2"])


async def test_an_item_that_shares_its_guid_comes_once_though_the_hub_sends_it_alone(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        alone = hub.document("a", only=("1",)).replace(b"articles/1", b"articles/one")
        alone = alone.replace(b">1<", b">ticker<")
        await hub.send("a", alone)
        await hub.send("a", alone.replace(b"</item>", _other_item(b"articles/two"), 1))
        assert await queued(client) == Counter({"1": 1, "ticker": 2})


def _other_item(link: bytes) -> bytes:
    return (
        b'</item><item><guid isPermaLink="false">ticker</guid><title>x</title>'
        b"<link>http://127.0.0.1/" + link + b"</link></item>"
    )


async def test_a_callback_that_cannot_be_listened_at_is_told(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    with pytest.raises(ConfigError, match=r"NABAA_WEBSUB_LISTEN: cannot listen at 192\.0\.2\.1:"):
        async with subscribing(
            client, tmp_path, [hub.feed("a", "1")], port, websub_listen=f"192.0.2.1:{port}"
        ):
            pass
