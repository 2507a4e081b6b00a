"""A loop over a subscriber that is left, stopped or interrupted ends without a word of ours."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import pytest
import redis

from nabaa import Article, Subscriber
from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.support.articles import make_article
from tests.support.conditions import until
from tests.support.daemons import REPOSITORY
from tests.support.faults.silent_server import silent_server

KEYS = Keys(0)
# A process that a shell starts in the background inherits SIGINT ignored: set what a terminal has.
PROGRAM = """
import signal, sys
from nabaa import Subscriber

signal.signal(signal.SIGINT, signal.default_int_handler)

print("reading", flush=True)
for article in Subscriber(sys.argv[1], group="desk"):
    print(article.title, flush=True)
    {body}
"""


async def take(subscriber: Subscriber, count: int) -> list[str]:
    titles: list[str] = []
    async with asyncio.timeout(30), aclosing(aiter(subscriber)) as articles:
        async for article in articles:
            titles.append(article.title)
            if len(titles) == count:
                subscriber.stop()
    return titles


@pytest.mark.anyio
async def test_a_stop_ends_the_reading_of_a_server_that_does_not_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with silent_server() as server:
        subscriber = Subscriber(f"redis://127.0.0.1:{server.port}/0", "desk")
        reading = asyncio.create_task(take(subscriber, 1))

        async def is_connected() -> bool:
            return bool(server.connections)

        await until(is_connected)
        began = time.monotonic()
        subscriber.stop()
        assert await asyncio.wait_for(reading, 30) == []
        assert time.monotonic() - began < 5


async def leave_by_break(server_url: str) -> None:
    async for _ in Subscriber(server_url, "desk"):
        break


async def leave_batches_by_break(server_url: str) -> None:
    async for _ in Subscriber(server_url, "desk").batches(10, max_wait_seconds=0.01):
        break


async def leave_by_cancellation(server_url: str) -> None:
    async def read_on() -> None:
        async for _ in Subscriber(server_url, "desk"):
            pass

    reading = asyncio.create_task(read_on())
    await asyncio.sleep(0.05)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


async def leave_with_an_error(server_url: str) -> None:
    async for _ in Subscriber(server_url, "desk"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "leave", [leave_by_break, leave_batches_by_break, leave_by_cancellation, leave_with_an_error]
)
def test_a_loop_that_is_left_and_closed_by_its_event_loop_says_nothing(
    server_url: str, leave: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    with redis.Redis.from_url(server_url) as client:
        for title in ("أ", "ب", "ج"):
            client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})
    with warnings.catch_warnings(), caplog.at_level(logging.INFO):
        warnings.simplefilter("error")
        if leave is leave_with_an_error:
            with pytest.raises(ZeroDivisionError):
                asyncio.run(leave(server_url))
        else:
            asyncio.run(leave(server_url))
        gc.collect()
    assert caplog.text == ""


class LosesCancellation(Subscriber):
    """Reads nothing, and loses the first cancellation, as a command of Redis may that ends then."""

    async def _items(self) -> AsyncGenerator[Article, None]:
        asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
        with suppress(asyncio.CancelledError):
            await self._stop.wait()
        await self._stop.wait()
        if False:
            yield


def test_an_interrupt_ends_a_plain_loop_also_where_a_cancellation_gets_lost() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in LosesCancellation("redis://localhost", "desk"):
                pass
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_a_plain_loop_that_is_interrupted_ends_with_its_own_error_alone(
    server_url: str, tmp_path: Path
) -> None:
    with redis.Redis.from_url(server_url) as client:
        client.xadd(KEYS.articles, {"data": encode_article(make_article(title="first"))})
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(body="pass"), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        [sys.executable, program, server_url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "first":
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert errors.count("Traceback") == 1
    assert errors.strip().endswith("KeyboardInterrupt")
    assert "already running" not in errors


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_an_exception_that_ends_a_program_leaves_its_article_to_the_others_at_once(
    server_url: str, tmp_path: Path
) -> None:
    with redis.Redis.from_url(server_url) as client:
        client.xadd(KEYS.articles, {"data": encode_article(make_article(title="first"))})
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(body="raise ZeroDivisionError"), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, program, server_url],
            capture_output=True,
            text=True,
            env=environment,
            timeout=30,
            check=False,
        )
        assert "first" in done.stdout
        assert done.stderr.count("Traceback") == 1, done.stderr
        assert done.stderr.strip().endswith("ZeroDivisionError")
