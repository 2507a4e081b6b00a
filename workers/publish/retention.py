"""How long articles stay on the stream, and which of them slow groups lost.

Trimming waits for nobody: a subscriber that stands still must not fill the memory. Each loss is
logged and kept in Redis for `nabaa status` and for the readers of the group.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from nabaa.redis.client import script
from nabaa.redis.errors import StoredDataError
from nabaa.streams.keys import Keys
from nabaa.subscriber.losses import TrimLoss, describe_loss

logger = logging.getLogger(__name__)

_AT_ONCE = 500
_NODES_MEASURED = 100  # of a stream; an article of 4 KB and more has one to itself


class Retention:
    """Trims the streams of articles and stories, by the clock of Redis.

    Args:
        client: answers in bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._trim = script(client, "workers.publish", "trim")
        self._untrimmable: dict[str, str] = {}
        self._too_large: set[str] = set()

    async def trim(
        self, stream: str, lost: str, max_age_seconds: float, max_length: int
    ) -> dict[str, TrimLoss]:
        """Trim a stream by age and length, in whole nodes: a little more may stay.

        Args:
            stream: its key.
            lost: key that gets what its groups lose.
            max_age_seconds: age beyond which messages are removed.
            max_length: number of messages beyond which the oldest are removed.

        Returns:
            The losses of groups, by their names; each is logged.
        """
        [losses] = await self._trim_all([(stream, lost)], max_age_seconds, max_length)
        return losses

    async def trim_subscriptions(
        self, keys: Keys, names: Sequence[str], max_age_seconds: float, max_length: int
    ) -> list[dict[str, TrimLoss]]:
        """Trim the streams of subscriptions in the same way.

        Args:
            keys: keys of the shard.
            names: names of the subscriptions.
            max_age_seconds: age beyond which articles are removed.
            max_length: number of articles of each stream beyond which the oldest are removed.

        Returns:
            The losses of groups, for each subscription.
        """
        streams = [(keys.subscription(name), keys.lost_of(name)) for name in names]
        losses: list[dict[str, TrimLoss]] = []
        for start in range(0, len(streams), _AT_ONCE):
            part = streams[start : start + _AT_ONCE]
            losses += await self._trim_all(part, max_age_seconds, max_length)
        return losses

    async def fitting_length(self, stream: str, max_length: int, max_bytes: int) -> int:
        """Return how many messages a stream may have, so that it takes no more memory than it may.

        Args:
            stream: key of the stream.
            max_length: number of messages that it may have anyway.
            max_bytes: memory in Redis; of a long stream a sample is measured.
        """
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.xlen(stream)
            pipe.memory_usage(stream, samples=_NODES_MEASURED)
            length, size = await pipe.execute(raise_on_error=False)
        if isinstance(length, Exception) or isinstance(size, Exception) or not size:
            return max_length
        if size <= max_bytes:
            return max_length
        fitting = max(1, int(length) * max_bytes // int(size))
        if fitting < max_length and stream not in self._too_large:
            logger.warning(
                "%s takes %.0f MB: its oldest messages are trimmed at %.0f MB "
                "(NABAA_STREAM_MAX_BYTES)",
                stream,
                size / 1e6,
                max_bytes / 1e6,
            )
            self._too_large.add(stream)
        return min(max_length, fitting)

    async def _trim_all(
        self, streams: Sequence[tuple[str, str]], max_age_seconds: float, max_length: int
    ) -> list[dict[str, TrimLoss]]:
        async with self._client.pipeline(transaction=False) as pipe:
            for pair in streams:
                await self._trim(keys=pair, args=[max_age_seconds, max_length], client=pipe)
            answers = await pipe.execute(raise_on_error=False)
        return [
            self._losses(stream, answer)
            for (stream, _), answer in zip(streams, answers, strict=True)
        ]

    def _losses(self, stream: str, answer: Any) -> dict[str, TrimLoss]:
        """Return and log the losses of the groups of a stream; what cannot be trimmed is logged."""
        if isinstance(answer, StoredDataError):
            # The other streams are trimmed all the same.
            if self._untrimmable.get(stream) != str(answer):
                logger.warning("%s is not trimmed: %s", stream, answer)
            self._untrimmable[stream] = str(answer)
            return {}
        if isinstance(answer, Exception):
            raise answer
        if self._untrimmable.pop(stream, None):
            logger.info("%s is trimmed again", stream)
        losses = _read_losses(answer)
        for name, loss in losses.items():
            logger.warning(
                "group %s of %s is slower than the trimming: %s",
                name,
                stream,
                describe_loss(loss),
            )
        return losses


def _read_losses(answer: Sequence[Any]) -> dict[str, TrimLoss]:
    """Read the answer of trim.lua; a group's name may be any bytes."""
    now, losses = int(answer[0]), {}
    for i in range(1, len(answer), 5):
        after, before = answer[i + 1].decode(), answer[i + 2].decode()
        losses[answer[i].decode(errors="backslashreplace")] = TrimLoss(
            after, before, int(answer[i + 3]), int(answer[i + 4]), now
        )
    return losses
