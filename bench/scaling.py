"""Where the wire's next bottleneck is: measured with one and two workers, simulated for a hundred.

    python -m bench.scaling --articles ../shared/data/news/ant.jsonl.gz --plot docs/scaling.svg

Measures what an article costs a worker and the server, then lets these service times queue up
(`bench.queues`). Loopback only; bounded and self-ending.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import get_args

import redis

from bench.queues import Load, Times, simulate
from config.model import Feed
from ingest.model import Entry
from ingest.streams.entries import encode_entry
from nabaa import GroupReader
from nabaa.redis.connection import connect
from nabaa.streams.keys import WORKERS_GROUP, Keys
from nabaa.types import Compression
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.content.articles import SAMPLE, SourceArticle, read_articles
from tests.support.servers import Server

KEYS = Keys(0)
FEED = Feed("bench", "https://bench.example/rss", "bench", "bench", "JO", "Asia/Amman")
WARM_UP = 300  # articles, before anything is measured
RATES = (10, 25, 50, 100, 200, 400, 600, 800, 1000)
WORKERS = (1, 2, 4, 8, 16, 32, 64, 100)
SIMULATED = 40_000  # articles in each run
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """What an article costs; seconds of CPU and bytes.

    Attributes:
        worker: of a worker's process.
        publish: of the server, from the entry that is taken to the article that is out.
        read: of the server, for each group that reads and acknowledges it.
        enqueue: of the server, for its entry.
        article_bytes: on the stream.
        record_bytes: of what is remembered of it.
    """

    worker: float
    publish: float
    read: float
    enqueue: float
    article_bytes: float
    record_bytes: float


def main() -> None:
    """Measure, simulate and print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=SAMPLE, help="JSONL or JSONL.gz")
    parser.add_argument("--limit", type=int, default=3000, help="articles of each measurement")
    parser.add_argument("--plot", type=Path, help="where to write the curve")
    parser.add_argument("--compression", choices=get_args(Compression), default="none")
    chosen = parser.parse_args()
    articles = read_articles(chosen.articles, WARM_UP + chosen.limit)
    entries = [encode_entry(_entry(article)) for article in articles]
    print("| workers | articles/s | CPU ms an article | server's CPU us an article |")
    print("| ---: | ---: | ---: | ---: |")
    runs = [_work(entries, workers, chosen.compression) for workers in (1, 2)]
    measured = runs[0]
    print(f"\n{measured}\n")
    times = Times(measured.worker, measured.enqueue + measured.publish, measured.read)
    _print_capacity(times)
    _print_delays(times)
    if chosen.plot:
        _plot(chosen.plot, times)


def _work(entries: Sequence[bytes], workers: int, compression: Compression) -> Measured:
    """Fill a queue and let the workers empty it."""
    with tempfile.TemporaryDirectory() as name, _server(Path(name)) as url:
        client = redis.Redis.from_url(url)
        settings = {"NABAA_REDIS_URL": url, "NABAA_ARTICLES_COMPRESSION": compression}
        client.xgroup_create(KEYS.entries, WORKERS_GROUP, "0", mkstream=True)
        daemons = [
            Daemon("work", settings=settings, log=Path(name) / f"{number}.log")
            for number in range(workers)
        ]
        for daemon in daemons:
            daemon.start()
        try:
            _enqueue(client, entries[:WARM_UP])
            eventually(lambda: client.xlen(KEYS.entries) == 0, 120)
            enqueue = _server_cpu(client)
            for daemon in daemons:
                daemon.process.send_signal(signal.SIGSTOP)  # they begin together, with a full queue
            measured = entries[WARM_UP:]
            _enqueue(client, measured)
            server = _server_cpu(client)
            enqueued = (server - enqueue) / len(measured)
            used = sum(_cpu(daemon.process.pid) for daemon in daemons)
            started = time.perf_counter()
            for daemon in daemons:
                daemon.process.send_signal(signal.SIGCONT)
            eventually(lambda: client.xlen(KEYS.entries) == 0, 500)
            seconds = time.perf_counter() - started
            used = sum(_cpu(daemon.process.pid) for daemon in daemons) - used
            published = (_server_cpu(client) - server) / len(measured)
        finally:
            for daemon in daemons:
                daemon.stop()
        before = _server_cpu(client)
        count = asyncio.run(_read(url))
        read = (_server_cpu(client) - before) / count
        records = list(client.scan_iter(KEYS.article("*"), count=1000))[:500]
        print(
            f"| {workers} | {len(measured) / seconds:.0f} | {used / len(measured) * 1e3:.2f} "
            f"| {(enqueued + published) * 1e6:.0f} |"
        )
        return Measured(
            used / len(measured),
            published,
            read,
            enqueued,
            int(client.memory_usage(KEYS.articles, samples=0) or 0) / client.xlen(KEYS.articles),
            sum(int(client.memory_usage(key) or 0) for key in records) / len(records),
        )


async def _read(url: str) -> int:
    """Read everything as one group; return how many articles that were."""
    async with connect(url) as client:
        reader, stop, count = GroupReader(client, 1, "bench", "me"), asyncio.Event(), 0
        total = await client.xlen(KEYS.articles)
        async for received in reader.read(stop):
            await reader.acknowledge(received)
            count += 1
            if count == total:
                stop.set()
        await reader.flush()
    return count


def _print_capacity(times: Times) -> None:
    """Print what fills up first: workers, or the node of a shard."""
    print("| workers | articles/s of them | groups | shards | articles/s of Redis | bottleneck |")
    print("| ---: | ---: | ---: | ---: | ---: | --- |")
    for workers in WORKERS:
        for groups, shards in ((3, 1), (20, 1), (20, 4)):
            load = Load(1, workers, groups, shards)
            of_workers, of_redis = times.most(load)
            which = "workers" if of_workers < of_redis else "Redis"
            print(
                f"| {workers} | {of_workers:,.0f} | {groups} | {shards} | {of_redis:,.0f} "
                f"| {which} |"
            )


def _print_delays(times: Times) -> None:
    """Print the delay from the queue to the stream, workers loaded to about 70 %."""
    print("\n| articles/s | workers | busy | shards | Redis busy | p50, ms | p99, ms |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for rate in RATES:
        workers = max(1, round(rate * times.worker / 0.7 + 0.5))
        load = Load(rate, workers, groups=20, shards=1)
        found = simulate(times, load, SIMULATED, seed=1)
        print(
            f"| {rate} | {workers} | {found.workers_busy:.0%} | 1 | {found.redis_busy:.1%} "
            f"| {found.p50 * 1e3:.0f} | {found.p99 * 1e3:.0f} |"
        )


def _plot(path: Path, times: Times) -> None:
    from matplotlib import pyplot  # noqa: PLC0415 - only who draws needs it

    figure, axes = pyplot.subplots(figsize=(6, 4))
    for groups, shards in ((3, 1), (20, 1), (20, 4)):
        most = [min(times.most(Load(1, workers, groups, shards))) for workers in WORKERS]
        axes.plot(WORKERS, most, marker="o", label=f"{groups} groups, {shards} shard(s)")
    axes.set(xlabel="workers, one core each", ylabel="articles/s", xscale="log", yscale="log")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)


def _entry(article: SourceArticle) -> Entry:
    mark = blake2b(article.url.encode(), digest_size=16).hexdigest()
    body = "".join(f"<p>{part}</p>" for part in article.text.split("\n"))
    now = datetime.now(UTC)
    url, title = article.url, article.title
    return Entry(FEED, mark, url, url, title, "", body, "", now, None, (), (), now)


def _enqueue(client: redis.Redis, entries: Sequence[bytes]) -> None:
    for start in range(0, len(entries), 100):
        with client.pipeline(transaction=False) as pipe:
            for entry in entries[start : start + 100]:
                pipe.xadd(KEYS.entries, {"data": entry})
            pipe.execute()


def _server_cpu(client: redis.Redis) -> float:
    used = client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


def _cpu(pid: int) -> float:
    """Return the CPU seconds of a process (utime and stime of proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Run a Valkey with an append-only file, as the embedded one has it."""
    server = Server(folder / "redis")
    server.start({"appendfsync": "everysec"})
    try:
        yield server.url
    finally:
        server.stop()


if __name__ == "__main__":
    main()
