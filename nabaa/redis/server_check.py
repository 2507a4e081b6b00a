"""What a server must be for the wire's promises to hold, and which of it this one is not.

The decisions are pure; INFO is asked once, at the start of a daemon and by `nabaa status`. CONFIG
GET could say more, but also the password of a master: it is no right that a daemon should need.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError

from nabaa.errors import ConfigError
from nabaa.redis.backoff import RedisBackoff
from nabaa.redis.client import Client
from nabaa.redis.connection import address_of
from nabaa.redis.url import Kind

logger = logging.getLogger(__name__)

OLDEST = (6, 2)
"""Oldest version of Redis that has all commands of the wire: XAUTOCLAIM, ZMSCORE."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """The properties of a server that decide whether it can hold a wire, and how full it is.

    Attributes:
        version: version of Redis that it is, or is compatible with; empty where it says none.
        eviction_policy: its `maxmemory-policy`.
        has_append_only_file: whether writes go to an append-only file.
        is_cluster_node: whether it belongs to a cluster.
        is_replica: whether it follows another server.
        memory_bytes: memory that it uses.
        memory_limit_bytes: its `maxmemory`; 0: none.
    """

    version: str
    eviction_policy: str
    has_append_only_file: bool
    is_cluster_node: bool
    is_replica: bool
    memory_bytes: int = 0
    memory_limit_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ServerFault:
    """Something that a server is not as it should be.

    Attributes:
        text: one sentence without a full stop: what it is, and what to do.
        is_fatal: whether no daemon can work with it.
    """

    text: str
    is_fatal: bool = False


def read_facts(info: Mapping[str, Any]) -> ServerFacts:
    """Read the answer of a server to INFO, by name."""
    return ServerFacts(
        version=str(info.get("redis_version", "")),
        eviction_policy=str(info.get("maxmemory_policy", "noeviction")),
        has_append_only_file=bool(int(info.get("aof_enabled", 0))),
        is_cluster_node=bool(int(info.get("cluster_enabled", 0))),
        is_replica=info.get("role", "master") != "master",
        memory_bytes=int(info.get("used_memory", 0)),
        memory_limit_bytes=int(info.get("maxmemory", 0)),
    )


def find_faults(facts: ServerFacts, kind: Kind) -> list[ServerFault]:
    """Return what a server is not as it should be, the fatal first.

    Args:
        facts: properties of the server.
        kind: kind of address that led to it.
    """
    faults = []
    number = re.match(r"(\d+)\.(\d+)", facts.version)
    if number and (int(number[1]), int(number[2])) < OLDEST:
        text = f"Redis {facts.version} is too old: 6.2 or newer is needed"
        faults.append(ServerFault(text, is_fatal=True))
    if facts.is_cluster_node and kind != "cluster":
        text = "it is a node of a cluster: give an address that begins with redis+cluster://"
        faults.append(ServerFault(text, is_fatal=True))
    if facts.is_replica and kind == "server":
        text = "it is a replica and takes no writes: give the address of its master, or Sentinel's"
        faults.append(ServerFault(text))
    if facts.eviction_policy != "noeviction":
        faults.append(
            ServerFault(
                f"maxmemory-policy is {facts.eviction_policy}, so that a full server throws parts "
                "of the wire away: set it to noeviction"
            )
        )
    if not facts.has_append_only_file:
        faults.append(
            ServerFault(
                "its append-only file is off, so that a restart takes back all that came since the "
                "last snapshot, if there is one: set appendonly yes"
            )
        )
    return faults


async def look_at_server(client: Redis) -> tuple[ServerFacts | None, list[ServerFault]]:
    """Ask a server what it is, and what of it is not as it should be.

    Returns:
        The facts, of a cluster those of one node, and the faults; None and none where the user may
        not ask (the right is `+info`).

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    try:
        facts = read_facts(await client.info())
    except NoPermissionError:
        logger.info("the server was not looked at: its user may not call INFO")
        return None, []
    kind: Kind = client.address.kind if isinstance(client, Client) else "server"
    return facts, find_faults(facts, kind)


async def check_server(client: Redis, stop: asyncio.Event) -> None:
    """Look at the server before work begins; log what should be otherwise. Wait where it is away.

    Args:
        client: answers in bytes.
        stop: ends the wait.

    Raises:
        ConfigError: no daemon can work with this server.
    """
    address = address_of(client)
    looked = await RedisBackoff(address).retry(lambda: look_at_server(client), stop)
    for fault in looked[1] if looked else ():
        if fault.is_fatal:
            raise ConfigError(f"Redis at {address} cannot hold a wire: {fault.text}")
        logger.warning("Redis at %s: %s", address, fault.text)
