"""The worker daemon: takes entries in batches, makes articles of them and publishes each once.

The work on a shard is in `workers.shard_worker`, what is tidied up in `workers.upkeep`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Sequence

from redis.asyncio import Redis

from config.settings import Settings
from ingest.model import Entry
from ingest.runtime.ticks import Ticks
from ingest.streams.page_troubles import PageTroubles
from nabaa.redis.backoff import keep_going, wait_until_reachable
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.redis.url import redacted
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.shards import agree_on_shards
from workers.pipeline import ArticleMaker
from workers.publish.versions import MadeArticle
from workers.queue import WorkQueue
from workers.shard_worker import ENTRY_SECONDS, ShardWorker, WorkerProgress
from workers.stories.known_texts import KnownTexts
from workers.subscriptions.live import SavedFilters
from workers.upkeep import UPKEEP_SECONDS, Upkeep

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 1.0


class WorkerService:
    """Turns entries into articles until it is stopped.

    Args:
        settings: all settings.
        client: Redis, answering in bytes.
        maker: makes the articles.
        address: name of the server in the log.
        entry_seconds: budget of an entry.
    """

    def __init__(
        self,
        settings: Settings,
        client: Redis,
        maker: ArticleMaker,
        address: str,
        entry_seconds: float = ENTRY_SECONDS,
    ) -> None:
        self.progress = WorkerProgress()
        self._settings = settings
        self._client = client
        self._maker = maker
        self._address = redacted(address)
        self._entry_seconds = entry_seconds
        self._making = asyncio.Lock()
        self._consumer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._subscriptions = SavedFilters(client)
        self._texts = KnownTexts(client) if settings.articles_reprints else None
        self._upkeep = Upkeep(client, settings)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; the batch at hand is finished first.

        Args:
            stop: set by whoever wants the service to end.

        Raises:
            ConfigError: the wire has another number of shards than the settings say.
        """
        await wait_until_reachable(self._client, self._address, stop)
        await agree_on_shards(self._client, self._settings.shards, stop)
        ticks = Ticks()
        ticks.every(UPKEEP_SECONDS, self._tidy_up)
        ticks.every(REFRESH_SECONDS, self._refresh)
        with ticks:
            async with asyncio.TaskGroup() as shards:
                for keys in all_shards(self._settings.shards):
                    shards.create_task(self._work(keys, ticks, stop))

    async def _work(self, keys: Keys, ticks: Ticks, stop: asyncio.Event) -> None:
        """Work on one shard."""
        settings = self._settings
        queue = WorkQueue(
            self._client,
            keys,
            self._consumer,
            self._subscriptions.match,
            settings.article_memory_seconds,
            self._texts,
        )
        worker = ShardWorker(
            queue,
            self._make,
            self._making,
            settings,
            self.progress,
            self._address,
            PageTroubles(self._client, keys),
            self._entry_seconds,
        )
        reclaim_due = asyncio.Event()
        reclaim_due.set()  # what dead workers left behind comes first

        async def on_tick() -> None:
            reclaim_due.set()

        ticks.every(settings.reclaim_idle_seconds / 4, on_tick)
        has_begun = False

        async def begin() -> None:
            nonlocal has_begun
            await agree_on_shards(self._client, settings.shards, stop)
            is_new = await queue.join()
            await self._subscriptions.refresh()  # nothing is published before they are known
            if is_new and has_begun:
                logger.warning(
                    "the queue %s or its group was gone and is made again: Redis may have been "
                    "emptied; entries that were waiting come again with the polls of their feeds",
                    keys.entries,
                )
            has_begun = True

        async def step() -> None:
            if reclaim_due.is_set():
                await worker.take_abandoned(stop)
                reclaim_due.clear()
            await worker.take_new(stop)

        await keep_going(self._address, begin, step, stop)

    def _make(self, entries: Sequence[Entry], pages: Sequence[bytes]) -> list[MadeArticle]:
        articles = self._maker.make(entries, pages)
        return [
            MadeArticle.of(entry, article, self._settings.articles_compression)
            for entry, article in zip(entries, articles, strict=True)
        ]

    async def _tidy_up(self) -> None:
        await self._upkeep.run(self._subscriptions.names)

    async def _refresh(self) -> None:
        try:
            await self._subscriptions.refresh()
        except TRANSIENT_ERRORS as error:
            logger.debug("the subscriptions are read later: %s", error)
