"""The stage that fetches pages, in the process of the test: entries in, entries with pages out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

from aiohttp.abc import AbstractResolver
from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.connectivity import Connectivity
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.hosts.limits import HostGate
from ingest.fetch.robots import RobotsGuard
from ingest.model import Entry, FeedState
from ingest.pages.choice import page_plan
from ingest.pages.service import PageService
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, PollCommit, decode_entry
from ingest.streams.page_troubles import FeedTrouble, read_troubles
from ingest.streams.stored_page import StoredPage, decode_page
from nabaa.streams.keys import Keys, all_shards
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import until
from tests.support.entries import make_entry

FEED = Feed("sabah", "http://127.0.0.1/rss", "الصباح", "الصباح", "JO", "Asia/Amman")
SHORT = "<p>افتتح وزير الثقافة معرض الكتاب.</p>"


class PageStage:
    """Entries that wait for pages, and what becomes of them.

    Args:
        client: answers in bytes.
        settings: of the wire.

    Attributes:
        settings: the same.
    """

    def __init__(self, client: Redis, settings: Settings) -> None:
        self._client = client
        self.settings = settings

    async def show(
        self, url: str, mark: str = "1", feed: Feed = FEED, shard: int = 0, **changes: object
    ) -> None:
        """Commit a poll that brought an entry with this address."""
        entry = make_entry(feed, mark, content=SHORT)
        entry = replace(entry, url=url, **changes)  # type: ignore[arg-type]
        await self.commit(feed, [entry], shard)

    async def commit(self, feed: Feed, entries: Sequence[Entry], shard: int = 0) -> None:
        keys = Keys(shard)
        stream = EntriesStream(self._client, keys, 3600, page_plan(self.settings))
        await DueSet(self._client, keys, 60).sync([feed.id], 3600)
        fresh = [each for each in entries if not each.is_revision]
        revised = [each for each in entries if each.is_revision]
        marks = [each.fingerprint for each in entries]
        await stream.commit_poll(PollCommit(feed.id, FeedState(), 900, marks, fresh, revised))

    async def sent(self) -> list[tuple[Entry, StoredPage | None]]:
        """Return what the workers get: entries, each with its page."""
        found = []
        for keys in all_shards(self.settings.shards):
            for message in messages_of_range(await self._client.xrange(keys.entries)):
                page = message.fields.get(b"page")
                entry = decode_entry(message.fields[b"data"])
                found.append((entry, decode_page(page) if page else None))
        return found

    async def until_sent(self, count: int) -> list[tuple[Entry, StoredPage | None]]:
        """Return what the workers get as soon as it is so much."""

        async def is_there() -> bool:
            return len(await self.sent()) >= count

        await until(is_there)
        return await self.sent()

    async def trouble(self, feed_id: str = FEED.id) -> FeedTrouble | None:
        """Return what is told of a feed's pages."""
        stored = await self._client.hgetall(Keys(0).page_troubles)
        found = read_troubles(cast("dict[bytes, bytes]", stored))
        told = {each.feed_id: each for each in found}
        return told.get(feed_id)


@asynccontextmanager
async def page_stage(
    client: Redis, resolver: AbstractResolver | None = None, **changes: object
) -> AsyncIterator[PageStage]:
    """Run the stage while the block runs.

    Args:
        client: answers in bytes.
        resolver: looks host names up.
        changes: settings in place of those that make a test quick.
    """
    quick = {
        "allow_private_addresses": True,
        "tick_seconds": 0.02,
        "retry_base_seconds": 0.05,
        "fetch_timeout_seconds": 2,
    }
    settings = Settings.model_validate(quick | changes)
    async with Fetcher(settings, resolver=resolver) as fetcher:
        robots = RobotsGuard(fetcher)
        gate = HostGate(client, settings, robots.crawl_delay_seconds)
        service = PageService(
            settings, client, "redis://test", robots, gate, Connectivity(), lambda _: True
        )
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))
        try:
            yield PageStage(client, settings)
        finally:
            stop.set()
            await asyncio.wait_for(running, 30)
            await gate.close()
