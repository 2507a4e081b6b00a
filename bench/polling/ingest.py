"""The ingest process that is measured."""

from __future__ import annotations

import asyncio
import cProfile
import json
import resource
import socket
import sys
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from aiohttp.abc import ResolveResult
from redis.asyncio import Redis

from bench.polling.load import Load
from config.feed_list import load_feeds
from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Enter
from ingest.model import FeedState
from ingest.poller import Poller, PollResult
from ingest.runtime.session import run_with_redis
from ingest.service import IngestService
from ingest.streams.entries import EntriesStream
from tests.support.farm.content.names import LoopbackResolver

WARM_UP_SECONDS = 10.0
UNKNOWN_SHARE = 0.005


class FlakyResolver(LoopbackResolver):
    """Knows every name, but for a share of the times it is asked."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self._random = Random(11)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Answer at once, or not at all."""
        self.asked.clear()
        if self._random.random() < self._share:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await super().resolve(host, port, family)


def measure(told: Connection, load: Load, url: str, listed: Path) -> None:
    """Run the ingest as the command does; send what was measured. Of a process of its own."""
    settings = Settings(
        redis_url=url,
        feeds_file=listed,
        allow_private_addresses=True,
        full_text="never",
        host_gap_seconds=1.0 if load.polite else 0.0,
        fetch_timeout_seconds=30.0 if load.polite else 5.0,
        backlog_limit=1_000_000,
    )
    started = time.process_time()
    feeds = load_feeds(listed)
    load_seconds = time.process_time() - started
    late: list[float] = []

    class Timed(Poller):
        async def poll(
            self, feed: Feed, state: FeedState, stream: EntriesStream, enter: Enter | None = None
        ) -> PollResult:
            if state.next_due:
                late.append((datetime.now(UTC) - state.next_due).total_seconds())
            return await super().poll(feed, state, stream, enter)

    sys.modules["ingest.service"].Poller = Timed  # type: ignore[attr-defined]

    async def body(client: Redis, stop: asyncio.Event) -> None:
        share = UNKNOWN_SHARE if load.mix == "mixed" else 0.0
        service = IngestService(
            settings, client, feeds, url, Random(5), resolver=FlakyResolver(share)
        )
        running = asyncio.create_task(service.run(stop))
        await asyncio.sleep(WARM_UP_SECONDS + load.feeds / 10_000)
        late.clear()
        done = service.progress
        polls, failed, new = done.polls, done.failed, done.new_entries
        cpu, clock = time.process_time(), time.monotonic()
        system = resource.getrusage(resource.RUSAGE_SELF).ru_stime
        profile = cProfile.Profile() if load.profile else None
        if profile:
            profile.enable()
        await asyncio.sleep(load.window_seconds)
        if profile and load.profile:
            profile.disable()
            profile.dump_stats(load.profile)
        cpu, clock = time.process_time() - cpu, time.monotonic() - clock
        system = resource.getrusage(resource.RUSAGE_SELF).ru_stime - system
        polls, failed, new = done.polls - polls, done.failed - failed, done.new_entries - new
        waits = sorted(late) or [0.0]
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()  # noqa: ASYNC240
        told.send(
            json.dumps(
                {
                    "rate": polls / clock,
                    "ms": cpu * 1000 / max(1, polls),
                    "system": 100 * system / cpu,
                    "per_cpu": polls / cpu,
                    "failed": 100 * failed / max(1, polls),
                    "new": new,
                    "p50": waits[len(waits) // 2],
                    "p99": waits[int(len(waits) * 0.99)],
                    "rss": resident / 1e6,
                    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                    "load": load_seconds,
                }
            )
        )
        stop.set()
        await running

    run_with_redis(url, body)
