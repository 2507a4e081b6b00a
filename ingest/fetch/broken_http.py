"""Answers that are not quite HTTP: the second way to a server whose answer the first one refuses.

Counted in characters, the `Content-Length` of an Arabic text is half of what follows; other servers
send it twice, or beside chunks, or a header without its colon. aiohttp refuses all of these, as a
client must that shares its connection. Here each request has a connection of its own, so that
nothing can follow the answer but the end; what came whole is kept.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass

import httpx
from aiohttp.abc import AbstractResolver

from ingest.fetch.ports import port_of

MAX_HEAD_BYTES = 64 * 1024
"""Bytes of a status line and headers."""

_GRACE_SECONDS = 2.0  # for what may follow the announced length, of a server that does not close
_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3})[^\r\n]*\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")


class NotHttpError(OSError):
    """The answer has no status line and headers: one clause that says so."""


@dataclass(frozen=True, slots=True)
class BrokenAnswer:
    """An answer as far as it can be read.

    Attributes:
        status: HTTP status.
        headers: as sent, without lines that are none.
        body: without chunk marks.
        complete: False where less came than was announced.
        notices: sentences about what is wrong with it.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    complete: bool
    notices: tuple[str, ...]


class BrokenHttpTransport(httpx.AsyncBaseTransport):
    """Sends each request on a connection of its own and reads the answer leniently.

    Args:
        resolver: looks names up and checks the addresses.
        certificates: the context for https.
        limit: most bytes of a body; one more is read, so that the caller sees that it is over.
    """

    def __init__(
        self, resolver: AbstractResolver, certificates: ssl.SSLContext, limit: int
    ) -> None:
        self._resolver = resolver
        self._certificates = certificates
        self._limit = limit

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request without a body; the deadline is the caller's.

        Raises:
            OSError: there is no connection, or the answer is not HTTP at all.
        """
        host, port = request.url.host, port_of(request.url)
        found = await self._resolver.resolve(host, port)
        context = self._certificates if request.url.scheme == "https" else None
        reader, writer = await asyncio.open_connection(
            found[0]["host"], port, ssl=context, server_hostname=host if context else None
        )
        try:
            writer.write(_request_bytes(request))
            await writer.drain()
            answer = read_answer(await self._read(reader))
        finally:
            writer.close()
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=httpx.ByteStream(answer.body),
            request=request,
            extensions={"notices": answer.notices, "complete": answer.complete},
        )

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """Read to the end or, where the server keeps the connection, to where it says nothing."""
        received = bytearray()
        announced: int | None = None
        while len(received) <= self._limit + MAX_HEAD_BYTES:
            waits = announced is not None and len(received) >= announced
            try:
                async with asyncio.timeout(_GRACE_SECONDS if waits else None):
                    chunk = await reader.read(64 * 1024)
            except (TimeoutError, OSError):
                break
            if not chunk:
                break
            received += chunk
            if announced is None:
                end = _HEAD_END.search(received)
                if end is None and len(received) > MAX_HEAD_BYTES:
                    break
                length = _announced(_headers_of(bytes(received))) if end else None
                announced = end.end() + length if end and length is not None else None
        return bytes(received)


def read_answer(received: bytes) -> BrokenAnswer:
    """Read all that came of an answer.

    Args:
        received: from the status line to the end of the connection.

    Raises:
        NotHttpError: it does not begin with a status line, or its headers do not end.
    """
    status, end = _STATUS.match(received), _HEAD_END.search(received, 0, MAX_HEAD_BYTES)
    if not (status and end):
        raise NotHttpError("the answer is not HTTP")
    headers, body = _headers_of(received), received[end.end() :]
    notices: list[str] = []
    named = [name.lower() for name, _ in headers]
    announced = _announced(headers)
    if b"transfer-encoding" in named and (whole := _without_chunks(body)) is not None:
        body = whole
        if announced is not None:
            notices.append("the server sends chunks and a length at once")
        announced = None
    elif announced is not None and announced != len(body):
        notices.append(f"the server announces {announced:,} bytes and sends {len(body):,}")
    if named.count(b"content-length") > 1:
        notices.append("the server sends its length more than once")
    kept = [
        (name, value)
        for name, value in headers
        if name.lower() not in (b"transfer-encoding", b"content-length")
    ]
    if len(headers) < len(received[: end.start()].splitlines()) - 1:
        notices.append("the server sends headers that are not HTTP")
    complete = announced is None or announced <= len(body)
    return BrokenAnswer(int(status[1]), kept, body, complete, tuple(notices))


def _headers_of(received: bytes) -> list[tuple[bytes, bytes]]:
    end = _HEAD_END.search(received)
    lines = received[: end.start() if end else 0].splitlines()[1:]
    parted = (line.partition(b":") for line in lines if b":" in line)
    return [
        (name.strip(), value.strip())
        for name, _, value in parted
        if re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}", name.strip())
    ]


def _announced(headers: list[tuple[bytes, bytes]]) -> int | None:
    """Return the length that the headers agree on, or None."""
    values = {
        part.strip()
        for name, value in headers
        if name.lower() == b"content-length"
        for part in value.split(b",")
    }
    only = values.pop() if len(values) == 1 else b""
    return int(only) if only.isdigit() and len(only) < 16 else None


def _without_chunks(body: bytes) -> bytes | None:
    """Return the body of chunks, as far as it came; None where it is not in chunks."""
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK_SIZE.match(body, at):
        size = int(found[1], 16)
        if not size:
            break
        pieces.append(body[found.end() : found.end() + size])
        at = found.end() + size
    return b"".join(pieces) if pieces or _CHUNK_SIZE.match(body) else None


def _request_bytes(request: httpx.Request) -> bytes:
    target = request.url.raw_path
    lines = [request.method.encode() + b" " + target + b" HTTP/1.1"]
    headers = [(name, value) for name, value in request.headers.raw if name != b"connection"]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join((*lines, b"Connection: close", b"", b""))
