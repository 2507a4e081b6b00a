"""The stage that fetches pages: politely, each once, and no article waits for ever."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from aiohttp import web
from redis.asyncio import Redis

from config.settings import Settings
from ingest.streams.pages import PageQueue
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.entries import make_entry
from tests.support.farm.answers import gzip_bomb
from tests.support.farm.content.names import LoopbackResolver
from tests.support.site import Handler, Site
from tests.support.wires.page_stage import FEED, SHORT, PageStage, page_stage
from workers.operations.status import read_status

pytestmark = pytest.mark.anyio
BODY = "<!DOCTYPE html><html><body><p>نص الخبر كاملا</p></body></html>"


def html(body: str = BODY, status: int = 200, **headers: str) -> Handler:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type="text/html", headers=named)

    return answer


def asked(site: Site, path: str) -> int:
    return sum(request.path == path for request in site.requests)


async def test_an_entry_goes_to_the_workers_with_its_page(client: Redis, site: Site) -> None:
    url = site.page("/1", html(ETag='"a"'))
    async with page_stage(client) as stage:
        await stage.show(url)
        [(entry, page)] = await stage.until_sent(1)
    assert page is not None
    assert (entry.url, page.final_url, page.body) == (url, url, BODY.encode())
    assert await stage.trouble() is None


async def test_what_robots_txt_forbids_is_not_asked_for(client: Redis, site: Site) -> None:
    async def robots(_: web.Request) -> web.StreamResponse:
        return web.Response(text="User-agent: *\nDisallow: /private/")

    site.page("/robots.txt", robots)
    async with page_stage(client) as stage:
        await stage.show(site.page("/private/1", html()))
        [(_, page)] = await stage.until_sent(1)
        trouble = await until_told(stage)
    assert page is None
    assert asked(site, "/private/1") == 0
    assert trouble == "robots"


async def until_told(stage: PageStage) -> str:
    """Return the kind of trouble with the pages of the feed, once it is told."""

    async def is_told() -> bool:
        return await stage.trouble() is not None

    await until(is_told)
    trouble = await stage.trouble()
    assert trouble is not None
    return trouble.last.kind


async def bomb(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
    await response.prepare(request)
    for part in gzip_bomb(100_000_000):
        await response.write(part)
    return response


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (bomb, "other"),
        (html(status=404), "missing"),
        (html("<html><title>Just a moment...</title>", status=403), "bot_check"),
        (html(status=302, Location="/consent?next=1"), "consent"),
        (html(status=302, Location="/again"), "redirects"),
        (html(status=302, Location="http://127.0.0.1:6379/"), "other"),
    ],
    ids=["bomb", "missing", "bot wall", "consent wall", "endless redirects", "redirect inside"],
)
async def test_what_is_no_page_costs_one_try_and_is_told(
    client: Redis, site: Site, handler: Handler, kind: str
) -> None:
    site.page("/consent", html())
    site.redirect("/again", "/again", 302)
    url = site.page("/1", handler)
    async with page_stage(client) as stage:
        await stage.show(url)
        [(_, page)] = await stage.until_sent(1)
        assert await until_told(stage) == kind
    assert page is None
    assert asked(site, "/1") == 1
    assert not await client.exists(Keys(0).pages, Keys(0).page_waits)


async def test_a_host_in_trouble_is_asked_again_and_its_page_comes_as_an_update(
    client: Redis, site: Site
) -> None:
    tries = 0

    async def later(request: web.Request) -> web.StreamResponse:
        nonlocal tries
        tries += 1
        return await (html(status=503) if tries < 3 else html())(request)

    async with page_stage(client) as stage:
        await stage.show(site.page("/1", later))
        sent = await stage.until_sent(2)
    assert [page is not None for _, page in sent] == [False, True]
    assert tries == 3


async def test_a_page_that_never_comes_is_given_up_after_some_tries(
    client: Redis, site: Site
) -> None:
    url = site.page("/1", html(status=500))
    async with page_stage(client, page_attempts=3) as stage:
        await stage.show(url)

        async def is_given_up() -> bool:
            return not await client.exists(Keys(0).pages)

        await stage.until_sent(1)
        await until(is_given_up)
        assert len(await stage.sent()) == 1
    assert asked(site, "/1") == 3


async def test_an_article_does_not_wait_for_a_page_that_stalls(client: Redis, site: Site) -> None:
    go_on = asyncio.Event()

    async def stalls(request: web.Request) -> web.StreamResponse:
        await go_on.wait()
        return await html()(request)

    async with page_stage(client, page_wait_seconds=0.1) as stage:
        await stage.show(site.page("/1", stalls))
        [(_, page)] = await stage.until_sent(1)
        assert page is None
        go_on.set()
        [_, (_, late)] = await stage.until_sent(2)
    assert late is not None


async def test_ten_feeds_that_show_an_article_cost_one_request(client: Redis, site: Site) -> None:
    url = site.page("/1", html())
    async with page_stage(client) as stage:
        for number in range(10):
            await stage.show(f"{url}?utm_source={number}", str(number))
        sent = await stage.until_sent(10)
    assert asked(site, "/1") == 1
    # Those that came behind the page need it no more: the article has it.
    assert any(page for _, page in sent)


async def test_feeds_of_several_shards_cost_one_request(client: Redis, site: Site) -> None:
    url = site.page("/1", html())
    async with page_stage(client, shards=4) as stage:
        for shard in range(4):
            await stage.show(url, shard=shard)
        sent = await stage.until_sent(4)
    assert asked(site, "/1") == 1
    assert all(page for _, page in sent)


async def test_a_revised_entry_asks_whether_its_page_has_changed(client: Redis, site: Site) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"a"':
            return web.Response(status=304)
        return await html(ETag='"a"')(request)

    url = site.page("/1", answer)
    async with page_stage(client) as stage:
        await stage.show(url)
        await stage.until_sent(1)
        await stage.show(url, is_revision=True, fetched_at=datetime.now(UTC))
        [_, (_, page)] = await stage.until_sent(2)
    assert page is not None
    assert page.body == BODY.encode()
    assert asked(site, "/1") == 2


async def test_of_a_page_without_end_the_beginning_is_read(client: Redis, site: Site) -> None:
    url = site.page("/1", html(BODY + "<p>" + "حشو " * 5_000_000))
    async with page_stage(client, page_max_bytes=100_000) as stage:
        await stage.show(url)
        [(_, page)] = await stage.until_sent(1)
    assert page is not None
    assert len(page.body) == 100_000


async def test_no_cookie_lives_longer_than_its_fetch(client: Redis, site: Site) -> None:
    seen: list[str | None] = []

    async def sets(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("Cookie"))
        return await html(Set_Cookie="visitor=1")(request)

    async with page_stage(client) as stage:
        await stage.show(site.page("/1", sets), "1")
        await stage.show(site.page("/2", sets), "2")
        await stage.until_sent(2)
    assert seen == [None, None]


async def test_a_page_is_asked_for_as_a_page(client: Redis, site: Site) -> None:
    url = site.page("/1", html())
    async with page_stage(client) as stage:
        await stage.show(url)
        await stage.until_sent(1)
    [request] = [each for each in site.requests if each.path == "/1"]
    assert request.headers["Accept"].startswith("text/html")
    assert request.headers["User-Agent"].startswith("nabaa/")


async def test_a_page_whose_host_lets_nobody_in_is_given_up_in_the_end(
    client: Redis, site: Site
) -> None:
    waiting = PageStage(client, Settings())
    await waiting.show(site.page("/1", html()))
    [name] = await PageQueue(client, Keys(0), 60, 60).names()
    await client.hset(Keys(0).page(name), "since", "1")
    async with page_stage(client) as stage:
        [(_, page)] = await stage.until_sent(1)
        assert await until_told(stage) == "busy"
    assert page is None
    assert asked(site, "/1") == 0


async def test_a_page_whose_every_try_ended_its_process_is_given_up(
    client: Redis, site: Site
) -> None:
    url = site.page("/1", html())
    waiting = PageStage(client, Settings())
    await waiting.show(url)
    [name] = await PageQueue(client, Keys(0), 60, 60).names()
    await client.hset(Keys(0).page(name), "tries", "2")
    async with page_stage(client, page_attempts=2) as stage:
        [(entry, page)] = await stage.until_sent(1)
        assert await until_told(stage) == "other"
    assert (entry.url, page) == (url, None)
    assert asked(site, "/1") == 0


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
