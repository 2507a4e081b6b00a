"""A cluster under load: a slot moves, a master dies, and each article comes once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.crc import key_slot

from nabaa.streams.keys import all_shards
from tests.support.conditions import eventually
from tests.support.faults.loaded_wire import EACH_ONCE
from tests.support.faults.machines_wire import MachinesWire, machines_wire
from tests.support.machines import ClusterOfNodes, Node, cluster_of_nodes

ARTICLES = 800
SHARDS = 8
SAFE: dict[str, Any] = {"redis_wait_replicas": "1"}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[ClusterOfNodes]:
    with cluster_of_nodes(tmp_path / "servers") as cluster:
        yield cluster


def slot_of(shard: int) -> int:
    return key_slot(all_shards(SHARDS)[shard].due.encode())


def busiest_shard(wire: MachinesWire) -> int:
    lengths = wire.lengths()
    return lengths.index(max(lengths))


@pytest.mark.load
def test_a_slot_moves_and_a_master_dies_under_load(cluster: ClusterOfNodes, tmp_path: Path) -> None:
    with machines_wire(cluster.url, tmp_path, ARTICLES, SHARDS, **SAFE) as wire:
        wire.until_published(ARTICLES // 8)
        slot = slot_of(busiest_shard(wire))
        source = cluster.holder(slot)
        target = next(node for node in cluster.nodes[:3] if node is not source)
        before = wire.published()
        moved = cluster.migrate(slot, target, while_between=lambda: until_met(tmp_path))
        assert moved > 10
        wire.until_published(max(before, ARTICLES // 3))
        victim = cluster.holder(slot)
        victim.kill()
        eventually(lambda: another_holds(cluster, slot, victim), 60)
        victim.start()  # as a replica: until it is there, no write has the replica that it needs
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def until_met(folder: Path) -> None:
    """Wait until a daemon has run into the slot that is on its way."""
    eventually(
        lambda: any(
            "cannot be used: " in (folder / f"{name}.log").read_text("utf-8")
            for name in ("ingest", "work", "subscribe")
        )
    )


def another_holds(cluster: ClusterOfNodes, slot: int, dead: Node) -> bool:
    try:
        return cluster.holder(slot) is not dead
    except LookupError:
        return False
