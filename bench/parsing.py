"""What it costs to read a feed, and how much reading keeps an event loop from its work.

`python -m bench.parsing` reads feeds of 50 items and about 115 KB that are made here, and prints
CPU milliseconds; then it reads such feeds in threads and in a process beside a loop that ticks.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import platform
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context

from config.model import Feed
from ingest.model import Fetched, ParsedFeed
from ingest.parse.fast.reader import parse_new_items, read_fast
from ingest.parse.rss_atom import parse_feed
from tests.support.farm.content.articles import SAMPLE, PlacedArticle, SourceArticle, read_articles
from tests.support.farm.content.dialects import Format
from tests.support.farm.content.render import Channel, Encoding, Style, render_document, render_item

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FEED = Feed(
    id="bench",
    url="https://bench.example/rss",
    title="أخبار",
    outlet="أخبار",
    country="JO",
    timezone="Asia/Amman",
)
ITEMS = 50
STYLES: tuple[tuple[Format, Encoding], ...] = (
    ("rss20", "utf-8"),
    ("rss10", "utf-8"),
    ("atom10", "utf-8"),
    ("rss20", "windows-1256"),
)


def main() -> None:
    """Run both measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=115_000, help="size of a feed")
    parser.add_argument("--feeds", type=int, default=60, help="feeds read beside the loop")
    options = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    costs(options.bytes)
    for new in (1, ITEMS):
        asyncio.run(beside_a_loop(options.bytes, options.feeds, new))


def costs(size: int) -> None:
    """Print CPU milliseconds of each way to read a feed."""
    print("| feed | KB | hash | none new | one new | feedparser alone | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for format_, encoding in STYLES:
        fetched = answer(make_feed(format_, encoding, size))
        reading = read_fast(fetched, FEED)
        if reading is None:
            raise SystemExit(f"{format_}: the quick reader steps aside")
        known = frozenset(reading.fingerprints[1:])
        same = cpu_ms(partial(hashlib.blake2b, fetched.body, digest_size=16), 20)
        none_new = cpu_ms(partial(read_fast, fetched, FEED), 5)
        one_new = cpu_ms(partial(read_unknown, fetched, known), 5)
        whole = cpu_ms(partial(parse_feed, fetched, FEED, NOW), 1)
        print(
            f"| {format_}, {encoding} | {len(fetched.body) / 1000:.0f} | {same:.2f} "
            f"| {none_new:.2f} | {one_new:.2f} | {whole:.1f} | {whole / one_new:.0f} |"
        )


async def beside_a_loop(size: int, feeds: int, new: int) -> None:
    """Print how late a tick of 1 ms comes while feeds are read, and what reading them costs."""
    fetched = answer(make_feed("rss20", "utf-8", size))
    marks = [entry.fingerprint for entry in parse_feed(fetched, FEED, NOW).entries]
    read = partial(read_unknown, fetched, frozenset(marks[new:]))
    loop = asyncio.get_running_loop()
    print(f"\n{feeds} feeds of {ITEMS} items, {new} new in each")
    print("| read in | CPU ms a feed | tick late, p50 ms | p99 ms | longest ms |")
    print("| --- | ---: | ---: | ---: | ---: |")

    async def at_once() -> object:
        return read()

    def submit(executor: Executor) -> Callable[[], Awaitable[object]]:
        return lambda: loop.run_in_executor(executor, read)

    with (
        ThreadPoolExecutor(2) as threads,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes,
    ):
        await submit(processes)()  # starts it
        ways = {
            "the loop": at_once,
            "two threads": submit(threads),
            "one process": submit(processes),
        }
        for name, way in ways.items():
            own = time.process_time()
            late = await _lateness(way, feeds)
            used = (time.process_time() - own) * 1000 / feeds
            note = " and the process's" if name == "one process" else ""
            median, most = late[len(late) // 2], late[int(len(late) * 0.99)]
            print(f"| {name} | {used:.2f}{note} | {median:.1f} | {most:.1f} | {late[-1]:.1f} |")
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"the process: {child.ru_maxrss / 1024:.0f} MB, {child.ru_utime:.1f} s CPU with its start"
    )


async def _lateness(way: Callable[[], Awaitable[object]], feeds: int) -> list[float]:
    """Return how many milliseconds late each tick came, sorted."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            due = time.perf_counter() + 0.001
            await asyncio.sleep(0.001)
            late.append((time.perf_counter() - due) * 1000)

    ticking = asyncio.create_task(tick())
    gate = asyncio.Semaphore(4)

    async def one() -> None:
        async with gate:
            await way()
            await asyncio.sleep(0.002)  # the rest of a poll

    await asyncio.gather(*(one() for _ in range(feeds)))
    ticking.cancel()
    return sorted(late)


def read_unknown(fetched: Fetched, known: frozenset[str]) -> ParsedFeed | None:
    """Read a body quickly, all but the known."""
    reading = read_fast(fetched, FEED)
    return parse_new_items(reading, known, fetched, FEED, NOW) if reading else None


def answer(body: bytes) -> Fetched:
    """Return an answer that holds a body."""
    return Fetched(FEED.url, FEED.url, None, 200, {}, body, 0.1, NOW)


def make_feed(format_: Format, encoding: Encoding, size: int) -> bytes:
    """Return a feed of so many bytes, more or less, each item with its whole text."""
    articles = read_articles(SAMPLE, ITEMS)
    length = size // ITEMS // 2  # letters of a text
    for _ in range(6):
        body = _render(articles, format_, encoding, length)
        length = max(1, int(length + (size - len(body)) / ITEMS / 2))
    return body


def _render(
    articles: Sequence[SourceArticle], format_: Format, encoding: Encoding, length: int
) -> bytes:
    style = Style(format=format_, encoding=encoding, guid="opaque")
    channel = Channel("أخبار", "https://bench.example/", "ar", "Asia/Amman")
    rendered, urls = [], []
    for number, article in enumerate(articles):
        text = f"{article.text or article.title}\n" * (length // 20)
        full = replace(article, text=text[:length])
        url = f"https://bench.example/news/2026/{number}"
        rendered.append(render_item(PlacedArticle(full, "bench", f"{number}", url), channel, style))
        urls.append(url)
    return render_document(rendered, urls, channel, style)


def cpu_ms(run: Callable[[], object], times: int) -> float:
    """Return the CPU milliseconds of one run: the least of forty means, as others run beside."""
    best = float("inf")
    for _ in range(40):
        started = time.process_time()
        for _ in range(times):
            run()
        best = min(best, (time.process_time() - started) / times)
    return best * 1000


if __name__ == "__main__":
    main()
