"""How long articles stay on the stream, and what a group that is slower than that has lost.

Trimming waits for nobody: a subscriber that stands still must not fill the memory. Who lost what is
told in the log, kept in Redis for `status`, and so never passes in silence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from nabaa.redis.client import script
from nabaa.streams.keys import Keys
from nabaa.subscriber.losses import TrimLoss, describe_loss

logger = logging.getLogger(__name__)

_AT_ONCE = 500


class Retention:
    """Trims the streams of articles.

    Args:
        client: answers in bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._trim = script(client, "workers.publish", "trim")

    async def trim(
        self, keys: Keys, max_age_seconds: float, max_length: int
    ) -> dict[str, TrimLoss]:
        """Trim the wire of a shard by age and length, in whole nodes: a little more may stay.

        Args:
            keys: of the shard.
            max_age_seconds: articles that are older go.
            max_length: and those beyond so many.

        Returns:
            What groups lost by it, by their names; each is told in the log.
        """
        [lost] = await self._trim_all([(keys.articles, keys.lost)], max_age_seconds, max_length)
        return lost

    async def trim_subscriptions(
        self, keys: Keys, names: Sequence[str], max_age_seconds: float, max_length: int
    ) -> list[dict[str, TrimLoss]]:
        """Do the same with the streams of subscriptions.

        Args:
            keys: of the shard.
            names: of the subscriptions.
            max_age_seconds: articles that are older go.
            max_length: and those beyond so many, of each stream.

        Returns:
            What groups lost by it, for each name.
        """
        streams = [(keys.subscription(name), keys.lost_of(name)) for name in names]
        lost: list[dict[str, TrimLoss]] = []
        for start in range(0, len(streams), _AT_ONCE):
            part = streams[start : start + _AT_ONCE]
            lost += await self._trim_all(part, max_age_seconds, max_length)
        return lost

    async def _trim_all(
        self, streams: Sequence[tuple[str, str]], max_age_seconds: float, max_length: int
    ) -> list[dict[str, TrimLoss]]:
        now = int(time.time())
        oldest = max(0, int((now - max_age_seconds) * 1000))
        async with self._client.pipeline(transaction=False) as pipe:
            for pair in streams:
                args = [f"{oldest}-0", max_length, now]
                await self._trim(keys=pair, args=args, client=pipe)
            answers = await pipe.execute()
        lost = [_lost_of(answer, now) for answer in answers]
        for (stream, _), of_groups in zip(streams, lost, strict=True):
            for name, loss in of_groups.items():
                logger.warning(
                    "group %s of %s is slower than the trimming: %s",
                    name,
                    stream,
                    describe_loss(loss),
                )
        return lost


def _lost_of(answer: Sequence[Any], now: int) -> dict[str, TrimLoss]:
    lost: dict[str, TrimLoss] = {}
    for i in range(0, len(answer), 5):
        after, before = answer[i + 1].decode(), answer[i + 2].decode()
        lost[answer[i].decode(errors="replace")] = TrimLoss(
            after, before, int(answer[i + 3]), int(answer[i + 4]), now
        )
    return lost
