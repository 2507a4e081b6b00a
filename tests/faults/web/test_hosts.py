"""Hosts that are slow, down, busy or gone: the others do not notice, and nobody is annoyed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from redis.asyncio import Redis

from config.feed_list import save_feeds
from config.model import Feed
from ingest.streams.due import DueSet
from nabaa.streams.keys import Keys, host_of_origin
from tests.support.conditions import until
from tests.support.farm.behaviour import Behaviour, Refuse, Spell, Stall
from tests.support.farm.content.articles import read_articles
from tests.support.farm.content.names import LoopbackResolver, on_hosts
from tests.support.farm.server import Farm
from tests.support.faults.many_hosts import a_web
from tests.support.wires.ingest_service import running
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
HEALTHY = Behaviour()
NO_GAP = {"host_gap_seconds": 0.0}


@pytest.fixture(autouse=True)
def _watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.service.RELOAD_SECONDS", 0.02)


@pytest.fixture
def feeds_file(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


def answering(status: int, retry_after: str | None = None, first: int | None = None) -> Behaviour:
    return Behaviour(spells=(Spell(Refuse(status, retry_after), first=first),))


async def until_polled(farm: Farm, feeds: list[Feed], times: int = 1) -> None:
    async def are_polled() -> bool:
        counters = [farm.counters(feed.id) for feed in feeds]
        return all(each.complete + each.not_modified >= times for each in counters)

    await until(are_polled)


async def until_held(client: Redis, host: str) -> None:
    async def is_held() -> bool:
        held = cast("list[bytes]", await client.zrange(KEYS.held_hosts, 0, -1))
        return host in [host_of_origin(origin.decode()) for origin in held]

    await until(is_held)


def requests(farm: Farm, feeds: list[Feed]) -> int:
    return sum(farm.counters(feed.id).requests for feed in feeds)


async def test_a_slow_host_with_500_feeds_does_not_delay_100_others(
    client: Redis, feeds_file: Path
) -> None:
    stalled = Behaviour(spells=(Spell(Stall(10)),))
    behaviours = [stalled] * 500 + [HEALTHY] * 100
    hosts = ["slow.test"] * 500 + [f"quick{number}.test" for number in range(100)]
    async with Farm(read_articles(), 600, behaviours=behaviours) as farm:
        feeds = on_hosts(farm.feeds(), hosts)
        slots = {"fetch_concurrency": 4}
        async with running(client, feeds_file, feeds, LoopbackResolver(), **slots):
            await until_polled(farm, feeds[500:])
            assert 1 <= requests(farm, feeds[:500]) <= 2


async def test_all_feeds_of_a_host_are_polled_two_at_a_time_by_three_processes(
    client: Redis, tmp_path: Path
) -> None:
    async with a_web() as web:
        web.answer_seconds = 0.01
        feeds = web.feeds(["sabah.test"] * 24)
        names = [tmp_path / f"{number}.yaml" for number in range(3)]
        async with (
            running(client, names[0], feeds, LoopbackResolver(), **NO_GAP),
            running(client, names[1], feeds, LoopbackResolver(), **NO_GAP),
            running(client, names[2], feeds, LoopbackResolver(), **NO_GAP),
        ):

            async def all_are_polled() -> bool:
                return int(await client.xlen(KEYS.entries)) == 24

            await until(all_are_polled)
        assert sorted(web.asked["sabah.test"]) == sorted(f"/{number}" for number in range(24))
        assert web.most_at_once["sabah.test"] == 2


async def test_redirects_to_one_host_count_there(client: Redis, feeds_file: Path) -> None:
    async with a_web() as web:
        web.answer_seconds = 0.01
        hosts = [f"site{number}.test" for number in range(12)]
        web.moved = dict.fromkeys(hosts, "cdn.test")
        feeds = web.feeds(hosts)
        async with running(client, feeds_file, feeds, LoopbackResolver(), **NO_GAP) as service:

            async def all_are_polled() -> bool:
                return service.progress.polls == 12

            await until(all_are_polled)
            assert (service.progress.failed, service.progress.new_entries) == (0, 12)
        assert web.most_at_once["cdn.test"] <= 2


async def test_a_host_that_is_down_is_tried_by_one_feed_at_a_time_until_it_answers(
    client: Redis, feeds_file: Path
) -> None:
    async with Farm(read_articles(), 25, behaviours=[HEALTHY]) as farm:
        feeds = on_hosts(farm.feeds(), ["down.test"] * 20 + ["up.test"] * 5)
        resolver = LoopbackResolver(unknown=["down.test"])
        settings = {
            **NO_GAP,
            "host_down_after": 3,
            "retry_base_seconds": 0.2,
            "retry_max_seconds": 1.2,
        }
        async with running(client, feeds_file, feeds, resolver, **settings) as service:
            await until_held(client, "down.test")
            await until_polled(farm, feeds[20:])
            states = await DueSet(client, KEYS, 60).states([feed.id for feed in feeds[:20]])
            waiting = sum(state.failures == 0 for state in states)
            assert waiting > 10
            resolver.unknown.clear()
            await until_polled(farm, feeds[:20])
            assert service.progress.failed <= 20 - waiting + 5


@pytest.mark.parametrize(
    "answer", [answering(429, "600"), answering(503, "600"), answering(429), answering(503)]
)
async def test_a_host_that_is_busy_is_left_alone_by_all_of_its_feeds(
    client: Redis, feeds_file: Path, answer: Behaviour
) -> None:
    async with Farm(read_articles(), 20, behaviours=[answer] * 10 + [HEALTHY] * 10) as farm:
        feeds = on_hosts(farm.feeds(), ["busy.test"] * 10 + ["idle.test"] * 10)
        settings = {**NO_GAP, "host_concurrency": 1}
        async with running(client, feeds_file, feeds, LoopbackResolver(), **settings):
            await until_held(client, "busy.test")
            await until_polled(farm, feeds[10:])
            assert requests(farm, feeds[:10]) == 1
        [held] = (await read_status(client, 1)).held_hosts
        assert (host_of_origin(held.host), held.why) == ("busy.test", "busy")


async def test_a_feed_that_is_gone_is_polled_no_more_until_its_address_changes(
    client: Redis, feeds_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    behaviours = [answering(410, first=1), HEALTHY]
    async with Farm(read_articles()[:4], 2, behaviours=behaviours, interval_seconds=1) as farm:
        gone, lives = farm.feeds()

        async def has_ended() -> bool:
            return [feed.feed_id for feed in (await read_status(client, 1)).ended] == [gone.id]

        async with running(client, feeds_file, [gone, lives]):
            await until(has_ended)
            polls = farm.counters(lives.id).requests
        async with running(client, feeds_file, [gone, lives]):
            await until_polled(farm, [lives], times=polls + 2)
            assert farm.counters(gone.id).requests == 1
            assert await has_ended()
            save_feeds(feeds_file, [replace(gone, url=f"{gone.url}?format=rss"), lives])

            async def has_come_back() -> bool:
                return not (await read_status(client, 1)).ended

            await until(has_come_back)
            await until_polled(farm, [gone])
        told = [message for message in caplog.messages if "is not polled any more" in message]
        assert len(told) == 1


async def test_a_feed_that_is_gone_comes_back_when_it_is_listed_anew(
    client: Redis, feeds_file: Path
) -> None:
    async with Farm(read_articles()[:2], 1, behaviours=[answering(410, first=1)]) as farm:
        [gone] = farm.feeds()
        async with running(client, feeds_file, [gone]):

            async def has_ended() -> bool:
                return [feed.feed_id for feed in (await read_status(client, 1)).ended] == [gone.id]

            await until(has_ended)
        async with running(client, feeds_file, []):

            async def is_out() -> bool:
                return not await client.exists(KEYS.due)

            await until(is_out)
            save_feeds(feeds_file, [gone])
            await until_polled(farm, [gone])


async def test_failures_are_told_by_their_reason(client: Redis, feeds_file: Path) -> None:
    behaviours = [answering(404), answering(404), answering(500), answering(403), HEALTHY]
    async with Farm(read_articles()[:10], 6, behaviours=behaviours) as farm:
        feeds = on_hosts(farm.feeds(), [f"site{number}.test" for number in range(6)])
        resolver = LoopbackResolver(unknown=["site5.test"])
        async with running(client, feeds_file, feeds, resolver) as service:

            async def are_polled() -> bool:
                return service.progress.polls >= 6

            await until(are_polled)
        reasons = (await read_status(client, 1)).reasons
        assert reasons == {"missing": 2, "down": 1, "refused": 1, "dns": 1}


async def test_robots_txt_is_asked_before_a_feed_where_that_is_set(
    client: Redis, feeds_file: Path
) -> None:
    async with a_web() as web:
        web.robots = {"closed.test": "User-agent: nabaa\nDisallow: /\n"}
        feeds = web.feeds(["closed.test", "open.test"])
        settings = {"robots_for_feeds": True}
        async with running(client, feeds_file, feeds, LoopbackResolver(), **settings) as service:

            async def are_polled() -> bool:
                return service.progress.polls == 2

            await until(are_polled)
        assert dict(web.asked) == {
            "closed.test": ["/robots.txt"],
            "open.test": ["/robots.txt", "/1"],
        }
        assert (await read_status(client, 1)).reasons == {"robots": 1}


async def test_robots_txt_is_not_asked_before_a_feed_by_default(
    client: Redis, feeds_file: Path
) -> None:
    async with a_web() as web:
        web.robots = {"closed.test": "User-agent: *\nDisallow: /\n"}
        feeds = web.feeds(["closed.test"])
        async with running(client, feeds_file, feeds, LoopbackResolver()) as service:

            async def is_polled() -> bool:
                return service.progress.new_entries == 1

            await until(is_polled)
        assert dict(web.asked) == {"closed.test": ["/0"]}
