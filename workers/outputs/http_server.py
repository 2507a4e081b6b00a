"""The HTTP listener of the outputs that answer requests.

Connections are bounded in number, and one that does not send a whole request in time is closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol, cast

from aiohttp import web

from nabaa.errors import OutputError
from nabaa.tasks import keep_running

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 512
REQUEST_SECONDS = 15.0
"""A connection on which no whole request arrives for so long is closed."""

_SHUTDOWN_SECONDS = 2.0
_WORK_SECONDS = 1.0
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Retry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


Work = Mapping[str, Callable[[], Awaitable[None]]]
"""What runs beside the answers, by a name for the log."""


class HttpServer(Protocol):
    """What answers requests at an address, and works beside that."""

    announcement: str
    """The sentence that tells where it is; `{address}` stands for http://HOST:PORT."""
    stop: asyncio.Event
    """The event that ends its work."""

    def application(self) -> web.Application:
        """Return what answers."""

    def work(self) -> Work:
        """Return what runs beside the answers; each part returns soon after `stop` is set."""


@asynccontextmanager
async def run_server(server: HttpServer, host: str, port: int) -> AsyncIterator[int]:
    """Answer requests, and do what runs beside the answers, while the block runs.

    Args:
        server: what answers; it is stopped at the end and cannot be used again.
        host: address to bind.
        port: to listen on; 0 for any that is free.

    Yields:
        The port.

    Raises:
        OutputError: the address cannot be listened at.
    """
    async with listen(server.application(), host, port) as bound:
        working = [
            asyncio.create_task(keep_running(name, work, server.stop))
            for name, work in server.work().items()
        ]
        shown = f"[{host}]" if ":" in host else host
        logger.info("%s", server.announcement.format(address=f"http://{shown}:{bound}"))
        try:
            yield bound
        finally:
            server.stop.set()
            if working:
                await asyncio.wait(working, timeout=_WORK_SECONDS)
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)


@asynccontextmanager
async def listen(
    app: web.Application,
    host: str,
    port: int,
    most_connections: int = MOST_CONNECTIONS,
    request_seconds: float = REQUEST_SECONDS,
) -> AsyncIterator[int]:
    """Answer requests while the block runs.

    Args:
        app: what answers; a request whose client goes away is cancelled.
        host: address to bind.
        port: to listen on; 0 for any that is free.
        most_connections: one more is answered with 503.
        request_seconds: for a whole request to arrive.

    Yields:
        The port.

    Raises:
        OutputError: the address cannot be listened at.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        handler_cancellation=True,
        keepalive_timeout=request_seconds,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )
    await runner.setup()
    server = cast("web.Server", runner.server)

    def accept() -> asyncio.Protocol:
        return server() if len(server.connections) < most_connections else _Refusal()

    try:
        try:
            listener = await asyncio.get_running_loop().create_server(accept, host, port)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"cannot listen at {host}:{port}: {reason}") from error
        try:
            yield int(listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
    finally:
        await runner.cleanup()


class _Refusal(asyncio.Protocol):
    """Answers a connection that is one too many, whatever it asks."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        writable = cast("asyncio.WriteTransport", transport)
        writable.write(_REFUSAL)
        writable.close()
