"""The stage of stories in the process of the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from config.settings import Settings
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from workers.stories.stage.service import StoriesService

KEYS = Keys(0)


@asynccontextmanager
async def grouping(
    client: Redis, settings: Settings | None = None, lease_seconds: float = 1.0
) -> AsyncIterator[StoriesService]:
    """Run the stage while the block lasts."""
    stop = asyncio.Event()
    service = StoriesService(settings or Settings(), client, "test", lease_seconds, 0.02)
    running = asyncio.create_task(service.run(stop))
    try:
        yield service
    finally:
        stop.set()
        await running


async def until_placed(client: Redis, articles: int) -> None:
    """Return as soon as the stage has placed so many articles since the wire began."""

    async def is_done() -> bool:
        return int(await client.hget(KEYS.stories_stage, "articles") or 0) >= articles

    await until(is_done)
