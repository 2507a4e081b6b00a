"""Coroutines that wait side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


async def first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    """Return as soon as one of the waits is over; the others are cancelled and waited for.

    Raises:
        Exception: what a wait raised.
        ExceptionGroup: several waits raised.
        asyncio.CancelledError: the caller was cancelled; what waits raised then is in the log.
    """
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        for error in await _cancelled(tasks):
            logger.error("a wait that was cancelled failed", exc_info=error)
        raise
    errors = await _cancelled(tasks)
    if len(errors) > 1:
        raise ExceptionGroup("several waits failed", errors)
    if errors:
        raise errors[0]


async def _cancelled(tasks: Sequence[asyncio.Future[Any]]) -> list[Exception]:
    """Cancel tasks and return what those raised that failed."""
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    return [each for each in ended if isinstance(each, Exception)]


async def finish_soon_after(
    stop: asyncio.Event, work: Awaitable[Result], grace_seconds: float
) -> Result | None:
    """Wait for work, and cancel it where it goes on for too long after a stop.

    Args:
        stop: set by whoever wants an end.
        work: what is waited for.
        grace_seconds: time that the work has after the stop.

    Returns:
        What the work returned; None where it was cancelled.

    Raises:
        Exception: what the work raised, also while it was cancelled.
    """
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((task,), timeout=grace_seconds)
    except asyncio.CancelledError:
        for error in await _cancelled([task]):
            logger.error("work that was cancelled failed", exc_info=error)
        raise
    finally:
        stopped.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait((task,))
    return None if task.cancelled() else task.result()


def start_logged(name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start work in the background; a failure of it is logged as soon as it ends.

    Args:
        name: of the work, for the log.
        work: what is done; it raises nothing that somebody waits for.
    """
    task = asyncio.create_task(work)

    def log_failure(ended: asyncio.Task[None]) -> None:
        if not ended.cancelled() and (error := ended.exception()):
            logger.error("%s failed", name, exc_info=error)

    task.add_done_callback(log_failure)
    return task


async def keep_running(
    name: str,
    work: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    pause_seconds: float = 1.0,
) -> None:
    """Run work until `stop` is set; where it ends or fails before, log that and run it again.

    Args:
        name: of the work, for the log.
        work: makes the awaitable of one run; returns soon after the event is set.
        stop: set by whoever wants an end.
        pause_seconds: wait before it is run again.
    """
    while not stop.is_set():
        try:
            await work()
        except Exception:
            logger.exception("%s failed; it is started again", name)
        else:
            if not stop.is_set():
                logger.error("%s ended before its time; it is started again", name)
        if not stop.is_set():
            await first_of(stop.wait(), asyncio.sleep(pause_seconds))
