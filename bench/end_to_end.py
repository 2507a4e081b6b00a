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
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.paged_wire import measure_pages
from bench.wire import KEYS, Wire, row, wait
from nabaa import GroupReader
from nabaa.redis.connection import connect
from nabaa.types import Article
from tests.support.farm.content.articles import SAMPLE, key_of, read_articles
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread

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
    parser.add_argument(
        "--pages", action="store_true", help="short feeds whose articles have pages of 300 ms"
    )
    options = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}; "
        f"load {os.getloadavg()[0]:.1f}; recogniser {options.recogniser}"
    )
    name: str = options.recogniser
    if options.pages:
        measure_pages(options.limit, options.rate, options.seconds, name)
        return
    throughput(options.articles, options.limit, options.feeds, name)
    latency(options.articles, options.rate, options.seconds, name)


def throughput(path: Path, limit: int, feeds: int, recogniser: str) -> None:
    """Queue all articles first, then let one worker publish them."""
    farm = Farm(read_articles(path, limit), feeds, window=limit, interval_seconds=None)
    with _farm_wire(farm, recogniser) as wire:
        expected = {entry.key for entry in farm.expected()}
        started = time.monotonic()
        with wire.daemon("ingest") as ingest:
            wait(lambda: wire.client.xlen(KEYS.entries) >= len(expected), 300)
            ingested = time.monotonic() - started
            ingest_cpu, ingest_peak = ingest.cpu_seconds(), ingest.peak_bytes()
        with wire.daemon("work") as work:
            wait(lambda: wire.client.xlen(KEYS.articles) > 0, 60)
            started, cpu, first = (
                time.monotonic(),
                work.cpu_seconds(),
                wire.client.xlen(KEYS.articles),
            )
            wait(lambda: wire.client.xlen(KEYS.articles) >= len(expected), 600)
            elapsed = time.monotonic() - started
            used = work.cpu_seconds() - cpu
            work_peak = work.peak_bytes()
        articles = wire.articles()
        arrived = Counter(key_of(article.url) for article in articles)
        done = len(expected) - first
        print(f"\n{len(expected):,} articles in {feeds} feeds, queued first, one worker")
        row("ingest: articles/s", len(expected) / ingested)
        row("ingest: CPU seconds", ingest_cpu)
        row("worker: articles/s", done / elapsed)
        row("worker: articles/s and core (CPU time)", done / used)
        row("ingest: peak memory, MB", ingest_peak / 1e6)
        row("worker: peak memory, MB", work_peak / 1e6)
        row("lost", len(expected - arrived.keys()))
        row("doubled", sum(times > 1 for times in arrived.values()))
        row("mentions that do not cut their text", sum(map(_wrong_mentions, articles)))
        row("entities an article", statistics.mean(len(a.entities) for a in articles))
        row("words an article", statistics.mean(len(a.body_text.split()) for a in articles))


def latency(path: Path, rate: float, seconds: float, recogniser: str) -> None:
    """Let articles appear at a steady rate and time each from its poll to a subscriber.

    What was there at the start comes in one burst while the daemons are still loading: the first
    seconds are left out.
    """
    feeds = 100
    articles = read_articles(path, int(rate * (WARM_UP_SECONDS + seconds)))
    farm = Farm(articles, feeds, window=8, per_second=rate, interval_seconds=None)
    with (
        _farm_wire(farm, recogniser) as wire,
        wire.daemon("ingest") as ingest,
        wire.daemon("work") as work,
    ):
        delays = asyncio.run(_receive(wire, len(farm.expected())))
        delays.sort()
        print(f"\n{len(delays):,} articles at {rate:g}/s in {feeds} feeds, from poll to subscriber")
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)):
            row(f"{name}, ms", 1000 * delays[min(len(delays) - 1, int(share * len(delays)))])
        row("ingest: peak memory, MB", ingest.peak_bytes() / 1e6)
        row("worker: peak memory, MB", work.peak_bytes() / 1e6)


def _farm_wire(farm: Farm, recogniser: str) -> Wire:
    return Wire(run_farm_in_thread(farm), farm.feeds, recogniser=recogniser, full_text="never")


async def _receive(wire: Wire, count: int) -> list[float]:
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


if __name__ == "__main__":
    main()
