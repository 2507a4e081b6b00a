"""Coroutines that wait side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

logger = logging.getLogger(__name__)


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
