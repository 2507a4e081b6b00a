"""Redis that is not there, goes away or refuses: waited for, told once, nothing lost or doubled."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from ingest.streams.connection import connect
from tests.conditions import eventually, until
from tests.daemons import Daemon
from tests.farm.server import Farm
from tests.faults.small_wire import (
    ARTICLES,
    AWAY,
    BACK,
    FEEDS,
    KEYS,
    assert_each_article_came_once,
    settings_of,
    show_the_rest,
)
from tests.servers import Server
from tests.workers.articles import make_article
from workers.message import encode_article
from workers.subscriber import Subscriber, follow


def test_a_server_that_is_not_there_yet_is_waited_for_and_told_once(
    server: Server, farm: Farm, tmp_path: Path
) -> None:
    show_the_rest(farm)
    settings = settings_of(farm, tmp_path, server.url)
    with Daemon("run", "--quiet", settings=settings, log=tmp_path / "log") as wire:
        eventually(lambda: AWAY in wire.printed())
        server.start()
        eventually(lambda: server.length(KEYS.articles) == ARTICLES)
        wire.stop()
    printed = wire.printed()
    assert wire.process.returncode == 0
    assert f"Redis at {server.url} cannot be used: " in printed
    assert (printed.count(AWAY), printed.count(BACK)) == (1, 1)
    assert "Traceback" not in printed
    with server.client() as client:
        assert_each_article_came_once(client, farm)


@pytest.mark.parametrize("command", ["subscribe --group desk", "work"])
def test_who_waits_for_a_server_can_be_stopped(
    command: str, server: Server, tmp_path: Path
) -> None:
    settings = {"NABAA_REDIS_URL": server.url}
    with Daemon(*command.split(), settings=settings, log=tmp_path / "log") as waiting:
        eventually(lambda: AWAY in waiting.printed())
        waiting.stop()
    assert waiting.process.returncode == 0
    assert "Traceback" not in waiting.printed()


def test_a_server_that_dies_again_and_again_loses_nothing_and_doubles_nothing(
    server: Server, farm: Farm, tmp_path: Path
) -> None:
    server.start()
    settings = settings_of(farm, tmp_path, server.url) | {"NABAA_BATCH_SIZE": "4"}
    with Daemon("run", settings=settings, log=tmp_path / "log") as wire:
        eventually(lambda: server.length(KEYS.articles) > 0)
        server.kill()
        eventually(lambda: AWAY in wire.printed())
        server.start()
        show_the_rest(farm)
        eventually(lambda: server.length(KEYS.articles) > ARTICLES // 2)
        server.stop()
        eventually(lambda: wire.printed().count(AWAY) >= 2)
        server.start()
        eventually(lambda: server.length(KEYS.articles) >= ARTICLES)
        with server.client() as client:
            eventually(lambda: client.xlen(KEYS.entries) == 0)
            asked = farm.counters().requests
            eventually(lambda: farm.counters().requests >= asked + 2 * FEEDS)
            assert_each_article_came_once(client, farm)
        wire.stop()
    assert wire.process.returncode == 0
    assert "Traceback" not in wire.printed()


@pytest.mark.anyio
async def test_a_subscriber_reads_on_where_it_was_when_the_server_is_back(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.start()
    async with connect(server.url) as client:
        subscriber = Subscriber(client, 1, "desk", "me")
        async with aclosing(subscriber.read(asyncio.Event())) as reading:
            publish(server, "أ")
            first = await anext(reading)
            server.kill()
            acknowledging = asyncio.create_task(subscriber.acknowledge(first))
            await until_told(caplog, 1)
            server.start()
            await acknowledging
            server.kill()
            following = asyncio.ensure_future(anext(reading))
            await until_told(caplog, 2)
            server.start()
            publish(server, "ب")
            assert (await following).article.title == "ب"
    with server.client() as left:
        assert left.xpending(KEYS.articles, "desk")["pending"] == 1


@pytest.mark.anyio
async def test_who_follows_misses_nothing_while_the_server_was_away(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.start()
    async with (
        connect(server.url) as client,
        aclosing(follow(client, 1, 1, asyncio.Event())) as reading,
    ):
        publish(server, "أ")
        assert (await anext(reading)).article.title == "أ"
        server.kill()
        following = asyncio.ensure_future(anext(reading))
        await until_told(caplog, 1)
        server.start()
        publish(server, "ب")
        assert (await following).article.title == "ب"


async def until_told(caplog: pytest.LogCaptureFixture, times: int) -> None:
    async def told() -> bool:
        return caplog.text.count(AWAY) == times

    await until(told)


def publish(server: Server, title: str) -> None:
    with server.client() as client:
        client.xadd(KEYS.articles, {"data": encode_article(make_article(title=title))})
