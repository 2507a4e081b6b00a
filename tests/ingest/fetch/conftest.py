"""A site on loopback whose answers a test writes, and a fetcher that may ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from tests.support.site import Site, open_site

LIMIT = 200_000


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    settings = Settings(
        allow_private_addresses=True,
        fetch_timeout_seconds=2,
        max_body_bytes=LIMIT,
        contact="https://wire.example/about",
    )
    async with Fetcher(settings) as opened:
        yield opened


async def ok(_: web.Request) -> web.StreamResponse:
    return web.Response(body="<rss>خبر</rss>".encode(), headers={"ETag": '"1"'})
