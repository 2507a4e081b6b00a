"""Push from end to end: a hub to the recommendation, the ingest service, a real Redis."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ingest.service import IngestService
from ingest.websub.deliveries import PushProgress
from tests.support.conditions import until
from tests.support.websub.hub import Hub
from tests.support.websub.published_feed import Naming
from tests.support.websub.subscriber import (
    KEYS,
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


def _progress(service: IngestService) -> PushProgress:
    assert service.push_progress is not None
    return service.push_progress
