"""What Redis refuses a subscriber passes or is told in a sentence, and is no traceback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
import redis
from redis.asyncio import Redis, RedisCluster

from nabaa import GroupReader, Subscriber
from nabaa.errors import QueueError, UsageError
from nabaa.message import encode_article
from nabaa.streams.keys import SHARDS, Keys
from tests.support.articles import make_article
from tests.support.conditions import until

KEYS = Keys(0)


async def publish(client: Redis, *titles: str) -> None:
    for title in titles:
        await client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})


@asynccontextmanager
async def plain_client(server_url: str, **options: Any) -> AsyncIterator[Redis]:
    client = Redis(unix_socket_path=server_url.removeprefix("unix://"), **options)
    try:
        yield client
    finally:
        await client.aclose()


async def take(subscriber: Subscriber, count: int) -> list[str]:
    titles: list[str] = []
    async with asyncio.timeout(30), aclosing(aiter(subscriber)) as articles:
        async for article in articles:
            titles.append(article.title)
            if len(titles) == count:
                subscriber.stop()
    return titles


@pytest.mark.anyio
@pytest.mark.parametrize("options", [{}, {"protocol": 2}, {"protocol": 3}], ids=str)
async def test_a_client_of_redis_py_is_read_with_in_either_protocol(
    client: Redis, server_url: str, options: dict[str, int]
) -> None:
    await publish(client, "أ", "ب")
    async with plain_client(server_url, **options) as plain:
        assert await take(Subscriber(plain, "desk"), 2) == ["أ", "ب"]
        assert await plain.ping()
    assert (await client.xpending(KEYS.articles, "desk"))["pending"] == 0


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Redis(decode_responses=True), "has decode_responses"),
        (redis.Redis, r"class redis\.Redis cannot be waited for"),
        (lambda: RedisCluster(host="localhost"), r"class redis\.RedisCluster cannot be"),
        (lambda: None, "class builtins.NoneType"),
    ],
    ids=["decode_responses", "sync", "cluster", "None"],
)
def test_a_client_that_cannot_be_read_with_is_refused(make: Callable[[], Any], reason: str) -> None:
    with pytest.raises(QueueError, match=reason):
        Subscriber(make(), "desk")


@pytest.mark.anyio
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
async def test_a_wrong_password_ends_the_program_with_a_sentence(
    client: Redis, server_url: str
) -> None:
    await client.config_set("requirepass", "right")
    try:
        wrong = server_url.replace("unix://", "unix://:wrong@")
        with pytest.raises(QueueError, match="does not accept the user or the password"):
            await take(Subscriber(wrong, "desk"), 1)
        with pytest.raises(QueueError, match="does not accept the user or the password"):
            await asyncio.to_thread(next, iter(Subscriber(server_url, "desk")))
    finally:
        await client.config_set("requirepass", "")


@pytest.mark.anyio
async def test_a_plain_loop_inside_an_event_loop_is_refused(server_url: str) -> None:
    with pytest.raises(UsageError, match="async for"):
        next(iter(Subscriber(server_url, "desk")))


@pytest.mark.anyio
async def test_a_user_without_the_right_to_read_is_told_the_stream(
    client: Redis, server_url: str
) -> None:
    await client.execute_command(
        *("ACL", "SETUSER", "weak", "on", ">secret", "~*", "+ping", "+hmget", "+hget")
    )  # type: ignore[no-untyped-call]
    weak = server_url.replace("unix://", "unix://weak:secret@")
    with pytest.raises(QueueError, match=r"nabaa:\{0\}:articles: Redis refuses a command"):
        await take(Subscriber(weak, "desk"), 1)


@pytest.mark.anyio
async def test_a_record_of_shards_that_is_none_is_told(client: Redis, server_url: str) -> None:
    await client.set(SHARDS, "x")
    async with plain_client(server_url) as plain:
        with pytest.raises(QueueError, match="Redis refuses a command"):
            await take(Subscriber(plain, "desk"), 1)


@pytest.mark.anyio
@pytest.mark.parametrize("spoil", ["type", "group"])
@pytest.mark.parametrize("call", ["acknowledge", "fail", "hand_back"])
async def test_no_call_of_a_reader_raises_what_redis_says_of_the_stream(
    client: Redis, caplog: pytest.LogCaptureFixture, spoil: str, call: str
) -> None:
    await publish(client, "أ")
    reader = GroupReader(client, 1, "desk", "me", redeliver_seconds=0.1)
    async with aclosing(reader.read(asyncio.Event())) as reading:
        received = await anext(reading)
        if spoil == "type":
            await client.set(KEYS.articles, "no stream")
        else:
            await client.xgroup_destroy(KEYS.articles, "desk")
        match call:
            case "acknowledge":
                await reader.acknowledge(received)
                await reader.hand_back()
            case "hand_back":
                await reader.hand_back()
            case "fail":
                try:
                    await reader.fail(received, "not yet", 5, 0.01)
                except redis.exceptions.ResponseError as error:
                    assert spoil == "type"
                    assert "holds something that is no stream" in str(error)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.anyio
async def test_a_handler_that_fails_while_the_stream_is_none_goes_on_when_it_is_mended(
    client: Redis, server_url: str
) -> None:
    await publish(client, "أ")
    subscriber = Subscriber(server_url, "desk", backoff_seconds=0.01, redeliver_seconds=0.2)
    handled: list[str] = []

    async def handle(article: Any) -> None:
        handled.append(article.title)
        if len(handled) == 1:
            await client.set(KEYS.articles, "no stream")
            raise ValueError("not yet")
        subscriber.stop()

    running = asyncio.create_task(subscriber.run(handle))

    async def has_failed() -> bool:
        return len(handled) == 1

    await until(has_failed)
    await client.delete(KEYS.articles)
    await publish(client, "ب")
    await asyncio.wait_for(running, 30)
    assert handled == ["أ", "ب"]


@pytest.mark.anyio
async def test_a_loss_that_cannot_be_read_ends_no_reading(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(client, "أ")
    await client.hset(KEYS.lost, "desk", "{}")
    reader = GroupReader(client, 1, "desk", "me")
    async with aclosing(reader.read(asyncio.Event())) as reading:
        assert (await anext(reading)).article.title == "أ"
    assert "cannot learn what it loses to the trimming" in caplog.text
