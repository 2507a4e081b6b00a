"""When polling pauses: too many entries wait for the workers, or too large ones."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from config.settings import Settings
from ingest.inflight import IngestProgress
from ingest.register import Shard
from nabaa.streams.keys import Keys

logger = logging.getLogger(__name__)

MEASURE_SECONDS = 1.0
"""Time between two measurements of the memory that the entries of a shard take."""

_FEW_ENTRIES = 64  # not worth a measurement


class Backpressure:
    """Stops the taking of feeds at the limit of the backlog, until it has halved.

    Args:
        settings: the limits.
        progress: is told whether polling stands still.
        clock: returns seconds that run evenly.
    """

    def __init__(
        self,
        settings: Settings,
        progress: IngestProgress,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._progress = progress
        self._clock = clock
        self._paused: set[int] = set()
        self._measured: dict[int, tuple[float, int]] = {}

    async def allows(self, shard: Shard) -> bool:
        """Return whether feeds of a shard may be taken.

        Raises:
            redis.exceptions.RedisError: Redis cannot be used.
        """
        number = shard.keys.shard
        backlog = await shard.entries.backlog()
        size = await self._measure(shard) if backlog > _FEW_ENTRIES else 0
        was_paused = number in self._paused
        part = 2 if was_paused else 1
        limit, most_bytes = self._settings.backlog_limit, self._settings.stream_max_bytes
        is_paused = backlog >= limit // part or size >= most_bytes // part
        if is_paused and not was_paused:
            of_size = f" with {size / 1e6:.0f} MB" if size >= most_bytes else ""
            logger.warning("%d entries%s wait for workers: polling pauses", backlog, of_size)
            self._paused.add(number)
        elif was_paused and not is_paused:
            logger.info("the backlog is down to %d entries: polling goes on", backlog)
            self._paused.discard(number)
        self._progress.paused = bool(self._paused)
        return not is_paused

    def has_room(self, keys: Keys) -> bool:
        """Return whether pages may be added to the entries of a shard: those that it holds fit.

        Entries that wait for their pages count for polling, and must not keep the pages away.
        """
        _, size = self._measured.get(keys.shard, (0.0, 0))
        return size < self._settings.stream_max_bytes

    async def _measure(self, shard: Shard) -> int:
        """Return the memory that the entries of a shard take, as it was a second ago at most."""
        now = self._clock()
        at, size = self._measured.get(shard.keys.shard, (0.0, 0))
        if now - at >= MEASURE_SECONDS or not at:
            size = await shard.entries.backlog_bytes()
            self._measured[shard.keys.shard] = now, size
        return size
