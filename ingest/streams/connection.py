"""The connection to Redis: how it is opened, which errors mean "not now", and how one waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    ConnectionError as RedisConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError as RedisTimeoutError,
    TryAgainError,
)

logger = logging.getLogger(__name__)

# A state of the server that passes: wait, say so, resume. Anything else is a fault of ours.
PASSING_ERRORS = (
    RedisConnectionError,
    RedisTimeoutError,
    BusyLoadingError,
    ClusterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    TryAgainError,
    OSError,
)


_WAIT = ExponentialWithJitterBackoff(base=0.25, cap=5)


def connect(url: str, connections: int = 64) -> Redis:
    """Open a client; nothing is sent yet.

    Args:
        url: `redis://`, `rediss://` or `unix://`.
        connections: most connections that it opens.

    Returns:
        A client that answers in bytes and tries a broken connection again three times.
    """
    return Redis.from_url(
        url,
        max_connections=connections,
        protocol=2,  # one shape of answers on every server from Redis 6.2 on
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), retries=3),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
        socket_connect_timeout=5,
        socket_timeout=30,
    )


def script(client: Redis, package: str, name: str) -> AsyncScript:
    """Return the Lua script `name`.lua that lies beside the modules of `package`."""
    return client.register_script(files(package).joinpath(f"{name}.lua").read_text("utf-8"))


async def wait_until_reachable(client: Redis, address: str) -> None:
    """Return once the server answers; until then say so every few seconds.

    Args:
        client: the client to ask with.
        address: how to name the server in the log, without its password.
    """
    failures = 0
    while True:
        try:
            await client.ping()
        except PASSING_ERRORS as error:
            failures += 1
            if _is_worth_telling(failures):
                logger.warning("Redis at %s cannot be used: %s; waiting for it", address, error)
            await asyncio.sleep(_WAIT.compute(failures))
        else:
            if failures:
                logger.info("Redis at %s answers again", address)
            return


async def keep_going(
    client: Redis,
    address: str,
    begin: Callable[[], Awaitable[None]],
    step: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Call `step` until `stop` is set; when Redis goes away, wait for it and go on.

    Args:
        client: the client that `step` uses.
        address: how to name the server in the log.
        begin: called first, and again after Redis was away: it may come back empty.
        step: one round of work; an error of it that is not Redis's state ends the loop.
        stop: set by whoever wants the loop to end after the round at hand.
    """
    begun = False
    failures = 0
    while not stop.is_set():
        try:
            if not begun:
                await begin()
                begun = True
            await step()
            failures = 0
        except PASSING_ERRORS as error:
            begun = False
            failures += 1
            if _is_worth_telling(failures):
                logger.warning("Redis at %s: %s", address, error)
            # A server that is full or read-only answers pings: wait in any case.
            await first_of(stop.wait(), asyncio.sleep(_WAIT.compute(failures)))
            await first_of(stop.wait(), wait_until_reachable(client, address))
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            begun = False


def _is_worth_telling(failures: int) -> bool:
    return failures in (1, 10) or failures % 60 == 0


async def first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    """Return as soon as one of the waits is over; the others are cancelled.

    Raises:
        Exception: whatever the wait that ended first raised.
    """
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


def shown(url: str) -> str:
    """Return a Redis address without its user and password, for logs and messages."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
