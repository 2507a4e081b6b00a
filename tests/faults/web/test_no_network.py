"""A machine without a network: one sentence, no feed is blamed, and polling goes on by itself."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ingest.streams.due import DueSet
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.farm.content.names import LoopbackResolver
from tests.support.faults.many_hosts import a_web
from tests.support.wires.ingest_service import running, until_logged

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
HOSTS = [f"site{number}.test" for number in range(30)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.connectivity.OFFLINE_SECONDS", 0.5)
    monkeypatch.setattr("ingest.inflight.OFFLINE_RETRY_SECONDS", 0.2)


async def test_no_network_is_one_warning_and_its_end_one_line(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    resolver = LoopbackResolver(unknown=set(HOSTS))
    quick = {"retry_base_seconds": 0.1, "retry_max_seconds": 0.1, "host_gap_seconds": 0.0}
    async with a_web() as web:
        feeds = web.feeds(HOSTS)
        async with running(client, tmp_path / "feeds.yaml", feeds, resolver, **quick) as service:
            await until_logged(caplog, "seems to be offline")

            async def all_were_tried_again() -> bool:
                return len(resolver.asked) > 3 * len(HOSTS)

            await until(all_were_tried_again)
            resolver.unknown.clear()

            async def all_are_polled() -> bool:
                return service.progress.new_entries == len(HOSTS)

            await until(all_are_polled)
        states = await DueSet(client, KEYS, 60).states([feed.id for feed in feeds])
        assert [state.failures for state in states] == [0] * len(HOSTS)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [warning.getMessage() for warning in warnings] == [
        "none of the 30 feeds can be reached: this machine seems to be offline "
        "(no host name can be looked up); trying again every 60 s"
    ]
    about_the_end = [message for message in caplog.messages if "again after" in message]
    assert len(about_the_end) == 1
    assert about_the_end[0].startswith("the web can be reached again after")


@pytest.mark.load  # names that were looked up are kept for ten seconds
async def test_a_name_server_that_goes_away_in_the_middle_makes_no_feed_fail_for_long(
    client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    resolver = LoopbackResolver()
    quick = {"poll_interval_seconds": 0.2, "host_gap_seconds": 0.0, "retry_base_seconds": 0.1}
    async with a_web() as web:
        feeds = web.feeds(HOSTS)
        async with running(client, tmp_path / "feeds.yaml", feeds, resolver, **quick) as service:

            async def all_are_polled() -> bool:
                return service.progress.new_entries == len(HOSTS)

            await until(all_are_polled)
            resolver.unknown.update(HOSTS)
            await until_logged(caplog, "seems to be offline")
            resolver.unknown.clear()
            polls = service.progress.polls

            async def are_polled_again() -> bool:
                return service.progress.polls > polls + len(HOSTS)

            await until(are_polled_again)
    assert sum("cannot be looked up (" in message for message in caplog.messages) == 0
    assert sum("is down" in message for message in caplog.messages) == 0
