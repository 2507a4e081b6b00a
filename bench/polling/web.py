"""A web of feeds that are polled: as lean as it can be, for it shares the machine's cores.

One asyncio protocol, bodies prepared at the start, any number of feeds: `/N` is feed N, under
whatever host name. Nothing of the project runs here but what made the bodies.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random

from bench.parsing import make_feed

SIZES = (20_000, 40_000, 60_000, 115_000)
"""Bytes of the bodies, in turn; each has 50 items."""

FAILURES = ("500", "reset", "silence", "no feed", "cut")
"""How a request fails; names that are unknown are the resolver's part."""

_PATH = re.compile(rb"GET /(\d+) ")
_ETAG = re.compile(rb"\r\nif-none-match: *([^\r]*)", re.IGNORECASE)
_MARKS = re.compile(rb"(<guid[^>]*>|<link>)[^<]*")


@dataclass(frozen=True, slots=True)
class Mix:
    """What becomes of polls, in shares of one.

    Attributes:
        validators: feeds with an `ETag`.
        news: answers that bring one to three new items.
        failing: requests that fail, those that the resolver fails not among them.
    """

    validators: float = 60 / 85
    news: float = 0.12
    failing: float = 0.025


def make_bodies() -> list[bytes]:
    """Return the bodies as they are before any news."""
    return [make_feed("rss20", "utf-8", size) for size in SIZES]


def has_validators(number: int, mix: Mix) -> bool:
    """Tell whether a feed has an `ETag`."""
    return number * 61 % 85 < mix.validators * 85


class Web:
    """What the feeds say now.

    Args:
        bodies: of the feeds, in turn.
        mix: of the answers.
    """

    def __init__(self, bodies: Sequence[bytes], mix: Mix) -> None:
        self._mix = mix
        self._random = Random(7)
        self._parts = []
        for body in bodies:
            head, items = body.split(b"<item>", 1)
            self._parts.append((head, b"<item>" + items, items.split(b"</item>", 1)[0]))
        self._news: dict[int, tuple[int, int]] = {}
        self._issued = 0

    def answer(self, request: bytes) -> bytes | None:
        """Return all bytes of an answer; empty to reset the connection, None for silence."""
        found = _PATH.match(request)
        if not found:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        number, chance = int(found[1]), self._random.random()
        if chance < self._mix.failing:
            return self._fail(number)
        if chance < self._mix.failing + self._mix.news:
            self._issued += 3
            self._news[number] = (self._issued, self._random.randint(1, 3))
        first, count = self._news.get(number, (0, 0))
        etag = b'"%d"' % first
        if not has_validators(number, self._mix):
            return _whole(self._body(number, first, count))
        sent = _ETAG.search(request)
        if sent and sent[1] == etag:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\nConnection: close\r\n\r\n" % etag
        return _whole(self._body(number, first, count), b"ETag: %s\r\n" % etag)

    def _body(self, number: int, first: int, count: int) -> bytes:
        head, items, item = self._parts[number % len(self._parts)]
        new = b"".join(
            b"<item>%s</item>" % _MARKS.sub(rb"\g<1>https://bench.example/new/%d" % mark, item)
            for mark in range(first, first + count)
        )
        return head + new + items

    def _fail(self, number: int) -> bytes | None:
        match self._random.choice(FAILURES):
            case "500":
                return b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            case "reset":
                return b""
            case "silence":
                return None
            case "no feed":
                return _whole(b"<!doctype html><title>404</title><p>Not here" * 20)
        return _whole(self._body(number, 0, 0))[:-5_000]


def _whole(body: bytes, headers: bytes = b"") -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n%sContent-Length: %d\r\n"
        b"Connection: close\r\n\r\n%s" % (headers, len(body), body)
    )


class _Answering(asyncio.Protocol):
    def __init__(self, web: Web) -> None:
        self._web = web
        self._request = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._request += data
        if not self._request.endswith(b"\r\n\r\n"):
            return
        request, self._request = self._request, b""
        answer = self._web.answer(request)
        if answer == b"":
            self._transport.abort()
        elif answer is not None:
            self._transport.write(answer)
            self._transport.close()


def serve(port_of: Connection, mix: Mix) -> None:
    """Serve until the process ends; run in a process of its own.

    Args:
        port_of: the port is sent there once it listens.
        mix: of the answers.
    """

    async def run() -> None:
        web = Web(make_bodies(), mix)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: _Answering(web), "127.0.0.1", 0, family=socket.AF_INET, backlog=1024
        )
        port_of.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())
