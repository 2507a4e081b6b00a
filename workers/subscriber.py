"""The subscriber's client: articles of every shard to one consumer group, at least once each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from ingest.streams.keys import Keys, all_shards
from ingest.streams.messages import messages_of_range, messages_of_read
from workers.message import article_of
from workers.types import Article

BLOCK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Received:
    """An article as it came off the stream.

    Attributes:
        stream: key of the stream.
        message_id: id on the stream.
        article: the message.
    """

    stream: str
    message_id: str
    article: Article


class Subscriber:
    """Reads the wire for one consumer group.

    A consumer that starts again under the same name is first given what it had not acknowledged.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        group: name of the subscriber; each group gets every article.
        consumer: name of this reader in the group; readers of one group share the articles.
        start: where a group that does not exist yet begins.
        count: articles read at once.
    """

    def __init__(
        self,
        client: Redis,
        shards: int,
        group: str,
        consumer: str,
        start: Literal["beginning", "now"] = "beginning",
        count: int = 64,
    ) -> None:
        self._client = client
        self._keys = all_shards(shards)
        self._group = group
        self._consumer = consumer
        self._start = start
        self._count = count

    async def read(self, stop: asyncio.Event) -> AsyncIterator[Received]:
        """Yield articles until `stop` is set; acknowledge each with `acknowledge`.

        Args:
            stop: set by whoever wants the reading to end.
        """
        for keys in self._keys:
            await self._join(keys)
        for keys in self._keys:
            async for received in self._unacknowledged(keys, stop):
                yield received
        while not stop.is_set():
            for keys in self._keys:
                # With one shard the server waits for us; with several nobody may hold up the rest.
                block = BLOCK_SECONDS / len(self._keys)
                for received in await self._take(keys, ">", block):
                    yield received

    async def acknowledge(self, received: Received) -> None:
        """Tell the group that the article has been dealt with."""
        await self._client.xack(received.stream, self._group, received.message_id)

    async def _join(self, keys: Keys) -> None:
        try:
            await self._client.xgroup_create(
                keys.articles,
                self._group,
                id="0" if self._start == "beginning" else "$",
                mkstream=True,
            )
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def _unacknowledged(self, keys: Keys, stop: asyncio.Event) -> AsyncIterator[Received]:
        after = "0"
        while not stop.is_set():
            batch = await self._take(keys, after, BLOCK_SECONDS)
            if not batch:
                return
            for received in batch:
                yield received
            after = batch[-1].message_id

    async def _take(self, keys: Keys, after: str, block_seconds: float) -> list[Received]:
        answer = await self._client.xreadgroup(
            self._group,
            self._consumer,
            {keys.articles: after},
            count=self._count,
            block=max(1, int(block_seconds * 1000)),
        )
        return [
            Received(keys.articles, message.id, article_of(message.fields))
            for message in messages_of_read(answer)
            if message.fields
        ]


async def follow(
    client: Redis, shards: int, last: int, stop: asyncio.Event
) -> AsyncIterator[Received]:
    """Yield articles as they arrive, without a group: nothing is acknowledged or kept back.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        last: how many of the newest articles of each shard to begin with.
        stop: set by whoever wants the reading to end.
    """
    after: dict[str, str] = {}
    for keys in all_shards(shards):
        newest = messages_of_range(await client.xrevrange(keys.articles, count=max(1, last)))
        after[keys.articles] = newest[0].id if newest else "0-0"
        for message in reversed(newest[:last]):
            yield Received(keys.articles, message.id, article_of(message.fields))
    while not stop.is_set():
        for stream, last_id in list(after.items()):
            block = int(BLOCK_SECONDS * 1000 / len(after))
            answer = await client.xread({stream: last_id}, count=64, block=block)
            for message in messages_of_read(answer):
                after[stream] = message.id
                yield Received(stream, message.id, article_of(message.fields))
