"""A web server on loopback that keeps to no rule: what it sends is told byte by byte.

The feed at a path is sent by whoever was put there; anything HTTP forbids can be sent too.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager

Chunks = Callable[[], AsyncIterator[bytes]]
"""Makes what goes over the wire, head and all; the connection closes behind it."""

_CHUNK = 64 * 1024


def answer(body: bytes, *headers: str, status: str = "200 OK") -> Chunks:
    """Send a body with its length."""

    async def chunks() -> AsyncIterator[bytes]:
        lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close")
        yield "\r\n".join((*lines, *headers, "", "")).encode("latin-1")
        for start in range(0, len(body), _CHUNK):
            yield body[start : start + _CHUNK]

    return chunks


def endless(head: bytes, again: bytes, pause_seconds: float = 0.0) -> Chunks:
    """Send something, then the same again and again, for ever."""

    async def chunks() -> AsyncIterator[bytes]:
        yield head
        for _ in itertools.count():
            await asyncio.sleep(pause_seconds)
            yield again

    return chunks


class HostileSite:
    """What is served where, and how often it was asked for.

    Args:
        pages: by path.
    """

    def __init__(self, pages: Mapping[str, Chunks]) -> None:
        self._pages = pages
        self.asked: Counter[str] = Counter()
        self.base_url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.asked[path] += 1
            chunks = self._pages.get(path) or answer(b"", status="404 Not Found")
            async for chunk in chunks():
                writer.write(chunk)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client had enough, or the test
        finally:
            writer.close()


@contextmanager
def serving(pages: Mapping[str, Chunks]) -> Iterator[HostileSite]:
    """Serve pages from a thread while the block runs.

    Args:
        pages: what is sent, by path.
    """
    site = HostileSite(pages)
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        site.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = await asyncio.start_server(site.answer, sock=listener)
        done = asyncio.Event()
        ready.set_result((asyncio.get_running_loop(), done))
        await done.wait()
        server.close()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="hostile site")
    thread.start()
    loop, done = ready.result()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
