"""The subscriber's client: typed articles for one group, each until it was dealt with.

    async for article in Subscriber("redis://localhost:6379/0", group="desk"):
        ...

The same without asyncio: `for article in Subscriber(…)`. An article is acknowledged when the next
one is asked for. Who leaves the loop, by an exception or otherwise, leaves the article with the
group: it comes again, to any reader of it, and after `tries` of that it goes to the dead letters.
`run` calls a function for each article and tries again where that fails; `batches` gives several at
once.
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

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from nabaa.errors import NabaaError, UsageError
from nabaa.filters.filter import Filter
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received
from nabaa.subscriber.session import ReaderSession, check_server
from nabaa.subscriber.since import start_of
from nabaa.types import Article

logger = logging.getLogger(__name__)

Handler = Callable[[Article], Awaitable[object] | object]
"""Deals with an article; an exception means that it did not."""


class Subscriber:
    """One reader of a group; readers of one group share the articles.

    Args:
        server: address of Redis, or an open client of redis.asyncio that answers in bytes.
        group: name of the subscriber; each group gets every article.
        consumer: name of this reader in the group, kept over restarts; empty for one that is new
            each time.
        start: where a group that is new begins: `beginning`, `now` or a message id.
        since: in place of `start`, how far back a new group begins: `2h`, a span, or a time.
        subscription: name of a subscription to read in place of the whole wire.
        filter: which articles are wanted: registered as the subscription named as the group.
        updates: whether later versions of an article are wanted, too.
        shards: how many the wire has; more are read where it says so itself.
        prefetch: articles held at once at most.
        tries: number of attempts after which an article goes to the dead letters of the group.
        backoff_seconds: wait before the second try of a handler; doubles with each further one.
        redeliver_seconds: after so long an article of a reader that died is given to another;
            longer than the work on `prefetch` articles takes.

    Raises:
        QueueError: the client cannot be used for this.
        UsageError: `since` is no span of time, or a time without a zone.
    """

    def __init__(
        self,
        server: str | Redis,
        group: str,
        *,
        consumer: str = "",
        start: str = "beginning",
        since: str | timedelta | datetime | None = None,
        subscription: str = "",
        filter: Filter | None = None,  # noqa: A002 - the field's word for it
        updates: bool = True,
        shards: int = 1,
        prefetch: int = 64,
        tries: int = 5,
        backoff_seconds: float = 1.0,
        redeliver_seconds: float = 600.0,
    ) -> None:
        check_server(server)
        self._server = server
        self._group = group
        self._consumer = consumer or new_consumer()
        self._start = start_of(since) if since is not None else start
        self._subscription = subscription
        self._filter = filter
        self._updates = updates
        self._shards = shards
        self._prefetch = prefetch
        self._tries = tries
        self._backoff_seconds = backoff_seconds
        self._redeliver_seconds = redeliver_seconds
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """End every loop over this subscriber after the article at hand; from its own thread."""
        self._stop.set()

    def __aiter__(self) -> AsyncGenerator[Article, None]:
        return self._articles()

    def __iter__(self) -> Iterator[Article]:
        """Read without asyncio, in an event loop of its own that runs between two articles.

        Raises:
            UsageError: an event loop runs here already.
            QueueError: as `run` does.
        """
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            raise UsageError("a Subscriber is read with `async for` where an event loop runs")
        with asyncio.Runner() as runner:
            articles = self._articles()

            async def following() -> Article | None:
                # In a task of its own: an interrupt cancels what waits for it, for certain, while
                # a cancellation inside the client of Redis can get lost as a command ends.
                reading = asyncio.ensure_future(anext(articles, None))
                await asyncio.wait((reading,))
                return reading.result()

            async def end() -> None:
                was_stopped = self._stop.is_set()
                self._stop.set()
                waiting = asyncio.all_tasks() - {asyncio.current_task()}
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                await articles.aclose()
                if not was_stopped:
                    self._stop.clear()

            try:
                while (article := runner.run(following())) is not None:
                    yield article
            except (KeyboardInterrupt, asyncio.CancelledError):
                # Without the cancellation inside asyncio by which it came.
                raise KeyboardInterrupt from None
            finally:
                runner.run(end())

    async def run(self, handler: Handler) -> None:
        """Call a function for each article until `stop`.

        Args:
            handler: a function or a coroutine function. Where it raises, the article is given again
                later, to any reader of the group; the others go on meanwhile.

        Raises:
            QueueError: there is no such subscription, or Redis refuses what is needed.
        """
        async with self._session() as reader:
            while (received := await reader.next(self._stop)) is not None:
                article = await self._decoded(reader, received)
                if article is None:
                    continue
                try:
                    done = handler(article)
                    if isawaitable(done):
                        await done
                except Exception as error:
                    await self._failed(reader, received, f"{type(error).__name__}: {error}", error)
                else:
                    await reader.acknowledge(received)

    async def batches(
        self, size: int, max_wait_seconds: float = 1.0
    ) -> AsyncGenerator[list[Article], None]:
        """Yield several articles at once; they are acknowledged when the next batch is asked for.

        An article that was delivered before and not acknowledged comes in a batch of its own.

        Args:
            size: articles of a batch at most.
            max_wait_seconds: a batch that has begun is not kept back for longer.

        Raises:
            QueueError: as `run` does.
        """
        async with self._session() as reader:
            while batch := await reader.batch(self._stop, size, max_wait_seconds):
                decoded = [(each, await self._decoded(reader, each)) for each in batch]
                wanted = [(each, article) for each, article in decoded if article is not None]
                if not wanted:
                    continue
                try:
                    yield [article for _, article in wanted]
                except GeneratorExit:
                    for received, _ in wanted:
                        reader.count_attempt(received)
                    raise
                for received, _ in wanted:
                    await reader.acknowledge(received)

    async def _articles(self) -> AsyncGenerator[Article, None]:
        async with self._session() as reader:
            while (received := await reader.next(self._stop)) is not None:
                article = await self._decoded(reader, received)
                if article is None:
                    continue
                try:
                    yield article
                except GeneratorExit:
                    reader.count_attempt(received)
                    raise
                await reader.acknowledge(received)

    async def _decoded(self, reader: GroupReader, received: Received) -> Article | None:
        """Return an article that is wanted; what cannot be read goes to the dead letters."""
        try:
            article = received.article
        except msgspec.MsgspecError as error:
            await self._failed(reader, received, f"not an article of this version: {error}", None)
            return None
        if article.version == 1 or self._updates:
            return article
        await reader.acknowledge(received)
        return None

    async def _failed(
        self, reader: GroupReader, received: Received, reason: str, error: Exception | None
    ) -> None:
        name = received.message_id
        logger.warning("group %s: article %s failed: %s", self._group, name, reason, exc_info=error)
        # What cannot be read now cannot be read later.
        tries = self._tries if error else 0
        try:
            if await reader.fail(received, reason, tries, self._backoff_seconds):
                logger.error("group %s: article %s went to the dead letters", self._group, name)
        except (NabaaError, RedisError, OSError) as refusal:
            logger.warning(
                "group %s: article %s is given again after %g s: %s",
                self._group,
                name,
                self._redeliver_seconds,
                refusal,
            )

    def _session(self) -> ReaderSession:
        return ReaderSession(self._server, self._shards, self._stop, self._open_reader)

    def _open_reader(self, client: Redis, shards: int) -> GroupReader:
        return GroupReader(
            client,
            shards,
            self._group,
            self._consumer,
            self._start,
            self._prefetch,
            self._redeliver_seconds,
            self._subscription,
            self._filter,
            self._tries,
        )


def new_consumer() -> str:
    """Return a name that no other reader has: host, process and four random digits."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
