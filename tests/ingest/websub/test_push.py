"""Push from end to end: a hub to the recommendation, the ingest service, a real Redis."""

from __future__ import annotations

import asyncio
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
from ingest.service import IngestService
from ingest.websub.deliveries import PushProgress
from ingest.websub.hub import ask_hub
from ingest.websub.hub_links import Advert
from ingest.websub.subscription import on_advertised
from nabaa.errors import ConfigError
from nabaa.streams.keys import host_of_origin
from tests.support.conditions import until
from tests.support.farm.content.names import LoopbackResolver
from tests.support.websub.hub import Hub
from tests.support.websub.published_feed import Naming
from tests.support.websub.subscriber import (
    KEYS,
    change,
    poll_now,
    queued,
    subscribing,
    subscription,
    until_queued,
    until_verified,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("naming", ["header", "rss", "atom", "json"])
async def test_a_feed_that_names_a_hub_is_subscribed_to_and_its_news_arrive(
    client: Redis, tmp_path: Path, port: int, naming: Naming
) -> None:
    async with Hub(naming) as hub, subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        assert await hub.publish("a", "2", "3") == [202]
        assert await queued(client) == Counter({"1": 1, "2": 1, "3": 1})


async def test_a_request_says_what_the_recommendation_asks_for(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
    [form] = hub.requests
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", hub.topic("a"))
    assert form["hub.callback"].startswith(f"http://127.0.0.1:{port}/push/0/a/")
    assert form["hub.lease_seconds"] == "864000"
    assert 32 <= len(form["hub.secret"].encode()) < 200


async def test_each_feed_has_a_callback_and_a_secret_of_its_own(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1"), hub.feed("b", "2")], port):
        await until_verified(hub, "a")
        await until_verified(hub, "b")
    first, second = hub.requests
    assert first["hub.callback"].rpartition("/")[2] != second["hub.callback"].rpartition("/")[2]
    assert first["hub.secret"] != second["hub.secret"]


async def test_without_a_callback_address_no_hub_is_asked(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    off = {"websub_callback_url": None, "websub_listen": None}
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port, **off):
        await until_queued(client, 1)
        await poll_now(client, "a")
    assert (hub.requests, await subscription(client, "a")) == ([], None)


async def test_while_a_hub_sends_polling_is_a_slow_safety_net(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        await poll_now(client, "a")
        wait = (await client.zscore(KEYS.due, "a") or 0) - time.time()
        assert 0.9 * 6 * 3600 - 60 < wait < 1.1 * 6 * 3600


async def test_what_is_polled_and_pushed_comes_once(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        await hub.publish("a", "2")
        await poll_now(client, "a")
        hub.add("a", "3")
        await poll_now(client, "a")
        await hub.publish("a", "3")
        both = [str(number) for number in range(4, 24)]
        hub.add("a", *both)
        await asyncio.gather(
            poll_now(client, "a"),
            *(hub.send("a", hub.document("a", only=(each,))) for each in both),
        )
        assert await queued(client) == Counter(["1", "2", "3", *both])


async def test_a_replay_brings_nothing(client: Redis, tmp_path: Path, port: int, hub: Hub) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        await hub.publish("a", "2")
        for _ in range(3):
            assert await hub.send("a", hub.document("a", only=("2",))) == [202]
        assert await queued(client) == Counter(["1", "2"])


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_method_of_the_recommendation_signs(
    client: Redis, tmp_path: Path, port: int, hub: Hub, method: str
) -> None:
    hub.lies.method = method
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        await hub.publish("a", "2")
        assert await queued(client) == Counter(["1", "2"])


@pytest.mark.parametrize(("method", "secret"), [("sha256", "guessed"), ("none", ""), ("md5", "")])
async def test_what_is_not_signed_as_it_must_be_is_ignored_and_counted(
    client: Redis, tmp_path: Path, port: int, hub: Hub, method: str, secret: str
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port) as service:
        await until_verified(hub, "a")
        hub.lies.method, hub.lies.secret = method, secret
        assert await hub.send("a", hub.document("a").replace(b">1<", b">forged<")) == [202]
        assert await queued(client) == Counter(["1"])
        assert _progress(service).forged == 1


async def test_a_hub_that_verifies_another_topic_is_told_no(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    hub.lies.topic = "https://elsewhere.example/feed"
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):

        async def was_asked() -> bool:
            return bool(hub.verifications)

        await until(was_asked)
        held = await subscription(client, "a")
    assert [(each.status, each.agreed) for each in hub.verifications] == [(404, False)]
    assert held and held.status == "wanted"


async def test_nothing_is_verified_that_was_not_asked(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        [to] = hub.callbacks("a")
        more = {"hub.lease_seconds": "1"}
        assert not await hub.ask(to.url, "subscribe", hub.topic("a"), more)
        assert not await hub.ask(to.url, "unsubscribe", hub.topic("a"), {})
        assert await hub.publish("a", "2") == [202]


async def test_a_body_over_the_limit_is_refused_and_counted(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    feeds = [hub.feed("a", "1")]
    async with subscribing(client, tmp_path, feeds, port, max_body_bytes=20_000) as service:
        await until_verified(hub, "a")
        huge = hub.document("a", only=()) + b" " * 30_000
        assert await hub.send("a", huge) == [413]
        assert _progress(service).too_large == 1
        assert await hub.publish("a", "2") == [202]


async def test_a_body_that_would_unpack_itself_is_refused(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port):
        await until_verified(hub, "a")
        assert await hub.send("a", b"\x1f\x8b", {"Content-Encoding": "gzip"}) == [415]


async def test_what_is_no_feed_makes_the_feed_itself_be_polled(
    client: Redis, tmp_path: Path, port: int, hub: Hub
) -> None:
    async with subscribing(client, tmp_path, [hub.feed("a", "1")], port) as service:
        await until_verified(hub, "a")
        hub.add("a", "2")
        assert await hub.send("a", b"news!") == [202]
        await until_queued(client, 2)
        assert _progress(service).unreadable == 1


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


def _progress(service: IngestService) -> PushProgress:
    assert service.push_progress is not None
    return service.push_progress
