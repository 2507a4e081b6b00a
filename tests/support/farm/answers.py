"""Sends what a feed has to say, or acts out what goes wrong with it.

Each function writes one whole answer to a request and returns it, finished or broken. What the
answer should be is decided by `site` and `behaviour`.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web

from tests.support.farm.behaviour import (
    Cut,
    Drip,
    EmptyBody,
    EmptyFeed,
    Flood,
    Refuse,
    Slow,
    Stall,
    Trouble,
    Truncated,
    WebPage,
)

CHUNK_BYTES = 1024 * 1024
_PAGE = """<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>تسجيل الدخول</title></head>
<body><h1>مرحبا بكم في الشبكة</h1><p>يرجى تسجيل الدخول للمتابعة.</p><br></body></html>"""
_FLOOD_HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>flood</title>'
    b"<item><title>flood</title><description>"
)


@dataclass(frozen=True, slots=True)
class Healthy:
    """The answer that a feed gives when nothing goes wrong.

    Attributes:
        body: as it goes over the wire.
        headers: Content-Type, validators and, if compressed, Content-Encoding.
        plain_body: before compression.
        plain_headers: the same headers without validators and Content-Encoding.
        empty_body: the feed without its items, not compressed.
    """

    body: bytes
    headers: Mapping[str, str]
    plain_body: bytes
    plain_headers: Mapping[str, str]
    empty_body: bytes


@dataclass(slots=True)
class Sent:
    """What went out: status, bytes of body, and whether the healthy answer went out whole."""

    status: int = 0
    body_bytes: int = 0
    complete: bool = False


class Answer:
    """One answer in the making.

    Args:
        request: being answered.
        closing: set when the farm closes, which ends every wait.
    """

    def __init__(self, request: web.Request, closing: asyncio.Event) -> None:
        self._request = request
        self._closing = closing
        self.sent = Sent()

    async def give(self, healthy: Healthy, trouble: Trouble | None) -> web.StreamResponse:
        """Answer with the feed, or with what goes wrong instead.

        Args:
            healthy: the answer without trouble.
            trouble: what goes wrong, if anything.

        Returns:
            The response, which needs no more sending.

        Raises:
            ConnectionResetError: the client went away.
        """
        match trouble:
            case Slow(seconds):
                await self._wait(seconds)
                return await self._healthy(healthy)
            case Drip(seconds, at_once):
                return await self._drip(healthy, seconds, at_once)
            case Stall(after_bytes):
                response = await self._part(healthy, after_bytes, chunked=False)
                await self._wait(None)
                return self._hang_up(response)
            case Cut(after_bytes, chunked):
                return self._hang_up(await self._part(healthy, after_bytes, chunked))
            case Refuse(status, retry_after):
                headers = {} if retry_after is None else {"Retry-After": retry_after}
                return await self.whole(status, b"", headers)
            case Truncated(share):
                body = healthy.plain_body[: int(len(healthy.plain_body) * share)]
                return await self.whole(200, body, healthy.plain_headers)
            case WebPage():
                kind = {"Content-Type": "text/html; charset=utf-8"}
                return await self.whole(200, _PAGE.encode(), kind)
            case EmptyBody():
                return await self.whole(200, b"", healthy.plain_headers)
            case EmptyFeed():
                return await self.whole(200, healthy.empty_body, healthy.plain_headers)
            case Flood(total_bytes, gzipped):
                return await self._flood(healthy, total_bytes, gzipped)
            case None:
                return await self._healthy(healthy)

    async def whole(
        self, status: int, body: bytes, headers: Mapping[str, str]
    ) -> web.StreamResponse:
        """Send an answer with its right Content-Length."""
        response = web.Response(status=status, body=body, headers=headers)
        self.sent.status = status
        await response.prepare(self._request)
        await response.write_eof()
        self.sent.body_bytes += len(body)
        return response

    async def _healthy(self, healthy: Healthy) -> web.StreamResponse:
        response = await self.whole(200, healthy.body, healthy.headers)
        self.sent.complete = True
        return response

    async def _begin(
        self, headers: Mapping[str, str], content_length: int | None
    ) -> web.StreamResponse:
        response = web.StreamResponse(status=200, headers=headers)
        response.content_length = content_length
        if content_length is None:
            response.enable_chunked_encoding()
        self.sent.status = 200
        await response.prepare(self._request)
        return response

    async def _write(self, response: web.StreamResponse, part: bytes) -> None:
        await response.write(part)
        self.sent.body_bytes += len(part)

    async def _part(self, healthy: Healthy, size: int, chunked: bool) -> web.StreamResponse:
        part = healthy.body[: min(size, len(healthy.body) - 1)]
        response = await self._begin(healthy.headers, None if chunked else len(healthy.body))
        await self._write(response, part)
        return response

    async def _drip(self, healthy: Healthy, seconds: float, at_once: int) -> web.StreamResponse:
        response = await self._begin(healthy.headers, len(healthy.body))
        for start in range(0, len(healthy.body), at_once):
            await self._write(response, healthy.body[start : start + at_once])
            if await self._wait(seconds):
                return self._hang_up(response)
        self.sent.complete = True
        await response.write_eof()
        return response

    async def _flood(
        self, healthy: Healthy, total_bytes: int | None, gzipped: bool
    ) -> web.StreamResponse:
        headers = {"Content-Type": healthy.headers["Content-Type"]}
        if gzipped:
            headers["Content-Encoding"] = "gzip"
        response = await self._begin(headers, None)
        parts = gzip_bomb(total_bytes) if gzipped else flood(total_bytes)
        async for part in self._until_closing(parts):
            await self._write(response, part)
        if self._closing.is_set():
            return self._hang_up(response)
        await response.write_eof()
        return response

    async def _until_closing(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        for part in parts:
            if self._closing.is_set():
                return
            yield part
            await asyncio.sleep(0)

    async def _wait(self, seconds: float | None) -> bool:
        """Wait so long, or for ever; return early, and whether, when the farm closes."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _hang_up(self, response: web.StreamResponse) -> web.StreamResponse:
        """Close the connection after what was written, in place of the rest of the body."""
        if self._request.transport is not None:
            self._request.transport.close()
        return response


def flood(total_bytes: int | None) -> Iterator[bytes]:
    """Make a body that begins as RSS and goes on with letters.

    Args:
        total_bytes: its length; None for no end.

    Yields:
        Parts of a MiB; the head of the document is the first.
    """
    yield _FLOOD_HEAD[:total_bytes]
    filler = b"a" * CHUNK_BYTES
    left = None if total_bytes is None else total_bytes - len(_FLOOD_HEAD)
    while left is None or left > 0:
        part = filler if left is None else filler[:left]
        yield part
        left = None if left is None else left - len(part)


def gzip_bomb(total_bytes: int | None) -> Iterator[bytes]:
    """Compress `flood` without doing its work again for each part.

    A part that ends in a full flush stands alone (RFC 1951; zlib's Z_FULL_FLUSH), so the part of
    a MiB is compressed once and repeated; only its checksum goes on.

    Args:
        total_bytes: length after decompression; None for no end.

    Yields:
        Parts of one gzip member, each about 1 kB.
    """
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    checksum, size, block = _Checksum(), 0, b""
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    for part in flood(total_bytes):
        checksum.add(part)
        size += len(part)
        if len(part) == CHUNK_BYTES and block:
            yield block
            continue
        compressed = compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)
        if len(part) == CHUNK_BYTES:
            block = compressed
        yield compressed
    end = compressor.flush(zlib.Z_FINISH)
    yield end + checksum.value.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")


class _Checksum:
    """CRC-32 of a body that is mostly one part repeated.

    The checksum after a given part is an affine function of the checksum before it, so 33 runs
    over the part tell the rest without running over it again.
    """

    def __init__(self) -> None:
        self.value = 0
        self._constant = 0
        self._columns: list[int] = []

    def add(self, part: bytes) -> None:
        if len(part) != CHUNK_BYTES:
            self.value = zlib.crc32(part, self.value)
            return
        if not self._columns:
            self._constant = zlib.crc32(part)
            self._columns = [zlib.crc32(part, 1 << bit) ^ self._constant for bit in range(32)]
        result = self._constant
        for bit, column in enumerate(self._columns):
            if self.value >> bit & 1:
                result ^= column
        self.value = result
