"""How a command reaches the wire: the address of the settings, the number of shards of Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from ingest.runtime.daemon import heartbeat
from ingest.runtime.session import run_with_redis, wire_url

if TYPE_CHECKING:
    from config.settings import Settings
    from nabaa.redis.client import Client

Body = Callable[["Client", int, asyncio.Event], Coroutine[Any, Any, None]]
"""The work of a command: takes a client, the number of shards to look at and the stop event."""


def run_on_wire(settings: Settings, body: Body, *, waits: bool = False) -> None:
    """Run the work of a command on the wire; SIGINT and SIGTERM set its stop event.

    The number of shards is the one recorded in Redis, whatever `NABAA_SHARDS` is where the command
    runs: an article of a shard that a command does not know would be missing without a word.

    Args:
        settings: settings of this process.
        body: returns soon after the event is set.
        waits: whether the command runs on: it waits for a Redis that cannot be used yet, otherwise
            that is an error, and shows that it lives.

    Raises:
        ConfigError: a setting of the server is wrong, or the heartbeat file cannot be written.
        QueueError: Redis cannot be used or refused a command.
    """
    # Imports redis.
    from nabaa.streams.shards import recorded_shards, shards_to_read  # noqa: PLC0415

    async def with_shards(client: Client, stop: asyncio.Event) -> None:
        if not waits:
            await body(client, await recorded_shards(client, settings.shards), stop)
            return
        async with heartbeat(settings.heartbeat_file, stop):
            shards = await shards_to_read(client, settings.shards, stop)
            if not stop.is_set():  # it was not told to end while Redis was away
                await body(client, shards, stop)

    run_with_redis(wire_url(settings, waits=waits), with_shards)
