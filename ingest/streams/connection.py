"""The connection to Redis: how it is opened, which errors mean "not now", and how one waits."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from importlib.resources import files
from typing import Any

from redis._parsers import _AsyncRESP2Parser
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    ConnectionError as RedisConnectionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError as RedisTimeoutError,
    TryAgainError,
)

from config.errors import ConfigError

logger = logging.getLogger(__name__)


class ServerStateError(ResponseError):
    """The server refuses writes for now: its disk is full, its replicas are away, a script runs."""


# A state of the server that passes: wait, say so, resume. Anything else is a fault of ours.
PASSING_ERRORS = (
    RedisConnectionError,  # LOADING among them
    RedisTimeoutError,
    BusyLoadingError,
    ClusterDownError,  # MASTERDOWN among them
    NoScriptError,  # restarted between the loading of a script and its use
    OutOfMemoryError,
    ReadOnlyError,
    ServerStateError,
    TryAgainError,
    OSError,
)

_WAIT = ExponentialWithJitterBackoff(base=0.25, cap=5)
_LONGEST_WAIT_AFTER = 10  # failures; the backoff cannot raise 2 to a power beyond 1,023
_TOLD_AGAIN_AFTER = 60  # failures, two to five minutes


class _Parser(_AsyncRESP2Parser):
    """Tells apart the states of a server that redis-py takes for faults of the caller."""

    EXCEPTION_CLASSES = {  # noqa: RUF012 - redis-py declares it without ClassVar
        **_AsyncRESP2Parser.EXCEPTION_CLASSES,
        "MISCONF": ServerStateError,
        "NOREPLICAS": ServerStateError,
        "BUSY": ServerStateError,
        "UNBLOCKED": ServerStateError,  # became a replica while a read was waiting
    }
    # Redis 6.2 wraps the error of a command in a script; from 7.0 on it comes as it is.
    _IN_SCRIPT = re.compile(r"ERR Error running script .*?: -(?=[A-Z]+ )", re.DOTALL)

    @classmethod
    def parse_error(cls, response: str) -> ResponseError:
        """Return the exception for the text of an error reply."""
        reply = cls._IN_SCRIPT.sub("", response, count=1)
        error: ResponseError = super().parse_error(reply)  # type: ignore[no-untyped-call]
        return error


def connect(url: str, connections: int = 64) -> Redis:
    """Open a client; nothing is sent yet.

    Args:
        url: `redis://`, `rediss://` or `unix://`.
        connections: most connections that it opens; who needs one more waits for a free one.

    Returns:
        A client that answers in bytes and tries a broken connection again three times.

    Raises:
        ConfigError: the address is not one of these.
    """
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=None,  # a command has a limit of its own
            protocol=2,  # one shape of answers on every server from Redis 6.2 on
            parser_class=_Parser,
            retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), retries=3),
            retry_on_error=[RedisConnectionError, RedisTimeoutError],
            socket_connect_timeout=5,
            socket_timeout=30,
        )
        return Redis.from_pool(pool)
    except ValueError as error:
        raise ConfigError(
            f"{shown(url)} is no address of a Redis server, such as redis://localhost:6379/0: "
            f"{str(error).rstrip('.')}"
        ) from error


def script(client: Redis, package: str, name: str) -> AsyncScript:
    """Return the Lua script `name`.lua that lies beside the modules of `package`."""
    return client.register_script(files(package).joinpath(f"{name}.lua").read_text("utf-8"))


class Patience:
    """Waits while Redis cannot be used: says so, at first and every few minutes, and when it ends.

    Args:
        address: how to name the server in the log, without its password.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._failures = 0

    async def wait(self, error: Exception, stop: asyncio.Event | None = None) -> None:
        """Wait a little longer after each failure in a row, 5 seconds at most.

        Args:
            error: what the server answered, or why it could not.
            stop: ends the wait at once.
        """
        self._failures += 1
        if self._failures == 1 or self._failures % _TOLD_AGAIN_AFTER == 0:
            reason = str(error).rstrip(".")
            logger.warning("Redis at %s cannot be used: %s; waiting for it", self._address, reason)
        pause = asyncio.sleep(_WAIT.compute(min(self._failures, _LONGEST_WAIT_AFTER)))
        await (first_of(stop.wait(), pause) if stop else pause)

    def end(self) -> None:
        """Note that Redis did what it was asked."""
        if self._failures:
            logger.info("Redis at %s can be used again", self._address)
        self._failures = 0


async def wait_until_reachable(client: Redis, address: str) -> None:
    """Return once the server answers; until then say so.

    Args:
        client: the client to ask with.
        address: how to name the server in the log, without its password.
    """
    patience = Patience(address)
    while True:
        try:
            await client.ping()
        except PASSING_ERRORS as error:
            await patience.wait(error)
        else:
            patience.end()
            return


async def keep_going(
    address: str,
    begin: Callable[[], Awaitable[None]],
    step: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Call `step` until `stop` is set; when Redis cannot be used, wait and go on.

    Args:
        address: how to name the server in the log.
        begin: called first, and again after Redis was away: it may come back empty.
        step: one round of work; an error of it that is not Redis's state ends the loop.
        stop: set by whoever wants the loop to end after the round at hand.
    """
    patience = Patience(address)
    begun = False
    while not stop.is_set():
        try:
            if not begun:
                await begin()
                begun = True
            await step()
        except PASSING_ERRORS as error:
            begun = False
            await patience.wait(error, stop)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            begun = False
        else:
            patience.end()


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
    """Return a Redis address without its user, password and options, for logs and messages."""
    scheme, separator, rest = url.partition("?")[0].rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def address_of(client: Redis) -> str:
    """Return the address that a client connects to, as `shown` gives it."""
    where = client.connection_pool.connection_kwargs
    if "path" in where:
        return f"unix://{where['path']}"
    return f"redis://{where.get('host', 'localhost')}:{where.get('port', 6379)}"
