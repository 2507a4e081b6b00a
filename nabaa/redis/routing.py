"""Where a connection leads to: the master that Sentinel names, the node that holds a slot.

A connection asks when it is opened, and again when the server says that it is the wrong one. What
is sent over it, and how often it is tried, is left to redis-py's pools.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.sentinel import Sentinel
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    MovedError,
    ReadOnlyError,
    RedisError,
)

from nabaa.redis.url import Node

_ASK_SECONDS = 2.0


class Route(Protocol):
    """A route knows where to connect to."""

    async def find(self) -> Node:
        """Return the host and port to connect to.

        Raises:
            redis.exceptions.ConnectionError: nobody who was asked knows.
        """

    def leave(self, error: Exception) -> None:
        """Note that the place found last is not the right one, or does not answer.

        Args:
            error: answer of that place, or why there was none.
        """


class RoutedConnection(Connection):
    """The connection asks its route where to lead, each time it is opened.

    Args:
        route: route that is asked.
        options: options of redis-py's connection.
    """

    def __init__(self, *, route: Route, **options: Any) -> None:
        super().__init__(**options)
        self._route = route

    async def _connect(self) -> None:
        self.host, self.port = await self._route.find()
        try:
            await super()._connect()  # type: ignore[no-untyped-call]
        except (OSError, RedisError) as error:
            self._route.leave(error)
            raise

    async def read_response(self, *args: Any, **options: Any) -> Any:
        """Read an answer; where the server says that it is the wrong one, find the right one.

        Raises:
            redis.exceptions.ConnectionError: the server has handed over; what was sent has not
                been done and may be sent again.
        """
        try:
            return await super().read_response(*args, **options)
        except (MovedError, ReadOnlyError) as error:
            self._route.leave(error)
            await self.disconnect()
            raise RedisConnectionError(
                f"{self.host}:{self.port} has handed over to another server: {error}"
            ) from error


class RoutedSSLConnection(RoutedConnection, SSLConnection):
    """The connection does the same with TLS."""


class SentinelRoute:
    """The route leads to the master of a service.

    Args:
        sentinels: places of the sentinels, any of which may be away.
        service: name that the sentinels have for the service.
        options: options of the connections to the sentinels.
    """

    def __init__(
        self, sentinels: tuple[Node, ...], service: str, options: Mapping[str, Any]
    ) -> None:
        timeouts = {"socket_connect_timeout": _ASK_SECONDS, "socket_timeout": _ASK_SECONDS}
        self._sentinel = Sentinel(  # type: ignore[no-untyped-call]
            list(sentinels),
            sentinel_kwargs={**timeouts, "protocol": 2, "driver_info": None, **options},
        )
        self._service = service

    async def find(self) -> Node:
        """Ask the sentinels, in turn; the one that answered is asked first the next time."""
        host, port = await self._sentinel.discover_master(self._service)
        return str(host), int(port)

    def leave(self, error: Exception) -> None:
        """Nothing is remembered that could be wrong."""

    async def aclose(self) -> None:
        """Close the connections to the sentinels."""
        for sentinel in self._sentinel.sentinels:
            await sentinel.aclose()


class ClusterMap:
    """The map knows which node of a cluster holds which slot.

    Args:
        nodes: nodes to begin with, any of which may be away.
        options: options of the connections to nodes.
        random: chooses the node that is asked next.
    """

    def __init__(self, nodes: tuple[Node, ...], options: Mapping[str, Any], random: Random) -> None:
        self._nodes = list(nodes)
        self._options = options
        self._random = random
        self._masters: list[tuple[int, int, Node]] = []
        self._moved: dict[int, Node] = {}
        self._asking = asyncio.Lock()

    async def node_of(self, slot: int) -> Node:
        """Return the node that holds a slot.

        Args:
            slot: 0 to 16383.

        Raises:
            redis.exceptions.ConnectionError: no node answers, or none holds the slot.
        """
        async with self._asking:
            if slot in self._moved:
                return self._moved[slot]
            if not self._masters:
                self._masters = await self._ask_any()
        for first, last, node in self._masters:
            if first <= slot <= last:
                return node
        self._masters = []
        raise RedisConnectionError(f"no node of the cluster holds slot {slot}")

    def moved(self, slot: int, node: Node) -> None:
        """Note where a slot has gone to.

        Args:
            slot: 0 to 16383.
            node: node that holds it now.
        """
        self._moved[slot] = node

    def forget(self) -> None:
        """Ask again before the next connection is opened."""
        self._moved.clear()
        self._masters = []

    async def _ask_any(self) -> list[tuple[int, int, Node]]:
        self._random.shuffle(self._nodes)  # one that is cut off from the others may be wrong
        last: Exception | None = None
        for node in list(self._nodes):
            try:
                return await self._ask(node)
            except (RedisError, OSError) as error:
                last = error
        raise RedisConnectionError(f"no node of the cluster answers: {last}") from last

    async def _ask(self, node: Node) -> list[tuple[int, int, Node]]:
        host, port = node
        async with Redis(host=host, port=port, **self._options) as client:
            ranges = await client.execute_command("CLUSTER", "SLOTS")  # type: ignore[no-untyped-call]
        if not ranges:
            raise RedisConnectionError(f"{host}:{port} knows of no slots")
        masters = []
        for first, last, *holders in ranges:
            # A node that was never told its own name gives none: it is the one that was asked.
            nodes = [((name or b"").decode() or host, int(at)) for name, at, *_ in holders]
            masters.append((int(first), int(last), nodes[0]))
            self._nodes += [each for each in nodes if each not in self._nodes]
        return masters


class SlotRoute:
    """The route leads to the node that holds a slot.

    Args:
        cluster: map of the cluster.
        slot: 0 to 16383.
    """

    def __init__(self, cluster: ClusterMap, slot: int) -> None:
        self._cluster = cluster
        self._slot = slot

    async def find(self) -> Node:
        """Look the slot up."""
        return await self._cluster.node_of(self._slot)

    def leave(self, error: Exception) -> None:
        """Go where the server says, or ask."""
        if isinstance(error, MovedError) and error.host:
            self._cluster.moved(self._slot, (error.host, int(error.port)))
        else:
            self._cluster.forget()
