"""Fetches that fail say what failed."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.support.farm.content.names import LoopbackResolver
from tests.support.site import Site

pytestmark = pytest.mark.anyio


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
