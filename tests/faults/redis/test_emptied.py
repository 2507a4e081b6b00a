"""Redis is emptied, or its due set deleted, while an ingest runs: it is found, told and mended."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from redis.asyncio import Redis

from nabaa.streams.keys import SHARDS, Keys
from tests.support.conditions import until
from tests.support.farm.behaviour import Behaviour
from tests.support.farm.content.articles import read_articles
from tests.support.farm.server import Farm
from tests.support.wires.ingest_service import running, until_logged, until_queued
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


@pytest.fixture(autouse=True)
def _watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.service.REGISTERED_SECONDS", 0.05)


@pytest.mark.parametrize("how", ["FLUSHALL", "DEL"])
async def test_feeds_are_registered_again_and_polled(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    caplog.set_level(logging.INFO)
    farm = Farm(read_articles()[:8], 2, behaviours=[Behaviour()], interval_seconds=1)
    async with farm, running(client, tmp_path / "feeds.yaml", farm.feeds()) as service:
        await until_queued(client, 8)
        if how == "FLUSHALL":
            await client.flushall()
        else:
            await client.delete(KEYS.due)
        await until_logged(caplog, "2 of the 2 feeds are not registered in Redis any more")
        polls = service.progress.polls

        async def are_polled() -> bool:
            return service.progress.polls >= polls + 2

        await until(are_polled)
        assert (await read_status(client, 1)).feeds == 2
        # What was seen is in keys of its own: only where those are gone is it published again.
        await until_queued(client, 8)
        assert service.progress.new_entries == (16 if how == "FLUSHALL" else 8)
    assert await client.hget(SHARDS, "count") == b"1"


async def test_one_feed_that_was_taken_out_of_the_due_set_by_hand_comes_back(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Farm(read_articles()[:8], 2, behaviours=[Behaviour()]) as farm:
        gone = farm.feeds()[0].id
        async with running(client, tmp_path / "feeds.yaml", farm.feeds()):
            await until_queued(client, 8)
            await client.zrem(KEYS.due, gone)
            await until_logged(caplog, "1 of the 2 feeds are not registered")

            async def is_back() -> bool:
                return await client.zscore(KEYS.due, gone) is not None

            await until(is_back)
