"""The worker daemon: takes entries in batches, makes articles of them and publishes each once.

Making articles is CPU work and runs in a thread, so that the loop can answer and stop.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from config.settings import Settings
from ingest.model import Entry
from ingest.runtime.ticks import Ticks
from ingest.streams.entries import decode_entry
from nabaa.redis.backoff import keep_going, wait_until_reachable
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.redis.url import redacted
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.shards import agree_on_shards
from workers.pipeline import ArticleMaker
from workers.publish.retention import Retention
from workers.publish.versions import MadeArticle
from workers.queue import Delivery, WorkQueue
from workers.subscriptions.live import SavedFilters

logger = logging.getLogger(__name__)

BLOCK_SECONDS = 1.0
TRIM_SECONDS = 60.0
_TRIMMED_SECONDS = 50
REFRESH_SECONDS = 1.0


@dataclass(slots=True)
class WorkerProgress:
    """What one worker process has done since it started.

    Attributes:
        published: articles put on the stream.
        failed: attempts at an entry that failed.
        buried: entries sent to the dead letters.
    """

    published: int = 0
    failed: int = 0
    buried: int = 0


class WorkerService:
    """Turns entries into articles until it is stopped.

    Args:
        settings: all of them.
        client: Redis, answering in bytes.
        maker: makes the articles.
        address: how to name the server in the log.
    """

    def __init__(
        self, settings: Settings, client: Redis, maker: ArticleMaker, address: str
    ) -> None:
        self.progress = WorkerProgress()
        self._settings = settings
        self._client = client
        self._maker = maker
        self._address = redacted(address)
        self._making = asyncio.Lock()
        consumer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._subscriptions = SavedFilters(client)
        self._retention = Retention(client)
        self._queues = [
            WorkQueue(
                client,
                keys,
                consumer,
                self._subscriptions.match,
                settings.article_memory_seconds,
                settings.articles_compression,
            )
            for keys in all_shards(settings.shards)
        ]

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; the batch at hand is finished first.

        Args:
            stop: set by whoever wants the service to end.
        """
        await wait_until_reachable(self._client, self._address, stop)
        await agree_on_shards(self._client, self._settings.shards, stop)
        ticks = Ticks()
        ticks.every(TRIM_SECONDS, self._trim)
        ticks.every(REFRESH_SECONDS, self._refresh)
        with ticks:
            async with asyncio.TaskGroup() as shards:
                for queue in self._queues:
                    shards.create_task(self._work(queue, ticks, stop))

    async def _work(self, queue: WorkQueue, ticks: Ticks, stop: asyncio.Event) -> None:
        """Work on one shard."""
        reclaim_due = asyncio.Event()
        reclaim_due.set()  # what dead workers left behind comes first

        async def on_tick() -> None:
            reclaim_due.set()

        look_again = self._settings.reclaim_idle_seconds / 4
        block = min(BLOCK_SECONDS, look_again)
        ticks.every(look_again, on_tick)

        async def step() -> None:
            if reclaim_due.is_set():
                await self._reclaim(queue, stop)
                reclaim_due.clear()
            await self._process(queue, await queue.take(self._settings.batch_size, block))

        async def begin() -> None:
            await queue.join()
            await self._subscriptions.refresh()  # nothing is published before they are known

        await keep_going(self._address, begin, step, stop)

    async def _reclaim(self, queue: WorkQueue, stop: asyncio.Event) -> None:
        cursor = "0-0"
        while not stop.is_set():
            delivery, cursor = await queue.reclaim(self._settings.reclaim_idle_seconds, cursor)
            if delivery is None:
                if cursor == "0-0":
                    return
                continue
            logger.info("entry %s: attempt %d", delivery.entry_id, delivery.attempts)
            if delivery.attempts > self._settings.max_attempts:
                await self._give_up(
                    queue, delivery, "no worker that took it finished it or said why"
                )
            else:
                await self._process(queue, [delivery])

    async def _process(self, queue: WorkQueue, deliveries: Sequence[Delivery]) -> None:
        """Publish a batch; when it fails as a whole, each entry by itself."""
        if not deliveries:
            return
        try:
            entries = [decode_entry(delivery.data) for delivery in deliveries]
            made = await self._make(entries)
        except Exception as error:
            if len(deliveries) == 1:
                await self._failed(queue, deliveries[0], error)
                return
            for delivery in deliveries:
                await self._process(queue, [delivery])
            return
        published = await queue.publish(list(zip(deliveries, made, strict=True)))
        self.progress.published += published

    async def _make(self, entries: Sequence[Entry]) -> list[MadeArticle]:
        def make() -> list[MadeArticle]:
            articles = self._maker.make(entries)
            return [
                MadeArticle.of(entry, article)
                for entry, article in zip(entries, articles, strict=True)
            ]

        async with self._making:  # one batch at a time: the recogniser is not for two threads
            return await asyncio.to_thread(make)

    async def _failed(self, queue: WorkQueue, delivery: Delivery, error: Exception) -> None:
        """Leave the entry pending for another attempt, or bury it after the last one."""
        self.progress.failed += 1
        if isinstance(error, msgspec.MsgspecError):
            # No further attempt can read what is not an entry.
            await self._give_up(queue, delivery, f"not an entry of this version: {error}")
        elif delivery.attempts >= self._settings.max_attempts:
            logger.error("entry %s failed", delivery.entry_id, exc_info=error)
            await self._give_up(queue, delivery, f"{type(error).__name__}: {error}")
        else:
            logger.warning(
                "entry %s: attempt %d of %d failed",
                delivery.entry_id,
                delivery.attempts,
                self._settings.max_attempts,
                exc_info=error,
            )

    async def _give_up(self, queue: WorkQueue, delivery: Delivery, reason: str) -> None:
        if await queue.bury(delivery, reason):
            self.progress.buried += 1
            logger.error(
                "entry %s went to the dead letters after %d attempts: %s",
                delivery.entry_id,
                delivery.attempts,
                reason,
            )

    async def _trim(self) -> None:
        settings = self._settings
        try:
            for queue, keys in zip(self._queues, all_shards(settings.shards), strict=True):
                if not await self._is_to_trim(keys):
                    continue
                await self._retention.trim(
                    keys, settings.articles_max_age_seconds, settings.articles_max_length
                )
                await self._retention.trim_subscriptions(
                    keys,
                    self._subscriptions.names,
                    settings.articles_max_age_seconds,
                    settings.subscriptions_max_length,
                )
                await queue.forget()
        except TRANSIENT_ERRORS as error:
            logger.debug("trimming is put off: %s", error)

    async def _is_to_trim(self, keys: Keys) -> bool:
        """Tell whether no other worker has trimmed a shard in this minute."""
        try:
            return bool(await self._client.set(keys.trimmed, "", nx=True, ex=_TRIMMED_SECONDS))
        except OutOfMemoryError:
            return True  # it is what frees memory

    async def _refresh(self) -> None:
        try:
            await self._subscriptions.refresh()
        except TRANSIENT_ERRORS as error:
            logger.debug("reading the subscriptions is put off: %s", error)
