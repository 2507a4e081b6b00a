"""The desk while 50 articles a second arrive: weight and delay of pages, a hundred readers, a day.

    python -m bench.desk [--seconds 20]

A Valkey, a desk and a browser of its own; this process is the press and the readers. Three minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from nabaa.redis.connection import connect
from nabaa.types import Article
from tests.support.desk.browser import Browser, is_installed, open_browser
from tests.support.desk.newsroom import articles, publish
from tests.support.desk.press_wire import PressWire, press_wire
from workers.desk.access.hosts import known_names
from workers.desk.access.rights import AccessRules
from workers.desk.build import build_desk
from workers.desk.settings import DeskSettings
from workers.outputs.http_server import run_server

RATE = 50  # articles a second
READERS = 100
REQUESTS = 40
TICK_SECONDS = 0.01  # of the accelerated day
DAY_EVENTS = 6_000
TARGET_BYTES, TARGET_SECONDS, TARGET_CORE = 100_000, 0.3, 0.05
PAGES = {
    "now": "/",
    "wire": "/wire",
    "article": "/article/",
    "entity": "/entity/Q1049",
    "names": "/names",
    "quotations": "/quotations",
    "map": "/map",
    "search": "/search?q=%D9%87%D8%AF%D9%86%D8%A9",
    "feeds": "/feeds",
    "system": "/system",
}


def main(seconds: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, press_wire(Path(folder)) as wire:
        asyncio.run(_measure_while_arriving(wire, seconds))
    if is_installed():
        _measure_day()
    else:
        print("no browser is installed: the day was not measured")


async def _measure_while_arriving(wire: PressWire, seconds: float) -> None:
    async with arriving(wire):
        await _measure_pages(wire)
        await _measure_readers(wire, seconds)


@asynccontextmanager
async def arriving(wire: PressWire, rate: float = RATE) -> AsyncIterator[None]:
    """Publish so many articles a second while the block runs."""
    task = asyncio.create_task(_publish(wire.url, rate))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _publish(url: str, rate: float) -> None:
    began = time.monotonic()
    async with connect(url) as client:
        for number, article in enumerate(_new_articles()):
            await publish(client, [article])
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))


def _new_articles() -> Iterator[Article]:
    made = articles(200)
    for number in count(10**6):
        yield replace(made[number % len(made)], uri=f"urn:nabaa:article:{number:032x}")


async def _measure_pages(wire: PressWire) -> None:
    name = wire.articles[-2].uri.rpartition(":")[2]
    print("| page | HTML, KB | packed, KB | with styles and scripts, KB | p50, ms | p95, ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    async with httpx.AsyncClient(base_url=wire.address, timeout=30) as http:
        for page, address in PAGES.items():
            path = address + name if page == "article" else address
            html = (await http.get(path)).text
            packed = len(gzip.compress(html.encode(), 6))
            whole = packed + await _weight_of_files(http, html)
            delays = sorted([await _time_to_first_byte(http, path) for _ in range(REQUESTS)])
            p50, p95 = statistics.median(delays), delays[int(0.95 * len(delays))]
            over = " **over**" if whole > TARGET_BYTES or p95 > TARGET_SECONDS else ""
            sizes = f"{len(html.encode()) / 1e3:.1f} | {packed / 1e3:.1f} | {whole / 1e3:.1f}"
            print(f"| {page} | {sizes} | {1e3 * p50:.0f} | {1e3 * p95:.0f}{over} |")
        fonts = sum(
            len(path.read_bytes())
            for path in Path(__file__).parents[1].glob("workers/desk/static/fonts/*.woff2")
        )
    print(f"\nThe fonts are {fonts / 1e3:.0f} KB, loaded once and kept by the browser.\n")


async def _weight_of_files(http: httpx.AsyncClient, html: str) -> int:
    """Return the bytes of the styles and scripts of a page, as they are sent."""
    total = 0
    for address in re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|svg))"', html):
        async with http.stream("GET", address) as answer:
            total += sum([len(chunk) async for chunk in answer.aiter_raw()])
    return total


async def _time_to_first_byte(http: httpx.AsyncClient, path: str) -> float:
    began = time.perf_counter()
    async with http.stream("GET", path) as answer:
        delay = time.perf_counter() - began
        await answer.aread()
    return delay


async def _measure_readers(wire: PressWire, seconds: float) -> None:
    shares = {}
    for readers in (1, READERS):
        async with _reading(wire.address, readers) as received:
            before, began = wire.desk.cpu_seconds(), time.monotonic()
            taken = received[0]
            await asyncio.sleep(seconds)
            elapsed = time.monotonic() - began
            shares[readers] = (wire.desk.cpu_seconds() - before) / elapsed
            megabytes = (received[0] - taken) / elapsed / 1e6
            print(
                f"{readers} open pages: {100 * shares[readers]:.1f} % of a core, "
                f"{megabytes:.2f} MB/s sent"
            )
    more = shares[READERS] - shares[1]
    verdict = "met" if more < TARGET_CORE else "missed"
    print(f"{READERS} cost {100 * more:.1f} % of a core more than one (target 5: {verdict})\n")


@asynccontextmanager
async def _reading(address: str, readers: int) -> AsyncIterator[list[int]]:
    """Keep pages open; yield how many bytes they were sent."""
    received = [0]
    host, _, port = address.removeprefix("http://").partition(":")
    request = f"GET /live/wire HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n\r\n"

    async def read() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request.encode())
        try:
            while data := await reader.read(1 << 16):
                received[0] += len(data)
        finally:
            writer.close()

    tasks = [asyncio.create_task(read()) for _ in range(readers)]
    try:
        await asyncio.sleep(2)  # what they lack is sent first
        yield received
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _measure_day() -> None:
    """Show a tab as many events as a day has, a hundred times as fast, and see what grows."""
    with (
        tempfile.TemporaryDirectory() as folder,
        press_wire(Path(folder)) as wire,
        _fast_desk(wire.url) as address,
        open_browser(address) as browser,
    ):
        browser.open("/wire")
        before = _sizes(browser)
        halves = []
        for _ in range(2):
            asyncio.run(_press(wire.url, DAY_EVENTS // 2))
            halves.append(_sizes(browser))
    print("| tab on the wire | heap, MB | nodes | listeners | rows |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for when, sizes in (
        ("as it is opened", before),
        (f"after {DAY_EVENTS // 2:,} events", halves[0]),
        (f"after {DAY_EVENTS:,} events", halves[1]),
    ):
        heap, *others = sizes
        print(f"| {when} | {heap / 1e6:.1f} | " + " | ".join(f"{n:,.0f}" for n in others) + " |")


async def _press(url: str, events: int) -> None:
    """Publish an article each tick, so that each is an event."""
    async with connect(url) as client:
        made = _new_articles()
        start = int(time.time() * 1000)
        for number in range(events):
            uri = f"urn:nabaa:article:{start + number:032x}"
            await publish(client, [replace(next(made), uri=uri)])
            await asyncio.sleep(TICK_SECONDS)
    await asyncio.sleep(2)


def _sizes(browser: Browser) -> tuple[float, float, float, float]:
    """Return heap in bytes, nodes, listeners and rows after the garbage was collected."""
    browser.driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    browser.driver.execute_cdp_cmd("Performance.enable", {})
    found: Any = browser.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    metrics = {each["name"]: each["value"] for each in found}
    rows = browser.run("return document.getElementById('rows').children.length")
    return metrics["JSHeapUsedSize"], metrics["Nodes"], metrics["JSEventListeners"], rows


@contextmanager
def _fast_desk(url: str) -> Iterator[str]:
    """Run a desk that ticks a hundred times a second."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(url, theirs), daemon=True)
    process.start()
    try:
        yield json.loads(ours.recv())
    finally:
        process.terminate()
        process.join()


def _serve(url: str, pipe: Any) -> None:
    async def body() -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "desk.sqlite3"
            settings = DeskSettings("127.0.0.1", 0, AccessRules(), known_names(()), file, 1000)
            async with connect(url) as client:
                server = build_desk(settings, client, 1, Path("none"), TICK_SECONDS)
                async with run_server(server, "127.0.0.1", 0) as port:
                    pipe.send(json.dumps(f"http://127.0.0.1:{port}"))
                    await asyncio.Event().wait()

    asyncio.run(body())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    main(parser.parse_args().seconds)
