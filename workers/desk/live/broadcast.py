"""One event for all pages that look at the same: made once, sent to each.

A page that takes nothing for a while is let go; its browser comes back and says what it has.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from redis.exceptions import RedisError

from nabaa.errors import NabaaError
from nabaa.tasks import first_of

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
"""What has come meanwhile is sent together: nobody reads fifty headlines a second."""
_MOST_WAITING = 8  # events for a page that does not take them


class Source(Protocol):
    """Makes the events of a channel."""

    async def next_event(self) -> bytes:
        """Return what has happened since it was last asked, as an event; empty where nothing has.

        Raises:
            NabaaError: it cannot be told now.
            redis.exceptions.RedisError: the server cannot be used.
        """


Kind = TypeVar("Kind", bound=Source)


class Listener:
    """An open page.

    Attributes:
        events: what is to be sent to it.
        is_lost: whether it has taken nothing for too long.
    """

    def __init__(self) -> None:
        self.events: asyncio.Queue[bytes] = asyncio.Queue(_MOST_WAITING)
        self.is_lost = False

    def offer(self, event: bytes) -> None:
        """Have an event sent to the page, or let the page go."""
        try:
            self.events.put_nowait(event)
        except asyncio.QueueFull:
            self.is_lost = True


@dataclass(slots=True)
class _Channel:
    source: Source
    listeners: set[Listener] = field(default_factory=set)


class Broadcast:
    """Sends each event of a channel to all who listen.

    Args:
        tick_seconds: time between two events of a channel.
    """

    def __init__(self, tick_seconds: float = TICK_SECONDS) -> None:
        self._tick_seconds = tick_seconds
        self._channels: dict[Hashable, _Channel] = {}

    @property
    def listeners(self) -> int:
        """The number of open pages."""
        return sum(len(channel.listeners) for channel in self._channels.values())

    @contextmanager
    def listen(self, key: Hashable, source: Kind) -> Iterator[tuple[Listener, Kind]]:
        """Listen to a channel while the block runs; it is there as long as somebody listens.

        Args:
            key: names the channel.
            source: makes its events, if nobody listens yet; all of a key are of one kind.

        Yields:
            The listener, and the source that the channel has.
        """
        channel = self._channels.setdefault(key, _Channel(source))
        listener = Listener()
        channel.listeners.add(listener)
        try:
            yield listener, cast("Kind", channel.source)
        finally:
            channel.listeners.discard(listener)
            if not channel.listeners:
                self._channels.pop(key, None)

    async def run(self, stop: asyncio.Event) -> None:
        """Send what happens until `stop` is set."""
        while not stop.is_set():
            await first_of(stop.wait(), asyncio.sleep(self._tick_seconds))
            for channel in list(self._channels.values()):
                await self._send(channel)

    async def _send(self, channel: _Channel) -> None:
        try:
            event = await channel.source.next_event()
        except (NabaaError, RedisError, OSError) as error:
            logger.warning("open pages are not told what is new: %s", error)
            return
        if event:
            for listener in channel.listeners:
                listener.offer(event)
