"""Feeds that redirect to another site do not shut it out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.farm.content.names import LoopbackResolver
from tests.support.faults.many_hosts import a_web
from tests.support.wires.ingest_service import running
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio
KEYS = Keys(0)


@pytest.mark.parametrize("port", ["same port", "port 1"])
async def test_feeds_that_redirect_to_a_server_that_is_not_there_leave_its_host_up(
    client: Redis, tmp_path: Path, port: str
) -> None:
    async with a_web() as web:
        hosts = [f"evil{number}.test" for number in range(8)]
        # On the second way the web server at the victim's own port answers all the while.
        gone = "gone.test" if port == "same port" else "victim.test:1"
        web.moved = dict.fromkeys(hosts, gone)
        feeds = web.feeds([*hosts, "victim.test"])
        feeds[-1] = replace(feeds[-1], interval_seconds=1)
        resolver = LoopbackResolver(unknown=["gone.test"])
        quick = {"host_gap_seconds": 0, "retry_base_seconds": 0.1, "retry_max_seconds": 0.1}
        async with running(client, tmp_path / "feeds.yaml", feeds, resolver, **quick) as service:

            async def all_have_failed_often() -> bool:
                return service.progress.failed >= 3 * len(hosts)

            await until(all_have_failed_often)
            polls = len(web.asked["victim.test"])

            async def victim_is_polled_again() -> bool:
                return len(web.asked["victim.test"]) > polls

            await until(victim_is_polled_again)
        assert (await read_status(client, 1)).held_hosts == []
