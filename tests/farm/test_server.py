"""The farm over HTTP: what tests and watchers rely on when they ask it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from tests.support.farm.answers import CHUNK_BYTES, flood, gzip_bomb
from tests.support.farm.behaviour import Arrival, Behaviour, Refuse, Spell
from tests.support.farm.content.articles import key_of, read_articles
from tests.support.farm.content.render import Style
from tests.support.farm.server import Farm

pytestmark = pytest.mark.anyio
PLAIN = Behaviour(style=Style(format="rss20", content="plain"))


@asynccontextmanager
async def opened(
    behaviours: Sequence[Behaviour], count: int = 12, feeds: int = 1
) -> AsyncIterator[tuple[Farm, aiohttp.ClientSession]]:
    farm = Farm(read_articles()[:count], feeds, behaviours=behaviours)
    async with farm, aiohttp.ClientSession() as session:
        yield farm, session


async def test_every_expected_entry_is_in_exactly_one_feed() -> None:
    async with opened([PLAIN], count=40, feeds=3) as (farm, session):
        found = []
        for url, feed in zip(farm.feed_urls, farm.feeds(), strict=True):
            body = await (await session.get(url)).text()
            found += [entry.key for entry in farm.expected(feed.id) if entry.url in body]
        assert sorted(found) == sorted(entry.key for entry in farm.expected())
        assert len(found) == 40


async def test_an_article_has_a_page_at_its_address() -> None:
    async with opened([PLAIN]) as (farm, session):
        entry = farm.expected()[0]
        page = await (await session.get(entry.url)).text()
        assert key_of(entry.url) == entry.key
        assert entry.title in page


async def test_an_unchanged_feed_answers_304_until_an_item_appears() -> None:
    behaviour = replace(PLAIN, arrival=Arrival(initial=2))
    async with opened([behaviour]) as (farm, session):
        [url] = farm.feed_urls
        tag = (await session.get(url)).headers["ETag"]
        again = await session.get(url, headers={"If-None-Match": tag})
        assert farm.advance("farm-0001") == 1
        after = await session.get(url, headers={"If-None-Match": tag})
        assert (again.status, after.status) == (304, 200)
        assert farm.counters().not_modified == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_leads_to_the_feed(status: int) -> None:
    async with opened([replace(PLAIN, redirects=(status,))]) as (farm, session):
        answer = await session.get(farm.feed_urls[0])
        assert [hop.status for hop in answer.history] == [status]
        assert answer.status == 200


async def test_a_spell_ends() -> None:
    behaviour = replace(PLAIN, spells=(Spell(Refuse(429, retry_after="7"), first=1),))
    async with opened([behaviour]) as (farm, session):
        first = await session.get(farm.feed_urls[0])
        second = await session.get(farm.feed_urls[0])
        assert (first.status, first.headers["Retry-After"], second.status) == (429, "7", 200)


async def test_what_was_asked_is_on_record() -> None:
    async with opened([PLAIN]) as (farm, session):
        await (await session.get(farm.feed_urls[0], headers={"X-Reader": "ليلى"})).read()
        [seen] = farm.requests("farm-0001")
        assert (seen.path, seen.status, seen.complete) == ("/feeds/farm-0001", 200, True)
        assert "x-reader" in seen.headers


async def test_a_watcher_elsewhere_can_let_items_appear() -> None:
    behaviour = replace(PLAIN, arrival=Arrival(initial=2))
    async with opened([behaviour]) as (farm, session):
        answer = await session.post(f"{farm.base_url}/control/advance/farm-0001/3")
        assert await answer.json() == {"appeared": 3}
        state = await (await session.get(f"{farm.base_url}/control/state")).json()
        assert (state["shown"], state["expected"]) == (5, 12)


@pytest.mark.parametrize("size", [10, 1_000, CHUNK_BYTES, 3 * CHUNK_BYTES + 17])
def test_a_bomb_is_gzip_of_the_flood(size: int) -> None:
    whole = b"".join(flood(size))
    assert len(whole) == size
    assert gzip.decompress(b"".join(gzip_bomb(size))) == whole


def test_a_bomb_is_small() -> None:
    packed = b"".join(gzip_bomb(50 * CHUNK_BYTES))
    assert len(packed) < 100_000
    assert zlib.decompress(packed, zlib.MAX_WBITS | 16).startswith(b"<?xml")
