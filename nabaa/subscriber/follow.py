"""Articles as they arrive, without a group: nothing is acknowledged or kept back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence

from redis.asyncio import Redis

from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.streams.errors import name_stream
from nabaa.streams.ids import FIRST
from nabaa.streams.keys import STORIES, all_shards
from nabaa.streams.messages import Message, messages_of_range, messages_of_read
from nabaa.subscriber.received import Received, received_of

BLOCK_SECONDS = 0.5


async def follow(
    client: Redis,
    shards: int,
    last: int,
    stop: asyncio.Event,
    start: str = "",
    subscription: str = "",
    *,
    stories: bool = False,
) -> AsyncGenerator[Received, None]:
    """Yield articles as they arrive, without a group, through any absence of Redis.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        last: how many of the newest articles of each shard to begin with.
        stop: set by whoever wants the reading to end.
        start: id of the message after which to begin, in place of `last`.
        subscription: name of a subscription to read in place of the whole wire.
        stories: whether events of stories are read in place of the articles.
    """
    streams = [
        keys.subscription(subscription) if subscription else keys.articles
        for keys in all_shards(shards)
    ]
    if stories and not subscription:
        streams = [STORIES.stories]
    backoff = RedisBackoff(address_of(client))
    after: dict[str, str] = dict.fromkeys(streams, start) if start else {}
    while not stop.is_set():
        first = not after

        def read(first: bool = first) -> Awaitable[dict[str, list[Message]]]:
            return _newest(client, streams, max(1, last)) if first else _later(client, after)

        found = await backoff.retry(read, stop)
        for stream, messages in (found or {}).items():
            after[stream] = messages[-1].id if messages else after.get(stream, FIRST)
            wanted = messages[max(0, len(messages) - last) :] if first else messages
            for received in received_of(stream, wanted):
                yield received
                if stop.is_set():
                    return


async def _newest(client: Redis, streams: Sequence[str], count: int) -> dict[str, list[Message]]:
    """The newest messages of each stream, oldest first."""
    found = {}
    for stream in streams:
        with name_stream(stream):
            found[stream] = messages_of_range(await client.xrevrange(stream, count=count))[::-1]
    return found


async def _later(client: Redis, after: dict[str, str]) -> dict[str, list[Message]]:
    """What came after the given ids, waiting a moment for it."""
    block = int(BLOCK_SECONDS * 1000 / len(after))
    found = {}
    for stream, last_id in after.items():
        with name_stream(stream):
            answer = await client.xread({stream: last_id}, count=64, block=block)
        found[stream] = messages_of_read(answer)
    return found
