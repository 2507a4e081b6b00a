"""How long articles stay on the stream, and what a group that is slower than that has lost.

Trimming waits for nobody: a subscriber that stands still must not fill the memory. Who lost what is
told in the log, kept in Redis for `status`, and so never passes in silence.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import cast

import msgspec
from redis.asyncio import Redis

from ingest.streams.connection import script
from ingest.streams.keys import Keys

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


class Retention:
    """Trims the articles of one shard.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
    """

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._keys = keys
        self._trim = script(client, "workers", "trim")

    async def trim(self, max_age_seconds: float, max_length: int) -> dict[str, Lost]:
        """Trim by age and length, in whole nodes of the stream: a little more may stay.

        Args:
            max_age_seconds: articles that are older go.
            max_length: and those beyond so many.

        Returns:
            What groups lost by it, by their names; each is told in the log.
        """
        now = int(time.time())
        oldest = max(0, int((now - max_age_seconds) * 1000))
        answer = await self._trim(
            keys=[self._keys.articles, self._keys.lost], args=[f"{oldest}-0", max_length, now]
        )
        lost: dict[str, Lost] = {}
        for i in range(0, len(answer), 5):
            name = answer[i].decode(errors="replace")
            after, before = answer[i + 1].decode(), answer[i + 2].decode()
            lost[name] = Lost(after, before, int(answer[i + 3]), int(answer[i + 4]), now)
            logger.warning("group %s is slower than the trimming: %s", name, told(lost[name]))
        return lost


async def read_lost(client: Redis, keys: Keys) -> dict[str, Lost]:
    """Return what the groups of a shard lost last, by their names."""
    stored = cast("dict[bytes, bytes]", await client.hgetall(keys.lost))
    return {
        name.decode(errors="replace"): msgspec.json.decode(value, type=Lost)
        for name, value in stored.items()
    }


def told(lost: Lost) -> str:
    """Return a clause that says what was lost."""
    unseen = "an unknown number of" if lost.unseen < 0 else str(lost.unseen)
    return (
        f"from {lost.after} to before {lost.before} it lost {unseen} articles that it had not been "
        f"given, and {lost.unfinished} that it had not acknowledged"
    )
