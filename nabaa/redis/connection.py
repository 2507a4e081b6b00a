"""The connection to Redis: how it is opened, and how one waits where it cannot be used.

What an address may be is said in `nabaa.redis.url`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.crc import key_slot
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    ResponseError,
    TimeoutError as RedisTimeoutError,
)

from nabaa.redis.client import Client, script
from nabaa.redis.errors import PASSING_ERRORS, Parser, ServerStateError
from nabaa.redis.routing import (
    ClusterMap,
    Route,
    RoutedConnection,
    RoutedSSLConnection,
    SentinelRoute,
    SlotRoute,
)
from nabaa.redis.url import Address, parse_address, shown
from nabaa.streams.keys import Keys

__all__ = [
    "PASSING_ERRORS",
    "Patience",
    "ServerStateError",
    "address_of",
    "connect",
    "first_of",
    "keep_going",
    "script",
    "shown",
    "wait_until_reachable",
]

logger = logging.getLogger(__name__)

_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "protocol": 2,  # one shape of answers on every server from Redis 6.2 on
        "parser_class": Parser,
        "driver_info": None,  # unknown to Redis 7.0, and a right less to grant
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
    }
)
_WAIT = ExponentialWithJitterBackoff(base=0.25, cap=5)
_LONGEST_WAIT_AFTER = 10  # failures; the backoff cannot raise 2 to a power beyond 1,023
_TOLD_AGAIN_AFTER = 60  # failures, two to five minutes


def connect(url: str, connections: int = 64) -> Client:
    """Open a client; nothing is sent yet.

    Args:
        url: as `nabaa.redis.url` describes it.
        connections: most connections that it opens to a server; who needs one more waits for a
            free one.

    Returns:
        A client that answers in bytes and tries a broken connection again three times, but not to
        take messages from a group.

    Raises:
        ConfigError: the address is not one of these.
    """
    address = parse_address(url)

    def pool(route: Route | None = None) -> BlockingConnectionPool:
        return BlockingConnectionPool(
            max_connections=connections,
            timeout=None,  # a command has a limit of its own
            retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), retries=3),
            retry_on_error=[RedisConnectionError, RedisTimeoutError],
            **{**_OPTIONS, **address.connection, **_routed(address, route)},
        )

    match address.kind:
        case "server":
            return Client(pool(), address)
        case "sentinel":
            route = SentinelRoute(address.nodes, address.service, address.sentinel)
            return Client(pool(route), address, close=route.aclose)
    return _cluster_client(address, pool)


def _cluster_client(address: Address, pool: Callable[[Route], BlockingConnectionPool]) -> Client:
    of_node = {
        name: value
        for name, value in {**_OPTIONS, **address.connection}.items()
        if name not in ("connection_class", "host", "port", "db", "parser_class")
    }
    is_tls = "connection_class" in address.connection
    cluster = ClusterMap(address.nodes, {**of_node, "ssl": is_tls}, Random())

    def make_pool(slot: int) -> BlockingConnectionPool:
        return pool(SlotRoute(cluster, slot))

    return Client(make_pool(key_slot(Keys(0).due.encode())), address, make_pool)


def _routed(address: Address, route: Route | None) -> Mapping[str, Any]:
    if route is None:
        return {}
    is_tls = "connection_class" in address.connection
    return {
        "connection_class": RoutedSSLConnection if is_tls else RoutedConnection,
        "route": route,
    }


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


def address_of(client: Redis) -> str:
    """Return the address that a client of `connect` talks to, as `shown` gives it."""
    return client.address.shown if isinstance(client, Client) else "an unnamed server"
