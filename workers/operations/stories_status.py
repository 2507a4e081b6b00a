"""How the state of the stage of stories is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.streams.errors import is_missing
from nabaa.streams.ids import FIRST, order_of
from nabaa.streams.keys import STORIES, Keys
from nabaa.streams.messages import messages_of_range
from nabaa.subscriber.cursor import Gap
from workers.operations.status_model import StoriesStatus


class _Lag(NamedTuple):
    articles: int | None
    since: int  # Unix milliseconds; 0 where all is read


async def read_stories_status(
    client: Redis, of_shards: Sequence[Keys], now: float
) -> StoriesStatus:
    """Read the state of the stage of stories.

    Args:
        client: answers in bytes.
        of_shards: shards whose articles it reads.
        now: Unix seconds by the server's clock.

    Raises:
        redis.exceptions.RedisError: the server refused a command or cannot be used.
    """
    async with client.pipeline(transaction=False) as pipe:
        pipe.hgetall(STORIES.stories_stage)
        pipe.get(STORIES.stories_lease)
        pipe.hlen(STORIES.stories_open)
        pipe.xlen(STORIES.stories)
        stage, lease, open_stories, events = await pipe.execute()
    if not stage:
        return StoriesStatus()
    lags = [await _lag(client, keys, stage) for keys in of_shards]
    counts = [lag.articles for lag in lags]
    since = min((lag.since for lag in lags if lag.since), default=0)
    return StoriesStatus(
        holder=stage.get(b"holder", b"").decode() if lease else "",
        open=open_stories,
        events=events,
        placed=int(stage.get(b"articles", 0)),
        lag=None if None in counts else sum(cast("list[int]", counts)),
        lag_seconds=max(0.0, round(now - since / 1000, 1)) if since else 0.0,
        lost=_lost(stage.get(b"lost", b"")),
    )


async def _lag(client: Redis, keys: Keys, stage: dict[bytes, bytes]) -> _Lag:
    """Return how many articles of a shard the stage has not read."""
    place = stage.get(f"at:{keys.shard}".encode(), FIRST.encode()).decode()
    try:
        stream: Any = await client.xinfo_stream(keys.articles)
    except ResponseError as error:
        if not is_missing(error):
            raise
        return _Lag(0, 0)
    if order_of(place) >= order_of(stream["last-generated-id"].decode()):
        return _Lag(0, 0)
    following = messages_of_range(await client.xrange(keys.articles, min=f"({place}", count=1))
    if not following:
        return _Lag(0, 0)
    since, _ = order_of(following[0].id)
    if place == FIRST:
        return _Lag(stream["length"], since)
    count, added = stage.get(f"read:{keys.shard}".encode()), stream.get("entries-added")
    if not count or added is None:
        return _Lag(None, since)
    return _Lag(min(stream["length"], int(added) - int(count)), since)


def _lost(data: bytes) -> str:
    if not data:
        return ""
    try:
        gap = msgspec.json.decode(data, type=Gap)
    except msgspec.MsgspecError:
        return ""
    return f"of {gap.stream} what was between {gap.after} and {gap.before}, at most"
