"""The loops of a subscriber over what its group is given: articles, or events of stories.

An item is acknowledged when the next one is asked for. Who leaves the loop, by an exception or
otherwise, leaves the item with the group: it comes again, to any reader of it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from inspect import isawaitable
from typing import Generic, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from nabaa.errors import NabaaError, UsageError
from nabaa.filters.filter import Filter
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received
from nabaa.subscriber.session import ReaderSession, check_server
from nabaa.subscriber.since import start_of

logger = logging.getLogger(__name__)

Item = TypeVar("Item")


class GroupSubscriber(Generic[Item]):
    """One reader of a group, and what it does with the messages that it is given.

    Args:
        server: address of Redis, or an open client of redis.asyncio that answers in bytes.
        group: name of the subscriber.
        consumer: name of this reader; empty for one that is new each time.
        start: where a group that is new begins: `beginning`, `now` or a message id.
        since: in place of `start`, how far back a new group begins.
        subscription: name of a subscription to read in place of the whole stream.
        filter: registered as the subscription named as the group.
        shards: how many the wire has at least.
        prefetch: items held at once at most.
        tries: number of attempts after which an item goes to the dead letters of the group.
        backoff_seconds: wait before the second try of a handler; doubles with each further one.
        redeliver_seconds: after so long an item of a reader that died is given to another.
        stories: whether events of stories are read, not articles.
        decode: reads an item out of a message; None for one that is not wanted.
        what: what an item is, with its article, for the log.

    Raises:
        QueueError: the client cannot be used for this.
        UsageError: `since` is no span of time, or a time without a zone.
    """

    def __init__(
        self,
        server: str | Redis,
        group: str,
        *,
        consumer: str,
        start: str,
        since: str | timedelta | datetime | None,
        subscription: str,
        filter: Filter | None,  # noqa: A002 - the field's word for it
        shards: int,
        prefetch: int,
        tries: int,
        backoff_seconds: float,
        redeliver_seconds: float,
        stories: bool,
        decode: Callable[[Received], Item | None],
        what: str,
    ) -> None:
        name = consumer or new_consumer()
        begin = start_of(since) if since is not None else start

        def open_reader(client: Redis, shards: int) -> GroupReader:
            return GroupReader(
                client,
                shards,
                group,
                name,
                begin,
                prefetch,
                redeliver_seconds,
                subscription,
                filter,
                tries,
                stories=stories,
            )

        check_server(server)
        self._server = server
        self._group = group
        self._shards = shards
        self._tries = tries
        self._backoff_seconds = backoff_seconds
        self._redeliver_seconds = redeliver_seconds
        self._open = open_reader
        self._decode = decode
        self._what = what
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """End every loop over this subscriber after the item at hand; from its own thread."""
        self._stop.set()

    def __aiter__(self) -> AsyncGenerator[Item, None]:
        return self._items()

    def __iter__(self) -> Iterator[Item]:
        """Read without asyncio, in an event loop of its own that runs between two items.

        Raises:
            UsageError: an event loop runs here already.
            QueueError: as `run` does.
        """
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            raise UsageError("a Subscriber is read with `async for` where an event loop runs")
        with asyncio.Runner() as runner:
            items = self._items()

            async def following() -> Item | None:
                # In a task of its own: an interrupt cancels what waits for it, for certain, while
                # a cancellation inside the client of Redis can get lost as a command ends.
                reading = asyncio.ensure_future(anext(items, None))
                await asyncio.wait((reading,))
                return reading.result()

            async def end() -> None:
                was_stopped = self._stop.is_set()
                self._stop.set()
                waiting = asyncio.all_tasks() - {asyncio.current_task()}
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                await items.aclose()
                if not was_stopped:
                    self._stop.clear()

            try:
                while (item := runner.run(following())) is not None:
                    yield item
            except (KeyboardInterrupt, asyncio.CancelledError):
                # Without the cancellation inside asyncio by which it came.
                raise KeyboardInterrupt from None
            finally:
                runner.run(end())

    async def run(self, handler: Callable[[Item], Awaitable[object] | object]) -> None:
        """Call a function for each item until `stop`.

        Args:
            handler: a function or a coroutine function. Where it raises, the item is given again
                later, to any reader of the group; the others go on meanwhile.

        Raises:
            QueueError: there is no such subscription, or Redis refuses what is needed.
        """
        async with self._session() as reader:
            while (received := await reader.next(self._stop)) is not None:
                item = await self._decoded(reader, received)
                if item is None:
                    continue
                try:
                    done = handler(item)
                    if isawaitable(done):
                        await done
                except Exception as error:
                    await self._failed(reader, received, f"{type(error).__name__}: {error}", error)
                else:
                    await reader.acknowledge(received)

    async def batches(
        self, size: int, max_wait_seconds: float = 1.0
    ) -> AsyncGenerator[list[Item], None]:
        """Yield several items at once; they are acknowledged when the next batch is asked for.

        An item that was delivered before and not acknowledged comes in a batch of its own.

        Args:
            size: items of a batch at most.
            max_wait_seconds: a batch that has begun is not kept back for longer.

        Raises:
            QueueError: as `run` does.
        """
        async with self._session() as reader:
            while batch := await reader.batch(self._stop, size, max_wait_seconds):
                decoded = [(each, await self._decoded(reader, each)) for each in batch]
                wanted = [(each, item) for each, item in decoded if item is not None]
                if not wanted:
                    continue
                try:
                    yield [item for _, item in wanted]
                except GeneratorExit:
                    for received, _ in wanted:
                        reader.count_attempt(received)
                    raise
                for received, _ in wanted:
                    await reader.acknowledge(received)

    async def _items(self) -> AsyncGenerator[Item, None]:
        async with self._session() as reader:
            while (received := await reader.next(self._stop)) is not None:
                item = await self._decoded(reader, received)
                if item is None:
                    continue
                try:
                    yield item
                except GeneratorExit:
                    reader.count_attempt(received)
                    raise
                await reader.acknowledge(received)

    async def _decoded(self, reader: GroupReader, received: Received) -> Item | None:
        """Return an item that is wanted; what cannot be read goes to the dead letters."""
        try:
            item = self._decode(received)
        except msgspec.MsgspecError as error:
            await self._failed(reader, received, f"not {self._what} of this version: {error}", None)
            return None
        if item is None:
            await reader.acknowledge(received)
        return item

    async def _failed(
        self, reader: GroupReader, received: Received, reason: str, error: Exception | None
    ) -> None:
        name = received.message_id
        logger.warning("group %s: message %s failed: %s", self._group, name, reason, exc_info=error)
        # What cannot be read now cannot be read later.
        tries = self._tries if error else 0
        try:
            if await reader.fail(received, reason, tries, self._backoff_seconds):
                logger.error("group %s: message %s went to the dead letters", self._group, name)
        except (NabaaError, RedisError, OSError) as refusal:
            logger.warning(
                "group %s: message %s is given again after %g s: %s",
                self._group,
                name,
                self._redeliver_seconds,
                refusal,
            )

    def _session(self) -> ReaderSession:
        return ReaderSession(self._server, self._shards, self._stop, self._open)


def new_consumer() -> str:
    """Return a name that no other reader has: host, process and four random digits."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
