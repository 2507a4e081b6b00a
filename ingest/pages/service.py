"""The stage that fetches the pages of articles, beside the polls of one ingest process.

Pages that are due are taken by leases, so any number of processes share the work. Entries that have
waited for long enough go to the workers without their pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from redis.asyncio import Redis

from config.settings import Settings
from ingest.connectivity import Connectivity
from ingest.fetch.hosts.limits import HostGate
from ingest.fetch.robots import RobotsGuard
from ingest.pages.fetching import PageFetcher
from ingest.pages.model import PageProgress, PageShard
from ingest.pages.runner import PageRunner
from ingest.streams.page_copies import PageCopies
from ingest.streams.page_troubles import PageTroubles
from ingest.streams.pages import PageQueue
from nabaa.redis.backoff import keep_going
from nabaa.streams.keys import Keys, all_shards
from nabaa.tasks import first_of


class PageService:
    """Fetches the pages that entries wait for, until it is stopped.

    Args:
        settings: all of them.
        client: Redis, answering in bytes.
        address: name of the server in the log.
        robots: asked before each request.
        gate: lets requests in to hosts.
        connectivity: says whether there is a network.
        has_room: tells whether the queue of a shard takes more pages now.

    Attributes:
        progress: counts of this process.
    """

    def __init__(
        self,
        settings: Settings,
        client: Redis,
        address: str,
        robots: RobotsGuard,
        gate: HostGate,
        connectivity: Connectivity,
        has_room: Callable[[Keys], bool],
    ) -> None:
        self.progress = PageProgress()
        self._settings = settings
        self._address = address
        self._connectivity = connectivity
        self._has_room = has_room
        self._wake = asyncio.Event()
        of_shards = all_shards(settings.shards)
        lease, memory = settings.lease_seconds, settings.article_memory_seconds
        self._shards = [
            PageShard(keys, PageQueue(client, keys, lease, memory), PageTroubles(client, keys))
            for keys in of_shards
        ]
        copies = PageCopies(client, of_shards, lease, settings.page_memory_seconds)
        fetcher = PageFetcher(robots, settings.page_max_bytes)
        self._runner = PageRunner(settings, fetcher, gate, copies, connectivity, self.progress)

    def wake(self) -> None:
        """Look at once what is due: a poll has brought entries."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch pages until `stop` is set; then give back what was taken and return.

        Args:
            stop: set by whoever wants the service to end.
        """

        async def begin() -> None:
            return

        async def round_of_pages() -> None:
            self._wake.clear()
            for shard in self._shards:
                self.progress.released += await shard.queue.release_overdue()
                await self._take(shard, stop)
            waits = [stop.wait(), self._wake.wait(), asyncio.sleep(self._settings.tick_seconds)]
            if self._runner.free_slots <= 0:
                waits.append(self._runner.wait_for_any())
            await first_of(*waits)

        try:
            await keep_going(self._address, begin, round_of_pages, stop)
        finally:
            await self._runner.end()

    async def _take(self, shard: PageShard, stop: asyncio.Event) -> None:
        """Take pages as long as any are due and slots are free."""
        while not stop.is_set() and self._may_take(shard):
            limit = self._runner.free_slots
            jobs = await shard.queue.take(limit)
            await self._runner.start(shard, jobs)
            if len(jobs) < limit:
                return

    def _may_take(self, shard: PageShard) -> bool:
        return (
            self._runner.free_slots > 0
            and not self._connectivity.is_offline
            and self._has_room(shard.keys)
        )
