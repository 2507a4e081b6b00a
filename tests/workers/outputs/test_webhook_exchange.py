"""One exchange of the webhook: bounds of an answer, deadlines, and what each answer means."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from nabaa.errors import UsageError
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.subscriber.received import Received
from tests.support.articles import numbered_article
from tests.support.raw_receiver import Answer, receiving
from tests.support.stories.told import make_story, story_fields
from workers.outputs.webhook import (
    Outcome,
    Webhook,
    check_url,
    judge,
    open_client,
    retry_after_seconds,
)

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


async def outcome_of(answer: Answer, deadline_seconds: float = 10.0) -> Outcome:
    """Post one article to a receiver that answers so."""
    received = Received(KEYS.articles, "1-0", encode_article(numbered_article(1)))
    async with receiving(answer) as receiver, open_client() as http:
        return await Webhook(receiver.url, b"", http, deadline_seconds).post(received)


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


async def test_an_event_of_a_story_is_posted_with_its_own_attributes() -> None:
    async def answer(_: dict[str, object], writer: asyncio.StreamWriter) -> None:
        writer.write(OK)

    fields = {
        name.encode(): value if isinstance(value, bytes) else value.encode()
        for name, value in story_fields(make_story(), "nabaa.story.breaking").items()
    }
    received = Received(KEYS.stories, "1-0", fields[b"data"], fields=fields)
    async with receiving(answer) as receiver, open_client() as http:
        outcome = await Webhook(receiver.url, b"", http, 10.0).post(received)
    assert outcome.verdict == "taken"
    [lines] = receiver.heads
    assert "ce-type: nabaa.story.breaking" in lines
    assert f"ce-id: {'0' * 32}-breaking" in lines
    assert f"webhook-id: {'0' * 32}-breaking" in lines
