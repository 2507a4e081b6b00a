"""One reader of a consumer group: what it is given, acknowledges, fails at and hands back.

Through any absence of Redis. What is done with an article is left to who reads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.errors import QueueError
from nabaa.filters.filter import Filter
from nabaa.filters.store import register
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.connection import address_of
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.groups import create_group
from nabaa.streams.ids import FIRST
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.messages import Message, message_at, messages_of_range, messages_of_read
from nabaa.subscriber.losses import TrimLossReporter
from nabaa.subscriber.received import Received, received_of

logger = logging.getLogger(__name__)

BLOCK_SECONDS = 0.5
ABANDONED_SECONDS = 5.0
"""At the latest so often it is looked for what others were given and handed back or died with."""

_GATHER_SECONDS = 0.02
_LONG_IDLE_MILLISECONDS = 10**9  # older than any `redeliver_seconds`


class GroupReader:
    """Reads the wire, or a subscription, for one consumer group.

    An article that was not acknowledged is given again: to the same consumer when it starts
    again under its name, and to any consumer of the group once `redeliver_seconds` are over or as
    soon as it was handed back.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
        group: name of the subscriber; each group gets every article.
        consumer: name of this reader in the group; readers of one group share the articles, and
            those that run at the same time need different names.
        start: where a group that does not exist yet begins: `beginning`, `now` or a message id.
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
        start: str = "beginning",
        count: int = 64,
        redeliver_seconds: float = 600.0,
        subscription: str = "",
        filter: Filter | None = None,  # noqa: A002 - the field's word for it
    ) -> None:
        self._client = client
        self._shards = shards
        self._filter = filter
        self._subscription = subscription or (group if filter else "")
        self._keys: dict[str, Keys] = {
            keys.subscription(self._subscription) if self._subscription else keys.articles: keys
            for keys in all_shards(shards)
        }
        self._losses = TrimLossReporter(
            client,
            group,
            {
                stream: keys.lost_of(self._subscription) if self._subscription else keys.lost
                for stream, keys in self._keys.items()
            },
        )
        self._group = group
        self._consumer = consumer
        self._start = {"beginning": "0", "now": "$"}.get(start, start)
        self._count = count
        self._redeliver_seconds = redeliver_seconds
        # What this reader was given and has not acknowledged, and what it has but Redis not yet.
        self._held: dict[str, set[str]] = {stream: set() for stream in self._keys}
        self._done: dict[str, list[str]] = {stream: [] for stream in self._keys}
        self._sending = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None

    async def read(self, stop: asyncio.Event) -> AsyncGenerator[Received, None]:
        """Yield articles until `stop` is set; acknowledge each with `acknowledge`.

        Args:
            stop: set by whoever wants the reading to end.

        Raises:
            QueueError: there is no subscription of that name, or it was removed.
            redis.exceptions.RedisError: Redis refused a command, and not for now only.
        """
        backoff = RedisBackoff(address_of(self._client))
        while not stop.is_set():
            try:
                async for received in self._read(backoff, stop):
                    yield received
            except TRANSIENT_ERRORS as error:
                await backoff.wait(error, stop)
            except ResponseError as error:
                # The server came back empty, or somebody removed the group: join it again.
                if not str(error).startswith("NOGROUP"):
                    raise

    async def acknowledge(self, received: Received) -> None:
        """Tell the group that the article has been dealt with: within 20 ms, with others.

        Where Redis is away it is told when it is back; `flush` waits for that.
        """
        self._held[received.stream].discard(received.message_id)
        self._done[received.stream].append(received.message_id)
        if self._soon is None or self._soon.done():
            self._soon = asyncio.create_task(self._flush_soon())

    async def flush(self) -> None:
        """Send what was acknowledged; waits for Redis where it is away."""
        backoff = RedisBackoff(address_of(self._client))
        async with self._sending:
            for stream in self._keys:
                while message_ids := list(self._done[stream]):
                    await backoff.retry(
                        partial(self._client.xack, stream, self._group, *message_ids)
                    )
                    del self._done[stream][: len(message_ids)]

    async def fail(
        self, received: Received, error: str, tries: int, backoff_seconds: float
    ) -> bool:
        """Give an article back that could not be dealt with, or bury it after the last try.

        Args:
            received: the article.
            error: why.
            tries: after so many it goes to the dead letters of the group.
            backoff_seconds: until it is given again after the first try; doubles with each.

        Returns:
            Whether it was buried.

        Raises:
            redis.exceptions.RedisError: Redis cannot be used; it is given again after
                `redeliver_seconds`.
        """
        stream, message_id = received.stream, received.message_id
        held = await self._client.xpending_range(
            stream, self._group, min=message_id, max=message_id, count=1
        )
        attempts = int(held[0]["times_delivered"]) if held else 1
        self._held[stream].discard(message_id)
        if attempts >= tries:
            await self._bury(received, error, attempts)
            return True
        longest = self._redeliver_seconds
        wait = min(longest, backoff_seconds * 2.0 ** min(attempts - 1, 30))
        await self._hand_over(stream, [message_id], int((longest - wait) * 1000))
        return False

    async def hand_back(self) -> None:
        """Acknowledge what was, and give what was not to the other readers of the group at once."""
        if self._soon is not None:
            self._soon.cancel()
        await self.flush()
        for stream, message_ids in self._held.items():
            if message_ids:
                await self._hand_over(stream, sorted(message_ids), _LONG_IDLE_MILLISECONDS)
                message_ids.clear()

    async def _hand_over(
        self, stream: str, message_ids: Sequence[str], idle_milliseconds: int
    ) -> None:
        # Without a try being counted (JUSTID): as if it had been given so long ago.
        await self._client.xclaim(
            stream,
            self._group,
            self._consumer,
            min_idle_time=0,
            message_ids=list(message_ids),
            idle=idle_milliseconds,
            justid=True,
        )

    async def _bury(self, received: Received, error: str, attempts: int) -> None:
        """Move an article to the dead letters of the group, with its original."""
        stream, message_id = received.stream, received.message_id
        found = await message_at(self._client, stream, message_id)
        # No script: a subscriber needs the right to run none.
        async with self._client.pipeline(transaction=True) as pipe:
            if found:
                letter: dict[Any, Any] = {
                    "stream": stream,
                    "message_id": message_id,
                    "error": error[:2000],
                    "attempts": attempts,
                }
                pipe.xadd(self._keys[stream].dead_of(self._group), letter | found.fields)
            pipe.xack(stream, self._group, message_id)
            await pipe.execute()

    async def _flush_soon(self) -> None:
        await asyncio.sleep(_GATHER_SECONDS)
        await self.flush()

    async def _read(
        self, backoff: RedisBackoff, stop: asyncio.Event
    ) -> AsyncGenerator[Received, None]:
        await self._begin()
        for stream in self._keys:
            async for received in self._unacknowledged(stream):
                yield received
                if stop.is_set():
                    return
        backoff.reset()
        now = asyncio.get_running_loop().time
        abandoned_due = now()
        while not stop.is_set():
            if now() >= abandoned_due:
                abandoned_due = now() + min(self._redeliver_seconds / 4, ABANDONED_SECONDS)
                await self._losses.report()
                for stream in self._keys:
                    async for received in self._abandoned(stream):
                        yield received
                        if stop.is_set():
                            return
            for stream in self._keys:
                # With one shard the server waits for us; with several nobody may hold up the rest.
                for received in await self._new(stream, BLOCK_SECONDS / len(self._keys)):
                    yield received
                    if stop.is_set():
                        return

    async def _begin(self) -> None:
        if self._filter:
            await register(self._client, self._shards, self._subscription, self._filter)
        for stream in self._keys:
            await self._join(stream)

    async def _join(self, stream: str) -> None:
        try:
            await create_group(
                self._client, stream, self._group, self._start, make_stream=not self._subscription
            )
        except ResponseError as error:
            if "requires the key to exist" in str(error):
                raise QueueError(f"there is no subscription {self._subscription}") from error
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
        cursor = FIRST
        while True:
            answer: Any = await self._client.xautoclaim(
                stream,
                self._group,
                self._consumer,
                min_idle_time=int(self._redeliver_seconds * 1000),
                start_id=cursor,
                count=self._count,
            )
            # From Redis 7.0 on; before, they come as messages without fields.
            gone = [message_id.decode() for message_id in (answer[2:] or [[]])[0]]
            self._tell_gone(stream, gone)
            # What this reader itself is at takes its time.
            others = [
                message
                for message in messages_of_range(answer[1])
                if message.id not in self._held[stream]
            ]
            for received in await self._articles(stream, others):
                yield received
            cursor = answer[0].decode()
            if cursor == FIRST:
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
        """Keep what is an article; pass over what was trimmed, and bury what is not ours."""
        waiting = set(self._done[stream])
        # What was acknowledged while Redis was away is dealt with, whatever Redis knows of it.
        messages = [message for message in messages if message.id not in waiting]
        gone = [message.id for message in messages if not message.fields]
        if gone:
            await self._client.xack(stream, self._group, *gone)
            self._tell_gone(stream, gone)
        articles = received_of(stream, messages)
        known = {*gone, *(each.message_id for each in articles)}
        self._held[stream].update(each.message_id for each in articles)
        for message in messages:
            if message.id not in known:
                foreign = Received(stream, message.id, b"")
                await self.fail(foreign, "the message holds no article in `data`", 0, 0)
                logger.warning("group %s: %s is no article", self._group, message.id)
        return articles

    def _tell_gone(self, stream: str, message_ids: Sequence[str]) -> None:
        if message_ids:
            logger.warning(
                "group %s: %d articles of %s were trimmed from the stream before they were "
                "acknowledged, %s to %s: they are lost to the group",
                self._group,
                len(message_ids),
                stream,
                message_ids[0],
                message_ids[-1],
            )
