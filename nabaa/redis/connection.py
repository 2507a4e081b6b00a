"""The connection to Redis: how it is opened.

What an address may be is said in `nabaa.redis.url`, how one waits for a server in
`nabaa.redis.backoff`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.crc import key_slot
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    TimeoutError as RedisTimeoutError,
)

from nabaa.redis.client import Client
from nabaa.redis.errors import Parser
from nabaa.redis.routing import (
    ClusterMap,
    Route,
    RoutedConnection,
    RoutedSSLConnection,
    SentinelRoute,
    SlotRoute,
)
from nabaa.redis.url import Address, parse_address
from nabaa.streams.keys import Keys

_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "protocol": 2,  # one shape of answers on every server from Redis 6.2 on
        "parser_class": Parser,
        "driver_info": None,  # unknown to Redis 7.0, and a right less to grant
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
    }
)


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


def address_of(client: Redis) -> str:
    """Return the address that a client of `connect` talks to, as `redacted` gives it."""
    return client.address.redacted if isinstance(client, Client) else "an unnamed server"
