"""A receiver of the webhook that answers with exactly the bytes that a test writes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[dict[str, object], asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawReceiver:
    """A receiver that writes what the test tells it to.

    Attributes:
        answer: gets the article that was posted, and where to write.
        url: its address.
        posts: addresses of the articles that were posted to it, in order.
        heads: lines of the requests, in small letters, in order.
    """

    answer: Answer
    url: str = ""
    posts: list[str] = field(default_factory=list)
    heads: list[list[str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                article = json.loads(await reader.readexactly(length))
                self.posts.append(article.get("url", ""))
                self.heads.append(head.decode().lower().split("\r\n"))
                await self.answer(article, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(answer: Answer) -> AsyncIterator[RawReceiver]:
    """Open a receiver on loopback that answers so."""
    receiver = RawReceiver(answer)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield receiver
    finally:
        server.close()
