"""A farm in a thread of its own, for tests that are not coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from tests.support.farm.server import Farm


@contextmanager
def run_farm_in_thread(farm: Farm) -> Iterator[Farm]:
    """Run a farm in the background while the block runs.

    Args:
        farm: not entered yet.

    Yields:
        The same farm, entered; `advance`, `expected` and the counters may be used as they are.

    Raises:
        OSError: the port is taken.
    """
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        try:
            async with farm:
                done = asyncio.Event()
                ready.set_result((asyncio.get_running_loop(), done))
                await done.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="farm")
    thread.start()
    try:
        loop, done = ready.result()
        try:
            yield farm
        finally:
            loop.call_soon_threadsafe(done.set)
    finally:
        thread.join()
