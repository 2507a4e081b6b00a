"""The stage that fetches pages keeps to the turns of their hosts."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import cast

import pytest
from aiohttp import web
from redis.asyncio import Redis

from ingest.streams.pages import PageQueue
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.farm.content.names import LoopbackResolver
from tests.support.site import Site, asked, html
from tests.support.wires.page_stage import FEED, SHORT, page_stage
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio


def named(url: str, host: str = "news.test") -> str:
    """Return an address on loopback under the name of a host elsewhere, whose limits hold."""
    return url.replace("127.0.0.1", host)


async def test_pages_of_one_host_keep_their_distance(client: Redis, site: Site) -> None:
    times: list[float] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        times.append(asyncio.get_running_loop().time())
        return await html()(request)

    gap = 0.2
    async with page_stage(client, LoopbackResolver(), host_gap_seconds=gap) as stage:
        await stage.show(named(site.page("/first", answer)), "first")
        await stage.until_sent(1)  # its turn began with robots.txt
        for number in range(4):
            await stage.show(named(site.page(f"/{number}", answer)), str(number))
        sent = await stage.until_sent(5)
    assert all(page for _, page in sent)
    steps = [later - earlier for earlier, later in itertools.pairwise(times[1:])]
    assert min(steps) > gap / 2


@pytest.mark.parametrize(
    ("wait_seconds", "waits"),
    [  # their turns come 1,000 and 2,000 seconds from now
        (1500, [1000 + 1500, 2000 + 1500]),
        (500, [1000 + 500, 2500]),  # five times the wait is the most
        (350, [1000 + 350, 350]),  # the turn of the second comes later than that
    ],
)
async def test_an_article_waits_from_the_turn_of_its_page_at_its_host(
    client: Redis, site: Site, wait_seconds: float, waits: list[float]
) -> None:
    never = asyncio.Event()

    async def stalls(_: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    settings = {"host_gap_seconds": 1000, "page_wait_seconds": wait_seconds}
    async with page_stage(client, LoopbackResolver(), **settings) as stage:
        await stage.show(named(site.page("/1", stalls)), "1")
        pages = PageQueue(client, Keys(0), 60, 60)
        [first] = await pages.names()

        async def is_asked() -> bool:
            return await client.hget(Keys(0).page(first), "tries") == b"1"

        await until(is_asked)
        began = (await client.time())[0]
        entries = [
            replace(make_entry(FEED, mark, content=SHORT), url=named(site.page(mark, html())))
            for mark in ("/2", "/3")
        ]
        await stage.commit(FEED, entries)
        others = [name for name in await pages.names() if name != first]

        async def have_turns() -> bool:
            due = cast("list[float]", await client.zmscore(Keys(0).pages, others))
            return min(due) > began + 500

        await until(have_turns)
        ends = cast("list[float]", await client.zmscore(Keys(0).page_waits, others))
        left = sorted(end - began for end in ends)
        never.set()
    assert left == pytest.approx(sorted(waits), abs=100)


async def test_a_host_that_asks_to_be_left_alone_is_left_alone(client: Redis, site: Site) -> None:
    busy = site.page("/1", html(status=429, Retry_After="60"))
    other = site.page("/2", html())
    settings = {"host_gap_seconds": 0, "page_wait_seconds": 0.3}
    async with page_stage(client, LoopbackResolver(), **settings) as stage:
        await stage.show(named(busy), "1")

        async def is_left_alone() -> bool:
            return bool((await read_status(client, 1)).held_hosts)

        await until(is_left_alone)
        await stage.show(named(other), "2")
        [_, (_, page)] = await stage.until_sent(2)
    assert page is None
    assert (asked(site, "/1"), asked(site, "/2")) == (1, 0)


async def test_pages_that_stand_still_do_not_have_the_host_of_another_feed_left_alone(
    client: Redis, site: Site
) -> None:
    never = asyncio.Event()

    async def stalls(_: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    settings = {"host_gap_seconds": 0, "fetch_timeout_seconds": 0.1, "page_attempts": 1}
    async with page_stage(client, LoopbackResolver(), host_down_after=2, **settings) as stage:
        for number in range(4):
            await stage.show(named(site.page(f"/{number}", stalls)), str(number))
        await stage.until_sent(4)
        await stage.show(named(site.page("/well", html())), "9")
        sent = await stage.until_sent(5)
        never.set()
    assert sent[-1][1] is not None
