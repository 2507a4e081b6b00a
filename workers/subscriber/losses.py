"""What a reader says of articles that were trimmed before its group had dealt with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError

from workers.retention import Lost, decode_lost, told

logger = logging.getLogger(__name__)


class Losses:
    """Tells each loss of a group once, the last one of each stream at the start.

    Args:
        client: answers in bytes.
        group: whose.
        kept: stream → key of the hash where the workers keep what its groups lost.
    """

    def __init__(self, client: Redis, group: str, kept: Mapping[str, str]) -> None:
        self._client = client
        self._group = group
        self._kept = dict(kept)
        self._told: dict[str, Lost] = {}

    async def tell(self) -> None:
        """Log what was lost since this was called last.

        Raises:
            redis.exceptions.RedisError: the server cannot be used.
        """
        for stream, key in self._kept.items():
            try:
                data = cast("bytes | None", await self._client.hget(key, self._group))
            except NoPermissionError:
                logger.warning(
                    "group %s is not told what it loses to the trimming: it must not read %s",
                    self._group,
                    key,
                )
                self._kept.clear()
                return
            lost = decode_lost(data) if data else None
            if lost and lost != self._told.get(stream):
                self._told[stream] = lost
                logger.warning(
                    "group %s is slower than the trimming of %s: %s",
                    self._group,
                    stream,
                    told(lost),
                )
