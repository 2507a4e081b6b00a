"""The workers' side of the streams: take entries, publish their articles, bury those that fail."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from redis.asyncio import Redis

from nabaa.message import article_of, packed_event
from nabaa.redis.client import script
from nabaa.streams.groups import create_group
from nabaa.streams.keys import WORKERS_GROUP, Keys
from nabaa.streams.messages import Message, messages_of_range, messages_of_read
from nabaa.types import Article
from workers.publish.records import encode_record
from workers.publish.stored_records import StoredRecords
from workers.publish.versions import (
    MadeArticle,
    RecordChoice,
    choose_record,
    needs_last,
    next_version,
)
from workers.stories.known_texts import KnownArticle, KnownTexts

logger = logging.getLogger(__name__)

_LONG_IDLE_MILLISECONDS = 10**9  # whoever looks next takes the entry


@dataclass(frozen=True, slots=True)
class Delivery:
    """An entry that this worker holds.

    Attributes:
        entry_id: id on the entries stream.
        data: entry as JSON; empty where the message has none.
        attempts: number of its deliveries to workers, this one included.
        page: page of its article as `encode_page` gives it; empty where it has none.
    """

    entry_id: str
    data: bytes
    attempts: int
    page: bytes = b""

    @classmethod
    def of(cls, message: Message, attempts: int) -> Delivery:
        """Return the entry that a message of the queue holds."""
        fields = message.fields
        return cls(message.id, fields.get(b"data", b""), attempts, fields.get(b"page", b""))


class WorkQueue:
    """One shard's entries stream, and the articles that its entries become.

    Args:
        client: answers in bytes.
        keys: keys of the shard.
        consumer: name of this worker in the group; unique among the living.
        match: names the subscriptions that an article matches; by default there are none.
        memory_seconds: time after its last version for which the record of an article is kept.
        texts: says what is known of articles that are to be published; None: nothing is.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        consumer: str,
        match: Callable[[Article], Sequence[str]] = lambda _: (),
        memory_seconds: float = 7 * 86400.0,
        texts: KnownTexts | None = None,
    ) -> None:
        self._client = client
        self._keys = keys
        self._consumer = consumer
        self._match = match
        self._memory_seconds = max(1, int(memory_seconds))
        self._texts = texts
        self._publish = script(client, "workers.publish", "publish", durable=True)
        self._set_claims = script(client, "workers.publish", "set_claims")
        self._unwritable: set[bytes] = set()
        self._bury = script(client, "workers.publish", "bury", durable=True)

    async def join(self) -> bool:
        """Make the group of the workers if it does not exist; it begins with the first entry.

        Returns:
            Whether it was made.
        """
        return await create_group(self._client, self._keys.entries, WORKERS_GROUP, "0")

    async def take(self, limit: int, block_seconds: float) -> list[Delivery]:
        """Take up to `limit` entries that no worker has had; wait up to `block_seconds` for one."""
        answer = await self._client.xreadgroup(
            WORKERS_GROUP,
            self._consumer,
            {self._keys.entries: ">"},
            count=limit,
            block=max(1, int(block_seconds * 1000)),
        )
        return [Delivery.of(message, 1) for message in messages_of_read(answer)]

    async def reclaim(self, idle_seconds: float, cursor: str) -> tuple[Delivery | None, str]:
        """Take one entry that another worker has held for too long.

        One at a time: an entry that kills its worker must not count against others in its batch.

        Args:
            idle_seconds: time for which it must have been held.
            cursor: cursor of the call before, `0-0` at first.

        Returns:
            The entry, if one was found, and the next cursor; `0-0` when all have been looked at.
        """
        answer = await self._client.xautoclaim(
            self._keys.entries,
            WORKERS_GROUP,
            self._consumer,
            min_idle_time=int(idle_seconds * 1000),
            start_id=cursor,
            count=1,
        )
        following = answer[0].decode()
        for message in messages_of_range(answer[1]):
            if not message.fields:
                # Redis 6.2 hands out entries that were deleted; they are done.
                await self._client.xack(self._keys.entries, WORKERS_GROUP, message.id)
                continue
            pending = await self._client.xpending_range(
                self._keys.entries, WORKERS_GROUP, min=message.id, max=message.id, count=1
            )
            attempts = int(pending[0]["times_delivered"]) if pending else 1
            return Delivery.of(message, attempts), following
        return None, following

    async def renew(self, deliveries: Collection[Delivery]) -> None:
        """Keep entries that this worker is at from being taken over as abandoned.

        Raises:
            redis.exceptions.RedisError: the server cannot be used.
        """
        await self._set_claims(
            keys=[self._keys.entries],
            args=[WORKERS_GROUP, self._consumer, 0, *_pairs(deliveries, 0)],
        )

    async def hand_back(self, deliveries: Collection[Delivery]) -> None:
        """Leave entries to the next worker, which takes them at once; this attempt does not count.

        Raises:
            redis.exceptions.RedisError: the server cannot be used.
        """
        await self._set_claims(
            keys=[self._keys.entries],
            args=[
                WORKERS_GROUP,
                self._consumer,
                _LONG_IDLE_MILLISECONDS,
                *_pairs(deliveries, 1),
            ],
        )

    async def publish(self, results: Sequence[tuple[Delivery, MadeArticle]]) -> int:
        """Publish the articles of entries and take those off the queue, each exactly once.

        Args:
            results: entries and the article made of each.

        Returns:
            The number of versions of articles that this call put on the stream.

        Raises:
            StoredDataError: a stream cannot take an article; what was not published stays queued.
            redis.exceptions.RedisError: the server cannot be used; calling it again publishes the
                rest.
        """
        published = 0
        while results:
            answers = await self._publish_once(results)
            published += sum(isinstance(answer, list) for answer in answers)
            # Another worker, or an entry before it in the batch, was faster with the same article.
            results = [
                result for result, answer in zip(results, answers, strict=True) if answer == 0
            ]
        return published

    async def _publish_once(
        self, results: Sequence[tuple[Delivery, MadeArticle]]
    ) -> list[list[bytes] | int | None]:
        stored = await self._records([made for _, made in results])
        records = stored.records
        choices = [choose_record(made, records) for _, made in results]
        lasts = await self._last_versions(results, choices)
        versions = [
            next_version(made, choice, last)
            for (_, made), choice, last in zip(results, choices, lasts, strict=True)
        ]
        known = [KnownArticle(version.article) for version in versions]
        if self._texts:
            known = await self._texts.complete([version.article for version in versions])
        now = datetime.now(UTC)
        keys = self._keys
        async with self._client.pipeline(transaction=False) as pipe:
            for (delivery, made), choice, version, each in zip(
                results, choices, versions, known, strict=True
            ):
                article, home = each.article, choice.stored.name
                matching = self._match(article) if article else ()
                others = [name for name in dict.fromkeys(made.names) if name not in ("", home)]
                pointers = stored.pointers(others, home, version)
                data = made.data if article is made.article else None
                event = (
                    packed_event(article, now, made.compression, data) if article else (b"", b"")
                )
                await self._publish(
                    keys=[
                        *(keys.entries, keys.articles, keys.rates, keys.article(home)),
                        *map(keys.article, others),
                        *map(keys.subscription, matching),
                    ],
                    args=[
                        WORKERS_GROUP,
                        delivery.entry_id,
                        choice.stored.raw,
                        encode_record(version.record) if version.record else b"",
                        self._memory_seconds,
                        "articles" if article and article.version == 1 else "updates",
                        pointers.marks,
                        pointers.pointer,
                        *event,
                        *pointers.found,
                    ],
                    client=pipe,
                )
            answers = await pipe.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, list):
                self._log_copies(answer[1:])
        if self._texts:
            published = [
                (each, keys.shard, answer[0].decode())
                for each, answer in zip(known, answers, strict=True)
                if isinstance(answer, list)
            ]
            await self._texts.note(published)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def _log_copies(self, failures: Sequence[bytes]) -> None:
        """Log, once for each stream, that a subscription could not be given an article."""
        for stream, error in zip(failures[::2], failures[1::2], strict=True):
            if stream not in self._unwritable:
                self._unwritable.add(stream)
                logger.error(
                    "%s receives no articles: %s", stream.decode(), error.decode(errors="replace")
                )

    async def _records(self, made: Sequence[MadeArticle]) -> StoredRecords:
        """Return what is stored under the names of articles, pointers followed."""
        names = dict.fromkeys(name for each in made for name in each.names)
        found = StoredRecords(await self._stored([name for name in names if name]))
        if targets := found.missing_targets():
            found.add(await self._stored(targets))
        return found

    async def _stored(self, names: Sequence[str]) -> dict[str, bytes]:
        if not names:
            return {}
        values = await self._client.mget([self._keys.article(name) for name in names])
        stored = cast("list[bytes | None]", values)
        return {name: raw or b"" for name, raw in zip(names, stored, strict=True)}

    async def _last_versions(
        self,
        results: Sequence[tuple[Delivery, MadeArticle]],
        choices: Sequence[RecordChoice],
    ) -> list[Article | None]:
        """Return the last versions of those articles whose entries only add a feed."""
        wanted = [
            choice.stored.message_id if needs_last(made, choice.stored.record) else ""
            for (_, made), choice in zip(results, choices, strict=True)
        ]
        async with self._client.pipeline(transaction=False) as pipe:
            for message_id in filter(None, wanted):
                pipe.xrange(self._keys.articles, min=message_id, max=message_id)
            found = iter(await pipe.execute() if any(wanted) else ())
        return [
            article_of(messages[0].fields)
            if message_id and (messages := messages_of_range(next(found)))
            else None
            for message_id in wanted
        ]

    async def bury(self, delivery: Delivery, error: str) -> bool:
        """Move an entry to the dead letters with the error and the number of attempts.

        Returns:
            False when another worker had dealt with it.

        Raises:
            StoredDataError: the dead letters cannot take it; it stays queued.
            redis.exceptions.RedisError: the server cannot be used.
        """
        answer = await self._bury(
            keys=[self._keys.entries, self._keys.dead, self._keys.rates],
            args=[WORKERS_GROUP, delivery.entry_id, error, delivery.attempts],
        )
        return answer is not None


def _pairs(deliveries: Collection[Delivery], uncounted: int) -> list[str | int]:
    """Return id and number of attempts of entries, as set_claims.lua takes them."""
    return [
        value
        for delivery in deliveries
        for value in (delivery.entry_id, max(0, delivery.attempts - uncounted))
    ]
