"""The time of Redis: stored data is judged by it, since the clocks of machines differ."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from redis.asyncio import Redis


async def read_time(client: Redis) -> datetime:
    """Return the time of the server, aware UTC.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    seconds, micros = await client.time()
    return datetime.fromtimestamp(seconds + micros / 1e6, UTC)


class RedisClock:
    """A clock that shows the time of Redis between two looks at it; until the first, one's own.

    Args:
        client: answers in bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._ahead: float | None = None

    async def sync(self) -> None:
        """Ask the server for its time.

        Raises:
            redis.exceptions.RedisError: the server cannot be used.
        """
        began = time.monotonic()
        now = await read_time(self._client)
        # The answer was given somewhere between the question and now.
        self._ahead = now.timestamp() - (began + time.monotonic()) / 2

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        if self._ahead is None:
            return datetime.now(UTC)
        return datetime.fromtimestamp(time.monotonic() + self._ahead, UTC)
