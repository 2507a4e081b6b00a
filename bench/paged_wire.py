"""The wire with pages: short feeds whose articles have pages that answer in 300 ms."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections import Counter
from datetime import UTC, datetime

from bench.wire import KEYS, Wire, row, wait
from nabaa import GroupReader
from nabaa.redis.connection import connect
from tests.support.faults.paged_site import PagedSite, run_paged_site, title_of

PAGE_SECONDS = 0.3
PAGE_BYTES = 60_000
FEEDS = 50
WARM_UP_SECONDS = 10.0


def measure_pages(limit: int, rate: float, seconds: float, recogniser: str) -> None:
    """Print how fast pages come through, and how long an article takes with its page.

    Args:
        limit: articles of the run for throughput.
        rate: articles a second of the run for latency.
        seconds: length of that run.
        recogniser: who finds the names.
    """
    _throughput(limit, recogniser)
    _latency(rate, seconds, recogniser)


def _site() -> PagedSite:
    return PagedSite(FEEDS, lambda _: PAGE_SECONDS, PAGE_BYTES)


def _throughput(limit: int, recogniser: str) -> None:
    """Let all pages be fetched first, then one worker read them."""
    site = _site()
    site.shown = limit
    with Wire(
        run_paged_site(site),
        site.feeds,
        recogniser=recogniser,
        page_wait_seconds="600",
        feed_entries_per_day="1000000",
    ) as wire:
        started = time.monotonic()
        with wire.daemon("ingest") as ingest:
            wait(lambda: wire.client.xlen(KEYS.entries) >= limit, 600)
            fetched, fetch_cpu = time.monotonic() - started, ingest.cpu_seconds()
            ingest_peak = ingest.peak_bytes()
        queue_bytes = wire.client.memory_usage(KEYS.entries, samples=100) or 0
        with wire.daemon("work") as work:
            wait(lambda: wire.client.xlen(KEYS.articles) > 0, 120)
            first, cpu = wire.client.xlen(KEYS.articles), work.cpu_seconds()
            began = time.monotonic()
            wait(lambda: wire.client.xlen(KEYS.articles) >= limit, 900)
            elapsed, used = time.monotonic() - began, work.cpu_seconds() - cpu
            work_peak = work.peak_bytes()
        articles = wire.articles()
    titles = Counter(article.title for article in articles)
    size = f"{PAGE_BYTES / 1e3:.0f} KB"
    print(f"\n{limit:,} articles with pages of {size}, fetched first, one worker")
    row("ingest: pages/s, 32 in flight", limit / fetched)
    row("ingest: CPU ms a page", 1000 * fetch_cpu / limit)
    row("queue in Redis: KB an entry with its page", queue_bytes / limit / 1e3)
    row("worker: articles/s", (limit - first) / elapsed)
    row("worker: articles/s and core (CPU time)", (limit - first) / used)
    row("ingest: peak memory, MB", ingest_peak / 1e6)
    row("worker: peak memory, MB", work_peak / 1e6)
    row("lost", sum(title_of(number) not in titles for number in range(limit)))
    row("doubled", sum(times > 1 for times in titles.values()))
    row("texts from pages", sum(article.body_source == "page" for article in articles))
    row("pages asked for twice", sum(times > 1 for times in site.asked.values()))
    row("words an article", statistics.mean(len(a.body_text.split()) for a in articles))


def _latency(rate: float, seconds: float, recogniser: str) -> None:
    """Let articles appear at a steady rate, and time each from its poll to a subscriber."""
    site, done = _site(), threading.Event()

    def show() -> None:
        while not done.wait(1 / rate):
            site.shown += 1

    with (
        Wire(
            run_paged_site(site),
            site.feeds,
            recogniser=recogniser,
            feed_entries_per_day="1000000",
        ) as wire,
        wire.daemon("ingest") as ingest,
        wire.daemon("work") as work,
    ):
        showing = threading.Thread(target=show)
        showing.start()
        try:
            delays, late = asyncio.run(_receive(wire, seconds))
        finally:
            done.set()
            showing.join()
        delays.sort()
        print(
            f"\n{len(delays):,} articles at {rate:g}/s in {FEEDS} feeds, pages answer in "
            f"{1000 * PAGE_SECONDS:.0f} ms, from poll to subscriber"
        )
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)):
            row(f"{name}, ms", 1000 * delays[min(len(delays) - 1, int(share * len(delays)))])
        row("without the text of their pages", late)
        row("ingest: peak memory, MB", ingest.peak_bytes() / 1e6)
        row("worker: peak memory, MB", work.peak_bytes() / 1e6)


async def _receive(wire: Wire, seconds: float) -> tuple[list[float], int]:
    """Return seconds from poll to here, and how many articles came without their page's text."""
    delays: list[float] = []
    late = 0
    began: datetime | None = None
    stop = asyncio.Event()
    async with connect(wire.url) as client, asyncio.timeout(seconds + 120):
        subscriber = GroupReader(client, 1, "bench", "me")
        async for received in subscriber.read(stop):
            now, seen = datetime.now(UTC), received.article.first_seen
            began = began or seen
            await subscriber.acknowledge(received)
            since = (seen - began).total_seconds()
            if since > WARM_UP_SECONDS + seconds:
                break
            if since > WARM_UP_SECONDS:
                delays.append((now - seen).total_seconds())
                late += received.article.body_source != "page"
    return delays, late
