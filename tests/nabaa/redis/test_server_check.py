"""A server that cannot keep the promises of the wire is told in one sentence, or refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from nabaa.errors import ConfigError
from nabaa.redis.connection import connect
from nabaa.redis.server_check import (
    ServerFacts,
    check_server,
    find_faults,
    look_at_server,
    read_facts,
)
from nabaa.redis.url import Kind
from tests.support.machines import Node, free_port

GOOD = ServerFacts("7.2.4", "noeviction", True, False, False)


def test_a_server_as_it_should_be_has_no_faults() -> None:
    assert find_faults(GOOD, "server") == []


@pytest.mark.parametrize(
    ("changes", "kind", "sentence", "is_fatal"),
    [
        ({"version": "6.0.16"}, "server", "Redis 6.0.16 is too old: 6.2 or newer", True),
        ({"version": "5.0"}, "sentinel", "too old", True),
        ({"is_cluster_node": True}, "server", "an address that begins with redis+cluster", True),
        ({"is_replica": True}, "server", "it is a replica and takes no writes", False),
        ({"eviction_policy": "allkeys-lru"}, "server", "maxmemory-policy is allkeys-lru", False),
        ({"eviction_policy": "volatile-ttl"}, "cluster", "set it to noeviction", False),
        ({"has_append_only_file": False}, "server", "its append-only file is off", False),
    ],
)
def test_each_fault_is_one_sentence(
    changes: dict[str, object], kind: Kind, sentence: str, is_fatal: bool
) -> None:
    [fault] = find_faults(replace(GOOD, **changes), kind)  # type: ignore[arg-type]
    assert sentence in fault.text
    assert fault.is_fatal == is_fatal


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"is_cluster_node": True}, "cluster"),
        ({"is_replica": True}, "sentinel"),
        ({"version": "6.2.0"}, "server"),
        ({"version": "10.1"}, "server"),
        ({"version": ""}, "server"),
    ],
)
def test_what_is_no_fault_is_not_told(changes: dict[str, object], kind: Kind) -> None:
    assert find_faults(replace(GOOD, **changes), kind) == []  # type: ignore[arg-type]


def test_a_server_that_says_little_is_taken_as_it_should_be() -> None:
    assert read_facts({}) == ServerFacts("", "noeviction", False, False, False)


@pytest.mark.anyio
async def test_a_real_server_is_looked_at(client: Redis) -> None:
    await client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        faults = [fault.text for fault in (await look_at_server(client))[1]]
    finally:
        await client.config_set("maxmemory-policy", "noeviction")
    assert [fault.partition(" ")[0] for fault in faults] == ["maxmemory-policy", "its"]


def test_a_node_of_a_cluster_behind_the_address_of_a_server_is_refused(tmp_path: Path) -> None:
    async def check(port: int) -> None:
        async with connect(f"redis://127.0.0.1:{port}/0") as client:
            await check_server(client, asyncio.Event())

    sentence = "cannot hold a wire: it is a node of a cluster"
    # Without a port of its own the bus takes one that is higher by 10,000, which may not exist.
    bus = f"cluster-port {free_port()}"
    with (
        Node(tmp_path, "cluster-enabled yes", bus) as node,
        pytest.raises(ConfigError, match=sentence),
    ):
        asyncio.run(check(node.port))
