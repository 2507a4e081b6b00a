"""The subscriber's client: typed articles for one group, each until it was dealt with.

    async for article in Subscriber("redis://localhost:6379/0", group="desk"):
        ...

The same without asyncio: `for article in Subscriber(…)`. An article is acknowledged when the next
one is asked for. Who leaves the loop, by an exception or otherwise, leaves the article with the
group: it comes again, to any reader of it. `run` calls a function for each article and tries again
where that fails; `batches` gives several at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from inspect import isawaitable

import msgspec
from redis.asyncio import Redis

from nabaa.errors import QueueError
from nabaa.filters.filter import Filter
from nabaa.redis.connection import connect
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.streams.ids import id_before
from nabaa.streams.shards import shards_to_read
from nabaa.subscriber.batching import batched
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received
from nabaa.time_spans import parse_span
from nabaa.types import Article

logger = logging.getLogger(__name__)

Handler = Callable[[Article], Awaitable[object] | object]
"""Deals with an article; an exception means that it did not."""


class Subscriber:
    """One reader of a group; readers of one group share the articles.

    Args:
        server: address of Redis, or an open client that answers in bytes.
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
        tries: after so many failures of a handler an article goes to the dead letters of the group.
        backoff_seconds: before the second try; doubles with each further one.
        redeliver_seconds: after so long an article of a reader that died is given to another;
            longer than the work on `prefetch` articles takes.
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
        self._server = server
        self._group = group
        self._consumer = consumer or new_consumer()
        self._start = message_id_of(since) if since is not None else start
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
        """Read without asyncio, in an event loop of its own that runs between two articles."""
        with asyncio.Runner() as runner:
            articles = self._articles()

            async def following() -> Article | None:
                return await anext(articles, None)

            async def end() -> None:
                await articles.aclose()

            try:
                while (article := runner.run(following())) is not None:
                    yield article
            finally:
                runner.run(end())

    async def run(self, handler: Handler) -> None:
        """Call a function for each article until `stop`.

        Args:
            handler: a function or a coroutine function. Where it raises, the article is given again
                later, to any reader of the group; the others go on meanwhile.
        """
        async with self._reader() as reader, aclosing(self._received(reader)) as received:
            async for each, article in received:
                try:
                    done = handler(article)
                    if isawaitable(done):
                        await done
                except Exception as error:
                    await self._failed(reader, each, f"{type(error).__name__}: {error}", error)
                else:
                    await reader.acknowledge(each)

    async def batches(
        self, size: int, max_wait_seconds: float = 1.0
    ) -> AsyncGenerator[list[Article], None]:
        """Yield several articles at once; they are acknowledged when the next batch is asked for.

        Args:
            size: articles of a batch at most.
            max_wait_seconds: a batch that has begun is not kept back for longer.
        """
        async with self._reader() as reader, aclosing(self._received(reader)) as received:
            async for batch in batched(received, size, max_wait_seconds):
                yield [article for _, article in batch]
                for each, _ in batch:
                    await reader.acknowledge(each)

    async def _articles(self) -> AsyncGenerator[Article, None]:
        async with self._reader() as reader, aclosing(self._received(reader)) as received:
            async for each, article in received:
                yield article
                await reader.acknowledge(each)

    async def _received(
        self, reader: GroupReader
    ) -> AsyncGenerator[tuple[Received, Article], None]:
        """Yield what can be read; what cannot goes to the dead letters of the group."""
        async with aclosing(reader.read(self._stop)) as stream:
            async for each in stream:
                try:
                    article = each.article
                except msgspec.MsgspecError as error:
                    reason = f"not an article of this version: {error}"
                    await self._failed(reader, each, reason, None)
                    continue
                if article.version == 1 or self._updates:
                    yield each, article
                else:
                    await reader.acknowledge(each)

    async def _failed(
        self, reader: GroupReader, each: Received, reason: str, error: Exception | None
    ) -> None:
        logger.warning(
            "group %s: article %s failed: %s", self._group, each.message_id, reason, exc_info=error
        )
        try:
            # What cannot be read now cannot be read later.
            tries = self._tries if error else 0
            if await reader.fail(each, reason, tries, self._backoff_seconds):
                logger.error(
                    "group %s: article %s went to the dead letters", self._group, each.message_id
                )
        except TRANSIENT_ERRORS as passing:
            logger.warning(
                "group %s: article %s is given again after %g s: %s",
                self._group,
                each.message_id,
                self._redeliver_seconds,
                passing,
            )

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[GroupReader]:
        """Open a reader; what it holds in the end goes to the others of its group at once."""
        is_own = isinstance(self._server, str)
        client = connect(self._server) if isinstance(self._server, str) else self._server
        try:
            shards = await shards_to_read(client, self._shards, self._stop)
            reader = GroupReader(
                client,
                shards,
                self._group,
                self._consumer,
                self._start,
                self._prefetch,
                self._redeliver_seconds,
                self._subscription,
                self._filter,
            )
            try:
                yield reader
            finally:
                try:
                    async with asyncio.timeout(5):
                        await reader.hand_back()
                except (*TRANSIENT_ERRORS, TimeoutError) as error:
                    logger.warning("group %s: not left in order: %s", self._group, error)
        finally:
            if is_own:
                await client.aclose()


def new_consumer() -> str:
    """Return a name that no other reader has: host, process and four random digits."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"


def message_id_of(since: str | timedelta | datetime) -> str:
    """Return the id of a stream before the first message of a time.

    Raises:
        QueueError: the time says no zone.
        ConfigError: the span is none.
    """
    if isinstance(since, str):
        since = parse_span(since)
    if isinstance(since, timedelta):
        since = datetime.now(UTC) - since
    if since.tzinfo is None:
        raise QueueError(f"since={since} names no zone: give a time with one, such as UTC")
    return id_before(since)
