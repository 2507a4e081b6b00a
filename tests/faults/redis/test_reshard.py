"""A wire whose number of shards changes, with interruptions: each article comes once."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from config.feed_list import load_feeds
from nabaa.errors import ConfigError
from nabaa.redis.client import Client
from nabaa.redis.connection import connect
from nabaa.redis.url import parse_address
from nabaa.streams.keys import SHARDS, Keys
from nabaa.streams.shards import agree_on_shards, shards_to_read
from tests.support.conditions import eventually
from tests.support.faults.loaded_wire import EACH_ONCE
from tests.support.faults.machines_wire import MachinesWire, machines_wire
from workers.operations.reshard import reshard
from workers.publish.records import read_owner_feed

ARTICLES = 300


class CutError(Exception):
    """The process that reshards has died."""


class DyingClient(Client):
    """A client of a process that dies after so many commands."""

    commands_left = 0

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        self.commands_left -= 1
        if self.commands_left < 0:
            raise CutError
        return await super().execute_command(*args, **options)


@pytest.mark.load
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_shards_grow_and_shrink_and_each_article_comes_once(
    server_url: str, tmp_path: Path
) -> None:
    with machines_wire(server_url, tmp_path, ARTICLES, 1, backlog_limit="100") as wire:
        stop_amid_work(wire, ARTICLES // 4)
        done = subprocess.run(
            [*wire.wire.ingest.process.args[:3], "reshard", "--to", "4"],  # type: ignore[index]
            env=wire.wire.ingest.environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "4 shards; moved " in done.stdout
        go_on(wire, 4)
        stop_amid_work(wire, ARTICLES // 2)
        cuts = asyncio.run(until_resharded(server_url, tmp_path / "feeds.yaml", 2))
        assert cuts > 10
        go_on(wire, 2)
        wire.until_all()
        assert wire.outcome() == EACH_ONCE
        asyncio.run(nothing_is_left_behind(server_url))


def stop_amid_work(wire: MachinesWire, published: int) -> None:
    """Stop the daemons once so many articles are out and entries wait."""
    wire.until_published(published)
    wire.wire.work.kill()  # what it held stays pending
    eventually(lambda: wire.waiting() > 20)
    for daemon in (wire.wire.ingest, wire.wire.desk):
        daemon.stop()


def go_on(wire: MachinesWire, shards: int) -> None:
    wire.shards = max(wire.shards, shards)  # what was published stays where it is
    for daemon in wire.wire.daemons:
        daemon.environment["NABAA_SHARDS"] = str(shards)
        daemon.start()


async def until_resharded(url: str, feeds_file: Path, shards: int) -> int:
    """Reshard with processes that each live a little longer; return how many died."""
    urls = {feed.id: feed.url for feed in load_feeds(feeds_file)}
    for cuts in range(1000):
        async with connect(url) as plain:
            dying = DyingClient(plain.connection_pool, parse_address(url))
            dying.commands_left = 1 + 7 * cuts
            dying.auto_close_connection_pool = False
            try:
                await reshard(dying, shards, urls, 3600, read_owner_feed)
            except CutError:
                continue
            return cuts
    raise AssertionError("never ended")


async def nothing_is_left_behind(url: str) -> None:
    async with connect(url) as client:
        for shard in (2, 3):
            left = [key.decode() async for key in client.scan_iter(f"nabaa:{{{shard}}}:*")]
            assert set(left) <= {Keys(shard).articles}
        assert not [key async for key in client.scan_iter("nabaa:*:moved")]


@pytest.mark.anyio
async def test_daemons_refuse_another_number_of_shards(client: Client) -> None:
    await agree_on_shards(client, 4, asyncio.Event())
    with pytest.raises(ConfigError, match="NABAA_SHARDS is 2, but the wire has 4"):
        await agree_on_shards(client, 2, asyncio.Event())


@pytest.mark.anyio
async def test_daemons_refuse_a_wire_that_is_being_resharded(client: Client) -> None:
    await client.hset(SHARDS, mapping={"count": "4", "to": "2"})
    with pytest.raises(ConfigError, match="run `nabaa reshard --to 2` to its end first"):
        await agree_on_shards(client, 4, asyncio.Event())


@pytest.mark.anyio
async def test_a_reshard_to_another_number_waits_for_the_one_under_way(client: Client) -> None:
    await client.hset(SHARDS, mapping={"count": "4", "to": "2"})
    with pytest.raises(ConfigError, match="a reshard to 2 has not ended"):
        await reshard(client, 3, {}, 3600, read_owner_feed)


@pytest.mark.anyio
async def test_readers_look_at_the_shards_that_were(client: Client) -> None:
    await agree_on_shards(client, 4, asyncio.Event())
    await reshard(client, 2, {}, 3600, read_owner_feed)
    assert await shards_to_read(client, 2, asyncio.Event()) == 4
