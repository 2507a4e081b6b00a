"""The stage that fetches pages: politely, each once, and no article waits for ever."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import web
from redis.asyncio import Redis

from config.settings import Settings
from ingest.streams.pages import PageQueue
from nabaa.streams.keys import Keys
from tests.support.conditions import until
from tests.support.farm.answers import gzip_bomb
from tests.support.site import ARTICLE_PAGE, Handler, Site, asked, html
from tests.support.wires.page_stage import PageStage, page_stage

pytestmark = pytest.mark.anyio


async def test_an_entry_goes_to_the_workers_with_its_page(client: Redis, site: Site) -> None:
    url = site.page("/1", html(ETag='"a"'))
    async with page_stage(client) as stage:
        await stage.show(url)
        [(entry, page)] = await stage.until_sent(1)
    assert page is not None
    assert (entry.url, page.final_url, page.body) == (url, url, ARTICLE_PAGE.encode())
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
    assert page.body == ARTICLE_PAGE.encode()
    assert asked(site, "/1") == 2


async def test_of_a_page_without_end_the_beginning_is_read(client: Redis, site: Site) -> None:
    url = site.page("/1", html(ARTICLE_PAGE + "<p>" + "حشو " * 5_000_000))
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
