"""The ingest daemon: ticks take feeds that are due and hand each to a poll of its own.

How the polls run beside each other is `ingest.inflight`'s. There is never a job per feed. Any
number of these processes may run on the same Redis.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from random import Random

from aiohttp.abc import AbstractResolver
from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.backpressure import Backpressure
from ingest.connectivity import Connectivity
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.hosts.limits import HostGate
from ingest.fetch.robots import RobotsGuard
from ingest.inflight import IngestProgress, PollRunner
from ingest.model import FeedState, Fetched, ParsedFeed
from ingest.pages.choice import page_plan
from ingest.pages.model import PageProgress
from ingest.pages.service import PageService
from ingest.poller import Poller
from ingest.register import FeedRegister, Shard
from ingest.runtime.signals import handle_hangup
from ingest.runtime.ticks import Ticks
from ingest.schedule.entry_limits import EntryLimits
from ingest.schedule.policy import PollPolicy
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream
from ingest.websub.deliveries import PushProgress
from ingest.websub.service import PushService
from nabaa.redis.backoff import keep_going, wait_until_reachable
from nabaa.redis.clock import RedisClock
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.redis.url import redacted
from nabaa.streams.keys import all_shards
from nabaa.streams.shards import agree_on_shards
from nabaa.tasks import first_of, keep_running, start_logged

logger = logging.getLogger(__name__)

RELOAD_SECONDS = 5.0
REGISTERED_SECONDS = 20.0
"""Time between two looks whether all feeds are registered in Redis."""

PUSH_SECONDS = 1.0
CLOCK_SECONDS = 60.0


class IngestService:
    """Polls the feeds of a list until it is stopped.

    Args:
        settings: all of them.
        client: Redis, answering in bytes.
        feeds: the list to start with; it is read again when its file changes.
        address: name of the server in the log.
        random: source of jitter.
        resolver: looks names up in place of the system's resolver.
    """

    def __init__(
        self,
        settings: Settings,
        client: Redis,
        feeds: Sequence[Feed],
        address: str,
        random: Random,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.progress = IngestProgress()
        self._settings = settings
        self._client = client
        self._address = redacted(address)
        self._random = random
        self._resolver = resolver
        self._shards = [
            Shard(
                keys,
                DueSet(client, keys, settings.lease_seconds),
                EntriesStream(client, keys, settings.seen_retention_seconds, page_plan(settings)),
            )
            for keys in all_shards(settings.shards)
        ]
        self._connectivity = Connectivity()
        self._register = FeedRegister(settings, self._shards, feeds, self._connectivity)
        self._backpressure = Backpressure(settings, self.progress)
        self._tick = asyncio.Event()
        self._push: PushService | None = None
        self._pages: PageService | None = None

    @property
    def page_progress(self) -> PageProgress | None:
        """What this process has done with pages; None before it runs."""
        return self._pages.progress if self._pages else None

    @property
    def push_progress(self) -> PushProgress | None:
        """The deliveries of hubs to this process; None before it runs."""
        return self._push.progress if self._push else None

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; then give back what was taken and return.

        Args:
            stop: set by whoever wants the service to end.
        """
        await wait_until_reachable(self._client, self._address, stop)
        await agree_on_shards(self._client, self._settings.shards, stop)
        clock = RedisClock(self._client)
        async with Fetcher(self._settings, resolver=self._resolver) as fetcher:
            register = self._register
            robots = RobotsGuard(fetcher)
            gate = HostGate(self._client, self._settings, robots.crawl_delay_seconds)
            push = self._push = PushService(
                self._settings,
                self._client,
                fetcher,
                gate,
                register.get,
                self._random,
                clock.now,
                page_plan(self._settings),
            )
            register.push = push
            pages = self._pages = PageService(
                self._settings,
                self._client,
                self._address,
                robots,
                gate,
                self._connectivity,
                self._backpressure.has_room,
            )

            async def on_document(
                feed: Feed, state: FeedState, fetched: Fetched, parsed: ParsedFeed, added: int
            ) -> None:
                if added:
                    pages.wake()
                await push.on_document(feed, state, fetched, parsed, added)

            policy = PollPolicy.of(self._settings)
            poller = Poller(
                fetcher,
                policy,
                self._random,
                clock.now,
                on_document=on_document,
                connectivity=self._connectivity,
                limits=EntryLimits.of(self._settings),
            )
            guard = robots if self._settings.robots_for_feeds else None
            slots = self._settings.fetch_concurrency
            runner = PollRunner(poller, gate, guard, slots, self.progress, self._connectivity)
            ticks = Ticks()
            ticks.every(self._settings.tick_seconds, self._on_tick)
            ticks.every(PUSH_SECONDS, self._ask_hubs)
            ticks.every(REGISTERED_SECONDS, partial(self._restore_missing, stop))
            ticks.every(CLOCK_SECONDS, partial(self._sync_clock, clock))
            reload = ticks.every(RELOAD_SECONDS, register.reload_if_changed)

            def reload_now() -> None:
                register.mark_changed()
                reload()

            async def begin() -> None:
                await clock.sync()
                await register.sync()

            async def round_of_polls() -> None:
                await self._poll_what_is_due(runner, stop)
                self._tick.clear()
                await first_of(stop.wait(), self._tick.wait())

            fetching = start_logged(
                "the stage of pages",
                keep_running("the stage of pages", partial(pages.run, stop), stop),
            )
            try:
                with ticks, handle_hangup(reload_now, stop):
                    async with push.listening():
                        await keep_going(self._address, begin, round_of_polls, stop)
            finally:
                if not stop.is_set():
                    fetching.cancel()
                await asyncio.wait({fetching})
                await runner.end()

    async def _poll_what_is_due(self, runner: PollRunner, stop: asyncio.Event) -> None:
        """Take feeds as long as any are due and slots are free."""
        for shard in self._shards:
            while not stop.is_set() and await self._backpressure.allows(shard):
                if runner.free_slots <= 0:
                    await first_of(stop.wait(), runner.wait_for_any())
                    continue
                taken = await shard.due.take(runner.free_slots)
                await runner.start(shard, taken, self._register.feeds)
                if not taken:
                    break

    async def _sync_clock(self, clock: RedisClock) -> None:
        try:
            await clock.sync()
        except TRANSIENT_ERRORS as error:
            logger.debug("Redis was not asked for its time: %s", error)

    async def _on_tick(self) -> None:
        self._connectivity.check()
        self._tick.set()

    async def _restore_missing(self, stop: asyncio.Event) -> None:
        if await self._register.restore_missing():
            await agree_on_shards(self._client, self._settings.shards, stop)

    async def _ask_hubs(self) -> None:
        if self._push and not self._connectivity.is_offline:
            await self._push.tick()
