"""Redis that is not there or goes away: waited for, told once, nothing lost or doubled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest

from nabaa import GroupReader, follow
from nabaa.message import encode_article
from nabaa.redis.connection import connect
from tests.support.articles import make_article
from tests.support.conditions import eventually, until
from tests.support.daemons import Daemon
from tests.support.faults.small_wire import (
    ARTICLES,
    AWAY,
    BACK,
    FEEDS,
    KEYS,
    a_farm,
    a_server,
    arrived,
    expected,
    settings_of,
    show_the_rest,
)
from tests.support.servers import Server


@dataclass(frozen=True)
class Story:
    """A wire that was there before its server, which then died twice.

    Attributes:
        address: of the server.
        at_first: what had been printed when the first articles came.
        printed: by the end.
        status: exit status.
        arrived: articles, by their name in the farm.
        expected: the same, as the farm showed them.
        left: entries on the queue and among the dead letters.
    """

    address: str
    at_first: str
    printed: str
    status: int | None
    arrived: Counter[str | None]
    expected: Counter[str | None]
    left: int


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("away")
    with a_server(folder / "valkey") as server, a_farm() as farm:
        settings = settings_of(farm, folder, server.url) | {"NABAA_BATCH_SIZE": "4"}
        with Daemon("run", settings=settings, log=folder / "log") as wire:
            eventually(lambda: AWAY in wire.printed())
            server.start()
            eventually(lambda: server.length(KEYS.articles) > 0)
            at_first = wire.printed()
            server.kill()
            eventually(lambda: wire.printed().count(AWAY) > at_first.count(AWAY))
            server.start()
            show_the_rest(farm)
            eventually(lambda: server.length(KEYS.articles) > ARTICLES // 2)
            before = wire.printed().count(AWAY)
            server.stop()
            eventually(lambda: wire.printed().count(AWAY) > before)
            server.start()
            eventually(lambda: server.length(KEYS.articles) >= ARTICLES)
            eventually(lambda: server.length(KEYS.entries) == 0)
            asked = farm.counters().requests
            eventually(lambda: farm.counters().requests >= asked + 2 * FEEDS)
            wire.stop()
        with server.client() as client:
            yield Story(
                address=server.url,
                at_first=at_first,
                printed=wire.printed(),
                status=wire.process.returncode,
                arrived=arrived(client),
                expected=expected(farm),
                left=client.xlen(KEYS.entries) + client.xlen(KEYS.dead),
            )


def test_a_server_that_is_not_there_yet_is_told_once_and_waited_for(story: Story) -> None:
    assert f"Redis at {story.address} cannot be used: " in story.at_first
    assert (story.at_first.count(AWAY), story.at_first.count(BACK)) == (1, 1)


def test_a_server_that_dies_again_and_again_loses_nothing_and_doubles_nothing(
    story: Story,
) -> None:
    assert (story.arrived, story.left) == (story.expected, 0)


def test_a_wire_whose_server_died_ends_as_any_other(story: Story) -> None:
    assert story.status == 0
    assert "Traceback" not in story.printed


@pytest.mark.parametrize("command", ["subscribe --group desk", "ingest"])
def test_who_waits_for_a_server_can_be_stopped(
    command: str, server: Server, tmp_path: Path
) -> None:
    settings = {"NABAA_REDIS_URL": server.url}
    with Daemon(*command.split(), settings=settings, log=tmp_path / "log") as waiting:
        eventually(lambda: AWAY in waiting.printed())
        waiting.stop()
    assert waiting.process.returncode == 0
    assert "Traceback" not in waiting.printed()


@pytest.mark.anyio
async def test_a_subscriber_reads_on_where_it_was_when_the_server_is_back(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.start()
    async with connect(server.url) as client:
        subscriber = GroupReader(client, 1, "desk", "me")
        async with aclosing(subscriber.read(asyncio.Event())) as reading:
            publish(server, "أ")
            first = await anext(reading)
            server.kill()
            await subscriber.acknowledge(first)
            await until_told(caplog, 1)
            server.start()
            await subscriber.flush()
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
