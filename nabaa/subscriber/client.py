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

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from redis.asyncio import Redis

from nabaa.errors import QueueError
from nabaa.filters.filter import Filter
from nabaa.subscriber.reading import GroupSubscriber
from nabaa.subscriber.received import Received
from nabaa.types import Article

Handler = Callable[[Article], Awaitable[object] | object]
"""Deals with an article; an exception means that it did not."""


class Subscriber(GroupSubscriber[Article]):
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

        def decode(received: Received) -> Article | None:
            if received.is_story:
                raise QueueError(f"{received.stream} holds stories: read it with a StorySubscriber")
            article = received.article
            return article if article.version == 1 or updates else None

        super().__init__(
            server,
            group,
            consumer=consumer,
            start=start,
            since=since,
            subscription=subscription,
            filter=filter,
            shards=shards,
            prefetch=prefetch,
            tries=tries,
            backoff_seconds=backoff_seconds,
            redeliver_seconds=redeliver_seconds,
            stories=False,
            decode=decode,
            what="an article",
        )
