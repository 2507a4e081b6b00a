"""The work on one shard: entries become articles, are tried again, or go to the dead letters.

Making articles is CPU work and runs in a thread, so that the loop can answer and stop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from redis.exceptions import ResponseError

from config.settings import Settings
from ingest.model import Entry
from ingest.streams.entries import decode_entry
from ingest.streams.page_troubles import PageTroubles
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.errors import TRANSIENT_ERRORS, StoredDataError
from nabaa.tasks import start_logged
from workers.page_outcomes import tell_outcomes
from workers.publish.versions import MadeArticle
from workers.queue import Delivery, WorkQueue

logger = logging.getLogger(__name__)

BLOCK_SECONDS = 1.0
ENTRY_SECONDS = 60.0
"""Budget of an entry: what takes longer is given up, so that it does not go round all workers."""
LONG_ENTRY_BYTES = 100_000
"""An entry of more JSON than this is made after the others of its batch, by itself."""
_STILL_AT_WORK_SECONDS = 60.0

PAGE_ATTEMPTS = 2
"""An entry that was tried so often is made without its page: what a page does to a worker must not
cost the article."""

Make = Callable[[Sequence[Entry], Sequence[bytes]], list[MadeArticle]]
"""Makes the article of each entry, given its page or nothing, in order; CPU work."""


@dataclass(slots=True)
class WorkerProgress:
    """The counts of one worker process since it started.

    Attributes:
        published: articles put on the stream.
        failed: attempts at an entry that failed.
        buried: entries sent to the dead letters.
    """

    published: int = 0
    failed: int = 0
    buried: int = 0


class ShardWorker:
    """Makes articles of the entries of one shard and publishes them.

    Args:
        queue: entries of the shard.
        make: makes articles of a batch, in a thread.
        making: held while articles are made: the recogniser is not for two threads.
        settings: all settings.
        progress: counts of the process.
        address: name of the server in the log, without its password.
        troubles: told what came of the pages that are read.
        entry_seconds: budget of an entry.
    """

    def __init__(
        self,
        queue: WorkQueue,
        make: Make,
        making: asyncio.Lock,
        settings: Settings,
        progress: WorkerProgress,
        address: str,
        troubles: PageTroubles,
        entry_seconds: float = ENTRY_SECONDS,
    ) -> None:
        self._queue = queue
        self._troubles = troubles
        self._make = make
        self._making = making
        self._settings = settings
        self._progress = progress
        self._backoff = RedisBackoff(address)
        self._entry_seconds = entry_seconds
        self._unburied = ""

    async def take_new(self, stop: asyncio.Event) -> None:
        """Take entries that no worker has had, and process them.

        Args:
            stop: ends waits for Redis.

        Raises:
            redis.exceptions.RedisError: the server cannot be used; what was taken stays pending.
        """
        block = min(BLOCK_SECONDS, self._settings.reclaim_idle_seconds / 4)
        await self._process(await self._queue.take(self._settings.batch_size, block), stop)

    async def take_abandoned(self, stop: asyncio.Event) -> None:
        """Take all entries that other workers have held for too long, and process them one by one.

        Args:
            stop: ends it after the entry at hand.

        Raises:
            redis.exceptions.RedisError: the server cannot be used; what was taken stays pending.
        """
        cursor = "0-0"
        while not stop.is_set():
            idle_seconds = self._settings.reclaim_idle_seconds
            delivery, cursor = await self._queue.reclaim(idle_seconds, cursor)
            if delivery is None:
                if cursor == "0-0":
                    return
                continue
            logger.info("entry %s: attempt %d", delivery.entry_id, delivery.attempts)
            if delivery.attempts > self._settings.max_attempts:
                await self._give_up(delivery, "no worker that took it finished it or said why")
            else:
                await self._process([delivery], stop)

    async def _process(self, deliveries: Sequence[Delivery], stop: asyncio.Event) -> None:
        """Publish the articles of a batch; long entries come last, each by itself."""
        short = [each for each in deliveries if len(each.data) <= LONG_ENTRY_BYTES]
        long = [[each] for each in deliveries if len(each.data) > LONG_ENTRY_BYTES]
        held = set(deliveries)
        async with self._claims_renewed(held):
            for group in filter(None, (short, *long)):
                await self._process_group(group, held, stop)

    async def _process_group(
        self, group: Sequence[Delivery], held: set[Delivery], stop: asyncio.Event
    ) -> None:
        """Publish the articles of entries; where making them fails as a whole, one by one.

        Args:
            group: the entries.
            held: entries whose claims are renewed; those that are dealt with leave it.
            stop: ends waits for Redis.
        """
        try:
            entries = [decode_entry(delivery.data) for delivery in group]
            made = await self._made_in_time(group, entries, held)
        except Exception as error:
            if len(group) > 1:
                for delivery in group:
                    await self._process_group([delivery], held, stop)
                return
            held.difference_update(group)
            await self._log_failure(group[0], error)
            return
        await self._publish(list(zip(group, made, strict=True)), stop)
        held.difference_update(group)

    async def _made_in_time(
        self, group: Sequence[Delivery], entries: Sequence[Entry], held: set[Delivery]
    ) -> list[MadeArticle]:
        """Make articles; an entry over its budget is given up, and its thread waited for."""
        async with self._making:
            pages = [each.page if each.attempts <= PAGE_ATTEMPTS else b"" for each in group]
            making = asyncio.ensure_future(asyncio.to_thread(self._make, entries, pages))
            done, _ = await asyncio.wait({making}, timeout=self._entry_seconds)
            if not done:
                held.difference_update(group)
                await self._give_up_late(group)
            while not done:
                # A thread cannot be ended from outside, and only one may make articles at a time.
                done, _ = await asyncio.wait({making}, timeout=_STILL_AT_WORK_SECONDS)
                if not done:
                    logger.error(
                        "entry %s is still being worked on: this process makes no other article",
                        group[0].entry_id,
                    )
            return making.result()

    async def _give_up_late(self, group: Sequence[Delivery]) -> None:
        seconds = f"{self._entry_seconds:g} seconds"
        if len(group) == 1:
            await self._give_up(group[0], f"no article was made of it within {seconds}")
        else:
            logger.warning(
                "no articles were made of %d entries, %s and later, within %s: each is tried by "
                "itself by the next worker",
                len(group),
                group[0].entry_id,
                seconds,
            )

    @asynccontextmanager
    async def _claims_renewed(self, held: Collection[Delivery]) -> AsyncIterator[None]:
        """Keep other workers from taking over what this one is still at, while the block runs."""
        is_over = False

        async def renew() -> None:
            while not is_over:
                await asyncio.sleep(self._settings.reclaim_idle_seconds / 3)
                try:
                    if held:
                        await self._queue.renew(list(held))
                except (*TRANSIENT_ERRORS, ResponseError) as error:
                    logger.debug("claims are not renewed: %s", error)

        renewing = start_logged("the renewal of claims", renew())
        try:
            yield
        finally:
            # A cancellation may get lost in a command that ends at the same moment.
            is_over = True
            renewing.cancel()
            await asyncio.wait({renewing})

    async def _publish(
        self, results: Sequence[tuple[Delivery, MadeArticle]], stop: asyncio.Event
    ) -> None:
        """Publish articles; where a stream or the server cannot take them, wait and try again.

        The entries stay with this worker meanwhile. At the stop they are handed back: an attempt
        that Redis has frustrated is none of the entry's.
        """
        while True:
            try:
                self._progress.published += await self._queue.publish(results)
                await self._tell_pages(results)
            except TRANSIENT_ERRORS as error:
                if stop.is_set():
                    await self._queue.hand_back([delivery for delivery, _ in results])
                    raise
                await self._backoff.wait(error, stop)
            else:
                self._backoff.reset()
                return

    async def _tell_pages(self, results: Sequence[tuple[Delivery, MadeArticle]]) -> None:
        articles = [made.article for each, made in results if each.page and made.article]
        if read := [article for article in articles if article.page]:
            await tell_outcomes(self._troubles, read)

    async def _log_failure(self, delivery: Delivery, error: Exception) -> None:
        """Leave the entry pending for another attempt, or bury it after the last one."""
        self._progress.failed += 1
        if isinstance(error, msgspec.MsgspecError):
            # No further attempt can read what is not an entry.
            await self._give_up(delivery, f"not an entry of this version: {error}")
        elif delivery.attempts >= self._settings.max_attempts:
            logger.error("entry %s failed", delivery.entry_id, exc_info=error)
            await self._give_up(delivery, f"{type(error).__name__}: {error}")
        else:
            logger.warning(
                "entry %s: attempt %d of %d failed",
                delivery.entry_id,
                delivery.attempts,
                self._settings.max_attempts,
                exc_info=error,
            )

    async def _give_up(self, delivery: Delivery, reason: str) -> None:
        """Send an entry to the dead letters; where these cannot take it, it stays queued."""
        try:
            is_buried = await self._queue.bury(delivery, reason)
        except StoredDataError as error:
            if str(error) != self._unburied:
                logger.error("entry %s stays queued: %s", delivery.entry_id, error)
            self._unburied = str(error)
            return
        self._unburied = ""
        if is_buried:
            self._progress.buried += 1
            logger.error(
                "entry %s went to the dead letters after %d attempts: %s",
                delivery.entry_id,
                delivery.attempts,
                reason,
            )
