"""How each feed does: what is remembered of it, and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from redis.asyncio import Redis

from ingest.model import FeedState
from ingest.streams.due import DueSet
from nabaa.redis.clock import read_time
from nabaa.streams.keys import Keys, all_shards
from workers.operations.status import LATE_SECONDS

Condition = Literal["failing", "late", "ended", "paused", "new", "well"]
CONDITIONS: tuple[Condition, ...] = ("failing", "late", "ended", "paused", "new", "well")
"""How a feed does, what needs a person first."""

_FEEDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """The health of one feed.

    Attributes:
        feed_id: id of the feed.
        shard: number of its shard.
        condition: how it does.
        state: what is remembered of it.
    """

    feed_id: str
    shard: int
    condition: Condition
    state: FeedState


async def read_feed_health(client: Redis, shards: int) -> list[FeedHealth]:
    """Read the health of every feed that is registered.

    Args:
        client: answers in bytes.
        shards: number of shards to read.

    Returns:
        What needs a person first, then by id.
    """
    now = (await read_time(client)).timestamp()
    found: list[FeedHealth] = []
    for keys in all_shards(shards):
        due = cast(
            "list[tuple[bytes, float]]", await client.zrange(keys.due, 0, -1, withscores=True)
        )
        for start in range(0, len(due), _FEEDS_AT_ONCE):
            found += await _read(client, keys, due[start : start + _FEEDS_AT_ONCE], now)
    return sorted(found, key=lambda feed: (CONDITIONS.index(feed.condition), feed.feed_id))


async def _read(
    client: Redis, keys: Keys, due: Sequence[tuple[bytes, float]], now: float
) -> list[FeedHealth]:
    ids = [member.decode() for member, _ in due]
    states = await DueSet(client, keys, lease_seconds=0).states(ids)
    return [
        FeedHealth(feed_id, keys.shard, condition_of(state, score, now), state)
        for feed_id, (_, score), state in zip(ids, due, states, strict=True)
    ]


def condition_of(state: FeedState, due_at: float, now: float) -> Condition:
    """Return how a feed does.

    Args:
        state: what is remembered of it.
        due_at: Unix seconds at which it is due.
        now: Unix seconds.
    """
    if state.paused:
        return "paused"
    if state.ended:
        return "ended"
    if state.failures:
        return "failing"
    if state.polled_at is None:
        return "new"
    return "late" if due_at < now - LATE_SECONDS else "well"
