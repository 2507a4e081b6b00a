"""What one consumer of a group is given next, over all shards.

First what it was given before and did not acknowledge, then what others held for too long or handed
back, each for one more attempt; else what is new.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from nabaa.errors import QueueError
from nabaa.redis.errors import ServerStateError
from nabaa.streams.messages import Message
from nabaa.subscriber.group_stream import GroupStream
from nabaa.subscriber.losses import TrimLossReporter
from nabaa.subscriber.pending import Unacknowledged
from nabaa.subscriber.received import Received, received_of

logger = logging.getLogger(__name__)

ABANDONED_SECONDS = 5.0
"""Longest time between two looks at what others handed back or died with."""


class Deliveries:
    """The order in which a consumer is given articles.

    Args:
        streams: key → stream of a shard.
        losses: logs what the group loses to the trimming.
        count: new articles read at once at most.
        redeliver_seconds: age at which a delivery to another consumer counts as abandoned.
        tries: number of attempts after which an article is buried instead; None: never.
        flush: sends what was acknowledged. It is called before an article is handed out that may
            kill the process: what has been dealt with must not come again with it.
    """

    def __init__(
        self,
        streams: Mapping[str, GroupStream],
        losses: TrimLossReporter,
        count: int,
        redeliver_seconds: float,
        tries: int | None,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self._streams = streams
        self._losses = losses
        self._count = count
        self._redeliver_seconds = redeliver_seconds
        self._tries = tries
        self._flush = flush
        self._claims: deque[tuple[GroupStream, Unacknowledged]] = deque()
        self._turns = deque(streams.values())  # whose turn it is to be read
        self._look_at = 0.0

    async def begin(self) -> None:
        """Join the group on every shard, and find what this consumer has not acknowledged.

        Raises:
            QueueError: there is no such subscription, or Redis refuses a command.
            redis.exceptions.RedisError: the server cannot be used.
        """
        self._claims.clear()
        self._look_at = 0.0
        for stream in self._streams.values():
            await stream.join()
            self._claims.extend((stream, claim) for claim in await stream.find_own())

    async def next(self, wait_seconds: float, *, only_new: bool = False) -> list[Received]:
        """Return articles: one that was delivered before, or some that are new.

        Args:
            wait_seconds: longest wait where there is none.
            only_new: whether those that were delivered before are left for another call.

        Returns:
            None where the wait is over.

        Raises:
            redis.exceptions.ResponseError: a group does not exist (any more).
            redis.exceptions.RedisError: the server cannot be used.
        """
        if not only_new:
            await self._look_for_abandoned()
            while self._claims:
                if (received := await self._take_over(*self._claims.popleft())) is not None:
                    return [received]
        stream = self._turns[0]
        self._turns.rotate(-1)
        # With one shard the server waits for us; with several nobody may hold up the rest.
        block = max(1, int(wait_seconds * 1000 / len(self._turns)))
        return await self._articles(stream, await stream.read_new(self._count, block))

    async def _look_for_abandoned(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._claims or now < self._look_at:
            return
        self._look_at = now + min(self._redeliver_seconds / 4, ABANDONED_SECONDS)
        await self._losses.report()
        for stream in self._streams.values():
            found = await stream.find_abandoned(int(self._redeliver_seconds * 1000))
            self._claims.extend((stream, claim) for claim in found)

    async def _take_over(self, stream: GroupStream, claim: Unacknowledged) -> Received | None:
        await self._flush()
        message = await stream.take_over(claim)
        if message is None:
            return None
        articles = await self._articles(stream, [message])
        if not articles:
            return None
        received = replace(articles[0], attempts=claim.attempts)
        if self._tries is None or claim.attempts < self._tries:
            return received
        reason = "its reader died with it, or left its loop, at every attempt"
        if await self._bury(stream, received, reason, claim.attempts):
            logger.error(
                "article %s of %s went to the dead letters after %d attempts: %s",
                claim.message_id,
                stream.name,
                claim.attempts,
                reason,
            )
        return None

    async def _articles(self, stream: GroupStream, messages: list[Message]) -> list[Received]:
        """Keep what is an article; pass over what was trimmed, and bury what is not ours."""
        gone = [message.id for message in messages if not message.fields]
        await stream.forget_trimmed(gone)
        articles = received_of(stream.name, messages)
        known = {*gone, *(received.message_id for received in articles)}
        for message in messages:
            if message.id not in known:
                foreign = Received(stream.name, message.id, b"")
                logger.warning("%s on %s is no article", message.id, stream.name)
                await self._bury(stream, foreign, "the message holds no article in `data`", 1)
        return articles

    async def _bury(
        self, stream: GroupStream, received: Received, reason: str, attempts: int
    ) -> bool:
        """Bury an article; one that cannot be buried now must not hold up the others."""
        try:
            await stream.bury(received, reason, attempts)
        except (ServerStateError, QueueError) as error:
            logger.warning("article %s stays with its group: %s", received.message_id, error)
            stream.held.pop(received.message_id, None)
            return False
        return True
