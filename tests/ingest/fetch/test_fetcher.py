"""Fetching over real HTTP on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from random import Random

import brotli
import pytest
import zstandard
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.ingest.fetch.conftest import LIMIT, ok
from tests.support.farm.content.names import LoopbackResolver
from tests.support.site import Site

pytestmark = pytest.mark.anyio


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


async def test_what_another_resolver_answers_is_checked_as_well(site: Site) -> None:
    port = site.base.rpartition(":")[2]
    async with Fetcher(Settings(), resolver=LoopbackResolver()) as careful:
        with pytest.raises(FetchError, match=r"sabah\.test leads to 127\.0\.0\.1") as caught:
            await careful.fetch("a", f"http://sabah.test:{port}/a")
    assert caught.value.kind == "other"
    assert site.requests == []
