"""What a person does with a feed while the wire runs: pause, go on, poll at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from redis.asyncio import Redis

from ingest.streams.due import DueSet
from nabaa.errors import NotFoundError
from nabaa.streams.keys import all_shards

FeedAct = Literal["pause", "go-on", "check"]


async def act_on_feeds(client: Redis, shards: int, feed_ids: Sequence[str], act: FeedAct) -> None:
    """Pause feeds, let them go on, or make them due now; where one is not there, none is touched.

    Args:
        client: answers in bytes.
        shards: number of shards to look at.
        feed_ids: ids of feeds that ingest has registered.
        act: what is done; one that is so already stays so.

    Raises:
        NotFoundError: one of them is not registered.
    """
    for feed_id, due in [(each, await _find(client, shards, each)) for each in feed_ids]:
        if act == "pause":
            await due.pause(feed_id)
        elif act == "go-on":
            await due.go_on(feed_id)
        else:
            await due.postpone(feed_id, 0)


async def _find(client: Redis, shards: int, feed_id: str) -> DueSet:
    for keys in all_shards(shards):
        if await client.zscore(keys.due, feed_id) is not None:
            return DueSet(client, keys, lease_seconds=0)
    raise NotFoundError(f"there is no feed {feed_id} on this wire: no ingest has registered it")
