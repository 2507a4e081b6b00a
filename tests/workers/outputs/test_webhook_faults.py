"""Receivers that answer badly, slowly, too much or never, and articles that they cannot take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import until
from tests.support.raw_receiver import Answer, receiving
from tests.workers.outputs.test_webhook import publish, until_done
from workers.outputs.webhook import (
    Webhook,
    open_client,
)
from workers.outputs.webhook_sender import AT_ONCE, WebhookSender
from workers.subscriber import GroupReader

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def status(article_status: Callable[[int], int]) -> Answer:
    """Answer with a status that follows from the number of the article."""

    async def answer(article: dict[str, object], writer: asyncio.StreamWriter) -> None:
        number = int(str(article["url"]).rpartition("/")[2])
        writer.write(f"HTTP/1.1 {article_status(number)} x\r\ncontent-length: 0\r\n\r\n".encode())

    return answer


@asynccontextmanager
async def sending(
    client: Redis, url: str, tries: int = 3, deadline_seconds: float = 10.0
) -> AsyncIterator[asyncio.Event]:
    """Run the sender while the block lasts."""
    stop = asyncio.Event()
    async with open_client() as http:
        reader = GroupReader(client, 1, "desk", "me", redeliver_seconds=0.4)
        webhook = Webhook(url, b"", http, deadline_seconds)
        running = asyncio.create_task(WebhookSender(reader, webhook, tries, 0.01).run(stop))
        try:
            yield stop
        finally:
            stop.set()
            await running


async def dead_letters(client: Redis) -> list[bytes]:
    letters = messages_of_range(await client.xrange(KEYS.dead_of("desk")))
    return [letter.fields[b"error"] for letter in letters]


async def test_articles_that_always_get_504_are_buried_and_block_no_others(client: Redis) -> None:
    urls = await publish(client, 39)
    async with (
        receiving(status(lambda number: 504 if number < 8 else 204)) as receiver,
        sending(client, receiver.url),
    ):
        await until_done(client)
    errors = await dead_letters(client)
    assert len(errors) == 8
    assert all(error.endswith(b"answered 504 Gateway Timeout") for error in errors)
    assert set(receiver.posts) == set(urls)


async def test_articles_are_posted_side_by_side(client: Redis) -> None:
    together = asyncio.Barrier(AT_ONCE)

    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        await together.wait()
        writer.write(OK)

    await publish(client, AT_ONCE)
    async with receiving(answer) as receiver, sending(client, receiver.url):
        await until_done(client)
    assert len(receiver.posts) == AT_ONCE


async def test_an_article_that_is_never_answered_is_buried_and_blocks_no_others(
    client: Redis,
) -> None:
    async def answer(article: dict[str, object], writer: asyncio.StreamWriter) -> None:
        if str(article["url"]).endswith("/3"):
            await asyncio.sleep(30)
        writer.write(OK)

    await publish(client, 12)
    async with (
        receiving(answer) as receiver,
        sending(client, receiver.url, tries=2, deadline_seconds=0.3),
    ):
        await until_done(client)
    [error] = await dead_letters(client)
    assert error.endswith(b"no answer within 0.3 s")


async def test_a_receiver_that_is_down_for_all_costs_no_article_a_try(client: Redis) -> None:
    is_down = True
    await publish(client, 12)
    async with (
        receiving(status(lambda _: 500 if is_down else 204)) as receiver,
        sending(client, receiver.url, tries=1),
    ):

        async def has_been_asked_twice() -> bool:
            return len(receiver.posts) > 8

        await until(has_been_asked_twice)
        is_down = False
        await until_done(client)
    assert await dead_letters(client) == []


async def test_nothing_is_posted_after_a_stop_where_the_receiver_asked_to_be_left_alone(
    client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 429 x\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n")

    await publish(client, 20)
    async with receiving(answer) as receiver, sending(client, receiver.url):

        async def is_left_alone() -> bool:
            return "articles wait for it" in caplog.text

        await until(is_left_alone)
    assert len(receiver.posts) <= AT_ONCE
    assert await dead_letters(client) == []
