"""The subscriber's client: articles of every shard to one consumer group, at least once each.

What is done with an article is left to who reads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from config.errors import QueueError
from ingest.streams.connection import PASSING_ERRORS, Patience, address_of
from ingest.streams.keys import all_shards
from ingest.streams.messages import Message, messages_of_range, messages_of_read
from workers.message import decode_article
from workers.subscriptions.filter import Filter
from workers.subscriptions.store import register
from workers.types import Article

logger = logging.getLogger(__name__)

BLOCK_SECONDS = 0.5
_DATA = b"data"


@dataclass(frozen=True, slots=True)
class Received:
    """An article as it came off the stream.

    Attributes:
        stream: key of the stream.
        message_id: id on the stream.
        data: the article as JSON, exactly as it was published.
    """

    stream: str
    message_id: str
    data: bytes

    @property
    def article(self) -> Article:
        """The article, read anew each time.

        Raises:
            msgspec.MsgspecError: `data` is not an article of this version.
        """
        return decode_article(self.data)


class Subscriber:
    """Reads the wire for one consumer group, through any absence of Redis.

    An article that was not acknowledged is given again: to the same consumer when it starts
    again under its name, and to any consumer of the group once `redeliver_seconds` are over.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        group: name of the subscriber; each group gets every article.
        consumer: name of this reader in the group; readers of one group share the articles, and
            those that run at the same time need different names.
        start: where a group that does not exist yet begins.
        count: articles read at once.
        redeliver_seconds: longer than the work on `count` articles takes.
        subscription: name of a subscription to read in place of the whole wire.
        filter: which articles are wanted: registered as the subscription named as the group.
    """

    def __init__(
        self,
        client: Redis,
        shards: int,
        group: str,
        consumer: str,
        start: Literal["beginning", "now"] = "beginning",
        count: int = 64,
        redeliver_seconds: float = 600.0,
        subscription: str = "",
        filter: Filter | None = None,  # noqa: A002 - the field's word for it
    ) -> None:
        self._client = client
        self._shards = shards
        self._filter = filter
        self._subscription = subscription or (group if filter else "")
        self._streams = [
            keys.subscription(self._subscription) if self._subscription else keys.articles
            for keys in all_shards(shards)
        ]
        self._group = group
        self._consumer = consumer
        self._start = start
        self._count = count
        self._redeliver_seconds = redeliver_seconds

    async def read(self, stop: asyncio.Event) -> AsyncGenerator[Received, None]:
        """Yield articles until `stop` is set; acknowledge each with `acknowledge`.

        Args:
            stop: set by whoever wants the reading to end.

        Raises:
            QueueError: there is no subscription of that name, or it was removed.
            redis.exceptions.RedisError: Redis refused a command, and not for now only.
        """
        patience = Patience(address_of(self._client))
        while not stop.is_set():
            try:
                async for received in self._read(patience, stop):
                    yield received
            except PASSING_ERRORS as error:
                await patience.wait(error, stop)
            except ResponseError as error:
                # The server came back empty, or somebody removed the group: join it again.
                if not str(error).startswith("NOGROUP"):
                    raise

    async def acknowledge(self, received: Received) -> None:
        """Tell the group that the article has been dealt with; waits for Redis where it is away."""
        patience = Patience(address_of(self._client))
        while True:
            try:
                await self._client.xack(received.stream, self._group, received.message_id)
            except PASSING_ERRORS as error:
                await patience.wait(error)
            else:
                patience.end()
                return

    async def _read(
        self, patience: Patience, stop: asyncio.Event
    ) -> AsyncGenerator[Received, None]:
        await self._begin()
        for stream in self._streams:
            async for received in self._unacknowledged(stream):
                yield received
                if stop.is_set():
                    return
        patience.end()
        now = asyncio.get_running_loop().time
        abandoned_due = now()
        while not stop.is_set():
            if now() >= abandoned_due:
                abandoned_due = now() + self._redeliver_seconds / 4
                for stream in self._streams:
                    async for received in self._abandoned(stream):
                        yield received
                        if stop.is_set():
                            return
            for stream in self._streams:
                # With one shard the server waits for us; with several nobody may hold up the rest.
                for received in await self._new(stream, BLOCK_SECONDS / len(self._streams)):
                    yield received
                    if stop.is_set():
                        return

    async def _begin(self) -> None:
        if self._filter:
            await register(self._client, self._shards, self._subscription, self._filter)
        for stream in self._streams:
            await self._join(stream)

    async def _join(self, stream: str) -> None:
        try:
            await self._client.xgroup_create(
                stream,
                self._group,
                id="0" if self._start == "beginning" else "$",
                mkstream=not self._subscription,
            )
        except ResponseError as error:
            if "requires the key to exist" in str(error):
                raise QueueError(f"there is no subscription {self._subscription}") from error
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def _unacknowledged(self, stream: str) -> AsyncGenerator[Received, None]:
        """What this consumer was given before and did not acknowledge."""
        after = "0"
        while messages := messages_of_read(
            await self._client.xreadgroup(
                self._group, self._consumer, {stream: after}, count=self._count
            )
        ):
            for received in await self._articles(stream, messages):
                yield received
            after = messages[-1].id

    async def _abandoned(self, stream: str) -> AsyncGenerator[Received, None]:
        """What any consumer was given and did not acknowledge for too long."""
        cursor = "0-0"
        while True:
            answer = await self._client.xautoclaim(
                stream,
                self._group,
                self._consumer,
                min_idle_time=int(self._redeliver_seconds * 1000),
                start_id=cursor,
                count=self._count,
            )
            for received in await self._articles(stream, messages_of_range(answer[1])):
                yield received
            cursor = answer[0].decode()
            if cursor == "0-0":
                return

    async def _new(self, stream: str, block_seconds: float) -> list[Received]:
        answer = await self._client.xreadgroup(
            self._group,
            self._consumer,
            {stream: ">"},
            count=self._count,
            block=max(1, int(block_seconds * 1000)),
        )
        return await self._articles(stream, messages_of_read(answer))

    async def _articles(self, stream: str, messages: list[Message]) -> list[Received]:
        """Keep what is an article; acknowledge what was trimmed meanwhile or is not ours."""
        articles = _received(stream, messages)
        others = {message.id for message in messages} - {each.message_id for each in articles}
        if others:
            logger.warning(
                "group %s: %d messages of %s are gone or no articles, and are passed over",
                self._group,
                len(others),
                stream,
            )
            await self._client.xack(stream, self._group, *others)
        return articles


async def follow(
    client: Redis, shards: int, last: int, stop: asyncio.Event
) -> AsyncGenerator[Received, None]:
    """Yield articles as they arrive, without a group, through any absence of Redis.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        last: how many of the newest articles of each shard to begin with.
        stop: set by whoever wants the reading to end.
    """
    patience = Patience(address_of(client))
    after: dict[str, str] = {}
    while not stop.is_set():
        first = not after
        try:
            found = await (
                _newest(client, shards, max(1, last)) if first else _later(client, after)
            )
        except PASSING_ERRORS as error:
            await patience.wait(error, stop)
            continue
        patience.end()
        for stream, messages in found.items():
            after[stream] = messages[-1].id if messages else after.get(stream, "0-0")
            wanted = messages[max(0, len(messages) - last) :] if first else messages
            for received in _received(stream, wanted):
                yield received
                if stop.is_set():
                    return


async def _newest(client: Redis, shards: int, count: int) -> dict[str, list[Message]]:
    """The newest messages of each shard, oldest first."""
    streams = [keys.articles for keys in all_shards(shards)]
    return {
        stream: messages_of_range(await client.xrevrange(stream, count=count))[::-1]
        for stream in streams
    }


async def _later(client: Redis, after: dict[str, str]) -> dict[str, list[Message]]:
    """What came after the given ids, waiting a moment for it."""
    block = int(BLOCK_SECONDS * 1000 / len(after))
    return {
        stream: messages_of_read(await client.xread({stream: last_id}, count=64, block=block))
        for stream, last_id in after.items()
    }


def _received(stream: str, messages: list[Message]) -> list[Received]:
    return [
        Received(stream, message.id, message.fields[_DATA])
        for message in messages
        if _DATA in message.fields
    ]
