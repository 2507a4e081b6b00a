"""Calls that repeat every so many seconds, whatever happens to the clock on the wall.

APScheduler runs the ticks. It plans by the wall clock, and would wait for an hour where that is set
back by one; so the wall clock is compared with time that runs evenly, and the ticks are planned
anew when the two part.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)

_WATCH_SECONDS = 1.0
_JUMP_SECONDS = 5.0


class Ticks:
    """Calls that repeat; a context manager that runs them while the block runs.

    A call that is still running when its next time comes is not called again then.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._watch: asyncio.TimerHandle | None = None
        self._ahead = 0.0

    def __enter__(self) -> Ticks:
        self._ahead = self._wall_ahead()
        self._scheduler.start()
        self._watch_on()
        return self

    def __exit__(self, *_: object) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._scheduler.shutdown(wait=False)

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> Callable[[], None]:
        """Repeat a call.

        Args:
            seconds: between its starts; the first is so much later.
            call: what to do; an exception is logged, and the next time comes as ever.

        Returns:
            What makes the call come now, out of turn.
        """

        async def call_until_cancelled() -> None:
            with suppress(asyncio.CancelledError):  # at the end; APScheduler would log it
                await call()

        job = self._scheduler.add_job(call_until_cancelled, "interval", seconds=seconds)

        def now() -> None:
            job.modify(next_run_time=datetime.now(UTC))

        return now

    def _watch_on(self) -> None:
        loop = asyncio.get_running_loop()
        ahead = self._wall_ahead()
        if abs(jump := ahead - self._ahead) > _JUMP_SECONDS:
            logger.warning("the clock was set by %+.0f seconds", jump)
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        self._ahead = ahead
        self._watch = loop.call_later(_WATCH_SECONDS, self._watch_on)

    def _wall_ahead(self) -> float:
        """Return by how many seconds the wall clock is ahead of the even one."""
        return time.time() - asyncio.get_running_loop().time()
