"""Answers that are not quite HTTP: what came whole is kept, and what is wrong is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from config.settings import Settings
from ingest.fetch.broken_http import read_answer
from ingest.fetch.fetcher import Fetcher
from ingest.model import Fetched
from nabaa.errors import FetchError

pytestmark = pytest.mark.anyio
BODY = "<rss><channel><title>أخبار الصباح من بيروت</title></channel></rss>".encode()
CHARACTERS = len(BODY.decode())
HALF = len(BODY) // 2
CHUNKS = b"%x\r\n%s\r\n%x;x=1\r\n%s\r\n0\r\n\r\n" % (
    HALF,
    BODY[:HALF],
    len(BODY) - HALF,
    BODY[HALF:],
)


def answer(*headers: str, body: bytes = BODY) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", *headers)).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def serving(reply: bytes, *, closes: bool = True) -> AsyncIterator[tuple[str, list[bytes]]]:
    requests: list[bytes] = []
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(reply)
        await writer.drain()
        if not closes:
            await ended.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed", requests
        ended.set()


async def fetch(
    reply: bytes, *, closes: bool = True, times: int = 1
) -> tuple[Fetched, list[bytes]]:
    async with (
        serving(reply, closes=closes) as (url, requests),
        Fetcher(Settings(allow_private_addresses=True)) as fetcher,
    ):
        for _ in range(times):
            fetched = await fetcher.fetch("a", url)
        return fetched, requests


BROKEN: dict[str, Sequence[object]] = {
    "length in characters": (
        answer(f"Content-Length: {CHARACTERS}", "Connection: close"),
        f"the server announces {CHARACTERS} bytes and sends {len(BODY)}",
    ),
    "length twice": (
        answer(f"Content-Length: {len(BODY)}", f"Content-Length: {len(BODY)}"),
        "the server sends its length more than once",
    ),
    "header without a colon": (
        answer("X-Cached yes", f"Content-Length: {len(BODY)}"),
        "the server sends headers that are not HTTP",
    ),
    "chunks and a length": (
        answer("Transfer-Encoding: chunked", f"Content-Length: {len(BODY)}", body=CHUNKS),
        "the server sends chunks and a length at once",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_what_came_is_kept_and_the_difference_told(name: str) -> None:
    reply, notice = BROKEN[name]
    assert isinstance(reply, bytes)
    fetched, _ = await fetch(reply)
    assert (fetched.body, fetched.complete, fetched.notices) == (BODY, True, (notice,))


async def test_a_server_that_keeps_the_connection_is_not_waited_for_long() -> None:
    fetched, _ = await fetch(answer(f"Content-Length: {CHARACTERS}"), closes=False)
    assert fetched.body == BODY


async def test_a_server_that_was_broken_is_asked_once_from_then_on() -> None:
    _, requests = await fetch(answer("X-Cached yes", f"Content-Length: {len(BODY)}"), times=3)
    assert len(requests) == 4


async def test_less_than_was_announced_is_not_complete() -> None:
    fetched, _ = await fetch(answer("X-Cached yes", f"Content-Length: {len(BODY) + 5}"))
    assert (fetched.body, fetched.complete) == (BODY, False)


async def test_a_broken_answer_is_bounded_too() -> None:
    reply = answer("X-Cached yes", body=b"x" * 300_000)
    async with (
        serving(reply) as (url, _),
        Fetcher(Settings(allow_private_addresses=True, max_body_bytes=200_000)) as fetcher,
    ):
        with pytest.raises(FetchError, match="larger than 200,000 bytes"):
            await fetcher.fetch("a", url)


async def test_what_is_no_http_at_all_is_told_as_before() -> None:
    with pytest.raises(FetchError, match="not HTTP"):
        await fetch(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


async def test_a_private_address_is_refused_in_this_way_too() -> None:
    async with serving(answer("X-Cached yes")) as (url, _), Fetcher(Settings()) as fetcher:
        with pytest.raises(FetchError, match="not a public address"):
            await fetcher.fetch("a", url.replace("127.0.0.1", "localhost"))


@pytest.mark.parametrize("coding", ["none", "UTF-8", "aws-chunked", "identity, none", "x-unknown"])
async def test_a_coding_that_is_none_is_left_alone(coding: str) -> None:
    reply = answer(f"Content-Encoding: {coding}", f"Content-Length: {len(BODY)}")
    fetched, _ = await fetch(reply)
    assert fetched.body == BODY


def test_chunks_are_read_as_far_as_they_came() -> None:
    cut = answer("Transfer-Encoding: chunked", "Content-Length: 3", body=CHUNKS[: HALF + 20])
    assert BODY.startswith(read_answer(cut).body)


async def test_a_server_that_answers_in_order_again_is_asked_as_any_other() -> None:
    broken = answer("X-Cached yes", f"Content-Length: {len(BODY)}")
    replies = iter([broken, broken])
    whole = answer(f"Content-Length: {len(BODY)}", "Connection: close")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(next(replies, whole))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    async with server, Fetcher(Settings(allow_private_addresses=True)) as fetcher:
        await fetcher.fetch("a", url)
        found = await asyncio.gather(*(fetcher.fetch("a", url) for _ in range(5)))
    assert {(each.body, each.notices) for each in found} == {(BODY, ())}
