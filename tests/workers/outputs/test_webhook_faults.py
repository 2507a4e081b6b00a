"""Receivers that answer badly, slowly, too much or never, and articles that they cannot take."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from redis.asyncio import Redis

from nabaa.errors import UsageError
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.subscriber.received import Received
from tests.support.articles import numbered_article
from tests.support.conditions import until
from tests.workers.outputs.test_webhook import publish, until_done
from workers.outputs.webhook import (
    Outcome,
    Webhook,
    check_url,
    judge,
    open_client,
    retry_after_seconds,
)
from workers.outputs.webhook_sender import AT_ONCE, WebhookSender
from workers.subscriber import GroupReader

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"
Answer = Callable[[dict[str, object], asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawReceiver:
    """A receiver that writes what the test tells it to.

    Attributes:
        answer: gets the article that was posted, and where to write.
        url: its address.
        posts: addresses of the articles that were posted to it, in order.
    """

    answer: Answer
    url: str = ""
    posts: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                article = json.loads(await reader.readexactly(length))
                self.posts.append(article["url"])
                await self.answer(article, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(answer: Answer) -> AsyncIterator[RawReceiver]:
    receiver = RawReceiver(answer)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield receiver
    finally:
        server.close()


async def outcome_of(answer: Answer, deadline_seconds: float = 10.0) -> Outcome:
    """Post one article to a receiver that answers so."""
    received = Received(KEYS.articles, "1-0", encode_article(numbered_article(1)))
    async with receiving(answer) as receiver, open_client() as http:
        return await Webhook(receiver.url, b"", http, deadline_seconds).post(received)


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


async def test_the_body_of_an_answer_is_not_read_beyond_its_limit() -> None:
    sent = 0

    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1500000000\r\n\r\n")
        while True:
            writer.write(bytes(65536))
            await writer.drain()
            sent += 65536

    assert (await outcome_of(answer)).verdict == "taken"
    assert sent < 20_000_000  # what the kernel holds on its way


async def test_the_body_of_an_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(20_000_000))

    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(bomb)}\r\n\r\n"
        writer.write(head.encode() + bomb)

    assert (await outcome_of(answer)).verdict == "taken"


async def test_an_answer_that_drips_is_cut_at_the_deadline() -> None:
    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.02)

    outcome = await outcome_of(answer, deadline_seconds=0.3)
    assert outcome.verdict == "failed"
    assert outcome.reason.startswith("127.0.0.1: ")


async def test_an_answer_whose_body_drips_counts_by_its_status() -> None:
    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        await asyncio.sleep(30)

    assert (await outcome_of(answer, deadline_seconds=0.3)).verdict == "taken"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "127.0.0.1: the answer is no HTTP: Server disconnected"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "127.0.0.1: the answer is no HTTP: "),
        (b"HTTP/1.1 502\r\ncontent-length: 0\r\n\r\n", "127.0.0.1 answered 502 Bad Gateway"),
        (b"HTTP/1.1 599 x\r\ncontent-length: 0\r\n\r\n", "127.0.0.1 answered 599"),
    ],
)
async def test_every_failure_has_a_reason_in_words(answer: bytes, reason: str) -> None:
    async def write(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    outcome = await outcome_of(write)
    assert outcome.verdict == "failed"
    assert outcome.reason.startswith(reason)


async def test_a_receiver_that_does_not_listen_is_down_and_not_the_article() -> None:
    received = Received(KEYS.articles, "1-0", encode_article(numbered_article(1)))
    async with open_client() as http:
        outcome = await Webhook("http://127.0.0.1:1/", b"", http).post(received)
    assert outcome.verdict == "down"
    assert outcome.reason.startswith("127.0.0.1 cannot be reached: ")


async def test_cookies_of_a_receiver_are_not_kept() -> None:
    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 x\r\nset-cookie: a=1; path=/\r\n\r\n")

    received = Received(KEYS.articles, "1-0", encode_article(numbered_article(1)))
    async with receiving(answer) as receiver, open_client() as http:
        await Webhook(receiver.url, b"", http).post(received)
        assert not list(http.cookies.jar)


@pytest.mark.parametrize(
    ("code", "retry_after", "verdict", "wait_seconds"),
    [
        (200, "", "taken", 0),
        (422, "", "refused", 0),
        (413, "", "refused", 0),
        (401, "", "failed", 0),
        (404, "", "failed", 0),
        (302, "", "failed", 0),
        (500, "", "failed", 0),
        (504, "", "failed", 0),
        (429, "", "down", 0),
        (429, "120", "down", 120),
        (503, "120", "down", 120),
        (410, "", "gone", 0),
    ],
)
def test_the_status_of_an_answer_is_judged(
    code: int, retry_after: str, verdict: str, wait_seconds: float
) -> None:
    outcome = judge("desk.example", code, retry_after, NOW)
    assert (outcome.verdict, outcome.wait_seconds) == (verdict, wait_seconds)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", 0),
        ("120", 120),
        (" 120 ", 120),
        ("999999999999", 3600),
        ("9" * 400, 3600),
        ("-5", 0),
        ("٣", 0),
        ("soon", 0),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), 120),
        (format_datetime(NOW - timedelta(minutes=2), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=2), usegmt=True), 3600),
        ("Fri, 31 Dec 99999 23:59:59 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(value: str, seconds: float) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@pytest.mark.parametrize(
    "url",
    [
        *("desk.example/nabaa", "ftp://desk.example/", "http://", "http:///nabaa", "https://[::1"),
        *("http://desk.example:port/", "http://desk.example:99999999/", "http://\x00/", ""),
    ],
)
def test_an_address_that_cannot_be_posted_to_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="the address of a webhook"):
        check_url(url)
