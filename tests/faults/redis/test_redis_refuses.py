"""A Redis that answers but refuses is waited for: a replica, a full disk, data still loading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
import redis

from config.feed_list import load_feeds
from config.settings import Settings
from ingest.service import IngestService
from nabaa.redis.connection import connect
from nabaa.streams.keys import WORKERS_GROUP
from tests.support.conditions import eventually, until
from tests.support.entities.name_list import ListedNames
from tests.support.farm.server import Farm
from tests.support.faults.small_wire import (
    ARTICLES,
    AWAY,
    BACK,
    KEYS,
    arrived,
    expected,
    settings_of,
    show_the_rest,
)
from tests.support.servers import Server
from workers.pipeline import ArticleMaker
from workers.service import WorkerService

State = Callable[[Server, redis.Redis], None]


def be_replica(server: Server, client: redis.Redis) -> None:
    client.replicaof("127.0.0.1", "1")


def be_primary(server: Server, client: redis.Redis) -> None:
    client.replicaof("NO", "ONE")


def fail_to_save(server: Server, client: redis.Redis) -> None:
    folder = server.folder / "gone"
    folder.mkdir()
    client.config_set("dir", str(folder))
    folder.rmdir()
    client.config_set("save", "3600 1")
    client.bgsave()
    eventually(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err")


def save_again(server: Server, client: redis.Redis) -> None:
    client.config_set("dir", str(server.folder))
    client.bgsave()
    eventually(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "ok")


@asynccontextmanager
async def wire_in_this_process(server: Server, farm: Farm, folder: Path) -> AsyncIterator[None]:
    """Both services beside the test, without a language model."""
    variables = settings_of(farm, folder, server.url)
    settings = Settings(
        **{name.removeprefix("NABAA_").lower(): value for name, value in variables.items()}  # type: ignore[arg-type]
    )
    feeds = load_feeds(settings.feeds_file)
    stop = asyncio.Event()
    async with connect(server.url) as client:
        ingest = IngestService(settings, client, feeds, server.url, Random(1))
        worker = WorkerService(settings, client, ArticleMaker(ListedNames({})), server.url)
        running = [asyncio.create_task(ingest.run(stop)), asyncio.create_task(worker.run(stop))]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*running)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("spoil", "mend"),
    [(be_replica, be_primary), (fail_to_save, save_again)],
    ids=["READONLY", "MISCONF"],
)
async def test_a_server_that_takes_no_writes_is_waited_for(
    server: Server,
    farm: Farm,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    spoil: State,
    mend: State,
) -> None:
    await asyncio.to_thread(server.start)
    with caplog.at_level("INFO", "nabaa.redis.backoff"), server.client() as client:
        async with wire_in_this_process(server, farm, tmp_path):
            await until(_reached(server, ARTICLES // 2))
            await asyncio.to_thread(spoil, server, client)
            await until(_told(caplog, AWAY))
            show_the_rest(farm)
            await asyncio.to_thread(mend, server, client)
            await until(_told(caplog, BACK))
            await until(_reached(server, ARTICLES))
            await until(_is_empty(client))
        assert arrived(client) == expected(farm)
        assert client.xpending(KEYS.entries, WORKERS_GROUP)["pending"] == 0
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.anyio
async def test_a_server_that_loads_its_data_is_waited_for(
    server: Server, farm: Farm, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(server.start)
    with server.client() as client:
        client.mset({f"ballast:{number}": "" for number in range(10_000)})
        client.bgrewriteaof()
        eventually(lambda: not client.info("persistence")["aof_rewrite_in_progress"])
    server.stop()
    show_the_rest(farm)
    # Microseconds a key, three seconds in all unless hurried; and it answers all the while.
    slowly = {"key-load-delay": "300", "loading-process-events-interval-bytes": "1024"}
    starting = asyncio.create_task(asyncio.to_thread(server.start, slowly))
    await until(_is_loading(server))
    with caplog.at_level("INFO", "nabaa.redis.backoff"):
        async with wire_in_this_process(server, farm, tmp_path):
            await until(_told(caplog, "is loading the dataset in memory"))
            with server.client() as client:
                client.config_set("key-load-delay", "0")
            await starting
            await until(_reached(server, ARTICLES))
            with server.client() as client:
                await until(_is_empty(client))
                assert arrived(client) == expected(farm)


def _is_loading(server: Server) -> Callable[[], Awaitable[bool]]:
    async def is_loading() -> bool:
        try:
            with server.client() as client:
                client.ping()
        except redis.exceptions.BusyLoadingError:
            return True
        except redis.exceptions.ConnectionError:
            pass
        return False

    return is_loading


def _reached(server: Server, count: int) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return await asyncio.to_thread(server.length, KEYS.articles) >= count

    return reached


def _told(caplog: pytest.LogCaptureFixture, text: str) -> Callable[[], Awaitable[bool]]:
    async def told() -> bool:
        return text in caplog.text

    return told


def _is_empty(client: redis.Redis) -> Callable[[], Awaitable[bool]]:
    async def is_empty() -> bool:
        return int(await asyncio.to_thread(client.xlen, KEYS.entries)) == 0

    return is_empty
