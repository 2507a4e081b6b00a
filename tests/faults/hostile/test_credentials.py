"""User and password in a feed's address: told to its own origin, and to nobody and nothing else."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import until
from tests.support.entities.name_list import ListedNames
from tests.support.farm.content.names import LoopbackResolver
from tests.support.wires.ingest_service import running
from workers.pipeline import ArticleMaker
from workers.service import WorkerService

pytestmark = pytest.mark.anyio

KEYS = Keys(0)
SECRET = "s3cret-Kennwort"
BODY = (
    '<rss version="2.0"><channel><title>x</title><link>/</link><item><title>خبر</title>'
    "<link>/news/1</link><description>نص الخبر</description></item></channel></rss>"
)


@dataclass
class Site:
    """Serves a feed to who knows the password, and remembers what it was told."""

    user: str = "me"
    told: list[tuple[str, str | None]] = field(default_factory=list)
    port: int = 0

    async def feed(self, request: web.Request) -> web.Response:
        header = request.headers.get("Authorization")
        self.told.append((request.host, header))
        good = f"Basic {base64.b64encode(f'{self.user}:{SECRET}'.encode()).decode()}"
        if header != good:
            return web.Response(status=401, text="who are you?")
        return web.Response(text=BODY, content_type="application/rss+xml")

    async def open(self, request: web.Request) -> web.Response:
        self.told.append((request.host, request.headers.get("Authorization")))
        return web.Response(text=BODY, content_type="application/rss+xml")

    async def away(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"].replace("PORT", str(self.port)))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/feed", site.feed)
    app.router.add_get("/open", site.open)
    app.router.add_get("/away", site.away)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    yield site
    await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    settings = Settings(allow_private_addresses=True, fetch_timeout_seconds=10)
    async with Fetcher(settings, resolver=LoopbackResolver()) as opened:
        yield opened


async def test_the_password_is_told_to_the_site(fetcher: Fetcher, site: Site) -> None:
    fetched = await fetcher.fetch("a", f"http://me:{SECRET}@news.test:{site.port}/feed")
    assert fetched.status == 200
    assert SECRET not in fetched.final_url


@pytest.mark.parametrize(
    ("user", "written"),
    [("me@home", "me%40home"), ("مستخدم", "%D9%85%D8%B3%D8%AA%D8%AE%D8%AF%D9%85")],
)
async def test_any_user_can_be_written(
    fetcher: Fetcher, site: Site, user: str, written: str
) -> None:
    site.user = user
    fetched = await fetcher.fetch("a", f"http://{written}:{SECRET}@news.test:{site.port}/feed")
    assert fetched.status == 200


async def test_a_redirect_on_the_site_keeps_the_password(fetcher: Fetcher, site: Site) -> None:
    url = f"http://me:{SECRET}@news.test:{site.port}/away?to=/feed"
    assert (await fetcher.fetch("a", url)).status == 200


async def test_a_redirect_to_another_site_is_told_nothing(fetcher: Fetcher, site: Site) -> None:
    to = "http://thief.test:PORT/open"
    await fetcher.fetch("a", f"http://me:{SECRET}@news.test:{site.port}/away?to={to}")
    assert site.told == [(f"thief.test:{site.port}", None)]


async def test_another_port_of_the_host_is_told_nothing(fetcher: Fetcher, site: Site) -> None:
    other = Site()
    app = web.Application()
    app.router.add_get("/open", other.open)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    to = f"http://news.test:{runner.addresses[0][1]}/open"
    await fetcher.fetch("a", f"http://me:{SECRET}@news.test:{site.port}/away?to={to}")
    await runner.cleanup()
    assert [header for _, header in other.told] == [None]


async def test_a_password_in_a_redirect_is_not_used(fetcher: Fetcher, site: Site) -> None:
    to = "http://x:y@thief.test:PORT/open"
    fetched = await fetcher.fetch("a", f"http://news.test:{site.port}/away?to={to}")
    assert site.told == [(f"thief.test:{site.port}", None)]
    assert "x:y" not in fetched.final_url


@pytest.mark.parametrize("path", ["/feed", "/nothing"])
async def test_the_password_stands_in_no_log_no_message_and_no_status(
    client: Redis,
    feed: Feed,
    tmp_path: Path,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    caplog.set_level("DEBUG")
    secret_feed = replace(feed, url=f"http://me:{SECRET}@news.test:{site.port}{path}")
    settings = Settings(redis_url="redis://test")
    worker = WorkerService(settings, client, ArticleMaker(ListedNames({})), "redis://test")
    stop = asyncio.Event()
    async with running(client, tmp_path / "feeds.yaml", [secret_feed], LoopbackResolver()):

        async def was_polled() -> bool:
            return await client.hexists(KEYS.feed(feed.id), "state")

        await until(was_polled)
    queued = messages_of_range(await client.xrange(KEYS.entries))
    async with asyncio.TaskGroup() as working:
        working.create_task(worker.run(stop))

        async def is_empty() -> bool:
            return not await client.xlen(KEYS.entries)

        await until(is_empty)
        stop.set()
    state = await client.hget(KEYS.feed(feed.id), "state")
    public = [*messages_of_range(await client.xrange(KEYS.articles)), caplog.text]
    assert len(queued) == (path == "/feed")
    assert SECRET not in str(public)
    assert SECRET not in str(state).replace(f'"url":"{secret_feed.url}"', "")
