"""One feed that brings thousands of new entries gets its share, and the others theirs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from config.model import Feed
from ingest.streams.entries import decode_entry
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import until
from tests.support.wires.ingest_service import running, until_logged, until_queued
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
QUICK: dict[str, Any] = {"poll_interval_seconds": 0.1, "host_gap_seconds": 0.0}


class Site:
    """A site whose feeds hold so many items each, with so many letters each."""

    def __init__(self, letters: int = 0, **items: int) -> None:
        self.letters = letters
        self.items = items

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        items = "".join(
            f"<item><title>خبر {name} {number}</title><link>https://{name}.example/{number}</link>"
            f'<guid isPermaLink="false">{name}-{number}</guid>'
            f"<description>{'x' * self.letters}</description></item>"
            for number in range(self.items[name])
        )
        body = f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
        etag = f'"{name}-{self.items[name]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body.encode(), headers={"ETag": etag})

    async def __aenter__(self) -> list[Feed]:
        application = web.Application()
        application.router.add_get("/{name}", self.answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        return [
            Feed(name, f"http://127.0.0.1:{port}/{name}", name, name, "JO", "UTC")
            for name in self.items
        ]

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


async def queued(client: Redis) -> list[str]:
    """Return the feeds of the entries on the queue, in their order."""
    messages = messages_of_range(await client.xrange(KEYS.entries))
    return [decode_entry(message.fields[b"data"]).feed.id for message in messages]


async def test_the_entries_of_other_feeds_wait_for_one_share_of_the_crowding_one_at_most(
    client: Redis, tmp_path: Path
) -> None:
    site = Site(crowd=200, sabah=5, masa=5)
    limited = {**QUICK, "feed_entries_per_day": 20 * 20, "fetch_concurrency": 1}
    async with site as feeds, running(client, tmp_path / "feeds.yaml", feeds, **limited):
        await until_queued(client, 3 * 20)
    order = await queued(client)
    assert order.index("sabah") <= 20 + 5
    assert order.index("masa") <= 20 + 5


async def test_long_entries_are_fewer_at_once_and_on_a_day(client: Redis, tmp_path: Path) -> None:
    limited = {**QUICK, "feed_entries_per_day": 20 * 20}
    site = Site(letters=100_000, crowd=8)
    async with site as feeds, running(client, tmp_path / "feeds.yaml", feeds, **limited):
        await until_queued(client, 5)
        assert (await read_status(client, 1)).withheld == {"crowd": 3}
        await until_queued(client, 8)
    taken = await client.hget(KEYS.feed("crowd"), "taken")
    assert taken is not None
    assert taken.split()[1] == b"32"


async def test_what_is_left_to_later_polls_comes_with_them_each_entry_once(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with Site(crowd=610) as feeds, running(client, tmp_path / "feeds.yaml", feeds, **QUICK):
        await until_queued(client, 250)
        assert (await read_status(client, 1)).withheld == {"crowd": 360}
        await until_queued(client, 610)

        async def nothing_is_left() -> bool:
            return (await read_status(client, 1)).withheld == {}

        await until(nothing_is_left)
    messages = messages_of_range(await client.xrange(KEYS.entries))
    guids = [decode_entry(message.fields[b"data"]).guid for message in messages]
    assert sorted(guids) == sorted(f"crowd-{number}" for number in range(610))
    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert warnings == [
        "feed crowd brings more new entries than one feed may: 250 are taken now, 360 are left "
        "to later polls (NABAA_FEED_ENTRIES_PER_DAY)"
    ]


async def test_a_feed_brings_no_more_in_a_day_than_its_limit(client: Redis, tmp_path: Path) -> None:
    site = Site(crowd=100)
    limited = {**QUICK, "feed_entries_per_day": 40}
    seconds, _ = await client.time()
    await client.hset(KEYS.feed("crowd"), "taken", f"{seconds // 86400} 34")
    async with site as feeds:
        async with running(client, tmp_path / "feeds.yaml", feeds, **limited) as service:
            await until_queued(client, 6)
            polls = service.progress.polls

            async def is_polled_on() -> bool:
                return service.progress.polls > polls + 3

            await until(is_polled_on)
        assert await client.xlen(KEYS.entries) == 6
        assert await client.hget(KEYS.feed("crowd"), "taken") == f"{seconds // 86400} 40".encode()
        # On the next day it goes on.
        await client.hset(KEYS.feed("crowd"), "taken", f"{seconds // 86400 - 1} 40")
        await client.zadd(KEYS.due, {"crowd": 0})
        async with running(client, tmp_path / "feeds.yaml", feeds, **limited):
            await until_queued(client, 10)


async def test_polling_pauses_where_the_entries_that_wait_take_too_much_memory(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.backpressure.MEASURE_SECONDS", 0.0)
    site = Site(crowd=200, sabah=200)
    limited = {**QUICK, "stream_max_bytes": 20_000, "fetch_concurrency": 1}
    async with site as feeds, running(client, tmp_path / "feeds.yaml", feeds, **limited) as service:
        await until_logged(caplog, "MB wait for workers: polling pauses")
        assert service.progress.paused
        await client.xtrim(KEYS.entries, maxlen=0, approximate=False)
        await until_queued(client, 200)
