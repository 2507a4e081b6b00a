"""Several items of a stream at once: as many as have come, within a bound of number and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

Item = TypeVar("Item")


async def batched(
    items: AsyncIterator[Item], size: int, max_wait_seconds: float
) -> AsyncGenerator[list[Item], None]:
    """Yield lists of items, none of them empty.

    Args:
        items: read one after the other; what was read when this is closed is in no list.
        size: items of a list at most.
        max_wait_seconds: a list that has begun is not kept back for longer.
    """
    following: asyncio.Task[Item] | None = None
    now = asyncio.get_running_loop().time
    try:
        is_over = False
        while not is_over:
            batch: list[Item] = []
            deadline: float | None = None
            while len(batch) < size:
                following = following or asyncio.ensure_future(_next(items))
                wait = None if deadline is None else max(0.0, deadline - now())
                await asyncio.wait([following], timeout=wait)
                if not following.done():
                    break
                ended, following = following, None
                try:
                    batch.append(ended.result())
                except StopAsyncIteration:
                    is_over = True
                    break
                deadline = deadline or now() + max_wait_seconds
            if batch:
                yield batch
    finally:
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _next(items: AsyncIterator[Item]) -> Item:
    return await anext(items)
