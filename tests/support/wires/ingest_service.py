"""The ingest service on a list of feeds, in the process of the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from aiohttp.abc import AbstractResolver
from redis.asyncio import Redis

from config.feed_list import load_feeds, save_feeds
from config.model import Feed
from config.settings import Settings
from ingest.service import IngestService
from nabaa.streams.keys import Keys
from tests.support.conditions import until


@asynccontextmanager
async def running(
    client: Redis,
    feeds_file: Path,
    feeds: Sequence[Feed],
    resolver: AbstractResolver | None = None,
    **settings: object,
) -> AsyncIterator[IngestService]:
    """Run the service while the block runs.

    Args:
        client: of the server that it uses.
        feeds_file: is written first, and read by the service.
        feeds: to poll.
        resolver: looks host names up.
        settings: in place of those that make a test quick.
    """
    save_feeds(feeds_file, feeds)
    chosen = {
        "allow_private_addresses": True,
        "tick_seconds": 0.02,
        "full_text": "never",
        "feeds_file": feeds_file,
        **settings,
    }
    service = IngestService(
        Settings.model_validate(chosen),
        client,
        load_feeds(feeds_file),
        "redis://test",
        Random(1),
        resolver,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    try:
        yield service
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def until_queued(client: Redis, count: int) -> None:
    """Return as soon as so many entries are on the stream of the first shard."""

    async def are_there() -> bool:
        return int(await client.xlen(Keys(0).entries)) >= count

    await until(are_there)


async def until_logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Return as soon as a message with that text has been logged."""

    async def is_logged() -> bool:
        return any(text in message for message in caplog.messages)

    await until(is_logged)
