"""What a reader says of articles that were trimmed before its group had dealt with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lost:
    """What a group lost to the trimming, the last time that it lost something.

    Attributes:
        after: id of the last article before the loss, or of the first that is lost.
        before: id of the first article that is left.
        unseen: articles that it had never been given; -1 where Redis cannot tell (before 7.0).
        unfinished: articles that it had been given and had not acknowledged, up to 1,000.
        at: Unix seconds.
    """

    after: str
    before: str
    unseen: int
    unfinished: int
    at: int


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


async def read_lost(client: Redis, key: str) -> dict[str, Lost]:
    """Return what the groups of a stream lost last, by their names.

    Args:
        client: answers in bytes.
        key: `Keys.lost` or `Keys.lost_of` a subscription.
    """
    stored = cast("dict[bytes, bytes]", await client.hgetall(key))
    return {name.decode(errors="replace"): decode_lost(value) for name, value in stored.items()}


def decode_lost(data: bytes) -> Lost:
    """Read what trim.lua kept of a loss.

    Raises:
        msgspec.MsgspecError: it is none.
    """
    return msgspec.json.decode(data, type=Lost)


def told(lost: Lost) -> str:
    """Return a clause that says what was lost."""
    unseen = "an unknown number of" if lost.unseen < 0 else str(lost.unseen)
    return (
        f"from {lost.after} to before {lost.before} it lost {unseen} articles that it had not been "
        f"given, and {lost.unfinished} that it had not acknowledged"
    )
