"""The ingest daemon in one process: it polls what is due, stops cleanly, follows its list."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feed_list import save_feeds
from ingest.streams.due import DueSet
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.farm.behaviour import Behaviour, Spell, Stall
from tests.support.farm.content.articles import read_articles
from tests.support.farm.server import Farm
from tests.support.wires.ingest_service import running, until_logged, until_queued

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
HEALTHY = Behaviour()


@pytest.fixture(autouse=True)
def _watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.service.RELOAD_SECONDS", 0.02)


@pytest.fixture
def feeds_file(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


async def test_every_feed_of_the_list_is_polled(client: Redis, feeds_file: Path) -> None:
    async with (
        Farm(read_articles(), 20, behaviours=[HEALTHY]) as farm,
        running(client, feeds_file, farm.feeds()) as service,
    ):
        await until_queued(client, 128)

        async def are_counted() -> bool:
            return service.progress.new_entries == 128

        await until(are_counted)
        assert all(farm.counters(feed.id).complete for feed in farm.feeds())


async def test_one_slot_is_enough_for_all_feeds(client: Redis, feeds_file: Path) -> None:
    async with (
        Farm(read_articles(), 20, behaviours=[HEALTHY]) as farm,
        running(client, feeds_file, farm.feeds(), fetch_concurrency=1),
    ):
        await until_queued(client, 128)


async def test_a_feed_is_polled_again_after_its_interval(client: Redis, feeds_file: Path) -> None:
    farm = Farm(read_articles()[:2], 1, behaviours=[HEALTHY], interval_seconds=1)
    async with farm, running(client, feeds_file, farm.feeds()):

        async def was_asked_twice() -> bool:
            return farm.counters().not_modified > 0

        await until(was_asked_twice)


async def test_a_stop_gives_the_feeds_in_flight_back(client: Redis, feeds_file: Path) -> None:
    stalled = Behaviour(spells=(Spell(Stall(10)),))
    async with Farm(read_articles()[:2], 1, behaviours=[stalled]) as farm:

        async def was_asked() -> bool:
            return farm.counters().requests > 0

        async with running(client, feeds_file, farm.feeds()):
            await until(was_asked)
        due = DueSet(client, KEYS, lease_seconds=60)
        assert [taken.feed_id for taken in await due.take(10)] == ["farm-0001"]


async def test_a_feed_that_is_added_to_the_list_is_polled(client: Redis, feeds_file: Path) -> None:
    async with Farm(read_articles()[:6], 2, behaviours=[HEALTHY]) as farm:
        first, second = farm.feeds()
        async with running(client, feeds_file, [first]):
            await until_queued(client, 3)
            save_feeds(feeds_file, [first, second])
            await until_queued(client, 6)


async def test_a_feed_that_is_removed_from_the_list_is_polled_no_more(
    client: Redis, feeds_file: Path
) -> None:
    async with Farm(read_articles()[:6], 2, behaviours=[HEALTHY]) as farm:
        first, second = farm.feeds()
        async with running(client, feeds_file, [first, second]):
            await until_queued(client, 6)
            save_feeds(feeds_file, [first])

            async def is_out() -> bool:
                return await client.zrange(KEYS.due, 0, -1) == [first.id.encode()]

            await until(is_out)


async def test_polling_stands_still_while_the_workers_are_behind(
    client: Redis, feeds_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ingest")
    async with (
        Farm(read_articles()[:40], 8, behaviours=[HEALTHY]) as farm,
        running(client, feeds_file, farm.feeds(), backlog_limit=10, fetch_concurrency=1) as service,
    ):
        await until_logged(caplog, "polling pauses")
        assert service.progress.paused
        backlog = int(await client.xlen(KEYS.entries))
        assert 10 <= backlog <= 20
        await client.xtrim(KEYS.entries, maxlen=4, approximate=False)  # the workers catch up
        await until_logged(caplog, "polling goes on")


async def test_a_process_that_has_an_older_list_leaves_an_unknown_feed_to_others(
    client: Redis, feeds_file: Path
) -> None:
    async with Farm(read_articles()[:6], 2, behaviours=[HEALTHY]) as farm:
        first, _ = farm.feeds()
        async with running(client, feeds_file, [first]) as service:
            await until_queued(client, 3)
            await client.zadd(KEYS.due, {"of-a-newer-list": 0})

            async def is_taken() -> bool:
                return (await client.zscore(KEYS.due, "of-a-newer-list") or 0) > 0

            await until(is_taken)
            assert service.progress.failed == 0
