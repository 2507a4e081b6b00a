"""robots.txt is asked for over real HTTP, believed for a day, and obeyed."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.robots import MAX_ROBOTS_BYTES, TOKEN, RobotsGuard, parse_robots
from nabaa.errors import FetchError

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PRIVATE = "User-agent: *\nDisallow: /private\nAllow: /private/news\n"


class Site:
    """A site whose robots.txt is answered as told; every other page exists.

    Attributes:
        base: such as `http://127.0.0.1:40123`.
        answer: to a request for robots.txt.
        moves: path → address that it redirects to.
        asked: the paths of all requests.
        agents: their User-Agents.
    """

    def __init__(self) -> None:
        self.base = ""
        self.answer: tuple[int, bytes] = (404, b"")
        self.moves: dict[str, str] = {}
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.now = NOW

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self.agents.append(request.headers["User-Agent"])
        if request.path in self.moves:
            raise web.HTTPFound(self.moves[request.path])
        if request.path in ("/robots.txt", "/rules"):
            status, body = self.answer
            return web.Response(status=status, body=body)
        return web.Response(text="a page")

    def says(self, robots: str, status: int = 200) -> None:
        self.answer = (status, robots.encode())

    @property
    def robots_asked(self) -> int:
        return self.asked.count("/robots.txt")


@asynccontextmanager
async def guarded(**settings: object) -> AsyncIterator[tuple[Site, RobotsGuard]]:
    site = Site()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    site.base = f"http://{host}:{port}"
    chosen = {"allow_private_addresses": True, "fetch_timeout_seconds": 5, **settings}
    async with Fetcher(Settings.model_validate(chosen)) as fetcher:
        yield site, RobotsGuard(fetcher, clock=lambda: site.now)
    await runner.cleanup()


async def allowed(site: Site, guard: RobotsGuard, *paths: str) -> list[bool]:
    return [await guard.allows(site.base + path) for path in paths]


async def test_what_robots_txt_forbids_is_not_allowed() -> None:
    async with guarded() as (site, guard):
        site.says(PRIVATE)
        paths = ("/", "/private", "/private/a", "/private/news/a")
        assert await allowed(site, guard, *paths) == [True, False, False, True]


async def test_the_group_that_names_us_is_ours_alone() -> None:
    async with guarded() as (site, guard):
        site.says(f"{PRIVATE}\nUser-agent: Nabaa\nDisallow: /feeds\n")
        assert await allowed(site, guard, "/private", "/feeds/a") == [True, False]


async def test_a_group_that_names_us_among_others_is_ours() -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: other\nUser-agent: nabaa\nUser-agent: third\nDisallow: /a\n")
        assert await allowed(site, guard, "/a", "/b") == [False, True]


async def test_a_group_of_another_crawler_is_none_of_ours() -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: other\nDisallow: /\n\nUser-agent: naba\nDisallow: /\n")
        assert await allowed(site, guard, "/a") == [True]


async def test_an_arabic_path_is_forbidden_in_either_spelling() -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: *\nDisallow: /أرشيف\n")
        paths = ("/أرشيف/1", "/%D8%A3%D8%B1%D8%B4%D9%8A%D9%81/1", "/أخبار")
        assert await allowed(site, guard, *paths) == [False, False, True]


@pytest.mark.parametrize(
    ("status", "allows"),
    [(404, True), (401, True), (403, True), (410, True), (429, False), (500, False), (503, False)],
)
async def test_without_a_robots_txt_all_is_allowed_unless_the_server_failed(
    status: int, allows: bool
) -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: *\nDisallow: /a", status)
        assert await allowed(site, guard, "/a") == [allows]


async def test_a_host_that_cannot_be_reached_allows_nothing() -> None:
    async with guarded() as (_, guard):
        assert not await guard.allows("http://127.0.0.1:2/a")


async def test_a_site_that_failed_is_asked_again_soon() -> None:
    async with guarded() as (site, guard):
        site.says("", 503)
        await allowed(site, guard, "/a", "/b")
        assert site.robots_asked == 1
        site.says("")
        site.now += timedelta(minutes=31)
        assert await allowed(site, guard, "/a") == [True]


async def test_an_answer_is_believed_for_a_day() -> None:
    async with guarded() as (site, guard):
        await allowed(site, guard, "/a", "/b")
        site.now += timedelta(hours=23)
        await allowed(site, guard, "/a")
        assert site.robots_asked == 1
        site.now += timedelta(hours=2)
        await allowed(site, guard, "/a")
        assert site.robots_asked == 2


async def test_redirects_of_robots_txt_are_followed() -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: *\nDisallow: /a\n")
        hops = ["/robots.txt", "/1", "/2", "/3", "/4", "/rules"]
        site.moves = dict(pairwise(hops))
        assert await allowed(site, guard, "/a") == [False]
        assert site.asked == hops


async def test_more_redirects_than_are_followed_are_no_robots_txt() -> None:
    async with guarded() as (site, guard):
        site.moves = {"/robots.txt": "/robots.txt"}
        assert await allowed(site, guard, "/a") == [True]


async def test_a_robots_txt_that_leads_inside_allows_nothing() -> None:
    async with guarded() as (site, _):
        async with Fetcher(Settings()) as careful:
            assert not await RobotsGuard(careful).allows(f"{site.base}/a")
        assert site.asked == []


async def test_of_a_huge_robots_txt_the_first_500_kib_are_read() -> None:
    async with guarded(max_body_bytes=600_000) as (site, guard):
        head = "User-agent: *\nDisallow: /a\n"
        site.says(head + "#" * MAX_ROBOTS_BYTES + "\n" + "Disallow: /b\n" * 100_000)
        assert await allowed(site, guard, "/a", "/b") == [False, True]


async def test_a_crawl_delay_is_told_for_the_host() -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: *\nCrawl-delay: 10\n")
        assert guard.crawl_delay_seconds("127.0.0.1") == 0
        await allowed(site, guard, "/a")
        assert guard.crawl_delay_seconds("127.0.0.1") == 10


@pytest.mark.parametrize(
    ("said", "seconds"), [("0.5", 0.5), ("1000000", 3600), ("inf", 0), ("-5", 0), ("soon", 0)]
)
async def test_a_crawl_delay_is_a_sane_number(said: str, seconds: float) -> None:
    async with guarded() as (site, guard):
        site.says(f"User-agent: *\nCrawl-delay: {said}\n")
        await allowed(site, guard, "/a")
        assert guard.crawl_delay_seconds("127.0.0.1") == seconds


async def test_a_crawl_delay_that_is_no_number_is_none() -> None:
    async with guarded() as (site, guard):
        site.says("User-agent: *\nCrawl-delay: nan\n")
        await allowed(site, guard, "/a")
        assert not math.isnan(guard.crawl_delay_seconds("127.0.0.1"))


async def test_a_page_that_is_allowed_is_fetched() -> None:
    async with guarded() as (site, guard):
        site.says(PRIVATE)
        assert (await guard.fetch_page("sabah", f"{site.base}/a")).body == b"a page"


async def test_a_page_that_is_forbidden_is_not_asked_for() -> None:
    async with guarded() as (site, guard):
        site.says(PRIVATE)
        with pytest.raises(FetchError, match=r"feed sabah: .*robots\.txt of http.* does not allow"):
            await guard.fetch_page("sabah", f"{site.base}/private/a")
        assert site.asked == ["/robots.txt"]


async def test_a_page_that_a_redirect_leads_to_must_be_allowed_as_well() -> None:
    async with guarded() as (site, guard):
        site.says(PRIVATE)
        site.moves = {"/a": "/private/a"}
        with pytest.raises(FetchError) as caught:
            await guard.fetch_page("sabah", f"{site.base}/a")
        assert caught.value.kind == "robots"
        assert site.asked == ["/robots.txt", "/a"]


async def test_each_request_is_let_in_at_its_host() -> None:
    entered: list[str] = []

    async def enter(url: str) -> None:
        entered.append(url)

    async with guarded() as (site, guard):
        await guard.fetch_page("sabah", f"{site.base}/a", enter)
        assert entered == [f"{site.base}/robots.txt", f"{site.base}/a"]


async def test_our_name_is_the_one_in_the_user_agent() -> None:
    async with guarded() as (site, guard):
        await guard.fetch_page("sabah", f"{site.base}/a")
        assert [agent.partition("/")[0] for agent in site.agents] == [TOKEN, TOKEN]


def test_thousands_of_groups_do_not_multiply_with_their_rules() -> None:
    groups = "".join(f"User-agent: crawler{number}\n" for number in range(10_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(15_000))
    file = parse_robots(f"{groups}{rules}User-agent: nabaa\nDisallow: /ours\n".encode())
    assert not file.can_fetch("https://a.example/ours", TOKEN)
    assert file.can_fetch("https://a.example/1", TOKEN)


def test_a_robots_txt_of_no_text_forbids_nothing() -> None:
    assert parse_robots(bytes(range(256)) * 100).can_fetch("https://a.example/", TOKEN)
