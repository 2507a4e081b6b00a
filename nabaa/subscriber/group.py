"""One reader of a consumer group: what it is given, acknowledges, fails at and hands back.

Through any absence of Redis. What is done with an article is left to who reads.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from datetime import timedelta
from functools import partial

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from nabaa.errors import NabaaError, QueueError
from nabaa.filters.filter import Filter
from nabaa.filters.store import register
from nabaa.redis.backoff import GRACE_SECONDS, RedisBackoff, ResumingWork
from nabaa.redis.connection import address_of
from nabaa.streams.keys import STORIES, all_shards
from nabaa.subscriber.deliveries import Deliveries
from nabaa.subscriber.group_stream import GroupStream
from nabaa.subscriber.losses import TrimLossReporter
from nabaa.subscriber.received import Received
from nabaa.tasks import start_logged

logger = logging.getLogger(__name__)

BLOCK_SECONDS = 0.5
HAND_BACK_SECONDS = 3.0
"""Where Redis does not answer for so long, what is held is given to others later."""

_GATHER_SECONDS = 0.02
_PLACES = {"beginning": "0", "now": "$"}
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
        start: where a group that does not exist yet begins: `beginning`, `now`, a message id, or so
            long ago by the clock of Redis.
        count: articles read at once.
        redeliver_seconds: longer than the work on `count` articles takes.
        subscription: name of a subscription to read in place of the whole wire.
        filter: which articles are wanted: registered as the subscription named as the group.
        tries: an article that was delivered so often without ending well goes to the dead letters
            of the group before it is handed out again; None: it is handed out for ever.
        stories: whether the stream of stories is read in place of the articles.
        pages: whether the raw pages are read in place of the articles.
    """

    def __init__(
        self,
        client: Redis,
        shards: int,
        group: str,
        consumer: str,
        start: str | timedelta = "beginning",
        count: int = 64,
        redeliver_seconds: float = 600.0,
        subscription: str = "",
        filter: Filter | None = None,  # noqa: A002 - the field's word for it
        tries: int | None = None,
        *,
        stories: bool = False,
        pages: bool = False,
    ) -> None:
        self._client = client
        self._shards = shards
        self._group = group
        self._filter = filter
        self._subscription = subscription or (group if filter else "")
        self._redeliver_seconds = redeliver_seconds
        name, lost = self._subscription, {}
        self._streams: dict[str, GroupStream] = {}
        for keys in [STORIES] if stories and not name else all_shards(shards):
            if name:
                stream, lost_key = keys.subscription(name), keys.lost_of(name)
            elif stories:
                stream, lost_key = keys.stories, keys.stories_lost
            elif pages:
                stream, lost_key = keys.raw_pages, keys.raw_pages_lost
            else:
                stream, lost_key = keys.articles, keys.lost
            lost[stream] = lost_key
            self._streams[stream] = GroupStream(
                client,
                stream,
                keys.dead_of(group),
                group,
                consumer,
                _PLACES.get(start, start) if isinstance(start, str) else start,
                name,
            )
        self._deliveries = Deliveries(
            self._streams,
            TrimLossReporter(client, group, lost),
            count,
            redeliver_seconds,
            tries,
            self.flush,
        )
        self._work = ResumingWork(address_of(client), self._begin)
        self._ready: deque[Received] = deque()
        self._sending = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None
        self._failure: Exception | None = None

    async def read(self, stop: asyncio.Event) -> AsyncGenerator[Received, None]:
        """Yield articles until `stop` is set; acknowledge each with `acknowledge`.

        What an earlier reading left unacknowledged comes again.

        Args:
            stop: set by whoever wants the reading to end.

        Raises:
            QueueError: there is no subscription of that name, it was removed, or Redis refused a
                command, and not for now only.
        """
        self._ready.clear()
        for stream in self._streams.values():
            stream.held.clear()
        self._work = ResumingWork(address_of(self._client), self._begin)
        while (received := await self.next(stop)) is not None:
            yield received

    async def next(
        self, stop: asyncio.Event, deadline: float | None = None, *, only_new: bool = False
    ) -> Received | None:
        """Return the next article; it is in the hands of who asked until it was acknowledged.

        Args:
            stop: set by whoever wants the reading to end.
            deadline: time of the event loop until which is waited; None: without end.
            only_new: whether an article that was delivered before is left for another call.

        Returns:
            An article; None at the stop or the deadline.

        Raises:
            QueueError: as `read` does.
        """
        now = asyncio.get_running_loop().time
        while not stop.is_set():
            if self._ready:
                return self._ready.popleft()
            if deadline is not None and now() >= deadline:
                return None
            if self._failure is not None:
                raise self._failure
            wait = BLOCK_SECONDS if deadline is None else min(BLOCK_SECONDS, deadline - now())
            step = partial(self._deliveries.next, wait, only_new=only_new)
            try:
                found = await self._work.do(step, stop, GRACE_SECONDS)
            except ResponseError as error:
                raise QueueError(
                    f"group {self._group}: Redis refuses a command: {error}"
                ) from error
            self._ready.extend(found or ())
        return None

    async def batch(
        self, stop: asyncio.Event, size: int, max_wait_seconds: float
    ) -> list[Received]:
        """Return several articles at once; one that was delivered before comes alone.

        Args:
            stop: set by whoever wants the reading to end.
            size: articles at most.
            max_wait_seconds: longest wait for more once there is one.

        Returns:
            At least one article; none at the stop.

        Raises:
            QueueError: as `read` does.
        """
        first = await self.next(stop)
        if first is None or first.attempts:
            return [first] if first else []
        batch = [first]
        deadline = asyncio.get_running_loop().time() + max_wait_seconds
        while len(batch) < size:
            following = await self.next(stop, deadline, only_new=True)
            if following is None:
                break
            batch.append(following)
        return batch

    async def acknowledge(self, received: Received) -> None:
        """Note that an article has been dealt with; Redis learns of it within 20 ms, with others.

        Where Redis is away it learns of it later; `flush` waits for that.

        Args:
            received: the article.
        """
        stream = self._streams[received.stream]
        stream.held.pop(received.message_id, None)
        stream.done.append(received.message_id)
        if self._soon is None or self._soon.done():
            self._soon = start_logged("the acknowledging of articles", self._flush_soon())

    async def flush(self) -> None:
        """Send what was acknowledged; wait for Redis where it is away.

        Raises:
            QueueError: Redis refuses it, and not for now only.
        """
        backoff = RedisBackoff(address_of(self._client))
        async with self._sending:
            for stream in self._streams.values():
                while message_ids := list(stream.done):
                    await backoff.retry(partial(stream.acknowledge, message_ids))
                    del stream.done[: len(message_ids)]

    async def fail(
        self, received: Received, error: str, tries: int, backoff_seconds: float
    ) -> bool:
        """Give an article back that could not be dealt with, or bury it after the last try.

        Args:
            received: the article.
            error: reason of the failure.
            tries: number of attempts after which it goes to the dead letters of the group.
            backoff_seconds: wait before the second attempt; doubles with each further one.

        Returns:
            Whether it was buried.

        Raises:
            QueueError: Redis refuses it, and not for now only.
            redis.exceptions.RedisError: Redis cannot be used; the article is given again after
                `redeliver_seconds`.
        """
        stream, attempts = self._streams[received.stream], received.attempts + 1
        if attempts >= tries:
            await stream.bury(received, error, attempts)
            return True
        wait = min(self._redeliver_seconds, backoff_seconds * 2.0 ** min(attempts - 1, 30))
        idle_milliseconds = int((self._redeliver_seconds - wait) * 1000)
        await stream.give_back({received.message_id: attempts}, idle_milliseconds)
        return False

    def count_attempt(self, received: Received) -> None:
        """Note that an article's delivery did not end well; `hand_back` tells the group.

        Args:
            received: the article.
        """
        held = self._streams[received.stream].held
        if received.message_id in held:
            held[received.message_id] = received.attempts + 1

    async def hand_back(self) -> None:
        """Acknowledge what was, and give what was not to the other readers of the group at once.

        That counts as no attempt. Where Redis cannot be used, the log says so, and what was held is
        given to others after `redeliver_seconds`.
        """
        if self._soon is not None:
            self._soon.cancel()
        try:
            async with asyncio.timeout(HAND_BACK_SECONDS):
                await self.flush()
                for stream in self._streams.values():
                    if stream.held:
                        await stream.give_back(dict(stream.held), _LONG_IDLE_MILLISECONDS)
        except (NabaaError, RedisError, OSError, TimeoutError) as error:
            logger.warning(
                "group %s: what it held is given to others after %g s only: %s",
                self._group,
                self._redeliver_seconds,
                str(error) or "Redis does not answer",
            )

    async def _flush_soon(self) -> None:
        await asyncio.sleep(_GATHER_SECONDS)
        try:
            await self.flush()
        except (NabaaError, RedisError) as error:
            self._failure = error  # for who reads on

    async def _begin(self) -> None:
        if self._filter:
            await register(self._client, self._shards, self._subscription, self._filter)
        await self._deliveries.begin()
