"""The ingest daemon: ticks take feeds that are due and hand each to a poll of its own.

APScheduler runs the ticks; there is never a job per feed. Any number of these processes may run
on the same Redis.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from redis.asyncio import Redis

from config.errors import ConfigError
from config.feedlist import load_feeds
from config.settings import Settings
from config.types import Feed
from ingest.fetch import Fetcher
from ingest.poll import Poller, PollOutcome
from ingest.schedule import PollPolicy
from ingest.streams.connection import (
    PASSING_ERRORS,
    first_of,
    keep_going,
    shown,
    wait_until_reachable,
)
from ingest.streams.due import DueSet, TakenFeed
from ingest.streams.entries import EntriesStream
from ingest.streams.keys import Keys, all_shards, shard_of

logger = logging.getLogger(__name__)

RELOAD_SECONDS = 5.0


@dataclass(slots=True)
class IngestProgress:
    """What one ingest process has done since it started.

    Attributes:
        polls: polls that ended, well or badly.
        failed: polls that failed.
        new_entries: entries put on the stream.
        paused: polling stands still because the workers are behind.
    """

    polls: int = 0
    failed: int = 0
    new_entries: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class _Shard:
    keys: Keys
    due: DueSet
    entries: EntriesStream


class IngestService:
    """Polls the feeds of a list until it is stopped.

    Args:
        settings: all of them.
        client: Redis, answering in bytes.
        feeds: the list to start with; it is read again when its file changes.
        address: how to name the server in the log.
        random: source of jitter.
    """

    def __init__(
        self,
        settings: Settings,
        client: Redis,
        feeds: list[Feed],
        address: str,
        random: Random,
    ) -> None:
        self.progress = IngestProgress()
        self._settings = settings
        self._client = client
        self._address = shown(address)
        self._random = random
        self._feeds = {feed.id: feed for feed in feeds}
        self._shards = [
            _Shard(
                keys,
                DueSet(client, keys, settings.lease_seconds),
                EntriesStream(client, keys, settings.seen_retention_seconds),
            )
            for keys in all_shards(settings.shards)
        ]
        self._polls: set[asyncio.Task[None]] = set()
        self._tick = asyncio.Event()
        self._loaded_stamp = _stamp(settings.feeds_file)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; then give back what was taken and return.

        Args:
            stop: set by whoever wants the service to end.
        """
        await first_of(stop.wait(), wait_until_reachable(self._client, self._address))
        async with Fetcher(self._settings) as fetcher:
            poller = Poller(fetcher, PollPolicy.of(self._settings), self._random)
            scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1})
            scheduler.add_job(self._on_tick, "interval", seconds=self._settings.tick_seconds)
            scheduler.add_job(self._reload_if_changed, "interval", seconds=RELOAD_SECONDS)

            async def round_of_polls() -> None:
                await self._poll_what_is_due(poller, stop)
                self._tick.clear()
                await first_of(stop.wait(), self._tick.wait())

            scheduler.start()
            try:
                await keep_going(self._address, self._sync, round_of_polls, stop)
            finally:
                scheduler.shutdown(wait=False)
                await self._give_back()

    async def _poll_what_is_due(self, poller: Poller, stop: asyncio.Event) -> None:
        """Take feeds as long as any are due and slots are free."""
        for shard in self._shards:
            while not stop.is_set() and await self._workers_keep_up(shard):
                room = self._settings.fetch_concurrency - len(self._polls)
                if not room:
                    await first_of(
                        stop.wait(), asyncio.wait(self._polls, return_when="FIRST_COMPLETED")
                    )
                    continue
                taken = await shard.due.take(room)
                for feed in taken:
                    self._start(poller, shard, feed)
                if not taken:
                    break

    async def _workers_keep_up(self, shard: _Shard) -> bool:
        """Back-pressure: stop taking feeds at the limit, go on when the backlog has halved."""
        limit = self._settings.backlog_limit
        backlog = await shard.entries.backlog()
        was_paused = self.progress.paused
        self.progress.paused = backlog >= (limit // 2 if was_paused else limit)
        if self.progress.paused and not was_paused:
            logger.warning("%d entries wait for workers: polling pauses", backlog)
        elif was_paused and not self.progress.paused:
            logger.info("the backlog is down to %d entries: polling goes on", backlog)
        return not self.progress.paused

    def _start(self, poller: Poller, shard: _Shard, taken: TakenFeed) -> None:
        feed = self._feeds.get(taken.feed_id)
        if feed is None:
            # Another process has a newer list; whoever knows the feed takes it after the lease.
            return
        task = asyncio.create_task(self._poll(poller, shard, feed, taken))
        self._polls.add(task)
        task.add_done_callback(self._polls.discard)

    async def _poll(self, poller: Poller, shard: _Shard, feed: Feed, taken: TakenFeed) -> None:
        try:
            outcome = await poller.poll(feed, taken.state, shard.entries)
        except PASSING_ERRORS as error:
            logger.warning("feed %s: poll not committed, it will be repeated: %s", feed.id, error)
        except asyncio.CancelledError:
            await shard.due.postpone(feed.id, 0)
            raise
        except Exception:
            # A fault of ours with one feed must not stop the others; the lease brings it back.
            logger.exception("feed %s: poll failed", feed.id)
        else:
            self._count(outcome)

    def _count(self, outcome: PollOutcome) -> None:
        self.progress.polls += 1
        self.progress.failed += outcome.error is not None
        self.progress.new_entries += outcome.new_entries

    async def _on_tick(self) -> None:
        self._tick.set()

    async def _give_back(self) -> None:
        """End the polls in flight: each gives its feed back, so that the next start goes on."""
        polls = list(self._polls)
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)

    async def _sync(self) -> None:
        by_shard: dict[int, list[str]] = {shard.keys.shard: [] for shard in self._shards}
        for feed in self._feeds.values():
            by_shard[shard_of(feed.url, self._settings.shards)].append(feed.id)
        for shard in self._shards:
            added, removed = await shard.due.sync(
                by_shard[shard.keys.shard], self._settings.seen_retention_seconds
            )
            if added or removed:
                logger.info("feed list: %d feeds added, %d removed", added, removed)

    async def _reload_if_changed(self) -> None:
        """Read the list again when its file changed; a broken one is refused, the old one stays."""
        path = self._settings.feeds_file
        stamp = _stamp(path)
        if stamp == self._loaded_stamp:
            return
        self._loaded_stamp = stamp
        try:
            feeds = await asyncio.to_thread(load_feeds, path)
        except ConfigError as error:
            logger.warning("the feed list is not taken over, the old one stays: %s", error)
            return
        self._feeds = {feed.id: feed for feed in feeds}
        try:
            await self._sync()
        except PASSING_ERRORS as error:
            self._loaded_stamp = None
            logger.warning("the feed list could not be taken over yet: %s", error)


def _stamp(path: Path) -> Mapping[str, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return {"modified_ns": status.st_mtime_ns, "bytes": status.st_size}
