"""How long articles stay on the stream, and what a group that is slower than that has lost.

Trimming waits for nobody: a subscriber that stands still must not fill the memory. Who lost what is
told in the log, kept in Redis for `status`, and so never passes in silence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from redis.asyncio import Redis

from ingest.streams.connection import script
from ingest.streams.keys import Keys

logger = logging.getLogger(__name__)

_AT_ONCE = 500


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


class Retention:
    """Trims the streams of articles.

    Args:
        client: answers in bytes.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._trim = script(client, "workers", "trim")

    async def trim(self, keys: Keys, max_age_seconds: float, max_length: int) -> dict[str, Lost]:
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
    ) -> list[dict[str, Lost]]:
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
        lost: list[dict[str, Lost]] = []
        for start in range(0, len(streams), _AT_ONCE):
            part = streams[start : start + _AT_ONCE]
            lost += await self._trim_all(part, max_age_seconds, max_length)
        return lost

    async def _trim_all(
        self, streams: Sequence[tuple[str, str]], max_age_seconds: float, max_length: int
    ) -> list[dict[str, Lost]]:
        now = int(time.time())
        oldest = max(0, int((now - max_age_seconds) * 1000))
        async with self._client.pipeline(transaction=False) as pipe:
            for pair in streams:
                args = [f"{oldest}-0", max_length, now]
                await self._trim(keys=pair, args=args, client=pipe)
            answers = await pipe.execute()
        lost = [_lost_of(answer, now) for answer in answers]
        for (stream, _), of_groups in zip(streams, lost, strict=True):
            for name, each in of_groups.items():
                logger.warning(
                    "group %s of %s is slower than the trimming: %s", name, stream, told(each)
                )
        return lost


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


def _lost_of(answer: Sequence[Any], now: int) -> dict[str, Lost]:
    lost: dict[str, Lost] = {}
    for i in range(0, len(answer), 5):
        after, before = answer[i + 1].decode(), answer[i + 2].decode()
        lost[answer[i].decode(errors="replace")] = Lost(
            after, before, int(answer[i + 3]), int(answer[i + 4]), now
        )
    return lost


def told(lost: Lost) -> str:
    """Return a clause that says what was lost."""
    unseen = "an unknown number of" if lost.unseen < 0 else str(lost.unseen)
    return (
        f"from {lost.after} to before {lost.before} it lost {unseen} articles that it had not been "
        f"given, and {lost.unfinished} that it had not acknowledged"
    )
