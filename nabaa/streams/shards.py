"""How many shards a wire has: recorded in Redis, so that no daemon spreads feeds otherwise."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from nabaa.errors import ConfigError
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.streams.keys import SHARDS


async def agree_on_shards(client: Redis, shards: int, stop: asyncio.Event) -> None:
    """Record the number of shards on a wire that has none recorded; wait where Redis is away.

    Args:
        client: answers in bytes.
        shards: as the settings say.
        stop: ends the wait.

    Raises:
        ConfigError: the wire has another number, or is being resharded.
    """

    async def record() -> tuple[bytes | str | None, bytes | str | None]:
        await client.hsetnx(SHARDS, "count", str(shards))
        count, to = await client.hmget(SHARDS, ["count", "to"])
        return count, to

    recorded = await RedisBackoff(address_of(client)).retry(record, stop)
    if recorded is None:
        return
    count, to = recorded
    if to is not None:
        raise ConfigError(
            f"the wire is being resharded: run `nabaa reshard --to {int(to)}` to its end first"
        )
    if int(count or shards) != shards:
        raise ConfigError(
            f"NABAA_SHARDS is {shards}, but the wire has {int(count or 0)}: set it to that, or "
            f"stop ingest and workers and run `nabaa reshard --to {shards}`"
        )


async def shards_to_read(client: Redis, shards: int, stop: asyncio.Event) -> int:
    """Return what `recorded_shards` does; wait where Redis is away.

    Args:
        client: answers in bytes.
        shards: number in the settings.
        stop: ends the wait.
    """
    backoff = RedisBackoff(address_of(client))
    return await backoff.retry(lambda: recorded_shards(client, shards), stop) or shards


async def recorded_shards(client: Redis, shards: int) -> int:
    """Return how many shards a command looks at: all that the wire has or ever had.

    After a reshard to fewer, what is on the streams of those that went is still to be read.

    Args:
        client: answers in bytes.
        shards: number in the settings; it counts where no higher one is recorded.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    recorded = await client.hmget(SHARDS, ["count", "read"])
    return max(shards, *(int(number or 0) for number in recorded))
