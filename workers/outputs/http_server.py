"""The HTTP listener of the outputs that answer requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from nabaa.errors import OutputError

_SHUTDOWN_SECONDS = 2.0


@asynccontextmanager
async def listen(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Answer requests while the block runs.

    Args:
        app: what answers; a request whose client goes away is cancelled.
        host: address to bind.
        port: to listen on; 0 for any that is free.

    Yields:
        The port.

    Raises:
        OutputError: the address cannot be listened at.
    """
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_SECONDS
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise OutputError(f"cannot listen at {host}:{port}: {error.strerror}") from error
        [(_, bound, *_)] = runner.addresses
        yield int(bound)
    finally:
        await runner.cleanup()
