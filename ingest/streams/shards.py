"""How many shards a wire has: recorded in Redis, so that no daemon spreads feeds otherwise."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from config.errors import ConfigError
from ingest.streams.connection import Patience, address_of
from ingest.streams.errors import PASSING_ERRORS
from ingest.streams.keys import SHARDS


async def agree_on_shards(client: Redis, shards: int) -> None:
    """Record the number of shards on a wire that has none recorded.

    Args:
        client: answers in bytes.
        shards: as the settings say.

    Raises:
        ConfigError: the wire has another number, or is being resharded.
        redis.exceptions.RedisError: Redis cannot be used.
    """
    count, to = await client.hmget(SHARDS, ["count", "to"])
    if to is not None:
        raise ConfigError(
            f"the wire is being resharded: run `nabaa reshard --to {int(to)}` to its end first"
        )
    if count is None:
        await client.hsetnx(SHARDS, "count", str(shards))
        [count] = await client.hmget(SHARDS, ["count"])
    if count is not None and int(count) != shards:
        raise ConfigError(
            f"NABAA_SHARDS is {shards}, but the wire has {int(count)}: set NABAA_SHARDS="
            f"{int(count)}, or stop ingest and workers and run `nabaa reshard --to {shards}`"
        )


async def shards_to_read(client: Redis, shards: int, stop: asyncio.Event) -> int:
    """Return how many shards a reader looks at; waits for Redis where it is away.

    After a reshard to fewer, what is on the streams of those that went is still to be read.

    Args:
        client: answers in bytes.
        shards: as the settings say.
        stop: ends the wait.
    """
    patience = Patience(address_of(client))
    while not stop.is_set():
        try:
            told = await client.hmget(SHARDS, ["count", "read"])
        except PASSING_ERRORS as error:
            await patience.wait(error, stop)
        else:
            patience.end()
            return max(shards, *(int(number or 0) for number in told))
    return shards
