"""Waiting for what another task or process does: on its condition, never for a guessed time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_PAUSE_SECONDS = 0.01


async def until(predicate: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Return as soon as the predicate holds.

    Args:
        predicate: asked again and again; it must be cheap.
        seconds: how long it may take before the test fails.

    Raises:
        TimeoutError: it did not hold in time.
    """
    async with asyncio.timeout(seconds):
        while not await predicate():  # noqa: ASYNC110 - what it watches is outside this loop
            await asyncio.sleep(_PAUSE_SECONDS)


def eventually(predicate: Callable[[], bool], seconds: float = 30) -> None:
    """Return as soon as the predicate holds; `until` for tests that are not coroutines.

    Args:
        predicate: asked again and again; it must be cheap.
        seconds: how long it may take before the test fails.

    Raises:
        TimeoutError: it did not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the condition did not hold within {seconds:g} seconds")
        time.sleep(_PAUSE_SECONDS)
