"""How a reader joins its group, and where it goes on when group or stream have vanished."""

from __future__ import annotations

import logging
from datetime import timedelta

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.errors import QueueError
from nabaa.redis.clock import read_time
from nabaa.streams.errors import is_missing, name_stream
from nabaa.streams.groups import create_group
from nabaa.streams.ids import FIRST, id_before, order_of
from nabaa.streams.messages import Message, first_message, message_at, messages_of_range

logger = logging.getLogger(__name__)


class GroupMembership:
    """The place of one reader's group on one stream.

    Args:
        client: answers in bytes.
        stream: key of the stream.
        group: name of the group.
        start: place where a group begins that this reader has never joined: a message id, `0`,
            `$` for what comes from then on, or so long ago by the clock of Redis.
        subscription: name of the subscription whose stream it is; empty for the wire itself, whose
            stream is made where it does not exist.

    Attributes:
        is_gone: whether Redis said that the group does not exist, since it was joined last.
    """

    def __init__(
        self,
        client: Redis,
        stream: str,
        group: str,
        start: str | timedelta,
        subscription: str,
    ) -> None:
        self._client = client
        self._stream = stream
        self._group = group
        self._start = start
        self._subscription = subscription
        self._place: str | None = None
        self._given: Message | None = None
        self.is_gone = False

    def reached(self, message: Message) -> None:
        """Note the last message that the group was given, as far as this reader knows."""
        self._place, self._given = message.id, message

    async def join(self) -> bool:
        """Make the group where it does not exist; one that vanished goes on where it stood.

        Returns:
            Whether the group was made again, by this reader or another one: it does not know any
            more what its consumers held.

        Raises:
            QueueError: there is no such subscription, or Redis refuses a command.
            redis.exceptions.RedisError: the server cannot be used.
        """
        try:
            with name_stream(self._stream):
                if self._place is None:
                    await self._join_first()
                    return False
                is_new = await self._join_again(self._place)
        except ResponseError as error:
            if not is_missing(error):
                raise
            raise QueueError(f"there is no subscription {self._subscription}") from error
        was_gone, self.is_gone = self.is_gone, False
        return is_new or was_gone

    async def _create(self, start: str) -> bool:
        return await create_group(
            self._client, self._stream, self._group, start, make_stream=not self._subscription
        )

    async def _join_first(self) -> None:
        start = await self._first_place()
        if await self._create(start):
            self._place = FIRST if start == "0" else start
            return
        for group in await self._client.xinfo_groups(self._stream):
            if group["name"] == self._group.encode():
                self._place = group["last-delivered-id"].decode()

    async def _first_place(self) -> str:
        if isinstance(self._start, timedelta):
            try:
                return id_before(await read_time(self._client) - self._start)
            except OverflowError:  # before all calendars
                return FIRST
        return await self._last_id() if self._start == "$" else self._start

    async def _join_again(self, place: str) -> bool:
        first = await first_message(self._client, self._stream)
        start = FIRST if await self._began_anew(place, first) else place
        is_new = await self._create(start)
        if is_new:
            self._log(place, start, first)
            self._place = start
        return is_new

    async def _began_anew(self, place: str, first: Message | None) -> bool:
        """Return whether the stream was removed and begun again, so that all that is on it is new.

        Its ids are lower then; or they have reached the place already, in the same millisecond or
        after a clock was set back, and another message is there.
        """
        if order_of(await self._last_id()) < order_of(place):
            return True
        if first is None or order_of(first.id) > order_of(place) or self._given is None:
            return False
        return await message_at(self._client, self._stream, place) != self._given

    def _log(self, place: str, start: str, first: Message | None) -> None:
        missing = "what other readers held and had not acknowledged is not given again"
        if start != place:
            missing = "the stream began anew: what was on it before and not read yet is missing"
        elif first is None or order_of(first.id) > order_of(place):
            until = f" and before {first.id}" if first else ""
            missing = f"what came after {place}{until} may be missing"
        logger.warning(
            "group %s was gone from %s and is made again behind %s: %s; what other readers had "
            "been given since then comes twice",
            self._group,
            self._stream,
            start,
            missing,
        )

    async def _last_id(self) -> str:
        last = messages_of_range(await self._client.xrevrange(self._stream, count=1))
        return last[0].id if last else FIRST
