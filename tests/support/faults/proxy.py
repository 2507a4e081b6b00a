"""A TCP proxy before a Redis socket that delays, resets and cuts connections, as a network does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

HOST = "127.0.0.1"


@dataclass(slots=True)
class Trouble:
    """What the proxy does to what goes through; may be changed at any time.

    Attributes:
        delay_seconds: between the arrival of bytes and their leaving, each way.
        resets: share of the chunks, in either direction, upon which the connection is reset.
        cut: share of the requests that contain `cut_what` whose connection is cut once the server
            has them: they are executed, and nobody is told.
        cut_what: by default what runs a script.
        cut_most: so many at most.
        random: decides.
        cuts: connections that were reset or cut so far.
    """

    delay_seconds: float = 0.0
    resets: float = 0.0
    cut: float = 0.0
    cut_what: bytes = b"EVALSHA"
    cut_most: int = 1_000_000
    random: Random = field(default_factory=lambda: Random(1))
    cuts: int = 0


@contextmanager
def proxy_before(socket: Path, trouble: Trouble) -> Iterator[str]:
    """Run a proxy in a thread of its own while the block runs.

    Args:
        socket: of the server.
        trouble: what to do.

    Yields:
        The address of the proxy, as a Redis URL.
    """
    ready: Future[tuple[str, Callable[[], object]]] = Future()

    async def serve() -> None:
        done = asyncio.Event()
        loop = asyncio.get_running_loop()
        pipes: set[asyncio.Task[None]] = set()

        async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            pipes.add(task)
            try:
                await _join(reader, writer, socket, trouble)
            finally:
                pipes.discard(task)

        server = await asyncio.start_server(on_connection, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        ready.set_result((f"redis://{HOST}:{port}/0", lambda: loop.call_soon_threadsafe(done.set)))
        await done.wait()
        server.close()
        await asyncio.sleep(
            0.05
        )  # those that were let in last have begun by then, and can be ended
        for pipe in list(pipes):
            pipe.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="proxy")
    thread.start()
    url, end = ready.result()
    try:
        yield url
    finally:
        end()
        thread.join()


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, socket: Path, trouble: Trouble
) -> None:
    try:
        inner_reader, inner_writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        writer.transport.abort()
        return
    doomed = asyncio.Event()
    ways = [
        asyncio.create_task(_pump(reader, inner_writer, trouble, doomed, is_request=True)),
        asyncio.create_task(_pump(inner_reader, writer, trouble, doomed, is_request=False)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (inner_writer, writer):
            end.transport.abort()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    trouble: Trouble,
    doomed: asyncio.Event,
    *,
    is_request: bool,
) -> None:
    """Carry bytes one way until the connection ends, by itself or by the trouble."""
    loop = asyncio.get_running_loop()
    while chunk := await reader.read(65536):
        if doomed.is_set():
            return  # the answer to what was cut never arrives
        if trouble.random.random() < trouble.resets:
            trouble.cuts += 1
            return
        may_cut = is_request and trouble.cut_what in chunk and trouble.cuts < trouble.cut_most
        if may_cut and trouble.random.random() < trouble.cut:
            trouble.cuts += 1
            doomed.set()
        if trouble.delay_seconds:
            # Later chunks need not wait for this one: what is delayed is the way, not the rate.
            loop.call_later(trouble.delay_seconds, writer.write, chunk)
        else:
            writer.write(chunk)
            with suppress(OSError):
                await writer.drain()
        if is_request and doomed.is_set():
            # The pause lets the server read what it was sent.
            await asyncio.sleep(trouble.delay_seconds + 0.02)
            return
