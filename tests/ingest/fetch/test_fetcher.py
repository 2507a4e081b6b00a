"""Fetching over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import brotli
import pytest
import zstandard
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.support.farm.content.names import LoopbackResolver

pytestmark = pytest.mark.anyio
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LIMIT = 200_000


class Site:
    """A site on loopback whose pages are functions; remembers the requests it saw."""

    def __init__(self, base: str, pages: dict[str, Handler]) -> None:
        self.base = base
        self.pages = pages
        self.requests: list[web.Request] = []

    def page(self, path: str, handler: Handler) -> str:
        """Put a page on the site and return its address."""
        self.pages[path] = handler
        return self.base + path

    def redirect(self, path: str, target: str, status: int) -> str:
        async def handler(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"Location": target})

        return self.page(path, handler)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    pages: dict[str, Handler] = {}

    async def dispatch(request: web.Request) -> web.StreamResponse:
        opened.requests.append(request)
        return await pages[request.path](request)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", dispatch)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    host, port = runner.addresses[0][:2]
    opened = Site(f"http://{host}:{port}", pages)
    yield opened
    await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    settings = Settings(
        allow_private_addresses=True,
        fetch_timeout_seconds=2,
        max_body_bytes=LIMIT,
        max_redirects=3,
        contact="https://wire.example/about",
    )
    async with Fetcher(settings) as opened:
        yield opened


async def ok(_: web.Request) -> web.StreamResponse:
    return web.Response(body="<rss>خبر</rss>".encode(), headers={"ETag": '"1"'})


async def test_a_body_arrives_as_it_was_sent(site: Site, fetcher: Fetcher) -> None:
    fetched = await fetcher.fetch("a", site.page("/a", ok))
    assert (fetched.status, fetched.body.decode()) == (200, "<rss>خبر</rss>")


async def test_header_names_are_in_lower_case(site: Site, fetcher: Fetcher) -> None:
    fetched = await fetcher.fetch("a", site.page("/a", ok))
    assert fetched.headers["etag"] == '"1"'


async def test_validators_are_sent_back(site: Site, fetcher: Fetcher) -> None:
    await fetcher.fetch("a", site.page("/a", ok), '"1"', "Sun, 01 Mar 2026 09:00:00 GMT")
    [request] = site.requests
    assert request.headers["If-None-Match"] == '"1"'
    assert request.headers["If-Modified-Since"] == "Sun, 01 Mar 2026 09:00:00 GMT"


async def test_we_say_who_we_are_and_whom_to_ask(site: Site, fetcher: Fetcher) -> None:
    await fetcher.fetch("a", site.page("/a", ok))
    agent = site.requests[0].headers["User-Agent"]
    assert agent.startswith("nabaa/") and "(+https://wire.example/about)" in agent


@pytest.mark.parametrize(
    ("coding", "compress"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.compress)],
)
async def test_a_compressed_body_is_unpacked(
    site: Site, fetcher: Fetcher, coding: str, compress: Callable[[bytes], bytes]
) -> None:
    async def packed(_: web.Request) -> web.StreamResponse:
        return web.Response(body=compress(b"<rss/>"), headers={"Content-Encoding": coding})

    assert (await fetcher.fetch("a", site.page("/a", packed))).body == b"<rss/>"


async def test_compression_is_asked_for(site: Site, fetcher: Fetcher) -> None:
    await fetcher.fetch("a", site.page("/a", ok))
    assert site.requests[0].headers["Accept-Encoding"] == "gzip, deflate, br, zstd"


async def test_validators_are_sent_on_behind_a_redirect(site: Site, fetcher: Fetcher) -> None:
    site.page("/b", ok)
    await fetcher.fetch("a", site.redirect("/a", "/b", 302), '"1"')
    assert site.requests[1].headers["If-None-Match"] == '"1"'


async def test_a_temporary_redirect_is_followed_and_not_remembered(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/b", ok)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", 302))
    assert (fetched.final_url, fetched.moved_to) == (f"{site.base}/b", None)


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_told(site: Site, fetcher: Fetcher, status: int) -> None:
    site.page("/b", ok)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", status))
    assert fetched.moved_to == f"{site.base}/b"


async def test_a_permanent_redirect_after_a_temporary_one_is_not_remembered(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/c", ok)
    site.redirect("/b", "/c", 301)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", 302))
    assert fetched.moved_to is None


async def test_of_a_mixed_chain_the_permanent_beginning_is_remembered(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/c", ok)
    site.redirect("/b", "/c", 302)
    fetched = await fetcher.fetch("a", site.redirect("/a", "/b", 301))
    assert fetched.moved_to == f"{site.base}/b"


async def test_a_redirect_loop_ends(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="more than 3 redirects"):
        await fetcher.fetch("a", site.redirect("/a", "/a", 302))


async def test_a_redirect_to_another_scheme_is_refused(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="not an http or https address"):
        await fetcher.fetch("a", site.redirect("/a", "file:///etc/passwd", 302))


async def test_an_error_of_the_server_is_an_answer(site: Site, fetcher: Fetcher) -> None:
    async def busy(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503, headers={"Retry-After": "60"})

    fetched = await fetcher.fetch("a", site.page("/a", busy))
    assert (fetched.status, fetched.headers["retry-after"]) == (503, "60")


async def test_an_endless_body_is_cut_off(site: Site, fetcher: Fetcher) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(10_000))

    with pytest.raises(FetchError, match="larger than 200,000 bytes"):
        await fetcher.fetch("a", site.page("/a", endless))


@pytest.mark.parametrize("headers", [{"Content-Length": "1000"}, {"Transfer-Encoding": "chunked"}])
async def test_of_a_body_that_ends_early_what_came_is_kept(
    site: Site, fetcher: Fetcher, headers: dict[str, str]
) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b"<rss>")
        assert request.transport is not None
        request.transport.close()
        return response

    fetched = await fetcher.fetch("a", site.page("/a", cut))
    assert (fetched.body, fetched.complete) == (b"<rss>", False)


async def test_of_a_compressed_body_that_ends_early_what_came_is_unpacked(
    site: Site, fetcher: Fetcher
) -> None:
    packed = gzip.compress(Random(1).randbytes(20_000))

    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        response.content_length = len(packed)
        await response.prepare(request)
        await response.write(packed[:-5_000])
        assert request.transport is not None
        request.transport.close()
        return response

    fetched = await fetcher.fetch("a", site.page("/a", cut))
    assert not fetched.complete
    assert len(fetched.body) > 14_000


async def test_a_whole_body_is_told_from_one_that_ended_early(site: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.fetch("a", site.page("/a", ok))).complete


async def test_a_server_that_never_ends_its_answer_meets_the_deadline(site: Site) -> None:
    released = asyncio.Event()

    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await released.wait()
        return response

    settings = Settings(allow_private_addresses=True, fetch_timeout_seconds=0.2)
    async with Fetcher(settings) as impatient:
        with pytest.raises(FetchError, match=r"within 0\.2 seconds"):
            await impatient.fetch("a", site.page("/a", stall))
    released.set()


async def test_an_address_that_nobody_listens_on_is_named(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("a", "http://127.0.0.1:2/")
    assert str(caught.value) == (
        "feed a: http://127.0.0.1:2/: "
        "127.0.0.1, port 2, cannot be connected to (Connection refused)"
    )


async def test_a_host_that_does_not_exist_is_named(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"the name sabah\.invalid cannot be looked up"):
        await fetcher.fetch("a", "http://sabah.invalid/rss")


async def test_a_server_that_speaks_another_protocol_is_told(fetcher: Fetcher) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-Server\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match="the answer is not HTTP"):
            await fetcher.fetch("a", f"http://127.0.0.1:{port}/")


async def test_a_server_that_hangs_up_without_an_answer_is_told(fetcher: Fetcher) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match="closed the connection without an answer"):
            await fetcher.fetch("a", f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["gopher://a.example/", "not an address", "http://", "http://[::1"])
async def test_an_address_of_another_kind_is_refused(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchError):
        await fetcher.fetch("a", url)


async def test_cookies_are_not_kept(site: Site, fetcher: Fetcher) -> None:
    async def sticky(_: web.Request) -> web.StreamResponse:
        return web.Response(headers={"Set-Cookie": "id=1"})

    url = site.page("/a", sticky)
    await fetcher.fetch("a", url)
    await fetcher.fetch("a", url)
    assert "Cookie" not in site.requests[1].headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
async def test_loopback_is_refused_by_default(site: Site, host: str) -> None:
    port = site.base.rpartition(":")[2]
    async with Fetcher(Settings()) as careful:
        with pytest.raises(FetchError, match=r"not a public address|not a canonical"):
            await careful.fetch("a", f"http://{host}:{port}/a")
    assert site.requests == []


async def test_each_request_of_a_fetch_is_let_in(site: Site, fetcher: Fetcher) -> None:
    entered: list[str] = []

    async def enter(url: str) -> None:
        entered.append(url)

    site.page("/b", ok)
    await fetcher.fetch("a", site.redirect("/a", "/b", 302), enter=enter)
    assert entered == [f"{site.base}/a", f"{site.base}/b"]


async def test_a_request_that_is_not_let_in_is_not_made(site: Site, fetcher: Fetcher) -> None:
    async def refuse(url: str) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await fetcher.fetch("a", site.page("/a", ok), enter=refuse)
    assert site.requests == []


async def test_of_a_body_the_first_bytes_can_be_enough(site: Site, fetcher: Fetcher) -> None:
    async def long(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"a" * LIMIT * 2)

    fetched = await fetcher.fetch("a", site.page("/a", long), first_bytes=10)
    assert (fetched.body, fetched.complete) == (b"a" * 10, False)


async def test_of_a_compressed_body_the_first_bytes_can_be_enough(
    site: Site, fetcher: Fetcher
) -> None:
    async def packed(_: web.Request) -> web.StreamResponse:
        body = gzip.compress(b"a" * 10_000)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    fetched = await fetcher.fetch("a", site.page("/a", packed), first_bytes=1_000)
    assert (fetched.body, fetched.complete) == (b"a" * 1_000, False)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:2/", "down"),
        ("http://sabah.invalid/", "dns"),
        ("gopher://a.example/", "other"),
    ],
)
async def test_a_failure_is_told_with_its_kind(fetcher: Fetcher, url: str, kind: str) -> None:
    resolver = LoopbackResolver(unknown=["sabah.invalid"])
    async with Fetcher(Settings(allow_private_addresses=True), resolver=resolver) as opened:
        with pytest.raises(FetchError) as caught:
            await opened.fetch("a", url)
    assert caught.value.kind == kind


async def test_a_loop_of_redirects_is_told_as_such(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("a", site.redirect("/a", "/a", 302))
    assert caught.value.kind == "redirects"


async def test_what_another_resolver_answers_is_checked_as_well(site: Site) -> None:
    port = site.base.rpartition(":")[2]
    async with Fetcher(Settings(), resolver=LoopbackResolver()) as careful:
        with pytest.raises(FetchError, match=r"sabah\.test leads to 127\.0\.0\.1") as caught:
            await careful.fetch("a", f"http://sabah.test:{port}/a")
    assert caught.value.kind == "other"
    assert site.requests == []
