"""A failover under load: Sentinel makes a replica the master, and each article comes once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ResponseError

from config.model import Feed
from ingest.model import FeedState
from ingest.streams.entries import EntriesStream, PollCommit
from nabaa.redis.connection import connect
from nabaa.redis.errors import ServerStateError
from nabaa.streams.keys import Keys
from tests.support.conditions import eventually
from tests.support.entries import make_entry
from tests.support.faults.loaded_wire import EACH_ONCE
from tests.support.faults.machines_wire import machines_wire
from tests.support.machines import SentinelGroup, sentinel_group
from tests.support.servers import Server

ARTICLES = 800
SAFE: dict[str, Any] = {"redis_wait_replicas": "1"}


@pytest.fixture
def group(tmp_path: Path) -> Iterator[SentinelGroup]:
    with sentinel_group(tmp_path / "servers") as group:
        yield group


@pytest.mark.load
def test_a_failover_under_load_loses_nothing_and_doubles_nothing(
    group: SentinelGroup, tmp_path: Path
) -> None:
    with machines_wire(group.url, tmp_path, ARTICLES, 1, **SAFE) as wire:
        wire.until_published(ARTICLES // 4)
        old = group.master()
        old.kill()
        eventually(lambda: group.master() is not old, 60)
        wire.until_published(ARTICLES // 2)
        old.start()  # comes back as a master, until it is told that it is none
        wire.until_all()
        assert wire.outcome() == EACH_ONCE


def test_a_poll_counts_only_once_the_replicas_have_it(group: SentinelGroup, feed: Feed) -> None:
    replicas = [node for node in group.nodes if node is not group.master()]

    async def commit(url: str, mark: str) -> int:
        async with connect(url) as client:
            stream = EntriesStream(client, Keys(0), retention_seconds=3600)
            entry = make_entry(feed, mark)
            return await stream.commit_poll(
                PollCommit(feed.id, FeedState(), 60, [entry.fingerprint], [entry])
            )

    safe = f"{group.url}?wait_replicas=1&wait_milliseconds=100"
    for replica in replicas:
        replica.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(ServerStateError, match="0 of 1 replicas had it within 100 ms"):
            asyncio.run(commit(safe, "a"))
        assert asyncio.run(commit(group.url, "b")) == 1
    finally:
        for replica in replicas:
            replica.process.send_signal(signal.SIGCONT)


def test_a_poll_counts_only_once_it_is_on_disk(server: Server, feed: Feed) -> None:
    async def commit(url: str) -> int:
        async with connect(url) as client:
            stream = EntriesStream(client, Keys(0), retention_seconds=3600)
            entry = make_entry(feed, "a")
            return await stream.commit_poll(
                PollCommit(feed.id, FeedState(), 60, [entry.fingerprint], [entry])
            )

    server.start()
    assert asyncio.run(commit(f"{server.url}?wait_fsync=true")) == 1
    with server.client() as client:
        client.config_set("appendonly", "no")
    with pytest.raises(ResponseError, match="appendonly is disabled"):
        asyncio.run(commit(f"{server.url}?wait_fsync=true"))
