"""One stream as a consumer of a group has it: joined, read, claimed, given back, buried.

Attempts are counted in the group's own count of deliveries, which outlives the reader: it is 1 more
than the number of deliveries that did not end well. A first delivery counts once its handler has
failed or its loop was left: of a reader that died nobody knows which of the articles that it had
read ahead it was at. A later one counts before it is handed out, so that an article which kills its
readers comes to an end.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.streams.errors import is_missing, name_stream
from nabaa.streams.ids import order_of
from nabaa.streams.messages import (
    Message,
    first_message,
    message_at,
    messages_of_range,
    messages_of_read,
)
from nabaa.subscriber.membership import GroupMembership
from nabaa.subscriber.pending import Unacknowledged, list_pending
from nabaa.subscriber.received import Received

logger = logging.getLogger(__name__)


class GroupStream:
    """The stream is read and acknowledged by one consumer of one group.

    Args:
        client: answers in bytes.
        name: key of the stream.
        dead: key of the stream of the group's dead letters.
        group: name of the group.
        consumer: name of the consumer.
        start: place where a new group begins: a message id, `0`, `$`, or so long ago.
        subscription: name of the subscription whose stream it is; empty for the wire itself, whose
            stream is made where it does not exist.

    Attributes:
        name: key of the stream.
        held: message id → attempts before this delivery, of what this consumer was given and has
            neither acknowledged nor given back.
        done: ids that it has acknowledged and Redis does not know of yet.
    """

    def __init__(
        self,
        client: Redis,
        name: str,
        dead: str,
        group: str,
        consumer: str,
        start: str | timedelta,
        subscription: str = "",
    ) -> None:
        self._client = client
        self.name = name
        self._dead = dead
        self._group = group
        self._consumer = consumer
        self._membership = GroupMembership(client, name, group, start, subscription)
        self.held: dict[str, int] = {}
        self.done: list[str] = []

    async def join(self) -> None:
        """Make the group where it does not exist; one that vanished goes on where it stood.

        Raises:
            QueueError: there is no such subscription, or Redis refuses a command.
            redis.exceptions.RedisError: the server cannot be used.
        """
        if await self._membership.join():
            await self._claim(self.held, force=True)

    @contextmanager
    def _answers(self) -> Iterator[None]:
        try:
            with name_stream(self.name):
                yield
        except ResponseError as error:
            if is_missing(error):
                self._membership.is_gone = True
            raise

    async def read_new(self, count: int, block_milliseconds: int) -> list[Message]:
        """Return messages that no consumer of the group has had, waiting for the first.

        Args:
            count: messages at most.
            block_milliseconds: longest wait, at least 1.

        Raises:
            redis.exceptions.ResponseError: the group does not exist (any more).
            redis.exceptions.RedisError: the server cannot be used.
        """
        with self._answers():
            answer = await self._client.xreadgroup(
                self._group,
                self._consumer,
                {self.name: ">"},
                count=count,
                block=block_milliseconds,
            )
        messages = messages_of_read(answer)
        if messages:
            self._membership.reached(messages[-1])
        self.held |= {message.id: 0 for message in messages}
        return messages

    async def find_own(self) -> list[Unacknowledged]:
        """Return what this consumer was given before and did not acknowledge, least tried first.

        An answer that got lost on its way is among it.
        """
        return await self._find(self._consumer, None)

    async def find_abandoned(self, idle_milliseconds: int) -> list[Unacknowledged]:
        """Return what any consumer was given so long ago, least tried first.

        Args:
            idle_milliseconds: age of the delivery.
        """
        return await self._find(None, idle_milliseconds)

    async def _find(
        self, consumer: str | None, idle_milliseconds: int | None
    ) -> list[Unacknowledged]:
        known = {*self.held, *self.done}
        with self._answers():
            listed = await list_pending(
                self._client, self.name, self._group, consumer, idle_milliseconds
            )
        found = [each for each in listed if each.message_id not in known]
        found = await self._without_trimmed(found)
        return sorted(found, key=lambda each: each.attempts)

    async def _without_trimmed(self, found: list[Unacknowledged]) -> list[Unacknowledged]:
        """Drop what was trimmed from the stream, and log that it is lost."""
        if not found:
            return found
        first = await first_message(self._client, self.name)
        lowest = order_of(first.id) if first else None
        gone = [
            each.message_id
            for each in found
            if lowest is None or order_of(each.message_id) < lowest
        ]
        await self.forget_trimmed(gone)
        return found[len(gone) :]

    async def forget_trimmed(self, message_ids: list[str]) -> None:
        """Acknowledge messages that are not on the stream any more, and log that they are lost.

        Args:
            message_ids: in order; may be empty.
        """
        if not message_ids:
            return
        for message_id in message_ids:
            self.held.pop(message_id, None)
        await self._client.xack(self.name, self._group, *message_ids)
        logger.warning(
            "group %s: %d articles of %s were trimmed from the stream before they were "
            "acknowledged, %s to %s: they are lost to the group",
            self._group,
            len(message_ids),
            self.name,
            message_ids[0],
            message_ids[-1],
        )

    async def take_over(self, claim: Unacknowledged) -> Message | None:
        """Take a message that was not acknowledged, for one more attempt, which counts.

        Args:
            claim: the message, as it was found.

        Returns:
            The message; None where another reader was faster, or where it was trimmed.
        """
        with self._answers():
            answer = await self._client.xclaim(
                self.name,
                self._group,
                self._consumer,
                min_idle_time=claim.idle_milliseconds,
                message_ids=[claim.message_id],
                retrycount=claim.attempts + 2,
            )
            # Redis 6.2 answers with an empty message where it was deleted.
            messages = [each for each in messages_of_range(answer) if each.fields]
            if messages:
                self.held[claim.message_id] = claim.attempts
                return messages[0]
            if await message_at(self._client, self.name, claim.message_id) is None:
                await self.forget_trimmed([claim.message_id])
        return None

    async def acknowledge(self, message_ids: list[str]) -> None:
        """Acknowledge messages that have been dealt with.

        Args:
            message_ids: ids of the messages.
        """
        with self._answers():
            await self._client.xack(self.name, self._group, *message_ids)

    async def give_back(self, message_ids: Mapping[str, int], idle_milliseconds: int) -> None:
        """Leave messages to whoever of the group looks next for what was abandoned.

        Where the group has vanished it is made again, so that they are not lost.

        Args:
            message_ids: each with the number of its attempts.
            idle_milliseconds: age that their last delivery gets.
        """
        for message_id in message_ids:
            self.held.pop(message_id, None)
        try:
            claimed = await self._claim(message_ids, idle_milliseconds)
        except ResponseError as error:
            if not is_missing(error):
                raise
            await self.join()
            claimed = set()
        lost = {each: attempts for each, attempts in message_ids.items() if each not in claimed}
        if lost:  # the group was made again by somebody, who could not know of them
            await self._claim(lost, idle_milliseconds, force=True)

    async def _claim(
        self, message_ids: Mapping[str, int], idle_milliseconds: int = 0, *, force: bool = False
    ) -> set[str]:
        """Set the attempts and the age of messages; return those that the group knows of."""
        claimed: set[str] = set()
        by_attempts = sorted(message_ids.items(), key=lambda item: item[1])
        for attempts, items in groupby(by_attempts, key=lambda item: item[1]):
            with self._answers():
                answer: Any = await self._client.xclaim(
                    self.name,
                    self._group,
                    self._consumer,
                    min_idle_time=0,
                    message_ids=[message_id for message_id, _ in items],
                    idle=idle_milliseconds,
                    retrycount=attempts + 1,
                    force=force,
                    justid=True,
                )
            claimed |= {message_id.decode() for message_id in answer}
        return claimed

    async def bury(self, received: Received, error: str, attempts: int) -> None:
        """Put an article with its original on the dead letters of the group, and acknowledge it.

        In this order and not in a transaction: one that cannot be written there stays with the
        group, and a death between the two makes a second letter.

        Args:
            received: the article.
            error: reason; its first 2,000 code points are kept.
            attempts: number of attempts.
        """
        found = await message_at(self._client, self.name, received.message_id)
        if found:
            letter: dict[Any, Any] = {
                "stream": self.name,
                "message_id": received.message_id,
                "error": error[:2000],
                "attempts": attempts,
            }
            with name_stream(self._dead):
                await self._client.xadd(self._dead, letter | found.fields)
        await self.acknowledge([received.message_id])
        self.held.pop(received.message_id, None)
